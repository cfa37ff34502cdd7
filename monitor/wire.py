"""A report as JSON and back: the contract's `report` object, plus the keys that storing needs. Lossless."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from monitor.form import TABLES
from monitor.model import Cell, CellTable, Contact, Figure, Origin, Outcome, Period, Place, Report, Section


def report_to_json(report: Report) -> dict[str, Any]:
    """The contract's object. Numbers are JSON numbers; `raw` holds the text of every cell that is not a plain number.

    A cell that could not be read is null, with its text in `raw` and the reason in `unread`.
    """
    return {
        "title": report.title,
        "agency": report.agency,
        "year": report.year,
        "format": report.format,
        "period": {"start": report.period.start.isoformat(), "end": report.period.end.isoformat()}
        if report.period
        else None,
        "published_on": _iso(report.published_on),
        "published_source": report.published_source,
        "signed_by": report.signed_by,
        "signed_on": _iso(report.signed_on),
        "contact": {
            "address": report.contact.address,
            "postcode": report.contact.postcode,
            "phone": report.contact.phone,
            "email": report.contact.email,
        },
        "sections": [
            {"number": s.number, "heading": s.heading, "text": s.text, "part": s.part, "printed": s.printed}
            for s in report.sections
        ],
        "tables": {key: _numbers(report.tables.get(key)) for key in TABLES},
        "raw": {path: cell.text for path, cell in report.cells() if cell.text.strip() and not _is_plain(cell)},
        "unread": {path: cell.doubt for path, cell in report.cells() if cell.doubt},
        "doubts": dict(report.doubts),
        "preface": report.preface,
        "is_form": report.is_form,
        "is_scan": report.is_scan,
        "figures": [{**_plain(figure, "key quote unit part scope"), **_stated(figure)} for figure in report.figures],
        "notes": list(report.notes),
        "document": report.document,
        "media_type": report.media_type,
        "origins": {
            path: {**_plain(origin, "table row page"), "columns": dict(origin.columns)}
            for path, origin in report.origins.items()
        },
        "places": {name: _plain(place, "block page quote") for name, place in report.places.items()},
    }


#: Keys of a stored report that `provenance_to_json` tells in full.
PROVENANCE: Final = ("document", "media_type", "origins", "places")


def provenance_to_json(report: Report) -> dict[str, Any]:
    """Where each value of a report stands (出处): `cells` by path, `fields` by name. All numbers count from 1.

    A cell that could not be placed has the table and the row that it must be in, and no column.
    """
    return {
        "document": report.document,
        "media_type": report.media_type,
        "cells": {
            path: {
                "table": origin.table,
                "row": origin.row,
                "column": origin.columns.get(path.rsplit(".", 1)[1]),
                "page": origin.page or None,
            }
            for path, _ in report.cells()
            for origin in [report.origins.get(path.rsplit(".", 1)[0])]
            if origin is not None
        },
        "fields": {
            name: {"block": place.block, "page": place.page or None, "quote": place.quote}
            for name, place in report.places.items()
        },
    }


def report_from_json(raw: Mapping[str, Any]) -> Report:
    """The report that `report_to_json` wrote; keys that storing added may be missing. Raises KeyError or ValueError."""
    texts, unread = raw.get("raw", {}), raw.get("unread", {})
    period = raw.get("period")
    return Report(
        title=raw["title"],
        agency=raw["agency"],
        year=raw["year"],
        format=raw["format"],
        period=Period(date.fromisoformat(period["start"]), date.fromisoformat(period["end"])) if period else None,
        published_on=_date(raw.get("published_on")),
        published_source=raw.get("published_source"),
        signed_by=raw.get("signed_by"),
        signed_on=_date(raw.get("signed_on")),
        contact=Contact(**raw.get("contact") or {}),
        preface=raw.get("preface", ""),
        sections=tuple(_section(section) for section in raw["sections"]),
        tables={key: _cells(key, table, texts, unread) for key, table in raw["tables"].items()},
        doubts=raw.get("doubts", {}),
        is_form=raw.get("is_form", True),
        figures=tuple(map(_figure, raw.get("figures", ()))),
        origins={path: Origin(**origin) for path, origin in raw.get("origins", {}).items()},
        places={name: Place(**place) for name, place in raw.get("places", {}).items()},
        document=raw.get("document", ""),
        media_type=raw.get("media_type", ""),
        is_scan=raw.get("is_scan", False),
        notes=tuple(raw.get("notes", ())),
    )


def outcomes_to_json(outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    """The contract's `findings` and `outcomes` of one report."""
    return {
        "findings": [
            {
                "rule": finding.rule,
                "name": finding.name,
                "severity": str(finding.severity),
                "message": finding.message,
                "basis": finding.basis,
                "evidence": {
                    "quote": finding.quote or None,
                    "section": finding.section or None,
                    "cell": finding.cell or None,
                },
                "expected": finding.expected or None,
                "found": finding.found or None,
                "explained": finding.explained or None,
            }
            for outcome in outcomes
            for finding in outcome.findings
        ],
        "outcomes": [
            {"rule": outcome.rule, "status": str(outcome.status), "reason": outcome.reason or None}
            for outcome in outcomes
        ],
    }


def _numbers(table: CellTable | None) -> dict[str, dict[str, int | float | None]] | None:
    if table is None:
        return None
    return {row: {column: _number(cell.value) for column, cell in cells.items()} for row, cells in table.items()}


def _number(value: int | Decimal | None) -> int | float | None:
    # JSON has one kind of number; amounts in 万元 have few digits, which a float's shortest form prints as they are.
    return float(value) if isinstance(value, Decimal) else value


def _is_plain(cell: Cell) -> bool:
    """Whether the number alone gives the text back."""
    return cell.value is not None and cell.text == str(_number(cell.value))


def _cells(
    key: str, table: Mapping[str, Mapping[str, Any]] | None, texts: Mapping[str, str], unread: Mapping[str, str]
) -> dict[str, dict[str, Cell]] | None:
    if table is None:
        return None
    odd = {path for path in (*texts, *unread) if path.startswith(key)}
    return {
        row: {
            column: _told(number, path, texts, unread)
            if odd and (path := f"{key}.{row}.{column}") in odd
            else _printed(number)
            for column, number in columns.items()
        }
        for row, columns in table.items()
    }


def _told(number: Any, path: str, texts: Mapping[str, str], unread: Mapping[str, str]) -> Cell:
    """A cell whose number does not say all of it."""
    return Cell(_exact(number), texts.get(path, "" if number is None else str(number)), unread.get(path, ""))


@lru_cache(4096, typed=True)
def _printed(number: Any) -> Cell:
    """A cell in which the number stands as such, or nothing. Most cells of most reports are the same few."""
    return Cell(_exact(number), "" if number is None else str(number))


def _plain(value: object, names: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names.split()}


def _stated(figure: Figure) -> dict[str, Any]:
    return {"value": _number(figure.value), "place": _plain(figure.place, "block page quote")}


def _figure(raw: Mapping[str, Any]) -> Figure:
    return Figure(**{**raw, "value": _exact(raw["value"]), "place": Place(**raw["place"])})


def _exact(number: Any) -> Any:
    return Decimal(str(number)) if isinstance(number, float) else number


def _section(raw: Mapping[str, Any]) -> Section:
    heading = raw["heading"]
    return Section(raw["number"], raw.get("part", raw["number"]), heading, raw.get("printed", heading), raw["text"])


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
