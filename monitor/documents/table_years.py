"""Of which year a table's figures are, by the report's own words: last year's may stand beside this year's.

A caption above a table, a title within it, the head of a column or of a row may say so (附：2022年情况, 上年数). Where
that settles it, last year's figures are left out and a note says so; where it does not, everything stays, and rows that
are there twice with different figures are unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final

from monitor.documents import labels
from monitor.documents.formats.grids import NO_CELL
from monitor.documents.placing import Line, Part, Texts, texts_at, without_cells
from monitor.form import TABLES


class Time(StrEnum):
    """Of when figures are, as far as words say it; UNCLEAR: they speak of several times, or of none that is a year."""

    UNSAID = ""
    THIS = "this"
    LAST = "last"
    UNCLEAR = "unclear"


#: A longer paragraph is no caption; a heading of one of the six parts opens something new.
_LONGEST: Final = 40
_HEADING: Final = re.compile(r"^[一二三四五六七八]、")

#: The end of a paragraph that leads to what follows, and where its last sentence begins.
_LEADS: Final = re.compile(r"(?:如下|下表|见表|[:：])[^。]{0,8}。?$")
_SENTENCE: Final = re.compile(r"[。；;]")

_NUMERALS: Final = str.maketrans("〇零○一二三四五六七八九", "000123456789")
#: A year that is not part of a day's or a month's date.
_YEAR: Final = re.compile(r"(?<!\d)(\d{4})年(?!\d{1,2}月)")
_LAST_YEAR: Final = re.compile(r"上一?年|去年|上期")
_THIS_YEAR: Final = re.compile(r"本年|今年|当年|本期")
#: What compares, points elsewhere, or speaks of a time that is no year.
_UNCLEAR: Final = re.compile(
    r"[比较]|相同|增[加长]|减少|下降|上升|持平|历年|往年|前年|近.{0,2}年|同期|半年|季度|月|(?<!\d)\d{2}年|以来"
    r"|上表|前表|左|右|以上|上述|分别"
)
#: The form's own words for what came over from last year.
_FORMS: Final = re.compile(r"结转")
#: A head that says the year and nothing else, and one that says it before a label of the form.
_MARK: Final = re.compile(
    r"\(?(?:\d{4}年度?|上一?年度?|去年|上期|本年度?|今年|当年|本期)(?:同期)?(?:数据?|数量|情况|件数)?\)?"
)
#: So many figures in a row are those of table 4, the others have seven at most.
_REMEDIES: Final = 10
_BEFORE_LABEL: Final = re.compile(r"^(?:\d{4}年度?|上一?年度?|去年)(?=.)")


@lru_cache(maxsize=1024)
def says_year(text: str) -> frozenset[str]:
    """What a caption says of time: years, "last", "this", and "?" for what is not a year."""
    plain = labels.plain(text)
    if _FORMS.search(plain) or labels.is_known(text):
        return frozenset()
    said = set(_YEAR.findall(plain.translate(_NUMERALS)))
    said |= {name for name, words in (("last", _LAST_YEAR), ("this", _THIS_YEAR)) if words.search(plain)}
    if _UNCLEAR.search(plain) and (said or "年" in plain):
        said.add("?")
    return frozenset(said)


@lru_cache(maxsize=2048)
def is_mark(text: str) -> bool:
    """Whether a cell says a year and nothing else: 2022年, 上年数."""
    return bool(text) and _MARK.fullmatch(labels.plain(text).translate(_NUMERALS)) is not None


def time_of(texts: Iterable[str], year: int | None) -> Time:
    """The time that captions speak of in the report of a year."""
    times = {_time(said, year) for text in texts for said in says_year(text)}
    return times.pop() if len(times) == 1 else Time.UNCLEAR if times else Time.UNSAID


def _time(said: str, year: int | None) -> Time:
    if said in ("last", "this"):
        return Time(said)
    if said == "?" or year is None or int(said) > year:
        return Time.UNCLEAR
    return Time.THIS if int(said) == year else Time.LAST


def captions(paragraphs: Sequence[str], *, below: bool = False, before: Texts = ()) -> Texts:
    """The captions among the paragraphs above a table, or `below` one: short lines, up to a heading or running text.

    Running text that leads to the table with its last sentence (…情况如下：) ends with a caption. `before`: captions
    that stand above all of them; they count where there are no others and nothing comes between.
    """
    found: list[str] = []
    for text in paragraphs if below else reversed(paragraphs):
        is_end = len(text) > _LONGEST or _HEADING.match(text.strip()) is not None
        if is_end and (below or not _LEADS.search(text)):
            return tuple(found)
        said = _SENTENCE.split(text.rstrip("。"))[-1] if is_end else text
        if says_year(said):
            found.append(said)
        if is_end:
            return tuple(found)
    return tuple(found) or before


def is_title(line: Line) -> bool:
    """Whether a row of a table is a title that says a year: one text, over its whole width but for a remark."""
    first = title_of(line)
    others = sum(text not in (first, "", NO_CELL) for text in line.cells)
    if others > 1 or (others and line.cells.count(first) <= 2):
        return False
    return len(first) <= _LONGEST and bool(says_year(first)) and not labels.is_remark(first)


def title_of(line: Line) -> str:
    """The first text of a row."""
    return next((text for text in line.cells if text not in ("", NO_CELL)), "")


def is_year_row(texts: Texts) -> bool:
    """Whether a row is of a head: years over columns, up to the last, beside nothing but a corner."""
    if not texts or not is_mark(texts[-1]):
        return False
    own = dict.fromkeys(text for text in texts if text.strip())
    marks = [text for text in own if is_mark(text)]
    return len(marks) > 1 and len(own) - len(marks) <= 1 and (len(own) == len(marks) or not is_mark(next(iter(own))))


# ── last year's columns and rows ────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=512)
def last_years_places(heads: tuple[Texts, ...], year: int | None) -> tuple[frozenset[int], str]:
    """The places of the columns that a head says are last year's, and its words; none where it is not clear."""
    times: dict[int, Time] = {}
    said = ""
    for place in range(max(map(len, heads), default=0)):
        marks = [text for text in texts_at(heads, place) if is_mark(text) or _is_marked_label(text)]
        times[place] = time_of(map(_year_part, marks), year)
        if times[place] is Time.LAST:
            said = said or marks[0]
    places = frozenset(place for place, time in times.items() if time is Time.LAST)
    stays = any(_is_column(text) for place in times if place not in places for text in texts_at(heads, place))
    return (places, said) if stays and Time.UNCLEAR not in times.values() else (frozenset(), "")


