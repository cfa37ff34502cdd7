"""The files that an article points to and that may be its report: links, frames and viewers, scripts, page pictures.

A crawl fetches them and reading looks into them, by one set of rules: else the one would miss what the other relies on.
Addresses are kept as written. Nothing is fetched; where the article is, and which file is the report, others decide.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, Protocol, TypeVar
from urllib.parse import unquote, urljoin

from lxml import etree

from monitor.model import Enclosure, EnclosureKind
from monitor.text import clean

#: An article with less text than this says nothing but what its files are.
LITTLE_TEXT: Final = 200
_MOST: Final = 100
_LONGEST_SCRIPT: Final = 200_000
_LONGEST_ADDRESS: Final = 2_000
_LONGEST_NAME: Final = 300

#: Names of document files: among words and parameters, and as the last part of a path.
_ENDINGS: Final = r"(?:pdf|docx?|docm|wps|wpt|ofd|zip|rar|7z|rtf|odt|xlsx?|et|pptx?|ceb|cebx|caj|mht|mhtml)"
_DOCUMENT: Final = re.compile(rf"[^/\\?&=#\"'<>|]{{1,200}}\.{_ENDINGS}(?![\w./])", re.IGNORECASE)
_LAST: Final = re.compile(rf"([^/]{{1,200}}\.{_ENDINGS})(?![\w.])[^/]*$", re.IGNORECASE)
_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?|webp)(?![\w.])", re.IGNORECASE)
_HOST: Final = re.compile(r"(?:[a-z][a-z\d+.-]*:)?//[^/?#]*", re.IGNORECASE)
_PAGE: Final = re.compile(r"\.[a-z]?html?(?:[?#]|$)", re.IGNORECASE)
#: A program that hands out files by their numbers: download.jsp?attachid=37.
_SERVED: Final = re.compile(
    r"/(?:down(?:load|file)?|attach(?:ment)?|getfile|readfile)\w*(?:\.\w{2,6})?\?[^#]*=|[?&](?:attach|affix|file_?)\w*id=",
    re.IGNORECASE,
)
#: What may lead to a file where the link's words offer one.
_DOWNLOAD: Final = re.compile(
    r"down(?:load|file)|attach|upload|filename|fileid|getfile|/file|affix|accessory", re.IGNORECASE
)
_OFFERED: Final = re.compile(
    r"^[\[【（(]*(?:附件|点击下载|下载|全文下载|查看附件)|(?:下载|附件)[\])）】]*$"
    r"|(?:PDF|WORD|DOCX?|WPS|OFD)\s*(?:版|文件|文档|格式)",
    re.IGNORECASE,
)
#: Words of a link that are no name of its file.
_WORDLESS: Final = re.compile(
    r"[\[【（(]*(?:点击|在线|附件|全文|立即)*(?:下载|查看|预览|附件|打开|浏览|阅读)*\d{0,2}[:：]?[\])）】]*"
)

#: Pages that show a file which a parameter of theirs names; one that hands it out (down.jsp?path=) is its address.
_VIEWER: Final = re.compile(r"view|pdf|\.html?$", re.IGNORECASE)
_SHOWN: Final = re.compile(r"[?&#](?:file|src|url|pdf|pdfurl|fileurl|furl|path|filepath|doc)=([^&#]+)", re.IGNORECASE)
#: A viewer of nothing but files shows what it is given, also without a file's ending.
_PDF_VIEWER: Final = re.compile(r"(?:viewer|pdfjs)\b[^?#]*[?#](?:.*&)?file=[^&#]*(?:/|%2f)", re.IGNORECASE)
_BASE64: Final = re.compile(r"[\w+/-]{16,}={0,2}", re.ASCII)
#: Files that scripts hand to a viewer: PDFObject.embed("…"), var pdfUrl = "…"; a file's name alone is no address.
_SCRIPTED: Final = re.compile(
    r"[\"']((?:[^\"'<>\s\\]|\\/){1,400}\.(?:pdf|docx?|wps|ofd)(?:\?[^\"'<>\s\\]{0,200})?)[\"']",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(r"(?:name|title)[\"']?\s{0,9}[:=]\s{0,9}$", re.IGNORECASE)
_QUOTED: Final = re.compile(
    r"[\"']\s*((?:https?:)?//[^\"'\s<>]+|\.{0,2}/[^\"'\s<>]*"
    rf"|[\w./%-]+\.(?:[sj]?html?|jspx?|aspx?|php|do|{_ENDINGS})(?:[?#][^\"'\s<>]*)?)\s*[\"']",
    re.IGNORECASE,
)

#: Icons, dividers and buttons are smaller than this many pixels; the picture of a page is larger, if its size is told.
_ICON: Final = 200
_PAGE_WIDTH: Final = 450
_PAGE_HEIGHT: Final = 600
_DECORATION: Final = re.compile(
    r"icon|logo|qr_?code|ewm|erweima|weixin|share|blank|spacer|btn|button|banner|/images?/(?:top|bg)|jiathis|loading",
    re.IGNORECASE,
)
#: Pictures that are pages only where an article has nothing else: most of them are ornaments.
_MOVING: Final = re.compile(r"\.gif(?:[?#]|$)", re.IGNORECASE)
_SOURCES: Final = ("data-src", "data-original", "_src", "src")
#: Elements in which nothing is seen: reading turns into these what is out of sight (documents/formats/web/flat.py).
_UNSEEN: Final = ("template", "hr")

_FRAMES: Final = {"iframe": "src", "frame": "src", "embed": "src", "object": "data", "param": "value"}
_DOCUMENT_TYPE: Final = re.compile(r"application/(?:pdf|msword|ofd|vnd\.(?:openxmlformats|ms-word|ofd))", re.IGNORECASE)
#: Frames that count visits, share or tell the weather.
_WIDGET: Final = re.compile(r"jiathis|bshare|bdshare|visit|(?<![a-z])count|weather|tianqi", re.IGNORECASE)
_LINKS: Final = ("a", "area")
_NOWHERE: Final = ("about:", "javascript:", "vbscript:", "mailto:", "tel:", "#")
_DATA: Final = ("data-href", "data-url", "data-file")

#: How far up from the article its attachments may stand beside it, and what is never beside but around it.
_CLIMB: Final = 3
_AROUND: Final = frozenset({"nav", "footer", "header", "aside", "head"})
_AROUND_NAMES: Final = re.compile(r"foot|nav|menu|(^|[-_ ])(head|side)|related|recommend|xgxx")


def find_enclosures(article: etree._Element, *, is_bare: bool) -> tuple[Enclosure, ...]:
    """The files in and beside an article, in order, each address once; no more than anyone reads."""
    found = each_once([*enclosed_in(article, is_bare=is_bare), *enclosed_beside(article, is_bare=is_bare)])
    still = [one for one in found if one.kind is not EnclosureKind.IMAGE or not _MOVING.search(one.url)]
    return tuple((still or found)[:_MOST])


def enclosed_in(
    article: etree._Element,
    *,
    is_bare: bool,
    skips: Callable[[etree._Element], bool] | None = None,
) -> Iterator[Enclosure]:
    """The files that stand in an article, in order; an address may come more than once.

    `is_bare`: it has so little text that what it frames or shows stands for that. `skips`: whether a link or a picture
    is none of the article's; by default, in a page that is all article, what stands in its header, menus and footer.
    """
    skips = skips or (_is_surrounding if article.tag == "body" else None)
    for element in article.iter("img", "script", *_LINKS, *_FRAMES):
        if skips is None or not skips(element):
            yield from enclosed_by(element, is_bare=is_bare)


def enclosed_beside(article: etree._Element, *, is_bare: bool) -> Iterator[Enclosure]:
    """The files that stand after an article or just before it, where attachments are listed."""
    for beside in _beside(article):
        for element in beside.iter(*_LINKS, *(("script", *_FRAMES) if is_bare else ())):
            yield from enclosed_by(element)


class _Found(Protocol):
    @property
    def url(self) -> str: ...
    @property
    def name(self) -> str: ...


_F = TypeVar("_F", bound=_Found)


def each_once(found: Iterable[_F]) -> tuple[_F, ...]:
    """What was found, in order, each address once, under the longest of its names."""
    known: dict[str, _F] = {}
    for one in found:
        if len(one.name) > len(known.setdefault(one.url, one).name):
            known[one.url] = one
    return tuple(known.values())


def _is_surrounding(element: etree._Element) -> bool:
    return any(map(_is_around, element.iterancestors()))


def _is_around(element: etree._Element) -> bool:
    """Whether an element frames the page: what it links to is the portal's, not the article's."""
    if element.tag in _AROUND:
        return True
    names = f"{element.get('id', '')} {element.get('class', '')}".lower()
    return _AROUND_NAMES.search(names) is not None


def _beside(article: etree._Element) -> Iterator[etree._Element]:
    node: etree._Element | None = article
    for _ in range(_CLIMB):
        if node is None or node.tag in ("body", "html"):
            return
        before = node.itersiblings(tag=etree.Element, preceding=True) if node is article else ()
        for sibling in (*node.itersiblings(tag=etree.Element), *before):
            if not _is_around(sibling):
                yield sibling
        node = node.getparent()


def enclosed_by(element: etree._Element, *, is_bare: bool = False) -> Iterator[Enclosure]:
    """The files that one link, frame, script or picture leads to."""
    if element.tag in _LINKS:
        yield from _linked(element)
    elif element.tag == "img":
        yield from _pictured(element, is_bare=is_bare)
    elif element.tag == "script":
        yield from (Enclosure(url, EnclosureKind.FRAME) for url in scripted(element.text or ""))
    else:
        yield from _framed(element, is_bare=is_bare)


# ── addresses ───────────────────────────────────────────────────────────────────────────────────────────────────────


def document_in(url: str) -> str:
    """The name of the document that an address leads to, by its path or else by its query; empty for a page."""
    if "." not in url or len(url) > _LONGEST_ADDRESS:
        return ""
    path, _, query = unquote(_HOST.sub("", url, count=1).partition("#")[0]).partition("?")
    names = _LAST.findall(path) or _DOCUMENT.findall(query.replace("+", " "))
    return str(names[-1]).strip() if names else ""


def shown_file(url: str) -> str:
    """The file that a viewer's address names (viewer.html?file=%2Fa.pdf is /a.pdf); any other address as it is."""
    if "=" not in url or len(url) > _LONGEST_ADDRESS:
        return url
    place = re.split("[?#]", url, maxsplit=1)[0]
    if not _VIEWER.search(_HOST.sub("", place, count=1)):
        return url
    for parameter in _SHOWN.finditer(url):
        value = _plain(parameter[1])
        if document_in(value) or (_PDF_VIEWER.search(url) and not _PAGE.search(value)):
            return _joined(place, value)
    return url


