"""The statistical period (统计期限) in every wording that agencies use, typing errors included.

Reads what is printed; whether it is the right period is for the rules.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from monitor.dates import NUMERALS, as_date
from monitor.documents.running import Running, narrow
from monitor.model import Period, Place

# Blanks may stand anywhere. 年 may be lost between digits ("20231月1日"), 日 before 止 ("12月31止"); the second year,
# or both, may not be printed. What may be two days ("1月1") is none.
_YEAR: Final = (
    rf"(?:(?<!\d)(?P<y{{0}}>\d(?:\s?\d){{{{3}}}}|[{NUMERALS}]{{{{4}}}})\s*(?:年度?)?\s*[.\-/]?\s*"
    r"|(?<![\d年十])(?<![\d年]\s))"
)
_MONTH: Final = r"(?P<m{0}>1\s?[0-2]|0?\s?[1-9]|十[一二]?|[一二三四五六七八九])\s*[月.\-/]\s*"
_DAY: Final = (
    r"(?P<d{0}>3\s?[01]|[12]\s?\d|0?\s?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])(?!\d)"
    r"\s*(?:日|号|(?=\s*(?:[止至到起始,，.;；。()（）~～〜—–－-]|$)))"
)
_HOUR: Final = r"(?:\s*\d{1,2}\s*[时点:]\s*(?:\d{1,2}分?)?|\s*零时)?"
_TO: Final = (
    r"\s*(?:起始?|开?始|以来)?\s*[,，、;；]?\s*(?:截止|终止|结束)?(?:时间|日期)?\s*[为是:：]?\s*"
    r"(?:截?止?至|截?止?到|[-—–―－−‐─━~～〜]+|一(?=\s*\d))\s*"
)
_RANGE: Final = re.compile((_YEAR + _MONTH + _DAY).format(1) + _HOUR + _TO + (_YEAR + _MONTH + _DAY).format(2))
_LISTED: Final = re.compile(  # 起始时间：…；截止时间：…
    (_YEAR + _MONTH + _DAY).format(1)
    + r"\s*[,，、;；]?\s*(?:截止|终止|结束)(?:时间|日期)\s*[为是:：]?\s*"
    + (_YEAR + _MONTH + _DAY).format(2)
)
#: What agencies call it: 统计期限, 统计时限, 统计周期, 数据统计期, 统计起止时间, 数据时间范围 …
_CALLED: Final = re.compile(
    r"统计(?:的?数据)?的?(?:期|时|周|起|截|范围|区间|自|从|为)|(?:数据|报告).{0,4}(?:期限|时限|周期|时间|自|从)"
    r"|起止(?:时间|日期)|报告期"
)
#: A range stands within so many characters behind these words.
_NEAR: Final = 90
#: Times that a report speaks of its period; characters of a preface.
_MOST: Final = 30
_LONGEST: Final = 20_000


def find_period(preface: Running, text: Running, *, year: int | None) -> tuple[Period | None, dict[str, Place]]:
    """The statistical period with its place: a range of days that the text calls so, or else any in the preface.

    `year` (the title's) fills in only where the range prints no year at all.
    """
    for source, needs_name in ((preface, True), (text, True), (preface, False)):
        if "统计" in source.text or "数据" in source.text or "起止" in source.text or not needs_name:
            found = _search(source, year=year, needs_name=needs_name)
            if found is not None:
                return found[0], {"period": found[1]}
    return None, {}


def _search(source: Running, *, year: int | None, needs_name: bool) -> tuple[Period, Place] | None:
    flat = narrow(source.text)
    words = islice(_CALLED.finditer(flat), _MOST) if needs_name else ()
    windows = [(word.start(), word.end() + _NEAR) for word in words] if needs_name else [(0, _LONGEST)]
    for start, end in windows:
        for pattern in (_RANGE, _LISTED):
            for match in pattern.finditer(flat, start, end):
                period = _period(match, year)
                if period is not None:
                    return period, source.place(*match.span())
    return None


def _period(match: re.Match[str], year: int | None) -> Period | None:
    parts = {name: "".join((text or "").split()) for name, text in match.groupdict().items()}
    first = parts["y1"] or parts["y2"] or str(year or "")
    second = parts["y2"] or first
    start = as_date(first, parts["m1"], parts["d1"]) if first else None
    end = as_date(second, parts["m2"], parts["d2"]) if second else None
    return Period(start, end) if start and end else None  # a day that does not exist: not readable
