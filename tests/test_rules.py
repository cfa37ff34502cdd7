"""Every case of tests/rules/*.yaml, and every rule's own examples, run through the rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from monitor.checks import RULES, Context, Rule, run
from monitor.checks.others import Others
from monitor.model import Outcome, OutcomeStatus
from monitor.office import LocalItem
from tests.rule_cases import build_context, build_report, context_of, load_cases

ALL_CASES = [
    pytest.param(rule, case, id=f"{rule.id}: {case['name']}") for rule in RULES for case in load_cases(rule.id)
]


@pytest.mark.parametrize(("rule", "case"), ALL_CASES)
def test_a_case_of_a_rule(rule: type[Rule], case: dict[str, Any]) -> None:
    outcome = outcome_of(rule, build_context(case))
    assert outcome.status == case["expect"], outcome
    assert case.get("reason", "") in outcome.reason
    wanted = case.get("findings", [])
    if wanted:
        assert len(outcome.findings) == len(wanted), outcome.findings
    for finding, expected in zip(outcome.findings, wanted, strict=False):
        for field, value in expected.items():
            said = str(getattr(finding, field))
            assert (value in said) if field in ("quote", "message") else (value == said), (field, finding)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_good_example_passes_and_the_bad_one_fails(rule: type[Rule]) -> None:
    assert outcome_of(rule, context_of(rule.good)).status is OutcomeStatus.PASS
    assert outcome_of(rule, context_of(rule.bad)).status is OutcomeStatus.FAIL


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_finding_says_what_it_saw(rule: type[Rule]) -> None:
    for finding in outcome_of(rule, context_of(rule.bad)).findings:
        assert finding.rule == rule.id
        assert finding.name == rule.name
        assert finding.basis == rule.basis
        assert finding.subject
        assert finding.message.endswith("。")
        assert finding.expected or finding.found


def test_the_clean_report_passes_every_rule() -> None:
    previous = {
        "year": 2022,
        "sections.1.text": "本机关全年发布各类信息85条，都在门户网站上。年内没有人提出信息公开申请。",
        "sections.5.text": "窗口人员流动较快，答复口径掌握不一。今后每季度办一次案例讲评。",
    }
    context = Context(
        build_report(),
        agency_names=("青石县文化和旅游局",),
        year=2023,
        previous=build_report(previous),
        published_on=date(2024, 1, 20),
        kind="department",
        others=Others.of(["青石县教育局"]),
        lookalikes=(),
        items=(LocalItem("信息处理费收取情况", (("信息处理费",),)),),
    )
    outcomes = run(context)
    assert {outcome.rule: outcome.status for outcome in outcomes} == {rule.id: OutcomeStatus.PASS for rule in RULES}


def outcome_of(rule: type[Rule], context: Context) -> Outcome:
    (outcome,) = run(context, [rule])
    return outcome
