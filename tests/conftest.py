"""What the tests of whole rounds share: replica portals, a mailbox and a home that points at them. And their order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from monitor.rehearsal import Stage, stage

#: Files that take longest, the longest first. Begun last, one of them would keep one process busy and the other idle.
LONGEST: Final = ("test_interruptions", "test_round", "test_serve", "test_deciding")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest files begin first: xdist hands out files in the order of collection (--no-loadscope-reorder)."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture
def on(tmp_path: Path) -> Iterator[Stage]:
    """The five replicas with the rehearsed January of 2023's reports, watched by the five agencies' roster."""
    with stage(tmp_path / "home", at="2024-02-08T09:00") as set_stage:
        yield set_stage
