"""What people decide: decisions and waivers made, and the record of them.

Decisions stand in tables of their own and need no lock: an office decides while a round is going on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from monitor.decisions import same_case, standing_waivers
from monitor.errors import UsageError
from monitor.jobs.home import Home
from monitor.jobs.standing import standing
from monitor.publication import PUBLICATION_RULES
from monitor.rows import DECISION_NAMES, Decision, DecisionKind, StoredFinding, Waiver
from monitor.text import clean

_NAME_LIMIT: Final = 40
_REASON_LIMIT: Final = 500
#: Kinds that take somebody's finding out of the count, or back in: they have to say why.
_NEEDS_REASON: Final = frozenset({DecisionKind.DISMISSED, DecisionKind.DEFERRED})


# ── decisions ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about one finding. `was_made` False: the very same stood already."""

    stored: StoredFinding
    decision: Decision
    was_made: bool


def decide(
    home: Home,
    ids: Sequence[str],
    kind: DecisionKind,
    *,
    by: str,
    reason: str = "",
    until: str = "",
) -> list[Decided]:
    """Decide about findings by their ids. All or nothing; raises UsageError with a line for every fault."""
    now = home.now()
    by, reason = clean(by), clean(reason)
    faults = [*person_faults(by, reason), *_kind_faults(kind, reason, until, now.date())]
    done: list[Decided] = []
    with home.store.transaction():
        found = []
        for called in dict.fromkeys(ids):
            try:
                found.append(_called(home, called))
            except UsageError as error:
                faults.append(str(error))
        if faults:
            raise UsageError("\n".join(faults))
        for stored in found:
            decision = Decision(
                agency=stored.agency,
                year=stored.year,
                finding=stored.finding,
                kind=kind,
                by=by,
                at=now,
                reason=reason,
                until=date.fromisoformat(until) if until else None,
            )
            last = stored.ruling.decision if stored.ruling else None
            is_new = last is None or not _says_the_same(last, decision)
            if is_new:
                home.store.add_decision(decision)
            done.append(Decided(stored, decision, is_new))
    return done


def _says_the_same(last: Decision, new: Decision) -> bool:
    is_same = (last.kind, last.by, last.reason, last.until) == (new.kind, new.by, new.reason, new.until)
    return is_same and last.finding.subject == new.finding.subject and same_case(last.finding, new.finding)


def _called(home: Home, called: str) -> StoredFinding:
    """The standing finding that an id, or the beginning of one, means, as it is ruled now. Raises UsageError."""
    name = clean(called).lower()
    found = home.store.findings_called(name) if name else []
    if not found:
        raise UsageError(f"没有编号为“{clean(called)[:40]}”的问题。请用 nianbao findings 查看编号")
    if len(found) > 1:
        raise UsageError(f"编号“{name}”不止一个问题：{'、'.join(item.id for item in found)}。请写得更长")
    here = [item for item in standing(home, year=found[0].year, agency=found[0].agency) if item.id == found[0].id]
    if not here:
        raise UsageError(f"编号为“{name}”的问题已不存在：最近一次检查时报告中已没有它，不需要再决定")
    return here[0]


def person_faults(by: str, reason: str) -> Iterator[str]:
    """What is wrong with the name and the reason that somebody gives, a line each."""
    if not by:
        yield "缺少决定人：请加 --by 姓名"
    elif len(by) > _NAME_LIMIT:
        yield f"决定人的姓名太长（{len(by)}字），最多{_NAME_LIMIT}字"
    if len(reason) > _REASON_LIMIT:
        yield f"理由太长（{len(reason)}字），最多{_REASON_LIMIT}字"


def _kind_faults(kind: DecisionKind, reason: str, until: str, today: date) -> Iterator[str]:
    if kind in _NEEDS_REASON and not reason:
        yield f"{DECISION_NAMES[kind]}要写明理由：请加 --reason 理由"
    if kind is not DecisionKind.DEFERRED:
        return
    if not until:
        yield "暂缓要写明到哪一天：请加 --until 日期，例如 --until 2024-03-01"
        return
    try:
        is_ahead = date.fromisoformat(until) > today
    except ValueError:
        yield f"看不懂日期“{clean(until)[:40]}”：请写成 2024-03-01"
        return
    if not is_ahead:
        yield f"暂缓的日期 {until} 已到或已过：请写今天（{today.isoformat()}）以后的日期"


# ── waivers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def rule_names() -> Mapping[str, str]:
    """The Chinese name of every rule that findings can be of."""
    from monitor import checks  # takes longer to load than a decision to make

    about = {id_: rule.name for id_, rule in PUBLICATION_RULES.items()}
    return {**about, **{rule.id: rule.name for rule in checks.RULES}}


