"""Running text that knows where it stands: paragraphs joined for searching, places found again for what was found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from monitor.model import Place

#: Full-width figures and letters, and the marks of numbers and addresses, to half-width, mark for mark, so that what
#: stands at `i` still stands at `i`. Punctuation stays: nearly every paragraph has it, and translating is slow.
_NARROW: Final = dict(zip(map(ord, "＠．－／＿"), map(ord, "@.-/_"), strict=True)) | {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_WIDE: Final = re.compile("[０-９Ａ-Ｚａ-ｚ＠．－／＿]")


class Line(NamedTuple):
    """A paragraph of the running text: its block in the document (from 1) and its page (0: no pages)."""

    text: str
    block: int = 0
    page: int = 0

    @property
    def place(self) -> Place:
        return Place(self.block, self.page, self.text)


class Running:
    """Paragraphs as one text, a line each, so that what is torn over two of them is found."""

    __slots__ = ("lines", "text")

    def __init__(self, lines: Iterable[Line]) -> None:
        self.lines = tuple(lines)
        self.text = "\n".join(line.text for line in self.lines)

    def place(self, start: int, end: int) -> Place:
        """Where `text[start:end]` stands: the paragraph in which it begins, and its words as printed."""
        before = 0
        for line in self.lines:
            before += len(line.text) + 1
            if start < before:
                return Place(line.block, line.page, self.text[start:end])
        raise IndexError(start)


def narrow(text: str) -> str:
    """The text with full-width letters and figures made half-width; every mark keeps its place."""
    return text.translate(_NARROW) if _WIDE.search(text) else text
