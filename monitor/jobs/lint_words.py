"""What `nianbao lint` says of a report to people: findings by severity, then what could not be read or decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from monitor.form import TABLES, cell_label
from monitor.jobs.lint import UNFILLED, Linted
from monitor.model import SEVERITY_NAMES, Finding, OutcomeStatus, Report, Severity
from monitor.text import clean
from monitor.views import MAYBE_READING


class Line(NamedTuple):
    """A line for people; `tone`: the word that its colour goes by, "" for none."""

    text: str
    tone: str = ""


_UNDECIDED: Final = (OutcomeStatus.UNKNOWN, OutcomeStatus.ERROR)
#: So many unread cells of a table are named; more of them are counted.
_NAMED: Final = 5


def all_lines(results: Sequence[Linted]) -> Iterator[Line]:
    """All sources for people, and of several what there is in all."""
    for number, linted in enumerate(results):
        if number:
            yield Line("")
        yield from lines_of(linted)
    if len(results) > 1:
        yield Line("")
        yield Line(_in_all(results), "标题")


def lines_of(linted: Linted) -> Iterator[Line]:
    """One source for people: what is wrong, by severity, each with its place, words, mend and basis."""
    yield Line(clean(linted.source), "标题")
    for line in _lines(linted):
        yield Line(f"  {line.text}".rstrip(), line.tone)


def in_words(linted: Linted) -> str:
    return "\n".join(line.text for line in lines_of(linted))


def _lines(linted: Linted) -> Iterator[Line]:
    report = linted.report
    if linted.error or report is None:
        yield Line(f"没有读成：{clean(linted.error)}", "错误")
        return
    if report.is_unfilled:
        yield Line(f"{UNFILLED}，没有可以检查的内容")
    yield Line(clean(f"{report.agency or '单位不明'}　{_year(report)}　{report.title or '没有标题'}"))
    for note in report.notes:
        if note != UNFILLED:
            yield Line(f"说明：{clean(note)}")
    found = [finding for outcome in linted.outcomes for finding in outcome.findings]
    yield from _findings(found, report)
    yield Line("")
    if not report.is_unfilled:
        yield from map(Line, _unread(report))
        for outcome in linted.outcomes:
            if outcome.status in _UNDECIDED:
                yield Line(f"未能判断：{outcome.rule}（{clean(outcome.reason)}）")
    yield Line(f"合计：{_counts(found)}")


def _findings(found: Sequence[Finding], report: Report) -> Iterator[Line]:
    """What is wrong, and apart from it what reading may have caused."""
    sure = _by_severity(finding for finding in found if not finding.explained)
    unsure = _by_severity(finding for finding in found if finding.explained)
    for severity, group in groupby(sure, key=lambda finding: finding.severity):
        alike = list(group)
        yield Line("")
        yield Line(f"{SEVERITY_NAMES[severity]}{len(alike)}条：", SEVERITY_NAMES[severity])
        for finding in alike:
            yield from _finding(finding, report)
    if unsure:
        yield Line("")
        yield Line(f"以下{len(unsure)}条{MAYBE_READING}：", "待核")
    for finding in unsure:
        yield from _finding(finding, report)


def _counts(found: Iterable[Finding]) -> str:
    """How many of each severity, and apart from them how many wait for a person."""
    counts = Counter("" if finding.explained else finding.severity for finding in found)
    words = "，".join(f"{SEVERITY_NAMES[severity]} {counts[severity]}" for severity in Severity)
    return words + (f"，待人工核对 {counts['']}" if counts[""] else "")


def _in_all(results: Sequence[Linted]) -> str:
    found = [finding for linted in results for outcome in linted.outcomes for finding in outcome.findings]
    unread = sum(bool(linted.error) for linted in results)
    return f"共 {len(results)} 份：{_counts(found)}" + (f"；没有读成 {unread} 份" if unread else "")


def _by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """The gravest first, else in their order."""
    return sorted(findings, key=lambda finding: list(Severity).index(finding.severity))


def _year(report: Report) -> str:
    return f"{report.year}年度" if report.year else "年度不明"


def _finding(finding: Finding, report: Report) -> Iterator[Line]:
    name = SEVERITY_NAMES[finding.severity]
    yield Line("")
    yield Line(f"〔{name}〕{finding.name}　{finding.rule}", name)
    yield Line(f"  {clean(finding.message)}")
    cell = cell_label(finding.cell, report.format) if finding.cell else ""
    details = {
        "原文": f"「{clean(finding.quote)}」" if finding.quote else "",
        "位置": "，".join(part for part in (finding.section, cell) if part),
        "应为": finding.expected,
        "实为": finding.found,
        "依据": finding.basis,
        "也可能": finding.explained,
    }
    for label, text in details.items():
        if text:
            yield Line(f"  {label}：{clean(text)}")


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
