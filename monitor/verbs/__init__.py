"""What the verbs of the command line share: the global options of a call, and how a list is shown or written.

Families of verbs stand in modules of this package; `cli` gathers them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import click

from monitor.errors import UsageError
from monitor.exports import tabular
from monitor.jobs.home import Home, open_home
from monitor.screen import show_table, tell

LIST_FORMATS: Final = click.Choice(["table", "json", "csv", "xlsx"])


class Call:
    """The global options of one call."""

    def __init__(self, home: Path | None, now: str) -> None:
        self.home = home
        self.now = now

    def open(self) -> AbstractContextManager[Home]:
        return open_home(self.home, self.now)


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
