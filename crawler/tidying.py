"""What a saved page need not tell: session ids, form tokens, cookie values, paths on somebody's disk. Pure text.

What a page is told by is never changed: its address keeps its query, and `telling` names what looks personal in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl, urlsplit

#: A shorter cookie value may stand in a page by chance.
_SHORTEST: Final = 8
_SESSION_PATH: Final = re.compile(r";(?:jsessionid|phpsessid|sid)=[\w.!-]{1,200}", re.IGNORECASE)
_SAVED_FROM: Final = re.compile(r"<!-- saved from url=[^>]{0,2000}-->")
_OWN_FILE: Final = re.compile(r"file://[^\s\"'<>]{1,2000}|[A-Z]:\\Users\\[^\s\"'<>]{1,2000}", re.IGNORECASE)
_FIELD: Final = re.compile(r"<(?:input|meta)\b[^<>]{0,3000}>", re.IGNORECASE)
_SECRET_FIELD: Final = re.compile(
    r"\b(?:name|id)\s*=\s*[\"']?[\w.:-]*(?:csrf|xsrf|token|session|ticket|nonce)[\w.:-]*", re.IGNORECASE
)
_FIELD_VALUE: Final = re.compile(r"(\b(?:value|content)\s*=\s*)(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_PERSONAL: Final = re.compile(
    r"token|session|ticket|^sid$|^auth|sign$|signature|passw|secret|^code$|openid|userid|^user$|mobile|phone|api_?key",
    re.IGNORECASE,
)


def tidied(html: str, cookies: Iterable[str] = ()) -> tuple[str, int]:
    """A page without what is nobody's business, and at how many places something was taken out.

    `cookies`: values that the server set, which scripts may write into the page.
    """
    count = 0
    for value in sorted({value for value in cookies if len(value) >= _SHORTEST}, key=len, reverse=True):
        count += html.count(value)
        html = html.replace(value, "removed")
    for pattern, instead in ((_SESSION_PATH, ""), (_SAVED_FROM, ""), (_OWN_FILE, "about:blank")):
        html, found = pattern.subn(instead, html)
        count += found
    emptied = [0]

    def empty(match: re.Match[str]) -> str:
        if not _SECRET_FIELD.search(match[0]):
            return match[0]
        field, found = _FIELD_VALUE.subn(r'\1""', match[0])
        emptied[0] += found
        return field

    return _FIELD.sub(empty, html), count + emptied[0]


def without_session(url: str) -> str:
    """An address without the session id in its path."""
    return _SESSION_PATH.sub("", url)


def telling(url: str) -> list[str]:
    """The names of an address's parameters that look as if they told of a person or a session."""
    return [name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True) if _PERSONAL.search(name)]
