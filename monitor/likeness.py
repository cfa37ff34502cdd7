"""What a report says in its own words, made comparable: sentences without names, numbers and marks.

Whoever compares two texts (with last year's, with another agency's) does it by this measure. What the form, the law or
every nil return says is nobody's own words and is left out here. Nothing here judges.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from monitor.model import Report
from monitor.text import clean, squash

#: The parts in which an agency speaks for itself; the others, like the preface, introduce tables in prescribed words.
OWN_PARTS: Final = (1, 5, 6)
#: Characters. No report's own words are longer; what is behind is not compared.
_LONGEST_PART: Final = 20_000
#: Characters. A text without punctuation is cut: a longer run would be like nothing else.
_LONGEST_SENTENCE: Final = 200
#: Characters of a sentence's key. What is shorter says nothing of its own.
SHORTEST: Final = 10
#: Characters that are compared as one.
_GRAM: Final = 4
#: The share of such runs that two nearly equal sentences have in common (Dice).
NEARLY: Final = 0.6

_SENTENCE: Final = re.compile(rf"[^。；;！!？?\n]{{1,{_LONGEST_SENTENCE}}}")
#: What parts sentences that are squashed together: it ends them, so none holds it, and squashing leaves it alone.
_SEAM: Final = "。"
_NUMBERING: Final = re.compile(r"^(?:[(]?[一二三四五六七八九十\d]{1,3}(?:[)、.．:]|是)[、.]?)+")
_SELF: Final = re.compile(
    "(?:我|本)(?:局|委|办|院|厅|处|站|会|队|中心|镇|乡|街道|街|单位|部门|机关|区|市|县|省|旗|州|行政机关)"
)
#: The level of a place and the kind of a body are names too: who copies changes them first.
_ALIKE: Final = str.maketrans(
    {
        **dict.fromkeys("省市县区旗州盟镇乡", "区"),
        **dict.fromkeys("局委办院厅", "局"),
        **dict.fromkeys("0123456789零〇两", ""),
    }
)
_MARKS: Final = re.compile(r"[\W_]")
_PLACES: Final = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:自治[区州县旗]|[省市州盟县旗区镇乡]|街道)")
#: Sentences that every report has to say in nearly these words: fees, nil returns, what the law is called.
_FORMULA: Final = re.compile(
    "信息处理费|需要报告的(?:其他)?事项|无其他(?:需要)?|(?:未|没有|无|不存在)[^,]{0,20}(?:申请|复议|诉讼|建议|提案|收费|追究|情况)"
    "|国(?:务院)?办公?[开厅][^,]{0,6}函|国务院令|^.{0,14}情况[:：]?$"
)
_NUMBERS: Final = re.compile(r"\d+")
#: A sentence with a number in so few characters is a figure with its words.
_A_NUMBER_IN: Final = 12


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the agency's own: its part (1, 5 or 6), as printed (`text`) and as it is compared (`key`)."""

    part: int
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of one report's own words stands nearly the same in another.

    `characters`: compared ones, `alike`: of these the ones that are nearly the same; `pairs`: the sentences that are.
    """

    characters: int
    alike: int
    pairs: tuple[tuple[Sentence, Sentence], ...]

    @property
    def share(self) -> float:
        return self.alike / self.characters if self.characters else 0.0


def own_sentences(
    report: Report, names: Sequence[str] = (), *, parts: Sequence[int] = OWN_PARTS
) -> tuple[Sentence, ...]:
    """The report's own sentences, in order. `names`: what its agency is called, besides what the report itself says."""
    swapped = _swapped((*names, report.agency or "", report.signed_by or ""))
    found: list[Sentence] = []
    for part in parts:
        text = "\n".join(section.text for section in report.sections if section.part == part)
        found += _sentences(part, text[:_LONGEST_PART], swapped)
    return tuple(found)


