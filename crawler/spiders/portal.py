"""The one spider: walks one portal for annual reports. It knows pages only as values; a new portal never edits it.

The walk is a coroutine, not a net of callbacks: so what a column's health means is written where it is decided. It asks
the engine directly; robots.txt, delay, retries, redirects and guards hold as for any request of Scrapy's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import takewhile
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from crawler.articles import Articles
from crawler.bundle import Bundle, BundleError
from crawler.candidates import identity, list_key
from crawler.discovery import Discovery, Explorer
from crawler.fetch import Fetcher
from crawler.lists import Lists
from crawler.reader import Reader
from crawler.tally import Tally
from crawler.walk import Walk
from monitor.clock import Clock
from monitor.exchange import Column, CrawlSpec
from monitor.titles import read_title


class PortalSpider(Spider):
    """One crawl of one portal, as a spec says. `tallies` holds what it saw of each column."""

    name = "portal"

    def __init__(self, crawler: Crawler, *, spec: CrawlSpec, bundle: Bundle, clock: Clock, reader: Reader) -> None:
        super().__init__()
        self.spec = spec
        self.bundle = bundle
        self.clock = clock
        self.tallies = [Tally(column) for column in spec.columns]
        self.fetcher = Fetcher(crawler, spec, clock, reader)
        self.articles = Articles(self.fetcher, bundle, spec)
        self.route = Walk(Lists(self.fetcher, bundle, spec, clock), self.articles, bundle, spec, clock)
        self.discovery: Discovery | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:
        return super().from_crawler(crawler, crawler, *args, **kwargs)  # the second one is ours

    async def start(self) -> AsyncIterator[None]:
        """Walk the portal within the time limit. Yields nothing: the bundle holds what was found."""
        reason = ""
        try:
            async with asyncio.timeout(self.spec.limits.seconds):
                await self._walk()
        except* TimeoutError:
            reason = "limit_seconds"
        except* BundleError:
            reason = "disk_full"
        if reason or self.fetcher.stopped:
            raise CloseSpider(reason or self.fetcher.stopped)
        nothing: tuple[None, ...] = ()
        for item in nothing:  # an asynchronous generator is what the engine asks for
            yield item

    async def _walk(self) -> None:
        if self.spec.discover and all(tally.column.agency or tally.column.is_found for tally in self.tallies):
            await self._discover()
        for tally in self.tallies:
            await self.route.column(tally)
            if self.fetcher.stopped:
                return
            tally.finish()
        await self._revisit()

    async def _discover(self) -> None:
        """Look for columns anew, and walk those that are found beside those that are known."""
        self.discovery = await Explorer(self.fetcher, self.spec).find()
        known = {list_key(tally.column.url) for tally in self.tallies}
        fresh = [column for column in self.discovery.columns if list_key(column.url) not in known]
        found = [Tally(Column(column.url, owner=column.owner, is_found=True)) for column in fresh]
        # What is known already was found by a search that went through: a later one that does not spoils nothing.
        if (trouble := self.discovery.trouble) and all(tally.column.agency for tally in self.tallies):
            front = Tally(Column(self.spec.portal.home))
            front.blame(trouble.reason, trouble.detail)
            found.append(front)
        self.tallies = [*found, *self.tallies]

    async def _revisit(self) -> None:
        """Ask for the known reports that no list holds any more. Only lists seen whole can say that they do not."""
        if not all(tally.health("never_looked").healthy for tally in self.tallies):
            return
        listed = frozenset().union(*(tally.candidates for tally in self.tallies))
        for page in self.spec.known:
            year = read_title(page.listed_title).year
            if (year is None or year in self.spec.years) and identity(page.url) not in listed:
                nearest = max(self.tallies, key=lambda tally: _shared(tally.column.url, page.url))
                await self.articles.revisit(page, nearest)


def _shared(one: str, other: str) -> int:
    """How many characters two addresses have in common from the start on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
