"""`nianbao lint`: files, folders, archives, addresses, pages that only wrap a report, and documents that differ."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from monitor import checks
from monitor.demo.compose import compose
from monitor.documents.choosing import enclosed, reports_in, surest
from monitor.documents.files import File, Read, read_file
from monitor.errors import SettingsError, Unreadable, UsageError
from monitor.jobs.lint import UNFILLED, Linted, lint
from monitor.jobs.lint_choice import Choice
from monitor.jobs.lint_words import all_lines, in_words, lines_of
from monitor.jobs.sources import Place, _Redirects, expand, load_enclosed
from monitor.model import Cell, Enclosure, EnclosureKind, Finding, Outcome, OutcomeStatus, Report, Severity
from monitor.screen import show_lines
from monitor.settings import Settings, load_settings
from monitor.wire import PROVENANCE

AGENCY = "演示区民政局"
TITLE = "演示区民政局2023年政府信息公开工作年度报告"
BODY = compose(AGENCY, 2023, signed_on=date(2024, 1, 10)).body
BLANK = re.sub(r"(<td[^>]*>)[0-9.]+(</td>)", r"\1\2", BODY)
TEMPLATE = Path(__file__).parents[2] / "shared/reports/official_template_blank.docx"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path / "no-home")


def changed(body: str, old: str = "<td>1</td>", new: str = "<td>9</td>") -> str:
    """The report with the last cell that prints `old` printing `new`."""
    before, found, after = body.rpartition(old)
    assert found
    return before + new + after


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def page(*links: str) -> str:
    """A page that only wraps its attachments."""
    items = "".join(f'<p>附件：<a href="{link}">{TITLE}</a></p>' for link in links)
    return (
        f'<html><head><title>{TITLE}</title><meta name="PubDate" content="2024-01-23 10:00"></head>'
        f'<body><div class="article-content">{items}</div></body></html>'
    )


def write(folder: Path, files: Mapping[str, str | bytes]) -> list[str]:
    paths = []
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        paths.append(str(path))
    return paths


def one(source: str, settings: Settings, **expected: Any) -> Linted:
    [linted] = lint([source], settings, **expected)
    return linted


def report_in(linted: Linted) -> Report:
    assert linted.report is not None, linted.error
    return linted.report


# ── folders ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_is_its_files_in_order_without_what_programs_leave_there(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "报送"
    write(
        folder,
        {
            "b.html": BODY,
            "a.html": BODY,
            "inner/c.html": BODY,
            "inner/c_files/logo.html": "x",
            ".hidden.html": "x",
            "~$b.docx": "x",
            "Thumbs.db": "x",
            "__MACOSX/b.html": "x",
            "upload.tmp": "x",
        },
    )
    steps: list[tuple[int, int]] = []
    results = lint([str(folder)], settings, step=lambda *step: steps.append(step))
    assert [linted.source for linted in results] == [
        str(folder / name) for name in ("a.html", "b.html", "inner/c.html")
    ]
    assert not any(linted.error for linted in results)
    assert steps == [(1, 3), (2, 3), (3, 3)]


def test_a_folder_without_a_file_says_so(tmp_path: Path, settings: Settings) -> None:
    linted = one(str(tmp_path), settings)
    assert linted.source == str(tmp_path)
    assert "没有可以读取的文件" in linted.error


def test_sources_are_not_looked_into_before_their_turn(tmp_path: Path) -> None:
    assert list(expand(["http://x.gov.cn/a", str(tmp_path / "missing")])) == [
        "http://x.gov.cn/a",
        str(tmp_path / "missing"),
    ]


# ── several documents of one report ─────────────────────────────────────────────────────────────────────────────────


def read(name: str, body: str, media_type: str = "", **changes: Any) -> Read:
    [found] = read_file(File(name, body.encode()))
    assert found.report is not None
    found = replace(found, report=replace(found.report, **changes)) if changes else found
    return replace(found, media_type=media_type) if media_type else found


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def notes_of(chosen: Read) -> tuple[str, ...]:
    assert chosen.report is not None
    return chosen.report.notes


def test_word_is_surer_than_pdf_and_pdf_than_a_conversion_and_all_than_a_scan() -> None:
    reads = [
        read("scan.pdf", BODY, PDF, is_scan=True),
        read("old.doc", BODY, "application/msword"),
        read("text.pdf", BODY, PDF),
        read("word.docx", BODY, WORD),
    ]
    order = []
    while reads:
        chosen = surest(reads)
        assert notes_of(chosen) == ()
        order.append(chosen.name)
        reads = [left for left in reads if left.name != chosen.name]
    assert order == ["word.docx", "text.pdf", "old.doc", "scan.pdf"]


def test_a_document_whose_cells_were_read_is_surer_than_one_whose_were_not() -> None:
    doubtful = read("word.docx", BODY, WORD, doubts={"requests": "表头与统一格式不符"})
    assert surest([doubtful, read("text.pdf", BODY, PDF)]).name == "text.pdf"
    assert surest([doubtful, read("scan.pdf", BODY, PDF, is_scan=True)]).name == "word.docx"


def test_the_report_of_the_year_asked_for_is_the_report() -> None:
    reads = [read("2022.docx", BODY, WORD, year=2022), read("2023.pdf", BODY, PDF)]
    chosen = surest(reads, year=2023)
    assert chosen.name == "2023.pdf"
    assert len(notes_of(chosen)) == 1
    assert "2022.docx" in notes_of(chosen)[0]
    assert "2022年度" in notes_of(chosen)[0]


def test_a_report_of_another_year_is_not_taken_where_the_right_one_may_be_unreadable() -> None:
    reads = [read("2022.docx", BODY, WORD, year=2022), Read("2023.pdf", error="已损坏")]
    assert surest(reads, year=2023).error == "已损坏"
    assert surest(reads, year=2022).name == "2022.docx"
    assert "没有读成" in notes_of(surest(reads, year=2022))[0]


def test_a_report_is_surer_than_a_blank_form_and_a_blank_form_than_a_letter() -> None:
    letter = read("letter.html", "<p>现将有关情况函告如下。</p>" * 9)
    blank, whole = read("blank.docx", BLANK, WORD), read("scan.pdf", BODY, PDF, is_scan=True)
    assert surest([letter, blank, whole]).name == "scan.pdf"
    assert surest([letter, blank]).name == "blank.docx"
    assert surest([letter]).name == "letter.html"


def test_a_cell_in_which_two_documents_differ_is_unread_and_said_with_both_values() -> None:
    twin = changed(BODY)
    word, pdf = read("w.docx", BODY, WORD), read("p.pdf", twin, PDF)
    chosen = surest([pdf, word])
    assert chosen.name == "w.docx"
    assert word.report is not None
    assert chosen.report is not None
    before, after = dict(word.report.cells()), dict(chosen.report.cells())
    differing = [path for path in before if before[path] != after[path]]
    assert len(differing) == 1
    [note] = chosen.report.notes
    assert all(words in note for words in ("w.docx", "p.pdf", "“1”", "“9”"))
    cell = after[differing[0]]
    assert (cell.value, cell.doubt) == (None, "Word 与 PDF 不一致")
    assert not cell.is_blank
    assert not cell.is_dash


def test_blank_and_zero_differ_and_one_number_in_two_spellings_does_not() -> None:
    for theirs, differs in (("0", False), ("０", False), ("", True), ("/", True), ("?", False)):
        word, pdf = read("w.docx", changed(BODY, new="<td>0</td>"), WORD), read("p.pdf", BODY, PDF)
        pdf = read("p.pdf", changed(BODY, new=f"<td>{theirs}</td>"), PDF)
        assert bool(notes_of(surest([word, pdf]))) is differs, theirs


def test_many_differences_are_counted_and_every_cell_is_unread() -> None:
    twin = BODY.replace("<td>0</td>", "<td>2</td>")
    chosen = surest([read("a.html", BODY), read("b.html", twin)])
    assert chosen.report is not None
    unread = [cell for _, cell in chosen.report.cells() if cell.doubt]
    assert len(unread) > 100
    assert {cell.doubt for cell in unread} == {"两份文件不一致"}
    assert len(chosen.report.notes) == 6
    assert str(len(unread)) in chosen.report.notes[-1]


def test_titles_that_differ_are_said() -> None:
    [note] = notes_of(surest([read("a.html", BODY), read("b.html", BODY, title="另一个标题")]))
    assert all(words in note for words in ("标题", "另一个标题", "a.html", "b.html"))


def test_a_report_in_an_attachment_was_published_when_its_page_says() -> None:
    wrapper = read("page.html", page("a.docx"), published_on=date(2024, 1, 23), published_source="meta")
    chosen = enclosed(wrapper, [read("a.docx", BODY, WORD, published_on=None)])
    assert chosen.report is not None
    assert (chosen.report.published_on, chosen.report.published_source) == (date(2024, 1, 23), "meta")


def test_an_archive_is_read_whole_and_names_the_file_that_it_took(tmp_path: Path, settings: Settings) -> None:
    data = zipped(
        {"说明.txt": "报送说明。".encode(), "里面/报告.html": BODY.encode(), "副本.html": changed(BODY).encode()}
    )
    [source] = write(tmp_path, {"报送.zip": data})
    linted = one(source, settings)
    report = report_in(linted)
    assert report.document == f"{source}!里面/报告.html"
    assert linted.media_type == "application/zip"
    assert linted.outcomes
    assert sum(bool(cell.doubt) for _, cell in report.cells()) == 1
    assert "没有读出" in in_words(linted)


OTHER = compose("演示区财政局", 2023, signed_on=date(2024, 1, 10)).body
FAULTY = compose("演示区财政局", 2023, defects=("period_missing",), signed_on=date(2024, 1, 10)).body


def test_an_archive_with_the_reports_of_two_agencies_is_two_reports_that_name_each_other(
    tmp_path: Path, settings: Settings
) -> None:
    letter = "<p>现将有关情况函告如下。</p>" * 9
    members = {
        "民政局.html": BODY,
        "财政局.html": FAULTY,
        "民政局（副本）.html": changed(BODY),
        "函.html": letter,
    }
    [source] = write(tmp_path, {"报送.zip": zipped({name: body.encode() for name, body in members.items()})})
    one_, other = lint([source], settings)
    assert [linted.source for linted in (one_, other)] == [f"{source}!民政局.html", f"{source}!财政局.html"]
    assert [report_in(linted).agency for linted in (one_, other)] == [AGENCY, "演示区财政局"]
    assert [linted.has_errors for linted in (one_, other)] == [False, True]
    assert one_.sha256 != other.sha256
    for linted in (one_, other):
        said = in_words(linted)
        assert "压缩包里有2份报告，逐份检查" in said
        assert all(words in said for words in ("民政局.html", "财政局.html", "演示区财政局，2023年度", "函.html"))
        assert "不是政府信息公开工作年度报告" in said
    # The copy is compared with its own report alone.
    assert [sum(bool(cell.doubt) for _, cell in report_in(linted).cells()) for linted in (one_, other)] == [1, 0]


def test_what_cannot_be_read_in_an_archive_of_several_reports_may_be_one_more(
    tmp_path: Path, settings: Settings
) -> None:
    members = {"a.html": BODY.encode(), "b.html": OTHER.encode(), "c.bin": b"\x7fELF\x02\x01\x01"}
    [source] = write(tmp_path, {"报送.zip": zipped(members)})
    found = lint([source], settings)
    assert [linted.source.partition("!")[2] for linted in found] == ["a.html", "b.html", "c.bin"]
    assert [bool(linted.error) for linted in found] == [False, False, True]


def test_of_an_archive_of_several_reports_the_one_that_is_asked_for_is_taken(
    tmp_path: Path, settings: Settings
) -> None:
    last = compose(AGENCY, 2022, signed_on=date(2023, 1, 10)).body
    members = {"a.html": BODY, "b.html": OTHER, "last.html": last}
    [source] = write(tmp_path, {"报送.zip": zipped({name: body.encode() for name, body in members.items()})})
    assert len(lint([source], settings)) == 3
    assert [report_in(linted).agency for linted in lint([source], settings, year=2023)] == [AGENCY, "演示区财政局"]
    linted = one(source, settings, year=2023, agency="演示区财政局")
    assert report_in(linted).document == f"{source}!b.html"
    assert sum("没有采用" in note for note in report_in(linted).notes) == 2
    with pytest.raises(Unreadable, match="请只给其中要用的一份"):
        lint([source], settings, previous=source)


def test_a_report_that_does_not_say_whose_it_is_is_compared_with_nobody_s_where_there_are_several() -> None:
    reads = [read("a.html", BODY), read("b.html", OTHER), read("c.html", BODY, agency=None)]
    found = reports_in(reads)
    assert sorted(chosen.name for chosen in found) == ["a.html", "b.html", "c.html"]
    assert not any(cell.doubt for chosen in found if chosen.report for _, cell in chosen.report.cells())
    assert len(reports_in(reads[::2])) == 1


def test_last_year_s_report_of_another_agency_is_held_against_nobody(tmp_path: Path, settings: Settings) -> None:
    last = compose(AGENCY, 2022, signed_on=date(2023, 1, 10)).body
    this, other, before = write(tmp_path, {"a.html": BODY, "b.html": OTHER, "last.html": last})
    with pytest.MonkeyPatch.context() as patch:
        seen: list[Report | None] = []
        run = checks.run

        def watched(context: checks.Context, rules: Iterable[type[checks.Rule]]) -> tuple[Outcome, ...]:
            seen.append(context.previous)
            return run(context, rules)

        patch.setattr(checks, "run", watched)
        lint([this, other], settings, previous=before)
    assert [report and report.year for report in seen] == [2022, None]


def test_an_archive_without_a_report_says_so(tmp_path: Path, settings: Settings) -> None:
    [empty, letters, broken] = write(
        tmp_path,
        {
            "a.zip": zipped({}),
            "b.zip": zipped({"函.html": ("<p>现将有关情况函告如下。</p>" * 9).encode()}),
            "c.zip": zipped({"报告.html": BODY.encode()})[:-30],
        },
    )
    for source in (empty, letters, broken):
        linted = one(source, settings)
        assert linted.error
        assert "\n" not in linted.error
        assert linted.report is None


# ── pages that wrap a report ────────────────────────────────────────────────────────────────────────────────────────


def link(url: str) -> Enclosure:
    return Enclosure(url, EnclosureKind.LINK)


def test_a_saved_page_gives_files_of_its_own_folder_and_no_others(tmp_path: Path) -> None:
    write(tmp_path, {"pages/a.html": "", "pages/files/报 告.docx": "1", "secret.docx": "2", "pages/b.docx": "3"})
    (tmp_path / "pages/linked.docx").symlink_to(tmp_path / "secret.docx")
    urls = {
        "files/%E6%8A%A5%20%E5%91%8A.docx": "",
        "./files/报 告.docx?download=1#p2": "",
        "../pages/b.docx": "",
        "../secret.docx": "不在网页所在的文件夹里",
        "%2e%2e/secret.docx": "不在网页所在的文件夹里",
        str(tmp_path / "secret.docx"): "不在网页所在的文件夹里",
        (tmp_path / "secret.docx").as_uri(): "在网上",
        "linked.docx": "不在网页所在的文件夹里",
        "http://x.gov.cn/a.docx": "在网上",
        "//x.gov.cn/a.docx": "在网上",
        "missing.docx": "不在网页旁边",
        "files": "不在网页旁边",
        "a\0b": "",
    }
    place = Place(str(tmp_path / "pages/a.html"))
    found = list(load_enclosed(place, [link(url) for url in urls], limit=1000, agent="test"))
    for (url, said), got in zip(urls.items(), found, strict=True):
        assert isinstance(got, Read if said or "\0" in url else File), url
        assert isinstance(got, File) or said in got.error
        assert not isinstance(got, File) or got.data in (b"1", b"3")


def test_a_saved_page_is_the_report_that_lies_beside_it(tmp_path: Path, settings: Settings) -> None:
    source, *_ = write(tmp_path, {"page.html": page("files/report.doc"), "files/report.doc": BODY})
    linted = one(source, settings)
    report = report_in(linted)
    assert report.document == str(tmp_path / "files/report.doc")
    assert report.published_on == date(2024, 1, 23)
    assert any("report.doc" in note for note in report.notes)
    assert (linted.source, linted.media_type) == (source, "text/html")


def test_a_page_whose_attachment_is_not_to_be_had_is_an_error_and_not_no_report(
    tmp_path: Path, settings: Settings
) -> None:
    [source] = write(tmp_path, {"page.html": page("missing.doc")})
    assert "附件" in one(source, settings).error
    assert "missing.doc" in one(source, settings).error


@contextmanager
def site(answers: Mapping[str, str | bytes]) -> Iterator[tuple[str, list[str]]]:
    """A web site on loopback, and what it was asked for. An answer that begins with "→" is a redirect."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer = answers.get(self.path)
            if isinstance(answer, str) and answer.startswith("→"):
                self.send_response(302)
                self.send_header("Location", answer[1:])
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = answer.encode() if isinstance(answer, str) else answer or b""
            self.send_response(200 if answer is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_a_page_on_a_site_is_the_surest_of_its_attachments(settings: Settings) -> None:
    answers = {
        "/nb/": "→/nb/t1.html",
        "/nb/t1.html": page("a.doc", "b.docx"),
        "/nb/a.doc": BODY,
        "/nb/b.docx": changed(BODY),
    }
    with site(answers) as (home, asked):
        linted = one(f"{home}/nb/", settings)
    assert asked == ["/nb/", "/nb/t1.html", "/nb/a.doc", "/nb/b.docx"]
    report = report_in(linted)
    assert report.document == f"{home}/nb/a.doc"
    assert sum(bool(cell.doubt) for _, cell in report.cells()) == 1
    assert (report.published_on, report.published_source) == (date(2024, 1, 23), "meta")


def test_an_attachment_on_another_site_is_not_asked_for(settings: Settings) -> None:
    with (
        site({"/a.doc": BODY}) as (other, asked),
        site({"/": page(other.replace("127.0.0.1", "localhost") + "/a.doc")}) as (
            home,
            _,
        ),
    ):
        linted = one(f"{home}/", settings)
        assert asked == []
    assert "不属于该网站" in linted.error


def test_an_attachment_that_leads_elsewhere_is_not_followed(settings: Settings) -> None:
    with site({"/b.doc": BODY}) as (other, asked):
        answers = {"/": page("/a.doc"), "/a.doc": "→" + other.replace("127.0.0.1", "localhost") + "/b.doc"}
        with site(answers) as (home, _):
            linted = one(f"{home}/", settings)
        assert asked == []
    assert linted.error


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a",
        "http://localhost:8000/a",
        "http://[::1]/a",
        "http://10.0.0.1/a",
        "http://169.254.169.254/meta",
        "file:///etc/passwd",
        "ftp://x.gov.cn/a",
    ],
)
def test_an_address_outside_never_leads_into_our_own_network(url: str) -> None:
    assert _Redirects(is_inner=False).refuses(url)


