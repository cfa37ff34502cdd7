"""Replica portals list, page, date and link as the real five do, and what they show follows from time alone."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from monitor.clock import SHANGHAI, FixedClock, parse_time
from monitor.demo import cast
from monitor.demo.localities import LOCALITIES
from monitor.demo.messages import Reply, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.replicas import Replicas
from monitor.demo.roster import Office, offices
from monitor.demo.site import Site
from monitor.demo.sites import SITES, qufu
from monitor.titles import read_title

SHARED = Path(__file__).parents[2] / "shared"
FEBRUARY = parse_time("2024-02-20T09:00")
PORTALS = tuple(LOCALITIES)
FIVE = (
    "薛城区商务和投资促进局",
    "曲阜市投资促进服务中心",
    "博山区投资促进中心",
    "淄博高新区发展改革局",
    "铜官区招商服务中心",
)


def report(portal: str, place: int = 0, at: str = "2024-01-16T10:00", **more: object) -> Publication:
    office = offices(portal)[place]
    title = f"{office.official}2023年政府信息公开工作年度报告"
    publication = Publication(
        portal=portal, agency=office.name, year=2023, published=parse_time(at), title=title, body="<p>正文一</p>"
    )
    return replace(publication, **more)  # type: ignore[arg-type]


def site_with(*publications: Publication, portal: str = "", extras: bool = True) -> Site:
    portal = portal or publications[0].portal
    others = (*cast.history(portal, 2023), *cast.decoys(portal, 2023)) if extras else ()
    return SITES[portal](offices(portal), (*publications, *others))


def get(site: Site, target: str, now: datetime = FEBRUARY, **more: object) -> Reply:
    query = dict(part.split("=", 1) for part in urlsplit(target).query.split("&") if "=" in part)
    return site.respond(Request(target, query=query, **more), now)  # type: ignore[arg-type]


def text_of(reply: Reply) -> str:
    try:
        return reply.body.decode()
    except UnicodeDecodeError:
        return reply.body.decode("gb18030")


def listed(site: Site, office: Office, now: datetime = FEBRUARY) -> str:
    """All pages of the lists where an agency's report for 2023 may stand, as a browser would see them."""
    if site.portal == "xuecheng":
        targets = [f"/zwgk/xxgknb/2023xxgknb/bmjzjxx/index{k}.html" for k in ("", "_1")]
    elif site.portal == "qufu":
        own = site.column(office)
        data = f"{qufu.PROXY}?page=1&perpage=100&columnid=15310&unitid=45937"
        targets = [f"{own}&fbtime=2023"] if own else [data]
    elif site.portal == "boshan":
        targets = [site.column(office)]
    elif site.portal == "gaoxin":
        channel = site.column(office).split("channel_")[1].strip("/")
        targets = [f"/gongkai/api/documents?channel={channel}&page={k}" for k in (1, 2)]
    else:
        targets = [f"/openness/OpennessAnnualReport/showList/0/page_{k}.html" for k in (1, 2)]
        targets.append("/tgqrmzf/zfxxgknb/pc/list.html")
    return "\n".join(text_of(get(site, target, now)) for target in targets)


def links(reply: Reply, target: str) -> set[str]:
    """Addresses on the same site that a page links to, without scripts."""
    if "html" not in dict(reply.headers)["Content-Type"]:
        return set()
    found = (urljoin(target, href) for href in html.fromstring(text_of(reply)).xpath("//a/@href"))
    return {href for href in found if href.startswith("/")}


def walk(site: Site, now: datetime = FEBRUARY) -> dict[str, Reply]:
    """Every page that plain links lead to from the home page."""
    seen: dict[str, Reply] = {}
    waiting = ["/"]
    while waiting:
        target = waiting.pop()
        if target not in seen:
            seen[target] = get(site, target, now)
            waiting += links(seen[target], target)
    return seen


