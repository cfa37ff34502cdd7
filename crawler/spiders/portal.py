"""The one spider: walks one portal for annual reports. It knows pages only as values; a new portal never edits it.

The walk is a coroutine, not a net of callbacks: so what a column's health means is written where it is decided. It asks
the engine directly; robots.txt, delay, retries, redirects and guards hold as for any request of Scrapy's.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from crawler.articles import Articles
from crawler.bundle import Bundle, BundleError
from crawler.candidates import identity, list_key, list_year
from crawler.discovery import find_columns
from crawler.fetch import Fetcher
from crawler.lists import Listing, Lists, key_of
from crawler.pages.base import Follow
from crawler.paging import read_on
from crawler.reader import Reader
from crawler.tally import Tally
from monitor.clock import Clock
from monitor.exchange import Column, CrawlSpec, KnownList, ListedLink
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
        self._fetcher = Fetcher(crawler, spec, clock, reader)
        self._lists = Lists(self._fetcher, bundle, spec)
        self._own: set[str] = set()  # reports that are list pages themselves and are kept
        self._known_lists = {list_key(known.url): known for known in spec.lists}
        self._known_pages = {page.url: page for page in spec.known}
        self.read_lists: dict[str, KnownList] = {}
        self.articles = Articles(self._fetcher, bundle, spec)

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
        if reason or self._fetcher.stopped:
            raise CloseSpider(reason or self._fetcher.stopped)
        nothing: tuple[None, ...] = ()
        for item in nothing:  # an asynchronous generator is what the engine asks for
            yield item

    async def _walk(self) -> None:
        if self.spec.discover and all(tally.column.agency for tally in self.tallies):
            await self._discover()
        for tally in self.tallies:
            await self._column(tally)
            if self._fetcher.stopped:
                return
            tally.finish()
        await self._revisit()

    async def _discover(self) -> None:
        urls, trouble = await find_columns(self._fetcher, self.spec)
        found = [Tally(Column(url)) for url in urls or (self.spec.portal.home,)]
        if trouble:
            found[0].blame(trouble.reason, trouble.detail)
        self.tallies = [*found, *self.tallies]

    async def _column(self, tally: Tally) -> None:
        """Look at a column: its list to the end, then each list below it; what may be a report is fetched meanwhile."""
        tally.begin(self.clock.now())
        if tally.is_blamed:
            return
        start = Follow(tally.column.url)
        waiting, named = deque([(start, "", 0)]), {key_of(start)}
        async with asyncio.TaskGroup() as tasks:
            while waiting:
                follow, referer, depth = waiting.popleft()
                if depth and self._is_kept_slot(follow, tally):
                    continue
                for below in await self._list(follow, referer, tally, tasks):
                    key = key_of(below)
                    if key in named:
                        continue
                    named.add(key)
                    if depth < self.spec.limits.depth:
                        waiting.append((below, follow.url, depth + 1))
                    else:
                        tally.blame("list_truncated", f"栏目层级超过上限 {self.spec.limits.depth}：{below.url}")

    async def _list(self, start: Follow, referer: str, tally: Tally, tasks: asyncio.TaskGroup) -> list[Follow]:
        """Read one list to its end; return the lists below it."""
        column, known = tally.column.url, self._known_lists.get(list_key(start.url))
        first = await self._lists.get(start, column, referer=referer, rendered=known is not None and known.rendered)
        if first.reason:
            tally.blame(first.reason, first.detail)
            return []
        if first.reading.is_slot or first.reading.is_shelf:
            tally.accept()
        elif first.reading.is_blank:
            tally.suspect("column_lost", f"没有任何条目：{start.url}")

        # Each day a list is read to its end once, so that no day's "it was not there" rests on another day's reading.
        if known and known.print == first.reading.print and known.read_at.date() == self.clock.now().date():
            await self._take(first, tally, tasks)
            self._fetch(tally.see((), known.tail, is_report=False), first, tally, tasks)
            self.read_lists[list_key(start.url)] = known
            return list(first.reading.below)

        async def get(follow: Follow) -> Listing:
            return await self._lists.get(follow, column, referer=start.url, first=False)

        sequel = await read_on(start, first, get, self.spec.years)
        if sequel.reason:
            tally.blame(sequel.reason, sequel.detail)
        for page in sequel.pages:
            await self._take(page, tally, tasks)
        below = [below for page in sequel.pages for below in page.reading.below]
        if not sequel.reason and not start.is_posted and below == list(first.reading.below):
            self._learn(start.url, sequel.pages)
        return below

    def _is_kept_slot(self, follow: Follow, tally: Tally) -> bool:
        """Whether an address is a report's own place, whose report is in evidence and not due: it counts as listed."""
        page, year = self._known_pages.get(identity(follow.url)), list_year(follow.url)
        if page is None or page.due or follow.is_posted or year not in self.spec.years:
            return False
        tally.accept()
        tally.hold(ListedLink(page.url, page.listed_title, page.listed_on, year))
        return True

    def _learn(self, url: str, pages: Sequence[Listing]) -> None:
        """Note a list that was read to its end, so that the next crawl need not, while its first page is the same."""
        first, rest = pages[0], pages[1:]
        self.read_lists[list_key(url)] = KnownList(
            url=url,
            read_at=self.clock.now(),
            print=first.reading.print,
            rendered=first.capture is not None and first.capture.rendered,
            tail=tuple(link for page in rest for link in page.reading.links),
        )

    async def _take(self, page: Listing, tally: Tally, tasks: asyncio.TaskGroup) -> None:
        """Count a list page and have its candidates fetched; where it is a report itself, keep it as one."""
        reading, capture, article = page.reading, page.capture, page.reading.article
        self._fetch(tally.see(reading.rows, reading.links, is_report=reading.own_year is not None), page, tally, tasks)
        if capture is None or article is None or reading.own_year not in self.spec.years:
            return
        own = ListedLink(identity(capture.url), article.title, None, reading.own_year)
        tally.hold(own)
        known = self._known_pages.get(own.url)
        if own.url not in self._own and (known is None or known.content != article.content):
            self._own.add(own.url)
            self.bundle.note(replace(capture, url=own.url, kind="article", links=(), listed=own, article=article))
            tally.failed.update(await self.articles.attachments(article, own.url, tally.column.url))

    def _fetch(self, links: Iterable[ListedLink], page: Listing, tally: Tally, tasks: asyncio.TaskGroup) -> None:
        for link in links:
            tasks.create_task(self.articles.fetch(link, page.capture.url if page.capture else "", tally))

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
