"""What a person says of a report that is taken in by hand, and whether the report says the same. Stores nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from monitor.clock import SHANGHAI, parse_time
from monitor.documents.files import Read
from monitor.errors import UsageError
from monitor.jobs.decide import person_faults
from monitor.jobs.home import Home
from monitor.jobs.sources import is_address
from monitor.matching.names import Fit, abbreviates, fit_of
from monitor.model import Agency, Report
from monitor.text import clean, squash
from monitor.titles import read_title

_NOTE_LIMIT: Final = 500
_SELF: Final = re.compile("[我本].{0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the person says. `published`: ISO date; `seen_at`: ISO time; `url`: where a file was saved from; "": none.

    `force`: take it in although it speaks of another agency or year, cannot be read, or lies elsewhere.
    """

    agency: str
    by: str
    year: int | None = None
    published: str = ""
    seen_at: str = ""
    url: str = ""
    note: str = ""
    force: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """`is_claimed`: that it was seen then is the person's word."""

    published: date | None
    seen_at: datetime
    is_claimed: bool


def word_faults(home: Home, source: str, words: Words, now: datetime) -> Iterator[str]:
    """What is wrong with what the person says, a line each."""
    yield from person_faults(words.by, "")
    if words.agency not in home.registry.agencies:
        yield f"注册表中没有单位“{clean(words.agency)[:40]}”。请用 nianbao status 查看单位编号"
    if not source.strip():
        yield "缺少文件名或网址"
    if words.year and words.year >= now.year:
        yield f"{words.year} 年度还没有结束，不会有年度报告：请检查 --year"
    if len(words.note) > _NOTE_LIMIT:
        yield f"说明太长（{len(words.note)}字），最多{_NOTE_LIMIT}字"
    if words.url and not is_address(words.url):
        yield f"--url 不是网址：{clean(words.url)[:80]}；请写 http:// 或 https:// 开头的完整地址"
    try:
        seen_at = parse_time(words.seen_at) if words.seen_at else now
        if seen_at > now:
            yield f"--seen-at {clean(words.seen_at)} 还没有到；现在是 {now:%Y-%m-%d %H:%M}"
    except UsageError as error:
        seen_at = now
        yield str(error)
    try:
        if words.published and date.fromisoformat(words.published) > seen_at.astimezone(SHANGHAI).date():
            yield f"--published {words.published} 晚于见到报告的时间，请检查"
    except ValueError:
        yield f"看不懂日期“{clean(words.published)[:40]}”：请写成 2024-01-20"


def times_of(words: Words, now: datetime) -> Times:
    """When it was published and seen, as the person says; there are no faults in that."""
    return Times(
        date.fromisoformat(words.published) if words.published else None,
        parse_time(words.seen_at) if words.seen_at else now,
        bool(words.seen_at),
    )


def year_of(read_: Read, words: Words) -> int:
    """The report year. Raises UsageError where neither the person nor the report names one."""
    said = _said_year(read_.report)
    if not (words.year or said):
        raise UsageError("材料中没有写明年度，请加 --year 报告年度。没有存入任何东西")
    return words.year or said or 0


def _said_year(report: Report | None) -> int | None:
    if report is None:
        return None
    return read_title(report.title or "").year or (report.period.end.year if report.period else None) or report.year


def doubts(agency: Agency, year: int, read_: Read) -> Iterator[str]:
    """Why the material may not be what the person takes it for."""
    report = read_.report
    if report is None:
        yield f"读不出这份材料：{read_.error or '没有文字'}"
        return
    if not report.is_form:
        yield "这份材料不像政府信息公开工作年度报告：没有找到六个部分和统计表"
        return
    for named in dict.fromkeys((read_title(report.title or "").agency, report.agency or "")):
        told = squash(named)
        if told and not _SELF.fullmatch(told) and fit_of(told, agency) is Fit.NONE and not abbreviates(told, agency):
            yield f"这份材料写的是“{clean(named)[:60]}”，不是{agency.name}"
            break
    said = _said_year(report)
    if said and said != year:
        yield f"这份材料是 {said} 年度的报告，不是 {year} 年度的"
