"""The further requests of a list that is asked for by parameters: the same with the page number, or window, moved on.

Parameters stand in the query, in a form, in a JSON body, or in JSON that is itself a parameter (`paramJson`); servers
heed either a page number or a window of records. Which, their names tell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from crawler.pages.base import MOST_PAGES, Follow
from crawler.pages.literals import read_json

_PAGE: Final = frozenset(
    {
        "page", "pageno", "pagenum", "pageindex", "pagenumber", "page_no", "page_num", "page_index", "currpage",
        "currentpage", "curpage", "cpage", "nowpage", "current", "pn", "p",
    }
)  # fmt: skip
_SIZE: Final = frozenset({"perpage", "pagesize", "page_size", "pagerows", "rowsperpage", "size", "rows", "limit"})
_START: Final = frozenset({"startrecord", "startrow", "start", "offset", "firstresult"})
_END: Final = frozenset({"endrecord", "endrow", "end"})
#: Windows whose first record is number 1.
_FROM_ONE: Final = frozenset({"startrecord", "startrow"})
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class Extent:
    """How large a list is by its own account: `shown` rows here, of `records` on `pages` of `size`; 0 if not told."""

    shown: int
    records: int = 0
    pages: int = 0
    size: int = 0


def turned(asked: Follow, extent: Extent, *, first: int = 1) -> list[Follow]:
    """The requests for what follows; none where the answer does not say that there is more.

    Without totals, a page as full as was asked for may have a next one. `first`: how the list's first page is numbered.
    """
    fields = dict(_fields(asked))
    number = _named(fields, _PAGE)
    if window := _named(fields, _START):
        return list(_windows(asked, extent, fields, window, number))
    return list(_pages(asked, extent, fields, number, first)) if number else []


def with_fields(asked: Follow, changes: Mapping[str, int]) -> Follow:
    """The same request with some of its parameters, named in small letters, set anew wherever they stand."""
    query = _pairs(_query(asked.url), changes)
    place = asked.url.partition("?")[0]
    return replace(
        asked,
        url=f"{place}?{urlencode(query)}" if query else place,
        form=_pairs(asked.form, changes),
        json=_dumped(_set(read_json(asked.json), changes)) if asked.json else "",
    )


def _pages(asked: Follow, extent: Extent, fields: dict[str, str], name: str, first: int) -> Iterator[Follow]:
    number = _number(fields[name])
    if number is None:
        return
    wanted = _number(fields.get(_named(fields, _SIZE), "")) or 0
    size = extent.size or wanted or extent.shown
    count = extent.pages or (-(-extent.records // size) if size else 0)
    first = min(first, number)
    last = first + min(count, MOST_PAGES) - 1
    if not count and wanted and extent.shown >= wanted:
        last = number + 1
    elif number == last and first == 0 and extent.records and extent.shown > extent.records - number * size:
        last = number + 1  # it counts from one after all, and took 0 for 1
    for page in range(number + 1, last + 1):
        yield with_fields(asked, {name: page})


def _windows(asked: Follow, extent: Extent, fields: dict[str, str], start: str, number: str) -> Iterator[Follow]:
    begin, end = _number(fields[start]), _named(fields, _END)
    step = extent.shown
    if begin is None or not step:
        return
    until = _number(fields[end]) if end else None
    wanted = until - begin + 1 if until is not None else _number(fields.get(_named(fields, _SIZE), "")) or 0
    total = extent.records
    if not total and wanted and step >= wanted:
        total = begin + step + wanted - 1  # as full as was asked for: there may be one more
    page = _number(fields[number]) if number else None
    last = total + (start in _FROM_ONE)
    for count, at in enumerate(range(begin + step, min(last, begin + step * MOST_PAGES), step), 1):
        changes = {start: at}
        if end:
            changes[end] = min(at + step, last) - 1
        if page is not None:
            changes[number] = page + count
        yield with_fields(asked, changes)


def _fields(asked: Follow) -> Iterator[tuple[str, str]]:
    """All parameters of a request, their names in small letters."""
    yield from _flat(dict(_query(asked.url)))
    yield from _flat(dict(asked.form))
    if asked.json:
        yield from _flat(read_json(asked.json))


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(url.partition("?")[2].partition("#")[0], keep_blank_values=True)
    except ValueError:  # too many of them
        return []


def _flat(value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    for name, held in value.items():
        inner = read_json(held) if isinstance(held, str) and held[:1] == "{" else held
        if isinstance(inner, dict):
            yield from _flat(inner, depth + 1)
        elif isinstance(held, str | int):
            yield str(name).lower(), str(held)


def _set(value: Any, changes: Mapping[str, int], depth: int = 0) -> Any:
    if isinstance(value, str) and value[:1] == "{" and isinstance(inner := read_json(value), dict):
        return _dumped(_set(inner, changes, depth + 1))
    if not isinstance(value, dict) or depth > _DEEPEST:
        return value
    return {
        name: type(held)(changes[name.lower()])
        if name.lower() in changes and type(held) in (str, int)
        else _set(held, changes, depth + 1)
        for name, held in value.items()
    }


def _pairs(
    pairs: tuple[tuple[str, str], ...] | list[tuple[str, str]], changes: Mapping[str, int]
) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(_set({name: value}, changes)[name])) for name, value in pairs)


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _named(fields: Mapping[str, str], names: frozenset[str]) -> str:
    return next((name for name in fields if name in names), "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else None
