"""`nianbao lint --format sarif`: what SARIF 2.1.0 asks for, a place for every finding, and nothing that acts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import checks
from monitor.exports.sarif import Source, to_sarif, uri_of
from monitor.exports.tabular import to_json
from monitor.model import Finding, Outcome, OutcomeStatus, Report, Severity

REPORT = Report("标题", "甲局", 2023, "2021", notes=("取自附件",))
RULES = checks.describe(checks.RULES)
#: RFC 3986: what a URI may consist of.
URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-F]{2}|%[0-9a-fA-F]{2})*")
HOSTILE = "[点击](http://x.example) {0} \\ \x1b[31m\u202e\n\ud800<script>"


def finding(**told: Any) -> Finding:
    return Finding(
        **{
            "rule": "t3_identity",
            "subject": "requests.handled.total",
            "severity": Severity.ERROR,
            "message": "两边之和不等",
            "quote": "新收：40",
            "section": "三、收到和处理情况",
            "cell": "requests.handled.total",
            "expected": "40",
            "found": "48",
            **told,
        }
    )


def failing(*findings: Finding) -> tuple[Outcome, ...]:
    return tuple(Outcome(each.rule, OutcomeStatus.FAIL, findings=(each,)) for each in findings)


def run_of(*sources: Source) -> dict[str, Any]:
    log = json.loads(to_json(to_sarif(sources, RULES, version="1.2.3")))
    assert log["version"] == "2.1.0"
    assert urlsplit(log["$schema"]).path.endswith("sarif-2.1.0.json")
    [run] = log["runs"]
    whole(run)
    found: dict[str, Any] = run
    return found


def result_of(each: Finding, name: str = "a.html") -> dict[str, Any]:
    [result] = run_of(Source(name, report=REPORT, outcomes=failing(each)))["results"]
    found: dict[str, Any] = result
    return found


def whole(run: dict[str, Any]) -> None:
    """What the published schema requires of the objects that we write, and the spec of how they hang together."""
    driver, artifacts = run["tool"]["driver"], run["artifacts"]
    assert driver["name"]
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    assert len({rule["id"] for rule in driver["rules"]}) == len(driver["rules"])
    for rule in driver["rules"]:
        assert rule["name"]
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert "helpUri" not in rule
    for result in run["results"]:
        assert result["message"]["text"]
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in (("error", "warning", "note") if result["kind"] == "fail" else ("none",))
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
    [invocation] = run["invocations"]
    assert isinstance(invocation["executionSuccessful"], bool)
    for notice in invocation["toolExecutionNotifications"]:
        assert notice["message"]["text"]
        assert notice["level"] in ("error", "note")
        assert driver["notifications"][notice["descriptor"]["index"]]["id"] == notice["descriptor"]["id"]
    for place in places(run):
        assert URI.fullmatch(place.get("uri", ""))
        assert place.get("uri") != ""
        if "index" in place:
            assert {**artifacts[place["index"]]["location"], "index": place["index"]} == place


def places(node: Any) -> Iterator[dict[str, Any]]:
    for artifact in node["artifacts"]:
        yield artifact["location"]
    for told in (*node["results"], *node["invocations"][0]["toolExecutionNotifications"]):
        for location in told["locations"]:
            assert "region" not in location["physicalLocation"]  # a region needs a start, and a report has no lines
            yield location["physicalLocation"]["artifactLocation"]


def test_every_rule_is_described_with_its_level() -> None:
    rules = {rule["id"]: rule for rule in run_of()["tool"]["driver"]["rules"]}
    assert list(rules) == [rule.id for rule in checks.RULES]
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}
    assert all(rules[rule.id]["defaultConfiguration"]["level"] == levels[rule.severity] for rule in checks.RULES)


def test_a_finding_says_what_is_wrong_where_and_what_mends_it() -> None:
    result = result_of(finding(severity=Severity.HINT))
    assert (result["kind"], result["level"]) == ("fail", "note")
    assert result["message"]["text"] == "两边之和不等。应为：40。实为：48。"
    [location] = result["locations"]
    cell, section = location["logicalLocations"]
    assert cell["fullyQualifiedName"] == "requests.handled.total"
    assert "“总计”列" in cell["name"]
    assert section["name"] == "三、收到和处理情况"
    assert location["message"]["text"] == "原文：「新收：40」"
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "a.html", "index": 0}


def test_a_finding_without_a_cell_or_a_quote_has_the_file_for_its_place() -> None:
    [location] = result_of(finding(cell="", section="", quote=""))["locations"]
    assert set(location) == {"physicalLocation"}


def test_what_reading_may_have_caused_is_for_review_and_keeps_its_severity() -> None:
    result = result_of(finding(explained="编号可能丢失"))
    assert (result["kind"], result["level"], result["properties"]["severity"]) == ("review", "none", "error")
    assert "待人工核对：编号可能丢失" in result["message"]["text"]


def test_the_fingerprint_hangs_on_the_identity_and_on_no_words() -> None:
    first = result_of(finding())["partialFingerprints"]
    reworded = finding(message="换了说法", expected="", quote="新收", severity=Severity.HINT)
    assert result_of(reworded, "elsewhere/b.html")["partialFingerprints"] == first
    assert result_of(finding(subject="other"))["partialFingerprints"] != first
    assert result_of(finding(rule="t3_row_total"))["partialFingerprints"] != first


def test_what_could_not_be_read_is_told_and_the_run_is_no_success() -> None:
    good = Source("a.html", "ab" * 32, "text/html", report=REPORT)
    run = run_of(good, Source("b.pdf", error="读不到文件"))
    [invocation] = run["invocations"]
    assert not invocation["executionSuccessful"]
    note, error = invocation["toolExecutionNotifications"]
    assert (note["level"], note["message"]["text"]) == ("note", "取自附件")
    assert (error["level"], error["message"]["text"]) == ("error", "读不到文件")
    assert error["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "b.pdf", "index": 1}
    assert run["artifacts"][0]["hashes"] == {"sha-256": "ab" * 32}
    assert run_of(good)["invocations"][0]["executionSuccessful"]


def test_a_rule_that_broke_is_told_with_its_id() -> None:
    broken = Outcome("t3_identity", OutcomeStatus.ERROR, "规则运行出错：ValueError")
    [invocation] = run_of(Source("a.html", outcomes=(broken,)))["invocations"]
    [notice] = invocation["toolExecutionNotifications"]
    assert notice["associatedRule"]["id"] == "t3_identity"
    assert not invocation["executionSuccessful"]


# ── hostile words ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_hostile_words_make_no_link_no_gap_and_no_line() -> None:
    hostile = finding(message=HOSTILE, quote=HOSTILE, section=HOSTILE, cell=HOSTILE, expected=HOSTILE, subject=HOSTILE)
    source = Source(HOSTILE, error=HOSTILE, report=REPORT, outcomes=failing(hostile))
    said = to_json(to_sarif([source], RULES, version="1")).decode()
    assert not set(said) & set("\x1b\u202e\ud800")
    run = run_of(source)
    [result] = run["results"]
    [notice, _] = run["invocations"][0]["toolExecutionNotifications"]
    for text in (result["message"]["text"], result["locations"][0]["message"]["text"], notice["message"]["text"]):
        assert r"\[点击\](http" in text
        assert "{{0}}" in text
        assert not set(text) & set("\x1b\u202e\n")


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("报 告.docx", "%E6%8A%A5%20%E5%91%8A.docx"),
        ("a:b#c?d%41.pdf", "a%3Ab%23c%3Fd%2541.pdf"),
        ("/data/a.zip!x/年报.html", "file:///data/a.zip!x/%E5%B9%B4%E6%8A%A5.html"),
        (
            "http://x.gov.cn/a%20b/年报?id=1&x=[2]#p2#3",
            "http://x.gov.cn/a%20b/%E5%B9%B4%E6%8A%A5?id=1&x=%5B2%5D#p2%233",
        ),
        ("https://[::1]:8000/a%zz", "https://[::1]:8000/a%25zz"),
        ("https://[x", "https://%5Bx"),
        ("javascript:alert(1)", "javascript%3Aalert(1)"),
        ("a\udcff", "a%FF"),
        ("a\ud800\x00\n", "a%3F%00%0A"),
        ("", ""),
    ],
)
def test_a_name_becomes_a_uri(source: str, uri: str) -> None:
    assert uri_of(source) == uri


def test_a_source_without_a_name_has_no_uri() -> None:
    [artifact] = run_of(Source("", error="文件名是空的"))["artifacts"]
    assert artifact == {"location": {"description": {"text": "没有名称"}}}


@given(st.text(st.characters(codec=None)))
def test_any_name_is_a_uri_that_gives_the_name_back(name: str) -> None:
    uri = uri_of(name)
    assert URI.fullmatch(uri)
    plain = name.encode("utf-8", "replace").decode()
    if not name.startswith("/") and plain == name and not name.lower().startswith(("http://", "https://")):
        assert unquote_to_bytes(uri).decode() == name
        assert not urlsplit(uri).scheme


@given(st.text(st.characters(codec=None)))
def test_any_address_is_a_uri(rest: str) -> None:
    assert URI.fullmatch(uri_of(f"https://{rest}"))
