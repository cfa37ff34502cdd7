"""The arithmetic that the tables print themselves (勾稽关系): exact sums of table 3 and table 4.

A blank cell counts as zero in a sum in which some number stands; a blank total beside numbers, a dash, words and
whatever reading doubts make the sum unknown. A sum that cannot be known is never an error. What would mend a table is
said beside each of its wrong sums, where there is one such correction (mending.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.checks.base import FORM, Context, Example, Unknown
from monitor.checks.cells import (
    COLUMN_LABELS,
    PART_OF_TABLE,
    REQUEST_LABELS,
    SINGLE_ROW,
    SPLIT_ROWS,
    Number,
    TableRule,
    excuse,
    kept,
    label,
    no_number,
    own_rows,
    place,
    quote,
)
from monitor.checks.mending import Change, Identity, mend
from monitor.form import REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS, REQUEST_ROWS, is_result_row
from monitor.model import Cell, CellTable, Finding, Report, Severity

_COLUMNS: Final = tuple(line.key for line in REQUEST_COLUMNS)
*_KINDS, _TOTAL = _COLUMNS
*_OUTCOMES, _ = (line.key for line in REMEDY_RESULTS)


def _paths(table: str, rows: Iterable[str], columns: Iterable[str]) -> tuple[str, ...]:
    columns = tuple(columns)
    return tuple(f"{table}.{row}.{column}" for row in rows for column in columns)


_BALANCES: Final = {
    column: Identity(
        _paths("requests", ("received", "carried_in"), [column]),
        _paths("requests", ("handled", "carried_out"), [column]),
    )
    for column in _COLUMNS
}
_RESULT_ROWS: Final = {
    edition: tuple(line.key for line in rows if is_result_row(line.key)) for edition, rows in REQUEST_ROWS.items()
}
_RESULTS: Final = {
    edition: {
        column: Identity(_paths("requests", rows, [column]), (f"requests.handled.{column}",)) for column in _COLUMNS
    }
    for edition, rows in _RESULT_ROWS.items()
}
_ROWS: Final = {
    row: Identity(_paths("requests", [row], _KINDS), (f"requests.{row}.{_TOTAL}",)) for row in REQUEST_LABELS
}
_REMEDIES: Final = {
    kind.key: Identity(_paths("remedies", [kind.key], _OUTCOMES), (f"remedies.{kind.key}.total",))
    for kind in REMEDY_KINDS
}

#: Both sides of a sum; None where no number stands on either side; Unknown where a cell is missing or unread.
_Sides = tuple[Number, Number] | Unknown | None


@dataclass(frozen=True, slots=True)
class _Judged:
    """A table's sums: the two sides of each, and what correction would mend those that do not hold."""

    sides: Mapping[Identity, _Sides]
    mends: Mapping[Identity, tuple[Change, ...]]


_SOUND: Final = _Judged({}, {})


@dataclass(frozen=True, slots=True)
class _Words:
    """How a sum is spoken of: where it stands, its two sides. `brief`: of its parts a quote shows those that count."""

    where: str
    left: str
    right: str
    brief: bool = False


class _SumRule(TableRule):
    """A rule over sums of one table."""

    severity = Severity.ERROR

    def hold(
        self, context: Context, judged: _Judged, identity: Identity, words: _Words, subject: str
    ) -> Iterator[Finding | Unknown]:
        """Hold the two sides of a sum against each other."""
        sides = judged.sides.get(identity)
        if isinstance(sides, Unknown):
            yield sides
        elif sides and sides[0] != sides[1]:
            left, right = sides
            parts = _filled(context.report, identity.left) if words.brief else identity.left
            yield self.finding(
                subject,
                f"{words.where}：{words.left}为{left}，{words.right}为{right}，相差{abs(left - right)}。"
                f"{_mend_in_words(context.report, judged.mends.get(identity, ()))}",
                quote=quote(context.report, (*parts, *identity.right)),
                section=context.heading(PART_OF_TABLE[subject.split(".", 1)[0]]),
                cell=subject,
                expected=str(left),
                found=str(right),
                explained=excuse(context.report),
            )


class RequestIdentity(_SumRule):
    """First plus second equals third plus fourth, in each column (the formula in the corner of table 3)."""

    id = "t3_identity"
    name = "勾稽：新收加结转等于办结加转下年"
    verifies = "申请情况表每一列：第一项＋第二项＝第三项总计＋第四项"
    basis = f"{FORM}申请情况表所印“本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和”"
    good = Example({"tables.requests.received.individual": 3, "tables.requests.handled.individual": 3})
    bad = Example({"tables.requests.received.individual": 3, "tables.requests.handled.individual": 2})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if isinstance(rows := self.filled_rows(context.report, "requests"), Unknown):
            yield rows
            return
        judged = _requests(context, rows)
        for column, identity in _BALANCES.items() if judged is not _SOUND else ():
            where = f"申请情况表“{COLUMN_LABELS['requests'][column]}”列"
            words = _Words(where, "第一项加第二项", "第三项总计加第四项")
            yield from self.hold(context, judged, identity, words, f"requests.handled.{column}")


