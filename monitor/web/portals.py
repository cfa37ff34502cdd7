"""The pages about the portals themselves: which can be looked at, why not, what to do, and each column. Values only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from monitor.alerts.phrases import Link, links, moment
from monitor.jobs.home import Home
from monitor.jobs.portals import portal_states
from monitor.portals import ORIGINS, ColumnState, PortalState, mend_words, reason_words
from monitor.web.views import NotFound


@dataclass(frozen=True, slots=True)
class PortalRow:
    """A portal in the list. `tone`: a class of the style sheet; `mend` is empty where there is nothing to do."""

    portal: str
    name: str
    tone: str
    words: str
    since: str
    looked: str
    requests: int
    today: str
    notes: tuple[str, ...]
    agencies: int
    mend: str


@dataclass(frozen=True, slots=True)
class PortalsPage:
    """All portals: those that could not be looked at first."""

    office: str
    at: str
    sick: int
    rows: tuple[PortalRow, ...]


@dataclass(frozen=True, slots=True)
class ColumnCard:
    """A column with what was seen of it, as (label, words); `path`: how a search came to it, as (words, link)."""

    title: str
    link: Link | None
    tone: str
    words: str
    facts: tuple[tuple[str, str], ...]
    path: tuple[tuple[str, Link | None], ...]
    mend: str


@dataclass(frozen=True, slots=True)
class PortalPage:
    """One portal. `homeless`: (agency id, name) of those without a column; `homeless_mend`: what to do about them."""

    at: str
    year: int
    row: PortalRow
    home: Link | None
    detail: str
    columns: tuple[ColumnCard, ...]
    homeless: tuple[tuple[str, str], ...]
    homeless_mend: str


def portals_page(home: Home) -> PortalsPage:
    """The list of portals."""
    states = sorted(portal_states(home), key=lambda state: state.healthy or not state.agencies)
    return PortalsPage(
        office=home.settings.office,
        at=moment(home.now()),
        sick=sum(1 for state in states if state.agencies and not state.healthy),
        rows=tuple(_row(state) for state in states),
    )


def portal_page(home: Home, portal: str) -> PortalPage:
    """The page of one portal. Raises NotFound."""
    if portal not in home.registry.portals:
        raise NotFound(f"注册表中没有网站“{portal}”")
    (state,) = portal_states(home, (portal,), columns=True)
    columns = sorted(state.columns, key=lambda column: (column.healthy, bool(column.agency)))
    return PortalPage(
        at=moment(home.now()),
        year=max(home.years(None)),
        row=_row(state),
        home=_link("首页", state.home),
        detail=state.detail,
        columns=tuple(_card(column) for column in columns),
        homeless=state.homeless,
        homeless_mend=mend_words("column_not_found"),
    )


def _row(state: PortalState) -> PortalRow:
    today = f"{state.today} / {state.budget}" if state.budget else str(state.today)
    return PortalRow(
        portal=state.portal,
        name=state.name,
        tone=_tone(state.healthy, state.reason),
        words=reason_words(state.reason),
        since=_moment(state.since),
        looked=_moment(state.looked_at),
        requests=state.requests,
        today=today,
        notes=tuple(_notes(state)),
        agencies=state.agencies,
        mend="" if state.healthy or not state.agencies else mend_words(state.reason),
    )


def _notes(state: PortalState) -> Iterator[str]:
    if state.blocked_until:
        yield f"{moment(state.blocked_until)} 以前不再自动访问：{state.blocked}"
    if state.is_spent:
        yield f"今天的请求数已用完（上限 {state.budget}），明天继续"
    if state.homeless:
        yield f"{len(state.homeless)} 个单位没有找到栏目"
    if not state.agencies:
        yield "名单中没有该网站的单位，不巡查"


def _card(column: ColumnState) -> ColumnCard:
    return ColumnCard(
        title=column.agency_name or column.owner or ("首页" if column.origin == "search" else "公用栏目"),
        link=_link("栏目", column.url),
        tone=_tone(column.healthy, column.reason),
        words=reason_words(column.reason),
        facts=tuple((label, words) for label, words in _facts(column) if words),
        path=tuple((words, _link("", url)) for words, url in column.path),
        mend="" if column.healthy else mend_words(column.reason),
    )


def _facts(column: ColumnState) -> Iterator[tuple[str, str]]:
    yield "来源", ORIGINS[column.origin] + (f"：{column.why}" if column.why else "")
    yield "说明", column.detail
    if column.at:
        seen = f"{column.pages} 页，{_rows(column.links, column.dated)}"
        yield "最近看到", f"{moment(column.at)}：{seen}，可能是所查年度年报的 {column.candidates} 条"
    if column.before:
        rows, dated, at = column.before
        yield "此前看全", f"{moment(at)}：{_rows(rows, dated)}{_change(column, rows)}"
    elif not column.healthy:
        yield "此前看全", "至今没有看全过"
    if column.doubted_since:
        yield "存疑", f"自 {moment(column.doubted_since)} 起比以前少很多（以前 {column.known_rows} 条），暂不采信"
    yield "所含单位", "、".join(column.holds)


def _rows(rows: int, dated: int) -> str:
    return f"{rows} 条，其中有日期 {dated} 条"


def _change(column: ColumnState, before: int) -> str:
    """How many more or fewer there are now; of a look that was not whole, nothing can be said."""
    more = column.links - before
    return f"（现在{'多' if more > 0 else '少'} {abs(more)} 条）" if more and column.healthy else ""


def _tone(healthy: bool, reason: str) -> str:
    return "on_time" if healthy else "not_due" if reason == "never_looked" else "unknown"


def _moment(at: datetime | None) -> str:
    return moment(at) if at else ""


def _link(label: str, url: str) -> Link | None:
    return next(iter(links((label, url))), None)
