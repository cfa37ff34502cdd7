"""What a number in running text counts: the words around it → a key of `form.FIGURES`, or None where that is not sure.

Precision before recall. The words between a verb or noun and the number are a closed list: what is not in it may make
the number a part, another subject or another time, and then it is no figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

#: Words that name a subject; of several in a clause the last is what a number counts. Each begins with a plain letter:
#: only then does the search skip what cannot be one, and this runs over everything.
_TOPIC: Final = re.compile(
    r"复议后.{0,6}(?:起诉|诉讼)|未经复议.{0,8}(?:起诉|诉讼)|直接.{0,4}(?:起诉|诉讼)|复议(?:申请|案件)?|诉讼|应诉"
    r"|建议(?:[、和及]|以及)?提案|议案(?:[、和及]|以及)?提案|人大(?:代表)?的?(?:意见)?建议|代表的?建议|人大(?:代表)?议案|提案"
    r"|处理费|收费|规章(?!制度)|规范性文件|行政许可(?:申请)?|行政处罚|行政强制|新闻(?:通气|发布)会|培训|解读|举报|投诉"
    r"|留言|咨询|信访|问政|热线|工单|来信|信箱|征集|征求|会议|议题|账号|公文|回应|意见|稿件|依申请公开|申请(?!人|表)"
)
_TOPICS: Final = {
    "未经": "litigation_direct", "直接": "litigation_direct", "诉讼": "litigation", "应诉": "litigation",
    "建议": "proposals", "议案": "proposals", "人大": "suggestions", "代表": "suggestions", "提案": "motions",
    "处理": "fees", "收费": "fees", "规章": "regulations", "规范": "normative_documents", "新闻": "press",
    "培训": "trainings", "解读": "interpretations", "举报": "complaints", "投诉": "complaints",
    "依申": "requests", "申请": "requests",
}  # fmt: skip
#: What two of them, one behind the other, are together.
_TOGETHER: Final = {
    ("suggestions", "motions"): "proposals", ("motions", "suggestions"): "proposals", ("review", "litigation"): "both",
}  # fmt: skip
_OF_THE_TABLES: Final = {"许": "permits", "处": "penalties", "强": "coercion"}
#: What may stand between a noun and its number.
FILL: Final = (
    r"的|了|均|共计|共|合计|总计|累计|总数|总量|数量|件数|数|量|为|是|达到|达|计|有|仅|约|近|超过|超|逾|不少于|至少"
    r"|案件|案|事项|件|\s|[:：，,＊“”\"]"
)
#: Nothing behind a noun but such words. Possessive (*+): what strangers write must not make a pattern try all ways.
_END: Final = rf"(?:{FILL})*+$"
_EMPTY: Final = re.compile(rf"(?:其中|已|均|全年|本年度?|今年|{FILL})*+")
#: Who applies, in full: that is no part. And 通过…等方式: all ways.
_ALL: Final = re.compile(
    r"(?:自然人|公民)(?:、|和|及|或者?)?法人(?:、|和|及|或者?|以及)*其他组织|通过.{2,40}等.{0,6}(?:方式|渠道|途径|形式|平台|载体)"
    r"|(?:通过|以)?(?:各(?:种|类|个)?|多[种类个]).{0,4}(?:方式|渠道|途径|形式|平台|载体|媒体)"
)
_BY_WAY: Final = re.compile(r"网络|网上|在线|信函|邮寄|邮件|邮箱|传真|当面|现场|窗口|平台|网站|微信|系统")
_APPLICATION: Final = r"(?:依申请公开)?(?:政府|政务)?(?:信息)?(?:依申请)?(?:公开)?(?:的?申请)?"

_RECEIVED: Final = re.compile(
    r"(?:收到|受理|新收|收办|接收|接到|接受|收件|登记)(?:到|了|的|各类|社会|公众|群众|申请人|提交的?|提出的?|递交的?|本?年度?)*"
    rf"(?:向.{{2,12}}提[出交]的?)?(?:{_APPLICATION})(?:办理|文件)?{_END}"
)
#: Without a verb, a clause that says nothing else: 全年政府信息公开申请12件; but 对政府信息公开申请2件作出答复 does.
_RECEIVED_NOUN: Final = re.compile(
    r"(?:20\d\d年度?|全年|年内|今年|本年度?|[我本](?:局|委|办|厅|镇|乡|街道|中心|单位|机关)|共有?|的|[\s，,])*+"
    rf"(?:(?:20\d\d年度?)?(?:政府|政务)?信息公开申请(?:受理|收到)?|申请(?:总数|数量|总量|受理量)){_END}"
)
_NEW: Final = re.compile(r"新收|新增|新受理|本年(?:度)?收到")
_HANDLED: Final = re.compile(rf"(?:办结|答复|回复|办理完毕|处理完毕)(?:了|完成|{_APPLICATION}){_END}")
_CARRIED: Final = rf"(?:的|继续|办理|处理|答复|{_APPLICATION}){{0,4}}{_END}"
_CARRIED_IN: Final = re.compile(
    r"(?:(?:上一?年度?|去年|(?P<year>20\d\d)年度?)(?:度|的|末)?(?:遗留|转入|结转|接转)(?:来|至?本年度?)?"
    rf"|结转(?:自|的)?(?:上一?年度?|去年)){_CARRIED}"
)
_CARRIED_OUT: Final = re.compile(
    r"(?:结转|转|顺延|延期|延|接转|留待)(?:至|到|入|往)?(?:下一?个?年度?|次年度?|明年|(?P<year>20\d\d)年度?)"
    rf"{_CARRIED}"
)
_RESULTS: Final = (
    ("granted_or_partly", r"予以公开(?:或者?|及|和|与|、|以及)(?:予以)?部分公开"),
    ("partly_granted", r"部分公开"),
    ("granted", r"(?:予以|给予|同意)公开"),
    ("refused", r"不予公开"),
    ("unavailable", r"无法提供"),
    ("declined", r"不予处理"),
    ("other", r"其他处理"),
)
_RESULT: Final = re.compile(
    "(?:"
    + "|".join(f"(?P<{key}>{words})" for key, words in _RESULTS)
    + r")(?:申请|政府信息|信息|决定|答复|告知|情况|情形|类|处理)*"
    rf"{_END}"
)
_ANY_RESULT: Final = re.compile("|".join(words for _, words in _RESULTS))

_REMEDY_NOUN: Final = re.compile(
    rf"(?:复议后.{{0,6}}|未经复议.{{0,8}}|直接)?(?:复议|诉讼|起诉)(?:申请|案件|案|的|应诉|情况|情形|被告|{FILL})*+$"
)
_REMEDY_RESULT: Final = re.compile(
    rf"(?:(?P<pending>(?:尚未|未|尚在|正在)(?:审结|审理|办结)(?:中)?|未结)|(?P<upheld>(?:结果)?维持)|(?P<corrected>(?:结果)?纠正)"
    rf"|(?P<other>其他结果))(?:的|原?(?:行政)?(?:行为|决定)|案件|{FILL})*+$"
)
#: Some of them: 维持行政复议1件, 上年结转行政复议1件.
_OF_REMEDIES: Final = re.compile(r"维持|纠正|撤销|驳回|审结|撤回|胜诉|败诉|终止|确认|结转")
_PROPOSAL_NOUN: Final = re.compile(rf"(?:建议|提案|议案)(?:办理|件|情况|{FILL})*+$")
_ROLE: Final = re.compile(
    rf"(?:(?P<lead>主办)|(?P<joint>协办|会办))(?:的|件|建议|提案|议案|人大|政协|代表|委员|{FILL})*+$"
)
_RULE_VERB: Final = re.compile(
    r"(?:(?P<made>制发|制定|制订|新制|出台|印发|颁布)|(?P<repealed>废止|宣布失效)|(?P<in_force>现行有效|继续有效))"
    rf"(?:并|和|、|公开|公布|发布|的|本级|行政|部门|政府|规章|规范性文件|{FILL})*+$"
)
_RULE_NOUN_FIRST: Final = re.compile(
    rf"(?:规章|规范性文件)(?:本年)?(?:(?P<made>制发|制定|新制)|(?P<repealed>废止)|(?P<in_force>现行有效))(?:的|{FILL})*+$"
)
_DECISION: Final = re.compile(
    rf"(?:作出|做出|办理|办结|处理|实施|准予)(?:各类|的)*行政(?:许可|处罚|强制)(?:处理)?(?:决定|案件|措施|{FILL})*+$"
)
_FEE: Final = re.compile(
    rf"(?:收取|收缴|收费|处理费)(?:了|依申请公开|政府|信息公开|信息|公开|处理费|费用|费|金额|总金额|总额|任何|{FILL})*+$"
)
_NO_FEE_PAID: Final = re.compile(r"减|免|退|标准|每|应收|不超过|通知")
_TRAINING: Final = re.compile(rf"培训(?:会议|会|班|活动|讲座|工作|{FILL})*+$")
_PRESS: Final = re.compile(rf"新闻(?:通气|发布)会(?:活动|{FILL})*+$")
_READING: Final = re.compile(rf"解读(?:材料|文件|信息|稿件|产品|文章|{FILL})*+$")
_COMPLAINT: Final = re.compile(rf"(?:举报|投诉)(?:、|和|件|信息|{FILL})*+$")

_PUBLISHED: Final = re.compile(
    r"(?:公开|发布|推送|发文)(?:了|各类|各项|相关|有关|政府|政务|主动|公开|发布|工作|动态|类|多|和|、)*(?:信息|消息|文章)"
    rf"(?:公开)?{_END}|等各?(?:类|项)(?:政府|政务|公开|工作)*信息{_END}|(?:公开|发布){_END}"
)
#: Of one field or in one place: no total.
_SOMEWHERE: Final = re.compile(r"(?<!现)在|通过|专栏|栏目|专题|领域|板块|平台|公众号|(?<!公开)方面")
_OF_ALL_KINDS: Final = re.compile(rf"等各?(?:类|项)(?:政府|政务|公开|工作)*信息{_END}")
_PUBLISHED_NOUN: Final = re.compile(r"信息|消息|文章")
_CHANNEL: Final = re.compile(
    r"门户网站|政府网站|官方网站|部门网站|官网|网站(?!子)|微信|微博|公报|新媒体"
    r"|抖音|快手|头条|视频号|客户端|报纸|报刊|电视|广播|公示栏|公开栏(?!目)|宣传栏|小程序|子站|子点|APP|app"
)
_CHANNELS: Final = {
    **dict.fromkeys(("门户网站", "政府网站", "官方网站", "部门网站", "官网", "网站"), "website"),
    "微信": "wechat", "微博": "weibo", "公报": "gazette", "新媒体": "new_media",
}  # fmt: skip
_CHANNEL_END: Final = re.compile(
    rf"(?:网站|平台|微信|公众号|微博|公报|新媒体|专栏|栏目|渠道|官网|公开|发布|推送|刊登|信息|消息|文章)(?:上|账号|{FILL})*+$"
)
_NOT_PUBLISHED: Final = re.compile(
    r"应公开|拟公开|不公开|申请|阅读|访问|浏览|点击|关注|粉丝|转发|评论|审核|退回|撤|清理|整改|规范|解读"
)

#: The units in which each subject is counted; a number in others counts something else (25项许可 are kinds of them).
_CASES: Final = frozenset({"件", "条", "起", "宗", "项", "封", "例", "份", "个", "次", "人次", "件次"}) | {""}
_UNITS: Final = {
    "published": frozenset({"条", "篇", "件", "则", "项", "份", "条次", "篇次"}),
    "published.press_conferences": frozenset({"场", "次", "场次"}),
    "trainings": frozenset({"次", "场", "期", "场次", "轮", "班"}),
    "published.interpretations": frozenset({"条", "篇", "件", "份", "个", "次", "期"}),
    "fees": frozenset({"元", "万元"}),
    "permits": frozenset({"件", "宗", "起", "份", ""}),
    "penalties": frozenset({"件", "宗", "起", "份", ""}),
    "coercion": frozenset({"件", "宗", "起", "份", "次", ""}),
}


class Setting(NamedTuple):
    """What is known where a number stands. `topic`: what was spoken of before; `before`: the sentence up to the clause.

    `is_part`: the number stands behind 其中; `year`: the report's; `classes`: the sentence counts documents by class.
    """

    topic: str
    before: str
    is_part: bool
    year: int | None
    classes: bool


def last_topic(text: str) -> str:
    """What a text speaks of last: a key of `_READERS`, "nothing" for what is no figure, "" for no subject at all."""
    topic = ""
    for word in _TOPIC.findall(text):
        own = _topic(word)
        topic = _TOGETHER.get((topic, own), own)
    return topic


#: The same of a short text; several questions are asked of the words before a number, and this one in each.
topic_of: Final = lru_cache(maxsize=1024)(last_topic)


def _topic(word: str) -> str:
    if word.startswith("复议"):
        return "litigation_after_review" if word.startswith("复议后") else "review"
    if word.startswith("行政"):
        return _OF_THE_TABLES[word[2]]
    return _TOPICS.get(word[:2], "nothing")


def is_empty(text: str) -> bool:
    """Whether words say nothing of what is counted (其中, 共计 …)."""
    return _EMPTY.fullmatch(text) is not None


def key_of(own: str, unit: str, setting: Setting) -> str | None:
    """The key of the number behind the words `own`, in a sentence that is spoken of in `setting`."""
    if "分别" in own or "各" in own[-2:]:
        return None
    topic = topic_of(own)
    reader = _READERS.get(topic or setting.topic)
    key = reader(topic or setting.topic, own, setting) if reader else None
    if key is not None:
        return key if unit in (_UNITS.get(key) or _UNITS.get(key.partition(".")[0], _CASES)) else None
    # 公开……建议提案办理等各类信息48条 names a subject on its way to the information that it counts.
    if unit in _UNITS["published"] and (not topic or _OF_ALL_KINDS.search(own)):
        return _published(own, setting)
    return None


def _requests(_topic: str, own: str, setting: Setting) -> str | None:
    for name, pattern, apart in (("carried_out", _CARRIED_OUT, 1), ("carried_in", _CARRIED_IN, -1)):
        match = pattern.search(own)
        if match:
            year = match["year"]
            sure = not year or (setting.year is not None and int(year) == setting.year + apart)
            return f"requests.{name}" if sure else None
    result = _RESULT.search(own)
    if result:
        sure = len(_ANY_RESULT.findall(own)) == 1 and not setting.classes
        return f"requests.{result.lastgroup}" if sure else None
    if _ANY_RESULT.search(own):
        return None
    bare = _ALL.sub("", own)
    if _HANDLED.search(own) and not _BY_WAY.search(bare):
        return "requests.handled"
    if setting.is_part and not _NEW.search(own):
        return None
    received = _RECEIVED.search(bare)
    if received:
        names_it = "申请" in bare[received.start() :] or "申请" in setting.before or setting.topic == "requests"
        return "requests.received" if names_it and not _BY_WAY.search(bare) else None
    return "requests.received" if _RECEIVED_NOUN.fullmatch(bare) else None


def _remedies(topic: str, own: str, _setting: Setting) -> str | None:
    result = _REMEDY_RESULT.search(own)
    if result:
        return f"remedies.{topic}.{result.lastgroup}"
    return f"remedies.{topic}" if _REMEDY_NOUN.search(own) and not _OF_REMEDIES.search(own) else None


def _proposals(topic: str, own: str, _setting: Setting) -> str | None:
    if "公开" in own or "征" in own:
        return None
    role = _ROLE.search(own)
    if role:
        return f"{topic}.{role.lastgroup}"
    return f"{topic}.total" if topic_of(own) and _PROPOSAL_NOUN.search(own) else None


def _rules(topic: str, own: str, _setting: Setting) -> str | None:
    match = _RULE_VERB.search(own) or _RULE_NOUN_FIRST.search(own)
    return f"{topic}.{match.lastgroup}" if match else None


def _decisions(topic: str, own: str, _setting: Setting) -> str | None:
    return f"{topic}.decisions" if _DECISION.search(own) and "公开" not in own and "公示" not in own else None


def _fees(_topic: str, own: str, _setting: Setting) -> str | None:
    return "fees.amount" if _FEE.search(own) and not _NO_FEE_PAID.search(own) else None


def _single(
    pattern: re.Pattern[str], key: str, *, but: re.Pattern[str] | None = None
) -> Callable[[str, str, Setting], str | None]:
    def read(_topic: str, own: str, setting: Setting) -> str | None:
        return key if pattern.search(own) and not setting.is_part and not (but and but.search(own)) else None

    return read


def _published(own: str, setting: Setting) -> str | None:
    """Items published: in all, or by the one channel that the clause names."""
    if _NOT_PUBLISHED.search(own):
        return None
    bare = _ALL.sub("", own)
    named = {_CHANNELS.get(word, "") for word in _CHANNEL.findall(bare)}
    if len(named) > 1 or named == {""}:
        return None
    if named:
        spoken = setting.topic == "published" or "信息" in setting.before or _PUBLISHED.search(own)
        return f"published.{named.pop()}" if spoken and _CHANNEL_END.search(own) else None
    if (
        setting.is_part
        or not _PUBLISHED.search(own)
        or _SOMEWHERE.search(bare)
        or _SOMEWHERE.search(setting.before[-40:])
    ):
        return None
    return "published.total" if _PUBLISHED_NOUN.search(own) or "信息" in setting.before[-20:] else None


_READERS: Final[dict[str, Callable[[str, str, Setting], str | None]]] = {
    "requests": _requests,
    **dict.fromkeys(("review", "litigation", "litigation_direct", "litigation_after_review", "both"), _remedies),
    **dict.fromkeys(("suggestions", "motions", "proposals"), _proposals),
    **dict.fromkeys(("regulations", "normative_documents"), _rules),
    **dict.fromkeys(("permits", "penalties", "coercion"), _decisions),
    "fees": _fees,
    "press": _single(_PRESS, "published.press_conferences"),
    "trainings": _single(_TRAINING, "trainings", but=re.compile("参加|参与|选派|派员|报名")),
    "interpretations": _single(_READING, "published.interpretations"),
    "complaints": _single(_COMPLAINT, "complaints"),
}


#: What may stand before the noun that follows its number: 12件政府信息公开申请, 5件人大代表建议.
_NOUN: Final = re.compile(
    r"(?:的|政府|政务|信息|公开|依申请|人大|政协|代表|委员|行政|专题|业务|类|因|被|提起|[^，]{0,4})"
    r"{0,5}?(?:申请(?!人)|建议|提案|复议|诉讼|规范性文件|培训班?|新闻发布会)"
)


def right_of(own: str, right: str, unit: str, setting: Setting) -> tuple[str | None, int]:
    """The key of a number whose noun or result stands behind it, and how many characters of `right` tell it."""
    told = right.split("、", 1)[0][:30]
    noun = _NOUN.match(told)
    result = _ANY_RESULT.match(told)
    for words in (noun, result):
        if words is not None:
            key = key_of(own + words[0], unit, setting)
            if key == "requests.received" and not _RECEIVED.search(own + words[0]):
                key = None  # 2件政府信息公开申请……: what of them comes yet
            if key is not None:
                return key, words.end()
    key = key_of(own + told, unit, setting) if _CARRIED_OUT.search(told) else None
    return key, len(told) if key else 0
