"""Guards at the two doors to the network: before a request is sent, and when its host name is resolved.

Redirects, robots.txt and retries pass the first guard again; the second one sees the very address that is connected to,
so a name that suddenly points inside (DNS rebinding) is refused too.
"""

from __future__ import annotations

from collections.abc import Iterable
from http.cookiejar import Cookie
from typing import Any, Protocol

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.cookies import CookieJar
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import BaseSettings
from scrapy.statscollectors import StatsCollector
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from monitor.hosts import Hosts, address_in, is_public

#: Statistic: how many requests the guards refused.
REFUSED = "nianbao/refused"

#: Names that resolved to an inner address. The resolver has no other way to say why a name is not resolved.
inner_names: set[str] = set()


class HostRefused(IgnoreRequest):
    """A request that leads off the portal or inside a network; the message says which."""


class HostGuard:
    """Lets only requests to the portal's own hosts pass."""

    def __init__(self, hosts: Hosts, stats: StatsCollector) -> None:
        self._hosts = hosts
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostGuard:
        return cls(crawler.settings["NIANBAO_HOSTS"], crawler.stats)

    def process_request(self, request: Request) -> None:
        """Raise HostRefused where the URL is not the portal's."""
        if why := self._hosts.refuses(request.url):
            self._stats.inc_value(REFUSED)
            raise HostRefused(why)


class PortalCookies(CookiesMiddleware):
    """Scrapy's cookies without its list of public suffixes, which it would fetch from a host of its own, past all
    guards. What that list keeps apart, different owners below one suffix, the guard does: only one portal is asked.
    """

    def _process_cookies(self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request) -> None:
        for cookie in cookies:
            jar.set_cookie_if_ok(cookie, request)


class _HasSettings(Protocol):
    settings: BaseSettings


class GuardedResolver(CachingThreadedResolver):
    """Resolves names to public addresses only, unless the portal's row says `private`. IPv4, as Scrapy's own."""

    def __init__(self, reactor: ReactorBase, *, timeout: float, private: bool) -> None:
        super().__init__(reactor, 0, timeout)  # no cache: Twisted keeps connections open, and each check sees the truth
        self._private = private

    @classmethod
    def from_crawler(cls, crawler: _HasSettings, reactor: ReactorBase) -> GuardedResolver:  # type: ignore[override]
        settings = crawler.settings
        return cls(reactor, timeout=settings.getfloat("DNS_TIMEOUT"), private=settings["NIANBAO_HOSTS"].private)

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:
        return super().getHostByName(name, timeout).addCallback(self._check, name)

    def _check(self, found: str, name: str) -> str:
        address = address_in(found)
        if not self._private and (address is None or not is_public(address)):
            inner_names.add(name)
            raise DNSLookupError(f"{name} points to the inner address {found}")
        return found
