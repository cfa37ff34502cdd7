"""The operator's mail: portals that cannot be looked at, and what to do about each. It names no agency as late.

Whether a portal lets itself be looked at is the watcher's own business, not its agencies': so it says what was met,
since when, what was tried and what a person can do, and of agencies only how many cannot be judged meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.alerts.base import one_line
from monitor.alerts.digest import lay_out
from monitor.alerts.phrases import NAME_LIMIT, enumeration, links, moment
from monitor.alerts.sections import Entry, Section, numbered
from monitor.model import Event, OutgoingMessage
from monitor.portals import PortalState, mend_words, reason_words

#: Kinds of events that are the operator's: a portal's health, its budget of requests, agencies without a column.
PORTAL, BUDGET, SEARCH = "portal", "budget", "search"
OPERATORS_OWN: Final = frozenset({PORTAL, BUDGET, SEARCH})

_DETAIL_LIMIT: Final = 200
_NAMES_SHOWN: Final = 40
_LINKS_SHOWN: Final = 5
_FOOTER: Final = (
    "本邮件由年报监测系统自动生成，只说网站能不能看，不涉及任何单位是否按时发布。",
    "没有看全的栏目，不作为判定任何单位未发布的依据；网站恢复后系统自动再看。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpkeepData:
    """What is new of the portals, for the operator. `key` tells this mail from any other.

    `states`: every portal that agencies of the roster are looked for on, those with news with their columns. `changes`:
    the events that nobody was told of, of the kinds in OPERATORS_OWN, oldest first.
    """

    key: str
    office: str
    at: datetime
    states: tuple[PortalState, ...]
    changes: tuple[Event, ...]


def compose_upkeep(data: UpkeepData, *, recipients: tuple[str, ...], sender: str) -> OutgoingMessage | None:
    """The mail for the operator, or None where nothing is new of any portal that is still watched.

    The same data, recipients and sender give the same message with the same Message-ID.
    """
    told: dict[str, dict[str, list[Event]]] = {kind: {} for kind in (PORTAL, BUDGET, SEARCH)}
    for event in data.changes:
        told[event.kind].setdefault(event.portal, []).append(event)
    fresh = {state.portal: state for state in data.states}
    sick = [state for key, state in fresh.items() if key in told[PORTAL] and not state.healthy]
    well = [state for key, state in fresh.items() if key in told[PORTAL] and state.healthy]
    spent = [state for key, state in fresh.items() if key in told[BUDGET]]
    searched = [state for key, state in fresh.items() if key in told[SEARCH]]
    if not (sick or well or spent or searched):
        return None
    still = [state for state in data.states if not state.healthy and state.since and state.portal not in told[PORTAL]]
    subject = "、".join(
        f"{words}{len(states)}个"
        for words, states in (
            ("网站未能巡查", sick),
            ("网站恢复", well),
            ("请求数用完", spent),
            ("栏目情况有变", searched),
        )
        if states
    )
    ill = len(sick) + len(still)
    view = {
        "office": one_line(data.office, limit=NAME_LIMIT),
        "at": moment(data.at),
        "subject": f"〔年报监测·运维〕{subject}",
        "summary": [f"截至{moment(data.at)}，{len(data.states)}个网站中{ill}个未能正常巡查。"],
        "scope": "逐个栏目的情况见 nianbao portals --columns，或网页“网站”一栏。",
        "totals": [],
        "groups": [],
        "sections": numbered(
            (
                _sick(sick, told[PORTAL]),
                _spent(spent),
                _homeless(searched),
                _well(well, told[PORTAL]),
                _still(still),
            )
        ),
        "footer": _FOOTER,
    }
    return lay_out(view, "upkeep", key=data.key, at=data.at, recipients=recipients, sender=sender)


def _sick(states: list[PortalState], told: Mapping[str, list[Event]]) -> Section:
    entries = tuple(
        Entry(_name(state), tuple(_sick_facts(state, told[state.portal])), links(*_places(state))) for state in states
    )
    return Section(f"未能正常巡查的网站（{len(entries)}个）", entries, column="网站", tone="doubt")


def _sick_facts(state: PortalState, events: list[Event]) -> Iterator[str]:
    detail = one_line(state.detail, limit=_DETAIL_LIMIT)
    yield f"原因：{_reason(state.reason)}" + (f"（{detail}）。" if detail else "。")
    yield (f"自{moment(state.since)}起；" if state.since else "") + f"经过：{_course(events)}。"
    yield from _tried(state)
    if state.blocked_until:
        yield f"{moment(state.blocked_until)}以前不再自动访问：{one_line(state.blocked, limit=_DETAIL_LIMIT)}。"
    yield f"该网站有{state.agencies}家单位；没有看成，不等于没有发布。"
    yield f"怎么办：{mend_words(state.reason)}"


def _tried(state: PortalState) -> Iterator[str]:
    """What the last look did, and when the portal was last seen in health."""
    if state.looked_at:
        looked = [column for column in state.columns if column.at]
        whole = sum(column.healthy for column in looked)
        columns = f"，看了{len(looked)}个栏目，看全{whole}个" if looked else ""
        yield f"做过的：{moment(state.looked_at)}巡查，发出{state.requests}次请求{columns}。"
    seen = [column.in_health_at for column in state.columns if column.in_health_at]
    yield f"上次看全栏目：{moment(max(seen))}。" if seen else "至今没有看全过栏目。"


def _spent(states: list[PortalState]) -> Section:
    entries = tuple(
        Entry(
            _name(state),
            (
                f"今天已发出{state.today}次请求，达到每天{state.budget}次的上限，明天继续。",
                f"怎么办：{mend_words('held_back')}",
            ),
        )
        for state in states
    )
    return Section(f"当天请求数已用完的网站（{len(entries)}个）", entries, column="网站")


def _homeless(states: list[PortalState]) -> Section:
    entries = tuple(
        Entry(
            _name(state),
            (
                f"没有找到年报栏目的单位：{enumeration([name for _, name in state.homeless], limit=_NAMES_SHOWN)}。",
                f"怎么办：{mend_words('column_not_found')}",
            )
            if state.homeless
            else ("原先没有找到栏目的单位，现在都找到了。",),
            links(("首页", state.home)),
        )
        for state in states
    )
    note = "从首页没有找到这些单位发布年报的地方，所以不能判定，不等于没有发布。"
    return Section(f"栏目情况有变的网站（{len(entries)}个）", entries, column="网站", note=note)


def _well(states: list[PortalState], told: Mapping[str, list[Event]]) -> Section:
    entries = tuple(
        Entry(_name(state), (f"经过：{_course(told[state.portal])}。", *_since(state), "不需要处理。"))
        for state in states
    )
    return Section(f"已恢复的网站（{len(entries)}个）", entries, column="网站")


def _still(states: list[PortalState]) -> Section:
    entries = tuple(Entry(_name(state), (f"{_reason(state.reason)}。", *_since(state))) for state in states)
    return Section(f"此前已告知、尚未恢复的网站（{len(entries)}个）", entries, column="网站")


def _since(state: PortalState) -> tuple[str, ...]:
    return (f"自{moment(state.since)}起。",) if state.since else ()


def _course(events: list[Event]) -> str:
    """How it went, from the first event that nobody was told of: 正常 → 网站无法访问 → 正常."""
    first = events[0].before
    return " → ".join(_reason(code) for code in (first, *(event.after for event in events)) if code)


def _places(state: PortalState) -> list[tuple[str, str]]:
    """Where a person can look by hand: the home page, and the columns that were not seen whole."""
    columns = [column.url for column in state.columns if not column.healthy and column.url != state.home]
    return [("首页", state.home), *(("栏目", url) for url in columns[:_LINKS_SHOWN])]


def _name(state: PortalState) -> str:
    return f"{one_line(state.name, limit=NAME_LIMIT)}（{state.portal}）"


def _reason(code: str) -> str:
    return one_line(reason_words(code), limit=NAME_LIMIT)
