"""Whether an answer is a page at all: challenge pages and soft 404s, by status, address and what little they hold.

An ordinary page may speak of 验证码 or 页面不存在 as much as it likes: such words count only where little else stands.
"""

from __future__ import annotations

import re
from typing import Final

from lxml.html import HtmlElement

from crawler.pages.markup import Markup, host_and_path, metas, parse, same_site
from crawler.pages.records import read_answer
from monitor.text import clean, squash

BLOCKED: Final = "portal_blocked"
CHALLENGED: Final = "challenge_page"
LOST: Final = "column_lost"
SOFT_404: Final = "soft_404"
SENT_HOME: Final = "sent_home"
UNREACHABLE: Final = "portal_unreachable"

#: Answers of firewalls and rate limits. A 5xx that is none of them is the server's own trouble.
_BLOCKED_STATUSES: Final = frozenset({401, 403, 405, 406, 412, 418, 422, 429, 444, 468, 493, 503, 521})
_LOST_STATUSES: Final = frozenset({404, 410})

_CHALLENGE_CODE: Final = re.compile(
    r"__jsl_clearance|__jsluid|wzws[_a-z]*|acw_sc__v2|\$_ts\s*=|_\$\w{2}\(|arg1\s*=\s*'[0-9A-F]{30,}'", re.IGNORECASE
)
_CHALLENGE_WORDS: Final = re.compile(
    r"验证码|安全验证|人机验证|滑动验证|访问过于频繁|请求过于频繁|访问频率|请开启JavaScript|访问被拒绝|访问被拦截|请求被拦截|"
    r"您的(?:访问|请求).{0,12}(?:拦截|阻断|拒绝)|checking your browser|access denied|just a moment|request blocked",
    re.IGNORECASE,
)
#: What the first part of an error page's title says; the site's name may follow it.
_LOST_TITLE: Final = re.compile(
    r"(?:(?:http)?(?:错误|error|状态码)?\s*)?404(?:\D.{0,30})?|(?:page )?not found.{0,20}"
    r"|出错(?:了|啦).{0,4}|错误(?:页面?|提示)"
    r"|.{0,12}(?:页面|网页|栏目|文件|文章|信息)(?:不存在|未找到|找不到|没有找到|已(?:被)?删除|丢失).{0,8}"
    r"|(?:无法)?找不到(?:该|您|你|此|要)?.{0,10}(?:页面|网页|页).{0,6}",
    re.IGNORECASE,
)
_GONE: Final = r"(?:不存在|未找到|找不到|没有找到|无法找到|已(?:经)?(?:被)?(?:删除|移除|下线)|已失效)"
_LOST_WORDS: Final = re.compile(
    rf"(?:页面|网页|栏目|文章|该(?:文件|内容|信息|地址))[^。，]{{0,12}}?{_GONE}|找不到(?:该|此|您)?.{{0,10}}(?:页面|网页)"
    r"|您(?:所|要)?(?:访问|查找|浏览)的(?:页面|网页|栏目|文件|内容|资源|地址)|\b404\b|page not found",
    re.IGNORECASE,
)
_HOME: Final = re.compile(r"/(?:(?:index|default|main|home)\.\w+)?")
_PLACE: Final = re.compile(r"(?:当前|所在|现在的?|您的)位置|位置[：:]")
#: Characters that a page of words holds at least; a firewall's notice and an error page hold less.
_WORDLESS: Final = 40
_FEW_WORDS: Final = 300
_FEW_LINKS: Final = 6


def trouble(
    status: int, url: str, requested_url: str, html: str, home_title: str = "", *, markup: Markup | None = None
) -> str:
    """Why an answer is not the page that was asked for: a code of `exchange.REASONS`, or "" where nothing is wrong.

    `url`: after redirects. `home_title`: the title of the portal's home page, "" where it is not known. `markup`: the
    page parsed already.
    """
    if status in _BLOCKED_STATUSES:
        return BLOCKED
    if status in _LOST_STATUSES:
        return LOST
    if status >= 500:
        return UNREACHABLE
    if (answer := read_answer(html)) and (answer.entries or re.search(r"<(?:a|record)\b", answer.markup)):
        # Data with a list in it: figures and words in it are its rows', and 404 may be a count.
        return ""
    markup = markup or parse(html)
    title = _title(markup.tree)
    links = sum(1 for _ in markup.tree.iter("a"))
    words = squash(markup.tree.text_content()) if links <= _FEW_LINKS else ""
    spare = links <= _FEW_LINKS and len(words) <= _FEW_WORDS
    if spare and _is_challenge(html, markup.scripts, words, title, links):
        return CHALLENGED
    own = any(name in ("columnname", "articletitle") for name, _ in metas(markup.tree))
    if not own and _is_lost(words, title, spare=spare):
        return SOFT_404
    if _went_home(url, requested_url) or (not own and _is_home(markup.tree, url, title, home_title)):
        return SENT_HOME
    return ""


def _is_challenge(html: str, scripts: str, words: str, title: str, links: int) -> bool:
    if _CHALLENGE_CODE.search(html) or _CHALLENGE_WORDS.search(title):
        return True
    if len(words) <= _FEW_WORDS // 2 and _CHALLENGE_WORDS.search(words) and links <= 2:
        return True
    # An almost empty page whose script sets a cookie and comes again.
    body = squash(words.removeprefix(squash(title)))
    return not links and len(body) < _WORDLESS and bool(re.search(r"document\s*\.\s*cookie\s*=", scripts))


def _is_lost(words: str, title: str, *, spare: bool) -> bool:
    first = re.split(r"[_|—–-]", title, maxsplit=1)[0].strip()
    return bool(_LOST_TITLE.fullmatch(first)) or (spare and bool(_LOST_WORDS.search(words)))


def _went_home(url: str, requested_url: str) -> bool:
    """Whether a request for some page was answered with the home page."""
    path, asked = host_and_path(url)[1], host_and_path(requested_url)[1]
    return (
        same_site(url, requested_url) and bool(_HOME.fullmatch(path)) and not _HOME.fullmatch(asked) and "?" not in url
    )


def _is_home(tree: HtmlElement, url: str, title: str, home_title: str) -> bool:
    """Whether a page that is not the home page is its copy.

    Portals that give all their pages one title tell them apart by metas or by a breadcrumb.
    """
    if not home_title or squash(title) != squash(home_title) or _HOME.fullmatch(host_and_path(url)[1]):
        return False
    return not _PLACE.search(squash(tree.text_content()))


def _title(tree: HtmlElement) -> str:
    element = tree.find(".//title")
    return clean(element.text or "") if element is not None else ""
