"""The running text's figures against table 4 (reviews and suits) and table 2 (documents made, decisions taken)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.checks.base import Context, Example
from monitor.checks.text_tables import Held, TextTable
from monitor.model import Figure, Report


class TextTableReview(TextTable):
    """Reviews and suits about open information, and how they ended, against table 4."""

    id = "text_table_review"
    name = "复议诉讼正文与表格不一致"
    verifies = "正文所写因政府信息公开被申请行政复议、提起行政诉讼的件数及结果，等于行政复议、行政诉讼情况表"
    table = "remedies"
    good = Example(
        {
            "sections.1.text": "因政府信息公开被申请行政复议2件。",
            "tables.remedies.review": {"upheld": 2, "total": 2},
        }
    )
    bad = Example(
        {
            "sections.1.text": "因政府信息公开被申请行政复议2件。",
            "tables.remedies.review": {"upheld": 3, "total": 3},
        }
    )

    def held(self, context: Context) -> Iterator[Held]:
        if not any(key.startswith("remedies.") for key in context.figures):
            return
        for kind, rows in _REMEDIES.items():
            for result in ("total", "upheld", "corrected", "other", "pending"):
                key = f"remedies.{kind}" if result == "total" else f"remedies.{kind}.{result}"
                if key not in context.figures:
                    continue
                figures = context.figures[key]
                mild = _REMEDIES_NEW if any(_NEW.search(figure.quote) for figure in figures) else ""
                apart = kind == "litigation" and "remedies.litigation_after_review" in context.figures
                also = (((f"litigation_direct.{result}",), ""),) if apart else ()
                yield Held(key, tuple(f"{row}.{result}" for row in rows), also, mild)


_REMEDIES: Final = {
    "review": ("review",),
    "litigation": ("litigation_direct", "litigation_after_review"),
    "litigation_direct": ("litigation_direct",),
    "litigation_after_review": ("litigation_after_review",),
    "both": ("review", "litigation_direct", "litigation_after_review"),
}
_NEW: Final = re.compile("新收|新增|新发生|上年|结转|审结")
_REMEDIES_NEW: Final = "表中可能含上年度结转的案件"


class TextTableDisclosure(TextTable):
    """Normative documents, permits, penalties and coercion of the text against table 2."""

    id = "text_table_disclosure"
    name = "主动公开数据正文与表格不一致"
    verifies = "正文所写规章和规范性文件的制发、废止、现行有效件数及行政许可、处罚、强制的决定数，等于主动公开情况表"
    table = "disclosure"
    good = Example(
        {
            "sections.1.text": "全年制发行政规范性文件3件。",
            "tables.disclosure.normative_documents.made": 3,
        }
    )
    bad = Example(
        {
            "sections.1.text": "全年制发行政规范性文件3件。",
            "tables.disclosure.normative_documents.made": 2,
        }
    )

    def is_whole(self, context: Context, figure: Figure) -> bool:
        if figure.key.endswith(".decisions") and _CASES.search(figure.quote) and "决定" not in figure.quote:
            return False
        before = (each.text.partition(figure.quote)[0] for each in context.passages if figure.quote in each.text)
        return not _SOME_DOCUMENTS.search(next(before, "").rpartition("。")[2] + figure.quote)

    def held(self, context: Context) -> Iterator[Held]:
        for key in _DISCLOSED:
            if key not in context.figures:
                continue
            column = key.partition(".")[2]
            if context.report.format == "2019" and column in ("repealed", "in_force"):
                continue  # the older table has no such columns
            yield Held(key, (key,), mild=_by_whom(context.report, context.figures[key]))


_DISCLOSED: Final = (
    *(
        f"{row}.{column}"
        for row in ("regulations", "normative_documents")
        for column in ("made", "repealed", "in_force")
    ),
    *(f"{row}.decisions" for row in ("permits", "penalties", "coercion")),
)
#: What came of looking through documents is no number of all of them.
_SOME_DOCUMENTS: Final = re.compile("清理|梳理|评估|审查|审核|其中|继续有效|起草|代拟|报送")
#: What was handled is no number of decisions: a case may end without one, or with several.
_CASES: Final = re.compile("案件|立案|查处|办件|受理|申请|咨询|线索")
_IN_WHOSE_NAME: Final = re.compile("名义|本级|政府")
_GOVERNMENT: Final = re.compile("人民政府|管理委员会|管委会")


def _by_whom(report: Report, figures: tuple[Figure, ...]) -> str:
    """A government's table counts the documents of its whole area, and its text may speak of its own."""
    government = _GOVERNMENT.search(report.agency or "")
    own = any(_IN_WHOSE_NAME.search(figure.quote) for figure in figures)
    return "正文可能只计以政府名义制发的文件" if government and own else ""
