"""The links of a page, with their full titles and the dates printed beside them. Which are rows, families decide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final, cast
from urllib.parse import quote

from lxml import etree
from lxml.html import HtmlElement

from crawler.pages.dates import listed_date
from crawler.pages.markup import absolute, is_chrome, pieces, text_of
from monitor.dates import find_dates
from monitor.enclosing import shown_file, target_of
from monitor.text import clean, squash
from monitor.titles import read_title, year_in

_CONTAINERS: Final = frozenset(
    {
        "li",
        "tr",
        "dd",
        "dt",
        "p",
        "div",
        "td",
        "span",
        "h2",
        "h3",
        "h4",
        "h5",
        "article",
        "section",
        "b",
        "strong",
        "em",
        "i",
        "font",
    }
)
_ENTRIES: Final = frozenset({"li", "tr", "dd", "dt", "p", "td", "option"})
_WIDEST_TABLE: Final = 30
#: The host of what only a script can open (RFC 6761: no such name is ever given).
NOWHERE: Final = "script.invalid"
#: Scripts make links of any element.
_CLICKABLE: Final = etree.XPath("//a | //area | //option | //*[@onclick or @data-href or @data-url]")
_CLIMB: Final = 6
_LONGEST_TITLE: Final = 200
_LONGEST_ROW: Final = 400
_MOST_CELLS: Final = 6
_DATE_ONLY: Final = re.compile(r"[\s\[\]()（）【】〔〕:：,，|/-]*(?:\d{1,2}:\d{2}(?::\d{2})?)?[\s\[\]()（）【】〔〕|]*")
#: A date at either end of a title, in the forms that lists print (2024-01-05, [2024/1/5], 2024.01.05 10:30).
_EDGE_DATE: Final = re.compile(
    r"^[\[(（【〔]?\s*20\d\d\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\])）】〕]?\s*"
    r"|\s*[\[(（【〔]?\s*20\d\d\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[\])）】〕]?$"
)
#: What an option of a select has as its value where choosing it opens a page.
_PAGE_FILE: Final = re.compile(r"/|\.(?:[sj]?html?|jspx?|aspx?|php)(?:\?|$)", re.IGNORECASE)
_NEXT_NAME: Final = re.compile(r"(?:^|[-_\s])next(?:[-_]?page)?(?:$|[-_\s])", re.IGNORECASE)
#: The running number of a table's row.
_ORDINAL: Final = re.compile(r"^\d{1,4}\s+")
_BULLET: Final = re.compile(r"^[·•●◆■▪►▶>»\s]+")
#: What templates put around the title in a `title` attribute.
_ATTRIBUTE_EXTRAS: Final = re.compile(r"^(?:文章)?标题[:：]\s*|\s+(?:发布(?:时间|日期)|作者|点击(?:数|次数))[:：].*$")
_ELLIPSIS: Final = re.compile(r"(?:\.{2,}|…+|⋯+)\s*$")
#: Words of a link that say nothing of what it leads to: the row's other cells do.
WORDLESS: Final = re.compile(
    r"[\[【（(]?(?:点击|在线|立即)?(?:查看|详情|详细|下载|打开|浏览|阅读|链接|进入|预览|全文|附件)+(?:全文|详情|信息|更多)?[\])）】>]*"
)
#: Buttons of a page and a pager, which are no entries of a list.
TOOL_WORDS: Final = re.compile(
    r"(?:网站)?首页|主页|返回.*|上一?[页篇条].*|[前后下]一?[页篇条].*|[末尾]页|最后一?页|第一页|跳转|go|更多\S{0,2}|more\W*"
    r"|打印.*|关闭.*|刷新|收藏.*|加入收藏|设为首页|分享.*|登录|注册|退出|搜索|检索|繁体\S?|简体\S?|english|无障碍\S*|长者\S*"
    r"|适老\S*|手机版|网站地图|联系我们|关于我们|版权\S*|隐私\S*|纠错.*|字号?|[大中小]|\d{1,4}|\W+|rss|qq.*|微信|微博"
    r"|.*备\d+号.*|网站标识码.*|.*语音朗读.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page. `url` is absolute; `chrome`: it stands in navigation; `entry`: in a list or a table."""

    url: str
    title: str
    listed_on: date | None = None
    chrome: bool = False
    entry: bool = False


def read_links(tree: HtmlElement, base: str) -> list[Link]:
    """All links of a tree, in order, each address once with the best title and date that any of its links gives."""
    clickable = cast("list[HtmlElement]", _CLICKABLE(tree))
    anchors = [(element, url) for element in clickable if (url := _address(element, base))]
    lone = _lone_targets(anchors)
    chrome: dict[HtmlElement, bool] = {}
    found: dict[str, Link] = {}
    for element, url in anchors:
        link = _read(element, url, lone, chrome)
        known = found.get(url)
        found[url] = link if known is None else _merge(known, link)
    named = [link for link in found.values() if link.title]
    return [*named, *_unresolved(clickable, {squash(link.title) for link in named}, lone, chrome)]


