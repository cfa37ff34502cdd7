"""Which rows of a list may be the reports that are looked for. Pure: rows in, links out.

When in doubt a row is a candidate: a needless request costs little, an overlooked report accuses an agency wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.pages.base import Row
from monitor.exchange import KnownPage, ListedLink
from monitor.text import squash
from monitor.titles import LETTER, TitleReading, read_title, year_in

#: A path segment that names a year's column: 2023xxgknb, 2025nbxknb, bmjzjxxgknb_2023; not col2019 or showList/2021.
_YEAR_SEGMENT: Final = re.compile(r"(?:xxgk|gknb|nbxk|ndbg|niandu|nianbao|annual)", re.IGNORECASE)
_YEAR_PARAMETERS: Final = frozenset({"fbtime", "year", "nd"})
_INDEX: Final = re.compile(r"/(?:index|default)\.(?:s?html?|jhtml|jspx?|aspx?|php)$", re.IGNORECASE)
_CUT: Final = re.compile(r"(?:…|\.{2,})\s*$")
_SUBJECT: Final = "政府信息公开"
_REPORT_WORD: Final = re.compile(r"年报|年度(?:工作)?报告(?!会)")
_MADE_PUBLIC: Final = re.compile(r"(?:公布|发布|印发|公开)[^解读]{0,40}(?:年报|年度?(?:工作)?报告)\W?的(?:通知|公告)")
_SESSION: Final = re.compile(r";jsessionid=[^?#/]*", re.IGNORECASE)
_PAGES: Final = re.compile(r"共\s*(?:<[^>]{0,200}>\s*){0,3}(\d{1,4})\s*(?:<[^>]{0,200}>\s*){0,3}页")
#: qtList.pages({box: "p", total: 3}), laypage({cont: 'p', pages: 7}), $("#p").pagination({…, count: 120})
_PAGER_CALL: Final = re.compile(
    r"(?:page|paginat|paging|turn)\w{0,20}\s{0,5}\(\s{0,5}\{([^{}]{0,400})\}", re.IGNORECASE
)
_SIZE: Final = re.compile(
    r"""["']?\b(?:total\w*|count|pages|page_?count|record_?count)["']?\s*:\s*["']?(\d{1,5})\b""", re.IGNORECASE
)
_SLOT: Final = re.compile(r"annualreport", re.IGNORECASE)


def identity(url: str) -> str:
    """A URL as the name of a page: without fragment, session id and cache buster; its query stays, it may decide."""
    parts = urlsplit(_SESSION.sub("", url))
    query = parts.query
    if "_=" in query:
        query = urlencode([(key, value) for key, value in parse_qsl(query, keep_blank_values=True) if key != "_"])
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))


def list_key(url: str) -> str:
    """A list's URL for comparing only: a directory and its index page are one list, whichever way it is linked."""
    return _INDEX.sub("/", identity(url))


def list_year(url: str) -> int | None:
    """The report year that a list's address names, or None."""
    parts = urlsplit(url)
    for key, value in parse_qsl(parts.query):
        if key.lower() in _YEAR_PARAMETERS and (year := year_in(value)):
            return year
    for segment in reversed(parts.path.split("/")):
        if _YEAR_SEGMENT.search(segment) and (year := year_in(segment)):
            return year
    return None


def own_report(title: str, url: str) -> int | None:
    """The year of the report that a page is by its title, or None where it is none.

    Title or address must say the year: a list may be titled 政府信息公开年报 as well.
    """
    reading = read_title(title)
    return (reading.year or list_year(url)) if reading.is_report else None


def candidates(rows: Iterable[Row], url: str, years: tuple[int, ...]) -> tuple[ListedLink, ...]:
    """The rows of the list at `url` that may be reports of `years`, each URL once."""
    year = list_year(url)
    found: dict[str, ListedLink] = {}
    for row in rows:
        reading = reading_in_column(row.title)
        named = reading.year or year
        if reading.year and _is_mistyped(reading.year, row.listed_on, years):
            named = None
        if (reading.is_report or _may_carry_report(row.title, reading)) and (named is None or named in years):
            link = ListedLink(identity(row.url), row.title, row.listed_on, named)
            found.setdefault(link.url, link)
    return tuple(found.values())


