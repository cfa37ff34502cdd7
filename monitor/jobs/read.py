"""The second step: read every captured article that this reader has not read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from monitor import evidence
from monitor.documents import READER, read_document, read_report
from monitor.errors import Unreadable
from monitor.exchange import Capture
from monitor.jobs.home import Home
from monitor.model import Paragraph, Report
from monitor.rows import Reading, StoredCapture, packed
from monitor.titles import read_title

#: Fewer characters than any letter or explanation has.
_SOMETHING_TO_SAY: Final = 100
_LAST_MONTH: Final = 12


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
    is_form, wire = packed(report)
    return Reading(
        capture=stored.id,
        year=_year(capture, title, report),
        named=read_title(title).agency,
        body=report.agency or "" if report else "",
        is_form=is_form,
        wire=wire,
        error=error,
    )


def _year(capture: Capture, title: str, report: Report | None) -> int | None:
    """The report year: a report is about the year before it is out, if any of its own words say so.

    A title with a year that was not yet over when the page was published is mistyped, and no year at all.
    """
    said = [
        read_title(title).year,
        capture.listed.year if capture.listed else None,
        report.period.end.year if report and report.period else None,
        report.year if report else None,
    ]
    published = _published(capture)
    if published and published.year - 1 in said:
        return published.year - 1
    over = published.year if published and published.month < _LAST_MONTH else None
    return next((year for year in said if year and (over is None or year < over)), None)


def _published(capture: Capture) -> date | None:
    """The date of publication, as far as the page's best evidence goes."""
    dates = capture.article.dates if capture.article else ()
    return max(dates, key=lambda candidate: candidate.confidence).value if dates else None


def _report(home: Home, stored: StoredCapture, title: str) -> Report:
    """The report on the page itself or, where the page only wraps it, in the first attachment that holds one.

    Raises Unreadable where the page is no report but what would be one was not to be had: an attachment that was not
    fetched or cannot be read, or a page of images. Only a page that has something else to say is "no report".
    """
    capture = stored.capture
    document = read_document(evidence.body(home.path, stored), name=capture.url)
    page = read_report(document, title=title)
    if page.is_form:
        return page
    attachments = home.store.attachments(stored)
    trouble: Unreadable | None = None
    for attachment in attachments:
        try:
            report = read_report(
                read_document(evidence.body(home.path, attachment), name=attachment.capture.url), title=title
            )
        except Unreadable as failure:
            trouble = failure
            continue
        if report.is_form:
            return report
    if trouble:
        raise trouble
    if capture.article and len(capture.article.attachments) > len(attachments):
        raise Unreadable("报告在附件中，附件没有取到")
    if sum(len(block.text) for block in document.blocks if isinstance(block, Paragraph)) < _SOMETHING_TO_SAY:
        raise Unreadable("网页上几乎没有文字，可能是图片或由脚本显示")
    return page
