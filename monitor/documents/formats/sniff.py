"""What kind of file some bytes are, told by the bytes: names and declared types lie. Reads nothing of what they say."""

from __future__ import annotations

import re
from typing import Final

from monitor.charset import decode
from monitor.documents.formats import plain
from monitor.documents.formats.packed import open_package
from monitor.documents.formats.web import html
from monitor.documents.formats.word import ole
from monitor.errors import Unreadable

#: What is known by its first bytes: media type and the name that users know.
_SIGNATURES: Final = (
    (b"%PDF", "application/pdf", "PDF 文件"),
    (b"{\\rtf", "application/rtf", "RTF 文件"),
    (b"Rar!", "application/vnd.rar", "RAR 压缩包"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", "7z 压缩包"),
    (b"\x1f\x8b", "application/gzip", "gzip 压缩文件"),
    (b"\x89PNG", "image/png", "PNG 图片"),
    (b"\xff\xd8\xff", "image/jpeg", "JPEG 图片"),
    (b"GIF8", "image/gif", "GIF 图片"),
    (b"BM", "image/bmp", "BMP 图片"),
    (b"II*\x00", "image/tiff", "TIFF 图片"),
    (b"MM\x00*", "image/tiff", "TIFF 图片"),
)
#: Files packed in one, by a name in the archive: the content types of office files come with any of theirs.
_ZIPS: Final = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word（docx）文件"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel（xlsx）文件"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint（pptx）文件"),
    ("OFD.xml", "application/ofd", "OFD 版式文件"),
)
_OFFICE_PARTS: Final = "[Content_Types].xml"
_ODT: Final = "application/vnd.oasis.opendocument.text"
_MARKUP: Final = re.compile(
    rb"<(!doctype|html|head|body|div|p|span|table|tbody|tr|td|br|font|meta|h[1-6]|section|article|ul|li|a|img|center)"
    rb"\b[^<]*>",
    re.IGNORECASE,
)
#: Documents in one XML file, by what stands in the tag that opens them.
_XML: Final = (
    (b"<w:wordDocument", "application/vnd.ms-wordml", "Word 2003 XML 文件"),
    (b"<pkg:package", "application/vnd.ms-word.flat-opc", "Word XML 文件"),
    (
        b'office:mimetype="application/vnd.oasis.opendocument.text"',
        "application/vnd.oasis.opendocument.text-flat-xml",
        "ODT（XML）文件",
    ),
)
_OPENING: Final = 8000
#: What saves a page with its pictures in one file (.mht) writes the head of a mail, and many a .doc is one.
_MAIL: Final = re.compile(
    rb"\s*(?:(?:from|subject|date|mime-version|content-[a-z-]+|x-[a-z-]+|snapshot-content-location):[^\n]*\n"
    rb"(?:[ \t][^\n]*\n)*)*?content-type:\s*(?:multipart/(?:related|alternative)|text/html)",
    re.IGNORECASE,
)
#: Byte order marks of the encodings whose text is full of zero bytes.
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROLS: Final = bytes({*range(32), 127} - set(b"\t\n\r\f\v\x1a"))
_SNIFFED: Final = 100_000


def media_type_of(data: bytes) -> tuple[str, str]:
    """The media type by the content, with its Chinese name."""
    known = _by_signature(data)
    if known is not None:
        return known
    if data.startswith(ole.SIGNATURE):
        return ole.kind_of(data)
    if data.startswith(b"PK\x03\x04"):
        return _zip_type(data)
    sample = data[:_SNIFFED]
    if sample.startswith(_WIDE):
        sample = decode(sample[: len(sample) // 4 * 4]).encode("utf-8", "replace")
    for opening, media_type, called in _XML:
        if opening in sample[:_OPENING]:
            return media_type, called
    if _MAIL.match(sample[:_OPENING]):
        return "multipart/related", "MHT 网页"
    # Text in any encoding of portals holds no control characters; random bytes hold one in nine.
    if (len(sample) - len(sample.translate(None, _CONTROLS))) * 50 > len(sample):
        return "application/octet-stream", "无法识别的文件"
    return (html.MEDIA_TYPE, "网页") if _MARKUP.search(sample) else (plain.MEDIA_TYPE, "纯文本")


def _by_signature(data: bytes) -> tuple[str, str] | None:
    """The type by the first bytes; PDF and RTF files may have blanks before them."""
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp", "WebP 图片"
    start = data.lstrip()[:16]
    for signature, media_type, called in _SIGNATURES:
        if data.startswith(signature) or (start.startswith(signature) and signature in (b"%PDF", b"{\\rtf")):
            return media_type, called
    return None


def _zip_type(data: bytes) -> tuple[str, str]:
    """What a zip is, by the names in its directory; where that is lost, by those that stand anywhere in its bytes."""
    if data.startswith(b"mimetype" + _ODT.encode(), 30):
        return _ODT, "ODT 文件"
    try:
        names = open_package(data).names
    except Unreadable:
        names = tuple(name for name, _, _ in _ZIPS if name.encode() in data)
    else:
        if _OFFICE_PARTS not in names:
            names = tuple(name for name in names if name == "OFD.xml")
    for start, media_type, called in _ZIPS:
        if any(name.startswith(start) for name in names):
            return media_type, called
    return "application/zip", "ZIP 压缩包"
