"""The rules: what can be wrong with a report. Pure functions of a `Context`: no fetching, no storing, no clock.

`RULES` is the whole list, in the order in which people read the results. A new rule is a class in a module of this
package, its name in `RULES` and its cases in tests/rules/<id>.yaml (docs/adding-a-rule.md).
"""

from __future__ import annotations

import re
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Final

from monitor.checks.another_agency import ForeignAgencyText
from monitor.checks.area import RollupMismatch
from monitor.checks.base import EVERY_YEAR, Context, Example, Rule, Unknown
from monitor.checks.catalogue import as_markdown, describe, entry
from monitor.checks.copying import CopyLastYear, CopyOtherUnit, ProblemSameAsLastYear
from monitor.checks.elements import (
    ContactIncomplete,
    ContactMissing,
    NonGovEmail,
    PeriodMissing,
    PeriodWrong,
    PhoneNoAreaCode,
)
from monitor.checks.growth import GrowthWrong, TrendClaimUnsupported
from monitor.checks.headings import PrefaceHeadingMismatch, SubheadingInconsistent
from monitor.checks.hollow import HollowContent, ProblemMeasureMismatch
from monitor.checks.local_items import LocalItemMissing
from monitor.checks.naming import AgencyNameInconsistent, AliasUndefined, SelfReferenceMixed
from monitor.checks.narrative import ChannelSumExceedsTotal, ChannelSumShort, NumberBlank
from monitor.checks.numbering import NumberingRepeat, SectionNumberingBroken
from monitor.checks.overview import (
    FeeStatementMissing,
    GovAssessmentMissing,
    OverviewSubsectionMissing,
    OverviewTooLong,
)
from monitor.checks.parts_count import PartsCountWrong
from monitor.checks.percentages import PercentWrong
from monitor.checks.proposals import ProposalSum
from monitor.checks.punctuation import (
    HalfwidthPunct,
    ParenMixed,
    PunctuationDoubled,
    PunctuationEnd,
    QuoteMarkPunct,
    UnbalancedMarks,
)
from monitor.checks.repeats import DuplicatedPhrase, DuplicatedWord
from monitor.checks.self_contradiction import FeeVsApplications, InternalContradiction, ReceivedZeroButResults
from monitor.checks.signature import SignatureMismatch, SignatureMissing, SignDateConflict
from monitor.checks.stale import StaleYear, SupersededBasis, TemplateInstructionLeft
from monitor.checks.structure import SectionHeadingNonstandard, SectionMissing, TableMissing
from monitor.checks.table_filling import CellBlank, CellNotNumber
from monitor.checks.table_shape import ExtractionLowConfidence, TableLabelAltered, TableOldFormat, TableRowMissing
from monitor.checks.table_sums import RemedySum, RequestIdentity, RequestResultSum, RequestRowTotal
from monitor.checks.table_trends import SameNumbersAsLastYear, YoySpike
from monitor.checks.table_values import FeeUnitSuspect, RegulationsByDepartment, T2ZeroImplausible
from monitor.checks.table_years import CarryOverMismatch, NormativeStockFlow
from monitor.checks.text_remedies import TextTableDisclosure, TextTableReview
from monitor.checks.text_tables import TextTableApplications, TextTableResults
from monitor.checks.times import OpenEndedTime, RelativeTime
from monitor.checks.title import TitleNonstandard, TitleYearMismatch
from monitor.checks.wording import DoubleNegative, Grammar, MissingChar, TermWrong, Typo, TypoSuspected
from monitor.model import Finding, Outcome, OutcomeStatus, Severity

__all__ = ["RULES", "Context", "Example", "Rule", "Unknown", "as_markdown", "describe", "entry", "registered", "run"]

_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_SHOWN_REASONS: Final = 3
#: So much at most is heard of one rule: more is no report, but a file made to keep us busy.
_MOST: Final = 500


def registered(*rules: type[Rule]) -> tuple[type[Rule], ...]:
    """The rules, if each one is whole. Raises TypeError that names every fault of every malformed rule."""
    faults = [f"{rule.__name__}: {fault}" for rule in rules for fault in _faults(rule)]
    ids = Counter(getattr(rule, "id", rule.__name__) for rule in rules)
    faults += [f"id {id_!r} is given to {count} rules" for id_, count in ids.items() if count > 1]
    if faults:
        raise TypeError("malformed rules: " + "; ".join(faults))
    return rules


def _faults(rule: type[Rule]) -> Iterator[str]:
    for text in ("id", "name", "verifies", "basis"):
        value = getattr(rule, text, None)
        if not isinstance(value, str) or not value.strip() or "\n" in value:
            yield f"{text} must be one line of text"
    if not _ID.fullmatch(str(getattr(rule, "id", ""))):
        yield "id must be snake_case"
    if not isinstance(getattr(rule, "severity", None), Severity):
        yield "severity must be a Severity"
    for example in ("good", "bad"):
        if not isinstance(getattr(rule, example, None), Example):
            yield f"{example} must be an Example"
    years = rule.years
    if not isinstance(years, range) or not years or years.step != 1 or years.start < EVERY_YEAR.start:
        yield f"years must be a range of report years from {EVERY_YEAR.start} on"
    if getattr(rule.check, "__isabstractmethod__", False):
        yield "check is missing"


