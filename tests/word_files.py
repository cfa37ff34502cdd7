"""Word files written by hand for tests: a body in short markup, with the parts that a test is about."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

OFFICE = "http://schemas.openxmlformats.org"
NAMES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": f"{OFFICE}/wordprocessingml/2006/main",
        "r": f"{OFFICE}/officeDocument/2006/relationships",
        "m": f"{OFFICE}/officeDocument/2006/math",
        "a": f"{OFFICE}/drawingml/2006/main",
        "mc": f"{OFFICE}/markup-compatibility/2006",
        "wp": f"{OFFICE}/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def run(text: str, properties: str = "") -> str:
    """A run of text; `properties` are the children of w:rPr."""
    own = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{own}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def par(content: str = "", properties: str = "") -> str:
    """A paragraph: of text, or of markup where it begins with one."""
    inner = content if content.startswith("<") else run(content) if content else ""
    own = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{own}{inner}</w:p>"


def cell(content: str = "", span: int = 1, merge: str = "", properties: str = "") -> str:
    """A table cell; `merge` is restart, continue or nothing."""
    own = properties
    own += f'<w:gridSpan w:val="{span}"/>' if span != 1 else ""
    own += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    inner = content if content.startswith(("<w:p", "<w:tbl")) else par(content)
    return f"<w:tc><w:tcPr>{own}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    """A table row; a cell that is no markup is its text."""
    own = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    return f"<w:tr>{own}{''.join(one if one.startswith('<') else cell(one) for one in cells)}</w:tr>"


def table(*rows: str, widths: tuple[int, ...] = ()) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr/>{f'<w:tblGrid>{columns}</w:tblGrid>' if widths else ''}{''.join(rows)}</w:tbl>"


def listed(number: str | int, level: int | None = 0) -> str:
    """Paragraph properties that number it; level None leaves the level out."""
    place = "" if level is None else f'<w:ilvl w:val="{level}"/>'
    return f'<w:numPr>{place}<w:numId w:val="{number}"/></w:numPr>'


def level(place: int, kind: str, text: str, *, start: int | None = 1, more: str = "") -> str:
    begin = "" if start is None else f'<w:start w:val="{start}"/>'
    return f'<w:lvl w:ilvl="{place}">{begin}<w:numFmt w:val="{kind}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def abstract(name: int, *levels: str, more: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{name}">{more}{"".join(levels)}</w:abstractNum>'


def num(name: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{name}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def relation(name: str, kind: str, target: str, mode: str = "") -> str:
    outside = f' TargetMode="{mode}"' if mode else ""
    kind = f"{OFFICE}/officeDocument/2006/relationships/{kind}"
    return f'<Relationship Id="{name}" Type="{kind}" Target="{target}"{outside}/>'


def word(
    body: str,
    *,
    styles: str = "",
    numbering: str = "",
    relations: str = "",
    parts: dict[str, bytes] | None = None,
    strict: bool = False,
) -> bytes:
    """A .docx of a body's markup; `styles` and `numbering` are the children of those parts' roots."""
    own: dict[str, str] = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": f"<Relationships xmlns='{_RELATIONS}'>{relation('r1', 'officeDocument', 'word/document.xml')}"
        "</Relationships>",
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
    }
    listed_parts = relations
    for name, content in (("styles", styles), ("numbering", numbering)):
        if content:
            own[f"word/{name}.xml"] = f"<w:{name} {NAMES}>{content}</w:{name}>"
            listed_parts += relation(name, name, f"{name}.xml")
    own["word/_rels/document.xml.rels"] = f"<Relationships xmlns='{_RELATIONS}'>{listed_parts}</Relationships>"
    if strict:
        own = {
            name: text.replace(f"{OFFICE}/wordprocessingml/2006/", "http://purl.oclc.org/ooxml/wordprocessingml/")
            .replace(f"{OFFICE}/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/")
            .replace(f"{OFFICE}/drawingml/2006/", "http://purl.oclc.org/ooxml/drawingml/")
            for name, text in own.items()
        }
    return zipped({**{name: text.encode() for name, text in own.items()}, **(parts or {})})


def zipped(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()
