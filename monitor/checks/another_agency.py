"""Words that belong to another agency's report: its name where the agency speaks of itself, its “我局”, its 委门户网站.

To mention others is no fault: a report tells of joint work, of those above and below. Only a place where the agency
itself must stand (who reports, who received applications, whom to ask) or a pronoun that cannot be its own is told.
Governments and their offices report on everybody and are left alone in the first matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Final

from monitor.checks.base import Context, Example, Rule, Unknown, quote_key
from monitor.checks.lines import BODY, PREFACE, Running, by_reading, nothing_to_read, running
from monitor.model import Finding, Severity
from monitor.text import clean, squash

_HAN: Final = "\u4e00-\u9fff"
#: Kinds of bodies by the end of their names. A body may have several names and so be of several kinds.
_KINDS: Final = (
    ("局", re.compile("局$")),
    ("委", re.compile("委(?:员会)?$")),
    ("镇", re.compile("镇(?:人民政府)?$")),
    ("乡", re.compile("乡(?:人民政府)?$")),
    ("街道", re.compile("街道(?:办事处)?$")),
    ("中心", re.compile("中心$")),
    ("厅", re.compile("厅$")),
)
#: Characters of a preface. Nobody's is longer.
_LONGEST: Final = 3_000
#: So many pronouns tell how an agency calls itself.
_ENOUGH: Final = 500
#: Bodies that govern a place: no department, and nothing else, is one of them too.
_PLACED: Final = frozenset({"镇", "乡", "街道"})
#: “我…” of each kind, where it is not part of another word (自我局限, 我委托).
_OWN: Final = re.compile(
    "我(?<![自你]我)(?:局(?![限面势部促])|委(?![托派任屈婉培])|镇(?![定静痛守压])|乡(?![愁音情])|街道|中心(?!思)|厅)"
)
#: A 委 named as one's own: before it stands nothing that could be the rest of a name (区委, 党委, 卫健委).
_COMMISSION: Final = re.compile("委(?:门户网站|网站|机关|党组|领导|主要领导|属|办公室)")
_BEFORE_COMMISSION: Final = frozenset("在由经以对将及和与从向至据，。；：、\n")
#: What departments are there for. A sentence with another's duty is not a body's own.
_DUTIES: Final = re.compile(
    "发展改革|教育|民政|财政|卫生健康|应急管理|市场监管|市场监督|住房城乡建设|住建|交通运输|农业农村|水利|商务|文化旅游|文化和旅游|审计|统计"
    "|医疗保障|退役军人|生态环境|自然资源|司法行政|人力资源|科学技术|工业和信息化"
)
_BODY: Final = rf"[{_HAN}]{{2,20}}?(?:局|委员会|委|中心|街道办事处|镇人民政府|乡人民政府|厅)"
#: Where only the agency itself can stand: what it does (before it stands who), whose report it is, whom to ask.
_DOES: Final = re.compile(r"公开(?:各类)?(?:政府)?信息\s*\d|(?:收到|受理|接到|新收)[^，。；\n]{0,12}政府信息公开申请")
_WHO: Final = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九\d]{1,2}[)）、.．]\s*)?(?:20\d\d ?年度?，?|全年，?|本年度，?|一年来，?)?"
    rf"(?P<name>{_BODY})(?:共|累计|共计|总共|全年|20\d\d ?年度?)?(?:主动|未|没有)?"
)
_REPORTS: Final = re.compile(
    rf"(?:现将|现就|由|公布|发布)(?P<name>{_BODY})20\d\d ?年度?(?:政府信息公开|信息公开)(?:工作)?(?:年度报告|情况)"
)
_ASK: Final = re.compile(
    rf"(?:请|可|欢迎)(?:直接)?(?:与|和|同|向)(?P<name>{_BODY})(?:办公室)?(?:[{_HAN}]{{0,6}}科)?联系"
)
#: Characters before the deed in which its doer stands.
_HEAD: Final = 48
_PLACES: Final = re.compile(rf"[{_HAN}]{{1,8}}?(?:自治[区州县旗]|[省市州盟县旗区镇乡]|街道)")
#: What is no single body's name: several, anybody, or the words of a sentence before one.
_NO_NAME: Final = re.compile(
    "[各该本我全的在按由对把为经向从被]|有关|相关|其他|所属|下属|上级|主管|会同|联合|指导|督促|组织|协调|配合|通过|根据|要求|支持|牵头|单位|部门|机构"
    "|(?:局|委员会|厅|中心).+(?:局|委员会|厅|中心)$|党委$|[省市县区旗]委$"
)
_WHOLE_AREA: Final = re.compile(r"人民政府(?:办公室|办公厅)?$|政府办(?:公室|公厅)?$|管理?委员会$|管委会$")
_SUBORDINATE: Final = re.compile("(?:中心|站|所|队|院|馆|校|园)$")


class ForeignAgencyText(Rule):
    """No other agency speaks in the report."""

    id = "foreign_agency_text"
    name = "出现其他单位的名称或自称"
    severity = Severity.ERROR
    verifies = "自述之处（公开、收到申请、联系方式）是本机关的名称；“我局”“我委”“我镇”“委门户网站”等与本机关的类型相符"
    basis = "公开的核查通报：报告中出现其他单位的名称、自称"
    good = Example({"sections.1.text": "我局全年主动公开政府信息90条。"})
    bad = Example({"sections.1.text": "我镇全年主动公开政府信息90条。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := nothing_to_read(context):
            yield problem
            return
        names = _names(context)
        kinds = {kind for kind, ending in _KINDS for name in names if ending.search(name)}
        if not names:
            yield Unknown("没有读到机构名称")
            return
        lines = running(context)
        if kinds:
            yield from self._pronouns(context, lines, names, kinds)
            yield from self._commissions(context, lines, names, kinds)
        yield from self._speakers(context, lines, names)

    def _pronouns(self, context: Context, lines: Running, names: list[str], kinds: set[str]) -> Iterator[Finding]:
        if "我" not in lines.text:
            return
        said: dict[str, list[re.Match[str]]] = {}
        for found in islice(_OWN.finditer(lines.text), _ENOUGH):
            if not _is_quoted(lines.text, found.start()):
                said.setdefault(found[0].removeprefix("我"), []).append(found)
        right = sum(len(hits) for kind, hits in said.items() if kind in kinds)
        for kind, hits in said.items():
            if kind in kinds or _may_be_part(kind, names):
                continue
            # Who always calls itself so may have a second name that nobody told us.
            habit = len(hits) > right and kind not in _PLACED and not kinds & _PLACED
            severity = Severity.WARNING if habit else Severity.ERROR
            message = f"“我{kind}”不是{names[0]}的自称"
            yield self._said(context, hits[0], f"我{kind}", message, f"kind:{kind}", severity)

    def _commissions(self, context: Context, lines: Running, names: list[str], kinds: set[str]) -> Iterator[Finding]:
        if "委" in kinds or "委" not in lines.text:
            return
        for found in _COMMISSION.finditer(lines.text):
            if lines.text[max(0, found.start() - 1) : found.start()] not in _BEFORE_COMMISSION:
                continue
            sentence = lines.sentence(found.start(), found.end(), limit=120)
            duty = next((hit[0] for hit in _DUTIES.finditer(sentence) if not any(hit[0] in name for name in names)), "")
            # A centre may belong to a commission and say so; not where it also tells of another's duties.
            if any(_SUBORDINATE.search(name) for name in names) and not duty:
                continue
            about = f"，该句讲的是“{duty}”工作" if duty else ""
            severity = Severity.ERROR if duty else Severity.WARNING  # some bureaus are managed by a commission
            message = f"“{found[0]}”不属于{names[0]}{about}"
            yield self._said(context, found, found[0], message, "commission", severity)
            return

    def _speakers(self, context: Context, lines: Running, names: list[str]) -> Iterator[Finding]:
        if any(_WHOLE_AREA.search(name) for name in names):
            return
        for found in _speaking(lines):
            yield from self._speaker(context, found, names)
        for found in _in_preface(lines, _ASK):
            # A body may share the office of another: a name that the roster does not know is no sign.
            other = clean(found["name"])
            if not _is_own(other, names) and context.others.has(other):
                message = f"联系单位写的是“{other}”，不是{names[0]}"
                yield self._said(context, found, other, message, f"ask:{squash(other)}", Severity.WARNING)

    def _speaker(self, context: Context, found: re.Match[str], names: list[str]) -> Iterator[Finding]:
        other = clean(found["name"])
        if _is_own(other, names) or _NO_NAME.search(other):
            return
        known = context.others.has_ending(other)
        if other.endswith("中心") and not known:
            return  # a department reports on its own centres
        below = any(_SUBORDINATE.search(name) for name in (*names, other))
        severity = Severity.ERROR if known and not below else Severity.WARNING
        message = f"自述之处写的是“{other}”，不是{names[0]}"
        yield self._said(context, found, other, message, f"name:{squash(other)}", severity)

    def _said(
        self,
        context: Context,
        found: re.Match[str],
        words: str,
        message: str,
        subject: str,
        severity: Severity | None = None,
    ) -> Finding:
        lines = running(context)
        return self.finding(
            quote_key(subject),
            f"{message}，可能是从其他单位的报告带来的文字。",
            severity=severity,
            quote=lines.sentence(found.start(), found.end()),
            section=lines.at(found.start()).place,
            expected=context.agency_names[0] if context.agency_names else context.report.agency or "",
            found=words,
            explained=by_reading(context.report),
        )


def _speaking(lines: Running) -> Iterator[re.Match[str]]:
    """Where somebody speaks as the report's agency: each match has a `name`, and offsets in the whole text."""
    text = lines.text
    for deed in _DOES.finditer(text):
        start = max(text.rfind(mark, max(0, deed.start() - _HEAD), deed.start()) for mark in "。；\n") + 1
        if (start or deed.start() < _HEAD) and lines.at(deed.start()).kind in (BODY, PREFACE):
            who = _WHO.fullmatch(text, start, deed.start())
            if who:
                yield who
    yield from _in_preface(lines, _REPORTS)


