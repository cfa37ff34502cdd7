"""A flattened tree (flat.py) as paragraphs and grids: which tables are data, which only arrange the page.

Knows how editors and converters bend tables, not the form's rows and columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from monitor.documents.formats.grids import SpanCell, resolve, text_of
from monitor.documents.formats.plain import read_lines
from monitor.documents.formats.web.flat import (
    CELL,
    CELL_END,
    CLOSE,
    COLUMNS,
    LEVELS,
    OPEN,
    PRE,
    PRE_END,
    ROW,
    ROWS,
    TABLE,
    TABLE_END,
)
from monitor.documents.labels import is_item
from monitor.documents.placing import is_words
from monitor.model import Grid, Paragraph
from monitor.text import clean

Block = Paragraph | Grid
#: A table's rows before their spans are resolved.
_Rows = list[Sequence[SpanCell]]

#: Words of the form: where they stand, the report stands.
MARKS: Final = (
    "总体情况",
    "主动公开政府信息",
    "收到和处理",
    "行政复议",
    "存在的主要问题",
    "其他需要报告",
    "统计期限",
    "信息内容",
    "自然人",
    "结转下年度",
    "结果维持",
)

#: A cell with more text than this may hold the article; the longest label of the form has 42 characters.
_LAYOUT_CELL: Final = 200
#: The line of a one-cell row that is a paragraph or a heading, not a label (第二十条第（一）项).
_PROSE_ROW: Final = 60
_HEADING_ROW: Final = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．].*(情况|事项)(统计)?表?$")

#: Marks within a table that only arranges the page: they end lines.
_LAYOUT_MARK: Final = re.compile(f"{CELL}(?:[^{COLUMNS}{ROWS}{OPEN}{CELL}]{{0,6}}[{COLUMNS}{ROWS}])*|[{CELL_END}{ROW}]")
_SPAN: Final = re.compile(f"\\s*(\\d{{0,6}})[^{COLUMNS}{ROWS}{OPEN}]{{0,6}}([{COLUMNS}{ROWS}])")
_LEVEL: Final = re.compile(f"[{LEVELS}]")
_EMPTY_HEADING: Final = re.compile(f"[{LEVELS}]\\s*{CLOSE}")
_PRE: Final = re.compile(f"{PRE}([^{PRE_END}]*){PRE_END}?")
_WRAPPED: Final = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u3000-\u9fff\uff00-\uffef])")
_STACKED: Final = re.compile(r"[\d.,+\-—/无 ]*")
#: Widgets of the article frame that stand as a line of their own, and a piece of each, which most lines lack.
_WIDGET: Final = re.compile(
    r"(点击)?(接收|收听|播放)?.{0,6}语音(朗读|播报|播放)|(当前|您(现在)?(所在|的)?)位置.*|首页[>＞»/-].*|"
    r"[【\[]?字(体|号)([:：]|大小).*|[【\[]?(打印|关闭|收藏|返回顶部|纠错|我要纠错)(本页|窗口|此页)?[】\]]?|"
    r"([【\[]?(打印|关闭|收藏|纠错)(本页|窗口|此页)?[】\]]?)+|分享(到|至)?[:：]?.{0,20}|扫一扫.{0,20}|"
    r"(浏览|阅读|访问|点击)(次数|量|数)[:：]?\d*次?|[上下]一[篇条][:：].*"
)
_WIDGET_WORD: Final = re.compile(
    r"语音|位置|首页|字[体号]|打印|关闭|收藏|返回顶部|纠错|分享|扫一扫|浏览|阅读|访问|点击|一[篇条]"
)


def marks_in(text: str) -> int:
    """How many of the form's words stand in a text."""
    return len(marks_of(text))


def marks_of(text: str) -> list[str]:
    """The form's words that stand in a text."""
    return [mark for mark in MARKS if mark in text]


def read_blocks(flat: str) -> list[Block]:
    """The blocks of a flattened tree, in reading order."""
    blocks: list[Block] = []
    rows: _Rows = []
    for part in _parts(flat):
        if isinstance(part, list):
            # A table for each row, as some editors write them, is one table.
            if rows and len(rows) > 1 < len(part):
                blocks += _grid(rows)
                rows = []
            rows += part
        elif paragraphs := list(_paragraphs(part)):
            blocks += _grid(rows)
            blocks += paragraphs
            rows = []
    return _once(blocks + _grid(rows))


