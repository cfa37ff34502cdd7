"""Complete dates in Chinese text. A year or a month alone never becomes a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

_DIGIT_OF: Final = (
    {mark: value for value, mark in enumerate("〇一二三四五六七八九")}
    | {mark: value for value, mark in enumerate("零壹贰叁肆伍陆柒捌玖")}
    | dict.fromkeys("○◯Ｏ０OoＯ0", 0)
)
#: The marks of which a year in numerals is made.
NUMERALS: Final = "".join(_DIGIT_OF)

#: A year, a month or a day, in figures (half or full width) or in numerals; a number is never cut out of a longer one.
_Y: Final = rf"(?P<y>(?<!\d)\d{{4}}|(?<![{NUMERALS}十])[{NUMERALS}]{{4}})"
_M: Final = rf"(?P<m>\d{{1,2}}|[{NUMERALS}十]{{1,3}}|元)"
_D: Final = rf"(?P<d>\d{{1,2}}|[{NUMERALS}十廿卅]{{1,3}})"
# Blanks may stand anywhere between the parts: "2024- 01- 22", "2024 年 1 月 5 日".
_PATTERNS: Final = (
    re.compile(rf"{_Y}\s*年\s*{_M}\s*月\s*{_D}\s*[日号]"),
    # Authors and templates use many dashes: 2024-01-05, 2024—01—05, 2024/1/5, 2024.1.5; but 2024.1.5.3 is no date.
    re.compile(
        r"(?<!\d)(?P<y>\d{4})\s*(?P<mark>[-—–−‐/.．／－])\s*(?P<m>\d{1,2})\s*(?P=mark)\s*(?P<d>\d{1,2})"
        r"(?!\d|[.．]\d)"
    ),
)
_COMPACT: Final = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)")
_YEAR: Final = re.compile(rf"(?<!\d)((?:19|20)\d{{2}})\s*年|(?<![{NUMERALS}十])([二一][{NUMERALS}]{{3}})\s*年")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it stands in the text: `text[start:end]`."""

    value: date
    start: int
    end: int


def chinese_number(text: str) -> int | None:
    """A Chinese numeral below 100 (十二, 三十一, 廿一, 〇五) as a number; None where it is none."""
    text = text.replace("廿", "二十").replace("卅", "三十").strip()
    if not text or any(mark not in _DIGIT_OF and mark != "十" for mark in text):
        return None
    if "十" not in text:
        return int("".join(str(_DIGIT_OF[mark]) for mark in text))
    tens, _, ones = text.partition("十")
    if "十" in ones or len(tens) > 1 or len(ones) > 1 or _DIGIT_OF.get(tens) == 0:
        return None
    return (_DIGIT_OF[tens] if tens else 1) * 10 + (_DIGIT_OF[ones] if ones else 0)


def chinese_year(text: str) -> int | None:
    """Four numerals read digit by digit (二〇二四 → 2024); None where they are no year of this age."""
    if len(text) != 4 or any(mark not in _DIGIT_OF for mark in text):
        return None
    year = int("".join(str(_DIGIT_OF[mark]) for mark in text))
    return year if 1900 <= year <= 2100 else None


def find_dates(text: str, *, compact: bool = False) -> list[FoundDate]:
    """All complete dates of a text, in order. `compact` also takes 20240105, as addresses and file names write it."""
    found = []
    for pattern in (*_PATTERNS, _COMPACT) if compact else _PATTERNS:
        for match in pattern.finditer(text):
            value = as_date(match["y"], match["m"], match["d"])
            if value is not None:
                found.append(FoundDate(value, match.start(), match.end()))
    return sorted(found, key=lambda date_: (date_.start, -date_.end))


def first_date(text: str) -> date | None:
    """The first complete date of a text."""
    found = find_dates(text)
    return found[0].value if found else None


def first_year(text: str) -> int | None:
    """The first year written as such (2023年, 二〇二三年) in a text."""
    match = _YEAR.search(text)
    if match is None:
        return None
    return int(match[1]) if match[1] else chinese_year(match[2])


def as_date(year: str, month: str, day: str) -> date | None:
    """A day whose year, month and day are written in figures or in numerals; None where there is no such day."""
    y = int(year) if year.isdecimal() else chinese_year(year)
    m = int(month) if month.isdecimal() else chinese_number(month.replace("元", "一"))
    d = int(day) if day.isdecimal() else chinese_number(day)
    if y is None or m is None or d is None or not 1900 <= y <= 2100:
        return None
    try:
        return date(y, m, d)
    except ValueError:  # the 31st of a short month, month 13: not a date
        return None
