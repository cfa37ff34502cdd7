"""How portals were looked at, as the database keeps it: newest looks, last crawl and event, state, budget, manners."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from monitor.database import Connection
from monitor.exchange import Pass
from monitor.model import Event
from monitor.rows import StoredLook, event_of, look_of


@dataclass(frozen=True, slots=True)
class StoredCrawl:
    """A crawl of a portal, without what it brought."""

    started_at: datetime
    outcome: str
    requests: int


class Surveys(Connection):
    """What is asked of the looks at one portal, and how it stands."""

    def newest_looks(self, portal: str, until: datetime, *, healthy: bool = False, depth: int = 1) -> list[StoredLook]:
        """The last `depth` looks (or looks in health) at each column ever looked at, of any report year, newest first.

        What people handed in is no look.
        """
        rows = self._all(
            "SELECT * FROM (SELECT looks.*, row_number() OVER"
            " (PARTITION BY column_url, looks.agency ORDER BY looks.at DESC, looks.rowid DESC) AS place"
            " FROM looks JOIN crawls USING (crawl)"
            " WHERE looks.portal = ? AND looks.at <= ? AND crawls.origin = 'crawl' AND healthy >= ?)"
            " WHERE place <= ? ORDER BY at DESC, place",
            portal,
            until.isoformat(),
            int(healthy),
            depth,
        )
        return [look_of(row) for row in rows]

    def last_crawl(self, portal: str, until: datetime) -> StoredCrawl | None:
        """The crawl of a portal that was started last, whatever came of it."""
        row = self._one(
            "SELECT * FROM crawls WHERE portal = ? AND started_at <= ? AND origin = 'crawl'"
            " ORDER BY started_at DESC, rowid DESC LIMIT 1",
            portal,
            until.isoformat(),
        )
        if row is None:
            return None
        return StoredCrawl(datetime.fromisoformat(row["started_at"]), row["outcome"], row["requests"] or 0)

    def last_event(self, portal: str, kind: str) -> Event | None:
        """The last event of a kind about a portal as such."""
        row = self._one("SELECT * FROM events WHERE portal = ? AND kind = ? ORDER BY id DESC LIMIT 1", portal, kind)
        return event_of(row).event if row else None

    def portal_state(self, portal: str) -> tuple[bool, str, datetime] | None:
        """Whether a portal was in health at its last look, the reason, and since when."""
        row = self._one("SELECT * FROM portal_states WHERE portal = ?", portal)
        return (bool(row["healthy"]), row["reason"], datetime.fromisoformat(row["since"])) if row else None

    def save_portal_state(self, portal: str, *, healthy: bool, reason: str, since: datetime) -> None:
        self._db.table("portal_states").upsert(
            {"portal": portal, "healthy": int(healthy), "reason": reason, "since": since.isoformat()}, pk="portal"
        )

    def courtesy(self, portal: str) -> tuple[datetime | None, str, tuple[Pass, ...]]:
        """Until when the last crawl says that a portal is to be left alone (None: it is not), why, and its cookies."""
        row = self._one("SELECT * FROM courtesies WHERE portal = ?", portal)
        if row is None:
            return None, "", ()
        until = datetime.fromisoformat(row["blocked_until"]) if row["blocked_until"] else None
        return until, row["blocked"], tuple(Pass(**given) for given in json.loads(row["passes"]))

    def requests_since(self, portal: str, at: datetime) -> int:
        """How many requests the crawls of a portal have sent that started at `at` or later."""
        rows = self._all("SELECT started_at, requests FROM crawls WHERE portal = ? AND requests > 0", portal)
        return sum(row["requests"] for row in rows if datetime.fromisoformat(row["started_at"]) >= at)
