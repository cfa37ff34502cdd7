"""What is stored and asked for, one verb for each thing that happens. It decides nothing; how, `database` knows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from monitor.attributions import Attributions
from monitor.comparisons import Comparisons
from monitor.exchange import (
    COLUMN_REASONS,
    ArticleFacts,
    Capture,
    Column,
    CrawlSpec,
    FoundColumn,
    Health,
    KnownList,
    capture_from_json,
    capture_to_json,
    found_column_from_json,
    known_list_from_json,
    to_json,
)
from monitor.ledger import Ledger
from monitor.model import Event, Obligation, OutgoingMessage, Verdict
from monitor.rows import (
    Reading,
    StoredCapture,
    StoredEvent,
    StoredLook,
    capture_of,
    event_of,
    look_of,
    message_of,
    reading_of,
    verdict_of,
)
from monitor.surveys import Surveys


class Store(Ledger, Comparisons, Attributions, Surveys):
    """The database of one home, a verb for each thing that happens. Close it, or use it as a context manager."""

    # ── what came in ────────────────────────────────────────────────────────────────────────────────────────────────

    def has_crawl(self, crawl: str) -> bool:
        return self._one("SELECT 1 FROM crawls WHERE crawl = ?", crawl) is not None

    def take_in(self, health: Health, captures: Iterable[Capture], *, years: Sequence[int], warc: str) -> None:
        """Store a whole bundle. Call it inside a transaction, once for a crawl."""
        self._db.table("crawls").insert(
            {
                "crawl": health.crawl,
                "portal": health.portal,
                "years": json.dumps(list(years)),
                "started_at": health.started_at.isoformat(),
                "finished_at": health.finished_at.isoformat(),
                "outcome": health.outcome,
                "requests": health.requests,
                "bytes": health.bytes,
                "warc": warc,
                "warc_sha256": health.warc_sha256,
            }
        )
        self._db.table("looks").insert_all(
            {
                "crawl": health.crawl,
                "portal": health.portal,
                "column_url": column.url,
                "agency": column.agency,
                "at": (column.at or health.finished_at).isoformat(),
                "healthy": int(column.healthy),
                "reason": column.reason,
                "detail": column.detail,
                "pages": column.pages,
                "links": column.links,
                "dated": column.dated,
                "candidates": to_json(column.candidates),
                "missing": json.dumps(column.missing),
                "failed": json.dumps(column.failed),
            }
            for column in health.columns
        )
        captures = list(captures)
        lost = {url for column in health.columns for url in column.failed}
        articles = {c.url: c.article for c in captures if c.kind == "article" and not c.taken_by}
        # An article whose attachment was not to be had was not visited to the end: it is asked again.
        whole = [url for url, article in articles.items() if not lost.intersection(_attached(article))]
        visited = [*whole, *health.unchanged]
        self._db.table("visits").upsert_all(
            ({"portal": health.portal, "url": url, "at": health.finished_at.isoformat()} for url in visited),
            pk=["portal", "url"],
        )
        self._db.table("known_lists").upsert_all(
            ({"portal": health.portal, "url": known.url, "record": to_json(known)} for known in health.lists),
            pk=["portal", "url"],
        )
        self._db.table("captures").insert_all(
            {
                "id": None,
                "crawl": health.crawl,
                "portal": health.portal,
                "url": capture.url,
                "kind": capture.kind,
                "column_url": capture.column,
                "fetched_at": capture.fetched_at.isoformat(),
                "sha256": capture.sha256,
                "record": capture_to_json(capture),
            }
            for capture in captures
        )

        self._learn_columns(health)
        self._db.table("courtesies").upsert(
            {
                "portal": health.portal,
                "blocked_until": health.blocked_until.isoformat() if health.blocked_until else None,
                "blocked": health.blocked,
                "passes": to_json(health.passes),
            },
            pk="portal",
        )

    def _learn_columns(self, health: Health) -> None:
        """Keep the columns that discovery found. One that a whole search missed, and that was lost, is given up."""
        at = health.finished_at.isoformat()
        for column in health.found:
            self._connection.execute(
                "INSERT INTO found_columns (portal, url, found_at, seen_at, record) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (portal, url) DO UPDATE SET seen_at = excluded.seen_at, record = excluded.record,"
                " lost_at = NULL",
                [health.portal, column.url, at, at, to_json(column)],
            )
        if health.explored and health.found:
            # One that could not be looked at may be there all the same.
            sick = [column.url for column in health.columns if column.reason in COLUMN_REASONS]
            found = {column.url for column in health.found}
            self._connection.executemany(
                "UPDATE found_columns SET lost_at = ? WHERE portal = ? AND url = ?",
                [(at, health.portal, url) for url in sick if url not in found],
            )

    def found_columns(self, portal: str) -> list[tuple[FoundColumn, datetime]]:
        """The columns that discovery found and that still count, with when a search last found each."""
        rows = self._all("SELECT * FROM found_columns WHERE portal = ? AND lost_at IS NULL ORDER BY url", portal)
        return [
            (found_column_from_json(json.loads(row["record"])), datetime.fromisoformat(row["seen_at"])) for row in rows
        ]

    def take_in_failure(self, spec: CrawlSpec, *, at: datetime, reason: str, detail: str) -> None:
        """Store that a crawl brought no bundle: its columns were not looked at in health. Inside a transaction."""
        self._db.table("crawls").insert(
            {
                "crawl": spec.crawl,
                "portal": spec.portal.portal,
                "years": json.dumps(list(spec.years)),
                "started_at": at.isoformat(),
                "finished_at": at.isoformat(),
                "outcome": reason,
            }
        )
        self._db.table("looks").insert_all(
            {
                "crawl": spec.crawl,
                "portal": spec.portal.portal,
                "column_url": column.url,
                "agency": column.agency,
                "at": at.isoformat(),
                "healthy": 0,
                "reason": reason,
                "detail": detail,
                "pages": 0,
                "links": 0,
                "dated": 0,
                "candidates": "[]",
                "missing": "[]",
            }
            for column in spec.columns or (Column(spec.portal.home),)
        )

    def latest_articles(self, portal: str) -> list[tuple[Capture, datetime]]:
        """The last capture of every article address that crawls of a portal fetched, and when it was last visited."""
        rows = self._all(
            "SELECT record, max(id), visits.at AS visited_at FROM captures JOIN visits USING (portal, url)"
            " WHERE portal = ? AND kind = 'article' AND crawl NOT IN (SELECT crawl FROM handovers)"
            " GROUP BY url ORDER BY url",
            portal,
        )
        return [(capture_from_json(row["record"]), datetime.fromisoformat(row["visited_at"])) for row in rows]

    def known_lists(self, portal: str) -> list[KnownList]:
        """The lists of a portal that were read to their end, as the crawls last said."""
        rows = self._all("SELECT record FROM known_lists WHERE portal = ? ORDER BY url", portal)
        return [known_list_from_json(json.loads(row["record"])) for row in rows]

    def looks(self, portal: str, year: int) -> list[StoredLook]:
        """Every look at a portal's columns by crawls that asked for `year`, oldest first."""
        rows = self._all(
            "SELECT looks.* FROM looks JOIN crawls USING (crawl)"
            " WHERE looks.portal = ? AND ? IN (SELECT value FROM json_each(crawls.years))"
            " ORDER BY looks.at, looks.rowid",
            portal,
            year,
        )
        return [look_of(row) for row in rows]

    # ── what was understood ─────────────────────────────────────────────────────────────────────────────────────────

    def unread(self, reader: str) -> list[StoredCapture]:
        """Captured articles that this reader has not read yet, oldest first."""
        rows = self._all(
            "SELECT captures.id, crawl, captures.portal, crawls.warc, record FROM captures JOIN crawls USING (crawl)"
            " LEFT JOIN readings ON readings.capture = captures.id"
            " WHERE kind = 'article' AND readings.reader IS NOT ? ORDER BY captures.id",
            reader,
        )
        return [capture_of(row) for row in rows]

    def attachments(self, capture: StoredCapture) -> list[StoredCapture]:
        """The attachments that were fetched with an article."""
        rows = self._all(
            "SELECT captures.id, crawl, captures.portal, crawls.warc, record FROM captures JOIN crawls USING (crawl)"
            " WHERE crawl = ? AND kind = 'attachment' AND json_extract(record, '$.parent') = ? ORDER BY captures.id",
            capture.crawl,
            capture.capture.url,
        )
        return [capture_of(row) for row in rows]

    def save_reading(self, reading: Reading, *, reader: str) -> None:
        """Store what was understood of a capture, in place of an earlier reader's. Inside a transaction."""
        self._db.table("readings").upsert(
            {
                "capture": reading.capture,
                "reader": reader,
                "year": reading.year,
                "named": reading.named,
                "body": reading.body,
                "is_form": reading.is_form,
                "report": reading.wire,
                "error": reading.error,
                "page_words": reading.page_words,
            },
            pk="capture",
        )

    def readings(self, portal: str) -> list[tuple[Capture, Reading]]:
        """Every read article of a portal with its capture, oldest first."""
        rows = self._all(
            "SELECT readings.*, record FROM readings JOIN captures ON captures.id = readings.capture"
            " WHERE portal = ? ORDER BY captures.id",
            portal,
        )
        return [(capture_from_json(row["record"]), reading_of(row)) for row in rows]

    # ── what was decided ────────────────────────────────────────────────────────────────────────────────────────────

    def years(self) -> list[int]:
        """Every report year that was ever judged."""
        return [row["year"] for row in self._all("SELECT DISTINCT year FROM obligations ORDER BY year")]

    def verdict(self, agency: str, year: int) -> Verdict | None:
        """The verdict as last judged."""
        row = self._one("SELECT verdict FROM obligations WHERE agency = ? AND year = ?", agency, year)
        return verdict_of(json.loads(row["verdict"])) if row else None

    def verdicts(self, agency: str) -> dict[int, Verdict]:
        """Report year → the verdict as last judged, of every year that was."""
        rows = self._all("SELECT year, verdict FROM obligations WHERE agency = ? ORDER BY year", agency)
        return {row["year"]: verdict_of(json.loads(row["verdict"])) for row in rows}

    def save_verdict(
        self,
        obligation: Obligation,
        verdict: Verdict,
        *,
        at: datetime,
        capture: int | None = None,
        previous: int | None = None,
    ) -> None:
        """Store how an obligation was judged. `capture`, `previous`: whose readings the rules saw, for a recheck."""
        self._db.table("obligations").upsert(
            {
                "agency": obligation.agency,
                "year": obligation.year,
                "deadline": obligation.deadline.isoformat(),
                "status": str(verdict.status),
                "verdict": to_json(verdict),
                "judged_at": at.isoformat(),
                "capture": capture,
                "previous": previous,
            },
            pk=["agency", "year"],
        )

    def add_event(self, event: Event) -> None:
        self._db.table("events").insert({"id": None, **json.loads(to_json(event)), "digest": None})

    def events(self, *, untold_only: bool = False) -> list[StoredEvent]:
        """Every event, or those that no digest has told yet, oldest first."""
        where = "WHERE digest IS NULL" if untold_only else ""
        return [
            event_of(row)
            for row in self._all(f"SELECT * FROM events {where} ORDER BY id")  # noqa: S608 (no value in it)
        ]

    def events_of(self, agency: str, year: int) -> list[Event]:
        """What changed about one obligation, oldest first."""
        rows = self._all("SELECT * FROM events WHERE agency = ? AND year = ? ORDER BY id", agency, year)
        return [event_of(row).event for row in rows]

    # ── what has to go out ──────────────────────────────────────────────────────────────────────────────────────────

    def put_in_outbox(self, message: OutgoingMessage, *, told: Sequence[int], with_findings: bool = True) -> None:
        """Queue a message and mark the events (by id) and every standing finding as told. Inside a transaction.

        `with_findings` False: it is not about reports, so no finding is told by it.
        """
        self._db.table("outbox").insert(
            {
                "message_id": message.message_id,
                "channel": message.channel,
                "recipients": json.dumps(message.recipients, ensure_ascii=False),
                "subject": message.subject,
                "text": message.text,
                "html": message.html,
                "created_at": message.created_at.isoformat(),
                "attempts": 0,
                "next_attempt_at": message.created_at.isoformat(),
            }
        )
        self._connection.executemany(
            "UPDATE events SET digest = ? WHERE id = ?", [(message.message_id, event) for event in told]
        )
        if with_findings:
            self._connection.execute(
                "UPDATE findings SET digest = ? WHERE digest IS NULL AND cleared_at IS NULL", [message.message_id]
            )

    def due_messages(self, now: datetime) -> list[tuple[OutgoingMessage, int]]:
        """Messages to try now, each with the number of attempts so far, oldest first."""
        rows = self._all(
            "SELECT * FROM outbox WHERE sent_at IS NULL AND next_attempt_at <= ? ORDER BY created_at", now.isoformat()
        )
        return [(message_of(row), row["attempts"]) for row in rows]

    def messages(self) -> list[tuple[OutgoingMessage, datetime | None, str]]:
        """Every message, oldest first, with when it was sent and the last error."""
        return [
            (message_of(row), datetime.fromisoformat(row["sent_at"]) if row["sent_at"] else None, row["error"] or "")
            for row in self._all("SELECT * FROM outbox ORDER BY created_at, rowid")
        ]

    def unsent(self) -> list[tuple[OutgoingMessage, datetime | None, str]]:
        """Messages still in the outbox, oldest first, with the next attempt (None: given up) and the last error."""
        rows = self._all("SELECT * FROM outbox WHERE sent_at IS NULL ORDER BY created_at, rowid")
        return [
            (
                message_of(row),
                datetime.fromisoformat(row["next_attempt_at"]) if row["next_attempt_at"] else None,
                row["error"] or "",
            )
            for row in rows
        ]

    def mark_sent(self, message_id: str, *, at: datetime) -> None:
        with self.transaction():
            self._connection.execute(
                "UPDATE outbox SET sent_at = ?, attempts = attempts + 1, next_attempt_at = NULL, error = NULL"
                " WHERE message_id = ?",
                [at.isoformat(), message_id],
            )

    def mark_failed(
        self, message_id: str, *, error: str, next_attempt_at: datetime | None, recipients: Sequence[str]
    ) -> None:
        """Note a failed attempt; `recipients`: those who still have to get it; no next attempt: given up.

        What a message that is given up has not told counts as untold again.
        """
        with self.transaction():
            if next_attempt_at is None:
                for table in ("events", "findings"):
                    self._connection.execute(f"UPDATE {table} SET digest = NULL WHERE digest = ?", [message_id])  # noqa: S608
            self._connection.execute(
                "UPDATE outbox SET attempts = attempts + 1, error = ?, next_attempt_at = ?, recipients = ?"
                " WHERE message_id = ?",
                [
                    error,
                    next_attempt_at.isoformat() if next_attempt_at else None,
                    json.dumps(list(recipients), ensure_ascii=False),
                    message_id,
                ],
            )

    # ── rounds ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def last_round(self) -> tuple[datetime, datetime, str] | None:
        """When the last round that ended was started, when it ended, and why it was run."""
        row = self._one("SELECT * FROM rounds WHERE ended_at IS NOT NULL ORDER BY started_at DESC LIMIT 1")
        if row is None:
            return None
        return datetime.fromisoformat(row["started_at"]), datetime.fromisoformat(row["ended_at"]), row["reason"]

    def last_round_at(self, now: datetime) -> datetime | None:
        """When the last round that ended was started. What a clock that ran ahead has left does not count."""
        row = self._one(
            "SELECT max(started_at) AS at FROM rounds WHERE ended_at IS NOT NULL AND started_at <= ?", now.isoformat()
        )
        return datetime.fromisoformat(row["at"]) if row and row["at"] else None

    def round_times(self) -> list[datetime]:
        """When each round that ended was started, oldest first."""
        rows = self._all("SELECT started_at FROM rounds WHERE ended_at IS NOT NULL ORDER BY started_at")
        return [datetime.fromisoformat(row["started_at"]) for row in rows]

    def save_round(self, *, started_at: datetime, ended_at: datetime, reason: str) -> None:
        with self.transaction():
            self._db.table("rounds").upsert(
                {"started_at": started_at.isoformat(), "ended_at": ended_at.isoformat(), "reason": reason},
                pk="started_at",
            )


def _attached(article: ArticleFacts | None) -> set[str]:
    return {attachment.url for attachment in article.attachments} if article else set()
