"""What a report says in running text: statistical period, contact, signature, publication date, in agencies' wordings.

Reads what is printed, errors included; whether it is right is for the rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from monitor.dates import find_dates, first_date
from monitor.model import Contact, Period
from monitor.text import clean, squash

_NARROW: Final = str.maketrans("０１２３４５６７８９：；，（）－＠．／", "0123456789:;,()-@./")

# ── the statistical period (统计期限) ───────────────────────────────────────────────────────────────────────────────

# 年 may be lost between digits ("20231月1日"), 日 before 止 ("12月31止"); the second year, or both, may not be printed.
_DAY: Final = (
    r"(?:(?P<y{0}>\d{{4}})(?:年度?)?[.\-/]?)?(?P<m{0}>1[0-2]|0?[1-9])[月.\-/]"
    r"(?P<d{0}>3[01]|[12]\d|0?[1-9])(?:日|号|(?=[止至到,.;)。~-]|$))"
)
_RANGE: Final = re.compile(_DAY.format(1) + r"(?:零时)?(?:起|开始)?[,，、]?(?:截?止?至|到|[-~]+)" + _DAY.format(2))
#: What agencies call it: 统计期限, 统计时限, 统计周期, 数据统计期, 统计起止时间, 数据时间范围 …
_CALLED: Final = re.compile(
    r"统计(数据)?(的|期|时|周|起|时间|截)|(数据|报告).{0,4}(期限|时限|周期|时间)|起止(时间|日期)|报告期"
)
#: A range stands within so many characters behind these words.
_NEAR: Final = 70


def find_period(preface: str, text: str, *, year: int | None) -> Period | None:
    """The statistical period: a range of days that the text calls so, or else any in the preface.

    `year` (the title's) fills in only where the range prints no year at all.
    """
    called = [
        source[word.start() : word.end() + _NEAR] for source in (preface, text) for word in _CALLED.finditer(source)
    ]
    for window in (*called, preface):
        if "月" in window or "." in window or "-" in window:
            for match in _RANGE.finditer(squash(_digits(window))):
                period = _period(match, year)
                if period is not None:
                    return period
    return None


def _digits(text: str) -> str:
    """The text with dates in Chinese numerals (二〇二三年一月一日) in digits."""
    if "月" not in text or not re.search(r"[一二三四五六七八九十]月", text):
        return text
    for found in reversed(find_dates(text)):
        text = f"{text[: found.start]}{found.value.year}年{found.value.month}月{found.value.day}日{text[found.end :]}"
    return text


def _period(match: re.Match[str], year: int | None) -> Period | None:
    first = int(match["y1"] or 0) or year
    second = int(match["y2"] or 0) or first
    if first is None or second is None:
        return None
    try:
        return Period(date(first, int(match["m1"]), int(match["d1"])), date(second, int(match["m2"]), int(match["d2"])))
    except ValueError:  # a day that does not exist: not readable
        return None


# ── contact (联系方式) ──────────────────────────────────────────────────────────────────────────────────────────────

_CONTACT_WORDS: Final = (
    "电话",
    "地址",
    "邮编",
    "邮政编码",
    "邮箱",
    "联系方式",
    "地点",
    "热线",
    "@",
    "＠",
    "电 话",
    "地 址",
)
_LABELS: Final = r"邮政编码|邮编|联系电话|咨询电话|办公电话|联系方式|电话|传真|电子邮[箱件]|邮箱|联系人|网址|[Ee]-?mail"
_ADDRESS: Final = re.compile(
    rf"(?:(?:办公|通讯|通信|联系|单位|邮寄)?地\s*址|办公地点)\s*(?:为|是)?\s*[:为]?\s*"
    rf"((?:(?!{_LABELS})(?:\([^()\n]*\)|[^;,。()\n、]))" + r"{3,60})"
    rf"\s*(?=[;,。()\n、]|(?:{_LABELS})|$)"
)
_POSTCODE: Final = re.compile(r"(?:邮政编码|邮政区码|邮编)\s*(?:为|是)?\s*:?\s*(\d{6})(?!\d)")
_NUMBER: Final = (
    r"(?:1[3-9]\d{9}(?!\d)|(?:\(?0\d{2,3}\)?\s*[-—–－―]*\s*)?\d{3,4}\s?-?\s?\d{3,4}(?:\s*(?:-|转)\s*\d{1,5})?(?!\d))"
)
_PHONE: Final = re.compile(
    r"(?:联系电话|咨询电话|办公电话|电话号码|联系方式|电\s*话|热线)\s*(?:\([^()]{0,12}\))?\s*(?:[/、及和]?传真)?\s*(?:为|是)?\s*:?\s*"
    rf"({_NUMBER}(?:\s*[、,/;或和]\s*{_NUMBER})*)"
)
_ONE_NUMBER: Final = re.compile(_NUMBER)
_EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)


def find_contact(sources: Sequence[str]) -> Contact:
    """The contact data, each from the first source that has it; None where no source has. The address is as written."""
    written = [_contact_lines(source) for source in sources]
    texts = [text.translate(_NARROW) for text in written]  # place for place
    phone, postcode, email = (_first(pattern, texts, texts) for pattern in (_PHONE, _POSTCODE, _EMAIL))
    return Contact(
        address=_first(_ADDRESS, texts, written),
        postcode=postcode,
        phone="、".join(_phones(phone)) if phone else None,
        email=email,
    )


def _contact_lines(text: str) -> str:
    """The lines that speak of contact data at all."""
    return "\n".join(line for line in text.split("\n") if any(word in line for word in _CONTACT_WORDS))


def _first(pattern: re.Pattern[str], texts: Sequence[str], written: Sequence[str]) -> str | None:
    for text, source in zip(texts, written, strict=True):
        match = pattern.search(text)
        if match:
            start, end = match.span(match.lastindex or 0)
            return clean(source[start:end]).replace(" ", "")
    return None


def _phones(text: str) -> list[str]:
    """The numbers as people dial them: one kind of dash, no brackets around the area code."""
    found = []
    for match in _ONE_NUMBER.finditer(text):
        number = re.sub(r"[—–－―-]+", "-", re.sub(r"\s", "", match[0]))
        found.append(re.sub(r"^\((0\d{2,3})\)-?", r"\1-", number))
    return found


# ── signature (落款) and publication date ───────────────────────────────────────────────────────────────────────────

_NAME: Final = re.compile(r"[\u4e00-\u9fff（）()、·“” ]{2,40}")
#: How many lines at the end are looked at: attachments and residue may follow the signature.
_TAIL: Final = 8
_LONGEST_SIGNATURE: Final = 60
#: 成文日期 and 生成时间 are not the publication's.
_PUBLISHED: Final = re.compile(
    r"(?:(?:发布|公开|发文)\s*(?:日期|时间)\s*[:：]?|(?<![\u4e00-\u9fff])(?:日期|时间)\s*[:：])\s*(?=\d{4})"
)
_SEAL: Final = re.compile(r"[（(](公章|盖章|印章|章)[）)]$")
_SIGNED_AS: Final = re.compile(r"^(落款|单位|签发单位|编制单位)\s*[:：]\s*")


def find_signature(lines: Sequence[str], *, agency: str) -> tuple[str | None, date | None, int]:
    """Who signed, when, and the place of the signature's first line (the number of lines where there is none).

    A date that stands alone near the end, with a name before it or on its line; else the agency's own name alone.
    """
    for place in range(len(lines) - 1, max(-1, len(lines) - 1 - _TAIL), -1):
        line = clean(lines[place])
        dates = find_dates(line) if len(line) <= _LONGEST_SIGNATURE else []
        found = [item for item in dates if len(squash(line[item.end :])) <= 1]
        if found:
            name = line[: found[-1].start].strip(" (（:：")
            if not name:
                before = clean(lines[place - 1]) if place else ""
                signed = _as_name(before, agency)
                return signed, found[-1].value, place - 1 if signed else place
            if _as_name(name, agency) and (line[: found[-1].start].endswith(" ") or squash(name) == squash(agency)):
                return _as_name(name, agency), found[-1].value, place
        elif agency and squash(line) == squash(agency) and not any("。" in after for after in lines[place + 1 :]):
            return _as_name(line, agency), None, place
    return None, None, len(lines)


def _as_name(text: str, agency: str) -> str | None:
    """A name that stands alone on a line: the agency's, or words only and no sentence."""
    text = _SEAL.sub("", _SIGNED_AS.sub("", text)).replace(" ", "")
    if agency and squash(text) == squash(agency):
        return text
    return text if _NAME.fullmatch(text) and not text.endswith("情况") else None


def find_published(lines: Sequence[str]) -> date | None:
    """The publication date that a line under the title states (发布日期：…)."""
    for line in lines:
        match = _PUBLISHED.search(line)
        if match and len(line) <= 120:
            return first_date(line[match.end() :])
    return None
