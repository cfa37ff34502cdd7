"""Files read in processes of their own: hostile bytes never come near the process that holds the database.

A document that hangs, crashes its reader or takes too much memory costs itself one line; the rest goes on. Nothing here
knows where files come from or what becomes of them.
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext
from types import TracebackType
from typing import Any, Final, Self

from pebble import ProcessExpired, ProcessPool

from monitor.documents.files import File, Pictures, Read, is_old_office, read_file
from monitor.documents.formats.word import office
from monitor.documents.limits import LARGEST_UNPACKED, MEMORY, SECONDS, SECONDS_SCANNED
from monitor.signals import HEARING

_log = logging.getLogger(__name__)

#: Two documents at a time: recognising pictures takes a GB of memory each.
PROCESSES: Final = min(2, os.cpu_count() or 1)
#: So many files are held in memory, and so many bytes of them; the old office files among them are converted together.
_MOST: Final = 50
_MOST_BYTES: Final = LARGEST_UNPACKED
#: How files begin that may hold pictures to be recognised: nobody knows before they are read.
_SLOW: Final = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
_MEND: Final = "请检查文件，或另存为 docx 后再试"
_PR_SET_PDEATHSIG: Final = 1

#: A `Read` stands for a file that was not even to be had.
Item = File | Pictures | Read
Work = Callable[[Any], tuple[Read, ...]]


@dataclass(frozen=True, slots=True)
class _Task:
    """What a worker is to do in `seconds` (None: it minds its time itself). `numbers`: the files that it is about."""

    function: Callable[[Any], Any]
    argument: Any
    numbers: tuple[int, ...]
    seconds: float | None
    is_second_try: bool = False


@dataclass(frozen=True, slots=True)
class _Batch:
    """Files that are held in memory, what is to be done for them, and the answers by a file's number."""

    items: Sequence[Item]
    waiting: deque[_Task] = field(default_factory=deque)
    answers: dict[int, tuple[Read, ...]] = field(default_factory=dict)


class _Free:
    """A lock that nobody else wants: each worker has a pipe of its own."""

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        return True

    def release(self) -> None:
        pass


class _Context(SpawnContext):
    """Fresh interpreters: forking copies other threads' locks in any state. No semaphores, which a kill would leak."""

    def RLock(self) -> Any:
        return _Free()


