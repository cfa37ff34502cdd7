"""What facts and time say of an obligation: every branch of the proof, and that nobody is accused without it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clock import SHANGHAI
from monitor.exchange import REASONS
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
from monitor.publication import PUBLICATION_RULES, Publication, publication_findings
from monitor.publication.base import LAW_49
from monitor.verdicts import judge
from monitor.views import REASON_WORDS

DEADLINE = date(2024, 1, 31)
OWED = Obligation("tz", 2023, DEADLINE)
URL, OTHER = "http://127.0.0.1/1.html", "http://127.0.0.1/2.html"
STRONG, WEAK = 0.9, ACCUSING_CONFIDENCE - 0.01


def at(text: str) -> datetime:
    """A time of the winter: "01-20" or "01-31 23:59"."""
    day, _, hour = text.partition(" ")
    return datetime.fromisoformat(f"2024-{day}T{hour or '09:00'}").replace(tzinfo=SHANGHAI)


def seen(
    when: str,
    *,
    claims: str = "",
    confidence: float = STRONG,
    url: str = URL,
    content: str | None = "a",
    is_report: bool | None = True,
    title: str = "年度报告",
) -> Sighting:
    dates = (DateCandidate(date.fromisoformat(f"2024-{claims}"), "label", confidence),) if claims else ()
    return Sighting(at=at(when), url=url, title=title, dates=dates, content=content, is_report=is_report)


def look(when: str, *held: str, sick: str = "", missing: tuple[str, ...] = ()) -> Look:
    return Look(at=at(when), healthy=not sick, reason=sick or "ok", held=held, missing=missing)


def verdict_of(*facts: Sighting | Look, now: str = "02-10", owed: Obligation = OWED) -> Verdict:
    sightings = [fact for fact in facts if isinstance(fact, Sighting)]
    return judge(owed, sightings, [fact for fact in facts if isinstance(fact, Look)], at(now))


def said(verdict: Verdict) -> tuple[str, str, int | None]:
    return str(verdict.status), verdict.reason, verdict.days_late


# ── nothing owed, nothing due ───────────────────────────────────────────────────────────────────────────────────────


def test_an_agency_that_owes_nothing_for_the_year_is_exempt_whatever_was_seen() -> None:
    exempt = replace(OWED, exempt=True)
    assert said(verdict_of(look("02-05"), owed=exempt)) == ("exempt", "not_on_roster", None)
    assert said(verdict_of(seen("02-05", claims="02-05"), owed=exempt)) == ("exempt", "not_on_roster", None)


@pytest.mark.parametrize("now", ["01-01", "01-31 00:00", "01-31 23:59"])
def test_before_the_deadline_has_passed_nothing_is_due(now: str) -> None:
    assert said(verdict_of(look("01-01"), now=now)) == ("not_due", "before_deadline", None)


def test_the_deadline_passes_at_midnight_in_shanghai() -> None:
    last = datetime.fromisoformat("2024-01-31T15:59:59+00:00")
    assert judge(OWED, [], [], last).status is Status.NOT_DUE
    assert judge(OWED, [], [], last + timedelta(seconds=1)).status is Status.UNKNOWN


# ── seen ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("when", ["01-10", "01-31 00:00", "01-31 23:59"])
def test_a_report_that_was_seen_by_the_deadline_is_on_time(when: str) -> None:
    verdict = verdict_of(look("01-05"), seen(when))
    assert said(verdict) == ("on_time", "published", None)
    assert (verdict.first_seen_at, verdict.last_absent_at) == (at(when), at("01-05"))
    assert (verdict.report_url, verdict.title) == (URL, "年度报告")


def test_a_report_seen_by_the_deadline_is_on_time_even_if_its_page_claims_a_later_day() -> None:
    assert said(verdict_of(seen("01-31", claims="02-05"))) == ("on_time", "published", None)


def test_a_report_seen_by_the_deadline_is_on_time_even_if_a_later_look_misses_it() -> None:
    assert said(verdict_of(seen("01-20"), look("02-05"))) == ("on_time", "published", None)


def test_a_row_whose_page_was_never_read_shows_that_the_report_is_there() -> None:
    assert said(verdict_of(seen("01-20", content=None, is_report=None))) == ("on_time", "published", None)


# ── seen absent ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_that_a_healthy_look_after_the_deadline_missed_is_late() -> None:
    verdict = verdict_of(look("02-03"), seen("02-08"))
    assert said(verdict) == ("late", "seen_absent", 3)
    assert verdict.last_absent_at == at("02-03")


def test_a_late_report_is_late_by_the_day_it_claims_where_that_is_possible() -> None:
    assert said(verdict_of(look("02-03"), seen("02-08", claims="02-06"))) == ("late", "seen_absent", 6)


def test_a_late_report_cannot_claim_back_the_days_on_which_it_was_absent() -> None:
    assert said(verdict_of(look("02-03"), seen("02-08", claims="01-15"))) == ("late", "seen_absent", 3)
    assert said(verdict_of(look("02-03"), seen("02-08", claims="02-01"))) == ("late", "seen_absent", 3)


def test_a_late_report_is_never_later_than_the_day_it_was_seen() -> None:
    assert said(verdict_of(look("02-03"), seen("02-08", claims="02-09"))) == ("late", "seen_absent", 3)


def test_a_look_on_the_deadline_day_that_misses_the_report_proves_no_delay() -> None:
    verdict = verdict_of(look("01-31 23:50"), seen("02-01", claims="01-31"))
    assert said(verdict) == ("on_time", "published", None)
    assert said(verdict_of(look("01-31 23:50"), seen("02-01"))) == ("unknown", "date_unknown", None)


# ── claimed ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_that_nobody_looked_for_in_time_is_late_by_its_own_well_founded_date() -> None:
    verdict = verdict_of(look("01-20"), seen("02-08", claims="02-02"))
    assert said(verdict) == ("late", "claimed_late", 2)
    assert (verdict.claimed_on, verdict.claimed_source) == (date(2024, 2, 2), "label")


@pytest.mark.parametrize("confidence", [STRONG, ACCUSING_CONFIDENCE, WEAK, 0.0])
def test_a_date_by_the_deadline_clears_however_weak_it_is(confidence: float) -> None:
    assert said(verdict_of(seen("02-08", claims="01-31", confidence=confidence))) == ("on_time", "published", None)


@pytest.mark.parametrize("confidence", [WEAK, 0.0])
def test_a_weak_date_after_the_deadline_never_accuses(confidence: float) -> None:
    assert said(verdict_of(seen("02-08", claims="02-02", confidence=confidence))) == ("unknown", "date_unknown", None)


def test_a_date_just_strong_enough_accuses() -> None:
    assert said(verdict_of(seen("02-08", claims="02-02", confidence=ACCUSING_CONFIDENCE)))[0] == "late"


def test_a_report_without_any_date_that_was_first_seen_after_the_deadline_is_unknown() -> None:
    assert said(verdict_of(seen("02-08"))) == ("unknown", "date_unknown", None)


def test_a_date_after_the_report_was_already_there_does_not_accuse() -> None:
    verdict = verdict_of(seen("02-08", claims="02-20"), now="03-01")
    assert said(verdict) == ("unknown", "date_unknown", None)
    assert verdict.claimed_on is None


def test_of_a_pages_dates_the_best_founded_counts() -> None:
    page = replace(
        seen("02-08"),
        dates=(
            DateCandidate(date(2024, 1, 15), "url", 0.3),
            DateCandidate(date(2024, 2, 2), "meta", 0.95),
            DateCandidate(date(2024, 1, 16), "list", 0.7),
        ),
    )
    assert said(verdict_of(page)) == ("late", "claimed_late", 2)


def test_a_date_that_is_changed_later_undoes_nothing() -> None:
    facts = (seen("02-08", claims="02-02"), seen("02-09", claims="01-15", content="b"))
    verdict = verdict_of(*facts)
    assert said(verdict) == ("late", "claimed_late", 2)
    assert verdict.changed_at == at("02-09")


def test_the_earliest_of_several_addresses_counts() -> None:
    assert said(verdict_of(seen("02-08", claims="02-05"), seen("02-08", claims="01-30", url=OTHER)))[0] == "on_time"


def test_an_address_without_a_date_may_be_the_earlier_one_so_the_others_do_not_accuse() -> None:
    undated = seen("02-08", url=OTHER, content=None, is_report=None)
    assert said(verdict_of(seen("02-08", claims="02-05"), undated)) == ("unknown", "date_unknown", None)
    assert said(verdict_of(seen("02-08", claims="01-30"), undated)) == ("on_time", "published", None)


# ── not seen ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_overdue_needs_a_healthy_look_after_the_deadline() -> None:
    verdict = verdict_of(look("02-05"))
    assert said(verdict) == ("overdue", "no_report_in_column", 5)
    assert verdict.last_absent_at == at("02-05")


@pytest.mark.parametrize("facts", [(), (look("01-20"),), (look("01-31 23:59"),)])
def test_without_a_look_after_the_deadline_it_is_unknown(facts: tuple[Look, ...]) -> None:
    assert said(verdict_of(*facts)) == ("unknown", "never_looked", None)


@pytest.mark.parametrize("reason", sorted({*REASONS, "unmatched_report"} - {"ok", "never_looked"}))
def test_an_unhealthy_look_never_accuses_and_its_reason_is_told(reason: str) -> None:
    assert said(verdict_of(look("01-20"), look("02-05", sick=reason))) == ("unknown", reason, None)


def test_the_last_reason_is_told() -> None:
    facts = (look("02-05", sick="portal_unreachable"), look("02-06", sick="column_lost"))
    assert said(verdict_of(*facts)) == ("unknown", "column_lost", None)


def test_a_portal_that_is_unplugged_and_plugged_in_again_gives_the_true_verdict_afterwards() -> None:
    unplugged = (look("01-10"), look("02-01", sick="portal_unreachable"), look("02-04", sick="portal_unreachable"))
    assert said(verdict_of(*unplugged)) == ("unknown", "portal_unreachable", None)
    assert said(verdict_of(*unplugged, look("02-06"))) == ("overdue", "no_report_in_column", 6)
    assert said(verdict_of(*unplugged, seen("02-06", claims="01-20"))) == ("on_time", "published", None)
    assert said(verdict_of(*unplugged, seen("02-06", claims="02-02"))) == ("late", "claimed_late", 2)


def test_a_proven_absence_stays_proven_when_the_portal_cannot_be_looked_at_any_more() -> None:
    facts = (look("02-05"), look("02-08", sick="portal_unreachable"))
    assert said(verdict_of(*facts)) == ("overdue", "no_report_in_column", 5)


@pytest.mark.parametrize("after", [(), (look("02-09", sick="portal_unreachable"),)])
def test_what_was_absent_may_be_what_has_waited_for_a_person_since(after: tuple[Look, ...]) -> None:
    facts = (look("02-05"), look("02-08", sick="unmatched_report"), *after)
    assert said(verdict_of(*facts)) == ("unknown", "unmatched_report", None)
    assert said(verdict_of(*facts, look("02-10"))) == ("overdue", "no_report_in_column", 10)


def test_what_stands_in_the_list_but_could_not_be_understood_is_no_absence() -> None:
    assert said(verdict_of(look("02-05", URL))) == ("unknown", "unreadable", None)


# ── something else stands there ─────────────────────────────────────────────────────────────────────────────────────


def test_a_wrong_document_is_unknown_and_a_person_has_to_look() -> None:
    wrong = seen("01-20", is_report=False, title="关于报送年度报告的函")
    verdict = verdict_of(wrong, look("02-05", URL))
    assert said(verdict) == ("unknown", "wrong_document", None)
    assert (verdict.report_url, verdict.title) == (URL, "关于报送年度报告的函")
    assert said(verdict_of(wrong, now="01-25")) == ("not_due", "wrong_document", None)


def test_a_wrong_document_is_never_overdue_even_if_it_is_taken_away() -> None:
    wrong = seen("01-20", is_report=False)
    assert said(verdict_of(wrong, look("02-05")))[0] == "unknown"


def test_the_right_document_after_a_wrong_one_counts_from_when_it_was_seen() -> None:
    facts = (seen("01-20", is_report=False), look("02-02", URL), seen("02-05", url=OTHER, claims="02-04"))
    assert said(verdict_of(*facts)) == ("late", "claimed_late", 4)


# ── afterwards ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_published_in_time_and_withdrawn_keeps_its_verdict() -> None:
    verdict = verdict_of(seen("01-20"), look("02-05", missing=(URL,)), look("02-06", missing=(URL,)))
    assert said(verdict) == ("on_time", "published", None)
    assert verdict.withdrawn_at == at("02-05")
    assert verdict.report_url == URL


def test_a_report_that_is_only_no_longer_listed_is_not_withdrawn() -> None:
    assert verdict_of(seen("01-20"), look("02-05")).withdrawn_at is None


def test_a_report_that_still_stands_in_the_list_is_not_withdrawn() -> None:
    assert verdict_of(seen("01-20"), look("02-05", URL, missing=(URL,))).withdrawn_at is None


def test_a_sick_look_withdraws_nothing() -> None:
    assert verdict_of(seen("01-20"), look("02-05", sick="portal_blocked", missing=(URL,))).withdrawn_at is None


@pytest.mark.parametrize("again", [look("02-06", URL), seen("02-06"), look("02-06", URL, sick="list_truncated")])
def test_a_report_that_reappears_is_no_longer_withdrawn(again: Sighting | Look) -> None:
    gone = (seen("01-20"), look("02-05", missing=(URL,)))
    assert verdict_of(*gone).withdrawn_at == at("02-05")
    assert verdict_of(*gone, again).withdrawn_at is None
    assert verdict_of(*gone, again, look("02-08", missing=(URL,))).withdrawn_at == at("02-08")


def test_a_report_is_withdrawn_only_when_all_its_addresses_are_gone() -> None:
    both = (seen("01-20"), seen("01-20", url=OTHER))
    assert verdict_of(*both, look("02-05", OTHER, missing=(URL,))).withdrawn_at is None
    assert verdict_of(*both, look("02-05", missing=(URL,)), look("02-06", missing=(OTHER,))).withdrawn_at == at("02-06")


def test_a_report_is_not_withdrawn_while_something_else_of_the_agency_stands_in_its_place() -> None:
    facts = (seen("01-20"), look("02-05", missing=(URL,)), seen("02-06", url=OTHER, is_report=False))
    assert verdict_of(*facts, look("02-06", OTHER)).withdrawn_at is None
    assert verdict_of(*facts, look("02-06")).withdrawn_at == at("02-05")


def test_a_report_that_moved_is_known_by_its_new_address() -> None:
    moved = (seen("01-20", title="旧"), look("02-05", OTHER, missing=(URL,)), seen("02-05", url=OTHER, title="新"))
    verdict = verdict_of(*moved)
    assert (verdict.report_url, verdict.title, verdict.withdrawn_at) == (OTHER, "新", None)
    assert said(verdict) == ("on_time", "published", None)


def test_a_page_that_was_read_stands_before_a_row_that_was_only_seen() -> None:
    row = seen("01-19", url=OTHER, content=None, is_report=None, title="行")
    assert verdict_of(row, seen("01-20", title="文")).report_url == URL


def test_a_change_back_is_a_second_change() -> None:
    first, second = seen("01-20", content="a"), seen("01-25", content="b")
    assert verdict_of(first).changed_at is None
    assert verdict_of(first, seen("01-22", content="a")).changed_at is None
    assert verdict_of(first, second).changed_at == at("01-25")
    assert verdict_of(first, second, seen("02-01", content="a")).changed_at == at("02-01")


def test_an_unread_page_between_two_equal_ones_is_no_change() -> None:
    between = seen("01-22", content=None, is_report=None)
    assert verdict_of(seen("01-20"), between, seen("01-25")).changed_at is None


def test_two_addresses_with_different_words_are_no_change() -> None:
    assert verdict_of(seen("01-20", content="a"), seen("01-21", content="b", url=OTHER)).changed_at is None


def test_facts_after_the_time_asked_about_do_not_count() -> None:
    facts = (seen("01-20", content="a"), look("02-05", missing=(URL,)), seen("02-06", content="b"))
    assert said(verdict_of(*facts, now="01-15")) == ("not_due", "before_deadline", None)
    early = verdict_of(*facts, now="02-01")
    assert (early.first_seen_at, early.withdrawn_at, early.changed_at) == (at("01-20"), None, None)
    assert verdict_of(*facts, now="02-05").withdrawn_at == at("02-05")
    assert said(verdict_of(look("02-05"), now="02-04")) == ("unknown", "never_looked", None)


# ── whatever the facts ──────────────────────────────────────────────────────────────────────────────────────────────

URLS = st.sampled_from([URL, OTHER])
#: Few times, so that facts often fall together.
TIMES = st.sampled_from(
    [at(f"{day} {hour}") for day in ("01-05", "01-31", "02-01", "02-05") for hour in ("00:00", "23:59")]
)
DATES = st.lists(
    st.builds(
        DateCandidate,
        st.dates(date(2023, 12, 20), date(2024, 3, 10)),
        st.sampled_from(["meta", "label", "list", "url"]),
        st.sampled_from([0.0, 0.3, WEAK, ACCUSING_CONFIDENCE, 0.7, 0.95]),
    ),
    max_size=3,
).map(tuple)
SIGHTINGS = st.lists(
    st.builds(
        Sighting,
        at=TIMES,
        url=URLS,
        title=st.sampled_from(["甲", "乙"]),
        dates=DATES,
        content=st.sampled_from([None, "", "a", "b"]),
        is_report=st.sampled_from([True, True, None, False]),
    ),
    max_size=5,
)
HEALTHY = st.builds(
    Look,
    at=TIMES,
    healthy=st.just(True),
    held=st.lists(URLS, max_size=2).map(tuple),
    missing=st.lists(URLS, max_size=2).map(tuple),
)
SICK = st.builds(
    Look,
    at=TIMES,
    healthy=st.just(False),
    reason=st.sampled_from(sorted({*REASONS} - {"ok"})),
    held=st.lists(URLS, max_size=1).map(tuple),
    missing=st.lists(URLS, max_size=2).map(tuple),
)
LOOKS = st.lists(HEALTHY | SICK, max_size=5)


def day(when: datetime) -> date:
    return when.astimezone(SHANGHAI).date()


@given(SIGHTINGS, LOOKS, TIMES)
def test_nobody_is_accused_without_the_evidence_for_it(
    sightings: list[Sighting], looks: list[Look], now: datetime
) -> None:
    verdict = judge(OWED, sightings, looks, now)
    if verdict.status not in (Status.LATE, Status.OVERDUE):
        assert verdict.days_late is None
        return
    known = [sighting for sighting in sightings if sighting.at <= now and sighting.is_report is not False]
    absent = [it for it in looks if it.at <= now and it.healthy and not it.held and day(it.at) > DEADLINE]
    assert verdict.days_late is not None
    assert verdict.days_late >= 1
    if verdict.status is Status.OVERDUE:
        assert not [sighting for sighting in sightings if sighting.at <= now]
        assert absent
        return
    first = min(sighting.at for sighting in known)
    assert day(first) > DEADLINE
    assert OWED.deadline + timedelta(days=verdict.days_late) <= day(first)
    if verdict.reason == "seen_absent":
        assert any(it.at < first for it in absent)
    else:
        assert verdict.reason == "claimed_late"
        assert any(
            date_.value == verdict.claimed_on and date_.value > DEADLINE and date_.confidence >= ACCUSING_CONFIDENCE
            for sighting in known
            for date_ in sighting.dates
        )


@given(SIGHTINGS, LOOKS, SICK, TIMES)
def test_one_more_unhealthy_look_never_accuses(
    sightings: list[Sighting], looks: list[Look], sick: Look, now: datetime
) -> None:
    before, after = judge(OWED, sightings, looks, now), judge(OWED, sightings, [*looks, sick], now)
    assert (after.status, after.days_late) == (before.status, before.days_late)
    assert after.withdrawn_at is None or before.withdrawn_at is not None


@given(SIGHTINGS, LOOKS, TIMES, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_are_stored_does_not_matter(
    sightings: list[Sighting], looks: list[Look], now: datetime, chance: random.Random
) -> None:
    verdict = judge(OWED, sightings, looks, now)
    assert judge(OWED, chance.sample(sightings, len(sightings)), chance.sample(looks, len(looks)), now) == verdict


@given(SIGHTINGS, LOOKS, TIMES)
def test_every_reason_has_words_for_people_and_every_finding_a_name(
    sightings: list[Sighting], looks: list[Look], now: datetime
) -> None:
    verdict = judge(OWED, sightings, looks, now)
    assert verdict.reason in REASON_WORDS
    case = Publication(obligation=OWED, verdict=verdict, statutory=DEADLINE, sightings=sightings, looks=looks)
    for finding in publication_findings(case):
        assert finding.name == PUBLICATION_RULES[finding.rule].name
        assert "None" not in finding.message


# ── findings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def findings(
    *facts: Sighting | Look, now: str = "02-10", owed: Obligation = OWED, statutory: date = DEADLINE
) -> dict[str, Finding]:
    sightings = [fact for fact in facts if isinstance(fact, Sighting)]
    case = Publication(
        obligation=owed,
        verdict=verdict_of(*facts, now=now, owed=owed),
        statutory=statutory,
        sightings=sightings,
        looks=[fact for fact in facts if isinstance(fact, Look)],
    )
    found = list(publication_findings(case))
    assert len({(finding.rule, finding.subject) for finding in found}) == len(found)
    return {finding.rule: finding for finding in found}


LOCAL = replace(OWED, deadline=date(2024, 1, 20))


def test_what_is_on_time_unknown_or_not_due_has_no_finding() -> None:
    assert not findings(look("01-10"), seen("01-20", claims="01-18"))
    assert not findings(look("02-05", sick="portal_unreachable"))
    assert not findings(look("01-10"), now="01-15")


def test_a_missing_report_is_an_error_by_law_with_its_evidence() -> None:
    (finding,) = findings(look("02-05 08:30")).values()
    assert (finding.rule, finding.severity, finding.basis) == ("roster_unit_missing", Severity.ERROR, LAW_49)
    assert "已逾期5天" in finding.message
    assert "2024年2月5日08:30" in finding.message


def test_a_report_missing_after_a_local_day_only_is_a_warning_that_does_not_cite_the_law() -> None:
    (finding,) = findings(look("01-25"), now="01-26", owed=LOCAL).values()
    assert (finding.rule, finding.severity, finding.basis) == ("roster_unit_missing", Severity.WARNING, "")
    # Nobody has looked since the law's own day: it is not known that it passed without a report.
    assert findings(look("01-25"), now="02-10", owed=LOCAL)["roster_unit_missing"].basis == ""
    assert findings(look("02-01"), now="02-10", owed=LOCAL)["roster_unit_missing"].basis == LAW_49


def test_a_report_after_the_laws_day_is_an_error_and_one_after_a_local_day_only_a_warning() -> None:
    late = findings(look("02-03"), seen("02-08"))["late_statutory"]
    assert (late.severity, late.basis, late.found) == (Severity.ERROR, LAW_49, "2024-02-03")
    assert "2024年2月3日09:00巡查时仍未见发布" in late.message
    local = findings(seen("02-08", claims="01-30"), owed=LOCAL)["late_local"]
    assert (local.severity, local.basis, local.found) == (Severity.WARNING, "", "2024-01-30")
    assert "页面标注的发布日期是2024年1月30日" in local.message


def test_a_date_that_a_healthy_look_contradicts_is_backdated() -> None:
    found = findings(look("01-25"), seen("01-28", claims="01-20"))
    assert list(found) == ["backdated"]
    assert (found["backdated"].expected, found["backdated"].found) == ("不早于2024-01-25", "2024-01-20")
    assert list(findings(look("02-03"), seen("02-08", claims="01-20"))) == ["late_statutory", "backdated"]


def test_a_date_on_the_day_of_the_look_that_missed_it_is_not_backdated() -> None:
    assert not findings(look("01-25 08:00"), seen("01-28", claims="01-25"))


def test_a_weak_date_is_held_against_nobody() -> None:
    """An upload's day in an address is often days before the publication."""
    assert "backdated" not in findings(look("01-25"), seen("01-28", claims="01-20", confidence=WEAK))


