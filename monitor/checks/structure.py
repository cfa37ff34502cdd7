"""Rules over the report's frame: the six parts, their headings, the three tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from monitor.checks.base import FORM, LAW_50, Context, Example, Rule, Unknown
from monitor.form import CHINESE_NUMERALS, SECTIONS, SECTIONS_2019, TABLES, edition_for
from monitor.model import Finding, Report, Section, Severity
from monitor.text import squash

_TABLE_OF_PART: Final = {2: "disclosure", 3: "requests", 4: "remedies"}
_PART_OF_TABLE: Final = {table: part for part, table in _TABLE_OF_PART.items()}
#: The table may stand where reading does not look: an attachment, a picture.
_ELSEWHERE: Final = re.compile(
    "[见如][^，。；]{0,4}(附件|附表|附图|下图|上图|图片)|附件[一二三1-3]?[：:]|附后|另附|下载"
)
_MARKS: Final = re.compile(r"[\W_]+")
_CONNECTIVES: Final = re.compile("[及和与]")


class SectionMissing(Rule):
    """Each of the six parts stands in the report. A part whose number or heading is odd is there."""

    id = "section_missing"
    name = "缺少法定部分"
    severity = Severity.ERROR
    verifies = "统一格式规定的六个部分齐全"
    basis = f"{LAW_50}；{FORM}规定的六个部分"
    good = Example()
    bad = Example({"sections.5": None})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        if problem := _no_frame(context):
            yield problem
            return
        found = {section.part for section in report.sections}
        for part in range(1, len(SECTIONS) + 1):
            if part in found:
                continue
            name = f"{CHINESE_NUMERALS[part - 1]}、{SECTIONS[part - 1]}"
            if where := _may_be_there(report, part):
                yield Unknown(f"没有读到“{name}”的标题，但{where}")
            else:
                yield self.finding(
                    str(part),
                    f"报告没有“{name}”这一部分。",
                    quote="；".join(section.printed for section in report.sections),
                    expected=name,
                )


class SectionHeadingNonstandard(Rule):
    """A part bears the form's heading, word for word. Punctuation, blanks and the number are not judged here."""

    id = "section_heading_nonstandard"
    name = "一级标题不规范"
    severity = Severity.WARNING
    verifies = "各部分标题与统一格式一致（标点、空格的差别不计；仅“及、和、与”不同的只提示）"
    basis = f"{FORM}规定的各部分标题"
    good = Example({"sections.4.printed": "四、政府信息公开行政复议、行政诉讼情况："})
    bad = Example({"sections.4.printed": "四、因政府信息公开行政复议、行政诉讼情况"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := _no_frame(context):
            yield problem
            return
        # In the first years both wordings were in use; from 2021 on there is one.
        old = edition_for(context.report_year or 0) == "2019"
        seen: Counter[int] = Counter()
        for section in context.report.sections:
            if section.part is None:
                continue
            seen[section.part] += 1
            right = SECTIONS[section.part - 1]
            allowed = {right, SECTIONS_2019[section.part - 1]} if old else {right}
            if section.heading == right:
                continue
            printed = _words(section)
            if printed in {_bare(heading) for heading in allowed}:
                continue
            same = {_loose(_bare(heading)) for heading in allowed}
            again = f".{seen[section.part]}" if seen[section.part] > 1 else ""
            yield self.finding(
                f"{section.part}{again}",
                f"第{CHINESE_NUMERALS[section.part - 1]}部分的标题应为“{right}”。",
                severity=Severity.HINT if _loose(printed) in same else None,
                quote=section.printed,
                section=section.printed,
                expected=f"{CHINESE_NUMERALS[section.part - 1]}、{right}",
                found=section.printed,
            )


class TableMissing(Rule):
    """The three tables of the form stand in the report."""

    id = "table_missing"
    name = "表格缺失"
    severity = Severity.ERROR
    verifies = "第二、三、四部分的三张表格齐全"
    basis = f"{FORM}规定第二、三、四部分以表格填报"
    good = Example()
    bad = Example({"tables.remedies": None})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        if problem := _no_frame(context):
            yield problem
            return
        for table, part in _PART_OF_TABLE.items():
            if table in report.doubts:
                yield Unknown(f"《{TABLES[table]}》没有可靠读出：{report.doubts[table]}")
            elif report.tables.get(table) is None:
                text = "".join(section.text for section in report.sections if section.part == part)
                if _ELSEWHERE.search(text):
                    yield Unknown(f"《{TABLES[table]}》可能在附件或图片中")
                else:
                    yield self.finding(
                        table,
                        f"第{CHINESE_NUMERALS[part - 1]}部分没有《{TABLES[table]}》。",
                        section=context.heading(part),
                        expected=TABLES[table],
                    )


def _no_frame(context: Context) -> Unknown | None:
    """Why nothing can be said about parts and tables: no year (no form to hold against), or no heading was read."""
    if context.report_year is None:
        return Unknown("报告年度不明，无法确定适用的格式")
    if not any(section.part for section in context.report.sections):
        return Unknown("没有读到各部分的标题")
    return None


def _may_be_there(report: Report, part: int) -> str:
    """Where a part may stand whose heading was not found; "" where there is no sign of it."""
    if report.tables.get(_TABLE_OF_PART.get(part, "")) is not None:
        return "该部分的表格在报告中"
    headings = {_bare(SECTIONS[part - 1]), _bare(SECTIONS_2019[part - 1])}
    lines = [line for section in report.sections for line in section.text.splitlines()]
    if any(_bare(line).lstrip("一二三四五六七123456789") in headings for line in lines):
        return "正文中有同样的字样"
    strangers = [section.printed for section in report.sections if section.part is None]
    return f"它可能是“{strangers[0]}”" if strangers else ""


def _words(section: Section) -> str:
    return _bare(section.heading or section.printed)


def _bare(heading: str) -> str:
    """A heading for comparison: no blanks, no punctuation."""
    return _MARKS.sub("", squash(heading))


def _loose(heading: str) -> str:
    """As `_bare`, and 及, 和 and 与 are one (and, between nouns, as good as 、)."""
    return _CONNECTIVES.sub("", heading)
