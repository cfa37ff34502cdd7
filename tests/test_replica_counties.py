"""The further replica portals, one for each platform: they lead, list, page, date and link in its ways only."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import pytest
from lxml import html

from monitor.clock import SHANGHAI, FixedClock, parse_time
from monitor.demo import cast
from monitor.demo.compose import compose
from monitor.demo.localities import COUNTIES, LOCALITIES, PLACES
from monitor.demo.messages import Reply, Request
from monitor.demo.pdf import pdf_file
from monitor.demo.publication import Place, Publication
from monitor.demo.replicas import ALL_PORTALS, Replicas
from monitor.demo.roster import offices
from monitor.demo.site import Site
from monitor.demo.sites import ALL_SITES, SITES
from monitor.demo.word import word_file
from monitor.documents import read_document, read_report
from monitor.titles import read_title

NOW = parse_time("2026-02-20T09:00")
PORTALS = tuple(COUNTIES)
ANNUAL = (Place.REPORTS, Place.BESIDE, Place.GOVERNMENT)
#: Their annual reports cannot be reached by links and frames alone.
BY_SITEMAP, BY_SEARCH, BY_SHELLS = "baihe", "shuangxi", "guling"


@cache
def site_of(portal: str) -> Site:
    carried = (*cast.january(2025, 12, (portal,)), *cast.history(portal, 2025), *cast.decoys(portal, 2025))
    return ALL_SITES[portal](offices(portal), carried)


def ask(portal: str, target: str, **more: object) -> Reply:
    query = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
    request = Request(target, query=query, **{"headers": {"referer": "http://x/"}, **more})  # type: ignore[arg-type]
    return site_of(portal).respond(request, NOW)


def post(portal: str, target: str, form: Mapping[str, object]) -> str:
    body = urlencode(form)
    sent = {name: str(value) for name, value in form.items()}
    return text_of(ask(portal, target, method="POST", form=sent, body=body))


def text_of(reply: Reply) -> str:
    try:
        return reply.body.decode()
    except UnicodeDecodeError:
        return reply.body.decode("gb18030")


def page(portal: str, target: str) -> str:
    reply = ask(portal, target)
    assert reply.status == 200, target
    return text_of(reply)


def turned(portal: str, target: str) -> str:
    """A list and all pages that its links to the next one lead to."""
    text, seen = "", {target}
    while True:
        shown = page(portal, target)
        text += shown
        links = html.fromstring(shown).xpath("//a[contains(., '下一页') or contains(., '下页') or . = '>']/@href")
        following = [urljoin(target, link) for link in links]
        if not following or following[0] in seen:
            return text
        target = following[0]
        seen.add(target)


@cache
def walked(portal: str) -> dict[str, Reply]:
    """Every page that links and frames lead to from the home page."""
    seen: dict[str, Reply] = {}
    waiting = ["/"]
    while waiting:
        target = waiting.pop()
        if target in seen:
            continue
        reply = seen[target] = ask(portal, target)
        if reply.body and "html" in dict(reply.headers)["Content-Type"]:
            found = html.fromstring(text_of(reply)).xpath("//a/@href | //frame/@src | //iframe/@src")
            addresses = (urljoin(target, link).partition("#")[0] for link in found)
            waiting += [address for address in addresses if address.startswith("/")]
    return seen


# ── each platform's own way through its lists ───────────────────────────────────────────────────────────────────────


def linhe(portal: str) -> Iterator[str]:
    yield (text := page(portal, "/col/col6655/index.html"))
    # The next address is relative to the proxy, not to the page.
    folder = re.search(r"proxyUrl:'([^']+)/dataproxy\.jsp'", text)[1]  # type: ignore[index]
    while (following := re.search(r'<a href="\./(dataproxy\.jsp\?[^"]+)"', text)) is not None:
        yield (text := page(portal, f"{folder}/{following[1]}"))


def wanshan(portal: str) -> Iterator[str]:
    text = page(portal, "/col/col49310/index.html")
    total = int(re.search(r"totalRecord:(\d+)", text)[1])  # type: ignore[index]
    yield text
    for start in range(1, total + 1, 50):
        yield post(
            portal,
            "/module/web/jpage/dataproxy.jsp",
            {"columnid": 49310, "unitid": 148822, "startrecord": start, "endrecord": start + 49, "perpage": 50},
        )
    for office in offices(portal):
        if column := site_of(portal).column(office):
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page(portal, column)))
            first = post(portal, "/module/xxgk/search.jsp", fields)
            yield first
            for number in range(2, int(re.search(r"共(\d+)页", first)[1]) + 1):  # type: ignore[index]
                yield post(portal, "/module/xxgk/search.jsp", {**fields, "currpage": number})


def unit(tag: str, **more: str) -> str:
    text = page("yunze", "/col/col9201/index.html")
    data = next(
        json.loads(found.replace("'", '"')) for found in re.findall(r'queryData="([^"]+)"', text) if tag in found
    )
    return f"/api-gateway/jpaas-publish-server/front/page/build/unit?{urlencode({**data, **more})}"


def yunze(portal: str) -> Iterator[str]:
    number, count = 1, 1
    while number <= count:
        wrapped = json.dumps({"pageNo": number, "pageSize": 12})
        text = json.loads(page(portal, unit("右侧内容", paramJson=wrapped)))["data"]["html"]
        count = text.count("data-page=")
        number += 1
        yield text


def luanhe(portal: str) -> Iterator[str]:
    site = site_of(portal)
    for column in (*site.columns(), *(site.column(office) for office in offices(portal))):
        asked = re.search(r'var url = "([^"]+)"', page(portal, column))[1]  # type: ignore[index]
        first = page(portal, asked)
        yield first
        for number in range(2, int(re.search(r'pagecount="(\d+)"', first)[1]) + 1):  # type: ignore[index]
            yield page(portal, asked.replace("pageIndex=1", f"pageIndex={number}"))


def govinfo(**fields: object) -> dict[str, object]:
    guid = re.search(r'"siteGuid": "([^"]+)"', page("xinping", "/js/webBuilderCommon.js"))[1]  # type: ignore[index]
    asked = {"deptcode": "", "categorynum": "003004", "siteGuid": guid, "pageIndex": 0, "pageSize": 10, **fields}
    reply = ask("xinping", "/rest/lightfrontaction/getgovinfolist", method="POST", body=json.dumps(asked))
    answer: dict[str, object] = json.loads(reply.body)
    return answer


def xinping(portal: str) -> Iterator[str]:
    number = 0
    while (custom := govinfo(pageIndex=number)["custom"])["data"]:  # type: ignore[index]
        yield json.dumps(custom, ensure_ascii=False)
        number += 1


def haizhou(portal: str) -> Iterator[str]:
    stem = "/trueCMS/messageController/getMessage.do?callback=draw&columnId=c104233&perpage=50"
    start, total = 1, 1
    while start <= total:
        text = page(portal, f"{stem}&startrecord={start}&endrecord={start + 49}")
        total = json.loads(text.removeprefix("draw(").removesuffix(")"))["totalRecord"]
        start += 50
        yield text


def ningtang(portal: str) -> Iterator[str]:
    index = page(portal, "/ntx/zwgk/zfxxgk/gknb/index.shtml")
    for column in re.findall(r'href="(/ntx/zwgk/zfxxgk/gknb/c\d+/\w+\.shtml)"', index):
        yield turned(portal, column)


def taohu(portal: str) -> Iterator[str]:
    root = "/thx/zfxxgk/gknb/"
    years = re.findall(rf'href="({root}\w+/)"', page(portal, root))
    below = [link for year in years for link in re.findall(rf'href="({year}\w+/)"', page(portal, year))]
    for folder in (*below, f"{root}lnnb/"):
        first = page(portal, folder)
        count = re.search(r"(?<!//)createPageHTML\((\d+),|countPage = (\d+)|Pager\(\{size:(\d+)", first)
        assert count is not None
        pages = [first] + [page(portal, f"{folder}index_{k}.htm") for k in range(2, int(count[count.lastindex]) + 1)]
        yield "".join(pages).replace('HREF="./', f'HREF="{folder}')


def chenxi(portal: str) -> Iterator[str]:
    number, count = 1, 1
    while number <= count:
        text = page(portal, f"/gateway/cms/content/page?channel=zfxxgknb&current={number}&size=15")
        count = json.loads(text)["data"]["pages"]
        number += 1
        yield text


def guling(portal: str) -> Iterator[str]:
    site = site_of(portal)
    for column in (*site.columns(), *(site.column(office) for office in offices(portal))):
        framed = re.findall(r'<iframe src="(/xxgk/[^"]+)"', page(portal, column))
        owner = column.split("/")[2]
        yield turned(portal, framed[0]).replace("'./", f"'/xxgk/{owner}/")


def plainly(portal: str) -> Iterator[str]:
    site = site_of(portal)
    for column in (*site.columns(), *(site.column(office) for office in offices(portal))):
        if column:
            yield turned(portal, column)


def by_numbers(portal: str) -> Iterator[str]:
    for number in range(1, len(re.findall(r"gknb\.php\?page=", page(portal, "/zwgk/gknb.php"))) + 1):
        yield page(portal, f"/zwgk/gknb.php?page={number}")


WAYS: dict[str, Callable[[str], Iterator[str]]] = {
    **dict.fromkeys(PORTALS, plainly),
    "linhe": linhe,
    "wanshan": wanshan,
    "yunze": yunze,
    "luanhe": luanhe,
    "xinping": xinping,
    "haizhou": haizhou,
    "ningtang": ningtang,
    "taohu": taohu,
    "chenxi": chenxi,
    "guling": guling,
    "shuangxi": by_numbers,
}


def addresses(site: Site, publication: Publication) -> set[str]:
    """All that a list may link to for a publication."""
    file = publication.attachment and quote(site.attachment_path(publication), safe="")
    return {site.path(publication), *site.twins(publication), *([f"file={file}"] if file else [])}


@pytest.mark.parametrize("portal", PORTALS)
def test_the_platform_s_own_way_shows_every_report_and_decoy_with_its_date(portal: str) -> None:
    site, text = site_of(portal), "".join(WAYS[portal](portal)).replace("&amp;", "&")
    shown = [publication for publication in site.shown(NOW) if publication.place in ANNUAL]
    reported = {(p.agency, p.year) for p in shown if p.place is Place.REPORTS}
    assert len(reported) == 12 * 7 - 2  # one never came, one is withdrawn
    assert {p.year for p in shown} == set(range(2019, 2026))
    missing = [p.title for p in shown if not any(address in text for address in addresses(site, p))]
    assert missing == []
    undated = [
        p.title for p in shown if f"{p.stated:%Y-%m-%d}" not in text and f"{int(p.stated.timestamp())}000" not in text
    ]
    assert undated == []
    others = [p for p in site.shown(NOW) if p.place not in ANNUAL and site.path(p) in text]
    assert others == []
    gone = [p for p in cast.january(2025, 12, (portal,)) if p.withdrawn and p.withdrawn < NOW]
    assert [p.title for p in gone if any(address in text for address in addresses(site, p))] == []


@pytest.mark.parametrize("portal", PORTALS)
def test_the_way_from_home_to_the_column_has_no_dead_link_and_many_others(portal: str) -> None:
    pages = walked(portal)
    site = site_of(portal)
    assert {target for target, reply in pages.items() if reply.status != 200} <= {"/visitcount.htm"}
    columns = {*site.columns(), *filter(None, (site.column(office) for office in offices(portal)))}
    if portal == BY_SHELLS:
        columns = {re.sub(r"nb\.htm$", "go.htm", c) if c not in site.columns() else c for c in columns}
    if portal in (BY_SITEMAP, BY_SEARCH):
        assert not columns & set(pages)
    else:
        assert columns <= set(pages)
        assert site.columns()[0] not in text_of(pages["/"])  # it takes steps
    assert len(pages) > 40
    if portal != BY_SHELLS:
        home = text_of(pages["/"])
        assert {"财政预决算", "法治政府建设年度报告", "统计年报"} & set(re.findall(r">([^<>]+)</a>", home))


@pytest.mark.parametrize("portal", PORTALS)
def test_an_article_says_title_text_and_date_at_each_of_its_addresses_and_its_files_are_there(portal: str) -> None:
    site = site_of(portal)
    reports = [p for p in site.shown(NOW) if p.place is Place.REPORTS][::5]
    for publication in reports:
        texts = [page(portal, address) for address in (site.path(publication), *site.twins(publication))]
        assert all(f"<h1>{publication.title}</h1>" in text for text in texts)
        assert all(f"{publication.stated:%Y-%m-%d}" in text for text in texts)
        assert all(publication.body_at(NOW) in text for text in texts) or portal == "taohu"
        if publication.attachment is not None:
            assert site.attachment_path(publication) in texts[0].replace("&amp;", "&")
            reply = ask(portal, site.attachment_path(publication))
            assert reply.body == publication.attachment[1]
            assert reply.body.startswith(b"%PDF" if publication.attachment[0].endswith(".pdf") else b"PK")


def test_there_are_a_score_of_portals_of_their_own_with_names_for_hundreds_of_agencies() -> None:
    assert ALL_PORTALS == tuple(ALL_SITES) == tuple(PLACES)
    assert len(ALL_PORTALS) == 21
    assert tuple(SITES) == tuple(LOCALITIES)
    everyone = [office for portal in ALL_PORTALS for office in offices(portal, 22)]
    assert len({office.agency for office in everyone}) == len({office.name for office in everyone}) == 462


def test_titles_are_worded_in_many_ways_and_read_as_reports_and_lookalikes_do_not() -> None:
    reports = [p.title for portal in PORTALS for p in cast.history(portal, 2025) if p.place is Place.REPORTS]
    assert [title for title in reports if not read_title(title).is_report] == []
    shapes = {re.sub(r"20\d\d", "Y", re.sub(r"^.*?(?=20|政府|关于| )", "", title)) for title in reports}
    assert len(shapes) >= 6
    beside = [p.title for portal in PORTALS for p in cast.decoys(portal, 2025) if p.place is Place.BESIDE]
    assert [title for title in beside if read_title(title).is_report] == []


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_truth_of_running_portals_names_each_report_once_with_all_its_addresses(tmp_path: Path) -> None:
    chosen = ("ningtang", "baihe", "shuangxi", "chenxi")
    with Replicas(FixedClock(NOW), portals=chosen, year=2025) as replicas:
        home = replicas.home(tmp_path, "all", known=False) / "registry"
        assert {row["columns"] for row in rows_of(home / "portals.csv")} == {""}
        assert {row["column"] for row in rows_of(home / "agencies.csv")} == {""}
        truth = replicas.truth(NOW)
        assert {row.portal for row in truth} == set(chosen)
        assert len({(row.agency, row.year) for row in truth}) == len(truth) == 4 * 82
        assert all(url.startswith(replicas.url(row.portal)) for row in truth for url in (*row.urls, *row.files))
        by_portal = {portal: [row for row in truth if row.portal == portal] for portal in chosen}
        assert {len(row.urls) for row in by_portal["shuangxi"]} == {2}
        assert {len(row.files) for row in by_portal["baihe"]} == {2}
        twice = {row.agency for row in by_portal["chenxi"] if len(row.urls) == 2}
        assert twice == {offices("chenxi")[5].agency, offices("chenxi")[11].agency}
        assert {row.year for row in by_portal["ningtang"] if len(row.urls) == 2} == {2019, 2020}
        assert all(row.stated_on <= row.published.astimezone(SHANGHAI).date() for row in truth)


# ── what each platform refuses or ignores ───────────────────────────────────────────────────────────────────────────


def records(text: str) -> list[str]:
    return re.findall(r"<record><!\[CDATA\[(.*?)\]\]></record>", text, re.DOTALL)


def test_of_hanweb_s_two_proxies_one_counts_pages_only_and_the_other_posted_records_only() -> None:
    old = "/module/jpage/dataproxy.jsp?columnid=6655&unitid=17723"
    assert records(page("linhe", f"{old}&startrecord=21&endrecord=40&perpage=5")) == records(page("linhe", old))
    assert len(records(page("linhe", f"{old}&page=2&perpage=5"))) == 20
    assert records(page("linhe", f"{old}&page=2")) != records(page("linhe", old))
    new = "/module/web/jpage/dataproxy.jsp"
    asked = {"columnid": 49310, "unitid": 148822}
    assert records(page("wanshan", f"{new}?{urlencode({**asked, 'startrecord': 1, 'endrecord': 9})}")) == []
    first = records(post("wanshan", new, {**asked, "startrecord": 1, "endrecord": 15}))
    assert records(post("wanshan", new, {**asked, "page": 2})) == first
    assert len(records(post("wanshan", new, {**asked, "startrecord": 1, "endrecord": 100}))) == 60


def test_the_xxgk_search_is_filtered_by_column_only_where_it_is_told_to() -> None:
    code = offices("wanshan")[1].code
    narrow = post("wanshan", "/module/xxgk/search.jsp", {"area": code, "infotypeId": "B0303"})
    wide = post("wanshan", "/module/xxgk/search.jsp", {"area": f"{code}-ZF", "infotypeId": ""})
    assert "部门决算" not in narrow
    assert "部门决算" in wide
    assert "没有找到" in post("wanshan", "/module/xxgk/search.jsp", {"area": "x"})


def test_jpaas_wants_a_referer_and_its_page_number_wrapped() -> None:
    first = json.loads(page("yunze", unit("右侧内容")))
    assert first["success"]
    assert 'pageNo="1"' in first["data"]["html"]
    assert json.loads(page("yunze", unit("右侧内容", pageNo="2", page="2"))) == first
    assert 'pageNo="2"' in page("yunze", unit("右侧内容", paramJson='{"pageNo":2}')).replace("\\", "")
    assert "会议" in page("yunze", unit("推荐阅读")) or "工作" in page("yunze", unit("推荐阅读"))
    refused = ask("yunze", unit("右侧内容"), headers={})
    assert not json.loads(refused.body)["success"]


def test_longxun_cuts_visible_titles_and_keeps_them_whole_in_their_attribute() -> None:
    rows = html.fromstring("".join(luanhe("luanhe"))).xpath("//li[@class='mc']/a")
    assert any(row.text.endswith("…") and len(row.text) == 18 and len(row.get("title")) > 18 for row in rows)
    empty = page("luanhe", "/site/label/8888?IsAjax=1&labelName=publicInfoList&pageIndex=1&organId=1&catId=7041")
    assert "暂无相关信息" in empty


def test_epoint_answers_only_who_posts_the_site_s_id() -> None:
    assert govinfo()["status"] == {"code": 1, "text": "操作成功"}
    assert govinfo(siteGuid="")["custom"] == {"data": [], "total": 0}
    assert b'"code": 0' in ask("xinping", "/rest/lightfrontaction/getgovinfolist").body
    assert "EWB-FRONT" in page("xinping", "/003/003004/govinfolist.html")


def test_truecms_has_404_for_who_brings_no_referer_and_fifty_records_for_all_others() -> None:
    target = "/trueCMS/messageController/getMessage.do?callback=draw&columnId=c104233&startrecord=1&endrecord=99"
    assert ask("haizhou", target, headers={}).status == 404
    assert page("haizhou", target).count('"publishDate"') == 50
    assert ask("haizhou", target.replace("draw", "alert(1)")).status == 404


def test_pages_count_from_one_from_two_and_downwards() -> None:
    years = page("ningtang", "/ntx/zwgk/zfxxgk/gknb/index.shtml")
    column = re.search(r'href="([^"]+zfxxgk_list\.shtml)"', years)[1]  # type: ignore[index]
    assert ask("ningtang", column.replace("list.", "list_1.")).status == 404
    assert ask("ningtang", column.replace("list.", "list_2.")).status == 200
    assert 'href="index_2.jhtml">下一页' in page("qishan", "/zfxxgknb/index.jhtml")
    assert "pageNo=2" in page("qishan", "/xxgk/list.jspx?channelId=2871&pageNo=1")
    first = page("baihe", "/zwgk/zfxxgk/zfxxgknb.htm")
    count = int(re.search(r"共(\d+)页", first)[1])  # type: ignore[index]
    assert f'href="/zwgk/zfxxgk/zfxxgknb/{count - 1}.htm">下页' in first
    assert ask("baihe", f"/zwgk/zfxxgk/zfxxgknb/{count}.htm").status == 404


def test_a_sitemap_and_a_search_lead_where_no_navigation_does() -> None:
    located = re.findall(r"<loc>http://localhost([^<]*)</loc>", page("baihe", "/sitemap.xml"))
    assert "/zwgk/zfxxgk/zfxxgknb.htm" in located
    form = html.fromstring(page("shuangxi", "/")).xpath("//form[@method='get']")[0]
    assert form.get("action") == "/so.php"
    found = page("shuangxi", f"/so.php?keyword={quote('政府信息公开 2025')}&scope=all")
    assert 'href="/zwgk/gknb.php"' in found
    assert "/zwgk/gknb_show.php?id=" in found
    assert "找到0条" in page("shuangxi", "/so.php?keyword=")


def test_webplus_offers_each_report_as_word_and_as_pdf() -> None:
    site = site_of("baihe")
    publication = next(p for p in site.shown(NOW) if p.place is Place.REPORTS)
    text = page("baihe", site.path(publication))
    assert "【下载Word】" in text
    assert "【下载PDF】" in text
    reply = ask("baihe", site.copies(publication)[0])
    assert dict(reply.headers)["Content-Type"] == "application/pdf"
    assert reply.body.startswith(b"%PDF-1.4")


@pytest.mark.parametrize("year", [2019, 2025])
@pytest.mark.parametrize(("write", "name"), [(word_file, "a.docx"), (pdf_file, "a.pdf")])
def test_a_report_s_file_reads_as_the_report(write: Callable[[str, str], bytes], name: str, year: int) -> None:
    composed = compose("白荷县财政局", year)
    report = read_report(read_document(write(composed.title, composed.body), name=name))
    assert report.title == composed.title
    tables = {
        name: {row: {column: cell.value for column, cell in cells.items()} for row, cells in table.items()}
        for name, table in report.tables.items()
        if table is not None
    }
    truth = composed.truth["tables"]
    assert [tables["requests"], tables["remedies"]] == [truth["requests"], truth["remedies"]]
    assert tables["disclosure"].keys() == truth["disclosure"].keys()


def test_the_unknown_portal_links_in_every_way_but_the_plain_one() -> None:
    text = "".join(guling("guling"))
    for form in (
        "jumpToDetail('/xxgk/",
        'data-href="/xxgk/',
        "javascript:if(confirm('/xxgk/",
        "viewer.html?file=%2Fxxgk",
    ):
        assert form in text
    assert "<frameset" in page("guling", "/")
    shells = [page("guling", f"/xxgk/{office.slug}/go.htm") for office in offices("guling")[:2]]
    assert "window.location.href = '/xxgk/" in shells[0]
    assert 'http-equiv="refresh" content="0; url=/xxgk/' in shells[1]
    assert b"charset=gb2312" in ask("guling", "/xxgk/nb.htm").body
    assert "信息公开年报" in ask("guling", "/xxgk/nb.htm").body.decode("gb18030")


def test_trs_counts_pages_from_two_calls_its_pager_in_three_forms_and_goes_on_with_long_articles() -> None:
    lists = "".join(taohu("taohu"))
    assert re.search(r'createPageHTML\(\d+, 0,"index","htm",\d+\);', lists)
    assert re.search(r"//createPageHTML\(50, .*\n.*\nvar countPage = \d+//", lists)
    assert ask("taohu", "/thx/zfxxgk/gknb/lnnb/index_1.htm").status == 404
    site = site_of("taohu")
    reports = [p for p in site.shown(NOW) if p.place is Place.REPORTS]
    first = {p.title: page("taohu", site.path(p)) for p in reports}
    long = [p for p in reports if "_1.htm" in first[p.title]]
    assert 0 < len(long) < len(reports) / 2
    for publication in long:
        begun, _, rest = publication.body_at(NOW).partition("<p><strong>三、")
        assert begun in first[publication.title]
        assert rest not in first[publication.title]
        assert rest in page("taohu", site.path(publication).replace(".htm", "_1.htm"))
    assert all(p.body_at(NOW) in first[p.title] for p in reports if p not in long)


def test_old_openness_has_an_annual_report_column_that_stays_empty() -> None:
    branch = site_of("hechuan").column(offices("hechuan")[0]).partition("=")[2]
    text = page("hechuan", f"/opennessContent/?branch_id={branch}&column_code=180000&page=1")
    assert "/openness/detail/" not in text
    assert "信息公开年度报告" in text
    assert ask("hechuan", "/opennessAnnualReport/?branch_id=0").status == 404


def test_scripts_draw_the_lists_in_a_browser() -> None:
    browser_path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if browser_path is None:
        pytest.skip("no Chromium here")
    playwright = pytest.importorskip("playwright.sync_api")
    drawn = ("linhe", "yunze", "luanhe", "xinping", "haizhou", "chenxi", "wanshan")
    with (
        Replicas(FixedClock(NOW), portals=drawn, year=2025, agencies=4) as replicas,
        playwright.sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=browser_path)
        tab = browser.new_page()
        for portal in drawn:
            office = offices(portal)[1]
            tab.goto(replicas.column(office) or replicas.columns(portal)[0])
            tab.wait_for_selector("a[title*='年度报告']", timeout=20_000)
            assert re.search(r"20\d\d-\d\d-\d\d", tab.inner_text("body")), portal
        browser.close()
