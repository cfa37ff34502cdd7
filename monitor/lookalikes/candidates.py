"""Which pairs of reports are worth comparing: MinHash signatures of what is their own, met in an LSH index.

All pairs are never compared: 20,000 reports have 200 million. Signatures are made anew each time, for what is common,
and so what is a report's own, is learned from all of them; only prints are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Final

from rensa import RMinHash, RMinHashLSH

from monitor.lookalikes.prints import Prints

#: Three rows a band: of pairs with half of their prints in common 99 % meet, of those with 5 % only 4 in 1,000.
_PERMUTATIONS: Final = 96
_BANDS: Final = 32
_SEED: Final = 49
#: The index only sorts pairs into bands; it is asked for no threshold.
_THRESHOLD: Final = 0.3
#: Prints. What is less has too little of its own to be like anything.
_FEWEST: Final = 8
_BATCH: Final = 2_000
_BYTES: Final = 4


def meetings(prints: Sequence[Prints], wanted: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Places (a, b) of reports that share a band, a wanted one first; each pair once, the lesser first if both are."""
    places = [place for place, own in enumerate(prints) if len(own) >= _FEWEST]
    index = RMinHashLSH(threshold=_THRESHOLD, num_perm=_PERMUTATIONS, num_bands=_BANDS)
    signatures: dict[int, RMinHash] = {}
    for batch in _batches(places):
        signed = RMinHash.from_token_sets([_tokens(prints[place]) for place in batch], _PERMUTATIONS, _SEED)
        index.insert_pairs(list(zip(batch, signed, strict=True)))
        signatures.update((place, sign) for place, sign in zip(batch, signed, strict=True) if wanted[place])
    for batch in _batches(list(signatures)):
        found = index.query_all([signatures[place] for place in batch])
        for place, met in zip(batch, found, strict=True):
            yield from ((place, other) for other in met if other > place or (other != place and not wanted[other]))


def _tokens(prints: Prints) -> list[bytes]:
    data = prints.tobytes()
    return [data[start : start + _BYTES] for start in range(0, len(data), _BYTES)]


def _batches(places: Sequence[int]) -> Iterator[list[int]]:
    numbers = iter(places)
    while batch := list(islice(numbers, _BATCH)):
        yield batch


def met_in_any(parts: Sequence[Sequence[Prints]], wanted: Sequence[bool]) -> list[tuple[int, int]]:
    """The pairs that meet in at least one part, in order. `parts`: for each part, each report's prints."""
    return sorted(set(chain.from_iterable(meetings(prints, wanted) for prints in parts)))
