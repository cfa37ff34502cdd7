"""Hanweb's disclosure module: lists by `/module/xxgk/search.jsp` and annual reports in slots, one an agency and year.

What a search is asked stands in the page that shows it: in the address of a frame, in a script, in the page's own
query. Its answer is a table of rows; a search that names no category answers with those of every column.
"""

from __future__ import annotations

import html as markup
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml.html import HtmlElement

from crawler.pages.base import Follow, Row
from crawler.pages.literals import addresses_with, parameters_after, places_of, settings_around
from crawler.pages.markup import absolute, same_site
from monitor.titles import read_title

SLOT: Final = "xxgkannualreport.jsp"
SEARCH: Final = "/module/xxgk/search.jsp"
_SEARCH: Final = re.compile(r"/module/xxgk/search\.jsp", re.IGNORECASE)
_TREE: Final = re.compile(r"/module/xxgk/tree\.jsp\?[^\"'<>\s]{0,500}", re.IGNORECASE)
_CATEGORY: Final = re.compile(r"\binfotypeId\b", re.IGNORECASE)
_COLUMN: Final = re.compile(r"/col/col(\d+)")
_ARTICLE_COLUMN: Final = re.compile(r"/art_(\d+)_\d+\.")
#: The fields of the form as browsers send it, with what they hold where the page says nothing.
_FORM: Final = {
    "infotypeId": "",
    "jdid": "",
    "area": "",
    "divid": "",
    "vc_title": "",
    "vc_number": "",
    "sortfield": ",createdatetime:0,orderid:0",
    "currpage": "1",
    "vc_filenumber": "",
    "vc_all": "",
    "texttype": "0",
    "fbtime": "-1",
    "standardXxgk": "0",
    "isAllList": "1",
    "requestUrl": "",
}
#: What a column's own address calls the fields.
_IN_ADDRESS: Final = {"vc_xxgkarea": "area", "number": "infotypeId"}
_LIKE_A_REPORT: Final = re.compile(r"年报|年度(?:工作)?报告")


def search_request(url: str, html: str, tree: HtmlElement, base: str) -> Follow | None:
    """The first page of the list that a column page draws by a search; None where it draws none."""
    searches, agency = list(addresses_with(html, _SEARCH)), _TREE.search(html)
    if not searches and not (agency and _COLUMN.search(url)):
        return None
    told = _lower(dict(query_of(markup.unescape(agency[0])))) if agency else {}
    told |= {_IN_ADDRESS[name].lower(): value for name, value in query_of(url) if name in _IN_ADDRESS}
    for place in places_of(html, _CATEGORY):
        around = _lower(settings_around(html, place))
        told |= around if "infotypeid" in around else {}
    for _, end in searches:
        told |= _lower(parameters_after(markup.unescape(html[end : end + 2000]), 0))
    told |= _lower({field.get("name") or "": field.get("value") or "" for field in tree.iter("input")})
    column = _COLUMN.search(url)
    if not told.get("divid") and column:
        told["divid"] = f"div{column[1]}"
    if not any(told.get(name) for name in ("infotypeid", "area", "divid")):
        return None
    fields = {name: told.get(name.lower()) or usual for name, usual in _FORM.items()}
    fields |= {"currpage": "1", "requestUrl": url}
    return Follow(absolute(base, searches[0][0] if searches else SEARCH), form=tuple(fields.items()))


def own_rows(rows: Iterable[Row], asked: Follow) -> list[Row]:
    """The rows of a search without those that only stand beside this column's and could be taken for its reports.

    In a column of annual reports "某局2023年度报告" is one; in a list of all columns it is anything.
    """
    fields = dict([*query_of(asked.url), *asked.form])
    column = fields.get("divid", "").removeprefix("div")
    if fields.get("infotypeId") or not column:
        return list(rows)
    return [
        row
        for row in rows
        if not _LIKE_A_REPORT.search(row.title) or _column_of(row.url) == column or read_title(row.title).is_report
    ]


def slots(url: str, linked: Iterable[str], years: tuple[int, ...]) -> Iterator[str]:
    """The slot of each wanted year, for a page's own agency and for each agency that it links to."""
    seen = set()
    for address in (url, *linked):
        query = dict(query_of(address))
        area = query.get("area", "")
        place = address.split("?", 1)[0]
        if not place.lower().endswith(SLOT) or not area or not same_site(url, address) or area in seen:
            continue
        seen.add(area)
        others = [(name, value) for name, value in query_of(address) if name not in ("area", "fbtime")]
        for year in years:
            yield f"{place}?{urlencode([('area', area), ('fbtime', str(year)), *others])}"


def slot_key(url: str) -> tuple[str, frozenset[tuple[str, str]]]:
    """The identity of a page whose query decides what it is, whatever the order of its parameters."""
    return url.split("?", 1)[0], frozenset(query_of(url))


def query_of(url: str) -> list[tuple[str, str]]:
    """The parameters of an address; none where it is broken."""
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


def _column_of(url: str) -> str:
    match = _ARTICLE_COLUMN.search(url)
    return match[1] if match else ""


def _lower(fields: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in fields.items() if value}
