"""Figures of a scanned report that break an identity of the form because they may have been misread: they are unread.

Only for text recognised from pictures: where figures are characters in a file, a broken identity is the agency's.
Corrects nothing and judges nothing; an identity that no single slip of reading explains stays for the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from monitor.form import REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS, is_result_row
from monitor.model import Cell, CellTable, Report

_SINGLE: Final = "other"
_SPLIT: Final = frozenset({"other_uncorrected", "other_unpaid", "other_rest"})


@dataclass(frozen=True, slots=True)
class Identity:
    """A sum that the form prints (勾稽关系): the cells at `parts` and those at `whole` (paths) add up to the same."""

    name: str
    parts: tuple[str, ...]
    whole: tuple[str, ...]


def doubt_by_identity(report: Report) -> Report:
    """The report with those figures unread that a misread digit may have put at odds with the table's own sums.

    In every identity whose cells are all read and that does not hold, each cell becomes unread that one digit confused,
    lost, doubled or made up would set right.
    """
    suspects: dict[str, str] = {}
    for identity in identities(report):
        cells = {path: report.cell(path) for path in (*identity.parts, *identity.whole)}
        counts = {path: _count(cell) for path, cell in cells.items()}
        if any(count is None for count in counts.values()):
            continue
        excess = sum(counts[path] or 0 for path in identity.parts) - sum(counts[path] or 0 for path in identity.whole)
        for path, cell in cells.items():
            meant = (counts[path] or 0) + (excess if path in identity.whole else -excess)
            if excess and cell is not None and could_be_misread(cell, meant):
                suspects.setdefault(path, f"扫描件中{identity.name}，这一格可能认错，请核对原件")
    if not suspects:
        return report
    return replace(report, tables={key: _doubted(key, table, suspects) for key, table in report.tables.items()})


def _doubted(key: str, table: CellTable | None, suspects: dict[str, str]) -> CellTable | None:
    if table is None:
        return None
    return {
        row: {
            column: Cell(None, cell.text, suspects[path]) if (path := f"{key}.{row}.{column}") in suspects else cell
            for column, cell in cells.items()
        }
        for row, cells in table.items()
    }


def _count(cell: Cell | None) -> int | None:
    """What a cell adds to a sum: blanks and dashes nothing; None where it cannot be known."""
    if cell is None or cell.doubt:
        return None
    if cell.value is None:
        return 0
    return cell.value if isinstance(cell.value, int) else None


def could_be_misread(cell: Cell, meant: int) -> bool:
    """Whether a cell that was read as it is may say `meant`: one digit confused, lost or put in; or its sign lost.

    A blank may be a figure that was overlooked, a stroke may be a 1.
    """
    if meant < 0 and not (isinstance(cell.value, int) and cell.value == -meant):
        return False
    if cell.value is None:
        return meant > 0 if cell.is_blank else meant == 1
    read, true = str(cell.value), str(meant)
    if read == true or read.startswith("-") or true.startswith("-"):
        return read != true and read.lstrip("-") == true.lstrip("-")
    if len(read) == len(true):
        return sum(one != other for one, other in zip(read, true, strict=True)) == 1
    short, long = sorted((read, true), key=len)
    return len(long) == len(short) + 1 and any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def identities(report: Report) -> Iterator[Identity]:
    """The form's identities over the tables that the report has, as far as their rows were found."""
    requests = report.tables.get("requests") or {}
    *kinds, total = (column.key for column in REQUEST_COLUMNS)
    for row in requests:
        yield Identity("本行六类申请人之和不等于总计", _paths("requests", row, kinds), (f"requests.{row}.{total}",))
    rows = set(requests)
    results = sorted(row for row in rows if is_result_row(row) and not (row == _SINGLE and rows & _SPLIT))
    for column in (*kinds, total):
        head, tail = (
            tuple(f"requests.{row}.{column}" for row in pair)
            for pair in (("received", "carried_in"), ("handled", "carried_out"))
        )
        handled = tuple(f"requests.{row}.{column}" for row in results)
        yield Identity("本列各项办理结果之和不等于（七）总计", handled, tail[:1])
        yield Identity("本列第一、二项之和不等于第三、四项之和", head, tail)
    *outcomes, whole = (result.key for result in REMEDY_RESULTS)
    for kind in REMEDY_KINDS:
        if kind.key in (report.tables.get("remedies") or {}):
            name = "各项结果之和不等于总计"
            yield Identity(name, _paths("remedies", kind.key, outcomes), (f"remedies.{kind.key}.{whole}",))


def _paths(table: str, row: str, columns: list[str]) -> tuple[str, ...]:
    return tuple(f"{table}.{row}.{column}" for column in columns)
