"""What a page of an OFD file draws (GB/T 33190-2016) as marks in reading position, as a PDF's page has them.

Lettering counts where it is upright and visible; ruling lines are stroked paths and thin filled ones. Knows nothing of
the package around the page, and no tables.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Final

from lxml import etree

from monitor.documents.formats.drawn import Box, Glyph
from monitor.documents.formats.pdf.marks import Rule, lines_of
from monitor.documents.formats.pdf.page import Page
from monitor.errors import Unreadable

#: Points to a millimetre.
POINT: Final = 72 / 25.4
#: Lettering that leans by more than this (tangent) is a watermark or a stamp.
_LEAN: Final = 0.05
#: Filled shapes thinner than this, and segments that leave the level or the plumb by less, are lines (mm).
_THIN: Final = 1.0
_STRAIGHT: Final = 0.2
#: Marks on a page, and characters or numbers in one of them; a report's page has some hundreds.
_MOST_MARKS: Final = 50_000
_MOST_PARTS: Final = 100_000
#: Components of a colour that is white on paper; an opacity that nobody sees.
_WHITE: Final = 250
_CLEAR: Final = 26
_YES: Final = frozenset({"true", "1"})
_NO: Final = frozenset({"false", "0"})
#: Blocks within blocks.
_DEEPEST: Final = 20
#: Two prints of a mark nearer than this, in parts of its size, are one (fake bold, shadows).
_TWICE: Final = 0.17
#: A path's operators, with how many numbers each takes (AbbreviatedData).
_OPERATORS: Final = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_CURVED: Final = frozenset("QBA")
_DAMAGED: Final = "OFD 文件已损坏，页面里有读不懂的图元；请重新下载，或提供 Word、PDF 或网页"

_Point = tuple[float, float]
_Matrix = tuple[float, ...]
_UNIT: Final[_Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def local(node: etree._Element) -> str:
    """An element's name without its namespace, which two editions of the standard write differently."""
    return str(node.tag).rpartition("}")[2]


def numbers(text: str | None, count: int) -> tuple[float, ...]:
    """So many finite numbers out of an attribute. Raises Unreadable where they are not there."""
    try:
        found = tuple(float(word) for word in (text or "").split(maxsplit=count)[:count])
    except ValueError as error:
        raise Unreadable(_DAMAGED) from error
    if len(found) != count or not all(map(math.isfinite, found)):
        raise Unreadable(_DAMAGED)
    return found


def draw(page: Page, content: etree._Element, corner: _Point) -> None:
    """Put what a page's XML draws onto a page. `corner`: of the page's area, mm. Raises Unreadable.

    Pictures, drawings and whatever is made of other marks are kept as boxes: something stands there and was not read.
    """
    for count, mark in enumerate(_marks(content)):
        if count >= _MOST_MARKS:
            raise Unreadable(f"OFD 文件第 {page.number} 页的图元超过 {_MOST_MARKS} 个，未读取")
        if local(mark) == "TextObject":
            _letter(page, mark, corner)
        elif local(mark) == "PathObject":
            _trace(page, mark, corner)
        else:
            page.pictures.append(_Frame(mark, corner).box)


