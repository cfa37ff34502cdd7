"""What people said of whose a report is, as the database keeps it: their answers, and what they took in by hand.

Rows are only ever added: the newest answer about an address counts, and who said what stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.database import Connection


class AnswerKind(StrEnum):
    """What a person can answer about a report that waits. UNDONE takes back what was answered before."""

    MATCHED = "matched"
    IGNORED = "ignored"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A person's answer about one address. `named`: the name that the answer teaches (squashed), "" for none.

    `agency`: "" unless it is matched; `year`: the report year where the person gave it.
    """

    portal: str
    url: str
    kind: AnswerKind
    agency: str
    year: int | None
    named: str
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A report that a person took in by hand. `source`: the file or address as given.

    `seen_is_claimed`: when it was first seen is that person's word (`--seen-at`), not the time of taking in.
    """

    crawl: str
    portal: str
    url: str
    agency: str
    year: int
    by: str
    at: datetime
    seen_at: datetime
    seen_is_claimed: bool
    note: str
    source: str


class Attributions(Connection):
    """Answers and handovers: verbs that `Store` has too."""

    def add_answer(self, answer: Answer) -> None:
        """Inside a transaction."""
        self._db.table("answers").insert(
            {
                "portal": answer.portal,
                "url": answer.url,
                "kind": str(answer.kind),
                "agency": answer.agency,
                "year": answer.year,
                "named": answer.named,
                "person": answer.by,
                "at": answer.at.isoformat(),
                "reason": answer.reason,
            }
        )

    def answers(self, portal: str) -> list[Answer]:
        """Every answer that was ever given about a portal's reports, the first one first."""
        return [_answer(row) for row in self._all("SELECT * FROM answers WHERE portal = ? ORDER BY id", portal)]

    def add_handover(self, handover: Handover) -> None:
        """Mark a crawl that was taken in as a person's. Inside a transaction."""
        self._connection.execute("UPDATE crawls SET origin = 'manual' WHERE crawl = ?", [handover.crawl])
        self._db.table("handovers").insert(
            {
                "crawl": handover.crawl,
                "portal": handover.portal,
                "url": handover.url,
                "agency": handover.agency,
                "year": handover.year,
                "person": handover.by,
                "at": handover.at.isoformat(),
                "seen_at": handover.seen_at.isoformat(),
                "seen_is_claimed": int(handover.seen_is_claimed),
                "note": handover.note,
                "source": handover.source,
            }
        )

    def handovers(self, portal: str) -> list[Handover]:
        """Every report of a portal that was taken in by hand, the first one first."""
        return [_handover(row) for row in self._all("SELECT * FROM handovers WHERE portal = ? ORDER BY at", portal)]


def _answer(row: dict[str, Any]) -> Answer:
    return Answer(
        portal=row["portal"],
        url=row["url"],
        kind=AnswerKind(row["kind"]),
        agency=row["agency"],
        year=row["year"],
        named=row["named"],
        by=row["person"],
        at=datetime.fromisoformat(row["at"]),
        reason=row["reason"],
    )


def _handover(row: dict[str, Any]) -> Handover:
    return Handover(
        crawl=row["crawl"],
        portal=row["portal"],
        url=row["url"],
        agency=row["agency"],
        year=row["year"],
        by=row["person"],
        at=datetime.fromisoformat(row["at"]),
        seen_at=datetime.fromisoformat(row["seen_at"]),
        seen_is_claimed=bool(row["seen_is_claimed"]),
        note=row["note"],
        source=row["source"],
    )
