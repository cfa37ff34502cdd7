"""Tables of fixed layout: ruling lines and the glyphs between them as cells. Knows no file format and not the form.

Where the lines leave it open which cell a figure belongs to, the cell has a doubt; nothing is guessed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from monitor.documents.formats.drawn import Box, Glyph, Patch, Table
from monitor.documents.formats.grids import MAX_COLUMNS, MAX_ROWS
from monitor.documents.formats.pdf.marks import FIGURES, Rule, cell_text, lines_of, usual_size

#: In parts of the usual size of lettering: lines so near are one line (drawn twice, or a double line); gaps in a line
#: that are bridged (dashes, lines broken at each cell); the narrowest strip that a cell can be; how far lines must
#: reach beyond the last crossing to show a border that is not drawn.
_SAME: Final = 0.3
_BRIDGED: Final = 0.5
_NARROWEST: Final = 0.8
_BEYOND: Final = 0.4
#: The tallest row that is seen without its sides.
_TALLEST: Final = 8.0
#: A border is there from this share of an edge on, and is not up to the other; between them it is open to doubt.
_DRAWN: Final = 0.75
_NOT_DRAWN: Final = 0.25
#: Lines of one direction on a page; more are a drawing.
MOST_LINES: Final = 1500
#: Glyphs nearer than this, in parts of their size, are of one word.
_TOUCHING: Final = 0.12
#: A line that runs through this inner share of a glyph cuts it.
_CUT: Final = 0.2


def ruled_tables(
    glyphs: Sequence[Glyph], level: Iterable[Rule], upright: Iterable[Rule]
) -> tuple[list[Table], list[Glyph]]:
    """The tables that lines draw, from top to bottom, and the glyphs that stand in none of them.

    A table may have one cell only: a frame, or a part of a table that a page break left alone.
    """
    size = usual_size(glyphs)
    across, down = _snapped(level, size), _snapped(upright, size)
    if not across or not down or len(across) > MOST_LINES or len(down) > MOST_LINES:
        return [], list(glyphs)
    down = _snapped([*down, *_open_sides(across, down, size)], size)
    rest = list(glyphs)
    tables: list[Table] = []
    # From the smallest on, so that a table within a frame takes its text before the frame does.
    for level_lines, upright_lines in sorted(_crossing(across, down, size), key=_area):
        table, rest = _table(level_lines, upright_lines, rest, size)
        if table is not None and any(patch.text for patch in table.patches()):
            tables.append(table)
    return sorted(tables, key=lambda table: table.ys[0]), rest


# ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _snapped(rules: Iterable[Rule], size: float) -> list[Rule]:
    """The lines with those of one place joined: drawn twice, doubled, dashed, or broken at each cell."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][0].at <= _SAME * size:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    joined: list[Rule] = []
    for group in groups:
        at = sum(rule.at for rule in group) / len(group)
        start, end = None, 0.0
        for rule in sorted(group, key=lambda rule: rule.start):
            if start is None:
                start, end = rule.start, rule.end
            elif rule.start <= end + _BRIDGED * size:
                end = max(end, rule.end)
            else:
                joined.append(Rule(at, start, end))
                start, end = rule.start, rule.end
        if start is not None:
            joined.append(Rule(at, start, end))
    return [rule for rule in joined if rule.end - rule.start > _NARROWEST * size]


def _open_sides(level: Sequence[Rule], upright: Sequence[Rule], size: float) -> list[Rule]:
    """The outer borders of tables that have none: between two level lines of the same two ends."""
    slack = _SAME * size * 1.5

    def is_closed(rule: Rule) -> bool:
        return any(
            min(abs(line.at - rule.start), abs(line.at - rule.end)) < slack
            and line.start - slack <= rule.at <= line.end + slack
            for line in upright
        )

    sides: list[Rule] = []
    for number, rule in enumerate(level):
        below = next(
            (
                other
                for other in level[number + 1 :]
                if abs(other.start - rule.start) < slack and abs(other.end - rule.end) < slack
            ),
            None,
        )
        if below is not None and below.at - rule.at <= _TALLEST * size and not (is_closed(rule) or is_closed(below)):
            sides += [Rule(rule.start, rule.at, below.at), Rule(rule.end, rule.at, below.at)]
    return sides


