"""The figures of the running text: what is counted, with the clause, its place, and whose number it says it is.

Only what is sure is a figure: subjects.py decides what a number counts, scopes.py whose it is. Part 5 is left out, for
it speaks of problems and plans. What is quoted is nobody's figure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from monitor.counts import ROUGH, UNITS, flatten, is_torn
from monitor.documents.nothings import nothing_of
from monitor.documents.numbers import chinese_integer
from monitor.documents.running import Line
from monitor.documents.scopes import deputy_in, scope_of
from monitor.documents.subjects import FILL, Setting, is_empty, key_of, last_topic, right_of, topic_of
from monitor.form import FIGURES
from monitor.model import Figure, Place

#: Characters; nobody writes longer paragraphs, and clauses of which the end tells what is counted.
_LONGEST: Final = 5_000
_CLAUSE: Final = 100
_MOST: Final = 400
_MOST_LINES: Final = 1_000
_SKIPPED: Final = frozenset({5})

_UNIT: Final = rf"万元|元|{UNITS}|封|例|轮|班(?!子|级|组)"
_NUMBER: Final = re.compile(
    rf"(\d[\d']*+)(\.\d+)?\s?(?:([%％])|(万(?!元))?([余多])?\s?({_UNIT})(?!以上|以下|左右|以内)|(?=[，,。；;、）)]|$))"
)
_DIGIT: Final = re.compile(r"\d(?=\s?[件条次篇份项个宗起则期场元封例轮班人万余多%％，,。；;、）)]|$)")
_ANY_DIGIT: Final = re.compile(r"\d")
_COUNTED: Final = re.compile(r"[零〇一二两三四五六七八九十百千]\s?[件条人场篇份宗起期次]")
#: More digits than these no agency counts.
_DIGITS: Final = re.compile(r"\d{1,9}|\d{1,3}(?:'\d{3}){1,2}")
_NUMERAL: Final = re.compile(
    r"[零〇一二两三四五六七八九十百千][零〇一二两三四五六七八九十百千]*+\s?(条次|件次|人次|场次|条|件|篇|份|宗|起|期|场|次)(?!事|网|生|步|式|以)"
)
#: Before a number: it is an ordinal, the end of a range or of another number.
_NOT_BEFORE: Final = frozenset("第.—–~～-－/'至〔(（第每其之")
#: A number without a unit is one only behind these: 申请数量为0.
_NAMING: Final = frozenset("为是数量均计：:")
_NONE: Final = re.compile(r"(?:未|没有|没|无|不存在)[^，；：,;:（）()。！？]{2,60}")
#: Before 无 or 未: whether there was none is not said.
_MAYBE: Final = frozenset("如若有否或")
_BOUNDARY: Final = re.compile(r"[，；：,;:（）()。！？]")
_INTRO: Final = re.compile(r"其中|包括|包含|含")
_APART: Final = re.compile(r"[；;]|另")
_SUM: Final = re.compile(r"共|合计|总计")

#: A subheading and what it speaks of, for the paragraphs below it.
_SUBHEADING: Final = re.compile(
    r"\s*(?:[（(]\s*[一二三四五六七八九十\d]{1,2}\s*[）)]|\d{1,2}\s*[.．、])\s*([^。：:，,；\s]{2,24})"
)
_SPOKEN_OF: Final = (
    ("依申请", "requests"),
    ("主动公开", "published"),
    ("处理费", "fees"),
    ("提案", "proposals"),
    ("监督保障", "trainings"),
)

_COMPARED: Final = re.compile(
    r"较(?!为|好|多的|大的)|同比|环比|相比|与去年|和去年|比(?:去|上)|增加|减少|增长|下降|上升|率"
)
_UP: Final = "增长|上升|增加|提高|增幅|提升"
_DOWN: Final = "下降|减少|回落|降低|降幅|下滑"
_CHANGED: Final = re.compile(
    rf"(?:同比|(?:较|比|与)(?:去年|上一?年度?|20\d\d年)(?:同期|相比)?)(?:总体|有所|，)*(?:{_UP}|(?P<down>{_DOWN}))(?:率|{FILL})*+$"
)
_SHARE: Final = re.compile(rf"^约?占(?:比|总数|总量|全部|申请)?(?:的|{FILL})*+$")
_RATE: Final = re.compile(rf"(?:办复率|办结率|答复率)(?:均|{FILL})*+$")
_ALL_UPHELD: Final = re.compile(r"均(?:获|被|予以|为|已)?(?:结果)?维持")
_CLASSES: Final = re.compile(r"主动公开\D{0,6}\d+.*依申请公开\D{0,6}\d+")
#: Groups of figures that are a department's own trade too.
_ELSEWHERE: Final = frozenset({"remedies", "trainings", "complaints"})
#: A department's own trade, as a reviewing body or in court: not about what it published.
_TRADE: Final = re.compile(r"(?:受理|办理|审理|审结|承办).{0,6}复议|应诉|开庭|出庭|民事|刑事|公益诉讼")


@dataclass(slots=True)
class _Number:
    """A number as printed: `flat[start:end]`; `unit` is "%" for a percentage, "" where none is printed."""

    start: int
    end: int
    value: int | Decimal
    unit: str
    rough: bool


def find_figures(
    parts: Sequence[tuple[int | None, Sequence[Line]]], *, year: int | None, agency: str
) -> tuple[Figure, ...]:
    """The figures of a report in reading order. `parts`: the number of each part (0: preface) with its paragraphs."""
    figures: list[Figure] = []
    overview = any(part == 1 for part, _ in parts)
    for part, lines in parts:
        if part in _SKIPPED or (part == 0 and overview):
            continue  # an introduction says what the report holds, and where there is an overview it counts nothing
        topic = {3: "requests", 4: "both"}.get(part or 0, "")
        spoken_of = topic
        for line in lines[:_MOST_LINES]:
            subheading = _SUBHEADING.match(line.text)
            if subheading:
                spoken_of = _spoken_of(subheading[1]) or topic
            if _states(line.text) and len(line.text) <= _LONGEST and len(figures) < _MOST:
                figures += _Paragraph(line, part, spoken_of, year, agency).figures()
    return tuple(figures)


@lru_cache(maxsize=1024)
def _spoken_of(subheading: str) -> str:
    """What a subheading speaks of. Remembered, for the same words stand in every report."""
    return next((topic for word, topic in _SPOKEN_OF if word in subheading), "")


def _states(text: str) -> bool:
    """Whether a paragraph can state a figure at all; most cannot."""
    words = "未" in text or "无" in text or "没" in text or "零" in text or "不存在" in text
    return words or bool(_DIGIT.search(text)) or bool(_COUNTED.search(text))


class _Paragraph:
    """One paragraph on its way to figures: where its clauses begin, and what was spoken of so far."""

    __slots__ = (
        "_agency", "_classes", "_deputy", "_flat", "_line", "_part", "_said", "_spoken_of", "_starts", "_topic", "_year"
    )  # fmt: skip

    def __init__(self, line: Line, part: int | None, topic: str, year: int | None, agency: str) -> None:
        self._line, self._part, self._topic, self._spoken_of = line, part, topic, topic
        self._year, self._agency = year, agency
        self._flat = flatten(line.text)
        self._said = 0
        self._classes = False
        self._deputy = ""
        self._starts = [0]

    def figures(self) -> list[Figure]:
        """The figures of the paragraph, in its order."""
        flat = self._flat
        numbers = [] if is_torn(flat) else _numbers(flat)
        nothings = _nothings(flat)
        if not numbers and not nothings:
            return []
        self._starts += [match.end() for match in _BOUNDARY.finditer(flat)]
        self._classes = "依申请公开" in flat and _CLASSES.search(flat) is not None
        if "代表" in flat:
            self._deputy = deputy_in(flat, self._agency)
        found: list[tuple[int, Figure]] = []
        used = 0
        for place, number in enumerate(numbers):
            limit = numbers[place + 1].start if place + 1 < len(numbers) else len(flat)
            used = self._read(number, max(used, numbers[place - 1].end if place else 0), limit, found)
        for number, key in nothings:
            clause = self._clause(number.start)
            found.append((number.start, self._figure(key, number, clause, self._sentence(clause))))
        found += self._upheld(found)
        return [figure for _, figure in sorted(found, key=lambda item: item[0])]

    # ── where a number stands ──

    def _clause(self, at: int) -> int:
        """Where the clause begins that holds a place."""
        return self._starts[bisect_right(self._starts, at) - 1]

    def _clause_end(self, at: int) -> int:
        following = bisect_right(self._starts, at)
        return self._starts[following] - 1 if following < len(self._starts) else len(self._flat)

    def _sentence(self, at: int) -> int:
        """Where the sentence begins; 其中 opens none: "217条。其中，……" is one."""
        start = self._flat.rfind("。", 0, at) + 1
        while start and self._flat.startswith("其中", start):
            start = self._flat.rfind("。", 0, start - 1) + 1
        return start

    def _topic_before(self, left: int) -> str:
        """What was spoken of last, up to a place."""
        if left > self._said:
            self._topic = last_topic(self._flat[self._said : left]) or self._topic
            self._said = left
        return self._topic

    # ── what it counts ──

    def _read(self, number: _Number, after: int, limit: int, found: list[tuple[int, Figure]]) -> int:
        """Add what a number counts, if that is sure; the place up to which its words reach."""
        flat = self._flat
        clause = self._clause(number.start)
        left = max(clause, after)
        if after > clause and (mark := flat.rfind("、", after, number.start)) >= 0:
            left = mark + 1  # what stands before it belongs to the number before
        if clause > after and is_empty(flat[left : number.start]):
            left = clause = max(self._clause(clause - 1) if clause else 0, after)
        own = flat[max(left, number.start - _CLAUSE) : number.start]
        sentence = self._sentence(clause)
        before = flat[sentence:left]
        topic = topic_of(own)
        is_part = "其中" in before or "其中" in own
        setting = Setting(topic or self._topic_before(left), before, is_part, self._year, self._has_classes(sentence))
        reach = number.end
        if number.unit == "%":
            key = self._percentage(own, number, setting, found)
        else:
            is_compared = _COMPARED.search(own) is not None
            key = None if is_compared else key_of(own, number.unit, setting)
            if key is None and not (is_compared or topic):
                right = flat[number.end : min(self._clause_end(number.end), limit)]
                key, length = right_of(own, right, number.unit, setting)
                reach += length
            if key is None and _is_sum(own, number, found):
                key = "requests.to_handle"
        if key is not None and (topic or not _is_anyones(key, sentence, found)):
            for each in _expanded(key, number.value):
                found.append((number.start, self._figure(each, number, clause, sentence)))
            self._settle(found, sentence, own)
        return reach

    def _has_classes(self, sentence: int) -> bool:
        """Whether the sentence counts documents by class: 主动公开36件、依申请公开436件、不予公开43件."""
        if not self._classes:
            return False
        end = self._flat.find("。", sentence)
        words = self._flat[sentence : end if end >= 0 else len(self._flat)]
        return bool(_CLASSES.search(words))

    def _percentage(self, own: str, number: _Number, setting: Setting, found: list[tuple[int, Figure]]) -> str | None:
        """What a percentage is of: a rate, a change, or the share of the figure right before it."""
        if _RATE.search(own):
            topic = "proposals" if "均" in own else topic_of(own) or setting.topic
            return f"{topic}.rate" if f"{topic}.rate" in FIGURES else None
        start = self._clause(number.start)
        before = self._clause(max(start - 1, 0))
        while before and _COMPARED.search(self._flat, before, start):  # 比上年减少10件，同比下降33%
            start, before = before, self._clause(before - 1)
        last = found[-1][1].key if found and found[-1][0] >= before else None
        if _SHARE.match(own):
            return f"{last}.share" if f"{last}.share" in FIGURES else None
        changed = _CHANGED.search(own)
        if changed is None:
            return None
        subject = own[: changed.start()]
        key = last if is_empty(subject) else key_of(subject, "条", setting)
        if f"{key}.growth" not in FIGURES:
            return None
        if changed["down"]:
            number.value = -number.value
        return f"{key}.growth"

    def _figure(self, key: str, number: _Number, clause: int, sentence: int) -> Figure:
        end = self._clause_end(number.start)
        own, before = self._flat[clause:end], self._flat[sentence:clause]
        scope = scope_of(key, own, before, year=self._year, agency=self._agency, rough=number.rough)
        scopes = [self._deputy, scope, self._unsure(key, f"{before}{own}")]
        quote = self._line.text[clause:end].strip(" ，,；;、（(")
        place = Place(self._line.block, self._line.page, quote)
        joined = "；".join(dict.fromkeys(filter(None, scopes)))
        return Figure(key, number.value, quote, number.unit, self._part, joined, place)

    def _unsure(self, key: str, sentence: str) -> str:
        """Why a figure may be of something else than of open information: a department's reviews, suits, courses."""
        group = key.partition(".")[0]
        if group not in _ELSEWHERE:
            return ""
        about = "信息公开" in sentence or "依申请" in sentence or "申请公开" in sentence
        if group == "remedies" and not about and (self._part not in (3, 4) or _TRADE.search(sentence)):
            return "" if self._spoken_of == "requests" and not _TRADE.search(sentence) else "未写明因政府信息公开"
        if group in ("trainings", "complaints") and not (about or self._spoken_of == group or "政务公开" in self._flat):
            return "未写明为政务公开"
        return ""

    def _settle(self, found: list[tuple[int, Figure]], sentence: int, own: str) -> None:
        """A number received that holds what was carried over is another figure: 共收到749件（含上年结转36件）."""
        if len(found) < 2 or found[-2][0] < sentence or found[-2][1].key != "requests.received":
            return
        (at, whole), (here, last) = found[-2:]
        holds = last.key == "requests.carried_in" or (last.key == "requests.received" and "新收" in own)
        between = self._flat[at:here]
        if holds and "新收" not in whole.quote and _INTRO.search(between) and not _APART.search(between):
            found[-2] = (at, replace(whole, key="requests.to_handle"))

    def _upheld(self, found: list[tuple[int, Figure]]) -> Iterator[tuple[int, Figure]]:
        """复议7件，诉讼9件，均获维持: that many were upheld."""
        for match in _ALL_UPHELD.finditer(self._flat) if "维持" in self._flat else ():
            sentence = self._sentence(match.start())
            for at, figure in found:
                group, *rest = figure.key.split(".")
                if sentence <= at < match.start() and figure.value and group == "remedies" and len(rest) == 1:
                    quote = self._line.text[self._clause(at) : self._clause_end(match.start())].strip(" ，")
                    yield match.start(), replace(figure, key=f"{figure.key}.upheld", quote=quote)


