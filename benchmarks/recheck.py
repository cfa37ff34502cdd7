"""Stored reports rechecked a second, and the memory that takes: the whole way of `nianbao recheck` over a real file.

python benchmarks/recheck.py [--count N] [--rules ID …] [--processes N] [--home DIR]

`first`: every finding is new and is written. `again`: nothing has changed, so nothing is written. `reworded`: every
finding's message is another one than is stored, so each is written. `a core`: reports a second that a core computes,
the workers' start included; where other programs take their share, that says more than the clock. Above: what loading
a report alone, and what the rules alone take in this process; beside: the most memory of each process.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor import checks
from monitor.demo.compose import compose
from monitor.documents import read_document, read_report
from monitor.exchange import to_json
from monitor.jobs.home import open_home
from monitor.jobs.recheck import Rechecked, recheck
from monitor.store import Store
from monitor.wire import report_from_json, report_to_json

NOW = "2024-02-06T09:00"
YEARS = (2022, 2023)
#: Reports that differ; the others differ from them by their agency's name and a count.
KINDS = 200
#: Agencies of a portal.
AGENCIES = 500


@dataclass(frozen=True)
class Pass:
    """One recheck: seconds by the clock and of all cores, the most MB of this process and of its workers."""

    seconds: float
    cores: float
    own: int
    workers: tuple[int, ...]
    result: Rechecked


HEADINGS = f"{'':10}{'reports/s':>10}{'a core':>8}{'new':>9}{'gone':>7}{'reworded':>9}{'MB':>6}  MB of workers"


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--count", type=int, default=20_000)
    arguments.add_argument("--rules", nargs="*", default=[])
    arguments.add_argument("--processes", type=int, default=2)
    arguments.add_argument("--home", type=Path)
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.home or Path(folder) / "home"
        if not (path / "nianbao.db").exists():
            seconds = fill(path, options.count)
            print(f"{options.count} reports stored in {seconds:.0f} s, {size(path):.0f} MB")
        load, run = alone(options.rules)
        print(
            f"a core: loading a report {load * 1000:.2f} ms, {len(options.rules) or len(checks.RULES)} rules on it",
            end="",
        )
        print(f" {run * 1000:.2f} ms\n\n{HEADINGS}")
        for name, one in passes(path, options.rules, options.processes):
            result = one.result
            print(
                f"{name:10}{result.reports / one.seconds:>10.0f}{result.reports / one.cores:>8.0f}"
                f"{result.new.total():>9}{result.gone.total():>7}{result.reworded:>9}{one.own:>6}  "
                + " ".join(map(str, one.workers))
            )


def passes(path: Path, rules: Sequence[str], processes: int) -> Iterator[tuple[str, Pass]]:
    yield "first", one_pass(path, rules, processes)
    yield "again", one_pass(path, rules, processes)
    with Store(path / "nianbao.db") as store, store.transaction():
        store._connection.execute("UPDATE findings SET finding = json_set(finding, '$.message', 'x')")
    yield "reworded", one_pass(path, rules, processes)


def one_pass(path: Path, rules: Sequence[str], processes: int) -> Pass:
    with open_home(path, NOW) as home, watching() as most:
        start, used = time.perf_counter(), spent()
        result = recheck(home, rules=rules, processes=processes)
        seconds, cores = time.perf_counter() - start, spent() - used
    return Pass(seconds, cores, most.pop(0, 0), tuple(sorted(most.values(), reverse=True)[:processes]), result)


def spent() -> float:
    """Seconds that this process and its ended children have computed: no other program on the machine adds to them."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, kinds))


# ── a home with many reports ────────────────────────────────────────────────────────────────────────────────────────


