"""What an office itself keeps beside its roster: a ledger of submissions, and what it asks of reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Filing:
    """What the office's own ledger says of a report that was to be submitted to it (报送台账).

    `submitted_on` None: it had not come in when the office went through its files, on `as_of`.
    """

    agency: str
    year: int
    submitted_on: date | None
    as_of: date | None


@dataclass(frozen=True, slots=True)
class LocalItem:
    """Something that reports have to tell by the office's own notice (本地要求事项).

    `words`: alternatives, of each the words (squashed) that have to stand together in one part. `kinds`: of agencies,
    empty for every kind. `since`, `until`: report years. `basis`: the notice.
    """

    name: str
    words: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    basis: str = ""

    def is_due(self, kind: str, year: int) -> bool:
        """Whether it is asked of an agency of this kind in the report on this year."""
        in_time = (self.since or year) <= year <= (self.until or year)
        return in_time and (not self.kinds or kind in self.kinds)
