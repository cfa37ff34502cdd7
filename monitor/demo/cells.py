"""The blocks of composed HTML and the places of a table's cells, for whatever prints them into another format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: its first row and column from 0, how many of each it covers, its text."""

    row: int
    column: int
    deep: int
    wide: int
    text: str


def blocks(root: HtmlElement) -> Iterator[HtmlElement]:
    """Paragraphs and tables in order, whatever they are wrapped in."""
    for element in root:
        if element.tag in ("div", "section"):
            yield from blocks(element)
        elif isinstance(element.tag, str):
            yield element


def cells(table: HtmlElement) -> list[Cell]:
    """The cells of a table in the order of their rows, spans counted."""
    found: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line.xpath("./td|./th"):
            while (row, column) in taken:
                column += 1
            wide, deep = int(cell.get("colspan", "1")), int(cell.get("rowspan", "1"))
            found.append(Cell(row, column, deep, wide, str(cell.text_content()).strip()))
            taken.update((row + down, column + along) for down in range(deep) for along in range(wide))
    return found
