"""Table 4 (行政复议、行政诉讼情况) out of a document's grids: one row of fifteen figures, told apart by its head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.documents import labels
from monitor.documents.placing import Columns, Draft, Line, by_position, unread
from monitor.form import REMEDY_KINDS, REMEDY_RESULTS

_RESULTS: Final = tuple(line.key for line in REMEDY_RESULTS)
_KINDS: Final = tuple(line.key for line in REMEDY_KINDS)
_PATHS: Final = tuple(f"{kind}.{result}" for kind in _KINDS for result in _RESULTS)
#: So many of the five results make a grid's labels the head of the table.
_ENOUGH: Final = 4


def collect_remedies(grids: Sequence[Sequence[Line]], draft: Draft) -> None:
    """Take table 4 from the first grid with its head and figures; a page break may have torn the two apart."""
    head: list[Line] = []
    for grid in grids:
        own = [line for line in grid if line.last >= 0 and not line.figures]
        found = {labels.remedy_result(text) for line in own for text in line.cells if text} - {None}
        if len(found) >= _ENOUGH:
            head = own
        elif not head or len(grid) > 2:
            continue
        figures = [line for line in grid if line.last < 0 or line.figures]
        filled = [line for line in figures if line.figures] or figures[:1]
        if not filled:
            continue
        if not _take_by_kind(draft, head, filled):
            _take(draft, head, filled)
        head = []
    if head:
        draft.doubts.append("只找到表头，没有找到数字")


def _take(draft: Draft, head: Sequence[Line], filled: Sequence[Line]) -> None:
    line = filled[0]
    placed, reason = None, ""
    if len(filled) > 1:
        reason = f"表中有{len(filled)}行数字，应为1行"
    else:
        columns = _columns(head) if line.last < 0 else None
        placed = columns.read(line) if columns is not None else None
        if placed is None and _head_agrees(head):
            placed = by_position(line, _PATHS)
        count = sum(1 for text in line.values if text)
        reason = f"表中有{count}个数字，应为{len(_PATHS)}个，无法确定所在列"
    if placed is None:
        draft.doubts.append(reason)
        placed = unread(_PATHS, line, reason)
    for kind in _KINDS:
        draft.put(kind, kind, line, placed.of({f"{kind}.{result}": result for result in _RESULTS}))


def _columns(head: Sequence[Line]) -> Columns | None:
    """The places of the fifteen columns by the labels above them; None where not each of them is found."""
    places: dict[str, list[int]] = {}
    width = max(len(line.cells) for line in head)
    for place in range(width):
        column = [line.cells[place] for line in head if place < len(line.cells) and line.cells[place]]
        kinds = [kind for kind in map(labels.remedy_kind, column) if kind]
        results = [result for result in map(labels.remedy_result, column) if result]
        if kinds and results:
            places.setdefault(f"{kinds[-1]}.{results[-1]}", []).append(place)
    return Columns({path: places[path] for path in _PATHS}, width) if set(places) == set(_PATHS) else None


def _head_agrees(head: Sequence[Line]) -> bool:
    """Whether the labels of a head whose spans are lost stand in the form's order, as far as there are any."""
    for line in head:
        row = line.cells
        words = [text for place, text in enumerate(row) if text and (place == 0 or text != row[place - 1])]
        results = [result for result in map(labels.remedy_result, words) if result]
        kinds = [kind for kind in map(labels.remedy_kind, words) if kind]
        if results != [*_RESULTS] * (len(results) // len(_RESULTS)):
            return False
        if kinds != [kind for kind in _KINDS if kind in kinds]:
            return False
    return True


def _take_by_kind(draft: Draft, head: Sequence[Line], filled: Sequence[Line]) -> bool:
    """Table 4 turned: a row for each kind, a column for each result. False where it is not printed so."""
    kinds = [labels.remedy_kind(line.label) if line.label else None for line in filled]
    if sorted(map(str, kinds)) != sorted(_KINDS):
        return False
    places: dict[str, list[int]] = {}
    for line in head:
        for place, text in enumerate(line.cells):
            result = labels.remedy_result(text) if text else None
            if result and place not in places.get(result, []):
                places.setdefault(result, []).append(place)
    if set(places) != set(_RESULTS):
        return False
    columns = Columns({result: places[result] for result in _RESULTS}, max(len(line.cells) for line in head))
    rows = [placed for line in filled if (placed := columns.read(line)) is not None]
    if len(rows) < len(filled):
        return False
    for kind, line, placed in zip(kinds, filled, rows, strict=True):
        draft.put(str(kind), str(kind), line, placed)
    return True
