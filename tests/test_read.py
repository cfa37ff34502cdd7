"""The read step: a captured page, or what it wraps, becomes a reading; what is not to be had is never "no report"."""

from __future__ import annotations

import hashlib
import io
import re
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from monitor.clock import SHANGHAI
from monitor.demo.compose import compose
from monitor.evidence import FOLDER
from monitor.exchange import ArticleFacts, Attachment, Capture, Health
from monitor.jobs.home import open_home
from monitor.jobs.read import read
from monitor.rows import Reading

AT = datetime(2024, 2, 1, 9, tzinfo=SHANGHAI)
SITE = "http://127.0.0.1:9/nb/"
AGENCY = "演示区民政局"
TITLE = f"{AGENCY}2023年政府信息公开工作年度报告"
BODY = compose(AGENCY, 2023, signed_on=date(2024, 1, 10)).body
LAST = compose(AGENCY, 2022, signed_on=date(2023, 1, 10)).body
LETTER = "<p>现将本单位上一年度有关情况的说明送上，请予审核后在网站上发布，并将意见告知我们。</p>" * 9
WRAPPER = f"<html><head><title>{TITLE}</title></head><body><div class='article'><p>详见附件。</p></div></body></html>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry/portals.csv").write_text(
        f"portal,name,home,columns,private\ndemo,演示区人民政府,{SITE},{SITE},yes\n", "utf-8"
    )
    (tmp_path / "registry/agencies.csv").write_text(
        f"agency,name,kind,portal\ndemo-mzj,{AGENCY},department,demo\n", "utf-8"
    )
    return tmp_path


def crawled(folder: Path, pages: Mapping[str, tuple[str, Mapping[str, str], Sequence[str]]]) -> None:
    """Take in a crawl. `pages`: name → page, its attachments as fetched (in that order), and all that it names."""
    captures, place = [], folder / FOLDER / "demo/crawl.warc.gz"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")

        def keep(name: str, body: str, kind: str, parent: str = "", facts: ArticleFacts | None = None) -> None:
            content, offset = body.encode(), file.tell()
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            payload = io.BytesIO(content)
            writer.write_record(
                writer.create_warc_record(SITE + name, "response", payload, length=len(content), http_headers=http)
            )
            captures.append(
                Capture(
                    url=SITE + name,
                    kind=kind,
                    column=SITE,
                    fetched_at=AT,
                    status=200,
                    media_type="text/html",
                    sha256=hashlib.sha256(content).hexdigest(),
                    size=len(content),
                    offset=offset,
                    length=file.tell() - offset,
                    parent=parent,
                    article=facts,
                )
            )

        for name, (page, fetched, named) in pages.items():
            attachments = tuple(Attachment(SITE + url, url) for url in named)
            title = f"关于报送{TITLE}的函" if page == LETTER else TITLE
            keep(name, page, "article", facts=ArticleFacts(title=title, attachments=attachments))
            for url, body in fetched.items():
                keep(url, body, "attachment", parent=SITE + name)
    health = Health(crawl="demo-1", portal="demo", started_at=AT, finished_at=AT, outcome="finished", columns=())
    with open_home(folder, "2024-02-01T09:00") as home, home.store.transaction():
        home.store.take_in(health, captures, years=[2023], warc="demo/crawl.warc.gz")


def readings(folder: Path) -> list[Reading]:
    with open_home(folder, "2024-02-01T09:00") as home:
        read(home)
        return [reading for _, reading in home.store.readings("demo")]


def one(
    folder: Path, page: str, fetched: Mapping[str, str] | None = None, named: Sequence[str] | None = None
) -> Reading:
    fetched = fetched or {}
    crawled(folder, {"t1.html": (page, fetched, list(fetched) if named is None else named)})
    [reading] = readings(folder)
    return reading


def test_a_report_on_the_page_is_read_there_whatever_is_attached(folder: Path) -> None:
    reading = one(folder, BODY, {"a.doc": LAST})
    assert (reading.is_form, reading.year, reading.error) == (True, 2023, "")
    assert reading.report is not None
    assert reading.report.document == SITE + "t1.html"


