"""Articles that a page holds as text instead of markup: in a script's data, or with its own tags escaped.

Read only where it is plainly HTML with the report's words; nothing is run.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from monitor.documents.formats.web.blocks import marks_in
from monitor.documents.formats.web.flat import CLOSE, OPEN

#: Less is no article.
_SHORTEST: Final = 200
_LARGEST: Final = 5_000_000
_ENOUGH_MARKS: Final = 2
_LITERAL: Final = re.compile(r"\"(?:[^\"\\\r\n]|\\.){200,}\"|'(?:[^'\\\r\n]|\\.){200,}'")
_TAG: Final = re.compile(r"</(?:p|td|tr|table|div|span)>|<(?:p|table|td|tr|div)\b[^<>]{0,500}>", re.IGNORECASE)
_ENTITY: Final = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")
_MARK: Final = re.compile("[\ufdd0-\ufdef]")


def article_in_scripts(root: etree._Element) -> str:
    """The HTML of the article that a script holds as a JSON string; empty where none does."""
    found = [text for script in root.iter("script") for text in _strings(script) if len(_TAG.findall(text)) > 1]
    best = max(found, key=marks_in, default="")
    return best if marks_in(best) >= _ENOUGH_MARKS else ""


def _strings(script: etree._Element) -> Iterator[str]:
    source = script.text or ""
    if len(source) < _SHORTEST or len(source) > _LARGEST:
        return
    if "json" in (script.get("type") or ""):
        try:
            yield from _texts(json.loads(source))
        except (ValueError, RecursionError):  # no JSON, or nested to break the reader: nothing to read
            return
    for literal in _LITERAL.findall(source):
        try:
            text = json.loads(literal if literal[0] == '"' else _double_quoted(literal))
        except ValueError:  # escapes that JSON does not have: not plainly a JSON string
            continue
        yield str(text)


def _double_quoted(literal: str) -> str:
    return '"' + re.sub(r"\\'|(?<!\\)\"", lambda found: "'" if found[0][-1] == "'" else '\\"', literal[1:-1]) + '"'


def _texts(value: object) -> Iterator[str]:
    """The strings of a JSON value, however deep."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def unescaped(flat: str) -> str:
    """A flattened text without entities that were escaped once too often (&amp;nbsp;); no mark comes of them."""
    if "&" not in flat:
        return flat
    return _ENTITY.sub(lambda found: _MARK.sub("", html.unescape(found[0])), flat)


def escaped_article(flat: str) -> str:
    """The HTML that a flattened text shows with its tags, because they were escaped; empty where it shows none."""
    if "<" not in flat or len(_TAG.findall(flat)) < 4:
        return ""
    text = flat.replace(OPEN, "<p>").replace(CLOSE, "</p>")
    return _MARK.sub("", text)