# ── time ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("portal", PORTALS)
def test_a_report_appears_changes_and_vanishes_at_its_times(portal: str, place: int) -> None:
    publication = report(
        portal,
        place,
        changes=((parse_time("2024-02-01"), "<p>正文二</p>"),),
        withdrawn=parse_time("2024-02-10T12:00"),
    )
    site, office = site_with(publication), offices(portal)[place]
    address = site.path(publication)
    row = re.compile(rf'(?<!图解：)(?<!《){publication.title}(?!》|（图片版）)[<"]')
    assert not row.search(listed(site, office, parse_time("2024-01-16T09:59")))
    assert "正文一" not in text_of(get(site, address, parse_time("2024-01-16T09:59")))
    assert row.search(listed(site, office, parse_time("2024-01-16T10:00")))
    assert "正文一" in text_of(get(site, address, parse_time("2024-01-31T23:59")))
    assert "正文二" in text_of(get(site, address, parse_time("2024-02-01T00:00")))
    assert not row.search(listed(site, office, parse_time("2024-02-10T12:00")))
    gone = get(site, address, parse_time("2024-02-10T12:00"))
    assert gone.status == 404 or (portal == "qufu" and place == 0 and "正文" not in text_of(gone))
    assert "正文一" in text_of(get(site, address, parse_time("2024-01-20")))  # and time may go back


@pytest.mark.parametrize("portal", PORTALS)
def test_a_reply_depends_on_nothing_but_publications_request_and_time(portal: str) -> None:
    first, second = site_with(report(portal)), site_with(report(portal))
    pages = walk(first)
    for target in sorted(pages, reverse=True):
        get(second, target, parse_time("2021-03-03"))
    assert {target: get(second, target) for target in pages} == pages


@pytest.mark.parametrize("portal", PORTALS)
def test_no_link_is_dead_and_each_page_has_its_frame(portal: str) -> None:
    pages = walk(site_with(report(portal)))
    assert {target: reply.status for target, reply in pages.items() if reply.status != 200} == {}
    for target, reply in pages.items():
        if "html" in dict(reply.headers)["Content-Type"]:
            text = text_of(reply)
            assert "政府信息公开年报" in text, target
            assert "<footer>" in text, target
            assert target in ("/", "/about/lxwm.html", "/about/wzdt.html") or "您现在的位置" in text, target
    assert get(site_with(report(portal)), "/nowhere/x.html").status == 404
    assert "Disallow: /search/" in text_of(get(site_with(report(portal)), "/robots.txt"))


# ── what stands there ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("portal", PORTALS)
def test_decoys_stand_beside_reports_and_read_as_no_report(portal: str) -> None:
    beside = [p for p in cast.decoys(portal, 2023) if p.place is Place.BESIDE]
    assert {p.year for p in beside} == {2019, 2020, 2021, 2022, 2023}
    assert not [p.title for p in beside if read_title(p.title).is_report]
    government = [p for p in cast.decoys(portal, 2023) if p.place is Place.GOVERNMENT]
    assert [p.published.month for p in government] == [3] * 5
    real, near = offices(portal)[:2]
    assert {p.agency for p in beside} >= {real.name, near.name}
    site = site_with(portal=portal)
    seen = "".join(listed(site, office) for office in (real, near))
    assert f"图解：{real.official}2023" in seen or portal == "qufu"
    assert f"<h1>{real.official}2023年政府信息公开工作年度报告" not in seen


def test_the_real_agencies_are_among_a_dozen_and_a_near_name_is_beside_each() -> None:
    assert tuple(offices(portal)[0].name for portal in PORTALS) == FIVE
    for portal in PORTALS:
        dozen = offices(portal)
        assert len({office.agency for office in dozen} | {office.name for office in dozen}) == 24
        assert len({office.code for office in dozen}) == 12
        assert all(re.fullmatch(r"1[12]\d{15}[A-Z]", office.code) for office in dozen)
    official = {office.official for portal in PORTALS for office in offices(portal)}
    assert {"淄博市博山区投资促进中心", "淄博高新技术产业开发区发展改革局"} <= official


def test_a_january_has_one_late_one_missing_and_the_others_in_time() -> None:
    year = 2023
    first = {p.agency: p for p in cast.january(year) if p.agency in FIVE}
    end = datetime(2024, 1, 31, 23, 59, 59, tzinfo=SHANGHAI)
    assert sorted(agency for agency, p in first.items() if p.published <= end) == sorted((FIVE[0], FIVE[2], FIVE[3]))
    assert first[FIVE[1]].published.date().isoformat() == "2024-02-02"
    assert FIVE[4] not in first
    everyone = cast.january(year)
    assert len(everyone) == 59
    assert sum(p.published > end for p in everyone) == 2
    assert sum(bool(p.changes) for p in everyone) == sum(p.withdrawn is not None for p in everyone) == 1
    assert all(p.published.year == 2024 for p in everyone)
    readings = [read_title(p.title) for p in everyone]
    assert all(reading.is_report and reading.year == year for reading in readings)


