"""TRS WCM (拓尔思): static lists in folders, articles `YYYYMM/tYYYYMMDD_<id>.html`, pagers that a script draws.

Page 1 is `index.ext`, page k is `index_{k-1}.ext`; some sites write `index_k` instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crawler.pages.base import MOST_PAGES, Follow, Page
from crawler.pages.markup import absolute, host_and_path, same_site
from monitor.titles import year_in

_URL: Final = re.compile(r"/t20\d{6}_\d+\.s?html?")
_MARKS: Final = (
    "createPageHTML",
    "TRS_Editor",
    "trs_editor_view",
    "TRS_UEDITOR",
    "Custom_UnionStyle",
    "countPage",
    "m_nPageCount",
)
_CALL: Final = re.compile(
    r"""createPage(?:HTML)?\d?\s*\(\s*["']?(\d{1,6})["']?\s*,\s*["']?(\d{1,6})["']?\s*,\s*["']([^"']*)["']\s*,"""
    r"""\s*["']\.?(\w+)["']""",
    re.IGNORECASE,
)
_COUNT: Final = re.compile(r"\b(?:countPage|m_nPageCount|_?PAGE_COUNT)\s*=\s*[\"']?(\d{1,6})")
_CURRENT: Final = re.compile(r"\b(?:currentPage|m_nCurrPage|_?PAGE_INDEX)\s*=\s*[\"']?(\d{1,6})")
_OBJECT: Final = re.compile(r"\bPager\s*\(\s*\{([^}]{0,2000})\}")
#: What `Pager({…})` calls the number of its pages, the surest first, and that of its records.
_OBJECT_PAGES: Final = ("pagecount", "countpage", "totalpages", "totalpage", "pages")
_OBJECT_RECORDS: Final = ("recordcount", "totalrecords", "totalrecord", "totalcount", "total", "count")
_ARTICLE_ENDING: Final = re.compile(r"/t\d{8}_\d+\.(s?html?)$", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(?P<name>[\w-]*?)_(?P<number>\d{1,6})\.(?P<ext>\w+)$")
_ARTICLE_NAME: Final = re.compile(r"t\d{8}_")
#: No article has more parts.
_MOST_PARTS: Final = 30


@dataclass(frozen=True, slots=True)
class _Pager:
    """A list of `count` pages, this one being the `current` (from 0), in files `name_{k}.ext`."""

    count: int
    current: int
    name: str
    ext: str


class TrsPage(Page):
    """A page of TRS WCM."""

    family = "trs"
    article_url = re.compile(r"/t\d{8}_\d+|/\d{6}/[^/]*\d{4,}\.s?html?$|/P0\d{14,}", re.IGNORECASE)
    list_url = re.compile(r"/(?:\?.*)?$|/(?:index|default|list)(?:_\d+)?\.\w+$|/[\w-]*[a-z][\w-]*$", re.IGNORECASE)
    bodies = (
        "trs_editor", "trs_editor_view", "trs_ueditor", "trs_preappend", "custom_unionstyle", "zoom", "article-body",
    )  # fmt: skip

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return bool(_URL.search(url) or _URL.search(html)) or any(mark in html for mark in _MARKS)

    def next_pages(self) -> list[Follow]:
        counted = (follow for follow in self._counted() if same_site(self.url, follow.url))
        return self._unique([*counted, *super().next_pages()])

    def sublists(self, years: tuple[int, ...]) -> list[Follow]:
        return self._unique([*super().sublists(years), *self._other_years(years)])

    def _parts(self) -> Iterator[str]:
        yield from super()._parts()
        found = _URL.search(self.url)
        calls = [match for match in _CALL.finditer(self.scripts) if _ARTICLE_NAME.match(match[3])]
        for call in calls if found else ():
            for number in range(1, min(int(call[1]), _MOST_PARTS)):
                yield absolute(self.url, f"{call[3]}_{number}.{call[4]}")

    def _counted(self) -> Iterator[Follow]:
        pager = self._pager()
        if pager is None:
            return
        shift = self._shift(pager)
        for index in range(pager.current + 1, min(pager.count, MOST_PAGES)):
            url = self._page(pager, index + (shift or 0))
            # Where no page tells how it counts, the other way of counting is worth a try.
            yield Follow(url, alternatives=(self._page(pager, index + 1),) if shift is None else ())

    def _page(self, pager: _Pager, number: int) -> str:
        return absolute(self.url, f"{pager.name}_{number}.{pager.ext}")

    def _pager(self) -> _Pager | None:
        """The list's pager. One named like an article parts a long article and is none of a list."""
        calls = [match for match in _CALL.finditer(self.scripts) if not _ARTICLE_NAME.match(match[3])]
        if calls:
            call = max(calls, key=lambda match: int(match[1]))
            return _Pager(int(call[1]), int(call[2]), call[3] or "index", call[4])
        if _URL.search(self.url):
            return None
        name, ext = self._file()
        if counts := [int(count) for count in _COUNT.findall(self.scripts)]:
            current = _CURRENT.search(self.scripts)
            return _Pager(max(counts), int(current[1]) if current else 0, name, ext)
        if options := _OBJECT.search(self.scripts):
            return _object_pager(options[1], name, ext)
        return None

    def _file(self) -> tuple[str, str]:
        """Name and extension of this list's first page."""
        file = host_and_path(self.url)[1].rsplit("/", 1)[-1]
        if file:
            stem, _, ext = file.partition(".")
            return re.sub(r"_\d+$", "", stem) or "index", ext or "html"
        numbered = (_NUMBERED.search(link.url) for link in self.links if re.fullmatch(r"\d{1,3}", link.title))
        return next(((match["name"], match["ext"]) for match in numbered if match), ("index", self._habit()))

    def _habit(self) -> str:
        """The extension that a portal's files have, by the articles of this list."""
        endings = Counter(match[1].lower() for link in self.links if (match := _ARTICLE_ENDING.search(link.url)))
        return endings.most_common(1)[0][0] if endings else "html"

    def _shift(self, pager: _Pager) -> int | None:
        """How far file numbers are ahead of `index - 1`: 0 or 1, None where this page does not tell."""
        own = _NUMBERED.search(host_and_path(self.url)[1])
        if own and pager.current > 0:
            return int(own["number"]) - pager.current
        for link in self.links:
            match = _NUMBERED.search(host_and_path(link.url)[1])
            if match and match["name"] == pager.name and re.fullmatch(r"\d{1,3}", link.title) and link.title != "1":
                return int(match["number"]) - (int(link.title) - 1)
        return None

    def _other_years(self, years: tuple[int, ...]) -> Iterator[Follow]:
        """The parent of a year column of another year: that is where the columns of `years` are listed."""
        segments = host_and_path(self.url)[1].rsplit("/", 1)[0].split("/")
        for depth, segment in enumerate(segments):
            year = year_in(segment)
            if year is not None and year not in years and self.is_report_column and depth > 1:
                yield Follow(absolute(self.url, "/".join(segments[:depth]) + "/"))
                return


def _object_pager(options: str, name: str, ext: str) -> _Pager | None:
    """The pager that `Pager({…})` draws. `size` is the number of pages, or of records on one where those are told."""
    values = {key.lower(): value for key, value in re.findall(r"""["']?(\w+)["']?\s*:\s*["']?\.?([\w-]+)""", options)}
    numbers = {key: int(value) for key, value in values.items() if re.fullmatch(r"\d{1,6}", value)}
    count = next((numbers[key] for key in _OBJECT_PAGES if key in numbers), 0)
    records = next((numbers[key] for key in _OBJECT_RECORDS if key in numbers), 0)
    size = next((numbers[key] for key in ("pagesize", "perpage", "size") if numbers.get(key)), 0)
    if not count:
        count = -(-records // size) if records and size else records or size
    return _Pager(count, numbers.get("current", 0), values.get("prefix", name), values.get("suffix", ext))
