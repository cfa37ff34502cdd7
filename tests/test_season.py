"""The plan of rounds: its promises for any deadlines, and one January spelt out."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clock import SHANGHAI
from monitor.season import PlannedRound, due_round, next_round, rounds

LAW = (date(2024, 1, 31), date(2024, 3, 31))

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
times = st.datetimes(datetime(2000, 1, 1), datetime(2090, 12, 31)).map(lambda at: at.replace(tzinfo=SHANGHAI))  # noqa: DTZ001
deadlines = st.frozensets(days, max_size=4)


@st.composite
def near_deadlines(draw: st.DrawFn) -> tuple[datetime, frozenset[date]]:
    """A time, and deadlines of which some lie near it: where the plan is dense."""
    at = draw(times)
    near = draw(st.frozensets(st.integers(-20, 100).map(lambda days_: at.date() + timedelta(days_)), max_size=3))
    return at, near | draw(deadlines)


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=SHANGHAI)


@given(near_deadlines())
def test_rounds_strictly_increase_and_are_in_shanghai(given_: tuple[datetime, frozenset[date]]) -> None:
    start, due = given_
    planned = list(rounds(start, start + timedelta(days=40), due))
    assert all(before.at < after.at for before, after in pairwise(planned))
    assert all(start < item.at <= start + timedelta(days=40) and item.at.tzinfo is SHANGHAI for item in planned)
    assert all(item.reason for item in planned)


@given(near_deadlines())
def test_there_is_a_round_in_any_eight_days(given_: tuple[datetime, frozenset[date]]) -> None:
    start, due = given_
    assert next_round(start, due).at - start <= timedelta(days=8)


@given(deadlines, st.data())
def test_just_after_each_deadlines_midnight_there_is_exactly_one_round(
    due: frozenset[date], data: st.DataObject
) -> None:
    deadline = data.draw(st.sampled_from(sorted(due))) if due else date(2024, 1, 31)
    midnight = datetime.combine(deadline + timedelta(days=1), time(), SHANGHAI)
    planned = list(rounds(midnight - timedelta(seconds=1), midnight + timedelta(minutes=10), due | {deadline}))
    assert [item.at - midnight for item in planned] == [timedelta(minutes=5)]


@given(near_deadlines(), st.timedeltas(timedelta(0), timedelta(days=800)))
def test_a_due_round_is_never_of_the_future_and_is_the_latest(
    given_: tuple[datetime, frozenset[date]], span: timedelta
) -> None:
    last, due = given_
    now = last + span
    found = due_round(now, last, due)
    planned = list(rounds(last, now, due)) if span < timedelta(days=60) else None
    if planned is not None:
        assert found == (planned[-1] if planned else None)
    elif found is not None:
        assert last < found.at <= now
    assert span < timedelta(days=8) or found is not None


@given(near_deadlines(), st.timedeltas(timedelta(days=8), timedelta(days=800)))
def test_after_any_span_off_there_is_one_round_to_catch_up_and_then_none(
    given_: tuple[datetime, frozenset[date]], span: timedelta
) -> None:
    last, due = given_
    now = last + span
    missed = due_round(now, last, due)
    assert missed is not None
    assert due_round(now, now, due) is None
    assert due_round(now, missed.at, due) is None
    assert next_round(now, due).at > now


@given(near_deadlines())
def test_a_home_without_any_round_is_due_at_once(given_: tuple[datetime, frozenset[date]]) -> None:
    now, due = given_
    found = due_round(now, None, due)
    assert found is not None
    assert found.at <= now


@given(near_deadlines())
def test_polling_every_minute_or_sleeping_until_the_next_gives_the_same_rounds(
    given_: tuple[datetime, frozenset[date]],
) -> None:
    now, due = given_
    following = next_round(now, due)
    assert due_round(following.at, now, due) == following
    assert due_round(following.at - timedelta(seconds=1), now, due) is None


def test_a_january_by_the_day() -> None:
    count = Counter(item.at.date() for item in rounds(at(1, 1), at(2, 29, 23), LAW))
    assert [count[date(2024, 1, day)] for day in range(1, 29)] == [1] * 28
    assert [count[date(2024, 1, day)] for day in (29, 30, 31)] == [6, 6, 6]
    assert count[date(2024, 2, 1)] == 3
    assert [count[date(2024, 2, day)] for day in range(2, 15)] == [2] * 13
    assert [count[date(2024, 2, day)] for day in range(15, 29)] == [1] * 14


def test_the_deadlines_own_day_is_watched_to_its_end_and_beyond_midnight() -> None:
    planned = [item.at for item in rounds(at(1, 31), at(2, 1, 9), LAW)]
    hours = [at(1, 31, hour) for hour in (8, 11, 14, 17, 20, 23)]
    assert planned == [*hours, at(2, 1, 0, 5), at(2, 1, 8)]


def test_governments_keep_it_daily_through_march_and_without_them_it_is_weekly() -> None:
    assert len(list(rounds(at(3, 1), at(3, 28, 12), LAW))) == 28
    weekly = list(rounds(at(3, 1), at(3, 29), LAW[:1]))
    assert [item.at.weekday() for item in weekly] == [0, 0, 0, 0]


def test_the_quiet_season_is_weekly() -> None:
    planned = list(rounds(at(5, 1), at(12, 31), LAW))
    assert {item.at.strftime("%a %H:%M") for item in planned} == {"Mon 08:00"}
    assert len(planned) == 35


def test_january_is_daily_even_with_no_deadline_known() -> None:
    assert len(list(rounds(at(1, 1), at(2, 1), ()))) == 31


def test_two_deadlines_close_to_each_other_are_both_watched() -> None:
    due = (date(2024, 1, 30), date(2024, 1, 31))
    planned = [item.at for item in rounds(at(1, 30, 23), at(2, 1, 1), due)]
    assert planned[0] == at(1, 31, 0, 5)
    assert planned[-1] == at(2, 1, 0, 5)
    assert len(planned) == 8


def test_each_round_says_why() -> None:
    assert next_round(at(5, 1), LAW).reason == "平时每周一轮"
    assert "1月31日" in next_round(at(1, 30), LAW).reason
    assert "刚过" in next_round(at(1, 31, 23), LAW).reason


def test_a_machine_off_over_the_deadline_catches_up_once() -> None:
    found = due_round(at(2, 3, 10), at(1, 20, 8), LAW)
    assert found == PlannedRound(at(2, 3, 8), "截止日 1月31日 后两周，每天两轮跟踪")


def test_the_hosts_zone_is_no_matter_and_a_time_without_one_is_refused() -> None:
    assert next_round(datetime(2024, 1, 31, 15, 30, tzinfo=UTC), LAW).at == at(2, 1, 0, 5)
    with pytest.raises(ValueError, match="zone"):
        next_round(datetime(2024, 1, 31), LAW)  # noqa: DTZ001
