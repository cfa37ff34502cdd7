"""The other agencies of a roster, as rules ask for them: by name, by the end of a name, by a name however written.

One roster serves all its reports. Nothing of it is copied for a report, and none passes through all of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from monitor.text import squash


class Names:
    """The names of a roster's agencies, ready to be looked up; a name may stand there more than once."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = tuple(names)

    @cached_property
    def written(self) -> Mapping[str, int]:
        """Name → how many agencies have it."""
        return Counter(self._names)

    @cached_property
    def compared(self) -> Mapping[str, int]:
        """The same of the names as they are compared (`squash`)."""
        return Counter(map(squash, self._names))

    @cached_property
    def backwards(self) -> list[str]:
        """The names written backwards, sorted: those with one end stand together."""
        return sorted(name[::-1] for name in self._names)


@dataclass(frozen=True, slots=True)
class Others:
    """The agencies of a roster but one. `own`: that one's name, None where it is not on the roster."""

    names: Names
    own: str | None = None

    @classmethod
    def of(cls, names: Iterable[str]) -> Others:
        """These agencies, and no other."""
        return cls(Names(names))

    def has(self, name: str) -> bool:
        """Whether another agency has the name."""
        return self.names.written.get(name, 0) > (name == self.own)

    def has_squashed(self, name: str) -> bool:
        """Whether another agency has the name, which is given as it is compared."""
        is_own = self.own is not None and squash(self.own) == name
        return self.names.compared.get(name, 0) > is_own

    def has_ending(self, ending: str) -> bool:
        """Whether another agency's name ends so."""
        backwards, end = self.names.backwards, ending[::-1]
        own = None if self.own is None else self.own[::-1]
        place = bisect_left(backwards, end)
        # The agency's own name stands there too; once, it is not another's.
        found = [name for name in backwards[place : place + 2] if name.startswith(end)]
        return len(found) > 1 or (bool(found) and found[0] != own)
