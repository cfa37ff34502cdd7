"""The first step: crawl the portals and take the bundles in. What a bundle says is not looked into here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Final
from uuid import uuid4

from monitor import __version__
from monitor.browser import find_browser
from monitor.clock import SHANGHAI, day_start
from monitor.errors import HomeError, UsageError
from monitor.evidence import keep
from monitor.exchange import (
    COLUMN_REASONS,
    FINISHED,
    REASONS,
    Column,
    CrawlSpec,
    KnownPage,
    Limits,
    read_captures,
    read_health,
    spec_from_json,
)
from monitor.jobs.home import Home
from monitor.launch import CrawlEnd, run_crawls
from monitor.model import Portal
from monitor.settings import parse_window

INBOX: Final = "inbox"
#: Where bundles lie that cannot be taken in: for whoever looks after the machine.
BROKEN: Final = "inbox-broken"
#: A sick column is searched for anew, but not in every round.
_PATIENCE: Final = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class PortalLook:
    """How one portal was looked at in this step. `reason` is a code of `exchange.REASONS`."""

    portal: Portal
    healthy: bool
    reason: str
    requests: int = 0
    detail: str = ""

    @property
    def words(self) -> str:
        return REASONS.get(self.reason, self.reason)


def crawl(
    home: Home,
    *,
    portals: Iterable[str] = (),
    years: tuple[int, ...],
    tell: Callable[[str], None] = lambda line: None,
    stop: Event | None = None,
) -> list[PortalLook]:
    """Crawl the portals (none named: all that have agencies) for reports of `years`, and store what they brought."""
    inbox = home.path / INBOX
    _clear_inbox(home, inbox, tell)
    specs, looks = [], []
    for portal in _chosen(home, tuple(portals)):
        spec = _spec(home, portal, years)
        look = held_back(home, spec)
        if look is None:
            specs.append(spec)
        else:
            looks.append(look)
            tell(f"{portal.name}：{look.words}，没有访问（{look.detail}）")
    for end in run_crawls(
        specs,
        inbox,
        parallel=home.settings.parallel,
        stop=stop or Event(),
        started=lambda spec: tell(f"正在巡查 {spec.portal.name}"),
    ):
        look = _take_in(home, end)
        looks.append(look)
        tell(
            f"{look.portal.name}：{look.words}，{look.requests} 次请求" + (f"（{look.detail}）" if look.detail else "")
        )
    return looks


def _chosen(home: Home, ids: tuple[str, ...]) -> list[Portal]:
    unknown = [portal for portal in ids if portal not in home.registry.portals]
    if unknown:
        raise UsageError(f"注册表中没有网站“{'、'.join(unknown)}”。已登记的网站：{'、'.join(home.registry.portals)}")
    with_agencies = {agency.portal for agency in home.registry.agencies.values()}
    return [
        portal
        for portal in home.registry.portals.values()
        if (portal.portal in ids if ids else portal.portal in with_agencies)
    ]


def _spec(home: Home, portal: Portal, years: tuple[int, ...]) -> CrawlSpec:
    settings, now = home.settings, home.now()
    here = [agency for agency in home.registry.agencies.values() if agency.portal == portal.portal]
    found = home.store.found_columns(portal.portal) if not portal.columns else []
    columns = (
        *(Column(url) for url in portal.columns),
        *(Column(column.url, owner=column.owner, is_found=True) for column, _ in found),
        *(Column(agency.column, agency.agency) for agency in here if agency.column),
    )
    homeless = [agency for agency in here if not agency.column]
    due_before = now - timedelta(days=settings.recheck_days)
    return CrawlSpec(
        crawl=f"{portal.portal}-{now:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}",
        portal=replace(portal, delay=settings.delay if portal.delay is None else portal.delay),
        columns=columns,
        years=years,
        discover=bool(homeless) and _is_due(home, portal, [seen_at for _, seen_at in found]),
        names=tuple(name for agency in homeless for name in (agency.name, *agency.aliases)),
        known=tuple(
            KnownPage(
                url=capture.url,
                listed_title=capture.listed.title if capture.listed else "",
                listed_on=capture.listed.listed_on if capture.listed else None,
                etag=capture.etag,
                last_modified=capture.last_modified,
                content=capture.article.content if capture.article else "",
                due=not due_before < visited_at <= now,
            )
            for capture, visited_at in home.store.latest_articles(portal.portal)
        ),
        lists=tuple(home.store.known_lists(portal.portal)),
        limits=Limits(pages=_pages_left(home, portal), seconds=settings.crawl_seconds, bytes=settings.response_bytes),
        user_agent=user_agent(settings.contact),
        clock=home.clock_text,
        browser=find_browser(settings.browser) if portal.render != "never" else "",
        passes=home.store.courtesy(portal.portal)[2],
        any_certificate=settings.certificates == "note",
    )


def held_back(home: Home, spec: CrawlSpec) -> PortalLook | None:
    """Why a portal is not asked for anything now, None where nothing is against it.

    One that refuses programs is looked at in vain, which is stored; whose hours or budget are ours is not looked at.
    """
    portal, now = spec.portal, home.now()
    until, why, _ = home.store.courtesy(portal.portal)
    if until is not None and now < until:
        detail = f"{why}；{_until(until)}"
        with home.store.transaction():
            home.store.take_in_failure(spec, at=now, reason="portal_blocked", detail=detail)
        return PortalLook(portal, False, "portal_blocked", detail=detail)
    if words := outside_window(home):
        return PortalLook(portal, False, "held_back", detail=words)
    if spec.limits.pages < 1:
        detail = f"今天对该网站的请求数已达到 NIANBAO_DAILY_REQUESTS 设定的 {home.settings.daily_requests}，明天继续"
        return PortalLook(portal, False, "held_back", detail=detail)
    return None


def outside_window(home: Home) -> str:
    """That now is not within the hours of NIANBAO_WINDOW, in words; "" where it is, or where none are set."""
    window = parse_window(home.settings.window)
    if window is None:
        return ""
    (first, end), now = window, home.now().astimezone(SHANGHAI).time()
    is_open = first <= now < end if first < end else now >= first or now < end
    return "" if is_open else f"现在不在 NIANBAO_WINDOW 允许巡查的时段 {home.settings.window}"


def _until(until: datetime) -> str:
    return (
        f"{until.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 以前不再自动访问。需人工：用浏览器打开并另存网页，"
        "再用 nianbao capture 存为证据"
    )


def _pages_left(home: Home, portal: Portal) -> int:
    """How many requests a crawl of a portal may send: its own limit, and what is left of today's budget."""
    budget = home.settings.daily_requests
    if not budget:
        return home.settings.crawl_pages
    return min(home.settings.crawl_pages, budget - home.store.requests_since(portal.portal, day_start(home.now())))


