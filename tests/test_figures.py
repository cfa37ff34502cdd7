"""The figures of the running text: each wording gives its figure with its scope, and what is not sure gives none.

All sentences are the tests' own; the kinds of wording and the traps are those of real reports.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.demo.compose import compose
from monitor.documents import read_document, read_report
from monitor.documents.figures import find_figures
from monitor.documents.nothings import nothing_of
from monitor.documents.running import Line
from monitor.form import FIGURES
from monitor.model import Figure

SHARED = Path(__file__).parents[2] / "shared"
SEEDS = SHARED / "seeds"
SHANGHAI = SHARED / "reports" / "shanghai_office_2019.html"
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is not on this machine")
needs_shanghai = pytest.mark.skipif(not SHANGHAI.is_file(), reason="../shared/reports is not on this machine")


def figures_in(
    text: str, *, part: int | None = 1, year: int | None = 2023, agency: str = "青石县财政局"
) -> list[Figure]:
    lines = [Line(line, number) for number, line in enumerate(text.split("\n"), start=1)]
    return list(find_figures([(part, lines)], year=year, agency=agency))


def stated(text: str, **known: object) -> dict[str, int | Decimal]:
    """The figures without a scope: the agency's own of the report year."""
    return {figure.key: figure.value for figure in figures_in(text, **known) if not figure.scope}  # type: ignore[arg-type]


def scoped(text: str, **known: object) -> dict[str, tuple[int | Decimal, str]]:
    return {figure.key: (figure.value, figure.scope) for figure in figures_in(text, **known) if figure.scope}  # type: ignore[arg-type]


