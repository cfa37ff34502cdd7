"""The roster: HOME/registry/portals.csv and agencies.csv, read, checked as a whole, and added to from .csv or .xlsx.

Beside it stand two lists that an office may keep: submissions.csv, what was submitted to it, and items.csv, what it
asks of reports besides the form.

A roster is taken whole or not at all: every bad row is named (file, line, column, value, mend) in one RegistryError.
Values come from people and spreadsheets, so nothing is evaluated and nothing is guessed. Must not fetch anything.

    tables   a .csv or .xlsx file → rows under the contract's columns
    rows     rows → Portal and Agency, each wrong value named
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.errors import HomeError, RegistryError, system_words
from monitor.exchange import write_atomically
from monitor.model import Registry
from monitor.registry.rows import belongs, check_rows, filings, items
from monitor.registry.tables import AGENCIES, ITEMS, PORTALS, SUBMISSIONS, Form, Row, Table, read_table

__all__ = [
    "ImportResult",
    "belongs",
    "import_agencies",
    "import_items",
    "import_portals",
    "import_submissions",
    "load_registry",
]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did: rows by fate, and the headings of the source that mean nothing here and were left out."""

    added: int
    changed: int
    unchanged: int
    ignored: tuple[str, ...] = ()


def load_registry(home: Path) -> Registry:
    """The registry of a home, checked as a whole. Raises RegistryError with every bad row of both files."""
    problems: list[str] = []
    portals = _read(home, PORTALS, problems)
    agencies = _read(home, AGENCIES, problems)
    registry = check_rows(portals.rows if portals else None, agencies.rows if agencies else ())
    ledger, asked = _rows(home, SUBMISSIONS, problems), _rows(home, ITEMS, problems)
    registry = replace(registry, filings=filings(ledger, registry.agencies), items=items(asked))
    roster = (*(portals.rows if portals else ()), *(agencies.rows if agencies else ()))
    _refuse_unsound((*roster, *ledger, *asked), problems)
    return registry


def import_portals(home: Path, source: Path) -> ImportResult:
    """Merge a .csv or .xlsx of portals into the home's registry, all or nothing. Raises RegistryError, HomeError."""
    problems: list[str] = []
    agencies = _read(home, AGENCIES, problems) if _path(home, AGENCIES).exists() else None
    standing, incoming = _both(home, source, PORTALS, problems)
    merged = _merge(standing, incoming)
    _checked(merged, agencies.rows if agencies else (), problems)
    return _take(home, standing, incoming, merged)


def import_agencies(home: Path, source: Path) -> ImportResult:
    """Merge a .csv or .xlsx of agencies into the home's registry, all or nothing. Raises RegistryError, HomeError."""
    problems: list[str] = []
    portals = _read(home, PORTALS, problems)
    standing, incoming = _both(home, source, AGENCIES, problems)
    merged = _merge(standing, incoming)
    _checked(portals.rows if portals else None, merged, problems)
    return _take(home, standing, incoming, merged)


def import_submissions(home: Path, source: Path) -> ImportResult:
    """Merge a .csv or .xlsx of the ledger into the home's, all or nothing. Raises RegistryError, HomeError."""
    problems: list[str] = []
    registry = load_registry(home)
    standing, incoming = _both(home, source, SUBMISSIONS, problems)
    for row in incoming.rows:
        if row["agency"] and row["agency"] not in registry.agencies:
            row.refuse("agency", "不在单位名单中：请写 agencies.csv 里的编号")
    merged = _merge(standing, incoming)
    filings(merged, registry.agencies)
    _refuse_unsound(merged, problems)
    return _take(home, standing, incoming, merged)


def import_items(home: Path, source: Path) -> ImportResult:
    """Merge a .csv or .xlsx of local items into the home's, all or nothing. Raises RegistryError, HomeError."""
    problems: list[str] = []
    standing, incoming = _both(home, source, ITEMS, problems)
    merged = _merge(standing, incoming)
    items(merged)
    _refuse_unsound(merged, problems)
    return _take(home, standing, incoming, merged)


def _path(home: Path, form: Form) -> Path:
    return home / "registry" / f"{form.name}.csv"


def _read(home: Path, form: Form, problems: list[str]) -> Table | None:
    path = _path(home, form)
    if not path.exists():
        problems.append(f"没有{form.title}名单 {path}：请用 nianbao import {form.name} 文件名 导入（.csv 或 .xlsx）")
        return None
    return read_table(path, form, problems)


def _both(home: Path, source: Path, form: Form, problems: list[str]) -> tuple[Table, Table]:
    """The home's table (empty where it has none yet) and the source's. Raises RegistryError where either is none."""
    standing = _read(home, form, problems) if _path(home, form).exists() else Table(form, tuple(form.headings))
    incoming = read_table(source, form, problems)
    if standing is None or incoming is None:
        raise RegistryError(problems)
    return standing, incoming


def _rows(home: Path, form: Form, problems: list[str]) -> tuple[Row, ...]:
    """The rows of a list that need not be there."""
    table = _read(home, form, problems) if _path(home, form).exists() else None
    return table.rows if table else ()


def _checked(portals: tuple[Row, ...] | None, agencies: tuple[Row, ...], problems: list[str]) -> Registry:
    """The registry of these rows. Raises RegistryError with all that is wrong with them, and `problems` before it."""
    registry = check_rows(portals, agencies)
    _refuse_unsound((*(portals or ()), *agencies), problems)
    return registry


def _refuse_unsound(rows: Iterable[Row], problems: Iterable[str]) -> None:
    """Raises RegistryError with all that is wrong with rows that were checked, and `problems` before it."""
    found = [*problems, *(problem for row in rows for problem in row.problems)]
    if found:
        raise RegistryError(found)


def _merge(standing: Table, incoming: Table) -> tuple[Row, ...]:
    """The standing rows with the incoming ones in their place, new ones after them.

    A column that the source does not have keeps its value. Rows that repeat an id stay, so that checking names them.
    """
    key = standing.form.id_of
    new = {key(row): row for row in incoming.rows}
    old = {key(row): row for row in standing.rows}
    kept = [row for row in standing.rows if key(row) not in new]
    place = {id(row): index for index, row in enumerate(standing.rows)}
    merged = []
    for row in incoming.rows:
        before = old.get(key(row))
        known = {column: value for column, value in row.values.items() if column in standing.form.headings}
        values = (before.values if before else {}) | known
        merged.append(Row(row.file, row.line, values, row.labels, row.problems))
        place[id(merged[-1])] = place[id(before)] if before else len(place)
    return tuple(sorted([*kept, *merged], key=lambda row: place[id(row)]))


def _take(home: Path, standing: Table, incoming: Table, merged: tuple[Row, ...]) -> ImportResult:
    form = standing.form
    old = {form.id_of(row): row for row in standing.rows}
    new = {form.id_of(row): row for row in merged}
    added = sum(form.id_of(row) not in old for row in incoming.rows)
    changed = sum(any(row[column] != new[key][column] for column in form.headings) for key, row in old.items())
    if added or changed or not _path(home, form).exists():
        own = [column for column in standing.columns if column and column not in form.headings]
        _write(_path(home, form), [*form.headings, *own], merged)
    ignored = tuple(column for column in incoming.columns if column and column not in form.headings)
    return ImportResult(added, changed, len(incoming.rows) - added - changed, ignored)


def _write(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row[column] for column in columns] for row in rows)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.getvalue())
    except OSError as error:
        raise HomeError(f"写不进 {path}（{system_words(error)}）：请检查权限和磁盘空间。名单没有改动") from error
