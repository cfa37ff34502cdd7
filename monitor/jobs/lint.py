"""Read and check reports that somebody holds in hand: files or addresses. Needs no home and writes nothing."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from w3lib.url import safe_url_string

from monitor import checks
from monitor.documents import read_document, read_report
from monitor.errors import Unreadable
from monitor.jobs.crawl import user_agent
from monitor.model import SEVERITY_NAMES, Outcome, OutcomeStatus, Report, Severity
from monitor.settings import Settings
from monitor.wire import outcomes_to_json, report_to_json

_TIMEOUT: Final = 60


@dataclass(frozen=True, slots=True)
class Linted:
    """One source: what was read and what the rules say, or `error`: why it could not be read (one Chinese line)."""

    source: str
    sha256: str = ""
    media_type: str = ""
    error: str = ""
    report: Report | None = None
    outcomes: tuple[Outcome, ...] = ()

    @property
    def has_errors(self) -> bool:
        return any(finding.severity is Severity.ERROR for outcome in self.outcomes for finding in outcome.findings)

    def as_json(self) -> dict[str, Any]:
        """The contract's object of `lint --format json`."""
        return {
            "source": self.source,
            "sha256": self.sha256 or None,
            "media_type": self.media_type or None,
            "error": self.error or None,
            "report": report_to_json(self.report) if self.report else None,
            **outcomes_to_json(self.outcomes),
        }


def lint(
    sources: Sequence[str], settings: Settings, *, year: int | None = None, agency: str = "", previous: str = ""
) -> list[Linted]:
    """Lint each source. `year`, `agency`: what the report is expected to be; `previous`: last year's, "" for none.

    Raises Unreadable where last year's report cannot be read; any other source's trouble stands in its own result.
    """
    before = read_report(read_document(_bytes(previous, settings), name=previous)) if previous else None
    return [_lint(source, settings, year=year, agency=agency, before=before) for source in sources]


def _lint(source: str, settings: Settings, *, year: int | None, agency: str, before: Report | None) -> Linted:
    sha256 = ""
    try:
        data = _bytes(source, settings)
        sha256 = hashlib.sha256(data).hexdigest()
        document = read_document(data, name=source)
    except Unreadable as error:
        return Linted(source, sha256, error=str(error))
    report = read_report(document)
    if not report.is_form:
        words = "不是政府信息公开工作年度报告：没有找到六个部分和统计表"
        return Linted(source, sha256, document.media_type, words)
    names = (agency,) if agency else ()
    context = checks.Context(report=report, agency_names=names, year=year, previous=before)
    return Linted(source, sha256, document.media_type, "", report, checks.run(context))


def _bytes(source: str, settings: Settings) -> bytes:
    limit = settings.response_bytes
    if source.startswith(("http://", "https://")):
        data = _download(source, limit, user_agent(settings.contact))
    else:
        data = _file(source, limit)
    if len(data) > limit:
        raise Unreadable(f"{source} 超过 {limit // 1_000_000} MB 的上限，没有读取")
    return data


def _file(source: str, max_bytes: int) -> bytes:
    try:
        with Path(source).open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as error:
        raise Unreadable(f"读不到文件 {source}：{error.strerror}") from error


def _download(source: str, limit: int, agent: str) -> bytes:
    try:
        request = urllib.request.Request(safe_url_string(source), headers={"User-Agent": agent})  # noqa: S310
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310 (http and https only)
            content: bytes = answer.read(limit + 1)
            promised = answer.headers.get("Content-Length", "")
    except urllib.error.HTTPError as error:
        raise Unreadable(f"打不开 {source}：服务器回答 {error.code}") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unreadable(f"打不开 {source}：{error or type(error).__name__}") from error
    if promised.isdigit() and len(content) < min(int(promised), limit):
        raise Unreadable(f"打不开 {source}：只收到 {len(content)} 字节，应有 {promised} 字节")
    return content


def in_words(linted: Linted) -> str:
    """One source for people: what is wrong, by severity, each with its place, words, mend and basis."""
    lines = [linted.source]
    if linted.error:
        return "\n".join([*lines, f"  没有读成：{linted.error}"])
    report = linted.report
    if report:
        lines.append(f"  {report.agency or '单位不明'}　{report.year or '年度不明'}年度　{report.title or '没有标题'}")
    counts = []
    for severity in Severity:
        found = [f for outcome in linted.outcomes for f in outcome.findings if f.severity is severity]
        counts.append(f"{SEVERITY_NAMES[severity]} {len(found)}")
        for finding in found:
            lines += ["", f"  〔{SEVERITY_NAMES[severity]}〕{finding.name}　{finding.rule}", f"    {finding.message}"]
            details = {"原文": finding.quote, "位置": finding.section, "应为": finding.expected, "实为": finding.found}
            lines += [f"    {label}：{text}" for label, text in {**details, "依据": finding.basis}.items() if text]
    undecided = [outcome for outcome in linted.outcomes if outcome.status in _UNDECIDED]
    lines += ["", f"  合计：{'，'.join(counts)}"]
    lines += [f"  未能判断：{outcome.rule}（{outcome.reason}）" for outcome in undecided]
    return "\n".join(lines)


_UNDECIDED: Final = (OutcomeStatus.UNKNOWN, OutcomeStatus.ERROR)
