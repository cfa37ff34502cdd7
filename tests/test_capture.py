"""The manual way in: what a person hands in is evidence under that person's name, proves presence and nothing more."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from monitor import evidence
from monitor.cli import cli
from monitor.demo.compose import compose
from monitor.documents import READER
from monitor.errors import HomeError, Unreadable, UsageError
from monitor.jobs.assess import assess
from monitor.jobs.attribute import attribute
from monitor.jobs.capture import capture
from monitor.jobs.handed import Words
from monitor.jobs.home import Home, writing
from monitor.jobs.judge import judge_all
from monitor.model import Verdict
from monitor.store import Store
from monitor.web import views
from tests.stored_reports import AGENCY, NAME, NOW, OTHER, OTHER_NAME, YEAR, home_at, new_home
from tests.test_attribution import found

BY = "王芳"
WORDS = Words(agency=AGENCY, by=BY)
URL = "http://qs.example/nb/7.html"


def page(name: str = NAME, year: int = YEAR, *, published: str = "2024-01-22", head: str = "") -> bytes:
    """A saved article page."""
    title = f"{name}{year}年政府信息公开工作年度报告"
    meta = f'<meta name="PubDate" content="{published} 09:00">' if published else ""
    body = compose(name, year, seed=3).body
    return (
        f'{head}<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="ArticleTitle" content="{title}">{meta}</head><body><h1>{title}</h1>'
        f'<div class="article-content">{body}</div></body></html>'
    ).encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_home(tmp_path / "home")


@pytest.fixture
def home(path: Path) -> Iterator[Home]:
    with home_at(path) as opened:
        yield opened


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    file = tmp_path / "年报.html"
    file.write_bytes(page())
    return file


def verdict(home: Home, agency: str = AGENCY, year: int = YEAR) -> Verdict:
    return next(one.verdict for one in judge_all(home, (year,), home.now()) if one.obligation.agency == agency)


def stored(home: Home) -> tuple[int, int, int]:
    """How many handovers, readings and evidence files there are."""
    files = [file for file in (home.path / "evidence").rglob("*") if file.is_file()]
    return len(home.store.handovers("qs")), len(home.store.readings("qs")), len(files)


# ── what it proves ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_saved_page_is_evidence_under_the_persons_name_and_is_read_and_judged(home: Home, saved: Path) -> None:
    done = capture(home, str(saved), replace(WORDS, note="网站回答 412"))
    assert (done.is_new, done.year, done.agency) == (True, YEAR, AGENCY)
    judged = verdict(home)
    assert (str(judged.status), judged.claimed_on, judged.claimed_source) == ("on_time", date(2024, 1, 22), "meta")
    assert (judged.first_seen_at, judged.first_seen_by, judged.taken_by) == (NOW, BY, BY)
    (handover,) = home.store.handovers("qs")
    assert (handover.by, handover.note, handover.source, handover.seen_is_claimed) == (
        BY, "网站回答 412", "年报.html", False,
    )  # fmt: skip
    (file,) = (home.path / "evidence").rglob("*.warc.gz")
    with file.open("rb") as raw:
        info, record = [(one.rec_type, one.content_stream().read()) for one in ArchiveIterator(raw)]
    assert info[0] == "warcinfo"
    assert f"operator: {BY}".encode() in info[1]
    assert record == ("resource", saved.read_bytes())
    (unread,) = home.store.unread(f"not {READER}")
    assert evidence.body(home.path, unread) == saved.read_bytes()
    assess(home, years=(YEAR,))
    assert home.store.judged_count(year=YEAR) == 1  # the rules saw its text


def test_it_says_nothing_of_the_portal_and_nothing_of_anybody_else(home: Home, saved: Path) -> None:
    capture(home, str(saved), WORDS)
    assert home.store.looks("qs", YEAR) == []
    assert home.store.portal_state("qs") is None
    assert home.store.latest_articles("qs") == []  # no crawl goes back to it
    assert (str(verdict(home, OTHER).status), verdict(home, OTHER).reason) == ("unknown", "never_looked")


def test_doing_it_again_changes_nothing(home: Home, saved: Path) -> None:
    capture(home, str(saved), WORDS)
    before, judged = stored(home), verdict(home)
    assert not capture(home, str(saved), replace(WORDS, by="李明")).is_new
    assert stored(home) == before == (1, 1, 1)
    assert verdict(home) == judged
    with pytest.raises(UsageError, match="nianbao match"):
        capture(home, str(saved), replace(WORDS, year=2022))


def test_a_persons_date_can_clear_and_never_accuse(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "年报.html"
    file.write_bytes(page(published=""))
    capture(home, str(file), replace(WORDS, published="2024-01-20"))
    judged = verdict(home)
    assert (str(judged.status), judged.claimed_source) == ("on_time", "manual")
    file.write_bytes(page(OTHER_NAME, published=""))
    capture(home, str(file), Words(agency=OTHER, by=BY, published="2024-02-05"))
    assert (str(verdict(home, OTHER).status), verdict(home, OTHER).reason) == ("unknown", "date_unknown")


def test_when_it_was_seen_is_the_persons_word_and_is_shown_as_such(home: Home, saved: Path) -> None:
    capture(home, str(saved), replace(WORDS, seen_at="2024-01-25T15:00"))
    judged = verdict(home)
    assert judged.first_seen_at is not None
    assert judged.first_seen_at.isoformat() == "2024-01-25T15:00:00+08:00"
    shown = views.agency_page(home, AGENCY, str(YEAR))
    (note,) = shown.notes
    assert BY in note
    assert "所述见到时间" in note
    assert any(BY in meaning for _, _, meaning in shown.clocks)


def test_a_crawl_of_the_same_page_later_is_no_change_and_no_second_report(home: Home, saved: Path) -> None:
    capture(home, str(saved), replace(WORDS, url=URL, seen_at="2024-02-05T15:00"))
    found(home, f"{NAME}{YEAR}年政府信息公开工作年度报告", url=URL, at="2024-02-06T09:00", content="crawled")
    judged = verdict(home)
    assert (judged.changed_at, judged.withdrawn_at, judged.report_url) == (None, None, URL)
    assert judged.first_seen_by == BY


def test_the_address_that_a_browser_noted_is_its_address_if_it_is_the_portals(home: Home, tmp_path: Path) -> None:
    for number, (noted, expected) in enumerate([(URL, URL), ("http://clone.example/7.html", "urn:sha256:")]):
        file = tmp_path / f"{number}.html"
        file.write_bytes(page(head=f"<!-- saved from url=(0027){noted} -->\n"))
        assert capture(home, str(file), WORDS).url.startswith(expected)


def test_a_page_saved_with_its_pictures_in_one_file_is_read_and_says_where_it_came_from(
    home: Home, tmp_path: Path
) -> None:
    head = f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {URL}\r\nMIME-Version: 1.0\r\n"
    kind = 'Content-Type: multipart/related; type="text/html"; boundary="x"\r\n\r\n--x\r\n'
    part = "Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    content = base64.encodebytes(page()).decode()
    (tmp_path / "年报.mht").write_text(f"{head}{kind}{part}{content}\r\n--x--\r\n", "utf-8")
    assert capture(home, str(tmp_path / "年报.mht"), WORDS).url == URL
    assert str(verdict(home).status) == "on_time"


def test_a_page_that_only_wraps_a_file_keeps_and_reads_the_file_beside_it(home: Home, tmp_path: Path) -> None:
    title = f"{NAME}{YEAR}年政府信息公开工作年度报告"
    (tmp_path / "附件.html").write_bytes(page())
    wrapping = tmp_path / "页面.html"
    wrapping.write_text(
        f'<meta charset="utf-8"><title>{title}</title><h1>{title}</h1><div class="article-content">'
        f'<p>附件：<a href="附件.html">{title}.html</a></p><p><a href="年报.pdf">年报.pdf</a></p></div>',
        "utf-8",
    )
    (tmp_path / "年报.pdf").write_bytes((tmp_path / "附件.html").read_bytes())
    assert capture(home, str(wrapping), WORDS).is_new
    ((_, reading),) = home.store.readings("qs")
    assert reading.is_form


def test_a_wrong_handover_is_corrected_by_an_answer(home: Home, saved: Path) -> None:
    url = capture(home, str(saved), replace(WORDS, agency=OTHER, force=True)).url
    assert verdict(home, OTHER).taken_by == BY
    attribute(home, url, agency=AGENCY, by="李明", reason="取证时填错单位")
    assert (verdict(home, OTHER).taken_by, verdict(home).taken_by) == ("", BY)


# ── what is refused ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "words", "message"),
    [
        (page(OTHER_NAME), WORDS, OTHER_NAME),
        (page("张店县文化和旅游局"), WORDS, "张店县"),
        (page(year=2022), replace(WORDS, year=2023), "2022 年度"),
        ("<p>访问过于频繁，请输入验证码</p>".encode(), replace(WORDS, year=2023), "不像"),
        (b"%PDF-1.4 broken", replace(WORDS, year=2023), "读不出"),
        (page(), replace(WORDS, url="http://clone.example/7.html"), "不属于该网站"),
    ],
)
def test_what_speaks_of_somebody_or_something_else_is_refused_unless_the_person_insists(
    home: Home, tmp_path: Path, content: bytes, words: Words, message: str
) -> None:
    file = tmp_path / "年报.html"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=message) as refused:
        capture(home, str(file), words)
    assert "--force" in str(refused.value)
    assert stored(home) == (0, 0, 0)


def test_whoever_insists_is_believed_even_of_what_cannot_be_read(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "年报.pdf"
    file.write_bytes(b"%PDF-1.4 broken")
    assert capture(home, str(file), replace(WORDS, year=YEAR, force=True)).is_new
    assert (verdict(home).first_seen_at, verdict(home).reason) == (NOW, "date_unknown")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (replace(WORDS, by=" "), "--by"),
        (replace(WORDS, agency="nobody"), "没有单位"),
        (replace(WORDS, seen_at="2024-02-07T09:00"), "还没有到"),
        (replace(WORDS, seen_at="昨天"), "看不懂时间"),
        (replace(WORDS, published="2024-02-07"), "晚于"),
        (replace(WORDS, published="一月"), "看不懂日期"),
        (replace(WORDS, year=2024), "还没有结束"),
        (replace(WORDS, url="7.html"), "不是网址"),
        (replace(WORDS, note="长" * 501), "太长"),
    ],
)
def test_wrong_words_are_refused_in_plain_lines_and_nothing_is_written(
    home: Home, saved: Path, words: Words, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        capture(home, str(saved), words)
    assert stored(home) == (0, 0, 0)


@pytest.mark.parametrize("content", [None, b"", b" \n"])
def test_a_file_that_is_not_there_or_empty_is_refused(home: Home, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "年报.html"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Unreadable):
        capture(home, str(file), WORDS)
    assert stored(home) == (0, 0, 0)


def test_a_crash_between_the_bytes_and_the_rows_leaves_no_rows_and_the_next_try_is_whole(
    home: Home, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise HomeError("磁盘已满")

    monkeypatch.setattr(Store, "add_handover", full)
    with pytest.raises(HomeError):
        capture(home, str(saved), WORDS)
    assert stored(home)[:2] == (0, 0)
    assert home.store.unread(READER) == []
    monkeypatch.undo()
    assert capture(home, str(saved), WORDS).is_new
    assert stored(home) == (1, 1, 1)


def test_hostile_words_do_not_break_out_of_the_evidence(home: Home, saved: Path) -> None:
    capture(home, str(saved), replace(WORDS, by="王\r\nWARC-Type: response", note="a\r\n\r\nWARC/1.1"))
    (file,) = (home.path / "evidence").rglob("*.warc.gz")
    with file.open("rb") as raw:
        info = next(iter(ArchiveIterator(raw))).content_stream().read().decode()
    assert [line.split(":")[0] for line in info.strip().splitlines()] == [
        "software", "format", "operator", "description",
    ]  # fmt: skip


def test_it_is_taken_in_while_a_round_is_going_on(path: Path, saved: Path) -> None:
    with home_at(path) as round_, writing(round_), home_at(path) as home:
        assert capture(home, str(saved), WORDS).is_new
        assert str(verdict(home).status) == "on_time"


# ── addresses ───────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def site(answers: dict[str, tuple[int, dict[str, str], bytes]]) -> Iterator[tuple[str, list[str]]]:
    """A site on loopback, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            status, headers, content = answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def at_loopback(path: Path, *, private: bool) -> None:
    (path / "registry/portals.csv").write_text(
        f"portal,name,home,private\nqs,青石县人民政府,http://127.0.0.1/,{'yes' if private else 'no'}\n", "utf-8"
    )


