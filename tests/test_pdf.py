"""PDF → Document: tables drawn and cut in every way, text as programs set it, and files that are meant to do harm."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import zlib
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader

from monitor.documents.formats.grids import SpanCell, resolve
from monitor.documents.formats.pdf.pdf import pages_to_recognise, read_pdf
from monitor.documents.limits import MOST_PAGES
from monitor.documents.numbers import read_cell
from monitor.documents.report import read_report
from monitor.errors import Unreadable
from monitor.model import Document, Grid, Paragraph
from monitor.text import squash
from tests.pdf_drawing import (
    DISCLOSURE_WIDTHS,
    HAN,
    LATIN,
    REMEDY_WIDTHS,
    REQUEST_WIDTHS,
    RULINGS,
    Drawing,
    Ruling,
    disclosure_rows,
    figures,
    inner_lines_only,
    no_lines,
    remedy_rows,
    request_rows,
)

SHARED = Path(__file__).parents[2] / "shared" / "reports"
TABLES: dict[str, tuple[Callable[[Callable[[], str]], list[list[SpanCell]]], Sequence[float]]] = {
    "requests": (request_rows, REQUEST_WIDTHS),
    "disclosure": (disclosure_rows, DISCLOSURE_WIDTHS),
    "remedies": (remedy_rows, REMEDY_WIDTHS),
}
HEADING = "三、收到和处理政府信息公开申请情况"
SENTENCE = "全年通过门户网站公开各类信息二千余条，内容覆盖财政预算、行政许可、公共服务等方面，并按要求及时更新。"


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def cells(grid: Grid) -> list[list[str]]:
    return [[squash(text) for text in row] for row in grid.rows]


def expected(rows: Sequence[Sequence[SpanCell]]) -> list[list[str]]:
    return cells(resolve(rows))


# ── the real report ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder with real reports is not here")
def test_the_published_report_of_hongze_is_read_whole() -> None:
    truth = json.loads((SHARED / "hongze_2024.truth.json").read_text("utf-8"))["report"]
    document = read_pdf((SHARED / "hongze_2024.pdf").read_bytes())
    report = read_report(document)
    assert (report.agency, report.year, report.format) == (truth["agency"], truth["year"], truth["format"])
    found = {
        name: {row: {column: cell.value for column, cell in own.items()} for row, own in (table or {}).items()}
        for name, table in report.tables.items()
    }
    # The report misprints 2.其他法律行政法规禁止公开: its row is there, whoever knows the label by what is left.
    printed = next(row for row in grids(document)[1].rows if row[2] == "2.其他法律行政止公开")
    lost = truth["tables"]["requests"].pop("refused_by_law")
    assert [int(text) for text in printed[3:]] == list(lost.values())
    assert found.get("requests", {}).pop("refused_by_law", lost) == lost
    assert found == truth["tables"]
    assert [grid.doubts for grid in grids(document)] == [{}, {}, {}]
    assert [sorted(set(grid.pages)) for grid in grids(document)] == [[2, 3], [3, 4], [4]]
    assert [section.part for section in report.sections] == [1, 2, 3, 4, 5, 6]


# ── how tables are drawn ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("ruling", RULINGS, ids=lambda ruling: ruling.__name__)
def test_every_cell_is_read_however_the_table_is_ruled(ruling: Ruling, table: str) -> None:
    if ruling is inner_lines_only and table == "disclosure":
        pytest.skip("the title above the first line of such a table stands in no cell")
    make, widths = TABLES[table]
    rows = make(figures(7))
    drawing = Drawing()
    drawing.table(rows, widths, drawing.paragraph(HEADING, 60), ruling=ruling)
    document = read_pdf(drawing.bytes())
    assert texts(document) == [HEADING]
    (grid,) = grids(document)
    assert cells(grid) == expected(rows)
    assert not grid.doubts


def test_two_tables_on_a_page_stay_two() -> None:
    drawing = Drawing()
    first, second = disclosure_rows(figures(1)), remedy_rows(figures(2))
    bottom = drawing.table(first, DISCLOSURE_WIDTHS, drawing.paragraph(HEADING, 60))
    drawing.table(second, (28,) * 15, drawing.paragraph(HEADING, bottom + 14))
    assert [cells(grid) for grid in grids(read_pdf(drawing.bytes()))] == [expected(first), expected(second)]


def test_a_table_within_a_frame_is_read_and_the_frame_is_none() -> None:
    drawing = Drawing()
    rows = disclosure_rows(figures(3))
    drawing.canvas.rect(40, 40, 515, 762)
    drawing.table(rows, DISCLOSURE_WIDTHS, drawing.paragraph(HEADING, 60))
    document = read_pdf(drawing.bytes())
    assert texts(document) == [HEADING]
    assert [cells(grid) for grid in grids(document)] == [expected(rows)]


def test_blank_cells_are_blank_and_cells_with_drawings_are_not() -> None:
    drawing = Drawing()
    rows: list[list[SpanCell]] = [
        [(text, 1, 1) for text in row] for row in (["规章", "", "", ""], ["总计", "1", "", "/"])
    ]
    drawing.table(rows, (100, 60, 60, 60), 100)
    drawing.canvas.circle(204, 842 - 111, 5, stroke=1, fill=1)  # a figure that is a picture of one
    (grid,) = grids(read_pdf(drawing.bytes()))
    assert grid.rows == (("规章", "", "", ""), ("总计", "1", "", "/"))
    assert set(grid.doubts) == {(0, 1)}


def test_a_dragged_border_does_not_shift_figures() -> None:
    drawing = Drawing()
    for number, (widths, row) in enumerate(
        [
            ((103, 57, 60, 60), "信息内容 制发 废止 有效"),
            ((100, 60, 62, 58), "规章 1 2 3"),
            ((98, 62, 60, 60), "文件 4 5 6"),
        ]
    ):
        drawing.table([[(text, 1, 1) for text in row.split()]], widths, 100 + 22 * number)
    (grid,) = grids(read_pdf(drawing.bytes()))
    assert grid.rows == (("信息内容", "制发", "废止", "有效"), ("规章", "1", "2", "3"), ("文件", "4", "5", "6"))


# ── page breaks ─────────────────────────────────────────────────────────────────────────────────────────────────────


def broken(rows: list[list[SpanCell]], cuts: Sequence[int], *, repeat: int = 0, **options: object) -> bytes:
    """A table cut before each of the rows `cuts`, the first `repeat` rows printed again on each page."""
    drawing = Drawing()
    bounds = [0, *cuts, len(rows)]
    for page, (start, end) in enumerate(pairwise(bounds)):
        top = 60.0 if page else drawing.paragraph(HEADING, 60)
        if page and repeat:
            top = drawing.table(rows, REQUEST_WIDTHS, top, part=(0, repeat))
        drawing.table(rows, REQUEST_WIDTHS, top, part=(start, end), **options)  # type: ignore[arg-type]
        drawing.text(280, 790, f"— {page + 1} —", 12)
        drawing.page()
    return drawing.bytes()


@pytest.mark.parametrize("repeat", [0, 3], ids=["head once", "head again"])
@pytest.mark.parametrize("cut", range(3, 28))
def test_a_table_cut_before_any_row_is_one_table(cut: int, repeat: int) -> None:
    rows = request_rows(figures(cut))
    document = read_pdf(broken(rows, [cut], repeat=repeat))
    assert texts(document) == [HEADING]
    (grid,) = grids(document)
    assert cells(grid) == expected(rows)
    assert grid.pages == (1,) * cut + (2,) * (len(rows) - cut)
    assert not grid.doubts


@pytest.mark.parametrize("shown", ["first", "second", "both", "half"])
def test_the_label_of_a_group_that_a_page_break_parts_is_whole(shown: str) -> None:
    rows = request_rows(figures(4))

    def text(_: int, cell: SpanCell, begins: bool) -> str:
        label, _, down = cell
        if down == 1 or shown == "both":
            return label if begins or down > 1 else ""
        if shown == "half" and 9 <= len(label) <= 10:
            return label[:4] if begins else label[4:]
        return label if begins == (shown != "second" or down < 20) else ""

    (grid,) = grids(read_pdf(broken(rows, [17], texts=text)))
    assert [row[3:] for row in cells(grid)] == [row[3:] for row in expected(rows)]
    assert cells(grid)[5:27] == expected(rows)[5:27]


def test_a_table_over_three_pages_is_one_table() -> None:
    rows = request_rows(figures(9))
    (grid,) = grids(read_pdf(broken(rows, [6, 19])))
    assert cells(grid) == expected(rows)
    assert set(grid.pages) == {1, 2, 3}


def test_tables_of_other_widths_on_the_next_page_are_tables_of_their_own() -> None:
    drawing = Drawing()
    first, second = disclosure_rows(figures(1)), remedy_rows(figures(2))
    drawing.table(first, DISCLOSURE_WIDTHS, 400)
    drawing.page()
    drawing.table(second, (20,) * 15, 60)
    assert [cells(grid) for grid in grids(read_pdf(drawing.bytes()))] == [expected(first), expected(second)]


LONG = next(number for number, row in enumerate(request_rows(str)) if any("逾期不补正" in cell[0] for cell in row))


def cut_row(upper: tuple[str, bool], lower: tuple[str, bool]) -> tuple[Document, list[list[SpanCell]]]:
    """A table whose row `LONG` is cut: what its label says, and whether the figures stand, on each of the two pages."""
    rows = request_rows(figures(5))
    label = next(cell for cell in rows[LONG] if "逾期不补正" in cell[0])
    parts = []
    for text, has_figures in (upper, lower):
        part = [row[:] for row in rows]
        part[LONG] = [
            (text, 1, 1)
            if cell is label
            else (cell[0] if has_figures or not cell[0].isdigit() else "", cell[1], cell[2])
            for cell in rows[LONG]
        ]
        parts.append(part)
    drawing = Drawing()
    drawing.table(parts[0], REQUEST_WIDTHS, 60, part=(0, LONG + 1), heights=24)
    drawing.page()
    drawing.table(parts[1], REQUEST_WIDTHS, 60, part=(LONG, len(rows)), heights=24)
    return read_pdf(drawing.bytes()), rows


LABEL = "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ((LABEL, False), ("", True)),
        ((LABEL[:20], False), (LABEL[20:], True)),
        ((LABEL[:20], True), (LABEL[20:], False)),
    ],
    ids=["figures below", "label cut, figures below", "label cut, figures above"],
)
def test_a_row_that_a_page_break_cuts_is_one_row(upper: tuple[str, bool], lower: tuple[str, bool]) -> None:
    document, rows = cut_row(upper, lower)
    (grid,) = grids(document)
    assert cells(grid) == expected(rows)
    assert not grid.doubts


def test_figures_on_both_sides_of_a_cut_are_doubted() -> None:
    document, _ = cut_row((LABEL, True), ("", True))
    (grid,) = grids(document)
    assert {(LONG, column) for column in range(3, 10)} <= set(grid.doubts)
    assert {(LONG + 1, column) for column in range(3, 10)} <= set(grid.doubts)


def test_an_unknown_row_behind_a_blank_one_does_not_lend_it_its_figures() -> None:
    drawing = Drawing()
    widths = (140, 90, 90, 90)
    drawing.table(
        [[(t, 1, 1) for t in row] for row in (["信息内容", "制发", "废止", "有效"], ["规章", "", "", ""])], widths, 700
    )
    drawing.page()
    drawing.table(
        [[(t, 1, 1) for t in row] for row in (["其中涉企文件", "3", "0", "8"], ["总计", "4", "1", "9"])], widths, 60
    )
    (grid,) = grids(read_pdf(drawing.bytes()))
    assert [row[1:] for row in grid.rows][:2] == [("制发", "废止", "有效"), ("", "", "")]
    assert {(1, 1), (2, 1)} <= set(grid.doubts)


def test_a_continued_table_may_say_so() -> None:
    rows = request_rows(figures(6))
    drawing = Drawing()
    drawing.table(rows, REQUEST_WIDTHS, 300, part=(0, 12))
    drawing.page()
    drawing.text(74, 50, "（续表）", 10)
    drawing.table(rows, REQUEST_WIDTHS, 66, part=(12, len(rows)))
    document = read_pdf(drawing.bytes())
    assert [cells(grid) for grid in grids(document)] == [expected(rows)]
    assert not texts(document)


# ── pages that lie otherwise ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pages_that_are_turned_read_like_others(turn: int) -> None:
    rows = request_rows(figures(8))
    drawing = Drawing((595, 842))  # reportlab swaps the sides itself
    canvas = drawing.canvas
    # Written upright for a page that is shown turned: the way scanners and printers store landscape pages.
    if turn == 90:
        canvas.translate(842, 0)
        canvas.rotate(90)
    elif turn == 270:
        canvas.translate(0, 595)
        canvas.rotate(270)
    else:
        canvas.translate(595, 842)
        canvas.rotate(180)
    canvas.setPageRotation(turn)
    drawing.table(rows, REQUEST_WIDTHS, drawing.paragraph(HEADING, 60))
    document = read_pdf(drawing.bytes())
    assert texts(document) == [HEADING]
    assert [cells(grid) for grid in grids(document)] == [expected(rows)]


def test_a_page_written_sideways_without_saying_so_is_read() -> None:
    rows = request_rows(figures(8))
    drawing = Drawing((842, 595))
    drawing.canvas.translate(842, 0)
    drawing.canvas.rotate(90)
    drawing.height = 842
    drawing.table(rows, REQUEST_WIDTHS, 60)
    assert [cells(grid) for grid in grids(read_pdf(drawing.bytes()))] == [expected(rows)]


def test_what_lies_outside_the_visible_page_is_not_read() -> None:
    rows = disclosure_rows(figures(2))
    drawing = Drawing((900, 1100))
    drawing.canvas.setCropBox((50, 100, 645, 1000))
    drawing.table(rows, DISCLOSURE_WIDTHS, 200, x0=120)
    drawing.text(120, 60, "裁切线以外的文字")
    drawing.text(700, 400, "页面以外的文字")
    document = read_pdf(drawing.bytes())
    assert not texts(document)
    assert [cells(grid) for grid in grids(document)] == [expected(rows)]


def test_landscape_pages_among_upright_ones_are_read() -> None:
    drawing = Drawing()
    drawing.paragraph(SENTENCE, 60)
    drawing.page()
    drawing.canvas.setPageSize((842, 595))
    drawing.height = 595
    rows = remedy_rows(figures(1))
    drawing.table(rows, (45,) * 15, 60)
    document = read_pdf(drawing.bytes())
    assert texts(document) == [SENTENCE]
    assert [cells(grid) for grid in grids(document)] == [expected(rows)]


# ── lettering ───────────────────────────────────────────────────────────────────────────────────────────────────────


def one_row(draw: Callable[[Drawing], None]) -> Grid:
    """The grid of a table of one row of four cells, 规章 and three that `draw` fills (x from 174, 60 wide each)."""
    drawing = Drawing()
    drawing.table(
        [[("信息内容", 1, 1), ("甲", 1, 1), ("乙", 1, 1), ("丙", 1, 1)], [("规章", 1, 1), *[("", 1, 1)] * 3]],
        (100, 60, 60, 60),
        100,
    )
    draw(drawing)
    (grid,) = grids(read_pdf(drawing.bytes()))
    assert grid.rows[1][0] == "规章"
    return grid


def test_lettering_printed_twice_is_read_once() -> None:
    def draw(drawing: Drawing) -> None:
        for shift in (0, 0.3, 0.6):
            drawing.text(195 + shift, 127, "11", 10)
            drawing.text(255 + shift, 127, "规章", 10)

    assert one_row(draw).rows[1][1:] == ("11", "规章", "")


def test_full_width_figures_and_radicals_are_what_they_mean() -> None:
    drawing = Drawing()
    drawing.text(74, 60, "⻓期公开⽅⾯的⼯作，２０２４年公布１２件", 12)
    assert texts(read_pdf(drawing.bytes())) == ["长期公开方面的工作，２０２４年公布１２件"]


@pytest.mark.parametrize(
    ("case", "draw"),
    [
        ("over a border", lambda drawing: drawing.text(228, 127, "1234", 10)),
        ("two side by side", lambda drawing: (drawing.text(180, 127, "12", 10), drawing.text(205, 127, "34", 10))),
        (
            "two in two lines of a wide cell",
            lambda drawing: (drawing.text(195, 122, "１", 8), drawing.text(195, 132, "２", 8)),
        ),
        ("two in two lines", lambda drawing: (drawing.text(195, 122, "12", 8), drawing.text(195, 132, "34", 8))),
        ("one over the other", lambda drawing: (drawing.text(195, 127, "38", 10), drawing.text(196.8, 127, "52", 10))),
        ("a note's raised mark", lambda drawing: (drawing.text(195, 128, "22", 10), drawing.text(206.2, 126, "1", 6))),
        ("cut by the line below", lambda drawing: drawing.text(195, 139, "7", 10)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_figures_that_are_not_surely_one_number_in_one_cell_are_no_number(
    case: str, draw: Callable[[Drawing], None]
) -> None:
    drawing = Drawing()
    rows: list[list[SpanCell]] = [
        [("信息内容", 1, 1), ("制发", 1, 1), ("废止", 1, 1)],
        [("规章", 1, 1), ("", 1, 1), ("", 1, 1)],
        [("文件", 1, 1), ("", 1, 1), ("", 1, 1)],
    ]
    drawing.table(rows, (100, 60, 60), 100)
    draw(drawing)
    (grid,) = grids(read_pdf(drawing.bytes()))
    for row, texts_of_row in enumerate(grid.rows[1:], 1):
        for column, text in enumerate(texts_of_row[1:], 1):
            assert (row, column) in grid.doubts or read_cell(text).value is None, case


def test_a_full_width_number_that_a_narrow_cell_broke_is_one_number() -> None:
    drawing = Drawing()
    drawing.table([[("信息内容", 1, 1), ("甲", 1, 1)], [("规章", 1, 1), ("", 1, 1)]], (100, 20), 100, heights=34)
    for number, digit in enumerate("１９"):
        drawing.text(179, 138 + 12 * number, digit, 9)
    (grid,) = grids(read_pdf(drawing.bytes()))
    assert (read_cell(grid.rows[1][1]).value, grid.doubts) == (19, {})


def test_lettering_that_nobody_sees_is_not_read() -> None:
    def draw(drawing: Drawing) -> None:
        drawing.text(195, 127, "7", 10)
        drawing.canvas.setFillColorRGB(1, 1, 1)
        drawing.text(203, 127, "5", 10)  # white on white
        drawing.canvas.setFillColorRGB(0, 0, 0)
        drawing.text(255, 127, "8", 10)
        drawing.canvas.setFillColorRGB(1, 1, 1)
        drawing.canvas.rect(250, 842 - 140, 30, 14, stroke=0, fill=1)  # painted over
        drawing.canvas.setFillColorRGB(0, 0, 0)
        drawing.text(315, 127, "9", 10)
        text = drawing.canvas.beginText(322, 842 - 137)
        text.setFont(LATIN, 10)
        text.setTextRenderMode(3)
        text.textOut("6")
        drawing.canvas.drawText(text)

    # What is painted over may also be a figure whose outline is lost: it is no number, and not surely blank.
    grid = one_row(draw)
    assert (grid.rows[1][1], grid.rows[1][3]) == ("7", "9")
    assert read_cell(grid.rows[1][2]).value is None


def test_white_figures_on_a_dark_ground_are_read() -> None:
    def draw(drawing: Drawing) -> None:
        drawing.canvas.setFillColorRGB(0.1, 0.2, 0.5)
        drawing.canvas.rect(174.5, 842 - 143.5, 59, 21, stroke=0, fill=1)
        drawing.canvas.setFillColorRGB(1, 1, 1)
        drawing.text(195, 127, "41", 10)
        drawing.canvas.setFillColorRGB(0, 0, 0)

    assert one_row(draw).rows[1][1:] == ("41", "", "")


@pytest.mark.parametrize("angle", [45, 0], ids=["leaning", "level"])
def test_a_watermark_is_not_read(angle: int) -> None:
    rows = request_rows(figures(3))
    drawing = Drawing()
    drawing.table(rows, REQUEST_WIDTHS, drawing.paragraph(HEADING, 60))
    canvas = drawing.canvas
    canvas.saveState()
    canvas.translate(120, 380)
    canvas.rotate(angle)
    canvas.setFillColorRGB(0.85, 0.85, 0.85)
    canvas.setFont(HAN, 60)
    canvas.drawString(0, 0, "政务公开")
    canvas.restoreState()
    document = read_pdf(drawing.bytes())
    assert texts(document) == [HEADING]
    assert [cells(grid) for grid in grids(document)] == [expected(rows)]
    assert not grids(document)[0].doubts


def test_spread_letters_are_words() -> None:
    drawing = Drawing()
    drawing.text(74, 60, "一、总体情况", 14, spread=5)
    drawing.text(74, 100, "联系电话：0517-87290606", 14, spread=1.2)
    assert [squash(text) for text in texts(read_pdf(drawing.bytes()))] == ["一、总体情况", "联系电话:0517-87290606"]


# ── running text ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_lines_are_joined_to_paragraphs_over_pages_and_heads_and_feet_are_left_out() -> None:
    drawing = Drawing()
    body = [f"（{mark}）重点领域信息。" + SENTENCE * 4 for mark in "一二三四五六七八"]
    top, page = 90.0, 1
    for text in body:
        x = 74 + 28.0
        for mark in text:
            width = 14 if not mark.isascii() else 7.8
            if x + width > 518 and mark not in "，。）":
                x, top = 74, top + 28
                if top > 740:
                    drawing.text(270, 800, f"— {page} —", 12)
                    drawing.text(74, 40, "某某市人民政府办公室", 9)
                    drawing.page()
                    page, top = page + 1, 90.0
            x = drawing.text(x, top, mark, 14)
        top += 28
    drawing.text(270, 800, f"— {page} —", 12)
    drawing.text(74, 40, "某某市人民政府办公室", 9)
    document = read_pdf(drawing.bytes())
    assert page > 2
    assert texts(document) == body


def test_headings_titles_and_signatures_are_paragraphs_of_their_own() -> None:
    drawing = Drawing()
    drawing.text(180, 60, "某某市财政局", 22)
    drawing.text(130, 95, "2024年政府信息公开工作年度报告", 22)
    top = drawing.paragraph(SENTENCE * 2, 140)
    drawing.text(102, top, "一、总体情况", 14)
    top = drawing.paragraph(SENTENCE * 3, top + 28)
    drawing.text(380, top + 30, "某某市财政局", 14)
    drawing.text(370, top + 58, "2025 年 1 月 15 日", 14)
    assert texts(read_pdf(drawing.bytes())) == [
        "某某市财政局",
        "2024年政府信息公开工作年度报告",
        SENTENCE * 2,
        "一、总体情况",
        SENTENCE * 3,
        "某某市财政局",
        "2025年1月15日",
    ]


def test_a_note_at_the_foot_does_not_part_the_paragraph_above_it() -> None:
    drawing = Drawing()
    text = SENTENCE * 3
    x, top = 102.0, 700.0
    for mark in text:
        if x + 14 > 518 and mark not in "，。":
            x, top = 74.0, top + 28
            if top == 756:
                drawing.canvas.line(74, 80, 200, 80)
                drawing.text(74, 770, "注：数据截至年底。", 9)
                drawing.page()
                top = 60.0
        x = drawing.text(x, top, mark, 14)
    assert texts(read_pdf(drawing.bytes())) == [text, "注：数据截至年底。"]


# ── tables without lines ────────────────────────────────────────────────────────────────────────────────────────────


def test_tables_without_lines_are_read_by_their_columns() -> None:
    drawing = Drawing()
    number = figures(11)
    tables = [disclosure_rows(number), remedy_rows(number), request_rows(number)]
    headings = ["二、主动公开政府信息情况", "四、政府信息公开行政复议、行政诉讼情况", HEADING]
    for rows, widths, heading in zip(tables, (DISCLOSURE_WIDTHS, REMEDY_WIDTHS, REQUEST_WIDTHS), headings, strict=True):
        drawing.table(rows, widths, drawing.paragraph(heading, 60), ruling=no_lines)
        drawing.page()
    report = read_report(read_pdf(drawing.bytes()))
    for table, rows in zip(("disclosure", "remedies", "requests"), tables, strict=True):
        printed = [int(text) for row in rows for text, _, _ in row if text.isdigit()]
        found = [cell.value for row in (report.tables[table] or {}).values() for cell in row.values()]
        assert found == printed


def test_a_blank_in_a_table_without_lines_does_not_shift_the_figures() -> None:
    rows = request_rows(figures(12))
    rows[8][-4] = ("", 1, 1)
    drawing = Drawing()
    drawing.table(rows, REQUEST_WIDTHS, drawing.paragraph(HEADING, 60), ruling=no_lines)
    table = read_report(read_pdf(drawing.bytes())).tables["requests"] or {}
    assert [cell.value for cell in table["refused_by_law"].values()] == [None] * 7


# ── pages without text ──────────────────────────────────────────────────────────────────────────────────────────────


def picture(size: tuple[int, int] = (600, 800)) -> ImageReader:
    noise = Image.effect_noise(size, 80)
    return ImageReader(noise)


def test_pages_that_are_pictures_are_named() -> None:
    drawing = Drawing()
    drawing.paragraph(SENTENCE * 3, 60)
    drawing.page()
    drawing.canvas.drawImage(picture(), 0, 0, 595, 842)
    drawing.page()
    drawing.page()  # blank
    drawing.paragraph(SENTENCE * 3, 60)
    assert pages_to_recognise(drawing.bytes()) == (2,)


def test_the_hidden_text_of_a_scan_is_not_relied_on() -> None:
    drawing = Drawing()
    drawing.canvas.drawImage(picture(), 0, 0, 595, 842)
    text = drawing.canvas.beginText(74, 700)
    text.setFont(HAN, 12)
    text.setTextRenderMode(3)
    for _ in range(10):
        text.textLine(SENTENCE)
    drawing.canvas.drawText(text)
    assert pages_to_recognise(drawing.bytes()) == (1,)


def test_text_over_a_picture_of_letter_paper_is_read() -> None:
    drawing = Drawing()
    drawing.canvas.drawImage(ImageReader(Image.new("RGB", (60, 84), (240, 240, 230))), 0, 0, 595, 842)
    drawing.paragraph(SENTENCE * 3, 60)
    assert texts(read_pdf(drawing.bytes())) == [SENTENCE * 3]


def test_text_under_a_picture_of_the_page_is_not_relied_on() -> None:
    drawing = Drawing()
    drawing.paragraph(SENTENCE * 3, 60)
    drawing.canvas.drawImage(picture(), 0, 0, 595, 842)
    assert pages_to_recognise(drawing.bytes()) == (1,)


def test_a_table_that_is_a_picture_in_a_page_of_text_is_recognised_in_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = Image.new("L", (900, 300), 255)
    table.paste(0, (40, 40, 860, 44))
    photograph = Image.effect_noise((600, 200), 60)
    drawing = Drawing()
    top = drawing.paragraph(SENTENCE * 2, 60)
    drawing.canvas.drawImage(ImageReader(table), 74, 842 - top - 150, 444, 150)
    drawing.paragraph(SENTENCE * 2, top + 180)
    drawing.canvas.drawImage(ImageReader(photograph), 74, 60, 444, 150)
    seen: list[tuple[int, tuple[int, int]]] = []

    def recognise(images: Iterable[tuple[int, Image.Image]]) -> list[Paragraph | Grid]:
        seen.extend((number, image.size) for number, image in images)
        return [Paragraph("图例"), Grid((("规章", "1"),), (1,))]

    monkeypatch.setattr("monitor.documents.formats.pdf.pdf._recognised", recognise)
    document = read_pdf(drawing.bytes())
    assert [type(block) for block in document.blocks] == [Paragraph, Grid, Paragraph]
    ((number, (width, height)),) = seen
    assert number == 1
    assert width / height == pytest.approx(444 / 150, rel=0.02)
    assert document.is_scan
    assert document.notes


def test_lettering_that_is_outlines_is_no_text() -> None:
    drawing = Drawing()
    canvas = drawing.canvas
    for number in range(300):
        x, y = 74 + number % 30 * 14, 700 - number // 30 * 20
        path = canvas.beginPath()
        path.moveTo(x, y)
        path.curveTo(x + 4, y + 9, x + 8, y - 3, x + 10, y + 8)
        path.lineTo(x + 1, y + 5)
        canvas.drawPath(path, stroke=0, fill=1)
    assert pages_to_recognise(drawing.bytes()) == (1,)


# ── damaged, locked and hostile files ───────────────────────────────────────────────────────────────────────────────


def whole_report(**options: object) -> bytes:
    drawing = Drawing(**options)  # type: ignore[arg-type]
    number = figures(21)
    drawing.table(disclosure_rows(number), DISCLOSURE_WIDTHS, drawing.paragraph("二、主动公开政府信息情况", 40))
    drawing.page()
    drawing.table(request_rows(number), REQUEST_WIDTHS, drawing.paragraph(HEADING, 40))
    drawing.page()
    drawing.table(remedy_rows(number), REMEDY_WIDTHS, drawing.paragraph("四、政府信息公开行政复议、行政诉讼情况", 40))
    return drawing.bytes()


def values(document: Document) -> dict[str, int | Decimal | None]:
    tables = read_report(document).tables
    return {
        f"{name}.{row}.{column}": cell.value if not cell.doubt else None
        for name, table in tables.items()
        for row, own in (table or {}).items()
        for column, cell in own.items()
    }


def test_a_font_that_gives_figures_no_room_leaves_no_number() -> None:
    broken = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FirstChar 48 /LastChar 57 /Widths [%s] >>" % (
        b"0 " * 10
    )
    lines = (
        b"".join(b"%d 700 m %d 740 l S " % (x, x) for x in (50, 150, 250))
        + b"50 700 m 250 700 l S 50 740 m 250 740 l S "
    )
    content = stream(lines + b"BT /F 12 Tf 60 715 Td (99) Tj 100 0 Td (7) Tj ET")
    data = raw_pdf(
        CATALOGUE, PAGES, page(entries=b"/Contents 4 0 R /Resources << /Font << /F 5 0 R >> >>"), content, broken
    )
    try:
        (grid,) = grids(read_pdf(data))
    except Unreadable:
        return
    assert [read_cell(text).value for text in grid.rows[0]] == [None, None]


@pytest.fixture
def unrecognised(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recognition, which takes seconds a page, is refused."""

    def refuse(*_: object) -> list[Paragraph | Grid]:
        raise Unreadable("扫描页不在这里识别")

    monkeypatch.setattr("monitor.documents.formats.pdf.pdf._recognised", refuse)


