"""Every obligation held against its facts at a time. Reads the store, writes nothing; `status` and `assess` use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from monitor.deadlines import obligations
from monitor.exchange import Capture
from monitor.facts import PortalFacts
from monitor.jobs.home import Home
from monitor.matching import match
from monitor.model import Agency, Look, Obligation, Sighting, Verdict
from monitor.rows import Reading
from monitor.verdicts import judge


@dataclass(frozen=True, slots=True)
class Judged:
    """An obligation with its facts and what they say now. `reading`: the latest of the report, where it was read."""

    agency: Agency
    obligation: Obligation
    sightings: tuple[Sighting, ...]
    looks: tuple[Look, ...]
    verdict: Verdict
    reading: Reading | None


def judge_all(home: Home, years: tuple[int, ...], now: datetime) -> Iterator[Judged]:
    """Every obligation of the years, judged at `now` from what is stored. Writes nothing."""
    for year in years:
        owed = obligations(home.registry, year, home.calendar)
        by_portal = sorted(owed, key=lambda obligation: home.registry.agencies[obligation.agency].portal)
        for portal, group in groupby(by_portal, key=lambda o: home.registry.agencies[o.agency].portal):
            readings = home.store.readings(portal)
            facts = PortalFacts(year, home.store.looks(portal, year), readings, whose=_whose(home, portal))
            for obligation in group:
                yield _judge(home.registry.agencies[obligation.agency], obligation, facts, readings, now)


def _whose(home: Home, portal: str) -> Callable[[str, str], str | None]:
    def whose(named: str, column_agency: str) -> str | None:
        found = match(home.registry, portal, title_agency=named, column_agency=column_agency)
        return found.agency if found else None

    return whose


def _judge(
    agency: Agency,
    obligation: Obligation,
    facts: PortalFacts,
    readings: list[tuple[Capture, Reading]],
    now: datetime,
) -> Judged:
    sightings, looks = facts.sightings(agency), facts.looks(agency)
    verdict = judge(obligation, sightings, looks, now)
    mine = [
        reading
        for capture, reading in readings
        if capture.url == verdict.report_url and reading.is_form and capture.fetched_at <= now
    ]
    return Judged(agency, obligation, tuple(sightings), tuple(looks), verdict, mine[-1] if mine else None)
