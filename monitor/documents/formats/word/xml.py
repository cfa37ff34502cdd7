"""The names of WordprocessingML and how its properties are read. Knows no document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

from monitor.documents.formats.packed import Package, parse_xml
from monitor.errors import Unreadable

_OFFICE: Final = "http://schemas.openxmlformats.org/"
W: Final = f"{{{_OFFICE}wordprocessingml/2006/main}}"
M: Final = f"{{{_OFFICE}officeDocument/2006/math}}"
A: Final = f"{{{_OFFICE}drawingml/2006/main}}"
R: Final = f"{{{_OFFICE}officeDocument/2006/relationships}}"
MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VML: Final = "{urn:schemas-microsoft-com:vml}"

VAL: Final = W + "val"

#: What w:pPr, w:rPr, w:tcPr … hold: tag → element.
Properties = Mapping[str, etree._Element]
_NONE: Final[Properties] = {}

#: ISO 29500 strict names the same elements by other addresses.
_STRICT: Final = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_OFF: Final = frozenset({"0", "false", "off"})


def read_part(package: Package, name: str) -> etree._Element:
    """The root of an XML part, strict names as the usual ones. Raises Unreadable where the part is damaged."""
    data = package.read(name)
    if b"//purl.oclc.org/ooxml/" in data:
        data = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", data)
    return parse_xml(data)


def properties(element: etree._Element | None, name: str = "") -> Properties:
    """The children of an element (or of its first child of a local name) by tag; none where it is missing."""
    if element is not None and name:
        element = element.find(W + name)
    return {child.tag: child for child in element} if element is not None else _NONE


def val(own: Properties, name: str) -> str | None:
    """The w:val of a property, by its local name; None where either is missing."""
    child = own.get(W + name)
    return child.get(VAL) if child is not None else None


def flag(element: etree._Element) -> bool:
    """Whether a switch (w:vanish, w:strike …) is on: it is unless its value says no."""
    return (element.get(VAL) or "").lower() not in _OFF


def switch(own: Properties, name: str) -> bool | None:
    """Whether a switch among some properties is on; None where it is not mentioned."""
    child = own.get(W + name)
    return flag(child) if child is not None else None


def whole(text: str | None, default: int) -> int:
    """A whole number as written, at most nine digits; else the default."""
    return int(text) if text and re.fullmatch(r"-?\d{1,9}", text.strip()) else default


def relationships(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """The parts that a part refers to within the package: id → (last word of the type, name).

    What lies outside is left out: nothing of it is ever fetched. A damaged list reads as no list.
    """
    folder, _, file = part.rpartition("/")
    name = f"{folder}/_rels/{file}.rels".lstrip("/")
    if name not in package:
        return {}
    try:
        root = read_part(package, name)
    except Unreadable:
        return {}
    found = {}
    for entry in root:
        target, kind = entry.get("Target", ""), entry.get("Type", "").rpartition("/")[2]
        if entry.get("TargetMode") != "External":
            found[entry.get("Id", "")] = (kind, _resolved(folder, target))
    return found


def _resolved(folder: str, target: str) -> str:
    """A target as the name of a part: relative to its folder, or from the root."""
    steps: list[str] = []
    for step in (target if target.startswith("/") else f"{folder}/{target}").replace("\\", "/").split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)
