"""Rows of the roster → Portal and Agency. A wrong value is noted in its row, with the mend; none stops the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from monitor.hosts import Hosts, host_of
from monitor.model import Agency, Portal, Registry
from monitor.office import Filing, LocalItem
from monitor.registry.tables import AGENCIES, ITEMS, PORTALS, SUBMISSIONS, Form, Row
from monitor.text import squash

KINDS: Final = {
    "department": "部门",
    "government": "政府",
    "township": "乡镇街道",
    "institution": "事业单位",
    "zone": "开发区",
}
RENDERS: Final = {"auto": "自动", "never": "从不", "always": "总是"}
PRIVATE: Final = {"yes": "是", "no": "否"}

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PORTAL_ID: Final = re.compile(r"[a-z0-9-]{1,64}")
_REGION: Final = re.compile(r"[1-9][0-9]{5}")
_FAMILY: Final = re.compile(r"[a-z0-9_-]+")
_DAY: Final = re.compile(r"([0-9]{1,2})(?:-([0-9]{1,2})|月([0-9]{1,2})日)")
_YEAR: Final = re.compile(r"20[0-9]{2}")
#: GB 32100-2015: I, O, S, V and Z are not used.
_CODE: Final = re.compile(r"[0-9A-HJ-NP-RT-UW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RT-UW-Y]{10}")
_SECONDS: Final = re.compile(r"[0-9]{1,5}(?:\.[0-9]+)?")
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")
_HOST: Final = re.compile(r"(?=.{1,253}\Z)[\w-]{1,63}(?:\.[\w-]{1,63})*\.?|[0-9a-f.]*(?::[0-9a-f.]*){2,}")


def check_rows(portal_rows: tuple[Row, ...] | None, agency_rows: tuple[Row, ...]) -> Registry:
    """The registry of these rows; what is wrong goes to each row's problems. `portal_rows` None: not to be had."""
    portals = {row["portal"]: _portal(row) for row in portal_rows or ()}
    agencies: dict[str, Agency] = {}
    owners: dict[tuple[str, str], tuple[str, Row]] = {}
    for row in agency_rows:
        agency = agencies[row["agency"]] = _agency(row)
        if portal_rows is not None:
            _check_portal(row, agency, portals)
        for column, name in (("name", agency.name), *(("aliases", alias) for alias in agency.aliases)):
            owner, first = owners.setdefault((agency.portal, squash(name)), (agency.agency, row))
            if name and owner != agency.agency:
                why = f"与 {first.file} 第 {first.line} 行的 {owner} 重名：同一网站的单位，名称和别名不能相同"
                row.refuse(column, why, value=name)
    _refuse_shared_codes(agency_rows)
    _refuse_repeated(portal_rows or (), PORTALS)
    _refuse_repeated(agency_rows, AGENCIES)
    return Registry(portals, agencies)


def filings(rows: Iterable[Row], agencies: Mapping[str, Agency]) -> dict[tuple[str, int], Filing]:
    """(agency, report year) → what the ledger says of it; what is wrong goes to each row's problems.

    Rows of agencies that are no longer on the roster stay, and mean nothing.
    """
    rows = tuple(rows)
    found = {}
    for row in rows:
        _require(row, SUBMISSIONS)
        year, submitted, as_of = _year(row, "year"), _day(row, "submitted"), _day(row, "as_of")
        if not row["submitted"] and not row["as_of"]:
            row.refuse("as_of", "不能为空：没有报送日期的，请写明台账截至哪一天（YYYY-MM-DD）")
        if year and row["agency"] in agencies:
            found[row["agency"], year] = Filing(row["agency"], year, submitted, as_of)
    _refuse_repeated(rows, SUBMISSIONS)
    return found


def items(rows: Iterable[Row]) -> tuple[LocalItem, ...]:
    """The items that the office asks for, in the order of their rows; what is wrong goes to each row's problems."""
    rows = tuple(rows)
    found = tuple(_item(row) for row in rows)
    _refuse_repeated(rows, ITEMS)
    return found


