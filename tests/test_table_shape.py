"""The rules over the shape of tables on what reading makes of real markup: only what is surely not there is missing."""

from __future__ import annotations

import pytest
from lxml import html

from monitor.checks import Context, run
from monitor.checks.table_filling import CellBlank, CellNotNumber
from monitor.checks.table_shape import ExtractionLowConfidence, TableLabelAltered, TableOldFormat, TableRowMissing
from monitor.model import Finding, Report
from tests.markup import COMPOSED, read

RULES = [TableRowMissing, TableLabelAltered, TableOldFormat, CellBlank, CellNotNumber, ExtractionLowConfidence]
#: Words of a row's label → its subject. None is the first or the last row of its table.
ROWS = {
    "上年结转": "requests.carried_in",
    "予以公开": "requests.granted",
    "属于国家秘密": "requests.refused_state_secret",
    "行政执法案卷": "requests.refused_enforcement",
    "重复申请": "requests.declined_repeat",
    "重新出具": "requests.declined_confirmation",
    "行政规范性文件": "disclosure.normative_documents",
    "行政许可": "disclosure.permits",
    "行政处罚": "disclosure.penalties",
    "行政强制": "disclosure.coercion",
}


def tree() -> html.HtmlElement:
    return html.fromstring(f"<div>{COMPOSED.body}</div>")


def row_of(page: html.HtmlElement, words: str) -> html.HtmlElement:
    return next(row for row in page.iter("tr") if words in row.text_content() and "法人" not in row.text_content())


def report_of(page: html.HtmlElement) -> Report:
    return read(html.tostring(page, encoding="unicode"))


def findings_in(report: Report) -> list[Finding]:
    return [finding for outcome in run(Context(report, year=2023), RULES) for finding in outcome.findings]


def take_away(row: html.HtmlElement) -> None:
    """Take a row out of its table, as an editor does: what spans it spans one row less, and goes on below."""
    rows = list(row.getparent().iter("tr"))
    at = rows.index(row)
    for place, other in enumerate(rows):
        for cell in other:
            span = int(cell.get("rowspan", 1))
            if span > 1 and place <= at < place + span:
                cell.set("rowspan", str(span - 1))
    spanning = [cell for cell in row if cell.get("rowspan")]
    for cell in reversed(spanning):
        rows[at + 1].insert(0, cell)
    row.getparent().remove(row)


def test_the_page_itself_has_nothing_wrong() -> None:
    assert findings_in(report_of(tree())) == []


@pytest.mark.parametrize("words", ROWS)
def test_a_row_that_is_taken_away_is_missed(words: str) -> None:
    page = tree()
    take_away(row_of(page, words))
    (finding,) = findings_in(report_of(page))
    assert (finding.rule, finding.subject, finding.explained) == ("table_row_missing", ROWS[words], "")


@pytest.mark.parametrize(
    "text", ["若干", "见附件", "详见", "待定", "不详", "同上", "另行统计", "300余", "—", "1.5", "3 4"]
)
@pytest.mark.parametrize("words", ROWS)
def test_a_row_with_something_else_than_a_figure_is_never_missed(words: str, text: str) -> None:
    page = tree()
    row_of(page, words)[-1].text = text
    findings = findings_in(report_of(page))
    assert findings, "what stands there is neither a number nor passed over"
    assert "table_row_missing" not in {finding.rule for finding in findings}


@pytest.mark.parametrize("words", ROWS)
def test_a_row_under_another_name_is_never_missed(words: str) -> None:
    page = tree()
    for cell in row_of(page, words):
        if words in cell.text_content():
            for child in list(cell):
                cell.remove(child)
            cell.text = "某项工作"
    findings = findings_in(report_of(page))
    assert findings
    assert "table_row_missing" not in {finding.rule for finding in findings}
