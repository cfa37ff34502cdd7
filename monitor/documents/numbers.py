"""THE cell parser: the only place that turns the text of a table cell into a number.

Blank, dash and zero are three things, and a text that is not surely one number is no number: it keeps its text and says
why (`Cell.doubt`). Nothing here knows rows, columns or rules.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from monitor.model import DASHES, Cell
from monitor.text import clean

#: Only these marks are narrowed. NFKC would also turn ① and ² into digits, which are footnote marks in a cell.
_NARROW: Final = str.maketrans("０１２３４５６７８９＋－，．（）", "0123456789+-,.()")
_MINUS: Final = re.compile(r"^[−–](?=\d)")

_NUMBER: Final = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]+)?")
#: What may be counted in these tables, and 元/万元: the value stays in the unit that is printed, the text tells it.
_UNIT: Final = re.compile(r"(万元|元|件次|人次|件|条|项|个|次|宗|份|起|部|人|例|批|封|篇)")
_NOTE: Final = re.compile(r"(\([^()]*\)|\[[^\[\]]*\]|〔[^〔〕]*〕|【[^【】]*】)")
_NIL: Final = frozenset({"无", "没有", "暂无", "不适用", "N/A", "n/a"})

_DIGITS: Final = {mark: value for value, mark in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SCALES: Final = {"十": 10, "百": 100, "千": 1000}
_CHINESE: Final = re.compile(r"[〇零一二两三四五六七八九十百千万]+")
_POSITIONAL: Final = re.compile(r"[〇零一二三四五六七八九]{2,}")
_SPOKEN: Final = re.compile(
    r"(?:([一二两三四五六七八九])千)?(零)?(?:([一二两三四五六七八九])百)?(零)?"
    r"(?:([一二三四五六七八九])?(十))?(零)?([一二三四五六七八九])?"
)

#: More digits than a float holds exactly; no count in these tables comes near.
_LONGEST: Final = 15


@lru_cache(maxsize=4096)
def read_cell(text: str) -> Cell:
    """The cell that a text is: a number, or None with the text, and with a doubt unless it is blank, a dash or 无.

    `Cell.text` is the cleaned text; reading it again gives the same cell. Never raises.
    """
    kept = clean(text)
    if not kept or kept in _NIL or all(mark in DASHES for mark in kept):
        return Cell(None, kept)
    if kept.isascii() and kept.isdigit() and (kept == "0" or kept[0] != "0") and len(kept) <= _LONGEST:
        return Cell(int(kept), kept)
    return _read(kept)


def _read(kept: str) -> Cell:
    bare = _MINUS.sub("-", kept.translate(_NARROW))
    note = _NOTE.search(bare)
    if note and note.start() and note.end() == len(bare):
        bare = bare[: note.start()].rstrip()
    bare = _without_unit(bare)
    match = _NUMBER.fullmatch(bare)
    if match:
        return _arabic(kept, *match.groups(default=""))
    if _CHINESE.fullmatch(bare):
        return _chinese(kept, bare)
    return Cell(None, kept, "不是数字")


def _without_unit(text: str) -> str:
    """The number without the unit behind it; at most one unit, and something must stand before it."""
    match = re.search(_UNIT.pattern + "$", text)
    return text[: match.start()].rstrip() if match and match.start() else text


def _arabic(kept: str, sign: str, whole: str, fraction: str) -> Cell:
    digits = whole.replace(",", "")
    if len(digits) > 1 and digits[0] == "0":
        return Cell(None, kept, "数字以0开头，可能是两格的数字连在了一起")
    if len(digits) + max(len(fraction) - 1, 0) > _LONGEST:
        return Cell(None, kept, "数字过长")
    if fraction:
        return Cell(Decimal(f"{sign}{digits}{fraction}"), kept)
    return Cell(int(f"{sign}{digits}"), kept)


def _chinese(kept: str, text: str) -> Cell:
    if kept == "一":
        return Cell(None, kept, "可能是数字“一”，也可能是横线")
    value = chinese_integer(text)
    return Cell(None, kept, "不是规范的中文数字") if value is None else Cell(value, kept)


def chinese_integer(text: str) -> int | None:
    """A whole number below 100,000,000 in Chinese numerals (十二, 一百零五, 二〇, 一万二千); None where it is none."""
    if _POSITIONAL.fullmatch(text):
        return int("".join(str(_DIGITS[mark]) for mark in text)) if text[0] not in "〇零" and len(text) <= 8 else None
    if text in _DIGITS:
        return _DIGITS[text]
    above, ten_thousand, below = text.partition("万")
    if not ten_thousand:
        return _below_ten_thousand(text)
    high = _below_ten_thousand(above)
    low = _below_ten_thousand(below.removeprefix("零")) if below else 0
    # 一万五 is spoken for 15,000: a low part of one digit counts only behind 零.
    if high is None or low is None or (below and low < 1000 and not below.startswith("零")):
        return None
    return high * 10000 + low


def _below_ten_thousand(text: str) -> int | None:
    match = _SPOKEN.fullmatch(text)
    if not match or not text or text.endswith("零"):
        return None
    thousands, gap_hundreds, hundreds, gap_tens, tens, ten, gap_ones, ones = match.groups()
    # 零 stands for exactly the places that are left out; a number that leaves them out silently is spoken short.
    gap = bool(gap_hundreds or gap_tens or gap_ones)
    skipped = bool((thousands and not hundreds and (ten or ones)) or ((hundreds or thousands) and not ten and ones))
    if gap != skipped:
        return None
    parts = ((thousands, 1000), (hundreds, 100), ((tens or "一") if ten else None, 10), (ones, 1))
    return sum(_DIGITS[digit] * scale for digit, scale in parts if digit)
