"""A Word file that is one XML file (flat OPC, “Word XML 文档”) is packed as the docx that it is, and read as one."""

from __future__ import annotations

import base64
import io
import zipfile
from binascii import Error as Base64Error
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from xml.sax.saxutils import quoteattr

from lxml import etree

from monitor.documents.formats.packed import parse_xml
from monitor.documents.formats.word.docx import read_docx
from monitor.errors import Unreadable
from monitor.model import Document

MEDIA_TYPE: Final = "application/vnd.ms-word.flat-opc"

_PKG: Final = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_OVERRIDE: Final = "<Override PartName={} ContentType={}/>"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"


def read_flat_opc(data: bytes, *, charset: str = "") -> Document:
    """Read such a file. Raises Unreadable. XML says its own encoding: the server's `charset` is not needed."""
    try:
        parts = list(_parts(parse_xml(data)))
    except Base64Error as error:
        raise Unreadable("Word XML 文件已损坏或不完整；请重新下载，或另存为 docx 后再试") from error
    types = "".join(_OVERRIDE.format(quoteattr("/" + name), quoteattr(kind)) for name, kind, _ in parts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_TYPES}">{types}</Types>')
        for name, _, content in parts:
            archive.writestr(name, content)
    return replace(read_docx(packed.getvalue()), media_type=MEDIA_TYPE)


def _parts(root: etree._Element) -> Iterator[tuple[str, str, bytes]]:
    """The parts of the package: name, content type and bytes. The first of a name counts."""
    seen: set[str] = set()
    for part in root.iterchildren(f"{_PKG}part"):
        name = part.get(f"{_PKG}name", "").lstrip("/")
        if not name or name in seen:
            continue
        seen.add(name)
        for holder in part:
            if holder.tag == f"{_PKG}xmlData" and len(holder):
                yield name, part.get(f"{_PKG}contentType", ""), etree.tostring(holder[0], with_tail=False)
            elif holder.tag == f"{_PKG}binaryData":
                yield name, part.get(f"{_PKG}contentType", ""), base64.b64decode(holder.text or "")
