"""The manual way in: a report that a person saved, or names by its address, becomes evidence under that person's name.

It proves that the report is there, and whose it is by that person's word; it says nothing of what is not there, so no
column and no portal counts as looked at. All or nothing: bytes first, then the rows that speak of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urldefrag

from monitor.attributions import Handover
from monitor.documents import READER, media_type_of
from monitor.documents.choosing import enclosed, may_be_enclosed, surest
from monitor.documents.files import File, Read, together
from monitor.errors import Unreadable, UsageError
from monitor.evidence import Record, keep_records
from monitor.exchange import FINISHED, ArticleFacts, Attachment, Capture, Health
from monitor.hosts import Hosts, host_of
from monitor.jobs.crawl import user_agent
from monitor.jobs.handed import Times, Words, doubts, times_of, word_faults, year_of
from monitor.jobs.home import Home
from monitor.jobs.read import keep
from monitor.jobs.reading import Item, Reader, read_pages
from monitor.jobs.sources import Place, is_address, load, load_enclosed
from monitor.model import Agency, DateCandidate, Report
from monitor.rows import short_id
from monitor.text import clean

#: A person's word on when it was published: below what may be held against anyone, so it can only clear.
MANUAL_CONFIDENCE: Final = 0.45
_PAGE_DATES: Final = {"meta": 0.9, "label": 0.8}
_NOTE_LIMIT: Final = 500
_SELF: Final = re.compile("[我本].{0,2}")
#: How browsers note in a page that they save where it came from.
_SAVED_FROM: Final = re.compile(
    rb"(?:saved from url=\(\d+\)|Snapshot-Content-Location:\s*)(https?://[^\s\"'<>]+)", re.I
)
_HEAD: Final = 4096


@dataclass(frozen=True, slots=True)
class Captured:
    """What was taken in. `is_new` False: it was in already."""

    agency: str
    year: int
    url: str
    title: str
    sha256: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Brought:
    """What came in: the file, the files that it encloses, what was read of both, and of that the report."""

    file: File
    enclosed: tuple[tuple[str, File], ...]
    reads: tuple[Read, ...]
    attached: tuple[Read, ...]
    read: Read


def capture(home: Home, source: str, words: Words) -> Captured:
    """Take a report in. Raises UsageError or Unreadable, with a line for every fault, and has then written nothing."""
    words = replace(words, by=clean(words.by), note=clean(words.note))
    now = home.now()
    faults = list(word_faults(home, source, words, now))
    if faults:
        raise UsageError("\n".join(faults))
    agency = home.registry.agencies[words.agency]
    times = times_of(words, now)
    file, place = _load(home, source, agency, words)
    url = _address(home, source, words, file, agency)
    sha256 = hashlib.sha256(file.data).hexdigest()
    crawl = f"manual-{agency.portal}-{short_id(agency.agency, url, sha256, words.published, words.seen_at)}"
    if known := next((one for one in home.store.handovers(agency.portal) if one.crawl == crawl), None):
        return _known(known, words, sha256)
    brought = _look_into(home, file, place, agency, words)
    year = year_of(brought.read, words)
    if not words.force and (found := list(doubts(agency, year, brought.read))):
        raise UsageError("\n".join([*found, "没有存入任何东西。如已核对无误，请加 --force"]))
    return _take_in(home, source, words, brought, times, agency=agency, year=year, url=url, crawl=crawl)


def _known(known: Handover, words: Words, sha256: str) -> Captured:
    if words.year not in (None, known.year):
        raise UsageError(
            f"{known.by}已把同一份材料作为 {known.year} 年度的报告存入。"
            f"如要改正，请用 nianbao match {known.url} --agency {known.agency} --year {words.year} --by 姓名"
        )
    return Captured(known.agency, known.year, known.url, known.source, sha256, is_new=False)


# ── what is in it ───────────────────────────────────────────────────────────────────────────────────────────────────


def _load(home: Home, source: str, agency: Agency, words: Words) -> tuple[File, Place]:
    """The source's bytes. Raises Unreadable where they are not to be had."""
    portal = home.registry.portals[agency.portal]
    site = Hosts([host_of(source)], private=portal.private) if words.force else Hosts.of(portal)
    limit, agent = home.settings.response_bytes, user_agent(home.settings.contact)
    item, place = load(source, limit=limit, agent=agent, site=site if is_address(source) else None)
    if isinstance(item, Read):
        raise Unreadable(item.error)
    if not item.data.strip():
        raise Unreadable(f"{source} 是空的，没有内容")
    # As the archive's reader will see it: the bytes alone, whatever a server said of them.
    return File(item.name, item.data), place


