"""A list page, fetched: its rows, where it goes on, and whether it can be believed.

Each list is asked for once a crawl, whichever columns it stands under.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl

from crawler.answers import Answer, DataExchange, Nothing
from crawler.bundle import Bundle
from crawler.candidates import list_key, names_report
from crawler.fetch import Fetcher
from crawler.pages.base import Follow, Row
from crawler.reading import Kind, Reading
from monitor.clock import Clock
from monitor.exchange import Capture, CrawlSpec, Endpoint, KnownList
from monitor.text import squash

#: So many of a page's data requests are tried.
_MOST_ENDPOINTS: Final = 3

Key = tuple[str, tuple[tuple[str, str], ...], str]


def key_of(follow: Follow) -> Key:
    """A request as the name of a list page, for comparing only."""
    return list_key(follow.url), follow.form, follow.json


def name_of(follow: Follow) -> str:
    """A request as the address under which a list is remembered; what is posted is a part of it."""
    if not follow.is_posted:
        return list_key(follow.url)
    return f"{follow.url}#{hashlib.sha256(repr((follow.form, follow.json)).encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list page. `reason`, `detail`: why it cannot be believed, "" where it can; `capture` is None if none came.

    `is_same`: it is byte for byte what it was, so that what is known of it holds. `endpoint`: whence a page that a
    browser drew has its rows, and which said the same when it was asked plainly; `drawn`: that page, then.
    """

    reading: Reading
    reason: str
    detail: str
    capture: Capture | None = None
    is_same: bool = False
    endpoint: Endpoint | None = None
    drawn: Listing | None = None


class Lists:
    """Fetches list pages, through the browser where only that shows their rows, and keeps each as a capture."""

    def __init__(self, fetcher: Fetcher, bundle: Bundle, spec: CrawlSpec, clock: Clock) -> None:
        self._clock = clock
        self._fetcher = fetcher
        self._bundle = bundle
        self._spec = spec
        self._fetched: dict[Key, Listing] = {}
        self._home: str | None = None  # the title of the home page, once it was asked for

    async def get(
        self, follow: Follow, column: str, *, referer: str = "", first: bool = True, known: KnownList | None = None
    ) -> Listing:
        """A list page. `referer`: the page that names it. `first`: a list's first page may need the browser.

        `known`: what was learned of it: whether it needs the browser, and whether its bytes need to be read again.
        """
        key = key_of(follow)
        listing = self._fetched.get(key)
        if listing is None:
            listing = await self._fetch(follow, column, referer, known, is_first=first)
            self._fetched[key] = listing
        elif listing.capture is not None and listing.capture.column != column:
            # Seen under another column already: the same record is evidence for both.
            capture = replace(listing.capture, column=column)
            self._bundle.note(capture)
            return replace(listing, capture=capture)
        return listing

    async def why_blank(self, listing: Listing) -> tuple[str, str]:
        """Why a list shows nothing, as reason code and detail: it may be the home page, or nothing at all."""
        url = listing.capture.url if listing.capture else ""
        if listing.reading.title and listing.reading.title == await self._home_title():
            return "sent_home", f"标题与首页相同：{url}"
        return "column_lost", f"没有任何条目：{url}"

    async def _home_title(self) -> str:
        if self._home is None:
            answer = await self._fetcher.get(self._spec.portal.home, Kind.SURVEY)
            self._home = "" if isinstance(answer, Nothing) else answer.reading.title
        return self._home

    async def _fetch(
        self, follow: Follow, column: str, referer: str, known: KnownList | None, *, is_first: bool
    ) -> Listing:
        render, url = self._spec.portal.render, follow.url
        can_render = is_first and not follow.is_posted
        is_fresh = known and known.drawn_at and known.drawn_at.date() == self._clock.now().date()
        # Each day the page is drawn once: it may ask for other data by then, or lead to lists below.
        if can_render and render == "auto" and known and known.endpoint and is_fresh:
            listing = await self._look(follow_of(known.endpoint), column, referer=url)
            if any(map(names_report, listing.reading.rows)):
                return replace(listing, endpoint=known.endpoint)
        if can_render and (render == "always" or (known and known.rendered and render == "auto")):
            return await self._render(url, column)
        is_readable = known is not None and known.sha256 != "" and known.years == self._spec.years
        listing = await self._look(follow, column, referer=referer, known=known if is_readable else None)
        reading = listing.reading
        may_be_drawn = can_render and reading.is_blank and reading.has_scripts and not reading.is_slot
        return await self._render(url, column) if may_be_drawn and render == "auto" else listing

    async def _render(self, url: str, column: str) -> Listing:
        if not self._spec.browser:
            return Listing(Reading(), "needs_browser", url)
        drawn, exchanges = await self._draw(url, column)
        # Lists below stand in the page alone: then it is drawn each time.
        if drawn.reason or drawn.reading.below or self._spec.portal.render == "always":
            return drawn
        for endpoint in endpoints(exchanges, drawn.reading.rows):
            plain = await self._look(follow_of(endpoint), column, referer=url)
            if not plain.reason and _tells(plain.reading, drawn.reading):
                return replace(plain, endpoint=endpoint, drawn=drawn)
        return drawn

    async def _draw(self, url: str, column: str) -> tuple[Listing, tuple[DataExchange, ...]]:
        answer = await self._fetcher.get(url, Kind.LIST, rendered=True)
        return self._listing(answer, column, None), () if isinstance(answer, Nothing) else answer.exchanges

    async def _look(
        self,
        follow: Follow,
        column: str,
        *,
        referer: str = "",
        known: KnownList | None = None,
    ) -> Listing:
        answer = await self._fetcher.get(
            follow.url,
            Kind.LIST,
            form=follow.form,
            json=follow.json,
            referer=referer,
            known=known,
        )
        return self._listing(answer, column, known)

    def _listing(self, answer: Answer | Nothing, column: str, known: KnownList | None) -> Listing:
        """An answer as a list page, kept as a capture."""
        if isinstance(answer, Nothing):
            return Listing(Reading(), answer.reason, answer.detail)
        reading = answer.reading
        links = known.head if known and answer.is_same else reading.links
        capture = self._bundle.keep(answer, kind="list", column=column, family=reading.family, links=links)
        return Listing(reading, answer.reason, answer.detail, capture, is_same=answer.is_same)


