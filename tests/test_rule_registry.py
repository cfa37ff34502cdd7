"""The registry: no malformed rule, none left out, none without cases; a crash is one outcome; the docs are true."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor import checks
from monitor.checks import RULES, Context, Example, Rule, Unknown, as_markdown, base, describe, registered, run
from monitor.jobs.catalogue import catalogue
from monitor.model import Finding, OutcomeStatus, Severity
from tests.rule_cases import RULES_FOLDER, build_context, build_report, load_cases

ROOT = Path(__file__).parent.parent
PACKAGE = Path(checks.__file__).parent


def rule_class(**changes: Any) -> type[Rule]:
    def check(self: Rule, context: Context) -> Iterator[Finding | Unknown]:
        yield from changes.get("says", ())

    fields: dict[str, Any] = {
        "id": "some_rule",
        "name": "名称",
        "severity": Severity.HINT,
        "verifies": "检查内容",
        "basis": "依据",
        "good": Example(),
        "bad": Example(),
        "check": check,
    }
    fields.update(changes)
    return type("SomeRule", (Rule,), {name: value for name, value in fields.items() if value is not ...})


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": ...}, "name must be"),
        ({"verifies": "  "}, "verifies must be"),
        ({"basis": "两\n行"}, "basis must be"),
        ({"id": "Some-Rule"}, "snake_case"),
        ({"severity": "error?"}, "severity must be"),
        ({"good": ...}, "good must be"),
        ({"bad": "错例"}, "bad must be"),
        ({"years": range(2023, 2023)}, "years must be"),
        ({"years": range(2008, 2030)}, "years must be"),
        ({"years": (2021, 2022)}, "years must be"),
        ({"check": ...}, "check is missing"),
    ],
)
def test_a_malformed_rule_is_refused(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(TypeError, match=fault):
        registered(rule_class(**changes))


def test_two_rules_with_one_id_are_refused() -> None:
    with pytest.raises(TypeError, match="given to 2 rules"):
        registered(rule_class(), rule_class())


def test_every_rule_class_of_the_package_is_registered() -> None:
    classes = {
        node.name
        for path in PACKAGE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(item, ast.Assign) and _names(item) == "id" for item in node.body)
    }
    assert classes == {rule.__name__ for rule in RULES}


def _names(node: ast.Assign) -> str:
    return ",".join(target.id for target in node.targets if isinstance(target, ast.Name))


def test_every_rule_has_a_file_of_cases_and_every_file_a_rule() -> None:
    assert {path.stem for path in RULES_FOLDER.glob("*.yaml")} == {rule.id for rule in RULES} | {"clean"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_cases_that_pass_fail_and_cannot_be_decided(rule: type[Rule]) -> None:
    expected = {case["expect"] for case in load_cases(rule.id)}
    assert expected == ({"pass", "fail"} if rule.always_decides else {"pass", "fail", "unknown"})


def test_a_crashing_rule_is_one_visible_outcome_and_the_others_go_on() -> None:
    def crash(self: Rule, context: Context) -> Iterator[Finding | Unknown]:
        raise ZeroDivisionError("除以零")
        yield

    crashing, calm = rule_class(id="crashing", check=crash), rule_class(id="calm")
    broken, passed = run(Context(build_report()), [crashing, calm])
    assert broken.status is OutcomeStatus.ERROR
    assert "ZeroDivisionError: 除以零" in broken.reason
    assert passed.status is OutcomeStatus.PASS


def test_a_rule_is_not_run_outside_its_years() -> None:
    rule = rule_class(years=range(2021, 2030))
    assert run(Context(build_report({"year": 2020})), [rule]) == ()
    assert run(Context(build_report({"year": 2021})), [rule])[0].status is OutcomeStatus.PASS
    assert run(Context(build_report({"year": 2021}), year=2020), [rule]) == ()


def test_a_rule_for_some_years_cannot_judge_a_report_of_no_known_year() -> None:
    (outcome,) = run(Context(build_report({"year": None})), [rule_class(years=range(2021, 2030))])
    assert outcome.status is OutcomeStatus.UNKNOWN


def test_no_rule_judges_a_report_from_before_the_unified_form() -> None:
    assert run(Context(build_report({"year": 2017}))) == ()


def test_a_document_that_is_no_report_is_accused_of_nothing() -> None:
    outcomes = run(Context(build_report({"is_form": False, "period": None, "contact": None, "title": "关于…的解读"})))
    assert {outcome.status for outcome in outcomes} == {OutcomeStatus.UNKNOWN}


def test_one_finding_stands_for_one_subject() -> None:
    finding = rule_class()().finding("cell", "话。")
    (outcome,) = run(Context(build_report()), [rule_class(says=[finding, finding])])
    assert outcome.findings == (finding,)


def test_findings_outweigh_what_is_unknown_and_reasons_are_gathered() -> None:
    finding = rule_class()().finding("cell", "话。")
    unknowns = [Unknown(f"缺{number}") for number in "甲乙丙丁甲"]
    (failed,) = run(Context(build_report()), [rule_class(says=[*unknowns, finding])])
    assert failed.status is OutcomeStatus.FAIL
    (unknown,) = run(Context(build_report()), [rule_class(says=unknowns)])
    assert unknown.reason == "缺甲；缺乙；缺丙；等共4处"


def test_the_description_holds_every_rule_with_its_texts() -> None:
    rows = describe(RULES)
    assert [row["id"] for row in rows] == [rule.id for rule in RULES]
    assert all(row[key] for row in rows for key in ("name", "severity", "verifies", "basis", "good", "bad"))


def test_the_guide_adds_a_rule_that_works() -> None:
    guide = (ROOT / "docs" / "adding-a-rule.md").read_text("utf-8")
    blocks = dict(re.findall(r"^ +```(python|yaml)\n(.*?)^ +```$", guide, flags=re.MULTILINE | re.DOTALL))
    names = {**vars(base), "Severity": Severity, "Finding": Finding, "Iterator": Iterator}
    exec(textwrap.dedent(blocks["python"]), names)
    (rule,) = registered(names["FeeStatementMissing"])
    for case in yaml.safe_load(textwrap.dedent(blocks["yaml"]))["cases"]:
        (outcome,) = run(build_context(case), [rule])
        assert outcome.status == case["expect"], case["name"]


def test_docs_rules_is_what_the_rules_say() -> None:
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert page.rstrip() == as_markdown(catalogue()).rstrip(), (
        "write it anew: nianbao rules --format markdown > docs/rules.md"
    )
