"""A government's report is held against its agencies' in a round, and what was found outlives a recheck."""

from __future__ import annotations

from pathlib import Path

from monitor.jobs.assess import assess
from monitor.jobs.recheck import recheck
from tests.rolled import YEAR, Body, area, blank_report


def test_a_round_finds_it_and_a_recheck_keeps_it(tmp_path: Path) -> None:
    bodies = [
        Body("a", "薛城区甲局", reports=(blank_report(3),)),
        Body("b", "薛城区乙局", reports=(blank_report(4),)),
        Body("gov", "薛城区人民政府", kind="government", reports=(blank_report(6),)),
    ]
    with area(tmp_path, bodies) as home:

        def found() -> set[tuple[str, str, str]]:
            return {
                (stored.agency, stored.finding.subject, str(stored.finding.severity))
                for stored in home.store.findings(year=YEAR)
                if stored.finding.rule == "rollup_mismatch"
            }

        assess(home, years=(YEAR,))
        expected = {
            ("gov", "disclosure", "hint"),
            ("gov", "requests", "warning"),
            ("gov", "remedies", "hint"),
        }
        assert found() == expected
        recheck(home)
        assert found() == expected
