"""The area's roll-up from a home: who belongs to the area, whose report stands, who is missing and why. Writes nothing.

Nobody is counted twice: an area's own government's report is held beside the sum and never in it; a government below
stands for its place only where the roster names none of the bodies there; of an agency's reports the one that stands
counts. A report that was withdrawn, or is an empty form, is no report.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from monitor.checks.cells import doubt_of, own_rows
from monitor.errors import UsageError
from monitor.form import TABLES, edition_for
from monitor.jobs.home import Home
from monitor.jobs.judge import Judged, judge_all
from monitor.model import Agency, Registry, Report, Status
from monitor.rollup import RollUp, Source, Sums, add_up, balances, carried_over, compare
from monitor.rows import Reading
from monitor.text import clean, squash
from monitor.views import REASON_WORDS

_GOVERNMENT: Final = "government"


def roll_up(home: Home, region: str, year: int) -> RollUp:
    """The roll-up of an area. Raises UsageError where the roster has no agency there."""
    inside = _inside(home.registry, region)
    judged = {item.agency.agency: item for item in _judged(home, inside, year)}
    own, below, members = _apart([judged[agency.agency] for agency in inside], region)
    sources, doubles = _once(_source(judged[agency.agency]) for agency in members)
    sums = add_up(sources, edition_for(year))
    government = _source(judged[own[0].agency]) if len(own) == 1 else None
    before = [_last_year(judged[source.agency]) for source in sources]
    return RollUp(
        region=region,
        place=government.name if government else f"区划{region}",
        year=year,
        at=home.now().isoformat(timespec="minutes"),
        sums=sums,
        balances=tuple(balances(sums)),
        carried=tuple(carried_over(sums, before)) if any(old.report for old in before) else (),
        government=government,
        differences=compare(sums, government) if government and government.report else {},
        notes=(*_scope(own, below, members), *doubles, *_on_reading(sources)),
    )


def sums_beneath(judged: Iterable[Judged], government: Agency, year: int) -> Sums | None:
    """What the agencies of a government's area add up to, from judgements of them all; None where there are none."""
    inside = [item for item in judged if item.obligation.year == year and covers(government.region, item.agency.region)]
    _, _, members = _apart(inside, government.region)
    chosen = {agency.agency for agency in members}
    sources, _ = _once(_source(item) for item in inside if item.agency.agency in chosen)
    return add_up(sources, edition_for(year)) if sources else None


# ── who belongs to it ───────────────────────────────────────────────────────────────────────────────────────────────


def covers(region: str, code: str) -> bool:
    """Whether an area (GB/T 2260: a province ends with 0000, a city with 00) holds a place."""
    stem = region[:2] if region.endswith("0000") else region[:4] if region.endswith("00") else region
    return bool(region and code) and code.startswith(stem)


def _inside(registry: Registry, region: str) -> list[Agency]:
    found = [agency for agency in registry.agencies.values() if covers(region, agency.region)]
    if not found:
        known = sorted({agency.region for agency in registry.agencies.values() if agency.region})
        there = f"已登记的区划：{'、'.join(known)}" if known else "单位名单中还没有填写行政区划代码"
        raise UsageError(f"注册表中没有区划“{clean(region)}”的单位。{there}")
    return found


def _apart(inside: Iterable[Judged], region: str) -> tuple[list[Agency], list[Agency], list[Agency]]:
    """The area's own governments, all others that owe a report, and those of them that are summed."""
    owing = [item.agency for item in inside if item.verdict.status is not Status.EXEMPT]
    own = [agency for agency in owing if agency.kind == _GOVERNMENT and agency.region == region]
    below = [agency for agency in owing if agency not in own]
    return own, below, [agency for agency in below if not _is_told_by_others(agency, below)]


def _is_told_by_others(agency: Agency, all_below: Iterable[Agency]) -> bool:
    """Whether a government's report would count again what the bodies of its place are summed for."""
    return agency.kind == _GOVERNMENT and any(
        other is not agency and covers(agency.region, other.region) for other in all_below
    )


