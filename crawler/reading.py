"""What an answer says: is it a page at all, and what does it list or tell? Bytes in, facts out; no Scrapy, no network.

This runs in a process of its own (reader.py): a page that breaks the parser breaks nothing else.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lxml.etree import LxmlError

from crawler.candidates import announced_pages, candidates, claimed_size, is_report_slot, looks_listed, own_report
from crawler.pages import page_for
from crawler.pages.base import Follow, Page, Row
from crawler.pages.markup import parse
from crawler.pages.trouble import trouble
from crawler.ways import Way, mapped, named_in, onward, search_on, ways_on, why_column
from monitor.charset import decode, is_garbled
from monitor.exchange import ArticleFacts, ListedLink
from monitor.text import clean

#: What reading a hostile page can raise; named, so that a fault of the machine is not taken for one of the page.
_MISREADINGS: Final = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, LxmlError)
_TEXT: Final = re.compile(r"text/|application/(?:xhtml|xml|(?:x-)?json|(?:x-)?javascript|rss|atom)|\+xml|\+json")


_LOOK_BACK: Final = 6
#: A page with fewer links is drawn by its scripts.
_FEW_LINKS: Final = 5


class Kind(StrEnum):
    """What is expected of a page, and so which questions it is asked."""

    LIST = "list"
    ARTICLE = "article"
    ATTACHMENT = "attachment"
    SURVEY = "survey"
    MAP = "map"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An answer that is to be read. `url`: after redirects. `names`: the roster's, squashed, for a survey.

    `form`, `json`: what was posted for it.
    """

    kind: Kind
    status: int
    url: str
    requested: str
    content_type: str
    body: bytes
    family: str
    years: tuple[int, ...]
    names: frozenset[str] = frozenset()
    form: tuple[tuple[str, str], ...] = ()
    json: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an answer says. `reason`: the code of why it is no real page, "" where it is one; `problem`: for the log.

    `own_year`: the year of the report that a list page is itself. `is_column`: it calls itself a column of reports.
    `is_slot`: it is the fixed place of one report, which may be empty; `is_shelf`: it shows columns of earlier years
    and none for those asked for, as in any early January; `is_blank`: it shows nothing that a list would show.
    `announced`: how many pages a list says it has; `claimed`: how many pages or rows its pager's script says.
    `print`: a hash of what a list page shows and where it goes on.

    Of a page that discovery surveys, `column` says what shows that it is a column of reports, "" where nothing does;
    `named`: the bodies that its rows name; `ways` and `onward`: where it leads; `search`: the address that its search
    form asks for reports; `title`: what it calls itself.
    """

    reason: str = ""
    problem: str = ""
    family: str = ""
    rows: tuple[Row, ...] = ()
    links: tuple[ListedLink, ...] = ()
    following: tuple[Follow, ...] = ()
    below: tuple[Follow, ...] = ()
    article: ArticleFacts | None = None
    own_year: int | None = None
    announced: int = 1
    claimed: int = 0
    print: str = ""
    is_column: bool = False
    is_slot: bool = False
    is_shelf: bool = False
    is_blank: bool = False
    has_scripts: bool = False
    column: str = ""
    named: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()
    onward: tuple[Follow, ...] = ()
    search: str = ""
    title: str = ""


def read(question: Question) -> Reading:
    """Read an answer. A page that cannot be read is a reading too: a lost one."""
    try:
        return _read(question)
    except _MISREADINGS as error:
        return Reading(reason="column_lost", problem=f"{type(error).__name__}: {error}")


def _read(question: Question) -> Reading:
    if question.status == 304:
        return Reading()
    media_type = question.content_type.partition(";")[0].strip().lower()
    html = decode(question.body, question.content_type) if _is_text(media_type, question.body) else ""
    markup = parse(html) if html else None
    if html or question.status >= 400:
        reason = trouble(question.status, question.url, question.requested, html, markup=markup)
        if reason:
            return Reading(reason=reason)
        if is_garbled(html):
            return Reading(reason="garbled")
    if not 200 <= question.status < 300 or not question.body:
        return Reading(reason="column_lost")
    if not html:
        # A document in an article's place: its bytes are what it says.
        return Reading(article=ArticleFacts(title="", content=hashlib.sha256(question.body).hexdigest()))
    asked = Follow(question.url, form=question.form, json=question.json)
    page = page_for(question.url, html, family=question.family, markup=markup, asked=asked)
    if question.kind is Kind.LIST:
        return _list(question, page, html)
    if question.kind is Kind.MAP:
        return Reading(ways=mapped(page.tree, question.url))
    if question.kind is Kind.SURVEY:
        return _survey(question, page, html)
    return Reading(family=page.family, article=page.as_article() if question.kind is Kind.ARTICLE else None)


def _list(question: Question, page: Page, html: str) -> Reading:
    rows, following, below = tuple(page.rows()), tuple(page.next_pages()), tuple(page.sublists(question.years))
    is_shelf = not below and bool(page.sublists(_past(question.years)))
    article = page.article()
    own_year = own_report(article.title, question.url) if article else None
    return Reading(
        family=page.family,
        title=_title(page),
        rows=rows,
        links=candidates(rows, question.url, question.years),
        following=following,
        below=below,
        article=article,
        own_year=own_year,
        # Pages of a list that is read elsewhere are announced there.
        announced=1 if page.endpoints() else announced_pages(html),
        claimed=0 if page.endpoints() else claimed_size(page.scripts),
        print=hashlib.sha256(repr((question.years, rows, following, below)).encode()).hexdigest(),
        is_column=page.is_report_column,
        is_slot=is_report_slot(question.url, html),
        is_shelf=is_shelf,
        is_blank=not (own_year or below or is_shelf or any(map(looks_listed, rows))),
        has_scripts="<script" in html,
    )


def _survey(question: Question, page: Page, html: str) -> Reading:
    rows, following, below = tuple(page.rows()), tuple(page.next_pages()), tuple(page.sublists(question.years))
    return Reading(
        family=page.family,
        below=below,
        column=why_column(page, rows, below, following),
        named=named_in(rows),
        ways=ways_on(page, question.names),
        onward=onward(page),
        search=search_on(page),
        title=_title(page),
        has_scripts="<script" in html,
        is_blank=len(page.links) < _FEW_LINKS,
    )


def _title(page: Page) -> str:
    """What the page calls itself."""
    element = page.tree.find(".//title")
    return clean((element.text or "") if element is not None else "")


def _past(years: tuple[int, ...]) -> tuple[int, ...]:
    """The years before those asked for."""
    return tuple(range(min(years, default=0) - _LOOK_BACK, min(years, default=0)))


def _is_text(media_type: str, body: bytes) -> bool:
    """Whether a body is text: its type says so, or it has none and no zero byte stands in its head."""
    if media_type:
        return _TEXT.search(media_type) is not None
    return b"\0" not in body[:1024] and not body.startswith(b"%PDF")
