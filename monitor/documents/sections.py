"""The parts of a report: which paragraphs are the six headings, told by their meaning, their numerals and what follows.

A heading may be altered, misnumbered or without a numeral; a subheading (（一）主动公开情况) or a line of a table of
contents must not be taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from monitor.dates import chinese_number
from monitor.documents import labels
from monitor.form import SECTIONS, SECTIONS_2019
from monitor.model import Grid, Paragraph
from monitor.text import squash

Block = Paragraph | Grid

_NUMERAL: Final = re.compile(
    r"^\s*(?:(?P<main>第?[一二三四五六七八九十]{1,2}(?:部分)?)\s*[、.．,，:：\s]|"
    r"[（(]\s*(?P<sub>[一二三四五六七八九十]{1,2})\s*[）)]\s*[、.．]?|"
    r"(?P<digit>\d{1,2}|[０-９])\s*[、.．,，)）]|"
    r"[（(]\s*(?P<subdigit>\d{1,2})\s*[）)])\s*"
)
_LONGEST: Final = 45

#: What each part's heading means; on squashed text without the numeral.
_MEANINGS: Final = (
    (1, re.compile(r"^(总体|整体|总的|基本|概述|工作总体|总体工作)(工作)?(情况)?(概述)?$|^总体情况|^概述")),
    (4, re.compile(r"(复议|诉讼).*(情况|表)?")),
    (3, re.compile(r"收到.{0,4}处理|(申请).{0,8}(办理|处理|收到).{0,4}情况|处理.{0,6}信息公开.{0,2}申请")),
    (2, re.compile(r"主动公开.{0,4}政府信息|政府信息.{0,3}主动公开|主动公开.{0,3}信息.{0,3}情况")),
    (5, re.compile(r"问题.{0,8}(改进|整改|措施|打算|建议|对策)|(不足|困难).{0,6}(改进|整改|措施)")),
    (6, re.compile(r"其他.{0,8}(报告|说明).{0,4}(事项|情况|内容)|^其他(事项|情况)$|需要(报告|说明)的.{0,4}事项")),
)
_EXACT: Final = {
    squash(heading): part for edition in (SECTIONS, SECTIONS_2019) for part, heading in enumerate(edition, 1)
}
#: Headings that stand before their text on one line: 一、总体情况。2023年，……
_GLUED: Final = re.compile(rf"(?:{'|'.join(sorted(map(re.escape, _EXACT), key=len, reverse=True))})(?=[。：:，,]|\s)")

#: So far into a paragraph the words of a heading reach that stands before its text, numeral and blanks included.
_LONGEST_GLUED: Final = 60
_GLUED_WORDS: Final = re.compile("|".join(sorted(map(re.escape, {*SECTIONS, *SECTIONS_2019}))))

#: A heading needs this much evidence, see `_score`.
_ENOUGH: Final = 3


#: So many headings without text between them are a table of contents.
_CONTENTS: Final = 4


class Heading(NamedTuple):
    """A paragraph taken for a heading: its place among the blocks, the numeral's value, the part it means.

    `rest`: text that stands behind the heading on the same line. `span`: how many blocks the heading takes up.
    """

    place: int
    number: int | None
    part: int | None
    heading: str
    printed: str
    rest: str = ""
    span: int = 1


class _Candidate(NamedTuple):
    heading: Heading
    style: str
    exact: bool
    level: int


def find_headings(blocks: Sequence[Block]) -> list[Heading]:
    """The headings of a report's parts, in the order found: at most one for each part, and unknown ones between."""
    candidates = [
        candidate
        for place, block in enumerate(blocks)
        if isinstance(block, Paragraph)
        for candidate in [_candidate(blocks, place, block)]
        if candidate is not None
    ]
    listed = _contents(candidates)
    candidates = [candidate for candidate in candidates if candidate.heading.place not in listed]
    places = {candidate.heading.place for candidate in candidates}
    best: dict[int, tuple[int, _Candidate]] = {}
    for candidate in candidates:
        part = candidate.heading.part
        if part is None:
            continue
        score = _score(candidate, blocks, places)
        if score >= _ENOUGH and (part not in best or score > best[part][0]):
            best[part] = (score, candidate)
    known = [candidate for _, candidate in best.values()]
    unknown = _unknown(candidates, known)
    return sorted((candidate.heading for candidate in [*known, *unknown]), key=lambda heading: heading.place)


def _contents(candidates: Sequence[_Candidate]) -> set[int]:
    """Places of a table of contents: headings one right behind the other whose parts come again further down."""
    run: list[Heading] = []
    for candidate in candidates:
        heading = candidate.heading
        if run and heading.place != run[-1].place + 1:
            break
        if heading.part in {other.part for other in run}:
            break
        run.append(heading)
    again = {other.heading.part for other in candidates if other.heading.place > run[-1].place} if run else set()
    parts = {heading.part for heading in run} - {None}
    return (
        {heading.place for heading in run} if len(parts) >= _CONTENTS and len(parts & again) * 2 > len(parts) else set()
    )


