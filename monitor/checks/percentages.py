"""Shares in the running text, worked out again from the part and the whole that stand beside them.

One percentage point of tolerance, two where the text says 约. A share whose whole is not sure is not judged; of
several wholes that may be meant any one that fits makes it right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown, quote_key
from monitor.checks.narrative import lists_in
from monitor.checks.parts import TOTAL, Count, PartsList, counts_in, is_torn
from monitor.checks.printed import Printed, printed, table_problem
from monitor.counts import flatten
from monitor.model import Finding, Report, Severity
from monitor.text import clean

_LONGEST: Final = 5_000
SCANNED: Final = "报告是图片，数字由文字识别得来，可能认错"
_TOLERANCE: Final = Fraction(1)
_ALL: Final = 100
_ROUGH_TOLERANCE: Final = Fraction(2)
_ABOUT: Final = re.compile("约|近|超|逾|左右|多|余")
STOPS: Final = "。！？；;"
_MARKS: Final = re.compile("[，,：:（）()、]")
#: Words before 占 that name nothing.
_NO_NAME: Final = re.compile("分别|数量|总数|总量|比例|共计|合计|约|均|各|共|其|数|也|则|已|大概|大约|左右|\\s")
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class PercentText:
    """A paragraph that states percentages. `flat` and `text` keep one another's places."""

    flat: str
    text: str
    part: int | None
    counts: tuple[Count, ...]

    def sentence(self, at: int) -> int:
        return max(self.flat.rfind(mark, 0, at) for mark in "。！？") + 1

    def quote(self, since: int, until: int) -> str:
        start = max(self.flat.rfind(mark, 0, since) for mark in "，。；,;！？") + 1
        return self.text[start:until].strip(" ，。；（(")


def percent_texts(context: Context) -> tuple[PercentText, ...]:
    """The paragraphs with percentages, read once for both rules. What they mean in part 5 is often a plan."""
    known = vars(context)
    if "_percentages" not in known:
        known["_percentages"] = tuple(
            _read_text(passage.text, passage.part)
            for passage in context.passages
            if ("%" in passage.text or "％" in passage.text) and passage.part != 5 and len(passage.text) <= _LONGEST
        )
    found: tuple[PercentText, ...] = known["_percentages"]
    return found


def _read_text(paragraph: str, part: int | None) -> PercentText:
    text = clean(paragraph)
    flat = flatten(text)
    return PercentText(flat, text, part, tuple(counts_in(flat)) if not is_torn(text) else ())


def fits(percent: Fraction, part: int | Decimal, whole: int | Decimal, tolerance: Fraction) -> bool:
    return whole > 0 and abs(percent - Fraction(part) * 100 / Fraction(whole)) <= tolerance


def tolerance_of(words: str) -> Fraction:
    return _ROUGH_TOLERANCE if _ABOUT.search(words) else _TOLERANCE


# ── shares ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_SHARE: Final = re.compile(
    r"(?P<each>分别)?占(?P<of>[^，。；：:（）()\d%％]{0,16}?)(?P<rough>约|近|超过?|逾)?\s?(?P<first>\d+(?:\.\d+)?)\s?[%％]"
    r"(?P<more>(?:(?:、|，|和|及)\s?\d+(?:\.\d+)?\s?[%％])*)"
)
#: Words that name the whole that the text itself gives, and no other one (占全市的5%).
_OF_THE_WHOLE: Final = re.compile(
    r"(?:比|比例|比重|总|全部|全年|主动|申请|公开|信息|政府|发布|受理|收到|办结|答复|办理|数|数量|量|件数|条数|的|为|达|到|均|其)*"
)
_PERCENT: Final = re.compile(r"\d+(?:\.\d+)?")


