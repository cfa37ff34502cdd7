"""The process that reads pages. Fetching goes on while a page is read, and a page that hangs or crashes the parser
costs only itself: the process is killed and a new one reads the next.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Final, Self, cast

from crawler.reading import Question, Reading, read

logger = logging.getLogger(__name__)

#: Seconds that reading one page may take.
PATIENCE: Final = 30.0


class Reader:
    """Reads in a process of its own, which starts at once to be ready when a page comes; a context manager."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._process = _Process()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()

    async def read(self, question: Question) -> Reading:
        """What an answer says; a lost page where reading it broke or hung."""
        async with self._turn:
            try:
                async with asyncio.timeout(PATIENCE):
                    reading = await self._process.ask(question)
            except (TimeoutError, EOFError, OSError) as error:
                self._renew()
                reading = Reading(reason="column_lost", problem=f"{type(error).__name__}: the reader was ended")
            except asyncio.CancelledError:
                self._renew()  # its answer would be taken for that to the next question
                raise
        if reading.problem:
            logger.warning("读不懂网页 %s：%s", question.url, reading.problem)
        return reading

    def _renew(self) -> None:
        self._process.kill()
        self._process = _Process()


class _Process:
    """A process that answers one question at a time. It holds nothing that could be lost."""

    def __init__(self) -> None:
        # A fresh interpreter: forking a process with threads and a running reactor copies locks in any state.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_answer, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    async def ask(self, question: Question) -> Reading:
        """Its answer. Raises EOFError or OSError where the process has ended."""
        loop, answered = asyncio.get_running_loop(), asyncio.Event()
        self._pipe.send(question)
        loop.add_reader(self._pipe.fileno(), answered.set)
        try:
            await answered.wait()
        finally:
            loop.remove_reader(self._pipe.fileno())
        return cast(Reading, self._pipe.recv())

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _answer(pipe: Connection) -> None:
    """The process itself: it ends when the crawl ends, however that ends, and leaves signals to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:  # it may end while a page hangs here
        threading.Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        pipe.send(read(question))
