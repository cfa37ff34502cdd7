"""The replica portals, running: started and stopped together, unplugged and broken one by one, seen from outside.

Times come from the clock that is given: moving it is how a report appears, is late, changes or vanishes.
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

from monitor.clock import Clock
from monitor.demo import cast
from monitor.demo.faults import Fault
from monitor.demo.localities import PLACES
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import OFFICES_PER_PORTAL, Office, offices
from monitor.demo.server import Logged, SiteServer
from monitor.demo.site import Site
from monitor.demo.sites import ALL_SITES, SITES

Roster = Literal["five", "all"]

ALL_PORTALS: Final = tuple(ALL_SITES)

PORTAL_COLUMNS: Final = (
    *("portal", "name", "region", "home", "columns", "family", "hosts", "render", "delay", "private"),
)
AGENCY_COLUMNS: Final = (
    *(
        "agency",
        "name",
        "aliases",
        "region",
        "kind",
        "portal",
        "column",
        "deadline",
        "email",
        "phone",
        "since",
        "until",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A report that an agency of the roster has on a portal. All `urls` and `files` are twins of the one report.

    `agency` is its id in the registry, `stated_on` the date that page and lists state, `published` when it appeared.
    """

    portal: str
    agency: str
    name: str
    year: int
    title: str
    stated_on: date
    published: datetime
    urls: tuple[str, ...]
    files: tuple[str, ...] = ()


