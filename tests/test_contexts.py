"""What the rules are given beside a report: the roster, the report of the year before, and the office's own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.checks.others import Names, Others
from monitor.clock import clock_for
from monitor.doctor import examine
from monitor.errors import SettingsError
from monitor.jobs.contexts import Contexts
from monitor.jobs.lexicons import load_lexicon
from monitor.jobs.standing import standing
from monitor.lexicon import BUILT_IN
from monitor.lexicon.words_table import WORDS
from monitor.model import Agency, Finding
from monitor.text import squash
from tests.rule_cases import build_report
from tests.stored_reports import AGENCY, NOW, YEAR, home_at, judge, new_home, publish

HEAD = "kind,wrong,right,severity,unless,source\n"


def write_table(home: Path, name: str, text: str | bytes) -> Path:
    path = home / "lexicon" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# ── the office's words ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_home_without_tables_of_its_own_has_the_built_in_one(tmp_path: Path) -> None:
    assert load_lexicon(tmp_path) is BUILT_IN
    write_table(tmp_path, "words.csv", WORDS)
    assert load_lexicon(tmp_path) is BUILT_IN


def test_an_offices_tables_are_added_in_the_order_of_their_names(tmp_path: Path) -> None:
    write_table(tmp_path, "a.csv", f"{HEAD}typo,青石现,青石县,error,,本地\n")
    write_table(tmp_path, "b.csv", f"\ufeff{HEAD}typo,青石现,青石县,hint,,本地\n")
    write_table(tmp_path, "说明.txt", "不是词表")
    lexicon = load_lexicon(tmp_path)
    assert [(hit.entry.right, str(hit.entry.severity)) for hit in lexicon.look_up("青石现")] == [("青石县", "hint")]
    assert lexicon.look_up("布署")
    assert load_lexicon(tmp_path) is lexicon


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}typo,布署,部署\n", "第2行有3列"),
        (f'{HEAD}typo,"一\n', "第2行"),
        (f'{HEAD}typo,"{"长" * 200_000}",x,error,,\n', "第2行"),
        ("wrong,right\n", "第1行"),
        (f"{HEAD}typo,布署,部署,error,,\n".encode("gb18030"), "不是 UTF-8"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path, text: str | bytes, said: str) -> None:
    path = write_table(tmp_path, "own.csv", text)
    with pytest.raises(SettingsError) as refused:
        load_lexicon(tmp_path)
    message = str(refused.value)
    assert str(path) in message
    assert said in message
    assert "\n" not in message
    diagnoses = {diagnosis.thing: diagnosis for diagnosis in examine(tmp_path, clock_for(NOW.isoformat()))}
    assert diagnoses["词表"].well is False
    assert diagnoses["词表"].words == message


def test_a_home_with_a_table_that_cannot_be_used_is_not_opened(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    write_table(home, "own.csv", "wrong,right\n")
    with pytest.raises(SettingsError, match="第1行"), home_at(home):
        pass


# ── the roster and last year ────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_is_judged_under_its_agencys_names_and_kind_beside_the_others() -> None:
    roster = [
        Agency(agency="a", name="青石县民政局", kind="department", portal="p", aliases=("县民政局",)),
        Agency(agency="b", name="柳河镇人民政府", kind="township", portal="p"),
        Agency(agency="c", name="青石县教育局", kind="department", portal="q"),
    ]
    context = Contexts(roster, BUILT_IN).of(build_report(), roster[1], 2023)
    assert (context.agency_names, context.kind, context.year) == (("柳河镇人民政府",), "township", 2023)
    assert [name for name in ("青石县民政局", "柳河镇人民政府", "青石县教育局") if context.others.has(name)] == [
        "青石县民政局",
        "青石县教育局",
    ]
    assert context.lexicon is BUILT_IN


@pytest.mark.parametrize("own", [None, "青石县民政局", "青石县财政局", "松岭县水务局", "青石县(教育)局"])
def test_the_others_are_those_that_one_finds_who_goes_through_the_roster(own: str | None) -> None:
    roster = [
        "青石县民政局",
        "青石县财政局",
        "青石县财政局",
        "松岭县水务局",
        "水务局",
        "青石县(教育)局",
        "青石县（教育）局",
    ]
    rest = [*roster]
    if own:
        rest.remove(own)
    others = Others(Names(roster), own)
    ends = {name[at:] for name in roster for at in range(len(name))}
    for name in {*ends, "务", "县", "白鹭市水务局", "青石县"}:
        assert others.has(name) == (name in rest)
        assert others.has_ending(name) == any(other.endswith(name) for other in rest)
        assert others.has_squashed(squash(name)) == any(squash(other) == squash(name) for other in rest)


def test_a_round_holds_a_report_against_the_agencys_last_one_and_looks_for_the_offices_words(tmp_path: Path) -> None:
    path = new_home(tmp_path / "home")
    write_table(path, "own.csv", f"{HEAD}typo,青石现,青石县,error,,本地\n")
    last = {"year": YEAR - 1, "tables.requests.carried_out.individual": 2, "tables.requests.carried_out.total": 2}
    with home_at(path) as home:
        publish(home, build_report({"sections.5.text": "青石现的场馆信息更新偏慢。"}))
        publish(home, build_report(last), page="last.html", year=YEAR - 1)
        judge(home)
        found = {stored.finding.rule: stored.finding for stored in standing(home, agency=AGENCY, year=YEAR)}
    assert found["typo"].found == "青石现"
    assert carried(found["carry_over_mismatch"]) == ("2", "0")


def test_without_last_years_report_nothing_is_held_against_it(tmp_path: Path) -> None:
    with home_at(new_home(tmp_path / "home")) as home:
        publish(home, build_report({"tables.requests.carried_in.individual": 2}))
        judge(home)
        rules = {stored.finding.rule for stored in standing(home, agency=AGENCY, year=YEAR)}
    assert "t3_identity" in rules
    assert "carry_over_mismatch" not in rules


def carried(finding: Finding) -> tuple[str, str]:
    return finding.expected, finding.found
