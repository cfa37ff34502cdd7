"""The command line: arguments in, exit codes out. Each verb calls one use case and shows its result.

Exit codes are those of the contract: 0 done; 1 something is wrong with what was checked; 2 the call or its input is
wrong; 3 some portal could not be looked at.
"""

from __future__ import annotations

import errno
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import click

from monitor import __version__, checks, registry, rehearsal, usage
from monitor.clock import clock_for
from monitor.demo.replicas import Roster
from monitor.doctor import examine
from monitor.errors import NianbaoError, UsageError, system_words
from monitor.exports import tabular
from monitor.exports.sarif import to_sarif
from monitor.jobs.assess import assess as assess_step
from monitor.jobs.catalogue import catalogue
from monitor.jobs.crawl import crawl as crawl_step
from monitor.jobs.decide import counts
from monitor.jobs.home import Home, open_home, writing
from monitor.jobs.judge import judge_all
from monitor.jobs.lint import lint as lint_sources
from monitor.jobs.lint_choice import Choice
from monitor.jobs.lint_words import all_lines
from monitor.jobs.notify import notify as notify_step
from monitor.jobs.read import read as read_step
from monitor.jobs.round import run_round
from monitor.model import SEVERITY_NAMES, Severity
from monitor.scheduler import upcoming
from monitor.screen import progress, show_lines, show_table, tell
from monitor.service import serve as serve_until_stopped
from monitor.settings import load_settings
from monitor.text import clean, visible
from monitor.verbs import LIST_FORMATS, Call, deciding, rolling, show_list
from monitor.views import STATUS_FILE_HEADINGS, STATUS_HEADINGS, for_people, status_row

NOT_ALL_LOOKED_AT: Final = 3


@click.group(help="年报监测：巡查政府信息公开工作年度报告是否按时、完整、准确发布。")
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="注册表、数据库和证据所在的文件夹。")
@click.option(
    "--now", default="", help="本次运行使用的时间（ISO 8601，默认为本机时间；@文件 表示读取该文件中的时间）。"
)
@click.version_option(package_name="nianbao")
@click.pass_context
def cli(context: click.Context, home: Path | None, now: str) -> None:
    context.obj = Call(home, now)


# ── the round and its steps ─────────────────────────────────────────────────────────────────────────────────────────

_portal = click.option("--portal", "portals", multiple=True, help="只巡查该网站（编号），可重复。")
_year = click.option("--year", type=click.IntRange(2008, 2100), help="报告年度，默认为当前应报的年度。")


@cli.command(help="完整巡查一轮：巡查、读取、判定、通知。")
@_portal
@_year
@click.pass_obj
def run(call: Call, portals: tuple[str, ...], year: int | None) -> int:
    with call.open() as home:
        result = run_round(home, portals=portals, years=home.years(year), reason="手动巡查", tell=tell)
        _show_status(home, home.years(year))
    return 0 if result.all_looked_at else NOT_ALL_LOOKED_AT


@cli.command(help="第一步：巡查网站，取回网页存作证据。")
@_portal
@_year
@click.pass_obj
def crawl(call: Call, portals: tuple[str, ...], year: int | None) -> int:
    with call.open() as home, writing(home):
        looks = crawl_step(home, portals=portals, years=home.years(year), tell=tell)
    return 0 if all(look.healthy for look in looks) else NOT_ALL_LOOKED_AT


@cli.command(help="第二步：读取已取回而未读的报告。")
@click.pass_obj
def read(call: Call) -> int:
    with call.open() as home, writing(home):
        read_step(home, tell=tell)
    return 0


@cli.command(help="第三步：根据已有证据判定，生成事件和邮件。")
@_year
@click.pass_obj
def assess(call: Call, year: int | None) -> int:
    with call.open() as home, writing(home):
        assess_step(home, years=home.years(year), tell=tell)
    return 0


@cli.command(help="第四步：发送发件箱中到期的邮件。")
@click.pass_obj
def notify(call: Call) -> int:
    with call.open() as home, writing(home):
        notify_step(home, tell=tell)
    return 0


# ── lists ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@cli.command(help="各单位各年度报告的状态。")
@_year
@click.option("--format", "form", type=LIST_FORMATS, default="table", help="输出格式。")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="写入文件而不是屏幕。")
@click.pass_obj
def status(call: Call, year: int | None, form: str, out: Path | None) -> int:
    with call.open() as home:
        years = (year,) if year else tuple(sorted({*home.store.years(), *home.years(None)}))
        _show_status(home, years, form=form, out=out)
    return 0


