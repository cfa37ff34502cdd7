"""The rounds that are planned, as the deadlines of the roster plan them. Runs none."""

from __future__ import annotations

from datetime import timedelta

from monitor.deadlines import due_dates, report_years
from monitor.jobs.home import Home
from monitor.season import PlannedRound, rounds


def upcoming(home: Home, days: int) -> list[PlannedRound]:
    """The rounds planned for the next days. Each is planned by the deadlines of the report years watched on its day."""
    now = home.now()
    last = now + timedelta(days=days)
    years = {year for at in (now, last) for year in report_years(at)}
    return list(rounds(now, last, due_dates(home.registry, sorted(years), home.calendar)))
