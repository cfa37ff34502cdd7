"""What the pages of an OFD file refer to: how things are drawn, colour spaces, pictures. Knows nothing of the pages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from lxml import etree

from monitor.documents.formats.packed import Package, parse_xml

#: Drawing parameters that are based on others.
_DEEPEST: Final = 10


def local(node: etree._Element) -> str:
    """An element's name without its namespace, which two editions of the standard write differently."""
    return str(node.tag).rpartition("}")[2]


def below(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of a name within another."""
    return (found for found in node.iterdescendants() if local(found) == name)


def resolved(folder: str, place: str) -> str:
    """A place in the package: from its root on where it begins with a slash, else from a folder on."""
    return posixpath.normpath(place.lstrip("/") if place.startswith("/") else posixpath.join(folder, place))


class Resources:
    """The resource files of a document. What is referred to and not there is passed over, as viewers do."""

    __slots__ = ("_media", "_package", "_params", "_spaces")

    def __init__(self, package: Package) -> None:
        self._package = package
        self._params: dict[str, etree._Element] = {}
        self._spaces: dict[str, str] = {}
        self._media: dict[str, str] = {}

    def add(self, place: str) -> None:
        """Take in a resource file. Raises Unreadable where it is damaged."""
        if place not in self._package:
            return
        root = parse_xml(self._package.read(place))
        folder = resolved(posixpath.dirname(place), root.get("BaseLoc", ""))
        self._params |= {node.get("ID", ""): node for node in below(root, "DrawParam")}
        self._spaces |= {node.get("ID", ""): node.get("Type", "") for node in below(root, "ColorSpace")}
        for medium in below(root, "MultiMedia"):
            for file in below(medium, "MediaFile"):
                self._media[medium.get("ID", "")] = resolved(folder, (file.text or "").strip())

    def params(self, reference: str | None) -> Iterator[etree._Element]:
        """Drawing parameters, and those that they are based on, the nearest first."""
        for _ in range(_DEEPEST):
            found = self._params.get(reference or "")
            if found is None:
                return
            yield found
            reference = found.get("Relative")

    def has_inks(self, reference: str | None) -> bool:
        """Whether a colour space mixes inks, so that nothing is white (CMYK)."""
        return self._spaces.get(reference or "") == "CMYK"

    def picture(self, reference: str | None) -> bytes | None:
        """The bytes of a picture. Raises Unreadable where they are damaged."""
        place = self._media.get(reference or "")
        return self._package.read(place) if place is not None and place in self._package else None
