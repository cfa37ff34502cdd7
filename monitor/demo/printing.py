"""The form's three tables as HTML in the official layout, spans and all, in the markup habits that agencies have.

It prints the numbers it is given, right or wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from html import escape

from monitor.demo.figures import Numbers
from monitor.form import (
    DISCLOSURE_BLOCKS,
    REMEDY_KINDS,
    REMEDY_RESULTS,
    REQUEST_COLUMNS,
    REQUEST_ROWS,
    REQUESTS_CORNER,
    RESULTS_GROUP,
    Line,
    is_result_row,
)


class Habit(StrEnum):
    """How an agency's tables come out of its editor."""

    PLAIN = "plain"
    WORD = "word"  # pasted from Word: a paragraph and a span in each cell, labels cut into several spans
    PADDED = "padded"  # figures padded with blanks of all kinds


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints tables in one habit. `blank_zeros`: a zero is left blank, as some agencies did in edition 2019."""

    habit: Habit = Habit.PLAIN
    blank_zeros: bool = False

    def disclosure(self, numbers: Numbers, edition: str) -> str:
        """Table 2: blocks of article 20, each with its own header, in a grid of four columns."""
        rows = []
        for block in DISCLOSURE_BLOCKS[edition]:
            rows.append([self._label(block.title, colspan=4)])
            spans = [1] * len(block.columns)
            spans[-1] = 4 - len(block.columns)
            header = [self._label(c.label, colspan=span) for c, span in zip(block.columns, spans, strict=True)]
            rows.append([self._label("信息内容"), *header])
            for row in block.rows:
                cells = [
                    self._figure(numbers[row.key][c.key], span, signed=c.key == "change")
                    for c, span in zip(block.columns, spans, strict=True)
                ]
                rows.append([self._label(row.label), *cells])
        return self._table(rows)

    def requests(self, numbers: Numbers, edition: str) -> str:
        """Table 3: three label columns, seven figure columns, three header rows."""
        legal = [column for column in REQUEST_COLUMNS if column.group]
        first, last = REQUEST_COLUMNS[0], REQUEST_COLUMNS[-1]
        rows = [
            [self._label(REQUESTS_CORNER, colspan=3, rowspan=3), self._label("申请人情况", colspan=7)],
            [
                self._label(first.label, rowspan=2),
                self._label(legal[0].group, colspan=len(legal)),
                self._label(last.label, rowspan=2),
            ],
            [self._label(column.label) for column in legal],
        ]
        lines = REQUEST_ROWS[edition]
        inside = sum(is_result_row(line.key) for line in lines) + 1  # and the row （七）总计
        for place, line in enumerate(lines):
            labels = self._request_labels(lines, place, inside)
            rows.append([*labels, *(self._figure(numbers[line.key][column.key]) for column in REQUEST_COLUMNS)])
        return self._table(rows)

    def remedies(self, numbers: Numbers) -> str:
        """Table 4: one row of fifteen figures below three header rows."""
        results = [self._label(result.label) for result in REMEDY_RESULTS]
        tall = [self._label(result.label, rowspan=2) for result in REMEDY_RESULTS]
        review, *litigation = REMEDY_KINDS
        return self._table(
            [
                [self._label(review.label, colspan=5), self._label(litigation[0].group, colspan=10)],
                [*tall, *(self._label(kind.label, colspan=5) for kind in litigation)],
                results * 2,
                [self._figure(numbers[kind.key][result.key]) for kind in REMEDY_KINDS for result in REMEDY_RESULTS],
            ]
        )

    def _request_labels(self, lines: tuple[Line, ...], place: int, inside: int) -> list[str]:
        line = lines[place]
        if not is_result_row(line.key) and line.key != "handled":
            return [self._label(line.label, colspan=3)]
        before = lines[place - 1]
        labels = []
        if before.key == "carried_in":
            labels.append(self._label(RESULTS_GROUP, rowspan=inside))
        if not line.group:
            return [*labels, self._label(line.label, colspan=2)]
        if line.group != before.group:
            labels.append(self._label(line.group, rowspan=sum(other.group == line.group for other in lines)))
        return [*labels, self._label(line.label)]

    def _table(self, rows: list[list[str]]) -> str:
        attributes = 'class="MsoTableGrid" border="1"' if self.habit is Habit.WORD else 'border="1" cellspacing="0"'
        body = "\n".join(f"<tr>{''.join(row)}</tr>" for row in rows)
        return f"<table {attributes}><tbody>{body}</tbody></table>"

    def _label(self, text: str, colspan: int = 1, rowspan: int = 1) -> str:
        inner = escape(text, quote=False)
        if self.habit is Habit.WORD:
            pieces = (escape(piece, quote=False) for piece in (text[:2], text[2:5], text[5:]) if piece)
            inner = _word_paragraph("".join(f'<span style="font-family:宋体">{piece}</span>' for piece in pieces))
        return _cell(inner, colspan, rowspan)

    def _figure(self, value: int | Decimal, colspan: int = 1, *, signed: bool = False) -> str:
        text = self.figure_text(value, signed=signed)
        if self.habit is Habit.WORD:
            text = _word_paragraph(f'<span lang="EN-US">{text or "<o:p>&nbsp;</o:p>"}</span>')
        elif self.habit is Habit.PADDED:
            text = f"&nbsp;{text}\u3000"
        return _cell(text, colspan, 1)

    def figure_text(self, value: int | Decimal, *, signed: bool = False) -> str:
        """What stands in the cell: "" for a zero that is left blank, a sign before a change (本年增/减)."""
        if value == 0 and self.blank_zeros:
            return ""
        return f"{value:+}" if signed and value else f"{value}"

    def figure_value(self, value: int | Decimal) -> int | float | None:
        """What a reader of the cell must find, as JSON has it: None where the cell is left blank."""
        if value == 0 and self.blank_zeros:
            return None
        return float(value) if isinstance(value, Decimal) else value


def _word_paragraph(inner: str) -> str:
    return f'<p class="MsoNormal" align="center">{inner}</p>'


def _cell(inner: str, colspan: int, rowspan: int) -> str:
    spans = (f' colspan="{colspan}"' if colspan > 1 else "") + (f' rowspan="{rowspan}"' if rowspan > 1 else "")
    return f"<td{spans}>{inner}</td>"
