"""Spec, captures and health go through their files unchanged; a file is whole or not there."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.clock import SHANGHAI
from monitor.exchange import (
    CAPTURES_FILE,
    HEALTH_FILE,
    REASONS,
    ArticleFacts,
    Capture,
    Column,
    ColumnHealth,
    CrawlSpec,
    Health,
    KnownList,
    KnownPage,
    Limits,
    capture_from_json,
    capture_to_json,
    health_from_json,
    health_to_json,
    read_captures,
    read_health,
    spec_from_json,
    spec_to_json,
    to_json,
    write_atomically,
)
from monitor.model import Portal
from tests.strategies import attachments, counts, dates, days, digests, links, texts, times, urls, words, years

PORTALS = st.builds(
    Portal,
    portal=words,
    name=texts,
    home=urls,
    region=words,
    columns=st.lists(urls, max_size=3).map(tuple),
    family=words,
    hosts=st.lists(words, max_size=3).map(tuple),
    render=st.sampled_from(["auto", "never", "always"]),
    delay=st.none() | st.floats(0, 60),
    private=st.booleans(),
)
KNOWN_LISTS = st.lists(
    st.builds(KnownList, urls, times, words, st.booleans(), st.lists(links, max_size=3).map(tuple)), max_size=3
).map(tuple)
SPECS = st.builds(
    CrawlSpec,
    crawl=words,
    portal=PORTALS,
    columns=st.lists(st.builds(Column, urls, words), max_size=3).map(tuple),
    years=st.lists(years, max_size=3).map(tuple),
    known=st.lists(
        st.builds(KnownPage, urls, texts, st.none() | days, words, words, digests, st.booleans()), max_size=3
    ).map(tuple),
    lists=KNOWN_LISTS,
    limits=st.builds(Limits, counts, counts, counts, counts),
    user_agent=texts,
    clock=words,
    browser=words,
)
ARTICLES = st.builds(
    ArticleFacts,
    title=texts,
    publisher=texts,
    dates=st.lists(dates, max_size=3).map(tuple),
    content=digests,
    attachments=st.lists(attachments, max_size=3).map(tuple),
)
CAPTURES = st.builds(
    Capture,
    url=urls,
    kind=st.sampled_from(["list", "article", "attachment"]),
    column=urls,
    fetched_at=times,
    status=st.integers(100, 599),
    media_type=words,
    sha256=digests,
    size=counts,
    offset=counts,
    length=counts,
    etag=texts,
    last_modified=texts,
    family=words,
    rendered=st.booleans(),
    parent=urls,
    listed=st.none() | links,
    links=st.lists(links, max_size=3).map(tuple),
    article=st.none() | ARTICLES,
)
HEALTHS = st.builds(
    Health,
    crawl=words,
    portal=words,
    started_at=times,
    finished_at=times,
    outcome=words,
    columns=st.lists(
        st.builds(
            ColumnHealth,
            url=urls,
            agency=words,
            healthy=st.booleans(),
            reason=st.sampled_from(sorted(REASONS)),
            detail=texts,
            at=st.none() | times,
            pages=counts,
            links=counts,
            dated=counts,
            candidates=st.lists(links, max_size=3).map(tuple),
            missing=st.lists(urls, max_size=3).map(tuple),
            failed=st.dictionaries(urls, words, max_size=3),
        ),
        max_size=3,
    ).map(tuple),
    requests=counts,
    bytes=counts,
    refused=counts,
    warc_sha256=digests,
    unchanged=st.lists(urls, max_size=3).map(tuple),
    lists=KNOWN_LISTS,
)

AT = datetime(2024, 2, 1, 9, tzinfo=SHANGHAI)
HEALTH = Health(crawl="c", portal="p", started_at=AT, finished_at=AT, outcome="finished", columns=())


@given(SPECS)
def test_a_spec_comes_back_as_it_went_in(spec: CrawlSpec) -> None:
    assert spec_from_json(spec_to_json(spec)) == spec


@given(CAPTURES)
def test_a_capture_comes_back_as_it_went_in_and_is_one_line_of_a_file(capture: Capture) -> None:
    line = capture_to_json(capture)
    assert "\n" not in line
    assert "\r" not in line
    line.encode()  # half a character in a title does not stop the writing
    assert capture_from_json(line) == capture


@given(HEALTHS)
def test_a_health_comes_back_as_it_went_in(health: Health) -> None:
    assert health_from_json(health_to_json(health)) == health


@given(st.lists(CAPTURES, max_size=4))
def test_captures_are_read_line_by_line_whatever_marks_they_hold(
    tmp_path_factory: pytest.TempPathFactory, captures: list[Capture]
) -> None:
    bundle = tmp_path_factory.mktemp("bundle")
    (bundle / CAPTURES_FILE).write_text("".join(capture_to_json(capture) + "\n" for capture in captures), "utf-8")
    assert list(read_captures(bundle)) == captures


def test_a_bundle_without_health_is_not_whole(tmp_path: Path) -> None:
    assert read_health(tmp_path) is None
    assert read_health(tmp_path / "nowhere") is None
    write_atomically(tmp_path / HEALTH_FILE, health_to_json(HEALTH))
    assert read_health(tmp_path) == HEALTH


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"portal": 1}', "null"])
def test_what_is_no_spec_is_refused(text: str) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        spec_from_json(text)


def test_dates_times_and_amounts_are_written_as_texts() -> None:
    assert json.loads(to_json([AT, date(2024, 2, 1), Decimal("0.10")])) == [AT.isoformat(), "2024-02-01", "0.10"]
    with pytest.raises(TypeError):
        to_json({1, 2})


# ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_written_anew_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "health.json"
    for text in ("旧", "新"):
        write_atomically(file, text)
        assert file.read_text("utf-8") == text
    assert list(tmp_path.iterdir()) == [file]


def test_a_missing_folder_is_an_error_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write_atomically(tmp_path / "gone" / "health.json", "text")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_files_place_stays_and_no_part_is_left(tmp_path: Path) -> None:
    (tmp_path / "health.json").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_atomically(tmp_path / "health.json", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["health.json"]


def test_a_text_that_cannot_be_encoded_leaves_the_old_file_and_no_part(tmp_path: Path) -> None:
    file = tmp_path / "health.json"
    write_atomically(file, "旧")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(file, "新\ud800")
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["旧"]


WRITER = """
import resource, signal, sys
from pathlib import Path
from monitor.exchange import write_atomically
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as on a full disk, the write fails instead of killing us
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    write_atomically(Path(sys.argv[1]), "x" * 100_000)
except OSError:
    sys.exit(7)
"""


def test_a_disk_that_is_full_leaves_the_old_file_and_no_part(tmp_path: Path) -> None:
    file = tmp_path / "health.json"
    write_atomically(file, "旧")
    ended = subprocess.run([sys.executable, "-c", WRITER, str(file)], check=False)
    assert ended.returncode == 7
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["旧"]


def test_every_reason_has_words_for_people() -> None:
    assert all(any("\u4e00" <= mark <= "\u9fff" for mark in words) for words in REASONS.values())
