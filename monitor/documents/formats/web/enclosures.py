"""The files that an article points to and that may be the report: links, viewers and frames, pictures of pages.

Addresses are kept as written. Nothing is fetched, and which of the files is the report is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote

from lxml import etree

from monitor.documents.formats.web.flat import SILENT, SILENT_LINE
from monitor.documents.formats.web.rendering import text_of
from monitor.model import Enclosure, EnclosureKind
from monitor.text import clean

#: Names of document files, alone or at the end of a path.
_ENDINGS: Final = r"(?:pdf|docx?|docm|wps|wpt|ofd|zip|rar|7z|rtf|odt|xlsx?|et|ceb|cebx|caj|mht|mhtml)"
_DOCUMENT: Final = re.compile(rf"[^/\\?&=#\"'<>|]{{1,200}}\.{_ENDINGS}(?![\w.])", re.IGNORECASE)
_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|bmp|tiff?|webp)(?![\w.])", re.IGNORECASE)
#: Text of a link to a file whose address does not tell: 附件：…, 点击下载.
_OFFERED: Final = re.compile(r"^[\[【（(]*(?:附件|点击下载|下载|全文下载|查看附件)|(?:下载|附件)[\])）】]*$")
_DOWNLOAD: Final = re.compile(
    r"down(?:load|file)|attach|upload|filename|fileid|getfile|/file|affix|accessory", re.IGNORECASE
)
_PAGE: Final = re.compile(r"\.[a-z]?html?(?:[?#]|$)", re.IGNORECASE)
#: Words of a link that are no name of its file.
_WORDLESS: Final = re.compile(
    r"[\[【（(]*(?:点击|在线|附件|全文|立即)*(?:下载|查看|预览|附件|打开|浏览|阅读)*\s*(?:pdf|word|docx?|wps|ofd)?"
    r"\s*(?:版|文件|格式)?\d{0,2}[:：]?[\])）】]*",
    re.IGNORECASE,
)
#: A viewer's parameter that names the file it shows.
_SHOWN: Final = re.compile(r"[?&#](?:file|src|url|pdf|pdfurl|fileurl|furl|path|filepath|doc)=([^&#]+)", re.IGNORECASE)
#: Files that scripts hand to a viewer: PDFObject.embed("…"), var pdfUrl = "…".
_SCRIPTED: Final = re.compile(
    r"[\"']([^\"'<>\s\\]{1,400}\.(?:pdf|docx?|wps|ofd)(?:\?[^\"'\s]{0,200})?)[\"']", re.IGNORECASE
)
_CALLED: Final = re.compile(r"\(\s*[\"']([^\"'\s]{4,400})[\"']")

#: Icons, dividers and buttons are smaller than this many pixels; the picture of a page is larger, if its size is told.
_ICON: Final = 200
_PAGE_WIDTH: Final = 450
_PAGE_HEIGHT: Final = 600
_DECORATION: Final = re.compile(
    r"icon|logo|qr_?code|ewm|erweima|weixin|share|blank|spacer|btn|button|banner|/images?/(?:top|bg)|\.gif(?:[?#]|$)|"
    r"jiathis|loading|^data:",
    re.IGNORECASE,
)
#: An article with less text than this says nothing but what its files are.
LITTLE_TEXT: Final = 200
_MOST: Final = 100

_FRAMES: Final = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_HOLDERS: Final = ("a", "area", *_FRAMES, "img", "script")
_NOWHERE: Final = ("about:", "javascript:", "mailto:", "tel:", "#")
#: How far up from the article its attachments may stand beside it, and what is never beside but around it.
_CLIMB: Final = 3
_AROUND: Final = frozenset({"nav", "footer", "header", "aside", "head"})
_AROUND_NAMES: Final = re.compile(r"foot|nav|menu|(^|[-_ ])(head|side)|related|recommend|xgxx")


def find_enclosures(article: etree._Element, *, length: int) -> tuple[Enclosure, ...]:
    """The files of an article in order, each address once. `length`: how much text the article has."""
    bare = length < LITTLE_TEXT
    found: dict[str, Enclosure] = {}
    for enclosure in _all(article, bare=bare):
        known = found.setdefault(enclosure.url, enclosure)
        if len(enclosure.name) > len(known.name):
            found[enclosure.url] = enclosure
        if len(found) >= _MOST:
            break
    return tuple(found.values())


def _all(article: etree._Element, *, bare: bool) -> Iterator[Enclosure]:
    is_page = article.tag == "body"
    for element in article.iter(*_HOLDERS):
        if not (is_page and any(map(_is_around, element.iterancestors()))):
            yield from _held(element, bare=bare)
    for beside in _beside(article):
        for element in beside.iter("a", *(("script", *_FRAMES) if bare else ())):
            yield from _held(element, bare=False)


def _held(element: etree._Element, *, bare: bool) -> Iterator[Enclosure]:
    if element.tag in ("a", "area"):
        yield from _linked(element)
    elif element.tag == "script":
        yield from _scripted(element)
    elif element.tag == "img":
        yield from _pictured(element, bare=bare)
    else:
        yield from _framed(element, bare=bare)


def _beside(article: etree._Element) -> Iterator[etree._Element]:
    """What stands after the article, and before it on its own level: attachments are listed there."""
    node: etree._Element | None = article
    for _ in range(_CLIMB):
        if node is None or node.tag in ("body", "html"):
            return
        for sibling in node.itersiblings(tag=etree.Element):
            if not _is_around(sibling):
                yield sibling
        if node is article:
            yield from (
                other for other in node.itersiblings(tag=etree.Element, preceding=True) if not _is_around(other)
            )
        node = node.getparent()


def _is_around(element: etree._Element) -> bool:
    """Whether an element frames the page: what it links to is the portal's, not the article's."""
    if element.tag in _AROUND:
        return True
    names = f"{element.get('id', '')} {element.get('class', '')}".lower()
    return _AROUND_NAMES.search(names) is not None


# ── links ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _linked(link: etree._Element) -> Iterator[Enclosure]:
    url = shown_file(_target(link))
    if not url:
        return
    file = document_in(url)
    shown = clean(text_of(link))[:300]
    if not file:
        named = _DOCUMENT.search(shown) or _DOCUMENT.search(link.get("title") or "")
        offered = bool(_OFFERED.search(shown) and _DOWNLOAD.search(url)) and not _PAGE.search(url)
        offered = offered or bool(link.get("download"))
        if _PICTURE.search(url) or not (named or offered):
            return
    elif _is_plain_page(url, file):
        return
    title = clean(link.get("title") or link.get("download") or "")
    if _WORDLESS.fullmatch(shown):
        shown = title or clean(unquote(file)) or shown
    yield Enclosure(url, EnclosureKind.LINK, shown)


def _target(link: etree._Element) -> str:
    """Where a link leads, also by its script: onclick="openFile('…')". Empty where it leads nowhere."""
    href = (link.get("href") or "").strip()
    if href and not href.lower().startswith(_NOWHERE):
        return href
    for name in ("data-href", "data-url", "data-file"):
        if link.get(name):
            return str(link.get(name)).strip()
    for script in (link.get("onclick") or "", unquote(href) if href.lower().startswith("javascript:") else ""):
        for argument in _CALLED.finditer(script[:2000]):
            if document_in(argument[1]):
                return argument[1]
    return ""


def document_in(url: str) -> str:
    """The name of the document file that an address leads to, by its path or a parameter; empty for a page."""
    match = _DOCUMENT.search(url) or ("%" in url and _DOCUMENT.search(unquote(url)))
    return match[0].strip() if match else ""


def _is_plain_page(url: str, file: str) -> bool:
    """Whether what looks like a file's name is the host's (www.某.zip) and not a file's."""
    return re.fullmatch(r"(?:https?:)?//[^/?#]*/?", url) is not None and url.rstrip("/").endswith(file)


