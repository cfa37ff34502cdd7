"""A government's own report held against the sum of its agencies, cell by cell.

A government's report covers the government itself and all bodies that report to it, so it may well say more than a
roster's agencies together. It can hardly say less of what is simply added up; but no law says that the two are equal.
A difference is something to explain, never a fault by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from monitor.rollup.sums import Entry, Number, Source, State, Sums, entry


class Compared(StrEnum):
    EQUAL = "equal"
    LESS = "less"  # the government's figure is below what its agencies already add up to
    MORE = "more"
    UNKNOWN = "unknown"


COMPARED_NAMES: Final = {
    Compared.EQUAL: "一致",
    Compared.LESS: "政府报告较少",
    Compared.MORE: "政府报告较多",
    Compared.UNKNOWN: "无法比对",
}
#: What usually explains a difference (Chinese), beside who is missing.
CAUSES: Final = (
    "政府办公厅（室）或政府本级办理的，不在单位名单之内（政府报告较多）",
    "应编制年报的单位没有全部列入名单（政府报告较多）",
    "垂直管理单位（如税务、气象）列入了名单，但不由本级政府汇总（政府报告较少）",
    "开发区、功能区单独编制年报，是否并入本级政府报告各地不一",
    "联合发文、共同被告等，在几个单位各计一次（政府报告较少）",
)
#: A change against last year may be negative: nothing follows from a sum in which somebody is missing.
_SIGNED: Final = ".change"


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell: the agencies' sum and the government's own figure. `difference`: own less sum, where both are numbers.

    `is_open`: the sum is incomplete, so that what is missing from it may be the difference.
    """

    path: str
    sum: Number | None
    own: Entry
    difference: Number | None
    compared: Compared
    is_open: bool

    @property
    def is_sure(self) -> bool:
        """Whether nobody's missing figures could take the difference away."""
        if self.compared is Compared.LESS:
            return not self.is_open or not self.path.endswith(_SIGNED)
        return self.compared is not Compared.UNKNOWN and not self.is_open


def compare(sums: Sums, government: Source) -> Mapping[str, Difference]:
    """Every cell of the form, by path."""
    return {path: _difference(sums, government, path) for path in sums.totals}


def _difference(sums: Sums, government: Source, path: str) -> Difference:
    total, own = sums.totals[path], entry(government, path, sums.edition)
    is_open = not total.is_complete
    if total.value is None or own.state is not State.NUMBER or own.value is None:
        return Difference(path, total.value, own, None, Compared.UNKNOWN, is_open)
    gap = own.value - total.value
    compared = Compared.EQUAL if not gap else Compared.LESS if gap < 0 else Compared.MORE
    return Difference(path, total.value, own, gap, compared, is_open)
