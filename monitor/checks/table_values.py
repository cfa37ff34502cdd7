"""Rules over figures of table 2 that cannot well be, whatever the sums say: whose they are, and in which unit.

What an agency may do is known from the roster's kind, or from a name that leaves no choice; else these rules are
silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from monitor.checks.base import CUSTOM, FORM, Context, Example, Unknown
from monitor.checks.cells import Number, TableRule, doubt_of, excuse, no_number, number, quote
from monitor.checks.table_years import last_year
from monitor.model import CellTable, Finding, Report, Severity

_DECISIONS: Final = ("permits", "penalties", "coercion")
#: Departments that decide on permits or penalties wherever there is one.
_DECIDES: Final = re.compile(
    r"市场监督管理局|公安局|城市管理.{0,8}局|综合行政执法局|交通运输局|生态环境局|行政审批.{0,6}局"
)

#: Towns, streets, and departments of a county or a district. 自治区 is a province, 地区 and 开发区 are no district.
_TOWN: Final = re.compile(r"(?:镇|乡|街道)(?:人民政府|办事处|党政办公室)?$")
_COUNTY_BODY: Final = re.compile(r"(?<!自治)(?<!地)(?<!开发)(?:县|区|旗)(?!人民政府).{2,20}(?:局|委员会|中心)$")
_COUNTY_DEPARTMENT: Final = re.compile(r"(?<!自治)(?<!地)(?:县|区|旗).{2,20}(?:局|委员会|委|办公室|中心)$")
_NATIONAL: Final = re.compile(r"^(?:国家|中华人民共和国|中国|全国|海关总署|审计署)|部$|总局$")
_LOCAL: Final = re.compile(r"省|市|县|区|州|盟|旗|镇|乡|街道")
#: The office of a government speaks for the government.
_OFFICE: Final = re.compile(r"人民政府.*办公[厅室]|府办")

#: An amount of 行政事业性收费 in running text.
_FEE: Final = re.compile(r"行政事业性?收费[^。；;\d]{0,20}(\d[\d,，]*(?:\.\d+)?)\s*(万?元)")
#: A ratio of about ten thousand: what last year's amount grew to, if it were meant in 元.
_JUMP: Final = (2000, 50000)


class RegulationsByDepartment(TableRule):
    """规章 are made by ministries and by governments of provinces and larger cities, not by who reports here."""

    id = "regulations_by_department"
    name = "不能制定规章的机构填报规章"
    severity = Severity.WARNING
    verifies = "乡镇、街道和地方部门的主动公开情况表“规章”行为0（省、市级部门只提示）"
    basis = f"{FORM}主动公开情况表“规章”行；规章由国务院部门和省、设区的市、自治州人民政府制定"
    good = Example({"tables.disclosure.regulations.made": 0}, kind="township")
    bad = Example({"tables.disclosure.regulations.made": 2}, kind="township")

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        if isinstance(rows := self.rows(report, "disclosure"), Unknown):
            yield rows
            return
        # What edition 2019 counts as published may be others' regulations.
        columns = ("made",) if report.format == "2019" else ("made", "repealed", "in_force")
        paths = [f"disclosure.regulations.{column}" for column in columns]
        filled = [path for path in paths if (cell := report.cell(path)) is not None and cell.value]
        if not filled:
            if unread := [cell for path in paths if (cell := report.cell(path)) is not None and cell.doubt]:
                yield Unknown(f"“规章”行读不出：{unread[0].doubt}")
            return
        severity = _cannot_regulate(context)
        if severity is None:
            if not context.kind:
                yield Unknown("不知道机构的类别，无法确定能否制定规章")
            return
        yield self.finding(
            "disclosure.regulations",
            f"主动公开情况表“规章”行填有数字（{quote(report, filled)}）。"
            "规章由国务院部门和省、设区的市、自治州人民政府制定，请核实是否误填。",
            severity=severity,
            quote=quote(report, filled),
            section=context.heading(2),
            cell=filled[0],
            expected="0",
            found="、".join(str(number(report, path)) for path in filled),
            explained=excuse(report),
        )


class T2ZeroImplausible(TableRule):
    """A county's or city's government decides on permits and penalties, and so do some departments by their name."""

    id = "t2_zero_implausible"
    name = "行政执法数据全为零"
    severity = Severity.HINT
    verifies = "一级政府和有执法职能的部门（按名册类别和名称），行政许可、处罚、强制不全为0"
    basis = f"{CUSTOM}：有执法、许可职能的机构如实填报处理决定数量"
    good = Example({"tables.disclosure.permits.decisions": 12}, kind="government")
    bad = Example(kind="government")

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        if not context.kind:
            yield Unknown("不知道机构的类别，无法确定是否有执法职能")
            return
        if isinstance(rows := self.filled_rows(report, "disclosure"), Unknown):
            yield rows
            return
        if context.kind != "government" and not (context.kind == "department" and _DECIDES.search(_name(context))):
            return
        paths = [f"disclosure.{row}.decisions" for row in _DECISIONS]
        values = [number(report, path) for path in paths]
        if any(not isinstance(value, Unknown) and value for value in values):
            return
        if unread := [value for value in values if isinstance(value, Unknown)]:
            yield unread[0]
            return
        yield self.finding(
            "disclosure.decisions",
            "主动公开情况表中行政许可、行政处罚、行政强制的处理决定数量全部为0，请核实是否漏填。",
            quote=quote(report, paths),
            section=context.heading(2),
            cell=paths[0],
            expected="如实填报的数量",
            found="0",
        )


class FeeUnitSuspect(TableRule):
    """The fees are in 万元: not ten thousand times last year's, not the number that the text gives in 元."""

    id = "fee_unit_suspect"
    name = "收费金额单位疑误"
    severity = Severity.WARNING
    verifies = "行政事业性收费以万元计：不是上年的约一万倍，与正文写明的金额单位一致"
    basis = f"{FORM}主动公开情况表“本年收费金额（单位：万元）”"
    good = Example(
        {"tables.disclosure.fees.amount": 0.8}, previous={"year": 2022, "tables.disclosure.fees.amount": 0.75}
    )
    bad = Example(
        {"tables.disclosure.fees.amount": 8000}, previous={"year": 2022, "tables.disclosure.fees.amount": 0.75}
    )

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report, path = context.report, "disclosure.fees.amount"
        if isinstance(rows := self.rows(report, "disclosure"), Unknown):
            yield rows
            return
        cell = report.cell(path)
        if cell is None or cell.value is None:
            # Edition 2019 has no amount, and a blank or a dash is no unit.
            if cell is not None and cell.doubt:
                yield no_number(report, path, cell)
            elif cell is None and not _is_old(rows):
                yield Unknown("主动公开情况表没有“行政事业性收费”的金额")
            return
        # A unit that the cell itself prints has been taken into account.
        if not cell.value or "元" in cell.text:
            return
        stated = _stated_fee(report)
        if stated is not None:
            yield from self._against_text(context, path, cell.value, *stated)
        else:
            yield from self._against_last_year(context, path, cell.value)

    def _against_text(
        self, context: Context, path: str, value: Number, amount: Decimal, words: str
    ) -> Iterator[Finding | Unknown]:
        """`amount`: what the text states, in 万元."""
        if amount and value == amount * 10000:
            yield self._finding(context, path, f"正文写作“{words}”", f"{amount.normalize():f}", value, words)

    def _against_last_year(self, context: Context, path: str, value: Number) -> Iterator[Finding | Unknown]:
        previous = last_year(context)
        if isinstance(previous, Unknown):
            yield previous
        elif previous.format != context.report.format:
            yield Unknown("上年报告按旧格式编制，没有收费金额")
        elif doubt := doubt_of(previous, "disclosure"):
            yield Unknown(f"上年的主动公开情况表没有可靠读出：{doubt}")
        else:
            before = number(previous, path)
            if isinstance(before, Unknown):
                yield Unknown(f"上年报告：{before.reason}")
            elif before > 0 and _JUMP[0] <= Decimal(value) / Decimal(before) <= _JUMP[1]:
                said = f"上年为{before}万元，约为其一万倍"
                yield self._finding(
                    context, path, said, f"与上年（{before}万元）相近", value, quote(context.report, [path])
                )

    def _finding(self, context: Context, path: str, why: str, expected: str, value: Number, words: str) -> Finding:
        return self.finding(
            path,
            f"主动公开情况表行政事业性收费为{value}（单位万元），{why}，请核实是否以元填报。",
            quote=words,
            section=context.heading(2),
            cell=path,
            expected=expected,
            found=str(value),
            explained=excuse(context.report),
        )