# ── what is sure ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # applications, received and handled
        ("2023年，我局共收到政府信息公开申请12件。", {"received": 12}),
        ("全年受理依申请公开12件。", {"received": 12}),
        ("年内新收政府信息公开申请12件，上年结转1件，共13件。", {"received": 12, "carried_in": 1, "to_handle": 13}),
        ("共收到依申请公开749件（含上年结转36件）。", {"to_handle": 749, "carried_in": 36}),
        ("全年收到申请749件，其中本年新收713件、上年结转36件。", {"to_handle": 749, "received": 713, "carried_in": 36}),
        ("收到政府信息公开申请12件，其中自然人10件，法人2件；上年结转1件。", {"received": 12, "carried_in": 1}),
        (
            "收到12件政府信息公开申请，办结11件，结转下年度继续办理1件。",
            {"received": 12, "handled": 11, "carried_out": 1},
        ),
        ("接到公民、法人和其他组织的政府信息公开申请8宗，均已答复。", {"received": 8}),
        ("通过网站、信函等多种渠道收到政府信息公开申请8件。", {"received": 8}),
        ("政府信息公开申请数量为0。", {"received": 0}),
        ("本机关2023年度政府信息公开申请总数：6件。", {"received": 6}),
        ("收到政府信息公开申请，共６件。", {"received": 6}),
        ("收到政府信息公开申请1,206件。", {"received": 1206}),
        ("收到政府信息公开申请 1 2件。", {}),
        ("收到政府信息公开申请十二件。", {"received": 12}),
        ("收到政府信息公开申请零件。", {"received": 0}),
        ("答复政府信息公开申请8件，另有2件申请按规定转入下年度答复。", {"handled": 8, "carried_out": 2}),
        ("2022年结转申请3件，结转2024年办理1件。", {"carried_in": 3, "carried_out": 1}),
        # results
        (
            "收到政府信息公开申请9件。予以公开3件，部分公开2件，不予公开1件，无法提供1件，不予处理1件，其他处理1件。",
            {
                "received": 9,
                "granted": 3,
                "partly_granted": 2,
                "refused": 1,
                "unavailable": 1,
                "declined": 1,
                "other": 1,
            },
        ),
        (
            "受理政府信息公开申请6件，其中3件予以公开、2件部分公开、1件不予公开。",
            {"received": 6, "granted": 3, "partly_granted": 2, "refused": 1},
        ),
        (
            "收到政府信息公开申请5件。予以公开及部分公开4件；因信息不存在等原因无法提供1件。",
            {"received": 5, "granted_or_partly": 4, "unavailable": 1},
        ),
        # none in words
        ("全年未收到政府信息公开申请。", {"received": 0}),
        ("截至年底，我局尚未接到公民、法人或其他组织的政府信息公开申请。", {"received": 0}),
        ("无依申请公开事项。", {"received": 0}),
        (
            "未收到政府信息公开申请，也无上年结转申请，无结转下年度办理的申请。",
            {"received": 0, "carried_in": 0, "carried_out": 0},
        ),
    ],
)
def test_applications_are_read_in_every_wording(text: str, expected: dict[str, int]) -> None:
    assert stated(text) == {f"requests.{key}": value for key, value in expected.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "因政府信息公开被申请行政复议3件，其中维持2件，纠正1件；被提起行政诉讼1件，尚未审结1件。",
            {
                "remedies.review": 3,
                "remedies.review.upheld": 2,
                "remedies.review.corrected": 1,
                "remedies.litigation": 1,
                "remedies.litigation.pending": 1,
            },
        ),
        (
            "涉及政府信息公开的复议2件、诉讼1件，均获维持。",
            {
                "remedies.review": 2,
                "remedies.litigation": 1,
                "remedies.review.upheld": 2,
                "remedies.litigation.upheld": 1,
            },
        ),
        ("政府信息公开行政复议、行政诉讼均为0件。", {"remedies.review": 0, "remedies.litigation": 0}),
        ("未发生因政府信息公开引起的行政复议和行政诉讼案件。", {"remedies.review": 0, "remedies.litigation": 0}),
        ("政府信息公开行政复议、行政诉讼共3件。", {"remedies.both": 3}),
        (
            "因政府信息公开复议后起诉2件，未经复议直接起诉1件。",
            {"remedies.litigation_after_review": 2, "remedies.litigation_direct": 1},
        ),
        (
            "主动公开政府信息90条，其中门户网站60条、微信公众号30条。",
            {"published.total": 90, "published.website": 60, "published.wechat": 30},
        ),
        (
            "主动公开政府信息90条。其中，在政府网站公开信息60条；通过微信公众号“青石财政”推送30篇。",
            {"published.total": 90, "published.website": 60, "published.wechat": 30},
        ),
        ("通过门户网站、微信等渠道公开政府信息90条。", {"published.total": 90}),
        ("通过门户网站和微信公开政府信息90条。", {}),
        ("在政府门户网站发布各类信息60条，在官方微博发布信息5条。", {"published.website": 60, "published.weibo": 5}),
        ("召开新闻发布会2场，发布政策解读3篇。", {"published.press_conferences": 2, "published.interpretations": 3}),
        (
            "制发行政规范性文件3件，废止2件，现行有效8件。",
            {"normative_documents.made": 3, "normative_documents.repealed": 2, "normative_documents.in_force": 8},
        ),
        ("现行有效的行政规范性文件8件。", {"normative_documents.in_force": 8}),
        ("全年未制发规范性文件。", {"normative_documents.made": 0}),
        ("作出行政许可决定1,234件。作出行政处罚决定56件。", {"permits.decisions": 1234, "penalties.decisions": 56}),
        ("办理行政许可事项25项。", {}),
        (
            "承办人大代表建议5件，其中主办3件，协办2件；政协提案13件，其中主办9件，会办4件，办复率100%。",
            {
                "suggestions.total": 5,
                "suggestions.lead": 3,
                "suggestions.joint": 2,
                "motions.total": 13,
                "motions.lead": 9,
                "motions.joint": 4,
                "motions.rate": 100,
            },
        ),
        ("办理5件人大代表建议。", {"suggestions.total": 5}),
        ("办理人大代表建议、政协提案共8件，办复率均为100%。", {"proposals.total": 8, "proposals.rate": 100}),
        ("没有承办人大代表建议和政协委员提案。", {"suggestions.total": 0, "motions.total": 0}),
        ("收取政府信息公开信息处理费400元。", {"fees.amount": 400}),
        ("实际收取信息处理费0.12万元，减免信息处理费100元。", {"fees.amount": Decimal("0.12")}),
        ("全年未收取任何信息处理费。", {"fees.amount": 0}),
        ("没有产生信息公开处理费。", {"fees.amount": 0}),
        ("组织政务公开培训2次。", {"trainings": 2}),
        ("举办三期政府信息公开培训班。", {"trainings": 3}),
        ("收到关于政府信息公开的举报0件。", {"complaints": 0}),
        ("收到政府信息公开申请15件，较上年增长50%。", {"requests.received": 15, "requests.received.growth": 50}),
        (
            "收到政府信息公开申请20件，比上年减少10件，同比下降33.3%。",
            {"requests.received": 20, "requests.received.growth": Decimal("-33.3")},
        ),
        (
            "主动公开政府信息90条，其中门户网站公开60条，占比66.7%。",
            {"published.total": 90, "published.website": 60, "published.website.share": Decimal("66.7")},
        ),
    ],
)
def test_the_other_figures_are_read_in_every_wording(text: str, expected: dict[str, int | Decimal]) -> None:
    assert stated(text) == expected


