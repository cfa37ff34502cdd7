"""A document as a report (monitor/model.py): title, whose, which year, parts, tables. Reads; judges nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from monitor.dates import first_year
from monitor.documents.narrative import find_contact, find_period, find_published, find_signature
from monitor.documents.sections import Heading, find_headings
from monitor.documents.tables import read_tables
from monitor.form import edition_for
from monitor.model import Document, Grid, Paragraph, Report, Section
from monitor.text import squash
from monitor.titles import TitleReading, read_title

#: A title stands among the first lines, broken into at most three.
_HEAD_LINES: Final = 12
_TITLE_LINES: Final = 3
_TITLE_PIECE: Final = re.compile(r"[\u4e00-\u9fff\d０-９（）()〔〕\[\]【】“”《》、·—\-－ 　]{2,60}")
#: Page titles append, or begin with, the site's and the column's name.
_SITE: Final = re.compile(r"\s*(?:[_|｜>＞»]|[-–—]+)\s*")
_LONGEST_NAME: Final = 300
#: Less running text than this under a report's title is a page with an attachment or a picture, not a report.
_SHORTEST: Final = 100


def read_report(document: Document, *, title: str = "") -> Report:
    """Read a document as a report; what is not in it is None. `title`: what the page or the list called it."""
    headings = find_headings(document.blocks)
    tables = read_tables([block for block in document.blocks if isinstance(block, Grid)])
    end = headings[0].place if headings else len(document.blocks)
    head = [(place, block.text) for place, block in enumerate(document.blocks[:end]) if isinstance(block, Paragraph)]
    printed, title_end = _printed_title([text for _, text in head])
    named = printed or _named_title(title, document.title)
    reading = read_title(named) if named else TitleReading(False)
    hint = _hint(title, document.title)
    preface_lines = [text for _, text in head[title_end:] if not _is_byline(text)]

    agency = _as_written(reading.agency, named) or _as_written(hint.agency, _without_site(title or document.title))
    tail_start = (headings[-1].place + headings[-1].span) if headings else end
    tail = [block.text for block in document.blocks[tail_start:] if isinstance(block, Paragraph)]
    signed_by, signed_on, cut = find_signature(tail if headings else preface_lines, agency=agency)
    sections = _sections(document, headings, tail[:cut])
    if not headings:
        preface_lines = preface_lines[:cut]
    preface = "\n".join(preface_lines)
    body = "\n".join(section.text for section in sections)

    stated = reading.year or hint.year
    period = find_period(preface, body, year=stated)
    year = stated or (period.start.year if period else None) or _year_of(sections, preface)
    published_on, source = _published(document, [text for _, text in head])
    return Report(
        title=named or None,
        agency=agency or signed_by,
        year=year,
        format=tables.edition or edition_for(year or 2021),
        period=period,
        published_on=published_on,
        published_source=source,
        signed_by=signed_by,
        signed_on=signed_on,
        contact=find_contact(_contact_sources(preface, sections, tail)),
        preface=preface,
        sections=sections,
        tables=tables.tables,
        doubts=tables.doubts,
        origins=tables.origins,
        document=document.name,
        media_type=document.media_type,
        is_scan=document.is_scan,
        notes=document.notes,
        is_form=_is_form(
            reading, sections, body + preface, has_tables=any(tables.tables.values()), period=bool(period)
        ),
    )


# ── title ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _printed_title(lines: Sequence[str]) -> tuple[str, int]:
    """The title in the first lines, with the number of the line after it; ("", 0) where none is printed."""
    for start in range(min(len(lines), _HEAD_LINES)):
        for count in range(_TITLE_LINES, 0, -1):
            pieces = lines[start : start + count]
            if len(pieces) < count or not all(map(_TITLE_PIECE.fullmatch, pieces)):
                continue
            joined = "".join(piece.replace(" ", "") for piece in pieces)
            if not _is_title(joined):
                continue
            # The shortest join that names as much: a line more may be the first of the text.
            shorter = "".join(piece.replace(" ", "") for piece in pieces[:-1])
            if count > 1 and _is_title(shorter):
                continue
            return joined, start + count
    return "", 0


def _is_title(text: str) -> bool:
    return len(text) <= 80 and "公开" in text and read_title(text).is_report


def _named_title(*names: str) -> str:
    """The title by the page or the list: the first that is a report's, else the first."""
    parts = [part for name in names if name for part in (_without_site(name),)]
    return next((part for part in parts if read_title(part).is_report), parts[0] if parts else "")


