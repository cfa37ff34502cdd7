"""From stored rows to facts: whose a row is, and when its absence can be proven at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from monitor.clock import SHANGHAI
from monitor.exchange import ArticleFacts, Capture, KnownList, ListedLink
from monitor.facts import LIST_CONFIDENCE, Coverage, PortalFacts
from monitor.jobs.claims import Claims
from monitor.model import Agency, DateCandidate, Look, Portal, Registry, Sighting
from monitor.rows import Reading, StoredLook
from monitor.titles import read_title

COMMON, OWN = "http://127.0.0.1/nb/", "http://127.0.0.1/tz/nb/"
URL, OTHER = "http://127.0.0.1/1.html", "http://127.0.0.1/2.html"
TZ = Agency(
    agency="tz", name="淄博市江南区投资促进服务中心", kind="institution", portal="jn", aliases=("江南区投促中心",)
)
TZ_OWN = Agency(agency="tz", name="淄博市江南区投资促进服务中心", kind="institution", portal="jn", column=OWN)
FGJ = Agency(agency="fgj", name="江南区发展和改革局", kind="department", portal="jn")
TITLE = "江南区投资促进服务中心2023年政府信息公开工作年度报告"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2024-{text}T09:00").replace(tzinfo=SHANGHAI)


def row(title: str = TITLE, url: str = URL, *, year: int | None = 2023, on: str = "") -> ListedLink:
    return ListedLink(url, title, date.fromisoformat(on) if on else None, year)


def look(
    when: str,
    *rows: ListedLink,
    crawl: str = "",
    column: str = COMMON,
    agency: str = "",
    sick: str = "",
    missing: tuple[str, ...] = (),
) -> StoredLook:
    return StoredLook(
        crawl=crawl or when,
        portal="jn",
        column_url=column,
        agency=agency,
        at=at(when),
        healthy=not sick,
        reason=sick or "ok",
        candidates=rows,
        missing=missing,
    )


def page(
    when: str,
    *,
    url: str = URL,
    title: str = TITLE,
    agency: str | None = "tz",
    named: str = "",
    year: int | None = 2023,
    is_form: bool | None = True,
    dates: tuple[DateCandidate, ...] = (),
) -> tuple[Capture, Reading]:
    """A captured article and what was understood of it; `is_form` None: nothing could be read."""
    capture = Capture(
        url=url,
        kind="article",
        column=COMMON,
        fetched_at=at(when),
        status=200,
        media_type="text/html",
        sha256="",
        size=0,
        offset=0,
        length=0,
        article=ArticleFacts(title=title, content="a", dates=dates),
    )
    named = named or (read_title(title).agency if agency else "")
    return capture, Reading(capture=1, year=year, named=named, body="", is_form=is_form, wire=None, error="")


def facts_of(
    looks: list[StoredLook],
    readings: list[tuple[Capture, Reading]] | None = None,
    *,
    agency: Agency = TZ,
    lists: list[KnownList] | None = None,
) -> tuple[list[Sighting], list[Look]]:
    registry = Registry(
        {"jn": Portal(portal="jn", name="江南区人民政府", home="http://127.0.0.1/")}, {"tz": agency, "fgj": FGJ}
    )

    whose = Claims(registry, "jn")
    coverage = None if lists is None else Coverage(lists, whose, {TZ.agency: "institution", FGJ.agency: "department"})
    facts = PortalFacts(2023, looks, readings or [], whose=whose, coverage=coverage)
    return facts.sightings(agency), facts.looks(agency)


def absence(*looks: StoredLook, readings: list[tuple[Capture, Reading]] | None = None, agency: Agency = TZ) -> str:
    """What the one crawl says of the agency's report: "held", "absent", or why absence cannot be proven."""
    _, (fact,) = facts_of(list(looks), readings, agency=agency)
    if fact.held:
        return "held"
    return "absent" if fact.healthy else fact.reason