def test_a_sick_look_contradicts_no_date() -> None:
    assert not findings(look("01-25", sick="column_lost"), seen("01-28", claims="01-20"))


def test_what_happened_after_publication_is_told_with_its_time() -> None:
    withdrawn = findings(seen("01-20", claims="01-20"), look("02-05", missing=(URL,)))
    assert [(finding.rule, finding.severity) for finding in withdrawn.values()] == [("withdrawn", Severity.WARNING)]
    assert withdrawn["withdrawn"].found == "2024-02-05 09:00"
    changed = findings(seen("01-20", claims="01-20", content="a"), seen("01-25", claims="01-20", content="b"))
    assert [(finding.rule, finding.severity, finding.found) for finding in changed.values()] == [
        ("changed_after_publication", Severity.HINT, "2024-01-25 09:00")
    ]


def test_a_wrong_document_is_told_with_its_title() -> None:
    wrong = findings(seen("01-20", is_report=False, title="关于报送年度报告的函"))
    assert wrong["wrong_document"].quote == "关于报送年度报告的函"
    assert not findings(seen("01-20", is_report=False), seen("01-21", claims="01-21", url=OTHER))


def test_a_page_nobody_could_read_and_not_titled_as_the_report_stands_for_it_only_where_no_report_does() -> None:
    other = "http://127.0.0.1/other.html"
    guess = seen("01-10", url=other, is_report=None, title="某局2023年人才发展年度报告")
    verdict = verdict_of(guess, seen("01-20"))
    assert verdict.report_url == URL
    assert verdict.first_seen_at == at("01-20")
    assert verdict_of(guess).report_url == other
    titled = seen("01-10", url=other, is_report=None, title="某局2023年政府信息公开工作年度报告")
    assert verdict_of(titled, seen("01-20")).first_seen_at == at("01-10")