# ── whose, and of which time ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "key", "scope"),
    [
        ("区政府办代表区政府受理政府信息公开申请17件。", "requests.received", "区政府办代表区政府"),
        ("区政府办代表区政府受理政府信息公开申请17件。予以公开5件。", "requests.granted", "区政府办代表区政府"),
        ("全县共收到政府信息公开申请500件。", "requests.received", "全县"),
        ("各镇街共受理政府信息公开申请500件。", "requests.received", "各镇"),
        ("我县在政府网站公开政府信息9000条。", "published.website", "我县"),
        ("县民政局收到政府信息公开申请20件。", "requests.received", "县民政局"),
        ("2022年收到政府信息公开申请30件。", "requests.received", "2022年"),
        ("2022年收到政府信息公开申请30件，办结30件。", "requests.handled", "2022年"),
        ("去年收到政府信息公开申请30件。", "requests.received", "去年"),
        ("上半年收到政府信息公开申请3件。", "requests.received", "上半年"),
        ("2024年计划组织政务公开培训4次。", "trainings", "计划"),
        ("要求各科室公开政府信息20条。", "published.total", "要求"),
        ("自2019年以来主动公开政府信息5000条。", "published.total", "自2019年以来"),
        ("主动公开政府信息约90条。", "published.total", "约数"),
        ("主动公开政府信息90余条。", "published.total", "约数"),
        ("主动公开政府信息1.2万条。", "published.total", "约数"),
        ("办理行政复议案件134件。", "remedies.review", "未写明因政府信息公开"),
        ("没有发生行政复议。", "remedies.review", "未写明因政府信息公开"),
        ("举办会计培训班3期。", "trainings", "未写明为政务公开"),
    ],
)
def test_a_figure_that_is_not_the_agencys_own_of_the_year_says_so(text: str, key: str, scope: str) -> None:
    assert key not in stated(text)
    assert scope in scoped(text)[key][1]


@pytest.mark.parametrize(
    ("text", "agency", "key"),
    [
        ("全县共收到政府信息公开申请500件。", "青石县人民政府", "requests.received"),
        ("我县在政府网站公开政府信息9000条。", "青石县人民政府", "published.website"),
        ("县政府办公室代表县政府受理政府信息公开申请17件。", "青石县人民政府办公室", "requests.received"),
        ("2023年县财政局共收到政府信息公开申请5件。", "青石县财政局", "requests.received"),
        ("区商促局收到政府信息公开申请5件。", "江南区商务和投资促进局", "requests.received"),
        ("截至12月底，我局收到政府信息公开申请5件。", "青石县财政局", "requests.received"),
        ("2023年，围绕全县中心工作，收到政府信息公开申请5件。", "青石县财政局", "requests.received"),
        (
            "（二）依申请公开情况。收到政府信息公开申请5件，未发生行政复议、行政诉讼。",
            "青石县财政局",
            "remedies.review",
        ),
    ],
)
def test_what_is_the_agencys_own_after_all_has_no_scope(text: str, agency: str, key: str) -> None:
    assert key in stated(text, agency=agency)


