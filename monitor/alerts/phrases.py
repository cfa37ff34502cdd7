"""The small phrases of a digest: names, dates, reasons, addresses, and what is known of a report that was seen.

Everything foreign passes through `one_line` here, and an address becomes a link only if it is safe to follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from monitor.alerts.base import one_line
from monitor.alerts.situation import REVIEW_WORDS, Standing
from monitor.clock import SHANGHAI
from monitor.exchange import REASONS

NAME_LIMIT: Final = 80
_TITLE_LIMIT: Final = 120
_URL_LIMIT: Final = 500


@dataclass(frozen=True, slots=True)
class Link:
    """An address as printed, and `href`: the address to go to, empty where it is not safe to go there."""

    label: str
    shown: str
    href: str


def enumeration(names: Iterable[str], *, limit: int | None = None, measure: str = "家") -> str:
    """How many, and who: `2家：甲、乙`. `limit`: how many are spelt out (None: all)."""
    clean = [one_line(name, limit=NAME_LIMIT + 20) for name in names]
    more = "等" if limit is not None and len(clean) > limit else ""
    return f"{len(clean)}{measure}：{'、'.join(clean[:limit])}{more}"


def reason_words(code: str) -> str:
    """A reason code in Chinese; a code that nobody has put into words is printed as it is, never left out."""
    return REVIEW_WORDS.get(code) or REASONS.get(code) or f"原因代码 {one_line(code, limit=NAME_LIMIT)}"


def links(*labelled: tuple[str, str]) -> tuple[Link, ...]:
    """Links from (label, address); an empty address gives none."""
    return tuple(_link(label, url) for label, url in labelled if url.strip())


def _link(label: str, url: str) -> Link:
    """An address from a page: printed always, a link only if it is plain http or https and printed whole."""
    shown = one_line(url, limit=_URL_LIMIT)
    return Link(label, shown, shown if shown == url and _is_web(url) else "")


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not set(parts.netloc) & set("@\\")
    except ValueError:
        return False


def day_of(at: datetime) -> date:
    """The calendar day in China."""
    return at.astimezone(SHANGHAI).date()


def day_words(day: date) -> str:
    """A day as people in China read it: 2024年2月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment(at: datetime) -> str:
    """A time as people in China read it: 2024年2月1日 09:00."""
    return f"{day_words(day_of(at))} {at.astimezone(SHANGHAI):%H:%M}"


#: What the sources of a claimed date are called. A source that is not here is not named.
SOURCE_WORDS: Final = {
    "meta": "网页元数据",
    "label": "页面标注",
    "byline": "标题下的日期",
    "written": "成文日期",
    "list": "栏目列表",
    "url": "网址",
    "objectid": "网页编号",
    "manual": "取证人所述",
}


def seen_facts(standing: Standing) -> Iterator[str]:
    """The three clocks of a report: what it claims, when it was last seen absent, when it was first seen."""
    verdict = standing.verdict
    if verdict.claimed_on:
        source = SOURCE_WORDS.get(verdict.claimed_source or "", "")
        yield f"网页所示发布日期：{day_words(verdict.claimed_on)}" + (f"（来自{source}）。" if source else "。")
    if verdict.last_absent_at and day_of(verdict.last_absent_at) > min(
        standing.deadline, verdict.claimed_on or standing.deadline
    ):
        contradicts = verdict.claimed_on and verdict.claimed_on < day_of(verdict.last_absent_at)
        yield f"{moment(verdict.last_absent_at)} 看全栏目时尚未见到" + (
            "，与所示日期不一致，请核实。" if contradicts else "。"
        )
    if verdict.first_seen_at:
        by = f"（{one_line(verdict.first_seen_by, limit=NAME_LIMIT)}人工取证）" if verdict.first_seen_by else ""
        yield f"首次见到：{moment(verdict.first_seen_at)}{by}。"
    if verdict.title:
        yield f"标题：{one_line(verdict.title, limit=_TITLE_LIMIT)}"
