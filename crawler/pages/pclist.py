"""集约化 platform (`/<site>/<column>/pc/list.html`): lists and attachments lie in the page as JavaScript data.

An article's address is JSON in that data's JSON (`urls`); an attachment's path is opaque, its name is `fileName`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, Final

from crawler.pages.base import MOST_PAGES, Follow, Page, Row, tail_of
from crawler.pages.literals import read_json, read_literal
from crawler.pages.markup import absolute
from monitor.dates import first_date
from monitor.exchange import Attachment
from monitor.text import clean

_URL: Final = re.compile(r"/pc/(?:list(?:_\d+)?\.html|content/content_\d+)", re.IGNORECASE)
_MARK: Final = re.compile(r"""articleList["']?\s*[:=]\s*\[\s*\{|/pc/content/content_\d{6,}""")
_LISTS: Final = re.compile(r"""["']?\b(articleList|articleFiles)["']?\s*[:=]\s*(?=\[)""")
_TOTAL: Final = re.compile(
    r"""["']?\b(?:pageCount|totalPages?|countPage)["']?\s*[:=]\s*["']?(\d{1,4})""", re.IGNORECASE
)
_RECORDS: Final = re.compile(
    r"""["']?\b(?:total|totalCount|totalRecords?|recordCount)["']?\s*[:=]\s*["']?(\d{1,6})\b""", re.IGNORECASE
)
_PAGE_SIZE: Final = re.compile(r"""["']?\bpageSize["']?\s*[:=]\s*["']?(\d{1,4})""", re.IGNORECASE)
_PAGE_FILE: Final = re.compile(r"/list(?:_(\d{1,6}))?\.html")
#: So many lists that do not end are enough to know that a page is broken.
_MOST_BROKEN: Final = 3


class PclistPage(Page):
    """A page of the 集约化 platform."""

    family = "pclist"
    article_url = re.compile(r"/content/content_\d+|/content_[0-9a-f]+\.html", re.IGNORECASE)
    list_url = re.compile(r"/pc/list(?:_\d+)?\.html|/$|/(?:index|list)(?:_\d+)?\.\w+$", re.IGNORECASE)
    bodies = ("ucap-content", "pages_content", "zoom", "article-content")

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return bool(_URL.search(tail_of(url)) or _MARK.search(html))

    def rows(self) -> list[Row]:
        own = [row for item in self._data["articleList"] if (row := self._row(item))]
        known = {row.url for row in own}
        return [*own, *(row for row in super().rows() if row.url not in known)]

    def next_pages(self) -> list[Follow]:
        return self._unique([*super().next_pages(), *self._counted()])

    def _row(self, item: dict[str, Any]) -> Row | None:
        title = clean(re.sub(r"<[^>]*>", "", _text(item.get("title"))))
        url = self._item_url(item)
        return Row(url, title, _day(item)) if url and title else None

    def _item_url(self, item: dict[str, Any]) -> str:
        """The article's address; an entry that is only a file leads to the file."""
        urls = item.get("urls")
        if isinstance(urls, str):
            urls = read_json(urls) or urls
        if isinstance(urls, dict):
            urls = urls.get("pc") or next(iter(urls.values()), "")
        for address in (urls, item.get("url"), item.get("link")):
            if found := absolute(self.base, _text(address)):
                return found
        return next((file.url for file in self._files(item.get("articleFiles"))), "")

    def _files(self, items: object) -> Iterator[Attachment]:
        for item in items if isinstance(items, list) else ():
            if not isinstance(item, dict) or not (path := _text(item.get("filePath"))):
                continue
            host = _text(item.get("domainName")).rstrip("/")
            if host and "//" not in host:
                host = f"//{host}"
            if url := absolute(self.base, path if "//" in path else host + path):
                yield Attachment(url, clean(_text(item.get("fileName"))) or url.rsplit("/", 1)[-1])

    def _further_attachments(self) -> tuple[Attachment, ...]:
        # On a list the files are those of its entries, not of the page.
        return () if self._data["articleList"] else tuple(self._files(self._data["articleFiles"]))

    @cached_property
    def _data(self) -> dict[str, list[dict[str, Any]]]:
        """The lists that the page's scripts hold, by name."""
        data: dict[str, list[dict[str, Any]]] = {"articleList": [], "articleFiles": []}
        at = broken = 0
        while broken < _MOST_BROKEN and (match := _LISTS.search(self._source, at)):
            values, at = read_literal(self._source, match.end())
            broken += values is None
            data[match[1]] += [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
        return data

    @cached_property
    def _source(self) -> str:
        # Data in strings must not lose its "//": the raw scripts are read where the live ones hold nothing.
        return self.scripts if _LISTS.search(self.scripts) else self.html

    def _counted(self) -> Iterator[Follow]:
        """The further pages, where the data says how many there are and no pager is written out."""
        own = _PAGE_FILE.search(self.url)
        shown = len(self._data["articleList"])
        if own is None or not shown:
            return
        pages = max(map(int, _TOTAL.findall(self.scripts)), default=0)
        records = max(map(int, _RECORDS.findall(self.scripts)), default=0)
        if not pages and records > shown and own[1] is None:
            size = max(map(int, _PAGE_SIZE.findall(self.scripts)), default=0) or shown
            pages = -(-records // size)
        place = self.url[: own.start()]
        for number in range(int(own[1] or 1) + 1, min(pages, MOST_PAGES) + 1):
            yield Follow(
                f"{place}/list_{number}.html",
                alternatives=(f"{place}/list.html?pageNo={number}", f"{place}/list.html?page={number}"),
            )


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int) else ""


def _day(item: dict[str, Any]) -> date | None:
    return next(
        (
            day
            for key in ("pubDate", "publishDate", "pubTime", "publishTime")
            if (day := first_date(_text(item.get(key))))
        ),
        None,
    )
