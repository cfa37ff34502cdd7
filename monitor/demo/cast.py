"""What the replica portals carry when nothing else is asked for: earlier years, decoys, and one rehearsed January.

All of it is composed, and the same in every run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Final

from monitor.clock import SHANGHAI
from monitor.demo.compose import compose
from monitor.demo.localities import LOCALITIES, PLACES
from monitor.demo.manners import as_published, lookalikes
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import OFFICES_PER_PORTAL, Office, offices

FIRST_YEAR: Final = 2019


@dataclass(frozen=True, slots=True)
class _Part:
    """What an agency does in the rehearsal. `day` of the year after the report year, None: it never publishes.

    `claimed`, `changed`, `withdrawn` are days too.
    """

    day: tuple[int, int] | None
    defects: tuple[str, ...] = ()
    claimed: tuple[int, int] | None = None
    changed: tuple[int, int] | None = None
    withdrawn: tuple[int, int] | None = None


#: portal → place of the agency on it → its part. All others publish rightly between 4 and 30 January.
_PARTS: Final = {
    "xuecheng": {
        0: _Part((1, 16)),
        1: _Part((1, 12), ("period_missing",)),
        2: _Part((1, 19), ("title_form",)),
    },
    "qufu": {
        0: _Part((2, 2)),
        1: _Part((1, 17), ("contact_missing",)),
        2: _Part((1, 24), changed=(2, 6)),
    },
    "boshan": {
        0: _Part((1, 23), ("parts_exceed_whole",)),
        1: _Part((1, 11), ("section_missing",)),
        2: _Part((2, 4), claimed=(1, 30)),
    },
    "gaoxin": {
        0: _Part((1, 30), ("t3_identity",)),
        1: _Part((1, 18), ("title_year",)),
        2: _Part((1, 9), ("t4_sum", "heading_form")),
    },
    "tongguan": {
        0: _Part(None),
        1: _Part((1, 25), ("table_missing",)),
        2: _Part((1, 22), withdrawn=(2, 7)),
    },
}
_USUAL_PARTS: Final = {
    3: _Part((2, 5)),
    4: _Part(None),
    5: _Part((1, 22), withdrawn=(2, 7)),
    6: _Part((1, 24), changed=(2, 6)),
}


def january(
    year: int, count: int = OFFICES_PER_PORTAL, portals: Iterable[str] = tuple(LOCALITIES)
) -> tuple[Publication, ...]:
    """The reports for `year`, as published in the rehearsed January and February of the year after.

    Of the five real agencies:

    | agency                 | publishes   | what it shows                                                 |
    |------------------------|-------------|---------------------------------------------------------------|
    | 薛城区商务和投资促进局 | 16 January  | on time, nothing wrong                                        |
    | 曲阜市投资促进服务中心 | 2 February  | late by two days                                              |
    | 博山区投资促进中心     | 23 January  | on time; parts of a sum exceed the whole (parts_exceed_whole) |
    | 淄博高新区发展改革局   | 30 January  | on time; table 3 does not add up (t3_identity)                |
    | 铜官区招商服务中心     | never       | overdue from 1 February                                       |

    The second and third agency of each portal: period_missing, title_form (薛城区); contact_missing, a body replaced on
    6 February (曲阜市); section_missing, published on 4 February but dated 30 January (博山区); title_year, t4_sum with
    heading_form (高新区); table_missing, withdrawn on 7 February (铜官区). On each of the further portals the fourth is
    late (5 February), the fifth never publishes, the sixth withdraws its report on 7 February and the seventh changes
    it on 6 February. All others are on time and right.
    """
    return tuple(
        publication
        for portal in portals
        for office in offices(portal, count)
        for publication in _rehearsed(office, year)
    )


@cache
def history(portal: str, year: int, count: int = OFFICES_PER_PORTAL) -> tuple[Publication, ...]:
    """The reports of a portal's agencies for the years from 2019 to the one before `year`: on time and right.

    Some appeared a few days after the date that they state, as happens.
    """
    return tuple(
        publication
        for past in range(FIRST_YEAR, year)
        for office in offices(portal, count)
        for publication in as_published(_past(office, past), office)
    )


@cache
def decoys(portal: str, year: int, count: int = OFFICES_PER_PORTAL) -> tuple[Publication, ...]:
    """What is no agency's annual report, for the years from 2019 to `year`, on one portal.

    In the annual-report columns: 图解, 解读, 图片版, 法治政府建设年度报告, 政府网站工作年度报表, and the area
    government's own report (in March); elsewhere budgets, final accounts, work summaries and news.
    """
    return tuple(
        publication
        for past in range(FIRST_YEAR, year + 1)
        for publication in _beside(portal, past, offices(portal, count))
    )


def _rehearsed(office: Office, year: int) -> Iterator[Publication]:
    part = _PARTS.get(office.portal, _USUAL_PARTS).get(office.place)
    if part is None:
        yield from as_published(_past(office, year, claims=False), office)
        return
    if part.day is None:
        return
    published = _moment(year, part.day, office)
    signed = min(part.claimed or part.day, part.day)
    report = compose(office.official, year, defects=part.defects, signed_on=date(year + 1, *signed) - timedelta(days=2))
    changes: tuple[tuple[datetime, str], ...] = ()
    if part.changed is not None:
        note = "<p>（本报告于发布后补充了联系方式和说明。）</p>"
        changes = ((_moment(year, part.changed, office), report.body + note),)
    rehearsed = Publication(
        portal=office.portal,
        agency=office.name,
        year=year,
        published=published,
        title=report.title,
        body=report.body,
        changes=changes,
        withdrawn=_moment(year, part.withdrawn, office) if part.withdrawn else None,
        claimed=_moment(year, part.claimed, office) if part.claimed else None,
    )
    yield from as_published(rehearsed, office)


def _past(office: Office, year: int, *, claims: bool = True) -> Publication:
    """A report published rightly and in time. `claims`: in one of six the stated date is some days before."""
    dice = Random(f"{office.agency}|{year}|published")
    published = _moment(year, (1, dice.randint(8, 30)), office)
    off = timedelta(days=dice.choice((0, 0, 0, 0, 1, 4))) if claims else timedelta()
    report = compose(office.official, year, signed_on=published.date() - off - timedelta(days=dice.randint(1, 4)))
    return Publication(
        portal=office.portal,
        agency=office.name,
        year=year,
        published=published,
        title=report.title,
        body=report.body,
        claimed=published - off if off else None,
    )


def _moment(year: int, day: tuple[int, int], office: Office) -> datetime:
    """A working hour of a day in the year after the report year."""
    dice = Random(f"{office.agency}|{year}|{day}")
    return datetime(year + 1, *day, dice.randint(9, 17), dice.randint(0, 59), dice.randint(0, 59), tzinfo=SHANGHAI)


def _beside(portal: str, year: int, carried: tuple[Office, ...]) -> Iterator[Publication]:
    """One year's decoys; each stands with an agency of its own choosing, the real one and its near-namesake first."""
    first, second, *others = carried
    report = f"{year}年政府信息公开工作年度报告"
    area = PLACES[portal]
    law = others[0] if others else second
    lines = (
        (Place.BESIDE, first, (1, 9), f"图解：{first.official}{report}", _PICTURE),
        (Place.BESIDE, first, (1, 20), f"{first.official}{year}年法治政府建设年度报告", _OTHER),
        (Place.BESIDE, second, (1, 15), f"《{second.official}{report}》解读", _EXPLAINED),
        (Place.BESIDE, second, (1, 15), f"{second.official}{report}（图片版）", _PICTURE),
        (Place.BESIDE, law, (1, 10), f"{law.official}{year}年政府网站工作年度报表", _OTHER),
        (Place.FINANCE, first, (2, 10), f"{first.official}{year + 1}年部门预算", _OTHER),
        (Place.FINANCE, second, (8, 20), f"{second.official}{year}年度部门决算", _OTHER),
        (Place.NEWS, first, (1, 8), f"{first.official}{year}年工作总结和{year + 1}年工作打算", _OTHER),
        *((place, office, day, title, _OTHER) for place, office, day, title in lookalikes(portal, year, carried)),
    )
    for place, office, day, title, body in lines:
        yield Publication(
            portal=portal,
            agency=office.name,
            year=year,
            published=_moment(year, day, office),
            title=title,
            body=body.format(agency=office.official, year=year),
            attachment=(f"{title}.pdf", _PDF) if place is Place.FINANCE else None,
            place=place,
        )
    government = compose(area.government, year, signed_on=date(year + 1, 3, 20))
    yield Publication(
        portal=portal,
        agency="",
        year=year,
        published=_moment(year, (3, 22), first),
        title=government.title,
        body=government.body,
        place=Place.GOVERNMENT,
    )
    for month in range(1, 13):
        office = carried[month % len(carried)]
        yield Publication(
            portal=portal,
            agency=office.name,
            year=year,
            published=_moment(year, (month, 5 + month), office),
            title=f"{office.name}{_NEWS[month % len(_NEWS)]}",
            body=_OTHER.format(agency=office.official, year=year + 1),
            place=Place.NEWS,
        )


_PICTURE: Final = '<p style="text-align:center"><img src="/images/{year}.png" alt="{agency}{year}年数据一览"></p>'
_EXPLAINED: Final = (
    "<p>{agency}的年度报告由六个部分组成，本文介绍其中的主要数据怎样得来。</p><p>数据截至{year}年底。</p>"
)
_OTHER: Final = "<p>{agency}{year}年的有关工作按计划进行，任务已经完成。</p><p>详细情况可向办公室了解。</p>"
_NEWS: Final = (
    "召开月度工作会议",
    "到企业走访了解需求",
    "组织业务知识学习",
    "开展安全检查",
    "举办政务公开开放日活动",
    "部署政府信息公开年度报告编制工作",
    "走进社区宣传惠民政策",
)
#: A PDF file of one empty page.
_PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
