"""Milliseconds a report: reading it whole, beside a bare lxml parse of the same bytes, in the same run.

python benchmarks/read.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date

import lxml.html

from monitor import checks
from monitor.demo.compose import compose
from monitor.documents import read_document, read_report

REPORTS = 60
TURNS = 7


def main() -> None:
    pages = [page(number) for number in range(REPORTS)]
    ways: dict[str, Callable[[bytes], object]] = {
        "bare lxml parse": lambda data: lxml.html.fromstring(data),
        "read": lambda data: read_report(read_document(data)),
        "read and check": lambda data: checks.run(checks.Context(read_report(read_document(data)))),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, way in ways.items():
            start = time.perf_counter()
            for data in pages:
                way(data)
            taken[name].append((time.perf_counter() - start) / REPORTS * 1000)
    size = statistics.mean(len(data) for data in pages) / 1024
    print(f"{REPORTS} reports of {size:.0f} KB on average, median of {TURNS} turns")
    print(f"{'':18}{'ms/report':>10}{'ratio':>8}")
    for name, times in taken.items():
        ratio = statistics.median(own / bare for own, bare in zip(times, taken["bare lxml parse"], strict=True))
        print(f"{name:18}{statistics.median(times):>10.2f}{ratio:>8.2f}")


def page(number: int) -> bytes:
    report = compose(f"演示区第{number}街道办事处", 2023, seed=number, signed_on=date(2024, 1, 10))
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{report.body}</body></html>".encode()


if __name__ == "__main__":
    main()
