"""What of a page's lettering a reader can see: what is painted below and over it, and in which colours.

Lettering that nobody sees is dropped; where that is not sure, its figures are marks that cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from lxml import etree

from monitor.documents.formats.drawn import Box, Glyph
from monitor.documents.formats.ofd.pictures import Colour, Picture
from monitor.documents.formats.ofd.resources import Resources, local
from monitor.documents.formats.pdf.marks import FIGURES, printed_once
from monitor.errors import Unreadable

_WHITE: Final[Colour] = (255, 255, 255)
#: Difference of a colour to its ground (of 255) that an eye can make out.
_VISIBLE: Final = 10
#: Light lettering, which a picture below may swallow.
_LIGHT: Final = 128
#: Opacity that nobody sees; up to which what lies below is still seen; and from which on it is not.
CLEAR: Final = 0.1
_VEIL: Final = 0.5
_OPAQUE: Final = 0.9
#: Shares of a mark's box that is covered: not to speak of, and as good as whole.
_TOUCHED: Final = 0.15
_COVERED: Final = 0.6
#: Shapes and pictures on a page, besides lines; a report's page has some hundreds.
_MOST_PAINTS: Final = 5_000
#: Figures nearer than this, in parts of their size, are one number's.
_BESIDE: Final = 0.3
#: Stands for a mark that is there and cannot be told.
_UNKNOWN: Final = "\ufffd"


class Seen(IntEnum):
    """Whether a reader sees it."""

    NO = 0
    UNSURE = 1
    YES = 2


class Ink(NamedTuple):
    """A colour, None where it is none for sure (a gradient, a palette), and its opacity from 0 to 1."""

    colour: Colour | None
    opacity: float


class Paint(NamedTuple):
    """A filled shape or a picture. `is_whole`: all of its box is painted, but for what its `picture` lets through."""

    box: Box
    ink: Ink
    is_whole: bool = True
    picture: Picture | None = None


class _Letter(NamedTuple):
    """A glyph with the inks in which it is drawn, the number of its object, and whether its clips let it be seen."""

    glyph: Glyph
    inks: Sequence[Ink]
    order: int
    seen: Seen


BLACK: Final = Ink((0, 0, 0), 1.0)


def ink_of(
    mark: etree._Element, name: str, params: Sequence[etree._Element], resources: Resources, *, usual: Ink | None
) -> Ink | None:
    """The ink of an object by its own colour, else by its drawing parameters, else the usual one."""
    opacity = _share(mark.get("Alpha"))
    for node in (mark, *params):
        colour = next((child for child in node if local(child) == name), None)
        if colour is not None:
            return Ink(_colour(colour, resources), opacity * _share(colour.get("Alpha")))
    return usual and Ink(usual.colour, usual.opacity * opacity)


def _share(alpha: str | None) -> float:
    return min(int(alpha[:5]), 255) / 255 if alpha and alpha.isascii() and alpha.isdecimal() else 1.0


def _colour(node: etree._Element, resources: Resources) -> Colour | None:
    if len(node) or node.get("Index"):
        return None  # a gradient, a pattern, a palette
    written = re.findall(r"#[0-9A-Fa-f]{1,4}|\d{1,5}", node.get("Value", ""))
    values = [int(value[1:], 16) if value[0] == "#" else int(value) for value in written]
    if not values:
        return _WHITE if resources.has_inks(node.get("ColorSpace")) else (0, 0, 0)
    if max(values) > 255:
        return None
    if len(values) == 4:
        *inks, black = values
        return tuple(max(255 - ink - black, 0) for ink in inks)  # type: ignore[return-value]
    return (values[0], values[0], values[0]) if len(values) < 3 else (values[0], values[1], values[2])


class Canvas:
    """A page in the order of painting."""

    __slots__ = ("_boxes", "_letters", "_orders", "_paints", "order", "paints")

    def __init__(self) -> None:
        self.paints: list[Paint] = []
        self._orders: list[int] = []
        self._letters: list[_Letter] = []
        #: The object that is painted now.
        self.order = 0

    def paint(self, paint: Paint) -> None:
        """Paint a shape or picture. Raises Unreadable where there are too many."""
        if paint.ink.opacity < CLEAR:
            return
        if len(self.paints) >= _MOST_PAINTS:
            raise Unreadable(f"OFD 文件有一页的图形超过 {_MOST_PAINTS} 个，未读取")
        self.paints.append(paint)
        self._orders.append(self.order)

    def letter(self, glyph: Glyph, inks: Sequence[Ink], seen: Seen) -> None:
        self._letters.append(_Letter(glyph, inks, self.order, seen))

    def texts(self) -> Iterator[str]:
        return (letter.glyph.text for letter in self._letters)

    def seen(self) -> list[Glyph]:
        """The glyphs that a reader sees, each once; figures that he may not see are unknown."""
        boxes = np.array([paint.box for paint in self.paints], dtype=float).reshape(-1, 4)
        alone = [
            min(letter.seen, self._seen(letter, _shares(boxes, letter.glyph).tolist())) for letter in self._letters
        ]
        found = []
        for letter, seen in zip(self._letters, self._in_numbers(alone), strict=True):
            if seen is Seen.UNSURE and letter.glyph.text in FIGURES:
                letter = letter._replace(glyph=letter.glyph._replace(text=_UNKNOWN))
            if seen is not Seen.NO:
                found.append(letter)
        return printed_once([(letter.glyph, letter.order) for letter in found])

    def _in_numbers(self, alone: Sequence[Seen]) -> Iterator[Seen]:
        """What is seen, where a number of which a part is not seen is unsure as a whole: what is left may be half."""
        start = 0
        for end in range(1, len(alone) + 1):
            if end < len(alone) and _is_next(self._letters[end - 1].glyph, self._letters[end].glyph):
                continue
            number = alone[start:end]
            yield from number if len(set(number)) == 1 else [Seen.UNSURE] * len(number)
            start = end

    def _seen(self, letter: _Letter, shares: Sequence[float]) -> Seen:
        ground: Colour | None = _WHITE
        seen = Seen.YES
        for number, share in enumerate(shares):
            if share <= _TOUCHED:
                continue
            paint = self.paints[number]
            if self._orders[number] < letter.order:
                if share >= _COVERED and paint.ink.opacity > _VEIL:
                    ground = paint.ink.colour if paint.is_whole and paint.picture is None else None
            else:
                seen = min(seen, _below(paint, share, letter.glyph))
        return min(seen, max((_shows(ink, ground) for ink in letter.inks), default=Seen.NO))


def _is_next(before: Glyph, glyph: Glyph) -> bool:
    """Whether two figures stand side by side as those of one number do."""
    if before.text not in FIGURES or glyph.text not in FIGURES:
        return False
    return abs(before.y1 - glyph.y1) < _BESIDE * glyph.size and abs(glyph.x0 - before.x1) < _BESIDE * glyph.size


def _shares(boxes: npt.NDArray[np.float64], glyph: Glyph) -> npt.NDArray[np.float64]:
    """How much of a glyph's box each of some boxes covers, from 0 to 1."""
    across = np.minimum(boxes[:, 2], glyph.x1) - np.maximum(boxes[:, 0], glyph.x0)
    down = np.minimum(boxes[:, 3], glyph.y1) - np.maximum(boxes[:, 1], glyph.y0)
    area = max((glyph.x1 - glyph.x0) * (glyph.y1 - glyph.y0), 1e-6)
    shares: npt.NDArray[np.float64] = np.clip(across, 0, None) * np.clip(down, 0, None) / area
    return shares


def _below(paint: Paint, share: float, glyph: Glyph) -> Seen:
    """Whether a glyph is seen below something that is painted over so much of it."""
    opacity = paint.ink.opacity
    if paint.picture is not None and paint.is_whole:
        opacity *= paint.picture.opacity_in(Box(*glyph[1:5]))
    if opacity <= _VEIL:
        return Seen.YES
    return Seen.NO if opacity >= _OPAQUE and share >= _COVERED and paint.is_whole else Seen.UNSURE


def _shows(ink: Ink, ground: Colour | None) -> Seen:
    """Whether lettering is seen on its ground; dark lettering is on anything that is not plainly dark."""
    if ink.opacity < CLEAR:
        return Seen.NO
    if ink.colour is None:
        return Seen.UNSURE
    if ground is None:
        return Seen.YES if max(ink.colour) < _LIGHT else Seen.UNSURE
    return (
        Seen.YES if max(abs(one - other) for one, other in zip(ink.colour, ground, strict=True)) > _VISIBLE else Seen.NO
    )
