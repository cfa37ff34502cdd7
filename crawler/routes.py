"""Other ways to a page whose registered address does not answer: http for https, with www or without, older TLS.

Pure. The registered address stays the page's name; a way only says how it was reached, in words for the evidence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from monitor.hosts import Hosts, address_in, bare, host_of

_OTHER: Final = {"http": "https", "https": "http"}
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Way:
    """How a page is reached. `scheme`, `host`: in place of the registered ones, "" where they stay."""

    scheme: str = ""
    host: str = ""
    old: bool = False
    any_certificate: bool = False

    def to(self, url: str) -> str:
        """The address to ask for."""
        return spelled(url, self.scheme, self.host) if self.scheme else url

    def back(self, url: str, registered: str) -> str:
        """The registered spelling of an address that was reached this way; one elsewhere stays as it is."""
        parts, own = urlsplit(url), urlsplit(registered)
        if not self.scheme or (parts.scheme, host_of(url)) != (self.scheme, self.host):
            return url
        return urlunsplit((own.scheme, own.netloc, parts.path, parts.query, parts.fragment))

    def words(self, fault: str) -> str:
        """What evidence has to say of this way, "" for the registered one. `fault`: the certificate's."""
        said = [
            f"登记的地址无应答，从 {self.scheme}://{self.host} 读取" if self.scheme else "",
            "对方只支持旧版 TLS" if self.old else "",
            f"{fault or '证书无法验证'}，仍按公开网页读取" if self.any_certificate else "",
        ]
        return "；".join(filter(None, said))


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def spelled(url: str, scheme: str, host: str) -> str:
    """A URL with another scheme and host. A port that is the scheme's own goes, any other stays."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port not in (None, _PORTS[parts.scheme]) else ""
    return urlunsplit((scheme, host + port, parts.path, parts.query, parts.fragment))


def next_way(url: str, way: Way, fault: str, tried: Collection[Way], hosts: Hosts, *, trusting: bool) -> Way | None:
    """The way to try after one failed, None where all were. `fault`: as in `Nothing`; `trusting`: any certificate."""
    better = None
    if fault == "handshake" and not way.old:
        better = replace(way, old=True)
    elif fault == "certificate" and trusting and not way.any_certificate:
        better = replace(way, any_certificate=True)
    choices = [better, *_spellings(url, hosts)] if fault else []
    return next((choice for choice in choices if choice is not None and choice not in tried), None)


def _spellings(url: str, hosts: Hosts) -> Iterator[Way]:
    """The other spellings of a registered address: the other scheme, then the other of www and bare, then both."""
    scheme, host = urlsplit(url).scheme, host_of(url)
    yield Way(_OTHER[scheme], host)
    if address_in(host) is None and bare(host) in hosts.named:
        other = bare(host) if host != bare(host) else f"www.{host}"
        if hosts.own(other) and bare(other) == bare(host):
            yield Way(scheme, other)
            yield Way(_OTHER[scheme], other)
