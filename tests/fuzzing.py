"""Reports whose figures each know where they belong, their tables changed as editors and converters change them.

A `Table` is squared paper: rows of boxes, a merged one in each place that it covers. What a person reading labels and
columns would say of each figure is worked out on that paper (`told`), with nothing of the product's: it is the truth of
the changed table. The paper is then printed as a file of any format.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from html import escape
from itertools import pairwise
from typing import Final

from monitor.documents.formats.grids import SpanCell
from monitor.form import (
    DISCLOSURE_BLOCKS,
    REMEDY_KINDS,
    REMEDY_RESULTS,
    REQUEST_COLUMNS,
    REQUEST_ROWS,
    REQUESTS_CORNER,
    RESULTS_GROUP,
    SECTIONS,
)
from monitor.model import Report
from tests import word_files as word
from tests.pdf_drawing import Drawing

Value = int | Decimal | None


@dataclass(eq=False, slots=True)
class Box:
    """A cell. `row`, `column`: the key that its words name; `home`: the path that a figure was written for.

    `is_lost`: what stands here is no longer one figure (two run together, or the place of one that went elsewhere).
    """

    text: str
    row: str = ""
    column: str = ""
    is_head: bool = False
    is_figure: bool = False
    home: str = ""
    value: Value = None
    is_lost: bool = False


@dataclass(slots=True)
class Table:
    """One of the form's tables. `cuts`: the rows before which it is cut into another table.

    `is_turned`: its rows are what were its columns.
    """

    key: str
    rows: list[list[Box]]
    cuts: set[int] = field(default_factory=set)
    is_turned: bool = False

    @property
    def upright(self) -> Table:
        """The table with its rows as rows; one that is turned and ragged has rows that nobody can tell."""
        if not self.is_turned:
            return self
        rows = self.rows if len(set(map(len, self.rows))) == 1 else []
        return Table(self.key, [list(row) for row in zip(*rows, strict=True)])


# ── the tables as the form has them ─────────────────────────────────────────────────────────────────────────────────


class Figures:
    """A source of figures no two of which are the same, but for zeros, blanks and dashes. `plain`: none of these."""

    def __init__(self, habits: str = "plain") -> None:
        self._next, self._habits = 1000, habits

    def take(self, home: str, *, is_money: bool = False) -> Box:
        self._next += 1
        number = self._next
        if self._habits != "plain" and number % 3:
            return {
                "zeros": Box("0", home=home, value=0),
                "blanks": Box("", home=home),
                "dashes": Box("/", home=home),
                "mixed": (Box("0", home=home, value=0), Box("", home=home), Box("—", home=home))[number // 3 % 3],
            }[self._habits]
        if is_money:
            return Box(f"{number}.25", home=home, value=Decimal(f"{number}.25"))
        texts = (f"{number}", f"{number}件", f"{number:,}", f"{number}（含1件）")
        wide = f"{number}".translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        return Box([*texts, wide][number % 5 if number % 4 == 0 else 0], home=home, value=number)


def tables(edition: str, habits: str = "plain") -> list[Table]:
    """The three tables of an edition."""
    figures = Figures(habits)

    def figure(home: str, *, is_money: bool = False) -> Box:
        box = figures.take(home, is_money=is_money)
        box.is_figure = True
        return box

    return [_disclosure(edition, figure), _requests(edition, figure), _remedies(figure)]


def _disclosure(edition: str, figure: Callable[..., Box]) -> Table:
    rows = []
    for block in DISCLOSURE_BLOCKS[edition]:
        rows.append([Box(block.title, is_head=True)] * 4)
        head = [Box(line.label, column=line.key, is_head=True) for line in block.columns]
        rows.append([Box("信息内容", is_head=True), *head, *[head[-1]] * (3 - len(head))])
        for line in block.rows:
            paths = [f"disclosure.{line.key}.{column.key}" for column in block.columns]
            own = [figure(path, is_money=path.endswith("fees.amount")) for path in paths]
            rows.append([Box(line.label, row=line.key), *own, *[own[-1]] * (3 - len(own))])
    return Table("disclosure", rows)


def _requests(edition: str, figure: Callable[..., Box]) -> Table:
    corner, over, group = (Box(text, is_head=True) for text in (REQUESTS_CORNER, "申请人情况", "法人或其他组织"))
    head = [Box(line.label, column=line.key, is_head=True) for line in REQUEST_COLUMNS]
    rows = [
        [*[corner] * 3, *[over] * 7],
        [*[corner] * 3, head[0], *[group] * 5, head[-1]],
        [*[corner] * 3, *head],
    ]
    results, groups = Box(RESULTS_GROUP), {line.group: Box(line.group) for line in REQUEST_ROWS[edition]}
    for line in REQUEST_ROWS[edition]:
        own = Box(line.label, row=line.key)
        labels = [own] * 3
        if line.key not in ("received", "carried_in", "carried_out"):
            labels = [results, groups[line.group] if line.group else own, own]
        rows.append([*labels, *(figure(f"requests.{line.key}.{column.key}") for column in REQUEST_COLUMNS)])
    return Table("requests", rows)


def _remedies(figure: Callable[..., Box]) -> Table:
    suit = Box("行政诉讼", is_head=True)
    kinds = [Box(line.label, column=f"{line.key}.", is_head=True) for line in REMEDY_KINDS]
    results = [[Box(line.label, column=line.key, is_head=True) for line in REMEDY_RESULTS] for _ in kinds]
    rows = [
        [*[kinds[0]] * 5, *[suit] * 10],
        [*results[0], *[kinds[1]] * 5, *[kinds[2]] * 5],
        [box for own in results for box in own],
        [figure(f"remedies.{kind.key}.{result.key}") for kind in REMEDY_KINDS for result in REMEDY_RESULTS],
    ]
    return Table("remedies", rows)


def _orders() -> Mapping[tuple[str, str], set[tuple[str, ...]]]:
    """Table and row → the paths of its figures in the form's order, in either edition."""
    orders: defaultdict[tuple[str, str], set[tuple[str, ...]]] = defaultdict(set)
    for edition in ("2019", "2021"):
        for table in tables(edition):
            for row in table.rows:
                if paths := tuple(dict.fromkeys(box.home for box in row if box.is_figure)):
                    orders[table.key, "".join({box.row for box in row})].add(paths)
    return orders


