"""Reports whose running text agrees with their tables, in many wordings, and the same with one number made wrong.

A `Wording` is a sentence with numbers by name; a report is one of each theme. Planting changes one number of the text,
so that the rule of its theme has to see it. All sentences are the tests' own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

Numbers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wording:
    """`text` with {names}; `planted`: name → the rule that has to see it changed; `part` of the report."""

    text: str
    planted: Mapping[str, str]
    part: int = 1


_APPLICATIONS: Final = "text_table_applications"
_RESULTS: Final = "text_table_results"
_REVIEW: Final = "text_table_review"
_DISCLOSURE: Final = "text_table_disclosure"


def _of(
    texts: Mapping[str, str] | tuple[str, ...], rule: str, names: tuple[str, ...], part: int = 1
) -> tuple[Wording, ...]:
    return tuple(Wording(text, {name: rule for name in names if f"{{{name}}}" in text}, part) for text in texts)


APPLICATIONS: Final = (
    *_of(
        (
            "2023年，我局共收到政府信息公开申请{received}件，上年结转{carried_in}件。",
            "本年度新收依申请公开{received}件，去年结转{carried_in}件，全部登记在册。",
            "全年受理公民、法人和其他组织提出的政府信息公开申请{received}宗。",
            "年内，本机关接到政府信息公开申请{received}件，同比情况平稳。",
            "统计年度内新收到政府信息公开申请{received}件，均由办公室统一登记。",
            "我局2023年度收到的政府信息公开申请共计{received}件，办理过程规范。",
            "{received}件政府信息公开申请，件件有登记。全年收到政府信息公开申请{received}件。",
            "政府信息公开申请受理总数：{received}件。",
            "依申请公开方面，共受理申请{received}件，来信来访登记{other_count}次。",
            "通过网络、信函、当面等方式收到政府信息公开申请{received}件，其中网络{online}件。",
            "截至2023年12月31日，共收到政府信息公开申请{received}件；接待咨询{other_count}人次。",
            "今年以来，办理依申请公开工作平稳有序，全年收到政府信息公开申请{received}件。",
        ),
        _APPLICATIONS,
        ("received",),
    ),
    *_of(
        (
            "全年办理政府信息公开申请，共收到{to_handle}件（含上年结转{carried_in}件）。",
            "2023年收到政府信息公开申请{to_handle}件，其中新收{received}件、上年结转{carried_in}件。",
        ),
        _APPLICATIONS,
        ("received",),
    ),
)
RESULTS: Final = _of(
    (
        "收到的政府信息公开申请中，予以公开{granted}件，部分公开{partly}件，不予公开{refused}件，"
        "无法提供{unavailable}件，不予处理{declined}件，其他处理{other}件。",
        "共办结政府信息公开申请{handled}件，结转下年度继续办理{carried_out}件。",
        "办结政府信息公开申请{handled}件，其中予以公开{granted}件、部分公开{partly}件、不予公开{refused}件、"
        "无法提供{unavailable}件、不予处理{declined}件、其他处理{other}件。",
        "答复政府信息公开申请{handled}件：予以公开{granted}件；部分公开{partly}件；不予公开{refused}件；"
        "无法提供{unavailable}件。",
        "按照《条例》规定答复申请{handled}件，{carried_out}件政府信息公开申请结转至2024年办理。",
        "已办结申请{handled}件，予以公开及部分公开{granted_or_partly}件，不予公开{refused}件，因本机关不掌握等原因无法提供{unavailable}件。",
        "从申请办理结果看，同意公开{granted}件，部分公开{partly}件，不予公开{refused}件。",
    ),
    _RESULTS,
    ("granted", "partly", "refused", "unavailable", "declined", "other", "handled", "carried_out", "granted_or_partly"),
    3,
)
REVIEWS: Final = _of(
    (
        "因政府信息公开被申请行政复议{review}件，被提起行政诉讼{litigation}件。",
        "2023年，涉及政府信息公开的行政复议{review}件、行政诉讼{litigation}件。",
        "全年发生政府信息公开行政复议案件{review}件，其中结果维持{upheld}件，结果纠正{corrected}件。",
        "政府信息公开类行政复议{review}宗，尚未审结{pending}宗。",
        "信息公开方面，行政复议{review}件；未经复议直接起诉{direct}件，复议后起诉{after}件。",
        "我局因政府信息公开被提起的行政诉讼{litigation}起；承办民事案件{other_count}起。",
    ),
    _REVIEW,
    ("review", "litigation", "upheld", "corrected", "pending", "direct", "after"),
    4,
)
DISCLOSURE: Final = _of(
    (
        "本年制发行政规范性文件{made}件，废止{repealed}件，现行有效{in_force}件。",
        "严格文件管理，制定规范性文件{made}件；宣布失效行政规范性文件{repealed}件。",
        "目前现行有效的行政规范性文件{in_force}件，均已在网站集中公开。",
        "全年作出行政许可决定{permits}件、作出行政处罚决定{penalties}件，公示率100%。",
        "办理行政许可{permits}件，公布权责事项{other_count}项。",
        "实施行政处罚{penalties}起，通报典型案例{small}起。",
    ),
    _DISCLOSURE,
    ("made", "repealed", "in_force", "permits", "penalties"),
)
CHANNELS: Final = (
    *_of(
        (
            "全年主动公开政府信息{total}条，其中网站公开{website}条，微信公众号公开{wechat}条，微博公开{weibo}条。",
            "2023年共公开各类信息{total}条。其中：门户网站{website}条；“青石发布”微信公众号{wechat}条；官方微博{weibo}条。",
            "全年发布信息{total}条（其中网站{website}条、微信{wechat}条、微博{weibo}条），较好满足了公众需求。",
            "共公开信息{total}条，具体为：网站{website}条，微信公众号{wechat}条，微博{weibo}条。",
            "公开信息{total}条，其中：一是门户网站公开{website}条。二是微信公众号公开{wechat}条。三是微博公开{weibo}条。",
        ),
        "channel_sum_exceeds_total",
        ("website", "wechat"),
    ),
    *_of(
        (
            "全年共公开信息{total}条，网站、微信、微博分别公开{website}条、{wechat}条、{weibo}条。",
            "全年累计公开信息{total}条，包括网站{website}条、微信{wechat}条和微博{weibo}条。",
            "共发布信息{total}条，分别为网站{website}条、微信{wechat}条、微博{weibo}条。",
        ),
        "channel_sum_short|channel_sum_exceeds_total",
        ("website", "wechat", "weibo"),
    ),
)
SHARES: Final = _of(
    (
        "公开信息{total}条，其中网站公开{website}条，占{website_share}%；微信公开{wechat}条，占{wechat_share}%；其余在微博公开。",
        "全年累计发布信息{total}条，其中网站{website}条（占比{website_share}%），微信{wechat}条（占比{wechat_share}%），其余为微博。",
        "共公开信息{total}条，其中门户网站{website}条，约占{website_share}%，新媒体{wechat}条，占总数的{wechat_share}%，其余为公示栏公开。",
        "公开信息{total}条，其中网站{website}条、微信{wechat}条，分别占{website_share}%、{wechat_share}%。",
        "全年共公开信息{total}条，其中通过网站公开{website}条，占全部信息的{website_share}%。",
    ),
    "percent_wrong",
    ("website_share", "wechat_share"),
)
GROWTH: Final = _of(
    (
        "举办开放日活动{now}场，比上年增加{more}场，增长{growth}%。",
        "发布解读材料{now}篇，较2022年的{before}篇增长{growth}%。",
        "编发简报{now}期，同比增加{more}期，增幅为{growth}%。",
        "答复网民留言{now}条，2022年为{before}条，同比上升{growth}%。",
        "办理热线工单由{before}件增加到{now}件，增长{growth}%。",
        "接待群众咨询{now}人次，去年同期{before}人次，增长率{growth}%。",
        "2022年更新栏目信息{before}条，2023年更新{now}条，同比增长约{growth}%。",
    ),
    "growth_wrong",
    ("growth",),
)
PROPOSALS: Final = _of(
    (
        "承办人大代表建议{suggestions}件，其中主办{s_lead}件、协办{s_joint}件，办复率100%。",
        "共办理人大代表建议{suggestions}件（主办{s_lead}件，协办{s_joint}件），政协提案{motions}件（主办{m_lead}件，协办{m_joint}件）。",
        "全年承办人大建议{suggestions}件、政协提案{motions}件，其中主办{lead}件、会办{joint}件，均在规定期限内答复。",
        "2023年承办政协提案{motions}件，主办件{m_lead}件，协办件{m_joint}件，办结率100%，满意率100%。",
        "办理建议提案共{proposals}件，其中主办{lead}件，协办{joint}件。",
    ),
    "proposal_sum",
    ("s_lead", "s_joint", "m_lead", "m_joint", "lead", "joint"),
    6,
)
#: Sentences that count something else: whatever stands beside them, no rule may hold them against anything.
TRAPS: Final = (
    "全县各部门共收到政府信息公开申请{big}件。",
    "2022年共收到政府信息公开申请{big}件。",
    "2024年计划主动公开政府信息{big}条，力争同比增长30%。",
    "制发公文{big}件，其中主动公开{small}件，依申请公开{other_count}件，不予公开1件。",
    "全年公开财政信息{small}条，回应社会关切{other_count}次。",
    "办理行政复议应诉案件{big}件，开庭{small}次。",
    "对每个申请件逐件研判，对疑难件集体会商；提案件由专人负责，信息条目逐条核对。",
    "开展《政府信息公开条例》宣传{small}场，发放手册{big}份，覆盖率提高5%。",
    "网站访问量{big}次，关注人数增长明显，群众满意度达98.5%。",
    "本报告第三部分以表格列明。部分公开的信息由专人区分处理。",
    "公众号推送图文{big}篇，总阅读量同比增长30%。",
    "公开信息中，政策类占比最高，公告类次之。",
    "接受政府信息公开业务培训{small}人次，人均学时增长20%。",
    "自2019年以来累计公开政府信息{big}条。",
    "要求各科室主动公开政府信息不少于{small}条。",
    "废止文件清理涉及历年文件{big}件，其中失效{small}件。",
    "收到群众来信{big}件，其中咨询{small}件，投诉{other_count}件。",
    "作为行政复议机关，受理行政复议申请{big}件，审结{small}件。",
    "门户网站政务公开专栏新增栏目{small}个，占全部栏目的一半。",
    "全年没有因政府信息公开工作被通报批评，也没有责任追究情形。",
    "县政府网站转发我局信息{small}条，占全县转发量的2%。",
    "抽查网站信息{big}条，发现错误{small}处，已全部办结整改。",
    "所有留言均已办结。",
    "公开目录共分六个部分，其中政策文件{small}类。",
)
FEES: Final = (
    "全年未收取信息处理费。",
    "本年度没有产生信息处理费，收费金额0元。",
    "依据《政府信息公开信息处理费管理办法》，2023年收取信息处理费0元。",
)
PREFACES: Final = (
    "本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议、行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项六个部分组成。",
    "本年报分为六部分：总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、因政府信息公开工作被申请行政复议、提起行政诉讼情况、"
    "政府信息公开工作存在的主要问题及改进情况和其他需要报告的事项。",
    "全文共六个部分。",
    "报告内容包括：总体情况；主动公开政府信息情况；收到和处理政府信息公开申请情况；政府信息公开行政复议和行政诉讼情况；存在的主要问题及改进情况；其他需要报告的事项，共6个部分。",
    "本报告依据条例编制。",
)
THEMES: Final = (APPLICATIONS, RESULTS, REVIEWS, DISCLOSURE, CHANNELS, SHARES, GROWTH, PROPOSALS)
_NAME: Final = re.compile(r"{(\w+)}")


def numbers(dice: Random) -> Numbers:
    """Numbers that agree: those of the tables, and those that only the text has."""
    n: Numbers = {}
    for name in ("granted", "partly", "refused", "unavailable", "declined", "other"):
        n[name] = dice.choice((0, 1, 2, 3, dice.randint(4, 60)))
    n["handled"] = sum(n.values())
    n["carried_out"], n["carried_in"] = dice.choice((0, 0, 1, 4)), dice.choice((0, 0, 1, 3))
    n["carried_in"] = min(n["carried_in"], n["handled"] + n["carried_out"])
    n["received"] = n["handled"] + n["carried_out"] - n["carried_in"]
    n["to_handle"] = n["received"] + n["carried_in"]
    n["granted_or_partly"] = n["granted"] + n["partly"]
    n["online"] = n["received"] // 2
    for name in ("upheld", "corrected", "pending", "direct", "after"):
        n[name] = dice.choice((0, 1, 2, 5))
    n["review"] = n["upheld"] + n["corrected"] + n["pending"]
    n["litigation"] = n["direct"] + n["after"]
    n |= {"made": dice.randint(0, 9), "repealed": dice.randint(0, 5), "in_force": dice.randint(10, 40)}
    n |= {"permits": dice.randint(20, 4000), "penalties": dice.randint(0, 900)}
    n |= {"website": dice.randint(80, 2000), "wechat": dice.randint(50, 900), "weibo": dice.randint(10, 70)}
    n["total"] = n["website"] + n["wechat"] + n["weibo"]
    for name in ("website", "wechat"):
        n[f"{name}_share"] = _shown(n[name] * 100 / n["total"], dice)
    n["before"] = dice.randint(10, 80)
    n["more"] = dice.randint(3, 60)
    n["now"] = n["before"] + n["more"]
    n["growth"] = _shown(n["more"] * 100 / n["before"], dice)
    for name in ("s_lead", "s_joint", "m_lead", "m_joint"):
        n[name] = dice.randint(1, 9)
    n["suggestions"], n["motions"] = n["s_lead"] + n["s_joint"], n["m_lead"] + n["m_joint"]
    n["lead"], n["joint"] = n["s_lead"] + n["m_lead"], n["s_joint"] + n["m_joint"]
    n["proposals"] = n["lead"] + n["joint"]
    return n | {"big": dice.randint(200, 9000), "small": dice.randint(2, 19), "other_count": dice.randint(20, 190)}


def _shown(percent: float, dice: Random) -> str:
    return f"{percent:.{dice.choice((0, 1, 2))}f}"


def tables(n: Numbers, dice: Random) -> dict[str, Any]:
    """A patch for the clean report: the numbers in its tables, each row with its individuals."""
    rows: dict[str, int] = {
        "received": n["received"],
        "carried_in": n["carried_in"],
        "granted": n["granted"],
        "partly_granted": n["partly"],
        "handled": n["handled"],
        "carried_out": n["carried_out"],
    }
    spread = {
        "refused": ("refused_by_law", "refused_process", "refused_internal"),
        "unavailable": ("unavailable_not_held", "unavailable_to_create"),
        "declined": ("declined_petition", "declined_repeat"),
        "other": ("other_uncorrected", "other_rest"),
    }
    for name, keys in spread.items():
        first = dice.randint(0, n[name])
        rows |= {keys[0]: first, keys[1]: n[name] - first}
    patch: dict[str, Any] = {}
    for row, value in rows.items():
        business = dice.randint(0, value)
        patch[f"tables.requests.{row}"] = {"individual": value - business, "business": business, "total": value}
    review = {"upheld": n["upheld"], "corrected": n["corrected"], "pending": n["pending"], "total": n["review"]}
    patch["tables.remedies.review"] = review
    for kind, name in (("litigation_direct", "direct"), ("litigation_after_review", "after")):
        patch[f"tables.remedies.{kind}"] = {"upheld": n[name], "total": n[name]}
    patch["tables.disclosure.normative_documents"] = {key: n[key] for key in ("made", "repealed", "in_force")}
    patch["tables.disclosure.permits.decisions"] = n["permits"]
    patch["tables.disclosure.penalties.decisions"] = n["penalties"]
    return patch


@dataclass(frozen=True, slots=True)
class Made:
    """A patch for the clean report; where something was planted: the rules of which one has to see it, the sentence."""

    patch: dict[str, Any]
    rules: tuple[str, ...] = ()
    sentence: str = ""


def make(dice: Random, *, planted: bool) -> Made:
    """A report with one sentence of each theme, some traps, and one wrong number where `planted`."""
    n = numbers(dice)
    chosen = [dice.choice(theme) for theme in THEMES]
    at = dice.choice([i for i, wording in enumerate(chosen) if wording.planted])
    texts: dict[int, list[str]] = {part: [] for part in (1, 3, 4, 6)}
    rules: tuple[str, ...] = ()
    wrong = ""
    for i, wording in enumerate(chosen):
        said = dict(n)
        if planted and i == at:
            name = dice.choice(sorted(wording.planted))
            said[name] = _changed(n[name], dice)
            rules = tuple(wording.planted[name].split("|"))
            if rules == ("channel_sum_exceeds_total",):
                said[name] = n[name] + n["weibo"] + dice.randint(1, 40)
            wrong = wording.text.format(**said)
        texts[wording.part].append(wording.text.format(**said))
    for trap in dice.sample(TRAPS, 4):
        texts[dice.choice((1, 1, 6))].append(trap.format(**n))
    texts[6].append(dice.choice(FEES))
    patch = tables(n, dice) | {"preface": dice.choice(PREFACES)}
    for part, sentences in texts.items():
        dice.shuffle(sentences)
        patch[f"sections.{part}.text"] = "\n".join(sentences)
    return Made(patch, rules, wrong)


def _changed(value: Any, dice: Random) -> Any:
    if isinstance(value, str):
        return (
            _plain(float(value) + dice.choice((-1, 1)) * dice.uniform(3, 30))
            if float(value) > 35
            else _plain(float(value) + dice.uniform(3, 30))
        )
    return value + dice.choice((1, 2, 10, 27)) if value < 9 or dice.random() < 0.5 else value - dice.randint(1, 8)


def _plain(value: float) -> str:
    return f"{value:.1f}"


def clean_reports(count: int, seed: int = 1) -> Iterator[Made]:
    for number in range(count):
        yield make(Random(f"{seed}|{number}"), planted=False)


def planted_reports(count: int, seed: int = 1) -> Iterator[Made]:
    for number in range(count):
        yield make(Random(f"{seed}|{number}|planted"), planted=True)
