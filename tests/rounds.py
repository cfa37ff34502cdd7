"""How tests run rounds and look at their results: through the command line's own functions, never behind its back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from monitor.jobs.home import open_home
from monitor.jobs.round import Round, run_round
from monitor.model import Event, Verdict
from monitor.rehearsal import YEAR, Stage


def play(on: Stage, at: str | None = None, portals: Sequence[str] = ()) -> Round:
    """One round in this process, at a time."""
    if at:
        on.set_time(at)
    with open_home(on.home, on.clock) as home:
        return run_round(home, portals=portals, years=(YEAR,), reason="test")


def command(on: Stage, *words: str) -> list[str]:
    """The command line of a verb on the stage's home and clock."""
    return [sys.executable, "-m", "monitor", "--home", str(on.home), "--now", on.clock, *words]


def ask(on: Stage, *words: str) -> Any:
    """What a verb prints as JSON."""
    answer = subprocess.run(command(on, *words, "--format", "json"), capture_output=True, check=True)
    return json.loads(answer.stdout)


def verdicts(result: Round) -> dict[str, Verdict]:
    return {item.agency.agency: item.verdict for item in result.judged}


def states(result: Round) -> dict[str, str]:
    """agency id → status"""
    return {agency: str(verdict.status) for agency, verdict in verdicts(result).items()}


def events(on: Stage) -> list[Event]:
    with open_home(on.home, on.clock) as home:
        return [stored.event for stored in home.store.events()]


def crawls_of(home: Path, portal: str = "") -> list[int]:
    """The processes of crawls that work for a home, browsers not counted."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it ended meanwhile
            continue
        if "crawler" in words and any(word.startswith(str(home / "inbox" / portal)) for word in words):
            found.append(int(entry.name))
    return found
