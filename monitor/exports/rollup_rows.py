"""The roll-up as plain data: the JSON object that other tools read, and a row a cell for lists. Decides nothing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final

from monitor.form import DISCLOSURE_BLOCKS, REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS, REQUEST_ROWS, TABLES
from monitor.rollup import Balance, Difference, RollUp, Source, State, Sums, Total, entry
from monitor.rollup.compare import COMPARED_NAMES
from monitor.rollup.sums import HOLES, Number

Row = dict[str, Any]
#: How many agencies are named in one line before it says 等N个.
_NAMED: Final = 8

CELL_HEADINGS: Final = {
    "table": "表",
    "row": "行",
    "column": "列",
    "total": "合计",
    "unit": "单位",
    "complete": "是否完整",
    "counted": "汇总单位数",
    "expected": "应汇总单位数",
    "blank": "空白",
    "missing": "缺报",
    "unread": "未读出",
    "own": "政府报告",
    "difference": "差（政府报告－合计）",
    "compared": "比对结果",
}


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def to_json(rolled: RollUp) -> bytes:
    """The object as a file."""
    return (json.dumps(to_object(rolled), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def to_object(rolled: RollUp) -> Row:
    """The object of `rollup --format json`. Figures as in the contract: numbers or null, amounts of fees in 万元."""
    sums = rolled.sums
    return {
        "region": rolled.region,
        "place": rolled.place,
        "year": rolled.year,
        "format": sums.edition,
        "at": rolled.at,
        "complete": sums.is_complete,
        "expected": len(sums.sources),
        "counted": len(sums.sources) - len(sums.missing),
        "missing": [{"agency": s.agency, "name": s.name, "reason": s.reason, "words": s.words} for s in sums.missing],
        "tables": _nested(sums.totals),
        "cells": {path: _cell(total) for path, total in sums.totals.items()},
        "extra": {path: {"value": plain(total.value), **_cell(total)} for path, total in sums.extra.items()},
        "balances": [_balance(balance) for balance in rolled.balances],
        "carried": [_balance(balance) for balance in rolled.carried],
        "agencies": [_agency(source, sums) for source in sums.sources],
        "government": _government(rolled),
        "notes": list(rolled.notes),
    }


def plain(value: Number | None) -> int | float | None:
    """A figure as JSON and spreadsheets have it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _nested(totals: Mapping[str, Total]) -> Row:
    tables: Row = {}
    for path, total in totals.items():
        table, row, column = path.split(".")
        tables.setdefault(table, {}).setdefault(row, {})[column] = plain(total.value)
    return tables


def _cell(total: Total) -> Row:
    """Beside a total: how many agencies stand in it, and who does not, by what its cell is (see `State`)."""
    others: dict[str, list[str]] = {}
    for agency, found in total.others.items():
        others.setdefault(str(found.state), []).append(agency)
    return {"counted": total.counted, "complete": total.is_complete, "others": others}


def _balance(balance: Balance) -> Row:
    return {
        "sum": balance.what,
        "left": plain(balance.left),
        "right": plain(balance.right),
        "holds": balance.holds,
        "counted": balance.counted,
        "off": {agency: [plain(left), plain(right)] for agency, (left, right) in balance.off.items()},
        "unheard": list(balance.unheard),
    }


def _agency(source: Source, sums: Sums) -> Row:
    """What one agency says, traceable: the figures that were added, and for each other cell what it is and why."""
    found = {path: entry(source, path, sums.edition) for path in (*sums.totals, *sums.extra)}
    return {
        "agency": source.agency,
        "name": source.name,
        "kind": source.kind,
        "region": source.region,
        "url": source.url or None,
        "format": source.report.format if source.report else None,
        "scan": source.report.is_scan if source.report else None,
        "cells": {path: plain(said.value) for path, said in found.items() if said.state is State.NUMBER},
        "others": {
            path: {"state": str(said.state), "text": said.text or None, "why": said.why or None}
            for path, said in found.items()
            if said.state not in (State.NUMBER, State.MISSING, State.OTHER_FORM)
        },
    }


