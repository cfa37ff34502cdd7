"""Grids as the form's three tables, found by their labels wherever they stand. Places cells; judges no figure.

A figure is read where its place is sure, by the labels above and beside it; what is not sure is unread (`Cell.doubt`)
and named in the table's doubts, on which rules answer "unknown". How much is unread depends on what is wrong:

- the cell: its text is no number, not a whole one where things are counted, or the format doubts it; where it holds two
  numbers, the blank cells of its row too, for one of them may have lost its own;
- the row: its cells are more or fewer than the form's and do not stand below the head's labels, or a column of the
  agency's own holds figures; it is printed twice, with different figures; it is blank beside figures that could not be
  placed and may be its own;
- the table: its rows, or the labels of its head, stand in another order than the form's (then what the labels say and
  what the places say are two things); rows of figures have no label, and it is not just the one row that is missing at
  that very place (labels and figures may have slid against each other); several rows are printed twice with different
  figures (two tables: last year's beside this year's); 其他处理 is printed as one row and in three.

A row that is missing whole, label and figures, leaves the others as they are, with a doubt, and so does a row of the
agency's own in table 3 whose figures might count. Of the same table twice (for phones and for desks) one is taken.
Passed over are rows of the agency's own in table 2, columns of remarks under a head of their own, titles, units and
notes within a table, the numbers of the columns (栏次). A table that is there, but set in a way that is not the form's
(turned, in pieces), is a doubt: it is not missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from monitor.documents import labels
from monitor.documents.placing import Line, Part, Texts, beside_own, lines_of, own_places
from monitor.documents.rows import Draft
from monitor.documents.table_disclosure import collect_disclosure, edition_of, is_disclosure_head
from monitor.documents.table_remedies import collect_remedies, is_remedy_head
from monitor.documents.table_requests import collect_requests, is_request_head
from monitor.model import CellTable, Grid, Origin
from monitor.text import squash

_COLLECTORS: Final = {
    "disclosure": collect_disclosure,
    "requests": collect_requests,
    "remedies": collect_remedies,
}
#: Whose head a row of words is; table 2 comes last, for its labels of columns are the most common words.
_HEADS: Final = (("requests", is_request_head), ("remedies", is_remedy_head), ("disclosure", is_disclosure_head))
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

    `origins`: table.row → where the row stands.
    """

    tables: Mapping[str, CellTable | None]
    doubts: Mapping[str, str]
    edition: str | None
    origins: Mapping[str, Origin]


def read_tables(grids: Sequence[Grid], words: str = "") -> Tables:
    """The form's tables in a document's grids. `words`: its running text, in which a table may be that fell apart."""
    parts = [part for number, grid in enumerate(grids, 1) for part in parts_of(lines_of(grid, number))]
    drafts = {key: Draft() for key in _COLLECTORS}
    for key, collect in _COLLECTORS.items():
        collect([part for part in parts if part.table in (key, None)], drafts[key])
    _note_others(parts, drafts)
    _note_fallen(words, drafts)
    return Tables(
        {key: draft.rows or None for key, draft in drafts.items()},
        {key: _listed(list(dict.fromkeys(draft.doubts))) for key, draft in drafts.items() if draft.doubts},
        edition_of(drafts["disclosure"].rows),
        {f"{key}.{row}": origin for key, draft in drafts.items() for row, origin in draft.origins.items()},
    )


def parts_of(lines: Sequence[Line]) -> list[Part]:
    """The rows of a grid by the heads that they stand below: one grid may hold all three tables, or a head twice."""
    parts: list[Part] = []
    table: str | None = None
    heads: list[Texts] = []
    body: list[Line] = []
    for line in lines:
        own = None if line.figures or line.last < 0 else _head_of(line.cells)
        if own is None:
            body.append(line)
            continue
        if body or own != table:
            if body or heads:
                parts.append(_part(table, heads, body))
            table, heads, body = own, [], []
        heads.append(line.cells)
    if body or heads:
        parts.append(_part(table, heads, body))
    return parts


def _part(table: str | None, heads: Sequence[Texts], body: list[Line]) -> Part:
    own = _own_places(tuple(heads)) if body else frozenset()
    return Part(table, tuple(heads), [beside_own(line, own) for line in body] if own else body)


_own_places: Final = lru_cache(maxsize=256)(own_places)


@lru_cache(maxsize=1024)
def _head_of(texts: Texts) -> str | None:
    """The table whose head a row of words is part of."""
    return next((key for key, is_head in _HEADS if is_head(texts)), None)


def _note_others(parts: Sequence[Part], drafts: Mapping[str, Draft]) -> None:
    """Note a table that is there and set in a way that is not the form's (turned, in pieces): it is not missing."""
    for key, mean, enough in _LABELS:
        draft = drafts[key]
        if draft.rows or draft.doubts:
            continue
        texts = {text for part in parts for row in [*part.heads, *(line.cells for line in part.lines)] for text in row}
        if len({mean(text) for text in texts if text} - {None}) >= enough:
            draft.doubts.append("表格的排法与统一格式不同，没有读出")


def _note_fallen(words: str, drafts: Mapping[str, Draft]) -> None:
    """Note a table whose labels stand one behind the other in the running text: converters lose tables."""
    squashed = squash(words)
    for key, head in _FALLEN.items():
        if not drafts[key].rows and not drafts[key].doubts and head.search(squashed):
            drafts[key].doubts.append("表格在文件里散成了文字，没有读出")


def _listed(doubts: Sequence[str]) -> str:
    more = f"；等共{len(doubts)}处" if len(doubts) > _NAMED else ""
    return "；".join(doubts[:_NAMED]) + more
