"""Reading documents: each folder of tests/documents is a case, `expected.json` a subset of what must be read."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from monitor.documents import READER, media_type_of, read_document, read_report
from monitor.documents.formats.grids import MAX_COLUMNS, MAX_ROWS, NO_CELL, resolve
from monitor.errors import Unreadable
from monitor.model import Contact, Document, Grid, Paragraph, Period, Report
from monitor.wire import report_from_json, report_to_json

SHARED = Path(__file__).parents[2] / "shared"
SEEDS = SHARED / "seeds"
SHANGHAI = SHARED / "reports" / "shanghai_office_2019.html"
WORD_TABLE = SHARED / "portal_pages" / "word_table_nfra.html"

needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not on this machine")
needs_shanghai = pytest.mark.skipif(not SHANGHAI.is_file(), reason="../shared/reports is not on this machine")
needs_pages = pytest.mark.skipif(not WORD_TABLE.is_file(), reason="../shared/portal_pages is not on this machine")

CASES = sorted(path for path in (Path(__file__).parent / "documents").iterdir() if path.is_dir())


def _differences(expected: Any, found: Any, where: str = "") -> list[str]:
    """Where `found` does not hold what `expected` says; other keys are free, but tables are compared whole."""
    if isinstance(expected, dict) and isinstance(found, dict):
        whole = where.startswith(".tables") and set(expected) != set(found)
        extra = [f"{where}: {sorted(expected)} != {sorted(found)}"] if whole else []
        return extra + [
            line for key, value in expected.items() for line in _differences(value, found.get(key), f"{where}.{key}")
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            line
            for place, value in enumerate(expected)
            for line in _differences(value, found[place], f"{where}[{place}]")
        ]
    return [] if expected == found else [f"{where}: {expected!r} != {found!r}"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_is_read_as_expected(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    source = next(case.glob("input.*"))
    document = read_document(source.read_bytes(), name=source.name)
    report = read_report(document, title=expected.pop("hint", ""))
    found = {**report_to_json(report), "media_type": document.media_type, "document_title": document.title}
    doubts = expected.pop("doubts", None)
    without = expected.pop("without", [])
    assert _differences(expected, found) == []
    if doubts is not None:
        assert set(report.doubts) == set(doubts), report.doubts
        assert all(words in report.doubts[key] for key, words in doubts.items()), report.doubts
    text = f"{report.title}\n{report.text}"
    assert [words for words in without if words in text] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_was_read_of_a_case_survives_storing(case: Path) -> None:
    report = read_report(read_document(next(case.glob("input.*")).read_bytes()))
    assert report_from_json(json.loads(json.dumps(report_to_json(report)))) == report


# ── the seeds, against what was read of them by hand (domain.md, section 4) ─────────────────────────────────────────

TRUTH: dict[str, dict[str, Any]] = {
    "000_587a12f256707b84": {
        "agency": "淄博市博山区投资促进中心",
        "title": "淄博市博山区投资促进中心2023年政府信息公开工作年度报告",
        "contact": Contact("博山区县前街38号", "255200", "0533-4110187", "bstzcyj@163.com"),
    },
    "001_bd99d2d058b13537": {
        "agency": "淄博高新技术产业开发区发展改革局",
        "title": "淄博高新技术产业开发区发展改革局2023年度政府信息公开工作年度报告",
        "contact": Contact("淄博高新区创业火炬广场F座1117", "255035", "3581178", "gxqjfj@zb.shandong.cn"),
        "signed_by": "淄博高新技术产业开发区发展改革局",
        "signed_on": date(2024, 1, 5),
    },
    "002_8345640e0ba59491": {
        "agency": "薛城区商务和投资促进局",
        "title": "薛城区商务和投资促进局2023年政府信息公开工作年度报告",
        "contact": Contact("薛城区医疗智谷大健康产业园4-B号楼", "277000", "0632-4438969", "xcscj@zz.shandong.cn"),
        "signed_by": "薛城区商务和投资促进局",
        "signed_on": date(2024, 1, 16),
    },
    "003_133a86a936eb75e3": {
        "agency": "铜官区招商服务中心",
        "title": "铜官区招商服务中心2023年政府信息公开工作年度报告",
        "period": None,
    },
    "004_5903ece1b53a62c9": {
        "agency": "曲阜市投资促进服务中心",
        "title": "曲阜市投资促进服务中心2023年政府信息公开工作年度报告",
        "contact": Contact("春秋路1号曲阜市政府", None, "0537-4498828", None),
    },
}


@needs_seeds
@pytest.mark.parametrize("kind", ["html", "txt"])
@pytest.mark.parametrize("seed", TRUTH)
def test_a_seed_is_read_as_people_read_it(seed: str, kind: str) -> None:
    folder = SEEDS / "html" if kind == "html" else SEEDS
    report = read_report(read_document((folder / f"{seed}.{kind}").read_bytes()))
    truth = {
        "year": 2023,
        "format": "2021",
        "period": Period(date(2023, 1, 1), date(2023, 12, 31)),
        "contact": Contact(),
        "signed_by": None,
        "signed_on": None,
        "published_on": None,
        "is_form": True,
        **TRUTH[seed],
    }
    assert {key: getattr(report, key) for key in truth} == truth
    assert [(section.number, section.part) for section in report.sections] == [(n, n) for n in range(1, 7)]
    _assert_all_cells_zero(report, phantom=(seed, kind) == ("000_587a12f256707b84", "txt"))


def _assert_all_cells_zero(report: Report, *, phantom: bool) -> None:
    """200 cells, all 0; where the text has a column too many, its four rows are unread and the table is in doubt."""
    cells = dict(report.cells())
    assert len(cells) == 200
    unread = {path.split(".")[1] for path, cell in cells.items() if cell.doubt}
    assert unread == ({"other_unpaid", "other_rest", "handled", "carried_out"} if phantom else set())
    assert set(report.doubts) == ({"requests"} if phantom else set())
    assert all(cell.value == 0 for cell in cells.values() if not cell.doubt)


@needs_seeds
def test_a_sentence_that_a_page_break_tore_is_one_paragraph_again() -> None:
    report = read_report(read_document((SEEDS / "000_587a12f256707b84.txt").read_bytes()))
    assert "规范依申请公开的受理" in report.sections[0].text


@needs_shanghai
def test_every_figure_of_a_real_report_of_2019_is_read_and_its_blanks_stay_blank() -> None:
    truth = json.loads(SHANGHAI.with_suffix(".truth.json").read_text("utf-8"))["report"]
    report = read_report(read_document(SHANGHAI.read_bytes()))
    assert (report.agency, report.year, report.format) == (truth["agency"], truth["year"], truth["format"])
    assert report.published_on == date(2020, 1, 31)
    assert report.doubts == {}
    blank = []
    for table, rows in truth["tables"].items():
        for row, columns in rows.items():
            for column, value in columns.items():
                cell = report.cell(f"{table}.{row}.{column}")
                assert cell is not None
                if value:
                    assert cell.value == value, (table, row, column)
                else:  # the truth file writes 0 for rows whose cells are all printed blank: blank is never zero
                    assert cell.is_blank, (table, row, column)
                    blank.append(cell)
    assert len(blank) == 135
    extra = {path: cell.value for path, cell in report.cells() if not _is_in(truth["tables"], path)}
    assert set(extra.values()) == {0}
    assert len(extra) == 14


def _is_in(tables: dict[str, Any], path: str) -> bool:
    table, row, column = path.split(".")
    return column in tables[table].get(row, {})


@needs_pages
def test_a_table_pasted_from_word_is_a_grid() -> None:
    document = read_document(WORD_TABLE.read_bytes())
    [grid] = document.blocks
    assert isinstance(grid, Grid)
    assert [len(row) for row in grid.rows] == [5, 5]
    assert grid.rows[0] == ("序号", "当事人名称", "主要违法违规行为", "行政处罚内容", "作出决定机关")


# ── what cannot be read says so ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b" \n\t", "空的"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Word"),
        (b"PK\x03\x04" + b"\0" * 26 + b"OFD.xml", "OFD"),
        (b"PK\x03\x04" + b"\0" * 40, "ZIP"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (bytes(range(256)) * 20, "无法识别"),
        (b"<html><body><script>location.href='/x'</script></body></html>", "正文"),
        (b"<div>" * 5000 + "总体情况".encode(), "嵌套"),
    ],
)
def test_what_cannot_be_read_says_so_in_one_line(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as caught:
        read_document(data, name="年报")
    assert "\n" not in str(caught.value)


def test_a_document_of_another_format_is_named_with_what_it_is_and_what_helps() -> None:
    with pytest.raises(Unreadable, match=r"“年报\.pdf”是RAR 压缩包，本版本还不能读取"):
        read_document(b"Rar!\x1a\x07\x00", name="年报.pdf")


def test_the_type_is_found_from_the_content_not_from_the_name() -> None:
    assert media_type_of("\ufeff<p>正文</p>".encode("utf-16"))[0] == "text/html"
    assert read_document("<p>一、总体情况</p>".encode("gb18030"), name="年报.txt").media_type == "text/html"
    assert read_document("总体情况 <2 件".encode(), name="年报.html").media_type == "text/plain"
    assert READER


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<p>年度报告</p>".encode("gb18030"), ""),
        ("<p>年度报告</p>".encode("gb18030"), "gb2312"),
        ("<meta charset=gb2312><p>年度报告</p>".encode(), ""),
        ("<meta charset=utf-8><p>年度报告</p>".encode("gbk"), ""),
        ("<p>年度报告</p>".encode(), "ISO-8859-1"),
        ("<p>年度报告</p>".encode("utf-16"), ""),
        ("<p>年度报告</p>".encode("utf-8-sig"), "gbk"),
        ("<p>年度报告</p>".encode(), "no-such-charset"),
        ("<p>年度報告</p>".encode("big5"), "big5"),
    ],
)
def test_the_encoding_is_found_whatever_is_declared(data: bytes, charset: str) -> None:
    [block] = read_document(data, charset=charset).blocks
    assert isinstance(block, Paragraph)
    assert block.text in ("年度报告", "年度報告")


# ── robustness and bounds ───────────────────────────────────────────────────────────────────────────────────────────

TAGS = ["p", "div", "table", "tr", "td", "td colspan=3", "td rowspan=0", "td rowspan=9999999 colspan=-1", "span", "br"]
WORDS = [
    "一、总体情况", "二、主动公开政府信息情况", "第二十条第（一）项", "信息内容", "规章", "本年制发件数", "自然人",
    "商业企业", "科研机构", "（七）总计", "一、本年新收政府信息公开申请数量", "行政复议", "结果维持", "尚未审结", "0",
    "统计期限自20231月1日至99月99日", "电话：0", "2024年1月32日", "\t", "\n", "|", "&nbsp;", "\x00", "。",
]  # fmt: skip


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_unreadable(data: bytes) -> None:
    # Other formats have tests of their own, and some need another program to be read.
    assume(media_type_of(data)[0] in ("text/html", "text/plain"))
    try:
        document = read_document(data)
    except Unreadable:
        return
    read_report(document)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(WORDS),
            st.sampled_from(TAGS).map("<{}>".format),
            st.sampled_from(TAGS).map(lambda tag: f"</{tag.split()[0]}>"),
        ),
        max_size=60,
    )
)
def test_no_soup_of_tags_and_labels_raises(pieces: list[str]) -> None:
    for text in ("".join(pieces), "\n".join(piece for piece in pieces if "<" not in piece)):
        try:
            document = read_document(text.encode())
        except Unreadable:
            continue
        report = read_report(document, title="某局2023年政府信息公开工作年度报告")
        assert report_from_json(report_to_json(report)) == report
        assert all(len(set(map(len, block.rows))) <= 1 for block in document.blocks if isinstance(block, Grid))


def test_spans_and_rows_are_bounded_whatever_a_page_says() -> None:
    page = "<table>" + "<tr><td colspan=1000000 rowspan=1000000>规章<td>1</tr>" * 3000 + "</table>"
    [grid] = read_document(page.encode()).blocks
    assert isinstance(grid, Grid)
    assert len(grid.rows) <= MAX_ROWS
    assert {len(row) for row in grid.rows} == {MAX_COLUMNS}


def test_deep_nesting_does_not_overflow_the_stack() -> None:
    depth = 1500
    page = "<div>" * depth + "<table><tr><td>" * 20 + "一、总体情况" + "</table>" * 20 + "</div>" * depth
    document = read_document(page.encode())
    assert document.blocks == (Paragraph("一、总体情况"),)


def test_a_row_with_as_many_cells_as_the_row_above_takes_its_boundaries() -> None:
    grid = resolve([[("a", 1, 1), ("b", 2, 1), ("c", 1, 1)], [("1", 2, 1), ("2", 1, 1), ("3", 1, 1)], [("4", 1, 1)]])
    assert grid.rows == (("a", "b", "b", "c"), ("1", "2", "2", "3"), ("4", NO_CELL, NO_CELL, NO_CELL))


@pytest.mark.parametrize("put", ["", "<td></td>\\g<0>", "<td>7</td>\\g<0>"], ids=["lost", "blank", "figure"])
def test_no_cell_lost_or_added_gives_a_wrong_figure_without_a_doubt(put: str) -> None:
    folder = Path(__file__).parent / "documents" / "cells_blank_dash_unit"
    page = (folder / "input.html").read_text("utf-8")
    true = json.loads((folder / "expected.json").read_text("utf-8"))["tables"]
    cells = list(re.finditer(r"<td[^>]*>.*?</td>", page))
    assert len(cells) > 200
    for cell in cells:
        damaged = page[: cell.start()] + cell.expand(put) + page[cell.end() :]
        report = read_report(read_document(damaged.encode()))
        for table in set(true) - set(report.doubts):
            found = {path: cell.value for path, cell in report.cells() if path.startswith(table)}
            assert {path: value for path, value in found.items() if value is not None} == {
                f"{table}.{row}.{column}": Decimal(str(value))
                for row, columns in true[table].items()
                for column, value in columns.items()
                if value is not None
            }, (cell[0], table)


def test_two_numbers_in_one_cell_never_become_one() -> None:
    cells = ["规章", "<p>1</p><p>2</p>", "3<sup>1</sup>", "<span>4</span><span>5</span>"]
    page = f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"
    [grid] = read_document(page.encode()).blocks
    assert isinstance(grid, Grid)
    assert grid.rows == (("规章", "1 2", "3 1", "45"),)


# ── what the document does not say itself; fields and figures stand in test_report_fields.py, test_figures.py ──────


def test_the_hint_names_what_the_document_itself_does_not() -> None:
    document = Document("text/html", (Paragraph("一、总体情况"), Paragraph("全年工作平稳。")))
    report = read_report(document, title="某县水务局2022年政府信息公开工作年度报告_某县人民政府")
    assert (report.title, report.agency, report.year) == (
        "某县水务局2022年政府信息公开工作年度报告",
        "某县水务局",
        2022,
    )


def test_what_a_document_does_not_hold_is_none() -> None:
    report = read_report(Document("text/plain", (Paragraph("今日无事。"),)))
    assert (report.title, report.agency, report.year, report.period, report.is_form) == (None, None, None, None, False)
    assert re.fullmatch("2019|2021", report.format)
