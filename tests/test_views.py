"""The rows of `status` and `findings`, in the contract's shape, and the words beside the codes."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from monitor.clock import SHANGHAI
from monitor.exchange import REASONS
from monitor.model import Agency, Finding, Obligation, Severity, Status, Verdict
from monitor.rows import StoredFinding
from monitor.views import (
    FINDING_HEADINGS,
    REASON_WORDS,
    STATUS_FILE_HEADINGS,
    STATUS_HEADINGS,
    finding_row,
    for_people,
    status_row,
)

AT = datetime(2024, 2, 5, 9, 30, tzinfo=SHANGHAI)
AGENCY = Agency(agency="tz", name="江南区投资促进中心", kind="institution", portal="jn", region="370000")
LATE = Verdict(
    status=Status.LATE,
    reason="seen_absent",
    days_late=3,
    claimed_on=date(2024, 2, 3),
    claimed_source="meta",
    first_seen_at=AT,
    last_absent_at=AT,
    report_url="http://127.0.0.1/1.html",
    title="年度报告",
)


def row_of(verdict: Verdict, counts: dict[str, int] | None = None) -> dict[str, object]:
    return status_row(AGENCY, Obligation("tz", 2023, date(2024, 1, 31)), verdict, counts or {})


def test_a_status_row_has_the_keys_of_the_contract_in_its_order() -> None:
    assert " ".join(row_of(LATE)) == (
        "agency name region portal year deadline status reason days_late claimed_on claimed_source first_seen_at "
        "last_absent_at report_url title withdrawn_at changed_at findings taken_in_by first_seen_by"
    )


def test_a_status_row_is_json_with_dates_and_times_as_texts() -> None:
    row = json.loads(json.dumps(row_of(LATE, {"error": 2})))
    assert (row["deadline"], row["claimed_on"]) == ("2024-01-31", "2024-02-03")
    assert row["first_seen_at"] == "2024-02-05T09:30:00+08:00"
    assert (row["withdrawn_at"], row["changed_at"]) == (None, None)
    assert row["findings"] == {"error": 2, "warning": 0, "hint": 0}


def test_what_is_not_known_is_null() -> None:
    row = row_of(Verdict(status=Status.UNKNOWN, reason="never_looked"))
    assert " ".join(key for key, value in row.items() if value is None) == (
        "days_late claimed_on claimed_source first_seen_at last_absent_at report_url title withdrawn_at changed_at"
        " taken_in_by first_seen_by"
    )


def test_a_finding_row_has_the_keys_of_the_contract() -> None:
    finding = Finding(rule="r", subject="s", severity=Severity.HINT, message="m", name="n", quote="q")
    row = finding_row(StoredFinding("tz", 2023, finding, "", AT, None, False))
    assert " ".join(row) == (
        "agency year rule name severity message basis evidence expected found explained url found_at decision "
        "id ruling changed_since"
    )
    assert row["evidence"] == {"quote": "q", "section": None, "cell": None}
    assert (row["expected"], row["url"], row["found_at"]) == (None, None, "2024-02-05T09:30:00+08:00")
    (shown,) = for_people([row], {"tz": "江南区投资促进中心"})
    assert set(FINDING_HEADINGS) <= set(shown)
    assert (shown["agency_name"], shown["severity_name"], shown["quote"]) == ("江南区投资促进中心", "提示", "q")


@pytest.mark.parametrize("status", list(Status))
def test_a_row_for_people_has_every_column_and_words_for_the_codes(status: Status) -> None:
    (shown,) = for_people([row_of(Verdict(status=status, reason="published"), {"error": 1, "hint": 2})], {})
    assert set(STATUS_HEADINGS) <= set(STATUS_FILE_HEADINGS) <= set(shown)
    assert shown["status_name"] != str(status)
    assert shown["findings_text"] == "错误1 提示2"


def test_a_time_is_shown_to_the_minute() -> None:
    (shown,) = for_people([row_of(LATE)], {})
    assert (shown["first_seen"], shown["last_absent"]) == ("2024-02-05 09:30", "2024-02-05 09:30")


def test_every_reason_that_a_look_or_a_verdict_can_give_has_words() -> None:
    verdicts = (
        "published seen_absent claimed_late date_unknown before_deadline no_report_in_column not_on_roster "
        "wrong_document unmatched_report unreadable never_looked"
    )
    assert set(REASON_WORDS) >= (set(REASONS) - {"ok"}) | set(verdicts.split())
