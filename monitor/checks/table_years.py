"""Rules that hold a report's tables against last year's: what was carried over, and what is in force.

Only what both reports print is compared. Which of two reports is wrong these rules do not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Unknown
from monitor.checks.cells import (
    COLUMN_LABELS,
    Number,
    TableRule,
    excuse,
    label,
    no_number,
    number,
    quote,
    text_of,
)
from monitor.form import REQUEST_COLUMNS
from monitor.model import Finding, Report, Severity

_LAST_YEAR: Final = "没有上年的报告，无法核对"
#: What may change the stock of documents besides making and repealing them.
_OTHER_CAUSES: Final = re.compile(
    r"(?:规范性文件|规章)[^。]{0,40}(?:清理|失效|修订|修改|到期|移交|划转|承接|宣布)"
    r"|(?:清理|失效|修订|修改|移交|划转|承接)[^。]{0,20}(?:规范性文件|规章)"
)


def last_year(context: Context) -> Report | Unknown:
    """Last year's report, if it is one and the one of the year before."""
    previous, year = context.previous, context.report_year
    if previous is None:
        return Unknown(_LAST_YEAR)
    if not previous.is_form:
        return Unknown("所给的上年文件不是政府信息公开工作年度报告")
    if year is None or previous.year is None:
        return Unknown("本年或上年报告的年度不明，无法核对")
    if previous.year != year - 1:
        return Unknown(f"所给的是{previous.year}年度的报告，不是{year - 1}年度的")
    return previous


class CarryOverMismatch(TableRule):
    """上年结转 of this year is 结转下年度 of last year, in each of the seven columns."""

    id = "carry_over_mismatch"
    name = "上年结转与去年不一致"
    severity = Severity.ERROR
    verifies = "申请情况表每一列：本年“上年结转”＝上年报告“结转下年度继续办理”"
    basis = f"{CUSTOM}：本年“上年结转”数即上年报告“结转下年度继续办理”数"
    good = Example(
        {"tables.requests.carried_in.individual": 2},
        previous={"year": 2022, "tables.requests.carried_out.individual": 2},
    )
    bad = Example(
        {"tables.requests.carried_in.individual": 1},
        previous={"year": 2022, "tables.requests.carried_out.individual": 2},
    )

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        previous = last_year(context)
        if isinstance(previous, Unknown):
            yield previous
            return
        for report, whose in ((context.report, "本年"), (previous, "上年")):
            if isinstance(rows := self.filled_rows(report, "requests"), Unknown):
                yield Unknown(f"{whose}报告：{rows.reason}")
                return
        for column in (line.key for line in REQUEST_COLUMNS):
            came, went = f"requests.carried_in.{column}", f"requests.carried_out.{column}"
            now, before = _carried(context.report, came), _carried(previous, went)
            if isinstance(now, Unknown) or isinstance(before, Unknown):
                yield from (Unknown(f"{each.reason}") for each in (now, before) if isinstance(each, Unknown))
            elif now != before:
                yield self.finding(
                    came,
                    f"申请情况表“{COLUMN_LABELS['requests'][column]}”列：本年“上年结转”为{now}，"
                    f"上年报告“结转下年度继续办理”为{before}，相差{abs(now - before)}。",
                    quote=f"{quote(context.report, [came])}；上年报告：{text_of(previous.cell(went))}",
                    section=context.heading(3),
                    cell=came,
                    expected=str(before),
                    found=str(now),
                    explained=excuse(context.report) or excuse(previous),
                )


class NormativeStockFlow(TableRule):
    """What is in force is what was in force, and what was made, less what was repealed."""

    id = "normative_stock_flow"
    name = "现行有效件数与上年不衔接"
    severity = Severity.WARNING
    verifies = "规章、规范性文件现行有效件数＝上年现行有效＋本年制发－本年废止（正文提到清理、失效等的只提示）"
    basis = f"{CUSTOM}：现行有效件数与上年相衔接；清理、修订、机构调整等可以造成差异"
    good = Example(
        {"tables.disclosure.normative_documents.made": 3, "tables.disclosure.normative_documents.in_force": 8},
        previous={"year": 2022, "tables.disclosure.normative_documents.in_force": 5},
    )
    bad = Example(
        {"tables.disclosure.normative_documents.made": 3, "tables.disclosure.normative_documents.in_force": 9},
        previous={"year": 2022, "tables.disclosure.normative_documents.in_force": 5},
    )
    #: The form of 2019 has no such columns: 2022 is the first year with a stock to go on from.
    years = range(2022, 2100)

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        previous = last_year(context)
        if isinstance(previous, Unknown):
            yield previous
            return
        for report, whose in ((context.report, "本年"), (previous, "上年")):
            if isinstance(rows := self.filled_rows(report, "disclosure"), Unknown):
                yield Unknown(f"{whose}报告：{rows.reason}")
                return
        for row, name in (("regulations", "规章"), ("normative_documents", "行政规范性文件")):
            yield from self._check(context, previous, row, name)

    def _check(self, context: Context, previous: Report, row: str, name: str) -> Iterator[Finding | Unknown]:
        report = context.report
        paths = [f"disclosure.{row}.{column}" for column in ("made", "repealed", "in_force")]
        read = [_stock(previous, paths[2]), *(_stock(report, path) for path in paths)]
        if all(isinstance(value, _Nothing) for value in read):
            return  # a row that nobody fills in: most bodies have no regulations
        numbers = [value for value in read if not isinstance(value, Unknown)]
        if len(numbers) < len(read):
            yield from (value for value in read if isinstance(value, Unknown))
            return
        before, made, repealed, in_force = numbers
        expected = before + made - repealed
        if in_force != expected:
            told = _OTHER_CAUSES.search(report.text) or any("失效" in text_of(report.cell(path)) for path in paths)
            yield self.finding(
                paths[2],
                f"{name}：上年现行有效{before}件，本年制发{made}件、废止{repealed}件，现行有效应为{expected}件，"
                f"表中为{in_force}件，相差{abs(in_force - expected)}件。清理、修订等也会造成差异，请核实。",
                severity=Severity.HINT if told else None,
                quote=quote(report, paths),
                section=context.heading(2),
                cell=paths[2],
                expected=str(expected),
                found=str(in_force),
                explained=excuse(report) or excuse(previous),
            )


# ── what a cell carries over ────────────────────────────────────────────────────────────────────────────────────────


def _carried(report: Report, path: str) -> Number | Unknown:
    """What a cell of the two rows carries over; a blank one beside a number is zero, a blank total is not."""
    cell = report.cell(path)
    if cell is None or cell.value is not None or not cell.is_blank or cell.doubt:
        return number(report, path)
    table, row, column = path.split(".")
    beside = (report.tables.get(table) or {}).get(row, {})
    filled = [other for key, other in beside.items() if key != column and other.value is not None]
    if not filled or (column == "total" and any(other.value for other in filled)):
        return no_number(report, path, cell)
    return 0


class _Nothing(Unknown):
    """A cell that holds no number because there is none to hold: blank, or a dash."""


def _stock(report: Report, path: str) -> Number | Unknown:
    found = number(report, path)
    cell = report.cell(path)
    if isinstance(found, Unknown) and cell is not None and not cell.doubt and (cell.is_blank or cell.is_dash):
        return _Nothing(f"{label(report, path)}没有数字")
    return found
