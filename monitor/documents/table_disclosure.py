"""Table 2 (主动公开政府信息情况) out of a document's grids: its blocks in one grid or several, either edition."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from monitor.documents import labels
from monitor.documents.placing import Columns, Draft, Line, Placed, by_position, short, unread
from monitor.form import DISCLOSURE_BLOCKS, Block
from monitor.model import Cell

_log = logging.getLogger(__name__)

#: Columns that only one edition prints.
_OLD: Final = frozenset({"published", "total_published", "previous", "change", "projects"})
_NEW: Final = frozenset({"repealed", "in_force"})


def collect_disclosure(grids: Sequence[Sequence[Line]], draft: Draft) -> None:
    """Take the rows of table 2 from the first grid with a block title or the corner 信息内容 on."""
    begun = False
    for grid in grids:
        # Once all rows are found, later tables (an agency's own statistics) are another matter.
        if (not begun or (draft.rows and not _missing(draft.rows))) and not any(map(_opens_block, grid)):
            continue
        head: Line | None = None
        for line in grid:
            if _is_head(line):
                begun, head = True, line
            elif _opens_block(line):
                begun, head = True, None
            elif begun and line.cells:
                _take(draft, line, head)
    if begun and not draft.rows:
        draft.doubts.append("只找到表头，没有找到可读的行")
    draft.missing(_missing(draft.rows))


def edition_of(rows: Mapping[str, Mapping[str, Cell]]) -> str | None:
    """The edition whose own columns table 2 has more of; None without table 2."""
    if not rows:
        return None
    keys = [(row, column) for row, columns in rows.items() for column in columns]
    old = sum(1 for _, column in keys if column in _OLD)
    new = sum(1 for row, column in keys if column in _NEW or (row, column) == ("fees", "amount"))
    return "2019" if old > new else "2021"


def _opens_block(line: Line) -> bool:
    return not line.figures and (labels.is_item(line.first) or labels.is_content_corner(line.first))


def _is_head(line: Line) -> bool:
    if line.figures or line.last < 0:
        return False
    if labels.is_content_corner(line.first):
        return True
    if labels.disclosure_row(line.first) is not None:
        return False
    return any(labels.disclosure_column(text) for text in line.cells if text)


def _take(draft: Draft, line: Line, head: Line | None) -> None:
    label = line.label if labels.disclosure_row(line.label) else line.first
    key = labels.disclosure_row(label)
    if key is None:
        if line.figures and line.label:
            _log.info("ignored a row of table 2 that the form does not have: %s", line.label)
        return
    blocks = [block for edition in DISCLOSURE_BLOCKS.values() for block in edition if _has_row(block, key)]
    places = _places(head, {column.key for block in blocks for column in block.columns}) if head else {}
    placed = None
    if any({column.key for column in block.columns} == set(places) for block in blocks):
        columns = Columns(places, len(head.cells) if head else 0)
        placed = columns.read(line) if line.last < columns.start else None
    if placed is None and head is not None and places and len(line.cells) == len(head.cells) and line.is_whole:
        placed = _by_position(line, blocks, set(places))
    if placed is None:
        reason = f"“{short(label)}”行的数字无法对应到列"
        draft.doubts.append(reason)
        placed = unread([column.key for column in blocks[0].columns], line, reason)
    draft.put(key, label, line, placed)


def _has_row(block: Block, key: str) -> bool:
    return any(row.key == key for row in block.rows)


def _places(head: Line, allowed: set[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, text in enumerate(head.cells):
        key = labels.disclosure_column(text) if text else None
        if key in allowed:
            places.setdefault(str(key), []).append(place)
    return places


def _by_position(line: Line, blocks: Sequence[Block], known: set[str]) -> Placed | None:
    """By position where one edition's block alone fits: it has all columns that the head names, and the count."""
    fitting = []
    for block in blocks:
        keys = [column.key for column in block.columns]
        placed = by_position(line, keys) if known <= set(keys) else None
        if placed is not None:
            fitting.append(placed)
    return fitting[0] if len(fitting) == 1 else None


def _missing(rows: Mapping[str, Mapping[str, Cell]]) -> list[str]:
    blocks = DISCLOSURE_BLOCKS[edition_of(rows) or "2021"]
    return [row.label for block in blocks for row in block.rows if row.key not in rows]
