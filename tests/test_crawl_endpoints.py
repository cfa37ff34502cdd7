"""Lists behind data endpoints, by the real engine on loopback: column → endpoint → its second page → article."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from urllib.parse import quote, urlencode

import pytest

from tests.crawling import Crawl, Reply, Site, article_page, crawl, row, spec_for

JSON = {"Content-Type": "application/json;charset=UTF-8"}
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
PROXY = "/module/web/jpage/dataproxy.jsp"
COLUMNS = {
    "jpaas": "/col/col31/index.html",
    "hanweb": "/col/col22/index.html",
    "xxgk": "/col/col23/index.html",
    "longxun": "/public/column/47?type=4&catId=80&action=list",
    "epoint": "/dynamic/zwgk/govInfoPub.html?categorynum=003009",
    "truecms": "/hagl/nb/nb.html",
    "data": "/gk/list?channel=7&pageNo=1&pageSize=2",
    "empty": "/col/col32/index.html",
}


def title(family: str, number: int) -> str:
    return f"{family}第{number}局2023年政府信息公开工作年度报告"


def path(family: str, number: int) -> str:
    return f"/art/2024/1/{number}/art_{list(COLUMNS).index(family) + 20}_{number}.html"


def rows(family: str, *numbers: int) -> str:
    return "".join(row(path(family, number), title(family, number), f"2024-01-{number:02}") for number in numbers)


def column(*parts: str) -> str:
    return f"<html><head><title>政府信息公开年报</title></head><body>{''.join(parts)}</body></html>"


def referred(text: str) -> Callable[[BaseHTTPRequestHandler], Reply]:
    """An answer for those who say which page sent them, and 404 for others."""
    return lambda request: Reply(text, 200 if request.headers["Referer"] else 404, JSON)


def store(total: int, *records: str) -> str:
    inner = "".join(f"<record><![CDATA[{record}]]></record>" for record in records)
    return f"<datastore><totalrecord>{total}</totalrecord><recordset>{inner}</recordset></datastore>"


def unit(page: str, *, wrapped: str = "") -> str:
    asked = {"parseType": "bulidstatic", "webId": "w", "tplSetId": "t", "pageType": "column", "tagId": "分页列表"}
    asked |= {"editType": "null", "pageId": page} | ({"paramJson": wrapped} if wrapped else {})
    return f"{UNIT}?{urlencode(asked)}"


def query_data(page: str) -> str:
    data = (
        f"'parseType':'bulidstatic','webId':'w','tplSetId':'t','pageType':'column','tagId':'分页列表','pageId':'{page}'"
    )
    return f'<script url="{UNIT}" queryData="{{{data}}}"></script>'


def jpaas() -> dict[str, Reply | str | Callable[[BaseHTTPRequestHandler], Reply]]:
    def answer(number: int, *numbers: int) -> Callable[[BaseHTTPRequestHandler], Reply]:
        pager = f'<div class="pagination" rows="2" count="3" pageNo="{number}"></div>'
        data = {"html": f"<ul>{rows('jpaas', *numbers)}</ul>{pager}"}
        return referred(json.dumps({"success": True, "code": "200", "data": data}))

    return {
        COLUMNS["jpaas"]: column(query_data("31")),
        unit("31"): answer(1, 20, 19),
        unit("31", wrapped='{"pageNo":2,"pageSize":2}'): answer(2, 18),
        COLUMNS["empty"]: column(query_data("32")),
        unit("32"): referred('{"success":true,"code":"200","data":{"html":""}}'),
    }


def hanweb() -> dict[str, Reply | str]:
    call = f"proxyUrl:'{PROXY}',perPage:2,groupSize:1,totalRecord:3,ajaxParam:{{columnid:22,unitid:81}}"
    ranges = {1: (1, 2), 2: (3, 3)}
    windows = {
        page: f"columnid=22&unitid=81&page={page}&perpage=2&startrecord={start}&endrecord={end}"
        for page, (start, end) in ranges.items()
    }
    return {
        COLUMNS["hanweb"]: column(f"<ul id=81></ul><script>$('#81').jpage({{{call}}});</script>"),
        f"POST {PROXY}?{windows[1]} {windows[1]}": store(3, rows("hanweb", 20), rows("hanweb", 19)),
        f"POST {PROXY}?{windows[2]} {windows[2]}": store(3, rows("hanweb", 18)),
    }


def xxgk(site: Site) -> dict[str, Reply | str]:
    form = {"infotypeId": "B03", "jdid": "1", "area": "1137", "divid": "div23", "vc_title": "", "vc_number": ""}
    form |= {"sortfield": ",compaltedate:0", "currpage": "{}", "vc_filenumber": "", "vc_all": "", "texttype": "0"}
    form |= {"fbtime": "-1", "standardXxgk": "0", "isAllList": "1", "requestUrl": site.url(COLUMNS["xxgk"])}
    asked = (
        "{" + ",".join(f"{name}:'{form[name]}'" for name in ("infotypeId", "jdid", "area", "divid", "sortfield")) + "}"
    )

    def post(number: int) -> str:
        return f"POST /module/xxgk/search.jsp {urlencode({**form, 'currpage': number})}"

    def table(*numbers: int) -> str:
        cells = "".join(
            f"<tr class=tr_main_value_odd><td><a href='{path('xxgk', n)}' title='{title('xxgk', n)}'>第…</a></td>"
            f"<td>2024-01-{n:02}</td></tr>"
            for n in numbers
        )
        return f"<table>{cells}<tr><td align=right>共2页 <a href='javascript:void(0)'>下一页</a></td></tr></table>"

    return {
        COLUMNS["xxgk"]: column(
            f"<div id=div23></div><script>$.post('/module/xxgk/search.jsp', {asked}, show)</script>"
        ),
        post(1): table(20, 19),
        post(2): table(18),
    }


def longxun() -> dict[str, Reply | str]:
    fields = {
        "IsAjax": 1,
        "dataType": "html",
        "labelName": "publicInfoList",
        "siteId": 67,
        "pageSize": 2,
        "pageIndex": 1,
    }
    fields |= {"action": "list", "isDate": "true", "dateFormat": "yyyy-MM-dd", "length": 50, "organId": 47, "type": 4}
    fields |= {"catId": 80, "cId": "", "result": "暂无相关信息", "file": "/xxgk/list"}
    label = f"/site/label/8888?{urlencode(fields)}"
    pager = "<script>pagination({{pageCount:2,pageIndex:{}}})</script>"
    return {
        COLUMNS["longxun"]: column(f'<script>$("#list").load("{label}");</script>'),
        label: rows("longxun", 20, 19) + pager.format(1),
        label.replace("pageIndex=1", "pageIndex=2"): rows("longxun", 18) + pager.format(2),
    }


def epoint() -> dict[str, Reply | str | Callable[[BaseHTTPRequestHandler], Reply]]:
    def post(number: int) -> str:
        asked = f'"deptcode":"","categorynum":"003009","siteGuid":"7eb5f7f1-9041","pageIndex":{number},"pageSize":20'
        return f"POST /EWB-FRONT/rest/lightfrontaction/getgovinfolist {{{asked}}}"

    def answer(*numbers: int) -> Callable[[BaseHTTPRequestHandler], Reply]:
        titles = {n: title("epoint", n) if n in (25, 4) else f"区里第{n}次研究民生实事的会议" for n in numbers}
        data = [{"infourl": path("epoint", n), "realtitle": titles[n], "infodate": f"2024-01-{n:02}"} for n in numbers]
        return referred(json.dumps({"custom": {"total": 22, "data": data}}))

    script = 'var siteInfo = {"siteGuid":"7eb5f7f1-9041","projectName":"/EWB-FRONT"};'
    return {
        COLUMNS["epoint"]: column('<script src="/js/webBuilderCommon.js"></script>'),
        "/js/webBuilderCommon.js?deptcode=&categorynum=003009": Reply(
            script, headers={"Content-Type": "application/x-javascript"}
        ),
        post(0): answer(*range(25, 5, -1)),
        post(1): answer(5, 4),
    }


def truecms() -> dict[str, Reply | str | Callable[[BaseHTTPRequestHandler], Reply]]:
    endpoint = "/truecms/messageController/getMessage.do"
    call = f"proxyUrl:'{endpoint}',perPage:2,groupSize:1,totalRecord:3,ajaxParam:{{columnId:'5a43'}}"

    def answer(*records: str) -> Callable[[BaseHTTPRequestHandler], Reply]:
        return referred(f"list({json.dumps({'result': store(3, *records)})});")

    return {
        COLUMNS["truecms"]: column(f"<div id=list></div><script>$('#list').jpage({{{call}}})</script>"),
        f"{endpoint}?startrecord=1&endrecord=2&perpage=2&columnId=5a43&callback=list": answer(
            rows("truecms", 20), rows("truecms", 19)
        ),
        f"{endpoint}?startrecord=3&endrecord=3&perpage=2&columnId=5a43&callback=list": answer(rows("truecms", 18)),
    }


def data() -> dict[str, Reply | str]:
    def answer(*numbers: int) -> Reply:
        found = [
            {"title": title("data", n), "url": path("data", n), "publishTime": f"2024-01-{n:02}T08:00:00"}
            for n in numbers
        ]
        return Reply(json.dumps({"code": 0, "data": {"total": 3, "list": found}}), headers=JSON)

    return {COLUMNS["data"]: answer(20, 19), COLUMNS["data"].replace("pageNo=1", "pageNo=2"): answer(18)}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Crawl]:
    with Site() as site:
        site.pages |= {**jpaas(), **hanweb(), **xxgk(site), **longxun(), **epoint(), **truecms(), **data()}
        for family in COLUMNS:
            site.pages |= {path(family, n): article_page(title(family, n), f"2024-01-{n:02}") for n in range(4, 26)}
        return site, crawl(spec_for(site, *COLUMNS.values()), tmp_path_factory.mktemp("endpoints"))


@pytest.mark.parametrize("family", [name for name in COLUMNS if name not in ("empty", "epoint")])
def test_a_list_behind_an_endpoint_is_read_to_its_end_without_a_browser(family: str, done: tuple[Site, Crawl]) -> None:
    site, crawled = done
    health = crawled.column(site.url(COLUMNS[family]))
    assert (health.healthy, health.reason) == (True, "ok"), health.detail
    wanted = {site.url(path(family, number)) for number in (20, 19, 18)}
    assert {link.url for link in health.candidates} == wanted
    assert wanted <= {capture.url for capture in crawled.of("article")}


def test_a_list_whose_address_only_a_script_tells_is_asked_with_what_the_script_says(done: tuple[Site, Crawl]) -> None:
    site, crawled = done
    health = crawled.column(site.url(COLUMNS["epoint"]))
    assert (health.healthy, health.reason, health.dated) == (True, "ok", 22), health.detail
    assert {link.url for link in health.candidates} == {site.url(path("epoint", number)) for number in (25, 4)}


def test_an_endpoint_that_answers_with_nothing_is_no_empty_column(done: tuple[Site, Crawl]) -> None:
    site, crawled = done
    health = crawled.column(site.url(COLUMNS["empty"]))
    assert (health.healthy, health.reason) == (False, "column_lost")


def test_nothing_is_asked_twice_and_nothing_beyond_the_end_of_a_list(done: tuple[Site, Crawl]) -> None:
    site, crawled = done
    assert len(site.asked) == len(set(site.asked))
    assert crawled.errors == ""
    assert set(site.asked) - {"/robots.txt"} <= set(site.pages)
    assert not any(quote("分页列表") in asked and "pageNo%22%3A3" in asked for asked in site.asked)
