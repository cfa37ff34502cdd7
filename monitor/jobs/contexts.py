"""What the rules are given beside a report: who else is on the roster, and the words that an office looks for.

Whoever lets rules run over stored reports makes their contexts here, so that a
round and a later look at the same reports see the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from monitor.checks.base import Context
from monitor.checks.others import Names, Others
from monitor.lexicon import Lexicon
from monitor.model import Agency, Lookalike, Report
from monitor.office import LocalItem
from monitor.rollup import Sums


class Contexts:
    """Makes the contexts of a roster's reports."""

    def __init__(self, agencies: Iterable[Agency], lexicon: Lexicon, items: tuple[LocalItem, ...] = ()) -> None:
        self._lexicon = lexicon
        self._items = items
        self._names = Names(agency.name for agency in agencies)

    def of(
        self,
        report: Report,
        agency: Agency,
        year: int,
        *,
        previous: Report | None = None,
        published_on: date | None = None,
        lookalikes: tuple[Lookalike, ...] | None = None,
        area: Sums | None = None,
    ) -> Context:
        """What the rules may look at in the report of an agency of the roster for a year."""
        return Context(
            report=report,
            agency_names=(agency.name, *agency.aliases),
            year=year,
            previous=previous,
            published_on=published_on,
            kind=agency.kind,
            others=Others(self._names, agency.name),
            lookalikes=lookalikes,
            lexicon=self._lexicon,
            area=area,
            items=self._items,
        )
