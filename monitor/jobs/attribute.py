"""Reports that wait for a person to say whose they are, and the answers: given, learned from, and taken back.

Like decisions they need no lock: an office answers while a round is going on, and the next judgement heeds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.attributions import Answer, AnswerKind
from monitor.errors import UsageError
from monitor.jobs.claims import claims_of, standing_answers
from monitor.jobs.decide import person_faults
from monitor.jobs.home import Home
from monitor.jobs.judge import each_once, judge_all
from monitor.matching.names import Fit, fit_of
from monitor.model import Agency
from monitor.rows import short_id
from monitor.signs import Unmatched, signs_of
from monitor.text import clean, squash
from monitor.titles import is_body

#: Publishers that post whatever comes in: what one of their reports teaches is true of that report alone.
_POSTS_FOR_ALL: Final = re.compile("(政府|政府办|办公室|办公厅|信息中心|网站|管理员|政务公开办)$")
_SELF: Final = re.compile("[我本].?")
_SHOWN_URL: Final = 120


def waiting_id(portal: str, url: str) -> str:
    """The short name of a report that waits: it hangs on its address."""
    return short_id(portal, url)


def unmatched(home: Home, *, year: int | None = None, strangers: bool = False) -> list[Unmatched]:
    """The reports that wait, by portal; `strangers`: those too that name bodies unlike any of the roster."""
    found: list[Unmatched] = []
    for _ in judge_all(home, _years(home, year), home.now(), waiting=found):
        pass
    return each_once(found, strangers=strangers)


def _years(home: Home, year: int | None) -> tuple[int, ...]:
    return (year,) if year else tuple(sorted({*home.store.years(), *home.years(None)}))


def answered(home: Home) -> list[Answer]:
    """The answers that stand, by portal and address."""
    answers = [a for portal in home.registry.portals for a in standing_answers(home.store.answers(portal)).values()]
    return sorted(answers, key=lambda answer: (answer.portal, answer.url))


# ── answering ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered. `was_made` False: the very same stood already."""

    answer: Answer
    was_made: bool


@dataclass(frozen=True, slots=True)
class _Target:
    """The report that an answer is about. `year`: as it says itself."""

    portal: str
    url: str
    named: str = ""
    publisher: str = ""
    year: int | None = None


def attribute(
    home: Home,
    called: str,
    *,
    agency: str = "",
    ignore: bool = False,
    undo: bool = False,
    year: int | None = None,
    by: str = "",
    reason: str = "",
) -> Answered:
    """Say whose a report is (its id, the beginning of one, or its address), that it is nobody's, or take that back.

    Raises UsageError with a line for every fault.
    """
    by, reason = clean(by), clean(reason)
    faults = [*person_faults(by, reason)]
    if sum((bool(agency), ignore, undo)) != 1:
        faults.append("请写明一种决定：--agency 单位编号、--ignore（不属于名单中的单位）或 --undo（撤回先前的认领）")
    if agency and agency not in home.registry.agencies:
        faults.append(f"注册表中没有单位“{clean(agency)[:40]}”。请用 nianbao status 查看单位编号")
    if faults:
        raise UsageError("\n".join(faults))
    with home.store.transaction():
        target = _target(home, called)
        last = standing_answers(home.store.answers(target.portal)).get(target.url)
        if undo and last is None:
            raise UsageError("这份报告没有认领记录，不需要撤回。请用 nianbao unmatched --answered 查看")
        if agency:
            _refuse_unfit(home.registry.agencies[agency], target, year)
        answer = Answer(
            portal=target.portal,
            url=target.url,
            kind=AnswerKind.MATCHED if agency else AnswerKind.UNDONE if undo else AnswerKind.IGNORED,
            agency=agency,
            year=year,
            named="" if undo else _teaches(home, target, agency),
            by=by,
            at=home.now(),
            reason=reason,
        )
        same = last is not None and (last.kind, last.agency, last.year) == (answer.kind, agency, year)
        if last is not None and same:
            return Answered(last, was_made=False)
        home.store.add_answer(answer)
    return Answered(answer, was_made=True)


def _refuse_unfit(agency: Agency, target: _Target, year: int | None) -> None:
    if agency.portal != target.portal:
        raise UsageError(
            f"{agency.name}登记在网站 {agency.portal}，这份报告在网站 {target.portal}。"
            "若单位换了网站，请先改正 agencies.csv 的 portal 列"
        )
    if not (year or target.year):
        raise UsageError("这份报告没有写明年度，请加 --year 报告年度")


def _target(home: Home, called: str) -> _Target:
    """The report that is meant. Raises UsageError."""
    name = clean(called)
    found = {target.url: target for target in _targets(home, name)}
    if not found:
        raise UsageError(
            f"没有编号或网址为“{name[:_SHOWN_URL]}”的报告。请用 nianbao unmatched --all 查看，网址要与列表中的完全一致"
        )
    if len(found) > 1:
        raise UsageError(f"编号“{name}”不止一份报告：{'、'.join(found)}。请写得更长")
    return next(iter(found.values()))


def _targets(home: Home, name: str) -> Iterator[_Target]:
    """The reports that a name fits: those answered about, those that wait, and all that were read, which know most."""
    for answer in answered(home):
        if _is_called(name, answer.portal, answer.url):
            yield _Target(answer.portal, answer.url, answer.named, year=answer.year)
    for one in unmatched(home, strangers=True):
        if _is_called(name, one.portal, one.url):
            yield _Target(one.portal, one.url, one.named, one.publisher, one.year)
    for portal in home.registry.portals:
        for capture, reading in home.store.readings(portal):
            if _is_called(name, portal, capture.url):
                publisher = capture.article.publisher if capture.article else ""
                yield _Target(portal, capture.url, reading.named or reading.body, publisher, reading.year)


def _is_called(name: str, portal: str, url: str) -> bool:
    return url == name or (len(name) > 3 and waiting_id(portal, url).startswith(name.lower()))


def _teaches(home: Home, target: _Target, agency: str) -> str:
    """The name that an answer teaches (squashed), "" for none: one that the roster knows needs no lesson."""
    roster = [one for one in home.registry.agencies.values() if one.portal == target.portal]
    told = squash(target.named)
    if told and not _SELF.fullmatch(told):
        return "" if _is_known(told, roster) else told
    name = squash(target.publisher)
    if not is_body(name) or _POSTS_FOR_ALL.search(name) or _is_known(name, roster):
        return ""
    return "" if _posts_for_others(home, target, name, agency) else name


def _is_known(name: str, roster: list[Agency]) -> bool:
    return any(fit_of(name, one) is not Fit.NONE for one in roster)


def _posts_for_others(home: Home, target: _Target, publisher: str, agency: str) -> bool:
    """Whether a publisher stands on a report that is anybody else's."""
    readings = home.store.readings(target.portal)
    claims = claims_of(home, target.portal, max(home.years(None)) + 1, readings)
    for capture, reading in readings:
        article = capture.article
        if capture.url == target.url or article is None or squash(article.publisher) != publisher:
            continue
        owner = claims(signs_of(capture, reading))
        if owner not in (None, agency) or (owner is None and reading.named):
            return True
    return False
