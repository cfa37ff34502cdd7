"""Reads "217条。其中，网站23条；公众号228条" out of running text: a whole, its parts, and how large the whole can be.

It reads too little rather than too much: whatever may be a part of a part, another year, another subject or a second
division of the same whole is left out, because a list whose parts are fewer than its whole is nobody's fault (其中 may
be open-ended) and a wrong sum is ours. What is judged of a list is the rule's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from monitor.counts import BLANK, ROUGH, UNITS, flatten, is_torn, worded

__all__ = ["TOTAL", "Count", "PartsList", "counts_in", "find_lists", "is_torn", "names_another_subject", "ways_of"]

#: An exact count. 余, 多 or 万 between number and unit make it no match; ordinals, decimals and ranges are no counts.
_COUNT: Final = re.compile(rf"(?<![\d.第—–~～至/\-])(\d{{1,3}}(?:'\d{{3}})+|\d+) ?({UNITS})(?!以上|以下|左右)")
_INTRO: Final = re.compile(r"(?<=[，。；：、,;:（(条件次篇份项个 ])(?:其中|(?:包括|具体为|分别为)[：:])")
#: Items that are numbered: such a list goes on over full stops.
_NUMBERED: Final = re.compile(
    r"[，：,: ]{0,2}(?:[一二三四五六七八九]是|第[一二三四五六七八九]|[（(]?\d{1,2}[）).．、](?!\d)|[①-⑩])"
)
_BOUNDARIES: Final = "，。；：,;:！？!?"
_BOUNDARY: Final = re.compile(f"[{_BOUNDARIES}]")
_COMPARISON: Final = re.compile(
    r"较|同比|环比|相比|比上|比去|增加|增长|减少|下降|上升|提高|去年|上年|上一年|同期|持平|往年|历年"
)
_RATE: Final = re.compile(r"[%％]|率")
TOTAL: Final = re.compile(r"(?<!公)共(?![产青建同享和])|合计|总计|累计|总数|总量")
_ENDS_LIST: Final = re.compile(
    r"另|此外|除此|同时|同步|还|全年|共|累计|总计|合计|截[至止]|计划|拟|预计|力争|争取|下一步|全部|均"
)
_PART_OF_PART: Final = re.compile(r"含|内有|包括|包含|涉及|其中")
_YEAR: Final = re.compile(r"(20\d\d) ?年")
#: Subjects that are counted in the same units; a part that names one which its whole does not is no part of it.
_SUBJECTS: Final = (
    "留言", "咨询", "(?<!依)申请", "建议", "提案", "信访", "投诉", "举报", "来信", "热线", "工单", "问政",
    "阅读", "浏览", "访问", "点击", "转发", "关注", "评论", "复议", "诉讼", "回应", "回复", "答复", "受理",
    "清理", "废止", "失效", "审核", "审查", "修订", "整改",
)  # fmt: skip
_SUBJECT: Final = re.compile("|".join(_SUBJECTS))
#: "解读及回应信息" is a kind of information, not answers given.
_KIND_OF_INFORMATION: Final = re.compile("信息(?:共计|合计|总计|累计)?$")
#: Ways in which one whole may be divided. Parts of two ways overlap and are never added up.
_DIVISIONS: Final = {
    "channel": re.compile(
        "网站|门户|公众号|微信|微博|公报|报纸|报刊|广播|电视|新媒体|客户端|抖音|快手|头条|视频号|小程序|公示栏|公开栏|宣传栏|平台|媒体|网页|渠道|方式"
    ),
    "means": re.compile("当面|现场|信函|邮寄|邮件|邮箱|传真|网络|网上|在线"),
    "applicant": re.compile("自然人|公民|个人|法人|企业|社会组织|律师"),
    "result": re.compile("予以公开|部分公开|不予|无法提供|同意公开|不存在|答复|办结|结转|撤回|撤销|补正"),
    "role": re.compile("主办|协办|分办|会办|独办|领办|承办"),
    "origin": re.compile("原创|转载"),
}
_BRACKETS: Final = re.compile(r"（([^（）]*)）|\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Count:
    """A count as written: `text[start:end]`; `context` is the clause around it, up to the counts beside it."""

    value: int
    unit: str
    start: int
    end: int
    context: str


@dataclass(frozen=True, slots=True)
class PartsList:
    """A whole and the parts given for it. `bound` is the most that the whole can mean (several counts before 其中).

    `is_whole`: the words say that these are all the parts (分别为, 共……包括); `complete`: every number of the list was
    read as a part, so that what they lack is lacking.
    """

    whole: Count
    bound: int
    parts: tuple[Count, ...]
    addable: bool
    quote: str
    is_whole: bool = False
    complete: bool = False

    @property
    def total(self) -> int:
        return sum(part.value for part in self.parts)


def find_lists(text: str, year: int | None = None) -> Iterator[PartsList]:
    """The lists of a paragraph. `text`: one cleaned paragraph; `year`: the report year, so that others are left out."""
    flat = flatten(text)
    for brackets in _BRACKETS.finditer(flat):
        if "其中" in brackets[0]:
            clause = _clause_start(flat, brackets.start())
            inside = f"，{brackets[0][1:-1]}。"
            alone = "。" * clause + flat[clause : brackets.start()] + inside
            yield from _scan(alone, text, year)
    yield from _scan(_BRACKETS.sub(lambda match: BLANK * len(match[0]), flat), text, year)


def _scan(flat: str, text: str, year: int | None) -> Iterator[PartsList]:
    intros = list(_INTRO.finditer(flat))
    if not intros:
        return
    counts = list(counts_in(flat))
    wholes = [_whole(flat, intro.start(), counts) for intro in intros]
    earlier: list[int] = []
    for index, (intro, whole) in enumerate(zip(intros, wholes, strict=True)):
        if whole is None:
            continue
        bound = _bound(flat, intro.start(), whole, counts, earlier)
        end = _end(flat, intro, first=not _intro_in_sentence(flat, intro.start()))
        for next_intro, next_whole in zip(intros[index + 1 :], wholes[index + 1 :], strict=True):
            end = min(end, next_whole.start if next_whole and next_whole.start > intro.end() else next_intro.start())
        parts = _parts([count for count in counts if intro.end() <= count.start < end], whole, flat, year)
        earlier.append(bound)
        if parts:
            quote = text[_clause_start(flat, whole.start) : parts[-1].end].strip("，。；： ")
            complete = not _left_over(flat, intro.end(), max(end, parts[-1].end), parts)
            yield PartsList(whole, bound, parts, _addable(parts), quote, complete=complete)


#: Words that say that the parts given are some of them.
_SOME: Final = re.compile("等|主要|重点|其余|剩余|另|部分|以及其他|未计|不含")


def _left_over(flat: str, since: int, until: int, parts: tuple[Count, ...]) -> bool:
    """Whether a list says that it is not all, or holds a number that was not read as a part."""
    rest = flat[since:until]
    for part in reversed(parts):
        rest = rest[: part.start - since] + rest[part.end - since :]
    return bool(_ANY_DIGIT.search(_PERCENT.sub("", rest)) or _SOME.search(rest))


_ANY_DIGIT: Final = re.compile(r"\d")
_PERCENT: Final = re.compile(r"\d+(?:\.\d+)?\s?[%％]")


def counts_in(flat: str) -> Iterator[Count]:
    """The exact counts of a flattened text; those in words only where none is in digits."""
    found = [(int(m[1].replace("'", "")), m[2], m.start(), m.end()) for m in _COUNT.finditer(flat)]
    found = [each for each in found or worded(flat) if not ROUGH.search(flat[max(0, each[2] - 4) : each[2]])]
    for index, (value, unit, start, end) in enumerate(found):
        left = _clause_start(flat, start, since=found[index - 1][3] if index else 0)
        boundary = _BOUNDARY.search(flat, end)
        right = min(boundary.start() if boundary else len(flat), _position(flat, "、", end))
        if index + 1 < len(found):
            right = min(right, found[index + 1][2])
        yield Count(value, unit, start, end, flat[left:start].strip("、 ") + flat[end:right])


def _whole(flat: str, before: int, counts: list[Count]) -> Count | None:
    """The count that 其中 divides: the last of the clause before it; clauses of comparison and rate are passed over."""
    end = before
    for _ in range(3):
        end = len(flat[:end].rstrip(f"，。；：、,;:（( {BLANK}"))
        start = _clause_start(flat, end)
        clause = flat[start:end]
        inside = [count for count in counts if start <= count.start and count.end <= end]
        if _COMPARISON.search(clause) or (_RATE.search(clause) and not inside):
            end = start
            continue
        if not inside or any(mark.isdigit() for mark in flat[inside[-1].end : end]) or end - inside[-1].end > 12:
            return None
        return inside[-1]
    return None


def _bound(flat: str, before: int, whole: Count, counts: list[Count], earlier: list[int]) -> int:
    """The most that the whole can be: several counts in a row before 其中 may be meant together."""
    group = max(flat.rfind("。", 0, whole.start), _last_group(flat, whole.start)) + 1
    bound = whole.value
    if not TOTAL.search(whole.context):
        bound = sum(
            count.value
            for count in counts
            if group <= count.start <= whole.start
            and count.unit == whole.unit
            and not _COMPARISON.search(count.context)
        )
    clause = _clause_start(flat, whole.start)
    own = (clause == 0 or flat[clause - 1] in "。；;") and not any(mark in "。；;" for mark in flat[whole.end : before])
    return bound if own or not earlier else max(bound, *earlier)


def _last_group(flat: str, before: int) -> int:
    """Where the last semicolon stands that a list stands before: what follows it is a new whole. -1: none."""
    semicolon = max(flat.rfind("；", 0, before), flat.rfind(";", 0, before))
    return semicolon if semicolon >= 0 and _intro_in_sentence(flat, semicolon) else -1


def _intro_in_sentence(flat: str, before: int) -> bool:
    """Whether a list began in the sentence that holds `before`; "217条。其中" is one sentence here."""
    start = flat.rfind("。", 0, len(flat[:before].rstrip("。， "))) + 1
    return bool(_INTRO.search(flat, max(0, start - 1), before)) and flat[start:before].strip() != ""


def _end(flat: str, intro: re.Match[str], *, first: bool) -> int:
    stops = "。！？" if first else "。！？；;"
    end = min(_position(flat, stop, intro.end()) for stop in stops)
    if _NUMBERED.match(flat, intro.end()):
        while _NUMBERED.match(flat, end + 1):
            end = min(_position(flat, stop, end + 1) for stop in stops)
    return end


def _parts(counts: list[Count], whole: Count, flat: str, year: int | None) -> tuple[Count, ...]:
    parts: list[Count] = []
    total = 0
    years = {str(year), *_YEAR.findall(whole.context)}
    nested_since = -1
    for count in counts:
        context = re.sub("^其中[，：,:]?", "", count.context)
        if _ENDS_LIST.match(context) or names_another_subject(context, whole.context):
            break
        if _PART_OF_PART.search(context) and parts:
            nested_since = count.start
        if nested_since >= 0 and not re.search("[；;]", flat[nested_since : count.start]):
            continue
        nested_since = -1
        other_year = any(found not in years for found in _YEAR.findall(context))
        if count.unit != whole.unit or other_year or _COMPARISON.search(context):
            continue
        part = replace(count, context=context)
        if total == whole.value and not _goes_on(parts, part):
            break  # the whole is divided; what follows divides it again or speaks of something else
        parts.append(part)
        total += part.value
    return tuple(parts)


def _goes_on(parts: list[Count], part: Count) -> bool:
    """Whether a part that stands behind a full division belongs to it: one more channel, one more role."""
    return len(parts) > 1 and bool(set.intersection(*(_ways(each) for each in [*parts, part])))


def names_another_subject(context: str, whole: str) -> bool:
    """Whether the words about a part name a subject that those about the whole do not."""
    if _KIND_OF_INFORMATION.search(context):
        return False
    named = set(_SUBJECT.findall(context))
    return bool(named) and not named <= set(_SUBJECT.findall(whole))


def _addable(parts: tuple[Count, ...]) -> bool:
    """Whether the parts divide the whole in one way, so that nothing is counted twice."""
    ways = [_ways(part) for part in parts if "其他" not in part.context and "其它" not in part.context]
    return not any(ways) or bool(set.intersection(*ways))


def _ways(part: Count) -> set[str]:
    return ways_of(part.context)


def ways_of(words: str) -> set[str]:
    """The ways of dividing a whole that some words name."""
    return {way for way, pattern in _DIVISIONS.items() if pattern.search(words)}


def _clause_start(flat: str, before: int, since: int = 0) -> int:
    """Where the clause begins that ends at `before`, or `since` if it begins earlier."""
    while before > since and flat[before - 1] not in _BOUNDARIES:
        before -= 1
    return before


def _position(flat: str, mark: str, since: int) -> int:
    found = flat.find(mark, since)
    return len(flat) if found < 0 else found
