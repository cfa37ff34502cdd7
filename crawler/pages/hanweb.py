"""Hanweb 大汉 JCMS: `/col/colN/` columns whose records lie in a script's CDATA, further ones behind dataproxy.jsp.

Annual reports stand in slots of their own, `xxgkAnnualReport.jsp?area=<code>&fbtime=<report year>`: a filled slot is an
article, an empty one a list without the report. The query string decides what a page is and is never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from crawler.pages.base import Follow, Page, Row, tail_of
from crawler.pages.datastore import proxy_call, record_links, records_in, total_pages, total_records, window_of
from crawler.pages.links import Link, read_links
from crawler.pages.markup import absolute
from crawler.pages.turning import Extent, turned
from crawler.pages.xxgk import SEARCH, SLOT, own_rows, query_of, search_request, slot_key, slots
from monitor.exchange import ArticleFacts

_MARKS: Final = (
    "dataproxy.jsp",
    "/module/xxgk/",
    "/module/web/",
    "/module/download/",
    "jcms_files",
    "<datastore>",
    "hanweb.com",
    "ZJEG_RSS",
)
_URL: Final = re.compile(r"/col/col\d+|/art/20\d\d/|/module/(?:xxgk|web|jpage)/|dataproxy\.jsp", re.IGNORECASE)
_PROXY: Final = re.compile(r"""["'(]\s*([^"'()\s]*dataproxy\.jsp[^"'()\s]*)""")
_UNIT: Final = re.compile(r"unitid[\"']?\s*[=:]\s*[\"']?(\d+)|jpageform_(\d+)", re.IGNORECASE)
_COLUMN: Final = re.compile(r"columnid[\"']?\s*[=:]\s*[\"']?(\d+)", re.IGNORECASE)
_HREF: Final = re.compile(r"""href\s*=\s*(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL)
_PAGES: Final = re.compile(r"共\s*(\d{1,4})\s*页")
#: Where dataproxy.jsp stands, of late and of old.
_PLACES: Final = ("/module/web/jpage/dataproxy.jsp", "/module/jpage/dataproxy.jsp")
#: Servers cut off longer answers.
_MOST_RECORDS: Final = 100