def _plain(value: str) -> str:
    """A parameter before it was encoded: twice by some viewers, in Base64 by others (kkFileView)."""
    value = unquote(unquote(value))
    if _BASE64.fullmatch(value):
        try:
            plain = b64decode(value + "=" * (-len(value) % 4)).decode("utf-8")
        except ValueError:  # it only looks like it
            return value
        return plain if plain.startswith(("http://", "https://", "/")) else value
    return value


def _joined(place: str, value: str) -> str:
    """An address as seen from the viewer's place, which may be relative itself."""
    rooted = ("/", "http:", "https:")
    if not place.lower().startswith(rooted) and not value.lower().startswith(rooted):
        return place[: place.rfind("/") + 1] + value
    try:
        return urljoin(place, value)
    except ValueError:  # e.g. an unclosed IPv6 bracket
        return value


def target_of(element: etree._Element) -> str:
    """The address that a link leads to as written, also where only a script or a data attribute knows it; or ""."""
    href = (element.get("href") or "").strip()
    if href and not href.lower().startswith(_NOWHERE):
        return href
    for name in _DATA:
        if address := (element.get(name) or "").strip():
            return address
    is_script = href.lower().startswith(("javascript:", "vbscript:"))
    for code in (element.get("onclick") or "", unquote(href) if is_script else ""):
        if named := [match[1] for match in _QUOTED.finditer(code[:_LONGEST_ADDRESS])]:
            return next(filter(document_in, named), named[0])
    return ""