_ORDERS: Final = _orders()
_PATHS: Final = frozenset(path for orders in _ORDERS.values() for paths in orders for path in paths)


# ── what a person would say ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Told:
    """What tables say to a person. `sure`: path → what stands for it, by its labels; two things are a contradiction.

    `likely`: path → what was written for it and stands where labels do not say for sure. A path of neither has no
    figure; a number is never right there.
    """

    sure: Mapping[str, frozenset[Value]]
    likely: Mapping[str, frozenset[Value]]
    lost: frozenset[str]


def told(paper: Sequence[Table], *, drawn: bool = False) -> Told:
    """What a person reading labels and columns would say of tables.

    `drawn`: cells are seen below a head also where their row has more or fewer of them than the others.
    """
    sure: defaultdict[str, set[Value]] = defaultdict(set)
    likely: defaultdict[str, set[Value]] = defaultdict(set)
    lost: set[str] = set()
    for printed in paper:
        table = printed.upright
        if not table.rows:
            for box in {box for row in printed.rows for box in row if box.home}:
                likely[box.home].add(box.value)
            continue
        width = Counter(map(len, table.rows)).most_common(1)[0][0]
        for number, row in enumerate(table.rows):
            for place, box in enumerate(row):
                if not box.is_figure or (table.key == "remedies" and not any(map(_is_head, table.rows[:number]))):
                    continue  # the figures of table 4 have no label but the head above them
                is_even = len(row) == width
                path = _path(table, number, place) if drawn or is_even else ""
                if box.is_lost:
                    lost.add(path or box.home)
                elif path and is_even:
                    sure[path].add(box.value)
                else:
                    for other in {path, box.home, *(_by_order(table, number, place) if is_even else ())} - {""}:
                        likely[other].add(box.value)
    return Told(
        {path: frozenset(values) for path, values in sure.items()},
        {path: frozenset(values) for path, values in likely.items()},
        frozenset(lost.difference(sure)),
    )


