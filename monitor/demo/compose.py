"""Composes an annual report in the replicas' own words, with figures that obey the form, and says what stands in it.

The same (agency, year, seed) gives the same report in every run. A defect is planted only where it is asked for by
name, one rule's worth each: see `DEFECTS`. Nothing here knows portals or publication.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from random import Random
from typing import Any, Final

from monitor.demo import words
from monitor.demo.drafts import DEFECTS, Draft
from monitor.demo.figures import draw_figures
from monitor.demo.localities import PLACES, Locality
from monitor.demo.printing import Habit, Printer
from monitor.form import CHINESE_NUMERALS, SECTIONS, SECTIONS_2019, edition_for


@dataclass(frozen=True, slots=True)
class Composed:
    """A report: the title that lists show, the article's HTML fragment, and the truth (the contract's `report` keys).

    A cell that is printed blank is None in the truth; an omitted table is None.
    """

    title: str
    body: str
    truth: Mapping[str, Any]


def compose(
    agency: str,
    year: int,
    *,
    seed: int = 0,
    defects: Iterable[str] = (),
    signed_on: date | None = None,
) -> Composed:
    """The report of an agency for a year. `agency` is the name as printed.

    `signed_on` is the date under the report (default: a day in early January). Raises ValueError for a defect that is
    not in `DEFECTS`.
    """
    dice = Random(f"{agency}|{year}|{seed}|words")
    draft = _draft(agency, year, seed)
    draft.signed_on = signed_on or date(year + 1, 1, dice.randint(3, 12))
    for defect in defects:
        if defect not in DEFECTS:
            raise ValueError(f"no such defect: {defect}; there are {', '.join(DEFECTS)}")
        DEFECTS[defect](draft)
    return Composed(draft.title, _print(draft, dice), _truth(draft))


def _draft(agency: str, year: int, seed: int) -> Draft:
    edition = edition_for(year)
    locality = _locality(agency)
    figures = draw_figures(agency, year, edition, seed)
    title = f"{agency}{year}年政府信息公开工作年度报告"
    # An agency keeps its editor and its office over the years.
    lasting = Random(f"{agency}|{seed}|habits")
    habit = lasting.choice(tuple(Habit))
    address = f"{locality.official}{lasting.choice(locality.streets)}{lasting.randint(3, 280)}号"
    return Draft(
        agency=agency,
        year=year,
        figures=figures,
        headings=list(SECTIONS if edition == "2021" else SECTIONS_2019),
        contact={
            "address": address,
            "postcode": locality.postcode,
            "phone": f"{locality.phone_code}-555{lasting.randint(0, 9999):04}",
            "email": f"nb{lasting.randint(100, 999)}@{locality.domain.removeprefix('www.')}",
        },
        signed_on=None,
        printer=Printer(habit, blank_zeros=edition == "2019" and lasting.random() < 0.3),
        title=title,
        printed_title=title,
        total_items=figures.portal_items + figures.wechat_items,
    )


def _locality(agency: str) -> Locality:
    """The place that an agency's name begins with; any other name is given an address in the first of them."""
    places = PLACES.values()
    return next((place for place in places if agency.startswith((place.official, place.short))), next(iter(places)))


# ── print ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_STYLES: Final = {
    Habit.PLAIN: "<p>{}</p>",
    Habit.WORD: '<p class="MsoNormal" style="text-indent:32pt"><span style="font-size:16pt">{}</span></p>',
    Habit.PADDED: "<p>\u3000\u3000{}</p>",
}


def _print(draft: Draft, dice: Random) -> str:
    blocks = [*_title_lines(draft, dice), *_paragraphs(draft, *_preface(draft, dice))]
    contents = (_overview, _disclosure, _requests, _remedies, _problems, _rest)
    for number, content in enumerate(contents, start=1):
        # Dice are thrown for omitted parts too: a defect changes only what it names.
        part = content(draft, dice)
        if number not in draft.omitted_sections:
            heading = f"{CHINESE_NUMERALS[number - 1]}、{draft.headings[number - 1]}"
            blocks += [f"<p><strong>{heading}</strong></p>", *part]
    if draft.signed_on is not None:
        day = draft.signed_on
        for line in (draft.agency, f"{day.year}年{day.month}月{day.day}日"):
            blocks.append(f'<p style="text-align:right">{escape(line)}</p>')
    return "\n".join(blocks)


def _paragraphs(draft: Draft, *lines: str) -> list[str]:
    return [_STYLES[draft.printer.habit].format(escape(line)) for line in lines]


def _title_lines(draft: Draft, dice: Random) -> list[str]:
    """The title in the text, on one line or broken after the agency's name."""
    lines = [draft.printed_title]
    if dice.random() < 0.5:
        lines = [draft.agency, draft.printed_title.removeprefix(draft.agency)]
    return [f'<p style="text-align:center"><strong>{escape(line)}</strong></p>' for line in lines]


