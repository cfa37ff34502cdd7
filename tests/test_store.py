"""The database: a real file, one writer, all or nothing, and one clear line where it cannot be used."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlite_utils import Database

from monitor.clock import SHANGHAI
from monitor.database import DATABASE, damage
from monitor.errors import HomeError
from monitor.exchange import (
    ArticleFacts,
    Capture,
    Column,
    ColumnHealth,
    CrawlSpec,
    Health,
    ListedLink,
    to_json,
)
from monitor.migrations import migrations
from monitor.model import (
    Cell,
    Event,
    Finding,
    Obligation,
    OutgoingMessage,
    Portal,
    Report,
    Severity,
    Status,
    Verdict,
)
from monitor.rows import Decision, DecisionKind, Reading, StoredCapture, Waiver, finding_id, packed
from monitor.store import Store
from tests.strategies import texts

AT = datetime(2024, 2, 1, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
COLUMN, URL = "http://127.0.0.1/nb/", "http://127.0.0.1/nb/1.html"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / DATABASE


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def capture(
    url: str = URL, *, kind: str = "article", at: datetime = AT, parent: str = "", sha256: str = "a"
) -> Capture:
    return Capture(
        url=url,
        kind=kind,
        column=COLUMN,
        fetched_at=at,
        status=200,
        media_type="text/html",
        sha256=sha256,
        size=1,
        offset=0,
        length=1,
        parent=parent,
        article=ArticleFacts(title="年度报告") if kind == "article" else None,
    )


def health(
    crawl: str = "c1",
    *,
    at: datetime = AT,
    portal: str = "jn",
    unchanged: tuple[str, ...] = (),
    title: str = "年度报告",
) -> Health:
    column = ColumnHealth(
        url=COLUMN,
        healthy=True,
        at=at,
        pages=1,
        links=1,
        dated=1,
        candidates=(ListedLink(URL, title, date(2024, 1, 20), 2023),),
        missing=("http://127.0.0.1/gone",),
    )
    return Health(
        crawl=crawl,
        portal=portal,
        started_at=at,
        finished_at=at,
        outcome="finished",
        columns=(column,),
        unchanged=unchanged,
    )


def take_in(store: Store, taken: Health, *captures: Capture, years: tuple[int, ...] = (2023,)) -> None:
    with store.transaction():
        store.take_in(taken, captures, years=years, warc="jn/2024/c1.warc.gz")


def tables(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    connection.close()
    return counts


# ── schema ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_file_gets_the_whole_schema_and_a_second_opening_changes_nothing(path: Path) -> None:
    Store(path).close()
    first = tables(path)
    assert {"crawls", "looks", "captures", "readings", "obligations", "findings", "events", "outbox"} <= set(first)
    Store(path).close()
    assert tables(path) == first


def test_each_migration_is_applied_once_and_recorded() -> None:
    db = Database(memory=True)
    migrations.apply(db)
    applied = [migration.name for migration in migrations.applied(db)]
    migrations.apply(db)
    assert [migration.name for migration in migrations.applied(db)] == applied
    assert not migrations.pending(db)
    db.close()


def test_the_file_is_in_wal_mode_so_that_readers_are_not_blocked(store: Store, path: Path) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    connection.close()


# ── transactions ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_transaction_that_ends_in_an_error_leaves_nothing_behind(store: Store) -> None:
    def fail_after_taking_in() -> None:
        with store.transaction():
            store.take_in(health(), [capture()], years=(2023,), warc="")
            store.add_event(Event(at=AT, kind="status", portal="jn", after="late"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_after_taking_in()
    assert not store.has_crawl("c1")
    assert store.looks("jn", 2023) == []
    assert store.events() == []
    take_in(store, health(), capture())
    assert store.has_crawl("c1")


def test_a_bundle_that_breaks_off_while_it_is_read_leaves_nothing_behind(store: Store) -> None:
    def captures() -> Iterator[Capture]:
        yield capture()
        raise ValueError("half a line")

    def take() -> None:
        with store.transaction():
            store.take_in(health(), captures(), years=(2023,), warc="")

    with pytest.raises(ValueError, match="half a line"):
        take()
    assert not store.has_crawl("c1")
    assert store.latest_articles("jn") == []


def test_a_second_connection_reads_the_state_before_while_a_transaction_writes(store: Store, path: Path) -> None:
    take_in(store, health("c1"))
    with store.transaction():
        store.take_in(health("c2"), [], years=(2023,), warc="")
        with Store(path) as reader:
            assert reader.has_crawl("c1")
            assert not reader.has_crawl("c2")
    with Store(path) as reader:
        assert reader.has_crawl("c2")


def test_two_writers_take_turns_and_neither_loses_anything(store: Store, path: Path) -> None:
    def write(name: str) -> None:
        with Store(path) as own:
            for number in range(20):
                take_in(own, health(f"{name}{number}"))

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(store.has_crawl(f"{name}{number}") for name in "ab" for number in range(20))


def test_a_bundle_cannot_be_taken_in_twice(store: Store) -> None:
    take_in(store, health(), capture())
    assert store.has_crawl("c1")
    with pytest.raises(sqlite3.IntegrityError):
        take_in(store, health(), capture())
    assert len(store.looks("jn", 2023)) == 1
    assert len(store.unread("reader 1")) == 1


# ── where it cannot be used ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_full_disk_gives_one_line_and_leaves_what_was_there(store: Store) -> None:
    take_in(store, health("c1"))
    store._connection.execute(f"PRAGMA max_page_count = {store._connection.execute('PRAGMA page_count').fetchone()[0]}")
    large = health("c2")
    with pytest.raises(HomeError) as error:
        take_in(store, large, *(capture(f"{URL}?{number}") for number in range(2000)))
    assert len(str(error.value).splitlines()) == 1
    assert "磁盘" in str(error.value)
    assert store.has_crawl("c1")
    assert not store.has_crawl("c2")
    store._connection.execute("PRAGMA max_page_count = 1000000")
    take_in(store, large)
    assert store.has_crawl("c2")


def test_a_file_that_may_only_be_read_gives_one_line_on_writing(store: Store) -> None:
    store._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(HomeError, match="写不进数据库") as error:
        take_in(store, health())
    assert len(str(error.value).splitlines()) == 1


def test_a_writer_that_does_not_let_go_gives_one_line(store: Store, path: Path) -> None:
    with Store(path) as other:
        other._connection.execute("PRAGMA busy_timeout = 0")
        with store.transaction(), pytest.raises(HomeError, match="locked"):
            take_in(other, health())


@pytest.mark.parametrize("obstacle", ["a file in the folder's place", "a folder in the file's place", "no database"])
def test_a_path_that_cannot_be_used_gives_one_line(tmp_path: Path, obstacle: str) -> None:
    path = tmp_path / "home" / DATABASE
    if obstacle.startswith("a file"):
        path.parent.write_text("", "utf-8")
    elif obstacle.startswith("a folder"):
        path.mkdir(parents=True)
    else:
        path.parent.mkdir()
        path.write_bytes(b"no database at all" * 100)
    with pytest.raises(HomeError, match="打不开数据库") as error:
        Store(path)
    assert len(str(error.value).splitlines()) == 1


def test_a_damaged_file_gives_one_line_on_reading_and_is_told_as_damaged(path: Path) -> None:
    with Store(path) as store:
        for number in range(50):
            take_in(store, health(f"c{number}"), capture(f"{URL}?{number}"))
        assert damage(path) == ""
    content = bytearray(path.read_bytes())
    for offset in range(4096, len(content)):
        content[offset] ^= 0xFF
    path.write_bytes(bytes(content))
    assert len(damage(path).splitlines()) == 1
    with pytest.raises(HomeError) as error, Store(path) as store:
        store.looks("jn", 2023)
    assert len(str(error.value).splitlines()) == 1


def test_a_fault_of_ours_is_not_blamed_on_the_disk(store: Store) -> None:
    store._connection.execute("ALTER TABLE looks RENAME TO gone")
    with pytest.raises(sqlite3.OperationalError):
        store.looks("jn", 2023)
    with pytest.raises(sqlite3.OperationalError), store.transaction():
        store._connection.execute("INSERT INTO nowhere VALUES (1)")
    assert store.events() == []


def test_a_missing_file_is_told_and_not_made_by_looking(tmp_path: Path) -> None:
    assert damage(tmp_path / DATABASE)
    assert list(tmp_path.iterdir()) == []


# ── what came in ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_looks_come_back_as_they_were_for_the_years_that_were_asked_for(store: Store) -> None:
    take_in(store, health("c1", at=AT), years=(2022, 2023))
    take_in(store, health("c2", at=AT + DAY), years=(2023,))
    take_in(store, health("c3", at=AT - DAY), years=(2023,))
    take_in(store, health("c4", portal="other"), years=(2023,))
    assert [look.crawl for look in store.looks("jn", 2023)] == ["c3", "c1", "c2"]
    (look,) = store.looks("jn", 2022)
    assert (look.column_url, look.agency, look.at, look.healthy, look.reason) == (COLUMN, "", AT, True, "ok")
    assert look.candidates == health().columns[0].candidates
    assert look.missing == ("http://127.0.0.1/gone",)
    assert store.looks("jn", 2021) == []


def test_a_column_that_says_no_time_was_seen_when_the_crawl_ended(store: Store) -> None:
    timeless = health()
    column = replace(timeless.columns[0], at=None, healthy=False, reason="timed_out")
    take_in(store, replace(timeless, columns=(column,), finished_at=AT + DAY))
    (look,) = store.looks("jn", 2023)
    assert (look.at, look.healthy, look.reason) == (AT + DAY, False, "timed_out")


def test_a_crawl_that_brought_nothing_is_a_sick_look_at_each_of_its_columns(store: Store) -> None:
    spec = CrawlSpec(
        crawl="c1",
        portal=Portal(portal="jn", name="江南区", home="http://127.0.0.1/"),
        columns=(Column(COLUMN), Column(COLUMN, "tz")),
        years=(2023,),
        user_agent="",
    )
    with store.transaction():
        store.take_in_failure(spec, at=AT, reason="crawl_died", detail="…")
    assert store.has_crawl("c1")
    assert [(look.agency, look.healthy, look.reason) for look in store.looks("jn", 2023)] == [
        ("", False, "crawl_died"),
        ("tz", False, "crawl_died"),
    ]


def test_the_latest_capture_of_an_address_is_known_with_its_last_visit(store: Store) -> None:
    other = f"{URL}?2"
    take_in(store, health("c1"), capture(sha256="a"), capture(other), capture(f"{URL}#list", kind="list"))
    take_in(store, health("c2", at=AT + DAY), capture(sha256="b", at=AT + DAY))
    take_in(store, health("c3", at=AT + 2 * DAY, unchanged=(URL,)))
    assert [(found.url, found.sha256, visited) for found, visited in store.latest_articles("jn")] == [
        (URL, "b", AT + 2 * DAY),
        (other, "a", AT),
    ]
    assert store.latest_articles("elsewhere") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(title=texts)
def test_any_title_goes_through_the_database(store: Store, title: str) -> None:
    crawl = f"c{len(store.looks('jn', 2023))}"
    article = replace(capture(), article=ArticleFacts(title=title))
    take_in(store, health(crawl, title=title, at=AT + DAY * len(store.looks("jn", 2023))), article)
    assert store.looks("jn", 2023)[-1].candidates[0].title == title
    ((latest, _),) = store.latest_articles("jn")
    assert latest.article == ArticleFacts(title=title)


# ── what was understood ─────────────────────────────────────────────────────────────────────────────────────────────


def reading(number: int, *, report: Report | None = None) -> Reading:
    is_form, wire = packed(report)
    return Reading(capture=number, year=2023, named="投促中心", body="", is_form=is_form, wire=wire, error="")


def test_a_capture_is_unread_until_this_reader_has_read_it(store: Store) -> None:
    take_in(store, health(), capture(), capture(kind="list"), capture(f"{URL}?2"))
    first, second = store.unread("reader 1")
    assert (first.warc, first.crawl, first.capture.url) == ("jn/2024/c1.warc.gz", "c1", URL)
    with store.transaction():
        store.save_reading(reading(first.id), reader="reader 1")
    assert store.unread("reader 1") == [second]
    assert store.unread("reader 2") == [first, second]


def test_a_better_readers_reading_takes_the_place_of_the_earlier_one(store: Store) -> None:
    take_in(store, health(), capture())
    (unread,) = store.unread("reader 1")
    report = Report(
        "题",
        "单位",
        2023,
        "2021",
        tables={"disclosure": None, "remedies": None, "requests": {"granted": {"total": Cell(None, "/")}}},
    )
    with store.transaction():
        store.save_reading(reading(unread.id), reader="reader 1")
        store.save_reading(reading(unread.id, report=report), reader="reader 2")
    ((captured, read),) = store.readings("jn")
    assert captured == unread.capture
    assert read == reading(unread.id, report=report)


def test_an_articles_attachments_are_those_of_its_own_crawl(store: Store) -> None:
    take_in(store, health("c1"), capture(), capture(f"{URL}.pdf", kind="attachment", parent=URL))
    take_in(store, health("c2"), capture(), capture(f"{URL}.docx", kind="attachment", parent=URL))
    first, second = store.unread("")
    assert [found.capture.url for found in store.attachments(first)] == [f"{URL}.pdf"]
    assert [found.capture.url for found in store.attachments(second)] == [f"{URL}.docx"]
    assert isinstance(store.attachments(first)[0], StoredCapture)


# ── what was decided ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_verdict_comes_back_whole_and_the_last_one_stands(store: Store) -> None:
    owed = Obligation("tz", 2023, date(2024, 1, 31))
    late = Verdict(status=Status.LATE, reason="seen_absent", days_late=3, claimed_on=date(2024, 2, 3), first_seen_at=AT)
    assert store.verdict("tz", 2023) is None
    with store.transaction():
        store.save_verdict(owed, Verdict(status=Status.NOT_DUE, reason="before_deadline"), at=AT)
        store.save_verdict(owed, late, at=AT + DAY)
        store.save_verdict(replace(owed, year=2022), late, at=AT)
    assert store.verdict("tz", 2023) == late
    assert store.verdicts("tz") == {2022: late, 2023: late}
    assert store.verdicts("other") == {}
    assert store.years() == [2022, 2023]


def test_events_are_kept_in_order_and_told_once(store: Store) -> None:
    first = Event(
        at=AT, kind="status", portal="jn", agency="tz", year=2023, before=None, after="late", detail="seen_absent"
    )
    second = Event(at=AT, kind="portal", portal="jn", after="portal_unreachable")
    with store.transaction():
        store.add_event(first)
        store.add_event(second)
    assert [stored.event for stored in store.events()] == [first, second]
    assert store.events_of("tz", 2023) == [first]
    told = store.events()[0].id
    with store.transaction():
        store.put_in_outbox(message("<1@jn>"), told=[told])
    assert [stored.event for stored in store.events(untold_only=True)] == [second]
    assert len(store.events()) == 2


def test_a_portals_state_is_the_last_one(store: Store) -> None:
    assert store.portal_state("jn") is None
    with store.transaction():
        store.save_portal_state("jn", healthy=False, reason="portal_blocked", since=AT)
        store.save_portal_state("jn", healthy=True, reason="ok", since=AT + DAY)
    assert store.portal_state("jn") == (True, "ok", AT + DAY)


def finding(rule: str = "r", *, message: str = "句子", severity: Severity = Severity.ERROR) -> Finding:
    return Finding(rule=rule, subject="s", severity=severity, message=message, quote="原文")


def save(store: Store, *findings: Finding, at: datetime = AT) -> None:
    with store.transaction():
        store.save_findings("tz", 2023, findings, url=URL, at=at)


def test_a_finding_that_is_found_again_keeps_its_time_and_its_id_though_it_is_reworded(store: Store) -> None:
    save(store, finding())
    [first] = store.findings()
    save(store, finding(message="换一种说法", severity=Severity.HINT), at=AT + DAY)
    [stored] = store.findings()
    assert (stored.found_at, stored.id, stored.url) == (AT, first.id, URL)
    assert stored.finding == finding(message="换一种说法", severity=Severity.HINT)


def test_a_finding_that_is_gone_is_cleared_and_comes_back_with_a_new_time_and_untold(store: Store) -> None:
    save(store, finding(), finding("q"))
    with store.transaction():
        store.put_in_outbox(message("<1@jn>"), told=[])
    assert [stored.told for stored in store.findings()] == [True, True]
    save(store, finding("q"), at=AT + DAY)
    assert [stored.finding.rule for stored in store.findings()] == ["q"]
    save(store, finding(), finding("q"), at=AT + 2 * DAY)
    again = {stored.finding.rule: stored for stored in store.findings()}
    assert (again["r"].found_at, again["r"].told) == (AT + 2 * DAY, False)
    assert (again["q"].found_at, again["q"].told) == (AT, True)


def test_saving_says_what_changed_and_writes_nothing_else(store: Store) -> None:
    def saved(*findings: Finding, url: str = URL) -> tuple[dict[str, int], dict[str, int], int, int]:
        before = store._connection.total_changes
        with store.transaction():
            changes = store.save_findings("tz", 2023, findings, url=url, at=AT)
        return dict(changes.new), dict(changes.gone), changes.reworded, store._connection.total_changes - before

    assert saved(finding(), finding("q")) == ({"r": 1, "q": 1}, {}, 0, 2)
    assert saved(finding("q"), finding()) == ({}, {}, 0, 0)
    assert saved(finding(message="换"), finding("q")) == ({}, {}, 1, 1)
    assert saved(finding(message="换"), finding("q"), url="http://moved/") == ({}, {}, 2, 2)
    assert saved(finding("q"), url="http://moved/") == ({}, {"r": 1}, 0, 1)
    assert saved(finding("q"), url="http://moved/") == ({}, {}, 0, 0)


def test_how_reading_could_have_caused_a_finding_is_stored(store: Store) -> None:
    scanned = replace(finding(), explained="扫描件")
    save(store, scanned)
    assert store.findings()[0].finding == scanned


def test_findings_are_counted_by_severity(store: Store) -> None:
    save(store, finding(), finding("q"), finding("x", severity=Severity.HINT))
    save(store, finding(), finding("x", severity=Severity.HINT))
    assert store.finding_counts() == {("tz", 2023): {"error": 1, "hint": 1}}
    assert store.finding_counts(year=2022) == {}


def test_an_id_hangs_on_the_identity_alone_and_is_found_by_its_beginning(store: Store) -> None:
    save(store, finding(), finding("q"))
    [first, second] = store.findings()
    assert first.id != second.id
    assert len(first.id) == 12
    assert finding_id("tz", 2023, first.finding.rule, "s") == first.id
    assert store.findings_called(first.id[:8]) == [first]
    assert store.findings_called("~") == []
    assert len({finding_id("tz", year, "r", str(n)) for year in range(2000, 2010) for n in range(2000)}) == 20_000


def test_decisions_and_waivers_are_kept_in_order_and_come_back_whole(store: Store) -> None:
    first = Decision(
        agency="tz",
        year=2023,
        finding=finding(),
        kind=DecisionKind.DEFERRED,
        by="王芳",
        at=AT,
        reason="核实中",
        until=date(2024, 3, 1),
    )
    second = replace(first, kind=DecisionKind.CONFIRMED, reason="", until=None, at=AT - DAY)
    waiver = Waiver(agency="tz", year=None, rule="r", stands=True, by="李明", at=AT, reason="试点")
    with store.transaction():
        for made in (first, second, replace(first, year=2022), replace(first, agency="other")):
            store.add_decision(made)
        store.add_waiver(waiver)
        store.add_waiver(replace(waiver, year=2022, stands=False))
    assert [replace(made, id=0) for made in store.decisions(agency="tz", year=2023)] == [first, second]
    assert len(store.decisions()) == 4
    assert [replace(made, id=0) for made in store.waivers(agency="tz", year=2023)] == [waiver]
    assert [made.year for made in store.waivers()] == [None, 2022]


def test_a_decision_without_a_name_cannot_be_stored(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store._db.table("waivers").insert({"agency": "tz", "rule": "r", "stands": 1, "at": "x", "reason": "y"})


def test_a_database_of_the_first_version_is_brought_up_to_date(path: Path) -> None:
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    db = Database(connection)
    migrations.apply(db, stop_before="m002_decisions")
    with connection:
        connection.execute(
            "INSERT INTO crawls (crawl, portal, years, started_at, outcome) VALUES ('c', 'p', '[2023]', 't', 'x')"
        )
        connection.execute(
            "INSERT INTO looks (crawl, portal, column_url, agency, at, healthy, reason, candidates, missing)"
            " VALUES ('c', 'p', 'u', '', ?, 1, 'ok', '[]', '[]')",
            [AT.isoformat()],
        )
        for number, year, url in ((1, 2022, "u/old"), (2, 2023, URL), (3, 2023, URL), (4, 2023, "u/other")):
            connection.execute(
                "INSERT INTO captures (id, crawl, portal, url, kind) VALUES (?, 'c', 'p', ?, 'article')", [number, url]
            )
            connection.execute(
                "INSERT INTO readings (capture, reader, year, is_form) VALUES (?, 'r', ?, 1)", [number, year]
            )
        for agency, year, url in (("tz", 2022, "u/old"), ("tz", 2023, URL), ("none", 2023, None)):
            verdict = to_json(Verdict(status=Status.LATE, reason="x", claimed_on=date(2024, 2, 3), report_url=url))
            connection.execute(
                "INSERT INTO obligations (agency, year, verdict) VALUES (?, ?, ?)", [agency, year, verdict]
            )
        connection.execute(
            "INSERT INTO findings (agency, year, rule, subject, severity, finding, url, found_at)"
            " VALUES ('tz', 2023, 'r', 's', 'error', ?, '', ?)",
            [to_json(finding()), AT.isoformat()],
        )
    connection.close()
    with Store(path) as store:
        [stored] = store.findings()
        assert (stored.finding, stored.id) == (finding(), finding_id("tz", 2023, "r", "s"))
        assert [(j.agency, j.year, j.capture, j.previous) for j in store.judged_reports(limit=9)] == [
            ("tz", 2022, 1, None),
            ("tz", 2023, 3, 1),
        ]
        assert store.judged_reports(limit=9)[1].published_on == date(2024, 2, 3)
        assert [j.year for j in store.judged_reports(limit=1, after=("tz", 2022))] == [2023]
        assert [dict(look.failed) for look in store.looks("p", 2023)] == [{}]
        assert store._one("SELECT count(page_words) AS counted FROM readings") == {"counted": 0}
        assert (store.judged_count(), store.judged_count(year=2022), store.judged_count(agency="none")) == (2, 1, 0)


def test_findings_are_listed_by_agency_year_and_severity_and_can_be_narrowed(store: Store) -> None:
    with store.transaction():
        for agency, year in (("b", 2023), ("a", 2023), ("a", 2022)):
            found = [finding("x", severity=Severity.HINT), finding("z"), finding("y", severity=Severity.WARNING)]
            store.save_findings(agency, year, found, url="", at=AT)
    assert [(f.agency, f.year, f.finding.rule) for f in store.findings()] == [
        (agency, year, rule) for agency, year in (("a", 2022), ("a", 2023), ("b", 2023)) for rule in "zyx"
    ]
    assert {f.agency for f in store.findings(agency="b")} == {"b"}
    assert {f.year for f in store.findings(year=2022)} == {2022}
    assert store.findings(year=2021) == []


# ── what has to go out ──────────────────────────────────────────────────────────────────────────────────────────────


def message(message_id: str, *, at: datetime = AT) -> OutgoingMessage:
    return OutgoingMessage(
        message_id=message_id,
        channel="email",
        recipients=("a@example.gov.cn", "b@example.gov.cn"),
        subject="汇总",
        text="文",
        html="<p>文</p>",
        created_at=at,
    )


def put(store: Store, *messages: OutgoingMessage) -> None:
    with store.transaction():
        for queued in messages:
            store.put_in_outbox(queued, told=[])


def test_a_message_is_due_from_its_creation_until_it_is_sent(store: Store) -> None:
    put(store, message("<2@jn>", at=AT + DAY), message("<1@jn>"))
    assert store.due_messages(AT - DAY) == []
    assert store.due_messages(AT) == [(message("<1@jn>"), 0)]
    assert [due.message_id for due, _ in store.due_messages(AT + DAY)] == ["<1@jn>", "<2@jn>"]
    store.mark_sent("<1@jn>", at=AT + DAY)
    assert [due.message_id for due, _ in store.due_messages(AT + DAY)] == ["<2@jn>"]


def test_a_failed_message_waits_for_its_next_attempt_and_goes_to_those_who_still_lack_it(store: Store) -> None:
    put(store, message("<1@jn>"))
    store.mark_failed("<1@jn>", error="451", next_attempt_at=AT + DAY, recipients=["b@example.gov.cn"])
    assert store.due_messages(AT) == []
    ((again, attempts),) = store.due_messages(AT + DAY)
    assert (again.recipients, attempts) == (("b@example.gov.cn",), 1)
    assert replace(again, recipients=message("").recipients) == message("<1@jn>")


def test_a_message_that_was_given_up_is_never_due_again(store: Store) -> None:
    put(store, message("<1@jn>"))
    store.mark_failed("<1@jn>", error="550", next_attempt_at=None, recipients=[])
    assert store.due_messages(AT + 1000 * DAY) == []


def test_a_message_is_queued_once(store: Store) -> None:
    put(store, message("<1@jn>"))
    with pytest.raises(sqlite3.IntegrityError):
        put(store, message("<1@jn>"))


# ── rounds ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_last_round_is_the_one_that_started_last(store: Store) -> None:
    assert store.last_round_at(AT + 9 * DAY) is None
    for days in (1, 2, 0):
        store.save_round(started_at=AT + days * DAY, ended_at=AT + 3 * DAY, reason="定时")
    assert store.last_round_at(AT + 9 * DAY) == AT + 2 * DAY
