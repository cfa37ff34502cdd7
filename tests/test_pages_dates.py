"""The date-evidence ladder: which dates of a page speak of its publication, and how far they are to be trusted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages import page_for
from crawler.pages.dates import from_metas, from_url, in_byline, labelled, listed_date
from monitor.model import ACCUSING_CONFIDENCE

BODY = "<p>本机关把应当公开的事项逐条公开，接受社会监督，内容与上一段不同。</p>" * 4


def dates_of(html: str, url: str = "http://a.gov.cn/nb/x.html") -> dict[str, list[str]]:
    facts = page_for(url, f"<h1>某局2023年政府信息公开工作年度报告</h1>{html}").article()
    assert facts is not None
    found: dict[str, list[str]] = {}
    for candidate in facts.dates:
        found.setdefault(candidate.source, []).append(candidate.value.isoformat())
    return found


@pytest.mark.parametrize(
    "content",
    [
        "2024-01-09 21:37",
        "2024—01—09 21∶37",
        "2024–01–09",
        "2024/1/9",
        "2024年1月9日",
        "2024.01.09",
        "2024-01-09-23:59:59",
        "20240109",
        "20240109213700",
        "2024-01-09 21:37:05",
        "2024-01-09T21:37:05+08:00",
        "２０２４－０１－０９　２１：３７",
        "1704807420000",
        "Tue Jan 09 21:37:00 CST 2024",
        "发布时间：2024-01-09",
    ],
)
@pytest.mark.parametrize("name", ["pubdate", "publishdate", "firstpublishedtime", "article:published_time"])
def test_a_meta_date_is_read_in_every_spelling(name: str, content: str) -> None:
    assert [candidate.value for candidate in from_metas([(name, content)])] == [date(2024, 1, 9)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("maketime", "2024-01-09"),
        ("lastmodifiedtime", "2024-01-09"),
        ("pubdate", "2024-01"),
        ("pubdate", "2024"),
        ("pubdate", "1970-01-01"),
        ("pubdate", "网站名称"),
        ("pubdate", "2024-13-40"),
        ("pubdate", ""),
        ("pubdate", "0001-01-01 00:00:00"),
        ("pubdate", "0000000000000"),
        ("pubdate", "Tue Foo 09 21:37:00 CST 2024"),
        ("others", "2024-01-09"),
    ],
)
def test_what_is_no_publication_date_is_no_meta_date(name: str, content: str) -> None:
    assert list(from_metas([(name, content)])) == []


@pytest.mark.parametrize(
    "text",
    [
        "发布时间：2024-01-09",
        "发布日期:2024-01-09 15:20",
        "发 布 日 期 ：2024年1月9日",
        "公开日期 2024/1/9",
        "时间：2024-01-09",
        "【 信息时间：2024-01-09 阅读次数：12 】",
        "【日期】：2024.01.09",
        "来源：局办公室 发布时间：[2024- 01- 09]",
        "发布日期：20240109",
        "发布：2024-01-09",
        "发表于 2024-01-09",
        "发稿时间：2024-01-09",
        "发布日期：二〇二四年一月九日",
        "发布日期：２０２４－０１－０９",
    ],
)
def test_a_labelled_date_may_accuse(text: str) -> None:
    (candidate,) = labelled(text)
    assert (candidate.value, candidate.source) == (date(2024, 1, 9), "label")
    assert candidate.confidence >= ACCUSING_CONFIDENCE


@pytest.mark.parametrize(
    "text",
    [
        "更新时间：2024-01-09",
        "更新 时间：2024-01-09",
        "修改日期：2024-01-09",
        "生成时间 2024-01-09",
        "打印时间：2024-01-09",
        "会议时间：2024-01-09",
        "施行日期：2024-01-09",
        "有效期至2024-01-09",
        "发布时间：2024年1月",
        "发布时间：2024",
        "2024-01-09",
        "发布时间：　文号：无　2024-01-09",
        "截至时间2024-01-09",
    ],
)
def test_other_dates_are_none(text: str) -> None:
    assert list(labelled(text)) == []


def test_the_day_of_writing_is_kept_apart_and_never_accuses() -> None:
    (candidate,) = labelled("成文日期：2024年1月9日")
    assert (candidate.source, candidate.value) == ("written", date(2024, 1, 9))
    assert candidate.confidence < ACCUSING_CONFIDENCE


@pytest.mark.parametrize(
    "line",
    [
        "来源：县司法局　2024-01-09 10:20　浏览次数：33",
        "2024-01-09　来源：县司法局",
        "（2024年1月9日）",
        "2024-01-09 10:20",
    ],
)
def test_a_date_without_a_label_under_the_title_is_a_weak_candidate(line: str) -> None:
    assert dates_of(f"<p>{line}</p><div id=zoom>{BODY}</div>") == {"byline": ["2024-01-09"]}
    (candidate,) = in_byline(line)
    assert candidate.confidence < ACCUSING_CONFIDENCE


@pytest.mark.parametrize(
    "line",
    [
        "今天是2024年1月9日 星期二",
        "2024年1月9日 星期二",
        "2024-01-09",
        "更新时间：</p><p>2024-01-09 10:20",
        "来源：县司法局 更新时间：2024-01-09 浏览次数：33",
        "2024-01-09 至 2024-01-10 来源：县司法局",
    ],
)
def test_other_dates_above_a_body_are_none(line: str) -> None:
    assert dates_of(f"<p>{line}</p><div id=zoom>{BODY}</div>") == {}


def test_metas_are_read_in_any_case_order_and_attribute() -> None:
    for meta in (
        "<META CONTENT='2024-01-09 10:00' NAME=PubDate>",
        "<meta http-equiv=PubDate content=2024-01-09>",
        "<meta itemprop=datePublished content=2024-01-09>",
        "<meta name='pubdate ' content='${time}'><meta name=PUBDATE content=2024—01—09>",
    ):
        assert dates_of(f"{meta}<div id=zoom>{BODY}</div>") == {"meta": ["2024-01-09"]}


def test_a_date_that_a_script_writes_stands_where_it_is_written() -> None:
    assert dates_of(f"<p>发布时间：<script>document.write('2024-01-09');</script></p><div id=zoom>{BODY}</div>") == {
        "label": ["2024-01-09"]
    }


def test_dates_that_contradict_each_other_all_stay() -> None:
    metas = "<meta name=PubDate content=2024-01-09><meta name=publishdate content=2024-02-01>"
    html = f"{metas}<p>发布时间：2024-01-10　来源：某局</p><div id=zoom>{BODY}</div>"
    assert dates_of(html, "http://a.gov.cn/202402/t20240203_1.html") == {
        "meta": ["2024-01-09", "2024-02-01"],
        "label": ["2024-01-10"],
        "url": ["2024-02-03"],
    }


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("zw/202401/t20240109_1.html", "2024-01-09"),
        ("art/2024/1/9/art_1_2.html", "2024-01-09"),
        ("a/2024-01/09/content_5.htm", "2024-01-09"),
        ("a/20240109/ab12/c.html", "2024-01-09"),
        ("a/2024-01-09/77.html", "2024-01-09"),
        ("a/2024/0109/77.html", "2024-01-09"),
        ("col/1401_768714/art/20240109091534_JCc.html", "2024-01-09"),
        ("web/a/202401091030123/index.shtml", "2024-01-09"),
        ("a/202401/77.html", ""),
        ("a/2024/77.html", ""),
        ("a/t20241399_1.html", ""),
        ("art/2024/art_0123.html", ""),
        ("a/120240109456/1.html", ""),
    ],
)
def test_an_address_gives_a_day_only_if_it_holds_a_whole_one(path: str, day: str) -> None:
    found = list(from_url(f"http://a.gov.cn/{path}"))
    assert [candidate.value.isoformat() for candidate in found] == ([day] if day else [])
    assert all(candidate.confidence < ACCUSING_CONFIDENCE for candidate in found)


def test_an_object_id_gives_the_chinese_day_of_its_second() -> None:
    (candidate,) = from_url("http://a.gov.cn/gongkai/channel_1/doc_697c1cfcaaaaaaaaaaaaaaaa.html")
    assert (candidate.source, candidate.value) == ("objectid", date(2026, 1, 30))


def test_period_and_signature_of_a_report_are_no_publication_dates() -> None:
    body = f"<div id=zoom><p>统计期限自2023年1月1日起至2023年12月31日止。</p>{BODY}<p>二〇二四年一月十二日</p></div>"
    assert dates_of(body) == {}


def test_a_time_that_the_body_speaks_of_is_none() -> None:
    assert dates_of(f"<div id=zoom><p>培训时间：2023-05-06，时间：2023-05-07。</p>{BODY}</div>") == {}


def test_the_dates_of_other_articles_below_are_none() -> None:
    others = "".join(f"<li><a href=/x/{k}00001.html>别的报告标题{k}</a>时间：2022-01-0{k}</li>" for k in range(1, 5))
    assert dates_of(f"<p>发布时间：2024-01-09</p><div id=zoom>{BODY}</div><ul>{others}</ul>") == {
        "label": ["2024-01-09"]
    }


def test_the_first_lines_of_a_body_may_bear_its_date() -> None:
    assert dates_of(f"<div id=zoom><p>发布日期：2024-01-09</p>{BODY}</div>") == {"label": ["2024-01-09"]}


def test_all_sources_are_kept_beside_each_other_the_surest_first() -> None:
    table = "<table><tr><td>成文日期</td><td>2021-03-28</td><td>发文时间</td><td>2021-03-30</td></tr></table>"
    found = dates_of(f"{table}<div id=zoom>{BODY}</div>", "http://a.gov.cn/zw/202206/t20220617_1452138.html")
    assert list(found.items()) == [("label", ["2021-03-30"]), ("url", ["2022-06-17"]), ("written", ["2021-03-28"])]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-09", date(2024, 1, 9)),
        ("09 2024-01", date(2024, 1, 9)),
        ("2024.01 09", date(2024, 1, 9)),
        ("成文日期：2024-01-02 发布日期：2024-01-09", date(2024, 1, 9)),
        ("2024-01-02 2024-01-09", None),
        ("更新时间：2024-01-09", None),
        ("01-09", None),
        ("2024-01", None),
    ],
)
def test_a_row_s_date_is_never_guessed(text: str, day: date | None) -> None:
    assert listed_date(text) == day


@given(st.text(alphabet="发布时间日期成文更新 ：:-/.年月日0123456789", max_size=60))
def test_no_text_makes_the_ladder_raise(text: str) -> None:
    for candidate in labelled(text):
        assert candidate.value >= date(2000, 1, 1)
    listed_date(text)
    list(from_url("http://a.gov.cn/" + text))
