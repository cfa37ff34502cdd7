"""Rules over the fifth part: problems that say nothing, and measures that answer other problems.

Both are hints: what is a stock phrase to a reader can be the plain truth. They speak only where the problems can be
told from the measures and every one of them is made of words that would fit any agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from monitor.checks.base import Context, Example, Rule, Unknown
from monitor.checks.lines import by_reading
from monitor.model import Finding, Report, Severity
from monitor.text import clean

#: Characters. Nobody's fifth part is longer; what is behind is not looked at.
_LONGEST: Final = 6_000
_MEASURES: Final = re.compile(
    r"(?<![及和与、])(?:改进|整改)(?:措施|情况|安排|方向|工作|办法|举措)|工作改进|下一?步(?:工作|改进|打算|安排)?|今后|下一年|明年"
    r"|(?:针对|对照|对于|围绕)[^。；;]{0,24}(?:问题|不足|差距)[^。；;]{0,16}(?:措施|如下|将|做好|采取|从|着力|重点|整改|改进)"
    r"|20\d\d ?年度?，?[^。；;，]{0,12}(?:将|要|拟|计划)"
)
_SENTENCE: Final = re.compile(r"[^。；;\n]+")
_ORDER: Final = re.compile(
    r"(?:^|(?<=[。；;：:，,\n（(]))\s*(?:第?([一二三四五六七八九])(?:是|方面)|[（(]?([一二三四五六七八九1-9])[)）、.．])"
)
_HEADING: Final = re.compile(r"^[（(]?[一二三\d]?[)）、.．]?\s*(?:存在的?)?(?:主要)?(?:问题|不足)(?:和不足)?[：:]?$")


@dataclass(frozen=True, slots=True)
class _Fifth:
    """The fifth part taken apart; `problems` is empty where they cannot be told from the measures."""

    problems: tuple[str, ...]
    measures: str


@lru_cache(maxsize=4)  # several rules in a row ask for the same report's, and for last year's
def _taken_apart(text: str) -> _Fifth:
    border = _MEASURES.search(text)
    problems, measures = (text[: border.start()], text[border.start() :]) if border else (text, "")
    first = _ORDER.search(measures)
    if first and (first[1] or first[2]) not in ("一", "1", "二", "2"):
        return _Fifth((), measures)
    if first and (first[1] or first[2]) in ("二", "2") and not _is_heading(measures, first):
        return _Fifth((), measures)  # each problem has its measure behind it
    lines = (clean(found[0]) for found in _SENTENCE.finditer(problems))
    return _Fifth(tuple(line for line in lines if len(line) > 5 and not _HEADING.match(line)), measures)


def _fifth(report: Report) -> _Fifth:
    return _taken_apart("\n".join(section.text for section in report.sections if section.part == 5)[:_LONGEST])


def _is_heading(text: str, order: re.Match[str]) -> bool:
    """Whether （二） opens the measures as a heading of its own."""
    return bool(_MEASURES.match(text[order.end() :].lstrip()[:20]))


def problem_lines(report: Report) -> tuple[str, ...]:
    """The sentences of the fifth part that tell problems; none where they cannot be told from the measures."""
    return _fifth(report).problems


#: Words that would fit any agency. What remains of a sentence without them is what it says.
_GENERIC: Final = """
    政府信息公开 政务信息公开 政务公开 信息公开 政府信息 政务信息 政务服务 公开工作 主动公开 依申请公开
    政府网站 门户网站 网站 公众号 微信 新媒体 公开 信息 工作 我们 我局 我委 我办 我镇 我乡 我街道 我中心
    我单位 本单位 本机关 本部门 单位 部门 机关 科室 股室 各科 各 部分 个别 少数 有些 一些 某些 有的 工作人员
    人员 干部 同志 领导 存在 仍然 仍 依然 还是 还 但 虽然 但是 尽管 取得 一定 成绩 成效 进展 新的 了 与 和 及
    以及 或 同 上级 要求 公众 群众 人民群众 社会公众 社会 期待 期望 需求 需要 相比 相 距离 差距 问题 不足
    薄弱环节 之处 地方 方面 主要 表现 体现 具体 为 在 于 是 的 对 中 上 下 时 有 等 也 都 就 将 重要性 必要性
    认识 思想 重视 程度 意识 主动性 积极性 积极 主动 责任心 责任 理解 把握 到位 不到位 不够 不高 不强 不深
    不清 不全 不多 不及时 不 够 有待 进一步 加强 提高 提升 完善 改进 增强 强化 拓展 拓宽 丰富 优化 规范 深入
    加大 力度 较为 比较 较 相对 往往 有时 时候 有时候 缺少 缺乏 欠缺 薄弱 单一 局限 滞后 有限 偏 少 弱 低 窄
    慢 宣传 培训 学习 业务 能力 水平 素质 专业 知识 经验 队伍 力量 建设 政策解读 解读 形式 方式 方法 渠道 途径
    平台 载体 内容 范围 质量 深度 广度 全面 全面性 及时 及时性 准确 准确性 时效 时效性 更新 报送 发布 制度
    机制 体制 流程 管理 运转 落实 执行 开展 推进 总体 整体 实际 情况 年 年度 由于 因为 没有 未能 未 能 可以 使
    得 而 其 这 那 多 更 待 创新 服务 意见 互动 栏目 目录 数量 总量 种类 类别 覆盖面 系统性 规范性 标准化
    规范化 常态化
