"""Growth and trends in the running text against this year's numbers and last year's.

Last year's stand in the text or in last year's report. One percentage point of tolerance, two where the text says 约.
Of several numbers that may be meant any one that fits makes the text right; what cannot be worked out is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown, quote_key
from monitor.checks.percentages import SCANNED, STOPS, PercentText, fits, percent_texts, tolerance_of
from monitor.checks.printed import Number, Printed, printed, table_problem
from monitor.counts import flatten
from monitor.model import Finding, Report, Severity
from monitor.text import clean

_LONGEST: Final = 5_000
_UP: Final = "增长|上升|增加|提高|提升|增幅|增多"
_DOWN: Final = "下降|减少|降低|回落|降幅|下滑"
_GROWTH: Final = re.compile(
    rf"(?P<verb>{_UP}|(?P<down>{_DOWN}))(?:率|幅度?|比例|了|为|达到?|(?P<rough>约|近|超过?|逾)|[:：\s])*"
    r"(?P<percent>\d+(?:\.\d+)?)\s?[%％](?!点)"
)
#: A rate that grows, or growth since another year than the last.
_OF_A_RATE: Final = re.compile("(?<!增长)(?<!下降)(?<!减少)(?<!上升)率|占比|比重|满意度|环比|投资|产值|收入|资金|税")
_DIFFERENCE: Final = re.compile(rf"(?:{_UP}|{_DOWN}|多|少)了?$")
_LESS: Final = re.compile(rf"(?:{_DOWN}|少)了?$")


class GrowthWrong(Rule):
    """Growth that does not follow from this year's number and last year's, of the text or of last year's report."""

    id = "growth_wrong"
    name = "增幅计算错误"
    severity = Severity.WARNING
    verifies = "正文所写同比增减幅度与本年、上年数字相符（允许相差1个百分点）"
    basis = f"{CUSTOM}：增减幅度应当与所列数字及上年报告相符"
    good = Example({"sections.1.text": "全年公开信息90条，比上年增加30条，增长50%。"})
    bad = Example({"sections.1.text": "全年公开信息90条，比上年增加30条，增长33.3%。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if not context.passages:
            yield Unknown("没有读到正文")
        for text in percent_texts(context):
            after = 0
            for match in _GROWTH.finditer(text.flat):
                yield from self._growth(context, text, match, after)
                after = match.end()

    def _growth(
        self, context: Context, text: PercentText, match: re.Match[str], after: int
    ) -> Iterator[Finding | Unknown]:
        since = max(after, *(text.flat.rfind(mark, 0, match.start()) + 1 for mark in STOPS))
        said = text.flat[since : match.start()]
        if _OF_A_RATE.search(text.quote(match.start(), match.start())) or not text.counts:
            return
        percent = Fraction(match["percent"]) * (-1 if match["down"] else 1)
        tolerance = max(tolerance_of(match["rough"] or ""), abs(percent) / 100)
        pairs = list(_pairs(context, text, since, match.start()))
        if not pairs:
            pairs = list(_with_last_year(context, text, match, said))
            if not pairs:
                if _compares(said):
                    yield Unknown(f"没有上年数字，无法核算：“{text.quote(match.start(), match.end())}”")
                return
        if any(before and fits(percent + 100, now, before, tolerance) for now, before in pairs):
            return
        now, before = pairs[0]
        if not before:
            return
        right = f"{float(now - before) * 100 / float(before):.1f}%"
        shown = f"{float(percent):g}%"
        quote = text.text[since : match.end()].strip(" ，。；（(")
        yield self.finding(
            quote_key(quote),
            f"由{before}到{now}，增幅应为{right}，正文写为{shown}。",
            quote=quote,
            section=context.place(text.part),
            expected=right,
            found=shown,
            explained=SCANNED if context.report.is_scan else "",
        )


def _compares(said: str) -> bool:
    return any(word in said for word in ("较", "比", "同期"))


def _pairs(context: Context, text: PercentText, since: int, until: int) -> Iterator[tuple[Number, Number]]:
    """This year's and last year's number, as the words before a percentage give them; several where not sure which."""
    counts = [each for each in text.counts if since <= each.start and each.end <= until]
    said: dict[str, list[int]] = {"now": [], "before": [], "change": [], "": []}
    place = since
    for count in counts:
        own = text.flat[place : count.start]
        place = count.end
        if count.unit == counts[-1].unit:
            kind = _kind_of(own, context.report_year)
            said[kind].append(-count.value if kind == "change" and _LESS.search(own) else count.value)
    now, before, change = said["now"], said["before"], said["change"]
    if len(before) == len(change) == len(now) == 1:
        yield now[0], before[0]
    elif len(before) + len(change) == 1 and 1 <= len(now) <= 2:
        for each in reversed(now):
            yield each, before[0] if before else each - change[0]


def _kind_of(words: str, year: int | None) -> str:
    """What a number is by the words before it: this year's (now), last year's (before), the change, or neither ("")."""
    if _DIFFERENCE.search(words):
        return "change"
    clause = _CLAUSES.split(words)[-1]
    years = {int(found) for found in _YEAR.findall(clause)}
    if _CARRIED.search(clause):
        return ""
    if _LAST_YEAR.search(clause) or _FROM.search(clause) or (year is not None and years == {year - 1}):
        return "before"
    return "now" if not years or years == {year} else ""


_CLAUSES: Final = re.compile("[，,；;]")
_YEAR: Final = re.compile(r"(20\d\d)\s?年")
_CARRIED: Final = re.compile("结转|转入|遗留|延期")
_LAST_YEAR: Final = re.compile("上一?年|去年|同期")
_FROM: Final = re.compile("[由从][^，]{0,12}$")


def _of_last_year(words: str, year: int | None) -> bool:
    return bool(_LAST_YEAR.search(words)) or (year is not None and f"{year - 1}年" in words)


_BASES: Final = ("requests.received", "published.total", "published.website", "published.wechat", "published.weibo",
                 "published.new_media", "requests.handled")  # fmt: skip


def _with_last_year(
    context: Context, text: PercentText, match: re.Match[str], said: str
) -> Iterator[tuple[Number, Number]]:
    """The number that grew, and the same of last year's report; each way to read either."""
    if context.previous is None or not (_of_last_year(said, context.report_year) or "同比" in said[-12:] + match[0]):
        return
    percent = Decimal(match["percent"]) * (-1 if match["down"] else 1)
    for key in _BASES:
        grown = context.figures.get(f"{key}.growth", ())
        if not any(figure.value == percent and figure.quote in text.text for figure in grown):
            continue
        for now in _values(context.report, key):
            for before in _values(context.previous, key):
                if before:
                    yield now, before


def _values(report: Report, key: str) -> list[Number]:
    """What a report gives as a figure, by its text and by its table; the plainest first."""
    values = [figure.value for figure in report.figures if figure.key == key and not figure.scope]
    if key.startswith("requests.") and not table_problem(report, "requests"):
        row = key.removeprefix("requests.")
        for rows in ((row,), ("received", "carried_in")) if row == "received" else ((row,),):
            told = printed(report, [f"requests.{each}.total" for each in rows])
            values += told.values if isinstance(told, Printed) else ()
    return list(dict.fromkeys(values))


# ── trends in words ─────────────────────────────────────────────────────────────────────────────────────────────────

_TREND: Final = re.compile(
    r"(?P<up>稳中有[进升]|(?:稳步|持续|逐年|大幅度?|明显|显著)(?:增长|增加|上升|提升|增多)|有(?:所|较大|明显|大幅)(?:增长|增加|上升|提升|增多))"
    r"|(?P<down>(?:稳步|持续|逐年|大幅度?|明显|显著)(?:下降|减少|回落)|有(?:所|较大|明显|大幅)(?:下降|减少|回落))"
)
#: What is claimed to grow has to be a number of things.
_QUANTITY: Final = re.compile("数量|总量|条数|件数|总数|公开量|发布量|申请量|受理量|信息量|发布数|公开数|申请数")
_PLANNED: Final = re.compile("力争|将|计划|努力|推动|确保|争取|实现|要求|目标|预计|防止|避免")
_KEYS: Final = (
    ("申请", "requests.received"),
    ("微信", "published.wechat"),
    ("网站", "published.website"),
    ("信息", "published.total"),
)


class TrendClaimUnsupported(Rule):
    """A number of things is said to rise or fall, and no number says so, or one says the contrary."""

    id = "trend_claim_unsupported"
    name = "趋势表述无数据支持"
    severity = Severity.HINT
    verifies = "正文所写公开数量、申请数量的增减趋势有数据支持，并与上年数据相符"
    basis = f"{CUSTOM}：趋势表述应当有数据支持"
    good = Example({"sections.1.text": "全年公开信息90条，比上年增加30条，公开数量稳步增长。"})
    bad = Example({"sections.1.text": "全年围绕中心工作做好公开，信息公开数量稳步增长。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if not context.passages:
            yield Unknown("没有读到正文")
        for passage in context.passages:
            if passage.part == 5 or len(passage.text) > _LONGEST or not _may_claim(passage.text):
                continue
            text = clean(passage.text)
            for match in _TREND.finditer(flatten(text)):
                yield from self._claim(context, text, passage.part, match)

    def _claim(
        self, context: Context, text: str, part: int | None, match: re.Match[str]
    ) -> Iterator[Finding | Unknown]:
        start = max(text.rfind(mark, 0, match.start()) for mark in "，。；,;！？：") + 1
        clause = text[start : match.end()]
        if not _QUANTITY.search(clause) or _PLANNED.search(clause):
            return
        known = _last_and_this(context, clause)
        if known is not None:
            before, now = known
            if (now > before) if match["up"] else (now < before):
                return
            said = f"上年为{before}，本年为{now}"
        elif _has_numbers(text, start, match.end()):
            return
        else:
            said = "正文没有给出可以比较的数字"
        yield self.finding(
            quote_key(clause),
            f"“{clause.strip()}”：{said}。",
            quote=clause.strip(),
            section=context.place(part),
            expected="有数据支持",
            found=said,
        )


def _may_claim(text: str) -> bool:
    return bool(_QUANTITY.search(text)) and bool(_TREND.search(text))


def _last_and_this(context: Context, clause: str) -> tuple[Number, Number] | None:
    """Last year's and this year's number of what a clause speaks of, where both reports state exactly one."""
    named = [key for word, key in _KEYS if word in clause]
    if context.previous is None or not named or "和" in clause or "、" in clause:
        return None
    stated = [
        [figure.value for figure in report.figures if figure.key == named[0] and not figure.scope]
        for report in (context.previous, context.report)
    ]
    if any(len(values) != 1 for values in stated):
        return None
    return stated[0][0], stated[1][0]


def _has_numbers(text: str, start: int, end: int) -> bool:
    """Whether a claim stands beside numbers: in its own clause, in the next one, or in the one before it."""
    tail = _CLAUSES.split(text[end:])
    following = "".join(tail[:2]).partition("。")[0]
    if _has_digit(text[start:end] + following):
        return True
    sentence = max(text.rfind(mark, 0, start) for mark in "。；;！？") + 1
    return "其中" not in text[start:end] and _has_digit(text[sentence : max(start - 1, sentence)])


def _has_digit(words: str) -> bool:
    return any(mark.isdigit() for mark in _ANY_YEAR.sub("", words))


_ANY_YEAR: Final = re.compile(r"20\d\d\s?年?")
