"""How well a found name fits an agency's: exact by construction, never fuzzy. Pure.

促进局 is not 促进中心, and 招商服务中心 exists in every district. A name fits an agency if it is its name or an alias,
or has the same core after a place that agrees with the agency's own. Only the roster's names are taken apart into
places and core; a found name is only ever compared with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from typing import Final

from monitor.model import Agency
from monitor.text import squash


class Fit(IntEnum):
    """How well a found name fits an agency, best first by value."""

    NONE = 0
    BARE = 1  # 投资促进中心, 区投资促进中心: true of any district's
    PLACED = 2  # 淄博市 + 博山区投资促进中心
    EXACT = 3


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
#: How names of bodies end that are told apart by nothing else: 投资促进局, 投资促进中心.
_ENDING: Final = re.compile("(管理|服务|事务|发展)*(局|委|委员会|中心|办公室|办|处|站|所|院)$")


def best(roster: Iterable[Agency], told: str) -> tuple[list[Agency], Fit]:
    """The agencies that a squashed name fits best, and how well; none for an empty name."""
    fits = [(fit_of(told, agency), agency) for agency in roster]
    top = max((fit for fit, _ in fits), default=Fit.NONE)
    return [agency for fit, agency in fits if fit is top is not Fit.NONE], top


def fit_of(told: str, agency: Agency) -> Fit:
    names = (agency.name, *agency.aliases)
    if not told:
        return Fit.NONE
    if told in map(squash, names):
        return Fit.EXACT
    known = [apart(name) for name in names]
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
def apart(name: str) -> tuple[tuple[str, ...], str]:
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


def abbreviates(short: str, agency: Agency) -> bool:
    """Whether a squashed name could be a short form of an agency's (商促局 for 商务和投资促进局): its marks in turn."""
    return any(_is_within(short, squash(name)) for name in (agency.name, *agency.aliases))


def _is_within(short: str, full: str) -> bool:
    if short[-1:] != full[-1:]:
        return False
    marks = iter(full)
    return all(mark in marks for mark in short)


def alike(told: str, agency: Agency) -> bool:
    """Whether a squashed name is of the same place and differs in how it ends only: a neighbour, or the old name."""
    short = _shorten(told)
    for name in (agency.name, *agency.aliases):
        places, core = apart(name)
        stem = _ENDING.sub("", core)
        rest = short.removeprefix("".join(_places(short)))
        here = _places(short)
        if len(stem) > 1 and _ENDING.sub("", rest) == stem and (not here or here[-1:] == places[-1:]):
            return True
    return False
