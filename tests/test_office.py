"""Old Word, WPS, RTF and their like by way of the real LibreOffice, and what becomes of it when that misbehaves.

One process converts all the good files of this module (`converted`); bad behaviour is that of scripts in its place.
"""

from __future__ import annotations

import http.server
import io
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from monitor.clock import SystemClock
from monitor.doctor import examine
from monitor.documents import media_type_of, read_document
from monitor.documents.formats.word import office, ole
from monitor.documents.formats.word.docx import read_docx
from monitor.errors import Unreadable
from monitor.model import Document, Grid, Paragraph

SOFFICE = office.find_office()
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed on this machine")

HEADINGS = ("总体情况", "主动公开政府信息情况")
#: Rows as printed; a cell given once for each place that it covers.
ROWS = (
    ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
    ("规章", "0", "", "12"),
    ("行政规范性文件", "3", "1,024", "/"),
    ("行政许可", "43.5万元", "43.5万元", "-8"),
)


def word_file() -> bytes:
    """A docx: a title, two headings numbered by Word itself (一、二、), and a table with a merged cell."""
    document = docx.Document()
    document.add_paragraph("演示区水务局2023年度政府信息公开工作年度报告")
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/></w:lvl>'
            "</w:abstractNum>"
        ),
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for heading in HEADINGS:
        properties = document.add_paragraph(heading)._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr>'))
    table = document.add_table(rows=len(ROWS), cols=4)
    for row, texts in enumerate(ROWS):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(3, 1).merge(table.cell(3, 2)).text = "43.5万元"
    document.add_paragraph("2024年1月20日")
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def rtf_file() -> bytes:
    def escaped(text: str) -> str:
        return "".join(mark if mark.isascii() else f"\\u{ord(mark)}?" for mark in text)

    rows = "".join(
        "\\trowd" + "".join(f"\\cellx{2000 * place}" for place in range(1, 5)) + "\\pard\\intbl "
        + "".join(f"{escaped(text)}\\cell " for text in row) + "\\row\n"
        for row in ROWS[:3]
    )  # fmt: skip
    head = "".join(f"\\pard {escaped(heading)}\\par\n" for heading in HEADINGS)
    return f"{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0 SimSun;}}}}\n{head}{rows}\\pard\\par}}".encode()


WORD_2003 = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<?mso-application progid="Word.Document"?>
<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>
<w:p><w:r><w:t>总体情况</w:t></w:r></w:p>
<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="2000"/><w:gridCol w:w="2000"/></w:tblGrid>
<w:tr><w:tc><w:p><w:r><w:t>规章</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>12</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p/></w:body></w:wordDocument>"""

FLAT_ODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" xmlns:ooo="http://openoffice.org/2004/office"
 xmlns:dom="http://www.w3.org/2001/xml-events" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text">{head}
<office:body><office:text><text:p>{body}</text:p></office:text></office:body></office:document>"""
MACRO = """<office:scripts><office:script script:language="ooo:Basic"><ooo:libraries>
<ooo:library-embedded ooo:name="Standard"><ooo:module ooo:name="Module1"><ooo:source-code>Sub Main
Open "{path}" For Output As #1
Print #1, "ran"
Close #1
End Sub</ooo:source-code></ooo:module></ooo:library-embedded></ooo:libraries></office:script>
<office:event-listeners><script:event-listener script:language="ooo:script" script:event-name="dom:load"
 xlink:href="vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document" xlink:type="simple"/>
</office:event-listeners></office:scripts>"""
PICTURE = """正文<draw:frame text:anchor-type="as-char" svg:width="2cm" svg:height="2cm">
<draw:image xlink:href="{url}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>"""


@pytest.fixture(scope="module")
def requests() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback: its address, and the paths that it was asked for."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/page.png", seen
        server.shutdown()


