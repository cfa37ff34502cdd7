"""Bytes as text. A declared encoding is a hint: portals declare gb2312 for UTF-8 and the other way round."""

from __future__ import annotations

import codecs
import re
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD: Final = 4096
#: As much of a text shows whether it is spoilt.
_SAMPLE: Final = 20_000
_FOREIGN: Final = re.compile(r"[^\x00-\x7f]{4,}")
#: The only names that are believed; latin-1 is what servers say when nobody told them. gb18030 holds gb2312 and gbk.
_KNOWN: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "utf-16": "utf-16",
}


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`, by BOM, HTTP header, meta, UTF-8, else gb18030; NUL is dropped. Never raises.

    `declared`: the header's value (text/html; charset=gbk) or a bare name. A declared encoding that the bytes do not
    obey is passed over; holes become U+FFFD.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _drop_nul(data.decode(name, "replace"))
    utf8 = _strictly(data, "utf-8")
    meta = _DECLARED.search(data, 0, _HEAD)
    header = _HEADER.search(declared)
    for said in (header[1] if header else declared, meta[1].decode("ascii") if meta else ""):
        name = _KNOWN.get(said.strip(" \"'").lower(), "")
        if name == "gb18030" and utf8 is not None:
            break  # Chinese text in gb18030 is hardly ever clean UTF-8 by chance
        text = (utf8 if name == "utf-8" else _strictly(data, name)) if name else None
        if text is not None:
            return _drop_nul(text) if b"\0" in data else text
    text = utf8 if utf8 is not None else _strictly(data, "gb18030")
    if text is None:  # a cut response, a stray byte: the reading with fewer holes
        text = min((data.decode(name, "replace") for name in ("utf-8", "gb18030")), key=lambda t: t.count("\ufffd"))
    return _drop_nul(text) if b"\0" in data else text


def is_garbled(text: str) -> bool:
    """Whether a text was spoilt before it came: holes where characters were lost, or UTF-8 that somebody read as
    another encoding and wrote out again (鏀垮簻 or æ”¿åºœ for 政府)."""
    sample = text[:_SAMPLE]
    strange = sum(not mark.isascii() for mark in sample)
    if sample.count("\ufffd") > max(5, strange // 50) or "锟斤拷" in sample:
        return True
    runs = _FOREIGN.findall(sample)
    for wrong in ("gb18030", "latin-1", "cp1252"):
        told = sum(len(run) for run in runs if _was_utf8(run, wrong))
        if told > 40 and 2 * told > strange:
            return True
    return False


def _was_utf8(run: str, wrong: str) -> bool:
    """Whether a run of characters is UTF-8 for Chinese, read as another encoding. A byte or two at its end may lack."""
    try:
        raw = run.encode(wrong)
    except UnicodeEncodeError:
        return False
    for end in (len(raw), len(raw) - 1, len(raw) - 2):
        try:
            found = raw[:end].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return any("\u4e00" <= mark <= "\u9fff" for mark in found)
    return False


def _strictly(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _drop_nul(text: str) -> str:
    return text.replace("\x00", "")
