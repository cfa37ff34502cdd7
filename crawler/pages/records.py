"""What a data answer lists: JSON or JSONP in, entries, HTML fragments and counts out. Knows no family and no request.

Keys are named differently on every platform, so they are told by what they are called and by what they hold. All
bounds are for hostile answers: a list of annual reports is never near them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from crawler.pages.literals import read_json
from monitor.dates import find_dates
from monitor.text import clean

_CHINA: Final = timezone(timedelta(hours=8))
_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2100, 1, 1)

_MOST_NODES: Final = 200_000
_MOST_ENTRIES: Final = 20_000
_DEEPEST: Final = 12
_LONGEST_TITLE: Final = 500
_LONGEST_MARKUP: Final = 5_000_000

_CALLBACK: Final = re.compile(r"(?:/\*.{0,20}?\*/)?\s*[A-Za-z_$][\w$.]{0,200}\s*\(", re.DOTALL)
#: Names of fields in small letters without separators; the first that fits and holds such a value is it.
_TITLES: Final = ("realtitle", "fulltitle", "infotitle", "articletitle", "doctitle", "title")
_TITLE: Final = re.compile(
    r"title$|^(?:name|subject|headline|topic|bt|biaoti|mc|wzbt|xxmc)$|(?:article|info|doc|file)name$"
)
_ADDRESSES: Final = ("infourl", "urls", "url", "link", "href", "linkurl", "docpuburl", "visiturl")
_ADDRESS: Final = re.compile(r"url|link|href|path|address")
_NO_ADDRESS: Final = re.compile(
    r"img|image|pic|thumb|icon|logo|cover|photo|video|audio|qr|domain|site|share|mobile|wap"
)
_DATES: Final = re.compile(r"pub|release|issue|infodate|fbsj|fbrq|fwrq|show")
_WHOLE_DAY: Final = re.compile(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
_DATE: Final = re.compile(r"date|time|day|rq|sj$")
_NO_DATE: Final = re.compile(
    r"updat|modif|edit|expir|end|invalid|delet|creat|start|write|sync|import|audit|top|effect|count|last|long|zone|type"
)
_RECORDS: Final = re.compile(
    r"total|count|(?:total|record|row|all|result)(?:count|num|number|records?|rows?|elements|size|hits)|numfound|records"
)
_PAGES: Final = re.compile(
    r"totalpages?|pagecount|pagetotal|countpage|pages|pagescount|allpages?|pagetotals?|totalpagenum"
)
_SIZE: Final = re.compile(r"pagesize|perpage|pagerows|rowsperpage|size|limit|pagenumsize")

_MARKUP: Final = re.compile(r"<(?:a|li|tr|td|ul|div|p|span|record|datastore)\b", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
_LOOKS_ADDRESSED: Final = re.compile(
    r"(?:https?:)?//\S+|\.{0,2}/\S+|[\w./%-]+\.(?:s?html?|jhtml|jspx?|aspx?|php|do|pdf|docx?|wps|ofd)(?:[?#]\S*)?",
    re.IGNORECASE,
)
_EPOCH: Final = re.compile(r"(?:/Date\()?(\d{10}(?:\d{3})?)(?:[+-]\d{4})?(?:\)/)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One object of a list: its address as written, its title, and the day of publication that it names."""

    address: str
    title: str
    listed_on: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A data answer. `markup`: the HTML that stands in its strings. `records`, `pages`, `size`: 0 where not told."""

    entries: tuple[Entry, ...]
    markup: str
    records: int
    pages: int
    size: int


def read_answer(text: str) -> Answer | None:
    """A JSON or JSONP answer read as a list; None where the text is neither."""
    value = _value(text)
    return _Reader().read(value) if isinstance(value, dict | list) else None


def _value(text: str) -> Any:
    text = text.lstrip("\ufeff \t\r\n")
    if text[:1] in ("{", "["):
        return read_json(text)
    call = _CALLBACK.match(text)
    end = text.rfind(")")
    return (
        read_json(text[call.end() : end])
        if call and end > call.end() and text[end + 1 :].strip() in ("", ";")
        else None
    )


class _Reader:
    """Walks an answer once, in order, and gathers what it finds."""

    def __init__(self) -> None:
        self._left = _MOST_NODES
        self._entries: list[Entry] = []
        self._markup: list[str] = []
        self._length = 0
        self._counts = {"records": 0, "pages": 0, "size": 0}

    def read(self, value: Any) -> Answer:
        self._walk(value, 0)
        return Answer(tuple(self._entries), "\n".join(self._markup), **self._counts)

    def _walk(self, value: Any, depth: int, *, entry: bool = False) -> None:
        self._left -= isinstance(value, dict | list)
        if depth > _DEEPEST or self._left <= 0:
            return
        if isinstance(value, dict):
            self._walk_object(value, depth)
        elif isinstance(value, list):
            for item in value:
                self._walk(item, depth + 1)
        elif isinstance(value, str) and not entry:
            self._walk_text(value, depth)

    def _walk_object(self, value: dict[str, Any], depth: int) -> None:
        found = _entry(value)
        if found is None:
            self._count(value)
        elif len(self._entries) < _MOST_ENTRIES:
            self._entries.append(found)
        # What an entry says in words is the article's; lists in it are lists again.
        for item in value.values():
            self._walk(item, depth + 1, entry=found is not None)

    def _walk_text(self, value: str, depth: int) -> None:
        if value[:1] in ("{", "[") and isinstance(inner := read_json(value), dict | list):
            self._walk(inner, depth + 1)
        elif _MARKUP.search(value) and self._length + len(value) <= _LONGEST_MARKUP:
            self._length += len(value)
            self._markup.append(value)

    def _count(self, value: dict[str, Any]) -> None:
        for key, held in value.items():
            number, name = _whole(held), _plain(key)
            for kind, names in (("pages", _PAGES), ("size", _SIZE), ("records", _RECORDS)):
                # The outermost figure is the list's.
                if number and names.fullmatch(name) and not self._counts[kind]:
                    self._counts[kind] = number
                    break


def _entry(value: dict[str, Any]) -> Entry | None:
    fields = {_plain(key): held for key, held in value.items()}
    title = _title(fields)
    address = next(_addresses(fields), "") if title else ""
    return Entry(address, title, _day(fields)) if address else None


def _title(fields: dict[str, Any]) -> str:
    names: list[str] = [name for name in _TITLES if name in fields]
    names += [name for name in fields if name not in names and _TITLE.search(name)]
    titles = [title for name in names if (title := _words(fields[name]))]
    whole = [title for title in titles if not re.search(r"(?:\.{2,}|…)$", title)]
    return next(iter(whole), "") or max(titles, key=len, default="")


def _words(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TITLE:
        return ""
    return clean(html.unescape(_TAG.sub("", value)))


def _addresses(fields: dict[str, Any]) -> Iterator[str]:
    names: list[str] = [name for name in _ADDRESSES if name in fields]
    names += [name for name in fields if name not in names and _ADDRESS.search(name) and not _NO_ADDRESS.search(name)]
    for name in names:
        yield from _address(fields[name])


def _address(value: object) -> Iterator[str]:
    """The address that a field holds; some hold JSON with one for each kind of screen."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        value = read_json(value)
    if isinstance(value, dict):
        values: Iterable[object] = [value[key] for key in sorted(value, key=lambda key: _plain(key) != "pc")]
    else:
        values = value[:1] if isinstance(value, list) else [value]
    for held in values:
        if isinstance(held, str) and _LOOKS_ADDRESSED.fullmatch(held.strip()[:2000]):
            yield held.strip()


