"""The second step: read every captured article that this reader has not read, and say whose report it is."""

from __future__ import annotations

from collections.abc import Callable

from monitor import evidence
from monitor.documents import READER, read_document, read_report
from monitor.errors import Unreadable
from monitor.jobs.home import Home
from monitor.matching import Match, match
from monitor.model import Report
from monitor.rows import Reading, StoredCapture, packed
from monitor.titles import read_title


def read(home: Home, *, tell: Callable[[str], None] = lambda line: None) -> int:
    """Read what is unread; the number of pages read."""
    unread = home.store.unread(READER)
    for number, stored in enumerate(unread, start=1):
        reading = _read(home, stored)
        with home.store.transaction():
            home.store.save_reading(reading, reader=READER)
        if number % 50 == 0 or number == len(unread):
            tell(f"已读 {number} / {len(unread)} 篇")
    return len(unread)


def _read(home: Home, stored: StoredCapture) -> Reading:
    capture = stored.capture
    title = capture.article.title if capture.article else ""
    try:
        report, error = _report(home, stored, title), ""
    except Unreadable as failure:
        report, error = None, str(failure)
    titled, listed = read_title(title), capture.listed
    found = _whose(home, stored, report)
    is_form, wire = packed(report)
    return Reading(
        capture=stored.id,
        year=titled.year or (listed.year if listed else None) or (report.year if report else None),
        agency=found.agency if found else None,
        named=titled.agency or (report.agency or "" if report else ""),
        match=f"{found.confidence:.2f} {found.why}" if found else "",
        is_form=is_form,
        wire=wire,
        error=error,
    )


def _report(home: Home, stored: StoredCapture, title: str) -> Report:
    """The report on the page itself or, where the page only wraps it, in the first attachment that holds one."""
    capture = stored.capture
    page = read_report(read_document(evidence.body(home.path, stored), name=capture.url), title=title)
    if page.is_form:
        return page
    trouble: Unreadable | None = None
    for attachment in home.store.attachments(stored):
        try:
            document = read_document(evidence.body(home.path, attachment), name=attachment.capture.url)
        except Unreadable as failure:
            trouble = failure
            continue
        report = read_report(document, title=title)
        if report.is_form:
            return report
    if trouble:
        raise trouble
    return page


def _whose(home: Home, stored: StoredCapture, report: Report | None) -> Match | None:
    capture = stored.capture
    here = (agency for agency in home.registry.agencies.values() if agency.portal == stored.portal)
    own = [agency.agency for agency in here if agency.column and agency.column == capture.column]
    return match(
        home.registry,
        stored.portal,
        title_agency=read_title(capture.article.title if capture.article else "").agency,
        publisher=capture.article.publisher if capture.article else "",
        column_agency=own[0] if len(own) == 1 else "",  # a column that several share is nobody's own
        body_agency=report.agency or "" if report else "",
    )