class HanwebPage(Page):
    """A page of Hanweb JCMS, or an answer of its dataproxy.jsp."""

    family = "hanweb"
    article_url = re.compile(r"/art/20\d\d/|/art_\d+_\d+|/art/\d{14}_|/art_[0-9a-f]{32}", re.IGNORECASE)
    list_url = re.compile(
        r"/col/col?\d+/(?:index\.html)?(?:\?.*)?$|/$|/(?:index|default)\.\w+$|xxgkAnnualReport\.jsp", re.IGNORECASE
    )
    bodies = (
        "zoom",
        "bt_content",
        "bt-content",
        "main-txt",
        "article-content",
        "article",
        "infocontent",
        "ivs_content",
    )

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return bool(_URL.search(tail_of(url))) or any(mark in html for mark in _MARKS)

    # ── records in CDATA ────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _records(self) -> list[str]:
        return records_in(self.html)

    @cached_property
    def links(self) -> list[Link]:
        recorded = record_links(self._records, self.base)
        known = {link.url for link in recorded}
        return [*recorded, *(link for link in read_links(self.tree, self.base) if link.url not in known)]

    def rows(self) -> list[Row]:
        return own_rows(super().rows(), self.asked) if self._is_search else super().rows()

    # ── paging ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def next_pages(self) -> list[Follow]:
        if self._records or "dataproxy.jsp" in self.html:
            return self._unique(self._groups())
        if self._is_search:
            pages = max(map(int, _PAGES.findall(self.tree.text_content())), default=0)
            # The rows that are the page's frame, or another column's, are no measure of how full it is.
            return self._unique(turned(self.asked, Extent(shown=0, pages=pages)))
        # `?pageNum=3` only changes what the browser shows: the server answers with page 1.
        return [follow for follow in super().next_pages() if "pageNum=" not in follow.url]

    def endpoints(self) -> list[Follow]:
        if self._is_answer or SLOT in self.url.lower():
            return []
        if "dataproxy.jsp" in self.html:
            first = self._first_group()
            return [first] if first and not self._records else []
        search = search_request(self.url, self.html, self.tree, self.base)
        return [search] if search and not super().article() else []

    @property
    def _is_search(self) -> bool:
        return SEARCH in self.url.lower()

    @property
    def _is_answer(self) -> bool:
        return self._is_search or "dataproxy.jsp" in self.url

    def _groups(self) -> Iterator[Follow]:
        asked = dict([*query_of(self.url), *self.asked.form])
        total, size, pages = total_records(self.html), len(self._records), total_pages(self.html)
        if "dataproxy.jsp" in self.url and asked.get("startrecord"):
            yield from turned(self.asked, Extent(shown=size, records=total))
            return
        # The first group is a whole number of pages; of another number of records, no window can be computed.
        regular = 0 < size <= _MOST_RECORDS and (not pages or size % max(-(-total // pages), 1) == 0)
        if not (proxy := self._proxy()):
            return
        if "dataproxy.jsp" not in self.url and regular and total > size:
            following = turned(self._window(proxy, size), Extent(shown=size, records=total))
        elif self._nextgroup() and (self._records or total > size):
            following = [Follow(proxy)]
        else:
            following = []
        yield from self._elsewhere(following[0]) if following and self._is_relative else following

    @property
    def _is_relative(self) -> bool:
        """Whether a column page names the next group as if it stood beside dataproxy.jsp."""
        return "dataproxy.jsp" not in self.url and bool(re.search(r"""["']\./dataproxy\.jsp""", self._group()))

    def _elsewhere(self, follow: Follow) -> Iterator[Follow]:
        """A request for what the platform has in one of several places; the answer names the rest itself."""
        query = follow.url.partition("?")[2]
        places = [absolute(self.base, place) for place in (proxy_call(self.scripts)[0], *_PLACES) if place]
        first, *others = dict.fromkeys(f"{place.partition('?')[0]}?{query}" for place in places)
        yield Follow(first, form=follow.form, alternatives=(*others, follow.url))

    def _first_group(self) -> Follow | None:
        """The first records of a column that holds none itself."""
        proxy = self._proxy()
        size = window_of(self.scripts)[1]
        total = total_records(self.html)
        return self._window(proxy, min(size, total) if total else size) if proxy else None

    def _window(self, proxy: str, size: int) -> Follow:
        """The request for the first `size` records.

        Servers heed `page` with `perpage`, or `startrecord` with `endrecord`; both are given and agree. The page's
        script posts its parameters where the page names no address; servers take them from the query or the form.
        """
        window = [("page", "1"), ("perpage", str(size)), ("startrecord", "1"), ("endrecord", str(size))]
        kept = {name: value for name, value in query_of(proxy) if name not in dict(window)}
        kept = {**proxy_call(self.scripts)[1], **kept} if not self._nextgroup() else kept
        url = f"{proxy.split('?', 1)[0]}?{urlencode([*kept.items(), *window])}"
        return Follow(url, form=() if self._nextgroup() else (*kept.items(), *window))

    def _nextgroup(self) -> str:
        """The address that the page itself names for its next group of records."""
        match = _HREF.search(self._group())
        return absolute(self.base, match[2].replace("&amp;", "&")) if match else ""

    def _group(self) -> str:
        return self.html.partition("<nextgroup>")[2].partition("</nextgroup>")[0]

    def _proxy(self) -> str:
        """The address of the records, with the parameters of this list."""
        if named := self._nextgroup():
            return named
        match = _PROXY.search(self.scripts)
        unit, column = _UNIT.search(self.html), _COLUMN.search(self.html)
        if match is None or unit is None:
            return ""
        url = absolute(self.base, match[1])
        if "unitid=" in url or not url:
            return url
        number = column[1] if column else next(iter(re.findall(r"/col/col(\d+)", self.url)), "")
        return f"{url}{'&' if '?' in url else '?'}{urlencode({'columnid': number, 'unitid': unit[1] or unit[2]})}"

    # ── slots of annual reports ─────────────────────────────────────────────────────────────────────────────────────

    def article(self) -> ArticleFacts | None:
        # Without a year the page shows whichever report is the newest: its own slot is where that report stands.
        if SLOT in self.url.lower() and not dict(query_of(self.url)).get("fbtime"):
            return None
        return super().article()

    def sublists(self, years: tuple[int, ...]) -> list[Follow]:
        own = [Follow(url) for url in slots(self.url, (link.url for link in self.links), years)]
        others = [follow for follow in super().sublists(years) if SLOT not in follow.url.lower()]
        return [
            follow
            for follow in self._unique([*own, *others])
            if follow.is_posted or slot_key(follow.url) != slot_key(self.url)
        ]
