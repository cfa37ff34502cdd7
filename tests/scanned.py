"""Pages as a scanner or a phone makes them, composed with known values: text and ruled tables drawn with Pillow."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from monitor import form

FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
#: Drawn larger and made smaller: edges are soft, as a scanner's are.
_SUPER = 2

Picture = Image.Image
Texts = Mapping[str, str]
Columns = Sequence[float]


def font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), round(size))


class Page:
    """A page of paper, measured in points from its upper left corner."""

    def __init__(self, *, dpi: int = 150, width: float = 595, height: float = 842, paper: str = "white") -> None:
        self._scale = dpi / 72 * _SUPER
        self._size = round(width * dpi / 72), round(height * dpi / 72)
        self.image = Image.new("RGB", (round(width * self._scale), round(height * self._scale)), paper)
        self.draw = ImageDraw.Draw(self.image)

    def text(self, x: float, y: float, text: str, *, size: float = 12, ink: str = "#101010") -> None:
        self.draw.text((x * self._scale, y * self._scale), text, font=font(size * self._scale), fill=ink)

    def cell(self, box: Sequence[float], text: str, *, size: float = 9.5, ruled: bool = True) -> None:
        left, top, right, bottom = (side * self._scale for side in box)
        if ruled:
            self.draw.rectangle((left, top, right, bottom), outline="#181818", width=max(2, round(self._scale * 0.5)))
        face = font(size * self._scale)
        room = right - left - 5 * self._scale
        lines = [""]
        for mark in text:
            if lines[-1] and self.draw.textlength(lines[-1] + mark, font=face) > room:
                lines.append("")
            lines[-1] += mark
        step = face.size * 1.2
        for number, line in enumerate(lines):
            at = ((left + right) / 2, (top + bottom) / 2 + (number - (len(lines) - 1) / 2) * step)
            self.draw.text(at, line, font=face, fill="#101010", anchor="mm")

    def close(self, box: Sequence[float], text: str, *, gap: float, size: float = 10.5) -> None:
        """A cell whose text begins `gap` points (negative: within the lines) from its left line and from the top."""
        self.cell(box, "")
        left, top = (side * self._scale for side in box[:2])
        line = max(2, round(self._scale * 0.5))
        self.draw.text(
            (left + line + gap * self._scale, top + line + (gap + 4) * self._scale),
            text,
            font=font(size * self._scale),
            fill="#101010",
            anchor="lt",
        )

    def done(self, mode: str = "L") -> Picture:
        return self.image.resize(self._size, Image.Resampling.LANCZOS).convert(mode)


_EDGES = (50.0, 130.0, 270.0, 310.0, 350.0, 390.0, 430.0, 470.0, 510.0, 550.0)


def requests_texts(rng: random.Random, figure: Callable[[random.Random], str]) -> dict[str, str]:
    """A text for each cell of table 3 (row.column)."""
    return {
        f"{row.key}.{column.key}": figure(rng) for row in form.REQUEST_ROWS["2021"] for column in form.REQUEST_COLUMNS
    }


def draw_requests(
    page: Page, top: float, texts: Texts, *, rows: slice = slice(None), head: bool = True, label: str = ""
) -> float:
    """Table 3, or some of its rows (`label`: what the last of them says); returns where it ends."""
    x, y = _EDGES, top
    if head:
        page.cell((x[0], y, x[2], y + 66), form.REQUESTS_CORNER)
        page.cell((x[2], y, x[9], y + 18), "申请人情况")
        page.cell((x[2], y + 18, x[3], y + 66), "自然人")
        page.cell((x[3], y + 18, x[8], y + 36), "法人或其他组织")
        page.cell((x[8], y + 18, x[9], y + 66), "总计")
        for number, column in enumerate(form.REQUEST_COLUMNS[1:6]):
            page.cell((x[3 + number], y + 36, x[4 + number], y + 66), column.label, size=8)
        y += 66
    groups: dict[str, tuple[float, float]] = {}
    drawn = form.REQUEST_ROWS["2021"][rows]
    for row in drawn:
        high = 30 if len(row.label) > 20 else 19
        words = label if label and row is drawn[-1] else row.label
        page.cell((x[1] if row.group else x[0], y, x[2], y + high), words, size=7.5)
        for number, column in enumerate(form.REQUEST_COLUMNS):
            text = texts[f"{row.key}.{column.key}"]
            page.cell((x[2 + number], y, x[3 + number], y + high), text, size=10.5)
        if row.group:
            groups[row.group] = groups.get(row.group, (y, y))[0], y + high
        y += high
    for group, (first, last) in groups.items():
        page.cell((x[0], first, x[1], last), group)
    return y


def remedies_texts(rng: random.Random, figure: Callable[[random.Random], str]) -> dict[str, str]:
    """A text for each cell of table 4 (kind.result)."""
    return {f"{kind.key}.{result.key}": figure(rng) for kind in form.REMEDY_KINDS for result in form.REMEDY_RESULTS}


def draw_remedies(page: Page, top: float, texts: Texts) -> float:
    """Table 4; returns where it ends."""
    wide = 500 / 15
    page.cell((50, top, 50 + 5 * wide, top + 36), "行政复议")
    page.cell((50 + 5 * wide, top, 550, top + 18), "行政诉讼")
    page.cell((50 + 5 * wide, top + 18, 50 + 10 * wide, top + 36), "未经复议直接起诉")
    page.cell((50 + 10 * wide, top + 18, 550, top + 36), "复议后起诉")
    paths = [(kind, result) for kind in form.REMEDY_KINDS for result in form.REMEDY_RESULTS]
    for number, (kind, result) in enumerate(paths):
        left = 50 + number * wide
        page.cell((left, top + 36, left + wide, top + 74), result.label, size=8)
        page.cell((left, top + 74, left + wide, top + 98), texts[f"{kind.key}.{result.key}"], size=10.5)
    return top + 98


def figure(rng: random.Random) -> str:
    """A figure as tables have them: half are zero, most are small."""
    reach = rng.random()
    return "0" if reach < 0.5 else str(rng.randint(1, 9 if reach < 0.7 else 99 if reach < 0.9 else 9999))


# ── what scanners do to them ────────────────────────────────────────────────────────────────────────────────────────


def scanned(image: Picture, *, skew: float = 0.8, noise: float = 8, quality: int = 45, blur: float = 0.5) -> Picture:
    """The page as a poor scanner gives it: askew, soft, noisy, and packed as JPEG."""
    image = image.filter(ImageFilter.GaussianBlur(blur)).rotate(
        skew, resample=Image.Resampling.BICUBIC, fillcolor="white"
    )
    grains = np.random.default_rng(1).normal(0, noise, np.asarray(image).shape)
    noisy = Image.fromarray(np.clip(np.asarray(image) + grains, 0, 255).astype(np.uint8))
    return Image.open(io.BytesIO(packed(noisy, "JPEG", quality=quality)))


def packed(image: Picture, kind: str = "PNG", **options: object) -> bytes:
    kept = io.BytesIO()
    image.save(kept, kind, **options)
    return kept.getvalue()


def shaded(image: Picture) -> Picture:
    """The page under a lamp: one corner has little more than half of the light."""
    pixels = np.asarray(image.convert("L"), dtype=np.float64)
    down, across = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    light = 0.55 + 0.45 * np.clip((down / pixels.shape[0] + across / pixels.shape[1]) * 0.8, 0, 1)
    return Image.fromarray((pixels * light).astype(np.uint8))


def sealed(image: Picture, x: int, y: int, radius: int) -> Picture:
    """The page with an agency's red seal at a place (pixels): a ring, a star, words around it."""
    layer = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(layer)
    red = (214, 40, 40)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=red, width=max(4, radius // 14))
    pen.regular_polygon((x, y, radius // 3), 5, fill=red)
    for number, mark in enumerate("某某市人民政府办公室"):
        angle = np.pi * (0.95 + 0.122 * number)
        at = (x + np.cos(angle) * radius * 0.75, y + np.sin(angle) * radius * 0.75)
        pen.text(at, mark, font=font(radius * 0.24), fill=red, anchor="mm")
    # Ink on ink: the darker of the two in each colour.
    return Image.fromarray(np.minimum(np.asarray(image.convert("RGB")), np.asarray(layer)))
