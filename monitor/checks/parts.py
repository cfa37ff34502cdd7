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

_UNIT: Final = "条次|件次|人次|场次|篇次|条|件|篇|份|项|个|宗|起|则|期|场|次"
#: An exact count. 余, 多 or 万 between number and unit make it no match; ordinals, decimals and ranges are no counts.
_COUNT: Final = re.compile(rf"(?<![\d.第—–~～至/\-])(\d{{1,3}}(?:'\d{{3}})+|\d+) ?({_UNIT})(?!以上|以下|左右)")
_ROUGH: Final = re.compile(r"(?:约|近|超|超过|逾|不少于|不低于|至少|多达|平均|人均|日均|月均|每\w?) ?$")
#: The comma in 1,234 parts no clauses; every text is read with an apostrophe in its place.
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
#: "1，234条" may be one number or two.
_TORN: Final = re.compile(rf"(?<!\d)\d{{1,3}}，\d{{3}} ?(?:{_UNIT})")
_INTRO: Final = re.compile(r"(?<=[，。；：、,;:（(条件次篇份项个 ])(?:其中|(?:包括|具体为|分别为)[：:])")
_BOUNDARY: Final = re.compile(r"[，。；：,;:！？!?]")
_COMPARISON: Final = re.compile(
    r"较|同比|环比|相比|比上|比去|增加|增长|减少|下降|上升|提高|去年|上年|上一年|同期|持平|往年|历年"
)
_RATE: Final = re.compile(r"[%％]|率")
_TOTAL: Final = re.compile(r"(?<!公)共(?![产青建同享和])|合计|总计|累计|总数|总量")
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
_QUOTED: Final = re.compile(r"“[^”]*”|\"[^\"]*\"|《[^》]*》|〔[^〕]*〕|「[^」]*」")
_BRACKETS: Final = re.compile(r"（([^（）]*)）|\(([^()]*)\)")
_BLANK: Final = "＊"


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
    """A whole and the parts given for it. `bound` is the most that the whole can mean (several counts before 其中)."""

    whole: Count
    bound: int
    parts: tuple[Count, ...]
    addable: bool
    quote: str

    @property
    def total(self) -> int:
        return sum(part.value for part in self.parts)


def is_torn(text: str) -> bool:
    """Whether a number in the text may be one or two ("1，234条")."""
    return bool(_TORN.search(text))


def find_lists(text: str, year: int | None = None) -> Iterator[PartsList]:
    """The lists of a paragraph. `text`: one cleaned paragraph; `year`: the report year, so that others are left out."""
    flat = _QUOTED.sub(lambda match: _BLANK * len(match[0]), _THOUSANDS.sub("'", text.translate(_HALF_WIDTH)))
    for brackets in _BRACKETS.finditer(flat):
        if "其中" in brackets[0]:
            clause = _clause_start(flat, brackets.start())
            inside = f"，{brackets[0][1:-1]}。"
            alone = "。" * clause + flat[clause : brackets.start()] + inside
            yield from _scan(alone, text, year)
    yield from _scan(_BRACKETS.sub(lambda match: _BLANK * len(match[0]), flat), text, year)


_HALF_WIDTH: Final = str.maketrans("０１２３４５６７８９", "0123456789")


def _scan(flat: str, text: str, year: int | None) -> Iterator[PartsList]:
    counts = list(_counts(flat))
    intros = list(_INTRO.finditer(flat))
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
            yield PartsList(whole, bound, parts, _addable(parts), quote)


def _counts(flat: str) -> Iterator[Count]:
    matches = [m for m in _COUNT.finditer(flat) if not _ROUGH.search(flat[max(0, m.start() - 4) : m.start()])]
    for index, match in enumerate(matches):
        left = max(_clause_start(flat, match.start()), matches[index - 1].end() if index else 0)
        boundary = _BOUNDARY.search(flat, match.end())
        right = min(boundary.start() if boundary else len(flat), _position(flat, "、", match.end()))
        if index + 1 < len(matches):
            right = min(right, matches[index + 1].start())
        yield Count(
            int(match[1].replace("'", "")),
            match[2],
            match.start(),
            match.end(),
            flat[left : match.start()].strip("、 ") + flat[match.end() : right],
        )


def _whole(flat: str, before: int, counts: list[Count]) -> Count | None:
    """The count that 其中 divides: the last of the clause before it; clauses of comparison and rate are passed over."""
    end = before
    for _ in range(3):
        end = len(flat[:end].rstrip(f"，。；：、,;:（( {_BLANK}"))
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
    if not _TOTAL.search(whole.context):
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
    return min(_position(flat, stop, intro.end()) for stop in stops)


def _parts(counts: list[Count], whole: Count, flat: str, year: int | None) -> tuple[Count, ...]:
    parts: list[Count] = []
    years = {str(year), *_YEAR.findall(whole.context)}
    nested_since = -1
    for count in counts:
        context = re.sub("^其中[，：,:]?", "", count.context)
        if _ENDS_LIST.match(context) or _names_another_subject(context, whole.context):
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
        if sum(part.value for part in parts) == whole.value and not _goes_on(parts, part):
            break  # the whole is divided; what follows divides it again or speaks of something else
        parts.append(part)
    return tuple(parts)


def _goes_on(parts: list[Count], part: Count) -> bool:
    """Whether a part that stands behind a full division belongs to it: one more channel, one more role."""
    return len(parts) > 1 and bool(set.intersection(*(_ways(each) for each in [*parts, part])))


def _names_another_subject(context: str, whole: str) -> bool:
    if _KIND_OF_INFORMATION.search(context):
        return False
    return any(re.search(word, context) and not re.search(word, whole) for word in _SUBJECTS)


def _addable(parts: tuple[Count, ...]) -> bool:
    """Whether the parts divide the whole in one way, so that nothing is counted twice."""
    ways = [_ways(part) for part in parts if "其他" not in part.context and "其它" not in part.context]
    return not any(ways) or bool(set.intersection(*ways))


def _ways(part: Count) -> set[str]:
    return {way for way, words in _DIVISIONS.items() if words.search(part.context)}


def _clause_start(flat: str, before: int) -> int:
    """Where the clause begins that ends at `before`."""
    return max((match.end() for match in _BOUNDARY.finditer(flat, 0, before)), default=0)


def _position(flat: str, mark: str, since: int) -> int:
    found = flat.find(mark, since)
    return len(flat) if found < 0 else found
