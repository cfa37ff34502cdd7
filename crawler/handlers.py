"""The download handler: Scrapy's own, and the browser for requests that ask for it, started by the first of them.

A crawl that needs no browser pays nothing for it: not its start, not even its import.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

if TYPE_CHECKING:
    from crawler.browser import BrowserHandler

#: Seconds that a browser may take to close; the process's end kills it otherwise.
CLOSING: Final = 3.0


class LazyBrowserHandler(HTTP11DownloadHandler):
    """Downloads over HTTP; a request with meta["playwright"] is drawn by the browser instead."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._own_crawler = crawler
        self._opening = asyncio.Lock()
        self._browser: BrowserHandler | None = None

    async def download_request(self, request: Request) -> Response:
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        async with self._opening:
            if self._browser is None:
                from crawler.browser import BrowserHandler

                self._browser = await BrowserHandler.open(self._own_crawler, request.url)
        return await self._browser.draw(request)

    async def close(self) -> None:
        if self._browser is not None:
            try:
                async with asyncio.timeout(CLOSING):
                    await self._browser.close()
            except TimeoutError:
                pass
        await super().close()
