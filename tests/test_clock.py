"""The one door to the time of day: three clocks, one way to write a time."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clock import SHANGHAI, FileClock, FixedClock, SystemClock, clock_for, parse_time, stopwatch
from monitor.errors import UsageError

NINE = datetime(2024, 2, 1, 9, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-01T09:00",
        "2024-02-01 09:00:00",
        "2024-02-01T09:00+08:00",
        "2024-02-01T01:00Z",
        "2024-01-31T20:00-05:00",
    ],
)
def test_a_time_without_an_offset_is_shanghais_and_one_with_an_offset_is_turned_into_it(text: str) -> None:
    at = parse_time(text)
    assert at == NINE
    assert at.tzinfo is SHANGHAI


def test_a_day_alone_is_its_first_minute() -> None:
    assert parse_time("2024-02-01") == NINE - timedelta(hours=9)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-02-30", "2024-13-01", "9 o'clock\nsecond line", "9999-12-31T23:59Z", "0001-01-01"]
)
def test_what_is_no_time_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse_time(text)
    assert len(str(refusal.value).splitlines()) == 1


@given(st.text())
def test_any_text_is_a_time_or_refused(text: str) -> None:
    with suppress(UsageError):
        assert parse_time(text).tzinfo is SHANGHAI


def test_without_a_text_it_is_the_machines_clock_in_shanghais_time() -> None:
    clock = clock_for(None)
    assert isinstance(clock, SystemClock)
    assert clock.now().tzinfo is SHANGHAI
    assert clock.now() <= clock_for("").now()


def test_a_fixed_clock_stands_still_and_shows_shanghais_time() -> None:
    clock = clock_for("2024-02-01T01:00+00:00")
    assert isinstance(clock, FixedClock)
    assert clock.now() is clock.now()
    assert clock.now().isoformat() == "2024-02-01T09:00:00+08:00"


def test_a_file_clock_is_read_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("2024-02-01T09:00\n", "utf-8")
    clock = clock_for(f"@{file}")
    assert isinstance(clock, FileClock)
    assert clock.now() == NINE
    file.write_text("2024-02-01T09:30", "utf-8")
    assert clock.now() == NINE + timedelta(minutes=30)


@pytest.mark.parametrize("content", [None, b"", b"soon", b"\xff\xfe\x00"])
def test_a_clock_file_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "clock"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError) as refusal:
        clock_for(f"@{file}").now()
    assert len(str(refusal.value).splitlines()) == 1


def test_a_clock_file_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="读不到时钟文件"):
        clock_for(f"@{tmp_path}").now()


def test_the_stopwatch_never_runs_backwards() -> None:
    readings = [stopwatch() for _ in range(100)]
    assert readings == sorted(readings)
