"""A list page, fetched: its rows, where it goes on, and whether it can be believed.

Each list is asked for once a crawl, whichever columns it stands under.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.bundle import Bundle
from crawler.candidates import list_key
from crawler.fetch import Fetcher, Nothing
from crawler.pages.base import Follow
from crawler.reading import Kind, Reading
from monitor.exchange import Capture, CrawlSpec

Key = tuple[str, tuple[tuple[str, str], ...], str]


def key_of(follow: Follow) -> Key:
    """A request as the name of a list page, for comparing only."""
    return list_key(follow.url), follow.form, follow.json


@dataclass(frozen=True, slots=True)
class Listing:
    """A list page. `reason`, `detail`: why it cannot be believed, "" where it can; `capture` is None if none came."""

    reading: Reading
    reason: str
    detail: str
    capture: Capture | None = None


class Lists:
    """Fetches list pages, through the browser where only that shows their rows, and keeps each as a capture."""

    def __init__(self, fetcher: Fetcher, bundle: Bundle, spec: CrawlSpec) -> None:
        self._fetcher = fetcher
        self._bundle = bundle
        self._spec = spec
        self._fetched: dict[Key, Listing] = {}

    async def get(
        self, follow: Follow, column: str, *, referer: str = "", first: bool = True, rendered: bool = False
    ) -> Listing:
        """A list page. `referer`: the page that names it. `first`: a list's first page may need the browser.

        `rendered`: it is known to need it, so the static page is not asked first.
        """
        key = key_of(follow)
        listing = self._fetched.get(key)
        if listing is None:
            listing = await self._fetch(follow, column, referer=referer, first=first, rendered=rendered)
            self._fetched[key] = listing
        elif listing.capture is not None and listing.capture.column != column:
            # Seen under another column already: the same record is evidence for both.
            capture = replace(listing.capture, column=column)
            self._bundle.note(capture)
            return replace(listing, capture=capture)
        return listing

    async def _fetch(self, follow: Follow, column: str, *, referer: str, first: bool, rendered: bool) -> Listing:
        render, url = self._spec.portal.render, follow.url
        can_render = first and not follow.is_posted
        if can_render and (render == "always" or (rendered and render == "auto")):
            return await self._render(url, column)
        listing = await self._look(follow, column, referer=referer)
        reading = listing.reading
        may_be_drawn = can_render and reading.is_blank and reading.has_scripts and not reading.is_slot
        return await self._render(url, column) if may_be_drawn and render == "auto" else listing

    async def _render(self, url: str, column: str) -> Listing:
        if not self._spec.browser:
            return Listing(Reading(), "needs_browser", url)
        return await self._look(Follow(url), column, rendered=True)

    async def _look(self, follow: Follow, column: str, *, referer: str = "", rendered: bool = False) -> Listing:
        answer = await self._fetcher.get(
            follow.url, Kind.LIST, form=follow.form, json=follow.json, referer=referer, rendered=rendered
        )
        if isinstance(answer, Nothing):
            return Listing(Reading(), answer.reason, answer.detail)
        reading = answer.reading
        capture = self._bundle.keep(answer, kind="list", column=column, family=reading.family, links=reading.links)
        return Listing(reading, answer.reason, answer.detail, capture)
