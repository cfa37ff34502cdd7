"""A table that page breaks cut as one table: columns brought together, repeated heads dropped, cut rows mended.

Only what the geometry, the blanks and the form's own labels show for sure is joined; a figure that could belong to two
rows has a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from monitor.documents import labels
from monitor.documents.formats.drawn import Patch, Table
from monitor.documents.numbers import read_cell
from monitor.form import DISCLOSURE_BLOCKS, REQUEST_ROWS, RESULTS_GROUP
from monitor.text import squash

#: How far the edges of a table's parts may differ, as a share of its width.
_SAME_EDGE: Final = 0.03
#: Column borders nearer than this share of the width are one.
_SAME_COLUMN: Final = 0.012
_ORDINAL: Final = re.compile(
    r"^\s*([（(]\s*[一二三四五六七八九十\d]{1,2}\s*[）)]|[一二三四五六七八九十\d]{1,2}\s*[、.．])"
)
_CUT: Final = "这一行被分页切断，无法确定数字属于哪一行"


def _printed_labels() -> frozenset[str]:
    lines = [line for edition in REQUEST_ROWS.values() for line in edition]
    lines += [line for blocks in DISCLOSURE_BLOCKS.values() for block in blocks for line in block.rows]
    groups = {line.group for line in lines if line.group} | {RESULTS_GROUP}
    return frozenset(labels.core(text) for text in {line.label for line in lines} | groups)


_PRINTED: Final = _printed_labels()


def goes_on(first: Table, second: Table) -> bool:
    """Whether two tables, the last of a page and the first of the next, have the same outer edges."""
    width = first.xs[-1] - first.xs[0]
    other = second.xs[-1] - second.xs[0]
    shift = abs(second.xs[0] - first.xs[0])
    return abs(width - other) <= _SAME_EDGE * width and shift <= 0.15 * width


def append(first: Table, second: Table) -> None:
    """Add the rows of a table's next part to it. Both tables' parts are changed."""
    rows, pages = second.rows, second.pages
    heads = _repeated(first.rows, rows)
    rows, pages = rows[heads:], pages[heads:]
    if not rows:
        return
    xs, maps = _columns(first.xs, second.xs)
    first.rows[:] = [[row[place] for place in maps[0]] for row in first.rows]
    rows = [[row[place] for place in maps[1]] for row in rows]
    first.xs[:] = xs
    _mend_groups(first.rows, rows)
    if len(first.rows) > 1 and _is_rest(first.rows[-1], first.rows[-2], rows[0]):
        del first.rows[-1], first.pages[-1]
    if len(rows) > 1 and _is_rest(rows[0], rows[1], first.rows[-1]):
        rows, pages = rows[1:], pages[1:]
    if _mend_cut(first.rows[-1], rows[0]):
        rows, pages = rows[1:], pages[1:]
    first.rows += rows
    first.pages += pages
    first.open_bottom = second.open_bottom


def _is_rest(row: Sequence[Patch | None], inner: Sequence[Patch | None], outer: Sequence[Patch | None]) -> bool:
    """Whether a row at a page break has nothing of its own: what its cells say, those above or below say as well.

    `inner`: the row beside it on its page; `outer`: the one on the other page.
    """
    return all(
        not patch.text
        or any(other is patch for other in inner)
        or all(other is not None and other.text == patch.text for other in outer[slice(*_reach(row, patch))])
        for patch in _distinct(row)
    ) and not any(_is_figures(patch) for patch in row)


def _repeated(rows: Sequence[Sequence[Patch | None]], more: Sequence[Sequence[Patch | None]]) -> int:
    """How many rows at the start of a part print the table's head again. A row with figures is no head."""
    count = 0
    for row, other in zip(rows, more[:-1], strict=False):
        texts = [squash(patch.text) for patch in _distinct(row)]
        if not any(texts) or texts != [squash(patch.text) for patch in _distinct(other)]:
            break
        if any(text and not is_words(text) for text in texts):
            break
        count += 1
    return count


def _columns(first: Sequence[float], second: Sequence[float]) -> tuple[list[float], tuple[list[int], list[int]]]:
    """The borders of both parts together; for each part, which of its columns stands at each place."""
    width = first[-1] - first[0]
    scale = width / (second[-1] - second[0])
    moved = [(x - second[0]) * scale + first[0] for x in second]
    slack = _SAME_COLUMN * width
    # Each border of the second part is the first's nearest, if that is near; no two are the same one.
    merged = list(first)
    taken: set[float] = set()
    placed: list[float] = []
    for x in moved:
        near = min((old for old in first if old not in taken), key=lambda old: abs(old - x), default=None)
        if near is not None and abs(near - x) <= slack:
            taken.add(near)
            placed.append(near)
        else:
            merged.append(x)
            placed.append(x)
    xs = sorted(merged)
    return xs, (_located(xs, first), _located(xs, placed))


def _located(xs: Sequence[float], own: Sequence[float]) -> list[int]:
    places, column = [], 0
    for start, end in pairwise(xs):
        while column + 2 < len(own) and own[column + 1] <= (start + end) / 2:
            column += 1
        places.append(column)
    return places


