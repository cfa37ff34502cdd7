"""Whose report is this? A page's words against the roster of its portal. Pure.

Exact by construction, never fuzzy: 促进局 is not 促进中心, and 招商服务中心 exists in every district. A name fits an
agency if it is its name or an alias, or has the same core after a place that agrees with the agency's own. Only the
roster's names are taken apart into places and core; a found name is only ever compared with them. When unsure: None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Final

from monitor.model import Agency, Registry
from monitor.text import squash


@dataclass(frozen=True, slots=True)
class Match:
    """The agency (id) that a report belongs to. `confidence`: 0 to 1; `why`: the evidence, in Chinese."""

    agency: str
    confidence: float
    why: str


class Fit(IntEnum):
    """How well a found name fits an agency, best first by value."""

    NONE = 0
    BARE = 1  # 投资促进中心, 区投资促进中心: true of any district's
    PLACED = 2  # 淄博市 + 博山区投资促进中心
    EXACT = 3


_CONFIDENCE: Final = {Fit.EXACT: 1.0, Fit.PLACED: 0.95, Fit.BARE: 0.85}
_WHY: Final = {
    Fit.EXACT: "名称或别名一致",
    Fit.PLACED: "名称一致，仅地名详略不同",
    Fit.BARE: "简称在本网站只对应一个单位",
}

#: Abbreviations that official names are written with; both sides are brought to the short form.
_SHORT: Final = (
    (re.compile("高新技术产业开发区"), "高新区"),
    (re.compile("经济技术开发区|经济开发区"), "经开区"),
    (re.compile("市(?=高新区|经开区|开发区)"), ""),
    (re.compile("商务和投资促进局"), "商促局"),
    (re.compile("发展和?改革"), "发改"),
    (re.compile("人民政府"), "政府"),
    (re.compile("政府办公室$"), "政府办"),
    (re.compile("管理委员会$"), "管委会"),
    (re.compile("委员会$"), "委"),
    (re.compile("街道(办事处|办)$"), "街道"),
    (re.compile("(?<=[镇乡])政府$"), ""),
)
#: A place: a stem of two characters or more (城市, 社区 are none) and its level; a few stems have one (沛县, 郊区).
_PLACE: Final = re.compile("[郊城矿]区|[\u4e00-\u9fff]县|[\u4e00-\u9fff]{2,15}?[省市州盟区县旗]")
#: Levels from the top: a name lists its places downwards. A city may stand under a city (济宁市曲阜市).
_PROVINCE, _CITY, _COUNTY, _ZONE = range(4)
_RANKS: Final = (
    (_PROVINCE, ("省", "自治区", "特别行政区")),
    (_CITY, ("市", "州", "盟", "地区")),
    (_ZONE, ("高新区", "经开区", "开发区", "园区", "新区")),
    (_COUNTY, ("区", "县", "旗")),
)
#: How a body calls its own place without naming it: 区投资促进中心.
_LEVELS: Final = ("高新区", "经开区", "开发区", "新区", "省", "市", "州", "盟", "区", "县", "旗")
#: Cores that say nothing without their place.
_HOLLOW: Final = frozenset({"政府", "政府办", "管委会", "委", "中心", "服务中心", "办公室", "管理局", "管理处"})
_SELF: Final = re.compile("[我本](局|委|办|中心|单位|机关|部门|镇|乡|街道|区|市|县|院|站|所|会)?")


def match(
    registry: Registry,
    portal_id: str,
    *,
    title_agency: str,
    publisher: str = "",
    column_agency: str = "",
    body_agency: str = "",
) -> Match | None:
    """The agency of the portal whose report this is, or None where that is not sure.

    `title_agency`: whom the title names; `publisher`: whom the page gives as its publisher; `body_agency`: whom the
    document names in its own title or signature; `column_agency`: the id of the agency in whose own column it was
    found. The title decides. Where it names no one, the column does, then the document, then the publisher.
    """
    roster = [agency for agency in registry.agencies.values() if agency.portal == portal_id]
    owner = next((agency for agency in roster if agency.agency == column_agency), None)
    if _names_someone(title_agency, owner):
        return _by_title(roster, squash(title_agency), owner, body_agency, publisher)
    if owner is not None:
        return _by_column(roster, owner, body_agency)
    return _by_document(roster, body_agency, publisher)


def _names_someone(name: str, owner: Agency | None) -> bool:
    """Whether a title's name tells agencies apart: neither empty nor 我局, nor 中心 in that centre's own column."""
    told = squash(name)
    if not told or _SELF.fullmatch(told):
        return False
    if owner is None or _fit(told, owner) is not Fit.NONE:
        return True
    return not any(squash(name).endswith(told) for name in (owner.name, *owner.aliases))


def _by_title(roster: list[Agency], told: str, owner: Agency | None, body: str, publisher: str) -> Match | None:
    fitting, fit = _best(roster, told)
    if len(fitting) > 1:  # a bare name that several bear: whatever else names one of them decides
        fitting = [owner] if owner is not None and owner in fitting else _first_named(fitting, body, publisher)
    if len(fitting) != 1:
        return None
    agency = fitting[0]
    if owner is not None and agency is not owner:
        # A plain name in another's column is that agency's report; a short form there is too little.
        if fit is Fit.BARE:
            return None
        return Match(agency.agency, 0.8, f"标题：{_WHY[fit]}；但所在栏目属于{owner.name}")
    named, _ = _best(roster, squash(body))
    if len(named) == 1 and named[0] is not agency:
        return Match(agency.agency, 0.7, f"标题：{_WHY[fit]}；但正文写的是{named[0].name}")
    return Match(agency.agency, _CONFIDENCE[fit], f"标题：{_WHY[fit]}")


def _by_column(roster: list[Agency], owner: Agency, body: str) -> Match:
    named, _ = _best(roster, squash(body))
    if named == [owner]:
        return Match(owner.agency, 0.95, "位于该单位的栏目，正文名称一致")
    if len(named) == 1:
        return Match(owner.agency, 0.5, f"位于该单位的栏目；但正文写的是{named[0].name}")
    return Match(owner.agency, 0.8, "位于该单位的栏目，标题未写单位")


def _by_document(roster: list[Agency], body: str, publisher: str) -> Match | None:
    """By what the document says of itself, else by a publisher who posts for no one else."""
    if squash(body) and not _SELF.fullmatch(squash(body)):
        fitting, fit = _best(roster, squash(body))
        return Match(fitting[0].agency, 0.85 * _CONFIDENCE[fit], f"正文：{_WHY[fit]}") if len(fitting) == 1 else None
    fitting, fit = _best(roster, squash(publisher))
    if len(fitting) != 1 or _posts_for_all(fitting[0]):
        return None
    return Match(fitting[0].agency, 0.6 * _CONFIDENCE[fit], f"发布机构：{_WHY[fit]}")


def _posts_for_all(agency: Agency) -> bool:
    """Governments and their offices stand as publisher of everything on a portal."""
    return agency.kind == "government" or _apart(agency.name)[1] in ("政府", "政府办")


def _first_named(fitting: list[Agency], *names: str) -> list[Agency]:
    best = (_best(fitting, squash(name))[0] for name in names)
    return next((named for named in best if len(named) == 1), [])


# ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _best(roster: Iterable[Agency], told: str) -> tuple[list[Agency], Fit]:
    """The agencies that a squashed name fits best, and how well; none for an empty name."""
    fits = [(_fit(told, agency), agency) for agency in roster]
    best = max((fit for fit, _ in fits), default=Fit.NONE)
    return [agency for fit, agency in fits if fit is best is not Fit.NONE], best


def _fit(told: str, agency: Agency) -> Fit:
    names = (agency.name, *agency.aliases)
    if not told:
        return Fit.NONE
    if told in map(squash, names):
        return Fit.EXACT
    known = [_apart(name) for name in names]
    home = max((places for places, _ in known), key=len)
    short = _shorten(told)
    return max(_fit_known(short, places, core, home) for places, core in known)


def _fit_known(told: str, places: tuple[str, ...], core: str, home: tuple[str, ...]) -> Fit:
    """How a short name fits one of an agency's names, whose `home` is the longest row of places it is known by."""
    if not told.endswith(core):
        return Fit.NONE
    place = told.removesuffix(core)
    if place == "":
        return Fit.NONE if core in _HOLLOW else Fit.BARE
    if place in {"".join(places), *("".join(home[start:]) for start in range(len(home)))}:
        return Fit.PLACED
    if home and place == _level(home[-1]):
        return Fit.BARE
    # More places than the roster writes: 淄博市 before 博山区; but never 枣庄市 before what is known as 淄博市博山区.
    written = _places(place)
    longer = len(written) > len(home) > 0 and written[-len(home) :] == home
    return Fit.PLACED if longer and "".join(written) == place else Fit.NONE


