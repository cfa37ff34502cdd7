"""Cells with spans as a grid: every place filled, wrong spans tolerated, all of it bounded. Knows no format or form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final, NamedTuple, cast

from monitor.documents.numbers import read_cell
from monitor.model import Grid

#: The widest table of the form has 15 columns; fragmented ones (Excel) a few dozen.
MAX_COLUMNS: Final = 120
MAX_ROWS: Final = 2000


#: A cell as the format stores it: text, colspan, rowspan; a text alone spans nothing. A span of 0 runs to the end of
#: the table, as in HTML.
SpanCell = str | tuple[str, int, int]

#: What fills a row that is shorter than its table. It looks blank and is no blank cell: none stands there.
NO_CELL: Final = "\u00a0"

#: What earlier rows have put into a row: column → the number of the cell.
_Taken = dict[int, int]
#: The cells of a row without their texts: how many where none spans, else colspan and rowspan of each.
_Shape = int | tuple[tuple[int, int], ...]

#: A head stands at most so many rows above its figures.
_FAR: Final = 40
_ACROSS: Final = "一格数字横跨几列，不能确定属于哪一列"
_OVERLAP: Final = "单元格互相重叠，不能确定属于哪一列"
_DOWN: Final = "一格数字纵跨几行，不能确定属于哪一行"


class Wide(NamedTuple):
    """A cell that spans columns or rows, as it was placed: up to the column `end` and the row `bottom`, both excluded.

    `bottom` is `top` where a cell from above stands in its way.
    """

    cell: int
    top: int
    start: int
    end: int
    bottom: int


class _Layout(NamedTuple):
    """Which cell stands in each place of a table: for each row what takes its texts out of the texts of all cells."""

    rows: tuple[Callable[[Sequence[str]], tuple[str, ...]], ...]
    wide: tuple[Wide, ...]


def resolve(rows: Sequence[Sequence[SpanCell]]) -> Grid:
    """The grid of a table: a spanning cell's text in each place that it covers, short rows filled with NO_CELL.

    A rowspan ends with the table, a colspan at MAX_COLUMNS; where two spans claim a place, the earlier keeps it. A
    figure that stands for several rows, or below several heads, is a doubt in each place of its rows.
    """
    texts: list[str] = []
    shapes: list[_Shape] = []
    for cells in rows[:MAX_ROWS]:
        if tuple in map(type, cells):
            shapes.append(tuple([(1, 1) if isinstance(cell, str) else cell[1:] for cell in cells]))
            texts += [cell if isinstance(cell, str) else cell[0] for cell in cells]
        else:
            shapes.append(len(cells))
            texts += cast("Sequence[str]", cells)
    layout = _known_layout(tuple(shapes)) if len(texts) <= _KEPT_CELLS else _lay_out(shapes)
    texts += ("", NO_CELL)
    filled = tuple([take(texts) for take in layout.rows])
    return Grid(filled, doubts=spanning_doubts(filled, layout.wide, texts))


def text_of(cell: SpanCell) -> str:
    return cell if isinstance(cell, str) else cell[0]


# ── layout ──────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Numbers of the texts behind those of all cells: no text, and none because no cell stands there.
_BLANK: Final = -2
_NONE: Final = -1


def _lay_out(shapes: Sequence[_Shape]) -> _Layout:
    taken: dict[int, _Taken] = {}
    wide: list[Wide] = []
    placed: list[list[int]] = []
    bounds: Sequence[int] = ()
    first = 0
    for number, shape in enumerate(shapes):
        spans = ((1, 1),) * shape if isinstance(shape, int) else shape
        own = taken.pop(number, {})
        if own or any(rowspan != 1 for _, rowspan in spans):
            row = _place(spans, first, number, own, taken, wide, len(shapes))
            bounds = ()
        else:
            row, bounds = _place_alone(spans, first, number, bounds, wide)
        placed.append(row[:MAX_COLUMNS])
        first += len(spans)
    width = max(map(len, placed), default=0)
    return _Layout(tuple(_taker(row + [_NONE] * (width - len(row))) for row in placed), tuple(wide))


#: Reports written with one editor have tables of one shape.
_KEPT_CELLS: Final = 600
_known_layout: Final = lru_cache(maxsize=256)(_lay_out)


def _taker(numbers: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda texts: tuple([texts[number] for number in numbers])


def _place_alone(
    spans: Sequence[tuple[int, int]], first: int, number: int, bounds: Sequence[int], wide: list[Wide]
) -> tuple[list[int], Sequence[int]]:
    """A row that shares no cell with another, and its boundaries. `first`: the number of its first cell.

    Where the row above, alone as well, has as many cells, its boundaries count: editors drag borders apart, so that
    head and figures span different columns of what people see as one table.
    """
    row: list[int] = []
    if len(bounds) == len(spans) + 1:
        for place in range(len(spans)):
            row += [first + place] * (bounds[place + 1] - bounds[place])
        return row, bounds
    starts: list[int] = []
    for cell, (colspan, _) in enumerate(spans, first):
        start, end = len(row), min(len(row) + max(colspan, 1), MAX_COLUMNS)
        starts.append(start)
        if end - start > 1:
            wide.append(Wide(cell, number, start, end, number + 1))
        row += [cell] * (end - start)
    starts.append(len(row))
    return row, starts


def _place(
    spans: Sequence[tuple[int, int]],
    first: int,
    number: int,
    own: _Taken,
    taken: dict[int, _Taken],
    wide: list[Wide],
    count: int,
) -> list[int]:
    """The `number`th row of `count` among rowspans; what it spans down is put into the rows below."""
    row: list[int] = []
    for cell, (colspan, rowspan) in enumerate(spans, first):
        while len(row) in own:
            row.append(own[len(row)])
        start, end = len(row), min(len(row) + max(colspan, 1), MAX_COLUMNS)
        if start >= end:
            break
        if inside := [column for column in range(start, end) if column in own]:
            end = inside[0]  # a rowspan from above stands in the way
            wide.append(Wide(cell, number, start, end, number))
        row += [cell] * (end - start)
        bottom = min(number + rowspan, count) if rowspan else count
        if end - start > 1 or bottom - number > 1:
            wide.append(Wide(cell, number, start, end, bottom))
        for below in range(number + 1, bottom):
            into = taken.setdefault(below, {})
            for column in range(start, end):
                into.setdefault(column, cell)
    for column in sorted(column for column in own if column >= len(row)):  # beyond the end of a short row
        row += [_BLANK] * (column - len(row))
        row.append(own[column])
    return row


# ── doubts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def spanning_doubts(
    rows: Sequence[tuple[str, ...]], wide: Sequence[Wide], texts: Sequence[str]
) -> dict[tuple[int, int], str]:
    """All places of the rows in which cells overlap, or a figure stands for several rows or below several heads."""
    reasons: dict[int, str] = {}
    for span in wide:
        if not read_cell(texts[span.cell]).value:
            continue
        if span.bottom == span.top:
            reasons.setdefault(span.top, _OVERLAP)
        elif span.bottom - span.top > 1:
            for row in range(span.top, span.bottom):
                reasons.setdefault(row, _DOWN)
        elif not _is_one_head(rows, span):
            reasons.setdefault(span.top, _ACROSS)
    return {(row, column): reason for row, reason in reasons.items() for column in range(len(rows[row]))}


def _is_one_head(rows: Sequence[tuple[str, ...]], span: Wide) -> bool:
    """Whether the nearest words above a figure are the same over each place; without any, whether it is alone."""
    for above in reversed(rows[max(span.top - _FAR, 0) : span.top]):
        if above[span.start] and read_cell(above[span.start]).doubt:
            return len(set(above[span.start : span.end])) == 1
    return len(rows[span.top]) == span.end and span.top < _FAR
