"""Tables without ruling lines: lines of labels and figures set in columns, a row for each line of figures.

A row keeps what stands in it, from left to right; which blank cells it has cannot be seen, so none are made up, and
who places the figures has to count them. Knows no file format, and of the form only its labels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from monitor.documents import labels
from monitor.documents.formats.drawn import Box, Glyph, Patch, Table
from monitor.documents.formats.pdf.marks import FIGURES, cell_text, line_text, lines_of
from monitor.model import DASHES

#: Gaps from which on two pieces of a line stand in two cells, in parts of the size of lettering.
_APART: Final = 0.9
#: A table has so many lines of figures, and so many figures; or one line of so many.
_LINES: Final = 3
_FIGURES: Final = 6
_FIGURES_ALONE: Final = 10
#: A head is put together by columns from so many columns on; with fewer, each line of it is a row.
_COLUMNS: Final = 5
#: So many lines without figures may stand between two with them, and so many of a head above the first.
_BETWEEN: Final = 4
_HEAD: Final = 8
_UNSURE: Final = "表格没有框线，无法确定数字属于哪一行"
_LONGEST_LABEL: Final = 45
_HEADING: Final = re.compile(r"^\s*[一二三四五六七]\s*[、.．]")
_ORDINAL: Final = re.compile(r"^\s*([（(]\s*[一二三四五六七八九十]{1,2}\s*[）)]|[一二三四五六七八九十]{1,2}\s*[、.．])")


@dataclass(slots=True)
class _Row:
    """A line as pieces with wide gaps between them. `figures`: how many pieces behind the last words are figures."""

    pieces: list[list[Glyph]]
    figures: int

    @property
    def y(self) -> float:
        return self.pieces[0][0].y

    @property
    def size(self) -> float:
        return max(glyph.size for piece in self.pieces for glyph in piece)

    @property
    def texts(self) -> list[str]:
        return [line_text(piece) for piece in self.pieces]

    @property
    def label(self) -> list[Glyph]:
        """The last piece of words; empty where there is none."""
        words = len(self.pieces) - self.figures
        return self.pieces[words - 1] if words else []

    @property
    def is_heading(self) -> bool:
        return len(self.pieces) == 1 and bool(_HEADING.match(self.texts[0])) and not labels.is_known(self.texts[0])

    @property
    def is_short(self) -> bool:
        return all(len(text) <= _LONGEST_LABEL and not text.endswith(("。", "；", "：")) for text in self.texts)


def loose_tables(glyphs: Sequence[Glyph], taken: Sequence[Box] = ()) -> tuple[list[Table], list[Glyph]]:
    """The tables that columns of figures show, and the glyphs that stand in none. `taken`: other tables, in between."""
    rows = [_row(line) for line in lines_of(glyphs)]
    tables: list[Table] = []
    used: set[int] = set()
    for first, last in _runs(rows, taken):
        start = _head_of(rows, first, taken)
        while last + 1 < len(rows) and _completes(rows[last + 1], rows[last], rows[last + 2 : last + 3]):
            last += 1
        tables.append(_table(rows[start : last + 1]))
        used.update(range(start, last + 1))
    if not tables:
        return [], list(glyphs)
    return tables, [
        glyph for number, row in enumerate(rows) if number not in used for piece in row.pieces for glyph in piece
    ]


def _row(line: Sequence[Glyph]) -> _Row:
    pieces = [[line[0]]]
    for before, glyph in pairwise(line):
        if glyph.x0 - before.x1 > _APART * max(before.size, glyph.size):
            pieces.append([glyph])
        else:
            pieces[-1].append(glyph)
    figures = 0
    for piece in reversed(pieces):
        if not all(glyph.text in FIGURES or glyph.text in DASHES for glyph in piece):
            break
        figures += 1
    return _Row(pieces, figures)


def _runs(rows: Sequence[_Row], taken: Sequence[Box]) -> list[tuple[int, int]]:
    """The first and the last line of figures of each table."""
    runs: list[list[int]] = []
    for number, row in enumerate(rows):
        if not row.figures or not row.is_short:
            continue
        before = runs[-1][-1] if runs else None
        if before is not None and number - before <= _BETWEEN + 1 and _is_one(rows[before : number + 1], taken):
            runs[-1].append(number)
        else:
            runs.append([number])
    found = []
    for run in runs:
        figures = [rows[number].figures for number in run]
        if (len(run) >= _LINES and sum(figures) >= _FIGURES) or max(figures) >= _FIGURES_ALONE:
            found.append((run[0], run[-1]))
    return found


def _is_one(rows: Sequence[_Row], taken: Sequence[Box]) -> bool:
    """Whether the lines from one line of figures to the next belong to one table."""
    if any(box.y0 < rows[-1].y and box.y1 > rows[0].y for box in taken):
        return False
    return all(row.is_short and not row.is_heading for row in rows[1:-1]) and all(
        after.y - before.y < 4 * max(before.size, after.size) for before, after in pairwise(rows)
    )


def _head_of(rows: Sequence[_Row], first: int, taken: Sequence[Box]) -> int:
    """The first line of the head above a table's first line of figures."""
    start = first
    while start and first - start < _HEAD:
        row = rows[start - 1]
        if any(box.y0 < rows[start].y and box.y1 > row.y for box in taken) or not row.is_short:
            break
        if rows[start].y - row.y > 4 * row.size:
            break
        if len(row.pieces) < 2 and not all(map(labels.is_known, row.texts)):
            break
        start -= 1
    return start


