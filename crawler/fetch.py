"""Asks for one URL after another and says what came of it: an answer, or the reason why there is none.

All requests of a crawl pass here, so the limits hold here, and so does good manners towards a host in trouble: after
three addresses in a row that it did not or would not serve, it is left alone for the rest of the crawl.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from OpenSSL.SSL import Error as TlsError
from scrapy import FormRequest, Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web.client import RequestGenerationFailed, RequestTransmissionFailed

from crawler.middlewares import HostRefused, inner_names
from crawler.reader import Reader
from crawler.reading import Kind, Question, Reading
from monitor.clock import Clock
from monitor.exchange import CrawlSpec, KnownList, KnownPage
from monitor.hosts import host_of
from monitor.text import squash

#: After so many addresses in a row a host that does not serve is left alone.
PATIENCE: Final = 3
_HOST_TROUBLE: Final = frozenset({"portal_unreachable", "portal_blocked"})

#: What a request can end in beside a response, by where the error is raised.
_REFUSALS: Final = (IgnoreRequest, NotSupported, UnsupportedURLSchemeError)
_FAILURES: Final = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    ConnectError,
    ConnectionClosed,
    RequestGenerationFailed,
    RequestTransmissionFailed,
    TlsError,
    OSError,
    ValueError,  # an address that cannot be written as one: a broken port, a label of 70 letters
)


@dataclass(frozen=True, slots=True)
class Nothing:
    """No answer: the reason code and a line of detail for people."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response and what it says; `reason` is not empty where it is no real page.

    `url`: the address after redirects. `headers`, `asked_headers`: as received and as sent. `is_same`: it is what is
    known of it already, and was not read again.
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

    def header(self, name: str) -> str:
        """The last value of a header, "" where it was not sent."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for key, value in reversed(self.headers) if key.lower() == wanted), "")

    @property
    def reason(self) -> str:
        return self.reading.reason

    @property
    def detail(self) -> str:
        return f"HTTP {self.status}：{self.url}" if self.reason else ""

    @property
    def is_gone(self) -> bool:
        return self.status in (404, 410)


class Fetcher:
    """Fetches for one crawl. `stopped` is not empty once a limit is reached; then nothing more is asked for."""

    def __init__(self, crawler: Crawler, spec: CrawlSpec, clock: Clock, reader: Reader) -> None:
        self._crawler = crawler
        self._reader = reader
        self._spec = spec
        self._clock = clock
        self._names = frozenset(map(squash, spec.names))
        self._asked = 0
        self._in_vain: Counter[str] = Counter()
        self.stopped = ""

    async def get(
        self,
        url: str,
        kind: Kind,
        *,
        form: tuple[tuple[str, str], ...] = (),
        json: str = "",
        referer: str = "",
        known: KnownPage | KnownList | None = None,
        rendered: bool = False,
    ) -> Answer | Nothing:
        """Ask for a URL; with `known`, only for what is new since then; `rendered`: through the browser.

        `form`, `json`: what to send; with one of them it is a POST.
        """
        host = host_of(url)
        if self._asked >= self._spec.limits.pages:
            self.stopped = "limit_pages"
            return Nothing("list_truncated", f"请求数达到上限 {self._spec.limits.pages}")
        if self._in_vain[host] >= PATIENCE:
            return Nothing("portal_unreachable", f"{host} 连续 {PATIENCE} 次没有正常应答，本轮不再请求")
        self._asked += 1
        got = await self._ask(url, kind, form=form, json=json, referer=referer, known=known, rendered=rendered)
        self._in_vain[host] = self._in_vain[host] + 1 if got.reason in _HOST_TROUBLE else 0
        return got

    async def _ask(self, url: str, kind: Kind, **how: Any) -> Answer | Nothing:
        try:
            response = await self._crawler.engine.download_async(_request(url, **how))
        except _REFUSALS as error:
            return _refusal(error)
        except _FAILURES as error:
            return _failure(url, error)
        return await self._answer(url, kind, response, **how)

    async def _answer(
        self,
        url: str,
        kind: Kind,
        response: Response,
        *,
        form: tuple[tuple[str, str], ...],
        json: str,
        known: KnownPage | KnownList | None,
        rendered: bool,
        **_: Any,
    ) -> Answer:
        at = self._clock.now()
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        is_same = isinstance(known, KnownList) and _is_same(response, known)
        reading = (
            Reading()
            if is_same
            else await self._reader.read(
                Question(
                    kind=kind,
                    status=response.status,
                    url=response.url,
                    requested=url,
                    content_type=content_type,
                    body=response.body,
                    family=self._spec.portal.family,
                    years=self._spec.years,
                    names=self._names if kind is Kind.SURVEY else frozenset(),
                    form=form,
                    json=json,
                )
            )
        )
        request = response.request
        return Answer(
            url=response.url,
            method=request.method if request else "GET",
            status=response.status,
            media_type=content_type.partition(";")[0].strip().lower(),
            body=response.body,
            headers=_pairs(response.headers),
            asked_headers=_pairs(request.headers) if request else (),
            asked_body=request.body if request else b"",
            at=at,
            reading=reading,
            rendered=rendered,
            is_same=is_same,
        )


def _request(
    url: str,
    *,
    form: tuple[tuple[str, str], ...],
    json: str,
    referer: str,
    known: KnownPage | KnownList | None,
    rendered: bool,
) -> Request:
    headers = {"Referer": referer} if referer else {}
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    if known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    # A browser follows refreshes itself, and trying again is dear.
    meta = {"playwright": True, "dont_redirect": True, "dont_retry": True} if rendered else {}
    if form:
        return FormRequest(url, formdata=list(form), headers=headers, meta=meta)
    if json:
        return Request(
            url, method="POST", body=json, headers={**headers, "Content-Type": "application/json"}, meta=meta
        )
    return Request(url, headers=headers, meta=meta)


def _is_same(response: Response, known: KnownList) -> bool:
    """Whether a list page is byte for byte what it was when it was last read."""
    if response.status == 304:
        return True
    return response.status == 200 and hashlib.sha256(response.body).hexdigest() == known.sha256


def _pairs(headers: Any) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name, value) for name, values in headers.items() for value in values)


def _refusal(error: Exception) -> Nothing:
    """Why our own rules did not let a request go out, or its answer come in."""
    text = str(error)
    if isinstance(error, HostRefused):
        return Nothing("host_refused", text)
    if "robots.txt" in text:
        return Nothing("robots_disallowed", "robots.txt 不允许")
    if "DOWNLOAD_MAXSIZE" in text:
        return Nothing("list_truncated", "解压后的内容超过大小上限")
    if "max redirections" in text:
        return Nothing("portal_blocked", "网站反复跳转")
    return Nothing("host_refused", text)


def _failure(url: str, error: Exception) -> Nothing:
    """Why a request got no whole answer."""
    host = host_of(url)
    if isinstance(error, CannotResolveHostError):
        if host in inner_names:
            return Nothing("host_refused", f"{host} 指向内网或本机地址")
        return Nothing("portal_unreachable", f"{host} 的域名无法解析")
    if isinstance(error, DownloadCancelledError) and "max" in str(error):
        return Nothing("list_truncated", "内容超过大小上限")
    if isinstance(error, DownloadTimeoutError):
        return Nothing("portal_unreachable", f"{host} 超时无应答")
    if isinstance(error, TlsError) or "SSL" in str(error) or "ertificat" in str(error):
        return Nothing("portal_unreachable", f"{host} 的 TLS 证书或握手有问题")
    if isinstance(error, (DownloadConnectionRefusedError, ConnectError)):
        return Nothing("portal_unreachable", f"{host} 拒绝连接")
    return Nothing("portal_unreachable", f"{host} 中断了连接")
