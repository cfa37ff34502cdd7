"""Whose report is this? What is known of it against the roster of its portal. Pure; when unsure: None.

    names     how well a found name fits an agency's: exact by construction, never fuzzy
    learned   what earlier reports teach: addresses, columns and codes that belong to one agency alone

The title decides. Where it names no one, the agency's own column, its code or its own corner of the site do, then the
document, then the publisher. Signs that contradict each other decide nothing: a person has to look, and what such a
report could be is what `candidates` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from monitor.matching.names import Fit, abbreviates, alike, apart, best, fit_of
from monitor.model import Agency, Match, Registry
from monitor.text import squash

__all__ = ["MIGHT_BE", "NOBODY", "candidates", "match"]

#: From so much on, a report that waits for a person may be the one that an agency is missing.
MIGHT_BE: Final = 0.3
#: `Match.agency` of a report that a person said is no agency's of the roster.
NOBODY: Final = ""

_CONFIDENCE: Final = {Fit.EXACT: 1.0, Fit.PLACED: 0.95, Fit.BARE: 0.85}
_WHY: Final = {
    Fit.EXACT: "名称或别名一致",
    Fit.PLACED: "名称一致，仅地名详略不同",
    Fit.BARE: "简称在本网站只对应一个单位",
}
_SELF: Final = re.compile("[我本](局|委|办|中心|单位|机关|部门|镇|乡|街道|区|市|县|院|站|所|会)?")
_GOVERNMENT: Final = re.compile("(政府|[省市区县旗州盟])$")
_NONE: Final[Mapping[str, Match]] = MappingProxyType({})


def match(
    registry: Registry,
    portal_id: str,
    *,
    title_agency: str,
    publisher: str = "",
    column_agency: str = "",
    body_agency: str = "",
    sure: Sequence[Match] = (),
    learned: Sequence[Match] = (),
    answers: Mapping[str, Match] = _NONE,
) -> Match | None:
    """The agency of the portal whose report this is, or None where that is not sure.

    `title_agency`: whom the title names; `publisher`: whom the page gives as its publisher; `body_agency`: whom the
    document names in its own title or signature; `column_agency`: the id of the agency in whose own column it was
    found. `sure`, `learned`: further signs, by the registry (a code) and by earlier reports. `answers`: squashed name →
    whose it is on this portal, as a person said; it never overrules the roster's own names.
    """
    roster = _roster(registry, portal_id)
    owner = next((agency for agency in roster if agency.agency == column_agency), None)
    sure = (*_column_sign(owner), *sure)
    pointed = _pointed(roster, (*sure, *learned))
    if _names_someone(title_agency, pointed):
        return _by_title(roster, squash(title_agency), sure, answers, (body_agency, publisher))
    if sure or learned:
        return _by_signs(roster, pointed, (*sure, *learned), body_agency)
    return _by_document(roster, body_agency, publisher, answers)


def candidates(
    registry: Registry,
    portal_id: str,
    *,
    title_agency: str,
    publisher: str = "",
    column_agency: str = "",
    body_agency: str = "",
    sure: Sequence[Match] = (),
    learned: Sequence[Match] = (),
) -> list[Match]:
    """The agencies that a report without a match could be of, the likeliest first; below `MIGHT_BE` none of them is."""
    roster = _roster(registry, portal_id)
    owner = next((agency for agency in roster if agency.agency == column_agency), None)
    told = squash(title_agency)
    found = [*_by_names(roster, told, squash(body_agency), squash(publisher))]
    # The area government's report is often linked from its agencies' columns.
    weight = 0.2 if _GOVERNMENT.search(told) else 0.5
    found += [Match(sign.agency, min(sign.confidence, weight), sign.why) for sign in (*_column_sign(owner), *sure)]
    found += [Match(sign.agency, min(sign.confidence, weight, 0.4), sign.why) for sign in learned]
    likeliest: dict[str, Match] = {}
    for one in found:
        before = likeliest.get(one.agency)
        if before is None:
            likeliest[one.agency] = one
        elif one.why not in before.why:
            likeliest[one.agency] = Match(
                one.agency, max(one.confidence, before.confidence), f"{before.why}；{one.why}"
            )
    return sorted(likeliest.values(), key=lambda one: (-one.confidence, one.agency))


def _roster(registry: Registry, portal_id: str) -> list[Agency]:
    return [agency for agency in registry.agencies.values() if agency.portal == portal_id]


def _column_sign(owner: Agency | None) -> tuple[Match, ...]:
    return (Match(owner.agency, 0.8, "位于该单位的栏目"),) if owner else ()


def _pointed(roster: Iterable[Agency], signs: Iterable[Match]) -> Agency | None:
    """The one agency that all signs point to."""
    ids = {sign.agency for sign in signs}
    return next((agency for agency in roster if ids == {agency.agency}), None)


def _names_someone(name: str, owner: Agency | None) -> bool:
    """Whether a title's name tells agencies apart: neither empty nor 我局, nor 中心 in that centre's own column."""
    told = squash(name)
    if not told or _SELF.fullmatch(told):
        return False
    if owner is None or fit_of(told, owner) is not Fit.NONE:
        return True
    return not any(squash(name).endswith(told) for name in (owner.name, *owner.aliases))


def _by_title(
    roster: list[Agency], told: str, sure: Sequence[Match], answers: Mapping[str, Match], others: tuple[str, str]
) -> Match | None:
    body, publisher = others
    fitting, fit = best(roster, told)
    signed = {sign.agency for sign in sure}
    if len(fitting) > 1:  # a bare name that several bear: whatever else names one of them decides
        fitting = [one for one in fitting if one.agency in signed] or _first_named(fitting, body, publisher)
    if len(fitting) != 1:
        answer = answers.get(told)
        return answer if answer and (answer.agency == NOBODY or signed <= {answer.agency}) else None
    agency = fitting[0]
    if signed - {agency.agency}:
        # One of the two is wrong, and nobody knows which; but a government's report is linked from many columns.
        linked = fit is not Fit.BARE and _posts_for_all(agency)
        names = "、".join(one.name for one in roster if one.agency in signed)
        return Match(agency.agency, 0.8, f"标题：{_WHY[fit]}；但所在栏目属于{names}") if linked else None
    named, _ = best(roster, squash(body))
    if len(named) == 1 and named[0] is not agency:
        return Match(agency.agency, 0.7, f"标题：{_WHY[fit]}；但正文写的是{named[0].name}")
    return Match(agency.agency, _CONFIDENCE[fit], f"标题：{_WHY[fit]}")


def _by_signs(roster: list[Agency], pointed: Agency | None, signs: Sequence[Match], body: str) -> Match | None:
    """By where it stands and the code it bears, where all of that, and the document, agrees."""
    named, _ = best(roster, squash(body))
    if pointed is None or (len(named) == 1 and named[0] is not pointed):
        return None
    surest = max(signs, key=lambda sign: sign.confidence)
    if named == [pointed]:
        return Match(pointed.agency, max(0.95, surest.confidence), f"{surest.why}，正文名称一致")
    return Match(pointed.agency, surest.confidence, f"{surest.why}，标题未写单位")


def _by_document(roster: list[Agency], body: str, publisher: str, answers: Mapping[str, Match]) -> Match | None:
    """By what the document says of itself, else by a publisher who posts for no one else."""
    if squash(body) and not _SELF.fullmatch(squash(body)):
        fitting, fit = best(roster, squash(body))
        if len(fitting) == 1:
            return Match(fitting[0].agency, 0.85 * _CONFIDENCE[fit], f"正文：{_WHY[fit]}")
        return answers.get(squash(body))
    fitting, fit = best(roster, squash(publisher))
    if not fitting:
        return answers.get(squash(publisher))
    if len(fitting) != 1 or _posts_for_all(fitting[0]):
        return None
    return Match(fitting[0].agency, 0.6 * _CONFIDENCE[fit], f"发布机构：{_WHY[fit]}")


def _posts_for_all(agency: Agency) -> bool:
    """Governments and their offices stand as publisher of everything on a portal."""
    return agency.kind == "government" or apart(agency.name)[1] in ("政府", "政府办")


def _first_named(fitting: list[Agency], *names: str) -> list[Agency]:
    found = (best(fitting, squash(name))[0] for name in names)
    return next((named for named in found if len(named) == 1), [])


def _by_names(roster: list[Agency], told: str, body: str, publisher: str) -> Iterable[Match]:
    """What the names of an unmatched report make possible."""
    for agency in roster:
        if (fit := fit_of(told, agency)) is not Fit.NONE:
            yield Match(agency.agency, 0.6, f"标题：{_CAUTIOUS[fit]}")
        elif told and abbreviates(told, agency):
            yield Match(agency.agency, 0.4, "标题中的名称可能是该单位的简称")
        elif told and alike(told, agency):
            yield Match(agency.agency, 0.2, "标题中的名称与该单位相近，但不是同一名称")
        if fit_of(body, agency) is not Fit.NONE:
            yield Match(agency.agency, 0.5, "正文写的是该单位")
        if fit_of(publisher, agency) is not Fit.NONE and not _posts_for_all(agency):
            yield Match(agency.agency, 0.2, "发布机构是该单位")


_CAUTIOUS: Final = {**_WHY, Fit.BARE: "简称与该单位相符"}