def _without_site(name: str) -> str:
    """A page's title without the site's name behind it, or the path of columns before it."""
    name = name[:_LONGEST_NAME]
    cuts = list(_SITE.finditer(name))
    pieces = [name[: cut.start()] for cut in cuts] + [name] + [name[cut.end() :] for cut in cuts]
    return next((piece for piece in pieces if read_title(piece).is_report), name).strip()


def _hint(*names: str) -> TitleReading:
    return next(
        (reading for name in names if name for reading in [read_title(_without_site(name))] if reading.is_report),
        TitleReading(False),
    )


def _as_written(agency: str, title: str) -> str:
    """The agency's name in the title's own characters: comparing makes full-width brackets half-width."""
    if not agency or agency in title:
        return agency
    bare = title.replace(" ", "")
    for start in range(len(bare)):
        piece = next(
            (bare[start:end] for end in range(start + 1, len(bare) + 1) if squash(bare[start:end]) == agency), ""
        )
        if piece:
            return piece
    return agency


# ── parts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _sections(document: Document, headings: Sequence[Heading], tail: Sequence[str]) -> tuple[Section, ...]:
    sections = []
    for index, heading in enumerate(headings):
        if index + 1 < len(headings):
            blocks = document.blocks[heading.place + heading.span : headings[index + 1].place]
            lines = [block.text for block in blocks if isinstance(block, Paragraph)]
        else:
            lines = list(tail)
        if heading.rest:
            lines.insert(0, heading.rest)
        sections.append(Section(heading.number, heading.part, heading.heading, heading.printed, "\n".join(lines)))
    return tuple(sections)


def _contact_sources(preface: str, sections: Sequence[Section], tail: Sequence[str]) -> list[str]:
    last = [section.text for section in sections if section.part == 6]
    return [preface, *last, "\n".join(tail), *(section.text for section in sections if section.part != 6)]


# ── year, publication, kind ─────────────────────────────────────────────────────────────────────────────────────────


def _year_of(sections: Sequence[Section], preface: str) -> int | None:
    """The year that the text itself speaks of first: in 总体情况, where reports begin with it, else in the preface."""
    texts = [section.text for section in sections if section.part == 1] + [preface]
    return next((year for text in texts for year in [first_year(text)] if year), None)


def _is_byline(text: str) -> bool:
    return len(text) <= 120 and bool(
        re.search(r"(发布|公开|发文)?(日期|时间)\s*[:：]\s*\d{4}|^(来源|信息来源|作者)\s*[:：]", text)
    )


def _published(document: Document, head: Sequence[str]) -> tuple[date | None, str | None]:
    if document.published and document.published.source == "meta":
        return document.published.value, "meta"
    found = find_published(head)
    if found is None and document.published:
        found = document.published.value
    return (found, "label") if found else (None, None)


def _is_form(reading: TitleReading, sections: Sequence[Section], text: str, *, has_tables: bool, period: bool) -> bool:
    """Whether the document is a report at all, and not an explanation, a letter or a page that only carries one."""
    parts = sum(1 for section in sections if section.part)
    if has_tables or parts >= 3:
        return True
    if reading.decoy:
        return False
    return (reading.is_report and len(squash(text)) >= _SHORTEST) or (period and parts > 0)
