"""Every obligation held against its facts at a time. Reads the store, writes nothing; `status` and `assess` use it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from monitor.deadlines import obligations
from monitor.exchange import Capture
from monitor.facts import Coverage, PortalFacts, Whose
from monitor.jobs.home import Home
from monitor.matching import match
from monitor.model import Agency, Look, Obligation, Sighting, Verdict
from monitor.rows import Reading
from monitor.verdicts import judge


@dataclass(frozen=True, slots=True)
class Judged:
    """An obligation with its facts and what they say now.

    `pages`: every page of the report as it was last read. `reading`: the latest of the report, where it was read;
    `previous`: of last year's report, where it was asked for.
    """

    agency: Agency
    obligation: Obligation
    sightings: tuple[Sighting, ...]
    looks: tuple[Look, ...]
    verdict: Verdict
    reading: Reading | None
    previous: Reading | None = None
    pages: tuple[tuple[Capture, Reading], ...] = ()


def judge_all(home: Home, years: tuple[int, ...], now: datetime, *, with_previous: bool = False) -> Iterator[Judged]:
    """Every obligation of the years, judged at `now` from what is stored. Writes nothing.

    `with_previous`: bring last year's reports too; whoever only wants the verdicts saves the time.
    """
    for year in years:
        owed = obligations(home.registry, year, home.calendar)
        by_portal = sorted(owed, key=lambda obligation: home.registry.agencies[obligation.agency].portal)
        for portal, group in groupby(by_portal, key=lambda o: home.registry.agencies[o.agency].portal):
            readings, whose = home.store.readings(portal), _whose(home, portal)
            columns = home.registry.portals[portal].columns
            facts = PortalFacts(
                year,
                home.store.looks(portal, year),
                readings,
                whose=whose,
                columns=columns,
                coverage=None if columns else _coverage(home, portal, whose),
            )
            old = [pair for pair in readings if pair[1].year == year - 1] if with_previous else []
            before = PortalFacts(year - 1, (), old, whose=whose)
            for obligation in group:
                agency = home.registry.agencies[obligation.agency]
                judged = _judge(agency, obligation, facts, now)
                yield replace(judged, previous=before.last_reading(agency, now)) if old else judged


def _coverage(home: Home, portal: str, whose: Whose) -> Coverage:
    """Whose reports the columns hold that were found on a portal."""
    homeless = [a for a in home.registry.agencies.values() if a.portal == portal and not a.column]
    return Coverage(home.store.known_lists(portal), whose, len(homeless))


def _whose(home: Home, portal: str) -> Whose:
    """Names held against the roster as it is now. A column that several agencies share is nobody's own."""
    columns = Counter(agency.column for agency in home.registry.agencies.values())
    owners = {a.column: a.agency for a in home.registry.agencies.values() if a.column and columns[a.column] == 1}

    def whose(named: str, column_url: str, *, publisher: str = "", body: str = "") -> str | None:
        found = match(
            home.registry,
            portal,
            title_agency=named,
            publisher=publisher,
            column_agency=owners.get(column_url, ""),
            body_agency=body,
        )
        return found.agency if found else None

    return whose


def _judge(agency: Agency, obligation: Obligation, facts: PortalFacts, now: datetime) -> Judged:
    sightings, looks = facts.sightings(agency), facts.looks(agency)
    verdict = judge(obligation, sightings, looks, now)
    reading = facts.reading(agency, verdict.report_url, now)
    pages = tuple(facts.pages(agency, now))
    return Judged(agency, obligation, tuple(sightings), tuple(looks), verdict, reading, pages=pages)
