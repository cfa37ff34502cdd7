"""Slips of recognition in the form's own words mended: labels of its tables and headings of its parts, nothing else.

What the form prints is known, so a text that is nearly one of its labels, and of one only, is that label. The agency's
own words are left as they were recognised.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from monitor import form
from monitor.documents import labels
from monitor.text import squash

#: The share of a label's characters that may be wrong, in cells and in headings; of two characters one may be.
_WRONG: Final = 0.34
_WRONG_IN_HEADING: Final = 0.2
_LONGEST: Final = 60
#: Labels are compared by their Chinese characters alone: brackets, ordinals and letters are what slips are made of.
_OTHER: Final = re.compile(r"[^\u4e00-\u9fff]+")
#: A figure behind words is no slip.
_FIGURE_BEHIND: Final = re.compile(r"[\u4e00-\u9fff].*\d")
_STOP_READ_AS_LETTER: Final = re.compile(r"\.(cn|com|net|org)[oO0](?![A-Za-z0-9.])")
#: A part's heading: a numeral, which recognition may have taken for a dash, and its words.
_HEADING: Final = re.compile(r"^([一二三四五六七八九]|[-—–_－])[、，,.．。·:：]?(?=\S)")


def _all_labels() -> tuple[str, ...]:
    lines = [line for rows in form.REQUEST_ROWS.values() for line in rows]
    lines += [*form.REQUEST_COLUMNS, *form.REMEDY_KINDS, *form.REMEDY_RESULTS]
    blocks = [block for blocks in form.DISCLOSURE_BLOCKS.values() for block in blocks]
    lines += [line for block in blocks for line in (*block.rows, *block.columns)]
    named = [line.label for line in lines] + [line.group for line in lines if line.group]
    named += [block.title for block in blocks] + [form.REQUESTS_CORNER, form.RESULTS_GROUP, "信息内容", "申请人情况"]
    return tuple(dict.fromkeys(named))


def _bare(label: str) -> str:
    return _OTHER.sub("", labels.core(label))


_LABELS: Final = tuple((label, _bare(label)) for label in _all_labels())


@lru_cache(maxsize=4096)
def mended_label(text: str) -> str:
    """The form's label that a cell's text is a slip of; the text itself where it is none, or might be two."""
    if not 2 <= len(text) <= _LONGEST or labels.is_known(text) or _FIGURE_BEHIND.search(text):
        return text
    bare = _bare(text)
    near: dict[str, tuple[float, str]] = {}
    for label, own in _LABELS:
        wrong = distance(bare, own)
        if wrong <= max(1.0, _WRONG * len(own)) and (len(own) > 2 or len(bare) == 2):
            near[own] = (wrong, label)
    ranked = sorted(near.values())
    if not ranked or (len(ranked) > 1 and ranked[1][0] - ranked[0][0] < 1):
        return text
    return ranked[0][1]


@lru_cache(maxsize=4096)
def mended_heading(text: str) -> str:
    """The heading of one of the form's parts that a line is a slip of; else the line itself."""
    match = _HEADING.match(text)
    if match is None or len(text) > _LONGEST:
        return text
    bare = squash(text[match.end() :])
    numeral = match[1] if match[1] in "一二三四五六七八九" else "一"
    near = {
        heading: distance(bare, squash(heading))
        for heading in (*form.SECTIONS, *form.SECTIONS_2019)
        if abs(len(heading) - len(bare)) <= _WRONG_IN_HEADING * len(heading)
    }
    best = min(near, key=lambda heading: near[heading], default="")
    if not best or not near[best] <= _WRONG_IN_HEADING * len(best):
        return text
    return f"{numeral}、{best}"


def mended_stop(text: str) -> str:
    """A full stop behind an address, which recognition takes for a letter of it: nb899@xuecheng.gov.cno."""
    return _STOP_READ_AS_LETTER.sub(r".\1。", text)


@lru_cache(maxsize=16384)
def distance(first: str, second: str) -> int:
    """How many characters have to be put in, taken out or changed to make one text of the other (Levenshtein)."""
    above = list(range(len(second) + 1))
    for number, mark in enumerate(first, 1):
        row = [number]
        for place, other in enumerate(second, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (mark != other)))
        above = row
    return above[-1]
