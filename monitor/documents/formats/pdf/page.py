"""One page of a PDF as marks in reading position: glyphs, ruling lines, fills, pictures, and whether to trust the text.

What a person sees is what is read: a glyph counts only where the drawn page has ink. Knows no tables and no paragraphs.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from monitor.documents.formats.drawn import Box, Glyph
from monitor.documents.formats.pdf.marks import DIGITS, FIGURES, Rule, printed_once, usual_size
from monitor.documents.formats.pdf.shapes import Frame, Shapes, is_white
from monitor.documents.limits import MOST_GLYPHS, MOST_PIXELS
from monitor.errors import Unreadable

#: Rectangles of which it is looked at whether one lies in the other.
_MOST_RECTANGLES: Final = 2000
#: Glyphs of which it is looked at whether they lie over others.
_MOST_LARGE: Final = 300
#: Pixels of the drawing by which glyphs and blank cells are looked at: one a point on A4.
_DRAWN_PIXELS: Final = 800_000
#: Degrees by which lettering may lean; more is a watermark or a stamp.
_LEAN: Final = 3.0
#: Difference in grey (of 255) between a glyph's ink and its ground that an eye can make out.
_VISIBLE: Final = 10
#: How far from a cell's border, in points, ink may still be the border's.
_ASIDE: Final = 3.5
#: A picture over so much of a page, painted over its text, hides it.
_VEILED: Final = 0.6
_INVISIBLE_MODES: Final = frozenset({3, 7})
#: Stands for a mark that is there and cannot be told.
_UNKNOWN: Final = "\ufffd"
_HYPHENS: Final = frozenset({0x02, 0xAD, 0xFFFE})

#: CJK radicals that fonts put in the place of characters and that NFKC leaves as they are.
_RADICALS: Final = dict(
    zip(
        "⺀⺁⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺗⺘⺙⺛⺝⺞⺟⺠⺡⺢⺣⺥⺨⺩⺬⺭⺮⺰"
        "⺱⺼⺾⻁⻃⻄⻅⻆⻈⻉⻋⻌⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "冫厂卜卩小小兀尣尢尢巳幺心扌攵旡月歺母民氵氺灬爫犭王礻礻竹纟"
        "罒月艹虎覀西见角讠贝车辶钅長镸长门阝雨青韦页风飞食饣马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
#: Marks and characters that stand on any page of Chinese; lettering with hardly any of them is not what it seems.
_USUAL: Final = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过民"
    "公开政府信息情况申请本行理结果法第及数部其机关，。、；：（）“”0123456789"
)


@dataclass(slots=True)
class Page:
    """A page upright: x to the right, y down, in points. `dropped`: boxes of lettering that was left out (watermarks).

    `level`, `upright`: ruling lines. `fills`: coloured rectangles. `distrust`: why the text is not to be relied on, so
    that the page has to be recognised from its picture; empty where it is. `ink`: grey pixels, `scale` to a point.
    `turn`: quarter turns clockwise from the stored page to the upright one, beyond its own /Rotate. `oversized`: it is
    too large to be drawn.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)
    fills: list[Box] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)
    dropped: list[Box] = field(default_factory=list)
    distrust: str = ""
    ink: Any = None
    scale: float = 1.0
    turn: int = 0
    oversized: bool = False

    def has_ink(self, box: Box) -> bool:
        """Whether anything is drawn within a box that is believed blank, besides lettering that was left out."""
        # Borders are drawn a little beside the places that they were snapped to.
        aside, below = min(_ASIDE, (box.x1 - box.x0) / 3), min(_ASIDE, (box.y1 - box.y0) / 3)
        x0, y0, x1, y1 = box.x0 + aside, box.y0 + below, box.x1 - aside, box.y1 - below
        rows = slice(max(int(y0 * self.scale) + 1, 0), max(int(y1 * self.scale), 0))
        columns = slice(max(int(x0 * self.scale) + 1, 0), max(int(x1 * self.scale), 0))
        patch = self.ink[rows, columns]
        if patch.size == 0 or int(patch.max()) - int(patch.min()) < 4 * _VISIBLE:
            return False
        return not any(other.x0 < x1 and x0 < other.x1 and other.y0 < y1 and y0 < other.y1 for other in self.dropped)


