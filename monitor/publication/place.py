"""Where and how a report was published: in the right column, as text, behind links that work, year after year. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import takewhile
from typing import Final

from monitor.hosts import bare, host_of
from monitor.model import Finding, Look, Status, Verdict
from monitor.publication.base import Publication, cn, cn_time, day_of
from monitor.publication.catalogue import finding

#: Where agencies have accounts: no government platform, whatever is published there.
_SOCIAL: Final = (
    "weixin.qq.com",
    "weibo.com",
    "weibo.cn",
    "toutiao.com",
    "douyin.com",
    "bilibili.com",
    "baijiahao.baidu.com",
)
#: On so many days a thing has to be the same before it is said of anybody.
_DAYS: Final = 2
#: Fewer characters than any letter or explanation has: the page itself has no text.
_NO_TEXT: Final = 100
#: What a server answers that has the page no more; the rest may come of the network between us.
_GONE: Final = "column_lost"
#: Reasons that may be the agency's; others come of what a portal does not let us do, or of our own limits.
_THEIRS: Final = frozenset({_GONE, "portal_unreachable"})


def wrong_document(case: Publication) -> Iterator[Finding]:
    """A letter or an explanation stands where the report should stand."""
    if case.verdict.reason == "wrong_document":
        yield finding(
            "wrong_document",
            "标题是年度报告，但页面内容不像年度报告（没有六个部分和统计表），请人工核实",
            quote=case.verdict.title or "",
        )


def not_on_platform(case: Publication) -> Iterator[Finding]:
    """All addresses of the report lie on social platforms, or stand in columns of other agencies only."""
    looks = case.healthy_looks
    held = looks[-1].held if looks else ()
    if not held or case.verdict.report_url not in held:
        return
    if all(_is_social(url) for url in held):
        yield finding(
            "not_on_platform",
            f"年报栏目里的链接指向社交平台（{host_of(held[0])}），网站上没有报告",
            expected="发布在政府网站的年报栏目",
            found=host_of(held[0]),
        )
    elif set(held) <= set(looks[-1].outside):
        yield finding(
            "not_on_platform",
            f"{cn_time(looks[-1].at)}巡查时，应发布的年报栏目正常而没有这份报告，报告在其他单位的栏目里",
            expected="发布在名册登记的年报栏目",
            found=held[0],
            explained="名册登记的栏目网址可能不全",
        )


def column_missing(case: Publication) -> Iterator[Finding]:
    """The agency's own column was not found, day after day, on a portal that otherwise works; nor the report."""
    lost = _streak(case.looks, lambda look: look.is_lost)
    if len(lost) >= _DAYS and not lost[-1].held:
        yield finding(
            "column_missing",
            f"{cn(day_of(lost[0].at))}以来巡查时网站正常，名册登记的单位年报栏目一直找不到，或没有任何年份的年报",
            expected="有年报栏目",
            found=f"{day_of(lost[0].at).isoformat()}起找不到",
            explained="栏目可能已改版或迁移，名册登记的网址可能已过时",
        )


def history_gap(case: Publication) -> Iterator[Finding]:
    """A year without a report between years with one. `earlier` holds only years in which the agency owed one."""
    if case.verdict.first_seen_at is None or case.verdict.reason == "wrong_document":
        return
    seen = [year for year, verdict in case.earlier.items() if _stands(verdict)]
    for year, verdict in sorted(case.earlier.items()):
        # Of last year's missing report people are told where it is judged; here it is history.
        absent = verdict.last_absent_at if verdict.status is Status.OVERDUE else verdict.withdrawn_at
        if year < case.year and absent and any(before < year for before in seen):
            yield finding(
                "history_gap",
                f"见到{max(before for before in seen if before < year)}年度和{case.year}年度的报告，"
                f"{cn_time(absent)}巡查时栏目正常，没有{year}年度的",
                subject=str(year),
                expected=f"{year}年度报告",
                found=f"没有{year}年度报告",
            )


def without_text(case: Publication) -> Iterator[Finding]:
    """The page itself has no text: the report is in a file or in pictures, where nobody can search it."""
    report, reading = case.report, case.reading
    words = reading.page_words if reading else None
    if report is None or not report.is_form or words is None or words >= _NO_TEXT or report.media_type == "text/html":
        return
    capture = next(capture for capture, _ in case.pages if capture.url == case.verdict.report_url)
    # A browser saw all that the page shows; without one, a script may have more to say.
    explained = "" if capture.rendered else "正文也可能由脚本显示，巡查时没有看到"
    if report.media_type.startswith("image/"):
        yield finding(
            "image_only",
            "网页上的报告全是图片，没有可检索的文字",
            expected="网页上有正文",
            found="图片",
            explained=explained,
        )
    else:
        kind = "扫描件附件" if report.is_scan else "附件"
        yield finding(
            "attachment_only",
            f"网页上没有报告正文，只有{kind}",
            expected="网页上有正文",
            found=kind,
            explained=explained,
        )


def link_unreachable(case: Publication) -> Iterator[Finding]:
    """A link that stayed broken from one day to another, while the column itself was in health."""
    looks = case.healthy_looks
    if not looks:
        return
    for url in dict.fromkeys([*looks[-1].missing, *looks[-1].failed]):
        broken = _streak(looks, partial(_is_broken, url))
        if len(broken) < _DAYS:
            continue
        gone = url in broken[-1].missing or broken[-1].failed.get(url) == _GONE
        what = "报告的链接" if url in broken[-1].held else "报告的附件"
        yield finding(
            "link_unreachable",
            f"{cn(day_of(broken[0].at))}以来巡查时栏目正常，{what}一直打不开{'（网页不存在）' if gone else ''}：{url}",
            subject=url,
            expected="打得开",
            found=f"{day_of(broken[0].at).isoformat()}起打不开",
            explained="" if gone else "也可能是巡查机所在网络的原因",
        )


def _is_broken(url: str, look: Look) -> bool:
    """Whether a link that still stands, or a file of a page that does, was not to be had."""
    # What is gone from the list too was withdrawn: that is said elsewhere.
    return (url in look.missing and url in look.held) or look.failed.get(url) in _THEIRS


def _is_social(url: str) -> bool:
    host = bare(host_of(url))
    return any(host == social or host.endswith(f".{social}") for social in _SOCIAL)


def _streak(looks: Sequence[Look], holds: Callable[[Look], bool]) -> list[Look]:
    """The last looks in a row for which a thing holds, one a day, oldest first."""
    days: dict[date, Look] = {}
    for look in takewhile(holds, reversed(looks)):
        days[day_of(look.at)] = look
    return sorted(days.values(), key=lambda look: look.at)


def _stands(verdict: Verdict) -> bool:
    """Whether a year's report was seen and has not been taken away since."""
    return verdict.first_seen_at is not None and verdict.withdrawn_at is None and verdict.reason != "wrong_document"
