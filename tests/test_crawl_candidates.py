"""Which rows of a column are candidates, and when a list counts as read to its end: pure functions, no engine."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from crawler.candidates import (
    candidates,
    claimed_size,
    identity,
    is_older,
    list_key,
    list_year,
    own_report,
    reading_in_column,
)
from crawler.lists import Listing
from crawler.pages.base import Follow, Row
from crawler.paging import Sequel, read_on
from crawler.reading import Reading

LIST = "http://x.gov.cn/zwgk/nb/"


@pytest.mark.parametrize(
    "title",
    [
        "区教育局2023年政府信息公开工作年度报告",
        "区教育局2023年年报",
        "区教育局2023年度报告",
        "区教育局2023年政府信息公开工作…",
        "区教育局2023年政府信...",
        "区教育局2023年……",
        "政府信息公开年度报告",
        "区财政局2023年年报",
        "区审计局2023年度报告",
        "2023年统计局年度报告",
        "区培训中心年度报告2023",
        "区教育局2022、2023年政府信息公开工作年度报告",
        "区教育局关于公布2023年政府信息公开工作年度报告的公告",
        "关于印发《区教育局2023年政府信息公开工作年度报告》的通知",
    ],
)
def test_a_row_that_may_be_a_report_is_a_candidate(title: str) -> None:
    assert candidates([Row("http://x.gov.cn/1.html", title)], LIST, (2023,))


@pytest.mark.parametrize(
    "title",
    [
        "一图读懂：区教育局2023年政府信息公开工作年度报告",
        "2023年度法治政府建设年度报告",
        "2023年部门决算",
        "区教育局2023年财政预算公开…",
        "区教育局2022年政府信息公开工作年度报告",
        "关于召开教育工作会议的通知",
        "某局2023年工作总结",
        "2023年财政年报",
        "区财政局2023年部门决算年度报告",
        "某学院2023年质量年报",
        "区教育局2023年行政处罚年度报告",
        "区教育局2023年年报图解",
        "关于做好2023年政府信息公开工作年度报告编制发布工作的通知",
    ],
)
def test_a_row_that_is_something_else_or_of_another_year_is_none(title: str) -> None:
    assert candidates([Row("http://x.gov.cn/1.html", title)], LIST, (2023,)) == ()


def test_the_year_of_a_list_counts_where_its_rows_name_none() -> None:
    row = Row("http://x.gov.cn/1.html", "区教育局政府信息公开工作年度报告", date(2024, 1, 5))
    (link,) = candidates([row, row], "http://x.gov.cn/xxgknb/2023xxgknb/", (2023,))
    assert (link.year, link.listed_on) == (2023, date(2024, 1, 5))
    assert candidates([row], "http://x.gov.cn/xxgknb/2021nxxgknb/", (2023,)) == ()


@pytest.mark.parametrize(
    ("url", "year"),
    [
        ("http://x/zwgk/xxgknb/2023xxgknb/", 2023),
        ("http://x/zw/gknb/2025nbxknb/", 2025),
        ("http://x/xxgknb/xxgknb_2020/bmjzj_1/", 2020),
        ("http://x/module/xxgk/xxgkAnnualReport.jsp?area=1&fbtime=2023", 2023),
        ("http://x/col/col2019/index.html", None),
        ("http://x/OpennessContent/showList/2021/0/page_1.html", None),
    ],
)
def test_an_address_names_a_year_only_where_it_speaks_of_annual_reports(url: str, year: int | None) -> None:
    assert list_year(url) == year


def test_a_page_is_a_report_itself_only_if_its_year_is_said() -> None:
    assert own_report("区教育局2023年政府信息公开工作年度报告", LIST) == 2023
    assert own_report("区教育局政府信息公开工作年度报告", "http://x/a.jsp?fbtime=2022") == 2022
    assert own_report("政府信息公开年报", LIST) is None
    assert own_report("一图读懂2023年政府信息公开年报", LIST) is None


def test_the_identity_of_a_page_keeps_its_query_and_drops_what_changes_by_itself() -> None:
    assert identity("http://x/a.jsp;jsessionid=1F?id=2&_=0.3#top") == "http://x/a.jsp?id=2"
    assert identity("http://x/a?area=B&fbtime=2023") == "http://x/a?area=B&fbtime=2023"
    assert list_key("http://x/nb/index.html") == list_key("http://x/nb/") != list_key("http://x/nb/index_1.html")


def test_a_title_that_is_cut_off_keeps_its_year() -> None:
    assert reading_in_column("区教育局2022年政府信息公…").year == 2022


def rows(*numbers: int, year: int = 2024) -> tuple[Row, ...]:
    return tuple(Row(f"http://x/{year}/{n}.html", f"第{n}号", date(year, 1, 32 - n)) for n in numbers)


def page(*found: Row, follow: tuple[Follow, ...] = (), announced: int = 1, reason: str = "") -> Listing:
    return Listing(Reading(rows=found, following=follow, announced=announced), reason, reason)


def read(first: Listing, pages: dict[str, Listing]) -> tuple[Sequel, list[str]]:
    asked = []

    async def get(follow: Follow) -> Listing:
        asked.append(follow.url)
        return pages.get(follow.url, page(reason="column_lost"))

    return asyncio.run(read_on(Follow("p1"), first, get, (2023,))), asked


def test_the_other_spelling_of_a_next_page_is_tried_only_if_the_first_brings_nothing() -> None:
    follow = (Follow("p2", alternatives=("p3",)), Follow("p3", alternatives=("p4",)))
    sequel, asked = read(page(*rows(1, 2), follow=follow), {"p2": page(*rows(3)), "p3": page(*rows(4))})
    assert (sequel.reason, asked) == ("", ["p2", "p3"])
    sequel, asked = read(page(*rows(1, 2), follow=follow), {"p3": page(*rows(3)), "p4": page(*rows(4))})
    assert (sequel.reason, asked, len(sequel.pages)) == ("", ["p2", "p3", "p4"], 3)


def test_a_hole_on_the_way_is_named() -> None:
    follow = (Follow("p2"), Follow("p3"))
    sequel, _ = read(page(*rows(1, 2), follow=follow), {"p3": page(*rows(3))})
    assert sequel.reason == "list_truncated"
    sequel, _ = read(page(*rows(1, 2), follow=follow), {"p2": page(reason="portal_blocked"), "p3": page(*rows(3))})
    assert sequel.reason == "portal_blocked"


def test_two_pages_in_a_row_without_news_end_a_list_that_is_not_whole() -> None:
    follow = tuple(Follow(f"p{n}") for n in range(2, 9))
    sequel, asked = read(page(*rows(1, 2), follow=follow), {f"p{n}": page(*rows(1, 2)) for n in range(2, 9)})
    assert (sequel.reason, asked) == ("list_truncated", ["p2", "p3"])


def test_an_empty_last_page_is_an_end() -> None:
    sequel, _ = read(page(*rows(1, 2), follow=(Follow("p2"),)), {"p2": page()})
    assert sequel.reason == ""


def test_a_list_that_claims_more_pages_than_were_seen_is_not_whole() -> None:
    assert read(page(*rows(1, 2), announced=3), {})[0].reason == "list_truncated"


def test_what_is_broken_below_reports_of_older_years_hides_nothing() -> None:
    follow = (Follow("p2"), Follow("p3"))
    sequel, _ = read(page(*rows(1, 2), follow=follow), {"p2": page(*rows(3, 4, year=2023))})
    assert sequel.reason == ""


def test_only_falling_dates_prove_that_nothing_new_follows() -> None:
    new, old = rows(1, 2), rows(3, 4, year=2022)
    assert is_older(new, old, (2023,))
    assert not is_older(new, tuple(reversed(old)), (2023,))
    assert not is_older(old, new, (2023,))
    assert not is_older((), old, (2023,))
    assert not is_older(new, old[:1], (2023,))
    assert not is_older(new, old, ())


@pytest.mark.parametrize(
    ("script", "size"),
    [
        ('qtList.pages({box: "p", channel: "c812", total: 3})', 3),
        ("laypage({cont: 'p', pages: 7, curr: 1})", 7),
        ('$("#p").pagination({"totalCount": "120", size: 10})', 120),
        ("visits({total: 9999})", 0),
        ("showPage()", 0),
        ("page({" * 20_000 + "pagepage" * 20_000, 0),
    ],
)
def test_a_pager_of_an_unknown_script_still_tells_how_much_there_is(script: str, size: int) -> None:
    assert claimed_size(script) == size


@pytest.mark.parametrize(("claimed", "whole"), [(0, True), (2, True), (3, False)])
def test_a_list_whose_pager_cannot_be_followed_is_not_whole(claimed: int, whole: bool) -> None:
    first = Listing(Reading(rows=rows(1, 2), claimed=claimed), "", "")
    assert (read(first, {})[0].reason == "") is whole
