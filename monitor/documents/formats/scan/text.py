"""Running text of a sheet: its lines in order, lines as paragraphs, and rows of words that stand in columns.

Knows nothing of ruled tables but where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

import cv2
import numpy as np

from monitor.documents.formats.scan.ocr import Box, Picture, find_lines, recognise
from monitor.documents.formats.scan.ruling import runs

#: The detector sees 150 dpi; what it is shown at once is no longer than this (pixels at 200 dpi), cut at blank rows.
_DETECTED: Final = 0.75
_LONGEST: Final = 1700
_SHORTEST: Final = 12
#: Text that is less sure than this is no text: a photo, a logo, a signature by hand.
_LEGIBLE: Final = 0.5
#: Lengths in heights of the line's characters: an indent, the room left by a paragraph's last line, a gap between
#: columns; and how far below the last line a new paragraph begins, in lines.
_INDENT, _SHORT, _COLUMN = 1.2, 2.2, 1.2
_FAR: Final = 2.2
_PAGE_NUMBER: Final = re.compile(
    r"^[-—–－一_·.\s]*(第\s*)?\d{1,3}(\s*/\s*\d{1,3})?(\s*页)?([,，]?\s*共\s*\d{1,3}\s*页)?[-—–－一_·.\s]*$"
)
#: Page numbers stand in this share of the sheet at its top and bottom.
_MARGIN: Final = 0.1


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text: its words with their boxes from left to right, and how sure its text is."""

    words: tuple[tuple[str, Box], ...]
    score: float

    @property
    def box(self) -> Box:
        boxes = [box for _, box in self.words]
        return Box(boxes[0].left, min(b.top for b in boxes), boxes[-1].right, max(b.bottom for b in boxes))

    @property
    def text(self) -> str:
        text, before = "", None
        for word, box in self.words:
            text += " " if before is not None and box.left - before.right > _COLUMN * box.height else ""
            text, before = text + word, box
        return text

    @property
    def height(self) -> float:
        return median(box.height for _, box in self.words)

    @property
    def columns(self) -> tuple[tuple[str, Box], ...]:
        """The words that wide gaps part: more than two in a row may be the row of a table."""
        parted: list[tuple[str, Box]] = []
        for word, box in self.words:
            if parted and box.left - parted[-1][1].right <= _COLUMN * box.height:
                text, own = parted[-1]
                parted[-1] = (text + word, Box(own.left, min(own.top, box.top), box.right, max(own.bottom, box.bottom)))
            else:
                parted.append((word, box))
        return tuple(parted)


def read_lines(grey: Picture, tables: Sequence[Box]) -> list[TextLine]:
    """The lines of text outside the tables, from top to bottom."""
    open_rows = np.ones(grey.shape[0], np.bool_)
    bare = grey.copy()
    for box in tables:
        bare[box.top - 3 : box.bottom + 3, max(0, box.left - 3) : box.right + 3] = 255
        if box.width * 3 > grey.shape[1]:
            open_rows[box.top : box.bottom] = False
    boxes = [box for start, end in _bands(bare, open_rows) for box in _detected(bare, start, end)]
    texts = recognise([bare[box.top : box.bottom, box.left : box.right] for box in boxes])
    legible = [
        (line.text.strip(), line.score, box)
        for line, box in zip(texts, boxes, strict=True)
        if line.score >= _LEGIBLE and line.text.strip()
    ]
    return list(_in_order(legible))


def _bands(grey: Picture, open_rows: np.typing.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Stretches of rows with ink and no table, none longer than the detector takes at once."""
    dark = np.asarray((grey < 160).sum(axis=1))
    for start, end in runs(open_rows):
        while end - start > _LONGEST:
            # The emptiest row in the last third: text is not cut through.
            cut = start + _LONGEST * 2 // 3
            cut += int(dark[cut : start + _LONGEST].argmin())
            yield start, cut
            start = cut
        if end - start >= _SHORTEST and dark[start:end].any():
            yield start, end


def _detected(grey: Picture, start: int, end: int) -> list[Box]:
    part = grey[start:end]
    small = cv2.resize(part, None, fx=_DETECTED, fy=_DETECTED, interpolation=cv2.INTER_AREA).astype(np.uint8)
    scale = 1 / _DETECTED
    return [
        Box(
            max(0, int(box.left * scale)),
            max(0, int(box.top * scale)) + start,
            min(grey.shape[1], round(box.right * scale)),
            min(end, round(box.bottom * scale) + start),
        )
        for box in find_lines(small)
        if box.width > 2 and box.height > 2
    ]


def _in_order(found: Sequence[tuple[str, float, Box]]) -> Iterator[TextLine]:
    """Words as lines: those that share more than half of their height are of one."""
    rows: list[list[tuple[str, float, Box]]] = []
    for word in sorted(found, key=lambda word: word[2].top + word[2].bottom):
        box = word[2]
        if rows:
            last = rows[-1][-1][2]
            if min(last.bottom, box.bottom) - max(last.top, box.top) > 0.5 * min(last.height, box.height):
                rows[-1].append(word)
                continue
        rows.append([word])
    for row in rows:
        row.sort(key=lambda word: word[2].left)
        yield TextLine(tuple((text, box) for text, _, box in row), sum(score for _, score, _ in row) / len(row))


def without_page_number(lines: Sequence[TextLine], height: int) -> list[TextLine]:
    """The lines without the page's number, which stands alone at the head or foot of the sheet."""
    return [
        line
        for line in lines
        if not (
            _PAGE_NUMBER.match(line.text)
            and (line.box.bottom < _MARGIN * height or line.box.top > (1 - _MARGIN) * height)
        )
    ]


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the text of a sheet begins and ends, and how far its lines stand apart."""

    left: float
    right: float
    pitch: float


def margins_of(lines: Sequence[TextLine]) -> Margins:
    if not lines:
        return Margins(0, 0, 0)
    boxes = [line.box for line in lines]
    steps = [after.top - before.top for before, after in pairwise(boxes)]
    return Margins(
        float(np.percentile([box.left for box in boxes], 10, method="lower")),
        float(np.percentile([box.right for box in boxes], 90, method="higher")),
        median([step for step in steps if step > 0] or [0]),
    )


def opens_paragraph(line: TextLine, before: TextLine | None, margins: Margins, *, before_margins: Margins) -> bool:
    """Whether a line begins a paragraph: it is indented, or the line before it is short, or far above."""
    if before is None:
        return True
    if line.box.left - margins.left > _INDENT * line.height:
        return True
    if before_margins.right - before.box.right > _SHORT * before.height:
        return True
    if abs(line.height - before.height) > 0.35 * min(line.height, before.height):
        return True
    return margins is before_margins and line.box.top - before.box.top > _FAR * margins.pitch