def _crossing(level: Sequence[Rule], upright: Sequence[Rule], size: float) -> list[tuple[list[Rule], list[Rule]]]:
    """The lines as groups that hang together."""
    slack = _SAME * size * 1.5
    ys, x0s, x1s = (np.array(part) for part in zip(*level, strict=True))
    xs, y0s, y1s = (np.array(part) for part in zip(*upright, strict=True))
    meets = (
        (x0s[:, None] - slack <= xs[None, :])
        & (xs[None, :] <= x1s[:, None] + slack)
        & (y0s[None, :] - slack <= ys[:, None])
        & (ys[:, None] <= y1s[None, :] + slack)
    )
    groups: list[tuple[list[Rule], list[Rule]]] = []
    left = set(range(len(level)))
    while left:
        rows: set[int] = set()
        columns: set[int] = set()
        reached = {left.pop()}
        while reached:
            rows |= reached
            found = set(np.flatnonzero(meets[sorted(reached)].any(axis=0)).tolist()) - columns
            columns |= found
            reached = set(np.flatnonzero(meets[:, sorted(found)].any(axis=1)).tolist()) - rows if found else set()
        left -= rows
        if columns:
            groups.append(([level[row] for row in rows], [upright[column] for column in columns]))
    return groups


def _area(group: tuple[list[Rule], list[Rule]]) -> float:
    level, upright = group
    width = max(rule.end for rule in level) - min(rule.start for rule in level)
    return width * (max(rule.end for rule in upright) - min(rule.start for rule in upright))


def _places(rules: Sequence[Rule], size: float) -> list[float]:
    places: list[float] = []
    for at in sorted({rule.at for rule in rules}):
        if not places or at - places[-1] > _SAME * size:
            places.append(at)
    return places


def _closed(places: list[float], crossing: Sequence[Rule], size: float) -> tuple[list[float], bool, bool]:
    """Places of lines with the outer borders that are not drawn: crossing lines end there, beyond the last one."""
    start = min(rule.start for rule in crossing)
    end = max(rule.end for rule in crossing)
    before = start < places[0] - _BEYOND * size
    behind = end > places[-1] + _BEYOND * size
    return [*([start] if before else []), *places, *([end] if behind else [])], before, behind


# ── cells ───────────────────────────────────────────────────────────────────────────────────────────────────────────


#: The first and last row and column of a region: top, left, bottom, right.
_Extent = tuple[int, int, int, int]


class _Walls:
    """Which of the edges between places are drawn: 1 yes, 0 no, 0.5 in part."""

    __slots__ = ("above", "beside", "columns", "rows")

    def __init__(
        self, level: Sequence[Rule], upright: Sequence[Rule], xs: Sequence[float], ys: Sequence[float], *, slack: float
    ) -> None:
        self.rows, self.columns = len(ys) - 1, len(xs) - 1
        self.above = [_drawn(level, at, xs, slack) for at in ys]
        self.beside = [_drawn(upright, at, ys, slack) for at in xs]

    def between(self) -> Iterator[tuple[int, int, float]]:
        """The wall between each two places side by side, and one above the other. Places are counted row by row."""
        for row in range(self.rows):
            for column in range(self.columns):
                here = row * self.columns + column
                if column:
                    yield here, here - 1, self.beside[column][row]
                if row:
                    yield here, here - self.columns, self.above[row][column]


def _drawn(rules: Sequence[Rule], at: float, stops: Sequence[float], slack: float) -> list[float]:
    own = [rule for rule in rules if abs(rule.at - at) <= slack]
    shares = []
    for start, end in pairwise(stops):
        covered = sum(max(min(rule.end, end) - max(rule.start, start), 0) for rule in own)
        share = covered / (end - start)
        shares.append(1.0 if share >= _DRAWN else 0.0 if share <= _NOT_DRAWN else 0.5)
    return shares


