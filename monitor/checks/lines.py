"""The report's lines with their places, and what the rules over words share: sentences to quote, doubts of reading.

One text with everything in it, so that a pattern runs over a report once; what it hits is placed afterwards. The cells
of tables are not in it. Nothing here judges.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from monitor.checks.base import Context, Unknown
from monitor.model import Report
from monitor.text import clean

TITLE, PREFACE, HEADING, BODY = "title", "preface", "heading", "body"

#: Why what was seen in a scan may not stand in it.
SCANNED: Final = "报告由扫描件识别而成，这里可能是识别有误，请对照原件"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report. `kind`: title, preface, heading (of a part) or body; `part` as in `Passage`."""

    part: int | None
    kind: str
    text: str
    place: str
    start: int


@dataclass(frozen=True)
class Running:
    """All lines in order. `text`: the lines joined by line breaks; an offset in it belongs to a line (`at`)."""

    lines: tuple[Line, ...]
    text: str

    @cached_property
    def _starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def at(self, offset: int) -> Line:
        """The line that holds an offset of the text."""
        return self.lines[max(0, bisect_right(self._starts, offset) - 1)]

    def after(self, line: Line) -> Line | None:
        """The line that follows."""
        index = bisect_right(self._starts, line.start)
        return self.lines[index] if index < len(self.lines) else None

    def sentence(self, start: int, end: int, limit: int = 60) -> str:
        """The sentence around text[start:end], cut where it is long; never more than a line."""
        first, last = max(0, start - limit), min(len(self.text), end + limit)
        left = max(self.text.rfind(mark, first, start) for mark in "。！？\n") + 1
        ends = [found for mark in "。！？\n" if (found := self.text.find(mark, end, last)) >= 0]
        return clean(self.text[max(left, first) : min(ends, default=last)])

    @cached_property
    def has_body(self) -> bool:
        return any(line.kind != TITLE for line in self.lines)


def running(context: Context) -> Running:
    """The lines of a context's report, made once: a dozen rules look at them."""
    # As `cached_property` does it: the context is frozen, and its own fields are no business of this module.
    made: Running | None = context.__dict__.get("_running")
    if made is None:
        made = context.__dict__["_running"] = _made(context)
    return made


def nothing_to_read(context: Context) -> Unknown | None:
    """Why nothing can be said about the words."""
    return None if running(context).has_body else Unknown("没有读到正文")


def by_reading(report: Report) -> str:
    """How reading, not the agency, may have put any words there ("" where it cannot have)."""
    return SCANNED if report.is_scan else ""


def _made(context: Context) -> Running:
    lines: list[Line] = []
    offset = 0
    for part, kind, text, place in _pieces(context):
        for line in text.split("\n"):
            if line.strip():
                lines.append(Line(part, kind, line, place, offset))
                offset += len(line) + 1
    return Running(tuple(lines), "\n".join(line.text for line in lines))


def _pieces(context: Context) -> Iterator[tuple[int | None, str, str, str]]:
    report = context.report
    if report.title:
        yield None, TITLE, clean(report.title), "标题"
    yield 0, PREFACE, report.preface, "前言"
    for section in report.sections:
        yield section.part, HEADING, section.printed.replace("\n", " "), section.printed
        yield section.part, BODY, section.text, section.printed
