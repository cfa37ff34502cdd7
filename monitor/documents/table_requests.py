"""Table 3 (收到和处理政府信息公开申请情况) out of a document's parts, by its labels and over page breaks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from monitor.documents import labels
from monitor.documents.placing import (
    Columns,
    Line,
    Part,
    Placed,
    Texts,
    by_position,
    head_columns,
    is_ordered,
    is_words,
    is_zero,
    own_places,
    own_texts,
    short,
    texts_at,
    unread,
    words_in_cells,
)
from monitor.documents.rows import Draft, Torn
from monitor.form import REQUEST_COLUMNS, REQUEST_ROWS

_log = logging.getLogger(__name__)

_KEYS: Final = tuple(line.key for line in REQUEST_COLUMNS)
_SINGLE: Final = "other"
_REST: Final = "other_rest"
_SPLIT: Final = frozenset({"other_uncorrected", "other_unpaid", _REST})
#: Key → label of both editions in the form's order; the single row （六）其他处理 before the three that replaced it.
_SINGLE_LABEL: Final = next(line.label for line in REQUEST_ROWS["2019"] if line.key == _SINGLE)
_FORM: Final = {
    key: label
    for line in REQUEST_ROWS["2021"]
    for key, label in ([(_SINGLE, _SINGLE_LABEL)] if line.key == "other_uncorrected" else []) + [(line.key, line.label)]
}
#: 其他处理 may stand as one row in any year.
_SINGLE_ROW: Final = Torn(_FORM, mean=labels.request_row, optional=_SPLIT)
_THREE_ROWS: Final = Torn(_FORM, mean=labels.request_row, optional=frozenset({_SINGLE}))
_PLACES: Final = {key: place for place, key in enumerate(_FORM)}
#: The head's labels in the form's order; 法人或其他组织 stands over the five kinds.
_GROUP: Final = "group"
_KINDS: Final = _KEYS[1:-1]
_HEAD: Final = ("individual", _GROUP, *_KEYS[1:])
#: So many rows of the form make rows without a head the table.
_ENOUGH: Final = 3


def is_request_head(texts: Texts) -> bool:
    """Whether a row is of the head: it names two kinds of applicants, or is the corner's or 申请人情况's row."""
    keys = {labels.request_column(text) for text in texts if text} - {None, "other", "total"}
    return len(keys) >= 2 or any(labels.is_corner(text) for text in texts if text)


def collect_requests(parts: Sequence[Part], draft: Draft) -> None:
    """Take the rows of table 3 from all parts of the document that belong to it."""
    pieces = _pieces(parts)
    if not pieces:
        _collect(*_gathered(parts, draft), draft, _KEYS)
        return
    drafts = [(keys, Draft()) for keys, _, _ in pieces]
    for (keys, piece), (_, columns, lines) in zip(drafts, pieces, strict=True):
        # A row of blanks hides that labels have slid: of a piece's few columns rows are blank as a whole.
        if any(line.last < 0 and not line.figures for line in lines):
            piece.refuse("有的行没有名称，标签与数字可能错位")
        _collect(lines, columns, piece, keys)
    draft.join(drafts, _FORM)


def _collect(lines: Sequence[Line], stand: Sequence[Columns | None], draft: Draft, columns: Sequence[str]) -> None:
    """Take the rows of a table, or of a piece of it that has some of its columns."""
    keys = _row_keys(lines)
    torn = _SINGLE_ROW if _SINGLE in keys and not _SPLIT.intersection(keys) else _THREE_ROWS
    for number, key in torn.rows(lines, keys):
        _take(draft, key, lines[number], stand[number], torn, columns)
    _settle_other(draft)
    draft.missing([_FORM[key] for key in torn.between(None, None) if key not in draft.rows])
    draft.settle(torn)


# ── the parts of the document that belong to the table ──────────────────────────────────────────────────────────────


def _gathered(parts: Sequence[Part], draft: Draft) -> tuple[list[Line], list[Columns | None]]:
    """The table's lines below its heads, and the columns that each stands in."""
    lines: list[Line] = []
    stand: list[Columns | None] = []
    columns: Columns | None = None
    above: tuple[Texts, ...] = ()
    for part in parts:
        if part.heads:
            columns = _columns(part.heads) or _columns(above + part.heads) or (columns if not above else None)
            if not _agrees(part.heads) or (columns is None and _is_misplaced(above + part.heads)):
                draft.refuse("表头各列的顺序与统一格式不同，无法确定数字属于哪一列")
            above = () if any(line.figures for line in part.lines) else above + part.heads
        elif not _continues(part, lines, opened=bool(above)):
            continue
        lines += [_words_in_cells(line, columns) for line in part.lines]
        stand += [columns] * len(part.lines)
    return lines, stand