def _may_carry_report(title: str, reading: TitleReading) -> bool:
    """Whether a row is the letter that handed a report in, or the notice that made it public: it may be inside."""
    if reading.decoy == LETTER:
        return reading.agency != ""
    return bool(reading.decoy) and _MADE_PUBLIC.search(squash(title)) is not None


def _is_mistyped(year: int, listed_on: date | None, years: tuple[int, ...]) -> bool:
    """Whether a title's year cannot be, by the row's date, or is most likely last year's: what it is about is open.

    No report is out before its year's last month; and in the season of the reports asked for few add older ones.
    """
    if listed_on is None or year in years or listed_on.year - 1 not in years:
        return False
    return year > listed_on.year or (year == listed_on.year and listed_on.month < 12) or listed_on.month <= 3


def reading_in_column(title: str) -> TitleReading:
    """Read a row's title as it stands in a column of annual reports, where it need not repeat what the column says.

    "某局2023年度报告" is one there, and a title that the list cuts off before its last words may be one.
    """
    reading = read_title(title)
    if reading.is_report or reading.decoy:
        return reading
    if word := _REPORT_WORD.search(title):
        # With the column's own words in their place, names and other kinds of report are told as they are elsewhere.
        said = read_title(f"{title[: word.start()]}{_SUBJECT}{title[word.start() :]}")
        return replace(said, agency="")
    if _may_go_on_as_report(title):
        return replace(reading, is_report=True)
    return reading


def _may_go_on_as_report(title: str) -> bool:
    """Whether a title that a list cuts off may be one of a report: "某局2023年政府信…", "某局2023年…"."""
    shown, cuts = _CUT.subn("", squash(title))
    if not cuts:
        return False
    begun = any(shown.endswith(_SUBJECT[:length]) for length in range(1, len(_SUBJECT)))
    return "信息公开" in shown or begun or bool(re.search(r"\d{4}年?度?$", shown))


def looks_listed(row: Row) -> bool:
    """Whether a row is surely an entry of a list and not part of the page's frame: dated, or titled as a report."""
    return row.listed_on is not None or names_report(row)


def names_report(row: Row) -> bool:
    """Whether a row is titled as a report of any year, or as what stands beside one (图解, 解读 …)."""
    reading = reading_in_column(row.title)
    return reading.is_report or bool(reading.decoy)


def is_unchanged(link: ListedLink, known: KnownPage | None) -> bool:
    """Whether a row leads to a page that is in evidence already and shows no sign of a change."""
    return known is not None and not known.due and (known.listed_title, known.listed_on) == (link.title, link.listed_on)


def is_older(first: Sequence[Row], last: Sequence[Row], years: tuple[int, ...]) -> bool:
    """Whether a list, newest first, has on its last page nothing but rows from before any report of `years`.

    Only dates that fall from the first page to the last, and within it, prove the order.
    """
    top, bottom = ([row.listed_on for row in rows if row.listed_on is not None] for rows in (first, last))
    if not top or len(bottom) < 2 or not years or first is last:
        return False
    falls = top + bottom == sorted(top + bottom, reverse=True)
    return falls and max(bottom) < date(min(years) + 1, 1, 1)


def announced_pages(html: str) -> int:
    """How many pages a list says it has (共 3 页); 1 where it says nothing."""
    return max((int(found) for found in _PAGES.findall(html)), default=1)


def claimed_size(scripts: str) -> int:
    """What a call that draws a pager says of its list, pages or rows, whatever the script's name; 0 where none does.

    Such a pager cannot be followed where no family knows it; but that there is more than was read, it tells.
    """
    calls = (match[1] for match in _PAGER_CALL.finditer(scripts))
    return max((int(number) for call in calls for number in _SIZE.findall(call)), default=0)


def is_report_slot(url: str, html: str) -> bool:
    """Whether a page is the fixed place of one annual report (xxgkAnnualReport.jsp …), which may rightly be empty."""
    return _SLOT.search(urlsplit(url).path) is not None and _REPORT_WORD.search(html) is not None
