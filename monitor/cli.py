"""The command line: arguments in, exit codes out. Each verb calls one use case and shows its result.

Exit codes are those of the contract: 0 done; 1 something is wrong with what was checked; 2 the call or its input is
wrong; 3 some portal could not be looked at. No verb is loaded before it is called: help takes a tenth of a second, and
a verb no longer than what it needs.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from monitor import usage
from monitor.errors import NianbaoError, system_words
from monitor.text import clean
from monitor.verbs import Call

#: Every verb: where it stands in `monitor.verbs`, and its line in the help.
VERBS: Final = {
    "run": ("rounds:run", "完整巡查一轮：巡查、读取、判定、通知。"),
    "crawl": ("rounds:crawl", "第一步：巡查网站，取回网页存作证据。"),
    "read": ("rounds:read", "第二步：读取已取回而未读的报告。"),
    "assess": ("rounds:assess", "第三步：根据已有证据判定，生成事件和邮件。"),
    "notify": ("rounds:notify", "第四步：发送发件箱中到期的邮件。"),
    "status": ("watching:status", "各单位各年度报告的状态。"),
    "schedule": ("watching:schedule", "计划中的巡查时间。"),
    "portals": ("portals:portals", "各网站巡查得怎么样：情况、原因、怎么办；--columns 逐个栏目列出。"),
    "rules": ("checking:rules", "全部检查项。"),
    "lint": (
        "linting:lint",
        "读取并检查报告：文件、文件夹、压缩包或网址；不需要数据文件夹，也不写入任何东西。",
    ),
    "import": ("keeping:import_", "把 .csv 或 .xlsx 导入注册表；全部正确才写入。"),
    "doctor": ("keeping:doctor", "检查本机和数据文件夹缺什么、错在哪、怎么改。"),
    "serve": ("serving:serve", "定时巡查并提供网页，直到收到结束信号。"),
    "demo": ("rehearsing:demo", "在本机用五个仿真网站演练一个一月。"),
    "replicas": ("rehearsing:replicas", "只运行五个仿真网站，供演练和试验，直到收到结束信号。"),
    "findings": ("watching:findings", "检查发现的问题，及各问题已作的决定。"),
    "confirm": ("deciding:confirm", "确认问题成立。可能由读取造成的问题，确认后才写入通知。"),
    "dismiss": ("deciding:dismiss", "判定问题不成立，不再计入统计和通知。要写明理由。"),
    "defer": ("deciding:defer", "暂缓处理，到期日起重新待定。要写明理由和日期。"),
    "reopen": ("deciding:reopen", "撤回先前的决定，问题重新待定。先前的决定留存备查。"),
    "waive": ("deciding:waive_", "对一个单位免检一项（一个年度，或不写 --year 为所有年度）。要写明理由。"),
    "decisions": ("deciding:decisions", "所有决定和免检的记录，新的在前。"),
    "recheck": ("checking:recheck", "对已存的全部报告重新运行检查项，不重新读取报告。"),
    "capture": ("matching:capture_", "人工取证：把网站拦截、程序取不到的报告（存下的文件，或网址）存作证据。"),
    "unmatched": ("matching:unmatched_", "已找到、但不能确定属于哪个单位的报告，等待人工认领。"),
    "match": ("matching:match_", "认领一份报告：写明属于哪个单位，或不属于名单中的单位。同一名称以后自动认出。"),
    "rollup": ("rolling:rollup", "把一个地区各单位的三张表逐格汇总，列出缺报单位，并与本级政府的报告比对。"),
}


class Verb(click.Command):
    """A verb by name and help line; what it takes and does is loaded when it is called."""

    def __init__(self, name: str, place: str, line: str) -> None:
        super().__init__(name, help=line)
        self._place = place

    def load(self) -> click.Command:
        """The verb itself."""
        module, _, attribute = self._place.partition(":")
        command: click.Command = getattr(import_module(f"monitor.verbs.{module}"), attribute)
        command.name, command.help = self.name, self.help
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        return self.load().make_context(info_name, args, parent, **extra)


@click.group(
    help="年报监测：巡查政府信息公开工作年度报告是否按时、完整、准确发布。",
    commands=[Verb(name, place, line) for name, (place, line) in VERBS.items()],
)
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="注册表、数据库和证据所在的文件夹。")
@click.option(
    "--now", default="", help="本次运行使用的时间（ISO 8601，默认为本机时间；@文件 表示读取该文件中的时间）。"
)
@click.version_option(package_name="nianbao")
@click.pass_context
def cli(context: click.Context, home: Path | None, now: str) -> None:
    context.obj = Call(home, now)


def main() -> None:
    """Run the command line; every expected failure is one line on standard error and the contract's exit code."""
    _mend_streams()
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.UsageError as error:
        _fail(f"用法有误：{usage.in_words(error)}（nianbao --help 查看用法）")
    except click.Abort:
        _fail("已中断", 130)
    except NianbaoError as error:
        _fail(str(error), error.exit_code)
    except json.JSONDecodeError as error:
        _fail(f"数据库中有损坏的记录（第 {error.pos} 个字符处）。请从备份恢复")
    except OSError as error:
        if error.errno == errno.EPIPE:  # the reader of our output, such as head, has gone
            sys.stdout = None  # or the interpreter tries to flush it once more at its end
            sys.exit(0)
        place = f" {error.filename} " if error.filename else ""
        _fail(f"读写{place}失败：{system_words(error)}。请检查路径、权限和磁盘空间")
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _mend_streams() -> None:
    """A closed stream swallows what is said, and one that is not UTF-8 says what it cannot with question marks."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (open to the end)
        else:
            stream.reconfigure(errors="replace")


def _fail(message: str, code: int = 2) -> None:
    click.echo("\n".join(map(clean, message.split("\n"))), err=True)
    sys.exit(code)
