"""What kind of file some bytes are, told by the bytes: names and declared types lie. Reads nothing of what they say."""

from __future__ import annotations

import re
from typing import Final

from monitor.charset import decode
from monitor.documents.formats import html, plain

#: What is known by its first bytes and cannot be read yet: media type and the name that users know.
_SIGNATURES: Final = (
    (b"%PDF", "application/pdf", "PDF 文件"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "旧版 Word、WPS 或 Excel 文件"),
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
_ZIPS: Final = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word（docx）文件"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel（xlsx）文件"),
    (b"OFD.xml", "application/ofd", "OFD 版式文件"),
)
_MARKUP: Final = re.compile(
    rb"<(!doctype|html|head|body|div|p|span|table|tbody|tr|td|br|font|meta|h[1-6]|section|article|ul|li|a|img|center)"
    rb"\b[^<]*>",
    re.IGNORECASE,
)
#: Byte order marks of the encodings whose text is full of zero bytes.
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_CONTROLS: Final = bytes({*range(32), 127} - set(b"\t\n\r\f\v\x1a"))
_SNIFFED: Final = 100_000


def media_type_of(data: bytes) -> tuple[str, str]:
    """The media type by the content, with its Chinese name."""
    start = data.lstrip()[:16]
    for signature, media_type, called in _SIGNATURES:
        if data.startswith(signature) or (start.startswith(signature) and signature in (b"%PDF", b"{\\rtf")):
            return media_type, called
    if data.startswith(b"PK\x03\x04"):
        for mark, media_type, called in _ZIPS:
            if mark in data:
                return media_type, called
        return "application/zip", "ZIP 压缩包"
    sample = data[:_SNIFFED]
    if sample.startswith(_WIDE):
        sample = decode(sample[: len(sample) // 4 * 4]).encode("utf-8", "replace")
    # Text in any encoding of portals holds no control characters; random bytes hold one in nine.
    if (len(sample) - len(sample.translate(None, _CONTROLS))) * 50 > len(sample):
        return "application/octet-stream", "无法识别的文件"
    return (html.MEDIA_TYPE, "网页") if _MARKUP.search(sample) else (plain.MEDIA_TYPE, "纯文本")
