"""THE cell parser: the only place that turns the text of a table cell into a number.

Blank, dash and zero are three things, and a text that is not surely one number is no number: it keeps its text and says
why (`Cell.doubt`). `read_cell` gives the number as printed, in the unit that is printed; what a column holds makes the
other two stricter: `read_count` takes whole numbers only, `read_amount` gives 万元. Nothing here knows rows or rules.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from monitor.model import DASHES, Cell
from monitor.text import clean

#: Only these marks are narrowed. NFKC would also turn ① and ² into digits, which are footnote marks in a cell.
_NARROW: Final = str.maketrans("０１２３４５６７８９＋－，．（）", "0123456789+-,.()")
_MINUS: Final = re.compile(r"^[−–](?=\d)")

_NUMBER: Final = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(\.[0-9]+)?")
#: What may be counted in these tables, and what may be charged. A batch (批) is no number of what is in it.
_UNIT: Final = re.compile(r"(万元|元|件次|人次|件|条|项|个|次|宗|份|起|部|人|例|封|篇|家|名|户|本|册)$")
#: Remarks behind a number: in brackets, or begun by 其中, 含, 包括.
_NOTE: Final = re.compile(
    r"(?:\s*(?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\]|〔[^〔〕]*〕|【[^【】]*】))+$|[,;；、]?\s*(?:其中|含|包括|包含).+$"
)
#: A remark has words of its own (a bare figure could be anything), does not correct the number and gives no scale.
_SAYS: Final = re.compile(r"[\u4e00-\u9fff]")
_CORRECTS: Final = re.compile(r"更正|订正|应为|改为|误")
_SCALE: Final = re.compile(r"[(\[〔【](?:单位[:：])?(?!万元)[十百千万亿]+[元件条项个份次]?[)\]〕】]")
_MONEY: Final = re.compile(r"[十百千万亿]*元")
_MONEY_NOTE: Final = re.compile(r"\s*[(\[〔【](?:单位[:：])?(万?元)[)\]〕】]")
#: Two numbers in one cell, or run together behind a zero: a converter has joined two cells.
_TWO: Final = re.compile(r"\d\s+[+-]?\d|^0\d")
_NIL: Final = frozenset({"无", "没有", "暂无", "不适用", "不涉及", "N/A", "n/a"})
#: Further marks that editors and converters set for a dash.
_STROKES: Final = DASHES | frozenset("‐‑─━﹣﹘⁃")

_DIGITS: Final = {mark: value for value, mark in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_SCALES: Final = {"十": 10, "百": 100, "千": 1000}
_CHINESE: Final = re.compile(r"[〇零一二两三四五六七八九十百千万]+")
_POSITIONAL: Final = re.compile(r"[〇零一二三四五六七八九]{2,}")
_SPOKEN: Final = re.compile(
    r"(?:([一二两三四五六七八九])千)?(零)?(?:([一二两三四五六七八九])百)?(零)?"
    r"(?:([一二三四五六七八九])?(十))?(零)?([一二三四五六七八九])?"
)
#: Numerals of bank notes (大写) are the plain ones in armour; the two are not mixed in one number.
_FORMAL: Final = re.compile(r"[零壹贰貳叁參肆伍陆陸柒捌玖拾佰仟万萬]+")
_PLAIN: Final = str.maketrans("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬", "一二二三三四五六六七八九十百千万")

#: More digits than a float holds exactly; no count in these tables comes near. And more text than any remark has.
_LONGEST: Final = 15
_LONGEST_TEXT: Final = 200


class _Parts(NamedTuple):
    """A cell's text taken apart, half-width: the number, the unit behind it, and the remark behind that."""

    number: str
    unit: str
    note: str


