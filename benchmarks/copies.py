"""Near-copies among 20,000 reports: are the planted ones found, are the traps left alone, what does it cost?

python benchmarks/copies.py [--count N] [--seed N] [--new N]

Reports are put together from the replicas' words (monitor/demo) and, for what an agency says of its own work, from the
clauses below, in millions of combinations. Planted are copies with the names swapped, figures changed and a tenth to
three tenths of the sentences rewritten. Traps: what a city, a county or a ministry tells everybody to write, a
county's model text that each agency only alters, stock phrases, last year's own text, a government's office that writes
its government's report, a few shared sentences.
`--new N`: how long it takes when only N new reports are compared with all the others.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final

from monitor.checks import Context, run
from monitor.checks.copying import CopyOtherUnit
from monitor.demo import words
from monitor.form import CHINESE_NUMERALS, SECTIONS
from monitor.lookalikes import Compared, Key, find_lookalikes, own_prints
from monitor.model import Lookalike, OutcomeStatus, Report, Section

YEAR: Final = 2023
FUNCTIONS: Final = tuple(dict.fromkeys(word for word, _ in words.TOPICS if word and word not in "街道镇"))
_WHEN: Final = (
    "上半年", "三月", "四月底", "汛期前", "入冬后", "年中", "八月起", "第四季度", "春耕期间", "开学前",
    "换届后", "旺季",
)  # fmt: skip
_WHO: Final = (
    "办公室", "法规科", "窗口人员", "值班领导", "信息员", "联络员", "网管中心", "驻点干部", "分管负责人",
    "综合科", "审核小组", "监督员", "业务科长", "档案室", "新闻发言人", "工作专班", "社区网格员", "法律顾问",
)  # fmt: skip
_DID: Final = (
    "逐条核对了", "重新编排了", "上门征求过关于", "请第三方抽查了", "用图表讲清了", "录制短片介绍",
    "当面答复群众关于", "在大厅张贴了", "向企业推送了", "集中清理了", "补录了往年的", "拆分细化了",
    "会同乡镇核实了", "翻译成方言播报了", "提前预告了", "逐户送达了", "编成口袋书发放了", "在夜校宣讲了",
    "开设专栏登载了", "按季度晒出了", "邀请代表评议了", "随文解读了", "建立台账跟踪了", "比照样本修订了",
    "借助地图标注了",
)  # fmt: skip
_WHOSE: Final = (
    "沿街商户的", "两个镇的", "老旧小区的", "去年受理的", "跨县办理的", "外来务工人员的", "新登记企业的",
    "退耕农户的", "残疾人的", "集贸市场的", "水库移民的", "重点工程的", "民办机构的", "低收入家庭的",
    "开发区内的", "超过五年的", "首次公开的", "投诉较多的", "季节性的", "由村里代办的", "尚未归档的",
    "同类事项的", "第二批", "涉农的", "牧区的", "旅游旺季的", "中小学的", "出口企业的", "网上申办的", "存量的",
)  # fmt: skip
_WHAT: Final = (
    "办件流程图", "资金拨付明细", "补贴对象名册", "抽检不合格名单", "项目开工计划", "收费依据", "听证记录",
    "施工围挡公示", "派位结果", "应急避险路线", "水价调整说明", "培训课程表", "执法文书样本", "用地批复",
    "招考简章", "健康提示", "停电停水预告", "会议纪要", "常见问题答案", "权责清单", "预决算说明", "验收结论",
    "投诉处理结果", "线路调整方案", "普查公报", "疫苗到货信息", "公租房轮候名单", "惠农贷款指南",
    "中介机构名录", "信用修复办法", "环评受理公告", "老年食堂菜单",
)  # fmt: skip
_HOW: Final = (
    "群众少跑了冤枉路", "来电询问减少近半", "差错当天就改正", "两个工作日内全部上网", "手机上三步便能查到",
    "老年人也看得明白", "基层不再重复报送", "检索命中率明显上升", "与纸质档案逐一对应", "企业座谈时反映良好",
    "审核环节由五道减为三道", "未再出现旧稿覆盖新稿", "热线转办件逐月回落", "村务栏同步更换",
    "留言均有署名答复", "报刊亭也能领到单页", "遗漏的附件全部补齐", "窗口排队时间缩短", "链接失效当日修复",
    "形成了可照搬的样表",
)  # fmt: skip
_LACK: Final = (
    "专业术语没有解释", "更新停留在文字搬运", "图片在手机上看不清", "新进人员不熟悉目录",
    "旧系统导出要人工校对", "乡镇报送的口径不一", "留言答复偏重程序", "历史卷宗没有电子件", "视频没有字幕",
    "附件格式五花八门", "节假日无人值守", "跨科室会签耗时太长", "检索词设置过窄", "意见征集的样本偏小",
    "线下查阅点位置偏僻", "数据表缺少单位说明",
)  # fmt: skip
_MEND: Final = (
    "聘请高校老师讲两堂课", "改用统一的采集表", "为每个栏目定下更新日历", "与融媒体中心合办一档节目",
    "购置扫描设备分批入库", "把答复范本汇编成册", "设立周末轮值岗", "在三个社区增设查阅角", "引入语音朗读",
    "由档案馆派员指导", "请服务对象打分排名", "逐项列出责任人和完成月份", "压减会签环节",
    "给老旧文件加注现行效力", "每月抽十条回访", "建立跨部门词库",
)  # fmt: skip
_STOCK: Final = (
    "坚持以公开为常态、不公开为例外，不断提升政府信息公开工作水平",
    "严格落实信息发布三审三校制度，确保公开内容准确、及时、规范",
    "加强组织领导，健全工作机制，明确专人负责信息公开日常工作",
    "认真贯彻落实上级关于政务公开工作的决策部署，扎实推进各项任务",
    "进一步拓宽公开渠道，丰富公开形式，保障人民群众的知情权和监督权",
    "强化业务培训，切实提高工作人员的政策理论水平和业务能力",
    "部分人员对信息公开工作的重要性认识不足，主动公开意识有待增强",
    "公开的内容与群众的期待还有差距，解读形式较为单一",
    "下一步将加大学习力度，进一步规范政府信息公开工作流程",
    "健全考核评议机制，把信息公开工作纳入年度绩效考核",
    "做好政府信息公开保密审查，做到涉密信息不公开、公开信息不涉密",
    "及时更新政府信息公开目录和指南，方便公众查阅和获取",
)


@dataclass
class Own:
    """A report while it is put together: sentences of parts 1, 5 and 6."""

    key: Key
    name: str
    place: str
    groups: tuple[str, ...]
    parts: dict[int, list[str]] = field(default_factory=dict)


@dataclass
class World:
    reports: list[Own]
    copies: dict[tuple[Key, Key], str] = field(default_factory=dict)  # pair → what was planted
    traps: dict[tuple[Key, Key], str] = field(default_factory=dict)
    model_counties: set[str] = field(default_factory=set)


def _what(dice: random.Random) -> str:
    return dice.choice(_WHOSE) + dice.choice(_WHAT)


def _sentence(dice: random.Random, topic: str) -> str:
    """What one agency says of its own work: clauses that others use too, put together as nobody else does."""
    c = dice.choice

    shapes = (
        lambda: f"{c(_WHEN)}，{c(_WHO)}{c(_DID)}{_what(dice)}，{c(_HOW)}",
        lambda: f"{c(_WHO)}{c(_DID)}{topic}方面的{_what(dice)}和{_what(dice)}，{c(_HOW)}",
        lambda: f"针对{_what(dice)}{c(_LACK)}的情况，{c(_WHO)}{c(_DID)}{_what(dice)}",
        lambda: f"全年{c(_DID)}{_what(dice)}{dice.randint(2, 90)}份，{c(_WHEN)}又由{c(_WHO)}复查一遍，{c(_HOW)}",
        lambda: f"{c(_STOCK)}，{c(_WHO)}{c(_DID)}{_what(dice)}",
    )
    return c(shapes)()


def _problem(dice: random.Random, order: str) -> str:
    return f"{order}是{_what(dice)}{dice.choice(_LACK)}，{dice.choice(_WHO)}{dice.choice(_LACK)}"


def _measure(dice: random.Random, order: str) -> str:
    mend, other = dice.sample(_MEND, 2)
    return f"{order}是由{dice.choice(_WHO)}{mend}，{dice.choice(_WHEN)}前就{_what(dice)}{other}"


def _places(dice: random.Random) -> Iterator[tuple[str, str]]:
    """Counties with their codes, as many as wanted."""
    signs = "安宁平泰康永兴昌隆盛和顺清源泉江河湖山岭阳阴林石云龙凤金银丰华明德仁义信东西南北新古长"
    for city in range(1100, 9900):
        for county in range(dice.randint(5, 12)):
            name = f"{dice.choice(signs)}{dice.choice(signs)}{dice.choice('县县区')}"
            yield f"{city}{county + 1:02}", name


def build(count: int, seed: int) -> World:
    dice = random.Random(seed)
    world = World([])
    city_words: dict[str, list[str]] = {}
    line = {word: [_sentence(dice, word) for _ in range(12)] for word in FUNCTIONS}
    for code, county in _places(dice):
        ordered = city_words.setdefault(code[:4], [_sentence(dice, "政务公开") for _ in range(10)])
        local = [_sentence(dice, "营商环境") for _ in range(6)] if dice.random() < 0.5 else []
        model = Own(("", YEAR), "某某局", "某某县", ()) if dice.random() < 0.2 else None
        if model:
            _fill(model, dice, "政务公开", [])
            world.model_counties.add(code)
        for number in range(dice.randint(18, 45)):
            topic = FUNCTIONS[number % len(FUNCTIONS)]
            name = f"{county}{topic}{'局' if number < len(FUNCTIONS) else f'服务中心{number}'}"
            groups = (code[:2], code[:4], code)
            own = Own((f"{code}-{number}", YEAR), name, county, groups)
            _fill(own, dice, topic, [*_some(dice, ordered), *local, *_some(dice, line[topic], 3)])
            if model:  # the county's model text, which most fill in and some alter
                own.parts[1][:10] = _edited(model, own, 1, 0.2, dice)[:10]
                own.parts[5] = _edited(model, own, 5, 0.2, dice)
            world.reports.append(own)
            if len(world.reports) >= count:
                _plant(world, dice)
                return world
    raise AssertionError("too few places")


def _some(dice: random.Random, lines: Sequence[str], most: int = 6) -> list[str]:
    return dice.sample(list(lines), min(len(lines), dice.randint(1, most)))


def _fill(own: Own, dice: random.Random, topic: str, told: Iterable[str]) -> None:
    facts = {"agency": own.name, "year": own.key[1], "topic": topic, "trainings": dice.randint(1, 6)}
    facts |= {"total": dice.randint(30, 900), "portal": dice.randint(10, 30), "wechat": dice.randint(10, 30)}
    frame = [dice.choice(words.OPENINGS), dice.choice(words.PROACTIVE), dice.choice(words.NO_APPLICATIONS)]
    frame += [dice.choice(words.MANAGEMENT), dice.choice(words.PLATFORMS), dice.choice(words.SUPPORT)]
    said = [line.format(**facts).rstrip("。") for line in frame]
    said += told
    said += _some(dice, _STOCK, 4) + [_sentence(dice, topic) for _ in range(dice.randint(7, 16))]
    dice.shuffle(said)
    orders = CHINESE_NUMERALS[: dice.randint(2, 4)]
    problems = [_problem(dice, order) for order in orders] + _some(dice, _STOCK, 2)
    own.parts[1] = [f"{own.name}{line}" if dice.random() < 0.15 else line for line in said]
    own.parts[5] = problems + [_measure(dice, order) for order in orders]
    own.parts[6] = [dice.choice(words.NO_FEES).rstrip("。"), _sentence(dice, topic), dice.choice(words.NOTHING_ELSE)]


def _plant(world: World, dice: random.Random) -> None:
    many = max(6, len(world.reports) // 100)
    # What was taken from a county's model text is nobody's own: copies are made of other reports.
    order = [n for n, own in enumerate(world.reports) if own.key[0][:6] not in world.model_counties]
    dice.shuffle(order)
    free = iter(order)
    for kind, share in (("all, 0 % edited", 0.0), ("all, 10 %", 0.1), ("all, 20 %", 0.2), ("all, 30 %", 0.3)):
        for _ in range(many):
            source, target = world.reports[next(free)], world.reports[next(free)]
            target.parts = {part: _edited(source, target, part, share, dice) for part in (1, 5, 6)}
            world.copies[source.key, target.key] = kind
    for _ in range(many):
        source, target = world.reports[next(free)], world.reports[next(free)]
        target.parts = {part: _edited(source, target, part, 0.0, dice) for part in (1, 5, 6)}
        for part, lines in target.parts.items():
            target.parts[part] = [_reworded(line, dice) for line in lines]
        world.copies[source.key, target.key] = "all, a word changed in every sentence"
    for _ in range(many):
        source, target = world.reports[next(free)], world.reports[next(free)]
        target.parts[5] = _edited(source, target, 5, 0.1, dice)
        world.copies[source.key, target.key] = "part five only, 10 %"
    for _ in range(many // 4):
        ring = [world.reports[next(free)] for _ in range(4)]
        for target in ring[1:]:
            target.parts = {part: _edited(ring[0], target, part, 0.1, dice) for part in (1, 5, 6)}
        for one, other in combinations(ring, 2):
            world.copies[one.key, other.key] = "a ring of four"
    _traps(world, dice, free, many)


def _edited(source: Own, target: Own, part: int, share: float, dice: random.Random) -> list[str]:
    """Another's sentences under one's own name, with other figures; a share of them rewritten or put in new words."""
    swapped = [
        line.replace(source.name, target.name).replace(source.place, target.place) for line in source.parts[part]
    ]
    swapped = [re.sub(r"\d+", lambda _: str(dice.randint(2, 900)), line) for line in swapped]
    for place in dice.sample(range(len(swapped)), round(len(swapped) * share)):
        way = dice.randrange(3)
        line = swapped[place]
        if way == 0:
            swapped[place] = _sentence(dice, "本职")
        elif way == 1:
            swapped[place] = line.replace("，", f"，{dice.choice(_HOW)}，", 1)
        else:
            swapped[place] = f"{dice.choice(_WHEN)}，{line[: len(line) * 2 // 3]}{dice.choice(_HOW)}"
    return swapped


def _reworded(line: str, dice: random.Random) -> str:
    """A word in place of another, somewhere within."""
    place = dice.randrange(max(1, len(line) - 2))
    return line[:place] + dice.choice(("已经", "相关", "本地", "逐步", "同步")) + line[place + 2 :]


def _traps(world: World, dice: random.Random, free: Iterator[int], many: int) -> None:
    for _ in range(many):  # last year's own text
        now = world.reports[next(free)]
        before = replace(now, key=(now.key[0], YEAR - 1), parts={p: list(lines) for p, lines in now.parts.items()})
        world.reports.append(before)
        world.traps[now.key, before.key] = "one agency, two years"
    for _ in range(many // 4):  # the office writes for its government
        own = world.reports[next(free)]
        own.name = f"{own.place}人民政府"
        office = replace(own, key=(f"{own.key[0]}-o", YEAR), name=f"{own.name}办公室")
        world.reports.append(office)
        world.traps[own.key, office.key] = "a government and its office"
    for _ in range(many):  # a few shared sentences
        one, other = world.reports[next(free)], world.reports[next(free)]
        shared = dice.sample(one.parts[1], 3)
        other.parts[1][:3] = shared
        world.traps[one.key, other.key] = "three shared sentences"


def as_report(own: Own) -> Report:
    texts = {part: "。".join(lines) + "。" for part, lines in own.parts.items()}
    sections = [
        Section(number, number, heading, f"{CHINESE_NUMERALS[number - 1]}、{heading}", texts.get(number, ""))
        for number, heading in enumerate(SECTIONS, start=1)
    ]
    preface = words.PREFACES[0].format(
        agency=own.name, year=own.key[1], regulation=words.REGULATION, notice=words.FORM_NOTICES["2021"]
    )
    return Report(
        title=f"{own.name}{own.key[1]}年政府信息公开工作年度报告",
        agency=own.name,
        year=own.key[1],
        format="2021",
        preface=preface,
        sections=tuple(sections),
    )


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--count", type=int, default=20_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--new", type=int, default=50)
    options = arguments.parse_args()
    with multiprocessing.get_context("spawn").Pool(1) as pool:  # a process of its own, so that memory is its own
        print(pool.apply(measure, (options.count, options.seed, options.new)))


def measure(count: int, seed: int, new: int) -> str:
    world = build(count, seed)
    by_key = {own.key: own for own in world.reports}
    before = _megabytes()
    started = time.process_time()
    held = [Compared(own.key, own.name, own_prints(as_report(own)), own.groups) for own in world.reports]
    printed = time.process_time() - started
    started = time.process_time()
    found = find_lookalikes(held, lambda item: as_report(by_key[item.key]))
    compared = time.process_time() - started
    memory = _megabytes()
    recent = {item.key for item in held[-new:]}
    started = time.process_time()
    find_lookalikes(held, lambda item: as_report(by_key[item.key]), only=lambda key: key in recent)
    some = time.process_time() - started
    stored = sum(len(item.prints.packed()) for item in held) / len(held)
    lines = [
        f"{len(held)} reports: prints {printed:.1f} s, comparison {compared:.1f} s, {new} new against all {some:.1f} s"
        f" (one core); {memory} MB at most, {memory - before} MB of it for the comparison;"
        f" {stored:.0f} bytes of prints a report",
        *_tally(world, found, by_key),
    ]
    return "\n".join(lines)


def _tally(world: World, found: dict[Key, tuple[Lookalike, ...]], by_key: dict[Key, Own]) -> Iterator[str]:
    """A pair is told if the rule fires for either report. In a ring, each pair of its members is a copy."""
    told = {
        frozenset((key, (like.agency_id, like.year)))
        for key, likes in found.items()
        for like in likes
        if _fires(by_key[key], like)
    }
    planted = {frozenset(pair): kind for pair, kind in world.copies.items()}
    traps = {frozenset(pair): kind for pair, kind in world.traps.items()}
    right = [pair for pair in planted if pair in told]
    wrong = [pair for pair in told if pair not in planted]
    yield f"precision {len(right) / max(1, len(right) + len(wrong)):.4f}, recall {len(right) / len(planted):.4f}"
    hits = Counter(planted[pair] for pair in right)
    for kind, total in Counter(planted.values()).items():
        yield f"  found: {kind}: {hits[kind]} of {total}"
    fallen = Counter(traps[pair] for pair in told if pair in traps)
    for kind, total in Counter(traps.values()).items():
        yield f"  trap: {kind}: {fallen[kind]} of {total} told"
    yield f"  trap: a county's model text for all: {len(world.model_counties)} counties"
    yield f"  told and not planted: {len(wrong)}" + "".join(f"\n    {sorted(map(str, pair))}" for pair in wrong[:10])


def _fires(own: Own, like: Lookalike) -> bool:
    context = Context(as_report(own), agency_names=(own.name,), year=own.key[1], lookalikes=(like,))
    (outcome,) = run(context, [CopyOtherUnit])
    return outcome.status is OutcomeStatus.FAIL


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
