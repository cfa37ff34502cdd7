"""Draws reports as PDF by hand, so that tests can say of each line, glyph and page break how it is made."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from monitor.documents.formats.grids import SpanCell
from monitor.form import (
    DISCLOSURE_BLOCKS,
    REMEDY_RESULTS,
    REQUEST_COLUMNS,
    REQUEST_ROWS,
    REQUESTS_CORNER,
    RESULTS_GROUP,
)

pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
HAN, LATIN = "STSong-Light", "Helvetica"

Rect = tuple[float, float, float, float]
Ruling = Callable[[Canvas, Sequence[Rect], Rect], None]

REQUEST_WIDTHS = (26, 80, 130, 32, 30, 30, 30, 30, 30, 32)
DISCLOSURE_WIDTHS = (140, 100, 90, 90)
REMEDY_WIDTHS = (29,) * 15


def figures(seed: int) -> Callable[[], str]:
    """A source of figures as agencies print them: mostly small, some of four digits."""
    draw = random.Random(seed)
    return lambda: str(draw.choice((0, 0, 0, draw.randrange(10), draw.randrange(100), draw.randrange(10_000))))


def request_rows(number: Callable[[], str], *, edition: str = "2021") -> list[list[SpanCell]]:
    """Table 3 with its spans."""
    head: list[list[SpanCell]] = [
        [(REQUESTS_CORNER, 3, 3), ("申请人情况", 7, 1)],
        [(REQUEST_COLUMNS[0].label, 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
        [(line.label, 1, 1) for line in REQUEST_COLUMNS[1:6]],
    ]
    lines = REQUEST_ROWS[edition]
    results = [line for line in lines if line.key not in ("received", "carried_in", "carried_out")]
    rows = list(head)
    group = ""
    for line in lines:
        row: list[SpanCell] = []
        if line in results:
            if line is results[0]:
                row.append((RESULTS_GROUP, 1, len(results)))
            if line.group and line.group != group:
                row.append((line.group, 1, sum(other.group == line.group for other in lines)))
            row.append((line.label, 1 if line.group else 2, 1))
            group = line.group
        else:
            row.append((line.label, 3, 1))
        rows.append([*row, *((number(), 1, 1) for _ in REQUEST_COLUMNS)])
    return rows


def disclosure_rows(number: Callable[[], str]) -> list[list[SpanCell]]:
    """Table 2 with its spans."""
    rows: list[list[SpanCell]] = []
    for block in DISCLOSURE_BLOCKS["2021"]:
        span = 3 // len(block.columns)
        rows.append([(block.title, 4, 1)])
        rows.append([("信息内容", 1, 1), *((column.label, span, 1) for column in block.columns)])
        rows += [[(line.label, 1, 1), *((number(), span, 1) for _ in block.columns)] for line in block.rows]
    return rows


def remedy_rows(number: Callable[[], str]) -> list[list[SpanCell]]:
    """Table 4 with its spans."""
    results = [(line.label, 1, 1) for line in REMEDY_RESULTS]
    return [
        [("行政复议", 5, 1), ("行政诉讼", 10, 1)],
        [*((text, 1, 2) for text, _, _ in results), ("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        [*results, *results],
        [(number(), 1, 1) for _ in range(15)],
    ]


# ── ruling ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _edges(rects: Sequence[Rect]) -> set[Rect]:
    return {
        edge
        for x0, y0, x1, y1 in rects
        for edge in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
    }


def by_lines(canvas: Canvas, rects: Sequence[Rect], _: Rect) -> None:
    canvas.setLineWidth(0.5)
    canvas.lines(sorted(_edges(rects)))


def by_rectangles(canvas: Canvas, rects: Sequence[Rect], _: Rect) -> None:
    canvas.setLineWidth(0.75)
    for x0, y0, x1, y1 in rects:
        canvas.rect(x0, y0, x1 - x0, y1 - y0)


def by_thin_fills(canvas: Canvas, rects: Sequence[Rect], _: Rect) -> None:
    for x0, y0, x1, y1 in sorted(_edges(rects)):
        canvas.rect(x0 - 0.25, y0 - 0.25, x1 - x0 + 0.5, y1 - y0 + 0.5, stroke=0, fill=1)


def by_double_lines(canvas: Canvas, rects: Sequence[Rect], _: Rect) -> None:
    canvas.setLineWidth(0.5)
    for x0, y0, x1, y1 in sorted(_edges(rects)):
        dx, dy = (0, 0.9) if y0 == y1 else (0.9, 0)
        canvas.line(x0 - dx, y0 - dy, x1 - dx, y1 - dy)
        canvas.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy)


def by_dashes(canvas: Canvas, rects: Sequence[Rect], _: Rect) -> None:
    for x0, y0, x1, y1 in sorted(_edges(rects)):
        length = (x1 - x0) + (y1 - y0)
        for start in range(0, int(length), 4):
            end = min(start + 2.5, length)
            if y0 == y1:
                canvas.line(x0 + start, y0, x0 + end, y0)
            else:
                canvas.line(x0, y0 + start, x0, y0 + end)


def by_dotted_strokes(canvas: Canvas, rects: Sequence[Rect], _: Rect) -> None:
    canvas.setDash(1, 2)
    canvas.lines(sorted(_edges(rects)))
    canvas.setDash()


def broken_at_cells(canvas: Canvas, rects: Sequence[Rect], _: Rect) -> None:
    for x0, y0, x1, y1 in rects:
        gap = 0.8
        canvas.lines(
            [
                (x0 + gap, y0, x1 - gap, y0),
                (x0 + gap, y1, x1 - gap, y1),
                (x0, y0 + gap, x0, y1 - gap),
                (x1, y0 + gap, x1, y1 - gap),
            ]
        )


def without_outer_borders(canvas: Canvas, rects: Sequence[Rect], box: Rect) -> None:
    inner = [(a, b, c, d) for a, b, c, d in _edges(rects) if not (a == c and a in (box[0], box[2]))]
    canvas.lines(sorted(inner))


def inner_lines_only(canvas: Canvas, rects: Sequence[Rect], box: Rect) -> None:
    outer = (box[0], box[2]), (box[1], box[3])
    inner = [
        (a, b, c, d) for a, b, c, d in _edges(rects) if not ((a == c and a in outer[0]) or (b == d and b in outer[1]))
    ]
    canvas.lines(sorted(inner))


def white_on_colour(canvas: Canvas, rects: Sequence[Rect], box: Rect) -> None:
    canvas.setFillColorRGB(0.8, 0.88, 0.96)
    canvas.rect(box[0], box[1], box[2] - box[0], box[3] - box[1], stroke=0, fill=1)
    canvas.setStrokeColorRGB(1, 1, 1)
    canvas.setLineWidth(1)
    canvas.lines(sorted(_edges(rects)))
    canvas.setStrokeColorRGB(0, 0, 0)
    canvas.setFillColorRGB(0, 0, 0)


def coloured_cells(canvas: Canvas, rects: Sequence[Rect], _: Rect) -> None:
    canvas.setFillColorRGB(0.9, 0.93, 0.85)
    for x0, y0, x1, y1 in rects:
        canvas.rect(x0 + 0.6, y0 + 0.6, x1 - x0 - 1.2, y1 - y0 - 1.2, stroke=0, fill=1)
    canvas.setFillColorRGB(0, 0, 0)


def coloured_and_ruled(canvas: Canvas, rects: Sequence[Rect], box: Rect) -> None:
    coloured_cells(canvas, rects[::2], box)
    by_lines(canvas, rects, box)


def no_lines(canvas: Canvas, rects: Sequence[Rect], box: Rect) -> None:
    pass


RULINGS: tuple[Ruling, ...] = (
    by_lines,
    by_rectangles,
    by_thin_fills,
    by_double_lines,
    by_dashes,
    by_dotted_strokes,
    broken_at_cells,
    without_outer_borders,
    inner_lines_only,
    white_on_colour,
    coloured_cells,
    coloured_and_ruled,
)


# ── pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Drawing:
    """A PDF in the making. Measures from the top of the page, in points."""

    def __init__(self, size: tuple[float, float] = (595, 842), **options: Any) -> None:
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pagesize=size, invariant=1, pageCompression=1, **options)
        self.height = size[1]

    def text(self, x: float, top: float, text: str, size: float = 10.5, *, spread: float = 0) -> float:
        """Print a line with its baseline under `top`; the figures in a Latin font. The x where it ends."""
        for mark in text:
            font = LATIN if mark.isascii() else HAN
            self.canvas.setFont(font, size)
            self.canvas.drawString(x, self.height - top - size * 0.88, mark)
            x += pdfmetrics.stringWidth(mark, font, size) + spread
        return x

    def paragraph(self, text: str, top: float, *, x0: float = 74, x1: float = 518, size: float = 14) -> float:
        """Print a paragraph with its first line indented by two characters. The top of what follows."""
        x = x0 + 2 * size
        for mark in text:
            width = pdfmetrics.stringWidth(mark, LATIN if mark.isascii() else HAN, size)
            if x + width > x1 and mark not in "，。、；：）”":
                x, top = x0, top + 2 * size
            x = self.text(x, top, mark, size)
        return top + 2 * size

    def table(
        self,
        rows: Sequence[Sequence[SpanCell]],
        widths: Sequence[float],
        top: float,
        *,
        ruling: Ruling = by_lines,
        x0: float = 74,
        heights: Sequence[float] | float = 22,
        size: float = 9,
        part: tuple[int, int] | None = None,
        texts: Callable[[int, SpanCell, bool], str] | None = None,
    ) -> float:
        """Draw rows `part` of a table. A cell that the part cuts is drawn as far as it stands there.

        `texts`: (row, cell, whether its first row is in this part) → what is printed; without it, what a cell says is
        printed where it begins. The bottom of the table.
        """
        start, end = part or (0, len(rows))
        if isinstance(heights, (int, float)):
            heights = [float(heights)] * len(rows)
        tops = [top]
        for height in heights[start:end]:
            tops.append(tops[-1] + height)
        xs = [x0]
        for width in widths:
            xs.append(xs[-1] + width)
        rects: list[Rect] = []
        labels: list[tuple[Rect, str]] = []
        for number, column, cell in spread(rows):
            text, across, down = cell
            first, last = max(number, start), min(number + down, end)
            if first >= last:
                continue
            rect = (xs[column], tops[first - start], xs[column + across], tops[last - start])
            rects.append((rect[0], self.height - rect[3], rect[2], self.height - rect[1]))
            shown = texts(number, cell, number >= start) if texts else (text if number >= start else "")
            labels.append((rect, shown))
        ruling(self.canvas, rects, (x0, self.height - tops[-1], xs[-1], self.height - top))
        for rect, text in labels:
            self.cell(rect, text, size)
        return tops[-1]

    def cell(self, rect: Rect, text: str, size: float) -> None:
        """Print a text in the middle of a cell, as many lines as it takes."""
        x0, y0, x1, y1 = rect
        lines, room = [""], x1 - x0 - 4
        for mark in text:
            width = pdfmetrics.stringWidth(lines[-1] + mark, HAN, size)
            if width > room and lines[-1] and not mark.isascii():
                lines.append("")
            lines[-1] += mark
        size = min(size, (y1 - y0) / len(lines) / 1.05)
        step = size * 1.05
        for number, line in enumerate(lines):
            width = sum(pdfmetrics.stringWidth(mark, LATIN if mark.isascii() else HAN, size) for mark in line)
            left = (x0 + x1 - width) / 2 if len(lines) == 1 else x0 + 2
            self.text(left, (y0 + y1 - step * len(lines)) / 2 + number * step, line, size)

    def page(self) -> None:
        self.canvas.showPage()

    def bytes(self) -> bytes:
        self.canvas.save()
        return self._file.getvalue()


def spread(rows: Sequence[Sequence[SpanCell]]) -> list[tuple[int, int, SpanCell]]:
    """The cells of rows with the row and column where each begins."""
    taken: set[tuple[int, int]] = set()
    found = []
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            _, across, down = cell
            taken |= {(number + y, column + x) for y in range(down) for x in range(across)}
            found.append((number, column, cell))
    return found
