"""Which portals a round asks now, and which it leaves alone: those that refuse, and by the office's settings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from monitor.clock import SHANGHAI
from monitor.errors import HomeError, SettingsError
from monitor.exchange import ColumnHealth, Health, Pass
from monitor.jobs.crawl import crawl
from monitor.jobs.home import Home, open_home
from monitor.scheduler import tick
from monitor.settings import load_settings, parse_window

HOME = "http://www.example.gov.cn/"
Opening = Callable[..., AbstractContextManager[Home]]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opening:
    """A home with one portal, opened at a time of 1 February 2024 and with settings."""
    registry = tmp_path / "registry"
    registry.mkdir()
    (registry / "portals.csv").write_text(f"portal,name,home,columns\nx,测试网站,{HOME},{HOME}nb/\n", "utf-8")
    (registry / "agencies.csv").write_text("agency,name,kind,portal\na,测试区教育局,department,x\n", "utf-8")

    def at(clock: str, **settings: str) -> AbstractContextManager[Home]:
        for name, value in settings.items():
            monkeypatch.setenv(f"NIANBAO_{name}", value)
        return open_home(tmp_path, f"2024-02-{clock}+08:00")

    return at


def health(started: datetime, **more: object) -> Health:
    column = ColumnHealth(url=f"{HOME}nb/", healthy=False, reason="portal_blocked", at=started)
    whole = Health(
        crawl=f"x-{started:%d%H%M}",
        portal="x",
        started_at=started,
        finished_at=started,
        outcome="finished",
        columns=(column,),
    )
    return replace(whole, **more)  # type: ignore[arg-type]


def take_in(home: Home, **more: object) -> None:
    with home.store.transaction():
        home.store.take_in(health(home.now(), **more), (), years=(2023,), warc="")


def test_a_portal_that_refused_is_left_alone_until_its_time_and_the_line_names_the_manual_way(opened: Opening) -> None:
    until = datetime(2024, 2, 2, 9, tzinfo=SHANGHAI)
    with opened("01T09:00") as home:
        take_in(home, blocked_until=until, blocked="网站防火墙拒绝自动访问（HTTP 412）", passes=(Pass("h", "n", "v"),))
        assert home.store.courtesy("x")[2] == (Pass("h", "n", "v"),)
    with opened("02T08:59") as home:
        lines: list[str] = []
        (look,) = crawl(home, years=(2023,), tell=lines.append)
        assert (look.healthy, look.reason) == (False, "portal_blocked")
        assert all(word in lines[0] for word in ("HTTP 412", "2024-02-02 09:00", "nianbao capture"))
        *_, stored = home.store.looks("x", 2023)
        assert (stored.healthy, stored.reason) == (False, "portal_blocked")


def test_outside_the_hours_nothing_is_asked_and_a_planned_round_waits(opened: Opening) -> None:
    with opened("01T12:00", WINDOW="22:00-06:00") as home:
        (look,) = crawl(home, years=(2023,))
        assert (look.reason, "22:00-06:00" in look.detail) == ("held_back", True)
        assert home.store.looks("x", 2023) == [], "what is not looked at says nothing"
        with pytest.raises(HomeError, match="到时自动开始"):
            tick(home, tell=print, stop=None)  # type: ignore[arg-type]


def test_a_spent_budget_holds_back_until_the_next_day_in_beijing(opened: Opening) -> None:
    with opened("01T23:00", DAILY_REQUESTS="10") as home:
        take_in(home, requests=10)
        (look,) = crawl(home, years=(2023,))
        assert (look.reason, "10" in look.detail) == ("held_back", True)
        assert home.store.requests_since("x", datetime(2024, 2, 2, tzinfo=SHANGHAI)) == 0


@pytest.mark.parametrize("text", ["22:00-22:00", "25:00-06:00", "22-6", "abc", "22:61-06:00"])
def test_hours_that_are_none_are_refused_with_the_mend(text: str, opened: Opening, tmp_path: Path) -> None:
    assert parse_window(text) is None
    with pytest.raises(SettingsError, match=r"NIANBAO_WINDOW.*22:00-06:00"), opened("01T12:00", WINDOW=text):
        pass


def test_hours_may_be_typed_as_people_type_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_WINDOW", "20：00 至 24:00")
    assert str(parse_window(load_settings(tmp_path).window)) == "(datetime.time(20, 0), datetime.time(0, 0))"