def once(glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs without second prints of the same."""
    kept: list[Glyph] = []
    for line in lines_of(glyphs):
        own: list[Glyph] = []
        for glyph in sorted(line, key=lambda glyph: glyph.x0):
            reach = _TWICE * glyph.size
            if not any(other.text == glyph.text and glyph.x0 - other.x0 < reach for other in own[-3:]):
                own.append(glyph)
        kept += own
    return kept


def _marks(content: etree._Element) -> Iterator[etree._Element]:
    """The visible marks of a page, those in blocks too, in the order of painting."""
    waiting = [(node, 0) for node in reversed(content) if local(node) == "Content"]
    while waiting:
        node, depth = waiting.pop()
        if local(node).endswith("Object"):
            if not _says(node, "Visible", _NO) and not _is_clear(node):
                yield node
        elif depth < _DEEPEST:
            waiting += [(child, depth + 1) for child in reversed(node)]


class _Frame:
    """From an object's own coordinates to the page's points: its matrix, then its boundary's corner."""

    __slots__ = ("_matrix", "_x", "_y", "box")

    def __init__(self, mark: etree._Element, corner: _Point) -> None:
        x, y, width, height = numbers(mark.get("Boundary"), 4)
        self._x, self._y = x - corner[0], y - corner[1]
        self._matrix = numbers(mark.get("CTM"), 6) if mark.get("CTM") else _UNIT
        left, top = self._x * POINT, self._y * POINT
        self.box = Box(left, top, left + width * POINT, top + height * POINT)

    def point(self, x: float, y: float) -> _Point:
        a, b, c, d, e, f = self._matrix
        return (self._x + a * x + c * y + e) * POINT, (self._y + b * x + d * y + f) * POINT

    @property
    def is_upright(self) -> bool:
        a, b, c, d = self._matrix[:4]
        return a > 0 and d > 0 and abs(b) <= _LEAN * a and abs(c) <= _LEAN * d

    @property
    def scales(self) -> _Point:
        return self._matrix[0] * POINT, self._matrix[3] * POINT


# ── lettering ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _letter(page: Page, mark: etree._Element, corner: _Point) -> None:
    frame = _Frame(mark, corner)
    turned = any(mark.get(name, "0") not in ("0", "360") for name in ("ReadDirection", "CharDirection"))
    if not frame.is_upright or turned:
        page.dropped.append(frame.box)
        return
    if (_is_unseen(mark, "FillColor") or _says(mark, "Fill", _NO)) and not _says(mark, "Stroke", _YES):
        return
    (size,) = numbers(mark.get("Size"), 1)
    along, down = frame.scales
    height = size * down
    for text, x, y, room in _places(mark, size):
        left, base = frame.point(x, y)
        page.glyphs.append(Glyph(text, left, base - 0.88 * height, left + room * along, base + 0.12 * height, height))


def _places(mark: etree._Element, size: float) -> Iterator[tuple[str, float, float, float]]:
    """Each character with the origin of its glyph and the room that it takes, in the object's coordinates."""
    x = y = 0.0
    for code in mark:
        if local(code) != "TextCode":
            continue
        x = numbers(code.get("X"), 1)[0] if code.get("X") else x
        y = numbers(code.get("Y"), 1)[0] if code.get("Y") else y
        across, down = _steps(code.get("DeltaX")), _steps(code.get("DeltaY"))
        here_x, here_y = x, y
        for place, text in enumerate(code.text or ""):
            wide = size if text > "\u2e7f" else size / 2
            step = across[place] if place < len(across) else 0.0 if place < len(down) else wide
            if not text.isspace():
                yield text, here_x, here_y, min(wide, step) if step > 0 else wide
            here_x += step
            here_y += down[place] if place < len(down) else 0.0


def _steps(text: str | None) -> list[float]:
    """The steps from a character to the next; “g 3 4.5” stands for three steps of 4.5."""
    steps: list[float] = []
    words = iter((text or "").split())
    for word in words:
        if word == "g":
            count, step = numbers(" ".join(islice(words, 2)), 2)
            steps += [step] * min(max(int(count), 0), _MOST_PARTS)
        else:
            steps += numbers(word, 1)
        if len(steps) > _MOST_PARTS:
            raise Unreadable(_DAMAGED)
    return steps


def _is_unseen(mark: etree._Element, name: str) -> bool:
    """Whether the colour of a mark is white or transparent."""
    for colour in mark:
        if local(colour) == name:
            written = re.findall(r"#[0-9A-Fa-f]{1,4}|\d{1,5}", colour.get("Value", ""))
            values = [int(value[1:], 16) if value[0] == "#" else int(value) for value in written]
            # Grey or red, green and blue, from black to white; or four inks, of which white has none.
            is_white = bool(values) and (not any(values) if len(values) == 4 else min(values) >= _WHITE)
            return is_white or _is_clear(colour)
    return False


def _is_clear(node: etree._Element) -> bool:
    """Whether what is drawn so is too faint to be seen; 255 is opaque."""
    alpha = node.get("Alpha", "")
    return alpha.isdecimal() and int(alpha[:5]) < _CLEAR


def _says(node: etree._Element, name: str, words: frozenset[str]) -> bool:
    return (node.get(name) or "").strip().lower() in words


# ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _trace(page: Page, mark: etree._Element, corner: _Point) -> None:
    frame = _Frame(mark, corner)
    data = next((node.text or "" for node in mark if local(node) == "AbbreviatedData"), "")
    stroked = mark.get("Stroke", "true") != "false" and not _is_unseen(mark, "StrokeColor")
    filled = mark.get("Fill") == "true" and not _is_unseen(mark, "FillColor")
    if not (stroked or filled):
        return
    for points, curved in _subpaths(data):
        placed = [frame.point(*point) for point in points]
        box = _bounds(placed)
        if curved:
            page.pictures.append(box)
        elif stroked:
            for segment in pairwise(placed):
                _rule(page, _bounds(segment), _STRAIGHT)
        elif not _rule(page, box, _THIN):
            (page.fills if len(placed) in (4, 5) else page.pictures).append(box)


def _bounds(points: Sequence[_Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _rule(page: Page, box: Box, thin: float) -> bool:
    """Add a box as a ruling line where it is as thin as one (mm); whether it was."""
    width, height = box.x1 - box.x0, box.y1 - box.y0
    if min(width, height) > thin * POINT:
        return False
    if width > height:
        page.level.append(Rule((box.y0 + box.y1) / 2, box.x0, box.x1))
    else:
        page.upright.append(Rule((box.x0 + box.x1) / 2, box.y0, box.y1))
    return True


def _subpaths(data: str) -> Iterator[tuple[list[_Point], bool]]:
    """The subpaths of a path: their points, and whether there is a curve in them."""
    words = iter(data.split())
    points: list[_Point] = []
    curved = False
    for count, operator in enumerate(words):
        if operator not in _OPERATORS or count > _MOST_PARTS:
            raise Unreadable(_DAMAGED)
        needed = _OPERATORS[operator]
        values = numbers(" ".join(islice(words, needed)), needed)
        if operator in "SM":
            if len(points) > 1:
                yield points, curved
            points, curved = [], False
        curved = curved or operator in _CURVED
        points += points[:1] if operator == "C" else [(values[-2], values[-1])]
    if len(points) > 1:
        yield points, curved
