"""Rules over punctuation: ends of paragraphs, doubled and half-width marks, brackets and quotation marks in pairs.

Remarks of style are one finding a report, however often they apply. What stands in a scan is not judged by its marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown, quote_key
from monitor.checks.lines import BODY, HEADING, PREFACE, SCANNED, Line, Running, nothing_to_read, running
from monitor.model import Finding, Severity
from monitor.text import clean

_HAN: Final = "\u4e00-\u9fff"
_SPLIT: Final = "可能是分页或换行把一段分成了两段，请打开原文核对"
_STYLE: Final = f"{CUSTOM}：标点符号用法规范"


def _unjudged(context: Context) -> Unknown | None:
    return Unknown(SCANNED) if context.report.is_scan else nothing_to_read(context)


#: A line that begins an item, a heading, a table's name or an appendix: what stands before it has ended.
_NEW_ITEM: Final = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|[一二三四五六七八九十]是|第[一二三四五六七八九十]|附件|表\d|[①-⑳⑴-⒇]|[•●■◆])"
)
_STOPS: Final = frozenset("。！？；：…!?;:.，,、")
_ENDED: Final = re.compile(r"[。！？；：…!?;:.][”’」』）)》】\"']*\s*$|[”’」』]$")
#: Lines that are no sentences: addresses, dates, names, captions, charts.
_NO_SENTENCE: Final = re.compile(
    r"(?:年.{1,4}月.{1,4}日|https?://\S+|[\w.]+@[\w.]+|\d{6,}|[局委办厅院室心府])\s*$|^\s*(?:附件|附表|表\d|图\d|注[：:]|单位[：:])"
)


class PunctuationEnd(Rule):
    """A paragraph ends with a full stop, never with a comma. One without any mark is only a remark."""

    id = "punctuation_end"
    name = "段尾标点"
    severity = Severity.ERROR
    verifies = "段落不以逗号、顿号结尾（缺句号的只提示，每份报告一条）"
    basis = _STYLE
    good = Example({"sections.1.text": "全年主动公开90条。\n没有收到申请。"})
    bad = Example({"sections.1.text": "全年主动公开90条，\n（二）依申请公开情况\n没有收到申请。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := _unjudged(context):
            yield problem
            return
        lines = running(context)
        for line in lines.lines:
            # In parts two to four a table follows, and the sentence may go on behind it.
            if line.kind in (BODY, PREFACE) and line.part not in (2, 3, 4) and len(line.text) > 8:
                mark = line.text.rstrip()[-1]
                if mark in "，,、":
                    yield self._comma(lines, line, mark)
        yield from self._without_mark(lines)

    def _comma(self, lines: Running, line: Line, mark: str) -> Finding:
        goes_on = not _ends_here(lines, line)
        return self.finding(
            quote_key(line.text[-24:]),
            f"段落以“{mark}”结尾。",
            severity=Severity.WARNING if goes_on else None,
            quote=clean(line.text)[-60:],
            section=line.place,
            expected="。",
            found=mark,
            explained=_SPLIT if goes_on else "",
        )

    def _without_mark(self, lines: Running) -> Iterator[Finding]:
        open_ends = [line for line in lines.lines if _lacks_mark(lines, line)]
        if open_ends:
            first = open_ends[0]
            yield self.finding(
                "open",
                f"{len(open_ends)}个段落末尾没有句号。" if len(open_ends) > 1 else "段落末尾没有句号。",
                severity=Severity.HINT,
                quote=clean(first.text)[-60:],
                section=first.place,
                expected="。",
                found=clean(first.text)[-1:],
            )


def _ends_here(lines: Running, line: Line) -> bool:
    """Whether what follows is surely another paragraph: an item, a heading, the end."""
    behind = lines.after(line)
    return behind is None or behind.kind == HEADING or bool(_NEW_ITEM.match(behind.text))


def _lacks_mark(lines: Running, line: Line) -> bool:
    text = line.text.rstrip()
    if line.kind not in (BODY, PREFACE) or len(text) < 8 or text[-1] in _STOPS or _ENDED.search(text[-8:]):
        return False
    if not re.search("[，。；：]", text) or _NO_SENTENCE.search(text):
        return False
    return line.part not in (2, 3, 4) and _ends_here(lines, line)


_DOUBLED: Final = re.compile(r"[，。；：、！？](?: ?[，。；：、！？])+")
_MEANT: Final = re.compile("[！？]+")


class PunctuationDoubled(Rule):
    """No two marks stand where one belongs."""

    id = "punctuation_doubled"
    name = "标点重叠"
    severity = Severity.WARNING
    verifies = "没有“。。”“，。”“、、”等重叠的标点"
    basis = _STYLE
    good = Example({"sections.1.text": "全年主动公开90条……没有收到申请。"})
    bad = Example({"sections.1.text": "全年主动公开90条，。没有收到申请。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := _unjudged(context):
            yield problem
            return
        lines = running(context)
        for found in _DOUBLED.finditer(lines.text):
            if _MEANT.fullmatch(found[0]):
                continue
            marks = "".join(found[0].split())
            quote = lines.sentence(max(0, found.start() - 1), found.end())
            yield self.finding(
                quote_key(lines.text[max(0, found.start() - 12) : found.end()]),
                f"标点“{marks}”重叠。",
                quote=quote if marks in quote else clean(lines.text[max(0, found.start() - 30) : found.end() + 10]),
                section=lines.at(found.start()).place,
                expected="一个标点",
                found=marks,
            )


_HALF_WIDTH: Final = re.compile(rf"[,;:?!](?=[{_HAN}“《（])")
_BEFORE: Final = re.compile(rf"[{_HAN}”》）]")


class HalfwidthPunct(Rule):
    """Between Chinese characters marks are full-width."""

    id = "halfwidth_punct"
    name = "半角标点"
    severity = Severity.HINT
    verifies = "中文之间不用半角的逗号、冒号、分号（每份报告一条）"
    basis = _STYLE
    good = Example({"sections.1.text": "主要情况：全年没有收到申请，公开90条。"})
    bad = Example({"sections.1.text": "主要情况:全年没有收到申请,公开90条。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := _unjudged(context):
            yield problem
            return
        lines = running(context)
        text = lines.text
        found = [at for at in _HALF_WIDTH.finditer(text) if _BEFORE.match(text[max(0, at.start() - 1) : at.start()])]
        if found:
            first = found[0]
            yield self.finding(
                "halfwidth",
                f"中文之间有半角标点{len(found)}处，可能是从别处粘贴的文字。",
                quote="；".join(dict.fromkeys(lines.sentence(at.start(), at.end(), limit=12) for at in found[:3])),
                section=lines.at(first.start()).place,
                expected="全角标点",
                found="".join(dict.fromkeys(at[0] for at in found)),
            )


_ITEM_BRACKETS: Final = re.compile(r"^\s*([（(])[一二三四五六七八九十]{1,3}([）)])", re.MULTILINE)


class ParenMixed(Rule):
    """The brackets of item numbers are of one width."""

    id = "paren_mixed"
    name = "括号全半角混用"
    severity = Severity.HINT
    verifies = "（一）（二）等序号的括号全角、半角不混用（每份报告一条）"
    basis = _STYLE
    good = Example({"sections.6.text": "（一）没有收取信息处理费。\n（二）没有其他事项。"})
    bad = Example({"sections.6.text": "（一）没有收取信息处理费。\n(二)没有其他事项。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := _unjudged(context):
            yield problem
            return
        lines = running(context)
        found = list(_ITEM_BRACKETS.finditer(lines.text))
        narrow = [at for at in found if "(" in at[0] or ")" in at[0]]
        if narrow and any("（" in at[0] and "）" in at[0] for at in found):
            yield self.finding(
                "paren",
                f"序号的括号全角、半角混用，半角的有{len(narrow)}处。",
                quote="；".join(clean(lines.at(at.start(1)).text)[:20] for at in narrow[:4]),
                section=lines.at(narrow[0].start(1)).place,
                expected="（）",
                found="()",
            )


_PAIRS: Final = (("（(", "）)", "括号"), ("《", "》", "书名号"), ("“", "”", "引号"))
#: “1）” and “a)” number items and need no other half.
_ITEM_END: Final = re.compile(r"(?<![（(\w])[\da-zA-Z一二三四五六七八九十]{1,2}[）)]")


class UnbalancedMarks(Rule):
    """Brackets, book marks and quotation marks come in pairs."""

    id = "unbalanced_marks"
    name = "括号、引号不成对"
    severity = Severity.WARNING
    verifies = "括号、书名号、引号成对（引号不成对的为提示）"
    basis = _STYLE
    good = Example({"sections.1.text": "按照《条例》（国务院令第711号）公开“三公”经费。"})
    bad = Example({"sections.1.text": "按照《条例（国务院令第711号）公开“三公”经费。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := _unjudged(context):
            yield problem
            return
        lines = running(context)
        if all(_balance(lines.text, *pair[:2]) == 0 for pair in _PAIRS):
            return
        for opening, closing, name in _PAIRS:
            yield from self._of_kind(lines, opening, closing, name)

    def _of_kind(self, lines: Running, opening: str, closing: str, name: str) -> Iterator[Finding]:
        for part in dict.fromkeys((line.part, line.kind) for line in lines.lines):
            here = [line for line in lines.lines if (line.part, line.kind) == part]
            # A pair may be torn by a page: what counts is the part.
            if not _balance("\n".join(line.text for line in here), opening, closing):
                continue
            line = next(line for line in here if _balance(line.text, opening, closing))
            more = _balance(line.text, opening, closing)
            yield self.finding(
                quote_key(f"{name}{line.text[:24]}"),
                f"{name}不成对，{'缺后一半' if more > 0 else '缺前一半'}。",
                severity=Severity.HINT if name == "引号" else None,
                quote=_around(line.text, opening, closing),
                section=line.place,
                expected=f"{opening[0]}……{closing[0]}",
                found=f"前{_count(line.text, opening)}个，后{_count(line.text, closing)}个",
            )


def _balance(text: str, opening: str, closing: str) -> int:
    more = _count(text, opening) - _count(text, closing)
    if more and closing == "）)":
        more += len(_ITEM_END.findall(text))
    return more


def _count(text: str, marks: str) -> int:
    return sum(text.count(mark) for mark in marks)


def _around(text: str, opening: str, closing: str) -> str:
    """The words around the first mark that has no other half."""
    waiting: list[int] = []
    lone = -1
    for at, mark in enumerate(text):
        if mark in opening:
            waiting.append(at)
        elif mark in closing:
            if not waiting:
                lone = at
                break
            waiting.pop()
    at = lone if lone >= 0 else waiting[-1] if waiting else 0
    return clean(text[max(0, at - 20) : at + 40])


_LISTED: Final = re.compile("》、《|”、“")


class QuoteMarkPunct(Rule):
    """Between book titles or quotations that stand side by side no 、 is needed."""

    id = "quote_mark_punct"
    name = "书名号、引号之间的顿号"
    severity = Severity.HINT
    verifies = "并列的书名号之间、引号之间不用顿号（每份报告一条）"
    basis = f"{CUSTOM}：《标点符号用法》的通行要求"
    good = Example({"sections.1.text": "公开了《甲办法》《乙办法》。"})
    bad = Example({"sections.1.text": "公开了《甲办法》、《乙办法》。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := nothing_to_read(context):
            yield problem
            return
        lines = running(context)
        found = list(_LISTED.finditer(lines.text))
        if found:
            first = found[0]
            yield self.finding(
                "listed",
                f"并列的书名号、引号之间有顿号，共{len(found)}处。",
                quote=clean(lines.text[max(0, first.start() - 24) : first.end() + 24]).replace("\n", " "),
                section=lines.at(first.start()).place,
                expected=first[0].replace("、", ""),
                found=first[0],
            )