@pytest.mark.parametrize("portal", PORTALS)
def test_a_portal_can_be_made_bigger_and_every_page_has_its_own_address(portal: str) -> None:
    many = offices(portal, 300)
    assert len({office.agency for office in many}) == len({office.name for office in many}) == 300
    assert many[:12] == offices(portal)
    publications = [
        replace(
            report(portal), agency=office.name, title=f"{office.official}年报", year=year, attachment=("a.pdf", b"")
        )
        for office in many
        for year in range(2019, 2024)
    ]
    site = SITES[portal](many, publications)
    assert len({site.path(publication) for publication in publications}) == 1500
    with pytest.raises(ValueError, match="not for 5000"):
        offices(portal, 5000)


def test_a_publication_of_another_portal_or_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="is not on the replica of qufu"):
        site_with(report("boshan"), portal="qufu")
    with pytest.raises(ValueError, match="博山区某某局"):
        site_with(report("boshan", agency="博山区某某局"))


@pytest.mark.parametrize("portal", PORTALS)
def test_an_attachment_is_served_where_its_article_links_to_it(portal: str) -> None:
    for place in (0, 1):
        publication = report(portal, place, attachment=("年度报告 定稿.DOCX", b"PK\x03\x04 content"))
        site = site_with(publication)
        article = site.path(publication)
        page = get(site, article)
        targets = [urljoin(article, href) for href in html.fromstring(text_of(page)).xpath("//a/@href")]
        assert "年度报告 定稿.DOCX" in text_of(page)
        address = site.attachment_path(publication)
        assert address in targets
        assert address.isascii()
        reply = get(site, address)
        assert (reply.status, reply.body) == (200, b"PK\x03\x04 content")
        assert dict(reply.headers)["Content-Type"].startswith("application/")
        assert get(site, address, parse_time("2024-01-01")).status == 404


def test_titles_are_escaped_wherever_a_site_prints_them() -> None:
    nasty = '</script><b>"年度&报告'
    for portal in PORTALS:
        for place in (0, 1):
            site = site_with(report(portal, place, title=nasty))
            replies = [*walk(site).values(), get(site, site.path(report(portal, place, title=nasty)))]
            assert any("年度" in text_of(reply) for reply in replies)
            assert not [reply for reply in replies if b"</script><b>" in reply.body]


# ── 薛城 ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_xuecheng_hangs_irregular_year_columns_below_one_parent() -> None:
    site = site_with(report("xuecheng"))
    parent = links(get(site, "/zwgk/xxgknb/"), "/zwgk/xxgknb/")
    assert {"/zwgk/xxgknb/2023xxgknb/", "/zwgk/xxgknb/xxgknb_2020/", "/zwgk/xxgknb/2021nb/"} <= parent
    assert "/zwgk/xxgknb/2023xxgknb/bmjzjxx/" in links(
        get(site, "/zwgk/xxgknb/2023xxgknb/"), "/zwgk/xxgknb/2023xxgknb/"
    )
    before = get(site, "/zwgk/xxgknb/2023xxgknb/", parse_time("2023-06-01"))
    assert before.status == 404  # a new year's column comes with its first publication
    assert get(site, "/zwgk/xxgknb").status == 301


def test_xuecheng_reaches_every_report_by_plain_links_through_its_pager() -> None:
    site = site_with(report("xuecheng"))
    first = text_of(get(site, "/zwgk/xxgknb/2022xxgknb/bmjzjxx/"))
    assert 'createPageHTML(2, 0, "index", "html");' in first
    assert 'href="./202301/t202301' in first
    assert "…</a>" in first
    assert "title=" in first
    rows = [
        text_of(get(site, f"/zwgk/xxgknb/2022xxgknb/bmjzjxx/index{k}.html")).count('<li><a href="./20')
        for k in ("", "_1")
    ]
    assert rows == [10, 7]
    assert get(site, "/zwgk/xxgknb/2022xxgknb/bmjzjxx/index_2.html").status == 404


