"""What stored facts and the time say of an obligation: a pure function. No I/O, no clock, no wording.

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
from datetime import date, datetime

from monitor.clock import SHANGHAI
from monitor.model import (
    ACCUSING_CONFIDENCE,
    DateCandidate,
    Look,
    Obligation,
    Sighting,
    Status,
    Verdict,
)
from monitor.titles import read_title


def judge(obligation: Obligation, sightings: Sequence[Sighting], looks: Sequence[Look], now: datetime) -> Verdict:
    """The verdict at `now`. Facts later than `now` do not count, so that the past can be asked about."""
    if obligation.exempt:
        return Verdict(status=Status.EXEMPT, reason="not_on_roster")
    # Sorted by all that they say, so that the verdict does not depend on the order in which facts are stored.
    seen = sorted((sighting for sighting in sightings if sighting.at <= now), key=lambda fact: (fact.at, repr(fact)))
    looked = sorted((look for look in looks if look.at <= now), key=lambda fact: (fact.at, repr(fact)))
    if any(sighting.is_report is not False for sighting in seen):
        return _published(obligation, list(_reports(seen)), looked)
    verdict = _wrong_document(obligation, seen, now) if seen else _not_seen(obligation, looked, now)
    return replace(verdict, last_absent_at=_last_absent(looked, None))


def _reports(seen: Sequence[Sighting]) -> Iterator[Sighting]:
    """What may be the report. Beside one that is, a page that could not be read counts only if titled as one."""
    is_sure = any(sighting.is_report for sighting in seen)
    for sighting in seen:
        is_guess = sighting.is_report is None and sighting.content is not None
        if sighting.is_report is False or (is_sure and is_guess and not read_title(sighting.title).is_report):
            continue
        yield sighting


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
        first_seen_by=first.taken_by,
        taken_by=current.taken_by,
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
    if overdue_on and any(look.reason == "unmatched_report" and look.at > overdue_on for look in looked):
        # What was absent then may be among what has waited since for a person to say whose it is.
        return Verdict(status=Status.UNKNOWN, reason="unmatched_report")
    if overdue_on and _day(overdue_on) > obligation.deadline:
        days = (_day(overdue_on) - obligation.deadline).days  # no more than was seen
        return Verdict(status=Status.OVERDUE, reason="no_report_in_column", days_late=days)
    after = [look for look in looked if _day(look.at) > obligation.deadline]
    if not after:
        return Verdict(status=Status.UNKNOWN, reason="never_looked")
    # A healthy look that held something of which no sighting tells: a row whose page could not be understood.
    return Verdict(status=Status.UNKNOWN, reason="unreadable" if after[-1].healthy else after[-1].reason)


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
        if sighting.taken_by:  # a saved page is never, byte for byte, what a crawl fetches
            continue
        if sighting.content and latest.setdefault(sighting.url, sighting.content) != sighting.content:
            changed = sighting.at
            latest[sighting.url] = sighting.content
    return changed


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
