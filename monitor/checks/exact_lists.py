"""Reads lists that say they are all the parts: 共90条，网站、微信分别为60条、30条; 共90条，包括网站60条、微信30条.

What may name some of the parts only (等, 主要), another subject, another year or an estimate is no such list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.checks.parts import TOTAL, Count, PartsList, names_another_subject, ways_of
from monitor.counts import ROUGH, UNITS

_ONE: Final = (
    rf"[^\d，、；。：:（）()]{{0,30}}?(?<![\d.第—–~～至/\-])(?:\d[\d']*) ?(?:{UNITS})(?:[（(][^（）()\d]*[）)])?"
)
_LIST: Final = re.compile(
    rf"(?P<whole>\d[\d']*) ?(?P<unit>{UNITS})(?P<between>[，：:（(][^。；;\d]{{0,60}}?|)"
    rf"(?P<intro>分别[为是有]?|(?:其中)?(?:包括|包含)[：:]?)(?P<items>{_ONE}(?:(?:、|，|和|及|以及){_ONE})+)(?P<after>[^。；;]*)"
)
_ITEM: Final = re.compile(rf"([^\d，、；。：:（）()]*)(\d[\d']*) ?({UNITS})")
_OPEN: Final = re.compile(r"等|主要|重点|其余|剩余|另|部分|较|比|同期|去年|上年|20\d\d|占|约|余|近")
_LABELS: Final = re.compile("[、和及与]|以及")
_DIGIT: Final = re.compile(r"\d")


def exact_lists(flat: str, text: str) -> Iterator[PartsList]:
    """The lists of a flattened paragraph; `text`: the same as printed."""
    for match in _LIST.finditer(flat):
        items = [
            Count(int(item[2].replace("'", "")), item[3], *_span(match, item), item[1].strip("，、和及 "))
            for item in _ITEM.finditer(match["items"])
        ]
        start = max(flat.rfind(mark, 0, match.start()) for mark in "。；;，,：:") + 1
        said = flat[start : match.start("whole")]
        unit = match["unit"]
        if ROUGH.search(said) or _OPEN.search(f"{said}{match['between']}{match['items']}{match['after']}"):
            continue
        if any(item.unit != unit for item in items) or _DIGIT.search(match["after"]):
            continue
        if not _is_division(match, said, items):
            continue
        whole = Count(int(match["whole"].replace("'", "")), unit, match.start("whole"), match.end("unit"), said)
        quote = text[start : match.end("items")].strip("，。；： ")
        yield PartsList(whole, whole.value, tuple(items), True, quote, is_whole=True, complete=True)


def _span(match: re.Match[str], item: re.Match[str]) -> tuple[int, int]:
    offset = match.start("items")
    return offset + item.start(2), offset + item.end()


def _is_division(match: re.Match[str], said: str, items: list[Count]) -> bool:
    """Whether the items are the parts of this whole: as many as are named, and of no other subject."""
    between = match["between"].strip("，：:（( ")
    ways = {way for item in items for way in ways_of(f"{between}{item.context}")}
    if "其中" in said or (ways & ways_of(said) and not TOTAL.search(said)):
        return False  # the count before is itself a part
    if match["intro"].startswith("分别"):
        labels = [label for label in _LABELS.split(between) if label]
        if labels and len(labels) != len(items):
            return False
    elif not TOTAL.search(said) or between:
        return False
    named = [between, *(item.context for item in items)]
    return not any(names_another_subject(name, said) for name in named)
