"""The web page over a real home and a real socket: what it shows, and that nothing hostile gets through it."""

from __future__ import annotations

import json
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.browser import find_browser
from monitor.clock import SHANGHAI, stopwatch
from monitor.database import DATABASE
from monitor.exchange import ArticleFacts, Capture, ColumnHealth, Health
from monitor.jobs.assess import assess
from monitor.jobs.home import Home, open_home
from monitor.model import DateCandidate, Finding, OutgoingMessage, Report, Severity
from monitor.rows import Reading, packed
from monitor.store import Store
from monitor.web import views
from monitor.web.server import is_ours, render, serving

NOW = datetime(2024, 2, 6, 9, 0, tzinfo=SHANGHAI)
YEAR = 2023
PORTALS = """portal,name,home,columns
jia,甲县人民政府,http://jia.example/,
yi,乙市人民政府,http://yi.example/,http://yi.example/nb/
"""
AGENCIES = """agency,name,kind,portal,column
jia-cz,甲县财政局,department,jia,http://jia.example/cz/
jia-jy,甲县教育局,department,jia,http://jia.example/jy/
jia-mz,甲县民政局,department,jia,http://jia.example/mz/
jia-zf,甲县人民政府,government,jia,http://jia.example/zf/
yi-sw,乙市商务局,department,yi,
"""
SCRIPT = "<script>alert(1)</script>"
TURNED = "\u202egnp.exe"


# ── a home in which something has happened ──────────────────────────────────────────────────────────────────────────


def article(agency: str, url: str, title: str, on: date, seen: datetime) -> Capture:
    return Capture(
        url=url,
        kind="article",
        column=f"http://jia.example/{agency}/",
        fetched_at=seen,
        status=200,
        media_type="text/html",
        sha256="0" * 64,
        size=1,
        offset=0,
        length=1,
        article=ArticleFacts(title=title, dates=(DateCandidate(on, "meta", 0.9),), content="c"),
    )


def crawl(home: Home, portal: str, at: datetime, *, reason: str = "ok", captures: tuple[Capture, ...] = ()) -> None:
    """Take in a crawl of all columns of a portal, healthy or not."""
    own = [agency for agency in home.registry.agencies.values() if agency.portal == portal and agency.column]
    columns = [(agency.column, agency.agency) for agency in own] or [("http://yi.example/nb/", "")]
    health = Health(
        crawl=f"{portal}-{at:%m%d%H%M}",
        portal=portal,
        started_at=at,
        finished_at=at,
        outcome="finished",
        columns=tuple(
            ColumnHealth(url=url, agency=agency, healthy=reason == "ok", reason=reason, at=at)
            for url, agency in columns
        ),
    )
    with home.store.transaction():
        home.store.take_in(health, captures, years=[YEAR], warc="")


def read_all(home: Home, **owners: str) -> None:
    """Read every captured article as a report of the agency that `owners` gives for the last part of its address."""
    is_form, wire = packed(Report(title="年报", agency=None, year=YEAR, format="2021"))
    with home.store.transaction():
        for stored in home.store.unread("test"):
            agency = owners[stored.capture.url.rpartition("/")[2].rpartition(":")[2]]
            reading = Reading(
                capture=stored.id,
                year=YEAR,
                named=home.registry.agencies[agency].name if agency else "",
                body="",
                is_form=is_form,
                wire=wire,
                error="",
            )
            home.store.save_reading(reading, reader="test")


