"""Where the figures of a row belong: below their head's labels, or in the form's order if the count is right.

What the three tables of the form share; which label means what is labels.py's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from monitor.documents import labels
from monitor.documents.formats.grids import NO_CELL
from monitor.documents.numbers import read_cell
from monitor.model import Cell, Grid, Origin

_NO_DOUBTS: Final[Mapping[int, str]] = {}
_SHORT: Final = 16
#: The longest label of the form has 42 characters; more of a cell's text is not looked at.
_LONGEST: Final = 120


@lru_cache(maxsize=8192)
def is_words(text: str) -> bool:
    """Whether a cell holds words: not blank, no dash, no number, and no number that cannot be read either."""
    if not text or not read_cell(text).doubt:
        return False
    return sum("\u4e00" <= mark <= "\u9fff" for mark in text) >= 2 or labels.is_known(text)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a grid. `first`: its first text. `last`: the place of its last words, -1 where there are none.

    `figures`: whether anything but words and blanks stands behind them. `table`, `row`, `page`: where it stands, see
    `Origin`. `doubts`: place → why its text is not to be relied on.
    """

    cells: tuple[str, ...]
    first: str
    last: int
    figures: bool
    table: int = 0
    row: int = 0
    page: int = 0
    doubts: Mapping[int, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The last words of the row: its own label, right of its group's."""
        return self.cells[self.last] if self.last >= 0 else ""

    @property
    def values(self) -> tuple[str, ...]:
        """The cells behind the last words."""
        values = self.cells[self.last + 1 :]
        return tuple([text for text in values if text != NO_CELL]) if NO_CELL in values else values

    @property
    def value_places(self) -> list[int]:
        """The places of `values`."""
        return [place for place in range(self.last + 1, len(self.cells)) if self.cells[place] != NO_CELL]

    def cell(self, place: int) -> Cell:
        """What stands at a place; unread where its text is not to be relied on."""
        text = self.cells[place]
        doubt = self.doubts.get(place) if self.doubts else None
        return Cell(None, text or "?", doubt) if doubt else read_cell(text)

    @property
    def is_whole(self) -> bool:
        """Whether its words stand together: a figure between them shows that cells have slipped."""
        words = [place for place in range(self.last + 1) if is_words(self.cells[place])]
        return all(is_words(text) for text in self.cells[words[0] : self.last] if text) if words else True


@dataclass(frozen=True, slots=True)
class Placed:
    """Cells of a row by column key, with the place of each; no places where the row could not be placed."""

    cells: Mapping[str, Cell]
    places: Mapping[str, int] = field(default_factory=dict)

    def of(self, keys: Mapping[str, str]) -> Placed:
        """Some of the cells under other keys: own key → new key."""
        return Placed(
            {new: self.cells[own] for own, new in keys.items()},
            {new: self.places[own] for own, new in keys.items() if own in self.places},
        )


def lines_of(grid: Grid, number: int = 1) -> list[Line]:
    """The rows of a document's `number`th grid, each as long as its cells reach."""
    doubts: dict[int, dict[int, str]] = {}
    for (row, column), reason in grid.doubts.items():
        doubts.setdefault(row, {})[column] = reason
    return [
        _line(cells, number, row, grid.pages[row] if grid.pages else 0, doubts.get(row, _NO_DOUBTS))
        for row, cells in enumerate(grid.rows)
    ]


def _line(row: tuple[str, ...], table: int, number: int, page: int, doubts: Mapping[int, str]) -> Line:
    end = len(row)
    while end and row[end - 1] == NO_CELL:
        end -= 1
    row = row[:end]
    if max(map(len, row), default=0) > _LONGEST:
        row = tuple(text if len(text) <= _LONGEST else text[:_LONGEST] + "…" for text in row)
    last, figures = -1, False
    for place in range(len(row) - 1, -1, -1):
        text = row[place]
        if text:
            if is_words(text):
                last = place
                break
            figures = True
    return Line(row, next(filter(None, row), ""), last, figures, table, number + 1, page, doubts)


def short(label: str) -> str:
    return label if len(label) <= _SHORT else label[: _SHORT - 1] + "…"


@dataclass(slots=True)
class Draft:
    """A table while it is collected: its rows by key, and the doubts in the order met."""

    rows: dict[str, Mapping[str, Cell]] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)

    def put(self, key: str, label: str, line: Line, placed: Placed) -> None:
        """Take a row. One printed twice (page break) is one if its cells agree or one of the two is blank."""
        before, cells = self.rows.get(key), placed.cells
        if before is None or all(cell.is_blank for cell in before.values()):
            self.rows[key] = cells
            columns = {column: place + 1 for column, place in placed.places.items()}
            self.origins[key] = Origin(line.table, line.row, line.page, columns)
        elif before != cells and not all(cell.is_blank for cell in cells.values()):
            self.doubts.append(f"“{short(label)}”行出现两次，数字不同")

    def missing(self, names: Sequence[str]) -> None:
        """Note the form's rows that were not found, in a table that is there."""
        if names and (self.rows or self.doubts):
            listed = "、".join(f"“{short(name)}”" for name in names[:3])
            self.doubts.append(f"没有找到{listed}{f'等{len(names)}' if len(names) > 3 else ''}行")


class Columns:
    """The places of a table's columns by key, as its head shows them; a head cell may cover several places.

    `width`: how many places the head has. A row with more or fewer cells does not stand in these columns.
    """

    __slots__ = ("_alone", "_covered", "places", "start", "width")

    def __init__(self, places: Mapping[str, Sequence[int]], width: int) -> None:
        self.places, self.width = places, width
        self._covered = sorted(place for own in places.values() for place in own)
        self.start = self._covered[0]
        self._alone = [own[0] for own in places.values()] == list(range(self.start, width))

    def read(self, line: Line) -> Placed | None:
        """The row's cells below their labels; None where the row does not stand in these columns."""
        row = line.cells
        if len(row) != self.width:
            return None
        if self._alone and len(self._covered) == len(self.places):
            places = list(range(self.start, self.width))
        else:
            between = set(range(self.start, self.width)).difference(self._covered)
            found = [{row[place] for place in own} for own in self.places.values()]
            if any(len(own) > 1 for own in found) or any(row[place] for place in between):
                return None
            places = [own[0] for own in self.places.values()]
        texts = [row[place] for place in places]
        if NO_CELL in texts or any(map(is_words, texts)):
            return None
        return _placed(line, self.places, places)


def by_position(line: Line, keys: Sequence[str]) -> Placed | None:
    """The cells in the form's order, only where their number is exactly the form's; blanks are blank anywhere."""
    places = line.value_places
    if len(places) > len(keys) and not any(line.values):
        places = places[: len(keys)]
    return _placed(line, keys, places) if len(places) == len(keys) else None


def _placed(line: Line, keys: Iterable[str], places: Sequence[int]) -> Placed:
    return Placed(
        {key: line.cell(place) for key, place in zip(keys, places, strict=True)}, dict(zip(keys, places, strict=True))
    )


def unread(keys: Iterable[str], line: Line, reason: str) -> Placed:
    """The cells of a row that is there and cannot be placed: each keeps the whole row's text."""
    kept = " | ".join(line.values).strip(" |") or "?"
    return Placed({key: Cell(None, kept, reason) for key in keys})
