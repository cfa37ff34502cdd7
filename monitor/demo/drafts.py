"""What a composed report is going to say, before it is printed, and the defects that can be planted in it by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from monitor.demo.figures import Figures, Numbers
from monitor.demo.printing import Printer
from monitor.form import SECTIONS_2019, edition_for


@dataclass(slots=True)
class Draft:
    """A report to be: planting a defect changes it in place.

    `title` is the one that lists and page chrome show, `printed_title` the one over the text. `omitted_sections` are
    numbers 1 to 6, `omitted_tables` keys of the contract.
    """

    agency: str
    year: int
    figures: Figures
    headings: list[str]
    contact: dict[str, str] | None
    signed_on: date | None
    printer: Printer
    title: str
    printed_title: str
    total_items: int
    has_period: bool = True
    omitted_sections: set[int] = field(default_factory=set)
    omitted_tables: set[str] = field(default_factory=set)

    @property
    def edition(self) -> str:
        return edition_for(self.year)


def _add(numbers: Numbers, row: str, *columns: str) -> None:
    for column in columns:
        numbers[row][column] += 1


def _t3_identity(draft: Draft) -> None:
    _add(draft.figures.requests, "received", "individual", "total")


def _t3_result_sum(draft: Draft) -> None:
    for row in ("received", "handled"):
        _add(draft.figures.requests, row, "individual", "total")


def _t3_row_total(draft: Draft) -> None:
    # The totals of three rows grow together, so that the column of totals itself still adds up.
    for row in ("received", "granted", "handled"):
        _add(draft.figures.requests, row, "total")


def _t4_sum(draft: Draft) -> None:
    _add(draft.figures.remedies, "review", "total")


def _period_missing(draft: Draft) -> None:
    draft.has_period = False


def _contact_missing(draft: Draft) -> None:
    draft.contact = None


def _signature_missing(draft: Draft) -> None:
    draft.signed_on = None


def _section_missing(draft: Draft) -> None:
    draft.omitted_sections.add(6)


def _table_missing(draft: Draft) -> None:
    draft.omitted_tables.add("remedies")


def _title_year(draft: Draft) -> None:
    # Last year's heading was left over the text; the list and the page bear the right title.
    draft.printed_title = draft.title.replace(f"{draft.year}年", f"{draft.year - 1}年")


def _title_form(draft: Draft) -> None:
    draft.title = draft.printed_title = draft.title.replace("年度报告", "报告")


def _heading_form(draft: Draft) -> None:
    # From 2021 on: the old edition's heading was kept. Before: a word of it was lost.
    draft.headings[3] = SECTIONS_2019[3] if draft.edition == "2021" else SECTIONS_2019[3].replace("工作", "")


def _parts_exceed_whole(draft: Draft) -> None:
    draft.total_items = max(draft.figures.portal_items, draft.figures.wechat_items) + 1


#: Planted defects by name, each meant for one rule.
DEFECTS: Final[Mapping[str, Callable[[Draft], None]]] = {
    "t3_identity": _t3_identity,
    "t3_result_sum": _t3_result_sum,
    "t3_row_total": _t3_row_total,
    "t4_sum": _t4_sum,
    "period_missing": _period_missing,
    "contact_missing": _contact_missing,
    "signature_missing": _signature_missing,
    "section_missing": _section_missing,
    "table_missing": _table_missing,
    "title_year": _title_year,
    "title_form": _title_form,
    "heading_form": _heading_form,
    "parts_exceed_whole": _parts_exceed_whole,
}
