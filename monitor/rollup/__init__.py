"""The area's figures: the three tables of many reports as one, what is missing from it, and a government's report
held against it. Pure: reports in, totals out; it fetches nothing, reads no clock, accuses nobody.

Sums are linear, so every total and every gap can be traced to the agencies that it comes from.
"""

from monitor.rollup.area import RollUp
from monitor.rollup.balance import Balance, balances, carried_over
from monitor.rollup.compare import Compared, Difference, compare
from monitor.rollup.sums import Entry, Source, State, Sums, Total, add_up, entry, form_paths

__all__ = [
    "Balance",
    "Compared",
    "Difference",
    "Entry",
    "RollUp",
    "Source",
    "State",
    "Sums",
    "Total",
    "add_up",
    "balances",
    "carried_over",
    "compare",
    "entry",
    "form_paths",
]
