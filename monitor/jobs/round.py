"""One whole round: crawl, read, assess, notify."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from threading import Event

from monitor.jobs.assess import assess
from monitor.jobs.crawl import PortalLook, crawl
from monitor.jobs.home import Home, writing
from monitor.jobs.judge import Judged
from monitor.jobs.notify import Delivery, notify
from monitor.jobs.read import read


@dataclass(frozen=True, slots=True)
class Round:
    """What a round brought."""

    looks: tuple[PortalLook, ...]
    judged: tuple[Judged, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def all_looked_at(self) -> bool:
        return all(look.healthy for look in self.looks)


def run_round(
    home: Home,
    *,
    portals: Collection[str] = (),
    years: tuple[int, ...],
    reason: str,
    tell: Callable[[str], None] = lambda line: None,
    stop: Event | None = None,
) -> Round:
    """Run a round under the home's lock. Stopped early, it stores what it has and is not counted as a round."""
    stop = stop or Event()
    with writing(home):
        started_at = home.now()
        looks = crawl(home, portals=portals, years=years, tell=tell, stop=stop)
        if stop.is_set():
            return Round(tuple(looks), (), ())
        read(home, tell=tell)
        judged = assess(home, years=years, portals=portals, tell=tell)
        deliveries = notify(home, tell=tell)
        if not portals and years == home.years(None):  # a look at a part is not the round that was planned
            home.store.save_round(started_at=started_at, ended_at=home.now(), reason=reason)
    return Round(tuple(looks), tuple(judged), tuple(deliveries))
