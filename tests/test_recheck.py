"""The rules run again over what is stored: what is new and gone is said, and stopping at any moment loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monitor import checks
from monitor.checks.elements import PeriodMissing
from monitor.database import DATABASE
from monitor.errors import UsageError
from monitor.jobs import recheck as recheck_module
from monitor.jobs.home import Home, writing
from monitor.jobs.recheck import recheck
from monitor.jobs.standing import standing
from monitor.model import Finding, Severity
from monitor.rows import Reading, packed
from monitor.store import Store
from tests.rule_cases import build_report
from tests.stored_reports import AGENCY, NOW, OTHER_NAME, YEAR, home_at, judge, new_home, publish, read

NO_PERIOD = build_report({"period": None, "preface": "如有疑问，请与青石县文化和旅游局联系。"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_home(tmp_path / "home")


@pytest.fixture
def home(path: Path) -> Iterator[Home]:
    with home_at(path) as opened:
        publish(opened, build_report())
        publish(opened, NO_PERIOD, agency=OTHER_NAME, page="other.html")
        judge(opened)
        yield opened


def rules_of(home: Home, agency: str | None = None) -> set[str]:
    return {stored.finding.rule for stored in home.store.findings(agency=agency)}


def forget(home: Home, *rules: str) -> None:
    """As if these rules had not been there when the reports were judged."""
    with home.store.transaction():
        home.store._connection.execute(f"DELETE FROM findings WHERE rule IN ({', '.join('?' * len(rules))})", rules)


def test_a_recheck_that_finds_nothing_new_writes_nothing(home: Home) -> None:
    before = home.store._connection.total_changes
    result = recheck(home)
    assert (result.reports, result.new.total(), result.gone.total(), result.reworded) == (2, 0, 0, 0)
    assert home.store._connection.total_changes == before


def test_it_sees_what_an_assessment_sees(home: Home) -> None:
    publish(home, build_report({"year": 2022, "tables.requests.carried_out.total": 3}), year=2022, page="2022.html")
    judge(home, 2022, YEAR)
    judged = [(stored.agency, stored.year, stored.finding) for stored in home.store.findings()]
    assert "carry_over_mismatch" in rules_of(home)  # last year's report is looked at too
    assert recheck(home).reports == 3
    assert [(stored.agency, stored.year, stored.finding) for stored in home.store.findings()] == judged


def test_a_new_rule_is_run_over_what_is_stored_and_its_findings_are_said(home: Home) -> None:
    forget(home, "period_missing")
    result = recheck(home)
    assert dict(result.new) == {"period_missing": 1}
    (stored,) = [item for item in home.store.findings() if item.finding.rule == "period_missing"]
    assert (stored.found_at, stored.told) == (NOW, False)


def test_findings_of_a_rule_that_is_no_more_are_gone_and_those_of_publication_stay(home: Home) -> None:
    old = Finding(rule="retired_rule", subject="s", severity=Severity.ERROR, message="m")
    late = replace(old, rule="late_statutory", subject="publication")
    with home.store.transaction():
        kept = [stored.finding for stored in home.store.findings(agency=AGENCY)]
        home.store.save_findings(AGENCY, YEAR, [*kept, old, late], url="", at=NOW)
    assert dict(recheck(home).gone) == {"retired_rule": 1}
    assert {"late_statutory"} <= rules_of(home, AGENCY)


def break_(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a rule crash."""

    def crash(self: PeriodMissing, context: checks.Context) -> Iterator[Finding]:
        raise ZeroDivisionError
        yield

    monkeypatch.setattr(PeriodMissing, "check", crash)


