"""Rules over what parts one and six have to say: the five topics, the assessment of governments, the fees.

A topic is there if any of its words is: how well it is treated is for people to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.checks.base import CUSTOM, FORM, LAW_50, Context, Example, Rule, Unknown
from monitor.checks.lines import by_reading
from monitor.model import Finding, Severity

#: The five topics of part one, and any of the words by which a report may speak of them.
_TOPICS: Final = {
    "proactive": ("主动公开", re.compile("主动公开|公开(?:政府|政务|各类|有关)?信息|(?:发布|公开)[^，。；]{0,20}\\d")),
    "requests": ("依申请公开", re.compile("申请")),
    "management": (
        "政府信息管理",
        re.compile(
            "信息管理|信息(?:的)?(?:发布|公开)?(?:审核|审查|清理|维护|更新|归档)|审查|审核|三审|审签|校对|把关|目录|清理|台账"
            "|保密|规范性文件|公文|公开属性|流程|制度"
        ),
    ),
    "platform": (
        "政府信息公开平台建设",
        re.compile("平台|网站|门户|公众号|新媒体|专栏|栏目|微博|微信|客户端|公报|公开栏|查阅[点室]|载体|渠道|阵地"),
    ),
    "supervision": (
        "监督保障",
        re.compile("监督|保障|考核|考评|培训|评议|追究|问责|督查|督促|检查|自查|领导小组|组织领导|专人|学习"),
    ),
}
_SHORT: Final = 30


class OverviewSubsectionMissing(Rule):
    """Part one speaks of its five topics."""

    id = "overview_subsection_missing"
    name = "总体情况五项不全"
    severity = Severity.WARNING
    verifies = "总体情况写到主动公开、依申请公开、政府信息管理、平台建设、监督保障五个方面（有相关文字即可）"
    basis = f"{FORM}规定的总体情况内容"
    good = Example()
    bad = Example({"sections.1.text": "全年主动公开政府信息90条，没有收到申请。网站专栏按月更新，信息先审后发。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        text = _overview(context)
        if text is None or len(text) < _SHORT:
            yield Unknown("没有读到第一部分的正文")
            return
        for topic, (name, words) in _TOPICS.items():
            if not words.search(text):
                yield self.finding(
                    topic,
                    f"总体情况没有写到“{name}”。",
                    section=context.heading(1),
                    expected="、".join(label for label, _ in _TOPICS.values()),
                    found="、".join(label for label, said in _TOPICS.values() if said.search(text)),
                    explained=by_reading(context.report),
                )


_LONGEST: Final = 1000


class OverviewTooLong(Rule):
    """Part one of a department's report is no longer than what offices ask for."""

    id = "overview_too_long"
    name = "总体情况超字数"
    severity = Severity.HINT
    verifies = f"部门报告的总体情况原则上不超过{_LONGEST}字（各级政府的报告不查）"
    basis = f"{CUSTOM}：有的地方要求总体情况原则上不超过{_LONGEST}字"
    good = Example()
    bad = Example({"sections.1.text": "栏目按月更新，信息先审后发，公众可以随时查询。" * 50})
    # What offices ask for, they ask under the form of 2021.
    years = range(2021, 2100)

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        text = _overview(context)
        if not text:
            yield Unknown("没有读到第一部分的正文")
            return
        if context.kind == "government" or (context.report.agency or "").endswith("人民政府"):
            return
        length = len("".join(text.split()))
        if length > _LONGEST:
            yield self.finding(
                "1",
                f"总体情况有{length}字，原则上不超过{_LONGEST}字。",
                section=context.heading(1),
                expected=f"不超过{_LONGEST}字",
                found=f"{length}字",
            )


_ASSESSMENT: Final = {
    "assessment": ("工作考核", re.compile("考核|考评|绩效|测评|评估|督查|通报")),
    "appraisal": ("社会评议", re.compile("评议|评价|满意度|测评|评估|问卷|社会监督|监督员")),
    "accountability": ("责任追究", re.compile("追究|追责|问责|责任")),
}


class GovAssessmentMissing(Rule):
    """A government's report gives the results of assessment, public appraisal and accountability."""

    id = "gov_assessment_missing"
    name = "政府年报缺考核评议追责"
    severity = Severity.ERROR
    verifies = "各级人民政府的报告写明工作考核、社会评议和责任追究结果（有相关文字即可）"
    basis = f"{LAW_50}第四项"
    good = Example(
        {"sections.1.text": "对各部门开展年度考核，社会评议结果良好，没有发生责任追究的情形。"}, kind="government"
    )
    bad = Example({"sections.1.text": "全年主动公开政府信息90条，没有收到申请。"}, kind="government")

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if context.kind != "government":
            # A department owes none of this; without the roster nobody says which of the two it is.
            if not context.kind and (context.report.agency or "").endswith("人民政府"):
                yield Unknown("名录没有说明编制主体的类别")
            return
        text = context.report.text
        if _overview(context) is None or not text.strip():
            yield Unknown("没有读到第一部分的正文")
            return
        for key, (name, words) in _ASSESSMENT.items():
            if not words.search(text):
                yield self.finding(
                    key,
                    f"政府的年度报告没有写到{name}的情况。",
                    section=context.heading(1),
                    expected="工作考核、社会评议和责任追究结果情况",
                    found="、".join(label for label, said in _ASSESSMENT.values() if said.search(text)),
                    explained=by_reading(context.report),
                )


_FEE: Final = re.compile("处理费|收费|收取[^。；\\n]{0,12}费|费用|减免")


class FeeStatementMissing(Rule):
    """The report says what fees were charged for processing; part six is the place, another part will do."""

    id = "fee_statement_missing"
    name = "缺信息处理费情况"
    severity = Severity.ERROR
    verifies = "写明收取信息处理费的情况（没有收取的也要写明）"
    basis = f"{FORM}；《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"
    good = Example({"sections.6.text": "全年没有收取信息处理费。"})
    bad = Example({"sections.6.text": "没有其他需要报告的事项。"})
    # The fees are ruled since 2021.
    years = range(2021, 2100)

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        part = next((section for section in report.sections if section.part == 6), None)
        if part is None:
            yield Unknown("没有读到第六部分")
        elif not _FEE.search(part.text) and not _FEE.search(report.text):
            yield self.finding(
                "6",
                "报告没有写明收取信息处理费的情况。",
                quote=part.text.strip().split("\n")[0][:80],
                section=part.printed,
                expected="依据《政府信息公开信息处理费管理办法》收取信息处理费的情况",
                found="" if part.text.strip() else "该部分没有文字",
                explained=by_reading(report) or ("" if part.text.strip() else "该部分没有读到文字，可能在图片或附件中"),
            )


def _overview(context: Context) -> str | None:
    """The words of part one, with those under headings that belong to no part and stand before part two."""
    texts: list[str] | None = None
    for section in context.report.sections:
        if section.part == 1:
            texts = [*(texts or []), section.text]
        elif section.part is None and texts is not None:
            texts.append(f"{section.printed}\n{section.text}")
        elif texts is not None:
            break
    return None if texts is None else "\n".join(texts).strip()