def shown_file(url: str) -> str:
    """The file that a viewer's address names (viewer.html?file=%2Fa.pdf is /a.pdf); any other address as it is."""
    for parameter in _SHOWN.finditer(url):
        value = unquote(parameter[1])
        # downfile.jsp?filename=a.pdf is no viewer: the file stands nowhere but behind it.
        if document_in(value) and ("/" in value or "viewer" in url.lower() or "pdfjs" in url.lower()):
            return value
    return url


# ── frames, viewers, scripts ────────────────────────────────────────────────────────────────────────────────────────


def _framed(frame: etree._Element, *, bare: bool) -> Iterator[Enclosure]:
    url = (frame.get(_FRAMES[str(frame.tag)]) or frame.get("data-src") or "").strip()
    if not url or url.lower().startswith((*_NOWHERE, "data:")):
        return
    if document_in(url):
        yield Enclosure(shown_file(url), EnclosureKind.FRAME, clean(frame.get("title") or ""))
    elif bare and frame.tag in ("iframe", "frame") and not _DECORATION.search(url):
        yield Enclosure(url, EnclosureKind.FRAME, clean(frame.get("title") or ""))


def _scripted(script: etree._Element) -> Iterator[Enclosure]:
    for match in _SCRIPTED.finditer((script.text or "")[:200_000]):
        yield Enclosure(shown_file(match[1]), EnclosureKind.FRAME)


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _pictured(picture: etree._Element, *, bare: bool) -> Iterator[Enclosure]:
    sources: Iterable[str] = (picture.get(name) or "" for name in ("data-src", "data-original", "_src", "src"))
    url = next((source.strip() for source in sources if source.strip() and not source.startswith("data:")), "")
    if (
        not url
        or _DECORATION.search(url)
        or any(above.tag in (SILENT, SILENT_LINE) for above in picture.iterancestors())
    ):
        return
    width, height = _pixels(picture, "width"), _pixels(picture, "height")
    if any(size is not None and size < _ICON for size in (width, height)):
        return
    is_page = width is not None and height is not None and width >= _PAGE_WIDTH and height >= _PAGE_HEIGHT
    if bare or is_page:
        yield Enclosure(url, EnclosureKind.IMAGE, clean(picture.get("alt") or picture.get("title") or "")[:300])


def _pixels(picture: etree._Element, side: str) -> int | None:
    """A side's length by attribute or style; None where it is not told in pixels."""
    match = re.match(r"\s*(\d{1,6})(?:\.\d+)?(?:px)?\s*$", picture.get(side) or "") or re.search(
        rf"(?<![-\w]){side}\s*:\s*(\d{{1,6}})(?:\.\d+)?px", picture.get("style") or ""
    )
    return int(match[1]) if match else None
