"""What a rule is: its texts, its input, and the two things it can say. No I/O, no clock, no knowledge of any one rule.

A rule is a class with texts and a `check`. It yields a `Finding` for each defect that it is sure of and an `Unknown`
for each thing that it would need and does not have; nothing at all means that the report passes.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Final

from monitor.checks.others import Others
from monitor.form import CHINESE_NUMERALS, SECTIONS
from monitor.lexicon import BUILT_IN, Lexicon
from monitor.model import Figure, Finding, Lookalike, Report, Severity
from monitor.office import LocalItem
from monitor.rollup import Sums
from monitor.text import squash

#: Report years that the unified form governs; earlier reports follow the old regulation and are not judged.
EVERY_YEAR: Final = range(2019, 2100)

# What rules may cite. Nothing else is quoted to an agency unless it was read in the regulation or an official document.
LAW_50: Final = "《中华人民共和国政府信息公开条例》第五十条"
FORM: Final = (
    "《中华人民共和国政府信息公开工作年度报告格式》"
    "（国办公开办函〔2021〕30号；2019、2020年度报告为国办公开办函〔2019〕60号）"
)
CUSTOM: Final = "编制惯例（不引用法规条文）"

NOBODY: Final = Others.of(())


@dataclass(frozen=True, slots=True)
class Unknown:
    """That a rule cannot decide. `reason` (Chinese) names the input that is missing or unread."""

    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the running text. `part`: 1 to 6, 0 for the preface, None where the heading is unknown."""

    part: int | None
    text: str


@dataclass(frozen=True)
class Context:
    """All that a rule may look at.

    `agency_names`: the name and the aliases by which the roster knows the agency, the full name first; `kind` as in the
    registry, "" where no roster was asked. `year`: the report year that the roster and the column ask for.
    `previous`: last year's report. `others`: the other agencies of the roster. `lookalikes`: what was found
    to be like this report, None where nothing was compared. `lexicon`: the wrong words to look for.
    `area`: what the agencies of a government's area add up to, None where nobody was summed. `items`: what the office
    asks of reports besides the form, empty where it has no list.
    """

    report: Report
    agency_names: tuple[str, ...] = ()
    year: int | None = None
    previous: Report | None = None
    published_on: date | None = None
    kind: str = ""
    others: Others = NOBODY
    lookalikes: tuple[Lookalike, ...] | None = None
    lexicon: Lexicon = BUILT_IN
    area: Sums | None = None
    items: tuple[LocalItem, ...] = ()

    @property
    def report_year(self) -> int | None:
        """The year that the report is due for: the one asked for, else the one it gives itself."""
        return self.year if self.year is not None else self.report.year

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The running text, a paragraph each, in order; headings of the six parts are not in it."""
        texts = [(0, self.report.preface), *((section.part, section.text) for section in self.report.sections)]
        return tuple(Passage(part, line) for part, text in texts for line in text.split("\n") if line.strip())

    @cached_property
    def figures(self) -> Mapping[str, tuple[Figure, ...]]:
        """What the running text states, by key."""
        found: dict[str, tuple[Figure, ...]] = {}
        for figure in self.report.figures:
            found[figure.key] = (*found.get(figure.key, ()), figure)
        return found

    def heading(self, part: int) -> str:
        """The heading line of a part (1 to 6) as the report prints it, else as the form does."""
        for section in self.report.sections:
            if section.part == part:
                return section.printed
        return f"{CHINESE_NUMERALS[part - 1]}、{SECTIONS[part - 1]}"

    def place(self, part: int | None) -> str:
        """What a part is called to people: its heading, 前言 for the preface, "" where unknown."""
        return "前言" if part == 0 else self.heading(part) if part else ""


@dataclass(frozen=True, slots=True)
class Example:
    """A report that a rule passes or fails, told by what differs from a clean report.

    `report`: dotted path of the contract's `report` object → value ("contact.phone": None, "sections.1.text": "…").
    The other fields are those of `Context`; `previous` is a patch like `report`, and so is each of `agencies`, whose
    reports are summed into `area`.
    """

    report: Mapping[str, Any] = field(default_factory=dict)
    agency_names: tuple[str, ...] = ()
    year: int | None = None
    previous: Mapping[str, Any] | None = None
    published_on: date | None = None
    kind: str = ""
    others: tuple[str, ...] = ()
    lookalikes: tuple[Lookalike, ...] | None = None
    agencies: tuple[Mapping[str, Any], ...] | None = None
    items: tuple[LocalItem, ...] = ()


class Rule(ABC):
    """One check. A subclass fills in the texts (Chinese, each one line) and `check`; it holds no state.

    `severity` is the usual one; a finding may be milder or graver. `basis` quotes only the law, official documents or
    the form. `always_decides`: nothing that the rule needs can be missing, so it has no "unknown".
    """

    id: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    verifies: ClassVar[str]
    basis: ClassVar[str]
    good: ClassVar[Example]
    bad: ClassVar[Example]
    years: ClassVar[range] = EVERY_YEAR
    always_decides: ClassVar[bool] = False

    @abstractmethod
    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        """Yield what is wrong and what cannot be known."""

    def finding(
        self,
        subject: str,
        message: str,
        *,
        severity: Severity | None = None,
        quote: str = "",
        section: str = "",
        cell: str = "",
        expected: str = "",
        found: str = "",
        explained: str = "",
    ) -> Finding:
        """A finding of this rule. `subject`, its identity within the report, must not hang on any wording of ours."""
        return Finding(
            rule=self.id,
            name=self.name,
            severity=severity or self.severity,
            basis=self.basis,
            subject=subject,
            message=message,
            quote=quote,
            section=section,
            cell=cell,
            expected=expected,
            found=found,
            explained=explained,
        )


def quote_key(quote: str) -> str:
    """A subject made of the report's own words: the same for any blanks, widths and quotation marks."""
    return hashlib.sha256(squash(quote).encode()).hexdigest()[:16]
