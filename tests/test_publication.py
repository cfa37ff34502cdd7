"""Rules about publication: each one with what it passes, what it fails, and what it cannot know and is silent about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from monitor.clock import SHANGHAI
from monitor.decisions import ruled
from monitor.exchange import ArticleFacts, Attachment, Capture, ListedLink
from monitor.facts import PortalFacts
from monitor.jobs.claims import Claims
from monitor.model import (
    Agency,
    Cell,
    DateCandidate,
    Finding,
    Look,
    Obligation,
    Portal,
    Registry,
    Report,
    Severity,
    Sighting,
    Status,
    Verdict,
)
from monitor.office import Filing
from monitor.publication import PUBLICATION_RULES, Publication, publication_findings
from monitor.publication.base import LAW_49
from monitor.rows import Decision, DecisionKind, Reading, StoredFinding, StoredLook, packed
from monitor.verdicts import judge
from tests.rule_cases import build_report

NAME = "青石县文化和旅游局"
OWED = Obligation("wl", 2023, date(2024, 1, 31))
URL, OTHER = "http://www.qs.gov.cn/1.html", "http://www.qs.gov.cn/2.html"
PDF = "http://www.qs.gov.cn/1.pdf"
REPORT = build_report()
PUBLISHED = Verdict(
    status=Status.ON_TIME,
    reason="published",
    claimed_on=date(2024, 1, 20),
    claimed_source="meta",
    first_seen_at=datetime(2024, 1, 21, 9, tzinfo=SHANGHAI),
    report_url=URL,
)


def at(text: str) -> datetime:
    """ "02-05" or "2023-12-20" """
    return datetime.fromisoformat(f"{'2024-' if len(text) == 5 else ''}{text}T09:00").replace(tzinfo=SHANGHAI)


def look(when: str, *held: str, **facts: Any) -> Look:
    return Look(at=at(when), **{"healthy": True, "held": held or (URL,), **facts})


def seen(when: str, *, claims: str = "", confidence: float = 0.9, **facts: Any) -> Sighting:
    dates = (DateCandidate(date.fromisoformat(claims), "meta", confidence),) if claims else ()
    return Sighting(
        at=at(when), **{"url": URL, "title": "年报", "content": "a", "is_report": True, "dates": dates, **facts}
    )


def page(
    url: str = URL, report: Report | None = REPORT, *, rendered: bool = False, **facts: Any
) -> tuple[Capture, Reading]:
    capture = Capture(
        url=url,
        kind="article",
        column="http://www.qs.gov.cn/nb/",
        fetched_at=at("01-21"),
        status=200,
        media_type="text/html",
        sha256="",
        size=0,
        offset=0,
        length=0,
        rendered=rendered,
    )
    is_form, wire = packed(report)
    facts = {"capture": 1, "year": 2023, "named": NAME, "body": "", "error": "", **facts}
    return capture, Reading(is_form=is_form, wire=wire, **facts)


def found(rule: str, **facts: Any) -> list[Finding]:
    """What a rule says of a report that was published on time, but for these facts."""
    case = Publication(
        **{
            "obligation": OWED,
            "verdict": PUBLISHED,
            "statutory": OWED.deadline,
            "report": REPORT,
            "names": (NAME,),
            "kind": "department",
            **facts,
        }
    )
    return [finding for finding in publication_findings(case) if finding.rule == rule]


def test_every_rule_says_what_passes_and_what_fails_in_one_line() -> None:
    for rule in PUBLICATION_RULES.values():
        for text in (rule.name, rule.verifies, rule.basis, rule.good, rule.bad):
            assert text
            assert "\n" not in text


def test_a_report_with_nothing_amiss_has_no_finding() -> None:
    case = Publication(
        obligation=OWED,
        verdict=PUBLISHED,
        statutory=OWED.deadline,
        sightings=[seen("01-21", claims="2024-01-20")],
        looks=[look("01-21"), look("02-05")],
        report=REPORT,
        pages=[page(page_words=4000)],
        earlier={2021: PUBLISHED, 2022: PUBLISHED},
        names=(NAME,),
        filing=Filing("wl", 2023, date(2024, 1, 18), None),
    )
    assert not list(publication_findings(case))
    exempt = replace(case, obligation=replace(OWED, exempt=True), verdict=replace(PUBLISHED, withdrawn_at=at("02-05")))
    assert not list(publication_findings(exempt))


# ── when ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_without_any_trusted_date_is_a_hint_that_waits_for_a_person() -> None:
    (finding,) = found(
        "publish_date_unknown", sightings=[seen("01-21"), seen("01-22", claims="2024-01-20", confidence=0.4)]
    )
    assert finding.severity is Severity.HINT
    assert finding.explained


@pytest.mark.parametrize(
    "sighting",
    [
        seen("01-21", claims="2024-01-20"),
        seen("01-21", content=None, is_report=None),  # only its row: the page was never read
        seen("01-21", is_report=None),  # nobody could read it
    ],
)
def test_a_date_on_the_page_or_a_page_that_was_not_read_is_no_unknown_date(sighting: Sighting) -> None:
    assert not found("publish_date_unknown", sightings=[sighting])


EARLY = seen("2023-12-21", claims="2023-12-20")


def early(*sightings: Sighting, report: Report | None = REPORT, looks: Sequence[Look] = ()) -> list[Finding]:
    verdict = judge(OWED, sightings, looks, at("02-05"))
    return found("published_too_early", sightings=sightings, verdict=verdict, report=report, looks=looks)


def test_a_report_seen_or_dated_before_the_year_was_over_is_too_early() -> None:
    (finding,) = early(EARLY)
    assert (finding.severity, finding.found, finding.basis) == (Severity.ERROR, "2023-12-21", LAW_49)
    (finding,) = early(seen("01-05", claims="2023-12-31"))
    assert (finding.expected, finding.found) == ("不早于2024-01-01", "2023-12-31")


def test_what_only_may_be_early_accuses_nobody() -> None:
    assert not early(seen("01-05", claims="2024-01-01"))
    assert not early(seen("01-05", claims="2023-12-31", confidence=0.4))
    assert not early(seen("2023-12-21", content=None, is_report=None)), "a row alone"
    assert not early(EARLY, report=None), "unread"
    assert not early(EARLY, report=replace(REPORT, year=2022, period=None)), "a mistyped title over last year's report"
    absent = [look("01-03", held=())]
    assert not early(seen("01-05", claims="2023-12-31"), looks=absent), "it was not there in January: back-dated"


def test_a_report_that_the_ledger_has_not_got_was_not_submitted() -> None:
    (finding,) = found("submit_missing", filing=Filing("wl", 2023, None, date(2024, 2, 2)))
    assert (finding.severity, finding.basis) == (Severity.WARNING, LAW_49)
    assert "截至2024年2月2日" in finding.message
    (finding,) = found("submit_missing", filing=Filing("wl", 2023, None, date(2024, 2, 2)), kind="township")
    assert finding.basis == "", "the law names departments only"


@pytest.mark.parametrize(
    "filing",
    [None, Filing("wl", 2023, date(2024, 1, 15), None), Filing("wl", 2023, None, date(2024, 1, 31))],
    ids=["no ledger", "submitted", "the ledger ends on the last day"],
)
def test_a_ledger_that_does_not_say_so_accuses_nobody(filing: Filing | None) -> None:
    assert not found("submit_missing", filing=filing)


def test_what_a_person_decided_of_one_event_does_not_cover_the_next() -> None:
    """It was withdrawn, which a person found to be well; it came back, and was withdrawn again."""
    for rule, field in (("withdrawn", "withdrawn_at"), ("changed_after_publication", "changed_at")):
        (first,), next_ = (found(rule, verdict=replace(PUBLISHED, **{field: at(day)})) for day in ("02-05", "03-01"))
        made = Decision(
            agency="wl", year=2023, finding=first, kind=DecisionKind.DISMISSED, by="王某", at=at("02-06"), reason="改版"
        )
        standing = [StoredFinding("wl", 2023, one, URL, at("02-05"), None, False) for one in (first, *next_)]
        same, other = (ruled([one], [made], [], date(2024, 3, 2))[0].ruling for one in standing)
        assert same
        assert same.kind == "dismissed"
        assert other
        assert (other.kind, other.has_changed) == (None, True)


# ── where ───────────────────────────────────────────────────────────────────────────────────────────────────────────

WEIXIN = "https://mp.weixin.qq.com/s/abc"


def test_a_report_that_stands_only_on_a_social_platform_or_in_anothers_column_is_not_on_the_platform() -> None:
    on_weixin = replace(PUBLISHED, report_url=WEIXIN)
    (finding,) = found("not_on_platform", verdict=on_weixin, looks=[look("02-05", WEIXIN)])
    assert finding.found == "mp.weixin.qq.com"
    assert not finding.explained
    (finding,) = found("not_on_platform", looks=[look("02-05", outside=(URL,))])
    assert finding.explained, "the registry may not know every column"


def test_a_report_that_stands_on_the_platform_too_or_in_a_look_that_failed_is_not_accused() -> None:
    assert not found("not_on_platform", looks=[look("02-05", WEIXIN, URL)])
    assert not found("not_on_platform", looks=[look("02-05", URL, OTHER, outside=(OTHER,))])
    assert not found("not_on_platform", looks=[look("02-05", outside=(URL,), healthy=False, reason="timed_out")])
    assert not found("not_on_platform", looks=[])


def lost(when: str, **facts: Any) -> Look:
    return look(when, **{"held": (), "healthy": False, "reason": "column_lost", "is_lost": True, **facts})


def test_a_column_that_is_lost_on_two_days_while_the_portal_works_is_missing() -> None:
    (finding,) = found("column_missing", looks=[look("01-20"), lost("02-01"), lost("02-02")])
    assert finding.found == "2024-02-01起找不到"
    assert finding.explained


def test_a_column_that_may_still_be_there_is_not_missing() -> None:
    assert not found("column_missing", looks=[lost("02-01"), lost("02-01")]), "one day only"
    assert not found("column_missing", looks=[lost("02-01"), lost("02-02"), look("02-03")]), "it is back"
    assert not found("column_missing", looks=[lost("02-01", is_lost=False), lost("02-02", is_lost=False)]), (
        "all is down"
    )
    assert not found("column_missing", looks=[lost("02-01"), lost("02-02", held=(URL,))]), "its report stands elsewhere"


GAP = Verdict(status=Status.OVERDUE, reason="no_report_in_column", last_absent_at=at("2023-02-05"))


def test_a_year_without_a_report_between_years_with_one_is_a_gap() -> None:
    (finding,) = found("history_gap", earlier={2020: PUBLISHED, 2021: GAP, 2022: PUBLISHED})
    assert (finding.subject, finding.severity) == ("2021", Severity.WARNING)
    assert "2020年度和2023年度" in finding.message
    gone = replace(PUBLISHED, withdrawn_at=at("2023-06-01"))
    assert [one.subject for one in found("history_gap", earlier={2020: PUBLISHED, 2021: gone, 2022: GAP})] == [
        "2021",
        "2022",
    ]


@pytest.mark.parametrize(
    "earlier",
    [
        {},
        {2021: GAP, 2022: PUBLISHED},
        {2020: PUBLISHED, 2021: Verdict(status=Status.UNKNOWN, reason="portal_unreachable"), 2022: PUBLISHED},
        {2020: PUBLISHED, 2021: Verdict(status=Status.EXEMPT, reason="not_on_roster"), 2022: PUBLISHED},
        {2020: replace(PUBLISHED, reason="wrong_document"), 2021: GAP},
    ],
    ids=["never looked at", "nothing before", "could not look", "owed nothing", "only a letter before"],
)
def test_years_that_were_not_seen_whole_are_no_gap(earlier: dict[int, Verdict]) -> None:
    assert not found("history_gap", earlier=earlier)


def test_no_gap_is_told_where_this_years_report_was_not_seen() -> None:
    assert not found("history_gap", verdict=GAP, earlier={2020: PUBLISHED, 2021: GAP})


# ── as text ─────────────────────────────────────────────────────────────────────────────────────────────────────────

AS_PDF = replace(REPORT, media_type="application/pdf")


def text_findings(report: Report, **facts: Any) -> list[Finding]:
    pages = [page(URL, report, **facts)]
    return [*found("attachment_only", report=report, pages=pages), *found("image_only", report=report, pages=pages)]


def test_a_page_without_text_holds_a_file_or_pictures_only() -> None:
    (finding,) = text_findings(AS_PDF, page_words=12, rendered=True)
    assert (finding.rule, finding.severity, finding.found, finding.explained) == (
        "attachment_only",
        Severity.WARNING,
        "附件",
        "",
    )
    (finding,) = text_findings(replace(AS_PDF, is_scan=True), page_words=12)
    assert (finding.rule, finding.found) == ("attachment_only", "扫描件附件")
    assert finding.explained, "without a browser nobody knows what a script would show"
    (finding,) = text_findings(replace(REPORT, media_type="image/png", is_scan=True), page_words=0)
    assert finding.rule == "image_only"


def test_a_page_with_text_or_one_whose_text_nobody_counted_is_not_accused() -> None:
    assert not text_findings(AS_PDF, page_words=4000)
    assert not text_findings(AS_PDF), "an earlier reader read it"
    assert not text_findings(replace(REPORT, media_type="text/html"), page_words=50), "a short report is its own text"
    assert not found("attachment_only", report=AS_PDF, pages=[]), "the page was not read"


# ── links ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_link_that_is_gone_on_two_healthy_days_is_broken() -> None:
    (finding,) = found("link_unreachable", looks=[look("02-01", missing=(URL,)), look("02-02", missing=(URL,))])
    assert (finding.subject, finding.found, finding.explained) == (URL, "2024-02-01起打不开", "")
    assert "不存在" in finding.message
    broken = {PDF: "portal_unreachable"}
    (finding,) = found("link_unreachable", looks=[look("02-01", failed=broken), look("02-02", failed=broken)])
    assert "附件" in finding.message
    assert finding.explained, "it may be our own network"


def test_a_link_that_may_be_well_is_not_accused() -> None:
    broken, gone = {URL: "portal_unreachable"}, {"missing": (URL,)}
    assert not found("link_unreachable", looks=[look("02-01", failed=broken)]), "once only"
    assert not found("link_unreachable", looks=[look("02-01", **gone), look("02-01", **gone)]), "one day"
    assert not found("link_unreachable", looks=[look("02-01", **gone), look("02-02"), look("02-03", **gone)])
    assert not found("link_unreachable", looks=[look("02-01", **gone), look("02-02", **gone), look("02-03")])
    sick = {"healthy": False, "reason": "portal_unreachable", "failed": broken}
    assert not found("link_unreachable", looks=[look("02-01", **sick), look("02-02", **sick)])
    for ours in ("portal_blocked", "robots_disallowed", "host_refused", "list_truncated", "timed_out"):
        looks = [look("02-01", failed={URL: ours}), look("02-02", failed={URL: ours})]
        assert not found("link_unreachable", looks=looks), ours
    withdrawn = [look(day, held=(), missing=(URL,)) for day in ("02-01", "02-02")]
    assert not found("link_unreachable", looks=withdrawn), "that is withdrawn, not broken"


# ── versions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def versions(
    other: Report | None, *, looks: Sequence[Look] = (look("02-05", URL, OTHER),), **facts: Any
) -> list[Finding]:
    return found("duplicate_publication", pages=[page(), page(OTHER, other, **facts)], looks=looks)


def with_cell(value: int | None, text: str = "", doubt: str = "") -> Report:
    tables: dict[str, Any] = {key: dict(table or {}) for key, table in REPORT.tables.items()}
    tables["requests"]["received"] = {**tables["requests"]["received"], "total": Cell(value, text or str(value), doubt)}
    return replace(REPORT, tables=tables)


def test_two_live_pages_of_one_year_with_other_figures_are_two_versions() -> None:
    (finding,) = versions(with_cell(7))
    assert finding.severity is Severity.WARNING
    assert "一份是0，一份是7" in finding.message
    assert URL in finding.message
    assert OTHER in finding.message
    assert "一份是7" in finding.found, "a decision about these figures does not cover others"


def test_two_live_pages_with_other_words_are_two_versions() -> None:
    texts = [
        "\n".join(f"第{number}项工作由{who}牵头完成，全年开展{number}次并形成台账。" for number in range(12))
        for who in ("办公室", "宣传科")
    ]
    one, other = (build_report({"sections.1.text": text, "sections.5.text": text}) for text in texts)
    pages = [page(URL, one), page(OTHER, other)]
    (finding,) = found("duplicate_publication", pages=pages, looks=[look("02-05", URL, OTHER)])
    assert "句子不同" in finding.message


def test_twins_and_what_is_not_surely_another_version_are_one_report() -> None:
    assert not versions(REPORT), "the same on the old site and the new"
    assert not versions(AS_PDF), "the same as PDF"
    assert not versions(with_cell(None, "/")), "a dash is no other number"
    assert not versions(with_cell(7, doubt="跨页")), "a cell that reading doubts"
    assert not versions(replace(with_cell(7), is_scan=True)), "a scan"
    assert not versions(replace(with_cell(7), doubts={"requests": "列数不对"})), "a table that reading doubts"
    assert not versions(None, error="打不开"), "unread"
    assert not versions(with_cell(7), named="青石县文化和旅游局机关服务中心"), "maybe another agency's"
    assert not versions(replace(with_cell(7), year=2022, period=None)), "another year's under a mistyped title"
    assert not versions(with_cell(7), looks=[look("02-05", URL)]), "the old one is in no list any more"
    assert not versions(with_cell(7), looks=[look("02-05", URL, OTHER, missing=(OTHER,))]), "the old one is gone"
    assert not versions(with_cell(7), looks=[]), "nobody looked"


# ── from stored rows to a look ──────────────────────────────────────────────────────────────────────────────────────

COMMON, OWN, THEIRS = "http://www.qs.gov.cn/nb/", "http://www.qs.gov.cn/wl/nb/", "http://www.qs.gov.cn/jy/nb/"
WL = Agency(agency="wl", name=NAME, kind="department", portal="qs")
WL_OWN = replace(WL, column=OWN)
ROW = ListedLink(URL, f"{NAME}2023年政府信息公开工作年度报告", None, 2023)


def stored(when: str, column: str, agency: str = "", *rows: ListedLink, **facts: Any) -> StoredLook:
    return StoredLook(
        crawl=when,
        portal="qs",
        column_url=column,
        agency=agency,
        at=at(when),
        **{"healthy": True, "reason": "ok", "candidates": rows, "missing": (), **facts},
    )


def look_at(agency: Agency, *looks: StoredLook, pages: Sequence[tuple[Capture, Reading]] = ()) -> Look:
    registry = Registry({"qs": Portal(portal="qs", name="青石县人民政府", home="http://www.qs.gov.cn/")}, {"wl": WL})
    (found,) = PortalFacts(2023, looks, pages, whose=Claims(registry, "qs"), columns=(COMMON,)).looks(agency)
    return found


def test_a_row_in_anothers_column_is_outside_only_if_all_right_columns_were_seen_whole() -> None:
    there = stored("02-05", THEIRS, "jy", ROW)
    assert look_at(WL, stored("02-05", COMMON), there).outside == (URL,)
    assert look_at(WL, stored("02-05", COMMON, "", ROW), there).outside == ()
    assert look_at(WL, stored("02-05", COMMON, healthy=False, reason="timed_out"), there).outside == ()
    in_common = stored("02-05", COMMON, "", ROW)
    assert look_at(WL_OWN, stored("02-05", OWN, "wl"), in_common).outside == (), "the common column is right as well"
    assert look_at(WL_OWN, stored("02-05", OWN, "wl"), there).outside == (), "the common column was not looked at"


def test_an_agencys_column_is_lost_only_where_another_column_of_the_portal_is_well() -> None:
    gone = stored("02-05", OWN, "wl", healthy=False, reason="column_lost")
    assert look_at(WL_OWN, gone, stored("02-05", COMMON)).is_lost
    assert not look_at(WL_OWN, gone, stored("02-05", COMMON, healthy=False, reason="portal_unreachable")).is_lost
    assert not look_at(WL_OWN, stored("02-05", OWN, "wl"), stored("02-05", COMMON)).is_lost


def test_what_failed_is_told_of_the_agencys_own_pages_and_documents_only() -> None:
    capture, reading = page()
    files = (Attachment(PDF, "年报.pdf"), Attachment("http://www.qs.gov.cn/logo.png", "图标"))
    own = (replace(capture, article=ArticleFacts(title=ROW.title, attachments=files)), reading)
    failed = dict.fromkeys([URL, OTHER, PDF, files[1].url], "portal_unreachable")
    assert set(look_at(WL, stored("02-05", COMMON, "", ROW, failed=failed), pages=[own]).failed) == {URL, PDF}
    assert look_at(WL, stored("02-05", COMMON, failed=failed), pages=[own]).failed == {}
