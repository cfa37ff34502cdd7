"""What stands in the cells of a ruled table in a picture: words, a figure that two readings agree on, or a doubt.

A figure is one only if readings of two renderings agree, both are sure, and the ink has as many marks as the figure.
Places nothing: which cell means what is for the table readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Final, cast

import cv2
import numpy as np

from monitor.documents.formats.scan.image import FAINT, Mask, Sheet
from monitor.documents.formats.scan.ocr import Box, Line, Picture, recognise
from monitor.documents.formats.scan.ruling import CellBox, Rules, Ruling
from monitor.documents.placing import is_words
from monitor.text import squash

#: How sure both readings of a figure have to be of its worst mark; where one is less than quite sure, a third has to
#: agree. Measured on 20,000 cells in ten faces at 150 and 100 dpi: nothing below was read wrongly.
SURE: Final = 0.8
_QUITE_SURE: Final = 0.95
#: Words in a cell that are less sure than this are noise.
_LEGIBLE: Final = 0.4

#: What is smaller than this share of a character's height is a speck; what is larger in the faint has to be ink.
_SPECK: Final = 0.22
_MARK: Final = 0.4
_SHRED: Final = 0.45
#: How far inside its lines a cell begins.
_INSET: Final = 3
#: How thick a ruling line may be with its blur.
_LINE: Final = 15
_FIGURE: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*")
_THREE_BEHIND: Final = re.compile(r"[.,]\d{3}(?!\d)")
_DASH: Final = re.compile(r"[-—–―－_一/／\\、丶]+")
#: The width of a figure's ink for each digit, in heights of its digits; the widest step from one to the next; and how
#: much wider than the narrowest it may be.
_NARROW, _WIDE = 0.5, 1.0
_PITCH: Final = 0.97
_EVEN: Final = 1.42
#: Ink of so many pixels each way is no mark, nor a point.
_DUST: Final = 2
#: The highest that a point or comma is, and where it begins above the foot, in heights of the figure.
_POINT: Final = 0.52
#: The highest that a sign before a figure is, and where it ends at the lowest, in heights of the figure.
_SIGN, _SIGN_FOOT = 0.75, 0.93
#: Of pictures enlarged more than this (below 130 dpi) a comma cannot be told from a point.
_MOST_ENLARGED: Final = 1.55
#: How far a comma goes below its digits, in their heights.
_TAIL: Final = 0.07
#: Heights of a figure's ink in those of the table's other figures; a bullet or a full stop is smaller.
_LOW, _HIGH = 0.62, 1.6
#: How far the head of a 1 may stand right or left of its foot, in its heights. Printed slashes stand right by 0.21 to
#: 0.55, italic ones by 0.15.
_LEANS: Final = (-0.18, 0.25)
#: Strokes that lean further are slashes where they all lean alike, and there are so many that no hand wrote them.
_SLASHES: Final = 3
_ALIKE: Final = 0.15
#: Ink lower than this share of a figure's height and longer than so many of its own is a dash.
_FLAT, _LONG = 0.3, 2.5

UNREADABLE: Final = "格内有字迹，但无法辨认"
UNSURE: Final = "扫描识别没有把握"
DIFFERENT: Final = "两次识别的结果不同"
COVERED: Final = "被印章遮盖，无法辨认"
BROKEN: Final = "表格线断缺，无法确定单元格的边界"
TOUCHING: Final = "字迹压在表格线上，无法辨认"


@dataclass(frozen=True, slots=True)
class CellText:
    """What a cell says; `doubt` is why no figure may be taken from it, or ""."""

    text: str
    doubt: str = ""
    score: float = 1.0


@dataclass(slots=True)
class _Work:
    """A cell while it is read: the boxes of its marks, its lines of ink, and what two readings made of each line."""

    cell: CellBox
    marks: list[Box]
    faint: bool = False
    touching: bool = False
    covered: bool = False
    stroke: str = ""
    lines: list[Box] = field(default_factory=list)
    readings: list[list[Line]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.readings[0]).strip()

    @property
    def surety(self) -> float:
        """How sure the readings are of the worst mark of its figure."""
        return min(line.figure_surety for lines in self.readings for line in lines)


def read_cells(sheet: Sheet, rules: Rules, table: Ruling) -> list[CellText]:
    """The texts of a table's cells, in their order."""
    ruled = rules.mask & _net(table, sheet.ink.shape)
    erased = np.where(ruled, 255, sheet.grey).astype(np.uint8)
    ink = sheet.ink & ~ruled
    works, unit = _marked(table, ink, ruled)
    for work in works:
        inner = _inner(work.cell.box)
        work.faint = _has_faint(erased, inner, unit)
        work.covered = float(_part(sheet.seal, inner).mean()) > 0.01 if inner.width and inner.height else False
        work.lines = list(_lines(work.marks, unit))
    _read(works, erased, unit, tight=True)
    figures = [work for work in works if work.lines and not _says_words(work)]
    _read(figures, _sharpened(erased), unit, tight=False)
    unsettled = [work for work in figures if work.surety < _QUITE_SURE]
    _read(unsettled, _two_toned(ink), unit, tight=False)
    usual = median([line.height for work in figures for line in work.lines] or [unit])
    _mark_strokes(figures, ink, usual)
    return [_cell_text(work, ink, usual, sheet.enlarged) for work in works]


