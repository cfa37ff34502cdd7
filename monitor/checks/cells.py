"""What the rules over tables share: the form's cells, why a table cannot be judged, how a cell is named and quoted.

Judges nothing. A cell that is blank, a dash, words or in doubt is no number and never becomes zero here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Final, TypeVar

from monitor.checks.base import Context, Rule, Unknown
from monitor.form import (
    DISCLOSURE_BLOCKS,
    REMEDY_RESULTS,
    REQUEST_COLUMNS,
    REQUEST_ROWS,
    TABLES,
    cell_label,
    edition_for,
)
from monitor.model import Cell, CellTable, Report

Number = int | Decimal
Made = TypeVar("Made")

#: Which part of the form (1 to 6) holds a table, and what the table is called in short.
PART_OF_TABLE: Final = {"disclosure": 2, "requests": 3, "remedies": 4}
SHORT_NAMES: Final = {"disclosure": "主动公开情况表", "requests": "申请情况表", "remedies": "复议诉讼情况表"}
REQUEST_LABELS: Final = {line.key: line.label for rows in REQUEST_ROWS.values() for line in rows}
COLUMN_LABELS: Final = {
    "requests": {line.key: line.label for line in REQUEST_COLUMNS},
    "remedies": {line.key: line.label for line in REMEDY_RESULTS},
}
#: The three rows that edition 2021 prints for what edition 2019 has in one, （六）其他处理.
SPLIT_ROWS: Final = ("other_uncorrected", "other_unpaid", "other_rest")
SINGLE_ROW: Final = "other"
#: Cells of table 2 that are signed by nature, and those that hold money.
SIGNED: Final = frozenset({"change"})
MONEY: Final = frozenset({"amount"})

#: What reading says of rows that are not there, and of rows of the agency's own. The other rows stand as they are read.
_MISSING_ROWS: Final = re.compile(r"没有找到“.*”(?:等\d+)?行")
_OWN_ROW: Final = re.compile(r"“(.+)”行不在统一格式内.*")
_SCANNED: Final = "报告由扫描件或图片识别得出，数字可能认错，请核对原件"


class TableRule(Rule):
    """A rule over one or more tables. Answers "unknown" for a table that is absent or that reading doubts."""

    def rows(self, report: Report, table: str) -> CellTable | Unknown:
        """The table's rows, or why nothing can be said about them."""
        if doubt := doubt_of(report, table):
            return Unknown(f"《{TABLES[table]}》没有可靠读出：{doubt}")
        rows = report.tables.get(table)
        if rows is None:
            return Unknown(f"没有《{TABLES[table]}》")
        return rows

    def filled_rows(self, report: Report, table: str) -> CellTable | Unknown:
        """As `rows`, and unknown too where no cell holds a number."""
        rows = self.rows(report, table)
        if not isinstance(rows, Unknown) and not any(
            cell.value is not None for columns in rows.values() for cell in columns.values()
        ):
            return Unknown(f"《{TABLES[table]}》中没有数字")
        return rows


def doubt_of(report: Report, table: str) -> str:
    """Why the rows that were read of a table are not to be relied on; "" where they are.

    That a row of the form is missing, or that there is one more, says nothing against the others.
    """
    doubt = report.doubts.get(table, "")
    harmless = doubt and all(_MISSING_ROWS.fullmatch(piece) or _OWN_ROW.fullmatch(piece) for piece in doubt.split("；"))
    return "" if harmless else doubt


def own_rows(report: Report, table: str) -> list[str]:
    """The labels of rows of the agency's own that hold figures."""
    pieces = report.doubts.get(table, "").split("；")
    return [found[1] for piece in pieces if (found := _OWN_ROW.fullmatch(piece))]


def number(report: Report, path: str) -> Number | Unknown:
    """The number in a cell, or why there is none."""
    cell = report.cell(path)
    if cell is None:
        return Unknown(f"{label(report, path)}在表中没有找到")
    return cell.value if cell.value is not None else no_number(report, path, cell)


def no_number(report: Report, path: str, cell: Cell) -> Unknown:
    """Why a cell holds no number."""
    name = label(report, path)
    if cell.doubt:
        return Unknown(f"{name}读不出：{cell.doubt}")
    return Unknown(f"{name}未填写" if cell.is_blank else f"{name}不是数字：“{cell.text.strip()}”")


def label(report: Report, path: str) -> str:
    """A cell's full name, with its table's."""
    return cell_label(path, report.format)


def place(report: Report, path: str) -> str:
    """A cell's name within its table: “（一）予以公开”行“总计”列."""
    return label(report, path).removeprefix(TABLES[path.split(".", 1)[0]])


def row_label(table: str, row: str, edition: str) -> str:
    """A row's label as the form prints it; in table 3 its group before it, where it has one."""
    if table != "disclosure":
        return cell_label(f"{table}.{row}.total").partition("“")[2].partition("”行")[0] or row
    blocks = (*DISCLOSURE_BLOCKS[edition], *DISCLOSURE_BLOCKS["2019"])
    return next((line.label for block in blocks for line in block.rows if line.key == row), row)


def text_of(cell: Cell | None) -> str:
    """A cell's text for a quote."""
    return cell.text.strip() if cell and cell.text.strip() else "（空）"


def quote(report: Report, paths: Iterable[str]) -> str:
    """The cells in the report's words: label of the row (or, in one row, of the column) and text."""
    paths = list(paths)
    one_row = len({path.rsplit(".", 1)[0] for path in paths}) == 1
    said = []
    for path in paths:
        table, row, column = path.split(".")
        labels = COLUMN_LABELS.get(table, {}) if one_row else REQUEST_LABELS if table == "requests" else {}
        name = labels.get(column if one_row else row) or place(report, path)
        said.append(f"{name}：{text_of(report.cell(path))}")
    return "；".join(said)


def odd_cells(context: Context, table: str) -> tuple[tuple[str, str, Cell], ...]:
    """The cells of a table that are no plain count, as (row, column, cell): what rules over filling ask for."""
    return kept(context, f"_odd_{table}", lambda: tuple(_odd(context.report.tables.get(table) or {})))


def _odd(rows: CellTable) -> Iterator[tuple[str, str, Cell]]:
    for row, columns in rows.items():
        for column, cell in columns.items():
            value = cell.value
            if type(value) is not int or value < 0 or cell.doubt:
                yield row, column, cell


def excuse(report: Report) -> str:
    """How reading could have caused any wrong figure of a report; "" where it could not."""
    return _SCANNED if report.is_scan else ""


def is_new_form(context: Context) -> bool:
    """Whether the report has to follow edition 2021; of a report of no known year, what it does follow."""
    year = context.report_year
    return (edition_for(year) if year else context.report.format) == "2021"


def kept(context: Context, name: str, make: Callable[[], Made]) -> Made:
    """What several rules need of one context, made once: kept where the context keeps its own cached properties."""
    found = vars(context)
    if name not in found:
        found[name] = make()
    return found[name]  # type: ignore[no-any-return]
