"""Walks one column: its list to the end, then each list below it; what may be a report is fetched meanwhile.

What is known of a list spares requests, never a look: its first page is asked in each crawl. While that is the same,
the rest of the list may be taken as read, but only within the day on which it was read: no day's "it was not there"
rests on another day's reading.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crawler.articles import Articles
from crawler.bundle import Bundle
from crawler.candidates import identity, is_older, list_key, list_year, names_report
from crawler.history import doubt
from crawler.lists import Listing, Lists, key_of, name_of
from crawler.pages.base import Follow, names_bodies, names_column
from crawler.paging import read_on
from crawler.tally import Tally
from crawler.ways import named_in
from monitor.clock import Clock
from monitor.exchange import CrawlSpec, KnownList, KnownPage, ListedLink
from monitor.titles import is_body

#: A list with so many rows, none of them a report, is one of something else.
_MANY: Final = 5


@dataclass(frozen=True, slots=True)
class _Stop:
    """A list to read: `referer` names it, `owner` is the body whose own it seems to be, `depth` counts from 0."""

    follow: Follow
    referer: str = ""
    owner: str = ""
    depth: int = 0

    def below(self, follow: Follow) -> _Stop:
        """A list that this one leads to; a link named as a body leads to that body's own."""
        owner = follow.words if is_body(follow.words) else self.owner
        return _Stop(follow, self.follow.url, owner, self.depth + 1)


class Walk:
    """The walk over the columns of one portal in one crawl. `read`: what was learned of each list, by its key."""

    def __init__(self, lists: Lists, articles: Articles, bundle: Bundle, spec: CrawlSpec, clock: Clock) -> None:
        self._lists = lists
        self._articles = articles
        self._bundle = bundle
        self._spec = spec
        self._clock = clock
        self._own: set[str] = set()  # reports that are list pages themselves and are kept
        self._known_lists = {known.url if "#" in known.url else list_key(known.url): known for known in spec.lists}
        self._known_pages: Mapping[str, KnownPage] = {page.url: page for page in spec.known}
        self.read: dict[str, KnownList] = {}

    async def column(self, tally: Tally) -> None:
        """Look at a column with all that lies below it."""
        tally.begin(self._clock.now())
        if tally.is_blamed:
            return
        start = Follow(tally.column.url)
        waiting, named = deque([_Stop(start, owner=tally.column.owner)]), {key_of(start)}
        async with asyncio.TaskGroup() as tasks:
            while waiting:
                stop = waiting.popleft()
                if stop.depth and (self._is_kept_slot(stop.follow, tally) or self._is_barren(stop.follow)):
                    continue
                for below in await self._list(stop, tally, tasks):
                    if key_of(below) in named:
                        continue
                    named.add(key_of(below))
                    if stop.depth < self._spec.limits.depth:
                        waiting.append(stop.below(below))
                    else:
                        tally.blame("list_truncated", f"栏目层级超过上限 {self._spec.limits.depth}：{below.url}")

    async def _list(self, stop: _Stop, tally: Tally, tasks: asyncio.TaskGroup) -> Sequence[Follow]:
        """Read one list to its end; return the lists below it."""
        start, column = stop.follow, tally.column.url
        known = self._known_lists.get(name_of(start))
        first = await self._lists.get(start, column, referer=stop.referer, known=known)
        if first.reason:
            tally.blame(first.reason, first.detail)
            return []
        if known and first.is_same:
            return self._take_known(known, first, tally, tasks)
        if first.reading.is_slot or first.reading.is_shelf:
            tally.accept()
        elif first.reading.is_blank:
            tally.suspect(*await self._lists.why_blank(first))
        if known and known.print == first.reading.print and self._is_today(known):
            await self._take(first, tally, tasks)
            self._fetch(tally.see((), known.tail, is_report=False), first, tally, tasks)
            self.read[name_of(start)] = known
            return first.reading.below

        async def get(follow: Follow) -> Listing:
            return await self._lists.get(follow, column, referer=start.url, first=False)

        sequel = await read_on(start, first, get, self._spec.years)
        if sequel.reason:
            tally.blame(sequel.reason, sequel.detail)
        pages = _with_drawn(sequel.pages)
        for page in pages:
            await self._take(page, tally, tasks)
        below = [below for page in pages for below in page.reading.below]
        if not sequel.reason:
            self._learn(stop, known, pages, tally, is_plain=below == list(first.reading.below))
        return below

    def _is_today(self, known: KnownList | None) -> bool:
        """Whether a list was read to its end on this very day, for these very years."""
        return known is not None and known.read_at.date() == self._clock.now().date()

    def _take_known(self, known: KnownList, first: Listing, tally: Tally, tasks: asyncio.TaskGroup) -> Sequence[Follow]:
        """Count a list whose first page is byte for byte as it was, and of which it is known what that says."""
        tally.see_again(known)
        if first.capture is not None:
            tally.begin(first.capture.fetched_at)
        fresh = tally.see((), (*known.head, *known.tail), is_report=known.reports > 0)
        self._fetch(fresh, first, tally, tasks)
        self.read[name_of(Follow(known.url))] = known
        return [Follow(url, words=words) for url, words in known.below]

    def _is_kept_slot(self, follow: Follow, tally: Tally) -> bool:
        """Whether an address is a report's own place, whose report is in evidence and not due: it counts as listed."""
        page, year = self._known_pages.get(identity(follow.url)), list_year(follow.url)
        if page is None or page.due or follow.is_posted or year not in self._spec.years:
            return False
        tally.accept()
        tally.hold(ListedLink(page.url, page.listed_title, page.listed_on, year))
        return True

    def _is_barren(self, follow: Follow) -> bool:
        """Whether a list was found this very day to hold something else than reports, in a search for these years."""
        known = self._known_lists.get(name_of(follow))
        if known is None or not known.is_barren or known.years != self._spec.years or not self._is_today(known):
            return False
        self.read[name_of(follow)] = known
        return True

    def _learn(
        self, stop: _Stop, known: KnownList | None, pages: Sequence[Listing], tally: Tally, *, is_plain: bool
    ) -> None:
        """Hold a list that was read to its end against what it was before, and note it for the next crawl.

        `is_plain`: its first page alone says which lists lie below.
        """
        first, rest, now = pages[0], pages[1:], self._clock.now()
        rows = {row.url: row for page in pages for row in page.reading.rows}.values()
        capture, key = first.capture, name_of(stop.follow)
        named, before = named_in(rows), known.named_at if known else {}
        seen = KnownList(
            url=key if stop.follow.is_posted else stop.follow.url,
            read_at=capture.fetched_at if capture else now,
            print=first.reading.print if is_plain else "",
            rendered=capture is not None and capture.rendered,
            tail=tuple(link for page in rest for link in page.reading.links),
            endpoint=first.endpoint,
            drawn_at=(known.drawn_at if known and not first.drawn else now) if first.endpoint else None,
            column=tally.column.url,
            rows=len(rows),
            dated=sum(row.listed_on is not None for row in rows),
            reports=sum(map(names_report, rows)),
            named=named,
            named_at={name: before.get(name, tally.at or now) for name in named},
            owner=stop.owner,
            years=self._spec.years,
            is_barren=_is_beside(stop, pages),
        )
        # Old reports that a portal no longer shows are not missed.
        is_short = is_older(first.reading.rows, pages[-1].reading.rows, self._spec.years)
        leads_on = any(page.reading.below for page in pages)
        if known and not is_short and (trouble := doubt(known, seen, now, leads_on=leads_on)):
            tally.blame(*trouble)
            self.read[key] = replace(known, doubted_at=known.doubted_at or now, sha256="", print="")
        else:
            is_single = is_plain and not first.reading.following and not stop.follow.is_posted
            self.read[key] = _with_bytes(seen, first) if is_single else seen

    async def _take(self, page: Listing, tally: Tally, tasks: asyncio.TaskGroup) -> None:
        """Count a list page and have its candidates fetched; where it is a report itself, keep it as one."""
        reading, capture, article = page.reading, page.capture, page.reading.article
        if capture is not None:
            tally.begin(capture.fetched_at)  # under another column, it may be
        self._fetch(tally.see(reading.rows, reading.links, is_report=reading.own_year is not None), page, tally, tasks)
        if capture is None or article is None or reading.own_year not in self._spec.years:
            return
        own = ListedLink(identity(capture.url), article.title, None, reading.own_year)
        tally.hold(own)
        known = self._known_pages.get(own.url)
        if own.url not in self._own and (known is None or known.content != article.content):
            self._own.add(own.url)
            self._bundle.note(replace(capture, url=own.url, kind="article", links=(), listed=own, article=article))
            tally.failed.update(await self._articles.attachments(article, own.url, tally.column.url))

    def _fetch(self, links: Iterable[ListedLink], page: Listing, tally: Tally, tasks: asyncio.TaskGroup) -> None:
        for link in links:
            tasks.create_task(self._articles.fetch(link, page.capture.url if page.capture else "", tally))


