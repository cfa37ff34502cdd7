"""What each page shows: plain functions from an open home to values. No server, no markup; they write nothing.

Verdicts are judged at the moment of asking, as `nianbao status` does, so that both always say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from monitor.alerts.phrases import SOURCE_WORDS, Link, day_words, links, moment
from monitor.exchange import REASONS
from monitor.form import cell_label, edition_for
from monitor.jobs.attribute import waiting_id
from monitor.jobs.home import Home
from monitor.jobs.judge import Judged, each_once, judge_all
from monitor.jobs.standing import counts, standing
from monitor.model import SEVERITY_NAMES, STATUS_NAMES, Event, Finding, Registry, Severity, Status, Verdict
from monitor.rows import RULING_NAMES, SHOWN_ID, UNDECIDED, Ruling, StoredFinding
from monitor.signs import Unmatched
from monitor.views import REASON_WORDS, awaits_person, facts_before, for_people, ruling_words, status_row

YEARS: Final = range(2008, 2101)  # the regulation is in force since 2008

#: Events that are not a change of status.
_EVENT_WORDS: Final = {"withdrawn": "报告从栏目中消失，原网址也已打不开", "changed": "报告内容与先前发布的不同"}


class NotFound(Exception):
    """There is no such page; the message says in one Chinese line what was asked for in vain."""


# ── how the watching itself goes ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Trouble:
    """A portal that could not be looked at. `since` is empty where it never was."""

    portal: str
    name: str
    words: str
    since: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail in the outbox. `next_attempt` is empty where it was given up; `error` where it was not yet tried."""

    subject: str
    created_at: str
    next_attempt: str
    error: str


@dataclass(frozen=True, slots=True)
class Watch:
    """Whether the watcher is well: the last round that ended (empty: none), sick portals, mails that wait."""

    last_round: str
    troubles: tuple[Trouble, ...]
    outbox: tuple[Waiting, ...]
    can_send: bool


def watch(home: Home) -> Watch:
    last = home.store.last_round()
    return Watch(
        last_round=f"{moment(last[0])} 开始，{moment(last[1])} 结束（{last[2]}）" if last else "",
        troubles=tuple(_troubles(home)),
        outbox=tuple(
            Waiting(message.subject, moment(message.created_at), moment(next_at) if next_at else "", error)
            for message, next_at, error in home.store.unsent()
        ),
        can_send=bool(home.settings.smtp_host),
    )


def health(home: Home) -> dict[str, Any]:
    """What a watchdog asks: {last_round_at, portals_in_trouble, outbox_waiting}."""
    last = home.store.last_round()
    return {
        "last_round_at": last[1].isoformat() if last else None,
        "portals_in_trouble": [trouble.portal for trouble in _troubles(home) if trouble.since],
        "outbox_waiting": len(home.store.unsent()),
    }


def _troubles(home: Home) -> Iterator[Trouble]:
    """The watched portals that were not well at their last look, in the registry's order."""
    watched = {agency.portal for agency in home.registry.agencies.values()}
    for portal in home.registry.portals.values():
        if portal.portal not in watched:
            continue
        healthy, reason, since = home.store.portal_state(portal.portal) or (False, "never_looked", None)
        if not healthy:
            words = REASONS.get(reason, f"原因代码 {reason}")
            yield Trouble(portal.portal, portal.name, words, moment(since) if since else "")


