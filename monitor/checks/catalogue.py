"""What `nianbao rules` prints: every rule as plain data, and the same as a Markdown page. Reads rules, runs none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from monitor.checks.base import EVERY_YEAR, Example, Rule
from monitor.form import CHINESE_NUMERALS, TABLES, cell_label, row_label
from monitor.model import SEVERITY_NAMES, Severity

Entry = dict[str, Any]

_LABELS: Final = {
    "title": "标题",
    "agency": "机构",
    "year": "报告年度",
    "format": "格式",
    "period": "统计期限",
    "published_on": "发布日期",
    "signed_by": "落款机构",
    "signed_on": "落款日期",
    "contact": "联系方式",
    "contact.address": "地址",
    "contact.postcode": "邮政编码",
    "contact.phone": "电话",
    "contact.email": "电子邮箱",
    "preface": "前言",
}
_KINDS: Final = {
    "department": "政府部门",
    "government": "政府",
    "township": "乡镇、街道",
    "institution": "事业单位",
    "zone": "功能区",
}
_SECTION_LABELS: Final = {"": "", "heading": "标题", "printed": "标题", "text": "正文", "number": "序号"}


def entry(
    *, id: str, name: str, severity: Severity, verifies: str, basis: str, good: str, bad: str, years: range = EVERY_YEAR
) -> Entry:
    """A rule as a dict of JSON values: id, name, severity, verifies, basis, years, good, bad."""
    return {
        "id": id,
        "name": name,
        "severity": str(severity),
        "verifies": verifies,
        "basis": basis,
        "years": {"from": years.start, "to": None if years.stop == EVERY_YEAR.stop else years.stop - 1},
        "good": good,
        "bad": bad,
    }


def describe(rules: Iterable[type[Rule]]) -> list[Entry]:
    """Each rule as `entry` gives it."""
    return [
        entry(
            id=rule.id,
            name=rule.name,
            severity=rule.severity,
            verifies=rule.verifies,
            basis=rule.basis,
            years=rule.years,
            good=in_words(rule.good),
            bad=in_words(rule.bad),
        )
        for rule in rules
    ]


def as_markdown(chapters: Mapping[str, Sequence[Entry]]) -> str:
    """The page docs/rules.md: a table of the rules under each heading, then each rule with its basis and examples."""
    lines = ["# 检查规则", "", "本页由 `nianbao rules --format markdown` 生成，请勿手工修改。", ""]
    for heading, entries in chapters.items():
        lines += _overview(heading, entries)
    return "\n".join([*lines, *(line for entries in chapters.values() for one in entries for line in _chapter(one))])


def in_words(example: Example) -> str:
    """An example in Chinese: what differs from a clean report, one thing after the other."""
    said = [f"{_label(path)}：{_value(value)}" for path, value in example.report.items()]
    if example.year is not None:
        said.append(f"应有的报告年度：{example.year}")
    if example.agency_names:
        said.append(f"名册中的名称：{'、'.join(example.agency_names)}")
    if example.published_on is not None:
        said.append(f"发布日期：{example.published_on.isoformat()}")
    if example.kind:
        said.append(f"单位性质：{_KINDS[example.kind]}")
    if example.others:
        said.append(f"名册中的其他单位：{'、'.join(example.others)}")
    said += [f"要求写明：{item.name}" for item in example.items]
    for number, patch in enumerate(example.agencies or (), start=1):
        said += [f"所属单位{number}的报告中{_label(path)}：{_value(value)}" for path, value in patch.items()]
    said += [f"与{like.agency}{like.year}年度报告相同的文字占{like.shared:.0%}" for like in example.lookalikes or ()]
    said += [f"上年报告的{_label(path)}：{_value(value)}" for path, value in (example.previous or {}).items()]
    return "；".join(said) or "（合格报告）"


def _overview(heading: str, entries: Sequence[Entry]) -> Iterator[str]:
    yield f"**{heading}**"
    yield ""
    yield "| 规则 | 名称 | 级别 | 检查内容 |"
    yield "|---|---|---|---|"
    for one in entries:
        yield f"| [`{one['id']}`](#{one['id']}) | {one['name']} | {_severity(one)} | {one['verifies']} |"
    yield ""


def _chapter(one: Entry) -> Iterator[str]:
    yield f"## {one['id']}"
    yield ""
    yield f"**{one['name']}**（{_severity(one)}）：{one['verifies']}。"
    yield ""
    yield f"- 依据：{one['basis']}"
    yield f"- 适用：{_years(one['years'])}"
    yield f"- 通过：{one['good']}"
    yield f"- 不通过：{one['bad']}"
    yield ""


def _severity(one: Entry) -> str:
    return SEVERITY_NAMES[Severity(one["severity"])]


def _years(years: Mapping[str, int | None]) -> str:
    if years["to"] is None:
        return f"{years['from']}年度起的报告"
    return f"{years['from']}至{years['to']}年度的报告"


def _label(path: str) -> str:
    head, _, rest = path.partition(".")
    if head == "tables":
        return _table_label(rest)
    if head == "doubts":
        return "读取存疑"
    if head == "sections":
        part, _, name = rest.partition(".")
        return f"第{CHINESE_NUMERALS[int(part) - 1]}部分{_SECTION_LABELS[name]}"
    return _LABELS[path]


def _table_label(path: str) -> str:
    """A cell, a row or a whole table by its Chinese name."""
    table, *rest = path.split(".")
    if not rest:
        return f"《{TABLES[table]}》"
    return row_label(path) if len(rest) == 1 else cell_label(path)


def _value(value: Any) -> str:
    if value is None:
        return "（无）"
    if value == "absent":
        return "（没有）"
    if isinstance(value, Mapping) and set(value) <= set(TABLES):
        return "；".join(f"《{TABLES[table]}》{reason}" for table, reason in value.items())
    if isinstance(value, Mapping):
        return " 至 ".join(str(item) for item in value.values())
    return str(value)
