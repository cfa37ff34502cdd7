"""Rules that hold a report's figures as a whole against last year's: what leapt, and what stayed exactly the same.

Only what both reports print is compared, and never table 2 over the change of the form (its definitions changed).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Unknown
from monitor.checks.cells import PART_OF_TABLE, SHORT_NAMES, Number, TableRule, doubt_of, place, quote
from monitor.checks.table_years import last_year
from monitor.form import FIGURES, TABLES
from monitor.model import Cell, CellTable, Figure, Finding, Report, Severity

#: Of table 3 and 4 what sums up other cells; of table 2 the stock, which may well stay as it is.
_DERIVED: Final = frozenset({"total", "in_force", "total_published", "previous"})
_SUMMED_ROWS: Final = frozenset({"handled", "carried_in"})
_ALIKE: Final = 3
#: Numbers below this may well come again by chance.
_TELLING: Final = 10

#: The figures whose growth people look at. The smaller of two is taken for at least so many: 1 after 0 is no leap.
_WATCHED: Final = (
    "requests.received.total",
    "requests.carried_out.total",
    "remedies.review.total",
    "remedies.litigation_direct.total",
    "remedies.litigation_after_review.total",
    "disclosure.normative_documents.made",
    "disclosure.permits.decisions",
    "disclosure.penalties.decisions",
    "disclosure.coercion.decisions",
    "disclosure.fees.amount",
)
_FLOOR: Final = 10
_LAST_OLD_YEAR: Final = 2020
_LEAP: Final = 5
#: So many times as much, and 万元 is taken for 元 rather than grown: fee_unit_suspect says so.
_OTHER_UNIT: Final = 2000


class SameNumbersAsLastYear(TableRule):
    """This year's numbers are not all last year's. Zeros say nothing, totals and stocks nothing of their own."""

    id = "same_numbers_as_last_year"
    name = "数字与上年全部相同"
    severity = Severity.WARNING
    verifies = "表格数字（或正文数字）不与上年报告完全相同（至少3个非零数字；都小于10的只提示）"
    basis = f"{CUSTOM}：年度数据反映当年情况"
    good = Example(
        {"tables.disclosure.permits.decisions": 31, "tables.disclosure.penalties.decisions": 12},
        previous={"year": 2022, "tables.disclosure.permits.decisions": 28, "tables.disclosure.penalties.decisions": 12},
    )
    bad = Example(
        {
            "tables.disclosure.permits.decisions": 31,
            "tables.disclosure.penalties.decisions": 12,
            "tables.disclosure.coercion.decisions": 4,
        },
        previous={
            "year": 2022,
            "tables.disclosure.permits.decisions": 31,
            "tables.disclosure.penalties.decisions": 12,
            "tables.disclosure.coercion.decisions": 4,
            "sections.1.text": "全年主动公开政府信息85条。",
        },
    )

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        previous = last_year(context)
        if isinstance(previous, Unknown):
            yield previous
            return
        report = context.report
        unread = [table for table in TABLES if doubt_of(report, table) or doubt_of(previous, table)]
        pairs: dict[str, tuple[Number, Number]] = {}
        for path, both in _shared_cells(report, previous):
            if both[0] != both[1]:
                return  # what the tables say differently cannot all be the same
            pairs[path] = both
        stated = _shared_figures(context.figures, previous.figures)
        for subject, where, numbers in (("tables", "表格", pairs), ("figures", "正文", stated)):
            same = [(path, now) for path, (now, before) in numbers.items() if now and now == before]
            if len(same) < _ALIKE or any(now != before for now, before in numbers.values()):
                continue
            if unread:
                yield Unknown(f"《{TABLES[unread[0]]}》没有可靠读出，无法确定各项数字是否都与上年相同")
                continue
            yield self._finding(context, subject, where, same)

    def _finding(self, context: Context, subject: str, where: str, same: list[tuple[str, Number]]) -> Finding:
        report = context.report
        named = [
            f"{place(report, path) if subject == 'tables' else FIGURES[path]}{value}"
            for path, value in sorted(same, key=lambda item: -item[1])
        ]
        shown = "、".join(named[:_ALIKE]) + (f"等{len(named)}个数字" if len(named) > _ALIKE else "")
        return self.finding(
            subject,
            f"{where}中不为零的{len(same)}个数字与上年报告全部相同：{shown}。请核实是否为当年数据。",
            severity=None if max(value for _, value in same) >= _TELLING else Severity.HINT,
            quote=shown,
            cell=same[0][0] if subject == "tables" else "",
            found=f"{len(same)}个数字相同",
        )


class YoySpike(TableRule):
    """A figure that grew or shrank more than fivefold is worth a look."""

    id = "yoy_spike"
    name = "同比变化异常"
    severity = Severity.HINT
    verifies = f"主要数字与上年相比不超过{_LEAP}倍、不低于{_LEAP}分之一（小于{_FLOOR}的按{_FLOOR}计）"
    basis = f"{CUSTOM}：与上年相差悬殊的数字需要核实"
    good = Example(
        {"tables.disclosure.permits.decisions": 80}, previous={"year": 2022, "tables.disclosure.permits.decisions": 60}
    )
    bad = Example(
        {"tables.disclosure.permits.decisions": 800}, previous={"year": 2022, "tables.disclosure.permits.decisions": 60}
    )

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        previous = last_year(context)
        if isinstance(previous, Unknown):
            yield previous
            return
        report = context.report
        for table in TABLES:
            if table == "disclosure" and not _is_one_form(report, previous):
                continue
            rows = [self.rows(each, table) for each in (report, previous)]
            if any(isinstance(each, Unknown) for each in rows):
                yield from (each for each in rows if isinstance(each, Unknown))
                continue
            for path in _WATCHED:
                if path.startswith(table):
                    now, before = report.cell(path), previous.cell(path)
                    if now and before and now.value is not None and before.value is not None:
                        yield from self._check(context, path, now.value, before.value)

    def _check(self, context: Context, path: str, now: Number, before: Number) -> Iterator[Finding]:
        small, large = sorted((now, before))
        if large <= _LEAP * max(small, _FLOOR):
            return
        if path.endswith(".amount") and large >= _OTHER_UNIT * small > 0:
            return
        table = path.split(".", 1)[0]
        yield self.finding(
            path,
            f"{SHORT_NAMES[table]}{place(context.report, path)}由上年的{before}变为{now}，相差悬殊，请核实。",
            quote=f"{quote(context.report, [path])}；上年报告：{before}",
            section=context.heading(PART_OF_TABLE[table]),
            cell=path,
            expected=f"与上年（{before}）相近",
            found=str(now),
        )


# ── what both reports print ─────────────────────────────────────────────────────────────────────────────────────────


def _shared_cells(report: Report, previous: Report) -> Iterator[tuple[str, tuple[Number, Number]]]:
    """The numbers of their own in cells that both reports print; table 2 only if it means the same in both."""
    for table in TABLES:
        rows, before = report.tables.get(table), previous.tables.get(table)
        if not rows or not before or (table == "disclosure" and not _is_one_form(report, previous)):
            continue
        yield from _own_numbers(table, rows, before)


def _is_one_form(report: Report, previous: Report) -> bool:
    """Whether table 2 of two reports means the same: its definitions changed from 2020 to 2021, whatever is printed."""
    return report.format == previous.format and previous.year != _LAST_OLD_YEAR


def _own_numbers(table: str, rows: CellTable, before: CellTable) -> Iterator[tuple[str, tuple[Number, Number]]]:
    for row, columns in rows.items():
        if row in _SUMMED_ROWS or row not in before:
            continue
        last_year = before[row]
        for column, cell in columns.items():
            other: Cell | None = last_year.get(column)
            if other is None or cell.value is None or other.value is None or column in _DERIVED:
                continue
            if cell.value or other.value:
                yield f"{table}.{row}.{column}", (cell.value, other.value)


def _shared_figures(
    figures: Mapping[str, Iterable[Figure]], before: Iterable[Figure]
) -> dict[str, tuple[Number, Number]]:
    """What both texts state of the agency's whole year, each once and nothing that is in the tables."""
    now = {key: value for key, own in figures.items() if (value := _one(own)) is not None}
    stated: dict[str, list[Figure]] = {}
    for figure in before:
        if figure.key in now:
            stated.setdefault(figure.key, []).append(figure)
    return {
        key: (now[key], value)
        for key, own in stated.items()
        if key.startswith(("published.", "trainings", "suggestions.", "motions.", "proposals."))
        and not key.endswith((".share", ".growth", ".rate"))
        and (value := _one(own)) is not None
    }


def _one(figures: Iterable[Figure]) -> Number | None:
    values = {figure.value for figure in figures if not figure.scope}
    return values.pop() if len(values) == 1 else None