@pytest.mark.usefixtures("unrecognised")
def test_a_file_that_is_cut_off_is_not_read() -> None:
    data = whole_report()
    for length in range(10, len(data) - 40, len(data) // 40):
        with pytest.raises(Unreadable):
            read_pdf(data[:length])


@pytest.mark.usefixtures("unrecognised")
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_gives_no_wrong_figure(seed: int) -> None:
    data = whole_report()
    true = values(read_pdf(data))
    assert len(true) == 200
    draw = random.Random(seed)
    read = 0
    for _ in range(60):
        damaged = bytearray(data)
        for _ in range(draw.randrange(1, 4)):
            place = draw.randrange(len(damaged))
            if draw.random() < 0.7:
                damaged[place] = draw.randrange(256)
            else:
                del damaged[place : place + draw.randrange(1, 30)]
        try:
            found = values(read_pdf(bytes(damaged)))
        except Unreadable:
            continue
        read += 1
        assert {key: value for key, value in found.items() if value is not None and value != true.get(key)} == {}
    assert read < 60


def test_a_file_with_a_password_says_so_and_one_that_only_forbids_printing_is_read() -> None:
    locked = whole_report(encrypt=StandardEncryption("geheim", ownerPassword="chef", strength=128))
    with pytest.raises(Unreadable, match="密码"):
        read_pdf(locked)
    free = whole_report(encrypt=StandardEncryption("", ownerPassword="chef", canPrint=0, strength=128))
    assert values(read_pdf(free)) == values(read_pdf(whole_report()))


def test_too_many_pages_are_refused() -> None:
    drawing = Drawing()
    for _ in range(MOST_PAGES + 1):
        drawing.page()
    with pytest.raises(Unreadable, match=f"超过 {MOST_PAGES} 页"):
        read_pdf(drawing.bytes())


def raw_pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of hand-written objects, the first of which is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(data), entries) + data + b"\nendstream"


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def page(box: bytes = b"0 0 595 842", entries: bytes = b"/Contents 4 0 R") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] %s >>" % (box, entries)


