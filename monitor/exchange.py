"""What the monitor and the crawler hand each other: a spec in, a bundle out. Shapes and their JSON, nothing else.

A spec is one JSON file. A bundle is a folder:

    captures.jsonl   one `Capture` a line, in the order of fetching
    pages.warc.gz    the responses themselves (WARC 1.1, one gzip member a record)
    health.json      one `Health`, written last and atomically: a bundle without it is not whole

A crawl is a success only if `health.outcome` is "finished"; an exit code says nothing (a process that is stopped while
it starts up exits with 0).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from monitor.model import DateCandidate, Portal

CAPTURES_FILE: Final = "captures.jsonl"
WARC_FILE: Final = "pages.warc.gz"
HEALTH_FILE: Final = "health.json"
FINISHED: Final = "finished"

_SURROGATE: Final = re.compile("[\ud800-\udfff]")

#: Why a column could not be looked at in health. Codes of `Look.reason` and, where nothing else is known, of a verdict.
REASONS: Final = {
    "ok": "正常",
    "portal_unreachable": "网站无法访问",
    "portal_blocked": "网站拒绝自动访问",
    "challenge_page": "网站要求验证（验证码或脚本验证）",
    "robots_disallowed": "网站的 robots.txt 不允许访问该栏目",
    "column_lost": "栏目不存在或已改版",
    "column_not_found": "没有找到该单位发布年报的栏目",
    "soft_404": "网站对该栏目回答“页面不存在”",
    "sent_home": "网站把该栏目转到了首页",
    "list_emptied": "栏目列表突然变空",
    "layout_changed": "栏目列表的版式变了，读不出日期或条目",
    "garbled": "页面乱码，文字读不出来",
    "list_truncated": "栏目列表没有看全",
    "needs_browser": "栏目列表由脚本生成，但本机没有可用的浏览器",
    "host_refused": "栏目指向网站以外的地址，已拒绝访问",
    "timed_out": "巡查超过时限",
    "crawl_died": "巡查进程意外中止",
    "held_back": "按设置暂不访问",
    "never_looked": "尚未巡查",
}

#: Reasons that speak of a column rather than of its portal: the column may stand elsewhere now.
COLUMN_REASONS: Final = frozenset({"column_lost", "soft_404", "sent_home", "list_emptied", "layout_changed"})


# ── in: the spec ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Column:
    """Where to look: a column URL, and the agency it belongs to (empty: the portal's common column).

    `is_found`: no registry names it, an earlier crawl found it; `owner`: the body whose own it seemed to be then, by
    the words that led to it.
    """

    url: str
    agency: str = ""
    owner: str = ""
    is_found: bool = False


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page that is already in evidence: fetched again only if its list row (title, date) differs or `due` is set.

    `content`: as in `ArticleFacts`, when it was last fetched.
    """

    url: str
    listed_title: str = ""
    listed_on: date | None = None
    etag: str = ""
    last_modified: str = ""
    content: str = ""
    due: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Whence a page draws its list: an address, and what is posted to it (fields or a JSON text), if anything is."""

    url: str
    form: tuple[tuple[str, str], ...] = ()
    json: str = ""


@dataclass(frozen=True, slots=True)
class KnownList:
    """A list that was read to its end, at `read_at`. While its first page shows the same, the rest need not be asked.

    `print`: a hash of what its first page lists, "" where the list has to be read to its end anyway; `tail`: the
    candidates on its further pages; `rendered`: only a browser shows its rows; `endpoint`: whence that page draws
    them, which can be asked plainly, and `drawn_at` when both were last held against each other. `column`: under which
    it stands.

    `rows`, `dated`, `reports`: how many rows it had in all, how many with a date, how many titled as a report of any
    year: what it has now is held against that. `doubted_at`: since when it has far fewer; after a while that is how the
    list is. `named`: the bodies that its rows of any year name, `named_at`: since when each; `owner`: whose own list it
    is, "" where everybody's.

    `is_barren`: it holds rows of something else, no report and no list below: it need not be asked each time.

    `head`, `below`: the candidates of its first page and the lists below, where the bytes of that page (`sha256`) say
    it all: while they are the same, for the same `years`, the page is not read again.
    """

    url: str
    read_at: datetime
    print: str = ""
    rendered: bool = False
    tail: tuple[ListedLink, ...] = ()
    endpoint: Endpoint | None = None
    drawn_at: datetime | None = None
    column: str = ""
    rows: int = 0
    dated: int = 0
    reports: int = 0
    doubted_at: datetime | None = None
    named: tuple[str, ...] = ()
    named_at: dict[str, datetime] = field(default_factory=dict)
    owner: str = ""
    is_barren: bool = False
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    years: tuple[int, ...] = ()
    head: tuple[ListedLink, ...] = ()
    below: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Pass:
    """A cookie that an ordinary browser visit got from a host, and that plain requests show it from then on."""

    host: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one crawl: `pages` requests, `seconds` in all, `bytes` a response, `depth` of lists below a column."""

    pages: int = 2000
    seconds: int = 900
    bytes: int = 20_000_000
    depth: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSpec:
    """One crawl of one portal. `discover`: find its common columns where the registry names none.

    `names`: the names and aliases of the agencies that have no column of their own, for finding theirs. `clock`: a
    `--now` argument (empty: the machine's clock); `browser`: a path, or empty. `passes`: from earlier crawls.
    `any_certificate`: a host whose certificate cannot be verified is read all the same, and that is noted.
    """

    crawl: str
    portal: Portal
    columns: tuple[Column, ...]
    years: tuple[int, ...]
    known: tuple[KnownPage, ...] = ()
    lists: tuple[KnownList, ...] = ()
    names: tuple[str, ...] = ()
    discover: bool = True
    limits: Limits = Limits()
    user_agent: str
    clock: str = ""
    browser: str = ""
    passes: tuple[Pass, ...] = ()
    any_certificate: bool = True


# ── out: the bundle ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A row of a list that may be a report: its link, its title as listed, the date beside it, the year it names."""

    url: str
    title: str
    listed_on: date | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    url: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFacts:
    """What an article page says of itself. `publisher` is the named issuing body (发布机构, ContentSource), or empty.

    `dates`: every candidate with its source. `content`: SHA-256 of the article's own text and attachment links, so that
    a visit counter or a new menu is no change. `title` is the page's title for the article, not the site's. `index`:
    its 索引号 as printed, which often begins with the credit code of whoever issued it.
    """

    title: str
    publisher: str = ""
    dates: tuple[DateCandidate, ...] = ()
    content: str = ""
    attachments: tuple[Attachment, ...] = ()
    index: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One response that matters. `kind`: list, article or attachment; `column`: the spec's column it was found under.

    `offset`, `length`: the record in the bundle's WARC file, in bytes. `listed`: the list row that led to an article.
    `note`: what has to be said of the way it came, for people, or "".
    `parent`: the article of an attachment. `links`: for a list, every row that may be a report of a year in the spec.
    `taken_by`: the person who handed it in, "" where a crawl fetched it.
    """

    url: str
    kind: str
    column: str
    fetched_at: datetime
    status: int
    media_type: str
    sha256: str
    size: int
    offset: int
    length: int
    etag: str = ""
    last_modified: str = ""
    family: str = ""
    rendered: bool = False
    parent: str = ""
    listed: ListedLink | None = None
    links: tuple[ListedLink, ...] = ()
    article: ArticleFacts | None = None
    taken_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column that discovery found. `owner`: the body whose own it is, "" for a common one.

    `path`: the evidence: the links from the home page to it, (words, address); `why`: what shows that it is a column of
    annual reports, in Chinese.
    """

    url: str
    owner: str = ""
    why: str = ""
    path: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHealth:
    """How well a column was looked at. `healthy` only if every list below it was seen to its end.

    `candidates`: URLs of rows that may be reports of the years asked for, fetched or not.
    `missing`: known or listed article URLs that answered 404 or 410. `failed`: candidates that could not be fetched,
    with the reason code.
    """

    url: str
    agency: str = ""
    healthy: bool
    reason: str = "ok"
    detail: str = ""
    at: datetime | None = None
    pages: int = 0
    links: int = 0
    dated: int = 0
    candidates: tuple[ListedLink, ...] = ()
    missing: tuple[str, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a crawl went. `outcome`: "finished", or why it ended (limit_seconds, limit_pages, shutdown, error).

    `unchanged`: known addresses that answered 304 to a conditional request: looked at, and as they were. `lists`: the
    lists that were read to their end, in this crawl or, where their first page is the same, in the one it learned from.
    `found`: the columns that discovery found; `explored`: it went through, so these are all that it could find.
    `passes`: what the next crawl may show. `blocked_until`, `blocked`: the portal refuses programs, so long it is left
    alone, and what was met, in words; None and "" where it does not.
    """

    crawl: str
    portal: str
    started_at: datetime
    finished_at: datetime
    outcome: str
    columns: tuple[ColumnHealth, ...]
    requests: int = 0
    bytes: int = 0
    refused: int = 0
    warc_sha256: str = ""
    unchanged: tuple[str, ...] = ()
    lists: tuple[KnownList, ...] = ()
    found: tuple[FoundColumn, ...] = ()
    explored: bool = False
    passes: tuple[Pass, ...] = ()
    blocked_until: datetime | None = None
    blocked: str = ""


# ── JSON ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def spec_to_json(spec: CrawlSpec) -> str:
    return to_json(spec)


def spec_from_json(text: str) -> CrawlSpec:
    """Read a spec. Raises KeyError, TypeError or ValueError on any other shape."""
    raw = json.loads(text)
    portal = raw["portal"]
    return CrawlSpec(
        crawl=raw["crawl"],
        portal=Portal(**{**portal, "columns": tuple(portal["columns"]), "hosts": tuple(portal["hosts"])}),
        columns=tuple(Column(**column) for column in raw["columns"]),
        years=tuple(raw["years"]),
        known=tuple(KnownPage(**{**page, "listed_on": _date(page["listed_on"])}) for page in raw["known"]),
        lists=tuple(known_list_from_json(known) for known in raw["lists"]),
        names=tuple(raw["names"]),
        discover=raw["discover"],
        limits=Limits(**raw["limits"]),
        user_agent=raw["user_agent"],
        clock=raw["clock"],
        browser=raw["browser"],
        passes=tuple(Pass(**given) for given in raw["passes"]),
        any_certificate=raw["any_certificate"],
    )


def capture_to_json(capture: Capture) -> str:
    """One line, without a line break."""
    return to_json(capture)


def capture_from_json(text: str) -> Capture:
    raw = json.loads(text)
    return Capture(
        **{
            **raw,
            "fetched_at": datetime.fromisoformat(raw["fetched_at"]),
            "listed": link_from_json(raw["listed"]) if raw["listed"] else None,
            "links": tuple(link_from_json(link) for link in raw["links"]),
            "article": _article(raw["article"]) if raw["article"] else None,
        }
    )


def health_to_json(health: Health) -> str:
    return to_json(health)


def health_from_json(text: str) -> Health:
    raw = json.loads(text)
    return Health(
        **{
            **raw,
            "started_at": datetime.fromisoformat(raw["started_at"]),
            "finished_at": datetime.fromisoformat(raw["finished_at"]),
            "columns": tuple(_column_health(column) for column in raw["columns"]),
            "unchanged": tuple(raw["unchanged"]),
            "lists": tuple(known_list_from_json(known) for known in raw["lists"]),
            "found": tuple(found_column_from_json(column) for column in raw["found"]),
            "passes": tuple(Pass(**given) for given in raw["passes"]),
            "blocked_until": datetime.fromisoformat(raw["blocked_until"]) if raw["blocked_until"] else None,
        }
    )


def read_captures(bundle: Path) -> Iterator[Capture]:
    """The captures of a bundle, in the order of fetching."""
    with (bundle / CAPTURES_FILE).open(encoding="utf-8") as lines:
        for line in lines:
            yield capture_from_json(line)


def read_health(bundle: Path) -> Health | None:
    """The health of a bundle, or None where the bundle is not whole."""
    try:
        return health_from_json((bundle / HEALTH_FILE).read_text("utf-8"))
    except FileNotFoundError:
        return None


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that a reader, or a crash, sees the old one or the new one and never half of it."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def to_json(value: Any) -> str:
    """Any value of the model or the exchange as one line of JSON; dates and times as ISO 8601."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    # A hostile page can put half a character (a lone surrogate) into a title; no file would take it unescaped.
    return json.dumps(value, default=_plain) if _SURROGATE.search(text) else text


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, date):  # a datetime is a date too
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"cannot be written as JSON: {value!r}")


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def link_from_json(raw: dict[str, Any]) -> ListedLink:
    return ListedLink(**{**raw, "listed_on": _date(raw["listed_on"])})


