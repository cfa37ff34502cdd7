"""The verb that sums an area's reports for the office's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from monitor.errors import UsageError
from monitor.exports import rollup_words as words
from monitor.exports.rollup_book import to_book
from monitor.exports.rollup_rows import CELL_HEADINGS, cell_rows, to_json
from monitor.exports.tabular import to_csv
from monitor.form import TABLES
from monitor.jobs.rollup import roll_up
from monitor.rollup import Compared, RollUp
from monitor.screen import show_table, tell
from monitor.text import clean
from monitor.verbs import Call
from monitor.verbs.lists import format_option, out_option

_FILES: Final = ("json", "csv", "xlsx")
#: So many lines of a list stand on the screen; the file has them all.
_SHOWN: Final = 12


@click.command()
@click.option("--region", required=True, help="区划代码（六位），如 370403；市、省代码包括其下各区县。")
@click.option("--year", type=click.IntRange(2019, 2100), help="报告年度，默认为当前应报的年度。")
@format_option
@out_option
@click.pass_obj
def rollup(call: Call, region: str, year: int | None, form: str, out: Path | None) -> int:
    if form == "table" and out is not None:
        form = out.suffix.lower().removeprefix(".")
        if form not in _FILES:
            raise UsageError(f"不知道 {out} 要什么格式。请加 --format json、csv 或 xlsx")
    if form == "xlsx" and out is None and sys.stdout.isatty():
        raise UsageError("xlsx 不能显示在屏幕上，请加 --out 文件名.xlsx")
    with call.open() as home:
        rolled = roll_up(home, region, home.years(year)[0])
    if form == "table":
        _show(rolled)
        return 0
    content = _content(rolled, form)
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        out.write_bytes(content)
        tell(words.face(rolled))
        tell(f"已写入 {out}")
    return 0


def _content(rolled: RollUp, form: str) -> bytes:
    if form == "xlsx":
        return to_book(rolled)
    return to_csv(cell_rows(rolled), CELL_HEADINGS) if form == "csv" else to_json(rolled)


def _show(rolled: RollUp) -> None:
    sums = rolled.sums
    for line in (words.title(rolled), words.face(rolled), *words.beneath(rolled)):
        click.echo(clean(line))
    for table in TABLES:
        headings, rows = words.shown_rows(sums, table)
        show_table(rows, {**headings, "row": words.over_table(sums, table)})
    if sums.missing:
        show_table(
            [{"name": source.name, "words": source.words} for source in sums.missing],
            {"name": "没有汇总的单位", "words": "原因"},
        )
    _show_balances(rolled)
    _show_comparison(rolled)
    for note in rolled.notes:
        click.echo(clean(note))


def _show_balances(rolled: RollUp) -> None:
    """The sums that somebody upsets; of those that hold, that they do."""
    found = [balance for balance in (*rolled.balances, *rolled.carried) if balance.off]
    if found:
        heads = {"what": "合计的勾稽关系", "left": "左边", "right": "右边", "verdict": "结果", "off": "不等的单位"}
        rows = list(words.balance_words(rolled.sums, found))
        show_table([dict(zip(heads, row, strict=True)) for row in rows[:_SHOWN]], heads)
        _tell_more(len(rows))
    else:
        click.echo("合计的勾稽关系：能核对的都相等。")


def _show_comparison(rolled: RollUp) -> None:
    """Where the government's own report says something else. Nothing follows from it but a question."""
    if not rolled.differences:
        if rolled.government:
            click.echo(clean(f"没有读到“{rolled.government.name}”的报告（{rolled.government.words}），没有比对。"))
        return
    told = {path for path, found in rolled.differences.items() if found.compared in (Compared.LESS, Compared.MORE)}
    rows = [row for row in cell_rows(rolled) if row["cell"] in told]
    if rows:
        keys = ("table", "row", "column", "total", "own", "difference", "compared")
        show_table(rows[:_SHOWN], {key: CELL_HEADINGS[key] for key in keys})
        _tell_more(len(rows))
        click.echo("差异需要说明，本身不是问题：政府报告还包括政府本级和不在名单内的单位。")
    else:
        click.echo("与政府报告比对：能比对的格都一致。")


def _tell_more(count: int) -> None:
    if count > _SHOWN:
        click.echo(f"共{count}行，这里只显示前{_SHOWN}行，全部请用 --out 汇总.xlsx 导出。")
