"""Who owes a report for which year, and until when. Pure but for `load_calendar`; reads no clock.

Source: 政府信息公开条例 (国务院令第711号) 第四十九条. Departments publish by 31 January (第一款), the government's own
report is out by 31 March (第二款), of the year after the report year. The deadline day itself is on time (agencies
publish on it and offices accept it). The regulation knows no extension for a weekend or a holiday: offices move the
date forward by a local notice, never back.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from monitor.clock import SHANGHAI
from monitor.errors import SettingsError, system_words
from monitor.model import Agency, Obligation, Registry

MonthDay = tuple[int, int]

#: 条例第四十九条 for departments and governments. The regulation does not name townships, institutions and zones: they
#: owe a report by the roster and the local notice (第五十四条 for institutions), with the departments' date.
STATUTORY: Final[Mapping[str, MonthDay]] = {
    "department": (1, 31),
    "government": (3, 31),
    "township": (1, 31),
    "institution": (1, 31),
    "zone": (1, 31),
}


@dataclass(frozen=True, slots=True)
class LocalDeadline:
    """An earlier date by a local notice. `region`: leading digits of the code, `kind`, `year` (report year): empty or
    None means any.
    """

    deadline: MonthDay
    region: str = ""
    kind: str = ""
    year: int | None = None

    def covers(self, agency: Agency, year: int) -> bool:
        return (
            agency.region.startswith(self.region)
            and self.kind in ("", agency.kind)
            and (self.year is None or self.year == year)
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """Deadlines as (month, day) of the publication year: by kind of agency, and earlier ones by local notice."""

    dates: Mapping[str, MonthDay] = field(default_factory=lambda: STATUTORY)
    local: tuple[LocalDeadline, ...] = ()

    def statutory(self, agency: Agency, year: int) -> date:
        """The last day that keeps the law (法定期限), whatever a local notice says."""
        return date(year + 1, *self.dates[agency.kind])

    def deadline(self, agency: Agency, year: int) -> date:
        """The last day that is on time: the agency's own date, else the earliest local one, else the law's."""
        if agency.deadline is not None:
            return date(year + 1, *agency.deadline)
        local = (date(year + 1, *rule.deadline) for rule in self.local if rule.covers(agency, year))
        return min((self.statutory(agency, year), *local))


def obligations(registry: Registry, year: int, calendar: Calendar) -> list[Obligation]:
    """What each agency of the roster owes for a report year, in the roster's order; exempt outside since..until."""
    return [
        Obligation(
            agency=agency.agency,
            year=year,
            deadline=calendar.deadline(agency, year),
            exempt=year < (agency.since or year) or year > (agency.until or year),
        )
        for agency in registry.agencies.values()
    ]


def due_dates(registry: Registry, years: Iterable[int], calendar: Calendar) -> tuple[date, ...]:
    """The days on which some report of these years falls due, in order: what the season's rounds are planned by."""
    owed = (duty for year in years for duty in obligations(registry, year, calendar))
    return tuple(sorted({duty.deadline for duty in owed if not duty.exempt}))


def report_years(now: datetime) -> tuple[int, ...]:
    """The report years under watch: the one before the current year in Shanghai (in January 2024: 2023)."""
    return (now.astimezone(SHANGHAI).year - 1,)


# ── HOME/calendar.toml ──────────────────────────────────────────────────────────────────────────────────────────────


def load_calendar(home: Path) -> Calendar:
    """The calendar of a home, or the law's where it has none. Raises SettingsError naming what is wrong."""
    path = home / "calendar.toml"
    try:
        raw = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        return Calendar()
    except OSError as error:
        raise SettingsError(f"读不到日历 {path}（{system_words(error)}）：请检查权限") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"日历 {path} 不是 UTF-8 编码：请另存为 UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"日历 {path} 写法不对（{error}）：请对照 data/calendar.toml 的例子改正") from error
    _known(path, raw, {"deadlines", "local"})
    dates = _table(path, raw, "deadlines")
    _known(path, dates, set(STATUTORY))
    merged = {**STATUTORY, **{kind: _month_day(path, kind, text) for kind, text in dates.items()}}
    rules = raw.get("local", [])
    if not isinstance(rules, list):
        raise SettingsError(f"日历 {path} 的 local 写法不对：每条本地期限用 [[local]] 开头")
    return Calendar(merged, tuple(_local(path, rule, merged) for rule in rules))


def _local(path: Path, rule: Any, dates: Mapping[str, MonthDay]) -> LocalDeadline:
    if not isinstance(rule, dict):
        raise SettingsError(f"日历 {path} 的 local 写法不对：每条本地期限用 [[local]] 开头")
    _known(path, rule, {"deadline", "region", "kind", "year", "basis"})
    region, kind, year = rule.get("region", ""), rule.get("kind", ""), rule.get("year")
    if not (isinstance(region, str) and len(region) <= 6 and (not region or (region.isascii() and region.isdigit()))):
        raise SettingsError(f"日历 {path} 的 region = {region!r} 不对：请写带引号的区划代码或其开头几位，如 '3704'")
    if kind not in ("", *STATUTORY):
        raise SettingsError(f"日历 {path} 的 kind = {kind!r} 认不出：只能写 {'、'.join(STATUTORY)}")
    if year is not None and (type(year) is not int or not 2000 <= year < 2100):
        raise SettingsError(f"日历 {path} 的 year = {year!r} 不对：请写四位报告年度，如 2023")
    deadline = _month_day(path, "deadline", rule.get("deadline"))
    latest = dates[kind] if kind else max(dates.values())
    if deadline > latest:
        # A later date would turn late reports into timely ones; no notice can prolong the regulation's term.
        raise SettingsError(
            f"日历 {path} 的本地期限 {rule['deadline']} 晚于法定期限 {latest[0]:02}-{latest[1]:02}：本地期限只能提前"
        )
    return LocalDeadline(deadline, region, kind, year)


def _month_day(path: Path, key: str, text: Any) -> MonthDay:
    try:
        day = date.fromisoformat(f"2001-{text}")  # 2001: the 29th of February is no day of every year
    except ValueError as error:
        raise SettingsError(f"日历 {path} 的 {key} = {text!r} 不对：请写带引号的 'MM-DD'，如 '01-31'") from error
    return day.month, day.day


def _table(path: Path, raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = raw.get(name, {})
    if not isinstance(table, dict):
        raise SettingsError(f"日历 {path} 的 {name} 写法不对：应写成 [{name}] 一节")
    return table


def _known(path: Path, table: Mapping[str, Any], names: set[str]) -> None:
    # A mistyped name must not be passed over: a date that was meant to hold would silently not hold.
    for name in table:
        if name not in names:
            raise SettingsError(f"日历 {path} 里有认不出的项“{name}”：只能写 {'、'.join(sorted(names))}")
