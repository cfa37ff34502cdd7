"""What the text says against itself: none received and some handled, a fee without application, a figure twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.checks.base import CUSTOM, Context, Example, Rule, Unknown, quote_key
from monitor.checks.narrative import running_text
from monitor.checks.printed import Printed, printed, table_problem
from monitor.form import FIGURES
from monitor.model import Figure, Finding, Severity
from monitor.text import clean

_SCANNED: Final = "报告是图片，数字由文字识别得来，可能认错"
_RESULTS: Final = tuple(
    f"requests.{name}"
    for name in (
        "handled",
        "granted",
        "partly_granted",
        "granted_or_partly",
        "refused",
        "unavailable",
        "declined",
        "other",
        "carried_out",
    )
)


def _own(context: Context, key: str) -> list[Figure]:
    return [figure for figure in context.figures.get(key, ()) if not figure.scope]


def _told(context: Context, *rows: str) -> Printed | Unknown:
    return table_problem(context.report, "requests") or printed(
        context.report, [f"requests.{row}.total" for row in rows]
    )


class ReceivedZeroButResults(Rule):
    """No application was received and none carried over, and yet some were handled."""

    id = "received_zero_but_results"
    name = "未收到申请却有办理结果"
    severity = Severity.ERROR
    verifies = "正文写明未收到申请且没有上年结转的，正文不再写有办结、予以公开等件数"
    basis = f"{CUSTOM}：没有申请就没有办理结果"
    good = Example({"sections.1.text": "全年未收到政府信息公开申请。"})
    bad = Example({"sections.1.text": "全年未收到政府信息公开申请，办结政府信息公开申请3件。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if not context.passages:
            yield Unknown("没有读到正文")
        none = [figure for figure in _own(context, "requests.received") if figure.value == 0]
        results = [figure for key in _RESULTS for figure in _own(context, key) if figure.value]
        if not none or not results or any(figure.value for figure in _own(context, "requests.received")):
            return
        stated = [figure.value for figure in _own(context, "requests.carried_in")]
        told = _told(context, "carried_in")
        if any(stated) or (isinstance(told, Printed) and told.value):
            return
        if not stated and isinstance(told, Unknown):
            yield Unknown(f"不知道有没有上年结转的申请：{told.reason}")
            return
        for figure in results:
            yield self.finding(
                f"{figure.key}:{quote_key(figure.quote)}",
                f"正文一处写“{none[0].quote}”，另一处写“{figure.quote}”（{FIGURES[figure.key]}：{figure.value}），"
                f"上年结转为{'0' if stated or isinstance(told, Unknown) else told.quote}。",
                quote=figure.quote,
                section=context.place(figure.part),
                expected="0",
                found=str(figure.value),
                explained=_SCANNED if context.report.is_scan else "",
            )


class FeeVsApplications(Rule):
    """Nobody pays for an answer who did not ask."""

    id = "fee_vs_applications"
    name = "收费与申请矛盾"
    severity = Severity.ERROR
    verifies = "没有政府信息公开申请的，没有收取信息处理费；有申请人逾期未缴费的，写明发出了收费通知"
    basis = "《政府信息公开信息处理费管理办法》：信息处理费按申请收取"
    good = Example({"sections.6.text": "全年收取信息处理费400元。", "tables.requests.received.total": 12})
    bad = Example({"sections.6.text": "全年收取信息处理费400元。"})

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if not context.passages:
            yield Unknown("没有读到正文")
        fees = [figure for figure in context.figures.get("fees.amount", ()) if figure.scope in ("", "约数")]
        paid = [figure for figure in fees if figure.value and _of_information(context, figure)]
        if paid:
            yield from self._paid(context, paid)
        elif "收费通知" in running_text(context):
            yield from self._unpaid(context)

    def _paid(self, context: Context, paid: list[Figure]) -> Iterator[Finding | Unknown]:
        told = _told(context, "received", "carried_in")
        stated = [*_own(context, "requests.received"), *_own(context, "requests.to_handle")]
        if isinstance(told, Unknown):
            if not stated or any(figure.value for figure in stated):
                yield told
                return
            none = f"“{stated[0].quote}”"
        elif any(told.values) or any(figure.value for figure in stated):
            return
        else:
            none = f"申请情况表{told.quote}"
        for figure in paid:
            yield self.finding(
                f"{figure.key}:{quote_key(figure.quote)}",
                f"正文写“{figure.quote}”，而{none}：没有申请，不会有信息处理费。",
                quote=figure.quote,
                section=context.place(figure.part),
                cell="" if isinstance(told, Unknown) else told.cell,
                expected="0",
                found=f"{figure.value}{figure.unit}",
                explained=_SCANNED if context.report.is_scan else "",
            )

    def _unpaid(self, context: Context) -> Iterator[Finding | Unknown]:
        """Who did not pay in time had been told to; the text says that nobody was."""
        told = _told(context, "other_unpaid")
        if isinstance(told, Unknown) or not told.value:
            return
        for passage in context.passages:
            match = _NO_NOTICE.search(passage.text)
            if match:
                yield self.finding(
                    "requests.other_unpaid.total",
                    f"正文写“{match[0]}”，而申请情况表{told.quote}。",
                    quote=match[0],
                    section=context.place(passage.part),
                    cell=told.cell,
                    expected="发出过收费通知",
                    found="没有发出收费通知",
                )


_NO_NOTICE: Final = re.compile(r"(?:没有|未|无)(?:向申请人)?(?:发出|开具|出具|送达|下发)?(?:过|任何)?收费通知")
_FEE: Final = re.compile("处理费|信息公开|依申请")


def _of_information(context: Context, figure: Figure) -> bool:
    """Whether a fee is one for information, and none of a department's own trade."""
    if _FEE.search(figure.quote):
        return "行政事业性" not in figure.quote
    words = next((each.text for each in context.passages if figure.quote in each.text), "")
    return "处理费" in words and "行政事业性" not in words