def soffice(profile: Path, *arguments: str | Path) -> list[str]:
    return [str(SOFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", *map(str, arguments)]


@pytest.fixture(scope="module")
def dangerous(tmp_path_factory: pytest.TempPathFactory, requests: tuple[str, list[str]]) -> dict[str, Any]:
    """Files that do harm to an office that lets them: one writes a file when it is opened, one fetches a picture."""
    folder = tmp_path_factory.mktemp("dangerous")
    mark = folder / "ran"
    macro, link = folder / "macro.fodt", folder / "link.fodt"
    macro.write_text(FLAT_ODT.format(head=MACRO.format(path=mark), body="宏"), "utf-8")
    link.write_text(FLAT_ODT.format(head="", body=PICTURE.format(url=requests[0])), "utf-8")
    return {"macro": macro, "link": link, "mark": mark}


@pytest.fixture(scope="module")
def old_word(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("old")
    (folder / "report.docx").write_bytes(word_file())
    command = soffice(folder / "profile", "--convert-to", "doc", "--outdir", folder, folder / "report.docx")
    subprocess.run(command, capture_output=True, check=True, timeout=60)
    return (folder / "report.doc").read_bytes()


@pytest.fixture(scope="module")
def converted(
    old_word: bytes, dangerous: dict[str, Any], requests: tuple[str, list[str]]
) -> dict[str, bytes | Unreadable]:
    """What one process makes of everything. The network is left to it, so that only its profile holds it back."""
    files = {
        "doc": old_word,
        "rtf": rtf_file(),
        "xml": WORD_2003.encode(),
        "macro": dangerous["macro"].read_bytes(),
        "link": dangerous["link"].read_bytes(),
        "half": old_word[: len(old_word) // 2],
        "last": old_word,
    }
    requests[1].clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "_isolation", lambda: ())
        return dict(zip(files, office.convert(list(files.values())), strict=True))


def read(converted: dict[str, bytes | Unreadable], name: str) -> Document:
    return office.read_converted(converted[name], media_type="application/msword")


def said(document: Document) -> list[object]:
    """Texts and rows; a file that was not laid out by Word says nothing of pages."""
    return [block.text if isinstance(block, Paragraph) else block.rows for block in document.blocks]


def grid(document: Document) -> tuple[tuple[str, ...], ...]:
    (found,) = [block for block in document.blocks if isinstance(block, Grid)]
    return found.rows


# ── what is read ────────────────────────────────────────────────────────────────────────────────────────────────────


@needs_office
def test_an_old_word_file_says_the_same_as_the_new_one_that_it_was(converted: dict[str, bytes | Unreadable]) -> None:
    assert said(read(converted, "doc")) == said(read_docx(word_file()))
    assert grid(read(converted, "doc")) == ROWS


@needs_office
def test_the_automatic_numbers_of_headings_survive(converted: dict[str, bytes | Unreadable]) -> None:
    texts = [block.text for block in read(converted, "doc").blocks if isinstance(block, Paragraph)]
    assert texts[1:3] == ["一、总体情况", "二、主动公开政府信息情况"]


@needs_office
def test_rtf_and_word_2003_xml_are_read(converted: dict[str, bytes | Unreadable]) -> None:
    assert grid(read(converted, "rtf")) == ROWS[:3]
    assert grid(read(converted, "xml")) == (("规章", "12"),)


@needs_office
def test_a_damaged_file_costs_only_itself(converted: dict[str, bytes | Unreadable]) -> None:
    assert isinstance(converted["half"], Unreadable)
    assert converted["last"] != converted["half"]
    assert said(read(converted, "last")) == said(read(converted, "doc"))


@needs_office
def test_a_document_is_called_what_its_file_is(old_word: bytes) -> None:
    document = read_document(old_word, name="../../x.wps")
    assert (document.media_type, document.name) == ("application/msword", "../../x.wps")


@needs_office
def test_no_macro_is_run(converted: dict[str, bytes | Unreadable], dangerous: dict[str, Any], tmp_path: Path) -> None:
    assert [block.text for block in read(converted, "macro").blocks if isinstance(block, Paragraph)] == ["宏"]
    assert not dangerous["mark"].exists()
    # The same file in an office that trusts everybody: there it is run.
    profile = tmp_path / "user" / "registrymodifications.xcu"
    profile.parent.mkdir()
    profile.write_text(TRUSTING, "utf-8")
    with running(soffice(tmp_path, dangerous["macro"])):
        assert eventually(dangerous["mark"].exists)


@needs_office
def test_nothing_linked_is_fetched(
    converted: dict[str, bytes | Unreadable],
    dangerous: dict[str, Any],
    requests: tuple[str, list[str]],
    tmp_path: Path,
) -> None:
    assert isinstance(converted["link"], bytes)
    assert requests[1] == []
    # The same file in an office with its usual profile: there it is fetched.
    command = soffice(tmp_path / "profile", "--convert-to", "docx", "--outdir", tmp_path, dangerous["link"])
    subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert "/page.png" in requests[1]


TRUSTING = (
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Office.Common/Security/Scripting">'
    '<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>0</value></prop></item></oor:items>'
)


class running:
    """A command with all of its children, until the block ends."""

    def __init__(self, command: list[str]) -> None:
        self.child = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self.child

    def __exit__(self, *error: object) -> None:
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()


def eventually(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while not holds() and time.monotonic() < until:
        os.sched_yield()
    return holds()


# ── an office that misbehaves ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def scripted(tmp_path: Path) -> Callable[[str], Path]:
    """A program in the place of soffice: for each of its files in turn it does as a piece of shell says.

    In it, `$1` is the file, `$out` where its docx is to be, `$good` a good docx.
    """
    good = tmp_path / "good.docx"
    good.write_bytes(word_file())

    def make(does: str) -> Path:
        program = tmp_path / "soffice"
        program.write_text(
            f"""#!/bin/sh
echo run >> {tmp_path}/runs
good={good}
while [ "$1" != --outdir ]; do shift; done
folder=$2; shift 2
while [ $# -gt 0 ]; do
out=$folder/$(basename "${{1%.*}}").docx
{does}
shift
done
""",
            "utf-8",
        )
        program.chmod(0o700)
        return program

    return make


def rtf(text: str) -> bytes:
    return f"{{\\rtf1 {text}}}".encode()


BATCH = [rtf("good"), rtf("BAD"), rtf("good"), rtf("good")]
COPY = 'cp "$good" "$out"'


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("sleep 60", "超过时限"),
        ("kill -SEGV $$", "没有成功"),
        (":", "没有成功"),
        ('head -c 300 "$good" > "$out"; kill -KILL $$', "没有成功"),
        ('ln -s /etc/passwd "$out"', "没有成功"),
    ],
    ids=["hangs", "crashes", "is lost in silence", "is cut off", "leads elsewhere"],
)
def test_a_file_on_which_the_office_fails_costs_only_itself(
    scripted: Callable[[str], Path], tmp_path: Path, bad: str, words: str
) -> None:
    program = scripted(f'if grep -q BAD "$1"; then {bad}; else {COPY}; fi')
    first, failed, *rest = office.convert(BATCH, office=program, seconds=1.5, seconds_each=0)
    assert isinstance(failed, Unreadable)
    assert words in str(failed)
    assert first == rest[0] == rest[1] == word_file_of(tmp_path)
    assert len((tmp_path / "runs").read_text().split()) <= 3


def word_file_of(folder: Path) -> bytes:
    return (folder / "good.docx").read_bytes()


def test_a_whole_batch_is_one_process(scripted: Callable[[str], Path], tmp_path: Path) -> None:
    assert (
        office.convert([rtf("a"), b"no document", rtf("b")], office=scripted(COPY))[::2] == [word_file_of(tmp_path)] * 2
    )
    assert (tmp_path / "runs").read_text().split() == ["run"]


def test_nothing_is_started_where_nothing_can_be_converted(scripted: Callable[[str], Path], tmp_path: Path) -> None:
    (answer,) = office.convert([b"%PDF-1.7"], office=scripted(COPY))
    assert "PDF" in str(answer)
    assert not (tmp_path / "runs").exists()


def test_all_of_a_process_that_hangs_is_killed(scripted: Callable[[str], Path], tmp_path: Path) -> None:
    program = scripted(f"sleep 60 & echo $! > {tmp_path}/left; wait")
    office.convert([rtf("a")], office=program, seconds=0.5, seconds_each=0)
    left = int((tmp_path / "left").read_text())
    assert eventually(lambda: not is_running(left))


def test_the_office_dies_when_its_caller_is_killed(scripted: Callable[[str], Path], tmp_path: Path) -> None:
    program = scripted(f"sleep 60 & echo $! > {tmp_path}/left; wait")
    code = "import sys; from pathlib import Path; from monitor.documents.formats.word import office; "
    code += "office.convert([b'{\\\\rtf1 x}'], office=Path(sys.argv[1]))"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(program)], start_new_session=True, env=environment
    ) as caller:
        assert eventually(lambda: (tmp_path / "left").exists() and bool((tmp_path / "left").read_text()))
        caller.kill()
    left = int((tmp_path / "left").read_text())
    assert eventually(lambda: not is_running(left))
    assert list(temporary.iterdir()) == []


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_the_office_sees_none_of_our_settings_and_is_bounded(
    scripted: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_SMTP_PASSWORD", "secret")
    monkeypatch.setenv("AWS_SECRET", "secret")
    program = scripted(
        f"{{ env; ulimit -v; ulimit -f; ls -d /proc/$$/fd/*; }} > {tmp_path}/seen; echo $1 >> {tmp_path}/seen"
    )
    office.convert([rtf("../../x")], office=program)
    seen = (tmp_path / "seen").read_text()
    assert "secret" not in seen
    assert "unlimited" not in seen
    assert re.search(r"^HOME=.*nianbao-office-", seen, re.MULTILINE)
    assert seen.rstrip().endswith("/in/0000.rtf")


@pytest.mark.skipif(not office._isolation(), reason="this machine lets us take the network from no process")
def test_the_office_has_no_network(scripted: Callable[[str], Path], tmp_path: Path) -> None:
    office.convert([rtf("a")], office=scripted(f"cat /proc/net/route /proc/net/dev > {tmp_path}/seen"))
    devices = re.findall(r"^ *(\w+):", (tmp_path / "seen").read_text(), re.MULTILINE)
    assert set(devices) <= {"lo", "tunl0", "sit0"}


def test_what_it_leaves_behind_is_cleared_away(
    scripted: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    office.convert([rtf("a")], office=scripted("touch left; sleep 60"), seconds=0.5, seconds_each=0)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_machine_without_libreoffice_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(Unreadable, match=r"请安装 libreoffice-writer.*NIANBAO_SOFFICE"):
        office.read_office(rtf("a"))


def test_the_doctor_says_whether_libreoffice_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "soffice"
    here.touch(mode=0o700)
    for path, well, words in ((here, True, str(here)), (tmp_path / "none", False, "请安装 libreoffice-writer")):
        monkeypatch.setenv("NIANBAO_SOFFICE", str(path))
        (said,) = [one for one in examine(tmp_path, SystemClock()) if one.thing == "LibreOffice"]
        assert (said.well, words in said.words) == (well, True)


# ── what is not worth trying ────────────────────────────────────────────────────────────────────────────────────────


def container(*streams: str, flags: int = 0, nested: str = "") -> bytes:
    """An OLE2 container with these streams in its root (4,096 bytes each), and one in a storage of its root."""
    names = ["Root Entry", *streams, *(["ObjectPool", nested] if nested else [])]
    entries, free = len(names), 0xFFFFFFFF
    fat = [0xFFFFFFFD, *[2 + n for n in range((entries - 1) // 4)], 0xFFFFFFFE]
    starts = {}
    body = b""
    for name in [*streams, *([nested] if nested else [])]:
        starts[name] = len(fat)
        fat += [*range(len(fat) + 1, len(fat) + 8), 0xFFFFFFFE]
        head = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, flags)
        body += head.ljust(4096, b"\x01")
    directory = b""
    for number, name in enumerate(names):
        kind = 5 if number == 0 else 1 if name == "ObjectPool" else 2
        at_root = 0 < number <= len(streams) - (0 if nested else 1)
        child = 1 if number == 0 else number + 1 if name == "ObjectPool" else free
        encoded = name.encode("utf-16-le")
        directory += encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1)
        directory += struct.pack("<III", free, number + 1 if at_root else free, child) + bytes(36)
        directory += struct.pack("<IQ", starts.get(name, 0), 4096 if name in starts else 0)
    directory = directory.ljust(-(-entries // 4) * 512, b"\0")
    header = ole.SIGNATURE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + struct.pack("<I", free) * 108
    return header + struct.pack("<128I", *fat, *[free] * (128 - len(fat))) + directory + body


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (container("Workbook"), "是Excel 表格，不是文字文档"),
        (container("PowerPoint Document"), "是PowerPoint 演示文稿，不是文字文档"),
        (container("EncryptionInfo", "EncryptedPackage"), "设了打开密码"),
        (container("Workbook", nested="WordDocument"), "Excel"),
        (container("WordDocument", "1Table", flags=0x0100), "设有打开密码"),
        (container("WordDocument", "1Table")[:-4096], "不完整"),
        (container("WordDocument")[:700], "已损坏"),
        (ole.SIGNATURE, "已损坏"),
        (b"{\\rtf1 {\\b a", "不完整"),
    ],
)
def test_what_libreoffice_would_misread_never_comes_to_it(
    data: bytes, words: str, scripted: Callable[[str], Path], tmp_path: Path
) -> None:
    (answer,) = office.convert([data], office=scripted(COPY))
    assert words in str(answer)
    assert "\n" not in str(answer)
    assert not (tmp_path / "runs").exists()
    with pytest.raises(Unreadable):
        read_document(data)


def test_a_word_file_is_one_whatever_lies_in_it() -> None:
    assert media_type_of(container("WordDocument", "1Table", nested="Workbook"))[0] == "application/msword"
    assert office._refusal(container("WordDocument", "1Table", nested="Workbook")) is None


def test_braces_that_are_text_do_not_make_an_rtf_file_incomplete() -> None:
    assert office._refusal(b"{\\rtf1 a\\{b\\\\}") is None
    assert office._refusal(b"{\\rtf1 {\\pict\\bin3 {{{}}") is None


@given(st.data())
def test_no_bytes_bring_the_reader_of_containers_down(data: st.DataObject) -> None:
    whole = container("WordDocument", "1Table", nested="Workbook")
    changed = bytearray(whole[: data.draw(st.integers(8, len(whole)))])
    for _ in range(data.draw(st.integers(0, 20))):
        place = data.draw(st.integers(8, min(len(changed), 2200)) | st.integers(8, len(changed)))
        changed[place - 1 : place] = bytes([data.draw(st.integers(0, 255))])
    assert media_type_of(bytes(changed))[0].startswith("application/")
    office._refusal(bytes(changed))


# ── kinds of .doc that are something else ───────────────────────────────────────────────────────────────────────────

PAGE = "<html><body><p>总体情况</p><table><tr><td>规章</td><td>12</td></tr></table></body></html>"


@pytest.mark.parametrize(
    "start", ["MIME-Version: 1.0\r\n", "From: <Saved by Blink>\r\nSubject: x\r\n y\r\nMIME-Version: 1.0\r\n"]
)
def test_a_saved_page_that_is_called_doc_is_read_as_its_page(start: str) -> None:
    head = 'Content-Type: multipart/related;\r\n\tboundary="-x"\r\n\r\nSaved.\r\n'
    part = "---x\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    data = (start + head + part + PAGE + "\r\n---x\r\nContent-Type: image/png\r\n\r\nx\r\n---x--\r\n").encode("gbk")
    document = read_document(data, name="report.doc")
    assert (document.media_type, grid(document)) == ("multipart/related", (("规章", "12"),))
    with pytest.raises(Unreadable, match="不完整"):
        read_document(data[: data.index(b"</td>")])


def test_a_word_file_in_one_xml_file_is_read_as_the_docx_that_it_is() -> None:
    parts = ""
    with zipfile.ZipFile(io.BytesIO(word_file())) as archive:
        for name in archive.namelist():
            if name.endswith((".rels", "document.xml", "numbering.xml", "styles.xml")):
                text = archive.read(name).decode().partition("?>")[2]
                parts += (
                    f'<pkg:part pkg:name="/{name}" pkg:contentType="x"><pkg:xmlData>{text}</pkg:xmlData></pkg:part>'
                )
    head = '<?xml version="1.0"?><?mso-application progid="Word.Document"?><pkg:package xmlns:pkg='
    data = f'{head}"http://schemas.microsoft.com/office/2006/xmlPackage">{parts}</pkg:package>'.encode()
    document = read_document(data, name="report.doc")
    assert (document.media_type, said(document)) == ("application/vnd.ms-word.flat-opc", said(read_docx(word_file())))
    with pytest.raises(Unreadable):
        read_document(data[:-30])
