"""Tables that are set in another way than the form's: turned, in halves, in pieces with heads of their own."""

from __future__ import annotations

from itertools import pairwise

import pytest

from monitor.documents.tables import read_tables
from monitor.form import DISCLOSURE_BLOCKS, REQUEST_COLUMNS, REQUEST_ROWS
from monitor.model import Grid
from tests.form_tables import (
    GROUP,
    HEAD,
    REMEDIES_TRUTH,
    Rows,
    disclosure,
    disclosure_truth,
    figure,
    is_refused,
    read,
    remedies,
    requests,
    requests_truth,
    unread_rows,
    values,
)


def turned(rows: Rows) -> Rows:
    return [list(row) for row in zip(*rows, strict=True)]


def requests_turned(edition: str = "2021") -> Rows:
    """Table 3 with the applicants before the rows, as one would draw it."""
    lines = REQUEST_ROWS[edition]
    rows = [["申请人", "申请人", *(line.group or line.label for line in lines)]]
    rows.append(["申请人", "申请人", *(line.label for line in lines)])
    for place, column in enumerate(REQUEST_COLUMNS):
        group = GROUP if 0 < place < 6 else column.label
        rows.append([group, column.label, *(str(figure(number, place)) for number in range(len(lines)))])
    return rows


def blocks_turned(edition: str) -> list[Rows]:
    """The blocks of table 2, each with its items at the head of columns."""
    return [
        [
            ["信息内容", *(row.label for row in block.rows)],
            *(
                [column.label, *(str(figure(10 * number + place, at)) for place in range(len(block.rows)))]
                for at, column in enumerate(block.columns)
            ),
        ]
        for number, block in enumerate(DISCLOSURE_BLOCKS[edition])
    ]


# ── turned ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_tables_2_and_3_turned_are_read_by_their_labels(edition: str) -> None:
    for rows in (turned(requests(edition)), requests_turned(edition)):
        found = read(rows)
        assert (values(found, "requests"), found.doubts) == (requests_truth(edition), {})
    titles = [block.title for block in DISCLOSURE_BLOCKS[edition]]
    blocks = blocks_turned(edition)
    width = max(len(block[0]) for block in blocks)
    spread = [[[*row, *[row[-1]] * (width - len(row))] for row in block] for block in blocks]
    below = [row for title, block in zip(titles, spread, strict=True) for row in [[title] * width, *block]]
    for tables in ([turned(disclosure(edition))], blocks, [below]):
        found = read(*tables)
        assert (values(found, "disclosure"), found.doubts, found.edition) == (disclosure_truth(edition), {}, edition)


def test_a_turned_table_stands_beside_others_of_the_form() -> None:
    found = read(disclosure(), "三、收到和处理", requests_turned(), remedies())
    assert found.doubts == {}
    assert values(found, "requests") == requests_truth()
    assert values(found, "disclosure") == disclosure_truth()
    assert values(found, "remedies") == REMEDIES_TRUTH


def test_a_row_of_a_turned_table_that_has_not_all_its_cells_makes_it_unread() -> None:
    rows = requests_turned()
    for at in range(2, len(rows)):
        for change in ([*rows[at][:9], *rows[at][10:]], [*rows[at][:9], "5", *rows[at][9:]]):
            found = read([*rows[:at], change, *rows[at + 1 :]])
            assert values(found, "requests") == {}
            assert found.doubts["requests"]


@pytest.mark.parametrize("rows", [requests_turned(), turned(requests()), turned(disclosure("2019"))])
def test_nothing_of_a_damaged_turned_table_is_read_wrongly(rows: Rows) -> None:
    truth = {**requests_truth(), **disclosure_truth("2019")}
    for first, second in pairwise(range(len(rows))):
        for table in (
            [*rows[:first], rows[second], rows[first], *rows[second + 1 :]],
            [*rows[:first], *rows[second:]],
            [[text for place, text in enumerate(row) if place != second] for row in rows],
            [[*row[:first], row[second], row[first], *row[second + 1 :]] for row in rows],
            [*rows[:second], ["", *rows[second][1:]], *rows[second + 1 :]],
        ):
            found = read(table)
            for key in ("requests", "disclosure"):
                assert values(found, key).items() <= truth.items(), (first, key)


def test_a_label_that_a_turned_table_lost_costs_its_column() -> None:
    rows = requests_turned()
    for at in range(2, len(rows[0])):
        lost = [[*row[:at], "", *row[at + 1 :]] if number < 2 else row for number, row in enumerate(rows)]
        found = read(lost)
        assert values(found, "requests").items() <= requests_truth().items()
        assert found.doubts["requests"]
    for at in range(2, len(rows)):
        lost = [["", "", *row[2:]] if number == at else row for number, row in enumerate(rows)]
        assert values(read(lost), "requests") == {}