def _look_into(home: Home, item: File, place: Place, agency: Agency, words: Words) -> _Brought:
    """Read the source and what it encloses."""
    limit, agent = home.settings.response_bytes, user_agent(home.settings.contact)
    held: list[tuple[str, File]] = []

    def further(number: int, reads: tuple[Read, ...]) -> Iterable[Item]:
        if not reads[0].enclosures or not may_be_enclosed(reads):
            return ()
        loaded = load_enclosed(place, reads[0].enclosures, limit=limit, agent=agent)
        return together(_noting(zip((one.url for one in reads[0].enclosures), loaded, strict=True), place, held))

    with Reader(1, soffice=home.settings.soffice) as reader:
        [(reads, attached)] = read_pages(reader, [item], further)
    here = surest(reads, year=words.year, agency=agency.name)
    read_ = enclosed(here, attached, year=words.year, agency=agency.name) if attached else here
    return _Brought(item, tuple(held), reads, tuple(attached), read_ if read_.is_form or not here.is_form else here)


def _noting(
    loaded: Iterable[tuple[str, File | Read]], place: Place, held: list[tuple[str, File]]
) -> Iterator[File | Read]:
    """What a page encloses, each file noted under the address by which the page is found to have it."""
    for written, item in loaded:
        if isinstance(item, File):
            tail = "" if place.address else "/" + written.partition("#")[0].lstrip("./")
            held.append((item.name if place.address else f"{_urn(item.data)}{tail}", item))
        yield item


def _urn(data: bytes) -> str:
    """The address of bytes that have none."""
    return f"urn:sha256:{hashlib.sha256(data).hexdigest()}"


def _address(home: Home, source: str, words: Words, file: File, agency: Agency) -> str:
    """The address that it goes by: as fetched, as the person says, as the saved page notes, else that of its bytes."""
    own = Hosts.of(home.registry.portals[agency.portal])
    if is_address(source):
        return urldefrag(source).url
    if words.url:
        if not words.force and (refusal := own.refuses(words.url)):
            raise UsageError(f"--url {clean(words.url)[:80]}：{refusal}。没有存入任何东西。如确属该单位，请加 --force")
        return urldefrag(words.url).url
    noted = _SAVED_FROM.search(file.data[:_HEAD])
    url = noted[1].decode("ascii", "replace") if noted else ""
    return urldefrag(url).url if url and not own.refuses(url) else _urn(file.data)


# ── taking it in ────────────────────────────────────────────────────────────────────────────────────────────────────


def _take_in(
    home: Home,
    source: str,
    words: Words,
    brought: _Brought,
    times: Times,
    *,
    agency: Agency,
    year: int,
    url: str,
    crawl: str,
) -> Captured:
    now = home.now()
    sha256 = hashlib.sha256(brought.file.data).hexdigest()
    report = brought.read.report
    title = (report.title if report else "") or Path(source).stem
    done = Captured(agency.agency, year, url, title, sha256, is_new=False)
    files = [(url, brought.file), *brought.enclosed]
    records = [Record(address, media_type_of(file.data)[0], file.data) for address, file in files]
    info = {
        "software": "nianbao",
        "format": "WARC File Format 1.1",
        "operator": words.by,
        "description": f"manual capture {crawl} for {agency.agency} {year}; {words.note}".rstrip("; "),
    }
    kept = keep_records(home.path, agency.portal, crawl, records, at=now, info=info)
    facts = _facts(title, report, times, brought, sha256)
    captures = [
        Capture(
            url=record.url,
            kind="attachment" if number else "article",
            column="",
            fetched_at=times.seen_at,
            status=200,
            media_type=record.media_type,
            sha256=hashlib.sha256(record.data).hexdigest(),
            size=len(record.data),
            offset=offset,
            length=length,
            parent=url if number else "",
            article=None if number else facts,
            taken_by=words.by,
        )
        for number, (record, (offset, length)) in enumerate(zip(records, kept.places, strict=True))
    ]
    health = Health(
        crawl=crawl,
        portal=agency.portal,
        started_at=now,
        finished_at=now,
        outcome=FINISHED,
        columns=(),
        requests=len(files) if is_address(source) else 0,
        bytes=sum(len(record.data) for record in records),
        warc_sha256=kept.sha256,
    )
    handover = Handover(
        crawl=crawl,
        portal=agency.portal,
        url=url,
        agency=agency.agency,
        year=year,
        by=words.by,
        at=now,
        seen_at=times.seen_at,
        seen_is_claimed=times.is_claimed,
        note=words.note,
        source=clean(source if is_address(source) else Path(source).name),
    )
    with home.store.transaction():
        if home.store.has_crawl(crawl):  # somebody else was quicker
            return done
        home.store.take_in(health, captures, years=[year], warc=kept.warc)
        home.store.add_handover(handover)
        for stored in home.store.unread(READER):
            if stored.crawl == crawl:
                keep(home, stored, brought.reads, list(brought.attached))
    return replace(done, is_new=True)


def _facts(title: str, report: Report | None, times: Times, brought: _Brought, sha256: str) -> ArticleFacts:
    dates = []
    if report and report.published_on:
        source = report.published_source or "label"
        dates.append(DateCandidate(report.published_on, source, _PAGE_DATES.get(source, MANUAL_CONFIDENCE)))
    if times.published:
        dates.append(DateCandidate(times.published, "manual", MANUAL_CONFIDENCE))
    return ArticleFacts(
        title=title,
        dates=tuple(dates),
        content=sha256,
        attachments=tuple(Attachment(address, Path(file.name).name) for address, file in brought.enclosed),
    )
