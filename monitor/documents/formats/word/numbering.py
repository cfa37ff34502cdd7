"""Word's automatic numbering as text: the numbers that people see and that no run of a document holds.

Reads numbering.xml and counts in the order in which paragraphs are asked for; knows no paragraph and no style.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from monitor.documents.formats.numerals import DIGITS, chinese, roman
from monitor.documents.formats.word.xml import MC, VAL, Properties, W, properties, switch, val, whole

_LEVELS: Final = 9
#: A list longer than this is nobody's; larger starts are not counted from.
_LARGEST: Final = 30_000
_LEGAL: Final = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL: Final = "零壹貳參肆伍陸柒捌玖"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"


# ── numbers as text ─────────────────────────────────────────────────────────────────────────────────────────────────


def _positional(number: int) -> str:
    return "".join(DIGITS[int(digit)] for digit in str(number))


def _counting(number: int) -> str:
    """chineseCounting: spoken below a hundred, digit by digit from there."""
    return chinese(number) if number < 100 else _positional(number)


def _letter(number: int) -> str:
    """a … z, aa, bb …: Word repeats the letter."""
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""


def _one_of(marks: str) -> Callable[[int], str]:
    """A format with a mark for each of the first numbers; digits behind them."""
    return lambda number: marks[number - 1] if 0 < number <= len(marks) else str(number)


def _marks(first: int, count: int) -> str:
    return "".join(map(chr, range(first, first + count)))


_CIRCLED: Final = _marks(0x2460, 20) + _marks(0x3251, 15) + _marks(0x32B1, 15)

#: ST_NumberFormat (ECMA-376 part 1, 17.18.59), those that Chinese documents use. A bullet numbers nothing.
_FORMATS: Final[Mapping[str, Callable[[int], str]]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": lambda number: str(number).translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)}),
    "decimalFullWidth2": lambda number: str(number).translate(
        {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
    ),
    "decimalEnclosedCircle": _one_of(_CIRCLED),
    "decimalEnclosedCircleChinese": _one_of(_CIRCLED),
    "decimalEnclosedParen": _one_of(_marks(0x2474, 20)),
    "decimalEnclosedFullstop": _one_of(_marks(0x2488, 20)),
    "ideographEnclosedCircle": _one_of(_marks(0x3280, 10)),
    "numberInDash": lambda number: f"- {number} -",
    "ordinal": lambda number: str(number) + _ordinal(number),
    "upperRoman": roman,
    "lowerRoman": lambda number: roman(number).lower(),
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerLetter": _letter,
    "chineseCounting": _counting,
    "taiwaneseCounting": _counting,
    "chineseCountingThousand": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": _positional,
    "taiwaneseDigital": _positional,
    "japaneseDigitalTenThousand": _positional,
    "chineseLegalSimplified": lambda number: chinese(number, _LEGAL, "拾佰仟"),
    "ideographLegalTraditional": lambda number: chinese(number, _LEGAL_TRADITIONAL, "拾佰仟"),
    "ideographTraditional": _one_of(_STEMS),
    "ideographZodiac": _one_of(_BRANCHES),
    "none": lambda _: "",
}


def _ordinal(number: int) -> str:
    return "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


# ── definitions and counters ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list. `text`: the number with %1 … %9 in it. `restart`: None for the rule, 0 for never."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    suffix: str = "tab"
    restart: int | None = None
    legal: bool = False
    style: str = ""


@dataclass(slots=True)
class _List:
    """An abstract definition and its counters, which all lists that point to it share."""

    levels: dict[int, Level]
    style: str = ""
    borrowed: str = ""
    counters: list[int | None] | None = None


@dataclass(slots=True)
class _Number:
    """A list as paragraphs name it: its definition, its own levels, and where it starts anew when first used."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int]
    used: bool = False


