"""Last year's figures beside this year's: left out where the report's own words say which is which, else unread."""

from __future__ import annotations

import pytest

from monitor.form import REMEDY_RESULTS
from tests.form_tables import (
    HEAD,
    REMEDIES_TRUTH,
    Rows,
    disclosure,
    disclosure_truth,
    is_refused,
    read,
    remedies,
    requests,
    requests_truth,
    values,
)

TABLES = {
    "disclosure": (disclosure(), disclosure_truth()),
    "requests": (requests(), requests_truth()),
    "remedies": (remedies(), REMEDIES_TRUTH),
}


def other_year(rows: Rows) -> Rows:
    return [[str(int(text) + 5000) if text.isdigit() else text for text in row] for row in rows]


def titled(title: str, rows: Rows) -> Rows:
    return [[title] * len(rows[0]), *rows]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("this", "last"),
    [
        ("2023年", "2022年"),
        ("2023年度申请情况如下：", "2022年度申请情况如下："),
        ("本年数据", "上年数据"),
        ("（一）二〇二三年", "（二）二〇二二年"),
        ("", "附：上一年情况"),
        ("单位：件", "去年的情况"),
    ],
)
def test_a_table_below_a_caption_that_says_last_year_is_not_taken(table: str, this: str, last: str) -> None:
    rows, truth = TABLES[table]
    old = other_year(rows)
    orders = [(this, rows, last, old)] + [(last, old, this, rows)] * (this[:2] not in ("", "单位"))
    for blocks in orders:
        for found in (
            read("二、主要情况", *blocks),
            read([*titled(blocks[0], blocks[1]), *titled(blocks[2], blocks[3])]),  # type: ignore[arg-type, list-item]
        ):
            assert (values(found, table), found.doubts) == (truth, {}), blocks
            assert [last[:4] in note for note in found.notes] == [True]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "captions",
    [
        ("", ""),
        ("2023年", ""),
        ("", "2023年"),
        ("2022年", ""),  # what follows may be the rest of it
        ("附表一", "附表二"),
        ("2023年", "2023年"),
        ("2022年", "2021年"),
        ("2023年与2022年对比", "2022年"),
        ("2023年", "上年比本年减少"),
        ("2023年", "近三年"),
        ("2023年", "2024年"),
        ("", "2023年1月至12月"),
        ("2023年", "上表为2022年数据"),
    ],
)
def test_two_tables_are_unread_where_captions_do_not_say_which_is_this_years(
    table: str, captions: tuple[str, str]
) -> None:
    rows, _ = TABLES[table]
    found = read("二、主要情况", captions[0], rows, captions[1], other_year(rows))
    assert is_refused(found, table, "两次")
    assert found.notes == ()


def test_the_end_of_a_paragraph_may_be_a_caption() -> None:
    rows, truth = TABLES["requests"]
    long = "本单位按照有关规定办理公众提出的申请，逐件登记，按期答复，并对每一件申请留存办理记录。"
    found = read(f"{long}2022年情况如下：", other_year(rows), f"{long}2023年情况如下：", rows)
    assert values(found, "requests") == truth
    assert is_refused(read(f"{long}上一年的情况如下：", other_year(rows), "2022年", rows), "requests", "两次")
    assert is_refused(read(f"{long}2022年有所减少。", other_year(rows), f"{long}", rows), "requests", "两次")


def test_captions_that_may_stand_below_their_tables_settle_nothing() -> None:
    rows, _ = TABLES["requests"]
    for above in ("2023年度报告", "三、申请情况"):
        found = read(above, other_year(rows), "2022年", rows, "2023年")
        assert is_refused(found, "requests", "两次")
    found = read([*other_year(rows), *titled("2022年", rows), ["2023年"] * len(rows[0])])
    assert is_refused(found, "requests", "两次")


def test_captions_above_both_of_two_tables_settle_nothing() -> None:
    rows, _ = TABLES["requests"]
    assert is_refused(read("2023年", "2022年", other_year(rows), rows), "requests", "两次")


def test_years_say_nothing_where_the_reports_own_is_not_known() -> None:
    rows, truth = TABLES["requests"]
    assert is_refused(read("2023年", rows, "2022年", other_year(rows), year=None), "requests", "两次")
    assert values(read("本年", rows, "上年", other_year(rows), year=None), "requests") == truth


def test_the_only_table_is_taken_whatever_its_caption_says() -> None:
    for table, (rows, truth) in TABLES.items():
        for caption in ("2022年", "附：上一年情况", "2024年"):
            for found in (read(caption, rows), read(titled(caption, rows))):
                assert (values(found, table), found.doubts, found.notes) == (truth, {}, ())


def test_last_years_table_does_not_stand_for_this_years_that_has_no_figures() -> None:
    for table, (rows, _) in TABLES.items():
        head = [row for row in rows if not row[-1].isdigit()]
        for blocks in (("2023年", head, "2022年", rows), ("2023年", [*head, ["2022年"] * len(rows[0])], rows)):
            found = read(*blocks)
            assert values(found, table) == {}, table
            assert found.doubts[table]