def test_an_address_inside_may_lead_inside() -> None:
    assert not _Redirects(is_inner=True).refuses("http://127.0.0.1/a")
    assert not _Redirects(is_inner=False).refuses("http://8.8.8.8/a")


def test_enclosures_are_bounded_in_number_and_size() -> None:
    many = {f"/{number}.doc": b"x" * 100 for number in range(60)}
    with site(many) as (home, asked):
        found = list(load_enclosed(Place("", home + "/", True), [link(url) for url in many], limit=1000, agent="test"))
        assert len(asked) == 40
        assert [type(got) for got in found] == [File] * 40 + [Read] * 20
        [large] = load_enclosed(Place("", home + "/", True), [link("/1.doc")], limit=50, agent="test")
        assert isinstance(large, Read)


# ── what is said ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_blank_form_is_said_to_be_one_and_no_rule_judges_it(tmp_path: Path, settings: Settings) -> None:
    [source] = write(tmp_path, {"blank.html": BLANK})
    unfilled_is_said(one(source, settings))


@pytest.mark.skipif(not TEMPLATE.exists(), reason="the blank national template is not here")
def test_the_blank_national_template_is_an_unfilled_form(settings: Settings) -> None:
    unfilled_is_said(one(str(TEMPLATE), settings))


def unfilled_is_said(linted: Linted) -> None:
    said = linted.as_json()
    assert said["error"] is None
    assert UNFILLED in said["report"]["notes"]
    values = [value for table in said["report"]["tables"].values() for row in table.values() for value in row.values()]
    assert len(values) > 150
    assert set(values) == {None}
    assert said["findings"] == []
    assert {outcome["status"] for outcome in said["outcomes"]} == {"unknown"}
    assert {outcome["reason"] for outcome in said["outcomes"]} == {UNFILLED}
    assert UNFILLED in in_words(linted).split("\n")[1]


