"""One page's visit in the browser: opens it, waits for its list, reads its document, and hands on what it asked for.

A visit is bounded in bytes; whoever makes it bounds it in time, and decides which requests go out.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any, Final

from playwright.async_api import CDPSession, Page
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request as BrowserRequest
from playwright.async_api import Response as BrowserResponse
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import HtmlResponse

from crawler.answers import DataExchange
from crawler.middlewares import HostRefused
from monitor.charset import decode
from monitor.hosts import Hosts

#: What the data of a list is asked for with.
DATA: Final = frozenset({"xhr", "fetch"})
#: Seconds to wait for a page's own requests to end, and then for dated links, after it has loaded.
QUIETING: Final = 3.0
SETTLING: Final = 5.0
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
#: Headers of an answer that are not true of the DOM.
_OF_THE_WIRE: Final = frozenset({"content-encoding", "content-length", "content-type", "transfer-encoding"})


class Visit:
    """One page's visit: its last document, the data that its scripts asked for, how much came in, and what ended it."""

    def __init__(self, page: Page, hosts: Hosts, largest: int) -> None:
        self.page = page
        #: Why the visit was ended before its time.
        self.fault: Exception | None = None
        self._hosts = hosts
        self._largest = largest
        self._received = 0
        self._closing: asyncio.Task[None] | None = None
        self._document: BrowserResponse | None = None
        self._passed = asyncio.Event()
        self._data: dict[BrowserRequest, BrowserResponse | None] = {}  # in the order of asking

    def stop(self, fault: Exception) -> None:
        """End the visit: its page is closed at once."""
        if self.fault is None:
            self.fault = fault
            self._closing = asyncio.ensure_future(self._close())

    async def make(self, request: Request) -> HtmlResponse:
        """The document after its scripts ran; meta["exchanges"] and meta["cookies"] hold what it asked for and got.

        Raises PlaywrightError and Scrapy's download errors, and HostRefused where it leads off the portal.
        """
        page = self.page
        try:
            session = await self._watch()
            await self._go(request.url, (request.headers.get("Referer") or b"").decode("latin-1"))
            html = await _dom(session, self._largest)
            request.meta["exchanges"] = await self._exchanges()
            request.meta["cookies"] = await page.context.cookies([page.url])
        except PlaywrightError as error:
            if self.fault is not None:
                raise self.fault from error
            raise
        if self.fault is not None:
            raise self.fault
        if why := self._hosts.refuses(page.url):
            raise HostRefused(why)
        if html is None:
            raise _too_large(page.url)
        status, headers = await self._said()
        body = html.encode("utf-8", "replace")
        return HtmlResponse(page.url, status=status, headers=headers, body=body, encoding="utf-8", request=request)

    async def _watch(self) -> CDPSession:
        """Count what comes in, unpacked: a page that takes more than one response may is closed at once."""
        session = await self.page.context.new_cdp_session(self.page)
        self.page.on("request", self._ask)
        self.page.on("response", self._note)
        session.on("Network.dataReceived", self._count)
        await session.send("Network.enable")
        return session

    async def _go(self, url: str, referer: str) -> None:
        """Open a page and wait until it shows a list; one without is taken as it is."""
        try:
            await self.page.goto(url, referer=referer or None)
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
            await self.page.wait_for_load_state("networkidle", timeout=QUIETING * 1000)
        with suppress(PlaywrightTimeout):
            await self.page.wait_for_function(_LISTED, polling=100, timeout=SETTLING * 1000)

    async def _said(self) -> tuple[int, dict[str, str]]:
        """Status and headers of the last document, as far as they are true of the DOM."""
        if self._document is None:
            return 200, {}
        headers = await self._document.all_headers()
        kept = {name: value for name, value in headers.items() if name not in _OF_THE_WIRE}
        return self._document.status, {**kept, "content-type": "text/html; charset=utf-8"}

    async def _exchanges(self) -> tuple[DataExchange, ...]:
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
        if request.resource_type in DATA and not self._hosts.refuses(request.url):
            self._data[request] = None

    def _note(self, response: BrowserResponse) -> None:
        request = response.request
        if request in self._data:
            self._data[request] = response if response.ok else None
        elif (
            request.is_navigation_request()
            and response.frame == self.page.main_frame
            and not 300 <= response.status < 400
        ):
            self._document = response
            if response.status < 400:
                self._passed.set()

    def _count(self, event: dict[str, Any]) -> None:
        self._received += event["dataLength"]
        if self._received > self._largest:
            self.stop(_too_large(self.page.url))

    async def _close(self) -> None:
        with suppress(PlaywrightError):
            await self.page.close()


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


def _too_large(url: str) -> DownloadCancelledError:
    return DownloadCancelledError(f"what {url} loads is larger than download max size")