def _pieces(parts: Sequence[Part]) -> list[tuple[tuple[str, ...], list[Columns | None], list[Line]]]:
    """The pieces of a table that is set below each other: the columns that each has, where they stand, and its rows.

    Together their heads have each column once and in the form's order; else there are no pieces.
    """
    pieces: list[tuple[tuple[str, ...], list[Columns | None], list[Line]]] = []
    for part in parts:
        if part.heads:
            keys = _named(part.heads)
            columns = _columns(part.heads, keys) if 0 < len(keys) < len(_KEYS) and part.lines else None
            if columns is None:
                return []
            if not pieces or pieces[-1][0] != keys:
                pieces.append((keys, [], []))
        elif not pieces or not _continues(part, pieces[-1][2], opened=False):
            continue
        _, stand, lines = pieces[-1]
        lines += [_words_in_cells(line, columns) for line in part.lines]
        stand += [columns] * len(part.lines)
    return pieces if [key for keys, _, _ in pieces for key in keys] == list(_KEYS) else []


@lru_cache(maxsize=256)
def _named(heads: tuple[Texts, ...]) -> tuple[str, ...]:
    """The columns that the labels of a head mean, in the form's order."""
    found = {labels.request_column(text) for row in heads for text in row if text}
    return tuple(key for key in _KEYS if key in found)


def _words_in_cells(line: Line, columns: Columns | None) -> Line:
    """A row with words for a figure; without columns by its count, unless they are the last of the row (a remark).

    One that has words behind figures and does not stand in the columns is a row as well: nothing in it can be placed.
    """
    cells = line.cells
    if line.last < 0:
        return line
    found = line
    if columns is not None:
        found = words_in_cells(line, columns.start, width=columns.width, mean=_words_key)
    elif 0 < len(cells) - len(_KEYS) <= line.last < len(cells) - 1:
        found = words_in_cells(line, len(cells) - len(_KEYS), width=len(cells), mean=_words_key)
    if found is not line or _row_key(line) is not None or line.is_whole:
        return found
    first = next(at for at, text in enumerate(cells) if text and not is_words(text))
    last = max((at for at in range(first) if cells[at]), default=-1)
    if last < 0 or _words_key(cells[: last + 1]) is None:
        return line
    reason = "行内数字之间夹有文字，无法确定数字属于哪一列"
    return line._replace(last=last, figures=True, doubts=dict.fromkeys(range(len(cells)), reason))


def _continues(part: Part, before: Sequence[Line], *, opened: bool) -> bool:
    """Whether rows without a head go on with the table (after a page break one is enough) or are all of it."""
    keys = [key for line in part.lines if (key := _row_key(line))]
    latest = next(((key, line) for line in reversed(before) if (key := _row_key(line))), None)
    if latest is None:
        return (opened and bool(keys)) or sum(
            1 for line in part.lines if _row_key(line) and len(line.values) == len(_KEYS)
        ) >= _ENOUGH
    key, line = latest
    if keys:
        return _PLACES[keys[0]] >= _PLACES[key]
    # The last row may be torn in two: its label at the foot of a page, its figures at the top of the next.
    first = part.lines[0]
    follows = line is before[-1] and not line.figures and first.figures and len(first.cells) == len(line.cells)
    return follows and labels.characters(first.label) in labels.characters(_FORM[key])


@lru_cache(maxsize=256)
def _columns(heads: tuple[Texts, ...], keys: tuple[str, ...] = _KEYS) -> Columns | None:
    """The places of the columns by the head's labels; None where not each is found or the head's spans are wrong.

    The labels of each row of a head may stand in the form's order and yet not above each other: then a span is wrong.
    """
    columns = head_columns(heads, keys, find=lambda texts: _one({labels.request_column(text) for text in texts}))
    return columns if columns is not None and columns.is_ordered else None


@lru_cache(maxsize=256)
def _is_misplaced(heads: tuple[Texts, ...]) -> bool:
    """Whether a head lacks one of the seven labels, and the others do not stand where seven columns would put them."""
    known = {labels.request_column(text) for row in heads for text in row if text} - {None}
    start = max(map(len, heads)) - len(_KEYS)
    if not known or known == set(_KEYS):
        return False
    if own_places(heads):
        return True  # a column of the agency's own may stand where the lost one stood
    return start < 0 or any(
        ("勾稽关系" in labels.plain(text) and place >= start) or (key and place != start + _KEYS.index(key))
        for place in range(start + len(_KEYS))
        for texts in [texts_at(heads, place)]
        for key in [_one({labels.request_column(text) for text in texts})]
        for text in texts
    )


def _one(keys: set[str | None]) -> str | None:
    keys.discard(None)
    return keys.pop() if len(keys) == 1 else None


