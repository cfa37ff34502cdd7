"""Rules over the lists and counts of the running text: a whole and its parts, and numbers that were left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown, quote_key
from monitor.checks.exact_lists import exact_lists
from monitor.checks.parts import TOTAL, PartsList, find_lists, is_torn, ways_of
from monitor.checks.proposals import is_proposals
from monitor.counts import flatten
from monitor.model import Finding, Report, Severity
from monitor.text import clean

#: Characters, lists in a paragraph, lists in a report. Reading lists takes time that grows faster than the text; nobody
#: writes paragraphs of this length, or so many lists.
_LONGEST_PARAGRAPH: Final = 10_000
_MOST_IN_PARAGRAPH: Final = 30
_MOST_IN_REPORT: Final = 400
#: So many parts beside a stated total look as if they were all.
_MANY_PARTS: Final = 3
_MAY_LIST: Final = re.compile("其中|包括|包含|分别|具体为")
_SCANNED: Final = "报告是图片，数字由文字识别得来，可能认错"


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with the paragraph that holds it and the number of its part of the report."""

    parts: PartsList
    paragraph: str
    part: int | None


def running_text(context: Context) -> str:
    """All paragraphs, a line each, for rules that look whether a word stands anywhere."""
    known = vars(context)
    if "_running_text" not in known:
        known["_running_text"] = "\n".join(passage.text for passage in context.passages)
    text: str = known["_running_text"]
    return text


def lists_in(context: Context) -> tuple[Listed, ...]:
    """The lists of the running text, read once for all rules."""
    known = vars(context)
    if "_lists" not in known:
        known["_lists"] = tuple(_read_lists(context))
    found: tuple[Listed, ...] = known["_lists"]
    return found


def _read_lists(context: Context) -> Iterator[Listed]:
    read = 0
    for passage in context.passages:
        if len(passage.text) > _LONGEST_PARAGRAPH or not _MAY_LIST.search(passage.text):
            continue
        many = len(_MAY_LIST.findall(passage.text))
        read += many
        if many > _MOST_IN_PARAGRAPH or read > _MOST_IN_REPORT:
            continue
        text = clean(passage.text)
        for parts in find_lists(text, context.report_year):
            yield Listed(parts, text, passage.part)
        if "分别" in text or "包" in text:
            for parts in exact_lists(flatten(text), text):
                yield Listed(parts, text, passage.part)


def text_problem(context: Context) -> Iterator[Unknown]:
    """Why lists of the text cannot be judged: there is no text, or a paragraph is none."""
    if not context.passages:
        yield Unknown("没有读到正文")
    elif any(len(passage.text) > _LONGEST_PARAGRAPH for passage in context.passages):
        yield Unknown("有一个段落长得不像正文，没有检查其中的数字")
    elif len(running_text(context)) > _LONGEST_PARAGRAPH and not _is_listed_through(context):
        yield Unknown("正文中的列举多得不像报告，没有全部检查")


def _is_listed_through(context: Context) -> bool:
    """Whether all lists were read. Only asked of long texts."""
    counts = [len(_MAY_LIST.findall(passage.text)) for passage in context.passages]
    return max(counts) <= _MOST_IN_PARAGRAPH and sum(counts) <= _MOST_IN_REPORT


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
        yield from text_problem(context)
        for listed in lists_in(context):
            parts = listed.parts
            if not _exceeds(parts) or is_proposals(context, listed.paragraph, (part.value for part in parts.parts)):
                continue
            if is_torn(listed.paragraph):
                yield Unknown(f"数字中的逗号有歧义：“{parts.quote}”")
            elif "申请" in parts.whole.context and _may_hold_carried_over(context.report, listed.paragraph):
                yield Unknown(f"分项可能含上年结转的申请：“{parts.quote}”")
            else:
                yield self._larger(context, listed)

    def _larger(self, context: Context, listed: Listed) -> Finding:
        parts = listed.parts
        unit, whole = parts.whole.unit, parts.bound
        single = max(parts.parts, key=lambda part: part.value)
        if len(parts.parts) == 1 or not parts.addable:
            total, said = single.value, f"其中一项为{single.value}{unit}"
        else:
            total, said = parts.total, f"各项{_sum(parts)}"
        return self.finding(
            quote_key(parts.quote),
            f"总数为{whole}{unit}，{said}，比总数多{total - whole}{unit}。",
            quote=parts.quote,
            section=context.place(listed.part),
            expected=f"不大于{whole}",
            found=str(total),
            explained=_SCANNED if context.report.is_scan else "",
        )


