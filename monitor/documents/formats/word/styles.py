"""What a Word document's styles say of its paragraphs: heading level, numbering, hidden text. Reads styles.xml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from monitor.documents.formats.word.xml import VAL, Properties, W, flag, properties, val, whole

#: Built-in headings keep their English name in a file; converters and WPS write the Chinese one as well.
_HEADING: Final = re.compile(r"(?:heading|标题|標題)\s*([1-9])(?:\s*char)?", re.IGNORECASE)
_TITLE: Final = re.compile(r"title|标题|標題", re.IGNORECASE)
_CONTENTS: Final = re.compile(r"(?:toc|目录|目錄)\s*[1-9]", re.IGNORECASE)
#: Styles are based on styles; Word itself allows ten.
_DEEPEST: Final = 20
#: Outline levels are 0 to 8 for headings, 9 is body text.
_BODY: Final = 9


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style gives. `level`: of a heading, 0 for none. `number`, `place`: its list and level in it."""

    level: int = 0
    number: str | None = None
    place: int | None = None
    owner: str = ""
    hidden: bool = False
    is_contents: bool = False


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._default = ""
        self._found: dict[str, Style] = {}
        for element in root.iterchildren(W + "style") if root is not None else ():
            name = element.get(W + "styleId", "")
            self._elements.setdefault(name, element)
            default = (element.get(W + "default") or "0").lower() not in ("0", "false", "off")
            if default and element.get(W + "type") == "paragraph":
                self._default = name

    def paragraph(self, name: str | None) -> Style:
        """The style of a paragraph; without a name (or with one that does not exist) the document's own default."""
        name = name if name in self._elements else self._default
        if name not in self._found:
            self._found[name] = self._paragraph(name)
        return self._found[name]

    def of_runs(self, name: str, what: str) -> etree._Element | None:
        """What a style says of its runs (vanish, strike, vertAlign …), by a local name; None where it does not."""
        said = (properties(element, "rPr").get(W + what) for element in self._chain(name))
        return next((found for found in said if found is not None), None)

    def hides(self, name: str) -> bool | None:
        """Whether text in a style is hidden; None where the style does not say."""
        vanish = self.of_runs(name, "vanish")
        return None if vanish is None else flag(vanish)

    def _paragraph(self, name: str) -> Style:
        level: int | None = None
        number: str | None = None
        place: int | None = None
        owner = ""
        is_contents = False
        for element in self._chain(name):
            called = val(properties(element), "name") or ""
            is_contents = is_contents or bool(_CONTENTS.fullmatch(called))
            own = properties(element, "pPr")
            if level is None:
                level = heading_level(own)
            if level is None:
                level = _level_by_name(called)
            listed = properties(own.get(W + "numPr"))
            if number is None and (number := val(listed, "numId")) is not None:
                owner = element.get(W + "styleId", "")
            if place is None and val(listed, "ilvl") is not None:
                place = whole(val(listed, "ilvl"), 0)
        return Style(level or 0, number, place, owner, bool(self.hides(name)), is_contents)

    def _chain(self, name: str) -> Iterator[etree._Element]:
        """A style and those it is based on; a circle ends."""
        for _ in range(_DEEPEST):
            element = self._elements.get(name)
            if element is None:
                return
            yield element
            name = val(properties(element), "basedOn") or ""


def heading_level(own: Properties) -> int | None:
    """The heading level (1 to 9, 0 for body text) that paragraph properties state; None where they state none."""
    outline = own.get(W + "outlineLvl")
    if outline is None:
        return None
    level = whole(outline.get(VAL), _BODY)
    return level + 1 if 0 <= level < _BODY else 0


def _level_by_name(name: str) -> int | None:
    """The level of a built-in heading style, 1 for the title's; None for any other style."""
    found = _HEADING.fullmatch(name.strip())
    if found:
        return int(found[1])
    return 1 if _TITLE.fullmatch(name.strip()) else None
