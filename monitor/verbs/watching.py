"""The verbs that show where things stand: each agency's report, what the checks found in it, the rounds to come."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.jobs.planned import upcoming
from monitor.jobs.standing import standing
from monitor.screen import show_table
from monitor.verbs import Call
from monitor.verbs.lists import agency_names, format_option, known_agency, out_option, show_list, show_status
from monitor.views import FINDING_FILE_HEADINGS, FINDING_HEADINGS, finding_row, for_people


@click.command()
@click.option("--year", type=click.IntRange(2008, 2100), help="报告年度，默认为当前应报的年度。")
@format_option
@out_option
@click.pass_obj
def status(call: Call, year: int | None, form: str, out: Path | None) -> int:
    with call.open() as home:
        years = (year,) if year else tuple(sorted({*home.store.years(), *home.years(None)}))
        show_status(home, years, form=form, out=out)
    return 0


@click.command()
@click.option("--year", type=click.IntRange(2008, 2100), help="报告年度。")
@click.option("--agency", help="只看该单位（编号）。")
@click.option("--undecided", is_flag=True, help="只看还没有决定的，包括决定后有变化和暂缓已到期的。")
@format_option
@out_option
@click.pass_obj
def findings(call: Call, year: int | None, agency: str | None, undecided: bool, form: str, out: Path | None) -> int:
    with call.open() as home:
        names = agency_names(home)
        found = standing(home, year=year, agency=known_agency(home, agency))
    rows = [finding_row(stored) for stored in found if not (undecided and stored.decision)]
    show_list(
        rows,
        lambda: for_people(rows, names),
        FINDING_HEADINGS,
        FINDING_FILE_HEADINGS,
        form=form,
        out=out,
        title="问题清单",
    )
    return 0


@click.command()
@click.option("--days", type=click.IntRange(1, 366), default=90, help="看多少天以内的。")
@click.pass_obj
def schedule(call: Call, days: int) -> int:
    with call.open() as home:
        rows = [{"at": f"{item.at:%Y-%m-%d %H:%M}", "reason": item.reason} for item in upcoming(home, days)]
    show_table(rows, {"at": "时间", "reason": "缘由"})
    return 0