def fill(home: Home) -> None:
    """甲县: one late with a hostile title and finding, one overdue, one with a hostile address. 乙市: blocked."""
    crawl(home, "jia", NOW - timedelta(days=20))
    crawl(
        home,
        "jia",
        NOW - timedelta(days=10),
        captures=(
            article("cz", "http://jia.example/cz/1", f"财政局年报{SCRIPT}{TURNED}", date(2024, 1, 20), NOW),
            article("mz", "javascript:alert/2", "民政局年报", date(2024, 1, 22), NOW - timedelta(days=10)),
        ),
    )
    crawl(home, "jia", NOW - timedelta(hours=1))
    crawl(home, "yi", NOW - timedelta(hours=1), reason="portal_blocked")
    read_all(home, **{"1": "jia-cz", "2": "jia-mz"})
    assess(home, years=(YEAR,))
    hostile = Finding(
        rule="t2_sum",
        subject="total",
        severity=Severity.ERROR,
        name="勾稽关系",
        message=f"合计不符{SCRIPT}",
        quote=f'"><img src=x onerror=alert(1)>{TURNED}',
        section="三",
        cell="requests.received.total",
        expected="3",
        found="2",
        basis="国办公开办函〔2021〕30号",
    )
    mild = Finding(rule="tone", subject="x", severity=Severity.HINT, message="措辞可以更准确")
    message = OutgoingMessage(
        message_id="<1@example.gov.cn>",
        channel="email",
        recipients=("office@example.gov.cn",),
        subject="〔年报监测〕逾期未发布1家",
        text="",
        html="",
        created_at=NOW,
    )
    with home.store.transaction():
        home.store.save_findings("jia-cz", YEAR, [hostile, mild], url="http://jia.example/cz/1", at=NOW)
        home.store.put_in_outbox(message, told=[])
    home.store.mark_failed(message.message_id, error="连不上发信服务器", next_attempt_at=NOW, recipients=("o@e.cn",))
    home.store.save_round(started_at=NOW - timedelta(hours=1), ended_at=NOW - timedelta(minutes=5), reason="每日")


def empty_home(path: Path) -> Path:
    (path / "registry").mkdir(parents=True)
    (path / "registry/portals.csv").write_text(PORTALS, "utf-8")
    (path / "registry/agencies.csv").write_text(AGENCIES, "utf-8")
    return path


@pytest.fixture(scope="module")
def home_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = empty_home(tmp_path_factory.mktemp("home") / "home")
    with open_home(path, NOW.isoformat()) as home:
        fill(home)
    return path


@pytest.fixture
def home(home_path: Path) -> Iterator[Home]:
    with open_home(home_path, NOW.isoformat()) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(home_path: Path) -> Iterator[str]:
    with serving(home_path, NOW.isoformat(), host="127.0.0.1", port=0) as at:
        yield at


def ask(address: str, path: str, *, method: str = "GET", host: str | None = None) -> tuple[HTTPResponse, str]:
    """One request exactly as given: nothing tidies its path or its Host."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        connection.putrequest(method, path, skip_host=host is not None)
        if host is not None:
            connection.putheader("Host", host)
        connection.endheaders()
        answer = connection.getresponse()
        return answer, answer.read().decode("utf-8")
    finally:
        connection.close()


class Elements(HTMLParser):
    """The elements of a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.links: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        if tag == "a":
            self.links.append(dict(attrs))


# ── what it shows ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_overview_gives_each_agency_its_status_and_sums_them_up(home: Home) -> None:
    page = views.overview(home)
    assert [(row["agency"], row["status"]) for row in page.rows] == [
        ("jia-cz", "late"),
        ("jia-jy", "overdue"),
        ("jia-mz", "on_time"),
        ("jia-zf", "not_due"),
        ("yi-sw", "unknown"),
    ]
    assert sum(count for _, _, count in page.totals) == len(page.rows) == 5
    assert page.year == YEAR
    assert page.rows[0]["findings_text"] == "错误1 提示1"
    assert page.rows[4]["reason_words"] == "网站拒绝自动访问"


def test_the_overview_of_one_status_keeps_the_totals_of_all(home: Home) -> None:
    page = views.overview(home, year="2023", status="overdue")
    assert [row["agency"] for row in page.rows] == ["jia-jy"]
    assert page.totals == views.overview(home).totals


def test_the_overview_tells_when_was_looked_what_could_not_be_and_which_mail_waits(home: Home) -> None:
    watch = views.overview(home).watch
    assert watch.last_round == "2024年2月6日 08:00 开始，2024年2月6日 08:55 结束（每日）"
    assert [(t.portal, t.words, t.since) for t in watch.troubles] == [("yi", "网站拒绝自动访问", "2024年2月6日 08:00")]
    assert [(mail.subject, mail.error) for mail in watch.outbox] == [("〔年报监测〕逾期未发布1家", "连不上发信服务器")]
    assert not watch.can_send


