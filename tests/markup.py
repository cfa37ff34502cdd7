"""A report whose figures are known, with its tables written in any markup: what the tests of reading HTML share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from lxml import html

from monitor.demo.compose import Composed, compose
from monitor.documents import read_document, read_report
from monitor.model import Report

#: A cell of a table as it is written: text, colspan, rowspan.
Written = tuple[str, int, int]
Rows = Sequence[Sequence[Written]]
Style = Callable[[Rows], str]

COMPOSED: Final[Composed] = compose("薛城区财政局", 2023)
_TABLE: Final = re.compile(r"<table.*?</table>", re.DOTALL)


def rows_of(table: str) -> Rows:
    """The rows of a plain table's markup."""
    return [
        [(cell.text_content(), int(cell.get("colspan", 1)), int(cell.get("rowspan", 1))) for cell in row]
        for row in html.fromstring(table).iter("tr")
    ]


def written(style: Style, body: str = COMPOSED.body) -> str:
    """The report's body with each of its tables written in a style."""
    return _TABLE.sub(lambda table: style(rows_of(table[0])), body)


def as_table(rows: Rows, cell: str = "{}", row: str = "<tr>{}</tr>", table: str = "<table>{}</table>") -> str:
    """Rows as <table>, each cell's text put into a pattern."""
    return table.format("".join(row.format("".join(_cell(one, cell) for one in cells)) for cells in rows))


def _cell(written_cell: Written, pattern: str) -> str:
    text, colspan, rowspan = written_cell
    spans = f' colspan="{colspan}"' * (colspan > 1) + f' rowspan="{rowspan}"' * (rowspan > 1)
    return f"<td{spans}>{pattern.format(text)}</td>"


def read(page: str | bytes) -> Report:
    return read_report(read_document(page.encode() if isinstance(page, str) else page))


def wrong(report: Report, truth: dict[str, Any] | None = None) -> list[str]:
    """The cells that hold a number that is not the true one: they must never be."""
    tables = COMPOSED.truth["tables"] if truth is None else truth
    return [
        f"{path}: {cell.text} ({cell.value}) is not {true}"
        for path, cell in report.cells()
        if cell.value is not None and not report.doubts.get(path.split(".")[0])
        for true in [_at(tables, path)]
        if true is None or cell.value != Decimal(str(true))
    ]


def unread(report: Report, truth: dict[str, Any] | None = None) -> list[str]:
    """The true figures that were not read."""
    tables = COMPOSED.truth["tables"] if truth is None else truth
    return [
        path
        for path, true in _paths(tables)
        if (cell := report.cell(path)) is None or (cell.value is None) != (true is None)
    ]


def _paths(tables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for table, rows in tables.items():
        for row, columns in (rows or {}).items():
            for column, value in columns.items():
                yield f"{table}.{row}.{column}", value


def _at(tables: dict[str, Any], path: str) -> Any:
    table, row, column = path.split(".")
    return tables.get(table, {}).get(row, {}).get(column)
