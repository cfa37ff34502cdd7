"""Text that acts on a screen or turns what people see: it gets to no terminal, mail, page or file as it is.

And where people would see other figures than a program reads, no figure is read.
"""

from __future__ import annotations

import io
import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from monitor.alerts.base import one_line
from monitor.cli import main
from monitor.demo.compose import compose
from monitor.documents import read_document, read_report
from monitor.documents.files import File, read_file
from monitor.exports.tabular import harmless, to_csv, to_json, to_xlsx
from monitor.jobs.lint import Linted
from monitor.jobs.lint_words import in_words
from monitor.model import Report
from monitor.screen import show_table, tell
from monitor.text import TURNED, clean, visible
from monitor.web.server import render

AGENCY = "演示区民政局"
BODY = compose(AGENCY, 2023, signed_on=date(2024, 1, 10)).body
CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"]
TURNING = list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: What acts on a screen, may stand in no line of ours, and of the rest what parts lines where nobody expects it.
ACTING = frozenset(CONTROLS + TURNING + ["\u2028", "\u2029", "\ufeff"])
HOSTILE = (
    "甲\u202e年2302\u202c乙\x9b2J\x9d0;x\x9c\x1b[31m\x1b]0;y\x07\r丙\x85\u2067丁\u2069\u2028\x7f\x08\x0b"
    "\u200e戊\ufeff\ud800"
)


def on_screen(*words: str) -> str:
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["nianbao", *words])
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit):
            main()
    shown = b""
    for stream in (out, err):
        stream.flush()
        assert isinstance(stream.buffer, io.BytesIO)
        shown += stream.buffer.getvalue()
    return shown.decode()


def acts(text: str) -> set[str]:
    return set(text) & ACTING


@pytest.mark.parametrize("mark", sorted(ACTING), ids=lambda mark: f"U+{ord(mark):04X}")
def test_no_mark_that_acts_gets_out(mark: str) -> None:
    row: dict[str, Any] = {"name": f"甲{mark}21", "title": f"2023{mark}年"}
    columns = {"name": "单位", "title": "标题"}
    assert not acts(to_json([row]).decode())
    assert json.loads(to_json([row])) == [row]  # and a program has it back
    assert not acts(to_csv([row], columns).decode("utf-8-sig").replace("\r\n", "\n"))
    sheet = load_workbook(io.BytesIO(to_xlsx([row], columns, title="清单"))).worksheets[0]
    assert not any(acts(str(cell.value)) for line in sheet.iter_rows() for cell in line)
    assert not acts(one_line(row["name"], limit=99))
    assert not acts(clean(row["name"]))
    assert not acts(harmless(row["name"]))
    assert not acts(render("trouble.html", title=row["name"], lines=[row["title"]]))


def test_a_list_and_a_line_on_a_terminal_obey_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    show_table([{"name": HOSTILE}], {"name": "单位"})
    tell(HOSTILE)
    said = capsys.readouterr()
    assert not acts(said.out + said.err)
    assert TURNED in said.out
    assert TURNED in said.err


def test_what_lint_says_of_a_hostile_report_and_of_a_hostile_name_obeys_nobody(tmp_path: Path) -> None:
    name = "\u202elmth.甲\x9b2J1.html"
    body = BODY.replace("一、总体情况", f"一、总体情况{HOSTILE}".encode("utf-8", "replace").decode(), 1)
    (tmp_path / name).write_text(f"<title>{HOSTILE.encode('utf-8', 'replace').decode()}</title>{body}", "utf-8")
    for form in ("text", "json", "sarif"):
        said = on_screen("lint", "--format", form, str(tmp_path / name), str(tmp_path / f"无{name}"))
        assert "甲" in said
        assert not acts(said)


def test_a_refusal_that_names_what_was_written_obeys_nobody(tmp_path: Path) -> None:
    hostile = HOSTILE.replace("\ud800", "").replace("\x00", "")
    for words in (["status", "--format", hostile], [hostile], ["import", "agencies", hostile], ["lint", hostile]):
        assert not acts(on_screen("--home", str(tmp_path), *words))


# ── figures that people see otherwise ───────────────────────────────────────────────────────────────────────────────


def report_of(data: bytes) -> Report:
    return read_report(read_document(data))


def turned(report: Report) -> list[str]:
    return [path for path, cell in report.cells() if TURNED in cell.text]


#: A cell as the file has it, which a browser shows as 12, or as 34 before 12.
CELLS = ["\u202e21", "\u202e21\u202c", "&#x202e;21", "\u202b12-34", "\u206721", "12\u200f34", "12\u200b\u061c\u200e34"]


@pytest.mark.parametrize("cell", CELLS, ids=ascii)
def test_a_figure_whose_order_is_turned_is_unread(cell: str) -> None:
    before, _, after = BODY.rpartition("<td>1</td>")
    report = report_of(f"{before}<td>{cell}</td>{after}".encode())
    [path] = turned(report)
    found = report.cell(path)
    assert found is not None
    assert (found.value, bool(found.doubt)) == (None, True)
    [read] = read_file(File("a.html", f"{before}<td>{cell}</td>{after}".encode()))
    assert TURNED in in_words(Linted("a.html", report=read.report))


def test_it_is_unread_in_a_word_file_too() -> None:
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("一、总体情况")
    table = document.add_table(2, 2)
    for place, text in enumerate(("信息内容", "本年制发件数", "规章", "\u202e21")):
        table.cell(place // 2, place % 2).text = text
    document.save(out)
    [grid] = [block for block in read_document(out.getvalue()).blocks if hasattr(block, "rows")]
    assert grid.rows[1][1] == f"{TURNED}21"


def test_running_text_with_turned_figures_states_none() -> None:
    [report, overridden, parted] = [
        report_of(re.sub("申请[0-9]+件", f"申请{count}件", BODY, count=1).encode())
        for count in ("217", "\u202e217\u202c", "2\u200f17")
    ]
    assert {figure.key: figure.value for figure in report.figures}["requests.received"] == 217
    for other in (overridden, parted):
        assert {figure.key for figure in report.figures} - {figure.key for figure in other.figures} >= {
            "requests.received"
        }
        assert not any(TURNED in figure.quote for figure in other.figures)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\u202e倒写\u202c", "倒写"),  # no figure is turned: as it was written
        ("某局2023年年报\u200f", "某局2023年年报"),
        ("\u202a2024-01-05", "2024-01-05"),  # what Windows puts before a date that is copied
        ("2024\u200e年\u200e1\u200e月", "2024年1月"),
        ("一行\n二行\t\x9b", "一行\n二行\t"),
    ],
)
def test_marks_that_turn_no_figure_are_only_taken_away(raw: str, shown: str) -> None:
    assert visible(raw) == shown


@given(st.text(alphabet=st.sampled_from([*sorted(ACTING), "1", "2", "年", "，"])))
def test_no_mixture_of_marks_gets_through(text: str) -> None:
    assert not acts(visible(text)) - set("\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029")
    assert not acts(clean(text))
    assert clean(clean(text)) == clean(text)


def test_a_text_of_nothing_but_marks_costs_no_more_than_its_length() -> None:
    for trap in ("\u202e" * 1_000_000, "1" + "\u200b" * 1_000_000 + "\u200f", "1\u200f" * 500_000):
        visible(trap)
