"""The text of one Word paragraph as people see it: without what was deleted, hidden or is code. Knows no table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from monitor.documents.formats.word.styles import Styles
from monitor.documents.formats.word.xml import MC, VAL, VML, A, M, W, flag, properties, switch, val, whole

#: What breaks stand for in `Inline.text`: no file can hold these two, and to `clean` they are blanks.
PAGE_TURNED: Final = "\f"
PAGE_BREAK: Final = "\v"

_TEXT: Final = W + "t"
_RUN: Final = W + "r"
_RUN_PROPERTIES: Final = W + "rPr"
_BREAK: Final = W + "br"
_FIELD: Final = W + "fldChar"
_SYMBOL: Final = W + "sym"
_CONTROL: Final = W + "sdt"
_RUBY: Final = W + "ruby"
_MATHS: Final = frozenset({M + "oMath", M + "oMathPara"})
_CHOICE: Final = MC + "AlternateContent"
_NOTE_MARKS: Final = frozenset({W + "footnoteReference", W + "endnoteReference"})
_PICTURES: Final = frozenset({W + "drawing", W + "pict", W + "object"})
_BOX: Final = W + "txbxContent"
_WORD_ART: Final = VML + "textpath"
#: The address of a picture within a drawing, of today and of old.
BLIP: Final = A + "blip"
IMAGE_DATA: Final = VML + "imagedata"

_MARKS: Final = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
#: Elements whose content is text like any other. What is in no list (w:del, w:moveFrom …) is no text.
_TRANSPARENT: Final = frozenset(
    W + name for name in ("hyperlink", "ins", "moveTo", "smartTag", "customXml", "fldSimple", "dir", "sdtContent")
)
#: Symbol fonts whose characters are figures: font → first code, count, first figure.
_SYMBOL_FIGURES: Final = (
    ("symbol", 0x20, 95, 0x20),
    ("wingdings", 0x81, 10, 0x2460),
    ("wingdings", 0x8C, 10, 0x2776),
)


_OFF_LINE: Final = frozenset({"superscript", "subscript"})
#: Half-points: a run moved up or down by so much is a mark; one of this size is seen by nobody.
_RAISED: Final = 4
_TINY: Final = 8

#: EQ \o\ac(○,1) sets one sign into another.
_CIRCLED: Final = re.compile(r"\\ac\s*\(\s*[○〇◯Oo]\s*[,，;]\s*(\d{1,2})\s*\)", re.IGNORECASE)
_IN_CIRCLES: Final = {str(number): chr(0x245F + number) for number in range(1, 21)}


@dataclass(slots=True)
class Inline:
    """What stands in a paragraph. `boxes`: its text boxes, each with whether text stands before it in the paragraph.

    `doubt` says what makes the text of a cell unreliable: something that people see there and that is not text.
    """

    text: str = ""
    boxes: list[tuple[bool, etree._Element]] = field(default_factory=list)
    art: list[str] = field(default_factory=list)
    pictures: int = 0
    objects: int = 0
    notes: int = 0
    doubt: str = ""

    @property
    def is_mixed(self) -> bool:
        """Whether there is more than text."""
        return bool(self.pictures or self.objects or self.boxes or self.art or self.notes or self.doubt)


class InlineReader:
    """Reads paragraphs one after the other: a field may begin in one and end in another."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._parts: list[str] = []
        self._found = Inline()
        self._hidden = False
        self._apart = False
        #: A field is its code, which nobody sees, and then its result: each open field's code, None once it has ended.
        self._codes: list[str | None] = []

    def read(self, paragraph: etree._Element, *, hidden: bool = False) -> Inline:
        """The content of a paragraph; `hidden`: its style hides its text."""
        self._parts, self._found, self._hidden, self._apart = [], Inline(), hidden, False
        if len(paragraph):
            self._walk(paragraph)
        # A code that has not ended with its paragraph never will: it must not swallow the rest of the document.
        if self._codes:
            self._codes = [code for code in self._codes if code is None]
        found = self._found
        found.text = "".join(self._parts)
        return found

    def _walk(self, node: etree._Element) -> None:
        for child in node:
            tag = child.tag
            if tag == _TEXT:
                self._put(child.text or "")
            elif tag == _RUN:
                self._run(child)
            elif tag in _MARKS:
                self._put(_MARKS[tag])
            elif tag in _TRANSPARENT:
                self._walk(child)
            elif tag in _OTHERS:
                _OTHERS[tag](self, child)

    def _put(self, text: str) -> None:
        if text and not self._is_unseen():
            self._parts.append(f" {text}" if self._apart and text[0].isdigit() else text)
            self._apart = False

    def _is_unseen(self) -> bool:
        return self._hidden or any(code is not None for code in self._codes)

    def _run(self, run: etree._Element) -> None:
        own = run.find(_RUN_PROPERTIES)
        if own is None or not len(own):
            self._walk(run)
            return
        before, start = self._hidden, len(self._parts)
        look = _Look(own, self._styles)
        if look.vanish is not None:
            self._hidden = look.vanish
        self._walk(run)
        self._hidden = before
        if look.struck:
            self._strike(start)
        if any(part.strip() for part in self._parts[start:]):
            if look.raised:
                self._set_apart(start)
            if look.faint:
                self._found.doubt = "格内有白色或极小的文字，人看不见"

    def _set_apart(self, start: int) -> None:
        """Put blanks around what is raised or lowered: a mark set by hand is no digit of the number beside it."""
        if start and self._parts[start - 1][-1:].isdigit():
            self._parts.insert(start, " ")
        self._apart = self._parts[-1][-1:].isdigit()

    def _strike(self, start: int) -> None:
        """Leave out what was struck through by hand: people read it as gone."""
        if any(part.strip() for part in self._parts[start:]):
            self._found.doubt = "格内有划线删去的文字"
            self._parts[start:] = [part for part in self._parts[start:] if part in (PAGE_TURNED, PAGE_BREAK)]

    def _turn(self, _: etree._Element) -> None:
        self._parts.append(PAGE_TURNED)

    def _break(self, node: etree._Element) -> None:
        if node.get(W + "type") == "page":
            self._parts.append(PAGE_BREAK)
        else:
            self._put("\n")

    def _field(self, node: etree._Element) -> None:
        kind = node.get(W + "fldCharType")
        if kind == "begin":
            self._put(_chosen(node))
            self._codes.append("")
        elif kind == "separate" and self._codes:
            self._codes[-1] = None
        elif kind == "end" and self._codes and (code := self._codes.pop()) is not None:
            self._formula(code)

    def _code(self, node: etree._Element) -> None:
        if self._codes and (code := self._codes[-1]) is not None:
            self._codes[-1] = code + (node.text or "")

    def _formula(self, code: str) -> None:
        """A field without a result that shows something all the same: EQ draws, mostly a figure in a circle (①)."""
        if not code.strip().lower().startswith("eq") or self._is_unseen():
            return
        circled = _CIRCLED.search(code)
        if circled and circled[1] in _IN_CIRCLES:
            self._put(_IN_CIRCLES[circled[1]])
        else:
            self._found.doubt = "格内有公式域，其中的内容没有读取"

    def _symbol(self, node: etree._Element) -> None:
        try:
            code = int(node.get(W + "char", ""), 16)
        except ValueError:
            return
        font = (node.get(W + "font") or "").lower()
        byte = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
        for name, first, count, shown in _SYMBOL_FIGURES:
            if font == name and first <= byte < first + count:
                code = byte - first + shown
        if 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000:
            self._put(chr(code))

    def _control(self, node: etree._Element) -> None:
        content = control_content(node)
        if content is not None:
            self._walk(content)

    def _turned(self, node: etree._Element) -> None:
        """Text whose direction is set by force (w:bdo): figures in it are seen from the other end."""
        if node.get(VAL) == "rtl":
            self._found.doubt = "格内文字反向排列"
        self._walk(node)

    def _ruby(self, node: etree._Element) -> None:
        for base in node.iterchildren(W + "rubyBase"):
            self._walk(base)

    def _maths(self, node: etree._Element) -> None:
        pieces = [text for piece in node.iter(M + "t") for text in [piece.text or ""]]
        # A fraction's parts must not run together to one number.
        flat = all(child.tag == M + "r" for child in node)
        self._put("".join(pieces) if flat else " " + " ".join(pieces) + " ")

    def _choice(self, node: etree._Element) -> None:
        """The same content in two ways, for newer and older readers: it is read once."""
        for branch in branches(node):
            before = (len(self._parts), len(self._found.boxes), self._found.pictures, len(self._found.art))
            self._walk(branch)
            if before != (len(self._parts), len(self._found.boxes), self._found.pictures, len(self._found.art)):
                return

    def _mark(self, node: etree._Element) -> None:
        """A footnote's mark is not in the text, but one of the agency's own is: it stands behind the reference."""
        self._found.notes += 1
        custom = node.get(W + "customMarkFollows")
        if custom is not None and custom.lower() not in ("0", "false", "off"):
            self._put(" ")

    def _picture(self, node: etree._Element) -> None:
        if self._is_unseen():
            return
        found = self._found
        behind = any(part.strip() for part in self._parts)
        found.boxes += [(behind, box) for box in _boxes(node)]
        found.art += [text for art in node.iter(_WORD_ART) if (text := art.get("string", "").strip())]
        found.pictures += next(node.iter(BLIP, IMAGE_DATA), None) is not None
        found.objects += node.tag == W + "object"


