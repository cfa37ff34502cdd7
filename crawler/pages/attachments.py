"""The files that an article holds: documents that it links to or frames, and, where it has no words, its pictures.

Which of them is the report is for reading to find out; a page that only wraps its report names it here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from crawler.pages.markup import absolute, document_name, is_chrome, shown_document, target_of, text_of
from monitor.exchange import Attachment
from monitor.text import clean

_FRAMES: Final = (("iframe", "src"), ("embed", "src"), ("object", "data"))
_LINKING: Final = ("a", *(tag for tag, _ in _FRAMES))
#: Icons, dividers and buttons are smaller than this many pixels; page pictures say nothing of their size, or more.
_ICON: Final = 200
_DECORATION: Final = re.compile(
    r"icon|logo|qrcode|ewm|weixin|share|blank|spacer|btn|button|banner|/images?/(?:top|bg)", re.I
)
#: Pages of a report that are pictures.
_MOST_PICTURES: Final = 60


def documents_in(
    body: HtmlElement, base: str, chrome: dict[HtmlElement, bool], *, below: bool = False
) -> Iterator[Attachment]:
    """Documents linked or framed in an element (`below`: after it). `chrome`: what `is_chrome` has learned."""
    for element in _following(body) if below else body.iter(*_LINKING):
        url = shown_document(absolute(base, _address(element)))
        file = document_name(url)
        if file and not is_chrome(element, chrome):
            name = text_of(element) if element.tag == "a" else ""
            yield Attachment(url, _name(name, element.get("title") or "", file))


def pages_in(body: HtmlElement, base: str) -> Iterator[Attachment]:
    """What stands for the words of an article without any: a framed page, else its page-sized pictures, in order."""
    framed = [url for frame in body.iter("iframe") for url in [absolute(base, frame.get("src") or "")] if url]
    if framed:
        yield from (Attachment(url, "") for url in framed if not document_name(url))
        return
    for picture in islice(filter(_may_be_page, body.iter("img")), _MOST_PICTURES):
        url = absolute(base, picture.get("data-src") or picture.get("data-original") or picture.get("src") or "")
        if url and not _DECORATION.search(url):
            yield Attachment(url, clean(picture.get("alt") or picture.get("title") or "") or url.rsplit("/", 1)[-1])


def each_once(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The attachments in order, each URL once, under the longest of its names."""
    found: dict[str, Attachment] = {}
    for attachment in attachments:
        known = found.setdefault(attachment.url, attachment)
        if len(attachment.name) > len(known.name):
            found[attachment.url] = attachment
    return tuple(found.values())


def _address(element: HtmlElement) -> str:
    if element.tag == "a":
        return target_of(element)
    return next((element.get(name) or "" for tag, name in _FRAMES if element.tag == tag), "")


def _may_be_page(picture: HtmlElement) -> bool:
    return all(size is None or size >= _ICON for size in map(_pixels, (picture.get("width"), picture.get("height"))))


def _pixels(size: str | None) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,6})(?:px)?\s*", size or "")
    return int(match[1]) if match else None


def _name(text: str, title: str, file: str) -> str:
    wordless = re.fullmatch(r"[\[【（(]*(?:点击|在线|附件)?(?:下载|查看|预览|附件|打开)*\d{0,2}[:：]?[\])）】]*", text)
    return clean((title if wordless else text) or title) or file


def _following(element: HtmlElement) -> Iterator[HtmlElement]:
    """The links and frames after an element, in document order."""
    node: HtmlElement | None = element
    while node is not None:
        for sibling in node.itersiblings():
            yield from sibling.iter(*_LINKING)
        node = node.getparent()
