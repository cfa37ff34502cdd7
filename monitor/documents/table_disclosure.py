"""Table 2 (主动公开政府信息情况) out of a document's parts: its blocks in one grid or several, either edition."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from monitor.documents import labels
from monitor.documents.numbers import read_amount, read_cell
from monitor.documents.placing import (
    Columns,
    Line,
    Part,
    Placed,
    Texts,
    by_position,
    contradicts,
    head_columns,
    is_ordered,
    is_zero,
    short,
    texts_at,
    unread,
    words_in_cells,
)
from monitor.documents.rows import Draft, Torn
from monitor.form import DISCLOSURE_BLOCKS, Block
from monitor.model import Cell

_log = logging.getLogger(__name__)

#: Columns that only one edition prints, and rows.
_OLD: Final = frozenset({"published", "total_published", "previous", "change", "projects"})
_NEW: Final = frozenset({"repealed", "in_force"})
_OLD_ROWS: Final = frozenset({"other_services", "procurement"})
#: Key → label in the form's order; edition 2019 has every row of 2021 and two more.
_FORM: Final = {row.key: row.label for block in DISCLOSURE_BLOCKS["2019"] for row in block.rows}
_TORN: Final = Torn(_FORM, mean=labels.disclosure_row, optional=_OLD_ROWS)
_BLOCKS: Final = {
    key: tuple(
        block
        for edition in DISCLOSURE_BLOCKS.values()
        for block in edition
        if any(row.key == key for row in block.rows)
    )
    for key in _FORM
}
_MONEY: Final = re.compile(r"[十百千万亿]*元")


def is_disclosure_head(texts: Texts) -> bool:
    """Whether a row of words opens a block (第二十条第（…）项) or is its head (信息内容 and labels of columns)."""
    words = [text for text in texts if text]
    if labels.is_remark(words[0]) or any(labels.disclosure_row(text) for text in words):
        return False
    return _is_official(words) or any(labels.disclosure_column(text) for text in words)


def collect_disclosure(parts: Sequence[Part], draft: Draft) -> None:
    """Take the rows of table 2 from the first block title or head on."""
    lines, stand = _gathered(parts, draft)
    keys = [_row_key(line) for line in lines]
    for number, key in _TORN.rows(lines, keys):
        _take(draft, key, lines[number], stand[number])
    if not draft.rows and any(part.table == "disclosure" for part in parts):
        draft.doubts.append("只找到表头，没有找到可读的行")
    draft.missing(_missing(draft.rows))
    draft.settle(_TORN)


def edition_of(rows: Mapping[str, Mapping[str, Cell]]) -> str | None:
    """The edition whose own columns table 2 has more of; None without table 2."""
    if not rows:
        return None
    keys = [(row, column) for row, columns in rows.items() for column in columns]
    old = sum(1 for _, column in keys if column in _OLD)
    new = sum(1 for row, column in keys if column in _NEW or (row, column) == ("fees", "amount"))
    return "2019" if old > new else "2021"


def _gathered(parts: Sequence[Part], draft: Draft) -> tuple[list[Line], list[tuple[Texts, ...]]]:
    """The table's lines below its heads, and the head that each stands under (the last one, after a page break)."""
    lines: list[Line] = []
    stand: list[tuple[Texts, ...]] = []
    heads: tuple[Texts, ...] = ()
    item: frozenset[str] = frozenset(_FORM)
    begun = False
    seen: set[str | None] = {None}
    # Once the form's own head is there, an agency's other statistics are another matter.
    official = any(map(_has_official, parts))
    for part in parts:
        keys = {_row_key(line) for line in part.lines}
        if part.table == "disclosure" and (not official or begun or _has_official(part)):
            begun = True
            heads = tuple([row for row in part.heads if not all(map(labels.is_item, filter(None, row)))])
            item = _rows_of_item(part.heads)
        elif part.table or not begun or keys <= seen:
            continue
        if alien := next((key for key in keys if key and key not in item), None):
            draft.refuse(f"“{_FORM[alien]}”行不在它所属的项下，标签与数字可能错位")
        seen |= keys
        lines += [_words_in_cells(line, heads) for line in part.lines]
        stand += [heads] * len(part.lines)
    return lines, stand


@lru_cache(maxsize=256)
def _rows_of_item(heads: tuple[Texts, ...]) -> frozenset[str]:
    """The rows that may stand below a head: those of the item whose title is in it, all of them where there is none."""
    titles = {text for row in heads for text in row if text and labels.is_item(text)}
    if len(titles) != 1:
        return frozenset(_FORM)
    title = labels.plain(titles.pop())
    blocks = [block for edition in DISCLOSURE_BLOCKS.values() for block in edition if f"({block.item})" in title]
    return frozenset(row.key for block in blocks for row in block.rows) or frozenset(_FORM)


