"""Page families: a page is a value, (url, html) in, facts out. `page_for` finds the family of a page.

A new CMS family is one module here and one line in FAMILIES.
"""

from __future__ import annotations

from typing import Final

from crawler.pages.base import Follow, Page, Row
from crawler.pages.generic import GenericPage
from crawler.pages.gongkai import GongkaiPage
from crawler.pages.hanweb import HanwebPage
from crawler.pages.markup import Markup, parse
from crawler.pages.openness import OpennessPage
from crawler.pages.pclist import PclistPage
from crawler.pages.trs import TrsPage

#: In the order of detection: those whose addresses are unmistakable first, the fallback last.
FAMILIES: Final[tuple[type[Page], ...]] = (GongkaiPage, OpennessPage, PclistPage, HanwebPage, TrsPage, GenericPage)
FAMILY_NAMES: Final = tuple(family.family for family in FAMILIES)

__all__ = ["FAMILIES", "FAMILY_NAMES", "Follow", "Page", "Row", "page_for"]


def page_for(url: str, html: str, family: str = "", markup: Markup | None = None) -> Page:
    """A page read as its family.

    `family`: what the registry says of the portal ("" or an unknown name: nothing). It wins, unless the page is marked
    as another family's and says more as that: portals of two generations mix them. `markup`: the page parsed already.
    """
    markup = markup or parse(html)
    detected = _detect(url, html)(url, html, markup)
    if family == detected.family or family not in FAMILY_NAMES:
        return detected
    own = next(kind for kind in FAMILIES if kind.family == family)(url, html, markup)
    if isinstance(detected, GenericPage) or own.recognises(url, "") or _substance(own) >= _substance(detected):
        return own
    return detected


def _detect(url: str, html: str) -> type[Page]:
    """The family by its addresses; where they tell nothing, by marks in the page, which may only link to another's."""
    by_address = (kind for kind in FAMILIES if kind is not GenericPage and kind.recognises(url, ""))
    return next(by_address, None) or next(kind for kind in FAMILIES if kind.recognises(url, html))


def _substance(page: Page) -> int:
    """How much a page says in a family's reading: dated rows, and whether it is an article."""
    return sum(row.listed_on is not None for row in page.rows()) + (page.article() is not None)
