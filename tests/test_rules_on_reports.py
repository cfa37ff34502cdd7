"""The rules over whole reports: the five seeds, real tables checked by hand, and tables made by the hundred."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import form
from monitor.checks import RULES, Context, run
from monitor.checks.table_sums import RemedySum, RequestIdentity, RequestResultSum, RequestRowTotal
from monitor.clock import stopwatch
from monitor.model import Finding, OutcomeStatus, Report
from monitor.wire import report_from_json, report_to_json
from tests.rule_cases import build_report

SHARED = Path(__file__).parents[2] / "shared"
ARITHMETIC = [RequestIdentity, RequestResultSum, RequestRowTotal, RemedySum]
COLUMNS = [line.key for line in form.REQUEST_COLUMNS if line.key != "total"]

#: What domain.md section 4 lists for these rules, seed by seed: (rule, severity, words of the quote).
SEEDS = {
    "000": [("channel_sum_exceeds_total", "error", "228")],
    "001": [("section_heading_nonstandard", "warning", "四、因"), ("title_nonstandard", "hint", "2023年度")],
    "002": [("section_heading_nonstandard", "warning", "统计表"), ("section_heading_nonstandard", "warning", "因政府")],
    "003": [("contact_missing", "error", ""), ("period_missing", "error", "")],
    "004": [("contact_incomplete", "warning", "0537-4498828")],
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared with the seed reports is not here")
@pytest.mark.parametrize("seed", SEEDS)
def test_each_seed_fires_what_was_found_by_hand_and_nothing_else(seed: str) -> None:
    from monitor.documents import read_document, read_report

    (path,) = (SHARED / "seeds" / "html").glob(f"{seed}_*.html")
    findings = findings_in(read_report(read_document(path.read_bytes(), name=path.name)), year=2023)
    fired = sorted((finding.rule, str(finding.severity), finding.quote) for finding in findings)
    assert [row[:2] for row in fired] == [row[:2] for row in SEEDS[seed]]
    sums = [finding.found for finding in findings if finding.rule == "channel_sum_exceeds_total"]
    assert sums == (["251"] if seed == "000" else [])
    assert all(words in row[2] for row, (_, _, words) in zip(fired, SEEDS[seed], strict=True))


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared with the real reports is not here")
@pytest.mark.parametrize("name", ["shanghai_office_2019", "hongze_2024"])
def test_the_tables_of_a_real_report_raise_no_false_alarm(name: str) -> None:
    truth = json.loads((SHARED / "reports" / f"{name}.truth.json").read_text("utf-8"))["report"]
    report = report_from_json({**report_to_json(build_report()), **truth})
    outcomes = run(Context(report), ARITHMETIC)
    assert [finding for outcome in outcomes for finding in outcome.findings] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared with the real reports is not here")
def test_a_real_report_that_leaves_totals_blank_is_not_accused() -> None:
    from monitor.documents import read_document, read_report

    path = SHARED / "reports" / "shanghai_office_2019.html"
    report = read_report(read_document(path.read_bytes(), name=path.name))
    assert report.year == 2019
    outcomes = {outcome.rule: outcome for outcome in run(Context(report))}
    fired = {rule for rule, outcome in outcomes.items() if outcome.findings}
    assert fired == {"contact_missing", "title_nonstandard"}
    assert outcomes["t3_identity"].status is OutcomeStatus.PASS
    assert outcomes["t3_row_total"].status is OutcomeStatus.UNKNOWN


# ── tables made by the hundred ──────────────────────────────────────────────────────────────────────────────────────


@st.composite
def sound_tables(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """An edition, and tables 3 and 4 of it in which every identity holds."""
    edition = draw(st.sampled_from(["2021", "2019"]))
    count = st.integers(0, 3) | st.integers(0, 20000)
    requests: dict[str, dict[str, int]] = {row.key: {} for row in form.REQUEST_ROWS[edition]}
    results = [row for row in requests if form.is_result_row(row)]
    for column in COLUMNS:
        for row in results:
            requests[row][column] = draw(count) if draw(st.integers(0, 3)) == 0 else 0
        handled = sum(requests[row][column] for row in results)
        carried_out = draw(count)
        carried_in = draw(st.integers(0, handled + carried_out))
        requests["handled"][column], requests["carried_out"][column] = handled, carried_out
        requests["carried_in"][column] = carried_in
        requests["received"][column] = handled + carried_out - carried_in
    for row in requests.values():
        row["total"] = sum(row.values())
    remedies = {}
    for kind in form.REMEDY_KINDS:
        four = {line.key: draw(count) for line in form.REMEDY_RESULTS if line.key != "total"}
        remedies[kind.key] = {**four, "total": sum(four.values())}
    return edition, {"requests": requests, "remedies": remedies}


@settings(max_examples=60, deadline=None)
@given(sound_tables())
def test_sound_tables_pass_all_arithmetic(made: tuple[str, dict[str, Any]]) -> None:
    assert {outcome.status for outcome in run(Context(report_with(*made)), ARITHMETIC)} == {OutcomeStatus.PASS}


@settings(max_examples=60, deadline=None)
@given(sound_tables(), st.data())
def test_sound_tables_with_blanks_for_zeros_or_without_totals_raise_no_alarm(
    made: tuple[str, dict[str, Any]], data: st.DataObject
) -> None:
    edition, tables = made
    no_totals = data.draw(st.booleans())
    for rows in tables.values():
        for cells in rows.values():
            for key, value in cells.items():
                if value == 0 or (no_totals and key == "total"):
                    cells[key] = None
    assert findings_in(report_with(edition, tables), rules=ARITHMETIC) == []


@settings(max_examples=150, deadline=None)
@given(sound_tables(), st.data())
def test_any_changed_number_is_caught_by_every_identity_it_belongs_to(
    made: tuple[str, dict[str, Any]], data: st.DataObject
) -> None:
    edition, tables = made
    table = data.draw(st.sampled_from(["requests", "remedies"]))
    row = data.draw(st.sampled_from(sorted(tables[table])))
    column = data.draw(st.sampled_from(sorted(tables[table][row])))
    changed = copy.deepcopy(tables)
    changed[table][row][column] += data.draw(st.integers(-9, 9).filter(bool))
    found = {(finding.rule, finding.cell) for finding in findings_in(report_with(edition, changed), rules=ARITHMETIC)}
    assert found == identities_of(table, row, column)


_WORDS = [
    "其中",
    "217条",
    "，",
    "。",
    "；",
    "（",
    "）",
    "网站",
    "23条",
    "90件",
    "包括：",
    "申请",
    "“",
    "”",
    "2022年",
    "含",
    " ",
]


@given(st.lists(st.sampled_from(_WORDS) | st.text(max_size=4), max_size=40).map("".join))
def test_no_text_breaks_a_rule(text: str) -> None:
    report = build_report({"title": text, "preface": text, "sections.1.text": text, "period": None, "contact": None})
    assert OutcomeStatus.ERROR not in {outcome.status for outcome in run(Context(report))}


def test_a_hostile_page_is_checked_in_little_time() -> None:
    text = "".join(("统计1 数据其中217条，（“网站", "a" * 50, "电话0531-")) * 8000
    started = stopwatch()
    run(Context(build_report({"preface": text, "sections.1.text": text[:9000], "period": None, "contact": None})))
    assert stopwatch() - started < 2


def identities_of(table: str, row: str, column: str) -> set[tuple[str, str]]:
    """The identities that a cell belongs to, as (rule, cell)."""
    if table == "remedies":
        return {("t4_sum", f"remedies.{row}.total")}
    identities = {("t3_row_total", f"requests.{row}.total")}
    if form.is_result_row(row) or row == "handled":
        identities.add(("t3_result_sum", f"requests.handled.{column}"))
    if not form.is_result_row(row):
        identities.add(("t3_identity", f"requests.handled.{column}"))
    return identities


def report_with(edition: str, tables: dict[str, Any]) -> Report:
    return build_report({"format": edition, "year": 2020 if edition == "2019" else 2023, "tables": tables})


def findings_in(report: Report, *, year: int | None = None, rules: Any = RULES) -> list[Finding]:
    return [finding for outcome in run(Context(report, year=year), rules) for finding in outcome.findings]