def _path(table: Table, number: int, place: int) -> str:
    """The path that the labels beside and above a place name; "" where they name none or more than one."""
    row = "".join({box.row for box in table.rows[number]})
    names: list[str] = []
    for above in range(number - 1, -1, -1):
        heads = table.rows[above]
        if _is_head(heads):
            if place >= len(heads) or not heads[place].is_head:
                return ""
            names.append(heads[place].column)
        elif names:
            break
    named = list(dict.fromkeys(filter(None, names)))
    if table.key == "remedies":
        kinds, results = [name for name in named if name[-1] == "."], [name for name in named if name[-1] != "."]
        path = f"remedies.{kinds[0]}{results[0]}" if (len(kinds), len(results), row) == (1, 1, "") else ""
    else:
        path = f"{table.key}.{row}.{named[0]}" if len(named) == 1 else ""
    return path if path in _PATHS else ""


def _by_order(table: Table, number: int, place: int) -> set[str]:
    """The paths of a place over which no column is named, by the form's order, in a row of just as many figures."""
    row = table.rows[number]
    if any(heads[place].column for heads in table.rows[:number] if place < len(heads) and heads[place].is_head):
        return set()
    label = "".join({box.row for box in row})
    figures = list(dict.fromkeys(box for box in row if box.is_figure))
    return {paths[figures.index(row[place])] for paths in _ORDERS[table.key, label] if len(paths) == len(figures)}


def misread(report: Report, truth: Told) -> list[str]:
    """The cells with a number that a person would not say stands there, unmarked."""
    found = []
    for path, cell in report.cells():
        said = truth.sure.get(path, frozenset())
        numbers = (said or truth.likely.get(path, frozenset())) - {None}
        contradicts = bool(said) and len(numbers) > 1
        if cell.value is not None and (path in truth.lost or contradicts or cell.value not in numbers):
            found.append(f"{path}: {cell.text} is read where {sorted(map(str, said)) or 'nothing'} stands")
    return found


def passed_over(report: Report, truth: Told) -> list[str]:
    """The figures that a person sees and that reading takes for blank, or does not find, in silence."""
    found = []
    for path, said in truth.sure.items():
        cell = report.cell(path)
        is_blank = cell is None or (cell.value is None and not cell.doubt)
        if is_blank and None not in said and said != {0} and path.split(".")[0] not in report.doubts:
            found.append(f"{path}: {sorted(map(str, said))} is passed over")
    return found


def wrong(report: Report, truth: Told) -> list[str]:
    """All that must not be."""
    return misread(report, truth) + passed_over(report, truth)


def unread(report: Report, truth: Told) -> list[str]:
    """The figures that a person can tell for sure and that were not read."""
    return [
        path
        for path, said in truth.sure.items()
        if len(said) == 1
        for cell in [report.cell(path)]
        if cell is None or cell.doubt or {cell.value} != said
    ]


# ── changes that keep what a person reads ───────────────────────────────────────────────────────────────────────────

#: A change of a table in place; two numbers say where.
Change = Callable[[Table, int, int], None]

_ORDINAL: Final = re.compile(r"^(（[一二三四五六七]）|[一二四]、|\d\.)")


def _copy(row: Sequence[Box]) -> list[Box]:
    """A row printed once more; boxes are their own, so that they do not merge with the first one's."""
    twins = {id(box): replace(box) for box in row}
    return [twins[id(box)] for box in row]


def _data(table: Table) -> list[int]:
    return [number for number, row in enumerate(table.rows) if any(box.is_figure for box in row)]


def _is_head(row: Sequence[Box]) -> bool:
    return any(box.is_head for box in row)


def _heads(table: Table) -> int:
    return next(number for number, row in enumerate(table.rows) if not all(box.is_head for box in row))


def _labels(row: Sequence[Box]) -> int:
    """How many places of a row stand before its figures."""
    return next((place for place, box in enumerate(row) if box.is_figure), len(row))


