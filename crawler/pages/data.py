"""Data answers: JSON or JSONP as a list, whatever the platform; and what the platforms with such lists have in common.

What is no such answer is read as an ordinary page. A family whose lists come from an endpoint says where (`endpoints`).
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

from crawler.pages.base import Follow, Page
from crawler.pages.datastore import record_links, records_in, total_pages, total_records
from crawler.pages.links import Link
from crawler.pages.markup import Markup, absolute, parse
from crawler.pages.records import Answer, read_answer
from crawler.pages.turning import Extent, turned
from monitor.exchange import ArticleFacts
from monitor.text import clean

_PAGE_COUNT: Final = re.compile(
    r"\b(?:pageCount|totalPages?|countPage)\b[\"']?\s{0,9}[:=]\s{0,9}[\"']?(\d{1,5})\b|共\s*(\d{1,5})\s*页|\d\s*/\s*(\d{1,5})\s*页",
    re.IGNORECASE,
)
_RECORD_COUNT: Final = re.compile(
    r"\b(?:totalCount|recordCount|totalRecords?)\b[\"']?\s{0,9}[:=]\s{0,9}[\"']?(\d{1,7})\b|共\s*(\d{1,7})\s*条",
    re.IGNORECASE,
)
#: A pager of JPaaS: <div class="pagination" rows="24" count="48" pageNo="1">.
_PAGER: Final = re.compile(r"<[a-z]\w{0,10}\s[^<>]{0,400}\bpage(?:No|Index)\s*=[^<>]{0,400}>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"\b(rows|count|pagecount)\s*=\s*[\"']?(\d{1,7})", re.IGNORECASE)


class DataPage(Page):
    """A data answer of any platform, or a page of a family whose lists are such answers."""

    family = "data"
    #: How the first page of this family's lists is numbered.
    first_page: int = 1

    def __init__(self, url: str, html: str, markup: Markup | None = None, asked: Follow | None = None) -> None:
        self.answer: Answer | None = read_answer(html)
        # The HTML of a data answer is what stands in its strings.
        super().__init__(url, html, parse(self.answer.markup) if self.answer else markup, asked)

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return bool(html) and read_answer(html) is not None

    @property
    def markup_text(self) -> str:
        """The page's HTML; of a data answer, the HTML in it."""
        return self.answer.markup if self.answer else self.html

    @cached_property
    def links(self) -> list[Link]:
        entries = self.answer.entries if self.answer else ()
        told = [
            Link(url, entry.title, entry.listed_on, entry=True)
            for entry in entries
            if (url := absolute(self.base, entry.address))
        ]
        told += record_links(records_in(self.markup_text), self.base)
        found = {link.url: link for link in [*super().links, *reversed(told)]}
        order = dict.fromkeys(link.url for link in [*told, *super().links])
        return [found[url] for url in order]

    def next_pages(self) -> list[Follow]:
        return self._unique([*turned(self.asked, self.extent, first=self.first_page), *super().next_pages()])

    @cached_property
    def extent(self) -> Extent:
        """How large the list says that it is."""
        shown = len(self.rows())
        text = self.markup_text
        pager = dict(_ATTRIBUTE.findall(" ".join(_PAGER.findall(text)[:9]).lower()))
        words = f"{clean(self.tree.text_content()[:200_000])} {self.scripts}"
        answer = self.answer or Answer((), "", 0, 0, 0)
        return Extent(
            shown=shown,
            records=answer.records or int(pager.get("count", 0)) or total_records(text) or _most(_RECORD_COUNT, words),
            pages=answer.pages or int(pager.get("pagecount", 0)) or total_pages(text) or _most(_PAGE_COUNT, words),
            size=int(pager.get("rows", 0)) or answer.size,
        )

    @cached_property
    def _facts(self) -> ArticleFacts | None:
        # A list in data is no article, whatever words stand in it.
        return None if self.answer else super()._facts


def _most(pattern: re.Pattern[str], text: str) -> int:
    return max((int(next(filter(None, found))) for found in pattern.findall(text)), default=0)
