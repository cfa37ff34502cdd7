"""Whose report is this: names that fit, names that must not, and what decides where the title is silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.matching import MIGHT_BE, candidates, match
from monitor.model import Agency, Registry
from monitor.registry import load_registry

SHIPPED = load_registry(Path(__file__).parent.parent / "data")


def roster(*names: str, kinds: dict[str, str] | None = None) -> Registry:
    """A roster of one portal, p; each agency's id is its name, aliases follow after a bar."""
    agencies = {}
    for text in names:
        name, *aliases = text.split("|")
        kind = (kinds or {}).get(name, "department")
        agencies[name] = Agency(agency=name, name=name, kind=kind, portal="p", aliases=tuple(aliases))
    return Registry({}, agencies)


BOSHAN = roster(
    "淄博市博山区投资促进中心",
    "淄博市博山区商务局",
    "博山区发展和改革局|博山区发改局",
    "博山区市场监督管理局",
    "博山区城市管理局",
    "博山区卫生健康委员会",
    "博山区人民政府",
    "博山区人民政府办公室|区政府办公室",
    "博山区源泉镇人民政府",
    "博山区城东街道办事处",
    "博山经济开发区管理委员会",
    kinds={"博山区人民政府": "government"},
)


def owner(registry: Registry, title: str, portal: str = "p", **words: str) -> str | None:
    found = match(registry, portal, title_agency=title, **words)
    return found.agency if found else None


@pytest.mark.parametrize(
    ("title", "agency"),
    [
        ("淄博市博山区投资促进中心", "淄博市博山区投资促进中心"),
        ("淄博市 博山区投资促进中心", "淄博市博山区投资促进中心"),
        ("博山区投资促进中心", "淄博市博山区投资促进中心"),
        ("山东省淄博市博山区投资促进中心", "淄博市博山区投资促进中心"),
        ("区投资促进中心", "淄博市博山区投资促进中心"),
        ("投资促进中心", "淄博市博山区投资促进中心"),
        ("淄博市博山区发展和改革局", "博山区发展和改革局"),
        ("博山区发展改革局", "博山区发展和改革局"),
        ("区发改局", "博山区发展和改革局"),
        ("市场监督管理局", "博山区市场监督管理局"),
        ("区城市管理局", "博山区城市管理局"),
        ("博山区卫生健康委", "博山区卫生健康委员会"),
        ("区卫生健康委员会", "博山区卫生健康委员会"),
        ("博山区人民政府", "博山区人民政府"),
        ("博山区政府", "博山区人民政府"),
        ("博山区", "博山区人民政府"),
        ("淄博市博山区人民政府", "博山区人民政府"),
        ("区人民政府", "博山区人民政府"),
        ("博山区人民政府办公室", "博山区人民政府办公室"),
        ("博山区政府办", "博山区人民政府办公室"),
        ("区政府办公室", "博山区人民政府办公室"),
        ("源泉镇", "博山区源泉镇人民政府"),
        ("源泉镇人民政府", "博山区源泉镇人民政府"),
        ("博山区源泉镇", "博山区源泉镇人民政府"),
        ("城东街道", "博山区城东街道办事处"),
        ("博山区城东街道办", "博山区城东街道办事处"),
        ("博山经济开发区", "博山经济开发区管理委员会"),
        ("博山经开区管委会", "博山经济开发区管理委员会"),
    ],
)
def test_a_name_that_fits(title: str, agency: str) -> None:
    assert owner(BOSHAN, title) == agency


@pytest.mark.parametrize(
    "title",
    [
        "",
        "博山区投资促进局",
        "博山区投资服务中心",
        "博山区投资促进服务中心",
        "张店区投资促进中心",
        "淄博市张店区投资促进中心",
        "枣庄市博山区投资促进中心",
        "淄博市投资促进中心",
        "市投资促进中心",
        "县投资促进中心",
        "淄博投资促进中心",
        "促进中心",
        "中心",
        "局",
        "商务",
        "电子商务局",
        "管理局",
        "监督管理局",
        "淄博市商务局",
        "淄博市人民政府",
        "市政府",
        "政府",
        "淄博市",
        "山东省",
        "张店区",
        "博山区人大常委会办公室",
        "博山区人民政府法制办公室",
        "博山区商务和投资促进局",
        "博山区源泉镇财政所",
        "城西街道",
        "张店区源泉镇",
        "淄博经济开发区管理委员会",
        "博山高新技术产业开发区管理委员会",
        "关于博山区商务局",
        "博山区商务局、博山区投资促进中心",
        "博山区投资促进中心办公室",
        "我局",
        "本机关",
    ],
)
def test_a_name_that_fits_no_one(title: str) -> None:
    assert owner(BOSHAN, title) is None


