"""Rules over words that stand in another report too: another agency's, or the agency's own of last year.

What is like what is measured elsewhere (`monitor.likeness`, `monitor.lookalikes`); here stands from when on it is told.
That texts are alike is a fact, and which was published first is one; who copied whom is for people to find out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from monitor.checks.base import Context, Example, Rule, Unknown
from monitor.checks.hollow import problem_lines
from monitor.checks.lines import by_reading
from monitor.checks.table_years import last_year
from monitor.likeness import Likeness, Sentence, likeness, own_sentences
from monitor.model import Finding, Lookalike, Report, Severity
from monitor.text import clean

SAMENESS: Final = "国办公开办函〔2021〕30号：年度报告内容雷同、敷衍塞责等造成不良影响的，依法追究责任"

#: The share of a report's own words, or of its fifth part's, that another agency's report has too.
_LIKE_ANOTHER: Final = 0.5
_PROBLEMS_LIKE_ANOTHER: Final = 0.8
#: From fewer agencies' reports nothing can be learned of what a place tells everybody to write.
_FEW: Final = 8
_QUOTE: Final = 200


def _percent(share: float) -> str:
    return f"{share:.0%}"


class CopyOtherUnit(Rule):
    """A report is in its agency's own words. Said of both reports, with the words of both side by side."""

    id = "copy_other_unit"
    name = "与其他单位报告高度相似"
    severity = Severity.WARNING
    verifies = "报告文字（不计共用模板、套话、名称和数字）不与其他单位的报告高度相似；相似的，需核实"
    basis = SAMENESS
    good = Example(lookalikes=())
    bad = Example(
        lookalikes=(
            Lookalike(
                "青石县民政局",
                2023,
                0.82,
                (("志愿讲解员每周轮换，展厅说明牌重新校对", "志愿讲解员每周轮换，展厅说明牌全部校对"),),
                compared=60,
            ),
        )
    )

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if context.lookalikes is None:
            yield Unknown("没有与其他单位的报告比对")
            return
        for like in context.lookalikes:
            if like.shared >= _LIKE_ANOTHER or like.problems >= _PROBLEMS_LIKE_ANOTHER:
                yield self._found(context, like)

    def _found(self, context: Context, like: Lookalike) -> Finding:
        whole = like.shared >= _LIKE_ANOTHER
        where = "正文" if whole else "“存在的主要问题及改进情况”部分"
        share = _percent(like.shared if whole else like.problems)
        few = like.compared and like.compared < _FEW
        caution = f"只比对了{like.compared}个单位，可能是当地统一的写法。" if few else ""
        own, theirs = like.passages[0] if like.passages else ("", "")
        return self.finding(
            f"{like.agency_id or like.agency}:{like.year}",
            f"{where}与{like.agency}{like.year}年度报告高度相似（{share}的文字基本相同），需核实。"
            f"{_which_first(context, like)}{caution}",
            severity=Severity.HINT if few else self.severity,
            quote=own,
            section=context.heading(1 if whole else 5),
            expected="结合本单位实际编写",
            found=f"{like.agency}（{'，'.join(filter(None, (f'{like.year}年度', like.url)))}）："
            f"{_side_by_side(like, theirs)}",
            explained=by_reading(context.report),
        )


def _which_first(context: Context, like: Lookalike) -> str:
    """The dates of both, as facts."""
    if context.published_on is None or like.published_on is None:
        return ""
    return f"本报告{context.published_on:%Y-%m-%d}发布，对方{like.published_on:%Y-%m-%d}发布。"


def _side_by_side(like: Lookalike, first: str) -> str:
    """The other's words for the quoted ones, then further pairs."""
    more = (f"另：“{own}”／“{theirs}”" for own, theirs in like.passages[1:])
    return "；".join([f"“{first}”", *more]) if first else _percent(like.shared)


#: The parts that tell of a year: the sixth part's words are much the same in every one.
_COMPARED: Final = (1, 5)
#: The share of the words of parts one and five that stood there last year.
_LIKE_LAST_YEAR: Final = 0.7
_SAME_AS_LAST_YEAR: Final = 0.95
#: Characters that have to be the same: of a short report, much has to be said in the same words.
_FEWEST: Final = 150
_MANY: Final = 400
_FEWEST_PROBLEMS: Final = 40
_SAME_PROBLEMS: Final = 0.85
#: A glance: so many characters, at so many places; names and numbers may have changed in most of them.
_GLANCE: Final = 7
_GLANCES: Final = 40
_WORTH_MEASURING: Final = 0.25
#: Characters of last year's text in which is looked.
_LONGEST: Final = 20_000


