"""Read and check reports that somebody holds in hand: files, folders, addresses. Needs no home and writes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from monitor import checks
from monitor.documents import media_type_of
from monitor.documents.choosing import enclosed, is_one, may_be_enclosed, reports_in
from monitor.documents.files import File, Read, together
from monitor.errors import Unreadable
from monitor.exports.sarif import Source
from monitor.jobs.compare import compare_in_hand
from monitor.jobs.crawl import user_agent
from monitor.jobs.lexicons import load_lexicon
from monitor.jobs.lint_choice import EVERYTHING, Choice
from monitor.jobs.reading import Item, Reader, read_pages
from monitor.jobs.sources import Place, expand, load, load_enclosed
from monitor.lexicon import Lexicon
from monitor.model import Lookalike, Outcome, OutcomeStatus, Report, Severity
from monitor.settings import Settings
from monitor.text import squash
from monitor.wire import PROVENANCE, outcomes_to_json, provenance_to_json, report_to_json

#: What is said of the form that nobody has filled in.
UNFILLED: Final = "这是一份空白表，尚未填写"
_NO_REPORT: Final = "不是政府信息公开工作年度报告：没有找到六个部分和统计表"


@dataclass(frozen=True, slots=True)
class Linted:
    """One source: what was read and what the rules say, or `error`: why it could not be read (one Chinese line)."""

    source: str
    sha256: str = ""
    media_type: str = ""
    error: str = ""
    report: Report | None = None
    outcomes: tuple[Outcome, ...] = ()

    @property
    def as_source(self) -> Source:
        """The same for `lint --format sarif`."""
        return Source(self.source, self.sha256, self.media_type, self.error, self.report, self.outcomes)

    @property
    def has_errors(self) -> bool:
        return any(finding.severity is Severity.ERROR for outcome in self.outcomes for finding in outcome.findings)

    def as_json(self, *, provenance: bool = False) -> dict[str, Any]:
        """The contract's object of `lint --format json`; `provenance` adds where each value stands."""
        report = report_to_json(self.report) if self.report else None
        return {
            "source": self.source,
            "sha256": self.sha256 or None,
            "media_type": self.media_type or None,
            "error": self.error or None,
            "report": report and {key: value for key, value in report.items() if key not in PROVENANCE},
            **outcomes_to_json(self.outcomes),
            **({"provenance": provenance_to_json(self.report) if self.report else None} if provenance else {}),
        }


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A source as it came in. What a file says of itself is believed from its bytes alone."""

    place: Place
    sha256: str = ""
    media_type: str = ""


class _Beside(NamedTuple):
    """What a report is held against: last year's, those in hand that are like it, the words to look for."""

    previous: Report | None
    lookalikes: tuple[Lookalike, ...] | None
    lexicon: Lexicon


