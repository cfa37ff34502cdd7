"""The digest: from a situation to one mail for the office, text and HTML. Subject, summary and layout.

It says what was looked at and when, and it claims no more than that: "未见发布" and "未能核查" never mix, and every
sentence is a clue for a person to check, not a judgement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from monitor.alerts.base import new_message_id, one_line
from monitor.alerts.phrases import NAME_LIMIT, moment
from monitor.alerts.sections import erring_reports, news, sections
from monitor.alerts.situation import REVIEW_WORDS, DigestData, Group, Standing, group_of
from monitor.model import OutgoingMessage

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)

_FOOTER: Final = (
    "本邮件由年报监测系统根据公开网页自动生成，是供人工核实的线索，不是考核结论。",
    "“逾期未发布”指期限过后看全了栏目而没有见到报告；“未能核查”指没有看成，不等于没有发布。",
)
#: What the office has to act on, in the order in which it is said.
_CALLS: Final = (Group.OVERDUE, Group.LATE, Group.UNSEEN, Group.REVIEW)
_CALM: Final = (Group.ON_TIME, Group.NOT_DUE)


@dataclass(frozen=True, slots=True)
class YearTotals:
    """How many agencies are in each group for one report year."""

    year: int
    counts: Counter[Group]

    @property
    def owed(self) -> int:
        """How many agencies owe a report (应发布)."""
        return self.counts.total() - self.counts[Group.EXEMPT]


def compose_digest(data: DigestData, *, recipients: tuple[str, ...], sender: str) -> OutgoingMessage | None:
    """The mail of a round, or None where nothing changed that is worth a mail.

    None means: no change at all, or only that an agency was entered on the roster and its report is not due. Such
    events count as told. The same data, recipients and sender give the same message with the same Message-ID.
    """
    if not news(data):
        return None
    totals = _totals(data.standings)
    view = {
        "office": one_line(data.office, limit=NAME_LIMIT),
        "at": moment(data.at),
        "subject": _subject(data, totals),
        "summary": _summary(data, totals),
        "scope": _scope(data.standings),
        "totals": totals,
        "groups": [group for group in (*_CALM[:1], *_CALLS, *_CALM[1:]) if any(year.counts[group] for year in totals)],
        "sections": sections(data),
        "footer": _FOOTER,
    }
    return lay_out(view, "digest", key=data.key, at=data.at, recipients=recipients, sender=sender)


def lay_out(
    view: Mapping[str, Any], kind: str, *, key: str, at: datetime, recipients: tuple[str, ...], sender: str
) -> OutgoingMessage:
    """The message of a view, as the templates `digest.txt` and `digest.html` want it; `kind` and `key` identify it."""
    return OutgoingMessage(
        message_id=new_message_id("\n".join((kind, key, *recipients)), sender=sender),
        channel="email",
        recipients=recipients,
        subject=str(view["subject"]),
        text=_TEMPLATES.get_template("digest.txt").render(view),
        html=_TEMPLATES.get_template("digest.html").render(view),
        created_at=at,
    )


def _totals(standings: Iterable[Standing]) -> list[YearTotals]:
    """The newest report year first."""
    counts: dict[int, Counter[Group]] = {}
    for standing in standings:
        counts.setdefault(standing.year, Counter())[group_of(standing)] += 1
    return [YearTotals(year, counts[year]) for year in sorted(counts, reverse=True)]


def _subject(data: DigestData, totals: list[YearTotals]) -> str:
    """Counts only: no word of a fetched page ever stands in a subject."""
    counts = sum((year.counts for year in totals), Counter[Group]())
    said = [f"{group}{counts[group]}家" for group in _CALLS if counts[group]]
    withdrawn = sum(1 for standing in data.standings if standing.verdict.withdrawn_at)
    erring = len(erring_reports(data))
    said += [f"报告撤下{withdrawn}家"] * bool(withdrawn) + [f"报告有错误{erring}家"] * bool(erring)
    said = said or [f"{group}{counts[group]}家" for group in _CALM if counts[group]] or ["核查情况有变化"]
    return f"〔年报监测〕{_years(totals)}{'、'.join(said)}"


def _years(totals: list[YearTotals]) -> str:
    years = sorted(year.year for year in totals)
    if not years:
        return ""
    shown = "、".join(map(str, years)) if len(years) <= 3 else f"{years[0]}至{years[-1]}"
    return f"{shown}年度："


def _summary(data: DigestData, totals: list[YearTotals]) -> list[str]:
    """One sentence a report year; the first says as of when."""
    sentences = []
    for year in totals:
        said = [f"{group}{year.counts[group]}家" for group in (*_CALM[:1], *_CALLS, *_CALM[1:]) if year.counts[group]]
        sentences.append(f"{year.year}年度应发布{year.owed}家" + (f"：{'，'.join(said)}" if said else "") + "。")
    sentences = sentences or ["本次没有需要核查的单位。"]
    if data.waiting:
        sentences.append(f"另有{data.waiting}份报告不能确定属于哪个单位，待人工认领（nianbao unmatched）。")
    if data.sick_portals:
        sentences.append(f"另有{data.sick_portals}个网站未能正常巡查，已另行通知运维人员。")
    return [f"截至{moment(data.at)}，{sentences[0]}", *sentences[1:]]


def _scope(standings: tuple[Standing, ...]) -> str:
    """What was to be looked at, and how much of it could not be."""
    portals = {standing.portal for standing in standings}
    lost = {standing.portal for standing in standings if standing.look_reason not in ("ok", *REVIEW_WORDS)}
    scope = f"核查范围：{len(portals)}个网站、{len({(s.portal, s.agency) for s in standings})}家单位"
    return scope + (f"，其中{len(lost)}个网站没有看全。" if lost else "，均已看全。")
