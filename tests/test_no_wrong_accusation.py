"""Odd but real portals over whole rounds: what could not be known is unknown, never late or overdue."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from monitor.demo.compose import compose
from monitor.jobs.home import open_home
from monitor.jobs.round import run_round
from monitor.model import Verdict
from tests.crawling import Reply, Site, article_page, list_page, row

AGENCY = "江南区投资促进中心"
TITLE = f"{AGENCY}2023年政府信息公开工作年度报告"
PAST = row("/past.html", f"{AGENCY}2022年政府信息公开工作年度报告", "2023-01-20")
AFTER = "2024-02-08T09:00"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        running.pages["/past.html"] = article_page(f"{AGENCY}2022年政府信息公开工作年度报告", "2023-01-20")
        yield running


def register(
    home: Path, site: Site, *, columns: str = "/nb/", agency: str = "tz", name: str = AGENCY, own: str = ""
) -> None:
    folder = home / "registry"
    folder.mkdir(parents=True, exist_ok=True)
    rows = {
        "portals": {
            "portal": "jn",
            "name": "江南区人民政府",
            "home": site.url("/"),
            "columns": " ".join(map(site.url, columns.split())),
            "private": "yes",
            "render": "never",
            "delay": "0",
        },
        "agencies": {
            "agency": agency,
            "name": name,
            "kind": "institution",
            "portal": "jn",
            "column": site.url(own) if own else "",
        },
    }
    for file, values in rows.items():
        with (folder / f"{file}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, values)
            writer.writeheader()
            writer.writerow(values)


def play(home: Path, at: str = AFTER, year: int = 2023) -> Verdict:
    """One round and what it says of the one agency."""
    with open_home(home, at) as opened:
        [judged] = run_round(opened, years=(year,), reason="test").judged
    return judged.verdict


def report_page(title: str = TITLE, day: str = "2024-01-20") -> str:
    body = compose(AGENCY, 2023, signed_on=date(2024, 1, 18)).body
    return (
        f"<html><head><title>{title}</title><meta name='ArticleTitle' content='{title}'>"
        f"<meta name='PubDate' content='{day} 09:30'></head><body><div class='TRS_Editor'>{body}</div></body></html>"
    )


def test_a_roster_that_is_put_right_finds_the_reports_that_are_in_evidence_already(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/nb/": list_page(row("/r.html", TITLE, "2024-01-20"), PAST), "/r.html": report_page()}
    register(tmp_path, site, name="江南区招商中心")
    play(tmp_path)
    register(tmp_path, site, agency="tzcj")
    verdict = play(tmp_path, "2024-02-09T09:00")
    assert (str(verdict.status), verdict.claimed_on) == ("on_time", date(2024, 1, 20))


@pytest.mark.parametrize("missing", ["images", "attachment"])
def test_a_nameless_page_whose_report_could_not_be_had_may_be_anybodys(
    missing: str, site: Site, tmp_path: Path
) -> None:
    title = "2023年政府信息公开工作年度报告"
    body = {"images": "<p><img src='/1.jpg'></p>", "attachment": "<p><a href='/r.pdf'>年度报告.pdf</a></p>"}[missing]
    site.pages |= {
        "/nb/": list_page(row("/r.html", title, "2024-01-20"), PAST),
        "/r.html": f"<html><head><meta name='ArticleTitle' content='{title}'></head><body><h1>{title}</h1>"
        f"<div class='TRS_Editor'>{body}</div></body></html>",
        "/r.pdf": Reply(status=503),
        "/1.jpg": Reply(status=404),
    }
    register(tmp_path, site)
    verdict = play(tmp_path)
    assert (str(verdict.status), verdict.reason) == ("unknown", "unmatched_report")


@pytest.mark.parametrize("typed", ["2024", "2022"])
def test_a_title_with_a_mistyped_year_is_still_the_years_report(typed: str, site: Site, tmp_path: Path) -> None:
    title = TITLE.replace("2023", typed)
    site.pages |= {
        "/nb/": list_page(row("/r.html", title, "2024-01-12"), PAST),
        "/r.html": report_page(title, "2024-01-12"),
    }
    register(tmp_path, site)
    assert str(play(tmp_path).status) == "on_time"


def test_a_letter_in_the_place_of_the_report_is_for_a_person_to_look_at(site: Site, tmp_path: Path) -> None:
    title = f"关于报送{AGENCY}2023年政府信息公开工作年度报告的函"
    site.pages |= {"/nb/": list_page(row("/r.html", title, "2024-01-20"), PAST), "/r.html": article_page(title)}
    register(tmp_path, site)
    verdict = play(tmp_path)
    assert (str(verdict.status), verdict.reason) == ("unknown", "wrong_document")


def test_a_list_of_news_is_no_column_of_reports(site: Site, tmp_path: Path) -> None:
    site.pages["/nb/"] = list_page(
        *(row(f"/n{day}.html", f"区领导第{day}次调研", f"2024-01-{day}") for day in range(10, 18))
    )
    register(tmp_path, site)
    verdict = play(tmp_path)
    assert (str(verdict.status), verdict.reason) == ("unknown", "column_lost")


def test_a_wrong_column_that_is_put_right_leaves_no_evidence_behind(site: Site, tmp_path: Path) -> None:
    site.pages |= {
        "/wrong/": list_page(PAST),
        "/nb/": list_page(row("/r.html", TITLE, "2024-01-12"), PAST),
        "/r.html": report_page(day="2024-01-12"),
    }
    register(tmp_path, site, columns="/wrong/")
    assert str(play(tmp_path).status) == "overdue"
    register(tmp_path, site)
    assert str(play(tmp_path, "2024-02-09T09:00").status) == "on_time"


def test_a_round_for_another_year_reads_the_lists_anew(site: Site, tmp_path: Path) -> None:
    other = f"{AGENCY}2021年政府信息公开工作年度报告"
    site.pages |= {
        "/nb/": list_page(PAST, more="<script>createPageHTML(2, 0, 'index', 'html');</script>"),
        "/nb/index_1.html": list_page(row("/o.html", other, "2022-01-12")),
        "/o.html": article_page(other, "2022-01-12"),
    }
    register(tmp_path, site)
    play(tmp_path)
    assert play(tmp_path, year=2021).reason != "no_report_in_column"


def test_a_discovery_that_saw_only_a_part_proves_no_absence(site: Site, tmp_path: Path) -> None:
    site.pages |= {
        "/": "<html><body><a href='/a/'>政府信息公开</a><a href='/b/'>政府信息公开</a></body></html>",
        "/a/": "<html><body><a href='/nb/'>政府信息公开年报</a></body></html>",
        "/b/": Reply(status=503),
        "/nb/": list_page(PAST),
    }
    register(tmp_path, site, columns="")
    assert str(play(tmp_path).status) == "unknown"


def test_an_overdue_report_is_overdue_by_the_days_that_were_seen(site: Site, tmp_path: Path) -> None:
    site.pages["/nb/"] = list_page(PAST)
    register(tmp_path, site)
    play(tmp_path, "2024-02-01T09:00")
    site.pages["/nb/"] = Reply(status=503)
    verdict = play(tmp_path, "2024-02-10T09:00")
    assert (str(verdict.status), verdict.days_late) == ("overdue", 1)


def test_a_damaged_bundle_is_put_aside_and_stops_no_round(site: Site, tmp_path: Path) -> None:
    site.pages["/nb/"] = list_page(PAST)
    register(tmp_path, site)
    broken = tmp_path / "inbox" / "jn-1"
    broken.mkdir(parents=True)
    (broken / "health.json").write_text("{", "utf-8")
    (tmp_path / "inbox" / "Thumbs.db").touch()
    assert str(play(tmp_path).status) == "overdue"
    assert (tmp_path / "inbox-broken" / "jn-1").is_dir()
