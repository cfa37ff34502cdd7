"""Finds the annual-report columns of a portal from its home page alone: best first, bounded, each with its evidence.

The likeliest link of all pages seen is followed next. A page is a column by what it holds, not by its name; columns of
agencies' own are looked for while no common one is found. Where no link leads there, the portal's site map and its own
search are asked. A page that was likely to lead there and could not be seen makes the whole search doubtful.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count
from typing import Final
from urllib.parse import urljoin

from crawler.candidates import list_key
from crawler.fetch import Fetcher, Nothing
from crawler.pages.markup import host_and_path, same_site
from crawler.reading import Kind, Reading
from crawler.ways import Way
from monitor.exchange import CrawlSpec, FoundColumn
from monitor.hosts import Hosts
from monitor.text import squash

#: Pages that are looked at, and so many more for each agency of the roster: each may have pages of its own.
_PAGES: Final = 30
_PAGES_AN_AGENCY: Final = 3
#: Links below each other on the way from the home page.
_DEPTH: Final = 6
#: What each step away from the home page costs of a link's likelihood.
_STEP: Final = 4
#: Links at least this likely could have led to a column: one that gives no page leaves the search incomplete.
_LIKELY: Final = 55
#: Once a common column is known, only links at least this likely are followed, and so many pages at most: some for
#: columns beside it, and two for each agency that is not named there yet and may have a column of its own.
_STILL: Final = 50
_FURTHER_PAGES: Final = 12
_FURTHER_PAGES_AN_AGENCY: Final = 2
#: XML maps of a site that are read, an index's own included.
_MAPS: Final = 6


@dataclass(frozen=True, slots=True)
class Discovery:
    """The columns that were found, and what kept some, or all, from being found. `is_cut`: a limit ended the search."""

    columns: tuple[FoundColumn, ...]
    trouble: Nothing | None
    is_cut: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the search went through, so that what it did not find is not there."""
        return self.trouble is None and not self.is_cut


@dataclass(frozen=True, slots=True)
class _Lead:
    """A page to look at: `path` is the way there, words and addresses; `owner`: whose pages these are."""

    way: Way
    path: tuple[tuple[str, str], ...] = ()
    owner: str = ""


class Explorer:
    """One search over one portal."""

    def __init__(self, fetcher: Fetcher, spec: CrawlSpec) -> None:
        self._fetcher = fetcher
        self._spec = spec
        self._hosts = Hosts.of(spec.portal)
        self._missing = set(map(squash, spec.names))  # who is named by no column that was found
        self._left = _PAGES + _PAGES_AN_AGENCY * len(spec.names)
        self._frontier: list[tuple[int, int, _Lead]] = []
        self._order = count()
        self._seen: set[str] = set()
        self._found: list[FoundColumn] = []
        self._inner: set[str] = set()  # lists below a column: the walk reads them with it
        self._trouble: Nothing | None = None

    async def find(self) -> Discovery:
        """Search the portal. What it costs is bounded by the roster's size, whatever the portal holds."""
        home = _Lead(Way(self._spec.portal.home, "首页", 100))
        front = await self._look(home)
        self._expand(home, front)
        await self._follow()
        if not self._found:
            await self._ask_maps()
        if not self._found and front.search:
            self._push(home, Way(front.search, "站内搜索", 60))
            await self._follow()
        columns = tuple(column for column in self._found if list_key(column.url) not in self._inner)
        nothing = None if columns else Nothing("column_lost", "首页上找不到信息公开年报栏目")
        return Discovery(columns, self._trouble or nothing, is_cut=bool(self._fetcher.stopped))

    async def _follow(self) -> None:
        while self._frontier and self._left > 0 and not self._fetcher.stopped:
            _, _, lead = heapq.heappop(self._frontier)
            if not self._is_worth(lead):
                continue
            self._left -= 1
            reading = await self._look(lead)
            if reading.column:
                self._keep(lead, reading)
            else:
                self._expand(lead, reading)

    def _is_worth(self, lead: _Lead) -> bool:
        if self._is_below_a_column(lead.way.url):
            return False
        has_common = any(not column.owner for column in self._found)
        return not has_common or lead.way.score >= _STILL

    def _keep(self, lead: _Lead, reading: Reading) -> None:
        self._missing -= set(map(squash, reading.named))
        if not lead.owner and not any(not column.owner for column in self._found):
            self._left = min(self._left, _FURTHER_PAGES + _FURTHER_PAGES_AN_AGENCY * len(self._missing))
        url = lead.way.url
        self._found.append(
            FoundColumn(url, owner=lead.owner, why=reading.column, path=(*lead.path, (lead.way.words, url)))
        )
        self._inner.update(list_key(below.url) for below in reading.below)

    def _is_below_a_column(self, url: str) -> bool:
        """Whether the walk of a column that is found comes by this address anyway."""
        if list_key(url) in self._inner:
            return True
        host, path = host_and_path(url)
        for column in self._found:
            own_host, own_path = host_and_path(column.url)
            folder = own_path.rsplit("/", 1)[0] + "/"
            if host == own_host and folder != "/" and "?" not in url and path.startswith(folder):
                return True
        return False

    async def _look(self, lead: _Lead) -> Reading:
        """Look at a page; through the browser where only that shows what it holds."""
        url = lead.way.url
        self._seen.add(list_key(url))
        rendered = False
        while True:
            answer = await self._fetcher.get(url, Kind.SURVEY, referer=self._referer(lead), rendered=rendered)
            reading = Reading() if isinstance(answer, Nothing) else answer.reading
            if answer.reason:
                if lead.way.score >= _LIKELY and self._trouble is None:
                    self._trouble = Nothing(answer.reason, answer.detail)
                return Reading()
            drawn = reading.is_blank and reading.has_scripts and not reading.onward and not reading.column
            if rendered or not drawn or not self._spec.browser or self._spec.portal.render == "never":
                return reading
            rendered = True

    @staticmethod
    def _referer(lead: _Lead) -> str:
        return lead.path[-1][1] if lead.path else ""

    def _expand(self, lead: _Lead, reading: Reading) -> None:
        for follow in reading.onward:
            self._push(lead, Way(follow.url, lead.way.words, lead.way.score))
        for way in reading.ways:
            self._push(lead, way)

    def _push(self, lead: _Lead, way: Way) -> None:
        key = list_key(way.url)
        depth = len(lead.path) + 1
        if key in self._seen or depth > _DEPTH or self._hosts.refuses(way.url):
            return
        self._seen.add(key)
        path = (*lead.path, (lead.way.words, lead.way.url))
        score = max(way.score - _STEP * depth, 1)
        heapq.heappush(self._frontier, (-score, next(self._order), _Lead(way, path, way.owner or lead.owner)))

    async def _ask_maps(self) -> None:
        """Ask the portal's XML site maps: those that robots.txt names, and the usual place."""
        home = self._spec.portal.home
        waiting = [urljoin(home, "/sitemap.xml")]
        for number, url in enumerate(waiting):
            if number >= _MAPS or self._fetcher.stopped:
                break
            answer = await self._fetcher.get(url, Kind.MAP)
            if isinstance(answer, Nothing) or answer.reason:
                continue
            for way in answer.reading.ways:
                if way.url.endswith(".xml"):
                    waiting += [way.url] if way.url not in waiting and same_site(home, way.url) else []
                else:
                    self._push(_Lead(Way(url, "网站地图", 70)), way)
        await self._follow()