def _in_preface(lines: Running, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for line in lines.lines:
        if line.kind == PREFACE:
            yield from pattern.finditer(lines.text, line.start, line.start + min(len(line.text), _LONGEST))


def _names(context: Context) -> list[str]:
    """What the agency is called: by the roster, by its report, by who signed it; the full name first."""
    report = context.report
    held = [*context.agency_names, report.agency or "", report.signed_by or ""]
    return list(dict.fromkeys(name for name in map(clean, held) if len(name) > 2))


def _is_quoted(text: str, start: int) -> bool:
    """Whether words stand within quotation marks: somebody else's, or a slogan."""
    before = text[max(0, start - 30) : start]
    return any(before.rfind(mark) > before.rfind(end) for mark, end in ("“”", "《》", "「」"))


def _may_be_part(kind: str, names: list[str]) -> bool:
    """Whether a body of such names may speak of itself so though its name does not end with it."""
    return any(f"（{kind}" in name or f"{kind}、" in name or (kind == "委" and "委员会" in name) for name in names)


def _is_own(other: str, names: list[str]) -> bool:
    """Whether a name may be the agency's: a piece or an abbreviation of it, with or without the place before it."""
    rest, (own, cores) = squash(other), _forms(tuple(names))
    while True:
        if len(rest) < 2 or any(core in rest for core in cores) or any(_abbreviates(rest, name) for name in own):
            return True
        place = _PLACES.match(rest)
        if not place or place.end() >= len(rest):
            return False
        rest = rest[place.end() :]


@lru_cache(maxsize=256)
def _forms(names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """An agency's names as they are compared, and what of them may stand within another spelling."""
    own = [squash(name) for name in names]
    return own, [core for name in own for core in (name, _core(name)) if len(core) > 2]


def _core(name: str) -> str:
    """A name without the places before it."""
    while (place := _PLACES.match(name)) and place.end() + 2 < len(name):
        name = name[place.end() :]
    return name


def _abbreviates(short: str, name: str) -> bool:
    """Whether the characters of the short name stand in the name, in order."""
    letters = iter(name)
    return all(letter in letters for letter in short)
