"""Which anchors of a page lead to the annual-report columns, by their words. Pure."""

from __future__ import annotations

from typing import Final

from lxml import html as lxml_html

from monitor.text import squash

#: What a column of annual reports is called, best first.
_COLUMN: Final = (
    "政府信息公开年报",
    "政府信息公开年度报告",
    "政府信息公开工作年度报告",
    "信息公开年报",
    "信息公开年度报告",
    "公开年报",
)
#: What it may be called within the disclosure pages, where these words speak of nothing else.
_COLUMN_WITHIN: Final = (*_COLUMN, "年度报告", "年报")
#: What the disclosure pages are called.
_WAY: Final = ("政府信息公开", "信息公开", "政务公开")
#: So many anchors of a kind are followed at most.
MOST: Final = 5


def columns_on(tree: lxml_html.HtmlElement, *, within: bool) -> list[str]:
    """URLs of the annual-report columns that a page's anchors name, the clearest names first."""
    return _links(tree, _COLUMN_WITHIN if within else _COLUMN, exactly=False)


def ways_on(tree: lxml_html.HtmlElement) -> list[str]:
    """URLs of the disclosure pages (政府信息公开), where the column may be found."""
    return _links(tree, _WAY, exactly=True)


def _links(tree: lxml_html.HtmlElement, words: tuple[str, ...], *, exactly: bool) -> list[str]:
    """Web links whose words are one of `words`, or hold one and little else, in the order of `words`."""
    found: list[tuple[int, str]] = []
    for anchor in tree.iter("a"):
        href = anchor.get("href") or ""
        text = squash(anchor.get("title") or anchor.text_content())
        if not href.startswith(("http://", "https://")):
            continue
        for rank, word in enumerate(words):
            # An article of that name is longer than the column: it names an agency and a year.
            if text == word or (not exactly and len(word) > 3 and word in text and len(text) <= len(word) + 6):
                found.append((rank, href))
                break
    return list(dict.fromkeys(href for _, href in sorted(found)))[:MOST]