def _day(fields: dict[str, Any]) -> date | None:
    """The day of publication: a field that says so, else one that says date or time and nothing against it.

    Where no name says anything, the one day that stands in a field by itself.
    """
    allowed = [name for name in fields if not _NO_DATE.search(name)]
    dated = [name for name in allowed if _DATE.search(name)]
    dated.sort(key=lambda name: not _DATES.search(name))
    if named := next((day for name in dated if (day := _as_day(fields[name]))), None):
        return named
    texts = (fields[name] for name in allowed)
    days = {_as_day(text) for text in texts if isinstance(text, str) and _WHOLE_DAY.fullmatch(text.strip())}
    return days.pop() if len(days) == 1 else None


def _as_day(value: object) -> date | None:
    """A date from a text in any of its forms, or from Unix time in seconds or milliseconds."""
    text = str(value).strip()[:60] if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if match := _EPOCH.fullmatch(text):
        seconds = int(match[1][:10])
        day = datetime.fromtimestamp(seconds, _CHINA).date()
    else:
        day = next((found.value for found in find_dates(text, compact=True)), _EARLIEST)
    return day if _EARLIEST < day < _LATEST else None


def _plain(key: object) -> str:
    return re.sub(r"[^a-z\d]", "", str(key)[:80].lower())


def _whole(value: object) -> int:
    """A count; 0 for what is none."""
    if isinstance(value, bool):
        return 0
    text = str(value) if isinstance(value, int) else value.strip() if isinstance(value, str) else ""
    return int(text) if re.fullmatch(r"\d{1,7}", text, re.ASCII) else 0
