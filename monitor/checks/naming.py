"""Rules over what the agency calls itself: its full name, its short names, “我局” and “本单位”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown, quote_key
from monitor.checks.lines import TITLE, by_reading, nothing_to_read, running
from monitor.model import Finding, Severity
from monitor.text import clean

_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]{4,}")
_REGION: Final = re.compile(r"^(?:[\u4e00-\u9fff]{2,5}?(?:自治[州县]|[省市州盟县旗]|(?<!开发)(?<!示范)(?<!高新)区))+")
_LEVELS: Final = re.compile(r"([\u4e00-\u9fff]{2,5}?)([市县区旗])")
_CHINESE_MARK: Final = re.compile("[\u4e00-\u9fff]")
_DEFINED: Final = re.compile(r"以下(?:简称|称)[：:为]?[“\"'‘]?([\u4e00-\u9fff]{2,12})")


def name_of(context: Context) -> str:
    """The agency's full name, as the roster or else the report gives it; "" where neither does."""
    name = clean(context.agency_names[0] if context.agency_names else context.report.agency or "")
    return name if _CHINESE.fullmatch(name) else ""


def regions_without_level(context: Context) -> Iterator[tuple[str, str]]:
    """The places in the agency's name as (薛城区, 薛城): of two characters or more, so that they are names."""
    region = _REGION.match(name_of(context))
    for found in _LEVELS.finditer(region[0]) if region else ():
        yield found[0], found[1]


class AgencyNameInconsistent(Rule):
    """The agency's name is the same throughout. A name that lacks its 市, 县 or 区 is no short name."""

    id = "agency_name_inconsistent"
    name = "机构名称不一致"
    severity = Severity.HINT
    verifies = "前言用机构全称；正文不把“某市某局”写成“某某局”（漏“市、县、区”的为警告）"
    basis = f"{CUSTOM}：机构名称前后一致"
    good = Example({"agency": "青石县文化和旅游局"})
    bad = Example({"sections.1.text": "青石文化和旅游局全年主动公开政府信息90条。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        name = name_of(context)
        if not name or nothing_to_read(context):
            yield Unknown("没有读到机构全称或正文")
            return
        region = _REGION.match(name)
        core = name[region.end() :] if region else ""
        if region is None or len(core) < 4:
            return
        lines = running(context)
        if lines.text.count(core) == lines.text.count(name):
            return
        for place, bare in regions_without_level(context):
            if place != region[0] and not region[0].endswith(place):
                continue
            if f"{bare}{core}" not in lines.text:
                continue  # nearly always, and no pattern need be made for each agency
            found = re.search(rf"(?<![“‘《「\u4e00-\u9fff]){bare}{core}|(?<=[，。、；由与和]){bare}{core}", lines.text)
            if found and lines.at(found.start()).kind != TITLE and f"{bare}{core}" not in context.agency_names:
                yield self.finding(
                    quote_key(f"{bare}{core}"),
                    f"“{bare}{core}”漏了“{place[-1]}”字，全称是“{name}”。",
                    severity=Severity.WARNING,
                    quote=lines.sentence(found.start(), found.end()),
                    section=lines.at(found.start()).place,
                    expected=name,
                    found=f"{bare}{core}",
                    explained=by_reading(context.report),
                )
        yield from self._in_preface(context, name, region[0], core)

    def _in_preface(self, context: Context, name: str, region: str, core: str) -> Iterator[Finding]:
        """A name that drops the city above it, in the preface, where the contact is given."""
        preface = clean(context.report.preface)
        if name in preface or core not in preface or _DEFINED.search(context.report.text):
            return
        places = [found[0] for found in _LEVELS.finditer(region)]
        short = next((f"{place}{core}" for place in places[-1:] if f"{place}{core}" in preface), "")
        if short and short != name and short not in context.agency_names:
            at = preface.find(short)
            yield self.finding(
                "preface",
                f"前言中的“{short}”与全称“{name}”不一致。",
                quote=preface[max(0, at - 20) : at + len(short) + 10],
                section="前言",
                expected=name,
                found=short,
            )


class AliasUndefined(Rule):
    """A short name that is not simply a piece of the full one is introduced (以下简称) before it is used."""

    id = "alias_undefined"
    name = "简称未说明"
    severity = Severity.HINT
    verifies = "机构简称（如“商促局”）先以“以下简称”说明"
    basis = f"{CUSTOM}：首次使用简称时说明"
    good = Example({"sections.1.text": "县文化和旅游局全年主动公开政府信息90条。"})
    bad = Example({"sections.1.text": "县文旅局全年主动公开政府信息90条。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        name = name_of(context)
        if not name or nothing_to_read(context):
            yield Unknown("没有读到机构全称或正文")
            return
        if name.endswith("政府"):
            return  # 区政府 and 镇政府 explain themselves
        lines = running(context)
        region = _REGION.match(name)
        core = name[region.end() :] if region else name
        defined = {found[1] for found in _DEFINED.finditer(lines.text)}
        for found in re.finditer(re.escape(name[-1]), lines.text):
            short = _short_form(lines.text, found.start(), name)
            inner = short.lstrip("省市县区州旗")
            start = found.end() - len(short)
            before = lines.text[max(0, start - 1) : start]
            if _CHINESE_MARK.match(before) and before not in "由向与和在对经请各我到":
                continue  # it may begin within another word
            if len(inner) < 3 or inner in name or any(short.endswith(word) or word in short for word in defined):
                continue
            if len(inner) * 2 > len(core) + 2 or not set(inner) <= set(core):
                continue
            yield self.finding(
                "alias",
                f"简称“{short}”没有以“以下简称”说明。",
                quote=lines.sentence(found.start(), found.end()),
                section=lines.at(found.start()).place,
                expected=f"{name}（以下简称“{short}”）",
                found=short,
            )
            return


def _short_form(text: str, at: int, name: str) -> str:
    """The longest run that ends at text[at] and whose characters stand in the name, in order."""
    start, place = at, len(name) - 1
    while start > 0:
        place = name.rfind(text[start - 1], 0, place)
        if place < 0:
            break
        start -= 1
    return text[start : at + 1]


_SELF: Final = re.compile("我(?:局|委|办|中心|单位|院|厅|部门)")


class SelfReferenceMixed(Rule):
    """The agency speaks of itself in one way."""

    id = "self_reference_mixed"
    name = "自称不一致"
    severity = Severity.HINT
    verifies = "自称前后一致（不混用“我局”“我中心”“我单位”）"
    basis = f"{CUSTOM}：自称前后一致"
    good = Example({"sections.1.text": "我局全年主动公开政府信息90条，我局没有收到申请。"})
    bad = Example({"sections.1.text": "我局全年主动公开政府信息90条，我单位没有收到申请。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if problem := nothing_to_read(context):
            yield problem
            return
        lines = running(context)
        # “本…” is the form's and the law's manner of speaking and goes beside any other.
        used = {found[0]: found for found in _SELF.finditer(lines.text)} if "我" in lines.text else {}
        if len(used) > 1:
            first = next(iter(used.values()))
            yield self.finding(
                "self",
                f"自称不一致：{'、'.join(f'“{word}”' for word in sorted(used))}。",
                quote=lines.sentence(first.start(), first.end()),
                section=lines.at(first.start()).place,
                expected="前后用同一自称",
                found="、".join(sorted(used)),
            )