def _item(row: Row) -> LocalItem:
    _require(row, ITEMS)
    alternatives = [[squash(word) for word in re.split("[+＋]", part)] for part in re.split("[|｜]", row["words"])]
    if row["words"] and not all(all(words) for words in alternatives):
        row.refuse("words", "写法不对：几种写法用 | 隔开，须同时出现的词用 + 连接，如 人大建议+政协提案|建议提案")
    kinds = [kind.strip() for kind in re.split("[|｜]", row["kinds"]) if kind.strip()]
    english = {chinese: word for word, chinese in KINDS.items()}
    for kind in kinds:
        if english.get(kind, kind) not in KINDS:
            row.refuse("kinds", f"认不出：只能写 {'、'.join(KINDS)}，用 | 隔开，或留空表示各类单位", value=kind)
    return LocalItem(
        name=_name(row, "item", row["item"]),
        words=tuple(tuple(words) for words in alternatives if all(words)),
        kinds=tuple(english.get(kind, kind) for kind in kinds),
        since=_year(row, "since"),
        until=_year(row, "until"),
        basis=row["basis"],
    )


def belongs(url: str, portal: Portal) -> bool:
    """Whether a URL lies on the portal: its host, www or bare, one below it, or one of (or below) its `hosts`."""
    return Hosts.of(portal).own(host_of(url))


def _refuse_repeated(rows: Iterable[Row], form: Form) -> None:
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        other = first.setdefault(form.id_of(row), row)
        if other is not row and row[form.key]:
            row.refuse(form.key, f"与 {other.file} 第 {other.line} 行的编号重复：编号必须唯一")


def _refuse_shared_codes(rows: Iterable[Row]) -> None:
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(row["code"], row)
        if other is not row and row["code"]:
            row.refuse("code", f"与 {other.file} 第 {other.line} 行的代码重复：每个单位的代码各不相同")


def _portal(row: Row) -> Portal:
    _require(row, PORTALS)
    hosts = tuple(dict.fromkeys(re.findall(r"[^\s,;|，；、]+", row["hosts"].lower())))
    for host in hosts:
        if not _HOST.fullmatch(host):
            row.refuse("hosts", "不是域名：只写域名，如 www.example.gov.cn，多个用空格隔开", value=host)
    seconds = _fit(row, "delay", _SECONDS, "不是秒数：请写不小于 0 的数字，如 3，或留空用默认值")
    portal = Portal(
        portal=_fit(row, "portal", _PORTAL_ID, "不能作编号：只能用小写字母、数字和连字符，最多 64 个"),
        name=_name(row, "name", row["name"]),
        home=_url(row, "home", row["home"]),
        region=_region(row),
        columns=tuple(dict.fromkeys(url for url in row["columns"].split() if _url(row, "columns", url))),
        family=_fit(row, "family", _FAMILY, "不是网站系统的代号：请留空，由程序识别"),
        hosts=hosts,
        render=_word(row, "render", RENDERS) or "auto",
        delay=float(seconds) if seconds else None,
        private=_word(row, "private", PRIVATE) == "yes",
    )
    for url in portal.columns:
        if portal.home and not belongs(url, portal):
            row.refuse("columns", "不在本网站的域名下：若确属本网站，请把它的域名写进 hosts 列", value=url)
    return portal


def _agency(row: Row) -> Agency:
    _require(row, AGENCIES)
    aliases = [_name(row, "aliases", part.strip()) for part in re.split(r"[|｜]", row["aliases"]) if part.strip()]
    since, until = _year(row, "since"), _year(row, "until")
    if since and until and since > until:
        row.refuse("until", f"早于起始年度 {since}：请改正其中一个")
    return Agency(
        agency=_fit(row, "agency", _ID, "不能作编号：只能用字母、数字、点、连字符和下划线，最多 64 个"),
        name=_name(row, "name", row["name"]),
        aliases=tuple(dict.fromkeys(alias for alias in aliases if alias != row["name"])),
        region=_region(row),
        kind=_word(row, "kind", KINDS),
        portal=row["portal"],
        column=_url(row, "column", row["column"]),
        deadline=_month_day(row),
        email=_fit(row, "email", _EMAIL, "不是邮箱：一格只写一个邮箱地址，如 xxgk@example.gov.cn"),
        phone=row["phone"],
        since=since,
        until=until,
        code=_fit(row, "code", _CODE, "不是统一社会信用代码：请写 18 位数字和大写字母，或留空"),
    )


