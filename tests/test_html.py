"""HTML in the markup of editors, converters and portals: the same figures, whatever the page makes of its tables."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Sequence

import pytest

from monitor.documents import read_document
from monitor.model import Grid, Paragraph
from tests.markup import COMPOSED, Rows, Style, as_table, read, rows_of, unread, written, wrong


def lines_of(page: str) -> list[str]:
    return [block.text for block in read_document(page.encode()).blocks if isinstance(block, Paragraph)]


def rows_in(page: str) -> list[tuple[str, ...]]:
    return [row for block in read_document(page.encode()).blocks if isinstance(block, Grid) for row in block.rows]


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────

WORD = (
    '<p class="MsoNormal" style="text-align:center"><span lang="EN-US" style="font-size:9pt">{}<o:p></o:p></span></p>'
)


def in_boxes(row: str, cell: str, table: str = "<div>{}</div>") -> Style:
    """Rows of boxes; what spans rows stands in the first of them only, as boxes cannot span."""

    def style(rows: Rows) -> str:
        return table.format(
            "".join(row.format("".join(cell.format(text) for text, *_ in cells).rstrip()) for cells in rows)
        )

    return style


def split_in_two(rows: Rows) -> str:
    """As converters do at the end of a page, without the head and in the middle of a group."""
    half = len(rows) // 2
    above, below = rows[:half], rows[half:]
    return as_table(above) + as_table(below)


def with_head_again(rows: Rows) -> str:
    half = len(rows) // 2
    head = 3 if len(rows) > 20 else 0
    return as_table(rows[:half]) + as_table([*rows[:head], *rows[half:]])


def cut_labels(rows: Rows) -> str:
    """Labels cut by spans, paragraphs and line ends; figures by spans."""

    def cut(text: str) -> str:
        if text.replace(".", "").isdecimal():
            return "".join(f"<span>{digit}</span>" for digit in text)
        middle = len(text) // 2
        return (
            f"<p><b>{text[:middle]}</b></p>\n<p>{text[middle:]}</p>" if len(text) % 2 else f"{text[:1]}<br>{text[1:]}"
        )

    return as_table([[(cut(text), *spans) for text, *spans in cells] for cells in rows])


def unclosed(rows: Rows) -> str:
    return re.sub("</t[dr]>", "", as_table(rows))


STYLES: dict[str, Style] = {
    "plain": as_table,
    "Word": lambda rows: as_table(rows, WORD),
    "blanks of every kind": lambda rows: as_table(rows, "\r\n &nbsp;\u3000{}\u200b<o:p>&nbsp;</o:p>\t"),
    "heads in <th>": lambda rows: as_table(rows).replace("<td", "<th").replace("</td", "</th"),
    "end tags left out": unclosed,
    "labels cut": cut_labels,
    "in a layout table": lambda rows: f"<table><tr><td width='20'></td><td>{as_table(rows)}</td></tr></table>",
    "in five layout tables": lambda rows: "<table><tr><td>" * 5 + as_table(rows) + "</td></tr></table>" * 5,
    "cells in tables": lambda rows: as_table(rows, "<table><tr><td>{}</td></tr></table>"),
    "split in two": split_in_two,
    "head again": with_head_again,
    "a form around each row": lambda rows: as_table(rows, row="<form><tr>{}</tr></form>"),
    "text between rows": lambda rows: as_table(rows, row="<tr>{}</tr>\n7<b>8</b>"),
    "text between cells": lambda rows: as_table(rows).replace("</td>", "</td>\n9"),
    "fields": lambda rows: as_table(rows, '<input type="text" value="{}" size="4">'),
    "text areas": lambda rows: as_table(rows, "<textarea rows=1>{}</textarea>"),
    "hidden fields": lambda rows: as_table(rows, '{}<input type="hidden" value="5"><button>6</button>'),
    "hidden copy of a column": lambda rows: as_table(rows, "{}</td><td style='display: none'>1"),
    "twice, for two screens": lambda rows: "".join(
        f"<div class='{screen}'>{as_table(rows, cell)}</div>" for screen, cell in (("pc", "{}"), ("wap", WORD))
    ),
    "twice, one hidden": lambda rows: as_table(rows) + f"<div style='display:none'>{as_table(rows, '{}1')}</div>",
    "comments with figures": lambda rows: as_table(rows, "<!--<td>5</td>-->{}<!--6-->"),
    "entities escaped twice": lambda rows: (
        as_table(rows, "{}&amp;nbsp;").replace("（", "&amp;#65288;").replace("“", "&amp;ldquo;")
    ),
    "column groups": lambda rows: as_table(
        rows, table="<table><colgroup><col><col></colgroup><thead></thead><tbody>{}</table>"
    ),
}  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_tables_are_read_in_every_markup(style: str) -> None:
    report = read(written(STYLES[style]))
    assert (wrong(report), unread(report), report.doubts) == ([], [], {})


#: Markup that has lost what says which column a cell belongs to: some may stay unread, nothing may be wrong.
LOSSY: dict[str, Style] = {
    "div rows": in_boxes("<div class='tr'>{}</div>", "<div class='td'>{}</div>"),
    "list rows": in_boxes("<ul>{}</ul>", "<li>{}</li>"),
    "flex rows of spans": in_boxes('<div style="display:flex">{}</div>', "<span>{}</span>"),
    "css tables": in_boxes(
        '<div style="display:table-row">{}</div>',
        '<p style="display:table-cell">{}</p>',
        '<section style="display:table">{}</section>',
    ),
    "paragraphs": in_boxes("{}", "<p>{}</p>", "{}"),
    "a table a row": lambda rows: "".join(as_table([cells]) for cells in rows),
    "tabs in pre": in_boxes("{}\n", "{}\t", "<pre>{}</pre>"),
    "blanks in pre": in_boxes("{}\n", "{}    ", "<pre>{}</pre>"),
    "bars": in_boxes("<p>{}|</p>", "|{}", "{}"),
    "spans lost": lambda rows: as_table([[(text, 1, 1) for text, *_ in cells] for cells in rows]),
    "spans of one for all": lambda rows: as_table(rows).replace("<td>", '<td colspan="2" rowspan="1">'),
    "spans beyond all": lambda rows: as_table(rows).replace('span="', 'span="9'),
    "inline boxes without style": in_boxes("<div>{}</div>", "<span>{}</span>"),
}  # fmt: skip


@pytest.mark.parametrize("style", LOSSY)
def test_markup_that_lost_its_spans_gives_no_wrong_figure(style: str) -> None:
    report = read(written(LOSSY[style]))
    assert wrong(report) == []
    for path, cell in report.cells():
        assert cell.value is not None or cell.doubt or cell.is_blank, path


@pytest.mark.parametrize(
    "style",
    [
        "div rows",
        "list rows",
        "flex rows of spans",
        "css tables",
        "a table a row",
        "tabs in pre",
        "blanks in pre",
        "bars",
    ],
)
def test_tables_without_spans_are_read_where_the_count_of_cells_is_the_forms(style: str) -> None:
    report = read(written(LOSSY[style]))
    assert len([path for path in unread(report) if not path.startswith("remedies")]) == 0, report.doubts


# ── what a browser draws, and what it does not ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<ol><li>总体情况<li>主动公开</ol>", ["1. 总体情况", "2. 主动公开"]),
        ("<ol start=3><li><p>甲</p><li value=7>乙<li>丙</ol>", ["3. 甲", "7. 乙", "8. 丙"]),
        ("<ol reversed><li>甲<li>乙</ol>", ["2. 甲", "1. 乙"]),
        ("<ol type=a><li>甲<li>乙</ol>", ["a. 甲", "b. 乙"]),
        ("<ol type=I start=4><li>甲</ol>", ["IV. 甲"]),
        (
            "<ol style='list-style-type: cjk-ideographic'><li>总体情况<li>主动公开</ol>",
            ["一、总体情况", "二、主动公开"],
        ),
        ("<ol style='list-style:simp-chinese-informal outside' start=12><li>甲</ol>", ["十二、甲"]),
        ("<style>ol.cn{list-style:trad-chinese-informal}</style><ol class=cn><li>甲</ol>", ["一、甲"]),
        ("<ol class='custom_cn2 list-paddingleft-1'><li class='list-cn2-1-1'><p>甲</p></ol>", ["（一）甲"]),
        ("<ol style='list-style:none'><li>一、甲</ol>", ["一、甲"]),
        ("<ul><li>甲<li>乙</ul>", ["甲", "乙"]),
        ("<ol><li>甲<ol type=a><li>子</ol><li>乙</ol>", ["1. 甲", "a. 子", "2. 乙"]),
    ],
)
def test_the_numbers_of_a_list_stand_in_its_text_as_they_are_drawn(markup: str, lines: list[str]) -> None:
    assert lines_of(markup) == lines


@pytest.mark.parametrize("style", ["cjk-ideographic", "simp-chinese-informal"])
def test_headings_that_are_items_of_a_list_keep_their_numbers(style: str) -> None:
    body = re.sub(r"<p><strong>[一二三四五六]、(.*?)</strong></p>", r"<li><strong>\1</strong></li>", COMPOSED.body)
    report = read(f"<ol style='list-style-type:{style}'>{body}</ol>")
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]
    assert wrong(report) == unread(report) == []


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<p>甲<span style='display:none'>乙</span>丙</p>", ["甲丙"]),
        ("<p>甲<span style='mso-hide:all'>乙</span></p><p hidden>丙</p>", ["甲"]),
        ("<p style='DISPLAY: NONE'>甲</p><p style='visibility:hidden'>乙</p>丙", ["丙"]),
        ("甲<!-- 乙 --><!--[if gte mso 9]><xml>丙</xml><![endif]--><![if !supportLists]>丁<![endif]>", ["甲丁"]),
        ("<ruby>汉<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>字", ["汉字"]),
        ("收到<sup>①</sup>3<sup>2</sup>件", ["收到 ①3 2件"]),
        ("<p>甲&amp;nbsp;乙&amp;ldquo;丙&amp;rdquo;</p>", ["甲 乙“丙”"]),
        ("<p>甲&nbsp;&emsp;&#x3000;乙\u200b丙</p>", ["甲 乙丙"]),
        ("<div>甲<div class=share>分享到微信</div>乙</div>", ["甲", "乙"]),
        ("<div>甲<span class='print'>打印</span>乙</div>", ["甲乙"]),
        ("<p>甲<br/>乙</p>丙<hr>丁", ["甲", "乙", "丙", "丁"]),
        ("<plaintext>甲\n乙</p>", ["甲", "乙</p>"]),
        ("<xmp>甲\n  乙</xmp><p>丙", ["甲", "乙", "丙"]),
        ("<h2>甲</h2><h3><b>乙</b></h3><p>丙</p>", ["甲", "乙", "丙"]),
        ("<p>甲<p>乙<div>丙<p>丁", ["甲", "乙", "丙", "丁"]),
        ("<p>全年公开政府信\n   息若干条</p>", ["全年公开政府信息若干条"]),
        ("<![CDATA[<p>甲</p><p>乙</p>]]>", ["甲", "乙"]),
        ("<p>甲</p><noscript>请开启脚本</noscript><select><option>乙</select><svg><text>丙</text></svg>", ["甲"]),
        ("<tr><td>甲</td><td>乙</td></tr>", ["甲", "乙"]),
        ("<table><tr><td colspan='100%' rowspan=many>甲</td></tr></table>", ["甲"]),
        ("<table><tr><td width=9><td colspan='2px'>甲<table><tr><td>1<td>2</table></table>", ["甲"]),
    ],
)
def test_text_is_what_a_browser_shows(markup: str, lines: list[str]) -> None:
    assert lines_of(f"<html><body>{markup}") == lines


def test_headings_keep_their_levels() -> None:
    blocks = read_document("<h2><span>甲</span></h2><p>乙</p><h4> </h4><p>丙</p>".encode()).blocks
    assert blocks == (Paragraph("甲", 2), Paragraph("乙"), Paragraph("丙"))


# ── figures of several rows in one cell ─────────────────────────────────────────────────────────────────────────────


def stacked(rows: Rows, parting: str = "<br>") -> str:
    """All rows of figures with one cell each in one row, their cells one line of it each."""
    groups: list[list[Sequence[tuple[str, int, int]]]] = []
    for cells in rows:
        if groups and len(groups[-1][0]) == len(cells) > 3 and not any(rowspan > 1 for *_, rowspan in cells):
            groups[-1].append(cells)
        else:
            groups.append([cells])
    written_rows = []
    for group in groups:
        texts = [parting.join(text for text, *_ in column) for column in zip(*group, strict=True)]
        written_rows.append(
            [(text, span, 1 if len(group) > 1 else down) for text, (_, span, down) in zip(texts, group[0], strict=True)]
        )
    return as_table(written_rows)


@pytest.mark.parametrize("parting", ["<br>", "<br/>\n", "</p><p>"])
def test_figures_of_several_rows_in_one_cell_are_told_apart_where_all_columns_have_as_many(parting: str) -> None:
    body = "<table><tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数</tr>"
    cells = [
        f"<td><p>{parting.join(lines)}</p></td>"
        for lines in (["规章", "行政规范性文件"], ["1", "2"], ["", "30"], ["4", "/"])
    ]
    rows = rows_in(f"{body}<tr>{''.join(cells)}</tr></table>")
    assert rows[-2:] == [("规章", "1", "", "4"), ("行政规范性文件", "2", "30", "/")]


def test_figures_of_several_rows_in_one_cell_stay_together_where_a_column_has_fewer() -> None:
    rows = rows_in("<table><tr><td>规章<br>行政规范性文件<td>1<br>2<td>30<td>4<br>5</tr></table>")
    assert rows == [("规章行政规范性文件", "1 2", "30", "4 5")]


@pytest.mark.parametrize("parting", ["<br>", "</p><p>"])
def test_a_column_in_one_cell_gives_no_wrong_figure(parting: str) -> None:
    report = read(written(lambda rows: stacked(rows, parting)))
    assert wrong(report) == []


# ── pages that hold the article in a way of their own ───────────────────────────────────────────────────────────────

PAGE = (
    "<!DOCTYPE html><html><head><title>年报_某区人民政府</title>{}</head>"
    "<body><div class='nav'><a>首页</a></div>{}</body></html>"
)


@pytest.mark.parametrize(
    "script",
    [
        '<script type="application/json">{"data":{"list":[1,null],"content":%s}}</script>',
        "<script>var content = %s;\nrender(content);</script>",
        "<script>window.__DATA__={title:'年报',body:%s,'id':7}</script>",
        '<script type="application/ld+json">[%s]</script>',
    ],
)
def test_an_article_that_a_script_holds_as_a_json_string_is_read(script: str) -> None:
    for text in (
        json.dumps(COMPOSED.body),
        json.dumps(COMPOSED.body, ensure_ascii=False),
        json.dumps(COMPOSED.body).replace("<", "\\u003c"),
    ):
        report = read(PAGE.format("", script.replace("%s", text)))
        assert wrong(report) == unread(report) == []


@pytest.mark.parametrize(
    "script",
    [
        "var content = decode('a%3Cp%3E');",
        'var words = "一、总体情况，自然人，信息内容，结果维持";' * 20,
        'var tip = "<p>政府信息公开指南</p><p>联系我们</p>";' * 20,
        "var content = '<p>一、总体情况 '+year+' 自然人</p>" + "x" * 300,
    ],
)
def test_a_script_that_is_no_json_string_of_the_report_is_not_read(script: str) -> None:
    page = PAGE.format("", f"<script>{script}</script><div id='zoom'><p>正文由脚本生成</p></div>")
    assert lines_of(page) == ["正文由脚本生成"]


def test_a_script_does_not_replace_an_article_that_is_there() -> None:
    report = read(
        PAGE.format(f"<script>var old = {json.dumps(COMPOSED.body.replace('558', '559'))};</script>", COMPOSED.body)
    )
    assert "558" in report.sections[0].text
    assert wrong(report) == unread(report) == []


def test_an_article_whose_own_tags_are_escaped_is_read() -> None:
    report = read(PAGE.format("", f"<div id='zoom'>{entities.escape(COMPOSED.body)}</div>"))
    assert wrong(report) == unread(report) == []


@pytest.mark.parametrize(
    "encoded",
    [
        "\ufeff{}".encode("utf-16-le"), "\ufeff{}".encode("utf-16-be"), "\ufeff<meta charset=gbk>{}".encode(),
        "<meta charset=utf-8>{}".encode("gb18030"), b"<?xml version='1.0' encoding='gb2312'?>{}",
    ],
)  # fmt: skip
def test_the_bytes_say_the_encoding_before_the_page_does(encoded: bytes) -> None:
    codec = "utf-16-le" if encoded[:2] == b"\xff\xfe" else "utf-16-be" if encoded[:2] == b"\xfe\xff" else ""
    codec = codec or ("gb18030" if b"utf-8" in encoded else "utf-8")
    report = read(encoded.replace("{}".encode(codec), COMPOSED.body.encode(codec)))
    assert wrong(report) == unread(report) == []


def test_the_whole_report_may_stand_in_one_cell() -> None:
    report = read(f"<table><tr><td>{COMPOSED.body}</td></tr></table>")
    assert wrong(report) == unread(report) == []
    assert len(report.sections) == 6


@pytest.mark.parametrize("beside", ["<td width=200><ul><li><a>政府信息公开指南</a></li></ul></td>", "<td>&nbsp;</td>"])
def test_the_whole_report_may_stand_in_a_cell_beside_others(beside: str) -> None:
    report = read(f"<table><tr>{beside}<td>{COMPOSED.body}</td></tr></table>")
    assert wrong(report) == unread(report) == []
    assert len(report.sections) == 6


def test_a_report_printed_twice_for_two_screens_is_read_once() -> None:
    report = read(f"<div class='pc'>{COMPOSED.body}</div><div class='mobile'>{COMPOSED.body}</div>")
    assert wrong(report) == unread(report) == []
    assert len(report.sections) == 6
    assert report.sections[5].text.count("薛城区财政局") <= 1


def test_what_the_page_hides_and_shows_nowhere_else_is_read() -> None:
    report = read(f"<div id='zoom' style='display:none'>{COMPOSED.body}</div><script>$('#zoom').show()</script>")
    assert wrong(report) == unread(report) == []


def test_a_table_left_open_ends_where_the_next_begins() -> None:
    report = read(written(lambda rows: as_table(rows, table="<table><tbody>{}")))
    assert wrong(report) == unread(report) == []


def test_rows_know_their_cells_after_a_round_through_the_test_bench() -> None:
    tables = re.findall(r"<table.*?</table>", COMPOSED.body, re.DOTALL)
    assert [len(rows_of(table)) for table in tables] == [14, 28, 4]