def test_json_says_where_values_stand_only_when_asked(tmp_path: Path, settings: Settings) -> None:
    [source] = write(tmp_path, {"a.html": BODY})
    linted = one(source, settings)
    plain, full = linted.as_json(), linted.as_json(provenance=True)
    assert not set(PROVENANCE) & set(plain["report"])
    assert {**plain, "provenance": full["provenance"]} == full
    assert full["provenance"]["document"] == source
    assert full["provenance"]["cells"]["requests.received.total"]["row"] > 0
    missing = one(str(tmp_path / "missing"), settings)
    assert missing.as_json(provenance=True)["provenance"] is None


def test_cells_that_were_not_read_are_named_to_people_with_the_reason(tmp_path: Path, settings: Settings) -> None:
    [source] = write(tmp_path, {"a.html": changed(BODY, new="<td>1?</td>")})
    linted = one(source, settings)
    [line] = [line for line in in_words(linted).split("\n") if "没有读出" in line]
    assert "“1?”" in line
    assert "不是数字" in line
    assert any(outcome.status is OutcomeStatus.UNKNOWN for outcome in linted.outcomes)


def test_hostile_words_stay_on_their_line(settings: Settings) -> None:
    report = Report("标题\n〔错误〕假", "甲\x1b[31m局", 2023, "2021", notes=("一\n二",))
    report = replace(report, tables={"requests": {"granted": {"total": Cell(None, "1\n2", "不是\n数字")}}})
    said = in_words(Linted("a\nb", report=report))
    assert "\x1b" not in said
    assert "a b" in said
    assert "标题 〔错误〕假" in said
    assert all(line.startswith("  ") or line in ("", "a b") for line in said.split("\n"))