def test_a_rule_that_crashes_in_a_round_takes_nothing_away(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rules_of(home)
    break_(monkeypatch)
    judge(home)
    assert "period_missing" in before
    assert rules_of(home) == before


def test_a_rule_that_crashes_takes_nothing_away(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    break_(monkeypatch)
    result = recheck(home)
    assert dict(result.broken) == {"period_missing": 2}
    assert result.gone.total() == 0
    assert "period_missing" in rules_of(home)


def test_one_rule_one_agency_one_year(home: Home) -> None:
    forget(home, "period_missing", "retired_rule")
    assert recheck(home, agency=AGENCY).reports == 1
    assert recheck(home, year=2022).reports == 0
    assert recheck(home, rules=["period_wrong"]).new.total() == 0
    assert dict(recheck(home, rules=["period_missing"]).new) == {"period_missing": 1}
    with pytest.raises(UsageError, match="nonsense"):
        recheck(home, rules=["nonsense"])


def test_a_report_that_is_no_longer_readable_is_left_to_the_next_assessment(home: Home) -> None:
    before = rules_of(home)
    broken = home.store.unread("x")[-1].id
    with home.store.transaction():
        home.store.save_reading(
            Reading(capture=broken, year=YEAR, named="", body="", is_form=None, wire=None, error="打不开"), reader="r2"
        )
    result = recheck(home)
    assert (result.reports, result.unread) == (1, 1)
    assert rules_of(home) == before


def test_what_was_judged_before_is_known_without_another_assessment(path: Path) -> None:
    with home_at(path) as home:
        publish(home, NO_PERIOD)
        judge(home)
        [judged] = home.store.judged_reports(limit=10)
    with home_at(path) as again:
        assert again.store.judged_reports(limit=10) == [judged]


# ── many reports, by workers ────────────────────────────────────────────────────────────────────────────────────────

MANY = 400


def fill(home: Home, count: int = MANY) -> None:
    """Reports of a roster of their own, every fourth without its period, judged as clean."""
    folder = home.path / "registry"
    rows = "".join(f"m{number},青石县第{number}中心,institution,qs\n" for number in range(count))
    with (folder / "agencies.csv").open("a", encoding="utf-8") as file:
        file.write(rows)
    wires = [packed(build_report())[1], packed(NO_PERIOD)[1]]
    with home.store.transaction():
        run = home.store._connection.executemany
        numbers = range(1000, 1000 + count)
        run(
            "INSERT INTO captures (id, crawl, portal, url, kind) SELECT ?, crawl, portal, 'u' || ?, 'article'"
            " FROM crawls LIMIT 1",
            [(number, number) for number in numbers],
        )
        readings = [(n, "r", YEAR, "", "", 1, wires[n % 4 == 0], "") for n in numbers]
        run("INSERT INTO readings VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)", readings)
        obligations = [(f"m{n - 1000}", YEAR, "2024-01-31", "on_time", "{}", NOW.isoformat(), n, None) for n in numbers]
        run("INSERT INTO obligations VALUES (?, ?, ?, ?, ?, ?, ?, ?)", obligations)


@pytest.fixture
def crowd(home: Home, path: Path) -> Iterator[Home]:
    fill(home)
    with home_at(path) as opened:
        yield opened


def state(home: Home) -> Any:
    return [(item.agency, item.year, item.finding, item.id) for item in home.store.findings()]


def test_workers_find_what_one_process_finds(crowd: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[int, int]] = []
    result = recheck(crowd, step=lambda done, total: steps.append((done, total)))
    assert (result.reports, result.new["period_missing"]) == (MANY + 2, MANY // 4)
    assert steps[-1] == (MANY + 2, MANY + 2)
    assert len(steps) > 2
    found = state(crowd)
    with crowd.store.transaction():
        crowd.store._connection.execute("DELETE FROM findings")
    monkeypatch.setattr(recheck_module, "_FEW", 10 * MANY)
    recheck(crowd)
    assert state(crowd) == found


def start(path: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "monitor", "--home", str(path), "--now", NOW.isoformat(), "recheck"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def wait_for_findings(path: Path, run: subprocess.Popen[str]) -> None:
    """Until some of a recheck is written and, most likely, not all."""
    with Store(path / DATABASE) as store:
        while run.poll() is None and not store._one("SELECT 1 FROM findings WHERE agency LIKE 'm%'"):
            os.sched_yield()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_stopped_at_any_moment_it_leaves_whole_reports_and_the_next_one_does_the_rest(
    crowd: Home, path: Path, number: int
) -> None:
    with start(path) as run:
        wait_for_findings(path, run)
        if run.poll() is None:
            os.killpg(run.pid, number)  # a terminal's Ctrl-C reaches the workers too
        _, told = run.communicate(timeout=60)
    assert "Traceback" not in told
    if number == signal.SIGINT and run.returncode:  # it may have been done already
        assert run.returncode == 130
        assert "已中断" in told
    with home_at(path) as home:
        whole = {tuple(sorted(rules_of(home, f"m{number}"))) for number in range(0, MANY, 4)}
        recheck(home)
        assert {tuple(sorted(rules_of(home, f"m{number}"))) for number in range(0, MANY, 4)} == whole - {()}
        assert recheck(home).new.total() == 0
        assert len([item for item in standing(home) if item.finding.rule == "period_missing"]) == MANY // 4 + 1


def test_workers_end_with_the_process_that_started_them(crowd: Home, path: Path) -> None:
    with start(path) as run:
        wait_for_findings(path, run)
        children = [int(pid) for pid in Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()]
        run.kill()
        run.communicate(timeout=60)
    deadline = time.monotonic() + 10
    while any(alive(pid) for pid in children) and time.monotonic() < deadline:
        os.sched_yield()
    assert not [pid for pid in children if alive(pid)]


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    except OSError:
        return False


def test_a_second_writer_is_refused_in_one_line(crowd: Home, path: Path) -> None:
    with writing(crowd), start(path) as run:
        out, told = run.communicate(timeout=60)
    assert (run.returncode, out) == (2, "")
    assert "另一个进程" in told


def test_read_again_counts_as_stored(home: Home) -> None:
    read(home, NO_PERIOD, reader="r2")
    assert dict(recheck(home).new) == {"period_missing": 1}
