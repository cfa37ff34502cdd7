"""Bytes of a page into text. Government pages mis-declare their encoding: what they declare is believed if it fits."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED: Final = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_HEADER: Final = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_META_SPACE: Final = 4096
_ASCII: Final = bytes(range(0x80))
#: Bytes beyond ASCII that are enough to tell UTF-8 from chance.
_ENOUGH: Final = 24
#: What pages of this country are written in. Latin-1 is a server's default and never true of Chinese text.
_CODECS: Final = {
    "utf-8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
}


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page: by its BOM, the HTTP charset, a declaration in the first 4 KB, else UTF-8, else GB 18030.

    `content_type`: the HTTP header's value. Never raises; what fits nowhere is decoded with replacement characters.
    """
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(codec, "replace")
    for codec in _candidates(body, content_type):
        try:
            return body.decode("utf-8" if _is_surely_utf8(body) else codec)
        except UnicodeDecodeError:
            continue
    # A page cut short or with a stray byte: the reading with the fewest marks is the right one.
    readings = [body.decode(codec, "replace") for codec in ("utf-8", "gb18030")]
    return min(readings, key=lambda text: text.count("\ufffd"))


def _is_surely_utf8(body: bytes) -> bool:
    """Whether text is UTF-8 whatever it declares: long Chinese text of another encoding is never valid UTF-8."""
    if len(body[:_META_SPACE].translate(None, _ASCII)) < _ENOUGH:
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _candidates(body: bytes, content_type: str) -> Iterator[str]:
    header = _HEADER.search(content_type)
    meta = _DECLARED.search(body[:_META_SPACE])
    for name in (header[1] if header else "", meta[1].decode("ascii", "replace") if meta else "", "utf-8", "gb18030"):
        try:
            codec = _CODECS.get(codecs.lookup(name).name) if name else None
        except LookupError:
            continue
        if codec:
            yield codec
