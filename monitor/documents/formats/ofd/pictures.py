"""The pictures on a page of an OFD file: where they stand, what they let through from below, and pages made of them.

A page that is nothing but pictures is drawn from them and recognised, as scanned pages are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from PIL import Image, ImageDraw

from monitor.documents.formats.drawn import Box
from monitor.documents.formats.ofd.resources import Resources
from monitor.documents.limits import MOST_PIXELS
from monitor.errors import Unreadable
from monitor.model import Grid, Paragraph

_Point = tuple[float, float]
Colour = tuple[int, int, int]

#: Dots an inch at which a page is drawn for recognition.
_DPI: Final = 200
#: Pictures on a page, and those that stay decoded.
_MOST_PICTURES: Final = 60
_KEPT: Final = 2
#: How opaque a picture is that cannot be looked into: whether it hides anything is not sure.
_UNKNOWN: Final = 0.7


class Picture:
    """A picture as placed. `corners`: where its upper left, upper right and lower left ones come to stand (points)."""

    __slots__ = ("_recent", "_reference", "_resources", "corners")

    def __init__(
        self,
        corners: Sequence[_Point],
        reference: str | None,
        resources: Resources,
        *,
        recent: dict[str, Image.Image],
    ) -> None:
        """`recent`: the document's pictures that were decoded last."""
        self.corners = tuple(corners)
        self._reference, self._resources, self._recent = reference, resources, recent

    def image(self) -> Image.Image:
        """The picture itself. Raises Unreadable where it is not there, or cannot be decoded."""
        key = self._reference or ""
        image = self._recent.get(key)
        if image is None:
            image = _decoded(self._resources.picture(key))
            # A page is 25 MB: not all of a document's stay in memory.
            if len(self._recent) >= _KEPT:
                self._recent.clear()
            self._recent[key] = image
        return image

    def opacity_in(self, box: Box) -> float:
        """How much the picture hides of what lies below it within a box, from 0 to 1; half where that is not known."""
        try:
            image = self.image()
        except Unreadable:
            return _UNKNOWN
        if not image.has_transparency_data:
            return 1.0
        found = self._place_of(box, image)
        if found is None:
            return _UNKNOWN
        alpha = image.convert("RGBA").getchannel("A").crop(found)
        return sum(value * count for value, count in enumerate(alpha.histogram())) / (255 * alpha.width * alpha.height)

    @property
    def scale(self) -> float:
        """Pixels to a point."""
        (x, y), (x1, y1), _ = self.corners
        return self.image().width / max(math.hypot(x1 - x, y1 - y), 1.0)

    def matrix(self) -> tuple[float, float, float, float, float, float] | None:
        """From the page's points to the unit square of the picture; None where it is squeezed to a line."""
        (x, y), (x1, y1), (x2, y2) = self.corners
        # A place of the page is the first corner and so much of the sides to the other two.
        a, b, c, d = x1 - x, y1 - y, x2 - x, y2 - y
        size = a * d - b * c
        if abs(size) < 1e-6:
            return None
        return d / size, -c / size, (c * y - d * x) / size, -b / size, a / size, (b * x - a * y) / size

    def _place_of(self, box: Box, image: Image.Image) -> tuple[int, int, int, int] | None:
        matrix = self.matrix()
        if matrix is None:
            return None
        a, b, c, d, e, f = matrix
        corners = [(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
        across = [(a * x + b * y + c) * image.width for x, y in corners]
        down = [(d * x + e * y + f) * image.height for x, y in corners]
        x0, y0 = max(int(min(across)), 0), max(int(min(down)), 0)
        x1, y1 = min(int(max(across)) + 1, image.width), min(int(max(down)) + 1, image.height)
        return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _decoded(data: bytes | None) -> Image.Image:
    from monitor.documents.formats.scan.image import open_pictures  # loads what recognises

    if data is None:
        raise Unreadable("图片不在文件里")
    image = next(open_pictures(data), None)
    if image is None:
        raise Unreadable("图片里没有内容")
    return image


def drawn(items: Sequence[Picture | tuple[Box, Colour]], width: float, height: float, *, dpi: int = 0) -> Image.Image:
    """A page of pictures and of filled rectangles, in the order of painting. Raises Unreadable where one is damaged.

    `width`, `height` in points; `dpi`: dots an inch, 0 for the pictures' own.
    """
    if sum(isinstance(item, Picture) for item in items) > _MOST_PICTURES:
        raise Unreadable(f"图片超过 {_MOST_PICTURES} 张，未读取")
    own = dpi or max([_DPI, *(72 * item.scale for item in items if isinstance(item, Picture))])
    scale = min(own / 72, (MOST_PIXELS / (width * height)) ** 0.5)
    page = Image.new("RGB", (max(round(width * scale), 1), max(round(height * scale), 1)), "white")
    for item in items:
        if isinstance(item, Picture):
            _paste(page, item, scale)
        else:
            box, colour = item
            ImageDraw.Draw(page).rectangle([side * scale for side in box], fill=colour)
    return page


def _paste(page: Image.Image, picture: Picture, scale: float) -> None:
    matrix = picture.matrix()
    if matrix is None:
        return
    image = picture.image().convert("RGBA")
    a, b, c, d, e, f = matrix
    wide, high = image.size
    back = (a * wide / scale, b * wide / scale, c * wide, d * high / scale, e * high / scale, f * high)
    placed = image.transform(page.size, Image.Transform.AFFINE, back, resample=Image.Resampling.BICUBIC)
    page.paste(placed, (0, 0), placed)


def recognised(images: Iterable[tuple[int, Image.Image]]) -> list[Paragraph | Grid]:
    """The blocks of page images. Raises Unreadable."""
    from monitor.documents.formats.scan.scan import read_pages  # loads what recognises: a second, and half a GB

    return read_pages(images)
