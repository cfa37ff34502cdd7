"""Rules over what stands in the cells of the tables: a blank one, a dash, words or half an application are no number.

What reading could not make out is no defect: those cells are left to people (table_shape.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Unknown
from monitor.checks.cells import (
    MONEY,
    PART_OF_TABLE,
    SHORT_NAMES,
    SIGNED,
    TableRule,
    excuse,
    is_new_form,
    no_number,
    odd_cells,
    place,
    quote,
    row_label,
    text_of,
)
from monitor.form import TABLES
from monitor.model import Cell, Finding, Report, Severity

_FILLED_IN: Final = f"{CUSTOM}：表格各格填写数字，没有发生的填0"

#: So many rows, or cells, are named in one message.
_NAMED: Final = 5

#: A figure that is no exact count, in the agency's own words; a text without any digit is words.
_ROUGH: Final = re.compile(r"[约近余多超]|左右|以上|不到|不足")
_DIGIT: Final = re.compile(r"[0-9０-９〇零一二三四五六七八九十百千万]")
_WORDS: Final = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_FRACTION: Final = re.compile(r"[0-9０-９]+[.．][0-9０-９]+")
#: Words that somebody wrote for a number; others may be a label that a converter moved.
_FOR_A_NUMBER: Final = re.compile(r"若干|大量|多[件条次项]|数[件条次项]|见|同上|不详|待")
#: What says that nothing happened, or that nothing could.
_NIL: Final = frozenset({"无", "没有", "暂无", "不适用", "不涉及", "N/A", "n/a"})


class CellBlank(TableRule):
    """Each cell is filled in. One finding a table: whoever leaves zeros blank leaves a hundred of them blank."""

    id = "cell_blank"
    name = "表格空格"
    severity = Severity.WARNING
    verifies = "表格各格均已填写（2019、2020年度只提示；“本年增/减”不计）"
    basis = _FILLED_IN
    good = Example()
    bad = Example({"tables.requests.granted.individual": None})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        for table in TABLES:
            rows = self.rows(report, table)
            if isinstance(rows, Unknown):
                yield rows
                continue
            blank = [
                f"{table}.{row}.{column}"
                for row, column, cell in odd_cells(context, table)
                if cell.value is None and cell.is_blank and not cell.doubt and column not in SIGNED
            ]
            if blank:
                total = sum(len(columns.keys() - SIGNED) for columns in rows.values())
                yield self._finding(context, table, blank, total)

    def _finding(self, context: Context, table: str, blank: Sequence[str], total: int) -> Finding:
        report = context.report
        where = "全部空白" if len(blank) == total else f"有{len(blank)}格空白：{_places(report, table, blank)}"
        return self.finding(
            table,
            f"{SHORT_NAMES[table]}{where}。没有发生的应填0。",
            severity=None if is_new_form(context) else Severity.HINT,
            quote=quote(report, blank[:1]),
            section=context.heading(PART_OF_TABLE[table]),
            cell=blank[0],
            expected="0或实际数量",
            found=f"{len(blank)}格空白",
            explained=excuse(report),
        )


class CellNotNumber(TableRule):
    """What stands in a cell is a whole number, not negative; words, dashes and rough numbers are none."""

    id = "cell_not_number"
    name = "表格内容不是数字"
    severity = Severity.ERROR
    verifies = "表格各格为非负整数（收费金额可为小数；以“无”“/”“—”代替0的作警告或提示）"
    basis = _FILLED_IN
    good = Example({"tables.disclosure.fees.amount": 1.5})
    bad = Example({"tables.requests.granted.individual": -1})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        for table in TABLES:
            rows = self.rows(report, table)
            if isinstance(rows, Unknown):
                yield rows
                continue
            nil = []
            for row, column, cell in odd_cells(context, table):
                if type(cell.value) is int and cell.value >= 0:
                    continue
                path = f"{table}.{row}.{column}"
                if cell.is_dash or cell.text.strip() in _NIL:
                    nil += [path] if column not in SIGNED else []
                else:
                    yield from self._judge(context, path, column, cell)
            if nil:
                yield self._nil(context, table, nil)

    def _judge(self, context: Context, path: str, column: str, cell: Cell) -> Iterator[Finding | Unknown]:
        text = cell.text.strip()
        if cell.value is not None:
            if cell.value < 0 and column not in SIGNED:
                yield self._finding(context, path, f"为负数“{text_of(cell)}”")
            elif cell.value % 1 and column not in MONEY:
                yield self._finding(context, path, f"为小数“{text_of(cell)}”")
        elif cell.is_blank:
            return
        elif _is_words(text):
            sure = not cell.doubt or _FOR_A_NUMBER.search(text)
            note = "" if sure else "也可能是转换时旁边的文字落入了这一格"
            yield self._finding(context, path, f"不是数字：“{text}”", explained=note)
        elif _is_rough(text):
            yield self._finding(context, path, f"不是确切的数字：“{text}”")
        elif _FRACTION.fullmatch(text) and column not in MONEY:
            note = cell.doubt or "小数点也可能是千位分隔"
            yield self._finding(context, path, f"应为整数，印的是“{text}”", severity=Severity.WARNING, explained=note)
        else:
            yield no_number(context.report, path, cell)

    def _finding(
        self, context: Context, path: str, what: str, *, severity: Severity | None = None, explained: str = ""
    ) -> Finding:
        report = context.report
        table = path.split(".", 1)[0]
        return self.finding(
            path,
            f"{SHORT_NAMES[table]}{place(report, path)}{what}。",
            severity=severity,
            quote=quote(report, [path]),
            section=context.heading(PART_OF_TABLE[table]),
            cell=path,
            expected="非负数" if path.endswith(tuple(MONEY)) else "非负整数",
            found=text_of(report.cell(path)),
            explained=excuse(report) or explained,
        )

    def _nil(self, context: Context, table: str, paths: Sequence[str]) -> Finding:
        """Dashes and words for "none". Nearly nobody can issue regulations: a dash in that row is only ugly."""
        report = context.report
        texts = "、".join(dict.fromkeys(f"“{text_of(report.cell(path))}”" for path in paths))
        mild = not is_new_form(context) or all(path.startswith("disclosure.regulations.") for path in paths)
        return self.finding(
            table,
            f"{SHORT_NAMES[table]}有{len(paths)}格填的是{texts}：{_places(report, table, paths)}。没有发生的应填0。",
            severity=Severity.HINT if mild else Severity.WARNING,
            quote=quote(report, paths[:1]),
            section=context.heading(PART_OF_TABLE[table]),
            cell=paths[0],
            expected="0",
            found=texts,
            explained=excuse(report),
        )


def _places(report: Report, table: str, paths: Sequence[str]) -> str:
    """Where cells are, by rows; a row of which more cells are meant is named once."""
    rows: dict[str, list[str]] = {}
    for path in paths:
        rows.setdefault(path.split(".")[1], []).append(path)
    names = [
        place(report, own[0]) if len(own) == 1 else f"“{row_label(table, row, report.format)}”行"
        for row, own in rows.items()
    ]
    return "、".join(names[:_NAMED]) + (f"等{len(names)}行" if len(names) > _NAMED else "")


def _is_words(text: str) -> bool:
    return bool(_WORDS.search(text)) and not _DIGIT.search(text)


def _is_rough(text: str) -> bool:
    return bool(_ROUGH.search(text)) and bool(_DIGIT.search(text))


def is_told(text: str) -> bool:
    """Whether cell_not_number says by itself what is wrong with a text."""
    return _is_words(text) or _is_rough(text) or bool(_FRACTION.fullmatch(text))
