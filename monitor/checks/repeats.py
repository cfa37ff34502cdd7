"""Rules over words that stand twice: a word or phrase directly behind itself, a sentence or paragraph set twice.

Chinese doubles words on purpose, and two compounds may meet in the same word (政府|政府网站): those are let pass.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown, quote_key
from monitor.checks.lines import BODY, PREFACE, Running, by_reading, nothing_to_read, running
from monitor.model import Finding, Severity
from monitor.text import clean

_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]+")
_WORD: Final = range(2, 6)
_PHRASE: Final = 6
_LONGEST_PHRASE: Final = 40
_LONG_RUN: Final = re.compile(rf"[\u4e00-\u9fff]{{{2 * _PHRASE},200}}")

#: What makes the second of two equal words the beginning of a word of its own (规范|规范性).
_SUFFIX: Final = re.compile("[化性员者率部局厅署院所室会组科处站]")
#: Words that no compound ends with: behind themselves they are never meant.
_NEVER: Final = re.compile(
    "通过|进行|开展|及时|加强|推进|推动|促进|提高|提升|完善|健全|结合|围绕|坚持|强化|落实|明确|按照|根据|依据|对于|关于|由于|以及"
    "|并且|不断|持续|积极|主动|认真|切实|严格|全面|深入|充分|有效|继续|同时|我们|我局|本局|没有|未能|已经|可以|应当|需要|要求|确保"
    "|做好|制定|印发|召开|举办|参加|建立|设立|收到|受理|答复|办结|共计|累计|其中|存在|相关|有关|各类|主要|一般|还是|或者|因为|所以"
    "|如果|但是|现将|情况|政务|全年|全市|全县|全区|全省"
)
#: Words in which compounds meet, and with what the second goes on.
_COMPOUNDS: Final = {
    word: re.compile(following)
    for word, following in {
        "政府": "网站|信息|门户|系统|工作|采购|投资|会议|常务|公报|文件|部门|规章|职能|服务|机关|数据|决策",
        "规范": "公开|管理|运行|文件|流程",
        "服务": "对象|中心|大厅|平台|事项|企业|指南|群众|基层|发展|大局|窗口|热线|质量|水平|能力|民生|经济",
        "部门": "预算|决算|网站|文件|规章|职责|负责|动态|之间|联动|规范|单位|信息|协同|权责",
        "行政": "执法|许可|处罚|强制|机关|审批|复议|诉讼|规范|服务|权力|事业|裁决|裁量|征收|检查|确认|奖励|给付",
        "信息": "系统|平台|技术|产业|安全|资源|中心|发布|公开|报送",
        "公开": "指南|目录|栏|平台|专栏|制度|内容|事项|范围|属性|工作|方式|渠道|信息|年报|条例|申请|标准|承诺|招聘",
        "管理": "办法|制度|系统|平台|人员|中心|规定|条例|机构|机制|服务|部门|水平|工作",
        "发布": "平台|信息|机制|制度|渠道|内容|审核|流程|工作|政策",
        "监督": "检查|管理|电话|机制|渠道|平台|工作|考核|举报|评价",
        "组织": "领导|机构|实施|协调|开展|保障|建设|生活",
        "教育": "教学|活动|资源|培训|系统|行政|督导|体育|工作",
        "建设": "项目|工程|单位|用地|规划|管理|工作|情况",
        "工作": "人员|动态|制度|机制|领导|要点|方案|任务|总结|报告|计划|流程|台账|规则|纪律|规程|规范|实际|落实|专班",
        "业务": "培训|科室|工作|知识|能力|骨干|流程|系统|学习|水平|指导",
        "单位": "负责|职工|之间|名称|网站|内部|预算|决算|职责|信息|人员|主要",
        "检查": "结果|情况|工作|发现|内容",
        "考核": "评价|办法|指标|结果|体系|内容|评议|机制|工作|细则",
        "培训": "计划|内容|中心|机构|活动|工作|教育|次数",
        "审查": "制度|机制|程序|工作|流程|意见",
        "审核": "制度|机制|程序|工作|流程|意见|发布|把关",
        "中心": "工作|城区|任务|主任|网站|学校|小学|中学|卫生|支部|领导|党|各|负责|职能|内部|机关|城市",
        "领导": "小组|干部|班子|机构|同志|批示|信箱|机制|责任|分管",
        "学习": "培训|教育|贯彻|宣传|内容|计划|活动|制度",
        "安全": "生产|管理|监管|保密|检查|隐患|防范|保障|工作",
        "机构": "职能|设置|改革|编制|信息|名称|人员",
        "制度": "建设|体系|机制|规定|文件|汇编|执行|落实",
        "责任": "追究|落实|清单|分工|领导|科室|单位|部门|主体",
        "财政": "资金|收入|支出|收支|预算|决算|补贴|补助|专户|信息|投资|拨款",
        "街道": "工委|党|机关|各|社区|辖区|人大",
        "社会": "保障|保险|救助|公众|评议|公益|组织|稳定|发展|事业|监督|各界|关注|关切",
        "经济": "社会|发展|运行|责任|建设",
        "企业": "信息|名称|开办|服务|登记|负责|发展",
        "项目": "建设|信息|审批|名称|管理|进展|清单",
        "数据": "共享|开放|资源|安全|管理|统计|来源",
        "会议": "精神|纪要|室|内容|议题",
        "文件": "解读|精神|材料|起草|名称|目录|要求",
        "宣传": "教育|活动|册|栏|片|材料|工作|引导|培训",
        "保障": "措施|机制|体系|公众|群众|工作",
        "解读": "材料|文件|方式|形式|质量|工作|回应|率",
        "申请": "办理|答复|数量|渠道|事项|材料|公开|件|书|表",
        "年度": "报告|工作|计划|考核|预算|决算|总结|目标",
        "网站": "建设|集约|管理|公开|信息|内容|栏目|群|首页|普查",
    }.items()
}
_EVERY: Final = "一逐多再每各两"


@lru_cache(maxsize=4)
def doubled(text: str) -> tuple[tuple[int, int], ...]:
    """Where Chinese characters stand directly behind themselves: (offset, length of what is doubled), in order."""
    found = [*_doubled_words(text), *_doubled_phrases(text)]
    found.sort()
    distinct: list[tuple[int, int]] = []
    for start, length in found:
        if not distinct or start >= distinct[-1][0] + 2 * distinct[-1][1]:
            distinct.append((start, length))
    return tuple(distinct)


def _doubled_words(text: str) -> Iterator[tuple[int, int]]:
    for length, start in _repeats(text, _WORD):
        unit = text[start : start + length]
        if _CHINESE.fullmatch(unit) and len(set(unit)) > 1:
            yield start, length


def _repeats(text: str, lengths: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where so many characters stand directly behind themselves, as (length, start): the first place of each run."""
    # The text as one number against itself moved by some characters: where they agree, there are zeros. A pattern with
    # a back reference does the same a dozen times slower.
    units = text.encode("utf-16-le", "replace")
    number = int.from_bytes(units, "little")
    for length in lengths:
        size = len(units) - 2 * length
        if size < 2 * length:
            return
        same = ((number ^ (number >> 16 * length)) & ((1 << 8 * size) - 1)).to_bytes(size, "little")
        found = same.find(bytes(2 * length))
        while found >= 0:
            start = (found + 1) // 2
            if text[start : start + length] == text[start + length : start + 2 * length]:
                yield length, start
            # In a run of zeros the text goes on repeating itself: one place of it is enough.
            behind = _NO_ZERO.search(same, found)
            found = same.find(bytes(2 * length), behind.start()) if behind else -1


