"""Reports changed at random and read the whole way, bytes → Report: no crash, no wrong figure unmarked.

What is true of a changed table is what a person reading it would say (tests/fuzzing.py). The examples are the same in
every run. What the long runs found stands in `FOUND`, each as the smallest change that shows it.
"""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from monitor.documents import media_type_of
from monitor.documents.files import File, is_old_office, is_picture, read_file
from monitor.documents.formats.pdf.pdf import pages_to_recognise
from monitor.errors import Unreadable
from monitor.model import Report
from monitor.wire import report_from_json, report_to_json
from tests import fuzzing
from tests.fuzzing import FORMATS, KIND, UNKIND, Table, as_html, misread, passed_over, tables, told, unread, wrong

SHARED = Path(__file__).parents[2] / "shared"
REAL = sorted(
    path
    for folder in ("seeds", "seeds/html", "reports", "portal_pages")
    for path in (SHARED / folder).glob("*.*")
    if path.suffix not in (".json", ".md")
)
needs_shared = pytest.mark.skipif(not REAL, reason="../shared is not on this machine")

#: A change by its name, and where.
Step = tuple[str, int, int]

EDITIONS = st.sampled_from(("2021", "2019"))
HABITS = st.sampled_from(("plain", "zeros", "blanks", "dashes", "mixed"))
WHICH = st.integers(0, 2)

#: Changes of whole columns; the other unkind ones are of rows and cells.
COLUMNS: Final = ("insert_column", "delete_column", "swap_columns", "swap_heads", "remark_column")
#: Changes of the whole table.
WHOLE: Final = ("turn", "last_year_below", "last_year_beside", "in_pieces")
ROWS: Final = tuple(name for name in UNKIND if name not in (*COLUMNS, "blank_head"))
#: Beside a change of the whole table.
UNKIND_BESIDE: Final = ("delete_cell", "insert_cell", "move_row", "delete_row", "words_for_figure", "slide_labels")
#: Beside a change of columns: where the head is lost as well nobody could say what is what.
BESIDE: Final = ("run_together", "two_rows_in_one", "blank_label", "own_row", "clear")
#: Kind changes where a format loses nothing by them: a table cut in two keeps its columns in a page only, for instance.
KIND_IN: Final = {
    "html": tuple(KIND),
    "docx": tuple(name for name in KIND if name not in ("cut", "repeat_row")),
    **dict.fromkeys(("tabs", "bars", "cells", "pdf"), ("strip_ordinals", "space_labels", "title_row", "remark_row")),
}


#: What was found last and is not mended yet.
OPEN: Final = pytest.mark.xfail(strict=True, reason="found by fuzzing, not mended yet")


def steps(names: Sequence[str], *, most: int, least: int = 1) -> st.SearchStrategy[list[Step]]:
    place = st.integers(0, 999)
    return st.lists(st.tuples(st.sampled_from(names), place, place), min_size=least, max_size=most)


def changed(edition: str, habits: str, which: int, changes: Sequence[Step]) -> list[Table]:
    paper = tables(edition, habits)
    for name, a, b in changes:
        (KIND.get(name) or UNKIND[name])(paper[which], a, b)
    return paper


def read(data: bytes) -> Report:
    [found] = read_file(File("report", data))
    assert found.report is not None, found.error
    return found.report


def examples(count: int) -> settings:
    """So many examples, the same ones in every run. A failing one is shown as it is: it has three changes at most."""
    return settings(
        max_examples=count, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        report_multiple_bugs=False,
    )  # fmt: skip


# ── structure ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", FORMATS)
def test_a_change_that_a_person_does_not_notice_costs_no_figure(form: str) -> None:
    @examples(10 if form == "pdf" else 50)
    @given(EDITIONS, HABITS, WHICH, steps(KIND_IN[form], most=3))
    def check(edition: str, habits: str, which: int, changes: list[Step]) -> None:
        paper = changed(edition, habits, which, changes)
        report, truth = read(FORMATS[form](paper)), told(paper)
        assert (wrong(report, truth), unread(report, truth)) == ([], [])

    check()


@pytest.mark.parametrize("form", FORMATS)
def test_no_damage_to_rows_and_cells_gives_a_wrong_figure(form: str) -> None:
    @examples({"pdf": 12, "docx": 60}.get(form, 120))
    @given(EDITIONS, HABITS, WHICH, steps(ROWS, most=3))
    def check(edition: str, habits: str, which: int, changes: list[Step]) -> None:
        paper = changed(edition, habits, which, changes)
        assert wrong(read(FORMATS[form](paper)), told(paper, drawn=form == "pdf")) == []

    check()