# ── the overview of a report year ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class WaitingReport:
    """A report that nobody could be matched with, for a person to say whose it is."""

    id: str
    title: str
    portal: str
    candidates: str
    link: Link | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A report year at a glance. `totals`: (status, its name, agencies); `status`: the one shown, "" for all."""

    office: str
    at: str
    year: int
    years: tuple[int, ...]
    status: str
    totals: tuple[tuple[str, str, int], ...]
    rows: tuple[dict[str, Any], ...]
    watch: Watch
    waiting: tuple[WaitingReport, ...] = ()


def overview(home: Home, *, year: str = "", status: str = "") -> Overview:
    """The overview that an address asks for (`year` empty: the newest). Raises NotFound."""
    if status and status not in STATUS_NAMES:
        raise NotFound(f"没有状态“{status}”")
    chosen = _year(year) if year else max(_years(home))
    waiting: list[Unmatched] = []
    judged = _in_order(home, chosen, waiting)
    faults = counts(home, year=chosen)
    totals = Counter(item.verdict.status for item in judged)
    return Overview(
        office=home.settings.office,
        at=moment(home.now()),
        year=chosen,
        years=_years(home, chosen),
        status=status,
        totals=tuple((str(code), STATUS_NAMES[code], totals[code]) for code in Status if totals[code]),
        rows=tuple(_row(item, faults) for item in judged if status in ("", item.verdict.status)),
        watch=watch(home),
        waiting=tuple(_waiting(home, one) for one in each_once(waiting)),
    )


def _waiting(home: Home, one: Unmatched) -> WaitingReport:
    names = [f"{home.registry.agencies[match.agency].name}（{match.why}）" for match in one.candidates]
    return WaitingReport(
        id=waiting_id(one.portal, one.url)[:SHOWN_ID],
        title=one.title or one.url,
        portal=home.registry.portals[one.portal].name,
        candidates="；".join(names) or "没有写明单位",
        link=_link("报告", one.url),
    )


def _row(item: Judged, faults: dict[tuple[str, int], Counter[str]]) -> dict[str, Any]:
    here = faults.get((item.obligation.agency, item.obligation.year), Counter())
    row = status_row(item.agency, item.obligation, item.verdict, here)
    return {**for_people([row], {})[0], "report": _link("报告", item.verdict.report_url or "")}


def _in_order(home: Home, year: int, waiting: list[Unmatched]) -> list[Judged]:
    order = {agency: place for place, agency in enumerate(home.registry.agencies)}
    return sorted(judge_all(home, (year,), home.now(), waiting=waiting), key=lambda item: order[item.agency.agency])


def _years(home: Home, *more: int) -> tuple[int, ...]:
    """The report years to choose from, newest first: those judged, those under watch now, and the one asked for."""
    return tuple(sorted({*home.store.years(), *home.years(None), *more}, reverse=True))


def _year(text: str) -> int:
    year = int(text) if len(text) == 4 and text.isascii() and text.isdigit() else 0
    if year not in YEARS:
        raise NotFound(f"没有报告年度“{text}”")
    return year


# ── one agency and report year ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding with its place in words and, under `details`, what is printed below it as (label, text).

    `mark`: what a person decided, in a word or two, "" for nothing; `is_open`: that no longer counts; `decided`: who
    did, when and why, and what stood there then, where that has changed.
    """

    finding: Finding
    details: tuple[tuple[str, str], ...]
    mark: str = ""
    is_open: bool = False
    decided: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AgencyPage:
    """Everything known of one obligation. `clocks`: (label, what stands there, what it means).

    `was_read`: whether there is a report whose text the rules could look at; else having no findings says nothing.
    `unsure`: the findings that reading may have caused and that nobody has confirmed; they are not among `findings`.
    `settled`: what was dismissed, deferred or waived; it is among neither and does not count.
    """

    agency: str
    name: str
    portal: str
    trouble: Trouble | None
    column: Link | None
    year: int
    years: tuple[int, ...]
    at: str
    status: str
    status_name: str
    reason: str
    days_late: int | None
    deadline: str
    title: str
    report: Link | None
    clocks: tuple[tuple[str, str, str], ...]
    between: str
    notes: tuple[str, ...]
    was_read: bool
    findings: tuple[tuple[str, str, tuple[ShownFinding, ...]], ...]
    unsure: tuple[ShownFinding, ...]
    settled: tuple[ShownFinding, ...]
    events: tuple[tuple[str, str], ...]


def agency_page(home: Home, agency: str, year: str) -> AgencyPage:
    """The page of one agency and report year. Raises NotFound."""
    chosen = _year(year)
    item = _judged(home, agency, chosen)
    verdict, portal = item.verdict, home.registry.portals[item.agency.portal]
    stored = standing(home, year=chosen, agency=agency)
    return AgencyPage(
        agency=agency,
        name=item.agency.name,
        portal=portal.name,
        trouble=next((trouble for trouble in _troubles(home) if trouble.portal == portal.portal), None),
        column=_link("栏目", item.agency.column or next(iter(portal.columns), portal.home)),
        year=chosen,
        years=_years(home, chosen),
        at=moment(home.now()),
        status=str(verdict.status),
        status_name=STATUS_NAMES[verdict.status],
        reason=_reason(verdict.reason),
        days_late=verdict.days_late,
        deadline=day_words(item.obligation.deadline),
        title=verdict.title or "",
        report=_link("报告", verdict.report_url or ""),
        clocks=tuple(_clocks(verdict)),
        between=_between(verdict),
        notes=(*_notes(verdict), *_handovers(home, item)),
        was_read=item.reading is not None,
        findings=tuple(_by_severity([each for each in stored if each.may_be_told], chosen)),
        unsure=tuple(_shown(each, chosen) for each in stored if awaits_person(each)),
        settled=tuple(_shown(each, chosen) for each in stored if not each.counts),
        events=tuple((moment(event.at), _event_words(event)) for event in home.store.events_of(agency, chosen)),
    )


def _judged(home: Home, agency: str, year: int) -> Judged:
    """One agency's judgement. Its portal's roster is all that can bear on it, so nothing else is judged."""
    roster = home.registry.agencies
    if agency not in roster:
        raise NotFound(f"单位名单中没有“{agency}”")
    neighbours = {key: other for key, other in roster.items() if other.portal == roster[agency].portal}
    narrow = replace(home, registry=Registry(home.registry.portals, neighbours))
    return next(item for item in judge_all(narrow, (year,), home.now()) if item.agency.agency == agency)


