"""Files packed in one (zip, and the office formats built on it): opened in memory, within the limits, or not at all.

Nothing is written to disk, so that no name within can lead anywhere. Knows no format; XML is read without what XML can
make a reader do: no document type, no entity, no address.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final

from lxml import etree

from monitor.documents.limits import (
    DEEPEST_XML,
    HIGHEST_RATIO,
    LARGEST_FILE,
    LARGEST_UNPACKED,
    MOST_MEMBERS,
    SMALL_UNPACKED,
)
from monitor.errors import Unreadable

#: The entry of a file in a zip's directory begins so. A file stored inside may hold some too, hence the generous bound
#: before the directory is read: it keeps a directory of a million entries out of memory.
_ENTRY: Final = b"PK\x01\x02"
_MOST_ENTRIES: Final = 20 * MOST_MEMBERS
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x1
_UTF8_NAME: Final = 0x800
#: What zipfile raises for bytes that are no proper zip: a wrong offset is a ValueError, a short record a struct.error.
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, OverflowError, ValueError, NotImplementedError,
)  # fmt: skip
_DAMAGED: Final = "文件不完整或已损坏，无法解开；请重新下载或另存后再试"


class Package:
    """An opened zip. `names`: its files in their order, folders left out, "/" between the parts of a path.

    A name is a label, never a path to write to: it may be absolute or lead upwards.
    """

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive, self._size = archive, size
        self._unpacked = 0
        self._members: dict[str, list[zipfile.ZipInfo]] = {}
        for info in archive.infolist():
            if info.filename and not info.is_dir():
                self._members.setdefault(_name_of(info), []).append(info)
        self.names: tuple[str, ...] = tuple(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises Unreadable where there is none or two of the name, it is damaged or too big."""
        infos = self._members.get(name, [])
        if len(infos) != 1:
            raise Unreadable(f"文件里{'没有' if not infos else '有两个'}“{_shown(name)}”，文件已损坏；请重新下载或另存")
        info = infos[0]
        self._check(info)
        try:
            with self._archive.open(info) as stream:
                # With a bound, zipfile unpacks no more than that, whatever the entry claims of its size.
                data = stream.read(info.file_size + 1)
        except _BROKEN as error:
            raise Unreadable(_DAMAGED) from error
        if len(data) != info.file_size:
            raise Unreadable(_DAMAGED)
        self._unpacked += len(data)
        return data

    def _check(self, info: zipfile.ZipInfo) -> None:
        if info.flag_bits & _ENCRYPTED:
            raise Unreadable("文件有密码保护，无法读取；请提供没有密码的文件")
        if info.compress_type not in _METHODS:
            raise Unreadable("文件使用了少见的压缩方法，无法解开；请重新压缩或另存后再试")
        if self._unpacked + info.file_size > LARGEST_UNPACKED:
            raise Unreadable(f"文件解开后超过 {LARGEST_UNPACKED // 1_000_000} MB 的上限，未读取")
        packed = min(info.compress_size, self._size)
        if info.file_size > SMALL_UNPACKED and info.file_size > HIGHEST_RATIO * packed:
            raise Unreadable(f"文件解开后膨胀超过 {HIGHEST_RATIO} 倍，可能是压缩炸弹，未读取")


def open_package(data: bytes) -> Package:
    """Open a zip. Raises Unreadable where it is damaged or cut off, or holds too many files."""
    if data.count(_ENTRY) > _MOST_ENTRIES:
        raise Unreadable(f"压缩包里的文件超过 {MOST_MEMBERS} 个，未读取")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise Unreadable(_DAMAGED) from error
    if len(archive.infolist()) > MOST_MEMBERS:
        raise Unreadable(f"压缩包里的文件超过 {MOST_MEMBERS} 个，未读取")
    return Package(archive, len(data))


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: where it is not marked as UTF-8, Chinese Windows wrote it in GBK."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            break
    return name.replace("\\", "/")


def _shown(name: str) -> str:
    """A name fit for a line that people read."""
    return "".join(mark if mark.isprintable() else "?" for mark in name)[-80:]


# ── XML ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

_DECLARES: Final = (b"<!DOCTYPE", b"<!ENTITY")
_TOO_DEEP: Final = etree.XPath("boolean(/*" + "/*" * DEEPEST_XML + ")")


def parse_xml(data: bytes) -> etree._Element:
    """The root element of an XML part. Raises Unreadable where it is no XML, declares a type, or is too deep or big.

    Comments and processing instructions are gone. libxml2's own bounds hold too: 10 MB of text in one piece.
    """
    if len(data) > LARGEST_FILE:
        raise Unreadable(
            f"文件的一个部分有 {len(data) // 1_000_000} MB，超过 {LARGEST_FILE // 1_000_000} MB 的上限，未读取"
        )
    plain = data.replace(b"\0", b"") if b"\0" in data[:4] else data  # as UTF-16 writes it
    if any(mark in plain for mark in _DECLARES):
        raise Unreadable("文件里带有文档类型或实体定义，可能是恶意文件，未读取")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(
            "文件内部的结构已损坏、嵌套过深或单段文字过长，无法读取；请用 Word 或 WPS 打开后另存"
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("文件里带有文档类型或实体定义，可能是恶意文件，未读取")
    if _TOO_DEEP(root):
        raise Unreadable(f"文件内部嵌套超过 {DEEPEST_XML} 层，未读取")
    return root