def test_last_years_report_may_be_any_source_and_must_be_one(tmp_path: Path, settings: Settings) -> None:
    before = compose(AGENCY, 2022).body
    source, last, letter = write(
        tmp_path, {"a.html": BODY, "last.zip": zipped({"2022.html": before.encode()}), "letter.txt": "没有报告。"}
    )
    assert not one(source, settings, previous=last).error
    for wrong in (letter, str(tmp_path / "missing"), str(tmp_path)):
        with pytest.raises(Unreadable, match="上一年度"):
            lint([source], settings, previous=wrong)


def test_last_years_report_is_taken_from_the_sources_where_the_agencys_own_is_among_them(
    tmp_path: Path, settings: Settings
) -> None:
    before, other = compose(AGENCY, 2022, seed=3).body, compose("演示区教育局", 2022).body
    now, last, stranger, copy = write(
        tmp_path, {"2023.html": BODY, "2022.html": before, "other.html": other, "copy.html": before}
    )

    def reason(*sources: str) -> str:
        outcomes = {outcome.rule: outcome for outcome in lint(sources, settings)[0].outcomes}
        return outcomes["carry_over_mismatch"].reason

    assert "没有上年的报告" in reason(now)
    assert "没有上年的报告" in reason(now, stranger)
    assert reason(now, last) == reason(now, stranger, last) == ""
    assert "没有上年的报告" in reason(now, last, copy)  # which of the two is not for us to say


