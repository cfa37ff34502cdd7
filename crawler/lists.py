"""A list page, fetched: its rows, where it goes on, and whether it can be believed.

Each list is asked for once a crawl, whichever columns it stands under.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.bundle import Bundle
from crawler.candidates import list_key
from crawler.fetch import Fetcher, Nothing
from crawler.reading import Kind, Reading
from monitor.exchange import Capture, CrawlSpec

Form = tuple[tuple[str, str], ...]
Key = tuple[str, Form]


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
        self, url: str, column: str, *, form: Form = (), first: bool = True, rendered: bool = False
    ) -> Listing:
        """The list page at a URL. `first`: it is a list's first page, which may need the browser.

        `rendered`: it is known to need it, so the static page is not asked first.
        """
        key = (list_key(url), form)
        listing = self._fetched.get(key)
        if listing is None:
            listing = await self._fetch(url, column, form=form, first=first, rendered=rendered)
            self._fetched[key] = listing
        elif listing.capture is not None and listing.capture.column != column:
            # Seen under another column already: the same record is evidence for both.
            capture = replace(listing.capture, column=column)
            self._bundle.note(capture)
            return replace(listing, capture=capture)
        return listing

    async def _fetch(self, url: str, column: str, *, form: Form, first: bool, rendered: bool) -> Listing:
        render = self._spec.portal.render
        can_render = first and not form
        if can_render and (render == "always" or (rendered and render == "auto")):
            return await self._render(url, column)
        listing = await self._look(url, column, form=form)
        reading = listing.reading
        may_be_drawn = can_render and reading.is_blank and reading.has_scripts and not reading.is_slot
        return await self._render(url, column) if may_be_drawn and render == "auto" else listing

    async def _render(self, url: str, column: str) -> Listing:
        if not self._spec.browser:
            return Listing(Reading(), "needs_browser", url)
        return await self._look(url, column, rendered=True)

    async def _look(self, url: str, column: str, *, form: Form = (), rendered: bool = False) -> Listing:
        answer = await self._fetcher.get(url, Kind.LIST, form=form, rendered=rendered)
        if isinstance(answer, Nothing):
            return Listing(Reading(), answer.reason, answer.detail)
        reading = answer.reading
        capture = self._bundle.keep(answer, kind="list", column=column, family=reading.family, links=reading.links)
        return Listing(reading, answer.reason, answer.detail, capture)
