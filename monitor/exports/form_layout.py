"""The form's three tables as placed cells, spans and all, in one grid of fifteen columns that fits them all.

What is drawn from it (a sheet, a page) looks as the form prints it. It knows labels and paths, no figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.form import (
    DISCLOSURE_BLOCKS,
    REMEDY_KINDS,
    REMEDY_RESULTS,
    REQUEST_COLUMNS,
    REQUEST_ROWS,
    REQUESTS_CORNER,
    RESULTS_GROUP,
    Line,
    is_result_row,
)

#: How wide every table is. Table 4 has so many figures side by side; table 3 has 8 for its labels beside its 7 figures.
WIDTH: Final = 15
_HEADING: Final = WIDTH - len(REQUEST_COLUMNS)
_GROUP: Final = 2
_LABEL: Final = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell of the form: its place from 0, its spans, and what stands in it: a label, or the figure at `path`."""

    row: int
    column: int
    columns: int = 1
    rows: int = 1
    label: str = ""
    path: str = ""


def layout(table: str, edition: str) -> tuple[Placed, ...]:
    """A table of the form (a key of `form.TABLES`), row by row."""
    if table == "disclosure":
        return tuple(_disclosure(edition))
    return tuple(_requests(REQUEST_ROWS[edition])) if table == "requests" else tuple(_remedies())


def _disclosure(edition: str) -> Iterator[Placed]:
    at = 0
    for block in DISCLOSURE_BLOCKS[edition]:
        share = (WIDTH - _LABEL) // len(block.columns)
        places = [(_LABEL + place * share, share) for place in range(len(block.columns))]
        places[-1] = (places[-1][0], WIDTH - places[-1][0])
        yield Placed(at, 0, WIDTH, label=block.title)
        yield Placed(at + 1, 0, _LABEL, label="信息内容")
        for line, (column, columns) in zip(block.columns, places, strict=True):
            yield Placed(at + 1, column, columns, label=line.label)
        at += 2
        for row in block.rows:
            yield Placed(at, 0, _LABEL, label=row.label)
            for line, (column, columns) in zip(block.columns, places, strict=True):
                yield Placed(at, column, columns, path=f"disclosure.{row.key}.{line.key}")
            at += 1


def _requests(lines: tuple[Line, ...]) -> Iterator[Placed]:
    first, *legal, last = REQUEST_COLUMNS
    yield Placed(0, 0, _HEADING, 3, label=REQUESTS_CORNER)
    yield Placed(0, _HEADING, len(REQUEST_COLUMNS), label="申请人情况")
    yield Placed(1, _HEADING, 1, 2, label=first.label)
    yield Placed(1, _HEADING + 1, len(legal), label=legal[0].group)
    yield Placed(1, WIDTH - 1, 1, 2, label=last.label)
    for column, applicant in enumerate(legal, start=_HEADING + 1):
        yield Placed(2, column, label=applicant.label)
    for place, line in enumerate(lines):
        yield from _request_labels(lines, place)
        for column, applicant in enumerate(REQUEST_COLUMNS, start=_HEADING):
            yield Placed(place + 3, column, path=f"requests.{line.key}.{applicant.key}")


def _request_labels(lines: tuple[Line, ...], place: int) -> Iterator[Placed]:
    line, at = lines[place], place + 3
    if not is_result_row(line.key) and line.key != "handled":
        yield Placed(at, 0, _HEADING, label=line.label)
        return
    before = lines[place - 1]
    if before.key == "carried_in":
        inside = sum(is_result_row(other.key) for other in lines) + 1  # and the row （七）总计
        yield Placed(at, 0, 1, inside, label=RESULTS_GROUP)
    if not line.group:
        yield Placed(at, 1, _HEADING - 1, label=line.label)
        return
    if line.group != before.group:
        yield Placed(at, 1, _GROUP, sum(other.group == line.group for other in lines), label=line.group)
    yield Placed(at, 1 + _GROUP, _HEADING - 1 - _GROUP, label=line.label)


def _remedies() -> Iterator[Placed]:
    review, *litigation = REMEDY_KINDS
    each = len(REMEDY_RESULTS)
    yield Placed(0, 0, each, label=review.label)
    yield Placed(0, each, WIDTH - each, label=litigation[0].group)
    for place, kind in enumerate(litigation, start=1):
        yield Placed(1, place * each, each, label=kind.label)
    for place, kind in enumerate(REMEDY_KINDS):
        for column, result in enumerate(REMEDY_RESULTS, start=place * each):
            head = Placed(1, column, 1, 2, label=result.label) if kind is review else None
            yield head or Placed(2, column, label=result.label)
            yield Placed(3, column, path=f"remedies.{kind.key}.{result.key}")