def test_a_result_that_may_be_of_either_remedy_is_of_none() -> None:
    assert stated("因政府信息公开行政复议2件、行政诉讼1件，其中维持2件。") == {
        "remedies.review": 2,
        "remedies.litigation": 1,
    }


def test_in_the_part_on_remedies_no_word_need_say_what_they_are_about() -> None:
    assert stated("全年行政复议2件，结果维持2件。", part=4) == {"remedies.review": 2, "remedies.review.upheld": 2}


# ── what is not sure is no figure ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        # classes of documents
        "全年主动公开文件36件，依申请公开436件，不予公开43件。",
        "依申请公开436条。",
        # some of them, and not all
        "对政府信息公开申请2件作出答复告知。",
        "对2件政府信息公开申请作出不予受理告知。",
        "有3件政府信息公开申请涉及拆迁。",
        "涉及拆迁的政府信息公开申请3件。",
        "收到涉及拆迁的政府信息公开申请3件。",
        "维持政府信息公开行政复议1件。",
        "在“助企纾困”专栏发布信息30条。",
        "重点领域方面，发布信息20条。",
        "参加上级政务公开培训2次。",
        # parts by way or by who asked
        "（二）依申请公开情况\n收到网上申请3件，信函申请2件，均已答复。",
        "当面收到申请3件。",
        "公民申请3件，法人申请2件。",
        # other applications, other zeros
        "受理行政许可申请300件。",
        "收到低保申请书300份。",
        "未及时答复政府信息公开申请的情况已经整改。",
        "未发生政府信息公开申请超期答复情况。",
        "如无政府信息公开申请，则填写0。",
        "无正当理由大量反复申请。",
        "是否收到政府信息公开申请，有无申请，均应登记。",
        # other counts in the same sentence
        "网络问政4件，已回复4件，办结率100%。",
        "公开政府信息的栏目12个，更新8次。",
        "公开政府信息公开指南1份、目录3条。",
        "公开人大代表建议答复12件。",
        "接到热线12345转办事项30件。",
        "信息阅读量1200次，公众号关注300人次。",
        "按件计收，10件以下不收费，11件至30件每件100元。",
        "发出收费通知2件。",
        # numbers that may be two, a range, an ordinal
        "收到政府信息公开申请1，234件。",
        "收到政府信息公开申请3-5件。",
        "第3件政府信息公开申请已办结。",
        "高效办成一件事。",
        "予以公开、不予公开分别为3件和5件。",
        # quoted
        "落实“收到政府信息公开申请12件”的登记要求。",
        "落实《政府信息公开申请12件办理规程》。",
    ],
)
def test_what_is_not_sure_is_no_figure(text: str) -> None:
    assert figures_in(text) == []


def test_the_part_on_problems_and_plans_states_no_figure() -> None:
    assert figures_in("收到政府信息公开申请12件。", part=5) == []


def test_a_preface_is_read_only_where_no_overview_stands() -> None:
    line = [Line("全年收到政府信息公开申请12件。", 1)]
    for parts, count in (([(0, line)], 1), ([(0, line), (1, [])], 0)):
        assert len(find_figures(parts, year=2023, agency="")) == count


# ── quote, unit, part, place ────────────────────────────────────────────────────────────────────────────────────────


def test_a_figure_has_its_clause_its_unit_its_part_and_its_place() -> None:
    lines = [Line("（二）依申请公开情况", 7, 2), Line("全年新收政府信息公开申请 ３ 件；办结2件。", 8, 2)]
    [received, handled] = find_figures([(1, lines)], year=2023, agency="")
    assert (received.value, received.unit, received.part, received.scope) == (3, "件", 1, "")
    assert received.quote == "全年新收政府信息公开申请 ３ 件"
    assert (received.place.block, received.place.page, received.place.quote) == (8, 2, received.quote)
    assert (handled.key, handled.quote) == ("requests.handled", "办结2件")