class _Words(NamedTuple):
    """What a line says as a heading: its numeral's style and value, the text behind it, as compared, and its part."""

    style: str
    number: int | None
    body: str
    bare: str
    part: int | None


def _candidate(blocks: Sequence[Block], place: int, block: Paragraph) -> _Candidate | None:
    text = block.text
    if len(text) > _LONGEST_GLUED and not _GLUED_WORDS.search(text, 0, _LONGEST_GLUED):
        return None  # a paragraph of text: most are
    words = _words(text) if len(text) <= _LONGEST_GLUED else None
    if words is None:
        return _glued(text, place, block.level)
    if words.part is None and words.style != "main":
        return None
    joined = _torn(blocks, place, words.bare)
    printed, span = (text + joined, 2) if joined else (text, 1)
    heading = Heading(place, words.number, words.part, (words.body + joined).rstrip("：: "), printed, span=span)
    return _Candidate(heading, words.style, exact=bool(joined) or words.bare in _EXACT, level=block.level)


def _glued(text: str, place: int, level: int) -> _Candidate | None:
    """A heading with its text on one line: 一、总体情况。2023年，……"""
    match = _NUMERAL.match(text)
    glued = _GLUED.match(text, match.end()) if match and match.lastgroup in ("main", "digit") else None
    if match is None or glued is None:
        return None
    style, number = _numeral(match)
    rest = text[glued.end() :].lstrip("。：:，, ")
    heading = Heading(place, number, _EXACT[squash(glued[0])], glued[0], text[: glued.end()], rest)
    return _Candidate(heading, style, exact=True, level=level)


@lru_cache(maxsize=4096)
def _words(text: str) -> _Words | None:
    """A line as a heading; None for a sentence. Remembered, for headings and subheadings come again and again."""
    match = _NUMERAL.match(text)
    style, number = ("", None) if match is None else _numeral(match)
    body = text[match.end() :] if match else text
    if len(body) > _LONGEST or body.endswith(("。", "；", ";")) or "。" in body[:-1]:
        return None
    bare = squash(body).strip(":.,;、")
    return _Words(style, number, body, bare, _meaning(bare))


def _numeral(match: re.Match[str]) -> tuple[str, int | None]:
    style = str(match.lastgroup)
    text = match[style].strip("第部分")
    return style, int(text) if text.isdecimal() else chinese_number(text)


def _meaning(bare: str) -> int | None:
    if bare in _EXACT:
        return _EXACT[bare]
    bare = re.sub(r"\([^()]*\)$", "", bare)
    return next((part for part, pattern in _MEANINGS if pattern.search(bare)), None)


def _torn(blocks: Sequence[Block], place: int, bare: str) -> str:
    """The next line where it completes the heading to one that the form prints."""
    after = blocks[place + 1] if place + 1 < len(blocks) else None
    if bare in _EXACT or not isinstance(after, Paragraph) or len(after.text) > _LONGEST:
        return ""
    if not bare or not any(known.startswith(bare) for known in _EXACT):
        return ""
    return after.text if bare + squash(after.text).strip(":.,;、") in _EXACT else ""


def _score(candidate: _Candidate, blocks: Sequence[Block], places: set[int]) -> int:
    """How much speaks for a candidate: its numeral, the form's own words, its table or text behind it."""
    heading = candidate.heading
    score = 3 if candidate.exact else 1
    score += {"main": 3, "digit": 1}.get(candidate.style, 0)
    if heading.number is not None and heading.number == heading.part:
        score += 2
    elif candidate.style in ("sub", "subdigit"):
        score -= 2
    score += 1 if candidate.level else 0
    behind = heading.place + heading.span
    if heading.rest or (behind < len(blocks) and behind not in places):
        score += 1
    if heading.part in (2, 3, 4) and any(_is_table(block, heading.part) for block in blocks[behind : behind + 3]):
        score += 2
    return score


def _is_table(block: Block, part: int) -> bool:
    if not isinstance(block, Grid):
        return False
    cells = {text for row in block.rows[:3] for text in row if text and len(text) <= _LONGEST}
    if part == 2:
        return any(labels.is_item(text) or labels.is_content_corner(text) for text in cells)
    if part == 3:
        return any(labels.is_corner(text) or labels.request_column(text) == "individual" for text in cells)
    return any(labels.remedy_kind(text) for text in cells)


def _unknown(candidates: Sequence[_Candidate], known: Sequence[_Candidate]) -> list[_Candidate]:
    """Headings of the same rank whose meaning is none of the six: only where they take a number that is missing."""
    if not any(candidate.style == "main" for candidate in known):
        return []
    numbers = {candidate.heading.number for candidate in known}
    first = min(candidate.heading.place for candidate in known)
    chosen: list[_Candidate] = []
    for candidate in candidates:
        heading = candidate.heading
        if (
            heading.part is None
            and candidate.style == "main"
            and heading.place > first
            and heading.number not in numbers
            and len(heading.heading) <= 30
        ):
            before = [other.heading for other in [*known, *chosen] if other.heading.place < heading.place]
            if heading.number == (max(before, key=lambda other: other.place).number or 0) + 1:
                chosen.append(candidate)
                numbers.add(heading.number)
    return chosen
