"""Pages of marks as blocks in reading order: tables as grids over page breaks, lettering between them as paragraphs.

Knows no file format; what stands in a page's marks is pdf_page.py's, how lines are joined pdf_text.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby, pairwise
from typing import Final

from monitor.documents.formats.breaks import append, goes_on, is_words
from monitor.documents.formats.drawn import Box, Glyph, Patch, Table
from monitor.documents.formats.pdf.loose import loose_tables
from monitor.documents.formats.pdf.marks import Rule, line_text
from monitor.documents.formats.pdf.page import Page
from monitor.documents.formats.pdf.ruled import ruled_tables
from monitor.documents.formats.pdf.text import (
    Line,
    Margins,
    is_continued,
    joined,
    lines_on,
    margins_of,
    notes_apart,
    opens_paragraph,
    paragraph_text,
    without_running_heads,
)
from monitor.model import Grid, Paragraph

_OVERFLOW: Final = "文字越过格线"
_INK: Final = "格内有图形，无法读出文字"
#: Rectangles nearer than this, in points, touch.
_BESIDE: Final = 3.0
#: So many lines give a page margins of its own; fewer, and those of the whole document count.
_ENOUGH_LINES: Final = 8

#: The least share of a page's width, and of its area, that a picture of a table takes; one that takes more than
#: `_MOST_OF_PAGE` holds running text as well. Fewer glyphs than `_CAPTION` may stand over it.
_PICTURE_WIDTH: Final = 0.4
_PICTURE_AREA: Final = 0.06
_MOST_OF_PAGE: Final = 0.5
_CAPTION: Final = 5
#: The share of white that a picture of print has; a photograph has less.
_PAPER: Final = 0.55
_NO_MARGINS: Final = Margins(0, 0, 0)

Block = Paragraph | Grid
#: What recognises a part of a page that is a picture.
Recognise = Callable[[Page, Box], Sequence[Block]]
Item = Line | Table | Box


@dataclass(slots=True)
class _Sheet:
    """A page on its way to blocks: its tables, the lines outside them, and the notes at its foot."""

    page: Page
    tables: list[Table]
    lines: list[Line]
    notes: list[Line] = field(default_factory=list)
    margins: Margins = _NO_MARGINS
    pictures: list[Box] = field(default_factory=list)

    @property
    def items(self) -> list[Item]:
        """Lines, tables and pictures from top to bottom."""
        return sorted([*self.lines, *self.tables, *self.pictures], key=_top)


def _top(item: Item) -> float:
    if isinstance(item, Line):
        return item.y
    return item.y0 if isinstance(item, Box) else item.ys[0]


def blocks_of(pages: Sequence[Page], recognise: Recognise | None = None) -> Iterator[Block]:
    """The blocks of pages that follow one another; `recognise` reads the pictures that may hold tables."""
    sheets = [_sheet(page) for page in pages]
    heights = [page.height for page in pages]
    for sheet, lines in zip(sheets, without_running_heads([sheet.lines for sheet in sheets], heights), strict=True):
        sheet.lines = lines
    _release_frames(sheets)
    for sheet in sheets:
        _find_loose(sheet)
    for above, below in pairwise(sheets):
        _take_overflow(above, below)
    every = [line for sheet in sheets for line in sheet.lines]
    common = margins_of(every, min(page.width for page in pages))
    sizes = sorted(line.size for line in every)
    for sheet in sheets:
        sheet.lines, sheet.notes = notes_apart(sheet.lines, sizes[len(sizes) // 2] if sizes else 0, sheet.page.height)
        own = margins_of(sheet.lines, sheet.page.width)
        wide = own.right - own.left > 0.9 * (common.right - common.left)
        sheet.margins = own if len(sheet.lines) >= _ENOUGH_LINES and wide else common
        if recognise is not None:
            sheet.pictures = _pictures(sheet.page)
    return _Writer(recognise).write(sheets)


def _sheet(page: Page) -> _Sheet:
    tables, rest = ruled_tables(page.glyphs, page.level, page.upright)
    # The ground of a ruled table's cells, and what hangs out of it, is no table of its own.
    fills = [box for box in page.fills if not any(_touches(box, table.box) for table in tables)]
    if fills and rest:
        coloured, left = ruled_tables(rest, *_edges(fills))
        kept = [table for table in coloured if _is_table(table)]
        tables += kept
        rest = left + [glyph for table in coloured if table not in kept for glyph in table.glyphs]
    for table in tables:
        for patch in table.patches():
            if not patch.text and page.ink is not None and page.has_ink(patch.box):
                patch.doubt = patch.doubt or _INK
    for table in tables:
        table.pages = [page.number] * len(table.rows)
    return _Sheet(page, tables, lines_on(page.number, rest))


def _pictures(page: Page) -> list[Box]:
    """The pictures of print on a page: strips of one put together, photographs and what lies under text left out."""
    joined: list[Box] = []
    for box in sorted(page.pictures, key=lambda box: box.y0):
        last = joined[-1] if joined else None
        if last and abs(last.x0 - box.x0) < 3 and abs(last.x1 - box.x1) < 3 and abs(last.y1 - box.y0) < 3:
            joined[-1] = Box(last.x0, last.y0, last.x1, box.y1)
        else:
            joined.append(box)
    return [box for box in joined if _is_print(box, page)]


def _is_print(box: Box, page: Page) -> bool:
    width, height = box.x1 - box.x0, box.y1 - box.y0
    if width < _PICTURE_WIDTH * page.width or width * height < _PICTURE_AREA * page.width * page.height:
        return False
    over = sum(box.x0 < glyph.x < box.x1 and box.y0 < glyph.y < box.y1 for glyph in page.glyphs)
    if over >= _CAPTION or page.ink is None:
        return False
    rows = slice(max(int(box.y0 * page.scale), 0), max(int(box.y1 * page.scale), 0))
    patch = page.ink[rows, max(int(box.x0 * page.scale), 0) : max(int(box.x1 * page.scale), 0)]
    return bool(patch.size) and int(patch.min()) < 128 and float((patch > 200).mean()) >= _PAPER


def _is_table(table: Table) -> bool:
    """Whether the edges of coloured rectangles are those of cells: each has its own, and most have text."""
    patches = table.patches()
    return len(table.xs) > 2 and sum(bool(patch.text) for patch in patches) * 2 > len(patches)


def _touches(box: Box, other: Box) -> bool:
    slack = _BESIDE
    return (
        box.x0 < other.x1 + slack
        and other.x0 < box.x1 + slack
        and box.y0 < other.y1 + slack
        and other.y0 < box.y1 + slack
    )


def _edges(fills: Sequence[Box]) -> tuple[list[Rule], list[Rule]]:
    """The edges of coloured rectangles as lines: of tables whose cells are coloured and have no other border."""
    level = [Rule(y, box.x0, box.x1) for box in fills for y in (box.y0, box.y1)]
    return level, [Rule(x, box.y0, box.y1) for box in fills for x in (box.x0, box.x1)]


def _release_frames(sheets: Sequence[_Sheet]) -> None:
    """Take the text out of frames: tables of one column, unless a page break has left them alone of a wider table."""
    for number, sheet in enumerate(sheets):
        for table in [table for table in sheet.tables if len(table.xs) == 2]:
            before = sheets[number - 1].items[-1:] if number and sheet.items[0] is table else []
            behind = sheets[number + 1].items[:1] if number + 1 < len(sheets) and sheet.items[-1] is table else []
            near = [item for item in [*before, *behind] if isinstance(item, Table) and len(item.xs) > 2]
            if not any(goes_on(other, table) for other in near):
                sheet.tables.remove(table)
                framed: list[Glyph] = table.glyphs
                sheet.lines = sorted([*sheet.lines, *lines_on(sheet.page.number, framed)], key=lambda line: line.y)


def _take_overflow(above: _Sheet, below: _Sheet) -> None:
    """Give cells at a page break the lines of their text that ran over the border: each keeps to its column."""
    if not above.tables or not below.tables:
        return
    last, first = max(above.tables, key=lambda table: table.ys[-1]), min(below.tables, key=lambda table: table.ys[0])
    if not goes_on(last, first):
        return
    behind = [line for line in above.lines if line.y > last.ys[-1]]
    before = [line for line in below.lines if line.y < first.ys[0]]
    if behind and behind[0].y - last.ys[-1] < 2 * behind[0].size:
        _give(above, behind, last.rows[-1], behind=True)
    if before and first.ys[0] - before[-1].y < 2 * before[-1].size:
        _give(below, before[::-1], first.rows[0], behind=False)


def _give(sheet: _Sheet, lines: Sequence[Line], row: Sequence[Patch | None], *, behind: bool) -> None:
    """Put lines to the cells of a row, all of them or none."""
    width = sum(patch.box.x1 - patch.box.x0 for patch in dict.fromkeys(row) if patch is not None)
    given: list[tuple[Patch, str]] = []
    for line in lines:
        for patch, glyphs in groupby(line.glyphs, partial(_over, row)):
            if patch is None or patch.box.x1 - patch.box.x0 > width / 2:
                return
            given.append((patch, line_text(list(glyphs))))
    for patch, text in given:
        patch.text = patch.text + text if behind else text + patch.text
        if not is_words(text):
            patch.doubt = patch.doubt or _OVERFLOW
    for line in lines:
        sheet.lines.remove(line)


def _over(row: Sequence[Patch | None], glyph: Glyph) -> Patch | None:
    """The cell of a row in whose column a glyph stands."""
    return next(
        (patch for patch in row if patch is not None and patch.box.x0 <= glyph.x0 and glyph.x1 <= patch.box.x1), None
    )


def _find_loose(sheet: _Sheet) -> None:
    """Take the tables without ruling lines out of the lines of a page."""
    glyphs = [glyph for line in sheet.lines for glyph in line.glyphs]
    tables, rest = loose_tables(glyphs, [table.box for table in sheet.tables])
    for table in tables:
        table.pages = [sheet.page.number] * len(table.rows)
    if tables:
        sheet.tables += tables
        sheet.lines = lines_on(sheet.page.number, rest)


class _Writer:
    """Blocks in the making: the table or paragraph that may go on, and notes that wait until it has ended."""

    __slots__ = ("_line", "_margins", "_notes", "_page", "_recognise", "_table", "_text")

    def __init__(self, recognise: Recognise | None) -> None:
        self._recognise = recognise
        self._table: Table | None = None
        self._text, self._page = "", 0
        self._line: Line | None = None
        self._margins = _NO_MARGINS
        self._notes: list[Paragraph] = []

    def write(self, sheets: Sequence[_Sheet]) -> Iterator[Block]:
        for sheet in sheets:
            opening = True
            for item in sheet.items:
                if isinstance(item, Table):
                    if opening and self._table is not None and goes_on(self._table, item):
                        append(self._table, item)
                    else:
                        yield from self._ended()
                        self._table = item
                elif isinstance(item, Box):
                    yield from self._ended()
                    yield from self._pictured(sheet.page, item)
                elif opening and self._table is not None and is_continued(item):
                    continue
                else:
                    yield from self._add(item, sheet.margins)
                opening = False
            self._notes += [Paragraph(paragraph_text(line.text), 0, line.page) for line in sheet.notes]
        yield from self._ended()

    def _pictured(self, page: Page, box: Box) -> Iterator[Block]:
        """What a picture says; of a small one only the tables: the rest is legends of charts and the like."""
        share = (box.x1 - box.x0) * (box.y1 - box.y0) / (page.width * page.height)
        for block in self._recognise(page, box) if self._recognise else ():
            if isinstance(block, Grid) or share > _MOST_OF_PAGE:
                yield block

    def _add(self, line: Line, margins: Margins) -> Iterator[Block]:
        before = self._line
        if before is not None and not opens_paragraph(line, before, margins, self._margins):
            self._text = joined(self._text, line.text)
        else:
            yield from self._ended()
            self._text, self._page = line.text, line.page
        self._line, self._margins = line, margins

    def _ended(self) -> Iterator[Block]:
        if self._table is not None:
            yield self._table.grid()
        if self._line is not None:
            text = paragraph_text(self._text)
            if text:
                yield Paragraph(text, 0, self._page)
        yield from self._notes
        self._table, self._line, self._notes = None, None, []
