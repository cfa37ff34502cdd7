"""What the tests of whole rounds share: replica portals, a mailbox and a home that points at them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.rehearsal import Stage, stage


@pytest.fixture
def on(tmp_path: Path) -> Iterator[Stage]:
    """The five replicas with the rehearsed January of 2023's reports, watched by the five agencies' roster."""
    with stage(tmp_path / "home", at="2024-02-08T09:00") as set_stage:
        yield set_stage