def _once(blocks: list[Block]) -> list[Block]:
    """The blocks without the copy for another screen: all of it twice, or a table with the very cells of another."""
    half = len(blocks) // 2
    if half > 1 and not len(blocks) % 2 and blocks[:half] == blocks[half:]:
        return blocks[:half]
    known: set[tuple[tuple[str, ...], ...]] = set()
    kept = []
    for block in blocks:
        if isinstance(block, Grid) and len(block.rows) > 2:
            if block.rows in known:
                continue
            known.add(block.rows)
        kept.append(block)
    return kept


# ── paragraphs ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _paragraphs(flat: str) -> Iterator[Block]:
    """The lines of a text with line marks and no tables."""
    if PRE in flat:
        for number, piece in enumerate(_PRE.split(flat)):
            yield from _preformatted(piece) if number % 2 else _paragraphs(piece)
        return
    headed = _LEVEL.search(flat) is not None
    if headed:
        flat = _EMPTY_HEADING.sub(CLOSE, flat)
    level = 0
    for piece in flat.replace(CLOSE, OPEN).split(OPEN):
        if not piece or piece.isspace():
            continue
        if headed and (heading := _LEVEL.match(piece.lstrip())):
            level = LEVELS.index(heading[0]) + 1
            piece = piece.lstrip()[1:]
        text = line_of(piece.strip())
        if text:
            if not (len(text) <= 60 and _WIDGET_WORD.search(text) and _WIDGET.fullmatch(text)):
                yield Paragraph(text, level)
            level = 0


def _preformatted(text: str) -> Iterator[Block]:
    yield from read_lines(text.replace(CLOSE, "\n").replace(OPEN, "\n").splitlines())


def line_of(text: str) -> str:
    """A line as people read it; one that was wrapped in the source between Chinese characters has no blank there."""
    return clean(_WRAPPED.sub("", text) if "\n" in text else text)


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Frame:
    """A table while its text is gathered, or the page: texts, and the rows of the tables within.

    `arranges`: a table within shows that this one only arranges the page. `cells`: how many it has of its own.
    """

    parts: list[str | _Rows] = field(default_factory=list)
    arranges: bool = False
    cells: int = 0

    @property
    def is_between_cells(self) -> bool:
        """Whether it has cells and the last of them is closed: a table that begins here is none of theirs."""
        last = self.parts[-1] if self.parts else ""
        return isinstance(last, str) and last.rfind(CELL_END) > last.rfind(CELL)


def _left_open(table: _Frame) -> _Frame:
    """What holds the rest of a table whose end tag is missing: it ends where the next table begins."""
    rest = _Frame(arranges=True)
    _close(table, rest)
    return rest


def _parts(flat: str) -> list[str | _Rows]:
    """Texts, and the rows of tables of data, in order; tables that only arrange the page are texts."""
    frames = [_Frame()]
    for opened, table in enumerate(flat.split(TABLE)):
        if opened:
            if len(frames) > 1 and frames[-1].is_between_cells:
                frames[-1] = _left_open(frames[-1])
            frames.append(_Frame())
        for closed, piece in enumerate(table.split(TABLE_END)):
            if closed and len(frames) > 1:
                inner = frames.pop()
                _close(inner, frames[-1])
            if piece:
                frames[-1].parts.append(piece)
                frames[-1].cells += piece.count(CELL)
    while len(frames) > 1:
        inner = frames.pop()
        _close(inner, frames[-1])
    return [_as_lines(part) if isinstance(part, str) else part for part in frames[0].parts]


def _close(table: _Frame, outer: _Frame) -> None:
    """Hand a whole table up: as rows where it is data, else as the texts and tables that it arranges."""
    if not table.arranges and table.cells > 1:
        rows = "".join([part for part in table.parts if isinstance(part, str)]).split(ROW)
        if not any(len(row) > _LAYOUT_CELL and _is_layout(row) for row in rows):
            outer.parts += _read_table(rows)
            outer.arranges = True
            return
    outer.arranges = outer.arranges or table.arranges or table.cells > 1
    outer.parts.append(CLOSE)
    outer.parts += [_as_lines(part) if isinstance(part, str) else part for part in table.parts]
    outer.parts.append(CLOSE)


def holds_article(cell: str) -> bool:
    """Whether a cell's text is that of an article, not a label or a figure."""
    return len(cell) > _LAYOUT_CELL and marks_in(cell) >= 2


def _is_layout(row: str) -> bool:
    """Whether a cell beside others holds an article: then its table is layout."""
    cells = row.split(CELL)[1:]
    return len(cells) > 1 and any(map(holds_article, cells))


def _as_lines(text: str) -> str:
    return _LAYOUT_MARK.sub(CLOSE, text) if CELL in text or ROW in text or CELL_END in text else text