def _government(rolled: RollUp) -> Row | None:
    own = rolled.government
    if own is None:
        return None
    return {
        "agency": own.agency,
        "name": own.name,
        "url": own.url or None,
        "reason": own.reason or None,
        "words": own.words or None,
        "cells": {
            path: {
                "sum": plain(found.sum),
                "own": plain(found.own.value),
                "state": str(found.own.state),
                "difference": plain(found.difference),
                "compared": str(found.compared),
                "sure": found.is_sure,
            }
            for path, found in rolled.differences.items()
        },
    }


# ── a row a cell ────────────────────────────────────────────────────────────────────────────────────────────────────


def cell_rows(rolled: RollUp) -> list[Row]:
    """Every cell of the form, then those of the other form that some report holds, for lists."""
    sums = rolled.sums
    totals = [*sums.totals.items(), *sums.extra.items()]
    return [_row(sums, rolled.differences.get(path), path, total) for path, total in totals]


def _row(sums: Sums, found: Difference | None, path: str, total: Total) -> Row:
    table, row, column = labels(path, sums.edition)
    return {
        "cell": path,
        "table": table,
        "row": row,
        "column": column,
        "total": plain(total.value),
        "unit": unit(path),
        "complete": "完整" if total.is_complete else "不完整",
        "counted": total.counted,
        "expected": len(sums.sources),
        "blank": named(sums, total.having(State.BLANK, State.DASH)),
        "missing": named(sums, total.having(State.MISSING)),
        "unread": _unread(sums, total),
        "own": (plain(found.own.value) if found.own.value is not None else found.own.words) if found else None,
        "difference": plain(found.difference) if found else None,
        "compared": compared(found) if found else "",
    }


def compared(found: Difference) -> str:
    """The result of a comparison in words."""
    name = COMPARED_NAMES[found.compared]
    return name if found.is_sure or found.difference is None else f"{name}（汇总不完整）"


def _unread(sums: Sums, total: Total) -> str:
    """Whose reports are there, but not this figure of theirs, and why."""
    told = [(agency, total.others[agency]) for agency in total.having(*HOLES - {State.MISSING})]
    shown = "；".join(f"{sums.name_of(agency)}：{said.words}" for agency, said in told[:_NAMED])
    return shown + (f"；等{len(told)}个单位" if len(told) > _NAMED else "")


def named(sums: Sums, agencies: Iterable[str]) -> str:
    """Some agencies by name: the first of them, and how many there are."""
    names = [sums.name_of(agency) for agency in agencies]
    return "、".join(names[:_NAMED]) + (f"等{len(names)}个" if len(names) > _NAMED else "")


def unit(path: str) -> str:
    """What a figure counts: amounts of money are in 万元, as the form has them."""
    table, _, column = path.split(".")
    if column == "amount":
        return "万元"
    return "件" if table != "disclosure" or column in ("made", "repealed", "in_force") else ""


def labels(path: str, edition: str) -> tuple[str, str, str]:
    """A cell's table, row and column as the form prints them."""
    table, row, column = path.split(".")
    for name in (edition, "2021", "2019"):
        if words := _named_lines(table, name).get((row, column)):
            return TABLES[table], *words
    return TABLES[table], row, column


@cache
def _named_lines(table: str, edition: str) -> dict[tuple[str, str], tuple[str, str]]:
    return {(row, column): words for row, column, words in _labels(table, edition)}


def _labels(table: str, edition: str) -> Iterator[tuple[str, str, tuple[str, str]]]:
    if table == "disclosure":
        for block in DISCLOSURE_BLOCKS[edition]:
            for line in block.rows:
                yield from ((line.key, c.key, (line.label, c.label)) for c in block.columns)
        return
    rows = REQUEST_ROWS[edition] if table == "requests" else REMEDY_KINDS
    columns = REQUEST_COLUMNS if table == "requests" else REMEDY_RESULTS
    for line in rows:
        words = f"{line.group}{line.label}" if table == "requests" or not line.group else f"{line.group}·{line.label}"
        yield from ((line.key, column.key, (words, column.label)) for column in columns)
