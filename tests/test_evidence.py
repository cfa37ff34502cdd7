"""Evidence: files are moved to their place once, and what is no longer as it was recorded is not believed."""

from __future__ import annotations

import gzip
import hashlib
import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from monitor.clock import SHANGHAI
from monitor.errors import HomeError, Unreadable
from monitor.evidence import body, keep
from monitor.exchange import WARC_FILE, Capture, Health
from monitor.rows import StoredCapture

AT = datetime(2024, 2, 1, 9, tzinfo=SHANGHAI)
HEALTH = Health(crawl="jn-1", portal="jn", started_at=AT, finished_at=AT, outcome="finished", columns=())
PAGES = {f"http://127.0.0.1/{number}.html": f"<p>第{number}页</p>".encode() * 30 for number in range(4)}


def warc() -> tuple[bytes, list[Capture]]:
    """A WARC file with a member for each page, and the captures that point into it."""
    file, captures = io.BytesIO(), []
    writer = WARCWriter(file, gzip=True, warc_version="1.1")
    for url, content in PAGES.items():
        offset = file.tell()
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url, "response", payload=io.BytesIO(content), length=len(content), http_headers=http
            )
        )
        captures.append(
            Capture(
                url=url,
                kind="article",
                column="",
                fetched_at=AT,
                status=200,
                media_type="text/html",
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                offset=offset,
                length=file.tell() - offset,
            )
        )
    return file.getvalue(), captures


FILE, CAPTURES = warc()


def bundle_in(tmp_path: Path) -> Path:
    bundle = tmp_path / "inbox" / "jn-1"
    bundle.mkdir(parents=True)
    (bundle / WARC_FILE).write_bytes(FILE)
    return bundle


def stored(capture: Capture, place: str = "jn/2024/jn-1.warc.gz") -> StoredCapture:
    return StoredCapture(1, "jn-1", "jn", place, capture)


def place_file(home: Path, content: bytes) -> None:
    file = home / "evidence" / "jn" / "2024" / "jn-1.warc.gz"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def test_a_bundles_file_is_moved_to_its_place_below_portal_and_year(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path)
    assert keep(tmp_path, bundle, HEALTH) == "jn/2024/jn-1.warc.gz"
    assert (tmp_path / "evidence" / "jn" / "2024" / "jn-1.warc.gz").read_bytes() == FILE
    assert list(bundle.iterdir()) == []


def test_keeping_again_after_a_crash_finds_the_file_in_its_place(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path)
    assert keep(tmp_path, bundle, HEALTH) == keep(tmp_path, bundle, HEALTH) == "jn/2024/jn-1.warc.gz"
    assert (tmp_path / "evidence" / "jn" / "2024" / "jn-1.warc.gz").read_bytes() == FILE


def test_a_bundle_without_a_file_has_no_place(tmp_path: Path) -> None:
    assert keep(tmp_path, tmp_path, HEALTH) == ""
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_made_gives_one_line_and_the_bundle_stays(tmp_path: Path) -> None:
    bundle = bundle_in(tmp_path)
    (tmp_path / "evidence").write_text("in the way", "utf-8")
    with pytest.raises(HomeError, match="存不下证据文件") as error:
        keep(tmp_path, bundle, HEALTH)
    assert len(str(error.value).splitlines()) == 1
    assert (bundle / WARC_FILE).read_bytes() == FILE


@pytest.mark.parametrize("number", range(len(CAPTURES)))
def test_each_record_is_read_by_its_own_offset(tmp_path: Path, number: int) -> None:
    keep(tmp_path, bundle_in(tmp_path), HEALTH)
    assert body(tmp_path, stored(CAPTURES[number])) == PAGES[CAPTURES[number].url]


def test_a_missing_file_is_unreadable_and_names_the_page(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"缺失或损坏，读不出 http://127\.0\.0\.1/1\.html") as error:
        body(tmp_path, stored(CAPTURES[1]))
    assert len(str(error.value).splitlines()) == 1


def test_a_capture_without_a_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    with pytest.raises(Unreadable):
        body(tmp_path, stored(CAPTURES[1], place=""))


def test_a_record_with_other_content_than_was_recorded_is_unreadable(tmp_path: Path) -> None:
    place_file(tmp_path, FILE)
    first, second = CAPTURES[:2]
    with pytest.raises(Unreadable, match="校验值不符"):
        body(tmp_path, stored(replace(first, offset=second.offset, length=second.length)))


SECOND = CAPTURES[1]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, SECOND.length - 1), st.integers(1, 255))
def test_a_record_in_which_any_byte_was_changed_is_right_or_unreadable(tmp_path: Path, at: int, mask: int) -> None:
    tampered = bytearray(FILE)
    tampered[SECOND.offset + at] ^= mask
    place_file(tmp_path, bytes(tampered))
    try:
        content = body(tmp_path, stored(SECOND))
    except Unreadable:
        content = PAGES[SECOND.url]
    assert content == PAGES[SECOND.url]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, SECOND.offset + SECOND.length - 1))
def test_a_file_that_was_cut_off_within_the_record_is_unreadable(tmp_path: Path, size: int) -> None:
    place_file(tmp_path, FILE[:size])
    with pytest.raises(Unreadable):
        body(tmp_path, stored(SECOND))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.text("WARC/1.1\r\n: HTTP200ContentLengthtype", max_size=120).map(str.encode))
def test_anything_else_in_the_records_place_is_unreadable(tmp_path: Path, content: bytes) -> None:
    member = gzip.compress(content)
    place_file(tmp_path, member)
    with pytest.raises(Unreadable):
        body(tmp_path, stored(replace(SECOND, offset=0, length=len(member))))