def cut(table: Table, a: int, b: int) -> None:
    table.cuts.add(1 + a % (len(table.rows) - 1))


def strip_ordinals(table: Table, a: int, b: int) -> None:
    for row in table.rows:
        for box in row:
            if box.row:
                box.text = _ORDINAL.sub("", box.text)


def space_labels(table: Table, a: int, b: int) -> None:
    for box in {box for row in table.rows for box in row if not box.is_figure}:
        at = a % len(box.text) if box.text else 0
        box.text = box.text[:at] + "　 \u00a0"[b % 3] + box.text[at:] if len(box.text) < 20 else box.text


def repeat_head(table: Table, a: int, b: int) -> None:
    if table.key == "requests":
        at = _heads(table) + 1 + a % (len(table.rows) - _heads(table) - 1)
        head = [box for row in table.rows[: _heads(table)] for box in row]
        twins = {id(box): replace(box) for box in head}
        table.rows[at:at] = [[twins[id(box)] for box in row] for row in table.rows[: _heads(table)]]
        if b % 2:
            table.cuts.add(at)


def repeat_row(table: Table, a: int, b: int) -> None:
    if table.key == "remedies":
        return
    at = _data(table)[a % len(_data(table))]
    table.rows.insert(at + 1, _copy(table.rows[at]))
    if b % 2:
        table.cuts.add(at + 1)


def title_row(table: Table, a: int, b: int) -> None:
    table.rows.insert(0, [Box(("统计表", "（单位：件）", "表一")[a % 3])] * len(table.rows[0]))


def remark_row(table: Table, a: int, b: int) -> None:
    table.rows.append([Box(("注：数字为全年数", "备注：无", "说明：见附件")[a % 3])] * len(table.rows[0]))


KIND: Final[Mapping[str, Change]] = {
    change.__name__: change
    for change in (
        cut, strip_ordinals, space_labels, repeat_head, repeat_row, title_row, remark_row,
    )
}  # fmt: skip


# ── changes that do not ─────────────────────────────────────────────────────────────────────────────────────────────


def delete_row(table: Table, a: int, b: int) -> None:
    if len(table.rows) > 1:
        del table.rows[a % len(table.rows)]


def move_row(table: Table, a: int, b: int) -> None:
    row = table.rows.pop(a % len(table.rows))
    table.rows.insert(b % (len(table.rows) + 1), row)


def other_figures(table: Table, a: int, b: int) -> None:
    """A row once more with figures of its own: last year's, say."""
    rows = _data(table)
    if rows:
        again = _copy(table.rows[rows[a % len(rows)]])
        for place, box in enumerate(dict.fromkeys(again)):
            if box.is_figure:
                box.text, box.value, box.is_lost = f"{7000 + place}", 7000 + place, False
        table.rows.insert(b % (len(table.rows) + 1), again)


def swap_labels(table: Table, a: int, b: int) -> None:
    rows = _data(table)
    if rows and table.key != "remedies":
        one, other = (table.rows[rows[at % len(rows)]] for at in (a, b))
        count = min(_labels(one), _labels(other))
        one[:count], other[:count] = other[:count], one[:count]


def slide_labels(table: Table, a: int, b: int) -> None:
    """The labels of some rows stand a row too low; the first has none, the last label is gone."""
    rows = _data(table)
    if len(rows) > 2 and table.key != "remedies":
        start = a % (len(rows) - 2)
        end = start + 2 + b % (len(rows) - start - 2)
        labels = [table.rows[at][: _labels(table.rows[at])] for at in rows[start:end]]
        for at, own in zip(rows[start:end], [[Box("")] * len(labels[0]), *labels[:-1]], strict=True):
            table.rows[at][: _labels(table.rows[at])] = own


def blank_label(table: Table, a: int, b: int) -> None:
    rows = _data(table)
    if rows:
        row = table.rows[rows[a % len(rows)]]
        blank = Box("")
        row[:] = [blank if box.row else box for box in row]


def delete_cell(table: Table, a: int, b: int) -> None:
    rows = _data(table)
    if rows:
        row = table.rows[rows[a % len(rows)]]
        row.remove(row[b % len(row)])