def _with_bytes(seen: KnownList, first: Listing) -> KnownList:
    """What was learned of a list of one page, with that page's bytes, where those alone say it all.

    A page that is a report itself, or the place of one, is read each time; so is one that a browser drew.
    """
    capture, reading = first.capture, first.reading
    odd = reading.article is not None or reading.is_slot or reading.is_shelf or reading.is_blank
    if capture is None or capture.rendered or first.endpoint or odd or any(b.is_posted for b in reading.below):
        return seen
    return replace(
        seen,
        etag=capture.etag,
        last_modified=capture.last_modified,
        sha256=capture.sha256,
        head=reading.links,
        below=tuple((below.url, below.words) for below in reading.below),
    )


def _with_drawn(pages: Sequence[Listing]) -> Sequence[Listing]:
    """The pages of a list that was asked of its endpoint. Where they lack a report that the drawn page shows, that page
    counts too, and the endpoint is forgotten."""
    first = pages[0]
    if first.drawn is None:
        return pages
    told = {row.url for page in pages for row in page.reading.rows}
    if all(row.url in told for row in first.drawn.reading.rows if names_report(row)):
        return pages
    return [replace(first, endpoint=None), *pages[1:], first.drawn]


def _is_beside(stop: _Stop, pages: Sequence[Listing]) -> bool:
    """Whether a list holds something else than reports, and nothing says that it is where some will appear.

    A new year's column may well begin with a plan or a notice: by its words, its title or its breadcrumb it is one.
    """
    rows = [row for page in pages for row in page.reading.rows]
    words = stop.follow.words
    is_place = any(page.reading.is_column or page.reading.below for page in pages)
    if is_place or names_column(words) or names_bodies(words) or stop.owner == words:
        return False
    return len(rows) >= _MANY and not any(map(names_report, rows))
