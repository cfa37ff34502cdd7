"""What a browser makes of an article's tree before people read it: parts out of sight, numbers drawn before list items.

Changes the tree in place. Styles are looked at only where they decide what is read; no other file is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import Any, Final, cast

from lxml import etree

from monitor.documents.formats.numerals import chinese, roman
from monitor.documents.formats.web.blocks import marks_in, marks_of
from monitor.documents.formats.web.flat import BLOCKS, SILENT, SILENT_LINE

#: Ids and classes of what stands in an article's container and is not the article.
_CHROME: Final = re.compile(
    r"(^|[-_ ])(bd)?share|bdsharebuttonbox|breadcrumb|crumb|dqwz|position|location|(^|[-_ ])(top|main|sub|left)?nav|"
    r"menu|footer|foot([-_ ]|$)|copyright|(^|[-_ ])(voice|tts|speech|audio|yuyin|langdu)|toolbar|qrcode|ewm|fontsize|"
    r"print(er)?([-_ ]|$)|pagination|login|search|banner|related|xgxx|prevnext|hidden",
    re.IGNORECASE,
)
#: Elements that may be a widget; a paragraph, a heading or a cell is text whatever its class says.
_FRAMES: Final = frozenset({"div", "span", "a", "ul", "ol", "dl", "section", "form", "header", "i"})
#: A part that is larger than this, or holds a table, is never taken for chrome, whatever it is called.
_CHROME_LIMIT: Final = 300
_ROW_PARTS: Final = frozenset({"tr", "td", "th"})
_LONGEST_NAMES: Final = 200
_HIDDEN: Final = re.compile(r"(?<![\w-])(display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)

#: Ids and classes as strings that know their element: attributes are found four times as fast as elements with them.
_IDS: Final = etree.XPath("descendant-or-self::*/@id")
_CLASSES: Final = etree.XPath("descendant-or-self::*/@class")
_STYLED: Final = etree.XPath("descendant::*[@style or @hidden]")
#: What an article's elements are styled with, each style once, and their attribute `hidden`.
_EACH_STYLE: Final = etree.XPath(
    "set:distinct(descendant::*/@style)", namespaces={"set": "http://exslt.org/sets"}, smart_strings=False
)
_HIDDENS: Final = etree.XPath("descendant::*/@hidden", smart_strings=False)
#: What a page lacks whose styles and attributes hide nothing (display:none, visibility:hidden, mso-hide:all, hidden).
_HIDING_WORDS: Final = (b"display", b"hid", b"DISPLAY")

#: Elements with an id or a class, and it.
Named = list[tuple[etree._Element, str]]


def text_of(element: etree._Element) -> str:
    """All text below an element in one piece, scripts and lines included."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def named_in(root: etree._Element, wanted: Callable[[str], bool]) -> Named:
    """The elements of a page with an id that is wanted, then those with such a class, each with it."""
    return [(name.getparent(), name) for find in (_IDS, _CLASSES) for name in cast(Any, find(root)) if wanted(name)]


# ── out of sight ────────────────────────────────────────────────────────────────────────────────────────────────────


def hide(article: etree._Element, named: Named, markup: bytes) -> None:
    """Take out of sight what is not shown or is none of the article (share buttons, breadcrumbs, voice widgets).

    `named`: the page's elements with their names; `markup`: the page.
    """
    for element, names in named:
        if names_chrome(names) and article in element.iterancestors() and is_chrome(element):
            _silence(element)
    if not any(word in markup for word in _HIDING_WORDS) or not _hides(article):
        return
    whole = ""
    for element in cast(Any, _STYLED(article)):
        if element.get("hidden") is None and not _HIDDEN.search(element.get("style", "")):
            continue
        text = text_of(element)
        marks = marks_of(text)
        if marks or (len(text) > _CHROME_LIMIT and element.tag not in _ROW_PARTS):
            # A script may show what the page hides: it is kept, unless the page shows its like elsewhere.
            whole = whole or text_of(article)
            if not marks or any(whole.count(mark) <= text.count(mark) for mark in marks):
                continue
            whole = whole.replace(text, "", 1)
        _silence(element)


def _hides(article: etree._Element) -> bool:
    """Whether anything in an article is styled out of sight: a report pasted from Word has a style on every word."""
    return bool(_HIDDENS(article)) or any(map(_HIDDEN.search, cast("list[str]", _EACH_STYLE(article))))


def is_chrome(element: etree._Element) -> bool:
    """Whether an element inside an article is called a widget and is as small as one."""
    names = f"{element.get('id', '')} {element.get('class', '')}".strip()
    if element.tag not in _FRAMES or not names or not names_chrome(names):
        return False
    length = 0
    for piece in element.itertext(with_tail=False):
        length += len(piece)
        if length > _CHROME_LIMIT or marks_in(str(piece)):
            return False
    return next(element.iter("table"), None) is None


