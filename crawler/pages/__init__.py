"""Page families: a page is a value, (url, html) in, facts out. `page_for` finds the family of a page.

A new CMS family is one module here and one line in FAMILIES.
"""

from __future__ import annotations

from typing import Final

from crawler.pages.base import Follow, Page, Row
from crawler.pages.data import DataPage
from crawler.pages.epoint import EpointPage
from crawler.pages.generic import GenericPage
from crawler.pages.gongkai import GongkaiPage
from crawler.pages.hanweb import HanwebPage
from crawler.pages.jpaas import JpaasPage
from crawler.pages.kaipu import KaipuPage
from crawler.pages.longxun import LongxunPage
from crawler.pages.markup import Markup, parse
from crawler.pages.openness import OpennessPage
from crawler.pages.pclist import PclistPage
from crawler.pages.trs import TrsPage
from crawler.pages.truecms import TruecmsPage

#: In the order of detection: data is data whatever it speaks of; then those whose addresses are unmistakable, the
#: fallback last.
FAMILIES: Final[tuple[type[Page], ...]] = (
    DataPage, GongkaiPage, OpennessPage, PclistPage, HanwebPage, TruecmsPage, JpaasPage, EpointPage, LongxunPage,
    KaipuPage, TrsPage, GenericPage,
)  # fmt: skip
FAMILY_NAMES: Final = tuple(family.family for family in FAMILIES)

__all__ = ["FAMILIES", "FAMILY_NAMES", "Follow", "Page", "Row", "page_for"]


def page_for(url: str, html: str, family: str = "", markup: Markup | None = None, asked: Follow | None = None) -> Page:
    """A page read as its family.

    `family`: what the registry says of the portal ("" or an unknown name: nothing). It wins, unless the page is marked
    as another family's and says more as that: portals of two generations mix them. `markup`: the page parsed already.
    `asked`: the request that the page answers, where it was more than its address.
    """
    markup = markup or parse(html)
    detected = _detect(url, html)(url, html, markup, asked)
    if family not in FAMILY_NAMES or detected.family in (family, DataPage.family):
        return detected
    own = next(kind for kind in FAMILIES if kind.family == family)(url, html, markup, asked)
    if isinstance(detected, type(own)):
        return detected
    certain = isinstance(detected, GenericPage) or (own.recognises(url, "") and not isinstance(own, GenericPage))
    return own if certain or _substance(own) >= _substance(detected) else detected


def _detect(url: str, html: str) -> type[Page]:
    """The family by its addresses; where they tell nothing, by marks in the page, which may only link to another's.

    Of a family and one that grew out of it, which share addresses, the mark tells. An answer in JSON is data, unless
    the family whose address it bears reads such answers its own way.
    """
    by_address = (kind for kind in FAMILIES if kind is not GenericPage and kind.recognises(url, ""))
    found = next(by_address, None) or next(kind for kind in FAMILIES if kind.recognises(url, html))
    if not issubclass(found, DataPage) and DataPage.recognises(url, html):
        return DataPage
    grown = (kind for kind in FAMILIES if kind is not found and issubclass(kind, found) and kind.recognises(url, html))
    return found if found is DataPage else next(grown, found)


def _substance(page: Page) -> int:
    """How much a page says in a family's reading: dated rows, where its list is, and whether it is an article."""
    listed = sum(row.listed_on is not None for row in page.rows())
    return listed + bool(page.endpoints()) + (page.article() is not None)
