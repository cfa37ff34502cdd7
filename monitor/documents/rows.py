"""The rows of one of the form's tables: labels that were torn, and what the rows together show to be unsure.

When a whole table is refused tables.py says; which label means what is labels.py's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.documents import labels
from monitor.documents.placing import Line, Placed, short, unread
from monitor.model import Cell, Origin


class Torn:
    """Puts labels together that a page break or a line break tore over two or three rows.

    `form`: key → the form's label, in the form's order; pieces are taken for a label only if they are pieces of that.
    `optional`: rows that this edition or this report does not print. `mean`: which row a label means.
    """

    __slots__ = ("_form", "_mean", "_optional", "_order", "_places")

    def __init__(
        self, form: Mapping[str, str], *, mean: Callable[[str], str | None], optional: frozenset[str] = frozenset()
    ) -> None:
        self._form, self._mean, self._optional = form, mean, optional
        self._order = tuple(form)
        self._places = {key: place for place, key in enumerate(form)}

    def rows(self, lines: Sequence[Line], keys: list[str | None]) -> Iterator[tuple[int, str | None]]:
        """The numbers and keys of the lines that are rows of the form (None: the form has none such) or hold figures.

        `keys`: what the words of each line mean by themselves; those of torn labels are filled in.
        """
        pieces: set[int] = set()
        for number, line in enumerate(lines):
            if keys[number] is None and line.figures:
                self._mend(number, lines, keys, pieces)
        for number, line in enumerate(lines):
            if number not in pieces and (line.figures or (keys[number] and line.last + 1 < len(line.cells))):
                yield number, keys[number]

    def _mend(self, number: int, lines: Sequence[Line], keys: list[str | None], pieces: set[int]) -> None:
        line = lines[number]
        before = lines[number - 1] if number else None
        if before and before.figures and before.values == line.values:
            key = self._joined([before.label, line.label])
            if key and key == keys[number - 1]:
                pieces.add(number)  # the rest of a label, with the figures of its row once more: they span the two
                return
        above = number - 1 if number and self._is_piece(lines[number - 1]) and number - 1 not in pieces else None
        below = number + 1 if number + 1 < len(lines) and self._is_piece(lines[number + 1]) else None
        for own in ((above,), (below,), (above, below)):
            if None in own:
                continue
            key = self._joined([lines[place].label for place in sorted({number, *own} - {None})])
            if key is not None:
                keys[number] = key
                pieces.update(place for place in own if place is not None)
                return
        if above is not None and not line.label and self._is_rest(number, lines, keys):
            keys[number] = keys[above]
            pieces.add(above)

    def _is_rest(self, number: int, lines: Sequence[Line], keys: Sequence[str | None]) -> bool:
        """Whether figures without a label belong to the blank row above: torn by a page break, or the one such pair."""
        line, above, key = lines[number], lines[number - 1], keys[number - 1]
        if key is None:
            return False
        if (line.table, line.page) == (above.table, above.page):
            # On one page only where it is the one row without figures, and these are the one row without a label.
            blank = [at for at, other in enumerate(keys) if other and not lines[at].figures]
            nameless = [at for at, other in enumerate(keys) if other is None and lines[at].figures]
            whole = set(self.between(None, None)) <= set(keys)
            return whole and (blank, nameless) == ([number - 1], [number])
        after = next((other for other in keys[number + 1 :] if other in self._form), None)
        return not self.between(key, after)

    def follows(self, before: str | None, after: str) -> bool:
        return before is None or self._places[before] < self._places[after]

    def label(self, key: str) -> str:
        return self._form[key]

    def between(self, before: str | None, after: str | None) -> list[str]:
        """The rows that should stand between two rows of the form."""
        start = self._places[before] + 1 if before else 0
        end = self._places[after] if after else len(self._order)
        return [key for key in self._order[start:end] if key not in self._optional]

    def is_piece_of(self, label: str, key: str) -> bool:
        """Whether a text may be a piece of the form's label of a row; no text may be any."""
        return labels.characters(label) in self._whole(key)

    def _is_piece(self, line: Line) -> bool:
        return not line.figures and line.last >= 0 and not labels.is_remark(line.label)

    def _joined(self, texts: Sequence[str]) -> str | None:
        """The key of a label in pieces, each of which holds words."""
        characters = [labels.characters(text) for text in texts]
        if sum(map(bool, characters)) < 2:
            return None
        key = self._mean("".join(texts))
        return key if key and "".join(characters) in self._whole(key) else None

    def _whole(self, key: str) -> str:
        return labels.characters(self._form[key])


# ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Draft:
    """A table while it is collected: its rows by key, and the doubts in the order met.

    `trace`: the rows in the order met, None for figures without a label. `refusal`: why no cell of it can be relied on.
    """

    rows: dict[str, Mapping[str, Cell]] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    origins: dict[str, Origin] = field(default_factory=dict)
    trace: list[str | None] = field(default_factory=list)
    refusal: str = ""
    _nameless: list[str] = field(default_factory=list)
    _again: dict[str, str] = field(default_factory=dict)
    _latest: str = ""
    _stray: str = ""
    _beside: Torn | None = None

    def put(self, key: str, label: str, line: Line, placed: Placed) -> None:
        """Take a row. One that a page break printed twice is one if its cells agree or one of the two is blank."""
        if self._beside is not None:
            if _is_blank(placed.cells) and self._beside.is_piece_of(self._stray, key):
                placed = unread(placed.cells, line, _TORN_AWAY)
            self._beside = None
        before, cells = self.rows.get(key), placed.cells
        goes_on, self._latest = key == self._latest, key
        if before is None:
            self.trace.append(key)
        if before is None or (goes_on and _is_blank(before)):
            self.rows[key] = cells
            self.origins[key] = Origin(line.table, line.row, line.page, {} if line.is_turned else placed.places)
        elif not _agree(before, cells) and not (goes_on and _is_blank(cells)):
            self._again.setdefault(key, label)

    def stray(self, label: str, torn: Torn) -> None:
        """Note figures that could not be placed: a blank row beside them that may have lost them is not blank."""
        self._stray, self._beside = label, torn
        key = self._latest
        if key in self.rows and _is_blank(self.rows[key]) and torn.is_piece_of(label, key):
            self._unread([key], _TORN_AWAY)

    def nameless(self, label: str, *, zero: bool) -> None:
        """Note a row of figures that has no label of its own. `zero`: all of them are."""
        self.trace.append(None)
        self._nameless.append("" if zero else f"{f'“{short(label)}”下' if label else ''}有一行数字没有名称，无法归入")

    def refuse(self, reason: str) -> None:
        """Note why the whole table cannot be relied on; the first reason counts."""
        self.refusal = self.refusal or reason

    def missing(self, names: Sequence[str]) -> None:
        """Note the form's rows that were not found, in a table that is there."""
        if names and (self.rows or self.doubts):
            listed = "、".join(f"“{short(name)}”" for name in names[:3])
            self.doubts.append(f"没有找到{listed}{f'等{len(names)}' if len(names) > 3 else ''}行")

    def join(self, pieces: Sequence[tuple[Sequence[str], Draft]], form: Mapping[str, str]) -> None:
        """Take the pieces of a table, settled: each has some of its columns. What one of them refuses all of it is.

        A row that a piece lacks is unread in its columns. Of several places of a row the first one is told.
        """
        lacking = Cell(None, "?", "此行只在表的一部分里有，其余的列没有读出")
        for key in form:
            if any(key in piece.rows for _, piece in pieces):
                self.rows[key] = {
                    column: piece.rows.get(key, {}).get(column, lacking)
                    for columns, piece in pieces
                    for column in columns
                }
        for _, piece in pieces:
            self.origins = {**piece.origins, **self.origins}
            self.doubts += piece.doubts
            self.refuse(piece.refusal)
        self.settle()

    def settle(self, torn: Torn | None = None) -> None:
        """Mark as unread what the rows together show to be unsure: one of two that differ, or all of the table."""
        if torn is not None:
            self._check_order(torn)
        if len(self._again) > 1:
            self.refuse(f"“{short(next(iter(self._again.values())))}”等{len(self._again)}行出现两次，数字不同")
        for key, label in self._again.items():
            self._unread([key], f"“{short(label)}”行出现两次，数字不同")
        if self.refusal:
            self._unread(self.rows, self.refusal)

    def _check_order(self, torn: Torn) -> None:
        """Refuse rows in another order than the form's, and figures without a label but where one row is missing.

        Elsewhere they show that labels and figures have slid against each other. Zeros may be somebody's total, if no
        row of the form lacks its own.
        """
        if self._nameless and not any(self._nameless):
            whole = all(key in self.rows and not _is_blank(self.rows[key]) for key in torn.between(None, None))
            self.trace = list(filter(None, self.trace)) if whole else self.trace
        self.doubts += filter(None, self._nameless)
        before: str | None = None
        nameless = 0
        for key in [*self.trace, ""]:
            if key is None:
                nameless += 1
                continue
            if key and not torn.follows(before, key):
                self.refuse(f"行的顺序与统一格式不同（“{short(torn.label(key))}”行），无法确定数字属于哪一行")
                return
            if nameless and (nameless > 1 or len(torn.between(before, key or None)) != 1):
                self.refuse("有数字的行没有名称，标签与数字可能错位")
            before, nameless = key or None, 0

    def _unread(self, keys: Iterable[str], reason: str) -> None:
        self.doubts.insert(0, reason)
        for key in list(keys):
            self.rows[key] = {
                column: cell if cell.doubt else Cell(None, cell.text or "?", reason)
                for column, cell in self.rows[key].items()
            }


_TORN_AWAY: Final = "此行空白，而相邻一行数字无法归入，可能是同一行被拆开"


def _is_blank(cells: Mapping[str, Cell]) -> bool:
    return all(cell.is_blank for cell in cells.values())


def _agree(some: Mapping[str, Cell], others: Mapping[str, Cell]) -> bool:
    """Whether two rows say the same: the same numbers, and the same text where there is none."""
    return some.keys() == others.keys() and all(
        cell.value == others[column].value and (cell.value is not None or cell.text == others[column].text)
        for column, cell in some.items()
    )
