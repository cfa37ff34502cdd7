"""Deciding as an office does it: by the command line, and where decisions show: lists, the digest, the web page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.jobs.decide import decide, waive
from monitor.jobs.digest import queue_digest
from monitor.jobs.home import Home
from monitor.jobs.judge import judge_all
from monitor.jobs.standing import standing
from monitor.model import Event
from monitor.rows import DecisionKind
from monitor.web import views
from monitor.web.server import render
from tests.stored_reports import AGENCY, DAY, NOW, YEAR, by_rule, home_at, judge, new_home, publish, read
from tests.test_decisions import CELLS, PERIOD, SUM, faulty, found, say


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = new_home(tmp_path / "home")
    with home_at(path) as home:
        publish(home, faulty())
        judge(home)
    return path


@pytest.fixture
def home(path: Path) -> Iterator[Home]:
    with home_at(path) as opened:
        yield opened


def nianbao(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "monitor", "--home", str(path), "--now", NOW.isoformat(), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


# ── the command line ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_office_looks_decides_and_looks_again(path: Path) -> None:
    rows = json.loads(nianbao(path, "findings", "--agency", AGENCY, "--format", "json").stdout)
    ids = {row["rule"]: row["id"] for row in rows}
    assert all(row["decision"] is None and row["ruling"] is None for row in rows)
    assert ids[PERIOD][:8] in nianbao(path, "findings").stdout
    done = nianbao(path, "dismiss", ids[PERIOD][:8], ids[CELLS], "--by", "王芳", "--reason", "原件无误")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"已记为“不成立”：{ids[PERIOD][:8]}　青石县文化和旅游局　2023 年度　缺统计期限：")
    again = nianbao(path, "dismiss", ids[PERIOD], "--by", "王芳", "--reason", "原件无误")
    assert again.stdout.startswith("未变，先前已有同样的决定")
    deferred = nianbao(path, "defer", ids[SUM], "--by", "李明", "--reason", "待核实", "--until", "2024-03-01")
    assert "暂缓”至 2024-03-01" in deferred.stdout
    left = json.loads(nianbao(path, "findings", "--undecided", "--format", "json").stdout)
    assert {row["rule"] for row in left}.isdisjoint({PERIOD, CELLS, SUM})
    rows = {row["rule"]: row for row in json.loads(nianbao(path, "findings", "--format", "json").stdout)}
    assert rows[PERIOD]["decision"] == "dismissed"
    assert rows[SUM]["ruling"] == {
        "by": "李明",
        "at": NOW.isoformat(),
        "reason": "待核实",
        "until": "2024-03-01",
        "words": "暂缓至2024-03-01（李明，2024-02-06）",
    }
    status = json.loads(nianbao(path, "status", "--format", "json").stdout)
    assert {row["agency"]: row["findings"]["error"] for row in status}[AGENCY] == len(
        [row for row in rows.values() if row["severity"] == "error" and row["agency"] == AGENCY and not row["decision"]]
    )


def test_a_decision_is_taken_back_and_the_record_keeps_both(path: Path) -> None:
    called = by_rule_json(path, PERIOD)["id"]
    assert nianbao(path, "confirm", called, "--by", "王芳").returncode == 0
    assert nianbao(path, "reopen", called, "--by", "李明", "--reason", "再核").returncode == 0
    assert by_rule_json(path, PERIOD)["decision"] is None
    rows = json.loads(nianbao(path, "decisions", "--format", "json").stdout)
    assert [(row["kind"], row["by"], row["state"]) for row in rows] == [
        ("reopened", "李明", "有效"),
        ("confirmed", "王芳", "已被后来的决定取代"),
    ]
    assert rows[0]["id"] == called
    assert "重新待定" in nianbao(path, "decisions").stdout
    assert nianbao(path, "decisions", "--format", "csv").stdout.startswith("\ufeff")


def by_rule_json(path: Path, rule: str) -> dict[str, str]:
    rows = json.loads(nianbao(path, "findings", "--format", "json").stdout)
    return next(row for row in rows if row["rule"] == rule)


def test_a_rule_is_waived_and_the_waiver_taken_back(path: Path) -> None:
    words = ("waive", PERIOD, "--agency", AGENCY, "--by", "王芳", "--reason", "试点")
    given = nianbao(path, *words, "--year", str(YEAR))
    assert given.stdout == "已免检：青石县文化和旅游局　2023 年度　缺统计期限（period_missing）\n"
    assert nianbao(path, *words, "--year", str(YEAR)).stdout.startswith("未变，王芳 已于 2024-02-06 免检")
    assert by_rule_json(path, PERIOD)["decision"] == "waived"
    assert nianbao(path, *words, "--year", str(YEAR), "--revoke").stdout.startswith("已撤销免检：")
    assert by_rule_json(path, PERIOD)["decision"] is None
    [last, first] = json.loads(nianbao(path, "decisions", "--format", "json").stdout)
    assert (last["kind"], first["kind"], first["state"]) == ("waiver_revoked", "waived", "已撤销")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["confirm"], ["编号"]),
        (["confirm", "zzzz"], ["--by", "zzzz"]),
        (["dismiss", "zzzz", "--by", "王芳"], ["--reason", "zzzz"]),
        (["defer", "zzzz", "--by", "王芳", "--reason", "x"], ["--until", "zzzz"]),
        (["waive", "period_mising", "--by", "王芳", "--reason", "x"], ["period_missing", "--agency"]),
        (["recheck", "--agency", "nobody"], ["nobody"]),
        (["recheck", "--rule", "nonsense"], ["nonsense"]),
        (["findings", "--agency", "nobody"], ["nobody"]),
        (["decisions", "--agency", "nobody"], ["nobody"]),
    ],
)
def test_every_fault_is_one_plain_line_and_exit_code_2(path: Path, words: list[str], said: list[str]) -> None:
    done = nianbao(path, *words)
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    assert len(lines) == len(said)
    assert all(any(word in line for line in lines) for word in said)


def test_a_recheck_says_what_it_did(path: Path) -> None:
    assert nianbao(path, "recheck").stdout == "已复查 1 份报告：新增 0 处，消失 0 处，说法有更新 0 处\n"
    with home_at(path) as home:
        say(home, CELLS, DecisionKind.DISMISSED)
        read(home, faulty(received=7, **{"contact.email": "a@163.com"}), reader="r2")
    told = nianbao(path, "recheck").stdout
    assert "non_gov_email" in told
    assert "其中 1 处在决定之后有变化" in told
    assert by_rule_json(path, CELLS)["changed_since"] == {
        "quote": by_rule_json(path, CELLS)["evidence"]["quote"].replace("7", "5", 1),  # type: ignore[index]
        "expected": "5",
    }


def test_a_recheck_of_an_empty_home_says_what_to_do_first(tmp_path: Path) -> None:
    done = nianbao(new_home(tmp_path / "new"), "recheck")
    assert done.returncode == 0
    assert "assess" in done.stderr


# ── the digest ──────────────────────────────────────────────────────────────────────────────────────────────────────


def digest(home: Home) -> str:
    mailing = replace(home, settings=home.settings.model_copy(update={"mail_to": ("office@example.gov.cn",)}))
    with home.store.transaction():
        home.store.add_event(
            Event(at=NOW, kind="status", portal="qs", agency=AGENCY, year=YEAR, before="unknown", after="on_time")
        )
        message = queue_digest(mailing, list(judge_all(home, (YEAR,), home.now())), NOW)
    assert message is not None
    return message.text


def test_what_does_not_count_is_in_no_digest(home: Home) -> None:
    messages = {rule: found(home, rule).finding.message for rule in (PERIOD, SUM, CELLS)}
    assert all(message in digest(home) for message in messages.values())
    say(home, PERIOD, DecisionKind.DISMISSED)
    say(home, SUM, DecisionKind.DEFERRED, until="2024-03-01")
    waive(home, CELLS, agency=AGENCY, year=None, by="王芳", reason="全区口径")
    assert not any(message in digest(home) for message in messages.values())
    with home_at(home.path, NOW + 30 * DAY) as later:
        assert messages[SUM] in digest(later)


def test_what_reading_may_have_caused_is_in_the_digest_once_confirmed(home: Home) -> None:
    read(home, replace(faulty(), is_scan=True), reader="r2")
    judge(home)
    message = found(home, SUM).finding.message
    assert message not in digest(home)
    say(home, SUM, DecisionKind.CONFIRMED)
    assert message in digest(home)


# ── the web page ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_of_an_agency_shows_who_decided_what_and_why(home: Home) -> None:
    say(home, PERIOD, DecisionKind.DISMISSED, reason="写在<b>图片</b>中")
    say(home, SUM, DecisionKind.CONFIRMED, reason="")
    page = views.agency_page(home, AGENCY, str(YEAR))
    [settled] = page.settled
    assert (settled.mark, settled.is_open) == ("不成立", False)
    assert settled.decided == (("决定", "不成立（王芳，2024年2月6日）"), ("理由", "写在<b>图片</b>中"))
    shown = {item.finding.rule: item for _, _, items in page.findings for item in items}
    assert PERIOD not in shown
    assert (shown[SUM].mark, shown[SUM].decided) == ("确认", (("决定", "确认（王芳，2024年2月6日）"),))
    assert (shown[CELLS].mark, shown[CELLS].decided) == ("", ())
    html = render("agency.html", page=page)
    assert "已决定不计入的问题（1）" in html
    assert "写在&lt;b&gt;图片" in html
    overview = {row["agency"]: row for row in views.overview(home).rows}
    assert overview[AGENCY]["findings"]["error"] == len([r for r in shown.values() if r.finding.severity == "error"])


def test_the_page_shows_what_has_changed_since_a_decision(home: Home) -> None:
    before = say(home, SUM, DecisionKind.DISMISSED, reason="重复统计").finding
    read(home, faulty(parts=270), reader="r2")
    judge(home)
    page = views.agency_page(home, AGENCY, str(YEAR))
    shown = next(item for _, _, items in page.findings for item in items if item.finding.rule == SUM)
    assert (shown.mark, shown.is_open) == ("决定后有变化", True)
    assert dict(shown.decided) == {
        "决定": "待定：自2024年2月6日决定“不成立”（王芳）后有变化",
        "理由": "重复统计",
        "当时原文": before.quote,
        "当时实为": "350",
    }


def test_a_finding_without_a_decision_is_called_by_its_id_on_the_page(home: Home) -> None:
    stored = by_rule(standing(home, agency=AGENCY), PERIOD)
    page = views.agency_page(home, AGENCY, str(YEAR))
    shown = next(item for _, _, items in page.findings for item in items if item.finding.rule == PERIOD)
    assert dict(shown.details)["编号"] == stored.id[:8]
    decide(home, [dict(shown.details)["编号"]], DecisionKind.CONFIRMED, by="王芳")
    assert found(home, PERIOD).decision == "confirmed"
