"""Data answers: what is a row, a date and a count; how the next request is made; what breaks nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pages import Follow, page_for
from crawler.pages.records import read_answer
from crawler.pages.trouble import trouble
from crawler.pages.turning import Extent, turned

TITLE = "某局2023年政府信息公开工作年度报告"
URL = "http://a.gov.cn/api/list"


def rows(item: dict[str, Any]) -> list[tuple[str, str, date | None]]:
    return [(row.url, row.title, row.listed_on) for row in page_for(URL, json.dumps({"list": [item]})).rows()]


@pytest.mark.parametrize(
    "held",
    [
        {"title": TITLE, "url": "/a/1001.html"},
        {"TITLE": f"<b>{TITLE}</b>", "URL": "http://a.gov.cn/a/1001.html"},
        {"docTitle": TITLE.replace("2023", "&#50;023"), "docPubUrl": "../a/1001.html"},
        {"name": TITLE, "href": "a/1001.html", "img_url": "/x.png"},
        {"subject": TITLE, "imgUrl": "/x.png", "detail_url": "/a/1001.html"},
        {"title": "某局2023年政府信息…", "contentTitle": TITLE, "link": "/a/1001.html"},
        {"title": TITLE, "url": "", "linkPath": "/a/1001.html", "id": 4},
        {"title": TITLE, "urls": {"mobile": "/m/1.html", "pc": "/a/1001.html"}},
        {"title": TITLE, "urls": ["/a/1001.html"]},
    ],
)
def test_a_row_is_told_by_what_its_fields_are_called_and_hold(held: dict[str, Any]) -> None:
    base = "http://a.gov.cn/api/list" if "../" in str(held) else "http://a.gov.cn/list"
    page = page_for(base, json.dumps({"data": [held]}))
    assert [(row.url, row.title) for row in page.rows()] == [("http://a.gov.cn/a/1001.html", TITLE)]


@pytest.mark.parametrize(
    "item",
    [
        {"title": TITLE},
        {"title": "", "url": "/a/1001.html"},
        {"title": TITLE, "url": "无"},
        {"title": TITLE, "url": "javascript:void(0)"},
        {"title": TITLE, "imgUrl": "/a/1001.html"},
        {"title": ["a"], "url": {"pc": {"pc": "/a.html"}}},
        {"title": 2023, "url": 1001},
    ],
)
def test_what_has_no_title_or_no_address_is_no_row(item: dict[str, Any]) -> None:
    assert rows(item) == []


@pytest.mark.parametrize(
    ("field", "value", "day"),
    [
        ("pubDate", "2024-01-05 11:06", date(2024, 1, 5)),
        ("publishTime", 1704384000, date(2024, 1, 5)),
        ("publish_time", "1704470399000", date(2024, 1, 5)),
        ("releaseTime", "2024-01-05T23:30:00+08:00", date(2024, 1, 5)),
        ("infodate", "20240105", date(2024, 1, 5)),
        ("date", "/Date(1704384000000+0800)/", date(2024, 1, 5)),
        ("fbsj", "2024年1月5日", date(2024, 1, 5)),
        ("publishTime", 0, None),
        ("publishTime", 99999999999999, None),
        ("publishTime", True, None),
        ("pubDate", "1970-01-01", None),
        ("pubDate", None, None),
        ("updateTime", "2024-01-05", None),
        ("createTime", "2024-01-05", None),
        ("expireDate", "2024-01-05", None),
    ],
)
def test_only_a_date_of_publication_dates_a_row(field: str, value: object, day: date | None) -> None:
    assert rows({"title": TITLE, "url": "/a/1001.html", field: value})[0][2] == day


def test_publication_goes_before_any_other_date() -> None:
    item = {"title": TITLE, "url": "/a/1001.html", "date": "2020-02-02", "publishDate": "2024-01-05"}
    assert rows(item)[0][2] == date(2024, 1, 5)


# ── what follows ────────────────────────────────────────────────────────────────────────────────────────────────────


def numbers(asked: Follow, extent: Extent, key: str, **how: int) -> list[str]:
    found = turned(asked, extent, **how)
    texts = [f"{follow.url} {dict(follow.form)} {follow.json}" for follow in found]
    return [text.split(key, 1)[1].lstrip("='\": ").split("&")[0].split(",")[0].strip("'\"}) {") for text in texts]


@pytest.mark.parametrize(
    ("asked", "extent", "wanted"),
    [
        (Follow(f"{URL}?pageNo=1&pageSize=10"), Extent(shown=10, records=25), ["2", "3"]),
        (Follow(f"{URL}?pageNo=2&pageSize=10"), Extent(shown=10, records=25), ["3"]),
        (Follow(f"{URL}?pageNo=3&pageSize=10"), Extent(shown=5, records=25), []),
        (Follow(f"{URL}?pageNo=1"), Extent(shown=7, pages=3), ["2", "3"]),
        (Follow(f"{URL}?pageNo=0&pageSize=10"), Extent(shown=10, records=25), ["1", "2"]),
        (Follow(f"{URL}?pageNo=1&pageSize=10"), Extent(shown=10), ["2"]),
        (Follow(f"{URL}?pageNo=1&pageSize=10"), Extent(shown=9), []),
        (Follow(f"{URL}?pageNo=1"), Extent(shown=9), []),
        (Follow(f"{URL}?pageNo=x&pageSize=10"), Extent(shown=10, records=25), []),
        (Follow(f"{URL}?pageNo=1&pageSize=0"), Extent(shown=0, records=25), []),
    ],
)
def test_the_page_number_goes_on_as_far_as_the_answer_says(asked: Follow, extent: Extent, wanted: list[str]) -> None:
    assert numbers(asked, extent, "pageNo") == wanted


def test_a_list_that_counts_from_nought_ends_a_page_earlier_unless_it_counts_from_one_after_all() -> None:
    asked = Follow(URL, json='{"pageIndex":2,"pageSize":10}')
    assert numbers(asked, Extent(shown=5, records=25), "pageIndex", first=0) == []
    assert numbers(asked, Extent(shown=10, records=25), "pageIndex", first=0) == ["3"]


def test_a_window_goes_on_by_as_many_records_as_came() -> None:
    asked = Follow(f"{URL}?startrecord=1&endrecord=30&perpage=10")
    found = turned(asked, Extent(shown=20, records=45))
    assert [follow.url.partition("?")[2] for follow in found] == [
        "startrecord=21&endrecord=40&perpage=10",
        "startrecord=41&endrecord=45&perpage=10",
    ]


def test_a_number_in_a_form_in_json_and_in_json_in_a_parameter_is_moved_on_where_it_stands() -> None:
    extent = Extent(shown=2, records=4)
    for asked in (
        Follow(URL, form=(("a", "1"), ("pageNo", "1"), ("pageSize", "2"))),
        Follow(URL, json='{"params":{"pageNo":1,"pageSize":2},"a":[1]}'),
        Follow(f"{URL}?a=1&paramJson=%7B%22pageNo%22%3A1%2C%22pageSize%22%3A2%7D"),
    ):
        (found,) = turned(asked, extent)
        assert (found.url, found.form, found.json) == (
            asked.url.replace("No%22%3A1", "No%22%3A2"),
            tuple((name, "2" if name == "pageNo" else value) for name, value in asked.form),
            asked.json.replace('"pageNo":1', '"pageNo":2'),
        )


def test_a_list_never_goes_on_without_end() -> None:
    asked = Follow(f"{URL}?page=1&size=1")
    assert len(turned(asked, Extent(shown=1, records=9_999_999))) < 600
    assert len(turned(Follow(f"{URL}?start=0&limit=1"), Extent(shown=1, records=9_999_999))) < 600


# ── what an answer is taken for ─────────────────────────────────────────────────────────────────────────────────────


def test_data_is_data_whatever_the_portal_s_family_and_whatever_it_speaks_of() -> None:
    answer = json.dumps({"articleList": [{"title": TITLE, "url": "/art/2024/1/5/art_1_2.html", "f": "jcms_files"}]})
    for family in ("", "trs", "hanweb", "pclist", "epoint"):
        page = page_for(URL, answer, family)
        assert (page.family, len(page.rows()), page.article()) == ("data", 1, None)


@pytest.mark.parametrize("family", ["", "trs", "generic"])
def test_a_column_whose_list_is_elsewhere_is_read_as_the_family_that_says_where(family: str) -> None:
    html = "<title>年报</title><script>var siteInfo={siteGuid:'7eb5f7f1-9041'},categorynum='003';</script>EWB-FRONT"
    page = page_for("http://a.gov.cn/003/list.html", html, family)
    assert page.family == "epoint"
    assert [follow.is_posted for follow in page.sublists((2023,))] == [True]


def test_a_list_that_a_unit_draws_is_asked_for_whatever_rows_the_page_shows_beside_it() -> None:
    unit = "/api-gateway/jpaas-publish-server/front/page/build/unit?webId=1&tplSetId=2&pageId=3&tagId={}"
    html = "<ul><li><a href='/art/2024/1/5/art_1_{}.html'>{}</a>2024-01-05</li></ul><script>a='{}',b='{}'</script>"
    for title in ("区里召开营商环境会议", TITLE):
        page = page_for(
            "http://a.gov.cn/col/col3/index.html", html.format(1, title, unit.format("右侧"), unit.format("推荐列表"))
        )
        assert [follow.url.split("tagId=")[1].split("&")[0] for follow in page.endpoints()] == [quote("右侧")]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"total": 404, "list": [{"title": TITLE, "url": "/404/1.html"}]}, ""),
        ({"code": 200, "msg": "页面不存在的说明", "data": {"html": f"<li><a href='/a.html'>{TITLE}</a></li>"}}, ""),
        ({"success": False, "msg": "您的访问过于频繁，请稍后再试"}, "challenge_page"),
        ({"status": 404, "error": "Not Found", "path": "/api/list"}, "soft_404"),
        ({"total": 0, "list": []}, ""),
    ],
)
def test_data_with_a_list_in_it_is_no_error_page(answer: dict[str, Any], reason: str) -> None:
    assert trouble(200, URL, URL, json.dumps(answer, ensure_ascii=False)) == reason


@pytest.mark.parametrize("text", ["", "12", '"年报"', "null", "{", "[1", "年报(1)", "f(1)x", "var a={};", "<p>{}</p>"])
def test_what_is_no_object_and_no_array_is_no_data_answer(text: str) -> None:
    assert read_answer(text) is None


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(
    ["/a/1001.html", TITLE, "2024-01-05", "{", '{"pc":1}', "[[1]]", "<record><![CDATA[<tr>", "http://[x", "\ud800"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["title", "url", "urls", "pubDate", "total", "pages", "size", "page", "html", "data", "", "\ud800"]
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6))


@given(
    answer=VALUES,
    asked=VALUES,
    place=st.sampled_from([f"{URL}?page=1&size=1", "http://[::1", "", f"{URL}?start=%ff&limit={{"]),
)
@settings(max_examples=150, deadline=None)
def test_no_data_at_all_makes_a_page_raise(answer: object, asked: object, place: str) -> None:
    text, posted = json.dumps(answer), json.dumps(asked)
    for sent in (Follow(place), Follow(place, json=posted), Follow(place, form=(("page", "1"), ("paramJson", posted)))):
        page = page_for(place, text, asked=sent)
        page.rows()
        page.next_pages()
        page.sublists((2023,))
        page.article()
        trouble(200, place, place, text)


def test_data_under_another_familys_address_is_read_as_data() -> None:
    answer = json.dumps(
        {"pages": 3, "page": 1, "rows": [{"title": TITLE, "address": "/gongkai/doc_1.html", "on": "2024-01-19"}]}
    )
    page = page_for("http://a.gov.cn/gongkai/api/documents?channel=c1&page=1", answer)
    assert (page.family, [row.title for row in page.rows()]) == ("data", [TITLE])
    assert [row.listed_on for row in page.rows()] == [date(2024, 1, 19)]
    assert [follow.url[-6:] for follow in page.next_pages()][:1] == ["page=2"]
