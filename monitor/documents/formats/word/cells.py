"""Where the cells of a Word table stand: rows, columns and merges out of w:tbl. Reads no text.

Word places a cell by the lines of the table's grid that it lies between, and merges it with the one above it that
begins at the same line. Rows need not agree on the lines: people drag borders, and programs leave spans out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Final

from lxml import etree

from monitor.documents.formats.grids import MAX_COLUMNS, MAX_ROWS
from monitor.documents.formats.word.text import branches
from monitor.documents.formats.word.xml import MC, VAL, Properties, W, properties, switch, val, whole

_CELL: Final = W + "tc"
_ROW: Final = W + "tr"
_WRAPPERS: Final = frozenset(W + name for name in ("sdtContent", "customXml", "ins", "moveTo", "smartTag"))
#: More than any table has; an absurd span is cut to it, and the place behind it still exists.
_FARTHEST: Final = 1_000_000
#: A column that is narrower than this part of the narrowest cell is no column: a border was dragged out of line.
_SLIVER: Final = 0.5
#: A table with more lines than this is not the form's, and not worth putting in order.
_MOST_LINES: Final = 4 * MAX_COLUMNS
_CHANGED: Final = frozenset({W + "cellDel", W + "cellIns", W + "cellMerge"})


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """A cell of a row: the element, and the grid lines between which it lies.

    `goes_on`: it belongs to the cell above it. `changed`: cells of this row were added or taken away and the change
    is not decided, so that the figures may stand in other columns than people see.
    """

    element: etree._Element
    left: int
    right: int
    goes_on: bool = False
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's cells in place: row by row which box stands in each column, None where none does.

    `rows`: the boxes of each row that are cells of their own, in order. `cut`: there is more of it than is read.
    """

    places: tuple[tuple[Box | None, ...], ...]
    rows: tuple[tuple[Box, ...], ...]
    cut: bool = False


def children(node: etree._Element, wanted: str) -> Iterator[etree._Element]:
    """The children of one kind, through content controls and other wrappers."""
    for child in node:
        if child.tag == wanted:
            yield child
        elif child.tag == W + "sdt":
            for content in child.iterchildren(W + "sdtContent"):
                yield from children(content, wanted)
        elif child.tag in _WRAPPERS:
            yield from children(child, wanted)
        elif child.tag == MC + "AlternateContent":
            yield from next(filter(None, (list(children(branch, wanted)) for branch in branches(child))), [])


def lay_out(table: etree._Element) -> Layout:
    """The cells of a table where people see them; rows that are hidden or deleted (w:trPr/w:del) are left out."""
    elements = [row for row in children(table, _ROW) if not _is_gone(row)]
    widths = [max(whole(column.get(W + "w"), 0), 0) for grid in table.iterchildren(W + "tblGrid") for column in grid]
    rows = [_boxes(row) for row in elements[:MAX_ROWS]]
    rows, widths = _by_width(rows, elements, widths)
    return _placed(_snapped(_aligned(rows), widths), cut=len(elements) > MAX_ROWS)


def _is_gone(row: etree._Element) -> bool:
    own = properties(row, "trPr")
    return W + "del" in own or bool(switch(own, "hidden"))


def _boxes(row: etree._Element) -> list[Box]:
    """The cells of a row by grid lines."""
    place = _span(val(properties(row, "trPr"), "gridBefore"), 0)
    boxes: list[Box] = []
    changed = False
    for element in children(row, _CELL):
        own = properties(element, "tcPr")
        end = place + _span(val(own, "gridSpan"), 1)
        changed = changed or not _CHANGED.isdisjoint(own)
        if boxes and _goes_on(own, "hMerge"):
            boxes[-1] = replace(boxes[-1], right=end)
        else:
            boxes.append(Box(element, place, end, goes_on=_goes_on(own, "vMerge")))
        place = end
    return [replace(box, changed=True) for box in boxes] if changed else boxes


def _goes_on(own: Properties, name: str) -> bool:
    """Whether a merge continues a cell: no value means that it does."""
    merge = own.get(W + name)
    return merge is not None and merge.get(VAL, "continue") != "restart"


def _span(text: str | None, least: int) -> int:
    if text is not None and text.strip().isdigit() and len(text.strip()) > 6:
        return _FARTHEST
    return min(max(whole(text, least), least), _FARTHEST)


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _by_width(
    rows: list[list[Box]], elements: Sequence[etree._Element], widths: list[int]
) -> tuple[list[list[Box]], list[int]]:
    """The boxes by the cells' own widths where their spans are missing: rows that end at different lines say so.

    Only where each cell states its width and all rows are equally wide, as people see them; one unit is a line then.
    """
    if len({row[-1].right for row in rows if row}) <= 1 or any(box.right > box.left + 1 for row in rows for box in row):
        return rows, widths
    if any(_before_or_after(element) for element in elements[: len(rows)]):
        return rows, widths
    measured = []
    for row in rows:
        sizes = [_width(box.element) for box in row]
        edges = [0, *accumulate(sizes)]
        if not all(sizes):
            return rows, widths
        measured.append([replace(box, left=edges[n], right=edges[n + 1]) for n, box in enumerate(row)])
    ends = [row[-1].right for row in measured if row]
    narrowest = min(box.right - box.left for row in measured for box in row)
    if max(ends) - min(ends) > narrowest * _SLIVER:
        return rows, widths
    end = max(ends)
    return [[*row[:-1], replace(row[-1], right=end)] for row in measured if row], []


