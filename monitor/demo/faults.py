"""What broken, blocking and hostile portals do: an answer in place of the site's own, or the site's own, spoilt.

A request and a reply in, a reply out. Waiting and cutting are the server's.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from functools import cache
from typing import Final
from urllib.parse import urljoin

from monitor.demo.challenges import captcha, clearance, cookie, script
from monitor.demo.messages import Reply, Request

_HTML: Final = (("Content-Type", "text/html; charset=utf-8"),)
_CHUNK: Final = 64 * 1024
_STREAMED: Final = 50 * 1024 * 1024  # bytes that an endless page sends
_UNPACKED: Final = 100 * 1024 * 1024  # bytes that a small gzip body becomes


class Fault(StrEnum):
    """What a broken portal does. Faults of lists leave home page, navigation and articles as they are."""

    FORBIDDEN = "403"
    BLOCKED = "412"  # a firewall's nearly empty page
    ERROR = "500"
    BUSY = "503"
    HANG = "hang"  # takes the request and never answers, until mended or stopped
    SOFT_404 = "soft_404"  # lists redirect to the home page
    EMPTY_LIST = "empty_list"  # lists have no rows
    CUT = "cut"  # the connection ends in the middle of the body
    # challenges
    CLEARANCE = "521"  # 加速乐: scripts set a cookie in two steps; with it all is served rightly
    COOKIE = "cookie"  # 302 to the same address with a cookie; with it all is served rightly
    SCRIPT = "wzws"  # 请开启JavaScript并刷新该页, status 200; with its script's cookie all is served rightly
    CAPTCHA = "captcha"  # a captcha page with status 200
    # limits
    TOO_MANY = "429"  # with Retry-After in seconds
    MAINTENANCE = "maintenance"  # 503 with Retry-After as a date
    ROBOTS = "robots"  # robots.txt forbids everything; who asks all the same is answered
    # lists
    NOT_FOUND = "not_found_200"  # lists are a page that says 页面不存在, status 200
    LAYOUT = "layout"  # the rows of lists link to no article any more
    NO_DATES = "no_dates"  # lists state no dates any more
    PAGE_TWO = "page_two"  # all pages of a list but the first answer 500
    STUB = "stub"  # all pages of a list but the first are a stub of 300 bytes
    ENDLESS = "endless"  # lists of links have a next page for ever, with rows that no other page has
    # encodings
    SENT_GB = "sent_gb18030"  # declared as utf-8
    SENT_UTF8 = "sent_utf8"  # declared as gb2312
    MOJIBAKE = "mojibake"  # utf-8 that was read as gb18030 and stored so
    # attacks
    STREAM = "stream"  # 50 MB without a declared length
    BOMB = "bomb"  # a small gzip body of 100 MB
    METADATA = "metadata"  # redirects to 169.254.169.254
    LOOP = "loop"  # redirects to ever new addresses of its own


def instead(fault: Fault, request: Request, now: datetime) -> Reply | None:
    """The answer that a fault gives in place of the site's; None where the site answers this request itself."""
    if fault is Fault.ROBOTS and request.path == "/robots.txt":
        return Reply(200, (("Content-Type", "text/plain"),), b"User-agent: *\nDisallow: /\n")
    if fault is Fault.ENDLESS and "endless" in request.query:
        return _endless(request)
    answer = _INSTEAD.get(fault)
    if answer is not None:
        return answer(request)
    if fault is Fault.MAINTENANCE:
        until = format_datetime((now + timedelta(hours=12)).astimezone(UTC), usegmt=True)
        return Reply(503, (*_HTML, ("Retry-After", until)), "<h1>网站维护中</h1>".encode())
    return _status(fault) if fault.isdecimal() else None


def spoilt(fault: Fault, request: Request, reply: Reply, articles: Collection[str]) -> Reply:
    """The site's reply as a fault spoils it. `articles`: the addresses of the site's articles."""
    if reply.status != 200:
        return reply
    changed = _spoil_list(fault, request, reply, articles) if reply.is_list else reply
    return _spoil_text(fault, changed)


def _status(fault: Fault) -> Reply:
    text = "" if fault is Fault.BLOCKED else f"<html><body><h1>{fault}</h1></body></html>"
    more = (("Retry-After", "120"),) if fault is Fault.TOO_MANY else ()
    return Reply(int(fault), (("Content-Type", "text/html"), *more), text.encode())