def _is_due(home: Home, portal: Portal, seen: Sequence[datetime]) -> bool:
    """Whether a portal's columns are to be searched for: none is known, the last search is old, or one is sick."""
    if not seen or home.now() - max(seen) >= timedelta(days=home.settings.explore_days):
        return True
    state = home.store.portal_state(portal.portal)
    return state is not None and state[1] in COLUMN_REASONS and home.now() - max(seen) >= _PATIENCE


def user_agent(contact: str) -> str:
    """How we name ourselves to a portal: the program, and whom its webmaster may write to."""
    return f"nianbao/{__version__} (annual report monitor{'; ' + contact if contact else ''})"


def _take_in(home: Home, end: CrawlEnd) -> PortalLook:
    portal = end.spec.portal
    if end.reason:
        with home.store.transaction():
            home.store.take_in_failure(end.spec, at=home.now(), reason=end.reason, detail=end.detail)
        shutil.rmtree(end.bundle, ignore_errors=True)
        return PortalLook(portal, False, end.reason, detail=end.detail)
    return _take_in_bundle(home, portal, end.bundle, end.spec.years)


def _take_in_bundle(home: Home, portal: Portal, bundle: Path, years: tuple[int, ...]) -> PortalLook:
    """Take a whole bundle in, in one transaction, once, and remove it."""
    health = read_health(bundle)
    if health is None:
        raise HomeError(f"巡查结果 {bundle} 不完整")
    if not home.store.has_crawl(health.crawl):
        warc = keep(home.path, bundle, health)
        with home.store.transaction():
            home.store.take_in(health, read_captures(bundle), years=years, warc=warc)
    shutil.rmtree(bundle, ignore_errors=True)
    sick = next((column for column in health.columns if not column.healthy), None)
    if health.blocked_until:
        detail = f"{health.blocked}；{_until(health.blocked_until)}"
        return PortalLook(portal, False, "portal_blocked", health.requests, detail)
    if sick:
        return PortalLook(portal, False, sick.reason, health.requests, sick.detail)
    # A crawl that ended early without a sick column would be a fault of ours: it is no proof of anything.
    finished = health.outcome == FINISHED
    noted = next((column.detail for column in health.columns if column.detail), "")
    return PortalLook(portal, finished, "ok" if finished else "crawl_died", health.requests, noted)


def _clear_inbox(home: Home, inbox: Path, tell: Callable[[str], None]) -> None:
    """Take in what an interrupted round left whole, and drop the rest: the round that follows looks again anyway.

    A bundle that cannot be read is put aside, or it would stop every round to come.
    """
    for bundle in sorted(path for path in inbox.glob("*") if path.is_dir()) if inbox.is_dir() else ():
        try:
            if read_health(bundle) is not None:
                spec = spec_from_json((bundle / "spec.json").read_text("utf-8"))
                _take_in_bundle(home, spec.portal, bundle, spec.years)
            else:
                shutil.rmtree(bundle, ignore_errors=True)
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            aside = home.path / BROKEN / bundle.name
            aside.parent.mkdir(exist_ok=True)
            bundle.replace(aside)
            tell(f"上次留下的巡查结果 {bundle.name} 已损坏（{error}），移到 {aside}，不影响本轮")
