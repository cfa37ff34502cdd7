"""HTML that lies or attacks: spans that are nonsense give no wrong figure, hostile pages cost little."""

from __future__ import annotations

import itertools
import re
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from monitor.documents import read_document
from monitor.documents.formats.grids import MAX_ROWS, resolve
from monitor.errors import Unreadable
from monitor.model import Grid, Report
from tests.markup import COMPOSED, Rows, as_table, read, rows_of, written, wrong

# ── hostile pages ───────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = {
    "10,000 nested tables": b"<table><tr><td>" * 10_000 + b"1",
    "600 nested tables": b"<table><tr><td>a</td><td>" * 600 + "<p>一、总体情况</p>".encode() * 5_000,
    "10 MB of cells": b"<td>" * 2_500_000,
    "a row of cells": b"<table><tr>" + b"<td>1" * 190_000,
    "a thousand million spans": b"<table>" + b"<tr><td colspan=1000000000 rowspan=1000000000>1<td>2" * 3_000,
    "figures across": b"<table>" + (b"<tr>" + b"<td colspan=2>7" * 60) * 1_500,
    "stairs of rowspans": b"<table>"
    + b"".join(b"<tr>" + b"<td>x" * (n % 120) + b"<td colspan=3 rowspan=0>7" for n in range(1_500)),
    "tables of one shape": b"".join(b"<table><tr><td>%d<td>a<tr><td>b<tr><td>c</table>" % n for n in range(15_000)),
    "deep boxes": b"<div>" * 5_000 + b"x",
    "hidden boxes": b'<span style="display:none" class=share>a</span>' * 60_000,
    "hidden copies": '<div style="display:none">自然人总体情况</div>'.encode() * 30_000,
    "nested containers": b"<div class=zoom>" * 1_500 + "总体情况".encode() * 50_000,
    "links": b'<a href="x.pdf">a</a>' * 60_000,
    "items of lists": b"<ol>" + b"<li>x" * 60_000,
    "quotes in scripts": b"<p>x<script>" + b'"' * 2_000_000 + b"'" * 2_000_000 + b"</script>",
    "nested json": b'<p>x<script type="application/json">' + b"[" * 500_000 + b"</script>",
    "one long line": b"<p>" + "一、总体情况。自然人，日期：2023".encode() * 300_000,
    "escaped tags": b"<p>" + b"&lt;p&gt;" * 500_000,
    "labels in pre": b"<pre>" + "自然人    1\n".encode() * 50_000,
    "open comments": b"<p>x" + b"<!--" * 190_000,
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_page_costs_little_time_and_at_most_one_line(kind: str) -> None:
    start = time.process_time()
    blocks, said = [], ""
    try:
        blocks = [*read_document(HOSTILE[kind]).blocks]
    except Unreadable as error:
        said = str(error)
    assert "\n" not in said
    assert all(len(block.rows) <= MAX_ROWS for block in blocks if isinstance(block, Grid))
    assert time.process_time() - start < 2


# ── spans that lie ──────────────────────────────────────────────────────────────────────────────────────────────────

TABLES = [rows_of(table) for table in re.findall(r"<table.*?</table>", COMPOSED.body, re.DOTALL)]
#: The report with a figure of its own in each cell, so that none can stand in another's place unseen.
NUMBERED: list[Rows] = []
_NUMBERS = itertools.count(101)
for _rows in TABLES:
    NUMBERED.append(
        [[(str(next(_NUMBERS)) if text[0].isdecimal() and text.replace(".", "").isdecimal() else text, *spans)
          for text, *spans in cells] for cells in _rows]
    )  # fmt: skip


def with_table(number: int, rows: Rows) -> Report:
    tables = iter([rows if place == number else table for place, table in enumerate(NUMBERED)])
    return read(written(lambda _: as_table(next(tables))))


def truth() -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for path, cell in with_table(0, NUMBERED[0]).cells():
        table, row, column = path.split(".")
        tables.setdefault(table, {}).setdefault(row, {})[column] = cell.value
    return tables


TRUTH = truth()


def test_a_figure_of_its_own_is_read_in_each_cell() -> None:
    figures = [value for rows in TRUTH.values() for columns in rows.values() for value in columns.values()]
    assert sorted(figures) == list(range(101, 301))


SPANS = st.sampled_from([0, 1, 2, 3, 5, 22, 1000, 10**9])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(
    st.integers(0, 2), st.lists(st.tuples(st.integers(0, 27), st.integers(0, 14), SPANS, SPANS), min_size=1, max_size=3)
)
def test_no_nonsense_of_spans_puts_a_figure_into_a_wrong_cell(number: int, changes: list[tuple[int, ...]]) -> None:
    rows = [list(cells) for cells in NUMBERED[number]]
    for row, place, colspan, rowspan in changes:
        cells = rows[row % len(rows)]
        cells[place % len(cells)] = (cells[place % len(cells)][0], colspan, rowspan)
    assert wrong(with_table(number, rows), TRUTH) == []


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.integers(0, 2), st.integers(0, 27), st.integers(0, 14), st.integers(2, 3), st.booleans())
def test_a_figure_that_stands_for_several_cells_is_none_of_theirs(
    number: int, row: int, place: int, count: int, across: bool
) -> None:
    rows = [list(cells) for cells in NUMBERED[number]]
    cells = rows[row % len(rows)]
    place %= len(cells)
    text = cells[place][0]
    assume(text.isdecimal() and (across or row % len(rows) + 1 < len(rows)))
    if across:
        merged = cells[place : place + count]
        cells[place : place + count] = [(text, sum(colspan for _, colspan, _ in merged), 1)]
    else:
        below = rows[row % len(rows) + 1]
        assume(len(below) > len(cells) - place and below[place - len(cells)][0].isdecimal())
        cells[place] = (text, cells[place][1], 2)
        del below[place - len(cells)]
    assert wrong(with_table(number, rows), TRUTH) == []


CELLS = st.tuples(st.text("规章57 ", max_size=2), st.integers(0, 9), st.integers(0, 9))


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8))
def test_a_grid_has_rows_of_one_length_and_loses_no_text(rows: list[list[tuple[str, int, int]]]) -> None:
    grid = resolve(rows)
    assert len(grid.rows) == len(rows)
    assert len({len(row) for row in grid.rows}) <= 1
    for cells, row in zip(rows, grid.rows, strict=True):
        assert {text for text, *_ in cells} - {""} <= set(row)
    assert all(row < len(rows) and column < len(grid.rows[row]) for row, column in grid.doubts)
