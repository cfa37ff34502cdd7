"""Which TLS a host is spoken to with: today's, and what old or ill-kept servers need where a crawl has to.

The fetcher chooses a mode, for one host and only after a failure; each is said in the evidence. A portal that is asked
over plain http proves as little of itself as one with a bad certificate: of both, public pages are read and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from OpenSSL import SSL
from OpenSSL.crypto import X509
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from monitor.hosts import address_in

#: OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT: servers that know no secure renegotiation.
_LEGACY: Final = 0x4
#: Short keys, SHA-1 and TLS 1.0: what OpenSSL's usual level refuses. For the whole of it, level 0 is needed.
_OLD_CIPHERS: Final = b"DEFAULT:@SECLEVEL=0"
#: X509_V_ERR_… → what people call it.
_FAULTS: Final = {
    9: "证书尚未生效",
    10: "证书已过期",
    18: "证书是自签名的",
    19: "证书由不受信任的机构签发",
    20: "证书链不完整或签发机构不受信任",
    21: "证书链不完整",
    62: "证书不是发给该域名的",
}


@dataclass(frozen=True, slots=True)
class Mode:
    """How a host is spoken to. `old`: TLS 1.0 and weak keys too; `any_certificate`: whatever certificate it shows."""

    old: bool = False
    any_certificate: bool = False


class TlsModes:
    """The mode of each host of a crawl, and the fault that was last seen in its certificate, "" for none."""

    def __init__(self) -> None:
        self._modes: dict[str, Mode] = {}
        self.faults: dict[str, str] = {}

    def set(self, host: str, mode: Mode) -> None:
        self._modes[host] = mode

    def of(self, host: str) -> Mode:
        return self._modes.get(host, Mode())


@implementer(IPolicyForHTTPS)
class TlsPolicy:
    """Twisted's policy for a crawl: each new connection is made in the mode that its host has now."""

    def __init__(self, modes: TlsModes) -> None:
        self._modes = modes

    def creatorForNetloc(self, hostname: bytes, port: int) -> _Creator:
        return _Creator(hostname.decode("ascii"), self._modes)


@implementer(IOpenSSLClientConnectionCreator)
class _Creator:
    """Makes the connections to one host."""

    def __init__(self, host: str, modes: TlsModes) -> None:
        self._host = host
        self._modes = modes
        self._mode = modes.of(host)

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        connection = SSL.Connection(_context(self._mode), None)
        if address_in(self._host) is None:
            connection.set_tlsext_host_name(self._host.encode())
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self._is_accepted)
        return connection

    def _is_accepted(self, connection: SSL.Connection, certificate: X509, error: int, depth: int, good: int) -> bool:
        """Whether the handshake goes on; called for each certificate of the chain, the server's own last."""
        fault = "" if good else _FAULTS.get(error, f"证书无法验证（{error}）")
        if not fault and depth == 0 and not self._is_its_own(certificate):
            fault = _FAULTS[62]
        if fault:
            self._modes.faults[self._host] = fault
        return not fault or self._mode.any_certificate

    def _is_its_own(self, certificate: X509) -> bool:
        wanted = DNS_ID(self._host) if address_in(self._host) is None else IPAddress_ID(self._host)
        try:
            verify_service_identity(extract_patterns(certificate), [wanted], [])
        except (CertificateError, VerificationError):
            return False
        return True


def _context(mode: Mode) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_default_verify_paths()
    context.set_min_proto_version(SSL.TLS1_VERSION if mode.old else SSL.TLS1_2_VERSION)
    if mode.old:
        context.set_options(_LEGACY)
        context.set_cipher_list(_OLD_CIPHERS)
    return context
