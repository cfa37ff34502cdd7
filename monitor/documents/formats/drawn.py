"""What is drawn on a page of fixed layout, printed or scanned: marks, and tables as patches between column borders.

A table as drawn becomes a `Grid` when all its pages are there (`breaks.py` brings them together). Reads nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.documents.formats.grids import MAX_ROWS, NO_CELL, Wide, spanning_doubts
from monitor.model import Grid


class Box(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float


class Glyph(NamedTuple):
    """A mark upright on a page: its box (x to the right, y down, in points) and the size of its font."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass(slots=True, eq=False)
class Patch:
    """A cell as drawn: what stands in it, where, and why that is not to be relied on (or empty)."""

    box: Box
    text: str = ""
    doubt: str = ""
    lines: int = 0


@dataclass(slots=True, eq=False)
class Table:
    """A table as drawn. `xs`: its column borders. `rows`: a patch for each place, a spanning one in each it covers.

    None stands where no cell is. `open_top`, `open_bottom`: there is no border, the table goes on elsewhere. `glyphs`:
    all that stands in it, where it is made of glyphs.
    """

    xs: list[float]
    ys: list[float]
    rows: list[list[Patch | None]]
    pages: list[int] = field(default_factory=list)
    open_top: bool = False
    open_bottom: bool = False
    glyphs: list[Glyph] = field(default_factory=list)

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def patches(self) -> list[Patch]:
        return list(dict.fromkeys(patch for row in self.rows for patch in row if patch is not None))

    def grid(self) -> Grid:
        """What stands in each place, with the patches' doubts and those of figures that span rows or heads."""
        placed = self.rows[:MAX_ROWS]
        rows = [tuple(NO_CELL if patch is None else patch.text for patch in row) for row in placed]
        doubts = {
            (row, column): patch.doubt
            for row, patches in enumerate(placed)
            for column, patch in enumerate(patches)
            if patch is not None and patch.doubt
        }
        spanning = spanning_doubts(rows, *_wide(placed))
        return Grid(tuple(rows), tuple(self.pages[:MAX_ROWS]), spanning | doubts)


def _wide(rows: Sequence[Sequence[Patch | None]]) -> tuple[list[Wide], list[str]]:
    """The patches that cover more than one place, and their texts."""
    extents: dict[Patch, tuple[int, int, int, int]] = {}
    for row, patches in enumerate(rows):
        for column, patch in enumerate(patches):
            if patch is not None:
                top, start, end, _ = extents.get(patch, (row, column, 0, 0))
                extents[patch] = top, min(start, column), max(end, column + 1), row + 1
    spanning = [(patch, extent) for patch, extent in extents.items() if _places(extent) > 1]
    wide = [Wide(number, *extent) for number, (_, extent) in enumerate(spanning)]
    return wide, [patch.text for patch, _ in spanning]


def _places(extent: tuple[int, int, int, int]) -> int:
    top, start, end, bottom = extent
    return (bottom - top) * (end - start)
