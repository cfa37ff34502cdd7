"""A process that runs for good hears that it shall stop, whichever of its threads the system tells."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import signal, sys, threading
from monitor.signals import until_signal, wait_for

stop = until_signal()

def is_waiting():
    return sys._current_frames()[threading.main_thread().ident].f_code.co_name == "wait"

def be_told():
    while not all(is_waiting() for _ in range(10_000)):
        pass
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
    threading.Event().wait()

threading.Thread(target=be_told, daemon=True).start()
wait_for(stop)
print("ended")
"""


def test_a_signal_that_another_thread_was_given_ends_the_wait() -> None:
    ended = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout == "ended\n"
