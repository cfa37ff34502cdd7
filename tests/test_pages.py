"""Page families: a folder in tests/pages/<family>/<case>/ is a test (page.html, page.json, expected.json)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.cases import USUAL_YEARS, is_reviewed, read_case, said
from crawler.pages import FAMILIES, FAMILY_NAMES, Page, page_for
from crawler.pages.data import DataPage
from crawler.pages.hanweb import HanwebPage
from crawler.pages.written import Handlers, destinations, written

PAGES = Path(__file__).parent / "pages"
SHARED = Path(__file__).parents[2] / "shared" / "portal_pages"
CASES = sorted(path.parent for path in PAGES.glob("*/*/page.json"))
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/portal_pages is not here")


@pytest.mark.parametrize(
    ("case", "key"),
    [
        pytest.param(case, key, id=f"{case.parent.name}-{case.name}-{key}")
        for case in CASES
        for key in json.loads((case / "expected.json").read_text("utf-8"))
    ],
)
def test_a_page_says_what_its_folder_expects(case: Path, key: str) -> None:
    page, about = read_case(case)
    expected = json.loads((case / "expected.json").read_text("utf-8"))[key]
    found = said(page, key, tuple(about.get("years", USUAL_YEARS)))
    if isinstance(expected, dict) and isinstance(found, dict):
        found = {name: found[name] for name in expected}
    assert found == expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_a_page_is_known_by_its_fingerprint(case: Path) -> None:
    page, about = read_case(case)
    assert page.family == about["family"] == case.parent.name


def test_a_person_has_reviewed_every_case() -> None:
    unreviewed = [case for case in CASES if not is_reviewed(read_case(case)[1])]
    files = "\n".join(str(case.relative_to(PAGES.parents[1]) / "expected.json") for case in unreviewed)
    assert not unreviewed, f'对照网页核对下列文件，再把同一文件夹中 page.json 的 "reviewed" 改为 true：\n{files}'


def test_each_family_has_at_least_two_cases() -> None:
    for name in FAMILY_NAMES:
        assert len([case for case in CASES if case.parent.name == name]) >= 2, name


# ── the families ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_registry_s_family_wins_on_a_page_that_bears_no_mark() -> None:
    html = "<ul><li><a href='/a/100001.html'>某局2023年政府信息公开工作年度报告</a>2024-01-05</li></ul>"
    assert page_for("http://a.gov.cn/nb/", html, "trs").family == "trs"
    assert page_for("http://a.gov.cn/nb/", html, "no such family").family == "generic"


def test_a_page_of_another_family_is_understood_on_a_portal_whose_family_is_known() -> None:
    case = PAGES / "hanweb" / "column_with_records"
    url = json.loads((case / "page.json").read_text("utf-8"))["url"]
    page = page_for(url, (case / "page.html").read_text("utf-8"), "trs")
    assert page.family == "hanweb"
    assert len(page.rows()) == 2


def test_the_address_tells_the_family_before_links_to_another_one() -> None:
    html = (
        "<a href='/openness/OpennessContent/showList/1/0/page_1.html'>旧站</a><script>var x={articleList:[]}</script>"
    )
    assert page_for("http://a.gov.cn/x/pc/list.html", html).family == "pclist"


def test_a_slot_without_a_year_leaves_the_report_to_the_slot_of_its_year() -> None:
    case = PAGES / "hanweb" / "filled_slot"
    place = "http://www.lushan.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=11370800004312466C"
    page = page_for(place, (case / "page.html").read_text("utf-8"))
    assert page.article() is None
    assert page.rows() == []
    assert [follow.url for follow in page.sublists((2023,))] == [f"{place}&fbtime=2023"]


def test_a_counter_a_menu_and_a_share_button_change_no_content() -> None:
    body = "<div id=zoom>" + "<p>本机关按要求公开了各类信息，没有遗漏。</p>" * 5 + "{}</div>"
    frame = "<h1>某局2023年政府信息公开工作年度报告</h1>浏览次数：{} {} {}"
    one = frame.format(12, "", body.format(""))
    other = frame.format(
        99,
        "<ul class=nav><li>新栏目</li></ul><div class=bdsharebuttonbox>分享</div>",
        body.format("<p>点击数：8次</p>"),
    )
    changed = frame.format(12, "", body.format("<p>新加的一句。</p>"))
    attached = frame.format(12, "", body.format("")) + "<a href=/f/a.pdf>附件</a>"
    digests = [_content("http://a.gov.cn/nb/1.html", html) for html in (one, other, changed, attached)]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_the_layout_of_a_text_is_no_part_of_its_content() -> None:
    text = "本机关按要求公开了各类信息，没有遗漏。" * 5
    split = "".join(f"<span>{mark}</span>" for mark in text)
    pages = [f"<h1>某局2023年政府信息公开工作年度报告</h1><div id=zoom><p>{inner}</p></div>" for inner in (text, split)]
    assert len({_content("http://a.gov.cn/nb/1.html", html) for html in pages}) == 1


def _content(url: str, html: str) -> str:
    facts = page_for(url, html).article()
    assert facts is not None
    return facts.content


@pytest.mark.parametrize(
    ("title", "followed"),
    [
        ("2023年", True),
        ("2024年", True),
        ("2022年", False),
        ("2023年政府信息公开年报", True),
        ("2024年政府信息公开年报", False),
    ],
)
def test_a_column_named_by_a_year_alone_may_be_that_of_publication(title: str, followed: bool) -> None:
    html = f"<title>政府信息公开年报</title><ul><li><a href='sub/'>{title}</a></li></ul>"
    assert bool(page_for("http://a.gov.cn/gk/ndgk/", html).sublists((2023,))) is followed


def test_a_column_s_name_is_no_row_but_a_list_to_follow() -> None:
    html = "<title>政府信息公开</title><ul><li><a href='zfxxgknb.html'>政府信息公开年报</a></li></ul>"
    page = page_for("http://a.gov.cn/gk/index.html", html)
    assert page.rows() == []
    assert [follow.url for follow in page.sublists((2023,))] == ["http://a.gov.cn/gk/zfxxgknb.html"]


def test_a_report_column_leads_to_its_agencies_and_not_to_other_columns() -> None:
    names = ("教育局", "石门镇", "机构职能", "政策解读", "部门及镇街")
    html = "<title>政府信息公开年报</title><ul>" + "".join(
        f"<li><a href='/c{k}/'>{name}</a></li>" for k, name in enumerate(names)
    )
    page = page_for("http://a.gov.cn/col/x/", html)
    assert [follow.url[-4:] for follow in page.sublists((2023,))] == ["/c0/", "/c1/", "/c4/"]


def test_only_same_site_pages_are_followed() -> None:
    html = "<title>信息公开年报</title>" + "".join(
        f"<a href='{host}/nb/2023/'>2023年</a>"
        for host in ("http://mirror.example.com", "https://www.a.gov.cn", "http://xxgk.a.gov.cn", "http://b-a.gov.cn")
    )
    found = [follow.url for follow in page_for("http://a.gov.cn/gk/nb/", html).sublists((2023,))]
    assert found == ["https://www.a.gov.cn/nb/2023/", "http://xxgk.a.gov.cn/nb/2023/"]


@pytest.mark.parametrize(
    ("attribute", "shown", "title"),
    [
        ("某局2023年政府信息公开工作年度报告", "某局2023年政府…", "某局2023年政府信息公开工作年度报告"),
        (
            "某局2023年政府信息公开工作年度报告 2024-01-05",
            "某局2023年政府信息公...",
            "某局2023年政府信息公开工作年度报告",
        ),
        (
            "标题：某局2023年政府信息公开工作年度报告 发布时间：2024-01-05",
            "某局2023年",
            "某局2023年政府信息公开工作年度报告",
        ),
        ("点击打开新窗口", "某局2023年政府信息公开工作年度报告", "某局2023年政府信息公开工作年度报告"),
        ("", "· 某局2023年政府信息公开工作年度报告[2024-01-05]", "某局2023年政府信息公开工作年度报告"),
        ("", "关于截至2023年12月31日情况的年度报告", "关于截至2023年12月31日情况的年度报告"),
    ],
)
def test_a_row_bears_the_full_title_and_no_date(attribute: str, shown: str, title: str) -> None:
    html = f"<ul><li><a href='/a/100001.html' title='{attribute}'>{shown}</a></li></ul>"
    assert [row.title for row in page_for("http://a.gov.cn/nb/", html).rows()] == [title]


HOSTILE_TARGETS = (
    "javascript:alert(1)", "data:text/html,<b>x", "file:///etc/passwd", "//evil.example/nb/", "http://evil.example/",
    "http://a.gov.cn.evil.example/", "http://a.gov.cn@evil.example/", "http:\\\\evil.example\\nb", "ftp://a.gov.cn/", "http://[x",
)  # fmt: skip


@pytest.mark.parametrize("target", HOSTILE_TARGETS)
@pytest.mark.parametrize(
    "shape",
    [
        "<meta http-equiv=refresh content='0;url={}'>",
        "<script>location.href='{}'</script>",
        "<script>var u='{}';window.location.replace(u)</script>",
        "<body onload=\"self.location='{}'\">",
        "<frameset><frame src='{}'></frameset>",
        "<iframe src='{}'></iframe>",
        "<script>document.write('<iframe src=\"{}\"></iframe>')</script>",
        "<a href='{}'>下一页</a>",
        "<a onclick=\"go('{}')\" href='#'>下一页</a><script>function go(u){{location.href=u}}</script>",
        "<script>createPageHTML(3, 0, '{}', 'html')</script>",
        "<script>Pager({{prefix:'{}',suffix:'html',current:0,pageCount:3}})</script>",
    ],
)
def test_no_page_leads_off_its_site(shape: str, target: str) -> None:
    for family in FAMILIES:
        page = family("http://a.gov.cn/nb/", f"<title>年报</title>{shape.format(target)}")
        follows = [*page.next_pages(), *page.sublists((2023,))]
        assert {"evil.example" in urlsplit(follow.url).netloc for follow in follows} <= {False}
        assert all(follow.url.startswith("http") for follow in follows)


def test_a_report_that_only_an_unknown_script_opens_is_listed_all_the_same() -> None:
    rows = "<li><a href='/a/100001.html'>甲局2023年政府信息公开工作年度报告</a>2024-01-05</li>"
    html = f"<ul>{rows}<li><a onclick='f(7)'>乙局2023年政府信息公开工作年度报告</a>2024-01-06</li></ul>"
    listed = page_for("http://a.gov.cn/nb/", html).rows()
    assert [(row.title[:2], row.url) for row in listed] == [
        ("甲局", "http://a.gov.cn/a/100001.html"),
        ("乙局", "http://script.invalid/?f%287%29"),
    ]


@pytest.mark.parametrize(
    ("script", "address"),
    [
        ("function go(id){ window.open('/d/'+id+'.html') }", "http://a.gov.cn/d/77.html"),
        ("var go = function (id) { location.href = \"d.jsp?id=\" + encodeURIComponent(id); }", "http://a.gov.cn/nb/d.jsp?id=77"),
        ("function go(id){ var u = '/d/' + id; if (x) { location.href='/login'; } window.location = u; }", "http://a.gov.cn/d/77"),
        ("function go(id){ location.href = location.protocol + '//' + location.host + '/d/' + id; }", "http://a.gov.cn/d/77"),
        ("o = { go: function(id){ self.location.replace('/d/' + id) } }", "http://a.gov.cn/d/77"),
    ],
)  # fmt: skip
def test_a_handler_s_address_is_made_as_its_function_makes_it(script: str, address: str) -> None:
    html = (
        f"<script>{script}</script><ul><li><a href='javascript:go(77)'>甲局2023年政府信息公开工作年度报告</a></li></ul>"
    )
    assert [row.url for row in page_for("http://a.gov.cn/nb/", html).rows()] == [address]


def test_a_page_in_an_article_s_place_is_read_as_one_and_a_stub_as_what_it_leads_to() -> None:
    bare = page_for(
        "http://a.gov.cn/a/77", "<h1>甲局2023年政府信息公开工作年度报告</h1><p>见附件</p><a href=/f/1.pdf>附件</a>"
    )
    stub = page_for("http://a.gov.cn/a/78", "<script>location.href='/f/real.html'</script>")
    empty = page_for("http://a.gov.cn/a/79", "")
    facts = [page.as_article() for page in (bare, stub)]
    assert [[one.url for one in found.attachments] for found in facts if found] == [
        ["http://a.gov.cn/f/1.pdf"],
        ["http://a.gov.cn/f/real.html"],
    ]
    assert empty.article() is None


def test_a_few_files_under_a_heading_like_a_report_s_stay_rows() -> None:
    links = "".join(f"<p><a href=/f/{k}.pdf>{k}局2023年政府信息公开工作年度报告</a> 2024-01-05</p>" for k in "甲乙丙")
    note = "以下报告由各单位编制，按收到的先后排列，需要纸质件的可以到各单位的公开点领取。" * 6
    html = f"<h1>某县各乡镇2023年政府信息公开工作年度报告</h1><div>{note}{links}</div>"
    page = page_for("http://a.gov.cn/nb/x", html)
    assert [row.url[-5:] for row in page.rows()] == ["甲.pdf", "乙.pdf", "丙.pdf"]
    assert page.article() is None


@given(st.text(alphabet="document.write(innerHTML='<a href=/x>+;\"\\u0041x41v =)年报", max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_script_is_read_without_failing(script: str) -> None:
    written(script)
    list(destinations(script, "http://a.gov.cn/"))
    Handlers(script, "http://[").address(script)


# ── real pages ──────────────────────────────────────────────────────────────────────────────────────────────────────


def real(name: str, url: str) -> Page:
    return page_for(url, (SHARED / name).read_text("utf-8"))


@needs_shared
def test_a_real_trs_list_gives_its_rows_and_forty_nine_more_pages() -> None:
    page = real("trs_list_rows.html", "http://www.yichun.gov.cn/zwgk/zwdt/zwyw/")
    assert [(row.url[-24:], str(row.listed_on)) for row in page.rows()] == [
        ("201710/t20171015_521060.html"[-24:], "2017-10-14"),
        ("201710/t20171015_521061.html"[-24:], "2017-10-14"),
        ("201710/t20171012_520779.html"[-24:], "2017-10-12"),
    ]
    pages = page.next_pages()
    assert (page.family, len(pages)) == ("trs", 49)
    assert pages[-1].url == "http://www.yichun.gov.cn/zwgk/zwdt/zwyw/index_49.html"


@needs_shared
def test_a_real_trs_list_with_the_other_pager_has_sixty_seven_pages() -> None:
    page = real("trs_pager_countpage.html", "http://www.example.gov.cn/jd/index.shtml")
    assert [str(row.listed_on) for row in page.rows()] == ["2019-01-19", "2019-01-19"]
    assert not any("2019-01-19" in row.title for row in page.rows())
    urls = [follow.url for follow in page.next_pages()]
    assert (urls[0], urls[-1], len(urls)) == (
        "http://www.example.gov.cn/jd/index_1.shtml", "http://www.example.gov.cn/jd/index_66.shtml", 66
    )  # fmt: skip


@needs_shared
def test_a_real_hanweb_article_gives_its_date_and_not_the_time_it_was_made() -> None:
    page = real("hanweb_article_zj_fgw.html", "http://fgw.zj.gov.cn/art/2016/11/22/art_1621004_30332664.html")
    facts = page.article()
    assert facts is not None
    assert (page.family, facts.publisher, facts.attachments) == ("hanweb", "省发改委", ())
    assert {str(found.value) for found in facts.dates} == {"2016-11-22"}
    assert [found.source for found in facts.dates] == ["meta", "label", "url"]
    assert page.rows() == []


@needs_shared
def test_a_real_dataproxy_answer_gives_its_record_and_the_next_group() -> None:
    page = real(
        "hanweb_dataproxy_answer.xml", "http://www.yuhang.gov.cn/module/web/jpage/dataproxy.jsp?page=4&unitid=6101313"
    )
    (row,) = page.rows()
    assert (row.url, str(row.listed_on)) == (
        "http://www.yuhang.gov.cn/art/2020/8/14/art_1229179150_1872814.html",
        "2020-08-14",
    )
    (follow,) = page.next_pages()
    assert follow.url.startswith("http://www.yuhang.gov.cn/module/web/jpage/dataproxy.jsp?page=5&")


@needs_shared
def test_a_real_rendered_page_is_an_article_by_its_metas() -> None:
    facts = real(
        "angular_rendered_nfra.html", "https://www.nfra.gov.cn/cn/view/pages/ItemDetail.html?docId=1170162"
    ).article()
    assert facts is not None
    assert facts.title.endswith("(金罚决字〔2024〕36号)")
    assert (facts.dates[0].source, str(facts.dates[0].value)) == ("meta", "2024-07-12")


@needs_shared
def test_a_bare_fragment_of_a_table_is_neither_list_nor_article() -> None:
    page = real("word_table_nfra.html", "http://a.gov.cn/x/")
    assert (page.rows(), page.next_pages(), page.article()) == ([], [], None)


# ── hostile pages ───────────────────────────────────────────────────────────────────────────────────────────────────

SAMPLES = [(case / "page.html").read_text("utf-8") for case in CASES]
URLS = st.sampled_from(
    ["http://a.gov.cn/", "http://a.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=1&fbtime=x", "http://[::1", "", "x", "http://a.gov.cn:99999/col/col1/"]
    + [json.loads((case / "page.json").read_text("utf-8"))["url"] for case in CASES]
)  # fmt: skip


def exercise(url: str, html: str, families: Sequence[type[Page]] = FAMILIES) -> None:
    for family in families:
        family.recognises(url, html)
        page = family(url, html)
        page.rows()
        page.next_pages()
        page.sublists((2023,))
        page.article()


@given(url=URLS, html=st.one_of(st.text(max_size=400), st.binary(max_size=400).map(lambda raw: raw.decode("latin-1"))))
@settings(max_examples=60, deadline=None)
def test_no_text_at_all_makes_a_page_raise(url: str, html: str) -> None:
    exercise(url, html)


@given(url=URLS, html=st.sampled_from(SAMPLES), data=st.data())
@settings(max_examples=80, deadline=None)
def test_no_broken_page_makes_a_page_raise(url: str, html: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(html)))
        end = data.draw(st.integers(start, min(len(html), start + 200)))
        put = data.draw(
            st.sampled_from(
                [
                    "",
                    "<",
                    ">",
                    '"',
                    "'",
                    "</",
                    "<![CDATA[",
                    "]]>",
                    "<table>",
                    "<tr>",
                    "<a href=",
                    "\x00",
                    "\ud800",
                    "{",
                    "9999999999999999999",
                    "href='http://[x'",
                    "/t20249999_1.html",
                    "二〇二四年十三月",
                ]
            )
        )
        html = html[:start] + put + html[end:]
    exercise(url, html)


TRAPS = {
    "nested": "<div>" * 30_000 + "年报",
    "links": "<a href='/t20240101_1.html'>年" * 3_000,
    "comments": "<script>/*" * 5_000,
    "literals": "articleList:[{" * 5_000,
    "tables": "<table><tr><td>" * 3_000,
    "open comments": "<!--" * 30_000,
    "records": "<record><![CDATA[" * 3_000,
    "rows": "<ul>" + "<li><a href='/a/{}.html'>年报</a>2024-01-05" * 3_000,
    "one line": "<p>" + "<a href='/a/100001.html'>某局2023年报</a> 2024-01-05 " * 3_000,
    "writes": "<script>" + "document.write('<a href=" * 5_000,
    "sums": "<script>document.write(" + "'a'+" * 20_000,
    "values": "<script>" + "x='<a '+x;document.write(x);" * 5_000,
    "handlers": "<a onclick=\"f('x')\">某局2023年政府信息公开年报</a>" * 900
    + "<script>"
    + "function f(a){open(" * 1_500,
    "clicks": "<div onclick=\"x('/a.html')\">信息公开" * 1_000,
    "goings": "<script>" + "location='/a/'+" * 800,
    "years": "<title>" + "2022、2023年政府信息公开" * 3_000,
    "layout table": "<table><tr><td>" + "<a href=/a/1.html>某局</a><b>2024</b>" * 3_000,
}


#: Traps for what the families of data endpoints look for beside what all pages share.
DATA_TRAPS = {
    "no blanks": "<script>" + "a" * 1_000_000,
    "units": "<p tplSetId={" * 5_000,
    "unit data": "<script queryData=\"{'" * 5_000,
    "labels": "<script>" + "x={labelName:'publicInfoList',url:'/site/label/8888?" * 5_000,
    "searches": "<script>" + "{infotypeId:'/module/xxgk/search.jsp?" * 5_000,
    "addresses": "<script>" + "columnId:'1',siteGuid:'12345678'/messageController/getMessage.do" * 5_000,
    "deep": "[" * 50_000,
    "deep objects": '{"a":' * 900 + "1" + "}" * 900,
    "long number": '{"total":' + "9" * 5_000 + "}",
    "entries": json.dumps([{"title": "年报", "url": f"/{n}.html", "publishTime": 10**12 + n} for n in range(3_000)]),
    "boxes": json.dumps({"list": [[{"x": []}] for _ in range(10_000)]}),
    "fragments": json.dumps({str(n): f"<li><a href='/{n}.html'>年报</a>2024-01-05" for n in range(1_000)}),
    "callback": "a" * 100_000 + "(",
}


@pytest.mark.parametrize("html", TRAPS.values(), ids=TRAPS)
@pytest.mark.timeout(20)
def test_a_trap_costs_no_more_than_a_moment(html: str) -> None:
    exercise("http://a.gov.cn/nb/", html, [kind for kind in FAMILIES if not issubclass(kind, DataPage)])


@pytest.mark.parametrize("html", DATA_TRAPS.values(), ids=DATA_TRAPS)
@pytest.mark.timeout(20)
def test_a_trap_in_data_costs_no_more_than_a_moment(html: str) -> None:
    url = "http://a.gov.cn/public/column/1?categorynum=1&catId=2&page=1&startrecord=1"
    exercise(url, html, [kind for kind in FAMILIES if issubclass(kind, DataPage | HanwebPage)])