def test_doubts_of_a_turned_table_stay_with_their_figures() -> None:
    rows = requests_turned()
    found = read_tables([Grid(tuple(map(tuple, rows)), doubts={(3, 4): "识别不清"})])
    cell = (found.tables["requests"] or {})["granted"]["business"]
    assert (cell.value, cell.text, cell.doubt) == (None, "1021", "识别不清")
    assert len(values(found, "requests")) == 174
    origin = found.origins["requests.granted"]
    assert (origin.table, origin.row, origin.columns) == (1, 1, {})


# ── halves ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def halves(*edges: int, rows: Rows | None = None) -> list[Rows]:
    """Table 3 cut into pieces before some of its columns, each with the rows' labels."""
    rows = rows or requests()
    cuts = [0, *edges, 7]
    return [[[*row[:2], *row[2 + start : 2 + end]] for row in rows] for start, end in pairwise(cuts)]


def test_a_table_set_in_two_halves_beside_each_other_is_read_by_its_labels() -> None:
    found = read([[*row[:3], *row[:2], *row[3:]] for row in requests()])
    assert (found.doubts, values(found, "requests")) == ({}, requests_truth())


@pytest.mark.parametrize("edges", [(1,), (2,), (3,), (4,), (2, 4), (1, 3, 5)])
@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_a_table_set_in_pieces_below_each_other_is_read_by_its_labels(edition: str, edges: tuple[int, ...]) -> None:
    pieces = halves(*edges, rows=requests(edition))
    for tables in (pieces, [[row for piece in pieces for row in piece]]):
        found = read(disclosure(edition), "三、收到和处理", *tables, remedies())
        assert (found.doubts, values(found, "requests")) == ({}, requests_truth(edition))


def test_a_piece_may_go_over_a_page_break() -> None:
    first, second = halves(3)
    for at in range(len(HEAD) + 1, len(first)):
        for head in (0, len(HEAD)):
            found = read(first[:at], [*first[:head], *first[at:]], second[:at], [*second[:head], *second[at:]])
            assert (found.doubts, values(found, "requests")) == ({}, requests_truth()), at


def test_halves_that_are_not_the_whole_or_overlap_are_unread() -> None:
    first, second = halves(3)
    for tables in ([first], [second], [second, first], [first, first], [first, halves(2)[1]], [first, halves(4)[1]]):
        found = read(*tables)
        assert values(found, "requests") == {}
        assert found.doubts["requests"]


def test_a_row_that_only_one_half_has_is_read_there_and_unread_in_the_other() -> None:
    first, second = halves(3)
    for at in range(len(HEAD), len(first)):
        found = read(first, [*second[:at], *second[at + 1 :]])
        right = values(found, "requests")
        assert right.items() <= requests_truth().items()
        assert len(right) == 171
        assert "没有找到" in found.doubts["requests"]


def test_halves_are_unread_where_the_labels_of_one_slid() -> None:
    first, second = halves(3)
    labels = [row[:2] for row in second[5:9]]
    slid = [[*label, *row[2:]] for label, row in zip([*labels[1:], ["", ""]], second[5:9], strict=True)]
    assert is_refused(read(first, [*second[:5], *slid, *second[9:]]), "requests", "错位")
    blank = [[*row[:2], *[""] * 4] if at in (5, 7) else row for at, row in enumerate(second)]
    found = read(
        [
            *first[:5],
            *([*label, *row[2:]] for label, row in zip([["", ""], *labels[:-1]], first[5:9], strict=True)),
            *first[9:],
        ],
        blank,
    )
    assert is_refused(found, "requests", "错位")


def test_halves_with_a_column_out_of_order_or_a_lost_cell_give_no_wrong_figure() -> None:
    first, second = halves(3)
    for at in range(2, len(second[0]) - 1):
        swapped = [[*row[:at], row[at + 1], row[at], *row[at + 2 :]] for row in second]
        found = read(first, swapped)
        assert values(found, "requests").items() <= requests_truth().items()
        assert found.doubts["requests"]
    lost = [*second[:6], second[6][:-1], *second[7:]]
    found = read(first, lost)
    assert len(values(found, "requests")) == 171
    assert "carried" not in "".join(unread_rows(found, "requests"))


# ── the results as a table of their own ─────────────────────────────────────────────────────────────────────────────


def test_the_results_may_be_a_table_of_their_own() -> None:
    rows = requests()
    above, results, below = rows[: len(HEAD) + 2], rows[len(HEAD) + 2 : -1], rows[-1:]
    own = [[text if text != HEAD[0][0] else "办理结果" for text in row] for row in HEAD]
    short = [own[2]]
    for head in (HEAD, own, short):
        for last in ([*head, *below], below):
            found = read(above, "（二）办理结果", [*head, *results], "（三）结转", last)
            assert (found.doubts, values(found, "requests")) == ({}, requests_truth())
    found = read(above, "办理结果", turned([*own, *results]), [*HEAD, *below])
    assert values(found, "requests").items() <= requests_truth().items()
