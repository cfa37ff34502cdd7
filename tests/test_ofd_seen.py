"""OFD files that print what no reader sees, or hold pages that are pictures."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from monitor.documents import read_document
from monitor.errors import Unreadable
from monitor.model import Document
from tests import scanned
from tests.test_ofd import (
    HEAD,
    HEIGHT,
    LEFT,
    NAMESPACE,
    ROWS,
    TOP,
    WIDTH,
    grids,
    ofd,
    page,
    path_object,
    table,
    text,
    texts,
)

#: Where the cell with the figure 12 begins, and its text; a blank cell beside it.
X, Y = LEFT + 3 * WIDTH, TOP + HEIGHT
FIGURE = text("12", X + 3, Y + 6)
OTHER = LEFT + 2 * WIDTH + 3, Y + 6


def box(x: float, y: float, width: float, height: float, colour: str = "255 255 255", *, more: str = "") -> str:
    path = f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C"
    fill = f'<ofd:FillColor Value="{colour}" {more}/>' if colour else ""
    return path_object((x, y), path, 'Stroke="false" Fill="true"').replace("<ofd:Abb", fill + "<ofd:Abb")


def cell(document: Document, row: int = 1, column: int = 3) -> tuple[str, bool]:
    """The text of a cell, and whether it is in doubt: marked, or no number to read."""
    (grid,) = grids(document)
    found = grid.rows[row][column]
    return found, (row, column) in grid.doubts or "\ufffd" in found


def res(params: str = "", *, media: str = "", spaces: str = "") -> str:
    return (
        f'<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:ColorSpaces>{spaces}</ofd:ColorSpaces>'
        f"<ofd:DrawParams>{params}</ofd:DrawParams><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>"
    )


def with_resources(content: str, resources: str, *, more: str = "", images: dict[str, bytes] | None = None) -> bytes:
    """A file of one page with a resource file, pictures, and something said of its layer."""
    data = ofd(
        "", extra={"Doc_0/Pages/Page_0/Content.xml": page(content, more=more), "Doc_0/DocumentRes.xml": resources}
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w") as written:
        for name in given.namelist():
            part = given.read(name)
            if name == "Doc_0/Document.xml":
                part = part.replace(
                    b"</ofd:CommonData>", b"<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>"
                )
            written.writestr(name, part)
        for name, picture in (images or {}).items():
            written.writestr(f"Doc_0/Res/{name}", picture)
    return out.getvalue()


def picture(image: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def image_object(x: float, y: float, width: float, height: float, more: str = "") -> str:
    return (
        f'<ofd:ImageObject ID="7" Boundary="{x} {y} {width} {height}" CTM="{width} 0 0 {height} 0 0" '
        f'ResourceID="8" {more}/>'
    )


MEDIA = '<ofd:MultiMedia ID="8" Type="Image"><ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia>'


# ── painted over ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("colour", ["255 255 255", "#ff #ff #ff", "255", "0 0 0 0", "200 220 255"])
def test_a_figure_under_a_box_that_is_painted_over_it_is_not_read(colour: str) -> None:
    over = box(X + 1, Y + 1, WIDTH - 2, HEIGHT - 2, colour)
    assert cell(read_document(ofd(table() + over)))[0] == ""
    new = text("34", X + 3, Y + 6)
    assert cell(read_document(ofd(table() + over + new))) == ("34", False)
    assert cell(read_document(ofd(over + table()))) == ("12", False)


def test_what_covers_a_figure_in_part_or_not_for_sure_makes_it_a_doubt() -> None:
    for over in (
        box(X + 6, Y + 1, 5, HEIGHT - 2),  # half of the second figure
        box(X + 4.8, Y + 1, 5, HEIGHT - 2),  # the second figure, so that a 1 is left of 12
        box(X + 1, Y + 1, 20, HEIGHT - 2, more='Alpha="180"'),
        box(X + 1, Y + 1, 20, HEIGHT - 2, ""),  # transparent by the standard, not for all viewers
        path_object((X, Y), "M 0 0 L 20 0 L 0 20 C", 'Stroke="false" Fill="true"'),
        image_object(X + 1, Y + 1, 20, 8),  # not in the file
    ):
        assert cell(read_document(ofd(table() + over)))[1], over


def test_what_lets_a_figure_be_seen_leaves_it_alone() -> None:
    for over in (
        box(X + 1, Y + 1, 20, HEIGHT - 2, "255 255 0", more='Alpha="80"'),
        box(X + 1, Y + 1, 20, HEIGHT - 2, more='Alpha="10"'),
        box(X + 20, Y + 1, 15, HEIGHT - 2),
    ):
        assert cell(read_document(ofd(table() + over))) == ("12", False), over


def test_the_layers_order_is_that_of_painting() -> None:
    over = box(X + 1, Y + 1, WIDTH - 2, HEIGHT - 2)
    layers = (
        f'<ofd:Page {NAMESPACE}><ofd:Content><ofd:Layer Type="{{}}" ID="1">{over}</ofd:Layer>'
        f'<ofd:Layer Type="{{}}" ID="2">{table()}</ofd:Layer></ofd:Content></ofd:Page>'
    )
    place = "Doc_0/Pages/Page_0/Content.xml"
    for first, second, found in (
        ("Body", "Body", "12"), ("Foreground", "Body", ""), ("Body", "Background", ""), ("Background", "Body", "12"),
    ):  # fmt: skip
        assert cell(read_document(ofd("", extra={place: layers.format(first, second)})))[0] == found
    assert cell(read_document(ofd(table(), template=over)))[0] == "12"
    used = '<ofd:Template TemplateID="9" ZOrder="Foreground"/>'
    assert cell(read_document(ofd("", template=over, extra={place: page(table(), used)})))[0] == ""


# ── colours ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_lettering_in_the_colour_of_its_ground_is_not_read_and_other_lettering_is() -> None:
    white, dark = '<ofd:FillColor Value="255 255 255"/>', '<ofd:FillColor Value="20 30 90"/>'
    ground = box(OTHER[0] - 2, Y + 0.5, WIDTH - 2, HEIGHT - 1, "20 30 90")
    for inner, below, found in ((white, "", ""), (white, ground, "34"), (dark, ground, ""), (dark, "", "34")):
        document = read_document(ofd(table() + below + text("34", *OTHER, inner=inner)))
        assert grids(document)[0].rows[1][2] == found, (inner, below)


def test_a_colour_that_is_none_for_sure_makes_a_figure_a_doubt() -> None:
    for inner in (
        '<ofd:FillColor><ofd:AxialShd StartPoint="0 0" EndPoint="1 1"/></ofd:FillColor>',
        '<ofd:FillColor ColorSpace="3" Index="2"/>',
    ):
        assert cell(read_document(ofd(table() + text("34", *OTHER, inner=inner))), 1, 2)[1]


@pytest.mark.parametrize(
    ("params", "more", "layer", "found"),
    [
        ('<ofd:DrawParam ID="4"><ofd:FillColor Value="255 255 255"/></ofd:DrawParam>', 'DrawParam="4"', "", ""),
        ('<ofd:DrawParam ID="4"><ofd:FillColor Value="0 0 0" Alpha="0"/></ofd:DrawParam>', 'DrawParam="4"', "", ""),
        ('<ofd:DrawParam ID="4"><ofd:FillColor Value="255 255 255"/></ofd:DrawParam>', "", 'DrawParam="4"', ""),
        (
            '<ofd:DrawParam ID="4" Relative="6"/><ofd:DrawParam ID="6"><ofd:FillColor Value="255"/></ofd:DrawParam>',
            'DrawParam="4"', "", "",
        ),
        (
            '<ofd:DrawParam ID="4" Relative="4"><ofd:StrokeColor Value="255"/></ofd:DrawParam>',
            'DrawParam="4"', "", "34",
        ),
        ('<ofd:DrawParam ID="4"><ofd:FillColor Value="255"/></ofd:DrawParam>', 'DrawParam="5"', "", "34"),
        (
            '<ofd:DrawParam ID="4"><ofd:FillColor Value="9"/></ofd:DrawParam>'
            '<ofd:DrawParam ID="6"><ofd:FillColor Value="255"/></ofd:DrawParam>',
            'DrawParam="4"', 'DrawParam="6"', "34",
        ),
    ],
)  # fmt: skip
def test_lettering_takes_its_colour_from_its_drawing_parameters(params: str, more: str, layer: str, found: str) -> None:
    data = with_resources(text("34", *OTHER, more=more), res(params), more=layer)
    if not found:
        with pytest.raises(Unreadable, match="没有文字"):
            read_document(data)
    else:
        assert texts(read_document(data)) == [found]


def test_no_ink_is_white_where_inks_are_mixed() -> None:
    spaces = '<ofd:ColorSpace ID="3" Type="CMYK"/>'
    seen = text("12", 30, 40, inner='<ofd:FillColor ColorSpace="3" Value="0 0 0 255"/>')
    unseen = text("34", 60, 40, inner='<ofd:FillColor ColorSpace="3"/>') + text(
        "56", 90, 40, inner='<ofd:FillColor ColorSpace="3" Value="0 0 0 0"/>'
    )
    assert texts(read_document(with_resources(seen + unseen, res(spaces=spaces)))) == ["12"]


def test_lettering_that_is_neither_filled_nor_stroked_is_not_read() -> None:
    unseen = text("34", 60, 40, more='Fill="false"')
    outlined = text("56", 90, 40, more='Fill="false" Stroke="true"')
    assert texts(read_document(ofd(text("12", 30, 40) + unseen + outlined))) == ["12 56"]


# ── clips ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def clipped(area: str, *, more: str = "") -> str:
    clips = f"<ofd:Clips><ofd:Clip><ofd:Area {more}>{area}</ofd:Area></ofd:Clip></ofd:Clips>"
    return text("34", *OTHER, inner=clips)


def clip_box(x: float, y: float, width: float, height: float) -> str:
    return (
        f'<ofd:Path Boundary="{x} {y} {width} {height}"><ofd:AbbreviatedData>M 0 0 L {width} 0 L {width} {height} '
        f"L 0 {height} C</ofd:AbbreviatedData></ofd:Path>"
    )


def test_what_a_clip_cuts_off_is_not_read() -> None:
    whole = read_document(ofd(table() + clipped(clip_box(0, 0, 30, 8))))
    assert cell(whole, 1, 2) == ("34", False)
    gone = read_document(ofd(table() + clipped(clip_box(20, 0, 30, 8))))
    assert cell(gone, 1, 2)[0] == ""
    for unsure in (
        clipped(clip_box(0, 0, 3, 8)),  # the second figure in half
        clipped(clip_box(0, 0, 30, 8), more='CTM="1 0 0 1 20 0"'),
        clipped('<ofd:Text Size="4"><ofd:TextCode>34</ofd:TextCode></ofd:Text>'),
        clipped(clip_box(0, 0, 30, 8).replace("L 30 8", "B 1 1 2 2 30 8")),
    ):
        assert cell(read_document(ofd(table() + unsure)), 1, 2)[1], unsure


def test_a_figure_outside_of_its_own_boundary_is_a_doubt() -> None:
    outside = text("34", *OTHER).replace(f'Boundary="{OTHER[0]} ', f'Boundary="{OTHER[0] + 30} ')
    moved = outside.replace('<ofd:TextCode X="0"', '<ofd:TextCode X="-30"')
    assert moved != outside
    assert cell(read_document(ofd(table() + moved)), 1, 2)[1]


# ── pictures ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_picture_over_a_figure_hides_it_as_far_as_it_is_opaque() -> None:
    over = image_object(X + 1, Y + 1, 20, 8)
    for image, found in (
        (Image.new("RGB", (40, 16), "white"), ""),
        (Image.new("RGBA", (40, 16), (255, 255, 255, 0)), "12"),
        (Image.new("RGBA", (40, 16), (255, 0, 0, 60)), "12"),
    ):
        data = with_resources(table() + over, res(media=MEDIA), images={"a.png": picture(image)})
        assert cell(read_document(data))[0] == found
    half = with_resources(
        table() + over, res(media=MEDIA), images={"a.png": picture(Image.new("RGBA", (40, 16), (255, 0, 0, 190)))}
    )
    assert cell(read_document(half))[1]


def scan() -> Image.Image:
    """A page with a heading and a small ruled table."""
    drawn = scanned.Page(dpi=150)
    drawn.text(160, 60, "演示区水务局2023年度报告", size=18)
    drawn.text(60, 110, "一、总体情况", size=13)
    for row, cells in enumerate(
        (("信息内容", "本年制发件数", "现行有效件数"), ("规章", "0", "17"), ("行政规范性文件", "38", "254"))
    ):
        for column, words in enumerate(cells):
            left = 60 + 160 * column
            drawn.cell((left, 150 + 30 * row, left + 160, 180 + 30 * row), words, size=11)
    return drawn.done()


def read_scan(*marks: str, kind: str = "PNG", before: str = "") -> Document:
    content = before + image_object(0, 0, 210, 297) + "".join(marks)
    return read_document(with_resources(content, res(media=MEDIA), images={"a.png": picture(scan(), kind)}))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_page_that_is_a_picture_is_recognised(kind: str) -> None:
    hidden = text("演示区水务局的报告", 30, 30, inner='<ofd:FillColor Value="0 0 0" Alpha="0"/>')
    document = read_scan(hidden, text("1", 104, 292), kind=kind, before=text("演示区水务局二〇二三年", 30, 40))
    assert document.is_scan
    assert "第1页" in document.notes[0]
    assert texts(document)[0].startswith("演示区水务局2023年度报告")
    (grid,) = grids(document)
    assert [row[1:] for row in grid.rows[1:]] == [("0", "17"), ("38", "254")]
    assert set(grid.pages) == {1}


def test_shapes_over_a_page_that_is_a_picture_hide_what_is_below() -> None:
    scale = 297 / 842
    document = read_scan(box(62 * scale + 160 * scale, 212 * scale, 156 * scale, 26 * scale))
    (grid,) = grids(document)
    assert grid.rows[2][1] == ""
    assert grid.rows[2][2] == "254"


def test_lettering_over_a_page_that_is_a_picture_makes_it_unreadable() -> None:
    with pytest.raises(Unreadable, match="图片上又印有文字"):
        read_scan(text("38", 100, 100))


def test_pages_of_text_and_of_pictures_may_stand_in_one_file() -> None:
    data = with_resources(image_object(0, 0, 210, 297), res(media=MEDIA), images={"a.png": picture(scan())})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w") as written:
        for name in given.namelist():
            part = given.read(name)
            if name == "Doc_0/Document.xml":
                part = part.replace(
                    b"<ofd:Pages>", b'<ofd:Pages><ofd:Page ID="11" BaseLoc="Pages/Page_9/Content.xml"/>'
                )
            written.writestr(name, part)
        written.writestr("Doc_0/Pages/Page_9/Content.xml", page(HEAD + table()))
    document = read_document(out.getvalue())
    assert [set(grid.pages) for grid in grids(document)] == [{1}, {2}]
    assert grids(document)[0].rows == ROWS
    assert document.is_scan