def carried(places: frozenset[int], heads: Sequence[Texts]) -> bool:
    """Whether places that the head above called last year's are so under this one: its labels stand there twice."""
    width = max(map(len, heads), default=0)
    lowest = {place: texts[-1] for place in range(width) if (texts := texts_at(heads, place))}
    others = {text for place, text in lowest.items() if place not in places}
    return max(places) < width and all(lowest.get(place) in others for place in places)


def without_marks(heads: Sequence[Texts], places: frozenset[int]) -> tuple[Texts, ...]:
    """A head without what stands at some places, and without the words that say a year."""
    return tuple(tuple(_without(["" if is_mark(text) else text for text in row], places)) for row in heads)


def _without(row: list[str], places: frozenset[int]) -> list[str]:
    """A row of a head without some places; a label that spans over one of them on both sides spans on."""
    kept = [place for place in range(len(row)) if place not in places]
    for place in range(len(row)):
        if place in places:
            left = max((at for at in kept if at < place), default=None)
            right = min((at for at in kept if at > place), default=None)
            spans = left is not None and right is not None and row[left] == row[right]
            row[place] = row[left] if spans and left is not None else ""
    return row


def this_years_lines(lines: Sequence[Line], year: int | None) -> tuple[list[Line], str]:
    """The rows without last year's, where the first cell of each says of which year it is; and the words left out."""
    marks = {number: next(filter(None, line.cells)) for number, line in enumerate(lines) if line.figures}
    times = {number: time_of([text], year) if is_mark(text) else Time.UNSAID for number, text in marks.items()}
    if sorted(times.values()) != [Time.LAST, Time.THIS]:
        return list(lines), ""
    kept = [
        without_cells(line, frozenset([line.cells.index(marks[number])])) if number in marks else line
        for number, line in enumerate(lines)
        if times.get(number) is not Time.LAST
    ]
    return kept, next(marks[number] for number, time in times.items() if time is Time.LAST)