def _cannot_regulate(context: Context) -> Severity | None:
    """How sure it is that the agency cannot make regulations; None where it may, or where that is not known."""
    kind, name = context.kind, _name(context)
    if kind == "township" or _TOWN.search(name):
        return Severity.WARNING
    if kind == "government" or _OFFICE.search(name) or _NATIONAL.search(name):
        return None
    if kind == "department" and _COUNTY_DEPARTMENT.search(name):
        return Severity.WARNING
    if kind in ("department", "institution", "zone") and _LOCAL.search(name):
        return Severity.HINT
    return Severity.WARNING if not kind and _COUNTY_BODY.search(name) else None


def _name(context: Context) -> str:
    return context.agency_names[0] if context.agency_names else context.report.agency or ""


def _is_old(rows: CellTable) -> bool:
    return "amount" not in rows.get("fees", {}) and bool(rows.get("fees"))


def _stated_fee(report: Report) -> tuple[Decimal, str] | None:
    """The amount of the fees that the text states, in 万元, and its words; None where it states none, or several."""
    if "收费" not in report.text:
        return None
    found = [(match[1].replace(",", "").replace("，", ""), match[2], match[0]) for match in _FEE.finditer(report.text)]
    if len(found) != 1:
        return None
    (digits, unit, words) = found[0]
    return (Decimal(digits) if unit == "万元" else Decimal(digits).scaleb(-4)), words
