"""The verbs of the command line, a module a theme; `monitor.cli` says which is where and loads it when it is called.

So a verb pays for what it imports and for no other. Here stands what all of them are given; it is loaded always.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.jobs.home import Home


@dataclass(frozen=True, slots=True)
class Call:
    """The global options of one call."""

    home: Path | None
    now: str

    def open(self) -> AbstractContextManager[Home]:
        from monitor.jobs.home import open_home  # the registry, the database: not every verb needs a home

        return open_home(self.home, self.now)
