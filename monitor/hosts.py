"""Which hosts and addresses belong to a portal: what a registry may name and a crawl may talk to. Pure: no network.

A portal's own row decides: the host of its home and its `hosts`, each with and without "www.", and all below them.
Neither a page nor a column widens that.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import urlsplit

from monitor.model import Portal

#: What is no site's own name, though "www." may stand before it.
_SHARED: Final = frozenset(f"{kind}.cn" for kind in ("ac", "com", "edu", "gov", "mil", "net", "org"))


class Hosts:
    """The host names that belong to one portal."""

    def __init__(self, names: Iterable[str], *, private: bool = False) -> None:
        self.named = tuple(dict.fromkeys(bare(name) for name in names if name))
        self.private = private

    @classmethod
    def of(cls, portal: Portal) -> Hosts:
        """The hosts that a portal's row names."""
        further = (host_of(host if "//" in host else f"//{host}") for host in portal.hosts)
        return cls((host_of(portal.home), *further), private=portal.private)

    def own(self, host: str) -> bool:
        """Whether a host is one of the portal's, or lies below one."""
        name = bare(host)
        # An address has no names below it: 1.10.0.0.1 would be another host altogether.
        return name in self.named or any(name.endswith("." + own) for own in self.named if address_in(own) is None)

    def refuses(self, url: str) -> str:
        """Why a URL may not be asked for, in one line, or "" where it may."""
        host = host_of(url)
        # Programs disagree on which host a URL with a backslash or a user name means; no portal needs one.
        if not host or "\\" in url or "@" in urlsplit(url).netloc or urlsplit(url).scheme not in ("http", "https"):
            return f"不是网页地址：{url}"
        if not self.own(host):
            return f"{host} 不属于该网站"
        address = address_in(host)
        if address is not None and not self.private and not is_public(address):
            return f"{host} 是内网或本机地址"
        return ""


def host_of(url: str) -> str:
    """The host of a URL in lower case, without port and trailing dot; "" where there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:  # a broken IPv6 literal
        return ""


def bare(host: str) -> str:
    """A host name without its "www.": both serve the same site. www.gov.cn stays: gov.cn is everybody's."""
    name = host.removeprefix("www.")
    return host if name in _SHARED or "." not in name else name


def address_in(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host name is, or None where it is a name."""
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the open internet: not loopback, private, link-local, shared, multicast or reserved."""
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved
