"""Areas for the tests of the roll-up: a real home whose agencies' composed reports were taken in and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.clock import SHANGHAI
from monitor.demo.compose import Composed, compose
from monitor.documents import read_document, read_report
from monitor.exchange import ArticleFacts, Capture, ColumnHealth, Health
from monitor.form import DISCLOSURE_BLOCKS, REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS, REQUEST_ROWS
from monitor.jobs.home import Home, open_home
from monitor.model import Cell, DateCandidate, Report
from monitor.rollup import Source
from monitor.rows import Reading, packed

YEAR = 2023
NOW = datetime(2024, 3, 1, 9, tzinfo=SHANGHAI)
SITE = "http://area.example"


@dataclass(frozen=True, slots=True)
class Body:
    """An agency of the area. `reports`: its reports in the order of their publication; none: it has none."""

    agency: str
    name: str
    kind: str = "department"
    region: str = "370403"
    reports: tuple[Report, ...] = ()
    extra: str = ""  # the columns since and until
    healthy: bool = True
    withdrawn: bool = False


def composed(name: str, year: int = YEAR, **options: Any) -> tuple[Composed, Report]:
    """A composed report, and what reading makes of it."""
    made = compose(name, year, **options)
    page = f"<html><head><title>{made.title}</title></head><body>{made.body}</body></html>"
    return made, read_report(read_document(page.encode(), name="report.html"))


def report_of(name: str, year: int = YEAR, **options: Any) -> Report:
    return composed(name, year, **options)[1]


def blank_report(value: int | None = 0, *, edition: str = "2021", year: int = YEAR, **cells: Any) -> Report:
    """A report in which every cell is the same, but those given by `cells` (dots as double underscores).

    A cell given as text holds no number and that text; given as None it is blank; as "absent" it is not there.
    """

    def cell(path: str) -> Cell | None:
        given = cells.get(path.replace(".", "__"), value)
        if given == "absent":
            return None
        if isinstance(given, Cell):
            return given
        return Cell(None, given or "") if given is None or isinstance(given, str) else Cell(given, str(given))

    def table(name: str, rows: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Cell]]:
        made = {row: {c: cell(f"{name}.{row}.{c}") for c in columns} for row, columns in rows.items()}
        return {row: {c: found for c, found in line.items() if found is not None} for row, line in made.items()}

    blocks = {row.key: [c.key for c in block.columns] for block in DISCLOSURE_BLOCKS[edition] for row in block.rows}
    return Report(
        title="年度报告",
        agency=None,
        year=year,
        format=edition,
        tables={
            "disclosure": table("disclosure", blocks),
            "requests": table("requests", {r.key: [c.key for c in REQUEST_COLUMNS] for r in REQUEST_ROWS[edition]}),
            "remedies": table("remedies", {k.key: [r.key for r in REMEDY_RESULTS] for k in REMEDY_KINDS}),
        },
    )


def source(agency: str, report: Report | None, **fields: Any) -> Source:
    return Source(agency=agency, name=fields.pop("name", f"{agency}局"), report=report, **fields)


# ── a home ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def area(path: Path, bodies: Sequence[Body], *, now: datetime = NOW) -> Iterator[Home]:
    """A home in which these bodies were looked at in health after their deadlines, each in its own column."""
    write_registry(path, bodies)
    with open_home(path, now.isoformat()) as home:
        fill(home, bodies)
        yield home


def write_registry(path: Path, bodies: Sequence[Body]) -> None:
    folder = path / "registry"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "portals.csv").write_text(f"portal,name,home\narea,某区人民政府网站,{SITE}/\n", "utf-8")
    rows = [
        f'{body.agency},"{body.name}",{body.region},{body.kind},area,{SITE}/{body.agency}/,{body.extra or ","}'
        for body in bodies
    ]
    heading = "agency,name,region,kind,portal,column,since,until"
    (folder / "agencies.csv").write_text("\n".join([heading, *rows]) + "\n", "utf-8")


def fill(home: Home, bodies: Sequence[Body]) -> None:
    rounds = max([1, *(len(body.reports) for body in bodies)])
    for number in range(rounds):
        _crawl(home, bodies, number, NOW - timedelta(days=20 - number))
    _read(home, bodies)
    _crawl(home, bodies, rounds, NOW - timedelta(days=1))
    _crawl(home, bodies, rounds, NOW - timedelta(hours=1))


def _url(body: Body, report: Report) -> str:
    return f"{SITE}/{body.agency}/{report.year}.html"


def _crawl(home: Home, bodies: Sequence[Body], number: int, at: datetime) -> None:
    captures = [
        Capture(
            url=_url(body, report),
            kind="article",
            column=f"{SITE}/{body.agency}/",
            fetched_at=at,
            status=200,
            media_type="text/html",
            sha256=f"{number:064}",
            size=1,
            offset=0,
            length=1,
            article=ArticleFacts(
                title=f"{body.name}{report.year}年政府信息公开工作年度报告",
                dates=(DateCandidate(date((report.year or 0) + 1, 1, 20), "meta", 0.9),),
                content=f"{body.agency}-{number}",
            ),
        )
        for body in bodies
        for report in body.reports[number : number + 1]
    ]
    gone = number >= max(len(body.reports) for body in bodies)
    health = Health(
        crawl=f"area-{at:%m%d%H%M}",
        portal="area",
        started_at=at,
        finished_at=at,
        outcome="finished",
        columns=tuple(
            ColumnHealth(
                url=f"{SITE}/{body.agency}/",
                agency=body.agency,
                healthy=body.healthy,
                reason="ok" if body.healthy else "portal_blocked",
                at=at,
                missing=tuple(_url(body, r) for r in body.reports) if body.withdrawn and gone else (),
            )
            for body in bodies
        ),
    )
    with home.store.transaction():
        home.store.take_in(health, captures, years=[YEAR, YEAR - 1], warc="")


def _read(home: Home, bodies: Sequence[Body]) -> None:
    seen = dict.fromkeys((body.agency for body in bodies), 0)
    names = {body.agency: body for body in bodies}
    with home.store.transaction():
        for stored in home.store.unread("test"):
            agency = stored.capture.url.split("/")[3]
            report = names[agency].reports[seen[agency]]
            seen[agency] += 1
            is_form, wire = packed(replace(report, figures=(), origins={}, places={}))
            if report.title is None:
                is_form, wire = None, None  # it was fetched, and could not be read
            reading = Reading(
                capture=stored.id,
                year=report.year,
                named=names[agency].name,
                body="",
                is_form=is_form,
                wire=wire,
                error="",
            )
            home.store.save_reading(reading, reader="test")
