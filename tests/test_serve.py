"""`nianbao serve` as a real process, driven through a January on the replicas' clock."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from monitor.clock import parse_time
from monitor.deadlines import due_dates
from monitor.jobs.home import open_home
from monitor.rehearsal import YEAR, Stage, stage
from monitor.season import rounds
from tests.rounds import command, crawls_of


def watch_only(on: Stage, portal: str) -> None:
    """Leave one portal's agency on the roster, so that a round is one short crawl."""
    path = on.home / "registry" / "agencies.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if row["portal"] == portal]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(rows)


@contextmanager
def serving(on: Stage) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "NIANBAO_TICK": "0.05"}
    with subprocess.Popen(
        command(on, "serve", "--port", "0"), stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line_with(process: subprocess.Popen[str], words: str) -> str:
    """The next line that holds the words; the test's time limit ends a wait in vain."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"the service ended without telling {words!r}")


@pytest.mark.timeout(400)  # fifty rounds of a real crawl each: a minute on a quiet machine
def test_a_simulated_january_has_each_round_at_its_time_and_the_missed_ones_are_one(tmp_path: Path) -> None:
    with stage(tmp_path / "home", at="2024-01-01T12:00") as on:
        watch_only(on, "boshan")
        with open_home(on.home, on.clock) as home:
            deadlines = due_dates(home.registry, (YEAR,), home.calendar)
        planned = list(rounds(parse_time("2024-01-01T12:00"), parse_time("2024-02-02T23:00"), deadlines))
        assert parse_time("2024-02-01T00:05") in [item.at for item in planned]
        with serving(on) as service:
            line_with(service, "：结束")  # a home without a round is looked at when the service starts
            for item in planned:
                on.set_time(item.at.isoformat())
                assert f"{item.at:%Y-%m-%d %H:%M}" in line_with(service, "：结束")
            on.set_time("2024-02-20T12:00")  # the machine was off for weeks
            line_with(service, "：结束")
            on.set_time("2024-02-20T12:01")
            service.send_signal(signal.SIGTERM)
            assert service.stderr is not None
            assert "开始" not in service.stderr.read()
            assert service.wait() == 0
        with open_home(on.home, on.clock) as home:
            times = home.store.round_times()
        assert times[1:-1] == [item.at for item in planned]
        assert len(times) == len(planned) + 2


@pytest.mark.timeout(300)
def test_a_sigterm_in_the_middle_of_a_crawl_leaves_nothing_behind(on: Stage) -> None:
    on.replicas.break_("xuecheng", "hang")
    with serving(on) as service:
        line_with(service, "正在巡查 薛城")
        while not crawls_of(on.home, "xuecheng"):
            assert service.poll() is None
        service.send_signal(signal.SIGTERM)
        line_with(service, "已结束")
        assert service.wait() == 0
    assert not crawls_of(on.home)
    with open_home(on.home, on.clock) as home:
        assert home.store.round_times() == []


def test_the_service_shows_its_page_and_its_health(on: Stage) -> None:
    watch_only(on, "boshan")
    with serving(on) as service:
        address = line_with(service, "网页 ").split()[1].rstrip("，")
        line_with(service, "：结束")
        with urllib.request.urlopen(address.split("，")[0]) as answer:
            assert "博山区投资促进中心" in answer.read().decode()
