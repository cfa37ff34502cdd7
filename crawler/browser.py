"""Draws a page with its JavaScript, in a browser that can talk to the portal's hosts and to nobody else.

Which addresses it may use is fixed when it starts: the portal's names are bound to the public addresses they have then,
every other name and address leads nowhere. That holds for redirects and sockets too, which no request filter sees.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from playwright.async_api import Request as BrowserRequest
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod
from twisted.internet import reactor
from twisted.internet.error import DNSLookupError

from monitor.hosts import Hosts, address_in, host_of, is_public

#: What no list needs.
NEEDLESS: Final = frozenset({"image", "font", "media", "texttrack", "eventsource", "websocket", "manifest", "other"})
#: Seconds to wait for a page's own requests to end, and then for dated links, after it has loaded.
QUIETING: Final = 3.0
SETTLING: Final = 5.0
#: A list is there when a link stands in an element that shows a date, or is named as the report of a year.
_LISTED: Final = """() => [...document.querySelectorAll('a')].some(link => {
    const row = link.closest('li, tr, dd, dl, p') || link.parentElement || link;
    const dated = /20\\d\\d\\s*[-./年]\\s*\\d{1,2}/;
    return /20\\d\\d.*(年报|年度报告)/.test(link.textContent) || dated.test(row.textContent.slice(0, 500));
})"""


class BrowserHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """scrapy-playwright's handler, guarded and bounded in time. Its pages are always closed."""

    _hosts: Hosts
    _patience: float
    _largest: int

    @classmethod
    async def open(cls, crawler: Crawler, url: str) -> BrowserHandler:
        """Start the driver; the browser itself starts with the first page. `url`: the page that is asked for first."""
        hosts: Hosts = crawler.settings["NIANBAO_HOSTS"]
        handler = cls(crawler)
        handler._hosts = hosts
        handler._patience = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        handler._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        handler.abort_request = handler._is_needless
        handler.config.launch_options = {
            "executable_path": crawler.settings["NIANBAO_BROWSER"],
            "args": [
                f"--host-resolver-rules={await _rules(hosts, host_of(url))}",
                "--no-proxy-server",
                "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            ],
        }
        handler.config.navigation_timeout_ms = handler._patience * 1000
        try:
            await handler._launch()
        except (PlaywrightError, OSError) as error:
            raise DownloadFailedError(f"the browser does not start: {error}") from error
        return handler

    async def draw(self, request: Request) -> Response:
        """The page's DOM after its scripts ran. Raises Scrapy's download errors."""
        request.meta["playwright_page_methods"] = [PageMethod(_settle)]
        request.meta["playwright_context_kwargs"] = {"accept_downloads": False, "service_workers": "block"}
        try:
            async with asyncio.timeout(self._patience + QUIETING + SETTLING):
                response: Response = await self.download_request(request)
        except (TimeoutError, PlaywrightTimeout) as error:
            raise DownloadTimeoutError(f"drawing {request.url} took too long") from error
        except PlaywrightError as error:
            raise DownloadFailedError(str(error)) from error
        finally:
            await self._close_pages()
        if len(response.body) > self._largest:
            raise DownloadCancelledError(f"the DOM of {request.url} is larger than download max size")
        return response

    async def _close_pages(self) -> None:
        for wrapper in list(self.context_wrappers.values()):
            for page in wrapper.context.pages:
                await page.close()

    def _is_needless(self, request: BrowserRequest) -> bool:
        return request.resource_type in NEEDLESS or bool(self._hosts.refuses(request.url))


async def _settle(page: Page) -> None:
    """Wait until a list is there; a page without one is judged as it is."""
    with suppress(PlaywrightTimeout):
        await page.wait_for_load_state("networkidle", timeout=QUIETING * 1000)
    with suppress(PlaywrightTimeout):
        await page.wait_for_function(_LISTED, timeout=SETTLING * 1000)


async def _rules(hosts: Hosts, asked: str) -> str:
    """Chromium's rules for names: each of the portal's is bound to its address, all others are not found."""
    names = dict.fromkeys([asked, *hosts.named, *(f"www.{name}" for name in hosts.named if address_in(name) is None)])
    rules = [f"MAP {name} {address}" for name in names if (address := await _address(name, hosts))]
    return ", ".join([*rules, "MAP * ~NOTFOUND"])


async def _address(name: str, hosts: Hosts) -> str:
    """The address of a name, "" where it has none that may be asked."""
    resolver: Any = reactor
    try:
        found = await maybe_deferred_to_future(resolver.resolve(name))  # our own resolver: it refuses inner addresses
    except DNSLookupError:
        return ""
    address = address_in(found)
    return found if address is not None and (hosts.private or is_public(address)) else ""