# ── rows whose page was read ────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_that_was_read_is_a_sighting_with_what_it_says() -> None:
    claim = (DateCandidate(date(2024, 1, 20), "meta", 0.95),)
    (sighting,), (fact,) = facts_of([look("01-21", row())], [page("01-21", dates=claim)])
    assert sighting == Sighting(at=at("01-21"), url=URL, title=TITLE, dates=claim, content="a", is_report=True)
    assert (fact.healthy, fact.held) == (True, (URL,))


def test_a_page_that_could_not_be_read_is_a_sighting_all_the_same() -> None:
    (sighting,), (fact,) = facts_of([look("01-21", row())], [page("01-21", is_form=None)])
    assert sighting.is_report is None
    assert fact.held == (URL,)


def test_a_page_of_the_agency_that_is_no_report_is_a_sighting_of_something_else() -> None:
    (sighting,), (fact,) = facts_of([look("01-21", row())], [page("01-21", is_form=False)])
    assert sighting.is_report is False
    assert fact.held == (URL,)


def test_a_page_fetched_twice_is_two_sightings() -> None:
    sightings, _ = facts_of([], [page("01-21"), page("01-28")])
    assert [sighting.at for sighting in sightings] == [at("01-21"), at("01-28")]


def test_a_row_that_was_fetched_and_turned_out_to_be_somebody_elses_is_theirs() -> None:
    theirs = page("02-05", agency="fgj", named="江南区发展和改革局")
    sightings, (fact,) = facts_of([look("02-05", row())], [theirs])
    assert (sightings, fact.held, fact.healthy) == ([], (), True)


def test_a_row_that_was_fetched_and_is_of_another_year_is_ignored() -> None:
    assert absence(look("02-05", row(year=None)), readings=[page("02-05", year=2022)]) == "absent"


def test_what_was_read_last_counts() -> None:
    readings = [page("02-05", agency=None, named="某中心"), page("02-06", agency="tz")]
    assert absence(look("02-06", row()), readings=readings) == "held"


def test_nobodys_letter_or_explanation_proves_nothing_and_hides_nothing() -> None:
    assert absence(look("02-05", row("年度报告")), readings=[page("02-05", agency=None, is_form=False)]) == "absent"


# ── rows whose page is unread ───────────────────────────────────────────────────────────────────────────────────────


def test_a_row_is_matched_by_its_title_while_its_page_is_unread() -> None:
    (sighting,), (fact,) = facts_of([look("01-21", row(on="2024-01-20"))])
    claim = (DateCandidate(date(2024, 1, 20), "list", LIST_CONFIDENCE),)
    assert sighting == Sighting(at=at("01-21"), url=URL, title=TITLE, dates=claim)
    assert fact.held == (URL,)


def test_a_letter_that_was_not_read_is_neither_the_report_nor_its_absence() -> None:
    letter = row("关于报送江南区投资促进服务中心2023年政府信息公开工作年度报告的函")
    assert absence(look("02-05", letter)) == "unmatched_report"


def test_a_row_without_a_date_is_a_sighting_without_a_claim() -> None:
    (sighting,), _ = facts_of([look("01-21", row())])
    assert sighting.dates == ()


def test_a_row_of_another_year_is_ignored() -> None:
    assert absence(look("02-05", row(year=2022))) == "absent"


def test_a_row_that_names_another_agency_is_ignored() -> None:
    assert absence(look("02-05", row("江南区发展和改革局2023年政府信息公开工作年度报告"))) == "absent"
    assert absence(look("02-05", row("江北区投资促进局2023年政府信息公开工作年度报告"))) == "absent"


@pytest.mark.parametrize(
    "named",
    ["", "投促中心服务中心", "江南投资促进服务中心", "江南区投资服务中心", "江南投促服务中心", "投资中心"],
)
def test_a_row_without_a_name_or_with_a_short_one_makes_absence_unprovable(named: str) -> None:
    title = f"{named}2023年政府信息公开工作年度报告"
    expected = "absent" if named == "投促中心服务中心" else "unmatched_report"  # not in the order of the full name
    assert absence(look("02-05", row(title))) == expected


