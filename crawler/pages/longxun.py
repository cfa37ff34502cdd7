"""龙讯 (安徽, 巴中, 青海, 甘肃): `/public/column/<organId>?type=4&catId=…`, whose list comes from `/site/label/8888`.

What the list is asked for stands in the page's scripts, written out or put together from variables; what they do not
say, the page's own address may. An agency's annual reports are another category of the same organ.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from crawler.pages.base import Follow, tail_of
from crawler.pages.data import DataPage
from crawler.pages.literals import addresses_with, parameters_after, places_of, settings_around
from crawler.pages.markup import absolute, host_and_path, metas
from crawler.pages.xxgk import query_of

_URL: Final = re.compile(
    r"/site/label/8888|/public/column/|/publicColumn/|/public/content/\d|/public/\d+/\d+\.html|/site/tpl/\d",
    re.IGNORECASE,
)
_MARK: Final = re.compile(r"/site/label/8888|labelName\W{1,9}publicInfoList|/public/column/\d+\?")
_LABEL: Final = re.compile(r"/site/label/8888", re.IGNORECASE)
_LABEL_NAME: Final = re.compile(r"\blabelName\b")
_COLUMN: Final = re.compile(r"(.*?)/(?:public/column|publicColumn)/(\d+)", re.IGNORECASE)
#: The parameters in the order in which browsers send them, with what they hold where the page says nothing.
_USUAL: Final = {
    "IsAjax": "1",
    "dataType": "html",
    "labelName": "publicInfoList",
    "siteId": "",
    "pageSize": "15",
    "pageIndex": "1",
    "action": "list",
    "isDate": "true",
    "dateFormat": "yyyy-MM-dd",
    "length": "50",
    "organId": "",
    "type": "4",
    "catId": "",
    "cId": "",
    "result": "暂无相关信息",
    "file": "",
}
#: Parameters that other versions of the platform add; they are sent where the page names them.
_FURTHER: Final = frozenset({"catIds", "keyWords", "fuzzySearch", "fromCode", "sortType", "isInvalid", "searchType"})


class LongxunPage(DataPage):
    """A column page of 龙讯, an answer of its list label, or an article."""

    family = "longxun"
    article_url = re.compile(
        r"/public/(?:content/)?\d+(?:/\d+)?\.html|/public/content/\d+|/\d+/\d{4,}\.html", re.IGNORECASE
    )
    list_url = re.compile(
        r"/public/column/|/publicColumn/|/site/(?:label|tpl)/|/$|/(?:index|list)(?:_\d+)?\.\w+$", re.IGNORECASE
    )
    bodies = ("j-fontcontent", "gkwz_contnet", "wzcon", "zoom", "article-content")

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return bool(_URL.search(tail_of(url)) or _MARK.search(html))

    def endpoints(self) -> list[Follow]:
        return [self._label] if self._label else []

    @cached_property
    def _label(self) -> Follow | None:
        """The request for the first page of the list that a column page's scripts draw."""
        column = _COLUMN.match(host_and_path(self.url)[1])
        named = next((address for address, _ in addresses_with(self.scripts, _LABEL)), "")
        if "/site/label/" in self.url or not (column or named) or self._told.get("labelName", "") == "":
            return None
        own = {name: value for name, value in query_of(self.url) if name in ("catId", "type")}
        told = {**own, "organId": column[2] if column else "", **self._told}
        fields = {name: told.get(name) or usual for name, usual in _USUAL.items()}
        fields |= {name: told[name] for name in sorted(_FURTHER & told.keys()) if told[name]}
        place = named or f"{column[1] if column else ''}/site/label/8888"
        return Follow(f"{absolute(self.base, place)}?{urlencode({**fields, 'pageIndex': '1'})}")

    @cached_property
    def _told(self) -> dict[str, str]:
        """What the page's scripts say of the list that they ask for."""
        told: dict[str, str] = {}
        for place in places_of(self.scripts, _LABEL_NAME):
            for found in (settings_around(self.scripts, place), parameters_after(self.scripts, place)):
                told |= found if "labelName" in found else {}
        for _, end in addresses_with(self.scripts, _LABEL):
            told |= {name: value for name, value in parameters_after(self.scripts, end).items() if value}
        told["siteId"] = told.get("siteId") or next(
            (content for name, content in metas(self.tree) if name == "siteid"), ""
        )
        return {name: value for name, value in told.items() if value and (name in _USUAL or name in _FURTHER)}
