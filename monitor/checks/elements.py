"""Rules over what a reader needs to know of a report (要素): its statistical period and whom to ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown
from monitor.checks.lines import by_reading
from monitor.model import Contact, Finding, Period, Severity
from monitor.text import clean

# These find a word by which the text gives away that the thing is there, though reading got nothing from it. Every
# repetition in them is bounded: they run over whole pages that strangers wrote.
_PERIOD_WORDS: Final = re.compile(
    r"(?:统计|数据|报告)[^。，\n]{0,8}(?:期限|时限|时段|周期|期间|区间|范围|起止)"
    r"|(?:统计|数据)[^。\n]{0,40}1 ?月[^。\n]{0,20}12 ?月"
)
_CONTACT_WORDS: Final = re.compile(
    r"(?:电话|传真|地址|邮编|邮政编码|邮箱|邮件|联系方式|联系人)[^。，；\n]{0,4}[：:—]|0\d{2,3}[-—–]\d{7,8}"
    r"|请[与向][^。\n]{2,40}联系|\w@\w"
)
_FIELDS: Final = {"address": "地址", "phone": "电话", "postcode": "邮政编码", "email": "电子邮箱"}


class PeriodMissing(Rule):
    """The report says which days its figures cover."""

    id = "period_missing"
    name = "缺统计期限"
    severity = Severity.ERROR
    verifies = "写明所列数据的统计期限"
    basis = f"{CUSTOM}：年度报告写明所列数据的统计期限"
    good = Example({"period": {"start": "2023-01-01", "end": "2023-12-31"}})
    bad = Example({"period": None, "preface": "本报告按统一格式编制。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if context.report.period is not None:
            return
        text = context.report.text
        if said := _PERIOD_WORDS.search(text):
            yield Unknown(f"正文提到统计期限，但读不出起止日期：“{_sentence(text, said.start())}”")
        elif not text.strip():
            yield Unknown("没有读到正文")
        else:
            expected = _whole_year(context.report_year)
            yield self.finding(
                "period", "报告没有写明所列数据的统计期限。", expected=_in_words(expected) if expected else ""
            )


class PeriodWrong(Rule):
    """The period is the report year, from its first to its last day."""

    id = "period_wrong"
    name = "统计期限不符"
    severity = Severity.ERROR
    verifies = "统计期限为报告年度的1月1日至12月31日"
    basis = f"{CUSTOM}：年度报告的统计期限为报告年度全年"
    good = Example({"period": {"start": "2023-01-01", "end": "2023-12-31"}})
    bad = Example({"period": {"start": "2023-01-01", "end": "2023-11-30"}})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        period, expected = context.report.period, _whole_year(context.report_year)
        if period is None:
            yield Unknown("没有读到统计期限")
        elif expected is None:
            yield Unknown("报告年度不明")
        elif period != expected:
            yield self.finding(
                "period",
                f"统计期限为{_in_words(period)}，应为{_in_words(expected)}。",
                quote=_statement(context.report.text, period),
                expected=_in_words(expected),
                found=_in_words(period),
            )


class ContactMissing(Rule):
    """The report says whom to ask: at least one of address, phone and mail."""

    id = "contact_missing"
    name = "缺联系方式"
    severity = Severity.ERROR
    verifies = "写明联系地址、电话等联系方式"
    basis = f"{CUSTOM}：年度报告写明联系地址和联系电话"
    good = Example({"contact.phone": "0999-1234567"})
    bad = Example({"contact": None, "preface": "本报告按统一格式编制。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        if _reachable(report.contact):
            return
        if said := _CONTACT_WORDS.search(report.text):
            yield Unknown(f"正文提到联系方式，但没有读出：“{_sentence(report.text, said.start())}”")
        elif not report.text.strip():
            yield Unknown("没有读到正文")
        else:
            yield self.finding("contact", "报告没有写明任何联系方式。", expected="地址、电话、邮政编码、电子邮箱")


class ContactIncomplete(Rule):
    """Where a contact is given, it has address, phone, postcode and mail."""

    id = "contact_incomplete"
    name = "联系方式不全"
    severity = Severity.WARNING
    verifies = "联系方式包括地址、电话、邮政编码、电子邮箱"
    basis = f"{CUSTOM}：联系方式包括地址、邮政编码、联系电话、电子邮箱"
    good = Example()
    bad = Example(
        {
            "contact.postcode": None,
            "contact.email": None,
            "preface": "如有疑问，请联系我局（地址：青石县云台路8号；电话：0999-1234567）。",
        }
    )

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        contact, text = context.report.contact, context.report.text
        if not _reachable(contact):
            yield Unknown("没有读到联系方式")
            return
        lacking = [label for name, label in _FIELDS.items() if not getattr(contact, name)]
        unread = [label for label in lacking if _label_stands(label, text)]
        if unread:
            yield Unknown(f"正文提到{'、'.join(unread)}，但没有读出")
        if absent := [label for label in lacking if label not in unread]:
            given = [value for name in _FIELDS if (value := getattr(contact, name))]
            yield self.finding(
                "contact",
                f"联系方式缺少{'、'.join(absent)}。",
                quote=_sentence(text, text.find(given[0])) or given[0],
                expected="、".join(_FIELDS.values()),
                found="、".join(label for label in _FIELDS.values() if label not in lacking),
            )


#: A telephone number without an area code, maybe with an extension. Mobile, service and short numbers have none.
_LOCAL_NUMBER: Final = re.compile(r"[2-8]\d{6,7}(?:(?:[-—–转*]|转接)\d{1,5})?")
_AREA_CODE: Final = re.compile(r"0\d{2,3}\D{0,4}$|区号")


class PhoneNoAreaCode(Rule):
    """The phone number can be called from anywhere."""

    id = "phone_no_area_code"
    name = "电话缺区号"
    severity = Severity.WARNING
    verifies = "联系电话带区号（手机号、服务热线不查）"
    basis = f"{CUSTOM}：联系电话写明区号"
    good = Example({"contact.phone": "0999-1234567"})
    bad = Example({"contact.phone": "7234567", "preface": "联系电话：7234567。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        phone, text = context.report.contact.phone, context.report.text
        if not phone:
            yield Unknown("没有读到联系电话")
            return
        numbers = [number for part in re.split(r"[、，,/；;或 ]", clean(phone)) if (number := part.strip())]
        if not numbers or not all(_LOCAL_NUMBER.fullmatch(number) for number in numbers):
            return
        at = text.find(numbers[0])
        # The code may stand apart: 区号0533, (0533) 3581178.
        if _AREA_CODE.search(text[max(0, at - 8) : max(0, at)]) or "区号" in text:
            return
        yield self.finding(
            "phone",
            f"联系电话{numbers[0]}没有区号。",
            quote=_sentence(text, at) or phone,
            expected="区号-电话号码",
            found=phone,
            explained=by_reading(context.report),
        )


#: Mail services that anybody may use. Other domains may be an agency's own.
_PUBLIC_MAIL: Final = re.compile(
    r"(?:^|\.)(?:(?:163|126|188|139|qq|sina|sohu|foxmail|tom|21cn|263|gmail|hotmail|outlook|yahoo|aliyun|live)\.(?:com|net)"
    r"|yeah\.net|189\.cn|sina\.cn|wo\.cn|(?:sina|yahoo|163)\.com\.cn)$",
    re.IGNORECASE,
)


class NonGovEmail(Rule):
    """The mail address is not one of a mail service for everybody."""

    id = "non_gov_email"
    name = "非政务邮箱"
    severity = Severity.HINT
    verifies = "联系邮箱不是商业邮箱（163、QQ等）"
    basis = f"{CUSTOM}：对外联系使用政务邮箱"
    good = Example({"contact.email": "wlj@qingshi.gov.cn"})
    bad = Example({"contact.email": "someone@163.com"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        email = context.report.contact.email
        if not email or "@" not in email:
            yield Unknown("没有读到电子邮箱")
        elif _PUBLIC_MAIL.search(clean(email).rpartition("@")[2]):
            yield self.finding(
                "email",
                f"联系邮箱{clean(email)}是商业邮箱。",
                quote=clean(email),
                expected="政务邮箱",
                found=clean(email),
            )


def _reachable(contact: Contact) -> bool:
    return bool(contact.address or contact.phone or contact.email)


def _label_stands(label: str, text: str) -> bool:
    """Whether the text has a label of the contact with something behind it."""
    words = {"地址": "地址", "电话": "电话", "邮政编码": "邮编|邮政编码", "电子邮箱": "邮箱|电子邮件|[Ee]-?mail"}[label]
    return bool(re.search(rf"(?:{words})[^。，；\n]{{0,4}}[：:]\s*[^\s，。；、）)]", text))


def _whole_year(year: int | None) -> Period | None:
    return None if year is None else Period(date(year, 1, 1), date(year, 12, 31))


def _in_words(period: Period) -> str:
    return "至".join(f"{day.year}年{day.month}月{day.day}日" for day in (period.start, period.end))


def _statement(text: str, period: Period) -> str:
    """The sentence that states the period, as printed; "" where it is not found again."""
    first, last = (rf"{day.month} ?月 ?{day.day} ?日" for day in (period.start, period.end))
    stated = re.search(rf"{first}[^。\n]{{1,20}}{last}", text)
    return _sentence(text, stated.start()) if stated else ""


def _sentence(text: str, at: int, limit: int = 120) -> str:
    """The sentence around a place of the text, cut where it is long; "" where there is no such place."""
    if at < 0:
        return ""
    start = max(text.rfind(mark, 0, at) for mark in "。\n") + 1
    ends = [end for mark in "。\n" if (end := text.find(mark, at)) >= 0]
    start = max(start, at - limit)
    return clean(text[start : min([*ends, at + limit, len(text)])])
