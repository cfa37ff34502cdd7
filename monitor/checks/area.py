"""The rule that holds a government's report against what its agencies' reports add up to.

No law says that the two are equal. A government's report covers its agencies, so what it counts cannot well be less
than what they count together; that it is more is what the government itself has handled. Both are things to explain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from monitor.checks.base import Context, Example, Rule, Unknown
from monitor.checks.cells import PART_OF_TABLE, SHORT_NAMES, doubt_of, excuse, place, quote
from monitor.form import TABLES
from monitor.model import Finding, Severity
from monitor.rollup import Compared, Difference, Source, Sums, compare

#: So many cells, and so many agencies, are named in one message.
_NAMED: Final = 3
#: Documents made together and joint defendants are counted by each; applications are not.
_SEVERITIES: Final = {"requests": Severity.WARNING, "disclosure": Severity.HINT, "remedies": Severity.HINT}
_OFFICES: Final = ("政府办公室", "政府办公厅", "政府办")


class RollupMismatch(Rule):
    """A government's own report says no less, cell by cell, than its agencies' reports add up to."""

    id = "rollup_mismatch"
    name = "政府年报与所属单位之和不一致"
    severity = Severity.WARNING
    verifies = "政府年报三张表各格不小于所属单位报告之和（名单含政府办公厅（室）且没有缺报的，两者应相同）"
    basis = "编制惯例（不引用法规条文）：政府年报的数据由本级与各编制主体的数据汇总而成；法规没有规定两者必须相等"
    good = Example(
        {"tables.requests.received.individual": 5},
        kind="government",
        agencies=({"tables.requests.received.individual": 2}, {"tables.requests.received.individual": 1}),
    )
    bad = Example(
        {"tables.requests.received.individual": 2},
        kind="government",
        agencies=({"tables.requests.received.individual": 2}, {"tables.requests.received.individual": 1}),
    )

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if context.kind != "government":
            return
        if context.area is None or not any(source.report for source in context.area.sources):
            yield Unknown("没有所属单位的报告可以汇总，无法核对")
            return
        doubts = {table: doubt for table in TABLES if (doubt := doubt_of(context.report, table))}
        own = Source(agency="", name="", report=context.report, doubts=doubts)
        differences = compare(context.area, own)
        for table in TABLES:
            yield from self._table(context, context.area, table, differences)

    def _table(
        self, context: Context, area: Sums, table: str, differences: Mapping[str, Difference]
    ) -> Iterator[Finding | Unknown]:
        found = [difference for path, difference in differences.items() if path.startswith(f"{table}.")]
        less = [each for each in found if each.compared is Compared.LESS and each.is_sure]
        more = [each for each in found if each.compared is Compared.MORE and each.is_sure]
        if less:
            yield self._finding(context, area, less, "小于", _SEVERITIES[table])
        if more and _has_office(area):
            yield self._finding(context, area, more, "大于", Severity.HINT)
        # Of what nobody fills in there is nothing to hold; of what somebody's silence leaves open nothing is known.
        unheard = [each for each in found if each.is_open and not each.is_sure]
        if unheard:
            missing = _names([source.name for source in area.missing])
            yield Unknown(
                f"{SHORT_NAMES[table]}有{len(unheard)}格汇总不完整" + (f"，缺报：{missing}" if missing else "")
            )

    def _finding(
        self, context: Context, area: Sums, found: Sequence[Difference], how: str, severity: Severity
    ) -> Finding:
        report, first = context.report, found[0]
        table = first.path.split(".", 1)[0]
        said = "；".join(
            f"{place(report, each.path)}政府报告为{each.own.value}，"
            f"{area.totals[each.path].counted}个单位之和为{each.sum}，相差{abs(each.difference or 0)}"
            for each in found[:_NAMED]
        )
        more = f"；等共{len(found)}格" if len(found) > _NAMED else ""
        missing = [source.name for source in area.missing]
        short = f"另有{len(missing)}个单位没有计入（{_names(missing)}），计入后和只会更大。" if missing else ""
        return self.finding(
            table if how == "小于" else f"{table}.more",
            f"{SHORT_NAMES[table]}有{len(found)}格{how}所属单位之和：{said}{more}。{short}"
            f"名单范围不同、垂直管理单位、联合发文、共同被告等也会造成差异，请核实。",
            severity=severity,
            quote=quote(report, [each.path for each in found[:_NAMED]]),
            section=context.heading(PART_OF_TABLE[table]),
            cell=first.path,
            expected=f"{'不小于' if how == '小于' else ''}{first.sum}",
            found=str(first.own.value),
            explained=excuse(report) or _scanned(area),
        )


def _has_office(area: Sums) -> bool:
    """Whether the government's own office is among those that are summed: then nothing but them is left to count."""
    return any(source.name.endswith(_OFFICES) for source in area.sources)


def _scanned(area: Sums) -> str:
    scans = [source.name for source in area.sources if source.report and source.report.is_scan]
    return f"{_names(scans)}的报告由扫描件或图片识别得出，数字可能认错，请核对原件" if scans else ""


def _names(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + (f"等{len(names)}个单位" if len(names) > _NAMED else "")