def _tells(plain: Reading, drawn: Reading) -> bool:
    """Whether data tells what a drawn page shows: all of its reports, or the first of them and that more follow."""
    shown = [row.url for row in drawn.rows if names_report(row)]
    told = {row.url for row in plain.rows if names_report(row)}
    if not shown or shown[0] not in told:  # data of a later page
        return False
    if any(row.listed_on for row in drawn.rows) and not any(row.listed_on for row in plain.rows):
        return False
    return told.issuperset(shown) or (told.issubset(shown) and bool(plain.following))


def follow_of(endpoint: Endpoint) -> Follow:
    """The request that an endpoint stands for."""
    return Follow(endpoint.url, form=endpoint.form, json=endpoint.json)


def endpoints(exchanges: Iterable[DataExchange], rows: Iterable[Row]) -> list[Endpoint]:
    """Those of a drawn page's data requests whose answers name its reports, the ones that name most first."""
    titles = [squash(row.title) for row in rows if names_report(row)]
    found = []
    for exchange in exchanges:
        told = squash(_unescaped(exchange.text))
        if named := sum(title in told for title in titles):
            found.append((named, _endpoint(exchange)))
    return [endpoint for named, endpoint in sorted(found, key=lambda pair: -pair[0])[:_MOST_ENDPOINTS]]


def _endpoint(exchange: DataExchange) -> Endpoint:
    if not exchange.body:
        return Endpoint(exchange.url)
    if "json" in exchange.body_type:
        return Endpoint(exchange.url, json=exchange.body)
    return Endpoint(exchange.url, form=tuple(parse_qsl(exchange.body, keep_blank_values=True)))


def _unescaped(text: str) -> str:
    """Data as text, its characters written out."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
