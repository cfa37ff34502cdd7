"""Lines of a page as running text: page numbers and repeated heads dropped, lines joined to paragraphs by geometry.

Knows no file format. A line opens a paragraph where it is indented, where the line before had room left for its first
word, or where the distance or the size of the lettering changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from monitor.documents.formats.drawn import Glyph
from monitor.documents.formats.pdf.marks import line_text, lines_of
from monitor.text import clean

_PAGE_NUMBER: Final = re.compile(
    r"[\s\-—–―－·•.~～|]*(第\s*)?(\d{1,3}|[０-９]{1,3}|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,3})\s*页?"
    r"(\s*[/／，,|]?\s*(共|of)?\s*\d{1,3}\s*页?)?[\s\-—–―－·•.~～|]*"
)
#: The share of a page's height, at its head and foot, in which page numbers and repeated lines stand.
_MARGIN: Final = 0.1
#: Lettering smaller than this part of the body's, at a page's foot, is a note.
_NOTE: Final = 0.88
_CLOSING: Final = frozenset("，。、；：？！）》”’」』】〕%％,.;:!?)]}")
_CONTINUED: Final = re.compile(
    r"^[（(]?(续表|接上表|续上表|上接第?\d*页|表\s*[\d一二三四]*\s*[（(]?续[）)]?)[\d一二三四]*[）)]?$"
)
_JOINERS: Final = frozenset("@./-_:?=&%~")
_BLANK_BESIDE_HAN: Final = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef]) (?=\S)|(?<=\S) (?=[\u2e80-\u9fff])")
_HAN: Final = "\u2e80"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text: its glyphs from left to right, and its page, from 1."""

    glyphs: Sequence[Glyph]
    page: int

    @property
    def text(self) -> str:
        return line_text(self.glyphs)

    @property
    def x0(self) -> float:
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        return max(glyph.x1 for glyph in self.glyphs)

    @property
    def y(self) -> float:
        return self.glyphs[0].y

    @property
    def size(self) -> float:
        sizes = sorted(glyph.size for glyph in self.glyphs)
        return sizes[len(sizes) // 2]

    @property
    def first_word(self) -> float:
        """The width of what a line break could not have parted from the line's first glyph."""
        last = 0
        glyphs = self.glyphs
        while last + 1 < len(glyphs):
            here, after = glyphs[last].text, glyphs[last + 1].text
            latin = here < _HAN and after < _HAN and glyphs[last + 1].x0 - glyphs[last].x1 < 0.18 * glyphs[last].size
            if not latin and after not in _CLOSING:
                break
            last += 1
        return glyphs[last].x1 - glyphs[0].x0


@dataclass(frozen=True, slots=True)
class Margins:
    """Where running text begins and ends across a page, and how far its lines are apart."""

    left: float
    right: float
    pitch: float


def lines_on(page: int, glyphs: Sequence[Glyph]) -> list[Line]:
    return [Line(line, page) for line in lines_of(glyphs)]


def is_continued(line: Line) -> bool:
    """Whether a line says no more than that a table goes on (续表)."""
    return bool(_CONTINUED.match(clean(line.text).replace(" ", "")))


def without_running_heads(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """The lines of each page without heads and feet that stand on most pages alike, and without page numbers."""
    counts: Counter[tuple[str, int]] = Counter()
    for lines, height in zip(pages, heights, strict=True):
        counts.update({_key(line) for line in lines if _is_marginal(line, height)})
    written = sum(1 for lines in pages if lines)
    enough = max(2, written * 0.4) if written < 5 else max(3, written * 0.4)
    kept = []
    for lines, height in zip(pages, heights, strict=True):
        own = [line for line in lines if not (_is_marginal(line, height) and _repeats(counts, _key(line)) >= enough)]
        for end in (0, -1):
            if own and _is_marginal(own[end], height) and _PAGE_NUMBER.fullmatch(clean(own[end].text)):
                del own[end]
        kept.append(own)
    return kept


def _is_marginal(line: Line, height: float) -> bool:
    return not _MARGIN * height < line.y < (1 - _MARGIN) * height


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", clean(line.text)), round(line.y / 4)


def _repeats(counts: Counter[tuple[str, int]], key: tuple[str, int]) -> int:
    return max(counts[key], *(counts[key] + counts[key[0], key[1] + step] for step in (-1, 1)))


def margins_of(lines: Sequence[Line], width: float) -> Margins:
    """The margins of running text, from the lines of a document or a page that is `width` wide.

    Where no line is long, all are headings and the like: the text then would have reached as far as on the left.
    """
    if not lines:
        return Margins(0, 0, 0)
    size = sorted(line.size for line in lines)[len(lines) // 2]
    starts = sorted(line.x0 for line in lines)
    enough = max(2, len(lines) // 10)
    left = next((x for x in starts if sum(abs(other - x) < size / 2 for other in starts) >= enough), starts[0])
    ends = sorted((line.x1 for line in lines), reverse=True)
    right = next((x for x in ends if sum(abs(other - x) < size for other in ends) >= enough), ends[0])
    if right < 0.75 * (width - left):
        right = width - left
    steps = sorted(
        after.y - before.y for before, after in pairwise(lines) if before.page == after.page and after.y > before.y
    )
    return Margins(left, right, steps[len(steps) // 2] if steps else 2 * size)


def notes_apart(lines: Sequence[Line], body: float, height: float) -> tuple[list[Line], list[Line]]:
    """A page's lines, and those of notes at its foot: smaller than the body, nothing else below them."""
    end = len(lines)
    while end and lines[end - 1].size < _NOTE * body and lines[end - 1].y > height / 2:
        end -= 1
    return (list(lines[:end]), list(lines[end:])) if end else (list(lines), [])


def opens_paragraph(line: Line, before: Line, margins: Margins, before_margins: Margins) -> bool:
    """Whether a line is the first of a paragraph, seen against the one before it."""
    size = line.size
    if not 0.85 < size / before.size < 1.18:
        return True
    if line.x0 > margins.left + 1.2 * size:
        return True
    if line.page == before.page and line.y - before.y > 1.6 * max(margins.pitch, size):
        return True
    return before.x1 + line.first_word < before_margins.right - 0.6 * size


def joined(first: str, second: str) -> str:
    """Two lines of a paragraph as one text: a blank only between two words of letters."""
    here, after = first[-1:], second[:1]
    letters = here < _HAN and after < _HAN and here.isalpha() and after.isalpha()
    between = letters or (
        here < _HAN
        and after < _HAN
        and here not in _JOINERS
        and after not in _JOINERS
        and not (here.isdigit() and after.isdigit())
    )
    return f"{first} {second}" if between else first + second


def paragraph_text(text: str) -> str:
    """A paragraph's text: clean, and without the narrow blanks that programs set between Chinese and figures."""
    return _BLANK_BESIDE_HAN.sub(_kept_blank, clean(text))


def _kept_blank(found: re.Match[str]) -> str:
    """A wide gap stays a blank: it parts what stands apart. Beside a figure it is only the setting."""
    text, place = found.string, found.start()
    here, after = text[place - 1], text[place + 1]
    return "" if here.isdigit() or after.isdigit() else " "


def paragraphs(lines: Sequence[Line], margins: Margins) -> Iterator[tuple[str, int]]:
    """The paragraphs of lines that follow one another on one page, with the page."""
    held: str | None = None
    for number, line in enumerate(lines):
        if held is not None and not opens_paragraph(line, lines[number - 1], margins, margins):
            held = joined(held, line.text)
            continue
        if held is not None:
            yield paragraph_text(held), line.page
        held = line.text
    if held is not None:
        yield paragraph_text(held), lines[-1].page
