"""What kind of refusal an answer is, and in which words people hear of it. Pure: an answer's few bytes in, a wall out.

Only the cookie wall may be met with a browser, once: it asks for what any visitor's browser does by itself. All others
say that programs are not wanted, or not now; nobody gets round them here.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Wall(StrEnum):
    """A refusal, by what has to be done about it."""

    #: A script sets a cookie and comes again: one ordinary browser visit.
    COOKIE = "cookie"
    #: A firewall's no: left alone at once.
    REFUSED = "refused"
    #: 403 and its like, which may be the pace: once more, slower.
    FORBIDDEN = "forbidden"
    #: Too busy now: once more, when it says so.
    BUSY = "busy"
    #: A person is asked for: left alone at once.
    PERSON = "person"


_REFUSED: Final = frozenset({405, 412, 418, 422, 444, 468, 493})
_FORBIDDEN: Final = frozenset({401, 403, 406})
_BUSY: Final = frozenset({429, 503})
#: What stands in the small pages that set a cookie by script: 加速乐, WZWS, 阿里云 and home-made ones.
_COOKIE: Final = re.compile(
    rb"__jsl_clearance|__jsluid|wzws|acw_sc__v2|arg1\s*=\s*'[0-9A-F]{30,}'|document\s*\.\s*cookie\s*=", re.IGNORECASE
)
#: 瑞数: it looks for people at work, not for a cookie.
_WATCHING: Final = re.compile(rb"\$_ts\s*=")
_HEAD: Final = 20_000

_WORDS: Final = {
    Wall.COOKIE: "网站用脚本核验访客",
    Wall.REFUSED: "网站防火墙拒绝自动访问",
    Wall.FORBIDDEN: "网站拒绝访问",
    Wall.BUSY: "网站要求稍后再访问",
    Wall.PERSON: "网站要求人工验证（验证码或频率限制）",
}


def wall_of(status: int, method: str, body: bytes, reason: str) -> Wall | None:
    """The wall that an answer is, None where it is none. `reason`: what reading it said, "" before it was read."""
    if status in _REFUSED and not (status in (405, 422) and method == "POST"):  # a POST may simply not be understood
        return Wall.REFUSED
    is_blocked = reason in ("portal_blocked", "challenge_page") or status == 521 or status in _FORBIDDEN | _BUSY
    if not is_blocked:
        return None
    head = body[:_HEAD]
    if _WATCHING.search(head):
        return Wall.REFUSED
    if status == 521 or _COOKIE.search(head):
        return Wall.COOKIE
    if status in _FORBIDDEN:
        return Wall.FORBIDDEN
    if status in _BUSY:
        return Wall.BUSY
    return Wall.PERSON if status < 400 else None


def reason_for(wall: Wall, status: int) -> str:
    """The reason code of a host that is left alone for a wall: a page that asks for a proof is no plain refusal."""
    return "challenge_page" if wall in (Wall.COOKIE, Wall.PERSON) and status < 400 else "portal_blocked"


def words_for(wall: Wall, status: int) -> str:
    """The wall in words, with its status where that says anything."""
    return _WORDS[wall] + (f"（HTTP {status}）" if status >= 300 else "")
