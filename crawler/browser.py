"""Draws a page with its JavaScript, in a browser that can talk to the portal's hosts and to nobody else.

Which addresses it may use is fixed when it starts: the portal's names are bound to the public addresses they have then,
every other name and address leads nowhere. That holds for redirects and for names that change their address, which no
request filter sees. It judges nothing; a page that is too large, too slow or stuck costs its own visit, at worst the
browser, which is then started anew for the next one.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, CDPSession, Page, Playwright, Route, WebSocketRoute, async_playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request as BrowserRequest
from playwright.async_api import Response as BrowserResponse
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import HtmlResponse, Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet import reactor
from twisted.internet.error import DNSLookupError

from crawler.answers import DataExchange
from crawler.middlewares import REFUSED, HostRefused
from monitor.charset import decode
from monitor.hosts import Hosts, address_in, host_of, is_public

#: What the data of a list is asked for with.
_DATA: Final = frozenset({"xhr", "fetch"})
#: What a list may need; no picture, font, film, beacon or event stream.
_NEEDED: Final = _DATA | {"document", "script", "stylesheet"}
#: Seconds to wait for a page's own requests to end, and then for dated links, after it has loaded.
QUIETING: Final = 3.0
SETTLING: Final = 5.0
#: Seconds that closing a page may take; one whose script never ends is closed with the whole browser.
CLOSING: Final = 2.0
#: How many data requests of a page are handed on, and how many characters of their answers in all.
MOST_EXCHANGES: Final = 20
MOST_DATA: Final = 2_000_000
#: A list is there when a link stands in an element that shows a date, or is named as the report of a year.
_LISTED: Final = """() => [...document.querySelectorAll('a')].some(link => {
    const row = link.closest('li, tr, dd, dl, p') || link.parentElement || link;
    const dated = /20\\d\\d\\s*[-./年]\\s*\\d{1,2}/;
    return /20\\d\\d.*(年报|年度报告)/.test(link.textContent) || dated.test(row.textContent.slice(0, 500));
})"""
#: The document as it stands, null where it is too large; read where the page's own scripts cannot redefine anything.
_DOM: Final = """(limit => {
    const type = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : '';
    const html = type + (document.documentElement ? document.documentElement.outerHTML : '');
    return html.length > limit ? null : html;
})(%d)"""
#: WebRTC would connect to any address by itself, past every filter.
_SHUT: Final = """for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport'])
    delete globalThis[name];"""
#: Headers of an answer that are not true of the DOM.
_OF_THE_WIRE: Final = frozenset({"content-encoding", "content-length", "content-type", "transfer-encoding"})


class Browser:
    """One browser for one crawl: it draws a page at a time and keeps its cookies. It starts with the first page."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._stats = crawler.stats
        self._hosts: Hosts = settings["NIANBAO_HOSTS"]
        self._path: str = settings["NIANBAO_BROWSER"]
        self._agent: str = settings["USER_AGENT"]
        self._trusts_all = False
        self._patience = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._largest = settings.getint("DOWNLOAD_MAXSIZE")
        self._turn = asyncio.Lock()
        self._driver: Playwright | None = None
        self._chromium: Chromium | None = None
        self._context: BrowserContext | None = None
        self._own: Page | None = None
        self._led_off = ""

    async def draw(self, request: Request) -> Response:
        """The page's DOM after its scripts ran; meta["exchanges"] and meta["cookies"] hold what it asked for and got.

        Raises Scrapy's download errors, and HostRefused where it leads off the portal.
        """
        async with self._turn:
            try:
                async with asyncio.timeout(self._patience + QUIETING + SETTLING):
                    return await self._draw(request)
            except (TimeoutError, PlaywrightTimeout) as error:
                raise DownloadTimeoutError(f"drawing {request.url} took too long") from error
            except PlaywrightError as error:
                raise DownloadFailedError(error.message) from error
            finally:
                await self._leave()

    async def close(self) -> None:
        """End the browser and its driver."""
        await self._end()
        driver, self._driver = self._driver, None
        if driver is not None:
            await driver.stop()

    async def _draw(self, request: Request) -> Response:
        if request.meta.get("any_certificate") and not self._trusts_all:
            await self._end()
            self._trusts_all = True
        context = self._context or await self._start(host_of(request.url))
        self._led_off = ""
        self._own = page = await context.new_page()
        session = await context.new_cdp_session(page)
        visit = Visit(page, self._hosts, self._largest)
        await visit.watch(session)
        try:
            await visit.go(request.url, (request.headers.get("Referer") or b"").decode("latin-1"))
            html = await _dom(session, self._largest)
            request.meta["exchanges"] = await visit.exchanges()
            request.meta["cookies"] = await context.cookies([page.url]) if not self._led_off else []
        except PlaywrightError as error:
            if self._led_off:
                raise HostRefused(self._led_off) from error
            if visit.is_too_large:
                raise _too_large(request) from error
            raise
        if why := self._led_off or self._hosts.refuses(page.url):
            raise HostRefused(why)
        if html is None or visit.is_too_large:
            raise _too_large(request)
        status, headers = await visit.said()
        body = html.encode("utf-8", "replace")
        return HtmlResponse(page.url, status=status, headers=headers, body=body, encoding="utf-8", request=request)

    async def _start(self, asked: str) -> BrowserContext:
        """Start the browser with the addresses that it may use. `asked`: the host of the page that is asked for."""
        args = [
            f"--host-resolver-rules={await _rules(self._hosts, asked)}",
            "--no-proxy-server",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        ]
        try:
            self._driver = self._driver or await async_playwright().start()
            self._chromium = await self._driver.chromium.launch(executable_path=self._path, args=args)
        except (PlaywrightError, OSError) as error:
            raise DownloadFailedError(f"the browser does not start: {error}") from error
        context = await self._chromium.new_context(
            user_agent=self._agent,
            locale="zh-CN",
            accept_downloads=False,
            service_workers="block",
            ignore_https_errors=self._trusts_all,
        )
        context.set_default_navigation_timeout(self._patience * 1000)
        await context.add_init_script(_SHUT)
        await context.route("**/*", self._door)
        await context.route_web_socket("**/*", _hang_up)
        context.on("page", self._close_other)
        self._context = context
        return context

    async def _door(self, route: Route, request: BrowserRequest) -> None:
        """Let a request out only if a list needs it and the portal's own host gets it."""
        why = self._hosts.refuses(request.url)
        if why:
            self._stats.inc_value(REFUSED)
        try:
            if why and request.is_navigation_request() and self._own and request.frame == self._own.main_frame:
                self._led_off = why
            if why or request.resource_type not in _NEEDED:
                await route.abort()
                if self._led_off and self._own:
                    await self._own.close()  # nothing that it may still show is the portal's
            else:
                await route.continue_()
        except PlaywrightError:  # the page was closed meanwhile; a route that nobody ends would be waited for
            with suppress(PlaywrightError):
                await route.fallback()

    async def _close_other(self, page: Page) -> None:
        """A page that opens further ones gets none."""
        if self._own is not None and await page.opener() is not None:
            with suppress(PlaywrightError):
                await page.close()

    async def _leave(self) -> None:
        """Close what the visit opened; where a page does not let itself be closed, the browser is ended with it."""
        context, self._own = self._context, None
        if context is None:
            return
        try:
            async with asyncio.timeout(CLOSING):
                for page in context.pages:
                    await page.close()
        except (TimeoutError, PlaywrightError):
            await self._end()

    async def _end(self) -> None:
        """End the browser; the driver stays, to start the next one."""
        chromium, self._context, self._chromium = self._chromium, None, None
        if chromium is not None:
            with suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(CLOSING):
                    await chromium.close()


