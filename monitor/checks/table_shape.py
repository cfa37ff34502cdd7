"""Rules over how the tables are set and filled in: their rows, the edition they follow, what stands in their cells.

A row or a cell that reading could not place accuses nobody: it is named once, for a person, by the last rule here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from monitor.checks.base import CUSTOM, FORM, Context, Example, Unknown
from monitor.checks.cells import (
    PART_OF_TABLE,
    SHORT_NAMES,
    SINGLE_ROW,
    SPLIT_ROWS,
    TableRule,
    doubt_of,
    excuse,
    odd_cells,
    own_rows,
    place,
    quote,
    row_label,
)
from monitor.checks.table_filling import is_told
from monitor.form import DISCLOSURE_BLOCKS, REMEDY_KINDS, REQUEST_ROWS, TABLES, edition_for
from monitor.model import CellTable, Finding, Report, Severity

_OLD_COLUMNS: Final = frozenset({"published", "total_published", "previous", "change", "projects"})


class TableRowMissing(TableRule):
    """Each row of the form stands in its table. Which rows: by the edition that the table itself follows."""

    id = "table_row_missing"
    name = "表格缺行"
    severity = Severity.ERROR
    verifies = "三张表格的各行齐全"
    basis = f"{FORM}规定的表格"
    good = Example()
    bad = Example({"tables.requests.refused_inquiry": "absent"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        for table in TABLES:
            rows = self.rows(report, table)
            if isinstance(rows, Unknown):
                yield rows
                continue
            for row, is_sure in missing_rows(report, table, rows):
                name = row_label(table, row, report.format)
                if not is_sure:
                    yield Unknown(f"没有读到{SHORT_NAMES[table]}“{name}”行，表中可能有没有认出的行")
                    continue
                yield self.finding(
                    f"{table}.{row}",
                    f"{SHORT_NAMES[table]}没有“{name}”行。",
                    section=context.heading(PART_OF_TABLE[table]),
                    expected=f"“{name}”行",
                    explained=excuse(report),
                )


class TableLabelAltered(TableRule):
    """No row of the agency's own holds figures among the rows of table 3."""

    id = "table_label_altered"
    name = "表样改动"
    severity = Severity.WARNING
    verifies = "申请情况表没有统一格式以外的行"
    basis = f"{FORM}规定的表格"
    good = Example()
    bad = Example({"doubts": {"requests": "“4.其他情形”行不在统一格式内，无法归入"}})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        own = own_rows(report, "requests")
        for name in own:
            yield self.finding(
                f"requests.{name}",
                f"申请情况表有统一格式以外的“{name}”行，其数字无法归入任何一项。",
                quote=name,
                section=context.heading(3),
                expected="统一格式规定的各行",
                found=name,
                explained="也可能是读取时没有认出该行的名称",
            )
        if not own and isinstance(rows := self.rows(report, "requests"), Unknown):
            yield rows


class TableOldFormat(TableRule):
    """A report for 2021 or later follows the form of 2021: no column of table 2, no row of table 3 of the old one."""

    id = "table_old_format"
    name = "误用旧格式"
    severity = Severity.ERROR
    verifies = "2021年度起的报告不使用2019年试行格式的表格（仅“（六）其他处理”未分项的作警告）"
    basis = f"{FORM}；2021年度起不再适用〔2019〕60号"
    good = Example()
    bad = Example({"format": "2019"})
    years = range(2021, 2100)

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        disclosure, requests = self.rows(report, "disclosure"), self.rows(report, "requests")
        if isinstance(disclosure, Unknown):
            yield disclosure
        elif old := _old_columns(disclosure):
            yield self.finding(
                "disclosure",
                f"主动公开情况表使用了2019年试行格式的栏目（{'、'.join(old)}）。",
                section=context.heading(2),
                quote="、".join(old),
                expected="、".join(column.label for block in DISCLOSURE_BLOCKS["2021"] for column in block.columns),
                found="、".join(old),
            )
        if isinstance(requests, Unknown):
            yield requests
        elif SINGLE_ROW in requests and not any(row in requests for row in SPLIT_ROWS):
            yield self.finding(
                f"requests.{SINGLE_ROW}",
                "申请情况表的“（六）其他处理”只有一行，是2019年试行格式的表样；现行格式分为三项。",
                severity=Severity.WARNING,
                section=context.heading(3),
                quote="（六）其他处理",
                expected="；".join(row_label("requests", row, "2021") for row in SPLIT_ROWS),
                found="（六）其他处理（一行）",
                explained=excuse(report),
            )


