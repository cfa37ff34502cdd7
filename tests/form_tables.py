"""The form's tables as rows of texts, each figure of its own, and what reading makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from monitor.documents.formats.grids import NO_CELL
from monitor.documents.tables import Tables, read_tables
from monitor.form import DISCLOSURE_BLOCKS, REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS, REQUEST_ROWS, REQUESTS_CORNER
from monitor.model import Grid, Paragraph

Rows = list[list[str]]

COLUMNS = [line.key for line in REQUEST_COLUMNS]
KINDS = [line.key for line in REMEDY_KINDS]
RESULTS = [line.key for line in REMEDY_RESULTS]
GROUP = "法人或其他组织"
HEAD = [
    [REQUESTS_CORNER, REQUESTS_CORNER, *["申请人情况"] * 7],
    [REQUESTS_CORNER, REQUESTS_CORNER, "自然人", *[GROUP] * 5, "总计"],
    [REQUESTS_CORNER, REQUESTS_CORNER, *(line.label for line in REQUEST_COLUMNS)],
]


def figure(row: int, column: int) -> int:
    """A figure that stands at one place only."""
    return 1000 + 10 * row + column


def request_rows(edition: str = "2021", first: int = 0) -> Rows:
    return [
        [line.group or line.label, line.label, *(str(figure(first + number, column)) for column in range(7))]
        for number, line in enumerate(REQUEST_ROWS[edition])
    ]


def requests(edition: str = "2021") -> Rows:
    return [*(list(row) for row in HEAD), *request_rows(edition)]


def requests_truth(edition: str = "2021") -> dict[str, int]:
    return {
        f"{line.key}.{column}": figure(number, place)
        for number, line in enumerate(REQUEST_ROWS[edition])
        for place, column in enumerate(COLUMNS)
    }


def disclosure(edition: str = "2021") -> Rows:
    rows: Rows = []
    for number, block in enumerate(DISCLOSURE_BLOCKS[edition]):
        labels = [column.label for column in block.columns]
        rows.append([block.title] * 4)
        rows.append(_spread(["信息内容", *labels]))
        for place, row in enumerate(block.rows):
            rows.append(_spread([row.label, *(str(figure(10 * number + place, at)) for at in range(len(labels)))]))
    return rows


def _spread(cells: Sequence[str]) -> list[str]:
    """A row of four places: the last cell of a shorter one spans the rest."""
    return [*cells, *[cells[-1]] * (4 - len(cells))]


def disclosure_truth(edition: str = "2021") -> dict[str, int]:
    return {
        f"{row.key}.{column.key}": figure(10 * number + place, at)
        for number, block in enumerate(DISCLOSURE_BLOCKS[edition])
        for place, row in enumerate(block.rows)
        for at, column in enumerate(block.columns)
    }


def remedies() -> Rows:
    results = [line.label for line in REMEDY_RESULTS]
    return [
        ["行政复议"] * 5 + ["行政诉讼"] * 10,
        results + ["未经复议直接起诉"] * 5 + ["复议后起诉"] * 5,
        results * 3,
        [str(figure(0, place)) for place in range(15)],
    ]


def remedies_by_kind() -> Rows:
    """Table 4 with a row for each kind."""
    rows = [["", *(line.label for line in REMEDY_RESULTS)]]
    return rows + [
        [line.label, *(str(figure(0, 5 * number + place)) for place in range(5))]
        for number, line in enumerate(REMEDY_KINDS)
    ]


REMEDIES_TRUTH = {
    f"{kind}.{result}": figure(0, 5 * number + place)
    for number, kind in enumerate(KINDS)
    for place, result in enumerate(RESULTS)
}


def grid(rows: Sequence[Sequence[str]], **more: object) -> Grid:
    width = max(map(len, rows))
    return Grid(tuple((*row, *[NO_CELL] * (width - len(row))) for row in rows), **more)  # type: ignore[arg-type]


def read(*blocks: Rows | str, year: int | None = 2023) -> Tables:
    """What is read of tables, with lines of text between them."""
    return read_tables([Paragraph(block) if isinstance(block, str) else grid(block) for block in blocks], year=year)


def values(read_: Tables, table: str) -> dict[str, int | Decimal | None]:
    """The cells of a table that were read, by path; those that are unread are left out."""
    return {
        f"{row}.{column}": cell.value
        for row, cells in (read_.tables[table] or {}).items()
        for column, cell in cells.items()
        if not cell.doubt
    }


def unread_rows(read_: Tables, table: str) -> set[str]:
    return {row for row, cells in (read_.tables[table] or {}).items() if all(cell.doubt for cell in cells.values())}


def is_refused(read_: Tables, table: str, words: str) -> bool:
    return values(read_, table) == {} and words in read_.doubts[table]