def insert_cell(table: Table, a: int, b: int) -> None:
    rows = _data(table)
    if not rows:
        return
    row = table.rows[rows[a % len(rows)]]
    at = b % (len(row) + 1)
    text = ("", "8888", "—", "0")[a % 4]
    row.insert(at, Box(text, is_figure=True, value=int(text) if text.isdigit() else None))


def remark_column(table: Table, a: int, b: int) -> None:
    head = Box("备注", column="own", is_head=True)
    for number, row in enumerate(table.rows):
        row.append(head if all(box.is_head for box in row) else Box(("", "已核", "无")[(a + number) % 3]))


def run_together(table: Table, a: int, b: int) -> None:
    """Two figures in one cell, and none in the next, or no next; or both cells are one."""
    rows = _data(table)
    if not rows:
        return
    row = table.rows[rows[a % len(rows)]]
    places = [
        place
        for place in range(len(row) - 1)
        if all(box.is_figure and box.value for box in row[place : place + 2]) and row[place] is not row[place + 1]
    ]
    if places:
        at = places[b % len(places)]
        one, other = row[at : at + 2]
        one.text, one.is_lost, other.is_lost = f"{one.value} {other.value}", True, True
        if b % 3 == 0:
            other.text = ""
        elif b % 3 == 1:
            row[:] = [box for box in row if box is not other]
        else:
            one.text = f"{one.value}\n{other.value}"
            row[:] = [one if box is other else box for box in row]


def two_rows_in_one(table: Table, a: int, b: int) -> None:
    """The figures of two rows stand in the first one's cells, those of the second are blank."""
    rows = _data(table)
    if len(rows) > 1:
        at = a % (len(rows) - 1)
        for one, other in zip(table.rows[rows[at]], table.rows[rows[at + 1]], strict=False):
            if one.is_figure and other.is_figure and one.value and other.value and not (one.is_lost or other.is_lost):
                one.text, other.text = f"{one.value}\n{other.value}", ""
                one.is_lost = other.is_lost = True


