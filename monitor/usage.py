"""What is wrong with the words of a call, in one Chinese line that says what to write: click says it in English."""

from __future__ import annotations

import re
from typing import Final

import click

_QUOTED: Final = re.compile(r"'(.*)'|\"(.*)\"")


def in_words(error: click.UsageError) -> str:
    """The line for a call that click refused; without a full stop."""
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_name(error.param)}，请补上"
    if isinstance(error, click.BadParameter):
        value = _value(error.message)
        return f"{_name(error.param)} 的值{f' {value} ' if value else ''}不对{_expected(error.param)}"
    if isinstance(error, click.NoSuchOption):
        return f"没有 {error.option_name} 这个选项{_perhaps(error.possibilities)}"
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name} 后面{'要写一个值' if 'requires' in error.message else '不带值'}"
    if isinstance(error, click.NoSuchCommand):
        return f"没有 {error.command_name} 这个命令{_perhaps(error.possibilities) or _commands(error)}"
    if surplus := re.search(r"extra arguments? \((.*)\)", error.message, re.DOTALL):
        return f"多出了 {surplus[1]}，请去掉"
    return f"没有写出命令{_commands(error)}" if _commands(error) else "写法不对"


def _name(param: click.Parameter | None) -> str:
    """A parameter as people write it: --format, FILE."""
    if param is None:
        return "参数"
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name


def _value(message: str) -> str:
    """The value that was refused: click puts it into quotes, but for numbers, which stand first."""
    quoted = _QUOTED.search(message.split(" is not one of ")[0])
    return (quoted[1] or quoted[2]) if quoted else message.split(" ")[0]


def _expected(param: click.Parameter | None) -> str:
    kind = param.type if param is not None else None
    if isinstance(kind, click.Choice):
        return f"，应为 {'、'.join(map(str, kind.choices))} 之一"
    if isinstance(kind, click.IntRange):
        return f"，应为 {kind.min} 到 {kind.max} 的整数"
    if isinstance(kind, click.Path):
        return "，应为文件夹" if not kind.file_okay else "，应为文件，不是文件夹" if not kind.dir_okay else ""
    return ""


def _perhaps(possibilities: list[str] | None) -> str:
    return f"，是否想写 {'、'.join(possibilities)}" if possibilities else ""


def _commands(error: click.UsageError) -> str:
    command = error.ctx.command if error.ctx else None
    return f"，可用的有 {'、'.join(command.commands)}" if isinstance(command, click.Group) else ""
