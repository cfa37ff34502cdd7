"""OFD, the national format of fixed layout (GB/T 33190-2016): its pages are read as a PDF's are.

Lettering and ruling lines count where the page prints them; seals, signatures and annotations are no part of a report.
A file whose pages are pictures, or whose characters have no code, is unreadable: nothing of it is read in part.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

import numpy as np
from lxml import etree

from monitor.documents.formats.drawn import Box
from monitor.documents.formats.ofd.page import POINT, draw, local, numbers, once
from monitor.documents.formats.packed import Package, open_package, parse_xml
from monitor.documents.formats.pdf.layout import blocks_of
from monitor.documents.formats.pdf.page import Page
from monitor.documents.limits import MOST_PAGES
from monitor.errors import Unreadable
from monitor.model import Document

MEDIA_TYPE: Final = "application/ofd"

_MEND: Final = "请提供 Word、PDF 或网页"
_DAMAGED: Final = f"OFD 文件不完整或已损坏，找不到其中的页面；请重新下载，或{_MEND[1:]}"
#: A4, where no page area is given; the longest side of a page that is drawn (mm).
_A4: Final = "0 0 210 297"
_LONGEST_SIDE: Final = 2000
#: A page with fewer marks, of which this share is covered by pictures, is a picture.
_FEW_MARKS: Final = 40
_COVERED: Final = 0.5


def read_ofd(data: bytes, *, charset: str = "") -> Document:
    """Read an OFD file; `charset` means nothing here. Raises Unreadable."""
    try:
        package = open_package(data)
    except Unreadable as error:
        raise Unreadable(f"OFD {error}") from error
    if any(name.endswith("Encryptions.xml") for name in package.names):
        raise Unreadable(f"OFD 文件已加密，读不了；{_MEND}")
    root = next((_text(node) for node in _below(_part(package, "OFD.xml"), "DocRoot")), "")
    pages = list(_pages(package, _resolved("", root)))
    _check(pages)
    blocks = tuple(blocks_of(pages))
    if not blocks:
        raise Unreadable(f"OFD 文件里没有文字；{_MEND}")
    return Document(MEDIA_TYPE, blocks)


def _text(node: etree._Element) -> str:
    return (node.text or "").strip()


def _pages(package: Package, place: str) -> Iterator[Page]:
    document = _part(package, place)
    folder = posixpath.dirname(place)
    area = next(_below(document, "PhysicalBox"), None)
    usual = _A4 if area is None else area.text
    templates = {node.get("ID"): node.get("BaseLoc", "") for node in _below(document, "TemplatePage")}
    listed = [node.get("BaseLoc", "") for pages in _below(document, "Pages") for node in _below(pages, "Page")]
    if not listed:
        raise Unreadable(_DAMAGED)
    if len(listed) > MOST_PAGES:
        raise Unreadable(f"OFD 文件有 {len(listed)} 页，超过 {MOST_PAGES} 页的上限，未读取")
    for number, location in enumerate(listed, 1):
        content = _part(package, _resolved(folder, location))
        own = next(_below(content, "PhysicalBox"), None)
        x, y, width, height = numbers(usual if own is None else own.text, 4)
        if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE):
            raise Unreadable(_DAMAGED)
        page = Page(number, width * POINT, height * POINT)
        for used in _below(content, "Template"):
            if used.get("TemplateID") in templates:
                draw(page, _part(package, _resolved(folder, templates[used.get("TemplateID")])), (x, y))
        draw(page, content, (x, y))
        page.glyphs = once(page.glyphs)
        _ink(page)
        yield page


def _ink(page: Page) -> None:
    """Draw what was not read, so that a cell in which it stands does not pass for blank."""
    page.ink = np.full((int(page.height) + 1, int(page.width) + 1), 255, dtype=np.uint8)
    for box in page.pictures:
        x0, y0, x1, y1 = (max(int(side), 0) for side in box)
        page.ink[y0 : y1 + 1 : 2, x0 : x1 + 1] = 0


def _check(pages: list[Page]) -> None:
    """Raise Unreadable where the characters of a page are not what it shows."""
    marks = [glyph.text for page in pages for glyph in page.glyphs]
    broken = sum(1 for mark in marks if mark == "\ufffd" or "\ue000" <= mark <= "\uf8ff" or not mark.isprintable())
    if broken * 10 > len(marks):
        raise Unreadable(f"OFD 文件里的文字没有可用的编码，读不出来；{_MEND}")
    for page in pages:
        covered = sum(_area(box) for box in page.pictures)
        if len(page.glyphs) < _FEW_MARKS and covered > _COVERED * page.width * page.height:
            raise Unreadable(f"OFD 文件第 {page.number} 页是图片，本版本读不了图片的 OFD；{_MEND}")


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)


def _below(node: etree._Element, name: str) -> Iterator[etree._Element]:
    return (found for found in node.iterdescendants() if local(found) == name)


def _part(package: Package, place: str) -> etree._Element:
    if place not in package:
        raise Unreadable(_DAMAGED)
    return parse_xml(package.read(place))


def _resolved(folder: str, place: str) -> str:
    """A place in the package: from its root on where it begins with a slash, else from a folder on."""
    return posixpath.normpath(place.lstrip("/") if place.startswith("/") else posixpath.join(folder, place))
