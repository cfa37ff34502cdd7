"""Zero in words: 未收到政府信息公开申请, 没有发生行政复议、行政诉讼, 无上年结转 → the keys of which there was none.

The phrase has to be whole: what was not (a verb of a closed list), then the things, then the clause ends.
未及时答复申请 and 无正当理由反复申请 speak of something else.
"""

from __future__ import annotations

import re
from typing import Final

#: Without one of these it is not worth while to look closer.
_NAMED: Final = re.compile("公开|申请|结转|复议|诉讼|应诉|建议|提案|议案|处理费|举报|投诉|规范性文件")
_TRAILING: Final = re.compile(
    r"(?:案件|(?<![提议])案|的?情况|的?情形|的?问题|事项|事件|业务|要求|现象|(?<!规范性)文件|(?<!文)件|的|发生|产生|出现|办理)+$"
)
_AND: Final = re.compile("、|以及|或者|[和与及或]")
#: What a thing is by how it ends; the first that fits.
_ENDINGS: Final = (
    (("复议", "复议申请", "复议案"), "remedies.review"),
    (("诉讼", "应诉"), "remedies.litigation"),
    (("处理费", "处理费用"), "fees.amount"),
    (("建议提案",), "proposals.total"),
    (("提案",), "motions.total"),
    (("人大建议", "代表建议", "代表的建议", "代表意见建议", "人大议案", "代表议案"), "suggestions.total"),
    (("举报", "投诉"), "complaints"),
    (
        ("公开申请", "公开的申请", "公开类申请", "依申请公开", "申请公开", "申请公开政府信息", "公开政府信息"),
        "requests.received",
    ),
    (("收到申请", "受理申请", "接到申请"), "requests.received"),
    (
        ("制发规范性文件", "制定规范性文件", "出台规范性文件", "制发行政规范性文件", "制定行政规范性文件"),
        "normative_documents.made",
    ),
)
_CARRIED_IN: Final = re.compile(r"(?:上一?年度?|去年).{0,2}(?:遗留|结转|转入)的?[^，]{0,10}$")
_CARRIED_OUT: Final = re.compile(r"(?:结转|转入|转)(?:至|到)?(?:下一?年度?|次年)[^，]{0,16}$")
#: That there was none of it: the verbs behind 未 and 没有.
_VERB: Final = re.compile(
    r"(?:收到|接到|接收|受理|接受|接|收取|收|发生|产生|出现|涉及|存在|有|因|被|承办|办理|新增|提起|引发|引起|向|制发|制定|出台)"
    r"(?!.{0,20}(?:超期|逾期|及时|按时|按期|完成|答复|办结|不公开))"
)
#: After 无 and 不存在 the thing itself follows, with nothing before it but what it is about.
_PLAIN: Final = re.compile(
    r"(?:新增|新收|任何|其他|上一?年度?|去年|结转|下一?年度?|继续|办理|因|政府|政务|信息|公开|依申请|申请|行政|被|提起|引起|引发"
    r"|公民|法人|组织|提出|人民|人大|政协|代表|委员|复议|诉讼|应诉|建议|议案|提案|处理费用?|举报|投诉|类|的)+"
)


def nothing_of(phrase: str) -> list[str]:
    """The keys of what there was none of; `phrase` begins with 未, 没有, 无 or 不存在 and ends a clause."""
    if not _NAMED.search(phrase):
        return []
    negation = next(word for word in ("没有", "不存在", "未", "没", "无") if phrase.startswith(word))
    words = phrase.removeprefix(negation).strip()
    things = _AND.split(words)
    keys: list[str] = []
    for thing in reversed(things):
        key = _key_of(_TRAILING.sub("", thing))
        if key is None:
            break
        keys.append(key)
    if not keys:
        return []
    first = _TRAILING.sub("", things[0])
    sure = _VERB.match(words) or (negation in ("无", "不存在", "没有") and _PLAIN.fullmatch(first))
    return list(dict.fromkeys(reversed(keys))) if sure else []


def _key_of(thing: str) -> str | None:
    if "转" in thing or "遗留" in thing:
        if _CARRIED_OUT.search(thing):
            return "requests.carried_out"
        return "requests.carried_in" if _CARRIED_IN.search(thing) else None
    return next((key for endings, key in _ENDINGS if thing.endswith(endings)), None)
