"""Crawls as child processes: what they bring, and that nothing of them is left, however they end."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from monitor import launch
from monitor.errors import HomeError
from monitor.exchange import Column, CrawlSpec, Limits, read_health, spec_to_json
from monitor.launch import CrawlEnd, run_crawls, share_a_host
from monitor.model import Portal
from tests.crawling import Reply, Site, article_page, list_page, row, spec_for
from tests.rounds import crawls_of

ROOT = Path(__file__).parents[1]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as opened:
        opened.pages["/robots.txt"] = Reply("", 404)
        opened.pages["/nb/"] = list_page(
            row("/nb/t20240120_1.html", "江南区民政局2023年政府信息公开工作年度报告", "2024-01-20")
        )
        opened.pages["/nb/t20240120_1.html"] = article_page("江南区民政局2023年政府信息公开工作年度报告")
        opened.pages["/slow/"] = Reply(hangs=True)
        yield opened


def run(home: Path, *specs: CrawlSpec, stop: Event | None = None, started: list[str] | None = None) -> list[CrawlEnd]:
    names = started if started is not None else []
    crawls = run_crawls(
        specs, home / "inbox", parallel=2, stop=stop or Event(), started=lambda spec: names.append(spec.crawl)
    )
    return list(crawls)


def test_each_crawl_gives_its_whole_bundle_as_it_ends(site: Site, tmp_path: Path) -> None:
    specs = [replace(spec_for(site, "/nb/"), crawl=f"c{number}") for number in range(2)]
    started: list[str] = []
    ends = run(tmp_path, *specs, started=started)
    assert sorted(end.spec.crawl for end in ends) == sorted(started) == ["c0", "c1"]
    for end in ends:
        assert (end.reason, end.bundle) == ("", tmp_path / "inbox" / end.spec.crawl)
        health = read_health(end.bundle)
        assert health is not None
        assert (health.outcome, [column.healthy for column in health.columns]) == ("finished", [True])


def test_a_portal_that_cannot_be_reached_gives_a_whole_bundle_that_says_so(site: Site, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    spec = replace(spec_for(site), columns=(Column(f"http://127.0.0.1:{port}/nb/"),))
    (end,) = run(tmp_path, replace(spec, portal=replace(spec.portal, home=f"http://127.0.0.1:{port}/")))
    health = read_health(end.bundle)
    assert health is not None
    assert [(column.healthy, column.reason) for column in health.columns] == [(False, "portal_unreachable")]


def test_two_rows_of_one_host_are_crawled_one_after_the_other_and_others_beside_them(tmp_path: Path) -> None:
    with Site() as shared, Site() as elsewhere:
        order: list[str] = []
        second_row = Reply("", 404)

        def until_the_other_is_asked(_: object) -> str:
            elsewhere.wait_for("/nb/")  # at the same time
            assert "second" not in order
            return list_page(row("/a.html", "新闻", "2024-01-20"))

        shared.pages |= {"/first/": until_the_other_is_asked, "/second/": second_row}
        specs = [
            replace(spec_for(shared, "/first/", portal="one"), crawl="first"),
            replace(spec_for(shared, "/second/", portal="two"), crawl="second"),
            replace(spec_for(elsewhere, "/nb/", portal="three"), crawl="third"),
        ]
        ends = run(tmp_path, *specs, started=order)
    assert sorted(order[:2]) == ["first", "third"]
    assert order[2] == "second"
    assert {end.spec.crawl for end in ends} == {"first", "second", "third"}
    assert [end.reason for end in ends] == [""] * 3


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("https://www.x.gov.cn/", "http://x.gov.cn:8080/nb/", True),
        ("https://www.x.gov.cn/", "https://xxgk.x.gov.cn/", True),
        ("https://xxgk.x.gov.cn/", "https://www.x.gov.cn/", True),
        ("https://www.x.gov.cn/", "https://www.y.gov.cn/", False),
        ("https://www.gov.cn/", "https://www.y.gov.cn/", False),
    ],
)
def test_rows_share_a_host_however_it_is_spelled(one: str, other: str, shared: bool) -> None:
    rows = [Portal(portal=name, name=name, home=home) for name, home in (("a", one), ("b", other))]
    assert share_a_host(*rows) is shared
    assert share_a_host(rows[0], replace(rows[0], portal="c", hosts=("elsewhere.cn",)))
    assert share_a_host(rows[1], replace(rows[0], portal="d", hosts=(rows[1].home,)))


def test_crawls_that_are_stopped_leave_no_process_and_give_nothing(site: Site, tmp_path: Path) -> None:
    stop = Event()
    started: list[str] = []
    ends: list[CrawlEnd] = []
    with Site() as second, pytest.MonkeyPatch.context() as patch:
        second.pages |= site.pages
        asked = {"c0": site, "c1": second, "never started": site}
        hanging = [replace(spec_for(at, "/slow/"), crawl=name) for name, at in asked.items()]
        patch.setattr(launch, "STOP_GRACE", 1)
        worker = Thread(target=lambda: ends.extend(run(tmp_path, *hanging, stop=stop, started=started)))
        worker.start()
        site.wait_for("/slow/")
        second.wait_for("/slow/")
        stop.set()
        worker.join()
    assert ends == []
    assert sorted(started) == ["c0", "c1"]
    assert not crawls_of(tmp_path)


def test_nothing_is_started_after_the_stop(site: Site, tmp_path: Path) -> None:
    stop = Event()
    stop.set()
    started: list[str] = []
    assert run(tmp_path, spec_for(site, "/nb/"), stop=stop, started=started) == []
    assert started == []
    assert list(tmp_path.iterdir()) == []


def test_a_crawl_beyond_its_time_is_ended_with_all_that_belongs_to_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "GRACE", 0)
    monkeypatch.setattr(launch, "STOP_GRACE", 0)
    (end,) = run(tmp_path, replace(spec_for(site, "/slow/"), limits=Limits(seconds=1)))
    # It was ended before it could write what it had seen, or just had: never anything between.
    assert end.reason in ("timed_out", "")
    assert (read_health(end.bundle) is None) == (end.reason == "timed_out")
    while crawls_of(
        tmp_path
    ):  # what was killed may take a moment to be gone; the test's time limit ends a wait in vain
        pass


def kill_the_crawl(home: Path) -> None:
    (victim,) = crawls_of(home)
    os.killpg(os.getpgid(victim), signal.SIGKILL)


def test_a_crawl_that_dies_is_tried_once_more(site: Site, tmp_path: Path) -> None:
    site.pages["/slow/"] = Reply(hangs=True)
    ends: list[CrawlEnd] = []
    worker = Thread(target=lambda: ends.extend(run(tmp_path, spec_for(site, "/slow/"))))
    worker.start()
    site.wait_for("/slow/")
    site.pages["/slow/"] = site.pages["/nb/"]
    kill_the_crawl(tmp_path)
    worker.join()
    (end,) = ends
    assert end.reason == ""
    assert read_health(end.bundle) is not None


def test_a_crawl_that_dies_twice_has_died_and_its_last_words_are_told(site: Site, tmp_path: Path) -> None:
    ends: list[CrawlEnd] = []
    worker = Thread(target=lambda: ends.extend(run(tmp_path, spec_for(site, "/slow/"))))
    worker.start()
    for _ in range(2):
        site.wait_for("/slow/")
        site.forget()
        kill_the_crawl(tmp_path)
    worker.join()
    assert [end.reason for end in ends] == ["crawl_died"]
    assert not crawls_of(tmp_path)


def test_an_inbox_that_cannot_be_written_gives_one_line(site: Site, tmp_path: Path) -> None:
    (tmp_path / "inbox").write_text("in the way", "utf-8")
    with pytest.raises(HomeError, match="写不进") as error:
        run(tmp_path, spec_for(site, "/nb/"))
    assert len(str(error.value).splitlines()) == 1


PARENT = """
import sys
from pathlib import Path
from threading import Event
from monitor.exchange import spec_from_json
from monitor.launch import run_crawls
spec = spec_from_json(Path(sys.argv[1]).read_text("utf-8"))
list(run_crawls([spec], Path(sys.argv[2]), parallel=1, stop=Event()))
"""


def test_a_crawl_dies_with_whoever_started_it(site: Site, tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(spec_to_json(spec_for(site, "/slow/")), "utf-8")
    words = [sys.executable, "-c", PARENT, str(tmp_path / "spec.json"), str(tmp_path / "inbox")]
    with subprocess.Popen(words, cwd=ROOT) as parent:
        site.wait_for("/slow/")
        (child,) = crawls_of(tmp_path)
        ended = os.pidfd_open(child)
        parent.kill()
    _wait_for_the_end_of(ended)
    assert not crawls_of(tmp_path)


def _wait_for_the_end_of(process: int) -> None:
    """Wait until a process that is not our child has ended; its file descriptor becomes readable then."""
    try:
        assert select.select([process], [], [], 20)[0], "the crawl outlived its parent"
    finally:
        os.close(process)


def test_a_crawl_is_given_none_of_our_settings(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_SMTP_PASSWORD", "secret")
    stop = Event()
    worker = Thread(target=lambda: run(tmp_path, spec_for(site, "/slow/"), stop=stop))
    worker.start()
    site.wait_for("/slow/")
    (child,) = crawls_of(tmp_path)
    environment = Path(f"/proc/{child}/environ").read_bytes()
    stop.set()
    worker.join()
    assert environment
    assert b"NIANBAO_" not in environment
