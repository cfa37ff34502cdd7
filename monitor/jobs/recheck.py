"""The rules run again over every stored report, without reading any again: after a rule was added or mended.

Workers load reports and run the rules; this process alone writes, a batch a transaction, and only what says something
new. Stopped at any moment, what was written is whole, and running it again does the rest. Which reading of a report is
judged, and beside which of last year's, the last assessment noted; whether reports were published is not looked into.
"""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from typing import Final

from monitor import checks
from monitor.database import DATABASE
from monitor.errors import HomeError, UsageError
from monitor.exchange import to_json
from monitor.jobs.contexts import Contexts
from monitor.jobs.home import Home
from monitor.jobs.standing import standing
from monitor.ledger import JudgedReport
from monitor.model import Agency, Finding, OutcomeStatus, Report
from monitor.publication import PUBLICATION_RULES
from monitor.rows import finding_from_json
from monitor.signals import HEARING, die_with
from monitor.store import Store
from monitor.wire import report_from_json

#: Rules that see more than a report and last year's: only the next assessment can find or clear what they say.
_OF_MANY_REPORTS: Final = frozenset({"rollup_mismatch"})
PROCESSES: Final = min(2, os.cpu_count() or 1)
#: Reports of a batch: few enough that a Ctrl-C is heard soon, enough that handing them over costs nothing.
_BATCH: Final = 100
#: So few reports are checked here: starting workers would take longer.
_FEW: Final = 300
#: Batches that wait for each worker, so that none is idle.
_AHEAD: Final = 2

Batch = Sequence[tuple[JudgedReport, Agency]]


@dataclass
class Rechecked:
    """What a recheck brought. By rule: findings that are new, that are gone, and how often the rule crashed.

    `reworded`: findings that only say it otherwise; `changed_since`: decisions whose facts are no longer the same;
    `unread`: reports that a later reading no longer takes for one, which the next assessment has to judge.
    """

    reports: int = 0
    new: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    reworded: int = 0
    changed_since: int = 0
    unread: int = 0
    broken: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Done:
    """A batch that was checked: how many reports, and the findings of those that now have others than are stored."""

    reports: int
    unread: int
    changed: tuple[tuple[JudgedReport, tuple[Finding, ...]], ...]
    broken: Counter[str]


def recheck(
    home: Home,
    *,
    year: int | None = None,
    agency: str | None = None,
    rules: Collection[str] = (),
    processes: int = 0,
    step: Callable[[int, int], None] = lambda done, total: None,
    tell: Callable[[str], None] = lambda line: None,
) -> Rechecked:
    """Run the rules (`rules`: only these, by id) over the stored reports. `step` is told (done, total).

    Under the home's lock. Raises UsageError for an unknown rule.
    """
    chosen = _chosen(rules)
    total = home.store.judged_count(year=year, agency=agency)
    if not total:
        tell("没有已判定的报告，请先运行 nianbao assess")
    result, passed = Rechecked(), 0
    decided = {(decision.agency, decision.year) for decision in home.store.decisions(year=year, agency=agency)}
    batches = _batches(home, year, agency)
    workers = (processes or PROCESSES) if total > _FEW else 0
    try:
        for batch, done in _checked(home, batches, chosen, workers):
            _save(home, done, result, decided)
            passed += len(batch)
            step(passed, total)
    except KeyboardInterrupt:
        tell(f"已复查 {passed} / {total} 份，结果已写入；再次运行即可完成")
        raise
    return result


def _chosen(rules: Collection[str]) -> tuple[str, ...]:
    known = {rule.id for rule in checks.RULES}
    unknown = [rule for rule in rules if rule not in known]
    if unknown:
        raise UsageError(f"没有检查项“{'、'.join(unknown)}”。请用 nianbao rules 查看编号")
    return tuple(dict.fromkeys(rules))


def _batches(home: Home, year: int | None, agency: str | None) -> Iterator[Batch]:
    """The judged reports of the agencies that are still on the roster, a page of the table at a time."""
    after = ("", 0)
    while page := home.store.judged_reports(after=after, limit=_BATCH, year=year, agency=agency):
        after = (page[-1].agency, page[-1].year)
        roster = home.registry.agencies
        yield [(judged, roster[judged.agency]) for judged in page if judged.agency in roster]


# ── what is written ─────────────────────────────────────────────────────────────────────────────────────────────────


def _save(home: Home, done: _Done, result: Rechecked, decided: Collection[tuple[str, int]]) -> None:
    """Store what a batch changed, all or nothing, and add it to the result."""
    result.reports += done.reports
    result.unread += done.unread
    result.broken += done.broken
    if not done.changed:
        return
    now = home.now()
    with home.store.transaction():
        for judged, findings in done.changed:
            is_decided = (judged.agency, judged.year) in decided
            before = _changed_since(home, judged) if is_decided else 0
            changes = home.store.save_findings(judged.agency, judged.year, findings, url=judged.url, at=now)
            result.new += changes.new
            result.gone += changes.gone
            result.reworded += changes.reworded
            if is_decided:
                result.changed_since += max(0, _changed_since(home, judged) - before)


