"""Lists as files: nothing from a hostile page acts as a formula, numbers stay numbers, Chinese is readable."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from monitor.exports.tabular import harmless, to_csv, to_json, to_xlsx
from tests.strategies import texts

COLUMNS = {"name": "单位", "title": "标题", "days": "逾期天数"}

ATTACKS = [
    "=1+1",
    "=cmd|'/c calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u3000=1+1",
    "\xa0@SUM(1)",
    "\ufeff=1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "\x00=1+1",
    "\x0b=1+1",
    "\x1f@SUM(1)",
    "\tplain",
    '=HYPERLINK("http://127.0.0.1/","点这里")',
    '"=1+1',
    "单位;=1+1",
    "单位,=1+1",
    "单位\t=1+1",
    "单位\n=1+1",
    "#N/A",
]
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def sheet_of(content: bytes) -> Worksheet:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def lines_of(content: bytes, *, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_begins_a_cell_of_a_csv_file_as_a_formula(attack: str) -> None:
    content = to_csv([{"name": attack, "title": "标题", "days": 3}], COLUMNS)
    _, (name, title, days) = lines_of(content)
    assert not name.strip().startswith(STARTS)
    assert (title, days) == ("标题", "3")
    # An Excel whose list separator is another one must not find a new cell within the text.
    for delimiter in ";\t":
        assert not any(cell.startswith(STARTS) for line in lines_of(content, delimiter=delimiter) for cell in line)


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_text_of_an_xlsx_file_is_a_text(attack: str) -> None:
    row = sheet_of(to_xlsx([{"name": attack, "title": "标题", "days": 3}], COLUMNS, title="清单"))[2]
    assert row[0].data_type == "s"
    assert not str(row[0].value).strip().startswith(STARTS)
    assert [cell.value for cell in row[1:]] == ["标题", 3]


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
def test_any_text_makes_files_that_open_again_without_a_formula(values: list[tuple[str, str]]) -> None:
    rows = [{"name": name, "title": title, "days": None} for name, title in values]
    for cell in (cell for line in sheet_of(to_xlsx(rows, COLUMNS, title="清单")).iter_rows(min_row=2) for cell in line):
        assert cell.data_type not in ("f", "e")  # no formula, no error
        assert cell.value is None or not str(cell.value).startswith(STARTS)
    lines = lines_of(to_csv(rows, COLUMNS))
    assert len(lines) == 1 + len(rows)
    assert not any(cell.startswith(STARTS) for line in lines for cell in line)
    assert len(json.loads(to_json(rows))) == len(rows)


@pytest.mark.parametrize("value", [0, -3, 12, 4.5, -0.25])
def test_numbers_stay_numbers_whatever_their_sign(value: float) -> None:
    assert harmless(value) == value
    content = to_xlsx([{"name": "甲", "title": "乙", "days": value}], COLUMNS, title="清单")
    cell = sheet_of(content)["C2"]
    assert (cell.value, cell.data_type) == (value, "n")
    assert lines_of(to_csv([{"days": value}], COLUMNS))[1] == ["", "", str(value)]


@pytest.mark.parametrize("text", ["平常的标题", "2023年", "第1-3项", "a=b", "（一）", "—", "/", "1.5"])
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_a_csv_file_begins_with_a_byte_order_mark_and_the_headings() -> None:
    content = to_csv([], COLUMNS)
    assert content.startswith(b"\xef\xbb\xbf")
    assert lines_of(content) == [["单位", "标题", "逾期天数"]]


def test_only_the_named_columns_are_written_and_what_is_missing_is_empty() -> None:
    rows = [{"name": "甲", "secret": "x"}]
    assert lines_of(to_csv(rows, COLUMNS))[1] == ["甲", "", ""]
    assert [cell.value for cell in sheet_of(to_xlsx(rows, COLUMNS, title="清单"))[2]] == ["甲", None, None]


def test_a_sheet_without_rows_still_has_its_headings() -> None:
    sheet = sheet_of(to_xlsx([], COLUMNS, title="清单"))
    assert [cell.value for cell in sheet[1]] == ["单位", "标题", "逾期天数"]
    assert (sheet.title, sheet.freeze_panes) == ("清单", "A2")


def test_columns_are_as_wide_as_their_chinese_text_within_limits() -> None:
    rows: list[dict[str, Any]] = [
        {"name": "江南区民政局", "title": "长" * 200, "days": 1},
        {"name": "短\n第二行更长一些的名称"},
    ]
    widths = sheet_of(to_xlsx(rows, COLUMNS, title="清单")).column_dimensions
    assert (widths["A"].width, widths["B"].width, widths["C"].width) == (22, 60, 10)


def test_json_is_the_rows_as_they_are() -> None:
    rows = [{"name": "=1+1", "days": None, "findings": {"error": 1}}]
    assert json.loads(to_json(rows)) == rows
    assert "单位".encode() in to_json([{"name": "单位"}])
