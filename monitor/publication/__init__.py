"""Rules about how a report was published, beside those about what it says: `PUBLICATION_RULES` names them all.

    timing     late, too early, not submitted, back-dated; withdrawn or changed afterwards
    place      in the right column, as text, behind links that work, year after year
    versions   one report a year, or several that differ

Pure: stored facts in, findings out. A rule that lacks what it needs says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from monitor.model import Finding
from monitor.publication.base import Publication, PublicationRule
from monitor.publication.catalogue import PUBLICATION_RULES
from monitor.publication.place import (
    column_missing,
    history_gap,
    link_unreachable,
    not_on_platform,
    without_text,
    wrong_document,
)
from monitor.publication.timing import afterwards, backdated, date_unknown, not_submitted, overdue, too_early
from monitor.publication.versions import duplicate_publication

__all__ = ["PUBLICATION_RULES", "Publication", "PublicationRule", "publication_findings"]

_CHECKS: Final[tuple[Callable[[Publication], Iterator[Finding]], ...]] = (
    overdue,
    date_unknown,
    too_early,
    backdated,
    not_submitted,
    wrong_document,
    not_on_platform,
    column_missing,
    history_gap,
    duplicate_publication,
    without_text,
    link_unreachable,
    afterwards,
)


def publication_findings(case: Publication) -> Iterator[Finding]:
    """What is wrong with how a report was published, as far as it is sure. Of an exempt agency nothing is."""
    if case.obligation.exempt:
        return
    for check in _CHECKS:
        yield from check(case)