def test_xuecheng_states_another_day_than_its_address_and_serves_its_oldest_year_in_gb18030() -> None:
    site = site_with(*(report("xuecheng", place) for place in range(12)))
    days = set()
    for place in range(12):
        address = site.path(report("xuecheng", place))
        page = text_of(get(site, address))
        assert "时间：2024-01-16 10:00" in page
        assert "<td>发文时间</td><td>2024-01-16</td>" in page
        assert re.search(r"<td>成文时间</td><td>2024-01-(0\d|1[0-4])</td>", page)
        assert page.count('class="TRS_Editor"') == 2
        days.add(re.search(r"/t(\d{8})_", address)[1])  # type: ignore[index]
    assert len(days) > 2
    assert max(days) <= "20240116"
    late = report("xuecheng", at="2024-01-23T10:00", claimed=parse_time("2024-01-19T10:00"))
    assert "/202401/t20240123_" in site.path(late)
    old = get(site, "/zwgk/xxgknb/2019nxxgknb/bmzj/")
    assert dict(old.headers)["Content-Type"] == "text/html"
    assert "薛城区" in old.body.decode("gb18030")
    assert b"charset=gb2312" in old.body
    assert b"countPage = 2//" in old.body


# ── 曲阜 ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def records(text: str) -> list[str]:
    return re.findall(r"<record><!\[CDATA\[(.*?)\]\]></record>", text)


def test_qufu_pages_its_records_by_get_and_by_post() -> None:
    site = site_with(report("qufu", 1))
    page = text_of(get(site, "/col/col15310/index.html?uid=45937&pageNum=3"))
    total = int(re.search(r"<totalrecord>(\d+)", page)[1])  # type: ignore[index]
    seen = records(page)
    assert '<ul class="list"></ul>' in page
    assert f"totalRecord:{total}" in page
    while (following := re.search(r'<nextgroup>\s*<!\[CDATA\[<a href="([^"]+)"', page)) is not None:
        page = text_of(get(site, following[1].replace("&amp;", "&")))
        seen += records(page)
    assert len(seen) == len(set(seen)) == total > 50
    fields = {"columnid": "15310", "unitid": "45937", "startrecord": "16", "endrecord": "20"}
    posted = site.respond(Request(qufu.PROXY, method="POST", form=fields), FEBRUARY)
    assert records(text_of(posted)) == seen[15:20]
    hundred = get(site, f"{qufu.PROXY}?columnid=15310&unitid=45937&page=1&perpage=100&startrecord=1&endrecord=100")
    assert records(text_of(hundred)) == seen
    assert records(text_of(get(site, f"{qufu.PROXY}?columnid=15310&unitid=1&page=1"))) == []
    big = SITES["qufu"](offices("qufu", 800), [replace(report("qufu"), agency=o.name) for o in offices("qufu", 800)])
    assert len(records(text_of(get(big, f"{qufu.PROXY}?columnid=15310&unitid=45937&perpage=999")))) == 300


def test_qufu_shows_a_report_on_the_agency_s_page_for_its_year_and_an_empty_slot_otherwise() -> None:
    publication = report("qufu", at="2024-02-02T09:55:53")
    site, office = site_with(publication), offices("qufu")[0]
    column = site.column(office)
    assert column == f"/module/xxgk/xxgkAnnualReport.jsp?area={office.code}"
    for target in (f"{column}&fbtime=2023", f"{qufu.ANNUAL_REPORT}?fbtime=2023&area={office.code}", column):
        text = text_of(get(site, target))
        assert "发布时间：2024-02-02 09:55:53" in text
        assert "正文一" in text
        empty = text_of(get(site, target, parse_time("2024-02-01")))
        assert "发布时间" not in empty
        assert "2023年</a>" in empty
    assert "2022年政府信息公开" in text_of(get(site, f"{column}&fbtime=2022"))
    assert text_of(get(site, column, parse_time("2023-12-31"))).count("年</a></li>") == 4
    assert get(site, f"{qufu.ANNUAL_REPORT}?area=nobody").status == 404
    assert publication.title not in re.sub("图解：[^<]*", "", listed(site, offices("qufu")[1]))


def test_qufu_articles_bear_a_generation_time_that_is_not_their_date() -> None:
    publication = report("qufu", 1)
    page = text_of(get(site_with(publication), site_with(publication).path(publication)))
    assert '<meta name="PubDate" content="2024-01-16 10:00">' in page
    assert re.search(r'name="Maketime" content="2024-0[12]-(?!16)', page)
    assert "/art/2024/1/16/art_15310_" in site_with(publication).path(publication)


