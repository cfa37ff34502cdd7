"""Several live pages for one year: the same report in other clothes, or different ones? Pure.

One report is often there twice: as a page and as its attachment, as Word and as PDF, on the old site and on the new.
Only what is read with certainty on both sides makes them different: figures in cells, figures in words, most sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from monitor.form import FIGURES, cell_label
from monitor.model import Finding, Report
from monitor.publication.base import Publication
from monitor.publication.catalogue import finding
from monitor.text import squash

#: From so large a share of other sentences on, a text is another; below it, converters and editors may have done it.
_OTHER: Final = 0.5
#: Fewer sentences than this show nothing; sentences of fewer characters stand in every report.
_FEW, _SHORT = 8, 12
_SHOWN: Final = 3
#: So many pages at most are held against each other.
_MOST: Final = 6
_SENTENCE_END: Final = re.compile("[。;；!！?？\n]")


class _Version(NamedTuple):
    """A live page of the report."""

    url: str
    named: str
    report: Report


def duplicate_publication(case: Publication) -> Iterator[Finding]:
    """More than one live page for the year, which say different things."""
    versions = _live(case)[:_MOST]
    for one, other in combinations(versions, 2):
        if differences := _differences(one.report, other.report):
            shown = "；".join(differences[:_SHOWN])
            more = f"等{len(differences)}处" if len(differences) > _SHOWN else ""
            yield finding(
                "duplicate_publication",
                f"栏目里有{len(versions)}个网页是{case.year}年度的报告，内容不同：{shown}{more}。"
                f"请核实以哪一份为准（{one.url}，{other.url}）",
                expected="只有一份内容的报告",
                found=shown,
            )
            return


def _live(case: Publication) -> list[_Version]:
    """The pages of the report that stand in the lists now, as far as they are surely the agency's and well read."""
    looks = case.healthy_looks
    if not looks:
        return []
    held = set(looks[-1].held) - set(looks[-1].missing) - set(looks[-1].failed)
    pages = [(capture.url, reading) for capture, reading in case.pages if capture.url in held and reading.is_form]
    if len(pages) < 2:  # nearly always; unpacking a report takes its time
        return []
    names = {squash(name) for name in case.names}
    found = []
    for url, reading in pages:
        named, report = squash(reading.named or reading.body), reading.report
        if report and not report.is_scan and named in names and case.year in _years(report):
            found.append(_Version(url, named, report))
    return found


def _years(report: Report) -> tuple[int | None, int | None]:
    return report.year, report.period.end.year if report.period else None


def _differences(one: Report, other: Report) -> list[str]:
    """What surely differs, in words; empty where nothing does."""
    found = [*_cells(one, other), *_figures(one, other)]
    return found or list(_words(one, other))


def _cells(one: Report, other: Report) -> Iterator[str]:
    cells = dict(other.cells())
    for path, cell in one.cells():
        table, twin = path.partition(".")[0], cells.get(path)
        if twin is None or table in one.doubts or table in other.doubts or cell.doubt or twin.doubt:
            continue
        if cell.value is not None and twin.value is not None and cell.value != twin.value:
            yield f"“{cell_label(path, one.format)}”一份是{cell.value}，一份是{twin.value}"


def _figures(one: Report, other: Report) -> Iterator[str]:
    """Figures of the running text that each states once, for the whole year."""
    for key in FIGURES:
        values, twins = ({f.value for f in report.figures if f.key == key and not f.scope} for report in (one, other))
        if len(values) == len(twins) == 1 and values != twins:
            yield f"正文中的{FIGURES[key]}一份是{values.pop()}，一份是{twins.pop()}"


def _words(one: Report, other: Report) -> Iterator[str]:
    mine, theirs = _sentences(one), _sentences(other)
    if min(len(mine), len(theirs)) < _FEW:
        return
    share = min(_missing(mine, squash(other.text)), _missing(theirs, squash(one.text)))
    if share >= _OTHER:
        yield f"正文有{share:.0%}的句子不同"


def _sentences(report: Report) -> list[str]:
    return [text for part in _SENTENCE_END.split(report.text) if len(text := squash(part)) >= _SHORT]


def _missing(sentences: Sequence[str], text: str) -> float:
    return sum(sentence not in text for sentence in sentences) / len(sentences)