@lru_cache(maxsize=4096)
def read_cell(text: str) -> Cell:
    """The cell that a text is: a number, or None with the text, and with a doubt unless it is blank, a dash or 无.

    `Cell.text` is the cleaned text; reading it again gives the same cell. Never raises.
    """
    kept = clean(text)
    if not kept or kept in _NIL or all(mark in _STROKES for mark in kept):
        return Cell(None, kept)
    if kept.isascii() and kept.isdigit() and (kept == "0" or kept[0] != "0") and len(kept) <= _LONGEST:
        return Cell(int(kept), kept)
    return _read(kept)


@lru_cache(maxsize=8192)
def read_count(text: str) -> Cell:
    """The cell of a column that counts: whole numbers, no money.

    1.234 may be a thousand and more, and 251000元 stands in the wrong column: both are unread.
    """
    cell = read_cell(text)
    if cell.value is None:
        return cell
    if isinstance(cell.value, Decimal) and (cell.value % 1 or cell.value.as_tuple().exponent == -3):
        return Cell(None, cell.text, "应为整数；小数点可能是千位分隔，也可能是两格的数字连在了一起")
    if "元" in cell.text:
        return Cell(None, cell.text, "应为数量，印的却是金额")
    return cell


@lru_cache(maxsize=1024)
def read_amount(text: str, unit: str = "万元") -> Cell:
    """The cell of a column of money, as 万元 (the unit of the form, 国办公开办函〔2021〕30号).

    `unit`: what the column's head says, 万元 or 元; a unit printed in the cell counts more. 251000元 is 25.1, exactly.
    """
    cell = read_cell(text)
    if cell.value is None:
        return cell
    parts = _taken_apart(cell.text)
    alone = _MONEY_NOTE.fullmatch(parts.note)
    printed = parts.unit or (alone[1] if alone else unit)
    if printed not in ("元", "万元"):
        return Cell(None, cell.text, "应为金额，印的却是数量" if parts.unit else "金额单位不是万元，也不是元")
    if not parts.unit and not alone and _MONEY.search(parts.note):
        return Cell(None, cell.text, "数字后没有单位，注中却有金额单位")
    return cell if printed == "万元" else Cell(_ten_thousandth(cell.value), cell.text)


def holds_two(text: str) -> bool:
    """Whether a cell holds what two cells should hold: then the row's blank cells are not to be relied on either."""
    return _TWO.search(text.translate(_NARROW)) is not None


def _ten_thousandth(value: int | Decimal) -> int | Decimal:
    amount = Decimal(value).scaleb(-4)
    return int(amount) if amount == int(amount) else amount.normalize()


def _read(kept: str) -> Cell:
    if len(kept) > _LONGEST_TEXT:
        return Cell(None, kept, "不是数字")
    parts = _taken_apart(kept)
    if parts.note and (not _SAYS.search(parts.note) or _CORRECTS.search(parts.note) or _SCALE.search(parts.note)):
        return Cell(None, kept, "不能确定数字后的注是什么意思")
    match = _NUMBER.fullmatch(parts.number)
    if match:
        return _arabic(kept, *match.groups(default=""))
    if _CHINESE.fullmatch(parts.number) or _FORMAL.fullmatch(parts.number):
        return _chinese(kept, parts.number.translate(_PLAIN))
    return Cell(None, kept, "不是数字")


def _taken_apart(kept: str) -> _Parts:
    """Number, unit and remark of a text; at most one unit, and something must stand before it."""
    bare = _MINUS.sub("-", kept.translate(_NARROW))
    note = _NOTE.search(bare)
    end = note.start() if note and note.start() else len(bare)
    number, remark = bare[:end].rstrip(), bare[end:]
    unit = _UNIT.search(number)
    if unit is None or not unit.start():
        return _Parts(number, "", remark)
    return _Parts(number[: unit.start()].rstrip(), unit[0], remark)


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
    if not kept.strip("一"):
        return Cell(None, kept, "可能是数字“一”，也可能是横线")
    if _POSITIONAL.fullmatch(text) and not {"〇", "零"} & set(text):
        return Cell(None, kept, "几个中文数字连写，可能是概数")
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
