"""How portals are watched: what the verb and the page show of each, what to do, and what goes to the operator."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from monitor.attributions import Handover
from monitor.cli import cli
from monitor.clock import SHANGHAI
from monitor.demo.mailbox import HOST, Mailbox
from monitor.errors import UsageError
from monitor.exchange import REASONS, ColumnHealth, FoundColumn, Health, KnownList, ListedLink
from monitor.jobs.assess import assess
from monitor.jobs.home import Home, open_home
from monitor.jobs.notify import notify
from monitor.jobs.portals import portal_states
from monitor.model import Finding, Severity
from monitor.portals import MENDS, mend_words
from monitor.web import portals as pages
from monitor.web import views
from monitor.web.server import render

NOW = datetime(2024, 2, 6, 9, 0, tzinfo=SHANGHAI)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
YEAR = 2023
JIA, CZ, YI = "http://jia.example/nb/", "http://jia.example/cz/", "http://yi.example/nb/"
HOSTILE = '=HYPERLINK("http://evil.example")<script>alert(1)</script>\u202e'
PORTALS = f"""portal,name,home,columns
jia,甲县人民政府,http://jia.example/,{JIA}
yi,乙市人民政府,http://yi.example/,
bing,丙区人民政府,http://bing.example/,
"""
AGENCIES = f"""agency,name,kind,portal,column
jia-jy,甲县教育局,department,jia,
jia-cz,甲县财政局,department,jia,{CZ}
yi-sw,乙市商务局,department,yi,
yi-ly,乙市林业局,department,yi,
"""


def new_home(path: Path, **settings: str) -> Path:
    (path / "registry").mkdir(parents=True)
    (path / "registry/portals.csv").write_text(PORTALS, "utf-8")
    (path / "registry/agencies.csv").write_text(AGENCIES, "utf-8")
    lines = [f"NIANBAO_{name.upper()}={value}\n" for name, value in settings.items()]
    (path / "nianbao.env").write_text("".join(lines), "utf-8")
    return path


def column(url: str = JIA, reason: str = "ok", **more: Any) -> ColumnHealth:
    return ColumnHealth(url=url, healthy=reason == "ok", reason=reason, **more)


def look(home: Home, portal: str, at: datetime, *columns: ColumnHealth, **more: Any) -> None:
    """A crawl of a portal that ended at a time and saw its columns so."""
    plain = Health(
        crawl=f"{portal}-{at:%m%d%H%M}",
        portal=portal,
        started_at=at,
        finished_at=at,
        outcome="finished",
        columns=tuple(replace(one, at=at) for one in columns),
        requests=7,
    )
    with home.store.transaction():
        home.store.take_in(replace(plain, **more), (), years=[YEAR], warc="")


def fill(home: Home) -> None:
    """甲县: its common column has lost rows, an agency's own is in health. 乙市: one column found. 丙区: unseen."""
    report = ListedLink("http://jia.example/nb/1.html", "甲县教育局2023年政府信息公开工作年度报告", None, YEAR)
    rows = KnownList(JIA, NOW - 2 * DAY, column=JIA, rows=40, dated=40, named=("甲县教育局",), doubted_at=NOW - HOUR)
    own = column(CZ, agency="jia-cz", pages=1, links=3, dated=3)
    look(home, "jia", NOW - 2 * DAY, column(pages=2, links=40, dated=40, candidates=(report,)), own, lists=(rows,))
    look(
        home,
        "jia",
        NOW - HOUR,
        column(reason="list_truncated", detail="以前有40条，现在只有9条", pages=1, links=9, dated=9),
        own,
        lists=(rows,),
    )
    found = FoundColumn(
        YI, why="列表中有三个年度的年报", path=(("政府信息公开", "http://yi.example/gk/"), (HOSTILE, YI))
    )
    learned = KnownList(YI, NOW - HOUR, column=YI, rows=5, dated=5, named=("乙市商务局",))
    seen = column(YI, pages=1, links=5, dated=5)
    look(home, "yi", NOW - HOUR, seen, found=(found,), explored=True, lists=(learned,))
    assess(home, years=(YEAR,))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = new_home(tmp_path_factory.mktemp("portals") / "home", daily_requests="20")
    with open_home(path, NOW.isoformat()) as home:
        fill(home)
    return path