_HALLS: Final = "".join(
    f"{hall}陈列说明由讲解员逐块校对，破损展签当天更换，观众留言本每晚收回登记并于次日答复。"
    for hall in ("东厅", "西厅", "南厅", "北厅", "碑廊", "后院")
)


class CopyLastYear(Rule):
    """What is reported of a year is not last year's text with other numbers."""

    id = "copy_last_year"
    name = "与上年报告雷同"
    severity = Severity.WARNING
    verifies = "总体情况、存在的主要问题及改进情况两部分（不计名称、数字和固定用语）不沿用上年的文字（几乎全同为错误）"
    basis = SAMENESS
    good = Example(previous={"year": 2022})
    bad = Example({"sections.1.text": _HALLS}, previous={"year": 2022, "sections.1.text": _HALLS})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        previous = last_year(context)
        if isinstance(previous, Unknown):
            yield previous
            return
        now, before = _text(context.report), _text(previous)
        if not now or not before:
            yield Unknown("没有读到可供比对的正文")
            return
        if not _may_be_alike(now, before):
            return
        found = likeness(_sentences(context, context.report), _sentences(context, previous), least=_LIKE_LAST_YEAR)
        if found.share >= _LIKE_LAST_YEAR and found.alike >= _FEWEST:
            same = found.share >= _SAME_AS_LAST_YEAR and found.alike >= _MANY
            yield _said(self, context, found, "text", "第一、五部分", Severity.ERROR if same else self.severity)


_PROBLEMS: Final = (
    "存在的问题：一是展厅导览词只有普通话版本，外地游客多次来信要求增加方言讲解；"
    "二是夜间开放的通知发布偏迟，周边居民常常扑空。"
)


class ProblemSameAsLastYear(Rule):
    """The problems of a year are not last year's, word for word."""

    id = "problem_same_as_last_year"
    name = "存在问题与上年相同"
    severity = Severity.WARNING
    verifies = "存在的主要问题不与上年报告所写的相同（不计名称和数字）"
    basis = "公开的核查通报：存在问题逐条分析，不敷衍、不照搬"
    good = Example(previous={"year": 2022, "sections.5.text": "展品说明缺少外文版本。下一年将补充。"})
    bad = Example(
        {"sections.5.text": f"{_PROBLEMS}下一年将逐项改进。"},
        previous={"year": 2022, "sections.5.text": f"{_PROBLEMS}下一年将认真整改。"},
    )

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        previous = last_year(context)
        if isinstance(previous, Unknown):
            yield previous
            return
        now, before = problem_lines(context.report), problem_lines(previous)
        if not now or not before:
            yield Unknown("没有读到本年或上年的存在问题")
            return
        if not _may_be_alike("。".join(now), "。".join(before)):
            return
        wanted = {clean(line) for line in now}
        own = [s for s in _sentences(context, context.report) if s.part == 5 and _among(s, wanted)]
        wanted = {clean(line) for line in before}
        old = [s for s in _sentences(context, previous) if s.part == 5 and _among(s, wanted)]
        found = likeness(own, old, least=_SAME_PROBLEMS)
        if found.share >= _SAME_PROBLEMS and found.alike >= _FEWEST_PROBLEMS:
            yield _said(self, context, found, "problems", "存在的主要问题", self.severity)


def _text(report: Report) -> str:
    """Parts one and five as printed."""
    return "\n".join(section.text for section in report.sections if section.part in _COMPARED and section.text.strip())


def _may_be_alike(now: str, before: str) -> bool:
    """Whether some of this year's words stand in last year's text: a glance that saves the measuring."""
    step = max(_GLANCE, len(now) // _GLANCES)
    glances = [now[start : start + _GLANCE] for start in range(0, max(1, len(now) - _GLANCE), step)]
    found = sum(1 for glance in glances if glance in before[:_LONGEST])
    return found >= len(glances) * _WORTH_MEASURING


def _among(sentence: Sentence, lines: set[str]) -> bool:
    return any(sentence.text in line for line in lines)


def _sentences(context: Context, report: Report) -> Sequence[Sentence]:
    return own_sentences(report, context.agency_names, parts=_COMPARED)


def _said(rule: Rule, context: Context, found: Likeness, subject: str, where: str, severity: Severity) -> Finding:
    own, old = max(found.pairs, key=lambda pair: len(pair[0].key))
    year = context.report_year or 0
    return rule.finding(
        subject,
        f"{where}的文字与{year - 1}年度报告高度相似（{_percent(found.share)}基本相同），需核实是否按本年实际编写。",
        severity=severity,
        quote=own.text[:_QUOTE],
        section=context.heading(own.part),
        expected="按本年实际编写",
        found=f"{year - 1}年度报告：“{old.text[:_QUOTE]}”",
        explained=by_reading(context.report),
    )