@lru_cache(maxsize=256)
def _agrees(heads: tuple[Texts, ...]) -> bool:
    """Whether the labels of each row of a head stand in the form's order, as far as there are any.

    In a text that has lost its tables the rows of the head may stand one behind the other: the kinds after 总计.
    """
    for row in own_texts(heads):
        found = [key for text in row if (key := _head_key(text))]
        kinds = [key for key in found if key in _KINDS]
        if _GROUP in found and 0 < len(kinds) < len(_KINDS):
            return False
        flat = _GROUP in found and found[len(found) - len(kinds) :] == kinds
        if not is_ordered(found, _HEAD) and not (
            flat and is_ordered(kinds, _KINDS) and is_ordered(found[: len(found) - len(kinds)], _HEAD)
        ):
            return False
    return True


def _head_key(text: str) -> str | None:
    return _GROUP if labels.core(text) == "法人或其他组织" else labels.request_column(text)


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _row_key(line: Line) -> str | None:
    """The row that a line's words mean; a wrong rowspan may have put the label of a group to the right of its own."""
    return _words_key(line.cells[: line.last + 1]) if line.last >= 0 else None


@lru_cache(maxsize=1024)
def _words_key(words: Texts) -> str | None:
    left, label = words[:-1], words[-1]
    key = labels.request_row(label)
    if key is None and _is_group(label):
        others = map(labels.request_row, dict.fromkeys(filter(None, reversed(left))))
        return next((other for other in others if other not in (None, _SINGLE)), None)
    if key == _REST and any(labels.request_group(text) not in (None, "其他处理") for text in left if text):
        return None  # an agency's own 其他 in another group
    return key


def _is_group(label: str) -> bool:
    return labels.request_group(label) is not None or labels.core(label) == "本年度办理结果"


def _row_keys(lines: Sequence[Line]) -> list[str | None]:
    """What each line means by its words; 其他 is a row of the form only behind the other rows of （六）其他处理."""
    keys: list[str | None] = []
    before: str | None = None
    for line in lines:
        key = _row_key(line)
        if key == _REST and before not in _SPLIT | {_SINGLE} and not _in_other(line):
            key = None
        keys.append(key)
        before = key or before
    return keys


def _in_other(line: Line) -> bool:
    return any(labels.request_group(text) == "其他处理" for text in line.cells[: line.last] if text)


def _take(draft: Draft, key: str | None, line: Line, columns: Columns | None, torn: Torn, keys: Sequence[str]) -> None:
    label = line.label
    if key is None:
        _note_unknown(draft, label, line, torn)
        return
    placed = _below(line, columns) if columns is not None else None
    if placed is None and line.is_whole and keys == _KEYS and (columns is None or not columns.has_more):
        placed = by_position(line, _KEYS)
    if placed is None:
        count = sum(1 for text in line.values if text)
        reason = f"“{short(label)}”行有{count}个数字，应为{len(keys)}个，无法确定所在列"
        draft.doubts.append(reason)
        placed = unread(keys, line, reason)
    draft.put(key, label, line, placed)


def _below(line: Line, columns: Columns) -> Placed | None:
    """The row's cells below the head's labels; the two halves of a table may each have the row's label."""
    if line.last < columns.start:
        return columns.read(line)
    words = frozenset(place for place in range(columns.start, line.last + 1) if is_words(line.cells[place]))
    left = line.cells[: columns.start]
    return columns.read(line, beside=words) if all(line.cells[place] in left for place in words) else None


def _note_unknown(draft: Draft, label: str, line: Line, torn: Torn) -> None:
    texts = [text for text in line.values if text]
    if not draft.trace and texts == [str(number) for number in range(1, len(texts) + 1)]:
        return  # the columns' numbers (栏次) below the head
    draft.stray("" if _is_group(label) else label, torn)
    if not label or _is_group(label):
        draft.nameless(label, zero=is_zero(line))
    elif is_zero(line):
        # A row of the agency's own: without a figure above zero it cannot change any sum.
        _log.info("ignored a row of table 3 that the form does not have: %s", label)
    else:
        draft.doubts.append(f"“{short(label)}”行不在统一格式内，无法归入")


def _settle_other(draft: Draft) -> None:
    """Drop the label row of a group that is printed in full; a figure in it beside its rows would count twice."""
    if _SINGLE not in draft.rows or not _SPLIT.intersection(draft.rows):
        return
    if all(cell.is_blank for cell in draft.rows[_SINGLE].values()):
        del draft.rows[_SINGLE], draft.origins[_SINGLE]
        draft.trace.remove(_SINGLE)
    else:
        draft.refuse("“（六）其他处理”既有一行合计，又有分项，无法确定哪一行计入总计")
