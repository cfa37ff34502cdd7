"""The roll-up as files: the form's layout, totals that are numbers, gaps that show, and no text that is a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from monitor.exports.form_layout import WIDTH, layout
from monitor.exports.rollup_book import to_book
from monitor.exports.rollup_rows import CELL_HEADINGS, cell_rows, labels, to_json
from monitor.exports.rollup_words import MARK, face
from monitor.exports.tabular import to_csv
from monitor.form import TABLES
from monitor.model import Cell
from monitor.rollup import RollUp, Source, add_up, balances, compare, form_paths
from tests.rolled import YEAR, blank_report, source
from tests.strategies import texts
from tests.test_tabular import ATTACKS, STARTS

RECEIVED = "requests.received.individual"


def rolled(*sources: Source, government: Source | None = None, edition: str = "2021", **fields: Any) -> RollUp:
    sums = add_up(sources, edition)
    return RollUp(
        region="370403",
        place=fields.pop("place", "薛城区"),
        year=YEAR,
        at="2024-03-01T09:00+08:00",
        sums=sums,
        balances=tuple(balances(sums)),
        carried=(),
        government=government,
        differences=compare(sums, government) if government and government.report else {},
        **fields,
    )


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def sheet(book: Workbook, name: str) -> Worksheet:
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def texts_of(found: Worksheet) -> list[str]:
    return [str(cell.value) for row in found.iter_rows() for cell in row if cell.value is not None]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("edition", ["2021", "2019"])
def test_the_layout_covers_every_place_once_and_has_every_cell_of_the_form(table: str, edition: str) -> None:
    placed = layout(table, edition)
    covered = [
        (row, column)
        for item in placed
        for row in range(item.row, item.row + item.rows)
        for column in range(item.column, item.column + item.columns)
    ]
    height = max(row for row, _ in covered) + 1
    assert sorted(covered) == [(row, column) for row in range(height) for column in range(WIDTH)]
    paths = sorted(item.path for item in placed if item.path)
    assert paths == sorted(path for path in form_paths(edition) if path.startswith(f"{table}."))
    assert all(bool(item.label) != bool(item.path) for item in placed)


@pytest.mark.parametrize("edition", ["2021", "2019"])
def test_every_total_stands_in_the_sheet_as_a_number_at_its_place(edition: str) -> None:
    numbers = {path.replace(".", "__"): place + 1 for place, path in enumerate(form_paths(edition))}
    book = opened(to_book(rolled(source("a", blank_report(0, edition=edition, **numbers)), edition=edition)))
    found = sheet(book, "汇总表")
    printed = [cell.value for row in found.iter_rows(max_col=WIDTH) for cell in row if cell.data_type == "n"]
    expected = [number for path, number in numbers.items() if "procurement__amount" not in path]
    assert sorted(value for value in printed if value is not None) == sorted(expected)
    own = [cell for row in sheet(book, "各单位数据").iter_rows() for cell in row if cell.data_type == "n"]
    assert sum(1 for cell in own if cell.value is not None) == 2 * len(expected)  # the agency, and the sum


def test_a_complete_total_is_plain_and_an_incomplete_one_bears_its_mark_and_stays_a_number() -> None:
    whole = rolled(source("a", blank_report(3)))
    assert face(whole).startswith("【完整】")
    part = rolled(source("a", blank_report(3)), source("b", None, words="尚未巡查"))
    assert face(part).startswith("【不完整】应汇总2个单位，已汇总1个，缺1个：b局。")
    for one, format_ in ((whole, "General"), (part, f'General"{MARK}"')):
        cells = [cell for row in sheet(opened(to_book(one)), "汇总表").iter_rows(max_col=WIDTH) for cell in row]
        assert {cell.number_format for cell in cells if cell.value == 3} == {format_}
    assert face(part) in texts_of(sheet(opened(to_book(part)), "汇总表"))


def test_beside_a_row_stands_who_says_no_number_in_which_cell() -> None:
    report = blank_report(1, requests__received__individual=Cell(None, "l2", "不是数字"), requests__granted__total="/")
    book = opened(to_book(rolled(source("a", report), source("b", blank_report(1)))))
    said = texts_of(sheet(book, "汇总表"))
    assert "不完整；a局“自然人”未读出（不是数字）“l2”" in said
    assert "1～2/2" in said
    behind = [row for row in sheet(book, "说明").iter_rows(values_only=True) if row[0] == "a局"]
    assert ("a局", TABLES["requests"], "一、本年新收政府信息公开申请数量", "自然人", "未读出（不是数字）“l2”") in [
        row[:5] for row in behind
    ]


def test_the_comparison_lists_every_cell_and_says_that_a_difference_is_no_fault() -> None:
    book = opened(to_book(rolled(source("a", blank_report(3)), government=source("gov", blank_report(4)))))
    found = sheet(book, "与政府报告比对")
    rows = [row for row in found.iter_rows(values_only=True) if row[0] in TABLES.values()]
    assert len(rows) == 200
    assert {row[7:10] for row in rows} == {(4, 1, "政府报告较多")}
    assert any("不作为问题认定" in text for text in texts_of(found))
    none = sheet(opened(to_book(rolled(source("a", blank_report(3))))), "与政府报告比对")
    assert any("没有比对" in text for text in texts_of(none))


@pytest.mark.parametrize("path", [*form_paths("2021"), *form_paths("2019")])
def test_every_cell_has_labels(path: str) -> None:
    assert not {*path.split(".")} & {*labels(path, "2021")}


# ── nothing hostile ─────────────────────────────────────────────────────────────────────────────────────────────────


def hostile(text: str) -> RollUp:
    unread = blank_report(1, requests__received__total=Cell(None, text, text), requests__granted__total=text)
    return rolled(
        source(text, unread, name=text, url=text),
        source("b", None, name=text, words=text, url=text),
        source("c", blank_report(1), name=text, doubts={"remedies": text}),
        government=source("gov", blank_report(0), name=text, url=text),
        place=text,
        notes=(text,),
    )


def assert_harmless(one: RollUp) -> None:
    for found in opened(to_book(one)).worksheets:
        for row in found.iter_rows():
            for cell in row:
                assert cell.data_type not in ("f", "e"), (found.title, cell.coordinate, cell.value)
                assert cell.value is None or cell.data_type == "n" or not str(cell.value).startswith(STARTS)
    lines = csv.reader(io.StringIO(to_csv(cell_rows(one), CELL_HEADINGS).decode("utf-8-sig"), newline=""))
    assert not any(field.startswith(STARTS) and not field.lstrip("-").isdigit() for line in lines for field in line)
    assert to_json(one)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_name_or_cell_acts_as_a_formula(attack: str) -> None:
    assert_harmless(hostile(attack))


@given(texts)
@settings(max_examples=15, deadline=None)
def test_any_text_makes_files_that_open_again(text: str) -> None:
    assert_harmless(hostile(text))


def test_many_missing_agencies_do_not_flood_the_face() -> None:
    one = rolled(*(replace(source(str(number), None), name="很长的单位名称" * 3) for number in range(300)))
    assert len(face(one)) < 300
    assert "等300个" in face(one)
