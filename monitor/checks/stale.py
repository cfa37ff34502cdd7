"""Rules over what was left in: a superseded basis, a template's instructions, another year's words.

Other years have their place in a report: comparisons, what is carried over, plans, the names of documents. A year is
only called stale where the sentence itself reports this year's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from monitor.checks.base import CUSTOM, FORM, Context, Example, Rule, Unknown, quote_key
from monitor.checks.lines import BODY, PREFACE, Line, Running, by_reading, nothing_to_read, running
from monitor.model import Finding, Severity
from monitor.text import clean

_OPEN: Final = r"[〔﹝\[【（(［]?"
_SHUT: Final = r"[〕﹞\]】）)］]?"
#: Words by which a sentence speaks of an old document as old.
_AS_OLD: Final = re.compile("废止|失效|替代|代替|取代|修订前|修订后|原《|旧|不再执行|停止执行")
#: What is cited no longer: from which report year on, how it is cited, what is wrong with that, what holds instead.
_SUPERSEDED: Final = (
    (
        2021,
        re.compile(rf"国办公开办函 ?{_OPEN} ?2019 ?{_SHUT} ?60 ?号"),
        "这是2019、2020年度报告的格式",
        "国办公开办函〔2021〕30号",
    ),
    (
        2020,
        re.compile(r"国务院令 ?[（(]?第? ?492 ?号|第492号国务院令"),
        "这是修订前的条例",
        "国务院令第711号",
    ),
    # The notice on platforms is in force; it is no basis of the report.
    (
        2021,
        re.compile(rf"年度报告格式[^。；]{{0,12}}国办公开办函 ?{_OPEN} ?2019 ?{_SHUT} ?61 ?号"),
        "这不是年度报告格式的文号",
        "国办公开办函〔2021〕30号",
    ),
)
_TORN_NUMBER: Final = re.compile(r"(?<=[函发办字号规令])(?:〔(20\d\d)(\d{1,3})号|(20\d\d)〕 ?(\d{1,3})号)")


class SupersededBasis(Rule):
    """The report cites what is in force, and its number as it is printed."""

    id = "superseded_basis"
    name = "引用失效依据"
    severity = Severity.WARNING
    verifies = "不引用已被替代的〔2019〕60号格式、国务院令第492号；文号的年份括号完整"
    basis = f"{FORM}；《中华人民共和国政府信息公开条例》（国务院令第711号修订）"
    good = Example({"preface": "本报告按国办公开办函〔2021〕30号的格式编制。"})
    bad = Example({"preface": "本报告按国办公开办函〔2019〕60号的格式编制。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := nothing_to_read(context):
            yield problem
            return
        lines, year = running(context), context.report_year
        torn = lines.text.count("〔") != lines.text.count("〕")
        for found in _TORN_NUMBER.finditer(lines.text) if torn else ():
            number = f"〔{found[1] or found[3]}〕{found[2] or found[4]}号"
            yield self._found(context, found, "文号的括号不完整", number)
        if year is None:
            yield Unknown("报告年度不明，无法确定应引用的文件")
            return
        if "2019" not in lines.text and "492" not in lines.text:
            return
        for since, cited, fault, right in _SUPERSEDED:
            for found in cited.finditer(lines.text) if year >= since else ():
                if not _AS_OLD.search(_around(lines, found)):
                    yield self._found(context, found, fault, right)

    def _found(self, context: Context, found: re.Match[str], fault: str, right: str) -> Finding:
        lines = running(context)
        return self.finding(
            quote_key(found[0]),
            f"“{clean(found[0])}”：{fault}，应为{right}。",
            quote=lines.sentence(found.start(), found.end()),
            section=lines.at(found.start()).place,
            expected=right,
            found=clean(found[0]),
            explained=by_reading(context.report),
        )


def _around(lines: Running, found: re.Match[str]) -> str:
    """The words near a hit, where a remark upon it would stand."""
    return lines.text[max(0, found.start() - 60) : found.end() + 40].replace("\n", "。")


_HAN: Final = "\u4e00-\u9fff"
#: Blanks of a template that nobody filled in, and what may stand beside them: XX in Latin words and addresses is none,
#: nor is one × between numbers.
_BLANK: Final = re.compile("[XxＸ×_＿]+")
#: Before ×× stands a surname: the name is withheld, unless a word of the form follows.
_SURNAMES: Final = tuple(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
)
_SURNAMED: Final = tuple("年月日局市县区省镇乡")
#: A template that nobody filled in at all is told by its first blanks.
_ENOUGH: Final = 20
_UNIT: Final = re.compile("[年月日件条次个人份项期场]")
_BESIDE: Final = re.compile(rf"[{_HAN}（）()，。：:；、〔〕《》“”\-—－\s0-9]?")
#: A first look: a report that holds none of these holds no instruction. Single characters are found in no time.
_FIRST_LOOK: Final = (*"宋楷黑粗", "行距", "填写", "插入", "缩进", "此处", "部分以表")
_OF_LETTERS: Final = ("字体", "号字", "號字", "字以", "字左")
#: What a template tells who fills it in.
_INSTRUCTIONS: Final = re.compile(
    r"此处(?:请)?(?:填|插入|写|删除)|[（(【]请?(?:填写|插入)[^（）()【】\n]{0,20}[）)】]|仿宋|小标宋|宋体|黑体加粗|楷体|首行缩进"
    r"|[一二三四五小][号號](?:字|仿宋|宋体|黑体|楷体)|加粗小?[一二三四五]?号|字体为|磅行距|行距为"
    r"|[（(][^（）()\n]{0,12}\d{2,4}字(?:以内|左右|以上)[^（）()\n]{0,8}[）)]"
)
_BY_TABLE: Final = re.compile("(?:该|本|此)部分以表格形式(?:报告|填报|填写|呈现)")


class TemplateInstructionLeft(Rule):
    """Nothing of a template is left in the report: blanks, instructions, fonts."""

    id = "template_instruction_left"
    name = "残留模板文字"
    severity = Severity.ERROR
    verifies = "没有“20XX年”“××”“此处填写”“宋体加粗”等模板文字（“该部分以表格形式报告”为警告）"
    basis = f"{CUSTOM}：文字严谨，模板文字不留在报告中"
    good = Example({"sections.1.text": "文件用仿制的样本说明。"})
    bad = Example({"sections.1.text": "20XX年主动公开政府信息90条。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := nothing_to_read(context):
            yield problem
            return
        lines = running(context)
        patterns = [(_BLANK, Severity.ERROR)]
        if _may_instruct(lines.text):
            patterns += [(_INSTRUCTIONS, Severity.ERROR), (_BY_TABLE, Severity.WARNING)]
        for pattern, severity in patterns:
            hits = (
                hit for hit in pattern.finditer(lines.text) if pattern is not _BLANK or _stands_free(lines.text, hit)
            )
            for found in islice(hits, _ENOUGH):
                quote = lines.sentence(found.start(), found.end())
                yield self.finding(
                    quote_key(quote),
                    f"“{clean(found[0])}”是模板中的文字。",
                    severity=severity,
                    quote=quote,
                    section=lines.at(found.start()).place,
                    expected="删去或填写",
                    found=clean(found[0]),
                    explained=by_reading(context.report),
                )


def _may_instruct(text: str) -> bool:
    return any(word in text for word in _FIRST_LOOK) or ("字" in text and any(word in text for word in _OF_LETTERS))


def _stands_free(text: str, found: re.Match[str]) -> bool:
    """Whether a blank stands among Chinese words, not within a Latin word, an address or a product (3×4)."""
    marks = found[0]
    before, behind = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
    if set(marks) & set("_＿"):
        return len(marks) > 2 or marks == "＿＿"
    if len(marks) < 2 and not _UNIT.match(behind):
        return False
    if "×" in marks and before in _SURNAMES and behind not in _SURNAMED:
        return False  # somebody whose name is withheld
    if before.isdigit() and text[max(0, found.start() - 2) : found.start()] != "20":
        return False
    return bool(_BESIDE.fullmatch(before) and _BESIDE.fullmatch(behind)) and not behind.isdigit()


_YEARS: Final = re.compile(r"20[012]\d(?= ?年)")
_YEAR: Final = re.compile(r"(?<![\d〔\[（(.\-—/])(20[012]\d) ?年")
#: The plan of a year by its title. Reviews, accounts and lists of another year are published in this one.
_ANY_YEAR: Final = re.compile(r"20[012]\d")
_PLAN: Final = re.compile(
    r"《([^《》]{0,30}?(20[012]\d) ?年度?[^《》]{0,40}(?:政务|信息)公开"
    r"[^《》]{0,30}(?:要点|安排表?|方案|计划|分解表?|分工|任务清单|任务表)[^《》]{0,8})》"
)
_PAST_PLAN: Final = re.compile(
    "总结|回顾|回头看|评估|延续|继续|修订|上一?年|去年|往年|较|相比|同比|20\\d\\d ?[-—至～~] ?20|废止|基础上|历年"
)
#: Words by which a sentence looks at another year.
_LOOKS_ELSEWHERE: Final = re.compile(
    "比|较|上年|去年|往年|历年|以来|结转|增长|增加|下降|减少|持平|提高|提升|分别|截至|截止|自20|从20|起|底|末|初|建成|成立|挂牌|生效|施行"
    "|(?:出台|印发|制定|修订|修改|发布|公布|编制)(?:的|了?《)|报告|决算|预算|规划|将|拟|计划|打算|下一步|准备|要|继续|目标|力争|工作安排"
)
_OWN_WORK: Final = re.compile(
    r"(?:公开|发布|制定|制发|废止|收到|受理|办理|接到|答复|转办|召开|举办|开展|组织|更新)[^，。；]{0,20}"
    r"\d ?余?(?:条|件|次|篇|期|场|份|宗|起|人)"
    r"|未(?:收到|接到|受理|发生|产生)[^，。；]{0,24}(?:申请|复议|诉讼|费)"
)
_ANNOUNCED: Final = re.compile(
    r"(?:公布|发布|编制|形成)[^，。；《]{0,24}?(20[012]\d) ?年度?政府信息公开(?:工作)?年度报告"
)


class StaleYear(Rule):
    """This year's work is told under this year's number."""

    id = "stale_year"
    name = "引用往年年份"
    severity = Severity.WARNING
    verifies = "报告本年度工作的语句、本年度落实的要点和方案写本年度的年份（对比、结转、计划中的其他年份不算）"
    basis = f"{CUSTOM}：各处年份与报告年度一致"
    good = Example({"sections.1.text": "2023年主动公开90条，比2022年增长5条。2024年将继续更新。"})
    bad = Example({"sections.1.text": "2022年，我局主动公开政府信息90条。没有收到申请。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        year = context.report_year
        if year is None:
            yield Unknown("报告年度不明")
            return
        if problem := nothing_to_read(context):
            yield problem
            return
        lines = running(context)
        others = set(_YEARS.findall(lines.text)) - {str(year)}
        if not others:
            return
        for line in lines.lines:
            if line.kind in (BODY, PREFACE) and any(other in line.text for other in others):
                yield from self._plans(context, lines, line, year)
                yield from self._sentences(context, line, year)

    def _plans(self, context: Context, lines: Running, line: Line, year: int) -> Iterator[Finding]:
        for found in _PLAN.finditer(line.text):
            said = max(map(int, _ANY_YEAR.findall(found[1])))  # a plan of several years runs to the last of them
            around = re.split("[。；]", line.text[max(0, found.start() - 80) : found.start()])[-1]
            around += re.split("[。；]", line.text[found.end() : found.end() + 80], maxsplit=1)[0]
            if said < year and str(said) not in (context.report.title or "") and not _PAST_PLAN.search(around):
                quote = lines.sentence(line.start + found.start(), line.start + found.end(), limit=100)
                yield self._found(context, line, f"《{found[1]}》", quote, said, year)

    def _sentences(self, context: Context, line: Line, year: int) -> Iterator[Finding]:
        this_year = str(year) in line.text
        for sentence in re.finditer(r"[^。；\n]+", line.text):
            stated = _ANNOUNCED.search(sentence[0]) if line.part == 0 else None
            if stated and int(stated[1]) != year:
                yield self._found(context, line, stated[0], clean(sentence[0]), int(stated[1]), year)
                continue
            opening = _YEAR.search(sentence[0])
            if opening is None or int(opening[1]) == year or not _opens(sentence[0], opening):
                continue
            behind = sentence[0][opening.end() :]
            if re.match(r"\s*\d{1,2} ?月|\s*(?:[-—至到、和与]|底|末|初|以)", behind) or _LOOKS_ELSEWHERE.search(
                sentence[0]
            ):
                continue
            if not this_year and _OWN_WORK.search(behind):
                yield self._found(context, line, opening[0], clean(sentence[0]), int(opening[1]), year)

    def _found(self, context: Context, line: Line, words: str, quote: str, said: int, year: int) -> Finding:
        return self.finding(
            quote_key(quote[:40]),
            f"{year}年度报告中写“{clean(words)}”，可能沿用了其他年度的文字。",
            quote=quote[:160],
            section=line.place,
            expected=f"{year}年",
            found=f"{said}年",
            explained=by_reading(context.report),
        )


_BEFORE_SENTENCE: Final = re.compile(r"[（(\d一二三四五六七八九十）).、．\s]*(?:[^，。；：\d]{2,16}[：\s]\s*)?")


def _opens(sentence: str, year: re.Match[str]) -> bool:
    """Whether the year opens the sentence, a number or a sub-heading before it aside."""
    return _BEFORE_SENTENCE.fullmatch(sentence[: year.start()]) is not None
