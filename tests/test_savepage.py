"""`scrapy savepage`: the real command as a child process, against a site on loopback."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from scrapy.settings import Settings

from crawler.cases import is_reviewed, page_of, proposal, read_case, said, write_case
from crawler.commands.savepage import Command, case_name
from crawler.tidying import telling, tidied, without_session
from tests.crawling import ROOT, Reply, Site, article_page, list_page, row

SCRAPY = Path(sys.executable).with_name("scrapy")
#: Nobody listens on port 1.
CLOSED = "http://127.0.0.1:1/"
REPORT = "甲局2023年政府信息公开工作年度报告"


@dataclass(frozen=True, slots=True)
class Saving:
    """A call of the command that is running."""

    child: subprocess.Popen[str]
    into: Path

    def ended(self) -> tuple[int, str]:
        """Its exit status, and all that it said."""
        said, _ = self.child.communicate(timeout=60)
        return self.child.returncode, said

    def case(self, name: str) -> tuple[dict[str, Any], dict[str, Any], str]:
        """page.json, expected.json and page.html."""
        folder = self.into / name
        about, expected = (json.loads((folder / f"{part}.json").read_text("utf-8")) for part in ("page", "expected"))
        return about, expected, (folder / "page.html").read_text("utf-8")


def saving(into: Path, *arguments: str) -> Saving:
    """Start `scrapy savepage …` as a person would, in the project's folder; both outputs in one."""
    environment = {**os.environ, "NIANBAO_DELAY": "0"}
    command = [sys.executable, "-W", "error", str(SCRAPY), "savepage", *arguments, "--into", str(into)]
    child = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return Saving(child, into)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def nothing_in(folder: Path) -> bool:
    return not list(folder.iterdir())


def test_a_page_becomes_a_folder_that_waits_for_a_person(site: Site, tmp_path: Path) -> None:
    site.pages["/nb/?token=7"] = Reply(
        list_page(
            row("/a/100001.html;jsessionid=0A1B2C", REPORT, "2024-01-05"),
            more="<a href='?token=7&page=2'>下一页</a><input type=hidden name=_csrf value='hush'><i>visitor-0001</i>",
        ),
        headers={"Set-Cookie": "who=visitor-0001; Path=/"},
    )
    status, words = (call := saving(tmp_path, "generic", site.url("/nb/?token=7"), "--private")).ended()
    assert status == 0, words
    assert site.asked == ["/robots.txt", "/nb/?token=7"]
    assert all("nianbao/" in agent for agent in site.agents)
    (folder,) = (tmp_path / "generic").iterdir()
    about, expected, html = call.case(f"generic/{folder.name}")
    assert (about["url"], about["family"], about["reviewed"]) == (site.url("/nb/?token=7"), "generic", False)
    assert expected == {
        "rows": [{"url": site.url("/a/100001.html"), "title": REPORT, "listed_on": "2024-01-05"}],
        "next_pages": [site.url("/nb/?token=7&page=2")],
        "sublists": [],
        "article": None,
    }
    assert not any(secret in html for secret in ("0A1B2C", "hush", "visitor-0001"))
    assert "列表 1 行（1 行有日期），后续页 1 个" in words
    assert "尚未核对" in words
    assert "已从网页中去掉 3 处" in words
    assert "参数 token 可能" in words


