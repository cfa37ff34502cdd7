"""What the store hands out: stored values, and how a row of SQLite becomes one. Opens nothing, decides nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from monitor.exchange import Capture, ListedLink, capture_from_json, link_from_json, to_json
from monitor.model import Event, Finding, OutgoingMessage, Report, Severity, Status, Verdict
from monitor.wire import report_from_json, report_to_json

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLook:
    """How one crawl saw one column. `agency` is empty for a common column of the portal; counts: see `ColumnHealth`."""

    crawl: str
    portal: str
    column_url: str
    agency: str
    at: datetime
    healthy: bool
    reason: str
    candidates: tuple[ListedLink, ...]
    missing: tuple[str, ...]
    failed: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""
    pages: int = 0
    links: int = 0
    dated: int = 0


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
    where it could not be read; `error` says why. `wire`: the report as JSON text, which `report` unpacks. `page_words`:
    how many characters of running text the page itself has, whatever it points to; None where nobody counted them.
    """

    capture: int
    year: int | None
    named: str
    body: str
    is_form: bool | None
    wire: str | None
    error: str
    page_words: int | None = None

    @property
    def report(self) -> Report | None:
        return report_from_json(json.loads(self.wire)) if self.wire else None


def packed(report: Report | None) -> tuple[bool | None, str | None]:
    """A report as `Reading` keeps it: its `is_form` and its `wire`."""
    return (report.is_form, to_json(report_to_json(report))) if report else (None, None)


class DecisionKind(StrEnum):
    """What a person can decide about a finding. REOPENED takes back what was decided before."""

    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    DEFERRED = "deferred"
    REOPENED = "reopened"


DECISION_NAMES: Final = {
    DecisionKind.CONFIRMED: "确认",
    DecisionKind.DISMISSED: "不成立",
    DecisionKind.DEFERRED: "暂缓",
    DecisionKind.REOPENED: "重新待定",
}
WAIVED: Final = "waived"
#: What `decision` says of a finding, as the contract has it, in words.
RULING_NAMES: Final = {**{str(kind): name for kind, name in DECISION_NAMES.items()}, WAIVED: "免检"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided about a finding, and the finding as it stood then. `until`: when a deferral ends."""

    agency: str
    year: int
    finding: Finding
    kind: DecisionKind
    by: str
    at: datetime
    reason: str = ""
    until: date | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """That a rule does not count for an agency and year (None: every year). `stands` False: that is taken back."""

    agency: str
    year: int | None
    rule: str
    stands: bool
    by: str
    at: datetime
    reason: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class Ruling:
    """What people's decisions come to for one finding at a time.

    `kind`: a `DecisionKind` that counts now, WAIVED, or None: a person has to decide. `decision` is the last one made,
    which also stands here when it no longer counts: `has_changed` says that the facts are no longer those it was made
    on, `has_ended` that a deferral has. `waiver`: the one that stands.
    """

    kind: str | None = None
    decision: Decision | None = None
    waiver: Waiver | None = None
    has_changed: bool = False
    has_ended: bool = False


UNDECIDED: Final = Ruling()


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding that stands, with what surrounds it. `ruling`: what people decided, None where that was not asked.

    `id` is the short name by which people call it on the command line.
    """

    agency: str
    year: int
    finding: Finding
    url: str
    found_at: datetime
    ruling: Ruling | None
    told: bool
    id: str = ""

    @property
    def decision(self) -> str | None:
        """The contract's word for what a person decided: confirmed, dismissed, deferred, waived or None."""
        return self.ruling.kind if self.ruling else None

    @property
    def counts(self) -> bool:
        """Whether it is one of the report's faults: nobody dismissed, deferred or waived it."""
        return self.decision in (None, DecisionKind.CONFIRMED)

    @property
    def may_be_told(self) -> bool:
        """Whether an agency may be told of it: what reading could have caused, a person has to confirm first."""
        return self.counts and (not self.finding.explained or self.decision == DecisionKind.CONFIRMED)


#: Crockford's 32 marks in small letters: none is mistaken for another when it is read out or typed in.
_MARKS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_ID_LENGTH: Final = 12
#: So much of an id is shown; it tells ten thousand findings apart, and any more of it may be typed in.
SHOWN_ID: Final = 8


def finding_id(agency: str, year: int, rule: str, subject: str) -> str:
    """The short name of a finding: it hangs on its identity, so it is the same in every run and on every machine."""
    return short_id(agency, str(year), rule, subject)


def short_id(*identity: str) -> str:
    """A short name that hangs on an identity alone; its beginning may stand for it."""
    key = "\0".join(identity)
    number = int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8])
    return "".join(_MARKS[number >> 5 * place & 31] for place in range(_ID_LENGTH))


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
        failed=json.loads(row["failed"]),
        detail=row["detail"] or "",
        pages=row["pages"] or 0,
        links=row["links"] or 0,
        dated=row["dated"] or 0,
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


def finding_from_json(text: str) -> Finding:
    raw = json.loads(text)
    return Finding(**{**raw, "severity": Severity(raw["severity"])})


def finding_of(row: Row) -> StoredFinding:
    return StoredFinding(
        row["agency"],
        row["year"],
        finding_from_json(row["finding"]),
        row["url"],
        datetime.fromisoformat(row["found_at"]),
        None,
        row["digest"] is not None,
        row["id"],
    )


def decision_of(row: Row) -> Decision:
    return Decision(
        agency=row["agency"],
        year=row["year"],
        finding=finding_from_json(row["finding"]),
        kind=DecisionKind(row["kind"]),
        by=row["person"],
        at=datetime.fromisoformat(row["at"]),
        reason=row["reason"],
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        id=row["id"],
    )


def waiver_of(row: Row) -> Waiver:
    return Waiver(
        agency=row["agency"],
        year=row["year"],
        rule=row["rule"],
        stands=bool(row["stands"]),
        by=row["person"],
        at=datetime.fromisoformat(row["at"]),
        reason=row["reason"],
        id=row["id"],
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
        page_words=row["page_words"],
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
