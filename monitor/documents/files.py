"""Files as documents: what is in a file or an archive, each document read as a report. Chooses nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from monitor.documents import media_type_of, read_document, read_report
from monitor.documents.formats import archive
from monitor.documents.formats.word import office
from monitor.errors import Unreadable
from monitor.model import Document, Enclosure, Grid, Paragraph, Report

#: What stands between an archive's name and that of a file in it.
WITHIN: Final = "!"
#: Kinds of documents, surer ones first: markup says what is a cell, a PDF shows it, a conversion may have moved it.
SURENESS: Final = (
    ("text/html", "网页"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word"),
    ("application/ofd", "OFD"),
    ("application/pdf", "PDF"),
    ("text/plain", "纯文本"),
    ("application/msword", "旧版 Word"),
)
_SCAN: Final = "扫描件"


@dataclass(frozen=True, slots=True)
class File:
    """Bytes to be read. `charset`: as the server declared it; `title`: what the page or the list called the report.

    `converted`: what `office.convert` made of an old office file, None where nobody has asked it.
    """

    name: str
    data: bytes
    charset: str = ""
    title: str = ""
    converted: bytes | Unreadable | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pages of one report as pictures, in their order."""

    name: str
    pages: tuple[bytes, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """One document that was looked into. `error`: why it could not be read (Chinese), "" where it was.

    `words`: how many characters of running text it has. `sha256` and `media_type` are those of the file itself.
    """

    name: str
    media_type: str = ""
    sha256: str = ""
    report: Report | None = None
    error: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    words: int = 0

    @property
    def is_form(self) -> bool:
        return self.report is not None and self.report.is_form

    @property
    def kind(self) -> str:
        """What people call this kind of document."""
        if self.report is not None and self.report.is_scan:
            return _SCAN
        return dict(SURENESS).get(self.media_type, "其他文件")


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_file(file: File | Pictures, *, soffice: Path | None = None) -> tuple[Read, ...]:
    """The documents in a file: itself, or the members of an archive; never empty. What is unreadable says why.

    `soffice`: the program that converts old office files, None to look for it.
    """
    try:
        if isinstance(file, Pictures):
            return (_read(file.name, "image/*", b"".join(file.pages), _seen(file), file.title),)
        if media_type_of(file.data)[0] == archive.MEDIA_TYPE:
            return tuple(_members(file, soffice))
        return (_one(file),)
    except Unreadable as error:
        return (Read(file.name, *_told(file), error=str(error)),)


def _told(file: File | Pictures) -> tuple[str, str]:
    """Media type and SHA-256 of a file."""
    if isinstance(file, Pictures):
        return "image/*", ""
    return media_type_of(file.data)[0], hashlib.sha256(file.data).hexdigest()


def _one(file: File) -> Read:
    """A file that is one document. Raises Unreadable."""
    if file.converted is not None:
        document = office.read_converted(file.converted, media_type=media_type_of(file.data)[0])
        document = replace(document, name=file.name)
    else:
        document = read_document(file.data, name=file.name, charset=file.charset)
    return _read(file.name, document.media_type, file.data, document, file.title)


def _read(name: str, media_type: str, data: bytes, document: Document, title: str) -> Read:
    return Read(
        name,
        media_type,
        hashlib.sha256(data).hexdigest(),
        read_report(document, title=title),
        enclosures=document.enclosures,
        words=sum(_length(block) for block in document.blocks),
    )


def _length(block: Paragraph | Grid) -> int:
    return len(block.text) if isinstance(block, Paragraph) else 0


def _seen(pictures: Pictures) -> Document:
    from monitor.documents.formats.scan.scan import read_pictures  # needs the recogniser, which few documents do

    return replace(read_pictures(pictures.pages), name=pictures.name)


def _members(file: File, soffice: Path | None) -> Iterator[Read]:
    """The files of an archive: old office files are converted in one go, pictures are the pages of one document."""
    members = [File(f"{file.name}{WITHIN}{name}", data, title=file.title) for name, data in archive.members(file.data)]
    old = [number for number, member in enumerate(members) if is_old_office(member.data)]
    made = office.convert([members[number].data for number in old], office=soffice)
    converted = dict(zip(old, made, strict=True))
    pages = [member for member in members if is_picture(member.data)]
    if pages:
        yield from read_file(Pictures(file.name, tuple(page.data for page in sorted(pages, key=_in_order)), file.title))
    for number, member in enumerate(members):
        if not is_picture(member.data):
            yield from read_file(replace(member, converted=converted.get(number)))


def _in_order(page: File) -> list[tuple[int, str]]:
    """Names as people number them: 第2页 stands before 第10页."""
    return [(int(piece), "") if piece.isdecimal() else (-1, piece) for piece in re.split(r"([0-9]+)", page.name)]


def is_picture(data: bytes) -> bool:
    return media_type_of(data)[0].startswith("image/")


def together(items: Iterable[File | Read]) -> Iterator[File | Pictures | Read]:
    """The files that stand on one page: what are pictures among them are the pages of one document, in their order."""
    pages: list[File] = []
    for item in items:
        if isinstance(item, File) and is_picture(item.data):
            pages.append(item)
        else:
            yield item
    if pages:
        yield Pictures(pages[0].name, tuple(page.data for page in pages), pages[0].title)


def is_old_office(data: bytes) -> bool:
    """Whether a file is of the kinds that LibreOffice has to convert."""
    return media_type_of(data)[0] in office.EXTENSIONS
