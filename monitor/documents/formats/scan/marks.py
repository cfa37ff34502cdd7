"""Whether ink can be a figure that was read from it: its marks, their number, size and places. Recognises nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from monitor.documents.formats.scan.image import Mask
from monitor.documents.formats.scan.ocr import Box

#: The width of a figure's ink for each digit, in heights of its digits; the widest step from one to the next; and how
#: much wider than the narrowest it may be.
_NARROW, _WIDE = 0.5, 1.0
_PITCH: Final = 0.97
_EVEN: Final = 1.42
#: Ink of so many pixels each way is no mark, nor a point.
_DUST: Final = 2
#: The highest that a point or comma is, and where it begins above the foot, in heights of the figure.
_POINT: Final = 0.52
#: The least share of its width and height that the strokes of a plus run through, and of its corners that are bare.
_STROKE, _BARE_CORNER = 0.85, 0.9
#: How far a comma goes below its digits, in their heights.
_TAIL: Final = 0.07
#: Heights of a figure's ink in those of the table's other figures; a bullet or a full stop is smaller.
_LOW, _HIGH = 0.62, 1.6
#: How far the head of a 1 may stand right or left of its foot, in its heights. Printed slashes stand right by 0.21 to
#: 0.55, italic ones by 0.15.
LEANS: Final = (-0.18, 0.25)
#: Ink lower than this share of a figure's height and longer than so many of its own is a dash.
_FLAT, _LONG = 0.3, 2.5


#: What a line may have taken of a digit that stood on it: shares of the usual height and width that have to be left. A
#: digit that lost a stroke and looks like another (8 and 3, 6 and 5, 9 and 7) is narrower or lower by a fifth.
_WHOLE_HEIGHT, _WHOLE_WIDTH = 0.92, 0.87


@dataclass(frozen=True, slots=True)
class Print:
    """How a table's figures are printed, in pixels: the height of their lines, the width of a digit other than 1.

    `digit` is 0 where no digit stands free of the lines.
    """

    height: float
    digit: float


def part_of(mask: Mask, box: Box) -> Mask:
    return mask[box.top : box.bottom, box.left : box.right]


def around(boxes: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*((box.left, box.top, box.right, box.bottom) for box in boxes), strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def is_dash(line: Box, usual: float) -> bool:
    return line.height <= _FLAT * usual and line.width >= _LONG * line.height


def digit_widths(figure: str, ink: Mask) -> list[int]:
    """The widths of a figure's digits, without its ones; none where the ink does not show them apart."""
    pieces = pieces_of(ink) if figure.isdigit() else []
    if len(pieces) != len(figure):
        return []
    return [piece.width for digit, piece in zip(figure, pieces, strict=True) if digit != "1"]


def is_whole(figure: str, line: Box, ink: Mask, usual: Print) -> bool:
    """Whether digits that a ruling line touched are all there: as high and wide as those that stand free of lines.

    Of a 1 that cannot be told: what is left of a 4 or 7 is as narrow.
    """
    widths = digit_widths(figure, part_of(ink, line))
    return (
        len(widths) == len(figure) > 0
        and usual.digit > 0
        and line.height >= _WHOLE_HEIGHT * usual.height
        and min(widths) >= _WHOLE_WIDTH * usual.digit
    )


def fits(figure: str, line: Box, ink: Mask, usual: float) -> bool:
    """Whether the ink can be that figure: as high as the others, with its points, and its digits between them."""
    part = part_of(ink, line)
    pieces = pieces_of(part)
    height = max((piece.height for piece in pieces), default=0)
    if not _LOW * usual <= line.height <= _HIGH * usual:
        return False
    if figure[0] in "+-":
        if not pieces or not _is_sign(figure[0], part, pieces[0]):
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


def _is_sign(sign: str, ink: Mask, piece: Box) -> bool:
    """Whether a mark is a minus, which is flat, or a plus: a stroke each way and nothing in the four corners."""
    if sign == "-":
        return piece.width >= _LONG * piece.height / 2
    mark = part_of(ink, piece)
    height, width = (side // 3 for side in mark.shape)
    if not height or not width:
        return False
    across, down = mark[height:-height].mean(axis=1).max(), mark[:, width:-width].mean(axis=0).max()
    corners = [
        mark[rows, columns].mean()
        for rows in (slice(height), slice(-height, None))
        for columns in (slice(width), slice(-width, None))
    ]
    return bool(min(across, down) >= _STROKE and max(corners) <= 1 - _BARE_CORNER)


def _are_digits(text: str, pieces: Sequence[Box], ink: Mask) -> bool:
    """Whether marks can be these digits: as many, evenly set, no 1 that leans; or as wide, if some touch."""
    if not pieces or len(pieces) > len(text):
        return False
    whole = around(pieces)
    if len(pieces) < len(text):
        return _NARROW <= whole.width / (len(text) * whole.height) <= _WIDE
    ones = [piece for mark, piece in zip(text, pieces, strict=True) if mark == "1"]
    return _is_even(pieces) and all(LEANS[0] < lean(part_of(ink, piece)) < LEANS[1] for piece in ones)


def pieces_of(ink: Mask) -> list[Box]:
    """The marks of a line from left to right; parts that stand one above the other are one."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    pieces: list[Box] = []
    for left, top, wide, high, _ in sorted(stats[1:].tolist()):
        box = Box(left, top, left + wide, top + high)
        if max(wide, high) <= _DUST:
            continue
        if pieces and min(pieces[-1].right, box.right) - left > 0.5 * min(pieces[-1].width, wide):
            pieces[-1] = around((pieces[-1], box))
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


def lean(ink: Mask) -> float:
    """How far a stroke's foot stands right of its head, in its heights: the slope of its middle."""
    rows, columns = np.nonzero(ink)
    if len(rows) < 4 or int(np.ptp(rows)) < 3:
        return 0.0
    return float(np.polyfit(rows, columns, 1)[0])