_BOTH: Final = {
    "remedies.both": ("remedies.review", "remedies.litigation"),
    "proposals.total": ("suggestions.total", "motions.total"),
}


def _expanded(key: str, value: int | Decimal) -> tuple[str, ...]:
    """Of two things together there was none: then there was none of either."""
    return _BOTH.get(key, (key,)) if not value else (key,)


def _is_sum(own: str, number: _Number, found: Sequence[tuple[int, Figure]]) -> bool:
    """新收713件，上年结转36件，共749件: the sum vouches for what is meant."""
    if len(found) < 2 or not (_SUM.search(own) and is_empty(own)):
        return False
    last = [figure for _, figure in found[-2:]]
    return {figure.key for figure in last} == {"requests.received", "requests.carried_in"} and number.value == sum(
        figure.value for figure in last
    )


def _is_anyones(key: str, sentence: int, found: Sequence[tuple[int, Figure]]) -> bool:
    """复议2件、诉讼1件，维持3件: nobody can say of which the result is."""
    before = [figure.key for at, figure in found[-2:] if at >= sentence]
    return key.startswith("remedies.") and set(before) == {"remedies.review", "remedies.litigation"}


def _nothings(flat: str) -> list[tuple[_Number, str]]:
    """The zeros in words of a text, each with the key of what there was none of."""
    return [
        (_Number(match.start(), match.end(), 0, "", False), each)
        for match in _NONE.finditer(flat)
        if flat[match.start() - 1 : match.start()] not in _MAYBE
        for key in nothing_of(match[0])
        if not _ANY_DIGIT.search(match[0])
        for each in _expanded(key, 0)
    ]