class ExtractionLowConfidence(TableRule):
    """Which table could not be relied on: for people, so that they look. Never an accusation."""

    id = "extraction_low_confidence"
    name = "表格没有可靠读出"
    severity = Severity.HINT
    verifies = "三张表格都能可靠读出（不能的请人对照原件；这不是机构的问题）"
    basis = f"{CUSTOM}：读取存疑的表格不作判断，由人核对"
    good = Example()
    bad = Example({"doubts": {"requests": "“（一）予以公开”行有8个数字，应为7个，无法确定所在列"}})
    always_decides = True

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        for table in TABLES:
            doubt, path = _doubt(context, table)
            if doubt:
                yield self.finding(
                    table,
                    f"《{TABLES[table]}》有读不准的地方：{doubt}。请对照原件核对，与此有关的检查没有作出判断。",
                    section=context.heading(PART_OF_TABLE[table]),
                    quote=quote(report, [path]) if path else "",
                    cell=path,
                    found=doubt,
                    explained=doubt,
                )


def _doubt(context: Context, table: str) -> tuple[str, str]:
    """Why a table is not to be relied on, and the cell that shows it, as far as there is one; "" where it is.

    What is no number by its own words is cell_not_number's; a row of the agency's own is table_label_altered's.
    """
    report = context.report
    doubt, rows = doubt_of(report, table), report.tables.get(table) or {}
    for row, column, cell in odd_cells(context, table):
        if cell.doubt and not is_told(cell.text.strip()):
            path = f"{table}.{row}.{column}"
            return doubt or f"{place(report, path)}读不出（{cell.doubt}）", path
    if not doubt and report.doubts.get(table) and not own_rows(report, table):
        unsure = [row for row, is_sure in missing_rows(report, table, rows) if not is_sure]
        doubt = f"没有读到“{row_label(table, unsure[0], report.format)}”行，表中可能有没有认出的行" if unsure else ""
    return doubt, ""


def missing_rows(report: Report, table: str, rows: CellTable) -> Iterator[tuple[str, bool]]:
    """The rows of the form that were not read, each with whether it is surely not there.

    It is if the rows above and below that were read stand so close that there is no place for it. Else a row may be
    there whose label nobody would know, or which has words where its figures should be.
    """
    order = list(_rows_of_form(report, table, rows))
    for at, row in enumerate(order):
        if row not in rows:
            above = next((key for key in reversed(order[:at]) if key in rows), None)
            below = next((key for key in order[at + 1 :] if key in rows), None)
            yield row, not report.origins or _no_place(report, table, order, above, below)


def _no_place(report: Report, table: str, order: Sequence[str], above: str | None, below: str | None) -> bool:
    """Whether no row can stand between two that were read, but for the heads of the blocks of table 2."""
    between = _between(report, table, above, below)
    if between is None or table != "disclosure":
        return between == 0
    block_of = {row.key: number for number, block in enumerate(DISCLOSURE_BLOCKS[report.format]) for row in block.rows}
    heads = [
        found
        for one, other in pairwise(order)
        if block_of[one] != block_of[other] and (found := _between(report, table, one, other)) is not None
    ]
    crossed = block_of[str(below)] - block_of[str(above)]
    return between == 0 or (bool(heads) and between <= min(heads) * crossed)


def _between(report: Report, table: str, above: str | None, below: str | None) -> int | None:
    """How many rows of the document stand between two rows of one grid; None where that is not known."""
    one, other = (report.origins.get(f"{table}.{row}") for row in (above, below))
    return other.row - one.row - 1 if one and other and one.table == other.table else None


def _rows_of_form(report: Report, table: str, rows: CellTable) -> Iterator[str]:
    """The rows that a table should have; of （六）其他处理 the single row or the three, as the report prints it."""
    if table == "remedies":
        yield from (kind.key for kind in REMEDY_KINDS)
    elif table == "disclosure":
        yield from (row.key for block in DISCLOSURE_BLOCKS[report.format] for row in block.rows)
    else:
        split = any(row in rows for row in SPLIT_ROWS)
        old = not split and (SINGLE_ROW in rows or edition_for(report.year or 0) == "2019")
        yield from (row.key for row in REQUEST_ROWS["2019" if old else "2021"])


def _old_columns(rows: CellTable) -> list[str]:
    """The labels of columns that only edition 2019 has; none where the table has as many of the new ones."""
    found = {(row, column) for row, columns in rows.items() for column in columns}
    if any(column in ("repealed", "in_force") for _, column in found):
        return []
    labels = [
        line.label
        for block in DISCLOSURE_BLOCKS["2019"]
        for line in block.columns
        if line.key in _OLD_COLUMNS and any((row.key, line.key) in found for row in block.rows)
    ]
    return list(dict.fromkeys(labels))