class InternalContradiction(Rule):
    """Two places of the text that cannot both be right, for a person to look at."""

    id = "internal_contradiction"
    name = "前后矛盾"
    severity = Severity.HINT
    verifies = "同一数字前后一致；“均已办结”与结转下年度、未开设新媒体与通过新媒体公开等说法不相矛盾"
    basis = f"{CUSTOM}：报告内容应当前后一致"
    good = Example({"sections.3.text": "全年收到政府信息公开申请3件。", "tables.requests.received.total": 3})
    bad = Example(
        {
            "sections.1.text": "全年收到政府信息公开申请3件。",
            "sections.3.text": "全年收到政府信息公开申请5件。",
            "tables.requests.received.total": 3,
        }
    )

    def check(self, context: Context) -> Iterator[Finding | Unknown]:
        if not context.passages:
            yield Unknown("没有读到正文")
        for key in _STATED_ONCE:
            if len(context.figures.get(key, ())) > 1:
                yield from self._twice(context, key)
        yield from self._all_done(context)
        yield from self._no_media(context)

    def _twice(self, context: Context, key: str) -> Iterator[Finding]:
        """The same figure with two values. With what was carried over, and without it, is no contradiction."""
        figures = [each for each in _own(context, key) if key != "fees.amount" or _of_information(context, each)]
        first = figures[0] if figures else None
        carried = {int(figure.value) for figure in _own(context, "requests.carried_in")}
        for figure in figures[1:]:
            if first is None or figure.value == first.value or _SOME.search(f"{first.quote}{figure.quote}"):
                continue
            apart = abs(int(figure.value) - int(first.value))
            if key == "requests.received" and apart in carried:
                continue
            yield self.finding(
                f"{key}:{quote_key(figure.quote)}",
                f"{FIGURES[key]}：一处为{first.value}（“{first.quote}”），另一处为{figure.value}（“{figure.quote}”）。",
                quote=figure.quote,
                section=context.place(figure.part),
                expected=str(first.value),
                found=str(figure.value),
                explained=_SCANNED if context.report.is_scan else "",
            )

    def _all_done(self, context: Context) -> Iterator[Finding]:
        """均已办结 beside applications that go on next year, of which the text says nothing."""
        told = _told(context, "carried_out")
        if isinstance(told, Unknown) or not told.value or not _DONE.search(running_text(context)):
            return
        if any(_GOES_ON.search(passage.text) for passage in context.passages if passage.part != 5):
            return
        for passage in context.passages:
            for match in _DONE.finditer(passage.text) if passage.part in (1, 3) else ():
                sentence = passage.text[passage.text.rfind("。", 0, match.start()) + 1 : match.end()]
                clause = clean(sentence[-_SHOWN:])
                if "申请" in clause and not _NOT_THEM.search(clause):
                    yield self.finding(
                        f"carried_out:{quote_key(clause)}",
                        f"正文写“{clause}”，而申请情况表{told.quote}。",
                        quote=clause,
                        section=context.place(passage.part),
                        cell=told.cell,
                        expected=str(told.value),
                        found="均已办结",
                    )

    def _no_media(self, context: Context) -> Iterator[Finding]:
        """No account in social media, and what was published there."""
        text = running_text(context)
        none = _NO_MEDIA.search(text) if any(word in text for word in _MEDIA) else None
        if none is None:
            return
        for passage in context.passages:
            for match in _BY_MEDIA.finditer(passage.text) if passage.part != 5 else ():
                quote = _clause(passage.text, match.start(), match.end())
                if _OF_OTHERS.search(quote):
                    continue
                yield self.finding(
                    f"media:{quote_key(quote)}",
                    f"正文一处写“{_clause(text, none.start(), none.end())}”，另一处写“{quote}”。",
                    quote=quote,
                    section=context.place(passage.part),
                    expected="前后一致",
                    found="说法不一",
                )
                return


