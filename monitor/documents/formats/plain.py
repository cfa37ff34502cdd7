"""Plain text as blocks: the tables that a converter or a copy from a browser flattened are put together again.

Known layouts: a cell a line behind a tab with a blank line after each row; a row a line with tabs, bars or blanks
between the cells; a bare cell a line. What a layout has lost (spans, vanished blanks) is not made up: rows keep what
they have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from monitor.charset import decode
from monitor.documents import labels
from monitor.documents.formats.grids import MAX_COLUMNS, MAX_ROWS, NO_CELL
from monitor.documents.numbers import read_cell
from monitor.documents.placing import is_words
from monitor.errors import Unreadable
from monitor.form import DISCLOSURE_BLOCKS, REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS
from monitor.model import Document, Grid, Paragraph
from monitor.text import clean

MEDIA_TYPE: Final = "text/plain"

#: A cell that is longer is running text behind a tab.
_LONGEST_CELL: Final = 80
_LONGEST_PIECE: Final = 30
#: So many lines with bars among the paragraphs of another format are rows.
_ENOUGH_BARRED: Final = 3
#: The figures of a row of table 4, and of each row of table 2 in the edition that has more of them.
_REMEDIES: Final = len(REMEDY_KINDS) * len(REMEDY_RESULTS)
_COLUMNS: Final = {
    row.key: len(block.columns) for blocks in DISCLOSURE_BLOCKS.values() for block in blocks for row in block.rows
} | {row.key: len(block.columns) for block in DISCLOSURE_BLOCKS["2019"] for row in block.rows}
_HEADING: Final = re.compile(r"^\s*([（(]?[一二三四五六七八九十]{1,2}[）)、.．]|\d{1,2}[、.．])")
_GAP: Final = re.compile("[ \u3000]{2,}")
_BAR_RULE: Final = re.compile(r"^[\s|:+=\-—]+$")
_GOES_ON: Final = re.compile(r"^[\u4e00-\u9fff].*[。；]")


def read_plain(data: bytes, *, charset: str = "") -> Document:
    """Read plain text. Raises Unreadable where there is none."""
    lines = decode(data, charset).splitlines()
    blocks = tuple(_joined(read_lines(lines)))
    if not blocks:
        raise Unreadable("文件里没有文字")
    return Document(MEDIA_TYPE, blocks)


def regroup(blocks: Sequence[Paragraph | Grid]) -> list[Paragraph | Grid]:
    """The blocks with tables put together whose cells another format left as a paragraph each."""
    grouped: list[Paragraph | Grid] = []
    for is_text, group in groupby(blocks, key=lambda block: isinstance(block, Paragraph)):
        run = list(group)
        grouped += _regrouped([block for block in run if isinstance(block, Paragraph)]) if is_text else run
    return grouped


def _regrouped(paragraphs: Sequence[Paragraph]) -> Sequence[Paragraph | Grid]:
    lines = [paragraph.text for paragraph in paragraphs]
    if not any(map(_opens_bare_table, lines)) and sum(map(_is_barred, lines)) < _ENOUGH_BARRED:
        return paragraphs
    levels = {paragraph.text: paragraph.level for paragraph in paragraphs}
    return [
        Paragraph(block.text, levels.get(block.text, 0)) if isinstance(block, Paragraph) else block
        for block in read_lines(lines)
    ]


def read_lines(lines: Sequence[str]) -> Iterator[Paragraph | Grid]:
    number = 0
    while number < len(lines):
        end = number + 1
        for opens, end_of, read in _LAYOUTS:
            if opens(lines[number]):
                reach = end_of(lines, number)
                grids = list(read(lines[number:reach]))
                end = max(end, reach)
                if grids:
                    yield from grids
                    end = reach
                    break
        else:  # what looked like a table is none: all of it is text, and is not looked at again
            for line in lines[number:end]:
                yield from _paragraph(line)
        number = end


def _paragraph(line: str) -> Iterator[Paragraph]:
    text = clean(line)
    if text:
        yield Paragraph(text)


def _joined(blocks: Iterator[Paragraph | Grid]) -> Iterator[Paragraph | Grid]:
    """The blocks with paragraphs mended that a page break tore in the middle of a sentence."""
    held: Paragraph | None = None
    for block in blocks:
        if held is not None:
            if isinstance(block, Paragraph) and _GOES_ON.match(block.text) and not _HEADING.match(block.text):
                held = Paragraph(held.text + block.text)
                continue
            yield held
            held = None
        if isinstance(block, Paragraph) and len(block.text) >= 40 and _is_torn(block.text):
            held = block
        else:
            yield block
    if held is not None:
        yield held


def _is_torn(text: str) -> bool:
    """Whether a page break tore a paragraph: it holds a whole sentence and ends in the middle of the next."""
    return "。" in text and "\u4e00" <= text[-1] <= "\u9fff"


def _grid(rows: Sequence[Sequence[str]], *, flush_right: bool) -> Iterator[Grid]:
    """A grid of rows of any length. Flush right: what is missing are spans of the first label, figures stand last."""
    kept = [[clean(cell) for cell in row][:MAX_COLUMNS] for row in rows[:MAX_ROWS]]
    kept = [row for row in kept if any(row)]
    width = max(map(len, kept), default=0)
    if width < 2:
        return
    yield Grid(
        tuple(
            tuple(_lead(row) * (width - len(row)) + row if flush_right else row + [NO_CELL] * (width - len(row)))
            for row in kept
        ),
        doubts={
            (at, column): "此行的格数比表头多，不能确定数字属于哪一列"
            for at in (_too_long(kept) if flush_right else ())
            for column in range(width)
        },
    )


def _too_long(rows: Sequence[Sequence[str]]) -> Iterator[int]:
    """The rows with more cells than the head above, and more behind their label than the form has columns."""
    head = MAX_COLUMNS
    for number, row in enumerate(rows):
        if all(is_words(cell) for cell in row if cell):
            head = len(row) if sum(map(bool, row)) > 1 else head
            continue
        last = max((at for at, cell in enumerate(row) if _most(cell)), default=-1)
        if len(row) <= head or (last < 0 and any(map(is_words, row))):
            continue
        if len(row) - last - 1 > (_most(row[last]) if last >= 0 else _REMEDIES):
            yield number


def _most(label: str) -> int:
    """How many figures the form has in the row that a label means; 0 where it means none."""
    key = labels.disclosure_row(label)
    return _COLUMNS[key] if key else len(REQUEST_COLUMNS) if labels.request_row(label) else 0


def _lead(row: Sequence[str]) -> list[str]:
    """What fills a row that stands flush right: its first label, or the blank of a label that spans from above."""
    return [row[0] if is_words(row[0]) or (not row[0] and any(map(is_words, row))) else NO_CELL]


# ── a cell a line behind a tab, a blank line after each row ─────────────────────────────────────────────────────────


def _is_tabbed_cell(line: str) -> bool:
    return line.startswith("\t") and "\t" not in line[1:].rstrip("\t") and len(line) <= _LONGEST_CELL


def _tabbed_end(lines: Sequence[str], start: int) -> int:
    """The end of the run of cells: blank lines and pieces of wrapped cells belong to it while cells follow."""
    end = number = start
    blank = False
    while number < len(lines):
        line = lines[number]
        if _is_tabbed_cell(line):
            end, blank = number + 1, False
        elif not line.strip():
            blank = True
            if number - end > 3:
                break
        elif blank or not _is_piece(line, lines[number - 1]):
            break
        else:
            end = number + 1
        number += 1
    return end


def _is_piece(line: str, before: str) -> bool:
    """Whether a line without a tab goes on with the label of the cell before it."""
    return (
        len(line.strip()) <= _LONGEST_PIECE
        and not _HEADING.match(line)
        and bool(before.strip())
        and read_cell(before).value is None
        and "\t" not in line
    )


def _read_tabbed(lines: Sequence[str]) -> Iterator[Grid]:
    rows: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("\t"):
            rows[-1].append(line[1:])
        elif line.strip():
            rows[-1][-1] += line
        elif rows[-1]:
            rows.append([])
    if any(len(row) > 1 for row in rows):
        yield from _grid([row for row in rows if row], flush_right=True)


# ── a row a line, tabs between the cells ────────────────────────────────────────────────────────────────────────────


def _cells(line: str) -> list[str]:
    """The cells of a line, none where it is running text."""
    cells = line.split("\t")
    return cells if len(cells) > 1 and max(map(len, cells)) <= _LONGEST_CELL else []


def _opens_tabbed_rows(line: str) -> bool:
    cells = _cells(line)
    filled = sum(1 for cell in cells if cell.strip())
    return filled > 1 or (filled == 1 and len(cells) > 2)


def _row_end(lines: Sequence[str], start: int) -> int:
    end = number = start
    while number < len(lines) and number - end <= 2:
        if _cells(lines[number]):
            end = number + 1
        elif lines[number].strip():
            break
        number += 1
    return end


def _read_rows(lines: Sequence[str]) -> Iterator[Grid]:
    rows = [_cells(line) for line in lines if line.strip()]
    # A line alone is text with a tab in it (a name and a date), but for the figures of a chart.
    if len(rows) > 1 or sum(1 for cell in rows[0] if read_cell(cell).value is not None) > 2:
        yield from _grid(rows, flush_right=False)


# ── a row a line, bars between the cells ────────────────────────────────────────────────────────────────────────────


def _is_barred(line: str) -> bool:
    if "|" not in line:
        return False
    return line.count("|") >= 2 or (line.strip() != "|" and (line.strip()[0] == "|" or _all_known(line.split("|"))))


def _barred_end(lines: Sequence[str], start: int) -> int:
    end = start
    while end < len(lines) and _is_barred(lines[end]):
        end += 1
    return end


def _read_barred(lines: Sequence[str]) -> Iterator[Grid]:
    rows = []
    for line in lines:
        if _BAR_RULE.match(line) and any(mark in line for mark in "-—="):
            continue
        text = line.strip().removeprefix("|")
        rows.append(text.removesuffix("|").split("|"))
    if len(rows) > 1:
        yield from _grid(rows, flush_right=True)


# ── a row a line, blanks between the cells ──────────────────────────────────────────────────────────────────────────


def _aligned(line: str) -> list[str]:
    """The cells of a line, none where it is running text; one that holds no text has vanished among the blanks."""
    cells = _GAP.split(line.strip()) if "  " in line or "\u3000\u3000" in line else []
    return cells if len(cells) > 1 and max(map(len, cells)) <= _LONGEST_CELL else []


def _opens_aligned(line: str) -> bool:
    return _all_known(_aligned(line))


def _all_known(cells: Sequence[str]) -> bool:
    """Whether cells hold nothing but labels of the form and figures, a label among them."""
    known = [labels.is_known(cell.strip()) for cell in cells]
    return any(known) and all(
        is_label or not read_cell(cell).doubt for is_label, cell in zip(known, cells, strict=True)
    )


def _aligned_end(lines: Sequence[str], start: int) -> int:
    end = number = start
    while number < len(lines) and number - end <= 1:
        if len(_aligned(lines[number])) > 2 or _opens_aligned(lines[number]):
            end = number + 1
        elif lines[number].strip():
            break
        number += 1
    return end


def _read_aligned(lines: Sequence[str]) -> Iterator[Grid]:
    rows = [_aligned(line) for line in lines if line.strip()]
    if len(rows) > 1:
        yield from _grid(rows, flush_right=True)


# ── a bare cell a line ──────────────────────────────────────────────────────────────────────────────────────────────


def _opens_bare_table(line: str) -> bool:
    text = line.strip()
    return (
        bool(text)
        and len(text) <= _LONGEST_CELL
        and (labels.is_item(text) or labels.is_content_corner(text) or "勾稽关系" in text or text == "行政复议")
    )


def _is_bare_cell(line: str) -> bool:
    text = clean(line)
    if text in ("", "|"):
        return True
    if len(text) > _LONGEST_CELL:
        return False
    return labels.is_known(text) or not read_cell(text).doubt or (len(text) <= 12 and not re.search(r"[。：:，]", text))


def _bare_end(lines: Sequence[str], start: int) -> int:
    """The end of the run of cells: at a line that is neither label nor figure, or where the next table's head opens."""
    end = number = start
    figures = False
    while number < len(lines) and _is_bare_cell(lines[number]) and not _is_section(lines[number]):
        if any(opens(lines[number]) for opens in (_opens_tabbed_rows, _is_barred, _opens_aligned)):
            break
        text = clean(lines[number])
        if text and text != "|":
            if figures and not labels.is_item(text) and not labels.is_content_corner(text) and _opens_bare_table(text):
                break
            figures = figures or read_cell(text).value is not None
            end = number + 1
        number += 1
    return end


