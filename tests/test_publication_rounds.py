"""Rules about publication over whole rounds: what odd but real portals show of a report, and what clean ones do not."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from monitor import registry
from monitor.clock import SHANGHAI
from monitor.demo.compose import compose
from monitor.form import CHINESE_NUMERALS, SECTIONS
from monitor.jobs.home import open_home
from monitor.jobs.round import run_round
from monitor.model import Finding, Obligation, Status, Verdict
from monitor.publication import PUBLICATION_RULES
from tests import form_tables, word_files
from tests.crawling import Reply, Site, list_page, row

NAMES = {
    "tz": "江南区投资促进中心",  # its page has only a file
    "jy": "江南区教育局",  # two versions with other figures; not submitted
    "wl": "江南区文化和旅游局",  # its link is dead
    "mz": "江南区民政局",  # its attachment is dead; the page has all its text
    "cz": "江南区财政局",  # as it should be, and the same again as a file and on another page; 2021 is missing
    "sw": "江南区水务局",  # its own column is not to be found
}
SEEN = Verdict(status=Status.ON_TIME, reason="published", first_seen_at=datetime(2022, 1, 20, tzinfo=SHANGHAI))
ABSENT = Verdict(
    status=Status.OVERDUE, reason="no_report_in_column", last_absent_at=datetime(2022, 2, 5, tzinfo=SHANGHAI)
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def title(agency: str, year: int = 2023) -> str:
    return f"{NAMES[agency]}{year}年政府信息公开工作年度报告"


def page(agency: str, year: int = 2023, *, body: str = "", more: str = "", seed: int = 0) -> str:
    text = body or compose(NAMES[agency], year, seed=seed, signed_on=date(year + 1, 1, 8)).body
    return (
        f"<html><head><title>{title(agency, year)}</title><meta name='ArticleTitle' content='{title(agency, year)}'>"
        f"<meta name='PubDate' content='{year + 1}-01-10 09:30'></head><body>"
        f"<div class='TRS_Editor'>{text}{more}</div></body></html>"
    )


def word_report(agency: str) -> Reply:
    """A report as a Word file: six headings, a sentence under each, the three tables."""
    tables = {2: form_tables.disclosure(), 3: form_tables.requests(), 4: form_tables.remedies()}
    blocks = [word_files.par(title(agency))]
    for number, (numeral, heading) in enumerate(zip(CHINESE_NUMERALS, SECTIONS, strict=True), start=1):
        blocks += [word_files.par(f"{numeral}、{heading}"), word_files.par(f"第{number}部分的情况如下。")]
        if number in tables:
            blocks.append(word_files.table(*(word_files.row(*cells) for cells in tables[number])))
    return Reply(body=word_files.word("".join(blocks)), headers={"Content-Type": WORD})


def register(home: Path, site: Site, *, own: dict[str, str]) -> None:
    """All agencies on one portal. `own`: agency → its own column."""
    folder = home / "registry"
    folder.mkdir(parents=True, exist_ok=True)
    portal = {"portal": "jn", "name": "江南区人民政府", "home": site.url("/"), "columns": site.url("/nb/")}
    rows = {
        "portals": [{**portal, "private": "yes", "render": "never", "delay": "0"}],
        "agencies": [
            {"agency": agency, "name": name, "kind": "department", "portal": "jn", "column": own.get(agency, "")}
            for agency, name in NAMES.items()
        ],
    }
    for file, values in rows.items():
        with (folder / f"{file}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, values[0])
            writer.writeheader()
            writer.writerows(values)


def play(home: Path, at: str, year: int = 2023) -> dict[tuple[str, str], Finding]:
    """A round, and the findings about publication that stand after it: (agency, rule) → finding."""
    with open_home(home, at) as opened:
        run_round(opened, years=(year,), reason="test")
        found = opened.store.findings(year=year)
    return {(one.agency, one.finding.rule): one.finding for one in found if one.finding.rule in PUBLICATION_RULES}


def test_three_rounds_show_how_reports_were_published(site: Site, tmp_path: Path) -> None:
    link = "<p><a href='{}'>{}.docx</a></p>"
    rows = [row(f"/{agency}.html", title(agency), "2024-01-10") for agency in ("tz", "jy", "wl", "mz", "cz")]
    twice = [row(f"/{agency}2.html", title(agency), "2024-01-10") for agency in ("jy", "cz")]
    site.pages |= {
        "/nb/": list_page(*rows, *twice),
        "/tz.html": page("tz", body=link.format("/tz.docx", title("tz"))),
        "/tz.docx": word_report("tz"),
        "/jy.html": page("jy"),
        "/jy2.html": page("jy", seed=1),
        "/wl.html": Reply(status=404),
        "/mz.html": page("mz", more=link.format("/mz.docx", title("mz"))),
        "/mz.docx": Reply(status=404),
        "/cz.html": page("cz", more=link.format("/cz.docx", title("cz"))),
        "/cz.docx": word_report("cz"),
        "/cz2.html": page("cz"),
        "/sw/": Reply(status=404),
    }
    register(tmp_path, site, own={"sw": site.url("/sw/")})
    first = play(tmp_path, "2024-01-15T09:00")
    assert set(first) == {("tz", "attachment_only"), ("jy", "duplicate_publication")}
    assert first["tz", "attachment_only"].explained, "no browser looked at the page"

    second = play(tmp_path, "2024-01-16T09:00")
    assert set(second) - set(first) == {
        ("wl", "link_unreachable"),
        ("mz", "link_unreachable"),
        ("sw", "column_missing"),
    }
    assert "附件" in second["mz", "link_unreachable"].message
    assert second["wl", "link_unreachable"].found == "2024-01-15起打不开"

    site.pages |= {
        "/wl.html": page("wl"),
        "/mz.docx": word_report("mz"),
        "/nb/": list_page(*rows),
        "/sw/": list_page(row("/sw.html", title("sw"), "2024-01-10")),
        "/sw.html": page("sw"),
    }
    with open_home(tmp_path, "2024-02-02T09:00") as home, home.store.transaction():
        for year, verdict in ((2020, SEEN), (2021, ABSENT), (2022, SEEN)):
            home.store.save_verdict(Obligation("cz", year, date(year + 1, 1, 31)), verdict, at=home.now())
    ledger = tmp_path / "台账.csv"
    ledger.write_text("单位编号,报告年度,报送日期,台账截至日期\njy,2023,,2024-02-02\nwl,2023,2024-01-12,\n", "utf-8")
    registry.import_submissions(tmp_path, ledger)
    third = play(tmp_path, "2024-02-03T09:00")
    # What was mended is told no more.
    assert set(third) == {("tz", "attachment_only"), ("cz", "history_gap"), ("jy", "submit_missing")}
    assert third["cz", "history_gap"].subject == "2021"
