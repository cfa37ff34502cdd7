"""What stands in the cells of a ruled table in a picture: words, a figure that two readings agree on, or a doubt.

A figure is one only if readings of two renderings agree, both are sure, and the ink has as many marks as the figure.
Places nothing: which cell means what is for the table readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final, cast

import cv2
import numpy as np

from monitor.documents.formats.scan.image import FAINT, Mask, Sheet
from monitor.documents.formats.scan.marks import (
    LEANS,
    Print,
    around,
    digit_widths,
    fits,
    is_dash,
    is_whole,
    lean,
    part_of,
)
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
#: Ink that is left along the edges of a line is as thin as this.
_RAGGED: Final = 3
#: How thick a ruling line may be with its blur.
_LINE: Final = 15
#: Ink that touches is darker than this; the blur where two edges come near is lighter (144 at least in 100 cells whose
#: print stood half a millimetre from the line, at 150 dpi).
_SOLID: Final = 130
_FIGURE: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*")
_THREE_BEHIND: Final = re.compile(r"[.,]\d{3}(?!\d)")
_DASH: Final = re.compile(r"[-—–―－_一/／\\、丶]+")
#: Strokes that lean further are slashes where they all lean alike, and there are so many that no hand wrote them.
_SLASHES: Final = 3
_ALIKE: Final = 0.15
#: Of pictures enlarged more than this (below 130 dpi) a comma cannot be told from a point.
_MOST_ENLARGED: Final = 1.55

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
    works, unit = _marked(table, ink, ruled & (sheet.grey < _SOLID))
    for work in works:
        inner = _inner(work.cell.box)
        work.faint = _has_faint(erased, inner, unit)
        work.covered = float(part_of(sheet.seal, inner).mean()) > 0.01 if inner.width and inner.height else False
        work.lines = list(_lines(work.marks, unit))
    _read(works, erased, unit, tight=True)
    figures = [work for work in works if work.lines and not _says_words(work)]
    _read(figures, _sharpened(erased), unit, tight=False)
    unsettled = [work for work in figures if work.surety < _QUITE_SURE]
    _read(unsettled, _two_toned(ink), unit, tight=False)
    usual = _print_of(figures, ink, unit)
    _mark_strokes(figures, ink, usual.height)
    return [_cell_text(work, ink, usual, sheet.enlarged) for work in works]


def _print_of(figures: Sequence[_Work], ink: Mask, unit: float) -> Print:
    """How the table's figures are printed: their lines' usual height, the widths of digits that touch nothing."""
    free = [(_figure(work.readings[0]), part_of(ink, work.lines[0])) for work in figures if not work.touching]
    return Print(
        height=median([line.height for work in figures for line in work.lines] or [unit]),
        digit=median([width for figure, part in free for width in digit_widths(figure, part)] or [0.0]),
    )


# ── ink ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _net(table: Ruling, shape: tuple[int, ...]) -> Mask:
    """Where the table's own lines run: a straight stroke elsewhere is a digit's."""
    net = np.zeros(shape, np.uint8)
    for cell in table.cells:
        box = cell.box
        cv2.rectangle(net, (box.left, box.top), (box.right, box.bottom), 1, _LINE)
    return net.astype(np.bool_)


def _inner(box: Box) -> Box:
    return Box(box.left + _INSET, box.top + _INSET, max(box.right - _INSET, 0), max(box.bottom - _INSET, 0))


def _marked(table: Ruling, ink: Mask, erased: Mask) -> tuple[list[_Work], float]:
    """The cells with the marks in each (specks and shreds of the lines left out), and the height of a character.

    A mark touches where it hung together with ink that was `erased`; the blur between a line and print that stands
    close to it is no ink.
    """
    whole = table.box
    _, _, stats, centres = cv2.connectedComponentsWithStats(part_of(ink, whole).astype(np.uint8), connectivity=8)
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
    near = cv2.dilate(erased.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.bool_)
    for box, (x, y) in zip(boxes, centres[1:].tolist(), strict=True):
        row = int(np.searchsorted(table.tops, y + whole.top)) - 1
        column = int(np.searchsorted(table.lefts, x + whole.left)) - 1
        if max(box.width, box.height) < _SPECK * unit or not (0 <= row < net.shape[0] and 0 <= column < net.shape[1]):
            continue
        work = works[int(net[row, column])]
        if part_of(near, box).any():
            if _is_shred(box, unit):
                continue
            work.touching = True
        work.marks.append(box)
    return works, unit


def _is_shred(box: Box, unit: float) -> bool:
    """Whether ink at a ruling line is left of the line itself: thin, and shorter or longer than any stroke.

    What is short and not thin may be all that a line left of a digit: it is no figure, and the cell not blank.
    """
    thin, long = sorted((box.width, box.height))
    return thin <= _RAGGED and (long < _MARK * unit or long > 1.5 * unit)


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
    lines = [around(group) for group in groups]
    # What is left of a line of text that the ruling line cut off above or below.
    whole = [line for line in lines if line.height > _SHRED * unit]
    yield from whole or lines


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


def _cell_text(work: _Work, ink: Mask, usual: Print, enlarged: float) -> CellText:
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


def _doubt(work: _Work, ink: Mask, usual: Print, enlarged: float) -> str:
    figures = list(map(_figure, work.readings))
    if enlarged > _MOST_ENLARGED and any(map(_THREE_BEHIND.search, figures)):
        return UNSURE
    if work.cell.unsure:
        return BROKEN
    if work.covered:
        return COVERED
    if work.touching and not is_whole(figures[0], work.lines[0], ink, usual):
        return TOUCHING
    if work.stroke:
        return ""
    if any(figures):
        if len(set(figures)) > 1:
            return DIFFERENT
        sure = min(line.figure_surety for lines in work.readings[:2] for line in lines) >= SURE
        return "" if sure and fits(figures[0], work.lines[0], ink, usual.height) else UNSURE
    if _DASH.fullmatch(work.text):
        return ""
    texts = {squash("".join(line.text for line in lines)) for lines in work.readings}
    if len(texts) > 1:
        return DIFFERENT
    return "" if min(line.surety for lines in work.readings[:2] for line in lines) >= SURE else UNSURE


def _mark_strokes(works: Sequence[_Work], ink: Mask, usual: float) -> None:
    """Tell dashes and slashes, which recognition takes for figures, by their ink."""
    leaning: list[tuple[_Work, float]] = []
    for work in works:
        line = work.lines[0]
        if len(work.lines) > 1 or len(work.marks) > 2:
            continue
        if is_dash(line, usual):
            work.stroke = "—"
        elif len(work.marks) == 1 and work.readings[0][0].figure in ("1", "/"):
            slope = lean(part_of(ink, line))
            if slope <= LEANS[0]:
                leaning.append((work, slope))
    leans = [slope for _, slope in leaning]
    if len(leans) >= _SLASHES and max(leans) - min(leans) <= _ALIKE:
        for work, _ in leaning:
            work.stroke = "/"
