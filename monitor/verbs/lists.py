"""How a list is shown on the screen or written to a file, and the options that every verb with a list has."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from monitor.errors import UsageError
from monitor.exports import tabular
from monitor.jobs.home import Home
from monitor.jobs.judge import judge_all
from monitor.jobs.standing import counts
from monitor.screen import show_table, tell
from monitor.views import STATUS_FILE_HEADINGS, STATUS_HEADINGS, for_people, status_row

LIST_FORMATS: Final = click.Choice(["table", "json", "csv", "xlsx"])

format_option = click.option("--format", "form", type=LIST_FORMATS, default="table", help="输出格式。")
out_option = click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="写入文件而不是屏幕。")


def show_list(
    rows: Sequence[Mapping[str, Any]],
    worded: Callable[[], list[dict[str, Any]]],
    headings: Mapping[str, str],
    file_headings: Mapping[str, str],
    *,
    form: str,
    out: Path | None,
    title: str,
) -> None:
    """Show a list on the screen or write it to a file, in the format asked for."""
    if form == "table" and out is not None:
        form = out.suffix.lower().removeprefix(".")
        if form not in ("json", "csv", "xlsx"):
            raise UsageError(f"不知道 {out} 要什么格式。请加 --format json、csv 或 xlsx")
    if form == "table":
        show_table(worded(), headings)
        return
    if form == "json":
        content = tabular.to_json(rows)
    elif form == "xlsx":
        content = tabular.to_xlsx(worded(), file_headings, title=title)
    else:
        content = tabular.to_csv(worded(), file_headings)
    if out is not None:
        out.write_bytes(content)
        tell(f"已写入 {out}")
    elif form == "xlsx" and sys.stdout.isatty():
        raise UsageError("xlsx 不能显示在屏幕上，请加 --out 文件名.xlsx")
    else:
        sys.stdout.buffer.write(content)


def show_status(home: Home, years: tuple[int, ...], *, form: str = "table", out: Path | None = None) -> None:
    """Show the verdicts of the years as they are now, in the order of the roster."""
    faults = counts(home)
    order = {agency: number for number, agency in enumerate(home.registry.agencies)}
    judged = sorted(
        judge_all(home, years, home.now()), key=lambda item: (item.obligation.year, order[item.obligation.agency])
    )
    rows = [
        status_row(
            item.agency,
            item.obligation,
            item.verdict,
            faults.get((item.obligation.agency, item.obligation.year), Counter()),
        )
        for item in judged
    ]
    show_list(
        rows, lambda: for_people(rows, {}), STATUS_HEADINGS, STATUS_FILE_HEADINGS, form=form, out=out, title="发布情况"
    )


def known_agency(home: Home, agency: str | None) -> str | None:
    """An agency that was asked for, None for all. Raises UsageError where the roster has none of that id."""
    if agency and agency not in home.registry.agencies:
        raise UsageError(f"注册表中没有单位“{agency}”。请用 nianbao status 查看单位编号")
    return agency


def agency_names(home: Home) -> dict[str, str]:
    """Agency id → full name."""
    return {key: agency.name for key, agency in home.registry.agencies.items()}
