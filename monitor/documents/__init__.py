"""Reading: bytes → Document → Report. A format is one module and one line in `READERS`; nothing here judges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from monitor.documents.formats import plain
from monitor.documents.formats.ofd import ofd
from monitor.documents.formats.pdf import pdf
from monitor.documents.formats.scan import picture
from monitor.documents.formats.sniff import media_type_of
from monitor.documents.formats.web import html, mhtml
from monitor.documents.formats.word import docx, flat_opc, office
from monitor.documents.limits import LARGEST_FILE
from monitor.documents.report import read_report
from monitor.errors import Unreadable
from monitor.model import Document

__all__ = ["READER", "media_type_of", "read_document", "read_report"]

#: Version of the reader, stored with each reading: a new one makes `read` read the archive again.
READER: Final = "3"

READERS: Final[dict[str, Callable[..., Document]]] = {
    html.MEDIA_TYPE: html.read_html,
    plain.MEDIA_TYPE: plain.read_plain,
    docx.MEDIA_TYPE: docx.read_docx,
    mhtml.MEDIA_TYPE: mhtml.read_mhtml,
    flat_opc.MEDIA_TYPE: flat_opc.read_flat_opc,
    ofd.MEDIA_TYPE: ofd.read_ofd,
    pdf.MEDIA_TYPE: pdf.read_pdf,
    **dict.fromkeys(office.MEDIA_TYPES, office.read_office),
    **dict.fromkeys(picture.MEDIA_TYPES, picture.read_picture),
}


def read_document(data: bytes, *, name: str = "", charset: str = "") -> Document:
    """Read a document of any supported format; the type is found from the content, `name` only names it to people.

    `charset`: the encoding that the server declared. Raises Unreadable (one Chinese line) where it cannot be read.
    """
    subject = f"“{name}”" if name else "文件"
    if not data.strip():
        raise Unreadable(f"{subject}是空的，没有内容可读")
    if len(data) > LARGEST_FILE:
        raise Unreadable(f"{subject}有 {len(data) // 1_000_000} MB，超过 {LARGEST_FILE // 1_000_000} MB 的上限，未读取")
    media_type, called = media_type_of(data)
    reader = READERS.get(media_type)
    if reader is None:
        raise Unreadable(f"{subject}是{called}，本版本还不能读取；请另存为 Word（docx）、PDF 或网页后再试")
    return replace(reader(data, charset=charset), name=name)
