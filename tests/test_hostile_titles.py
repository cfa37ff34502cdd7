"""A title that attacks mails, sheets and logs goes the whole way, from a crawled page to all that people are given."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook

from monitor.cli import main
from monitor.demo.compose import compose
from monitor.demo.mailbox import HOST, Mailbox, Received
from monitor.jobs.round import run_round
from tests.crawling import Site, list_page
from tests.stored_reports import NOW, YEAR, home_at

LATE, ODD = "青石县文化和旅游局", "青石县财政局"
#: What a mail reader takes for a further header, what a sheet takes for a command, and what ends a tag.
COMMAND, HEADER, TAG = "=cmd|' /C calc'!A0", "Bcc: thief@evil.example", "</a><script>alert(1)</script>"
ENTITIES = "&#13;&#10;"


@dataclass(frozen=True, slots=True)
class Given:
    """What people were given after a round over the hostile portal. `said`: the lines that the round told."""

    home: Path
    mail: Received
    said: list[str]
    log: str


def hostile_page(name: str) -> str:
    """A report of a known agency with an attack after its title, or with one before it: whose that is, nobody knows."""
    tag = TAG.replace("<", "&lt;")
    title = f"{name}{YEAR}年政府信息公开工作年度报告{ENTITIES}{HEADER}{ENTITIES}{ENTITIES}{COMMAND}{tag}"
    title = title if name == LATE else f"{COMMAND}{ENTITIES}{title}"
    attack = f"<p>{COMMAND}{ENTITIES}{HEADER}{tag}</p><p>联系电话：{COMMAND}{HEADER}</p>"
    body = (
        compose(name, YEAR, seed=3).body.replace("一、总体情况", attack).replace("<td>0</td>", f"<td>{COMMAND}</td>", 3)
    )
    return (
        f'<html><head><title>{title}</title><meta name="ArticleTitle" content="{title}">'
        f'<meta name="PubDate" content="2024-02-03 09:00"></head><body><h1>{title}</h1>'
        f'<div class="article-content">{body}</div></body></html>'
    )


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    path, said = tmp_path_factory.mktemp("given") / "home", []
    (path / "registry").mkdir(parents=True)
    with Site() as site, Mailbox() as mailbox:
        rows = [
            f'<li><a href="/{n}.html" title="{name}{YEAR}年政府信息公开工作年度报告{ENTITIES}{HEADER}">'
            f"{COMMAND}{name}{YEAR}年政府信息公开工作年度报告</a><span>2024-02-03</span></li>"
            for n, name in enumerate((LATE, ODD))
        ]
        site.pages |= {"/nb/": list_page(*rows), "/0.html": hostile_page(LATE), "/1.html": hostile_page(ODD)}
        (path / "registry/portals.csv").write_text(
            f"portal,name,home,columns,private,delay\nqs,青石县人民政府,{site.url()},{site.url('/nb/')},yes,0\n",
            "utf-8",
        )
        (path / "registry/agencies.csv").write_text(
            f"agency,name,kind,portal\nwlj,{LATE},department,qs\nczj,{ODD},department,qs\n", "utf-8"
        )
        settings = {"MAIL_TO": "office@example.gov.cn", "MAIL_FROM": "a@example.gov.cn", "SMTP_HOST": HOST}
        settings |= {"SMTP_PORT": str(mailbox.port), "SMTP_SECURITY": "none"}
        (path / "nianbao.env").write_text(
            "".join(f"NIANBAO_{key}={value}\n" for key, value in settings.items()), "utf-8"
        )
        with home_at(path) as home:
            run_round(home, years=(YEAR,), reason="test", tell=said.append)
        [mail] = mailbox.received
        log = "".join(file.read_text("utf-8") for file in path.rglob("crawl.log"))
        yield Given(path, mail, said, log)


def printed(given: Given, verb: str, form: str, tmp_path: Path) -> bytes:
    """The file that a verb writes."""
    out = tmp_path / f"{verb}.{form}"
    words = ["--home", str(given.home), "--now", NOW.isoformat(), verb, "--format", form, "--out", str(out)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["nianbao", *words])
        with pytest.raises(SystemExit, match="0"):
            main()
    return out.read_bytes()


def test_the_attack_arrives_with_the_reports_it_belongs_to(given: Given, tmp_path: Path) -> None:
    late, odd = json.loads(printed(given, "status", "json", tmp_path))
    assert (late["status"], odd["status"], odd["reason"]) == ("late", "unknown", "unmatched_report")
    assert all(attack in late["title"] for attack in (HEADER, COMMAND, TAG))
    [waiting] = json.loads(printed(given, "unmatched", "json", tmp_path))
    assert waiting["title"].startswith(COMMAND)


def test_the_mail_has_our_headers_and_its_body_no_markup_of_theirs(given: Given) -> None:
    mail = given.mail.message
    assert given.mail.recipients == ("office@example.gov.cn",)
    assert set(mail.keys()) & {"Bcc", "Cc"} == set()
    assert "evil" not in str(mail["Subject"])
    assert all(line.strip() for line in str(mail["Subject"]).splitlines())
    bodies = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    assert all(HEADER in body for body in bodies.values())
    assert "<script" not in bodies["text/html"].lower()
    assert not any(line.strip().startswith(("Bcc:", "=cmd")) for line in bodies["text/plain"].splitlines())


@pytest.mark.parametrize("verb", ["status", "findings", "unmatched"])
def test_no_cell_of_a_sheet_is_a_formula_or_more_than_a_line(verb: str, given: Given, tmp_path: Path) -> None:
    lines = list(csv.reader(io.StringIO(printed(given, verb, "csv", tmp_path).decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(printed(given, verb, "xlsx", tmp_path)))
    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line]
    assert len(lines) > 1
    assert not [text for line in lines for text in line if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert not [cell.value for cell in cells if cell.data_type == "f" or "\r" in str(cell.value)]
    assert any(COMMAND in text for line in lines for text in line)


def test_no_line_of_the_round_or_of_a_log_is_theirs(given: Given) -> None:
    lines = [*given.said, *given.log.splitlines()]
    assert given.said
    assert not [line for line in lines if line.startswith((HEADER, COMMAND)) or len(line.splitlines()) > 1]
