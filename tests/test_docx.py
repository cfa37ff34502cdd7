"""Word documents: what people see in them is what is read. Hostile ones stand in test_docx_hostile.py."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.documents import read_document, read_report
from monitor.documents.formats.grids import MAX_COLUMNS, NO_CELL
from monitor.documents.formats.numerals import chinese
from monitor.documents.formats.word.docx import MEDIA_TYPE, pictures, read_docx
from monitor.documents.numbers import chinese_integer
from monitor.errors import Unreadable
from monitor.model import Grid, Paragraph
from tests.word_files import abstract, cell, level, listed, num, par, relation, row, run, table, word

TEMPLATE = Path(__file__).parents[2] / "shared" / "reports" / "official_template_blank.docx"
needs_template = pytest.mark.skipif(not TEMPLATE.is_file(), reason="../shared/reports is not on this machine")

HIDDEN = "<w:vanish/>"
DELETED = '<w:del w:id="1" w:author="a"><w:r><w:delText>旧</w:delText></w:r></w:del>'
PICTURE = '<w:r><w:drawing><wp:inline><a:graphic><a:blip r:embed="{}"/></a:graphic></wp:inline></w:drawing></w:r>'
BOX = "<w:r><w:drawing><wp:anchor><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></wp:anchor></w:drawing></w:r>"
OLD_BOX = "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
BREAK = '<w:r><w:br w:type="page"/></w:r>'
TURNED = "<w:r><w:lastRenderedPageBreak/></w:r>"


def lines(body: str, **parts: Any) -> list[str]:
    """The texts of a body's paragraphs."""
    return [block.text for block in read_docx(word(body, **parts)).blocks if isinstance(block, Paragraph)]


def grids(body: str, **parts: Any) -> list[Grid]:
    return [block for block in read_docx(word(body, **parts)).blocks if isinstance(block, Grid)]


def grid(*rows: str, **parts: Any) -> Grid:
    [found] = grids(table(*rows, **parts))
    return found


