"""Rules over headings beside each other: the sub-headings of a part, and the parts as the preface names them.

Remarks of style: hints only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown
from monitor.checks.lines import BODY, HEADING, running
from monitor.checks.numbering import ITEM
from monitor.form import SECTIONS
from monitor.model import Finding, Severity
from monitor.text import clean, squash

_TOPIC_END: Final = re.compile(r"[。：:，,；;（(]|\s(?=\d)")
#: What names of the five topics end with; 情况 makes the difference that is seen.
_LIKE_NAMED: Final = "情况"


class SubheadingInconsistent(Rule):
    """The sub-headings of part one are named alike: all with 情况 at the end, or none."""

    id = "subheading_inconsistent"
    name = "小标题写法不一致"
    severity = Severity.HINT
    verifies = "总体情况各小标题写法一致（都带“情况”或都不带）"
    basis = f"{CUSTOM}：同级小标题写法一致"
    good = Example({"sections.1.text": "（一）主动公开情况\n公开90条。\n（二）依申请公开情况\n没有收到申请。"})
    bad = Example({"sections.1.text": "（一）主动公开情况\n公开90条。\n（二）依申请公开\n没有收到申请。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        lines = [line for line in running(context).lines if line.kind == BODY and line.part == 1]
        if not lines:
            yield Unknown("没有读到第一部分的正文")
            return
        names = []
        for line in lines:
            found = ITEM.match(line.text)
            if found and found.lastgroup == "paren":
                name = _TOPIC_END.split(line.text[found.end() :].strip(), maxsplit=1)[0].strip()
                if 2 < len(name) <= 16:
                    names.append((name, line))
        named = [name.endswith(_LIKE_NAMED) for name, _ in names]
        if len(names) < 2 or all(named) or not any(named):
            return
        other = [name for name, _ in names if not name.endswith(_LIKE_NAMED)]
        yield self.finding(
            "1",
            f"有的小标题带“情况”，有的不带：{'、'.join(other)}。",
            quote="；".join(name for name, _ in names),
            section=lines[0].place,
            found="、".join(other),
        )


_LISTED: Final = re.compile(r"(?:包括|包含|分为|由|内容有|内容为|共有?)([^。\n]{20,200}?)等?(?:六|6) ?个?大?部分")
_JOINS: Final = re.compile(r"[\W_及和与]+")


class PrefaceHeadingMismatch(Rule):
    """Where the preface names the six parts, it names them as their headings do."""

    id = "preface_heading_mismatch"
    name = "前言所列部分与标题不一致"
    severity = Severity.HINT
    verifies = "前言中列出的六个部分与各部分标题一致（标点和“及、和、与”的差别不计）"
    basis = f"{CUSTOM}：前言与正文前后一致"
    good = Example()
    bad = Example(
        {
            "preface": "本报告由总体情况、主动公开情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、"
            "行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项等六个部分组成。"
        }
    )

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        headings = [line for line in running(context).lines if line.kind == HEADING and line.part]
        preface = context.report.preface
        if not preface or not headings:
            yield Unknown("没有读到前言或各部分的标题")
            return
        listed = _LISTED.search(preface)
        if listed is None:
            return
        said = _JOINS.sub("", squash(listed[1]))
        different = {
            section.part: clean(section.printed)
            for section in context.report.sections
            if section.part and _JOINS.sub("", squash(section.heading)) not in said
        }
        if different:
            yield self.finding(
                "preface",
                f"前言所列的部分名称与标题不一致：{'；'.join(different.values())}。",
                quote=clean(listed[0])[:160],
                section="前言",
                # Either may be the one that deviates from the form.
                expected=f"前言和标题都用统一格式的名称：{'；'.join(SECTIONS[part - 1] for part in different)}",
                found=clean(listed[1])[:120],
            )
