"""What each agency says in a cell, and the sum of it all. A cell that holds no number adds nothing, and is named.

Blank, dash and zero stay three things; what could not be read and who is missing are never zero. A total says how many
agencies stand in it, so that nobody takes part of an area for the whole of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Final

from monitor.form import (
    DISCLOSURE_BLOCKS,
    REMEDY_KINDS,
    REMEDY_RESULTS,
    REQUEST_COLUMNS,
    REQUEST_ROWS,
    TABLES,
    is_result_row,
)
from monitor.model import Cell, Report

Number = int | Decimal


class State(StrEnum):
    """What stands in a cell. Only a number is added up."""

    NUMBER = "number"
    BLANK = "blank"
    DASH = "dash"
    LEFT_OUT = "left_out"  # a total that is blank beside parts that are not
    UNREAD = "unread"
    ABSENT = "absent"  # the report has no such table, row or column
    OTHER_FORM = "other_form"  # the report keeps to the other edition, which has no such cell
    MISSING = "missing"  # there is no report to look into


STATE_NAMES: Final = {
    State.NUMBER: "数字",
    State.BLANK: "空白",
    State.DASH: "填的是横线或“无”",
    State.LEFT_OUT: "总计未填，分项有数",
    State.UNREAD: "未读出",
    State.ABSENT: "报告中没有",
    State.OTHER_FORM: "按另一种格式填报，没有此格",
    State.MISSING: "没有报告",
}
#: What leaves a total incomplete. A blank or a dash is what the agency chose to say; it is told, and adds nothing.
HOLES: Final = frozenset({State.LEFT_OUT, State.UNREAD, State.ABSENT, State.OTHER_FORM, State.MISSING})


@dataclass(frozen=True, slots=True)
class Entry:
    """What one agency says in one cell. `text`: as printed; `why` (Chinese): why there is no number, where it helps."""

    state: State
    value: Number | None = None
    text: str = ""
    why: str = ""

    @property
    def words(self) -> str:
        """The state for people, with its reason."""
        name = STATE_NAMES[self.state]
        return f"{name}（{self.why}）" if self.why else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A body whose figures belong to the area's. Without a report, `reason` (a code) and `words` (Chinese) say why.

    `doubts`: table → why nothing of it is to be relied on.
    """

    agency: str
    name: str
    kind: str = ""
    region: str = ""
    report: Report | None = None
    reason: str = ""
    words: str = ""
    url: str = ""
    doubts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of one cell over all sources. `value` is None where no agency gives a number: that is not zero.

    `others`: agency → what it says instead of a number, in the order of the sources.
    """

    path: str
    value: Number | None
    counted: int
    others: Mapping[str, Entry]

    @property
    def is_complete(self) -> bool:
        """Whether every agency has been heard: each gives a number, or left the cell blank or dashed."""
        return not any(entry.state in HOLES for entry in self.others.values())

    def having(self, *states: State) -> tuple[str, ...]:
        """The agencies in one of these states."""
        return tuple(agency for agency, entry in self.others.items() if entry.state in states)


@dataclass(frozen=True, slots=True)
class Sums:
    """The area's three tables. `totals`: the cells of the form of `edition`, in its order.

    `extra`: cells that only the other edition has, where some report holds one: summed apart. `whole`: table → agency →
    what it says in each cell of the table alike, where that is no number. `names`: what the agencies are called.
    """

    edition: str
    sources: tuple[Source, ...]
    totals: Mapping[str, Total]
    extra: Mapping[str, Total]
    whole: Mapping[str, Mapping[str, Entry]]
    names: Mapping[str, str]

    @property
    def missing(self) -> tuple[Source, ...]:
        return tuple(source for source in self.sources if source.report is None)

    @property
    def is_complete(self) -> bool:
        return bool(self.sources) and all(total.is_complete for total in self.totals.values())

    def name_of(self, agency: str) -> str:
        return self.names.get(agency, agency)


def add_up(sources: Iterable[Source], edition: str) -> Sums:
    """Sum the sources, cell by cell. Each of them counts once; whoever gives the same one twice sums it twice."""
    sources = tuple(sources)
    known = form_paths(edition)
    extra = [path for path in form_paths(_other(edition)) if path not in known]
    entries = {path: {source.agency: entry(source, path, edition) for source in sources} for path in (*known, *extra)}
    reports = [source.report for source in sources if source.report is not None]
    told = {path for path in extra if any(report.cell(path) is not None for report in reports)}
    return Sums(
        edition,
        sources,
        {path: _total(path, entries[path]) for path in known},
        {path: _total(path, entries[path]) for path in extra if path in told},
        {table: _alike(sources, entries, [p for p in known if p.startswith(f"{table}.")]) for table in TABLES},
        {source.agency: source.name for source in sources},
    )


def _total(path: str, entries: Mapping[str, Entry]) -> Total:
    numbers = [found.value for found in entries.values() if found.value is not None]
    others = {agency: found for agency, found in entries.items() if found.state is not State.NUMBER}
    return Total(path, sum(numbers) if numbers else None, len(numbers), others)


def _alike(
    sources: Sequence[Source], entries: Mapping[str, Mapping[str, Entry]], paths: Sequence[str]
) -> dict[str, Entry]:
    found = {}
    for source in sources:
        first = entries[paths[0]][source.agency]
        if first.state is not State.NUMBER and all(entries[path][source.agency] == first for path in paths):
            found[source.agency] = first
    return found


# ── one cell of one report ──────────────────────────────────────────────────────────────────────────────────────────

_SPLIT: Final = ("other_uncorrected", "other_unpaid", "other_rest")
_SINGLE: Final = "other"
#: Money that the form gives no unit for: what an agency prints beside it decides.
_PROCUREMENT: Final = "disclosure.procurement.amount"
_MONEY: Final = re.compile(r"(万?元)[)）\]〕】]?$")


def entry(source: Source, path: str, edition: str) -> Entry:
    """What a source says in a cell; `edition` is the one that the area's totals are laid out in."""
    report = source.report
    if report is None:
        return Entry(State.MISSING, why=source.words)
    table, row, column = path.split(".")
    if report.tables.get(table) is None:
        return Entry(State.ABSENT)
    if table in source.doubts:
        return Entry(State.UNREAD, why=source.doubts[table])
    cell = report.cell(path)
    if cell is None:
        is_other = _keeps_to_other(report, table, row, path, edition)
        return Entry(State.OTHER_FORM) if is_other else Entry(State.ABSENT, why="表中没有找到这一格")
    if cell.doubt:
        return Entry(State.UNREAD, text=cell.text, why=cell.doubt)
    if cell.value is None:
        return _blank(report, table, row, column, cell)
    return _money(cell) if path == _PROCUREMENT else Entry(State.NUMBER, cell.value, cell.text)