def test_every_key_has_a_chinese_name() -> None:
    assert all(re.search("[\u4e00-\u9fff]", name) for name in FIGURES.values())
    assert len(FIGURES) > 100


# ── whole reports ───────────────────────────────────────────────────────────────────────────────────────────────────

#: domain.md, section 4.
SEED_FIGURES = {
    "000": {
        "published.total": 217,
        "published.website": 23,
        "published.wechat": 228,
        "requests.received": 0,
        "trainings": 1,
        "fees.amount": 0,
        "suggestions.total": 0,
        "motions.total": 0,
    },
    "001": {
        "published.total": 160,
        "requests.received": 0,
        "trainings": 3,
        "fees.amount": 0,
        "suggestions.total": 0,
        "motions.total": 0,
        "published.press_conferences": 1,
    },
    "002": {
        "published.website": 48,
        "requests.received": 0,
        "remedies.review": 0,
        "remedies.litigation": 0,
        "fees.amount": 0,
        "suggestions.total": 5,
        "suggestions.lead": 3,
        "suggestions.joint": 2,
        "suggestions.rate": 100,
        "motions.total": 13,
        "motions.lead": 9,
        "motions.joint": 4,
        "motions.rate": 100,
    },
    "003": {"published.total": 254, "requests.received": 0, "fees.amount": 0},
    "004": {
        "published.total": 632,
        "published.website": 12,
        "published.wechat": 308,
        "requests.received": 0,
        "fees.amount": 0,
    },
}


@needs_seeds
@pytest.mark.parametrize("path", sorted(SEEDS.glob("*.txt")) + sorted(SEEDS.glob("html/*")), ids=lambda path: path.name)
def test_the_figures_of_a_seed_are_those_that_people_read(path: Path) -> None:
    report = read_report(read_document(path.read_bytes()))
    assert {figure.key: figure.value for figure in report.figures if not figure.scope} == SEED_FIGURES[path.name[:3]]


@needs_shanghai
def test_the_figures_of_a_real_report_are_those_that_people_read() -> None:
    report = read_report(read_document(SHANGHAI.read_bytes()))
    found = {figure.key: figure.value for figure in report.figures}
    assert {key: value for key, value in found.items() if not key.endswith(".share")} == {
        "requests.received": 859,
        "requests.received.growth": Decimal("-12.3"),
        "requests.handled": 805,
        "requests.carried_in": 18,
        "requests.carried_out": 72,
        "requests.granted_or_partly": 258,
        "requests.refused": 35,
        "requests.unavailable": 265,
        "requests.declined": 158,
        "requests.other": 0,
        "remedies.review": 7,
        "remedies.review.upheld": 7,
        "remedies.litigation": 9,
        "remedies.litigation.upheld": 9,
        "published.interpretations": 83,
    }
    assert {figure.scope for figure in report.figures} == {""}


@pytest.mark.parametrize("agency", ["青石县人民政府", "江南区教育局", "云台镇人民政府"])
def test_the_figures_of_composed_reports_are_those_of_their_tables(agency: str) -> None:
    stated_anywhere = set()
    for seed in range(40):
        report = read_report(read_document(compose(agency, 2019 + seed % 6, seed=seed).body.encode()))
        for figure in report.figures:
            assert figure.scope == "", figure
            cell = report.cell(f"{figure.key}.total") if figure.key.count(".") == 1 else None
            if cell is not None:
                assert (cell.value or 0) == figure.value, figure
                stated_anywhere.add(figure.key)
    assert stated_anywhere >= {"requests.received", "requests.carried_in", "requests.handled", "remedies.review"}


# ── any sentence of the grammar; any text ───────────────────────────────────────────────────────────────────────────

