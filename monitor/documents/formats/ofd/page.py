"""What a page of an OFD file draws (GB/T 33190-2016) as marks in reading position, as a PDF's page has them.

Lettering counts where it is upright and can be seen; ruling lines are stroked paths and thin filled ones. Knows nothing
of the package around the page, and no tables.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import Final

from lxml import etree
from PIL import Image

from monitor.documents.formats.drawn import Box, Glyph
from monitor.documents.formats.ofd.canvas import BLACK, CLEAR, Canvas, Ink, Paint, Seen, ink_of
from monitor.documents.formats.ofd.pictures import Picture
from monitor.documents.formats.ofd.resources import Resources, below, local
from monitor.documents.formats.pdf.marks import DIGITS, Rule
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
_YES: Final = frozenset({"true", "1"})
_NO: Final = frozenset({"false", "0"})
#: Blocks within blocks.
_DEEPEST: Final = 20
#: The share of a mark within a clip from which on it is seen, and up to which it is not.
_INSIDE: Final = 0.9
_OUTSIDE: Final = 0.1
#: A path's operators, with how many numbers each takes (AbbreviatedData).
_OPERATORS: Final = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_CURVED: Final = frozenset("QBA")
#: Paler lines and grounds are those of the paper.
_PAPER: Final = 250
_DAMAGED: Final = "OFD 文件已损坏，页面里有读不懂的图元；请重新下载，或提供 Word、PDF 或网页"

_Point = tuple[float, float]
_Matrix = tuple[float, ...]
_UNIT: Final[_Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def numbers(text: str | None, count: int) -> tuple[float, ...]:
    """So many finite numbers out of an attribute. Raises Unreadable where they are not there."""
    try:
        found = tuple(float(word) for word in (text or "").split(maxsplit=count)[:count])
    except ValueError as error:
        raise Unreadable(_DAMAGED) from error
    if len(found) != count or not all(map(math.isfinite, found)):
        raise Unreadable(_DAMAGED)
    return found


class Drawing:
    """A page in the drawing, layer by layer in the order of painting. `corner`: of the page's area, mm.

    `recent`: the document's pictures that were decoded last.
    """

    __slots__ = ("_canvas", "_corner", "_recent", "_resources", "page")

    def __init__(self, page: Page, corner: _Point, resources: Resources, recent: dict[str, Image.Image]) -> None:
        self.page, self._corner, self._resources, self._recent = page, corner, resources, recent
        self._canvas = Canvas()

    def layer(self, layer: etree._Element) -> None:
        """Draw a layer. Raises Unreadable where it is damaged or too full.

        Pictures, drawings and whatever is made of other marks are kept as boxes: something stands there, unread.
        """
        usual = list(self._resources.params(layer.get("DrawParam")))
        for mark in _marks(layer):
            self._canvas.order += 1
            if self._canvas.order > _MOST_MARKS:
                raise Unreadable(f"OFD 文件第 {self.page.number} 页的图元超过 {_MOST_MARKS} 个，未读取")
            params = [*self._resources.params(mark.get("DrawParam")), *usual]
            if local(mark) == "TextObject":
                self._letter(mark, params)
            elif local(mark) == "PathObject":
                self._trace(mark, params)
            else:
                self._picture(mark)

    def end(self) -> Page:
        """The page with the lettering that can be seen."""
        self.page.glyphs = self._canvas.seen()
        return self.page

    @property
    def texts(self) -> Iterator[str]:
        """The characters that the page prints, seen or not."""
        return self._canvas.texts()

    @property
    def paints(self) -> Sequence[Paint]:
        """The shapes and pictures of the page, in the order of painting."""
        return self._canvas.paints

    def _ink(self, mark: etree._Element, params: Sequence[etree._Element], kind: str, usual: Ink | None) -> Ink | None:
        return ink_of(mark, f"{kind}Color", params, self._resources, usual=usual)

    def _letter(self, mark: etree._Element, params: Sequence[etree._Element]) -> None:
        frame = _Frame(mark, self._corner)
        turned = any(mark.get(name, "0") not in ("0", "360") for name in ("ReadDirection", "CharDirection"))
        if not frame.is_upright or turned:
            self.page.dropped.append(frame.box)
            return
        fill = None if _says(mark, "Fill", _NO) else self._ink(mark, params, "Fill", BLACK)
        stroke = self._ink(mark, params, "Stroke", BLACK) if _says(mark, "Stroke", _YES) else None
        inks = [ink for ink in (fill, stroke) if ink is not None and ink.opacity >= CLEAR]
        if not inks:
            return
        clips = _clips(mark, self._corner)
        (size,) = numbers(mark.get("Size"), 1)
        along, down = frame.scales
        height = size * down
        for text, x, y, room in _places(mark, size):
            left, base = frame.point(x, y)
            glyph = Glyph(text, left, base - 0.88 * height, left + room * along, base + 0.12 * height, height)
            self._canvas.letter(glyph, inks, _seen_through(clips, frame.box, glyph))

    def _trace(self, mark: etree._Element, params: Sequence[etree._Element]) -> None:
        frame = _Frame(mark, self._corner)
        stroke = None if _says(mark, "Stroke", _NO) else self._ink(mark, params, "Stroke", BLACK)
        # Without a colour a filled path is transparent by the standard; some viewers paint it all the same.
        fill = self._ink(mark, params, "Fill", Ink(None, 1.0)) if _says(mark, "Fill", _YES) else None
        clips = _clips(mark, self._corner)
        for points, curved in _subpaths(_data(mark)):
            placed = [frame.point(*point) for point in points]
            box = _bounds(placed)
            if fill is not None and not _is_line(box, _THIN):
                is_whole = not curved and not clips and fill.colour is not None and _is_rectangle(placed, box)
                self._canvas.paint(Paint(box, fill, is_whole))
            self._keep(placed, box, curved=curved, stroked=_is_seen(stroke), filled=_is_seen(fill))

    def _keep(self, placed: Sequence[_Point], box: Box, *, curved: bool, stroked: bool, filled: bool) -> None:
        """Keep a part of a path as what it is to a table: lines, a ground, or something that is not read."""
        if not (stroked or filled):
            return
        if curved:
            self.page.pictures.append(box)
        elif stroked:
            for segment in pairwise(placed):
                _rule(self.page, _bounds(segment), _STRAIGHT)
        elif not _rule(self.page, box, _THIN):
            (self.page.fills if len(placed) in (4, 5) else self.page.pictures).append(box)

    def _picture(self, mark: etree._Element) -> None:
        frame = _Frame(mark, self._corner)
        ink = ink_of(mark, "", (), self._resources, usual=Ink(None, 1.0))
        if ink is None or ink.opacity < CLEAR:
            return
        self.page.pictures.append(frame.box)
        picture = None
        if local(mark) == "ImageObject":
            x0, y0, x1, y1 = frame.box
            corners = frame.points(((0, 0), (1, 0), (0, 1))) if mark.get("CTM") else [(x0, y0), (x1, y0), (x0, y1)]
            picture = Picture(corners, mark.get("ResourceID"), self._resources, recent=self._recent)
        is_whole = picture is not None and not mark.get("ImageMask") and not _clips(mark, self._corner)
        self._canvas.paint(Paint(frame.box, ink, is_whole, picture))


def _is_seen(ink: Ink | None) -> bool:
    """Whether lines or a ground of this ink show on white paper."""
    if ink is None or ink.opacity < CLEAR:
        return False
    return ink.colour is None or min(ink.colour) < _PAPER


def _marks(layer: etree._Element) -> Iterator[etree._Element]:
    """The visible marks of a layer, those in blocks too, in the order of painting."""
    waiting = [(node, 0) for node in reversed(layer)]
    while waiting:
        node, depth = waiting.pop()
        if local(node).endswith("Object"):
            if not _says(node, "Visible", _NO):
                yield node
        elif depth < _DEEPEST:
            waiting += [(child, depth + 1) for child in reversed(node)]


class _Frame:
    """From an object's own coordinates to the page's points: its matrix, then its boundary's corner.

    `outer`: the object in whose boundary this one lies.
    """

    __slots__ = ("_matrix", "_x", "_y", "box")

    def __init__(self, mark: etree._Element, corner: _Point, *, outer: etree._Element | None = None) -> None:
        x, y, width, height = numbers(mark.get("Boundary"), 4)
        beyond = numbers(outer.get("Boundary"), 2) if outer is not None else (0.0, 0.0)
        self._x, self._y = beyond[0] + x - corner[0], beyond[1] + y - corner[1]
        self._matrix = numbers(mark.get("CTM"), 6) if mark.get("CTM") else _UNIT
        left, top = self._x * POINT, self._y * POINT
        self.box = Box(left, top, left + width * POINT, top + height * POINT)

    def point(self, x: float, y: float) -> _Point:
        a, b, c, d, e, f = self._matrix
        return (self._x + a * x + c * y + e) * POINT, (self._y + b * x + d * y + f) * POINT

    def points(self, places: Sequence[_Point]) -> list[_Point]:
        return [self.point(*place) for place in places]

    @property
    def is_upright(self) -> bool:
        a, b, c, d = self._matrix[:4]
        return a > 0 and d > 0 and abs(b) <= _LEAN * a and abs(c) <= _LEAN * d

    @property
    def scales(self) -> _Point:
        return self._matrix[0] * POINT, self._matrix[3] * POINT


# ── lettering ───────────────────────────────────────────────────────────────────────────────────────────────────────


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
                # No font has figures half as wide as usual: the next one lies over this.
                pushed = step <= 0 or (text in DIGITS and step < wide / 2)
                yield text, here_x, here_y, wide if pushed else min(wide, step)
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


def _says(node: etree._Element, name: str, words: frozenset[str]) -> bool:
    return (node.get(name) or "").strip().lower() in words


# ── lines ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _data(mark: etree._Element) -> str:
    return next((node.text or "" for node in mark if local(node) == "AbbreviatedData"), "")


def _bounds(points: Sequence[_Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _rule(page: Page, box: Box, thin: float) -> bool:
    """Add a box as a ruling line where it is as thin as one (mm); whether it was."""
    if not _is_line(box, thin):
        return False
    if box.x1 - box.x0 > box.y1 - box.y0:
        page.level.append(Rule((box.y0 + box.y1) / 2, box.x0, box.x1))
    else:
        page.upright.append(Rule((box.x0 + box.x1) / 2, box.y0, box.y1))
    return True


def _is_line(box: Box, thin: float) -> bool:
    return min(box.x1 - box.x0, box.y1 - box.y0) <= thin * POINT


def _is_rectangle(points: Sequence[_Point], box: Box) -> bool:
    """Whether points are the corners of their box, one after the other."""
    slack = _STRAIGHT * POINT
    corners = [(min(abs(x - box.x0), abs(x - box.x1)), min(abs(y - box.y0), abs(y - box.y1))) for x, y in points]
    level = all(abs(a[0] - b[0]) < slack or abs(a[1] - b[1]) < slack for a, b in pairwise(points))
    return len(points) in (4, 5) and level and all(x < slack and y < slack for x, y in corners)


# ── clips ───────────────────────────────────────────────────────────────────────────────────────────────────────────

#: The areas of a clip, any of which lets a mark be seen; and whether they are sure.
_Clip = tuple[list[Box], bool]


def _clips(mark: etree._Element, corner: _Point) -> list[_Clip]:
    """The clips of an object. Only plain rectangles are sure, and only where there is one way to place them."""
    found = []
    for clips in (node for node in mark if local(node) == "Clips"):
        for clip in below(clips, "Clip"):
            areas = [node for node in clip if local(node) == "Area"]
            is_sure = not mark.get("CTM") and not any(area.get("CTM") for area in areas)
            boxes: list[Box] = []
            for area in areas:
                for path in area:
                    frame = _Frame(path, corner, outer=mark) if path.get("Boundary") else None
                    parts = list(_subpaths(_data(path))) if frame is not None else []
                    if frame is None or len(parts) != 1:
                        is_sure = False
                    for points, curved in parts if frame is not None else ():
                        placed = frame.points(points) if frame is not None else []
                        boxes.append(_bounds(placed))
                        is_sure = is_sure and not curved and _is_rectangle(placed, boxes[-1])
            found.append((boxes, is_sure))
    return found


def _seen_through(clips: Sequence[_Clip], boundary: Box, glyph: Glyph) -> Seen:
    """Whether a glyph is seen through the clips of its object, and within its boundary, which not all viewers heed."""
    seen = Seen.YES if _share_in(boundary, glyph) > 0.5 else Seen.UNSURE
    for boxes, is_sure in clips:
        share = max((_share_in(box, glyph) for box in boxes), default=0.0)
        if not is_sure or _OUTSIDE < share < _INSIDE:
            seen = min(seen, Seen.UNSURE)
        elif share <= _OUTSIDE:
            seen = Seen.NO
    return seen


def _share_in(box: Box, glyph: Glyph) -> float:
    """How much of a glyph's box lies in another, from 0 to 1."""
    across = min(box.x1, glyph.x1) - max(box.x0, glyph.x0)
    down = min(box.y1, glyph.y1) - max(box.y0, glyph.y0)
    area = max((glyph.x1 - glyph.x0) * (glyph.y1 - glyph.y0), 1e-6)
    return max(across, 0.0) * max(down, 0.0) / area


# ── paths ───────────────────────────────────────────────────────────────────────────────────────────────────────────


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
