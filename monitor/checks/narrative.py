"""Rules over the running text's own figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown, quote_key
from monitor.checks.parts import PartsList, find_lists, is_torn
from monitor.model import Finding, Report, Severity
from monitor.text import clean

#: Characters. Reading lists takes time that grows faster than the text; nobody writes paragraphs of this length.
_LONGEST_PARAGRAPH: Final = 10_000


class ChannelSumExceedsTotal(Rule):
    """The parts after 其中 are together, or one alone, larger than the whole. A smaller sum is never a fault."""

    id = "channel_sum_exceeds_total"
    name = "分项之和大于总数"
    severity = Severity.ERROR
    verifies = "正文“总数……其中……”中，各分项之和、任一分项均不大于总数"
    basis = f"{CUSTOM}：分项包含在总数之内，各分项之和不应大于总数"
    good = Example({"sections.1.text": "全年公开信息90条，其中网站公开60条，微信公众号公开30条。"})
    bad = Example({"sections.1.text": "全年公开信息90条，其中网站公开60条，微信公众号公开50条。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if not context.report.text.strip():
            yield Unknown("没有读到正文")
        for heading, paragraph in _paragraphs(context.report):
            if len(paragraph) > _LONGEST_PARAGRAPH:
                yield Unknown("有一个段落长得不像正文，没有检查其中的数字")
                continue
            for parts in find_lists(paragraph, context.report_year):
                if not _exceeds(parts):
                    continue
                if is_torn(paragraph):
                    yield Unknown(f"数字中的逗号有歧义：“{parts.quote}”")
                elif "申请" in parts.whole.context and _may_hold_carried_over(context.report, paragraph):
                    yield Unknown(f"分项可能含上年结转的申请：“{parts.quote}”")
                else:
                    yield self._larger(parts, heading)

    def _larger(self, parts: PartsList, heading: str) -> Finding:
        unit, whole = parts.whole.unit, parts.bound
        single = max(parts.parts, key=lambda part: part.value)
        if len(parts.parts) == 1 or not parts.addable:
            total, said = single.value, f"其中一项为{single.value}{unit}"
        else:
            total = parts.total
            said = f"“其中”各项{'＋'.join(str(part.value) for part in parts.parts)}＝{total}{unit}"
        return self.finding(
            quote_key(parts.quote),
            f"总数为{whole}{unit}，{said}，比总数多{total - whole}{unit}。",
            quote=parts.quote,
            section=heading,
            expected=f"不大于{whole}",
            found=str(total),
        )


def _exceeds(parts: PartsList) -> bool:
    if any(part.value > parts.bound for part in parts.parts):
        return True
    return parts.addable and parts.total > parts.bound


def _may_hold_carried_over(report: Report, paragraph: str) -> bool:
    """Whether results may count applications of the year before, which the number received does not."""
    carried_in = report.cell("requests.carried_in.total")
    return "结转" in paragraph or carried_in is None or carried_in.value != 0


def _paragraphs(report: Report) -> Iterator[tuple[str, str]]:
    for heading, text in (("", report.preface), *((section.printed, section.text) for section in report.sections)):
        for line in text.splitlines():
            if paragraph := clean(line):
                yield heading, paragraph
