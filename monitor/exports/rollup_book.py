"""The roll-up as a workbook that an office takes its own report from: 汇总表 in the form's layout, 各单位数据 to trace
each sum by, 与政府报告比对, and 说明 with who is missing and what was not added.

Every text may come from a hostile page, so all of them are written as texts. Figures are numbers; an incomplete one
bears its mark by its number format, so that it can still be added up.
"""

from __future__ import annotations

import io
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from monitor.exports import rollup_words as words
from monitor.exports.form_layout import WIDTH, Placed, layout
from monitor.exports.rollup_lists import OPEN_FORMAT, PLAIN_FORMAT, against_government, agencies, over, remarks
from monitor.exports.rollup_rows import plain
from monitor.exports.sheets import BOX, HEAD, MIDDLE, OPEN, TEXT, heighten, line, put, set_page, widen
from monitor.form import TABLES
from monitor.rollup import RollUp

#: Beside the form's columns: how many agencies, and what is particular to the row.
_COUNTED: Final = WIDTH + 2
_REMARKS: Final = WIDTH + 3
_UNIT_WIDTH: Final = 7.4
_REMARKS_WIDTH: Final = 40


def to_book(rolled: RollUp) -> bytes:
    """The workbook's bytes."""
    book = Workbook()
    _totals(book.worksheets[0], rolled)
    agencies(book.create_sheet(), rolled)
    against_government(book.create_sheet(), rolled)
    remarks(book.create_sheet(), rolled)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# ── 汇总表 ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _totals(sheet: Worksheet, rolled: RollUp) -> None:
    sheet.title = "汇总表"
    widen(sheet, (*(_UNIT_WIDTH for _ in range(WIDTH)), 2, 11, _REMARKS_WIDTH))
    at = over(sheet, rolled, _REMARKS)
    for table in TABLES:
        at = _table(sheet, rolled, table, at) + 2
    set_page(sheet, "portrait")


def _table(sheet: Worksheet, rolled: RollUp, table: str, top: int) -> int:
    """One of the form's tables below a row; gives its last row."""
    sums = rolled.sums
    line(sheet, top, words.over_table(sums, table), WIDTH).font = Font(bold=True)
    first = top + 1
    placed = layout(table, sums.edition)
    rows: dict[int, list[str]] = {}
    for item in placed:
        _place(sheet, rolled, item, first)
        if item.path:
            rows.setdefault(first + item.row, []).append(item.path)
    for column, label in ((_COUNTED, "汇总单位数"), (_REMARKS, "说明")):
        put(sheet, top, column, label, fill=HEAD).alignment = MIDDLE
    for at, paths in rows.items():
        put(sheet, at, _COUNTED, words.counted(sums, paths)).alignment = MIDDLE
        remark = words.beside(sums, paths)
        put(sheet, at, _REMARKS, remark).alignment = TEXT
        heighten(sheet, at, remark, _REMARKS_WIDTH)
    return max(first + item.row + item.rows - 1 for item in placed)


def _place(sheet: Worksheet, rolled: RollUp, item: Placed, top: int) -> None:
    row, column = top + item.row, item.column + 1
    last_row, last_column = row + item.rows - 1, column + item.columns - 1
    for at in range(row, last_row + 1):
        for place in range(column, last_column + 1):
            sheet.cell(at, place).border = BOX
    if (last_row, last_column) != (row, column):
        sheet.merge_cells(start_row=row, end_row=last_row, start_column=column, end_column=last_column)
    if not item.path:
        put(sheet, row, column, item.label, fill=HEAD).alignment = MIDDLE
        if item.rows == 1:
            heighten(sheet, row, item.label, item.columns * _UNIT_WIDTH)
        return
    total = rolled.sums.totals[item.path]
    figure = plain(total.value)
    cell = put(sheet, row, column, "—" if figure is None else figure, fill=None if total.is_complete else OPEN)
    cell.number_format = PLAIN_FORMAT if total.is_complete else OPEN_FORMAT
    cell.alignment = MIDDLE
