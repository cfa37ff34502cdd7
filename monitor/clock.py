"""The one door to the time of day. All times are aware; people read them in Asia/Shanghai, whatever the host's zone.

Everything that needs the time takes a `Clock` or a `now`; a test holds that no other module reads it.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from monitor.errors import UsageError, system_words
from monitor.text import clean

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the time: an aware datetime in Asia/Shanghai."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(SHANGHAI)


class FixedClock:
    """A clock that stands still (`--now`): every stamp of one call is the same."""

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(SHANGHAI)

    def now(self) -> datetime:
        return self._at


class FileClock:
    """A clock whose time is written in a file, read anew at each call.

    A rehearsal moves the scheduler and the replica portals through a January together by writing this file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        try:
            text = self._path.read_text("utf-8").strip()
        except OSError as error:
            raise UsageError(f"读不到时钟文件 {self._path}：{system_words(error)}。请检查 --now 后面的路径") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"时钟文件 {self._path} 不是文本文件。请检查 --now 后面的路径") from error
        return parse_time(text)


def parse_time(text: str) -> datetime:
    """Read an ISO 8601 time; without an offset it is Asia/Shanghai. Raises UsageError."""
    try:
        at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"看不懂时间“{clean(text)[:60]}”：请写成 2024-02-01T09:00 或 2024-02-01T09:00+08:00"
        ) from error
    if not 2000 <= at.year <= 2200:
        raise UsageError(f"时间“{text}”的年份不对：应在 2000 年至 2200 年之间")
    return at


def clock_for(text: str | None) -> Clock:
    """The clock that `--now TEXT` asks for: none is the machine's, `@PATH` a file's, anything else stands still."""
    if not text:
        return SystemClock()
    if text.startswith("@"):
        return FileClock(Path(text[1:]))
    return FixedClock(parse_time(text))


def day_start(at: datetime) -> datetime:
    """The midnight with which the day of a time begins in China."""
    return at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def stopwatch() -> float:
    """Seconds on a clock that only measures spans (time limits, back-off), never a time of day."""
    return time.monotonic()
