"""What was found in the reports and what people decided about it, as the database keeps it.

A finding's row is written only where it says something new. Decisions and waivers are only ever added: the newest
counts, and who decided what stays. What they come to is not known here, see `decisions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from monitor.database import Connection
from monitor.exchange import to_json
from monitor.model import Finding
from monitor.rows import (
    Decision,
    StoredFinding,
    Waiver,
    decision_of,
    finding_id,
    finding_of,
    waiver_of,
)

_SAVE: Final = (
    "INSERT INTO findings (agency, year, rule, subject, severity, finding, url, found_at, id)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (agency, year, rule, subject) DO UPDATE SET"
    " severity = excluded.severity, finding = excluded.finding, url = excluded.url, found_at = excluded.found_at,"
    # What comes back after it was gone is told anew.
    " digest = CASE WHEN cleared_at IS NULL THEN digest END, cleared_at = NULL"
)
_CLEAR: Final = "UPDATE findings SET cleared_at = ? WHERE agency = ? AND year = ? AND rule = ? AND subject = ?"


@dataclass(frozen=True, slots=True)
class Changes:
    """What saving the findings of a report changed: by rule, how many are new and gone; and how many only reworded."""

    new: Counter[str]
    gone: Counter[str]
    reworded: int


@dataclass(frozen=True, slots=True)
class JudgedReport:
    """A report that was judged: which reading of it, which of last year's beside it, where it stood and since when."""

    agency: str
    year: int
    capture: int
    previous: int | None
    published_on: date | None
    url: str


