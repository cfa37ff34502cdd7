"""Meetfine "Openness" (安徽): the page number stands in the path, and annual reports have a controller of their own.

`OpennessContent/showList/<branch>/<column>/page_<N>.html` lists, `…/show/<id>.html` is an article; older portals ask by
query (`?branch_id=&column_code=&page=`). A walk through the information list alone misses `OpennessAnnualReport`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crawler.pages.base import MOST_PAGES, Follow, Page, tail_of
from crawler.pages.links import Link
from crawler.pages.markup import same_site
from monitor.text import clean

_URL: Final = re.compile(r"/\w*openness\w*[/?]|/(?:Content|News)/show(?:List)?/\d", re.IGNORECASE)
_MARKS: Final = ("OpennessContent", "OpennessAnnualReport", "opennessAnnualReport", "opennessContent", "opennessGuide")
_ANNUAL: Final = re.compile(r"/openness-?AnnualReports?(?:[/?]|$)", re.IGNORECASE)
_SHOWN: Final = re.compile(r"/show/|/detail/", re.IGNORECASE)
_PAGE: Final = re.compile(r"(/page_|[?&]page=)(\d{1,6})")
_COUNT: Final = re.compile(
    r"共\s*(\d{1,4})\s*页|第?\s*\d{1,4}\s*/\s*(\d{1,4})\s*页|(?:pageCount|totalPages?|countPage)[\"']?\s*[=:]\s*[\"']?(\d{1,4})",
    re.IGNORECASE,
)


class OpennessPage(Page):
    """A page of an Openness portal."""

    family = "openness"
    article_url = re.compile(r"/show/\w+(?:\.html)?$|/detail/(?:content/)?\w+", re.IGNORECASE)
    list_url = re.compile(
        r"/showList/|/page_\d+\.html|/openness\w*/?(?:index\.html)?(?:\?.*)?$|/$|/index\.\w+$", re.IGNORECASE
    )
    bodies = ("m-article", "j-fontcontent", "m-text", "zoom", "article-content")

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return bool(_URL.search(tail_of(url))) or any(mark in html for mark in _MARKS)

    def next_pages(self) -> list[Follow]:
        return self._unique([*(Follow(url) for url in self._numbered()), *super().next_pages()])

    def _numbered(self) -> Iterator[str]:
        """The pages after this one, as many as the page says there are."""
        counts = [
            int(next(filter(None, found))) for found in _COUNT.findall(clean(self.tree.text_content()) + self.scripts)
        ]
        match = _PAGE.search(self.url)
        if not counts or self.is_article(self.url):
            return
        for number in range((int(match[2]) if match else 1) + 1, min(max(counts), MOST_PAGES) + 1):
            if match:
                yield self.url[: match.start()] + match[1] + str(number) + self.url[match.end() :]
            elif "?" in self.url:
                yield f"{self.url}&page={number}"

    def _narrows(self, link: Link, years: tuple[int, ...]) -> bool:
        tail = tail_of(link.url)
        if _ANNUAL.search(tail) and not _SHOWN.search(tail) and same_site(self.url, link.url):
            return link.url != self.url and not _is_page_of(self.url, link.url)
        return super()._narrows(link, years)


def _is_page_of(url: str, other: str) -> bool:
    """Whether two addresses are pages of one list."""
    return _PAGE.sub(r"\1", url) == _PAGE.sub(r"\1", other)