RULES: Final = registered(
    TitleNonstandard,
    TitleYearMismatch,
    PeriodMissing,
    PeriodWrong,
    ContactMissing,
    ContactIncomplete,
    PhoneNoAreaCode,
    NonGovEmail,
    SignatureMissing,
    SignatureMismatch,
    SignDateConflict,
    SectionMissing,
    SectionHeadingNonstandard,
    SectionNumberingBroken,
    NumberingRepeat,
    OverviewSubsectionMissing,
    OverviewTooLong,
    GovAssessmentMissing,
    FeeStatementMissing,
    LocalItemMissing,
    TableMissing,
    TableRowMissing,
    TableLabelAltered,
    TableOldFormat,
    ExtractionLowConfidence,
    CellBlank,
    CellNotNumber,
    RequestIdentity,
    RequestResultSum,
    RequestRowTotal,
    RemedySum,
    CarryOverMismatch,
    NormativeStockFlow,
    SameNumbersAsLastYear,
    YoySpike,
    T2ZeroImplausible,
    FeeUnitSuspect,
    RegulationsByDepartment,
    TextTableApplications,
    TextTableResults,
    TextTableReview,
    TextTableDisclosure,
    ReceivedZeroButResults,
    ChannelSumExceedsTotal,
    ChannelSumShort,
    PercentWrong,
    GrowthWrong,
    TrendClaimUnsupported,
    ProposalSum,
    NumberBlank,
    FeeVsApplications,
    PartsCountWrong,
    InternalContradiction,
    DuplicatedPhrase,
    DuplicatedWord,
    Typo,
    MissingChar,
    DoubleNegative,
    TypoSuspected,
    TermWrong,
    Grammar,
    StaleYear,
    SupersededBasis,
    TemplateInstructionLeft,
    PunctuationEnd,
    PunctuationDoubled,
    UnbalancedMarks,
    HalfwidthPunct,
    ParenMixed,
    QuoteMarkPunct,
    SubheadingInconsistent,
    PrefaceHeadingMismatch,
    AgencyNameInconsistent,
    AliasUndefined,
    SelfReferenceMixed,
    OpenEndedTime,
    RelativeTime,
    ForeignAgencyText,
    CopyOtherUnit,
    CopyLastYear,
    ProblemSameAsLastYear,
    HollowContent,
    ProblemMeasureMismatch,
    RollupMismatch,
)


def run(context: Context, rules: Iterable[type[Rule]] = RULES) -> tuple[Outcome, ...]:
    """One outcome for each rule that is valid for the report's year, in the order of `rules`.

    A document that is no report is judged by no rule: each outcome is "unknown".
    """
    year = context.report_year
    valid = (rule for rule in rules if year is None or year in rule.years)
    if not context.report.is_form:
        return tuple(Outcome(rule.id, OutcomeStatus.UNKNOWN, "文件不是政府信息公开工作年度报告") for rule in valid)
    return tuple(_outcome(rule, context, year) for rule in valid)


def _outcome(rule: type[Rule], context: Context, year: int | None) -> Outcome:
    if year is None and rule.years != EVERY_YEAR:
        return Outcome(rule.id, OutcomeStatus.UNKNOWN, "报告年度不明，无法确定本项检查是否适用")
    try:
        said = list(islice(rule().check(context), _MOST))
    except Exception as error:  # noqa: BLE001
        # The one broad catch: a fault in one rule must neither hide what the other rules see nor end the round.
        # It stays visible as an outcome that says what broke and where.
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return Outcome(
            rule.id,
            OutcomeStatus.ERROR,
            f"规则运行出错：{type(error).__name__}: {error}（{frame.name}:{frame.lineno}）",
        )
    if not said:
        return _passed(rule.id)
    findings = tuple(_distinct(item for item in said if isinstance(item, Finding)))
    if findings:
        return Outcome(rule.id, OutcomeStatus.FAIL, findings=findings)
    reasons = list(dict.fromkeys(item.reason for item in said if isinstance(item, Unknown)))
    if reasons:
        more = f"；等共{len(reasons)}处" if len(reasons) > _SHOWN_REASONS else ""
        return Outcome(rule.id, OutcomeStatus.UNKNOWN, "；".join(reasons[:_SHOWN_REASONS]) + more)
    return _passed(rule.id)


@cache
def _passed(rule: str) -> Outcome:
    """Nine of ten outcomes: made once for each rule."""
    return Outcome(rule, OutcomeStatus.PASS)


def _distinct(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, one for each subject: a decision of a person hangs on it."""
    seen: set[str] = set()
    for finding in findings:
        if finding.subject not in seen:
            seen.add(finding.subject)
            yield finding
