"""Where the figures of a row belong: below their head's labels, or in the form's order if the count is right.

What the three tables of the form share; which label means what is labels.py's, what the rows together say is rows.py's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from monitor.documents import labels
from monitor.documents.formats.grids import NO_CELL
from monitor.documents.numbers import holds_two, read_cell, read_count
from monitor.model import Cell, Grid

_NO_DOUBTS: Final[Mapping[int, str]] = {}
_SHORT: Final = 16
#: The longest label of the form has 42 characters; more of a cell's text is not looked at.
_LONGEST: Final = 120

#: What is meant for a figure, though it cannot be read for sure: 约12件左右, 1.2亿元, 2023年12月.
_COUNTED: Final = re.compile(
    r"[约近超逾共计≤≥<>＜＞]{0,2}[\d０-９][\d０-９,.，．]*[十百千万亿余多几]*[元件条项个次宗份起部人例批封篇家名户%％年月日\d]*"
    r"(?:左右|以上|以下|以内)?"
)

#: Characters, and no digit among them.
_WORD: Final = re.compile(r"^[^\d]*[\u4e00-\u9fff][^\d]*$")

#: A row of a grid as it stands there.
Texts = tuple[str, ...]


@lru_cache(maxsize=8192)
def is_words(text: str) -> bool:
    """Whether a cell holds words: not blank, no dash, no number, and no number that cannot be read either."""
    if not text or not read_cell(text).doubt or _COUNTED.fullmatch(text):
        return False
    return sum("\u4e00" <= mark <= "\u9fff" for mark in text) >= 2 or labels.is_known(text)


def _is_remark(text: str) -> bool:
    """Whether a text holds neither a figure nor what stands for one."""
    return read_cell(text).value is None and _WORD.search(text) is not None


class Line(NamedTuple):
    """A row of a grid. `last`: the place of its last words, -1 where there are none.

    `figures`: whether anything but words and blanks stands behind them. `table`, `row`, `page`: where it stands, see
    `Origin`. `doubts`: place → why its text is not to be relied on. `is_turned`: it is a column of the grid, see
    table_turned.py.
    """

    cells: Texts
    last: int
    figures: bool
    table: int = 0
    row: int = 0
    page: int = 0
    doubts: Mapping[int, str] = _NO_DOUBTS
    is_turned: bool = False

    @property
    def first(self) -> str:
        """The first text of the row."""
        return next(filter(None, self.cells), "")

    @property
    def label(self) -> str:
        """The last words of the row: its own label, right of its group's."""
        return self.cells[self.last] if self.last >= 0 else ""

    @property
    def values(self) -> Texts:
        """The cells behind the last words."""
        values = self.cells[self.last + 1 :]
        return tuple([text for text in values if text != NO_CELL]) if NO_CELL in values else values

    @property
    def value_places(self) -> list[int]:
        """The places of `values`."""
        return [place for place in range(self.last + 1, len(self.cells)) if self.cells[place] != NO_CELL]

    def cell(self, place: int) -> Cell:
        """What stands at a place; unread where its text is not to be relied on."""
        text = self.cells[place]
        doubt = self.doubts.get(place) if self.doubts else None
        return Cell(None, text or "?", doubt) if doubt else read_count(text)

    @property
    def is_whole(self) -> bool:
        """Whether its words stand together: a figure between or before them shows that cells have slipped."""
        return all(is_words(text) for text in self.cells[: max(self.last, 0)] if text)


class Part(NamedTuple):
    """Rows of a grid that stand below one head. `table`: whose head it is; None without a head.

    `above`, `below`: the captions next to it that speak of a year.
    """

    table: str | None
    heads: tuple[Texts, ...]
    lines: list[Line]
    above: Texts = ()
    below: Texts = ()


