"""Whose a found report is, as an office settles it: what waits, what is answered, what that teaches, and twins."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import cli
from monitor.clock import SHANGHAI
from monitor.errors import UsageError
from monitor.exchange import ArticleFacts, Capture, ColumnHealth, Health, ListedLink
from monitor.jobs.assess import assess
from monitor.jobs.attribute import attribute, unmatched, waiting_id
from monitor.jobs.home import Home
from monitor.jobs.judge import judge_all
from monitor.model import DateCandidate, Verdict
from monitor.rows import Reading
from monitor.titles import read_title
from monitor.web import views
from monitor.web.server import render
from tests.stored_reports import AGENCY, COLUMN, NAME, NOW, OTHER, OTHER_NAME, YEAR, home_at, new_home

URL = f"{COLUMN}1.html"
TITLE = f"{YEAR}年政府信息公开工作年度报告"
BY = "王芳"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_home(tmp_path / "home")


@pytest.fixture
def home(path: Path) -> Iterator[Home]:
    with home_at(path) as opened:
        yield opened


def found(
    home: Home,
    title: str,
    *,
    url: str = URL,
    at: str = "2024-02-05T09:00",
    publisher: str = "",
    body: str = "",
    index: str = "",
    column: str = COLUMN,
    year: int | None = YEAR,
    content: str = "",
    dates: tuple[DateCandidate, ...] = (),
    is_read: bool = True,
    missing: tuple[str, ...] = (),
    listed: bool = True,
) -> None:
    """A crawl in health that found a report under a title, and (unless `is_read` is False) what reading it gave."""
    when = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    article = ArticleFacts(title=title, publisher=publisher, content=content or url, dates=dates, index=index)
    capture = Capture(
        url=url, kind="article", column=column, fetched_at=when, status=200, media_type="text/html", sha256="0" * 64,
        size=1, offset=0, length=1, article=article,
    )  # fmt: skip
    rows = (ListedLink(url, title, None, read_title(title).year),) if listed else ()
    looked = ColumnHealth(url=COLUMN, healthy=True, at=when, candidates=rows, missing=missing)
    health = Health(
        crawl=f"c-{when:%Y%m%d%H%M}-{waiting_id('', url)}", portal="qs", started_at=when, finished_at=when,
        outcome="finished", columns=(looked,),
    )  # fmt: skip
    named = read_title(title).agency
    with home.store.transaction():
        home.store.take_in(health, [capture] if is_read else [], years=[YEAR], warc="")
        for stored in home.store.unread("r") if is_read else ():
            if (stored.capture.url, stored.capture.fetched_at) == (url, when):
                said = Reading(capture=stored.id, year=year, named=named, body=body, is_form=True, wire=None, error="")
                home.store.save_reading(said, reader="r")


def verdict(home: Home, agency: str = AGENCY) -> Verdict:
    return next(one.verdict for one in judge_all(home, (YEAR,), home.now()) if one.obligation.agency == agency)


def state(home: Home, agency: str = AGENCY) -> tuple[str, str]:
    """Status and reason."""
    judged = verdict(home, agency)
    return str(judged.status), judged.reason


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--home", str(path), "--now", NOW.isoformat(), *words], standalone_mode=False)


MISSING, WAITS, THERE = ("overdue", "no_report_in_column"), ("unknown", "unmatched_report"), ("unknown", "date_unknown")


# ── what waits ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_report_that_names_nobody_waits_and_nobody_is_accused_meanwhile(home: Home) -> None:
    found(home, TITLE)
    assert state(home) == state(home, OTHER) == WAITS
    (one,) = unmatched(home)
    assert (one.portal, one.url, one.title, one.year, one.named) == ("qs", URL, TITLE, YEAR, "")


def test_a_report_with_a_possible_short_name_waits_with_its_candidate_and_holds_back_that_agency_only(
    home: Home,
) -> None:
    found(home, f"文旅局{TITLE}")
    assert state(home) == WAITS
    assert state(home, OTHER) == MISSING
    (one,) = unmatched(home)
    (candidate,) = one.candidates
    assert candidate.agency == AGENCY
    assert 0 < candidate.confidence < 0.7
    assert "简称" in candidate.why


def test_a_document_that_names_an_agency_under_a_strangers_title_holds_that_agency_back(home: Home) -> None:
    found(home, f"青石县体育发展中心{TITLE}", body=NAME)
    assert state(home) == WAITS
    assert state(home, OTHER) == MISSING


def test_a_strangers_report_waits_for_nobody_and_is_shown_on_request(home: Home) -> None:
    found(home, f"青石县气象局{TITLE}")
    assert state(home) == MISSING
    assert unmatched(home) == []
    (one,) = unmatched(home, strangers=True)
    assert one.is_stranger


def test_a_neighbours_name_is_shown_but_never_taken_and_never_holds_back(home: Home) -> None:
    found(home, f"青石县文化和旅游中心{TITLE}")
    assert state(home) == MISSING
    (one,) = unmatched(home)
    assert [(match.agency, match.confidence < 0.3) for match in one.candidates] == [(AGENCY, True)]


def test_a_row_whose_page_was_never_fetched_waits_too(home: Home) -> None:
    found(home, f"文旅局{TITLE}", is_read=False)
    (one,) = unmatched(home)
    assert (one.url, one.is_read) == (URL, False)
    assert state(home) == WAITS


def test_an_agencys_report_without_a_year_waits_for_the_year(home: Home) -> None:
    found(home, f"{NAME}政府信息公开工作年度报告", year=None)
    (one,) = unmatched(home)
    assert (one.year, [match.agency for match in one.candidates]) == (None, [AGENCY])
    with pytest.raises(UsageError, match="--year"):
        attribute(home, URL, agency=AGENCY, by=BY)
    attribute(home, URL, agency=AGENCY, year=YEAR, by=BY)
    assert state(home) == THERE
    assert unmatched(home) == []


def test_the_office_sees_how_many_wait_in_the_mail_and_on_the_overview(path: Path) -> None:
    with home_at(path) as home:
        mailing = replace(home, settings=home.settings.model_copy(update={"mail_to": ("a@example.gov.cn",)}))
        found(mailing, f"文旅局{TITLE}")
        assess(mailing, years=(YEAR,))
        ((message, _),) = mailing.store.due_messages(NOW)
        assert "另有1份报告不能确定属于哪个单位" in message.text
        page = views.overview(home, year=str(YEAR))
    (shown,) = page.waiting
    assert "待认领的报告（1）" in render("overview.html", page=page)
    assert NAME in shown.candidates
    assert waiting_id("qs", URL).startswith(shown.id)


# ── the answer ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_decides_is_learned_for_the_name_and_can_be_taken_back(home: Home) -> None:
    found(home, f"县文旅{TITLE}")
    found(home, f"县文旅{TITLE}", url=f"{COLUMN}2.html", at="2024-02-05T10:00")
    done = attribute(home, waiting_id("qs", URL)[:8], agency=AGENCY, by=BY, reason="电话核实")
    assert done.was_made
    assert state(home) == THERE
    assert unmatched(home) == []  # the other address bears the same name
    assert not attribute(home, URL, agency=AGENCY, by="李明").was_made
    assert attribute(home, URL, undo=True, by=BY).was_made
    assert len(unmatched(home, strangers=True)) == 2
    assert state(home)[0] != "on_time"
    with pytest.raises(UsageError, match="没有认领记录"):
        attribute(home, URL, undo=True, by=BY)


def test_what_was_answered_of_a_name_never_overrules_the_roster(home: Home) -> None:
    found(home, f"{OTHER_NAME}{TITLE}")
    attribute(home, URL, agency=AGENCY, by=BY)  # this page, a person says, is the other's after all
    assert state(home) == THERE
    found(home, f"{OTHER_NAME}{TITLE}", url=f"{COLUMN}2.html", at="2024-02-05T10:00")
    assert verdict(home, OTHER).report_url == f"{COLUMN}2.html"


def test_two_people_who_disagree_about_a_name_teach_nothing(home: Home) -> None:
    for number, agency in enumerate((AGENCY, OTHER, ""), start=1):
        found(home, f"县机关{TITLE}", url=f"{COLUMN}{number}.html", at=f"2024-02-05T0{number}:00")
        if agency:
            attribute(home, f"{COLUMN}{number}.html", agency=agency, by=BY)
    assert [one.url for one in unmatched(home, strangers=True)] == [f"{COLUMN}3.html"]


def test_a_report_that_is_nobodys_waits_no_more_nor_does_its_name(home: Home) -> None:
    found(home, f"文旅局{TITLE}")
    assert state(home) == WAITS
    attribute(home, URL, ignore=True, by=BY, reason="邻县的")
    assert state(home) == MISSING
    found(home, f"文旅局{TITLE}", url=f"{COLUMN}2.html", at="2024-02-05T10:00")
    assert unmatched(home, strangers=True) == []
    assert state(home) == MISSING


def test_a_publisher_is_learned_unless_it_posts_for_others(home: Home) -> None:
    found(home, TITLE, publisher="青石文旅广体局")
    attribute(home, URL, agency=AGENCY, by=BY)
    found(home, TITLE, url=f"{COLUMN}2.html", at="2024-02-05T10:00", publisher="青石文旅广体局")
    assert unmatched(home) == []
    found(home, TITLE, url=f"{COLUMN}3.html", at="2024-02-05T11:00", publisher="青石县信息中心")
    attribute(home, f"{COLUMN}3.html", agency=AGENCY, by=BY)
    found(home, TITLE, url=f"{COLUMN}4.html", at="2024-02-05T12:00", publisher="青石县信息中心")
    assert [one.url for one in unmatched(home)] == [f"{COLUMN}4.html"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"agency": AGENCY}, "--by"),
        ({"by": BY}, "--agency"),
        ({"by": BY, "agency": AGENCY, "ignore": True}, "--ignore"),
        ({"by": BY, "agency": "nobody"}, "没有单位"),
    ],
)
def test_an_answer_that_says_too_little_or_too_much_is_refused(home: Home, words: dict[str, str], message: str) -> None:
    found(home, TITLE)
    with pytest.raises(UsageError, match=message):
        attribute(home, URL, **words)  # type: ignore[arg-type]
    assert home.store.answers("qs") == []


def test_the_verbs_list_answer_and_show_the_answers(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with home_at(path) as home:
        found(home, f"文旅局{TITLE}", publisher="=cmd|' /C calc'!A0")
    (row,) = json.loads(run(path, "unmatched", "--format", "json").stdout)
    assert (row["portal"], row["url"], row["named"], row["year"]) == ("qs", URL, "文旅局", YEAR)
    assert row["candidates"][0]["agency"] == AGENCY
    assert "文旅局" in run(path, "unmatched").stdout
    assert "'=cmd" in run(path, "unmatched", "--format", "csv").stdout
    done = run(path, "match", row["id"][:8], "--agency", AGENCY, "--by", BY)
    assert f"属于{NAME}" in done.stdout
    assert "未变" in run(path, "match", row["id"], "--agency", AGENCY, "--by", BY).stdout
    assert json.loads(run(path, "unmatched", "--format", "json").stdout) == []
    (answer,) = json.loads(run(path, "unmatched", "--answered", "--format", "json").stdout)
    assert (answer["agency"], answer["by"], answer["named"]) == (AGENCY, BY, "文旅局")
    with pytest.raises(UsageError, match="没有编号或网址"):
        raise run(path, "match", "zzzzzzzz", "--ignore", "--by", BY).exception or AssertionError


# ── what earlier reports teach ──────────────────────────────────────────────────────────────────────────────────────

CODE, STRANGE = "11370304004218883L", "113703040042188999"
SITE = "http://qs.example/gongkai/site_qswlj"


def test_a_code_that_last_years_report_bore_tells_whose_an_unnamed_report_is(home: Home) -> None:
    old = {"year": YEAR - 1, "at": "2023-02-01T09:00", "index": f"{CODE}/2022-531"}
    found(home, f"{NAME}2022年政府信息公开工作年度报告", url=f"{COLUMN}old.html", **old)  # type: ignore[arg-type]
    found(home, TITLE, index=f"{CODE}/2023-77")
    assert state(home) == THERE
    assert state(home, OTHER) == MISSING


def test_a_code_that_two_bodies_bore_teaches_nothing(home: Home) -> None:
    for number, name in enumerate((NAME, "青石县气象局")):
        title, at = f"{name}2022年政府信息公开工作年度报告", f"2023-02-0{number + 1}T09:00"
        found(home, title, url=f"{COLUMN}old{number}.html", year=YEAR - 1, at=at, index=f"{CODE}/2022-1")
    found(home, TITLE, index=f"{CODE}/2023-77")
    assert state(home) == WAITS


def test_a_micro_site_is_its_agencys_and_this_years_first_report_teaches_nothing(home: Home) -> None:
    found(home, f"{NAME}{TITLE}", url=f"{SITE}/channel_a/doc_1.html", at="2024-02-05T07:00")
    found(home, TITLE, url=f"{SITE}/channel_a/doc_2.html", at="2024-02-05T08:00")
    assert [one.url for one in unmatched(home)] == [f"{SITE}/channel_a/doc_2.html"]
    found(
        home,
        f"{NAME}2022年政府信息公开工作年度报告",
        url=f"{SITE}/channel_a/doc_0.html",
        year=YEAR - 1,
        at="2023-02-01T09:00",
    )
    assert unmatched(home) == []


def test_a_registered_code_decides_and_contradicts(path: Path) -> None:
    roster = path / "registry/agencies.csv"
    lines = roster.read_text("utf-8").splitlines()
    roster.write_text("\n".join([f"{lines[0]},code", f"{lines[1]},{CODE}", f"{lines[2]},"]) + "\n", "utf-8")
    with home_at(path) as home:
        found(home, TITLE, url=f"http://qs.example/nb/show.jsp?area={CODE}&fbtime=2023")
        assert state(home) == THERE
    with home_at(path) as home:
        found(home, f"{OTHER_NAME}{TITLE}", index=f"{CODE}/2023-1", at="2024-02-05T10:00")
        (one,) = unmatched(home)
        assert {match.agency for match in one.candidates} == {AGENCY, OTHER}
        assert state(home, OTHER) == WAITS


# ── twins ───────────────────────────────────────────────────────────────────────────────────────────────────────────

META = (DateCandidate(date(2024, 1, 20), "meta", 0.9),)
OWN = f"{NAME}{TITLE}"


@pytest.mark.parametrize(
    "twin",
    [
        "https://qs.example/nb/1.html",
        "http://www.qs.example/nb/1.html",
        f"{COLUMN}1.pdf",
        "http://qs.example/old/openness/show/1888.html",
    ],
)
def test_twins_are_one_report_seen_first_when_the_first_was(home: Home, twin: str) -> None:
    found(home, OWN, at="2024-01-25T09:00", dates=META, content="a")
    found(home, OWN, url=twin, at="2024-02-03T09:00", dates=META, content="b")
    judged = verdict(home)
    assert (str(judged.status), judged.report_url) == ("on_time", URL)
    assert judged.first_seen_at is not None
    assert judged.first_seen_at.date() == date(2024, 1, 25)
    assert (judged.changed_at, judged.withdrawn_at) == (None, None)
    assess(home, years=(YEAR,))
    events = [one.event for one in home.store.events() if one.event.agency == AGENCY]
    assert [event.kind for event in events] == ["status"]
    assess(home, years=(YEAR,))
    assert len([one for one in home.store.events() if one.event.agency == AGENCY]) == 1


def test_a_twin_that_vanishes_is_no_withdrawal_until_the_other_has_gone_too(home: Home) -> None:
    twin = "https://qs.example/nb/1.html"
    found(home, OWN, at="2024-01-25T09:00", dates=META)
    found(home, OWN, url=twin, at="2024-01-26T09:00", dates=META, missing=(URL,))
    judged = verdict(home)
    assert (judged.withdrawn_at, judged.report_url) == (None, twin)
    found(home, OWN, url=twin, at="2024-02-04T09:00", missing=(URL, twin), is_read=False, listed=False)
    assert verdict(home).withdrawn_at is not None
    assert str(verdict(home).status) == "on_time"
