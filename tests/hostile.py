"""Files that attack their reader, made anew for each test: nothing of the kind is kept in the project."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES: Final = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def package(parts: Mapping[str, bytes]) -> bytes:
    """An office package of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def word(body: str, *, prologue: str = "") -> bytes:
    """A Word document with this markup in its body."""
    xml = f'<?xml version="1.0"?>{prologue}<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return package({"word/document.xml": xml.encode()})


def one_gigabyte_of_word() -> bytes:
    """A document that is a megabyte packed and a thousand unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            blanks = b" " * 1_000_000
            for _ in range(1000):
                part.write(blanks)
    return out.getvalue()


def lying_about_its_size() -> bytes:
    """A package whose directory says that a part of 60 MB has a hundred bytes."""
    data = bytearray(package({"word/document.xml": b" " * 60_000_000}))
    size = struct.pack("<I", 60_000_000)
    for place in range(len(data)):
        if data[place : place + 4] == size:
            data[place : place + 4] = struct.pack("<I", 100)
    return bytes(data)


def nested_tables_of_word(depth: int) -> bytes:
    return word("<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth)


def entity_bomb() -> bytes:
    """A document of ten to the ninth laughs."""
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    return word("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", prologue=f'<!DOCTYPE d [<!ENTITY l0 "ha">{entities}]>')


def reaching_out(path: str) -> bytes:
    """A document that would show the file at `path`."""
    prologue = f'<!DOCTYPE d [<!ENTITY secret SYSTEM "file://{path}">]>'
    return word("<w:p><w:r><w:t>&secret;</w:t></w:r></w:p>", prologue=prologue)


def macro_document(body: str) -> bytes:
    """A Word document that carries a macro project."""
    xml = f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    return package({"word/document.xml": xml.encode(), "word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"AutoOpen" * 500})


def pdf(objects: Mapping[int, bytes], *, root: int = 1) -> bytes:
    """A PDF of these objects with a right cross-reference table."""
    out = io.BytesIO()
    out.write(b"%PDF-1.5\n")
    places = {}
    for number, content in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    count = max(objects) + 1
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
    for number in range(1, count):
        out.write(b"%010d 00000 n \n" % places.get(number, 0))
    out.write(b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF" % (count, root, start))
    return out.getvalue()


def pdf_whose_pages_are_a_loop() -> bytes:
    """A page tree whose only branch is the tree itself."""
    return pdf({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"})


def pdf_whose_form_draws_itself() -> bytes:
    """A page that draws a form that draws itself."""
    content = b"/F Do"
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 4 0 R >> >> /Length 5 >>"
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R"
            b" /Resources << /XObject << /F 4 0 R >> >> >>",
            4: form + b"\nstream\n" + content + b"\nendstream",
            5: b"<< /Length 5 >>\nstream\n" + content + b"\nendstream",
        }
    )


def pdf_of_one_gigabyte() -> bytes:
    """A page whose drawing is a thousand megabytes of blanks, packed."""
    packer = zlib.compressobj(9)
    blanks = b" " * 1_000_000
    packed = b"".join(packer.compress(blanks) for _ in range(1000)) + packer.flush()
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
            4: b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
        }
    )


def zip_of(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def zip_in_zip(depth: int, innermost: bytes) -> bytes:
    data = innermost
    for level in range(depth):
        data = zip_of({f"{level}.zip": data})
    return data


def nested_tables_of_html(depth: int) -> bytes:
    return ("<html><body>" + "<table><tr><td>" * depth + "1" + "</td></tr></table>" * depth + "</body></html>").encode()


def huge_picture() -> bytes:
    """A PNG of a few hundred bytes that says it has ten thousand million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9999)) + chunk(b"IEND", b"")
    )


def program() -> bytes:
    """The head of a Windows program."""
    return b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(range(256)) * 200