_OTHERS: Final = {
    W + "lastRenderedPageBreak": InlineReader._turn,
    _BREAK: InlineReader._break,
    _FIELD: InlineReader._field,
    W + "instrText": InlineReader._code,
    _SYMBOL: InlineReader._symbol,
    _CONTROL: InlineReader._control,
    _RUBY: InlineReader._ruby,
    W + "bdo": InlineReader._turned,
    _CHOICE: InlineReader._choice,
    **dict.fromkeys(_MATHS, InlineReader._maths),
    **dict.fromkeys(_NOTE_MARKS, InlineReader._mark),
    **dict.fromkeys(_PICTURES, InlineReader._picture),
}


class _Look:
    """How a run looks, by its own properties and its style's. `vanish`: None where neither says."""

    __slots__ = ("faint", "raised", "struck", "vanish")

    def __init__(self, own: etree._Element, styles: Styles) -> None:
        listed = properties(own)
        style = val(listed, "rStyle")

        def said(name: str) -> etree._Element | None:
            found = listed.get(W + name)
            return found if found is not None or style is None else styles.of_runs(style, name)

        def size(name: str, default: int) -> int:
            found = said(name)
            return default if found is None else whole(found.get(VAL), default)

        switches = [said("vanish"), said("strike"), said("dstrike")]
        self.vanish, *struck = (None if found is None else flag(found) for found in switches)
        self.struck = any(struck)
        align, colour = said("vertAlign"), said("color")
        self.raised = (align is not None and align.get(VAL) in _OFF_LINE) or abs(size("position", 0)) >= _RAISED
        is_white = colour is not None and (colour.get(VAL) or "").upper() == "FFFFFF"
        self.faint = is_white or size("sz", _TINY + 1) <= _TINY