def _distinct(row: Sequence[Patch | None]) -> list[Patch]:
    return list(dict.fromkeys(patch for patch in row if patch is not None))


def is_words(text: str) -> bool:
    """Whether a text has Chinese in it and is no figure (12件, 3（含1件）): a label."""
    if not any("\u3400" <= mark <= "\u9fff" for mark in text):
        return False
    return read_cell(text).value is None or not any(map(str.isdigit, text))


def _is_figures(patch: Patch | None) -> bool:
    return patch is not None and bool(patch.text) and not is_words(patch.text)


def _label_place(row: Sequence[Patch | None]) -> int:
    """The first place of the last words of a row, -1 where there are none."""
    for place in range(len(row) - 1, -1, -1):
        patch = row[place]
        if patch is not None and is_words(patch.text):
            return row.index(patch)
    return -1


def _span(row: Sequence[Patch | None], patch: Patch) -> tuple[int, int]:
    places = [place for place, other in enumerate(row) if other is patch]
    return places[0], places[-1]


def _reach(row: Sequence[Patch | None], patch: Patch) -> tuple[int, int]:
    first, last = _span(row, patch)
    return first, last + 1


def _pairs(last: Sequence[Patch | None], first: Sequence[Patch | None]) -> Iterator[tuple[Patch, Patch]]:
    """The cells above and below a page break that have the same sides."""
    for patch in _distinct(first):
        start, end = _span(first, patch)
        above = last[start]
        if above is not None and _span(last, above) == (start, end):
            yield above, patch


# ── groups ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _mend_groups(rows: list[list[Patch | None]], more: list[list[Patch | None]]) -> None:
    """Give a group's cell that the break parted one text on both sides; it stands left of the rows' own labels."""
    own = _label_place(more[0])
    for above, below in list(_pairs(rows[-1], more[0])):
        start, end = _span(more[0], below)
        # Where the row has no label on this page, its groups' cells are those that go on below it.
        if end < own or (own < 0 and end < _label_place(rows[-1]) and len(more) > 1 and more[1][start] is below):
            text = _group_text(above.text, below.text)
            if text:
                above.text = below.text = text


def _group_text(above: str, below: str) -> str:
    """The text of a group's cell of which the two parts are known; empty where they are two groups."""
    if not above or not below:
        return above or below
    if squash(above) == squash(below):
        return above
    return above + below if labels.core(above + below) in _PRINTED and not _ORDINAL.match(below) else ""


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _mend_cut(last: list[Patch | None], first: list[Patch | None]) -> bool:
    """Whether the first row of a part is the rest of the last row of the part before; it is then added to that.

    Where it may be or not, the figures of both have a doubt.
    """
    pairs = list(_pairs(last, first))
    lower = _own_label(first, pairs)
    if (lower and _begins(lower)) or not {patch for patch in _distinct(first) if patch.text} <= {
        below for _, below in pairs
    }:
        return False
    if not _is_cut(last, first, pairs):
        return False
    for above, below in pairs:
        if below.text and below.text != above.text:
            above.text += below.text
        above.doubt = above.doubt or below.doubt
    return True


def _is_cut(last: Sequence[Patch | None], first: Sequence[Patch | None], pairs: Sequence[tuple[Patch, Patch]]) -> bool:
    """Whether two rows at a page break are one. Doubts the figures of both where that is open."""
    upper, lower = _label(last), _own_label(first, pairs)
    figures_above, figures_below = any(map(_is_figures, last)), any(map(_is_figures, first))
    if any(above.text and _is_figures(below) for above, below in pairs):
        # Figures below figures, and no label below: a number may have a part on each page.
        if not lower and any(_is_figures(above) and _is_figures(below) for above, below in pairs):
            _doubt(last, first)
        return False
    if not lower:
        return figures_below and not figures_above and bool(upper)
    if labels.core(upper + lower) in _PRINTED:
        return True
    if labels.is_known(upper) and labels.is_known(lower):
        return False
    if figures_above and not figures_below:
        return True
    if figures_below and not labels.is_known(lower):
        _doubt(last, first)
    # The labels of a head that the break cut: with their rest they are known, and the rest alone is not.
    return not figures_below and any(
        labels.is_known(above.text + below.text) and not labels.is_known(below.text)
        for above, below in pairs
        if above.text and below.text
    )


def _label(row: Sequence[Patch | None]) -> str:
    place = _label_place(row)
    patch = row[place] if place >= 0 else None
    return patch.text if patch is not None else ""


def _own_label(row: Sequence[Patch | None], pairs: Sequence[tuple[Patch, Patch]]) -> str:
    """A row's label, where that is not only the one of a group that the row above is in as well."""
    grouped = {below for above, below in pairs if above.text == below.text}
    return _label([None if patch in grouped else patch for patch in row])


def _begins(label: str) -> bool:
    """Whether a label is one of its own and not the rest of another: it has a number, or the form prints it."""
    return bool(_ORDINAL.match(label)) or labels.core(label) in _PRINTED


def _doubt(*rows: Sequence[Patch | None]) -> None:
    for row in rows:
        for place in range(_label_place(row) + 1, len(row)):
            patch = row[place]
            if patch is not None and not is_words(patch.text):
                patch.doubt = patch.doubt or _CUT