def test_what_reading_may_have_caused_is_shown_apart_and_counted_apart(settings: Settings) -> None:
    sure = Finding(rule="a", subject="1", severity=Severity.HINT, message="拿得准。", name="甲")
    unsure = Finding(
        rule="b", subject="2", severity=Severity.ERROR, message="拿不准。", name="乙", explained="编号可能丢失"
    )
    outcomes = tuple(Outcome(each.rule, OutcomeStatus.FAIL, findings=(each,)) for each in (unsure, sure))
    said = in_words(Linted("a", report=Report("标题", "甲局", 2023, "2021"), outcomes=outcomes))
    order = [
        said.index(words) for words in ("拿得准。", "可能是读取造成，待人工核对", "拿不准。", "也可能：编号可能丢失")
    ]
    assert order == sorted(order)
    assert "合计：错误 0，警告 0，提示 1，待人工核对 1" in said


def test_the_words_of_the_office_are_looked_for_where_it_has_any(tmp_path: Path) -> None:
    home = tmp_path / "home"
    table, source = write(
        home,
        {
            "lexicon/own.csv": "kind,wrong,right,severity,unless,source\ntypo,演示区民政,演示区,error,,本地\n",
            "a.html": BODY,
        },
    )
    linted = one(source, load_settings(home))
    assert any(f.found == "演示区民政" for outcome in linted.outcomes for f in outcome.findings)
    Path(table).write_text("wrong,right\n", "utf-8")
    with pytest.raises(SettingsError, match="第1行"):
        one(source, load_settings(home))


