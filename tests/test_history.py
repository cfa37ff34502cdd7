"""A list is held against its own past; what is as it was is neither sent nor read again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.history import doubt
from monitor.clock import parse_time
from monitor.exchange import KnownList
from tests.crawling import Reply, Site, article_page, crawl, list_page, row, spec_for

NOW = parse_time("2024-02-06T09:00")
URL = "http://www.jn.gov.cn/nb/"


def seen(rows: int = 12, dated: int = 12, reports: int = 10) -> KnownList:
    return KnownList(URL, NOW, rows=rows, dated=dated, reports=reports)


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (seen(), ""),
        (seen(rows=13), ""),
        (seen(rows=7, dated=7, reports=6), ""),
        (seen(0, 0, 0), "list_emptied"),
        (seen(dated=0), "layout_changed"),
        (seen(reports=0), "layout_changed"),
        (seen(rows=5, dated=5, reports=4), "list_truncated"),
    ],
)
def test_a_list_that_lost_its_rows_dates_or_reports_is_doubted(now: KnownList, reason: str) -> None:
    found = doubt(seen(), now, NOW)
    assert (found[0] if found else "") == reason


def test_a_list_without_a_past_or_with_hardly_one_is_not_doubted() -> None:
    assert doubt(None, seen(1, 0, 0), NOW) is None
    assert doubt(seen(3, 3, 3), seen(1, 0, 0), NOW) is None


def test_what_stays_smaller_for_a_week_is_believed_but_an_empty_list_never() -> None:
    doubted = KnownList(URL, NOW, rows=12, dated=12, reports=10, doubted_at=NOW - timedelta(days=7))
    assert doubt(doubted, seen(5, 5, 4), NOW) is None
    assert doubt(doubted, seen(0, 0, 0), NOW) == ("list_emptied", f"以前有12条，现在一条也没有：{URL}")


def reports(count: int) -> str:
    rows = (row(f"/a/{n}.html", f"区第{n}局2022年政府信息公开工作年度报告", "2023-01-20") for n in range(count))
    return list_page(*rows)


def test_a_list_that_shrank_is_no_proof_of_absence_and_recovers_by_itself(tmp_path: Path) -> None:
    with Site() as site:
        site.pages["/nb/"] = reports(8)
        first = crawl(spec_for(site, "/nb/"), tmp_path / "1").health
        assert first is not None
        site.pages["/nb/"] = reports(2)
        second = crawl(spec_for(site, "/nb/", lists=first.lists), tmp_path / "2").health
        assert second is not None
        assert (second.columns[0].healthy, second.columns[0].reason) == (False, "list_truncated")
        site.pages["/nb/"] = reports(9)
        third = crawl(spec_for(site, "/nb/", lists=second.lists), tmp_path / "3").health
        assert third is not None
        assert third.columns[0].healthy
        assert third.lists[0].rows == 9


@pytest.mark.parametrize("way", ["validators", "same bytes"])
def test_a_list_that_is_as_it_was_is_not_read_again_and_still_counts(way: str, tmp_path: Path) -> None:
    title = "区教育局2023年政府信息公开工作年度报告"
    with Site() as site:
        listed = list_page(row("/a/1.html", title, "2024-01-20"))
        headers = {"ETag": '"1"'} if way == "validators" else {}

        def answer(request: object) -> Reply:
            asked = request.headers["If-None-Match"]  # type: ignore[attr-defined]
            return Reply(status=304) if asked == '"1"' else Reply(listed, headers=headers)

        site.pages |= {"/nb/": answer, "/a/1.html": article_page(title)}
        first = crawl(spec_for(site, "/nb/"), tmp_path / "1").health
        assert first is not None
        again = crawl(spec_for(site, "/nb/", lists=first.lists), tmp_path / "2")
        assert again.health is not None
        column = again.health.columns[0]
        assert (column.healthy, column.links, column.dated) == (True, 1, 1)
        assert [link.title for link in column.candidates] == [title]
        assert [capture.status for capture in again.of("list")] == [304 if way == "validators" else 200]
        assert again.health.lists == first.lists
        # Another year's reports are other candidates of the same bytes.
        other = crawl(spec_for(site, "/nb/", lists=first.lists, years=(2022,)), tmp_path / "3")
        assert other.health is not None
        assert not other.health.columns[0].candidates


def test_a_list_of_something_else_is_left_alone_for_the_day_and_a_place_for_reports_never(tmp_path: Path) -> None:
    news = [row(f"/n/{n}.html", f"区里第{n}次调研", f"2024-01-1{n}") for n in range(6)]
    with Site() as site:
        below = "<a href='/gkpt/news/'>公开指南</a><a href='/gkpt/2023/'>2023年</a><a href='/gkpt/bm/'>区直部门</a>"
        site.pages |= {
            "/gkpt/": list_page(row("/a/0.html", "区教育局2022年政府信息公开工作年度报告", "2023-01-20"), more=below),
            "/gkpt/news/": list_page(*news, title="动态"),
            "/gkpt/2023/": list_page(*news, title="2023年"),
            "/gkpt/bm/": list_page(*news, title="区直部门"),
        }
        first = crawl(spec_for(site, "/gkpt/", clock="2024-02-06T09:00"), tmp_path / "1").health
        assert first is not None
        for day, asked in (("2024-02-06T21:00", False), ("2024-02-07T00:05", True)):
            site.forget()
            spec = spec_for(site, "/gkpt/", lists=first.lists, clock=day)
            crawl(spec, tmp_path / day[:13])
            assert ("/gkpt/news/" in site.asked) is asked
            assert {"/gkpt/2023/", "/gkpt/bm/"} <= set(site.asked)
