"""OFD files, composed here as the standard (GB/T 33190-2016) has them: what is printed where is what is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.documents import read_document
from monitor.errors import Unreadable
from monitor.model import Document, Grid, Paragraph

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
ROWS = (
    ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
    ("规章", "0", "", "12"),
    ("行政规范性文件", "3", "1,024", "/"),
    ("行政许可", "见附件", "见附件", "-8"),
)
#: The first column's left border, the first row's upper one, and the size of a cell, mm.
LEFT, TOP, WIDTH, HEIGHT = 25.0, 60.0, 40.0, 10.0
SIZE = 4.0


def text(
    words: str, x: float, y: float, *, deltas: str = "", more: str = "", size: float = SIZE, inner: str = ""
) -> str:
    """A line of lettering whose baseline starts at a place of the page."""
    steps = [size if mark > "\u2e7f" else size / 2 for mark in words][:-1]
    delta = deltas or " ".join(f"{step:g}" for step in steps)
    across = f' DeltaX="{delta}"' if delta else ""
    return (
        f'<ofd:TextObject ID="1" Font="2" Size="{size}" Boundary="{x} {y - size} 150 {size * 1.5}" {more}>{inner}'
        f'<ofd:TextCode X="0" Y="{size}"{across}>{words}</ofd:TextCode></ofd:TextObject>'
    )


def line(x0: float, y0: float, x1: float, y1: float, *, thin_fill: bool = False) -> str:
    if thin_fill:
        box, width, height = (x0, y0), max(x1 - x0, 0.2), max(y1 - y0, 0.2)
        path = f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C"
        return path_object(box, path, 'Stroke="false" Fill="true"')
    return path_object((x0, y0), f"M 0 0 L {x1 - x0} {y1 - y0}")


def path_object(corner: tuple[float, float], path: str, more: str = "") -> str:
    return (
        f'<ofd:PathObject ID="3" Boundary="{corner[0]} {corner[1]} 200 200" LineWidth="0.25" {more}>'
        f"<ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def table(rows: Sequence[Sequence[str]] = ROWS, *, thin_fill: bool = False, merged: bool = True) -> str:
    """The table's lines and its lettering; in the last row the two middle cells are one."""
    right, bottom = LEFT + 4 * WIDTH, TOP + len(rows) * HEIGHT
    drawn = [
        line(LEFT, TOP + row * HEIGHT, right, TOP + row * HEIGHT, thin_fill=thin_fill) for row in range(len(rows) + 1)
    ]
    for column in range(5):
        end = bottom - HEIGHT if column == 2 and merged else bottom
        drawn.append(line(LEFT + column * WIDTH, TOP, LEFT + column * WIDTH, end, thin_fill=thin_fill))
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            if words and not (merged and row == len(rows) - 1 and column == 2):
                drawn.append(text(words, LEFT + column * WIDTH + 3, TOP + row * HEIGHT + 6))
    return "".join(drawn)


HEAD = text("演示区水务局2023年度报告", 60, 30, size=6) + text("一、总体情况", 25, 45)


