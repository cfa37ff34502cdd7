"""The verb that shows how each portal is watched and how well, and on request each of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from monitor.clock import SHANGHAI
from monitor.errors import UsageError
from monitor.jobs.portals import HOMELESS, portal_states
from monitor.portals import ORIGINS, ColumnState, PortalState, mend_words, reason_words
from monitor.verbs import Call
from monitor.verbs.lists import format_option, out_option, show_list

_HEADINGS: Final = {
    "portal": "编号",
    "name": "网站",
    "state": "情况",
    "since_words": "自何时起",
    "looked": "最近巡查",
    "requests": "请求数",
    "today_words": "今日请求",
    "blocked_words": "暂停访问",
    "homeless_words": "没有找到栏目的单位",
    "mend": "怎么办",
}
_FILE_HEADINGS: Final = {**_HEADINGS, "detail": "说明", "agencies": "单位数", "home": "首页"}
_COLUMN_HEADINGS: Final = {
    "portal_name": "网站",
    "url": "栏目",
    "origin_words": "来源",
    "owner_words": "属于",
    "state": "情况",
    "looked": "最近看过",
    "counts": "页/条/有日期/可能是年报",
    "before_words": "此前看全",
    "holds_words": "所含单位",
    "mend": "怎么办",
}
_COLUMN_FILE_HEADINGS: Final = {
    **_COLUMN_HEADINGS,
    "detail": "说明",
    "evidence_words": "依据",
    "known_rows": "记得的条目",
    "doubted_words": "存疑自",
}
#: So many names stand in one cell of a table; the JSON has them all.
_NAMES_SHOWN: Final = 8


@click.command()
@click.option("--portal", "ids", multiple=True, help="只看该网站（编号），可重复。")
@click.option("--columns", is_flag=True, help="逐个栏目列出：地址、来源和依据、看到多少、与以往相比、有过谁的年报。")
@format_option
@out_option
@click.pass_obj
def portals(call: Call, ids: tuple[str, ...], columns: bool, form: str, out: Path | None) -> int:
    with call.open() as home:
        if unknown := set(ids) - set(home.registry.portals):
            known = "、".join(home.registry.portals)
            raise UsageError(f"注册表中没有网站“{'、'.join(sorted(unknown))}”。已登记的网站：{known}")
        states = portal_states(home, ids, columns=columns)
    if columns:
        rows = [row for state in states for row in _column_rows(state)]
        show_list(
            rows,
            lambda: [_column_words(row) for row in rows],
            _COLUMN_HEADINGS,
            _COLUMN_FILE_HEADINGS,
            form=form,
            out=out,
            title="栏目情况",
        )
        return 0
    rows = [_row(state) for state in states]
    show_list(
        rows, lambda: [_words(row) for row in rows], _HEADINGS, _FILE_HEADINGS, form=form, out=out, title="网站情况"
    )
    return 0


def _row(state: PortalState) -> dict[str, Any]:
    """One object of `portals --format json`."""
    return {
        "portal": state.portal,
        "name": state.name,
        "home": state.home,
        "agencies": state.agencies,
        "healthy": state.healthy,
        "reason": state.reason,
        "reason_words": reason_words(state.reason),
        "mend": mend_words(state.reason),
        "detail": state.detail or None,
        "since": _iso(state.since),
        "looked_at": _iso(state.looked_at),
        "requests": state.requests,
        "requests_today": state.today,
        "daily_requests": state.budget or None,
        "blocked_until": _iso(state.blocked_until),
        "blocked": state.blocked or None,
        "agencies_without_column": [{"agency": agency, "name": name} for agency, name in state.homeless],
    }


def _words(row: dict[str, Any]) -> dict[str, Any]:
    today = f"{row['requests_today']}" + (f"/{row['daily_requests']}" if row["daily_requests"] else "")
    spent = row["daily_requests"] and row["requests_today"] >= row["daily_requests"]
    blocked = f"到 {_minute(row['blocked_until'])}：{row['blocked']}" if row["blocked_until"] else ""
    return {
        **row,
        "state": row["reason_words"],
        "since_words": _minute(row["since"]),
        "looked": _minute(row["looked_at"]),
        "today_words": f"{today}，已用完" if spent else today,
        "blocked_words": blocked,
        "homeless_words": _names(one["name"] for one in row["agencies_without_column"]),
        "mend": "" if row["healthy"] else row["mend"],
    }


def _column_rows(state: PortalState) -> Iterator[dict[str, Any]]:
    """One object of `portals --columns --format json` for each column, and for each agency that has none."""
    for column in state.columns:
        yield _column_row(state, column)
    for agency, name in state.homeless:
        nowhere = ColumnState(url="", origin="none", agency=agency, agency_name=name, reason=HOMELESS)
        yield _column_row(state, nowhere)


def _column_row(state: PortalState, column: ColumnState) -> dict[str, Any]:
    before = column.before
    return {
        "portal": state.portal,
        "portal_name": state.name,
        "url": column.url or None,
        "origin": column.origin,
        "agency": column.agency or None,
        "agency_name": column.agency_name or None,
        "owner": column.owner or None,
        "why": column.why or None,
        "path": [{"words": words, "url": url} for words, url in column.path],
        "looked_at": _iso(column.at),
        "healthy": column.healthy,
        "reason": column.reason,
        "reason_words": reason_words(column.reason),
        "mend": mend_words(column.reason),
        "detail": column.detail or None,
        "pages": column.pages,
        "links": column.links,
        "dated": column.dated,
        "candidates": column.candidates,
        "last_in_health": _iso(column.in_health_at),
        "before": {"links": before[0], "dated": before[1], "at": before[2].isoformat()} if before else None,
        "known_rows": column.known_rows,
        "doubted_since": _iso(column.doubted_since),
        "holds": list(column.holds),
    }


def _column_words(row: dict[str, Any]) -> dict[str, Any]:
    before = row["before"]
    path = " → ".join(f"{step['words']} {step['url']}" for step in row["path"])
    return {
        **row,
        "url": row["url"] or "（没有）",
        "origin_words": ORIGINS[row["origin"]],
        "owner_words": row["agency_name"] or row["owner"] or "公用",
        "state": row["reason_words"],
        "looked": _minute(row["looked_at"]),
        "counts": "/".join(str(row[key]) for key in ("pages", "links", "dated", "candidates")),
        "before_words": f"{before['links']}条，{before['dated']}条有日期（{_minute(before['at'])}）" if before else "",
        "holds_words": _names(row["holds"]),
        "evidence_words": "；".join(part for part in (row["why"], path and f"首页 → {path}") if part),
        "doubted_words": _minute(row["doubted_since"]),
        "mend": "" if row["healthy"] else row["mend"],
    }


def _names(names: Iterable[str]) -> str:
    shown = list(names)
    more = f"等{len(shown)}家" if len(shown) > _NAMES_SHOWN else ""
    return "、".join(shown[:_NAMES_SHOWN]) + more


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(SHANGHAI).isoformat() if at else None


def _minute(at: str | None) -> str:
    return at[:16].replace("T", " ") if at else ""
