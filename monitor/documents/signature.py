"""Who signed a report and when (落款), and which day of publication a line under its title states.

Reads what stands alone at the end; a date within a sentence, a byline of the page and a printer's mark are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from monitor.dates import find_dates, first_date
from monitor.documents.running import Line
from monitor.model import Place
from monitor.text import squash
from monitor.titles import is_body

#: How many lines at the end are looked at: attachments and residue may follow the signature.
_TAIL: Final = 8
_LONGEST: Final = 60
#: Agencies that sign together, a line each.
_MOST_NAMES: Final = 4

_NAME: Final = re.compile(r"[\u4e00-\u9fff（）()、·“” ]{2,40}")
_SEAL: Final = re.compile(r"[（(]\s*(?:加?盖?公\s*章|盖\s*章|印\s*章|签\s*章|代\s*章|章|印)\s*[）)]$")
_SIGNED_AS: Final = re.compile(r"^(?:落款|(?:报告|编制|填报|公开|签发)?单位|编制机关)\s*[:：]\s*")
_DATED_AS: Final = re.compile(r"(?:^|\s)(?:落款|成文|签发|编制)?(?:日期|时间)\s*[:：]\s*$")
#: Lines of the page or of the printer, and not of who signs.
_FOOT: Final = re.compile(
    r"来源|发布|更新|浏览|阅读|打印|分享|编辑|责任|作者|版权|主办|承办|备案|[上下]一[篇条]|印发|抄送|点击|扫一扫|附件|联系人"
)


@dataclass(frozen=True, slots=True)
class Signature:
    """`cut`: the number of the first line that belongs to it, the number of lines where there is none."""

    by: str | None
    on: date | None
    cut: int
    places: dict[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Signed:
    """What a line is within a signature: a name, a day, or both."""

    name: str = ""
    on: date | None = None
    name_quote: str = ""
    date_quote: str = ""


def find_signature(lines: Sequence[Line], *, agency: str) -> Signature:
    """Who signed and when: a date that stands alone near the end with names beside it, or the agency's own name."""
    agency = squash(agency)
    read = {place: _read(lines[place].text, agency) for place in range(max(0, len(lines) - _TAIL), len(lines))}
    for place in reversed(read):
        line = read[place]
        if line is not None and line.on is not None:
            names = _names(read, place)
            return _signature(lines, read, names, place)
    for place in reversed(read):
        line = read[place]
        if line is not None and agency and line.name and squash(line.name) == agency:
            if not any("。" in after.text for after in lines[place + 1 :]):
                return _signature(lines, read, [place], None)
            break
    return Signature(None, None, len(lines))


def _names(read: dict[int, _Signed | None], place: int) -> list[int]:
    """The lines with the names that belong to the date of a line: its own, those right above, or the one below."""
    line = read[place]
    if line is not None and line.name:
        return [place]
    names: list[int] = []
    above = place - 1
    while len(names) < _MOST_NAMES and (before := read.get(above)) is not None and before.name and before.on is None:
        names.insert(0, above)
        above -= 1
    below = read.get(place + 1)
    return names or ([place + 1] if below is not None and below.name and below.on is None else [])


def _signature(
    lines: Sequence[Line], read: dict[int, _Signed | None], names: list[int], dated: int | None
) -> Signature:
    places = {}
    by = "、".join(line.name for place in names if (line := read[place]) is not None)
    if names and (line := read[names[0]]) is not None:
        places["signed_by"] = Place(lines[names[0]].block, lines[names[0]].page, line.name_quote)
    on = None
    if dated is not None and (line := read[dated]) is not None:
        on = line.on
        places["signed_on"] = Place(lines[dated].block, lines[dated].page, line.date_quote)
    cut = min([*names, *([] if dated is None else [dated])])
    return Signature(by or None, on, cut, places)


def _read(text: str, agency: str) -> _Signed | None:
    text = text.strip()
    if len(text) > _LONGEST or text.endswith("。") or _FOOT.search(text):
        return None
    found = next((item for item in reversed(find_dates(text)) if len(squash(text[item.end :])) <= 1), None)
    before = text[: found.start] if found else text
    label = _DATED_AS.search(before)
    before = (before[: label.start()] if label else before).strip(" (（")
    date_quote = text[found.start : found.end] if found else ""
    if not before:
        return _Signed(on=found.value, date_quote=date_quote) if found else None
    name = _as_name(before, agency)
    return _Signed(name, found.value if found else None, before, date_quote) if name else None


def _as_name(text: str, agency: str) -> str:
    """The name, or several, that stand alone on a line: the agency's, or words that end as a body's name does."""
    text = _SEAL.sub("", _SIGNED_AS.sub("", text)).strip()
    joined = text.replace(" ", "")
    if agency and len(joined) <= 2 * len(agency) and squash(joined) == agency:
        return joined
    pieces = text.split(" ")
    if len(pieces) > 1 and all(len(piece) >= 3 and is_body(piece) for piece in pieces):
        joined = "、".join(pieces)
    return joined if _NAME.fullmatch(joined) and is_body(joined) else ""


# ── the day of publication, as a line under the title states it ─────────────────────────────────────────────────────

#: 成文日期 and 生成时间 are not the publication's. Where a line has several, 发布 says it best.
_PUBLISHED: Final = (
    re.compile(r"发布\s*(?:日期|时间)\s*[:：]?\s*(?=\d{4})"),
    re.compile(r"公开\s*(?:日期|时间)\s*[:：]?\s*(?=\d{4})"),
    re.compile(r"(?:发文\s*(?:日期|时间)\s*[:：]?|(?<![\u4e00-\u9fff])(?:日期|时间)\s*[:：])\s*(?=\d{4})"),
)
_BRACKETED: Final = re.compile(r"[（(]\s*\d{4}\s*[年.\-/][^（）()]{4,12}[）)]")
_LONGEST_BYLINE: Final = 120


def find_published(lines: Sequence[Line], *, below: int = 0) -> tuple[date, Place] | None:
    """The publication date that a line beside the title states (发布日期：…), or one in brackets right below it.

    `below`: the number of the line below the title, 0 where there is no title.
    """
    for pattern in _PUBLISHED:
        for line in lines:
            match = pattern.search(line.text) if len(line.text) <= _LONGEST_BYLINE else None
            value = first_date(line.text[match.end() :]) if match else None
            if value is not None:
                return value, line.place
    for line in lines[below : below + 1] if below else ():
        value = first_date(line.text) if _BRACKETED.fullmatch(line.text.strip()) else None
        if value is not None:
            return value, line.place
    return None
