"""Which links of a page lead towards the annual reports, best first, and whether a page is such a column. Pure.

Anchor words decide, then what the address says; names of the roster count within the disclosure pages. What a page
calls itself is not believed alone: a column has to hold reports, or lists or places for them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from lxml.html import HtmlElement

from crawler.candidates import is_report_slot, names_report
from crawler.pages.base import REPORT_PATH, Follow, Page, Row, tail_of
from crawler.pages.markup import absolute, host_and_path, same_site
from monitor.text import clean, squash
from monitor.titles import is_body, read_title

#: What a column of annual reports is called, best first.
_COLUMN: Final = (
    "政府信息公开年报",
    "政府信息公开年度报告",
    "政府信息公开工作年度报告",
    "信息公开年报",
    "信息公开年度报告",
    "信息公开工作年度报告",
    "公开年报",
    "公开年度报告",
)
#: What it may be called within the disclosure pages, where these words speak of nothing else.
_COLUMN_WITHIN: Final = re.compile(
    r"(?:历年|各部门|部门|镇街|乡镇|本级|工作)?(?:年度工作报告|年度报告|年报)(?:专栏|栏目)?"
)
#: The rooms on the way to it, with how likely they lead there.
_ROOMS: Final = (
    (72, re.compile(r"(?:.{0,8})?政府信息公开(?:专栏|专题|平台|网|栏目|内容)?")),
    (66, re.compile(r"(?:.{0,8})?信息公开(?:专栏|平台|网|栏目|内容|目录)?")),
    (64, re.compile(r"法定主动公开内容|主动公开(?:内容)?|政府信息公开目录")),
    (62, re.compile(r"政务公开(?:专栏|平台|网)?|公开专栏|政府公开|公开")),
    (
        56,
        re.compile(
            r"(?:各|区|县|市)?(?:级|直|直属)?(?:(?:政府|工作)?部门|镇街|街镇|乡镇|镇办|街道|单位)"
            r"(?:[和及、]?(?:部门|镇街|街镇|乡镇|街道|单位))?(?:(?:政府)?(?:信息|政务)?公开(?:专栏|平台|目录)?|列表|导航)?"
        ),
    ),
    (30, re.compile(r"(?:网站|站点)(?:地图|导航)")),
)
#: What stands beside it and leads elsewhere, and the other reports that appear every year.
_ELSEWHERE: Final = re.compile(
    r"指南|制度|依申请|申请|意见|投诉|举报|建议|法规|规章|文件|解读|财政|预算|决算|法治政府|依法行政|质量|绩效|环境|统计"
    r"|网站(?:工作)?年|社会责任|企业|采购|招标|登录|注册"
)
_LONGEST_NAME: Final = 9
#: So many reports make a column of a page that is not called one.
_FEW_REPORTS: Final = 3
_SEARCH_WORDS: Final = "政府信息公开工作年度报告"
_HOME: Final = re.compile(r"/(?:(?:index|default|main|home)\.\w+)?")
#: So many ways of a page are remembered, and so many names of a list.
_MOST: Final = 400
_MOST_NAMES: Final = 500


@dataclass(frozen=True, slots=True)
class Way:
    """A link that may lead to the reports: its words, and how likely (0 to 100). `owner`: the body that it is about."""

    url: str
    words: str
    score: int
    owner: str = ""


def ways_on(page: Page, names: Container[str] = frozenset()) -> tuple[Way, ...]:
    """The links of a page that are worth following, the likeliest first. `names`: of the roster, squashed."""
    inside = speaks_of_disclosure(page)
    found: dict[str, Way] = {}
    for link in page.links:
        if not same_site(page.url, link.url):
            continue
        way = _way(page, link.url, clean(link.title), names, inside=inside)
        if way.score and (link.url not in found or found[link.url].score < way.score):
            found[link.url] = way
    return tuple(sorted(found.values(), key=lambda way: -way.score)[:_MOST])


def _way(page: Page, url: str, words: str, names: Container[str], *, inside: bool) -> Way:
    name = squash(words)
    title = read_title(words)
    if (title.is_report or title.decoy) and page.is_article(url):
        # An article is no column, but its breadcrumb leads to the one that it stands in.
        return Way(url, words, 40 if title.is_report else 0)
    score = _score(name, url, inside=inside)
    is_named = name in names
    if not score and inside and (is_named or (is_body(words) and len(name) <= 30 and not page.is_article(url))):
        return Way(url, words, 52 if is_named else 34, owner=words)
    return Way(url, words, score, owner=_owner_in(name))


def _score(name: str, url: str, *, inside: bool) -> int:
    for rank, word in enumerate(_COLUMN):
        if name == word:
            return 100 - rank
        # An article of that name is longer than the column: it names an agency and a year.
        if word in name and len(name) <= len(word) + _LONGEST_NAME and not _ELSEWHERE.search(name):
            return 88
    if _ELSEWHERE.search(name):
        return 0
    if inside and _COLUMN_WITHIN.fullmatch(name):
        return 84
    if REPORT_PATH.search(host_and_path(url)[1]) and len(name) <= 20:
        return 76
    return next((score for score, pattern in _ROOMS if pattern.fullmatch(name)), 0)


def _owner_in(name: str) -> str:
    """Whom a column's name names beside its subject: 教育局政府信息公开年报."""
    for word in _COLUMN:
        before, found, _ = name.partition(word)
        if found:
            return before if is_body(before) else ""
    return ""