def test_last_years_table_over_a_page_break_is_left_out_whole() -> None:
    rows, truth = TABLES["requests"]
    old = other_year(rows)
    for at in range(len(HEAD), len(rows)):
        for head in ([], HEAD if at > len(HEAD) else []):
            found = read("2022年", old[:at], [*head, *old[at:]], "2023年", rows)
            assert values(found, "requests") == truth, at
            lost = read("2022年", old[:at], [*head, *old[at:]], "2023年", rows[:20])
            assert values(lost, "requests").items() <= truth.items(), at


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def beside(rows: Rows, this: str, last: str, *, labels: int, last_first: bool = False) -> Rows:
    """Last year's columns beside this year's, below a row that says so."""
    old = other_year(rows)
    first, second, names = (old, rows, (last, this)) if last_first else (rows, old, (this, last))
    width = len(rows[0]) - labels
    head = [*[""] * labels, *[names[0]] * width, *[names[1]] * width]
    return [head, *([*one[:labels], *one[labels:], *two[labels:]] for one, two in zip(first, second, strict=True))]


@pytest.mark.parametrize("last_first", [False, True])
@pytest.mark.parametrize(("this", "last"), [("2023年", "2022年"), ("本年数", "上年数"), ("2023年度", "2022年度")])
def test_last_years_columns_are_left_out(this: str, last: str, last_first: bool) -> None:
    for table, labels in (("requests", 2), ("remedies", 0)):
        rows, truth = TABLES[table]
        found = read(beside(rows, this, last, labels=labels, last_first=last_first))
        assert (values(found, table), found.doubts) == (truth, {}), table
        assert [last in note for note in found.notes] == [True]
    blocks, truth = TABLES["disclosure"]
    found = read(beside(blocks, this, last, labels=1, last_first=last_first))
    assert values(found, "disclosure").items() <= truth.items()
    assert values(found, "disclosure")["regulations.made"] == truth["regulations.made"]


def test_a_column_of_last_years_beside_each_of_this_years_is_left_out() -> None:
    def pair(row: list[str], labels: int) -> list[str]:
        return [*row[:labels], *(text for own in row[labels:] for text in (own, own))]

    rows, truth = TABLES["requests"]
    for this, last in (("本年", "上年"), ("2023年", "2022年")):
        both = [pair(row, 2) for row in rows]
        for row in both[len(HEAD) :]:
            row[3::2] = [str(int(text) + 5000) for text in row[3::2]]
        both.insert(len(HEAD), [*both[0][:2], *[this, last] * 7])
        found = read(both)
        assert (values(found, "requests"), found.doubts) == (truth, {})


def test_a_column_that_its_head_calls_last_years_is_left_out() -> None:
    rows = [[*row, "上年数" if at < len(HEAD) else "88"] for at, row in enumerate(requests())]
    found = read(rows)
    assert (values(found, "requests"), found.doubts) == (requests_truth(), {})
    block = [
        ["信息内容", "本年制发件数", "上年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "1", "2", "3", "4"],
        ["行政规范性文件", "5", "6", "7", "8"],
    ]
    found = read(block)
    assert [value for _, value in sorted(values(found, "disclosure").items())] == [8, 5, 7, 4, 1, 3]


def test_last_years_columns_are_unread_where_a_row_has_not_all_cells() -> None:
    rows = beside(requests(), "2023年", "2022年", labels=2)
    for at in range(len(HEAD) + 1, len(rows)):
        for place in (1, 4, 12):
            found = read([*rows[:at], [*rows[at][:place], *rows[at][place + 1 :]], *rows[at + 1 :]])
            assert values(found, "requests").items() <= requests_truth().items()


def test_columns_are_not_left_out_where_no_others_are_this_years() -> None:
    for table, labels in (("requests", 2), ("remedies", 0)):
        found = read(beside(TABLES[table][0], "2022年", "2021年", labels=labels))
        assert values(found, table) == {}
        assert found.doubts[table]


def test_columns_of_another_table_in_the_grid_keep_their_figures() -> None:
    own = [[*row[:1], *row[1:2], *row[2:]] for row in disclosure()]
    with_last = [[*row, "上年数" if row[0] == "信息内容" else row[0] if row[0] == row[1] else "77"] for row in own]
    found = read([*([*row, *[""] * 4] for row in with_last), *requests()])
    assert values(found, "requests") == requests_truth()
    assert values(found, "disclosure") == disclosure_truth()


def test_a_row_of_last_years_below_this_years_in_table_4_is_left_out() -> None:
    rows = remedies()
    head = [["年度", *row] for row in rows[:-1]]
    this, last = ["2023年", *rows[-1]], ["2022年", *(str(int(text) + 5000) for text in rows[-1])]
    for order in ([this, last], [last, this]):
        found = read([*head, *order])
        assert (values(found, "remedies"), found.doubts) == (REMEDIES_TRUTH, {})
        assert "2022年" in found.notes[0]
    assert values(read([*head, last, last]), "remedies") == {}


def test_the_forms_own_columns_of_last_year_are_read() -> None:
    found = read(disclosure("2019"))
    assert (values(found, "disclosure"), found.notes) == (disclosure_truth("2019"), ())
    assert len(REMEDY_RESULTS) == 5
