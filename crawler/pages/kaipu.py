"""Older 开普 templates: `…_list.shtml`, `list_1.shtml` or `column-index-1.shtml`, and a pager that a script draws.

`createPageHTML('page_div', 3, 1, 'common_list', 'shtml', 47)`: element, pages, this one (from 1), name, extension. Page
k is `common_list_k.shtml`; TRS calls the same function without the element and counts from 0. Articles are named by 32
hexadecimal figures in a folder of their month, or lie as `content.shtml` in folders of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from crawler.pages.base import MOST_PAGES, Follow, Page, tail_of
from crawler.pages.markup import absolute

_URL: Final = re.compile(
    r"/(?:\w+_list|xlist|column-index)(?:[-_]\d+)?\.s?html|/\d{6}/[0-9a-f]{32}\.s?html|/c\d{4,}/content\.s?html|/c_\d{5,}\.s?html"
)
_MARK: Final = re.compile(r"createPageHTML\s*\(\s*[\"']\w+[\"']\s*,\s*[\"']?\d")
_CALL: Final = re.compile(
    r"""createPageHTML\s*\(\s*["']\w+["']\s*,\s*["']?(\d{1,6})["']?\s*,\s*["']?(\d{1,6})["']?\s*,\s*["']([\w-]+)["']\s*,"""
    r"""\s*["']\.?(\w+)["']""",
    re.IGNORECASE,
)
_ARTICLE_NAME: Final = re.compile(r"[0-9a-f]{32}|content|c_\d+")


class KaipuPage(Page):
    """A page of the older 开普 templates."""

    family = "kaipu"
    article_url = re.compile(
        r"/\d{6}/[0-9a-f]{32}\.s?html|/c\d{4,}/content\.s?html|/c_\d{5,}\.s?html|/content[-_]\d|/\d{6}/[^/]*\d{4,}\.s?html?$",
        re.IGNORECASE,
    )
    list_url = re.compile(
        r"/(?:\w*list|index|default)(?:_\d+)?\.s?html?(?:\?.*)?$|/column-index-\d+\.|/$", re.IGNORECASE
    )
    bodies = ("ucap-content", "pages_content", "zoom", "article-content", "content")

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return bool(_URL.search(tail_of(url)) or _MARK.search(html))

    def next_pages(self) -> list[Follow]:
        return self._unique([*(Follow(url) for url in self._counted()), *super().next_pages()])

    def _counted(self) -> Iterator[str]:
        calls = [call for call in _CALL.finditer(self.scripts) if not _ARTICLE_NAME.fullmatch(call[3])]
        call = max(calls, key=lambda call: int(call[1]), default=None)
        if call is None:
            return
        # list_1.shtml is a first page of its own; most lists have none but list.shtml.
        for number in range(int(call[2]) + 1, min(int(call[1]), MOST_PAGES) + 1):
            yield absolute(self.url, f"{call[3]}_{number}.{call[4]}")
