"""Tables that are made of styled boxes instead of <table>: rows of <div>, <li> or <dl> with a box for each cell.

Editors for telephones write them. Changes the tree in place; which rows they are of the form is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lxml import etree

from monitor.documents.formats.web.blocks import Block
from monitor.documents.formats.web.rendering import text_of
from monitor.documents.labels import is_item
from monitor.model import Grid, Paragraph

#: Cells of the form's heads. A paragraph that is one of them is a cell whose table is lost.
_CELLS: Final = frozenset({"信息内容", "自然人", "结果维持", "商业企业", "结果纠正"})
_TABLES: Final = ("div", "ul", "ol", "dl", "section", "article", "main", "li", "form")
_ROWS: Final = frozenset({"div", "ul", "li", "dl", "section", "p"})
_BOXES: Final = frozenset({"div", "li", "p", "dd", "dt", "section"})
_INLINE: Final = frozenset({"span", "b", "i", "em", "label", "strong", "font", "a"})
#: What makes boxes out of words within a line: style of a row or a cell, or a class that is called so.
_ROW_STYLE: Final = re.compile(r"display\s*:\s*(-webkit-)?(inline-)?(flex|grid|table-row)", re.IGNORECASE)
_CELL_STYLE: Final = re.compile(
    r"display\s*:\s*(inline-block|table-cell)|float\s*:\s*left|(^|[;\s])(width|flex)\s*:", re.IGNORECASE
)
_CELL_CLASS: Final = re.compile(r"(^|[-_ ])(td|th|cell|col|column|grid)([-_ ]|\d|$)", re.IGNORECASE)
_LONGEST_CELL: Final = 80
_MOST_CELLS: Final = 30
#: So many rows with cells make boxes a table.
_ENOUGH: Final = 2


def shows_cells(blocks: Sequence[Block], flat: str) -> bool:
    """Whether cells of the form stand as text: their table has been lost, or is none to a browser.

    `flat`: the text that the blocks were read from.
    """
    if not any(isinstance(block, Grid) for block in blocks):
        return any(cell in flat for cell in _CELLS)
    return any(isinstance(block, Paragraph) and block.text in _CELLS for block in blocks)


def draw_tables(article: etree._Element) -> bool:
    """Make tables of the boxes below an article that stand in rows; whether there were any."""
    drawn = False
    for table in list(article.iter(*_TABLES)):
        rows = [child for child in table if isinstance(child.tag, str)]
        if table.tag not in _TABLES or (table.text or "").strip() or any((row.tail or "").strip() for row in rows):
            continue
        filled = [row for row in rows if _is_row(row)]
        if len(filled) < _ENOUGH or not all(row in filled or _is_title(row) for row in rows):
            continue
        for row in rows:
            cells = list(row) if row in filled else [_wrapped(row)]
            row.tag = "tr"
            for cell in cells:
                cell.tag = "td"
        table.tag = "table"
        drawn = True
    return drawn


def _is_row(row: etree._Element) -> bool:
    """Whether an element is a row of boxes: nothing beside them, each with a label's or a figure's text."""
    cells = list(row)
    if row.tag not in _ROWS or not 2 <= len(cells) <= _MOST_CELLS or (row.text or "").strip():
        return False
    styled = bool(_ROW_STYLE.search(row.get("style") or ""))
    return all(
        not (cell.tail or "").strip()
        and (cell.tag in _BOXES or (cell.tag in _INLINE and (styled or _is_box(cell))))
        and len(text_of(cell)) <= _LONGEST_CELL
        and all(len(inner) <= 1 for inner in cell.iter(*_BOXES))
        for cell in cells
    )


def _is_box(cell: etree._Element) -> bool:
    return bool(_CELL_STYLE.search(cell.get("style") or "") or _CELL_CLASS.search(cell.get("class") or ""))


def _is_title(row: etree._Element) -> bool:
    """Whether an element between rows is one of a single cell: blank, or the title of a block."""
    text = text_of(row).strip()
    return not text or is_item(text)


def _wrapped(row: etree._Element) -> etree._Element:
    """All that a row holds as its only cell."""
    cell = row.makeelement("td")
    cell.text, row.text = row.text, None
    cell.extend(list(row))
    row.append(cell)
    return cell
