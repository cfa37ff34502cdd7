"""PDF files of composed reports: the text of a body, line by line, in a font that readers bring along themselves."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

from lxml import html
from lxml.html import HtmlElement

_PER_LINE: Final = 34
_PER_PAGE: Final = 40
_FONT: Final = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 5 0 R/DW 1000"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 0>>/W[1[207 270 342 467 462 797 710 239 374]]>>",
    "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
    "/Descent -120/CapHeight 880/StemV 93>>",
)


def pdf_file(title: str, body: str) -> bytes:
    """A .pdf file of a title and an HTML fragment; the cells of a table's row stand in one line."""
    root = html.fragment_fromstring(body, create_parent=True)
    lines = [part for line in (title, *_lines(root)) for part in _wrapped(line)]
    pages = [lines[start : start + _PER_PAGE] for start in range(0, len(lines), _PER_PAGE)]
    numbers = [6 + 2 * place for place in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        *(part.encode() for part in _FONT),
    ]
    for number, page in zip(numbers, pages, strict=True):
        drawn = zlib.compress(_drawn(page))
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            f"/Contents {number + 1} 0 R>>".encode()
        )
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(drawn), drawn))
    return _assembled(objects)


def _lines(root: HtmlElement) -> Iterator[str]:
    for element in root:
        if element.tag in ("div", "section"):
            yield from _lines(element)
        elif element.tag == "table":
            for row in element.iter("tr"):
                yield "  ".join(str(cell.text_content()).strip() for cell in row.xpath("./td|./th"))
        elif isinstance(element.tag, str):
            yield str(element.text_content()).strip()


def _wrapped(line: str) -> Iterator[str]:
    for start in range(0, len(line), _PER_LINE):
        yield line[start : start + _PER_LINE]


def _drawn(lines: list[str]) -> bytes:
    shown = "".join(f"<{line.encode('utf-16-be').hex()}>Tj T*\n" for line in lines)
    return f"BT /F1 14 Tf 18 TL 60 780 Td\n{shown}ET".encode()


def _assembled(objects: list[bytes]) -> bytes:
    """The file: its objects in order, numbered from 1, and the table that says where each begins."""
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj%b endobj\n" % (number, content)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return file + end.encode() + b"startxref\n%d\n%%%%EOF\n" % len(file)