@pytest.mark.parametrize("form", ["html", "docx", "tabs", "bars", "pdf"])
def test_no_damage_to_columns_gives_a_wrong_figure(form: str) -> None:
    @examples({"pdf": 12, "docx": 60}.get(form, 120))
    @given(EDITIONS, HABITS, WHICH, steps(COLUMNS, most=2), steps(BESIDE, most=1, least=0))
    def check(edition: str, habits: str, which: int, changes: list[Step], beside: list[Step]) -> None:
        paper = changed(edition, habits, which, [*changes, *beside])
        assert wrong(read(FORMATS[form](paper)), told(paper, drawn=form == "pdf")) == []

    check()


@pytest.mark.parametrize("form", ["html", "docx", "tabs", "bars"])
def test_no_table_that_is_turned_in_pieces_or_of_two_years_gives_a_wrong_figure(form: str) -> None:
    @examples(60)
    @given(EDITIONS, HABITS, WHICH, steps(WHOLE, most=1), steps(UNKIND_BESIDE, most=2, least=0))
    def check(edition: str, habits: str, which: int, changes: list[Step], beside: list[Step]) -> None:
        paper = changed(edition, habits, which, [*changes, *beside])
        assert wrong(read(FORMATS[form](paper)), told(paper)) == []

    check()


@examples(250)
@given(
    EDITIONS,
    HABITS,
    st.lists(st.tuples(st.integers(0, 9999), st.integers(-2, 3), st.integers(-2, 3)), min_size=3, max_size=3),
)
def test_a_wrong_span_in_each_table_gives_no_wrong_figure(
    edition: str, habits: str, damage: list[fuzzing.Damage]
) -> None:
    paper = tables(edition, habits)
    data = as_html(paper, damage={table.key: [one] for table, one in zip(paper, damage, strict=True)})
    assert wrong(read(data), told(paper)) == []