def test_a_portal_that_was_never_looked_at_is_named_and_a_new_home_has_a_page(tmp_path: Path) -> None:
    with open_home(empty_home(tmp_path / "new"), NOW.isoformat()) as home:
        page = views.overview(home)
        assert [(t.portal, t.words) for t in page.watch.troubles] == [("jia", "尚未巡查"), ("yi", "尚未巡查")]
        assert page.watch.last_round == ""
        assert "还没有完成过" in render("overview.html", page=page)
        assert views.health(home) == {"last_round_at": None, "portals_in_trouble": [], "outbox_waiting": 0}


def test_an_agency_page_has_three_clocks_its_findings_by_severity_and_its_events(home: Home) -> None:
    page = views.agency_page(home, "jia-mz", "2023")
    assert [label for label, _, _ in page.clocks] == ["页面标注日期", "首次见到", "最近一次未见"]
    assert [words for _, words, _ in page.clocks] == [
        "2024年1月22日（来自网页元数据）",
        "2024年1月27日 09:00",
        "2024年1月17日 09:00",
    ]
    assert page.between == "据巡查记录，报告在 2024年1月17日 09:00 与 2024年1月27日 09:00 之间上网。"
    assert page.events == (("2024年2月6日 09:00", "判定为“按时发布”：已见发布"),)
    severities = [(name, len(found)) for _, name, found in views.agency_page(home, "jia-cz", "2023").findings]
    assert severities == [("错误", 1), ("提示", 1)]


def test_a_finding_shows_its_place_in_words_and_what_was_expected(home: Home) -> None:
    (_, _, (shown,)), *_ = views.agency_page(home, "jia-cz", "2023").findings
    details = dict(shown.details)
    assert details["位置"] == "三，收到和处理政府信息公开申请情况表“一、本年新收政府信息公开申请数量”行“总计”列"
    assert (details["应为"], details["实为"], details["依据"]) == ("3", "2", "国办公开办函〔2021〕30号")


def test_an_agency_whose_report_was_not_seen_is_not_said_to_be_without_faults(home: Home) -> None:
    page = views.agency_page(home, "yi-sw", "2023")
    words = render("agency.html", page=page)
    assert "内容尚未检查" in words
    assert "没有发现问题" not in words
    assert "目前未能核查" in words


def test_overview_and_agency_page_always_agree(home: Home) -> None:
    for row in views.overview(home).rows:
        page = views.agency_page(home, row["agency"], "2023")
        assert (page.status, page.days_late, page.reason) == (row["status"], row["days_late"], row["reason_words"])


def test_looking_writes_nothing(home_path: Path, address: str) -> None:
    with Store(home_path / DATABASE) as store:
        before = (store.events(), store.findings(), store.messages(), store.years(), store.last_round())
        for path in ("/", "/agency/jia-cz/2023", "/agency/jia-cz/2019", "/portals", "/portals/yi", "/healthz"):
            assert ask(address, path)[0].status == 200
        assert (store.events(), store.findings(), store.messages(), store.years(), store.last_round()) == before


# ── the server ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_pages_are_served_and_need_nothing_from_elsewhere(address: str) -> None:
    for path in ("/", "/?year=2023&status=on_time", "/agency/jia-cz/2023", "/portals", "/portals/jia"):
        with urllib.request.urlopen(address.rstrip("/") + path, timeout=10) as answer:
            page = answer.read().decode("utf-8")
        loaded = [tag for tag, _ in Elements(page).tags if tag in {"script", "img", "iframe", "object", "form"}]
        assert not loaded
        assert page.count("<link") == 1
        assert 'href="/style.css"' in page
    answer, style = ask(address, "/style.css")
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "url(" not in style
    assert "@import" not in style


