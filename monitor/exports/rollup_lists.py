"""The sheets behind the roll-up's totals: each agency's own figures to trace a sum by (各单位数据), the government's
against the sums (与政府报告比对), who is missing and what was not added (说明).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from monitor.exports import rollup_words as words
from monitor.exports.rollup_rows import CELL_HEADINGS, cell_rows, labels, plain, unit
from monitor.exports.sheets import (
    DIFFERS,
    HEAD,
    MIDDLE,
    OPEN,
    TEXT,
    chapter,
    heighten,
    line,
    listed,
    put,
    set_page,
    widen,
)
from monitor.rollup import Compared, RollUp, Source, State, entry
from monitor.rollup.compare import CAUSES

PLAIN_FORMAT: Final = "General"
#: A figure that bears its mark and is a number all the same.
OPEN_FORMAT: Final = f'General"{words.MARK}"'
_PERSON: Final = ("单位", "编号", "情况", "格式", "网址")
_PERSON_WIDTHS: Final = (32, 18, 30, 7, 34)


def over(sheet: Worksheet, rolled: RollUp, width: int) -> int:
    """Title and face over a sheet, across some columns; gives the first free row."""
    lines = [words.title(rolled), words.face(rolled), *words.beneath(rolled)]
    for at, text in enumerate(lines, start=1):
        line(sheet, at, text, width)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    sheet.cell(2, 1).font = Font(bold=True, color="1D6B3A" if rolled.sums.is_complete else "A61B1B")
    return len(lines) + 2


# ── 各单位数据 ──────────────────────────────────────────────────────────────────────────────────────────────────────


def agencies(sheet: Worksheet, rolled: RollUp) -> None:
    """A row an agency, a column a cell of the form, and their sums in the last row."""
    sheet.title = "各单位数据"
    sums = rolled.sums
    paths = [*sums.totals, *sums.extra]
    start = len(_PERSON) + 1
    widen(sheet, (*_PERSON_WIDTHS, *(10 for _ in paths)))
    top = over(sheet, rolled, 12)
    for column, label in enumerate(_PERSON, start=1):
        sheet.merge_cells(start_row=top, end_row=top + 2, start_column=column, end_column=column)
        put(sheet, top, column, label, fill=HEAD).alignment = MIDDLE
    heads = [labels(path, sums.edition) for path in paths]
    for level in range(3):
        _spanning_heads(sheet, top + level, start, [head[: level + 1] for head in heads])
    for at, source in enumerate(sums.sources, start=top + 3):
        _agency(sheet, rolled, source, at, paths)
    _sum_row(sheet, rolled, top + 3 + len(sums.sources), paths)
    sheet.row_dimensions[top + 1].height = 90
    sheet.row_dimensions[top + 2].height = 48
    sheet.freeze_panes = f"B{top + 3}"
    sheet.print_title_cols = "A:A"
    sheet.page_setup.scale = 50
    set_page(sheet, "landscape", head=(top, top + 2), fit=False)


def _spanning_heads(sheet: Worksheet, row: int, start: int, heads: Sequence[tuple[str, ...]]) -> None:
    """A row of headings, equal neighbours merged into one."""
    begin = 0
    for place in range(1, len(heads) + 1):
        if place < len(heads) and heads[place] == heads[begin]:
            continue
        if place - begin > 1:
            sheet.merge_cells(start_row=row, end_row=row, start_column=start + begin, end_column=start + place - 1)
        put(sheet, row, start + begin, heads[begin][-1], fill=HEAD).alignment = MIDDLE
        begin = place


def _agency(sheet: Worksheet, rolled: RollUp, source: Source, at: int, paths: Sequence[str]) -> None:
    report = source.report
    said = source.words or ("已汇总（扫描件识别）" if report and report.is_scan else "已汇总")
    person = (source.name, source.agency, said, report.format if report else "", source.url)
    for column, text in enumerate(person, start=1):
        put(sheet, at, column, text, fill=None if report else OPEN).alignment = TEXT
        heighten(sheet, at, text, _PERSON_WIDTHS[column - 1])
    for column, path in enumerate(paths, start=len(person) + 1):
        found = entry(source, path, rolled.sums.edition)
        if found.state is State.NUMBER:
            put(sheet, at, column, plain(found.value), box=False)  # thousands of boxes take their time
        else:
            cell = put(sheet, at, column, _said_in_cell(found.state, found.text), fill=_fill_of(found.state))
            cell.alignment = MIDDLE


def _said_in_cell(state: State, text: str) -> str:
    """What stands in an agency's cell instead of a number: its own words, or why there are none."""
    if state in (State.BLANK, State.MISSING, State.OTHER_FORM):
        return "空白" if state is State.BLANK else ""
    if state is State.DASH:
        return text.strip()
    return {State.UNREAD: "未读出", State.LEFT_OUT: "总计未填", State.ABSENT: "没有"}[state] + (
        f"：{text.strip()}" if text.strip() else ""
    )


