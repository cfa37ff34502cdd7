"""The roster: what is taken, what is refused and how it is said, and imports that take all or nothing."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from monitor.errors import HomeError, RegistryError
from monitor.model import Portal, Registry
from monitor.office import Filing, LocalItem
from monitor.registry import (
    ImportResult,
    belongs,
    import_agencies,
    import_items,
    import_portals,
    import_submissions,
    load_registry,
)

PORTALS = "portal,name,region,home,columns,family,hosts,render,delay,private\n"
AGENCIES = "agency,name,aliases,region,kind,portal,column,deadline,email,phone,since,until\n"
A_PORTAL = "east,东区政府网,370403,http://www.east.gov.cn/,,,,,,\n"
AN_AGENCY = "fgj,东区发展改革局,发改局|东区发改局,370403,department,east,,,,,,\n"


def write(home: Path, portals: str | bytes = PORTALS + A_PORTAL, agencies: str | bytes = AGENCIES + AN_AGENCY) -> Path:
    (home / "registry").mkdir(parents=True, exist_ok=True)
    for name, content in (("portals", portals), ("agencies", agencies)):
        raw = content.encode() if isinstance(content, str) else content
        (home / "registry" / f"{name}.csv").write_bytes(raw)
    return home


def refused(home: Path) -> list[str]:
    with pytest.raises(RegistryError) as error:
        load_registry(home)
    return list(error.value.problems)


def portal_row(**values: str) -> str:
    return row_of(PORTALS, {"portal": "west", "name": "西区政府网", "home": "http://www.west.gov.cn/"} | values)


def agency_row(**values: str) -> str:
    given_ = {"agency": "swj", "name": "东区商务局", "kind": "department", "portal": "east"} | values
    return row_of(AGENCIES, given_)


def row_of(header: str, values: dict[str, str]) -> str:
    text = io.StringIO()
    csv.DictWriter(text, header.strip().split(","), lineterminator="\n").writerow(values)
    return text.getvalue()


# ── what is taken ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_column_reaches_the_model(tmp_path: Path) -> None:
    portal = "east-1,东区政府网,370403,https://www.east.gov.cn:8443/,https://www.east.gov.cn/a/ http://xxgk.east.gov.cn/b?c=1"
    home = write(
        tmp_path,
        PORTALS + portal + ",trs,files.other.cn  East2.gov.cn,always,2.5,yes\n",
        AGENCIES + "fgj,东区发展改革局,发改局 | 东区发改局,370403,zone,east-1,https://www.east.gov.cn/x/,01-20,"
        "xxgk@east.gov.cn,0632-123,2019,2024\n",
    )
    registry = load_registry(home)
    [portal_] = registry.portals.values()
    assert portal_.columns == ("https://www.east.gov.cn/a/", "http://xxgk.east.gov.cn/b?c=1")
    assert portal_.hosts == ("files.other.cn", "east2.gov.cn")
    assert (portal_.family, portal_.render, portal_.delay, portal_.private) == ("trs", "always", 2.5, True)
    [agency] = registry.agencies.values()
    assert agency.aliases == ("发改局", "东区发改局")
    assert (agency.kind, agency.deadline, agency.since, agency.until) == ("zone", (1, 20), 2019, 2024)
    assert (agency.region, agency.email, agency.phone) == ("370403", "xxgk@east.gov.cn", "0632-123")


def test_empty_cells_are_the_defaults(tmp_path: Path) -> None:
    registry = load_registry(write(tmp_path))
    portal, agency = registry.portals["east"], registry.agencies["fgj"]
    assert (portal.render, portal.delay, portal.private, portal.columns, portal.hosts) == ("auto", None, False, (), ())
    assert (agency.deadline, agency.since, agency.until, agency.column) == (None, None, None, "")


def test_a_byte_order_mark_crlf_and_blank_rows_are_no_matter(tmp_path: Path) -> None:
    portals = "\ufeff" + (PORTALS + A_PORTAL + ",,,,,,,,,\n\n").replace("\n", "\r\n")
    assert list(load_registry(write(tmp_path, portals)).portals) == ["east"]


def test_columns_in_another_order_and_further_ones_are_tolerated(tmp_path: Path) -> None:
    home = write(tmp_path, "备注,home,name,portal\n先看这个,http://east.gov.cn/,东区,east\n")
    assert load_registry(home).portals["east"].name == "东区"


def test_invisible_marks_in_values_are_gone(tmp_path: Path) -> None:
    home = write(tmp_path, agencies=AGENCIES + "\u200bfgj,东区\u200b发展改革局\u3000,,,department,east,,,,,,\n")
    assert load_registry(home).agencies["fgj"].name == "东区发展改革局"


def test_the_two_agencies_of_different_portals_may_bear_one_name(tmp_path: Path) -> None:
    row = agency_row(agency="w", name="东区发展改革局", portal="west")
    home = write(tmp_path, PORTALS + A_PORTAL + portal_row(), AGENCIES + AN_AGENCY + row)
    assert len(load_registry(home).agencies) == 2


@pytest.mark.parametrize("text", ["01-31", "1-31", "1月31日"])
def test_a_deadline_is_taken_as_spreadsheets_write_it(tmp_path: Path, text: str) -> None:
    home = write(tmp_path, agencies=AGENCIES + agency_row(deadline=text))
    assert load_registry(home).agencies["swj"].deadline == (1, 31)


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://www.east.gov.cn/a", True),
        ("https://east.gov.cn:8080/a", True),
        ("http://xxgk.east.gov.cn/a", True),
        ("http://EAST.gov.cn./a", True),
        ("http://files.elsewhere.cn/a", True),
        ("http://deep.files.elsewhere.cn/a", True),
        ("http://elsewhere.cn/a", False),
        ("http://notest.gov.cn/a", False),
        ("http://www.east.gov.cn.evil.example/a", False),
        ("http://weast.gov.cn/a", False),
    ],
)
def test_what_belongs_to_a_portal(tmp_path: Path, url: str, own: bool) -> None:
    portals = PORTALS + A_PORTAL.replace(",,,,,,\n", ",,,files.elsewhere.cn,,,\n")
    portal = load_registry(write(tmp_path, portals)).portals["east"]
    assert belongs(url, portal) is own
    home = write(tmp_path, portals, AGENCIES + agency_row(column=url))
    if own:
        assert load_registry(home).agencies["swj"].column == url
    else:
        [problem] = refused(home)
        assert "column" in problem
        assert "hosts" in problem


@pytest.mark.parametrize(
    ("home", "url", "own"),
    [
        ("http://www.gov.cn/", "http://www.gov.cn/zwgk/", True),
        ("http://www.gov.cn/", "http://www.west.gov.cn/", False),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:9000/a/", True),
        ("http://10.0.0.1/", "http://1.10.0.0.1/", False),
        ("http://[::1]:80/", "http://[::1]:81/a/", True),
        ("http://localhost/", "http://localhost:81/a/", True),
        ("http://xxgk.east.gov.cn/", "http://www.east.gov.cn/", False),
    ],
)
def test_a_shared_ending_or_an_address_lends_nothing_to_others(home: str, url: str, own: bool) -> None:
    assert belongs(url, Portal(portal="p", name="p", home=home)) is own


# ── what is refused ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("portal", bad) for bad in ("", "West", "西", "a b", "a/b", "../x", "a_b", "x" * 65)),
        ("name", ""),
        *(
            ("home", bad)
            for bad in (
                "",
                "www.west.gov.cn",
                "ftp://west.gov.cn/",
                "file:///etc/passwd",
                "http://",
                "http:///x",
                "http：//west.gov.cn/",
                "http://a b.cn/",
                "http://west.gov.cn:port/",
                "http://west.gov.cn:0/",
                "http://user:pw@west.gov.cn/",
                "http://west.gov.cn\\@evil.cn/",
                "http://[::1/",
                "javascript:alert(1)",
                "http://west..gov.cn/",
            )
        ),
        ("columns", "http://www.west.gov.cn/a/ west.gov.cn/b/"),
        ("columns", "http://other.gov.cn/a/"),
        *(("region", bad) for bad in ("37040", "3704031", "37040x", "037040", "三七〇四〇三")),
        ("hosts", "http://files.cn"),
        ("hosts", "127.0.0.1:8080"),
        ("family", "../trs"),
        ("render", "often"),
        ("private", "maybe"),
        *(("delay", bad) for bad in ("-1", "abc", "nan", "inf", "1e9", "２", "3s")),
    ],
)
def test_a_bad_portal_value_is_named_with_file_line_column_and_value(tmp_path: Path, column: str, value: str) -> None:
    home = write(tmp_path, PORTALS + A_PORTAL + portal_row(**{column: value}))
    [problem] = refused(home)
    assert problem.startswith(f"portals.csv 第 3 行，{column} 列：“")
    assert "\n" not in problem
    assert (value.split()[-1] if value else "“”")[:20] in problem.replace("：//", "：//")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("agency", bad) for bad in ("", "a b", "a/b", "商务局", "-x", "../x", "x" * 65)),
        ("name", ""),
        ("name", "+东区"),
        ("name", "#REF!"),
        ("name", "=1+1"),
        ("aliases", "商务局|-1"),
        ("aliases", "@SUM(A1)"),
        ("region", "1"),
        ("kind", ""),
        ("kind", "局"),
        ("portal", ""),
        ("portal", "nowhere"),
        ("column", "/zwgk/"),
        ("column", "http://www.west.gov.cn/"),
        *(("deadline", bad) for bad in ("02-30", "02-29", "13-01", "00-10", "2024-01-31", "31/01", "0131", "一月")),
        ("email", "not an address"),
        ("email", "a@b.cn;c@d.cn"),
        ("email", "a@b.cn\r\nBcc: x@y.cn"),
        ("phone", "1\x002"),
        ("name", "东区\n商务局"),
        ("name", "东" * 5000),
        *(("since", bad) for bad in ("19", "1999", "二〇一九", "2019.5", "20190")),
        ("until", "2xxx"),
    ],
)
def test_a_bad_agency_value_is_named_with_file_line_column_and_value(tmp_path: Path, column: str, value: str) -> None:
    home = write(tmp_path, agencies=AGENCIES + AN_AGENCY + agency_row(**{column: value}))
    problems = refused(home)
    assert problems[0].startswith(f"agencies.csv 第 3 行，{column} 列：“")
    assert all("\n" not in problem and "\r" not in problem and len(problem) < 300 for problem in problems)


def test_a_year_after_the_last_is_refused(tmp_path: Path) -> None:
    [problem] = refused(write(tmp_path, agencies=AGENCIES + agency_row(since="2022", until="2021")))
    assert "until" in problem
    assert "2022" in problem


def test_repeated_ids_name_both_lines(tmp_path: Path) -> None:
    [problem] = refused(write(tmp_path, agencies=AGENCIES + AN_AGENCY + agency_row(agency="fgj")))
    assert "第 3 行" in problem
    assert "第 2 行" in problem
    assert len(refused(write(tmp_path, PORTALS + A_PORTAL + A_PORTAL))) == 1


@pytest.mark.parametrize(
    ("name", "aliases"),
    [("东区发展改革局", ""), ("东区 发展改革局", ""), ("东区商务局", "商务局|发改局"), ("发改局", "")],
)
def test_names_that_clash_within_a_portal_are_refused(tmp_path: Path, name: str, aliases: str) -> None:
    [problem] = refused(write(tmp_path, agencies=AGENCIES + AN_AGENCY + agency_row(name=name, aliases=aliases)))
    assert "第 3 行" in problem
    assert "第 2 行的 fgj 重名" in problem


def test_all_bad_rows_of_both_files_are_named_at_once(tmp_path: Path) -> None:
    home = write(
        tmp_path,
        PORTALS + A_PORTAL + portal_row(home="nowhere", delay="x"),
        AGENCIES + agency_row(kind="x") + agency_row(agency="b", name="乙", portal="west") + agency_row(agency="?"),
    )
    problems = refused(home)
    assert sorted(problem.split("：")[0] for problem in problems) == sorted(
        [
            "portals.csv 第 3 行，home 列",
            "portals.csv 第 3 行，delay 列",
            "agencies.csv 第 2 行，kind 列",
            "agencies.csv 第 4 行，agency 列",
            "agencies.csv 第 4 行，name 列",
        ]
    )


def test_the_line_is_the_physical_one_after_a_cell_of_several_lines(tmp_path: Path) -> None:
    first = 'a,甲,"甲一|\n甲二",,department,east,,,,,,\n'
    home = write(tmp_path, agencies=AGENCIES + first + "\n" + agency_row(kind="x"))
    [problem] = refused(home)
    assert problem.startswith("agencies.csv 第 5 行")


@pytest.mark.parametrize("row", ["x,东区商务局,,,department,east\n", "x,东区,商务局,,,department,east,,,,,,,多\n"])
def test_a_row_with_another_number_of_fields_is_refused(tmp_path: Path, row: str) -> None:
    problems = refused(write(tmp_path, agencies=AGENCIES + AN_AGENCY + row))
    assert "第 3 行" in problems[0]
    assert "表头有 12 列" in problems[0]


def test_a_quote_that_is_never_closed_is_named_by_the_line_it_opens_on(tmp_path: Path) -> None:
    [problem] = refused(write(tmp_path, agencies=AGENCIES + AN_AGENCY + 'x,"东区,\n' + AN_AGENCY))
    assert "第 3 行" in problem
    assert "引号" in problem


def test_a_missing_required_column_is_named(tmp_path: Path) -> None:
    problems = refused(write(tmp_path, agencies="agency,name\nx,甲\n"))
    assert [next(c for c in ("kind", "portal") if f" {c} " in p) for p in problems] == ["kind", "portal"]


def test_a_column_twice_is_refused(tmp_path: Path) -> None:
    [problem] = refused(write(tmp_path, agencies=AGENCIES.replace("phone", "name") + AN_AGENCY))
    assert "name" in problem


def test_a_file_that_is_not_utf8_is_refused_with_the_line_and_the_mend(tmp_path: Path) -> None:
    [problem] = refused(write(tmp_path, agencies=AGENCIES.encode() + "x,东区商务局".encode("gbk")))
    assert "第 2 行" in problem
    assert "UTF-8" in problem
    assert "Excel" in problem
    assert refused(write(tmp_path, agencies=(AGENCIES + AN_AGENCY).encode("utf-16")))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n", "\u200b,\u00ad\n".encode()])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    [problem] = refused(write(tmp_path, agencies=content))
    assert "是空的" in problem


def test_missing_files_say_where_they_belong_and_how_to_make_them(tmp_path: Path) -> None:
    first, second = refused(tmp_path)
    assert str(tmp_path / "registry" / "portals.csv") in first
    assert "nianbao import portals" in first
    assert "nianbao import agencies" in second


def test_a_folder_in_the_files_place_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "registry" / "portals.csv").mkdir(parents=True)
    (tmp_path / "registry" / "agencies.csv").write_text(AGENCIES)
    [problem] = refused(tmp_path)
    assert "portals.csv" in problem


@settings(max_examples=150, deadline=None)
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda t: (AGENCIES + t).encode("utf-8"))))
def test_whatever_stands_in_the_file_gives_a_registry_or_lines(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    home = write(tmp_path_factory.mktemp("home"), agencies=content)
    try:
        result: Registry | tuple[str, ...] = load_registry(home)
    except RegistryError as error:
        result = error.problems
    assert result
    assert isinstance(result, Registry) or all(len(problem.splitlines()) == 1 for problem in result)


# ── imports ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def sheet(path: Path, *rows: list[object]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def texts(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((home / "registry").iterdir())}


def test_an_import_adds_changes_and_leaves_the_others(tmp_path: Path) -> None:
    home = write(
        tmp_path / "home", agencies=AGENCIES + AN_AGENCY + agency_row() + agency_row(agency="z", name="东区丙")
    )
    source = tmp_path / "new.csv"
    source.write_text(AGENCIES + agency_row(name="东区商务和投资局") + agency_row(agency="n", name="丁") + AN_AGENCY)
    assert import_agencies(home, source) == ImportResult(added=1, changed=1, unchanged=1)
    registry = load_registry(home)
    assert list(registry.agencies) == ["fgj", "swj", "z", "n"]
    assert registry.agencies["swj"].name == "东区商务和投资局"
    before = texts(home)
    assert import_agencies(home, source) == ImportResult(added=0, changed=0, unchanged=3)
    assert texts(home) == before


def test_a_first_import_makes_the_registry_portals_first(tmp_path: Path) -> None:
    portals, agencies = tmp_path / "p.csv", tmp_path / "a.csv"
    portals.write_text(PORTALS + A_PORTAL)
    agencies.write_text(AGENCIES + AN_AGENCY)
    with pytest.raises(RegistryError, match="nianbao import portals"):
        import_agencies(tmp_path / "home", agencies)
    assert import_portals(tmp_path / "home", portals).added == 1
    assert import_agencies(tmp_path / "home", agencies).added == 1
    assert list(load_registry(tmp_path / "home").agencies) == ["fgj"]


def test_chinese_headings_and_words_are_understood_in_a_sheet(tmp_path: Path) -> None:
    home = write(tmp_path / "home")
    source = sheet(
        tmp_path / "名单.XLSX",
        ["单位名称", "机构编号", "别名", "类型", "网站编号", "行政区划代码", "截止日期", "电话", "起始年度", "备注"],
        ["东区商务局", "swj", "商务局｜东区商务委", "部门", "east", 370403, date(2025, 1, 20), 6321234567, 2019.0, "x"],
        [None] * 9,
        ["东区人民政府", "zf", None, "政府", "east", "370403", "", "", "", ""],
    )
    assert import_agencies(home, source) == ImportResult(added=2, changed=0, unchanged=0, ignored=("备注",))
    agency = load_registry(home).agencies["swj"]
    assert agency.aliases == ("商务局", "东区商务委")
    assert (agency.kind, agency.region, agency.phone) == ("department", "370403", "6321234567")
    assert (agency.deadline, agency.since) == ((1, 20), 2019)
    assert "department" in (home / "registry" / "agencies.csv").read_text("utf-8")


def test_a_sheet_of_portals_is_taken(tmp_path: Path) -> None:
    home = write(tmp_path / "home")
    source = sheet(
        tmp_path / "p.xlsx",
        ["网站编号", "网站名称", "首页网址", "请求间隔", "允许内网", "年报栏目网址"],
        ["west", "西区", "http://127.0.0.1:8000/", 0.5, True, "http://127.0.0.1:8000/a/\nhttp://127.0.0.1:8000/b/"],
    )
    assert import_portals(home, source).added == 1
    portal = load_registry(home).portals["west"]
    assert (portal.delay, portal.private, len(portal.columns)) == (0.5, True, 2)


def test_a_column_that_the_source_lacks_and_columns_of_ones_own_are_kept(tmp_path: Path) -> None:
    own = AGENCIES.strip() + ",备注\n" + AN_AGENCY.strip() + ",老名单\n"
    home = write(tmp_path / "home", agencies=own)
    source = tmp_path / "a.csv"
    source.write_text("agency,name,kind,portal\nfgj,东区发展和改革局,department,east\n")
    assert import_agencies(home, source).changed == 1
    assert load_registry(home).agencies["fgj"].aliases == ("发改局", "东区发改局")
    assert (home / "registry" / "agencies.csv").read_text("utf-8").splitlines()[1].endswith(",老名单")


def test_an_import_with_one_bad_row_takes_nothing_and_names_it_in_the_source(tmp_path: Path) -> None:
    home = write(tmp_path / "home")
    before = texts(home)
    source = tmp_path / "a.csv"
    source.write_text(AGENCIES + agency_row() + agency_row(agency="b", name="东区发展改革局") + agency_row(agency="b"))
    with pytest.raises(RegistryError) as error:
        import_agencies(home, source)
    assert all(problem.startswith("a.csv 第 ") for problem in error.value.problems)
    assert any("agencies.csv 第 2 行的 fgj 重名" in problem for problem in error.value.problems)
    assert any("编号重复" in problem for problem in error.value.problems)
    assert texts(home) == before


def test_an_import_of_portals_that_orphans_a_column_is_refused(tmp_path: Path) -> None:
    home = write(tmp_path / "home", agencies=AGENCIES + agency_row(column="http://www.east.gov.cn/a/"))
    source = tmp_path / "p.csv"
    source.write_text("portal,name,home\neast,东区,http://moved.gov.cn/\n")
    with pytest.raises(RegistryError, match=r"agencies\.csv 第 2 行，column 列"):
        import_portals(home, source)


def test_an_import_can_mend_a_bad_standing_row(tmp_path: Path) -> None:
    home = write(tmp_path / "home", agencies=AGENCIES + agency_row(kind="x", region="9"))
    source = tmp_path / "a.csv"
    source.write_text(AGENCIES + agency_row())
    assert import_agencies(home, source).changed == 1
    assert load_registry(home).agencies["swj"].kind == "department"


def test_formulas_in_a_sheet_are_refused_not_evaluated(tmp_path: Path) -> None:
    home = write(tmp_path / "home")
    head: list[object] = AGENCIES.strip().split(",")
    source = sheet(tmp_path / "a.xlsx", head, ["swj", '="东区"&"商务局"', None, None, "department", "east"])
    with pytest.raises(RegistryError, match=r"a\.xlsx 第 2 行，name 列.*公式"):
        import_agencies(home, source)


def test_other_kinds_of_file_are_refused_with_the_mend(tmp_path: Path) -> None:
    home = write(tmp_path / "home")
    with pytest.raises(RegistryError, match=r"\.xlsx"):
        import_agencies(home, tmp_path / "a.xls")
    with pytest.raises(RegistryError, match="读不到"):
        import_agencies(home, tmp_path / "none.csv")


def hostile(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_hostile_sheet_gives_one_clear_line(tmp_path: Path) -> None:
    home = write(tmp_path / "home")
    good = sheet(tmp_path / "good.xlsx", AGENCIES.strip().split(","), ["swj", "东区商务局"])
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    page = "xl/worksheets/sheet1.xml"
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
    cases = {
        "no-zip": None,
        "bomb": {**parts, "xl/media/x.bin": b"\0" * 100_000_000},
        "entities": {**parts, page: laughs + parts[page].split(b"?>", 1)[-1]},
        "no-sheet": {name: content for name, content in parts.items() if name != page},
        "broken": {**parts, page: parts[page][:-40]},
        "empty": {},
    }
    for name, content in cases.items():
        path = tmp_path / f"{name}.xlsx"
        if content is None:
            path.write_bytes(b"name,kind\n")
        else:
            hostile(path, content)
        with pytest.raises(RegistryError) as error:
            import_agencies(home, path)
        assert len(error.value.problems) == 1, name
        assert path.name in error.value.problems[0]


def test_a_row_number_beyond_any_sheet_does_not_make_it_count_for_ever(tmp_path: Path) -> None:
    home = write(tmp_path / "home")
    good = sheet(
        tmp_path / "good.xlsx", AGENCIES.strip().split(","), ["swj", "东区商务局", "", "", "department", "east"]
    )
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    page = "xl/worksheets/sheet1.xml"
    parts[page] = parts[page].replace(b'r="2"', b'r="9999999999"', 1)
    import_agencies(home, hostile(tmp_path / "far.xlsx", parts))
    assert list(load_registry(home).agencies) == ["fgj"]


def test_a_damaged_sheet_never_shows_a_traceback(tmp_path: Path) -> None:
    home = write(tmp_path / "home")
    good = sheet(
        tmp_path / "good.xlsx", AGENCIES.strip().split(","), ["swj", "东区商务局", "", "", "department", "east"]
    )
    raw, chance = good.read_bytes(), random.Random(1)
    for _ in range(150):
        damaged = bytearray(raw)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(len(raw))] = chance.randrange(256)
        path = tmp_path / "damaged.xlsx"
        path.write_bytes(damaged[: chance.randrange(20, len(raw))] if chance.random() < 0.3 else damaged)
        before = texts(home)
        try:
            import_agencies(home, path)
        except RegistryError:
            assert texts(home) == before


def test_a_home_that_is_a_file_is_one_line(tmp_path: Path) -> None:
    source = tmp_path / "p.csv"
    source.write_text(PORTALS + A_PORTAL)
    (tmp_path / "home").write_text("")
    with pytest.raises((HomeError, RegistryError), match="home"):
        import_portals(tmp_path / "home", source)


# ── the office's own lists ──────────────────────────────────────────────────────────────────────────────────────────

LEDGER = "agency,year,submitted,as_of\n"
ASKED = "item,words,kinds,since,until,basis\n"


def list_of(folder: Path, text: str) -> Path:
    path = folder / "list.csv"
    path.write_text(text, "utf-8")
    return path


def test_an_office_that_keeps_no_lists_has_none(tmp_path: Path) -> None:
    registry = load_registry(write(tmp_path))
    assert (dict(registry.filings), registry.items) == ({}, ())


def test_the_ledger_says_what_came_in_and_what_had_not_come_in_by_when(tmp_path: Path) -> None:
    home = write(tmp_path, agencies=AGENCIES + AN_AGENCY + agency_row())
    rows = "fgj,2023,2024/01/15,\nswj,2023,,2024-02-02\nfgj,2022,2023-01-09,\n"
    assert import_submissions(home, list_of(tmp_path, LEDGER + rows)) == ImportResult(3, 0, 0)
    assert load_registry(home).filings == {
        ("fgj", 2023): Filing("fgj", 2023, date(2024, 1, 15), None),
        ("fgj", 2022): Filing("fgj", 2022, date(2023, 1, 9), None),
        ("swj", 2023): Filing("swj", 2023, None, date(2024, 2, 2)),
    }
    assert import_submissions(home, list_of(tmp_path, LEDGER + "swj,2023,2024-02-05,\n")) == ImportResult(0, 1, 0)
    assert load_registry(home).filings["swj", 2023].submitted_on == date(2024, 2, 5)


def test_a_sheets_dates_keep_their_year_where_the_year_counts_and_lose_it_where_it_does_not(tmp_path: Path) -> None:
    home = write(tmp_path)
    ledger = [["单位编号", "报告年度", "报送日期"], ["fgj", 2023, date(2024, 1, 15)]]
    import_submissions(home, sheet(tmp_path / "台账.xlsx", *ledger))
    agency = ["fgj", "东区发展改革局", "部门", "east", date(2026, 1, 20)]
    headings = ["单位编号", "单位名称", "单位类型", "网站编号", "截止日期"]
    import_agencies(home, sheet(tmp_path / "单位.xlsx", headings, agency))
    registry = load_registry(home)
    assert registry.filings["fgj", 2023].submitted_on == date(2024, 1, 15)
    assert registry.agencies["fgj"].deadline == (1, 20)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("fgj,2023,,", "请写明台账截至哪一天"),
        ("fgj,2023,一月,", "不是日期"),
        ("fgj,23,2024-01-15,", "不是年度"),
        ("nobody,2023,2024-01-15,", "不在单位名单中"),
        ("fgj,2023,2024-01-15,\nfgj,2023,2024-01-16,", "重复"),
        ("fgj,,2024-01-15,", "不能为空"),
        ("fgj,2023,=TODAY(),", "公式"),
    ],
)
def test_a_bad_row_of_the_ledger_is_named_and_nothing_is_taken(tmp_path: Path, row: str, why: str) -> None:
    home = write(tmp_path)
    with pytest.raises(RegistryError, match=why):
        import_submissions(home, list_of(tmp_path, f"{LEDGER}{row}\n"))
    assert not (home / "registry" / "submissions.csv").exists()


def test_a_row_of_an_agency_that_left_the_roster_means_nothing_and_stops_nothing(tmp_path: Path) -> None:
    home = write(tmp_path)
    (home / "registry" / "submissions.csv").write_text(LEDGER + "gone,2020,2021-01-15,\n", "utf-8")
    assert dict(load_registry(home).filings) == {}


def test_local_items_are_alternatives_of_words_that_stand_together(tmp_path: Path) -> None:
    home = write(tmp_path)
    rows = "建议提案办理,人大建议＋政协提案|建议 提案,部门|government,2023,,某区〔2023〕1号\n培训,培训,,,,\n"
    assert import_items(home, list_of(tmp_path, ASKED + rows)) == ImportResult(2, 0, 0)
    first, second = load_registry(home).items
    words, kinds = (("人大建议", "政协提案"), ("建议提案",)), ("department", "government")
    assert first == LocalItem("建议提案办理", words, kinds, 2023, None, "某区〔2023〕1号")
    assert first.is_due("department", 2023)
    assert not first.is_due("department", 2022)
    assert not first.is_due("zone", 2023)
    assert second.is_due("zone", 2019)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("培训,,,,,", "不能为空"),
        ("培训,培训||讲座,,,,", "写法不对"),
        ("培训,培训,机关,,,", "认不出"),
        ("培训,培训,,去年,,", "不是年度"),
    ],
)
def test_a_bad_local_item_is_named(tmp_path: Path, row: str, why: str) -> None:
    home = write(tmp_path)
    with pytest.raises(RegistryError, match=why):
        import_items(home, list_of(tmp_path, f"{ASKED}{row}\n"))


# ── the roster that is shipped ──────────────────────────────────────────────────────────────────────────────────────

DATA = Path(__file__).parent.parent / "data"


def test_the_shipped_registry_is_sound() -> None:
    registry = load_registry(DATA)
    assert {agency.name for agency in registry.agencies.values()} >= {
        "薛城区商务和投资促进局",
        "曲阜市投资促进服务中心",
        "淄博市博山区投资促进中心",
        "淄博高新技术产业开发区发展改革局",
        "铜官区招商服务中心",
    }
    assert not any(portal.private for portal in registry.portals.values())


@pytest.mark.parametrize("name", ["portals", "agencies"])
def test_the_guide_says_each_column_of_the_shipped_files(name: str) -> None:
    guide = (DATA / "README.md").read_text("utf-8")
    header = (DATA / "registry" / f"{name}.csv").read_text("utf-8").splitlines()[0].split(",")
    assert header == (PORTALS if name == "portals" else AGENCIES).strip().split(",")
    section = guide.split(f"## `registry/{name}.csv`")[1].split("\n## ")[0]
    said = {
        word.strip("* ")
        for line in section.splitlines()
        if line.startswith("|")
        for word in line.split("|")[1].split(",")
    }
    assert set(header) <= said


def test_the_chinese_headings_of_the_guide_are_the_ones_that_are_read() -> None:
    from monitor.registry.tables import AGENCIES as agencies
    from monitor.registry.tables import ITEMS, SUBMISSIONS
    from monitor.registry.tables import PORTALS as portals

    guide = (DATA / "README.md").read_text("utf-8")
    forms = (portals, agencies, SUBMISSIONS, ITEMS)
    missing = [h for form in forms for names in form.headings.values() for h in names if h not in guide]
    assert missing == []