@pytest.fixture
def home(filled: Path) -> Iterator[Home]:
    with open_home(filled, NOW.isoformat()) as opened:
        yield opened


def run(path: Path, *words: str) -> None:
    cli.main(["--home", str(path), "--now", NOW.isoformat(), "portals", *words], standalone_mode=False)


# ── what is shown ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_reason_says_in_one_sentence_what_to_do_about_it() -> None:
    assert MENDS.keys() == REASONS.keys()
    assert all(words.endswith("。") and words.count("。") == 1 for words in MENDS.values())
    assert mend_words("no_such_code").endswith("。")


def test_the_verb_tells_of_each_portal_how_it_is_since_when_and_what_to_do(
    filled: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(filled, "--format", "json")
    jia, yi, bing = json.loads(capsysbinary.readouterr().out)
    assert (jia["healthy"], jia["reason"], jia["detail"]) == (False, "list_truncated", "以前有40条，现在只有9条")
    assert jia["mend"] == MENDS["list_truncated"]
    assert (jia["since"], jia["looked_at"]) == ("2024-02-06T08:00:00+08:00", "2024-02-06T08:00:00+08:00")
    assert (jia["requests"], jia["requests_today"], jia["daily_requests"]) == (7, 7, 20)
    assert (yi["healthy"], yi["agencies"]) == (True, 2)
    assert yi["agencies_without_column"] == [{"agency": "yi-ly", "name": "乙市林业局"}]
    assert (bing["reason"], bing["looked_at"], bing["agencies"]) == ("never_looked", None, 0)


def test_a_column_is_shown_with_its_evidence_against_its_own_past(
    filled: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(filled, "--columns", "--format", "json")
    common, own, found, nowhere = json.loads(capsysbinary.readouterr().out)[:4]
    assert (common["url"], common["origin"], common["reason"]) == (JIA, "registered", "list_truncated")
    assert (common["pages"], common["links"], common["dated"], common["candidates"]) == (1, 9, 9, 0)
    assert common["before"] == {"links": 40, "dated": 40, "at": "2024-02-04T09:00:00+08:00"}
    assert common["last_in_health"] == "2024-02-04T09:00:00+08:00"
    assert (common["known_rows"], common["doubted_since"]) == (40, "2024-02-06T08:00:00+08:00")
    assert common["holds"] == ["甲县教育局"]
    assert (own["url"], own["agency_name"], own["healthy"]) == (CZ, "甲县财政局", True)
    assert (found["origin"], found["why"]) == ("found", "列表中有三个年度的年报")
    assert [step["url"] for step in found["path"]] == ["http://yi.example/gk/", YI]
    assert found["holds"] == ["乙市商务局"]
    assert (nowhere["url"], nowhere["agency_name"], nowhere["reason"]) == (None, "乙市林业局", "column_not_found")
    assert nowhere["mend"] == MENDS["column_not_found"]


@pytest.mark.parametrize("words", [(), ("--columns",)])
def test_the_lists_go_into_files_where_nothing_is_a_formula(filled: Path, tmp_path: Path, words: tuple[str]) -> None:
    for name in ("list.csv", "list.xlsx"):
        run(filled, *words, "--out", str(tmp_path / name))
    rows = list(csv.reader(io.StringIO((tmp_path / "list.csv").read_text("utf-8-sig"))))
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets[0]
    assert sheet.max_row == len(rows) > 3
    assert not [cell for row in rows for cell in row if cell.startswith("=")]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert "怎么办" in rows[0]


def test_one_portal_can_be_asked_for_and_a_wrong_name_is_told(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(filled, "--portal", "jia")
    shown = capsys.readouterr().out
    assert "甲县人民政府" in shown
    assert "栏目列表没有看全" in shown
    assert "乙市人民政府" not in shown
    with pytest.raises(UsageError, match=r"atlantis.*jia"):
        run(filled, "--portal", "atlantis")


def test_the_page_puts_what_cannot_be_looked_at_first_and_says_what_to_do(home: Home) -> None:
    page = pages.portals_page(home)
    assert [row.portal for row in page.rows] == ["jia", "yi", "bing"]
    assert page.sick == 1
    words = render("portals.html", page=page)
    assert MENDS["list_truncated"] in words
    assert "1 个单位没有找到栏目" in words
    assert 'href="/portals/jia"' in words


def test_the_page_of_a_portal_shows_each_column_and_how_it_was_found(home: Home) -> None:
    page = pages.portal_page(home, "jia")
    facts = dict(page.columns[0].facts)
    assert facts["最近看到"] == "2024年2月6日 08:00：1 页，9 条，其中有日期 9 条，可能是所查年度年报的 0 条"
    assert facts["此前看全"] == "2024年2月4日 09:00：40 条，其中有日期 40 条"
    assert "以前 40 条" in facts["存疑"]
    assert facts["所含单位"] == "甲县教育局"
    words = render("portal.html", page=pages.portal_page(home, "yi"))
    assert "自动找到：列表中有三个年度的年报" in words
    assert 'href="/agency/yi-ly/2023"' in words
    assert "<script>" not in words
    assert "\u202e" not in words


def test_a_portal_that_is_unknown_has_no_page_and_one_never_looked_at_has(home: Home) -> None:
    with pytest.raises(views.NotFound):
        pages.portal_page(home, "<x>")
    assert "还没有" in render("portal.html", page=pages.portal_page(home, "bing"))


def test_the_overview_names_the_portals_that_are_not_in_health_in_one_line(home: Home) -> None:
    words = render("overview.html", page=views.overview(home))
    (line,) = [line for line in words.splitlines() if "未能核查的网站" in line]
    assert "甲县人民政府" in line
    assert "栏目列表没有看全" in line
    assert "乙市人民政府" not in line
    assert '<a href="/portals">' in words


def test_a_portal_that_blocks_shows_until_when_and_why_and_only_so_long(tmp_path: Path) -> None:
    path = new_home(tmp_path / "home")
    with open_home(path, NOW.isoformat()) as home:
        until = NOW + 5 * HOUR
        look(home, "jia", NOW - HOUR, column(reason="portal_blocked"), blocked_until=until, blocked="回答 403")
        assess(home, years=(YEAR,))
        (state,) = portal_states(home, ("jia",))
        assert (state.blocked_until, state.blocked) == (until, "回答 403")
        assert "2024年2月6日 14:00 以前不再自动访问：回答 403" in render(
            "portal.html", page=pages.portal_page(home, "jia")
        )
    with open_home(path, (NOW + DAY).isoformat()) as home:
        assert portal_states(home, ("jia",))[0].blocked_until is None


def test_what_people_handed_in_is_no_look_at_the_portal(tmp_path: Path) -> None:
    with open_home(new_home(tmp_path / "home"), NOW.isoformat()) as home:
        look(home, "jia", NOW - HOUR, column(reason="portal_blocked"))
        look(home, "jia", NOW, column(links=1))
        handed = Handover(
            crawl=f"jia-{NOW:%m%d%H%M}",
            portal="jia",
            url=JIA,
            agency="jia-jy",
            year=YEAR,
            by="王芳",
            at=NOW,
            seen_at=NOW,
            seen_is_claimed=False,
            note="",
            source="年报.html",
        )
        with home.store.transaction():
            home.store.add_handover(handed)
        (state,) = portal_states(home, ("jia",), columns=True)
    assert state.looked_at == NOW - HOUR
    assert [one.reason for one in state.columns if not one.agency] == ["portal_blocked"]


def test_a_search_that_found_nothing_shows_where_it_began_and_why(tmp_path: Path) -> None:
    with open_home(new_home(tmp_path / "home"), NOW.isoformat()) as home:
        detail = "首页上找不到信息公开年报栏目"
        look(home, "yi", NOW, column("http://yi.example/", reason="column_lost", detail=detail))
        assess(home, years=(YEAR,))
        (state,) = portal_states(home, ("yi",), columns=True)
    (began,) = state.columns
    assert (began.origin, began.url, began.reason) == ("search", "http://yi.example/", "column_lost")
    assert (state.healthy, state.reason, state.detail) == (False, "column_lost", detail)


# ── what goes to the operator ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with Mailbox() as opened:
        yield opened


def mailing(tmp_path: Path, box: Mailbox, **more: str) -> Path:
    settings = {
        "smtp_host": HOST,
        "smtp_port": str(box.port),
        "smtp_security": "none",
        "mail_from": "monitor@example.gov.cn",
        "mail_to": "office@example.gov.cn",
        "operator_to": "ops@example.gov.cn，night@example.gov.cn",
    }
    return new_home(tmp_path / "home", **(settings | more))


def step(path: Path, at: datetime, *columns: ColumnHealth, portal: str = "jia", **more: Any) -> None:
    """One round: a crawl (where columns are given), the judgement, the mails."""
    with open_home(path, at.isoformat()) as home:
        if columns:
            look(home, portal, at, *columns, **more)
        assess(home, years=(YEAR,), portals=(portal,))
        notify(home)


def mails(box: Mailbox, to: str) -> list[tuple[str, str]]:
    """(subject, text) of the mails that somebody has got."""
    found = []
    for received in box.received:
        if f"{to}@example.gov.cn" in received.recipients:
            body = received.message.get_body(("plain",))
            assert body is not None
            found.append((str(received.message["Subject"]), str(body.get_content())))
    return found


BEFORE = datetime(2024, 1, 10, 9, 0, tzinfo=SHANGHAI)  # nothing is due yet, so that portals alone are news
OWN = ColumnHealth(url=CZ, agency="jia-cz", healthy=True)


def test_a_sick_portal_and_its_recovery_go_to_the_operator_alone_and_name_nobody_as_late(
    tmp_path: Path, box: Mailbox
) -> None:
    path = mailing(tmp_path, box)
    step(path, BEFORE, column(links=9), OWN)
    assert box.received == ()
    step(path, BEFORE + DAY, column(reason="portal_unreachable", detail="连接超时"), OWN)
    step(path, BEFORE + DAY + HOUR, column(reason="portal_unreachable", detail="连接超时"), OWN)
    [(subject, text)] = mails(box, "ops")
    assert mails(box, "night") == [(subject, text)]
    assert subject == "〔年报监测·运维〕网站未能巡查1个"
    for words in (
        "甲县人民政府（jia）",
        "原因：网站无法访问（连接超时）。",
        "自2024年1月11日 09:00起；经过：正常 → 网站无法访问。",
        "做过的：2024年1月11日 09:00巡查，发出7次请求，看了2个栏目，看全1个。",
        "上次看全栏目：2024年1月11日 09:00。",
        f"怎么办：{MENDS['portal_unreachable']}",
        f"栏目：{JIA}",
    ):
        assert words in text
    step(path, BEFORE + 2 * DAY, column(links=9), OWN)
    recovery, text = mails(box, "ops")[1]
    assert recovery == "〔年报监测·运维〕网站恢复1个"
    assert "网站无法访问 → 正常" in text
    assert mails(box, "office") == []
    for _, said in mails(box, "ops"):
        assert not any(word in said for word in ("逾期", "教育局", "财政局", "portal_unreachable"))


def test_the_office_has_one_line_of_what_the_operator_is_told(tmp_path: Path, box: Mailbox) -> None:
    path = mailing(tmp_path, box)
    step(path, NOW, column(reason="portal_unreachable"), OWN)
    [(_, text)] = mails(box, "office")
    assert text.count("运维") == 1
    assert "另有1个网站未能正常巡查，已另行通知运维人员。" in text
    assert "网站：" not in text.split("未能核查（")[0]
    assert len(mails(box, "ops")) == 1


def test_without_an_operator_the_office_is_told_as_before(tmp_path: Path, box: Mailbox) -> None:
    path = mailing(tmp_path, box, operator_to="", daily_requests="5")
    step(path, BEFORE, column(links=9), OWN)
    step(path, BEFORE + DAY, column(reason="portal_blocked"), OWN)
    [(_, text)] = mails(box, "office")
    assert "网站：正常 → 网站拒绝自动访问" in text
    assert "运维" not in text
    assert [len(one.recipients) for one in box.received] == [1]
    with open_home(path, BEFORE.isoformat()) as home:
        assert {stored.event.kind for stored in home.store.events()} == {"portal"}


def test_no_finding_counts_as_told_by_the_operators_mail(tmp_path: Path, box: Mailbox) -> None:
    path = mailing(tmp_path, box, mail_to="")
    finding = Finding(rule="t2_sum", subject="x", severity=Severity.ERROR, message="合计不符")
    with open_home(path, BEFORE.isoformat()) as home, home.store.transaction():
        home.store.save_findings("yi-sw", YEAR, [finding], url="http://yi.example/1", at=BEFORE)
    step(path, BEFORE, column(reason="robots_disallowed"), OWN)
    [(_, text)] = mails(box, "ops")
    assert MENDS["robots_disallowed"] in text
    with open_home(path, BEFORE.isoformat()) as home:
        assert [stored.told for stored in home.store.findings()] == [False]
        assert home.store.events(untold_only=True) == []


def test_a_mail_that_was_given_up_is_untold_and_told_again_and_never_twice(tmp_path: Path, box: Mailbox) -> None:
    path = mailing(tmp_path, box)
    box.recipient_replies = {f"{name}@example.gov.cn": "550 5.1.1 no such user" for name in ("ops", "night")}
    step(path, BEFORE, column(reason="timed_out"), OWN)
    with open_home(path, BEFORE.isoformat()) as home:
        [(message, sent_at, error)] = home.store.messages()
        assert sent_at is None
        assert "NIANBAO_OPERATOR_TO" in error
        assert len(home.store.events(untold_only=True)) == 1
    box.recipient_replies = {}
    step(path, BEFORE + HOUR)
    step(path, BEFORE + 2 * HOUR)
    assert [subject for subject, _ in mails(box, "ops")] == [message.subject]
    assert box.received[0].message["Message-ID"] != message.message_id


def test_a_budget_that_is_used_up_is_told_once_a_day(tmp_path: Path, box: Mailbox) -> None:
    path = mailing(tmp_path, box, daily_requests="14")
    step(path, BEFORE, column(links=9), OWN)
    assert box.received == ()
    for hours in (1, 2, 3):
        step(path, BEFORE + hours * HOUR, column(links=9), OWN)
    [(subject, text)] = mails(box, "ops")
    assert subject == "〔年报监测·运维〕请求数用完1个"
    assert "今天已发出14次请求，达到每天14次的上限，明天继续。" in text
    step(path, BEFORE + DAY, column(links=9), OWN, requests=14)
    assert len(mails(box, "ops")) == 2
    assert mails(box, "office") == []


def test_agencies_without_a_column_are_told_when_they_lose_it_and_when_all_have_one(
    tmp_path: Path, box: Mailbox
) -> None:
    path = mailing(tmp_path, box)
    found, of_one = FoundColumn(YI), KnownList(YI, BEFORE, column=YI, rows=5, named=("乙市商务局",))
    seen = column(
        YI, links=5, candidates=(ListedLink(YI + "1", "乙市商务局2023年政府信息公开工作年度报告", None, YEAR),)
    )
    for hours in (0, 1):
        step(path, BEFORE + hours * HOUR, seen, portal="yi", found=(found,), lists=(of_one,))
    [(subject, text)] = mails(box, "ops")
    assert subject == "〔年报监测·运维〕栏目情况有变1个"
    assert "没有找到年报栏目的单位：1家：乙市林业局。" in text
    assert "不等于没有发布" in text
    # A round that could not look proves nothing about columns.
    step(path, BEFORE + DAY, column(YI, reason="portal_unreachable"), portal="yi")
    assert "栏目情况有变" not in mails(box, "ops")[1][0]
    both = replace(of_one, named=("乙市商务局", "乙市林业局"))
    step(path, BEFORE + 2 * DAY, seen, portal="yi", found=(found,), lists=(both,))
    subject, text = mails(box, "ops")[2]
    assert subject == "〔年报监测·运维〕网站恢复1个、栏目情况有变1个"
    assert "现在都找到了" in text


def test_a_hostile_portal_puts_no_header_and_no_markup_into_the_operators_mail(tmp_path: Path, box: Mailbox) -> None:
    path = mailing(tmp_path, box)
    step(path, BEFORE, column(reason="portal_blocked", detail=f"\r\nBcc: x@evil.example\r\n{HOSTILE}"), OWN)
    (received,) = box.received
    assert received.recipients == ("ops@example.gov.cn", "night@example.gov.cn")
    assert "Bcc" not in received.message
    html = received.message.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
    assert "\u202e" not in html.get_content()
