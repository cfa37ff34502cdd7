"""Counts in running text: what makes "1,234条" one number, "12余件" none that is exact, and “第3条” no count at all.

Shared by who reads figures and who judges lists of them. Everything here keeps its place: what stands at `i` in the
text stands at `i` in the flattened one. Nothing here knows what is counted.
"""

from __future__ import annotations

import re
from typing import Final

_WIDE: Final = re.compile("[０-９]")
_UNSURE: Final = "\ufffd"
_NUMERALS: Final = re.compile("[0-9零〇一二两三四五六七八九十百千万]")
_HALF_WIDTH: Final = str.maketrans("０１２３４５６７８９", "0123456789")
#: The comma in 1,234 parts no clauses; every text is read with an apostrophe in its place.
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_QUOTED: Final = re.compile(r"“[^“”]*”|\"[^\"]*\"|《[^《》]*》|〔[^〔〕]*〕|「[^「」]*」")
#: What stands where something was quoted.
BLANK: Final = "＊"

UNITS: Final = "条次|件次|人次|场次|篇次|条|件|篇|份|项|个|宗|起|则|期|场|次"
#: Before a number: it is no exact count.
ROUGH: Final = re.compile(r"(?:约|近|超|超过|逾|不少于|不低于|至少|多达|平均|人均|日均|月均|每\w?) ?$")
_TORN_SIGN: Final = re.compile(r"，(?<=\d，)\d\d\d")
#: "1，234条" may be one number or two.
_TORN: Final = re.compile(rf"(?<!\d)\d{{1,3}}，\d{{3}} ?(?:{UNITS})")


def flatten(text: str) -> str:
    """The text with digits half-width, 1,234 as 1'234, and whatever is quoted or a title blanked out.

    A text that is damaged, or in which people see other figures (`text.TURNED`), has none.
    """
    if _WIDE.search(text):  # few paragraphs have any, and translating costs more than looking
        text = text.translate(_HALF_WIDTH)
    if _UNSURE in text:
        text = _NUMERALS.sub(BLANK, text)
    if "," in text:
        text = _THOUSANDS.sub("'", text)
    return _QUOTED.sub(lambda match: BLANK * len(match[0]), text)


def is_torn(text: str) -> bool:
    """Whether a number in the text may be one or two ("1，234条")."""
    return bool(_TORN_SIGN.search(text)) and bool(_TORN.search(text))


#: A count in words has at least two characters or is two and more: 一件事 and 一次 count nothing.
_WORDED: Final = re.compile(
    rf"(?<![第每零〇一二两三四五六七八九十百千万几数])"
    rf"([零〇二两三四五六七八九]|[零〇一二两三四五六七八九十百千]{{2,12}}|十) ?({UNITS})(?!事|网|生|步|式|以)"
)
_DIGITS: Final = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}


def worded(flat: str) -> list[tuple[int, str, int, int]]:
    """Counts in Chinese numerals: value, unit, where they start and end. None below two, which mostly are no counts."""
    found = ((in_words(match[1]), match) for match in _WORDED.finditer(flat))
    return [(value, match[2], match.start(), match.end()) for value, match in found if value is not None]


def in_words(numeral: str) -> int | None:
    """The value of a Chinese numeral below ten thousand (二百三十一, 十五, 二〇三), None where it is none."""
    if not any(mark in _PLACES for mark in numeral):
        digits = [_DIGITS[mark] for mark in numeral]
        return int("".join(map(str, digits))) if digits and (len(digits) == 1 or numeral[0] not in "零〇两") else None
    value, digit, last = 0, 1 if numeral[0] == "十" else 0, 10_000
    for mark in numeral:
        if mark in _DIGITS:
            digit = _DIGITS[mark]
            continue
        if not digit or _PLACES[mark] >= last:
            return None
        last = _PLACES[mark]
        value, digit = value + digit * last, 0
    return value + digit