FOUND: Final = {
    "a blank at the foot of a page has not the figure below it": (
        "2021", "mixed", 1, [("repeat_head", 437, 73)], "pdf",
    ),
    "two figures with a blank between them are not one": ("2021", "plain", 1, [("run_together", 216, 620)], "pdf"),
    "figures under 其他 and 总计 are not moved by a column of remarks": (
        "2021", "plain", 1, [("delete_column", 997, 0), ("remark_column", 0, 0)], "html",
    ),
    "one wide figure is not the figures of two columns": ("2019", "plain", 0, [("delete_column", 1, 0)], "html"),
    "a figure left of its label does not make a wide one two": ("2019", "plain", 0, [("swap_columns", 1, 0)], "html"),
    "a head that says another column than the form is not passed over": (
        "2019", "plain", 0, [("swap_heads", 4, 8)], "html",
    ),
    "其他 beside 法人 and 总计 below it have changed places": ("2021", "plain", 1, [("swap_heads", 1, 6)], "html"),
    "a blank cell too many does not move the figures behind it": (
        "2019", "blanks", 0, [("insert_cell", 4, 3)], "bars",
    ),
    "a row that lost a cell does not begin with a blank one": ("2021", "blanks", 2, [("delete_cell", 0, 14)], "bars"),
    "the count is no help where one cell holds two figures": (
        "2019", "plain", 2, [("remark_column", 2, 0), ("run_together", 0, 1)], "cells",
    ),
    "a column of the agency's own in place of a lost one is not the lost one": (
        "2021", "plain", 1, [("delete_column", 5, 0), ("insert_column", 5, 4)], "html",
    ),
    "cells of a turned table that slipped past their labels do not stand below its head": (
        "2019", "plain", 1, [("turn", 469, 916), ("move_row", 951, 861), ("delete_cell", 524, 244)], "bars",
    ),
    "a row of table 4 that ends in words is a row": (
        "2019", "mixed", 2, [("words_for_figure", 689, 34), ("own_row", 805, 27)], "html",
    ),
    "a wide figure under a blank head is not two where the head has one of them elsewhere": (
        "2019", "blanks", 0, [("swap_columns", 853, 76), ("blank_head", 322, 984)], "docx",
    ),
    "columns of two other years leave none of this year": (
        "2021", "zeros", 1, [("last_year_beside", 731, 882)], "bars",
    ),
    "a head alone does not take last year's figures below the next": (
        "2019", "plain", 2,
        [("last_year_below", 670, 521), ("delete_row", 107, 31), ("last_year_below", 92, 19)], "docx",
    ),
    "figures between the rows of the head of table 4 are below none": (
        "2019", "plain", 2, [("swap_columns", 277, 698), ("clear", 864, 314), ("move_row", 322, 615)], "tabs",
    ),
    "words beside figures that were moved do not make them a row": (
        "2021", "dashes", 2, [("insert_cell", 621, 646), ("words_for_figure", 921, 331)], "bars",
    ),
    "last year's figures are not those of a head that has lost its own": (
        "2021", "dashes", 2,
        [("last_year_below", 276, 766), ("insert_column", 862, 831), ("delete_row", 954, 668)], "html",
    ),
    "a nameless column does not make up for a lost cell": (
        "2021", "plain", 2, [("insert_column", 7, 1), ("delete_cell", 0, 3)], "html",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FOUND.values(), ids=FOUND)
def test_what_long_runs_found_stays_right(case: tuple[str, str, int, list[Step], str]) -> None:
    *paper_of, form = case
    paper = changed(*paper_of)
    assert wrong(read(FORMATS[form](paper)), told(paper, drawn=form == "pdf")) == []


# ── bytes ───────────────────────────────────────────────────────────────────────────────────────────────────────────

PAPER: Final = tables("2021")
TOLD: Final = told(PAPER)
WOUNDS: Final = st.lists(
    st.tuples(
        st.sampled_from(fuzzing.WOUNDS), st.integers(0, 10**6), st.sampled_from((1, 2, 8, 64, 999)), st.integers(0, 255)
    ),
    min_size=1, max_size=4,
)  # fmt: skip


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@cache
def whole(form: str) -> bytes:
    return zipped({"年报/报告.docx": whole("docx")}) if form == "zip" else FORMATS[form](PAPER)


def needs_more_than_reading(data: bytes) -> bool:
    """Whether bytes are for the recogniser or LibreOffice: 20 seconds each, and other tests' matter."""
    kind = media_type_of(data)[0]
    try:
        return is_picture(data) or is_old_office(data) or (kind == "application/pdf" and bool(pages_to_recognise(data)))
    except Unreadable:
        return False


def reports(data: bytes) -> list[Report]:
    """What is read of any bytes: reports that can be stored and come back the same; all else is one line each."""
    found = read_file(File("report", data))
    assert found
    for each in found:
        assert bool(each.error) != (each.report is not None)
        assert "\n" not in each.error
        assert (
            each.report is None or report_from_json(json.loads(json.dumps(report_to_json(each.report)))) == each.report
        )
    return [each.report for each in found if each.report is not None and each.report.is_form]


@pytest.mark.parametrize("form", ["docx", "zip", "pdf"])
def test_wounded_bytes_that_have_a_checksum_give_no_wrong_figure(form: str) -> None:
    @examples(60 if form == "pdf" else 250)
    @given(WOUNDS)
    def check(wounds: list[fuzzing.Wound]) -> None:
        data = fuzzing.wounded(whole(form), wounds, other=whole("docx"))
        assume(not needs_more_than_reading(data))
        for report in reports(data):
            assert misread(report, TOLD) == []
            assert form == "pdf" or passed_over(report, TOLD) == []

    check()


@pytest.mark.parametrize("form", ["html", "tabs", "bars", "cells"])
def test_no_wounded_text_brings_reading_down(form: str) -> None:
    @examples(60)
    @given(WOUNDS)
    def check(wounds: list[fuzzing.Wound]) -> None:
        data = fuzzing.wounded(whole(form), wounds, other=whole("html"))
        assume(not needs_more_than_reading(data))
        reports(data)

    check()


@needs_shared
@examples(120)
@given(st.sampled_from(REAL or [Path()]), WOUNDS, st.sampled_from(REAL or [Path()]))
def test_no_wounded_real_file_brings_reading_down(path: Path, wounds: list[fuzzing.Wound], other: Path) -> None:
    data = fuzzing.wounded(path.read_bytes(), wounds, other=other.read_bytes())
    assume(not needs_more_than_reading(data))
    reports(data)


def test_lint_ends_over_a_folder_of_wounded_files_with_a_line_each(tmp_path: Path) -> None:
    dice = random.Random(7)
    names = []
    while len(names) < 60:
        form = ("html", "docx", "zip", "tabs", "bars", "cells")[len(names) % 6]
        wounds = [
            (dice.choice(fuzzing.WOUNDS), dice.randrange(10**6), dice.choice((1, 8, 64, 999)), dice.randrange(256))
            for _ in range(dice.randrange(4))
        ]
        data = fuzzing.wounded(whole(form), wounds, other=whole("docx"))
        if not needs_more_than_reading(data):
            names.append(f"{len(names):02}.{form}")
            (tmp_path / names[-1]).write_bytes(data)
    command = [sys.executable, "-m", "monitor", "lint", str(tmp_path), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=110)
    found = json.loads(done.stdout)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert sorted(Path(each["source"].partition("!")[0]).name for each in found) == names
    assert all((each["report"] is None) == bool(each["error"]) for each in found)
    assert all("\n" not in (each["error"] or "") for each in found)
    assert 10 < sum(each["report"] is not None for each in found) < 60
