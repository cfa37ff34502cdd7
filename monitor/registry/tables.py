"""A roster file, .csv or .xlsx, as rows under the contract's columns. Knows shapes, not what a value means.

The file is hostile until read: sizes are bounded before anything is parsed, formulas stay text and are refused.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from monitor.errors import RegistryError, system_words
from monitor.text import clean

#: A file larger than this, packed or unpacked, is no roster: the whole country's as CSV fits in two thirds of it.
MAX_BYTES: Final = 64_000_000
MAX_VALUE: Final = 4000
_SHEET_ROWS: Final = 1_048_576  # what a sheet can hold; a hostile row number must not make us count further
_SHEET_COLUMNS: Final = 64
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
#: Cells that hold a list may break it over lines.
_LISTS: Final = frozenset({"aliases", "columns", "hosts"})

#: What openpyxl and its parsers raise on a file that is not what it says it is (SyntaxError: both XML parsers').
_NO_WORKBOOK: Final = (
    BadZipFile, zlib.error, EOFError, OSError, SyntaxError, KeyError, IndexError,
    ValueError, TypeError, AttributeError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """One registry file: its columns in order, each with the Chinese headings that mean it.

    The first `keys` of the required columns together are the id of a row; `dated`: columns that hold whole dates.
    """

    name: str
    title: str
    headings: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    keys: int = 1
    dated: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        return self.required[0]

    def id_of(self, row: Row) -> tuple[str, ...]:
        return tuple(row[column] for column in self.required[: self.keys])

    def column(self, heading: str) -> str:
        """The column that a heading means, or the heading itself where it means none."""
        for column, names in self.headings.items():
            if heading.lower() == column or heading in names:
                return column
        return heading


PORTALS: Final = Form(
    "portals",
    "网站",
    {
        "portal": ("网站编号",),
        "name": ("网站名称",),
        "region": ("行政区划代码",),
        "home": ("首页网址",),
        "columns": ("年报栏目网址", "栏目网址"),
        "family": ("网站系统",),
        "hosts": ("其他域名",),
        "render": ("脚本渲染",),
        "delay": ("请求间隔",),
        "private": ("允许内网",),
    },
    ("portal", "name", "home"),
)
AGENCIES: Final = Form(
    "agencies",
    "单位",
    {
        "agency": ("机构编号", "单位编号"),
        "name": ("单位名称", "机构名称"),
        "aliases": ("别名", "简称"),
        "region": ("行政区划代码",),
        "kind": ("类型", "单位类型"),
        "portal": ("网站编号",),
        "column": ("栏目网址",),
        "deadline": ("截止日期",),
        "email": ("邮箱",),
        "phone": ("电话",),
        "since": ("起始年度",),
        "until": ("截止年度",),
        "code": ("统一社会信用代码", "信用代码"),
    },
    ("agency", "name", "kind", "portal"),
)
#: The office's own ledger of what was submitted to it: an empty date with the day on which the files were gone through.
SUBMISSIONS: Final = Form(
    "submissions",
    "报送台账",
    {
        "agency": ("机构编号", "单位编号"),
        "year": ("报告年度",),
        "submitted": ("报送日期",),
        "as_of": ("台账截至日期",),
    },
    ("agency", "year"),
    keys=2,
    dated=frozenset({"submitted", "as_of"}),
)
#: What the office asks of reports besides the form.
ITEMS: Final = Form(
    "items",
    "本地要求事项",
    {
        "item": ("事项", "事项名称"),
        "words": ("关键词",),
        "kinds": ("单位类型",),
        "since": ("起始年度",),
        "until": ("截止年度",),
        "basis": ("依据",),
    },
    ("item", "words"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as written (`line`: physical), under its headings (`labels`), and what is wrong with it so far."""

    file: str
    line: int
    values: dict[str, str]
    labels: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def refuse(self, column: str, why: str, *, value: str | None = None) -> None:
        """Note that a value (the whole cell, or the part of it given) is wrong, with the mend in Chinese."""
        shown = clean(self[column] if value is None else value)
        shown = shown if len(shown) <= 80 else shown[:80] + "…"
        self.problems.append(f"{self.file} 第 {self.line} 行，{self.labels.get(column, column)} 列：“{shown}”{why}")


@dataclass(frozen=True, slots=True)
class Table:
    form: Form
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = ()


