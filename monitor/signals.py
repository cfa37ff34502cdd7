"""How a process that runs for good is told to stop, and how a worker is tied to the process that started it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from threading import Event
from types import FrameType
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
#: Seconds after which a signal is heard at the latest. A wait without end is not ended by one that another thread was
#: given, or that came just before it began.
HEARING: Final = 0.5


def until_signal() -> Event:
    """An event that SIGTERM and Ctrl-C set, instead of what they did before. Call it in the main thread."""
    stop = Event()

    def told_to_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told_to_stop)
    return stop


def wait_for(stop: Event) -> None:
    """Wait until told to stop, and hear it whichever thread was given the signal."""
    while not stop.wait(HEARING):
        pass


def die_with(parent: int) -> None:
    """Let the system end this process when its parent ends, however that ends. Call it first in a worker."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before we asked to be told
            os._exit(1)
