"""The rules over structure and words on real reports: what was found by hand fires, in both forms, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.checks import RULES, Context, run
from monitor.demo.compose import compose
from monitor.documents import read_document, read_report
from monitor.model import Finding, Severity

SHARED = Path(__file__).parents[2] / "shared"
MODULES = (
    *("elements", "headings", "naming", "numbering", "overview", "punctuation"),
    *("repeats", "signature", "stale", "structure", "times", "title", "wording"),
)
MINE = [rule for rule in RULES if rule.__module__.rpartition(".")[2] in MODULES]

#: What domain.md section 4 lists, seed by seed: (rule, severity, words of the quote, "" where nothing stands there).
GRAVE = {
    "000": [("signature_missing", "warning", "")],
    "001": [
        ("duplicated_phrase", "error", "报告如下现将"),
        ("duplicated_word", "error", "财政财政"),
        ("numbering_repeat", "error", "（二）落实"),
        ("phone_no_area_code", "warning", "3581178"),
        ("section_heading_nonstandard", "warning", "四、因"),
        ("typo_suspected", "warning", "对着"),
        ("typo_suspected", "warning", "新政务媒体"),
    ],
    "002": [
        ("duplicated_word", "error", "通过通过"),
        ("grammar", "warning", "坚持政务公开作为"),
        ("missing_char", "warning", "薛城政务公开"),
        ("punctuation_end", "error", "相关工作，"),
        ("section_heading_nonstandard", "warning", "统计表"),
        ("section_heading_nonstandard", "warning", "统计表"),
        ("section_numbering_broken", "error", "2、"),
        ("section_numbering_broken", "error", "3、"),
        ("section_numbering_broken", "error", "4、"),
        ("term_wrong", "warning", "文件0条"),
        ("typo", "error", "3.三人大"),
    ],
    "003": [
        ("contact_missing", "error", ""),
        ("double_negative", "error", "不够不"),
        ("grammar", "warning", "不足的问题"),
        ("period_missing", "error", ""),
        ("signature_missing", "warning", ""),
        ("stale_year", "warning", "2022年度"),
    ],
    "004": [
        ("agency_name_inconsistent", "warning", "曲阜投资"),
        ("contact_incomplete", "warning", "0537-4498828"),
        ("missing_char", "error", "本行政机"),
        ("signature_missing", "warning", ""),
    ],
}
HINTS = {
    "000": {"agency_name_inconsistent", "non_gov_email", "open_ended_time", "punctuation_end", "self_reference_mixed"},
    "001": {"alias_undefined", "halfwidth_punct", "paren_mixed", "title_nonstandard"},
    "002": {"alias_undefined", "preface_heading_mismatch", "punctuation_end", "subheading_inconsistent"},
    "003": {"halfwidth_punct", "open_ended_time", "quote_mark_punct", "term_wrong"},
    "004": {"halfwidth_punct", "relative_time"},
}


def findings_in(path: Path, **context: object) -> list[Finding]:
    report = read_report(read_document(path.read_bytes(), name=path.name))
    outcomes = run(Context(report, **context), MINE)  # type: ignore[arg-type]
    assert [outcome for outcome in outcomes if outcome.status == "error"] == []
    return [finding for outcome in outcomes for finding in outcome.findings]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared with the seed reports is not here")
@pytest.mark.parametrize("form", ["html", "txt"])
@pytest.mark.parametrize("seed", GRAVE)
def test_each_seed_fires_what_was_found_by_hand_and_nothing_else(seed: str, form: str) -> None:
    folder = SHARED / "seeds" / ("html" if form == "html" else ".")
    (path,) = folder.glob(f"{seed}_*.{form}")
    findings = findings_in(path, year=2023)
    grave = sorted((f.rule, str(f.severity), f.quote) for f in findings if f.severity is not Severity.HINT)
    assert [row[:2] for row in grave] == [row[:2] for row in sorted(GRAVE[seed])]
    for rule, severity, words in GRAVE[seed]:
        assert any(row[:2] == (rule, severity) and words in row[2] for row in grave), (rule, words)
    assert {f.rule for f in findings if f.severity is Severity.HINT} == HINTS[seed]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared with the seed reports is not here")
def test_the_lost_numbers_of_a_seed_wait_for_a_person() -> None:
    (path,) = (SHARED / "seeds").glob("002_*.txt")
    findings = findings_in(path, year=2023)
    assert all(f.explained for f in findings if f.rule == "section_numbering_broken")
    assert not any(f.explained for f in findings if f.rule in ("duplicated_word", "typo", "punctuation_end"))


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared with the real reports is not here")
@pytest.mark.parametrize(
    ("name", "year", "grave"),
    [
        ("hongze_2024.pdf", 2024, {"contact_incomplete", "signature_missing"}),
        ("shanghai_office_2019.html", 2019, {"contact_missing", "signature_missing"}),
    ],
)
def test_a_well_written_report_is_accused_of_no_wording(name: str, year: int, grave: set[str]) -> None:
    findings = findings_in(SHARED / "reports" / name, year=year)
    assert {f.rule for f in findings if f.severity is not Severity.HINT} == grave


@pytest.mark.parametrize("seed", range(40))
def test_composed_reports_are_clean(seed: int) -> None:
    agency = ("薛城区商务和投资促进局", "曲阜市教育局", "铜官区人民政府", "博山区财政局")[seed % 4]
    year = 2019 + seed % 7
    kind = "government" if agency.endswith("人民政府") else "department"
    made = compose(agency, year, seed=seed)
    report = read_report(read_document(made.body.encode(), name="case.html"))
    outcomes = run(Context(report, (agency,), year, kind=kind), MINE)
    assert [finding for outcome in outcomes for finding in outcome.findings] == []
