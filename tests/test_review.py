"""What is known, lost or skipped must never speak for what was not looked at."""

from __future__ import annotations

import asyncio
from datetime import date


from crawler.lists import Listing
from crawler.pages.base import Follow, Row
from crawler.paging import Sequel, read_on
from crawler.reading import Reading


PAGES = [Follow(f"http://127.0.0.1/nb/{number}.html") for number in range(4)]


def walked(*days: str) -> Sequel:
    """A list whose pages hold rows of these days, or could not be had ("")."""
    pages = {
        follow: Listing(
            Reading(
                rows=tuple(Row(f"{follow.url}#{n}", f"第{n}局年报", date.fromisoformat(day)) for n in range(2)),
                following=tuple(PAGES[1 : len(days)]),
            ),
            "",
            "",
        )
        if day
        else Listing(Reading(), "portal_unreachable", follow.url)
        for follow, day in zip(PAGES, days, strict=False)
    }

    async def get(follow: Follow) -> Listing:
        return pages[follow]

    return asyncio.run(read_on(PAGES[0], pages[PAGES[0]], get, (2023,)))


def test_a_page_lost_before_the_old_reports_is_a_hole_and_one_after_them_is_none() -> None:
    assert walked("2024-01-30", "", "2022-01-20").reason == "portal_unreachable"
    assert walked("2024-01-30", "2022-01-20", "").reason == ""
