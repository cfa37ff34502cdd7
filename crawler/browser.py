"""Draws a page with its JavaScript, in a browser that can talk to the portal's hosts and to nobody else.

Which addresses it may use is fixed when it starts: the portal's names are bound to the public addresses they have then,
every other name and address leads nowhere. That holds for redirects and for names that change their address, which no
request filter sees. scrapy-playwright starts the browser, keeps its contexts and passes each request by us; what is
ours is whom a page may talk to, and how much and how long. It judges nothing; a page that is too large, too slow or
stuck costs its own visit, at worst the browser, which is then started anew for the next one.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any, Final

from playwright.async_api import BrowserContext, Page, Route, WebSocketRoute
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request as BrowserRequest
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from twisted.internet import reactor
from twisted.internet.error import DNSLookupError

from crawler.middlewares import REFUSED, HostRefused
from crawler.visit import DATA, QUIETING, SETTLING, Visit
from monitor.hosts import Hosts, address_in, host_of, is_public

#: What a list may need; no picture, font, film, beacon or event stream.
_NEEDED: Final = DATA | {"document", "script", "stylesheet"}
#: Seconds that closing a page may take; one whose script never ends is closed with the whole browser.
CLOSING: Final = 2.0
#: WebRTC would connect to any address by itself, past every filter.
_SHUT: Final = """for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport'])
    delete globalThis[name];"""
# The library warns of every request that a closed page had left open.
logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)


class Browser:
    """One browser for one crawl: it draws a page at a time and keeps its cookies. It starts with the first page."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._patience = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._turn = asyncio.Lock()
        self._handler: GuardedHandler | None = None

    async def draw(self, request: Request) -> Response:
        """The page as its visit found it. Raises Scrapy's download errors, and HostRefused where it leads elsewhere."""
        async with self._turn:
            try:
                async with asyncio.timeout(self._patience + QUIETING + SETTLING):
                    if self._handler is None:
                        self._handler = await GuardedHandler.open(self._crawler, host_of(request.url))
                    return await self._handler.draw(request)
            except (TimeoutError, PlaywrightTimeout) as error:
                raise DownloadTimeoutError(f"drawing {request.url} took too long") from error
            except PlaywrightError as error:
                raise DownloadFailedError(error.message) from error
            finally:
                if self._handler is not None and not await self._handler.leave():
                    await self.close()

    async def close(self) -> None:
        """End the browser and its driver; the end of the crawl kills what does not end."""
        handler, self._handler = self._handler, None
        if handler is not None:
            with suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(CLOSING):
                    await handler.close()


class GuardedHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """scrapy-playwright's handler, guarded: it starts the browser, keeps contexts and opens pages; each hook of it that
    is filled here says what it keeps out.
    """

    _hosts: Hosts
    _largest: int
    _visit: Visit | None = None

    @classmethod
    async def open(cls, crawler: Crawler, asked: str) -> GuardedHandler:
        """Start the browser with the addresses that it may use. `asked`: the host of the page that is asked for."""
        handler = cls(crawler)
        handler._hosts = crawler.settings["NIANBAO_HOSTS"]
        handler._largest = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        handler.abort_request = handler._is_refused
        handler.config.target_closed_max_retries = 0  # a page that we close is not to be opened again
        handler.config.launch_options = {
            "executable_path": crawler.settings["NIANBAO_BROWSER"],
            "args": [
                f"--host-resolver-rules={await _rules(handler._hosts, asked)}",
                "--no-proxy-server",
                "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            ],
        }
        try:
            await handler._launch()
            await handler._maybe_launch_browser()
        except (PlaywrightError, OSError) as error:
            raise DownloadFailedError(f"the browser does not start: {error}") from error
        return handler

    async def draw(self, request: Request) -> Response:
        """Draw a page in the context of its kind: those whose certificates need not be good have one of their own."""
        trusts_all = bool(request.meta.get("any_certificate"))
        request.meta["playwright_context"] = "any certificate" if trusts_all else "good certificates"
        request.meta["playwright_context_kwargs"] = {
            "user_agent": self._crawler.settings["USER_AGENT"],
            "locale": "zh-CN",
            "accept_downloads": False,
            "service_workers": "block",
            "ignore_https_errors": trusts_all,
        }
        request.meta["playwright_include_page"] = True  # `leave` closes it, in bounded time
        response: Response = await self.download_request(request)
        return response

    async def leave(self) -> bool:
        """Close what a visit opened; whether that could be done."""
        self._visit = None
        try:
            async with asyncio.timeout(CLOSING):
                for wrapper in tuple(self.context_wrappers.values()):
                    for page in wrapper.context.pages:
                        await page.close()
        except (TimeoutError, PlaywrightError):
            return False
        return True

    async def _create_browser_context(self, name: str, context_kwargs: dict[str, Any], spider: Any = None) -> Any:
        """A context is used only once all that no page may do is shut off in it."""
        wrapper = await super()._create_browser_context(name, context_kwargs, spider)
        del self.context_wrappers[name]
        context: BrowserContext = wrapper.context
        await context.add_init_script(_SHUT)
        await context.route("**/*", _abort)  # what the visited page's own door does not see: popups, workers
        await context.route_web_socket("**/*", _hang_up)
        context.on("page", self._close_other)
        self.context_wrappers[name] = wrapper
        return wrapper

    def _make_request_handler(self, **asked: Any) -> Any:
        """The library's, for which it is no error that a page was closed meanwhile."""
        handle = super()._make_request_handler(**asked)

        async def let_out(route: Route, request: BrowserRequest) -> None:
            try:
                await handle(route, request)
            except PlaywrightError:  # a route that nobody ends would be waited for
                with suppress(PlaywrightError):
                    await route.fallback()

        return let_out

    async def _is_refused(self, request: BrowserRequest) -> bool:
        """Let a request out only if a list needs it and the portal's own host gets it."""
        visit, why = self._visit, self._hosts.refuses(request.url)
        if why:
            self.stats.inc_value(REFUSED)
        if visit is not None and why and request.is_navigation_request() and request.frame == visit.page.main_frame:
            visit.stop(HostRefused(why))  # nothing that it may still show is the portal's
        return visit is None or bool(why) or request.resource_type not in _NEEDED

    async def _download_request_with_page(self, request: Request, page: Page, spider: Any) -> Response:
        """The visit. The library's own would wait for downloads and read a document of any size and kind."""
        self._visit = Visit(page, self._hosts, self._largest)
        return await self._visit.make(request)

    async def _close_other(self, page: Page) -> None:
        """A page that opens further ones gets none."""
        with suppress(PlaywrightError):
            if await page.opener() is not None:
                await page.close()


async def _hang_up(socket: WebSocketRoute) -> None:
    await socket.close()


async def _abort(route: Route) -> None:
    with suppress(PlaywrightError):
        await route.abort()


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
