"""Where the article of a portal's page is, and what the page around it says: title and publication date.

Works for the known families by their containers and for others by where the report's own words stand. Reads the tree,
changes nothing; turning the article into blocks is html.py's.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import islice
from typing import Final

from lxml import etree

from monitor.dates import first_date
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
_SHORT_ARTICLE: Final = 50
#: How many levels of wrappers, and how many containers, are weighed: each costs a pass over the text below it.
_DEEPEST: Final = 40
_CONTAINERS: Final = 12
_TABLE_PARTS: Final = ("table", "tbody", "tr", "td")

#: Words of the form: where they stand, the report stands.
_MARKS: Final = (
    "总体情况",
    "主动公开政府信息",
    "收到和处理",
    "行政复议",
    "存在的主要问题",
    "其他需要报告",
    "统计期限",
    "信息内容",
    "自然人",
    "结转下年度",
    "结果维持",
)

#: Ids and classes of what stands in an article's container and is not the article.
CHROME: Final = re.compile(
    r"(^|[-_ ])(bd)?share|bdsharebuttonbox|breadcrumb|crumb|dqwz|position|location|(^|[-_ ])(top|main|sub|left)?nav|"
    r"menu|footer|foot([-_ ]|$)|copyright|(^|[-_ ])(voice|tts|speech|audio|yuyin|langdu)|toolbar|qrcode|ewm|fontsize|"
    r"print(er)?([-_ ]|$)|pagination|login|search|banner|related|xgxx|prevnext|hidden",
    re.IGNORECASE,
)
#: Elements that may be a widget; a paragraph, a heading or a cell is text whatever its class says.
_FRAMES: Final = frozenset({"div", "span", "a", "ul", "ol", "dl", "section", "form", "header", "i"})
_HIDDEN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
#: Elements that hold no running text of an article.
NOT_TEXT: Final = frozenset(
    (
        "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "select",
        "option", "button", "input", "textarea", "head", "title", "link", "meta", "nav", "footer",
        "aside", "svg", "canvas", "video", "audio", "map", "datalist",
    )
)  # fmt: skip
#: A part that is larger than this, or holds a table, is never taken for chrome, whatever it is called.
_CHROME_LIMIT: Final = 300

#: The index block (索引号, 标题, 发文日期 …) stands within the first cells of a page.
_INDEX_CELLS: Final = 60
_LONGEST_TITLE: Final = 300
_DATE_METAS: Final = ("pubdate", "publishdate", "firstpublishedtime", "publicationdate")
_DATE_LABEL: Final = re.compile(
    r"(?:日期|时间)(?:\s|&nbsp;|[:：]|<[^<>]{0,200}>){0,12}(\d{4}\s*[-—–/.年]\s*\d{1,2}\s*[-—–/.月]\s*\d{1,2}\s*日?)"
)
#: What may stand before 日期 or 时间 for it to be that of publication; 成文日期 and 生成时间 are not.
_DATE_KINDS: Final = ("发布", "公开", "发文")


def text_of(element: etree._Element) -> str:
    """All text below an element in one piece, scripts and lines included."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def is_chrome(element: etree._Element) -> bool:
    """Whether an element inside an article is none of it (share buttons, breadcrumbs, voice widgets, hidden parts)."""
    if element.tag not in _FRAMES:
        return False
    names, kind, style = element.get("id"), element.get("class"), element.get("style")
    named = (names or kind) and CHROME.search(f"{names or ''} {kind or ''}".strip())
    if not named and not (style and "none" in style and _HIDDEN.search(style)):
        return False
    length = 0
    for piece in element.itertext(with_tail=False):
        length += len(piece)
        if length > _CHROME_LIMIT or marks_in(str(piece)):
            return False
    return next(element.iter("table"), None) is None


def find_article(root: etree._Element) -> etree._Element:
    """The element that holds the article: a known container with the report's words, else where these words meet."""
    body = next(root.iter("body"), root)
    if next(body.iter(*_WRAPPERS[:4], "center"), None) is None and not any(map(_only_arranges, body.iter("table"))):
        return body  # a bare article body
    named = islice((node for node in body.iter(etree.Element) if node.attrib and _is_container(node)), _CONTAINERS)
    weighed = [(marks_in(text), len(text.strip()), element) for element in named for text in [text_of(element)]]
    best = max(weighed, key=lambda item: item[:2], default=None)
    marks = marks_in(text_of(body))
    # Menus bear some of the words too (行政复议); the container need not hold those.
    if best is not None and best[0] * 10 >= marks * 7 and (best[0] or best[1] >= _SHORT_ARTICLE):
        return best[2]
    return _where_words_meet(body, marks)


def page_title(root: etree._Element) -> str:
    """What the page calls the article: meta ArticleTitle, the only <h1>, 标题 in its index block, else <title>."""
    return _page_title(root)[:_LONGEST_TITLE]


def _page_title(root: etree._Element) -> str:
    title = _meta(root, ("articletitle",))
    if title:
        return title
    headings = [clean(text_of(heading)) for heading in root.iter("h1")]
    if len(headings) == 1 and 4 <= len(headings[0]) <= 100:
        return headings[0]
    for cell in islice(root.iter("td", "th"), _INDEX_CELLS):
        if (cell.text or "").strip(" \u3000\xa0:：") in ("标题", "名称", "信息名称"):
            value = cell.getnext()
            if value is not None and clean(text_of(value)):
                return clean(text_of(value))
    return clean(next((text_of(element) for element in root.iter("title")), ""))


def page_date(root: etree._Element, source: str) -> DateCandidate | None:
    """The publication date that the page states: the PubDate meta (国办发〔2017〕47号), else a labelled date."""
    found = _as_date(_meta(root, _DATE_METAS))
    if found:
        return DateCandidate(found, "meta", 0.9)
    for label in _DATE_LABEL.finditer(source):
        before = source[max(0, label.start() - 2) : label.start()]
        found = _as_date(label[1])
        if found and (before in _DATE_KINDS or not "\u4e00" <= before[-1:] <= "\u9fff"):
            return DateCandidate(found, "label", 0.8)
    return None


def _as_date(text: str) -> date | None:
    return first_date(text) if text else None


def _meta(root: etree._Element, names: tuple[str, ...]) -> str:
    for meta in root.iter("meta"):
        if (meta.get("name") or meta.get("property") or "").strip().lower() in names:
            content = clean(meta.get("content", ""))
            if content:
                return content
    return ""


def _is_container(element: etree._Element) -> bool:
    names, kind = element.get("id"), element.get("class")
    if names is None and kind is None:
        return False
    return any(_CONTAINER.fullmatch(name) for name in f"{names or ''} {kind or ''}".lower().split())


def _only_arranges(table: etree._Element) -> bool:
    """Whether a table holds other tables, or all of its text in one cell: then it is layout, not data."""
    return (
        next(table.iterdescendants("table"), None) is not None or sum(1 for _ in islice(table.iter("td", "th"), 2)) <= 1
    )


def marks_in(text: str) -> int:
    return sum(mark in text for mark in _MARKS)


def _where_words_meet(body: etree._Element, marks: int) -> etree._Element:
    """The deepest element that holds all marks (without marks: most of the text) and leaves no prose outside."""
    element = body
    for _ in range(_DEEPEST):
        size = len(text_of(element).strip())
        for child in element.iterchildren(*_WRAPPERS, *_TABLE_PARTS):
            if child.tag == "table" and not _only_arranges(child):
                continue
            text = text_of(child)
            holds = marks_in(text) == marks if marks else len(text.strip()) >= 0.6 * size
            if text.strip() and holds:
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