class RequestResultSum(_SumRule):
    """（七）总计 is the sum of all results, in each column; both editions, and the single row （六）其他处理."""

    id = "t3_result_sum"
    name = "办理结果总计"
    verifies = "申请情况表每一列：（七）总计＝（一）至（六）各项办理结果之和"
    basis = f"{FORM}申请情况表“三、本年度办理结果”下“（七）总计”"
    good = Example({"tables.requests.granted.individual": 2, "tables.requests.handled.individual": 2})
    bad = Example({"tables.requests.granted.individual": 2, "tables.requests.handled.individual": 3})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if isinstance(rows := self.filled_rows(context.report, "requests"), Unknown):
            yield rows
            return
        edition = _other_rows(context.report, rows)
        if isinstance(edition, Unknown):
            yield edition
            return
        judged = _requests(context, rows)
        for column, identity in _RESULTS[edition].items() if judged is not _SOUND else ():
            where = f"申请情况表“{COLUMN_LABELS['requests'][column]}”列"
            words = _Words(where, "（一）至（六）各项之和", "（七）总计", brief=True)
            yield from self.hold(context, judged, identity, words, f"requests.handled.{column}")


class RequestRowTotal(_SumRule):
    """总计 is the sum of the six kinds of applicant, in each row that the report prints."""

    id = "t3_row_total"
    name = "申请情况表行总计"
    verifies = "申请情况表每一行：总计＝自然人＋法人或其他组织各列"
    basis = f"{FORM}申请情况表“申请人情况”下“总计”列"
    good = Example({"tables.requests.granted.business": 1, "tables.requests.granted.total": 1})
    bad = Example({"tables.requests.granted.business": 1, "tables.requests.granted.total": 2})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if isinstance(rows := self.filled_rows(context.report, "requests"), Unknown):
            yield rows
            return
        judged = _requests(context, rows)
        for row in rows if judged is not _SOUND else ():
            if row in _ROWS:
                identity, where = _ROWS[row], f"申请情况表“{REQUEST_LABELS[row]}”行"
                words = _Words(where, "各列之和", "总计", brief=True)
                yield from self.hold(context, judged, identity, words, f"requests.{row}.total")


class RemedySum(_SumRule):
    """总计 is the sum of the four results, in each of the three groups of table 4."""

    id = "t4_sum"
    name = "复议诉讼总计"
    verifies = "行政复议、未经复议直接起诉、复议后起诉三组：总计＝结果维持＋结果纠正＋其他结果＋尚未审结"
    basis = f"{FORM}行政复议、行政诉讼情况表“总计”列"
    good = Example({"tables.remedies.review.upheld": 1, "tables.remedies.review.total": 1})
    bad = Example({"tables.remedies.review.upheld": 1, "tables.remedies.review.total": 0})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if isinstance(rows := self.filled_rows(context.report, "remedies"), Unknown):
            yield rows
            return
        # Each group is a table of its own: no sum of one says anything about a cell of another.
        for kind in REMEDY_KINDS:
            if _is_summed(rows.get(kind.key, {})):
                continue
            identity = _REMEDIES[kind.key]
            judged = _judge(context.report, "remedies", rows, (identity,))
            where = f"复议诉讼情况表“{kind.label}”"
            words = _Words(where, "四种结果之和", "总计")
            yield from self.hold(context, judged, identity, words, f"remedies.{kind.key}.total")


# ── sums ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _requests(context: Context, rows: CellTable) -> _Judged:
    """The sums of table 3, made once for the three rules that look at them."""
    return kept(context, "_sums_of_requests", lambda: _judge_requests(context.report, rows))


def _judge_requests(report: Report, rows: CellTable) -> _Judged:
    edition = _other_rows(report, rows)
    if not isinstance(edition, Unknown) and _is_sound(rows, _RESULT_ROWS[edition]):
        return _SOUND
    identities = list(_BALANCES.values())
    if not isinstance(edition, Unknown):
        identities += _RESULTS[edition].values()
    identities += (_ROWS[row] for row in rows if row in _ROWS)
    return _judge(report, "requests", rows, identities)


