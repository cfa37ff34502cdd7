"""What is nobody's own: words that many agencies of a group share, learned from the reports themselves.

A group is a place (province, city, county) or a portal, and the whole. What stands in many agencies' reports of a group
was written by somebody above them (a template, a model text, a stock phrase), and sharing it is no copying.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.lookalikes.prints import NONE, Prints

#: Fewer agencies than these teach nothing.
TEACHING: Final = 8
#: Words are common that a fifth of a group's agencies use, but never fewer than five. In a group of thousands a fifth
#: would be a ring of hundreds: there, one in a hundred more is enough.
_SHARE: Final = 0.2
_FEWEST: Final = 5
_SMALL: Final = 200
_SHARE_OF_MANY: Final = 0.01


def threshold(agencies: int) -> int:
    """How many of a group's agencies make a word common."""
    small = min(agencies, _SMALL)
    return max(_FEWEST, int(small * _SHARE + (agencies - small) * _SHARE_OF_MANY) + 1)


def learn(by_agency: Mapping[str, Prints], groups: Mapping[str, Sequence[str]]) -> dict[str, Prints]:
    """The common prints of each group (sorted). `by_agency`: all prints of an agency; `groups`: its groups' names."""
    members: dict[str, list[str]] = {}
    for agency, names in groups.items():
        for name in names:
            members.setdefault(name, []).append(agency)
    return {name: _common([by_agency[agency] for agency in held]) for name, held in members.items()}


def _common(held: Sequence[Prints]) -> Prints:
    if len(held) < TEACHING:
        return NONE
    values, counts = np.unique(np.concatenate(held), return_counts=True)
    return values[counts >= threshold(len(held))]


def union(sets: Iterable[Prints]) -> Prints:
    return np.unique(np.concatenate([NONE, *sets]))


def within(values: Prints, held: Prints) -> NDArray[np.bool_]:
    """Which of the values are among the held (sorted) ones."""
    if not len(held):
        return np.zeros(len(values), np.bool_)
    places = np.searchsorted(held, values)
    places[places == len(held)] = 0
    found: NDArray[np.bool_] = held[places] == values
    return found