@lru_cache(maxsize=8)
def _sentences(part: int, text: str, swapped: tuple[str, ...]) -> tuple[Sentence, ...]:
    """Kept for a moment: two rules compare the same words, and one year's report is last year's to the next."""
    raw = _SENTENCE.findall(text)
    if not raw:
        return ()
    # One pass over the whole part: a pass for each sentence would take ten times as long.
    joined = squash(_SEAM.join(raw))
    if joined.count(_SEAM) != len(raw) - 1:  # a converter's mark went over the end of a sentence, or made another
        joined = _SEAM.join(squash(line).replace(_SEAM, "") for line in raw)
    for name in swapped:
        joined = joined.replace(name, "")
    joined = _SELF.sub("我", joined)
    return tuple(_own(part, raw, joined.split(_SEAM)))


def _own(part: int, raw: Sequence[str], lines: Sequence[str]) -> Iterator[Sentence]:
    """Sentences that are an agency's own, of those as printed (`raw`) and squashed (`lines`)."""
    for printed, line in zip(raw, lines, strict=True):
        line = _NUMBERING.sub("", line)
        numbers = len(_NUMBERS.findall(line))
        key = _MARKS.sub("", line).translate(_ALIKE)
        if len(key) >= SHORTEST and numbers * _A_NUMBER_IN <= len(key) and not _FORMULA.search(line):
            yield Sentence(part, clean(printed), key)


@lru_cache(maxsize=64)
def _swapped(names: tuple[str, ...]) -> tuple[str, ...]:
    """What is taken out of a text: the agency's names, what is left of them without the place, and the places."""
    found: set[str] = set()
    for name in map(squash, names):
        found.add(name)
        rest = name
        while (place := _PLACES.match(rest)) and len(rest) - place.end() >= _GRAM:
            rest = rest[place.end() :]
            found |= {rest, place[0], place[0][:-1]}
    return tuple(sorted((name for name in found if len(name) > 1 and _SEAM not in name), key=len, reverse=True))


def likeness(own: Sequence[Sentence], other: Sequence[Sentence], *, least: float = 0.0) -> Likeness:
    """How much of `own` stands nearly the same in `other`, each sentence beside the one that is most like it.

    `least`: the share that is asked about. Where it cannot be reached, nothing is said to be alike.
    """
    characters = left = sum(len(sentence.key) for sentence in own)
    places = {sentence.key: place for place, sentence in reversed(list(enumerate(other)))}
    nearest: _Nearest | None = None
    pairs = []
    for sentence in own:
        best = places.get(sentence.key)
        if best is None:
            nearest = nearest or _Nearest(other)
            best = nearest.place(sentence)
        if best is not None:
            pairs.append((sentence, other[best]))
            continue
        left -= len(sentence.key)
        if left / characters < least:
            return Likeness(characters, 0, ())
    return Likeness(characters, left, tuple(pairs))


class _Nearest:
    """Sentences by the runs of characters in them."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._grams = [_grams(sentence.key) for sentence in sentences]
        self._all = frozenset[str]().union(*self._grams)

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for place, held in enumerate(self._grams):
            for gram in held:
                index[gram].append(place)
        return index

    def place(self, sentence: Sentence) -> int | None:
        """Where the sentence stands that is most like this one; None where none is nearly equal."""
        mine = _grams(sentence.key)
        common = len(mine & self._all)
        # No sentence is more like it than one that had all of these runs and no others.
        if not common or 2 * common / (len(mine) + common) < NEARLY:
            return None
        hits = Counter(place for gram in mine for place in self._index.get(gram, ()))
        alike = {place: 2 * common / (len(mine) + len(self._grams[place])) for place, common in hits.items()}
        best = max(alike, key=lambda place: (alike[place], -place), default=None)
        return best if best is not None and alike[best] >= NEARLY else None


def _grams(key: str) -> set[str]:
    return {key[i : i + _GRAM] for i in range(len(key) - _GRAM + 1)}
