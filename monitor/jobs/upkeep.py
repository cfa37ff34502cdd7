"""What the operator is told: that portals are not in health or are again, budgets used up, agencies without a column.

Where no operator is named there is nobody to tell: a portal's health then stands in the office's own digest, and the
rest in `nianbao portals`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from monitor.alerts.upkeep import BUDGET, OPERATORS_OWN, SEARCH, UpkeepData, compose_upkeep
from monitor.clock import day_start
from monitor.jobs.home import Home
from monitor.jobs.judge import Judged
from monitor.jobs.portals import HOMELESS, homeless_agencies, portal_states
from monitor.model import Event, OutgoingMessage


def note_upkeep(home: Home, portals: Collection[str], judged: Collection[Judged], now: datetime) -> None:
    """Write an event where a portal's budget is used up, or other agencies than before have no column.

    Inside the transaction of the assessment, after the portals' states were stored.
    """
    if not home.settings.operator_to:
        return
    homeless = homeless_agencies(judged)
    is_current = {item.obligation.year for item in judged} >= set(home.years(None))
    for portal in sorted(portals):
        _note_budget(home, portal, now)
        state = home.store.portal_state(portal)
        if is_current and state and state[0]:  # a search that could not be made finds nothing out
            here = {key for key in homeless if home.registry.agencies[key].portal == portal}
            _note_search(home, portal, here, now)


def _note_budget(home: Home, portal: str, now: datetime) -> None:
    """Once a day."""
    midnight, budget = day_start(now), home.settings.daily_requests
    if not 0 < budget <= home.store.requests_since(portal, midnight):
        return
    last = home.store.last_event(portal, BUDGET)
    if last is None or last.at < midnight:
        home.store.add_event(Event(at=now, kind=BUDGET, portal=portal, before=None, after="held_back"))


def _note_search(home: Home, portal: str, homeless: set[str], now: datetime) -> None:
    """Where an agency has lost its place, or the last of them has one; `detail` holds who has none."""
    last = home.store.last_event(portal, SEARCH)
    before = set(last.detail.split()) if last else set()
    if homeless - before or (before and not homeless):
        home.store.add_event(
            Event(
                at=now,
                kind=SEARCH,
                portal=portal,
                before=last.after if last else None,
                after=HOMELESS if homeless else "ok",
                detail=" ".join(sorted(homeless)),
            )
        )


def queue_upkeep(home: Home, judged: Collection[Judged], now: datetime) -> OutgoingMessage | None:
    """Put the operator's mail about all portal events that nobody was told of into the outbox.

    Inside the transaction of the assessment. What a mail that is given up has not told counts as untold again.
    """
    if not home.settings.operator_to:
        return None
    untold = [stored for stored in home.store.events(untold_only=True) if stored.event.kind in OPERATORS_OWN]
    watched = {agency.portal for agency in home.registry.agencies.values()}
    if not untold or not watched:
        return None
    fresh = watched.intersection(stored.event.portal for stored in untold)
    states = {state.portal: state for state in portal_states(home, watched, judged=judged)}
    if fresh:
        states |= {state.portal: state for state in portal_states(home, fresh, columns=True, judged=judged)}
    message = compose_upkeep(
        UpkeepData(
            key=f"{now.isoformat()} {untold[-1].id}",
            office=home.settings.office,
            at=now,
            states=tuple(states.values()),
            changes=tuple(stored.event for stored in untold),
        ),
        recipients=home.settings.operator_to,
        sender=home.settings.sender,
    )
    if message is not None:
        home.store.put_in_outbox(message, told=[stored.id for stored in untold], with_findings=False)
    return message


def is_for_office(home: Home, event: Event) -> bool:
    """Whether an event belongs into the office's digest. A portal's health does where no operator is named."""
    return event.kind not in OPERATORS_OWN or (event.kind == "portal" and not home.settings.operator_to)


def sick_portals(home: Home) -> int:
    """How many portals with agencies are not in health, as far as the operator is told of them; else 0."""
    if not home.settings.operator_to:
        return 0
    states = [home.store.portal_state(key) for key in {a.portal for a in home.registry.agencies.values()}]
    return sum(1 for state in states if state and not state[0])
