"""The schema as ordered migrations, each applied once and atomically together with the record that it was.

Times are ISO 8601 texts with the offset of Asia/Shanghai, so they sort as they read. JSON columns hold what is only
ever read whole. Add a migration; never edit one that has been released.
"""

from __future__ import annotations

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