@pytest.mark.parametrize(
    ("portal", "title"),
    [
        ("xuecheng", "薛城区商务和投资促进局"),
        ("xuecheng", "枣庄市薛城区商务和投资促进局"),
        ("xuecheng", "薛城区商促局"),
        ("xuecheng", "商促局"),
        ("qufu", "济宁市曲阜市投资促进服务中心"),
        ("qufu", "市投资促进服务中心"),
        ("qufu", "曲阜投资促进服务中心"),
        ("boshan", "博山区投资促进中心"),
        ("zibo-gaoxin", "淄博高新技术产业开发区发展改革局"),
        ("zibo-gaoxin", "淄博高新区发展改革局"),
        ("zibo-gaoxin", "淄博市高新区发改局"),
        ("zibo-gaoxin", "高新区发展改革局"),
        ("zibo-gaoxin", "高新区发改局"),
        ("tongguan", "铜官区招商服务中心"),
        ("tongguan", "安徽省铜陵市铜官区招商服务中心"),
    ],
)
def test_the_shipped_agencies_are_known_by_the_names_they_use(portal: str, title: str) -> None:
    found = match(SHIPPED, portal, title_agency=title)
    assert found is not None
    assert SHIPPED.agencies[found.agency].portal == portal
    assert found.confidence >= 0.8


@pytest.mark.parametrize(
    ("portal", "title"),
    [
        ("xuecheng", "薛城区投资促进局"),
        ("xuecheng", "薛城区商务局"),
        ("xuecheng", "山亭区商务和投资促进局"),
        ("xuecheng", "山亭区商促局"),
        ("xuecheng", "薛城区人民政府"),
        ("qufu", "曲阜市投资促进中心"),
        ("qufu", "济宁市投资促进服务中心"),
        ("zibo-gaoxin", "淄博经济开发区发展改革局"),
        ("zibo-gaoxin", "淄博市发展改革局"),
        ("tongguan", "义安区招商服务中心"),
        ("tongguan", "铜陵市招商服务中心"),
        ("tongguan", "铜官区招商中心"),
        ("boshan", "铜官区招商服务中心"),
        ("nowhere", "铜官区招商服务中心"),
    ],
)
def test_neighbours_and_near_namesakes_of_the_shipped_agencies_are_strangers(portal: str, title: str) -> None:
    assert match(SHIPPED, portal, title_agency=title) is None


SPELT = [(agency, name) for agency in SHIPPED.agencies.values() for name in (agency.name, *agency.aliases)]
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@given(st.sampled_from(SPELT), st.data())
def test_a_name_with_one_character_changed_never_fits(spelt: tuple[Agency, str], data: st.DataObject) -> None:
    agency, name = spelt
    at = data.draw(st.integers(0, len(name) - 1))
    other = data.draw(HAN)
    assume(other != name[at])
    assert match(SHIPPED, agency.portal, title_agency=name[:at] + other + name[at + 1 :]) is None


