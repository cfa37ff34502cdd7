"""The arithmetic that the tables print themselves (勾稽关系): exact sums of table 3 and table 4.

A blank cell counts as zero in a sum in which some number stands; a blank total beside numbers, a dash, words and
whatever reading doubts make the sum unknown. A sum that cannot be known is never an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from monitor.checks.base import FORM, Context, Example, Rule, Unknown
from monitor.form import (
    REMEDY_KINDS,
    REMEDY_RESULTS,
    REQUEST_COLUMNS,
    REQUEST_ROWS,
    TABLES,
    cell_label,
    is_result_row,
)
from monitor.model import Finding, Report, Severity

Number = int | Decimal

_PARTS_OF_ROW: Final = tuple(line.key for line in REQUEST_COLUMNS if line.key != "total")
_COLUMNS: Final = tuple(line.key for line in REQUEST_COLUMNS)
_LABELS: Final = {line.key: line.label for rows in REQUEST_ROWS.values() for line in rows}
_COLUMN_LABELS: Final = {line.key: line.label for line in REQUEST_COLUMNS}
_PARTS_OF_REMEDY: Final = tuple(line.key for line in REMEDY_RESULTS if line.key != "total")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an identity: the sum of some cells. `printed`: whether any of them holds a number."""

    value: Number
    printed: bool


class _TableRule(Rule):
    """A rule over one table: answers "unknown" where the table is absent or reading doubts it."""

    severity = Severity.ERROR

    def table_problem(self, context: Context, table: str) -> Unknown | None:
        report = context.report
        if table in report.doubts:
            return Unknown(f"《{TABLES[table]}》没有可靠读出：{report.doubts[table]}")
        rows = report.tables.get(table)
        if rows is None:
            return Unknown(f"没有《{TABLES[table]}》")
        if not any(cell.value is not None for columns in rows.values() for cell in columns.values()):
            return Unknown(f"《{TABLES[table]}》中没有数字")
        return None

    def check_total(
        self, context: Context, parts: list[str], total: str, *, said: tuple[str, str, str], part: int
    ) -> Iterator[Finding | Unknown]:
        """Hold a printed total against its parts. `said`: what place, parts and total are called; `part`: 1 to 6."""
        sums = _both(context.report, parts, [total])
        if isinstance(sums, Unknown):
            yield sums
        elif sums and sums[0] != sums[1]:
            (added, printed), (place, named_parts, named_total) = sums, said
            # Of many parts only those that count are quoted.
            shown = parts if len(parts) <= len(_PARTS_OF_REMEDY) else _filled(context.report, parts)
            yield self.finding(
                total,
                f"{place}：{named_parts}之和为{added}，{named_total}为{printed}，相差{abs(added - printed)}。",
                quote=_quote(context.report, [*shown, total]),
                section=context.heading(part),
                cell=total,
                expected=str(added),
                found=str(printed),
            )


class RequestIdentity(_TableRule):
    """First plus second equals third plus fourth, in each column (the formula in the corner of table 3)."""

    id = "t3_identity"
    name = "勾稽：新收加结转等于办结加转下年"
    verifies = "申请情况表每一列：第一项＋第二项＝第三项总计＋第四项"
    basis = f"{FORM}申请情况表所印“本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和”"
    good = Example({"tables.requests.received.individual": 3, "tables.requests.handled.individual": 3})
    bad = Example({"tables.requests.received.individual": 3, "tables.requests.handled.individual": 2})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := self.table_problem(context, "requests"):
            yield problem
            return
        for column in _COLUMNS:
            came = [f"requests.{row}.{column}" for row in ("received", "carried_in")]
            went = [f"requests.{row}.{column}" for row in ("handled", "carried_out")]
            sums = _both(context.report, came, went)
            if isinstance(sums, Unknown):
                yield sums
            elif sums and sums[0] != sums[1]:
                left, right = sums
                yield self.finding(
                    f"requests.handled.{column}",
                    f"申请情况表“{_COLUMN_LABELS[column]}”列：第一项加第二项为{left}，"
                    f"第三项总计加第四项为{right}，相差{abs(left - right)}。",
                    quote=_quote(context.report, came + went),
                    section=context.heading(3),
                    cell=f"requests.handled.{column}",
                    expected=str(left),
                    found=str(right),
                )


class RequestResultSum(_TableRule):
    """（七）总计 is the sum of all results, in each column; both editions, and the single row （六）其他处理."""

    id = "t3_result_sum"
    name = "办理结果总计"
    verifies = "申请情况表每一列：（七）总计＝（一）至（六）各项办理结果之和"
    basis = f"{FORM}申请情况表“三、本年度办理结果”下“（七）总计”"
    good = Example({"tables.requests.granted.individual": 2, "tables.requests.handled.individual": 2})
    bad = Example({"tables.requests.granted.individual": 2, "tables.requests.handled.individual": 3})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := self.table_problem(context, "requests"):
            yield problem
            return
        rows = _result_rows(context.report)
        if isinstance(rows, Unknown):
            yield rows
            return
        for column in _COLUMNS:
            parts = [f"requests.{row}.{column}" for row in rows]
            total = f"requests.handled.{column}"
            said = (f"申请情况表“{_COLUMN_LABELS[column]}”列", "（一）至（六）各项", "（七）总计")
            yield from self.check_total(context, parts, total, said=said, part=3)


