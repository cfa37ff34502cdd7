"""The rules over the running text on reports made by the hundred: silence on sound ones, planted numbers found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.checks import RULES, Context, Rule, run
from monitor.clock import stopwatch
from monitor.model import Finding, OutcomeStatus, Severity
from tests.rule_cases import build_report
from tests.text_reports import clean_reports, planted_reports

MODULES = ("text_tables", "text_remedies", "narrative", "percentages", "growth", "proposals", "parts_count",
           "self_contradiction")  # fmt: skip
TEXT_RULES: list[type[Rule]] = [rule for rule in RULES if rule.__module__.rpartition(".")[2] in MODULES]
SHARED = Path(__file__).parents[2] / "shared"
needs_reports = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared with the real reports is not here")


def findings_in(patch: dict[str, object]) -> list[Finding]:
    return [finding for outcome in run(Context(build_report(patch)), TEXT_RULES) for finding in outcome.findings]


def test_sound_reports_in_many_wordings_raise_nothing() -> None:
    false = [(made.patch, finding) for made in clean_reports(200, seed=5) for finding in findings_in(made.patch)]
    assert [(finding.rule, finding.message) for _, finding in false] == []


def test_a_wrong_number_is_found_by_the_rule_of_its_theme() -> None:
    """A planted number may chance to fit another reading (with those carried over): not every one can be found."""
    planted: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for made in planted_reports(400, seed=5):
        planted[made.rules[0]] += 1
        missed[made.rules[0]] += not any(finding.rule in made.rules for finding in findings_in(made.patch))
    assert set(planted) == {
        "text_table_applications",
        "text_table_results",
        "text_table_review",
        "text_table_disclosure",
        "channel_sum_exceeds_total",
        "channel_sum_short",
        "percent_wrong",
        "growth_wrong",
        "proposal_sum",
    }
    assert {rule: missed[rule] / planted[rule] for rule in planted if missed[rule] > planted[rule] * 0.1} == {}


@needs_reports
def test_the_differences_of_real_reports_are_found_and_the_question_of_scope_is_no_error() -> None:
    from monitor.documents import read_document, read_report

    found: dict[str, list[tuple[str, Severity, str, str]]] = {}
    for name in ("hongze_2024.pdf", "shanghai_office_2019.html"):
        path = SHARED / "reports" / name
        report = read_report(read_document(path.read_bytes(), name=name))
        outcomes = run(Context(report), TEXT_RULES)
        found[name] = [(f.rule, f.severity, f.found, f.expected) for outcome in outcomes for f in outcome.findings]
    assert found["hongze_2024.pdf"] == [("text_table_applications", Severity.HINT, "17", "95")]
    assert ("text_table_results", Severity.ERROR, "258", "275") in found["shanghai_office_2019.html"]
    assert ("text_table_results", Severity.ERROR, "265", "337") in found["shanghai_office_2019.html"]


_WORDS = [
    "其中",
    "217条",
    "，",
    "。",
    "；",
    "（",
    "）",
    "网站",
    "90件",
    "申请",
    "收到",
    "分别",
    "占",
    "30%",
    "％",
    "增长",
    "上年",
    "六个部分",
    "本报告由",
    "、",
    "共",
    "二十三条",
    "主办",
    "建议",
    "均已办结",
    "通过",
    "公众号",
    "公开",
    "XX件",
]


@given(st.lists(st.sampled_from(_WORDS) | st.text(max_size=4), max_size=60).map("".join))
def test_no_text_breaks_a_rule_over_the_text(text: str) -> None:
    report = build_report({"preface": text, "sections.1.text": text, "sections.6.text": text})
    statuses = {outcome.status for outcome in run(Context(report, previous=report), TEXT_RULES)}
    assert OutcomeStatus.ERROR not in statuses


@pytest.mark.parametrize("word", _WORDS)
def test_a_paragraph_of_one_word_is_checked_in_little_time(word: str) -> None:
    for text in (word * (9_000 // len(word)), f"全年共公开信息9条，其中{word * (4_000 // len(word))}"):
        report = build_report({"preface": text[:9_000], "sections.1.text": text[:9_000]})
        started = stopwatch()
        run(Context(report), TEXT_RULES)
        assert stopwatch() - started < 1, word
