"""Numbers as editors and browsers draw them before the items of a list: spoken Chinese, Roman. Knows no format."""

from __future__ import annotations

from typing import Final

DIGITS: Final = "〇一二三四五六七八九"
_ROMAN: Final = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def chinese(number: int, digits: str = DIGITS, scales: str = "十百千") -> str:
    """A number below 10,000 as it is spoken: 12 is 十二, 105 is 一百零五. Larger ones are left in digits."""
    if not 0 < number < 10_000:
        return str(number) if number else digits[0]
    spoken, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if not digit:
            gap = bool(spoken)
            continue
        spoken += ("零" if gap else "") + digits[digit] + (scales[power - 1] if power else "")
        gap = False
    # 十二, not 一十二; money is written out in full.
    return spoken[1:] if digits == DIGITS and 10 <= number < 20 else spoken


def roman(number: int) -> str:
    """A number in capital Roman numerals; nothing where they have none: zero and below, 4000 and above."""
    letters = ""
    if not 0 < number < 4000:
        return ""
    for value, mark in _ROMAN:
        letters += mark * (number // value)
        number %= value
    return letters