def _clocks(verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    claimed = "没有，或读不出"
    if verdict.claimed_on:
        source = SOURCE_WORDS.get(verdict.claimed_source or "", "")
        claimed = day_words(verdict.claimed_on) + (f"（来自{source}）" if source else "")
    yield "页面标注日期", claimed, "网页自己写的发布日期，只作参考"
    by = verdict.first_seen_by
    seen = f"{by}人工取证，时间以取证记录或取证人所述为准" if by else "巡查第一次在网上见到这份报告"
    yield "首次见到", _moment_or(verdict.first_seen_at, "尚未见到"), seen
    yield "最近一次未见", _moment_or(verdict.last_absent_at, "没有记录"), "巡查正常、栏目已看全，报告不在其中"


def _between(verdict: Verdict) -> str:
    """Between which looks the report came online, where both are known."""
    if verdict.first_seen_at is None or verdict.last_absent_at is None:
        return ""
    return f"据巡查记录，报告在 {moment(verdict.last_absent_at)} 与 {moment(verdict.first_seen_at)} 之间上网。"


def _notes(verdict: Verdict) -> Iterator[str]:
    if verdict.withdrawn_at:
        yield f"{moment(verdict.withdrawn_at)} 巡查时，报告已不在栏目中，原网址也已打不开。"
    if verdict.changed_at:
        yield f"{moment(verdict.changed_at)} 发现报告内容与先前发布的不同，前后版本均已留存。"


def _handovers(home: Home, item: Judged) -> Iterator[str]:
    """Who took what in by hand, when and with which words."""
    for handover in home.store.handovers(item.agency.portal):
        if (handover.agency, handover.year) == (item.obligation.agency, item.obligation.year):
            claimed = f"，所述见到时间 {moment(handover.seen_at)}" if handover.seen_is_claimed else ""
            note = f"：{handover.note}" if handover.note else ""
            yield f"{handover.by}于 {moment(handover.at)} 人工取证“{handover.source}”{claimed}{note}。"


def _by_severity(found: list[StoredFinding], year: int) -> Iterator[tuple[str, str, tuple[ShownFinding, ...]]]:
    """(severity, its name, findings) for each severity that has any, the gravest first."""
    for severity in Severity:
        shown = tuple(_shown(stored, year) for stored in found if stored.finding.severity is severity)
        if shown:
            yield str(severity), SEVERITY_NAMES[severity], shown


def _shown(stored: StoredFinding, year: int) -> ShownFinding:
    finding = stored.finding
    details = (
        ("编号", stored.id[:SHOWN_ID]),
        ("位置", _place(finding, year)),
        ("原文", finding.quote),
        ("应为", finding.expected),
        ("实为", finding.found),
        ("依据", finding.basis),
        ("也可能", finding.explained),
    )
    return ShownFinding(
        finding,
        tuple(detail for detail in details if detail[1]),
        _mark(stored.ruling or UNDECIDED),
        stored.decision is None,
        tuple(detail for detail in _decided(stored, year) if detail[1]),
    )


def _place(finding: Finding, year: int) -> str:
    cell = cell_label(finding.cell, edition_for(year)) if finding.cell else ""
    return "，".join(part for part in (finding.section, cell) if part)


def _mark(ruling: Ruling) -> str:
    if ruling.kind:
        return RULING_NAMES[ruling.kind]
    return "决定后有变化" if ruling.has_changed else "暂缓已到期" if ruling.has_ended else ""


def _decided(stored: StoredFinding, year: int) -> Iterator[tuple[str, str]]:
    """Who decided, when and why and, where the facts have changed since, what they were."""
    ruling = stored.ruling or UNDECIDED
    yield "决定", ruling_words(ruling, day=day_words)
    made = ruling.waiver or ruling.decision
    yield "理由", made.reason if made else ""
    before = facts_before(stored)
    if ruling.decision and "cell" in before:
        yield "当时位置", _place(ruling.decision.finding, year)
    for key, label in (("quote", "当时原文"), ("expected", "当时应为"), ("found", "当时实为")):
        if key in before:
            yield label, before[key] or "（空）"


def _event_words(event: Event) -> str:
    if event.kind != "status":
        return _EVENT_WORDS.get(event.kind, f"{event.kind} {event.after}")
    before = f"由“{_status_name(event.before)}”变为" if event.before else "判定为"
    return f"{before}“{_status_name(event.after)}”：{_reason(event.detail)}"


def _status_name(code: str) -> str:
    return STATUS_NAMES.get(Status(code), code) if code in STATUS_NAMES else code


def _reason(code: str) -> str:
    return REASON_WORDS.get(code, f"原因代码 {code}")


def _moment_or(at: datetime | None, absent: str) -> str:
    return moment(at) if at else absent


def _link(label: str, url: str) -> Link | None:
    """A link that is safe to follow, one that is only printed (`href` empty), or None for no address."""
    return next(iter(links((label, url))), None)