class Placed(NamedTuple):
    """Cells of a row by column key, with the place of each, from 1; no places where the row could not be placed."""

    cells: Mapping[str, Cell]
    places: Mapping[str, int] = {}

    def of(self, keys: Mapping[str, str]) -> Placed:
        """Some of the cells under other keys: own key → new key."""
        return Placed(
            {new: self.cells[own] for own, new in keys.items()},
            {new: self.places[own] for own, new in keys.items() if own in self.places},
        )


def lines_of(grid: Grid, number: int = 1) -> list[Line]:
    """The rows of a document's `number`th grid, each as long as its cells reach."""
    if not grid.pages and not grid.doubts:
        return [Line(*shape(cells), number, row) for row, cells in enumerate(grid.rows, 1)]
    doubts: dict[int, dict[int, str]] = {}
    for (row, column), reason in grid.doubts.items():
        doubts.setdefault(row, {})[column] = reason
    pages = grid.pages or (0,) * len(grid.rows)
    return [
        Line(*shape(cells), number, row + 1, pages[row], doubts.get(row, _NO_DOUBTS))
        for row, cells in enumerate(grid.rows)
    ]


@lru_cache(maxsize=2048)
def shape(cells: Texts) -> tuple[Texts, int, bool]:
    """A row as long as its cells reach, the place of its last words, and whether figures stand behind them."""
    if cells and cells[-1] == NO_CELL:
        end = len(cells)
        while end and cells[end - 1] == NO_CELL:
            end -= 1
        cells = cells[:end]
    if len("".join(cells)) > _LONGEST:
        cells = tuple([text if len(text) <= _LONGEST else text[:_LONGEST] + "…" for text in cells])
    figures = False
    for place in range(len(cells) - 1, -1, -1):
        if text := cells[place]:
            if not text.isdigit() and is_words(text):
                return cells, place, figures
            figures = True
    return cells, -1, figures


def without_cells(line: Line, places: frozenset[int]) -> Line:
    """A row whose cells at some places are blank."""
    cells, last, figures = shape(
        tuple(["" if place in places and text != NO_CELL else text for place, text in enumerate(line.cells)])
    )
    return line._replace(cells=cells, last=last, figures=figures)


def is_zero(line: Line) -> bool:
    """Whether all figures of a row are zero."""
    return all(read_cell(text).value == 0 for text in line.values if text)


def short(label: str) -> str:
    return label if len(label) <= _SHORT else label[: _SHORT - 1] + "…"


# ── columns ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Columns:
    """The places of a table's columns by key, as its head shows them; a head cell may cover several places.

    `width`: how many places the head has. A row with more or fewer cells does not stand in these columns.
    `others`: places of columns of the agency's own, plainly headed so; words that stand there are passed over.
    `firsts`: the first place of each, from 1.
    `has_more`: whether there are other columns among them; then no count of cells is the form's.
    `is_ordered`: whether they stand in the order in which their keys are given.
    `is_single`: whether each has one place.
    """

    __slots__ = (
        "_alone",
        "_between",
        "_owns",
        "firsts",
        "has_more",
        "is_ordered",
        "is_single",
        "keys",
        "others",
        "start",
        "width",
    )

    def __init__(
        self, places: Mapping[str, Sequence[int]], width: int, *, others: frozenset[int] = frozenset()
    ) -> None:
        self.keys, self.width, self.others = tuple(places), width, others
        self._owns = list(places.values())
        self.firsts = {key: own[0] + 1 for key, own in places.items()}
        covered = [place for own in self._owns for place in own]
        self.start = min(covered)
        self.is_ordered = covered == sorted(covered)
        self.is_single = len(covered) == len(places)
        self._alone = self.is_single and covered == list(range(self.start, width))
        self._between = frozenset(range(self.start, width)).difference(covered, others)
        self.has_more = bool(others) or any(place < max(covered) for place in self._between)

    def read(self, line: Line, *, beside: frozenset[int] = frozenset()) -> Placed | None:
        """The row's cells below their labels; None where the row does not stand in these columns.

        `beside`: places that hold the row's label once more.
        """
        if line.doubts:
            placed = _read(self, line.cells, line.last, beside)
            return placed and _placed(line, self.keys, [place - 1 for place in placed.places.values()])
        return _read(self, line.cells, line.last, beside)

    def texts_of(self, row: Texts, last: int, beside: frozenset[int]) -> Texts | None:
        """The texts below the labels; None where something stands where nothing should, or words for a figure."""
        if len(row) != self.width or (last < self.start and any(row[last + 1 : self.start])):
            return None
        if self._alone:
            texts = row[self.start :]
        else:
            if any(len({row[place] for place in own}) > 1 for own in self._owns):
                return None
            if any(row[place] for place in self._between - beside):
                return None
            texts = tuple([row[place - 1] for place in self.firsts.values()])
        if NO_CELL in texts or (last >= self.start and any(map(is_words, texts))):
            return None
        # A figure in the agency's own column may be one of the form's that a cell too many has moved along.
        if self.others and any(row[place] and not _is_remark(row[place]) for place in self.others):
            return None
        return texts


