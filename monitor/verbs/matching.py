"""The verbs by which people say whose a report is: the list of those that wait, the answer, and taking one in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from monitor.attributions import Answer, AnswerKind
from monitor.jobs.attribute import answered, attribute, unmatched, waiting_id
from monitor.jobs.capture import capture
from monitor.jobs.handed import Words
from monitor.jobs.home import Home
from monitor.rows import SHOWN_ID
from monitor.screen import tell
from monitor.signs import Unmatched
from monitor.verbs import Call
from monitor.verbs.lists import LIST_FORMATS, show_list

_HEADINGS: Final = {
    "short_id": "编号",
    "portal_name": "网站",
    "year_words": "报告年度",
    "title": "标题",
    "named": "所写单位",
    "publisher": "发布机构",
    "candidates_words": "可能的单位",
    "url": "网址",
}
_FILE_HEADINGS: Final = {**_HEADINGS, "column": "栏目", "seen": "最近见到"}
_ANSWER_HEADINGS: Final = {
    "short_id": "编号",
    "day": "时间",
    "by": "认领人",
    "what": "决定",
    "named": "记住的名称",
    "reason": "理由",
    "url": "网址",
}
_NOBODY: Final = "没有写明单位"


def waiting_row(home: Home, one: Unmatched) -> dict[str, Any]:
    """One object of `unmatched --format json`."""
    agencies = home.registry.agencies
    return {
        "id": waiting_id(one.portal, one.url),
        "portal": one.portal,
        "portal_name": home.registry.portals[one.portal].name,
        "url": one.url,
        "title": one.title,
        "named": one.named or None,
        "publisher": one.publisher or None,
        "column": one.column or None,
        "year": one.year,
        "seen_at": one.seen_at.isoformat(),
        "is_read": one.is_read,
        "candidates": [
            {
                "agency": match.agency,
                "name": agencies[match.agency].name,
                "confidence": round(match.confidence, 2),
                "why": match.why,
            }
            for match in one.candidates
        ],
    }


def _words(row: dict[str, Any]) -> dict[str, Any]:
    candidates = [
        f"{one['name']}（{one['agency']}，{one['confidence']:.2f}：{one['why']}）" for one in row["candidates"]
    ]
    return {
        **row,
        "short_id": row["id"][:SHOWN_ID],
        "year_words": row["year"] or "不明",
        "named": row["named"] or _NOBODY,
        "candidates_words": "；".join(candidates) or "没有",
        "seen": row["seen_at"][:16].replace("T", " "),
    }


@click.command()
@click.option("--year", type=click.IntRange(2008, 2100), help="报告年度，默认为所有已巡查的年度。")
@click.option("--all", "strangers", is_flag=True, help="也列出写明了名单以外单位的报告。")
@click.option("--answered", "show_answered", is_flag=True, help="改为列出已作的认领，供查阅和撤回。")
@click.option("--format", "form", type=LIST_FORMATS, default="table", help="输出格式。")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="写入文件而不是屏幕。")
@click.pass_obj
def unmatched_(call: Call, year: int | None, strangers: bool, show_answered: bool, form: str, out: Path | None) -> int:
    with call.open() as home:
        if show_answered:
            rows = [_answer_row(home, answer) for answer in answered(home)]
        else:
            rows = [waiting_row(home, one) for one in unmatched(home, year=year, strangers=strangers)]
    headings = _ANSWER_HEADINGS if show_answered else _HEADINGS
    show_list(
        rows,
        lambda: [_answer_words(row) if show_answered else _words(row) for row in rows],
        headings,
        headings if show_answered else _FILE_HEADINGS,
        form=form,
        out=out,
        title="认领记录" if show_answered else "待认领的报告",
    )
    return 0


def _answer_row(home: Home, answer: Answer) -> dict[str, Any]:
    agency = home.registry.agencies.get(answer.agency)
    return {
        "id": waiting_id(answer.portal, answer.url),
        "portal": answer.portal,
        "url": answer.url,
        "kind": str(answer.kind),
        "agency": answer.agency or None,
        "name": agency.name if agency else answer.agency or None,
        "year": answer.year,
        "named": answer.named or None,
        "by": answer.by,
        "at": answer.at.isoformat(),
        "reason": answer.reason or None,
    }


def _answer_words(row: dict[str, Any]) -> dict[str, Any]:
    year = f"（{row['year']} 年度）" if row["year"] else ""
    what = f"属于{row['name']}{year}" if row["kind"] == AnswerKind.MATCHED else "不属于名单中的单位"
    return {**row, "short_id": row["id"][:SHOWN_ID], "day": row["at"][:16].replace("T", " "), "what": what}


@click.command()
@click.argument("called", metavar="编号|网址")
@click.option("--agency", default="", help="单位编号。")
@click.option("--ignore", is_flag=True, help="不属于名单中的任何单位。")
@click.option("--undo", is_flag=True, help="撤回先前的认领；记录留存备查。")
@click.option("--year", type=click.IntRange(2008, 2100), help="报告年度；报告自己写明时不必填。")
@click.option("--by", default="", help="认领人姓名。")
@click.option("--reason", default="", help="理由。")
@click.pass_obj
def match_(
    call: Call, called: str, agency: str, ignore: bool, undo: bool, year: int | None, by: str, reason: str
) -> int:
    with call.open() as home:
        done = attribute(home, called, agency=agency, ignore=ignore, undo=undo, year=year, by=by, reason=reason)
        name = home.registry.agencies[agency].name if agency else ""
    answer = done.answer
    what = f"属于{name}" if agency else "撤回先前的认领" if undo else "不属于名单中的单位"
    if not done.was_made:
        click.echo(f"未变，{answer.by} 已于 {answer.at.date().isoformat()} 作过同样的认领：{what}　{answer.url}")
        return 0
    lesson = f"；此后本网站上的“{answer.named}”同样处理" if answer.named else ""
    click.echo(f"已记下：{what}{lesson}　{answer.url}")
    return 0


@click.command()
@click.argument("source", metavar="文件|网址")
@click.option("--agency", default="", help="单位编号。")
@click.option("--year", type=click.IntRange(2008, 2100), help="报告年度；报告自己写明时不必填。")
@click.option("--published", default="", help="网页上标注的发布日期，如 2024-01-20；文件里读得出时不必填。")
@click.option("--seen-at", default="", help="本人见到报告的时间，默认为现在；会注明是取证人所述。")
@click.option("--url", default="", help="文件是从哪个网址存下的。")
@click.option("--by", default="", help="取证人姓名。")
@click.option("--note", default="", help="说明，如网站如何拦截。")
@click.option("--force", is_flag=True, help="材料写的是别的单位或年度、读不出、或不在本网站上，核对无误后仍然存入。")
@click.pass_obj
def capture_(call: Call, /, source: str, **words: Any) -> int:
    with call.open() as home:
        done = capture(home, source, Words(**words))
        name = home.registry.agencies[done.agency].name
    what = f"{name}　{done.year} 年度　{done.title}　SHA-256 {done.sha256}"
    if not done.is_new:
        click.echo(f"未变，先前已存入：{what}")
        return 0
    click.echo(f"已存作证据：{what}")
    tell("判定、检查和通知在下一轮更新；也可现在运行 nianbao assess")
    return 0
