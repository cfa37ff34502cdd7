"""The verbs by which people decide about findings, and the record of what was decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from monitor.jobs.decide import Entry, decide, record, rule_names, waive
from monitor.rows import DECISION_NAMES, SHOWN_ID, Decision, DecisionKind, StoredFinding
from monitor.verbs import Call
from monitor.verbs.lists import agency_names, format_option, known_agency, out_option, show_list

_RECORD_HEADINGS: Final = {
    "day": "时间",
    "by": "决定人",
    "what": "决定",
    "agency_name": "单位",
    "year_words": "报告年度",
    "name": "检查项",
    "message": "问题",
    "reason": "理由",
    "state": "现状",
    "short_id": "编号",
}
_SHOWN_MESSAGE: Final = 60

_year = click.option("--year", type=click.IntRange(2008, 2100), help="报告年度。")
_agency = click.option("--agency", help="只看该单位（编号）。")
_by = click.option("--by", default="", help="决定人姓名。")
_reason = click.option("--reason", default="", help="理由。")
_ids = click.argument("ids", nargs=-1, required=True, metavar="编号…")


# ── decisions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _decide(call: Call, ids: tuple[str, ...], kind: DecisionKind, by: str, reason: str, until: str = "") -> int:
    with call.open() as home:
        done = decide(home, ids, kind, by=by, reason=reason, until=until)
        names = agency_names(home)
    until_words = f"至 {until}" if until else ""
    for item in done:
        word = f"已记为“{DECISION_NAMES[kind]}”{until_words}" if item.was_made else "未变，先前已有同样的决定"
        click.echo(f"{word}：{_in_words(item.stored, names)}")
    return 0


def _in_words(stored: StoredFinding, names: dict[str, str]) -> str:
    finding = stored.finding
    message = finding.message if len(finding.message) <= _SHOWN_MESSAGE else finding.message[:_SHOWN_MESSAGE] + "…"
    agency = names.get(stored.agency, stored.agency)
    return f"{stored.id[:SHOWN_ID]}　{agency}　{stored.year} 年度　{finding.name or finding.rule}：{message}"


@click.command()
@_ids
@_by
@_reason
@click.pass_obj
def confirm(call: Call, ids: tuple[str, ...], by: str, reason: str) -> int:
    return _decide(call, ids, DecisionKind.CONFIRMED, by, reason)


@click.command()
@_ids
@_by
@_reason
@click.pass_obj
def dismiss(call: Call, ids: tuple[str, ...], by: str, reason: str) -> int:
    return _decide(call, ids, DecisionKind.DISMISSED, by, reason)


@click.command()
@_ids
@_by
@_reason
@click.option("--until", default="", help="到期日，如 2024-03-01。")
@click.pass_obj
def defer(call: Call, ids: tuple[str, ...], by: str, reason: str, until: str) -> int:
    return _decide(call, ids, DecisionKind.DEFERRED, by, reason, until)


@click.command()
@_ids
@_by
@_reason
@click.pass_obj
def reopen(call: Call, ids: tuple[str, ...], by: str, reason: str) -> int:
    return _decide(call, ids, DecisionKind.REOPENED, by, reason)


@click.command()
@click.argument("rule", metavar="检查项")
@click.option("--agency", default="", help="单位编号。")
@click.option("--year", type=click.IntRange(2008, 2100), help="报告年度，不写为所有年度。")
@_by
@_reason
@click.option("--revoke", is_flag=True, help="撤销免检。")
@click.pass_obj
def waive_(call: Call, rule: str, agency: str, year: int | None, by: str, reason: str, revoke: bool) -> int:
    with call.open() as home:
        waiver, is_new = waive(home, rule, agency=agency, year=year, by=by, reason=reason, revoke=revoke)
        name = home.registry.agencies[agency].name
    what = f"{name}　{f'{year} 年度' if year else '所有年度'}　{rule_names()[rule]}（{rule}）"
    if is_new:
        click.echo(f"已{'撤销免检' if revoke else '免检'}：{what}")
    else:
        click.echo(f"未变，{waiver.by} 已于 {waiver.at.date().isoformat()} 免检：{what}")
    return 0


@click.command()
@_year
@_agency
@format_option
@out_option
@click.pass_obj
def decisions(call: Call, year: int | None, agency: str | None, form: str, out: Path | None) -> int:
    with call.open() as home:
        names, entries = agency_names(home), record(home, year=year, agency=known_agency(home, agency))
    rows = [_record_row(entry) for entry in entries]
    show_list(
        rows,
        lambda: [_record_words(row, names) for row in rows],
        _RECORD_HEADINGS,
        _RECORD_HEADINGS,
        form=form,
        out=out,
        title="决定记录",
    )
    return 0


def _record_row(entry: Entry) -> dict[str, Any]:
    made = entry.made
    common = {
        "at": made.at.isoformat(),
        "by": made.by,
        "agency": made.agency,
        "year": made.year,
        "reason": made.reason or None,
        "state": entry.state,
    }
    if isinstance(made, Decision):
        finding = made.finding
        return {
            **common,
            "kind": str(made.kind),
            "id": entry.id or None,
            "rule": finding.rule,
            "name": finding.name or finding.rule,
            "until": made.until.isoformat() if made.until else None,
            "message": finding.message,
            "evidence": {"quote": finding.quote or None, "cell": finding.cell or None},
            "expected": finding.expected or None,
            "found": finding.found or None,
        }
    return {
        **common,
        "kind": "waived" if made.stands else "waiver_revoked",
        "id": None,
        "rule": made.rule,
        "name": rule_names().get(made.rule, made.rule),
        "until": None,
        "message": None,
        "evidence": None,
        "expected": None,
        "found": None,
    }


def _record_words(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    kinds = {"waived": "免检", "waiver_revoked": "撤销免检", **{str(k): name for k, name in DECISION_NAMES.items()}}
    return {
        **row,
        "day": row["at"][:16].replace("T", " "),
        "what": kinds[row["kind"]] + (f"至 {row['until']}" if row["until"] else ""),
        "agency_name": names.get(row["agency"], row["agency"]),
        "year_words": row["year"] or "所有年度",
        "short_id": (row["id"] or "")[:SHOWN_ID],
    }