def test_an_address_is_fetched_once_and_kept_as_it_came(path: Path) -> None:
    at_loopback(path, private=True)
    with site({"/7.html": (200, {"Content-Type": "text/html"}, page())}) as (address, asked), home_at(path) as home:
        done = capture(home, f"{address}/7.html#top", WORDS)
        assert (done.url, asked) == (f"{address}/7.html", ["/7.html"])
        assert str(verdict(home).status) == "on_time"


@pytest.mark.parametrize("force", [False, True])
def test_a_private_address_is_never_asked(path: Path, force: bool) -> None:
    at_loopback(path, private=False)
    with site({"/7.html": (200, {}, page())}) as (address, asked), home_at(path) as home:
        with pytest.raises(Unreadable, match="内网或本机"):
            capture(home, f"{address}/7.html", replace(WORDS, force=force))
        assert asked == []
        assert stored(home) == (0, 0, 0)


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest", "http://clone.example/7.html", "file:///etc/hostname"]
)
def test_a_redirect_away_from_the_portal_is_not_followed(path: Path, target: str) -> None:
    at_loopback(path, private=True)
    with site({"/7.html": (302, {"Location": target}, b"")}) as (address, _), home_at(path) as home:
        with pytest.raises(Unreadable):
            capture(home, f"{address}/7.html", WORDS)
        assert stored(home) == (0, 0, 0)


def test_an_answer_that_refuses_is_no_evidence(path: Path) -> None:
    at_loopback(path, private=True)
    with site({"/7.html": (412, {}, b"no")}) as (address, _), home_at(path) as home:
        with pytest.raises(Unreadable, match="412"):
            capture(home, f"{address}/7.html", replace(WORDS, year=YEAR, force=True))
        assert stored(home) == (0, 0, 0)


# ── the verb ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_verb_takes_it_in_and_the_lists_say_by_whom(path: Path, saved: Path) -> None:
    def run(*words: str) -> str:
        line = ["--home", str(path), "--now", NOW.isoformat(), *words]
        return CliRunner().invoke(cli, line, standalone_mode=False, catch_exceptions=False).stdout

    words = ("capture", str(saved), "--agency", AGENCY, "--by", BY, "--note", "验证码")
    assert "已存作证据" in run(*words)
    assert "未变" in run(*words)
    rows = {row["agency"]: row for row in json.loads(run("status", "--format", "json"))}
    assert (rows[AGENCY]["taken_in_by"], rows[AGENCY]["first_seen_by"]) == (BY, BY)
    assert rows[OTHER]["taken_in_by"] is None
    assert f"{BY}人工取证" in run("status")
