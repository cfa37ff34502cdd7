"""The download handler: Scrapy's own, and the browser for requests that ask for it, started by the first of them.

A crawl that needs no browser pays nothing for it: not its start, not even its import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, cast
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import BODY
from twisted.web._newclient import Request as TxRequest
from twisted.web.iweb import IPolicyForHTTPS, IResponse

from crawler.tls import TlsPolicy

if TYPE_CHECKING:
    from crawler.browser import Browser


#: Bytes that an answer may have before its body, as many as Chromium takes.
LONGEST_HEAD: Final = 256 * 1024


class _Protocol(_LenientHTTP11ClientProtocol):
    """Gives up on an answer whose headers have no end: they would all be kept, whatever a body may have."""

    _head = 0

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:
        if self._parser is not None and self._parser.state != BODY:
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                self._giveUp(Failure(ConnectionError("headers without end")))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: IAddress | None) -> _Protocol:
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class LazyBrowserHandler(HTTP11DownloadHandler):
    """Downloads over HTTP; a request with meta["playwright"] is drawn by the browser instead."""

    #: A crawl has a handler for each scheme, and one browser.
    _browsers: ClassVar[WeakKeyDictionary[Crawler, Browser]] = WeakKeyDictionary()

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._contextFactory = cast(IPolicyForHTTPS, TlsPolicy(crawler.settings["NIANBAO_TLS"]))
        self._pool._factory = _Factory
        self._own_crawler = crawler

    async def download_request(self, request: Request) -> Response:
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        from crawler.browser import Browser

        browser = self._browsers.setdefault(self._own_crawler, Browser(self._own_crawler))
        return await browser.draw(request)

    async def close(self) -> None:
        browser = self._browsers.pop(self._own_crawler, None)
        if browser is not None:
            await browser.close()
        await super().close()