def _check_portal(row: Row, agency: Agency, portals: Mapping[str, Portal]) -> None:
    """Refuse an agency whose portal is not in the registry, or whose column lies on a foreign host."""
    portal = portals.get(agency.portal)
    if portal is None:
        if agency.portal:
            row.refuse("portal", "不在网站名单中：请写 portals.csv 里的编号，或先用 nianbao import portals 导入")
    elif agency.column and portal.home and not belongs(agency.column, portal):
        row.refuse("column", f"不在网站 {portal.portal} 的域名下：若确属该网站，请把域名写进 portals.csv 的 hosts 列")


# ── values ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _require(row: Row, form: Form) -> None:
    for column in form.required:
        if not row[column]:
            row.refuse(column, "不能为空：请补上")


def _fit(row: Row, column: str, pattern: re.Pattern[str], why: str) -> str:
    """The value where it is of the pattern; empty where it is empty or refused."""
    if not row[column] or pattern.fullmatch(row[column]):
        return row[column]
    row.refuse(column, why)
    return ""


def _name(row: Row, column: str, name: str) -> str:
    # A spreadsheet that opens an exported list would run these as formulas; #… is an error value of one.
    if name.startswith(("+", "-", "=", "@", "#")):
        row.refuse(column, "不像名称：不能以 + - = @ # 开头", value=name)
    return name


def _region(row: Row) -> str:
    return _fit(row, "region", _REGION, "不是行政区划代码：请写六位数字（GB/T 2260），如 370403，或留空")


def _year(row: Row, column: str) -> int | None:
    return int(_fit(row, column, _YEAR, "不是年度：请写四位报告年度，如 2019，或留空") or 0) or None


def _day(row: Row, column: str) -> date | None:
    if not row[column]:
        return None
    try:
        return date.fromisoformat(row[column].replace("/", "-"))
    except ValueError:
        row.refuse(column, "不是日期：请写成 YYYY-MM-DD，如 2024-01-31，或留空")
        return None


def _word(row: Row, column: str, words: Mapping[str, str]) -> str:
    """One of a few words, English or Chinese; written back in English, as the contract has it."""
    english = {chinese: word for word, chinese in words.items()}.get(row[column], row[column])
    if english and english not in words:
        row.refuse(column, "认不出：只能写 " + "、".join(f"{word}（{name}）" for word, name in words.items()))
        return ""
    row.values[column] = english
    return english


def _month_day(row: Row) -> tuple[int, int] | None:
    """MM-DD, or 1月31日 as spreadsheets rewrite it. The 29th of February is no day of every year."""
    match = _DAY.fullmatch(row["deadline"])
    try:
        day = date(2001, int(match[1]), int(match[2] or match[3])) if match else None
    except ValueError:
        day = None
    if day is not None:
        row.values["deadline"] = f"{day:%m-%d}"
        return day.month, day.day
    if row["deadline"]:
        row.refuse("deadline", "不是每年都有的日子：请写成 MM-DD（月-日），如 01-31，或留空按日历")
    return None


def _url(row: Row, column: str, url: str) -> str:
    """The URL where it is an http(s) address with a host; empty where it is empty or refused."""
    try:
        parts = urlsplit(url)
        good = (
            parts.scheme in ("http", "https")
            and _HOST.fullmatch(parts.hostname or "") is not None
            and parts.port != 0
            and "@" not in parts.netloc
            and not re.search(r"[\s\\]", url)
        )
    except ValueError:  # a port that is no number, an unclosed bracket
        good = False
    if good or not url:
        return url
    row.refuse(column, "不是网址：请写完整的 http:// 或 https:// 地址，不带空格、用户名和密码", value=url)
    return ""