class _Letter(NamedTuple):
    """A glyph in the page's own coordinates. `turn`: quarter turns of its direction anticlockwise, -1: leaning."""

    text: str
    x: float
    y: float
    box: tuple[float, float, float, float]
    size: float
    turn: int
    style: _Style


class _Style(NamedTuple):
    """What the glyphs of a text object share. `foreign`: the font is not in the file. `white`: so it is printed.

    `source`: the address of the object.
    """

    size: float
    turn: int
    hidden: bool
    foreign: bool
    white: bool
    source: int


def read_page(document: pdfium.PdfDocument, number: int) -> Page:
    """Read page `number` (from 0). Raises PdfiumError where it cannot be loaded, Unreadable where it is too full."""
    page = document[number]
    try:
        shapes = Shapes(page)
        letters, hidden, broken = _letters(page)
        stored = (-page.get_rotation() // 90) % 4
        counts = Counter(letter.turn for letter in letters if letter.turn >= 0)
        turn = counts.most_common(1)[0][0] if counts else (4 - stored) % 4
        frame = Frame(page, turn)
        found = Page(number + 1, frame.width, frame.height, turn=(turn + stored) % 4)
        if shapes.too_many:
            found.distrust = "线条过多"
        _place(found, shapes, frame)
        _draw(page, found, shapes)
        _settle(found, letters, frame)
        if found.glyphs and shapes.veiled > _VEILED * found.width * found.height:
            hidden += len(found.glyphs) + 1
        found.distrust = found.distrust or _distrust(found, hidden, broken)
        return found
    finally:
        page.close()


# ── lettering ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _letters(page: pdfium.PdfPage) -> tuple[list[_Letter], int, int]:
    """The page's glyphs, how many more are invisible on purpose, and how many have no known character."""
    text = page.get_textpage()
    letters: list[_Letter] = []
    hidden = broken = 0
    styles: dict[int, _Style] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    try:
        handle = text.raw
        count = raw.FPDFText_CountChars(handle)
        if count > MOST_GLYPHS:
            raise Unreadable(f"PDF 文件有一页 {count} 个字符，超过 {MOST_GLYPHS} 个的上限，未读取")
        for index in range(count):
            code = raw.FPDFText_GetUnicode(handle, index)
            mark = _mark(code)
            if mark.isspace() or 0x2000 <= code <= 0x200F or code == 0xFEFF:
                continue
            found = raw.FPDFText_GetTextObject(handle, index)
            address = ctypes.cast(found, ctypes.c_void_p).value or 0
            style = styles.get(address)
            if style is None:
                style = styles[address] = _style(handle, index, found)
            if style.hidden:
                hidden += 1
                continue
            if mark == _UNKNOWN or raw.FPDFText_HasUnicodeMapError(handle, index) == 1:
                broken += 1
                mark = _UNKNOWN
            raw.FPDFText_GetCharOrigin(handle, index, x, y)
            mark, box = _boxed(handle, index, mark, style)
            letters.append(_Letter(mark, x.value, y.value, box, style.size, style.turn, style))
    finally:
        text.close()
    return letters, hidden, broken


def _mark(code: int) -> str:
    """The character that a code of PDFium means, in its plain form; `_UNKNOWN` where it means none."""
    if code in _HYPHENS:
        return "-"
    if 0xD800 <= code <= 0xF8FF or code > 0x10FFFF or (code < 32 and not chr(code).isspace()):
        return _UNKNOWN
    return _plain(chr(code))


def _boxed(handle: Any, index: int, mark: str, style: _Style) -> tuple[str, tuple[float, float, float, float]]:
    """A glyph's box: as wide as its advance, or as its ink where none is known. A doubtful figure loses its mark."""
    loose = raw.FS_RECTF()
    loosely = style.turn == 0 and raw.FPDFText_GetLooseCharBox(handle, index, loose)
    # PDFium gives vertical writing boxes of the font's raw size.
    loosely = loosely and 0 < loose.right - loose.left < 1.6 * style.size
    if loosely and mark not in DIGITS:
        return mark, (loose.left, loose.bottom, loose.right, loose.top)
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(handle, index, left, right, bottom, top)
    if not loosely:
        return mark, (left.value, bottom.value, right.value, top.value)
    # A figure without an advance of its own may lie on another, which PDFium then leaves out.
    known = abs(right.value - loose.right) >= 0.0005 * style.size
    return mark if known else _UNKNOWN, (loose.left, loose.bottom, loose.right, loose.top)


def _style(handle: Any, index: int, found: Any) -> _Style:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, index, matrix)
    size = raw.FPDFText_GetFontSize(handle, index) * math.hypot(matrix.c, matrix.d)
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
    turn = round(angle / 90) % 4
    leaning = abs((angle - turn * 90 + 180) % 360 - 180) > _LEAN
    hidden = not size > 0 or (bool(found) and raw.FPDFTextObj_GetTextRenderMode(found) in _INVISIBLE_MODES)
    font = raw.FPDFTextObj_GetFont(found) if found else None
    foreign = bool(font) and raw.FPDFFont_GetIsEmbedded(font) == 0
    white = bool(found) and is_white(found)
    source = ctypes.cast(found, ctypes.c_void_p).value or 0
    return _Style(size, -1 if leaning else turn, hidden, foreign, white, source)


