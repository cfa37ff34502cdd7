"""What a page's scripts add to it, as far as they spell it out: links that they write, addresses that they go to, and
the address that a handler makes of an id. No script is run: what is made of anything but literals is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

_NAME: Final = r"[A-Za-z_$][\w$.]{0,80}"
_STRING: Final = r'"(?:[^"\\\n]|\\.){0,20000}"' + r"|'(?:[^'\\\n]|\\.){0,20000}'"
#: One summand of an expression; calls that only encode what they are given count as that.
_SUMMAND: Final = re.compile(
    rf"\s*(?:(?:encodeURI(?:Component)?|escape|String)\s*\(\s*)?(?P<part>{_STRING}|{_NAME}|\d{{1,20}})\s*\)?\s*",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_BLANKS: Final = frozenset("nrtbfv\n")
_LINK: Final = re.compile(r"<(?:a|i?frame|area)\s", re.IGNORECASE)
_DATE: Final = re.compile(r"\s*20\d\d\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?\s*")
#: Where something is written into the page, or a variable is given its value.
_STATEMENT: Final = re.compile(
    r"(?P<write>document\s*\.\s*write(?:ln)?\s*\(|\.innerHTML\s*\+?=)"
    r"|(?P<name>(?<![\w$.])[A-Za-z_$][\w$]{0,80})\s*(?P<sign>\+?=)(?!=)"
)
#: Where a script sends the browser.
_GOING: Final = re.compile(
    r"(?<![\w$])(?:(?:window|self|top|parent|document|this)\s*\.\s*){0,2}"
    r"(?:location(?:\s*\.\s*href)?\s*=(?!=)|location\s*\.\s*(?:replace|assign)\s*\(|navigate\s*\(|open\s*\()"
)
_ADDRESS: Final = re.compile(r"[/?.]")
_CALL: Final = re.compile(rf"(?:javascript:)?\s*(?:return\s+)?({_NAME})\s*\(([^()]{{0,500}})\)", re.IGNORECASE)
_MOST: Final = 400
_MOST_GOINGS: Final = 6
_LONGEST_HANDLER: Final = 1_500
_LONGEST: Final = 500_000


def written(script: str) -> str:
    """The markup that a live script writes into the page, of literals only: links, or nothing but a date; else ""."""
    if ".write" not in script and "innerHTML" not in script:
        return ""
    names: dict[str, str] = {}
    pieces: list[str] = []
    at = 0
    for _ in range(_MOST):
        found = _STATEMENT.search(script, at, _LONGEST)
        if found is None:
            break
        value, end = _value(script, found.end(), names)
        at = end if value is not None else found.end()
        if found["write"]:
            pieces.append(value or "")
        elif value is None:
            names.pop(found["name"], None)
        else:
            names[found["name"]] = names.get(found["name"], "") + value if found["sign"] == "+=" else value
    markup = "".join(pieces)
    return markup if _LINK.search(markup) or _DATE.fullmatch(markup) else ""


def destinations(script: str, url: str) -> Iterator[str]:
    """The addresses that a live script of the page at `url` sends the browser to."""
    names = _named(script, _place(url))
    for found in islice(_GOING.finditer(script, 0, _LONGEST), _MOST):
        value, _ = _value(script, found.end(), names)
        if value and _ADDRESS.search(value):
            yield value


class Handlers:
    """The functions of a page's scripts that open an address made of what they are given."""

    def __init__(self, script: str, url: str) -> None:
        self._script = script
        self._url = url
        self._known: dict[str, tuple[list[str], str]] = {}

    def address(self, code: str) -> str:
        """The address that a call (`jumpToDetail('77')`, from an onclick or a javascript: address) leads to, or ""."""
        call = _CALL.match(code.strip())
        if call is None:
            return ""
        parameters, body = self._function(call[1].rpartition(".")[2])
        given = [_plain(part.strip()) for part in call[2].split(",")]
        names = {name: value for name, value in zip(parameters, given, strict=False) if value is not None}
        if not names:
            return ""
        known = {**_place(self._url), **names}
        for found in islice(_GOING.finditer(body), _MOST_GOINGS):
            for value, used in _values(body, found.end(), known):
                if value and used & names.keys() and _ADDRESS.search(value):
                    return value
        return ""

    def _function(self, name: str) -> tuple[list[str], str]:
        """The names of a function's parameters and the beginning of its text; both empty where there is none."""
        if name not in self._known:
            place = re.escape(name)
            found = re.search(
                rf"function\s+{place}\s*\(([^()]{{0,200}})\)|(?<![\w$]){place}\s*[=:]\s*function\s*\(([^()]{{0,200}})\)",
                self._script[:_LONGEST],
            )
            if found is None:
                self._known[name] = ([], "")
            else:
                body = self._script[found.end() : found.end() + _LONGEST_HANDLER]
                body = re.split(r"(?<![=:(,\s])\s*\bfunction\s+\w", body, maxsplit=1)[0]
                parameters = [part.strip() for part in (found[1] or found[2] or "").split(",")]
                self._known[name] = (parameters, body)
        return self._known[name]


