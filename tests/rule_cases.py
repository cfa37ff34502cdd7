"""Turns a case of tests/rules/<rule>.yaml, or an example of a rule, into the `Context` that the rule sees.

A case says what differs from the clean report (tests/rules/clean.yaml): nested as in the contract or by dotted path.
`sections` and its parts are addressed by number (sections.4.heading); null takes a section, a table or a value away.
`doubts` marks cells or tables as unread. Or a case gives a whole document as `text` or `html`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from monitor import form
from monitor.checks import Context, Example
from monitor.checks.base import Lookalike
from monitor.checks.others import Others
from monitor.documents.figures import find_figures
from monitor.documents.running import Line
from monitor.model import Report
from monitor.office import LocalItem
from monitor.rollup import Source, Sums, add_up
from monitor.wire import report_from_json

RULES_FOLDER = Path(__file__).parent / "rules"


def load_cases(rule: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((RULES_FOLDER / f"{rule}.yaml").read_text("utf-8"))["cases"])


@cache
def _clean() -> dict[str, Any]:
    return dict(_plain(yaml.safe_load((RULES_FOLDER / "clean.yaml").read_text("utf-8"))))


def _plain(value: Any) -> Any:
    """YAML reads 2023-01-01 as a date; the contract's JSON has text."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def blank_tables(edition: str, value: Any = 0) -> dict[str, Any]:
    """All tables of an edition, each cell the same."""
    return {
        "disclosure": {
            row.key: {column.key: value for column in block.columns}
            for block in form.DISCLOSURE_BLOCKS[edition]
            for row in block.rows
        },
        "requests": {
            row.key: {column.key: value for column in form.REQUEST_COLUMNS} for row in form.REQUEST_ROWS[edition]
        },
        "remedies": {kind.key: {result.key: value for result in form.REMEDY_RESULTS} for kind in form.REMEDY_KINDS},
    }


def build_report(patch: Mapping[str, Any] | None = None, *, cells: Any = 0) -> Report:
    """The clean report with a patch; `cells`: what stands in every cell of its tables."""
    raw = copy.deepcopy(_clean())
    patch = _plain(patch or {})
    raw["sections"] = {section["part"]: section for section in raw["sections"]}
    raw["tables"] = blank_tables(str(patch.get("format", raw["format"])), cells)
    for path, value in patch.items():
        _set(raw, path.split("."), value)
    if isinstance(raw["sections"], dict):
        raw["sections"] = [section for section in raw["sections"].values() if section is not None]
    for section in raw["sections"]:
        # The heading is what stands behind the number: a case need only give the printed line.
        _, mark, heading = section["printed"].partition("、")
        section["heading"] = (heading if mark else section["printed"]).strip()
    report = report_from_json(raw)
    # What the running text states is read from the case's own words, as reading would.
    parts = [(0, report.preface), *((section.part, section.text) for section in report.sections)]
    stated = [(part, [Line(line) for line in text.split("\n")]) for part, text in parts]
    return replace(report, figures=find_figures(stated, year=report.year, agency=report.agency or ""))


def _set(target: dict[Any, Any], path: list[str], value: Any) -> None:
    """Put a value at a path, merging mappings into mappings. A cell given as text is `raw` text without a number."""
    head, *rest = (int(step) if step.isdigit() else step for step in path)
    if rest and target.get(head) is None:
        target[head] = {}
    if rest:
        _set(target[head], [str(step) for step in rest], value)
    elif isinstance(value, dict) and isinstance(target.get(head), dict):
        for key, item in value.items():
            _set(target[head], [str(key)], item)
    elif value == "absent":
        target.pop(head, None)
    else:
        target[head] = value


def build_context(case: Mapping[str, Any]) -> Context:
    published = case.get("published_on")
    return Context(
        report=_read(case) or build_report(case.get("report")),
        agency_names=tuple(case.get("agency_names", ())),
        year=case.get("year"),
        previous=build_report(case["previous"]) if case.get("previous") is not None else None,
        published_on=date.fromisoformat(published) if isinstance(published, str) else published,
        kind=case.get("kind", ""),
        others=Others.of(case.get("others", ())),
        lookalikes=_lookalikes(case.get("lookalikes")),
        area=_area(case.get("agencies"), case.get("missing", ()), case.get("names", {})),
        items=_items(case.get("items", ())),
    )


def _area(given: Sequence[Mapping[str, Any]] | None, missing: Sequence[str], names: Mapping[int, str]) -> Sums | None:
    """None: nobody was summed. `names`: place in the list, from 1 → what the agency is called."""
    if given is None:
        return None
    sources = [
        Source(agency=str(number), name=names.get(number, f"单位{number}"), report=build_report(patch))
        for number, patch in enumerate(given, start=1)
    ]
    return add_up([*sources, *(Source(agency=name, name=name, words="未见报告") for name in missing)], "2021")


def _items(given: Sequence[Mapping[str, Any] | LocalItem]) -> tuple[LocalItem, ...]:
    """A case writes name, words (a list of lists) and, where they matter, kinds, since, until, basis."""
    return tuple(
        item
        if isinstance(item, LocalItem)
        else LocalItem(**{**item, "words": tuple(map(tuple, item["words"])), "kinds": tuple(item.get("kinds", ()))})
        for item in given
    )


def _lookalikes(given: list[Mapping[str, Any] | Lookalike] | None) -> tuple[Lookalike, ...] | None:
    """None: nothing was compared. A case writes agency, year, shared and passages (pairs)."""
    if given is None:
        return None
    return tuple(
        item
        if isinstance(item, Lookalike)
        else Lookalike(**{**item, "passages": tuple(map(tuple, item.get("passages", ())))})
        for item in given
    )


def context_of(example: Example) -> Context:
    return build_context(
        {
            "report": example.report,
            "agency_names": example.agency_names,
            "year": example.year,
            "previous": example.previous,
            "published_on": example.published_on,
            "kind": example.kind,
            "others": example.others,
            "lookalikes": example.lookalikes,
            "agencies": example.agencies,
            "items": example.items,
        }
    )


def _read(case: Mapping[str, Any]) -> Report | None:
    for kind, name in (("text", "case.txt"), ("html", "case.html")):
        if kind in case:
            from monitor.documents import read_document, read_report

            return read_report(read_document(case[kind].encode(), name=name))
    return None