# ── ink ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _net(table: Ruling, shape: tuple[int, ...]) -> Mask:
    """Where the table's own lines run: a straight stroke elsewhere is a digit's."""
    net = np.zeros(shape, np.uint8)
    for cell in table.cells:
        box = cell.box
        cv2.rectangle(net, (box.left, box.top), (box.right, box.bottom), 1, _LINE)
    return net.astype(np.bool_)


def _part(mask: Mask, box: Box) -> Mask:
    return mask[box.top : box.bottom, box.left : box.right]


def _inner(box: Box) -> Box:
    return Box(box.left + _INSET, box.top + _INSET, max(box.right - _INSET, 0), max(box.bottom - _INSET, 0))


def _marked(table: Ruling, ink: Mask, ruled: Mask) -> tuple[list[_Work], float]:
    """The cells with the marks in each (specks and shreds of the lines left out), and the height of a character."""
    whole = table.box
    _, _, stats, centres = cv2.connectedComponentsWithStats(_part(ink, whole).astype(np.uint8), connectivity=8)
    boxes = [
        Box(left + whole.left, top + whole.top, left + whole.left + wide, top + whole.top + high)
        for left, top, wide, high, _ in stats[1:].tolist()
    ]
    heights = [box.height for box in boxes if 10 <= box.height <= 60]
    unit = float(np.percentile(heights, 75)) if heights else 24.0
    net = np.full((len(table.tops) - 1, len(table.lefts) - 1), -1)
    works = [_Work(cell, []) for cell in table.cells]
    for number, cell in enumerate(table.cells):
        net[cell.rows[0] : cell.rows[1], cell.columns[0] : cell.columns[1]] = number
    near = cv2.dilate(ruled.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(np.bool_)
    for box, (x, y) in zip(boxes, centres[1:].tolist(), strict=True):
        row = int(np.searchsorted(table.tops, y + whole.top)) - 1
        column = int(np.searchsorted(table.lefts, x + whole.left)) - 1
        if max(box.width, box.height) < _SPECK * unit or not (0 <= row < net.shape[0] and 0 <= column < net.shape[1]):
            continue
        work = works[int(net[row, column])]
        if _part(near, box).any():
            if _is_shred(box, unit):
                continue
            work.touching = True
        work.marks.append(box)
    return works, unit


def _is_shred(box: Box, unit: float) -> bool:
    """Whether ink at a ruling line is left of the line itself: thin, and shorter or longer than any stroke."""
    thin, long = sorted((box.width, box.height))
    return long < _MARK * unit or (thin <= 4 and long > 1.5 * unit)


def _has_faint(grey: Picture, box: Box, unit: float) -> bool:
    """Whether there is anything in a cell that may be ink, by a threshold much lighter than the page's own."""
    part = grey[box.top : box.bottom, box.left : box.right]
    if not part.size:
        return False
    dark = (cv2.GaussianBlur(part, (0, 0), 1.2) < FAINT).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark)
    for left, top, wide, high, area in stats[1:count].tolist():
        inside = min(left, top) > 2 and left + wide < part.shape[1] - 2 and top + high < part.shape[0] - 2
        if inside and max(wide, high) >= _MARK * unit and area >= _MARK * unit:
            return True
    return False


