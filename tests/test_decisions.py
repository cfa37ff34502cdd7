"""What a person decided stays over rechecks, better readers, reworded rules and moved pages, and not a step further."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor import checks
from monitor.checks.elements import PeriodMissing
from monitor.checks.narrative import ChannelSumExceedsTotal
from monitor.decisions import same_case
from monitor.errors import UsageError
from monitor.jobs.decide import CHANGED, ENDED, GONE, REPLACED, REVOKED, STANDS, decide, record, waive
from monitor.jobs.home import Home, writing
from monitor.jobs.recheck import recheck
from monitor.jobs.standing import counts, standing
from monitor.model import Finding, Origin, Place, Report, Severity
from monitor.rows import DecisionKind, Ruling, StoredFinding
from tests.rule_cases import build_report
from tests.stored_reports import (
    AGENCY,
    DAY,
    NOW,
    OTHER,
    OTHER_NAME,
    YEAR,
    by_rule,
    home_at,
    judge,
    new_home,
    publish,
    read,
)

PERIOD, SUM, CELLS = "period_missing", "channel_sum_exceeds_total", "t3_identity"
SENTENCE = "全年公开政府信息300条，其中网站公开90条，公众号公开{}条。"


def faulty(parts: int = 260, received: int = 5, **patch: Any) -> Report:
    """No period; parts that are more than the whole; a table whose sums do not hold."""
    text = SENTENCE.format(parts) + "依申请公开渠道畅通，信息发布前逐条审核，专人负责监督保障。"
    return build_report(
        {
            "period": None,
            "preface": "如有疑问，请与青石县文化和旅游局联系。",
            "sections.1.text": text,
            "tables.requests.received.total": received,
            **patch,
        }
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_home(tmp_path / "home")


@pytest.fixture
def home(path: Path) -> Iterator[Home]:
    with home_at(path) as opened:
        publish(opened, faulty())
        judge(opened)
        yield opened


def found(home: Home, rule: str) -> StoredFinding:
    return by_rule(standing(home, agency=AGENCY), rule)


def say(home: Home, rule: str, kind: DecisionKind, *, reason: str = "已核对", until: str = "") -> StoredFinding:
    decide(home, [found(home, rule).id], kind, by="王芳", reason=reason, until=until)
    return found(home, rule)


def ruling(home: Home, rule: str) -> Ruling:
    made = found(home, rule).ruling
    assert made is not None
    return made


# ── a decision and who made it ──────────────────────────────────────────────────────────────────────────────────────


def test_a_decision_stands_with_who_made_it_when_and_why(home: Home) -> None:
    assert found(home, PERIOD).decision is None
    stored = say(home, PERIOD, DecisionKind.DISMISSED, reason="前言图片中已写明")
    assert stored.decision == "dismissed"
    made = ruling(home, PERIOD).decision
    assert made is not None
    assert (made.by, made.at, made.reason) == ("王芳", NOW, "前言图片中已写明")


def test_the_newest_decision_counts_and_every_one_is_kept(home: Home) -> None:
    say(home, PERIOD, DecisionKind.DISMISSED)
    say(home, PERIOD, DecisionKind.CONFIRMED)
    say(home, PERIOD, DecisionKind.REOPENED)
    assert found(home, PERIOD).decision is None
    assert [(entry.made.by, entry.state) for entry in record(home)] == [
        ("王芳", STANDS),
        ("王芳", REPLACED),
        ("王芳", REPLACED),
    ]


def test_the_same_decision_made_twice_is_one(home: Home) -> None:
    called = found(home, PERIOD).id
    for is_first in (True, False):
        (done,) = decide(home, [called, called], DecisionKind.CONFIRMED, by="王芳")
        assert done.was_made is is_first
    assert len(record(home)) == 1


def test_what_is_dismissed_deferred_or_waived_is_kept_and_does_not_count(home: Home) -> None:
    errors = counts(home)[AGENCY, YEAR]["error"]
    say(home, PERIOD, DecisionKind.DISMISSED)
    say(home, SUM, DecisionKind.DEFERRED, until="2024-03-01")
    waive(home, CELLS, agency=AGENCY, year=YEAR, by="王芳", reason="全区口径")
    assert [found(home, rule).decision for rule in (PERIOD, SUM, CELLS)] == ["dismissed", "deferred", "waived"]
    assert not any(found(home, rule).counts or found(home, rule).may_be_told for rule in (PERIOD, SUM, CELLS))
    assert counts(home)[AGENCY, YEAR]["error"] == errors - 3
    say(home, PERIOD, DecisionKind.CONFIRMED)
    assert counts(home)[AGENCY, YEAR]["error"] == errors - 2


def test_a_deferral_ends_on_its_day_and_the_finding_is_open_again(home: Home, path: Path) -> None:
    say(home, SUM, DecisionKind.DEFERRED, until="2024-03-01")
    with home_at(path, NOW + timedelta(days=23)) as eve:
        assert found(eve, SUM).decision == "deferred"
    with home_at(path, NOW + timedelta(days=24)) as then:
        assert (found(then, SUM).decision, ruling(then, SUM).has_ended) == (None, True)
        assert found(then, SUM).counts
        assert [entry.state for entry in record(then)] == [ENDED]


def test_what_reading_could_have_caused_is_told_only_once_a_person_confirmed_it(home: Home) -> None:
    scanned = replace(faulty(), is_scan=True)
    read(home, scanned, reader="r2")
    judge(home)
    stored = found(home, SUM)
    assert stored.finding.explained
    assert stored.counts
    assert not stored.may_be_told
    assert say(home, SUM, DecisionKind.CONFIRMED).may_be_told
    assert found(home, PERIOD).may_be_told == (not found(home, PERIOD).finding.explained)


def test_a_person_decides_while_a_round_is_going_on(home: Home, path: Path) -> None:
    with writing(home), home_at(path) as office:
        assert say(office, PERIOD, DecisionKind.CONFIRMED).decision == "confirmed"


# ── faults: a line each, and nothing is done ────────────────────────────────────────────────────────────────────────


def test_every_fault_of_a_call_is_a_line_and_nothing_is_decided(home: Home) -> None:
    with pytest.raises(UsageError) as error:
        decide(home, [found(home, PERIOD).id, "zzzz", ""], DecisionKind.DEFERRED, by=" ")
    lines = str(error.value).splitlines()
    assert len(lines) == 5
    assert [any(word in line for line in lines) for word in ("--by", "--reason", "--until", "zzzz")] == [True] * 4
    assert record(home) == []


@pytest.mark.parametrize(
    ("kind", "reason", "until", "said"),
    [
        (DecisionKind.DISMISSED, "", "", "不成立要写明理由"),
        (DecisionKind.DEFERRED, "核实中", "2024-02-06", "已到或已过"),
        (DecisionKind.DEFERRED, "核实中", "下周", "看不懂日期"),
        (DecisionKind.CONFIRMED, "字" * 501, "", "理由太长"),
    ],
)
def test_a_decision_without_what_it_needs_is_refused(
    home: Home, kind: DecisionKind, reason: str, until: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        say(home, PERIOD, kind, reason=reason, until=until)
    assert found(home, PERIOD).decision is None


def test_the_beginning_of_an_id_is_enough_where_it_means_one(home: Home) -> None:
    called = found(home, PERIOD).id
    decide(home, [called[:8].upper()], DecisionKind.CONFIRMED, by="王芳")
    assert found(home, PERIOD).decision == "confirmed"
    with home.store.transaction():
        home.store._connection.execute("UPDATE findings SET id = ? || 'x' WHERE rule = ?", [called[:8], SUM])
    with pytest.raises(UsageError, match="不止一个"):
        decide(home, [called[:8]], DecisionKind.CONFIRMED, by="王芳")


def test_what_is_gone_needs_no_decision(home: Home) -> None:
    called = found(home, PERIOD).id
    read(home, build_report(), reader="r2")
    judge(home)
    with pytest.raises(UsageError, match="已不存在"):
        decide(home, [called], DecisionKind.CONFIRMED, by="王芳")


# ── it survives ─────────────────────────────────────────────────────────────────────────────────────────────────────


def decide_all(home: Home) -> None:
    say(home, PERIOD, DecisionKind.DISMISSED)
    say(home, SUM, DecisionKind.CONFIRMED)
    say(home, CELLS, DecisionKind.DEFERRED, until="2024-03-01")


def assert_all_stand(home: Home) -> None:
    assert [found(home, rule).decision for rule in (PERIOD, SUM, CELLS)] == ["dismissed", "confirmed", "deferred"]


def test_a_decision_survives_a_recheck_and_the_next_assessment(home: Home) -> None:
    decide_all(home)
    result = recheck(home)
    assert (result.new.total(), result.gone.total(), result.reworded) == (0, 0, 0)
    assert_all_stand(home)
    judge(home)
    assert_all_stand(home)


def reread(report: Report) -> Report:
    """The same report by another reader: other places, tables in another order, blanks and widths in the text."""
    shifted = {name: Place(place.block + 7, 3, place.quote) for name, place in report.places.items()}
    sections = tuple(
        replace(section, text=section.text.replace("，", "， ").replace("300", "３００")) for section in report.sections
    )
    return replace(
        report,
        sections=sections,
        tables=dict(reversed(report.tables.items())),
        origins={f"{table}.received": Origin(9, 9, 9, {"total": 9}) for table in report.tables},
        places={**shifted, "title": Place(40, 2, "题")},
        figures=tuple(replace(figure, place=Place(50, 4, figure.quote)) for figure in report.figures),
        media_type="application/pdf",
    )


def test_a_decision_survives_a_reader_that_places_everything_elsewhere(home: Home) -> None:
    decide_all(home)
    read(home, reread(faulty()), reader="r2")
    recheck(home)
    assert_all_stand(home)
    judge(home)
    assert_all_stand(home)


def test_a_decision_survives_new_words_of_a_rule_and_a_new_name(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    decide_all(home)
    plain = ChannelSumExceedsTotal.check

    def reworded(self: ChannelSumExceedsTotal, context: checks.Context) -> Iterator[Finding | checks.Unknown]:
        for item in plain(self, context):
            yield (
                replace(item, message="换一种说法", basis="新", expected="最多 300 条")
                if isinstance(item, Finding)
                else item
            )

    monkeypatch.setattr(ChannelSumExceedsTotal, "check", reworded)
    monkeypatch.setattr(PeriodMissing, "name", "没有统计期限")
    monkeypatch.setattr(PeriodMissing, "severity", Severity.WARNING)
    result = recheck(home)
    assert (result.new.total(), result.gone.total(), result.reworded, result.changed_since) == (0, 0, 2, 0)
    assert found(home, SUM).finding.message == "换一种说法"
    assert found(home, PERIOD).finding.name == "没有统计期限"
    assert_all_stand(home)


def test_a_decision_survives_the_same_report_at_another_address(home: Home, path: Path) -> None:
    decide_all(home)
    with home_at(path, NOW + DAY) as later:
        publish(later, faulty(), page="2024/moved.html", on=(NOW - 20 * DAY).date())
        judge(later)
        assert_all_stand(later)


def test_a_decision_survives_that_the_finding_was_gone_for_a_while(home: Home) -> None:
    decide_all(home)
    read(home, build_report(), reader="r2")
    judge(home)
    assert {entry.state for entry in record(home)} == {GONE}
    read(home, faulty(), reader="r3")
    judge(home)
    assert_all_stand(home)


def test_a_decision_follows_its_sentence_where_only_the_subject_is_another(home: Home) -> None:
    say(home, SUM, DecisionKind.DISMISSED)
    stored = found(home, SUM)
    drifted = replace(stored.finding, subject="0123456789abcdef")
    with home.store.transaction():
        home.store.save_findings(AGENCY, YEAR, [drifted], url="", at=NOW)
    assert found(home, SUM).decision == "dismissed"


# ── and not where the facts have changed ────────────────────────────────────────────────────────────────────────────


def test_other_figures_in_a_cell_bring_a_finding_back_with_what_stood_there(home: Home) -> None:
    before = say(home, CELLS, DecisionKind.DISMISSED).finding
    read(home, faulty(received=6), reader="r2")
    result = recheck(home)
    assert result.changed_since == 1
    stored, made = found(home, CELLS), ruling(home, CELLS)
    assert (stored.decision, made.has_changed, stored.counts) == (None, True, True)
    assert made.decision is not None
    assert made.decision.finding == before
    assert [entry.state for entry in record(home)] == [CHANGED]
    say(home, CELLS, DecisionKind.CONFIRMED)
    assert (found(home, CELLS).decision, ruling(home, CELLS).has_changed) == ("confirmed", False)


def test_other_figures_in_a_sentence_bring_its_decision_back_though_the_subject_is_made_of_it(home: Home) -> None:
    before = say(home, SUM, DecisionKind.DISMISSED).finding
    read(home, faulty(parts=270), reader="r2")
    judge(home)
    stored, made = found(home, SUM), ruling(home, SUM)
    assert stored.finding.subject != before.subject
    assert (stored.decision, made.has_changed) == (None, True)
    assert made.decision is not None
    assert made.decision.finding.quote == before.quote
    read(home, faulty(parts=260), reader="r3")
    judge(home)
    assert found(home, SUM).decision == "dismissed"


def test_a_decision_is_about_no_other_sentence(home: Home) -> None:
    say(home, SUM, DecisionKind.DISMISSED)
    read(home, faulty(**{"sections.1.text": "发布48条，其中网站公开政策文件84条。"}), reader="r2")
    judge(home)
    assert ruling(home, SUM) == Ruling()


def finding(**fields: str) -> Finding:
    return Finding(**{"rule": "r", "subject": "s", "severity": Severity.ERROR, "message": "m", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "now", "same"),
    [
        ({"quote": "网站 90 条"}, {"quote": "网站90条，"}, True),
        ({"quote": "网站９０条"}, {"quote": "网站90条"}, True),
        ({"quote": "公开1,234条"}, {"quote": "公开1234条"}, True),
        ({"quote": "公开信息，其中网站90条"}, {"quote": "全年，公开信息，其中网站90条，微信30条"}, True),
        ({"quote": "自然人：3；总计：4"}, {"quote": "总计：4；自然人：3"}, True),
        ({"quote": "网站90条"}, {"quote": "网站91条"}, False),
        ({"quote": "网站90条，微信30条"}, {"quote": "网站30条，微信90条"}, False),
        ({"quote": "办结17件，均已答复"}, {"quote": "办结117件，均已答复"}, False),
        ({"quote": "办结十二件"}, {"quote": "办结十三件"}, False),
        ({"quote": "开展培训工作"}, {"quote": "没有开展培训工作"}, False),
        ({"quote": "开展培训工作"}, {"quote": "全年，开展培训工作。"}, True),
        ({"quote": "人员配备不足" * 5}, {"quote": "有的单位" + "人员配备不足" * 5 + "问题仍在"}, True),
        ({"quote": f"{'甲' * 20}网站9条，微信3条"}, {"quote": f"前{'甲' * 20}网站9条，微信3条后，又"}, True),
        ({"quote": f"{'甲' * 20}网站9条，微信3条"}, {"quote": f"前{'甲' * 20}网站9条，微信3，又"}, False),
        ({"quote": "培训"}, {"quote": "没有培训"}, False),
        ({"expected": "应为3", "found": "2"}, {"expected": "3件", "found": "写的是2"}, True),
        ({"expected": "3", "found": "2"}, {"expected": "4", "found": "2"}, False),
        ({"quote": "共5条", "found": "5"}, {"quote": "共5条", "found": "7"}, False),
        ({"quote": "共5条", "found": "5"}, {"quote": "共5条"}, True),
        ({"cell": "requests.received.total"}, {"cell": "requests.handled.total"}, False),
        ({"cell": ""}, {"cell": "requests.handled.total"}, True),
        ({"found": "2.50"}, {"found": "2.5"}, True),
        ({}, {"name": "新名", "message": "新话", "basis": "新", "section": "新", "explained": "新"}, True),
    ],
)
def test_the_same_case_is_the_same_words_and_figures(before: dict[str, str], now: dict[str, str], same: bool) -> None:
    assert same_case(finding(**before), finding(**now)) is same
    assert same_case(finding(**now), finding(**before)) is same


# ── waivers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_waiver_is_for_one_agency_and_its_year_or_for_every_year(home: Home) -> None:
    publish(home, faulty(), agency=OTHER_NAME, page="other.html")
    publish(home, faulty(), year=2022, page="2022.html")
    judge(home, 2022, YEAR)

    def waived() -> list[tuple[str, int]]:
        every = standing(home)
        return [(item.agency, item.year) for item in every if item.finding.rule == PERIOD and item.decision == "waived"]

    waive(home, PERIOD, agency=AGENCY, year=YEAR, by="王芳", reason="试点")
    assert waived() == [(AGENCY, YEAR)]
    waive(home, PERIOD, agency=AGENCY, year=None, by="李明", reason="历年如此")
    assert waived() == [(AGENCY, 2022), (AGENCY, YEAR)]
    waive(home, PERIOD, agency=AGENCY, year=YEAR, by="李明", reason="并入所有年度", revoke=True)
    assert waived() == [(AGENCY, 2022), (AGENCY, YEAR)]
    waive(home, PERIOD, agency=AGENCY, year=None, by="王芳", reason="试点结束", revoke=True)
    assert waived() == []
    assert [entry.state for entry in record(home)] == [STANDS, STANDS, REVOKED, REVOKED]
    assert {item.agency for item in standing(home) if item.finding.rule == PERIOD} == {AGENCY, OTHER}


def test_a_waiver_given_twice_is_one_and_what_was_not_given_cannot_be_revoked(home: Home) -> None:
    assert waive(home, PERIOD, agency=AGENCY, year=None, by="王芳", reason="试点")[1]
    assert not waive(home, PERIOD, agency=AGENCY, year=None, by="李明", reason="试点")[1]
    with pytest.raises(UsageError, match="所有年度"):
        waive(home, PERIOD, agency=AGENCY, year=YEAR, by="王芳", reason="结束", revoke=True)
    assert len(record(home)) == 1


def test_every_fault_of_a_waiver_is_a_line(home: Home) -> None:
    with pytest.raises(UsageError) as error:
        waive(home, "period_mising", agency="nobody", year=None, by="", reason="")
    lines = str(error.value).splitlines()
    assert len(lines) == 4
    assert any("period_missing" in line for line in lines)


def test_a_waiver_holds_whatever_the_facts_become(home: Home) -> None:
    waive(home, CELLS, agency=AGENCY, year=YEAR, by="王芳", reason="全区口径")
    read(home, faulty(received=9), reader="r2")
    recheck(home)
    assert found(home, CELLS).decision == "waived"


def test_a_decision_is_told_apart_by_agency_and_year(home: Home) -> None:
    publish(home, faulty(), agency=OTHER_NAME, page="other.html")
    judge(home)
    say(home, PERIOD, DecisionKind.DISMISSED)
    assert by_rule(standing(home, agency=OTHER), PERIOD).decision is None
