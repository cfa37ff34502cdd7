"""The schema as ordered migrations, each applied once and atomically together with the record that it was.

Times are ISO 8601 texts with the offset of Asia/Shanghai, so they sort as they read. JSON columns hold what is only
ever read whole. Add a migration; never edit one that has been released.
"""

from __future__ import annotations

import hashlib

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("nianbao")


@migrations()
def m001_first_round(db: Database) -> None:
    # What came in: one crawl a bundle, what it looked at, what it fetched.
    db.table("crawls").create(
        {
            "crawl": str,
            "portal": str,
            "years": str,  # JSON list of report years
            "started_at": str,
            "finished_at": str,
            "outcome": str,  # "finished", or why it ended
            "requests": int,
            "bytes": int,
            "warc": str,  # below HOME/evidence, NULL where nothing was kept
            "warc_sha256": str,
        },
        pk="crawl",
        not_null={"crawl", "portal", "years", "started_at", "outcome"},
    ).create_index(["portal", "started_at"])
    db.table("looks").create(
        {
            "crawl": str,
            "portal": str,
            "column_url": str,
            "agency": str,  # "" for a common column of the portal
            "at": str,
            "healthy": int,
            "reason": str,
            "detail": str,
            "pages": int,
            "links": int,
            "dated": int,
            "candidates": str,  # JSON: rows that may be reports
            "missing": str,  # JSON: addresses that answered "gone"
        },
        pk=["crawl", "column_url", "agency"],
        foreign_keys=[("crawl", "crawls", "crawl")],
    ).create_index(["portal", "at"])
    db.table("captures").create(
        {
            "id": int,
            "crawl": str,
            "portal": str,
            "url": str,
            "kind": str,  # list, article, attachment
            "column_url": str,
            "fetched_at": str,
            "sha256": str,
            "record": str,  # JSON: the whole exchange.Capture
        },
        pk="id",
        foreign_keys=[("crawl", "crawls", "crawl")],
    ).create_index(["portal", "kind", "url"])
    # When an article's address was last fetched or answered that it had not changed.
    db.table("visits").create({"portal": str, "url": str, "at": str}, pk=["portal", "url"])
    # Lists that were read to their end: what the next crawl may take as read.
    db.table("known_lists").create({"portal": str, "url": str, "record": str}, pk=["portal", "url"])
    # What was understood: one reading a captured article, redone when the reader is better.
    db.table("readings").create(
        {
            "capture": int,
            "reader": str,
            "year": int,
            "named": str,  # the agency that its title names, "" where it names none
            "body": str,  # the agency that the document names
            "is_form": int,  # whether it is a report at all, NULL where it could not be read
            "report": str,  # JSON: wire.report_to_json, NULL where it could not be read
            "error": str,
        },
        pk="capture",
        foreign_keys=[("capture", "captures", "id")],
    )
    # What was decided.
    db.table("obligations").create(
        {
            "agency": str,
            "year": int,
            "deadline": str,
            "status": str,
            "verdict": str,  # JSON: the whole model.Verdict
            "judged_at": str,
        },
        pk=["agency", "year"],
    )
    db.table("findings").create(
        {
            "agency": str,
            "year": int,
            "rule": str,
            "subject": str,
            "severity": str,
            "finding": str,  # JSON: the whole model.Finding
            "url": str,
            "found_at": str,
            "cleared_at": str,  # NULL while it stands
            "decision": str,  # JSON: what a person decided, NULL where nobody has
            "digest": str,  # the message that told the office, NULL before
        },
        pk=["agency", "year", "rule", "subject"],
    )
    db.table("portal_states").create(
        {"portal": str, "healthy": int, "reason": str, "since": str},
        pk="portal",
    )
    db.table("events").create(
        {
            "id": int,
            "at": str,
            "kind": str,
            "portal": str,
            "agency": str,
            "year": int,
            "before": str,
            "after": str,
            "detail": str,
            "digest": str,  # the message that told the office, NULL before
        },
        pk="id",
    ).create_index(["digest"])
    # What has to go out.
    db.table("outbox").create(
        {
            "message_id": str,
            "channel": str,
            "recipients": str,  # JSON list; shrinks when only some were refused for now
            "subject": str,
            "text": str,
            "html": str,
            "created_at": str,
            "attempts": int,
            "next_attempt_at": str,  # NULL: no further attempt
            "sent_at": str,
            "error": str,
        },
        pk="message_id",
    )
    db.table("rounds").create(
        {"started_at": str, "ended_at": str, "reason": str},
        pk="started_at",
    )