def ofd(*pages: str, template: str = "", extra: dict[str, str] | None = None, without: str = "") -> bytes:
    files = {
        "OFD.xml": f'<ofd:OFD {NAMESPACE} DocType="OFD" Version="1.0"><ofd:DocBody><ofd:DocInfo/>'
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        + ('<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else "")
        + "</ofd:CommonData><ofd:Pages>"
        + "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
        + "</ofd:Pages></ofd:Document>",
    }
    used = '<ofd:Template TemplateID="9" ZOrder="Background"/>' if template else ""
    for number, marks in enumerate(pages):
        files[f"Doc_0/Pages/Page_{number}/Content.xml"] = page(marks, used)
    if template:
        files["Doc_0/Tpls/Tpl_0/Content.xml"] = page(template)
    files.update(extra or {})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            if not without or without not in name:
                written.writestr(name, content)
    return stream.getvalue()


def page(marks: str, used: str = "", *, more: str = "") -> str:
    layer = f'<ofd:Layer ID="5" {more}><ofd:PageBlock ID="6">{marks}</ofd:PageBlock></ofd:Layer>'
    return f"<ofd:Page {NAMESPACE}>{used}<ofd:Content>{layer}</ofd:Content></ofd:Page>"


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("thin_fill", [False, True], ids=["stroked lines", "thin rectangles"])
def test_a_page_is_read_as_printed(thin_fill: bool) -> None:
    document = read_document(ofd(HEAD + table(thin_fill=thin_fill)), name="年报.ofd")
    assert document.media_type == "application/ofd"
    assert texts(document) == ["演示区水务局2023年度报告", "一、总体情况"]
    (grid,) = grids(document)
    assert (grid.rows, grid.doubts, set(grid.pages)) == (ROWS, {}, {1})


def test_steps_may_be_written_short_and_objects_scaled() -> None:
    scaled = text("2023年", 25, 45, deltas="g 3 1 1", size=2, more='CTM="2 0 0 2 0 0"')
    document = read_document(ofd(scaled + table()))
    assert texts(document) == ["2023年"]


def test_what_lies_under_a_page_belongs_to_it() -> None:
    empty = tuple(tuple("" for _ in row) for row in ROWS)
    filled = "".join(
        text(words, LEFT + column * WIDTH + 3, TOP + row * HEIGHT + 6)
        for row, cells in enumerate(ROWS[:3])
        for column, words in enumerate(cells)
        if words
    )
    (grid,) = grids(read_document(ofd(filled, template=table(empty, merged=False))))
    assert grid.rows[:3] == ROWS[:3]


def test_what_nobody_sees_is_not_read() -> None:
    seen = text("12", LEFT + 3, 48)
    unseen = [
        text("34", LEFT + 30, 48, more='Visible="false"'),
        text("34", LEFT + 30, 48, more='Alpha="0"'),
        text("34", LEFT + 30, 48, inner='<ofd:FillColor Value="255 255 255"/>'),
        text("34", LEFT + 30, 48, more='CTM="0.7 0.7 -0.7 0.7 0 0"'),
    ]
    assert texts(read_document(ofd(seen + "".join(unseen)))) == ["12"]


def test_a_figure_printed_twice_to_look_bold_is_one() -> None:
    bold = text("112", LEFT + 3, 48) + text("112", LEFT + 3.2, 48)
    assert texts(read_document(ofd(bold))) == ["112"]


def test_figures_that_one_object_pushes_together_are_not_taken_for_one() -> None:
    pushed = text("11", LEFT + 2 * WIDTH + 3, TOP + HEIGHT + 6, deltas="0.3")
    (grid,) = grids(read_document(ofd(table() + pushed)))
    assert grid.rows[1][2] == "11"
    assert list(grid.doubts) == [(1, 2)]


@pytest.mark.parametrize(
    "drawn",
    [
        f'<ofd:ImageObject ID="7" Boundary="{LEFT + 2 * WIDTH + 2} {TOP + HEIGHT + 1} 20 7" ResourceID="8"/>',
        path_object((LEFT + 2 * WIDTH + 2, TOP + HEIGHT + 1), "M 0 0 B 1 4 6 6 14 7 L 14 0 C"),
    ],
    ids=["picture", "curve"],
)
def test_a_cell_in_which_something_is_drawn_is_not_blank(drawn: str) -> None:
    (grid,) = grids(read_document(ofd(table() + drawn)))
    assert grid.rows == ROWS
    assert list(grid.doubts) == [(1, 2)]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ofd(HEAD, without="Page_0"), "找不到其中的页面"),
        (ofd(HEAD, without="Document.xml"), "找不到其中的页面"),
        (ofd(), "找不到其中的页面"),
        (ofd(HEAD, extra={"Encryptions.xml": "<x/>"}), "已加密"),
        (ofd('<ofd:ImageObject ID="7" Boundary="0 0 210 297" ResourceID="8"/>'), "是图片"),
        (ofd(text("\ue001\ue002\ue003\ue004", 25, 45)), "没有可用的编码"),
        (ofd('<ofd:TextObject Size="4" Boundary="1 2 x"><ofd:TextCode>12</ofd:TextCode></ofd:TextObject>'), "图元"),
        (ofd(path_object((0, 0), "M 0 0 Z 5 5")), "图元"),
        (ofd(path_object((0, 0), "M 0 0 L 5")), "图元"),
        (ofd(text("12", 25, 45, deltas="g 60000 1 g 60000 1")), "图元"),
        (ofd(""), "没有文字"),
        (ofd(HEAD)[:-200], "损坏"),
        (ofd(HEAD, extra={"OFD.xml": '<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>'}), "恶意"),
    ],
)
def test_a_file_that_cannot_be_read_whole_says_why(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as raised:
        read_document(data, name="年报.ofd")
    assert "\n" not in str(raised.value)


WHOLE = page(HEAD + table())


@settings(max_examples=60)
@given(st.data())
def test_no_page_brings_the_reader_down(data: st.DataObject) -> None:
    changed = WHOLE
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed)))
        changed = (
            changed[:place]
            + data.draw(st.sampled_from(["", "9", "-", " ", "e9", "<", "g", "M", "1e308"]))
            + changed[place + 1 :]
        )
    with suppress(Unreadable):
        read_document(ofd("", extra={"Doc_0/Pages/Page_0/Content.xml": changed}))
