"""What is shown of stored facts: the rows of `status` and `findings` in the contract's shape, and their headings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from monitor.model import SEVERITY_NAMES, STATUS_NAMES, Agency, Obligation, Severity, Verdict
from monitor.rows import StoredFinding

Row = dict[str, Any]

#: What a verdict's reason means, for people.
REASON_WORDS: Final = {
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
    "portal_unreachable": "网站无法访问",
    "portal_blocked": "网站拒绝自动访问",
    "robots_disallowed": "robots.txt 不允许访问该栏目",
    "column_lost": "栏目不存在或已改版",
    "list_truncated": "栏目列表没有看全",
    "needs_browser": "栏目由脚本生成，本机没有浏览器",
    "host_refused": "栏目指向网站以外的地址",
    "timed_out": "巡查超过时限",
    "crawl_died": "巡查意外中止",
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
    "agency_name": "单位",
    "year": "报告年度",
    "severity_name": "级别",
    "name": "检查项",
    "message": "说明",
    "quote": "原文",
    "url": "网址",
}


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
        "url": stored.url or None,
        "found_at": stored.found_at.isoformat(),
        "decision": stored.decision,
    }


def for_people(rows: Iterable[Row], names: Mapping[str, str]) -> list[Row]:
    """The rows with the words that tables show beside the codes. `names`: agency id → name."""
    return [{**row, **(_status_words(row) if "status" in row else _finding_words(row, names))} for row in rows]


def _status_words(row: Row) -> Row:
    counts = [
        f"{SEVERITY_NAMES[severity]}{row['findings'][severity]}" for severity in Severity if row["findings"][severity]
    ]
    return {
        "status_name": STATUS_NAMES[row["status"]],
        "reason_words": REASON_WORDS.get(row["reason"], row["reason"]),
        "first_seen": _minute(row["first_seen_at"]),
        "last_absent": _minute(row["last_absent_at"]),
        "findings_text": " ".join(counts),
    }


def _finding_words(row: Row, names: Mapping[str, str]) -> Row:
    return {
        "agency_name": names.get(row["agency"], row["agency"]),
        "severity_name": SEVERITY_NAMES[row["severity"]],
        "quote": row["evidence"]["quote"] or "",
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _minute(at: str | None) -> str:
    return at[:16].replace("T", " ") if at else ""
