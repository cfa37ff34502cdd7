"""PDF → Document: pages with text by their marks, pages without by recognition, tables and paragraphs over page breaks.

Scripts, attachments and links of a PDF are never opened. Pages whose text is not to be relied on go to scan.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from monitor.documents.formats.drawn import Box
from monitor.documents.formats.pdf.damage import check_whole
from monitor.documents.formats.pdf.layout import blocks_of
from monitor.documents.formats.pdf.page import Page, read_page
from monitor.documents.limits import MOST_PAGES, MOST_PIXELS, MOST_SCANNED_PAGES
from monitor.errors import Unreadable
from monitor.model import Document, Grid, Paragraph

MEDIA_TYPE: Final = "application/pdf"

#: Dots an inch at which a page is drawn for recognition.
_DPI: Final = 200

Block = Paragraph | Grid


def read_pdf(data: bytes, *, charset: str = "") -> Document:
    """Read a PDF. Raises Unreadable: damaged, locked by a password, too many pages, or nothing that could be read."""
    check_whole(data)
    document = _open(data)
    try:
        pages = _pages(document)
        recogniser = _Recogniser(document)
        blocks = list(_blocks(pages, recogniser))
    finally:
        document.close()
    if not blocks:
        raise Unreadable("PDF 文件里没有可读的内容；请提供原文件")
    reasons = {page.number: page.distrust or "有图片" for page in pages}
    notes = [f"第{number}页{reasons[number]}，由图片识别，可能有错字" for number in dict.fromkeys(recogniser.pages)]
    return Document(MEDIA_TYPE, tuple(blocks), is_scan=bool(recogniser.pages), notes=tuple(notes))


def pages_to_recognise(data: bytes) -> tuple[int, ...]:
    """The pages, from 1, that hold something and have no text to rely on. Raises Unreadable as `read_pdf` does."""
    check_whole(data)
    document = _open(data)
    try:
        return tuple(page.number for page in _pages(document) if page.distrust)
    finally:
        document.close()


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Unreadable("PDF 文件设有打开密码，无法读取；请提供没有密码的文件") from None
        raise Unreadable("PDF 文件已损坏，无法打开；请重新下载或提供原文件") from None
    count = len(document)
    if not 0 < count <= MOST_PAGES:
        document.close()
        if count <= 0:
            raise Unreadable("PDF 文件里没有页面；请重新下载或提供原文件")
        raise Unreadable(f"PDF 文件有 {count} 页，超过 {MOST_PAGES} 页的上限，未读取")
    return document


def _pages(document: pdfium.PdfDocument) -> list[Page]:
    pages = []
    for number in range(len(document)):
        try:
            pages.append(read_page(document, number))
        except pdfium.PdfiumError:
            raise Unreadable(f"PDF 文件第 {number + 1} 页已损坏，无法读取；请重新下载或提供原文件") from None
    return pages


class _Recogniser:
    """Recognition of the pages, and parts of pages, that are pictures; bounded, and loaded only where it is needed."""

    __slots__ = ("_document", "_left", "pages")

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document, self._left = document, MOST_SCANNED_PAGES
        #: The pages of which something was recognised.
        self.pages: list[int] = []

    def read(self, pages: Sequence[Page]) -> list[Block]:
        """The blocks of whole pages."""
        self._take(pages)
        return _recognised((page.number, _drawn(self._document, page)) for page in pages)

    def read_part(self, page: Page, box: Box) -> list[Block]:
        """The blocks of a picture on a page."""
        self._take([page])
        drawn = _drawn(self._document, page)
        across, down = drawn.width / page.width, drawn.height / page.height
        part = drawn.crop((int(box.x0 * across), int(box.y0 * down), int(box.x1 * across), int(box.y1 * down)))
        return _recognised([(page.number, part)])

    def _take(self, pages: Sequence[Page]) -> None:
        self._left -= len(pages)
        if self._left < 0:
            raise Unreadable(f"PDF 文件的扫描页超过 {MOST_SCANNED_PAGES} 页的上限，未读取；请提供可复制文字的原文件")
        self.pages += [page.number for page in pages]


def _recognised(images: Iterable[tuple[int, Image.Image]]) -> list[Block]:
    from monitor.documents.formats.scan.scan import read_pages  # loads what recognises: a second, and half a GB

    return read_pages(images)


def _blocks(pages: Sequence[Page], recogniser: _Recogniser) -> Iterator[Block]:
    """The blocks of all pages in order: runs of pages with text by their marks, runs of others by recognition."""
    for scanned, run in groupby(pages, lambda page: bool(page.distrust)):
        own = list(run)
        yield from recogniser.read(own) if scanned else blocks_of(own, recogniser.read_part)


def _drawn(document: pdfium.PdfDocument, page: Page) -> Image.Image:
    """A page as a picture, upright as its text shows."""
    if page.oversized:
        raise Unreadable(f"PDF 文件第 {page.number} 页{page.distrust}，未读取；请提供原文件")
    area = page.width * page.height * (_DPI / 72) ** 2
    stored = document[page.number - 1]
    try:
        bitmap = stored.render(scale=_DPI / 72 * min(1.0, (MOST_PIXELS / area) ** 0.5), rotation=page.turn * 90)
        image: Image.Image = bitmap.to_pil().copy()
        bitmap.close()
        return image
    finally:
        stored.close()