def _fill_of(state: State) -> PatternFill | None:
    return None if state in (State.BLANK, State.DASH) else OPEN


def _sum_row(sheet: Worksheet, rolled: RollUp, at: int, paths: Sequence[str]) -> None:
    sums = rolled.sums
    for column, text in enumerate(("合计", "", "完整" if sums.is_complete else "不完整", "", ""), start=1):
        put(sheet, at, column, text, fill=HEAD).font = Font(bold=True)
    for column, path in enumerate(paths, start=len(_PERSON) + 1):
        total = sums.totals.get(path) or sums.extra[path]
        figure = plain(total.value)
        cell = put(sheet, at, column, "—" if figure is None else figure, fill=HEAD)
        cell.number_format = PLAIN_FORMAT if total.is_complete else OPEN_FORMAT
        cell.font = Font(bold=True)


# ── 与政府报告比对 ──────────────────────────────────────────────────────────────────────────────────────────────────


def against_government(sheet: Worksheet, rolled: RollUp) -> None:
    sheet.title = "与政府报告比对"
    widen(sheet, (26, 44, 18, 10, 10, 11, 40, 12, 14, 24))
    top = over(sheet, rolled, 10)
    own = rolled.government
    if own is None or own.report is None:
        why = f"没有读到“{own.name}”的报告：{own.words}" if own else "名单中没有唯一的本级政府"
        put(sheet, top, 1, f"没有比对。{why}。", box=False)
        return
    lines = (
        f"本级政府的报告：{own.name}　{own.url}",
        "本级政府的报告涵盖政府本级和向其报送的各单位。法规没有规定它与名单内单位之和必须相等，差异请先核实原因，不作为问题认定。",
        f"常见原因：{'；'.join(CAUSES)}。",
    )
    for text in lines:
        line(sheet, top, text, 10)
        top += 1
    keys = [key for key in CELL_HEADINGS if key not in ("expected", "blank", "missing", "unit")]
    rows = [row for row in cell_rows(rolled) if row["cell"] in rolled.differences]
    listed(sheet, top, [CELL_HEADINGS[key] for key in keys], ([row[key] for key in keys] for row in rows))
    for at, row in enumerate(rows, start=top + 1):
        found = rolled.differences[row["cell"]]
        if found.compared in (Compared.LESS, Compared.MORE):
            for column in range(1, len(keys) + 1):
                sheet.cell(at, column).fill = DIFFERS if found.is_sure else OPEN
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(len(keys))}{top + len(rows)}"
    sheet.freeze_panes = f"A{top + 1}"
    set_page(sheet, "landscape", head=(top, top))


# ── 说明 ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def remarks(sheet: Worksheet, rolled: RollUp) -> None:
    sheet.title = "说明"
    widen(sheet, (52, 28, 40, 24, 44, 12))
    sums = rolled.sums
    at = over(sheet, rolled, 6)
    at = chapter(
        sheet,
        at,
        "一、没有汇总的单位",
        ("单位", "编号", "原因", "网址"),
        [(source.name, source.agency, source.words, source.url) for source in sums.missing],
    )
    silent = list(words.silent_cells(sums))
    at = chapter(sheet, at, "二、没有数字可加的格（空白不是零）", ("单位", "表", "行", "列", "情况"), silent)
    extra = [
        (
            *labels(path, sums.edition),
            f"{plain(total.value) if total.value is not None else '—'}{unit(path)}",
            total.counted,
        )
        for path, total in sums.extra.items()
    ]
    at = chapter(sheet, at, "三、只有另一种格式才有的格", ("表", "行", "列", "合计", "计量单位", "汇总单位数"), extra)
    heads = ("核对", "左边", "右边", "结果", "不等的单位")
    at = chapter(sheet, at, "四、合计的勾稽关系", heads, words.balance_words(sums, rolled.balances))
    at = chapter(sheet, at, "五、与上年结转的衔接", heads, words.balance_words(sums, rolled.carried))
    chapter(sheet, at, "六、范围和读取", ("说明",), [(note,) for note in rolled.notes])
    set_page(sheet, "landscape")
