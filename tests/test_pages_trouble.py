"""Challenge pages and soft 404s are told from pages that only speak of such things."""

from __future__ import annotations

import pytest

from crawler.pages.trouble import trouble
from monitor.exchange import REASONS

URL = "http://a.gov.cn/zwgk/xxgknb/"
NAV = "".join(f"<a href='/c{k}/'>栏目名称第{k}个</a>" for k in range(12))


def judge(html: str, *, status: int = 200, url: str = URL, asked: str = URL, home: str = "") -> str:
    reason = trouble(status, url, asked, html, home)
    assert reason == "" or reason in REASONS
    return reason


@pytest.mark.parametrize("status", [403, 405, 412, 422, 429, 468, 521])
def test_a_firewall_s_status_blocks(status: int) -> None:
    assert judge("<p>x</p>", status=status) == "portal_blocked"


@pytest.mark.parametrize(
    ("status", "reason"),
    [(404, "column_lost"), (410, "column_lost"), (500, "portal_unreachable"), (502, "portal_unreachable"), (200, "")],
)
def test_other_statuses_say_what_they_say(status: int, reason: str) -> None:
    assert judge("<p>本页是一个普通的栏目页面。</p>", status=status) == reason


@pytest.mark.parametrize(
    "html",
    [
        "<script>document.cookie='__jsl_clearance_s=1700000000.1|-1|abc';location.href=location.pathname</script>",
        "<html><body>请开启JavaScript并刷新该页.<script>var wzwsquestion='x';</script></body></html>",
        "<script>var arg1='0123456789ABCDEF0123456789ABCDEF01234567';document.cookie='acw_sc__v2='</script>",
        "<html><head><title>安全验证</title></head><body><p>请完成安全验证后继续访问</p></body></html>",
        "<html><body><p>请输入验证码</p><img src=/captcha><input></body></html>",
        "<html><body>您的访问过于频繁，请稍后再试</body></html>",
        "<title>Just a moment...</title><body>Checking your browser before accessing</body>",
        "<html><head></head><body><script>document.cookie = 'a=b'; window.location.reload()</script></body></html>",
        "<meta id='x' content='y'><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script>",
    ],
    ids=["jsl", "wzws", "acw", "verify", "captcha", "rate", "browser", "cookie", "ruishu"],
)
def test_a_challenge_is_no_page(html: str) -> None:
    assert judge(html) == "challenge_page"


@pytest.mark.parametrize(
    "html",
    [
        "<title>404</title><body>404</body>",
        "<title>页面不存在_某区人民政府</title><body><p>对不起</p><a href=/>返回首页</a></body>",
        "<body><p>您访问的页面不存在或已被删除！</p><a href='/'>返回首页</a></body>",
        "<body>抱歉，您要访问的页面已失效，5秒后返回首页</body>",
        "<title>错误提示</title><body>该栏目不存在</body>",
    ],
)
def test_an_error_page_with_status_200_is_named_as_one(html: str) -> None:
    assert judge(html) == "soft_404"


ORDINARY = "".join(f"<p>第{k}条：办理业务时应当注意的事项，请各单位遵照执行。</p>" for k in range(12))


@pytest.mark.parametrize(
    "html",
    [
        f"<title>启用登录验证码的公告</title>{NAV}<p>登录须输入验证码并通过安全验证，访问过于频繁的受限。</p>{ORDINARY}",
        f"<title>某区网站检查情况</title>{NAV}<p>发现404错误3个，页面不存在2个，您访问的页面打不开1起。</p>{ORDINARY}",
        f"<title>政府信息公开年报</title>{NAV}<form>用户名<input>验证码<input></form><a href=a.html>某局2023年报</a>",
        f"<title>政府信息公开年报</title><script>document.cookie='seen=1'</script>{NAV}",
        "<datastore><totalrecord>0</totalrecord><recordset></recordset></datastore>",
        "<title>年报</title><ul><li><a href=a.html>某局2023年政府信息公开工作年度报告</a>2024-01-05</li></ul>",
        '<script>fetch("/api/list").then(draw)</script><div id=list></div>',
        '<meta http-equiv="refresh" content="0;url=/zwgk/nb/">',
        '{"success":true,"data":{"html":"<ul></ul>"}}',
    ],
    ids=[
        "captcha news",
        "404 news",
        "login box",
        "cookie on a page",
        "empty records",
        "short list",
        "script list",
        "refresh",
        "json",
    ],
)
def test_an_ordinary_page_is_never_troubled(html: str) -> None:
    assert judge(html) == ""


def test_a_request_that_ends_on_the_home_page_is_told_from_a_lost_column() -> None:
    assert judge(NAV + ORDINARY, url="http://www.a.gov.cn/index.html") == "sent_home"
    assert judge(NAV + ORDINARY, url="http://a.gov.cn/", asked="http://a.gov.cn/index.html") == ""
    assert judge(NAV + ORDINARY, url="http://a.gov.cn/zwgk/nb/") == ""


def test_a_copy_of_the_home_page_is_told_from_a_lost_column() -> None:
    copy = f"<title>某区人民政府</title>{NAV}{ORDINARY}"
    assert judge(copy, home="某区人民政府") == "sent_home"
    assert judge(copy, home="") == ""
    assert judge(copy, url="http://a.gov.cn/", asked="http://a.gov.cn/", home="某区人民政府") == ""


@pytest.mark.parametrize(
    "own",
    [
        "<meta name=ColumnName content=年报>",
        "<meta name=ArticleTitle content=某报告>",
        "<div>当前位置：首页 &gt; 年报</div>",
    ],
)
def test_a_portal_with_one_title_for_all_pages_loses_no_column(own: str) -> None:
    assert judge(f"<title>某区人民政府</title>{own}{NAV}{ORDINARY}", home="某区人民政府") == ""
