"""What is shown of stored facts: the rows of `status` and `findings` in the contract's shape, and their headings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from monitor.exchange import REASONS
from monitor.model import SEVERITY_NAMES, STATUS_NAMES, Agency, Obligation, Severity, Verdict
from monitor.rows import DECISION_NAMES, SHOWN_ID, UNDECIDED, DecisionKind, Ruling, StoredFinding

Row = dict[str, Any]

#: What a verdict's reason means, for people.
REASON_WORDS: Final = REASONS | {
    "published": "已见发布",
    "seen_absent": "截止日后巡查仍未见，后来才发布",
    "claimed_late": "页面标注的发布日期晚于截止日",
    "date_unknown": "已见发布，但发布日期无法确认",
    "before_deadline": "未到截止日",
    "no_report_in_column": "截止日后巡查正常，栏目中未见",
    "not_on_roster": "该年度不在编制名单中",
    "wrong_document": "所发文件疑似不是年度报告",
    "unmatched_report": "栏目中有无法确认归属的报告，需人工认领",
    "unreadable": "已见到报告，但内容打不开或读不出",
    "never_looked": "截止日后尚未巡查",
}

STATUS_HEADINGS: Final = {
    "name": "单位",
    "year": "报告年度",
    "status_name": "状态",
    "deadline": "截止日",
    "claimed_on": "页面日期",
    "days_late": "逾期天数",
    "first_seen": "首次见到",
    "last_absent": "最近未见",
    "findings_text": "问题",
    "reason_words": "说明",
}
STATUS_FILE_HEADINGS: Final = {
    **STATUS_HEADINGS,
    "region": "行政区划",
    "portal": "网站",
    "title": "标题",
    "report_url": "网址",
}
FINDING_HEADINGS: Final = {
    "short_id": "编号",
    "agency_name": "单位",
    "year": "报告年度",
    "severity_name": "级别",
    "name": "检查项",
    "message": "说明",
    "quote": "原文",
    "ruling_words": "决定",
    "url": "网址",
}
FINDING_FILE_HEADINGS: Final = {**FINDING_HEADINGS, "ruling_reason": "理由"}


#: Above findings that reading, not the agency, may have caused.
MAYBE_READING: Final = "可能是读取造成，待人工核对"


def awaits_person(stored: StoredFinding) -> bool:
    """Whether reading may have caused a finding and nobody has confirmed it: such a one is told to no agency."""
    return stored.counts and not stored.may_be_told


def status_row(agency: Agency, obligation: Obligation, verdict: Verdict, counts: Mapping[str, int]) -> Row:
    """One object of `status --format json`."""
    return {
        "agency": agency.agency,
        "name": agency.name,
        "region": agency.region,
        "portal": agency.portal,
        "year": obligation.year,
        "deadline": obligation.deadline.isoformat(),
        "status": str(verdict.status),
        "reason": verdict.reason,
        "days_late": verdict.days_late,
        "claimed_on": verdict.claimed_on.isoformat() if verdict.claimed_on else None,
        "claimed_source": verdict.claimed_source,
        "first_seen_at": _iso(verdict.first_seen_at),
        "last_absent_at": _iso(verdict.last_absent_at),
        "report_url": verdict.report_url,
        "title": verdict.title,
        "withdrawn_at": _iso(verdict.withdrawn_at),
        "changed_at": _iso(verdict.changed_at),
        "findings": {str(severity): counts.get(str(severity), 0) for severity in Severity},
        "taken_in_by": verdict.taken_by or None,
        "first_seen_by": verdict.first_seen_by or None,
    }


def finding_row(stored: StoredFinding) -> Row:
    """One object of `findings --format json`."""
    finding = stored.finding
    return {
        "agency": stored.agency,
        "year": stored.year,
        "rule": finding.rule,
        "name": finding.name,
        "severity": str(finding.severity),
        "message": finding.message,
        "basis": finding.basis,
        "evidence": {
            "quote": finding.quote or None,
            "section": finding.section or None,
            "cell": finding.cell or None,
        },
        "expected": finding.expected or None,
        "found": finding.found or None,
        "explained": finding.explained or None,
        "url": stored.url or None,
        "found_at": stored.found_at.isoformat(),
        "decision": stored.decision,
        "id": stored.id,
        "ruling": _ruling(stored.ruling or UNDECIDED),
        "changed_since": facts_before(stored) or None,
    }


def _ruling(ruling: Ruling) -> Row | None:
    """Who decided what, also where that no longer counts; None where nobody ever did."""
    made = ruling.waiver or ruling.decision
    if made is None:
        return None
    until = ruling.decision.until if ruling.decision and not ruling.waiver else None
    return {
        "by": made.by,
        "at": made.at.isoformat(),
        "reason": made.reason or None,
        "until": until.isoformat() if until else None,
        "words": ruling_words(ruling),
    }


def ruling_words(ruling: Ruling, *, day: Callable[[date], str] = date.isoformat) -> str:
    """What was decided, who did and when, and why it counts no more where it does not; "" where nobody decided."""
    if ruling.waiver:
        return f"免检（{ruling.waiver.by}，{day(ruling.waiver.at.date())}）"
    decision = ruling.decision
    if decision is None:
        return ""
    made_on = day(decision.at.date())
    name, who = DECISION_NAMES[decision.kind], f"{decision.by}，{made_on}"
    until = f"至{day(decision.until)}" if decision.until else ""
    if decision.kind is DecisionKind.REOPENED:
        return f"重新待定（{who}）"
    if ruling.has_changed:
        return f"待定：自{made_on}决定“{name}{until}”（{decision.by}）后有变化"
    if ruling.has_ended:
        return f"待定：暂缓{until}已到期（{who}）"
    return f"{name}{until}（{who}）"


def facts_before(stored: StoredFinding) -> Row:
    """What a finding said when it was decided about, as far as that has changed; nothing where it has not."""
    ruling = stored.ruling
    if ruling is None or ruling.decision is None or not ruling.has_changed:
        return {}
    before = ruling.decision.finding
    return {
        key: getattr(before, key) or None
        for key in ("quote", "cell", "expected", "found")
        if getattr(before, key) != getattr(stored.finding, key)
    }


def for_people(rows: Iterable[Row], names: Mapping[str, str]) -> list[Row]:
    """The rows with the words that tables show beside the codes. `names`: agency id → name."""
    return [{**row, **(_status_words(row) if "status" in row else _finding_words(row, names))} for row in rows]


def _status_words(row: Row) -> Row:
    counts = [
        f"{SEVERITY_NAMES[severity]}{row['findings'][severity]}" for severity in Severity if row["findings"][severity]
    ]
    taken = f"（{row['taken_in_by']}人工取证）" if row["taken_in_by"] else ""
    return {
        "status_name": STATUS_NAMES[row["status"]],
        "reason_words": f"{REASON_WORDS.get(row['reason'], row['reason'])}{taken}",
        "first_seen": _minute(row["first_seen_at"]),
        "last_absent": _minute(row["last_absent_at"]),
        "findings_text": " ".join(counts),
    }


def _finding_words(row: Row, names: Mapping[str, str]) -> Row:
    return {
        "agency_name": names.get(row["agency"], row["agency"]),
        "severity_name": SEVERITY_NAMES[row["severity"]],
        "short_id": row["id"][:SHOWN_ID],
        "ruling_words": row["ruling"]["words"] if row["ruling"] else "",
        "ruling_reason": row["ruling"]["reason"] if row["ruling"] else "",
        "quote": row["evidence"]["quote"] or "",
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _minute(at: str | None) -> str:
    return at[:16].replace("T", " ") if at else ""