def _preface(draft: Draft, dice: Random) -> list[str]:
    facts = {"agency": draft.agency, "year": draft.year, "regulation": words.REGULATION}
    opening = dice.choice(words.PREFACES).format(**facts, notice=words.FORM_NOTICES[draft.edition])
    period = dice.choice(words.PERIODS).format(**facts)
    contact = dice.choice(words.CONTACTS)
    said = [opening + period if draft.has_period else opening]
    if draft.contact is not None:
        said.append(contact.format(**facts, **draft.contact))
    return said


def _overview(draft: Draft, dice: Random) -> list[str]:
    figures = draft.figures
    facts = {
        "agency": draft.agency,
        "year": draft.year,
        "topic": next(topic for word, topic in words.TOPICS if word in draft.agency),
        "total": draft.total_items,
        "portal": figures.portal_items,
        "wechat": figures.wechat_items,
        "trainings": figures.trainings,
        **{key: figures.requests[key]["total"] for key in ("received", "carried_in", "handled", "carried_out")},
    }
    asked = any(facts[key] for key in ("received", "carried_in", "handled", "carried_out"))
    remedies = words.REMEDIES.format(
        review=figures.remedies["review"]["total"],
        litigation=sum(figures.remedies[kind]["total"] for kind in ("litigation_direct", "litigation_after_review")),
    )
    applied = dice.choice(words.APPLICATIONS), dice.choice(words.NO_APPLICATIONS)
    support = dice.choice(words.SUPPORT)
    parts = (
        ("主动公开", dice.choice(words.PROACTIVE)),
        ("依申请公开", (applied[0] if asked else applied[1]) + remedies),
        ("政府信息管理", dice.choice(words.MANAGEMENT)),
        ("政府信息公开平台建设", dice.choice(words.PLATFORMS)),
        ("监督保障", support + (words.ASSESSMENT if draft.agency.endswith(("政府", "委员会")) else "")),
    )
    lines = [dice.choice(words.OPENINGS)]
    lines += [f"（{CHINESE_NUMERALS[i]}）{name}。{text}" for i, (name, text) in enumerate(parts)]
    return _paragraphs(draft, *(line.format(**facts) for line in lines))


def _disclosure(draft: Draft, dice: Random) -> list[str]:
    return _table(draft, "disclosure", draft.printer.disclosure(draft.figures.disclosure, draft.edition))


def _requests(draft: Draft, dice: Random) -> list[str]:
    return _table(draft, "requests", draft.printer.requests(draft.figures.requests, draft.edition))


def _remedies(draft: Draft, dice: Random) -> list[str]:
    return _table(draft, "remedies", draft.printer.remedies(draft.figures.remedies))


def _table(draft: Draft, key: str, table: str) -> list[str]:
    return _paragraphs(draft, "有关情况见总体情况部分。") if key in draft.omitted_tables else [table]


def _problems(draft: Draft, dice: Random) -> list[str]:
    chosen = dice.sample(words.PROBLEMS, 2)
    problems = "；".join(f"{order}是{problem}" for order, (problem, _) in zip("一二", chosen, strict=True))
    measures = "；".join(f"{order}是{measure}" for order, (_, measure) in zip("一二", chosen, strict=True))
    leads = dice.choice(words.PROBLEM_LEADS), dice.choice(words.REMEDY_LEADS)
    return _paragraphs(draft, leads[0].format(problems=problems), leads[1].format(measures=measures))


def _rest(draft: Draft, dice: Random) -> list[str]:
    count = draft.figures.proposals
    proposals = words.PROPOSALS.format(proposals=count) if count else words.NO_PROPOSALS
    lines = dice.choice(words.NO_FEES), proposals, dice.choice(words.NOTHING_ELSE)
    return _paragraphs(draft, *(f"（{CHINESE_NUMERALS[i]}）{line}" for i, line in enumerate(lines)))


# ── truth ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _truth(draft: Draft) -> dict[str, Any]:
    tables = {
        "disclosure": draft.figures.disclosure,
        "requests": draft.figures.requests,
        "remedies": draft.figures.remedies,
    }
    return {
        "title": draft.printed_title,
        "agency": draft.agency,
        "year": draft.year,
        "format": draft.edition,
        "period": {"start": f"{draft.year}-01-01", "end": f"{draft.year}-12-31"} if draft.has_period else None,
        "contact": dict(draft.contact or dict.fromkeys(("address", "postcode", "phone", "email"))),
        "signed_by": draft.agency if draft.signed_on else None,
        "signed_on": draft.signed_on.isoformat() if draft.signed_on else None,
        "tables": {
            key: None
            if key in draft.omitted_tables
            else {
                row: {column: draft.printer.figure_value(value) for column, value in cells.items()}
                for row, cells in numbers.items()
            }
            for key, numbers in tables.items()
        },
    }
