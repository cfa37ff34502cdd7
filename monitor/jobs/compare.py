"""Compares stored reports, or reports in hand, with each other: which are nearly the same as another agency's?

A round compares before it lets the rules run; what it finds is kept, so that a recheck need not compare again. All
reports of a year are compared with each other and with the others' of the year before; only their prints are loaded,
and the words of the few that look alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from monitor.jobs.home import Home
from monitor.ledger import JudgedReport
from monitor.lookalikes import SCHEME, Compared, Key, PartPrints, compared, find_lookalikes, own_prints
from monitor.model import Agency, Lookalike, Report
from monitor.text import squash
from monitor.wire import report_from_json

#: Reports whose words are held in memory at a time while prints are made.
_BATCH: Final = 500

Found = Mapping[Key, tuple[Lookalike, ...]]


def compare(
    home: Home,
    reports: Iterable[JudgedReport],
    *,
    wanted: Callable[[Key], bool] = lambda key: True,
    tell: Callable[[str], None] = lambda line: None,
) -> Found:
    """What is like each of the wanted reports, among all that are given. Inside a transaction: it keeps what it finds.

    Nothing is compared where every report was compared before as it is now.
    """
    held = [report for report in reports if report.agency in home.registry.agencies]
    keys = [(report.agency, report.year) for report in held if wanted((report.agency, report.year))]
    mark, known = _mark(held), home.store.compared()
    made = _print(home, [report.capture for report in held])
    if not made and all(known.get(key) == mark for key in keys):
        return {key: home.store.lookalikes(*key) or () for key in keys}
    tell(f"正在比对 {len(held)} 份报告的文字")
    found = find_lookalikes(_compared(home, held), _reader(home, held), only=wanted)
    home.store.save_lookalikes(found, mark)
    return found


def _mark(reports: Iterable[JudgedReport]) -> str:
    """What all these reports are compared as: another report or another way of comparing makes it another."""
    held = sorted((report.agency, report.year, report.capture) for report in reports)
    return hashlib.sha256(json.dumps([SCHEME, held]).encode()).hexdigest()


def _print(home: Home, captures: Sequence[int]) -> int:
    """Make the prints that are missing, of new readings and of such as a better reader made anew; how many."""
    count = 0
    for start in range(0, len(captures), _BATCH):
        missing = home.store.unprinted(SCHEME, captures[start : start + _BATCH])
        made = [
            (capture, reader, own_prints(report_from_json(json.loads(text))).packed())
            for capture, reader, text in missing
        ]
        home.store.save_prints(SCHEME, made)
        count += len(made)
    return count


def _compared(home: Home, reports: Sequence[JudgedReport]) -> Iterable[Compared]:
    prints = home.store.prints([report.capture for report in reports])
    for report in reports:
        if report.capture in prints:
            agency = home.registry.agencies[report.agency]
            yield Compared(
                (report.agency, report.year),
                agency.name,
                PartPrints.unpacked(prints[report.capture]),
                groups_of(agency),
                agency.aliases,
                report.url,
                report.published_on,
            )


def _reader(home: Home, reports: Sequence[JudgedReport]) -> Callable[[Compared], Report | None]:
    captures = {(report.agency, report.year): report.capture for report in reports}

    def report_of(item: Compared) -> Report | None:
        text = home.store.report_text(captures[item.key])
        return report_from_json(json.loads(text)) if text else None

    return report_of


def groups_of(agency: Agency) -> tuple[str, ...]:
    """Within which others an agency's words may be common: its province, city, county, and its portal."""
    region = agency.region
    places = (region[:2], region[:4], region) if len(region) == 6 else ()
    return (*places, f"portal:{agency.portal}")


def compare_in_hand(reports: Collection[tuple[str, Report]]) -> dict[str, tuple[Lookalike, ...] | None]:
    """What is like each of some reports in hand, by the source it is called by: for lint over a folder.

    None where nothing was compared: the report names no agency or no year, or there is no other agency's to compare it
    with. Which are one agency's is told by the name that the reports give.
    """
    named = {
        source: ((squash(report.agency), report.year), report)
        for source, report in reports
        if report.agency and report.year and report.is_form
    }
    nothing: dict[str, tuple[Lookalike, ...] | None] = {source: None for source, _ in reports}
    if len({key[0] for key, _ in named.values()}) < 2:
        return nothing
    by_key = dict(named.values())
    # An address of the other is not known here, its file is: that is what a person opens.
    files = {key: source for source, (key, _) in named.items()}
    held = [
        replace(compared(key, report, name=report.agency or "", url=files[key]), published_on=report.published_on)
        for key, report in by_key.items()
    ]
    found = find_lookalikes(held, lambda item: by_key[item.key])
    return nothing | {source: found[key] for source, (key, _) in named.items()}