class Visit:
    """One page's visit: its last document, the data that its scripts asked for, and how much came in."""

    def __init__(self, page: Page, hosts: Hosts, largest: int) -> None:
        self._page = page
        self._hosts = hosts
        self._largest = largest
        self._received = 0
        self._closing: asyncio.Task[None] | None = None
        self._document: BrowserResponse | None = None
        self._passed = asyncio.Event()
        self._data: dict[BrowserRequest, BrowserResponse | None] = {}  # in the order of asking

    @property
    def is_too_large(self) -> bool:
        return self._received > self._largest

    async def watch(self, session: CDPSession) -> None:
        """Count what comes in, unpacked: a page that takes more than one response may is closed at once."""
        self._page.on("request", self._ask)
        self._page.on("response", self._note)
        session.on("Network.dataReceived", self._count)
        await session.send("Network.enable")

    async def go(self, url: str, referer: str) -> None:
        """Open a page and wait until it shows a list; one without is taken as it is."""
        try:
            await self._page.goto(url, referer=referer or None)
        except PlaywrightTimeout:
            raise
        except PlaywrightError as error:
            if "interrupted" not in error.message:  # the page itself went on to another, as challenge pages do
                raise
        if self._document is not None and self._document.status >= 400:
            with suppress(TimeoutError):
                async with asyncio.timeout(SETTLING):
                    await self._passed.wait()
            if not self._passed.is_set():
                return
        with suppress(PlaywrightTimeout):
            await self._page.wait_for_load_state("networkidle", timeout=QUIETING * 1000)
        with suppress(PlaywrightTimeout):
            await self._page.wait_for_function(_LISTED, timeout=SETTLING * 1000)

    async def said(self) -> tuple[int, dict[str, str]]:
        """Status and headers of the last document, as far as they are true of the DOM."""
        if self._document is None:
            return 200, {}
        headers = await self._document.all_headers()
        kept = {name: value for name, value in headers.items() if name not in _OF_THE_WIRE}
        return self._document.status, {**kept, "content-type": "text/html; charset=utf-8"}

    async def exchanges(self) -> tuple[DataExchange, ...]:
        """The data requests that were answered, in the order of asking, within the bounds."""
        found: list[DataExchange] = []
        left = MOST_DATA
        with suppress(TimeoutError):
            async with asyncio.timeout(QUIETING):  # an answer may never end
                for response in filter(None, self._data.values()):
                    exchange = await _exchange(response) if len(found) < MOST_EXCHANGES else None
                    if exchange is not None and len(exchange.text) <= left:
                        left -= len(exchange.text)
                        found.append(exchange)
        return tuple(found)

    def _ask(self, request: BrowserRequest) -> None:
        if request.resource_type in _DATA and not self._hosts.refuses(request.url):
            self._data[request] = None

    def _note(self, response: BrowserResponse) -> None:
        request = response.request
        if request in self._data:
            self._data[request] = response if response.ok else None
        elif (
            request.is_navigation_request()
            and response.frame == self._page.main_frame
            and not 300 <= response.status < 400
        ):
            self._document = response
            if response.status < 400:
                self._passed.set()

    def _count(self, event: dict[str, Any]) -> None:
        self._received += event["dataLength"]
        if self.is_too_large and self._closing is None:
            self._closing = asyncio.ensure_future(self._close())

    async def _close(self) -> None:
        with suppress(PlaywrightError):
            await self._page.close()


async def _exchange(response: BrowserResponse) -> DataExchange | None:
    request = response.request
    try:
        body = await response.body()
    except PlaywrightError:  # it has none, or the page dropped it
        return None
    content_type = response.headers.get("content-type", "")
    return DataExchange(
        method=request.method,
        url=request.url,
        body=(request.post_data_buffer or b"").decode("utf-8", "replace"),
        body_type=request.headers.get("content-type", ""),
        status=response.status,
        content_type=content_type,
        text=decode(body, content_type),
    )


async def _dom(session: CDPSession, largest: int) -> str | None:
    """The document, None where it is longer than `largest` characters. Raises PlaywrightError where there is none."""
    tree = await session.send("Page.getFrameTree")
    frame = tree["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame})
    asked = {"expression": _DOM % largest, "contextId": world["executionContextId"], "returnByValue": True}
    html: str | None = (await session.send("Runtime.evaluate", asked))["result"].get("value")
    return html


async def _hang_up(socket: WebSocketRoute) -> None:
    await socket.close()


def _too_large(request: Request) -> DownloadCancelledError:
    return DownloadCancelledError(f"what {request.url} loads is larger than download max size")


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