def waive(
    home: Home, rule: str, *, agency: str, year: int | None, by: str, reason: str, revoke: bool = False
) -> tuple[Waiver, bool]:
    """Let a rule not count for an agency and year (None: every year), or take that back; and whether that was news.

    Raises UsageError with a line for every fault.
    """
    by, reason = clean(by), clean(reason)
    faults = [*person_faults(by, reason), *_waiver_faults(home, rule, agency)]
    if not reason:
        faults.append(f"{'撤销免检' if revoke else '免检'}要写明理由：请加 --reason 理由")
    if faults:
        raise UsageError("\n".join(faults))
    waiver = Waiver(agency=agency, year=year, rule=rule, stands=not revoke, by=by, at=home.now(), reason=reason)
    with home.store.transaction():
        waived = standing_waivers(home.store.waivers(agency=agency))
        last = waived.get((agency, rule, year))
        if revoke and last is None:
            raise UsageError(_nothing_to_revoke(waived, waiver))
        if last and not revoke:
            return last, False
        home.store.add_waiver(waiver)
    return waiver, True


def _nothing_to_revoke(waived: Collection[tuple[str, str, int | None]], waiver: Waiver) -> str:
    others = [year for agency, rule, year in waived if (agency, rule) == (waiver.agency, waiver.rule)]
    words = "、".join(f"{year} 年度" if year else "所有年度" for year in others)
    which = f"{waiver.year} 年度" if waiver.year else "所有年度"
    instead = f"；现有的免检针对{words}，请相应加上或去掉 --year" if words else ""
    return f"{waiver.agency} 没有针对{which}的 {waiver.rule} 免检{instead}"


def _waiver_faults(home: Home, rule: str, agency: str) -> Iterator[str]:
    known = rule_names()
    if rule not in known:
        near = get_close_matches(rule, known, n=3)
        instead = f"，是不是 {'、'.join(near)}？" if near else "。"
        yield f"没有检查项“{clean(rule)[:60]}”{instead}请用 nianbao rules 查看编号"
    if not agency:
        yield "缺少单位：请加 --agency 单位编号"
    elif agency not in home.registry.agencies:
        yield f"注册表中没有单位“{clean(agency)[:60]}”。请用 nianbao status 查看单位编号"


# ── the record ──────────────────────────────────────────────────────────────────────────────────────────────────────

#: What has become of a decision or a waiver.
STANDS: Final = "有效"
REPLACED: Final = "已被后来的决定取代"
ENDED: Final = "已到期，重新待定"
CHANGED: Final = "事实有变化，重新待定"
GONE: Final = "问题已不存在"
REVOKED: Final = "已撤销"


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision or a waiver with what has become of it. `id`: of the finding, "" for a waiver."""

    made: Decision | Waiver
    state: str
    id: str = ""


def record(home: Home, *, year: int | None = None, agency: str | None = None) -> list[Entry]:
    """Everything that was ever decided, the newest first."""
    found = standing(home, year=year, agency=agency)
    about = {item.ruling.decision.id: item for item in found if item.ruling and item.ruling.decision}
    decisions = home.store.decisions(year=year, agency=agency)
    newest = {(d.agency, d.year, d.finding.rule, d.finding.subject): d.id for d in decisions}
    waivers = home.store.waivers(year=year, agency=agency)
    waived = {waiver.id for waiver in standing_waivers(waivers).values()}
    last = {(waiver.agency, waiver.rule, waiver.year): waiver.id for waiver in waivers}
    entries = [Entry(decision, *_state(decision, about.get(decision.id), newest)) for decision in decisions]
    entries += [Entry(waiver, _waiver_state(waiver, waived, last)) for waiver in waivers]
    return sorted(entries, key=lambda entry: (entry.made.at, entry.made.id), reverse=True)


def _state(
    decision: Decision, about: StoredFinding | None, newest: Mapping[tuple[str, int, str, str], int]
) -> tuple[str, str]:
    identity = (decision.agency, decision.year, decision.finding.rule, decision.finding.subject)
    if newest[identity] != decision.id:
        return REPLACED, ""
    if about is None or about.ruling is None:
        return GONE, ""
    if about.ruling.has_changed:
        return CHANGED, about.id
    return (ENDED if about.ruling.has_ended else STANDS), about.id


def _waiver_state(waiver: Waiver, waived: Collection[int], last: Mapping[tuple[str, str, int | None], int]) -> str:
    if waiver.id in waived:
        return STANDS
    is_last = last[waiver.agency, waiver.rule, waiver.year] == waiver.id
    return STANDS if is_last else REVOKED if waiver.stands else REPLACED
