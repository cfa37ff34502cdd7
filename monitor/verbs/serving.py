"""The verb that keeps the plan by itself and shows the web page."""

from __future__ import annotations

import click

from monitor.screen import tell
from monitor.service import serve as serve_until_stopped
from monitor.settings import load_settings
from monitor.verbs import Call


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
