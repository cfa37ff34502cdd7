"""OFD, the national format of fixed layout (GB/T 33190-2016): its pages are read as a PDF's are.

Lettering and ruling lines count where the page shows them; pages that are pictures are recognised. Seals and
annotations are no part of a report. A file whose characters have no code is unreadable: nothing is read in part.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

import numpy as np
from lxml import etree
from PIL import Image

from monitor.documents.formats.drawn import Box
from monitor.documents.formats.ofd.page import POINT, Drawing, numbers
from monitor.documents.formats.ofd.pictures import Colour, Picture, drawn, recognised
from monitor.documents.formats.ofd.resources import Resources, below, local, resolved
from monitor.documents.formats.packed import Package, open_package, parse_xml
from monitor.documents.formats.pdf.layout import blocks_of
from monitor.documents.formats.pdf.page import Page
from monitor.documents.limits import MOST_PAGES, MOST_SCANNED_PAGES
from monitor.errors import Unreadable
from monitor.model import Document, Grid, Paragraph

MEDIA_TYPE: Final = "application/ofd"

_MEND: Final = "请提供 Word、PDF 或网页"
_DAMAGED: Final = f"OFD 文件不完整或已损坏，找不到其中的页面；请重新下载，或{_MEND[1:]}"
#: A4, where no page area is given; the longest side of a page that is drawn (mm).
_A4: Final = "0 0 210 297"
_LONGEST_SIDE: Final = 2000
#: A page with fewer marks, of which this share is covered by pictures, is a picture; marks so near to its upper or
#: lower edge (share of its height) are the page's number.
_FEW_MARKS: Final = 40
_COVERED: Final = 0.5
_MARGIN: Final = 0.08
#: A shape that hides what lies below it is as opaque as this.
_OPAQUE: Final = 0.9
#: A picture over this share of a page may be a table's.
_LARGE: Final = 0.06
#: The order of painting: what lies under the page, the page, what lies over it; a template's before the page's own.
_ORDER: Final = {"Background": 0, "Body": 1, "Foreground": 2}

Block = Paragraph | Grid


def read_ofd(data: bytes, *, charset: str = "") -> Document:
    """Read an OFD file; `charset` means nothing here. Raises Unreadable."""
    try:
        package = open_package(data)
    except Unreadable as error:
        raise Unreadable(f"OFD {error}") from error
    if any(name.endswith("Encryptions.xml") for name in package.names):
        raise Unreadable(f"OFD 文件已加密，读不了；{_MEND}")
    root = next((_text(node) for node in below(_part(package, "OFD.xml"), "DocRoot")), "")
    drawings = {drawing.page.number: drawing for drawing in _drawings(package, resolved("", root))}
    _check([text for drawing in drawings.values() for text in drawing.texts])
    recogniser = _Recogniser(drawings)
    blocks = tuple(_blocks(drawings, recogniser))
    if not blocks:
        raise Unreadable(f"OFD 文件里没有文字；{_MEND}")
    notes = [f"第{number}页有图片，由图片识别，可能有错字" for number in dict.fromkeys(recogniser.pages)]
    return Document(MEDIA_TYPE, blocks, is_scan=bool(notes), notes=tuple(notes))


def _text(node: etree._Element) -> str:
    return (node.text or "").strip()


# ── pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _drawings(package: Package, place: str) -> Iterator[Drawing]:
    """The pages, drawn."""
    document = _part(package, place)
    folder = posixpath.dirname(place)
    area = next(below(document, "PhysicalBox"), None)
    usual = _A4 if area is None else area.text
    resources = Resources(package)
    recent: dict[str, Image.Image] = {}
    for name in ("PublicRes", "DocumentRes"):
        for node in below(document, name):
            resources.add(resolved(folder, _text(node)))
    templates = {node.get("ID"): node for node in below(document, "TemplatePage")}
    listed = [node.get("BaseLoc", "") for pages in below(document, "Pages") for node in below(pages, "Page")]
    if not listed:
        raise Unreadable(_DAMAGED)
    if len(listed) > MOST_PAGES:
        raise Unreadable(f"OFD 文件有 {len(listed)} 页，超过 {MOST_PAGES} 页的上限，未读取")
    for number, location in enumerate(listed, 1):
        place = resolved(folder, location)
        content = _part(package, place)
        for node in below(content, "PageRes"):
            resources.add(resolved(posixpath.dirname(place), _text(node)))
        own = next(below(content, "PhysicalBox"), None)
        x, y, width, height = numbers(usual if own is None else own.text, 4)
        if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE):
            raise Unreadable(_DAMAGED)
        drawing = Drawing(Page(number, width * POINT, height * POINT), (x, y), resources, recent)
        for layer in _layers(package, folder, content, templates):
            drawing.layer(layer)
        drawing.end()
        yield drawing


def _layers(
    package: Package, folder: str, content: etree._Element, templates: Mapping[str | None, etree._Element]
) -> list[etree._Element]:
    """The layers of a page and of its templates in the order of painting."""
    found: list[tuple[int, etree._Element]] = []
    for used in below(content, "Template"):
        template = templates.get(used.get("TemplateID"))
        if template is not None:
            order = used.get("ZOrder") or template.get("ZOrder") or "Background"
            part = _part(package, resolved(folder, template.get("BaseLoc", "")))
            found += [(_ORDER.get(order, 0), layer) for layer in _layers_of(part)]
    found += [(_ORDER.get(layer.get("Type", "Body"), 1), layer) for layer in _layers_of(content)]
    return [layer for _, layer in sorted(found, key=lambda placed: placed[0])]


def _layers_of(page: etree._Element) -> Iterator[etree._Element]:
    return (layer for content in page if local(content) == "Content" for layer in content)


def _ink(page: Page, drawing: Drawing) -> None:
    """Draw what was not read, so that a cell in which it stands does not pass for blank; large pictures as they are."""
    size = int(page.height) + 1, int(page.width) + 1
    page.ink = np.full(size, 255, dtype=np.uint8)
    large = [paint for paint in drawing.paints if paint.picture is not None and _is_large(paint.box, page)]
    if large:
        try:
            shown = drawn([paint.picture for paint in large if paint.picture], size[1], size[0], dpi=72)
        except Unreadable:
            large = []
        else:
            page.ink = np.array(shown.convert("L"))
    known = {paint.box for paint in large}
    for box in page.pictures:
        if box not in known:
            x0, y0, x1, y1 = (max(int(side), 0) for side in box)
            page.ink[y0 : y1 + 1 : 2, x0 : x1 + 1] = 0


def _is_large(box: Box, page: Page) -> bool:
    return _area(box) > _LARGE * page.width * page.height


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)


def _check(marks: Sequence[str]) -> None:
    """Raise Unreadable where the characters of the pages are not what they show."""
    broken = sum(1 for mark in marks if mark == "\ufffd" or "\ue000" <= mark <= "\uf8ff" or not mark.isprintable())
    if broken * 10 > len(marks):
        raise Unreadable(f"OFD 文件里的文字没有可用的编码，读不出来；{_MEND}")


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _blocks(drawings: Mapping[int, Drawing], recogniser: _Recogniser) -> Iterator[Block]:
    """The blocks of all pages in order: runs of pages with text by their marks, runs of others by recognition."""
    for is_picture, run in groupby(drawings.values(), lambda drawing: _is_picture(drawing.page)):
        own = list(run)
        pages = [drawing.page for drawing in own]
        if is_picture:
            yield from recogniser.read(pages)
            continue
        for drawing in own:
            _ink(drawing.page, drawing)
        yield from blocks_of(pages, recogniser.read_part)


def _is_picture(page: Page) -> bool:
    """Whether a page is a picture. Raises Unreadable where something is printed over it: neither would be all of it."""
    covered = sum(_area(box) for box in page.pictures)
    if len(page.glyphs) >= _FEW_MARKS or covered <= _COVERED * page.width * page.height:
        return False
    inner = [glyph for glyph in page.glyphs if _MARGIN < glyph.y / page.height < 1 - _MARGIN]
    if any(box.x0 < glyph.x < box.x1 and box.y0 < glyph.y < box.y1 for glyph in inner for box in page.pictures):
        raise Unreadable(f"OFD 文件第 {page.number} 页是图片，图片上又印有文字，读不全；{_MEND}")
    return True


class _Recogniser:
    """Recognition of pages, and parts of pages, that are pictures; bounded, and loaded only where it is needed."""

    __slots__ = ("_drawings", "_left", "pages")

    def __init__(self, drawings: Mapping[int, Drawing]) -> None:
        self._drawings, self._left = drawings, MOST_SCANNED_PAGES
        #: The pages of which something was recognised.
        self.pages: list[int] = []

    def read(self, pages: Sequence[Page]) -> list[Block]:
        """The blocks of whole pages."""
        self._take(pages)
        return recognised((page.number, self._drawn(page)) for page in pages)

    def read_part(self, page: Page, box: Box) -> list[Block]:
        """The blocks of a picture on a page."""
        self._take([page])
        whole = self._drawn(page)
        across, down = whole.width / page.width, whole.height / page.height
        part = whole.crop((int(box.x0 * across), int(box.y0 * down), int(box.x1 * across), int(box.y1 * down)))
        return recognised([(page.number, part)])

    def _take(self, pages: Sequence[Page]) -> None:
        self._left -= len(pages)
        if self._left < 0:
            raise Unreadable(f"OFD 文件的图片页超过 {MOST_SCANNED_PAGES} 页的上限，未读取；{_MEND}")
        self.pages += [page.number for page in pages]

    def _drawn(self, page: Page) -> Image.Image:
        """A page's pictures, with the plain shapes that are painted over them."""
        paints = self._drawings[page.number].paints
        items: list[Picture | tuple[Box, Colour]] = []
        for paint in paints:
            if paint.picture is not None:
                items.append(paint.picture)
            elif paint.ink.colour is not None and paint.is_whole and paint.ink.opacity > _OPAQUE:
                items.append((paint.box, paint.ink.colour))
        try:
            return drawn(items, page.width, page.height)
        except Unreadable as error:
            raise Unreadable(f"OFD 文件第 {page.number} 页是图片，{error}") from error


def _part(package: Package, place: str) -> etree._Element:
    if place not in package:
        raise Unreadable(_DAMAGED)
    return parse_xml(package.read(place))