def _unresolved(
    clickable: list[HtmlElement], known: set[str], lone: dict[HtmlElement, str], chrome: dict[HtmlElement, bool]
) -> Iterator[Link]:
    """Reports that are listed but open by scripts which only a browser understands.

    They go by an address that no crawl asks for: a list that shows a report must not count as one that does not.
    """
    for element in clickable:
        code = element.get("onclick") or element.get("href") or ""
        if "(" not in code or element.get("data-href") or "公开" not in (element.text_content() or "")[:_LONGEST_ROW]:
            continue
        if (element.tag != "a" and _holds_link(element)) or target_of(element):
            continue
        link = _read(element, f"http://{NOWHERE}/?{quote(code[:_LONGEST_TITLE])}", lone, chrome)
        reading = read_title(link.title)
        if reading.is_report and reading.year and squash(link.title) not in known:
            yield link


def _address(element: HtmlElement, base: str) -> str:
    if element.tag == "option":
        value = element.get("value") or ""
        return absolute(base, value) if _PAGE_FILE.search(value) else ""
    if element.tag not in ("a", "area") and (_holds_link(element) or not _is_short(element)):
        return ""  # what it holds is the link
    return absolute(base, shown_file(target_of(element).replace("\\", "/")))


def _holds_link(element: HtmlElement) -> bool:
    """Whether there is something to click in an element, so that it is not the link itself."""
    inner = islice((one for one in element.iter("a", "area") if one is not element), 20)
    return any(target_of(one) for one in inner)


def _merge(one: Link, other: Link) -> Link:
    """One address linked twice (a picture and a title, a menu and a list): what is known of both."""
    title = max(one.title, other.title, key=lambda title: (not TOOL_WORDS.fullmatch(title), len(title)))
    if one.listed_on is not None and one.title and not TOOL_WORDS.fullmatch(one.title):
        title = one.title
    return replace(
        one,
        title=title,
        listed_on=one.listed_on or other.listed_on,
        chrome=one.chrome and other.chrome,
        entry=one.entry or other.entry,
    )


def _lone_targets(anchors: list[tuple[HtmlElement, str]]) -> dict[HtmlElement, str]:
    """For each element that holds links: the one address that all of them lead to, or "" where they differ."""
    lone: dict[HtmlElement, str] = {}
    for element, url in anchors:
        node: HtmlElement | None = element
        for _ in range(_CLIMB):
            if node is None:
                break
            if lone.setdefault(node, url) != url:
                lone[node] = ""
            node = node.getparent()
    return lone


def _read(element: HtmlElement, url: str, lone: dict[HtmlElement, str], chrome: dict[HtmlElement, bool]) -> Link:
    title, day = _title_and_date(element)
    if element.tag == "tr":
        title = _ORDINAL.sub("", title)
    in_chrome = is_chrome(element, chrome)
    if TOOL_WORDS.fullmatch(title) and element.tag != "option":
        return Link(url, title, None, in_chrome)
    row = _row_of(element, lone)
    if day is None:
        day = _date_beside(element, row)
    if row.tag in _ENTRIES and (not title or WORDLESS.fullmatch(title)):
        around = _without_edges(clean("".join(pieces(row, skip=(element,)))))[:_LONGEST_TITLE]
        title = _place_of(element) or around or title
    return Link(url, title, day, in_chrome, row.tag in _ENTRIES)


def _place_of(element: HtmlElement) -> str:
    """What a cell with nothing but 查看 in it is about: the name its row begins with, and the year over its column."""
    cell = next((node for node in islice(element.iterancestors(), 3) if node.tag == "td"), None)
    row = cell.getparent() if cell is not None else None
    if cell is None or row is None or row.tag != "tr" or len(row) > _WIDEST_TABLE:
        return ""
    headings = _headings(row, may_link=True)
    heading = headings[row.index(cell)] if headings else ""
    names = (text_of(other) for other in row if other is not cell and other.find(".//a") is None)
    name = next((name for name in names if len(name) > 1 and not name.isdecimal()), "")
    return f"{name}{heading}" if name and year_in(heading) is not None else ""


def _title_and_date(element: HtmlElement) -> tuple[str, date | None]:
    """The title of a link without the date that stands inside it, and that date."""
    text = text_of(element)
    day = None
    for found in find_dates(text) if "20" in text else ():
        # A date that fills an element of its own is the list's; others are the title's.
        if any(
            _is_date(part.text) and clean(part.text or "") in text[found.start : found.end]
            for part in element.iter()
            if part is not element
        ):
            day = found.value
            text = clean(text[: found.start] + " " + text[found.end :])
            break
    bare = _without_edges(text)
    if day is None and bare != text:
        day = next((found.value for found in find_dates(text)), None)
    return _full_title(element, bare), day


def _is_date(text: str | None) -> bool:
    text = clean(text or "")
    found = find_dates(text) if text else []
    return bool(found) and not _DATE_ONLY.sub("", text[: found[0].start] + text[found[0].end :])


def _without_edges(text: str) -> str:
    """A title without bullets and without dates in figures at its ends."""
    previous = None
    while previous != text:
        previous, text = text, _EDGE_DATE.sub("", _BULLET.sub("", text)).strip()
    return re.sub(r"\s+\d{1,2}:\d{2}(?::\d{2})?$", "", text)