"""
_GENERIC_WORDS: Final = re.compile("|".join(sorted(map(re.escape, _GENERIC.split()), key=len, reverse=True)))
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_OPENING: Final = re.compile(r"^(?:.{0,40}?(?:主要)?(?:表现[为在]|体现在|有|如下|是|问题|不足)[：:])?")
_NONE: Final = re.compile(
    r"(?:不存在|没有|未发现|无)(?:明显|突出|重大|主要|任何)?的?(?:问题|不足)(?:和不足)?(?=$|[。；;，])"
)
#: Characters of a sentence, and their share, that may remain of one that says nothing.
_LEFT: Final = 4
_LEFT_SHARE: Final = 0.12


class HollowContent(Rule):
    """A report names problems that its agency has. Words that every agency could print name none."""

    id = "hollow_content"
    name = "问题与改进空洞"
    severity = Severity.HINT
    verifies = "存在的主要问题写本单位的具体情况，不只写“认识不到位”“形式单一”等套话，也不写“无”"
    basis = "公开的核查通报：存在问题逐条分析，不敷衍、不照搬"
    good = Example({"sections.5.text": "场馆开放信息更新偏慢。下一年将按周更新。"})
    bad = Example({"sections.5.text": "个别人员对信息公开工作认识不到位。下一年将加强学习。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        problems = problem_lines(context.report)
        if not problems:
            yield Unknown("没有读到存在的主要问题")
            return
        denied = next((line for line in problems if _NONE.search(line)), "")
        told = [line for line in problems if not _is_lead(line)]
        if denied and len(told) == 1:
            yield self._said(context, denied, f"写“{_NONE.search(denied)[0]}”，没有写存在的问题。")  # type: ignore[index]
        elif told and all(_is_stock(line) for line in told):
            count = f"{len(told)}句" if len(told) > 1 else ""
            yield self._said(context, max(told, key=len), f"存在的问题{count}都是通用说法，看不出本单位的具体情况。")

    def _said(self, context: Context, quote: str, message: str) -> Finding:
        return self.finding(
            "problems",
            message,
            quote=quote[:160],
            section=context.heading(5),
            expected="写明本单位的具体问题",
            found="通用说法",
            explained=by_reading(context.report),
        )


def _is_lead(line: str) -> bool:
    """A sentence that only leads up to the problems."""
    return line.endswith(("：", ":")) or not _CHINESE.search(_OPENING.sub("", line, count=1))


def _is_stock(line: str) -> bool:
    line = _ORDER.sub("", _OPENING.sub("", line, count=1))
    if any(mark in line for mark in '《“"') or any(sign.isdigit() for sign in line):
        return False
    left = len(_CHINESE.findall(_GENERIC_WORDS.sub("", line)))
    return left <= _LEFT and left <= max(2, len(line) * _LEFT_SHARE)


_LACKING: Final = "(?:不|欠|缺|弱|低|有待|单一|局限|狭窄|偏|有限|滞后|模糊|较少|需)"
#: What a problem is about, and the words of which a measure against it has at least one.
_TOPICS: Final = tuple(
    (
        name,
        re.compile(f"(?:{said})[^，。；;]{{0,10}}{_LACKING}|{_LACKING}[^，。；;]{{0,6}}(?:{said})"),
        re.compile(answer),
    )
    for name, said, answer in (
        (
            "认识不足",
            "认识|重视|意识|主动性|积极性",
            "认识|重视|意识|思想|学习|培训|责任|宣传|领导|动员|教育|考核|主动|督|引导",
        ),
        ("渠道、形式单一", "渠道|形式|载体", "渠道|形式|方式|载体|平台|媒体|公众号|视频|多样|图|线上|线下|途径"),
        ("解读不足", "解读", "解读|图|视频|问答|发布会|访谈"),
        ("互动、参与不足", "互动|公众参与|意见征集|征求意见", "互动|参与|征集|征求|意见|座谈|反馈|听取|留言|开放"),
        (
            "培训不足、能力不强",
            "业务能力|业务水平|专业能力|培训|业务知识",
            "培训|学习|业务|能力|队伍|人员|水平|指导|手册|交流|专人",
        ),
    )
)


class ProblemMeasureMismatch(Rule):
    """Each problem that the report names has a measure against it."""

    id = "problem_measure_mismatch"
    name = "问题与改进措施不对应"
    severity = Severity.HINT
    verifies = "写出的每个问题（认识、渠道形式、解读、互动、业务能力）在改进措施中都有回应"
    basis = "公开的核查通报：针对问题逐条提出改进措施"
    good = Example({"sections.5.text": "个别科室认识不清。下一步将组织学习。"})
    bad = Example({"sections.5.text": "个别科室认识不清。下一步将增设查阅点。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        part = _fifth(context.report)
        if not part.problems or not part.measures:
            yield Unknown("没有读到存在的问题和改进措施两部分")
            return
        for line in part.problems:
            about = [(name, answer) for name, said, answer in _TOPICS if said.search(line)]
            if about and not any(answer.search(part.measures) for _, answer in about):
                name = about[0][0]
                yield self.finding(
                    name,
                    f"提出了“{name}”的问题，改进措施中没有对应的内容。",
                    quote=line[:160],
                    section=context.heading(5),
                    expected="针对每个问题写明改进措施",
                    found=clean(part.measures)[:120],
                    explained=by_reading(context.report),
                )
