"""Epoint (EWB): lists by `…/rest/lightfrontaction/getgovinfolist`, a POST of JSON that is answered with `custom.data`.

A column page names its category in its address, and often neither site nor service: those stand in `siteInfo` of
/js/webBuilderCommon.js, which is then asked first, with the column's query so that its answer can be read alone.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import Final

from crawler.pages.base import Follow, tail_of
from crawler.pages.data import DataPage
from crawler.pages.literals import addresses_with, settings_around, variable
from crawler.pages.markup import absolute
from crawler.pages.xxgk import query_of

_SERVICE: Final = "/rest/lightfrontaction/getgovinfolist"
_URL: Final = re.compile(r"/govInfoPub\w*\.|lightfrontaction/|/js/webBuilderCommon\.js", re.IGNORECASE)
_MARK: Final = re.compile(r"EWB-FRONT|webBuilderCommon\.js|lightfrontaction/getgovinfolist")
_ADDRESS: Final = re.compile(r"/rest/lightfrontaction/getgovinfolist", re.IGNORECASE)
_GUID: Final = re.compile(r"\bsiteGuid\b[\"']?\s*[:=]\s*[\"']([\w-]{8,64})[\"']", re.IGNORECASE)
_COMMON: Final = re.compile(r"webBuilderCommon\.js", re.IGNORECASE)
_KEYS: Final = ("deptcode", "categorynum")
_USUAL_PROJECT: Final = "/EWB-FRONT"
_PAGE_SIZE: Final = 20


class EpointPage(DataPage):
    """A column page of Epoint, the script that says which site it is, or an answer of its endpoint."""

    family = "epoint"
    first_page = 0
    article_url = re.compile(r"/20\d{6}/[\w-]+\.\w{3,5}$|/20\d{4}/[\w-]+\.\w{3,5}$", re.IGNORECASE)
    list_url = re.compile(r"/govInfoPub\w*\.html|/$|/(?:index|default|list|\w*list)\.\w+$", re.IGNORECASE)
    bodies = ("zoom", "ewb-article", "article-info", "infodetail", "article-content")

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return bool(_URL.search(tail_of(url)) or _MARK.search(html))

    def endpoints(self) -> list[Follow]:
        if self.answer or not self._category.get("categorynum"):
            return []
        if site := self._site:
            asked = {**self._category, "siteGuid": site["siteGuid"], "pageIndex": 0, "pageSize": _PAGE_SIZE}
            return [Follow(self._service, json=json.dumps(asked, ensure_ascii=False, separators=(",", ":")))]
        if "webBuilderCommon.js" in self.url:
            return []
        named = next(addresses_with(self.html, _COMMON), ("/js/webBuilderCommon.js", 0))
        script = absolute(self.base, named[0])
        query = "&".join(f"{name}={value}" for name, value in self._category.items())
        return [Follow(f"{script}?{query}")]

    @cached_property
    def _category(self) -> dict[str, str]:
        """Department and category, from this page's address, else from its scripts."""
        query = {name.lower(): value for name, value in query_of(self.url)}
        return {name: query.get(name) or variable(self.scripts, name) or "" for name in _KEYS}

    @property
    def _service(self) -> str:
        """The endpoint: written out whole, or below the project that the site's settings name."""
        named, _ = next(addresses_with(self.html, _ADDRESS), ("", 0))
        if named.startswith(("/", "http")) and named != _SERVICE:
            return absolute(self.base, named)
        project = self._site.get("projectName", _USUAL_PROJECT).strip("/")
        return absolute(self.base, f"/{project}{_SERVICE}" if project else _SERVICE)

    @cached_property
    def _site(self) -> dict[str, str]:
        """`siteInfo`, where this page or script gives it; empty otherwise."""
        found = _GUID.search(self.html)
        around = settings_around(self.html, found.start()) if found else {}
        return {**around, "siteGuid": found[1]} if found else {}
