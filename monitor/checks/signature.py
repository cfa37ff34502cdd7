"""Rules over the signature (落款): that it is there, whose it is, and its date. What the web page adds is not in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown
from monitor.checks.lines import by_reading, nothing_to_read, running
from monitor.model import Finding, Severity
from monitor.text import clean, squash
from monitor.titles import is_body

#: A last line that may be a signature which reading did not take for one.
_DATE_LINE: Final = re.compile(r"^[^。；]{0,30}(?:19|20|二)[\d○〇零一二三四五六七八九]{2,3} ?年.{1,8}月.{1,5}日?\s*$")
_PLACE: Final = re.compile(r"(?<=.[省市州盟县区旗])(?=.)")
_REGION: Final = re.compile(r"^(?:[^省市州盟县区旗乡镇]{2,8}(?:自治[州县区旗]|[省市州盟县区旗]))+")


class SignatureMissing(Rule):
    """The report ends with the body's name and a date."""

    id = "signature_missing"
    name = "缺落款"
    severity = Severity.WARNING
    verifies = "报告末尾有单位名称和日期"
    basis = f"{CUSTOM}：报告有落款单位和日期"
    good = Example()
    bad = Example({"signed_by": None, "signed_on": None})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        if problem := nothing_to_read(context):
            yield problem
            return
        lacking = [name for name, value in (("单位", report.signed_by), ("日期", report.signed_on)) if not value]
        if not lacking:
            return
        tail = [line for line in running(context).lines if line.kind == "body"][-3:]
        if found := next((line for line in tail if _DATE_LINE.match(line.text)), None):
            yield Unknown(f"末尾有像落款的文字，但没有完整读出：“{clean(found.text)[:40]}”")
            return
        yield self.finding(
            "signature",
            f"报告末尾没有落款{'和'.join(lacking)}。",
            quote=clean(report.signed_by or ""),
            expected="单位名称和日期",
            found="无落款" if len(lacking) > 1 else f"只有{'单位' if report.signed_by else '日期'}",
            explained=by_reading(report),
        )


class SignatureMismatch(Rule):
    """The report is signed by the body that its title names: by any of its names, its office or what it belongs to."""

    id = "signature_mismatch"
    name = "落款与机构不符"
    severity = Severity.ERROR
    verifies = "落款单位是标题或名录中的单位（简称、上级单位、办公室不算不符）"
    basis = f"{CUSTOM}：落款与标题的单位一致"
    good = Example({"signed_by": "青石县文旅局"})
    bad = Example({"signed_by": "白鹭县文化和旅游局"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report = context.report
        names = [squash(name) for name in (*context.agency_names, report.agency or "") if name]
        if not report.signed_by or not names:
            yield Unknown("没有读到落款单位" if names else "没有读到编制单位的名称")
            return
        signed = squash(report.signed_by)
        if any(_same(signed, name) for name in names):
            return
        if squash(report.preface).count(signed) or not is_body(signed):
            yield Unknown(f"落款“{clean(report.signed_by)}”可能是同一单位的另一名称")
            return
        if not context.others.has_squashed(signed) and not _elsewhere(signed, names):
            yield Unknown(f"落款“{clean(report.signed_by)}”可能是上级单位、曾用名或另一块牌子")
            return
        own = context.agency_names[0] if context.agency_names else report.agency or ""
        yield self.finding(
            "signature",
            f"落款是“{clean(report.signed_by)}”，不是编制单位“{own}”。",
            quote=clean(report.signed_by),
            expected=own,
            found=clean(report.signed_by),
            explained=by_reading(report),
        )


def _same(one: str, other: str) -> bool:
    """Whether two names may be one body's: one within the other, or a short form of it (文旅局 of 文化和旅游局)."""
    short, long = sorted((_bare(one), _bare(other)), key=len)
    if short in long or _is_short_for(short, long):
        return True
    core = _REGION.sub("", short)
    return len(core) >= 2 and len(core) < len(short) and short[: -len(core)] in long and _is_short_for(core, long)


def _bare(name: str) -> str:
    return re.sub(r"\([^()]*\)|办公[室厅]$", "", name)


def _is_short_for(short: str, long: str) -> bool:
    """Whether the characters of one stand in the other, in order."""
    rest = iter(long)
    return all(mark in rest for mark in short)


def _elsewhere(signed: str, names: list[str]) -> bool:
    """Whether the signature is surely another place's: the same kind of body, of another county."""
    region = _REGION.match(signed)
    if region is None:
        return False
    core = signed[region.end() :]
    regions = [(found[0], name[found.end() :]) for name in names if (found := _REGION.match(name))]
    return bool(core) and any(own_core == core and _disjoint(own, region[0]) for own, own_core in regions)


def _disjoint(one: str, other: str) -> bool:
    """Whether two places are two counties, districts or towns; a city may be the one above the other."""
    places = _PLACE.split(one), _PLACE.split(other)
    return all(place[-1][-1] in "县区旗镇乡" for place in places) and not set(places[0]) & set(places[1])


class SignDateConflict(Rule):
    """The date under the report lies after the year that it covers and not after its publication."""

    id = "sign_date_conflict"
    name = "落款日期矛盾"
    severity = Severity.WARNING
    verifies = "落款日期在报告年度结束之后、发布日期当天或之前"
    basis = f"{CUSTOM}：统计期限满后编制、编制后发布"
    good = Example({"signed_on": "2024-01-12"})
    bad = Example({"signed_on": "2023-01-12"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        report, year = context.report, context.report_year
        signed = report.signed_on
        if signed is None:
            yield Unknown("没有读到落款日期")
            return
        place = report.places.get("signed_on")
        quote = clean(place.quote) if place else _in_words(signed)
        found, explained = _in_words(signed), by_reading(report)
        published = context.published_on or report.published_on
        if published is not None and signed > published:
            yield self.finding(
                "published",
                f"落款日期{_in_words(signed)}晚于发布日期{_in_words(published)}。",
                expected=f"不晚于{_in_words(published)}",
                quote=quote,
                found=found,
                explained=explained,
            )
        if year is None:
            yield Unknown("报告年度不明")
        elif signed <= date(year, 12, 31):
            yield self.finding(
                "year",
                f"落款日期{_in_words(signed)}在{year}年结束之前，数据不可能到12月31日。",
                expected=f"{year + 1}年1月1日或以后",
                quote=quote,
                found=found,
                explained=explained,
            )
        elif signed.year > year + 1:
            yield self.finding(
                "year",
                f"落款日期{_in_words(signed)}比报告年度晚一年以上，可能写错了年份。",
                severity=Severity.HINT,
                expected=f"{year + 1}年",
                quote=quote,
                found=found,
                explained=explained,
            )


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
