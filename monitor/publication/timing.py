"""When a report was published: late, too early, never, not submitted, or on a date that the record contradicts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from monitor.model import ACCUSING_CONFIDENCE, Finding, Severity, Status, Verdict
from monitor.publication.base import LAW_49, Publication, cn, cn_time, day_of, stamp
from monitor.publication.catalogue import finding

#: An agency under the law's own words: what it owes the office rests on art. 49 ¶1, what others owe on a notice.
_DEPARTMENT = "department"


def overdue(case: Publication) -> Iterator[Finding]:
    """Due and not there, or there too late."""
    verdict, deadline = case.verdict, case.obligation.deadline
    if verdict.status is Status.OVERDUE and verdict.last_absent_at:
        by_law = day_of(verdict.last_absent_at) > case.statutory
        yield finding(
            "roster_unit_missing",
            f"应于{cn(deadline)}前发布，已逾期{verdict.days_late}天，"
            f"{cn_time(verdict.last_absent_at)}巡查时栏目正常，未见发布",
            severity=Severity.ERROR if by_law else Severity.WARNING,
            basis=LAW_49 if by_law else "",
            expected=f"不晚于{deadline.isoformat()}",
            found="未见发布",
        )
    elif verdict.status is Status.LATE and verdict.days_late is not None:
        published = deadline + timedelta(days=verdict.days_late)
        by_law = published > case.statutory
        yield finding(
            "late_statutory" if by_law else "late_local",
            f"应于{cn(deadline)}前发布，{_evidence(verdict, published)}，逾期{verdict.days_late}天",
            expected=f"不晚于{deadline.isoformat()}",
            found=published.isoformat(),
        )


def backdated(case: Publication) -> Iterator[Finding]:
    """The page names a day on which the column was seen without it."""
    claimed, absent = case.verdict.claimed_on, case.verdict.last_absent_at
    # On the day of publication itself a look may well have been earlier in the day.
    if claimed and absent and claimed < day_of(absent) and _is_page_date(case):
        yield finding(
            "backdated",
            f"页面标注的发布日期是{cn(claimed)}，但{cn_time(absent)}巡查时栏目正常，尚未见到该报告，"
            f"{cn_time(case.verdict.first_seen_at)}才首次见到，请核实发布日期",
            expected=f"不早于{day_of(absent).isoformat()}",
            found=claimed.isoformat(),
        )


def date_unknown(case: Publication) -> Iterator[Finding]:
    """Neither the page nor its row says when it was published. Pages that were never read say nothing either way."""
    fetched = [sighting for sighting in case.sightings if sighting.content and sighting.is_report]
    dates = [one for sighting in case.sightings for one in sighting.dates]
    if fetched and not any(one.confidence >= ACCUSING_CONFIDENCE for one in dates):
        yield finding(
            "publish_date_unknown",
            "网页和栏目列表都没有写明可信的发布日期，请在网页上标注",
            expected="标注发布日期",
            found="没有可信的日期",
            explained="标注的日期可能没有被识别",
        )


def too_early(case: Publication) -> Iterator[Finding]:
    """Published before the year that it counts was over.

    Only of a report that itself says that it is about the year: a mistyped title must not make a timely report an early
    one. A claimed day is held against nobody where a later look saw that the report was not there yet.
    """
    report, verdict = case.report, case.verdict
    if report is None or case.year not in (report.year, report.period.end.year if report.period else None):
        return
    first_day, claimed, absent = date(case.year + 1, 1, 1), verdict.claimed_on, verdict.last_absent_at
    seen = min((one.at for one in case.sightings if one.content and one.is_report), default=None)
    if seen and day_of(seen) < first_day:
        words, found = f"{cn_time(seen)}巡查时已经发布", day_of(seen)
    elif claimed and claimed < first_day and _is_page_date(case) and not (absent and day_of(absent) >= first_day):
        words, found = f"页面标注的发布日期是{cn(claimed)}", claimed
    else:
        return
    yield finding(
        "published_too_early",
        f"{words}，{case.year}年的统计期到12月31日才满，请核实数据是否完整",
        expected=f"不早于{first_day.isoformat()}",
        found=found.isoformat(),
    )


def not_submitted(case: Publication) -> Iterator[Finding]:
    """The office went through its files after the deadline, and the report had not come in."""
    filing = case.filing
    if filing and filing.submitted_on is None and filing.as_of and filing.as_of > case.obligation.deadline:
        yield finding(
            "submit_missing",
            f"应于{cn(case.obligation.deadline)}前报送，截至{cn(filing.as_of)}的报送台账没有报送记录",
            basis=None if case.kind == _DEPARTMENT else "",
            expected=f"不晚于{case.obligation.deadline.isoformat()}",
            found="没有报送记录",
        )


def afterwards(case: Publication) -> Iterator[Finding]:
    """What happened to it after it was published."""
    verdict = case.verdict
    if verdict.withdrawn_at:
        yield finding(
            "withdrawn",
            f"{cn_time(verdict.withdrawn_at)}巡查时，原先发布的报告已不在栏目中，原网址也已打不开",
            found=stamp(verdict.withdrawn_at),
        )
    if verdict.changed_at:
        yield finding(
            "changed_after_publication",
            f"{cn_time(verdict.changed_at)}发现报告内容与先前发布的不同，前后两个版本均已留存",
            found=stamp(verdict.changed_at),
        )


def _evidence(verdict: Verdict, published: date) -> str:
    if verdict.reason == "claimed_late":
        return f"页面标注的发布日期是{cn(published)}"
    return f"{cn_time(verdict.last_absent_at)}巡查时仍未见发布"


def _is_page_date(case: Publication) -> bool:
    """Whether the claimed date may be held against anyone: an address may well bear the day of the upload."""
    return any(
        one.confidence >= ACCUSING_CONFIDENCE
        for sighting in case.sightings
        for one in sighting.dates
        if (one.value, one.source) == (case.verdict.claimed_on, case.verdict.claimed_source)
    )
