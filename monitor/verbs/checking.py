"""The verbs about the rules: what they are, and all of them run again over what is stored."""

from __future__ import annotations

import click

from monitor import checks
from monitor.exports import tabular
from monitor.jobs.catalogue import catalogue
from monitor.jobs.decide import rule_names
from monitor.jobs.home import writing
from monitor.jobs.recheck import Rechecked
from monitor.jobs.recheck import recheck as recheck_stored
from monitor.model import SEVERITY_NAMES, Severity
from monitor.screen import progress, show_table, tell
from monitor.verbs import Call
from monitor.verbs.lists import known_agency


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", help="输出格式。")
def rules(form: str) -> int:
    chapters = catalogue()
    described = [rule for rules in chapters.values() for rule in rules]
    if form == "json":
        click.echo(tabular.to_json(described).decode(), nl=False)
    elif form == "markdown":
        click.echo(checks.as_markdown(chapters), nl=False)
    else:
        rows = [{**rule, "severity": SEVERITY_NAMES[Severity(rule["severity"])]} for rule in described]
        show_table(rows, {"id": "编号", "name": "名称", "severity": "级别", "verifies": "检查内容", "basis": "依据"})
    return 0


@click.command()
@click.option("--year", type=click.IntRange(2008, 2100), help="只查该报告年度，默认为所有年度。")
@click.option("--agency", help="只查该单位（编号）。")
@click.option("--rule", "rules", multiple=True, help="只运行该检查项（编号），可重复；其他检查项的结果不动。")
@click.option("--processes", type=click.IntRange(1, 64), help="同时运行的进程数，默认两个。")
@click.pass_obj
def recheck(call: Call, year: int | None, agency: str | None, rules: tuple[str, ...], processes: int | None) -> int:
    with call.open() as home, writing(home), progress("正在复查") as step:
        result = recheck_stored(
            home,
            year=year,
            agency=known_agency(home, agency),
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