def _lines(marks: Sequence[Box], unit: float) -> Iterator[Box]:
    """The marks of a cell as lines from top to bottom: those that overlap in height, and pieces of one character."""
    groups: list[list[Box]] = []
    for box in sorted(marks, key=lambda box: box.top):
        if groups:
            top, bottom = min(one.top for one in groups[-1]), max(one.bottom for one in groups[-1])
            overlap = min(bottom, box.bottom) - box.top
            if overlap > 0.3 * min(box.height, bottom - top) or max(bottom, box.bottom) - top <= 1.15 * unit:
                groups[-1].append(box)
                continue
        groups.append([box])
    lines = [_around(group) for group in groups]
    # What is left of a line of text that the ruling line cut off above or below.
    whole = [line for line in lines if line.height > _SHRED * unit]
    yield from whole or lines


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _read(works: Sequence[_Work], grey: Picture, unit: float, *, tight: bool) -> None:
    """Add a reading of every line of some cells, recognised together."""
    crops = [
        crop_of(grey, line, unit, within=_inner(work.cell.box), tight=tight) for work in works for line in work.lines
    ]
    lines = iter(recognise(crops))
    for work in works:
        work.readings.append([next(lines) for _ in work.lines])


def _sharpened(grey: Picture) -> Picture:
    return cv2.addWeighted(grey, 2.2, cv2.GaussianBlur(grey, (0, 0), 2), -1.2, 0).astype(np.uint8)


def _two_toned(ink: Mask) -> Picture:
    """Ink and paper and nothing between, with soft edges."""
    return cv2.GaussianBlur(np.where(ink, 0, 255).astype(np.uint8), (0, 0), 0.9).astype(np.uint8)


def crop_of(grey: Picture, line: Box, unit: float, *, within: Box, tight: bool) -> Picture:
    """A line on white: nothing from beyond `within`. `tight` and loose crops show the recogniser two pictures."""
    # A dash alone keeps the room of a character, or it would be blown up to a bar.
    short = max(0, round((0.8 * unit - line.height) / 2))
    pad = max(2, round((0.15 if tight else 0.35) * max(line.height, unit * 0.8))) + short
    top, bottom = max(line.top - pad, within.top), min(line.bottom + pad, within.bottom)
    left, right = max(line.left - pad, within.left), min(line.right + pad, within.right)
    part = cv2.copyMakeBorder(
        np.ascontiguousarray(grey[top:bottom, left:right]),
        max(0, pad - line.top + top),
        max(0, pad - bottom + line.bottom),
        max(0, pad - line.left + left),
        max(0, pad - right + line.right),
        borderType=cv2.BORDER_CONSTANT,
        value=255.0,
    )
    if not tight:
        part = cv2.resize(part, None, fx=2.3, fy=2.0, interpolation=cv2.INTER_CUBIC)
    return cast(Picture, part.astype(np.uint8))


def _says_words(work: _Work) -> bool:
    return is_words(work.text) and not re.search(r"\d$", work.text)


def _cell_text(work: _Work, ink: Mask, usual: float, enlarged: float) -> CellText:
    """The cell's text with the first reason, if any, why no figure may be read from it."""
    if not work.lines:
        doubt = COVERED if work.covered else UNREADABLE if work.faint else BROKEN if work.cell.unsure else ""
        return CellText("?" if doubt else "", doubt)
    score = min(line.score for line in work.readings[0])
    if len(work.readings) == 1:
        return CellText(work.text, UNREADABLE if score < _LEGIBLE else "", score)
    text = work.stroke or _figure(work.readings[0]) or work.text
    return CellText(text or "?", _doubt(work, ink, usual, enlarged), score)


def _figure(lines: Sequence[Line]) -> str:
    """What a line says if it is a figure, else ""."""
    text = lines[0].figure.replace(" ", "") if len(lines) == 1 else ""
    return text if _FIGURE.fullmatch(text) else ""


def _doubt(work: _Work, ink: Mask, usual: float, enlarged: float) -> str:
    figures = list(map(_figure, work.readings))
    if enlarged > _MOST_ENLARGED and any(map(_THREE_BEHIND.search, figures)):
        return UNSURE
    if work.cell.unsure:
        return BROKEN
    if work.covered:
        return COVERED
    if work.touching:
        return TOUCHING
    if work.stroke:
        return ""
    if any(figures):
        if len(set(figures)) > 1:
            return DIFFERENT
        sure = min(line.figure_surety for lines in work.readings[:2] for line in lines) >= SURE
        return "" if sure and _fits(figures[0], work.lines[0], ink, usual) else UNSURE
    if _DASH.fullmatch(work.text):
        return ""
    texts = {squash("".join(line.text for line in lines)) for lines in work.readings}
    if len(texts) > 1:
        return DIFFERENT
    return "" if min(line.surety for lines in work.readings[:2] for line in lines) >= SURE else UNSURE


