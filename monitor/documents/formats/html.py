"""HTML as blocks in reading order: a paragraph a line, a grid a table. Knows pages and editors, not the form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml import etree

from monitor.charset import decode
from monitor.documents.formats.article import (
    NOT_TEXT,
    find_article,
    is_chrome,
    marks_in,
    page_date,
    page_title,
    text_of,
)
from monitor.documents.formats.grids import MAX_ROWS, SpanCell, resolve
from monitor.documents.formats.plain import regroup
from monitor.documents.labels import is_item
from monitor.documents.placing import is_words
from monitor.errors import Unreadable
from monitor.model import Document, Grid, Paragraph
from monitor.text import clean

MEDIA_TYPE: Final = "text/html"

_EVENTS: Final = ("start", "end")
#: Elements that end a line; everything else (span, font, o:p, a …) runs on within it.
_BLOCKS: Final = frozenset(
    (
        "address", "article", "blockquote", "body", "br", "caption", "center", "dd", "details", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "html", "li", "main", "menu", "ol", "p", "pre", "section", "summary", "table",
        "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
_LEVELS: Final = {f"h{level}": level for level in range(1, 7)}
_CELLS: Final = frozenset({"td", "th"})
_GROUPS: Final = ("tbody", "thead", "tfoot")
#: What may split a cell into lines or must not be read as its text.
_SPLITTERS: Final = ("p", "div", "br", "li", "sup", "table", "h1", "h2", "h3", "h4", "script", "style", "pre")

#: A cell with more text than this may hold the article; the longest label of the form has 42 characters.
_LAYOUT_CELL: Final = 200
#: The line of a one-cell row that is a paragraph or a heading, not a label (第二十条第（一）项).
_PROSE_ROW: Final = 60
_HEADING_ROW: Final = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．].*(情况|事项)(统计)?表?$")

_WRAPPED: Final = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u3000-\u9fff\uff00-\uffef])")
#: Widgets of the article frame that stand as a line of their own.
_WIDGET: Final = re.compile(
    r"(点击)?(接收|收听|播放)?.{0,6}语音(朗读|播报|播放)|(当前|您(现在)?(所在|的)?)位置.*|首页[>＞»/-].*|"
    r"[【\[]?字(体|号)([:：]|大小).*|[【\[]?(打印|关闭|收藏|返回顶部|纠错|我要纠错)(本页|窗口|此页)?[】\]]?|"
    r"([【\[]?(打印|关闭|收藏|纠错)(本页|窗口|此页)?[】\]]?)+|分享(到|至)?[:：]?.{0,20}|扫一扫.{0,20}|"
    r"(浏览|阅读|访问|点击)(次数|量|数)[:：]?\d*次?|[上下]一[篇条][:：].*"
)


def read_html(data: bytes, *, charset: str = "") -> Document:
    """Read a page or a bare article body. Raises Unreadable where nothing stands in it or it is nested too deep."""
    source = decode(data, charset)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Unreadable("网页的标签嵌套过深，无法完整读取；请改用另存的文件")
    if root is None:
        raise Unreadable("网页是空的，没有内容可读")
    blocks = list(read_blocks(find_article(root)))
    if not any(isinstance(block, Grid) for block in blocks):
        # Tables that were pasted without their table: a cell a paragraph.
        blocks = regroup(blocks)
    if not blocks:
        raise Unreadable("网页里没有可读的正文：正文可能由脚本生成，或只有图片、附件")
    return Document(MEDIA_TYPE, tuple(blocks), page_title(root), page_date(root, source))


def read_blocks(element: etree._Element) -> Iterator[Paragraph | Grid]:
    """The blocks below an element. Walks without recursion: depth costs nothing."""
    line: list[str] = []
    level = 0
    walker = etree.iterwalk(element, events=_EVENTS)
    for event, node in walker:
        tag = node.tag
        if event == "end":
            if tag in _BLOCKS:
                yield from _paragraph(line, level)
                level = 0
            if node is not element and node.tail:
                line.append(node.tail)
        elif tag in NOT_TEXT or (node is not element and is_chrome(node)):
            walker.skip_subtree()
        else:
            if tag in _BLOCKS:
                yield from _paragraph(line, level)
                level = _LEVELS.get(tag, level)
            if tag == "table" and (rows := _data_rows(node)):
                yield from _table(node, rows)
                walker.skip_subtree()
                continue
            line.append((" " if tag == "sup" else "") + (node.text or ""))  # a footnote mark is no digit of a number


def _paragraph(line: list[str], level: int) -> Iterator[Paragraph]:
    if not line:
        return
    text = "".join(line)
    line.clear()
    text = clean(_WRAPPED.sub("", text) if "\n" in text else text)
    if text and not (len(text) <= 60 and _WIDGET.fullmatch(text)):
        yield Paragraph(text, level)


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _data_rows(table: etree._Element) -> list[list[etree._Element]] | None:
    """The rows of a table of data, None for one that arranges the page."""
    rows = _rows(table)
    return None if _is_layout(table, rows) else rows


def _rows(table: etree._Element) -> list[list[etree._Element]]:
    """The cells of a table's own rows; cells that stand outside a row make one of their own."""
    rows: list[list[etree._Element]] = []
    loose: list[etree._Element] | None = None
    for child in _own_children(table):
        if child.tag == "tr":
            rows.append([cell for cell in child if cell.tag in _CELLS])
            loose = None
        elif child.tag in _CELLS:
            if loose is None:
                loose = []
                rows.append(loose)
            loose.append(child)
        if len(rows) >= MAX_ROWS:
            break
    return rows