def speaks_of_disclosure(page: Page) -> bool:
    """Whether a page belongs to the disclosure pages: there 年报 means the reports that are looked for."""
    title = page.tree.find(".//title")
    told = squash((title.text or "") if title is not None else "") + squash(page.position)
    return page.is_report_column or "公开" in told or bool(re.search(r"gongkai|gk|openness|disclos", tail_of(page.url)))


def onward(page: Page) -> tuple[Follow, ...]:
    """Where a page without content of its own sends its visitor: frames, meta refresh, a script's location."""
    return tuple(page.onward(menus=True))


def why_column(page: Page, rows: Sequence[Row], below: Sequence[Follow], following: Sequence[Follow]) -> str:
    """What shows that a page is a column of annual reports, in Chinese; "" where nothing does."""
    if is_report_slot(page.url, page.html):
        return "该页是年度报告的固定位置"
    if _HOME.fullmatch(host_and_path(page.url)[1]) and "?" not in page.url:
        return ""
    if page.is_article(page.url) and page.article() is not None:
        return ""
    reports = [row for row in rows if names_report(row)]
    if page.is_report_column:
        if reports:
            return f"栏目名称为年报，列有年报{len(reports)}条"
        if below:
            return f"栏目名称为年报，下设栏目{len(below)}个"
        if following or ("<script" in page.html.lower() and not any(row.listed_on for row in rows)):
            return "栏目名称为年报，列表由脚本生成"
        return ""
    # News speak of annual reports of every kind; some full titles have to show what these reports are about.
    plain = [row for row in rows if read_title(row.title).is_report]
    dated = [row for row in rows if row.listed_on is not None]
    if len(plain) >= _FEW_REPORTS and 2 * len(reports) > max(len(dated), len(reports)):
        return f"列有年报{len(reports)}条"
    return ""


def named_in(rows: Iterable[Row]) -> tuple[str, ...]:
    """The bodies that rows of reports name, of whatever year."""
    names = (read_title(row.title).agency for row in rows if names_report(row))
    return tuple(dict.fromkeys(name for name in names if name))[:_MOST_NAMES]


def search_on(page: Page) -> str:
    """The address that asks the page's own search for annual reports, "" where it has none that is asked by GET."""
    for form in page.tree.iter("form"):
        if (form.get("method") or "get").lower() != "get":
            continue
        texts = [field for field in form.iter("input") if (field.get("type") or "text").lower() in ("text", "search")]
        url = absolute(page.base, form.get("action") or page.url)
        if len(texts) == 1 and texts[0].get("name") and url and same_site(page.url, url):
            fields = [*_hidden(form), (texts[0].get("name") or "", _SEARCH_WORDS)]
            return f"{url.partition('?')[0]}?{urlencode(fields)}"
    return ""


def _hidden(form: HtmlElement) -> Iterator[tuple[str, str]]:
    for field in form.iter("input"):
        if (field.get("type") or "").lower() == "hidden" and field.get("name"):
            yield field.get("name") or "", field.get("value") or ""


def mapped(tree: HtmlElement, url: str) -> tuple[Way, ...]:
    """What an XML site map names that may be a column of reports, and further maps of an index."""
    places = [clean(place.text or "") for place in tree.iter("loc")]
    own = [place for place in places if same_site(url, place)]
    return tuple(
        Way(place, "网站地图", 70 if REPORT_PATH.search(host_and_path(place)[1]) else 45)
        for place in own
        if REPORT_PATH.search(host_and_path(place)[1]) or place.endswith(".xml")
    )[:_MOST]
