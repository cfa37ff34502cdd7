"""Word documents (.docx, .docm, .dotx; written by Word, WPS and others) as blocks. Runs no macro, follows no link."""

from __future__ import annotations

from typing import Final

from lxml import etree

from monitor.documents.formats.packed import Package, open_package
from monitor.documents.formats.word.numbering import Numbering
from monitor.documents.formats.word.story import CHUNKS, OBJECTS, PICTURES, Story
from monitor.documents.formats.word.styles import Styles
from monitor.documents.formats.word.text import BLIP, IMAGE_DATA, PAGE_BREAK, PAGE_TURNED, branches
from monitor.documents.formats.word.xml import MC, R, W, read_part, relationships
from monitor.errors import Unreadable
from monitor.model import Document, Paragraph

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_MAIN: Final = "word/document.xml"
_PICTURE_TYPES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


def read_docx(data: bytes, *, charset: str = "") -> Document:
    """Read a Word document; `charset` means nothing here. Raises Unreadable where it is damaged or holds no text."""
    package, main, root = _opened(data)
    body = root.find(W + "body")
    if body is None:
        raise Unreadable("Word 文件里没有正文部分，文件已损坏；请用 Word 或 WPS 打开后另存")
    parts = {kind: name for kind, name in relationships(package, main).values() if name in package}
    numbering = Numbering(_optional(package, parts.get("numbering", "word/numbering.xml")))
    styles = Styles(_optional(package, parts.get("styles", "word/styles.xml")))
    story = Story(styles, numbering, turns=_page_mark(root, _page_count(package)))
    blocks = tuple(story.blocks(body))
    if not any(not isinstance(block, Paragraph) or block.text for block in blocks):
        raise Unreadable(_nothing(story))
    notes = [line.format(count) for line, count in story.left_out.items() if count]
    if story.lists_missing:
        notes.append("自动编号的定义不在文件里，有的编号没有还原")
    if numbering.strange:
        notes.append(f"有的自动编号用了不认识的格式（{'、'.join(sorted(numbering.strange))[:80]}），没有还原")
    return Document(MEDIA_TYPE, blocks, notes=tuple(notes))


def pictures(data: bytes) -> list[bytes]:
    """The pictures in a document's text in reading order, each once: its pages, where the report was scanned.

    Drawings (EMF, WMF) and pictures that lie outside of the file are left out. Raises Unreadable as `read_docx` does.
    """
    package, main, root = _opened(data)
    named = relationships(package, main)
    names = dict.fromkeys(named[key][1] for key in _picture_keys(root) if key in named and named[key][1] in package)
    found = [package.read(name) for name in names]
    return [picture for picture in found if picture.startswith(_PICTURE_TYPES)]


def _opened(data: bytes) -> tuple[Package, str, etree._Element]:
    """The package, the name of its main part and that part's root."""
    package = open_package(data)
    named = [name for kind, name in relationships(package, "").values() if kind == "officeDocument"]
    main = next((name for name in (*named, _MAIN) if name in package), None)
    if main is None:
        raise Unreadable(
            "压缩包里没有 Word 文件的正文部分（word/document.xml），不是完整的 Word 文件；请重新下载或另存"
        )
    root = read_part(package, main)
    if root.tag != W + "document":
        raise Unreadable("文件的正文部分不是 Word 格式；请用 Word 或 WPS 打开后另存为 .docx")
    return package, main, root


def _optional(package: Package, name: str) -> etree._Element | None:
    return read_part(package, name) if name in package else None


def _nothing(story: Story) -> str:
    if story.left_out[CHUNKS]:
        return "Word 文件的正文引用了另一个文件（altChunk），没有文字可读；请用 Word 或 WPS 打开后另存"
    if story.left_out[PICTURES] or story.left_out[OBJECTS]:
        return "Word 文件里只有图片，没有文字；请提供文字版，或把图片另存为扫描件（PDF）"
    return "Word 文件里没有文字"


# ── pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _page_mark(root: etree._Element, count: int) -> str:
    """What tells the pages: Word's own marks where it left any, else breaks set by hand if they account for all pages.

    Empty where pages cannot be told. Where Word left its marks, it left one behind each break by hand too.
    """
    if next(root.iter(W + "lastRenderedPageBreak"), None) is not None:
        return PAGE_TURNED
    breaks = sum(1 for mark in root.iter(W + "br") if mark.get(W + "type") == "page")
    breaks += sum(1 for _ in root.iter(W + "pageBreakBefore"))
    breaks += sum(1 for properties in root.iter(W + "pPr") if properties.find(W + "sectPr") is not None)
    return PAGE_BREAK if count == breaks + 1 or (breaks and not count) else ""


def _page_count(package: Package) -> int:
    """How many pages the program that wrote the file counted; 0 where it does not say."""
    if "docProps/app.xml" not in package:
        return 0
    try:
        root = read_part(package, "docProps/app.xml")
    except Unreadable:  # it says nothing of the text
        return 0
    text = next((child.text or "" for child in root if etree.QName(child).localname == "Pages"), "")
    return int(text) if text.isdecimal() and len(text) <= 6 else 0


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _picture_keys(node: etree._Element) -> list[str]:
    """The relationships of the pictures below a node in order; of two ways to show the same, the first that has any."""
    keys: list[str] = []
    for child in node:
        if child.tag == BLIP:
            keys += filter(None, [child.get(R + "embed")])
        elif child.tag == IMAGE_DATA:
            keys += filter(None, [child.get(R + "id")])
        elif child.tag == MC + "AlternateContent":
            keys += next(filter(None, map(_picture_keys, branches(child))), [])
        elif child.tag not in (W + "del", W + "moveFrom"):
            keys += _picture_keys(child)
    return keys
