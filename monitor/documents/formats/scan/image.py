"""Pictures made fit for recognising: decoded within bounds, without seals and shadows, upright, ink told from paper.

Knows nothing of text or tables.
"""

from __future__ import annotations

import io
import math
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, ImageOps

from monitor.documents.formats.scan.ocr import Picture
from monitor.documents.limits import MOST_PIXELS, MOST_SCANNED_PAGES
from monitor.errors import Unreadable

Mask = npt.NDArray[np.bool_]

#: The formats that are opened, and what Pillow raises for broken ones.
_FORMATS: Final = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
_BROKEN: Final = (
    OSError, ValueError, TypeError, LookupError, SyntaxError, EOFError, MemoryError, ArithmeticError, RuntimeError,
    struct.error, Image.DecompressionBombError,
)  # fmt: skip

#: The long side of an A4 page at 200 dpi: every picture is brought to this scale, so that lengths below are in pixels.
_LONG_SIDE: Final = 2339
_A4: Final = 1.4143
_MOST_ENLARGED: Final = 2.5
#: The shape of a page that lies, width by height.
_LANDSCAPE: Final = (1.3, 1.5)
#: The height of the larger characters of a page at that scale: usual, and the least and the most before the picture is
#: taken to be something else than a page, and scaled by its print.
_PRINT, _SMALL_PRINT, _LARGE_PRINT = 28.0, 15.0, 52.0
_FEWEST_LETTERS: Final = 40
#: Pictures with a smaller side are logos and buttons.
_SMALLEST: Final = 200
#: Print at the edge of a picture is darker than this.
_CUT_INK: Final = 128

#: Red over paper or print: a pixel of a seal, how much of its outline is bridged, and how large a seal is (4 cm; half
#: of one at least is seen).
_RED: Final = 45
_SEAL: Final = 150
_BRIDGE: Final = 15
_MOST_RED: Final = 0.25

#: Ink is darker than this share of the paper around it, within which the picture's own threshold is kept; what is
#: darker than `FAINT` may be ink. 255 is paper.
_DARKEST_INK, _LIGHTEST_INK = 110.0, 190.0
FAINT: Final = 215
#: Paper is what is lightest within so many pixels.
_PAPER: Final = 61

#: The share of a page (per cent) that is inked for sure, and the palest ink that is told from stains.
_INKED: Final = 0.5
_PALEST: Final = 180.0

#: Degrees within which a page may lie askew, and the steps in which its angle is looked for.
_MOST_SKEW: Final = 4.0
_STEPS: Final = (0.5, 0.1, 0.02)
_SKEW_WIDTH: Final = 900


@dataclass(frozen=True, slots=True)
class Sheet:
    """An upright page: `grey` with even paper (255), `ink` its dark pixels, `seal` what a seal had covered.

    `enlarged`: how many times larger than the picture it is.
    """

    grey: Picture
    ink: Mask
    seal: Mask
    enlarged: float


# ── bytes → pictures ────────────────────────────────────────────────────────────────────────────────────────────────


def open_pictures(data: bytes) -> Iterator[Image.Image]:
    """The pages of a picture file, each decoded when it is asked for. Raises Unreadable over the limits or if broken.

    A TIFF holds pages; of an animation (GIF, WebP, PNG) the first picture is taken.
    """
    try:
        with _quiet():
            file = Image.open(io.BytesIO(data), formats=_FORMATS)
        with file:
            pages = MOST_SCANNED_PAGES if file.format == "TIFF" else 1
            if pages > 1:
                _check_count(file)
            for number in range(pages):
                page = _page(file, number)
                if page is None:
                    return
                yield page
    except _BROKEN as error:
        raise Unreadable("图片已损坏或不是有效的图片，无法解码；请提供完整的文件") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Pillow's warnings: of sizes, which `check_size` refuses, and of damage that it can do without."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _page(file: ImageFile.ImageFile, number: int) -> Image.Image | None:
    """A page of a picture file, decoded and turned as its camera says; None behind the last."""
    with _quiet():
        try:
            file.seek(number)
        except EOFError:
            return None
        check_size(file.width, file.height)
        return ImageOps.exif_transpose(file.copy())