@lru_cache(maxsize=2048)
def _read(columns: Columns, row: Texts, last: int, beside: frozenset[int]) -> Placed | None:
    """The row below its labels. Rows are the same in many reports: their labels, and zeros."""
    texts = columns.texts_of(row, last, beside)
    if texts is None:
        return None
    return Placed(_careful(dict(zip(columns.keys, map(read_count, texts), strict=True))), columns.firsts)


def head_columns(heads: Sequence[Texts], keys: Sequence[str], *, find: Callable[[Texts], str | None]) -> Columns | None:
    """The columns that a head's labels give, None where one of the keys is not found.

    `find`: the key that the texts above a place mean together.
    """
    places: dict[str, list[int]] = {}
    width = max(map(len, heads), default=0)
    for place in range(width):
        texts = texts_at(heads, place)
        key = find(texts) if texts else None
        if key is not None:
            places.setdefault(key, []).append(place)
    if not set(keys) <= set(places):
        return None
    others = own_places(heads).difference(*places.values())
    return Columns({key: places[key] for key in keys}, width, others=others)


def own_places(heads: Sequence[Texts]) -> frozenset[int]:
    """The places over which a head has words that are no label of the form: the agency's own columns.

    What stands before the first label of the form is the column of the rows' labels.
    """
    lowest = [
        texts[-1] for place in range(max(map(len, heads), default=0)) if (texts := texts_at(heads, place) or ("",))
    ]
    known = [bool(text) and labels.is_known(text) for text in lowest]
    if True not in known:
        return frozenset()
    first = known.index(True)
    return frozenset(
        at
        for at, text in enumerate(lowest)
        if at > first and not known[at] and is_words(text) and not labels.is_remark(text)
    )


def beside_own(line: Line, own: frozenset[int]) -> Line:
    """A row that has words in a column of the agency's own (备注): its label stands before them."""
    if line.last not in own:
        return line
    cells = line.cells
    last = next((at for at in range(line.last - 1, -1, -1) if at not in own and is_words(cells[at])), -1)
    figures = any(cells[at] and at not in own for at in range(last + 1, len(cells)))
    return line._replace(last=last, figures=figures)


def words_in_cells(line: Line, start: int, *, width: int, mean: Callable[[Texts], str | None]) -> Line:
    """A row that has words for a figure (未统计): they are a cell's, and its label is left of them.

    `start`: the place of the first column; `width`: that of the head; `mean`: which row the words left of the columns
    mean. A label of the form, or a remark, is no cell; nor are words before the figures of a row that has no label.
    """
    cells = line.cells
    if line.last < start or len(cells) != width:
        return line
    words = {text for text in cells[start:] if is_words(text)}
    if any(labels.is_known(text) or labels.is_remark(text) for text in words):
        return line
    last = next((at for at in range(start - 1, -1, -1) if is_words(cells[at])), -1)
    is_row = last >= 0 and mean(cells[: last + 1]) is not None
    if not start:  # a row that was too short may have been filled up with blanks on its left
        is_row = cells[0] != "" and not is_words(cells[0])
    return line._replace(last=last, figures=True) if is_row else line


