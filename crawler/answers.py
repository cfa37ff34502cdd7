"""What comes of asking for a URL, as values: an answer and what it says, or nothing and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.reading import Reading
from crawler.walls import Wall, words_for
from monitor.exchange import Pass


@dataclass(frozen=True, slots=True)
class Nothing:
    """No answer: the reason code and a line of detail for people.

    `fault`: where it failed, if another address or mode may do better: address, certificate or handshake; else "".
    """

    reason: str
    detail: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataExchange:
    """A data request (XHR, fetch) that a drawn page made to the portal, and its answer.

    `body`, `body_type`: what was sent and as which content type, "" for a plain GET. `text`: the answer, decoded.
    """

    method: str
    url: str
    body: str
    body_type: str
    status: int
    content_type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response and what it says; `reason` is not empty where it is no real page.

    `url`: the address after redirects. `headers`, `asked_headers`: as received and as sent. `is_same`: it is what is
    known of it already, and was not read again. `exchanges`: what data a drawn page asked for, in order, at most 20 and
    2 MB in all; `passes`: the cookies that it got. `wall`: the refusal that it is.
    `note`: what evidence has to say of the way it came (Chinese): a certificate that could not be verified, for one.
    `fetched_url`: the address that answered, where that is another spelling of the registered one, which `url` has.
    """

    url: str
    method: str
    status: int
    media_type: str
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    asked_headers: tuple[tuple[bytes, bytes], ...]
    asked_body: bytes
    at: datetime
    reading: Reading
    rendered: bool = False
    is_same: bool = False
    exchanges: tuple[DataExchange, ...] = ()
    passes: tuple[Pass, ...] = ()
    wall: Wall | None = None
    note: str = ""
    fetched_url: str = ""

    def header(self, name: str) -> str:
        """The last value of a header, "" where it was not sent."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for key, value in reversed(self.headers) if key.lower() == wanted), "")

    @property
    def reason(self) -> str:
        return self.reading.reason

    @property
    def detail(self) -> str:
        if not self.reason:
            return ""
        said = words_for(self.wall, self.status) if self.wall else f"HTTP {self.status}"
        return f"{said}：{self.url}"

    @property
    def is_gone(self) -> bool:
        return self.status in (404, 410)
