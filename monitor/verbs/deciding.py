"""The verbs by which people look through findings and decide about them, and the one that runs the rules again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from monitor.errors import UsageError
from monitor.jobs.decide import Entry, decide, record, rule_names, standing, waive
from monitor.jobs.home import Home, writing
from monitor.jobs.recheck import Rechecked, recheck
from monitor.rows import DECISION_NAMES, SHOWN_ID, Decision, DecisionKind, StoredFinding
from monitor.screen import progress, show_table, tell
from monitor.verbs import LIST_FORMATS, Call, show_list
from monitor.views import FINDING_FILE_HEADINGS, FINDING_HEADINGS, finding_row, for_people

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
_format = click.option("--format", "form", type=LIST_FORMATS, default="table", help="输出格式。")
_out = click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="写入文件而不是屏幕。")
_by = click.option("--by", default="", help="决定人姓名。")
_reason = click.option("--reason", default="", help="理由。")
_ids = click.argument("ids", nargs=-1, required=True, metavar="编号…")


def _known(home: Home, agency: str | None) -> str | None:
    if agency and agency not in home.registry.agencies:
        raise UsageError(f"注册表中没有单位“{agency}”。请用 nianbao status 查看单位编号")
    return agency


def _names(home: Home) -> dict[str, str]:
    return {key: agency.name for key, agency in home.registry.agencies.items()}


# ── findings ────────────────────────────────────────────────────────────────────────────────────────────────────────


@click.command(help="检查发现的问题，及各问题已作的决定。")
@_year
@_agency
@click.option("--undecided", is_flag=True, help="只看还没有决定的，包括决定后有变化和暂缓已到期的。")
@_format
@_out
@click.pass_obj
def findings(call: Call, year: int | None, agency: str | None, undecided: bool, form: str, out: Path | None) -> int:
    with call.open() as home:
        names = _names(home)
        found = standing(home, year=year, agency=_known(home, agency))
    rows = [finding_row(stored) for stored in found if not (undecided and stored.decision)]
    show_list(
        rows,
        lambda: for_people(rows, names),
        FINDING_HEADINGS,
        FINDING_FILE_HEADINGS,
        form=form,
        out=out,
        title="问题清单",
    )
    return 0


# ── decisions ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _decide(call: Call, ids: tuple[str, ...], kind: DecisionKind, by: str, reason: str, until: str = "") -> int:
    with call.open() as home:
        done = decide(home, ids, kind, by=by, reason=reason, until=until)
        names = _names(home)
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


@click.command(help="确认问题成立。可能由读取造成的问题，确认后才写入通知。")
@_ids
@_by
@_reason
@click.pass_obj
def confirm(call: Call, ids: tuple[str, ...], by: str, reason: str) -> int:
    return _decide(call, ids, DecisionKind.CONFIRMED, by, reason)


@click.command(help="判定问题不成立，不再计入统计和通知。要写明理由。")
@_ids
@_by
@_reason
@click.pass_obj
def dismiss(call: Call, ids: tuple[str, ...], by: str, reason: str) -> int:
    return _decide(call, ids, DecisionKind.DISMISSED, by, reason)


@click.command(help="暂缓处理，到期日起重新待定。要写明理由和日期。")
@_ids
@_by
@_reason
@click.option("--until", default="", help="到期日，如 2024-03-01。")
@click.pass_obj
def defer(call: Call, ids: tuple[str, ...], by: str, reason: str, until: str) -> int:
    return _decide(call, ids, DecisionKind.DEFERRED, by, reason, until)


@click.command(help="撤回先前的决定，问题重新待定。先前的决定留存备查。")
@_ids
@_by
@_reason
@click.pass_obj
def reopen(call: Call, ids: tuple[str, ...], by: str, reason: str) -> int:
    return _decide(call, ids, DecisionKind.REOPENED, by, reason)


@click.command(name="waive", help="对一个单位免检一项（一个年度，或不写 --year 为所有年度）。要写明理由。")
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


@click.command(help="所有决定和免检的记录，新的在前。")
@_year
@_agency
@_format
@_out
@click.pass_obj
def decisions(call: Call, year: int | None, agency: str | None, form: str, out: Path | None) -> int:
    with call.open() as home:
        names, entries = _names(home), record(home, year=year, agency=_known(home, agency))
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


# ── recheck ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@click.command(name="recheck", help="对已存的全部报告重新运行检查项，不重新读取报告。")
@click.option("--year", type=click.IntRange(2008, 2100), help="只查该报告年度，默认为所有年度。")
@click.option("--agency", help="只查该单位（编号）。")
@click.option("--rule", "rules", multiple=True, help="只运行该检查项（编号），可重复；其他检查项的结果不动。")
@click.option("--processes", type=click.IntRange(1, 64), help="同时运行的进程数，默认两个。")
@click.pass_obj
def recheck_(call: Call, year: int | None, agency: str | None, rules: tuple[str, ...], processes: int | None) -> int:
    with call.open() as home, writing(home), progress("正在复查") as step:
        result = recheck(
            home,
            year=year,
            agency=_known(home, agency),
            rules=rules,
            processes=processes or 0,
            step=step,
            tell=tell,
        )
    _show_rechecked(result)
    return 0


def _show_rechecked(result: Rechecked) -> None:
    new, gone = result.new.total(), result.gone.total()
    click.echo(f"已复查 {result.reports} 份报告：新增 {new} 处，消失 {gone} 处，说法有更新 {result.reworded} 处")
    if new or gone:
        names = rule_names()
        changed = sorted({*result.new, *result.gone}, key=lambda rule: (-result.new[rule] - result.gone[rule], rule))
        rows = [
            {"rule": rule, "name": names.get(rule, rule), "new": result.new[rule], "gone": result.gone[rule]}
            for rule in changed
        ]
        show_table(rows, {"rule": "编号", "name": "检查项", "new": "新增", "gone": "消失"})
    if result.changed_since:
        click.echo(f"其中 {result.changed_since} 处在决定之后有变化，重新待定（nianbao findings --undecided 查看）")
    if result.unread:
        tell(f"{result.unread} 份报告重新读取后已不能作为年度报告读出，结果未动；请运行 nianbao assess")
    for rule, count in sorted(result.broken.items()):
        tell(f"检查项 {rule} 运行出错 {count} 次，原有结果未动。请告知维护人员")


#: All verbs of this family, in the order in which help shows them.
VERBS: Final[tuple[click.Command, ...]] = (findings, confirm, dismiss, defer, reopen, waive_, decisions, recheck_)
