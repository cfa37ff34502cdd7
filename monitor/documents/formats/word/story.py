"""Word's main text as blocks in reading order: paragraphs with their numbers, tables as grids, text boxes.

Reads each paragraph once and in order, for numbers and pages are counted on the way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from lxml import etree

from monitor.documents.formats.grids import NO_CELL, Wide, spanning_doubts
from monitor.documents.formats.web.blocks import holds_article, is_prose, join_lines
from monitor.documents.formats.word.cells import Box, Layout, lay_out
from monitor.documents.formats.word.numbering import Numbering
from monitor.documents.formats.word.styles import Style, Styles, heading_level
from monitor.documents.formats.word.text import (
    PAGE_BREAK,
    Inline,
    InlineReader,
    branches,
    control_content,
)
from monitor.documents.formats.word.xml import MC, VAL, Properties, W, properties, switch, val, whole
from monitor.model import Grid, Paragraph
from monitor.text import clean

Block = Paragraph | Grid

_PARAGRAPH: Final = W + "p"
_TABLE: Final = W + "tbl"
_WRAPPERS: Final = frozenset(W + name for name in ("customXml", "ins", "moveTo", "smartTag", "sdtContent"))
_LINES: Final = re.compile(f"[\n{PAGE_BREAK}]")
_WORDS: Final = re.compile(r"[\u4e00-\u9fff]")
_MARK_GONE: Final = frozenset({W + "del", W + "moveFrom"})

_KEPT: Final = 80
_clean_short: Final = lru_cache(maxsize=8192)(clean)

#: What a story leaves out, with the line that says so.
PICTURES: Final = "文中有{}处图片，图片里的文字没有读取"
OBJECTS: Final = "文中有{}个嵌入的对象（如 Excel 表格），没有读取"
NOTES: Final = "文中有{}处脚注或尾注，注文没有读取"
CHUNKS: Final = "文中有{}处引用了另一个文件（altChunk、子文档），其内容没有读取"
CUT: Final = "文中有{}个表格过大，超出的行、列没有读取"


@dataclass(slots=True)
class _Cell:
    """A cell as read: its blocks, and why its text is not what people see (empty: it is).

    `text`: its own lines, without those of a table in it; lines of a wrapped label join, two numbers stay two.
    """

    blocks: list[Block] = field(default_factory=list)
    text: str = ""
    doubt: str = ""

    @property
    def page(self) -> int:
        """The page of its first words; 0 where it is blank."""
        return next((block.page for block in self.blocks if isinstance(block, Paragraph) and block.text), 0)


class Story:
    """Reads the parts of a document in order. `left_out`: how often what was not read.

    `turns`: the mark that counts as a new page, PAGE_TURNED or PAGE_BREAK; empty where pages cannot be told.
    """

    def __init__(self, styles: Styles, numbering: Numbering, *, turns: str) -> None:
        self._styles, self._numbering, self._turns = styles, numbering, turns
        self._inline = InlineReader(styles)
        self._page = 1
        self._begun = False
        self.left_out: Counter[str] = Counter()
        self.lists_missing = False

    def blocks(self, node: etree._Element) -> Iterator[Block]:
        """The blocks of a body or a text box."""
        return _shown([block for block, _ in self._blocks(node)])

    def _blocks(self, node: etree._Element) -> Iterator[tuple[Block, str]]:
        """The blocks of a container, each with the doubt of its paragraph."""
        carried = ""
        for child in _flat(node):
            if carried and child.tag != _PARAGRAPH:
                yield from ((line, "") for line in self._lines(carried, 0))
                carried = ""
            if child.tag == _TABLE:
                for block in self._table(child):
                    yield block, ""
            elif child.tag == _PARAGRAPH:
                carried, found = self._paragraph(child, carried)
                yield from found
            else:
                self.left_out[CHUNKS] += 1
                yield Paragraph(""), "格内引用了另一个文件，其内容没有读取"
        yield from ((line, "") for line in self._lines(carried, 0))

    # ── paragraphs ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _paragraph(self, element: etree._Element, carried: str) -> tuple[str, list[tuple[Block, str]]]:
        """The blocks of a paragraph and its text boxes, or its text to be carried over where its mark is gone."""
        own = properties(element, "pPr")
        style = self._styles.paragraph(val(own, "pStyle"))
        inline = self._inline.read(element, hidden=style.hidden)
        text = carried + inline.text
        if own and _mark_is_gone(own):
            return text, self._beside(inline, [], "")
        number = self._number(own, style) if own or style.number else ""
        doubt = "格内有自动编号" if number and not _WORDS.search(text) else ""
        level = heading_level(own)
        if own and self._begun and switch(own, "pageBreakBefore"):
            text = PAGE_BREAK + text
        lines = self._lines(text, style.level if level is None else level, number) if text or doubt else []
        self._begun = True
        if own and _ends_section(own):
            self._turn(PAGE_BREAK)
        return "", self._beside(inline, [] if style.is_contents else lines, doubt)

    def _beside(self, inline: Inline, lines: list[Paragraph], doubt: str) -> list[tuple[Block, str]]:
        """A paragraph's lines with what stands beside them: text boxes and word art, in the order people read."""
        if not inline.is_mixed:
            return [(line, doubt) for line in lines] or ([(Paragraph(""), doubt)] if doubt else [])
        self.left_out[PICTURES] += inline.pictures - min(inline.objects, inline.pictures)
        self.left_out[OBJECTS] += inline.objects
        self.left_out[NOTES] += inline.notes
        boxes = [(behind, block) for behind, box in inline.boxes for block in self.blocks(box)]
        before: list[Block] = [block for behind, block in boxes if not behind]
        before += [Paragraph(art, 0, self._page if self._turns else 0) for art in map(clean, inline.art) if art]
        after = [block for behind, block in boxes if behind]
        doubt = inline.doubt or ("格内有文本框" if before or after else "") or _picture_doubt(inline) or doubt
        blocks = [*before, *lines, *after]
        return [(block, doubt) for block in (blocks or [Paragraph("")])]

    def _lines(self, text: str, level: int, number: str = "") -> list[Paragraph]:
        """A paragraph's lines as people break them; the number stands before the first, which alone is the heading."""
        if number and text.strip():
            blank = len(text) - len(text.lstrip())
            text = text[:blank] + number + text[blank:]
        found = []
        for turned, line in _pieces(text):
            self._turn(turned)
            start = len(line) - len(line.lstrip())
            self._turn(line[:start])
            shown = _clean_short(line) if len(line) <= _KEPT else clean(line)
            if shown:
                found.append(Paragraph(shown, level, self._page if self._turns else 0))
                level = 0
            self._turn(line[start:])
        return found

    def _turn(self, text: str) -> None:
        if self._turns:
            self._page += text.count(self._turns)

    def _number(self, own: Properties, style: Style) -> str:
        """The automatic number of a paragraph, by its own properties or its style's; counted even where it is blank."""
        listed = properties(own.get(W + "numPr"))
        direct = val(listed, "numId")
        number = style.number if direct is None else direct
        if number is None or number == "0":
            return ""
        if number not in self._numbering:
            self.lists_missing = True
            return ""
        place = val(listed, "ilvl")
        if place is not None:
            return self._numbering.next(number, whole(place, 0))
        reserved = self._numbering.level_of_style(number, style.owner) if direct is None else None
        return self._numbering.next(number, reserved if reserved is not None else style.place or 0)

    # ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _table(self, table: etree._Element) -> Iterator[Block]:
        """A table of data as grids, the prose in its rows as paragraphs; one that arranges the page as its cells."""
        layout = lay_out(table)
        self.left_out[CUT] += layout.cut
        cells: dict[Box, _Cell] = {}
        pages = [self._row(boxes, cells) for boxes in layout.rows]
        if _only_arranges([[cells[box] for box in boxes] for boxes in layout.rows]):
            for boxes in layout.rows:
                for box in boxes:
                    yield from _shown(cells[box].blocks)
            return
        part: list[int] = []
        for number, boxes in enumerate(layout.rows):
            if len(boxes) == 1 and len(set(layout.places[number]) - {None}) == 1 and _is_prose(boxes[0], cells):
                yield from _grid(layout, part, cells, pages if self._turns else ())
                yield from _shown(cells[boxes[0]].blocks)
                part = []
            else:
                part.append(number)
        yield from _grid(layout, part, cells, pages if self._turns else ())

    def _row(self, boxes: Sequence[Box], cells: dict[Box, _Cell]) -> int:
        """Read the cells of a row, which all begin on one page; the page of the row's first words."""
        start = end = self._page
        for box in boxes:
            self._page = start
            cells[box] = self._cell(box)
            end = max(end, self._page)
        self._page = end
        return next((page for box in boxes if (page := cells[box].page)), start)

    def _cell(self, box: Box) -> _Cell:
        cell = _Cell()
        for block, doubt in self._blocks(box.element):
            cell.blocks.append(block)
            cell.doubt = cell.doubt or doubt or ("格内还有一个表格" if isinstance(block, Grid) else "")
        if box.changed:
            cell.doubt = "这一行有增删单元格的修订尚未接受"
        own = [block for block in cell.blocks if isinstance(block, Paragraph)]
        cell.text = own[0].text if len(own) == 1 else join_lines(block.text for block in own if block.text)
        return cell


