"""The findings that stand with what people's decisions come to now, and how many of them count. Writes nothing."""

from __future__ import annotations

from collections import Counter

from monitor.decisions import ruled
from monitor.jobs.home import Home
from monitor.rows import StoredFinding


def standing(home: Home, *, year: int | None = None, agency: str | None = None) -> list[StoredFinding]:
    """The findings that stand, each with what people's decisions come to now."""
    return ruled(
        home.store.findings(year=year, agency=agency),
        home.store.decisions(year=year, agency=agency),
        home.store.waivers(year=year, agency=agency),
        home.now().date(),
    )


def counts(home: Home, *, year: int | None = None) -> dict[tuple[str, int], Counter[str]]:
    """(agency, year) → how many faults of each severity count. Only where somebody decided is each one looked at."""
    found = home.store.finding_counts(year=year)
    decided = {(decision.agency, decision.year) for decision in home.store.decisions(year=year)}
    waived = {(waiver.agency, waiver.year) for waiver in home.store.waivers(year=year)}
    for agency, of_year in found:
        if not {(agency, of_year), (agency, None)}.isdisjoint(decided | waived):
            here = standing(home, year=of_year, agency=agency)
            found[agency, of_year] = Counter(str(item.finding.severity) for item in here if item.counts)
    return found
