"""Where the article of a portal's page is, and what the page around it says: title and publication date.

Works for the known families by their containers and for others by where the report's own words stand. Changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml import etree

from monitor.dates import first_date
from monitor.documents.formats.web.blocks import marks_in, marks_of
from monitor.documents.formats.web.flat import NOT_TEXT
from monitor.documents.formats.web.rendering import Named, is_chrome, names_chrome, text_of
from monitor.model import DateCandidate
from monitor.text import clean

#: Ids and classes that the families (and the editors inside them) give to an article's body.
_CONTAINER: Final = re.compile(
    r"trs_editor(_view)?|trs_ueditor|trs_preappend|custom_unionstyle|trs_autoadd\w*|zoom(con)?|ucap-content|"
    r"m-article|article[-_]?(content|body|con|text|txt|main)|art[-_](con|content|main|body)|bt[-_]content|main-txt|"
    r"info-?content|ivs_content|pages_content|news[-_]?(content|text|txt)|xxgk[-_]content|detail[-_](content|con|text)|"
    r"content[-_](text|txt|body|article|detail)|con_text|wz[-_]?(content|con|zw)|j-fontcontent|wp_articlecontent|"
    r"v_news_content|easysite-news-text|view[-_]?content|zwxl[-_]\w+|text_?content|is-newscontent|printcontent"
)
_WRAPPERS: Final = ("div", "section", "article", "main", "form", "center", "font", "span", "dl", "dd", "ul", "li")
_LONGEST_NAMES: Final = 200
_SHORT_ARTICLE: Final = 50
_FEW_MARKS: Final = 3
#: How many levels of wrappers, and how many containers, are weighed: each costs a pass over the text below it.
_DEEPEST: Final = 40
_CONTAINERS: Final = 12
_TABLE_PARTS: Final = ("table", "tbody", "tr", "td")

#: The index block (索引号, 标题, 发文日期 …) stands within the first cells of a page.
_INDEX_CELLS: Final = 60
_LONGEST_TITLE: Final = 300
_DATE_METAS: Final = ("pubdate", "publishdate", "firstpublishedtime", "publicationdate")
_DATE_LABELS: Final = ("日期", "时间")
_LABELLED: Final = re.compile(
    r"(?:\s|&nbsp;|[:：]|<[^<>]{0,200}>){0,12}(\d{4}\s*[-—–/.年]\s*\d{1,2}\s*[-—–/.月]\s*\d{1,2}\s*日?)"
)
#: What may stand before 日期 or 时间 for it to be that of publication; 成文日期 and 生成时间 are not.
_DATE_KINDS: Final = ("发布", "公开", "发文")


def find_article(root: etree._Element, named: Named) -> etree._Element:
    """The element that holds the article: a known container with the report's words, else where these words meet.

    `named`: the page's elements with their names.
    """
    body = next(root.iter("body"), root)
    if next(body.iter(*_WRAPPERS[:4], "center"), None) is None and not any(map(_only_arranges, body.iter("table"))):
        return body  # a bare article body
    containers = islice((element for element, names in named if _names_container(names)), _CONTAINERS)
    weighed = [(marks_in(text), len(text.strip()), element) for element in containers for text in [text_of(element)]]
    best = max(weighed, key=lambda item: item[:2], default=None)
    marks = marks_of(text_of(body))
    # Menus bear some of the words too (行政复议); the container need not hold those.
    if best is not None and best[0] * 10 >= len(marks) * 7 and (best[0] or best[1] >= _SHORT_ARTICLE):
        return best[2]
    if (
        len(marks) < _FEW_MARKS
        and (wrapping := next((element for *_, element in weighed if _encloses(element)), None)) is not None
    ):
        return wrapping  # an article without words, which shows a file
    return _where_words_meet(body, marks)


def page_facts(root: etree._Element, source: str) -> tuple[str, DateCandidate | None]:
    """What the page calls the article, and the publication date that it states. `source`: the page."""
    metas = _metas(root)
    return _page_title(root, metas)[:_LONGEST_TITLE], _page_date(metas, source)


def _page_title(root: etree._Element, metas: Mapping[str, str]) -> str:
    """Meta ArticleTitle, the only <h1>, 标题 in the page's index block, else <title>."""
    if "articletitle" in metas:
        return metas["articletitle"]
    headings = [clean(text_of(heading)) for heading in islice(root.iter("h1"), 2)]
    if len(headings) == 1 and 4 <= len(headings[0]) <= 100:
        return headings[0]
    for cell in islice(root.iter("td", "th"), _INDEX_CELLS):
        if (cell.text or "").strip(" \u3000\xa0:：") in ("标题", "名称", "信息名称"):
            value = cell.getnext()
            if value is not None and clean(text_of(value)):
                return clean(text_of(value))
    return clean(next((text_of(element) for element in root.iter("title")), ""))


