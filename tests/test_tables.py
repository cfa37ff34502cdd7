"""The form's tables out of grids: read where each figure's place is sure, unread and named where it is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.documents import read_document
from monitor.documents.formats.grids import NO_CELL
from monitor.documents.tables import Tables, read_tables
from monitor.form import REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS, REQUEST_ROWS
from monitor.model import Grid
from monitor.text import clean
from tests.form_tables import (
    COLUMNS,
    GROUP,
    HEAD,
    REMEDIES_TRUTH,
    Rows,
    disclosure,
    disclosure_truth,
    grid,
    is_refused,
    read,
    remedies,
    remedies_by_kind,
    request_rows,
    requests,
    requests_truth,
    unread_rows,
    values,
)

CASES = sorted((Path(__file__).parent / "documents").glob("*/input.[ht][tx]*"))
SHARED = Path(__file__).parents[2] / "shared"

# ── both editions, and mixtures ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_the_tables_of_both_editions_are_read_whole(edition: str) -> None:
    found = read(disclosure(edition), requests(edition), remedies())
    assert found.doubts == {}
    assert found.edition == edition
    assert values(found, "disclosure") == disclosure_truth(edition)
    assert values(found, "requests") == requests_truth(edition)
    assert values(found, "remedies") == REMEDIES_TRUTH


def test_a_table_of_one_edition_may_stand_beside_one_of_the_other() -> None:
    found = read(disclosure("2019"), requests("2021"), remedies())
    assert (found.doubts, found.edition) == ({}, "2019")
    assert values(found, "requests") == requests_truth("2021")
    found = read(disclosure("2021"), requests("2019"), remedies())
    assert (found.doubts, found.edition) == ({}, "2021")
    assert values(found, "requests") == requests_truth("2019")


def test_all_three_tables_may_stand_in_one_grid_with_titles_units_and_remarks() -> None:
    rows = [
        ["（一）主动公开政府信息情况统计表"] * 15,
        ["单位：件、万元"] * 15,
        *disclosure(),
        ["注：本年废止件数含自然失效的文件"] * 15,
        ["（二）收到和处理政府信息公开申请情况统计表"] * 15,
        *requests(),
        ["注：1.信访举报投诉类申请，以登记为准"] * 15,
        *remedies(),
        ["说明：行政复议尚未审结的含上年度结转数量"] * 15,
    ]
    found = read(rows)
    assert found.doubts == {}
    assert values(found, "disclosure") == disclosure_truth()
    assert values(found, "requests") == requests_truth()
    assert values(found, "remedies") == REMEDIES_TRUTH


LABELS = {
    "现行有效件数": ["现行有效件", "现行有效件数（历史累计）", "現行有效件數"],
    "本年制发件数": ["本年度制发数", "本年 制发 件数", "本年製發件數"],
    "本年处理决定数量": ["本年处理绝对数量", "本年處理決定數量"],
    "行政规范性文件": ["规范性文件", "行政规范性文件（含修订）", "行政規範性文件"],
    "本年收费金额（单位：万元）": ["本年收费金额", "本年收費金額(單位:萬元)"],
    "第二十条第（一）项": ["第二十条第 （一） 项", "第二十條第(一)項"],
    "（七）总计": ["(七) 总计", "（七）合计", "（七）總計"],
    "一、本年新收政府信息公开申请数量": ["一.本年新收政府信息公開申請數量", "一、本年度新收政府信息公开申请数量"],
    "2.其他法律行政法规禁止公开": ["2.其他法律行政止公开", "2、其他法律、行政法规禁止公开"],
    "1.属于国家秘密": ["1、属于国家秘密", "１．属于国家秘密", "1. 屬於國家秘密", "属于国家秘密"],
    "3.其他": ["3、其他", "其他", "3.其他情形"],
    "3.危及“三安全一稳定”": ["3.危及「三安全一穩定」", '3.危及"三安全一稳定"'],
    "商业企业": ["商业 企业", "商业企 业", "商業企業"],
    "法律服务机构": ["法律服務機構"],
    "总计": ["总 计", "合计", "總計"],
    "结果维持": ["结果 维持", "結果維持"],
    "未经复议直接起诉": ["未经行政复议直接起诉", "未經複議直接起訴"],
    "复议后起诉": ["復議後起訴"],
}


@pytest.mark.parametrize(("label", "other"), [(label, other) for label, others in LABELS.items() for other in others])
def test_a_label_is_known_in_other_spellings_and_in_traditional_characters(label: str, other: str) -> None:
    def spelt(rows: Rows) -> Rows:
        return [[other if text == label else text for text in row] for row in rows]

    found = read(spelt(disclosure()), spelt(requests()), spelt(remedies()))
    assert found.doubts == {}
    assert values(found, "disclosure") == disclosure_truth()
    assert values(found, "requests") == requests_truth()
    assert values(found, "remedies") == REMEDIES_TRUTH


def test_a_head_that_lost_its_second_line_is_read_by_position() -> None:
    rows = disclosure("2019")
    rows[1] = ["信息内容", "本年新", "本年新", "对外公开总数量"]
    found = read(rows)
    assert (found.doubts, values(found, "disclosure")) == ({}, disclosure_truth("2019"))


def test_a_head_in_two_lines_is_read_together() -> None:
    rows = disclosure("2019")
    rows[1:2] = [["信息内容", "本年新", "本年新", "对外公开"], ["信息内容", "制作数量", "公开数量", "总数量"]]
    found = read(rows)
    assert (found.doubts, values(found, "disclosure")) == ({}, disclosure_truth("2019"))


def test_rows_and_columns_of_the_agencys_own_in_table_2_are_passed_over() -> None:
    rows = [[*row, row[-1] if row[0] == row[-1] else "有" if row[1].isdigit() else "备注"] for row in disclosure()]
    rows.insert(3, ["其他主动公开文件", "7", "7", "7", ""])
    found = read(rows)
    assert (found.doubts, values(found, "disclosure")) == ({}, disclosure_truth())


def test_a_column_of_remarks_in_table_3_is_passed_over_where_its_head_names_it() -> None:
    def with_column(head: str, *texts: str) -> Rows:
        return [[*row, head if at < len(HEAD) else texts[at % len(texts)]] for at, row in enumerate(requests())]

    found = read(with_column("备注", "已核", "", "无"))
    assert (found.doubts, values(found, "requests")) == ({}, requests_truth())
    assert values(read(with_column("", "已核")), "requests") == {}
    assert values(read(with_column("累计", "88")), "requests") == {}


def test_a_row_of_table_3_that_the_form_does_not_have_is_a_doubt_and_no_row_of_it() -> None:
    for label in ("其中：信访举报投诉类申请", "9.其他", "网上提交"):
        rows = requests()
        rows.insert(len(HEAD) + 12, ["（三）不予公开", label, *["5"] * 7])
        found = read(rows)
        assert values(found, "requests") == requests_truth()
        assert label in found.doubts["requests"]


def test_the_columns_numbers_below_the_head_are_no_row() -> None:
    rows = requests()
    rows.insert(len(HEAD), ["栏次", "栏次", *map(str, range(1, 8))])
    assert (read(rows).doubts, values(read(rows), "requests")) == ({}, requests_truth())


@pytest.mark.parametrize("lost", ["missing", "doubled", "blank"])
def test_the_column_of_group_labels_may_be_missing_or_doubled(lost: str) -> None:
    rows = requests()
    changed: dict[str, Callable[[list[str]], list[str]]] = {
        "missing": lambda row: row[1:],
        "doubled": lambda row: [row[0], *row],
        "blank": lambda row: ["", *row[1:]],
    }
    found = read([changed[lost](row) for row in rows])
    assert (found.doubts, values(found, "requests")) == ({}, requests_truth())


def test_the_label_row_of_a_group_is_no_row_of_figures() -> None:
    rows = requests()
    rows.insert(len(HEAD) + 20, ["（六）其他处理", "（六）其他处理", *[""] * 7])
    found = read(rows)
    assert (found.doubts, values(found, "requests")) == ({}, requests_truth())
    rows[len(HEAD) + 20][2] = "3"
    assert is_refused(read(rows), "requests", "其他处理")


def test_table_4_turned_is_read_by_its_labels() -> None:
    found = read(remedies_by_kind())
    assert (found.doubts, values(found, "remedies")) == ({}, REMEDIES_TRUTH)


# ── page breaks ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("head_again", [False, True])
def test_a_table_may_be_split_at_any_row(head_again: bool) -> None:
    tables = (("disclosure", disclosure(), disclosure_truth()), ("requests", requests(), requests_truth()))
    for table, rows, truth in (*tables, ("remedies", remedies(), REMEDIES_TRUTH)):
        for at in range(1, len(rows)):
            head = HEAD if head_again and table == "requests" and at > len(HEAD) else []
            found = read(rows[:at], [*head, *rows[at:]])
            assert (found.doubts, values(found, table)) == ({}, truth), (table, at)


def test_a_head_may_be_printed_again_within_the_grid() -> None:
    rows = requests()
    for at in range(len(HEAD) + 1, len(rows)):
        found = read([*rows[:at], *HEAD, *rows[at:]])
        assert (found.doubts, values(found, "requests")) == ({}, requests_truth()), at


def test_a_row_that_a_page_break_prints_twice_is_one() -> None:
    rows = requests()
    for at in range(len(HEAD), len(rows)):
        for again in (rows[at], [*rows[at][:2], *[""] * 7]):
            for parts in ([*rows[: at + 1]], [again, *rows[at + 1 :]]), ([*rows[:at], again], rows[at:]):
                found = read(*parts)
                assert (found.doubts, values(found, "requests")) == ({}, requests_truth()), (at, again)


@pytest.mark.parametrize("figures", ["above", "below"])
@pytest.mark.parametrize("split", [False, True])
def test_a_row_that_is_torn_in_two_is_put_together(figures: str, split: bool) -> None:
    rows = requests()
    for at in range(len(HEAD), len(rows)):
        group, label, *cells = rows[at]
        for cut in range(2, len(label) - 1):
            blank = [""] * 7
            upper = [group, label[:cut], *(cells if figures == "above" else blank)]
            lower = ["", label[cut:], *(cells if figures == "below" else blank)]
            torn = [*rows[:at], upper], [lower, *rows[at + 1 :]]
            found = read(*torn) if split else read([*torn[0], *torn[1]])
            read_right = values(found, "requests")
            assert read_right.items() <= requests_truth().items(), (at, cut)
            assert found.doubts or len(read_right) == 175, (at, cut)
    long = REQUEST_ROWS["2021"][20]
    assert long.key == "other_uncorrected"


def test_figures_between_the_two_lines_of_their_label_are_its_own() -> None:
    rows = requests()
    at = len(HEAD) + 19
    group, label, *cells = rows[at]
    rows[at : at + 1] = [[group, label[:9], *[""] * 7], ["", "", *cells], ["", label[9:], *[""] * 7]]
    assert (read(rows).doubts, values(read(rows), "requests")) == ({}, requests_truth())


@pytest.mark.parametrize("row", [0, 5, 24])
def test_figures_at_the_top_of_a_page_belong_to_the_blank_row_at_the_foot_of_the_last(row: int) -> None:
    rows = requests()
    at = len(HEAD) + row
    parts = [*rows[:at], [*rows[at][:2], *[""] * 7]], [["", "", *rows[at][2:]], *rows[at + 1 :]]
    assert (read(*parts).doubts, values(read(*parts), "requests")) == ({}, requests_truth())


# ── what is not sure is unread ──────────────────────────────────────────────────────────────────────────────────────


def test_a_row_that_is_missing_whole_leaves_the_others() -> None:
    for rows, truth, table in (
        (disclosure(), disclosure_truth(), "disclosure"),
        (requests(), requests_truth(), "requests"),
    ):
        for at, row in enumerate(rows):
            if not row[-1].isdigit():
                continue
            found = read([*rows[:at], *rows[at + 1 :]])
            assert "没有找到" in found.doubts[table]
            right = values(found, table)
            assert right.items() <= truth.items()
            assert len({path.split(".")[0] for path in truth} - {path.split(".")[0] for path in right}) == 1


def test_a_row_with_a_figure_too_many_or_too_few_is_unread_alone() -> None:
    rows = requests()
    for change in (rows[5][:-1], [*rows[5], "4"], [*rows[5][:3], "", *rows[5][3:]]):
        found = read([*rows[:5], change, *rows[6:]])
        assert unread_rows(found, "requests") == {"granted"}
        assert "应为7个" in found.doubts["requests"]
        assert values(found, "requests").items() <= requests_truth().items()


@pytest.mark.parametrize("table", ["disclosure", "requests"])
def test_rows_in_another_order_make_the_table_unread(table: str) -> None:
    rows = disclosure() if table == "disclosure" else requests()
    places = [at for at, row in enumerate(rows) if row[-1].isdigit()]
    for first, second in pairwise(places):
        swapped = list(rows)
        swapped[first], swapped[second] = rows[second], rows[first]
        found = read(swapped)
        if table == "requests" or second == first + 1:
            assert is_refused(found, table, "顺序"), rows[first]
        else:  # under a head that is not theirs, rows are unread by themselves
            assert values(found, table).items() <= disclosure_truth().items()


def test_columns_in_another_order_make_the_table_unread() -> None:
    for order in ([0, 1, 8, 2, 3, 4, 5, 6, 7], [0, 1, 2, 8, 3, 4, 5, 6, 7], [0, 1, 2, 4, 3, 5, 6, 7, 8]):
        assert is_refused(read([[row[at] for at in order] for row in requests()]), "requests", "表头")
    swapped = [[row[0], row[2], row[1], row[3]] for row in disclosure()]
    assert is_refused(read(swapped), "disclosure", "表头")
    turned = [[*row[5:10], *row[:5], *row[10:]] for row in remedies()]
    assert is_refused(read(turned), "remedies", "表头")


@pytest.mark.parametrize("zeros", [(), range(0, 28, 2), range(28)])
def test_labels_that_slid_against_the_figures_make_the_table_unread(zeros: Sequence[int]) -> None:
    rows = requests()
    for at in zeros:
        rows[at] = ["0" if text.isdigit() else text for text in rows[at]]
    for start in range(len(HEAD), len(rows) - 2):
        for end in range(start + 2, len(rows)):
            labels = [row[:2] for row in rows[start:end]]
            for slid in ([*labels[1:], ["", ""]], [["", ""], *labels[:-1]]):
                part = [[*label, *row[2:]] for label, row in zip(slid, rows[start:end], strict=True)]
                found = read([*rows[:start], *part, *rows[end:]])
                assert is_refused(found, "requests", "错位"), (start, end)


def test_figures_that_lost_their_label_leave_the_other_rows() -> None:
    rows = requests()
    for at in range(len(HEAD), len(rows)):
        found = read([*rows[:at], ["", "", *rows[at][2:]], *rows[at + 1 :]])
        assert len(values(found, "requests")) == 168
        assert values(found, "requests").items() <= requests_truth().items()
        assert "没有名称" in found.doubts["requests"]


def test_the_same_table_twice_is_one() -> None:
    tables = disclosure(), requests(), remedies()
    found = read(*tables, *tables)
    assert found.doubts == {}
    assert values(found, "requests") == requests_truth()
    assert {origin.table for origin in found.origins.values()} == {1, 2, 3}


def test_two_tables_that_differ_are_unread() -> None:
    other = [[str(int(text) + 1) if text.isdigit() else text for text in row] for row in requests()]
    assert is_refused(read(requests(), other), "requests", "两次")
    blank = [["" if text.isdigit() else text for text in row] for row in requests()]
    assert is_refused(read(requests(), blank), "requests", "两次")
    assert is_refused(read(blank, requests()), "requests", "两次")
    other = [[str(int(text) + 1) if text.isdigit() else text for text in row] for row in remedies()]
    assert is_refused(read(remedies(), other), "remedies", "两次")


def test_a_row_twice_with_other_figures_is_unread_alone() -> None:
    rows = requests()
    again = [*rows[7][:2], *["3"] * 7]
    found = read([*rows[:8], again, *rows[8:]])
    assert unread_rows(found, "requests") == {"refused_state_secret"}
    assert len(values(found, "requests")) == 168
    assert "两次" in found.doubts["requests"]


def test_two_labels_in_one_cell_are_no_row() -> None:
    rows = requests()
    rows[7:9] = [[rows[7][0], rows[7][1] + rows[8][1], *rows[7][2:]]]
    found = read(rows)
    assert values(found, "requests").items() <= requests_truth().items()
    assert len(values(found, "requests")) == 161
    assert found.doubts["requests"]


WORDS = ("未统计", "见附件二", "由上级机关汇总", "数据待核")


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("table", ["disclosure", "requests", "remedies", "remedies turned"])
def test_words_for_a_figure_are_one_cell_unread_and_its_row_is_read(table: str, words: str) -> None:
    whole, truth = {
        "disclosure": (disclosure(), disclosure_truth()),
        "requests": (requests(), requests_truth()),
        "remedies": (remedies(), REMEDIES_TRUTH),
        "remedies turned": (remedies_by_kind(), REMEDIES_TRUTH),
    }[table]
    key = table.split()[0]
    for at, row in enumerate(whole):
        for text in dict.fromkeys(text for text in row if text.isdigit()):
            if table == "remedies" and row.index(text) == 0:
                continue  # words before the figures of a row without a label may be its label
            rows = [*whole[:at], [words if each == text else each for each in row], *whole[at + 1 :]]
            found = read(rows)
            [path] = [path for path, value in truth.items() if value == int(text)]
            line, column = path.split(".")
            cell = (found.tables[key] or {})[line][column]
            assert (cell.value, cell.text, bool(cell.doubt)) == (None, words, True)
            assert values(found, key) == {other: value for other, value in truth.items() if other != path}
            assert found.doubts == {}


def test_words_for_a_figure_are_one_cell_unread_where_the_heads_spans_are_lost() -> None:
    head = [["", "自然人", GROUP, "总计"], [*(line.label for line in REQUEST_COLUMNS[1:-1])]]
    rows = [*head, *(row[1:] for row in request_rows())]
    rows[6][3] = "未统计"
    found = read(rows)
    lost = "refused_state_secret.research"
    assert values(found, "requests") == {path: value for path, value in requests_truth().items() if path != lost}
    rows[6][3:] = [*rows[6][4:], "已核"]  # a remark, and not the total
    assert not any(path.startswith("refused_state_secret") for path in values(read(rows), "requests"))


def test_blanks_in_a_row_that_words_answer_for_are_unread() -> None:
    rows = requests()
    rows[5][2:] = ["见附件二", *[""] * 6]
    cells = (read(rows).tables["requests"] or {})["granted"]
    assert all(cell.doubt for cell in cells.values())
    rows[5][2:] = ["见附件二", "", "4", "", "", "", ""]
    cells = (read(rows).tables["requests"] or {})["granted"]
    assert [cells[column].value for column in COLUMNS] == [None, None, 4, None, None, None, None]
    assert [bool(cells[column].doubt) for column in COLUMNS] == [True, *[False] * 6]


def test_words_that_are_a_label_of_the_form_are_no_cell() -> None:
    rows = requests()
    rows[5][4] = "2.重复申请"
    found = read(rows)
    assert "granted" not in {path.split(".")[0] for path in values(found, "requests")}
    assert found.doubts["requests"]


def test_blanks_beside_a_cell_that_holds_two_numbers_are_unread() -> None:
    rows = requests()
    rows[5][2:5] = ["1 2", "", "7"]
    cells = (read(rows).tables["requests"] or {})["granted"]
    assert [cells[column].doubt != "" for column in COLUMNS[:3]] == [True, True, False]


def test_a_count_that_is_no_whole_number_or_money_is_unread() -> None:
    rows = requests()
    rows[5][2:7] = ["1.234", "2.5", "3元", "4.0", "5件"]
    cells = (read(rows).tables["requests"] or {})["granted"]
    assert [cells[column].value for column in COLUMNS[:5]] == [None, None, None, 4, 5]
    assert all(cells[column].doubt for column in COLUMNS[:3])


@pytest.mark.parametrize(
    ("head", "text", "value"),
    [
        ("本年收费金额（单位：万元）", "43.788", Decimal("43.788")),
        ("本年收费金额（单位：万元）", "43.788万元", Decimal("43.788")),
        ("本年收费金额（单位：万元）", "251000元", Decimal("25.1")),
        ("本年收费金额（单位：万元）", "251,000（元）", Decimal("25.1")),
        ("本年收费金额（单位：元）", "80618", Decimal("8.0618")),
        ("本年收费金额（单位：元）", "3万元", 3),
        ("本年收费金额", "80000元", 8),
        ("本年收费金额", "12", 12),
        ("本年收费金额（单位：万元）", "12件", None),
        ("本年收费金额（单位：亿元）", "12", None),
        ("本年收费金额（单位：万元）", "12（减免30元）", None),
        ("本年收费金额（单位：万元）", "1.2亿元", None),
    ],
)
def test_fees_are_in_ten_thousands_of_yuan_whatever_unit_is_printed(
    head: str, text: str, value: int | Decimal | None
) -> None:
    rows = disclosure()
    rows[-2:] = [["信息内容", *[head] * 3], ["行政事业性收费", *[text] * 3]]
    cell = (read(rows).tables["disclosure"] or {})["fees"]["amount"]
    assert (cell.value, cell.text, bool(cell.doubt)) == (value, text, value is None)


def test_procurement_keeps_the_unit_that_is_printed_and_changes_keep_their_sign() -> None:
    rows = disclosure("2019")
    rows[-1] = ["政府集中采购", "6", "251000元", "251000元"]
    permits = next(row for row in rows if row[0] == "行政许可")
    permits[1:] = ["120", "－8", "＋5"]
    found = values(read(rows), "disclosure")
    assert (found["procurement.amount"], found["permits.change"], found["permits.decisions"]) == (251000, -8, 5)


def test_what_the_format_doubts_is_unread() -> None:
    table = grid(requests(), doubts={(5, 4): "识别不清"})
    found = read_tables([table])
    cell = (found.tables["requests"] or {})["granted"]["research"]
    assert (cell.value, cell.text, cell.doubt) == (None, "1022", "识别不清")
    assert len(values(found, "requests")) == 174


# ── any damage: never a wrong figure ────────────────────────────────────────────────────────────────────────────────


TABLES = {
    "disclosure": (disclosure, disclosure_truth()),
    "requests": (requests, requests_truth()),
    "remedies": (remedies, REMEDIES_TRUTH),
}
REMARKS = ["注：见附件", "（三）不予公开", "申请", "其他", "单位：件"]


def damage(rows: Rows, kind: str, *, at: int, place: int, other: int, text: str) -> None:
    """Do one kind of damage to a row of a table: `at`, and `other` where it takes two."""
    row = rows[at]
    match kind:
        case "lost":
            rows[at] = [*row[:place], *row[place + 1 :]]
        case "more":
            rows[at] = [*row[:place], text, *row[place:]]
        case "row" if len(rows) > 1:
            del rows[at]
        case "again":
            rows.insert(other, list(row))
        case "move":
            rows.insert(other, rows.pop(at))
        case "label":
            rows[at] = ["" if not text.isdigit() else text for text in row]
        case "words":
            rows.insert(at, [text or "注：见附件"] * 9)
        case "swap":
            rows[at], rows[other] = rows[other], rows[at]


@st.composite
def damaged(draw: st.DrawFn, table: str) -> tuple[list[Rows], dict[str, int | Decimal | None]]:
    """A table with cells, rows and labels lost, doubled, moved or blank, and split anywhere; and what it was.

    Cells are either lost or added: a row that has lost one and got another has the form's count.
    """
    rows = TABLES[table][0]()
    for at in draw(st.sets(st.integers(0, len(rows) - 1))):
        rows[at] = ["0" if text.isdigit() else text for text in rows[at]]
    truth = values(read(rows), table)
    kinds = [draw(st.sampled_from(["lost", "more"])), "row", "again", "move", "words", "swap"]
    kinds += ["label"] * (table != "remedies")  # its data row has no label
    for _ in range(draw(st.integers(1, 3))):
        at, other = (draw(st.integers(0, len(rows) - 1)) for _ in range(2))
        place = draw(st.integers(0, len(rows[at])))
        text = draw(st.sampled_from(["", "9999", "—", *REMARKS]))
        damage(rows, draw(st.sampled_from(kinds)), at=at, place=place, other=other, text=text)
    at = draw(st.integers(1, len(rows)))
    return [part for part in (rows[:at], rows[at:]) if part], truth


@pytest.mark.parametrize("table", TABLES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_gives_a_wrong_figure(table: str, data: st.DataObject) -> None:
    tables, truth = data.draw(damaged(table))
    found = read(*tables)
    right = values(found, table)
    assert {path: value for path, value in right.items() if value is not None and value != truth.get(path)} == {}
    assert table in found.doubts or right == truth or found.tables[table] is None


texts = st.sampled_from(
    [text for row in [*requests(), *disclosure("2019"), *remedies()] for text in row] + ["", "—", "0", "注：", NO_CELL]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.lists(texts, max_size=16), min_size=1, max_size=12), max_size=3))
def test_no_grid_raises_and_every_cell_stands_where_its_origin_says(tables: list[Rows]) -> None:
    grids = [grid(rows) for rows in tables]
    assert_origins(read_tables(grids), grids)


# ── provenance ──────────────────────────────────────────────────────────────────────────────────────────────────────


def assert_origins(found: Tables, grids: Sequence[Grid]) -> int:
    """That each cell's text stands in the document where its origin says; the number of cells looked up."""
    looked_up = 0
    for table, rows in found.tables.items():
        for row, cells in (rows or {}).items():
            origin = found.origins[f"{table}.{row}"]
            source = grids[origin.table - 1]
            printed = source.rows[origin.row - 1]
            assert origin.page == (source.pages[origin.row - 1] if source.pages else 0)
            assert set(origin.columns) in (set(), set(cells))
            for column, place in origin.columns.items():
                cell = cells[column]
                assert clean(printed[place - 1]) == ("" if cell.doubt and cell.text == "?" else cell.text)
                looked_up += 1
            assert origin.columns or all(cell.doubt for cell in cells.values())
    return looked_up


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_every_cell_of_a_case_stands_where_its_origin_says(case: Path) -> None:
    document = read_document(case.read_bytes())
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    found = read_tables(grids)
    looked_up = assert_origins(found, grids)
    assert looked_up or not any(found.tables.values())


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not on this machine")
def test_every_cell_of_the_seeds_stands_where_its_origin_says() -> None:
    sources = [*SHARED.glob("seeds/*.txt"), *SHARED.glob("seeds/html/*.html"), *SHARED.glob("reports/*_20*.[hp]*")]
    assert len(sources) > 10
    for source in sources:
        blocks = read_document(source.read_bytes()).blocks
        grids = [block for block in blocks if isinstance(block, Grid)]
        assert assert_origins(read_tables(grids), grids) >= 165