class RequestRowTotal(_TableRule):
    """总计 is the sum of the six kinds of applicant, in each row that the report prints."""

    id = "t3_row_total"
    name = "申请情况表行总计"
    verifies = "申请情况表每一行：总计＝自然人＋法人或其他组织各列"
    basis = f"{FORM}申请情况表“申请人情况”下“总计”列"
    good = Example({"tables.requests.granted.business": 1, "tables.requests.granted.total": 1})
    bad = Example({"tables.requests.granted.business": 1, "tables.requests.granted.total": 2})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := self.table_problem(context, "requests"):
            yield problem
            return
        for row in context.report.tables["requests"] or ():
            parts = [f"requests.{row}.{column}" for column in _PARTS_OF_ROW]
            total = f"requests.{row}.total"
            said = (f"申请情况表“{_LABELS.get(row, row)}”行", "各列", "总计")
            yield from self.check_total(context, parts, total, said=said, part=3)


class RemedySum(_TableRule):
    """总计 is the sum of the four results, in each of the three groups of table 4."""

    id = "t4_sum"
    name = "复议诉讼总计"
    verifies = "行政复议、未经复议直接起诉、复议后起诉三组：总计＝结果维持＋结果纠正＋其他结果＋尚未审结"
    basis = f"{FORM}行政复议、行政诉讼情况表“总计”列"
    good = Example({"tables.remedies.review.upheld": 1, "tables.remedies.review.total": 1})
    bad = Example({"tables.remedies.review.upheld": 1, "tables.remedies.review.total": 0})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := self.table_problem(context, "remedies"):
            yield problem
            return
        for kind in REMEDY_KINDS:
            parts = [f"remedies.{kind.key}.{result}" for result in _PARTS_OF_REMEDY]
            total = f"remedies.{kind.key}.total"
            said = (f"复议诉讼情况表“{kind.label}”", "四种结果", "总计")
            yield from self.check_total(context, parts, total, said=said, part=4)


def _result_rows(report: Report) -> tuple[str, ...] | Unknown:
    """The results that （七）总计 adds up: those of the edition whose （六）其他处理 the report prints."""
    printed = report.tables.get("requests") or {}
    single, split = (
        "other" in printed,
        any(row in printed for row in ("other_uncorrected", "other_unpaid", "other_rest")),
    )
    if single and split:
        return Unknown("申请情况表中“（六）其他处理”既有单独一行，又有分项")
    if not single and not split:
        return Unknown("申请情况表中没有“（六）其他处理”")
    return tuple(line.key for line in REQUEST_ROWS["2019" if single else "2021"] if is_result_row(line.key))


def _both(report: Report, left: Sequence[str], right: Sequence[str]) -> tuple[Number, Number] | Unknown | None:
    """Both sides of an identity; None where no number stands on either side; Unknown where a cell is missing or unread.

    A side without any number is unknown beside one with numbers, unless that one says zero too.
    """
    sides = []
    for paths in (left, right):
        side = _add(report, paths)
        if isinstance(side, Unknown):
            return side
        sides.append(side)
    if not any(side.printed for side in sides):
        return None
    for side, paths in zip(sides, (left, right), strict=True):
        if not side.printed and any(other.value for other in sides):
            return Unknown(f"{_label(report, paths[-1])}未填写数字")
    return sides[0].value, sides[1].value


def _add(report: Report, paths: Iterable[str]) -> Side | Unknown:
    value: Number = 0
    printed = False
    for path in paths:
        cell = report.cell(path)
        if cell is None:
            return Unknown(f"{_label(report, path)}在表中没有找到")
        if cell.doubt:
            return Unknown(f"{_label(report, path)}读不出：{cell.doubt}")
        if cell.value is not None:
            value += cell.value
            printed = True
        elif not cell.is_blank:
            return Unknown(f"{_label(report, path)}不是数字：“{cell.text.strip()}”")
        elif _adds_up_numbers(report, path):
            return Unknown(f"{_label(report, path)}未填写")
    return Side(value, printed)


def _adds_up_numbers(report: Report, path: str) -> bool:
    """Whether a blank cell is a total of cells that hold something: then it is not zero but left out."""
    table, row, column = path.split(".")
    rows = report.tables.get(table) or {}
    in_row = rows.get(row, {}).items() if column == "total" else ()
    under = [cells[column] for key, cells in rows.items() if is_result_row(key) and column in cells]
    covered = [cell for key, cell in in_row if key != "total"]
    covered += under if table == "requests" and row == "handled" else []
    return any(cell.value or not (cell.is_blank or cell.value == 0) for cell in covered)


def _filled(report: Report, paths: Iterable[str]) -> list[str]:
    """Those of the cells that hold more than zero: a quote need not show twenty zeros."""
    return [path for path in paths if (cell := report.cell(path)) is not None and cell.value]


def _quote(report: Report, paths: Iterable[str]) -> str:
    """The cells in the report's words: label of the row (or, in one row, of the column) and text."""
    paths = list(paths)
    one_row = len({path.rsplit(".", 1)[0] for path in paths}) == 1
    remedies = {line.key: line.label for line in REMEDY_RESULTS}
    said = []
    for path in paths:
        table, row, column = path.split(".")
        labels = remedies if table == "remedies" else _COLUMN_LABELS
        label = labels[column] if one_row else _LABELS.get(row, row)
        cell = report.cell(path)
        said.append(f"{label}：{cell.text.strip() if cell and cell.text.strip() else '（空）'}")
    return "；".join(said)


def _label(report: Report, path: str) -> str:
    return cell_label(path, report.format)