@migrations()
def m002_decisions(db: Database) -> None:
    # What people decided about findings: every decision is kept, the newest counts.
    db.table("decisions").create(
        {
            "id": int,
            "agency": str,
            "year": int,
            "rule": str,
            "subject": str,
            "kind": str,  # confirmed, dismissed, deferred, reopened
            "until": str,  # the day on which a deferral ends, NULL for the other kinds
            "person": str,
            "at": str,
            "reason": str,
            "finding": str,  # JSON: the whole model.Finding that was decided on
        },
        pk="id",
        not_null={"agency", "year", "rule", "subject", "kind", "person", "at", "reason", "finding"},
        strict=True,
    ).create_index(["agency", "year"])
    db.table("waivers").create(
        {
            "id": int,
            "agency": str,
            "year": int,  # NULL: every year
            "rule": str,
            "stands": int,  # 0: it is taken back
            "person": str,
            "at": str,
            "reason": str,
        },
        pk="id",
        not_null={"agency", "rule", "stands", "person", "at", "reason"},
        strict=True,
    ).create_index(["agency"])
    # A decision had a column here that nothing ever wrote.
    db.execute("ALTER TABLE findings DROP COLUMN decision")
    db.execute("ALTER TABLE findings ADD COLUMN id TEXT")  # what people call it by
    db.register_function(_finding_id, name="finding_id", deterministic=True)
    db.execute("UPDATE findings SET id = finding_id(agency, year, rule, subject)")
    db.table("findings").create_index(["id"])
    # Which reading of the report was judged, and which of last year's beside it: what rules are run over again.
    db.execute("ALTER TABLE obligations ADD COLUMN capture INTEGER REFERENCES captures(id)")
    db.execute("ALTER TABLE obligations ADD COLUMN previous INTEGER REFERENCES captures(id)")
    db.execute(
        "UPDATE obligations SET capture = read.capture FROM ("
        "  SELECT url, readings.year, max(readings.capture) AS capture FROM readings"
        "  JOIN captures ON captures.id = readings.capture WHERE is_form = 1 GROUP BY url, readings.year"
        ") AS read WHERE read.url = json_extract(verdict, '$.report_url') AND read.year = obligations.year"
    )
    db.execute(
        "UPDATE obligations SET previous = before.capture FROM obligations AS before"
        " WHERE before.agency = obligations.agency AND before.year = obligations.year - 1"
    )


def _finding_id(agency: str, year: int, rule: str, subject: str) -> str:
    """`rows.finding_id` as it was when this migration was written."""
    key = "\0".join((agency, str(year), rule, subject))
    number = int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8])
    return "".join("0123456789abcdefghjkmnpqrstvwxyz"[number >> 5 * place & 31] for place in range(12))


@migrations()
def m003_comparisons(db: Database) -> None:
    # What reports are compared by, made once for a reading; and what was found to be like an agency's report.
    db.table("prints").create(
        {"capture": int, "scheme": str, "prints": bytes},
        pk="capture",
        foreign_keys=[("capture", "captures", "id")],
        not_null={"scheme", "prints"},
        strict=True,
    )
    db.table("lookalikes").create(
        {
            "agency": str,
            "year": int,
            "mark": str,  # a hash of all that it was compared with
            "found": str,  # JSON: a list of model.Lookalike
        },
        pk=["agency", "year"],
        not_null={"mark", "found"},
        strict=True,
    )


@migrations()
def m004_found_columns(db: Database) -> None:
    # The columns that discovery found, with the evidence; NULL in lost_at: it is still looked at.
    db.table("found_columns").create(
        {
            "portal": str,
            "url": str,
            "found_at": str,
            "seen_at": str,  # when a search last found it
            "lost_at": str,
            "record": str,  # JSON: the whole exchange.FoundColumn
        },
        pk=["portal", "url"],
        not_null={"found_at", "seen_at", "record"},
        strict=True,
    )


@migrations()
def m005_how_it_was_published(db: Database) -> None:
    # What of a look was not to be had, and why: a link that stays broken can only be told from many looks.
    db.execute("ALTER TABLE looks ADD COLUMN failed TEXT NOT NULL DEFAULT '{}'")  # JSON: URL → reason code
    # How much text a page itself has, besides the files that it points to; NULL: read by an earlier reader.
    db.execute("ALTER TABLE readings ADD COLUMN page_words INTEGER")


@migrations()
def m006_attributions(db: Database) -> None:
    # What people said of whose a report is: every answer is kept, the newest about an address counts.
    db.table("answers").create(
        {
            "id": int,
            "portal": str,
            "url": str,
            "kind": str,  # matched, ignored, undone
            "agency": str,  # "" unless it is matched
            "year": int,  # NULL: as the report says
            "named": str,  # the name that the answer teaches, "" for none
            "person": str,
            "at": str,
            "reason": str,
        },
        pk="id",
        not_null={"portal", "url", "kind", "agency", "named", "person", "at", "reason"},
        strict=True,
    ).create_index(["portal"])
    # What people took in by hand, where a portal keeps programs out.
    db.execute("ALTER TABLE crawls ADD COLUMN origin TEXT NOT NULL DEFAULT 'crawl'")
    db.table("handovers").create(
        {
            "crawl": str,
            "portal": str,
            "url": str,
            "agency": str,
            "year": int,
            "person": str,
            "at": str,
            "seen_at": str,
            "seen_is_claimed": int,
            "note": str,
            "source": str,  # the file or address as given
        },
        pk="crawl",
        foreign_keys=[("crawl", "crawls", "crawl")],
        not_null={"portal", "url", "agency", "year", "person", "at", "seen_at", "seen_is_claimed", "note", "source"},
        strict=True,
    ).create_index(["portal"])


@migrations()
def m007_courtesies(db: Database) -> None:
    # What the next crawl of a portal has to heed: until when it is left alone and why, and the cookies it may show.
    db.table("courtesies").create(
        {"portal": str, "blocked_until": str, "blocked": str, "passes": str},
        pk="portal",
        not_null={"blocked", "passes"},
        strict=True,
    )
