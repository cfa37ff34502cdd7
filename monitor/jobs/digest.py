"""From a round's judgements to the one mail that tells the office what is new."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from monitor.alerts.digest import compose_digest
from monitor.alerts.situation import Change, DigestData, ReportFindings, Standing
from monitor.jobs.home import Home
from monitor.jobs.judge import Judged
from monitor.jobs.standing import standing
from monitor.jobs.upkeep import is_for_office, sick_portals
from monitor.model import OutgoingMessage


def queue_digest(home: Home, judged: Iterable[Judged], now: datetime, *, waiting: int = 0) -> OutgoingMessage | None:
    """Put a digest of all events that nobody was told of into the outbox. Inside the transaction of the assessment.

    `waiting`: how many reports wait for a person to say whose they are.

    Without recipients the events stay untold: whoever is entered later learns of them.
    """
    untold = [stored for stored in home.store.events(untold_only=True) if is_for_office(home, stored.event)]
    if not untold or not home.settings.mail_to:
        return None
    message = compose_digest(
        DigestData(
            key=f"{now.isoformat()} {untold[-1].id}",
            office=home.settings.office,
            at=now,
            standings=tuple(_standing(home, item) for item in judged),
            changes=tuple(
                Change(_name(home, stored.event.agency, stored.event.portal), stored.event) for stored in untold
            ),
            reports=tuple(_reports(home)),
            waiting=waiting,
            sick_portals=sick_portals(home),
        ),
        recipients=home.settings.mail_to,
        sender=home.settings.sender,
    )
    if message is not None:
        home.store.put_in_outbox(message, told=[stored.id for stored in untold])
    return message


def _name(home: Home, agency: str, portal: str) -> str:
    """The name of what an event is about; what has left the registry keeps its id."""
    if agency:
        return home.registry.agencies[agency].name if agency in home.registry.agencies else agency
    return home.registry.portals[portal].name if portal in home.registry.portals else portal


def _standing(home: Home, item: Judged) -> Standing:
    portal = home.registry.portals[item.agency.portal]
    healthy = [look.at for look in item.looks if look.healthy]
    return Standing(
        agency=item.agency.name,
        portal=portal.name,
        year=item.obligation.year,
        deadline=item.obligation.deadline,
        verdict=item.verdict,
        column=item.agency.column or next(iter(portal.columns), portal.home),
        look_reason=item.looks[-1].reason if item.looks else "never_looked",
        last_healthy_at=max(healthy, default=None),
    )


def _reports(home: Home) -> Iterable[ReportFindings]:
    told = [stored for stored in standing(home) if stored.may_be_told and stored.agency in home.registry.agencies]
    for (agency, year, url), group in groupby(told, key=lambda stored: (stored.agency, stored.year, stored.url)):
        yield ReportFindings(
            agency=_name(home, agency, ""), year=year, url=url, findings=tuple(stored.finding for stored in group)
        )
