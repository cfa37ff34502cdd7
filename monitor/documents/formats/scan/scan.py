"""Pictures of a report as a document: scanned pages, photos of pages, a row of page images, a long screenshot.

A figure that is not read for sure is a doubt of its place (`Grid.doubts`), never a guess. Text may have slips, and the
document's notes say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from PIL import Image

from monitor.documents.formats.breaks import append, goes_on
from monitor.documents.formats.drawn import Table
from monitor.documents.formats.scan.cells import read_cells
from monitor.documents.formats.scan.grid import grid_of, ruled, unruled
from monitor.documents.formats.scan.image import (
    Sheet,
    is_page,
    is_turned,
    open_pictures,
    sheet_of,
    stitched,
)
from monitor.documents.formats.scan.picture import MEDIA_TYPES
from monitor.documents.formats.scan.ruling import find_rules, find_tables
from monitor.documents.formats.scan.text import (
    Margins,
    TextLine,
    margins_of,
    opens_paragraph,
    read_lines,
    without_page_number,
)
from monitor.documents.formats.scan.words import mended_heading, mended_stop
from monitor.documents.formats.sniff import media_type_of
from monitor.documents.limits import MOST_SCANNED_PAGES
from monitor.errors import Unreadable
from monitor.model import Document, Grid, Paragraph

#: What people have to know of every document that was recognised.
NOTE: Final = "文字由图片识别而来，正文可能有错字；没有把握的数字按未读处理"

#: Fewer Chinese characters than this are a photo's or a logo's.
_FEWEST: Final = 8

#: A page whose words are surer than this stands upright; one with less ink (share) holds no text; how a page may lie,
#: in quarters, the likely ones first.
_UPRIGHT: Final = 0.8
_BLANK: Final = 0.0005
_TURNS: Final = {False: (0, 2, 1, 3), True: (1, 3, 0, 2)}
#: So many rows of words in columns, one below the other, are a table without ruling lines.
_ROWS: Final = 3
_COLUMNS: Final = 3


def read_scan(data: bytes, *, charset: str = "") -> Document:
    """Read one picture file, a TIFF of many pages included. Raises Unreadable where it holds no text."""
    return _document(read_pages(enumerate(open_pictures(data), 1)), media_type_of(data)[0], [NOTE])


def read_pictures(files: Sequence[bytes]) -> Document:
    """Read the pictures of a page, in order, as one document. Pictures too small for a page are left out.

    Raises Unreadable where none can be read, or where there are more than the limit.
    """
    if len(files) > MOST_SCANNED_PAGES:
        raise Unreadable(f"页面有 {len(files)} 张图片，超过 {MOST_SCANNED_PAGES} 张的上限，未读取；请提供原文件")
    notes = [NOTE]
    blocks = read_pages(enumerate(_whole_pages(files, notes), 1))
    return _document(blocks, media_type_of(files[0])[0] if files else MEDIA_TYPES[0], notes)


def _document(blocks: Sequence[Paragraph | Grid], media_type: str, notes: Sequence[str]) -> Document:
    texts = (block.text if isinstance(block, Paragraph) else "".join(map("".join, block.rows)) for block in blocks)
    if sum("\u4e00" <= mark <= "\u9fff" for text in texts for mark in text) < _FEWEST:
        raise Unreadable("图片里没有识别出文字；请提供更清晰的图片或原文件")
    return Document(media_type, tuple(blocks), is_scan=True, notes=tuple(notes))


def _whole_pages(files: Sequence[bytes], notes: list[str]) -> Iterator[Image.Image]:
    """The pictures, those put together again that are strips of one page; what cannot be decoded is noted."""
    held: Image.Image | None = None
    for number, data in enumerate(files, 1):
        try:
            images = list(open_pictures(data))
        except Unreadable as error:
            notes.append(f"第{number}张图片未读取：{error}")
            continue
        for image in images:
            whole = stitched(held, image) if held is not None else None
            if held is not None and whole is None:
                yield held
            held = whole or image
    if held is not None:
        yield held


# ── pages → blocks ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as read: tables and lines of text from top to bottom, the text's margins, how sure its words are."""

    items: tuple[Table | TextLine, ...]
    margins: Margins
    surety: float