def _own_children(table: etree._Element) -> Iterator[etree._Element]:
    for child in table:
        if child.tag in _GROUPS:
            yield from child
        else:
            yield child


def _is_layout(table: etree._Element, rows: list[list[etree._Element]]) -> bool:
    """Whether a table only arranges the page: one cell, a table of its own inside, or an article in a cell."""
    if sum(map(len, rows)) <= 1:
        return True
    for inner in table.iterdescendants("table"):
        if sum(1 for _ in islice(inner.iter("td", "th"), 2)) > 1:
            return True
    return any(len(cells) > 1 and any(len(cell) and _holds_article(cell) for cell in cells) for cells in rows)


def _holds_article(cell: etree._Element) -> bool:
    text = text_of(cell)
    return len(text) > _LAYOUT_CELL and marks_in(text) >= 2


def _table(table: etree._Element, rows: list[list[etree._Element]]) -> Iterator[Paragraph | Grid]:
    """A data table: its caption, its grid, and as paragraphs the prose that an editor put into rows of one cell."""
    for caption in table.iterchildren("caption"):
        yield from read_blocks(caption)
    part: list[list[SpanCell]] = []
    for cells in rows:
        if len(cells) == 1 and _is_prose(cells[0]):
            yield from _grid(part)
            yield from read_blocks(cells[0])
            part = []
        else:
            part.append([_span_cell(cell) for cell in cells])
    yield from _grid(part)


def _is_prose(cell: etree._Element) -> bool:
    """Whether the only cell of a row is a paragraph, a title or a heading that an editor put into the table."""
    text = cell_text(cell)
    if len(text) > _PROSE_ROW or _HEADING_ROW.match(text):
        return True
    return _span(cell.get("colspan")) > 1 and is_words(text) and not is_item(text)


def _grid(rows: list[list[SpanCell]]) -> Iterator[Grid]:
    if any(cell[0] for row in rows for cell in row):
        yield resolve(rows)


def _span_cell(cell: etree._Element) -> SpanCell:
    colspan, rowspan = cell.get("colspan"), cell.get("rowspan")
    if colspan is None and rowspan is None:
        return cell_text(cell), 1, 1
    return cell_text(cell), _span(colspan), _span(rowspan)


def _span(text: str | None) -> int:
    """A span attribute as browsers read it: leading digits, 1 where there are none."""
    if text is None:
        return 1
    digits = re.match(r"\s*(\d{1,6})", text)
    return int(digits[1]) if digits else 1


#: Labels and figures are the same words in every report; longer texts are not kept in memory.
_KEPT: Final = 80
_clean_label: Final = lru_cache(maxsize=8192)(clean)
_LINES: Final = frozenset({"p", "div"})


def cell_text(cell: etree._Element) -> str:
    """The text of a cell. Lines of a wrapped label join; two numbers in one cell stay two."""
    count = len(cell)
    inner: str | None = None
    if not count:
        inner = cell.text or ""
    elif count == 1 and cell[0].tag in _LINES and not (cell.text or "").strip() and not (cell[0].tail or "").strip():
        inner = _inline_text(cell[0])
    else:
        inner = _inline_text(cell)
    if inner is not None:
        return _clean_label(inner) if len(inner) <= _KEPT else clean(inner)
    return join_lines(block.text for block in read_blocks(cell) if isinstance(block, Paragraph))


def _inline_text(element: etree._Element) -> str | None:
    """The text of an element that is one line, None where something below it may end a line."""
    if not len(element):
        return element.text or ""
    return None if next(element.iterdescendants(*_SPLITTERS), None) is not None else text_of(element)


def join_lines(lines: Iterable[str]) -> str:
    """Lines of one cell as one text, with a blank only where two digits or letters would run together."""
    joined = ""
    for line in lines:
        joined += " " + line if joined and _is_latin(joined[-1]) and _is_latin(line[0]) else line
    return joined


def _is_latin(mark: str) -> bool:
    return mark.isalnum() and not "\u3400" <= mark <= "\u9fff"
