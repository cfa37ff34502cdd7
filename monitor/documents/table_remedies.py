"""Table 4 (行政复议、行政诉讼情况) out of a document's parts: one row of fifteen figures, told apart by its head."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from monitor.documents import labels
from monitor.documents.placing import (
    Columns,
    Line,
    Part,
    Texts,
    by_position,
    head_columns,
    is_ordered,
    own_places,
    unread,
    words_in_cells,
)
from monitor.documents.rows import Draft
from monitor.form import REMEDY_KINDS, REMEDY_RESULTS

_RESULTS: Final = tuple(line.key for line in REMEDY_RESULTS)
_KINDS: Final = tuple(line.key for line in REMEDY_KINDS)
_LABELS: Final = {line.key: line.label for line in REMEDY_KINDS}
_PATHS: Final = tuple(f"{kind}.{result}" for kind in _KINDS for result in _RESULTS)
#: So many of the five results make a row of words the head of the table.
_ENOUGH: Final = 4


def is_remedy_head(texts: Texts) -> bool:
    """Whether a row of words is of the head: it names most of the results, two of the kinds, or 行政诉讼."""
    words = [text for text in dict.fromkeys(texts) if text and not labels.is_remark(text)]
    if len({labels.remedy_result(text) for text in words} - {None}) >= _ENOUGH:
        return True
    return any(map(labels.is_suit, words)) or len({labels.remedy_kind(text) for text in words} - {None}) > 1


def collect_remedies(parts: Sequence[Part], draft: Draft) -> None:
    """Take table 4 from its heads and the figures below; a page break may have torn the two apart, or the head."""
    heads: tuple[Texts, ...] = ()
    before: tuple[Texts, ...] = ()
    blank: list[Line] = []
    for part in parts:
        if part.table is None and before and _goes_on(part, before):
            heads = before  # one row more, or the same again behind a page break
        before = ()
        if part.table == "remedies":
            if blank:
                _take(draft, heads, blank[:1])
                heads, blank = (), []
            heads += part.heads
        elif not heads or len(part.lines) > 2:
            continue
        lines = [_words_in_cells(line, heads) for line in part.lines]
        rows = [line for line in lines if line.cells and (line.last < 0 or line.figures or not line.is_whole)]
        filled = [line for line in rows if line.figures or not line.is_whole]
        if filled:
            _take(draft, heads, filled)
            before, heads, blank = heads, (), []
        else:
            blank += rows
    if blank:
        _take(draft, heads, blank[:1])
    elif heads and draft.rows:
        draft.refuse("数字下面还有表头，无法确定数字属于哪一列")
    elif heads:
        draft.doubts.append("只找到表头，没有找到数字")
    draft.settle()


def _is_wider(heads: Sequence[Texts]) -> bool:
    """Whether a head has a column too many: a place without a name, or the same width in each of its rows."""
    widths = [len(row) for row in heads]
    is_even = len(widths) > 1 and len(set(widths)) == 1
    return max(widths) > len(_PATHS) and (is_even or any("" in row[1:] for row in heads))


def _goes_on(part: Part, heads: Sequence[Texts]) -> bool:
    """Whether a part without a head is a row of figures below the table that ended before it."""
    figures = [line for line in part.lines if line.figures]
    return len(part.lines) == len(figures) == 1 and len(figures[0].cells) == max(map(len, heads))


def _words_in_cells(line: Line, heads: tuple[Texts, ...]) -> Line:
    columns = (_columns(heads)[0] or _columns_by_kind(heads)) if line.last >= 0 else None
    if columns is None or not columns.is_single:
        return line
    return words_in_cells(line, columns.start, width=columns.width, mean=lambda words: labels.remedy_kind(words[-1]))


def _take(draft: Draft, heads: tuple[Texts, ...], filled: Sequence[Line]) -> None:
    if _take_by_kind(draft, heads, filled):
        return
    line = filled[0]
    columns, agrees = _columns(heads)
    placed = None
    if len(filled) > 1:
        reason = f"表中有{len(filled)}行数字，应为1行"
    elif not agrees:
        reason = "表头各列的顺序与统一格式不同，无法确定数字属于哪一列"
    else:
        placed = columns.read(line) if columns is not None and line.last < columns.start else None
        # A column of the agency's own, or one without a name, may make up for a lost one.
        if placed is None and columns is None and not _is_wider(heads) and not own_places(heads):
            placed = by_position(line, _PATHS)
        count = sum(1 for text in line.values if text)
        reason = f"表中有{count}个数字，应为{len(_PATHS)}个，无法确定所在列"
        if count == len(_PATHS):
            reason = "数字所在的行与表头的格数不同，无法确定所在列"
    if placed is None:
        draft.doubts.append(reason)
        placed = unread(_PATHS, line, reason)
    for kind in _KINDS:
        draft.put(kind, _LABELS[kind], line, placed.of({f"{kind}.{result}": result for result in _RESULTS}))


@lru_cache(maxsize=256)
def _columns(heads: tuple[Texts, ...]) -> tuple[Columns | None, bool]:
    """The fifteen columns by the labels above them (None where not each is found), and whether the order is the form's.

    Where spans are lost, what labels there are must stand in the form's order.
    """
    columns = head_columns(heads, _PATHS, find=_path)
    if columns is not None:
        return columns, columns.is_ordered
    for row in heads:
        words = [text for place, text in enumerate(row) if text and (not place or text != row[place - 1])]
        results = [result for result in map(labels.remedy_result, words) if result]
        kinds = [kind for kind in map(labels.remedy_kind, words) if kind]
        if results != [*_RESULTS] * (len(results) // len(_RESULTS)) or not is_ordered(kinds, _KINDS):
            return None, False
    return None, True


def _path(texts: Texts) -> str | None:
    kinds = [kind for kind in map(labels.remedy_kind, texts) if kind]
    results = [result for result in map(labels.remedy_result, texts) if result]
    return f"{kinds[-1]}.{results[-1]}" if kinds and results else None


def _take_by_kind(draft: Draft, heads: tuple[Texts, ...], filled: Sequence[Line]) -> bool:
    """Table 4 turned: a row for each kind, a column for each result. False where it is not printed so."""
    kinds = [labels.remedy_kind(line.label) if line.label else None for line in filled]
    if tuple(kinds) != _KINDS:
        return False
    columns = _columns_by_kind(heads)
    if columns is None or not columns.is_ordered:
        return False
    rows = [placed for line in filled if line.last < columns.start and (placed := columns.read(line)) is not None]
    if len(rows) < len(filled):
        return False
    for kind, line, placed in zip(_KINDS, filled, rows, strict=True):
        draft.put(kind, _LABELS[kind], line, placed)
    return True


@lru_cache(maxsize=256)
def _columns_by_kind(heads: tuple[Texts, ...]) -> Columns | None:
    return head_columns(heads, _RESULTS, find=_result)


def _result(texts: Texts) -> str | None:
    return next((result for result in map(labels.remedy_result, reversed(texts)) if result), None)
