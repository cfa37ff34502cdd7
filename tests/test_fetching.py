"""How pages are fetched: through walls that may be passed, never through others, at a host's own pace and risk."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from crawler.routes import Way, next_way
from crawler.walls import Wall, wall_of
from monitor.browser import find_browser
from monitor.hosts import Hosts
from tests.certificates import make_old, server_tls
from tests.crawling import Reply, Site, article_page, crawl, list_page, row, spec_for
from tests.fetching import Fetched, Scenario, ask_all

TITLE = "区教育局2023年政府信息公开工作年度报告"
PAGE = article_page(TITLE)
needs_browser = pytest.mark.skipif(not find_browser(), reason="no Chromium on this machine")


# ── walls ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "method", "body", "reason", "wall"),
    [
        (412, "GET", b"", "portal_blocked", Wall.REFUSED),
        (405, "GET", b"", "", Wall.REFUSED),
        (405, "POST", b"", "", None),
        (468, "GET", b"document.cookie='a'", "portal_blocked", Wall.REFUSED),
        (521, "GET", b"<script>x</script>", "portal_blocked", Wall.COOKIE),
        (200, "GET", b"<script>var arg1='0123456789ABCDEF0123456789ABCDEF';", "challenge_page", Wall.COOKIE),
        (200, "GET", b"<script>wzwschallenge=1</script>", "challenge_page", Wall.COOKIE),
        (200, "GET", b"<script>$_ts={};document.cookie='a'</script>", "challenge_page", Wall.REFUSED),
        (200, "GET", "请输入验证码".encode(), "challenge_page", Wall.PERSON),
        (403, "GET", b"", "portal_blocked", Wall.FORBIDDEN),
        (429, "GET", b"", "portal_blocked", Wall.BUSY),
        (200, "GET", b"document.cookie='a'", "", None),
        (404, "GET", b"", "column_lost", None),
    ],
)
def test_a_wall_is_known_by_what_may_be_done_about_it(
    status: int, method: str, body: bytes, reason: str, wall: Wall | None
) -> None:
    assert wall_of(status, method, body, reason) is wall


def cookie_wall(page: str, *, passes: bool = True, status: int = 521) -> object:
    """A page behind a script that sets a cookie and comes again."""
    script = (
        "<script>setTimeout(() => { document.cookie = '__jsl_clearance=' + 6 * 7; location.reload() }, 50)</script>"
    )
    script = script if passes else "<script>document.cookie = '__jsl_clearance=1'</script>"

    def answer(request: BaseHTTPRequestHandler) -> Reply:
        if "__jsl_clearance=42" in (request.headers["Cookie"] or ""):
            return Reply(page)
        return Reply(f"<html>{script}</html>", status, {"Set-Cookie": "__jsluid=1; path=/"})

    return answer


@needs_browser
def test_a_cookie_wall_is_passed_by_one_browser_visit_and_the_next_crawl_needs_none(tmp_path: Path) -> None:
    with Site() as site:
        rows = [row(f"/{n}.html", TITLE.replace("教育", name), "2024-01-20") for n, name in enumerate("甲乙丙")]
        site.pages |= {"/nb/": cookie_wall(list_page(*rows)), **{f"/{n}.html": cookie_wall(PAGE) for n in range(3)}}
        spec = spec_for(site, "/nb/", browser=find_browser())
        first = crawl(spec, tmp_path / "1")
        column = first.column(site.url("/nb/"))
        assert (column.healthy, first.errors) == (True, "")
        assert [capture.rendered for capture in first.captures] == [False] * 4
        assert site.asked.count("/nb/") == 4, "the wall, the visit's two, and the plain request"
        assert all(site.asked.count(f"/{n}.html") == 1 for n in range(3))
        assert first.health is not None
        assert {given.name: given.value for given in first.health.passes}["__jsl_clearance"] == "42"
        assert first.health.blocked_until is None

        site.forget()
        second = crawl(replace(spec, passes=first.health.passes, browser=""), tmp_path / "2")
        assert second.column(site.url("/nb/")).healthy
        assert site.asked.count("/nb/") == 1


# ── what a host is asked, by how it answers ─────────────────────────────────────────────────────────────────────────

WALLS = {
    "412": Reply("<html></html>", 412),
    "403": Reply("<html></html>", 403),
    "captcha": Reply("<html><title>安全验证</title>请完成验证码</html>"),
    "429": Reply("<html></html>", 429, {"Retry-After": "172800"}),
    "503": Reply("<html></html>", 503, {"Retry-After": "0"}),
}


@pytest.fixture(scope="module")
def met() -> Iterator[dict[str, tuple[Fetched, list[str]]]]:
    """Every scenario of this part, run side by side: what came of it, and what its site was asked for."""
    with ExitStack() as stack:
        sites = {name: stack.enter_context(Site()) for name in (*WALLS, "one 403", "no browser", "shut", "pace")}
        for name, reply in WALLS.items():
            sites[name].pages |= {"/a": reply, "/b": reply}
        sites["one 403"].pages |= {"/a": PAGE, "/b": Reply("", 403), "/c": PAGE}
        sites["no browser"].pages["/a"] = cookie_wall(PAGE)
        sites["shut"].pages |= {path: cookie_wall(PAGE, passes=False) for path in ("/a", "/b")}
        tries = iter([Reply("", 503, {"Retry-After": "1"}), Reply(PAGE)])
        sites["pace"].pages |= {
            "/robots.txt": Reply("User-agent: *\nCrawl-delay: 86400\n", headers={"Content-Type": "text/plain"}),
            "/a": lambda _: next(tries),
            "/b": PAGE,
        }
        scenarios = {}
        for name, site in sites.items():
            spec = spec_for(site, browser=find_browser() if name == "shut" else "", clock="2024-02-01T09:00+08:00")
            if name == "pace":
                spec = replace(spec, limits=replace(spec.limits, seconds=30))
            scenarios[name] = Scenario(spec, [site.url(path) for path in sorted(site.pages) if "robots" not in path])
        fetched = ask_all(scenarios)
        yield {name: (fetched[name], sites[name].asked) for name in sites}


@pytest.mark.parametrize(
    ("wall", "asked", "words", "until"),
    [
        ("412", 1, "防火墙拒绝自动访问（HTTP 412）", "02-02"),
        ("403", 2, "拒绝访问（HTTP 403）", "02-02"),
        ("captcha", 1, "人工验证", "02-02"),
        ("429", 1, "稍后再访问（HTTP 429）", "02-03"),
    ],
)
def test_other_walls_are_never_evaded_and_the_host_is_left_alone(
    wall: str, asked: int, words: str, until: str, met: dict[str, tuple[Fetched, list[str]]]
) -> None:
    fetched, paths = met[wall]
    assert fetched.reasons == ["challenge_page" if wall == "captcha" else "portal_blocked"] * 2
    assert all(words in got.detail for got in fetched.answers)
    assert (paths.count("/a"), paths.count("/b")) == (asked, 0)
    assert str(fetched.blocked_until)[5:10] == until


def test_a_busy_host_is_asked_once_more_and_not_blocked_for_later(met: dict[str, tuple[Fetched, list[str]]]) -> None:
    fetched, paths = met["503"]
    assert (fetched.reasons, fetched.blocked_until) == (["portal_blocked"] * 2, None)
    assert (paths.count("/a"), paths.count("/b")) == (2, 2)


def test_one_address_that_a_serving_host_forbids_is_no_closed_host(
    met: dict[str, tuple[Fetched, list[str]]],
) -> None:
    assert met["one 403"][0].reasons == ["", "portal_blocked", ""]


@needs_browser
def test_a_cookie_wall_that_stays_shut_is_said_and_left_alone_for_a_day(
    met: dict[str, tuple[Fetched, list[str]]],
) -> None:
    fetched, paths = met["shut"]
    assert fetched.reasons == ["portal_blocked"] * 2, fetched
    assert "浏览器访问一次后仍被拒绝" in fetched.answers[1].detail
    assert (paths.count("/a"), paths.count("/b")) == (3, 0), fetched
    assert str(fetched.blocked_until)[5:10] == "02-02"


def test_without_a_browser_a_cookie_wall_says_that_one_is_wanted_and_blocks_no_later_crawl(
    met: dict[str, tuple[Fetched, list[str]]],
) -> None:
    (got,) = met["no browser"][0].answers
    assert got.reason == "portal_blocked"
    assert met["no browser"][0].blocked_until is None


def test_a_short_retry_after_and_a_crawl_delay_are_waited_for_and_an_endless_one_is_bounded(
    met: dict[str, tuple[Fetched, list[str]]],
) -> None:
    first, second = met["pace"][0].answers
    assert (first.reason, second.reason) == ("", "")
    assert first.seconds >= 1
    assert 0.8 <= second.seconds < 20


# ── TLS and other spellings ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_bad_certificate_is_noted_in_evidence_and_health(tmp_path: Path) -> None:
    with Site(tls=server_tls(tmp_path)) as site:
        site.pages |= {"/nb/": list_page(row("/a.html", TITLE, "2024-01-20")), "/a.html": PAGE}
        done = crawl(spec_for(site, "/nb/"), tmp_path)
    column = done.column(site.url("/nb/"))
    assert (column.healthy, done.errors) == (True, "")
    assert "证书是自签名的" in column.detail
    assert {capture.note for capture in done.captures} == {column.detail}


def test_other_ways_are_taken_where_the_registered_one_does_not_answer_and_noted(tmp_path: Path) -> None:
    old = server_tls(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        make_old(old)
    with Site(tls=server_tls(tmp_path)) as strict, Site(tls=old) as aged, Site() as plain:
        for site in (strict, aged, plain):
            site.pages |= {"/a": PAGE, "/b": PAGE}
        https, bare = plain.url().replace("http:", "https:"), f"http://tez.example.cn:{plain.port}/"
        fetched = ask_all(
            {
                "strict": Scenario(spec_for(strict, any_certificate=False), [strict.url("/a")]),
                "old": Scenario(spec_for(aged), [aged.url("/a")]),
                "http": Scenario(spec_for(plain, home=https), [f"{https}a", f"{https}b"]),
                "www": Scenario(spec_for(plain, home=bare), [f"{bare}a"]),
            },
            names={"www.tez.example.cn": ["127.0.0.1"]},
        )
        assert strict.asked == [], "where the office wants it, a bad certificate is refused"
        assert plain.asked.count("/b") == 1
    (refused,), (old_one,), (first, second), (www,) = (
        fetched[name].answers for name in ("strict", "old", "http", "www")
    )
    assert (refused.reason, "证书" in refused.detail) == ("portal_unreachable", True)
    assert (old_one.reason, "旧版 TLS" in old_one.note) == ("", True), old_one
    assert (first.reason, first.url, "http://127.0.0.1" in first.note) == ("", f"{https}a", True)
    assert (second.reason, second.url) == ("", f"{https}b")
    assert (www.reason, www.url, "www.tez.example.cn" in www.note) == ("", f"{bare}a", True), www


def test_each_way_is_tried_once_and_none_leads_off_the_portal() -> None:
    hosts, url = Hosts(["www.x.gov.cn"]), "https://www.x.gov.cn/a?b=1"
    tried = [Way()]
    while way := next_way(url, tried[-1], "address", tried, hosts, trusting=True):
        tried.append(way)
    assert [one.to(url) for one in tried[1:]] == [
        "http://www.x.gov.cn/a?b=1",
        "https://x.gov.cn/a?b=1",
        "http://x.gov.cn/a?b=1",
    ]
    assert next_way(url, Way(), "", [Way()], hosts, trusting=True) is None
    assert (
        next_way(
            "http://sub.x.gov.cn/",
            Way("https", "sub.x.gov.cn"),
            "address",
            [Way("https", "sub.x.gov.cn")],
            hosts,
            trusting=True,
        )
        is None
    )
    assert next_way(url, Way(), "certificate", [Way()], hosts, trusting=False) == Way("http", "www.x.gov.cn")
