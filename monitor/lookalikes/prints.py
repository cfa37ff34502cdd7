"""The fingerprints of a report's own sentences: few numbers that two reports share where they share a run of words.

Winnowing: of the hashes of all runs of characters only the least of each few neighbours is kept, so that any run of
`KEPT_RUN` characters that two texts share leaves a common print in both. Prints are stored: what makes them is frozen
under `SCHEME`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monitor.likeness import OWN_PARTS, Sentence

#: Names all that prints hang on: these constants, the hash, and what `monitor.likeness` calls a key. Prints of another
#: scheme are made anew.
SCHEME: Final = "winnowed-1"

_RUN: Final = 12
_WINDOW: Final = 4
KEPT_RUN: Final = _RUN + _WINDOW - 1

Prints = NDArray[np.uint32]

_FACTORS: Final = [np.uint64(pow(0x100000001B3, power, 1 << 64)) for power in range(_RUN)]
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
NONE: Final = np.empty(0, np.uint32)


@dataclass(frozen=True)
class PartPrints:
    """The prints of a report by part, each sorted and without repetitions."""

    parts: Mapping[int, Prints]

    @property
    def all(self) -> Prints:
        return np.unique(np.concatenate([NONE, *self.parts.values()]))

    def packed(self) -> bytes:
        """As stored: the number of prints of each part, then the prints."""
        held = [self.parts.get(part, NONE) for part in OWN_PARTS]
        sizes = np.array([len(prints) for prints in held], "<u4")
        return b"".join([sizes.tobytes(), *(prints.astype("<u4").tobytes() for prints in held)])

    @classmethod
    def unpacked(cls, data: bytes) -> PartPrints:
        numbers = np.frombuffer(data, "<u4").astype(np.uint32)
        ends = np.cumsum(numbers[: len(OWN_PARTS)].astype(np.int64)) + len(OWN_PARTS)
        starts = [len(OWN_PARTS), *ends[:-1]]
        return cls({part: numbers[a:b] for part, a, b in zip(OWN_PARTS, starts, ends, strict=True)})


def prints_of(sentences: Iterable[Sentence]) -> PartPrints:
    """The prints of a report's own sentences (`monitor.likeness.own_sentences`)."""
    keys: dict[int, list[str]] = {part: [] for part in OWN_PARTS}
    for sentence in sentences:
        keys[sentence.part].append(sentence.key)
    return PartPrints({part: np.unique(winnowed("".join(held))) for part, held in keys.items()})


def winnowed(key: str) -> Prints:
    """The prints of a run of text, in its order; those of a piece of it are among them."""
    codes = np.frombuffer(key.encode("utf-32-le", "replace"), "<u4").astype(np.uint64)
    count = len(codes) - _RUN + 1
    if count < 1:
        return NONE
    hashes = np.zeros(count, np.uint64)
    for place, factor in enumerate(_FACTORS):
        hashes += codes[place : place + count] * factor
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX
    mixed = (hashes >> np.uint64(32)).astype(np.uint32)
    if count <= _WINDOW:
        return np.array([mixed.min()], np.uint32)
    least: Prints = np.lib.stride_tricks.sliding_window_view(mixed, _WINDOW).min(axis=1)
    return least