def said_of(*findings: Finding) -> Linted:
    outcomes = tuple(Outcome(each.rule, OutcomeStatus.FAIL, findings=(each,)) for each in findings)
    return Linted("a", report=Report("标题", "甲局", 2023, "2021"), outcomes=outcomes)


def test_findings_are_grouped_with_quote_place_and_mend() -> None:
    hint = Finding(rule="a", subject="1", severity=Severity.HINT, message="有一处提示。", name="甲")
    errors = [
        Finding(
            rule="b",
            subject=str(number),
            severity=Severity.ERROR,
            message=f"有一处错误{number}。",
            name="乙",
            quote="新收：40",
            section="三、收到和处理情况",
            cell="requests.handled.total",
            expected="40",
            found="48",
        )
        for number in (1, 2)
    ]
    said = in_words(said_of(errors[0], hint, errors[1]))
    order = [
        said.index(words) for words in ("错误2条：", "有一处错误1。", "有一处错误2。", "提示1条：", "有一处提示。")
    ]
    assert order == sorted(order)
    assert "原文：「新收：40」" in said
    place = next(line for line in said.split("\n") if "位置：" in line)
    assert place.strip().startswith("位置：三、收到和处理情况，")
    assert place.endswith("“总计”列")
    assert "应为：40" in said
    assert "实为：48" in said
    assert [line.tone for line in lines_of(said_of(hint)) if "甲" in line.text and "〔" in line.text] == ["提示"]


