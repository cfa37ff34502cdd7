"""Word files that lie, are torn, or want all of the machine: each is one clear line, within the limits."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.documents import read_document
from monitor.documents.formats.packed import open_package, parse_xml
from monitor.documents.formats.word.docx import pictures, read_docx
from monitor.documents.limits import DEEPEST_XML, LARGEST_UNPACKED, MOST_MEMBERS
from monitor.errors import Unreadable
from monitor.model import Document, Grid, Paragraph
from tests.word_files import NAMES, abstract, cell, level, listed, num, par, row, run, table, word, zipped

GIGABYTE = 1_000_000_000
MAIN = "word/document.xml"


def refused(data: bytes) -> str:
    """The line that reading ends with."""
    with pytest.raises(Unreadable) as caught:
        read_docx(data)
    [line] = str(caught.value).splitlines()
    return line


def packed_up(*members: tuple[str, bytes, int, int]) -> bytes:
    """A zip of deflated bytes that may lie: name, bytes, the size and the checksum that are claimed."""
    files = directory = b""
    for name, packed, claims, checksum in members:
        head = struct.pack("<4H3L2H", 0, 8, 0, 0, checksum, len(packed), claims, len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<2H", 20, 20) + head + struct.pack("<3H2L", 0, 0, 0, 0, len(files))
        directory += name.encode()
        files += b"PK\x03\x04" + struct.pack("<H", 20) + head + name.encode() + packed
    end = struct.pack("<4H2LH", 0, 0, len(members), len(members), len(directory), len(files), 0)
    return files + directory + b"PK\x05\x06" + end


@cache
def gigabyte_of_blanks() -> bytes:
    """A thousand million blanks, deflated: one piece with a full flush behind it, as often as needed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * (GIGABYTE // 1_000_000) + packer.flush()


# ── sizes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("claims", "words"), [(GIGABYTE, "上限"), (LARGEST_UNPACKED - 1, "膨胀"), (1000, "损坏")])
def test_a_gigabyte_is_never_held_in_memory_whatever_it_claims_to_be(claims: int, words: str) -> None:
    data = packed_up((MAIN, gigabyte_of_blanks(), claims, 0))
    assert len(data) < 2_000_000
    tracemalloc.start()
    try:
        line = refused(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert words in line
    assert peak < 10_000_000


def test_many_parts_count_together() -> None:
    text = b"x" * 4_000_000
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    packed, checksum = packer.compress(text) + packer.flush(), zlib.crc32(text)
    most = LARGEST_UNPACKED // len(text)
    package = open_package(packed_up(*((f"{n}.txt", packed, len(text), checksum) for n in range(most + 1))))
    for name in package.names[:most]:
        assert len(package.read(name)) == len(text)
    with pytest.raises(Unreadable, match="上限"):
        package.read(package.names[most])


def test_a_small_part_may_grow_as_it_likes() -> None:
    assert read_docx(word(par("正文") + "<w:p/>" * 50_000)).blocks == (Paragraph("正文"),)


def test_too_many_files_are_refused_before_their_list_is_made() -> None:
    data = zipped({f"{n}": b"" for n in range(MOST_MEMBERS + 1)})
    assert "个" in refused(data)
    entry = data[data.index(b"PK\x01\x02") :]
    assert "个" in refused(data + entry * 20)


# ── packages ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_package_hands_out_its_files_by_name() -> None:
    package = open_package(zipped({"a/b.txt": b"1", "../../etc/x": b"2", "folder/": b""}))
    assert package.names == ("a/b.txt", "../../etc/x")
    assert package.read("a/b.txt") == b"1"
    assert "a/b.txt" in package
    with pytest.raises(Unreadable, match="没有"):
        package.read("c")


def test_a_file_without_a_name_is_no_file() -> None:
    assert open_package(packed_up(("", b"", 0, 0), ("a", b"", 0, 0))).names == ("a",)


def test_chinese_names_are_read_as_windows_wrote_them() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("XXXXXXXX.txt", b"1")
        archive.writestr("中文.txt", b"2")
    data = file.getvalue().replace(b"XXXXXXXX", "年度报告".encode("gbk"))
    assert open_package(data).names == ("年度报告.txt", "中文.txt")
    assert open_package(zipped({"word\\x.xml": b""})).names == ("word/x.xml",)


def test_two_files_of_one_name_are_refused_for_nobody_knows_which_people_see() -> None:
    parts = {MAIN: b"<x/>", "word/Document.xml": b"<y/>"}
    assert "两个" in refused(zipped(parts).replace(b"Document", b"document"))


def test_a_file_with_a_password_says_so() -> None:
    data = bytearray(word(par("正文")))
    place = 0
    while (place := data.find(b"PK\x01\x02", place + 1)) > 0:
        data[place + 8] |= 1
    assert "密码" in refused(bytes(data))


def test_a_method_that_office_does_not_use_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(MAIN, b"x")
    assert "压缩方法" in refused(file.getvalue())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" + b"\0" * 500])
def test_what_is_no_package_is_told(data: bytes) -> None:
    assert refused(data)


def test_a_package_without_a_main_part_is_told() -> None:
    assert "正文部分" in refused(zipped({"word/styles.xml": b"<x/>"}))
    assert "正文部分" in refused(zipped({"_rels/.rels": b"<x/>", "xl/workbook.xml": b"<x/>"}))


def test_a_main_part_of_something_else_is_told() -> None:
    assert "不是 Word" in refused(zipped({MAIN: b"<html/>"}))
    assert "没有正文" in refused(zipped({MAIN: f"<w:document {NAMES}/>".encode()}))


def test_the_main_part_is_found_where_the_package_says_or_where_it_always_is() -> None:
    main = f"<w:document {NAMES}><w:body>{par('正文')}</w:body></w:document>".encode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    rels = "<Relationships><Relationship Id='a' Type='{}' Target='{}'/></Relationships>"
    for parts in (
        {"_rels/.rels": rels.format(kind, "/doc/main.xml").encode(), "doc/main.xml": main},
        {"_rels/.rels": rels.format(kind, "doc/lost.xml").encode(), MAIN: main},
        {"_rels/.rels": b"<broken", MAIN: main},
        {MAIN: main},
    ):
        assert read_docx(zipped(parts)).blocks == (Paragraph("正文"),)


def test_wrong_content_types_and_missing_parts_do_no_harm() -> None:
    data = word(par("甲", f'<w:pStyle w:val="x"/>{listed(1)}'), parts={"[Content_Types].xml": b"\0 nonsense"})
    assert read_document(data).blocks == (Paragraph("甲"),)


def test_damaged_styles_or_numbers_make_the_file_unreadable_for_the_text_would_not_be_what_people_see() -> None:
    for name in ("styles", "numbering"):
        assert "损坏" in refused(word(par("正文"), parts={f"word/{name}.xml": b"<w:broken"}))


# ── markup ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_LAUGHS = '<!DOCTYPE x [<!ENTITY a "哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_with_all_that_it_may_declare(encoding: str) -> None:
    bomb = f"{_LAUGHS}<w:document {NAMES}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    assert "实体" in refused(zipped({MAIN: bomb.encode(encoding)}))
    outside = '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
    with pytest.raises(Unreadable, match="实体"):
        parse_xml(outside.encode(encoding))


def test_ten_thousand_nested_tables_are_refused() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 10_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 10_000
    assert "嵌套" in refused(word(deep))


@pytest.mark.parametrize("opening", ["<w:tbl><w:tr><w:tc>", "<w:sdt><w:sdtContent>", "<w:ins>", "<w:hyperlink>"])
def test_what_is_nested_as_deep_as_is_allowed_is_read(opening: str) -> None:
    tags = [tag.strip("<>") for tag in opening.split("><")]
    times = (DEEPEST_XML - 6) // len(tags)
    closing = "".join(f"</{tag}>" for tag in reversed(tags))
    paragraph = par("里") if "tbl" in opening or "sdt" in opening else run("里")
    body = opening * times + paragraph + closing * times
    blocks = read_docx(word(body if paragraph.startswith("<w:p>") else par(body))).blocks
    assert blocks == (Paragraph("里"),)


def test_depth_is_counted_to_the_last_element() -> None:
    assert parse_xml(b"<a>" * DEEPEST_XML + b"</a>" * DEEPEST_XML) is not None
    with pytest.raises(Unreadable, match="嵌套"):
        parse_xml(b"<a>" * (DEEPEST_XML + 1) + b"</a>" * (DEEPEST_XML + 1))


def test_ten_megabytes_of_text_in_one_piece_are_refused() -> None:
    assert refused(
        zipped({MAIN: f"<w:document {NAMES}><w:body>{par('x' * 11_000_000)}</w:body></w:document>".encode()})
    )


def test_styles_in_a_circle_and_lists_without_end_are_read() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
    )
    numbers = abstract(1, level(0, "upperRoman", "%1", start=999_999_999), level(10**8, "decimal", "%9%8")) + num(1, 1)
    body = par("甲", f'<w:pStyle w:val="a"/>{listed(1)}') + par("乙", listed(1, 10**8)) + par("丙", listed("x" * 99))
    assert len(read_docx(word(body, styles=styles, numbering=numbers)).blocks) == 3


def test_a_table_of_many_ragged_rows_is_bounded() -> None:
    rows = "".join(row(*[cell("1", 1 + (place * 7 + number) % 5) for place in range(60)]) for number in range(300))
    [found] = read_docx(word(table(rows))).blocks
    assert isinstance(found, Grid)
    assert max(map(len, found.rows)) <= 120


# ── mutations ───────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _whole() -> bytes:
    numbers = abstract(1, level(0, "chineseCounting", "%1、"), level(1, "decimal", "%2.")) + num(1, 1)
    styles = '<w:style w:type="paragraph" w:styleId="h"><w:name w:val="heading 1"/></w:style>'
    body = par("总体情况", f'<w:pStyle w:val="h"/>{listed(1)}') + par(run("收到") + run("17", "<w:b/>") + run("件。"))
    body += table(
        row(cell("项目", 2), "数量", cell("合计", merge="restart")),
        row(cell("组", merge="restart"), "甲", "1", cell("", merge="continue")),
        row(cell("", merge="continue"), "乙", "22", cell("", merge="continue")),
        widths=(500, 900, 700, 700),
    )
    return word(body, styles=styles, numbering=numbers)


def read_or_refused(data: bytes) -> Document | None:
    """What is read, None where reading ends with a clear line; anything else is a crash."""
    line = ""
    try:
        found = read_docx(data)
    except Unreadable as error:
        line = str(error)
    if line:
        assert "\n" not in line
        return None
    assert found.blocks
    return found


def test_a_file_cut_off_anywhere_is_refused() -> None:
    data = _whole()
    assert all(read_or_refused(data[:end]) is None for end in range(0, len(data) - 1, 3))


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_bytes_changed_anywhere_are_read_right_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(_whole())
    for place, byte in changes:
        data[place % len(data)] = byte
    found = read_or_refused(bytes(data))
    # Each part has its checksum: what is read in spite of a change is a whole part, or one that nothing points to.
    assert found is None or [block for block in found.blocks if isinstance(block, Grid)] == [
        block for block in read_docx(_whole()).blocks if isinstance(block, Grid)
    ]


_PARTS = (MAIN, "word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels", "_rels/.rels")


@given(
    st.sampled_from(_PARTS),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 60), st.binary(max_size=12)), min_size=1, max_size=4),
)
@settings(max_examples=300, deadline=None)
def test_markup_changed_anywhere_is_read_or_refused(part: str, changes: list[tuple[int, int, bytes]]) -> None:
    package = open_package(_whole())
    parts = {name: package.read(name) for name in package.names}
    text = parts[part]
    for place, length, new in changes:
        at = place % (len(text) + 1)
        text = text[:at] + new + text[at + length :]
    data = zipped({**parts, part: text})
    if read_or_refused(data) is not None:
        assert pictures(data) == []


_TAGS = st.sampled_from(
    ("p", "r", "t", "pPr", "rPr", "tbl", "tr", "tc", "tcPr", "trPr", "sdt", "sdtContent", "ins", "del", "hyperlink")
)
_ODDITIES = st.sampled_from(("fldChar", "txbxContent", "pict", "drawing", "numPr", "br", "sym", "t"))


@given(st.recursive(_ODDITIES, lambda inner: st.tuples(_TAGS, st.lists(inner, max_size=4)), max_leaves=25))
@settings(max_examples=300, deadline=None)
def test_elements_in_any_order_are_read_or_refused(tree: object) -> None:
    def written(node: object) -> str:
        if isinstance(node, tuple):
            return f"<w:{node[0]}>{''.join(map(written, node[1]))}</w:{node[0]}>"
        return f"<w:{node}>文</w:{node}>"

    read_or_refused(word(par("正文") + written(tree)))
