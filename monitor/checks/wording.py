"""Rules over words: typing errors, lost characters, terms, broken phrases. What is wrong is a table's (lexicon.py).

Only what is wrong wherever it stands is said; what asks for an understanding of the sentence is left to people.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import ClassVar, Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown, quote_key
from monitor.checks.lines import BODY, TITLE, by_reading, nothing_to_read, running
from monitor.checks.naming import regions_without_level
from monitor.lexicon import Hit
from monitor.model import Finding, Severity
from monitor.text import clean

_CAREFUL: Final = f"{CUSTOM}：文字严谨，用字用词规范"


class _OfLexicon(Rule):
    """What the lexicon's entries of one kind and of some severities find."""

    kind: ClassVar[str]
    severities: ClassVar[tuple[Severity, ...]] = tuple(Severity)
    basis = _CAREFUL

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := nothing_to_read(context):
            yield problem
            return
        lines = running(context)
        hits = [
            hit
            for hit in context.lexicon.look_up(lines.text)
            if hit.entry.kind == self.kind and hit.entry.severity in self.severities
        ]
        times = Counter(hit.entry.wrong for hit in hits) if hits else {}
        for hit in hits:
            if count := times.pop(hit.entry.wrong, 0):
                yield self._found(context, hit, count)
        yield from self.further(context)

    def further(self, context: Context) -> Iterator[Finding]:
        """What no table can hold."""
        yield from ()

    def _found(self, context: Context, hit: Hit, count: int) -> Finding:
        lines = running(context)
        words, right = lines.text[hit.start : hit.end], hit.entry.right
        return self.finding(
            quote_key(words),
            f"“{words}”应为“{right}”{f'，共{count}处' if count > 1 else ''}。",
            severity=hit.entry.severity,
            quote=lines.sentence(hit.start, hit.end),
            section=_place(context, hit.start),
            expected=right,
            found=words,
            explained=by_reading(context.report),
        )


#: “3.三人大代表建议…”: the number of the item stands twice, once in another style.
_STRAY_NUMERAL: Final = re.compile(
    r"\s*(?:(\d{1,2})[.．、]|[（(]([一二三四五六七八九十])[）)])\s*([一二三四五六七八九十])"
    r"(?=人大代表|人大建议|政协|建议提案|建议和|依申请|主动公开|收取|收费|政务公开|政府信息|信息公开|监督保障|其他|其它|落实|存在的)"
)


class Typo(_OfLexicon):
    """A word that is wrong wherever it stands."""

    id = "typo"
    name = "错别字"
    severity = Severity.ERROR
    verifies = "没有词表所列的、无论出现在哪里都是错的字词"
    kind = "typo"
    severities = (Severity.ERROR,)
    good = Example({"sections.5.text": "部署了下一年的公开工作。"})
    bad = Example({"sections.5.text": "布署了下一年的公开工作。"})

    def further(self, context: Context) -> Iterator[Finding]:
        for line in running(context).lines:
            found = _STRAY_NUMERAL.match(line.text) if line.kind == BODY else None
            if found is None:
                continue
            yield self.finding(
                quote_key(line.text[:24]),
                f"序号之后多了“{found[3]}”字。",
                quote=clean(line.text)[:60],
                section=line.place,
                expected=clean(found[0][: -len(found[3])]),
                found=clean(found[0]),
                explained=by_reading(context.report),
            )


class TypoSuspected(_OfLexicon):
    """A word that is most likely a slip; and words so common that they are only remarked upon."""

    id = "typo_suspected"
    name = "疑似错别字"
    severity = Severity.WARNING
    verifies = "没有词表所列的、很可能写错的字词"
    kind = "typo"
    severities = (Severity.WARNING, Severity.HINT)
    good = Example({"sections.5.text": "经营好政务新媒体账号。"})
    bad = Example({"sections.5.text": "经营好新政务媒体账号。"})


_YEAR_LOST: Final = re.compile(r"(20[12]\d)(1[0-2]|[1-9])月(?=\d)")


class MissingChar(_OfLexicon):
    """A set phrase that lacks a character; a year without its 年; a county without its level before its own plan."""

    id = "missing_char"
    name = "漏字"
    severity = Severity.ERROR
    verifies = "没有词表所列的漏字；日期不漏“年、日”；本地文件名称不漏“市、县、区”"
    kind = "missing"
    good = Example({"sections.6.text": "本行政机关没有收取信息处理费。"})
    bad = Example({"sections.6.text": "本行政机没有收取信息处理费。"})

    def further(self, context: Context) -> Iterator[Finding]:
        lines = running(context)
        for found in _YEAR_LOST.finditer(lines.text):
            if lines.text[found.start() - 1 : found.start()].isdigit():
                continue
            yield self.finding(
                quote_key(lines.sentence(found.start(), found.end())),
                f"“{found[0]}”漏了“年”字。",
                quote=lines.sentence(found.start(), found.end()),
                section=_place(context, found.start()),
                expected=f"{found[1]}年{found[2]}月",
                found=found[0],
                explained=by_reading(context.report) or "数字与“年”字字体不同时，转换可能丢字，请打开原文核对",
            )
        for place, bare in regions_without_level(context):
            if f"年{bare}" not in lines.text:
                continue
            for found in re.finditer(rf"(?<=年){bare}(?=政务公开|政府信息公开)", lines.text):
                yield self.finding(
                    quote_key(f"{bare}政务公开"),
                    f"“{bare}”应为“{place}”。",
                    severity=Severity.WARNING,
                    quote=lines.sentence(found.start(), found.end()),
                    section=_place(context, found.start()),
                    expected=place,
                    found=bare,
                    explained=by_reading(context.report),
                )


class TermWrong(_OfLexicon):
    """A thing of the form or of the law under another name."""

    id = "term_wrong"
    name = "术语不规范"
    severity = Severity.WARNING
    verifies = "政府信息公开申请、信息处理费、政协提案等用规范名称"
    basis = f"{CUSTOM}：使用法规和统一格式中的名称"
    kind = "term"
    good = Example({"sections.1.text": "全年收到政府信息公开申请0件。"})
    bad = Example({"sections.1.text": "全年收到依申请公开文件0条。"})


class Grammar(_OfLexicon):
    """A phrase that no sentence can hold."""

    id = "grammar"
    name = "语病"
    severity = Severity.WARNING
    verifies = "没有词表所列的病句（杂糅、缺字、否定不当）"
    kind = "grammar"
    good = Example({"sections.5.text": "存在以下问题：更新偏慢。"})
    bad = Example({"sections.5.text": "存在以下不足的问题：更新偏慢。"})


class DoubleNegative(_OfLexicon):
    """A negation that turns the sentence into its opposite."""

    id = "double_negative"
    name = "否定错误"
    severity = Severity.ERROR
    verifies = "没有词表所列的重复否定"
    kind = "negation"
    good = Example({"sections.5.text": "部分信息更新不够及时。"})
    bad = Example({"sections.5.text": "部分信息更新不够不及时。"})


def _place(context: Context, offset: int) -> str:
    line = running(context).at(offset)
    return "标题" if line.kind == TITLE else line.place
