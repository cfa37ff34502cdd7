"""Composed reports obey the form, print what their truth says, and carry only the defects that were asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from monitor.demo import words
from monitor.demo.compose import Composed, compose
from monitor.demo.drafts import DEFECTS
from monitor.demo.localities import LOCALITIES
from monitor.demo.roster import offices
from monitor.form import (
    DISCLOSURE_BLOCKS,
    REMEDY_KINDS,
    REMEDY_RESULTS,
    REQUEST_COLUMNS,
    REQUEST_ROWS,
    SECTIONS,
    SECTIONS_2019,
    edition_for,
    is_result_row,
)

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
NAMES = [office.official for portal in LOCALITIES for office in offices(portal)]
ANY_REPORT = {"agency": st.sampled_from(NAMES), "year": st.integers(2019, 2030), "seed": st.integers(0, 10_000)}
APPLICANTS = [column.key for column in REQUEST_COLUMNS if column.key != "total"]
Table = Mapping[str, Mapping[str, Any]]


def number(cell: Any) -> float:
    return cell or 0


def broken_identities(requests: Table) -> set[str]:
    """Which of the three identities of table 3 fail somewhere."""
    broken = set()
    for column in (*APPLICANTS, "total"):
        at = {row: number(cells[column]) for row, cells in requests.items()}
        if at["received"] + at["carried_in"] != at["handled"] + at["carried_out"]:
            broken.add("t3_identity")
        if at["handled"] != sum(value for row, value in at.items() if is_result_row(row)):
            broken.add("t3_result_sum")
    for cells in requests.values():
        if number(cells["total"]) != sum(number(cells[who]) for who in APPLICANTS):
            broken.add("t3_row_total")
    return broken


def broken_remedies(remedies: Table) -> bool:
    return any(
        number(cells["total"]) != sum(number(cells[result.key]) for result in REMEDY_RESULTS[:-1])
        for cells in remedies.values()
    )


def grids(body: str) -> list[list[list[str]]]:
    """The tables of a body with their spans resolved, text without blanks."""
    found = []
    for table in html.fragment_fromstring(body, create_parent="div").iter("table"):
        cells: dict[tuple[int, int], str] = {}
        for y, row in enumerate(table.iter("tr")):
            x = 0
            for cell in row.iter("td", "th"):
                while (y, x) in cells:
                    x += 1
                text = "".join(cell.text_content().split())
                for dy in range(int(cell.get("rowspan", "1"))):
                    for dx in range(int(cell.get("colspan", "1"))):
                        cells[y + dy, x + dx] = text
        width, height = max(x for _, x in cells) + 1, max(y for y, _ in cells) + 1
        found.append([[cells[y, x] for x in range(width)] for y in range(height)])
    return found


def printed(text: str) -> float | None:
    return float(text) if text else None


def text_of(report: Composed) -> str:
    return re.sub(r"<[^>]*>", "", re.sub(r"<table.*?</table>", "", report.body, flags=re.DOTALL))


@given(**ANY_REPORT)
@settings(max_examples=150, deadline=None)
def test_all_identities_of_tables_3_and_4_hold(agency: str, year: int, seed: int) -> None:
    tables = compose(agency, year, seed=seed).truth["tables"]
    assert broken_identities(tables["requests"]) == set()
    assert not broken_remedies(tables["remedies"])
    figures = [cell for name in ("requests", "remedies") for row in tables[name].values() for cell in row.values()]
    assert all(cell is None or cell >= 0 for cell in figures)


@given(**ANY_REPORT)
@settings(max_examples=100, deadline=None)
def test_the_tables_print_exactly_what_the_truth_says(agency: str, year: int, seed: int) -> None:
    report = compose(agency, year, seed=seed)
    truth, edition = report.truth["tables"], edition_for(year)
    disclosure, requests, remedies = grids(report.body)
    lines = [row for block in DISCLOSURE_BLOCKS[edition] for row in block.rows]
    by_label = {row[0]: row for row in disclosure}
    for line in lines:
        values = list(truth["disclosure"][line.key].values())
        assert [printed(text) for text in by_label[line.label][1 : 1 + len(values)]] == values
    assert [row[:3] for row in requests[:3]] == [[requests[0][0]] * 3] * 3
    for row, line in zip(requests[3:], REQUEST_ROWS[edition], strict=True):
        assert row[2] == line.label
        assert row[1] == (line.group or line.label)
        assert [printed(text) for text in row[3:]] == [truth["requests"][line.key][c.key] for c in REQUEST_COLUMNS]
    flat = [truth["remedies"][kind.key][result.key] for kind in REMEDY_KINDS for result in REMEDY_RESULTS]
    assert [printed(text) for text in remedies[3]] == flat


@given(**ANY_REPORT)
@settings(max_examples=100, deadline=None)
def test_the_text_agrees_with_the_tables(agency: str, year: int, seed: int) -> None:
    report = compose(agency, year, seed=seed)
    text, requests, remedies = text_of(report), *(report.truth["tables"][key] for key in ("requests", "remedies"))
    totals = {row: number(requests[row]["total"]) for row in ("received", "carried_in", "handled", "carried_out")}
    patterns = {"received": r"申请(\d+)件", "carried_in": r"结转(\d+)件", "handled": r"办结(?:答复)?(\d+)件"}
    for row, pattern in patterns.items():
        said = re.search(pattern, text)
        assert (int(said[1]) if said else 0) == totals[row]
    reviews = re.search(r"行政复议(\d+)件、行政诉讼(\d+)件", text)
    assert reviews is not None
    litigation = sum(number(remedies[kind]["total"]) for kind in ("litigation_direct", "litigation_after_review"))
    assert (int(reviews[1]), int(reviews[2])) == (number(remedies["review"]["total"]), litigation)
    whole, first, second = (int(found) for found in re.findall(r"(\d+)条", text)[:3])
    assert whole == first + second


@given(agency=ANY_REPORT["agency"], year=st.integers(2019, 2029), seed=st.integers(0, 500))
@settings(max_examples=80, deadline=None)
def test_what_one_year_carries_over_the_next_begins_with(agency: str, year: int, seed: int) -> None:
    this, following = (compose(agency, y, seed=seed).truth["tables"] for y in (year, year + 1))
    for who in (*APPLICANTS, "total"):
        assert number(this["requests"]["carried_out"][who]) == number(following["requests"]["carried_in"][who])
    if edition_for(year) == "2021":
        before, now = (tables["disclosure"]["normative_documents"] for tables in (this, following))
        assert now["in_force"] == before["in_force"] + now["made"] - now["repealed"]


@pytest.mark.parametrize("year", [2019, 2020, 2021, 2024])
def test_a_report_has_the_parts_of_its_edition(year: int) -> None:
    report = compose("薛城区财政局", year)
    headings = SECTIONS if year >= 2021 else SECTIONS_2019
    expected = [f"{numeral}、{heading}" for numeral, heading in zip("一二三四五六", headings, strict=True)]
    assert re.findall(r"^[一二三四五六]、.*$", text_of(report), re.MULTILINE) == expected
    assert report.title == f"薛城区财政局{year}年政府信息公开工作年度报告"
    assert report.truth["period"] == {"start": f"{year}-01-01", "end": f"{year}-12-31"}
    signed = report.truth["signed_on"]
    assert signed.startswith(f"{year + 1}-01-")
    day = [int(part) for part in signed.split("-")]
    assert text_of(report).endswith(f"薛城区财政局\n{day[0]}年{day[1]}月{day[2]}日")
    for value in report.truth["contact"].values():
        assert value in text_of(report)


def test_the_same_seed_gives_the_same_report_and_another_seed_another() -> None:
    assert compose("曲阜市民政局", 2023, seed=7) == compose("曲阜市民政局", 2023, seed=7)
    assert compose("曲阜市民政局", 2023, seed=7).body != compose("曲阜市民政局", 2023, seed=8).body


def test_reports_vary_in_figures_and_markup() -> None:
    reports = [compose(name, 2023) for name in NAMES]
    sums = [sum(number(row["total"]) for row in report.truth["tables"]["requests"].values()) for report in reports]
    assert sum(total == 0 for total in sums) > 10
    assert sum(total > 0 for total in sums) > 10
    assert any("MsoTableGrid" in report.body for report in reports)
    assert any("MsoTableGrid" not in report.body for report in reports)
    blank = [compose(name, 2019).truth["tables"]["requests"]["received"]["total"] for name in NAMES]
    assert None in blank
    assert 0 in blank


def test_an_area_government_also_reports_assessment_and_responsibility() -> None:
    assert "社会评议" in text_of(compose("薛城区人民政府", 2023))


@pytest.mark.parametrize("year", [2020, 2023])
@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_there_and_is_the_only_one(defect: str, year: int) -> None:
    for agency in ("薛城区财政局", "铜官区招商服务中心"):
        sound, report = compose(agency, year), compose(agency, year, defects=[defect])
        truth = report.truth
        requests, remedies = truth["tables"]["requests"], truth["tables"]["remedies"]
        assert report.body != sound.body
        assert broken_identities(requests) == {defect} & {"t3_identity", "t3_result_sum", "t3_row_total"}
        assert (remedies is None) == (defect == "table_missing")
        assert remedies is None or broken_remedies(remedies) == (defect == "t4_sum")
        assert (truth["period"] is None) == (defect == "period_missing")
        assert (truth["contact"]["phone"] is None) == (defect == "contact_missing")
        assert (truth["signed_on"] is None) == (defect == "signature_missing")
        assert ("六、" in text_of(report)) == (defect != "section_missing")
        assert (truth["title"] == f"{agency}{year - 1}年政府信息公开工作年度报告") == (defect == "title_year")
        assert report.title.endswith("年政府信息公开工作年度报告") == (defect != "title_form")
        headings = SECTIONS if year >= 2021 else SECTIONS_2019
        assert (f"四、{headings[3]}\n" in text_of(report)) == (defect != "heading_form")
        whole, first, second = (int(found) for found in re.findall(r"(\d+)条", text_of(report))[:3])
        assert (first + second > whole) == (defect == "parts_exceed_whole")


def test_an_unknown_defect_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="t9_sum"):
        compose("薛城区财政局", 2023, defects=["t9_sum"])


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared seeds are not here")
def test_the_layout_is_that_of_the_official_tables() -> None:
    def layout(body: str) -> list[list[tuple[str | None, str | None]]]:
        tree = html.fragment_fromstring(body, create_parent="div")
        return [[(cell.get("colspan"), cell.get("rowspan")) for cell in row.iter("td")] for row in tree.iter("tr")]

    seed = next((SEEDS / "html").glob("000_*.html")).read_text("utf-8")
    assert layout(compose("博山区投资促进中心", 2023).body) == layout(seed)


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the shared seeds are not here")
def test_no_sentence_is_taken_from_a_real_report() -> None:
    own = [
        piece
        for value in vars(words).values()
        for text in ([value] if isinstance(value, str) else value if isinstance(value, tuple) else [])
        for line in (text if isinstance(text, tuple) else (text,))
        for piece in re.split(r"[，。；：（）、]|\{[^}]*\}", line)
        if len(piece) >= 12 and "《" not in piece  # laws are cited by name
    ]
    assert len(own) > 40
    real = "".join("".join(path.read_text("utf-8").split()) for path in SEEDS.glob("*.txt"))
    assert [piece for piece in own if piece in real] == []
