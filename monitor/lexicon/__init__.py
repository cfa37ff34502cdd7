"""A table of wrong words: read from CSV text, looked up in a report. No files here: whoever has one gives its text.

`wrong` is what stands in a report, as printed; `#` stands for a number, `*` for up to ten characters without
punctuation. `unless` are longer words, `|` between them, in which it is right. See data/lexicon/README.md.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from monitor.lexicon.words_table import WORDS
from monitor.model import Severity

KINDS: Final = ("typo", "missing", "term", "grammar", "negation")
COLUMNS: Final = ("kind", "wrong", "right", "severity", "unless", "source")
#: What reports are full of, the commonest first.
_COMMON: Final = (
    "信息公开的工作政府年度一和及法申请务行情理主动不发第规布为实监督保条要进关平新台化落员会本单位制项有人步大国机中下部门二三"
    "网站众强四五容内群定处领导全提升点重时上面对好标结完善完方式民社解收加建设取组分展内办报告议委在以了着习近与"
)
_DIGITS: Final = " 0123456789０１２３４５６７８９"
_WILDCARDS: Final = {"#": r" ?[\d０-９]+ ?", "*": r"[^，。；：、！？,;:!?“”《》（）()\n]{0,10}?"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A wrong word: what stands for it, how sure that is, and in which longer words it is right."""

    kind: str
    wrong: str
    right: str
    severity: Severity
    unless: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A wrong word found in a text, at text[start:end]."""

    entry: Entry
    start: int
    end: int


class Lexicon:
    """Entries, ready to be looked up. Two lexicons are the same only if they are one."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        # Each entry waits at its rarest pair of characters: the text is passed once, and few places are looked at.
        self._waiting: dict[tuple[str, str], tuple[tuple[re.Pattern[str], Entry], ...]] = {}
        for entry in entries:
            offset = _pivot(entry.wrong, entry.right)
            pair = (entry.wrong[offset], entry.wrong[offset + 1])
            self._waiting[pair] = (*self._waiting.get(pair, ()), (re.compile(_pattern(entry.wrong)), entry))
        first, second = ("".join({pair[at] for pair in self._waiting}) for at in (0, 1))
        seconds = re.escape(second.replace("#", "")) + (_DIGITS if "#" in second else "")
        # A run holds each pair that begins in it: what stands behind it is no second character of any.
        self._runs = re.compile(f"[{re.escape(first)}][{seconds}]+" if entries else "(?!)")

    def extended(self, text: str) -> Lexicon:
        """This lexicon and an office's own table. Its entry replaces one of the same wrong word."""
        own = read_entries(text)
        known = {entry.wrong for entry in own}
        return Lexicon((*own, *(entry for entry in self.entries if entry.wrong not in known)))

    def look_up(self, text: str) -> tuple[Hit, ...]:
        return _hits(self, text)

    def _search(self, text: str) -> Iterator[Hit]:
        pairs = {pair for run in set(self._runs.findall(text)) for pair in pairwise(run)}
        for pair in (*self._waiting.keys() & pairs, *{(first, "#") for first, second in pairs if second in _DIGITS}):
            for pattern, entry in self._waiting.get(pair, ()):
                for found in pattern.finditer(text):
                    if not any(_stands_over(word, text, found.start(), found.end()) for word in entry.unless):
                        yield Hit(entry, found.start(), found.end())


@lru_cache(maxsize=4)
def _hits(lexicon: Lexicon, text: str) -> tuple[Hit, ...]:
    """Kept for a moment: half a dozen rules look into the same report, one after another."""
    return tuple(sorted(lexicon._search(text), key=lambda hit: hit.start))


def _stands_over(word: str, text: str, start: int, end: int) -> bool:
    """Whether a word in which the hit is right shares a place with it."""
    return text.find(word, max(0, start - len(word) + 1), end + len(word) - 1) >= 0


def _pivot(wrong: str, right: str) -> int:
    """Where the rarest pair of characters begins, before any `*`: best one that the right word has not.

    A `#` can end a pair: a number stands behind.
    """
    head = wrong.partition("*")[0]
    numbers = head.find("#")
    last = len(head) - 1 if numbers < 0 else numbers
    return max(
        range(last),
        key=lambda at: (head[at : at + 2] not in right, _rarity(head[at]) + _rarity(head[at + 1])),
    )


def _rarity(mark: str) -> int:
    """How seldom a character stands in reports, roughly."""
    at = _COMMON.find(mark)
    return len(_COMMON) if at < 0 else at


def _pattern(wrong: str) -> str:
    return "".join(_WILDCARDS.get(mark) or re.escape(mark) for mark in wrong)


def read_entries(text: str) -> tuple[Entry, ...]:
    """The entries of a CSV text. Raises ValueError that names the line and says what is wrong with it."""
    rows = csv.reader(text.lstrip("\ufeff").splitlines())
    try:
        head = next(rows, [])
        if tuple(cell.strip() for cell in head) != COLUMNS:
            raise ValueError(f"词表第1行应为：{','.join(COLUMNS)}")
        return tuple(_entry(row, rows.line_num) for row in rows if any(cell.strip() for cell in row))
    except csv.Error as error:
        raise ValueError(f"词表第{rows.line_num}行的引号没有配对，或者太长") from error


def _entry(row: list[str], line: int) -> Entry:
    cells = [cell.strip() for cell in row]
    if len(cells) != len(COLUMNS):
        raise ValueError(f"词表第{line}行有{len(cells)}列，应为{len(COLUMNS)}列")
    kind, wrong, right, severity, unless, source = cells
    if kind not in KINDS:
        raise ValueError(f"词表第{line}行的 kind 应为{'、'.join(KINDS)}之一")
    if severity not in list(Severity):
        raise ValueError(f"词表第{line}行的 severity 应为{'、'.join(Severity)}之一")
    if not re.match(r"[^#*\s](?:[^*\s].*)?[^#*\s]$", wrong):
        raise ValueError(f"词表第{line}行的 wrong 至少要有两个字，首尾不能是 # 或 *，* 之前至少要有两个字")
    if not right or wrong == right:
        raise ValueError(f"词表第{line}行没有写明应为什么")
    return Entry(kind, wrong, right, Severity(severity), tuple(word for word in unless.split("|") if word), source)


#: What the product brings.
BUILT_IN: Final = Lexicon(read_entries(WORDS))
