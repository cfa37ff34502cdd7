"""The files that an article holds, as attachments to be fetched. The rules of what is one are `monitor.enclosing`'s.

Which of them is the report is for reading to find out; a page that only wraps its report names it here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from crawler.pages.markup import absolute, is_chrome
from monitor.enclosing import document_in, enclosed_beside, enclosed_by, enclosed_in
from monitor.exchange import Attachment
from monitor.model import Enclosure, EnclosureKind

_HOLDERS: Final = ("a", "iframe", "embed", "object")
#: Pages of a report that are pictures.
_MOST_PICTURES: Final = 60


def files_of(
    body: HtmlElement, base: str, chrome: dict[HtmlElement, bool], *, is_contained: bool
) -> Iterator[Attachment]:
    """The files in and near an article, and the documents after it on the whole page, in order, some more than once.

    `is_contained`: the body is a container of its own; else what stands in the page's chrome is left out. `chrome`:
    what `is_chrome` has learned.
    """
    skips = None if is_contained else (lambda element: is_chrome(element, chrome))
    yield from _attachments(enclosed_in(body, is_bare=False, skips=skips), base)
    yield from _attachments(enclosed_beside(body, is_bare=True), base)
    # Far from the article, words that offer a file offer another; an address that names a document is worth a look.
    for element in _following(body):
        if not is_chrome(element, chrome):
            yield from _attachments((one for one in enclosed_by(element) if document_in(one.url)), base)


def pages_in(body: HtmlElement, base: str) -> Iterator[Attachment]:
    """What stands for the words of an article without any: framed pages, else its page-sized pictures, in order."""
    found = list(enclosed_in(body, is_bare=True))
    framed = [one for one in found if one.kind is EnclosureKind.FRAME]
    pictures = (one for one in found if one.kind is EnclosureKind.IMAGE)
    yield from _attachments(framed or islice(pictures, _MOST_PICTURES), base)


def holds_file(element: HtmlElement) -> bool:
    """Whether an element without words would be an article all the same."""
    return any(enclosed_in(element, is_bare=True))


def _attachments(enclosures: Iterable[Enclosure], base: str) -> Iterator[Attachment]:
    for one in enclosures:
        if url := absolute(base, one.url):
            yield Attachment(url, one.name or (url.rsplit("/", 1)[-1] if one.kind is EnclosureKind.IMAGE else ""))


def _following(element: HtmlElement) -> Iterator[HtmlElement]:
    """The links and frames after an element, in document order."""
    node: HtmlElement | None = element
    while node is not None:
        for sibling in node.itersiblings():
            yield from sibling.iter(*_HOLDERS)
        node = node.getparent()
