"""Why a request got no answer, in a reason code, words for people and, for the next try, where it failed."""

from __future__ import annotations

from typing import Final

from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web.client import RequestGenerationFailed, RequestTransmissionFailed

from crawler.answers import Nothing
from crawler.middlewares import HostRefused, inner_names
from monitor.hosts import host_of

#: What a request can end in beside a response, by where the error is raised.
REFUSALS: Final = (IgnoreRequest, NotSupported, UnsupportedURLSchemeError)
FAILURES: Final = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    ConnectError,
    ConnectionClosed,
    RequestGenerationFailed,
    RequestTransmissionFailed,
    TlsError,
    OSError,
    ValueError,  # an address that cannot be written as one: a broken port, a label of 70 letters
)
#: Redirects without end.
LOOP: Final = "网站反复跳转"


def refusal(error: Exception) -> Nothing:
    """Why our own rules did not let a request go out, or its answer come in."""
    text = str(error)
    if isinstance(error, HostRefused):
        return Nothing("host_refused", text)
    if "robots.txt" in text:
        return Nothing("robots_disallowed", "robots.txt 不允许")
    if "DOWNLOAD_MAXSIZE" in text:
        return Nothing("list_truncated", "解压后的内容超过大小上限")
    if "max redirections" in text:
        return Nothing("portal_blocked", LOOP)
    return Nothing("host_refused", text)


def failure(url: str, error: Exception, certificate: str = "") -> Nothing:
    """Why a request got no whole answer. `certificate`: the fault that was seen in the host's certificate, or ""."""
    host, text = host_of(url), str(error)
    if isinstance(error, CannotResolveHostError) or "ERR_NAME_NOT_RESOLVED" in text:
        inner = next((name for name in inner_names if name == host or name in text), "")  # a redirect may lead to it
        if inner:
            return Nothing("host_refused", f"{inner} 指向内网或本机地址")
        return Nothing("portal_unreachable", f"{host} 的域名无法解析", "address")
    if isinstance(error, DownloadCancelledError):  # nothing else cancels; in mid-stream it comes without a word
        return Nothing("list_truncated", "内容超过大小上限")
    if isinstance(error, DownloadTimeoutError):
        return Nothing("portal_unreachable", f"{host} 超时无应答", "address")
    if "ERR_TOO_MANY_REDIRECTS" in text:
        return Nothing("portal_blocked", LOOP)
    if certificate or "ertificate verify" in text or "ERR_CERT" in text:
        return Nothing("portal_unreachable", f"{host} 的 TLS {certificate or '证书无法验证'}", "certificate")
    if isinstance(error, TlsError) or "SSL" in text or "TLS" in text:
        return Nothing("portal_unreachable", f"{host} 的 TLS 握手失败", "handshake")
    if isinstance(error, (DownloadConnectionRefusedError, ConnectError)) or "ERR_CONNECTION_REFUSED" in text:
        return Nothing("portal_unreachable", f"{host} 拒绝连接", "address")
    return Nothing("portal_unreachable", f"{host} 中断了连接", "address")