class Reader:
    """Worker processes that read files, started when there is something to read; a context manager that ends them.

    `processes`: how many at most, 0 for the usual. `soffice`: the path of LibreOffice, "" to look for it. `work` is
    another way to read a file, and `seconds` what it may take instead of the limits'.
    """

    def __init__(
        self, processes: int = 0, *, soffice: str = "", work: Work | None = None, seconds: float | None = None
    ) -> None:
        path = office.find_office(soffice) if soffice else None
        self._most = processes or PROCESSES
        self._work = work or partial(read_file, soffice=path)
        self._convert = partial(office.convert, office=path)
        self._seconds = seconds
        # A pool of one each: pebble's workers share a pipe, and one that is killed may leave half a message in it.
        self._idle: list[ProcessPool] = []
        self._busy: dict[Future[Any], tuple[ProcessPool, _Task, _Batch]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _end(*self._idle, *(pool for pool, _, _ in self._busy.values()))

    def read(self, items: Iterable[Item]) -> Iterator[tuple[Read, ...]]:
        """What is in each file, in the order given. Takes a bounded number of items at a time, as it goes on."""
        for batch in batches(items):
            yield from self._read_batch(self._planned(batch))

    def _planned(self, items: Sequence[Item]) -> _Batch:
        """What has to be done for a batch: a task for each file, but one for all that have to be converted."""
        batch = _Batch(items)
        old: list[tuple[int, File]] = []
        for number, item in enumerate(items):
            if isinstance(item, Read):
                batch.answers[number] = (item,)
            elif isinstance(item, File) and item.converted is None and is_old_office(item.data):
                old.append((number, item))
            else:
                batch.waiting.append(self._reading(number, item))
        if old:
            numbers = tuple(number for number, _ in old)
            batch.waiting.appendleft(_Task(self._convert, [file.data for _, file in old], numbers, None))
        return batch

    def _reading(self, number: int, item: File | Pictures) -> _Task:
        slow = isinstance(item, Pictures) or item.data.lstrip()[:8].startswith(_SLOW)
        return _Task(self._work, item, (number,), self._seconds or (SECONDS_SCANNED if slow else SECONDS))

    def _read_batch(self, batch: _Batch) -> Iterator[tuple[Read, ...]]:
        for number in range(len(batch.items)):
            while number not in batch.answers:
                self._give(batch)
                # Not without end: a Ctrl-C that another thread was given is heard only when this one wakes.
                for future in wait(self._busy, timeout=HEARING, return_when=FIRST_COMPLETED).done:
                    self._take(future)
            self._give(batch)  # whoever takes the answer may take his time
            yield batch.answers.pop(number)

    def _give(self, batch: _Batch) -> None:
        """Hand out tasks as long as there are workers without one."""
        while batch.waiting and len(self._busy) < self._most:
            pool, task = self._pool(), batch.waiting.popleft()
            # A worker that starts inherits what is blocked: Ctrl-C is ours to hear, and a traceback of its own no use.
            resource_tracker.ensure_running()  # starting it would unblock the signal again
            blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                future = pool.schedule(task.function, args=[task.argument], timeout=task.seconds)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            self._busy[future] = pool, task, batch

    def _pool(self) -> ProcessPool:
        while self._idle:
            pool = self._idle.pop()
            if pool.active:
                return pool
            _end(pool)  # its worker was killed while it had nothing to do
        return ProcessPool(1, initializer=_confine, initargs=[os.getpid()], context=_Context())

    def _take(self, future: Future[Any]) -> None:
        """Take in what became of a task."""
        pool, task, batch = self._busy.pop(future)
        error = future.exception()
        if error is None:
            self._idle.append(pool)
            if task.function is not self._convert:
                batch.answers[task.numbers[0]] = future.result()
                return
            for number, converted in zip(task.numbers, future.result(), strict=True):
                item = batch.items[number]
                if isinstance(item, File):
                    batch.waiting.append(self._reading(number, replace(item, converted=converted)))
            return
        _end(pool)
        if isinstance(error, BrokenProcessPool) and not task.is_second_try:  # it died before it had begun
            batch.waiting.appendleft(replace(task, is_second_try=True))
            return
        if len(task.numbers) > 1:  # one of them did it: each has a process of its own now
            for number, data in zip(task.numbers, task.argument, strict=True):
                batch.waiting.append(replace(task, argument=[data], numbers=(number,)))
            return
        _log.debug("the reader of %s ended", [batch.items[number].name for number in task.numbers], exc_info=error)
        for number in task.numbers:
            batch.answers[number] = (Read(batch.items[number].name, error=_in_words(error, task.seconds)),)


def read_pages(
    reader: Reader,
    pages: Iterable[Item],
    enclosed_by: Callable[[int, tuple[Read, ...]], Iterable[Item]],
) -> Iterator[tuple[tuple[Read, ...], list[Read]]]:
    """What is in each page, in order, and in the files that it encloses, as far as `enclosed_by` asks for them.

    `enclosed_by` is given a page's number, from 0, and what was read of it.
    """
    start = 0
    for batch in batches(pages):
        first = list(reader.read(batch))
        owners: list[int] = []
        held: list[list[Read]] = [[] for _ in first]
        for number, reads in enumerate(reader.read(_enclosed(first, start, enclosed_by, owners))):
            held[owners[number]] += reads
        yield from zip(first, held, strict=True)
        start += len(first)


def _enclosed(
    first: Sequence[tuple[Read, ...]],
    start: int,
    enclosed_by: Callable[[int, tuple[Read, ...]], Iterable[Item]],
    owners: list[int],
) -> Iterator[Item]:
    """The enclosures of all pages, each when its turn comes; `owners` takes down whose it is."""
    for number, reads in enumerate(first):
        for item in enclosed_by(start + number, reads):
            owners.append(number)
            yield item


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items in handfuls that memory holds."""
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += _size(item)
        if len(batch) >= _MOST or size >= _MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(item: Item) -> int:
    if isinstance(item, Read):
        return 0
    return len(item.data) if isinstance(item, File) else sum(map(len, item.pages))


def _in_words(error: BaseException, seconds: float | None) -> str:
    if isinstance(error, TimeoutError):
        return f"读取用时超过 {seconds:g} 秒，已停止；{_MEND}"
    if isinstance(error, MemoryError):
        return f"读取占用内存超过 {MEMORY // 1_000_000_000} GB，已停止；{_MEND}"
    if isinstance(error, ProcessExpired | BrokenProcessPool):
        return f"读取进程意外结束，可能占用内存过多；{_MEND}"
    return f"读取时出错（{type(error).__name__}）；{_MEND}"


def _end(*pools: ProcessPool) -> None:
    for pool in pools:
        pool.stop()  # type: ignore[no-untyped-call]
    for pool in pools:
        pool.join()


def _confine(parent: int) -> None:
    """What a worker does first: it ends when its parent ends, however that ends, and takes no more than its memory."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before we asked to be told
            os._exit(1)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What libraries mutter of broken files is nothing for the person at the screen.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
