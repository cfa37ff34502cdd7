"""The smallest correction that makes every sum of a table hold: which cells, and what they would have to say.

It works on numbers and sums alone, jointly over all sums of a table, and says nothing where more than one correction
is as small: a guess would name the wrong cell. It knows no form and no rule, and it never says that a cell is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

Number = int | Decimal

#: So many cells may be corrected together. More of them would be a new table, not a correction.
_LARGEST: Final = 3
#: A cell of these tables stands in so many sums at most.
_SUMS_OF_CELL: Final = 3
#: So many trials: what takes more is too far from any table to be told apart.
_TRIALS: Final = 4000


@dataclass(frozen=True, slots=True)
class Identity:
    """A sum that a table has to keep: the cells at `left` and those at `right` (paths) add up to the same."""

    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell corrected. `swapped`: its last reading has two neighbouring digits in the wrong order."""

    path: str
    before: Number
    after: Number

    @property
    def swapped(self) -> bool:
        before, after = str(self.before), str(self.after)
        if len(before) != len(after):
            return False
        apart = [place for place, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]
        return len(apart) == 2 and apart[1] == apart[0] + 1 and sorted(before) == sorted(after)


class _Sums:
    """The sums of a table as equations: which cells stand in which, with which sign, and by how much each is off."""

    def __init__(self, numbers: Mapping[str, Number], identities: Sequence[Identity]) -> None:
        self.numbers = numbers
        self.members: list[dict[str, int]] = []
        self.sums_of: dict[str, list[tuple[int, int]]] = {}
        self.off: dict[int, Number] = {}
        self.trials = 0
        for place, identity in enumerate(identities):
            signs = dict.fromkeys(identity.left, 1) | dict.fromkeys(identity.right, -1)
            self.members.append(signs)
            for path, sign in signs.items():
                self.sums_of.setdefault(path, []).append((place, sign))
            if off := sum(sign * numbers[path] for path, sign in signs.items()):
                self.off[place] = off

    def corrected(self, off: Mapping[int, Number], change: Change) -> dict[int, Number]:
        """By how much each sum is off when a cell is changed."""
        left = dict(off)
        for place, sign in self.sums_of[change.path]:
            value = left.get(place, 0) + sign * (change.after - change.before)
            if value:
                left[place] = value
            else:
                left.pop(place, None)
        return left

    def changes(self, off: Mapping[int, Number], place: int, path: str) -> Iterator[Change]:
        """The cell's one value that sets a sum right, if it is a count."""
        before = self.numbers[path]
        after = before - self.members[place][path] * off[place]
        if after >= 0:
            yield Change(path, before, after)

    def alone(self, off: Mapping[int, Number]) -> Iterator[Change]:
        """The cells each of which by itself would set right all that is off."""
        if len(off) > _SUMS_OF_CELL:
            return
        place = min(off, key=lambda each: len(self.members[each]))
        for path in self.members[place]:
            if len(self.sums_of[path]) >= len(off):
                yield from (change for change in self.changes(off, place, path) if not self.corrected(off, change))

    def sets(self, off: Mapping[int, Number], size: int, used: frozenset[str]) -> Iterator[frozenset[Change]]:
        """The sets of so many cells that together set right all that is off; one set may come more than once."""
        if size == 1:
            yield from (frozenset([change]) for change in self.alone(off) if change.path not in used)
            return
        tried: set[Change] = set()
        for place in off:
            for path in self.members[place]:
                for change in self.changes(off, place, path):
                    self.trials += 1
                    if path in used or change in tried:
                        continue
                    tried.add(change)
                    left = self.corrected(off, change)
                    if left and len(left) <= _SUMS_OF_CELL * (size - 1) and self.trials <= _TRIALS:
                        yield from (found | {change} for found in self.sets(left, size - 1, used | {path}))


def mend(numbers: Mapping[str, Number], identities: Sequence[Identity]) -> tuple[Change, ...]:
    """The one smallest set of changes after which all identities hold; nothing where none is the smallest alone.

    `numbers`: what stands in each cell of the identities, blank cells 0.
    """
    sums = _Sums(numbers, identities)
    for size in range(1, _LARGEST + 1):
        if not sums.off or len(sums.off) > _SUMS_OF_CELL * size:
            continue
        found = set(sums.sets(sums.off, size, frozenset()))
        if sums.trials > _TRIALS:
            break
        if size == 1 and len(found) > 1:
            # That one of them has its digits in the wrong order proves nothing: it comes about by chance, too.
            return ()
        if found:
            if len(found) > 1:
                break
            (changes,) = found
            order = {path: place for place, path in enumerate(numbers)}
            return tuple(sorted(changes, key=lambda change: order[change.path]))
    return _zero_totals(numbers, identities)


def _zero_totals(numbers: Mapping[str, Number], identities: Sequence[Identity]) -> tuple[Change, ...]:
    """Totals of 0 beside parts, several of them: filled in, if then all identities hold (a line that was left at 0)."""
    filled = dict(numbers)
    for identity in identities:
        (total, *others) = identity.right
        if not others and not numbers[total]:
            filled[total] = max(filled[total], sum(filled[path] for path in identity.left))
    changes = [Change(path, before, filled[path]) for path, before in numbers.items() if filled[path] != before]
    holds = all(
        sum(filled[path] for path in identity.left) == sum(filled[path] for path in identity.right)
        for identity in identities
    )
    return tuple(changes) if holds and len(changes) > 1 else ()