def _is_section(line: str) -> bool:
    """Whether a line is a heading of the report: its numeral is one that the rows of the form do not bear."""
    text = clean(line)
    return (
        bool(re.match(r"^[一二三四五六七]、", text)) and labels.request_row(text) is None and not labels.is_corner(text)
    )


def _read_bare(lines: Sequence[str]) -> Iterator[Grid]:
    cells: list[str] = []
    bars = 0
    for line in lines:
        text = clean(line)
        if text == "|":
            bars += 1
            if bars > 1:
                cells.append("")  # nothing between two bars: a blank cell
        elif text:
            cells.append(text)
            bars = 0
    yield from _grid(list(_bare_rows(cells)), flush_right=True)


def _bare_rows(cells: Sequence[str]) -> Iterator[list[str]]:
    """Rows out of a stream of cells: words, then the figures that follow them."""
    words: list[str] = []
    figures: list[str] = []
    for cell in [*cells, "end"]:
        if cell != "end" and (not cell or not read_cell(cell).doubt):
            figures.append(cell)
            continue
        if figures:
            *head, label = _split_words(words)
            yield from _head_rows(head)
            yield [label, *figures] if label else figures
            words, figures = [], []
        words.append(cell)


def _split_words(words: Sequence[str]) -> list[str]:
    """The words before a row's figures: head and group labels, and last the row's own label, put together if torn."""
    if sum(1 for word in words if labels.remedy_result(word)) >= len(REMEDY_RESULTS):
        return [*words, ""]  # the head of table 4, whose figures have no label of their own
    for count in range(1, min(len(words), 4) + 1):
        label = "".join(words[-count:])
        if labels.request_row(label) or labels.disclosure_row(label):
            return [*words[:-count], label]
    return [*words, ""]


def _head_rows(words: Sequence[str]) -> Iterator[list[str]]:
    """Head labels as rows: 信息内容 opens the head of a block."""
    row: list[str] = []
    for word in words:
        if labels.is_content_corner(word) and row:
            yield row
            row = []
        row.append(word)
    if row:
        yield row


_LAYOUTS: Final = (
    (_is_tabbed_cell, _tabbed_end, _read_tabbed),
    (_opens_tabbed_rows, _row_end, _read_rows),
    (_is_barred, _barred_end, _read_barred),
    (_opens_aligned, _aligned_end, _read_aligned),
    (_opens_bare_table, _bare_end, _read_bare),
)