def _values(body: str, at: int, names: Mapping[str, str]) -> Iterator[tuple[str | None, set[str]]]:
    """The value of the expression at `at` with the names that it uses; a variable of its own counts as what it is."""
    local = {**names}
    origin: dict[str, set[str]] = {name: {name} for name in names}
    for found in islice(re.finditer(r"(?<![\w$.])([A-Za-z_$][\w$]{0,80})\s*=(?!=)", body[:at]), 30):
        value, _, used = _sum(body, found.end(), local)
        if value is not None:
            local[found[1]] = value
            origin[found[1]] = set().union(*(origin.get(name, set()) for name in used))
    value, _, used = _sum(body, at, local)
    yield value, set().union(*(origin.get(name, set()) for name in used))


def _named(script: str, place: Mapping[str, str]) -> dict[str, str]:
    """`place` and the variables that a script gives a literal, or a sum of such."""
    names = {**place}
    for found in islice(_STATEMENT.finditer(script, 0, _LONGEST), _MOST):
        if found["name"] and found["sign"] == "=":
            value, _ = _value(script, found.end(), names)
            if value is not None:
                names.setdefault(found["name"], value)
    return names


def _value(script: str, at: int, names: Mapping[str, str]) -> tuple[str | None, int]:
    value, end, _ = _sum(script, at, names)
    return value, end


def _sum(script: str, at: int, names: Mapping[str, str]) -> tuple[str | None, int, set[str]]:
    """A sum of literals and known names as one text, where it ends, and the names in it; None where it is no such."""
    parts: list[str] = []
    used: set[str] = set()
    for _ in range(200):
        found = _SUMMAND.match(script, at)
        if found is None:
            return None, at, used
        part = found["part"]
        plain = _plain(part)
        if plain is None:
            name = part.removeprefix("window.").removeprefix("document.")
            if name not in names:
                return None, at, used
            used.add(name)
            plain = names[name]
        parts.append(plain)
        at = found.end()
        if script[at : at + 1] != "+":
            break
        at += 1
    # What goes on with anything but the end of the expression is no mere sum.
    return (None if script[at : at + 1] in ("?", ".", "(", "[", "*", "-") else "".join(parts)), at, used


def _plain(part: str) -> str | None:
    """A literal as text; None where it is a name."""
    if part[:1] in ("'", '"') and part[-1:] == part[:1] and len(part) > 1:
        return _ESCAPE.sub(_unescaped, part[1:-1])
    return part if part.isdecimal() else None


def _unescaped(found: re.Match[str]) -> str:
    if code := found[1] or found[2]:
        mark = chr(int(code, 16))
        return "" if "\ud800" <= mark <= "\udfff" else mark
    return " " if found[3] in _BLANKS else found[3]


def _place(url: str) -> dict[str, str]:
    """What scripts call the address of their own page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return {}
    return {
        "location.protocol": f"{parts.scheme}:",
        "location.host": parts.netloc,
        "location.hostname": parts.netloc,
        "location.origin": f"{parts.scheme}://{parts.netloc}",
        "location.pathname": parts.path,
    }