def test_the_areas_own_report_is_no_short_form_of_its_agencies_names() -> None:
    assert absence(look("02-05", row("江南区2023年政府信息公开工作年度报告"))) == "absent"


def test_a_short_form_of_an_alias_makes_absence_unprovable() -> None:
    assert absence(look("02-05", row("江南投促中心2023年政府信息公开工作年度报告"))) == "unmatched_report"


def test_an_unmatched_row_does_not_matter_where_the_report_itself_stands() -> None:
    assert absence(look("02-05", row(), row("2023年政府信息公开工作年度报告", OTHER))) == "held"


@pytest.mark.parametrize("readings", [None, [page("02-05", year=None)], [page("02-05", year=None, is_form=None)]])
def test_a_report_of_the_agency_that_names_no_year_makes_absence_unprovable(
    readings: list[tuple[Capture, Reading]] | None,
) -> None:
    title = "江南区投资促进服务中心政府信息公开工作年度报告"
    assert absence(look("02-05", row(title, year=None)), readings=readings) == "unmatched_report"


def test_a_report_that_names_no_year_but_is_older_than_the_years_last_month_is_ignored() -> None:
    title = "江南区投资促进服务中心政府信息公开工作年度报告"
    assert absence(look("02-05", row(title, year=None, on="2017-01-18"))) == "absent"
    assert absence(look("02-05", row(title, year=None, on="2023-11-30"))) == "absent"
    assert absence(look("02-05", row(title, year=None, on="2023-12-14"))) == "unmatched_report"
    old = page("02-05", year=None, dates=(DateCandidate(date(2017, 1, 18), "meta", 0.95),))
    assert absence(look("02-05", row(title, year=None)), readings=[old]) == "absent"


def test_a_report_of_another_agency_that_names_no_year_does_not_matter() -> None:
    title = "江南区发展和改革局政府信息公开工作年度报告"
    assert absence(look("02-05", row(title, year=None))) == "absent"


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def own(when: str, *rows: ListedLink, sick: str = "") -> StoredLook:
    return look(when, *rows, crawl="c", column=OWN, agency="tz", sick=sick)


def common(when: str, *rows: ListedLink, sick: str = "", column: str = COMMON) -> StoredLook:
    return look(when, *rows, crawl="c", column=column, sick=sick)


def test_an_agency_with_a_column_of_its_own_is_looked_for_there() -> None:
    assert absence(own("02-05"), common("02-05", sick="column_lost"), agency=TZ_OWN) == "absent"
    assert absence(own("02-05", sick="portal_blocked"), common("02-05"), agency=TZ_OWN) == "portal_blocked"


def test_an_agency_without_a_column_of_its_own_is_looked_for_in_the_common_ones() -> None:
    assert absence(own("02-05", sick="portal_blocked"), common("02-05")) == "absent"


def test_a_crawl_that_did_not_look_at_the_agencys_place_is_no_look() -> None:
    assert facts_of([own("02-05")])[1] == []
    assert facts_of([common("02-05")], agency=TZ_OWN)[1] == []


def test_a_report_in_the_common_column_counts_for_an_agency_with_a_column_of_its_own() -> None:
    assert absence(own("02-05"), common("02-05", row()), agency=TZ_OWN) == "held"


def test_a_title_without_a_name_in_the_agencys_own_column_is_the_agencys() -> None:
    assert absence(own("02-05", row("2023年政府信息公开工作年度报告")), agency=TZ_OWN) == "held"


def test_an_unknown_name_in_the_agencys_own_column_makes_absence_unprovable() -> None:
    renamed = row("江南区招商合作中心2023年政府信息公开工作年度报告")
    assert absence(own("02-05", renamed), agency=TZ_OWN) == "unmatched_report"
    assert absence(common("02-05", renamed)) == "absent"


