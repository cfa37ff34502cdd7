"""The date-evidence ladder: every date that a page offers as the day of its publication, with source and confidence.

    meta      .9   <meta name="PubDate"> and its kin
    label     .6 to .8   发布时间, 发布日期, 发文日期 … 时间 in the lines around the title, or in the info table
    byline    .45  a date without a label between 来源 and 浏览次数, or alone in brackets under the title
    list      the date beside the link, added by the spider
    url       .4   t20240123, /art/2024/1/23/ …: the day of upload, days or a year away from the day of publication
    objectid  .3   the Unix time in a document id
    written   .3   成文日期: when it was written, not when it was published

From ACCUSING_CONFIDENCE on a date may be held against an agency: only meta, label and list reach it. When a page was
generated, updated or printed is never evidence, nor a statistical period, a signature, a year or a month alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Final
from urllib.parse import urlsplit

from monitor.dates import find_dates
from monitor.model import DateCandidate

_CHINA: Final = timezone(timedelta(hours=8))
#: Government sites bear no earlier page; 1970 and 1900 are what an empty field turns into.
_EARLIEST: Final = date(2000, 1, 1)

_PUBLICATION_METAS: Final = """
    pubdate publishdate publish_date publish-date pubtime publishtime publish_time publishedtime releasedate
    firstpublishedtime article:published_time datepublished dc.date.issued og:release_date og:published_time
    publication_date publicationdate publisheddate published_time published_at date_published