def texts_at(heads: Sequence[Texts], place: int) -> Texts:
    """The texts of a head above a place, from the top."""
    return tuple([row[place] for row in heads if place < len(row) and row[place] and row[place] != NO_CELL])


def own_texts(heads: Sequence[Texts]) -> Iterator[list[str]]:
    """The texts of each row of a head, each once: without what spans from the left or from above."""
    above: Texts = ()
    for row in heads:
        yield [
            text
            for place, text in enumerate(row)
            if text and (not place or text != row[place - 1]) and above[place : place + 1] != (text,)
        ]
        above = row


def is_ordered(found: Sequence[str], form: Sequence[str]) -> bool:
    """Whether keys are keys of the form in its order, each once."""
    places = [form.index(key) for key in found if key in form]
    return len(places) == len(found) and all(a < b for a, b in pairwise(places))


def by_position(line: Line, keys: Sequence[str]) -> Placed | None:
    """The cells in the form's order, only where their number is exactly the form's; blanks are blank anywhere."""
    if line.is_turned:
        return None  # all columns of a grid have as many cells
    places = line.value_places
    if len(places) > len(keys) and not any(line.values):
        places = places[: len(keys)]
    # Where a cell holds two figures one may have swallowed its neighbour, and the count is right by accident.
    if len(places) != len(keys) or any(holds_two(line.cells[place]) for place in places):
        return None
    return _placed(line, keys, places)


def contradicts(
    placed: Placed, heads: Sequence[Texts], form: Mapping[str, str], *, find: Callable[[Texts], str | None]
) -> bool:
    """Whether a head has other words over a figure than its own label of the form (`form`), or a piece of that; or has
    that label somewhere else.
    """
    named: dict[str, set[int]] = {}
    for place in range(1, max(map(len, heads), default=0) + 1):
        if (texts := texts_at(heads, place - 1)) and (own := find(texts)):
            named.setdefault(own, set()).add(place)
    for key, place in placed.places.items():
        if place not in named.get(key, {place}) or any(place in own for other, own in named.items() if other != key):
            return True
        lowest = (texts_at(heads, place - 1) or ("",))[-1]
        if key not in named and is_words(lowest) and labels.characters(lowest) not in labels.characters(form[key]):
            return True
    return False


def _placed(line: Line, keys: Iterable[str], places: Sequence[int]) -> Placed:
    cells = {key: line.cell(place) for key, place in zip(keys, places, strict=True)}
    return Placed(_careful(cells), {key: place + 1 for key, place in zip(keys, places, strict=True)})


def _careful(cells: dict[str, Cell]) -> dict[str, Cell]:
    """The cells of a row; a blank one may have lost its own to a cell that holds two numbers, or words for the row."""
    reason = ""
    for cell in cells.values():
        if cell.doubt and holds_two(cell.text):
            reason = "同一行有一格连着两个数字，空白的格可能是被并走的"
        elif cell.doubt and is_words(cell.text) and all(own.is_blank or own.doubt for own in cells.values()):
            reason = "同一行只有文字，没有数字，空白的格可能由文字说明"
    if not reason:
        return cells
    return {key: Cell(None, "?", reason) if own.is_blank else own for key, own in cells.items()}


def unread(keys: Iterable[str], line: Line, reason: str) -> Placed:
    """The cells of a row that is there and cannot be placed: each keeps the whole row's text."""
    kept = " | ".join(line.values).strip(" |") or "?"
    return Placed({key: Cell(None, kept, reason) for key in keys})