@given(st.sampled_from(sorted(BOSHAN.agencies)), st.data())
def test_one_character_changed_in_a_whole_roster_never_fits(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    other = data.draw(st.one_of(HAN, st.sampled_from("省市区县旗州盟局委办中心镇乡")))
    assume(other != name[at])
    # 博山区 and 博山县, 委员会 and 委局会 are strangers too; nothing but the name itself and its places fits.
    assert owner(BOSHAN, name[:at] + other + name[at + 1 :]) is None


@given(st.text(max_size=12))
def test_any_text_gives_an_agency_of_the_portal_or_none(text: str) -> None:
    found = match(BOSHAN, "p", title_agency=text, publisher=text, body_agency=text)
    assert found is None or (found.agency in BOSHAN.agencies and 0 < found.confidence <= 1 and found.why)


def test_the_government_and_its_office_are_two() -> None:
    government = roster("薛城区人民政府", kinds={"薛城区人民政府": "government"})
    office = roster("薛城区人民政府办公室")
    assert owner(government, "薛城区人民政府办公室") is None
    assert owner(government, "薛城区政府办") is None
    assert owner(office, "薛城区人民政府") is None
    assert owner(office, "薛城区") is None
    assert owner(government, "薛城区") == "薛城区人民政府"


def test_a_bare_name_that_two_agencies_bear_needs_more() -> None:
    two = roster("淄博市商务局", "淄博市高新区商务局")
    assert owner(two, "商务局") is None
    assert owner(two, "商务局", column_agency="淄博市高新区商务局") == "淄博市高新区商务局"
    assert owner(two, "商务局", body_agency="淄博市商务局") == "淄博市商务局"
    assert owner(two, "商务局", publisher="淄博高新区商务局") == "淄博市高新区商务局"
    assert owner(two, "淄博市商务局") == "淄博市商务局"
    assert owner(two, "高新区商务局") == "淄博市高新区商务局"


def test_an_alias_without_its_place_does_not_reach_into_another_place() -> None:
    here = roster("薛城区商务和投资促进局|商促局")
    assert owner(here, "枣庄市薛城区商促局") is not None
    assert owner(here, "山亭区商促局") is None


# ── columns, documents, publishers ──────────────────────────────────────────────────────────────────────────────────

OURS, THEIRS = "淄博市博山区投资促进中心", "淄博市博山区商务局"


@pytest.mark.parametrize("title", ["", "我中心", "本单位", "中心", "促进中心"])
def test_an_agencys_own_column_decides_where_the_title_names_no_one(title: str) -> None:
    found = match(BOSHAN, "p", title_agency=title, column_agency=OURS)
    assert found is not None
    assert (found.agency, found.confidence) == (OURS, 0.8)


def test_a_title_that_names_a_stranger_contradicts_the_column() -> None:
    for title in ("博山区投资促进局", "张店区投资促进中心", "促进局", "淄博市人民政府"):
        assert owner(BOSHAN, title, column_agency=OURS) is None


def test_a_title_that_names_another_agency_than_its_column_waits_for_a_person() -> None:
    assert match(BOSHAN, "p", title_agency=THEIRS, column_agency=OURS) is None
    waiting = candidates(BOSHAN, "p", title_agency=THEIRS, column_agency=OURS)
    assert {one.agency for one in waiting if one.confidence >= MIGHT_BE} == {OURS, THEIRS}
    assert all(one.why for one in waiting)


def test_the_governments_report_is_its_own_wherever_it_is_linked() -> None:
    found = match(BOSHAN, "p", title_agency="博山区人民政府", column_agency=OURS)
    assert found is not None
    assert found.agency == "博山区人民政府"
    assert found.confidence < 0.9
    assert OURS in found.why


def test_a_short_form_of_another_agency_in_a_column_is_too_little() -> None:
    assert owner(BOSHAN, "商务局", column_agency=OURS) is None


def test_a_body_that_names_another_agency_than_the_title_is_said_and_lowers_the_confidence() -> None:
    found = match(BOSHAN, "p", title_agency=OURS, body_agency=THEIRS)
    assert found is not None
    assert found.agency == OURS
    assert found.confidence <= 0.7
    assert THEIRS in found.why


def test_a_body_that_names_another_agency_than_the_column_waits_for_a_person() -> None:
    assert match(BOSHAN, "p", title_agency="", column_agency=OURS, body_agency=THEIRS) is None
    waiting = candidates(BOSHAN, "p", title_agency="", column_agency=OURS, body_agency=THEIRS)
    assert {one.agency for one in waiting if one.confidence >= MIGHT_BE} == {OURS, THEIRS}


def test_the_document_decides_where_neither_title_nor_column_does() -> None:
    assert owner(BOSHAN, "", body_agency="博山区投资促进中心") == OURS
    assert owner(BOSHAN, "", body_agency="张店区投资促进中心", publisher="博山区投资促进中心") is None
    assert owner(BOSHAN, "", body_agency="我中心", publisher="博山区投资促进中心") == OURS


def test_a_publisher_decides_last_and_never_the_one_who_posts_for_all() -> None:
    found = match(BOSHAN, "p", title_agency="", publisher="博山区投资促进中心")
    assert found is not None
    assert found.agency == OURS
    assert found.confidence < 0.7
    assert owner(BOSHAN, "", publisher="博山区人民政府") is None
    assert owner(BOSHAN, "", publisher="博山区人民政府办公室") is None


def test_a_column_agency_of_another_portal_says_nothing() -> None:
    assert match(SHIPPED, "boshan", title_agency="", column_agency="tongguan-zsfwzx") is None


@pytest.mark.parametrize(
    ("name", "shorter"),
    [
        ("内蒙古自治区阿拉善盟额济纳旗商务局", "额济纳旗商务局"),
        ("湘西土家族苗族自治州凤凰县商务局", "凤凰县商务局"),
        ("枣庄市市中区商务局", "市中区商务局"),
        ("铜陵市郊区商务局", "郊区商务局"),
        ("徐州市沛县商务局", "沛县商务局"),
        ("湖北省荆州市沙市区商务局", "荆州市沙市区商务局"),
        ("兰州新区商务局", "新区商务局"),
        ("曲阜市城市管理局", "市城市管理局"),
        ("大兴安岭地区漠河市商务局", "漠河市商务局"),
    ],
)
def test_places_of_every_kind_are_told_from_the_name(name: str, shorter: str) -> None:
    assert owner(roster(name), shorter) == name
    assert owner(roster(name), shorter.replace(shorter[0], "丙", 1)) is None
