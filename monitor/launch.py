"""Crawls as child processes: a spec goes in as a file, a bundle comes out as a folder. Judges nothing, stores nothing.

Each crawl is a process group of its own with a hard time limit, so that a browser or a leak dies with it. The child
holds the read end of a pipe from us: if we die, however, it sees the end of file and kills its group.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final
from urllib.parse import urlsplit

from monitor.clock import stopwatch
from monitor.errors import HomeError, system_words
from monitor.exchange import CrawlSpec, read_health, spec_to_json, write_atomically
from monitor.hosts import Hosts
from monitor.model import Portal
from monitor.settings import child_environment

#: What the child may take beyond its own time limit to end by itself, seconds.
GRACE: Final = 30
#: How long a child that was told to stop may take, seconds.
STOP_GRACE: Final = 5
_POLL: Final = 0.2


@dataclass(frozen=True, slots=True)
class CrawlEnd:
    """How a crawl ended: with a whole bundle (`reason` is ""), or without, for a reason code and its detail."""

    spec: CrawlSpec
    bundle: Path
    reason: str = ""
    detail: str = ""


def run_crawls(
    specs: Sequence[CrawlSpec],
    inbox: Path,
    *,
    parallel: int,
    stop: Event,
    started: Callable[[CrawlSpec], None] = lambda spec: None,
) -> Iterator[CrawlEnd]:
    """Run the crawls, `parallel` at a time, and give each as it ends. `stop`: end all of them, and start no more.

    A crawl waits while another one asks a host of its portal: two rows of one host are still one host at a time.
    """
    waiting = list(specs)
    running: dict[Future[CrawlEnd | None], CrawlSpec] = {}
    with ThreadPoolExecutor(max_workers=parallel) as pool:
        try:
            while waiting or running:
                for spec in _startable(waiting, running.values(), parallel):
                    waiting.remove(spec)
                    running[pool.submit(_run, spec, inbox / spec.crawl, stop, started)] = spec
                # Not without end: a Ctrl-C that another thread was given is heard only when this one wakes.
                for future in wait(running, timeout=_POLL, return_when=FIRST_COMPLETED).done:
                    del running[future]
                    if (end := future.result()) is not None:
                        yield end
        except BaseException:
            stop.set()
            raise


def _startable(waiting: Sequence[CrawlSpec], running: Iterable[CrawlSpec], parallel: int) -> list[CrawlSpec]:
    """Which crawls may start now, the first that wait before others."""
    busy = [spec.portal for spec in running]
    found: list[CrawlSpec] = []
    for spec in waiting:
        if len(busy) >= parallel:
            break
        if not any(share_a_host(spec.portal, other) for other in busy):
            busy.append(spec.portal)
            found.append(spec)
    return found


def share_a_host(one: Portal, other: Portal) -> bool:
    """Whether two rows of the registry lead to one host. Inside a network, a port is a server of its own."""
    if one.private and other.private:
        return bool(_servers(one) & _servers(other))
    hosts, others = Hosts.of(one), Hosts.of(other)
    return any(map(hosts.own, others.named)) or any(map(others.own, hosts.named))


def _servers(portal: Portal) -> frozenset[str]:
    return frozenset(
        urlsplit(url if "//" in url else f"//{url}").netloc.lower() for url in (portal.home, *portal.hosts)
    )


def _run(spec: CrawlSpec, bundle: Path, stop: Event, started: Callable[[CrawlSpec], None]) -> CrawlEnd | None:
    """One crawl to its end. One that died is tried once more: what killed it may have nothing to do with it."""
    if stop.is_set():
        return None
    started(spec)
    end = _try(spec, bundle, stop)
    if end is not None and end.reason == "crawl_died":
        shutil.rmtree(bundle, ignore_errors=True)
        end = _try(spec, bundle, stop)
    return end


def _try(spec: CrawlSpec, bundle: Path, stop: Event) -> CrawlEnd | None:
    """One crawl to its end; None where it was stopped."""
    try:
        bundle.mkdir(parents=True)
        write_atomically(bundle / "spec.json", spec_to_json(spec))
        log = (bundle / "crawl.log").open("wb")
    except OSError as error:
        raise HomeError(f"写不进 {bundle}：{system_words(error)}。请检查磁盘空间和权限") from error
    with (
        log,
        subprocess.Popen(  # noqa: S603 (our own module, and two paths that we made)
            [sys.executable, "-m", "crawler", str(bundle / "spec.json"), str(bundle)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=child_environment(),
        ) as child,
    ):
        reason = _wait(child, spec.limits.seconds + GRACE, stop)
    if reason == "stopped":
        return None
    if read_health(bundle) is None:
        return CrawlEnd(spec, bundle, reason or "crawl_died", _last_line(bundle / "crawl.log"))
    return CrawlEnd(spec, bundle)


def _wait(child: subprocess.Popen[bytes], seconds: float, stop: Event) -> str:
    """Wait for the child's end; "" if it ended by itself, else why it was ended."""
    until = stopwatch() + seconds
    while True:
        with suppress(subprocess.TimeoutExpired):
            child.wait(_POLL)
            _kill_group(child)  # a browser may have been left behind
            return ""
        if stop.is_set() or stopwatch() > until:
            child.terminate()
            with suppress(subprocess.TimeoutExpired):
                child.wait(STOP_GRACE)
            _kill_group(child)
            return "stopped" if stop.is_set() else "timed_out"


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):  # nothing of it is left
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _last_line(log: Path) -> str:
    lines = log.read_text("utf-8", errors="replace").strip().splitlines()
    return lines[-1][:500] if lines else ""
