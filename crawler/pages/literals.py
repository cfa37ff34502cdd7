"""Values out of scripts: JSON, JavaScript literals, and the settings that a script hands to a call. Runs no code.

Everything here takes hostile text: what cannot be read is None or empty, and nothing is looked for without a bound.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final
from urllib.parse import unquote_plus

#: A token of a JavaScript literal: a string, a bare key, a bracket, a trailing comma, undefined.
_TOKEN: Final = re.compile(
    r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|,(?=\s*[}\]])|[\[\]{}]|[A-Za-z_$][\w$]*(?=\s*:)|\bundefined\b""", re.DOTALL
)
#: `name: "value"`, `name = 12`, `name: variable`.
_SETTING: Final = re.compile(
    r"""["']?\b([A-Za-z_]\w{0,60})["']?\s{0,9}[:=]\s{0,9}(?:"([^"\n]{0,500})"|'([^'\n]{0,500})'|([\w.-]{1,100}))"""
)
#: `name=value` in an address that a script puts together, or `name=' + variable`.
_PARAMETER: Final = re.compile(r"""\b(\w{1,60})=(?:([^&"'<>\s]{1,500})|["']\s{0,9}\+\s{0,9}([A-Za-z_]\w{0,60}))?""")
_PLAIN: Final = re.compile(r"-?\d+(?:\.\d+)?|true|false")
#: What stands of an address before a place in it.
_ADDRESS_END: Final = re.compile(r"[^\"'\s<>(),;]*\Z")
_LONGEST: Final = 2_000_000
_LONGEST_ADDRESS: Final = 300
#: A page that names a thing oftener repeats itself.
_MOST_PLACES: Final = 40
_AROUND: Final = 3000


def read_json(text: str) -> Any:
    """The value of a JSON text; None where it is none."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def read_literal(source: str, start: int) -> tuple[object, int]:
    """The JavaScript array or object at `start` as Python values, and where it ends; (None, start + 1) if unreadable.

    Keys may be bare, strings in single quotes, the last comma too many.
    """
    depth = 0
    pieces: list[str] = []
    at = start
    for token in _TOKEN.finditer(source, start, min(len(source), start + _LONGEST)):
        pieces.append(source[at : token.start()])
        at = token.end()
        pieces.append(_as_json(token[0]))
        depth += (token[0] in "[{") - (token[0] in "]}")
        if depth == 0:
            return read_json("".join(pieces)), at
    return None, start + 1


def places_of(source: str, part: re.Pattern[str]) -> Iterator[int]:
    """Where a pattern stands in a source, the first times."""
    return (match.start() for match in islice(part.finditer(source), _MOST_PLACES))


def settings_around(source: str, at: int) -> dict[str, str]:
    """The settings of the innermost `{…}` around a place in a script; of a variable, the value that the script gives.

    A setting whose value only running the script would tell is left out.
    """
    start = _brace(source, range(at - 1, max(at - _AROUND, -1), -1), "{", "}")
    end = _brace(source, range(at, min(at + _AROUND, len(source))), "}", "{")
    if start < 0 or end < 0:
        return {}
    found = {}
    for name, double, single, bare in _SETTING.findall(source[start + 1 : end]):
        value = double or single or (bare if _PLAIN.fullmatch(bare) else variable(source, bare) if bare else "")
        if value is not None:
            found[name] = value
    return found


def parameters_after(source: str, at: int) -> dict[str, str]:
    """The parameters of an address that a script writes out or puts together, from a place to the statement's end."""
    text = re.split(r"[;\n]", source[at : at + _AROUND], maxsplit=1)[0]
    found: dict[str, str] = {}
    for name, written, named in _PARAMETER.findall(text):
        value = variable(source, named) if named else unquote_plus(written)
        if value is not None:
            found.setdefault(name, value)
    return found


def addresses_with(source: str, part: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    """The addresses in a script or markup that end with a known part, as written, and where each ends.

    `part`: matches that part only. Looking backwards from it costs nothing where it does not stand.
    """
    for match in islice(part.finditer(source), _MOST_PLACES):
        before = _ADDRESS_END.search(source[max(match.start() - _LONGEST_ADDRESS, 0) : match.start()])
        yield (before[0] if before else "") + match[0], match.end()


def variable(source: str, name: str) -> str | None:
    """What a script sets a variable to, where that is a plain text or number; else None."""
    if not re.fullmatch(r"[A-Za-z_]\w{0,60}", name):
        return None
    match = re.search(
        rf"""(?<![\w.]){name}\s{{0,9}}=\s{{0,9}}(?:"([^"\n]{{0,500}})"|'([^'\n]{{0,500}})'|(\d+))""", source
    )
    return next((value for value in match.groups() if value is not None), None) if match else None


def _brace(source: str, places: range, wanted: str, other: str) -> int:
    depth = 0
    for place in places:
        if source[place] == other:
            depth += 1
        elif source[place] == wanted:
            if depth == 0:
                return place
            depth -= 1
    return -1


def _as_json(piece: str) -> str:
    if piece[0] == "'":
        return json.dumps(re.sub(r"\\(.)", r"\1", piece[1:-1], flags=re.DOTALL))
    if piece == ",":
        return ""
    if piece == "undefined":
        return "null"
    return json.dumps(piece) if re.fullmatch(r"[A-Za-z_$][\w$]*", piece) else piece