class PercentWrong(Rule):
    """A share that does not follow from the part and the whole that stand beside it."""

    id = "percent_wrong"
    name = "占比计算错误"
    severity = Severity.WARNING
    verifies = "正文所写占比与所列分项数、总数相符（允许相差1个百分点）"
    basis = f"{CUSTOM}：占比应当与正文所列数字相符"
    good = Example({"sections.1.text": "全年共公开信息90条，其中网站公开60条，占66.7%，微信公开30条，占33.3%。"})
    bad = Example({"sections.1.text": "全年共公开信息90条，其中网站公开60条，占76.7%，微信公开30条，占33.3%。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if not context.passages:
            yield Unknown("没有读到正文")
        for text in percent_texts(context):
            if "占" in text.flat:
                for match in _SHARE.finditer(text.flat):
                    if _OF_THE_WHOLE.fullmatch(match["of"]):
                        yield from self._shares(context, text, match)

    def _shares(self, context: Context, text: PercentText, match: re.Match[str]) -> Iterator[Finding | Unknown]:
        percents = [Fraction(found) for found in _PERCENT.findall(f"{match['first']}%{match['more']}")]
        if not match["each"]:
            percents = percents[:1]
        parts = _parts_before(text, match, len(percents))
        if parts is None:
            return
        whole = _whole_of(context, text, parts)
        if whole is None and all(percent == _ALL for percent in percents):
            return
        if whole is None:
            yield Unknown(f"没有写明占比的总数：“{text.quote(match.start(), match.end())}”")
            return
        candidates = {whole, *_candidates(context, text, parts)}
        tolerance = tolerance_of(match["of"] + (match["rough"] or ""))
        for part, percent in zip(parts, percents, strict=True):
            if not any(fits(percent, part.value, each, tolerance) for each in candidates):
                yield self._wrong(context, text, match, part, percent, whole)

    def _wrong(
        self, context: Context, text: PercentText, match: re.Match[str], part: Count, percent: Fraction, whole: int
    ) -> Finding:
        right = f"{part.value * 100 / whole:.1f}%"
        said = f"{float(percent):g}%"
        quote = text.quote(part.start, match.end())
        return self.finding(
            f"{quote_key(quote)}:{part.value}",
            f"{part.value}{part.unit}占{whole}{part.unit}的{right}，正文写为{said}。",
            quote=quote,
            section=context.place(text.part),
            expected=right,
            found=said,
            explained=SCANNED if context.report.is_scan else "",
        )


def _parts_before(text: PercentText, match: re.Match[str], count: int) -> list[Count] | None:
    """The counts whose shares are given: right before, with no other number and at most two marks between."""
    sentence = text.sentence(match.start())
    before = [each for each in text.counts if sentence <= each.start and each.end <= match.start()][-count:]
    if len(before) < count or len({each.unit for each in before}) > 1:
        return None
    between = text.flat[before[-1].end : match.start()]
    if _DIGIT.search(between) or len(_MARKS.findall(between)) > 2 or any(mark in between for mark in STOPS):
        return None
    return before if _names_no_other(between, text.flat[sentence : before[-1].start]) else None


def _names_no_other(between: str, before: str) -> bool:
    """Whether what stands behind a count and a mark names nothing else that the share may be of (，网站占68.6%)."""
    *ahead, last = _MARKS.split(between)
    name = _NO_NAME.sub("", last)
    return not ahead or not name or name in _MARKS.split(before)[-1]


def _whole_of(context: Context, text: PercentText, parts: list[Count]) -> int | None:
    """The whole that the parts are surely of: that of their list, or the one total of the sentence before them."""
    own = _list_of(context, text, parts)
    if own is not None:
        return own.bound
    sentence = text.sentence(parts[0].start)
    totals = [
        each
        for each in text.counts
        if sentence <= each.start < parts[0].start and each.unit == parts[0].unit and TOTAL.search(each.context)
    ]
    if len(totals) == 1 and totals[0].value >= max(part.value for part in parts):
        return totals[0].value
    return _whole_of_results(context, parts)


def _list_of(context: Context, text: PercentText, parts: list[Count]) -> PartsList | None:
    listed = (each.parts for each in lists_in(context) if each.paragraph == text.text)
    return next((each for each in listed if all(_is_in(part, each.parts) for part in parts)), None)


def _is_in(part: Count, parts: Iterable[Count]) -> bool:
    return any(part.value == each.value and part.unit == each.unit for each in parts)


_SHARES_OF_RESULTS: Final = tuple(
    f"requests.{name}"
    for name in (
        "granted",
        "partly_granted",
        "granted_or_partly",
        "refused",
        "unavailable",
        "declined",
        "other",
    )
)


def _whole_of_results(context: Context, parts: list[Count]) -> int | None:
    """Results of applications are shares of those handled."""
    figures = context.figures
    named = any(figure.value == parts[0].value for key in _SHARES_OF_RESULTS for figure in figures.get(key, ()))
    handled = [figure for figure in figures.get("requests.handled", ()) if not figure.scope]
    return int(handled[0].value) if named and len(handled) == 1 else None


def _candidates(context: Context, text: PercentText, parts: list[Count]) -> set[int]:
    """All that may be the whole instead: the other counts of the paragraph, the sum of the parts, the table's."""
    unit = parts[0].unit
    own = _list_of(context, text, parts)
    beside = own.parts if own else ()
    not_whole = {each.value for each in (*parts, *beside)}
    others = [each.value for each in text.counts if each.unit == unit and each.value not in not_whole]
    found = {value for value in others if value >= max(part.value for part in parts)}
    shared = [
        each.value
        for each in text.counts
        if each.unit == unit and re.match(r"[，,（(]?(?:分别)?占", text.flat[each.end : each.end + 4])
    ]
    found.update(sum(values) for values in (shared, [part.value for part in parts]) if len(values) > 1)
    if any("申请" in each.context or "公开" in each.context for each in parts) or unit in "件宗":
        found |= _of_table(context.report)
    found |= {int(figure.value) for figure in context.figures.get("published.total", ())}
    return found


def _of_table(report: Report) -> set[int]:
    if table_problem(report, "requests"):
        return set()
    rows = (("handled",), ("received",), ("received", "carried_in"))
    told = [printed(report, [f"requests.{row}.total" for row in each]) for each in rows]
    return {int(value) for each in told if isinstance(each, Printed) for value in each.values}
