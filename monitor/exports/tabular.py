"""Lists as JSON, CSV or xlsx. Every text in them may come from a hostile page, so none may act as a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from unicodedata import east_asian_width

from monitor.text import visible

#: What makes a spreadsheet read a text as a formula (OWASP, CSV injection), also behind blanks and unseen marks.
_FORMULA: Final = re.compile(r"[\t\r\n]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠−]")
#: What no spreadsheet can hold, beside what no reader sees.
_UNWRITABLE: Final = re.compile("[\ufffe\uffff]")
_LINE_END: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
#: What JSON lets through and a terminal obeys, or what turns or hides what people see; and half characters.
_OBEYED: Final = re.compile(
    "[\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_WIDTH_LIMITS: Final = (6, 60)

Row = Mapping[str, Any]


def to_json(rows: Sequence[Row] | Row) -> bytes:
    """The rows as they are, a JSON list, or one object; in it no mark that acts on a screen, only its number."""
    return (_OBEYED.sub(_escaped, json.dumps(rows, ensure_ascii=False, indent=2)) + "\n").encode("utf-8")


def to_csv(rows: Sequence[Row], columns: Mapping[str, str]) -> bytes:
    """The named columns (key → heading). With a BOM, or Excel would read the Chinese wrongly."""
    file = io.StringIO()
    # Every text in quotes: a separator in it must not begin a cell, whichever separator the reader's Excel uses.
    writer = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(columns.values())
    writer.writerows([harmless(row.get(key)) for key in columns] for row in rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def to_xlsx(rows: Sequence[Row], columns: Mapping[str, str], *, title: str) -> bytes:
    """One sheet with a frozen heading row; texts are texts, whatever they begin with."""
    from openpyxl import Workbook  # every list can be a workbook, few are
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title[:31]
    for line, values in enumerate([columns, *({key: row.get(key) for key in columns} for row in rows)], start=1):
        for position, key in enumerate(columns, start=1):
            value = columns[key] if line == 1 else values[key]
            cell = sheet.cell(line, position)
            _fill(cell, value)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.font = Font(bold=line == 1)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for position, key in enumerate(columns, start=1):
        texts = [columns[key], *(str(row.get(key) or "") for row in rows)]
        width = max(_width(text) for text in texts) + 2
        sheet.column_dimensions[get_column_letter(position)].width = min(max(width, _WIDTH_LIMITS[0]), _WIDTH_LIMITS[1])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def harmless(value: Any) -> Any:
    """A value that no spreadsheet reads as a formula; numbers stay numbers, None becomes empty."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    text = _UNWRITABLE.sub("", visible(_LINE_END.sub("\n", str(value))))
    return f"'{text}" if _FORMULA.match(text) else text


def _escaped(found: re.Match[str]) -> str:
    """A mark as JSON writes it: what reads the file has it back."""
    return json.dumps(found[0])[1:-1]


def _fill(cell: Any, value: Any) -> None:
    cell.value = harmless(value)
    if isinstance(cell.value, str):
        # openpyxl takes a leading "=" for a formula and "#N/A" for an error; the type says text.
        cell.data_type = "s"


def _width(text: str) -> int:
    """The widest line's width in half-width columns: a Chinese character takes two."""
    return max(sum(2 if east_asian_width(mark) in "WF" else 1 for mark in line) for line in text.split("\n"))
