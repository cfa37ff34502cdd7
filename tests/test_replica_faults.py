"""Each fault of a replica portal answers as it says it does, and the portal is right again when it is mended."""

from __future__ import annotations

import http.client
import re
import shutil
import zlib
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.clock import FixedClock, parse_time
from monitor.demo.faults import Fault
from monitor.demo.replicas import Replicas

NOW = parse_time("2026-02-20T09:00")
CHOSEN = ("ningtang", "chenxi", "guling", "boshan", "luanhe")
LIST, HOME = "/ntx/zwgk/czxx/common_list.shtml", "/"
SECOND = "/ntx/zwgk/czxx/common_list_2.shtml"
Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def running() -> Iterator[Replicas]:
    with Replicas(FixedClock(NOW), portals=CHOSEN, year=2025) as replicas:
        yield replicas


@pytest.fixture
def replicas(running: Replicas) -> Iterator[Replicas]:
    yield running
    for portal in CHOSEN:
        running.mend(portal)


def fetch(url: str, most: int = 10_000_000, **headers: str) -> Answer:
    """An answer as it comes, at most so many bytes of it."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read(most)
    finally:
        connection.close()


def broken(
    replicas: Replicas, fault: Fault, path: str = LIST, portal: str = "ningtang", most: int = 10_000_000, **headers: str
) -> Answer:
    replicas.break_(portal, fault)
    return fetch(replicas.url(portal, path), most, **headers)


def test_every_fault_is_tested_here_or_with_the_running_replicas() -> None:
    text = Path(__file__).read_text("utf-8")
    elsewhere = {Fault.FORBIDDEN, Fault.BLOCKED, Fault.ERROR, Fault.BUSY, Fault.HANG, Fault.CUT}
    assert {fault for fault in Fault if f"Fault.{fault.name}" not in text} <= elsewhere


# ── challenges ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_clearance_page_opens_in_two_steps_and_not_with_another_portal_s_cookie(replicas: Replicas) -> None:
    status, headers, body = broken(replicas, Fault.CLEARANCE)
    assert status == 521
    assert headers["Set-Cookie"].startswith("__jsluid_s=")
    assert body.startswith(b"<script>document.cookie=('_')+('_')+('j')")
    first = re.search(rb"'=([^;]+);", body)[1].decode()  # type: ignore[index]
    status, _, body = fetch(replicas.url("ningtang", LIST), Cookie=f"__jsl_clearance_s={first}")
    assert status == 521
    assert b"data.ct" in body
    replicas.break_("guling", Fault.CLEARANCE)
    status, _, body = fetch(replicas.url("guling", "/main.htm"), Cookie=f"__jsl_clearance_s={first}")
    assert status == 521
    assert b"data.ct" not in body


def test_a_browser_passes_the_script_challenges_and_its_cookie_then_serves_plainly(replicas: Replicas) -> None:
    browser_path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if browser_path is None:
        pytest.skip("no Chromium here")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path)
        for fault, name in ((Fault.CLEARANCE, "__jsl_clearance_s"), (Fault.SCRIPT, "wzws_cid"), (Fault.COOKIE, "CT6T")):
            context = browser.new_context()
            tab = context.new_page()
            replicas.break_("ningtang", fault)
            tab.goto(replicas.url("ningtang", LIST))
            tab.wait_for_selector("ul.list li a", timeout=20_000)
            cookie = next(cookie for cookie in context.cookies() if cookie["name"] == name)
            status, _, body = fetch(replicas.url("ningtang", LIST), Cookie=f"x=1; {name}={cookie['value']}")
            assert status == 200
            assert "财政信息" in body.decode()
        browser.close()


def test_cookie_and_script_notices_and_captchas_come_with_the_statuses_of_ordinary_pages(replicas: Replicas) -> None:
    status, headers, _ = broken(replicas, Fault.COOKIE)
    assert (status, headers["Location"]) == (302, LIST)
    cookie = headers["Set-Cookie"].partition(";")[0]
    assert fetch(replicas.url("ningtang", LIST), Cookie=cookie)[0] == 200
    status, _, body = broken(replicas, Fault.SCRIPT)
    assert status == 200
    assert "请开启JavaScript并刷新该页" in body.decode()
    status, _, body = broken(replicas, Fault.CAPTCHA, HOME)
    assert status == 200
    assert "验证码" in body.decode()


# ── limits ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_limits_say_when_to_come_back_and_robots_forbid_all(replicas: Replicas) -> None:
    status, headers, _ = broken(replicas, Fault.TOO_MANY)
    assert (status, headers["Retry-After"]) == (429, "120")
    status, headers, _ = broken(replicas, Fault.MAINTENANCE)
    assert status == 503
    assert parsedate_to_datetime(headers["Retry-After"]) > NOW
    assert broken(replicas, Fault.ROBOTS, "/robots.txt")[2].endswith(b"Disallow: /\n")
    assert fetch(replicas.url("ningtang", LIST))[0] == 200


# ── lists ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("portal", ["ningtang", "boshan", "chenxi", "luanhe", "guling"])
def test_lists_lose_their_dates_their_links_or_their_rows_and_other_pages_keep_all(
    portal: str, replicas: Replicas
) -> None:
    path = {
        "ningtang": LIST,
        "chenxi": "/gateway/cms/content/page?channel=zfxxgknb&current=1&size=15",
        "guling": "/xxgk/gzdt/list.htm",
        "luanhe": "/site/label/8888?labelName=publicInfoList&pageIndex=1&organId=2650018&catId=7041",
        "boshan": urlsplit(replicas.columns("boshan")[0]).path,
    }[portal]
    linked = re.compile(r"/doc_|/20\d{4}/[0-9a-f]{32}\.shtml|/detail/|/\d{8}/\d+\.htm|/public/\d+/")
    dated = re.compile(r"20\d\d-\d\d-\d\d|: \d{13}")
    right = text_of(fetch(replicas.url(portal, path)))
    assert linked.search(right)
    assert dated.search(right)
    bare = text_of(broken(replicas, Fault.NO_DATES, path, portal))
    assert not dated.search(bare)
    assert linked.search(bare)
    moved = text_of(broken(replicas, Fault.LAYOUT, path, portal))
    assert not linked.search(moved)
    assert dated.search(moved)
    assert not linked.search(text_of(broken(replicas, Fault.EMPTY_LIST, path, portal)))
    replicas.mend(portal)
    home = fetch(replicas.url(portal))[2]
    assert [broken(replicas, fault, HOME, portal)[2] for fault in (Fault.NO_DATES, Fault.LAYOUT)] == [home, home]


def test_lists_may_be_another_page_with_the_status_of_a_list(replicas: Replicas) -> None:
    status, headers, _ = broken(replicas, Fault.SOFT_404)
    assert (status, headers["Location"]) == (302, "/")
    status, _, body = broken(replicas, Fault.NOT_FOUND)
    assert status == 200
    assert "页面不存在" in body.decode()
    article = next(row for row in replicas.truth(NOW) if row.portal == "ningtang")
    assert article.title in text_of(fetch(article.urls[0]))


def test_later_pages_die_or_are_stubs_while_the_first_is_whole(replicas: Replicas) -> None:
    assert broken(replicas, Fault.PAGE_TWO, SECOND)[0] == 500
    assert fetch(replicas.url("ningtang", LIST))[0] == 200
    status, _, body = broken(replicas, Fault.STUB, SECOND)
    assert (status, len(body)) == (200, 300)
    assert len(fetch(replicas.url("ningtang", LIST))[2]) > 1000
    status, _, body = broken(replicas, Fault.STUB, "/gateway/cms/content/page?channel=bmdt&current=2", "chenxi")
    assert (status, len(body)) == (200, 300)


def test_an_endless_pager_has_a_next_page_with_new_rows_for_ever(replicas: Replicas) -> None:
    path, seen = LIST, set()
    replicas.break_("ningtang", Fault.ENDLESS)
    for _ in range(5):
        text = text_of(fetch(replicas.url("ningtang", path)))
        rows = set(re.findall(r'<li><a href="([^"]+)"', text))
        assert len(rows) >= 10
        assert not rows & seen
        seen |= rows
        path = re.findall(r'href="([^"]+)">下一页', text)[-1].replace("&amp;", "&")
    assert path.endswith("endless=6")


# ── encodings ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_pages_are_sent_in_another_encoding_than_they_declare(replicas: Replicas) -> None:
    _, headers, body = broken(replicas, Fault.SENT_GB)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert b'<meta charset="utf-8">' in body
    assert "财政信息" in body.decode("gb18030")
    _, headers, body = broken(replicas, Fault.SENT_UTF8)
    assert headers["Content-Type"] == "text/html; charset=gb2312"
    assert b'<meta charset="gb2312">' in body
    assert "财政信息" in body.decode()
    _, _, body = broken(replicas, Fault.SENT_UTF8, "/xxgk/nb.htm", "guling")
    assert "信息公开年报" in body.decode()
    _, _, body = broken(replicas, Fault.MOJIBAKE)
    assert "财政信息" not in body.decode()
    assert "璐㈡斂淇℃伅" in body.decode()


# ── attacks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stream_is_fifty_megabytes_long_and_its_client_may_leave(replicas: Replicas) -> None:
    status, headers, body = broken(replicas, Fault.STREAM, most=60 * 1024 * 1024)
    assert status == 200
    assert "Content-Length" not in headers
    assert len(body) >= 50 * 1024 * 1024
    assert len(fetch(replicas.url("ningtang", LIST), most=1000)[2]) == 1000
    replicas.mend("ningtang")
    assert "财政信息" in text_of(fetch(replicas.url("ningtang", LIST)))


def test_a_bomb_is_small_and_becomes_large(replicas: Replicas) -> None:
    status, headers, body = broken(replicas, Fault.BOMB)
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert len(body) < 400_000
    unpacking = zlib.decompressobj(31)
    size = 0
    while not unpacking.eof:
        size += len(unpacking.decompress(unpacking.unconsumed_tail or body, 1 << 24))
    assert size == 100 * 1024 * 1024


def test_redirects_lead_to_the_cloud_s_own_address_or_nowhere(replicas: Replicas) -> None:
    status, headers, _ = broken(replicas, Fault.METADATA)
    assert (status, headers["Location"]) == (302, "http://169.254.169.254/latest/meta-data/")
    path = LIST
    for _ in range(3):
        path = broken(replicas, Fault.LOOP, path)[1]["Location"]
    assert path == f"{LIST}?turn=3"


def test_validators_are_not_believed_while_a_fault_lasts(replicas: Replicas) -> None:
    column = replicas.columns("boshan")[0]
    tag = fetch(column)[1]["ETag"]
    assert fetch(column, **{"If-None-Match": tag})[0] == 304
    status, headers, _ = broken(replicas, Fault.LAYOUT, urlsplit(column).path, "boshan", **{"If-None-Match": tag})
    assert status == 200
    assert "ETag" not in headers
    replicas.mend("boshan")
    assert fetch(column, **{"If-None-Match": tag})[0] == 304


def text_of(answer: Answer) -> str:
    try:
        return answer[2].decode()
    except UnicodeDecodeError:
        return answer[2].decode("gb18030")
