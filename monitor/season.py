"""When rounds take place: a plan by season, as a pure function of the deadlines. It starts nothing and reads no clock.

    quiet season                      Mondays at 08:00
    January, and to the last deadline daily at 08:00
    last three days before a deadline every three hours from 08:00 to 23:00 (the deadline's own day is the third)
    just after a deadline's midnight  00:05: what is not there now is late
    two weeks after a deadline        08:00 and 16:00, to see late reports come in

A day before a deadline outranks a day after another; 00:05 is always added. All times are Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from monitor.clock import SHANGHAI

_DAY: Final = timedelta(days=1)
_FOLLOW_UP: Final = timedelta(days=14)
_LAST_DAYS: Final = timedelta(days=3)
_MORNING: Final = time(8)
_AFTERNOON: Final = time(16)
_EVERY_THREE_HOURS: Final = tuple(time(hour) for hour in range(8, 24, 3))
_JUST_AFTER: Final = time(0, 5)
_MONDAY: Final = 0


@dataclass(frozen=True, slots=True)
class PlannedRound:
    """A round of the plan: when (aware, Asia/Shanghai), and why then, in Chinese."""

    at: datetime
    reason: str


def next_round(after: datetime, deadlines: Iterable[date]) -> PlannedRound:
    """The first planned round later than `after`. Raises ValueError on a time without a zone."""
    days = frozenset(deadlines)
    start = _local(after)
    # Every Monday has a round in any season, so eight days always hold one.
    planned = (item for ahead in range(9) for item in _rounds_of(start.date() + ahead * _DAY, days))
    return next(item for item in planned if item.at > start)


def rounds(start: datetime, end: datetime, deadlines: Iterable[date]) -> Iterator[PlannedRound]:
    """The planned rounds later than `start` and not later than `end`, in order."""
    days = frozenset(deadlines)
    item = next_round(start, days)
    while item.at <= _local(end):
        yield item
        item = next_round(item.at, days)


def due_round(now: datetime, last_round_at: datetime | None, deadlines: Iterable[date]) -> PlannedRound | None:
    """The latest planned round in (last_round_at, now], None where there is none.

    However many were missed while the machine was off, this is one: a round looks at everything. A home that has never
    had a round (`last_round_at` None) is due at once.
    """
    days = frozenset(deadlines)
    at = _local(now)
    planned = [item for back in range(8) for item in _rounds_of(at.date() - back * _DAY, days) if item.at <= at]
    latest = max(planned, key=lambda item: item.at)
    return latest if last_round_at is None or latest.at > _local(last_round_at) else None


def _rounds_of(day: date, deadlines: frozenset[date]) -> list[PlannedRound]:
    """The rounds of one day, in order."""
    found = []
    if day - _DAY in deadlines:
        found.append(_planned(day, _JUST_AFTER, f"截止日 {_named(day - _DAY)} 刚过"))
    times, reason = _season(day, deadlines)
    return found + [_planned(day, at, reason) for at in times]


def _season(day: date, deadlines: frozenset[date]) -> tuple[tuple[time, ...], str]:
    """The hours of a day and why. The nearest deadline ahead decides, then the one just passed."""
    ahead = min((deadline for deadline in deadlines if deadline >= day), default=None)
    passed = max((deadline for deadline in deadlines if deadline < day), default=None)
    if ahead is not None and ahead - day < _LAST_DAYS:
        return _EVERY_THREE_HOURS, f"临近截止日 {_named(ahead)}，每三小时一轮"
    if passed is not None and day - passed <= _FOLLOW_UP:
        return (_MORNING, _AFTERNOON), f"截止日 {_named(passed)} 后两周，每天两轮跟踪"
    if day.month == 1:
        return (_MORNING,), "一月集中发布期，每天一轮"
    if ahead is not None and ahead.year == day.year:
        return (_MORNING,), f"截止日 {_named(ahead)} 之前，每天一轮"
    return ((_MORNING,), "平时每周一轮") if day.weekday() == _MONDAY else ((), "")


def _planned(day: date, at: time, reason: str) -> PlannedRound:
    return PlannedRound(datetime.combine(day, at, SHANGHAI), reason)


def _named(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone says nothing: use Asia/Shanghai")
    return at.astimezone(SHANGHAI)
