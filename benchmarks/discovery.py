"""What is found on replicas of every portal family, what it costs, and whether a fault ever accuses anybody wrongly.

    python benchmarks/discovery.py [--agencies N] [--portals ID,…] [--ways known,home] [--faults all|none|ID,…]

Ways: `known` has the columns in the registry; `home` has home pages only. Each is one round over all report years, and
a quiet round after it. Faults: every portal has one at a time between two healthy rounds; what was on time before it
has to stay so, and nobody may be late or overdue who is not. Beside the quiet round stands what watching pages one by
one would ask for, which is what a user would do otherwise (changedetection.io: one request a watched page and look).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.clock import FileClock, parse_time
from monitor.demo.faults import Fault
from monitor.demo.replicas import ALL_PORTALS, Replicas, Truth
from monitor.jobs.home import open_home
from monitor.jobs.judge import Judged
from monitor.jobs.round import run_round

_HEAD: Final = "portal true found other false agency year date requests quiet robots lists"
YEARS: Final = tuple(range(2019, 2026))
YEAR: Final = YEARS[-1]
#: A round in January, one just after the deadline, one a day later.
BEFORE, AFTER, LATER = "2026-01-26T09:00", "2026-02-06T09:00", "2026-02-07T09:00"
QUIET: Final = "2026-02-06T12:00"
#: Statuses that accuse an agency.
ACCUSING: Final = frozenset({"late", "overdue"})


@dataclass(slots=True)
class Found:
    """What a round made of the truth, counted by (agency, year)."""

    true: int = 0
    found: int = 0
    other: int = 0  # an address that is not the report's
    wrong_agency: int = 0
    wrong_year: int = 0
    wrong_date: int = 0
    false: int = 0  # a report where none is
    missed: tuple[tuple[str, int], ...] = ()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agencies", type=int, default=16, help="agencies a portal")
    parser.add_argument("--portals", default=",".join(ALL_PORTALS))
    parser.add_argument("--ways", default="known,home")
    parser.add_argument("--faults", default="all")
    parser.add_argument("--fault-agencies", type=int, default=5)
    options = parser.parse_args()
    portals = options.portals.split(",")
    ways = [way for way in options.ways.split(",") if way]
    if ways:
        discover(portals, options.agencies, ways)
    faults = (
        list(Fault)
        if options.faults == "all"
        else [Fault(name) for name in options.faults.split(",") if name != "none"]
    )
    if faults:
        break_each(portals, options.fault_agencies, faults)


# ── what is found, and what it costs ────────────────────────────────────────────────────────────────────────────────


def discover(portals: Sequence[str], agencies: int, ways: Iterable[str]) -> None:
    for way in ways:
        with folder() as place:
            clock = Clock(place, AFTER)
            with Replicas(clock.read, portals=portals, year=YEAR, agencies=agencies) as replicas:
                home = replicas.home(place / "home", roster="all", known=way == "known")
                print(f"\n## {way}: {len(portals)} portals, {agencies * len(portals)} agencies, {len(YEARS)} years")
                judged = look(home, clock, AFTER, YEARS)
                truth = replicas.truth(parse_time(AFTER))
                by_portal = {portal: compare(judged, truth, portal) for portal in portals}
                first = costs(replicas, portals)
                replicas.forget_requests()
                look(home, clock, QUIET, YEARS)
                quiet, known = costs(replicas, portals), lists_of(home)
                table(by_portal, first, quiet, known, truth, home)


def compare(judged: Iterable[Judged], truth: Sequence[Truth], portal: str) -> Found:
    """Hold what was found against what is there, for one portal."""
    own = {(item.agency, item.year): item for item in truth if item.portal == portal}
    owners = {url: key for key, item in own.items() for url in (*item.urls, *item.files)}
    found = Found(true=len(own))
    missed = []
    for item in judged:
        if item.agency.portal != portal:
            continue
        key = (item.obligation.agency, item.obligation.year)
        real, url = own.get(key), item.verdict.report_url
        if url is None:
            if real is not None:
                missed.append(key)
            continue
        if real is None:
            found.false += 1
        elif url in (*real.urls, *real.files):
            found.found += 1
            found.wrong_date += item.verdict.claimed_on not in (None, real.stated_on)
        elif url in owners:
            found.wrong_agency += owners[url][0] != key[0]
            found.wrong_year += owners[url][1] != key[1]
        else:
            found.other += 1
    found.missed = tuple(missed)
    return found


def costs(replicas: Replicas, portals: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Requests to each portal, and those of them for robots.txt."""
    return {
        portal: (len(replicas.requests(portal)), len(replicas.requests(portal, "/robots.txt"))) for portal in portals
    }


def lists_of(home: Path) -> Counter[str]:
    """How many lists are known of each portal."""
    with sqlite3.connect(home / "nianbao.db") as database:
        return Counter(dict(database.execute("SELECT portal, count(*) FROM known_lists GROUP BY portal")))