def _numbers(flat: str) -> list[_Number]:
    numbers = list(_arabic(flat))
    if _COUNTED.search(flat):
        numbers = sorted([*numbers, *_chinese(flat)], key=lambda number: number.start)
    return numbers


def _chinese(flat: str) -> Iterator[_Number]:
    for match in _NUMERAL.finditer(flat):
        value = chinese_integer(match[0].removesuffix(match[1]).rstrip())
        if value is not None and not _is_cut(flat, match.start()):
            rough = bool(ROUGH.search(flat[max(0, match.start() - 4) : match.start()]))
            yield _Number(match.start(), match.end(), value, match[1], rough)


def _arabic(flat: str) -> Iterator[_Number]:
    for match in _NUMBER.finditer(flat):
        whole, fraction, percent, ten_thousands, more, unit = match.groups()
        start = match.start()
        alone = not (percent or unit) and flat[max(0, start - 2) : start].rstrip()[-1:] not in _NAMING
        if alone or not _DIGITS.fullmatch(whole) or _is_cut(flat, start):
            continue
        whole = whole.replace("'", "")
        value: int | Decimal = Decimal(f"{whole}{fraction}") if fraction else int(whole)
        if ten_thousands:
            value = int(value * 10000)
        rough = bool(ten_thousands or more or ROUGH.search(flat[max(0, start - 4) : start]))
        yield _Number(start, match.end(), value, "%" if percent else unit or "", rough)


def _is_cut(flat: str, start: int) -> bool:
    """Whether a number may be the rest of one, an ordinal, or the end of a range."""
    before = flat[max(0, start - 2) : start]
    bare = before.rstrip()
    return bool(bare) and (bare[-1] in _NOT_BEFORE or bare[-1].isdigit())
