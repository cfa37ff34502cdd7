"""The fallback: any page, by what links, dates and text look like everywhere."""

from __future__ import annotations

from crawler.pages.base import Page


class GenericPage(Page):
    """A page of no known family."""

    family = "generic"

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        return True
