"""Rules over the report's title: {机构}{YYYY}年政府信息公开工作年度报告."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.checks.base import CUSTOM, FORM, Context, Example, Rule, Unknown
from monitor.model import Finding, Report, Severity
from monitor.text import clean, squash
from monitor.titles import read_title, year_in

_ENDING: Final = "年政府信息公开工作年度报告"
_EXACT: Final = re.compile(rf"(?!关于)[^\d\W].+?\d{{4}}{_ENDING}")
#: What web pages put around a title and an agency did not write: marks of format, the date of publication.
_AROUND: Final = re.compile(r"^[<\"']+|[>\"']+$|\((?:[^()]*版|全文|公开稿|[^()]*\d年\d+月\d+日|\d{4}-\d+-\d+)\)$")
#: Slips seen in titles: characters in the wrong order, a year without its 年, half of a set phrase.
_MISSPELT: Final = re.compile(
    r"告年度报|年度报$|年度工报告|公开工年度|公开作年度|政府信公开|政府信息公工作|信息公开工作年报告|信息公开工作度报告"
    r"|\d{4}(?=政府信息公开)|年年政府信息|度度报告|报告报告|公开公开工作"
)
_NO_ANNUAL: Final = re.compile("年度报告|年报|公开年度工作报告|告年度报")


class TitleNonstandard(Rule):
    """The title has the usual form. Blanks and line breaks are no deviation."""

    id = "title_nonstandard"
    name = "标题不规范"
    severity = Severity.HINT
    verifies = "标题为“机构名称＋年份＋年政府信息公开工作年度报告”（写成工作报告、总结或缺年份的为警告）"
    basis = f"{FORM}的名称“政府信息公开工作年度报告”"
    good = Example({"title": "某县某局 2023 年政府信息公开工作年度报告"})
    bad = Example({"title": "某县某局2023年政府信息公开工作总结"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        printed = context.report.title
        if not printed or not printed.strip():
            yield Unknown("没有读到标题")
            return
        title = _bare(printed)
        if _EXACT.fullmatch(title):
            return
        severity, fault = _fault(title)
        yield self.finding(
            "title",
            f"标题{fault}。",
            severity=severity,
            quote=clean(printed),
            expected=_expected(context),
            found=clean(printed),
        )


class TitleYearMismatch(Rule):
    """The title's year is that of the period, and the year under which the report was published."""

    id = "title_year_mismatch"
    name = "标题年份与正文或栏目不符"
    severity = Severity.ERROR
    verifies = "标题中的年份与统计期限、所在栏目的报告年度一致"
    basis = f"{CUSTOM}：标题、统计期限和栏目指同一报告年度"
    good = Example({"title": "某县某局2023年政府信息公开工作年度报告"}, year=2023)
    bad = Example({"title": "某县某局2022年政府信息公开工作年度报告"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        year = year_in(report.title or "")
        if year is None:
            yield Unknown("标题中没有读到年份" if report.title else "没有读到标题")
            return
        others = dict(_years(context))
        if not others:
            yield Unknown("没有读到统计期限，也不知道应有的报告年度")
            return
        different = {what: other for what, other in others.items() if other != year}
        if different:
            said = "，".join(f"{what}为{other}年" for what, other in different.items())
            yield self.finding(
                "title",
                f"标题写{year}年，{said}。",
                quote=clean(report.title or ""),
                expected="、".join(dict.fromkeys(f"{other}年" for other in different.values())),
                found=f"{year}年",
            )


def _years(context: Context) -> Iterator[tuple[str, int]]:
    period = context.report.period
    if period is not None and period.start.year == period.end.year:
        yield "统计期限", period.end.year
    if context.year is not None:
        yield "应有的报告年度", context.year


def _bare(title: str) -> str:
    """The title without blanks and without what a page puts around it."""
    previous, title = "", squash(title)
    while previous != title:
        previous, title = title, _AROUND.sub("", title)
    return title


def _fault(title: str) -> tuple[Severity, str]:
    """What deviates, the gravest first. `title` is bare."""
    year = read_title(title).year
    if not _NO_ANNUAL.search(title):
        return Severity.WARNING, "没有写明是“年度报告”"
    if wrong := _MISSPELT.search(title):
        return Severity.WARNING, f"有错字、漏字（“{wrong[0]}”）"
    if year is None:
        return Severity.WARNING, "缺少年份"
    if title.startswith(f"{year}年") and not read_title(title).agency:
        return Severity.HINT, "没有写明机构名称"
    if "政府信息公开" not in title:
        return Severity.HINT, "没有写全“政府信息公开”"
    if re.search(r"\d{4}年度(?!报告)", title):
        return Severity.HINT, "在年份后写“年度”，与“年度报告”重复"
    if re.match(r"\(?\d{4}", title):
        return Severity.HINT, "没有把机构名称写在年份之前"
    return Severity.HINT, "与规范写法不一致"


def _expected(context: Context) -> str:
    return f"{_agency(context.report, context.agency_names)}{context.report_year or '××××'}{_ENDING}"


def _agency(report: Report, names: tuple[str, ...]) -> str:
    return names[0] if names else report.agency or "（机构名称）"
