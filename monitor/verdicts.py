"""What stored facts and the time say of an obligation: a pure function. No I/O, no clock, no wording but in findings.

The order of proof, strongest first:

1. Seen. A report that was seen on or before its deadline is on time, whatever date it claims.
2. Seen absent. A healthy look after the deadline that did not find the report proves that it was late or is overdue.
3. Claimed. Where neither speaks (first seen after the deadline, not looked at in between), the page's own date decides,
   if its source is good enough to be held against anyone (`ACCUSING_CONFIDENCE`); a weaker one can only clear.
4. Otherwise the verdict is unknown, with the reason. Could not look is never not published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from monitor.clock import SHANGHAI
from monitor.model import (
    ACCUSING_CONFIDENCE,
    DateCandidate,
    Finding,
    Look,
    Obligation,
    Severity,
    Sighting,
    Status,
    Verdict,
)

#: Law: departments by 31 January, governments by 31 March (条例第四十九条).
BASIS: Final = "《中华人民共和国政府信息公开条例》第四十九条"


def judge(obligation: Obligation, sightings: Sequence[Sighting], looks: Sequence[Look], now: datetime) -> Verdict:
    """The verdict at `now`. Facts later than `now` do not count, so that the past can be asked about."""
    if obligation.exempt:
        return Verdict(status=Status.EXEMPT, reason="not_on_roster")
    # Sorted by all that they say, so that the verdict does not depend on the order in which facts are stored.
    seen = sorted((sighting for sighting in sightings if sighting.at <= now), key=lambda fact: (fact.at, repr(fact)))
    looked = sorted((look for look in looks if look.at <= now), key=lambda fact: (fact.at, repr(fact)))
    if any(sighting.is_report is not False for sighting in seen):
        return _published(obligation, [s for s in seen if s.is_report is not False], looked)
    verdict = _wrong_document(obligation, seen, now) if seen else _not_seen(obligation, looked, now)
    return replace(verdict, last_absent_at=_last_absent(looked, None))


def _published(obligation: Obligation, seen: list[Sighting], looked: list[Look]) -> Verdict:
    first = seen[0]
    last_absent = _last_absent(looked, first.at)
    claim = _claim(seen)
    status, reason, late_on = _timeliness(obligation.deadline, first.at, last_absent, claim)
    gone = _gone(seen, looked)
    current = _current(seen, gone)
    return Verdict(
        status=status,
        reason=reason,
        days_late=(late_on - obligation.deadline).days if late_on else None,
        claimed_on=claim.value if claim else None,
        claimed_source=claim.source if claim else None,
        first_seen_at=first.at,
        last_absent_at=last_absent,
        report_url=current.url,
        title=current.title,
        withdrawn_at=_withdrawn(seen, looked, gone),
        changed_at=_changed(seen),
    )


def _timeliness(
    deadline: date, first_seen: datetime, last_absent: datetime | None, claim: DateCandidate | None
) -> tuple[Status, str, date | None]:
    """Status, reason, and for a late report the day it is held to have been published."""
    absent_on = _day(last_absent) if last_absent else None
    if _day(first_seen) <= deadline:
        return Status.ON_TIME, "published", None
    if absent_on and absent_on > deadline:
        # The page may name a later day than the last look that missed it, never an earlier one.
        claimed = claim.value if claim and claim.confidence >= ACCUSING_CONFIDENCE else absent_on
        return Status.LATE, "seen_absent", max(absent_on, claimed)
    if claim and claim.value <= deadline:
        return Status.ON_TIME, "published", None
    if claim and claim.confidence >= ACCUSING_CONFIDENCE:
        return Status.LATE, "claimed_late", claim.value
    return Status.UNKNOWN, "date_unknown", None


def _wrong_document(obligation: Obligation, seen: list[Sighting], now: datetime) -> Verdict:
    """Something stands where the report should stand, but it is no report: a person has to look."""
    last = seen[-1]
    return Verdict(
        status=Status.NOT_DUE if _day(now) <= obligation.deadline else Status.UNKNOWN,
        reason="wrong_document",
        first_seen_at=seen[0].at,
        report_url=last.url,
        title=last.title,
    )


def _not_seen(obligation: Obligation, looked: list[Look], now: datetime) -> Verdict:
    overdue_on = _last_absent(looked, None)
    if _day(now) <= obligation.deadline:
        return Verdict(status=Status.NOT_DUE, reason="before_deadline")
    if overdue_on and _day(overdue_on) > obligation.deadline:
        days = (_day(overdue_on) - obligation.deadline).days  # no more than was seen
        return Verdict(status=Status.OVERDUE, reason="no_report_in_column", days_late=days)
    after = [look for look in looked if _day(look.at) > obligation.deadline]
    if not after:
        return Verdict(status=Status.UNKNOWN, reason="never_looked")
    # A healthy look that held something of which no sighting tells: a row whose page could not be understood.
    return Verdict(status=Status.UNKNOWN, reason="unreadable" if after[-1].healthy else after[-1].reason)


def publication_findings(
    obligation: Obligation, verdict: Verdict, sightings: Sequence[Sighting], statutory: date
) -> Iterator[Finding]:
    """Findings about publication itself. `statutory`: the law's last day; a local deadline may be earlier."""
    if verdict.status is Status.OVERDUE and verdict.last_absent_at:
        by_law = _day(verdict.last_absent_at) > statutory
        yield _finding(
            "roster_unit_missing",
            Severity.ERROR if by_law else Severity.WARNING,
            f"应于{_cn(obligation.deadline)}前发布，已逾期{verdict.days_late}天，"
            f"{_cn_time(verdict.last_absent_at)}巡查时栏目正常，未见发布",
            basis=BASIS if by_law else "",
            expected=f"不晚于{obligation.deadline.isoformat()}",
            found="未见发布",
        )
    elif verdict.status is Status.LATE and verdict.days_late is not None:
        published = obligation.deadline + timedelta(days=verdict.days_late)
        by_law = published > statutory
        yield _finding(
            "late_statutory" if by_law else "late_local",
            Severity.ERROR if by_law else Severity.WARNING,
            f"应于{_cn(obligation.deadline)}前发布，{_evidence(verdict, published)}，逾期{verdict.days_late}天",
            basis=BASIS if by_law else "",
            expected=f"不晚于{obligation.deadline.isoformat()}",
            found=published.isoformat(),
        )
    yield from _contradictions(verdict, sightings)
    if verdict.reason == "wrong_document":
        yield _finding(
            "wrong_document",
            Severity.ERROR,
            "标题是年度报告，但页面内容不像年度报告（没有六个部分和统计表），请人工核实",
            quote=verdict.title or "",
        )


