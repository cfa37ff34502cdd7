"""Who owes a report until when: the law's dates, local ones, exemptions, and the calendar file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.clock import SHANGHAI
from monitor.deadlines import (
    STATUTORY,
    Calendar,
    LocalDeadline,
    due_dates,
    load_calendar,
    obligations,
    report_years,
)
from monitor.errors import SettingsError
from monitor.model import Agency, Obligation, Registry


def agency(kind: str = "department", name: str = "a", **values: object) -> Agency:
    return Agency(agency=name, name=name, kind=kind, portal="p", **values)  # type: ignore[arg-type]


def registry(*agencies: Agency) -> Registry:
    return Registry({}, {one.agency: one for one in agencies})


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("department", date(2024, 1, 31)),
        ("township", date(2024, 1, 31)),
        ("institution", date(2024, 1, 31)),
        ("zone", date(2024, 1, 31)),
        ("government", date(2024, 3, 31)),
    ],
)
def test_the_law_gives_the_date_of_each_kind(kind: str, day: date) -> None:
    assert obligations(registry(agency(kind)), 2023, Calendar()) == [Obligation("a", 2023, day)]


@pytest.mark.parametrize("year", range(2019, 2030))
def test_weekends_and_holidays_change_nothing(year: int) -> None:
    assert Calendar().deadline(agency(), year) == date(year + 1, 1, 31)


def test_an_agencys_own_date_wins_over_local_and_law() -> None:
    calendar = Calendar(local=(LocalDeadline((1, 10)),))
    assert calendar.deadline(agency(deadline=(1, 20)), 2023) == date(2024, 1, 20)
    assert calendar.deadline(agency(deadline=(2, 28)), 2023) == date(2024, 2, 28)


def test_a_local_date_holds_where_region_kind_and_year_agree_and_the_earliest_wins() -> None:
    calendar = Calendar(
        local=(
            LocalDeadline((1, 25), region="3704"),
            LocalDeadline((1, 20), region="370403", kind="department", year=2023),
            LocalDeadline((3, 15), kind="government"),
        )
    )
    inside = agency(region="370403")
    assert calendar.deadline(inside, 2023) == date(2024, 1, 20)
    assert calendar.deadline(inside, 2024) == date(2025, 1, 25)
    assert calendar.deadline(agency(region="370881"), 2023) == date(2024, 1, 31)
    assert calendar.deadline(agency(), 2023) == date(2024, 1, 31)
    assert calendar.deadline(agency("government"), 2023) == date(2024, 3, 15)
    assert calendar.statutory(inside, 2023) == date(2024, 1, 31)


def test_a_local_date_later_than_the_law_never_prolongs_it() -> None:
    assert Calendar(local=(LocalDeadline((3, 15)),)).deadline(agency(), 2023) == date(2024, 1, 31)


@pytest.mark.parametrize(
    ("since", "until", "owes"),
    [
        (None, None, [2018, 2019, 2020, 2021]),
        (2019, None, [2019, 2020, 2021]),
        (None, 2020, [2018, 2019, 2020]),
        (2019, 2020, [2019, 2020]),
        (2020, 2020, [2020]),
    ],
)
def test_outside_its_years_an_agency_is_exempt(since: int | None, until: int | None, owes: list[int]) -> None:
    roster = registry(agency(since=since, until=until))
    found = [
        duty.year for year in range(2018, 2022) for duty in obligations(roster, year, Calendar()) if not duty.exempt
    ]
    assert found == owes


def test_obligations_keep_the_rosters_order_and_name_every_agency() -> None:
    roster = registry(agency(name="b"), agency(name="a", until=2000), agency(name="c"))
    assert [duty.agency for duty in obligations(roster, 2023, Calendar())] == ["b", "a", "c"]


def test_due_dates_are_those_of_the_agencies_that_owe() -> None:
    roster = registry(agency(name="a"), agency("government", "g"), agency(name="x", deadline=(1, 5), until=2000))
    assert due_dates(roster, (2023, 2022), Calendar()) == (
        date(2023, 1, 31),
        date(2023, 3, 31),
        date(2024, 1, 31),
        date(2024, 3, 31),
    )


@pytest.mark.parametrize(
    ("now", "year"),
    [
        (datetime(2024, 1, 1, 0, 0, tzinfo=SHANGHAI), 2023),
        (datetime(2023, 12, 31, 23, 59, tzinfo=SHANGHAI), 2022),
        (datetime(2023, 12, 31, 16, 0, tzinfo=UTC), 2023),
        (datetime(2024, 12, 1, tzinfo=SHANGHAI), 2023),
    ],
)
def test_the_year_under_watch_is_the_one_before_in_shanghai(now: datetime, year: int) -> None:
    assert report_years(now) == (year,)


# ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────────


def calendar_of(home: Path, text: str) -> Calendar:
    (home / "calendar.toml").write_text(text, "utf-8")
    return load_calendar(home)


def test_without_a_file_the_law_holds(tmp_path: Path) -> None:
    assert load_calendar(tmp_path) == Calendar()


def test_the_shipped_file_says_what_is_built_in() -> None:
    assert load_calendar(Path(__file__).parent.parent / "data") == Calendar()


def test_a_file_changes_dates_and_adds_local_ones(tmp_path: Path) -> None:
    calendar = calendar_of(
        tmp_path,
        '\ufeff[deadlines]\ntownship = "02-15"\n[[local]]\nregion = "3704"\nkind = "department"\nyear = 2023\n'
        'deadline = "01-25"\nbasis = "a notice"\n',
    )
    assert calendar.dates == {**STATUTORY, "township": (2, 15)}
    assert calendar.local == (LocalDeadline((1, 25), "3704", "department", 2023),)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("deadlines = ", "写法不对"),
        ("deadlines = 3", "deadlines"),
        ("local = 3", "local"),
        ("local = [3]", "local"),
        ("[deadline]\n", "deadline"),
        ('[deadlines]\nbureau = "01-31"', "bureau"),
        ('[deadlines]\ndepartment = "02-29"', "02-29"),
        ("[deadlines]\ndepartment = 0131", "写法不对"),
        ("[deadlines]\ndepartment = 2024-01-31", "department"),
        ("[deadlines]\ndepartment = 131", "131"),
        ('[[local]]\nregion = "3704"', "deadline"),
        ('[[local]]\ndeadline = "01-25"\nregion = 3704', "region"),
        ('[[local]]\ndeadline = "01-25"\nregion = "山东"', "region"),
        ('[[local]]\ndeadline = "01-25"\nkind = "bureau"', "kind"),
        ('[[local]]\ndeadline = "01-25"\nkind = ["department"]', "kind"),
        ('[[local]]\ndeadline = "01-25"\nyear = "2023"', "year"),
        ('[[local]]\ndeadline = "01-25"\nyear = true', "year"),
        ('[[local]]\ndeadline = "01-25"\nyears = 2023', "years"),
        ('[[local]]\ndeadline = "02-05"\nkind = "department"', "只能提前"),
        ('[[local]]\ndeadline = "04-01"', "只能提前"),
    ],
)
def test_a_wrong_file_is_one_line_that_names_the_thing(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(SettingsError) as error:
        calendar_of(tmp_path, text)
    assert named in str(error.value)
    assert "calendar.toml" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_in_another_encoding_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "calendar.toml").write_bytes("# 日历".encode("gbk"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_calendar(tmp_path)
