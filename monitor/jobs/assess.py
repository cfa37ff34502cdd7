"""The third step: what do the stored facts say now? Verdicts, findings, events and the office's mail.

All in one transaction. Events are the differences to what was judged before; a step that finds no difference writes
none, and no mail.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from monitor import checks
from monitor.jobs.compare import compare
from monitor.jobs.contexts import Contexts
from monitor.jobs.digest import queue_digest
from monitor.jobs.home import Home
from monitor.jobs.judge import Judged, each_once, judge_all
from monitor.jobs.rollup import sums_beneath
from monitor.jobs.upkeep import note_upkeep, queue_upkeep
from monitor.ledger import JudgedReport
from monitor.model import Event, Finding, Lookalike, OutcomeStatus, Report, Status, Verdict
from monitor.publication import Publication, publication_findings
from monitor.rollup import Sums
from monitor.signs import Unmatched


def assess(
    home: Home,
    *,
    years: tuple[int, ...],
    portals: Collection[str] = (),
    tell: Callable[[str], None] = lambda line: None,
) -> list[Judged]:
    """Judge everything, store what is new, and queue the digest if there is anything to tell.

    `portals`: only of their agencies anything is new, where just these were looked at; none named: of all.
    """
    now = home.now()
    with home.store.transaction():
        waiting: list[Unmatched] = []
        judged = list(judge_all(home, years, now, with_previous=True, waiting=waiting))
        contexts = Contexts(home.registry.agencies.values(), home.lexicon, home.registry.items)
        alike = compare(home, _reports(home, judged, years), wanted=lambda key: key[1] in years, tell=tell)
        for item in judged:
            if not portals or item.agency.portal in portals:
                beside = Beside(alike.get((item.obligation.agency, item.obligation.year)), _area(judged, item))
                _store(home, item, contexts, beside, now)
        watched = sorted(portals or {item.agency.portal for item in judged})
        for portal in watched:
            _store_portal_state(home, portal, years, now)
        note_upkeep(home, watched, judged, now)
        queued = (queue_digest(home, judged, now, waiting=len(each_once(waiting))), queue_upkeep(home, judged, now))
    for message in filter(None, queued):
        tell(f"已生成邮件：{message.subject}")
    return judged


class Beside(NamedTuple):
    """What others' reports say beside one: which are like it, and what those of a government's area add up to."""

    lookalikes: tuple[Lookalike, ...] | None
    area: Sums | None


def _reports(home: Home, judged: Collection[Judged], years: Collection[int]) -> list[JudgedReport]:
    """The reports to compare with each other: those that were judged now, and those of the years before."""
    found = [
        JudgedReport(
            item.obligation.agency,
            item.obligation.year,
            item.reading.capture,
            item.previous.capture if item.previous else None,
            item.verdict.claimed_on,
            item.verdict.report_url or "",
        )
        for item in judged
        if item.reading and item.reading.report and item.reading.report.is_form
    ]
    before = {year - 1 for year in years} - set(years)
    return found + [report for year in sorted(before) for report in home.store.judged_reports(year=year, limit=-1)]


def _area(judged: Collection[Judged], item: Judged) -> Sums | None:
    """What the agencies of a government's area add up to, where there is a report of its to hold against it."""
    if item.agency.kind != "government" or item.reading is None:
        return None
    return sums_beneath(judged, item.agency, item.obligation.year)


def findings_of(home: Home, item: Judged, contexts: Contexts, beside: Beside) -> list[Finding]:
    """What is wrong with the publication and with the report, as far as it is sure.

    Of a rule that could not run, what it found before stands.
    """
    year = item.obligation.year
    report = item.reading.report if item.reading else None
    found = list(publication_findings(_publication(home, item, report)))
    if report:
        previous = item.previous.report if item.previous else None
        context = contexts.of(
            report, item.agency, year, previous=previous, published_on=item.verdict.claimed_on, **beside._asdict()
        )
        outcomes = checks.run(context)
        found += [finding for outcome in outcomes for finding in outcome.findings]
        if crashed := {outcome.rule for outcome in outcomes if outcome.status is OutcomeStatus.ERROR}:
            stored = home.store.findings(agency=item.agency.agency, year=year)
            found += [one.finding for one in stored if one.finding.rule in crashed]
    return found


def _publication(home: Home, item: Judged, report: Report | None) -> Publication:
    """All that is known of how a report was published."""
    agency, year = item.agency, item.obligation.year
    before = range(agency.since or 0, year)
    return Publication(
        obligation=item.obligation,
        verdict=item.verdict,
        statutory=home.calendar.statutory(agency, year),
        sightings=item.sightings,
        looks=item.looks,
        report=report,
        pages=item.pages,
        earlier={past: said for past, said in home.store.verdicts(agency.agency).items() if past in before},
        names=(agency.name, *agency.aliases),
        kind=agency.kind,
        filing=home.registry.filings.get((agency.agency, year)),
    )


def _store(home: Home, item: Judged, contexts: Contexts, beside: Beside, now: datetime) -> None:
    before = home.store.verdict(item.obligation.agency, item.obligation.year)
    for event in _events(item, before, now):
        home.store.add_event(event)
    home.store.save_verdict(
        item.obligation,
        item.verdict,
        at=now,
        capture=item.reading.capture if item.reading else None,
        previous=item.previous.capture if item.previous else None,
    )
    home.store.save_findings(
        item.obligation.agency,
        item.obligation.year,
        findings_of(home, item, contexts, beside),
        url=item.verdict.report_url or "",
        at=now,
    )


def _events(item: Judged, before: Verdict | None, now: datetime) -> Iterator[Event]:
    """What changed since the last judgement. That something is not due, or not owed, is no news."""
    after = item.verdict

    def event(kind: str, old: str | None, new: str, detail: str = "") -> Event:
        return Event(
            at=now,
            kind=kind,
            portal=item.agency.portal,
            agency=item.obligation.agency,
            year=item.obligation.year,
            before=old,
            after=new,
            detail=detail,
        )

    old_status = before.status if before else None
    quiet = old_status is None and after.status in (Status.NOT_DUE, Status.EXEMPT)
    if after.status is not old_status and not quiet:
        yield event("status", str(old_status) if old_status else None, str(after.status), after.reason)
    if after.withdrawn_at and not (before and before.withdrawn_at):
        yield event("withdrawn", None, after.withdrawn_at.isoformat(), after.report_url or "")
    if after.changed_at and after.changed_at != (before.changed_at if before else None):
        yield event("changed", None, after.changed_at.isoformat(), after.report_url or "")


def _store_portal_state(home: Home, portal: str, years: tuple[int, ...], now: datetime) -> None:
    """Note how the last crawl of a portal went, and tell when that changed: the watcher itself is watched."""
    looks = [look for year in years for look in home.store.looks(portal, year) if look.at <= now]
    if not looks:
        return
    last = max(looks, key=lambda look: look.at)
    sick = next((look for look in looks if look.crawl == last.crawl and not look.healthy), None)
    healthy, reason = sick is None, sick.reason if sick else "ok"
    state = home.store.portal_state(portal)
    if state and state[:2] == (healthy, reason):
        return
    home.store.save_portal_state(portal, healthy=healthy, reason=reason, since=last.at)
    if state or not healthy:
        home.store.add_event(
            Event(at=now, kind="portal", portal=portal, before=state[1] if state else None, after=reason)
        )
