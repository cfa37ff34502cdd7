"""What a crawl may talk to, and what becomes of it when the machine, its parent or a limit ends it."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import subprocess
import threading
from ipaddress import ip_address
from pathlib import Path

import pytest

from crawler.reader import Reader
from crawler.reading import Kind, Question, Reading
from monitor.browser import find_browser
from monitor.clock import stopwatch
from monitor.hosts import Hosts, is_public
from tests.crawling import ROOT, Reply, Site, article_page, crawl, crawling, ended, list_page, row, spec_for

COLUMN = "/nb/"
TITLE = "区教育局2023年政府信息公开工作年度报告"
needs_browser = pytest.mark.skipif(not find_browser(), reason="no Chromium on this machine")


@pytest.mark.parametrize(
    "url",
    [
        "http://www.boshan.gov.cn/a",
        "https://boshan.gov.cn/",
        "http://xxgk.boshan.gov.cn/x",
        "http://WWW.Boshan.Gov.cn.:8080/",
        "http://ws.zibo.gov.cn/a.pdf",
    ],
)
def test_the_hosts_of_a_portal_are_its_own_and_those_of_its_row(url: str) -> None:
    assert Hosts(["www.boshan.gov.cn", "ws.zibo.gov.cn"]).refuses(url) == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://www.zibo.gov.cn/",
        "http://boshan.gov.cn.evil.com/",
        "http://evilboshan.gov.cn/",
        "http://www.boshan.gov.cn@evil.com/",
        "http://gov.cn/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://2130706433/",
        "ftp://www.boshan.gov.cn/",
        "file:///etc/passwd",
        "http://[broken/",
        "http:///",
    ],
)
def test_nothing_else_is_asked(url: str) -> None:
    assert Hosts(["www.boshan.gov.cn"]).refuses(url)


def test_an_address_of_a_portal_is_asked_only_if_it_is_public_or_the_row_is_private() -> None:
    assert not Hosts(["8.8.8.8"]).refuses("http://8.8.8.8/")
    assert Hosts(["10.1.2.3"]).refuses("http://10.1.2.3/")
    assert not Hosts(["10.1.2.3"], private=True).refuses("http://10.1.2.3/")
    assert Hosts(["10.1.2.3"], private=True).refuses("http://1.10.1.2.3/")
    assert Hosts(["www.gov.cn"]).refuses("http://www.other.gov.cn/")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
    ],
)
def test_inner_addresses_are_known_in_every_spelling(address: str) -> None:
    assert not is_public(ip_address(address))


def test_public_addresses_are_public() -> None:
    assert is_public(ip_address("8.8.8.8"))
    assert is_public(ip_address("2001:4860:4860::8888"))
    assert is_public(ip_address("::ffff:8.8.8.8"))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_portal_inside_the_network_is_not_asked_unless_its_row_is_private(host: str, tmp_path: Path) -> None:
    with Site() as site:
        home = site.url().replace("127.0.0.1", host)
        spec = spec_for(site, COLUMN, home=home, private=False)
        column = spec.columns[0]
        spec = spec_for(site, home=home, private=False, columns=(type(column)(home + "nb/"),))
        done = crawl(spec, tmp_path)
        assert site.asked == []
        assert done.health is not None
        assert (done.health.columns[0].healthy, done.health.columns[0].reason) == (False, "host_refused")


def test_a_host_that_refuses_connections_is_unreachable_and_soon_left_alone(tmp_path: Path) -> None:
    with Site() as site:
        pass
    done = crawl(spec_for(site, *(f"/{n}/" for n in range(6))), tmp_path)
    assert done.health is not None
    assert {column.reason for column in done.health.columns} == {"portal_unreachable"}
    assert "拒绝连接" in done.health.columns[0].detail
    assert "不再请求" in done.health.columns[5].detail
    assert done.errors == ""


def test_a_host_that_blocks_is_left_alone_at_once(tmp_path: Path) -> None:
    with Site() as site:
        site.pages |= {f"/{n}/": Reply("<html></html>", 412) for n in range(6)}
        done = crawl(spec_for(site, *(f"/{n}/" for n in range(6))), tmp_path)
        assert site.asked == ["/robots.txt", "/0/"]
        assert done.health is not None
        assert {column.healthy for column in done.health.columns} == {False}


def test_sigterm_ends_a_crawl_quickly_with_the_outcome_shutdown(tmp_path: Path) -> None:
    with Site() as site:
        site.pages |= {COLUMN: list_page(row("/a.html", TITLE, "2024-01-20")), "/a.html": Reply(hangs=True)}
        with crawling(spec_for(site, COLUMN, "/later/"), tmp_path) as child:
            site.wait_for("/a.html")
            begun = stopwatch()
            child.send_signal(signal.SIGTERM)
            status = child.wait(10)
            assert child.stderr is not None
            done = ended(tmp_path, status, child.stderr.read())
        assert stopwatch() - begun < 5
        assert done.health is not None
        assert (done.health.outcome, done.status, done.errors) == ("shutdown", 1, "")
        assert {column.healthy for column in done.health.columns} == {False}
        assert len(done.of("list")) == 1


def test_the_end_of_the_parents_pipe_kills_the_crawl_and_leaves_the_bundle_unfinished(tmp_path: Path) -> None:
    with Site() as site:
        site.pages[COLUMN] = Reply(hangs=True)
        with crawling(spec_for(site, COLUMN), tmp_path) as child:
            site.wait_for(COLUMN)
            assert child.stdin is not None
            child.stdin.close()
            assert child.wait(5) == -signal.SIGKILL
        assert ended(tmp_path, 0, "").health is None


def test_without_a_pipe_there_is_no_parent_to_watch(tmp_path: Path) -> None:
    done = subprocess.run(
        ["python", "-c", "import crawler.__main__ as m, threading; m.watch_parent(); print(threading.active_count())"],
        executable=ROOT / ".venv/bin/python",
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "1\n"


def test_a_full_disk_is_one_clear_line_and_no_whole_bundle(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "pages.warc.gz").symlink_to("/dev/full")
    with Site() as site:
        site.pages[COLUMN] = list_page(row("/x.html", "新闻", "2024-01-20"), more=os.urandom(40_000).hex())
        done = crawl(spec_for(site, COLUMN), tmp_path)
    assert (done.health, done.status) == (None, 1)
    assert done.errors.count("\n") == 1
    assert "磁盘空间" in done.errors


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"portal": 1}', "\0"])
def test_a_bad_spec_is_one_line_and_exit_status_2(text: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from crawler.__main__ import main

    (tmp_path / "spec.json").write_text(text, "utf-8")
    assert main([str(tmp_path / "spec.json"), str(tmp_path / "bundle")]) == 2
    assert main([str(tmp_path / "none.json"), str(tmp_path / "bundle")]) == 2
    assert main([]) == 2
    assert capfd.readouterr().err.count("\n") == 3


DRAWN = """<html><body><h1>政府信息公开年报</h1><div id="list"></div><img src="/seal.png"><script>
fetch('http://127.0.0.2:9/x').catch(() => fetch('/rows.json')).then(answer => answer.json()).then(rows => {
  document.getElementById('list').innerHTML = rows.map(row =>
    `<li><a href="${row.url}">${row.title}</a><span>${row.day}</span></li>`).join('');
});
</script></body></html>"""


def draw(site: Site) -> None:
    rows = json.dumps([{"url": "/a.html", "title": TITLE, "day": "2024-01-20"}])
    site.pages |= {
        COLUMN: DRAWN,
        "/rows.json": Reply(rows, headers={"Content-Type": "application/json"}),
        "/a.html": article_page(TITLE),
    }


@needs_browser
def test_a_list_drawn_by_javascript_is_seen_through_the_browser(tmp_path: Path) -> None:
    with Site() as site:
        draw(site)
        done = crawl(spec_for(site, COLUMN, browser=find_browser()), tmp_path)
        column = done.column(site.url(COLUMN))
        assert (column.healthy, len(column.candidates), done.errors) == (True, 1, "")
        assert [(capture.kind, capture.rendered) for capture in done.captures] == [
            ("list", False),
            ("list", True),
            ("list", False),  # the data that the page draws it from, asked plainly
            ("article", False),
        ]
        assert "/seal.png" not in site.asked
        assert site.agents == {"nianbao-test/1 (+tests@example.cn)"}
        assert done.health is not None
        site.forget()
        again = crawl(spec_for(site, COLUMN, browser=find_browser(), lists=done.health.lists), tmp_path / "again")
        assert [capture.rendered for capture in again.of("list")] == [False]
        assert again.column(site.url(COLUMN)).candidates == column.candidates
        assert "/rows.json" in site.asked
        assert COLUMN not in site.asked


def test_without_a_browser_such_a_list_is_not_seen_and_says_so(tmp_path: Path) -> None:
    with Site() as site:
        draw(site)
        done = crawl(spec_for(site, COLUMN), tmp_path)
        column = done.column(site.url(COLUMN))
        assert (column.healthy, column.reason) == (False, "needs_browser")


@needs_browser
@pytest.mark.parametrize("end", ["its parent dies", "it is killed alone"])
def test_when_a_crawl_dies_its_browser_and_its_readers_die_with_it(end: str, tmp_path: Path) -> None:
    with Site() as site:
        draw(site)
        site.pages["/rows.json"] = Reply(hangs=True)
        with crawling(spec_for(site, COLUMN, browser=find_browser()), tmp_path) as child:
            site.wait_for("/rows.json")
            family = descendants(child.pid)
            assert len(family) > 3, "a reader, the driver and the browser run"
            assert child.stdin is not None
            child.stdin.close() if end == "its parent dies" else child.kill()
            assert child.wait(5) == -signal.SIGKILL
            assert wait_until_gone(family, seconds=5) == set()


@needs_browser
def test_sigterm_while_the_browser_draws_leaves_no_browser_behind(tmp_path: Path) -> None:
    with Site() as site:
        draw(site)
        site.pages["/rows.json"] = Reply(hangs=True)
        with crawling(spec_for(site, COLUMN, browser=find_browser()), tmp_path) as child:
            site.wait_for("/rows.json")
            family = descendants(child.pid)
            child.send_signal(signal.SIGTERM)
            child.wait(5)
            assert wait_until_gone(family, seconds=5) == set()
            assert child.stderr is not None
            assert child.stderr.read() == ""


def test_a_page_that_kills_the_reader_is_lost_and_the_next_one_is_read() -> None:
    page = list_page(row("/a.html", TITLE, "2024-01-20")).encode()
    question = Question(
        kind=Kind.LIST,
        status=200,
        url="http://x.gov.cn/nb/",
        requested="http://x.gov.cn/nb/",
        content_type="text/html",
        body=page,
        family="",
        years=(2023,),
    )

    async def ask(reader: Reader) -> list[Reading]:
        first = await reader.read(question)
        for process in multiprocessing.active_children():
            process.kill()
            process.join()
        return [first, *[await reader.read(question) for _ in range(3)]]

    with Reader() as reader:
        readings = asyncio.run(ask(reader))
    assert [len(reading.links) for reading in readings][0::3] == [1, 1]
    assert {reading.reason for reading in readings} <= {"", "column_lost"}
    assert multiprocessing.active_children() == []


def descendants(pid: int) -> set[int]:
    """The processes below one, by /proc."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(text.rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def wait_until_gone(pids: set[int], seconds: float) -> set[int]:
    """The processes of a set that still run when the time is over."""
    until = stopwatch() + seconds
    pause = threading.Event()
    alive = pids
    while alive and stopwatch() < until:
        alive = {pid for pid in pids if is_running(pid)}
        pause.wait(0.05)
    return alive


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_shared_ending_is_nobodys_site_though_www_stands_before_it() -> None:
    for home in ("www.cn", "www.gov.cn"):
        hosts = Hosts([home])
        assert hosts.own(home)
        assert not hosts.own("elsewhere.cn")
        assert not hosts.own("elsewhere.gov.cn")
