"""What a page says as an article: title, publisher, dates, attachments, and a hash of its own text.

The body is found by the containers that a family names, then by what holds most text. Menus, counters, share buttons
and reading-aloud widgets are no part of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import Final, cast

from lxml import etree
from lxml.html import HtmlElement

from crawler.pages.attachments import files_of, holds_file, pages_in
from crawler.pages.dates import date_candidates
from crawler.pages.markup import (
    host_and_path,
    is_chrome,
    metas,
    names_chrome,
    pieces,
    text_of,
)
from monitor.enclosing import LITTLE_TEXT, document_in, each_once
from monitor.exchange import ArticleFacts, Attachment
from monitor.text import clean, squash
from monitor.titles import is_body, read_title

#: Containers of article bodies, ids and classes alike, in lower case; the families' own come first.
COMMON_BODIES: Final = (
    "ucap-content", "trs_editor", "trs_editor_view", "trs_ueditor", "trs_preappend", "custom_unionstyle", "zoom",
    "zoomcon", "ivs_content", "bt_content", "bt-content", "main-txt", "article-body", "article_body", "articlebody",
    "article-content", "article_content", "articlecontent", "articlecon", "infocontent", "info-content", "m-article",
    "j-fontcontent", "pages_content", "news_content", "newscontent", "content_body", "contenttext", "text_content",
    "xl_content", "xxgk_content", "vsb_content", "vsb_newscontent", "detail-content", "detail_content", "wz_content",
    "wznr", "zwnr", "nr", "article", "fontzoom", "wenzhang",
)  # fmt: skip
#: What elements are for is told by their names, or by these tags.
_NAMED: Final = etree.XPath("//@id/.. | //@class/.. | //h1 | //h2 | //h3 | //nav | //header | //footer")
#: Lines around a body that change by themselves or belong to the site.
_NOISE: Final = re.compile(
    r".{0,6}(?:浏览|访问|点击|阅读|点阅)(?:次数|人数|总数|量|数|率)?[:：\s]*[\[（(]?\s*\d*\s*次?[\]）)]?"
    r"|【?字[体号].{0,20}|分享到?.{0,20}|.{0,12}语音朗读.{0,8}|扫一扫.{0,30}|[上下]一[篇条][:：].*|责任编辑[:：].*"
    r"|打印(?:本页|此页)?|关闭(?:窗口|本页)?|[【\[]?(?:打印|关闭|收藏|大|中|小|[】\]【\[|\s])+"
)
_LONGEST_NOISE: Final = 60
_WIDGET: Final = re.compile(
    r"(?:^|[-_\s])(?:(?:bd)?share\w*|bdsharebutton\w*|yuyin|voice\w*|audio\w*|speech|langdu|print\w*|fontsize|qrcode|ewm"
    r"|counter|hits|visit\w*)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_HEADING_NAME: Final = re.compile(
    r"(?:^|[-_\s])(?:con|xl|article|art|news|main|detail|content|wz|info|page|text|xxgk)?[-_]?(?:title|tit|biaoti|bt|h1)"
    r"(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_INFO_LABELS: Final = """
    标题 名称 信息名称 文件名称 索引号 索引 文号 发文字号 主题分类 体裁分类 信息分类 组配分类 服务对象
    效力状态 有效性 关键词 主题词 内容概述 公开方式 公开时限
    发布机构 发文机关 发布单位 公开主体 公开机构 责任部门 信息来源 来源
    发布日期 发布时间 发文日期 发文时间 公开日期 公开时间 成文日期 成文时间
    生成日期 生成时间 更新时间 更新日期 失效日期 生效日期