def _clause(text: str, since: int, until: int) -> str:
    """The clause that holds a place, not longer than people read."""
    start = max(text.rfind(mark, 0, since) for mark in "，。；\n") + 1
    end = min((at for mark in "，。；\n" if (at := text.find(mark, until)) >= 0), default=len(text))
    return clean(text[max(start, since - _SHOWN) : min(end, until + _SHOWN)])


_STATED_ONCE: Final = (
    "published.total",
    "requests.received",
    "requests.to_handle",
    "requests.carried_in",
    "requests.carried_out",
    "remedies.review",
    "remedies.litigation",
    "normative_documents.made",
    "normative_documents.repealed",
    "normative_documents.in_force",
    "suggestions.total",
    "motions.total",
    "fees.amount",
)
#: A number of some of them only, or of another kind.
_SOME: Final = re.compile("其中|省|市级|上级|转办|第[一二三四]|分别|主办|协办|受理|登记|重点|新增|政协|人大常委会|闭会")
#: Characters of a clause that are quoted before what was found.
_SHOWN: Final = 60
_DONE: Final = re.compile(r"(?:均|全部|都|所有)[^，。；\n]{0,14}(?:办结|(?:办理|答复|处理)完[成毕])")
_GOES_ON: Final = re.compile("结转|顺延|延期|下一?年度?(?:继续)?(?:办理|答复)|尚未办结|正在办理|转[入至到]")
_NOT_THEM: Final = re.compile("建议|提案|议案|复议|诉讼|留言|咨询|信件|工单|热线")
_MEDIA: Final = ("新媒体", "公众号", "微博", "微信")
_NO_MEDIA: Final = re.compile(
    r"(?:未|没有)(?:开设|开通|建立|运营|设立|开办)[^，。；\n]{0,6}(?:政务新媒体|新媒体|公众号|微博|微信)"
)
#: Another body's account.
_OF_OTHERS: Final = re.compile("政府|上级|[省市区县]委|融媒|党委|宣传部")
_BY_MEDIA: Final = re.compile(
    r"(?:通过|利用|运用|依托|借助)[^，。；\n]{0,20}(?:微信公众号|公众号|政务新媒体|官方微博|微博)"
    r"(?:[^。；\n]{0,30}?(?:公开|发布|推送|宣传)|[^。；，\n]{0,20}(?:方式|形式))"
)
