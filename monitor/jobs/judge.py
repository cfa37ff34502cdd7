"""Every obligation held against its facts at a time. Reads the store, writes nothing; `status` and `assess` use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from monitor.deadlines import obligations
from monitor.exchange import Capture
from monitor.facts import Coverage, PortalFacts
from monitor.jobs.claims import claims_of
from monitor.jobs.home import Home
from monitor.model import Agency, Look, Obligation, Sighting, Verdict
from monitor.rows import Reading
from monitor.signs import Unmatched, Whose
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


def judge_all(
    home: Home,
    years: tuple[int, ...],
    now: datetime,
    *,
    with_previous: bool = False,
    waiting: list[Unmatched] | None = None,
) -> Iterator[Judged]:
    """Every obligation of the years, judged at `now` from what is stored. Writes nothing.

    `with_previous`: bring last year's reports too; whoever only wants the verdicts saves the time. `waiting`: takes
    the reports that are nobody's yet.
    """
    for year in years:
        owed = obligations(home.registry, year, home.calendar)
        by_portal = sorted(owed, key=lambda obligation: home.registry.agencies[obligation.agency].portal)
        for portal, group in groupby(by_portal, key=lambda o: home.registry.agencies[o.agency].portal):
            columns = home.registry.portals[portal].columns
            readings = home.store.readings(portal)
            whose = claims_of(home, portal, year, readings)
            facts = PortalFacts(
                year,
                home.store.looks(portal, year),
                readings,
                whose=whose,
                columns=columns,
                coverage=None if columns else coverage_of(home, portal, whose),
                portal=portal,
            )
            old = [pair for pair in readings if pair[1].year == year - 1] if with_previous else []
            before = PortalFacts(year - 1, (), old, whose=whose)
            if waiting is not None:
                waiting += facts.waiting()
            for obligation in group:
                agency = home.registry.agencies[obligation.agency]
                judged = _judge(agency, obligation, facts, now)
                yield replace(judged, previous=before.last_reading(agency, now)) if old else judged


def coverage_of(home: Home, portal: str, whose: Whose) -> Coverage:
    """Whose reports the columns hold that were found on a portal."""
    homeless = {a.agency: str(a.kind) for a in home.registry.agencies.values() if a.portal == portal and not a.column}
    return Coverage(home.store.known_lists(portal), whose, homeless)


def each_once(found: Iterable[Unmatched], *, strangers: bool = False) -> list[Unmatched]:
    """The reports that wait, each address once, by portal: what names no year may have been found for several.

    `strangers`: those too that name bodies unlike any of the roster.
    """
    once = {(one.portal, one.url): one for one in found if strangers or not one.is_stranger}
    return [once[key] for key in sorted(once)]


def _judge(agency: Agency, obligation: Obligation, facts: PortalFacts, now: datetime) -> Judged:
    sightings, looks = facts.sightings(agency), facts.looks(agency)
    verdict = judge(obligation, sightings, looks, now)
    reading = facts.reading(agency, verdict.report_url, now)
    pages = tuple(facts.pages(agency, now))
    return Judged(agency, obligation, tuple(sightings), tuple(looks), verdict, reading, pages=pages)
