"""Which rules and findings of `nianbao lint` somebody asked for: `--select` and `--ignore`.

An id takes a rule; a severity takes the findings of that severity, for a rule may find graver and milder things.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final, Self

from monitor import checks
from monitor.errors import UsageError
from monitor.model import Outcome, Severity
from monitor.text import clean

_RULES: Final = {rule.id: rule for rule in checks.RULES}
_SEVERITIES: Final = tuple(str(severity) for severity in Severity)
_BETWEEN: Final = re.compile(r"[,，、\s]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for: rule ids and severities. Nothing selected is all; what is ignored is out either way."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    @classmethod
    def of(cls, select: Sequence[str], ignore: Sequence[str]) -> Self:
        """The choice that the two options name. Raises UsageError, which names every word that is neither."""
        choice = cls(_named("--select", select), _named("--ignore", ignore))
        severities = set(_SEVERITIES) - choice.ignore
        if not choice.rules or not severities or (choice.select and not choice.select - choice.ignore):
            raise UsageError("--select 和 --ignore 之后没有剩下任何检查项，请放宽其中一个")
        return choice

    @property
    def rules(self) -> tuple[type[checks.Rule], ...]:
        """The rules to run: where a severity is selected, each of those left may have something of it to say."""
        any_severity = not self.select or bool(self.select.intersection(_SEVERITIES))
        return tuple(
            rule for rule in checks.RULES if rule.id not in self.ignore and (any_severity or rule.id in self.select)
        )

    def of_outcomes(self, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
        """The outcomes with the findings that were asked for; what nobody asked for has neither passed nor failed."""
        for outcome in outcomes:
            found = tuple(finding for finding in outcome.findings if self._takes(finding.rule, finding.severity))
            if found:
                yield replace(outcome, findings=found)
            elif not outcome.findings and self._takes(outcome.rule, _RULES[outcome.rule].severity):
                yield outcome

    def _takes(self, rule: str, severity: Severity) -> bool:
        names = {rule, str(severity)}
        return not names & self.ignore and (not self.select or bool(names & self.select))


def _named(option: str, words: Sequence[str]) -> frozenset[str]:
    names = [name for word in words for name in _BETWEEN.split(word) if name]
    if words and not names:
        raise UsageError(f"{option} 后面要写检查项的编号或 {'、'.join(_SEVERITIES)}")
    unknown = dict.fromkeys(name for name in names if name not in _RULES and name not in _SEVERITIES)
    if unknown:
        faults = "；".join(map(_unknown, unknown))
        raise UsageError(f"{option}：{faults}。请用 nianbao rules 查看编号，级别为 {'、'.join(_SEVERITIES)}")
    return frozenset(names)


def _unknown(name: str) -> str:
    near = get_close_matches(name[:60].lower(), (*_RULES, *_SEVERITIES), n=3)
    return f"没有检查项或级别“{clean(name)[:60]}”" + (f"（是不是 {'、'.join(near)}？）" if near else "")


#: All rules and all that they find.
EVERYTHING: Final = Choice()