# ── links, frames, viewers, scripts ─────────────────────────────────────────────────────────────────────────────────


def _linked(link: etree._Element) -> Iterator[Enclosure]:
    address = target_of(link)
    if not address:
        return
    url = shown_file(address)
    file = document_in(url)
    if not file and url == address and (_PICTURE.search(url) or not _is_offered(link, url)):
        return
    words = _words(link)
    title = clean(link.get("title") or link.get("download") or "")[:_LONGEST_NAME]
    yield Enclosure(url, EnclosureKind.LINK, (_WORDLESS.fullmatch(words) and (title or clean(file))) or words)


def _is_offered(link: etree._Element, url: str) -> bool:
    """Whether a link says that a file is behind an address which does not tell."""
    if link.get("download") is not None:
        return True
    if not _PAGE.search(url) and _SERVED.search(url):
        return True
    words = _words(link)
    if _DOCUMENT.search(words) or _DOCUMENT.search((link.get("title") or "")[:_LONGEST_NAME]):
        return True
    return bool(_DOWNLOAD.search(url) and _OFFERED.search(words)) and not _PAGE.search(url)


def _words(link: etree._Element) -> str:
    return clean("".join(map(str, link.itertext())))[:_LONGEST_NAME]


def _framed(frame: etree._Element, *, is_bare: bool) -> Iterator[Enclosure]:
    address = (frame.get(_FRAMES[str(frame.tag)]) or frame.get("data-src") or "").strip()
    if not address or address.lower().startswith((*_NOWHERE, "data:")):
        return
    url = shown_file(address)
    is_file = url != address or document_in(url) or _DOCUMENT_TYPE.match(frame.get("type") or "")
    if is_file or (is_bare and frame.tag in ("iframe", "frame") and not _WIDGET.search(url)):
        yield Enclosure(url, EnclosureKind.FRAME, clean(frame.get("title") or "")[:_LONGEST_NAME])


