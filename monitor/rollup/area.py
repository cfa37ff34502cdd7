"""An area's roll-up as one value: what jobs make, and what sheets, lists and pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.rollup.balance import Balance
from monitor.rollup.compare import Difference
from monitor.rollup.sums import Source, Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class RollUp:
    """An area's figures of one report year. `place`: what the area is called; `at`: as of when (ISO 8601).

    `government`: the area's own report, without a report where there is none to read, None where the roster has no
    government of the area, or several. `carried`: last year against this one; empty where last year was never read.
    """

    region: str
    place: str
    year: int
    at: str
    sums: Sums
    balances: tuple[Balance, ...]
    carried: tuple[Balance, ...]
    government: Source | None
    differences: Mapping[str, Difference] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