def _judged(home: Home, inside: Collection[Agency], year: int) -> list[Judged]:
    """The agencies' judgements. Their portals' rosters are all that can bear on them, so nothing else is judged."""
    portals = {agency.portal for agency in inside}
    roster = {key: agency for key, agency in home.registry.agencies.items() if agency.portal in portals}
    narrow = replace(home, registry=Registry(home.registry.portals, roster))
    wanted = {agency.agency for agency in inside}
    found = judge_all(narrow, (year,), home.now(), with_previous=True)
    return [item for item in found if item.agency.agency in wanted]


# ── what each of them has said ──────────────────────────────────────────────────────────────────────────────────────


def _source(item: Judged) -> Source:
    agency, verdict = item.agency, item.verdict
    source = Source(
        agency=agency.agency,
        name=clean(agency.name),
        kind=agency.kind,
        region=agency.region,
        url=verdict.report_url or "",
    )
    if verdict.withdrawn_at:
        return replace(source, reason="withdrawn", words="报告发布后已撤下")
    if verdict.report_url is None:
        reason = verdict.reason
        words = {"before_deadline": "未到截止日，尚未见到报告"}.get(reason, REASON_WORDS.get(reason, reason))
        return replace(source, reason=reason, words=words)
    if verdict.reason == "wrong_document":
        return replace(source, reason="wrong_document", words=REASON_WORDS["wrong_document"])
    return _with_report(source, item.reading)


def _with_report(source: Source, reading: Reading | None) -> Source:
    """The source with its report, or with why there is none to sum."""
    report = reading.report if reading else None
    if report is None:
        return replace(source, reason="unread", words="已见到报告，内容没有读出")
    if report.is_unfilled:
        return replace(source, reason="unfilled", words="所发的是没有填写的空白表")
    doubts = {table: doubt for table in TABLES if (doubt := doubt_of(report, table))}
    return replace(source, report=report, doubts=doubts)


def _last_year(item: Judged) -> Source:
    source = Source(agency=item.agency.agency, name=clean(item.agency.name))
    return _with_report(source, item.previous) if item.previous else source


def _once(sources: Iterable[Source]) -> tuple[list[Source], list[str]]:
    """Each body once: a roster may list one on two portals. The entry with a report stands, else the first."""
    kept: dict[tuple[str, str], Source] = {}
    notes = []
    for source in sources:
        key = (source.region, squash(source.name))
        first = kept.setdefault(key, source)
        if first is not source:
            if first.report is None and source.report is not None:
                kept[key] = source
            notes.append(f"名单中“{source.name}”不止一行（{first.agency}、{source.agency}），只计一次")
    return list(kept.values()), notes


# ── what has to be said beside the figures ──────────────────────────────────────────────────────────────────────────


def _scope(own: list[Agency], below: list[Agency], members: list[Agency]) -> list[str]:
    said = [f"“{clean(agency.name)}”的报告只用于比对，不计入汇总" for agency in own]
    if len(own) > 1:
        said.append("名单中本级政府不止一个，无法确定与谁比对，没有比对")
    elif not own:
        said.append("名单中没有本级政府（类型为“政府”、区划相同的单位），没有比对")
    told = [clean(agency.name) for agency in below if agency not in members]
    if told:
        said.append(f"这些下级政府的报告不计入汇总，因其所属单位已逐个汇总：{'、'.join(told)}")
    standing = [clean(agency.name) for agency in members if agency.kind == _GOVERNMENT]
    if standing:
        said.append(f"这些下级政府以其政府报告计入汇总，因名单中没有其所属单位：{'、'.join(standing)}")
    return said


def _on_reading(sources: Iterable[Source]) -> list[str]:
    reports = [(source.name, source.report) for source in sources if source.report is not None]
    scanned = [name for name, report in reports if report.is_scan]
    said = [f"由扫描件或图片识别，数字请核对原件：{'、'.join(scanned)}"] if scanned else []
    for name, report in reports:
        said += _own_rows(name, report)
    return said


def _own_rows(name: str, report: Report) -> list[str]:
    return [
        f"{name}的《{TABLES[table]}》另有“{'”“'.join(map(clean, rows))}”行，不在统一格式内，没有汇总"
        for table in TABLES
        if (rows := own_rows(report, table))
    ]
