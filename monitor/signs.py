"""What tells whose a report is, who is asked, and what waits where nobody knows. Values only; decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.exchange import Capture
from monitor.model import Match
from monitor.rows import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What tells whose a report is: the names that its title, its publisher's field and its document give, and places.

    `named` is that of the title; `column`: the column that it stands in; `index`: its 索引号.
    """

    url: str
    named: str = ""
    publisher: str = ""
    body: str = ""
    column: str = ""
    index: str = ""


def signs_of(capture: Capture, reading: Reading) -> Signs:
    """The signs of a page that was read."""
    article = capture.article
    return Signs(
        url=capture.url,
        named=reading.named,
        publisher=article.publisher if article else "",
        body=reading.body,
        column=capture.column,
        index=article.index if article else "",
    )


class Whose(Protocol):
    """Whose report it is: an agency's id; "" for nobody of the roster, as a person said; None where it is not known."""

    def __call__(self, signs: Signs) -> str | None: ...

    def year(self, url: str) -> int | None:
        """The report year that a person gave for an address."""

    def candidates(self, signs: Signs) -> Sequence[Match]:
        """The agencies whose report it might be, where it is not known; the likeliest first."""

    def might_be(self, signs: Signs, agency: str) -> bool:
        """Whether it may be the report that this agency is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A report that was found and waits for a person to say whose it is. `year` None: that is not known either.

    `candidates`: whose it might be, the likeliest first. `is_stranger`: it names a body, and none of the roster is like
    it. `is_read`: its page was fetched, not only its row seen.
    """

    portal: str
    url: str
    title: str
    named: str
    publisher: str
    column: str
    year: int | None
    seen_at: datetime
    candidates: tuple[Match, ...]
    is_stranger: bool
    is_read: bool