def test_what_is_no_page_of_the_site_is_not_kept(site: Site, tmp_path: Path) -> None:
    home = site.url("/").replace("127.0.0.1", "localhost")
    site.pages |= {
        "/robots.txt": Reply("User-agent: *\nDisallow: /secret/", headers={"Content-Type": "text/plain"}),
        "/wall": Reply("<html><title>请求被拦截</title></html>", 412),
        "/report.pdf": Reply(b"%PDF-1.7\n", headers={"Content-Type": "application/pdf"}),
        "/away": Reply(status=302, headers={"Location": home}),
        "/secret/": list_page(),
    }
    wanted = {
        "/wall": "网站拒绝自动访问",
        "/report.pdf": "这是一个文件，不是网页",
        "/away": "已拒绝访问",
        "/secret/": "robots.txt 不允许",
        CLOSED: "拒绝连接",
    }
    calls = {path: saving(tmp_path, "trs", urljoin(site.url(), path), "--private") for path in wanted}
    for path, call in calls.items():
        status, words = call.ended()
        assert status == 1, words
        assert words.startswith("没有保存：")
        assert wanted[path] in words
        assert words.count("\n") == 1
        assert ("--file" in words) is (path in ("/wall", "/secret/"))
    assert "/secret/" not in site.asked
    assert nothing_in(tmp_path)


def test_a_family_that_nobody_knows_gets_one_line_and_asks_for_nothing(site: Site, tmp_path: Path) -> None:
    status, words = saving(tmp_path, "nosuch", site.url("/"), "--private").ended()
    assert (status, words.count("\n")) == (2, 1), words
    assert words.startswith("不认识家族“nosuch”。已有：")
    assert "trs" in words
    assert site.asked == []


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("trs", "{site}", "--private", "--case", "there"), "已经存在。请用 --case 另取名称"),
        (("trs", "{site}"), "请加 --private"),
        (("trs", "{site}", "--private", "--case", "../x"), "样例名称“../x”不对"),
        (("trs",), "用法：scrapy savepage"),
        (("trs", "{site}", "--private", "--case", "a", "--nosuch"), "用法：scrapy savepage"),
        (("trs", "http://somebody@a.gov.cn/"), "不是网页地址"),
        (("trs", "http://a.gov.cn/nb/", "--file", "{archive}"), "另存为“网页，仅 HTML”"),
        (("trs", "http://a.gov.cn/nb/", "--file", "/nowhere/at.all"), "读不到 /nowhere/at.all"),
    ],
)
def test_a_wrong_call_gets_one_line_that_says_what_to_do(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], part: str
) -> None:
    (tmp_path / "trs" / "there").mkdir(parents=True)
    (tmp_path / "archive").write_text("From: <Saved by Blink>\nMIME-Version: 1.0\n")
    places = {"{site}": site.url("/"), "{archive}": str(tmp_path / "archive")}
    status, words = called([places.get(word, word) for word in arguments], tmp_path, capsys)
    assert (status, words.count("\n")) == (2, 1), words
    assert part in words
    assert site.asked == []
    assert [path.name for path in (tmp_path / "trs").iterdir()] == ["there"]