def table(
    by_portal: dict[str, Found],
    first: dict[str, tuple[int, int]],
    quiet: dict[str, tuple[int, int]],
    known: Counter[str],
    truth: Sequence[Truth],
    home: Path,
) -> None:
    head = _HEAD.split()
    print(f"{head[0]:11}" + "".join(f"{word:>9}" for word in head[1:]))
    totals: Counter[str] = Counter()
    for portal, found in by_portal.items():
        values = (
            *(
                found.true,
                found.found,
                found.other,
                found.false,
                found.wrong_agency,
                found.wrong_year,
                found.wrong_date,
            ),
            *(first[portal][0], quiet[portal][0], quiet[portal][1], known[portal]),
        )
        totals.update(dict(zip(head[1:], values, strict=True)))
        print(f"{portal:11}" + "".join(f"{value:>9}" for value in values))
        if found.missed:
            print(f"    missed: {', '.join(f'{agency} {year}' for agency, year in found.missed[:6])}")
    print(f"{'all':11}" + "".join(f"{totals[word]:>9}" for word in head[1:]))
    pages = totals["lists"] + len({url for item in truth for url in item.urls})
    asked = totals["quiet"] - totals["robots"]
    print(f"found {totals['found'] / max(totals['true'], 1):.2%} (aim 100 %), false {totals['false']} (aim 0)")
    print(f"quiet round: {asked / max(totals['lists'], 1):.2f} requests a known list (aim 1.1), robots.txt beside them")
    print(f"watching each page: {pages} requests, {pages / max(totals['quiet'], 1):.1f} times as many")
    with sqlite3.connect(home / "nianbao.db") as database:
        for number, (started, size) in enumerate(
            database.execute("SELECT min(started_at), sum(bytes) FROM crawls GROUP BY substr(started_at, 1, 16)")
        ):
            print(f"bytes of round {number + 1} ({started[:16]}): {size:,}")


# ── faults ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def break_each(portals: Sequence[str], agencies: int, faults: Collection[Fault]) -> None:
    os.environ["NIANBAO_CRAWL_SECONDS"] = "60"  # a portal that hangs is waited for a tenth of it
    with folder() as place:
        clock = Clock(place, BEFORE)
        with Replicas(clock.read, portals=portals, year=YEAR, agencies=agencies) as replicas:
            home = replicas.home(place / "home", roster="all")
            look(home, clock, BEFORE, (YEAR,))
            truth = {item.agency: item for item in replicas.truth(parse_time(LATER)) if item.year == YEAR}
            print(f"\n## faults: {len(portals)} portals, {agencies * len(portals)} agencies")
            print(f"{'fault':16}{'wronged':>8}{'unknown':>8}{'decidable':>10}{'recovered':>10}  reasons")
            for fault in faults:
                other = place / "broken"
                shutil.copytree(home, other)
                for portal in portals:
                    replicas.break_(portal, fault)
                during = look(other, clock, AFTER, (YEAR,))
                for portal in portals:
                    replicas.mend(portal)
                after = look(other, clock, LATER, (YEAR,))
                shutil.rmtree(other)
                tell(fault, during, after, truth)


def tell(fault: Fault, during: Sequence[Judged], after: Sequence[Judged], truth: dict[str, Truth]) -> None:
    """One line: who was accused wrongly, who is unknown, of them those whose report was seen, and the reasons."""
    wronged = sum(is_wronged(item, truth) for item in (*during, *after))
    unknown = [item for item in during if str(item.verdict.status) == "unknown"]
    decidable = sum(item.verdict.first_seen_at is not None for item in unknown)
    left = sum(str(item.verdict.status) == "unknown" for item in after)
    reasons = Counter(item.verdict.reason for item in unknown)
    said = " ".join(f"{reason}={number}" for reason, number in reasons.most_common())
    print(f"{fault.name:16}{wronged:>8}{len(unknown):>8}{decidable:>10}{len(after) - left:>10}  {said}", flush=True)


def is_wronged(item: Judged, truth: dict[str, Truth]) -> bool:
    """Whether an agency is accused although its report was published in time."""
    real = truth.get(item.obligation.agency)
    in_time = real is not None and max(real.published.date(), real.stated_on) <= item.obligation.deadline
    return str(item.verdict.status) in ACCUSING and in_time


# ── the stage ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Clock:
    """A clock in a file, which replicas and crawls read."""

    def __init__(self, place: Path, at: str) -> None:
        self.file = place / "clock"
        self.set(at)
        self.read = FileClock(self.file)

    def set(self, at: str) -> None:
        self.file.write_text(parse_time(at).isoformat(), "utf-8")


class folder:
    """A folder that is gone afterwards."""

    def __enter__(self) -> Path:
        self._path = Path(tempfile.mkdtemp(prefix="nianbao-bench-"))
        return self._path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._path, ignore_errors=True)


def look(home: Path, clock: Clock, at: str, years: tuple[int, ...]) -> list[Judged]:
    """One round at a time."""
    clock.set(at)
    with open_home(home, f"@{clock.file}") as opened:
        return list(
            run_round(
                opened, years=years, reason="benchmark", tell=lambda line: print(f"  {line}", file=sys.stderr)
            ).judged
        )


if __name__ == "__main__":
    main()
