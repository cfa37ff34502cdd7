"""Ruling lines of a sheet as tables: which cells they enclose, and where a line cannot be made out. Reads no text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, cast

import cv2
import numpy as np

from monitor.documents.formats.scan.image import Mask
from monitor.documents.formats.scan.ocr import Box, Picture

#: Lengths are pixels at 200 dpi. A ruling line is longer than any stroke of the text; breaks in it are bridged, if what
#: is between them is no stroke of small print.
_LONG_ACROSS, _LONG_DOWN = 60, 45
_BREAK: Final = 11
_PIECE: Final = 28
#: Lines nearer than this are one (double rules, the two edges of a thick one).
_APART: Final = 9
#: A table is larger than this, and has at least two lines each way.
_SMALLEST: Final = (120, 50)
#: The share of a cell's side that is ruled: above `_RULED` it is a line, below `_BARE` none; between nobody can say.
_RULED, _BARE = 0.75, 0.25
#: How far a line's ends are left out of that share, so that crossing lines do not count.
_CORNER: Final = 5
#: A stroke is as wide as this at least. Where one crosses a line's place, reaching beyond it on both sides, text
#: stands: the upright of 未 over a column's border looks like that border going on.
_CROSSED: Final = 2
#: A row so low that a large 1 may fill it from line to line.
_LOW_ROW: Final = 50
#: So many cells are more than any table of the form has; the widest has some 25 rows of 17.
_MOST_LINES: Final = 400


_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CellBox:
    """A cell between ruling lines: rows and columns from 0, ends not included. `unsure`: one of its sides is broken."""

    box: Box
    rows: tuple[int, int]
    columns: tuple[int, int]
    unsure: bool


@dataclass(frozen=True, slots=True)
class Ruling:
    """A ruled table: the places of its lines across (`tops`) and down (`lefts`), and its cells in reading order."""

    tops: tuple[int, ...]
    lefts: tuple[int, ...]
    cells: tuple[CellBox, ...]

    @property
    def box(self) -> Box:
        return Box(self.lefts[0], self.tops[0], self.lefts[-1], self.tops[-1])


@dataclass(frozen=True, slots=True)
class Rules:
    """All ruling lines of a sheet, as masks: those across and those down; and all of its ink."""

    across: Picture
    down: Picture
    ink: Picture

    @property
    def mask(self) -> Mask:
        return (self.across | self.down).astype(np.bool_)


def find_rules(ink: Mask) -> Rules:
    """The lines of a sheet: ink in straight runs longer than any stroke of text."""
    picture = ink.astype(np.uint8)
    return Rules(_runs(picture, (_LONG_ACROSS, 1)), _runs(picture, (1, _LONG_DOWN)), picture)


def _runs(picture: Picture, size: tuple[int, int]) -> Picture:
    """What is ink along a run of this size (width, height), small breaks and steps of a slant included."""
    across = size[0] > size[1]
    thick, piece, bridge = (
        np.ones((other, along) if across else (along, other), np.uint8)
        for along, other in ((1, 3), (_PIECE, 1), (_BREAK, 1))
    )
    # Thickened by a pixel first: a thin line that is not quite straight is a stair, and no run is long.
    pieces = cv2.morphologyEx(cv2.dilate(picture, thick), cv2.MORPH_OPEN, piece)
    bridged = cv2.morphologyEx(pieces, cv2.MORPH_CLOSE, bridge)
    return cast(Picture, cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((size[1], size[0]), np.uint8)))


def find_tables(rules: Rules) -> list[Ruling]:
    """The ruled tables of a sheet, from top to bottom; a frame around other tables is none."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(rules.across | rules.down, np.ones((5, 5))))
    found = []
    for number in range(1, count):
        left, top, wide, high = (int(value) for value in stats[number][:4])
        if wide < _SMALLEST[0] or high < _SMALLEST[1]:
            continue
        part = labels[top : top + high, left : left + wide] == number
        across, down = (
            np.where(part, mask[top : top + high, left : left + wide], 0).astype(np.uint8)
            for mask in (rules.across, rules.down)
        )
        table = _table(across, down, rules.ink[top : top + high, left : left + wide], left, top)
        if table is not None:
            found.append(table)
    return sorted(found, key=lambda table: (table.tops[0], table.lefts[0]))


def _table(across: Picture, down: Picture, ink: Picture, left: int, top: int) -> Ruling | None:
    across, down = _ending_at(across, down), np.ascontiguousarray(_ending_at(down.T, across.T).T)
    tops = _places(across, 1)
    lefts = _places(down, 0)
    if len(tops) < 2 or len(lefts) < 1 or max(len(tops), len(lefts)) > _MOST_LINES:
        return None
    # Tables without a frame at their sides: their lines across end where the frame would stand.
    columns = np.flatnonzero(across.any(axis=0))
    lefts = _with_ends(lefts, int(columns[0]), int(columns[-1]))
    rows = np.flatnonzero(down.any(axis=1))
    tops = _with_ends(tops, int(rows[0]), int(rows[-1])) if len(rows) else tops
    if len(lefts) < 2 or (len(lefts) == 2 and len(tops) == 2):
        return None
    sides = _Lines(across, ink), _Lines(*(np.ascontiguousarray(mask.T) for mask in (down, ink)))
    cells = tuple(_cells(*sides, tops, lefts, (left, top)))
    return Ruling(tuple(place + top for place in tops), tuple(place + left for place in lefts), cells)