"""
_LABELS: Final = frozenset(_INFO_LABELS.split())
_TITLE_LABELS: Final = ("标题", "信息名称", "名称", "文件名称")
_PUBLISHER_LABELS: Final = ("发布机构", "发文机关", "发布单位", "公开主体", "公开机构", "责任部门", "信息来源", "来源")
_PUBLISHER: Final = re.compile(
    r"(?:发布机构|发布单位|信息来源|文章来源|稿件来源|(?<![\u4e00-\u9fff])来源|(?<![\u4e00-\u9fff])来自)\s*[:：]\s*([^\s:：|【】\[\]<>]{2,40})"
)
_SITE_PARTS: Final = re.compile(r"\s*[-_|－—–>]+\s*|\s+\|\s+")
_FIRST_HEADING: Final = re.compile(r"\n\s*(?:一、|（一）|第一部分)")
#: An info table is small, and so is each of its cells; a table that lays out a page is neither.
_INFO_ROWS: Final = 12
_CELL_ELEMENTS: Final = 12
_HEAD: Final = 600
_ABOVE: Final = 2500
_BELOW: Final = 300
_FEW_LINKS: Final = 40
#: Characters that make a page without any other sign of an article more than a stub.
_SUBSTANCE: Final = 40
#: Marks of an index number; a cell that holds more holds something else too.
_LONGEST_INDEX: Final = 60


@dataclass(frozen=True)
class ArticleReader:
    """Reads one tree as an article. `bodies`: names of the family's body containers. `is_article_url`: by its shape."""

    tree: HtmlElement
    url: str
    base: str
    bodies: Sequence[str] = ()
    is_article_url: bool = False
    extra: tuple[Attachment, ...] = ()

    def facts(self, *, asked: bool = False) -> ArticleFacts | None:
        """None where the page is a list or a stub. `asked`: it stands where an article should, so it is read as one."""
        body = self._body
        if body is None:
            return ArticleFacts(title=self._own_title, attachments=self.extra) if asked and self.extra else None
        lasting, passing = self._attachments(body)
        found = each_once([*lasting, *passing])
        attachments = tuple(Attachment(one.url, one.name or document_in(one.url)) for one in found)
        if not asked and not self._is_article(body, attachments):
            return None
        return ArticleFacts(
            title=self._title,
            publisher=self._publisher,
            dates=date_candidates(self.url, self._metas, self._around, self._info),
            content=_digest(self._lines, each_once(lasting)),
            attachments=attachments,
            index=self._value(("索引号", "索引"))[:_LONGEST_INDEX],
        )

    # ── the body ────────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _chrome(self) -> dict[HtmlElement, bool]:
        return {}

    @cached_property
    def _named(self) -> list[HtmlElement]:
        return cast("list[HtmlElement]", _NAMED(self.tree))

    @cached_property
    def _outside(self) -> frozenset[HtmlElement]:
        """The elements that, with all that they hold, are the site's and not the article's."""
        return frozenset(element for element in self._named if names_chrome(element) or _names(_WIDGET, element))

    @cached_property
    def _body(self) -> HtmlElement | None:
        return self._contained if self._contained is not None else self._dense

    @cached_property
    def _contained(self) -> HtmlElement | None:
        """The body by its container: the first name on the list that holds text, a picture or a document."""
        named: dict[str, list[HtmlElement]] = {}
        wanted = {*self.bodies, *COMMON_BODIES}
        for element in self._named:
            for name in _container_names(element.get("id") or "", element.get("class") or ""):
                if name in wanted and next(element.iterancestors("body"), None) is not None:
                    named.setdefault(name, []).append(element)
        for name in (*self.bodies, *COMMON_BODIES):
            found = max(named.get(name, ()), key=_plain_length, default=None)
            if found is not None and (_plain_length(found) >= _SUBSTANCE or holds_file(found)):
                return found
        return None

    @cached_property
    def _dense(self) -> HtmlElement | None:
        """The innermost element that holds most of the page's text outside links and chrome."""
        node = self.tree.find(".//body")
        if node is None:
            return None
        weights = self._weights
        while True:
            heaviest = max(node, key=lambda child: weights.get(child, 0), default=None)
            if (
                heaviest is None
                or weights.get(heaviest, 0) < 0.7 * weights.get(node, 0)
                or heaviest.tag in ("p", "tr", "tbody", "table")
            ):
                return node
            node = heaviest

    @cached_property
    def _weights(self) -> dict[HtmlElement, int]:
        """How many characters outside links and chrome each element holds."""
        weights: dict[HtmlElement, int] = {}
        for element in reversed(list(self.tree.iter())):
            own = (
                0
                if element.tag in ("a", "option", "title") or element in self._outside
                else (weights.get(element, 0) + len((element.text or "").strip()))
            )
            weights[element] = own
            parent = element.getparent()
            if parent is not None:
                weights[parent] = weights.get(parent, 0) + own + len((element.tail or "").strip())
        return weights

    def _is_article(self, body: HtmlElement, attachments: Sequence[Attachment]) -> bool:
        length = _plain_length(body)
        linked = sum(len(clean(anchor.text_content())) for anchor in body.iter("a"))
        if linked > length / 2 and not (self._says_so and attachments) and sum(1 for _ in body.iter("a")) > 3:
            return False  # a list
        if self._says_so or self._contained is not None:
            return length >= _SUBSTANCE or bool(attachments)
        if length < 4 * _SUBSTANCE:
            return False
        # A list of a few files may be headed like a report; its links name several agencies.
        linked_titles = (read_title(text_of(anchor)) for anchor in islice(body.iter("a"), _FEW_LINKS))
        if len({one.agency for one in linked_titles if one.is_report}) > 1:
            return False
        headings = (read_title(heading) for heading in self._headings())
        return _names_report(self._lines[:4]) or any(
            one.is_report and one.year is not None and is_body(one.agency) for one in headings
        )

    @cached_property
    def _says_so(self) -> bool:
        """Whether the page's metas or its address say that it is an article."""
        return any(name in ("articletitle", "pubdate") for name, _ in self._metas) or self.is_article_url

    @cached_property
    def _body_text(self) -> str:
        return "".join(pieces(self._body, skip=self._outside)) if self._body is not None else ""

    @cached_property
    def _lines(self) -> list[str]:
        """The lines of the body's own text."""
        lines = (clean(line) for line in self._body_text.split("\n") if line.strip())
        return [line for line in lines if line and not (len(line) <= _LONGEST_NOISE and _NOISE.fullmatch(line))]

    # ── what stands around it ───────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _metas(self) -> tuple[tuple[str, str], ...]:
        return tuple(metas(self.tree))

    @cached_property
    def _info(self) -> list[tuple[str, str]]:
        """Label and value pairs of the page's info table, whichever way it is laid out."""
        pairs: list[tuple[str, str]] = []
        for table in self.tree.iter("table"):
            rows = table.findall("tr") + table.findall("*/tr")
            if 0 < len(rows) <= _INFO_ROWS:
                pairs += _pairs([[_short_text(cell) for cell in row if cell.tag in ("td", "th")] for row in rows])
        return pairs

    @cached_property
    def _above(self) -> str:
        """The last of the text before the body."""
        return "".join(pieces(self.tree, skip=self._outside, until=self._body))[-_ABOVE:]

    @cached_property
    def _around(self) -> list[tuple[str, bool]]:
        """The text near the title, each with whether a mere 日期 or 时间 in it speaks of publication.

        What stands before the body, the body's first lines, and the line below it.
        """
        first_heading = _FIRST_HEADING.search(self._body_text)
        head = self._body_text[: min(first_heading.start() if first_heading else _HEAD, _HEAD)]
        below = "".join(islice(_after(self._body, self._outside), 40))[:_BELOW] if self._body is not None else ""
        return [(self._above, True), (head, self._contained is None), (below, False)]

    def _value(self, labels: Sequence[str]) -> str:
        return next((value for label in labels for name, value in self._info if name == label), "")

    @cached_property
    def _publisher(self) -> str:
        by_meta = next((content for name, content in self._metas if name == "contentsource"), "")
        if by_meta or (by_meta := self._value(_PUBLISHER_LABELS)):
            return by_meta
        # A body that no container bounds begins with the lines under the title.
        match = _PUBLISHER.search(self._above) or (
            None if self._contained is not None else _PUBLISHER.search(self._body_text[:_HEAD])
        )
        return match[1] if match else ""

    @cached_property
    def _title(self) -> str:
        """ArticleTitle, the info table's 标题, the heading, <title> without the site's name, the body's first lines."""
        site = self._site_names
        by_meta = next((text for name, text in self._metas if name == "articletitle" and squash(text) not in site), "")
        if by_meta:
            return by_meta
        candidates = [*self._headings(), self._value(_TITLE_LABELS), self._own_title, _title_lines(self._lines)]
        candidates = [title for title in candidates if len(squash(title)) >= 4]
        named = (title for title in candidates if read_title(title).is_report or read_title(title).decoy)
        return next(named, candidates[0] if candidates else "")

    def _headings(self) -> Iterator[str]:
        for element in self._named:
            is_heading = element.tag in ("h1", "h2", "h3") or (
                element.tag in ("div", "p", "td", "span") and _names(_HEADING_NAME, element)
            )
            if is_heading and not is_chrome(element, self._chrome):
                text = text_of(element)
                if 4 <= len(text) <= 120:
                    yield text

    @cached_property
    def _site_names(self) -> set[str]:
        """What is the site's or the column's name and so no article's; 网站名称 is an unfilled template's."""
        return {"网站名称", *(squash(text) for name, text in self._metas if name in ("sitename", "columnname"))}

    @cached_property
    def _own_title(self) -> str:
        element = self.tree.find(".//title")
        text = clean(element.text or "") if element is not None else ""
        parts = [part for part in _SITE_PARTS.split(text) if part and squash(part) not in self._site_names]
        if len(parts) <= 1:
            return parts[0] if parts else ""
        reports = [part for part in parts if read_title(part).is_report]
        return (
            reports[0] if reports else max((part for part in parts if not _SITE_NAME.search(part)), key=len, default="")
        )

    # ── attachments ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _attachments(self, body: HtmlElement) -> tuple[list[Attachment], list[Attachment]]:
        """The attachments by whose addresses it can be told later that the article changed, and the others.

        Documents by their names; without words and documents, the article's pages. Other addresses (download.jsp?id=…)
        may be new with each visit.
        """
        found = list(files_of(body, self.base, self._chrome, is_contained=self._contained is not None))
        named = [*self.extra, *(attachment for attachment in found if document_in(attachment.url))]
        is_wordless = self._contained is not None and _plain_length(body) < LITTLE_TEXT
        if not named and is_wordless and (self._says_so or read_title(self._title).is_report):
            named += pages_in(body, self.base)
        return named, [attachment for attachment in found if not document_in(attachment.url)]


