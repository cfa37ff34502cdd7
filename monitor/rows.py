"""What the store hands out: stored values, and how a row of SQLite becomes one. Opens nothing, decides nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from monitor.exchange import Capture, ListedLink, capture_from_json, link_from_json, to_json
from monitor.model import Event, Finding, OutgoingMessage, Report, Severity, Status, Verdict
from monitor.wire import report_from_json, report_to_json

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLook:
    """How one crawl saw one column. `agency` is empty for a common column of the portal."""

    crawl: str
    portal: str
    column_url: str
    agency: str
    at: datetime
    healthy: bool
    reason: str
    candidates: tuple[ListedLink, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture with its place in the evidence: `warc` is a path below HOME/evidence."""

    id: int
    crawl: str
    portal: str
    warc: str
    capture: Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was understood of a captured article; whose it is is asked anew each time, for rosters change.

    `named`: the agency that its title names, `body` the one that the document names, each "" where it names none.
    `year`: the report year, None where that is not sure. `is_form`: whether the document is a report of the form, None
    where it could not be read; `error` says why. `wire`: the report as JSON text, which `report` unpacks.
    """

    capture: int
    year: int | None
    named: str
    body: str
    is_form: bool | None
    wire: str | None
    error: str

    @property
    def report(self) -> Report | None:
        return report_from_json(json.loads(self.wire)) if self.wire else None


def packed(report: Report | None) -> tuple[bool | None, str | None]:
    """A report as `Reading` keeps it: its `is_form` and its `wire`."""
    return (report.is_form, to_json(report_to_json(report))) if report else (None, None)


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding that stands, with what surrounds it. `decision`: what a person decided, None where nobody has."""

    agency: str
    year: int
    finding: Finding
    url: str
    found_at: datetime
    decision: str | None
    told: bool


@dataclass(frozen=True, slots=True)
class StoredEvent:
    id: int
    event: Event


def look_of(row: Row) -> StoredLook:
    return StoredLook(
        crawl=row["crawl"],
        portal=row["portal"],
        column_url=row["column_url"],
        agency=row["agency"],
        at=datetime.fromisoformat(row["at"]),
        healthy=bool(row["healthy"]),
        reason=row["reason"],
        candidates=tuple(link_from_json(link) for link in json.loads(row["candidates"])),
        missing=tuple(json.loads(row["missing"])),
    )


def event_of(row: Row) -> StoredEvent:
    return StoredEvent(
        row["id"],
        Event(
            at=datetime.fromisoformat(row["at"]),
            kind=row["kind"],
            portal=row["portal"],
            agency=row["agency"],
            year=row["year"],
            before=row["before"],
            after=row["after"],
            detail=row["detail"],
        ),
    )


def finding_of(row: Row) -> StoredFinding:
    raw = json.loads(row["finding"])
    return StoredFinding(
        row["agency"],
        row["year"],
        Finding(**{**raw, "severity": Severity(raw["severity"])}),
        row["url"],
        datetime.fromisoformat(row["found_at"]),
        row["decision"],
        row["digest"] is not None,
    )


def capture_of(row: Row) -> StoredCapture:
    return StoredCapture(row["id"], row["crawl"], row["portal"], row["warc"], capture_from_json(row["record"]))


def reading_of(row: Row) -> Reading:
    return Reading(
        capture=row["capture"],
        year=row["year"],
        named=row["named"],
        body=row["body"],
        is_form=None if row["is_form"] is None else bool(row["is_form"]),
        wire=row["report"],
        error=row["error"],
    )


def verdict_of(raw: Row) -> Verdict:
    times = ("first_seen_at", "last_absent_at", "withdrawn_at", "changed_at")
    return Verdict(
        **{
            **raw,
            **{key: datetime.fromisoformat(raw[key]) if raw[key] else None for key in times},
            "status": Status(raw["status"]),
            "claimed_on": date.fromisoformat(raw["claimed_on"]) if raw["claimed_on"] else None,
        }
    )


def message_of(row: Row) -> OutgoingMessage:
    return OutgoingMessage(
        message_id=row["message_id"],
        channel=row["channel"],
        recipients=tuple(json.loads(row["recipients"])),
        subject=row["subject"],
        text=row["text"],
        html=row["html"],
        created_at=datetime.fromisoformat(row["created_at"]),
    )
