"""What passes between a server and its site: a request, the page it asks for, the reply that the page becomes.

Shapes only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A request as a site sees it. `target` is path and query as sent; `headers` have lower-case names.

    `body` is what was posted, as text; `form` is that text read as a form.
    """

    target: str
    method: str = "GET"
    host: str = "localhost"
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `is_list`: the page is a list of publications (faults of the server may aim at lists only).

    `part`: which page of its list it is, from 1. `repeat`: the body is sent so many times, without a declared length.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    is_list: bool = False
    part: int = 1
    repeat: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it becomes bytes. `modified`: when it last became what it is, where the site tells.

    `part`: which page of a list it is, from 1. `raw`: the bytes of a page that is no text.
    """

    text: str
    is_list: bool = False
    part: int = 1
    modified: datetime | None = None
    encoding: str = "utf-8"
    media_type: str = "text/html"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None
