"""Hanweb JPaaS: a column page is made of units, each filled from `…/jpaas-publish-server/front/page/build/unit`.

A unit is named by webId, pageId, tplSetId and tagId; its answer is JSON with the HTML in `data.html`. The page number
counts only wrapped: `paramJson={"pageNo":2,"pageSize":15}`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import Final
from urllib.parse import urlencode

from crawler.pages.base import MOST_PAGES, Follow, tail_of
from crawler.pages.data import DataPage
from crawler.pages.hanweb import HanwebPage
from crawler.pages.literals import addresses_with, parameters_after, places_of, read_literal, settings_around
from crawler.pages.markup import absolute
from crawler.pages.turning import turned, with_fields

_MARK: Final = "jpaas-publish-server"
_UNIT: Final = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_ADDRESS: Final = re.compile(r"jpaas-publish-server/front/page/build/unit", re.IGNORECASE)
_NAMED: Final = re.compile(r"tplSetId", re.IGNORECASE)
_QUERY_DATA: Final = re.compile(r"queryData\s*=\s*(?:\"([^\"]{1,3000})\"|'(\{[^>]{1,3000}?\})')", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"(?:data-)?\b([a-z]+)\s*=\s*(?:\"([^\"]{0,300})\"|'([^']{0,300})')", re.IGNORECASE)
#: The parameters of a unit in the order in which pages write them.
_KEYS: Final[tuple[str, ...]] = ("parseType", "webId", "tplSetId", "pageType", "tagId", "editType", "pageId")
_NEEDED: Final = frozenset({"webId", "tplSetId", "pageId"})
_USUAL: Final = {"parseType": "bulidstatic", "pageType": "column", "editType": "null"}
#: Names of units that are the list, that hold it, that stand beside it, and that are the page's frame.
_LIST: Final = re.compile(r"分页|列表|list|当前栏目|信息|页码|ajax", re.IGNORECASE)
_BESIDE: Final = re.compile(r"推荐|热点|最新|要闻|图片|相关|专题|链接|hot|recommend", re.IGNORECASE)
_PLACE: Final = re.compile(r"内容|右侧|正文|主体|zw|main|content", re.IGNORECASE)
_FRAME: Final = re.compile(
    r"导航|栏目树|头部|底部|页头|页脚|位置|左侧|菜单|友情|搜索|轮播|广告|nav|menu|head|foot|banner|logo|crumb|search",
    re.IGNORECASE,
)
_PAGE_NUMBER: Final = re.compile(r"data-page\s*=\s*[\"']?(\d{1,5})", re.IGNORECASE)
_MOST_UNITS: Final = 3
_MOST_NAMED: Final = 100


class JpaasPage(DataPage, HanwebPage):
    """A column page of JPaaS, or a unit's answer."""

    family = "jpaas"

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return _MARK in tail_of(url) or _MARK in html

    def endpoints(self) -> list[Follow]:
        if self.answer or self._is_unit:
            return []
        units = [Follow(self._request(unit)) for unit in self._list_units[:_MOST_UNITS]]
        return units or super().endpoints()

    def next_pages(self) -> list[Follow]:
        if self._is_unit:
            return self._unique([*self._turned(self.asked), *turned(self.asked, self.extent)])
        return super().next_pages()

    @property
    def _is_unit(self) -> bool:
        return _UNIT in self.url

    def _turned(self, unit: Follow) -> Iterator[Follow]:
        """The further pages of a unit, as many as its pager says."""
        extent = self.extent
        size = extent.size or extent.shown
        last = -(-extent.records // size) if extent.records and size else extent.pages
        last = last or max(map(int, _PAGE_NUMBER.findall(self.markup_text)), default=0)
        if "paramJson=" not in unit.url and size:
            wrapped = f'{{"pageNo":1,"pageSize":{size}}}'
            unit = Follow(f"{unit.url}{'&' if '?' in unit.url else '?'}{urlencode({'paramJson': wrapped})}")
            for number in range(2, min(last, MOST_PAGES) + 1):
                yield with_fields(unit, {"pageno": number})

    # ── units ───────────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _list_units(self) -> list[dict[str, str]]:
        """The units that may be the list, those first that are named so; the page's frame and its side are none."""
        units = [unit for unit in self._units() if not _FRAME.search(unit.get("tagId", ""))]
        main = [unit for unit in units if not _BESIDE.search(unit.get("tagId", ""))] or units
        sure = [unit for unit in main if _LIST.search(unit.get("tagId", ""))]
        likely = [unit for unit in main if unit not in sure and _PLACE.search(unit.get("tagId", ""))]
        return [*sure, *likely] or main

    def _units(self) -> list[dict[str, str]]:
        found: dict[tuple[str, ...], dict[str, str]] = {}
        for fields in self._written():
            lower = {name.lower(): html.unescape(str(value)) for name, value in fields.items()}
            unit = {key: lower[key.lower()] for key in _KEYS if lower.get(key.lower())}
            if unit.keys() >= _NEEDED:
                found.setdefault(tuple(unit.get(key, "") for key in _KEYS), {**_USUAL, **unit})
        return list(found.values())

    def _written(self) -> Iterator[dict[str, str]]:
        """What each place of the page that names a unit says of it: queryData, attributes, an address, a script."""
        for match in islice(_QUERY_DATA.finditer(self.html), _MOST_NAMED):
            value, _ = read_literal(html.unescape(match[1] or match[2]).strip(), 0)
            if isinstance(value, dict):
                yield value
        for place in places_of(self.html, _NAMED):
            start = self.html.rfind("<", max(place - 2000, 0), place)
            end = self.html.find(">", place, place + 2000)
            if 0 <= start < end and "queryData" not in self.html[start:end]:
                yield {name: one or other for name, one, other in _ATTRIBUTE.findall(self.html[start:end])}
            yield settings_around(self.html, place)
        for _, end in addresses_with(self.html, _ADDRESS):
            yield parameters_after(html.unescape(self.html[end : end + 3000]), 0)

    def _request(self, unit: dict[str, str]) -> str:
        named = (absolute(self.base, address) for address, _ in addresses_with(self.html, _ADDRESS))
        place = next(filter(None, named), "") or absolute(self.base, _UNIT)
        return f"{place}?{urlencode({key: unit[key] for key in _KEYS if key in unit})}"