class Replicas:
    """The replica portals on 127.0.0.1, a port each; a context manager.

    `portals`: their ids, by default the five real ones; `ALL_PORTALS` has every family. `publications`: what they carry
    beside decoys and (with `history`) the composed reports of earlier years; by default the rehearsed January of
    `cast.january`. `year` is the newest report year, by default the one before the clock's.
    `agencies`: how many a portal has. An earlier report that is given takes the place of the composed one.
    """

    def __init__(
        self,
        clock: Clock,
        publications: Iterable[Publication] | None = None,
        *,
        portals: Iterable[str] = tuple(SITES),
        year: int | None = None,
        agencies: int = OFFICES_PER_PORTAL,
        history: bool = True,
    ) -> None:
        self.year = year if year is not None else clock.now().year - 1
        self.agencies = agencies
        self.log: list[Logged] = []
        self._lock = threading.Lock()
        chosen = tuple(portals)
        given = tuple(cast.january(self.year, agencies, chosen) if publications is None else publications)
        taken = {(publication.portal, publication.agency, publication.year) for publication in given}
        self._servers: dict[str, SiteServer] = {}
        for portal in chosen:
            past = cast.history(portal, self.year, agencies) if history else ()
            carried = [
                *(publication for publication in given if publication.portal == portal),
                *(publication for publication in past if (portal, publication.agency, publication.year) not in taken),
                *cast.decoys(portal, self.year, agencies),
            ]
            site = ALL_SITES[portal](offices(portal, agencies), carried)
            self._servers[portal] = SiteServer(site, clock, self._logged)

    def __enter__(self) -> Self:
        for server in self._servers.values():
            server.plug()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop all portals and give their ports back."""
        for server in self._servers.values():
            server.close()

    # ── from outside ─────────────────────────────────────────────────────────────────────────────────────────────

    def url(self, portal: str, path: str = "/") -> str:
        """An absolute address on a portal."""
        return self._servers[portal].url + path

    def article_url(self, publication: Publication) -> str:
        """Where a publication stands while it is shown."""
        return self.url(publication.portal, self._servers[publication.portal].site.path(publication))

    def columns(self, portal: str) -> tuple[str, ...]:
        """The addresses of a portal's own annual-report columns."""
        return tuple(self.url(portal, path) for path in self._servers[portal].site.columns())

    def column(self, office: Office) -> str:
        """The address of an agency's own annual-report column, "" where the portal's columns are its only ones."""
        path = self._servers[office.portal].site.column(office)
        return self.url(office.portal, path) if path else ""

    def truth(self, now: datetime) -> tuple[Truth, ...]:
        """Every agency's report that is shown at a time: what whoever watches the portals ought to find."""
        found: dict[tuple[str, str, int], list[Publication]] = {}
        for portal, server in self._servers.items():
            for publication in reversed(server.site.shown(now)):
                if publication.place is Place.REPORTS:
                    found.setdefault((portal, publication.agency, publication.year), []).append(publication)
        return tuple(self._truth(self._servers[portal].site, twins) for (portal, _, _), twins in found.items())

    def _truth(self, site: Site, twins: Sequence[Publication]) -> Truth:
        """What is published as one report or more, the earliest first."""
        publication = twins[0]
        office = site.offices[publication.agency]
        pages = [path for twin in twins for path in (site.path(twin), *site.twins(twin))]
        files = [path for twin in twins for path in site.files_of(twin)]
        return Truth(
            portal=site.portal,
            agency=office.agency,
            name=office.name,
            year=publication.year,
            title=publication.title,
            stated_on=publication.stated.date(),
            published=publication.published,
            urls=tuple(self.url(site.portal, path) for path in pages),
            files=tuple(self.url(site.portal, path) for path in files),
        )

    def requests(self, portal: str | None = None, containing: str = "") -> list[Logged]:
        """The requests so far, to one portal or to all, whose address contains a text."""
        with self._lock:
            return [line for line in self.log if portal in (None, line.portal) and containing in line.path]

    def forget_requests(self) -> None:
        with self._lock:
            self.log.clear()

    # ── what happens to them ─────────────────────────────────────────────────────────────────────────────────────

    def publish(self, *publications: Publication) -> None:
        """Add publications while the portals run; each shows from its own time on."""
        for publication in publications:
            self._servers[publication.portal].site.publish(publication)

    def unplug(self, portal: str) -> None:
        """Refuse connections to a portal; its port stays its own."""
        self._servers[portal].unplug()

    def plug(self, portal: str) -> None:
        """Serve a portal again on the same port."""
        self._servers[portal].plug()

    def break_(self, portal: str, fault: Fault | str, only: str = "") -> None:
        """Let a portal answer with a fault until `mend`; `only` for addresses that contain this text."""
        self._servers[portal].break_(Fault(fault), only)

    def mend(self, portal: str) -> None:
        """End a portal's fault; requests that hang are let go."""
        self._servers[portal].break_(None)

    # ── a home that watches them ─────────────────────────────────────────────────────────────────────────────────

    def home(self, path: Path, roster: Roster = "five", *, known: bool = True) -> Path:
        """Write `path`/registry/ with rows for these portals and their first agencies, or all; returns `path`.

        `known`: the rows say the columns; otherwise a portal's row has its home page only.
        """
        registry = path / "registry"
        registry.mkdir(parents=True, exist_ok=True)
        _write(registry / "portals.csv", PORTAL_COLUMNS, (self._portal_row(portal, known) for portal in self._servers))
        watched = (office for portal in self._servers for office in offices(portal, self.agencies))
        rows = (self._agency_row(office, known) for office in watched if roster == "all" or office.place == 0)
        _write(registry / "agencies.csv", AGENCY_COLUMNS, rows)
        return path

    def _portal_row(self, portal: str, known: bool) -> dict[str, str]:
        locality = PLACES[portal]
        return {
            "portal": portal,
            "name": locality.site_name,
            "region": locality.region,
            "home": self.url(portal),
            "columns": " ".join(self.columns(portal)) if known else "",
            "render": "auto",
            "delay": "0",
            "private": "yes",
        }

    def _agency_row(self, office: Office, known: bool) -> dict[str, str]:
        return {
            "agency": office.agency,
            "name": office.name,
            "aliases": office.official if office.official != office.name else "",
            "region": PLACES[office.portal].region,
            "kind": office.kind,
            "portal": office.portal,
            "column": self.column(office) if known else "",
        }

    def _logged(self, line: Logged) -> None:
        with self._lock:
            self.log.append(line)


def _write(path: Path, columns: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
