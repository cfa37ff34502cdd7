"""Tables that are set with rows for columns, turned back: then they are read as any other, by the labels of both sides.

Only what is whole is turned: where a row has fewer cells than others nobody knows below which head its figures stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from monitor.documents import labels
from monitor.documents.formats.grids import NO_CELL
from monitor.documents.placing import Line, Texts, is_words, shape
from monitor.model import Grid

_Find = Callable[[str], str | None]
#: Table → the labels of its rows and its columns, and how many of each make one side of a turned table. Table 4 has no
#: labels of rows: its turned form is known to table_remedies.py.
_SIDES: Final[Mapping[str, tuple[_Find, int, _Find, int]]] = {
    "requests": (labels.request_row, 6, labels.request_column, 5),
    "disclosure": (labels.disclosure_row, 1, labels.disclosure_column, 1),
}
#: The labels of a side stand among so many of the first rows or columns.
_HEAD: Final = 3


def turned_back(grid: Grid, number: int, lines: list[Line]) -> tuple[list[Line], str]:
    """The lines of a document's `number`th grid, with columns for rows where it is turned; `lines`: as they stand.

    And the table of the form (key) that is turned and cannot be turned back, or "".
    """
    if not any(_may_be_head(line.cells) for line in lines if not line.figures and line.last > 0):
        return lines, ""
    turned: list[Line] = []
    lost = ""
    for is_title, group in groupby(range(len(grid.rows)), lambda row: _is_title(grid.rows[row])):
        span = list(group)
        rows = [grid.rows[row] for row in span]
        key = "" if is_title else next((key for key in _SIDES if _is_turned(key, rows)), "")
        if key and _is_even(rows):
            turned += _columns(grid, number, span)
        else:
            turned += lines[span[0] : span[-1] + 1]
            lost = lost or key
    return turned, lost


@lru_cache(maxsize=1024)
def _may_be_head(row: Texts) -> bool:
    """Whether a row of words has labels of the form's rows at the head of columns, as many as a turned table has."""
    return any(len(_meant(row[1:], row_of)) >= enough for row_of, enough, _, _ in _SIDES.values())


def _is_title(row: Texts) -> bool:
    return len(set(row) - {"", NO_CELL}) <= 1


def _is_turned(key: str, rows: Sequence[Texts]) -> bool:
    """Whether the labels of the form's rows stand at the head of columns, and those of its columns before rows."""
    sides = [[row[place] for row in rows] for place in range(min(_HEAD, len(rows[0])))]
    row_of, rows_enough, column_of, columns_enough = _SIDES[key]
    head = next((at for at, row in enumerate(rows[:_HEAD]) if len(_meant(row[1:], row_of)) >= rows_enough), None)
    if head is None:
        return False
    if any(len(_meant(side[_HEAD:], row_of)) >= rows_enough for side in sides):
        return False
    return any(
        len(_meant(side[head + 1 :], column_of)) >= columns_enough and not _meant(side[: head + 1], column_of)
        for side in sides
    )


def _is_even(rows: Sequence[Texts]) -> bool:
    """Whether all rows below the head have their labels in the same places, and as many cells.

    Where one has not, its cells have slipped, and nobody knows below which head its figures stand.
    """
    places = [frozenset(place for place, text in enumerate(row) if text and labels.is_known(text)) for row in rows]
    return not any(NO_CELL in row for row in rows) and len(set(places[_first_body(rows) :])) <= 1


def _first_body(rows: Sequence[Texts]) -> int:
    """The number of the first row that has figures."""
    return next((at for at, row in enumerate(rows) if not all(is_words(text) for text in row if text)), len(rows))


def _meant(texts: Sequence[str], find: _Find) -> set[str | None]:
    return {find(text) for text in texts if text} - {None}


def _columns(grid: Grid, number: int, span: Sequence[int]) -> list[Line]:
    """The columns of some rows of a grid as lines; where each stands is told by the row of its label, the first."""
    page = grid.pages[span[0]] if grid.pages else 0
    found = []
    for column in range(len(grid.rows[0])):
        doubts = {at: grid.doubts[row, column] for at, row in enumerate(span) if (row, column) in grid.doubts}
        cells = tuple([grid.rows[row][column] for row in span])
        found.append(Line(*shape(cells), number, span[0] + 1, page, doubts, is_turned=True))
    return found