def scripted(script: str) -> Iterator[str]:
    """The addresses of documents that a script's text names."""
    for match in islice(_SCRIPTED.finditer(script[:_LONGEST_SCRIPT]), _MOST):
        url = match[1].replace("\\/", "/")
        if "/" in url or not _LABELLED.search(script, max(match.start() - 40, 0), match.start()):
            yield shown_file(url)


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _pictured(picture: etree._Element, *, is_bare: bool) -> Iterator[Enclosure]:
    sources = [source for name in _SOURCES if (source := (picture.get(name) or "").strip())]
    url = next((source for source in sources if not source.lower().startswith("data:")), "")
    if not url or _DECORATION.search(url) or next(picture.iterancestors(*_UNSEEN), None) is not None:
        return
    width, height = _pixels(picture, "width"), _pixels(picture, "height")
    if any(size is not None and size < _ICON for size in (width, height)):
        return
    is_page = width is not None and height is not None and width >= _PAGE_WIDTH and height >= _PAGE_HEIGHT
    if is_bare or is_page:
        name = clean(picture.get("alt") or picture.get("title") or "")
        yield Enclosure(url, EnclosureKind.IMAGE, name[:_LONGEST_NAME])


def _pixels(picture: etree._Element, side: str) -> int | None:
    """A side's length by attribute or style; None where it is not told in pixels."""
    match = re.match(r"\s*(\d{1,6})(?:\.\d+)?(?:px)?\s*$", picture.get(side) or "") or re.search(
        rf"(?<![-\w]){side}\s*:\s*(\d{{1,6}})(?:\.\d+)?px", picture.get("style") or ""
    )
    return int(match[1]) if match else None
