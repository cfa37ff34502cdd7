"""Hostile HTML made workable: a tree, its scripts, its chrome, its addresses. Knows nothing of families or reports."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

from crawler.pages.written import written
from monitor.enclosing import scripted
from monitor.text import clean

_UNPARSABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# "http://…" and "//host" in quotes are no comments; `countPage = 67//共多少页` holds one.
_LINE_COMMENT: Final = re.compile(r"""(?<![:"'\\])//[^\n\r]*""")
_BLOCK_COMMENT: Final = re.compile(r"(?<![^\s;{}(),])/\*.{0,5000}?\*/", re.DOTALL)

#: Parts of a page that belong to the site, not to what the page says.
_CHROME_TAGS: Final = frozenset({"nav", "footer", "header"})
_CHROME_NAMES: Final = re.compile(
    r"(?:^|[-_\s])(?:(?:top|main|left|right|side|sub|foot|site)?(?:nav|menu)s?(?:bar|box|list)?|navigation|foot(?:er)?|header|head|"
    r"(?:bread)?crumbs?|breadcrumb|position|weizhi|dqwz|curpos|location|copyright|friend(?:ly)?links?|yqlj|"
    r"(?:bd)?share\w*|toolbar|topbar|search\w*|login)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_PLAIN_URL: Final = re.compile(r"(https?://[A-Za-z0-9.-]+(?::\d{1,5})?)/[\w./?&=%+,;:~-]*", re.ASCII)
_PLAIN_PATH: Final = re.compile(r"(?:\./|/)?\w[\w-]*(?:\.\w+)?(?:/[\w-]+(?:\.\w+)?)*/?(?:\?[\w./&=%-]*)?", re.ASCII)
_BLOCK_TAGS: Final = """
    address article blockquote body br caption center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header
    hr li main nav ol p pre section table tbody td tfoot th thead tr ul
"""
_BLOCKS: Final = frozenset(_BLOCK_TAGS.split())


@dataclass(frozen=True, slots=True)
class Markup:
    """A page as a tree without comments, scripts and styles, and beside it the text of the scripts that a browser runs.

    `scripts` holds no commented-out code: a script in an HTML comment and a `//` line are both dead. Where a script
    hands a document to a viewer, a frame of it stands in the tree, as the browser would draw it; so do links that it
    writes. `elements` are held only to live as long as the tree: lxml makes a new object for an element that none
    stands for.
    """

    tree: HtmlElement
    scripts: str
    elements: tuple[HtmlElement, ...]


def parse(html: str) -> Markup:
    """Anything at all is a page; of nothing, an empty one."""
    # As bytes, so that an XML declaration with an encoding is not taken at its word.
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    tree = etree.fromstring(_UNPARSABLE.sub("", html).encode("utf-8"), parser) if html.strip() else None
    if tree is None:
        tree = etree.fromstring(b"<html><body></body></html>", parser)
    live = []
    for script in list(tree.iter("script")):
        for url in scripted(script.text or ""):
            script.addprevious(script.makeelement("frame", src=url))
        live.append(_LINE_COMMENT.sub("", _BLOCK_COMMENT.sub(" ", script.text or "")))
        if fragment := written(live[-1]):
            _write(script, fragment)
    etree.strip_elements(tree, "script", "style", with_tail=False)
    return Markup(tree, "\n".join(live), tuple(tree.iter()))


def _write(script: HtmlElement, fragment: str) -> None:
    """Put what a script writes before it, where the browser would."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    body = etree.fromstring(f"<body><div>{_UNPARSABLE.sub('', fragment)}</div></body>".encode(), parser)
    for element in [] if body is None else list(body.iter("div"))[:1]:
        script.addprevious(element)


def text_of(element: HtmlElement) -> str:
    """The text of an element as one cleaned line; neighbouring blocks and cells are parted by a blank."""
    return clean("".join(pieces(element)) if len(element) else element.text or "")


def pieces(
    element: HtmlElement,
    *,
    skip: Container[HtmlElement] = (),
    until: HtmlElement | None = None,
) -> Iterator[str]:
    """The text of an element piece by piece, a line break around each block.

    `skip`: the elements below that are passed over. `until`: the element before which to stop.
    """
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if node is until:
            return
        block = node.tag in _BLOCKS
        if event == "start":
            if node in skip and node is not element:
                walk.skip_subtree()
            elif node.text:
                yield f"\n{node.text}" if block else node.text
            elif block:
                yield "\n"
        elif node is not element and node.tail:
            yield f"\n{node.tail}" if block else node.tail
        elif block:
            yield "\n"


def is_chrome(element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether an element stands in navigation, breadcrumbs, header or footer. `known`: the answers for one tree."""
    path: list[HtmlElement] = []
    answer = False
    node: HtmlElement | None = element
    while node is not None:
        if node in known:
            answer = known[node]
            break
        path.append(node)
        if names_chrome(node):
            answer = True
            break
        node = node.getparent()
    # Everything below a chrome element is chrome; what was walked lies below the one that answered.
    for node in path:
        known[node] = answer
    return answer


def names_chrome(element: HtmlElement) -> bool:
    """Whether an element itself is named as navigation, breadcrumb, header or footer."""
    return _is_chrome(element.tag, element.get("class") or "", element.get("id") or "")


@lru_cache(maxsize=4096)
def _is_chrome(tag: str, name: str, mark: str) -> bool:
    if tag in ("html", "body"):
        return False
    return tag in _CHROME_TAGS or bool(_CHROME_NAMES.search(name) or _CHROME_NAMES.search(mark))


def absolute(base: str, address: str) -> str:
    """An absolute http(s) URL without its fragment, or "" where the address leads to no page."""
    if _PLAIN_URL.fullmatch(address):
        return address
    origin, folder = _origin_and_folder(base)
    # Most addresses need no more than this, and a page has hundreds of them.
    if origin and _PLAIN_PATH.fullmatch(address):
        return origin + address if address[0] == "/" else folder + address.removeprefix("./")
    return _joined(base, address)


@lru_cache(maxsize=256)
def _origin_and_folder(url: str) -> tuple[str, str]:
    """What root-relative and relative addresses on a page are put behind; "" where its own address is odd."""
    place = url.split("#", 1)[0].split("?", 1)[0]
    match = _PLAIN_URL.fullmatch(place)
    return (match[1], place[: place.rindex("/") + 1]) if match and "/." not in place else ("", "")


def _joined(base: str, address: str) -> str:
    address = re.sub(r"[\r\n\t]", "", _UNPARSABLE.sub("", address).strip())
    if not address or address.startswith("#"):
        return ""
    try:
        url = urljoin(base, address).split("#", 1)[0]
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:  # e.g. an unclosed IPv6 bracket
        return ""
    return url if parts.scheme in ("http", "https") and host else ""


def base_of(tree: HtmlElement, url: str) -> str:
    """The address that relative links of a page refer to."""
    for element in tree.iter("base"):
        if found := absolute(url, element.get("href") or ""):
            return found
    return url


@lru_cache(maxsize=8192)
def host_and_path(url: str) -> tuple[str, str]:
    """Host without a leading "www." and path, for comparing; ("", "") where the URL is broken."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return "", ""
    return host, parts.path or "/"


def same_site(one: str, other: str) -> bool:
    """Whether two URLs are of one portal: the same host, or one a sub-domain of the other."""
    a, b = host_and_path(one)[0], host_and_path(other)[0]
    return bool(a and b) and (a == b or a.endswith("." + b) or b.endswith("." + a))


def metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """All meta tags as (name in lower case, cleaned content), without empty ones and unexpanded template leftovers."""
    for element in tree.iter("meta"):
        names = (element.get(key) for key in ("name", "property", "itemprop", "http-equiv"))
        name = next((name for name in names if name), "").strip().lower()
        content = clean(element.get("content") or "")
        if name and content and not re.search(r"[<>{}]|\$\[|jsp:include", content):
            yield name, content
