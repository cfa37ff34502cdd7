"""What people's decisions come to: which one counts for a finding now, and whether its facts are still the same.

A decision hangs on a finding's identity (agency, year, rule, subject) and holds for the facts that it was made on: the
report's words and the figures, never our wording. Where the facts have changed it no longer counts; it is shown beside
what stands there now, and a person decides again. Nothing here reads or writes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from monitor.model import Finding
from monitor.rows import UNDECIDED, WAIVED, Decision, DecisionKind, Ruling, StoredFinding, Waiver
from monitor.text import squash

#: From so much likeness on, a sentence with other figures is the sentence that somebody decided about.
_SAME_SENTENCE: Final = 0.75
#: Whole clauses of so many marks that stand within another quote are the same quote, cut differently; of this many,
#: so may parts of clauses. Fewer would take a sentence for its own opposite (没有…).
_TELLING: Final = 6
_TELLING_PARTS: Final = 24

_NUMBER: Final = re.compile(r"\d+(?:[,']\d{3})*(?:\.\d+)?")
#: Where a clause of a squashed text ends; the comma in 1,234 ends none.
_CLAUSE_END: Final = re.compile(r"[;:!?。、]|(?<!\d),|,(?!\d{3}(?!\d))")
_PIECE_END: Final = re.compile("[；;\n]")
_WORDS_OR_NUMBER: Final = re.compile(rf"{_NUMBER.pattern}|[^\W\d_]+")
#: What of a subject is made of the report's own words: a hash of them, or the words themselves.
_WORDED: Final = re.compile(r"\b[0-9a-f]{16}\b|[^:.]*[\u3400-\u9fff][^:]*")


# ── which decision counts ───────────────────────────────────────────────────────────────────────────────────────────


def ruled(
    findings: Iterable[StoredFinding], decisions: Iterable[Decision], waivers: Iterable[Waiver], today: date
) -> list[StoredFinding]:
    """The findings, each with what people's decisions come to today.

    `findings` has all that stand of each agency and year that is in it; decisions and waivers come oldest first.
    """
    found = list(findings)
    made: dict[tuple[str, int, str], dict[str, Decision]] = defaultdict(dict)
    for decision in decisions:
        made[decision.agency, decision.year, decision.finding.rule][decision.finding.subject] = decision
    waived = standing_waivers(waivers)
    if not made and not waived:
        return [replace(stored, ruling=UNDECIDED) for stored in found]
    groups: dict[tuple[str, int, str], list[StoredFinding]] = defaultdict(list)
    for stored in found:
        groups[stored.agency, stored.year, stored.finding.rule].append(stored)
    about = {key: _matched([stored.finding for stored in group], made.get(key, {})) for key, group in groups.items()}
    return [
        replace(
            stored,
            ruling=_ruling(
                stored.finding,
                about[stored.agency, stored.year, stored.finding.rule].get(stored.finding.subject),
                _waiver(stored, waived),
                today,
            ),
        )
        for stored in found
    ]


def standing_waivers(waivers: Iterable[Waiver]) -> dict[tuple[str, str, int | None], Waiver]:
    """(agency, rule, year or None for every year) → the waiver that stands: the last one counts."""
    last = {(waiver.agency, waiver.rule, waiver.year): waiver for waiver in waivers}
    return {key: waiver for key, waiver in last.items() if waiver.stands}


def _waiver(stored: StoredFinding, waived: dict[tuple[str, str, int | None], Waiver]) -> Waiver | None:
    agency, rule = stored.agency, stored.finding.rule
    return waived.get((agency, rule, stored.year)) or waived.get((agency, rule, None))


def _ruling(finding: Finding, decision: Decision | None, waiver: Waiver | None, today: date) -> Ruling:
    if decision is None and waiver is None:
        return UNDECIDED
    changed = decision is not None and not same_case(decision.finding, finding)
    ended = bool(decision and decision.until and decision.until <= today)
    kind: str | None = None
    if waiver:
        kind = WAIVED
    elif decision and decision.kind is not DecisionKind.REOPENED and not changed and not ended:
        kind = decision.kind
    return Ruling(kind, decision, waiver, has_changed=changed, has_ended=ended and not changed)


# ── which finding a decision is about ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, order=True)
class _Likeness:
    """How much a finding that nobody decided about is like one that was decided about and stands no more."""

    share: float
    subject: str
    decided: str


def _matched(findings: Sequence[Finding], made: dict[str, Decision]) -> dict[str, Decision]:
    """Subject → the decision about it: its own or, where its sentence was changed, the one about that sentence.

    A subject made of the report's words is another one when a figure in them changes: the decision about the sentence
    as it was would otherwise be lost without a word.
    """
    about = {finding.subject: made[finding.subject] for finding in findings if finding.subject in made}
    left = [decision for subject, decision in made.items() if subject not in about]
    pairs = sorted(_likenesses([finding for finding in findings if finding.subject not in about], left), reverse=True)
    taken: set[str] = set()
    for pair in pairs:
        if pair.subject not in about and pair.decided not in taken:
            about[pair.subject] = made[pair.decided]
            taken.add(pair.decided)
    return about


def _likenesses(findings: Sequence[Finding], left: Sequence[Decision]) -> Iterator[_Likeness]:
    for decision in left:
        before = decision.finding
        for finding in findings:
            kind = _WORDED.sub("#", finding.subject)
            if "#" not in kind or _plain(kind) != _plain(_WORDED.sub("#", before.subject)):
                continue
            share = 2.0 if same_case(before, finding) else _alike(before.quote, finding.quote)
            if share >= _SAME_SENTENCE:
                yield _Likeness(share, finding.subject, before.subject)


def _plain(kind: str) -> str:
    """A subject's kind without the figures that some rules add to it."""
    return _NUMBER.sub("0", kind)