_NO_ZERO: Final = re.compile(rb"[^\0]")


def _doubled_phrases(text: str) -> Iterator[tuple[int, int]]:
    for run in _LONG_RUN.finditer(text):
        words = run[0]
        # A doubled phrase has each of its characters twice.
        if len(words) - len(set(words)) < _PHRASE:
            continue
        # Of what is doubled some pair at every fifth place stands once more, a phrase's length behind.
        if not any(
            words.find(words[at : at + 2], at + _PHRASE) > 0 for at in range(0, len(words) - _PHRASE, _PHRASE - 1)
        ):
            continue
        for length, start in _repeats(words, range(_PHRASE, _LONGEST_PHRASE + 1)):
            yield run.start() + start, length
            break  # one of a run is enough, and a phrase three times is no longer phrase twice


class DuplicatedWord(Rule):
    """A word stands directly behind itself."""

    id = "duplicated_word"
    name = "词语重复"
    severity = Severity.ERROR
    verifies = "没有连写两遍的词语（2至5个字；“政府政府网站”这类两词相接的不算）"
    basis = f"{CUSTOM}：文字严谨"
    good = Example({"sections.1.text": "通过县政府政府网站主动公开信息90条。"})
    bad = Example({"sections.1.text": "通过通过县政府网站主动公开信息90条。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := nothing_to_read(context):
            yield problem
            return
        lines = running(context)
        names = _names(context)
        seen: set[str] = set()
        for start, length in doubled(lines.text):
            unit = lines.text[start : start + length]
            if length not in _WORD or unit in seen or _on_purpose(lines.text, start, length) or unit * 2 in names:
                continue
            seen.add(unit)
            yield self.finding(
                quote_key(unit * 2),
                f"“{unit}”连写了两遍。",
                quote=lines.sentence(start, start + 2 * length),
                section=lines.at(start).place,
                expected=unit,
                found=unit * 2,
                explained=by_reading(context.report),
            )


def _names(context: Context) -> str:
    """The agency's names: a word that stands twice in one of them is its own business."""
    return " ".join((context.report.agency or "", *context.agency_names))


def _on_purpose(text: str, start: int, length: int) -> bool:
    """Whether a doubled word may be meant: 一件一件, 规范|规范性文件, 县政府|政府网站."""
    end = start + 2 * length
    unit, behind = text[start : start + length], text[end : end + 2]
    if unit[0] in _EVERY:
        return True
    if _NEVER.fullmatch(unit):
        return False
    if not _CHINESE.match(behind):
        return False
    if length == 2 and _SUFFIX.match(behind):
        return True
    word = _COMPOUNDS.get(unit[-2:]) if length == 2 else None
    return bool(word and word.match(behind))


class DuplicatedPhrase(Rule):
    """A phrase, a sentence or a paragraph stands twice."""

    id = "duplicated_phrase"
    name = "语句重复"
    severity = Severity.ERROR
    verifies = "没有连写两遍的短语、句子（6个字以上）；没有出现两次的段落（40字以上，为警告）"
    basis = f"{CUSTOM}：文字严谨"
    good = Example({"sections.1.text": "现将全年工作报告如下。主动公开90条。"})
    bad = Example({"sections.1.text": "现将全年工作报告如下现将全年工作报告如下。主动公开90条。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := nothing_to_read(context):
            yield problem
            return
        lines = running(context)
        seen: set[str] = set()
        names = _names(context)
        for start, end, said in (*_phrases(lines), *_sentences(lines)):
            if said in seen or said * 2 in names:
                continue
            seen.add(said)
            yield self.finding(
                quote_key(said),
                f"“{said[:40]}”连写了两遍。",
                quote=lines.sentence(start, end, limit=100)
                if end - start < 100
                else clean(lines.text[start:end])[:160],
                section=lines.at(start).place,
                expected=said,
                found=f"{said}{said}" if len(said) < 40 else f"{said[:40]}……（两遍）",
                explained=by_reading(context.report),
            )
        yield from self._paragraphs(context, lines)

    def _paragraphs(self, context: Context, lines: Running) -> Iterator[Finding | Unknown]:
        long = [line for line in lines.lines if line.kind in (BODY, PREFACE) and len(line.text) >= 40]
        twice = [text for text, count in Counter(line.text for line in long).items() if count > 1]
        if len(twice) > 2:
            yield Unknown("多个段落读到两遍，可能是网页中有两份正文")
            return
        for text in twice:
            first, second = [line for line in long if line.text == text][:2]
            yield self.finding(
                quote_key(text[:40]),
                "同一段文字出现了两次。",
                severity=Severity.WARNING,
                quote=clean(text)[:120],
                section=second.place,
                found=f"“{first.place}”和“{second.place}”" if first.place != second.place else f"“{first.place}”中两次",
                explained=by_reading(context.report) or "网页中可能有两份正文，请打开原文核对",
            )


def _phrases(lines: Running) -> Iterator[tuple[int, int, str]]:
    for start, length in doubled(lines.text):
        if length >= _PHRASE:
            yield start, start + 2 * length, lines.text[start : start + length]


_MARK: Final = re.compile("[，。；！？\n]")


def _sentences(lines: Running) -> Iterator[tuple[int, int, str]]:
    """Clauses that are followed by themselves, whatever mark stands between."""
    clauses = _MARK.split(lines.text)
    for said in {one for one, other in pairwise(clauses) if one == other and len(one) >= _PHRASE}:
        found = re.search(f"{re.escape(said)}[，。；！？]{re.escape(said)}", lines.text)
        if found and _CHINESE.search(said):
            yield found.start(), found.end(), said
