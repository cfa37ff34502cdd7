"""Plain text in the layouts that copying and converting leave behind: rows keep what they have, nothing is made up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.documents.formats.grids import NO_CELL
from monitor.documents.formats.plain import read_plain, regroup
from monitor.errors import Unreadable
from monitor.model import Grid, Paragraph
from tests.markup import COMPOSED, Rows, read, unread, written, wrong

ROW = "一、本年新收政府信息公开申请数量"


def grids_in(text: str) -> list[tuple[tuple[str, ...], ...]]:
    return [block.rows for block in read_plain(text.encode()).blocks if isinstance(block, Grid)]


def as_lines(rows: Rows, between: str) -> str:
    return "\n" + "\n".join(between.join(text for text, *_ in cells) for cells in rows) + "\n"


def as_text(between: str) -> str:
    """The report as text, a row a line, with something between the cells."""
    body = written(lambda rows: as_lines(rows, between))
    return re.sub(r"<[^<>]*>", "", body.replace("</p>", "\n"))


@pytest.mark.parametrize("between", ["\t", " | ", "|", "    ", "\u3000\u3000", "  \t "], ids=repr)
def test_rows_on_lines_are_read_whatever_stands_between_their_cells(between: str) -> None:
    report = read(as_text(between))
    assert wrong(report) == []
    assert [path for path in unread(report) if not path.startswith("remedies")] == []


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (f"自然人    总计\n{ROW}    3    4", (("自然人", "自然人", "总计"), (ROW, "3", "4"))),
        ("规章　　1　　2　　3\n行政许可　　4", (("规章", "1", "2", "3"), ("行政许可",) * 3 + ("4",))),
        ("规章\t1\t\t3\n行政许可\t4", (("规章", "1", "", "3"), ("行政许可", "4", NO_CELL, NO_CELL))),
    ],
)
def test_a_row_that_is_short_shows_it(text: str, rows: tuple[tuple[str, ...], ...]) -> None:
    assert grids_in(text) == [rows]


@pytest.mark.parametrize(
    "line",
    [
        "某县财政局        2024年1月16日",
        "　　2023年，全年公开  信息3条。",
        "规章  等文件",
        "（一）  主动公开情况",
        "规章    1",
    ],
)
def test_blanks_within_running_text_make_no_table(line: str) -> None:
    assert grids_in(f"正文。\n{line}\n正文。") == []


def test_paragraphs_with_bars_are_rows_and_other_blocks_stay() -> None:
    other = Grid((("a", "b"),))
    lines = [
        Paragraph("正文", 2),
        other,
        *(Paragraph(f"|规章|{number}|") for number in range(3)),
        Paragraph("一处竖线|"),
    ]
    *_, grid, last = regroup(lines)
    assert regroup(lines)[:2] == [Paragraph("正文", 2), other]
    assert (grid, last) == (Grid((("规章", "0"), ("规章", "1"), ("规章", "2"))), Paragraph("一处竖线|"))


@pytest.mark.parametrize("text", ["\u200b", "\ufeff \n"])
def test_a_text_without_words_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        read_plain(text.encode())


@given(st.text(alphabet="规章行政许可自然人一、01 \t|\n　。", max_size=60))
def test_no_text_loses_a_character_but_blanks_and_bars(text: str) -> None:
    try:
        blocks = read_plain(text.encode()).blocks
    except Unreadable:
        return
    kept = "".join(
        block.text if isinstance(block, Paragraph) else "".join(map("".join, block.rows)) for block in blocks
    )
    assert set(text) - set(" \t|\n　") <= set(kept)


def test_the_report_as_text_still_has_its_parts() -> None:
    text = as_text("\t")
    assert [section.number for section in read(text).sections] == [1, 2, 3, 4, 5, 6]
    assert COMPOSED.title in text