def known_list_from_json(raw: dict[str, Any]) -> KnownList:
    return KnownList(
        **{
            **raw,
            "read_at": datetime.fromisoformat(raw["read_at"]),
            "tail": tuple(link_from_json(link) for link in raw["tail"]),
            "drawn_at": datetime.fromisoformat(raw["drawn_at"]) if raw.get("drawn_at") else None,
            "doubted_at": datetime.fromisoformat(raw["doubted_at"]) if raw.get("doubted_at") else None,
            "endpoint": _endpoint(raw["endpoint"]) if raw.get("endpoint") else None,
            "named": tuple(raw.get("named", ())),
            "named_at": {name: datetime.fromisoformat(at) for name, at in raw.get("named_at", {}).items()},
            "years": tuple(raw.get("years", ())),
            "head": tuple(link_from_json(link) for link in raw.get("head", ())),
            "below": tuple((url, words) for url, words in raw.get("below", ())),
        }
    )


def _endpoint(raw: dict[str, Any]) -> Endpoint:
    return Endpoint(**{**raw, "form": tuple((name, value) for name, value in raw["form"])})


def found_column_from_json(raw: dict[str, Any]) -> FoundColumn:
    return FoundColumn(**{**raw, "path": tuple((words, url) for words, url in raw["path"])})


def _article(raw: dict[str, Any]) -> ArticleFacts:
    return ArticleFacts(
        **{
            **raw,
            "dates": tuple(DateCandidate(**{**d, "value": date.fromisoformat(d["value"])}) for d in raw["dates"]),
            "attachments": tuple(Attachment(**attachment) for attachment in raw["attachments"]),
        }
    )


def _column_health(raw: dict[str, Any]) -> ColumnHealth:
    return ColumnHealth(
        **{
            **raw,
            "at": datetime.fromisoformat(raw["at"]) if raw["at"] else None,
            "candidates": tuple(link_from_json(link) for link in raw["candidates"]),
            "missing": tuple(raw["missing"]),
        }
    )
