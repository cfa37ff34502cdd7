"""The lexicon: the file and the copy in the package are one; what it finds and lets pass; tables that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.lexicon import BUILT_IN, Entry, Lexicon, read_entries
from monitor.lexicon.words_table import WORDS

FILE = Path(__file__).parent.parent / "data" / "lexicon" / "words.csv"
HEAD = "kind,wrong,right,severity,unless,source\n"


def found(lexicon: Lexicon, text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in lexicon.look_up(text)]


def test_the_file_is_what_the_package_carries() -> None:
    assert FILE.read_text("utf-8") == WORDS


def test_no_wrong_word_stands_twice() -> None:
    wrong = [entry.wrong for entry in BUILT_IN.entries]
    assert len(wrong) == len(set(wrong))


@pytest.mark.parametrize("entry", BUILT_IN.entries, ids=lambda entry: entry.wrong)
def test_each_entry_is_found_wherever_it_stands_and_let_pass_in_its_longer_words(entry: Entry) -> None:
    words = entry.wrong.replace("#", "12").replace("*", "政务")
    for text in (words, f"甲{words}", f"{words}乙", f"甲\n{words}，乙"):
        assert any(hit.entry is entry for hit in BUILT_IN.look_up(text))
    for longer in entry.unless:
        assert not any(hit.entry is entry for hit in BUILT_IN.look_up(f"甲{longer}乙"))


@pytest.mark.parametrize("entry", BUILT_IN.entries, ids=lambda entry: entry.wrong)
def test_what_is_right_is_not_wrong(entry: Entry) -> None:
    if "…" not in entry.right and "（" not in entry.right:
        assert not any(hit.entry.severity == "error" for hit in BUILT_IN.look_up(f"甲{entry.right}乙"))


def test_the_forms_own_words_are_not_wrong() -> None:
    from monitor import form

    rows = [line.label for edition in form.REQUEST_ROWS.values() for line in edition]
    text = "\n".join([*form.SECTIONS, *form.SECTIONS_2019, *form.TABLES.values(), *form.FIGURES.values(), *rows])
    assert found(BUILT_IN, text) == []


def test_an_office_adds_words_and_replaces_entries() -> None:
    lexicon = BUILT_IN.extended(f"{HEAD}typo,青石现,青石县,error,,本地\ntypo,布署,部署,hint,布署图,本地\n")
    assert found(lexicon, "青石现布署，见布署图") == ["青石现", "布署"]
    assert {hit.entry.severity for hit in lexicon.look_up("布署")} == {"hint"}


def test_hits_come_in_the_order_of_the_text() -> None:
    text = "对着要求，年初布署，近20余条。"
    assert found(BUILT_IN, text) == ["对着要求", "布署", "近20余条"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("wrong,right\n", "第1行"),
        (f"{HEAD}typo,布署,部署\n", "第2行有3列"),
        (f"{HEAD}\nspelling,布署,部署,error,,\n", "第3行的 kind"),
        (f"{HEAD}typo,布署,部署,sure,,\n", "第2行的 severity"),
        (f"{HEAD}typo,布,部署,error,,\n", "至少要有两个字"),
        (f"{HEAD}typo,*布署,部署,error,,\n", "首尾不能"),
        (f"{HEAD}typo,对*要求,对照,error,,\n", "之前至少"),
        (f"{HEAD}typo,布署,,error,,\n", "没有写明"),
        (f"{HEAD}typo,布署,布署,error,,\n", "没有写明"),
    ],
)
def test_a_table_that_is_not_whole_is_refused_with_its_line(table: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_entries(table)


def test_a_table_may_begin_with_a_byte_order_mark_and_hold_empty_lines() -> None:
    assert [entry.wrong for entry in read_entries(f"\ufeff{HEAD}\ntypo,布署,部署,error,,\n\n")] == ["布署"]


def test_an_empty_lexicon_finds_nothing() -> None:
    assert found(Lexicon(()), "年初布署") == []
