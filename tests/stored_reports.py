"""A home in which reports of a small roster are stored, as crawls and readings would leave them, without either."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from monitor.clock import SHANGHAI
from monitor.exchange import ArticleFacts, Capture, ColumnHealth, Health, ListedLink
from monitor.jobs.assess import assess
from monitor.jobs.home import Home, open_home
from monitor.model import DateCandidate, Report
from monitor.rows import Reading, StoredFinding, packed

YEAR = 2023
NOW = datetime(2024, 2, 6, 9, 0, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
AGENCY = "wlj"
NAME = "青石县文化和旅游局"
OTHER = "czj"
OTHER_NAME = "青石县财政局"
COLUMN = "http://qs.example/nb/"
_PORTALS = f"portal,name,home,columns\nqs,青石县人民政府,http://qs.example/,{COLUMN}\n"
_AGENCIES = f"agency,name,kind,portal\n{AGENCY},{NAME},department,qs\n{OTHER},{OTHER_NAME},department,qs\n"


def new_home(path: Path) -> Path:
    (path / "registry").mkdir(parents=True)
    (path / "registry/portals.csv").write_text(_PORTALS, "utf-8")
    (path / "registry/agencies.csv").write_text(_AGENCIES, "utf-8")
    return path


@contextmanager
def home_at(path: Path, at: datetime = NOW) -> Iterator[Home]:
    with open_home(path, at.isoformat()) as home:
        yield home


def publish(
    home: Home, report: Report, *, agency: str = NAME, year: int = YEAR, page: str = "1.html", on: date | None = None
) -> None:
    """A crawl that fetched a report from a page of the column, and its reading."""
    url, at, on = f"{COLUMN}{page}", home.now(), on or date(year + 1, 1, 20)
    title = f"{agency}{year}年政府信息公开工作年度报告"
    capture = Capture(
        url=url,
        kind="article",
        column=COLUMN,
        fetched_at=at,
        status=200,
        media_type="text/html",
        sha256="0" * 64,
        size=1,
        offset=0,
        length=1,
        article=ArticleFacts(title=title, dates=(DateCandidate(on, "meta", 0.9),), content=url),
    )
    crawl = f"c-{agency}-{year}-{page}-{at:%m%d%H%M}"
    column = ColumnHealth(url=COLUMN, healthy=True, at=at, candidates=(ListedLink(url, title, on, year),))
    health = Health(crawl=crawl, portal="qs", started_at=at, finished_at=at, outcome="finished", columns=(column,))
    with home.store.transaction():
        home.store.take_in(health, [capture], years=[year], warc="")
    read(home, report, agency=agency, year=year, page=page)


def read(
    home: Home, report: Report, *, agency: str = NAME, year: int = YEAR, page: str = "1.html", reader: str = "r1"
) -> None:
    """Read what was fetched from a page, again or for the first time: this is what it turned out to say."""
    is_form, wire = packed(report)
    captures = [stored for stored in home.store.unread(f"not {reader}") if stored.capture.url == f"{COLUMN}{page}"]
    with home.store.transaction():
        home.store.save_reading(
            Reading(
                capture=captures[-1].id,
                year=year,
                named=agency,
                body=report.agency or "",
                is_form=is_form,
                wire=wire,
                error="",
            ),
            reader=reader,
        )


def judge(home: Home, *years: int) -> None:
    assess(home, years=years or (YEAR,))


def by_rule(found: list[StoredFinding], rule: str) -> StoredFinding:
    """The one finding of a rule."""
    (stored,) = [item for item in found if item.finding.rule == rule]
    return stored
