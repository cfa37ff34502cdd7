"""Reports in pictures: what was printed is read or unread, never wrong; nothing of a hostile picture gets further."""

from __future__ import annotations

import json
import random
import re
import socket
import struct
import zlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from monitor import form
from monitor.documents import labels, read_document
from monitor.documents.formats.scan import scan
from monitor.documents.formats.scan.cells import read_cells
from monitor.documents.formats.scan.image import open_pictures, sheet_of
from monitor.documents.formats.scan.ocr import find_lines, recognise
from monitor.documents.formats.scan.ruling import find_rules, find_tables
from monitor.documents.formats.scan.words import distance, mended_heading, mended_label, mended_stop
from monitor.documents.limits import MOST_SCANNED_PAGES
from monitor.documents.report import read_report
from monitor.documents.tables import read_tables
from monitor.errors import Unreadable
from monitor.model import Document, Grid, Paragraph, Report
from tests.scanned import (
    FONT,
    Page,
    Picture,
    draw_remedies,
    draw_requests,
    figure,
    packed,
    remedies_texts,
    requests_texts,
    scanned,
    sealed,
    shaded,
)

SHARED = Path(__file__).parents[2] / "shared" / "reports"

pytestmark = pytest.mark.skipif(not FONT.exists(), reason="fonts-noto-cjk is not installed: no page can be composed")


def report_of(*pages: Picture) -> Report:
    return tables_of(scan.read_pictures([packed(page) for page in pages]))


def tables_of(document: Document) -> Report:
    """The tables as read, before figures that break a sum are doubted: composed figures add up to nothing."""
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    return Report(None, None, None, "2021", tables=read_tables(grids).tables)


def differences(report: Report, table: str, texts: Mapping[str, str]) -> tuple[int, list[str]]:
    """How many cells of a table are right, and those that are neither right nor marked as unread."""
    right, wrong = 0, []
    for path, text in texts.items():
        cell = report.cell(f"{table}.{path}")
        if cell is None or cell.doubt:
            continue
        if cell.value == (int(text) if text.isdigit() else None) and cell.is_blank == (not text):
            right += 1
        else:
            wrong.append(f"{path}: {text!r} read as {cell}")
    return right, wrong


# ── what is printed is read ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("spoil", [scanned, shaded], ids=["poor scanner", "lamp"])
def test_a_scanned_table_is_read_or_unread_and_never_wrong(spoil: object) -> None:
    assert callable(spoil)
    texts = requests_texts(random.Random(3), figure)
    page = Page()
    draw_requests(page, 60, texts)
    right, wrong = differences(report_of(spoil(page.done())), "requests", texts)
    assert not wrong
    assert right >= 0.99 * len(texts)


def test_blanks_dashes_and_strokes_are_no_figures() -> None:
    rng = random.Random(5)
    texts = requests_texts(rng, lambda rng: rng.choice(["", "", "/", "—", "0", "1", "11", "7"]))
    page = Page()
    draw_requests(page, 60, texts)
    report = report_of(scanned(page.done()))
    right, wrong = differences(report, "requests", texts)
    assert not wrong
    assert right >= 0.97 * len(texts)


