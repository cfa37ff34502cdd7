"""The verb that reads and checks reports which somebody holds in hand."""

from __future__ import annotations

import click

from monitor import __version__, checks
from monitor.errors import UsageError
from monitor.exports import tabular
from monitor.exports.sarif import to_sarif
from monitor.jobs.lint import lint as lint_sources
from monitor.jobs.lint_choice import Choice
from monitor.jobs.lint_words import all_lines
from monitor.screen import progress, show_lines
from monitor.settings import load_settings
from monitor.verbs import Call


@click.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", help="输出格式。")
@click.option("--year", type=click.IntRange(2008, 2100), help="应报的报告年度。")
@click.option("--agency", default="", help="单位全称，用于核对标题和落款。")
@click.option("--previous", default="", help="上一年度的报告（文件或网址），用于跨年核对。")
@click.option("--processes", type=click.IntRange(1, 64), help="同时读取的进程数，默认两个。")
@click.option("--provenance", is_flag=True, help="在 JSON 中加上每个数值的出处（文件、表、行、列、页）。")
@click.option("--select", multiple=True, help="只查这些检查项（编号或 error、warning、hint，用逗号分开）。")
@click.option("--ignore", multiple=True, help="不查这些检查项（写法同上；先 --select，后 --ignore）。")
@click.pass_obj
def lint(
    call: Call,
    sources: tuple[str, ...],
    form: str,
    year: int | None,
    agency: str,
    previous: str,
    processes: int | None,
    provenance: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
) -> int:
    if provenance and form != "json":
        raise UsageError("--provenance 只用于 JSON，请加 --format json")
    choice = Choice.of(select, ignore)
    with progress("正在读取") as step:
        results = lint_sources(
            sources,
            load_settings(call.home),
            year=year,
            agency=agency,
            previous=previous,
            processes=processes or 0,
            choice=choice,
            step=step,
        )
    if form == "json":
        rows = [linted.as_json(provenance=provenance) for linted in results]
        click.echo(tabular.to_json(rows).decode(), nl=False)
    elif form == "sarif":
        rules = checks.describe(choice.rules)
        log = to_sarif([linted.as_source for linted in results], rules, version=__version__)
        click.echo(tabular.to_json(log).decode(), nl=False)
    else:
        show_lines(all_lines(results))
    if any(linted.error for linted in results):
        return 2
    return int(any(linted.has_errors for linted in results))