def _flat(node: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs, tables and references of a container, through content controls and other wrappers."""
    for child in node:
        tag = child.tag
        if tag in (_PARAGRAPH, _TABLE, W + "altChunk", W + "subDoc"):
            yield child
        elif tag in _WRAPPERS:
            yield from _flat(child)
        elif tag == W + "sdt":
            content = None if _is_contents(child) else control_content(child)
            yield from _flat(content) if content is not None else ()
        elif tag == MC + "AlternateContent":
            yield from next(filter(None, (list(_flat(branch)) for branch in branches(child))), [])


def _is_contents(control: etree._Element) -> bool:
    """Whether a content control is the table of contents that Word makes: it says nothing that does not come again."""
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(VAL) == "Table of Contents"


def _mark_is_gone(own: Properties) -> bool:
    """Whether a paragraph's mark is deleted or hidden, so that the next paragraph runs on in its line."""
    mark = properties(own.get(W + "rPr"))
    return bool(mark) and (not _MARK_GONE.isdisjoint(mark) or bool(switch(mark, "vanish")))


def _ends_section(own: Properties) -> bool:
    """Whether a section ends with a paragraph, and its page with it."""
    section = own.get(W + "sectPr")
    return section is not None and val(properties(section), "type") not in ("continuous", "nextColumn")


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The lines of a text, each with the break before it."""
    start, mark = 0, ""
    for found in _LINES.finditer(text):
        yield mark, text[start : found.start()]
        start, mark = found.end(), found[0]
    yield mark, text[start:]


def _picture_doubt(inline: Inline) -> str:
    if inline.objects:
        return "格内是嵌入的对象，其中的数字没有读取"
    return "格内有图片，图片里的数字没有读取" if inline.pictures else ""


def _words(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (block.text,) if block.text else ()
        else:
            yield from (text for row in block.rows for text in row if text and text != NO_CELL)


def _shown(blocks: Sequence[Block]) -> Iterator[Block]:
    return (block for block in blocks if not isinstance(block, Paragraph) or block.text)


def _only_arranges(rows: Sequence[Sequence[_Cell]]) -> bool:
    """Whether a table arranges the page: one cell, an article in a cell, or tables in cells and no rows of its own."""
    cells = [cell for row in rows for cell in row]
    if len(cells) <= 1:
        return True
    if any(len(row) > 1 and _holds_article(cell) for row in rows for cell in row):
        return True
    if not any(isinstance(block, Grid) for cell in cells for block in cell.blocks):
        return False
    plain = [sum(1 for cell in row if not any(isinstance(block, Grid) for block in cell.blocks)) for row in rows]
    return sum(1 for count in plain if count > 1) < 2


def _holds_article(cell: _Cell) -> bool:
    return len(cell.blocks) > 1 and holds_article("\n".join(_words(cell.blocks)))


def _is_prose(box: Box, cells: dict[Box, _Cell]) -> bool:
    """Whether the only cell of a row is a paragraph, a heading or a table that was put into the table."""
    cell = cells[box]
    spans = box.right - box.left > 1
    return any(isinstance(block, Grid) for block in cell.blocks) or is_prose(cell.text, spans=spans)


def _grid(layout: Layout, numbers: Sequence[int], cells: dict[Box, _Cell], pages: Sequence[int]) -> Iterator[Block]:
    """Some rows of a table as a grid, followed by the tables that stand in its cells."""
    rows = [tuple(cells[box].text if box else NO_CELL for box in layout.places[number]) for number in numbers]
    if not any(text and text != NO_CELL for row in rows for text in row):
        return
    own, wide = _wide(layout, numbers)
    doubts = spanning_doubts(rows, wide, [cells[box].text for box in own]) | {
        (row, column): cells[box].doubt
        for row, number in enumerate(numbers)
        for column, box in enumerate(layout.places[number])
        if box and cells[box].doubt
    }
    yield Grid(tuple(rows), tuple(pages[number] for number in numbers) if pages else (), doubts)
    for number in numbers:
        for box in layout.rows[number]:
            yield from (replace(block) for block in cells[box].blocks if isinstance(block, Grid))


def _wide(layout: Layout, numbers: Sequence[int]) -> tuple[list[Box], list[Wide]]:
    """The cells of some rows, and those that span columns or rows, as `spanning_doubts` wants them."""
    places: dict[Box, list[tuple[int, int]]] = {}
    for row, number in enumerate(numbers):
        for column, box in enumerate(layout.places[number]):
            if box:
                places.setdefault(box, []).append((row, column))
    wide = [
        Wide(cell, own[0][0], own[0][1], own[-1][1] + 1, own[-1][0] + 1)
        for cell, own in enumerate(places.values())
        if len(own) > 1
    ]
    return list(places), wide