_SITE_NAME: Final = re.compile(r"人民政府(?:门户)?(?:网站?)?$|门户网站?$|政务网$|信息公开网$|^中国\S{1,4}$|^首页$")


def _names(pattern: re.Pattern[str], element: HtmlElement) -> bool:
    """Whether an element's class or id holds a word that tells what it is."""
    return _name_matches(pattern, element.get("class") or "") or _name_matches(pattern, element.get("id") or "")


@lru_cache(maxsize=4096)
def _name_matches(pattern: re.Pattern[str], name: str) -> bool:
    return pattern.search(name) is not None


@lru_cache(maxsize=4096)
def _container_names(mark: str, name: str) -> tuple[str, ...]:
    """The names that an element bears as a container; those that TRS numbers count as one."""
    names = f"{mark} {name}".lower().split()
    return tuple("trs_editor" if name.startswith("trs_autoadd") else name for name in names)


def _plain_length(element: HtmlElement) -> int:
    """How many characters people see in an element, blanks not counted."""
    return len("".join(clean(element.text_content()).split()))


def _names_report(lines: Sequence[str]) -> bool:
    return any(read_title(line).is_report for line in lines) or read_title("".join(lines[:2])).is_report


def _title_lines(lines: Sequence[str]) -> str:
    """The title in a body's first lines: one line, or two where it was set on two."""
    for count in (1, 2, 3):
        text = "".join(lines[:count])
        if len(text) <= 80 and read_title(text).is_report:
            return text
    return lines[0] if lines and len(lines[0]) <= 60 else ""


