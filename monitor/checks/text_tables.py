"""The running text's figures against the tables of the form, and table 3: applications and how they were answered.

A figure that is somebody else's or of another time (`Figure.scope`) is no fault: at most a hint about the scope. A text
that fits any way in which the table can be read is right.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown, quote_key
from monitor.checks.printed import Number, Printed, printed, table_problem
from monitor.form import FIGURES, TABLES
from monitor.model import Cell, Figure, Finding, Severity

_BASIS: Final = f"{CUSTOM}：同一数字在正文和表格中应当一致"
#: A scope of these kinds is another body's number; all others are of another time, rough, or of another matter.
_OTHER_BODY: Final = re.compile(r"代表|办公[厅室]$|[府委]办$")
_UNSTATED: Final = "未写明"
_SCANNED: Final = "报告是图片，数字由文字识别得来，可能认错"


@dataclass(frozen=True, slots=True)
class Held:
    """What of a table a figure is held against. `rows`: row keys, or row.column; `also`: what is right too, with why.

    `mild`: why a text that says less (by no more than `slack`, where given) is not sure to be a fault, "" if it is.
    """

    key: str
    rows: tuple[str, ...]
    also: tuple[tuple[tuple[str, ...], str], ...] = ()
    mild: str = ""
    slack: Number | None = None


class TextTable(Rule):
    """Holds each figure of `held` against the cells of one table."""

    severity = Severity.ERROR
    basis = _BASIS
    table: ClassVar[str]

    @abstractmethod
    def held(self, context: Context) -> Iterator[Held]:
        """The figures that the text states and the cells that they should be."""

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        wanted = [each for each in self.held(context) if each.key in context.figures]
        if not wanted:
            return
        if problem := table_problem(context.report, self.table):
            if _is_missed(context, self.table, wanted):
                yield problem
            return
        for each in wanted:
            yield from self._figure(context, each)

    def is_whole(self, context: Context, figure: Figure) -> bool:
        """Whether a figure counts all of what its key says, and no part of it."""
        return True

    def _figure(self, context: Context, held: Held) -> Iterator[Finding | Unknown]:
        figures = context.figures[held.key]
        own = [figure for figure in figures if not figure.scope and self.is_whole(context, figure)]
        paths = self._paths(held.rows)
        if own and len(paths) == 1 and all(_is(context.report.cell(paths[0]), figure) for figure in own):
            return  # as nearly always
        told = printed(context.report, paths)
        if isinstance(told, Unknown):
            # A row that is left blank says nothing against a text that says zero.
            if any(figure.value for figure in own):
                yield told
            return
        fits = [figure for figure in own if figure.value in told.values]
        for figure in own:
            if figure.value not in told.values:
                yield from self._different(context, held, figure, told, stated_right=bool(fits))
        for figure in figures:
            if figure.scope and not own and figure.value not in told.values:
                yield from self._scoped(context, figure, told)

    def _different(
        self, context: Context, held: Held, figure: Figure, told: Printed, *, stated_right: bool
    ) -> Iterator[Finding | Unknown]:
        less = told.value - figure.value
        mild = bool(held.mild) and less > 0 and (held.slack is None or less <= held.slack)
        severity, why = (Severity.WARNING, held.mild) if mild else (Severity.ERROR, "")
        for rows, reason in held.also:
            other = printed(context.report, self._paths(rows))
            if isinstance(other, Printed) and figure.value in other.values:
                if not reason:
                    return
                severity, why = Severity.HINT, reason
                break
        else:
            if stated_right:
                severity, why = Severity.WARNING, "正文另一处与表格一致"
            elif figure.key.endswith(".upheld") and "均" in figure.quote:
                severity, why = Severity.WARNING, "“均”所指的范围请核对"
        yield self._finding(context, figure, told, severity, why)

    def _scoped(self, context: Context, figure: Figure, told: Printed) -> Iterator[Finding | Unknown]:
        """Whose number it is may be why it is another one."""
        if figure.scope.startswith(_UNSTATED):
            yield Unknown(f"“{figure.quote}”{figure.scope}")
        elif any(_OTHER_BODY.search(scope) for scope in figure.scope.split("；")) and "约数" not in figure.scope:
            yield self._finding(
                context, figure, told, Severity.HINT, f"正文为“{figure.scope}”的数字，可能是统计口径不同"
            )

    def _finding(self, context: Context, figure: Figure, told: Printed, severity: Severity, why: str) -> Finding:
        gap = max(figure.value, told.value) - min(figure.value, told.value)
        return self.finding(
            f"{figure.key}:{quote_key(figure.quote)}",
            f"正文“{figure.quote}”（{FIGURES[figure.key]}：{_shown(figure.value)}）与《{TABLES[self.table]}》不一致："
            f"表中{told.quote}，相差{_shown(gap)}{f'；{why}' if why else ''}。",
            severity=severity,
            quote=figure.quote,
            section=context.place(figure.part),
            cell=told.cell,
            expected=_shown(told.value),
            found=_shown(figure.value),
            explained=_SCANNED if context.report.is_scan else "",
        )

    def _paths(self, rows: tuple[str, ...]) -> list[str]:
        return [f"{self.table}.{row}" if "." in row else f"{self.table}.{row}.total" for row in rows]


def _is(cell: Cell | None, figure: Figure) -> bool:
    """Whether a cell prints just this figure."""
    return cell is not None and not cell.doubt and cell.value == figure.value


def _is_missed(context: Context, table: str, wanted: list[Held]) -> bool:
    """Whether a table that cannot be used would have been needed: one without a number does not gainsay zeros."""
    if table in context.report.doubts or context.report.tables.get(table) is None:
        return True
    return any(figure.value for each in wanted for figure in context.figures[each.key])


def _shown(value: Number) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


class TextTableApplications(TextTable):
    """The number of applications, with or without those carried over, which are both said."""

    id = "text_table_applications"
    name = "申请数正文与表格不一致"
    verifies = "正文所写收到的政府信息公开申请数，等于申请情况表“本年新收”，或“本年新收”与“上年结转”之和"
    table = "requests"
    good = Example(
        {
            "sections.1.text": "全年共收到政府信息公开申请9件。",
            "tables.requests.received.total": 8,
            "tables.requests.carried_in.total": 1,
        }
    )
    bad = Example({"sections.1.text": "全年共收到政府信息公开申请9件。", "tables.requests.received.total": 8})

    def held(self, context: Context) -> Iterator[Held]:
        both = ("received", "carried_in")
        figures = context.figures.get("requests.received", ())
        new = any(_NEW.search(figure.quote) for figure in figures)
        yield Held("requests.received", ("received",), also=((both, "正文写“新收”而数字含上年结转" if new else ""),))
        yield Held("requests.to_handle", both, also=((("received",), "表中“本年新收”或已含上年结转"),))


_NEW: Final = re.compile("新收|新受理|新增")


class TextTableResults(TextTable):
    """How applications were answered, and what was carried over, against the groups of table 3."""

    id = "text_table_results"
    name = "办理结果正文与表格不一致"
    verifies = "正文所写予以公开、部分公开、不予公开、无法提供、不予处理、其他处理、办结和结转的件数等于申请情况表"
    table = "requests"
    good = Example(
        {
            "sections.1.text": "收到政府信息公开申请9件，予以公开7件。",
            "tables.requests.received.total": 9,
            "tables.requests.granted.total": 7,
        }
    )
    bad = Example(
        {
            "sections.1.text": "收到政府信息公开申请9件，予以公开7件。",
            "tables.requests.received.total": 9,
            "tables.requests.granted.total": 6,
        }
    )

    def is_whole(self, context: Context, figure: Figure) -> bool:
        return figure.key != "requests.handled" or not _SOME_HANDLED.search(figure.quote)

    def held(self, context: Context) -> Iterator[Held]:
        if not any(key in context.figures for key in _RESULT_KEYS):
            return
        rows = context.report.tables.get("requests") or {}
        groups = {name: tuple(row for row in rows if row.startswith(name)) for name in _GROUPS}
        for name in ("carried_in", "carried_out"):
            yield Held(f"requests.{name}", (name,))
        yield Held("requests.handled", ("handled",), also=_handled_also(tuple(rows), groups))
        slack = _of_this_year_only(context)
        mild = "表中含上年结转的申请，正文可能只计本年新收的" if slack else ""
        for name, (own, looser) in _RESULTS.items():
            if f"requests.{name}" not in context.figures:
                continue
            strict = sum((groups.get(group, (group,)) for group in own), ())
            also = tuple(_looser(context, strict, looser, groups))
            if strict:
                yield Held(f"requests.{name}", strict, also, mild, slack)


#: Some of those handled; what was handled in time is all of them, unless the text counts those that were late too.
_SOME_HANDLED: Final = re.compile("延期|逾期|超期|超时|书面|当面|当场|口头|电话|网上|在线|邮寄|补正|上年|结转")
_GROUPS: Final = ("refused", "unavailable", "declined", "other")
#: What a result is called in the text → its groups of rows, and those that people also mean by the word.
_RESULTS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "granted": (("granted",), ("partly_granted",)),
    "partly_granted": (("partly_granted",), ()),
    "granted_or_partly": (("granted", "partly_granted"), ()),
    "refused": (("refused",), ("unavailable", "declined", "other")),
    "unavailable": (("unavailable",), ()),
    "declined": (("declined",), ("other",)),
    "other": (("other",), ()),
}
_RESULT_KEYS: Final = (
    *(f"requests.{name}" for name in _RESULTS),
    "requests.handled",
    "requests.carried_in",
    "requests.carried_out",
)


def _handled_also(rows: tuple[str, ...], groups: dict[str, tuple[str, ...]]) -> tuple[tuple[tuple[str, ...], str], ...]:
    """办结 is the total of the results; 答复 need not hold those that were not dealt with."""
    results = tuple(row for row in rows if row not in ("received", "carried_in", "handled", "carried_out"))
    answered = tuple(row for row in results if row not in groups["other"])
    unrefused = tuple(row for row in answered if row not in groups["declined"])
    both = ((results, ""), (answered, "正文可能没有计入“其他处理”"))
    return (*both, (unrefused, "正文可能没有计入“不予处理”和“其他处理”"))


def _looser(
    context: Context, strict: tuple[str, ...], looser: tuple[str, ...], groups: dict[str, tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """The rows that a word may hold too, unless the text counts them by themselves."""
    rows = strict
    for group in looser:
        if f"requests.{group}" not in context.figures:
            rows += groups.get(group, (group,))
            yield rows, "正文用语可能把表中其他几行也算在内"


def _of_this_year_only(context: Context) -> Number:
    """By how many the text's results may be fewer, because they are of this year's applications only."""
    carried = printed(context.report, ["requests.carried_in.total"])
    if isinstance(carried, Unknown) or not carried.value:
        return 0
    totals = {"requests.handled": ("handled",), "requests.to_handle": ("received", "carried_in")}
    for key, rows in totals.items():
        told = printed(context.report, [f"requests.{row}.total" for row in rows])
        if isinstance(told, Printed) and any(figure.value in told.values for figure in context.figures.get(key, ())):
            return 0
    return carried.value