def called(arguments: list[str], into: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The command in this process, for what it refuses before it starts anything."""
    command, parser = Command(), argparse.ArgumentParser()
    command.settings = Settings()
    command.add_options(parser)
    options, rest = parser.parse_known_args([*arguments, "--into", str(into)])
    command.run(rest, options)
    return command.exitcode, capsys.readouterr().err


def test_a_page_saved_by_hand_is_taken_in_without_asking_the_portal(tmp_path: Path) -> None:
    into = tmp_path / "pages"
    into.mkdir()
    files = {"article": article_page(REPORT), "wall": "<title>访问被拒绝</title>"}
    for name, text in files.items():
        (tmp_path / f"{name}.html").write_text(text, "gbk")
    url = "http://www.shanqiao.gov.cn/sqx/nb/202401/t20240120_1001.html"
    calls = {
        name: saving(into, "trs", url, "--file", str(tmp_path / f"{name}.html"), *("--case", name)) for name in files
    }
    ends = {name: call.ended() for name, call in calls.items()}
    assert [ends[name][0] for name in files] == [0, 1], ends
    assert ends["wall"][1].startswith("没有保存：网站")
    about, expected, html = calls["article"].case("trs/article")
    assert about["url"] == url
    assert (expected["article"]["title"], "content" in expected["article"]) == (REPORT, False)
    assert REPORT in html


def test_the_browser_s_page_can_be_kept(site: Site, tmp_path: Path) -> None:
    drawn = f"document.querySelector('ul').innerHTML = unescape(`{row('/a/100001.html', REPORT, '2024-01-05')}`)"
    site.pages["/nb/"] = "<title>年报</title><ul></ul><script src='/list.js'></script>"
    site.pages["/list.js"] = Reply(drawn, headers={"Content-Type": "text/javascript; charset=utf-8"})
    status, words = saving(tmp_path, "generic", site.url("/nb/"), "--private", "--render", "--case", "drawn").ended()
    assert status == 0, words
    assert "列表 1 行" in words


# ── what a folder is, without the command ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("about", "reviewed"),
    [({}, True), ({"reviewed": True}, True), ({"reviewed": False}, False), ({"reviewed": "no"}, False)],
)
def test_only_a_clear_yes_is_a_review(about: dict[str, Any], reviewed: bool) -> None:
    assert is_reviewed(about) is reviewed


def test_half_a_character_in_data_is_kept_as_data_has_it(tmp_path: Path) -> None:
    html = '{"list": [{"title": "甲\\ud800局2023年政府信息公开年报", "url": "/a/1.html", "publishTime": "2024-01-05"}]}'
    about = {"url": "http://a.gov.cn/list", "family": "data", "years": [2023], "reviewed": False}
    page = page_of(html, about)
    write_case(tmp_path / "data" / "half", html, about, proposal(page, (2023,)))
    again, _ = read_case(tmp_path / "data" / "half")
    expected = json.loads((tmp_path / "data" / "half" / "expected.json").read_text("utf-8"))
    assert said(again, "rows") == expected["rows"] != []


def test_what_is_proposed_is_what_the_folder_is_tested_for() -> None:
    for folder in (ROOT / "tests/pages/trs").iterdir():
        page, about = read_case(folder)
        proposed = proposal(page, tuple(about.get("years", (2023,))))
        article = said(page, "article")
        assert proposed["rows"] == said(page_of(page.html, about), "rows")
        assert (proposed["article"] is None) == (article is None)
        assert {**(article or {}), **(proposed["article"] or {})} == (article or {})


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<a href='/x.jsp;JSESSIONID=12.AB!3?id=4'>", "<a href='/x.jsp?id=4'>"),
        ("<!-- saved from url=(0042)http://a.gov.cn/?ticket=1 --><p>", "<p>"),
        ("<img src='file:///C:/Users/wang/1.png'>", "<img src='about:blank'>"),
        ("<meta name=csrf-token content='abc'>", '<meta name=csrf-token content="">'),
        ("<meta name=title content='abc'>", "<meta name=title content='abc'>"),
        ("<input name=__VIEWSTATE value='abc'>", "<input name=__VIEWSTATE value='abc'>"),
        ("<script>id='cookie-value'; n=short</script>", "<script>id='removed'; n=short</script>"),
    ],
)  # fmt: skip
def test_what_is_nobody_s_business_is_taken_out(html: str, kept: str) -> None:
    text, count = tidied(html, ["cookie-value", "short"])
    assert text == kept
    assert count == (html != kept)


def test_an_address_is_named_where_it_tells_of_a_session_and_kept_where_it_tells_the_page() -> None:
    assert telling("http://a.gov.cn/x?id=3&accessToken=1&userId=2&channelId=5") == ["accessToken", "userId"]
    assert without_session("http://a.gov.cn/x.do;jsessionid=1A?id=3") == "http://a.gov.cn/x.do?id=3"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://www.shanqiao.gov.cn/sqx/nb/202401/t20240120_1001.html", "shanqiao_202401_t20240120_1001"),
        ("https://xxgk.a.gov.cn/", "xxgk_a"),
        ("http://a.gov.cn/政务/年报.html?id=3", "a"),
    ],
)
def test_a_case_is_named_by_its_address(url: str, name: str) -> None:
    assert case_name(url) == name
