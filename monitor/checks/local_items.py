"""What the office itself asks of reports, by its own list: nothing here knows any item."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from monitor.checks.base import Context, Example, Rule, Unknown
from monitor.checks.lines import SCANNED, nothing_to_read
from monitor.form import SECTIONS
from monitor.model import Finding, Severity
from monitor.office import LocalItem
from monitor.text import squash

_PROPOSALS: Final = LocalItem("建议提案办理情况", (("建议", "提案"),), basis="本地年度报告编制通知")


class LocalItemMissing(Rule):
    """Each item of the office's list is spoken of in some part of the report."""

    id = "local_item_missing"
    name = "缺本地要求事项"
    severity = Severity.WARNING
    verifies = "写明主管部门在事项清单（registry/items.csv）中要求的各个事项；没有清单时不判断"
    basis = "主管部门导入的事项清单所列的本地通知"
    good = Example(
        {"sections.6.text": "办理人大建议3件、政协提案2件。"},
        kind="department",
        items=(_PROPOSALS,),
    )
    bad = Example({"sections.6.text": "未收取信息处理费。"}, kind="department", items=(_PROPOSALS,))

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if not context.items:
            yield Unknown("没有配置本地要求事项清单")
            return
        if problem := Unknown(SCANNED) if context.report.is_scan else nothing_to_read(context):
            yield problem
            return
        year = context.report_year
        if year is None or not context.kind:
            yield Unknown("报告年度或单位类型不明，无法确定要求哪些事项")
            return
        parts = {section.part for section in context.report.sections}
        if not parts.issuperset(range(1, len(SECTIONS) + 1)):
            yield Unknown("六个部分没有读全，要求的事项可能写在没有读到的部分")
            return
        texts = [squash(context.report.preface)]
        texts += [squash(f"{section.printed}{section.text}") for section in context.report.sections]
        for item in context.items:
            if item.is_due(context.kind, year) and not _stands(item, texts):
                yield self.finding(
                    item.name,
                    f"没有写“{item.name}”{f'（{item.basis}）' if item.basis else ''}。",
                    expected=" 或 ".join("、".join(words) for words in item.words),
                    found="全文没有这些词",
                )


def _stands(item: LocalItem, texts: list[str]) -> bool:
    """Whether one of its wordings stands in some part, all words of it."""
    return any(all(word in text for word in words) for words in item.words for text in texts)