def _changed_since(home: Home, judged: JudgedReport) -> int:
    found = standing(home, year=judged.year, agency=judged.agency)
    return sum(1 for stored in found if stored.ruling and stored.ruling.has_changed)


# ── who does the work ───────────────────────────────────────────────────────────────────────────────────────────────


def _checked(
    home: Home, batches: Iterable[Batch], rules: tuple[str, ...], workers: int
) -> Iterator[tuple[Batch, _Done]]:
    """Each batch as it was checked, by workers (0: here), in no order."""
    contexts = Contexts(home.registry.agencies.values(), home.lexicon, home.registry.items)
    if not workers:
        desk = _Desk(home.store, contexts, rules)
        for batch in batches:
            yield batch, desk.check(batch)
        return
    path = home.path / DATABASE
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (os.getpid(), path, contexts, rules))
    try:
        yield from _by_workers(pool, batches, workers * _AHEAD)
    except BrokenProcessPool as error:
        raise HomeError("复查进程意外结束，可能内存不足。已写入的结果有效，请再运行一次，或加 --processes 1") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _by_workers(pool: ProcessPoolExecutor, batches: Iterable[Batch], ahead: int) -> Iterator[tuple[Batch, _Done]]:
    left = iter(batches)
    busy: dict[Future[_Done], Batch] = {}
    while True:
        while len(busy) < ahead and (batch := next(left, None)) is not None:
            busy[_submit(pool, batch)] = batch
        if not busy:
            return
        # Not without end: a Ctrl-C that another thread was given is heard only when this one wakes.
        for future in wait(busy, timeout=HEARING, return_when=FIRST_COMPLETED).done:
            yield busy.pop(future), future.result()


def _submit(pool: ProcessPoolExecutor, batch: Batch) -> Future[_Done]:
    """Hand over a batch. A worker that starts inherits what is blocked: Ctrl-C is ours to hear."""
    resource_tracker.ensure_running()  # starting it would unblock the signal again
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_work, batch)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


_desks: list[_Desk] = []


def _begin(parent: int, path: Path, contexts: Contexts, rules: tuple[str, ...]) -> None:
    """What a worker does first."""
    die_with(parent)
    _desks.append(_Desk(Store(path), contexts, rules))


def _work(batch: Batch) -> _Done:
    return _desks[0].check(batch)


class _Desk:
    """Where reports are checked: the database to read them from, and the rules."""

    def __init__(self, store: Store, contexts: Contexts, rules: tuple[str, ...]) -> None:
        self._store = store
        self._contexts = contexts
        self._chosen = rules
        self._rules = tuple(rule for rule in checks.RULES if rule.id in rules) if rules else checks.RULES
        # One year's report is the next year's previous one: they come in that order.
        self._report = lru_cache(2)(self._load)

    def check(self, batch: Batch) -> _Done:
        unread, broken, changed = 0, Counter[str](), []
        for judged, agency in batch:
            report = self._report(judged.capture)
            if report is None or not report.is_form:
                unread += 1
                continue
            context = self._contexts.of(
                report,
                agency,
                judged.year,
                previous=self._report(judged.previous) if judged.previous else None,
                published_on=judged.published_on,
                # What the last comparison found: comparing again is the next round's work.
                lookalikes=self._store.lookalikes(judged.agency, judged.year),
            )
            outcomes = checks.run(context, self._rules)
            crashed = {outcome.rule for outcome in outcomes if outcome.status is OutcomeStatus.ERROR}
            broken.update(crashed)
            found = [finding for outcome in outcomes for finding in outcome.findings]
            if (others := self._others(judged, found, crashed)) is not None:
                changed.append((judged, others))
        return _Done(len(batch) - unread, unread, tuple(changed), broken)

    def _load(self, capture: int) -> Report | None:
        text = self._store.report_text(capture)
        return report_from_json(json.loads(text)) if text else None

    def _others(
        self, judged: JudgedReport, found: Sequence[Finding], crashed: Collection[str]
    ) -> tuple[Finding, ...] | None:
        """The report's findings if they differ from those that are stored; of rules that did not run, these stay."""
        stored = self._store.finding_texts(judged.agency, judged.year)
        kept = {key: text for key, text in stored.items() if key[0] in crashed or not self._runs(key[0])}
        if stored == kept | {(finding.rule, finding.subject): to_json(finding) for finding in found}:
            return None
        return (*map(finding_from_json, kept.values()), *found)

    def _runs(self, rule: str) -> bool:
        """Whether findings of a rule are ours to find or to clear: also those of a rule that there is no more."""
        if rule in PUBLICATION_RULES or rule in _OF_MANY_REPORTS:
            return False
        return rule in self._chosen if self._chosen else True
