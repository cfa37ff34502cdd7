"""`nianbao serve`: the scheduler and the web page in one process, until SIGTERM or Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from monitor.errors import UsageError, system_words
from monitor.scheduler import scheduling
from monitor.signals import until_signal, wait_for
from monitor.web.server import serving


def serve(path: Path, clock_text: str, *, host: str, port: int, seconds: float, tell: Callable[[str], None]) -> None:
    """Serve until told to stop. A running crawl is ended, what it had not finished is dropped; nothing is left behind.

    Raises UsageError where the address cannot be listened on.
    """
    stop = until_signal()
    try:
        with serving(path, clock_text, host=host, port=port) as address:
            tell(f"网页 {address}，按 Ctrl-C 结束")
            with scheduling(path, clock_text, seconds=seconds, tell=tell):
                wait_for(stop)
                tell("正在结束……")
    except OSError as error:
        raise UsageError(f"不能在 {host}:{port} 提供网页：{system_words(error)}。请用 --port 换一个端口") from error
    tell("已结束")
