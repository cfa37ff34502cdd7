"""The download handler: Scrapy's own, and the browser for requests that ask for it, started by the first of them.

A crawl that needs no browser pays nothing for it: not its start, not even its import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast
from weakref import WeakKeyDictionary

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.web.iweb import IPolicyForHTTPS

from crawler.tls import TlsPolicy

if TYPE_CHECKING:
    from crawler.browser import Browser


class LazyBrowserHandler(HTTP11DownloadHandler):
    """Downloads over HTTP; a request with meta["playwright"] is drawn by the browser instead."""

    #: A crawl has a handler for each scheme, and one browser.
    _browsers: ClassVar[WeakKeyDictionary[Crawler, Browser]] = WeakKeyDictionary()

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._contextFactory = cast(IPolicyForHTTPS, TlsPolicy(crawler.settings["NIANBAO_TLS"]))
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