class ChannelSumShort(Rule):
    """The parts are fewer than the whole. 其中 may name some of them only, so this is a hint; 分别为 names all."""

    id = "channel_sum_short"
    name = "分项之和小于总数"
    severity = Severity.HINT
    verifies = "正文“总数……分别为……”“共……包括……”中各分项之和等于总数；“其中”列举同类分项而不足总数的，提示核对"
    basis = f"{CUSTOM}：“其中”可以不尽列，仅提示核对；写明“分别为”“共……包括”的，各分项之和应当等于总数"
    good = Example({"sections.1.text": "全年共公开信息90条，网站、微信分别公开60条、30条。"})
    bad = Example({"sections.1.text": "全年共公开信息90条，网站、微信分别公开60条、20条。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        yield from text_problem(context)
        exact = {listed.parts.whole.start for listed in lists_in(context) if listed.parts.is_whole}
        for listed in lists_in(context):
            parts = listed.parts
            if parts.total >= parts.bound or parts.bound != parts.whole.value or len(parts.parts) < 2:
                continue
            if not (parts.addable and parts.complete) or _divides_otherwise(parts):
                continue
            if is_torn(listed.paragraph):
                yield Unknown(f"数字中的逗号有歧义：“{parts.quote}”")
            elif parts.is_whole or (_seems_whole(parts) and parts.whole.start not in exact):
                yield self._short(context, listed)

    def _short(self, context: Context, listed: Listed) -> Finding:
        parts = listed.parts
        unit, whole = parts.whole.unit, parts.bound
        may = "" if parts.is_whole else "；“其中”可能没有列全，请核对"
        return self.finding(
            quote_key(parts.quote),
            f"总数为{whole}{unit}，各项{_sum(parts)}，比总数少{whole - parts.total}{unit}{may}。",
            severity=Severity.WARNING if parts.is_whole else Severity.HINT,
            quote=parts.quote,
            section=context.place(listed.part),
            expected=str(whole),
            found=str(parts.total),
            explained=_SCANNED if context.report.is_scan else "",
        )


def _sum(parts: PartsList) -> str:
    return f"{'＋'.join(str(part.value) for part in parts.parts)}＝{parts.total}{parts.whole.unit}"


def _exceeds(parts: PartsList) -> bool:
    if any(part.value > parts.bound for part in parts.parts):
        return True
    return parts.addable and parts.total > parts.bound


def _seems_whole(parts: PartsList) -> bool:
    """Whether an open list is worth a look: a stated total and many parts, or one that they nearly reach."""
    if not TOTAL.search(parts.whole.context):
        return False
    return len(parts.parts) >= _MANY_PARTS or parts.total * 20 >= parts.bound * 19


def _divides_otherwise(parts: PartsList) -> bool:
    """Roles of proposals and results of applications have rules of their own."""
    ways = set().union(*(ways_of(part.context) for part in parts.parts))
    return bool(ways & {"role", "result"}) or ("申请" in parts.whole.context and not ways)


def _may_hold_carried_over(report: Report, paragraph: str) -> bool:
    """Whether results may count applications of the year before, which the number received does not."""
    carried_in = report.cell("requests.carried_in.total")
    return "结转" in paragraph or carried_in is None or carried_in.value != 0


# ── numbers left out ────────────────────────────────────────────────────────────────────────────────────────────────

_ENDS: Final = r"(?=\s?(?:[，,。；;、）)]|其中))"
_UNIT: Final = r"(?:条次|人次|件次|场次|条|件|篇|份|次|期|场|宗)"
#: Nouns and verbs behind which a unit alone is no word of Chinese: 信息条, 培训次; but 申请件 and 提案件 are.
_GAPS: Final = (
    re.compile(rf"(?:公开|发布|推送|编发|更新|转载|报送|政务|政府|各类)(?:了|各类|政府|政务|动态|工作)*信息\s?(?:条次|条|篇|件(?=\s?[，,。；;]))"
               rf"{_ENDS}"),
    re.compile(rf"(?:[^公]|^)(?:共计|合计|总计|累计|(?<!公)共)\s?{_UNIT}{_ENDS}"),
    re.compile(rf"(?:公开|发布|受理|收到|新收|办理|办结|答复|承办|推送|制发|举办|召开|开展)[^，。；：、的\d]{{0,16}}?"
               rf"(?:申请|建议|提案|议案|文件|复议|诉讼|培训|发布会|解读|留言|意见)\s{_UNIT}{_ENDS}"),
    re.compile(rf"(?:举办|组织|开展|召开)[^，。；：、的\d]{{0,16}}?(?:培训|发布会)\s?(?:期|次){_ENDS}"),
    re.compile(rf"(?:编发|发布|推送|撰写|刊发)[^，。；：、的\d]{{0,12}}?(?:文章|稿件|解读材料|推文)\s?篇{_ENDS}"),
    re.compile(rf"处理费(?:共计|合计|共|总额|金额|为)?\s?万?元{_ENDS}"),
    re.compile(r"(?:占比|占总数的?|占总量的?|办复率|办结率|答复率|回复率|同比增长|同比下降|同比增加|同比减少)(?:均?为|达到|达|约)?\s?[%％]"),
    re.compile(rf"(?<![A-Za-z\d×*])(?:[Xx×*○〇●□_＿]{{1,8}}|\(\s*\)|（\s*）)\s?(?:条次|人次|条|件|篇|份|次|期|场|宗|万?元|[%％]){_ENDS}"),
)  # fmt: skip
#: What stands before a unit that lacks its number; runs over everything, so it tells most texts apart at once.
_BEFORE_GAP: Final = r"[\s息共计训会章稿料文费比率长降加少为达到约Xx×*○〇●□_＿)）]"
_MAY_GAP: Final = re.compile(
    r"[条件篇份次期场宗元%％](?=\s?[，,。；;、）)其]|(?<=[%％]))(?<!文件)"
    rf"(?:(?<={_BEFORE_GAP}.)(?<!\d{_BEFORE_GAP}.)"
    rf"|(?<={_BEFORE_GAP}[条人件场万].)(?<!\d{_BEFORE_GAP}[条人件场万].))"
)
_LOST: Final = "文件转换时可能丢失了数字"


class NumberBlank(Rule):
    """A unit or a verb whose number was left out: 主动公开信息 条, 占比 %."""

    id = "number_blank"
    name = "数字空缺"
    severity = Severity.ERROR
    verifies = "正文中计量单位前写有数字"
    basis = f"{CUSTOM}：统计数据应当填写完整"
    good = Example({"sections.1.text": "全年主动公开政府信息90条，占比100%。"})
    bad = Example({"sections.1.text": "全年主动公开政府信息 条，其中网站 条。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if not context.passages:
            yield Unknown("没有读到正文")
        if not _MAY_GAP.search(running_text(context)):
            return
        for passage in context.passages:
            if not _MAY_GAP.search(passage.text):
                continue
            text = clean(passage.text)
            for clause in _gaps(text):
                yield self.finding(
                    quote_key(clause),
                    f"“{clause}”中计量单位前没有数字。",
                    quote=clause,
                    section=context.place(passage.part),
                    expected="写明数字",
                    found="空缺",
                    explained=_LOST if _may_lose(context.report) else "",
                )


def _gaps(text: str) -> Iterator[str]:
    """The clauses that lack a number; quoted words and titles lack none."""
    flat = flatten(text)
    for pattern in _GAPS:
        for match in pattern.finditer(flat):
            start = max(flat.rfind(mark, 0, match.start() + 1) for mark in "，。；,;") + 1
            yield text[start : match.end()].strip()


def _may_lose(report: Report) -> bool:
    """Whether a number can be on the page and not in the text: drawn digits, recognised words."""
    return report.is_scan or report.media_type.endswith("pdf") or "ofd" in report.media_type
