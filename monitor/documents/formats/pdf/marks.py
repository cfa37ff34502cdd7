"""What stands on a page of fixed layout, and its lettering as lines and as the text of a cell. Knows no file format."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from monitor.documents.formats.drawn import Box, Glyph

#: Marks that numbers are made of. A doubt about any of them is a doubt about the number.
FIGURES: Final = frozenset("0123456789０１２３４５６７８９.,．，+-－−%")
_FULL_WIDTH: Final = frozenset("０１２３４５６７８９")
DIGITS: Final = frozenset("0123456789０１２３４５６７８９")
#: Gaps between glyphs, in parts of their size, from which on a blank stands there: between Latin letters; between
#: digits, where it may part two numbers (the narrowest blank of a font is a quarter); and with Chinese, which is set
#: wide to fill a line.
_GAP_LATIN: Final = 0.18
_GAP_DIGITS: Final = 0.2
_GAP_HAN: Final = 0.7
#: Glyphs whose middles are nearer than this (in parts of their size) stand on one line.
_SAME_LINE: Final = 0.45
#: Lines of one text are nearer than this, in sizes of their lettering.
_CLOSE: Final = 2.2
#: Editors leave up to so many points between a cell's sides and its text.
_WIDEST_MARGIN: Final = 8.0
_PARTED: Final = "数字分成两行"
#: How far apart, in parts of its size, two prints of one glyph are; the narrowest figures are twice as far.
_SAME_PLACE: Final = 0.17
#: Figures so much smaller than their neighbours are the mark of a note, not part of the number.
_RAISED: Final = 0.75


class Rule(NamedTuple):
    """A ruling line: where it is, and from where to where it runs in the other direction."""

    at: float
    start: float
    end: float


def usual_size(glyphs: Sequence[Glyph]) -> float:
    """The median size of lettering; 10.5 (五号) where there is none."""
    sizes = sorted(glyph.size for glyph in glyphs)
    return sizes[len(sizes) // 2] if sizes else 10.5


def printed_once(seen: Sequence[tuple[Glyph, object]]) -> list[Glyph]:
    """The glyphs without second prints of the same (fake bold, shadows). `seen`: glyphs with the text object of each.

    One object prints nothing twice: what lies in one place there is two marks that a wrong width has pushed together.
    """
    places: dict[tuple[str, int, int], list[tuple[Glyph, object]]] = {}
    kept: list[Glyph] = []
    step = max(usual_size([glyph for glyph, _ in seen]), 1.0)
    for glyph, source in seen:
        column, row = int(glyph.x0 / step), int(glyph.y1 / step)
        near = (
            other
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other, its_source in places.get((glyph.text, column + dx, row + dy), ())
            if its_source != source
        )
        if not any(_is_print_of(glyph, other) for other in near):
            places.setdefault((glyph.text, column, row), []).append((glyph, source))
            kept.append(glyph)
    return kept


def _is_print_of(glyph: Glyph, other: Glyph) -> bool:
    reach = _SAME_PLACE * glyph.size
    return (
        abs(other.x0 - glyph.x0) < reach and abs(other.y1 - glyph.y1) < reach and abs(other.size - glyph.size) < reach
    )


def lines_of(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The glyphs as lines from top to bottom, each from left to right."""
    lines: list[list[Glyph]] = []
    middle = 0.0
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y0 + glyph.y1):
        if lines and glyph.y - middle <= _SAME_LINE * max(glyph.size, lines[-1][0].size):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
            middle = glyph.y
    for line in lines:
        line.sort(key=lambda glyph: glyph.x0)
    return lines


def line_text(line: Sequence[Glyph]) -> str:
    """A line's text, with a blank where a gap shows one."""
    pieces: list[str] = []
    before: Glyph | None = None
    for glyph in line:
        if before is not None and glyph.x0 - before.x1 > _gap(before.text, glyph.text) * max(glyph.size, before.size):
            pieces.append(" ")
        pieces.append(glyph.text)
        before = glyph
    return "".join(pieces)


def _gap(first: str, second: str) -> float:
    if first in DIGITS and second in DIGITS:
        return _GAP_DIGITS
    return _GAP_LATIN if first < "\u2e80" and second < "\u2e80" else _GAP_HAN


def cell_text(glyphs: Sequence[Glyph], box: Box | None = None) -> tuple[str, str]:
    """The text of a cell, its lines joined; and why it is not to be relied on, or empty. `box`: the cell's, if known.

    Full-width digits may be broken anywhere, as Chinese is: on two lines they are one number where the first is so full
    that the next digit found no room in it.
    """
    if not glyphs:
        return "", ""
    lines = lines_of(glyphs)
    wrapped = box is not None and _is_wrapped_number(lines, box)
    text = ""
    for line in lines:
        more = line_text(line)
        # Figures on two lines may be one number that was broken or two numbers: the blank keeps it from being one.
        apart = text and not wrapped and text[-1] < "\u2e80" and more[0] < "\u2e80"
        text += f" {more}" if apart else more
    return text, _doubt(lines) or (_PARTED if _is_parted_number(lines) and not wrapped else "")


def _is_parted_number(lines: Sequence[Sequence[Glyph]]) -> bool:
    """Whether nothing but figures stands in lines, and digits in more than one."""
    return sum(any(glyph.text in DIGITS for glyph in line) for line in lines) > 1 and all(
        glyph.text in FIGURES for line in lines for glyph in line
    )


def _is_wrapped_number(lines: Sequence[Sequence[Glyph]], box: Box) -> bool:
    """Whether full-width digits follow each other on close lines, with no room for the next beside those before it."""
    if not _is_parted_number(lines) or not all(glyph.text in _FULL_WIDTH for line in lines for glyph in line):
        return False
    for line, more in pairwise(lines):
        margin = min(line[0].x0 - box.x0, _WIDEST_MARGIN)
        room = box.x1 - margin - line[-1].x1
        if room >= more[0].x1 - more[0].x0 or more[0].y - line[0].y > _CLOSE * line[0].size:
            return False
    return True


def _doubt(lines: Sequence[Sequence[Glyph]]) -> str:
    figures = [glyph for line in lines for glyph in line if glyph.text in FIGURES]
    if not figures:
        return ""
    for line in lines:
        for before, glyph in pairwise(line):
            overlap = before.x1 - glyph.x0
            if (before.text in FIGURES or glyph.text in FIGURES) and overlap > 0.5 * min(
                before.x1 - before.x0, glyph.x1 - glyph.x0
            ):
                return "文字互相重叠"
    digits = [glyph.size for glyph in figures if glyph.text in DIGITS]
    if digits and min(digits) < _RAISED * max(digits):
        return "数字大小不一，可能带有上标"
    return ""