@lru_cache(maxsize=1024)
def _is_marked_label(text: str) -> bool:
    """Whether a text says a year before a label of the form (上年制发件数), and is none of the form's own."""
    plain = labels.plain(text)
    match = _BEFORE_LABEL.match(plain.translate(_NUMERALS))
    if match is None or labels.disclosure_column(text) == "previous":
        return False
    return _is_column(plain[match.end() :])


def _is_column(text: str) -> bool:
    """Whether a text is the label of a column of the form."""
    return any(find(text) for find in (labels.disclosure_column, labels.request_column, labels.remedy_result))


def _year_part(text: str) -> str:
    match = _BEFORE_LABEL.match(labels.plain(text).translate(_NUMERALS))
    return match[0] if match else text


# ── last year's tables ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Run:
    """Parts of a document that make one table, or a piece of it. `rows`: the form's rows in it; `said`: its caption."""

    time: Time
    parts: list[Part]
    rows: set[str] = field(default_factory=set)
    said: str = ""


def this_years_parts(key: str, parts: Sequence[Part], year: int | None) -> tuple[list[Part], str]:
    """The parts that may be of a table of the form, without last year's; and a note (Chinese) where that was left out.

    Last year's is left out only if the words above it say so, and if what stays is this year's by its own words, or
    stands before the first such caption and has none. Words below the last one may be captions that stand below.
    """
    own = [part for part in parts if part.table in (key, None)]
    if not any(part.above for part in own):
        return own, ""
    runs = _runs(key, own, year)
    filled = [run for run in runs if run.rows]
    times = [run.time for run in filled]
    # Beside a head with a caption and no figures, nobody knows whose figures are that are not said to be this year's.
    heads = [run for run in runs if run.time is not Time.UNSAID and not run.rows]
    is_lost = set(times) == {Time.LAST} and any(run.time is Time.THIS for run in heads)
    if heads and times and Time.THIS not in times and not is_lost:
        return [part for run in heads for part in run.parts], ""
    others = [run for run in runs if run.time is not Time.LAST and any(part.table == key for part in run.parts)]
    if Time.LAST not in times or Time.UNCLEAR in times or not others or filled[-1].parts[-1].below:
        return own, ""
    if Time.UNSAID in times[times.index(Time.LAST) :]:
        return own, ""
    said = next(run.said for run in filled if run.time is Time.LAST)
    note = f"“{said}”下另有一份《{TABLES[key]}》，是以前年度的数字，没有采用"
    return [part for run in runs if run.time is not Time.LAST for part in run.parts], note


def _runs(key: str, parts: Sequence[Part], year: int | None) -> list[_Run]:
    """The parts in runs: one that a caption opens, or that begins again with rows already seen, is a new one."""
    runs: list[_Run] = []
    for part in parts:
        rows = _rows(key, part)
        time = time_of(part.above, year) if rows or part.table == key else Time.UNSAID
        latest = runs[-1] if runs else None
        if latest and not _begins_again(part, rows, latest) and time in (Time.UNSAID, latest.time):
            latest.parts.append(part)
            latest.rows |= rows
        else:
            said = next((text for text in part.above if says_year(text)), "")
            runs.append(_Run(time, [part], rows, said))
    return runs


def _begins_again(part: Part, rows: set[str], run: _Run) -> bool:
    """Whether a part has rows that the run has too, or once more the head of a run that has no rows yet."""
    heads = {row for other in run.parts for row in other.heads}
    return not rows.isdisjoint(run.rows) or (not run.rows and not heads.isdisjoint(part.heads))


def _rows(key: str, part: Part) -> set[str]:
    """The form's rows that a part has figures for; table 4 has one."""
    if key == "remedies":
        # The figures may stand without their head, behind a page break.
        return {
            line.label or "figures"
            for line in part.lines
            if (line.figures or not line.is_whole) and (part.table == key or len(line.values) >= _REMEDIES)
        }
    mean = _MEAN[key]
    return {row for line in part.lines if line.figures and line.label for row in [mean(line.label)] if row}


_MEAN: Final = {
    "disclosure": labels.disclosure_row,
    "requests": labels.request_row,
}
