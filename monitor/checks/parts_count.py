"""How many parts a report says it has ("本报告由……六个部分组成") against those that it lists, or has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Passage, Rule, Unknown, quote_key
from monitor.model import Finding, Severity

_NUMBER: Final = {mark: value for value, mark in enumerate("一二三四五六七八九十", start=1)} | {
    str(value): value for value in range(1, 11)
}
_STATED: Final = re.compile(
    r"(?<![第\d一二三四五六七八九十])(?P<number>[一二三四五六七八九十]|10|\d)\s?(?:个|大)*部分"
    r"(?!公开|地区|单位|群众|人员|栏目|工作|信息)"
)
#: Characters; no sentence that lists six parts is longer.
_LONGEST: Final = 400
_STOP: Final = re.compile("[。！？]")
_OF_THE_REPORT: Final = re.compile("报告|年报|全文")
#: Names of parts hold marks that part no names.
_JOINED: Final = (
    (re.compile(r"行政复议(?:、|和|及|与|以及)(?:被?提起)?行政诉讼"), "行政复议行政诉讼"),
    (re.compile(r"(?:收到|受理)(?:和|、|及|与)(?:处理|办理)"), "收到处理"),
    (re.compile(r"问题(?:、|和|及|与|以及)(?:下一步)?(?:改进|整改|解决|打算|对策|措施)"), "问题改进"),
    (re.compile(r"改进(?:情况|措施)?(?:、|和|及)(?:打算|措施)"), "改进"),
    (re.compile(r"工作考核、社会评议(?:和|、)责任追究"), "工作考核"),
)
_LIST: Final = re.compile(
    r"(?:包括|包含|分为|分成|分|含|内容为|内容有|由|有|[:：])(?:了|以下|如下)?[:：]?(?P<items>.*)"
)
_SEPARATOR: Final = re.compile(
    r"[、，,；;]|以及|(?:和|及|与)(?=其[他它]|附|需要|存在|收到|主动|依申请|行政|政府|因|总体|问题|监督)"
)
_TAIL: Final = re.compile(r"(?:等)?(?:共|共计|合计|组成|构成)*(?:等)?$")
_MARK: Final = re.compile(
    r"^(?:[一二三四五六七八九十\d]+是|[（(]?[一二三四五六七八九十\d]+[）)、.．]|第[一二三四五六七八九十]部分)\s?"
)
_NAME: Final = re.compile("情况|事项|内容|问题|工作|公开|概述|建设|管理|监督|措施|诉讼|复议|表")
_FEWEST: Final = 3
#: So many statements at most are looked at: a report makes one.
_MOST: Final = 20


class PartsCountWrong(Rule):
    """The number of parts that the preface states is that of those it lists, else of those the report has."""

    id = "parts_count_wrong"
    name = "所称部分数与实际不符"
    severity = Severity.WARNING
    verifies = "“本报告由……几个部分组成”所写的部分数，与所列部分相符；没有列出的，与报告实有部分相符"
    basis = f"{CUSTOM}：文字叙述应当与所列内容一致"
    good = Example({"preface": "本报告由总体情况、主动公开情况、依申请公开情况三个部分组成。"})
    bad = Example({"preface": "本报告由总体情况、主动公开情况、依申请公开情况四个部分组成。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if not context.passages:
            yield Unknown("没有读到正文")
        for passage, match in islice(_statements(context), _MOST):
            before, behind = _sentence(passage.text, match)
            if _OF_THE_REPORT.search(before + behind):
                yield from self._stated(context, passage, match, (before, behind))

    def _stated(
        self, context: Context, passage: Passage, match: re.Match[str], around: tuple[str, str]
    ) -> Iterator[Finding | Unknown]:
        stated = _NUMBER[match["number"]]
        sentence = f"{around[0]}{match[0]}{around[1]}".strip()
        items = _items(*around)
        if items is not None:
            counted, said = len(set(items)), f"列出的有{len(set(items))}项：{'；'.join(dict.fromkeys(items))}"
            if len(items) != len(set(items)):
                said += "（有重复）"
        else:
            counted = len({section.part for section in context.report.sections if section.part})
            said = f"报告正文有{counted}个部分"
            if counted <= stated != counted:
                yield Unknown("没有读全报告的各部分，无法与所称部分数核对")
                return
        if counted != stated:
            yield self.finding(
                quote_key(sentence),
                f"文中称{stated}个部分，{said}。",
                quote=sentence,
                section=context.place(passage.part),
                expected=str(counted),
                found=str(stated),
            )


def _statements(context: Context) -> Iterator[tuple[Passage, re.Match[str]]]:
    for passage in context.passages:
        if passage.part in (0, 1, None) and "部分" in passage.text:
            for match in _STATED.finditer(passage.text):
                yield passage, match


def _sentence(text: str, match: re.Match[str]) -> tuple[str, str]:
    """The sentence around a number of parts: what stands before it and what behind."""
    return _STOP.split(text[max(0, match.start() - _LONGEST) : match.start()])[-1], _STOP.split(
        text[match.end() : match.end() + _LONGEST]
    )[0]


def _items(before: str, behind: str) -> list[str] | None:
    """The parts that the sentence lists before or behind their number; None where it lists none for sure."""
    for words in (before, behind):
        for pattern, joined in _JOINED:
            words = pattern.sub(joined, words)
        found = _LIST.search(words)
        if found is None:
            continue
        listed = _TAIL.sub("", found["items"].strip('，,：: （(“”"'))
        items = [_MARK.sub("", item.strip(' “”"（()）')) for item in _SEPARATOR.split(listed)]
        items = [item.removesuffix("等") for item in items if item.removesuffix("等")]
        if len(items) >= _FEWEST and all(_NAME.search(item) for item in items):
            return items
    return None
