"""Which of several documents of one report is the report, and in what they differ. Pure; reads nothing.

Agencies publish one report as a page, as Word, as PDF and as a scan of the printed one. The surest is taken; where two
say different things of a figure, nobody can know which was meant, and the figure is unread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from monitor.documents.files import SURENESS, Read
from monitor.form import TABLES, cell_label
from monitor.model import Cell, Report
from monitor.text import squash

#: So many cells in which two documents differ are told one by one.
_NAMED: Final = 5


def surest(reads: Sequence[Read], *, year: int | None = None, agency: str = "") -> Read:
    """The document of several that is the report of `year` by `agency` ("" and None: of any), with notes on the others.

    A report of another year, or of another agency, never wins over a document that could not be read: that may be the
    one. Where another document of the same report says something else of a cell, that cell of the answer is unread.
    """
    chosen = min(reads, key=lambda read: _rank(read, year, agency))
    if len(reads) == 1 or chosen.report is None or not chosen.is_form:
        return chosen
    report, notes = chosen.report, []
    for other in reads:
        if other is chosen:
            continue
        if other.report is None:
            notes.append(f"“{other.name}”没有读成，无法与“{chosen.name}”核对：{other.error}")
        elif other.is_form and not _is_same(chosen.report, other.report):
            notes.append(f"没有采用“{other.name}”：{_called(other.report)}")
        elif other.is_form:
            report, words = _compared(report, chosen, other, other.report)
            notes += words
    return replace(chosen, report=replace(report, notes=(*report.notes, *notes)))


def reports_in(reads: Sequence[Read], *, year: int | None = None, agency: str = "") -> list[Read]:
    """The surest document of each report in an archive, of those that are of `year` and by `agency`, if asked for.

    Where there are several reports, each says which there are, and what could not be read stands behind them: it may be
    one more. Where there is one or none, the answer is the surest document of all.
    """
    groups: list[list[Read]] = []
    for read in sorted(reads, key=lambda read: _rank(read, year, agency)):
        if read.report is None or not read.is_form or read.report.is_unfilled or _rank(read, year, agency)[0]:
            continue
        fitting = [group for group in groups if group[0].report and _is_same(group[0].report, read.report)]
        if len(fitting) == 1:  # whose report it is may be unsaid: then it is not known which it is
            fitting[0].append(read)
        else:
            groups.append([read])
    if len(groups) < 2:
        return [surest(reads, year=year, agency=agency)]
    chosen = [surest(group, year=year, agency=agency) for group in groups]
    taken = {id(read) for group in groups for read in group}
    notes = [
        f"压缩包里有{len(chosen)}份报告，逐份检查："
        + "；".join(f"“{read.name}”（{_whose(read.report)}）" for read in chosen if read.report),
        *(
            f"没有采用“{read.name}”：{_called(read.report) if read.is_form else '不是政府信息公开工作年度报告'}"
            for read in reads
            if read.report is not None and id(read) not in taken
        ),
    ]
    told = [
        replace(read, report=replace(read.report, notes=(*notes, *read.report.notes))) for read in chosen if read.report
    ]
    return told + [read for read in reads if read.report is None]


def may_be_enclosed(page: Sequence[Read]) -> bool:
    """Whether the report, or a table of it, may be in the files that a page encloses, and not on the page alone."""
    return len(page) == 1 and (page[0].report is None or not page[0].is_form or bool(_without_tables(page[0].report)))


def enclosed(page: Read, reads: Sequence[Read], *, year: int | None = None, agency: str = "") -> Read:
    """The report of a page that encloses files: the surest of these, published when the page says.

    A page that is a report but for its tables stays the report if no file holds all of it; the tables may be in a file.
    A page that has not even all parts of one says nothing of what may be in a file that could not be read.
    """
    read = surest(reads, year=year, agency=agency)
    if page.report is None or not (read.report is None or read.is_form):
        return page if page.is_form else _with_name(read)
    if not page.is_form or (read.report is not None and _is_fuller(read.report, page.report)):
        return replace(_with_name(read), report=read.report and _published(read.report, page.report))
    if len({section.part for section in page.report.sections} & set(range(1, 7))) < 6 and (
        read.error or (read.report is not None and _is_same(read.report, page.report))
    ):
        words = f"附件没有读成：{read.error}" if read.error else "附件也不是完整的报告"
        return replace(page, report=None, error=f"网页上只有报告的一部分，其余可能在附件“{read.name}”中，{words}")
    words = f"没有读成：{read.error}" if read.error else "没有与网页合并读取"
    doubts = dict.fromkeys(_without_tables(page.report), f"网页上没有这张表，附件“{read.name}”{words}")
    return replace(page, report=replace(page.report, doubts={**doubts, **page.report.doubts}))


def _with_name(read: Read) -> Read:
    """A file's error as that of its page: nobody knows what is in a file that was not read."""
    return replace(read, error=read.error and f"报告可能在附件“{read.name}”中，附件没有读成：{read.error}")


