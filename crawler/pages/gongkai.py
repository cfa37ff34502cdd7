"""The 淄博 platform: a micro-site an agency (`/gongkai/site_x/`), channels in it, articles `doc_<24 hex>.html`.

Channels are often drawn by a script; an article's publisher and date stand in a table above its text.
"""

from __future__ import annotations

import re
from typing import Final

from crawler.pages.base import Page, tail_of
from crawler.pages.links import Link
from crawler.pages.markup import same_site

_URL: Final = re.compile(r"/gongkai/|/channel_\w+[\w.]*/|/doc_[0-9a-f]{24}", re.IGNORECASE)
_MARK: Final = re.compile(r"doc_[0-9a-f]{24}\.html|gongkai/(?:site|channel)_")
_SITE: Final = re.compile(r"/gongkai/site_[^/?#]+/(?:index\.html)?$", re.IGNORECASE)
_ROOT: Final = re.compile(r"/gongkai/(?:index\.html)?$", re.IGNORECASE)


class GongkaiPage(Page):
    """A page of a gongkai micro-site, or of the gongkai root that lists them."""

    family = "gongkai"
    article_url = re.compile(r"/doc_[0-9a-f]{24}", re.IGNORECASE)
    list_url = re.compile(
        r"/(?:channel|site)_[^/]+/?(?:(?:index|list)(?:_\d+)?\.html)?(?:\?.*)?$|/$|/index(?:_\d+)?\.\w+$", re.IGNORECASE
    )
    bodies = ("article-content", "zoom", "content-text", "wz-con")

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return bool(_URL.search(tail_of(url)) or _MARK.search(html))

    def _narrows(self, link: Link, years: tuple[int, ...]) -> bool:
        # The root lists micro-sites, one an agency, whatever they are called there.
        if _ROOT.search(tail_of(self.url)) and _SITE.search(tail_of(link.url)) and same_site(self.url, link.url):
            return True
        return super()._narrows(link, years)
