"""How things stand between a crawl and each host: whose turn it is, how long it rests, whether it is left alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from crawler.answers import Nothing
from crawler.routes import Way
from monitor.exchange import Pass

#: How long a host that refuses programs is left alone, at least; and at most, whatever it asks for.
A_DAY: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=14)


@dataclass(slots=True)
class Standing:
    """One host, with www and without, in one crawl. Only one request at a time has its `turn`, plain or drawn.

    `ways`: how each of its origins was reached, None for one that was not; `notes`: what evidence says of that.
    `visited`: the one browser visit is spent; `passes`: what that got, or an earlier crawl; `unseen`: why it failed.
    `left`: what everybody is told who still asks; `until`: how long.
    """

    name: str
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    visiting: asyncio.Lock = field(default_factory=asyncio.Lock)
    ways: dict[str, Way | None] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    visited: bool = False
    passes: tuple[Pass, ...] = ()
    unshown: bool = False
    unseen: str = ""
    served: bool = False
    in_vain: int = 0
    left: Nothing | None = None
    until: datetime | None = None
    pause: float = 0.0
    _not_before: float = 0.0

    async def rest(self) -> None:
        """Wait until the host may be asked again."""
        left = self._not_before - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.sleep(left)

    def tire(self, seconds: float = 0.0) -> None:
        """Have it rest from now on: so long, and never less than its robots.txt asks for."""
        until = asyncio.get_running_loop().time() + max(seconds, self.pause)
        self._not_before = max(self._not_before, until)

    def leave(self, words: str, until: datetime | None, reason: str = "portal_blocked") -> None:
        """Ask it for nothing more in this crawl, and for nothing at all until then."""
        if self.left is None:
            self.left = Nothing(reason, f"{self.name} {words}，本轮不再请求")
            self.until = until

    def accept(self, passes: tuple[Pass, ...]) -> None:
        """Keep what a browser visit got; the next plain request shows it."""
        self.passes, self.unshown = passes, bool(passes)

    def show(self) -> tuple[Pass, ...]:
        """What the next plain request has to show: once, the cookie jar keeps it."""
        passes, self.unshown = (self.passes if self.unshown else ()), False
        return passes


def retry_after(said: str, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for: seconds or a date (RFC 9110, 10.2.3); None where it says neither."""
    text = said.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), _LONGEST)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        return None
    return max(timedelta(), min(until - now, _LONGEST))
