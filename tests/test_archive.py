"""Archives: what is in them, by what names, and which are not opened at all."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.documents import media_type_of
from monitor.documents.formats import archive
from monitor.documents.formats.archive import members
from monitor.documents.limits import MOST_MEMBERS
from monitor.errors import Unreadable

REPORT = "演示区水务局2023年度政府信息公开工作年度报告".encode()


def packed(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as written:
        for name, data in files.items():
            written.writestr(name, data)
    return stream.getvalue()


def as_chinese_windows_writes(name: str) -> bytes:
    """A zip with one file whose name is in GBK, without the mark of UTF-8."""
    raw = name.encode("gbk")
    return packed({"x" * len(raw): REPORT}).replace(b"x" * len(raw), raw)


def names(data: bytes) -> list[str]:
    return [name for name, _ in members(data)]


def test_files_come_in_their_order_with_their_bytes() -> None:
    assert members(packed({"b/年报.txt": REPORT, "a.html": b"<p>a</p>"})) == [
        ("b/年报.txt", REPORT),
        ("a.html", b"<p>a</p>"),
    ]


def test_names_are_read_in_gbk_and_in_utf_8_without_its_mark() -> None:
    assert names(as_chinese_windows_writes("附件：年报.doc")) == ["附件：年报.doc"]
    raw = "年报.doc".encode()
    assert names(packed({"x" * len(raw): REPORT}).replace(b"x" * len(raw), raw)) == ["年报.doc"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x.txt", "x.txt"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\temp\\x.txt", "temp/x.txt"),
        ("..\\..\\x.txt", "x.txt"),
        ("a\x07b\u202e.txt", "ab.txt"),
        ("a/./../b.txt", "a/b.txt"),
        ("..", "未命名文件"),
    ],
)
def test_a_name_never_leads_anywhere(name: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert names(packed({name: REPORT})) == [shown]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b"]


def test_what_systems_leave_behind_is_passed_over() -> None:
    left = {"__MACOSX/._年报.doc": b"x", "a/Thumbs.db": b"x", ".DS_Store": b"x", "~$年报.doc": b"x", "a/": b""}
    assert names(packed({**left, "a/年报.doc": REPORT})) == ["a/年报.doc"]
    with pytest.raises(Unreadable, match="没有文件"):
        members(packed(left))


def test_an_archive_in_an_archive_is_opened_and_one_in_that_is_not() -> None:
    inner = packed({"年报.txt": REPORT})
    outer = packed({"inner.zip": inner, "b.txt": REPORT}, method=zipfile.ZIP_STORED)
    assert names(outer) == ["inner.zip!年报.txt", "b.txt"]
    with pytest.raises(Unreadable, match="套了 3 层"):
        members(packed({"outer.zip": outer}))


def test_an_office_file_in_an_archive_is_one_file_even_where_it_is_only_stored() -> None:
    word = packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"})
    data = packed({"年报.docx": word}, method=zipfile.ZIP_STORED)
    assert media_type_of(data)[0] == archive.MEDIA_TYPE
    assert members(data) == [("年报.docx", word)]
    assert media_type_of(word)[1] == "Word（docx）文件"


@pytest.mark.parametrize(
    ("files", "kind"),
    [
        ({"word/年报.txt": REPORT}, "application/zip"),
        ({"OFD.xml": b"<x/>", "Doc_0/Document.xml": b"<x/>"}, "application/ofd"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text"}, "application/vnd.oasis.opendocument.text"),
    ],
)
def test_a_zip_is_what_the_names_in_it_say(files: dict[str, bytes], kind: str) -> None:
    assert media_type_of(packed(files, method=zipfile.ZIP_STORED))[0] == kind


def encrypted(data: bytes) -> bytes:
    """The archive with its first file marked as encrypted."""
    changed = bytearray(data)
    changed[6] |= 1
    changed[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (encrypted(packed({"a.txt": REPORT})), "密码"),
        (packed({"a.txt": REPORT})[:-20], "损坏"),
        (packed({"a.txt": REPORT * 9}).replace(b"a.txt", b"b.txt", 1), "损坏"),
        (packed({f"{number}.txt": b"x" for number in range(MOST_MEMBERS + 1)}), "超过 500 个"),
        (packed({"a.txt": bytes(30_000_000)}), "炸弹"),
    ],
)
def test_an_archive_that_is_damaged_locked_or_over_a_limit_says_so(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words) as raised:
        members(data)
    assert "\n" not in str(raised.value)


def test_archives_in_an_archive_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_UNPACKED", 5000)
    inner = packed({"a.txt": bytes(2000)})
    assert len(members(packed({f"{number}.zip": inner for number in range(2)}))) == 2
    with pytest.raises(Unreadable, match="上限"):
        members(packed({f"{number}.zip": inner for number in range(3)}))


@given(st.data())
def test_no_bytes_bring_the_reader_of_archives_down(data: st.DataObject) -> None:
    whole = packed({"a/年报.txt": REPORT * 3, "b.zip": packed({"c.txt": REPORT})})
    changed = bytearray(whole[: data.draw(st.integers(4, len(whole)))])
    for _ in range(data.draw(st.integers(0, 8))):
        changed[data.draw(st.integers(4, len(changed) - 1)) if len(changed) > 4 else 0] = data.draw(st.integers(0, 255))
    try:
        found = members(bytes(changed))
    except Unreadable:
        return
    assert all(".." not in name.split("/") and not name.startswith("/") for name, _ in found)
