"""The second step: read every captured article that this reader has not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from monitor import evidence
from monitor.documents import READER
from monitor.documents.choosing import enclosed, may_be_enclosed, surest
from monitor.documents.files import File, Read, together
from monitor.errors import Unreadable
from monitor.exchange import Capture
from monitor.jobs.home import Home
from monitor.jobs.reading import Item, Reader, read_pages
from monitor.model import EnclosureKind, Report
from monitor.rows import Reading, StoredCapture, packed
from monitor.titles import read_title

#: Fewer characters than any letter or explanation has.
_SOMETHING_TO_SAY: Final = 100
_LAST_MONTH: Final = 12
_NOT_HAD: Final = "没有取到"


def read(home: Home, *, processes: int = 0, tell: Callable[[str], None] = lambda line: None) -> int:
    """Read what is unread; the number of pages read. Worker processes read while the readings before are stored."""
    unread = home.store.unread(READER)
    pages = (_item(home, stored, _title(stored.capture)) for stored in unread)
    with Reader(processes, soffice=home.settings.soffice) as reader:
        found = read_pages(reader, pages, lambda number, reads: _enclosures(home, unread[number], reads))
        for number, (stored, (page, attached)) in enumerate(zip(unread, found, strict=True), start=1):
            with home.store.transaction():
                keep(home, stored, page, attached)
            if number % 50 == 0 or number == len(unread):
                tell(f"已读 {number} / {len(unread)} 篇")
    return len(unread)


def keep(home: Home, stored: StoredCapture, page: tuple[Read, ...], attached: list[Read]) -> None:
    """Store what was read of a captured page and of the files that it wraps. Inside a transaction."""
    home.store.save_reading(_reading(stored, _report(home, stored, page, attached), page), reader=READER)


def _item(home: Home, stored: StoredCapture, title: str) -> File | Read:
    """A capture as it has to be read, or why it is not to be had."""
    try:
        return File(stored.capture.url, evidence.body(home.path, stored), title=title)
    except Unreadable as error:
        return Read(stored.capture.url, error=str(error))


def _title(capture: Capture) -> str:
    return capture.article.title if capture.article else ""


def _reading(stored: StoredCapture, read: Read, page: tuple[Read, ...]) -> Reading:
    capture = stored.capture
    report = None if read.error else read.report
    title = _title(capture)
    is_form, wire = packed(report)
    return Reading(
        capture=stored.id,
        year=_year(capture, title, report),
        named=read_title(title).agency,
        body=report.agency or "" if report else "",
        is_form=is_form,
        wire=wire,
        error=read.error,
        # A file or an archive that a list points to is no page, and a page that was not read has nobody counted.
        page_words=page[0].words if [(one.media_type, one.error) for one in page] == [("text/html", "")] else None,
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


def _enclosures(home: Home, stored: StoredCapture, page: tuple[Read, ...]) -> Iterator[Item]:
    """What was captured of the files that a page wraps, in the page's order; nothing where it is a whole report."""
    if not may_be_enclosed(page):
        return iter(())
    wrapped = [attachment.url for attachment in stored.capture.article.attachments] if stored.capture.article else []
    places = {url: place for place, url in enumerate(wrapped)}
    attachments = sorted(home.store.attachments(stored), key=lambda held: places.get(held.capture.url, len(places)))
    title = _title(stored.capture)
    return together(_item(home, attachment, title) for attachment in attachments)


def _report(home: Home, stored: StoredCapture, page: tuple[Read, ...], attached: list[Read]) -> Read:
    """The report on the page itself or, where the page only wraps it, the surest of its attachments.

    It is an error where the page is no report but what would be one was not to be had: an attachment that was not
    fetched or cannot be read, or a page of images. Only a page that has something else to say is "no report".
    """
    capture = stored.capture
    named = read_title(_title(capture))
    year = named.year or (capture.listed.year if capture.listed else None)
    here = surest(page, year=year, agency=named.agency)
    if not may_be_enclosed(page):
        return here
    if candidates := [*attached, *_not_fetched(home, stored, here)]:
        found = enclosed(here, candidates, year=year, agency=named.agency)
        if found.is_form or found.error:
            return found
    if not here.error and here.words < _SOMETHING_TO_SAY:
        return replace(here, error="网页上几乎没有文字，可能是图片或由脚本显示")
    return here


def _not_fetched(home: Home, stored: StoredCapture, page: Read) -> list[Read]:
    """The attachments that are not in evidence. One that was redirected is there under another address.

    Among them what the page encloses and the crawl did not take for a file: an earlier version may have crawled it.
    """
    wrapped = stored.capture.article.attachments if stored.capture.article else ()
    fetched = [attachment.capture.url for attachment in home.store.attachments(stored)]
    missing = [attachment for attachment in wrapped if attachment.url not in fetched]
    known = {attachment.url for attachment in wrapped} | set(fetched)
    unseen = [
        Read(enclosure.name or enclosure.url, error=_NOT_HAD)
        for enclosure in page.enclosures
        if enclosure.kind is not EnclosureKind.IMAGE
        and not any(url.endswith(enclosure.url.partition("#")[0].lstrip("./")) for url in known)
    ]
    return unseen + [
        Read(attachment.name or attachment.url, error=_NOT_HAD) for attachment in missing[: len(wrapped) - len(fetched)]
    ]
