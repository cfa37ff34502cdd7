"""A page is a value: (url, html) in, facts out. No Scrapy, no network, no clock here.

One CMS family is one subclass in one file. A page answers three questions, each independently of the others, because
portals mix them freely on one page: which rows does it list, where does that list go on, and what does it say as an
article. The spider knows only this class; it never asks which family it has.

A column may itself be the report (Hanweb's annual-report slots): `article()` of a page that `sublists` led to counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import ClassVar, Final, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawler.pages.articles import ArticleReader
from crawler.pages.links import TOOL_WORDS, WORDLESS, Link, read_links
from crawler.pages.markup import (
    Markup,
    absolute,
    base_of,
    host_and_path,
    metas,
    parse,
    same_site,
    text_of,
)
from crawler.pages.written import Handlers, destinations
from monitor.enclosing import document_in, shown_file
from monitor.exchange import ArticleFacts, Attachment
from monitor.text import squash
from monitor.titles import is_body, read_title, year_in


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: an absolute URL, its full title, and the date printed beside it (None where there is none)."""

    url: str
    title: str
    listed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Follow:
    """A further request that belongs to the list at hand: a GET, unless it has a `form` (POST fields) or a `json` text.

    `alternatives`: other spellings of the same next page (some portals count from one place off); the first that brings
    new rows is the right one. `words`: those of the link that named it.
    """

    url: str
    form: tuple[tuple[str, str], ...] = ()
    alternatives: tuple[str, ...] = field(default=())
    json: str = ""
    words: str = field(default="", compare=False)

    @property
    def is_posted(self) -> bool:
        """Whether it is sent with a body: such a request has no address that a browser could be shown."""
        return bool(self.form or self.json)


#: No list of annual reports is longer; a larger number is a mistake or a trap.
MOST_PAGES: Final = 500

_ARTICLE_URL: Final = re.compile(
    r"/t20\d{6}_\d+|/art[_/]\d|/art/20\d\d/|/doc_[0-9a-f]{24}|/content[_/-]\d{4,}|/post_\d+|/show/\d+|/detail/|[0-9a-f]{32}"
    r"|/20\d{4}/.*\d{4,}\.\w+$|/20\d\d-?\d\d[-/]\d\d/|/20\d\d/\d{4}/|/\d{4,}\.(?:s?html?|jhtml|jsp|aspx?|php)$|/info/\d+/\d+|/\d{12,}/index\."
    r"|/[a-z]?\d+/content\.|/c\.html$|[?&](?:id|aid|iid|articleid|newsid|docid|infoid)=\w+",
    re.IGNORECASE,
)
_LIST_URL: Final = re.compile(
    r"/$|/(?:index|default|list|column|channel|node|main)(?:[-_]\d+)?\.\w+$|/(?:list|column|channel)[-_]\w+\.\w+$|_list\.\w+$|/column-index|"
    r"/col/col\d+|/showList/|public/column|site/tpl|/columns/",
    re.IGNORECASE,
)
_REPORT_COLUMN: Final = re.compile(r"年报|年度报告")
REPORT_PATH: Final = re.compile(
    r"(?:gk|xx|zf)\w{0,6}(?:nb|ndbg)|(?:^|[/_\d])n(?:d?bg?|ianbao)(?:[/_\d]|$)|annual_?report", re.IGNORECASE
)
#: A breadcrumb is no longer than this; so many elements may be one.
_LONGEST_POSITION: Final = 120
_LEAST_POSITION: Final = 4
_MOST_POSITIONS: Final = 5
_ORGANISATION: Final = re.compile(
    r"(?:局|委|委员会|办|办公室|办公厅|中心|镇|乡|街道|街道办事处|办事处|政府|厅|院|处|所|总队|支队|大队|集团|公司|管委会|园区|开发区|高新区|联社|协会|总会|学校)$"
    r"|部门|镇街|街镇|乡镇|各单位|直属|垂管|机关|公共企事业"
)
#: A row that is only an agency's name, or that and a year.
_NAME_AND_YEAR: Final = re.compile(r"([\u4e00-\u9fff()、]{2,}?)(?:(?:19|20)\d{2}年?度?)?")
_LONGEST_NAME: Final = 30
#: 年度 speaks of the report's year; a year alone may be that of publication.
_YEAR_ALONE: Final = re.compile(r"(?:(?:19|20)\d{2}|[二一][〇○零一二三四五六七八九]{3})年?")
_BARE_YEAR: Final = re.compile(rf"{_YEAR_ALONE.pattern}(?:度|年度)?")
_DISCOVERY: Final = re.compile(r"信息公开(?:工作)?(?:年度?报告?|年报)|公开年报|年度报告|信息公开年")
#: A column's name, which names neither year nor agency as a report's title does.
_COLUMN_TITLE: Final = re.compile(r".{0,2}(?:政府)?信息公开(?:工作)?(?:年报|年度报告)(?:专栏|栏目)?")
_NEXT: Final = re.compile(r"(?:下一?页|后一?页|next(?: page)?|[›»>＞]{1,2}|下一页\W{1,3})", re.IGNORECASE)
#: An article's own address, and that of a further part of it; what stands before a number of three figures is no stem.
_PART_OF: Final = re.compile(r"(?P<stem>[^?#]*/[^/?#]*?\d[^/?#_]*?)(?:_(?P<number>\d{1,2}))?(?P<ext>\.s?html?)$")
_FRAME_CHROME: Final = re.compile(
    r"visit|count|login|tree|share|foot|head|top\.|search|weather|map|menu|nav|player|video|qrcode", re.IGNORECASE
)
_REFRESH: Final = re.compile(r"""^\s*\d+\s*[;,]\s*(?:url\s*=\s*)?["']?([^"']+)""", re.IGNORECASE)
#: Characters of a page that only sends the browser elsewhere.
_STUB: Final = 3000
#: A shell of scripts is longer, but says hardly a word.
_SHELL: Final = 12_000
_SHELL_WORDS: Final = 200
#: Elements that a script may make links; no list shows more at once.
_MOST_HANDLED: Final = 1_000
_HANDLED: Final = etree.XPath("//*[@onclick] | //a[contains(@href, '(')]")


