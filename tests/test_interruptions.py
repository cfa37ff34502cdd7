"""Killing a round, or one of its crawls, at any moment and running again ends in the state of an undisturbed run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.jobs.home import open_home
from monitor.rehearsal import Stage, stage
from tests.rounds import crawls_of

PORTALS = ("--portal", "xuecheng", "--portal", "boshan", "--portal", "gaoxin")
NOW = "2024-02-08T09:00"

#: A round over three portals tells this many lines; after each of them it is killed once.
MOMENTS = range(1, 10)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("stage") / "home", at=NOW) as on:
        yield on


@pytest.fixture(scope="module")
def undisturbed(shared: Stage, tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = new_home(shared, tmp_path_factory.mktemp("undisturbed"))
    finish(home)
    return state(home)


def new_home(shared: Stage, path: Path) -> Path:
    """Another home that watches the same replicas and writes to the same mailbox."""
    shutil.copytree(shared.home / "registry", path / "registry")
    shutil.copy(shared.home / "nianbao.env", path)
    return path


def start(home: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "monitor", "--home", str(home), "--now", NOW, "run", *PORTALS]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(home: Path) -> None:
    with start(home) as run:
        assert run.stderr is not None
        told = run.stderr.read()
    assert run.returncode == 0, told


def state(home: Path) -> Any:
    """All that the next steps and the people see: verdicts, findings, events, mails. Not how many crawls it took."""
    with open_home(home, NOW) as opened:
        store = opened.store
        verdicts = {agency: store.verdict(agency, 2023) for agency in opened.registry.agencies}
        events = [stored.event for stored in store.events()]
        mails = [(m.message_id, m.subject, m.text, sent is not None) for m, sent, _ in store.messages()]
        return json.loads(json.dumps([verdicts, store.findings(), events, mails], default=str))


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_run_that_is_killed_and_started_again_ends_as_if_nothing_had_happened(
    moment: int, shared: Stage, undisturbed: Any, tmp_path: Path
) -> None:
    home = new_home(shared, tmp_path / "home")
    with start(home) as run:
        assert run.stderr is not None
        for _ in range(moment):
            assert run.stderr.readline()
        run.kill()
    finish(home)
    assert state(home) == undisturbed
    assert not crawls_of(home), "a crawl outlived the run that started it"
    assert not list((home / "inbox").iterdir())


@pytest.mark.parametrize("portal", ["xuecheng", "gaoxin"])
def test_a_crawl_that_is_killed_is_tried_again_within_the_round(
    portal: str, shared: Stage, undisturbed: Any, tmp_path: Path
) -> None:
    home = new_home(shared, tmp_path / "home")
    with start(home) as run:
        victims: list[int] = []
        while not victims and run.poll() is None:
            victims = crawls_of(home, portal)
        os.killpg(os.getpgid(victims[0]), signal.SIGKILL)
        assert run.stderr is not None
        told = run.stderr.read()
    assert run.returncode == 0, told
    assert state(home) == undisturbed


def test_a_second_run_while_one_is_going_is_refused_in_one_line(shared: Stage, tmp_path: Path) -> None:
    home = new_home(shared, tmp_path / "home")
    with start(home) as first:
        assert first.stderr is not None
        assert first.stderr.readline()
        with start(home) as second:
            assert second.stderr is not None
            told = second.stderr.read()
        assert second.returncode == 2
        assert told.count("\n") == 1
        assert "另一个进程" in told
        first.stderr.read()
    assert first.returncode == 0