def _table(
    level: Sequence[Rule], upright: Sequence[Rule], glyphs: list[Glyph], size: float
) -> tuple[Table | None, list[Glyph]]:
    """The table of lines that hang together, and the glyphs that it leaves."""
    xs, open_left, open_right = _closed(_places(upright, size), level, size)
    ys, open_top, open_bottom = _closed(_places(level, size), upright, size)
    if len(xs) < 2 or len(ys) < 2 or len(xs) > MAX_COLUMNS or len(ys) > MAX_ROWS:
        return None, glyphs
    walls = _Walls(level, upright, xs, ys, slack=_SAME * size)
    owners, extents, doubts = _regions(walls)
    outside = _outside(walls, owners, extents, (open_left, open_right, open_top, open_bottom))
    inside, rest = _assigned(glyphs, xs, ys, owners, outside)
    patches: dict[int, Patch] = {}
    for owner in extents.keys() - outside:
        own, (top, left, bottom, right) = inside.get(owner, []), extents[owner]
        box = Box(xs[left], ys[top], xs[right + 1], ys[bottom + 1])
        text, doubt = cell_text(own, box)
        patches[owner] = Patch(box, text, doubts.get(owner, "") or doubt or _cut(own, box), len(lines_of(own)))
    _doubt_touching(inside, patches)
    rows = [[patches.get(owner) for owner in row] for row in owners]
    taken = [glyph for own in inside.values() for glyph in own]
    return _slim(Table(xs, ys, rows, open_top=open_top, open_bottom=open_bottom, glyphs=taken), size), rest


def _regions(walls: _Walls) -> tuple[list[list[int]], dict[int, _Extent], dict[int, str]]:
    """The places as regions without a wall between them: a number for each; their extents and doubts by that number."""
    columns = walls.columns
    parent = list(range(walls.rows * columns))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    unsure: list[int] = []
    for here, there, wall in walls.between():
        if wall == 0.0:
            parent[root(here)] = root(there)
        elif wall == 0.5:
            unsure += [here, there]
    owners = [[root(row * columns + column) for column in range(columns)] for row in range(walls.rows)]
    doubts = {root(place): "格线不完整" for place in unsure}
    extents: dict[int, _Extent] = {}
    counts: Counter[int] = Counter()
    for row, own in enumerate(owners):
        for column, owner in enumerate(own):
            top, left, bottom, right = extents.get(owner, (row, column, row, column))
            extents[owner] = (top, min(left, column), row, max(right, column))
            counts[owner] += 1
    for owner, (top, left, bottom, right) in extents.items():
        if (bottom - top + 1) * (right - left + 1) != counts[owner]:
            doubts[owner] = "格线围成的不是矩形"
    return owners, extents, doubts


def _outside(
    walls: _Walls,
    owners: Sequence[Sequence[int]],
    extents: Mapping[int, _Extent],
    opened: tuple[bool, bool, bool, bool],
) -> set[int]:
    """Regions that no border closes: beside the narrower part of a table, not in it.

    A side of the table that is not drawn closes a region all the same, where lines lead to it on both sides of it.
    """
    left, right, top, bottom = opened
    above, beside = walls.above, walls.beside
    edges: set[tuple[int, bool]] = set()
    for row in range(walls.rows):
        for column, side, open_side in ((0, 0, left), (walls.columns - 1, -1, right)):
            if not open_side and beside[side][row] == 0.0:
                edges.add((owners[row][column], True))
    for column in range(walls.columns):
        for row, side, open_side in ((0, 0, top), (walls.rows - 1, -1, bottom)):
            if not open_side and above[side][column] == 0.0:
                edges.add((owners[row][column], False))
    outside: set[int] = set()
    for owner, across in edges:
        first_row, first, last_row, last = extents[owner]
        if across:
            ends = ((first_row, 0, top), (last_row + 1, walls.rows, bottom))
            closed = all(
                above[at][column] or at == outer or opened_there
                for at, outer, opened_there in ends
                for column in range(first, last + 1)
            ) and any(above[at][first] for at, _, _ in ends)
        else:
            ends = ((first, 0, left), (last + 1, walls.columns, right))
            closed = all(
                beside[at][row] or at == outer or opened_there
                for at, outer, opened_there in ends
                for row in range(first_row, last_row + 1)
            ) and any(beside[at][first_row] for at, _, _ in ends)
        if not closed:
            outside.add(owner)
    return outside