@pytest.mark.parametrize("spoil", [scanned, None], ids=["poor scanner", "clean"])
def test_points_commas_and_signs_are_kept_or_unread(spoil: object) -> None:
    rng = random.Random(6)
    figures = [f"{rng.randint(1000, 999999):,}", f"{rng.randint(0, 999)}.{rng.randint(0, 999):03}", "3.5", "-12", "+7"]
    texts = remedies_texts(rng, lambda rng: rng.choice(figures))
    page = Page(height=300, width=900)
    for number, text in enumerate(texts.values()):
        page.cell((30 + number % 5 * 160, 40 + number // 5 * 40, 190 + number % 5 * 160, 80 + number // 5 * 40), text)
    image = page.done()
    read = cells_of(spoil(image) if callable(spoil) else image)
    assert all(text == printed or doubt for (text, doubt), printed in zip(read, texts.values(), strict=True))
    assert sum(not doubt for _, doubt in read) >= 10


def cells_of(image: Image.Image) -> list[tuple[str, str]]:
    """The texts and doubts of the cells of the one table in a picture."""
    sheet = sheet_of(image)
    rules = find_rules(sheet.ink)
    (table,) = find_tables(rules)
    return [(cell.text, cell.doubt) for cell in read_cells(sheet, rules, table)]


@pytest.mark.parametrize(("gap", "share"), [(1.5, 1.0), (0.7, 0.98), (0.1, 0.5), (-0.5, 0.0), (-1.5, 0.0)])
def test_figures_that_stand_close_to_a_line_are_read_and_those_on_it_are_not_guessed(gap: float, share: float) -> None:
    rng = random.Random(11)
    printed = [str(rng.choice([rng.randint(0, 9), rng.randint(0, 99), rng.randint(100, 999)])) for _ in range(150)]
    page = Page(height=560, width=700)
    for number, text in enumerate(printed):
        x, y = 40 + number % 15 * 40, 40 + number // 15 * 45
        page.close((x, y, x + 40, y + 45), text, gap=gap)
    read = cells_of(scanned(page.done()))
    assert all(text == own or doubt for (text, doubt), own in zip(read, printed, strict=True))
    assert sum(not doubt for _, doubt in read) >= share * len(printed)


def test_signs_are_read_by_their_strokes() -> None:
    printed = ["+5", "-5", "+12", "-1", "+3", "-120"] * 3
    page = Page(height=260, width=520)
    for number, text in enumerate(printed):
        x, y = 40 + number % 6 * 70, 40 + number // 6 * 40
        page.cell((x, y, x + 70, y + 40), text, size=11)
    read = cells_of(scanned(page.done()))
    assert all(text == own or doubt for (text, doubt), own in zip(read, printed, strict=True))
    assert sum(not doubt for _, doubt in read) >= 16


@pytest.mark.parametrize("shift", range(-6, 8, 2))
def test_the_upright_of_a_character_over_a_column_border_is_no_part_of_the_border(shift: int) -> None:
    page = Page(height=220, width=620)
    for number, text in enumerate(("未经复议直接起诉", "复议后起诉")):
        left = 40 + 250 * number
        page.cell((left, 40, left + 250, 62), "")
        page.text(left + 20 + shift / 4, 45, f"{text}{text}", size=11)
        for column in range(5):
            x = left + column * 50
            page.cell((x, 62, x + 50, 92), "结果维持", size=8)
            page.cell((x, 92, x + 50, 122), str(column + 3))
    read = cells_of(scanned(page.done()))
    assert [text for text, _ in read[:2]] == ["未经复议直接起诉" * 2, "复议后起诉" * 2]
    assert read[-10:] == [(str(column + 3), "") for column in range(5)] * 2


def test_a_row_that_a_page_break_cuts_is_one_row() -> None:
    texts = requests_texts(random.Random(12), figure)
    blank = dict.fromkeys(texts, "")
    cut = form.REQUEST_ROWS["2021"][9].label
    first, second = Page(height=700), Page(height=700)
    draw_requests(first, 60, texts, rows=slice(0, 10), label=cut[:-2])
    end = draw_requests(second, 60, blank, rows=slice(9, 10), head=False, label=cut[-2:])
    draw_requests(second, end, texts, rows=slice(10, None), head=False)
    right, wrong = differences(report_of(first.done(), second.done()), "requests", texts)
    assert not wrong
    assert right >= 0.97 * len(texts)


def test_a_table_cut_out_of_a_page_is_read_at_its_own_scale() -> None:
    texts = remedies_texts(random.Random(10), figure)
    page = Page(height=200)
    draw_remedies(page, 40, texts)
    image = page.done()
    assert differences(report_of(image.crop((90, 75, 1160, 300))), "remedies", texts) == (len(texts), [])


def test_specks_of_dust_in_blank_cells_are_nothing() -> None:
    texts = remedies_texts(random.Random(1), lambda rng: rng.choice(["", "3"]))
    page = Page(height=200)
    draw_remedies(page, 40, texts)
    image = page.done()
    pen, rng = ImageDraw.Draw(image), random.Random(2)
    for _ in range(250):
        x, y = rng.randrange(image.width), rng.randrange(image.height)
        pen.rectangle((x, y, x + 1, y + 1), fill=60)
    right, wrong = differences(report_of(image), "remedies", texts)
    assert not wrong
    assert right >= 11


def test_a_table_over_a_page_break_is_one_table() -> None:
    texts = requests_texts(random.Random(7), figure)
    first, second = Page(height=330), Page(height=560)
    draw_requests(first, 30, texts, rows=slice(0, 9))
    draw_requests(second, 30, texts, rows=slice(9, None), head=False)
    document = scan.read_pictures([packed(first.done()), packed(second.done())])
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    assert set(grid.pages) == {1, 2}
    right, wrong = differences(tables_of(document), "requests", texts)
    assert not wrong
    assert right == len(texts)


def strips(image: Picture, cuts: Sequence[int]) -> list[Picture]:
    edges = [0, *cuts, image.height]
    return [image.crop((0, top, image.width, bottom)) for top, bottom in pairwise(edges)]


def test_strips_that_were_cut_through_a_table_are_put_together_again() -> None:
    texts = remedies_texts(random.Random(8), figure)
    page = Page(height=260)
    page.text(60, 20, "四、政府信息公开行政复议、行政诉讼情况", size=15)
    draw_remedies(page, 60, texts)
    image = page.done()
    report = report_of(*strips(image, [200, 300]))
    assert differences(report, "remedies", texts) == (len(texts), [])


@pytest.mark.parametrize("turn", [90, 180])
def test_a_page_that_lies_on_its_side_or_head_is_turned(turn: int) -> None:
    texts = remedies_texts(random.Random(9), figure)
    page = Page(height=300)
    page.text(60, 20, "四、政府信息公开行政复议、行政诉讼情况", size=15)
    bottom = draw_remedies(page, 60, texts)
    page.text(60, bottom + 20, "本表由办公室统计并核对，全年没有出现应公开而未公开的情况。", size=13)
    report = report_of(page.done().rotate(turn, expand=True))
    assert differences(report, "remedies", texts) == (len(texts), [])


def test_a_red_seal_hides_no_text_and_no_figure_unmarked() -> None:
    texts = remedies_texts(random.Random(11), figure)
    page = Page(height=420)
    draw_remedies(page, 60, texts)
    page.text(300, 250, "清水县档案保护中心", size=15)
    page.text(300, 280, "2024年1月18日", size=15)
    image = page.done("RGB")
    document = scan.read_pictures([packed(sealed(sealed(image, 800, 570, 130), 420, 250, 130))])
    assert differences(tables_of(document), "remedies", texts)[1] == []
    said = "".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    assert "清水县档案保护中心" in said
    assert "2024年1月18日" in said
    assert "某某" not in said


def test_what_was_written_by_hand_is_no_figure() -> None:
    texts = remedies_texts(random.Random(12), lambda rng: "")
    page = Page(height=200)
    draw_remedies(page, 40, texts)
    image = page.done()
    pen, rng = ImageDraw.Draw(image), random.Random(3)
    for number in range(15):
        x, y = 104 + number * 69.4 + 35, 260
        points = [(x + rng.uniform(-16, 16), y + rng.uniform(-14, 14)) for _ in range(7)]
        pen.line(points, fill=30, width=3, joint="curve")
    report = report_of(image)
    cells = [report.cell(f"remedies.{path}") for path in texts]
    assert all(cell is not None and cell.value is None and cell.doubt for cell in cells)


def test_a_table_without_ruling_lines_has_labels_and_no_figures() -> None:
    page = Page(height=300)
    for row, (label, *figures) in enumerate([("（一）予以公开", "3", "0", "1"), ("（二）部分公开", "2", "5", "0")] * 2):
        for column, text in enumerate([label, *figures]):
            page.text(60 + column * 130, 40 + row * 30, text)
    document = scan.read_scan(packed(page.done()))
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    assert [labels.core(row[0]) for row in grid.rows] == ["予以公开", "部分公开"] * 2
    assert all((row, column) in grid.doubts for row in range(4) for column in range(1, 4))


def test_running_text_comes_as_paragraphs_without_page_numbers() -> None:
    page = Page(height=500)
    page.text(150, 40, "清水县档案局2023年政府信息公开工作年度报告", size=14)
    page.text(84, 90, "本报告依照条例编制，数据统计期限为2023年1月1日至", size=15)
    page.text(54, 120, "2023年12月31日止，电子版可以在县政府网站下载。", size=15)
    page.text(84, 150, "一、总体情况", size=15)
    page.text(280, 470, "- 3 -", size=11)
    document = scan.read_scan(packed(scanned(page.done()), "JPEG"))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == [
        "清水县档案局2023年政府信息公开工作年度报告",
        "本报告依照条例编制，数据统计期限为2023年1月1日至2023年12月31日止，电子版可以在县政府网站下载。",
        "一、总体情况",
    ]
    assert document.is_scan
    assert document.notes == (scan.NOTE,)
    assert document.media_type == "image/jpeg"


def test_a_screenshot_many_pages_long_is_read_to_its_end() -> None:
    page = Page(width=400, height=760, dpi=120)
    lines = [f"（{number}）第{number}段说明本年工作的一件事情" for number in range(1, 22)]
    for number, line in enumerate(lines):
        page.text(30, 30 + number * 32, line, size=13)
    document = scan.read_scan(packed(page.done()))
    text = "\n".join(block.text for block in document.blocks if isinstance(block, Paragraph))
    assert len(re.findall(r"第\d+段说明本年工作的一件事情", text)) == len(lines)


@pytest.mark.skipif(not SHARED.exists(), reason="../shared is absent")
def test_a_published_report_printed_and_scanned_at_150_dpi_is_read_as_it_is() -> None:
    pdf = pypdfium2.PdfDocument(SHARED / "hongze_2024.pdf")
    pages = [scanned(page.render(scale=150 / 72, grayscale=True).to_pil().convert("L")) for page in pdf]
    blocks = scan.read_pages(enumerate(pages, 1))
    report = read_report(Document("application/pdf", tuple(blocks), is_scan=True))
    truth = json.loads((SHARED / "hongze_2024.truth.json").read_text("utf-8"))["report"]
    assert (report.agency, report.year) == (truth["agency"], truth["year"])
    assert report.contact.postcode == "223100"
    cells = [
        (report.cell(f"{table}.{row}.{column}"), value)
        for table, rows in truth["tables"].items()
        for row, columns in rows.items()
        for column, value in columns.items()
    ]
    read = [(cell.value, value) for cell, value in cells if cell is not None and not cell.doubt]
    assert all(found == value for found, value in read)
    assert len(read) >= 0.995 * len(cells)


# ── parts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ruling_lines_are_cells_with_their_spans() -> None:
    page = Page(height=200)
    for box in ((50, 20, 350, 60), (50, 60, 150, 140), (150, 60, 350, 100), (150, 100, 250, 140), (250, 100, 350, 140)):
        page.cell(box, "")
    sheet = sheet_of(scanned(page.done()))
    (table,) = find_tables(find_rules(sheet.ink))
    assert [(cell.rows, cell.columns, cell.unsure) for cell in table.cells] == [
        ((0, 1), (0, 3), False),
        ((1, 3), (0, 1), False),
        ((1, 2), (1, 3), False),
        ((2, 3), (1, 2), False),
        ((2, 3), (2, 3), False),
    ]


def test_a_line_that_is_half_worn_away_leaves_the_cells_beside_it_in_doubt() -> None:
    texts = remedies_texts(random.Random(4), lambda rng: "5")
    page = Page(height=200)
    draw_remedies(page, 40, texts)
    image = page.done()
    across = round((50 + 500 / 15) * 150 / 72)
    ImageDraw.Draw(image).rectangle((across - 4, 262, across + 4, 285), fill=255)
    report = report_of(image)
    assert differences(report, "remedies", texts)[1] == []
    assert all((cell := report.cell(f"remedies.review.{key}")) and cell.doubt for key in ("upheld", "corrected"))


def test_lines_are_found_and_recognised() -> None:
    page = Page(height=120)
    page.text(40, 30, "没有现成信息需要另行制作")
    grey = np.asarray(page.done())
    (box,) = find_lines(grey)
    (line,) = recognise([grey[box.top : box.bottom, box.left : box.right]])
    assert line.text == "没有现成信息需要另行制作"
    assert line.surety > 0.9


def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    page = Page(height=120)
    page.text(40, 30, "政府信息公开工作年度报告", size=16)
    assert scan.read_scan(packed(page.done())).blocks


@pytest.mark.parametrize(
    ("slip", "label"),
    [
        ("2.其它法津行政法现禁止公天", "2.其他法律行政法规禁止公开"),
        ("8.属于行政查间事项", "8.属于行政查询事项"),
        ("(一·)予以公开", "（一）予以公开"),
        ("()予以公开", "（一）予以公开"),
        ("M3.其他", "其他"),
        ("结果纠il", "结果纠正"),
        ("（三）予公开", "（三）予公开"),
        ("其他12", "其他12"),
        ("总汁", "总计"),
        ("社公益组织", "社会公益组织"),
        ("（七）总计", "（七）总计"),
        ("信件办理", "信件办理"),
        ("备注", "备注"),
        ("12", "12"),
        ("", ""),
    ],
)
def test_a_slip_in_a_label_is_mended_and_other_words_are_left(slip: str, label: str) -> None:
    assert mended_label(slip) == label


@pytest.mark.parametrize(
    ("slip", "heading"),
    [
        ("-、总体情况", "一、总体情况"),
        ("二、王动公开政府信息情况", "二、主动公开政府信息情况"),
        ("一、总体要求", "一、总体要求"),
        ("三、收到和处理的来信情况", "三、收到和处理的来信情况"),
        ("全年没有收到申请。", "全年没有收到申请。"),
    ],
)
def test_a_slip_in_a_heading_is_mended_and_other_headings_are_left(slip: str, heading: str) -> None:
    assert mended_heading(slip) == heading


@pytest.mark.parametrize(
    ("read", "said"),
    [("邮箱nb1@demo.gov.cno", "邮箱nb1@demo.gov.cn。"), ("a@b.com0欢迎", "a@b.com。欢迎"), ("a@b.con", "a@b.con")],
)
def test_a_full_stop_that_was_read_as_a_letter_is_no_part_of_an_address(read: str, said: str) -> None:
    assert mended_stop(read) == said


def test_the_distance_of_two_texts_counts_changed_lost_and_added_characters() -> None:
    assert distance("总计", "总计") == 0
    assert distance("", "总计") == 2
    assert distance("予以公", "不予公开") == 3


# ── hostile and useless pictures ────────────────────────────────────────────────────────────────────────────────────


def huge_png() -> bytes:
    """A PNG that says it has 900 million pixels, in 100 bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 30000, 30000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 30)) + chunk(b"IEND", b"")


def large_png() -> bytes:
    """A PNG above our limit and below Pillow's."""
    return packed(Image.new("1", (10_000, 4_001)))


def many_pages() -> bytes:
    pages = [Image.new("1", (8, 8)) for _ in range(MOST_SCANNED_PAGES + 1)]
    return packed(pages[0], "TIFF", save_all=True, append_images=pages[1:])


@pytest.mark.parametrize(
    "data",
    [
        huge_png(),
        large_png(),
        many_pages(),
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"BM",
        b"%!PS-Adobe-3.0 EPSF-3.0",
    ],
    ids=["bomb", "large", "pages", "torn png", "torn jpeg", "torn bmp", "postscript"],
)
def test_a_picture_over_the_limits_or_broken_is_one_line(data: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        scan.read_scan(data)
    assert "\n" not in str(caught.value)
    assert re.search("[\u4e00-\u9fff]", str(caught.value))


def test_a_picture_cut_short_anywhere_is_read_or_unreadable() -> None:
    for kind in ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"):
        data = packed(Image.new("L", (64, 64), 200), kind)
        for end in range(1, len(data), max(1, len(data) // 25)):
            try:
                list(open_pictures(data[:end]))
            except Unreadable:
                continue


def test_a_blank_page_and_a_photo_hold_no_report() -> None:
    grains = np.random.default_rng(5).integers(0, 255, (400, 600), dtype=np.uint8)
    for image in (Image.new("L", (800, 1100), 255), Image.fromarray(grains), Image.new("L", (40, 40))):
        with pytest.raises(Unreadable, match="没有识别出文字"):
            scan.read_scan(packed(image))


def test_of_an_animation_the_first_picture_is_taken_and_small_pictures_are_left_out() -> None:
    frames = [Image.new("L", (300, 300), shade) for shade in (255, 0, 90)]
    assert len(list(open_pictures(packed(frames[0], "GIF", save_all=True, append_images=frames[1:])))) == 1
    page = Page(height=120)
    page.text(40, 30, "政府信息公开工作年度报告", size=16)
    document = scan.read_pictures([packed(Image.new("RGB", (90, 30), "red")), packed(page.done()), b"\x89PNG broken"])
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["政府信息公开工作年度报告"]
    assert len(document.notes) == 2
    assert "第3张" in document.notes[1]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"])
def test_a_picture_of_any_kind_is_a_document(kind: str) -> None:
    page = Page(height=120)
    page.text(40, 30, "政府信息公开工作年度报告", size=16)
    document = read_document(packed(page.done(), kind))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["政府信息公开工作年度报告"]
    assert document.media_type == f"image/{kind.lower()}"


def test_more_pictures_than_the_limit_are_refused() -> None:
    with pytest.raises(Unreadable, match="上限"):
        scan.read_pictures([b""] * (MOST_SCANNED_PAGES + 1))