def _check_count(file: ImageFile.ImageFile) -> None:
    with _quiet():
        try:
            file.seek(MOST_SCANNED_PAGES)
        except EOFError:
            return
    raise Unreadable(f"图片超过 {MOST_SCANNED_PAGES} 页的上限，未读取；请分成几个文件")


def check_size(width: int, height: int) -> None:
    """Raises Unreadable for a picture with more pixels than the limit; to be asked before it is decoded or drawn."""
    if width * height > MOST_PIXELS:
        raise Unreadable(
            f"图片有 {width}×{height} 像素，超过 {MOST_PIXELS // 1_000_000} 百万像素的上限，未读取；请缩小后再读"
        )


def stitched(above: Image.Image, below: Image.Image) -> Image.Image | None:
    """Two pictures as one where they are pieces of one page: equally wide, and cut through print; else None."""
    height = above.height + below.height
    if above.width != below.width or above.width * height > MOST_PIXELS:
        return None
    last, first = (
        np.asarray(image.crop((0, row, image.width, row + 1)).convert("L"))[0] < _CUT_INK
        for image, row in ((above, above.height - 1), (below, 0))
    )
    if not (last & first).any():
        return None
    whole = Image.new("RGB", (above.width, height), "white")
    whole.paste(_on_white(above), (0, 0))
    whole.paste(_on_white(below), (0, above.height))
    return whole


def is_page(image: Image.Image) -> bool:
    """Whether a picture is large enough to hold a page, or a strip of one."""
    return min(image.size) >= _SMALLEST


# ── a picture → a sheet ─────────────────────────────────────────────────────────────────────────────────────────────


def sheet_of(image: Image.Image, turn: int = 0) -> Sheet:
    """A page at 200 dpi, straight and level, turned by so many quarters (counter-clockwise)."""
    pixels = np.ascontiguousarray(np.rot90(np.asarray(_on_white(image), dtype=np.uint8), turn))
    scale = _page_scale(*pixels.shape[:2])
    sheet = _sheet(pixels, scale)
    letters = _letters(sheet.ink)
    if letters and not _SMALL_PRINT <= letters <= _LARGE_PRINT:
        better = _bounded(scale * _PRINT / letters, *pixels.shape[:2])
        if abs(better - scale) > 0.1 * scale:
            return _sheet(pixels, better)
    return sheet


def _sheet(pixels: Picture, scale: float) -> Sheet:
    """The picture at a scale, level and straight."""
    size = max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    colours = cv2.resize(pixels, size, interpolation=method).astype(np.uint8)
    seal = _seal(colours) if colours.ndim == 3 else np.zeros(colours.shape, np.bool_)
    grey = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY).astype(np.uint8) if colours.ndim == 3 else colours
    if seal.any():
        # Through the seal's own light its red is paper, and print below it stays dark.
        grey = np.where(seal, np.maximum(grey, colours[:, :, 0]), grey).astype(np.uint8)
    grey = _levelled(grey)
    ink = ink_of(grey)
    angle = _skew(ink)
    if abs(angle) >= _STEPS[-1]:
        grey = _rotated(grey, angle, 255)
        seal = _rotated(seal.astype(np.uint8), angle, 0).astype(np.bool_)
        ink = ink_of(grey)
    return Sheet(grey, ink, seal, scale)


def _page_scale(height: int, width: int) -> float:
    """What brings a picture to 200 dpi if it is a page, a long strip of pages or a piece of a page as wide as one."""
    lies = _LANDSCAPE[0] <= width / height <= _LANDSCAPE[1]
    return _bounded((_LONG_SIDE if lies else _LONG_SIDE / _A4) / width, height, width)


def _bounded(scale: float, height: int, width: int) -> float:
    return min(scale, _MOST_ENLARGED, math.sqrt(MOST_PIXELS / (height * width)))