def test_the_area_governments_report_in_the_agencys_own_column_does_not_matter() -> None:
    governments = row("江南区人民政府2023年政府信息公开工作年度报告")
    assert absence(own("02-05", governments), agency=TZ_OWN) == "absent"


def test_one_sick_column_of_several_is_enough_to_prove_nothing() -> None:
    other = "http://127.0.0.1/nb2/"
    assert absence(common("02-05"), common("02-05", column=other, sick="list_truncated")) == "list_truncated"


def test_a_look_counts_from_when_its_first_column_was_seen() -> None:
    """What came into that column a minute later was not looked for any more."""
    _, (fact,) = facts_of([common("02-01", column="http://127.0.0.1/nb2/"), common("01-31")])
    assert fact.at == at("01-31")


def test_crawls_that_overlap_stay_apart_and_come_in_the_order_of_their_looks() -> None:
    looks = [
        look("02-01", crawl="a"),
        look("02-02", crawl="b"),
        look("02-03", row(), crawl="a", column="http://127.0.0.1/nb2/"),
    ]
    _, (first, second) = facts_of(looks)
    assert (first.at, first.held, second.at, second.held) == (at("02-01"), (URL,), at("02-02"), ())


def test_an_address_in_two_columns_is_held_once_and_what_is_gone_is_told_once() -> None:
    looks = [
        look("02-05", row(), crawl="c", missing=(OTHER,)),
        look("02-05", row(), crawl="c", column="http://127.0.0.1/nb2/", missing=(OTHER,)),
    ]
    _, (fact,) = facts_of(looks)
    assert (fact.held, fact.missing) == ((URL,), (OTHER,))


@pytest.mark.parametrize("build", [own, common])
def test_a_sick_column_never_proves_absence(build: Callable[..., StoredLook]) -> None:
    agency = TZ_OWN if build is own else TZ
    assert absence(build("02-05", sick="portal_unreachable"), agency=agency) == "portal_unreachable"


# ── columns that nobody registered ──────────────────────────────────────────────────────────────────────────────────


def held(column: str, *names: str, owner: str = "") -> KnownList:
    return KnownList(column, at("02-05"), column=column, named=names, owner=owner)


def proven(*looks: StoredLook, lists: list[KnownList]) -> str:
    _, facts = facts_of(list(looks), lists=lists)
    return "none" if not facts else "absent" if facts[0].healthy else facts[0].reason


def test_a_found_column_that_never_held_the_agencys_report_proves_no_absence() -> None:
    assert proven(common("02-05"), lists=[]) == "column_not_found"
    assert proven(common("02-05"), lists=[held(COMMON, "市商务局", "县水务局")]) == "column_not_found"


def test_a_found_column_proves_absence_where_it_held_the_agencys_report_or_is_its_own() -> None:
    assert proven(common("02-05"), lists=[held(COMMON, TZ.name, "市商务局")]) == "absent"
    assert proven(common("02-05"), lists=[held(COMMON, owner=TZ.name)]) == "absent"


def test_a_found_list_of_most_agencies_is_everybodys() -> None:
    names = (FGJ.name, TZ.aliases[0])
    both = [held(COMMON, *names)]
    assert proven(common("02-05"), lists=both) == "absent"


def test_trouble_in_another_agencys_own_column_is_not_this_ones_but_in_an_unknown_one_it_is() -> None:
    other = "http://127.0.0.1/fgj/"
    looks = (common("02-05"), common("02-05", column=other, sick="portal_blocked"))
    mine = held(COMMON, TZ.name)
    assert proven(*looks, lists=[mine, held(other, FGJ.name)]) == "absent"
    assert proven(*looks, lists=[mine, held(other, FGJ.name, "市商务局")]) == "portal_blocked"
    assert proven(*looks, lists=[mine]) == "portal_blocked"
