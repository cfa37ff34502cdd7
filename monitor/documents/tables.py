"""Grids as the form's three tables, found by their labels wherever they stand. Places cells; judges no figure.

A figure is read where its place is sure, by the labels above and beside it; what is not sure is unread (`Cell.doubt`)
and named in the table's doubts, on which rules answer "unknown". How much is unread depends on what is wrong:

- the cell: its text is no number (words below a column's label are a cell too), not a whole one where things are
  counted, or the format doubts it; where it holds two numbers, or words for all of its row, the blank cells of the row
  too, for one of them may have lost its own;
- the row: its cells are more or fewer than the form's and do not stand below the head's labels, or a column of the
  agency's own holds figures; it is printed twice, with different figures; it is blank beside figures that could not be
  placed and may be its own;
- the table: its rows, or the labels of its head, stand in another order than the form's (then what the labels say and
  what the places say are two things); rows of figures have no label, and it is not just the one row that is missing at
  that very place (labels and figures may have slid against each other); several rows are printed twice with different
  figures (two tables, and table_years.py cannot tell last year's from this year's by the report's own words); 其他处理
  is printed as one row and in three.

A row that is missing whole, label and figures, leaves the others as they are, with a doubt, and so does a row of the
agency's own in table 3 whose figures might count. Of the same table twice (for phones and for desks) one is taken.
Passed over are rows of the agency's own in table 2, columns of remarks under a head of their own, titles, units and
notes within a table, the numbers of the columns (栏次). Turned tables are turned back (table_turned.py), the columns of
table 3 in pieces below each other are put together (table_requests.py); a table that is set in yet another way is a
doubt: it is not missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.documents import labels
from monitor.documents.placing import Part
from monitor.documents.rows import Draft
from monitor.documents.table_disclosure import collect_disclosure, edition_of
from monitor.documents.table_parts import parts_in
from monitor.documents.table_remedies import collect_remedies
from monitor.documents.table_requests import collect_requests
from monitor.documents.table_years import this_years_parts
from monitor.model import CellTable, Grid, Origin, Paragraph
from monitor.text import squash

_COLLECTORS: Final = {
    "disclosure": collect_disclosure,
    "requests": collect_requests,
    "remedies": collect_remedies,
}
#: So many different labels of a table's rows (of table 4's columns) are that table, however it is set.
_LABELS: Final = (
    ("disclosure", labels.disclosure_row, 4),
    ("requests", labels.request_row, 6),
    ("remedies", labels.remedy_result, 5),
)

#: Labels that stand side by side in the head of a table, as they are found where the table is lost.
_FALLEN: Final = {
    "disclosure": re.compile(r"信息内容[|]?本年(?:制发件数|处理决定数量|收费金额)|信息内容[|]?上一年项目数量"),
    "requests": re.compile(r"商业企业[|]?科研机构[|]?社会公益组织"),
    "remedies": re.compile(r"结果维持[|]?结果纠正[|]?其他结果"),
}

#: So many doubts of a table are told one by one.
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Tables:
    """The three tables by key (None: not in the document), what could not be placed, and the edition by the labels.

    `origins`: table.row → where the row stands. `notes`: what of the tables was left out, a Chinese line each.
    """

    tables: Mapping[str, CellTable | None]
    doubts: Mapping[str, str]
    edition: str | None
    origins: Mapping[str, Origin]
    notes: tuple[str, ...] = ()


def read_tables(blocks: Sequence[Paragraph | Grid], *, year: int | None = None) -> Tables:
    """The form's tables in a document's grids, those of the report's `year` where last year's stand beside them."""
    parts, notes, lost = parts_in(blocks, year=year)
    drafts = {key: Draft() for key in _COLLECTORS}
    for key, collect in _COLLECTORS.items():
        own, note = this_years_parts(key, parts, year)
        if key in lost:
            drafts[key].refuse("表格的行与列互换，格数不齐，无法确定数字属于哪一格")
        collect(own, drafts[key])
        notes += [note] if note else []
    _note_others(parts, drafts)
    _note_fallen(blocks, drafts)
    return Tables(
        {key: draft.rows or None for key, draft in drafts.items()},
        {key: _listed(list(dict.fromkeys(draft.doubts))) for key, draft in drafts.items() if draft.doubts},
        edition_of(drafts["disclosure"].rows),
        {f"{key}.{row}": origin for key, draft in drafts.items() for row, origin in draft.origins.items()},
        tuple(dict.fromkeys(notes)),
    )


def _note_others(parts: Sequence[Part], drafts: Mapping[str, Draft]) -> None:
    """Note a table that is there and set in a way that is not the form's (turned, in pieces): it is not missing."""
    for key, mean, enough in _LABELS:
        draft = drafts[key]
        if draft.rows or draft.doubts:
            continue
        texts = {text for part in parts for row in [*part.heads, *(line.cells for line in part.lines)] for text in row}
        if len({mean(text) for text in texts if text} - {None}) >= enough:
            draft.doubts.append("表格的排法与统一格式不同，没有读出")


def _note_fallen(blocks: Sequence[Paragraph | Grid], drafts: Mapping[str, Draft]) -> None:
    """Note a table whose labels stand one behind the other in the running text: converters lose tables."""
    if all(draft.rows or draft.doubts for draft in drafts.values()):
        return
    squashed = squash("".join(block.text for block in blocks if isinstance(block, Paragraph)))
    for key, head in _FALLEN.items():
        if not drafts[key].rows and not drafts[key].doubts and head.search(squashed):
            drafts[key].doubts.append("表格在文件里散成了文字，没有读出")


def _listed(doubts: Sequence[str]) -> str:
    more = f"；等共{len(doubts)}处" if len(doubts) > _NAMED else ""
    return "；".join(doubts[:_NAMED]) + more