def _full_title(element: HtmlElement, text: str) -> str:
    """The `title` attribute where it is the same title in full; else what is seen; else a picture's text."""
    attribute = _without_edges(_ATTRIBUTE_EXTRAS.sub("", clean(element.get("title") or "")))
    if attribute:
        cut = bool(_ELLIPSIS.search(text))
        shown = squash(_ELLIPSIS.sub("", text))
        if not shown or shown in squash(attribute) or (cut and len(attribute) > len(text)):
            return attribute
    if text:
        return text
    alt = next(
        (alt for image in element.iter("img") if (alt := clean(image.get("alt") or image.get("title") or ""))), ""
    )
    # An arrow that only a style sheet draws.
    return alt or ("下一页" if _NEXT_NAME.search(element.get("class") or "") else "")


def _row_of(element: HtmlElement, lone: dict[HtmlElement, str]) -> HtmlElement:
    """The largest element around a link that holds no other link: its row."""
    row = element
    target = lone.get(element, "")
    for _ in range(_CLIMB):
        parent = row.getparent()
        if parent is None or parent.tag not in _CONTAINERS or lone.get(parent, target) != target or not target:
            break
        row = parent
        if row.tag in ("li", "tr"):
            break
    return row if row is element or _is_short(row) else element


def _is_short(row: HtmlElement) -> bool:
    """Whether an element can be a row: what holds more text is a page's body that happens to hold one link."""
    length = 0
    for text in row.itertext():
        length += len(text.strip())
        if length > _LONGEST_ROW:
            return False
    return True


def _date_beside(element: HtmlElement, row: HtmlElement) -> date | None:
    if row is not element:
        day = _date_in_row(element, row)
        if day is not None:
            return day
    # Several links in a table row (title and download): the row's date is that of all of them.
    table_row = next((node for node in islice(element.iterancestors(), 4) if node.tag == "tr"), None)
    few = table_row is not None and sum(1 for _ in islice(table_row.iter("a"), 6)) < 6
    if table_row is not None and table_row is not row and few and _is_short(table_row):
        return _date_in_row(element, table_row)
    cells = row.getparent() if row.tag == "li" else None
    if cells is not None and _is_row_of_cells(cells):
        return _date_in_row(element, cells)
    follower = row.getnext()
    if (
        follower is not None
        and follower.tag in ("dd", "span", "em", "i", "time", "td")
        and follower.find(".//a") is None
    ):
        return listed_date(text_of(follower))
    return _date_in_line(element)


def _is_row_of_cells(cells: HtmlElement) -> bool:
    """Whether a list is one row whose items are its cells: a few short ones, one of them a link."""
    linked = sum(1 for _ in islice(cells.iter("a"), 2))
    return cells.tag in ("ul", "ol") and 1 < len(cells) <= _MOST_CELLS and linked == 1 and _is_short(cells)


def _date_in_row(element: HtmlElement, row: HtmlElement) -> date | None:
    """The date of a row: the cell under a heading that says 发布, the labelled one, or the only one."""
    day = listed_date(clean(" ".join(pieces(row, skip=(element,)))))
    if row.tag != "tr":
        return day
    headings = _headings(row)
    if not any("日期" in heading or "时间" in heading for heading in headings):
        return day
    for heading, cell in zip(headings, row, strict=False):
        if ("日期" in heading or "时间" in heading) and (value := listed_date(f"{heading}：{text_of(cell)}")):
            return value
    return None


def _headings(row: HtmlElement, *, may_link: bool = False) -> list[str]:
    """The texts of the heading row of the table that a row stands in."""
    table = next(row.iterancestors("table"), None)
    first = next(table.iter("tr"), None) if table is not None else None
    if first is None or first is row or len(first) != len(row) or (not may_link and first.find(".//a") is not None):
        return []
    return [squash(text_of(cell)) for cell in first]


def _date_in_line(element: HtmlElement) -> date | None:
    """The date of a link in a run of links without row elements: the text after it, or before it where dates lead."""
    parent = element.getparent()
    if parent is None:
        return None
    first = next(parent.iter("a"), None)
    leads = first is not None and bool(find_dates(_text_before(first)))
    return listed_date(_text_before(element) if leads else _text_after(element))


def _text_before(element: HtmlElement) -> str:
    parts: list[str] = []
    node = element.getprevious()
    while node is not None and node.tag != "a" and node.find(".//a") is None and len(parts) < 9:
        parts[:0] = [text_of(node), node.tail or ""]
        node = node.getprevious()
    parent = element.getparent()
    start = (
        (parent.text or "") if node is None and parent is not None else (node.tail or "") if node is not None else ""
    )
    return clean(start + " ".join(parts))


def _text_after(element: HtmlElement) -> str:
    parts = [element.tail or ""]
    node = element.getnext()
    while node is not None and node.tag != "a" and node.find(".//a") is None and len(parts) < 9:
        parts += [text_of(node), node.tail or ""]
        node = node.getnext()
    return clean(" ".join(parts))
