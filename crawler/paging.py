"""Reads one list to its end, page by page, and says whether the end was reached. The number of pages that a list claims
is checked: a list that dies on page 7 looks well on the first six.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crawler.candidates import is_older
from crawler.lists import Key, Listing, key_of
from crawler.pages.base import Follow
from monitor.exchange import COLUMN_REASONS

#: So many pages in a row without anything new end a list.
BARREN: Final = 2

Get = Callable[[Follow], Awaitable[Listing]]


@dataclass(frozen=True, slots=True)
class Sequel:
    """The pages of a list that brought rows, the first one included. `reason`: why it was not seen whole, or ""."""

    pages: Sequence[Listing]
    reason: str = ""
    detail: str = ""


async def read_on(start: Follow, first: Listing, get: Get, years: tuple[int, ...]) -> Sequel:
    """Follow a list from its first page to its end."""
    pages, barren, holes = [first], 0, 0
    fruitless: list[Listing] = []
    rows = {row.url for row in first.reading.rows}
    asked: set[Key] = {key_of(start)}
    waiting = deque(first.reading.following)
    while waiting and barren < BARREN:
        page = await _next(waiting.popleft(), asked, rows, get)
        if page is None:
            continue
        if _brings(page, rows):
            barren, holes = 0, len(fruitless)
            pages.append(page)
            rows.update(row.url for row in page.reading.rows)
            waiting.extend(page.reading.following)
        else:
            barren += 1
            fruitless.append(page)
    unasked = any(key_of(follow) not in asked for follow in waiting)
    # Lists put the newest first: what follows a page of old reports can hold none that is looked for. A page that was
    # lost before it may.
    if is_older(pages[0].reading.rows, pages[-1].reading.rows, years):
        return Sequel(pages, *_lost(fruitless[:holes]))
    return Sequel(pages, *_gap(pages, fruitless, unasked=unasked))


async def _next(follow: Follow, asked: set[Key], rows: set[str], get: Get) -> Listing | None:
    """The first spelling of a next page that brings new rows, else the last one tried; None where all were asked."""
    page = None
    for url in (follow.url, *follow.alternatives):
        spelling = replace(follow, url=url)
        if (key := key_of(spelling)) in asked:
            continue
        asked.add(key)
        page = await get(spelling)
        if _brings(page, rows):
            break
    return page


def _brings(page: Listing, rows: set[str]) -> bool:
    return not page.reason and any(row.url not in rows for row in page.reading.rows)


def _gap(pages: Sequence[Listing], fruitless: Sequence[Listing], *, unasked: bool) -> tuple[str, str]:
    """Why a list was not seen to its end: reason code and detail; two empty texts where it was."""
    if any(lost := _lost(fruitless)):
        return lost
    if unasked:
        return "list_truncated", f"第 {len(pages)} 页以后没有新内容，但列表还没有完"
    if len(pages) == 1 and any(page.reading.rows for page in fruitless):
        return "list_truncated", "翻页后内容不变"
    read, announced = len(pages) + len(fruitless), max(page.reading.announced for page in pages)
    if read < announced:
        return "list_truncated", f"列表共 {announced} 页，只看到 {read} 页"
    rows, claimed = len({row.url for page in pages for row in page.reading.rows}), pages[0].reading.claimed
    # Pages or rows: where it is more than either, there is more than was seen.
    if max(read, rows) < claimed:
        return "list_truncated", f"翻页脚本写明共 {claimed} 页（条），只看到 {read} 页 {rows} 条"
    return "", ""


def _lost(fruitless: Sequence[Listing]) -> tuple[str, str]:
    """Why the first of these pages that was lost was, as reason code and detail; two empty texts where none was."""
    for page in fruitless:
        if page.reason:
            # A lost page of a list that stands is a hole in it, not the loss of the column.
            return "list_truncated" if page.reason in COLUMN_REASONS else page.reason, page.detail
    return "", ""