def test_several_sources_are_counted_at_the_end() -> None:
    hint = Finding(rule="a", subject="1", severity=Severity.HINT, message="有一处提示。", name="甲")
    lines = [line.text for line in all_lines([said_of(hint), said_of(hint), Linted("b", error="读不到")])]
    assert lines[-1] == "共 3 份：错误 0，警告 0，提示 2；没有读成 1 份"
    assert not any("共 1 份" in line.text for line in all_lines([said_of(hint)]))


# ── which rules ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rule_that_is_left_out_does_not_run_and_has_not_passed(tmp_path: Path, settings: Settings) -> None:
    [source] = write(tmp_path, {"a.html": changed(BODY)})

    def rules(select: str = "", ignore: str = "") -> list[str]:
        choice = Choice.of([select] if select else [], [ignore] if ignore else [])
        return [outcome.rule for outcome in one(source, settings, choice=choice).outcomes]

    everything = rules()
    assert rules("t3_identity，t3_row_total") == [id_ for id_ in everything if id_ in ("t3_identity", "t3_row_total")]
    assert rules(ignore="t3_identity") == [id_ for id_ in everything if id_ != "t3_identity"]
    assert rules("t3_identity,t3_row_total", "t3_identity") == ["t3_row_total"]


def test_a_severity_takes_findings_whatever_their_rule_usually_says() -> None:
    by_id = {rule.id: rule.severity for rule in checks.RULES}
    graver, milder = (next(id_ for id_, each in by_id.items() if each == which) for which in ("hint", "error"))
    outcomes = (
        Outcome(
            graver,
            OutcomeStatus.FAIL,
            findings=(Finding(rule=graver, subject="1", severity=Severity.ERROR, message="重"),),
        ),
        Outcome(
            milder,
            OutcomeStatus.FAIL,
            findings=(Finding(rule=milder, subject="1", severity=Severity.HINT, message="轻"),),
        ),
    )
    assert list(Choice.of(["error"], []).of_outcomes(outcomes)) == [outcomes[0]]
    assert list(Choice.of([], ["hint"]).of_outcomes(outcomes)) == [outcomes[0]]
    assert list(Choice.of(["hint"], []).of_outcomes(outcomes)) == [outcomes[1]]
    assert list(Choice.of(["hint", milder], [graver]).of_outcomes(outcomes)) == [outcomes[1]]
    passed = tuple(Outcome(id_, OutcomeStatus.PASS) for id_ in (graver, milder))
    assert list(Choice.of(["error"], []).of_outcomes(passed)) == [passed[1]]
    both = Finding(rule=milder, subject="2", severity=Severity.ERROR, message="重")
    [kept] = Choice.of([], ["hint"]).of_outcomes([replace(outcomes[1], findings=(*outcomes[1].findings, both))])
    assert kept.findings == (both,)