def _before_or_after(row: etree._Element) -> bool:
    own = properties(row, "trPr")
    return W + "gridBefore" in own or W + "gridAfter" in own


def _width(cell: etree._Element) -> int:
    width = properties(cell, "tcPr").get(W + "tcW")
    return max(whole(width.get(W + "w"), 0), 0) if width is not None and width.get(W + "type") == "dxa" else 0


def _aligned(rows: list[list[Box]]) -> list[list[Box]]:
    """The boxes cell under cell, for rows that have as many, where the rows' ends show that spans went wrong.

    Where all rows end at one line, the lines are what people see. The only cell of a row reaches as far as the others.
    """
    ends = {row[-1].right for row in rows if len(row) > 1}
    if len(ends) <= 1 and all(row[-1].right in ends for row in rows if row):
        return rows
    end = max(ends, default=_FARTHEST)
    aligned: list[list[Box]] = []
    above: list[Box] = []
    for row in rows:
        if len(row) == len(above) > 1 and row[0].left == above[0].left and _agree(row, above):
            row = [replace(box, left=over.left, right=over.right) for box, over in zip(row, above, strict=True)]
        elif len(row) == 1 and row[0].left < end < row[0].right:
            row = [replace(row[0], right=end)]
        aligned.append(row)
        above = row
    return aligned


def _agree(row: Sequence[Box], above: Sequence[Box]) -> bool:
    """Whether the cells that go on from above would still do so if they stood cell under cell."""
    return all(box.left == over.left for box, over in zip(row, above, strict=True) if box.goes_on)


def _snapped(rows: list[list[Box]], widths: Sequence[int]) -> list[list[Box]]:
    """The boxes with their edges numbered from 0, those that a dragged border moved a little put back in line."""
    lines = sorted({edge for row in rows for box in row for edge in (box.left, box.right)})
    if not lines:
        return rows
    positions = _positions(lines, widths)
    kept = _kept(rows, dict(zip(lines, positions, strict=True)), lines)
    number = dict(zip(lines, accumulate([0, *(left in kept for left in lines[:-1])]), strict=True))
    return [[replace(box, left=number[box.left], right=number[box.right]) for box in row] for row in rows]


def _positions(lines: Sequence[int], widths: Sequence[int]) -> list[int]:
    """Where the lines are on paper, in twentieths of a point; without widths the lines' own numbers."""
    if not widths:
        return list(lines)
    edges = [0, *accumulate(widths)]
    return [edges[line] if line < len(edges) else edges[-1] + (line - len(edges) + 1) * 1000 for line in lines]


def _kept(rows: list[list[Box]], at: dict[int, int], lines: Sequence[int]) -> set[int]:
    """The lines whose column (to the next line) is one: all but slivers, and no cell may lose its last column."""
    cells = {(box.left, box.right) for row in rows for box in row}
    if len(lines) > _MOST_LINES:
        return set(lines)
    narrowest = min(at[right] - at[left] for left, right in cells)
    columns = list(pairwise(lines))
    slivers = {left for left, right in columns if at[right] - at[left] < narrowest * _SLIVER}
    for left, right in cells if slivers else ():
        own = lines[bisect_left(lines, left) : bisect_left(lines, right)]
        if slivers.issuperset(own):
            return set(lines)
    return {left for left, _ in columns} - slivers


def _placed(rows: list[list[Box]], *, cut: bool) -> Layout:
    """Each box in its columns, merged ones in those of every row they reach."""
    width = max((box.right for row in rows for box in row), default=0)
    if width > MAX_COLUMNS:
        width, cut = MAX_COLUMNS, True
        rows = [[replace(box, right=min(box.right, width)) for box in row if box.left < width] for row in rows]
    places: list[tuple[Box | None, ...]] = []
    own: list[tuple[Box, ...]] = []
    above: dict[int, Box] = {}
    for row in rows:
        line: list[Box | None] = [None] * width
        starts: dict[int, Box] = {}
        for box in row:
            owner = above.get(box.left, box) if box.goes_on else box
            starts[box.left] = owner
            line[box.left : box.right] = [owner] * (box.right - box.left)
        places.append(tuple(line))
        own.append(tuple(box for box in row if starts[box.left] is box))
        above = starts
    return Layout(tuple(places), tuple(own), cut)