def _contradictions(verdict: Verdict, sightings: Sequence[Sighting]) -> Iterator[Finding]:
    """Where the page's own date and what was seen do not agree, and what happened after publication."""
    claimed, absent = verdict.claimed_on, verdict.last_absent_at
    # On the day of publication itself a look may well have been earlier in the day.
    if claimed and absent and claimed < _day(absent) and _is_page_date(verdict, sightings):
        yield _finding(
            "backdated",
            Severity.WARNING,
            f"页面标注的发布日期是{_cn(claimed)}，但{_cn_time(absent)}巡查时栏目正常，尚未见到该报告，"
            f"{_cn_time(verdict.first_seen_at)}才首次见到，请核实发布日期",
            expected=f"不早于{_day(absent).isoformat()}",
            found=claimed.isoformat(),
        )
    if verdict.withdrawn_at:
        yield _finding(
            "withdrawn",
            Severity.WARNING,
            f"{_cn_time(verdict.withdrawn_at)}巡查时，原先发布的报告已不在栏目中，原网址也已打不开",
        )
    if verdict.changed_at:
        yield _finding(
            "changed_after_publication",
            Severity.HINT,
            f"{_cn_time(verdict.changed_at)}发现报告内容与先前发布的不同，前后两个版本均已留存",
        )


def _is_page_date(verdict: Verdict, sightings: Sequence[Sighting]) -> bool:
    """Whether the claimed date may be held against anyone: an address may well bear the day of the upload."""
    return any(
        date_.confidence >= ACCUSING_CONFIDENCE
        for sighting in sightings
        for date_ in sighting.dates
        if (date_.value, date_.source) == (verdict.claimed_on, verdict.claimed_source)
    )