def _read_table(rows: Sequence[str]) -> Iterator[str | _Rows]:
    """A table of data: its rows, and as texts its caption and the prose that an editor put into rows of one cell."""
    part: _Rows = []
    stray = ""
    for number, row in enumerate(rows):
        cells, plain = _short_row(row) if len(row) <= _KEPT else _read_row(row)
        if plain:
            part.append(cells)
            continue
        before, *raw = row.split(CELL)
        if number:
            stray += before
        elif before.strip():
            yield before
        if len(cells) == 1 and is_prose(text_of(cells[0]), spans=not isinstance(cells[0], str) and cells[0][1] > 1):
            yield from (part, _as_lines(CELL + raw[0]))
            part = []
        elif cells or number:
            part += _stacked(cells, raw)
        if cells:
            stray += row.rpartition(CELL_END)[2]
    yield part
    # What stands in the table outside of its cells: a browser shows it beside the table.
    if stray and not stray.isspace():
        yield CLOSE + stray + CLOSE


def _read_row(row: str) -> tuple[tuple[SpanCell, ...], bool]:
    """The cells of a row, and whether they are all that it holds, in one line."""
    before, *raw = row.split(CELL)
    cells = tuple(map(_short_cell, raw)) if len(row) <= _KEPT else tuple(map(_cell, raw))
    after = row.rpartition(CELL_END)[2]
    several = len(cells) > 1 and (
        row.count(CLOSE) <= len(cells)
        or not any(" " in text and _STACKED.fullmatch(text) for text in map(text_of, cells))
    )
    return cells, several and not before.strip() and not after.strip()


def is_prose(text: str, *, spans: bool) -> bool:
    """Whether the only cell of a row is a paragraph, a title or a heading that an editor put into the table.

    `spans`: it spans columns.
    """
    return len(text) > _PROSE_ROW or bool(_HEADING_ROW.match(text)) or (spans and is_words(text) and not is_item(text))


def _grid(rows: _Rows) -> list[Block]:
    return [resolve(rows)] if any(any(map(text_of, row)) for row in rows) else []


def _stacked(row: Sequence[SpanCell], raw: Sequence[str]) -> _Rows:
    """The rows that an editor set as lines of one: only where all cells have as many lines, and some only figures."""
    if not any(" " in text and _STACKED.fullmatch(text) for text in map(text_of, row)):
        return [row]
    columns = [_lines(text) for text in raw]
    if len({len(lines) for lines in columns}) > 1:
        return [row]
    spans = [1 if isinstance(cell, str) else cell[1] for cell in row]
    return [[(text, span, 1) for text, span in zip(texts, spans, strict=True)] for texts in zip(*columns, strict=True)]


# ── cells ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Labels and figures are the same words in every report; cells of longer rows are kept in memory one by one.
_KEPT: Final = 400


def _cell(raw: str) -> SpanCell:
    return _short_cell(raw) if len(raw) <= _KEPT else _read_cell(raw)


def _read_cell(raw: str) -> SpanCell:
    """The text and spans of a cell. Lines of a wrapped label join; two numbers in one cell stay two."""
    text = raw.partition(CELL_END)[0]
    spans, text = _split_spans(text)
    if OPEN not in text and CLOSE not in text and PRE not in text:
        text = line_of(text)
    else:
        text = join_lines(map(line_of, _lines(text)))
    return (text, spans.get(COLUMNS, 1), spans.get(ROWS, 1)) if spans else text


_short_cell: Final = lru_cache(maxsize=16384)(_read_cell)
_short_row: Final = lru_cache(maxsize=4096)(_read_row)


def _lines(raw: str) -> list[str]:
    """The lines of a cell, blank ones among them."""
    text = _split_spans(raw.partition(CELL_END)[0])[1]
    if PRE in text:
        text = text.replace("\n", CLOSE).replace(PRE, CLOSE).replace(PRE_END, CLOSE)
    lines = [line.strip(f" \t\r\n{LEVELS}") for line in text.replace(OPEN, "").split(CLOSE)]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _split_spans(text: str) -> tuple[dict[str, int], str]:
    """The spans before a cell's text, as browsers read them: leading digits, 1 where there are none."""
    spans: dict[str, int] = {}
    while span := _SPAN.match(text):
        spans[span[2]] = int(span[1] or 1)
        text = text[span.end() :]
    return spans, text


def join_lines(lines: Iterator[str]) -> str:
    """Lines of one cell as one text, with a blank only where two digits or letters would run together."""
    joined = ""
    for line in lines:
        if line:
            joined += " " + line if joined and _is_latin(joined[-1]) and _is_latin(line[0]) else line
    return joined


def _is_latin(mark: str) -> bool:
    return mark.isalnum() and not "\u3400" <= mark <= "\u9fff"
