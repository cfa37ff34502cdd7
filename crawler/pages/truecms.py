"""truecms (南通 and others): lists by `…/messageController/getMessage.do`, which answers JSONP around a data store.

A column page holds its first records, hidden or not, and a call of the jpage plug-in with the column's id. The server
wants a Referer, and windows of 10 to 50 records.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final
from urllib.parse import urlencode

from crawler.pages.base import Follow, tail_of
from crawler.pages.data import DataPage
from crawler.pages.datastore import proxy_call, window_of
from crawler.pages.literals import addresses_with
from crawler.pages.markup import absolute

_ADDRESS: Final = re.compile(r"messageController/getMessage\.do", re.IGNORECASE)
_COLUMN: Final = re.compile(r"\bcolumnId\b[\"']?\s*[:=]\s*[\"']([\w-]{1,64})[\"']")
_MOST_RECORDS: Final = 50


class TruecmsPage(DataPage):
    """A column page of truecms, or an answer of its endpoint."""

    family = "truecms"
    article_url = re.compile(r"/content[_/][\w-]+\.s?html", re.IGNORECASE)
    bodies = ("zoom", "zoomcon", "article-content")

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return bool(_ADDRESS.search(tail_of(url)) or _ADDRESS.search(html))

    def endpoints(self) -> list[Follow]:
        return [self._first] if self._first else []

    @cached_property
    def _first(self) -> Follow | None:
        """The request for a column's first records, as the page's script would send it."""
        named, column = next(addresses_with(self.html, _ADDRESS), None), _COLUMN.search(self.html)
        if self.answer or named is None or column is None:
            return None
        page, group = window_of(self.scripts)
        window = {"startrecord": 1, "endrecord": min(group, _MOST_RECORDS), "perpage": page}
        parameters = {"columnId": column[1]} | proxy_call(self.scripts)[1]
        return Follow(f"{absolute(self.base, named[0])}?{urlencode({**window, **parameters, 'callback': 'list'})}")
