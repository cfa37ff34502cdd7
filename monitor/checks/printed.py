"""What a table prints for something that the running text counts: one row or several together, and each way to read it.

A blank total is added up from its row; a row that is blank throughout is not zero where the text says more. Nothing
here judges: a text that fits any way of reading is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from monitor.checks.base import Unknown
from monitor.form import DISCLOSURE_BLOCKS, REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS, REQUEST_ROWS, TABLES
from monitor.model import Cell, Report

Number = int | Decimal

#: A row with many cells is quoted by its numbers above zero, and at most so many.
_SHOWN: Final = 6
#: (row, column) as people read them; the columns of table 2 hang on the row's block and on the edition.
_LABELS: Final = {
    edition: {
        **{
            f"requests.{row.key}.{column.key}": (f"{row.group}{row.label.partition('（区')[0]}", column.label)
            for rows in REQUEST_ROWS.values()
            for row in rows
            for column in REQUEST_COLUMNS
        },
        **{
            f"remedies.{row.key}.{column.key}": (row.label, column.label)
            for row in REMEDY_KINDS
            for column in REMEDY_RESULTS
        },
        **{
            f"disclosure.{row.key}.{column.key}": (row.label, column.label)
            for block in blocks
            for row in block.rows
            for column in block.columns
        },
    }
    for edition, blocks in DISCLOSURE_BLOCKS.items()
}
#: The cells that a total adds up.
_PARTS: Final = {
    "requests": tuple(line.key for line in REQUEST_COLUMNS if line.key != "total"),
    "remedies": tuple(line.key for line in REMEDY_RESULTS if line.key != "total"),
}


@dataclass(frozen=True, slots=True)
class Printed:
    """What some cells hold together. `values`: each way to read it, the plainest first; `cells`: those that count."""

    values: tuple[Number, ...]
    cells: tuple[str, ...]
    report: Report

    @property
    def cell(self) -> str:
        return self.cells[0]

    @property
    def quote(self) -> str:
        """The cells in words, each with what is printed in it."""
        return _quote(self.report, self.cells, self.value)

    @property
    def value(self) -> Number:
        return self.values[0]


@dataclass(frozen=True, slots=True)
class _Read:
    """One cell on its way to a sum: by its own print and by the cells that it adds up; None where neither is known."""

    own: Number | None
    added: Number | None
    blank: bool


def table_problem(report: Report, table: str) -> Unknown | None:
    """Why a table cannot be held against anything; None if it can."""
    if table in report.doubts:
        return Unknown(f"《{TABLES[table]}》没有可靠读出：{report.doubts[table]}")
    rows = report.tables.get(table)
    if rows is None:
        return Unknown(f"没有《{TABLES[table]}》")
    if not any(cell.value is not None for columns in rows.values() for cell in columns.values()):
        return Unknown(f"《{TABLES[table]}》中没有数字")
    return None


def printed(report: Report, paths: Sequence[str]) -> Printed | Unknown:
    """What cells hold together; Unknown where one is missing or unread, or where all are blank."""
    reads = []
    for path in paths:
        read = _read(report, path)
        if isinstance(read, Unknown):
            return read
        reads.append(read)
    if all(read.blank for read in reads):
        return Unknown(f"{_label(report, paths[0])}未填写数字")
    owns = [read.own for read in reads if read.own is not None]
    # A blank total stands for what its row adds up to.
    plain = sum(read.own if read.own is not None else read.added or 0 for read in reads)
    values: list[Number] = [plain]
    if len(owns) == len(reads) and all(read.added is not None for read in reads):
        values.append(sum(read.added or 0 for read in reads))
    counting = [path for path, read in zip(paths, reads, strict=True) if read.own or read.added] or list(paths)
    return Printed(tuple(dict.fromkeys(values)), tuple(counting), report)


def _read(report: Report, path: str) -> _Read | Unknown:
    table, row, column = path.split(".")
    cell = report.cell(path)
    if cell is None:
        return Unknown(f"{_label(report, path)}在表中没有找到")
    problem = _unread(report, path, cell)
    if problem:
        return problem
    cells = (report.tables[table] or {})[row]
    parts = [cells.get(part) for part in _PARTS.get(table, ())] if column == "total" else []
    unread = next((part for part in parts if part is None or part.doubt or (part.value is None and part.text)), None)
    known = bool(parts) and all(part is not None for part in parts) and unread is None
    numbers = [part.value for part in parts if part is not None and part.value is not None]
    if cell.value is None and parts and not known:
        return Unknown(f"{_label(report, path)}未填写，本行各列也没有全部读出")
    return _Read(cell.value, sum(numbers) if known and numbers else None, cell.value is None and not numbers)


def _unread(report: Report, path: str, cell: Cell) -> Unknown | None:
    if cell.doubt:
        return Unknown(f"{_label(report, path)}读不出：{cell.doubt}")
    if cell.value is None and not cell.is_blank:
        return Unknown(f"{_label(report, path)}不是数字：“{cell.text.strip()}”")
    return None


def _quote(report: Report, paths: Iterable[str], total: Number) -> str:
    paths = list(paths)
    if len(paths) > _SHOWN and not total:
        return f"{_label(report, paths[0])}等{len(paths)}格均为0"
    said = [f"{_label(report, path)}为{_text(report, path)}" for path in paths[:_SHOWN]]
    more = f"等{len(paths)}格" if len(paths) > _SHOWN else ""
    return f"{'、'.join(said)}{more}" + (f"，合计{total}" if len(paths) > 1 else "")


def _text(report: Report, path: str) -> str:
    """A cell as printed; what a blank total's row adds up to."""
    cell = report.cell(path)
    if cell is not None and cell.text.strip():
        return cell.text.strip()
    read = _read(report, path)
    return f"空（各列合计{read.added}）" if isinstance(read, _Read) and read.added is not None else "空"


def _label(report: Report, path: str) -> str:
    row, column = _LABELS.get(report.format, {}).get(path, (path, ""))
    return f"“{row}”行“{column}”列"
