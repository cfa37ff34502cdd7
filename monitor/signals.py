"""How a process that runs for good is told to stop."""

from __future__ import annotations

import signal
from threading import Event
from types import FrameType


def until_signal() -> Event:
    """An event that SIGTERM and Ctrl-C set, instead of what they did before. Call it in the main thread."""
    stop = Event()

    def told_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told_to_stop)
    return stop
