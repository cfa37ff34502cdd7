"""PDF files of composed reports: lines of text and ruled tables, in a font that readers bring along themselves."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from lxml import html
from lxml.html import HtmlElement

from monitor.demo.cells import Cell, blocks, cells

_LEFT: Final = 50.0
_TOP: Final = 792.0
_BOTTOM: Final = 50.0
_WIDTH: Final = 495.0
_TEXT: Final = 14.0  # size of letters in points, as all of these
_LEADING: Final = 20.0
_SMALL: Final = 7.0  # in tables
_FONT: Final = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 5 0 R/DW 1000"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 0>>/W[1[207 270 342 467 462 797 710 239 374]]>>",
    "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
    "/Descent -120/CapHeight 880/StemV 93>>",
)


def pdf_file(title: str, body: str) -> bytes:
    """A .pdf file of a title and an HTML fragment of paragraphs and tables."""
    root = html.fragment_fromstring(body, create_parent=True)
    canvas = _Canvas()
    canvas.paragraph(title)
    for block in blocks(root):
        if block.tag == "table":
            canvas.table(block)
        else:
            canvas.paragraph(str(block.text_content()).strip())
    return _assembled(canvas.pages)


class _Canvas:
    """Pages that are filled from the top; what does not fit begins a new one."""

    def __init__(self) -> None:
        self.pages: list[list[str]] = [[]]
        self._y = _TOP

    def paragraph(self, text: str) -> None:
        for line in _wrapped(text, int(_WIDTH // _TEXT)):
            self._room(_LEADING)
            self._y -= _LEADING
            self._write(line, _LEFT, self._y + 4, _TEXT)

    def table(self, element: HtmlElement) -> None:
        """A ruled table, on one page."""
        placed = cells(element)
        columns = max(cell.column + cell.wide for cell in placed)
        width = _WIDTH / columns
        heights = _heights(placed, width)
        self._room(sum(heights) + _LEADING)
        top = self._y - _LEADING / 2
        edges = [0.0, *accumulate(heights)]
        for cell in placed:
            upper, lower = top - edges[cell.row], top - edges[min(cell.row + cell.deep, len(heights))]
            x = _LEFT + cell.column * width
            box = f"{x:.1f} {lower:.1f} {cell.wide * width:.1f} {upper - lower:.1f} re S"
            self.pages[-1].append(box)
            for number, line in enumerate(_wrapped(cell.text, _letters(cell, width)), start=1):
                self._write(line, x + 2, upper - number * (_SMALL + 2), _SMALL)
        self._y = top - edges[-1] - _LEADING / 2

    def _room(self, height: float) -> None:
        if self._y - height < _BOTTOM:
            self.pages.append([])
            self._y = _TOP

    def _write(self, line: str, x: float, y: float, size: float) -> None:
        code = line.encode("utf-16-be").hex()
        self.pages[-1].append(f"BT /F1 {size:g} Tf 1 0 0 1 {x:.1f} {y:.1f} Tm <{code}> Tj ET")


def _heights(placed: Sequence[Cell], width: float) -> list[float]:
    """How high each row has to be for the cells that stand in it alone."""
    rows = max(cell.row + cell.deep for cell in placed)
    lines = [1] * rows
    for cell in placed:
        if cell.deep == 1:
            needed = len(list(_wrapped(cell.text, _letters(cell, width))))
            lines[cell.row] = max(lines[cell.row], needed)
    return [count * (_SMALL + 2) + 5 for count in lines]


def _letters(cell: Cell, width: float) -> int:
    return max(int((cell.wide * width - 4) // _SMALL), 1)


def _wrapped(line: str, letters: int) -> Iterator[str]:
    for start in range(0, len(line), letters):
        yield line[start : start + letters]


def _assembled(pages: Sequence[Sequence[str]]) -> bytes:
    """The file: its objects in order, numbered from 1, and the table that says where each begins."""
    numbers = [6 + 2 * place for place in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        *(part.encode() for part in _FONT),
    ]
    for number, page in zip(numbers, pages, strict=True):
        drawn = zlib.compress("\n".join(("0.5 w", *page)).encode())
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {number + 1} 0 R>>".encode()
        )
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(drawn), drawn))
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj%b endobj\n" % (number, content)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return file + end.encode() + b"startxref\n%d\n%%%%EOF\n" % len(file)
