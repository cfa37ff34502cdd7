"""The verbs that keep a home in order: rosters brought in, and what is missing or wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from monitor import registry
from monitor.clock import clock_for
from monitor.doctor import examine
from monitor.screen import show_table, tell
from monitor.settings import load_settings
from monitor.text import clean
from monitor.verbs import Call


@click.group()
def import_() -> None:
    pass


def _import(call: Call, source: Path, take: Callable[[Path, Path], registry.ImportResult]) -> int:
    result = take(load_settings(call.home).home, source)
    click.echo(clean(f"已导入 {source}：新增 {result.added} 行，更新 {result.changed} 行，未变 {result.unchanged} 行"))
    if result.ignored:
        tell(f"这些列不认识，没有导入：{'、'.join(result.ignored)}")
    return 0


@import_.command(name="agencies", help="导入单位名单。")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_agencies(call: Call, file: Path) -> int:
    return _import(call, file, registry.import_agencies)


@import_.command(name="portals", help="导入网站清单。")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_portals(call: Call, file: Path) -> int:
    return _import(call, file, registry.import_portals)


@import_.command(name="submissions", help="导入报送台账：哪些单位报送了报告，截至哪一天。")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_submissions(call: Call, file: Path) -> int:
    return _import(call, file, registry.import_submissions)


@import_.command(name="items", help="导入本地要求事项：报告里必须写明的内容。")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def import_items(call: Call, file: Path) -> int:
    return _import(call, file, registry.import_items)


@click.command()
@click.pass_obj
def doctor(call: Call) -> int:
    found = list(examine(call.home, clock_for(call.now)))
    signs = {True: "正常", False: "有问题", None: "提示"}
    rows = [{"thing": d.thing, "sign": signs[d.well], "words": d.words} for d in found]
    show_table(rows, {"thing": "项目", "sign": "结果", "words": "说明"})
    return int(any(diagnosis.well is False for diagnosis in found))
