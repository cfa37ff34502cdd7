"""Rules over loose times: “until now” and “this year” in the report of a year that is over. Hints, one a report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown
from monitor.checks.lines import TITLE, nothing_to_read, running
from monitor.model import Finding, Severity

_UNTIL_NOW: Final = re.compile("截[至止]目前|到目前为止|截[至止]现在|截[至止]今日|迄今为止")
_SINCE: Final = re.compile(r"20\d\d ?年以来")


class OpenEndedTime(Rule):
    """A closed year's report does not count until “now”."""

    id = "open_ended_time"
    name = "时间无止期"
    severity = Severity.HINT
    verifies = "不用“截至目前”等没有止期的时间（每份报告一条）"
    basis = f"{CUSTOM}：数据以统计期限为准"
    good = Example({"sections.1.text": "截至2023年12月31日，没有收到申请。"})
    bad = Example({"sections.1.text": "截至目前，没有收到申请。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := nothing_to_read(context):
            yield problem
            return
        lines = running(context)
        found = (
            _UNTIL_NOW.search(lines.text) if "目前" in lines.text or "截" in lines.text else None
        ) or _SINCE.search(lines.text)
        if found is None or lines.at(found.start()).kind == TITLE:
            return
        year = context.report_year
        closed = found[0].startswith("20")
        if closed and year is not None and found[0][:4] != str(year):
            return
        yield self.finding(
            "open",
            f"“{found[0]}”没有止期，统计期限是全年。",
            quote=lines.sentence(found.start(), found.end()),
            section=lines.at(found.start()).place,
            expected=f"{year}年" if closed and year else "截至统计期限届满之日",
            found=found[0],
        )


_RELATIVES: Final = ("今年", "去年", "明年", "本月", "上月")
_RELATIVE: Final = re.compile(f"(?<![“《较比同与])(?:{'|'.join(_RELATIVES)})")


class RelativeTime(Rule):
    """Years are given by their numbers."""

    id = "relative_time"
    name = "相对时间"
    severity = Severity.HINT
    verifies = "不用“今年”“去年”等相对时间（比较中的“较去年”不算，每份报告一条）"
    basis = f"{CUSTOM}：时间写明年份"
    good = Example({"sections.1.text": "2023年主动公开90条，较去年持平。"})
    bad = Example({"sections.1.text": "今年主动公开90条。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := nothing_to_read(context):
            yield problem
            return
        lines = running(context)
        found = _RELATIVE.search(lines.text) if any(word in lines.text for word in _RELATIVES) else None
        if found:
            year = context.report_year
            yield self.finding(
                "relative",
                f"“{found[0]}”没有写明是哪一年。",
                quote=lines.sentence(found.start(), found.end()),
                section=lines.at(found.start()).place,
                expected=f"{year}年" if year and found[0] == "今年" else "写明年份",
                found=found[0],
            )