# ── attacks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _stream(request: Request) -> Reply:
    line = "<p>政府信息公开年报</p>\n".encode()
    body = line * (_CHUNK // len(line))
    return Reply(200, _HTML, body, repeat=-(-_STREAMED // len(body)))


def _bomb(request: Request) -> Reply:
    return Reply(200, (*_HTML, ("Content-Encoding", "gzip")), _packed())


@cache
def _packed() -> bytes:
    return gzip.compress(b" " * _UNPACKED, compresslevel=6, mtime=0)


def _metadata(request: Request) -> Reply:
    return Reply(302, (("Location", "http://169.254.169.254/latest/meta-data/"),))


def _loop(request: Request) -> Reply:
    turn = request.query.get("turn", "0")
    following = int(turn) + 1 if turn.isdecimal() and len(turn) < 6 else 1
    return Reply(302, (("Location", f"{request.path}?turn={following}"),))


def _endless(request: Request) -> Reply:
    asked = request.query["endless"]
    number = int(asked) if asked.isdecimal() and len(asked) < 8 else 1
    rows = "".join(
        f'<li><a href="/endless/{number}-{k}.html" title="工作信息第{number}期之{k}">工作信息第{number}期之{k}</a>'
        "<span>2024-01-05</span></li>"
        for k in range(10)
    )
    text = f"<html><head><meta charset='utf-8'><title>列表</title></head><body><ul>{rows}</ul>{_next(request, number)}"
    return Reply(200, _HTML, f"{text}</body></html>".encode(), is_list=True, part=number)


def _next(request: Request, number: int) -> str:
    kept = "&amp;".join(f"{name}={value}" for name, value in request.query.items() if name != "endless")
    query = f"{kept}&amp;endless={number + 1}" if kept else f"endless={number + 1}"
    return f'<div class="page"><a href="{request.path}?{query}">下一页</a></div>'


_INSTEAD: Final[dict[Fault, Callable[[Request], Reply | None]]] = {
    Fault.CLEARANCE: clearance,
    Fault.COOKIE: cookie,
    Fault.SCRIPT: script,
    Fault.CAPTCHA: captcha,
    Fault.STREAM: _stream,
    Fault.BOMB: _bomb,
    Fault.METADATA: _metadata,
    Fault.LOOP: _loop,
}


# ── what spoils the site's own replies ──────────────────────────────────────────────────────────────────────────────

_QUOTED: Final = re.compile(r"""(["'])([^"'<>\s]{3,300}?)(\\?\1)""")
_DAY: Final = re.compile(r"(?<![\d/-])20\d\d-\d{1,2}-\d{1,2}(?: \d\d:\d\d(?::\d\d)?)?(?![\d/])")
_MILLISECONDS: Final = re.compile(r'(?<="publishTime": )\d{13}')
_CHARSET: Final = re.compile(r"(charset=[\"']?)(?:utf-8|gb2312|gb18030)", re.IGNORECASE)


def _spoil_list(fault: Fault, request: Request, reply: Reply, articles: Collection[str]) -> Reply:
    if fault is Fault.SOFT_404:
        return Reply(302, (("Location", "/"),), is_list=True)
    if fault is Fault.NOT_FOUND:
        return Reply(200, _HTML, _NOT_FOUND.encode(), is_list=True)
    if fault is Fault.PAGE_TWO and reply.part > 1:
        return _status(Fault.ERROR)
    if fault is Fault.STUB and reply.part > 1:
        return Reply(200, _HTML, _STUB.encode().ljust(300), is_list=True)
    if fault is Fault.LAYOUT:
        return _rewritten(reply, lambda text: _linkless(text, request.target, articles))
    if fault is Fault.NO_DATES:
        return _rewritten(reply, lambda text: _MILLISECONDS.sub("null", _DAY.sub("", text)))
    if fault is Fault.ENDLESS and _is_html(reply):
        return _rewritten(reply, lambda text: text.replace("</body>", f"{_next(request, 1)}</body>"))
    return reply


def _linkless(text: str, target: str, articles: Collection[str]) -> str:
    """A list whose rows link to articles no more, in whatever form they did."""

    def blank(match: re.Match[str]) -> str:
        address = urljoin(target, match[2].replace("&amp;", "&")).partition("#")[0]
        path = re.sub(r"^https?://[^/]+", "", address)
        return f"{match[1]}#{match[3]}" if path in articles else match[0]

    return _QUOTED.sub(blank, text)


def _spoil_text(fault: Fault, reply: Reply) -> Reply:
    if not _is_html(reply):
        return reply
    text = _decoded(reply.body)
    if fault is Fault.SENT_GB:
        return _declared(reply, "utf-8", _CHARSET.sub(r"\1utf-8", text).encode("gb18030"))
    if fault is Fault.SENT_UTF8:
        return _declared(reply, "gb2312", _CHARSET.sub(r"\1gb2312", text).encode())
    if fault is Fault.MOJIBAKE:
        return _declared(reply, "utf-8", text.encode().decode("gb18030", "replace").encode())
    return reply


def _rewritten(reply: Reply, change: Callable[[str], str]) -> Reply:
    encoding = "utf-8" if _is_utf8(reply.body) else "gb18030"
    return replace(reply, body=change(_decoded(reply.body)).encode(encoding), headers=_without_validators(reply))


def _declared(reply: Reply, charset: str, body: bytes) -> Reply:
    others = [(name, value) for name, value in _without_validators(reply) if name != "Content-Type"]
    return replace(reply, headers=(("Content-Type", f"text/html; charset={charset}"), *others), body=body)


def _without_validators(reply: Reply) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in reply.headers if name not in ("ETag", "Last-Modified"))


def _is_html(reply: Reply) -> bool:
    return dict(reply.headers).get("Content-Type", "").startswith("text/html")


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decoded(body: bytes) -> str:
    return body.decode() if _is_utf8(body) else body.decode("gb18030", "replace")


_NOT_FOUND: Final = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>页面不存在</title></head><body>"
    "<p>您访问的页面不存在或已被删除，3 秒后返回<a href='/'>首页</a>。</p></body></html>"
)
_STUB: Final = "<html><head><meta charset='utf-8'><title></title></head><body><div class='main'></div></body></html>"