def _chosen(node: etree._Element) -> str:
    """What a field shows that lets people choose from a list; nothing for any other."""
    choices = node.find(f"{W}ffData/{W}ddList")
    if choices is None:
        return ""
    own = properties(choices)
    entries = [entry.get(VAL, "") for entry in choices.iterchildren(W + "listEntry")]
    number = whole(val(own, "result"), whole(val(own, "default"), 0))
    return entries[number] if 0 <= number < len(entries) else ""


def control_content(control: etree._Element) -> etree._Element | None:
    """The content of a content control; None where it only asks to be filled in."""
    if switch(properties(control, "sdtPr"), "showingPlcHdr"):
        return None
    return control.find(W + "sdtContent")


def branches(choice: etree._Element) -> Iterator[etree._Element]:
    """The ways in which an mc:AlternateContent says the same: newer ones first, then the fallback."""
    yield from choice.iterchildren(MC + "Choice")
    yield from choice.iterchildren(MC + "Fallback")


def _boxes(node: etree._Element) -> Iterator[etree._Element]:
    """The outermost text boxes of a drawing, each once."""
    for child in node:
        if child.tag == _BOX:
            yield child
        elif child.tag == _CHOICE:
            for branch in branches(child):
                found = list(_boxes(branch))
                if found:
                    yield from found
                    break
        else:
            yield from _boxes(child)
