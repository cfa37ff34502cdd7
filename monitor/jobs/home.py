"""A home opened for work: its settings, clock, registry, calendar and database, and the lock of the one writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from monitor.clock import Clock, clock_for
from monitor.database import DATABASE
from monitor.deadlines import Calendar, load_calendar, report_years
from monitor.errors import Busy, HomeError, system_words
from monitor.jobs.lexicons import load_lexicon
from monitor.lexicon import Lexicon
from monitor.model import Registry
from monitor.registry import load_registry
from monitor.settings import Settings, load_settings
from monitor.store import Store


@dataclass(frozen=True, slots=True)
class Home:
    """What every step works with. `clock_text` is the `--now` argument, which crawls are given too."""

    path: Path
    settings: Settings
    clock: Clock
    clock_text: str
    registry: Registry
    calendar: Calendar
    store: Store
    lexicon: Lexicon

    def now(self) -> datetime:
        return self.clock.now()

    def years(self, year: int | None) -> tuple[int, ...]:
        """The report years that a step is about: the one asked for, else those under watch now."""
        return (year,) if year else report_years(self.now())


@contextmanager
def open_home(path: Path | None, clock_text: str = "") -> Iterator[Home]:
    """Open a home (None: as the environment says). Raises SettingsError, RegistryError or HomeError."""
    settings = load_settings(path)
    registry = load_registry(settings.home)
    with Store(settings.home / DATABASE) as store:
        yield Home(
            path=settings.home,
            settings=settings,
            clock=clock_for(clock_text),
            clock_text=clock_text,
            registry=registry,
            calendar=load_calendar(settings.home),
            store=store,
            lexicon=load_lexicon(settings.home),
        )


@contextmanager
def writing(home: Home) -> Iterator[None]:
    """Hold the home's lock: one round, or one step, at a time. Raises Busy where another process holds it."""
    path = home.path / "nianbao.lock"
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout as error:
        raise Busy(f"另一个进程正在处理 {home.path}。请等它结束后再试") from error
    except PermissionError as error:
        raise HomeError(f"写不进 {path}：{system_words(error)}。请检查文件夹权限") from error
