"""What each rule finds and what it says wrongly: reports with one planted defect each, with traps, and clean ones.

python benchmarks/rules.py [--count N] [--clean N] [--seed N]

`--count`: reports for each planter (benchmarks/_planting.py) and each trap; `--clean`: reports without a defect, so
many as composed and so many with traps. A page is composed, changed, read and judged by all rules as in a round. A
finding is false where nothing of its rule was planted and the planted defect does not make it true either. Marked
(explained) findings wait for a person: they count as found, and as false in a column of their own. Copies are measured
in benchmarks/copies.py.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent))

from _planting import FIRST, NEW, PLANTERS, Paper, Planter, Seen, paper, plants

from monitor.checks import RULES, Context, run
from monitor.lexicon import BUILT_IN
from monitor.model import Finding, OutcomeStatus

#: Measured elsewhere, over thousands of reports: what composed reports share is no sign of anything.
ELSEWHERE: Final = ("copy_other_unit", "copy_last_year", "problem_same_as_last_year", "rollup_mismatch")

_OWN: Final = "internal_contradiction text_table_applications text_table_results text_table_review yoy_spike"
#: Rule, part, what else the sentence may raise, wordings. {name+}: a number that disagrees with what {name} is.
SENTENCES: Final = (
    ("text_table_applications", 1, _OWN, (
        "{year}年，本机关登记政府信息公开申请共计{received+}件，全部在期限内答复。",
        "全年新收政府信息公开申请{received+}件。",
        "一年来共收到公众递交的政府信息公开申请{received+}件，由专人跟踪。",
        "年内收到政府信息公开申请{to_handle+}件（含上年结转{carried_in}件）。",
        "本年度受理依申请公开{received+}件，上年结转{carried_in}件。")),
    ("text_table_results|text_table_applications", 1, _OWN, (
        "全年上年结转政府信息公开申请{carried_in+}件，均已列入台账。",)),
    ("text_table_results", 1, _OWN, (
        "年内办结政府信息公开申请{handled+}件。",
        "在办结的政府信息公开申请中，予以公开{granted+}件、部分公开{partly}件。",
        "收到的政府信息公开申请，予以公开{granted}件，不予公开{refused+}件，无法提供{unavailable}件。",
        "对政府信息公开申请作出不予处理答复{declined+}件。",
        "政府信息公开申请结转下年度继续办理{carried_out+}件。")),
    ("text_table_review", 1, _OWN, (
        "全年因政府信息公开引发行政复议{review+}件。",
        "涉及政府信息公开的行政诉讼共{litigation+}件。",
        "因政府信息公开被申请行政复议{review}件，被提起行政诉讼{litigation+}件。",
        "政府信息公开行政复议{review+}件，其中结果维持{upheld}件。")),
    ("text_table_disclosure", 1, "internal_contradiction yoy_spike", (
        "全年作出行政处罚决定{penalties+}件。",
        "{year}年办理行政许可{permits+}件，全部在网站公示。",
        "本年制发行政规范性文件{made+}件。",
        "截至{year}年底，现行有效的行政规范性文件{in_force+}件。")),
    ("channel_sum_exceeds_total", 1, "internal_contradiction percent_wrong", (
        "全年发布政务动态信息{a}条，其中网站发布{ab}条，微信公众号发布{b}条。",
        "共编发公开信息{ab}条，其中门户网站{a}条、微信公众号{b}条、微博{c}条。",
        "全年公开各类信息{ab}条（其中网站{abc}条）。")),
    ("channel_sum_short|channel_sum_exceeds_total", 1, "internal_contradiction", (
        "全年共公开各类信息{abc}条，网站、微信公众号分别公开{a}条、{b}条。",
        "共发布信息{abc}条，分别为网站{a}条、微信{b}条。",
        "共公开信息{abc}条，包括网站{a}条、微信公众号{b}条。")),
    ("percent_wrong", 1, "internal_contradiction channel_sum_short", (
        "公开政策信息{ab}条，其中网站公开{a}条，占9.7%。",
        "全年共发布信息{ab}条，其中网站{a}条（占比8.3%），微信{b}条。",
        "发布解读材料{ab}篇，其中图表解读{a}篇，占全部解读的11.5%。")),
    ("growth_wrong", 1, "", (
        "答复网民留言{ab}条，比上年增加{b}条，增长450%。",
        "编发简报{ab}期，{last}年为{a}期，同比增长390.5%。",
        "接待来电咨询由{a}次增加到{ab}次，增幅为512%。")),
    ("trend_claim_unsupported", 1, "", (
        "全年信息公开数量稳步上升，公众满意。", "政府信息公开申请数量明显下降。")),
    ("proposal_sum", 6, "internal_contradiction channel_sum_short", (
        "承办人大代表建议{de}件，其中主办{d}件、协办{de}件。",
        "办理政协提案{de}件（主办{e}件，会办{de}件），答复率100%。",
        "共承办建议提案{ab}件，其中人大代表建议{a}件、政协提案{c}件。")),
    ("number_blank", 1, "halfwidth_punct", (
        "全年主动公开政府信息 条。", "通过微信公众号发布信息  条，阅读人次较多。", "全年组织培训 次，参加  人次。")),
    ("preface_heading_mismatch", 0, "", (
        "本报告由总体情况、信息主动公开数据、申请办理数据、{part4}、{part5}、其他需要报告的事项六个部分组成。",)),
    ("self_reference_mixed", 1, "foreign_agency_text", ("我单位由专人登记申请，我局每月核对一次。",)),
    ("parts_count_wrong", 0, "preface_heading_mismatch", (
        "全文由总体情况、主动公开政府信息情况、其他需要报告的事项四个部分组成。", "本报告共分八个部分。")),
    ("duplicated_word", 1, "", (
        "科室科室负责人逐条审核信息。", "通过通过微信公众号推送办事指南。", "工作人员及时及时更新栏目内容。",
        "把把关关口前移，落实审核审核责任。", "全部信息均由均由办公室统一登记。")),
    ("duplicated_phrase", 1, "duplicated_word", (
        "做好群众来电登记工作做好群众来电登记工作。", "窗口工作日全天开放，窗口工作日全天开放。",
        "由法规科会同办公室复核由法规科会同办公室复核后上网。")),
    ("typo|typo_suspected|missing_char|grammar|term_wrong", 1, "", (
        "每季度向社会公开公共服各事项。", "邀请市民代表参与座淡，听取意件。", "信息发布做到及时准却。",
        "对失效文件集中清里。", "群众对公开工作的满易程度有所提高。", "严格履行报密审查程序。")),
    ("double_negative", 1, "grammar", ("公开内容不够不全面。", "栏目更新还不够不及时。")),
    ("term_wrong", 1, _OWN, ("收到依申请公开文件3条。", "全年收到依申请公开信息5条。")),
    ("stale_year", 1, "internal_contradiction trend_claim_unsupported", (
        "{last}年，{agency}主动公开政府信息工作平稳有序。", "认真落实{last}年政务公开工作要点，逐项销号。",
        "{last}年度，本机关举办公开知识讲座{d}场。")),
    ("superseded_basis", 0, "", ("办理工作依据国务院令第492号公布的条例进行。",)),
    ("template_instruction_left", 1, "number_blank", (
        "20XX年组织开放日活动{d}次。", "开展公众开放日活动××次。", "（此处填写本单位的主要做法）",
        "标题用二号小标宋体居中。")),
    ("punctuation_end", 1, "", ("全年按季度整理公开目录，", "公开指南随机构职能变化同步修订、")),
    ("punctuation_doubled", 1, "", ("公开目录按季度整理。。", "办事指南随时更新，，群众查询方便。",
        "设置查阅点、、备有目录。")),
    ("unbalanced_marks", 1, "", (
        "公开了《春耕物资供应办法，群众查阅方便。", "设置查阅点（含电脑两台，由专人看护。", "编印“明白卡，发放到户。")),
    ("halfwidth_punct", 1, "", ("设置查阅点,由专人看护,全天开放。", "具体做法:先审核后发布;专人负责。")),
    ("quote_mark_punct", 1, "", ("公开了《供水管理办法》、《供热管理办法》、《燃气管理办法》。",)),
    ("open_ended_time", 1, "", ("截至目前，公开目录已全部更新。", "截至目前，我们未收到政府信息公开方面的举报。")),
    ("relative_time", 1, "", ("去年以来，网站栏目作了三次调整。", "今年我们更新了公开指南。")),
    ("foreign_agency_text", 1, "self_reference_mixed agency_name_inconsistent", (
        "松岭县水务局全年主动公开政府信息平稳有序。", "{year}年，松岭县水务局举办公开培训{d}次。",
        "读者可与赤水区财政局办公室联系，索取本报告。",
        "公众可以登录我厅门户网站查阅本报告。")),
    ("internal_contradiction", 1, "", (
        "我单位没有开设政务新媒体。通过本单位政务新媒体发布信息{a}条。",)),
    ("received_zero_but_results|text_table_applications", 1, _OWN, (
        "全年未收到政府信息公开申请，办结政府信息公开申请{d}件，予以公开{d}件。",)),
)  # fmt: skip

#: Rules, what else the change may raise, a pattern, what stands there instead: {last} and {agency} as in SENTENCES.
CHANGES: Final = (
    ("title_nonstandard", "", r"年政府信息公开工作年度报告$", "年政府信息公开工作总结"),
    ("title_nonstandard", "", r"年政府信息公开工作年度报告$", "年度政务公开报告"),
    ("title_nonstandard", "", r"年政府信息公开工作年度报告$", "年政府信息公开工作报告"),
    ("title_year_mismatch", "title_nonstandard stale_year", r"\d{4}年政府信息公开工作年度报告$",
     "{last}年政府信息公开工作年度报告"),
    ("period_wrong", "", r"12 ?月 ?31 ?日", "11月30日"),
    ("period_wrong", "stale_year", r"\d{4}( ?年 ?1 ?月 ?1 ?日)", r"{last}\1"),
    ("period_missing", "", r"[^。]*统计期限[^。]*。", "本报告向社会公布。"),
    ("phone_no_area_code", "", r"0\d{2,3}-(555\d{4})", r"\1"),
    ("non_gov_email", "", r"@[\w.]+", "@qq.com"),
    ("non_gov_email", "", r"@[\w.]+", "@163.com"),
    ("contact_incomplete", "", r"[，；](?:邮编|邮政编码)：\d+", ""),
    ("fee_statement_missing", "local_item_missing", r"^（一）[^\n]*信息处理费.*", "（一）全年完成档案室搬迁。"),
    ("local_item_missing", "fee_statement_missing", r"^（一）[^\n]*信息处理费.*", "（一）办公用房全部调整到位。"),
    ("gov_assessment_missing", "", r"^（五）监督保障.*", "（五）监督保障。办公室两名人员具体承办，全年培训三次。"),
    ("overview_subsection_missing", "gov_assessment_missing", r"^（五）监督保障.*", "（五）其他。办公地点没有变化。"),
    ("paren_mixed", "", r"^（三）政府信息管理", "(三)政府信息管理"),
    ("subheading_inconsistent", "", r"^（三）政府信息管理。", "（三）政府信息管理情况。"),
    ("numbering_repeat", "", r"^（三）政府信息管理", "（二）政府信息管理"),
    ("numbering_repeat", "", r"^（三）政府信息管理", "（六）政府信息管理"),
    ("numbering_repeat", "", r"^（四）政府信息公开平台", "（五）政府信息公开平台"),
    ("numbering_repeat", "", r"^（五）监督保障", "（七）监督保障"),
    ("numbering_repeat", "", r"；二是", "；三是"),
    ("section_heading_nonstandard", "", r"^二、.*", "二、政府信息主动公开数据"),
    ("section_heading_nonstandard", "", r"^五、.*", "五、存在问题和今后打算"),
    ("section_heading_nonstandard", "", r"^六、.*", "六、其他需报告事项"),
    ("section_numbering_broken", "section_heading_nonstandard", r"^四、", "三、"),
    ("section_numbering_broken", "section_heading_nonstandard", r"^三、", "四、"),
    ("sign_date_conflict", "stale_year", r"^{next}年1月", "{year}年1月"),
)  # fmt: skip

#: True sentences that look like a defect: no rule may hold them against anything.
TRAPS: Final = (
    "全年共办理政府信息公开申请{to_handle}件，其中包括上年结转{carried_in}件。",
    "松岭县各部门全年共收到政府信息公开申请{big}件。",
    "全市行政机关新收政府信息公开申请{big}件，本机关占比很小。",
    "{last}年收到的政府信息公开申请均已在当年答复。",
    "组织知识竞赛{ab}场，{last}年为{a}场，同比增长{up}%。",
    "{next}年计划主动公开政府信息{big}条以上，解读率达到90%。",
    "公开财政类信息{abc}条，其中预算信息{a}条。",
    "发布各类解读{abc}篇，其中图表解读{b}篇、视频解读{c}篇。",
    "制发公文{big}件，属性定为主动公开的{a}件、依申请公开的{b}件、不予公开的{c}件。",
    "作为被告的行政诉讼案件{big}件，负责人出庭{d}次，均与政府信息公开无关。",
    "办理土地征收类行政复议{a}件、房屋登记类行政诉讼{b}件。",
    "收到信访来信{big}件，其中咨询{a}件、投诉{b}件、建议{c}件。",
    "来访人员人人有座、事事有答复，常常当场办结，处处方便群众。",
    "对公开信息的科学性、科学化水平逐年评估，家家户户都能收到明白卡。",
    "各部门部门职责清单同步公开，政府政府采购信息专栏按月更新。",
    "学习研究研究所的申请材料目录，按季公布。",
    "及时公开公开目录的更新记录。",
    "前言|本报告由总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、{part4}、{part5}、"
    "其他需要报告的事项六个部分组成。",
    "前言|本报告的电子版可在本机关门户网站下载。",
    "自{last}年起，每年对公开目录作一次清理，延续至{next}年。",
    "按照《{last}年至{next}年政务公开三年行动计划》分步推进。",
    "根据{last}年社会评议的意见，调整了栏目设置。",
    "该办法于2019年5月15日起施行，至今有效。",
    "全县共有{d}个镇、{e}个街道设置查阅点，覆盖率100%。",
    "栏目点击量{big}次，比上年多{more}次。",
    "网站开设专题{d}个，其中惠民专题{d}个。",
    "公布《办事指南（第二版）》，附件（1）（2）可在线下载。",
    "咨询热线为12345，全天开通，接听率98.5%。",
    "编发政务简讯{ab}条，网站登载{a}条，微信登载{b}条，网站占{share}%。",
    "承办人大代表建议{de}件，其中主办{d}件、协办{e}件，办复率100%。",
    "会同松岭县水务局、赤水区财政局开展联合培训{d}次。",
    "上级机关要求各单位公开信息不少于{big}条。",
    "在报纸、电台、宣传栏等处也有公开，数量未作统计。",
    "全年没有收到要求撤回信息的来函，也没有因公开不当被追究责任。",
    "截至{year}年12月31日，公开目录共收录文件{big}件。",
    "{next}年1月，召开会议部署{year}年度报告的编制。",
    "{year}年上半年公开信息{b}条，下半年公开{c}条。",
    "据第三方机构对{last}年工作的评估，本机关名列第{d}位。",
    "《{last}年度部门决算》于{year}年9月公开。",
    "会上通报了{last}年全省政务公开工作要点的落实情况。",
    "方方面面的意见一一登记，明明白白公开，件件有着落。",
    "上级部门门户网站转载本机关信息{c}条。",
    "行政处罚信息在信用平台公示{big}条，含历年数据。",
    "与上年相比，来电咨询减少{c}次。",
    "收到人大代表建议{de}件，其中涉及公开工作的{d}件。",
    "依申请公开方面，接到电话咨询{a}次，未形成申请。",
)  # fmt: skip


def _sentence(rule: str, part: int, text: str) -> Callable[[Paper], list[Seen] | None]:
    def plant(own: Paper) -> list[Seen] | None:
        facts = own.facts()
        needs = re.findall(r"{(\w+)\+}", text)
        if own.year < NEW and {"made", "repealed", "in_force"} & set(needs):
            return None  # the form of 2019 counts them otherwise
        if rule == "superseded_basis" and own.year == FIRST:
            return None  # the new text took effect in that year
        if rule.startswith("text_table") and "cell_blank" in own.own:
            return None  # a table without a number says nothing that could be gainsaid
        for name in needs:
            # A number that is true of nothing: 3 beside 2 received and 1 carried in would be true of both together.
            wrong = (facts[name] + more for more in own.dice.sample(range(1, 40), 39))
            facts[f"{name}+"] = next(value for value in wrong if value not in facts.values())
        if needs and rule.startswith("text_table"):
            own.write(own.line("（二）依申请公开"), "（二）依申请公开。答复均在法定期限内作出。")
        own.add(part, re.sub(r"{([\w+]+)}", lambda m: str(facts[m[1]]), text))
        return [(rule, "")]

    return plant


def plant_sentences(sentences: Iterable[tuple[str, int, str, tuple[str, ...]]]) -> Iterator[Planter]:
    """A planter for each wording: rule, part, what else it may raise, wordings ({name+} is a number made wrong)."""
    for rule, part, may, texts in sentences:
        for text in texts:
            yield Planter(text, _sentence(rule, part, text), frozenset(may.split()))


_USUAL: Final = (
    "认真贯彻落实上级部署，建立健全规章制度，明确岗位职责，提升群众满意度和透明度。",
    "加强培训和宣传，完善政务公开栏目，门户网站与公众号同步更新，规范性文件集中公开。",
    "一如既往做好重大决策公开，情况通报按月进行，加大力度推进规范化建设，人民群众知晓度提高。",
)


@plants("错别字（词库）", "title_nonstandard term_wrong typo_suspected missing_char grammar")
def _lexical(own: Paper) -> list[Seen] | None:
    own.add(1, own.dice.choice(_USUAL))
    text = " ".join(own.text(e) for e in own.lines() if not re.match(r"[一二三四五六]、", own.text(e)))
    sure = [word for word in BUILT_IN.entries if not set(word.wrong) & set("#*")]
    fit = [word for word in sure if word.kind == "typo" and word.right in text]
    if not fit:
        return None
    word = own.dice.choice(fit)
    return [("typo|typo_suspected", word.wrong)] if own.swap(word.right, word.wrong) else None


def _change(rule: str, pattern: str, text: str) -> Callable[[Paper], list[Seen] | None]:
    def plant(own: Paper) -> list[Seen] | None:
        if (rule in ("fee_statement_missing", "local_item_missing") and own.year < NEW) or (
            rule[:3] == "gov" and own.kind != "government"
        ):
            return None
        facts = {f"{{{name}}}": str(value) for name, value in own.facts().items()}
        now, new = pattern, text
        for name, value in facts.items():
            now, new = now.replace(name, value), new.replace(name, value)
        # A back reference must not run into the digits before it.
        new = new.replace("\\1", "\\g<1>")
        for line in own.lines():
            if re.search(now, own.text(line)):
                own.write(line, re.sub(now, new, own.text(line), count=1))
                return [(rule, "")]
        return None

    return plant


def planters() -> Iterator[Planter]:
    yield from PLANTERS
    for rule, may, pattern, text in CHANGES:
        yield Planter(f"{pattern} → {text or '（删去）'}", _change(rule, pattern, text), frozenset(may.split()))
    yield from plant_sentences(SENTENCES)


def with_traps(own: Paper, texts: Sequence[str]) -> Paper:
    for text in texts:
        part = 0 if text.startswith("前言|") else own.dice.choice((1, 1, 6))
        own.add(part, text.removeprefix("前言|").format(**own.facts()))
    return own


def clean(count: int, seed: int, *, trapped: bool) -> Iterator[Paper]:
    """Reports without a defect: as they are composed, or with one to four sentences that look like one."""
    for number in range(count):
        own = paper(seed * 1_000_003 + number, with_previous=number % 3 == 0)
        yield with_traps(own, own.dice.sample(TRAPS, own.dice.randint(1, 4)) if trapped else ())


@dataclass
class Tally:
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    misses: Counter[str] = field(default_factory=Counter)
    alarms: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def accuse(self, where: str, findings: Iterable[Finding], true: set[str]) -> None:
        """Count what should not have been said, a report and rule once."""
        seen = {(f.rule, bool(f.explained)): f for f in findings if f.rule not in true and f.rule not in ELSEWHERE}
        for (rule, explained), finding in seen.items():
            (self.waiting if explained else self.false)[rule] += 1
            if not explained:
                self.alarms[rule][f"{where} → {finding.quote or finding.cell}: {finding.message}"] += 1


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--count", type=int, default=10)
    arguments.add_argument("--clean", type=int, default=1500)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    planted, plain, mixed = Tally(), Tally(), Tally()
    for place, planter in enumerate(planters()):
        _plant(planted, planter, options.count, (options.seed * 1000 + place) * 10_007)
    trapped = _traps(planted, options.count, options.seed)
    print(*_table(planted), "", sep="\n")
    unplanted = [rule.id for rule in RULES if not any(rule.id in rules.split("|") for rules in planted.planted)]
    print(f"Nothing planted for: {', '.join(unplanted)}.\n")
    print(
        f"Traps: {len(TRAPS)}, each in {options.count} reports; with a false finding:", *(trapped or ["none"]), sep="\n"
    )
    print(f"\nMisses ({planted.misses.total()}), first 40:")
    print(*(f"- {count} × {miss}" for miss, count in planted.misses.most_common(40)), sep="\n")
    for clear, called in ((plain, "as composed"), (mixed, "with one to four traps each")):
        seconds = _clean(clear, options, trapped=clear is mixed)
        rate = 1000 / options.clean
        print(
            f"\nClean reports {called}: {options.clean}; false alarms per thousand: {clear.false.total() * rate:.1f},"
        )
        print(f"waiting for a person: {clear.waiting.total() * rate:.1f}. By rule, top ten:")
        print(*(f"- {rule}: {count * rate:.1f}" for rule, count in clear.false.most_common(10)), sep="\n")
        print(f"Judged by all {len(RULES)} rules on one core: {options.clean / seconds:.0f} reports a second.")
    print("\nFired falsely, with the first examples:")
    for tally in (planted, plain, mixed):
        for rule, examples in sorted(tally.alarms.items()):
            print(*(f"- {rule}: {count} × {text}" for text, count in examples.most_common(2)), sep="\n")


def _findings(context: Context) -> list[Finding]:
    outcomes = run(context)
    for outcome in outcomes:
        if outcome.status is OutcomeStatus.ERROR:
            raise SystemExit(f"{outcome.rule}: {outcome.reason}")
    return [finding for outcome in outcomes for finding in outcome.findings]


def _plant(tally: Tally, planter: Planter, count: int, seed: int) -> None:
    made = 0
    for number in range(count * 8):  # not every paper has room for every defect
        own = paper(seed + number)
        wanted = planter.plant(own)
        if wanted is None:
            continue
        findings = _findings(own.context())
        true = own.own | planter.may
        for rules, where in dict.fromkeys(wanted):
            named = rules.split("|")
            true |= set(named)
            tally.planted[rules] += 1
            if any(f.rule in named and where in f"{f.cell} {f.quote} {f.message}" for f in findings):
                tally.found[rules] += 1
            else:
                tally.misses[f"{rules}: {planter.name}"] += 1
        tally.accuse(planter.name, findings, true)
        made += 1
        if made == count:
            return


def _traps(tally: Tally, count: int, seed: int) -> list[str]:
    said = []
    for place, trap in enumerate(TRAPS):
        own = Tally()
        for number in range(count):
            made = with_traps(paper(seed * 7919 + place * 101 + number), [trap])
            _accuse(own, trap, made)
        for rule, times in own.false.items():
            said.append(f"- {rule}: {times} of {count}: {trap}")
        tally.false += own.false
        tally.waiting += own.waiting
        for rule, examples in own.alarms.items():
            tally.alarms[rule] += examples
    return said


def _accuse(tally: Tally, where: str, made: Paper) -> None:
    tally.accuse(where, _findings(made.context()), made.own)


def _clean(tally: Tally, options: argparse.Namespace, *, trapped: bool) -> float:
    """Seconds for the rules alone."""
    seconds = 0.0
    for own in clean(options.clean, options.seed, trapped=trapped):
        context = own.context()
        start = time.process_time()
        findings = _findings(context)
        seconds += time.process_time() - start
        tally.accuse("clean", findings, own.own)
    return seconds


def _table(tally: Tally) -> list[str]:
    """A row for each rule of which something was planted or which said something wrong."""
    lines = [
        "| rule | planted | found | missed | fired falsely | for a person | precision | recall |",
        "|" + "---|" * 8,
    ]
    order = [rule.id for rule in RULES]
    names = {*tally.planted, *tally.false, *tally.waiting}
    for name in sorted(names, key=lambda name: (order.index(name.split("|")[0]), name)):
        planted, found, false = tally.planted[name], tally.found[name], tally.false[name]
        precision = f"{found / (found + false):.2f}" if found + false else "–"
        recall = f"{found / planted:.2f}" if planted else "–"
        row = (name.replace("|", " / "), planted, found, planted - found, false, tally.waiting[name], precision, recall)
        lines.append(f"| {' | '.join(map(str, row))} |")
    return lines


if __name__ == "__main__":
    main()
