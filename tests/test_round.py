"""Whole rounds over the replica portals: real crawls, a real database, a real mail server."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.browser import find_browser
from monitor.jobs.home import open_home
from monitor.jobs.round import Round
from monitor.publication import PUBLICATION_RULES
from monitor.rehearsal import YEAR, Stage, stage
from tests.rounds import ask, command, events, play, states, verdicts

SEEDS = Path(__file__).parents[1] / ".." / "shared" / "seeds" / "html"
needs_browser = pytest.mark.skipif(not find_browser(), reason="no Chromium: the list drawn by JavaScript stays unread")


@pytest.fixture(scope="module")
def after_deadline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Round]]:
    """The five replicas a week after the deadline, and the first round over them; later ones tell nothing."""
    with stage(tmp_path_factory.mktemp("after") / "home", at="2024-02-08T09:00") as on:
        yield on, play(on)


@needs_browser
def test_a_round_after_the_deadline_finds_the_true_state_of_each_of_the_five_agencies(
    after_deadline: tuple[Stage, Round],
) -> None:
    on, result = after_deadline
    assert result.all_looked_at
    by_portal = {item.agency.portal: item.verdict for item in result.judged}
    assert {portal: str(verdict.status) for portal, verdict in by_portal.items()} == {
        "xuecheng": "on_time",
        "qufu": "late",
        "boshan": "on_time",
        "gaoxin": "on_time",
        "tongguan": "overdue",
    }
    assert by_portal["qufu"].days_late == 2
    assert by_portal["tongguan"].days_late == 8
    assert by_portal["tongguan"].reason == "no_report_in_column"
    [mail] = on.mailbox.messages
    assert "逾期未发布1家" in mail["Subject"]


@needs_browser
def test_every_agency_of_the_replicas_gets_its_own_report_and_no_other(tmp_path: Path) -> None:
    with stage(tmp_path / "home", at="2024-02-06T23:00", roster="all") as on:
        result = play(on)
        assert result.all_looked_at
        for item in result.judged:
            report = item.reading.report if item.reading else None
            if report and report.agency:
                assert report.agency in {item.agency.name, *item.agency.aliases}
        missing = [item.agency.portal for item in result.judged if str(item.verdict.status) == "overdue"]
        assert missing == ["tongguan"]
        assert not [item for item in result.judged if str(item.verdict.status) == "unknown"]
        with open_home(on.home, on.clock) as home:
            told = [(one.agency, one.finding.rule) for one in home.store.findings()]
        # Nothing is said of anybody's publication but what was planted.
        assert {pair for pair in told if pair[1] in PUBLICATION_RULES} == {
            ("qufu-tzcjfwzx", "late_statutory"),
            ("tongguan-zsfwzx", "roster_unit_missing"),
        }


@needs_browser
def test_a_second_round_with_nothing_new_fetches_no_article_writes_no_event_and_sends_no_mail(
    after_deadline: tuple[Stage, Round],
) -> None:
    on, _ = after_deadline
    known, mails = events(on), len(on.mailbox.messages)
    on.replicas.forget_requests()
    result = play(on)
    assert result.all_looked_at
    assert events(on) == known
    assert len(on.mailbox.messages) == mails
    asked = [line.path for line in on.replicas.requests() if line.path != "/robots.txt" and "/api/" not in line.path]
    articles = ("/t20", "/doc_", "/art_", "/show/", "fbtime=", "/content_")
    assert not [path for path in asked if any(mark in path for mark in articles)]
    assert sorted(asked) == sorted(set(asked)), "a list was asked for twice"


@needs_browser
def test_a_portal_that_is_unplugged_in_january_makes_unknown_and_never_overdue(on: Stage) -> None:
    for portal in ("xuecheng", "boshan", "tongguan"):
        on.replicas.unplug(portal)
    play(on, "2024-01-08T09:00")
    result = play(on, "2024-02-08T09:00")
    assert not result.all_looked_at
    by_portal = {item.agency.portal: item.verdict for item in result.judged}
    for portal in ("xuecheng", "boshan", "tongguan"):
        assert (str(by_portal[portal].status), by_portal[portal].reason) == ("unknown", "portal_unreachable")
        on.replicas.plug(portal)
    told = len(events(on))
    by_portal = {item.agency.portal: item.verdict for item in play(on, "2024-02-09T09:00").judged}
    assert {portal: str(verdict.status) for portal, verdict in by_portal.items()} == {
        "xuecheng": "on_time",
        "qufu": "late",
        "boshan": "on_time",
        "gaoxin": "on_time",
        "tongguan": "overdue",
    }
    new = [event for event in events(on)[told:] if event.kind == "status"]
    assert sorted(event.portal for event in new) == ["boshan", "tongguan", "xuecheng"]


def test_before_the_years_column_exists_the_portal_is_in_health_and_nobody_is_told_anything(on: Stage) -> None:
    result = play(on, "2024-01-03T09:00", portals=("xuecheng",))
    assert result.all_looked_at
    assert events(on) == []
    assert on.mailbox.messages == ()


def test_a_report_that_is_withdrawn_or_changed_after_publication_is_seen(tmp_path: Path) -> None:
    with stage(tmp_path / "home", at="2024-02-01T00:05", roster="all") as on:
        play(on, portals=("tongguan", "qufu"))
        result = play(on, "2024-02-12T09:00", portals=("tongguan", "qufu"))
        withdrawn = [item for item in result.judged if item.verdict.withdrawn_at]
        assert [(item.agency.portal, str(item.verdict.status)) for item in withdrawn] == [("tongguan", "on_time")]
        changed = [item for item in result.judged if item.verdict.changed_at]
        assert [(item.agency.portal, str(item.verdict.status)) for item in changed] == [("qufu", "on_time")]


def test_a_date_that_the_record_contradicts_is_a_finding_and_the_report_is_late(tmp_path: Path) -> None:
    with stage(tmp_path / "home", at="2024-02-01T00:05", roster="all") as on:
        play(on, portals=("boshan",))
        result = play(on, "2024-02-05T09:00", portals=("boshan",))
        backdated = [row for row in ask(on, "findings") if row["rule"] == "backdated"]
        assert len(backdated) == 1
        verdict = verdicts(result)[backdated[0]["agency"]]
        assert str(verdict.status) == "late"
        assert verdict.claimed_on is not None
        assert verdict.claimed_on.isoformat() == "2024-01-30"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed reports are not at hand (../shared)")
@needs_browser
def test_the_five_seed_reports_get_right_verdicts_and_exactly_the_findings_that_were_read_by_hand(
    tmp_path: Path,
) -> None:
    published = {
        "boshan": ("博山区投资促进中心", "2024-01-12", "000_587a12f256707b84.html"),
        "gaoxin": ("淄博高新区发展改革局", "2024-01-08T10:00", "001_bd99d2d058b13537.html"),
        "xuecheng": ("薛城区商务和投资促进局", "2024-01-18", "002_8345640e0ba59491.html"),
        "tongguan": ("铜官区招商服务中心", "2024-02-05", "003_133a86a936eb75e3.html"),
        "qufu": ("曲阜市投资促进服务中心", "2024-01-31T19:41", "004_5903ece1b53a62c9.html"),
    }
    folder = tmp_path / "seeds"
    folder.mkdir()
    lines = ["portal,agency,year,published,file"]
    for portal, (agency, day, file) in published.items():
        (folder / file).write_bytes((SEEDS / file).read_bytes())
        lines.append(f"{portal},{agency},2023,{day},{file}")
    (folder / "manifest.csv").write_text("\n".join(lines), "utf-8")
    with stage(tmp_path / "home", at="2024-02-08T09:00", reports=folder) as on:
        run = subprocess.run(command(on, "run"), capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stderr
        rows = {row["portal"]: row for row in ask(on, "status")}
        assert {portal: row["status"] for portal, row in rows.items()} == {
            "boshan": "on_time",
            "gaoxin": "on_time",
            "xuecheng": "on_time",
            "tongguan": "late",
            "qufu": "on_time",
        }
        assert rows["tongguan"]["days_late"] == 5
        assert {portal: row["claimed_on"] for portal, row in rows.items()} == {
            portal: day[:10] for portal, (_, day, _) in published.items()
        }
        agencies = {row["agency"]: portal for portal, row in rows.items()}
        found: dict[str, list[str]] = {}
        for row in ask(on, "findings"):
            if row["severity"] != "hint":
                found.setdefault(agencies[row["agency"]], []).append(row["rule"])
        assert {portal: " ".join(sorted(rules)) for portal, rules in found.items()} == {
            "boshan": "channel_sum_exceeds_total signature_missing",
            "gaoxin": "duplicated_phrase duplicated_word numbering_repeat phone_no_area_code"
            " section_heading_nonstandard typo_suspected typo_suspected",
            "qufu": "agency_name_inconsistent contact_incomplete missing_char signature_missing",
            "tongguan": "contact_missing double_negative foreign_agency_text grammar late_statutory period_missing"
            " signature_missing stale_year",
            "xuecheng": "duplicated_word grammar missing_char punctuation_end section_heading_nonstandard"
            " section_heading_nonstandard section_numbering_broken section_numbering_broken section_numbering_broken"
            " term_wrong typo",
        }
        (mail,) = on.mailbox.messages
        body = mail.get_body(("plain",))
        assert body is not None
        assert "通过通过" in body.get_content()
        assert "一级序号错误" not in body.get_content()  # a converter may have lost the numbers: a person looks first


def test_a_mail_server_that_loses_its_answer_gets_the_same_message_id_again(on: Stage) -> None:
    on.mailbox.lost_answers = 1
    play(on, portals=("boshan",))
    play(on, "2024-02-08T10:00", portals=("boshan",))
    ids = [mail["Message-ID"] for mail in on.mailbox.messages]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_the_steps_one_by_one_make_the_same_as_a_round_and_change_nothing_the_second_time(on: Stage) -> None:
    for _ in range(2):
        for step in (("crawl", "--portal", "boshan"), ("read",), ("assess",), ("notify",)):
            done = subprocess.run(command(on, *step), capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
    assert states(play(on, portals=("boshan",)))["boshan-tzcjzx"] == "on_time"
    assert len([event for event in events(on) if event.portal == "boshan"]) == 1
    assert len(on.mailbox.messages) == 1


def test_a_round_over_one_portal_tells_nothing_of_the_others(on: Stage) -> None:
    play(on, portals=("boshan",))
    assert {event.portal for event in events(on)} == {"boshan"}


def test_evidence_of_absence_is_kept_list_by_list(after_deadline: tuple[Stage, Round]) -> None:
    on, _ = after_deadline
    with sqlite3.connect(on.home / "nianbao.db") as database:
        [(lists,)] = database.execute(
            "SELECT count(*) FROM captures WHERE kind = 'list' AND portal = 'tongguan'"
        ).fetchall()
        [(healthy,)] = database.execute("SELECT min(healthy) FROM looks WHERE portal = 'tongguan'").fetchall()
    assert lists > 1
    assert healthy == 1
    assert list((on.home / "evidence").rglob("*.warc.gz"))


def test_status_can_be_asked_about_the_past_and_counts_only_what_was_known_then(on: Stage) -> None:
    play(on, "2024-01-08T09:00", portals=("xuecheng",))
    play(on, "2024-02-08T09:00", portals=("xuecheng",))
    on.set_time("2024-01-10T09:00")
    rows = {row["portal"]: row["status"] for row in ask(on, "status", "--year", str(YEAR))}
    assert rows["xuecheng"] == "not_due"
