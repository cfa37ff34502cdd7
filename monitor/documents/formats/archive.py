"""A zip as the files that lie in it, in memory only: their names are words for people, never paths on a disk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from monitor.documents.formats.packed import open_package
from monitor.documents.formats.sniff import media_type_of
from monitor.documents.limits import DEEPEST_ARCHIVE, LARGEST_UNPACKED, MOST_MEMBERS
from monitor.errors import Unreadable
from monitor.text import clean

MEDIA_TYPE: Final = "application/zip"

#: What systems and word processors leave beside people's files: how such names begin, in lower case.
_LEFT_BEHIND: Final = ("~$", ".", "thumbs.db", "desktop.ini", "__macosx")
_LONGEST_NAME: Final = 200


def is_left_behind(name: str) -> bool:
    """Whether a file or a folder of that name is a program's and nobody's document."""
    return name.lower().startswith(_LEFT_BEHIND) or name.lower().endswith(".tmp")


def members(data: bytes) -> list[tuple[str, bytes]]:
    """Name and bytes of each file of a zip, in its order; of a zip within it, too, with "!" between the names.

    Names are made harmless: relative, no "..", no drive, no control characters. Raises Unreadable where the archive is
    damaged, encrypted, over a limit or without a file.
    """
    found: list[tuple[str, bytes]] = []
    room = LARGEST_UNPACKED
    for name, content in _files(data, 1):
        found.append((name, content))
        room -= len(content)
        if room < 0:
            raise Unreadable(f"压缩包解开后超过 {LARGEST_UNPACKED // 1_000_000} MB 的上限，未读取")
        if len(found) > MOST_MEMBERS:
            raise Unreadable(f"压缩包里的文件超过 {MOST_MEMBERS} 个，未读取")
    if not found:
        raise Unreadable("压缩包里没有文件")
    return found


def _files(data: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    if depth > DEEPEST_ARCHIVE:
        raise Unreadable(f"压缩包套了 {depth} 层，最多读 {DEEPEST_ARCHIVE} 层；请解开后提供其中的文件")
    package = open_package(data)
    for name in package.names:
        parts = [part for part in name.split("/") if part not in ("", ".", "..")]
        if any(map(is_left_behind, parts)):
            continue
        content = package.read(name)
        shown = _harmless(parts)
        if media_type_of(content)[0] == MEDIA_TYPE:
            yield from ((f"{shown}!{inner}", held) for inner, held in _files(content, depth + 1))
        else:
            yield shown, content


def _harmless(parts: list[str]) -> str:
    """A name out of the parts of a path, fit to be shown: C:\\x\\y is x/y."""
    if parts and parts[0].endswith(":"):
        parts = parts[1:]
    return clean("/".join(parts))[-_LONGEST_NAME:].lstrip("/") or "未命名文件"