def _plain(mark: str) -> str:
    """The character that a radical or a compatibility ideograph stands for; every other mark as it is."""
    code = ord(mark)
    if 0x2E80 <= code <= 0x2FDF:
        return _RADICALS.get(mark) or unicodedata.normalize("NFKC", mark)
    if 0xF900 <= code <= 0xFAFF or 0x2F800 <= code <= 0x2FA1F:
        return unicodedata.normalize("NFKC", mark)
    return mark


def _settle(page: Page, letters: list[_Letter], frame: Frame) -> None:
    """Put the glyphs into reading position; drop what is outside the page, without ink, leaning, or printed twice."""
    placed: list[tuple[Glyph, _Style, bool]] = []
    for letter in letters:
        box = frame.box(*letter.box)
        if letter.turn < 0:
            page.dropped.append(box)
            continue
        if (letter.turn - frame.turn) % 4 == 0:
            x, base = frame.point(letter.x, letter.y)
            right = box.x1 if box.x1 > x else x + letter.size / 2
            if frame.turn and letter.text >= "\u2e80":  # of lettering that is turned only the ink's box is known
                right = max(right, x + letter.size)
            box = Box(min(x, box.x0) if frame.turn else x, base - 0.88 * letter.size, right, base + 0.12 * letter.size)
        glyph = Glyph(letter.text, *box, letter.size)
        if 0 <= glyph.x <= page.width and 0 <= glyph.y <= page.height:
            placed.append((glyph, letter.style, _inked(page, box)))
    foreign = [inked for _, style, inked in placed if style.foreign]
    # A font that neither the file nor this machine has leaves no ink, and its lettering is there all the same.
    missing = sum(foreign) < 0.8 * len(foreign)
    seen: list[tuple[Glyph, int]] = []
    for glyph, style, inked in placed:
        if inked or (missing and style.foreign and not style.white):
            seen.append((glyph, style.source))
        elif glyph.text in FIGURES and not style.white:
            # Hidden, or the font has lost its outline: what number stands there is not known.
            seen.append((glyph._replace(text=_UNKNOWN), style.source))
    page.glyphs = _without_watermark(page, printed_once(seen))


def _inked(page: Page, box: Box) -> bool:
    if page.ink is None:
        return True
    scale = page.scale
    patch = page.ink[
        max(int(box.y0 * scale), 0) : int(box.y1 * scale) + 2, max(int(box.x0 * scale), 0) : int(box.x1 * scale) + 2
    ]
    return patch.size > 0 and int(patch.max()) - int(patch.min()) >= _VISIBLE


