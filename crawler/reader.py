"""The processes that read pages. Fetching goes on while a page is read, and a page that hangs or crashes the parser
costs little: its process is killed and a new one reads the next.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing.connection import wait
from types import TracebackType
from typing import Final, Self

from crawler.reading import Question, Reading, read

logger = logging.getLogger(__name__)

#: Seconds that reading one page may take.
PATIENCE: Final = 30.0
#: Processes at most; the second starts only where pages come faster than one reads them.
MOST: Final = 2


class Reader:
    """Reads in processes of its own, the first started at once to be ready when a page comes; a context manager."""

    def __init__(self) -> None:
        self._pool = _start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _end(self._pool)

    async def read(self, question: Question) -> Reading:
        """What an answer says; a lost page where reading it broke or hung."""
        pool = self._pool
        try:
            async with asyncio.timeout(PATIENCE):
                reading = await asyncio.get_running_loop().run_in_executor(pool, read, question)
        except (TimeoutError, BrokenExecutor) as error:
            if pool is self._pool:  # the first to notice
                self._pool = _start()
                _end(pool)
            reading = Reading(reason="column_lost", problem=f"{type(error).__name__}: the reader was ended")
        if reading.problem:
            logger.warning("读不懂网页 %s：%s", question.url, reading.problem)
        return reading


def _start() -> ProcessPoolExecutor:
    # A fresh interpreter: forking a process with threads and a running reactor copies locks in any state.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(MOST, mp_context=context, initializer=_stay_with_parent)
    pool.submit(os.getpid)  # starts the first process
    return pool


def _end(pool: ProcessPoolExecutor) -> None:
    """Kill a pool's processes; they hold nothing that could be lost."""
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=True, cancel_futures=True)


def _stay_with_parent() -> None:
    """In the reading process: end when the crawl ends, however it ends, and leave signals to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()
