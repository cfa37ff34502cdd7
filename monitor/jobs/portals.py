"""How each portal is watched and how well, from what is stored. Reads only; `nianbao portals`, the web page and the
operator's mail all show this."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from monitor.clock import day_start
from monitor.exchange import FoundColumn, KnownList
from monitor.jobs.claims import claims_of
from monitor.jobs.home import Home
from monitor.jobs.judge import Judged, coverage_of, judge_all
from monitor.model import Agency, Portal, Registry
from monitor.portals import ColumnState, PortalState
from monitor.rows import StoredLook

#: The reason of an agency for which no column was found.
HOMELESS = "column_not_found"


def portal_states(
    home: Home, ids: Collection[str] = (), *, columns: bool = False, judged: Collection[Judged] | None = None
) -> list[PortalState]:
    """The portals (none named: all of the registry) as they stand now, in the registry's order.

    `columns`: each with its columns, which takes longer. `judged`: the judgements of now where the caller has them.
    """
    portals = [portal for key, portal in home.registry.portals.items() if not ids or key in ids]
    if judged is None:
        chosen = {portal.portal for portal in portals}
        agencies = {key: agency for key, agency in home.registry.agencies.items() if agency.portal in chosen}
        narrow = replace(home, registry=Registry(home.registry.portals, agencies))
        judged = list(judge_all(narrow, home.years(None), home.now()))
    homeless = homeless_agencies(judged)
    return [_state(home, portal, homeless, columns=columns) for portal in portals]


def homeless_agencies(judged: Iterable[Judged]) -> dict[str, str]:
    """Agency id → name, of those for which the last look found no column where their report would stand.

    One for whom nothing was looked at, though the portal was, has none either: each that was found is another's own.
    """
    judged = list(judged)
    looked_at = {(item.agency.portal, item.obligation.year) for item in judged if item.looks}
    return {item.agency.agency: item.agency.name for item in judged if _is_homeless(item, looked_at)}


def _is_homeless(item: Judged, looked_at: Collection[tuple[str, int]]) -> bool:
    if item.looks:
        return item.looks[-1].reason == HOMELESS
    return not item.agency.column and (item.agency.portal, item.obligation.year) in looked_at


def _state(home: Home, portal: Portal, homeless: dict[str, str], *, columns: bool) -> PortalState:
    store, now, key = home.store, home.now(), portal.portal
    here = [agency for agency in home.registry.agencies.values() if agency.portal == key]
    healthy, reason, since = store.portal_state(key) or (False, "never_looked", None)
    crawl = store.last_crawl(key, now)
    until, blocked, _ = store.courtesy(key)
    is_left = until is not None and now < until
    looks = store.newest_looks(key, now)
    return PortalState(
        portal=key,
        name=portal.name,
        home=portal.home,
        agencies=len(here),
        healthy=healthy,
        reason=reason,
        detail=next((look.detail for look in looks if not look.healthy and look.reason == reason), ""),
        since=since,
        looked_at=crawl.started_at if crawl else None,
        requests=crawl.requests if crawl else 0,
        today=store.requests_since(key, day_start(now)),
        budget=home.settings.daily_requests,
        blocked_until=until if is_left else None,
        blocked=blocked if is_left else "",
        columns=tuple(_columns(home, portal, here, looks)) if columns else (),
        homeless=tuple((agency.agency, agency.name) for agency in here if agency.agency in homeless),
    )


def _columns(home: Home, portal: Portal, here: list[Agency], looks: list[StoredLook]) -> list[ColumnState]:
    """The columns under watch: the registry's, those that were found, and where a search began that found none."""
    store, now, key = home.store, home.now(), portal.portal
    found = [] if portal.columns else [column for column, _ in store.found_columns(key)]
    states = [
        *(ColumnState(url=url) for url in portal.columns),
        *(_found(column) for column in found),
        *(
            ColumnState(url=agency.column, agency=agency.agency, agency_name=agency.name)
            for agency in here
            if agency.column
        ),
    ]
    if not any(not state.agency for state in states) and any(not agency.column for agency in here):
        states.insert(0, ColumnState(url=portal.home, origin="search"))  # nothing is known yet: there a search begins
    seen = {(look.column_url, look.agency): look for look in looks}
    healthy: dict[tuple[str, str], list[StoredLook]] = {}
    for look in store.newest_looks(key, now, healthy=True, depth=2):
        healthy.setdefault((look.column_url, look.agency), []).append(look)
    lists: dict[str, list[KnownList]] = {}
    for known in store.known_lists(key):
        lists.setdefault(known.column, []).append(known)
    held = _held(home, portal, here)
    return [
        replace(
            _looked(state, seen.get((state.url, state.agency)), healthy.get((state.url, state.agency), [])),
            known_rows=sum(known.rows for known in lists.get(state.url, ())),
            doubted_since=min(
                (known.doubted_at for known in lists.get(state.url, ()) if known.doubted_at), default=None
            ),
            holds=held.get(state.url, ()),
        )
        for state in states
    ]


def _found(column: FoundColumn) -> ColumnState:
    return ColumnState(url=column.url, origin="found", owner=column.owner, why=column.why, path=column.path)


def _looked(state: ColumnState, look: StoredLook | None, healthy: list[StoredLook]) -> ColumnState:
    """A column with its last look, and with the last one in health before that. `healthy`: the newest two."""
    if look is None:
        return state
    before = next((one for one in healthy if one.crawl != look.crawl), None)
    return replace(
        state,
        at=look.at,
        healthy=look.healthy,
        reason=look.reason,
        detail=look.detail,
        pages=look.pages,
        links=look.links,
        dated=look.dated,
        candidates=len(look.candidates),
        in_health_at=healthy[0].at if healthy else None,
        before=(before.links, before.dated, before.at) if before else None,
    )


def _held(home: Home, portal: Portal, here: list[Agency]) -> dict[str, tuple[str, ...]]:
    """Column → the names of the agencies whose reports it is known to hold, in the roster's order."""
    whose = claims_of(home, portal.portal, max(home.years(None)), home.store.readings(portal.portal))
    coverage = coverage_of(home, portal.portal, whose)
    columns = {known.column for known in home.store.known_lists(portal.portal)}
    return {
        column: tuple(agency.name for agency in here if agency.agency in coverage.held(column)) for column in columns
    }
