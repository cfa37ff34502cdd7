"""The sections of a digest: each thing the office has to know, in sentences that text and HTML share.

All wording about single agencies is here, and all of it that comes from a page (titles, addresses, quotes) passes
through `one_line`. An empty section does not exist.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from monitor.alerts.base import one_line
from monitor.alerts.phrases import (
    NAME_LIMIT,
    Link,
    day_of,
    day_words,
    enumeration,
    links,
    moment,
    reason_words,
    seen_facts,
)
from monitor.alerts.situation import (
    REVIEW_WORDS,
    Change,
    DigestData,
    Group,
    ReportFindings,
    Standing,
    group_of,
    trouble_of,
)
from monitor.exchange import REASONS
from monitor.model import SEVERITY_NAMES, STATUS_NAMES, Finding, Severity, Status

_WORDS_LIMIT: Final = 300

#: How much of what may be long is spelt out; the system holds the rest. Late and missing agencies are never cut.
_NAMES_SHOWN: Final = 40
_FINDINGS_SHOWN: Final = 60
_FINDINGS_PER_REPORT: Final = 8

#: Findings that repeat a verdict: the digest says them in a section of their own.
_SAID_BY_VERDICT: Final = frozenset(
    {
        "roster_unit_missing",
        "late_statutory",
        "late_local",
        "withdrawn",
        "changed_after_publication",
        "wrong_document",
    }
)

_NUMERALS: Final = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: who or what it is about, what is known, where to look."""

    head: str
    facts: tuple[str, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """`column`: what the heads of its entries are; `tone`: call, doubt or calm, for the colour of its title."""

    title: str
    entries: tuple[Entry, ...]
    column: str = "单位"
    note: str = ""
    rest: str = ""
    tone: str = "calm"
    numeral: str = ""


def sections(data: DigestData) -> list[Section]:
    """Every section that has something to say, numbered."""
    made = (
        _changes(data),
        _overdue(data),
        _late(data),
        _unseen(data),
        _review(data),
        _withdrawn(data),
        _findings(data),
        _upcoming(data),
    )
    return numbered(made)


def numbered(made: Iterable[Section]) -> list[Section]:
    """The sections that have an entry, with their numerals."""
    spoken = [section for section in made if section.entries]
    return [replace(section, numeral=_NUMERALS[number]) for number, section in enumerate(spoken)]


def news(data: DigestData) -> list[Change]:
    """The changes that are worth a mail: all but that something was entered on the roster and nothing is due yet."""
    return [
        change
        for change in data.changes
        if change.event.before is not None or change.event.after not in {Status.NOT_DUE, Status.EXEMPT, "ok"}
    ]


def erring_reports(data: DigestData) -> list[ReportFindings]:
    """The reports with a finding of severity error that no verdict says already."""
    return [report for report in _reports(data) if any(f.severity is Severity.ERROR for f in report.findings)]


# ── what changed ────────────────────────────────────────────────────────────────────────────────────────────────────

_CHANGE_ORDER: Final = (
    *(str(status) for status in (Status.OVERDUE, Status.LATE, Status.UNKNOWN)),
    *("withdrawn", "changed", "portal"),
    *(str(status) for status in (Status.ON_TIME, Status.NOT_DUE, Status.EXEMPT)),
)


def _changes(data: DigestData) -> Section:
    """Grouped by what happened: in January a hundred agencies may publish between two rounds."""
    changes = news(data)
    groups: dict[tuple[int, str, str], list[Change]] = {}
    for change in changes:
        groups.setdefault((_rank(change), _happened(change), _year(data, change.event.year)), []).append(change)
    entries = tuple(
        Entry(happened + year, (_who(groups[rank, happened, year]),)) for rank, happened, year in sorted(groups)
    )
    return Section(f"本次新情况（{len(changes)}项）", entries, column="变化")


def _who(changes: list[Change]) -> str:
    measure = "个" if changes[0].event.kind == "portal" else "家"
    return enumeration([change.name for change in changes], limit=_NAMES_SHOWN, measure=measure)


def _rank(change: Change) -> int:
    event = change.event
    what = event.after if event.kind == "status" else event.kind
    return _CHANGE_ORDER.index(what) if what in _CHANGE_ORDER else len(_CHANGE_ORDER)


def _happened(change: Change) -> str:
    event = change.event
    if event.kind == "withdrawn":
        return "报告被撤下"
    if event.kind == "changed":
        return "报告内容有改动"
    after = _code_words(event.after, event.detail)
    subject = "网站：" if event.kind == "portal" else ""
    return f"{subject}{_code_words(event.before)} → {after}" if event.before else f"{subject}首次判定为{after}"


def _code_words(code: str | None, reason: str = "") -> str:
    if code == Status.UNKNOWN and reason:
        return Group.REVIEW if reason in REVIEW_WORDS else Group.UNSEEN
    names = {**REASONS, **{str(status): name for status, name in STATUS_NAMES.items()}}
    return names.get(code or "", one_line(code or "", limit=NAME_LIMIT))


# ── who is missing, who is late ─────────────────────────────────────────────────────────────────────────────────────


def _overdue(data: DigestData) -> Section:
    standings = _in_group(data, Group.OVERDUE)
    entries = tuple(
        Entry(_head(data, standing), tuple(_overdue_facts(standing, data.at)), links(("栏目", standing.column)))
        for standing in standings
    )
    note = "期限过后看全了栏目，没有见到报告。"
    return Section(f"逾期未发布（{len(entries)}家）", entries, note=note, tone="call")


def _overdue_facts(standing: Standing, at: datetime) -> Iterator[str]:
    verdict = standing.verdict
    days = verdict.days_late or (day_of(at) - standing.deadline).days
    yield f"期限{day_words(standing.deadline)}" + (f"，已逾期{days}天。" if days > 0 else "。")
    if verdict.last_absent_at:
        yield f"最近一次看全栏目：{moment(verdict.last_absent_at)}，未见发布。"
    if standing.look_reason != "ok":
        later = "此后待人工核实" if standing.look_reason in REVIEW_WORDS else "此后未能核查"
        yield f"{later}：{reason_words(standing.look_reason)}。"


def _late(data: DigestData) -> Section:
    entries = tuple(
        Entry(_head(data, s), tuple(_late_facts(s)), links(("网页", s.verdict.report_url or "")))
        for s in _in_group(data, Group.LATE)
    )
    return Section(f"逾期发布（{len(entries)}家）", entries, tone="call")


def _late_facts(standing: Standing) -> Iterator[str]:
    verdict = standing.verdict
    late = f"逾期{verdict.days_late}天" if verdict.days_late is not None else "逾期天数待核"
    yield f"期限{day_words(standing.deadline)}，{late}。"
    yield from seen_facts(standing)


# ── what could not be looked at, what needs a person ────────────────────────────────────────────────────────────────


def _unseen(data: DigestData) -> Section:
    standings = _in_group(data, Group.UNSEEN)
    places: dict[tuple[str, str], list[Standing]] = {}
    for standing in standings:
        places.setdefault((standing.portal, trouble_of(standing)), []).append(standing)
    entries = tuple(
        Entry(one_line(portal, limit=NAME_LIMIT), tuple(_unseen_facts(data, reason, hit)), links(*_columns(hit)))
        for (portal, reason), hit in places.items()
    )
    note = "以下单位没有看成，不能判定是否发布，不等于未发布。"
    return Section(f"未能核查（{len(standings)}家）", entries, column="网站", note=note, tone="doubt")


def _unseen_facts(data: DigestData, reason: str, hit: list[Standing]) -> Iterator[str]:
    seen = [standing.last_healthy_at for standing in hit if standing.last_healthy_at]
    since = f"上次看全：{moment(max(seen))}。" if seen else "至今没有看全过。"
    yield f"原因：{reason_words(reason)}。{since}"
    names = [
        _head(data, standing) + ("（未到期）" if standing.verdict.status is Status.NOT_DUE else "") for standing in hit
    ]
    yield f"涉及{enumeration(names)}"


def _columns(hit: list[Standing]) -> list[tuple[str, str]]:
    """The column, where all that are hit share it: there a person can look by hand."""
    columns = {standing.column for standing in hit}
    return [("栏目", column) for column in columns] if len(columns) == 1 else []


def _review(data: DigestData) -> Section:
    entries = tuple(
        Entry(
            _head(data, standing),
            (f"{reason_words(trouble_of(standing))}。期限{day_words(standing.deadline)}。", *seen_facts(standing)),
            links(("网页", standing.verdict.report_url or ""), ("栏目", standing.column)),
        )
        for standing in _in_group(data, Group.REVIEW)
    )
    note = "系统看到了内容，但不能下判断，请人工核实。"
    return Section(f"待人工核实（{len(entries)}家）", entries, note=note, tone="doubt")


# ── what happened to reports, what is wrong in them, what is due ────────────────────────────────────────────────────


def _withdrawn(data: DigestData) -> Section:
    """Reports that are gone now, and reports of which a change is news."""
    changed = {(change.name, change.event.year) for change in data.changes if change.event.kind == "changed"}
    entries = tuple(
        Entry(_head(data, standing), facts, links(("网页", standing.verdict.report_url or "")))
        for standing in data.standings
        if (facts := tuple(_fate(standing, changed=(standing.agency, standing.year) in changed)))
    )
    note = "发布时的网页已留存。已判定的发布时间不因此改变。"
    return Section(f"撤下或改动的报告（{len(entries)}家）", entries, note=note)


def _fate(standing: Standing, *, changed: bool) -> Iterator[str]:
    verdict = standing.verdict
    if verdict.withdrawn_at:
        yield f"{moment(verdict.withdrawn_at)} 核查时，原先见到的报告已不在栏目中，原网址也打不开。"
    if verdict.changed_at and changed:
        yield f"{moment(verdict.changed_at)} 发现报告内容与先前不同。"


def _findings(data: DigestData) -> Section:
    """Errors and warnings in words, hints as a number: they are for the agency, not for a circular."""
    reports = _reports(data)
    counts = sum((_severities(report) for report in reports), Counter[Severity]())
    named = [report for report in reports if _spoken(report)]
    named.sort(key=lambda report: [-_severities(report)[s] for s in (Severity.ERROR, Severity.WARNING)])
    room, entries = _FINDINGS_SHOWN, []
    for report in named:
        shown = _spoken(report)[: min(_FINDINGS_PER_REPORT, room)]
        if not shown:
            break
        room -= len(shown)
        left = len(_spoken(report)) - len(shown)
        facts = [_count_words(_severities(report)) + "。", *map(_finding_words, shown)]
        facts += [f"其余{left}处见系统。"] * bool(left)
        entries.append(Entry(_report_head(data, report), tuple(facts), links(("网页", report.url))))
    left_out = len(named) - len(entries)
    return Section(
        f"报告中的问题（{len(named)}家：{_count_words(counts)}）",
        tuple(entries),
        note="由系统自动比对得出，通报或下发前请人工确认。" + "提示只计数，见系统。" * bool(counts[Severity.HINT]),
        rest=f"其余{left_out}家见系统。" * bool(left_out),
    )


def _reports(data: DigestData) -> list[ReportFindings]:
    return [
        replace(report, findings=tuple(f for f in report.findings if f.rule not in _SAID_BY_VERDICT))
        for report in data.reports
    ]


def _spoken(report: ReportFindings) -> list[Finding]:
    return [finding for s in (Severity.ERROR, Severity.WARNING) for finding in report.findings if finding.severity is s]


def _severities(report: ReportFindings) -> Counter[Severity]:
    return Counter(finding.severity for finding in report.findings)


def _count_words(counts: Counter[Severity]) -> str:
    return "、".join(f"{name}{counts[severity]}处" for severity, name in SEVERITY_NAMES.items() if counts[severity])


def _finding_words(finding: Finding) -> str:
    quote = one_line(finding.quote, limit=NAME_LIMIT)
    words = f"〔{SEVERITY_NAMES[finding.severity]}〕{one_line(finding.message, limit=_WORDS_LIMIT)}"
    return words + (f"（原文：“{quote}”）" if quote and quote not in words else "")


def _upcoming(data: DigestData) -> Section:
    """Deadlines ahead, and how many have not been seen yet. Who could not be looked at is counted apart."""
    waiting = sorted({(s.deadline, s.year) for s in data.standings if s.verdict.status is Status.NOT_DUE})
    entries = []
    for deadline, year in waiting:
        counts = Counter(group_of(s) for s in data.standings if (s.deadline, s.year) == (deadline, year))
        owed = counts.total() - counts[Group.EXEMPT]
        left = (deadline - day_of(data.at)).days
        facts = [f"应发布{owed}家，看全栏目而尚未见到{counts[Group.NOT_DUE]}家"]
        facts += [f"{group}{counts[group]}家" for group in (Group.UNSEEN, Group.REVIEW) if counts[group]]
        facts += [f"距期限还有{left}天" if left > 0 else "今天到期"]
        entries.append(Entry(f"{day_words(deadline)}（{year}年度）", ("，".join(facts) + "。",)))
    return Section("即将到期", tuple(entries), column="期限")


# ── small words ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _in_group(data: DigestData, group: Group) -> list[Standing]:
    return [standing for standing in data.standings if group_of(standing) is group]


def _head(data: DigestData, standing: Standing) -> str:
    return one_line(standing.agency, limit=NAME_LIMIT) + _year(data, standing.year)


def _report_head(data: DigestData, report: ReportFindings) -> str:
    return one_line(report.agency, limit=NAME_LIMIT) + _year(data, report.year)


def _year(data: DigestData, year: int | None) -> str:
    """The report year behind a name, where the digest is about more than one."""
    several = len({standing.year for standing in data.standings}) > 1
    return f"（{year}年度）" if several and year is not None else ""
