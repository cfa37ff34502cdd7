"""The rows of a document's grids by the heads that they stand below, with the captions that say of which year they are.

Knows whose head a row is; what stands below it is for the tables' own modules.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from monitor.documents.placing import Line, Part, Texts, beside_own, lines_of, own_places, without_cells
from monitor.documents.table_disclosure import is_disclosure_head
from monitor.documents.table_remedies import is_remedy_head
from monitor.documents.table_requests import is_request_head
from monitor.documents.table_turned import turned_back
from monitor.documents.table_years import (
    captions,
    carried,
    is_title,
    is_year_row,
    last_years_places,
    this_years_lines,
    title_of,
    without_marks,
)
from monitor.form import TABLES
from monitor.model import Grid, Paragraph

#: Whose head a row of words is; table 2 comes last, for its labels of columns are the most common words.
_HEADS: Final = (("requests", is_request_head), ("remedies", is_remedy_head), ("disclosure", is_disclosure_head))
#: A row that is a title and says a year.
_TITLE: Final = "title"


class Parts(NamedTuple):
    """The parts of a document's grids, in order.

    `notes` (Chinese): on columns and rows of last year's left out. `lost`: the tables (keys) of which there is one that
    is turned and could not be turned back.
    """

    parts: list[Part]
    notes: list[str]
    lost: set[str]


def parts_in(blocks: Sequence[Paragraph | Grid], *, year: int | None = None) -> Parts:
    """The parts of a document's grids; `year`: the report's."""
    parts: list[Part] = []
    notes: list[str] = []
    lost: set[str] = set()
    paragraphs: list[str] = []
    title: Texts = ()
    number = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            paragraphs.append(block.text)
            continue
        number += 1
        _close(parts, paragraphs)
        making = _Making(captions(paragraphs, before=title), year, notes)
        lines, turned = turned_back(block, number, lines_of(block, number))
        if turned:
            lost.add(turned)
        parts += making.parts(lines)
        title, paragraphs = making.last_title, []
    _close(parts, paragraphs)
    return Parts(parts, notes, lost)


def _close(parts: list[Part], paragraphs: Sequence[str]) -> None:
    """Give the last part the captions that stand below it."""
    if parts and (below := captions(paragraphs, below=True)):
        parts[-1] = parts[-1]._replace(below=parts[-1].below + below)


class _Making:
    """The parts of a grid in the making: one grid may hold all three tables, or a head twice.

    A title that says a year opens a part as a head does, and below the same head, unless one of its own follows.
    """

    __slots__ = ("_above", "_body", "_heads", "_is_new", "_notes", "_parts", "_places", "_table", "_year")

    def __init__(self, above: Texts, year: int | None, notes: list[str]) -> None:
        self._above, self._year, self._notes = above, year, notes
        self._parts: list[Part] = []
        self._table: str | None = None
        self._heads: list[Texts] = []
        #: Whether the head is that of no part yet.
        self._is_new = False
        self._body: list[Line] = []
        self._places: frozenset[int] = frozenset()

    @property
    def last_title(self) -> Texts:
        """The titles below the last row, of which nothing in the grid has made use: they stand over the next one."""
        return self._above

    def parts(self, lines: Sequence[Line]) -> list[Part]:
        for line, kind in zip(lines, _kinds(lines), strict=True):
            if kind is None:
                self._body.append(line)
            elif kind == _TITLE:
                self._title(title_of(line))
            else:
                self._head(kind, line.cells)
        self._end()
        return self._parts

    def _head(self, table: str, cells: Texts) -> None:
        if self._body or table != self._table:
            self._end()
        if not self._is_new:
            if table != self._table:
                self._places = frozenset()
            self._table, self._heads, self._is_new = table, [], True
        self._heads.append(cells)

    def _title(self, text: str) -> None:
        # Below a head that has a caption already, it is that of what follows.
        if self._body or (self._is_new and self._above):
            self._end(below=(text,))
            self._above = ()
        self._above += (text,)

    def _end(self, *, below: Texts = ()) -> None:
        if not self._body and not self._is_new:
            return
        heads, lines = tuple(self._heads), self._body
        if heads:
            heads, lines = self._this_years(heads, lines)
            if lines and (own := _own_places(heads)):
                lines = [beside_own(line, own) for line in lines]
        self._parts.append(Part(self._table, heads, lines, self._above, below))
        # Titles, units, and what else is no table stand between a caption and its table.
        if heads and not all(_is_one_text(line) for line in lines):
            self._above = ()
        self._is_new, self._body = False, []

    def _this_years(self, heads: tuple[Texts, ...], lines: list[Line]) -> tuple[tuple[Texts, ...], list[Line]]:
        """A head and the rows below it without what is last year's."""
        places, said = last_years_places(heads, self._year)
        if said:
            self._note(said)
            self._places = places
        elif self._places and carried(self._places, heads):
            places = self._places
        if places:
            heads, lines = without_marks(heads, places), [without_cells(line, places) for line in lines]
        if self._table == "remedies" and len(lines) > 1:
            lines, said = this_years_lines(lines, self._year)
            if said:
                self._note(said)
        return heads, lines

    def _note(self, said: str) -> None:
        self._notes.append(f"《{TABLES[self._table or '']}》里“{said}”是以前年度的数字，没有采用")


def _is_one_text(line: Line) -> bool:
    return len({text.strip() for text in line.cells} - {""}) <= 1


_own_places: Final = lru_cache(maxsize=256)(own_places)


def _kinds(lines: Sequence[Line]) -> list[str | None]:
    """For each row, the table whose head it is part of, or that it is a title; None for any other.

    A row of years belongs to the head next to it.
    """
    kinds = [_kind(line) for line in lines]
    for number, kind in enumerate(kinds):
        if kind is not None and kind != _TITLE:
            for at in (number - 1, number + 1):
                if 0 <= at < len(lines) and kinds[at] is None and is_year_row(lines[at].cells):
                    kinds[at] = kind
    return kinds


def _kind(line: Line) -> str | None:
    if line.last >= 0:
        if line.figures:
            return None
        if own := _head_of(line.cells):
            return own
    return _TITLE if is_title(line) else None


@lru_cache(maxsize=1024)
def _head_of(texts: Texts) -> str | None:
    """The table whose head a row of words is part of."""
    return next((key for key, is_head in _HEADS if is_head(texts)), None)
