"""Tables of pictures as grids: spans by geometry, page breaks mended, figures between no lines in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.documents.formats.grids import MAX_COLUMNS, MAX_ROWS, SpanCell, resolve
from monitor.documents.formats.scan.cells import CellText
from monitor.documents.formats.scan.ruling import Ruling
from monitor.documents.formats.scan.text import TextLine
from monitor.documents.formats.scan.words import mended_label
from monitor.documents.placing import is_words
from monitor.model import Grid

UNRULED: Final = "表格没有完整的框线，无法确定数字所在的格"

#: Two tables over a page break are one if they are as wide, within this share of the page's width.
_SAME_WIDTH: Final = 0.015
#: Column edges nearer than this share of the page's width are one.
_SAME_COLUMN: Final = 0.008


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell of a table: its first row, how many rows it spans, its edges (in widths of the page), what it says."""

    row: int
    rows: int
    left: float
    right: float
    says: CellText


@dataclass(slots=True)
class ScannedTable:
    """A table as read from a picture; `pages`: the page of each row. It grows by its part on the next page.

    `left`, `right`: its edges in widths of the page, for pages come in several sizes; `top` in pixels.
    """

    cells: list[PlacedCell]
    pages: list[int]
    left: float
    right: float
    top: int

    def grow(self, other: ScannedTable) -> bool:
        """Take the rows of the table that goes on with this one after a page break; False where that one does not."""
        width, its = self.right - self.left, other.right - other.left
        if other.opens_with_words or abs(its - width) > _SAME_WIDTH:
            return False
        for cell in other.cells:
            left, right = ((edge - other.left) * width / its + self.left for edge in (cell.left, cell.right))
            self.cells.append(PlacedCell(cell.row + len(self.pages), cell.rows, left, right, cell.says))
        self.pages += other.pages
        return True

    @property
    def opens_with_words(self) -> bool:
        """Whether its first row is one of words alone: a table of its own, or one whose head is printed again."""
        first = [cell.says.text for cell in self.cells if cell.row == 0 and cell.says.text]
        return not first or all(map(is_words, first))

    def grid(self) -> Grid:
        """The table with its labels mended and its spans resolved."""
        edges = _clustered(sorted(edge for cell in self.cells for edge in (cell.left, cell.right)))
        rows: list[list[SpanCell]] = [[] for _ in self.pages]
        doubts: dict[tuple[int, int], str] = {}
        for cell in sorted(self.cells, key=lambda cell: (cell.row, cell.left)):
            start = _nearest(edges, cell.left)
            end = max(_nearest(edges, cell.right), start + 1)
            rows[cell.row].append((mended_label(cell.says.text), end - start, cell.rows))
            if cell.says.doubt:
                places = ((row, place) for row in range(cell.row, cell.row + cell.rows) for place in range(start, end))
                doubts |= dict.fromkeys(places, cell.says.doubt)
        return Grid(resolve(rows[:MAX_ROWS]).rows, tuple(self.pages[:MAX_ROWS]), doubts)


def _clustered(edges: Sequence[float]) -> list[float]:
    groups: list[list[float]] = []
    for edge in edges:
        if groups and edge - groups[-1][-1] < _SAME_COLUMN:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return [sum(group) / len(group) for group in groups][: MAX_COLUMNS + 1]


def _nearest(edges: Sequence[float], edge: float) -> int:
    return min(range(len(edges)), key=lambda number: abs(edges[number] - edge))


def ruled(table: Ruling, texts: Sequence[CellText], page: int, width: int) -> ScannedTable:
    """A ruled table with what its cells say, on a sheet of that width."""
    cells = [
        PlacedCell(cell.rows[0], cell.rows[1] - cell.rows[0], cell.box.left / width, cell.box.right / width, says)
        for cell, says in zip(table.cells, texts, strict=True)
    ]
    box = table.box
    return ScannedTable(cells, [page] * (len(table.tops) - 1), box.left / width, box.right / width, box.top)


def unruled(lines: Sequence[TextLine], page: int, width: int) -> ScannedTable:
    """Rows of words in columns as a table: its labels are to be known, its figures are all in doubt."""
    starts: list[float] = []
    ends: list[float] = []
    for _, box in sorted((word for line in lines for word in line.columns), key=lambda word: word[1].left):
        if starts and box.left < ends[-1]:
            ends[-1] = max(ends[-1], box.right)
        else:
            starts.append(box.left)
            ends.append(box.right)
    cells = []
    for row, line in enumerate(lines):
        words = line.columns
        for place, left in enumerate(starts):
            right = starts[place + 1] if place + 1 < len(starts) else ends[-1]
            text = "".join(word for word, box in words if left <= box.left < right)
            cells.append(
                PlacedCell(row, 1, left / width, right / width, CellText(text, "" if is_words(text) else UNRULED))
            )
    return ScannedTable(cells, [page] * len(lines), starts[0] / width, ends[-1] / width, lines[0].box.top)
