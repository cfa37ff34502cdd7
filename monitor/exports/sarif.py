"""What the rules say of reports as SARIF 2.1.0, which editors and build servers read. Pure: reads and writes nothing.

Three things in it are not as one would guess. A report has no lines, and a SARIF region needs a start: so a place is a
logical location (cell, part) with the quote as its message. What reading may have caused is a result for review, for
which the standard allows no level but `none`. And brackets and braces act in a message: those of hostile files may not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from monitor.form import cell_label
from monitor.model import Finding, Outcome, OutcomeStatus, Report, Severity
from monitor.text import clean

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}
#: Under which the identity of a finding is kept; another way to make it needs another number.
_FINGERPRINT: Final = "nianbaoFinding/v1"
_NOTICES: Final = {"unreadable": "没有读成", "rule_error": "规则运行出错", "reading_note": "读取说明"}
_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)
_HOST: Final = re.compile(r"https?://\[[0-9a-f:.]+\](?=[:/?#]|$)", re.IGNORECASE)
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ACTING: Final = str.maketrans({"\\": r"\\", "[": r"\[", "]": r"\]", "{": "{{", "}": "}}"})

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A source that was checked: `error` says why it could not be read, "" where it was."""

    name: str
    sha256: str = ""
    media_type: str = ""
    error: str = ""
    report: Report | None = None
    outcomes: tuple[Outcome, ...] = ()


def to_sarif(sources: Sequence[Source], rules: Sequence[Mapping[str, Any]], *, version: str) -> Json:
    """One run over all sources. `rules`: those that were run, as `checks.describe` tells of them."""
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    notices = [notice for number, source in enumerate(sources) for notice in _notices(source, number, numbers)]
    driver = {
        "name": "nianbao",
        "version": version,
        "rules": [_rule(rule) for rule in rules],
        "notifications": [{"id": id_, "shortDescription": {"text": text}} for id_, text in _NOTICES.items()],
    }
    run = {
        "tool": {"driver": driver},
        "language": "zh-CN",
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": all(notice["level"] != "error" for notice in notices),
                "toolExecutionNotifications": notices,
            }
        ],
        "artifacts": [_artifact(source) for source in sources],
        "results": [
            _result(finding, source, number, numbers)
            for number, source in enumerate(sources)
            for outcome in source.outcomes
            for finding in outcome.findings
        ],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def uri_of(source: str) -> str:
    """A file name or an address as a URI reference: nothing in it that a URI may not hold, its own escapes kept."""
    if _ADDRESS.match(source):
        host = _HOST.match(source)
        head = host[0] if host else ""
        rest, mark, fragment = _STRAY_PERCENT.sub("%25", source[len(head) :]).partition("#")
        return head + _quoted(rest, "%/:?@!$&'()*+,;=~") + mark + _quoted(fragment, "%/:?@!$&'()*+,;=~")
    path = _quoted(source, "/!$&'()+,;=@~")
    return f"file://{path}" if path.startswith("/") else path


def _quoted(text: str, safe: str) -> str:
    try:
        octets = text.encode("utf-8", "surrogateescape")  # the bytes of a file name that is not UTF-8
    except UnicodeEncodeError:  # half a character that stands for no byte
        octets = text.encode("utf-8", "replace")
    return quote(octets, safe=safe)


def _artifact(source: Source) -> Json:
    told: Json = {"location": _here(source)}
    if source.sha256:
        told["hashes"] = {"sha-256": source.sha256}
    if source.media_type:
        told["mimeType"] = source.media_type
    return told


def _here(source: Source) -> Json:
    """Where a source is; an empty URI would be the place of the SARIF file itself."""
    uri = uri_of(source.name)
    return {"uri": uri} if uri else {"description": _text("没有名称")}


def _text(text: str) -> Json:
    """A plain text message: in SARIF `[…](…)` is a link and `{0}` a gap to be filled."""
    return {"text": clean(text).translate(_ACTING)}


def _rule(rule: Mapping[str, Any]) -> Json:
    return {
        "id": rule["id"],
        "name": rule["name"],
        "shortDescription": {"text": rule["verifies"]},
        "help": {"text": f"依据：{rule['basis']}"},
        "defaultConfiguration": {"level": _LEVELS[Severity(rule["severity"])]},
    }


# ── results ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _result(finding: Finding, source: Source, number: int, numbers: Mapping[str, int]) -> Json:
    edition = source.report.format if source.report else ""
    told: Json = {
        "ruleId": finding.rule,
        **({"ruleIndex": numbers[finding.rule]} if finding.rule in numbers else {}),
        "kind": "review" if finding.explained else "fail",
        "level": "none" if finding.explained else _LEVELS[finding.severity],
        "message": _text("".join(_words(finding))),
        "locations": [_location(finding, source, number, edition)],
        "partialFingerprints": {_FINGERPRINT: _identity(finding, source.report)},
    }
    properties = {
        "severity": str(finding.severity),
        "expected": finding.expected,
        "found": finding.found,
        "basis": finding.basis,
        "explained": finding.explained,
    }
    return told | {"properties": {key: value for key, value in properties.items() if value}}


def _words(finding: Finding) -> Iterator[str]:
    """What is wrong, then the mend."""
    yield _sentence(finding.message)
    if finding.expected:
        yield f"应为：{_sentence(finding.expected)}"
    if finding.found:
        yield f"实为：{_sentence(finding.found)}"
    if finding.explained:
        yield f"可能是读取造成，待人工核对：{_sentence(finding.explained)}"


def _sentence(text: str) -> str:
    return text if text.endswith(("。", "？", "！")) else f"{text}。"


def _location(finding: Finding, source: Source, number: int, edition: str) -> Json:
    logical = []
    if finding.cell:
        name = clean(cell_label(finding.cell, edition))
        logical.append({"name": name, "fullyQualifiedName": finding.cell, "kind": "cell"})
    if finding.section:
        logical.append({"name": clean(finding.section), "kind": "section"})
    place: Json = {"physicalLocation": {"artifactLocation": _here(source) | {"index": number}}}
    if logical:
        place["logicalLocations"] = logical
    if finding.quote:
        place["message"] = _text(f"原文：「{finding.quote}」")
    return place


def _identity(finding: Finding, report: Report | None) -> str:
    """The same in the next run and after our words have changed: whose report, of which year, which rule, on what."""
    agency, year = (report.agency or "", report.year or "") if report else ("", "")
    told = "\0".join((agency, str(year), finding.rule, finding.subject))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


# ── what is no result ───────────────────────────────────────────────────────────────────────────────────────────────


def _notices(source: Source, number: int, numbers: Mapping[str, int]) -> Iterator[Json]:
    """What could not be read, what broke, and what reading has to say."""
    if source.error:
        yield _notice("unreadable", "error", source.error, source, number)
    for outcome in source.outcomes:
        if outcome.status is OutcomeStatus.ERROR:
            rule = {"id": outcome.rule} | ({"index": numbers[outcome.rule]} if outcome.rule in numbers else {})
            yield _notice("rule_error", "error", outcome.reason, source, number) | {"associatedRule": rule}
    for note in _notes(source.report):
        yield _notice("reading_note", "note", note, source, number)


def _notes(report: Report | None) -> Iterable[str]:
    return report.notes if report else ()


def _notice(id_: str, level: str, words: str, source: Source, number: int) -> Json:
    return {
        "descriptor": {"id": id_, "index": list(_NOTICES).index(id_)},
        "level": level,
        "message": _text(words),
        "locations": [{"physicalLocation": {"artifactLocation": _here(source) | {"index": number}}}],
    }
