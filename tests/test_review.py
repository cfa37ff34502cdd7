"""What is known, lost or skipped must never speak for what was not looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from crawler.lists import Listing
from crawler.pages.base import Follow, Row
from crawler.paging import Sequel, read_on
from crawler.reading import Reading
from crawler.tally import Tally
from monitor.clock import SHANGHAI
from monitor.exchange import Column, ColumnHealth, FoundColumn, Health, KnownList, Limits
from monitor.facts import Coverage
from monitor.model import Match
from monitor.rows import StoredLook
from monitor.signs import Signs
from monitor.store import Store
from tests.crawling import Site, crawl, list_page, row, spec_for

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


NEWS = [row(f"/n/{n}.html", f"区里第{n}次调研", f"2024-01-1{n}") for n in range(6)]
PAST = row("/a/0.html", "区教育局2022年政府信息公开工作年度报告", "2023-01-20")


@pytest.mark.parametrize(("day", "years"), [("2024-02-07", (2022,)), ("2024-01-07", (2023,))])
def test_a_list_of_something_else_is_asked_for_another_year_and_where_the_clock_was_wrong(
    day: str, years: tuple[int, ...], tmp_path: Path
) -> None:
    with Site() as site:
        site.pages["/gkpt/"] = list_page(PAST, more="<a href='/gkpt/news/'>公开指南</a>")
        site.pages["/gkpt/news/"] = list_page(*NEWS, title="动态")
        first = crawl(spec_for(site, "/gkpt/", clock="2024-02-06T09:00"), tmp_path / "1").health
        assert first is not None
        site.forget()
        crawl(spec_for(site, "/gkpt/", lists=first.lists, years=years, clock=f"{day}T09:00"), tmp_path / "2")
        assert "/gkpt/news/" in site.asked


def test_a_list_that_gave_its_rows_to_lists_below_it_recovers_by_itself(tmp_path: Path) -> None:
    with Site() as site:
        site.pages["/nb/"] = list_page(PAST)
        first = crawl(spec_for(site, "/nb/"), tmp_path / "1").health
        assert first is not None
        site.pages["/nb/"] = list_page("<li><a href='2023xxgknb/'>2023年政府信息公开年报</a></li>")
        site.pages["/nb/2023xxgknb/"] = list_page(PAST)
        second = crawl(spec_for(site, "/nb/", lists=first.lists), tmp_path / "2").health
        assert second is not None
        assert second.columns[0].reason == "ok"


def test_what_was_read_under_another_column_before_counts_from_then() -> None:
    tally = Tally(Column("/b/"))
    for at in (MARCH, FEBRUARY, MARCH):
        tally.begin(at)
    assert tally.health("never_looked").at == FEBRUARY


def test_a_search_that_a_limit_ended_is_no_whole_one(tmp_path: Path) -> None:
    with Site() as site:
        site.pages |= {
            "/": "<title>信息公开</title><a href='/nb/'>政府信息公开年报</a><a href='/bm/'>江南区教育局</a>",
            "/nb/": list_page(PAST),
            "/bm/": "<html><a href='/bm/nb/'>政府信息公开年报</a></html>",
            "/bm/nb/": list_page(PAST),
        }
        done = crawl(spec_for(site, names=("江南区教育局",), limits=Limits(pages=2)), tmp_path).health
        assert done is not None
        assert ([column.url for column in done.found], done.explored) == ([site.url("/nb/")], False)


@pytest.mark.parametrize(("reason", "left"), [("portal_unreachable", 2), ("list_truncated", 2), ("column_lost", 1)])
def test_a_found_column_is_given_up_only_if_it_is_lost(reason: str, left: int, tmp_path: Path) -> None:
    one, other = FoundColumn("http://127.0.0.1/a/"), FoundColumn("http://127.0.0.1/b/")
    health = Health(
        crawl="1",
        portal="p",
        started_at=FEBRUARY,
        finished_at=FEBRUARY,
        outcome="finished",
        columns=(ColumnHealth(url=other.url, healthy=False, reason=reason),),
        found=(one, other),
        explored=True,
    )
    with Store(tmp_path / "nianbao.sqlite") as store, store.transaction():
        store.take_in(health, (), years=(2023,), warc="")
        store.take_in(replace(health, crawl="2", found=(one,)), (), years=(2023,), warc="")
        assert len(store.found_columns("p")) == left
