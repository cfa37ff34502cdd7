"""`nianbao serve`'s scheduler: APScheduler triggers → jobs; nothing else.

Every few seconds it asks a pure function (`season.due_round`) whether a planned round lies between the last one that
ended, which stands in the database, and now. So a restart, a machine that slept or a clock that was put right need no
special case: what was missed is one round, at once. A trigger with a date of its own would have to be told all that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Final

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.clock import SHANGHAI, SystemClock, stopwatch
from monitor.deadlines import due_dates
from monitor.errors import Busy, HomeError, NianbaoError
from monitor.jobs.crawl import outside_window
from monitor.jobs.home import Home, open_home, writing
from monitor.jobs.notify import notify
from monitor.jobs.round import run_round
from monitor.season import due_round

#: How often the outbox is looked at between rounds, in ticks.
_OUTBOX_TICKS: Final = 3
#: How long a job that failed is left alone, seconds: a round that fails after its crawl must not ask the portals again
#: and again.
_BACK_OFF: Final = 600.0


Tell = Callable[[str], None]


def tick(home: Home, *, tell: Tell, stop: Event) -> bool:
    """Run the round that is due now, if one is; whether one was run to its end. Raises HomeError outside the hours."""
    years, now = home.years(None), home.now()
    planned = due_round(now, home.store.last_round_at(now), due_dates(home.registry, years, home.calendar))
    if planned is None:
        return False
    if words := outside_window(home):
        raise HomeError(f"{words}，{planned.reason}到时自动开始")
    name = f"{planned.at:%Y-%m-%d %H:%M} {planned.reason}"
    tell(f"{name}：开始")
    result = run_round(home, years=years, reason=planned.reason, tell=tell, stop=stop)
    if stop.is_set():
        return False
    sick = sum(not look.healthy for look in result.looks)
    tell(f"{name}：结束，巡查 {len(result.looks)} 个网站" + (f"，其中 {sick} 个未能核查" if sick else ""))
    return True


def deliver(home: Home, *, tell: Tell) -> None:
    """Try again what the outbox holds and is due. A round at work delivers by itself."""
    if home.store.due_messages(home.now()):
        with suppress(Busy), writing(home):
            notify(home, tell=tell)


@contextmanager
def scheduling(path: Path, clock_text: str, *, seconds: float, tell: Tell) -> Iterator[None]:
    """Run the scheduler while the block lasts; leaving it ends a running crawl and waits until nothing is left of it.

    Each job opens the home anew, so a changed registry counts from the next tick on. What goes wrong in one (a full
    disk, a bad row, another process at work) is told, once while it lasts, and tried again after a pause.
    """
    stop = Event()
    told: dict[str, str] = {}
    quiet_until: dict[str, float] = {}

    def job(name: str, work: Callable[[Home], object]) -> Callable[[], None]:
        def run() -> None:
            if stopwatch() < quiet_until.get(name, 0.0):
                return
            try:
                with open_home(path, clock_text) as home:
                    work(home)
                told.pop(name, None)
            except NianbaoError as error:
                quiet_until[name] = stopwatch() + _BACK_OFF
                if told.get(name) != str(error):
                    tell(f"没有完成：{error}")
                told[name] = str(error)

        return run

    scheduler = BackgroundScheduler(
        timezone=SHANGHAI, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    work: dict[str, tuple[Callable[[Home], object], float]] = {
        "round": (lambda home: tick(home, tell=tell, stop=stop), seconds),
        "outbox": (lambda home: deliver(home, tell=tell), seconds * _OUTBOX_TICKS),
    }
    for name, (step, every) in work.items():
        scheduler.add_job(job(name, step), "interval", seconds=every, id=name, next_run_time=SystemClock().now())
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a skipped tick during a long round is no news

    def failed(event: JobExecutionEvent) -> None:
        """A fault of ours: told, kept in the log with its stack by APScheduler, and not repeated at once."""
        quiet_until[event.job_id] = stopwatch() + _BACK_OFF
        tell(f"程序出错：{type(event.exception).__name__}: {event.exception}")

    scheduler.add_listener(failed, EVENT_JOB_ERROR)
    scheduler.start()
    try:
        yield
    finally:
        stop.set()
        scheduler.shutdown(wait=True)