@pytest.mark.parametrize(
    ("select", "ignore", "words"),
    [
        (["t3_identiy"], [], ["--select", "“t3_identiy”", "t3_identity"]),
        ([], ["hint,eror，x\x1b[31m"], ["--ignore", "“eror”（是不是 error", "x"]),
        (["Error"], [], ["是不是 error"]),
        ([" , "], [], ["--select 后面要写"]),
        (["t3_identity"], ["t3_identity"], ["没有剩下"]),
        ([], ["error,warning,hint"], ["没有剩下"]),
        (["error"], ["error"], ["没有剩下"]),
    ],
)
def test_a_choice_that_names_nothing_is_refused_in_one_line(
    select: list[str], ignore: list[str], words: list[str]
) -> None:
    with pytest.raises(UsageError) as refused:
        Choice.of(select, ignore)
    assert all(word in str(refused.value) for word in words)
    assert not set("\x1b\n") & set(str(refused.value))


def nianbao(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "monitor", *map(str, words)], capture_output=True, text=True, check=False
    )


def test_the_command_reads_a_folder_in_two_processes_and_says_nothing_on_a_pipe(tmp_path: Path) -> None:
    write(tmp_path, {"a.html": BODY, "b.zip": zipped({"x.html": BODY.encode()}), "c.bin": b"\x7fELF\x02\x01\x01"})
    done = nianbao("lint", tmp_path, "--format", "json", "--provenance", "--processes", "2")
    assert (done.returncode, done.stderr) == (2, "")
    results = json.loads(done.stdout)
    assert [bool(result["error"]) for result in results] == [False, False, True]
    assert results[1]["provenance"]["document"].endswith("b.zip!x.html")
    assert nianbao("lint", tmp_path / "a.html", tmp_path / "b.zip").returncode == 0


def test_the_command_refuses_options_that_mean_nothing(tmp_path: Path) -> None:
    for words in (["--provenance"], ["--processes", "0"]):
        done = nianbao("lint", tmp_path, *words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_the_command_takes_a_choice_and_writes_sarif(tmp_path: Path) -> None:
    write(tmp_path, {"年 报.html": changed(BODY), "c.bin": b"\x7fELF\x02\x01\x01"})
    done = nianbao("lint", tmp_path / "年 报.html", "--format", "sarif", "--select", "t3_identity")
    assert (done.returncode, done.stderr) == (1, "")
    [run] = json.loads(done.stdout)["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["t3_identity"]
    assert {result["ruleId"] for result in run["results"]} == {"t3_identity"}
    [artifact] = run["artifacts"]
    assert artifact["location"]["uri"] == (tmp_path / "年 报.html").as_uri()
    assert nianbao("lint", tmp_path / "年 报.html", "--ignore", "error").returncode == 0
    done = nianbao("lint", tmp_path, "--format", "sarif")
    assert done.returncode == 2
    assert not json.loads(done.stdout)["runs"][0]["invocations"][0]["executionSuccessful"]
    done = nianbao("lint", tmp_path, "--select", "nonsense")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_colours_are_for_terminals_that_take_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [("〔错误〕[red]甲[/red]" + "长" * 300, "错误"), ("  原文", "")]
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    show_lines(lines)
    assert capsys.readouterr().out == "".join(f"{text}\n" for text, _ in lines)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    show_lines(lines)
    assert "\x1b[31m〔错误〕[red]" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    show_lines(lines)
    assert capsys.readouterr().out == "".join(f"{text}\n" for text, _ in lines)
