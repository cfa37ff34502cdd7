"""What reading gets right, by format: reports with known values are printed in each, read back and compared.

python benchmarks/accuracy.py [--count N] [--scans N] [FORMAT …]

A cell is right, unread (null with a reason) or wrong and not marked: the one thing that must not be. Beside it the
seconds and the memory a document takes, and how much slower reading is than the library's bare work, in the same run.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import multiprocessing
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pdfplumber
from lxml import etree

sys.path.insert(0, str(Path(__file__).parent))

from _composing import FORMATS, Printed, as_docx, as_scan, by_office, sheets

from monitor.documents.choosing import surest
from monitor.documents.files import File, read_file
from monitor.documents.formats.word import office
from monitor.errors import Unreadable
from monitor.model import Report
from monitor.wire import report_to_json

SHARED = Path(__file__).parents[2] / "shared" / "reports"
FIELDS = ("title", "agency", "year", "format", "period", "signed_by", "signed_on")
CONTACT = ("address", "postcode", "phone", "email")


@dataclass
class Tally:
    documents: int = 0
    readable: int = 0
    fields: int = 0
    fields_right: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    megabytes: int = 0
    misses: list[str] = field(default_factory=list)


def main() -> None:
    logging.disable(logging.WARNING)  # pdfplumber's, of each font
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--count", type=int, default=60)
    arguments.add_argument("--scans", type=int, default=8)
    arguments.add_argument("formats", nargs="*", default=list(FORMATS))
    options = arguments.parse_args()
    print(
        "| format | documents | readable | fields right | cells | cells right | unread | wrong, unmarked | s/doc | MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    misses: list[str] = []
    for name in options.formats:
        tally = _in_a_process(_measure, name, options.scans if name == "scan" else options.count)
        print(_row(name, tally), flush=True)
        misses += [f"{name}: {miss}" for miss in tally.misses]
    for label, tally in _real():
        print(_row(label, tally), flush=True)
        misses += [f"{label}: {miss}" for miss in tally.misses]
    print()
    for line in _ratios():
        print(line, flush=True)
    if misses:
        print("\nNot right:")
        print("\n".join(misses[:60]))


def _in_a_process(work: Callable[..., Tally], *arguments: Any) -> Tally:
    """What a piece of work finds, with the memory of a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def _measure(name: str, count: int) -> Tally:
    files = FORMATS[name](count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tally = Tally()
    for file in files:
        _take(tally, file)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tally.megabytes = max(own, before) // 1024
    return tally


def _take(tally: Tally, file: Printed) -> None:
    start = time.perf_counter()
    read = surest(read_file(File(file.name, file.data)))
    tally.seconds += time.perf_counter() - start
    tally.documents += 1
    if read.report is None or not read.report.is_form:
        tally.misses.append(f"{file.name}: {read.error or 'no report'}")
        tally.cells["unread"] += sum(1 for _ in _cells(file.truth))
        return
    tally.readable += 1
    _compare(tally, file, read.report)


def _compare(tally: Tally, file: Printed, report: Report) -> None:
    found = report_to_json(report)
    pairs = [(name, file.truth.get(name), found[name]) for name in FIELDS if name in file.truth]
    told = file.truth.get("contact")
    if told is not None:
        pairs += [(name, told[name], found["contact"][name]) for name in CONTACT if name in told]
    for name, expected, value in pairs:
        tally.fields += 1
        tally.fields_right += _same(expected, value)
        if not _same(expected, value):
            tally.misses.append(f"{file.name}: {name} {expected!r} read as {value!r}")
    for path, expected in _cells(file.truth):
        cell = report.cell(path)
        value = None if cell is None or cell.value is None else float(cell.value)
        # The truth file of the Shanghai report has 0 where nothing is printed: blank is null, never zero.
        blank = cell is not None and cell.is_blank
        if (value == expected and (cell is None or not cell.doubt)) or (
            blank and expected == 0 and "shanghai" in file.name
        ):
            tally.cells["right"] += 1
        elif cell is None or cell.doubt or cell.text.strip():
            tally.cells["unread"] += 1
            tally.misses.append(
                f"{file.name}: {path} {expected} unread: {cell.doubt or cell.text if cell else 'absent'}"
            )
        else:
            tally.cells["wrong"] += 1
            tally.misses.append(f"{file.name}: {path} {expected} WRONG: {value}")


def _cells(truth: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        (f"{table}.{row}.{column}", value)
        for table, rows in truth["tables"].items()
        for row, columns in (rows or {}).items()
        for column, value in columns.items()
    ]


def _same(one: Any, other: Any) -> bool:
    return one == other or (isinstance(one, str) and isinstance(other, str) and one.split() == other.split())


def _row(name: str, tally: Tally) -> str:
    cells = tally.cells.total()
    parts = (
        f"{tally.documents}",
        f"{tally.readable}",
        f"{tally.fields_right}/{tally.fields}",
        f"{cells}",
        f"{tally.cells['right'] / max(cells, 1):.2%}",
        f"{tally.cells['unread']}",
        f"{tally.cells['wrong']}",
        f"{tally.seconds / max(tally.documents, 1):.3f}",
        f"{tally.megabytes}",
    )
    return f"| {name} | {' | '.join(parts)} |"


# ── real reports ────────────────────────────────────────────────────────────────────────────────────────────────────


def _real() -> list[tuple[str, Tally]]:
    """The real reports with a truth by hand, and one of them scanned; none where they are not on this machine."""
    found = []
    for path in sorted(SHARED.glob("*.truth.json")):
        source = next(other for other in SHARED.glob(path.name.removesuffix(".truth.json") + ".*") if other != path)
        printed = Printed(source.name, source.read_bytes(), json.loads(path.read_text("utf-8"))["report"])
        found.append((source.name, _in_a_process(_one, printed)))
        if source.suffix == ".pdf":
            found.append((f"{source.name}, scanned at 150 dpi", _in_a_process(_one, as_scan(printed))))
    return found


def _one(printed: Printed) -> Tally:
    tally = Tally()
    _take(tally, printed)
    tally.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return tally


# ── ratios ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _ratios() -> list[str]:
    """How many times as long as the bare work of the library reading takes, over the same bytes, best of some turns."""
    pages, prints = FORMATS["html"](12), FORMATS["pdf"](4)
    word = [file.data for file in by_office([as_docx(own) for own in sheets(6)], "doc")]
    return [
        _ratio("HTML, over a bare lxml parse", pages, lambda data: etree.fromstring(data, etree.HTMLParser()), 9),
        _ratio("text PDF, over pdfplumber's own table extraction", prints, _bare_pdf, 3),
        _ratio_of_batches(word),
    ]


def _ratio(label: str, files: Sequence[Printed], bare: Callable[[bytes], object], turns: int) -> str:
    own = theirs = float("inf")
    for _ in range(turns):  # in turns, and the processor's time: other work on the machine hits both alike
        theirs = min(theirs, _seconds(lambda: [bare(file.data) for file in files], time.process_time))
        own = min(
            own, _seconds(lambda: [surest(read_file(File(file.name, file.data))) for file in files], time.process_time)
        )
    size = sum(len(file.data) for file in files) / len(files) / 1024
    return f"{label} ({size:.0f} KB): {own / theirs:.2f}"


def _ratio_of_batches(files: Sequence[bytes]) -> str:
    """Old Word files: converted in one call and read, over the conversion alone."""

    def read() -> None:
        for converted in office.convert(files):
            if isinstance(converted, Unreadable):
                raise SystemExit(f"not converted: {converted}")
            read_file(File("report.docx", converted))

    own, theirs = (
        min(_seconds(work, time.perf_counter) for _ in range(3)) for work in (read, lambda: office.convert(files))
    )
    return f".doc, over the conversion alone (a batch of {len(files)}): {own / theirs:.2f}"


def _seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    work()
    return clock() - start


def _bare_pdf(data: bytes) -> object:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return [page.extract_tables() for page in document.pages]


if __name__ == "__main__":
    main()