def insert_column(table: Table, a: int, b: int) -> None:
    at = a % (max(map(len, table.rows)) + 1)
    name = ("上年数", "", "备注", "同比")[b % 4]
    head = Box(name, column="own" if name else "", is_head=True)
    for number, row in enumerate(table.rows):
        place = min(at, len(row))
        if 0 < place < len(row) and row[place - 1] is row[place]:
            row.insert(place, row[place])
        elif all(box.is_head for box in row):
            row.insert(place, head)
        else:
            text = ("", f"{8000 + number}", "0", "已核")[b // 4 % 4] if head.text else ""
            row.insert(place, Box(text, is_figure=True, value=int(text) if text.isdigit() else None))


def delete_column(table: Table, a: int, b: int) -> None:
    at = a % max(map(len, table.rows))
    for row in table.rows:
        del row[at : at + 1]


def swap_columns(table: Table, a: int, b: int) -> None:
    width = min(map(len, table.rows))
    one, other = a % width, b % width
    for row in table.rows:
        row[one], row[other] = row[other], row[one]


def swap_heads(table: Table, a: int, b: int) -> None:
    heads = [box for box in {box: None for row in table.rows for box in row if box.is_head} if box.column]
    if heads:
        one, other = heads[a % len(heads)], heads[b % len(heads)]
        one.text, one.column, other.text, other.column = other.text, other.column, one.text, one.column


def blank_head(table: Table, a: int, b: int) -> None:
    heads = [box for box in {box: None for row in table.rows for box in row if box.is_head} if box.column]
    if heads:
        heads[a % len(heads)].text = heads[a % len(heads)].column = ""


def own_row(table: Table, a: int, b: int) -> None:
    """A row of the agency's own, of words, or of nothing but figures."""
    rows = _data(table)
    if not rows:
        return
    again = _copy(table.rows[rows[b % len(rows)]])
    text = ("其他", "网上申请", "", "其中：本级", "9.其他", "小计", "（八）其他情况")[a % 7]
    for place, box in enumerate(dict.fromkeys(again)):
        if box.is_figure:
            box.text, box.value, box.home = f"{9000 + place}", 9000 + place, ""
    label = next((box for box in again if box.row), again[max(_labels(again) - 1, 0)])
    if not label.is_figure:
        label.text, label.row = text, "own"
    table.rows.insert(rows[b % len(rows)] + b % 2, again)


def tear_row(table: Table, a: int, b: int) -> None:
    """A row over two: a piece of its label beside its figures, the other piece beside nothing."""
    rows = _data(table)
    if rows and table.key != "remedies":
        at = rows[a % len(rows)]
        row, rest = table.rows[at], _copy(table.rows[at])
        label = next((box for box in row if box.row), None)
        if label is not None and len(label.text) > 2:
            middle = 1 + b % (len(label.text) - 1)
            for box in {box for box in rest if box.is_figure}:
                box.text, box.is_figure = "", False
            other = next(box for box in rest if box.row)
            label.text, label.row, other.text, other.row = label.text[:middle], "", label.text[middle:], ""
            if b % 2:
                label.text, other.text = other.text, label.text
            table.rows[at : at + 1] = [rest, row] if b % 2 else [row, rest]


def turn(table: Table, a: int, b: int) -> None:
    """Rows become columns; ragged ones lose what has no place."""
    width = min(map(len, table.rows))
    for row in table.rows:
        for box in row[width:]:
            box.is_lost = box.is_lost or box not in row[:width]
    table.rows[:] = [[row[place] for row in table.rows] for place in range(width)]
    table.is_turned = not table.is_turned


def words_for_figure(table: Table, a: int, b: int) -> None:
    figures = list({box: None for row in table.rows for box in row if box.is_figure})
    if figures:
        box = figures[a % len(figures)]
        box.text, box.value = ("未统计", "见附件", "已核", "数据待核", "注：见下", "其他")[b % 6], None


#: What a caption says of this year's figures, and of last year's; the last ones do not say it.
_YEARS: Final = (
    ("2023年", "2022年"), ("本年", "上年"), ("", "附：上年情况"), ("", "附表"), ("2023年", ""), ("2022年", "2021年"),
)  # fmt: skip


def _last_years(row: Sequence[Box]) -> list[Box]:
    """A row once more with last year's figures, which are no figures of the form."""
    twins = {id(box): replace(box, column="own" if box.is_head else "", home="") for box in row}
    for box in twins.values():
        if box.is_figure and isinstance(box.value, int) and not box.is_lost:
            box.value += 5000
            box.text = str(box.value)
    return [twins[id(box)] for box in row]


def last_year_below(table: Table, a: int, b: int) -> None:
    """Last year's table below or above this year's, with captions."""
    this, last = _YEARS[a % len(_YEARS)]
    width = max(map(len, table.rows))
    pieces = [
        [*([[Box(caption)] * width] * bool(caption)), *rows]
        for caption, rows in ((this, table.rows[:]), (last, [_last_years(row) for row in table.rows]))
    ]
    ordered = pieces[::-1] if b % 2 else pieces
    table.rows[:] = [row for piece in ordered for row in piece]
    if b % 3:
        table.cuts = {len(ordered[0])}


def last_year_beside(table: Table, a: int, b: int) -> None:
    """Last year's columns beside this year's, with a row that says so on top of all."""
    if table.key == "disclosure" or not table.rows or len(set(map(len, table.rows))) > 1:
        return
    this, last = (Box(text or "合计", is_head=True) for text in _YEARS[a % len(_YEARS)])
    labels = 3 if table.key == "requests" else 0
    rows = [(row, _last_years(row)) for row in table.rows]
    width = len(table.rows[0]) - labels
    corner = [table.rows[0][0]] * labels
    if b % 2:
        this, last = last, this
        rows = [([*row[:labels], *old[labels:]], [*row[:labels], *row[labels:]]) for row, old in rows]
    table.rows[:] = [[*corner, *[this] * width, *[last] * width], *([*one, *two[labels:]] for one, two in rows)]


def in_pieces(table: Table, a: int, b: int) -> None:
    """The columns in two pieces, one below the other, each with the rows' labels."""
    if table.key != "requests" or len(set(map(len, table.rows))) > 1 or len(table.rows[0]) < 6:
        return
    at = 4 + a % (len(table.rows[0]) - 4)
    below = [[*_copy(row[:3]), *row[at:]] for row in table.rows]
    table.rows[:] = [*(row[:at] for row in table.rows), *below]
    if b % 2:
        table.cuts = {len(below)}


def clear(table: Table, a: int, b: int) -> None:
    """All figures but a few are rubbed out."""
    for number, box in enumerate({box: None for row in table.rows for box in row if box.is_figure}):
        if number % (2 + a % 9):
            box.text, box.value = "", None


UNKIND: Final[Mapping[str, Change]] = {
    change.__name__: change
    for change in (
        delete_row, move_row, other_figures, swap_labels, slide_labels, blank_label, delete_cell, insert_cell,
        run_together, two_rows_in_one, insert_column, delete_column, swap_columns, swap_heads, blank_head, own_row,
        tear_row, turn, clear, remark_column, words_for_figure, last_year_below, last_year_beside, in_pieces,
    )
}  # fmt: skip


# ── printing ────────────────────────────────────────────────────────────────────────────────────────────────────────


def parts(table: Table) -> Iterator[list[list[Box]]]:
    """A table's pieces."""
    edges = [0, *sorted(cut for cut in table.cuts if 0 < cut < len(table.rows)), len(table.rows)]
    for start, end in pairwise(edges):
        if start < end:
            yield table.rows[start:end]


def spans(rows: Sequence[Sequence[Box]]) -> list[list[tuple[Box, int, int]]]:
    """The cells of rows as markup has them: each box once where it is a rectangle, with its spans."""
    taken: set[tuple[int, int]] = set()
    printed = []
    for y, row in enumerate(rows):
        cells = []
        for x, box in enumerate(row):
            if (y, x) in taken:
                continue
            across = next(
                (n for n in range(1, len(row) - x) if row[x + n] is not box or (y, x + n) in taken), len(row) - x
            )
            down = 1
            while y + down < len(rows) and rows[y + down][x : x + across] == [box] * across:
                down += 1
            taken |= {(y + dy, x + dx) for dy in range(down) for dx in range(across)}
            cells.append((box, across, down))
        printed.append(cells)
    return printed


def _around(written: Sequence[str], paragraph: Callable[[str], str], end: str = "") -> str:
    """A report's lines with its tables, in their parts."""
    lines = [paragraph("演示区民政局2023年政府信息公开工作年度报告")]
    for number, name in enumerate(SECTIONS):
        lines.append(paragraph(f"{'一二三四五六'[number]}、{name}"))
        lines.append(written[number - 1] if 0 < number < 4 else paragraph("本年度各项工作按要求开展，情况如上所述。"))
    return end.join(lines)


#: What breaks spans: which cell of a printed table, and what is added to its colspan and rowspan.
Damage = tuple[int, int, int]


def as_html(paper: Sequence[Table], *, damage: Mapping[str, Sequence[Damage]] | None = None) -> bytes:
    """A page. `damage`: table → wrong spans."""
    written = []
    for table in paper:
        text = ""
        for rows in parts(table):
            cells = [[(box.text, across, down) for box, across, down in row] for row in spans(rows)]
            for at, across, down in (damage or {}).get(table.key, ()):
                row = cells[at % len(cells)]
                if row:
                    own = row[at // len(cells) % len(row)]
                    row[at // len(cells) % len(row)] = (own[0], max(own[1] + across, 1), max(own[2] + down, 1))
            lines = "".join("<tr>" + "".join(map(_td, row)) + "</tr>" for row in cells)
            text += f"<table border=1>{lines}</table>\n"
        written.append(text)
    return f"<html><head><meta charset=utf-8></head><body>{_around(written, '<p>{}</p>'.format)}</body></html>".encode()


def _td(cell: SpanCell) -> str:
    text, across, down = cell if isinstance(cell, tuple) else (cell, 1, 1)
    written = f' colspan="{across}"' * (across > 1) + f' rowspan="{down}"' * (down > 1)
    return f"<td{written}>" + escape(text).replace("\n", "<br>") + "</td>"


def as_docx(paper: Sequence[Table]) -> bytes:
    """A Word file; a cell that goes on below is vMerge."""
    return word.word(_around(["".join(map(_word_table, parts(table))) + word.par() for table in paper], word.par))


def _word_table(rows: Sequence[Sequence[Box]]) -> str:
    written = []
    open_: dict[int, tuple[Box, int, int]] = {}
    for y, row in enumerate(spans(rows)):
        cells, x = "", 0
        own = list(row)
        while own or x in open_:
            if x in open_:
                box, across, end = open_[x]
                cells += word.cell("", across, "continue")
                if y + 1 == end:
                    del open_[x]
            else:
                box, across, down = own.pop(0)
                inner = "".join(word.par(text) for text in box.text.split("\n"))
                cells += word.cell(inner, across, "restart" if down > 1 else "")
                if down > 1:
                    open_[x] = (box, across, y + down)
            x += across
        written.append(word.row(cells))
    return word.table(*written)


def as_text(paper: Sequence[Table], layout: str) -> bytes:
    """Plain text: rows with `tabs` or `bars`, or `cells`: a cell a line."""
    written = []
    for table in paper:
        lines: list[str] = []
        for rows in parts(table):
            if layout == "cells":
                for row in spans(rows):
                    lines += [*("\t" + _line(box) for box, _, _ in row), ""]
            elif layout == "tabs":
                lines += ["\t".join(map(_line, row)) for row in rows]
            else:
                lines += ["| " + " | ".join(map(_line, row)) + " |" for row in rows]
            lines.append("")
        written.append("\n".join(lines))
    return _around(written, "{}\n".format, "\n").encode()


def _line(box: Box) -> str:
    return box.text.replace("\n", " ")


def as_pdf(paper: Sequence[Table]) -> bytes:
    """A PDF with a page for each part of each table."""
    drawing = Drawing((842, 1190))
    drawing.paragraph("演示区民政局2023年政府信息公开工作年度报告", 50)
    for number, table in enumerate(paper):
        drawing.paragraph(f"{'二三四'[number]}、{SECTIONS[number + 1]}", 90)
        for rows in parts(table):
            width = max(map(len, rows))
            cells: list[list[SpanCell]] = [
                [(_line(box), across, down) for box, across, down in row] for row in spans(rows)
            ]
            drawing.table(cells, (700 / width,) * width, 130, heights=30, size=7)
            drawing.page()
    return drawing.bytes()


FORMATS: Final[Mapping[str, Callable[[Sequence[Table]], bytes]]] = {
    "html": as_html,
    "docx": as_docx,
    "tabs": lambda paper: as_text(paper, "tabs"),
    "bars": lambda paper: as_text(paper, "bars"),
    "cells": lambda paper: as_text(paper, "cells"),
    "pdf": as_pdf,
}


# ── damage to bytes ─────────────────────────────────────────────────────────────────────────────────────────────────

#: What is done to bytes: how, where and how much, and a byte for it.
Wound = tuple[str, int, int, int]
WOUNDS: Final = ("flip", "set", "zero", "lose", "double", "cut", "splice")


def wounded(data: bytes, wounds: Sequence[Wound], *, other: bytes = b"") -> bytes:
    """Bytes with wounds; `other` is what is spliced in."""
    torn = bytearray(data)
    for kind, place, length, byte in wounds:
        at = place % (len(torn) + 1)
        end = min(at + length, len(torn))
        if kind == "flip" and at < len(torn):
            torn[at] ^= 1 << byte % 8
        elif kind == "set":
            torn[at : at + 1] = bytes([byte])
        elif kind == "zero":
            torn[at:end] = bytes(end - at)
        elif kind == "lose":
            del torn[at:end]
        elif kind == "double":
            torn[at:at] = torn[at:end]
        elif kind == "cut" and byte < 64:
            del torn[at:]
        elif kind == "splice":
            torn[at:end] = other[at : at + length]
    return bytes(torn)