# ── 博山, 高新区 ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_gongkai_articles_are_numbered_by_the_second_of_their_upload() -> None:
    publication = report("boshan", at="2024-02-04T11:00", claimed=parse_time("2024-01-30T09:00"))
    site = site_with(publication)
    address = site.path(publication)
    digits = re.fullmatch(r"/gongkai/site_bsqtzcjzx/channel_[\w.]+/doc_([0-9a-f]{24})\.html", address)
    assert digits is not None
    assert datetime.fromtimestamp(int(digits[1][:8], 16), UTC) == publication.published
    page = text_of(get(site, address))
    assert "<th>发文日期</th><td>2024-01-30</td>" in page
    assert "<td>淄博市博山区投资促进中心</td>" in page
    assert '<span class="date">2024-01-30</span>' in listed(site, offices("boshan")[0])
    shapes = {re.sub(r"[0-9a-f]{24}", "X", site.column(office).split("channel_")[1]) for office in offices("boshan")}
    assert shapes == {"c_X_n_1605681808.5352/", "X/", "c_X_X/"}


def test_gaoxin_sends_lists_without_rows_and_the_rows_as_data() -> None:
    publication = report("gaoxin")
    site, office = site_with(publication), offices("gaoxin")[0]
    page = text_of(get(site, site.column(office)))
    assert "doc_" not in page
    assert 'id="list"' in page
    data = json.loads(listed(site, office).splitlines()[0])
    assert (data["page"], data["pages"], len(data["rows"])) == (1, 2, 10)
    assert site.path(publication) in {row["address"] for row in data["rows"]}
    assert get(site, "/gongkai/api/documents?channel=none&page=1").status == 404


@pytest.mark.parametrize("portal", ["gaoxin", "qufu", "tongguan"])
def test_lists_that_scripts_draw_are_drawn_in_a_browser(portal: str) -> None:
    browser_path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if browser_path is None:
        pytest.skip("no Chromium here")
    playwright = pytest.importorskip("playwright.sync_api")
    with Replicas(FixedClock(FEBRUARY), year=2023) as replicas, playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path)
        page = browser.new_page()
        address = replicas.column(offices("gaoxin")[0]) if portal == "gaoxin" else replicas.columns(portal)[-1]
        page.goto(address)
        page.wait_for_selector("ul.list li a")
        rows = page.locator("ul.list li a").all_inner_texts()
        browser.close()
    assert len(rows) >= 10
    assert any("政府信息公开工作年度报告" in row for row in rows)


# ── 铜官 ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_tongguan_keeps_annual_reports_out_of_its_information_list() -> None:
    old, new = report("tongguan", 0), report("tongguan", 1)
    site = site_with(old, new)
    everything = "".join(
        text_of(get(site, f"/openness/OpennessContent/showList/{branch}/0/page_{page}.html"))
        for branch in (0, 1302, *range(1303, 1315))
        for page in range(1, 13)
    )
    assert "部门预算" in everything
    assert "政府信息公开工作年度报告" not in everything
    assert re.fullmatch(r"/openness/OpennessAnnualReport/show/\d+\.html", site.path(old))
    assert 'page_2.html">下一页' in text_of(get(site, site.columns()[0]))
    assert get(site, "/openness/OpennessAnnualReport/showList/0/page_99.html").status == 404
    assert "<th>发布日期</th><td>2024-01-16 10:00</td>" in text_of(get(site, site.path(old)))


def test_tongguan_s_newer_list_is_json_in_json() -> None:
    publication = report("tongguan", 1, attachment=("附表.xlsx", b"x"))
    site = site_with(publication)
    page = text_of(get(site, "/tgqrmzf/zfxxgknb/pc/list.html"))
    data = json.loads(re.search(r"articleList:(\[.*\])\}", page)[1])  # type: ignore[index]
    entry = next(entry for entry in data if entry["title"] == publication.title)
    assert json.loads(entry["urls"])["pc"] == site.path(publication)
    assert re.fullmatch(r"/tgqrmzf/zfxxgknb/pc/content/content_\d{19}\.html", site.path(publication))
    assert entry["pubDate"] == "2024-01-16 10:00"
    assert entry["articleFiles"][0]["fileName"] == "附表.xlsx"
    article = text_of(get(site, site.path(publication)))
    assert '<meta name="ColumnType" content="信息公开年报">' in article
    assert 'id="UCAP-CONTENT"' in article
