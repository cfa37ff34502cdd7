"""What `nianbao lint` says of a report to people: findings by severity, then what could not be read or decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from monitor.form import TABLES, cell_label
from monitor.jobs.lint import UNFILLED, Linted
from monitor.model import SEVERITY_NAMES, Finding, OutcomeStatus, Report, Severity
from monitor.text import clean
from monitor.views import MAYBE_READING

_UNDECIDED: Final = (OutcomeStatus.UNKNOWN, OutcomeStatus.ERROR)
#: So many unread cells of a table are named; more of them are counted.
_NAMED: Final = 5


def in_words(linted: Linted) -> str:
    """One source for people: what is wrong, by severity, each with its place, words, mend and basis."""
    return "\n".join([clean(linted.source), *(f"  {line}".rstrip() for line in _lines(linted))])


def _lines(linted: Linted) -> Iterator[str]:
    report = linted.report
    if linted.error or report is None:
        yield f"没有读成：{clean(linted.error)}"
        return
    if report.is_unfilled:
        yield f"{UNFILLED}，没有可以检查的内容"
    yield clean(f"{report.agency or '单位不明'}　{_year(report)}　{report.title or '没有标题'}")
    for note in report.notes:
        if note != UNFILLED:
            yield f"说明：{clean(note)}"
    yield from _findings(linted)
    if not report.is_unfilled:
        yield from _unread(report)
        for outcome in linted.outcomes:
            if outcome.status in _UNDECIDED:
                yield f"未能判断：{outcome.rule}（{clean(outcome.reason)}）"


def _findings(linted: Linted) -> Iterator[str]:
    """What is wrong, and apart from it what reading may have caused; then how much of each."""
    found = [finding for outcome in linted.outcomes for finding in outcome.findings]
    sure = _by_severity(finding for finding in found if not finding.explained)
    unsure = _by_severity(finding for finding in found if finding.explained)
    for finding in sure:
        yield ""
        yield from _finding(finding)
    if unsure:
        yield ""
        yield f"以下{len(unsure)}条{MAYBE_READING}："
    for finding in unsure:
        yield ""
        yield from _finding(finding)
    yield ""
    counts = [f"{SEVERITY_NAMES[severity]} {sum(each.severity is severity for each in sure)}" for severity in Severity]
    yield f"合计：{'，'.join(counts)}" + (f"，待人工核对 {len(unsure)}" if unsure else "")


def _by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """The gravest first, else in their order."""
    return sorted(findings, key=lambda finding: list(Severity).index(finding.severity))


def _year(report: Report) -> str:
    return f"{report.year}年度" if report.year else "年度不明"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"〔{SEVERITY_NAMES[finding.severity]}〕{finding.name}　{finding.rule}"
    yield f"  {clean(finding.message)}"
    details = {
        "原文": finding.quote,
        "位置": finding.section,
        "应为": finding.expected,
        "实为": finding.found,
        "依据": finding.basis,
        "也可能": finding.explained,
    }
    for label, text in details.items():
        if text:
            yield f"  {label}：{clean(text)}"


def _unread(report: Report) -> Iterator[str]:
    """Which tables and cells were not read, and why: they are neither right nor wrong."""
    for table, reason in report.doubts.items():
        yield f"没有读准：{TABLES.get(table, table)}（{clean(reason)}）"
    doubtful = [(path, cell) for path, cell in report.cells() if cell.doubt]
    for table, group in groupby(doubtful, key=lambda pair: pair[0].split(".")[0]):
        cells = list(group)
        for path, cell in cells[:_NAMED]:
            label = cell_label(path, report.format)
            yield f"没有读出：{label}，表中为“{clean(cell.text)}”（{clean(cell.doubt)}）"
        if len(cells) > _NAMED:
            yield f"没有读出：{TABLES.get(table, table)}中的单元格共 {len(cells)} 个"
