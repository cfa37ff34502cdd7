"""What the sheets of a workbook share: boxes, headings, lists, widths, the page. Every text is written as a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal
from unicodedata import east_asian_width

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from monitor.exports.tabular import harmless

_LINE: Final = Side(style="thin", color="808080")
BOX: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEAD: Final = PatternFill("solid", start_color="EEF1F5")
OPEN: Final = PatternFill("solid", start_color="FFF3CD")
DIFFERS: Final = PatternFill("solid", start_color="FDE2DF")
MIDDLE: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)
TEXT: Final = Alignment(vertical="center", wrap_text=True)
_A4: Final = 9
_LINE_HEIGHT: Final = 16.5
_HIGHEST: Final = 400


def put(
    sheet: Worksheet, row: int, column: int, value: Any, *, fill: PatternFill | None = None, box: bool = True
) -> Any:
    """A cell with a value that no spreadsheet reads as a formula."""
    cell: Any = sheet.cell(row, column)
    cell.value = harmless(value)
    if isinstance(cell.value, str):
        cell.data_type = "s"  # openpyxl takes "=…" for a formula and "#N/A" for an error
    if box:
        cell.border = BOX
    if fill is not None:
        cell.fill = fill
    return cell


def line(sheet: Worksheet, row: int, text: str, width: int) -> Any:
    """A text across the first columns of a sheet, whose widths are set before."""
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
    cell = put(sheet, row, 1, text, box=False)
    cell.alignment = TEXT
    heighten(sheet, row, text, sum(_width_of(sheet, column) for column in range(1, width + 1)))
    return cell


def heighten(sheet: Worksheet, row: int, text: str, width: float) -> None:
    """Room for a text that does not fit on one line of so many half-width letters: not every program makes it."""
    taken = sum(2 if east_asian_width(mark) in "WFA" else 1 for mark in text)
    height = _LINE_HEIGHT * (1 + int(taken * 1.05 // max(width - 1, 1)))
    sheet.row_dimensions[row].height = min(max(sheet.row_dimensions[row].height or _LINE_HEIGHT, height), _HIGHEST)


def _width_of(sheet: Worksheet, column: int) -> float:
    return sheet.column_dimensions[get_column_letter(column)].width


def listed(sheet: Worksheet, top: int, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A heading row and the rows below it."""
    for column, label in enumerate(heads, start=1):
        put(sheet, top, column, label, fill=HEAD).alignment = MIDDLE
        heighten(sheet, top, label, _width_of(sheet, column))
    for at, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row, start=1):
            put(sheet, at, column, value).alignment = TEXT
            heighten(sheet, at, str(value or ""), _width_of(sheet, column))


def chapter(sheet: Worksheet, at: int, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """A name with a list below it; gives the next free row."""
    rows = list(rows)
    put(sheet, at, 1, name, box=False).font = Font(bold=True)
    if not rows:
        put(sheet, at + 1, 1, "无", box=False)
        return at + 3
    listed(sheet, at + 1, heads, rows)
    return at + len(rows) + 3


def widen(sheet: Worksheet, widths: Sequence[float]) -> None:
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def set_page(
    sheet: Worksheet, turned: Literal["portrait", "landscape"], *, head: tuple[int, int] | None = None, fit: bool = True
) -> None:
    """A4, as many pages long as it takes and, where it is to `fit`, one wide; `head`: rows on top of each page."""
    sheet.page_setup.orientation = turned
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=fit)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    if head:
        sheet.print_title_rows = f"{head[0]}:{head[1]}"
