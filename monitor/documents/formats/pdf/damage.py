"""Whether a PDF is whole: PDFium mends what is broken in silence, and a mended file may show other figures.

Checks that the file has its end and that its packed streams have their check sums, and bounds what they unpack to.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import Final

from monitor.documents.limits import LARGEST_UNPACKED
from monitor.errors import Unreadable

_STREAM: Final = re.compile(rb"(?<!end)stream\r?\n")
_FILTER: Final = re.compile(rb"/Filter\s*(\[[^\]]{0,200}\]|/\w+)")
_NAME: Final = re.compile(rb"/(\w+)")
_LINEARIZED: Final = re.compile(rb"/Linearized[^>]{0,300}?/L\s+(\d{1,12})")
#: How zlib streams begin.
_PACKED: Final = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
#: The longest dictionary before a stream that is looked at.
_DICTIONARY: Final = 4000
_PIECE: Final = 1 << 20
_DAMAGED: Final = "PDF 文件已损坏（数据校验不符），为免读错数字未读取；请重新下载或提供原文件"


def check_whole(data: bytes) -> None:
    """Raises Unreadable where a PDF is cut off or damaged, or unpacks to more than the limit."""
    end = data.rfind(b"startxref")
    linearized = _LINEARIZED.search(data[:1024])
    if end < data.rfind(b"endobj") or end < 0 or (linearized and int(linearized[1]) > len(data)):
        raise Unreadable("PDF 文件不完整，可能没有下载完；请重新下载或提供原文件")
    if b"/Encrypt" in data:  # its streams look like noise until they are deciphered
        return
    left = LARGEST_UNPACKED
    for start in _STREAM.finditer(data):
        dictionary = data[max(data.rfind(b"obj", 0, start.start()), start.start() - _DICTIONARY) : start.start()]
        found = _FILTER.search(dictionary)
        if re.search(rb"/Subtype\s*/Image", dictionary):
            continue
        if found is None:
            if data.startswith(_PACKED, start.end()):  # how it is packed has been lost
                raise Unreadable(_DAMAGED)
            continue
        stop = data.find(b"endstream", start.end())
        left -= _check(data[start.end() : stop if stop >= 0 else None], _NAME.findall(found[1]), left)


def _check(stream: bytes, filters: list[bytes], left: int) -> int:
    """The size of a stream unpacked, if it is whole; as far as filters are known. Raises Unreadable as above."""
    size = 0
    for number, name in enumerate(filters):
        if name in (b"ASCII85Decode", b"A85"):
            try:
                stream = base64.a85decode(stream.strip().removeprefix(b"<~").removesuffix(b"~>"))
            except ValueError:
                raise Unreadable(_DAMAGED) from None
        elif name in (b"ASCIIHexDecode", b"AHx"):
            try:
                stream = binascii.unhexlify(bytes(stream.partition(b">")[0].translate(None, b" \t\r\n")))
            except ValueError:
                raise Unreadable(_DAMAGED) from None
        elif name in (b"FlateDecode", b"Fl"):
            stream, grown = _inflated(stream, left - size, keep=number + 1 < len(filters))
            size += grown
        else:
            break
    return size


def _inflated(stream: bytes, limit: int, *, keep: bool) -> tuple[bytes, int]:
    """A zlib stream unpacked (only if it is to be kept), and its size."""
    unpacker = zlib.decompressobj()
    pieces: list[bytes] = []
    size, rest = 0, stream
    try:
        while not unpacker.eof:
            piece = unpacker.decompress(rest, _PIECE)
            size += len(piece)
            if keep:
                pieces.append(piece)
            if size > limit:
                raise Unreadable(f"PDF 文件解压后超过 {LARGEST_UNPACKED // 1_000_000} MB 的上限，未读取")
            rest = unpacker.unconsumed_tail
            if not piece and not rest and not unpacker.eof:
                break
    except zlib.error:
        raise Unreadable(_DAMAGED) from None
    if not unpacker.eof and not _is_only_unsigned(stream):
        raise Unreadable(_DAMAGED)
    return b"".join(pieces), size


def _is_only_unsigned(stream: bytes) -> bool:
    """Whether a stream is whole but for its check sum, which some programs leave out. Its size was bounded before."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacker.decompress(stream[2:])
    except zlib.error:
        return False
    return unpacker.eof
