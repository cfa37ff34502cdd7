"""A document as a report (monitor/model.py): title, whose, which year, parts, tables, figures. It judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from monitor.dates import first_year
from monitor.documents.contact import find_contact
from monitor.documents.figures import find_figures
from monitor.documents.naming import NO_REPORT, Title, as_written, compiler_in, find_title, named_title, year_quote
from monitor.documents.period import find_period
from monitor.documents.running import Line, Running
from monitor.documents.sections import Heading, find_headings
from monitor.documents.signature import find_published, find_signature
from monitor.documents.suspicion import doubt_by_identity
from monitor.documents.tables import read_tables
from monitor.form import edition_for
from monitor.model import Document, Grid, Paragraph, Place, Report, Section
from monitor.titles import LETTER, TitleReading

#: Less running text than this is a page with an attachment or a picture, not a report.
_SHORTEST: Final = 100
#: Parts that a document without tables must have, and one that calls itself an explanation or a letter.
_PARTS: Final = 3
_PARTS_OF_DECOY: Final = 5
#: The title of another kind of report stands among so many lines.
_TITLE_AMONG: Final = 5
_BYLINE: Final = re.compile(r"(发布|公开|发文)?(日期|时间)\s*[:：]\s*\d{4}|^(来源|信息来源|作者)\s*[:：]")
_BYLINE_WORD: Final = re.compile("日期|时间|来源|作者")
#: Another report's title, which no reading of titles takes for ours: 法治政府建设年度报告, 政府工作报告.
_OTHER_TITLE: Final = re.compile(
    r"[^。，；：:]{4,50}(?:报告|总结|要点|方案|预算|决算|通知|目录)(?:[（(][^（）()]{1,12}[）)])?"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the parts found: its heading and its paragraphs."""

    heading: Heading
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class _Identity:
    """What the title says, or what the page called it: `below` is the number of the line below a printed title."""

    title: Title
    agency: str
    year: int | None
    below: int
    places: Mapping[str, Place]


def read_report(document: Document, *, title: str = "") -> Report:
    """Read a document as a report; what is not in it is None. `title`: what the page or the list called it."""
    headings = find_headings(document.blocks)
    head, parts = _outline(document.blocks, headings)
    identity = _identify(head, title, document.title)
    preface = [line for line in head[identity.below :] if not _is_byline(line.text)]
    end = parts[-1].lines if parts else preface
    signature = find_signature(end, agency=identity.agency)
    if parts:
        parts[-1] = replace(parts[-1], lines=end[: signature.cut])
    else:
        preface = preface[: signature.cut]

    period, period_places = find_period(
        Running(preface), Running([line for part in parts for line in part.lines]), year=identity.year
    )
    year = identity.year or (period.start.year if period else None) or _year_of(parts, preface)
    tables = read_tables(document.blocks, year=year)
    published_on, source, published_places = _published(document, head, below=identity.below)
    contact, contact_places = find_contact(_contact_sources(preface, parts, end))
    agency, agency_places = _owner(identity, signature.by, preface)
    report = Report(
        title=identity.title.text or None,
        agency=agency,
        year=year,
        format=tables.edition or edition_for(year or 2021),
        period=period,
        published_on=published_on,
        published_source=source,
        signed_by=signature.by,
        signed_on=signature.on,
        contact=contact,
        preface=_text(preface),
        sections=tuple(_section(part) for part in parts),
        tables=tables.tables,
        doubts=tables.doubts,
        is_form=any(tables.tables.values())
        or _is_form(identity.title.reading, parts, head, preface, period=period is not None),
        figures=find_figures(
            [(0, preface), *((part.heading.part, part.lines) for part in parts)], year=year, agency=agency or ""
        ),
        origins=tables.origins,
        places={
            **identity.places,
            **agency_places,
            **period_places,
            **published_places,
            **signature.places,
            **contact_places,
            **{f"sections.{number}": _heading_place(document, part) for number, part in enumerate(parts, 1)},
        },
        document=document.name,
        media_type=document.media_type,
        is_scan=document.is_scan,
        notes=document.notes + tables.notes,
    )
    return doubt_by_identity(report) if document.is_scan else report


# ── parts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _outline(blocks: Sequence[Paragraph | Grid], headings: Sequence[Heading]) -> tuple[list[Line], list[_Part]]:
    """The lines before the first heading, and the parts with theirs."""
    starts = [*(heading.place for heading in headings), len(blocks)]
    head = _lines(blocks, 0, starts[0])
    parts = []
    for heading, end in zip(headings, starts[1:], strict=True):
        lines = _lines(blocks, heading.place + heading.span, end)
        if heading.rest:
            lines.insert(0, Line(heading.rest, heading.place + 1, _page(blocks, heading.place)))
        parts.append(_Part(heading, lines))
    return head, parts


