"""Pages a second through a crawl and through a whole round, beside a bare Scrapy spider over the same replica portal.

    python benchmarks/crawl.py [AGENCIES]

The bare spider follows every link of the same columns and keeps nothing. All run as child processes over loopback, one
request at a time, no delay, start-up included; they take turns, and the median of the ratios is what counts.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from monitor.clock import FixedClock, parse_time
from monitor.demo.replicas import Replicas
from monitor.exchange import Column, CrawlSpec, Limits, spec_to_json
from monitor.registry import load_registry

NOW = "2024-02-08T09:00"
PORTAL = "xuecheng"
TURNS = 5
BARE = Path(__file__).with_name("_bare_spider.py")


@dataclass(frozen=True, slots=True)
class Run:
    """What one child process took: wall seconds, and how many pages the portal served meanwhile."""

    seconds: float
    pages: int

    @property
    def rate(self) -> float:
        return self.pages / self.seconds


def main() -> None:
    agencies = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    folder = Path(tempfile.mkdtemp(prefix="nianbao-bench-"))
    try:
        with Replicas(FixedClock(parse_time(NOW)), agencies=agencies) as replicas:
            replicas.home(folder, roster="all")
            ways = {"bare spider": bare(replicas), "crawl": crawl(folder), "whole round": whole_round(folder)}
            for way in ways.values():
                timed(replicas, way)  # the replica composes and caches its pages on the first visit
            runs: dict[str, list[Run]] = {name: [] for name in ways}
            for _ in range(TURNS):
                for name, way in ways.items():
                    runs[name].append(timed(replicas, way))
        report(runs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def bare(replicas: Replicas) -> Callable[[], None]:
    columns = replicas.columns(PORTAL)
    return lambda: child([sys.executable, str(BARE), *columns])


def crawl(home: Path) -> Callable[[], None]:
    portal = load_registry(home).portals[PORTAL]
    bundle = home / "bundle"

    def run() -> None:
        shutil.rmtree(bundle, ignore_errors=True)
        bundle.mkdir()
        spec = CrawlSpec(
            crawl="bench",
            portal=portal,
            columns=tuple(Column(url) for url in portal.columns),
            years=(2023,),
            limits=Limits(pages=100_000),
            user_agent="nianbao benchmark",
            clock=NOW,
        )
        (bundle / "spec.json").write_text(spec_to_json(spec), "utf-8")
        child([sys.executable, "-m", "crawler", str(bundle / "spec.json"), str(bundle)])

    return run


def whole_round(home: Path) -> Callable[[], None]:
    def run() -> None:
        for leftover in (home / "nianbao.db", home / "nianbao.db-wal", home / "nianbao.db-shm"):
            leftover.unlink(missing_ok=True)
        shutil.rmtree(home / "evidence", ignore_errors=True)
        child([sys.executable, "-m", "monitor", "--home", str(home), "--now", NOW, "run", "--portal", PORTAL])

    return run


def child(words: list[str]) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def timed(replicas: Replicas, way: Callable[[], None]) -> Run:
    replicas.forget_requests()
    start = time.perf_counter()
    way()
    return Run(time.perf_counter() - start, len(replicas.requests(PORTAL)))


def report(runs: dict[str, list[Run]]) -> None:
    print(f"{'':14}{'pages':>7}{'seconds':>9}{'pages/s':>9}{'ratio':>8}")
    for name, own in runs.items():
        ratios = [run.rate / beside.rate for run, beside in zip(own, runs["bare spider"], strict=True)]
        seconds, rate = (statistics.median(getattr(run, key) for run in own) for key in ("seconds", "rate"))
        print(f"{name:14}{own[-1].pages:>7}{seconds:>9.2f}{rate:>9.1f}{statistics.median(ratios):>8.2f}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process of all: {peak:.0f} MB; aim: crawl at least 0.60 of the bare spider")


if __name__ == "__main__":
    main()