def fill(path: Path, count: int) -> float:
    """A home that has judged `count` reports, two years of each agency; how many seconds that took."""
    start = time.perf_counter()
    agencies = [f"演示{number // 100:04}区第{number % 100:02}街道办事处" for number in range((count + 1) // len(YEARS))]
    _write_registry(path / "registry", agencies)
    kinds = {year: [_kind(year, number) for number in range(KINDS)] for year in YEARS}
    verdict = json.dumps({"claimed_on": "2024-01-15", "report_url": "http://a.example/1.html"})
    with Store(path / "nianbao.db") as store:
        store._connection.execute(
            "INSERT INTO crawls (crawl, portal, years, started_at, outcome) VALUES ('c', 'p0', '[]', ?, 'finished')",
            [NOW],
        )
        for first in range(0, len(agencies), AGENCIES):
            readings, captures, obligations = [], [], []
            for number in range(first, min(first + AGENCIES, len(agencies))):
                for year in YEARS:
                    capture = number * len(YEARS) + year - YEARS[0] + 1
                    text = kinds[year][number % KINDS].replace("演示区甲街道办事处", agencies[number])
                    captures.append((capture, "c", f"p{first}", f"http://a.example/{capture}.html", "article"))
                    readings.append((capture, "r", year, agencies[number], agencies[number], 1, text, ""))
                    previous = capture - 1 if year > YEARS[0] else None
                    obligations.append((f"a{number}", year, "2024-01-31", "on_time", verdict, NOW, capture, previous))
            with store.transaction():
                run = store._connection.executemany
                run("INSERT INTO captures (id, crawl, portal, url, kind) VALUES (?, ?, ?, ?, ?)", captures)
                run(f"INSERT INTO readings VALUES ({', '.join('?' * 8)}, NULL)", readings)
                run(f"INSERT INTO obligations VALUES ({', '.join('?' * 8)})", obligations)
    return time.perf_counter() - start


def _kind(year: int, number: int) -> str:
    page = compose("演示区甲街道办事处", year, seed=number, signed_on=date(year + 1, 1, 10)).body
    return to_json(report_to_json(read_report(read_document(page.encode()))))


def _write_registry(folder: Path, agencies: Sequence[str]) -> None:
    folder.mkdir(parents=True)
    portals = range(0, len(agencies), AGENCIES)
    rows = [f"p{first},演示市{first}人民政府,http://p{first}.example/\n" for first in portals]
    (folder / "portals.csv").write_text("portal,name,home\n" + "".join(rows), "utf-8")
    rows = [f"a{n},{name},township,p{n // AGENCIES * AGENCIES}\n" for n, name in enumerate(agencies)]
    (folder / "agencies.csv").write_text("agency,name,kind,portal\n" + "".join(rows), "utf-8")


def size(path: Path) -> float:
    return sum(file.stat().st_size for file in path.glob("nianbao.db*")) / 1e6


# ── what the parts take, and the memory ─────────────────────────────────────────────────────────────────────────────


def alone(rules: Sequence[str]) -> tuple[float, float]:
    """Seconds to load a stored report, and to run the rules over it beside last year's; the best of some turns."""
    texts = [[_kind(year, number) for number in range(40)] for year in YEARS]
    chosen = [rule for rule in checks.RULES if not rules or rule.id in rules]
    load = run = 1e9
    for _ in range(5):
        start = time.perf_counter()
        before, now = ([report_from_json(json.loads(text)) for text in of_year] for of_year in texts)
        loaded = time.perf_counter()
        for report, previous in zip(now, before, strict=True):
            checks.run(checks.Context(report, ("演示区甲街道办事处",), YEARS[-1], previous), chosen)
        load, run = min(load, loaded - start), min(run, time.perf_counter() - loaded)
    return load / len(texts[0]) / len(texts), run / len(texts[0])


@contextmanager
def watching() -> Iterator[dict[int, int]]:
    """The most MB that this process (0) and each of its children had, looked at ten times a second."""
    most: dict[int, int] = {}
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.1):
            for pid in (0, *_children()):
                most[pid] = max(most.get(pid, 0), _resident(pid))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


def _children() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid or 'self'}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * 4096 // 1_000_000


if __name__ == "__main__":
    sys.exit(main())