def _completes(row: _Row, before: _Row, behind: Sequence[_Row]) -> bool:
    """Whether a line below a table's last line of figures is the rest of that row's label."""
    if row.figures or len(row.pieces) > 1 or not row.is_short or _ORDINAL.match(row.texts[0]):
        return False
    if behind and abs(behind[0].y - row.y) < abs(row.y - before.y):
        return False
    near = row.y - before.y < 1.6 * row.size
    return near and (not before.label or _shares(before.label, row.pieces[0]))


def _table(rows: Sequence[_Row]) -> Table:
    """The rows as a table; words that lie around a line of figures are parts of its labels."""
    numbers = [number for number, row in enumerate(rows) if row.figures]
    parts: dict[int, list[list[Glyph]]] = {}
    lines: list[tuple[int, list[list[Glyph]]]] = []
    unsure = False
    for number, row in enumerate(rows):
        if row.figures or number < numbers[0] or any(map(_is_title, row.texts)):
            lines.append((number, row.pieces))
            continue
        nearest = _nearest(rows, numbers, row)
        if nearest is not None:
            parts.setdefault(nearest, []).extend(row.pieces)
            continue
        lines.append((number, row.pieces))
        # A group's label may stand between two rows; a row's own must not.
        beside = sorted((abs(rows[other].y - row.y), other) for other in numbers)[:2]
        unsure = unsure or any(_shares(rows[other].label, piece) for _, other in beside for piece in row.pieces)
    cells = [list[Patch | None](map(_patch, _labelled(pieces, parts.get(number, [])))) for number, pieces in lines]
    if numbers[0]:
        widest = max((rows[number] for number in numbers), key=lambda row: row.figures)
        cells = _with_head(rows[: numbers[0]], widest, cells[numbers[0] :])
    for patch in [patch for row in cells for patch in row if unsure and patch is not None]:
        patch.doubt = patch.doubt or _UNSURE
    width = max(map(len, cells))
    glyphs = [glyph for row in rows for piece in row.pieces for glyph in piece]
    left, right = min(glyph.x0 for glyph in glyphs), max(glyph.x1 for glyph in glyphs)
    top, bottom = min(glyph.y0 for glyph in glyphs), max(glyph.y1 for glyph in glyphs)
    across, down = (right - left) / width, (bottom - top) / len(cells)
    return Table(
        [left + across * place for place in range(width + 1)],
        [top + down * place for place in range(len(cells) + 1)],
        [[*row, *[None] * (width - len(row))] for row in cells],
        glyphs=glyphs,
    )


def _is_title(text: str) -> bool:
    return labels.is_item(text) or labels.is_content_corner(text) or labels.disclosure_column(text) is not None


def _nearest(rows: Sequence[_Row], numbers: Sequence[int], row: _Row) -> int | None:
    """The line of figures that words stand around; None where they stand between two, or far from any."""
    ranked = sorted((abs(rows[number].y - row.y), number) for number in numbers)
    distance, nearest = ranked[0]
    if distance > 1.7 * row.size or (len(ranked) > 1 and distance > 0.75 * ranked[1][0]):
        return None
    return nearest


def _labelled(pieces: Sequence[list[Glyph]], parts: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """A line's pieces with the parts of its labels from the lines around it, each put to the piece in its column."""
    cells = [list(piece) for piece in pieces]
    for part in parts:
        own = next((cell for cell in cells if _shares(cell, part)), None)
        if own is None:
            cells.append(list(part))
        else:
            own += part
    return sorted(cells, key=lambda cell: min(glyph.x0 for glyph in cell))


def _shares(first: Sequence[Glyph], second: Sequence[Glyph]) -> bool:
    """Whether two pieces stand one above the other."""
    if not first or not second:
        return True
    left = max(min(glyph.x0 for glyph in first), min(glyph.x0 for glyph in second))
    right = min(max(glyph.x1 for glyph in first), max(glyph.x1 for glyph in second))
    return right - left > 0.5 * min(_width(first), _width(second))


def _width(glyphs: Sequence[Glyph]) -> float:
    return max(glyph.x1 for glyph in glyphs) - min(glyph.x0 for glyph in glyphs)


def _patch(glyphs: Sequence[Glyph]) -> Patch:
    text, doubt = cell_text(glyphs)
    box = Box(
        min(glyph.x0 for glyph in glyphs),
        min(glyph.y0 for glyph in glyphs),
        max(glyph.x1 for glyph in glyphs),
        max(glyph.y1 for glyph in glyphs),
    )
    return Patch(box, text, doubt, len(lines_of(glyphs)))


def _with_head(head: Sequence[_Row], below: _Row, cells: list[list[Patch | None]]) -> list[list[Patch | None]]:
    """The rows below a head. What stands above one column of figures is one label; labels of groups come before."""
    words = len(below.pieces) - below.figures
    middles = [(piece[0].x0 + piece[-1].x1) / 2 for piece in below.pieces[words:]]
    near = min((after - before for before, after in pairwise(middles)), default=0) / 2
    columns: list[list[Glyph]] = [[] for _ in middles]
    groups: list[list[Patch | None]] = []
    for row in head:
        above: list[Patch | None] = []
        for piece in row.pieces:
            middle, width = (piece[0].x0 + piece[-1].x1) / 2, piece[-1].x1 - piece[0].x0
            _, place = min((abs(at - middle), number) for number, at in enumerate(middles))
            if abs(middles[place] - middle) < near * 0.7 and width < 2.2 * near:
                columns[place] += piece
            else:
                above.append(_patch(piece))
        groups += [above] if above else []
    if len(columns) >= _COLUMNS and all(columns):
        return [*groups, [*[None] * words, *map(_patch, columns)], *cells]
    return [*(list[Patch | None](map(_patch, row.pieces)) for row in head), *cells]
