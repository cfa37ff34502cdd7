"""Hanweb 大汉 JCMS: `/col/colN/` columns whose records lie in a script's CDATA, further ones behind dataproxy.jsp.

Annual reports stand in slots of their own, `xxgkAnnualReport.jsp?area=<code>&fbtime=<report year>`: a filled slot is an
article, an empty one a list without the report. The query string decides what a page is and is never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.pages.base import MOST_PAGES, Follow, Page, tail_of
from crawler.pages.links import Link, read_links
from crawler.pages.markup import absolute, parse, same_site
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
_TOTAL: Final = re.compile(r"(?:<totalrecord>|\btotalRecord\s*[:=])\s*[\"']?(\d{1,8})", re.IGNORECASE)
_TOTAL_PAGES: Final = re.compile(r"<totalpage>\s*(\d{1,8})", re.IGNORECASE)
_UNIT: Final = re.compile(r"unitid[\"']?\s*[=:]\s*[\"']?(\d+)|jpageform_(\d+)", re.IGNORECASE)
_COLUMN: Final = re.compile(r"columnid[\"']?\s*[=:]\s*[\"']?(\d+)", re.IGNORECASE)
_SLOT: Final = "xxgkannualreport.jsp"
_HREF: Final = re.compile(r"""href\s*=\s*(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL)
#: Servers cut off longer answers.
_MOST_RECORDS: Final = 100
_MOST_READ: Final = 5000


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
        """The markup of each record, in order; the page's own HTML parser cannot see into them."""
        records = []
        for piece in islice(self.html.split("<record>")[1:], _MOST_READ):
            content = piece.split("</record>", 1)[0].split("<![CDATA[", 1)[-1].split("]]>", 1)[0].strip()
            if content:
                records.append(content)
        return records

    @cached_property
    def links(self) -> list[Link]:
        found = read_links(self.tree, self.base)
        if not self._records:
            return found
        # A record is a row of its own, whatever element it is written as; table rows need their table.
        wrapped = "".join(
            f"<table>{record}</table>" if record[:3].lower() == "<tr" else f"<div>{record}</div>"
            for record in self._records
        )
        recorded = read_links(parse(f"<div>{wrapped}</div>").tree, self._records_base)
        known = {link.url for link in recorded}
        return [*recorded, *(link for link in found if link.url not in known)]

    @property
    def _records_base(self) -> str:
        return self.base

    # ── paging ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def next_pages(self) -> list[Follow]:
        if self._records or "dataproxy.jsp" in self.html:
            return self._unique(self._groups())
        # `?pageNum=3` only changes what the browser shows: the server answers with page 1.
        return [follow for follow in super().next_pages() if "pageNum=" not in follow.url]

    def _groups(self) -> Iterator[Follow]:
        asked = dict(_query(self.url))
        total = _most(_TOTAL, self.html)
        if "dataproxy.jsp" in self.url and asked.get("startrecord"):
            yield from _following_groups(self.url, total, _number(asked.get("perpage")), _number(asked.get("page")))
            return
        size, pages = len(self._records), _most(_TOTAL_PAGES, self.html)
        # The first group is a whole number of pages; of another number of records, no window can be computed.
        regular = 0 < size <= _MOST_RECORDS and (not pages or size % max(-(-total // pages), 1) == 0)
        if proxy := self._proxy():
            if "dataproxy.jsp" not in self.url and regular and total > size:
                yield from _following_groups(proxy, total, size, 1)
            elif self._nextgroup() and (self._records or total > size):
                yield Follow(proxy)

    def _nextgroup(self) -> str:
        """The address that the page itself names for its next group of records."""
        group = self.html.partition("<nextgroup>")[2].partition("</nextgroup>")[0]
        match = _HREF.search(group)
        return absolute(self.base, match[2].replace("&amp;", "&")) if match else ""

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
        if _SLOT in self.url.lower() and not dict(_query(self.url)).get("fbtime"):
            return None
        return super().article()

    def sublists(self, years: tuple[int, ...]) -> list[Follow]:
        slots = [Follow(url) for url in self._slots(years)]
        others = [follow for follow in super().sublists(years) if _SLOT not in follow.url.lower()]
        return [follow for follow in self._unique([*slots, *others]) if slot_key(follow.url) != slot_key(self.url)]

    def _slots(self, years: tuple[int, ...]) -> Iterator[str]:
        """The slot of each wanted year, for this page's agency and for each agency that it links to."""
        seen = set()
        for url in (self.url, *(link.url for link in self.links)):
            query = dict(_query(url))
            area = query.get("area", "")
            place = url.split("?", 1)[0]
            if not place.lower().endswith(_SLOT) or not area or not same_site(self.url, url) or area in seen:
                continue
            seen.add(area)
            others = [(name, value) for name, value in _query(url) if name not in ("area", "fbtime")]
            for year in years:
                yield f"{place}?{urlencode([('area', area), ('fbtime', str(year)), *others])}"


def slot_key(url: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """The identity of a page whose query decides what it is, whatever the order of its parameters."""
    return url.split("?", 1)[0], frozenset(_query(url))


def _following_groups(proxy: str, total: int, size: int, current: int) -> Iterator[Follow]:
    """Requests for the records after the `current` group of `size`.

    Servers heed `page` with `perpage`, or `startrecord` with `endrecord`; both are given and agree.
    """
    if size <= 0:
        return
    place = proxy.split("?", 1)[0]
    kept = [
        (name, value) for name, value in _query(proxy) if name not in ("page", "perpage", "startrecord", "endrecord")
    ]
    for page in range(max(current, 1) + 1, min(-(-total // size), MOST_PAGES) + 1):
        window = [
            ("page", page),
            ("perpage", size),
            ("startrecord", (page - 1) * size + 1),
            ("endrecord", min(page * size, total)),
        ]
        yield Follow(f"{place}?{urlencode([*kept, *window])}")


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


def _most(pattern: re.Pattern[str], html: str) -> int:
    return max(map(int, pattern.findall(html)), default=0)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else 0
