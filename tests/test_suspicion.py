"""Figures of a scan that break the form's sums: what may be misread is unread, what cannot be stays."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from monitor.documents.suspicion import could_be_misread, doubt_by_identity
from monitor.form import REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS, REQUEST_ROWS, is_result_row
from monitor.model import Cell, CellTable, Report

*KINDS, TOTAL = (column.key for column in REQUEST_COLUMNS)
*OUTCOMES, WHOLE = (result.key for result in REMEDY_RESULTS)
RESULTS = [row.key for row in REQUEST_ROWS["2021"] if is_result_row(row.key)]


def valid_tables(rng: random.Random) -> dict[str, dict[str, dict[str, int]]]:
    """Tables 3 and 4 in which all sums hold."""

    def count() -> int:
        return 0 if rng.random() < 0.5 else rng.randint(1, 300)

    requests = {row: {kind: count() for kind in KINDS} for row in (*RESULTS, "carried_out")}
    requests["handled"] = {kind: sum(requests[row][kind] for row in RESULTS) for kind in KINDS}
    through = {kind: requests["handled"][kind] + requests["carried_out"][kind] for kind in KINDS}
    requests["carried_in"] = {kind: rng.randint(0, through[kind]) for kind in KINDS}
    requests["received"] = {kind: through[kind] - requests["carried_in"][kind] for kind in KINDS}
    remedies = {kind.key: {outcome: count() for outcome in OUTCOMES} for kind in REMEDY_KINDS}
    for row in requests.values():
        row[TOTAL] = sum(row.values())
    for row in remedies.values():
        row[WHOLE] = sum(row.values())
    return {"requests": requests, "remedies": remedies}


def report_of(tables: dict[str, dict[str, dict[str, int]]]) -> Report:
    cells: dict[str, CellTable | None] = {
        table: {
            row: {column: Cell(value, str(value)) for column, value in columns.items()} for row, columns in rows.items()
        }
        for table, rows in tables.items()
    }
    return Report("", "", 2023, "2021", tables=cells, is_scan=True)


def misread(rng: random.Random, text: str) -> str:
    """A figure with one digit confused, lost or doubled."""
    place = rng.randrange(len(text))
    kind = rng.choice(["confused", "doubled", "lost"] if len(text) > 1 else ["confused", "doubled"])
    if kind == "lost":
        return str(int(text[:place] + text[place + 1 :]))
    if kind == "doubled":
        return text[: place + 1] + text[place:]
    others = [digit for digit in "0123456789" if digit != text[place] and (place or len(text) == 1 or digit != "0")]
    return text[:place] + rng.choice(others) + text[place + 1 :]


@given(st.integers(0, 2**32))
def test_a_misread_figure_never_survives_where_a_sum_covers_it(seed: int) -> None:
    rng = random.Random(seed)
    tables = valid_tables(rng)
    table = rng.choice(sorted(tables))
    row = rng.choice(sorted(tables[table]))
    column = rng.choice(sorted(tables[table][row]))
    meant = str(tables[table][row][column])
    read = misread(rng, meant)
    if len(meant) > 1 and len(read) < len(meant) - 1:
        return  # leading zeros fell away with the digit: more than one slip
    tables[table][row][column] = int(read)
    cell = doubt_by_identity(report_of(tables)).cell(f"{table}.{row}.{column}")
    assert cell is not None
    if read.lstrip("0") != meant.lstrip("0"):
        assert cell.value is None
        assert cell.doubt
        assert cell.text == str(int(read))


@given(st.integers(0, 2**32))
def test_tables_whose_sums_hold_stay_as_they_are(seed: int) -> None:
    report = report_of(valid_tables(random.Random(seed)))
    assert doubt_by_identity(report) is report


def test_a_sum_that_no_single_slip_explains_stays_the_agency_s() -> None:
    tables = valid_tables(random.Random(1))
    tables["remedies"]["review"] = {"upheld": 12, "corrected": 20, "other": 31, "pending": 40, "total": 259}
    report = report_of(tables)
    assert doubt_by_identity(report) is report


def test_the_same_figure_misread_twice_is_caught_by_another_sum() -> None:
    tables = valid_tables(random.Random(2))
    zero = dict.fromkeys(KINDS, 0) | {TOTAL: 0}
    tables["requests"] = {row: dict(zero) for row in tables["requests"]}
    for row in ("received", "granted", "handled"):
        tables["requests"][row] |= {"individual": 95, TOTAL: 95}
    tables["requests"]["received"] |= {"individual": 96, TOTAL: 96}
    report = doubt_by_identity(report_of(tables))
    for path in ("received.individual", "received.total", "handled.individual"):
        cell = report.cell(f"requests.{path}")
        assert cell is not None
        assert cell.value is None
    kept = report.cell("requests.granted.business")
    assert kept is not None
    assert kept.value == 0


def test_a_sum_with_an_unread_cell_says_nothing() -> None:
    tables = report_of(valid_tables(random.Random(3))).tables
    remedies = {**(tables["remedies"] or {})}
    remedies["review"] = {**remedies["review"], "upheld": Cell(None, "?", "没有把握"), "total": Cell(9999, "9999")}
    report = Report("", "", 2023, "2021", tables={"remedies": remedies}, is_scan=True)
    assert doubt_by_identity(report) is report


def test_slips_of_reading() -> None:
    assert could_be_misread(Cell(96, "96"), 95)
    assert could_be_misread(Cell(1, "1"), 11)
    assert could_be_misread(Cell(22, "22"), 2)
    assert could_be_misread(Cell(None, ""), 4)
    assert could_be_misread(Cell(None, "/"), 1)
    assert not could_be_misread(Cell(None, "/"), 4)
    assert not could_be_misread(Cell(95, "95"), 59)
    assert could_be_misread(Cell(3, "3"), -3)
    assert not could_be_misread(Cell(3, "3"), -4)
    assert not could_be_misread(Cell(0, "0"), 120)