def _letters(ink: Mask) -> float:
    """The height of the larger characters in pixels; 0 where there are too few to say."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    wide, high = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    heights = high[(high >= 5) & (high <= 150) & (wide <= 2 * high) & (high <= 5 * wide)]
    return float(np.percentile(heights, 75)) if len(heights) >= _FEWEST_LETTERS else 0.0


def _on_white(image: Image.Image) -> Image.Image:
    """The picture in grey or colour; what is transparent is white."""
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode[0] in "IF":  # sixteen bits and more: the lightest is white
        deep = np.asarray(image, dtype=np.float64)
        return Image.fromarray(np.clip(deep * (255 / max(deep.max(), 1)), 0, 255).astype(np.uint8))
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        layered = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), layered).convert("RGB")
    return image.convert("RGB")


def _seal(colours: Picture) -> Mask:
    """The red pixels of seals: red that hangs together over some square centimetres, and is no line of red print."""
    red, green, blue = cv2.split(colours)
    mask = ((cv2.subtract(red, green) > _RED) & (cv2.subtract(red, blue) > _RED)).astype(np.uint8)
    if not 0 < mask.mean() < _MOST_RED:  # no red at all, or red paper
        return np.zeros(mask.shape, np.bool_)
    whole = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((_BRIDGE, _BRIDGE), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(whole)
    within = np.zeros_like(mask)
    for left, top, wide, high, _ in stats[1:count].tolist():
        # The words and the star within the ring go with it.
        if min(wide, high) >= _SEAL and max(wide, high) <= 3 * min(wide, high):
            within[top : top + high, left : left + wide] = 1
    # And so do the soft edges, which are pink.
    return cv2.dilate(mask & within, np.ones((5, 5), np.uint8)).astype(np.bool_)


def _levelled(grey: Picture) -> Picture:
    """The picture divided by its paper, so that shadows, tints and fills are white."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((_PAPER // 4, _PAPER // 4), np.uint8))
    paper = cv2.resize(cv2.medianBlur(paper, 9), grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    level = cv2.divide(grey, np.maximum(paper, 30), scale=255.0)
    # Faded print is made as dark as any: the darkest thousandths are ink, if there is ink at all.
    darkest = min(float(np.percentile(cv2.GaussianBlur(level[::2, ::2], (0, 0), 1), _INKED)), _PALEST)
    stretched = 255 - (255 - np.arange(256)) * (255 / (255 - darkest))
    return cast(Picture, np.clip(stretched, 0, 255).astype(np.uint8)[level])


def ink_of(grey: Picture) -> Mask:
    """The dark pixels of a level picture, by Otsu's threshold within bounds."""
    soft = cv2.GaussianBlur(grey, (0, 0), 0.7)
    found, _ = cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(soft < min(max(found, _DARKEST_INK), _LIGHTEST_INK), dtype=np.bool_)


def _skew(ink: Mask) -> float:
    """The degrees by which rows of ink rise (clockwise rotation mends them): where their profile is sharpest."""
    scale = min(1.0, _SKEW_WIDTH / ink.shape[1])
    # A strip much longer than a page is looked at in its first pages only.
    part = ink[: int(ink.shape[1] * 2)]
    small = _shrunk(part, scale)
    best, reach = 0.0, _MOST_SKEW
    for step in _STEPS:
        angles = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(angles, key=lambda angle: _sharpness(_rotated(small, float(angle), 0))))
        reach = step
    return best


def _shrunk(ink: Mask, scale: float) -> Picture:
    picture = ink.astype(np.uint8) * 255
    return cast(Picture, cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _sharpness(picture: Picture) -> float:
    rows = picture.sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def _rotated(picture: Picture, angle: float, around: int) -> Picture:
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cast(
        Picture,
        cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=float(around)),
    )


def is_turned(ink: Mask) -> bool:
    """Whether text runs from top to bottom: columns of ink then stand out where rows should."""
    small = _shrunk(ink, 0.5)
    return _sharpness(np.ascontiguousarray(small.T)) > 1.5 * _sharpness(small)
