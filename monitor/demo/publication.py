"""What an agency put on a portal, and when it appeared, changed and vanished. No site's habits, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Place(StrEnum):
    """Where on a portal a publication stands."""

    REPORTS = "reports"  # the agency's annual report, in the 政府信息公开年报 column
    BESIDE = "beside"  # in the same column, but no annual report on open government information (图解, 解读 …)
    GOVERNMENT = "government"  # the area government's own annual report
    FINANCE = "finance"  # 财政预决算
    NEWS = "news"  # 工作动态


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A thing published on a portal by an agency; all times are aware.

    `agency` is a name in the roster ("" for the area government), `year` the report year (报告年度). `body` is an HTML
    fragment; `attachment` a file's name and bytes. `changes`: later bodies with the times they replaced the one before.
    `claimed`: the time that the page states where it differs from `published`, when it really appeared.
    """

    portal: str
    agency: str
    year: int
    published: datetime
    title: str
    body: str = ""
    attachment: tuple[str, bytes] | None = None
    changes: tuple[tuple[datetime, str], ...] = ()
    withdrawn: datetime | None = None
    claimed: datetime | None = None
    place: Place = Place.REPORTS

    @property
    def stated(self) -> datetime:
        """The time of publication that the page and the lists state."""
        return self.claimed or self.published

    @property
    def digest(self) -> str:
        """64 hex digits of its own, the same in every run: sites number their pages from it."""
        identity = (self.portal, self.agency, self.year, self.title, self.published.isoformat(), self.place)
        return hashlib.sha256(repr(identity).encode()).hexdigest()

    @property
    def suffix(self) -> str:
        """The ending of the attachment's address, with its dot; ".bin" where the file's name gives none."""
        ending = self.attachment[0].rpartition(".")[2].lower() if self.attachment else ""
        return f".{ending}" if ending.isascii() and ending.isalnum() and len(ending) <= 8 else ".bin"

    def number(self, digits: int) -> int:
        """A number of exactly so many digits made from the digest."""
        lowest: int = 10 ** (digits - 1)
        return int(self.digest[:24], 16) % (9 * lowest) + lowest

    def is_shown(self, now: datetime) -> bool:
        return self.published <= now and (self.withdrawn is None or now < self.withdrawn)

    def body_at(self, now: datetime) -> str:
        """The body that the page shows at a time."""
        past = [(at, body) for at, body in self.changes if at <= now]
        return max(past, key=lambda change: change[0])[1] if past else self.body

    def modified(self, now: datetime) -> datetime:
        """When the page last became what it is at `now`."""
        return max([self.published, *(at for at, _ in self.changes if at <= now)])

    def moments(self) -> Iterator[datetime]:
        """Every time at which something about it changes."""
        yield self.published
        yield from (at for at, _ in self.changes)
        if self.withdrawn is not None:
            yield self.withdrawn