def _level(place: str) -> str:
    return next((level for level in _LEVELS if place.endswith(level)), "")


@lru_cache(maxsize=4096)
def _shorten(name: str) -> str:
    """A squashed name with the fixed abbreviations; a place alone stands for its government (or committee)."""
    for pattern, short in _SHORT:
        name = pattern.sub(short, name)
    places = _places(name)
    if places and "".join(places) == name:
        return name + ("管委会" if _rank(places[-1]) == _ZONE else "政府")
    return name


@lru_cache(maxsize=4096)
def _apart(name: str) -> tuple[tuple[str, ...], str]:
    """A roster name as its places, from the top, and its core: ((淄博市, 博山区), 投资促进中心)."""
    short = _shorten(squash(name))
    places = _places(short)
    return places, short.removeprefix("".join(places))


def _places(text: str) -> tuple[str, ...]:
    """The places that a text begins with, each below the one before it."""
    found: list[str] = []
    at, above = 0, -1
    while match := _PLACE.match(text, at):
        rank = _rank(match[0])
        if rank < above or (rank == above and rank != _CITY):
            break
        found.append(match[0])
        at, above = match.end(), rank
    return tuple(found)


def _rank(place: str) -> int:
    return next(rank for rank, endings in _RANKS if place.endswith(endings))