def test_a_page_that_wraps_is_the_surest_attachment_and_says_where_they_differ(folder: Path) -> None:
    before, _, after = BODY.rpartition("<td>1</td>")
    reading = one(
        folder,
        WRAPPER,
        {"b.doc": f"{before}<td>9</td>{after}", "a.doc": BODY, "old.doc": LAST},
        ["a.doc", "b.doc", "old.doc"],
    )
    assert reading.report is not None
    assert (reading.is_form, reading.year) == (True, 2023)
    assert reading.report.document == SITE + "a.doc"  # the page's order, not that of fetching
    assert sum(bool(cell.doubt) for _, cell in reading.report.cells()) == 1
    assert any("b.doc" in note for note in reading.report.notes)
    assert any("old.doc" in note and "2022年度" in note for note in reading.report.notes)


def test_an_attachment_that_was_not_fetched_or_not_read_is_an_error_and_never_no_report(folder: Path) -> None:
    broken = "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00"
    crawled(
        folder,
        {
            "lost.html": (WRAPPER, {}, ["lost.doc"]),
            "broken.html": (WRAPPER, {"broken.doc": broken}, ["broken.doc"]),
            "last.html": (WRAPPER, {"last.doc": LAST}, ["last.doc", "this.doc"]),
            "empty.html": (WRAPPER, {}, []),
            "letter.html": (LETTER, {}, []),
            "letters.html": (LETTER, {"letter.doc": LETTER}, ["letter.doc"]),
        },
    )
    found = dict(zip(("lost", "broken", "last", "empty", "letter", "letters"), readings(folder), strict=True))
    assert {name: reading.is_form for name, reading in found.items()} == {
        "lost": None,
        "broken": None,
        "last": None,
        "empty": None,
        "letter": False,
        "letters": False,
    }
    assert found["lost"].error == "报告可能在附件“lost.doc”中，附件没有读成：没有取到"
    assert found["broken"].error.startswith(f"报告可能在附件“{SITE}broken.doc”中，附件没有读成：")
    assert "无法识别" in found["broken"].error
    assert "this.doc" in found["last"].error
    assert "几乎没有文字" in found["empty"].error


def test_a_file_that_was_fetched_is_known_by_its_address_without_what_the_viewer_is_told(folder: Path) -> None:
    framed = WRAPPER.replace("详见附件。", "<iframe src='./a.doc#toolbar=0'></iframe>")
    reading = one(folder, framed, {"a.doc": BODY})
    assert reading.report is not None
    assert not any("没有取到" in note for note in reading.report.notes)


def test_a_page_that_lacks_the_tables_is_not_said_to_lack_what_may_be_in_its_attachment(folder: Path) -> None:
    bare = re.sub(r"<table.*?</table>", "", BODY, flags=re.DOTALL)
    tables = "".join(re.findall(r"<table.*?</table>", BODY, flags=re.DOTALL))
    crawled(
        folder,
        {
            "whole.html": (bare, {"whole.doc": BODY}, ["whole.doc"]),
            "tables.html": (bare, {"tables.doc": tables}, ["tables.doc"]),
            "lost.html": (bare, {}, ["lost.doc"]),
            "bare.html": (bare, {}, []),
            "letter.html": (bare, {"l.doc": "<p>报送签收单。</p>"}, ["l.doc"]),
        },
    )
    reports = [reading.report for reading in readings(folder)]
    assert [report and (report.document.removeprefix(SITE), len(report.doubts)) for report in reports] == [
        ("whole.doc", 0),
        ("tables.html", 3),
        ("lost.html", 3),
        ("bare.html", 0),
        ("letter.html", 0),
    ]


def test_reading_is_done_once_and_again_only_for_a_new_reader(folder: Path) -> None:
    first = one(folder, BODY)
    with open_home(folder, "2024-02-01T09:00") as home:
        assert read(home) == 0
    with sqlite3.connect(folder / "nianbao.db") as database:
        database.execute("UPDATE readings SET reader = '1'")
    database.close()
    assert readings(folder) == [first]


def test_evidence_that_is_gone_costs_its_own_page_alone(folder: Path) -> None:
    crawled(folder, {"a.html": (BODY, {}, []), "b.html": (BODY.replace("演示", "示范"), {}, [])})
    place = folder / FOLDER / "demo/crawl.warc.gz"
    content = place.read_bytes()
    place.write_bytes(content[: len(content) * 2 // 3])
    assert [(bool(reading.error), reading.is_form) for reading in readings(folder)] == [(False, True), (True, None)]


def test_readings_stand_in_the_order_of_their_captures(folder: Path) -> None:
    crawled(folder, {f"{number}.html": (BODY.replace(AGENCY, f"演示{number}局"), {}, []) for number in range(60)})
    found = readings(folder)
    assert [reading.body for reading in found] == [f"演示{number}局" for number in range(60)]
