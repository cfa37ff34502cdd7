"""`scrapy savepage FAMILY URL`: a page as a fixture folder, marked unreviewed until a person vouches for it.

It asks as a crawl asks: robots.txt, guards, delay, user agent. What is no real page (a challenge, an error page) is not
kept. `--file` takes a page that was saved by hand, for portals that serve no programs; then nothing is asked for.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from scrapy.commands import ScrapyCommand

from crawler.cases import page_of, proposal, write_case
from crawler.fetch import Answer, Nothing
from crawler.onepage import ask_for
from crawler.pages import FAMILY_NAMES
from crawler.reader import Reader
from crawler.reading import Kind, Question, Reading
from crawler.tidying import telling, tidied, without_session
from monitor import __version__
from monitor.browser import find_browser
from monitor.charset import decode
from monitor.clock import Clock, clock_for
from monitor.errors import NianbaoError, system_words
from monitor.exchange import REASONS, CrawlSpec, Limits
from monitor.hosts import Hosts
from monitor.model import Portal
from monitor.settings import load_settings
from monitor.text import clean

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = ROOT / "tests" / "pages"
#: robots.txt, the page and its redirects; a browser takes longest.
_SECONDS: Final = 120
#: One page; more only where a cookie page stands before it, or the site answers under another of its names.
_REQUESTS: Final = 4
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")
_MHTML: Final = re.compile(rb"^(?:From|MIME-Version|Snapshot-Content-Location):", re.IGNORECASE | re.MULTILINE)
_WALLS: Final = frozenset({"portal_blocked", "challenge_page", "robots_disallowed"})
_BY_HAND: Final = "请在浏览器中打开该网页，另存为“网页，仅 HTML”，再加 --file 文件名 运行"
_USAGE: Final = "用法：scrapy savepage 家族 网址 [--case 名称] [--render] [--file 网页.html] [--private]"


class Refused(Exception):
    """The call is wrong, or there is nothing to be kept; the words say why and what to do. `status`: to exit with."""

    def __init__(self, words: str, status: int = 1) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class Got:
    """A page as it came: the address after redirects, the text, and the values of the cookies that came with it."""

    url: str
    html: str
    cookies: tuple[str, ...] = ()


class Command(ScrapyCommand):
    """The command, as Scrapy calls it."""

    requires_project = True
    requires_crawler_process = False  # its own one, with the settings of a crawl

    def syntax(self) -> str:
        return "FAMILY URL [options]"

    def short_desc(self) -> str:
        return "把一个网页存为 tests/pages/家族/名称/ 下的测试样例，待人核对"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--case", default="", help="样例名称（小写英文、数字、下划线），默认取自网址")
        parser.add_argument("--render", action="store_true", help="用浏览器打开，保存脚本运行之后的网页")
        parser.add_argument("--file", type=Path, help="不访问网站，使用手工保存的网页")
        parser.add_argument("--private", action="store_true", help="网址是本机或内网地址")
        parser.add_argument("--year", type=int, action="append", help="查找哪个报告年度，可重复，默认为上一年")
        parser.add_argument("--given", action="store_true", help="该网站须在 portals.csv 中登记家族才认得出")
        parser.add_argument("--form", action="append", default=[], metavar="NAME=VALUE", help="POST 的表单字段，可重复")
        parser.add_argument("--json", default="", help="POST 的 JSON")
        parser.add_argument("--into", type=Path, default=PAGES, help="样例所在的文件夹")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            self._save(args, opts)
        except Refused as refused:
            print(refused, file=sys.stderr)
            self.exitcode = refused.status
        except NianbaoError as error:
            print(error, file=sys.stderr)
            self.exitcode = 2

    def _save(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 2 or args[0].startswith("-") or args[1].startswith("-"):
            raise Refused(_USAGE, 2)
        family, url = args
        folder = _folder(family, url, opts)
        clock = clock_for("")
        years = tuple(opts.year or [clock.now().year - 1])
        saved = _saved(opts.file) if opts.file else b""
        with Reader() as reader:
            got = _read(url, saved, opts, years, reader) if saved else _ask(url, opts, years, reader, clock)
        html, removed = tidied(got.html, got.cookies)
        about = _about(without_session(got.url), family, years, opts)
        page = page_of(html, about)
        expected = proposal(page, years)
        try:
            write_case(folder, html, about, expected)
        except OSError as error:
            raise Refused(f"写不进 {folder}：{system_words(error)}", 2) from error
        for line in _report(folder, family, page.family, about["url"], expected, removed):
            print(clean(line))  # titles and addresses are the site's: no control characters on a terminal


def _about(url: str, family: str, years: tuple[int, ...], opts: argparse.Namespace) -> dict[str, Any]:
    """What `page.json` says."""
    about: dict[str, Any] = {"url": url, "family": family, "years": list(years), "reviewed": False}
    if opts.given:
        about["family_given"] = family
    if opts.form:
        about["form"] = [list(pair) for pair in _form(opts)]
    if opts.json:
        about["json"] = opts.json
    return about


def _folder(family: str, url: str, opts: argparse.Namespace) -> Path:
    """The folder to make. Raises Refused where the call cannot be followed."""
    if family not in FAMILY_NAMES:
        known = "、".join(FAMILY_NAMES)
        raise Refused(
            f"不认识家族“{family}”。已有：{known}；新家族请先写好 crawler/pages/ 中的文件并登记在 FAMILIES", 2
        )
    if why := Hosts.of(_portal(url, opts)).refuses(url):
        raise Refused(f"{why}。确是本机或内网的网站时请加 --private" if "内网" in why else why, 2)
    case = opts.case or case_name(url)
    if not _NAME.fullmatch(case):
        raise Refused(f"样例名称“{case}”不对：只能用小写英文、数字和下划线，例如 column_with_two_pages", 2)
    folder: Path = opts.into / family / case
    if not opts.into.is_dir():
        raise Refused(f"没有文件夹 {opts.into}。请在项目的源码文件夹中运行，或用 --into 指定", 2)
    if folder.exists():
        raise Refused(f"{_shown(folder)} 已经存在。请用 --case 另取名称，或先删去它", 2)
    return folder


def _portal(url: str, opts: argparse.Namespace, delay: float | None = None) -> Portal:
    """A portal of this one host."""
    return Portal(portal="savepage", name="savepage", home=url, private=opts.private, delay=delay)


def case_name(url: str) -> str:
    """A name from an address: the host without www. and the common endings, and the path's last parts."""
    parts = urlsplit(url)
    host = re.sub(r"^www\.|\.(?:gov|org|com|edu|net)\.cn$|\.cn$", "", parts.hostname or "")
    words = re.sub(r"\.\w{2,5}$", "", parts.path.rstrip("/")).split("/")[-2:]
    return re.sub(r"[^a-z0-9]+", "_", "_".join([host, *words]).lower()).strip("_")[:80] or "page"