def _without_tables(report: Report) -> list[str]:
    return [key for key in TABLES if not report.tables.get(key)]


def _is_fuller(report: Report, page: Report) -> bool:
    """Whether a file holds the page's report with tables that the page does not have."""
    parts = {section.part for section in report.sections} >= {section.part for section in page.sections}
    return parts and len(_without_tables(report)) < len(_without_tables(page)) and _is_same(report, page)


def _published(report: Report, page: Report) -> Report:
    if report.published_on is not None:
        return report
    return replace(report, published_on=page.published_on, published_source=page.published_source)


def _rank(read: Read, year: int | None, agency: str) -> tuple[int, ...]:
    """The smaller, the surer; first what it is, then how much of it was read, then how it was read."""
    report = read.report
    if report is None:
        return (1,)
    if not report.is_form:
        return (3,)
    is_other = year is not None and report.year is not None and report.year != year
    is_others = bool(agency and report.agency) and not is_one(agency, report.agency or "")
    cells = [cell for _, cell in report.cells()]
    doubts = len(report.doubts) + sum(bool(cell.doubt) for cell in cells)
    order = [media_type for media_type, _ in SURENESS]
    return (
        2 if is_other or is_others else 0,
        int(is_other),
        int(bool(agency) and report.agency is None),
        int(report.is_unfilled),
        -sum(1 for table in report.tables.values() if table),
        int(report.is_scan),
        int(doubts > 0),
        order.index(read.media_type) if read.media_type in order else len(order),
        doubts,
    )


def is_one(name: str, other: str) -> bool:
    """Whether two names may be one agency's: a name is written with and without its region before it.

    What stands behind it makes it another's: 某区人民政府办公室 is not 某区人民政府.
    """
    one, two = squash(name), squash(other)
    return one.endswith(two) or two.endswith(one)


def _is_same(report: Report, other: Report) -> bool:
    """Whether two documents are of one report: whose it is and of which year, as far as each says."""
    years = {report.year, other.year} - {None}
    return (
        len(years) < 2
        and is_one(report.agency or "", other.agency or "")
        and not (report.is_unfilled or other.is_unfilled)
    )


def _called(report: Report) -> str:
    kind = "是一份空白表" if report.is_unfilled else "是另一份报告"
    return f"{kind}（{_whose(report)}）"


def _whose(report: Report) -> str:
    return f"{report.agency or '单位不明'}，{f'{report.year}年度' if report.year else '年度不明'}"


def _compared(report: Report, chosen: Read, other: Read, twin: Report) -> tuple[Report, list[str]]:
    """A report without the cells of which its twin says something else, and the Chinese lines that say so."""
    notes = []
    if report.title and twin.title and squash(report.title) != squash(twin.title):
        notes.append(f"标题不同：“{chosen.name}”为“{report.title}”，“{other.name}”为“{twin.title}”")
    differing = {
        path: (cell, theirs)
        for path, cell in report.cells()
        for theirs in [twin.cell(path)]
        if theirs is not None and not cell.doubt and not theirs.doubt and _said(cell) != _said(theirs)
    }
    for path, (cell, theirs) in list(differing.items())[:_NAMED]:
        values = f"“{chosen.name}”为“{_shown(cell)}”，“{other.name}”为“{_shown(theirs)}”"
        notes.append(f"{cell_label(path, report.format)}不同：{values}")
    if len(differing) > _NAMED:
        notes.append(f"“{chosen.name}”与“{other.name}”共有{len(differing)}个单元格不同，均按未读出处理")
    doubt = "两份文件不一致" if chosen.kind == other.kind else f"{chosen.kind} 与 {other.kind} 不一致"
    tables = {key: table and _without(key, table, differing, doubt) for key, table in report.tables.items()}
    return replace(report, tables=tables), notes


def _said(cell: Cell) -> object:
    """What a cell says: a number, or in which way it says none."""
    if cell.value is not None:
        return cell.value
    return "" if cell.is_blank else "-" if cell.is_dash else squash(cell.text)


def _shown(cell: Cell) -> str:
    return cell.text.strip() or "空白"


def _without(
    key: str,
    table: Mapping[str, Mapping[str, Cell]],
    differing: Mapping[str, tuple[Cell, Cell]],
    doubt: str,
) -> dict[str, dict[str, Cell]]:
    """A table with the differing cells unread; such a cell keeps both texts, for one that has none would be blank."""
    return {
        row: {
            column: Cell(None, "／".join(map(_shown, pair)), doubt)
            if (pair := differing.get(f"{key}.{row}.{column}"))
            else cell
            for column, cell in cells.items()
        }
        for row, cells in table.items()
    }