class Page:
    """What one fetched page says. Subclasses override what their family does its own way.

    `url`: the address after redirects. `html`: decoded text. `markup`: the same parsed, where that is done already.
    `asked`: the request that it answers, where that was more than its address.
    """

    #: The family's name: the value of the registry's `family` column and of fixture folders.
    family: ClassVar[str]
    #: Addresses of articles and of lists, searched in path and query; what is neither can be both.
    article_url: ClassVar[re.Pattern[str]] = _ARTICLE_URL
    list_url: ClassVar[re.Pattern[str]] = _LIST_URL
    #: Ids and classes of article bodies that this family uses, lower case, the surest first.
    bodies: ClassVar[tuple[str, ...]] = ()

    def __init__(self, url: str, html: str, markup: Markup | None = None, asked: Follow | None = None) -> None:
        self.url = url
        self.html = html
        self.asked = replace(asked, url=url) if asked else Follow(url)
        if markup is not None:
            self._markup = markup

    @classmethod
    def recognises(cls, url: str, html: str) -> bool:
        """Whether this page bears the family's fingerprint."""
        return False

    @cached_property
    def _markup(self) -> Markup:
        return parse(self.html)

    @cached_property
    def tree(self) -> HtmlElement:
        """The parsed page without comments, scripts and styles, links absolute. A broken page is an empty tree."""
        tree = self._markup.tree
        base = base_of(tree, self.url)
        for anchor in tree.iter("a"):
            address = anchor.get("href") or ""
            # Fragments are lost here, and that of a viewer may name its file.
            if url := absolute(base, shown_file(address) if "#" in address else address):
                anchor.set("href", url)
        self._resolve_handlers(tree)
        return tree

    def _resolve_handlers(self, tree: HtmlElement) -> None:
        """Give elements whose clicks the page's scripts turn into an address that address."""
        handlers = Handlers(self.scripts, self.url)
        for element in cast("list[HtmlElement]", _HANDLED(tree))[:_MOST_HANDLED]:
            href = element.get("href") or ""
            if href.startswith("http") or element.get("data-href") or element.get("data-url"):
                continue
            code = href if href.lower().startswith("javascript:") else ""
            for call in (element.get("onclick") or "", unquote(code)):
                if url := handlers.address(call):
                    element.set("data-href", url)
                    break

    @property
    def scripts(self) -> str:
        """The text of the page's live scripts."""
        return self._markup.scripts

    @cached_property
    def base(self) -> str:
        """The address that relative links refer to."""
        return base_of(self.tree, self.url)

    @cached_property
    def links(self) -> list[Link]:
        """All links of the page, with titles and dates."""
        return read_links(self.tree, self.base)

    # ── the list ────────────────────────────────────────────────────────────────────────────────────────────────────

    def rows(self) -> list[Row]:
        """The rows of the list, in order. Navigation is no row, and neither is an attachment of the page itself."""
        facts = self._facts
        attached = {attachment.url for attachment in facts.attachments} if facts else set()
        rows = (link for link in self.links if link.url not in attached and self._is_row(link))
        return [Row(link.url, self._row_title(link), link.listed_on) for link in rows]

    def _row_title(self, link: Link) -> str:
        """A row's title; where a column of reports lists no more than names of agencies, with what the column says."""
        name = _NAME_AND_YEAR.fullmatch(squash(link.title)) if len(link.title) <= _LONGEST_NAME else None
        if name is None or link.chrome or not is_body(name[1]) or not self.is_report_column:
            return link.title
        return f"{link.title}政府信息公开年报"

    def _is_row(self, link: Link) -> bool:
        if TOOL_WORDS.fullmatch(link.title) or WORDLESS.fullmatch(link.title) or link.url == self.url:
            return False
        if self._is_list(link.url) or (_COLUMN_TITLE.fullmatch(squash(link.title)) and not self.is_article(link.url)):
            return link.listed_on is not None and not link.chrome
        if link.listed_on is not None or (_REPORT_COLUMN.search(link.title) and year_in(link.title) is not None):
            return True
        if link.chrome or (len(link.title) < 4 and not (is_body(link.title) and self.is_article(link.url))):
            return False
        return self.is_article(link.url) or (link.entry and same_site(self.url, link.url))

    def is_article(self, url: str) -> bool:
        """Whether an address is that of an article or a document, by what this family's addresses look like."""
        return bool(self.article_url.search(tail_of(url)) or document_in(url))

    def _is_list(self, url: str) -> bool:
        tail = tail_of(url)
        return bool(self.list_url.search(tail)) and not self.article_url.search(tail)

    # ── its further pages ───────────────────────────────────────────────────────────────────────────────────────────

    def next_pages(self) -> list[Follow]:
        """The remaining pages of this very list, as far as this page tells; each is asked once, whoever names it."""
        return self._unique(Follow(url) for url in self._pager_links())

    def _pager_links(self) -> Iterator[str]:
        """Links of the pager: 下一页, and the numbers whose address differs from this one in a number only."""
        shape = _shape(self.url)
        for link in self.links:
            if not same_site(self.url, link.url) or link.url == self.url:
                continue
            if _NEXT.fullmatch(link.title) or (
                re.fullmatch(r"\d{1,3}|[末尾]页|最后一?页", link.title)
                and (_shape(link.url) == shape or _is_turned(self.url, link.url))
            ):
                yield link.url

    # ── narrower lists ──────────────────────────────────────────────────────────────────────────────────────────────

    def sublists(self, years: tuple[int, ...]) -> list[Follow]:
        """Narrower lists below this one that may hold reports of `years`: year columns, department columns, frames."""
        found = [Follow(link.url, words=link.title) for link in self.links if self._narrows(link, years)]
        return self._unique([*self.endpoints(), *found, *self.onward()])

    def onward(self, *, menus: bool = False) -> list[Follow]:
        """Where a page that shows nothing itself sends its visitor: its frames, a refresh, a script's `location=`.

        `menus`: frames named as navigation too; no list stands in one, but the way to it may.
        """
        return [*self._frames(menus=menus), *self._moved()]

    def endpoints(self) -> list[Follow]:
        """Where this page's scripts get their list: it is read as a list of its own, from its first page on.

        Whatever rows the page shows: whether they are that list's first ones or stand beside it, no page tells.
        """
        return []

    def _narrows(self, link: Link, years: tuple[int, ...]) -> bool:
        if not same_site(self.url, link.url) or self.is_article(link.url) or self._is_above(link.url):
            return False
        if TOOL_WORDS.fullmatch(link.title) or (link.listed_on is not None and not self._is_list(link.url)):
            return False
        year = self._year_of(link)
        if year is not None and not _fits(year, link, years):
            return False
        below = self._is_below(link.url)
        name = squash(link.title)
        if _DISCOVERY.search(name) and not read_title(link.title).decoy:
            is_column = self._is_list(link.url) or bool(_COLUMN_TITLE.fullmatch(name))
            return is_column and (year is not None or below or not link.chrome or not self.is_report_column)
        if not self.is_report_column:
            return False
        if _BARE_YEAR.fullmatch(name) or (not link.chrome and _ORGANISATION.search(name)):
            return True
        return below and self._is_list(link.url)

    @cached_property
    def is_report_column(self) -> bool:
        """Whether this page is a column of annual reports, by its metas, its title, its address or its breadcrumb."""
        named = [content for name, content in metas(self.tree) if name in ("columnname", "columntype")]
        title = self.tree.find(".//title")
        named.append(title.text or "" if title is not None else "")
        if any(_REPORT_COLUMN.search(text) for text in named) or REPORT_PATH.search(host_and_path(self.url)[1]):
            return True
        return bool(_REPORT_COLUMN.search(self.position))

    @cached_property
    def position(self) -> str:
        """What the page's breadcrumb says, "" where it has none."""
        found = []
        for element in self.tree.iterfind(".//*"):
            own = [element.text or "", *(child.tail or "" for child in element)]
            if not any("位置" in text for text in own):
                continue
            said = text_of(element).partition("位置")[2]
            parent = element.getparent()
            # 当前位置 often stands in an element of its own, the way itself beside it.
            if len(said) < _LEAST_POSITION and parent is not None:
                said = text_of(parent).partition("位置")[2]
            found.append(said[:_LONGEST_POSITION])
            if len(found) == _MOST_POSITIONS:
                break
        return " ".join(found)

    def _year_of(self, link: Link) -> int | None:
        """The year that a column's title names, or the part of its address that this page's does not have."""
        by_title = year_in(link.title)
        if by_title is not None:
            return by_title
        own = set(re.split(r"[/?&]", tail_of(self.url)))
        return year_in(" / ".join(part for part in re.split(r"[/?&]", tail_of(link.url)) if part not in own))

    def _is_below(self, url: str) -> bool:
        """Whether an address lies in a folder below this page's, which is not the site's root."""
        (host, path), (own_host, own_path) = host_and_path(url), host_and_path(self.url)
        folder = own_path.rsplit("/", 1)[0] + "/"
        return host == own_host and folder != "/" and path.startswith(folder) and "/" in path[len(folder) :]

    def _is_above(self, url: str) -> bool:
        """Whether an address is this page's or that of a folder around it."""
        (host, path), (own_host, own_path) = host_and_path(url), host_and_path(self.url)
        if host != own_host or "?" in url:
            return url == self.url
        folder = path if path.endswith("/") else re.sub(r"/(?:index|default)\.\w+$", "/", path)
        return folder.endswith("/") and own_path.startswith(folder)

    def _frames(self, *, menus: bool = False) -> Iterator[Follow]:
        """Same-site frames, where the page itself shows no dated list."""
        if any(link.listed_on is not None for link in self.links):
            return
        for element in self.tree.iter("iframe", "frame"):
            url = absolute(self.base, element.get("src") or "")
            is_chrome = _FRAME_CHROME.search(tail_of(url)) and not menus
            if url and same_site(self.url, url) and not document_in(url) and not is_chrome:
                yield Follow(url)

    def _moved(self) -> Iterator[Follow]:
        """Where a stub sends the browser: a meta refresh or a script's `location=`."""
        if not self._is_stub or any(link.listed_on is not None for link in self.links):
            return
        targets = [
            match[1]
            for element in self.tree.iter("meta")
            if (element.get("http-equiv") or "").lower() == "refresh"
            and (match := _REFRESH.match(element.get("content") or ""))
        ]
        on_load = next((element.get("onload") or "" for element in self.tree.iter("body")), "")
        targets += destinations(f"{self.scripts}\n{on_load}", self.url)
        for target in targets:
            url = absolute(self.base, target)
            if url and same_site(self.url, url):
                yield Follow(url)

    @property
    def _is_stub(self) -> bool:
        return len(self.html) <= _STUB or (
            len(self.html) <= _SHELL and len(squash(self.tree.text_content())) <= _SHELL_WORDS
        )

    # ── the article ─────────────────────────────────────────────────────────────────────────────────────────────────

    def article(self) -> ArticleFacts | None:
        """What the page says as an article, or None where it is none."""
        return self._facts

    def as_article(self) -> ArticleFacts | None:
        """What the page says where an article should stand, however little it looks like one.

        A stub is taken for what it leads to: its target is an attachment. None where there is nothing at all.
        """
        return self.article() or self._reader((*self._sent_on(), *self._framed())).facts(asked=True)

    @cached_property
    def _facts(self) -> ArticleFacts | None:
        return self._reader().facts()

    def _reader(self, further: tuple[Attachment, ...] = ()) -> ArticleReader:
        tail = tail_of(self.url)
        return ArticleReader(
            self.tree,
            self.url,
            self.base,
            bodies=self.bodies,
            is_article_url=bool(self.article_url.search(tail)) and not self._is_list(self.url),
            extra=(*self._further_attachments(), *self._continuation(), *further),
        )

    def _sent_on(self) -> tuple[Attachment, ...]:
        return tuple(Attachment(follow.url, "") for follow in self._moved())

    def _framed(self) -> tuple[Attachment, ...]:
        return tuple(Attachment(follow.url, "") for follow in self._frames()) if self._is_stub else ()

    def _further_attachments(self) -> tuple[Attachment, ...]:
        """Attachments that only the family's data knows."""
        return ()

    def _parts(self) -> Iterator[str]:
        """The further parts of an article that is set on several pages: x_1.html, x_2.html … beside its x.html."""
        name = _PART_OF.match(self.url)
        for link in self.links if name else ():
            if _NEXT.fullmatch(link.title) or re.fullmatch(r"\d{1,2}|[末尾]页", link.title):
                part = _PART_OF.match(link.url)
                if part and name and part["number"] and (part["stem"], part["ext"]) == (name["stem"], name["ext"]):
                    yield link.url

    def _continuation(self) -> list[Attachment]:
        """The article's further parts, to be kept with it."""
        own = _PART_OF.match(self.url)
        if own is None or not self.is_article(self.url):
            return []
        parts = dict.fromkeys(url for url in self._parts() if url and url != self.url and same_site(self.url, url))
        return [Attachment(url, f"第 {number} 页") for number, url in enumerate(parts, start=2)]

    # ── for the families ────────────────────────────────────────────────────────────────────────────────────────────

    def _unique(self, follows: Iterable[Follow]) -> list[Follow]:
        """Each request once, this very page never."""
        found: dict[tuple[str, tuple[tuple[str, str], ...], str], Follow] = {}
        for follow in follows:
            if follow.url != self.url or follow.is_posted:
                found.setdefault((follow.url, follow.form, follow.json), follow)
        return list(found.values())