@lru_cache(maxsize=2048)
def names_chrome(names: str) -> bool:
    return bool(_CHROME.search(names[:_LONGEST_NAMES]))


def _silence(element: etree._Element) -> None:
    element.tag = SILENT_LINE if element.tag in BLOCKS else SILENT


# ── numbers of lists ────────────────────────────────────────────────────────────────────────────────────────────────

#: `type` of <ol>, `list-style-type` of CSS, and classes of the editor UEditor → how numbers are drawn.
_STYLES: Final = {
    "1": "{}. ", "decimal": "{}. ", "decimal-leading-zero": "{:02}. ", "a": "a", "lower-alpha": "a", "lower-latin": "a",
    "A": "A", "upper-alpha": "A", "upper-latin": "A", "i": "i", "lower-roman": "i", "I": "I", "upper-roman": "I",
    "cjk-ideographic": "{}、", "cjk-decimal": "{}、", "simp-chinese-informal": "{}、", "trad-chinese-informal": "{}、",
    "simp-chinese-formal": "{}、", "trad-chinese-formal": "{}、", "japanese-informal": "{}、", "none": "",
    "disc": "", "circle": "", "square": "", "custom_cn": "{}、", "custom_cn1": "{}）", "custom_cn2": "（{}）",
    "custom_num": "{}. ", "custom_num1": "{}）", "custom_num2": "（{}）",
}  # fmt: skip
_CHINESE: Final = frozenset(
    name for name in _STYLES if "ideographic" in name or "formal" in name or name.startswith("custom_cn")
)
_LIST_STYLE: Final = re.compile(r"list-style(?:-type)?\s*:\s*([^;}]+)", re.IGNORECASE)
_STYLE_RULE: Final = re.compile(r"([^{}]{1,200})\{([^{}]{0,500})\}")


def number_lists(article: etree._Element) -> None:
    """Write the numbers that a browser draws before the items of ordered lists into the items' text."""
    lists = list(article.iter("ol"))
    if not lists:
        return
    sheet = _sheet_of(article.getroottree().getroot())
    for ordered in lists:
        items = list(ordered.iterchildren("li"))
        down = ordered.get("reversed") is not None
        number = _integer(ordered.get("start"), len(items) if down else 1)
        style = _style_of(ordered, sheet, ordered.get("type") or "decimal")
        for item in items:
            number = _integer(item.get("value"), number)
            own = _style_of(item, {}, item.get("type") or style)
            _write_before(item, _drawn(number, own))
            number += -1 if down else 1


def _sheet_of(root: etree._Element) -> dict[str, str]:
    """The list styles that the page's own sheets give to an element or a class: its name → the style."""
    sheet: dict[str, str] = {}
    for block in root.iter("style"):
        for rule in _STYLE_RULE.finditer(block.text or ""):
            style = _LIST_STYLE.search(rule[2])
            for selector in rule[1].split(",") if style else ():
                sheet[selector.split()[-1].lstrip(".").removeprefix("ol.") if selector.split() else ""] = (
                    style[1] if style else ""
                )
    return sheet


def _style_of(element: etree._Element, sheet: dict[str, str], default: str) -> str:
    own = _LIST_STYLE.search(element.get("style") or "")
    names = (element.get("class") or "").split()
    declared = [own[1] if own else "", *(sheet.get(name, "") for name in names), *names, sheet.get("ol", ""), default]
    for words in declared:
        known = next((word for word in words.replace("!important", "").split() if word in _STYLES), None)
        if known is not None:
            return known
    return default


def _drawn(number: int, style: str) -> str:
    pattern = _STYLES.get(style, "{}. ")
    if pattern in ("a", "A", "i", "I"):
        drawn = _letters(number) if pattern in "aA" else roman(number).lower()
        return f"{(drawn.upper() if pattern in 'AI' else drawn) or number}. "
    return pattern.format(chinese(number) if style in _CHINESE else number)


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, 26)
        letters = chr(ord("a") + place) + letters
    return letters


def _integer(text: str | None, default: int) -> int:
    match = re.fullmatch(r"\s*(-?\d{1,9})\s*", text or "")
    return int(match[1]) if match else default


def _write_before(item: etree._Element, drawn: str) -> None:
    """Put a number where the item's own text begins, which may be in the first paragraph within."""
    element = item
    for child in islice(item.iter(), 20):
        if (element.text or "").strip() or (child is not element and child.getparent() is not element):
            break
        if child is not element and child.tag not in BLOCKS:
            break
        element = child
    element.text = drawn + (element.text or "").lstrip()
