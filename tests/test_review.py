"""What is known, lost or skipped must never speak for what was not looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from crawler.lists import Listing
from crawler.pages.base import Follow, Row
from crawler.paging import Sequel, read_on
from crawler.reading import Reading
from monitor.clock import SHANGHAI
from monitor.exchange import KnownList
from monitor.facts import Coverage
from monitor.model import Match
from monitor.rows import StoredLook
from monitor.signs import Signs

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


class Names:
    """A roster on which every agency is called by its id."""

    def __call__(self, signs: Signs) -> str | None:
        return signs.named

    def year(self, url: str) -> int | None:
        return None

    def candidates(self, signs: Signs) -> list[Match]:
        return []

    def might_be(self, signs: Signs, agency: str) -> bool:
        return False


FEBRUARY, MARCH = (datetime(2024, month, 1, 9, tzinfo=SHANGHAI) for month in (2, 3))
ROSTER = {**{f"d{n}": "department" for n in range(6)}, "t1": "township"}


def known(names: Sequence[str], since: datetime = FEBRUARY, column: str = "/nb/") -> KnownList:
    return KnownList(column, MARCH, column=column, named=tuple(names), named_at=dict.fromkeys(names, since))


def holds(agency: str, *lists: KnownList, at: datetime = FEBRUARY, roster: Mapping[str, str] = ROSTER) -> bool:
    look = StoredLook(
        crawl="c",
        portal="p",
        column_url="/nb/",
        agency="",
        at=at,
        healthy=True,
        reason="ok",
        candidates=(),
        missing=(),
    )
    return Coverage(lists, Names(), roster).any_holds([look], agency)


def test_a_found_list_of_most_agencies_proves_for_those_of_the_kinds_that_it_holds() -> None:
    departments = known([f"d{n}" for n in range(5)])
    assert holds("d5", departments)
    assert not holds("t1", departments)


def test_a_found_list_of_agencies_with_columns_of_their_own_is_no_common_list_of_the_others() -> None:
    assert not holds("d5", known([f"d{n}" for n in range(5)]), roster={"d4": "department", "d5": "department"})


def test_a_report_that_stood_in_another_column_is_not_missed_in_a_common_one() -> None:
    common = known([f"d{n}" for n in range(5)])
    assert not holds("d5", common, known(["d5"], column="/lost/"))
    assert holds("d5", common, known(["d5"]))


def test_what_a_portal_brings_together_later_was_not_missing_there_before() -> None:
    for names in (["d5"], [f"d{n}" for n in range(5)]):
        assert not holds("d5", known(names, MARCH))
        assert holds("d5", known(names, MARCH), at=MARCH)