def read_pages(pages: Iterable[tuple[int, Image.Image]]) -> list[Paragraph | Grid]:
    """The blocks of page images, each with its number (`Paragraph.page`, `Grid.pages`), taken one at a time.

    A table or paragraph that a page break parts is one block. Raises Unreadable over the limits.
    """
    blocks: list[Paragraph | Table] = []
    last: tuple[TextLine, Margins] | None = None
    for count, (number, image) in enumerate(pages, 1):
        if count > MOST_SCANNED_PAGES:
            raise Unreadable(f"扫描页超过 {MOST_SCANNED_PAGES} 页的上限，未读取；请提供可复制文字的原文件")
        page = _read_page(image, number) if is_page(image) else None
        for place, item in enumerate(page.items if page else ()):
            before = blocks[-1] if blocks else None
            if isinstance(item, Table):
                if isinstance(before, Table) and place == 0 and goes_on(before, item):
                    append(before, item)
                else:
                    blocks.append(item)
                last = None
            elif page is not None:
                is_more = last and not opens_paragraph(item, last[0], page.margins, before_margins=last[1])
                if isinstance(before, Paragraph) and is_more:
                    blocks[-1] = Paragraph(before.text + item.text, 0, before.page)
                else:
                    blocks.append(Paragraph(item.text, 0, number))
                last = (item, page.margins)
    return [grid_of(block) if isinstance(block, Table) else _mended(block) for block in blocks]


def _mended(paragraph: Paragraph) -> Paragraph:
    return Paragraph(mended_stop(mended_heading(paragraph.text)), paragraph.level, paragraph.page)


def _read_page(image: Image.Image, number: int) -> _Page:
    """A page, turned upright: recognition of text upside down is not sure of itself."""
    best: _Page | None = None
    sheet = sheet_of(image)
    for turn in _TURNS[is_turned(sheet.ink)]:
        page = _read_sheet(sheet_of(image, turn) if turn else sheet, number)
        if best is None or page.surety > best.surety:
            best = page
        if page.surety >= _UPRIGHT or sheet.ink.mean() < _BLANK:
            break
    return best or _Page((), Margins(0, 0, 0), 0)


def _read_sheet(sheet: Sheet, number: int) -> _Page:
    height, width = sheet.grey.shape
    rules = find_rules(sheet.ink)
    tables: list[Table] = []
    boxes = []
    scores: list[tuple[float, int]] = []
    for ruling in find_tables(rules):
        texts = read_cells(sheet, rules, ruling)
        if any(text.text for text in texts):
            tables.append(ruled(ruling, texts, number, width))
            boxes.append(ruling.box)
            scores += [(text.score, len(text.text)) for text in texts if len(text.text) > 1]
    lines = without_page_number(read_lines(sheet.grey, boxes), height)
    scores += [(line.score, len(line.text)) for line in lines]
    length = sum(count for _, count in scores)
    items = sorted([*tables, *_with_unruled(lines, number, width)], key=_top)
    return _Page(
        tuple(items), margins_of(lines), sum(score * count for score, count in scores) / length if length else 0.0
    )


def _top(item: Table | TextLine) -> float:
    return item.ys[0] if isinstance(item, Table) else item.box.top


def _with_unruled(lines: Sequence[TextLine], number: int, width: int) -> Iterator[Table | TextLine]:
    """The lines, with rows of words in columns made tables of."""
    for in_columns, group in groupby(lines, key=lambda line: len(line.columns) >= _COLUMNS):
        rows = list(group)
        if in_columns and len(rows) >= _ROWS:
            yield unruled(rows, number, width)
        else:
            yield from rows