def packed(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter [" + b"/FlateDecode " * times + b"]")


SELF_REFERRING = (
    b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A 5 0 R >> >> /Length 5 >>"
)
HOSTILE = {
    "nothing behind the mark": b"%PDF-1.7\n%%EOF",
    "noise": b"%PDF-1.7\n" + random.Random(1).randbytes(20_000),
    "a page tree that is its own branch": raw_pdf(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "a table of objects that follows itself": raw_pdf(CATALOGUE, PAGES, page(), stream(b""), trailer=b"/Prev 9"),
    "a form that draws itself": raw_pdf(
        CATALOGUE,
        PAGES,
        page(entries=b"/Contents 4 0 R /Resources << /XObject << /A 5 0 R >> >>"),
        stream(b"/A Do"),
        SELF_REFERRING + b"\nstream\n/A Do\nendstream",
    ),
    "a page the size of a town": raw_pdf(CATALOGUE, PAGES, page(b"0 0 9000000 9000000"), stream(b"0 0 9 9 re f")),
    "a page without a size": raw_pdf(CATALOGUE, PAGES, page(b"0 0 0 0"), stream(b"0 0 9 9 re f")),
    "a million lines": raw_pdf(CATALOGUE, PAGES, page(), packed(b"0 0 m " + b"9 9 l 8 7 l " * 500_000 + b"S")),
    "a bomb": raw_pdf(CATALOGUE, PAGES, page(), packed(bytes(210_000_000))),
    "a bomb in a bomb": raw_pdf(CATALOGUE, PAGES, page(), packed(bytes(210_000_000), times=2)),
    "scripts and attachments": raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>",
        PAGES,
        page(),
        stream(b""),
    ),
    "a program": b"MZ" + bytes(4000),
    "a page of 200,000 figures": raw_pdf(
        CATALOGUE,
        PAGES,
        page(entries=b"/Contents 4 0 R /Resources << /Font << /F 5 0 R >> >>"),
        packed(b"BT /F 9 Tf " + b"9 0 Td (7) Tj " * 200_000 + b"ET"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ),
    "a sheet of 300,000 cells": raw_pdf(
        CATALOGUE,
        PAGES,
        page(),
        packed(
            b"".join(b"%.1f 0 m %.1f 842 l S 0 %.1f m 595 %.1f l S " % ((i * 0.8,) * 2 + (i,) * 2) for i in range(800))
        ),
    ),
}


@pytest.mark.usefixtures("unrecognised")
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_files_give_one_line(name: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read_pdf(HOSTILE[name])
    assert "\n" not in str(raised.value)


# ── as programs print ───────────────────────────────────────────────────────────────────────────────────────────────


def as_html(rows: Sequence[Sequence[SpanCell]]) -> str:
    return "".join(
        "<tr>" + "".join(f"<td colspan={across} rowspan={down}>{text}" for text, across, down in row) for row in rows
    )


@pytest.mark.skipif(not shutil.which("chromium-headless-shell"), reason="no browser here to print with")
@pytest.mark.parametrize(
    "style",
    ["border-collapse:collapse", "border-spacing:1px;background:#000", "border-collapse:collapse;font-size:9pt"],
    ids=["collapsed", "white cells on black", "small"],
)
def test_what_a_browser_prints_is_read_whole(tmp_path: Path, style: str) -> None:
    number = figures(31)
    tables = [disclosure_rows(number), request_rows(number), remedy_rows(number)]
    cell = "background:#fff" if "background" in style else "border:1px solid #000"
    parts = "".join(
        f"<h3>{heading}</h3><table style='{style}'>{as_html(rows)}</table>"
        for heading, rows in zip(("二、主动公开", "三、收到和处理", "四、行政复议"), tables, strict=True)
    )
    source = tmp_path / "report.html"
    source.write_text(
        f"<meta charset=utf-8><style>td{{{cell};padding:4px}} p{{text-indent:2em}}</style><p>{SENTENCE * 3}{parts}",
        "utf-8",
    )
    target = tmp_path / "report.pdf"
    subprocess.run(
        ["chromium-headless-shell", "--no-sandbox", "--disable-gpu", f"--print-to-pdf={target}", source.as_uri()],
        check=True,
        capture_output=True,
        timeout=60,
    )
    document = read_pdf(target.read_bytes())
    assert texts(document)[0] == SENTENCE * 3
    found = grids(document)
    assert [[row[-7:] for row in cells(grid)] for grid in found] == [
        [row[-7:] for row in expected(rows)] for rows in tables
    ]
    assert not any(grid.doubts for grid in found)
