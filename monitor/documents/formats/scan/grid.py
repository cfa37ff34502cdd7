"""Tables of pictures as drawn tables: spans by geometry, labels mended, figures between no lines in doubt.

Places are shares of the page's width, for the pages of one document come in several sizes; those across the page
(`Table.ys`, `Patch.box`) in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from monitor.documents.formats.drawn import Box, Patch, Table
from monitor.documents.formats.grids import MAX_COLUMNS, MAX_ROWS
from monitor.documents.formats.scan.cells import CellText
from monitor.documents.formats.scan.ruling import Ruling
from monitor.documents.formats.scan.text import TextLine
from monitor.documents.formats.scan.words import mended_label
from monitor.documents.placing import is_words
from monitor.model import Grid

UNRULED: Final = "表格没有完整的框线，无法确定数字所在的格"


def ruled(table: Ruling, texts: Sequence[CellText], page: int, width: int) -> Table:
    """A ruled table with what its cells say, on a sheet of that width."""
    tops, lefts = table.tops[: MAX_ROWS + 1], table.lefts[: MAX_COLUMNS + 1]
    rows: list[list[Patch | None]] = [[None] * (len(lefts) - 1) for _ in tops[1:]]
    for cell, says in zip(table.cells, texts, strict=True):
        box = Box(cell.box.left / width, cell.box.top, cell.box.right / width, cell.box.bottom)
        patch = Patch(box, mended_label(says.text), says.doubt)
        for row in rows[slice(*cell.rows)]:
            row[slice(*cell.columns)] = [patch] * len(row[slice(*cell.columns)])
    return Table([left / width for left in lefts], list(map(float, tops)), rows, [page] * len(rows))


def unruled(lines: Sequence[TextLine], page: int, width: int) -> Table:
    """Rows of words in columns as a table: its labels are to be known, its figures are all in doubt."""
    starts: list[float] = []
    ends: list[float] = []
    for _, box in sorted((word for line in lines for word in line.columns), key=lambda word: word[1].left):
        if starts and box.left < ends[-1]:
            ends[-1] = max(ends[-1], box.right)
        else:
            starts.append(box.left)
            ends.append(box.right)
    xs = [*starts[:MAX_COLUMNS], starts[MAX_COLUMNS] if len(starts) > MAX_COLUMNS else ends[-1]]
    rows: list[list[Patch | None]] = []
    for line in lines[:MAX_ROWS]:
        row: list[Patch | None] = []
        for left, right in pairwise(xs):
            text = "".join(word for word, box in line.columns if left <= box.left < right)
            place = Box(left / width, line.box.top, right / width, line.box.bottom)
            row.append(Patch(place, mended_label(text), "" if is_words(text) else UNRULED))
        rows.append(row)
    ys = [*(float(line.box.top) for line in lines[: len(rows)]), float(lines[len(rows) - 1].box.bottom)]
    return Table([x / width for x in xs], ys, rows, [page] * len(rows))


def grid_of(table: Table) -> Grid:
    """The table, all its pages together, with the labels mended that a page break had parted."""
    for patch in table.patches():
        patch.text = mended_label(patch.text)
    return table.grid()
