"""Table 3 (收到和处理政府信息公开申请情况) out of a document's grids, by its labels and over page breaks."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Final

from monitor.documents import labels
from monitor.documents.numbers import read_cell
from monitor.documents.placing import Columns, Draft, Line, by_position, short, unread
from monitor.form import REQUEST_COLUMNS, REQUEST_ROWS

_log = logging.getLogger(__name__)

_KEYS: Final = tuple(line.key for line in REQUEST_COLUMNS)
_LABELS: Final = {line.key: line.label for edition in REQUEST_ROWS.values() for line in edition}
_SINGLE: Final = "other"
_SPLIT: Final = frozenset({"other_uncorrected", "other_unpaid", "other_rest"})
_LAST: Final = "carried_out"
#: So many rows of the form make a grid without a head the table.
_ENOUGH: Final = 3


def collect_requests(grids: Sequence[Sequence[Line]], draft: Draft) -> None:
    """Take the rows of table 3 from all grids that hold a part of it."""
    columns: Columns | None = None
    for grid in grids:
        heads = [line for line in grid if _is_head(line)]
        if heads:
            columns = _columns(heads)
        elif not _continues(grid, draft):
            continue
        for label, key, line in _labelled([line for line in grid if not _is_head(line)]):
            _take(draft, label, key, line, columns)
    draft.missing(_missing(draft))


def _width(grid: Sequence[Line]) -> int:
    return max(len(line.cells) for line in grid)


def _is_head(line: Line) -> bool:
    """Whether a row is of the head: it names two kinds of applicants, or is the corner's or 申请人情况's row."""
    if line.figures or line.last < 0:
        return False
    keys = {labels.request_column(text) for text in line.cells if text} - {None, "other", "total"}
    return len(keys) >= 2 or any(labels.is_corner(text) for text in line.cells if text)


def _continues(grid: Sequence[Line], draft: Draft) -> bool:
    """Whether a grid without a head goes on with the table (after a page break a row is enough) or is all of it."""
    if _LAST in draft.rows or any(labels.remedy_result(text) for text in grid[0].cells if text):
        return False
    found = sum(1 for line in grid if _key(line))
    return found >= (1 if draft.rows else _ENOUGH)


def _columns(heads: Sequence[Line]) -> Columns | None:
    """The places of the seven columns by the head's labels; None where not each is found or the head's spans are wrong.

    自然人 before 总计 and the five kinds in order, but not between the two: a span of the head is wrong.
    """
    places: dict[str, list[int]] = {}
    for place in range(_width(heads)):
        column = [line.cells[place] for line in heads if place < len(line.cells) and line.cells[place]]
        keys = set(map(labels.request_column, column)) - {None}
        if len(keys) == 1:
            places.setdefault(str(keys.pop()), []).append(place)
    if set(places) != set(_KEYS):
        return None
    first, *kinds, last = (places[key][0] for key in _KEYS)
    if first < last and kinds == sorted(kinds) and not first < kinds[0] <= kinds[-1] < last:
        return None
    return Columns({key: places[key] for key in _KEYS}, _width(heads))


def _key(line: Line) -> str | None:
    """The row that a line's label means; a wrong rowspan may have put a group's label to the right of it."""
    if not line.label:
        return None
    key = labels.request_row(line.label)
    if key is None:
        others = map(labels.request_row, dict.fromkeys(filter(None, reversed(line.cells[: line.last]))))
        key = next((other for other in others if other not in (None, _SINGLE)), None)
    return key


def _labelled(lines: Sequence[Line]) -> Iterator[tuple[str, str | None, Line]]:
    """The rows that are known or hold figures, with label and key; a label torn over two rows is put together."""
    fragment = ""
    for number, line in enumerate(lines):
        key = _key(line)
        if key is None and line.figures and line.label:
            after = lines[number + 1] if number + 1 < len(lines) else None
            rest = after.label if after is not None and not after.figures else ""
            key = labels.request_row(fragment + line.label) or labels.request_row(line.label + rest)
        fragment = "" if line.figures else line.label
        if key is not None or line.figures:
            yield line.label, key, line


def _take(draft: Draft, label: str, key: str | None, line: Line, columns: Columns | None) -> None:
    if key is None:
        # A row of the agency's own: without a figure above zero it cannot change any sum.
        if any(read_cell(text).value != 0 for text in line.values if text):
            draft.doubts.append(f"“{short(label) or '没有名称的一'}”行不在统一格式内，无法归入")
        else:
            _log.info("ignored a row of table 3 that the form does not have: %s", label)
        return
    placed = columns.read(line) if columns is not None and line.last < columns.start else None
    if placed is None and line.is_whole:
        placed = by_position(line, _KEYS)
    if placed is None:
        count = sum(1 for text in line.values if text)
        reason = f"“{short(label)}”行有{count}个数字，应为{len(_KEYS)}个，无法确定所在列"
        draft.doubts.append(reason)
        placed = unread(_KEYS, line, reason)
    draft.put(key, label, line, placed)


def _missing(draft: Draft) -> list[str]:
    """Labels of the form's rows that were not found; 其他处理 may be printed as one row in any year."""
    split = any(key in draft.rows for key in _SPLIT)
    expected = REQUEST_ROWS["2019" if _SINGLE in draft.rows and not split else "2021"]
    return [_LABELS[line.key] for line in expected if line.key not in draft.rows]
