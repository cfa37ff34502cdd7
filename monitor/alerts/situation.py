"""What a digest is told: who stands how, what changed, what the reports say. Values only; jobs fill them.

Each agency and year belongs to exactly one `Group`, so the sums of a digest add up. "Not published" and "could not be
looked at" are two groups, and so is what was seen but needs a person to judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from monitor.model import Event, Finding, Status, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an agency stands for a report year. `agency` and `portal` are names as people read them.

    `column`: the address where its report was looked for. `look_reason`: a code of `exchange.REASONS` for the last look
    there ("ok": all was seen); `last_healthy_at`: the last time all was seen, None if never.
    """

    agency: str
    portal: str
    year: int
    deadline: date
    verdict: Verdict
    column: str = ""
    look_reason: str = "ok"
    last_healthy_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """An event since the last digest. `name`: of the agency, or of the portal where the event is about a portal."""

    name: str
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFindings:
    """What is wrong in one report. Findings that a person has dismissed are not among them."""

    agency: str
    year: int
    url: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestData:
    """One round, for one office. `key` tells this digest from any other (the round's id); `at`: when the round ended.

    `standings`: every agency and year on the roster, whatever its status. `waiting`: how many reports were found that
    could be matched with nobody. `sick_portals`: how many portals are not in health, where that is told to
    somebody else, the operator; 0 where it stands among the changes.
    """

    key: str
    office: str
    at: datetime
    standings: tuple[Standing, ...]
    changes: tuple[Change, ...] = ()
    reports: tuple[ReportFindings, ...] = ()
    waiting: int = 0
    sick_portals: int = 0


class Group(StrEnum):
    """Where a standing belongs in a digest; the value is what it is called there."""

    OVERDUE = "逾期未发布"
    LATE = "逾期发布"
    UNSEEN = "未能核查"
    REVIEW = "待人工核实"
    ON_TIME = "按时发布"
    NOT_DUE = "未到期"
    EXEMPT = "不适用"


#: Reasons that say: something was seen, and a person has to judge it. Any other reason of an unknown verdict means that
#: the look itself failed.
REVIEW_WORDS: Final = {
    "date_unknown": "已见到报告，但没有可靠的发布日期，不能判定是否按时",
    "wrong_document": "标题是年度报告，但页面内容不像年度报告",
    "unmatched_report": "栏目中有报告无法判定属于哪个单位",
    "unreadable": "已见到报告，但内容打不开或读不出",
}

_PLAIN: Final = {
    Status.OVERDUE: Group.OVERDUE,
    Status.LATE: Group.LATE,
    Status.ON_TIME: Group.ON_TIME,
    Status.EXEMPT: Group.EXEMPT,
}


def trouble_of(standing: Standing) -> str:
    """The reason code of what stands between us and a verdict, "" where nothing does."""
    verdict = standing.verdict
    if verdict.status in _PLAIN:
        return ""
    if verdict.status is Status.UNKNOWN or verdict.reason in REVIEW_WORDS:
        return verdict.reason
    return "" if standing.look_reason == "ok" or verdict.first_seen_at else standing.look_reason


def group_of(standing: Standing) -> Group:
    """The one group of a standing. Before the deadline, what could not be looked at is said as well."""
    plain = _PLAIN.get(standing.verdict.status)
    if plain:
        return plain
    trouble = trouble_of(standing)
    if trouble in REVIEW_WORDS or (trouble and standing.verdict.first_seen_at):
        return Group.REVIEW
    return Group.UNSEEN if trouble else Group.NOT_DUE
