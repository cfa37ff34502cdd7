"""Finds reports that say much the same as another agency's (高度相似), among many, and where.

`find_lookalikes` compares any number of reports at once; `compared` makes a report ready for it. Prints, what is common
and candidate pairs are found from numbers alone; words are looked at only of the few pairs that remain. What it finds
is a fact about two texts; which agency wrote first, and whether that is a fault, nobody says here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np

from monitor.likeness import OWN_PARTS, Likeness, Sentence, likeness, own_sentences
from monitor.lookalikes.candidates import met_in_any
from monitor.lookalikes.common import TEACHING, learn, union, within
from monitor.lookalikes.prints import NONE, SCHEME, PartPrints, Prints, prints_of, winnowed
from monitor.model import Lookalike, Report
from monitor.text import clean, squash

__all__ = ["SCHEME", "TEACHING", "Compared", "Key", "PartPrints", "compared", "find_lookalikes", "own_prints"]

#: Whose report, and of which report year.
Key = tuple[str, int]

#: The share of the lesser report's own prints (or of those of one part) that makes a pair worth reading.
_WORTH_READING: Final = 0.2
_PART_WORTH_READING: Final = 0.5
#: The share of a report's own words, or of its fifth part's, from which on it is called like another.
LIKE: Final = 0.3
_PART_LIKE: Final = 0.7
#: Characters that have to be alike, in all and in one part: less is chance.
_FEWEST: Final = 120
_FEWEST_OF_PART: Final = 80
#: The share of a part that has to be the agency's own before the part alone is called like another.
_OWN_OF_PART: Final = 0.5
#: A sentence of which so much is common is nobody's own.
_COMMON: Final = 0.5
#: The most that are told of a report, and of a pair.
_MOST: Final = 5
_PASSAGES: Final = 3
_PASSAGE: Final = 120
_TEXTS_HELD: Final = 256


@dataclass(frozen=True, slots=True)
class Compared:
    """A report as it is compared. `key`: the agency's id and the report year; `name`: what people call the agency.

    `groups`: the names of the groups it belongs to, within which common words are learned (place, portal), besides the
    whole. `names`: what else the agency is called in its report. `document`: a hash of the file, "" where unknown: one
    file that stands for two agencies is no copy.
    """

    key: Key
    name: str
    prints: PartPrints
    groups: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    url: str = ""
    published_on: date | None = None
    document: str = ""


def own_prints(report: Report) -> PartPrints:
    """A report's prints, from its own words alone (no roster): what the store keeps under `SCHEME`."""
    return prints_of(own_sentences(report))


def compared(key: Key, report: Report, *, name: str = "", groups: Sequence[str] = (), url: str = "") -> Compared:
    """A report in hand, ready to be compared."""
    return Compared(key, name or report.agency or "", own_prints(report), tuple(groups), url=url)


def find_lookalikes(
    reports: Iterable[Compared],
    report_of: Callable[[Compared], Report | None],
    *,
    only: Callable[[Key], bool] = lambda key: True,
) -> dict[Key, tuple[Lookalike, ...]]:
    """For each report that was compared, what is like it, the most alike first; () where nothing is.

    `report_of` is asked for the words of the few that remain in question. `only`: whose lookalikes are wanted; they
    are compared with all. Reports of one agency, of any year, are not compared with each other.
    """
    held = list({item.key: item for item in reports}.values())
    wanted = [only(item.key) for item in held]
    corpus = _Corpus(held, report_of)
    found: dict[Key, list[Lookalike]] = {
        item.key: [] for item, is_wanted in zip(held, wanted, strict=True) if is_wanted
    }
    for a, b in met_in_any(corpus.own_by_part(), wanted):
        if not _is_one_body(held[a], held[b]) and corpus.is_worth_reading(a, b):
            for one, other in ((a, b), (b, a)):
                if wanted[one] and (like := corpus.compare(one, other)):
                    found[held[one].key].append(like)
    return {key: tuple(sorted(likes, key=_most_alike)[:_MOST]) for key, likes in found.items()}


def _most_alike(like: Lookalike) -> tuple[float, str, int]:
    return (-like.shared, like.agency, like.year)


def _is_one_body(one: Compared, other: Compared) -> bool:
    """Whether two reports are one agency's, one file's, or a government's and its own office's."""
    names = sorted((squash(one.name), squash(other.name)), key=len)
    return (
        one.key[0] == other.key[0]
        or names[0] == names[1]
        or bool(one.document and one.document == other.document)
        or names[1] in (f"{names[0]}办公室", f"{names[0]}办公厅")
    )