def _has_official(part: Part) -> bool:
    return part.table == "disclosure" and any(map(_is_official, part.heads))


def _is_official(texts: Sequence[str]) -> bool:
    return any(labels.is_item(text) or labels.is_content_corner(text) for text in texts if text)


def _words_in_cells(line: Line, heads: tuple[Texts, ...]) -> Line:
    key = labels.disclosure_row(line.first) if line.last > 0 else None
    columns = _columns(heads, key)[0] if key else None
    if columns is None:
        return line
    return words_in_cells(line, columns.start, width=columns.width, mean=lambda words: labels.disclosure_row(words[-1]))


def _row_key(line: Line) -> str | None:
    return labels.disclosure_row(line.label) or labels.disclosure_row(line.first) if line.last >= 0 else None


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _take(draft: Draft, key: str | None, line: Line, heads: tuple[Texts, ...]) -> None:
    label = line.label
    if key is None:
        if not label or labels.is_item(label):
            draft.nameless(label, zero=is_zero(line))
            draft.stray("", _TORN)
        else:
            draft.stray(label, _TORN)
            _log.info("ignored a row of table 2 that the form does not have: %s", label)
        return
    placed = None
    columns, known, ordered = _columns(heads, key)
    if not ordered:
        draft.refuse("表头各列的顺序与统一格式不同，无法确定数字属于哪一列")
    if columns is not None and line.last < columns.start:
        placed = columns.read(line)
    if placed is None and known and len(line.cells) == max(map(len, heads)) and line.is_whole:
        placed = _by_position(line, key, known, heads) if columns is None or not columns.has_more else None
    if placed is None:
        reason = f"“{short(label)}”行的数字无法对应到列"
        draft.doubts.append(reason)
        placed = unread(_keys(_BLOCKS[key][0]), line, reason)
    draft.put(key, label, line, _in_units(placed, key, line, heads))


def _keys(block: Block) -> list[str]:
    return [column.key for column in block.columns]


@lru_cache(maxsize=512)
def _columns(heads: tuple[Texts, ...], key: str) -> tuple[Columns | None, tuple[str, ...], bool]:
    """The columns of a row below its head, where one edition's are all there; the keys that the head names, and
    whether they stand in the order of an edition.
    """
    allowed = {column for block in _BLOCKS[key] for column in _keys(block)}
    found: dict[str, None] = {}

    def find(texts: Texts) -> str | None:
        column = _column_key(texts)
        if column not in allowed:
            return None
        found.setdefault(str(column))
        return column

    fitting = [columns for block in _BLOCKS[key] if (columns := head_columns(heads, _keys(block), find=find))]
    known = tuple(found)
    whole = [columns for columns in fitting if set(columns.keys) == set(known)]
    ordered = any(is_ordered(known, _keys(block)) for block in _BLOCKS[key])
    return whole[0] if whole else None, known, ordered


def _column_key(texts: Texts) -> str | None:
    """The column that the labels over a place mean: the lowest, or all together where a label was cut in two."""
    words = [text for text in dict.fromkeys(texts) if not labels.is_item(text) and not labels.is_content_corner(text)]
    return (labels.disclosure_column(words[-1]) or labels.disclosure_column("".join(words))) if words else None


def _by_position(line: Line, key: str, known: Sequence[str], heads: tuple[Texts, ...]) -> Placed | None:
    """By position where the labels that the head does show are those of one edition alone, and stand in its places."""
    fitting = [block for block in _BLOCKS[key] if set(known) <= set(_keys(block))]
    placed = by_position(line, _keys(fitting[0])) if len(fitting) == 1 else None
    form = {column.key: column.label for column in fitting[0].columns} if fitting else {}
    return None if placed is None or contradicts(placed, heads, form, find=_column_key) else placed


def _in_units(placed: Placed, key: str, line: Line, heads: Sequence[Texts]) -> Placed:
    """The row with its amount of money as such: fees in 万元, as the contract has them; procurement as printed.

    Edition 2019 gives no unit for procurement, so that its number stays in the one that the cell or the head prints.
    """
    place = placed.places.get("amount", 0) - 1
    if place < 0 or line.doubts.get(place):
        return placed
    text = line.cells[place]
    cell = read_amount(text, _unit(heads, place)) if key == "fees" else read_cell(text)
    return Placed({**placed.cells, "amount": cell}, placed.places)


def _unit(heads: Sequence[Texts], place: int) -> str:
    """The unit of money that the head prints over a place; the form's own where it prints none."""
    units = dict.fromkeys(unit for text in texts_at(heads, place) for unit in _MONEY.findall(labels.plain(text)))
    return "、".join(units) or "万元"


def _missing(rows: Mapping[str, Mapping[str, Cell]]) -> list[str]:
    blocks = DISCLOSURE_BLOCKS[edition_of(rows) or "2021"]
    return [row.label for block in blocks for row in block.rows if row.key not in rows]
