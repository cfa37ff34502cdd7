"""Grids as the form's three tables, found by their labels wherever they stand. Places cells; judges no figure.

A row or column that cannot be placed for sure is a doubt with its Chinese reason, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.documents.placing import Draft, lines_of
from monitor.documents.table_disclosure import collect_disclosure, edition_of
from monitor.documents.table_remedies import collect_remedies
from monitor.documents.table_requests import collect_requests
from monitor.model import CellTable, Grid, Origin

_COLLECTORS: Final = {
    "disclosure": collect_disclosure,
    "requests": collect_requests,
    "remedies": collect_remedies,
}


#: So many doubts of a table are told one by one.
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Tables:
    """The three tables by key (None: not in the document), what could not be placed, and the edition by the labels.

    `origins`: table.row → where the row stands.
    """

    tables: Mapping[str, CellTable | None]
    doubts: Mapping[str, str]
    edition: str | None
    origins: Mapping[str, Origin]


def read_tables(grids: Sequence[Grid]) -> Tables:
    """The form's tables in a document's grids."""
    lines = [lines_of(grid, number) for number, grid in enumerate(grids, 1) if grid.rows]
    drafts = {key: Draft() for key in _COLLECTORS}
    for key, collect in _COLLECTORS.items():
        collect(lines, drafts[key])
    return Tables(
        {key: draft.rows or None for key, draft in drafts.items()},
        {key: _listed(list(dict.fromkeys(draft.doubts))) for key, draft in drafts.items() if draft.doubts},
        edition_of(drafts["disclosure"].rows),
        {f"{key}.{row}": origin for key, draft in drafts.items() for row, origin in draft.origins.items()},
    )


def _listed(doubts: Sequence[str]) -> str:
    more = f"；等共{len(doubts)}处" if len(doubts) > _NAMED else ""
    return "；".join(doubts[:_NAMED]) + more
