"""Rules over numbers of headings and items: the six parts, and the lists within a part.

A number that is missing may have been lost on the way (Word counts by itself, converters drop it): such findings say
so. A number that is printed twice was printed by somebody.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from monitor.checks.base import CUSTOM, FORM, Context, Example, Rule, Unknown
from monitor.checks.lines import BODY, Line, by_reading, nothing_to_read, running
from monitor.form import CHINESE_NUMERALS, SECTIONS
from monitor.model import Finding, Section, Severity
from monitor.text import clean, squash

_LOST: Final = "Word 自动编号在转换成网页或文本时可能改变或丢失，请打开原文核对"
#: Formats that keep the numbers that Word counts, or show what people see.
_KEEPS_NUMBERS: Final = ("officedocument", "msword", "ofd")

_NUMERALS: Final = "一二三四五六七八九十"
_CHINESE: Final = re.compile(rf"^\s*([{_NUMERALS}]{{1,3}})\s*[、.．,，]")


class SectionNumberingBroken(Rule):
    """The parts are numbered 一 to 六, each with its own number or, where a part is left out, with the next."""

    id = "section_numbering_broken"
    name = "一级序号错误"
    severity = Severity.ERROR
    verifies = "各部分标题的序号为“一、”至“六、”，依次不重复、不跳号"
    basis = f"{FORM}规定的各部分序号"
    good = Example()
    bad = Example({"sections.2": {"number": 2, "printed": "2、主动公开政府信息情况"}})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        parts = [section for section in context.report.sections if section.part]
        if not parts:
            yield Unknown("没有读到各部分的标题")
            return
        if all(section.number is None for section in parts):
            yield Unknown("各部分标题都没有读到序号，可能是自动编号在转换时丢失")
            return
        styles = {bool(_CHINESE.match(section.printed)) for section in parts if section.number is not None}
        seen: set[int] = set()
        before = 0
        for section in parts:
            part, number = section.part or 0, section.number
            fault = _number_fault(section, before, mixed=len(styles) > 1)
            before = number or part
            if fault and part not in seen:
                severity, words = fault
                yield self.finding(
                    str(part),
                    f"“{SECTIONS[part - 1]}”部分的标题{words}。",
                    severity=severity,
                    quote=clean(section.printed),
                    section=section.printed,
                    expected=f"{CHINESE_NUMERALS[part - 1]}、",
                    found=_printed_number(section).strip("“”") if section.number else "无序号",
                    explained=by_reading(context.report) or _maybe_lost(context, section),
                )
            seen.add(part)


def _number_fault(section: Section, before: int, *, mixed: bool) -> tuple[Severity, str] | None:
    part, number = section.part or 0, section.number
    if number is None:
        return Severity.ERROR, "没有序号"
    if number not in (part, before + 1):
        return Severity.ERROR, f"序号为{_printed_number(section)}，应为“{CHINESE_NUMERALS[part - 1]}、”"
    if not _CHINESE.match(section.printed):
        # One style throughout deviates from the form; a style that changes midway is a broken count.
        severity = Severity.ERROR if mixed else Severity.WARNING
        return severity, f"序号写作{_printed_number(section)}，应为“{CHINESE_NUMERALS[part - 1]}、”"
    return None


def _printed_number(section: Section) -> str:
    printed = clean(section.printed)
    found = re.match(rf"[第（(]?[\d{_NUMERALS}]+[)）、.．]?", printed)
    return f"“{found[0]}”" if found else f"“{section.number}”"


def _maybe_lost(context: Context, section: Section) -> str:
    media = context.report.media_type
    if any(kind in media for kind in _KEEPS_NUMBERS):
        return ""
    typed = section.number is not None and bool(_CHINESE.match(section.printed))
    if "pdf" in media and section.number is not None:
        return ""  # a page shows what was printed
    return "" if typed and media != "text/plain" else _LOST


# ── lists within a part ─────────────────────────────────────────────────────────────────────────────────────────────

ITEM: Final = re.compile(
    rf"^\s*(?:[（(](?P<paren>[{_NUMERALS}]{{1,3}})[）)]"
    rf"|[（(](?P<small>\d{{1,2}})[）)]"
    r"|(?P<dot>\d{1,2})(?:[.．](?!\d)|、))"
)
#: What a line with a number begins with.
_MAY_NUMBER: Final = frozenset("（(0123456789 \t\u3000")
_LEVELS: Final = {"paren": 0, "dot": 1, "small": 2}
#: “一是…二是…” within sentences.
_ORDER: Final = re.compile(rf"([{_NUMERALS}]{{1,2}})是(?!否)")
_BEFORE_ORDER: Final = frozenset("。；：，、;:,！）)\n")
#: Cells of the form that stand in the text: their numbers are the form's.
_TABLE_WORDS: Final = ("勾稽关系", "属于国家秘密", "第二十条第", "本机关不掌握", "结果维持")


#: So many lists of one level are open within each other at most.
_DEEPEST: Final = 8


@dataclass(slots=True)
class _Count:
    """The numbers seen at one level: open lists by their last number, innermost last; `seen`: of that one."""

    open: list[int] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    last: int = 0
    place: int = 0

    @property
    def before(self) -> int:
        return self.last if self.open else 0

    def fault(self, number: int) -> str:
        """What is wrong with the next number: "", "repeated", "jumped" or "backward". It is taken as seen either way.

        It may go on from the number before, from an outer list's, or from the place that it has in the list: one wrong
        number does not make those behind it wrong.
        """
        if number == 1:
            self.open = [*self.open[-_DEEPEST:], 1]
            self.seen, self.last, self.place = {1}, 1, 1
            return ""
        fault = ""
        if number - 1 in self.open[:-1] and number != self.last + 1:
            while self.open[-1] != number - 1:
                self.open.pop()
            self.place = number - 1
        elif number not in (self.last + 1, self.place + 1):
            fault = (
                "repeated" if self.open and number in self.seen else "backward" if number < self.before else "jumped"
            )
        self.open[-1:] = [number]
        self.seen.add(number)
        self.last, self.place = number, self.place + 1
        return fault


class NumberingRepeat(Rule):
    """Items of a list are counted on: none twice, none left out. A list may begin anew; another list has its own."""

    id = "numbering_repeat"
    name = "下级序号重复、跳号"
    severity = Severity.ERROR
    verifies = "各部分之内（一）（二）、1.2.、（1）（2）和“一是、二是”等序号不重复、不跳号"
    basis = f"{CUSTOM}：同级序号依次连续"
    good = Example({"sections.6.text": "（一）全年未收取信息处理费。\n（二）无其他事项。"})
    bad = Example({"sections.6.text": "（一）全年未收取信息处理费。\n（二）无建议。\n（二）无其他事项。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := nothing_to_read(context):
            yield problem
            return
        for part, lines in _bodies(context).items():
            text = "\n".join(line.text for line in lines)
            if not any(words in text for words in _TABLE_WORDS):
                yield from self._items(context, part, lines, text)
                yield from self._orders(context, part, lines[0].place, text)

    def _items(self, context: Context, part: int, lines: list[Line], text: str) -> Iterator[Finding]:
        counts: dict[str, _Count] = defaultdict(_Count)
        for index, line in enumerate(lines):
            found = ITEM.match(line.text) if line.text[0] in _MAY_NUMBER else None
            if found is None or not found.lastgroup:
                continue
            style, number = found.lastgroup, _value(found[found.lastgroup])
            for deeper, level in _LEVELS.items():
                if level > _LEVELS[style] and deeper in counts:
                    counts[deeper].open.clear()
            before = counts[style].before
            fault = counts[style].fault(number)
            if not fault or _in_quotation(lines, index) or (fault == "jumped" and _stands(number - 1, style, text)):
                continue
            yield self.finding(
                f"{part}:{squash(line.text)[:24]}",
                _words_of(fault, found[0].strip(), _number_words(before, style)),
                quote=clean(line.text)[:80],
                section=line.place,
                expected=_number_words(before + 1, style),
                found=found[0].strip(),
                explained=by_reading(context.report) or ("" if fault == "repeated" else _lost_item(context)),
            )

    def _orders(self, context: Context, part: int, place: str, text: str) -> Iterator[Finding]:
        if "二是" not in text:
            return
        count = _Count()
        for found in _ORDER.finditer(text):
            mark = text[max(0, found.start() - 3) : found.start()].rstrip(" \t\u3000")[-1:]
            if mark and mark not in _BEFORE_ORDER:
                continue
            number = _value(found[1])
            before = count.last
            fault = count.fault(number)
            # A missing “二是” may be worded “二要” or “其次”: only a repeated one is sure.
            if fault != "repeated" or number != before:
                continue
            quote = clean(text[found.start(1) : found.start(1) + 40].split("\n")[0])
            yield self.finding(
                f"{part}:{squash(quote)[:24]}",
                f"“{found[1]}是”接连出现两次。",
                quote=quote,
                section=place,
                expected=f"{_chinese(number + 1)}是",
                found=f"{found[1]}是",
                explained=by_reading(context.report),
            )


def _bodies(context: Context) -> dict[int, list[Line]]:
    bodies: dict[int, list[Line]] = {}
    for line in running(context).lines:
        if line.kind == BODY and line.part:
            bodies.setdefault(line.part, []).append(line)
    return bodies


def _stands(number: int, style: str, text: str) -> bool:
    """Whether the number that seems to be left out stands elsewhere in the part, within a line, or in another style."""
    chinese = _chinese(number)
    forms = {
        "paren": rf"[（(]\s*{chinese}\s*[）)]|(?<!第){chinese}、",
        "small": rf"[（(]\s*{number}\s*[）)]|[{chr(0x2460 + number - 1)}{chr(0x2474 + number - 1)}]",
        "dot": rf"(?<!\d){number}\s*[.．、)）](?!\d)|{chr(0x2460 + number - 1)}",
    }
    return bool(re.search(forms[style], text))


def _in_quotation(lines: list[Line], index: int) -> bool:
    """Whether a quotation that was opened shortly before is still open."""
    before = "".join(line.text for line in lines[max(0, index - 12) : index])
    return before.count("“") > before.count("”") or before.count("《") > before.count("》")


def _lost_item(context: Context) -> str:
    return "" if any(kind in context.report.media_type for kind in _KEEPS_NUMBERS) else _LOST


def _words_of(fault: str, printed: str, before: str) -> str:
    if fault == "repeated":
        return f"“{printed}”在同一级序号中重复，前一个是“{before}”。"
    if fault == "backward":
        return f"“{before}”之后是“{printed}”，次序颠倒。"
    if not before:
        return f"这一级序号从“{printed}”开始，缺少前面的序号。"
    return f"“{before}”之后是“{printed}”，中间缺号。"


def _value(printed: str) -> int:
    if printed.isdigit():
        return int(printed)
    tens, ten, units = printed.rpartition("十")
    if not ten:
        return _NUMERALS.find(printed[0]) + 1
    return 10 * (_NUMERALS.find(tens[0]) + 1 if tens else 1) + (_NUMERALS.find(units[0]) + 1 if units else 0)


def _chinese(number: int) -> str:
    if number <= 0:
        return "零"
    tens, units = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return head + (_NUMERALS[units - 1] if units else "")


def _number_words(number: int, style: str) -> str:
    if number <= 0:
        return ""
    return {"paren": f"（{_chinese(number)}）", "small": f"（{number}）", "dot": f"{number}."}[style]
