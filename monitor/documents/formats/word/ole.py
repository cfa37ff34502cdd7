"""What an OLE2 container (old Word, WPS, Excel …) holds, by the streams in its root, and whether all of it is there.

Names elsewhere in the bytes prove nothing: a Word file may hold a workbook, and a workbook a Word file. Reads the
directory and Word's flags; the text is LibreOffice's to read. Layout: [MS-CFB] 2.2 to 2.6, [MS-DOC] 2.5.2.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: Media type and the name that users know, by the stream that only this kind has. The first that is there decides.
_KINDS: Final = (
    ("EncryptedPackage", "application/x-ole-storage", "设了打开密码的 Office 文件"),
    ("WordDocument", "application/msword", "旧版 Word 或 WPS 文字文件"),
    ("Workbook", "application/vnd.ms-excel", "Excel 表格"),
    ("Book", "application/vnd.ms-excel", "Excel 表格"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint", "PowerPoint 演示文稿"),
)
_DAMAGED: Final = ("application/msword", "旧版 Word、WPS 或 Excel 文件")
_UNKNOWN: Final = ("application/x-ole-storage", "未知内容的 OLE 复合文件")

_FREE: Final = 0xFFFFFFFF
_LAST_SECTOR: Final = 0xFFFFFFFA
_ENTRY: Final = 128
_IN_HEADER: Final = 109
#: FibBase.fEncrypted; the two words that open a Word stream: Word 97 and later, Word 6 and 95.
_ENCRYPTED: Final = 0x0100
_WORD: Final = (0xA5EC, 0xA5DC)


@dataclass(frozen=True, slots=True)
class Container:
    """What stands in the root of a container: stream name (lower case) → its first sector, and its size in bytes."""

    streams: dict[str, tuple[int, int]]
    is_whole: bool
    is_encrypted: bool


def kind_of(data: bytes) -> tuple[str, str]:
    """The media type of a container, with its Chinese name. A damaged one is called what it most probably was."""
    try:
        container = read_container(data)
    except ValueError:
        return _DAMAGED
    for stream, media_type, called in _KINDS:
        if stream.lower() in container.streams:
            return media_type, called
    return _UNKNOWN if container.is_whole else _DAMAGED


def read_container(data: bytes) -> Container:
    """The root of a container. Raises ValueError where the bytes are none, or damaged."""
    if len(data) < 512 or not data.startswith(SIGNATURE):
        raise ValueError("no OLE2 container")
    shift, first, cutoff = (*struct.unpack_from("<H", data, 30), *struct.unpack_from("<I4xI", data, 48))
    if shift not in (9, 12):
        raise ValueError("sectors of an unknown size")
    size = 1 << shift
    fat = _allocation(data, size)
    directory = b"".join(_sector(data, number, size) for number in _chain(fat, first))
    streams = dict(_root(directory))
    used = next((number for number in range(len(fat) - 1, -1, -1) if fat[number] != _FREE), 0)
    start, length = streams.get("worddocument", (0, 0))
    head = _sector(data, start, size)[:12] if length >= max(cutoff, 12) else b""
    is_encrypted = len(head) == 12 and _flags(head)
    return Container(streams, is_whole=(used + 1) * size < len(data), is_encrypted=is_encrypted)


def _flags(head: bytes) -> bool:
    ident, flags = struct.unpack_from("<H8xH", head)
    return ident in _WORD and bool(flags & _ENCRYPTED)


def _sector(data: bytes, number: int, size: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]


def _words(data: bytes) -> array[int]:
    return array("I", struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))


def _allocation(data: bytes, size: int) -> array[int]:
    """The allocation table: sector → the one that follows it. The list of its own sectors may go on in a chain."""
    count, chained = struct.unpack_from("<I", data, 44)[0], struct.unpack_from("<I", data, 68)[0]
    listed = _words(data[76 : 76 + 4 * _IN_HEADER])
    seen: set[int] = set()
    while chained < _LAST_SECTOR and chained not in seen and len(seen) * size < len(data):
        seen.add(chained)
        part = _words(_sector(data, chained, size))
        if not part:
            raise ValueError("the allocation table is cut off")
        listed.extend(part[:-1])
        chained = part[-1]
    fat: array[int] = array("I")
    for number in listed[: min(count, len(data) // size + 1)]:
        if number < _LAST_SECTOR:
            fat.extend(_words(_sector(data, number, size)))
    if not fat:
        raise ValueError("the allocation table is cut off")
    return fat


def _chain(fat: array[int], first: int) -> Iterator[int]:
    """The sectors of a stream, in their order. Raises ValueError where they run in a ring or out of the file."""
    seen: set[int] = set()
    while first < _LAST_SECTOR:
        if first in seen or first >= len(fat):
            raise ValueError("a chain of sectors that does not end")
        seen.add(first)
        yield first
        first = fat[first]


def _root(directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    """The streams that stand in the root: name, and first sector and size. A directory is a binary tree of siblings."""
    if len(directory) < _ENTRY:
        raise ValueError("no directory")
    waiting = [struct.unpack_from("<I", directory, 76)[0]]
    seen: set[int] = set()
    while waiting:
        number = waiting.pop()
        start = number * _ENTRY
        if number in seen or start + _ENTRY > len(directory):
            continue
        seen.add(number)
        length, kind = struct.unpack_from("<HB", directory, start + 64)
        name = directory[start : start + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        if kind == 2:
            yield name.lower(), struct.unpack_from("<II", directory, start + 116)
        waiting += struct.unpack_from("<II", directory, start + 68)
