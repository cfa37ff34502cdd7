"""Word files of composed reports: paragraphs and tables of a body's HTML, spans and all, and nothing else."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

from lxml import html
from lxml.html import HtmlElement

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
    blocks = "".join((_paragraph(title), *(_block(element) for element in _blocks(root))))
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_MAIN}"><w:body>{blocks}</w:body></w:document>'
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


def _blocks(root: HtmlElement) -> Iterator[HtmlElement]:
    """Paragraphs and tables in order, whatever they are wrapped in."""
    for element in root:
        if element.tag in ("div", "section"):
            yield from _blocks(element)
        elif isinstance(element.tag, str):
            yield element


def _block(element: HtmlElement) -> str:
    return _table(element) if element.tag == "table" else _paragraph(str(element.text_content()))


def _paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def _table(table: HtmlElement) -> str:
    """The rows; a cell that reaches down is begun once and continued in the rows below."""
    reaching: dict[int, tuple[int, int]] = {}  # column → (rows still to come, columns wide)
    rows = []
    for line in table.iter("tr"):
        cells, column = [], 0
        for cell in [*line.xpath("./td|./th"), None]:
            while column in reaching:
                left, wide = reaching.pop(column)
                cells.append(_cell("", wide, "continue"))
                if left > 1:
                    reaching[-1 - column] = (left - 1, wide)
                column += wide
            if cell is None:
                break
            wide, deep = int(cell.get("colspan", "1")), int(cell.get("rowspan", "1"))
            cells.append(_cell(str(cell.text_content()), wide, "restart" if deep > 1 else ""))
            if deep > 1:
                reaching[-1 - column] = (deep - 1, wide)
            column += wide
        # What was begun or goes on in this row counts from the next one on.
        reaching = {(-1 - key if key < 0 else key): value for key, value in reaching.items()}
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl><w:p/>"


def _cell(text: str, wide: int, merge: str) -> str:
    span = f'<w:gridSpan w:val="{wide}"/>' if wide > 1 else ""
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    return f"<w:tc><w:tcPr>{span}{merged}</w:tcPr>{_paragraph(text)}</w:tc>"
