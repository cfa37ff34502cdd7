"""A list page, fetched: its rows, where it goes on, and whether it can be believed.

Each list is asked for once a crawl, whichever columns it stands under.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from crawler.bundle import Bundle
from crawler.candidates import list_key, names_report
from crawler.fetch import Fetcher, Nothing
from crawler.pages.base import Follow
from crawler.reading import Kind, Reading
from monitor.exchange import Capture, CrawlSpec, KnownList

Key = tuple[str, tuple[tuple[str, str], ...], str]


def key_of(follow: Follow) -> Key:
    """A request as the name of a list page, for comparing only."""
    return list_key(follow.url), follow.form, follow.json


def name_of(follow: Follow) -> str:
    """A request as the address under which a list is remembered; what is posted is a part of it."""
    if not follow.is_posted:
        return list_key(follow.url)
    return f"{follow.url}#{hashlib.sha256(repr((follow.form, follow.json)).encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list page. `reason`, `detail`: why it cannot be believed, "" where it can; `capture` is None if none came.

    `is_same`: it is byte for byte what it was, so that what is known of it holds. `endpoint`: the address from which a
    page that a browser drew has its rows, and which said the same when it was asked plainly.
    """

    reading: Reading
    reason: str
    detail: str
    capture: Capture | None = None
    is_same: bool = False
    endpoint: str = ""


class Lists:
    """Fetches list pages, through the browser where only that shows their rows, and keeps each as a capture."""

    def __init__(self, fetcher: Fetcher, bundle: Bundle, spec: CrawlSpec) -> None:
        self._fetcher = fetcher
        self._bundle = bundle
        self._spec = spec
        self._fetched: dict[Key, Listing] = {}
        self._home: str | None = None  # the title of the home page, once it was asked for

    async def get(
        self, follow: Follow, column: str, *, referer: str = "", first: bool = True, known: KnownList | None = None
    ) -> Listing:
        """A list page. `referer`: the page that names it. `first`: a list's first page may need the browser.

        `known`: what was learned of it: whether it needs the browser, and whether its bytes need to be read again.
        """
        key = key_of(follow)
        listing = self._fetched.get(key)
        if listing is None:
            listing = await self._fetch(follow, column, referer, known, is_first=first)
            self._fetched[key] = listing
        elif listing.capture is not None and listing.capture.column != column:
            # Seen under another column already: the same record is evidence for both.
            capture = replace(listing.capture, column=column)
            self._bundle.note(capture)
            return replace(listing, capture=capture)
        return listing

    async def why_blank(self, listing: Listing) -> tuple[str, str]:
        """Why a list shows nothing, as reason code and detail: it may be the home page, or nothing at all."""
        url = listing.capture.url if listing.capture else ""
        if listing.reading.title and listing.reading.title == await self._home_title():
            return "sent_home", f"标题与首页相同：{url}"
        return "column_lost", f"没有任何条目：{url}"

    async def _home_title(self) -> str:
        if self._home is None:
            answer = await self._fetcher.get(self._spec.portal.home, Kind.SURVEY)
            self._home = "" if isinstance(answer, Nothing) else answer.reading.title
        return self._home

    async def _fetch(
        self, follow: Follow, column: str, referer: str, known: KnownList | None, *, is_first: bool
    ) -> Listing:
        render, url = self._spec.portal.render, follow.url
        can_render = is_first and not follow.is_posted
        if can_render and render == "auto" and known and known.endpoint:
            listing = await self._look(Follow(known.endpoint), column, referer=url)
            if listing.reading.links or any(map(names_report, listing.reading.rows)):
                return replace(listing, endpoint=known.endpoint)
        if can_render and (render == "always" or (known and known.rendered and render == "auto")):
            return await self._render(url, column)
        is_readable = known is not None and known.sha256 != "" and known.years == self._spec.years
        listing = await self._look(follow, column, referer=referer, known=known if is_readable else None)
        reading = listing.reading
        may_be_drawn = can_render and reading.is_blank and reading.has_scripts and not reading.is_slot
        return await self._render(url, column) if may_be_drawn and render == "auto" else listing

    async def _render(self, url: str, column: str) -> Listing:
        if not self._spec.browser:
            return Listing(Reading(), "needs_browser", url)
        return await self._look(Follow(url), column, rendered=True)

    async def _look(
        self,
        follow: Follow,
        column: str,
        *,
        referer: str = "",
        known: KnownList | None = None,
        rendered: bool = False,
    ) -> Listing:
        answer = await self._fetcher.get(
            follow.url,
            Kind.LIST,
            form=follow.form,
            json=follow.json,
            referer=referer,
            known=known,
            rendered=rendered,
        )
        if isinstance(answer, Nothing):
            return Listing(Reading(), answer.reason, answer.detail)
        reading = answer.reading
        links = known.head if known and answer.is_same else reading.links
        capture = self._bundle.keep(answer, kind="list", column=column, family=reading.family, links=links)
        return Listing(reading, answer.reason, answer.detail, capture, is_same=answer.is_same)
