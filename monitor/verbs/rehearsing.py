"""The verbs that need no portal of anybody's: the rehearsal, and its replica portals alone."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import click

from monitor import rehearsal
from monitor.demo.replicas import Roster
from monitor.jobs.home import open_home
from monitor.screen import show_table, tell
from monitor.settings import load_settings
from monitor.text import visible
from monitor.verbs import Call
from monitor.verbs.lists import show_status


@click.command()
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
            show_status(home, (rehearsal.YEAR,))
        mails = on.mailbox.messages
    _show_mail(mails)
    _show_places(folder)
    return 0


@click.command()
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