def _page_date(metas: Mapping[str, str], source: str) -> DateCandidate | None:
    """The PubDate meta (国办发〔2017〕47号), else the first labelled date of the page."""
    stated = next((metas[name] for name in _DATE_METAS if name in metas), "")
    found = _as_date(stated)
    if found:
        return DateCandidate(found, "meta", 0.9)
    for start, label in _date_labels(source):
        before = source[max(0, start - 2) : start]
        found = _as_date(label)
        if found and (before in _DATE_KINDS or not "\u4e00" <= before[-1:] <= "\u9fff"):
            return DateCandidate(found, "label", 0.8)
    return None


def _date_labels(source: str) -> Iterator[tuple[int, str]]:
    """The dates behind 日期 and 时间, with the place of the label, in order."""
    for start in sorted(place for word in _DATE_LABELS for place in _places(source, word)):
        if labelled := _LABELLED.match(source, start + 2):
            yield start, labelled[1]


def _places(source: str, word: str) -> Iterator[int]:
    """Where a word of a page stands. Its first character is looked for: pages are long, and that is the fastest."""
    place = source.find(word[0])
    while place >= 0:
        if source.startswith(word, place):
            yield place
        place = source.find(word[0], place + 1)


def _as_date(text: str) -> date | None:
    return first_date(text) if text else None


def _metas(root: etree._Element) -> dict[str, str]:
    """The page's meta tags with content, by name in small letters; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name, content = meta.get("name") or meta.get("property"), meta.get("content")
        if name and content and (content := clean(content)):
            found.setdefault(name.strip().lower(), content)
    return found


@lru_cache(maxsize=4096)
def is_telling(name: str) -> bool:
    """Whether an id or a class says that an element is the article, or none of it."""
    return _names_container(name) or names_chrome(name)


def _names_container(names: str) -> bool:
    return any(map(_CONTAINER.fullmatch, names[:_LONGEST_NAMES].lower().split()))


def _encloses(element: etree._Element) -> bool:
    return next(element.iter("iframe", "embed", "object", "img", "a"), None) is not None


def _only_arranges(table: etree._Element) -> bool:
    """Whether a table holds other tables, or all of its text in one cell: then it is layout, not data."""
    return (
        next(table.iterdescendants("table"), None) is not None or sum(1 for _ in islice(table.iter("td", "th"), 2)) <= 1
    )


def _where_words_meet(body: etree._Element, marks: Sequence[str]) -> etree._Element:
    """The deepest element that holds all marks (without marks: most of the text) and leaves no prose outside."""
    element = body
    for _ in range(_DEEPEST):
        enough = 0 if marks else 0.6 * len(text_of(element).strip())
        for child in element.iterchildren(*_WRAPPERS, *_TABLE_PARTS):
            if (child.tag == "table" and not _only_arranges(child)) or is_chrome(child):
                continue
            text = text_of(child)
            if all(mark in text for mark in marks) and len(text.strip()) >= max(enough, 1):
                break
        else:
            return element
        if _leaves_prose(element, child):
            return element
        element = child
    return element


def _leaves_prose(parent: etree._Element, child: etree._Element) -> bool:
    """Whether a sentence that is no link stands beside `child`: then `parent` is the article, not `child`."""
    for sibling in parent.iterchildren(tag=etree.Element):
        if sibling is child or sibling.tag in NOT_TEXT or is_chrome(sibling):
            continue
        text = text_of(sibling)
        links = sum(len(text_of(link)) for link in sibling.iter("a"))
        if "。" in text and len(text.strip()) >= 40 and links * 2 < len(text):
            return True
    return False
