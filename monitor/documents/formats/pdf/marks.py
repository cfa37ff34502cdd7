"""What stands on a page of fixed layout, and its lettering as lines and as the text of a cell. Knows no file format."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

#: Marks that numbers are made of. A doubt about any of them is a doubt about the number.
FIGURES: Final = frozenset("0123456789０１２３４５６７８９.,．，+-－−%")
DIGITS: Final = frozenset("0123456789０１２３４５６７８９")
#: Gaps between glyphs, in parts of their size, from which on a blank stands there: between Latin letters; between
#: digits, where it may part two numbers (the narrowest blank of a font is a quarter); and with Chinese, which is set
#: wide to fill a line.
_GAP_LATIN: Final = 0.18
_GAP_DIGITS: Final = 0.2
_GAP_HAN: Final = 0.7
#: Glyphs whose middles are nearer than this (in parts of their size) stand on one line.
_SAME_LINE: Final = 0.45
#: Figures so much smaller than their neighbours are the mark of a note, not part of the number.
_RAISED: Final = 0.75


class Box(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float


class Glyph(NamedTuple):
    """A mark upright on a page: its box (x to the right, y down, in points) and the size of its font."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        return (self.y0 + self.y1) / 2


class Rule(NamedTuple):
    """A ruling line: where it is, and from where to where it runs in the other direction."""

    at: float
    start: float
    end: float


def usual_size(glyphs: Sequence[Glyph]) -> float:
    """The median size of lettering; 10.5 (五号) where there is none."""
    sizes = sorted(glyph.size for glyph in glyphs)
    return sizes[len(sizes) // 2] if sizes else 10.5


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


def cell_text(glyphs: Sequence[Glyph]) -> tuple[str, str]:
    """The text of a cell, its lines joined; and why it is not to be relied on, or empty."""
    if not glyphs:
        return "", ""
    lines = lines_of(glyphs)
    text = ""
    for line in lines:
        more = line_text(line)
        # Figures on two lines may be one number that was broken or two numbers: the blank keeps it from being one.
        text += f" {more}" if text and text[-1] < "\u2e80" and more[0] < "\u2e80" else more
    return text, _doubt(lines)


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
    if sum(any(glyph.text in DIGITS for glyph in line) for line in lines) > 1 and all(
        glyph.text in FIGURES for line in lines for glyph in line
    ):
        return "数字分成两行"
    return ""
