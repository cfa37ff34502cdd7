"""The lines, rectangles and pictures that a page of a PDF draws, in the page's own coordinates, and how to turn it.

All of it is bounded: forms draw forms, and a map has a million lines. Knows no lettering and no tables.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from monitor.documents.formats.drawn import Box
from monitor.documents.limits import MOST_OBJECTS, MOST_SEGMENTS

#: Forms within forms.
DEEPEST_FORM: Final = 8
#: A filled rectangle so thin, in points of an A4 page, is a line.
_THIN: Final = 3.0

_Matrix = tuple[float, float, float, float, float, float]
_UNIT: Final[_Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Shapes:
    """The page's paths and pictures in the page's own coordinates.

    `lines`: (x0, y0, x1, y1). `blocks`: rectangles filled with a colour; `blanks`: those filled with white. `largest`:
    the pixels of the largest picture. `veiled`: the area of the largest picture that is painted over all lettering.
    """

    __slots__ = ("blanks", "blocks", "largest", "lines", "pictures", "segments", "too_many", "veiled")

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.lines: list[tuple[float, float, float, float]] = []
        self.blocks: list[tuple[float, float, float, float]] = []
        self.blanks: list[tuple[float, float, float, float]] = []
        self.pictures: list[tuple[float, float, float, float]] = []
        self.segments = self.largest = 0
        self.veiled = 0.0
        self.too_many = False
        for order, (found, kind, matrix) in enumerate(_objects(page)):
            if order >= MOST_OBJECTS or self.segments > MOST_SEGMENTS:
                self.too_many = True
                break
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                self.veiled = 0.0
            elif kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(found, matrix)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self._picture(found, matrix)

    def _picture(self, found: Any, matrix: _Matrix) -> None:
        box = _box_of(found, matrix)
        if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            self._block(box, white=True)
            return
        width, height = ctypes.c_uint(), ctypes.c_uint()
        if raw.FPDFImageObj_GetImagePixelSize(found, width, height):
            self.largest = max(self.largest, width.value * height.value)
        self.pictures.append(box)
        if not raw.FPDFPageObj_HasTransparency(found):
            self.veiled = max(self.veiled, (box[2] - box[0]) * (box[3] - box[1]))

    def _path(self, found: Any, outer: _Matrix) -> None:
        count = raw.FPDFPath_CountSegments(found)
        mode, stroked = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(found, mode, stroked)
        if count < 2 or not (mode.value or stroked.value):
            return
        if count <= 5 and not stroked.value:  # one rectangle, and mostly one of thousands of dots or dashes
            box = _box_of(found, outer)
            if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
                self._block(box, white=False)
                return
        self.segments += count
        if self.segments > MOST_SEGMENTS:
            return
        own = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(found, own)
        matrix = _times((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        white = not mode.value or is_white(found)
        for points, closed in _subpaths(found, count, matrix):
            if stroked.value:
                ends = [*points[1:], points[0]] if closed or (mode.value and len(points) > 2) else points[1:]
                self.lines += [(*start, *end) for start, end in zip(points, ends, strict=False)]
            if mode.value and len(points) >= 2:
                box = bounds(points)
                if _is_rectangle(points, box):
                    self._block(box, white=white, stroked=bool(stroked.value))

    def _block(self, box: tuple[float, float, float, float], *, white: bool, stroked: bool = False) -> None:
        x0, y0, x1, y1 = box
        if min(x1 - x0, y1 - y0) > _THIN:
            if not stroked:
                (self.blanks if white else self.blocks).append(box)
            return
        is_dot = max(x1 - x0, y1 - y0) <= _THIN  # of a dotted line, whichever way that runs
        if is_dot or x1 - x0 > y1 - y0:
            self.lines.append((x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
        if is_dot or x1 - x0 <= y1 - y0:
            self.lines.append(((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))


def _objects(page: pdfium.PdfPage) -> Iterator[tuple[Any, int, _Matrix]]:
    """All objects in the order of painting, those of forms among them, with the matrix of their form."""
    handle = page.raw

    def walk(count: int, get: Any, owner: Any, matrix: _Matrix, depth: int) -> Iterator[tuple[Any, int, _Matrix]]:
        for index in range(count):
            found = get(owner, index)
            kind = raw.FPDFPageObj_GetType(found)
            if kind != raw.FPDF_PAGEOBJ_FORM:
                yield found, kind, matrix
            elif depth < DEEPEST_FORM:
                own = raw.FS_MATRIX()
                raw.FPDFPageObj_GetMatrix(found, own)
                inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
                yield from walk(raw.FPDFFormObj_CountObjects(found), raw.FPDFFormObj_GetObject, found, inner, depth + 1)

    return walk(raw.FPDFPage_CountObjects(handle), raw.FPDFPage_GetObject, handle, _UNIT, 0)


def _box_of(found: Any, matrix: _Matrix) -> tuple[float, float, float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(found, left, bottom, right, top)
    return bounds([_moved(matrix, left.value, bottom.value), _moved(matrix, right.value, top.value)])


def _subpaths(found: Any, count: int, matrix: _Matrix) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The subpaths of straight lines: their points, and whether each is closed. Curves end one."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    closed = False
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(found, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind != raw.FPDF_SEGMENT_LINETO:
            if len(points) > 1:
                yield points, closed
            points, closed = [], False
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        points.append(_moved(matrix, x.value, y.value))
        closed = closed or bool(raw.FPDFPathSegment_GetClose(segment))
    if len(points) > 1:
        yield points, closed


def _is_rectangle(points: list[tuple[float, float]], box: tuple[float, float, float, float]) -> bool:
    """Whether points run along the edges of their box: each is one of its corners."""
    x0, y0, x1, y1 = box
    slack = 0.3
    return all(
        (abs(x - x0) < slack or abs(x - x1) < slack) and (abs(y - y0) < slack or abs(y - y1) < slack) for x, y in points
    )


def is_white(found: Any) -> bool:
    colour = [ctypes.c_uint() for _ in range(4)]
    return bool(raw.FPDFPageObj_GetFillColor(found, *colour)) and all(part.value >= 250 for part in colour[:3])


def _times(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    return (
        a * then[0] + b * then[2],
        a * then[1] + b * then[3],
        c * then[0] + d * then[2],
        c * then[1] + d * then[3],
        e * then[0] + f * then[2] + then[4],
        e * then[1] + f * then[3] + then[5],
    )


def _moved(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


def bounds(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


class Frame:
    """The visible part of a page and how to turn it: the page's own coordinates → reading position."""

    __slots__ = ("bottom", "height", "left", "right", "top", "turn", "width")

    def __init__(self, page: pdfium.PdfPage, turn: int) -> None:
        rectangle = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page.raw, rectangle)
        self.left, self.bottom, self.right, self.top = (
            rectangle.left,
            rectangle.bottom,
            rectangle.right,
            rectangle.top,
        )
        self.turn = turn
        width, height = self.right - self.left, self.top - self.bottom
        self.width, self.height = (height, width) if turn % 2 else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.turn == 1:
            return y - self.bottom, x - self.left
        if self.turn == 2:
            return self.right - x, y - self.bottom
        if self.turn == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        return Box(*bounds([self.point(x0, y0), self.point(x1, y1)]))
