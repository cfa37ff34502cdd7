"""A report as the contract's JSON and back: nothing is lost, nothing is renamed."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.form import DISCLOSURE_BLOCKS, REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS, REQUEST_ROWS, TABLES
from monitor.model import (
    Cell,
    CellTable,
    Contact,
    Finding,
    Outcome,
    OutcomeStatus,
    Period,
    Report,
    Section,
    Severity,
)
from monitor.wire import outcomes_to_json, report_from_json, report_to_json
from tests.strategies import days, texts, words, years

#: Amounts have at most the digits that the cell parser takes.
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False)
PRINTED = words.map(str.strip)


def _cell(value: int | Decimal) -> st.SearchStrategy[Cell]:
    """A number as printed: plainly, or in a wording of its own (１２, 3件, +5, 0.10)."""
    wordings = st.sampled_from([str(value), f"{value}件", f"+{value}", f"0{value}"])
    return st.builds(Cell, st.just(value), wordings, st.sampled_from(["", "看不清"]))


CELLS = (
    st.builds(Cell, st.none(), st.sampled_from(["", "/", "—", "-", "\\", "无", "见附件", "12 3"]) | PRINTED, PRINTED)
    | st.integers(-(10**12), 10**12).flatmap(_cell)
    | AMOUNTS.flatmap(_cell)
)


def _table(lines: dict[str, tuple[str, ...]]) -> st.SearchStrategy[CellTable]:
    """Some of a table's rows, each with some of its cells."""
    rows = {row: st.fixed_dictionaries({}, optional=dict.fromkeys(columns, CELLS)) for row, columns in lines.items()}
    return st.fixed_dictionaries({}, optional=rows)


REQUESTS = {
    line.key: tuple(column.key for column in REQUEST_COLUMNS)
    for line in (*REQUEST_ROWS["2021"][:4], *REQUEST_ROWS["2019"][-3:])
}
DISCLOSURE = {
    line.key: tuple(column.key for column in block.columns)
    for edition in ("2019", "2021")
    for block in DISCLOSURE_BLOCKS[edition]
    for line in block.rows
}
REMEDIES = {kind.key: tuple(result.key for result in REMEDY_RESULTS) for kind in REMEDY_KINDS}

REPORTS = st.builds(
    Report,
    title=st.none() | texts,
    agency=st.none() | texts,
    year=st.none() | years,
    format=st.sampled_from(["2019", "2021"]),
    period=st.none() | st.builds(Period, days, days),
    published_on=st.none() | days,
    published_source=st.none() | words,
    signed_by=st.none() | texts,
    signed_on=st.none() | days,
    contact=st.builds(Contact, *[st.none() | texts] * 4),
    preface=texts,
    sections=st.lists(
        st.builds(Section, st.none() | st.integers(1, 12), st.none() | st.integers(1, 6), texts, texts, texts),
        max_size=4,
    ).map(tuple),
    tables=st.fixed_dictionaries(
        {
            "disclosure": st.none() | _table(DISCLOSURE),
            "requests": st.none() | _table(REQUESTS),
            "remedies": st.none() | _table(REMEDIES),
        }
    ),
    doubts=st.dictionaries(st.sampled_from(sorted(TABLES)), words, max_size=2),
    is_form=st.booleans(),
)


@given(REPORTS)
def test_a_report_comes_back_from_its_json_as_it_went_in(report: Report) -> None:
    assert report_from_json(json.loads(json.dumps(report_to_json(report)))) == report


def report_with(cell: Cell) -> Report:
    return Report(
        "t", "a", 2023, "2021", tables={"disclosure": None, "requests": {"granted": {"total": cell}}, "remedies": None}
    )


@pytest.mark.parametrize(
    ("cell", "number", "raw", "unread"),
    [
        (Cell(12, "12"), 12, {}, {}),
        (Cell(0, "0"), 0, {}, {}),
        (Cell(None, ""), None, {}, {}),
        (Cell(None, "/"), None, {"requests.granted.total": "/"}, {}),
        (Cell(None, "—"), None, {"requests.granted.total": "—"}, {}),
        (Cell(12, "12件"), 12, {"requests.granted.total": "12件"}, {}),
        (Cell(Decimal("4.5"), "4.5"), 4.5, {}, {}),
        (Cell(Decimal("0.10"), "0.10"), 0.1, {"requests.granted.total": "0.10"}, {}),
        (
            Cell(None, "1 2", "不是数字"),
            None,
            {"requests.granted.total": "1 2"},
            {"requests.granted.total": "不是数字"},
        ),
    ],
)
def test_blank_dash_zero_and_unread_stay_different_things(
    cell: Cell, number: float | None, raw: dict[str, str], unread: dict[str, str]
) -> None:
    written = report_to_json(report_with(cell))
    assert written["tables"]["requests"]["granted"]["total"] == number
    assert (written["raw"], written["unread"]) == (raw, unread)
    assert written["tables"]["disclosure"] is None