def test_health_is_three_facts_for_a_watchdog(address: str) -> None:
    answer, body = ask(address, "/healthz")
    assert answer.status == 200
    assert json.loads(body) == {
        "last_round_at": "2024-02-06T08:55:00+08:00",
        "portals_in_trouble": ["yi"],
        "outbox_waiting": 1,
    }


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/agency/nobody/2023",
        "/agency/jia-cz/1999",
        "/agency/jia-cz/99999",
        "/agency/jia-cz/x",
        "/portals/nowhere",
        f"/portals/{SCRIPT.replace('/', '%2f')}",
        "/?year=2023x",
        "/?year=-1",
        "/?status=dead",
        "/../../etc/passwd",
        "/style.css/../server.py",
        "/%2e%2e/%2e%2e/nianbao.db",
        "/nianbao.db",
        "/evidence/",
        "/agency/..%2f..%2fetc%2fpasswd/2023",
        f"/agency/{SCRIPT.replace('/', '%2f')}/2023",
    ],
)
def test_what_does_not_exist_is_a_chinese_page(address: str, path: str) -> None:
    answer, body = ask(address, path)
    assert answer.status == 404
    assert "没有找到" in body
    assert SCRIPT not in body
    assert "root:" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_only_reading_is_allowed(address: str, method: str) -> None:
    answer, body = ask(address, "/", method=method)
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert "只供查看" in body


def test_head_has_headers_and_no_body(address: str) -> None:
    answer, body = ask(address, "/", method="HEAD")
    assert (answer.status, body) == (200, "")


@pytest.mark.parametrize("path", ["/", "/agency/jia-cz/2023", "/healthz", "/style.css", "/nothing"])
def test_every_answer_bears_the_protecting_headers(address: str, path: str) -> None:
    headers = ask(address, path)[0].headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "server" not in headers


def test_another_sites_name_gets_nothing(address: str) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:80", "", "127.0.0.1@evil.example", "10.0.0.1"):
        answer, body = ask(address, "/", host=host)
        assert answer.status == 400, host
        assert "财政局" not in body
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert ask(address, "/", host="localhost:1234")[0].status == 200


@pytest.mark.parametrize(
    ("header", "bound", "ours"),
    [
        ("127.0.0.1:8000", "127.0.0.1", True),
        ("localhost", "127.0.0.1", True),
        ("LOCALHOST:8000", "localhost", True),
        ("[::1]:8000", "::1", True),
        ("192.168.1.9", "127.0.0.1", False),
        ("rebound.example", "127.0.0.1", False),
        ("rebound.example", "0.0.0.0", False),
        ("192.168.1.9:8000", "0.0.0.0", True),
        ("192.168.1.9:8000", "192.168.1.9", True),
        ("[fe80::1]", "::", True),
        ("nianbao.example", "nianbao.example", True),
        ("a b", "0.0.0.0", False),
        ("::1", "::1", False),
        ("", "", False),
    ],
)
def test_a_host_header_is_ours_only_if_nobody_else_could_point_it_here(header: str, bound: str, ours: bool) -> None:
    assert is_ours(header, bound) is ours


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_no_foreign_name_is_ours(text: str) -> None:
    if is_ours(text, "127.0.0.1"):
        assert text.lower().partition(":")[0] in {"localhost", "127.0.0.1", "[", "[::1]"}


def test_a_wrong_registry_is_told_in_plain_words_and_heals_by_itself(tmp_path: Path) -> None:
    path = empty_home(tmp_path / "home")
    agencies = path / "registry/agencies.csv"
    with serving(path, NOW.isoformat(), host="127.0.0.1", port=0) as address:
        agencies.write_text(AGENCIES + "x,丙局,department,no-such-portal,\n", "utf-8")
        for page in ("/", "/agency/jia-cz/2023", "/healthz"):
            answer, body = ask(address, page)
            assert answer.status == 500
            assert "no-such-portal" in body
            assert "Traceback" not in body
        agencies.write_text(AGENCIES, "utf-8")
        assert ask(address, "/")[0].status == 200


