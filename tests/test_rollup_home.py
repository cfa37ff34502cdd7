"""The roll-up of a real home: who belongs to the area, which report stands, who is missing and why; and the verb."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.errors import UsageError
from monitor.jobs.rollup import covers, roll_up
from monitor.rollup import Compared, RollUp
from tests.rolled import NOW, YEAR, Body, area, blank_report, report_of

RECEIVED = "requests.received.total"
COUNTY, CITY = "370403", "370400"


def rolled(path: Path, *bodies: Body, region: str = COUNTY, year: int = YEAR) -> RollUp:
    with area(path, bodies) as home:
        return roll_up(home, region, year)


def body(agency: str, value: int | None = None, **fields: object) -> Body:
    reports = () if value is None else (blank_report(value),)
    return Body(agency, f"薛城区{agency}局", reports=reports, **fields)  # type: ignore[arg-type]


def test_an_area_is_summed_over_its_agencies_from_what_is_stored(tmp_path: Path) -> None:
    names = ("薛城区财政局", "薛城区教育局", "薛城区审计局")
    bodies = [Body(f"b{i}", name, reports=(report_of(name, YEAR - 1), report_of(name))) for i, name in enumerate(names)]
    found = rolled(tmp_path, *bodies)
    reports = [report_of(name) for name in names]
    assert found.sums.is_complete
    for path, total in found.sums.totals.items():
        assert total.value == sum(report.cell(path).value for report in reports), path  # type: ignore[union-attr, misc]
    assert [balance.counted for balance in found.carried] == [3] * 7
    assert all(balance.holds and not balance.off for balance in (*found.balances, *found.carried))


def test_each_missing_agency_has_its_own_reason(tmp_path: Path) -> None:
    unread = replace(blank_report(1), title=None)
    found = rolled(
        tmp_path,
        body("a", 1),
        body("late"),
        body("blocked", healthy=False),
        Body("unread", "薛城区未读局", reports=(unread,)),
        Body("form", "薛城区空表局", reports=(blank_report(None),)),
        Body("letter", "薛城区来函局", reports=(replace(blank_report(1), is_form=False),)),
        body("gone", 5, withdrawn=True),
    )
    assert {source.agency: source.reason for source in found.sums.missing} == {
        "late": "no_report_in_column",
        "blocked": "portal_blocked",
        "unread": "unread",
        "form": "unfilled",
        "letter": "wrong_document",
        "gone": "withdrawn",
    }
    assert all(source.words for source in found.sums.missing)
    assert len({source.words for source in found.sums.missing}) == 6
    assert found.sums.totals[RECEIVED].value == 1


def test_of_several_reports_the_one_that_stands_counts_once(tmp_path: Path) -> None:
    revised = Body("a", "薛城区甲局", reports=(blank_report(3), blank_report(5)))
    found = rolled(tmp_path, revised, body("b", 1))
    assert (found.sums.totals[RECEIVED].value, found.sums.totals[RECEIVED].counted) == (6, 2)


def test_a_governments_own_report_is_compared_and_never_summed(tmp_path: Path) -> None:
    government = Body("gov", "薛城区人民政府", kind="government", reports=(blank_report(5),))
    found = rolled(tmp_path, body("a", 2), body("b", 2), government)
    assert found.sums.totals[RECEIVED].value == 4
    assert found.government is not None
    assert (found.place, found.government.agency) == ("薛城区人民政府", "gov")
    assert {difference.compared for difference in found.differences.values()} == {Compared.MORE}
    assert {difference.difference for difference in found.differences.values()} == {1}


def test_a_government_without_a_report_or_two_of_them_are_compared_with_nothing(tmp_path: Path) -> None:
    silent = Body("gov", "薛城区人民政府", kind="government")
    alone = rolled(tmp_path / "one", body("a", 2), silent)
    assert (alone.government and alone.government.reason, alone.differences) == ("before_deadline", {})
    another = Body("zone", "薛城区开发区管委会", kind="government", reports=(blank_report(9),))
    both = rolled(tmp_path / "two", body("a", 2), silent, another)
    assert (both.government, both.differences) == (None, {})
    assert both.sums.totals[RECEIVED].value == 2
    assert any("不止一个" in note for note in both.notes)


def test_below_a_city_no_application_is_counted_twice(tmp_path: Path) -> None:
    found = rolled(
        tmp_path,
        Body("city", "枣庄市人民政府", kind="government", region=CITY, reports=(blank_report(100),)),
        body("office", 1, region=CITY),
        body("a", 2),
        Body("county", "薛城区人民政府", kind="government", reports=(blank_report(50),)),
        Body("other", "市中区人民政府", kind="government", region="370402", reports=(blank_report(7),)),
        Body("elsewhere", "某市某局", region="370500", reports=(blank_report(1000),)),
        region=CITY,
    )
    # 薛城 is told by its agency, 市中 by its government: the roster has none of its bodies.
    assert [source.agency for source in found.sums.sources] == ["office", "a", "other"]
    assert found.sums.totals[RECEIVED].value == 10
    assert found.government is not None
    assert found.government.agency == "city"
    assert any("薛城区人民政府" in note and "不计入" in note for note in found.notes)
    assert any("市中区人民政府" in note and "计入汇总" in note for note in found.notes)


@pytest.mark.parametrize(
    ("region", "code", "inside"),
    [
        ("370403", "370403", True),
        ("370403", "370402", False),
        ("370400", "370403", True),
        ("370400", "370500", False),
        ("370000", "370403", True),
        ("370000", "340705", False),
        ("370000", "", False),
    ],
)
def test_a_city_holds_its_counties_and_a_province_its_cities(region: str, code: str, inside: bool) -> None:
    assert covers(region, code) is inside


def test_who_owes_nothing_for_the_year_is_not_missed(tmp_path: Path) -> None:
    found = rolled(tmp_path, body("a", 2), body("new", extra="2024,"), body("old", extra=",2022"))
    assert [source.agency for source in found.sums.sources] == ["a"]
    assert found.sums.is_complete


def test_a_place_without_agencies_is_named_with_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="370403"):
        rolled(tmp_path, body("a", 2), region="110101")


def test_an_area_of_nothing_but_its_government_sums_nothing(tmp_path: Path) -> None:
    found = rolled(tmp_path, Body("gov", "薛城区人民政府", kind="government", reports=(blank_report(5),)))
    assert found.sums.sources == ()
    assert not found.sums.is_complete
    assert {difference.compared for difference in found.differences.values()} == {Compared.UNKNOWN}


def test_scans_and_rows_of_an_agencys_own_are_said(tmp_path: Path) -> None:
    doubt = "“其他主动公开文件”行不在统一格式内"
    found = rolled(
        tmp_path,
        Body("a", "薛城区甲局", reports=(replace(blank_report(1), is_scan=True),)),
        Body("b", "薛城区乙局", reports=(replace(blank_report(1), doubts={"disclosure": doubt}),)),
        Body("c", "薛城区丙局", reports=(replace(blank_report(1), doubts={"requests": "列数不符"}),)),
    )
    assert found.sums.totals["disclosure.permits.decisions"].value == 3
    assert found.sums.totals[RECEIVED].value == 2
    assert any("薛城区甲局" in note and "扫描" in note for note in found.notes)
    assert any("薛城区乙局" in note and "其他主动公开文件" in note for note in found.notes)


# ── the verb ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rolled")
    government = Body("gov", "薛城区人民政府", kind="government", reports=(blank_report(5),))
    with area(path, [body("a", 2), body("b", 4), body("late"), government]):
        return path


def nianbao(home: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "monitor", "--home", str(home), "--now", NOW.isoformat(), "rollup", *words]
    return subprocess.run(command, capture_output=True, check=False)


def test_the_verb_shows_the_totals_and_who_is_missing(home: Path) -> None:
    done = nianbao(home, "--region", COUNTY)
    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr
    assert "【不完整】应汇总3个单位，已汇总2个，缺1个：薛城区late局" in said
    assert "截止日后巡查正常，栏目中未见" in said
    assert "6＊" in said


def test_the_json_has_the_keys_of_the_contract(home: Path) -> None:
    found = json.loads(nianbao(home, "--region", COUNTY, "--year", str(YEAR), "--format", "json").stdout)
    assert " ".join(found) == (
        "region place year format at complete expected counted missing tables cells extra balances carried agencies "
        "government notes"
    )
    assert (found["complete"], found["expected"], found["counted"]) == (False, 3, 2)
    assert found["tables"]["requests"]["received"]["total"] == 6
    assert found["cells"][RECEIVED] == {"counted": 2, "complete": False, "others": {"missing": ["late"]}}
    assert [agency["cells"].get(RECEIVED) for agency in found["agencies"]] == [2, 4, None]
    assert found["government"]["cells"][RECEIVED] == {
        "sum": 6,
        "own": 5,
        "state": "number",
        "difference": -1,
        "compared": "less",
        "sure": True,
    }


def test_the_csv_has_a_row_a_cell(home: Path) -> None:
    content = nianbao(home, "--region", COUNTY, "--format", "csv").stdout.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert len(rows) == 200
    assert {(row["合计"], row["是否完整"], row["缺报"]) for row in rows} == {("6", "不完整", "薛城区late局")}


def test_a_file_is_written_in_the_format_of_its_name(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "汇总.xlsx"
    done = nianbao(home, "--region", COUNTY, "--out", str(out))
    assert done.returncode == 0
    assert out.read_bytes().startswith(b"PK")
    assert "不完整" in done.stderr.decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--region", "999999"], "370403"),
        (["--region", COUNTY, "--out", "x.pdf"], "x.pdf"),
        ([], "--region"),
        (["--region", COUNTY, "--year", "2017"], "2017"),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(home: Path, words: list[str], said: str) -> None:
    done = nianbao(home, *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().count("\n") == 1
    assert said in done.stderr.decode()


def test_looking_writes_nothing(home: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.suffix in (".db", ".csv")}
    nianbao(home, "--region", COUNTY)
    assert {path: path.stat().st_mtime_ns for path in before} == before