def _pairs(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            label, _, inline = squash(cell).partition(":")
            if label not in _LABELS:
                continue
            right = row[column + 1] if column + 1 < len(row) else ""
            under = rows[at + 1][column] if at + 1 < len(rows) and column < len(rows[at + 1]) else ""
            if inline:
                yield label, clean(re.split("[:：]", cell, maxsplit=1)[-1])
            elif right and not _is_label(right):
                yield label, right
            elif under and not _is_label(under) and (not right or _is_label(right)):
                yield label, under


def _short_text(cell: HtmlElement) -> str:
    return text_of(cell) if sum(1 for _ in islice(cell.iter(), _CELL_ELEMENTS)) < _CELL_ELEMENTS else ""


def _is_label(text: str) -> bool:
    return squash(text).rstrip(":") in _LABELS


def _after(element: HtmlElement, skip: Container[HtmlElement]) -> Iterator[str]:
    node: HtmlElement | None = element
    while node is not None:
        yield node.tail or ""
        for sibling in node.itersiblings():
            if sibling not in skip:
                yield from pieces(sibling, skip=skip)
                yield sibling.tail or ""
        node = node.getparent()


def _digest(lines: Sequence[str], attachments: Sequence[Attachment]) -> str:
    """SHA-256 of the text without its layout, and of the attachments' addresses without the host's spelling."""
    text = squash("".join(lines))
    links = sorted("".join(host_and_path(attachment.url)) + document_in(attachment.url) for attachment in attachments)
    return hashlib.sha256("\n".join([text, *links]).encode("utf-8", "replace")).hexdigest()