def _assigned(
    glyphs: Sequence[Glyph],
    xs: Sequence[float],
    ys: Sequence[float],
    owners: Sequence[Sequence[int]],
    outside: set[int],
) -> tuple[dict[int, list[Glyph]], list[Glyph]]:
    inside: dict[int, list[Glyph]] = {}
    rest: list[Glyph] = []
    for glyph in glyphs:
        column, row = bisect_right(xs, glyph.x) - 1, bisect_right(ys, glyph.y) - 1
        if 0 <= column < len(xs) - 1 and 0 <= row < len(ys) - 1 and owners[row][column] not in outside:
            inside.setdefault(owners[row][column], []).append(glyph)
        else:
            rest.append(glyph)
    return inside, rest


def _cut(glyphs: Sequence[Glyph], box: Box) -> str:
    """A doubt where a border of the cell runs through a figure."""
    for glyph in glyphs:
        if glyph.text in FIGURES:
            width, height = (glyph.x1 - glyph.x0) * _CUT, (glyph.y1 - glyph.y0) * _CUT
            if glyph.x0 + width < box.x0 or glyph.x1 - width > box.x1:
                return "格线穿过数字"
            if glyph.y0 + height < box.y0 or glyph.y1 - height > box.y1:
                return "格线穿过数字"
    return ""


def _doubt_touching(inside: dict[int, list[Glyph]], patches: dict[int, Patch]) -> None:
    """Doubt two cells where a word with figures runs from the one into the other."""
    owned = {glyph: owner for owner, glyphs in inside.items() for glyph in glyphs}
    for line in lines_of(list(owned)):
        for before, glyph in pairwise(line):
            first, second = owned[before], owned[glyph]
            if (
                first != second
                and glyph.x0 - before.x1 < _TOUCHING * glyph.size
                and (before.text in FIGURES or glyph.text in FIGURES)
                and abs(before.y1 - glyph.y1) < 0.3 * glyph.size
            ):
                for owner in (first, second):
                    patches[owner].doubt = patches[owner].doubt or "文字越过格线"


def _slim(table: Table, size: float) -> Table:
    """The table without strips that are no rows or columns: narrow, and no cell of their own with text in them."""
    for column in reversed(range(len(table.xs) - 1)):
        if (
            len(table.xs) > 2
            and table.xs[column + 1] - table.xs[column] < _NARROWEST * size
            and all(_spread(table.rows, row, column, 0) for row in range(len(table.rows)))
        ):
            del table.xs[column if column else 1]
            for row in table.rows:
                del row[column]
    for number in reversed(range(len(table.rows))):
        if (
            len(table.ys) > 2
            and table.ys[number + 1] - table.ys[number] < _NARROWEST * size
            and all(_spread(table.rows, number, column, 1) for column in range(len(table.xs) - 1))
        ):
            del table.ys[number if number else 1]
            del table.rows[number]
    return table


def _spread(rows: Sequence[Sequence[Patch | None]], row: int, column: int, axis: int) -> bool:
    """Whether the cell at a place has nothing that would be lost with its strip: it reaches beyond it or is blank."""
    patch = rows[row][column]
    if patch is None or not patch.text:
        return True
    others = (
        (rows[row][near] for near in (column - 1, column + 1) if 0 <= near < len(rows[row]))
        if axis == 0
        else (rows[near][column] for near in (row - 1, row + 1) if 0 <= near < len(rows))
    )
    return any(other is patch for other in others)