def test_a_row_printed_twice_comes_from_where_its_figures_stand() -> None:
    rows = requests()
    at = len(HEAD) + 4
    first = grid([*rows[:at], [*rows[at][:2], *[""] * 7]], pages=tuple([1] * (at + 1)))
    second = grid(rows[at:], pages=tuple([2] * (len(rows) - at)))
    found = read_tables([first, second])
    origin = found.origins["requests.refused_state_secret"]
    assert (origin.table, origin.row, origin.page, origin.columns["individual"]) == (2, 1, 2, 3)
    assert_origins(found, [first, second])


def test_each_way_of_placing_gives_its_own_places() -> None:
    by_label, by_place = requests(), [row[1:] for row in requests()]
    turned = [["", *(line.label for line in REMEDY_RESULTS)], *([line.label, *"12345"] for line in REMEDY_KINDS)]
    shifted = [*by_label[:5], by_label[5][1:], *by_label[6:]]
    for tables in ([by_label], [by_place], [shifted], [turned], [remedies()], [disclosure()], [disclosure("2019")]):
        grids = [grid(rows) for rows in tables]
        assert assert_origins(read_tables(grids), grids)
    assert read(shifted).origins["requests.granted"].columns["individual"] == 2
    assert read(turned).origins["remedies.litigation_direct"].row == 3