def _alike(before: str, now: str) -> float:
    """How much two sentences say the same apart from their figures: 0 to 1."""
    one, other = (_NUMBER.sub("0", squash(quote)) for quote in (before, now))
    return SequenceMatcher(None, one, other, autojunk=False).ratio() if one and other else 0.0


# ── whether the facts are the same ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a finding says of the report: its words with the figures in their places, and the figures we state."""

    clauses: tuple[str, ...]
    pieces: tuple[str, ...]
    quoted: frozenset[str]
    stated: frozenset[str]


def same_case(before: Finding, now: Finding) -> bool:
    """Whether two findings of one identity rest on the same facts: the same cell, the same words, the same figures.

    Blanks, widths, punctuation and the order of quoted pieces are no facts, nor is where a quote was cut.
    """
    if before is now:
        return True
    if before.cell and now.cell and before.cell != now.cell:
        return False
    one, other = _facts(before.quote, before.expected, before.found), _facts(now.quote, now.expected, now.found)
    if one.pieces != other.pieces and not _is_within(one.clauses, other.clauses):
        return False
    # A figure that the words show already is no news, wherever it is stated besides.
    return (one.stated ^ other.stated) <= (one.quoted | other.quoted)


def _is_within(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one quote is a stretch of the other, or there is none to compare."""
    short, long = sorted((one, other), key=lambda clauses: sum(map(len, clauses)))
    length, marks = len(short), sum(map(len, short))
    for start in range(len(long) - length + 1):
        stretch = long[start : start + length]
        if stretch == short or (marks >= _TELLING_PARTS and _is_cut(short, stretch)):
            return marks >= _TELLING or not marks
    return not marks


def _is_cut(short: tuple[str, ...], stretch: tuple[str, ...]) -> bool:
    """Whether clauses are others with something cut off before the first and behind the last."""
    if len(short) == 1:
        return short[0] in stretch[0]
    ends = stretch[0].endswith(short[0]) and stretch[-1].startswith(short[-1])
    return ends and stretch[1:-1] == short[1:-1]


@lru_cache(4096)
def _facts(quote: str, expected: str, found: str) -> _Facts:
    pieces = [tuple(_clauses(piece)) for piece in _PIECE_END.split(quote)]
    return _Facts(
        clauses=tuple(clause for piece in pieces for clause in piece),
        pieces=tuple(sorted("".join(piece) for piece in pieces if piece)),
        quoted=frozenset(_figures(quote)),
        stated=frozenset([*_figures(expected), *_figures(found)]),
    )


def _clauses(quote: str) -> Iterator[str]:
    """The clauses of a quote, of each its words and, set apart, its figures: "网站 23 条" however it is printed."""
    for clause in _CLAUSE_END.split(squash(quote)):
        parts = _WORDS_OR_NUMBER.findall(clause)
        if parts:
            yield "".join(f" {_bare(part)} " if part[0].isdigit() else part for part in parts)


def _figures(text: str) -> list[str]:
    return [_bare(number) for number in _NUMBER.findall(squash(text))]


def _bare(number: str) -> str:
    """1,234 and 1234 are one number, and so are 2.50 and 2.5."""
    number = number.replace(",", "").replace("'", "")
    return number.rstrip("0").rstrip(".") if "." in number else number
