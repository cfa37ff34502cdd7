"""Figures for a composed report: tables 2, 3 and 4 whose identities hold, within a year and from one year to the next.

What is carried over at the end of a year is what the next year begins with; normative documents in force follow from
those made and repealed. No words and no markup here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from monitor.form import DISCLOSURE_BLOCKS, REMEDY_KINDS, REMEDY_RESULTS, REQUEST_COLUMNS, REQUEST_ROWS, is_result_row

#: A table as numbers: row → column → value, keyed as in the contract.
Numbers = dict[str, dict[str, int | Decimal]]

_APPLICANTS = tuple(column.key for column in REQUEST_COLUMNS if column.key != "total")
_FIRST_YEAR = 2015

#: Of a hundred answers, about so many end this way; all other results share the rest. Nobody leaves a fee unpaid,
#: because the composed reports say that no fee was asked.
_RESULT_WEIGHTS = {"granted": 62, "partly_granted": 8, "unavailable_not_held": 14, "other_unpaid": 0}


@dataclass(frozen=True, slots=True)
class Figures:
    """The three tables, and what the narrative says beside them (numbers of items)."""

    disclosure: Numbers
    requests: Numbers
    remedies: Numbers
    portal_items: int
    wechat_items: int
    proposals: int
    trainings: int


def draw_figures(agency: str, year: int, edition: str, seed: int) -> Figures:
    """Figures of one report: all zero for a body that decides nothing and is asked nothing, else small or large."""
    dice = Random(f"{agency}|{year}|{seed}")
    scale = _scale(agency, seed)
    return Figures(
        disclosure=_disclosure(agency, year, edition, seed, scale),
        requests=_requests(agency, year, edition, seed, scale),
        remedies=_remedies(dice, scale),
        portal_items=dice.randint(18, 160) * (1 + scale),
        wechat_items=dice.randint(20, 240),
        proposals=dice.randint(0, 9),
        trainings=dice.randint(1, 4),
    )


def _scale(agency: str, seed: int) -> int:
    """0: no applications, no decisions, as is normal for promotion bodies; 1: a few; 2: many. Lasts over the years."""
    if agency.endswith("中心") or any(word in agency for word in ("投资", "招商")):
        return 0
    return Random(f"{agency}|{seed}|scale").choice((0, 1, 1, 2))


def _carried(agency: str, year: int, seed: int, scale: int) -> dict[str, int]:
    """Applications still open at the end of a year."""
    dice = Random(f"{agency}|{year}|{seed}|carried")
    return {who: dice.randint(0, scale) if who in ("individual", "business") else 0 for who in _APPLICANTS}


def _requests(agency: str, year: int, edition: str, seed: int, scale: int) -> Numbers:
    dice = Random(f"{agency}|{year}|{seed}|requests")
    rows: Numbers = {line.key: dict.fromkeys(_APPLICANTS, 0) for line in REQUEST_ROWS[edition]}
    before, after = _carried(agency, year - 1, seed, scale), _carried(agency, year, seed, scale)
    results = [key for key in rows if is_result_row(key)]
    weights = [_RESULT_WEIGHTS.get(key, 1) for key in results]
    for who in _APPLICANTS:
        most = {"individual": 30, "business": 8, "legal_service": 3}.get(who, 1) * scale * scale
        answered = dice.randint(most // 4, most) + before[who]
        rows["carried_in"][who], rows["carried_out"][who] = before[who], after[who]
        rows["received"][who] = answered + after[who] - before[who]
        rows["handled"][who] = answered
        for key in dice.choices(results, weights, k=answered):
            rows[key][who] += 1
    for row in rows.values():
        row["total"] = sum(row.values())
    return rows


def _remedies(dice: Random, scale: int) -> Numbers:
    rows: Numbers = {}
    for kind in REMEDY_KINDS:
        counts: dict[str, int | Decimal] = {
            result.key: dice.randint(0, 2 * scale - 2) if scale > 1 else 0
            for result in REMEDY_RESULTS
            if result.key != "total"
        }
        rows[kind.key] = {**counts, "total": sum(counts.values())}
    return rows


def _disclosure(agency: str, year: int, edition: str, seed: int, scale: int) -> Numbers:
    dice = Random(f"{agency}|{year}|{seed}|disclosure")
    rows: Numbers = {
        row.key: {column.key: 0 for column in block.columns}
        for block in DISCLOSURE_BLOCKS[edition]
        for row in block.rows
    }
    if scale == 0:
        return rows
    made, repealed, in_force = _normative(agency, year, seed)
    permits, penalties, coercion = (dice.randint(0, most * scale) for most in (180, 60, 4))
    if edition == "2021":
        rows["normative_documents"] = {"made": made, "repealed": repealed, "in_force": in_force}
        rows["fees"]["amount"] = Decimal(dice.randint(0, 99_999)) / 100 if scale > 1 else 0
    else:
        rows["normative_documents"] = {"made": made, "published": made, "total_published": in_force}
        for key, most in (("permits", 20), ("other_services", 12), ("penalties", 40), ("coercion", 6), ("fees", 3)):
            rows[key] |= {"previous": dice.randint(3, 3 + most), "change": dice.randint(-3, 5)}
        rows["other_services"]["decisions"] = dice.randint(0, 90)
        rows["procurement"] = {"projects": dice.randint(0, 9), "amount": dice.randint(0, 900) * 1000}
    rows["permits"]["decisions"], rows["penalties"]["decisions"] = permits, penalties
    rows["coercion"]["decisions"] = coercion
    return rows


def _normative(agency: str, year: int, seed: int) -> tuple[int, int, int]:
    """Normative documents made and repealed in a year, and in force at its end."""
    in_force, made, repealed = Random(f"{agency}|{seed}|stock").randint(4, 20), 0, 0
    for past in range(min(_FIRST_YEAR, year), year + 1):
        dice = Random(f"{agency}|{past}|{seed}|normative")
        made = dice.randint(0, 3)
        repealed = dice.randint(0, min(2, in_force))
        in_force += made - repealed
    return made, repealed, in_force