def _without_watermark(page: Page, glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs without those of a watermark that lies level."""
    usual = usual_size(glyphs)
    large = [glyph for glyph in glyphs if glyph.size > 2.5 * usual][:_MOST_LARGE]
    marks = {glyph for glyph in large if _overlies(glyph, glyphs)}
    if not marks:
        return glyphs
    # A watermark is one lettering: where a glyph of it lies over text, all of its size go.
    sizes = {round(glyph.size) for glyph in marks}
    page.dropped += [Box(*glyph[1:5]) for glyph in large if round(glyph.size) in sizes]
    return [glyph for glyph in glyphs if glyph.size <= 2.5 * usual or round(glyph.size) not in sizes]


def _overlies(glyph: Glyph, others: list[Glyph]) -> bool:
    return any(
        other.size < glyph.size / 2
        and glyph.x0 < (other.x0 + other.x1) / 2 < glyph.x1
        and glyph.y0 < (other.y0 + other.y1) / 2 < glyph.y1
        for other in others
    )


# ── trust ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _distrust(page: Page, hidden: int, broken: int) -> str:
    """Why the page's text is not to be relied on; empty where it is, and where the page is blank."""
    count = len(page.glyphs)
    if hidden > count:
        return "文字是扫描件的识别层"
    if broken * 10 > count and broken > 2:
        return "文字没有可用的编码"
    if _is_picture(page, count):
        return "页面是图片"
    if count == 0:
        return (
            "页面没有文字" if page.ink is not None and int(page.ink.max()) - int(page.ink.min()) > 4 * _VISIBLE else ""
        )
    letters = [glyph.text for glyph in page.glyphs if glyph.text.isalpha()]
    han = sum("\u3400" <= text <= "\u9fff" for text in letters)
    if len(letters) >= 40 and han * 20 < len(letters):
        return "文字没有可用的编码"
    usual = sum(glyph.text in _USUAL for glyph in page.glyphs)
    return "文字没有可用的编码" if count >= 100 and usual * 25 < count else ""


def _is_picture(page: Page, count: int) -> bool:
    """Whether pictures are what the page shows: nearly all of it is covered, and hardly any text stands beside them."""
    area = page.width * page.height
    covered = sum(_area_within(picture, page) for picture in page.pictures)
    return covered > 0.5 * area and count < 40


def _area_within(box: Box, page: Page) -> float:
    return max(min(box.x1, page.width) - max(box.x0, 0), 0) * max(min(box.y1, page.height) - max(box.y0, 0), 0)


# ── lines, fills and pictures ───────────────────────────────────────────────────────────────────────────────────────


def _place(page: Page, shapes: Shapes, frame: Frame) -> None:
    """Put lines, fills and pictures into reading position."""
    for line in shapes.lines:
        x0, y0, x1, y1 = frame.box(*line)
        if y1 - y0 <= 0.5 < x1 - x0 or (x1 - x0 >= 20 * (y1 - y0) and y1 - y0 < 2):
            page.level.append(Rule((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= 0.5 < y1 - y0 or (y1 - y0 >= 20 * (x1 - x0) and x1 - x0 < 2):
            page.upright.append(Rule((x0 + x1) / 2, y0, y1))
    page.fills += [frame.box(*block) for block in shapes.blocks]
    grounds = page.fills[:_MOST_RECTANGLES]
    # White cells on a dark ground: the ground that shows between them is what rules the table.
    page.fills += [
        box for blank in shapes.blanks[:_MOST_RECTANGLES] for box in [frame.box(*blank)] if _is_within(box, grounds)
    ]
    page.pictures += [frame.box(*box) for box in shapes.pictures]


def _is_within(box: Box, others: list[Box]) -> bool:
    return any(
        other.x0 - 1 <= box.x0 and box.x1 <= other.x1 + 1 and other.y0 - 1 <= box.y0 and box.y1 <= other.y1 + 1
        for other in others
    )


def _draw(page: pdfium.PdfPage, found: Page, shapes: Shapes) -> None:
    """Draw the page in grey, small. Pictures of more pixels than a page has are not drawn: it then counts as one."""
    if shapes.largest > MOST_PIXELS:
        found.distrust, found.oversized = "图片过大", True
        return
    if not (found.width > 0 and found.height > 0):
        return
    found.scale = min(math.sqrt(_DRAWN_PIXELS / (found.width * found.height)), 4.0)
    longest = max(found.width, found.height) * found.scale
    if longest > 8000:  # a strip: no page
        found.distrust, found.oversized = "页面尺寸异常", True
        return
    bitmap = page.render(scale=found.scale, rotation=found.turn * 90, grayscale=True)
    found.ink = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width, -1)[:, :, 0]
    bitmap.close()