class Numbering:
    """The lists of a document. `strange`: formats that stand in it and are not known here."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, _List] = {}
        self._numbers: dict[str, _Number] = {}
        self.strange: set[str] = set()
        for element in root if root is not None else ():
            if element.tag == W + "abstractNum":
                levels = {
                    number: level for child in element.iterchildren(W + "lvl") for number, level in [_level(child)]
                }
                own = properties(element)
                style, borrowed = val(own, "styleLink") or "", val(own, "numStyleLink") or ""
                self._lists[element.get(W + "abstractNumId", "")] = _List(levels, style, borrowed)
            elif element.tag == W + "num":
                self._numbers[element.get(W + "numId", "")] = _number(element)
        self._by_style = {found.style: found for found in self._lists.values() if found.style}

    def __contains__(self, number: str) -> bool:
        return self._list(number) is not None

    def level_of_style(self, number: str, style: str) -> int | None:
        """The level that a list reserves for a paragraph style."""
        levels = self._levels(number)
        return next((place for place, level in levels.items() if level.style == style), None) if style else None

    def next(self, number: str, place: int) -> str:
        """Count a paragraph at a level (from 0) of a list; its number with what divides it from the text."""
        found, named = self._list(number), self._numbers.get(number)
        level = self._levels(number).get(place)
        if found is None or named is None or level is None:
            return ""
        counters = found.counters = found.counters or [None] * _LEVELS
        if not named.used:
            named.used = True
            for start in named.starts:
                counters[start] = None
        for above in range(place):  # a level that nobody has used yet counts as begun below it, as Word shows it
            if counters[above] is None:
                counters[above] = self._start(number, above)
        counters[place] = self._start(number, place) if counters[place] is None else (counters[place] or 0) + 1
        for below in range(place + 1, _LEVELS):
            restart = self._levels(number).get(below, Level()).restart
            if restart is None or place < restart:
                counters[below] = None
        return self._printed(number, level, counters)

    def _printed(self, number: str, level: Level, counters: list[int | None]) -> str:
        if level.format == "bullet":
            return ""
        levels = self._levels(number)

        def value(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            count = counters[place]
            kind = levels.get(place, Level()).format
            return self._formatted(self._start(number, place) if count is None else count, kind, legal=level.legal)

        printed = re.sub(r"%([1-9])", value, level.text)
        # A full-width mark takes its own room; behind 1. a figure must not run on: 1. 17件 is no 1.17件.
        divider = " " if printed and level.suffix != "nothing" and printed[-1].isascii() else ""
        return printed + divider

    def _formatted(self, count: int, kind: str, *, legal: bool) -> str:
        if legal:
            return str(count)
        if kind not in _FORMATS and kind != "bullet":
            self.strange.add(kind)
        form = _FORMATS.get(kind)
        return form(count) if form and 0 <= count <= _LARGEST else ""

    def _start(self, number: str, place: int) -> int:
        named = self._numbers[number]
        return named.starts.get(place, self._levels(number).get(place, Level()).start)

    def _levels(self, number: str) -> dict[int, Level]:
        found, named = self._list(number), self._numbers.get(number)
        if found is None or named is None:
            return {}
        return {**found.levels, **named.levels} if named.levels else found.levels

    def _list(self, number: str) -> _List | None:
        """The definition behind a list; one that is borrowed from a list style is that style's."""
        named = self._numbers.get(number)
        found = self._lists.get(named.abstract) if named is not None else None
        if found is not None and found.borrowed and not found.levels:
            return self._by_style.get(found.borrowed, found)
        return found


def _number(element: etree._Element) -> _Number:
    levels: dict[int, Level] = {}
    starts: dict[int, int] = {}
    for override in element.iterchildren(W + "lvlOverride"):
        place = _place(override)
        own = properties(override)
        if W + "lvl" in own:
            levels[place] = _level(own[W + "lvl"])[1]
        start = whole(val(own, "startOverride"), -1)
        if start >= 0:
            starts[place] = start
            if place in levels:
                levels[place] = replace(levels[place], start=start)
    return _Number(val(properties(element), "abstractNumId") or "", levels, starts)


def _level(element: etree._Element) -> tuple[int, Level]:
    own = properties(element)
    restart = val(own, "lvlRestart")
    return _place(element), Level(
        start=whole(val(own, "start"), 0),
        format=_format(element, own),
        text=(val(own, "lvlText") or "")[:100],
        suffix=val(own, "suff") or "tab",
        restart=whole(restart, 0) if restart is not None else None,
        legal=bool(switch(own, "isLgl")),
        style=val(own, "pStyle") or "",
    )


def _format(element: etree._Element, own: Properties) -> str:
    """The number format; Word writes newer ones as a choice with a fallback for older readers."""
    kind = val(own, "numFmt")
    if kind is None:
        fallback = element.find(f"{MC}AlternateContent/{MC}Fallback/{W}numFmt")
        kind = fallback.get(VAL) if fallback is not None else None
    return kind or "decimal"


def _place(element: etree._Element) -> int:
    return min(max(whole(element.get(W + "ilvl"), 0), 0), _LEVELS - 1)
