"""Fields in every wording: title, whose, year, period, contact, signature, publication, and what is no report.

All sentences are the tests' own; the kinds of wording are those counted on real pages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.documents import READERS, read_document, read_report
from monitor.documents.contact import find_contact
from monitor.documents.naming import find_title
from monitor.documents.period import find_period
from monitor.documents.running import Line, Running, narrow
from monitor.documents.signature import find_published, find_signature
from monitor.model import Contact, DateCandidate, Document, Grid, Paragraph, Period, Report
from monitor.wire import report_from_json, report_to_json

SHARED = Path(__file__).parents[2] / "shared"
SEEDS = SHARED / "seeds"
TEMPLATE = SHARED / "reports" / "official_template_blank.docx"
HONGZE = SHARED / "reports" / "hongze_2024.pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not on this machine")
needs_template = pytest.mark.skipif(
    not TEMPLATE.is_file() or DOCX not in READERS, reason="no ../shared/reports, or no reader for docx yet"
)
needs_hongze = pytest.mark.skipif(
    not HONGZE.is_file() or "application/pdf" not in READERS, reason="no ../shared/reports, or no reader for PDF yet"
)


def lines(*texts: str) -> list[Line]:
    return [Line(text, number) for number, text in enumerate(texts, start=1)]


def document(*texts: str, title: str = "", media_type: str = "text/html") -> Document:
    return Document(media_type, tuple(Paragraph(text) for text in texts), title)


#: A report's body in a few lines, for what stands around it.
BODY = (
    "一、总体情况",
    "本局把公开工作列入年度任务，安排专人负责，定期检查栏目，逐条核对发布内容，没有发生差错，群众评价总体良好，全年工作平稳有序。",
    "二、主动公开政府信息情况",
    "见统计表，数据由各科室报送，经办公室汇总后公布，内容包括机构职能、办事指南和资金使用等方面。",
    "三、收到和处理政府信息公开申请情况",
    "见统计表。",
    "四、政府信息公开行政复议、行政诉讼情况",
    "见统计表。",
    "五、存在的主要问题及改进情况",
    "解读材料偏少。",
    "六、其他需要报告的事项",
    "没有需要说明的其他情况。",
)

# ── title, agency, year ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("texts", "title", "agency", "year"),
    [
        (
            ["青石县财政局2023年政府信息公开工作年度报告"],
            "青石县财政局2023年政府信息公开工作年度报告",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局", "2023年政府信息公开工作年度报告"],
            "青石县财政局2023年政府信息公开工作年度报告",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局", "2023年", "政府信息公开工作年度报告"],
            "青石县财政局2023年政府信息公开工作年度报告",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局2023年政府信息公开", "工作年度报告"],
            "青石县财政局2023年政府信息公开工作年度报告",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局2023年政府信息公开工作情况", "报告"],
            "青石县财政局2023年政府信息公开工作情况报告",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局政府信息公开工作年度报告", "（2023年度）"],
            "青石县财政局政府信息公开工作年度报告（2023年度）",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局2023年度政府信息公开工作年度报告"],
            "青石县财政局2023年度政府信息公开工作年度报告",
            "青石县财政局",
            2023,
        ),
        (
            ["2023年度青石县财政局政府信息公开工作年度报告"],
            "2023年度青石县财政局政府信息公开工作年度报告",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局政府信息公开工作2023年度报告"],
            "青石县财政局政府信息公开工作2023年度报告",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局政府信息公开工作年度报告（2023年）"],
            "青石县财政局政府信息公开工作年度报告（2023年）",
            "青石县财政局",
            2023,
        ),
        (["青石县财政局2023年政府信息公开工作报告"], "青石县财政局2023年政府信息公开工作报告", "青石县财政局", 2023),
        (
            ["青石县财政局2023年度政府信息公开工作情况"],
            "青石县财政局2023年度政府信息公开工作情况",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局2023年政府信息公开工作告年度报"],
            "青石县财政局2023年政府信息公开工作告年度报",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局2023年政府信息公开工作年度报告（机关）"],
            "青石县财政局2023年政府信息公开工作年度报告（机关）",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局2023年政府信息公开工作年度报告(文字版)"],
            "青石县财政局2023年政府信息公开工作年度报告(文字版)",
            "青石县财政局",
            2023,
        ),
        (
            ["【2019】青石县财政局政府信息公开工作年度报告"],
            "【2019】青石县财政局政府信息公开工作年度报告",
            "青石县财政局",
            2019,
        ),
        (
            ["青石县财政局二〇二三年政府信息公开工作年度报告"],
            "青石县财政局二〇二三年政府信息公开工作年度报告",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县财政局2021政府信息公开工作年度报告"],
            "青石县财政局2021政府信息公开工作年度报告",
            "青石县财政局",
            2021,
        ),
        (
            ["青 石 县 财 政 局", "２０２３ 年政府信息公开工作年度报告"],
            "青石县财政局２０２３年政府信息公开工作年度报告",
            "青石县财政局",
            2023,
        ),
        (
            ["青石县公安局（交警大队）2023年政府信息公开工作年度报告"],
            "青石县公安局（交警大队）2023年政府信息公开工作年度报告",
            "青石县公安局（交警大队）",
            2023,
        ),
        (
            ["政府信息公开年报", "青石县财政局2023年政府信息公开工作年度报告"],
            "青石县财政局2023年政府信息公开工作年度报告",
            "青石县财政局",
            2023,
        ),
        (
            ["通知公告专栏", "青石县财政局2023年政府信息公开工作年度报告"],
            "青石县财政局2023年政府信息公开工作年度报告",
            "青石县财政局",
            2023,
        ),
        (["青石县审计局政府信息公开工作年度报告"], "青石县审计局政府信息公开工作年度报告", "青石县审计局", None),
        (["2023年政府信息公开工作年度报告"], "2023年政府信息公开工作年度报告", None, 2023),
    ],
)
def test_the_title_is_found_however_it_is_set(
    texts: list[str], title: str, agency: str | None, year: int | None
) -> None:
    report = read_report(document(*texts, "本报告按统一格式编写。", *BODY))
    assert (report.title, report.agency, report.year) == (title, agency, year)
    assert report.preface == "本报告按统一格式编写。"
    assert "\n".join(texts).endswith(report.places["title"].quote)
    assert report.places["title"].block <= report.places.get("agency", report.places["title"]).block


def test_a_title_that_is_a_picture_is_the_pages_title() -> None:
    page = document(*BODY, title="青石县财政局2023年政府信息公开工作年度报告_青石县人民政府门户网站")
    report = read_report(page)
    assert (report.title, report.agency, report.year) == (
        "青石县财政局2023年政府信息公开工作年度报告",
        "青石县财政局",
        2023,
    )
    assert "title" not in report.places


def test_what_the_printed_title_leaves_out_the_page_tells() -> None:
    page = document("政府信息公开工作年度报告", *BODY, title="青石县财政局2022年政府信息公开工作年度报告")
    report = read_report(page)
    assert (report.title, report.agency, report.year) == ("政府信息公开工作年度报告", "青石县财政局", 2022)


@pytest.mark.parametrize(
    ("preface", "agency"),
    [
        ("本报告由青石县水利局根据条例的要求编制。", "青石县水利局"),
        ("本年度报告由青石县云台镇人民政府负责编制。", "青石县云台镇人民政府"),
        # a government's office writes the government's report as well as its own
        ("本报告由青石县人民政府办公室根据条例的要求编制。", None),
        ("本报告由专人根据条例的要求编制。", None),
    ],
)
def test_whose_report_it_is_may_stand_in_the_preface_alone(preface: str, agency: str | None) -> None:
    assert read_report(document("2023年政府信息公开工作年度报告", preface, *BODY)).agency == agency


def test_a_paragraph_that_speaks_of_the_report_is_no_title() -> None:
    assert find_title(lines("现将青石县财政局2023年政府信息公开工作年度报告向社会公布，欢迎监督。")) is None


# ── statistical period ──────────────────────────────────────────────────────────────────────────────────────────────

YEAR_2023 = Period(date(2023, 1, 1), date(2023, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "数据的统计期限自2023年1月1日起至2023年12月31日止。",
        "统计时限为2023年1月1日至12月31日。",
        "数据统计期限从 2023 年 1 月 1 日到 12 月 31 日止",
        "统计期限自2023年1月1日始，至2023年12月31日。",
        "统计期限自2023年1月1日开始，至2023年12月31日止。",
        "数据统计自2023年1月1日起，截至2023年12月31日。",
        "数据统计从2023年1月1日零时起至2023年12月31日24时止。",
        "统计周期：2023年01月01日—2023年12月31日",
        "数据统计起止时间为2023.1.1-2023.12.31",
        "统计区间2023-01-01至2023-12-31，数据均经核对。",
        "统计期限：2023/1/1～2023/12/31",
        "统计起始时间：2023年1月1日，截止时间：2023年12月31日。",
        "统计期限自20231月1日起至202312月31日止",
        "统计期限自20231月1日至12月31日",
        "统计期限自2023年1月1日起，至2023年12月31止",
        "统计期限自2023年度1月1日起至12月31日止",
        "统计期自二〇二三年一月一日起至二〇二三年十二月三十一日止",
        "统计数据时间范围：１月１日至12月31日",
        "统计期限为1月1日至2023年12月31日",
        "统计期限自 2 0 2 3 年 1 月 1 日起至 2023 年 1 2 月 3 1 日止",
        "统计期限自２０２３年１月１日起至２０２３年１２月３１日止",
        "统计期限自2023年1月1日起\n至2023年12月31日止",
        "本报告涵盖2023年1月1日至2023年12月31日的工作。",
        "2023年1月1日一2023年12月31日为统计期限。",
    ],
)
def test_the_period_is_read_in_every_wording(text: str) -> None:
    source = Running(lines(*text.split("\n")))
    period, places = find_period(source, Running(()), year=2023)
    assert period == YEAR_2023
    assert places["period"].quote in source.text
    assert places["period"].block == 1


@pytest.mark.parametrize(
    "text",
    [
        "统计期限自2023年2月30日起至2023年12月31日止",
        "统计期限自202311日至20231231日",
        "统计期限自12023年1月1日起至2023年12月31日止",
        "统计期限为2023年全年",
        "2023年1月1日起施行",
        "",
    ],
)
def test_a_period_that_cannot_be_read_is_none(text: str) -> None:
    assert find_period(Running(lines(text)), Running(()), year=2023) == (None, {})


def test_a_wrong_period_is_read_as_printed() -> None:
    text = "数据的统计期限自2022年1月1日起至2022年12月31日止"
    period, _ = find_period(Running(lines(text)), Running(()), year=2023)
    assert period == Period(date(2022, 1, 1), date(2022, 12, 31))


def test_days_that_the_text_speaks_of_are_no_period() -> None:
    text = Running(lines("2023年1月1日至12月31日，我局收到申请3件。"))
    assert find_period(Running(()), text, year=2023) == (None, {})


def test_the_period_may_stand_in_the_last_part() -> None:
    text = Running(lines("没有其他事项。", "文中数据的统计期限为2023年1月1日至12月31日。"))
    period, places = find_period(Running(()), text, year=2023)
    assert (period, places["period"].block) == (YEAR_2023, 2)


# ── contact ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("联系电话：0632—4438969", "0632-4438969"),
        ("电话（传真）：(0537)4498828", "0537-4498828"),
        ("电话/传真:010-12345678", "010-12345678"),
        ("传真/电话：010-12345678", "010-12345678"),
        ("电话传真：010-12345678", "010-12345678"),
        ("咨询电话：3581178", "3581178"),
        ("联系人电话为0999-1234567", "0999-1234567"),
        ("联系人：某某，0999-1234567", "0999-1234567"),
        ("联系人：某某 13800001234", "13800001234"),
        ("电 话：０９９９－１２３４５６７", "0999-1234567"),
        ("电话：0999 - 123 4567", "0999-1234567"),
        ("电话：0999 1234567", "0999-1234567"),
        ("热线：400-123-4567", "400-123-4567"),
        ("Tel：0999-1234567", "0999-1234567"),
        ("电话：0533-4110187，0533-4110188", "0533-4110187、0533-4110188"),
        ("电话：0533-4110187、4110188", "0533-4110187、4110188"),
        ("电话：0533-4110187，传真：0533-4110199", "0533-4110187"),
        ("电话：0533-4110187转802", "0533-4110187转802"),
        ("电话：13800001234", "13800001234"),
        ("传真：0533-4110187", None),
        ("12345热线电话受理诉求20231件", None),
    ],
)
def test_phones_are_read_as_people_dial_them(text: str, phone: str | None) -> None:
    contact, places = find_contact([lines(text)])
    assert contact.phone == phone
    assert phone is None or places["contact.phone"].quote in text


WHOLE = Contact("青石县云台路8号", "999100", "0999-1234567", "cz@qingshi.gov.cn")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["（地址：青石县云台路8号；邮编：999100；电话：0999-1234567；邮箱：cz@qingshi.gov.cn）"], WHOLE),
        (["联系地址为青石县云台路8号，邮政编码为999100，联系电话为0999-1234567，电子邮箱为cz@qingshi.gov.cn。"], WHOLE),
        (["地 址：青石县云台路 8 号", "邮 编：9 9 9 1 0 0", "电 话：0999-1234567", "邮 箱：cz@qingshi.gov.cn"], WHOLE),
        (
            ["地址：青石县云台路８号，邮编：９９９１００，电话：０９９９－１２３４５６７，邮箱：cz＠qingshi.gov.cn"],
            Contact("青石县云台路８号", "999100", "0999-1234567", "cz@qingshi.gov.cn"),
        ),
        (["青石县云台路8号 999100 0999-1234567 cz@qingshi.gov.cn"], WHOLE),
        (["如有疑问，请与本局办公室联系（青石县云台路8号，999100，0999-1234567，cz@qingshi.gov.cn）。"], WHOLE),
        (["所在位置：青石县云台路8号；邮区：999100；话机：0999-1234567；信箱号：cz@qingshi.gov.cn"], WHOLE),
        (
            ["地址：青石县云台路8号行政中心（3号楼308室），电话：0999-1234567"],
            Contact("青石县云台路8号行政中心（3号楼308室）", None, "0999-1234567", None),
        ),
        (
            ["地址：青石县城关镇，云台路8号，电话：0999-1234567"],
            Contact("青石县城关镇，云台路8号", None, "0999-1234567", None),
        ),
        (["网址：http://www.qingshi.gov.cn"], Contact()),
        (["全年受理100000人次，窗口电话量达到0次。"], Contact()),
        (["编号 999100 已归档。"], Contact()),
    ],
)
def test_the_contact_is_read_with_labels_of_all_kinds_and_with_none(texts: list[str], expected: Contact) -> None:
    contact, places = find_contact([lines(*texts)])
    assert contact == expected
    for name, place in places.items():
        assert place.quote in texts[place.block - 1], name


def test_the_first_source_that_has_a_value_gives_it() -> None:
    contact, places = find_contact([lines("电话：0999-1111111"), lines("电话：0999-2222222；邮编：999100")])
    assert (contact.phone, contact.postcode) == ("0999-1111111", "999100")
    assert places["contact.phone"].block == 1


# ── signature and publication ───────────────────────────────────────────────────────────────────────────────────────

SIGNED = date(2024, 1, 16)


@pytest.mark.parametrize(
    ("texts", "by", "on", "cut"),
    [
        (["正文。", "某县财政局", "2024年1月16日"], "某县财政局", SIGNED, 1),
        (["正文。", "某县财政局 二〇二四年一月十六日"], "某县财政局", SIGNED, 1),
        (["正文。", "某县财政局2024年1月16日"], "某县财政局", SIGNED, 1),
        (["正文。", "某县财政局（盖章）", "2024年1月16日"], "某县财政局", SIGNED, 1),
        (["正文。", "编制单位：某县财政局", "日期：2024年1月16日"], "某县财政局", SIGNED, 1),
        (["正文。", "2024年1月16日", "某县财政局"], "某县财政局", SIGNED, 1),
        (["正文。", "某县财政局", "某县税务局", "2024年1月16日"], "某县财政局、某县税务局", SIGNED, 1),
        (["正文。", "某县财政局 某县税务局", "2024年1月16日"], "某县财政局、某县税务局", SIGNED, 1),
        (["正文。", "某 县 财 政 局", "2024 年 1 月 16 日"], "某县财政局", SIGNED, 1),
        (["正文。", "某县财政局", "2024.1.16"], "某县财政局", SIGNED, 1),
        (["正文。", "2024年1月16日"], None, SIGNED, 1),
        (["正文。", "某县财政局"], "某县财政局", None, 1),
        (["正文。", "某县财政局", "2024年1月"], "某县财政局", None, 1),
        (["正文。", "某县民政局"], None, None, 2),
        (["没有其他情况", "2024年1月16日"], None, SIGNED, 1),
        (["会议于2024年1月16日召开。"], None, None, 1),
        (["正文。", "发布日期：2024-01-16"], None, None, 2),
        (["正文。", "来源：某县财政局 2024-01-16"], None, None, 2),
        (["正文。", "主办单位：某县人民政府办公室"], None, None, 2),
        (["正文。", "某县财政局", "2024年1月16日", "附件：统计表"], "某县财政局", SIGNED, 1),
        (["正文。", "某县财政局", "2024年1月16日", "某县财政局办公室 2024年1月18日印发"], "某县财政局", SIGNED, 1),
    ],
)
def test_the_signature_is_what_stands_alone_at_the_end(
    texts: list[str], by: str | None, on: date | None, cut: int
) -> None:
    signature = find_signature(lines(*texts), agency="某县财政局")
    assert (signature.by, signature.on, signature.cut) == (by, on, cut)
    assert set(signature.places) == {name for name, value in (("signed_by", by), ("signed_on", on)) if value}
    for place in signature.places.values():
        assert place.quote in texts[place.block - 1]


def test_a_signature_far_to_the_right_is_read_and_is_no_text() -> None:
    page = f"<p>{'</p><p>'.join(BODY)}</p><p>{'&nbsp;' * 120}青石县财政局</p><p>{'　' * 60}二〇二四年一月五日</p>"
    report = read_report(read_document(page.encode()), title="青石县财政局2023年政府信息公开工作年度报告")
    assert (report.signed_by, report.signed_on) == ("青石县财政局", date(2024, 1, 5))
    assert "财政局" not in report.sections[-1].text
    assert (report.places["signed_by"].block, report.places["signed_on"].block) == (13, 14)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["发布日期：2024-01-29"], date(2024, 1, 29)),
        (["发布日期 2024-01-29 来源：办公室"], date(2024, 1, 29)),
        (["发布日期: 2024- 01- 29 17: 11"], date(2024, 1, 29)),
        (["成文日期：2024-01-10 公开日期：2024-01-28 发布日期：2024-01-29"], date(2024, 1, 29)),
        (["时间:2024-01-29"], date(2024, 1, 29)),
        (["发文日期 2024-01-29"], date(2024, 1, 29)),
        (["（2024年1月29日）"], date(2024, 1, 29)),
        (["成文日期：2024-01-10"], None),
        (["生成时间：2024-01-10"], None),
        (["本报告于2024年1月29日完成。"], None),
    ],
)
def test_the_day_of_publication_is_what_a_line_at_the_top_states(texts: list[str], expected: date | None) -> None:
    found = find_published(lines("标题", *texts), below=1)
    assert (found[0] if found else None) == expected


def test_what_the_pages_head_says_of_publication_comes_first() -> None:
    page = Document(
        "text/html",
        (Paragraph("发布日期：2024-01-29"), *(Paragraph(text) for text in BODY)),
        published=DateCandidate(date(2024, 1, 30), "meta", 0.9),
    )
    assert (read_report(page).published_on, read_report(page).published_source) == (date(2024, 1, 30), "meta")


# ── parts, places, kind ─────────────────────────────────────────────────────────────────────────────────────────────


def test_sections_keep_their_subheadings_and_the_preface_what_stands_before_them() -> None:
    report = read_report(
        document(
            "青石县财政局2023年政府信息公开工作年度报告",
            "来源：办公室",
            "按统一格式编写。",
            BODY[0],
            "（一）主动公开情况",
            "按目录公开。",
            "（二）依申请公开",
            "未收到申请。",
            *BODY[1:],
        )
    )
    assert report.preface == "按统一格式编写。"
    assert report.sections[0].text.splitlines()[:3] == ["（一）主动公开情况", "按目录公开。", "（二）依申请公开"]
    assert [section.part for section in report.sections] == [1, 2, 3, 4, 5, 6]
    assert report.places["sections.2"].quote == "二、主动公开政府信息情况"
    assert report.places["sections.2"].block == 10


def test_each_field_has_its_place_with_the_words_as_printed() -> None:
    blocks = [
        Paragraph("青石县财政局", page=1),
        Paragraph("2023年政府信息公开工作年度报告", page=1),
        Paragraph("发布日期：2024-01-29", page=1),
        Paragraph("统计期限自20231月1日起至202312月31日止。地址：青石县云台路8号，电话：0999-1234567。", page=1),
        *(Paragraph(text, page=2) for text in BODY),
        Paragraph("青石县财政局", page=3),
        Paragraph("二〇二四年一月五日", page=3),
    ]
    report = read_report(Document("application/pdf", tuple(blocks)))
    found = {name: (place.block, place.page, place.quote) for name, place in report.places.items()}
    assert found == {
        "title": (1, 1, "青石县财政局\n2023年政府信息公开工作年度报告"),
        "agency": (1, 1, "青石县财政局"),
        "year": (2, 1, "2023"),
        "published_on": (3, 1, "发布日期：2024-01-29"),
        "period": (4, 1, "20231月1日起至202312月31日"),
        "contact.address": (4, 1, "青石县云台路8号"),
        "contact.phone": (4, 1, "0999-1234567"),
        **{f"sections.{number}": (3 + 2 * number, 2, BODY[2 * number - 2]) for number in range(1, 7)},
        "signed_by": (17, 3, "青石县财政局"),
        "signed_on": (18, 3, "二〇二四年一月五日"),
    }


TEXT = (
    "一份很长的说明，讲的是公开工作如何开展，怎样安排人员、检查栏目、核对内容，并把每一步都写清楚，让人看得明白。" * 3
)


@pytest.mark.parametrize(
    "texts",
    [
        ("青石县财政局2023年政府信息公开工作年度报告解读", "一、总体情况", TEXT, "二、主动公开政府信息情况", TEXT),
        ("一图读懂青石县财政局2023年政府信息公开工作年度报告", TEXT),
        ("关于报送2023年政府信息公开工作年度报告的函", TEXT),
        ("关于编制2023年政府信息公开工作年度报告的通知", TEXT, "一、编制内容", TEXT, "二、时间要求", TEXT),
        (
            "2023年青石县政府工作报告",
            "一、总体情况",
            TEXT,
            "二、存在的主要问题及改进措施",
            TEXT,
            "三、其他需要报告的事项",
            TEXT,
        ),
        (
            "青石县财政局2023年法治政府建设年度报告",
            "一、总体情况",
            TEXT,
            "二、行政复议、行政诉讼情况",
            TEXT,
            "三、存在的主要问题及改进措施",
            TEXT,
        ),
        ("青石县财政局主动公开目录", "目录按年度调整。"),
        # a table of contents alone; a title alone, with the names of its attachments
        tuple(text for text in BODY if "、" in text[:2]),
        ("青石县财政局2023年政府信息公开工作年度报告", *["附件：青石县财政局2023年政府信息公开工作年度报告.pdf"] * 6),
        ("青石县财政局2023年政府信息公开工作年度报告",),
        ("今日无事。",),
        ("",),
        (),
    ],
)
def test_what_is_no_report_is_told_so_and_never_fails(texts: tuple[str, ...]) -> None:
    report = read_report(document(*texts))
    assert not report.is_form
    assert not report.is_unfilled


@pytest.mark.parametrize(
    "texts",
    [
        ("青石县财政局2023年政府信息公开工作年度报告", *BODY),
        BODY,
        ("青石县财政局2023年政府信息公开工作年度报告", TEXT),
        # a letter that carries the report
        ("青石县财政局关于报送2023年政府信息公开工作年度报告的函", *BODY),
    ],
)
def test_a_report_without_tables_is_one_all_the_same(texts: tuple[str, ...]) -> None:
    assert read_report(document(*texts)).is_form


BLANK_TABLE = Grid(
    (
        ("第二十条第（一）项",) * 4,
        ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
        ("规章", "", "", ""),
        ("行政规范性文件", "", "", ""),
    )
)


def test_the_blank_form_is_a_form_that_nobody_filled_in_and_as_the_annex_of_a_notice_too() -> None:
    blank = (*(Paragraph(text) for text in BODY[:3]), BLANK_TABLE, *(Paragraph(text) for text in BODY[4:]))
    for head in (
        (),
        (Paragraph("关于做好2023年政府信息公开工作年度报告编制工作的通知"), Paragraph("各单位按附件填写。")),
    ):
        report = read_report(Document("text/html", (*head, *blank)))
        assert report.is_form
        assert report.is_unfilled


@needs_template
def test_the_national_template_is_an_unfilled_form() -> None:
    report = read_report(read_document(TEMPLATE.read_bytes(), name=TEMPLATE.name))
    assert report.is_form
    assert report.is_unfilled
    assert all(cell.is_blank for _, cell in report.cells())
    assert report.figures == ()


@needs_hongze
def test_a_real_report_in_pdf_is_read_as_people_read_it() -> None:
    report = read_report(read_document(HONGZE.read_bytes(), name=HONGZE.name))
    assert (report.agency, report.year, report.format) == ("淮安市洪泽区人民政府", 2024, "2021")
    assert report.period == Period(date(2024, 1, 1), date(2024, 12, 31))
    assert (report.contact.phone, report.contact.postcode) == ("0517-87290606", "223100")
    assert report.contact.address == "淮安市洪泽区洪泽湖大道90号"
    stated = {figure.key: (figure.value, figure.scope) for figure in report.figures}
    value, scope = stated["requests.received"]
    assert value == 17
    assert scope.startswith("区政府办代表区政府")
    assert stated["published.website"] == (2428, "")
    assert stated["fees.amount"] == (0, "")


@needs_seeds
@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.name[:3])
def test_every_place_of_a_seed_holds_its_words(path: Path) -> None:
    source = read_document(path.read_bytes())
    report = read_report(source)
    for name, place in [*report.places.items(), *((figure.key, figure.place) for figure in report.figures)]:
        block = source.blocks[place.block - 1]
        assert isinstance(block, Paragraph), name
        assert place.quote.split("\n")[0] in block.text, name
    assert _again(report) == report


def _again(report: Report) -> Report:
    raw: Mapping[str, Any] = json.loads(json.dumps(report_to_json(report)))
    return report_from_json(raw)


# ── whatever stands there ───────────────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    [
        "青石县财政局",
        "2023年",
        "政府信息公开",
        "工作年度报告",
        "统计期限自",
        "1月1日",
        "12月31日",
        "起至",
        "一、总体情况",
        "电话：",
        "0999-1234567",
        "地址：",
        "云台路8号",
        "（",
        "）",
        "二〇二四年一月五日",
        "发布日期：",
        "，",
        "。",
        " ",
        "\u3000",
        "99",
        "@",
        "函",
    ]
)


@given(st.lists(st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=40), max_size=20))
def test_no_text_makes_reading_fail_and_every_place_holds_its_words(texts: list[str]) -> None:
    source = document(*texts)
    report = read_report(source, title=texts[0] if texts else "")
    assert _again(report) == report
    for place in report.places.values():
        block = source.blocks[place.block - 1]
        assert isinstance(block, Paragraph)
        assert place.quote.split("\n")[0] in block.text


@given(
    start=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    end=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    form=st.sampled_from(["自{}起至{}止", "从{}到{}止", "为{}至{}", "自{}始，至{}", "：{}—{}", "自{}起，截至{}"]),
    day=st.sampled_from(
        [
            "{0.year}年{0.month}月{0.day}日",
            "{0.year} 年 {0.month} 月 {0.day} 日",
            "{0.year}年{0.month:02}月{0.day:02}日",
        ]
    ),
)
def test_any_two_days_in_any_wording_are_the_period(start: date, end: date, form: str, day: str) -> None:
    text = f"所列数据的统计期限{form.format(day.format(start), day.format(end))}。"
    assert find_period(Running(lines(text)), Running(()), year=None)[0] == Period(start, end)


@given(st.text())
def test_narrowing_keeps_every_mark_in_its_place(text: str) -> None:
    assert len(narrow(text)) == len(text)