#: What is counted, in words before the number, with the units that go with it.
GRAMMAR = [
    ("requests.received", "{v}政府信息公开申请", "收到 受理 新收 接到 共收到", "件 宗 条 起"),
    ("requests.handled", "{v}政府信息公开申请", "答复 办结 共办结", "件 宗"),
    ("published.total", "{v}政府信息", "主动公开 发布 共主动公开", "条 篇 件"),
    ("suggestions.total", "{v}人大代表建议", "承办 办理 收到", "件"),
    ("motions.total", "{v}政协提案", "承办 办理 收到", "件"),
    ("normative_documents.made", "{v}行政规范性文件", "制发 制定 出台", "件"),
    ("permits.decisions", "{v}行政许可决定", "作出 办理", "件"),
    ("fees.amount", "{v}信息处理费", "收取 实际收取", "元"),
    ("trainings", "{v}政务公开培训", "组织 开展 举办", "次 场 期"),
    ("remedies.review", "{v}政府信息公开行政复议", "发生 因此发生", "件"),
]
SUBJECTS = st.sampled_from(["", "我局", "本机关", "2023年，", "2023年，我局", "全年", "年内，本单位"])
FILLERS = st.sampled_from(["", "共", "共计", "数量为", "：", " "])


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, int, str, str]:
    key, pattern, verbs, units = draw(st.sampled_from(GRAMMAR))
    number, unit = draw(st.integers(0, 9_999_999)), draw(st.sampled_from(units.split()))
    printed = draw(st.sampled_from([str(number), f"{number:,}", f" {number} ", str(number).translate(WIDE)]))
    noun = pattern.format(v=draw(st.sampled_from(verbs.split())))
    tail = draw(st.sampled_from(["。", "，均按时完成。", "；", "（见附表）。", ""]))
    return key, number, unit, f"{draw(SUBJECTS)}{noun}{draw(FILLERS)}{printed}{unit}{tail}"


WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


@given(sentences())
def test_a_sentence_of_the_grammar_gives_its_figure(sentence: tuple[str, int, str, str]) -> None:
    key, number, unit, text = sentence
    found = figures_in(text)
    assert [(figure.key, figure.value, figure.unit, figure.scope) for figure in found] == [(key, number, unit, "")], (
        text
    )


WORDS = st.sampled_from(
    [
        "收到",
        "政府信息公开申请",
        "12",
        "3",
        "件",
        "，",
        "。",
        "其中",
        "（",
        "）",
        "予以公开",
        "不予公开",
        "上年结转",
        "结转下年度",
        "行政复议",
        "行政诉讼",
        "均",
        "维持",
        "未收到",
        "无",
        "人大代表建议",
        "政协提案",
        "主办",
        "%",
        "同比增长",
        "占比",
        "公开信息",
        "条",
        "微信",
        "网站",
        "2022年",
        "全区",
        "代表",
        "“",
        "”",
        "《",
        "》",
        "1，234",
        "1,234",
        "十",
        "万",
        "余",
        "约",
        "、",
        "以来",
        "月",
    ]
)


@given(st.lists(WORDS, max_size=40).map("".join) | st.text(max_size=80), st.sampled_from([None, 0, 1, 3, 4, 6]))
def test_no_text_makes_reading_fail_and_every_figure_is_printed_in_its_clause(text: str, part: int | None) -> None:
    for figure in figures_in(text.replace("\n", " "), part=part):
        assert figure.key in FIGURES
        assert figure.quote in text.replace("\n", " ")
        assert figure.part == part
        if figure.unit not in ("", "%"):
            assert figure.unit in figure.quote


@given(st.text(alphabet="未无没有收到申请公开行政复议诉讼、和与的情况案件结转上下年度提案建议处理费", max_size=60))
def test_no_phrase_makes_reading_fail(words: str) -> None:
    for negation in ("未", "没有", "无", "不存在"):
        assert set(nothing_of(negation + words)) <= FIGURES.keys()


@pytest.mark.parametrize(
    "piece", ["未", "共计", "收到申请", "1'234", "三件", "（", "“", "代表", "全区", "上年结转", "0", "、"]
)
def test_no_paragraph_however_odd_takes_long(piece: str) -> None:
    lines = [Line(piece * (4_900 // len(piece)) + "3件。", number) for number in range(10)]
    start = process_time()
    find_figures([(1, lines)], year=2023, agency="青石县财政局")
    assert process_time() - start < 2  # a generous bound: tries of all ways would take hours
