"""Cells with spans as a grid: every place filled, wrong spans tolerated, all of it bounded. Knows no format or form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.model import Grid

#: The widest table of the form has 15 columns; fragmented ones (Excel) a few dozen.
MAX_COLUMNS: Final = 120
MAX_ROWS: Final = 2000


#: A cell as the format stores it: text, colspan, rowspan. A span of 0 runs to the end of the table, as in HTML.
SpanCell = tuple[str, int, int]

#: What fills a row that is shorter than its table. It looks blank and is no blank cell: none stands there.
NO_CELL: Final = "\u00a0"

#: What a row hands down: column → the text that stands there and how many rows more it covers.
_Carried = dict[int, tuple[str, int]]


def resolve(rows: Sequence[Sequence[SpanCell]]) -> Grid:
    """The grid of a table: a spanning cell's text in each place that it covers, short rows filled with NO_CELL.

    A rowspan ends with the table, a colspan at MAX_COLUMNS; where two spans claim a place, the earlier keeps it.
    """
    rows = rows[:MAX_ROWS]
    placed: list[list[str]] = []
    carried: _Carried = {}
    bounds: list[int] = []
    for number, cells in enumerate(rows):
        if carried or any(cell[2] != 1 for cell in cells):
            row, carried = _place(cells, carried, len(rows) - number)
            bounds = []
        else:
            row, bounds = _place_alone(cells, bounds)
        placed.append(row)
    width = max(map(len, placed), default=0)
    return Grid(tuple([tuple(row) if len(row) == width else (*row, *[NO_CELL] * (width - len(row))) for row in placed]))


def _place_alone(cells: Sequence[SpanCell], bounds: Sequence[int]) -> tuple[list[str], list[int]]:
    """A row that shares no cell with another, and its boundaries.

    Where the row above, alone as well, has as many cells, its boundaries count: editors drag borders apart, so that
    head and figures span different columns of what people see as one table.
    """
    row: list[str] = []
    starts: list[int] = []
    if len(bounds) == len(cells) + 1:
        for number, cell in enumerate(cells):
            row += [cell[0]] * (bounds[number + 1] - bounds[number])
        return row, list(bounds)
    for text, colspan, _ in cells:
        starts.append(len(row))
        row += [text] * min(max(colspan, 1), MAX_COLUMNS - len(row))
    return row, [*starts, len(row)]


def _place(cells: Sequence[SpanCell], carried: _Carried, remaining: int) -> tuple[list[str], _Carried]:
    """A row among rowspans, and what it hands down."""
    row: list[str] = []
    below: _Carried = {}
    for text, colspan, rowspan in cells:
        if len(row) in carried:
            _carry(row, carried, below)
        if colspan == 1 == rowspan and len(row) < MAX_COLUMNS:
            row.append(text)
            continue
        down = min(rowspan or remaining, remaining) - 1
        for _ in range(min(max(colspan, 1), MAX_COLUMNS - len(row))):
            if len(row) in carried:  # a rowspan from above stands in the way
                break
            if down > 0:
                below[len(row)] = (text, down)
            row.append(text)
    for column in sorted(column for column in carried if column >= len(row)):  # beyond the end of a short row
        row += [""] * (column - len(row))
        _carry(row, carried, below)
    return row, below


def _carry(row: list[str], carried: _Carried, below: _Carried) -> None:
    while len(row) in carried:
        text, more = carried[len(row)]
        if more > 1:
            below[len(row)] = (text, more - 1)
        row.append(text)
