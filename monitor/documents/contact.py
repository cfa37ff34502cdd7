"""Whom a report says to ask (联系方式): address, postcode, phone and mail, with labels of all kinds or with none.

What has a label is read by it. Without labels only a row of such data is read, each of which vouches for the others:
a six-digit number alone is no postcode.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from monitor.documents.running import Line, Running, narrow
from monitor.model import Contact, Place

#: A paragraph without any of these holds no contact; most paragraphs have none.
_MARK: Final = re.compile("电话|电 话|联系|址|邮|@|＠|热线|地点|座机|传真|Tel|TEL")
_TELEPHONE: Final = (
    r"(?:(?:联\s?系|咨\s?询|办\s?公|服\s?务|单位|值班|公开)?(?:人|室|处)?电\s?话(?:号码)?|联系方式|热线|座机|TEL|Tel)"
)
_FAX: Final = r"传\s?真(?:电话|号码)?"
_LABELS: Final = (
    rf"邮\s?政\s?编\s?码|邮\s?编|邮政区码|{_TELEPHONE}|{_FAX}|电\s?子\s?邮\s?[箱件]|电子信箱|邮\s?箱(?!路)"
    r"|联\s?系\s?人|网\s?址|[Ee]-?[Mm]ail"
)
_IS: Final = r"\s*(?:为|是)?\s*[:：]?\s*"
_ADDRESS: Final = re.compile(
    r"(?:(?:办公|通讯|通信|联系|单位|邮寄|受理|机关)?(?<!网)地\s?址|办公地点|联系地点|通信处)\s*(?:为|是)?\s*[:：]?\s*"
    rf"((?:(?!{_LABELS})(?:\([^()\n]*\)|（[^（）\n]*）|[、,，](?=\d|[^;；,，。()（）\n、:：]{{1,20}}(?:号|楼|室|院|座|层))"
    rf"|[^;；,，。()（）\n、]))" + r"{3,60})"
    rf"\s*(?=[;；,，。()（）\n、]|(?:{_LABELS})|$)"
)
_POSTCODE: Final = re.compile(rf"(?:邮\s?政\s?编\s?码|邮\s?编|邮政区码){_IS}(\d(?: ?\d){{5}})(?! ?\d)")
_DASH: Final = r"[-—–－―−‐]"
_NUMBER: Final = (
    rf"(?:1[3-9]\d{{9}}(?!\d)|(?:[(（]?0\d{{2,3}}[)）]?\s*{_DASH}*\s*)?\d{{3,4}}\s?{_DASH}?\s?\d{{3,4}}"
    rf"(?:\s*(?:-|转)\s*\d{{1,5}})?(?!\d))"
)
_PHONE: Final = re.compile(
    rf"(?:{_FAX}\s*[/、及和\\]\s*)?{_TELEPHONE}\s*(?:[(（][^()（）]{{0,12}}[)）])?\s*(?:[/、及和\\]?\s*(?:{_FAX}))?"
    rf"{_IS}({_NUMBER}(?:\s*[、,，/;；或和及]\s*{_NUMBER})*)"
)
#: 联系人：某某 0999-1234567
_PERSON: Final = re.compile(
    rf"联\s?系\s?人{_IS}[\u4e00-\u9fff]{{1,8}}[\s,，;；、(（]*(0\d{{2,3}}\s?{_DASH}\s?\d{{7,8}}|1[3-9]\d{{9}})(?!\d)"
)
_ONE_NUMBER: Final = re.compile(_NUMBER)
_AREA_APART: Final = re.compile(r"^(0\d{2,3})\s+(?=\d)")
_AREA_IN_BRACKETS: Final = re.compile(r"^[(（](0\d{2,3})[)）]-?")
_DASHES: Final = re.compile(rf"{_DASH}+")
_EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}\s?@\s?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}\.[A-Za-z]{2,12}"
)

#: Without labels: what parts the data of a row, and what each kind looks like.
_BARE_PHONE: Final = (
    rf"(?:[(（]0\d{{2,3}}[)）]\s?{_DASH}?\s?|0\d{{2,3}}\s?{_DASH}\s?|0\d{{2,3}}\s)\d{{7,8}}(?!\d)"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)"
)
_PIECE: Final = re.compile(rf"({_BARE_PHONE})|[^,，;；、。()（）:：\s]+")
#: Every number of a telephone has them in a row; hardly another paragraph has.
_SEVEN_DIGITS: Final = re.compile(r"\d\d\d\d\d\d\d")
_BARE: Final = (
    ("email", _EMAIL),
    ("postcode", re.compile(r"\d{6}")),
    (
        "address",
        re.compile(
            r"[\u4e00-\u9fff][\u4e00-\u9fff\dA-Za-z—-]*(?:路|街|道|巷|弄|里|村|镇|区|园|厦|场|心)[\u4e00-\u9fff\dA-Za-z—-]*"
            r"(?:号|楼|室|院|座|层|厦|栋|幢|内)"
        ),
    ),
)
_FIELDS: Final = {"address": (_ADDRESS,), "postcode": (_POSTCODE,), "phone": (_PHONE, _PERSON), "email": (_EMAIL,)}
#: Characters and paragraphs: longer ones, or more that speak of contact data, no report has.
_LONGEST: Final = 3_000
_MOST_LINES: Final = 100
#: Rows without labels stand in the preface, in part 6 or at the end.
_LIKELY: Final = 3
#: A row has at least so many kinds of data, one of which tells for sure that it is one.
_ROW: Final = 2

Found = tuple[str, tuple[str, Place]]


def find_contact(sources: Sequence[Sequence[Line]]) -> tuple[Contact, dict[str, Place]]:
    """The contact data and where each stands: from the first source that has it; None where no source has."""
    found: dict[str, tuple[str, Place]] = {}
    for lines in sources:
        marked = [line for line in lines if len(line.text) <= _LONGEST and _MARK.search(line.text)]
        marked = marked[:_MOST_LINES]
        for name, value in _labelled(Running(marked)) if marked else ():
            found.setdefault(name, value)
        if len(found) == len(_FIELDS):
            break
    else:
        for name, value in _rows(sources):
            found.setdefault(name, value)
    return (
        Contact(**{name: value for name, (value, _) in found.items()}),
        {f"contact.{name}": found[name][1] for name in _FIELDS if name in found},
    )


def _labelled(source: Running) -> Iterator[Found]:
    """What stands behind a label. The address is as written; figures are narrowed, dashes made one kind."""
    flat = narrow(source.text)
    for name, patterns in _FIELDS.items():
        match = next((match for pattern in patterns for match in [pattern.search(flat)] if match), None)
        if match is not None:
            start, end = match.span(match.lastindex or 0)
            said = source.text if name == "address" else flat
            yield name, (_value(name, said[start:end]), source.place(start, end))


def _rows(sources: Sequence[Sequence[Line]]) -> Iterator[Found]:
    """Data in a row without labels, or with odd ones: 某路1号 100000 010-12345678."""
    for line in (line for lines in sources[:_LIKELY] for line in lines):
        if len(line.text) <= _LONGEST and _SEVEN_DIGITS.search(line.text):
            text = narrow(line.text)
            row: dict[str, tuple[str, Place]] = {}
            for piece in [*_PIECE.finditer(text), None]:
                if piece is not None and text.startswith((":", "："), piece.end()):
                    continue  # an odd label: what it says shows in what stands behind it
                kind = _kind(piece) if piece is not None else None
                if piece is not None and kind and not _is_fax(text, piece.start()):
                    span = slice(*piece.span())
                    value = _value(kind, (line.text if kind == "address" else text)[span])
                    row.setdefault(kind, (value, Place(line.block, line.page, line.text[span])))
                    continue
                if len(row) >= _ROW and "phone" in row:
                    yield from row.items()
                row = {}


def _kind(piece: re.Match[str]) -> str | None:
    if piece[1]:
        return "phone"
    return next((name for name, pattern in _BARE if pattern.fullmatch(piece[0])), None)


def _is_fax(text: str, start: int) -> bool:
    return bool(re.search(rf"(?:{_FAX}|[Ff]ax|FAX){_IS}$", text[max(0, start - 10) : start]))


def _value(name: str, text: str) -> str:
    """A value as people use it: no blanks; of phones, one kind of dash and no brackets around the area code."""
    if name != "phone":
        return "".join(text.split())
    found = []
    for match in _ONE_NUMBER.finditer(text):
        number = _AREA_APART.sub(r"\1-", match[0].strip())
        number = _DASHES.sub("-", "".join(number.split()))
        found.append(_AREA_IN_BRACKETS.sub(r"\1-", number))
    return "、".join(found)
