"""HTML as blocks in reading order: bytes → tree → the article in it → one string (flat.py) → blocks (blocks.py).

Knows pages and editors, not the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lxml import etree

from monitor.charset import decode
from monitor.documents.formats.plain import regroup
from monitor.documents.formats.web.article import find_article, is_telling, page_facts
from monitor.documents.formats.web.blocks import Block, read_blocks
from monitor.documents.formats.web.css_tables import draw_tables, shows_cells
from monitor.documents.formats.web.embedded import article_in_scripts, escaped_article, unescaped
from monitor.documents.formats.web.flat import flatten
from monitor.documents.formats.web.rendering import hide, named_in, number_lists
from monitor.documents.limits import MOST_TAGS
from monitor.enclosing import LITTLE_TEXT, find_enclosures
from monitor.errors import Unreadable
from monitor.model import Document, Paragraph

MEDIA_TYPE: Final = "text/html"


def read_html(data: bytes, *, charset: str = "") -> Document:
    """Read a page or a bare article body.

    Raises Unreadable where nothing stands in it, not even a file that it points to, or it is too large or too deep.
    """
    source = decode(data, charset)
    if "<![CDATA[" in source:  # to a browser a comment, in what feeds and gateways pass on the article itself
        source = source.replace("<![CDATA[", "").replace("]]>", "")
    document = _read(source)
    if document is None:
        raise Unreadable("网页里没有可读的正文：正文可能由脚本生成，或只有图片、附件")
    return document


def _read(source: str, *, whole: bool = True) -> Document | None:
    """A page as a document; None where nothing stands in it. `whole`: it may hold its article in a script."""
    markup = source.encode("utf-8", "replace")
    root = _parse(markup)
    title, published = page_facts(root, source)
    named = named_in(root, is_telling)
    article = find_article(root, named)
    hide(article, named, markup)
    number_lists(article)
    blocks, escaped = _blocks(article)
    length = _length(blocks)
    if whole and (inner := escaped or (article_in_scripts(root) if length < LITTLE_TEXT else "")):
        held = _read(inner, whole=False)
        if held is not None and (escaped or _length(held.blocks) > length):
            return replace(held, title=title or held.title, published=published or held.published)
    enclosures = find_enclosures(article, is_bare=length < LITTLE_TEXT)
    if not blocks and not enclosures:
        return None
    return Document(MEDIA_TYPE, tuple(blocks), title, published, enclosures)


def _parse(markup: bytes) -> etree._Element:
    if markup.count(b"<") > MOST_TAGS:
        raise Unreadable(f"网页的标签超过 {MOST_TAGS // 10_000} 万个，不是正常的报告页面，未读取")
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(markup, parser)
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Unreadable("网页的标签嵌套过深，无法完整读取；请改用另存的文件")
    if root is None:
        raise Unreadable("网页是空的，没有内容可读")
    return root


def _blocks(article: etree._Element) -> tuple[list[Block], str]:
    """The blocks of an article, and the HTML that its text shows where its own tags were escaped."""
    flat = unescaped(flatten(article))
    blocks = read_blocks(flat)
    if shows_cells(blocks, flat):
        if draw_tables(article):
            blocks = read_blocks(unescaped(flatten(article)))
        if shows_cells(blocks, flat):
            # Tables that were pasted without their table: a cell a paragraph, or a row a paragraph with bars.
            blocks = regroup(blocks)
    return blocks, escaped_article(flat)


def _length(blocks: Sequence[Block]) -> int:
    """How much text blocks hold; a table counts as much as an article."""
    return sum(len(block.text) if isinstance(block, Paragraph) else LITTLE_TEXT for block in blocks)