def field(code: str, result: str) -> str:
    """A field as Word writes one, its code and its result; without a result there is no middle mark."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    middle = mark.format("separate") + result if result else ""
    return f"{mark.format('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>{middle}{mark.format('end')}"


# ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (run("本机关") + run("全年公开") + run("17", "<w:b/>") + run("件。"), "本机关全年公开17件。"),
        ("<w:r><w:t>电话</w:t><w:tab/><w:t>0533</w:t><w:noBreakHyphen/><w:t>1234</w:t></w:r>", "电话 0533-1234"),
        ("<w:r><w:t>甲</w:t><w:softHyphen/><w:t>乙</w:t></w:r>", "甲乙"),
        (run("收到") + DELETED + f'<w:ins w:id="2">{run("新")}</w:ins>' + run("件"), "收到新件"),
        (f"<w:moveFrom>{run('去')}</w:moveFrom><w:moveTo>{run('来')}</w:moveTo>", "来"),
        (run("一") + run("秘密", HIDDEN) + run("二", '<w:vanish w:val="0"/>') + run("三", "<w:webHidden/>"), "一二三"),
        (f'<w:hyperlink r:id="x">{run("区政府网站")}</w:hyperlink>' + run("发布"), "区政府网站发布"),
        (run("共") + field("=SUM(ABOVE)", run("95")) + run("件"), "共95件"),
        (run("共") + field("XE 索引", "") + run("件"), "共件"),
        (run("共") + field(f"IF {field('PAGE', run('8'))}", run("95")) + run("件"), "共95件"),
        (f'<w:fldSimple w:instr="DATE">{run("2024年1月5日")}</w:fldSimple>', "2024年1月5日"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>" + run("后"), "控件后"),
        (f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('填')}</w:sdtContent></w:sdt>", ""),
        (f"<w:smartTag>{run('淄博')}</w:smartTag><w:customXml>{run('市')}</w:customXml>", "淄博市"),
        (f"<w:commentRangeStart/>{run('正文')}<w:commentRangeEnd/><w:r><w:commentReference/></w:r>", "正文"),
        (run("17") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("件"), "17件"),
        (run("17") + run("1", '<w:vertAlign w:val="superscript"/>') + run("件"), "17 1件"),
        (run("17") + '<w:r><w:footnoteReference w:customMarkFollows="1"/><w:t>1</w:t></w:r>', "17 1"),
        (run("划") + run("去", "<w:strike/>") + run("了", '<w:dstrike w:val="false"/>'), "划了"),
        ('<w:r><w:sym w:font="Symbol" w:char="F037"/></w:r>', "7"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F082"/></w:r>', "②"),
        (f"<w:r><w:ruby><w:rt>{run('pīn')}</w:rt><w:rubyBase>{run('字')}</w:rubyBase></w:ruby></w:r>", "字"),
        (run("其") + field(r"eq \o\ac(○,2)", "") + run("，"), "其②，"),
        ("<m:oMath><m:r><m:t>9</m:t></m:r><m:r><m:t>5</m:t></m:r></m:oMath>", "95"),
        ("<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:r><m:t>2</m:t></m:r></m:f></m:oMath>", "1 2"),
    ],
)  # fmt: skip
def test_a_paragraph_is_read_as_people_see_it(content: str, text: str) -> None:
    assert lines(par(content) + par("后")) == [*filter(None, [text]), "后"]


def test_paragraphs_come_in_order_and_blank_ones_are_left_out() -> None:
    assert lines(par("一") + par() + par("　　") + par("二") + "<w:p/>" + par("三")) == ["一", "二", "三"]


def test_a_line_set_apart_within_a_paragraph_is_a_line_of_its_own() -> None:
    assert lines(par("<w:r><w:t>某区</w:t><w:br/><w:t>年度报告</w:t><w:cr/><w:t>（2023）</w:t></w:r>")) == [
        "某区",
        "年度报告",
        "（2023）",
    ]


@pytest.mark.parametrize("gone", ["<w:del/>", "<w:moveFrom/>", "<w:vanish/>"])
def test_a_paragraph_whose_mark_is_gone_runs_on_in_the_next(gone: str) -> None:
    torn = par(run("总体"), f"<w:rPr>{gone}</w:rPr>")
    assert lines(torn + par("情况") + par("后")) == ["总体情况", "后"]
    assert lines(torn) == ["总体"]
    assert lines(torn + table(row("甲", "1")) + par("后")) == ["总体", "后"]


def test_a_deleted_paragraph_leaves_nothing_behind() -> None:
    assert lines(par("前") + par(DELETED, "<w:rPr><w:del/></w:rPr>") + par("后")) == ["前", "后"]


def test_hidden_text_is_known_by_its_style_too() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="a"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="c"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = par(run("见") + run("不见", '<w:rStyle w:val="b"/>'))
    body += par(run("不见") + run("见", '<w:vanish w:val="0"/>'), '<w:pStyle w:val="c"/>')
    assert lines(body, styles=styles) == ["见", "见"]


def test_a_field_to_choose_from_shows_what_was_chosen() -> None:
    choices = "".join(f'<w:listEntry w:val="{entry}"/>' for entry in ("有", "无"))
    data = f'<w:ffData><w:ddList><w:result w:val="1"/>{choices}</w:ddList></w:ffData>'
    begun = f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
    assert lines(
        par(
            begun
            + "<w:r><w:instrText>FORMDROPDOWN</w:instrText></w:r>"
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            + run("变化")
        )
    ) == ["无变化"]


def test_a_field_that_never_ends_swallows_its_paragraph_at_most() -> None:
    begun = par('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>')
    assert lines(begun + par("正文")) == ["正文"]


def test_the_result_of_a_field_may_go_over_several_paragraphs() -> None:
    first = par('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF</w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("一"))  # fmt: skip
    assert lines(first + par("二") + par('<w:r><w:fldChar w:fldCharType="end"/></w:r>' + run("三"))) == [
        "一",
        "二",
        "三",
    ]


def test_the_table_of_contents_is_no_part_of_the_text() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="11"><w:name w:val="toc 1"/></w:style>'
    made = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{par('目录')}{par('一、总体情况 1')}</w:sdtContent></w:sdt>"
    )
    assert lines(made + par("一、总体情况 1", '<w:pStyle w:val="11"/>') + par("正文"), styles=styles) == ["正文"]


def test_a_text_box_is_read_once_where_it_stands() -> None:
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{BOX.format(par('红头'))}</mc:Choice>"
        f"<mc:Fallback>{OLD_BOX.format(par('红头'))}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert lines(par(both + run("正文"))) == ["红头", "正文"]
    assert lines(par(run("正文") + both)) == ["正文", "红头"]
    inner = both.removeprefix("<w:r>").removesuffix("</w:r>")
    assert lines(par("<w:r><w:drawing>" + inner + "</w:drawing></w:r>")) == ["红头"]


def test_an_old_text_box_and_word_art_are_read_too() -> None:
    art = '<w:r><w:pict><v:shape><v:textpath string="某局年度报告"/></v:shape></w:pict></w:r>'
    assert lines(par(OLD_BOX.format(par("旧框") + par("二行")))) == ["旧框", "二行"]
    assert lines(par(art)) == ["某局年度报告"]


def test_a_table_in_a_text_box_is_a_grid() -> None:
    [found] = grids(par(BOX.format(table(row("甲", "1"), row("乙", "2")))))
    assert found.rows == (("甲", "1"), ("乙", "2"))


def test_where_only_the_fallback_says_something_that_is_read() -> None:
    empty = f"<w:r><mc:AlternateContent><mc:Choice Requires='x'/><mc:Fallback>{run('后备')[5:-6]}</mc:Fallback>"
    assert lines(par(empty + "</mc:AlternateContent></w:r>")) == ["后备"]


def test_content_controls_are_seen_through_around_paragraphs_rows_and_cells() -> None:
    wrap = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = wrap.format(par("一") + wrap.format(par("二"))) + table(
        wrap.format(row("甲", wrap.format(cell("1")))), f"<w:customXml>{row('乙', '2')}</w:customXml>"
    )
    assert lines(body) == ["一", "二"]
    assert grids(body)[0].rows == (("甲", "1"), ("乙", "2"))


def test_strict_office_files_read_like_the_usual_ones() -> None:
    body = par("标题", '<w:outlineLvl w:val="0"/>') + table(row(cell("甲", 2)), row("乙", "1"))
    numbers = abstract(1, level(0, "chineseCounting", "%1、")) + num(1, 1)
    body += par("总体情况", listed(1))
    strict, usual = (read_docx(word(body, numbering=numbers, strict=strict)).blocks for strict in (True, False))
    assert strict == usual
    assert strict[-1] == Paragraph("一、总体情况")


# ── headings ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("style", "own", "found"),
    [
        ('<w:name w:val="heading 1"/>', "", 1),
        ('<w:name w:val="Heading 3"/>', "", 3),
        ('<w:name w:val="标题 2"/>', "", 2),
        ('<w:name w:val="标题2"/>', "", 2),
        ('<w:name w:val="Title"/>', "", 1),
        ('<w:name w:val="自拟"/><w:basedOn w:val="h"/>', "", 4),
        ('<w:name w:val="自拟"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>', "", 2),
        ('<w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>', "", 0),
        ('<w:name w:val="Normal"/>', '<w:outlineLvl w:val="0"/>', 1),
        ('<w:name w:val="heading 1"/>', '<w:outlineLvl w:val="2"/>', 3),
        ('<w:name w:val="Normal"/><w:basedOn w:val="s"/>', "", 0),
        ('<w:name w:val="正文"/>', '<w:outlineLvl w:val="x"/>', 0),
    ],
)
def test_a_heading_has_the_level_of_its_style_or_its_own(style: str, own: str, found: int) -> None:
    styles = (
        f'<w:style w:type="paragraph" w:styleId="s">{style}</w:style>'
        '<w:style w:type="paragraph" w:styleId="h"><w:name w:val="heading 4"/></w:style>'
    )
    blocks = read_docx(word(par("总体情况", f'<w:pStyle w:val="s"/>{own}'), styles=styles)).blocks
    assert blocks == (Paragraph("总体情况", found),)


def test_a_heading_made_with_python_docx_is_one() -> None:
    made = docx.Document()
    made.add_heading("某局年度报告", 0)
    made.add_heading("一、总体情况", 1)
    made.add_paragraph("正文。")
    file = io.BytesIO()
    made.save(file)
    assert [(b.text, b.level) for b in read_docx(file.getvalue()).blocks if isinstance(b, Paragraph)] == [
        ("某局年度报告", 1),
        ("一、总体情况", 1),
        ("正文。", 0),
    ]


# ── automatic numbering ─────────────────────────────────────────────────────────────────────────────────────────────


def numbered(*levels: int, numbering: str, number: str | int = 1) -> list[str]:
    """The numbers that paragraphs get at these levels, from 0."""
    body = "".join(par("甲", listed(number, place)) for place in levels)
    return [text.removesuffix("甲") for text in lines(body, numbering=numbering)]


@pytest.mark.parametrize(
    ("kind", "first", "printed"),
    [
        ("chineseCounting", 1, ["一", "二", "三"]),
        ("chineseCounting", 9, ["九", "十", "十一"]),
        ("chineseCounting", 19, ["十九", "二十", "二十一"]),
        ("chineseCounting", 99, ["九十九", "一〇〇", "一〇一"]),
        ("chineseCountingThousand", 99, ["九十九", "一百", "一百零一"]),
        ("chineseCountingThousand", 109, ["一百零九", "一百一十", "一百一十一"]),
        ("taiwaneseCountingThousand", 1, ["一", "二", "三"]),
        ("japaneseCounting", 9, ["九", "十", "十一"]),
        ("ideographDigital", 9, ["九", "一〇", "一一"]),
        ("ideographTraditional", 1, ["甲", "乙", "丙"]),
        ("ideographZodiac", 11, ["戌", "亥", "13"]),
        ("chineseLegalSimplified", 10, ["壹拾", "壹拾壹", "壹拾贰"]),
        ("decimal", 9, ["9", "10", "11"]),
        ("decimalZero", 9, ["09", "10", "11"]),
        ("decimalFullWidth", 9, ["９", "１０", "１１"]),
        ("decimalEnclosedCircle", 1, ["①", "②", "③"]),
        ("decimalEnclosedCircleChinese", 20, ["⑳", "㉑", "㉒"]),
        ("decimalEnclosedParen", 1, ["⑴", "⑵", "⑶"]),
        ("decimalEnclosedFullstop", 1, ["⒈", "⒉", "⒊"]),
        ("ideographEnclosedCircle", 1, ["㊀", "㊁", "㊂"]),
        ("upperRoman", 3, ["III", "IV", "V"]),
        ("lowerRoman", 8, ["viii", "ix", "x"]),
        ("upperLetter", 25, ["Y", "Z", "AA"]),
        ("lowerLetter", 1, ["a", "b", "c"]),
        ("ordinal", 11, ["11th", "12th", "13th"]),
        ("numberInDash", 1, ["- 1 -", "- 2 -", "- 3 -"]),
        ("none", 1, ["", "", ""]),
        ("hebrew1", 1, ["", "", ""]),
    ],
)
def test_a_number_format_counts_as_word_does(kind: str, first: int, printed: list[str]) -> None:
    levels = abstract(1, level(0, kind, "%1、", start=first)) + num(1, 1)
    assert numbered(0, 0, 0, numbering=levels) == [f"{text}、" for text in printed]


@given(st.integers(1, 9999))
def test_a_chinese_number_is_the_one_that_the_cell_parser_reads(number: int) -> None:
    assert chinese_integer(chinese(number)) == number


@pytest.mark.parametrize(
    ("text", "suffix", "printed"),
    [
        ("%1、", "tab", "一、甲"),
        ("（%1）", "nothing", "（一）甲"),
        ("第%1部分", "space", "第一部分甲"),
        ("%1.", "tab", "一. 甲"),
        ("%1.", "nothing", "一.甲"),
        ("", "tab", "甲"),
    ],
)
def test_a_number_stands_before_its_text_with_what_divides_the_two(text: str, suffix: str, printed: str) -> None:
    levels = abstract(1, level(0, "chineseCounting", text, more=f'<w:suff w:val="{suffix}"/>')) + num(1, 1)
    assert lines(par("甲", listed(1)), numbering=levels) == [printed]


def test_a_figure_behind_a_number_does_not_run_into_it() -> None:
    levels = abstract(1, level(0, "decimal", "%1.")) + num(1, 1)
    assert lines(par("17件", listed(1)), numbering=levels) == ["1. 17件"]


def test_a_bullet_numbers_nothing() -> None:
    assert numbered(0, 0, numbering=abstract(1, level(0, "bullet", "\uf0b7")) + num(1, 1)) == ["", ""]


CHAPTERS = abstract(
    1,
    level(0, "chineseCounting", "%1、"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3.", more='<w:suff w:val="nothing"/>'),
    level(3, "decimal", "%1.%3.%4", more="<w:isLgl/>"),
)


def test_a_higher_level_starts_the_lower_ones_anew() -> None:
    assert numbered(0, 1, 2, 2, 1, 2, 0, 1, 3, numbering=CHAPTERS + num(1, 1)) == [
        "一、", "（一）", "1.", "2.", "（二）", "1.", "二、", "（一）", "2.1.1 ",
    ]  # fmt: skip


def test_a_lower_level_that_comes_first_begins_the_higher_ones_with_it() -> None:
    levels = abstract(1, level(0, "decimal", "%1"), level(1, "decimal", "%1.%2、")) + num(1, 1)
    assert numbered(1, 1, 0, numbering=levels) == ["1.1、", "1.2、", "2 "]


def test_a_level_may_never_start_anew_or_only_behind_a_certain_one() -> None:
    never = abstract(1, level(0, "decimal", "%1、"), level(1, "decimal", "%2、", more='<w:lvlRestart w:val="0"/>'))
    assert numbered(0, 1, 0, 1, numbering=never + num(1, 1)) == ["1、", "1、", "2、", "2、"]
    behind = abstract(
        1,
        level(0, "decimal", "%1、"),
        level(1, "decimal", "%2、"),
        level(2, "decimal", "%3、", more='<w:lvlRestart w:val="1"/>'),
    )
    assert numbered(0, 1, 2, 1, 2, 0, 2, numbering=behind + num(1, 1))[2::2] == ["1、", "2、", "1、"]


def test_lists_of_one_definition_go_on_counting_and_a_start_of_its_own_begins_anew() -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering = CHAPTERS + num(1, 1) + num(2, 1) + num(3, 1, restart)
    body = "".join(par("甲", listed(number)) for number in (1, 2, 3, 3, 1))
    assert lines(body, numbering=numbering) == ["一、甲", "二、甲", "五、甲", "六、甲", "七、甲"]


def test_a_list_may_have_a_level_of_its_own() -> None:
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "%1）", start=3)}</w:lvlOverride>'
    body = par("甲", listed(1)) + par("甲", listed(2))
    assert lines(body, numbering=CHAPTERS + num(1, 1) + num(2, 1, own)) == ["一、甲", "2）甲"]


def test_a_list_may_borrow_its_definition_from_a_list_style() -> None:
    lent = abstract(1, level(0, "chineseCounting", "%1、"), more='<w:styleLink w:val="L"/>')
    borrowing = abstract(2, more='<w:numStyleLink w:val="L"/>')
    assert numbered(0, 0, numbering=lent + borrowing + num(1, 2) + num(2, 1)) == ["一、", "二、"]


def test_a_format_that_only_new_readers_know_has_its_fallback() -> None:
    kind = (
        '<mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="001"/></mc:Choice>'
        '<mc:Fallback><w:numFmt w:val="decimalZero"/></mc:Fallback></mc:AlternateContent>'
    )
    own = f'<w:lvl w:ilvl="0"><w:start w:val="1"/>{kind}<w:lvlText w:val="%1、"/></w:lvl>'
    assert numbered(0, numbering=abstract(1, own) + num(1, 1)) == ["01、"]


def test_a_style_numbers_its_paragraphs_and_says_at_which_level() -> None:
    styles = (
        f'<w:style w:type="paragraph" w:styleId="A"><w:name w:val="标题 1"/><w:pPr>{listed(1, None)}</w:pPr></w:style>'
        f'<w:style w:type="paragraph" w:styleId="B"><w:name w:val="标题 2"/><w:pPr>{listed(1, None)}</w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="自拟"/><w:basedOn w:val="B"/></w:style>'
        f'<w:style w:type="paragraph" w:styleId="D"><w:basedOn w:val="A"/><w:pPr>{listed(0, None)}</w:pPr></w:style>'
    )
    numbers = abstract(
        1,
        level(0, "chineseCounting", "%1、", more='<w:pStyle w:val="A"/>'),
        level(1, "chineseCounting", "（%2）", more='<w:pStyle w:val="B"/>'),
    )
    body = "".join(par("甲", f'<w:pStyle w:val="{style}"/>') for style in "ABCDA")
    body += par("甲", f'<w:pStyle w:val="A"/>{listed(0)}')
    assert lines(body, styles=styles, numbering=numbers + num(1, 1)) == [
        "一、甲", "（一）甲", "（二）甲", "甲", "二、甲", "甲",
    ]  # fmt: skip


def test_blank_paragraphs_count_and_deleted_ones_do_not() -> None:
    gone = par(DELETED, f"{listed(1)}<w:rPr><w:del/></w:rPr>")
    assert lines(
        par("甲", listed(1)) + par("", listed(1)) + gone + par("乙", listed(1)), numbering=CHAPTERS + num(1, 1)
    ) == [
        "一、甲",
        "三、乙",
    ]


def test_a_list_that_is_not_in_the_file_is_told_and_harms_nothing() -> None:
    document = read_docx(word(par("总体情况", listed(7))))
    assert document.blocks == (Paragraph("总体情况"),)
    assert any("自动编号" in note for note in document.notes)


def test_a_format_that_is_not_known_is_told() -> None:
    document = read_docx(word(par("甲", listed(1)), numbering=abstract(1, level(0, "hebrew1", "%1")) + num(1, 1)))
    assert any("hebrew1" in note for note in document.notes)


def test_the_labels_of_a_table_have_their_automatic_numbers() -> None:
    numbers = abstract(1, level(0, "decimal", "%1.")) + num(1, 1)
    body = table(
        row(cell(par("属于国家秘密", listed(1))), "0"),
        row(cell(par("重复申请", listed(1))), "3"),
        row(cell("甲"), cell(par("", listed(1)))),
        row(cell("乙"), cell(par("5", listed(1)))),
    )
    [found] = grids(body, numbering=numbers)
    assert found.rows == (("1. 属于国家秘密", "0"), ("2. 重复申请", "3"), ("甲", ""), ("乙", "4. 5"))
    assert set(found.doubts) == {(2, 1), (3, 1)}


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_spans_and_merges_are_resolved() -> None:
    found = grid(
        row(cell("头", 3)),
        row(cell("组", merge="restart"), "甲", "1"),
        row(cell("", merge="continue"), "乙", "2"),
        row(cell("", properties="<w:vMerge/>"), "丙", "3"),
        row(cell("另", merge="restart"), "丁", "4"),
        row(cell("无主", merge="restart"), cell("丁", merge="continue"), "5"),
    )
    assert ["".join(line) for line in found.rows] == ["头头头", "组甲1", "组乙2", "组丙3", "另丁4", "无主丁5"]


def test_what_a_covered_cell_still_holds_is_not_seen_and_not_read() -> None:
    found = grid(row(cell("3", merge="restart"), "甲"), row(cell("9", merge="continue"), "乙"))
    assert found.rows == (("3", "甲"), ("3", "乙"))


def test_a_merge_without_a_beginning_is_a_cell_of_its_own() -> None:
    assert grid(row("甲", cell("5", merge="continue")), row("乙", "6")).rows == (("甲", "5"), ("乙", "6"))


def test_cells_merged_the_old_way_within_a_row_are_one() -> None:
    old = '<w:hMerge w:val="{}"/>'
    found = grid(
        row(cell("头", properties=old.format("restart")), cell("", properties=old.format("continue"))), row("甲", "1")
    )
    assert found.rows == (("头", "头"), ("甲", "1"))


def test_places_that_a_row_leaves_out_hold_no_cell() -> None:
    found = grid(
        row("甲", "乙", "丙"),
        row("1", properties='<w:gridBefore w:val="2"/>'),
        row("2", properties='<w:gridAfter w:val="2"/>'),
    )
    assert found.rows[1:] == ((NO_CELL, NO_CELL, "1"), ("2", NO_CELL, NO_CELL))


def test_absurd_spans_cost_nothing() -> None:
    found = grid(row(cell("头", 10**9)), row("甲", "1"), row(cell("a", -4), cell("b", 0)))
    assert [line[:2] for line in found.rows] == [("头", "头"), ("甲", "1"), ("a", "b")]
    before = row("1", properties=f'<w:gridBefore w:val="{10**12}"/>')
    assert grid(before, row("甲", "2")).rows[1][:2] == ("甲", "2")


def test_a_row_wider_than_any_table_is_cut_and_told() -> None:
    document = read_docx(word(table(row(*["1"] * 500), row(*["2"] * 500))))
    [found] = document.blocks
    assert isinstance(found, Grid)
    assert {len(line) for line in found.rows} == {MAX_COLUMNS}
    assert any("过大" in note for note in document.notes)


def test_a_border_that_was_dragged_a_little_is_in_line_again() -> None:
    found = grid(
        row(cell("项目"), cell("自然人", 2), cell("企业"), cell("总计")),
        row(cell("甲"), cell("1"), cell("2", 2), cell("3")),
        widths=(2000, 500, 120, 480, 600),
    )
    assert found.rows == (("项目", "自然人", "企业", "总计"), ("甲", "1", "2", "3"))


def test_rows_of_as_many_cells_stand_cell_under_cell_where_spans_went_wrong() -> None:
    found = grid(
        row(cell("第二十条第（一）项", 10**6)),
        row(cell("信息内容"), cell("制发"), cell("废止", 2), cell("有效")),
        row(cell("规章"), cell("7", 2), cell("23"), cell("3")),
        row("行政规范性文件", "78", "72", "14"),
    )
    assert found.rows[1:] == (
        ("信息内容", "制发", "废止", "有效"),
        ("规章", "7", "23", "3"),
        ("行政规范性文件", "78", "72", "14"),
    )


def test_a_border_that_was_dragged_far_is_left_where_it_is() -> None:
    found = grid(
        row(cell("项目", 2), cell("自然人", 2), cell("企业")),
        row("组", "甲", cell("1"), cell("2", 2)),
        widths=(500, 500, 500, 400, 500),
    )
    assert found.rows[1] == ("组", "甲", "1", "2", "2")


def test_spans_that_a_program_left_out_are_seen_by_the_widths() -> None:
    def wide(text: str, width: int) -> str:
        return cell(text, properties=f'<w:tcW w:w="{width}" w:type="dxa"/>')

    found = grid(row(wide("头", 3000)), row(wide("甲", 1000), wide("乙", 1010), wide("丙", 990)), widths=(1, 1, 1))
    assert found.rows == (("头", "头", "头"), ("甲", "乙", "丙"))


@pytest.mark.parametrize("gone", ["<w:del/>", "<w:hidden/>"])
def test_a_row_that_was_deleted_or_hidden_is_no_row(gone: str) -> None:
    assert grid(row("甲", "1"), row("乙", "2", properties=gone), row("丙", "3", properties="<w:ins/>")).rows == (
        ("甲", "1"),
        ("丙", "3"),
    )


def test_cells_with_undecided_changes_make_their_row_doubtful() -> None:
    found = grid(row("甲", "1", "2"), row("乙", cell("3", properties="<w:cellDel/>"), "4"))
    assert set(found.doubts) == {(1, 0), (1, 1), (1, 2)}


def test_lines_of_a_label_join_and_two_numbers_stay_two() -> None:
    found = grid(row(cell(par("商业") + par("企业")), cell(par("1") + par("7"))), row("甲", "<w:tc/>"))
    assert found.rows == (("商业企业", "1 7"), ("甲", ""))


@pytest.mark.parametrize(
    "content",
    [
        run("5", "<w:strike/>") + run("6"),
        PICTURE.format("p"),
        BOX.format(par("7")),
        '<w:r><w:object><v:shape><v:imagedata r:id="x"/></v:shape></w:object></w:r>',
        '<w:r><w:pict><v:shape><v:textpath string="8"/></v:shape></w:pict></w:r>',
        field(r"EQ \f(1,2)", ""),
    ],
)
def test_a_cell_that_shows_more_than_its_text_is_doubtful(content: str) -> None:
    found = grid(row("甲", cell(par(content))), row("乙", "1"))
    assert set(found.doubts) == {(0, 1)}
    assert found.doubts[0, 1].startswith("格内")


def test_a_doubtful_cell_is_doubtful_wherever_it_reaches() -> None:
    found = grid(
        row(cell(par(PICTURE.format("p")), 2, "restart"), "1"), row(cell("", 2, "continue"), "2"), row(*"甲乙3")
    )
    assert set(found.doubts) == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_a_table_that_only_arranges_the_page_is_not_one() -> None:
    inner = table(row("甲", "1"), row("乙", "2"))
    body = table(
        row(cell(par("某局年度报告"))), row(cell(par("一、总体情况") + par("正文。") + inner + par("六、其他")))
    )
    blocks = read_docx(word(body)).blocks
    assert [block.text if isinstance(block, Paragraph) else block.rows for block in blocks] == [
        "某局年度报告", "一、总体情况", "正文。", (("甲", "1"), ("乙", "2")), "六、其他",
    ]  # fmt: skip
    assert lines(table(row("只有一格"))) == ["只有一格"]


def test_a_table_in_a_cell_of_figures_makes_that_cell_doubtful_and_is_read_behind() -> None:
    inner = table(row("子", "5"), row("丑", "6"))
    outer, found = grids(table(row("甲", "1"), row("乙", cell(inner + par(""))), row("丙", "3")))
    assert [line[0] for line in outer.rows] == ["甲", "乙", "丙"]
    assert set(outer.doubts) == {(1, 1)}
    assert found.rows == (("子", "5"), ("丑", "6"))


def test_prose_in_a_row_of_its_own_parts_the_table() -> None:
    body = table(
        row("甲", "1"),
        row(cell("三、收到和处理政府信息公开申请情况", 2)),
        row("乙", "2"),
        row(cell("第二十条第（五）项", 2)),
    )
    blocks = read_docx(word(body)).blocks
    assert [type(block) for block in blocks] == [Grid, Paragraph, Grid]
    assert isinstance(blocks[2], Grid)
    assert blocks[2].rows[1] == ("第二十条第（五）项",) * 2


def test_tables_one_behind_the_other_stay_two() -> None:
    assert [found.rows for found in grids(table(row("甲", "1")) + table(row("乙", "2")))] == [
        (("甲", "1"),),
        (("乙", "2"),),
    ]


@st.composite
def tilings(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    """A grid cut into rectangles: top, left, height, width of each."""
    height, width = draw(st.integers(1, 7)), draw(st.integers(2, 7))
    free = {(y, x) for y in range(height) for x in range(width)}
    found = []
    while free:
        y, x = min(free)
        most = next((n for n in range(width - x) if (y, x + n) not in free), width - x)
        wide = draw(st.integers(1, most))
        high = draw(st.integers(1, height - y))
        while any((y + down, x + n) not in free for down in range(high) for n in range(wide)):
            high -= 1
        free -= {(y + down, x + n) for down in range(high) for n in range(wide)}
        found.append((y, x, high, wide))
    return found


def _written(tiling: list[tuple[int, int, int, int]]) -> str:
    """A table of such rectangles; each holds its number."""
    height = max(y + high for y, _, high, _ in tiling)
    rows: list[list[tuple[int, str]]] = [[] for _ in range(height)]
    for number, (y, x, high, wide) in enumerate(tiling):
        for down in range(high):
            merge = "" if high == 1 else "continue" if down else "restart"
            rows[y + down].append((x, cell("" if down else f"格{number}", wide, merge)))
    return table(*(row(*(text for _, text in sorted(cells))) for cells in rows))


@given(tilings())
@settings(max_examples=150, deadline=None)
def test_any_merges_resolve_as_on_squared_paper(tiling: list[tuple[int, int, int, int]]) -> None:
    expected = {
        (y + down, x + n): f"格{number}"
        for number, (y, x, high, wide) in enumerate(tiling)
        for down in range(high)
        for n in range(wide)
    }
    # A column that no cell ends in does not exist for people; squared paper has lines only where a cell has an edge.
    edges = sorted({edge for _, x, _, wide in tiling for edge in (x, x + wide)})
    lasts = [right - 1 for right in edges[1:]]
    height = max(y for y, _ in expected) + 1
    paper = tuple(tuple(expected[y, x] for x in lasts) for y in range(height))
    if len(tiling) == 1:
        assert lines(_written(tiling)) == ["格0"]
    else:
        assert grids(_written(tiling))[0].rows == paper


# ── pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────

PAGES = "<Properties xmlns='x'><Pages>{}</Pages></Properties>"


def test_words_own_marks_tell_the_pages() -> None:
    body = (
        par("一")
        + par(BREAK)
        + par(TURNED + run("二"))
        + table(row("甲", "1"), row(cell(par(TURNED + run("乙"))), "2"), row("丙", "3"))
        + par("末")
    )
    blocks = read_docx(word(body)).blocks
    assert [block.pages if isinstance(block, Grid) else block.page for block in blocks] == [1, 2, (2, 3, 3), 3]


def test_breaks_by_hand_tell_the_pages_only_where_they_account_for_all() -> None:
    body = par("一") + par(BREAK) + par("二") + par("三", "<w:pageBreakBefore/>")

    def pages(count: str) -> list[int]:
        parts = {"docProps/app.xml": PAGES.format(count).encode()} if count else {}
        return [block.page for block in read_docx(word(body, parts=parts)).blocks if isinstance(block, Paragraph)]

    assert pages("3") == [1, 2, 3]
    assert pages("") == [1, 2, 3]
    assert pages("5") == [0, 0, 0]


def test_without_any_mark_there_are_no_pages() -> None:
    assert read_docx(word(par("一") + table(row("甲", "1")))).blocks == (Paragraph("一"), Grid((("甲", "1"),)))


# ── pictures and what is left out ───────────────────────────────────────────────────────────────────────────────────

PNG = b"\x89PNG\r\n\x1a\n"


def test_a_document_of_pictures_only_says_so_and_hands_them_out_in_order() -> None:
    relations = "".join(relation(f"p{n}", "image", f"media/{n}.png") for n in (1, 2, 3))
    relations += relation("far", "image", "http://127.0.0.1/x.png", "External") + relation(
        "up", "image", "../../../x.png"
    )
    old = '<w:r><w:pict><v:shape><v:imagedata r:id="p3"/></v:shape></w:pict></w:r>'
    both = f"<w:r><mc:AlternateContent><mc:Choice>{PICTURE.format('p1')}</mc:Choice><mc:Fallback>{old}</mc:Fallback>"
    body = "".join(map(par, [PICTURE.format("p2"), both + "</mc:AlternateContent></w:r>", old, PICTURE.format("p2")]))
    body += par(PICTURE.format("far") + PICTURE.format("up") + PICTURE.format("none"))
    parts = {f"word/media/{n}.png": PNG + bytes([n]) for n in (1, 2, 3)}
    data = word(body, relations=relations, parts=parts)
    assert pictures(data) == [PNG + bytes([n]) for n in (2, 1, 3)]
    with pytest.raises(Unreadable, match="只有图片"):
        read_docx(data)


def test_what_is_left_out_is_told() -> None:
    ole = '<w:r><w:object><v:shape><v:imagedata r:id="x"/></v:shape></w:object></w:r>'
    document = read_docx(word(par("正文") + par(PICTURE.format("p")) + par(ole + NOTE) + '<w:altChunk r:id="c"/>'))
    assert len(document.notes) == 4
    assert all(
        any(words in note for note in document.notes) for words in ("1处图片", "1个嵌入的对象", "1处脚注", "altChunk")
    )
    with pytest.raises(Unreadable, match="altChunk"):
        read_docx(word('<w:altChunk r:id="c"/>'))
    with pytest.raises(Unreadable, match="没有文字"):
        read_docx(word(par()))


def test_a_macro_document_reads_like_any_other() -> None:
    parts = {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0macro", "word/embeddings/oleObject1.bin": b"\0" * 50}
    document = read_document(word(par("正文"), parts=parts), name="报告.docm")
    assert (document.media_type, document.blocks) == (MEDIA_TYPE, (Paragraph("正文"),))


# ── the official template, and a whole report ───────────────────────────────────────────────────────────────────────


@needs_template
def test_the_blank_national_template_is_an_unfilled_form_and_nothing_in_it_is_zero() -> None:
    document = read_document(TEMPLATE.read_bytes())
    report = read_report(document)
    assert report.is_unfilled
    assert report.doubts == {}
    cells = dict(report.cells())
    assert len(cells) == 200
    assert all(found.is_blank for found in cells.values())
    assert [(part.number, part.part) for part in report.sections] == [(n, n) for n in range(1, 7)]


@needs_template
def test_the_figures_written_into_the_template_are_read_cell_by_cell() -> None:
    made = docx.Document(str(TEMPLATE))
    for place, own in enumerate(made.tables[1].rows[3:]):
        cells = list(dict.fromkeys(own.cells))[-7:]
        for number, one in enumerate(cells):
            one.paragraphs[0].text = str(place * 10 + number)
    file = io.BytesIO()
    made.save(file)
    report = read_report(read_document(file.getvalue()))
    requests = report.tables["requests"] or {}
    assert not report.doubts
    assert [[one.value for one in columns.values()] for columns in requests.values()] == [
        [place * 10 + number for number in range(7)] for place in range(25)
    ]


def test_merges_made_with_python_docx_are_resolved() -> None:
    made = docx.Document()
    own = made.add_table(3, 4)
    own.cell(0, 0).merge(own.cell(1, 1)).text = "角"
    own.cell(0, 2).merge(own.cell(0, 3)).text = "头"
    for place in (2, 3):
        own.cell(1, place).text = f"列{place}"
    for place in range(4):
        own.cell(2, place).text = str(place)
    file = io.BytesIO()
    made.save(file)
    [found] = [block for block in read_docx(file.getvalue()).blocks if isinstance(block, Grid)]
    assert found.rows == (("角", "角", "头", "头"), ("角", "角", "列2", "列3"), ("0", "1", "2", "3"))
