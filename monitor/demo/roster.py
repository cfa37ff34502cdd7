"""Who stands on the replica portals: for each place as many agencies (offices) as asked for.

The first office of each of the five real places is one of the seeds, the second bears nearly its name; the others are
composed. Nothing here knows what they publish or how a site shows it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

from monitor.demo.localities import PLACES, Locality

OFFICES_PER_PORTAL: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An agency as a replica carries it. `official` is its name in titles; `slug` abbreviates it in pinyin.

    `code` has the shape of a unified social-credit code (18 characters); `place` counts from 0 within the portal.
    """

    portal: str
    agency: str
    name: str
    official: str
    slug: str
    code: str
    kind: str
    place: int


#: The real agency of each portal and the one with nearly its name: (name after the place's, pinyin).
_HEADS: Final = {
    "xuecheng": (("商务和投资促进局", "swhtzcjj"), ("商务和投资促进中心", "swhtzcjzx")),
    "qufu": (("投资促进服务中心", "tzcjfwzx"), ("投资促进局", "tzcjj")),
    "boshan": (("投资促进中心", "tzcjzx"), ("投资促进局", "tzcjj")),
    "gaoxin": (("发展改革局", "fzggj"), ("发展改革服务中心", "fzggfwzx")),
    "tongguan": (("招商服务中心", "zsfwzx"), ("招商引资服务中心", "zsyzfwzx")),
}
_USUAL_HEADS: Final = (("发展和改革局", "fzhggj"), ("发展和改革服务中心", "fzhggfwzx"))

_DEPARTMENTS: Final = (
    ("教育和体育局", "jyhtyj"),
    ("民政局", "mzj"),
    ("财政局", "czj"),
    ("农业农村局", "nyncj"),
    ("卫生健康局", "wsjkj"),
    ("应急管理局", "yjglj"),
    ("行政审批服务局", "xzspfwj"),
    ("统计局", "tjj"),
    ("机关事务服务中心", "jgswfwzx"),
    ("住房和城乡建设局", "zfhcxjsj"),
    ("水利局", "slj"),
    ("司法局", "sfj"),
    ("审计局", "sjj"),
    ("科学技术局", "kxjsj"),
    ("交通运输局", "jtysj"),
    ("医疗保障局", "ylbzj"),
    ("文化和旅游局", "whhlyj"),
    ("市场监督管理局", "scjdglj"),
    ("退役军人事务局", "tyjrswj"),
    ("自然资源局", "zrzyj"),
    ("人力资源和社会保障局", "rlzyhshbzj"),
    ("工业和信息化局", "gyhxxhj"),
    ("综合行政执法局", "zhxzzfj"),
    ("信访局", "xfj"),
    ("大数据中心", "dsjzx"),
    ("供销合作社", "gxhzs"),
)
_TOWN_FIRST: Final = tuple(
    zip("石青白柳杨龙凤云清安永兴长金银玉松桃梅枣", "sqblylfyqayxcjyystmz", strict=True),
)
_TOWN_SECOND: Final = tuple(
    zip("桥山河泉庄店湖岭塘沟滩坡屯城林原湾集口坪", "qshqzdhltgtptclywjkp", strict=True),
)


@cache
def offices(portal: str, count: int = OFFICES_PER_PORTAL) -> tuple[Office, ...]:
    """The first `count` agencies of a portal, always the same ones. Raises ValueError where so many cannot be named."""
    locality = PLACES[portal]
    found = []
    taken: set[str] = set()
    for place, (name, slug) in enumerate(islice(_names(portal), count)):
        unique = slug if slug not in taken else f"{slug}{place}"
        taken.add(unique)
        found.append(
            Office(
                portal=portal,
                agency=f"{portal}-{unique}",
                name=locality.short + name,
                official=locality.official + name,
                slug=unique,
                code=_credit_code(locality, name),
                kind=_kind(name),
                place=place,
            )
        )
    if len(found) < count:
        raise ValueError(f"{portal} has names for {len(found)} agencies, not for {count}")
    return tuple(found)


def _names(portal: str) -> Iterator[tuple[str, str]]:
    yield from _HEADS.get(portal, _USUAL_HEADS)
    yield from _DEPARTMENTS
    for suffix, letters in (("镇", "z"), ("街道办事处", "jdbsc"), ("乡", "x")):
        for second, second_letter in _TOWN_SECOND:
            for first, first_letter in _TOWN_FIRST:
                yield first + second + suffix, first_letter + second_letter + letters


def _kind(name: str) -> str:
    if name.endswith(("镇", "乡", "街道办事处")):
        return "township"
    return "institution" if name.endswith(("中心", "社")) else "department"


def _credit_code(locality: Locality, name: str) -> str:
    """12… for institutions, 11… for administrative bodies, then the region and ten characters of their own."""
    digest = hashlib.sha256(f"{locality.portal}/{name}".encode()).hexdigest().upper()
    own = "".join(str(int(mark, 16) % 10) for mark in digest[:9]) + "ABCDEFGHJKLMNPQRTUWXY"[int(digest[10:12], 16) % 21]
    return ("12" if _kind(name) == "institution" else "11") + locality.region + own
