"""From stored rows to the facts of an obligation: when its report was seen, and when it was looked for. Pure.

A row of a list belongs to an agency by what its page turned out to be; while the page is unread, by its title. A row
that may be this agency's report of this year makes absence unprovable: one that names nobody, or a short name that
could stand for it, or that stands in the agency's own column under a name that the roster does not know, or that is the
agency's but names no year.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from monitor.exchange import Capture, KnownList, ListedLink
from monitor.model import Agency, DateCandidate, Look, Match, Sighting
from monitor.rows import Reading, StoredLook
from monitor.signs import Signs, Unmatched, Whose, signs_of
from monitor.titles import read_title

LIST_CONFIDENCE: Final = 0.7
#: A list with the reports of fewer agencies than these is nobody's common list.
_FEW_AGENCIES: Final = 3
_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)
#: Files that hold words; a picture that is lost may be any ornament.
_DOCUMENT: Final = re.compile(r"\.(?:pdf|docx?|wps|ofd|rtf|xlsx?|zip|rar|7z)(?:$|[?&#])", re.IGNORECASE)
_GOVERNMENT: Final = re.compile(r"(人民政府|[省市区县旗州盟])$")


@dataclass(frozen=True, slots=True)
class _Row:
    """A candidate row: whose it is (None: nobody's of the roster, or not known) and the name it bears.

    `is_dated`: it is known to be this year's report; a row that names no year, or an unread letter, only may be.
    """

    link: ListedLink
    owner: str | None
    named: str
    is_dated: bool
    year: int | None
    signs: Signs


@dataclass(frozen=True, slots=True)
class _Page:
    """A page that was read, and whose it is by the roster of today."""

    capture: Capture
    reading: Reading
    owner: str | None
    signs: Signs


class PortalFacts:
    """The facts of one portal (its id) and one report year, for each of its agencies.

    `columns`: the portal's common columns as the registry names them now; none: they are discovered, and `coverage`
    says whose reports those that were found hold.
    """

    def __init__(
        self,
        year: int,
        looks: Sequence[StoredLook],
        readings: Sequence[tuple[Capture, Reading]],
        *,
        whose: Whose,
        portal: str = "",
        columns: Collection[str] = (),
        coverage: Coverage | None = None,
    ) -> None:
        self._portal = portal
        self._year = year
        self._coverage = coverage
        self._whose = whose
        self._columns = frozenset(columns)
        pages = [self._page(capture, reading) for capture, reading in readings]
        self._by_url = {page.capture.url: page for page in pages}
        self._owned: dict[str | None, list[_Page]] = {}
        for page in pages:
            self._owned.setdefault(page.owner, []).append(page)
        crawls: dict[str, list[StoredLook]] = {}
        for look in looks:
            crawls.setdefault(look.crawl, []).append(look)
        self._crawls = list(crawls.values())
        self._rows = {id(look): [row for link in look.candidates if (row := self._row(link, look))] for look in looks}

    def sightings(self, agency: Agency) -> list[Sighting]:
        """Every time the agency's report was seen, fetched or listed, in no order."""
        return [*self._fetched(agency), *self._listed(agency)]

    def looks(self, agency: Agency) -> list[Look]:
        """Every crawl that looked where the agency's report would stand, oldest first."""
        return [look for crawl in self._crawls if (look := self._look(agency, crawl))]

    def pages(self, agency: Agency, now: datetime) -> list[tuple[Capture, Reading]]:
        """The pages of the agency's report, each address as it was last read, in the order of their first fetch."""
        last = {
            page.capture.url: (page.capture, page.reading)
            for page in self._own_pages(agency)
            if page.capture.fetched_at <= now
        }
        return list(last.values())

    def reading(self, agency: Agency, url: str | None, now: datetime) -> Reading | None:
        """The last reading of the agency's report at an address, where it could be read."""
        read = [
            page.reading
            for page in self._own_pages(agency)
            if page.capture.url == url and page.reading.is_form and page.capture.fetched_at <= now
        ]
        return read[-1] if read else None

    def last_reading(self, agency: Agency, now: datetime) -> Reading | None:
        """The last reading of the agency's report, wherever it stood, where it could be read."""
        read = [
            page.reading for page in self._own_pages(agency) if page.reading.is_form and page.capture.fetched_at <= now
        ]
        return read[-1] if read else None

    def waiting(self) -> list[Unmatched]:
        """The reports of this year, or of no known one, that are nobody's yet, the last seen of each address."""
        found: dict[str, Unmatched] = {}
        for page in self._by_url.values():
            year, article, at = page.reading.year, page.capture.article, page.capture.fetched_at
            is_ours = year in (None, self._year) and not self._is_earlier(year, _stated_day(page.capture))
            if is_ours and page.reading.is_form is not False and _is_open(page.owner, year):
                title = article.title if article else ""
                found[page.capture.url] = self._waits(page.signs, page.owner, title, year, at, is_read=True)
        for crawl in self._crawls:
            for look in crawl:
                for row in self._rows[id(look)]:
                    if _is_open(row.owner, row.year) and row.link.url not in self._by_url:
                        title, signs = row.link.title, row.signs
                        found[row.link.url] = self._waits(signs, row.owner, title, row.year, look.at, is_read=False)
        return list(found.values())

    def _waits(
        self, signs: Signs, owner: str | None, title: str, year: int | None, at: datetime, *, is_read: bool
    ) -> Unmatched:
        known = (Match(owner, 0.9, "单位已能确定，报告年度不明"),) if owner else ()
        candidates = known or tuple(self._whose.candidates(signs))
        named = signs.named or signs.body
        return Unmatched(
            portal=self._portal,
            url=signs.url,
            title=title,
            named=named,
            publisher=signs.publisher,
            column=signs.column,
            year=year,
            seen_at=at,
            candidates=candidates,
            is_stranger=bool(named) and not candidates,
            is_read=is_read,
        )

    def _is_earlier(self, year: int | None, day: date | None) -> bool:
        """Whether what names no year was out before any report on this one: none is before the year's last month."""
        return year is None and day is not None and day < date(self._year, 12, 1)

    def _row(self, link: ListedLink, look: StoredLook) -> _Row | None:
        """A row as far as it may be about this year; None where it is about another, or is no report at all."""
        page, titled = self._by_url.get(link.url), read_title(link.title)
        if page:
            year, named, owner, signs = (
                page.reading.year,
                page.reading.named or page.reading.body,
                page.owner,
                page.signs,
            )
            if page.reading.is_form is False and (owner is None or year is None):
                return None  # a letter, an explanation …; an agency's own for the year stands: a person has to look
            day = link.listed_on or _stated_day(page.capture)
        else:
            signs = Signs(url=link.url, named=titled.agency, column=look.column_url)
            year, named, day = self._whose.year(link.url) or link.year, titled.agency, link.listed_on
            owner = self._whose(signs)
        if year not in (None, self._year) or self._is_earlier(year, day):
            return None
        # An unread letter is no report yet, and no proof that there is none.
        return _Row(link, owner, named, year is not None and (page is not None or not titled.decoy), year, signs)

    def _page(self, capture: Capture, reading: Reading) -> _Page:
        signs = signs_of(capture, reading)
        year = self._whose.year(capture.url)
        return _Page(capture, replace(reading, year=year) if year else reading, self._whose(signs), signs)

    def _own_pages(self, agency: Agency) -> Iterator[_Page]:
        for page in self._owned.get(agency.agency, ()):
            if page.reading.year == self._year and page.capture.article:
                yield page

    def _fetched(self, agency: Agency) -> Iterator[Sighting]:
        for page in self._own_pages(agency):
            if page.capture.article:
                yield Sighting(
                    at=page.capture.fetched_at,
                    url=page.capture.url,
                    title=page.capture.article.title,
                    dates=page.capture.article.dates,
                    content=page.capture.article.content,
                    is_report=page.reading.is_form,
                    taken_by=page.capture.taken_by,
                )

    def _listed(self, agency: Agency) -> Iterator[Sighting]:
        """Rows whose page was never read: its row alone shows that the report is there."""
        for crawl in self._crawls:
            for look in crawl:
                for row in self._rows[id(look)]:
                    if _is(row, agency) and row.link.url not in self._by_url:
                        day = row.link.listed_on
                        dates = (DateCandidate(day, "list", LIST_CONFIDENCE),) if day else ()
                        yield Sighting(at=look.at, url=row.link.url, title=row.link.title, dates=dates)

    def _look(self, agency: Agency, crawl: list[StoredLook]) -> Look | None:
        own = agency.agency if agency.column else ""
        wanted = {agency.column} if agency.column else self._columns
        # A column that the registry no longer names proves nothing: it may have been the wrong one.
        relevant = [look for look in crawl if look.agency == own and (not wanted or look.column_url in wanted)]
        found = self._coverage if self._coverage and not wanted else None
        if found:
            # Where all are others' own, none is this one's: they say so, and never that its report is absent.
            others = [look for look in relevant if found.is_anothers(look.column_url, agency.agency)]
            relevant = [look for look in relevant if look not in others] or relevant
        if not relevant:
            return None
        held = [row.link.url for look in crawl for row in self._rows[id(look)] if _is(row, agency)]
        reason = next((look.reason for look in relevant if not look.healthy), "ok")
        if reason == "ok" and wanted.difference(look.column_url for look in relevant):
            reason = "never_looked"
        if (
            reason == "ok"
            and not held
            and any(self._may_be(row, look, agency) for look in crawl for row in self._rows[id(look)])
        ):
            reason = "unmatched_report"
        if reason == "ok" and not held and found and not found.any_holds(relevant, agency.agency):
            reason = "column_not_found"
        return Look(
            # The first of its columns: what came into that one later was not looked for any more.
            at=min(look.at for look in relevant),
            healthy=reason == "ok",
            reason=reason,
            held=tuple(dict.fromkeys(held)),
            missing=tuple(dict.fromkeys(url for look in crawl for url in look.missing)),
            failed=self._failed(agency, crawl, frozenset(held)),
            outside=self._outside(agency, crawl, tuple(dict.fromkeys(held))),
            is_lost=bool(own) and reason == "column_lost" and any(look.healthy for look in crawl),
        )

    def _failed(self, agency: Agency, crawl: list[StoredLook], held: Collection[str]) -> dict[str, str]:
        """URL → reason code, for the agency's pages and the documents they point to that were not to be had."""
        if not any(look.failed for look in crawl):
            return {}
        pages = [page.capture for page in self._own_pages(agency) if page.capture.url in held]
        files = {
            file.url
            for capture in pages
            for file in (capture.article.attachments if capture.article else ())
            if _DOCUMENT.search(file.url) or _DOCUMENT.search(file.name)
        }
        return {url: reason for look in crawl for url, reason in look.failed.items() if url in held or url in files}

    def _outside(self, agency: Agency, crawl: list[StoredLook], held: Collection[str]) -> tuple[str, ...]:
        """Those of its rows that stand only in columns of others, if all where they should stand were seen whole."""
        places = {agency.column, *self._columns} - {""}
        right = [look for look in crawl if look.agency in ("", agency.agency) or look.column_url in places]
        if len(right) == len(crawl) or not all(look.healthy for look in right):
            return ()
        if places.difference(look.column_url for look in right):
            return ()
        within = {row.link.url for look in right for row in self._rows[id(look)]}
        return tuple(url for url in held if url not in within)

    def _may_be(self, row: _Row, look: StoredLook, agency: Agency) -> bool:
        if row.owner is not None:
            return row.owner == agency.agency  # and names no year
        if not row.named or self._whose.might_be(row.signs, agency.agency):
            return True
        # The area government's report is often linked from its agencies' columns.
        return look.agency == agency.agency and not _GOVERNMENT.search(row.named)


def _is_open(owner: str | None, year: int | None) -> bool:
    """Whether a person has to say whose a report is, or of which year."""
    return owner is None or (owner != "" and year is None)


class Coverage:
    """Whose reports the columns hold that discovery found, by the bodies that their lists have named in any year.

    A column that nobody registered proves an agency's absence only if it is where that agency's report would stand: it
    has held one of its reports, or is its own, or one list of it holds those of most agencies that have no column of
    their own, some of its kind among them, and no other column holds this one's. A look proves only by what was known
    of its column then: what the portal puts there later was not missing there before.
    """

    def __init__(self, lists: Iterable[KnownList], whose: Whose, kinds: Mapping[str, str]) -> None:
        """`kinds`: agency → kind, of the agencies that have no column of their own."""
        self._kinds = kinds
        # Column → whose reports it held, since when; None: a body that the roster does not know.
        self._owners: dict[str, dict[str | None, datetime]] = {}
        # Column → the kinds of agencies whose reports a common list of it holds, since when it is one.
        self._common: dict[str, dict[str, datetime]] = {}
        for known in lists:
            self._count(known, whose)

    def any_holds(self, looks: Iterable[StoredLook], agency: str) -> bool:
        """Whether an agency's report would stand in one of the columns that were looked at."""
        places = {column for column, owners in self._owners.items() if agency in owners}
        for look in looks:
            since = self._owners.get(look.column_url, {}).get(agency)
            if since is None or look.at < since:
                since = self._common.get(look.column_url, {}).get(self._kinds.get(agency, ""))
            if since is not None and since <= look.at and (not places or look.column_url in places):
                return True
        return False

    def held(self, column: str) -> frozenset[str]:
        """The agencies of the roster whose reports a column is known to have held, in any year."""
        return frozenset(owner for owner in self._owners.get(column, ()) if owner)

    def is_anothers(self, column: str, agency: str) -> bool:
        """Whether a column is one other agency's own."""
        owners = self._owners.get(column, {}).keys()
        return column not in self._common and len(owners) == 1 and owners != {None} and agency not in owners

    def _count(self, known: KnownList, whose: Whose) -> None:
        held: dict[str | None, datetime] = {}
        for name in known.named:
            since = known.named_at.get(name, known.read_at)
            owner = whose(Signs(url="", named=name)) or None
            held[owner] = min(since, held.get(owner, since))
        if known.owner:  # what a column is called says whose it is, reports or not
            held[whose(Signs(url="", named=known.owner)) or None] = _ALWAYS
        owners = self._owners.setdefault(known.column, {})
        for owner, since in held.items():
            owners[owner] = min(since, owners.get(owner, since))
        homeless = sorted(since for owner, since in held.items() if owner in self._kinds)
        enough = max(_FEW_AGENCIES, (len(self._kinds) + 1) // 2)
        if len(homeless) >= enough:
            common = self._common.setdefault(known.column, {})
            for kind in {self._kinds[owner] for owner in held if owner is not None and owner in self._kinds}:
                common[kind] = min(homeless[enough - 1], common.get(kind, homeless[enough - 1]))


def _is(row: _Row, agency: Agency) -> bool:
    return row.is_dated and row.owner == agency.agency


def _stated_day(capture: Capture) -> date | None:
    """The day that a page states for itself, by its best-founded date."""
    dates = capture.article.dates if capture.article else ()
    best = max(dates, key=lambda date_: date_.confidence, default=None)
    return best.value if best else None
