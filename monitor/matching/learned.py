"""What earlier reports teach of where an agency publishes: its corner of the site, its column, its code. Pure.

Only what every report there bears out is learned: a place where any other body's report ever stood is nobody's own.
What the site itself gives to one body (a micro-site, a code) is learned from a report of one earlier year; any other
place only from reports of two. This year's reports teach nothing about this year's: in early January whoever is first
stands alone in the common column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from monitor.model import Match

#: 统一社会信用代码 (GB 32100-2015): 18 marks, six of them the digits of a region; I, O, S, V and Z are not used.
_CODE: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NP-RT-UW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RT-UW-Y]{10}(?![0-9A-Za-z])")
_URL: Final = re.compile(r"https?://(?:www\.)?([^/?#]+)([^?#]*)(?:\?([^#]*))?", re.IGNORECASE)
#: Folders that the platform makes one of for each body: gongkai, 龙讯.
_MICRO_SITE: Final = re.compile(r"/(?:gongkai/site_[\w-]+|public/column/\d+)(?=/|$)", re.IGNORECASE)
_BRANCH: Final = re.compile(r"(?:^|&)(branch_id|organId)=([\w-]+)", re.IGNORECASE)
#: A folder of a year, a month or a day says when and not who.
_OF_A_TIME: Final = re.compile(r"(?:19|20)\d\d|^\d{1,2}$|^\d{6}$|^\d{8}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A report that was found: whose it is (an agency's id), or the name of the stranger that it names (squashed)."""

    url: str
    column: str
    code: str
    year: int | None
    agency: str = ""
    stranger: str = ""


@dataclass(frozen=True, slots=True)
class Learned:
    """Signs that belong to one agency alone: key → its id."""

    owners: Mapping[str, str]

    def signs(self, url: str, column: str, code: str) -> tuple[Match, ...]:
        """What the signs of a report say, each agency once."""
        found: dict[str, Match] = {}
        for key, _, confidence, why in _keys(url, column, code):
            agency = self.owners.get(key)
            if agency is not None and agency not in found:
                found[agency] = Match(agency, confidence, why)
        return tuple(found.values())


def code_in(url: str, index: str) -> str:
    """The credit code that an index number (索引号: code/year-number) or else an address (`area=`) bears, or ""."""
    found = _CODE.search(index.upper()) or _CODE.search(url.partition("?")[2].upper())
    return found[0] if found else ""


def learn(reports: Iterable[Seen]) -> Learned:
    """What the reports of one portal teach."""
    bodies: dict[str, set[tuple[str, str]]] = {}
    years: dict[str, set[int]] = {}
    wanted: dict[str, int] = {}
    for seen in reports:
        if not (seen.agency or seen.stranger):
            continue
        for key, least, _, _ in _keys(seen.url, seen.column, seen.code):
            bodies.setdefault(key, set()).add((seen.agency, "" if seen.agency else seen.stranger))
            wanted[key] = least
            if seen.year:
                years.setdefault(key, set()).add(seen.year)
    owners = {}
    for key, found in bodies.items():
        [(agency, _), *others] = found
        if agency and not others and len(years.get(key, ())) >= wanted[key]:
            owners[key] = agency
    return Learned(owners)


def _keys(url: str, column: str, code: str) -> Iterator[tuple[str, int, float, str]]:
    """The signs of a report: (key, how many years it takes to learn it, confidence, why), the surest first."""
    if code:
        yield f"code {code}", 1, 0.8, f"统一社会信用代码 {code} 与该单位先前的报告相同"
    parts = _URL.match(url)
    if parts is None:
        return
    host, path, query = parts[1].lower(), parts[2], parts[3] or ""
    for micro in _MICRO_SITE.finditer(path):
        yield f"site {host}{path[: micro.end()]}", 1, 0.75, "位于该单位先前发布报告的子网站"
    for name, branch in _BRANCH.findall(query):
        yield f"site {host}?{name.lower()}={branch}", 1, 0.75, "网址中的机构编号与该单位先前的报告相同"
    for folder in _folders(path):
        yield f"folder {host}{folder}", 2, 0.7, "位于该单位历年发布报告的网址目录"
    if column and (place := _URL.match(column)):
        key = f"column {place[1].lower()}{place[2]}?{place[3] or ''}"
        yield key, 2, 0.7, "位于该单位历年发布报告的栏目"


def _folders(path: str) -> Iterator[str]:
    """The folders of an address, the innermost first, down to one that is named after a time."""
    found: list[str] = []
    for segment in path.split("/")[1:-1]:
        if _OF_A_TIME.search(segment):
            break
        found.append(f"{found[-1] if found else ''}/{segment}")
    return reversed(found)