@cli.command(help="计划中的巡查时间。")
@click.option("--days", type=click.IntRange(1, 366), default=90, help="看多少天以内的。")
@click.pass_obj
def schedule(call: Call, days: int) -> int:
    with call.open() as home:
        rows = [{"at": f"{item.at:%Y-%m-%d %H:%M}", "reason": item.reason} for item in upcoming(home, days)]
    show_table(rows, {"at": "时间", "reason": "缘由"})
    return 0


@cli.command(help="全部检查项。")
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


def _show_status(home: Home, years: tuple[int, ...], *, form: str = "table", out: Path | None = None) -> None:
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


@cli.command(help="读取并检查报告：文件、文件夹、压缩包或网址；不需要数据文件夹，也不写入任何东西。")
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


# ── registry, machine, service ──────────────────────────────────────────────────────────────────────────────────────


@cli.group(name="import", help="把 .csv 或 .xlsx 导入注册表；全部正确才写入。")
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


@cli.command(help="检查本机和数据文件夹缺什么、错在哪、怎么改。")
@click.pass_obj
def doctor(call: Call) -> int:
    found = list(examine(call.home, clock_for(call.now)))
    signs = {True: "正常", False: "有问题", None: "提示"}
    rows = [{"thing": d.thing, "sign": signs[d.well], "words": d.words} for d in found]
    show_table(rows, {"thing": "项目", "sign": "结果", "words": "说明"})
    return int(any(diagnosis.well is False for diagnosis in found))


@cli.command(help="定时巡查并提供网页，直到收到结束信号。")
@click.option("--host", default="127.0.0.1", help="网页监听的地址。")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="网页监听的端口，0 为任选。")
@click.pass_obj
def serve(call: Call, host: str, port: int) -> int:
    settings = load_settings(call.home)
    with call.open():
        pass  # what is wrong with the home is said at once, not at the first tick
    serve_until_stopped(settings.home, call.now, host=host, port=port, seconds=settings.tick, tell=tell)
    return 0


# ── rehearsal ───────────────────────────────────────────────────────────────────────────────────────────────────────


@cli.command(help="在本机用五个仿真网站演练一个一月。")
@click.option(
    "--reports", type=click.Path(path_type=Path, file_okay=False), help="改为发布该文件夹（含 manifest.csv）中的材料。"
)
@click.option(
    "--roster", type=click.Choice(["five", "all"]), default="five", help="名单：五个单位，或仿真网站上的全部单位。"
)
@click.pass_obj
def demo(call: Call, reports: Path | None, roster: Roster) -> int:
    folder = call.home or load_settings(None).home / "demo"
    with rehearsal.stage(folder, at=rehearsal.ROUNDS[0][0], roster=roster, reports=reports) as on:
        rehearsal.rehearse(on, tell=tell)
        with open_home(on.home, on.clock) as home:
            _show_status(home, (rehearsal.YEAR,))
        mails = on.mailbox.messages
    _show_mail(mails)
    _show_places(folder)
    return 0


@cli.command(help="只运行五个仿真网站，供演练和试验，直到收到结束信号。")
@click.option(
    "--reports", type=click.Path(path_type=Path, file_okay=False), help="发布该文件夹（含 manifest.csv）中的材料。"
)
@click.option(
    "--roster", type=click.Choice(["five", "all"]), default="five", help="名单：五个单位，或仿真网站上的全部单位。"
)
@click.pass_obj
def replicas(call: Call, reports: Path | None, roster: Roster) -> int:
    folder = call.home or load_settings(None).home / "demo"
    rehearsal.keep_replicas(folder, at=call.now or rehearsal.ROUNDS[0][0], roster=roster, reports=reports, tell=tell)
    return 0


def _show_mail(mails: Sequence[EmailMessage]) -> None:
    for mail in mails[-1:]:
        body = mail.get_body(("plain",))
        click.echo(f"\n共发出 {len(mails)} 封邮件，最后一封：\n")
        click.echo(visible(f"收件人：{mail['To']}\n主　题：{mail['Subject']}\n"))
        click.echo(visible(body.get_content()) if body else "")


def _show_places(folder: Path) -> None:
    places = {
        "数据库": folder / "nianbao.db",
        "证据（WARC）": folder / "evidence",
        "邮件（.eml）": folder / "mail",
        "注册表": folder / "registry",
    }
    show_table(
        [{"what": what, "where": str(where)} for what, where in places.items()], {"what": "内容", "where": "位置"}
    )
    program = sys.argv[0] if Path(sys.argv[0]).name == "nianbao" else "python -m monitor"
    here = f"{program} --home {folder} --now {rehearsal.ROUNDS[-1][0]}"
    click.echo(f"接着看：{here} findings\n看网页：{here} serve")


for verb in (*deciding.VERBS, *rolling.VERBS):
    cli.add_command(verb)


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
