"""How lists and progress look in a terminal. Rich knows how wide a Chinese character is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from monitor.text import clean

_STYLES: Final = {
    "按时发布": "green",
    "逾期发布": "yellow",
    "逾期未发布": "bold red",
    "待核": "magenta",
    "错误": "red",
    "警告": "yellow",
    "提示": "cyan",
    "标题": "bold",
}
#: Wide enough that a table which is piped into a file or a pager is not cut.
_PIPED_WIDTH: Final = 240


def console() -> Console:
    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=_PIPED_WIDTH)


def show_table(rows: Sequence[Mapping[str, Any]], headings: Mapping[str, str]) -> None:
    """Print rows as an aligned table; every text is printed as text, markup and control characters in it do nothing."""
    table = Table(header_style="bold", show_lines=False, expand=False)
    for heading in headings.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(_text(row.get(key)) for key in headings))
    console().print(table)


def show_lines(lines: Iterable[tuple[str, str]]) -> None:
    """Print lines (text, tone) as they are, never broken; on a terminal that takes colours (NO_COLOR is heard) in them.

    A tone is a word of the lists ("错误"), "标题" or "".
    """
    shown = console()
    for text, tone in lines:
        shown.print(Text(text, style=_STYLES.get(tone, "")), soft_wrap=True)


def tell(line: str) -> None:
    """One line of progress, on standard error, so that standard output stays the result."""
    click.echo(clean(line), err=True)


@contextmanager
def progress(words: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that is told (done, total); nothing at all where nobody looks at a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _text(value: Any) -> Text:
    text = "" if value is None else clean(str(value))
    return Text(text, style=_STYLES.get(text, ""))
