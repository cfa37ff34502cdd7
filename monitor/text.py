"""Chinese text as people read it (`clean`) and as it is compared (`squash`). Nothing here knows what a text means."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: Marks that no reader sees; control characters; and lone surrogates, which no file and no database would take.
_UNSEEN: Final = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff"
)
_INVISIBLE: Final = re.compile(f"[{_UNSEEN}]")
#: Of these, what turns the order of all that is written behind it, and what parts figures that change their places.
_TURNING: Final = re.compile(
    f"[\u202b\u202e\u2067]|(?<=[0-9.,，/%+-])[{_UNSEEN}]{{0,8}}[\u061c\u200f][{_UNSEEN}]{{0,8}}(?=[0-9.,，/%+-])"
)
_DIGIT: Final = re.compile(r"[\d零〇一二两三四五六七八九十]")
#: What stands where people see other figures than a program reads: nothing that holds it is a number.
TURNED: Final = "\ufffd"
#: What document converters leave behind. Its length is bounded: an unclosed mark must not swallow the text.
_BOOKMARK: Final = re.compile(r"\[bookmark:[^\[\]]{0,100}\]")
_SAME: Final = {
    "“": '"', "”": '"', "„": '"', "〝": '"', "〞": '"', "＂": '"', "「": '"', "」": '"', "『": '"', "』": '"',
    "‘": "'", "’": "'",
    "〔": "(", "〕": ")", "［": "(", "］": ")", "[": "(", "]": ")", "【": "(", "】": ")", "〖": "(", "〗": ")",
    "—": "-", "–": "-", "―": "-", "−": "-", "‐": "-", "‑": "-", "─": "-", "━": "-",
    "〈": "<", "〉": ">", "《": "<", "》": ">",
}  # fmt: skip
#: What of Chinese text is told apart by its width only: NFKC narrows these marks one by one, whatever stands beside.
_WIDE: Final = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"…": "..."}
_NARROWED: Final = _SAME | {mark: _SAME.get(narrow, narrow) for mark, narrow in _WIDE.items()}
_VARIANT: Final = re.compile(f"[{re.escape(''.join(_SAME))}]")
_VARIANT_OR_WIDE: Final = re.compile(f"([{re.escape(''.join(_NARROWED))}])")
#: Anything but ASCII, Chinese characters and the marks above: NFKC has to look at all of the text.
_UNUSUAL: Final = re.compile(f"[^\t-~\u4e00-\u9fff、。·{re.escape(''.join(_NARROWED))}]")


def visible(text: str) -> str:
    """A foreign text fit to be shown: nothing in it that no reader sees, that a terminal obeys or that turns the order.

    Its blanks and line breaks stay. Where the order of figures was turned, TURNED stands.
    """
    if _TURNING.search(text) and _DIGIT.search(text):
        text = _TURNING.sub(TURNED, text)
    return _INVISIBLE.sub("", text)


def clean(text: str) -> str:
    """A paragraph as people read it: nothing unseen, every run of blanks one blank, ends stripped."""
    if _INVISIBLE.search(text):  # few texts hold any
        text = visible(text)
    text = " ".join(text.split())
    return " ".join(_BOOKMARK.sub("", text).split()) if "[bookmark:" in text else text


def squash(text: str) -> str:
    """A text for comparison only: clean, half-width (NFKC), no blanks at all, one kind of bracket, quote and dash."""
    text = clean(text)
    if _UNUSUAL.search(text):
        text = unicodedata.normalize("NFKC", text)
        return "".join(_VARIANT.sub(lambda found: _SAME[found[0]], text).split())
    return "".join([_NARROWED.get(piece, piece) for piece in _VARIANT_OR_WIDE.split(text)]).replace(" ", "")
