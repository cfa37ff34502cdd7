"""The verbs of the plan: the rounds that it holds, and the service that keeps it."""

from __future__ import annotations

import click

from monitor.scheduler import upcoming
from monitor.screen import show_table, tell
from monitor.service import serve as serve_until_stopped
from monitor.settings import load_settings
from monitor.verbs import Call


@click.command()
@click.option("--days", type=click.IntRange(1, 366), default=90, help="看多少天以内的。")
@click.pass_obj
def schedule(call: Call, days: int) -> int:
    with call.open() as home:
        rows = [{"at": f"{item.at:%Y-%m-%d %H:%M}", "reason": item.reason} for item in upcoming(home, days)]
    show_table(rows, {"at": "时间", "reason": "缘由"})
    return 0


@click.command()
@click.option("--host", default="127.0.0.1", help="网页监听的地址。")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="网页监听的端口，0 为任选。")
@click.pass_obj
def serve(call: Call, host: str, port: int) -> int:
    settings = load_settings(call.home)
    with call.open():
        pass  # what is wrong with the home is said at once, not at the first tick
    serve_until_stopped(settings.home, call.now, host=host, port=port, seconds=settings.tick, tell=tell)
    return 0