def read_table(path: Path, form: Form, problems: list[str]) -> Table | None:
    """A file's rows; None, and why in `problems`, where it is no table of this form. Bad cells go to their row."""
    try:
        reader = _READERS.get(path.suffix.lower())
        if reader is None:
            raise _no_table(path, "只能导入 .csv 和 .xlsx 文件，请在表格软件里另存为其中一种")
        lines = [(line, cells) for line, cells in reader(path) if any(clean(cell) for cell in cells)]
    except RegistryError as error:
        problems += error.problems
        return None
    if not lines:
        problems.append(f"{path} 是空的：第一行要写表头 {','.join(form.headings)}")
        return None
    headings = [clean(cell) for cell in lines[0][1]]
    while not headings[-1]:  # a spreadsheet's empty columns at the right
        headings.pop()
    columns = tuple(form.column(heading) for heading in headings)
    missing = [column for column in form.required if column not in columns]
    twice = sorted({column for column in columns if column in form.headings and columns.count(column) > 1})
    if missing or twice:
        problems += [f"{path}：表头缺少 {c} 列（{form.headings[c][0]}）。表头写在第一行，用逗号分列" for c in missing]
        problems += [f"{path}：表头里 {c} 列出现了不止一次，请只留一列" for c in twice]
        return None
    labels = dict(zip(columns, headings, strict=True))
    return Table(form, columns, tuple(_row(path.name, line, cells, columns, labels, form) for line, cells in lines[1:]))


def _row(
    file: str, line: int, cells: list[str], columns: tuple[str, ...], labels: Mapping[str, str], form: Form
) -> Row:
    row = Row(file, line, {}, labels)
    if len(cells) < len(columns) or any(cell.strip() for cell in cells[len(columns) :]):
        row.problems.append(
            f"{file} 第 {line} 行：有 {len(cells)} 格，表头有 {len(columns)} 列。请补齐逗号；值里有逗号时用引号括起来"
        )
    for column, cell in zip(columns, cells, strict=False):
        # What a spreadsheet makes of a typed 01-31 is a day of the year in which it was typed.
        value = cell[5:] if isinstance(cell, _Date) and column not in form.dated else cell.strip()
        row.values[column] = clean(value)
        if len(value) > MAX_VALUE:
            row.refuse(column, f"太长（{len(value)} 字）：每格最多 {MAX_VALUE} 字")
        elif value.startswith(("=", "@")):
            row.refuse(column, "是公式：公式不会被计算，请粘贴为数值（文本）")
        elif _CONTROL.search(re.sub(r"[\t\r\n]", " ", value) if column in _LISTS else value):
            row.refuse(column, "里有换行或控制字符：请删去，或检查引号是否成对")
    return row


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _no_table(path: Path, why: str) -> RegistryError:
    return RegistryError([f"{path}：{why}"])


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _no_table(path, f"读不到这个文件（{system_words(error)}），请检查路径和权限") from error
    _bound(path, len(raw))
    return raw


def _bound(path: Path, size: int) -> None:
    if size > MAX_BYTES:
        raise _no_table(path, f"内容超过 {MAX_BYTES // 1_000_000} MB，不像一份名单。请检查，或分成几个文件导入")


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    raw = _bytes(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        where = f"第 {line} 行，第 {error.start + 1} 字节"
        mend = "由 Excel 导出的，请另存为“CSV UTF-8（逗号分隔）”，或直接导入 .xlsx"
        raise _no_table(path, f"不是 UTF-8 编码（{where}）。{mend}") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise _no_table(path, f"第 {line} 行起的引号不成对，或一格过长，请改正") from error


def _xlsx_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet."""
    from openpyxl import load_workbook  # every verb knows the registry, few ever see a workbook
    from openpyxl.utils.exceptions import InvalidFileException

    raw = _bytes(path)
    try:
        with ZipFile(io.BytesIO(raw)) as archive:  # zipfile gives out no more bytes of a part than it declares
            unpacked = sum(part.file_size for part in archive.infolist())
        _bound(path, unpacked)
        with warnings.catch_warnings():  # openpyxl warns of decorations (styles, validations) that a roster may have
            warnings.simplefilter("ignore")
            sheet = load_workbook(io.BytesIO(raw), read_only=True, keep_links=False).worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size is not to be trusted
            cells = islice(sheet.iter_rows(values_only=True, max_col=_SHEET_COLUMNS), _SHEET_ROWS)
            rows = [(line, [_text(value) for value in row]) for line, row in enumerate(cells, 1) if any(row)]
    except (*_NO_WORKBOOK, InvalidFileException) as error:
        raise _no_table(path, "不是能读的 .xlsx 文件（损坏、加密或其他格式），请在表格软件里另存为 .xlsx") from error
    yield from rows


class _Date(str):
    """A date of a spreadsheet as ISO 8601 text: what of it counts, the column decides."""

    __slots__ = ()


def _text(value: object) -> str:
    """A sheet's cell as it would stand in the CSV: 370403.0 is a code, a date is a day of the year."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case int() | float():
            return str(value)
        case date():
            return _Date(f"{value:%Y-%m-%d}")
        case _:  # an array formula, a time of day: nothing that a roster holds
            return "="


_READERS: Final[Mapping[str, Callable[[Path], Iterator[tuple[int, list[str]]]]]] = {
    ".csv": _csv_rows,
    ".xlsx": _xlsx_rows,
}
