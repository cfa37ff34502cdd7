"""Word files of composed reports: paragraphs and tables of a body's HTML, spans and all, and nothing else."""

from __future__ import annotations

import io
import zipfile
from typing import Final
from xml.sax.saxutils import escape

from lxml import html
from lxml.html import HtmlElement

from monitor.demo.cells import Cell, blocks, cells

_MAIN: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_WRITTEN: Final = (2020, 1, 1, 0, 0, 0)  # the same bytes in every run


def word_file(title: str, body: str) -> bytes:
    """A .docx file of a title and an HTML fragment of paragraphs and tables."""
    root = html.fragment_fromstring(body, create_parent=True)
    content = "".join((_paragraph(title), *(_block(element) for element in blocks(root))))
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_MAIN}"><w:body>{content}</w:body></w:document>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
        ):
            archive.writestr(zipfile.ZipInfo(name, _WRITTEN), text.encode(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _block(element: HtmlElement) -> str:
    return _table(element) if element.tag == "table" else _paragraph(str(element.text_content()))


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _table(table: HtmlElement) -> str:
    """The rows; a cell that reaches down is begun once and continued in the rows below."""
    placed = cells(table)
    rows = []
    for row in range(max(cell.row + cell.deep for cell in placed)):
        here = sorted((cell for cell in placed if cell.row <= row < cell.row + cell.deep), key=lambda cell: cell.column)
        rows.append(f"<w:tr>{''.join(_cell(cell, row) for cell in here)}</w:tr>")
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl><w:p/>"


def _cell(cell: Cell, row: int) -> str:
    span = f'<w:gridSpan w:val="{cell.wide}"/>' if cell.wide > 1 else ""
    is_first = row == cell.row
    merged = f'<w:vMerge w:val="{"restart" if is_first else "continue"}"/>' if cell.deep > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merged}</w:tcPr>{_paragraph(cell.text if is_first else '')}</w:tc>"