def _finding(
    rule: str,
    severity: Severity,
    message: str,
    *,
    basis: str = "",
    quote: str = "",
    expected: str = "",
    found: str = "",
) -> Finding:
    return Finding(
        rule=rule,
        subject="publication",
        severity=severity,
        name=PUBLICATION_RULES[rule],
        message=message,
        basis=basis,
        quote=quote,
        expected=expected,
        found=found,
    )


#: Findings that come from the verdict rather than from a rule over the report's text.
PUBLICATION_RULES: Final = {
    "roster_unit_missing": "应发未发",
    "late_statutory": "超法定期限发布",
    "late_local": "超本地期限发布",
    "backdated": "发布日期与巡查记录不符",
    "withdrawn": "发布后撤回",
    "changed_after_publication": "发布后内容变动",
    "wrong_document": "所发文件不是年度报告",
}


def _evidence(verdict: Verdict, published: date) -> str:
    if verdict.reason == "claimed_late":
        return f"页面标注的发布日期是{_cn(published)}"
    return f"{_cn_time(verdict.last_absent_at)}巡查时仍未见发布"


def _last_absent(looked: list[Look], before: datetime | None) -> datetime | None:
    """The last healthy look that did not find the report (before it was first seen, where it was)."""
    absent = [look.at for look in looked if look.healthy and not look.held and (before is None or look.at < before)]
    return absent[-1] if absent else None


def _claim(seen: list[Sighting]) -> DateCandidate | None:
    """The date that the report claims: of each address its best-founded date when first fetched, of these the earliest.

    An address is not asked again later, or a changed date could undo what was found before. A date after the day when
    the report was already there is no date of its publication.
    """
    first_seen = _day(seen[0].at)
    first_claims: dict[str, DateCandidate] = {}
    for sighting in seen:
        possible = [date_ for date_ in sighting.dates if date_.value <= first_seen]
        if possible and sighting.url not in first_claims:
            first_claims[sighting.url] = max(possible, key=lambda date_: (date_.confidence, -date_.value.toordinal()))
    if not first_claims:
        return None
    claim = min(first_claims.values(), key=lambda claim: (claim.value, -claim.confidence))
    # An address without a date may be the earlier publication: then the others' dates can only clear.
    return replace(claim, confidence=0.0) if any(s.url not in first_claims for s in seen) else claim


def _gone(seen: list[Sighting], looked: list[Look]) -> dict[str, datetime]:
    """The report's addresses that answered "gone" and have not been seen since, each with the time of that look."""
    last_seen = {sighting.url: sighting.at for sighting in seen}
    gone: dict[str, datetime] = {}
    for look in looked:
        for url, at in last_seen.items():
            if url in look.held:
                gone.pop(url, None)
            elif url in look.missing and look.healthy and look.at > at:
                gone.setdefault(url, look.at)
    return gone


def _current(seen: list[Sighting], gone: Mapping[str, datetime]) -> Sighting:
    """The sighting that stands for the report: the last of the address that was seen first.

    Addresses that were fetched come before those of which only a row was seen, and standing ones before gone ones: an
    agency that mends its report often publishes it anew and takes the old one away.
    """
    standing = [sighting for sighting in seen if sighting.url not in gone] or seen
    fetched = [sighting for sighting in standing if sighting.content] or standing
    return [sighting for sighting in fetched if sighting.url == fetched[0].url][-1]


def _withdrawn(seen: list[Sighting], looked: list[Look], gone: Mapping[str, datetime]) -> datetime | None:
    """When it was found that every address of the report is gone, if nothing of it has stood in a list since."""
    if any(sighting.url not in gone for sighting in seen):
        return None
    at = max(gone.values())
    return None if any(look.held and look.at >= at for look in looked) else at


def _changed(seen: list[Sighting]) -> datetime | None:
    """When the content at an address last differed from the fetch before; A → B → A is two changes."""
    changed: datetime | None = None
    latest: dict[str, str] = {}
    for sighting in seen:
        if sighting.content and latest.setdefault(sighting.url, sighting.content) != sighting.content:
            changed = sighting.at
            latest[sighting.url] = sighting.content
    return changed


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _cn_time(at: datetime | None) -> str:
    if at is None:
        return ""
    local = at.astimezone(SHANGHAI)
    return f"{_cn(local.date())}{local:%H:%M}"
