"""The area's totals: exact sums, nobody counted twice or as zero, and every gap traced to the agency it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Cell, Report
from monitor.rollup import Compared, Source, State, add_up, balances, carried_over, compare, entry, form_paths
from tests.rolled import YEAR, blank_report, composed, report_of, source

RECEIVED, FEES = "requests.received.individual", "disclosure.fees.amount"
NAMES = ("甲县财政局", "甲县教育局", "甲县公安局", "甲县民政局", "甲县司法局", "甲县审计局")


def one_cell(path: str, given: Any, **fields: Any) -> Report:
    return blank_report(0, **{path.replace(".", "__"): given}, **fields)


# ── sums ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("year", [2020, 2023])
def test_totals_of_composed_reports_are_what_their_truth_adds_up_to(year: int) -> None:
    made = [composed(name, year) for name in NAMES]
    sums = add_up([source(str(i), report) for i, (_, report) in enumerate(made)], "2021" if year > 2020 else "2019")
    assert set(sums.totals) == set(form_paths(sums.edition))
    for path, total in sums.totals.items():
        table, row, column = path.split(".")
        truth = [one.truth["tables"][table][row][column] for one, _ in made]
        numbers = [value for value in truth if value is not None]
        if path != "disclosure.procurement.amount":  # a bare amount may be 元 or 万元: see below
            assert total.value == (sum(map(Decimal, map(str, numbers))) if numbers else None), path
            assert total.counted == len(numbers), path


@pytest.mark.parametrize(("edition", "cells"), [("2021", 10 + 175 + 15), ("2019", 22 + 161 + 15)])
def test_every_cell_of_the_form_is_summed(edition: str, cells: int) -> None:
    assert len(form_paths(edition)) == len(set(form_paths(edition))) == cells


values = st.integers(0, 10**6) | st.none() | st.just(Cell(None, "l2", "不是数字")) | st.just(Cell(None, "/"))
amounts = st.decimals(0, 10**5, places=2) | st.none()
bodies = st.lists(st.tuples(values, amounts), max_size=12)


def sources_of(figures: Sequence[tuple[Any, Any]]) -> list[Source]:
    made = []
    for number, (value, amount) in enumerate(figures):
        report = blank_report(0, requests__received__individual=value, disclosure__fees__amount=amount)
        made.append(source(str(number), report))
    return made


@given(bodies, st.data())
def test_the_sum_over_any_split_of_an_area_is_the_sum(figures: list[tuple[Any, Any]], data: st.DataObject) -> None:
    whole = add_up(sources_of(figures), "2021")
    left = [index for index in range(len(figures)) if data.draw(st.booleans())]
    parts = [add_up([s for i, s in enumerate(whole.sources) if (i in left) is side], "2021") for side in (True, False)]
    for path in (RECEIVED, FEES):
        split = [part.totals[path] for part in parts]
        numbers = [total.value for total in split if total.value is not None]
        assert whole.totals[path].value == (sum(numbers) if numbers else None)
        assert whole.totals[path].counted == sum(total.counted for total in split)
        assert set(whole.totals[path].others) == {*split[0].others, *split[1].others}
        assert whole.totals[path].is_complete is all(total.is_complete for total in split)


@given(bodies)
def test_every_agency_is_either_added_or_named(figures: list[tuple[Any, Any]]) -> None:
    for total in add_up([*sources_of(figures), source("gone", None, words="未见")], "2021").totals.values():
        assert total.counted + len(total.others) == len(figures) + 1
        assert (total.value is None) is (total.counted == 0)


def test_amounts_are_added_exactly() -> None:
    sums = add_up([source(str(i), one_cell(FEES, Decimal("0.1"))) for i in range(3)], "2021")
    assert sums.totals[FEES].value == Decimal("0.3")


# ── what is no number ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "state", "complete"),
    [
        (None, State.BLANK, True),
        ("/", State.DASH, True),
        ("无", State.DASH, True),
        (Cell(None, "l2", "不是数字"), State.UNREAD, False),
        (Cell(None, "", "一格里有两个数"), State.UNREAD, False),
        (Cell(7, "7", "可能认错"), State.UNREAD, False),
        ("absent", State.ABSENT, False),
    ],
)
def test_what_is_no_number_adds_nothing_and_says_what_it_is(given: Any, state: State, complete: bool) -> None:
    sums = add_up([source("a", one_cell(RECEIVED, given)), source("b", one_cell(RECEIVED, 5))], "2021")
    total = sums.totals[RECEIVED]
    assert (total.value, total.counted, total.others["a"].state) == (5, 1, state)
    assert total.is_complete is complete


def test_a_cell_that_nobody_fills_in_has_no_total() -> None:
    total = add_up([source("a", blank_report(None))], "2021").totals[RECEIVED]
    assert (total.value, total.counted, total.is_complete) == (None, 0, True)


@pytest.mark.parametrize(
    ("total", "part"),
    [
        ("requests.granted.total", "requests.granted.individual"),
        ("requests.handled.business", "requests.granted.business"),
        ("remedies.review.total", "remedies.review.upheld"),
    ],
)
def test_a_total_left_blank_beside_its_parts_is_not_taken_for_nothing(total: str, part: str) -> None:
    report = blank_report(0, **{total.replace(".", "__"): None, part.replace(".", "__"): 3})
    sums = add_up([source("a", report)], "2021")
    assert sums.totals[total].others["a"].state is State.LEFT_OUT
    assert not sums.totals[total].is_complete
    assert sums.totals[part].value == 3


def test_who_is_missing_is_missing_from_every_cell_with_the_reason() -> None:
    sums = add_up([source("a", blank_report(1)), source("b", None, reason="unread", words="没有读出")], "2021")
    assert [missing.agency for missing in sums.missing] == ["b"]
    assert not sums.is_complete
    for total in sums.totals.values():
        assert (total.value, total.counted) == (1, 1)
        assert total.others["b"].words == "没有报告（没有读出）"


def test_a_table_that_is_absent_or_not_to_be_relied_on_is_told_once_for_all_its_cells() -> None:
    absent = replace(blank_report(1), tables={**blank_report(1).tables, "remedies": None})
    sums = add_up([source("a", absent), source("b", blank_report(2), doubts={"requests": "列数不符"})], "2021")
    assert sums.whole["remedies"]["a"].state is State.ABSENT
    assert sums.whole["requests"]["b"].words == "未读出（列数不符）"
    assert sums.whole["disclosure"] == {}
    assert sums.totals["remedies.review.upheld"].value == 2
    assert sums.totals[RECEIVED].value == 1


def test_an_area_without_agencies_is_not_a_complete_one() -> None:
    assert not add_up([], "2021").is_complete


# ── two forms in one year ───────────────────────────────────────────────────────────────────────────────────────────


def test_of_two_forms_only_common_cells_are_summed_and_the_rest_is_told() -> None:
    sums = add_up([source("new", blank_report(1)), source("old", blank_report(2, edition="2019"))], "2021")
    assert sums.totals[RECEIVED].value == 3
    assert sums.totals["remedies.review.upheld"].value == 3
    assert sums.totals["disclosure.permits.decisions"].value == 3
    for path in ("disclosure.normative_documents.in_force", FEES, "requests.other_rest.total"):
        assert sums.totals[path].value == 1, path
        assert sums.totals[path].others["old"].state is State.OTHER_FORM
        assert not sums.totals[path].is_complete
    assert sums.extra["requests.other.total"].value == 2
    assert sums.extra["disclosure.permits.previous"].value == 2
    assert set(sums.extra) == set(form_paths("2019")) - set(form_paths("2021"))


def test_a_report_of_the_new_form_may_print_the_single_old_row() -> None:
    report = blank_report(1)
    rows = {key: row for key, row in (report.tables["requests"] or {}).items() if not key.startswith("other_")}
    single = {column: Cell(3, "3") for column in rows["granted"]}
    report = replace(report, tables={**report.tables, "requests": {**rows, "other": single}})
    sums = add_up([source("a", report), source("b", blank_report(1))], "2021")
    assert sums.totals["requests.other_unpaid.total"].others["a"].state is State.OTHER_FORM
    assert list(sums.extra) == [f"requests.other.{column}" for column in single]
    assert sums.extra["requests.other.total"].value == 3


def test_a_doubtful_table_does_not_bring_up_the_other_form() -> None:
    assert add_up([source("a", blank_report(1), doubts={"disclosure": "合并单元格丢失"})], "2021").extra == {}


@pytest.mark.parametrize(
    ("text", "value", "state"),
    [("251000元", Decimal("25.1"), State.NUMBER), ("12万元", 12, State.NUMBER), ("251000", None, State.UNREAD)],
)
def test_an_amount_whose_unit_is_not_printed_is_not_added(text: str, value: Any, state: State) -> None:
    number = int("".join(mark for mark in text if mark.isdigit()))
    path = "disclosure.procurement.amount"
    report = one_cell(path, Cell(number, text), edition="2019", year=2020)
    found = entry(source("a", report), path, "2019")
    assert (found.state, found.value) == (state, value)


def test_an_amount_of_nothing_needs_no_unit() -> None:
    found = entry(source("a", blank_report(0, edition="2019")), "disclosure.procurement.amount", "2019")
    assert (found.state, found.value) == (State.NUMBER, 0)


# ── the sums of the sums ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_totals_of_sound_reports_are_sound() -> None:
    for year, edition in ((2020, "2019"), (2023, "2021")):
        made = [replace(source(name, report_of(name, year)), name=name) for name in NAMES]
        found = list(balances(add_up(made, edition)))
        assert len(found) == 14 + {"2019": 23, "2021": 25}[edition] + 3
        assert all(balance.holds and not balance.off for balance in found if not balance.unheard), found


@pytest.mark.parametrize("defect", ["t3_identity", "t3_result_sum", "t3_row_total", "t4_sum"])
def test_what_is_off_in_a_total_is_traced_to_the_agency(defect: str) -> None:
    made = [source(name, report_of(name, defects=[defect] if name == NAMES[2] else [])) for name in NAMES]
    off = [balance for balance in balances(add_up(made, "2021")) if not balance.holds]
    assert off
    assert all(list(balance.off) == [NAMES[2]] for balance in off)
    assert all(abs(balance.difference) == 1 for balance in off)


def test_agencies_that_are_off_in_both_directions_do_not_hide_each_other() -> None:
    more = blank_report(0, requests__received__individual=1, requests__received__total=1)
    less = blank_report(0, requests__carried_out__individual=1, requests__carried_out__total=1)
    found = next(balances(add_up([source("a", more), source("b", less)], "2021")))
    assert found.holds
    assert dict(found.off) == {"a": (1, 0), "b": (0, 1)}


def test_an_agency_whose_figures_are_not_all_read_is_left_out_of_both_sides() -> None:
    report = blank_report(0, requests__received__individual=4, requests__handled__individual=Cell(None, "?", "不清"))
    found = next(balances(add_up([source("a", report), source("b", blank_report(0))], "2021")))
    assert (found.left, found.right, found.counted, found.unheard) == (0, 0, 1, ("a",))


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=6))
def test_what_is_off_in_a_total_is_what_is_off_in_its_agencies(pairs: list[tuple[int, int]]) -> None:
    made = [
        source(str(i), blank_report(0, requests__received__individual=a, requests__handled__individual=b))
        for i, (a, b) in enumerate(pairs)
    ]
    for found in balances(add_up(made, "2021")):
        assert found.difference == sum(right - left for left, right in found.off.values())


def test_what_was_carried_over_is_held_against_last_year_agency_by_agency() -> None:
    now = [source(name, report_of(name)) for name in NAMES]
    before = [source(name, report_of(name, YEAR - 1)) for name in NAMES[1:]]
    found = list(carried_over(add_up(now, "2021"), before))
    assert len(found) == 7
    assert all(balance.holds and not balance.off for balance in found)
    assert {balance.unheard for balance in found} == {(NAMES[0],)}
    wrong = [replace(now[0], report=one_cell("requests.carried_in.individual", 90)), *now[1:]]
    first = next(carried_over(add_up(wrong, "2021"), [source(NAMES[0], blank_report(0)), *before]))
    assert dict(first.off) == {NAMES[0]: (0, 90)}


# ── against the government's own report ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("own", "missing", "compared", "sure"),
    [
        (10, False, Compared.EQUAL, True),
        (10, True, Compared.EQUAL, False),
        (12, False, Compared.MORE, True),
        (12, True, Compared.MORE, False),  # whoever is missing may be the difference
        (9, False, Compared.LESS, True),
        (9, True, Compared.LESS, True),  # whoever is missing can only add to the sum
        (None, False, Compared.UNKNOWN, False),
        (Cell(None, "l0", "不是数字"), False, Compared.UNKNOWN, False),
    ],
)
def test_a_difference_is_sure_only_where_nobody_missing_could_explain_it(
    own: Any, missing: bool, compared: Compared, sure: bool
) -> None:
    made = [source(name, one_cell(RECEIVED, 5)) for name in ("a", "b")] + [source("c", None)] * missing
    found = compare(add_up(made, "2021"), source("gov", one_cell(RECEIVED, own)))[RECEIVED]
    assert (found.compared, found.is_sure) == (compared, sure)


def test_of_a_signed_figure_nothing_is_sure_while_somebody_is_missing() -> None:
    path = "disclosure.permits.change"
    made = [source("a", one_cell(path, 5, edition="2019")), source("b", None)]
    found = compare(add_up(made, "2019"), source("gov", one_cell(path, 2, edition="2019")))[path]
    assert (found.difference, found.is_sure) == (-3, False)


def test_cells_that_nobody_fills_in_or_that_a_form_lacks_are_not_compared() -> None:
    sums = add_up([source("a", blank_report(None))], "2021")
    assert {d.compared for d in compare(sums, source("g", blank_report(0))).values()} == {Compared.UNKNOWN}
    found = compare(add_up([source("a", blank_report(1))], "2021"), source("g", blank_report(1, edition="2019")))
    assert found[FEES].own.state is State.OTHER_FORM
    assert found[FEES].compared is Compared.UNKNOWN