class _Corpus:
    """All reports that are compared, with what they have in common."""

    def __init__(self, held: Sequence[Compared], report_of: Callable[[Compared], Report | None]) -> None:
        self._held = held
        self._report_of = report_of
        by_agency: dict[str, list[Prints]] = {}
        for item in held:
            by_agency.setdefault(item.key[0], []).append(item.prints.all)
        groups = {item.key[0]: (*dict.fromkeys(item.groups), "") for item in held}
        self._agencies = len(by_agency)
        self._common = learn({agency: union(prints) for agency, prints in by_agency.items()}, groups)
        # Many reports belong to the same groups: what is common to them is put together once.
        self._together: dict[tuple[str, ...], Prints] = {}
        self._own = [self._without_common(item) for item in held]
        # Pairs come sorted, so a few texts are asked for again and again.
        self._sentences = lru_cache(maxsize=_TEXTS_HELD)(self._read)

    def own_by_part(self) -> list[list[Prints]]:
        return [[own.parts.get(part, NONE) for own in self._own] for part in OWN_PARTS]

    def is_worth_reading(self, a: int, b: int) -> bool:
        """Whether so many prints are shared that the words should be looked at."""
        for part in (None, *OWN_PARTS):
            one, other = (self._own[place].all if part is None else self._own[place].parts[part] for place in (a, b))
            shared = len(np.intersect1d(one, other, assume_unique=True))
            least = _WORTH_READING if part is None else _PART_WORTH_READING
            if shared >= least * max(1, min(len(one), len(other))):
                return True
        return False

    def compare(self, a: int, b: int) -> Lookalike | None:
        """What report b is to report a, by their words."""
        common = union([self._common_to(self._held[a]), self._common_to(self._held[b])])
        written = self._sentences(a)
        own = [sentence for sentence in written if not _is_common(sentence, common)]
        # Two versions of one model sentence are alike: it must be the other's own as well.
        other = [sentence for sentence in self._sentences(b) if not _is_common(sentence, common)]
        whole = likeness(own, other)
        problems = _of_part(whole, own, 5)
        if problems.characters < _OWN_OF_PART * sum(len(sentence.key) for sentence in written if sentence.part == 5):
            problems = Likeness(0, 0, ())
        like = whole.share >= LIKE and whole.alike >= _FEWEST
        like = like or (problems.share >= _PART_LIKE and problems.alike >= _FEWEST_OF_PART)
        if not like:
            return None
        theirs = self._held[b]
        return Lookalike(
            agency=theirs.name,
            year=theirs.key[1],
            shared=whole.share,
            passages=_passages(whole),
            agency_id=theirs.key[0],
            url=theirs.url,
            published_on=theirs.published_on,
            problems=problems.share if problems.alike >= _FEWEST_OF_PART else 0.0,
            characters=whole.alike,
            compared=self._agencies - 1,
        )

    def _common_to(self, item: Compared) -> Prints:
        if item.groups not in self._together:
            self._together[item.groups] = union(self._common[group] for group in (*dict.fromkeys(item.groups), ""))
        return self._together[item.groups]

    def _without_common(self, item: Compared) -> PartPrints:
        common = self._common_to(item)
        held = {part: item.prints.parts.get(part, NONE) for part in OWN_PARTS}
        return PartPrints({part: prints[~within(prints, common)] for part, prints in held.items()})

    def _read(self, place: int) -> tuple[Sentence, ...]:
        item = self._held[place]
        report = self._report_of(item)
        return own_sentences(report, (item.name, *item.names)) if report else ()


def _is_common(sentence: Sentence, common: Prints) -> bool:
    prints = winnowed(sentence.key)
    return len(prints) > 0 and float(within(prints, common).mean()) > _COMMON


def _of_part(whole: Likeness, own: Sequence[Sentence], part: int) -> Likeness:
    pairs = tuple(pair for pair in whole.pairs if pair[0].part == part)
    characters = sum(len(sentence.key) for sentence in own if sentence.part == part)
    return Likeness(characters, sum(len(sentence.key) for sentence, _ in pairs), pairs)


def _passages(whole: Likeness) -> tuple[tuple[str, str], ...]:
    """The longest of the pairs, in the order of the report."""
    longest = sorted(whole.pairs, key=lambda pair: -len(pair[0].key))[:_PASSAGES]
    return tuple((_cut(own.text), _cut(other.text)) for own, other in whole.pairs if (own, other) in longest)


def _cut(text: str) -> str:
    return text if len(text) <= _PASSAGE else f"{clean(text[:_PASSAGE])}…"
