"""Columns are found from the home page alone, best first and bounded, each with what shows that it is one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crawler.pages import page_for
from crawler.reading import Kind, Question, Reading, read
from monitor.exchange import Column, FoundColumn
from tests.crawling import Crawl, Reply, Site, article_page, crawl, list_page, row, spec_for

HOME = "http://www.jn.gov.cn/"


def page(*links: str, title: str = "江南区人民政府", more: str = "") -> str:
    """A page of links, each written as words→address."""
    anchors = "".join(
        f"<p><a href='{address}'>{words}</a></p>" for words, address in (link.split("→") for link in links)
    )
    return f"<html><head><title>{title}</title></head><body>{anchors}{more}</body></html>"


def survey(html: str, url: str = HOME, names: frozenset[str] = frozenset()) -> Reading:
    return read(
        Question(
            kind=Kind.SURVEY,
            status=200,
            url=url,
            requested=url,
            content_type="text/html; charset=utf-8",
            body=html.encode(),
            family="",
            years=(2023,),
            names=names,
        )
    )


def report(agency: str, number: int, year: int = 2023) -> str:
    return row(f"/a/{number}.html", f"{agency}{year}年政府信息公开工作年度报告", f"{year + 1}-01-20")


def found_on(site: Site, folder: Path, **changes: object) -> tuple[list[FoundColumn], Crawl]:
    done = crawl(spec_for(site, **changes), folder)
    assert done.health is not None, done.errors
    return list(done.health.found), done


# ── which links lead there ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_clearest_name_is_followed_first_and_what_leads_elsewhere_never() -> None:
    ways = survey(
        page(
            "政务公开→/zwgk/",
            "2023年政府信息公开年报→/nb/2023/",
            "政府信息公开→/xxgk/",
            "政府信息公开指南→/zn/",
            "财政预算决算→/cz/",
            "法治政府建设年度报告→/fz/",
            "依申请公开→/ysq/",
            "区领导→/ld/",
            "政府信息公开年报→http://mirror.example.com/nb/",
        )
    ).ways
    assert [way.words for way in ways] == ["2023年政府信息公开年报", "政府信息公开", "政务公开"]


def test_words_that_speak_of_any_report_count_within_the_disclosure_pages_only() -> None:
    assert not survey(page("年度报告→/n/1/")).ways
    inside = survey(page("年度报告→/n/1/", title="政府信息公开"), "http://www.jn.gov.cn/xxgk/").ways
    assert [way.words for way in inside] == ["年度报告"]


def test_names_of_the_roster_lead_on_within_the_disclosure_pages() -> None:
    html = page("区教育局→/jyj/", "某某企业→/qy/", title="部门信息公开")
    ways = survey(html, "http://www.jn.gov.cn/xxgk/bm/", frozenset({"区教育局"})).ways
    assert [(way.words, way.owner) for way in ways] == [("区教育局", "区教育局")]


@pytest.mark.parametrize(
    ("html", "url", "is_column"),
    [
        (list_page(report("区教育局", 1)), "http://www.jn.gov.cn/nb/", True),
        (list_page(*(report(f"区第{n}中学", n) for n in range(4)), title="公示"), "http://www.jn.gov.cn/gs/", True),
        (list_page(*(report(f"区第{n}中学", n) for n in range(4))), HOME, False),
        (list_page(row("/a/9.html", "区领导调研", "2024-01-09"), title="要闻"), "http://www.jn.gov.cn/yw/", False),
        (list_page(row("/a/9.html", "区财政局2023年度决算", "2024-01-09")), "http://www.jn.gov.cn/cz/", False),
        (article_page("区教育局2023年政府信息公开工作年度报告"), "http://www.jn.gov.cn/t20240120_1.html", False),
    ],
    ids=["named and filled", "filled only", "home page", "news", "named but of budgets", "an article"],
)
def test_a_page_is_a_column_by_what_it_holds(html: str, url: str, is_column: bool) -> None:
    assert bool(survey(html, url).column) is is_column


def test_a_search_form_is_asked_only_where_it_is_sent_by_get() -> None:
    form = "<form action='/s' method='{}'><input type=hidden name=site value=1><input name=q></form>"
    asked = survey(page(more=form.format("get"))).search
    assert asked.startswith("http://www.jn.gov.cn/s?site=1&q=%E6%94%BF")
    assert survey(page(more=form.format("post"))).search == ""
    assert survey(page(more=form.format("get").replace("/s", "http://evil.example/s"))).search == ""


def test_any_page_can_be_surveyed() -> None:
    for html in (
        "",
        "<a href=javascript:>政府信息公开</a>",
        "<frameset><frame src='//['></frameset>",
        "{}",
        "\x00" * 9,
    ):
        assert isinstance(survey(html), Reading)
    assert page_for(HOME, "").position == ""


# ── over a real crawl ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_column_four_steps_from_the_home_page_is_found_with_the_way_to_it(tmp_path: Path) -> None:
    with Site() as site:
        site.pages |= {
            "/": page("要闻→/yw/", "政务公开→/zwgk/"),
            "/zwgk/": "<html><body><iframe src='/zwgk/menu.html'></iframe></body></html>",
            "/zwgk/menu.html": page("政府信息公开指南→/zn/", "法定主动公开内容→/zwgk/fd/", title="政务公开"),
            "/zwgk/fd/": page("财政信息→/cz/", "年报→/zwgk/fd/last/", title="法定主动公开内容"),
            "/zwgk/fd/last/": list_page(report("区教育局", 1)),
            "/a/1.html": article_page("区教育局2023年政府信息公开工作年度报告"),
        }
        [column], done = found_on(site, tmp_path)
        assert column.url == site.url("/zwgk/fd/last/")
        assert [words for words, _ in column.path] == ["首页", "政务公开", "政务公开", "法定主动公开内容", "年报"]
        assert "年报1条" in column.why
        assert done.column(column.url).healthy
        assert not {"/yw/", "/zn/", "/cz/"} & set(site.asked)


def test_each_agencys_own_column_is_found_where_there_is_no_common_one(tmp_path: Path) -> None:
    agencies = {"jyj": "区教育局", "czj": "区财政局", "mzj": "区民政局"}
    with Site() as site:
        site.pages["/"] = page("部门信息公开→/bm/")
        site.pages["/bm/"] = page(*(f"{name}→/{key}/" for key, name in agencies.items()), title="部门信息公开")
        for number, (key, name) in enumerate(agencies.items()):
            site.pages[f"/{key}/"] = page(f"政府信息公开年报→/{key}/nb/", title=f"{name}信息公开")
            site.pages[f"/{key}/nb/"] = list_page(report(name, number))
            site.pages[f"/a/{number}.html"] = article_page(f"{name}2023年政府信息公开工作年度报告")
        found, _ = found_on(site, tmp_path, names=tuple(agencies.values()))
        assert {column.owner for column in found} == set(agencies.values())


def test_the_site_map_is_asked_where_no_link_leads_there(tmp_path: Path) -> None:
    with Site() as site:
        site.pages |= {
            "/": page("要闻→/yw/"),
            "/sitemap.xml": Reply(
                f"<?xml version='1.0'?><urlset><url><loc>{site.url('/yw/')}</loc></url>"
                f"<url><loc>{site.url('/zfxxgknb/')}</loc></url><url><loc>http://evil.example/gknb/</loc></url></urlset>",
                headers={"Content-Type": "application/xml"},
            ),
            "/zfxxgknb/": list_page(report("区教育局", 1)),
            "/a/1.html": article_page("区教育局2023年政府信息公开工作年度报告"),
        }
        assert [column.url for column in found_on(site, tmp_path)[0]] == [site.url("/zfxxgknb/")]


def test_the_portals_search_leads_to_an_article_and_its_breadcrumb_to_the_column(tmp_path: Path) -> None:
    title = "区教育局2023年政府信息公开工作年度报告"
    crumbs = "<div class='position'>当前位置：<a href='/'>首页</a> &gt; <a href='/x/9/'>政府信息公开年报</a></div>"
    with Site() as site:
        search = "<form action='/s'><input name='q'></form>"
        site.pages |= {
            "/": page("要闻→/yw/", more=search),
            "/x/9/": list_page(row("/t20240120_1.html", title, "2024-01-20")),
            "/t20240120_1.html": article_page(title, more=crumbs),
        }
        asked = survey(site.pages["/"], site.url()).search  # type: ignore[arg-type]
        site.pages[asked.removeprefix(site.url(""))] = page(f"{title}→/t20240120_1.html", title="站内搜索")
        assert [column.url for column in found_on(site, tmp_path)[0]] == [site.url("/x/9/")]


def test_an_endless_portal_costs_a_bounded_number_of_pages(tmp_path: Path) -> None:
    with Site() as site:
        for number in range(400):
            links = (f"政务公开→/z{number + step}/" for step in range(1, 4))
            site.pages[f"/z{number}/" if number else "/"] = page(*links)
        found, done = found_on(site, tmp_path)
        assert not found
        assert done.health is not None
        assert done.health.requests < 50
        assert done.health.columns[0].reason == "column_lost"


def test_a_later_search_that_fails_leaves_the_known_columns_in_health(tmp_path: Path) -> None:
    with Site() as site:
        site.pages |= {
            "/": Reply(status=500),
            "/nb/": list_page(report("区教育局", 1)),
            "/a/1.html": article_page("区教育局2023年政府信息公开工作年度报告"),
        }
        spec = replace(spec_for(site), columns=(Column(site.url("/nb/"), is_found=True),))
        done = crawl(spec, tmp_path)
        assert done.column(site.url("/nb/")).healthy
        assert done.health is not None
        assert not done.health.explored