def _lines(blocks: Sequence[Paragraph | Grid], start: int, end: int) -> list[Line]:
    return [
        Line(block.text, place + 1, block.page)
        for place in range(start, end)
        for block in [blocks[place]]
        if isinstance(block, Paragraph)
    ]


def _page(blocks: Sequence[Paragraph | Grid], place: int) -> int:
    block = blocks[place]
    return block.page if isinstance(block, Paragraph) else 0


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(line.text for line in lines)


def _section(part: _Part) -> Section:
    heading = part.heading
    return Section(heading.number, heading.part, heading.heading, heading.printed, _text(part.lines))


def _heading_place(document: Document, part: _Part) -> Place:
    heading = part.heading
    return Place(heading.place + 1, _page(document.blocks, heading.place), heading.printed)


def _contact_sources(preface: Sequence[Line], parts: Sequence[_Part], end: Sequence[Line]) -> list[Sequence[Line]]:
    """Where a contact stands, the likeliest first: preface, part 6, the end of the report with its signature."""
    last = [part.lines for part in parts[:-1] if part.heading.part == 6]
    others = [part.lines for part in parts[:-1] if part.heading.part != 6]
    return [preface, *last, end, *others] if parts else [end]


# ── whose, which year, published when ───────────────────────────────────────────────────────────────────────────────


def _identify(head: Sequence[Line], *names: str) -> _Identity:
    printed = find_title(head)
    title = printed or named_title(*names) or Title("", NO_REPORT)
    agency, year = as_written(title.reading.agency, title.text), title.reading.year
    # Only where the title itself does not tell: to read another one costs as much again.
    other = named_title(*names) if printed and not (agency and year) else None
    places: dict[str, Place] = {}
    if printed:
        lines = head[printed.start : printed.end]
        places["title"] = Place(lines[0].block, lines[0].page, _text(lines))
        for name, words in (("agency", agency), ("year", year_quote(title.text, year) if year else "")):
            line = next((line for line in lines if words and words in line.text), None)
            if line is not None:
                places[name] = Place(line.block, line.page, words)
            elif words:
                places[name] = places["title"]
    if other and other.reading.is_report:
        agency, year = agency or as_written(other.reading.agency, other.text), year or other.reading.year
    return _Identity(title, agency, year, printed.end if printed else 0, places)


def _owner(identity: _Identity, signed_by: str | None, preface: Sequence[Line]) -> tuple[str | None, dict[str, Place]]:
    """Whose report it is: as the title says, else who signed, else who made it by its preface."""
    if identity.agency or signed_by:
        return identity.agency or signed_by, {}
    compiler = compiler_in(preface)
    return (compiler[0], {"agency": compiler[1]}) if compiler else (None, {})


def _year_of(parts: Sequence[_Part], preface: Sequence[Line]) -> int | None:
    """The year that the text itself speaks of first: in 总体情况, where reports begin with it, else in the preface."""
    lines = [*(line for part in parts if part.heading.part == 1 for line in part.lines), *preface]
    return next((year for line in lines for year in [first_year(line.text)] if year), None)


def _is_byline(text: str) -> bool:
    return len(text) <= 120 and bool(_BYLINE_WORD.search(text)) and bool(_BYLINE.search(text))


def _published(
    document: Document, head: Sequence[Line], *, below: int
) -> tuple[date | None, str | None, dict[str, Place]]:
    if document.published and document.published.source == "meta":
        return document.published.value, "meta", {}
    found = find_published(head, below=below)
    if found is not None:
        return found[0], "label", {"published_on": found[1]}
    return (document.published.value, "label", {}) if document.published else (None, None, {})


# ── whether it is a report at all ───────────────────────────────────────────────────────────────────────────────────


def _is_form(
    title: TitleReading, parts: Sequence[_Part], head: Sequence[Line], preface: Sequence[Line], *, period: bool
) -> bool:
    """Whether a document without tables is a report, and not an explanation, a letter or a page that only holds one."""
    found = {part.heading.part for part in parts} - {None}
    written = sum(len(line.text) for line in _sentences(preface, parts))
    if written < (1 if len(found) >= _PARTS else _SHORTEST):
        return False  # a title, a table of contents, the names of attachments
    if title.decoy:
        return len(found) >= (_PARTS if title.decoy == LETTER else _PARTS_OF_DECOY) and (
            period or title.decoy == LETTER
        )
    if title.is_report:
        return True
    # Reports of other kinds have an overview, problems and what else is to be said; these two parts only ours has.
    return not _other_title(head) and ((len(found) >= _PARTS and bool(found & {2, 3})) or (period and bool(found)))


def _sentences(preface: Sequence[Line], parts: Sequence[_Part]) -> Iterator[Line]:
    return (line for lines in [preface, *(part.lines for part in parts)] for line in lines if "。" in line.text)


def _other_title(head: Sequence[Line]) -> bool:
    """Whether the first lines bear the title of something else."""
    return any(_OTHER_TITLE.fullmatch(line.text.replace(" ", "")) for line in head[:_TITLE_AMONG])