"""
_META_NAMES: Final = frozenset(_PUBLICATION_METAS.split())
_META: Final = 0.9
_URL: Final = 0.4
_OBJECT_ID: Final = 0.3
_WRITTEN: Final = 0.3
_BYLINE: Final = 0.45


def _spaced(words: str) -> str:
    """An alternation of words with blanks allowed between their characters (发 布 时 间)."""
    return "|".join(r"\s*".join(word) for word in words.split())


_PUBLISHED: Final = (
    "发布日期 发布时间 公开日期 公开时间 公布日期 公布时间 发表时间 发表日期 上网时间 上网日期 发布于 发表于 \
刊发时间 刊发日期 刊登时间 刊登日期 发稿时间 发稿日期 挂网时间 挂网日期"
)
_NOT_PUBLISHED: Final = (
    "更新 修改 生成 打印 制作 编辑 维护 印发 签发 失效 生效 实施 施行 执行 截止 截至 开始 结束 废止 有效 "
    "当前 现在 今天 北京 会议 访问 下载 统计"
)
#: In this order: what is no publication takes its 日期/时间 away before a bare 日期/时间 is looked for.
_LABEL: Final = re.compile(
    rf"(?P<written>{_spaced('成文日期 成文时间')})"
    rf"|(?P<published>{_spaced(_PUBLISHED)}|(?<![\u4e00-\u9fff])发\s*布(?=\s*[:：]))"
    rf"|(?P<issued>{_spaced('发文日期 发文时间')})"
    rf"|(?P<other>(?:{_spaced(_NOT_PUBLISHED)})\s*(?:日\s*期|时\s*间))"
    # 信息时间: what Epoint's templates call it.
    r"|(?<![\u4e00-\u9fff])(?P<bare>(?:信\s*息\s*)?(?:日\s*期|时\s*间))"
)
_CONFIDENCE: Final = {"published": 0.8, "issued": 0.7, "bare": 0.6}
#: What may stand between a label and its date.
_GAP: Final = re.compile(r"[\s:：∶\[\]【】（()>|*]*")

#: Most links have no date beside them; this is quicker than looking for one.
_MAY_HOLD_A_DATE: Final = re.compile(r"\d[^\d]*\d|年")

# Addresses that hold a whole day. `/202401/` holds none.
_URL_DAYS: Final = (
    re.compile(r"/t(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)_\d"),
    re.compile(r"/art/(?P<y>20\d\d)/(?P<m>\d{1,2})/(?P<d>\d{1,2})/"),
    re.compile(r"/(?P<y>20\d\d)-?(?P<m>\d\d)[-/](?P<d>\d\d)/"),
    re.compile(r"/(?P<y>20\d\d)/(?P<m>\d{1,2})[-/](?P<d>\d{1,2})/"),
    re.compile(r"/(?P<y>20\d\d)/(?P<m>\d\d)(?P<d>\d\d)/"),
    re.compile(r"/(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:\d{6}_\w+\.\w+|\d{4,9}(?=/))?(?:/|$)"),
)
_OBJECT_IDS: Final = re.compile(r"/doc_([0-9a-f]{8})[0-9a-f]{16}(?![0-9a-f])", re.IGNORECASE)


def date_candidates(
    url: str,
    metas: Iterable[tuple[str, str]],
    texts: Sequence[tuple[str, bool]],
    info: Iterable[tuple[str, str]],
) -> tuple[DateCandidate, ...]:
    """All candidates of an article, the most trustworthy first, each (day, source) once.

    `metas`: (name, content). `texts`: the lines around the title, each with whether a mere 日期 or 时间 in it is a
    label, as it is only outside the body. `info`: label and value of the page's info table.
    """
    found = [
        *from_metas(metas),
        *(candidate for label, value in info for candidate in labelled(f"{label}：{value}")),
        *(candidate for text, bare in texts for candidate in labelled(text, bare=bare)),
        *(candidate for text, above in texts if above for candidate in in_byline(text)),
        *from_url(url),
    ]
    best: dict[tuple[date, str], DateCandidate] = {}
    for candidate in found:
        known = best.setdefault((candidate.value, candidate.source), candidate)
        if candidate.confidence > known.confidence:
            best[candidate.value, candidate.source] = candidate
    return tuple(sorted(best.values(), key=lambda candidate: -candidate.confidence))


def from_metas(metas: Iterable[tuple[str, str]]) -> Iterator[DateCandidate]:
    """Publication dates of meta tags (names in lower case). Maketime and lastmodified are none."""
    for name, content in metas:
        if name in _META_NAMES and (day := _leading_date(content) or _stamped(content)) is not None:
            yield DateCandidate(day, "meta", _META)


def labelled(text: str, *, bare: bool = True) -> Iterator[DateCandidate]:
    """Dates that stand right behind a label. `bare`: whether a mere 日期 or 时间 is a label."""
    for match in _LABEL.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "other" or (kind == "bare" and not bare):
            continue
        gap = _GAP.match(text, match.end())
        day = _leading_date(text[gap.end() if gap else match.end() :][:24])
        if day is None:
            continue
        if kind == "written":
            yield DateCandidate(day, "written", _WRITTEN)
        else:
            yield DateCandidate(day, "label", _CONFIDENCE[kind])


#: How far above the body a byline stands, and what it is told by.
_NEAR: Final = 400
_BYLINE_WORDS: Final = re.compile(r"来\s*源|来自|作者|浏览|点击|阅读|字体|字号|编辑|打印|分享")
_ALONE: Final = re.compile(r"[\s(（\[【]*(?:\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?[\s)）\]】]*")
_TODAY: Final = re.compile(r"星期|今天|今日|农历|现在|当前|欢迎")


def in_byline(text: str) -> Iterator[DateCandidate]:
    """The date of a byline without labels (来源：某局 2024-01-05 10:30 浏览次数) in the last lines above a body."""
    lines = [line.strip() for line in text[-_NEAR:].split("\n") if line.strip()]
    for before, line in zip(["", *lines], lines, strict=False):
        found = find_dates(line) if "20" in line or "二" in line else []
        if len(found) != 1 or found[0].value < _EARLIEST or _TODAY.search(line):
            continue
        if _LABEL.search(line) or before.endswith((":", "：", "期", "间")):
            continue  # labels are read elsewhere, whatever they say
        rest = line[: found[0].start] + line[found[0].end :]
        if (_BYLINE_WORDS.search(rest) and len(rest) <= 150) or (_ALONE.fullmatch(rest) and len(rest.strip()) > 1):
            yield DateCandidate(found[0].value, "byline", _BYLINE)


def listed_date(text: str) -> date | None:
    """The day of publication that a list row's text names, its title taken out.

    Where several days stand and none is labelled as that of publication, there is none: it is not guessed.
    """
    if not _MAY_HOLD_A_DATE.search(text):
        return None
    published = [candidate.value for candidate in labelled(text) if candidate.source == "label"]
    if published:
        return published[0]
    others = [match.end() for match in _LABEL.finditer(text) if match.lastgroup in ("other", "written")]
    days = {
        found.value
        for found in find_dates(text, compact=True)
        if found.value >= _EARLIEST and not any(0 <= found.start - end <= 6 for end in others)
    }
    if len(days) == 1:
        return days.pop()
    return _split_date(text) if not days else None


#: Calendar leaves: the day in one element, year and month in the next, in either order; nothing else in the row.
_LEAF: Final = re.compile(
    r"\D*(?:(?P<d>\d{1,2})\s+(?P<y>20\d\d)[-./](?P<m>\d{1,2})|(?P<y2>20\d\d)[-./](?P<m2>\d{1,2})\s+(?P<d2>\d{1,2}))\D*"
)


def _split_date(text: str) -> date | None:
    match = _LEAF.fullmatch(text)
    if match is None:
        return None
    year, month, day = (match["y"], match["m"], match["d"]) if match["y"] else (match["y2"], match["m2"], match["d2"])
    return _day(year, month, day)


def from_url(url: str) -> Iterator[DateCandidate]:
    """The day of upload that an address holds, as a directory, a file name or a document id."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return
    for pattern in _URL_DAYS:
        if (match := pattern.search(path)) and (day := _day(match["y"], match["m"], match["d"])):
            yield DateCandidate(day, "url", _URL)
            break
    if match := _OBJECT_IDS.search(path):
        day = datetime.fromtimestamp(int(match[1], 16), _CHINA).date()
        if day.year >= 2009:  # the age of this kind of id; an earlier one is some other number
            yield DateCandidate(day, "objectid", _OBJECT_ID)


_OWN_LABEL: Final = re.compile(r"^发布(?:时间|日期)\s*[:：]\s*")


def _leading_date(text: str) -> date | None:
    """The date that a text begins with."""
    text = text.replace("—", "-").replace("–", "-").replace("−", "-").strip(" \"'[]【】()（）:：")
    text = _OWN_LABEL.sub("", text)
    for found in find_dates(text, compact=True):
        if found.start <= 1 and found.value >= _EARLIEST:
            return found.value
    return None


#: How machines write a time: 20240105103000, milliseconds since 1970, and Java's own way.
_FIGURES: Final = re.compile(r"(20\d\d)(\d\d)(\d\d)\d{4,6}")
_MILLISECONDS: Final = re.compile(r"1[0-9]{12}")
_JAVA: Final = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) [\d:]{5,8} \w{3,4} (20\d\d)")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _stamped(text: str) -> date | None:
    """The day of a time that a template left in a machine's form."""
    text = text.strip()
    if match := _FIGURES.fullmatch(text):
        return _day(match[1], match[2], match[3])
    if _MILLISECONDS.fullmatch(text):
        day = datetime.fromtimestamp(int(text) / 1000, _CHINA).date()
        return day if day >= _EARLIEST else None
    if (match := _JAVA.fullmatch(text)) and match[1] in _MONTHS:
        return _day(match[3], str(_MONTHS.index(match[1]) + 1), match[2])
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