def _ending_at(mask: Picture, other: Picture) -> Picture:
    """The lines (those across) from the first to the last line of the other direction; those that reach over half of
    the table, whole.

    Strokes of text that stand in one row can look like a line, or like the end of one; they end anywhere.
    """
    mask = np.ascontiguousarray(mask)
    near = cv2.dilate(np.ascontiguousarray(other), np.ones((2 * _APART + 1, 2 * _APART + 1), np.uint8))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask)
    kept = np.zeros_like(mask)
    for number in range(1, count):
        first, top, long, high, _ = map(int, stats[number])
        start, end = first, first + long
        if long * 2 <= mask.shape[1]:
            crossings = np.flatnonzero(near[round(float(centres[number][1])), start:end])
            start, end = (first + int(crossings[0]), first + int(crossings[-1]) + 1) if crossings.size else (0, 0)
        if end - start >= _PIECE:
            part = slice(top, top + high), slice(start, end)
            kept[part] |= labels[part] == number
    return kept


def _places(mask: Picture, axis: int) -> list[int]:
    """The places of the lines in a mask of lines of one direction, lines near each other as one."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(mask)
    side = cv2.CC_STAT_WIDTH if axis else cv2.CC_STAT_HEIGHT
    found = sorted((float(centres[number][axis]), int(stats[number][side])) for number in range(1, count))
    groups: list[list[tuple[float, int]]] = []
    for line in found:
        if groups and line[0] - groups[-1][-1][0] < _APART:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [round(sum(place * long for place, long in group) / sum(long for _, long in group)) for group in groups]


def _with_ends(places: Sequence[int], first: int, last: int) -> list[int]:
    before = [first] if places[0] - first > 3 * _APART else []
    after = [last] if last - places[-1] > 3 * _APART else []
    return [*before, *places, *after]


class _Lines(NamedTuple):
    """The lines of one direction and the ink around them, turned so that they run across."""

    mask: Picture
    ink: Picture


def _cells(
    across: _Lines, down: _Lines, tops: Sequence[int], lefts: Sequence[int], corner: tuple[int, int]
) -> Iterator[CellBox]:
    """The cells: places of the net of lines that no line parts. A group of them that is no rectangle is unsure."""
    rows, columns = len(tops) - 1, len(lefts) - 1
    above = [[_ruled(across, top, lefts[place : place + 2]) for place in range(columns)] for top in tops[:-1]]
    beside = [[_ruled(down, left, tops[row : row + 2]) for left in lefts[:-1]] for row in range(rows)]
    doubtful = _strokes(beside, tops)
    joined = []
    for row in range(rows):
        for column in range(columns):
            for share, other in (
                (above[row][column] if row else 1.0, (row - 1, column)),
                (beside[row][column] if column else 1.0, (row, column - 1)),
            ):
                if share <= _BARE:
                    joined.append(((row, column), other))
                elif share < _RULED:
                    doubtful |= {(row, column), other}
    for places in _groups([(row, column) for row in range(rows) for column in range(columns)], joined):
        spans = [(min(ends), max(ends) + 1) for ends in zip(*places, strict=True)]
        whole = (spans[0][1] - spans[0][0]) * (spans[1][1] - spans[1][0]) == len(places)
        unsure = not whole or bool(doubtful.intersection(places))
        for (top, bottom), (left, right) in [spans] if whole else [((r, r + 1), (c, c + 1)) for r, c in places]:
            x, y = corner
            box = Box(lefts[left] + x, tops[top] + y, lefts[right] + x, tops[bottom] + y)
            yield CellBox(box, (top, bottom), (left, right), unsure)


def _groups(places: Sequence[_Place], joined: Sequence[tuple[_Place, _Place]]) -> list[list[_Place]]:
    """The places in groups of those that are joined, in reading order of their first."""
    first = {place: place for place in places}

    def root(place: _Place) -> _Place:
        while first[place] != place:
            place = first[place]
        return place

    for one, other in joined:
        top, below = sorted((root(one), root(other)))
        first[below] = top
    groups: dict[_Place, list[_Place]] = {}
    for place in places:
        groups.setdefault(root(place), []).append(place)
    return list(groups.values())


def _strokes(beside: Sequence[Sequence[float]], tops: Sequence[int]) -> set[_Place]:
    """The places on both sides of a line that is one low row long: a 1 that touches the lines above and below it.

    A line that stands at the same place in a further row is a column's.
    """
    found: set[_Place] = set()
    for row, shares in enumerate(beside):
        if len(beside) == 1 or tops[row + 1] - tops[row] > _LOW_ROW:
            continue
        for column in range(1, len(shares)):
            others = [other[column] for number, other in enumerate(beside) if number != row]
            if shares[column] > _BARE and max(others) <= _BARE:
                found |= {(row, column), (row, column - 1)}
    return found


def _ruled(lines: _Lines, place: int, ends: Sequence[int]) -> float:
    """The share of a stretch at a place that lines cover; none where strokes cross it: they are those of a text."""
    first, last = ends[0] + _CORNER, ends[1] - _CORNER
    if last <= first:
        first, last = ends[0], max(ends[1], ends[0] + 1)
    thick = lines.mask[max(0, place - _APART + 2) : place + _APART - 1].sum(axis=0)
    if not thick[first:last].size:
        return 0.0
    across = lines.ink[max(0, place - _APART) : place + _APART + 1, first:last]
    if across.all(axis=0).sum() >= _CROSSED:
        return 0.0
    # A stroke that is joined to a line's end has only a part of it in line.
    return float((thick[first:last] * 2 > np.median(thick[thick > 0])).mean()) if thick.any() else 0.0


def runs(flags: Mask) -> list[tuple[int, int]]:
    """The runs of true in a row of flags, as (start, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(start), int(end)) for start, end in pairwise(edges.tolist())][::2]