def _fits(year: int, link: Link, years: tuple[int, ...]) -> bool:
    """Whether a column of a year may hold reports of `years`.

    A column named by a year alone may mean the year of publication, the one after the report's.
    """
    alone = _YEAR_ALONE.fullmatch(squash(link.title)) and not REPORT_PATH.search(host_and_path(link.url)[1])
    return year in years or (bool(alone) and year - 1 in years)


def names_column(words: str) -> bool:
    """Whether the words of a link are those of a column of annual reports, or of a year of one."""
    name = squash(words)
    return bool(_REPORT_COLUMN.search(name) or _DISCOVERY.search(name) or year_in(name) is not None)


def names_bodies(words: str) -> bool:
    """Whether the words of a link are those of a body, or of a group of them (部门, 镇街 …)."""
    return bool(_ORGANISATION.search(squash(words)))


def tail_of(url: str) -> str:
    """Path and query of a URL."""
    return "/" + url.split("://", 1)[-1].partition("/")[2]


def _is_turned(url: str, other: str) -> bool:
    """Whether two addresses differ in one parameter only, a number that one of them may not have."""
    one, two = (urlsplit(address) for address in (url, other))
    if (one.netloc, one.path) != (two.netloc, two.path):
        return False
    own, theirs = dict(parse_qsl(one.query)), dict(parse_qsl(two.query))
    changed = [key for key in {*own, *theirs} if own.get(key) != theirs.get(key)]
    return len(changed) == 1 and theirs.get(changed[0], "").isdecimal() and own.get(changed[0], "1").isdecimal()


def _shape(url: str) -> str:
    """A URL with its last number taken out, so that the pages of one list look alike (index.html is index_1.html)."""
    url = f"{url}index" if url.endswith("/") else url
    return re.sub(
        r"(index|list|page|default)?[-_]?\d*(\.\w+)?$", r"\1", re.sub(r"(page\w*=)\d+", r"\1", url, flags=re.IGNORECASE)
    )
