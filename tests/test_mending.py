"""The smallest correction of a table: the one cell that was changed, or nothing where several would do as well."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.checks import Context, run
from monitor.checks.mending import Change, Identity, mend
from monitor.checks.table_sums import RemedySum, RequestIdentity, RequestResultSum, RequestRowTotal
from monitor.clock import stopwatch
from monitor.form import REQUEST_COLUMNS, REQUEST_ROWS, is_result_row
from tests.rule_cases import build_report
from tests.test_rules_on_reports import sound_tables

Rows = dict[str, dict[str, int]]

*KINDS, TOTAL = (line.key for line in REQUEST_COLUMNS)


def identities_of(rows: Rows) -> list[Identity]:
    """The identities of table 3, written down once more."""
    results = [row for row in rows if is_result_row(row)]
    found = [Identity(tuple(f"{row}.{kind}" for kind in KINDS), (f"{row}.{TOTAL}",)) for row in rows]
    for column in (*KINDS, TOTAL):
        found.append(Identity(tuple(f"{row}.{column}" for row in results), (f"handled.{column}",)))
        found.append(
            Identity((f"received.{column}", f"carried_in.{column}"), (f"handled.{column}", f"carried_out.{column}"))
        )
    return found


def numbers_of(rows: Rows) -> dict[str, int]:
    return {f"{row}.{column}": value for row, columns in rows.items() for column, value in columns.items()}


def holds(numbers: dict[str, int], identity: Identity) -> bool:
    return sum(numbers[path] for path in identity.left) == sum(numbers[path] for path in identity.right)


@st.composite
def one_error(draw: st.DrawFn) -> tuple[Rows, Rows, str]:
    """Table 3 in which all sums hold, the same with one cell changed, and which cell."""
    _, tables = draw(sound_tables())
    rows: Rows = tables["requests"]
    row, column = draw(st.sampled_from(sorted(rows))), draw(st.sampled_from([*KINDS, TOTAL]))
    wrong = copy.deepcopy(rows)
    wrong[row][column] = draw(st.integers(0, 30000).filter(lambda value: value != rows[row][column]))
    return rows, wrong, f"{row}.{column}"


@settings(max_examples=150, deadline=None)
@given(one_error())
def test_the_one_wrong_cell_of_a_whole_table_is_named_with_its_right_value(made: tuple[Rows, Rows, str]) -> None:
    right, wrong, path = made
    (change,) = mend(numbers_of(wrong), identities_of(wrong))
    assert (change.path, change.before, change.after) == (path, numbers_of(wrong)[path], numbers_of(right)[path])


@settings(max_examples=150, deadline=None)
@given(one_error(), st.data())
def test_with_sums_unknown_no_other_cell_is_named_while_one_alone_would_do(
    made: tuple[Rows, Rows, str], data: st.DataObject
) -> None:
    _, wrong, path = made
    known = [identity for identity in identities_of(wrong) if data.draw(st.integers(0, 3))]
    numbers = numbers_of(wrong)
    singles = single_mends(numbers, known)
    changes = mend(numbers, known)
    if len(singles) == 1:
        assert changes == (Change(*singles[0]),)
        assert path == singles[0][0]
    elif all(holds(numbers, identity) for identity in known):
        assert changes == ()
    else:
        assert path in {single[0] for single in singles}
        assert changes == () or len(changes) > 1


def single_mends(numbers: dict[str, int], known: list[Identity]) -> list[tuple[str, int, int]]:
    """Every cell that could by itself be set right, found by trying."""
    broken = [identity for identity in known if not holds(numbers, identity)]
    found = []
    for path, before in numbers.items():
        if not broken or path not in (*broken[0].left, *broken[0].right):
            continue
        off = sum(numbers[each] for each in broken[0].left) - sum(numbers[each] for each in broken[0].right)
        after = before + (off if path in broken[0].right else -off)
        tried = {**numbers, path: after}
        if after >= 0 and all(holds(tried, identity) for identity in known):
            found.append((path, before, after))
    return found


@settings(max_examples=60, deadline=None)
@given(sound_tables(), st.data())
def test_after_a_mend_of_two_errors_every_sum_holds(made: tuple[str, dict[str, Any]], data: st.DataObject) -> None:
    rows: Rows = made[1]["requests"]
    numbers = numbers_of(rows)
    for path in data.draw(st.lists(st.sampled_from(sorted(numbers)), min_size=2, max_size=2, unique=True)):
        numbers[path] = data.draw(st.integers(0, 30000))
    changes = mend(numbers, identities_of(rows))
    if changes:
        mended = numbers | {change.path: int(change.after) for change in changes}
        assert all(holds(mended, identity) for identity in identities_of(rows))
        assert all(change.before == numbers[change.path] != change.after >= 0 for change in changes)


@settings(max_examples=60, deadline=None)
@given(one_error())
def test_every_finding_of_a_report_says_what_would_mend_it(made: tuple[Rows, Rows, str]) -> None:
    right, wrong, path = made
    rules = [RequestIdentity, RequestResultSum, RequestRowTotal, RemedySum]
    edition = "2021" if "other_rest" in wrong else "2019"
    report = build_report({"format": edition, "tables": {"requests": wrong}})
    findings = [finding for outcome in run(Context(report), rules) for finding in outcome.findings]
    before, after = numbers_of(wrong)[path], numbers_of(right)[path]
    assert findings
    assert all(f"由{before}改为{after}" in finding.message for finding in findings)


PARTS = ("a", "b", "c", "d")


@pytest.mark.parametrize(
    ("parts", "total", "mended"),
    [
        ((2, 0, 1, 0), 0, {"total": 3}),  # no part can be less than zero
        ((5, 2, 0, 0), 8, {}),  # any of the five
        ((2, 0, 0, 0), 0, {}),  # either of two
        ((12, 3, 0, 0), 51, {}),  # any of the five, although only here are two digits in the wrong order
        ((12, 3, 0, 0), 0, {"total": 15}),  # a total of 0 beside its parts
        ((5, 2, 0, 0), 7, {}),  # nothing is wrong
    ],
)
def test_a_single_sum(parts: tuple[int, ...], total: int, mended: dict[str, int]) -> None:
    numbers = dict(zip(PARTS, parts, strict=True)) | {"total": total}
    changes = mend(numbers, [Identity(PARTS, ("total",))])
    assert {change.path: change.after for change in changes} == mended


def test_a_line_of_totals_left_at_zero_is_filled_in() -> None:
    rows: Rows = {row.key: dict.fromkeys([*KINDS, TOTAL], 0) for row in REQUEST_ROWS["2021"]}
    for row, values in {"received": (4, 2, 5, 1), "granted": (4, 2, 5, 1), "handled": (4, 2, 5, 1)}.items():
        rows[row].update(zip(KINDS, values, strict=False), total=sum(values))
    left_out = copy.deepcopy(rows)
    left_out["handled"] = dict.fromkeys([*KINDS, TOTAL], 0)
    changes = mend(numbers_of(left_out), identities_of(left_out))
    assert {change.path: change.after for change in changes} == {
        f"handled.{column}": value for column, value in rows["handled"].items() if value
    }
    without_totals = {row: {**columns, TOTAL: 0} for row, columns in rows.items()}
    changes = mend(numbers_of(without_totals), identities_of(without_totals))
    assert {change.path: change.after for change in changes} == {
        f"{row}.{TOTAL}": 12 for row in ("received", "granted", "handled")
    }


def test_a_table_beyond_mending_costs_little() -> None:
    rows: Rows = {
        row.key: {column: (place * 7 + at * 3) % 11 for at, column in enumerate([*KINDS, TOTAL])}
        for place, row in enumerate(REQUEST_ROWS["2021"])
    }
    started = stopwatch()
    assert mend(numbers_of(rows), identities_of(rows)) == ()
    assert stopwatch() - started < 0.5
