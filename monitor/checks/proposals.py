"""Proposals of deputies and members (建议提案): roles and kinds against their total. No table has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown, quote_key
from monitor.model import Figure, Finding, Severity

_KINDS: Final = ("suggestions", "motions", "proposals")
_NAMES: Final = {"suggestions": "人大代表建议", "motions": "政协提案", "proposals": "建议提案"}
_KEYS: Final = frozenset(f"{kind}.{role}" for kind in _KINDS for role in ("total", "lead", "joint"))
#: What else a total may hold, so that those that are named need not reach it.
_MORE: Final = re.compile("分办|独办|单办|参阅|参考|牵头|其他|其它|等|以及|议案|社情民意|来信|重点|闭会|撤回|并案")
_SCANNED: Final = "报告是图片，数字由文字识别得来，可能认错"


@dataclass(slots=True)
class _Group:
    """Totals in a row, and the roles that follow them; `words`: the paragraph."""

    words: str
    totals: list[Figure] = field(default_factory=list)
    roles: list[Figure] = field(default_factory=list)


class ProposalSum(Rule):
    """主办 and 协办 add up to the total; suggestions and motions to that of both."""

    id = "proposal_sum"
    name = "建议提案分项与总数不符"
    severity = Severity.ERROR
    verifies = "正文所写建议、提案的主办件与协办件之和等于总数，建议与提案之和等于合计数"
    basis = f"{CUSTOM}：建议提案各分项之和应当等于总数"
    good = Example({"sections.6.text": "承办人大代表建议5件，其中主办3件、协办2件。"})
    bad = Example({"sections.6.text": "承办人大代表建议5件，其中主办3件、协办1件。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if not context.passages:
            yield Unknown("没有读到正文")
        for group in _groups(context):
            finding = self._roles(context, group) or self._kinds(context, group)
            if finding:
                yield finding

    def _roles(self, context: Context, group: _Group) -> Finding | None:
        if not group.roles or not group.totals:
            return None
        added = sum(int(figure.value) for figure in group.roles)
        both = {figure.key.partition(".")[2] for figure in group.roles} == {"lead", "joint"}
        values = [int(figure.value) for figure in group.totals]
        if both and added in _may_be(values):
            return None
        if (not both or _MORE.search(group.words)) and added <= sum(values):
            return None
        kind = group.roles[0].key.partition(".")[0]
        own = [figure for figure in group.totals if figure.key.startswith(kind)]
        whole = int(own[-1].value) if own else sum(values)
        said = _sum_of(group.roles, added)
        return self._finding(
            context, [*(own or group.totals), *group.roles], f"{_NAMES[kind]}主办、协办", said, whole, added
        )

    def _kinds(self, context: Context, group: _Group) -> Finding | None:
        whole = next((figure for figure in group.totals if figure.key == "proposals.total"), None)
        parts = [figure for figure in group.totals if figure.key != "proposals.total"]
        if whole is None or len({figure.key for figure in parts}) < 2:
            return None
        added = sum(int(figure.value) for figure in parts)
        if added == whole.value or (added < whole.value and _MORE.search(group.words)):
            return None
        said = _sum_of(parts, added)
        return self._finding(context, [whole, *parts], "建议、提案", said, int(whole.value), added)

    def _finding(
        self, context: Context, figures: list[Figure], what: str, said: str, whole: int, added: int
    ) -> Finding:
        quote = "，".join(dict.fromkeys(figure.quote for figure in figures))
        return self.finding(
            f"{figures[-1].key}:{quote_key(quote)}",
            f"{what}：{said}件，总数为{whole}件，相差{abs(whole - added)}件。",
            quote=quote,
            section=context.place(figures[0].part),
            expected=str(whole),
            found=str(added),
            explained=_SCANNED if context.report.is_scan else "",
        )


def _sum_of(figures: list[Figure], added: int) -> str:
    return str(added) if len(figures) == 1 else f"{'＋'.join(str(figure.value) for figure in figures)}＝{added}"


def is_proposals(context: Context, paragraph: str, values: Iterable[int]) -> bool:
    """Whether numbers of a paragraph are those of proposals that this rule adds up itself."""
    known = {
        figure.value
        for key in _KEYS & context.figures.keys()
        for figure in context.figures[key]
        if not figure.scope and figure.quote in paragraph
    }
    return known.issuperset(values)


def _may_be(totals: list[int]) -> set[int]:
    """What roles may add up to: the last total, or several in a row up to it, or each one alone."""
    return {*totals, *accumulate(reversed(totals)), *accumulate(totals)}


def _groups(context: Context) -> Iterator[_Group]:
    group: _Group | None = None
    for figure in _figures(context):
        role = figure.key.partition(".")[2]
        words = _paragraph(context, figure)
        if group is None or words != group.words or (role == "total" and group.roles):
            if group is not None:
                yield group
            group = _Group(words)
        (group.totals if role == "total" else group.roles).append(figure)
    if group is not None:
        yield group


def _figures(context: Context) -> Iterable[Figure]:
    if not any(key in context.figures for key in _KEYS):
        return ()
    return [figure for figure in context.report.figures if figure.key in _KEYS and not figure.scope]


def _paragraph(context: Context, figure: Figure) -> str:
    return next((each.text for each in context.passages if each.part == figure.part and figure.quote in each.text), "")