def test_a_fault_of_ours_is_a_plain_page(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = empty_home(tmp_path / "home")
    with serving(path, NOW.isoformat(), host="127.0.0.1", port=0) as address:
        assert ask(address, "/")[0].status == 200
        with Store(path / DATABASE) as store, store.transaction():
            store._db.execute("DROP TABLE rounds")
        answer, body = ask(address, "/")
    assert answer.status == 500
    assert "程序出错" in body
    assert "sqlite" not in body.lower()
    assert "no such table" in caplog.text  # the operator's log says what it was
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_round_that_is_writing_does_not_hold_the_page_up(home_path: Path, address: str) -> None:
    with Store(home_path / DATABASE) as store, store.transaction():
        store.save_portal_state("jia", healthy=False, reason="timed_out", since=NOW)
        answer, body = ask(address, "/")
        assert answer.status == 200
        assert "巡查超过时限" not in body
        store.save_portal_state("jia", healthy=True, reason="ok", since=NOW)


def test_an_address_that_cannot_be_bound_is_an_oserror(home_path: Path, address: str) -> None:
    taken = urlsplit(address).port or 0
    for host, port in (("127.0.0.1", taken), ("203.0.113.1", 0), ("a..b", 0)):
        with pytest.raises(OSError, match=r"\[Errno -?\d+\]") as caught, serving(home_path, "", host=host, port=port):
            pass
        assert caught.value.strerror


def test_closing_takes_less_than_three_seconds_whoever_is_connected(home_path: Path) -> None:
    with serving(home_path, NOW.isoformat(), host="127.0.0.1", port=0) as address:
        target = ("127.0.0.1", urlsplit(address).port or 0)
        idle = HTTPConnection(*target, timeout=10)
        idle.request("GET", "/healthz")
        idle.getresponse().read()
        half = socket.create_connection(target, timeout=10)
        half.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        started = stopwatch()
    assert stopwatch() - started < 3
    idle.close()
    half.close()
    with serving(home_path, NOW.isoformat(), host=target[0], port=target[1]) as again:  # the port is free at once
        assert ask(again, "/healthz")[0].status == 200


def test_a_server_that_nobody_calls_closes_too(home_path: Path) -> None:
    started = stopwatch()
    with serving(home_path, NOW.isoformat(), host="localhost", port=0) as address:
        assert urlsplit(address).hostname == "localhost"
    assert stopwatch() - started < 3


# ── hostile pages ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_script_in_a_title_or_a_quote_is_only_letters(address: str) -> None:
    page = ask(address, "/agency/jia-cz/2023")[1]
    assert "财政局年报&lt;script&gt;" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "\u202e" not in page


def test_only_web_addresses_become_links(address: str) -> None:
    page = ask(address, "/agency/jia-mz/2023")[1]
    assert "javascript:alert/2" in page  # printed, so that a person sees what stands there
    for path in ("/", "/agency/jia-mz/2023", "/agency/jia-cz/2023"):
        for link in Elements(ask(address, path)[1]).links:
            href = link["href"] or ""
            if href.startswith("/"):
                assert not href.startswith("//")
                continue
            assert href.startswith(("http://", "https://"))
            assert (link["rel"], link["target"]) == ("noopener noreferrer", "_blank")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80) | st.sampled_from([SCRIPT, "'\"><b>", "{{ 7*7 }}", "</title><h1>", "\ud800", "\x00"]))
def test_no_text_from_outside_changes_what_a_page_is_made_of(home: Home, text: str) -> None:
    plain = views.agency_page(home, "jia-cz", "2023")
    shown = plain.findings[0][2][0]

    def page(words: str) -> str:
        worded = views.ShownFinding(replace(shown.finding, name="x", message=words), (("原文", words), ("位置", words)))
        changed = replace(plain, title="x" + words, name=words, portal=words, findings=(("error", "错误", (worded,)),))
        return render("agency.html", page=changed)

    assert Elements(page(text)).tags == Elements(page("无害")).tags
    page(text).encode("utf-8")


# ── a real browser ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not find_browser(""), reason="no Chromium on this machine")
def test_a_real_browser_lays_the_page_out_and_runs_no_script(address: str, tmp_path: Path) -> None:
    command = [find_browser(""), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"]
    command += ["--window-size=380,900", "--dump-dom", f"{address}agency/jia-cz/2023"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "甲县财政局" in result.stdout
    assert "<script" not in result.stdout
    assert "Content Security Policy" not in result.stderr