def _fits(figure: str, line: Box, ink: Mask, usual: float) -> bool:
    """Whether the ink can be that figure: as high as the others, with its points, and its digits between them."""
    part = _part(ink, line)
    pieces = _pieces(part)
    height = max((piece.height for piece in pieces), default=0)
    if not _LOW * usual <= line.height <= _HIGH * usual:
        return False
    if figure[0] in "+-":
        if not pieces or pieces[0].height > _SIGN * height or pieces[0].bottom > _SIGN_FOOT * height:
            return False
        pieces = pieces[1:]
    groups: list[list[Box]] = [[]]
    points: list[Box] = []
    for piece in pieces:
        if piece.height <= _POINT * height and piece.top >= (1 - _POINT) * height:
            points.append(piece)
            groups.append([])
        else:
            groups[-1].append(piece)
    digits = re.split("[.,]", figure.lstrip("+-"))
    return (
        len(groups) == len(digits)
        and all(_are_digits(text, own, part) for text, own in zip(digits, groups, strict=True))
        and _has_its_points(figure, points, groups[0][0])
    )


def _are_digits(text: str, pieces: Sequence[Box], ink: Mask) -> bool:
    """Whether marks can be these digits: as many, evenly set, no 1 that leans; or as wide, if some touch."""
    if not pieces or len(pieces) > len(text):
        return False
    whole = _around(pieces)
    if len(pieces) < len(text):
        return _NARROW <= whole.width / (len(text) * whole.height) <= _WIDE
    ones = [piece for mark, piece in zip(text, pieces, strict=True) if mark == "1"]
    return _is_even(pieces) and all(_LEANS[0] < _lean(_part(ink, piece)) < _LEANS[1] for piece in ones)


def _pieces(ink: Mask) -> list[Box]:
    """The marks of a line from left to right; parts that stand one above the other are one."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    pieces: list[Box] = []
    for left, top, wide, high, _ in sorted(stats[1:].tolist()):
        box = Box(left, top, left + wide, top + high)
        if max(wide, high) <= _DUST:
            continue
        if pieces and min(pieces[-1].right, box.right) - left > 0.5 * min(pieces[-1].width, wide):
            pieces[-1] = _around((pieces[-1], box))
        else:
            pieces.append(box)
    return pieces


def _is_even(digits: Sequence[Box]) -> bool:
    """Whether digits stand as evenly as print sets them: no point was lost between two of them."""
    height = max(piece.height for piece in digits)
    steps = [(after.left + after.right - before.left - before.right) / 2 for before, after in pairwise(digits)]
    if not steps:
        return digits[0].width <= _WIDE * height
    return max(steps) <= _PITCH * height and max(steps) <= _EVEN * min(steps)


def _has_its_points(figure: str, points: Sequence[Box], digit: Box) -> bool:
    """Whether marks before three digits are what they were read as: a comma goes below the digits, a point does not."""
    marks = re.findall(r"[.,]\d*", figure)
    return all(
        (point.bottom - digit.bottom > _TAIL * digit.height) == (mark[0] == ",")
        for mark, point in zip(marks, points, strict=True)
        if len(mark) == 4
    )


def _mark_strokes(works: Sequence[_Work], ink: Mask, usual: float) -> None:
    """Tell dashes and slashes, which recognition takes for figures, by their ink."""
    leaning: list[tuple[_Work, float]] = []
    for work in works:
        line = work.lines[0]
        if len(work.lines) > 1 or len(work.marks) > 2:
            continue
        if line.height <= _FLAT * usual and line.width >= _LONG * line.height:
            work.stroke = "—"
        elif len(work.marks) == 1 and work.readings[0][0].figure in ("1", "/"):
            lean = _lean(_part(ink, line))
            if lean <= _LEANS[0]:
                leaning.append((work, lean))
    leans = [lean for _, lean in leaning]
    if len(leans) >= _SLASHES and max(leans) - min(leans) <= _ALIKE:
        for work, _ in leaning:
            work.stroke = "/"


def _lean(ink: Mask) -> float:
    """How far a stroke's foot stands right of its head, in its heights: the slope of its middle."""
    rows, columns = np.nonzero(ink)
    if len(rows) < 4 or int(np.ptp(rows)) < 3:
        return 0.0
    return float(np.polyfit(rows, columns, 1)[0])
