"""Fetches what lists point to: articles and their attachments, each once a crawl, and keeps them as captures."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field, replace
from typing import Final

from crawler.bundle import Bundle
from crawler.candidates import identity, is_unchanged
from crawler.fetch import Fetcher, Nothing
from crawler.reading import Kind, Reading
from crawler.tally import Tally
from monitor.exchange import ArticleFacts, Attachment, CrawlSpec, KnownPage, ListedLink
from monitor.model import DateCandidate
from monitor.titles import read_title

#: A date beside a list's row is set by hand more often than not; it is believed, but less than the page's own.
LISTED: Final = 0.7
_FILM: Final = re.compile(r"\.(?:mp4|mp3|avi|flv|wmv|mov|wav|exe|apk)(?:$|[?&#])", re.IGNORECASE)


@dataclass(slots=True)
class Outcome:
    """What came of one article: gone, failed (URL → reason code), or neither."""

    is_gone: bool = False
    failed: dict[str, str] = field(default_factory=dict)


class Articles:
    """Fetches candidates, and known pages that no list holds any more."""

    def __init__(self, fetcher: Fetcher, bundle: Bundle, spec: CrawlSpec) -> None:
        self._fetcher = fetcher
        self._bundle = bundle
        self._spec = spec
        self._known = {identity(page.url): page for page in spec.known}
        self._outcomes: dict[str, Outcome] = {}
        self.unchanged: list[str] = []

    async def fetch(self, link: ListedLink, referer: str, tally: Tally) -> None:
        """Fetch a candidate unless it is in evidence and its row is the same as then; count what came of it."""
        known = self._known.get(link.url)
        if is_unchanged(link, known):
            return
        outcome = self._outcomes.get(link.url)
        if outcome is None:
            outcome = await self._get(link, tally.column.url, referer=referer, known=known)
            self._outcomes[link.url] = outcome
        self._count(link.url, outcome, tally)

    async def revisit(self, page: KnownPage, tally: Tally) -> None:
        """Ask once for a known page that no list holds any more: is it gone, or only no longer listed?"""
        row = ListedLink(page.url, page.listed_title, page.listed_on, read_title(page.listed_title).year)
        self._count(page.url, await self._get(row, tally.column.url, known=page, is_listed=False), tally)

    async def attachments(self, facts: ArticleFacts, parent: str, column: str) -> dict[str, str]:
        """Fetch an article's attachments; return the reason codes of those that were not to be had."""
        wanted = [attachment for attachment in facts.attachments if self._is_wanted(attachment)]
        reasons = await asyncio.gather(*(self._attachment(attachment.url, parent, column) for attachment in wanted))
        return {attachment.url: reason for attachment, reason in zip(wanted, reasons, strict=True) if reason}

    @staticmethod
    def _count(url: str, outcome: Outcome, tally: Tally) -> None:
        if outcome.is_gone:
            tally.missing.append(url)
        tally.failed.update(outcome.failed)

    async def _get(
        self, row: ListedLink, column: str, *, known: KnownPage | None, referer: str = "", is_listed: bool = True
    ) -> Outcome:
        url = row.url
        # A row that differs asks for the page itself: a server that answered 304 then would hide the change.
        is_same = known is not None and (known.listed_title, known.listed_on) == (row.title, row.listed_on)
        answer = await self._fetcher.get(
            url, Kind.ARTICLE, referer=referer, known=known if is_same or not is_listed else None
        )
        if isinstance(answer, Nothing):
            return Outcome(failed={url: answer.reason})
        if answer.status == 304 and known is not None:
            self.unchanged.append(known.url)
            return Outcome()
        if answer.is_gone:
            return Outcome(is_gone=True)
        if answer.reason:
            return Outcome(failed={url: answer.reason})
        facts = _facts(answer.reading, row.title)
        if row.listed_on is not None:
            facts = replace(facts, dates=(*facts.dates, DateCandidate(row.listed_on, "list", LISTED)))
        # It goes by the address that the list has: by that it is looked for in the next crawl.
        self._bundle.keep(
            answer, url=url, kind="article", column=column, family=answer.reading.family, listed=row, article=facts
        )
        return Outcome(failed=await self.attachments(facts, url, column))

    def _is_wanted(self, attachment: Attachment) -> bool:
        if _FILM.search(attachment.url) or _FILM.search(attachment.name):
            return False
        known = self._known.get(identity(attachment.url))
        return known is None or known.due

    async def _attachment(self, url: str, parent: str, column: str) -> str:
        known = self._known.get(identity(url))
        answer = await self._fetcher.get(url, Kind.ATTACHMENT, referer=parent, known=known)
        if isinstance(answer, Nothing):
            return answer.reason
        if answer.reason and not answer.is_gone:
            return answer.reason
        if answer.is_gone:
            return "column_lost"
        if answer.status != 304:
            self._bundle.keep(answer, kind="attachment", column=column, parent=parent)
        return ""


def _facts(reading: Reading, title: str) -> ArticleFacts:
    """What a page says; where it says nothing as an article, or names no title, its row gives that."""
    facts = reading.article or ArticleFacts(title=title)
    return facts if facts.title else replace(facts, title=title)