class Ledger(Connection):
    """Findings, decisions and waivers: verbs that `Store` has too."""

    # ── findings ────────────────────────────────────────────────────────────────────────────────────────────────────

    def save_findings(self, agency: str, year: int, findings: Sequence[Finding], *, url: str, at: datetime) -> Changes:
        """Make these the standing findings of a report: new ones are added, gone ones cleared, others only reworded.

        `url`: where the evidence stands. What a person decided is never touched. Inside a transaction.
        """
        standing = {(finding.rule, finding.subject): finding for finding in findings}
        stored = {
            (row["rule"], row["subject"]): row
            for row in self._all(
                "SELECT rule, subject, finding, url, found_at, cleared_at FROM findings WHERE agency = ? AND year = ?",
                agency,
                year,
            )
        }
        known = {key for key, row in stored.items() if row["cleared_at"] is None}
        rows = []
        for key, finding in standing.items():
            text = to_json(finding)
            if key in known and (stored[key]["finding"], stored[key]["url"]) == (text, url):
                continue
            found_at = stored[key]["found_at"] if key in known else at.isoformat()
            rows.append(
                (agency, year, *key, str(finding.severity), text, url, found_at, finding_id(agency, year, *key))
            )
        gone = [key for key in stored if key in known and key not in standing]
        new = [key for key in standing if key not in known]
        self._connection.executemany(_SAVE, rows)
        self._connection.executemany(_CLEAR, [(at.isoformat(), agency, year, *key) for key in gone])
        return Changes(
            Counter(rule for rule, _ in new), Counter(rule for rule, _ in gone), reworded=len(rows) - len(new)
        )

    def findings(self, *, year: int | None = None, agency: str | None = None) -> list[StoredFinding]:
        """Standing findings, by agency, year, then severity."""
        rows = self._all(
            "SELECT * FROM findings WHERE cleared_at IS NULL AND (? IS NULL OR year = ?) AND (? IS NULL OR agency = ?)"
            " ORDER BY agency, year, CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, rule, subject",
            year,
            year,
            agency,
            agency,
        )
        return [finding_of(row) for row in rows]

    def findings_called(self, name: str) -> list[StoredFinding]:
        """Findings whose id begins so, whether they stand or not; a few at most: one, where the name is good."""
        rows = self._all("SELECT * FROM findings WHERE id >= ? AND id < ? ORDER BY id LIMIT 5", name, name + "~")
        return [finding_of(row) for row in rows]

    def finding_texts(self, agency: str, year: int) -> dict[tuple[str, str], str]:
        """The standing findings of a report as they are stored: (rule, subject) → JSON text."""
        rows = self._connection.execute(
            "SELECT rule, subject, finding FROM findings WHERE agency = ? AND year = ? AND cleared_at IS NULL",
            [agency, year],
        )
        return {(rule, subject): text for rule, subject, text in rows}

    def finding_counts(self, *, year: int | None = None) -> dict[tuple[str, int], Counter[str]]:
        """(agency, year) → how many findings of each severity stand, whatever anybody decided."""
        counts: dict[tuple[str, int], Counter[str]] = {}
        for row in self._all(
            "SELECT agency, year, severity, count(*) AS number FROM findings"
            " WHERE cleared_at IS NULL AND (? IS NULL OR year = ?) GROUP BY agency, year, severity",
            year,
            year,
        ):
            counts.setdefault((row["agency"], row["year"]), Counter())[row["severity"]] = row["number"]
        return counts

    # ── what people decided ─────────────────────────────────────────────────────────────────────────────────────────

    def add_decision(self, decision: Decision) -> None:
        """Inside a transaction."""
        self._db.table("decisions").insert(
            {
                "agency": decision.agency,
                "year": decision.year,
                "rule": decision.finding.rule,
                "subject": decision.finding.subject,
                "kind": str(decision.kind),
                "until": decision.until.isoformat() if decision.until else None,
                "person": decision.by,
                "at": decision.at.isoformat(),
                "reason": decision.reason,
                "finding": to_json(decision.finding),
            }
        )

    def decisions(self, *, year: int | None = None, agency: str | None = None) -> list[Decision]:
        """Every decision that was ever made, the first one first."""
        rows = self._all(
            "SELECT * FROM decisions WHERE (? IS NULL OR year = ?) AND (? IS NULL OR agency = ?) ORDER BY id",
            year,
            year,
            agency,
            agency,
        )
        return [decision_of(row) for row in rows]

    def add_waiver(self, waiver: Waiver) -> None:
        """Inside a transaction."""
        self._db.table("waivers").insert(
            {
                "agency": waiver.agency,
                "year": waiver.year,
                "rule": waiver.rule,
                "stands": int(waiver.stands),
                "person": waiver.by,
                "at": waiver.at.isoformat(),
                "reason": waiver.reason,
            }
        )

    def waivers(self, *, year: int | None = None, agency: str | None = None) -> list[Waiver]:
        """Every waiver that was ever given or taken back, the first one first; of a year, with those of every year."""
        rows = self._all(
            "SELECT * FROM waivers WHERE (? IS NULL OR year IS NULL OR year = ?) AND (? IS NULL OR agency = ?)"
            " ORDER BY id",
            year,
            year,
            agency,
            agency,
        )
        return [waiver_of(row) for row in rows]

    # ── reports that were judged ────────────────────────────────────────────────────────────────────────────────────

    def judged_reports(
        self, *, after: tuple[str, int] = ("", 0), limit: int, year: int | None = None, agency: str | None = None
    ) -> list[JudgedReport]:
        """The next reports that were judged, by agency and year, behind `after`."""
        rows = self._all(
            "SELECT agency, year, capture, previous, verdict ->> '$.claimed_on' AS published_on,"
            " verdict ->> '$.report_url' AS url FROM obligations WHERE (agency, year) > (?, ?) AND capture IS NOT NULL"
            " AND (? IS NULL OR year = ?) AND (? IS NULL OR agency = ?) ORDER BY agency, year LIMIT ?",
            *after,
            year,
            year,
            agency,
            agency,
            limit,
        )
        return [
            JudgedReport(
                row["agency"],
                row["year"],
                row["capture"],
                row["previous"],
                date.fromisoformat(row["published_on"]) if row["published_on"] else None,
                row["url"] or "",
            )
            for row in rows
        ]

    def judged_count(self, *, year: int | None = None, agency: str | None = None) -> int:
        """How many reports `judged_reports` has in all."""
        row = self._one(
            "SELECT count(*) AS number FROM obligations WHERE capture IS NOT NULL"
            " AND (? IS NULL OR year = ?) AND (? IS NULL OR agency = ?)",
            year,
            year,
            agency,
            agency,
        )
        return row["number"] if row else 0

    def report_text(self, capture: int) -> str | None:
        """The report that was read of a capture, as JSON text; None where it was not readable."""
        row = self._connection.execute("SELECT report FROM readings WHERE capture = ?", [capture]).fetchone()
        return row[0] if row else None
