"""The verbs that look: the whole round, and its four steps one at a time."""

from __future__ import annotations

from typing import Final

import click

from monitor.jobs.assess import assess as assess_step
from monitor.jobs.crawl import crawl as crawl_step
from monitor.jobs.home import writing
from monitor.jobs.notify import notify as notify_step
from monitor.jobs.read import read as read_step
from monitor.jobs.round import run_round
from monitor.screen import tell
from monitor.verbs import Call
from monitor.verbs.lists import show_status

_NOT_ALL_LOOKED_AT: Final = 3

_portal = click.option("--portal", "portals", multiple=True, help="只巡查该网站（编号），可重复。")
_year = click.option("--year", type=click.IntRange(2008, 2100), help="报告年度，默认为当前应报的年度。")


@click.command()
@_portal
@_year
@click.pass_obj
def run(call: Call, portals: tuple[str, ...], year: int | None) -> int:
    with call.open() as home:
        result = run_round(home, portals=portals, years=home.years(year), reason="手动巡查", tell=tell)
        show_status(home, home.years(year))
    return 0 if result.all_looked_at else _NOT_ALL_LOOKED_AT


@click.command()
@_portal
@_year
@click.pass_obj
def crawl(call: Call, portals: tuple[str, ...], year: int | None) -> int:
    with call.open() as home, writing(home):
        looks = crawl_step(home, portals=portals, years=home.years(year), tell=tell)
    return 0 if all(look.healthy for look in looks) else _NOT_ALL_LOOKED_AT


@click.command()
@click.pass_obj
def read(call: Call) -> int:
    with call.open() as home, writing(home):
        read_step(home, tell=tell)
    return 0


@click.command()
@_year
@click.pass_obj
def assess(call: Call, year: int | None) -> int:
    with call.open() as home, writing(home):
        assess_step(home, years=home.years(year), tell=tell)
    return 0


@click.command()
@click.pass_obj
def notify(call: Call) -> int:
    with call.open() as home, writing(home):
        notify_step(home, tell=tell)
    return 0