def lint(
    sources: Sequence[str],
    settings: Settings,
    *,
    year: int | None = None,
    agency: str = "",
    previous: str = "",
    processes: int = 0,
    choice: Choice = EVERYTHING,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> list[Linted]:
    """Lint each source, a folder as the files in it, an archive of several reports as each of these.

    `year`, `agency`: what the report is expected to be. `previous`: last year's report, "" for none; then the one of
    the same agency among the sources is taken. `choice`: which rules and findings are wanted. `step` is told how many
    sources of how many have been read. Raises Unreadable where last year's report cannot be read, and SettingsError
    where the office's lexicon is wrong; any other source's trouble stands in its own result.
    """
    lexicon = load_lexicon(settings.home)
    with Reader(processes, soffice=settings.soffice) as reader:
        before = _previous(reader, settings, previous, year, agency) if previous else None
        named = list(expand(sources))
        came: list[tuple[_Loaded, Read]] = []
        for done, (loaded, reads) in enumerate(_read(reader, settings, named, year, agency), start=1):
            for read in reads:
                own = loaded if len(reads) == 1 else _Loaded(Place(read.name), read.sha256, read.media_type)
                came.append((own, read))
            step(done, len(named))
    named_once = _by_agency_and_year(read.report for _, read in came)
    alike = compare_in_hand([(loaded.place.source, read.report) for loaded, read in came if read.report])
    results = []
    for loaded, read in came:
        last_year = _of_its_agency(before, read.report) or _last_year(read.report, year, named_once)
        beside = _Beside(last_year, alike.get(loaded.place.source), lexicon)
        results.append(_checked(loaded, read, beside, choice, year=year, agency=agency))
    return results


def _of_its_agency(before: Report | None, report: Report | None) -> Report | None:
    """Last year's report that was given, unless it names another agency."""
    return before if before and report and is_one(before.agency or "", report.agency or "") else None


def _by_agency_and_year(reports: Iterable[Report | None]) -> dict[tuple[str, int], Report | None]:
    """The reports of a call by whose and which year's they are; None where there are several, which may differ."""
    found: dict[tuple[str, int], Report | None] = {}
    for report in reports:
        if report is not None and report.is_form and report.agency and report.year:
            key = (squash(report.agency), report.year)
            found[key] = None if key in found else report
    return found


def _last_year(
    report: Report | None, year: int | None, reports: Mapping[tuple[str, int], Report | None]
) -> Report | None:
    """Last year's report of the same agency, if it is among those that were given."""
    due = year or (report.year if report else None)
    return reports.get((squash(report.agency), due - 1)) if report and report.agency and due else None


def _previous(reader: Reader, settings: Settings, source: str, year: int | None, agency: str) -> Report:
    [(_, reads)] = _read(reader, settings, [source], year - 1 if year else None, agency)
    if len(reads) > 1:
        raise Unreadable(f"上一年度的报告 {source} 里有 {len(reads)} 份报告或文件；请只给其中要用的一份")
    [read] = reads
    if read.report is None or not read.is_form:
        raise Unreadable(f"上一年度的报告 {source} 没有读成：{read.error or _NO_REPORT}")
    return read.report


def _read(
    reader: Reader, settings: Settings, sources: Sequence[str | Read], year: int | None, agency: str
) -> Iterator[tuple[_Loaded, list[Read]]]:
    """Each source with the document in it, or in what it encloses, that is the report; of an archive, with each."""
    loaded: list[_Loaded] = []
    limit, agent = settings.response_bytes, user_agent(settings.contact)

    def items() -> Iterator[Item]:
        for source in sources:
            item, place = (
                (source, Place(source.name)) if isinstance(source, Read) else load(source, limit=limit, agent=agent)
            )
            loaded.append(_arrived(place, item))
            yield item

    def enclosures(number: int, reads: tuple[Read, ...]) -> Iterable[Item]:
        page = reads[0]
        if not page.enclosures or not may_be_enclosed(reads):
            return ()
        title = page.report.title or "" if page.report else ""
        place = loaded[number].place
        return together(load_enclosed(place, page.enclosures, limit=limit, agent=agent, title=title))

    for number, (reads, further) in enumerate(read_pages(reader, items(), enclosures)):
        found = reports_in(reads, year=year, agency=agency)
        if further:
            [page] = found
            own = page.report  # the page says whose report it holds, and of which year, where nobody else does
            expected = (year or own.year, agency or own.agency or "") if own else (year, agency)
            found = [_of_enclosures(page, further, *expected)]
        yield loaded[number], found


def _arrived(place: Place, item: File | Read) -> _Loaded:
    if isinstance(item, Read):
        return _Loaded(place)
    media_type = media_type_of(item.data)[0] if item.data.strip() else ""
    return _Loaded(place, hashlib.sha256(item.data).hexdigest(), media_type)


def _of_enclosures(page: Read, further: Sequence[Read], year: int | None, agency: str) -> Read:
    read = enclosed(page, further, year=year, agency=agency)
    if read.name == page.name or read.error:
        return read
    if read.report is None or not read.is_form:
        return page
    notes = (f"网页上没有完整的报告，报告取自附件“{read.name}”", *read.report.notes)
    return replace(read, report=replace(read.report, notes=notes))


def _checked(loaded: _Loaded, read: Read, beside: _Beside, choice: Choice, *, year: int | None, agency: str) -> Linted:
    source, report = loaded.place.source, read.report
    if report is None or read.error or not report.is_form:
        return Linted(source, loaded.sha256, loaded.media_type, read.error or _NO_REPORT)
    names = (agency,) if agency else ()
    context = checks.Context(report=report, agency_names=names, year=year, **beside._asdict())
    outcomes = tuple(choice.of_outcomes(checks.run(context, choice.rules)))
    if report.is_unfilled:
        report = replace(report, notes=(UNFILLED, *report.notes))
        outcomes = tuple(Outcome(outcome.rule, OutcomeStatus.UNKNOWN, UNFILLED) for outcome in outcomes)
    return Linted(source, loaded.sha256, loaded.media_type, "", report, outcomes)