@given(REPORTS)
def test_the_json_has_the_keys_of_the_contract(report: Report) -> None:
    written = report_to_json(report)
    assert {
        "title", "agency", "year", "format", "period", "published_on", "published_source", "signed_by", "signed_on",
        "contact", "sections", "tables", "raw",
    } <= set(written)  # fmt: skip
    assert set(written["contact"]) == {"address", "postcode", "phone", "email"}
    assert set(written["tables"]) == {"disclosure", "requests", "remedies"}
    assert written["period"] is None or set(written["period"]) == {"start", "end"}
    assert all({"number", "heading", "text"} <= set(section) for section in written["sections"])


def test_the_cells_have_the_keys_of_the_contract() -> None:
    refused = "state_secret by_law three_security third_party internal process enforcement inquiry"
    declined = "petition repeat publication excessive confirmation"
    results = [
        "granted", "partly_granted", *(f"refused_{ground}" for ground in refused.split()),
        "unavailable_not_held", "unavailable_to_create", "unavailable_unclear",
        *(f"declined_{ground}" for ground in declined.split()),
    ]  # fmt: skip
    others = {"2021": ["other_uncorrected", "other_unpaid", "other_rest"], "2019": ["other"]}
    for edition, rest in others.items():
        expected = ["received", "carried_in", *results, *rest, "handled", "carried_out"]
        assert [line.key for line in REQUEST_ROWS[edition]] == expected
    assert " ".join(column.key for column in REQUEST_COLUMNS) == (
        "individual business research nonprofit legal_service other total"
    )
    assert {kind: " ".join(results) for kind, results in REMEDIES.items()} == dict.fromkeys(
        ["review", "litigation_direct", "litigation_after_review"], "upheld corrected other pending total"
    )


@pytest.mark.parametrize(
    ("edition", "blocks"),
    [
        (
            "2021",
            {
                "regulations": "made repealed in_force",
                "normative_documents": "made repealed in_force",
                "permits": "decisions",
                "penalties": "decisions",
                "coercion": "decisions",
                "fees": "amount",
            },
        ),
        (
            "2019",
            {
                "regulations": "made published total_published",
                "normative_documents": "made published total_published",
                "permits": "previous change decisions",
                "other_services": "previous change decisions",
                "penalties": "previous change decisions",
                "coercion": "previous change decisions",
                "fees": "previous change",
                "procurement": "projects amount",
            },
        ),
    ],
)
def test_the_disclosure_table_has_the_keys_of_the_contract(edition: str, blocks: dict[str, str]) -> None:
    assert {
        line.key: " ".join(column.key for column in block.columns)
        for block in DISCLOSURE_BLOCKS[edition]
        for line in block.rows
    } == blocks


def test_findings_and_outcomes_are_written_as_the_contract_says() -> None:
    finding = Finding(
        rule="r", subject="s", severity=Severity.ERROR, message="m", name="n", basis="b", cell="a.b.c", expected="1"
    )
    written = outcomes_to_json(
        (
            Outcome("r", OutcomeStatus.FAIL, findings=(finding,)),
            Outcome("q", OutcomeStatus.UNKNOWN, "没有上年报告"),
        )
    )
    assert json.loads(json.dumps(written)) == {
        "findings": [
            {
                "rule": "r",
                "name": "n",
                "severity": "error",
                "message": "m",
                "basis": "b",
                "evidence": {"quote": None, "section": None, "cell": "a.b.c"},
                "expected": "1",
                "found": None,
                "explained": None,
            }
        ],
        "outcomes": [
            {"rule": "r", "status": "fail", "reason": None},
            {"rule": "q", "status": "unknown", "reason": "没有上年报告"},
        ],
    }


@pytest.mark.parametrize("raw", [{}, {"title": None}])
def test_what_is_no_report_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        report_from_json(raw)