def _is_sound(rows: CellTable, results: Sequence[str]) -> bool:
    """Whether each cell holds a number and all sums hold: what nearly every report is, found in little time."""
    try:
        lines = {row: [rows[row][column].value for column in _COLUMNS] for row in rows}
        handled = [sum(column) for column in zip(*(lines[row] for row in results), strict=True)]
        return (
            handled == lines["handled"]
            and all(sum(line[:-1]) == line[-1] for line in lines.values())  # type: ignore[arg-type]
            and all(
                first + second == third + fourth
                for first, second, third, fourth in zip(
                    *(lines[row] for row in ("received", "carried_in", "handled", "carried_out")), strict=True
                )
            )
        )
    except (KeyError, TypeError):  # a row or a column is not there; a cell is no number
        return False


def _is_summed(row: Mapping[str, Cell]) -> bool:
    """Whether each cell of a group holds a number and its total holds, as nearly always."""
    try:
        return sum(row[key].value for key in _OUTCOMES) == row["total"].value  # type: ignore[misc]
    except (KeyError, TypeError):
        return False


def _judge(report: Report, table: str, rows: CellTable, identities: Iterable[Identity]) -> _Judged:
    """The sides of each sum, and the mend of the table if any sum does not hold."""
    cells = {f"{table}.{row}.{column}": cell for row, columns in rows.items() for column, cell in columns.items()}
    sides = {identity: _both(report, cells, identity) for identity in identities}
    wrong = [identity for identity, both in sides.items() if isinstance(both, tuple) and both[0] != both[1]]
    if not wrong:
        return _Judged(sides, {})
    known = [identity for identity, both in sides.items() if not isinstance(both, Unknown)]
    numbers = {path: cells[path].value or 0 for each in known for path in (*each.left, *each.right)}
    changes = mend(numbers, known)
    return _Judged(sides, dict.fromkeys(wrong, changes))


def _both(report: Report, cells: Mapping[str, Cell], identity: Identity) -> _Sides:
    """A side without any number is unknown beside one with numbers, unless that one says zero too."""
    left, right = (_add(report, cells, paths) for paths in (identity.left, identity.right))
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    (added, printed), (total, total_printed) = left, right
    if not printed and not total_printed:
        return None
    if (added and not total_printed) or (total and not printed):
        blank = identity.right if printed else identity.left
        return Unknown(f"{label(report, blank[-1])}未填写数字")
    return added, total


def _add(report: Report, cells: Mapping[str, Cell], paths: Iterable[str]) -> tuple[Number, bool] | Unknown:
    """The sum of some cells, and whether any of them holds a number."""
    value: Number = 0
    printed = False
    for path in paths:
        cell = cells.get(path)
        if cell is None:
            return Unknown(f"{label(report, path)}在表中没有找到")
        if cell.value is not None and not cell.doubt:
            value += cell.value
            printed = True
        elif cell.doubt or not cell.is_blank or _adds_up_numbers(cells, path):
            return no_number(report, path, cell)
    return value, printed


def _adds_up_numbers(cells: Mapping[str, Cell], path: str) -> bool:
    """Whether a blank cell is a total of cells that hold something: then it is not zero but left out."""
    table, row, column = path.split(".")
    covered: list[Cell | None] = []
    if column == "total":
        covered += (cells.get(f"{table}.{row}.{key}") for key in (_KINDS if table == "requests" else _OUTCOMES))
    if row == "handled":
        covered += (cells.get(f"{table}.{key}.{column}") for key in REQUEST_LABELS if is_result_row(key))
    return any(cell.value or not (cell.is_blank or cell.value == 0) for cell in covered if cell is not None)


def _other_rows(report: Report, rows: CellTable) -> str | Unknown:
    """The edition whose （六）其他处理 the report prints: one row, or three. A row of its own may count, too."""
    if own := own_rows(report, "requests"):
        return Unknown(f"申请情况表中“{own[0]}”行不在统一格式内，无法确定是否计入总计")
    single, split = SINGLE_ROW in rows, any(row in rows for row in SPLIT_ROWS)
    if single and split:
        return Unknown("申请情况表中“（六）其他处理”既有单独一行，又有分项")
    if not single and not split:
        return Unknown("申请情况表中没有“（六）其他处理”")
    return "2019" if single else "2021"


def _filled(report: Report, paths: Iterable[str]) -> list[str]:
    """Those of the cells that hold more than zero: a quote need not show twenty zeros."""
    return [path for path in paths if (cell := report.cell(path)) is not None and cell.value]


def _mend_in_words(report: Report, changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    said = "、".join(
        f"{place(report, change.path)}由{change.before if _is_filled(report, change) else '空白'}改为{change.after}"
        for change in changes
    )
    hint = "（可能是两位数字颠倒）" if len(changes) == 1 and changes[0].swapped else ""
    return f"如将{said}{hint}，可核对的各式均成立。"


def _is_filled(report: Report, change: Change) -> bool:
    cell = report.cell(change.path)
    return cell is not None and cell.value is not None