def _blank(report: Report, table: str, row: str, column: str, cell: Cell) -> Entry:
    if any(part is not None and part.value for part in _parts(report, table, row, column)):
        return Entry(State.LEFT_OUT, text=cell.text)
    return Entry(State.BLANK if cell.is_blank else State.DASH, text=cell.text)


def _parts(report: Report, table: str, row: str, column: str) -> list[Cell | None]:
    """The cells that a total adds up; none for a cell that is no total."""
    rows = report.tables.get(table) or {}
    found: list[Cell | None] = []
    if column == "total":
        found += [cell for key, cell in rows.get(row, {}).items() if key != "total"]
    if table == "requests" and row == "handled":
        found += [cells.get(column) for key, cells in rows.items() if is_result_row(key)]
    return found


def _money(cell: Cell) -> Entry:
    """An amount as 万元. A bare number may be either, and is not added to anything."""
    unit = _MONEY.search(cell.text.strip())
    if cell.value and not unit:
        return Entry(State.UNREAD, text=cell.text, why="没有印金额单位（元或万元），不能相加")
    value = Decimal(cell.value or 0)
    return Entry(State.NUMBER, value.scaleb(-4) if unit and unit[1] == "元" else value, cell.text)


def _keeps_to_other(report: Report, table: str, row: str, path: str, edition: str) -> bool:
    """Whether a cell is not there because the report follows the other edition, which has none."""
    rows = report.tables.get(table) or {}
    if table == "requests" and row in _SPLIT:
        return _SINGLE in rows
    if table == "requests" and row == _SINGLE:
        return any(key in rows for key in _SPLIT)
    if report.format == edition:
        return path not in form_paths(edition)
    return path not in form_paths(_other(edition))


def _other(edition: str) -> str:
    return "2019" if edition == "2021" else "2021"


@cache
def form_paths(edition: str) -> tuple[str, ...]:
    """Every cell of the form of an edition, as paths of the contract, in the order in which it prints them."""
    disclosure = [
        f"disclosure.{row.key}.{column.key}"
        for block in DISCLOSURE_BLOCKS[edition]
        for row in block.rows
        for column in block.columns
    ]
    requests = [f"requests.{row.key}.{column.key}" for row in REQUEST_ROWS[edition] for column in REQUEST_COLUMNS]
    remedies = [f"remedies.{kind.key}.{result.key}" for kind in REMEDY_KINDS for result in REMEDY_RESULTS]
    return (*disclosure, *requests, *remedies)
