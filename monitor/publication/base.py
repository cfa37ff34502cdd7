"""What rules about publication are: their texts, and all that they may look at. No I/O, no clock.

Such a rule judges how a report was published, not what it says; its input is what rounds saw of portals, the office's
own ledger and the other pages of the report. What it cannot know it is silent about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from monitor.clock import SHANGHAI
from monitor.exchange import Capture
from monitor.model import Look, Obligation, Report, Severity, Sighting, Verdict
from monitor.office import Filing
from monitor.rows import Reading

_LAW: Final = "《中华人民共和国政府信息公开条例》"
#: Departments submit and publish by 31 January, governments publish by 31 March, the report on the year before.
LAW_49: Final = f"{_LAW}第四十九条"
#: Government information is published on the portal or platform, with search, view and download (检索、查阅、下载).
LAW_24: Final = f"{_LAW}第二十四条"
CUSTOM: Final = "巡查惯例（不引用法规条文）"
NOTICE: Final = "本地通知规定的期限"


@dataclass(frozen=True, slots=True)
class PublicationRule:
    """The texts of a rule about publication, each one line of Chinese; `good` and `bad` tell what passes and fails."""

    name: str
    severity: Severity
    verifies: str
    basis: str
    good: str
    bad: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """All that is known of how one report was published.

    `statutory`: the law's last day; a local deadline may be earlier. `looks`: oldest first. `report`: what was read at
    `verdict.report_url`; `pages`: every page of the report as it was last read. `earlier`: report year → the verdict on
    an earlier year's report, as last judged. `names`: the agency's name and aliases. `filing`: what the office's ledger
    says, None where it says nothing.
    """

    obligation: Obligation
    verdict: Verdict
    statutory: date
    sightings: Sequence[Sighting] = ()
    looks: Sequence[Look] = ()
    report: Report | None = None
    pages: Sequence[tuple[Capture, Reading]] = ()
    earlier: Mapping[int, Verdict] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    kind: str = ""
    filing: Filing | None = None

    @property
    def year(self) -> int:
        return self.obligation.year

    @property
    def healthy_looks(self) -> list[Look]:
        return [look for look in self.looks if look.healthy]

    @property
    def reading(self) -> Reading | None:
        """How the page at the report's address was last read."""
        return next((reading for capture, reading in self.pages if capture.url == self.verdict.report_url), None)


def day_of(at: datetime) -> date:
    """The day in China."""
    return at.astimezone(SHANGHAI).date()


def cn(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def cn_time(at: datetime | None) -> str:
    if at is None:
        return ""
    return f"{cn(day_of(at))}{at.astimezone(SHANGHAI):%H:%M}"


def stamp(at: datetime) -> str:
    """A time as a fact of a finding: a decision about one event must not cover the next."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