def _form(opts: argparse.Namespace) -> tuple[tuple[str, str], ...]:
    pairs = [field.partition("=") for field in opts.form]
    return tuple((name, value) for name, _, value in pairs)


# ── where it comes from ─────────────────────────────────────────────────────────────────────────────────────────────


def _saved(file: Path) -> bytes:
    """A page that was saved by hand. Raises Refused where it is none."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise Refused(f"读不到 {file}：{system_words(error)}", 2) from error
    if not body or _MHTML.match(body):
        raise Refused(f"{file} 是空的，或是单个文件的网页存档（MHTML）。请另存为“网页，仅 HTML”", 2)
    return body


def _read(url: str, body: bytes, opts: argparse.Namespace, years: tuple[int, ...], reader: Reader) -> Got:
    question = Question(
        kind=Kind.LIST,
        status=200,
        url=url,
        requested=url,
        content_type="",
        body=body,
        family="",
        years=years,
        form=_form(opts),
        json=opts.json,
    )
    reading = asyncio.run(reader.read(question))
    _refuse_trouble(reading, str(opts.file))
    return Got(url, decode(body))


def _ask(url: str, opts: argparse.Namespace, years: tuple[int, ...], reader: Reader, clock: Clock) -> Got:
    settings = load_settings()
    browser = find_browser(settings.browser)
    if opts.render and not browser:
        raise Refused(f"{REASONS['needs_browser']}。请安装 chromium，或设置 NIANBAO_BROWSER")
    contact = f"; {settings.contact}" if settings.contact else ""
    spec = CrawlSpec(
        crawl="savepage",
        portal=_portal(url, opts, delay=settings.delay),
        columns=(),
        years=years,
        limits=Limits(pages=_REQUESTS, seconds=_SECONDS, bytes=settings.response_bytes),
        user_agent=f"nianbao/{__version__} (annual report monitor, one page{contact})",
        browser=browser,
    )
    answer = ask_for(spec, clock, reader, rendered=opts.render, form=_form(opts), json=opts.json)
    if isinstance(answer, Nothing):
        raise Refused(_not_kept(answer.reason, answer.detail))
    _refuse_trouble(answer.reading, answer.detail or answer.url)
    return Got(answer.url, decode(answer.body, answer.header("Content-Type")), _cookie_values(answer))


def _cookie_values(answer: Answer) -> tuple[str, ...]:
    values = []
    for name, value in (*answer.headers, *answer.asked_headers):
        if name.lower() in (b"set-cookie", b"cookie"):
            try:
                values += [morsel.value for morsel in SimpleCookie(value.decode("latin-1")).values()]
            except CookieError:
                continue
    return tuple(values)


def _refuse_trouble(reading: Reading, detail: str) -> None:
    """Raise Refused where an answer is no page: a wall, an error page, garbled text, a document."""
    if reading.reason:
        raise Refused(_not_kept(reading.reason, detail))
    if not reading.family:
        raise Refused(f"没有保存：这是一个文件，不是网页（{detail}）")


def _not_kept(reason: str, detail: str) -> str:
    words = f"没有保存：{REASONS.get(reason, reason)}" + (f"（{detail}）" if detail else "")
    return f"{words}。{_BY_HAND}" if reason in _WALLS else words


# ── what is said ────────────────────────────────────────────────────────────────────────────────────────────────────


def _report(folder: Path, family: str, detected: str, url: str, expected: dict[str, Any], removed: int) -> list[str]:
    rows, article = expected["rows"], expected["article"]
    dated = sum(row["listed_on"] is not None for row in rows)
    lines = [
        f"已保存到 {_shown(folder)}，尚未核对。",
        f"程序读到：列表 {len(rows)} 行（{dated} 行有日期），后续页 {len(expected['next_pages'])} 个，"
        f"下级列表 {len(expected['sublists'])} 个，" + (f"文章《{article['title']}》。" if article else "不是文章。"),
        "请对照网页逐项核对 expected.json：行数、标题、日期、网址、后续页；程序读错的，改成正确的值。",
        'page.json 中的 "reviewed": false 在核对后改为 true；改之前测试不通过。',
    ]
    if detected != family:
        lines.append(f"注意：按特征这是 {detected} 家族的网页，不是 {family}。请检查 {family} 的 recognises()。")
    if not (rows or article or expected["sublists"]):
        lines.append("注意：没有读到列表和文章。浏览器中看得到列表的，可删去该样例，加 --render 再存一次。")
    if removed:
        lines.append(f"已从网页中去掉 {removed} 处会话标识、令牌或本机路径。")
    if names := telling(url):
        lines.append(
            f"注意：网址中的参数 {'、'.join(names)} 可能是个人或会话信息，请在提交前从 page.json 中删去或换掉。"
        )
    return lines


def _shown(path: Path) -> str:
    """A path as who works in the project's folder would write it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
