"""The arithmetic of the totals (勾稽关系), and which agencies' own figures upset it.

Each sum is held over the agencies whose cells in it can all be read; the others are named. What is off in the total is
exactly what is off in those agencies together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.form import REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS, REQUEST_ROWS, is_result_row
from monitor.rollup.sums import HOLES, Number, Source, State, Sums, entry

_COLUMNS: Final = {line.key: line.label for line in REQUEST_COLUMNS}
#: The results of both editions: a report has one row for （六）其他处理, or three, and the other is simply not there.
_RESULTS: Final = tuple(
    dict.fromkeys(line.key for rows in REQUEST_ROWS.values() for line in rows if is_result_row(line.key))
)


@dataclass(frozen=True, slots=True)
class Balance:
    """One sum, held over the agencies whose cells in it can be read.

    `what`: the sum in words. `off`: agency → its own two sides, where they differ. `unheard`: agencies that have a
    report, but not every figure of this sum.
    """

    what: str
    left: Number
    right: Number
    off: Mapping[str, tuple[Number, Number]]
    unheard: tuple[str, ...]
    counted: int

    @property
    def difference(self) -> Number:
        return self.right - self.left

    @property
    def holds(self) -> bool:
        """Whether it holds for the total. Agencies that are off in both directions may hide each other: see `off`."""
        return self.left == self.right


def balances(sums: Sums) -> Iterator[Balance]:
    """The sums that the form prints or means: each column and row of table 3, each kind of table 4."""
    for column, name in _COLUMNS.items():
        yield _hold(
            sums,
            f"申请情况表“{name}”列：本年新收＋上年结转＝办理结果总计＋结转下年度",
            [f"requests.{row}.{column}" for row in ("received", "carried_in")],
            [f"requests.{row}.{column}" for row in ("handled", "carried_out")],
        )
    for column, name in _COLUMNS.items():
        yield _hold(
            sums,
            f"申请情况表“{name}”列：各项办理结果之和＝（七）总计",
            [f"requests.{row}.{column}" for row in _RESULTS],
            [f"requests.handled.{column}"],
        )
    for line in REQUEST_ROWS[sums.edition]:
        parts = [f"requests.{line.key}.{column}" for column in _COLUMNS if column != "total"]
        what = f"申请情况表“{line.group}{line.label}”行：各类申请人之和＝总计"
        yield _hold(sums, what, parts, [f"requests.{line.key}.total"])
    for kind in REMEDY_KINDS:
        parts = [f"remedies.{kind.key}.{result.key}" for result in REMEDY_RESULTS if result.key != "total"]
        yield _hold(sums, f"复议诉讼情况表“{kind.label}”：各项结果之和＝总计", parts, [f"remedies.{kind.key}.total"])


def carried_over(sums: Sums, before: Sequence[Source]) -> Iterator[Balance]:
    """Last year's 结转下年度 (of the same agencies, `before`) against this year's 上年结转, in each column."""
    last = {source.agency: source for source in before if source.report is not None}
    for column, name in _COLUMNS.items():
        sides: dict[str, tuple[Number, Number] | None] = {}
        for source in sums.sources:
            if source.report is not None:
                old = last.get(source.agency)
                went = _side(old, [f"requests.carried_out.{column}"], sums.edition) if old else None
                came = _side(source, [f"requests.carried_in.{column}"], sums.edition)
                sides[source.agency] = None if went is None or came is None else (went, came)
        yield _balance(f"申请情况表“{name}”列：上年报告“结转下年度继续办理”＝本年“上年结转”", sides)


def _hold(sums: Sums, what: str, left: Sequence[str], right: Sequence[str]) -> Balance:
    sides: dict[str, tuple[Number, Number] | None] = {}
    for source in sums.sources:
        if source.report is not None:
            one, other = _side(source, left, sums.edition), _side(source, right, sums.edition)
            sides[source.agency] = None if one is None or other is None else (one, other)
    return _balance(what, sides)


def _balance(what: str, sides: Mapping[str, tuple[Number, Number] | None]) -> Balance:
    heard = {agency: both for agency, both in sides.items() if both is not None}
    return Balance(
        what,
        sum(left for left, _ in heard.values()),
        sum(right for _, right in heard.values()),
        {agency: both for agency, both in heard.items() if both[0] != both[1]},
        tuple(agency for agency, both in sides.items() if both is None),
        len(heard),
    )


def _side(source: Source, paths: Sequence[str], edition: str) -> Number | None:
    """What an agency's cells add up to; blank ones and those that its form does not have add nothing."""
    value: Number = 0
    for path in paths:
        found = entry(source, path, edition)
        if found.state in HOLES and found.state is not State.OTHER_FORM:
            return None
        value += found.value or 0
    return value
