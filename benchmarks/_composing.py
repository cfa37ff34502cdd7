"""Reports with known values in every format that agencies publish in: one set of blocks, printed in many ways.

The words, figures and the official table layout are the replicas' (monitor/demo); here they are taken apart into
paragraphs and tables and printed anew. A `Printed` is the bytes, and the truth (the contract's `report` keys).
"""

from __future__ import annotations

import io
import random
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, Final

import docx
import numpy
import pypdfium2
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import html
from PIL import Image

from monitor.browser import find_browser
from monitor.demo.compose import compose

#: Agencies that are asked and that decide something; one that is not.
AGENCIES: Final = (
    "演示区发展和改革局", "演示区市场监督管理局", "演示区青石街道办事处", "演示区教育和体育局", "演示区水务局",
    "演示区城市管理局", "演示区人力资源和社会保障局", "演示区投资促进中心", "演示区自然资源局", "演示区卫生健康局",
)  # fmt: skip
YEARS: Final = (2019, 2020, 2021, 2022, 2023, 2024)


#: Applications in a year.
_BUSY: Final = 20


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    colspan: int
    rowspan: int


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Cell, ...], ...]

    def grid(self) -> list[list[tuple[Cell, bool]]]:
        """Each place with the cell that covers it and whether it is that cell's first."""
        width = sum(cell.colspan for cell in self.rows[0])
        placed: list[list[tuple[Cell, bool] | None]] = [[None] * width for _ in self.rows]
        for y, row in enumerate(self.rows):
            x = 0
            for cell in row:
                while placed[y][x] is not None:
                    x += 1
                for dy in range(cell.rowspan):
                    for dx in range(cell.colspan):
                        placed[y + dy][x + dx] = (cell, not dx and not dy)
        return [[place for place in row if place is not None] for row in placed]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report before it is printed: paragraphs (text, kind: title, heading, right or "") and tables."""

    title: str
    blocks: tuple[tuple[str, str] | Table, ...]
    truth: Mapping[str, Any]
    dice: random.Random


@dataclass(frozen=True, slots=True)
class Printed:
    name: str
    data: bytes
    truth: Mapping[str, Any]


def sheets(count: int) -> Iterator[Sheet]:
    """Different agencies, years, figures and habits; the same ones in every run."""
    for number in range(count):
        agency, year = AGENCIES[number % len(AGENCIES)], YEARS[(number * 5 + number // 6) % len(YEARS)]
        yield sheet(agency, year, seed=number, busy=number % 3 > 0)


def sheet(agency: str, year: int, *, seed: int, busy: bool) -> Sheet:
    """The report of an agency; `busy`: of one that is asked often, so that its tables are full of numbers."""
    signed_on = date(year + 1, 1, 3 + seed % 20)
    agency = agency.replace("投资促进中心", "商务局") if busy else agency
    while True:
        composed = compose(agency, year, seed=seed, signed_on=signed_on)
        if not busy or composed.truth["tables"]["requests"]["received"]["total"] > _BUSY:
            break
        seed += 1000
    root = html.fromstring(f"<div>{composed.body}</div>")
    dice = random.Random(f"{agency}|{year}|{seed}|print")
    blocks: list[tuple[str, str] | Table] = []
    for element in root:
        if element.tag == "table":
            blocks.append(_in_other_notations(_table(element), dice))
        else:
            blocks.append((" ".join(element.text_content().split()), _kind(element)))
    return Sheet(composed.title, tuple(blocks), composed.truth, dice)


def _kind(element: html.HtmlElement) -> str:
    style = element.get("style") or ""
    if "center" in style:
        return "title"
    if "right" in style:
        return "right"
    return "heading" if element.find("strong") is not None else ""


def _table(element: html.HtmlElement) -> Table:
    return Table(
        tuple(
            tuple(
                Cell(
                    " ".join(cell.text_content().split()), int(cell.get("colspan", "1")), int(cell.get("rowspan", "1"))
                )
                for cell in row
            )
            for row in element.iter("tr")
        )
    )


def _in_other_notations(table: Table, dice: random.Random) -> Table:
    """The same numbers as other hands write them, here and there."""

    def written(cell: Cell) -> Cell:
        if not re.fullmatch(r"\d+", cell.text) or dice.random() > 0.06:
            return cell
        value = int(cell.text)
        ways = [cell.text.translate(str.maketrans("0123456789", "０１２３４５６７８９")), f"{value:,}", f"{value}件"]
        if value > 3:
            ways.append(f"{value}（其中修订{value // 2}件）")
        return Cell(dice.choice(ways), cell.colspan, cell.rowspan)

    return Table(tuple(tuple(map(written, row)) for row in table.rows))


# ── HTML ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_html(own: Sheet, markup: str, around: str, *, encoding: str = "") -> Printed:
    """`markup`: how the editor writes (plain, word, spans, wrapped); `around`: bare, portal or layout."""
    body = "\n".join(
        _html_table(block, markup) if isinstance(block, Table) else _html_paragraph(*block, markup)
        for block in own.blocks
    )
    pages = {
        "bare": f"<html><head><meta charset='utf-8'><style>{_SHEET}</style></head><body>{body}</body></html>",
        "portal": _PORTAL.format(title=escape(own.title), body=body, style=_STYLE * 40, menu=_MENU * 60),
        "layout": f"<html><head><title>{escape(own.title)}</title></head><body><table width='980'><tr><td>"
        f"{_MENU * 5}</td></tr><tr><td><table><tr><td>{body}</td></tr></table></td></tr></table></body></html>",
    }
    written = encoding or own.dice.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16"))
    return Printed(f"{own.title}.html", pages[around].encode(written), own.truth)


_SHEET: Final = "table{width:100%;border-collapse:collapse;font-size:9pt}"
_STYLE: Final = ".xl-nav li a:hover{color:#c00;background:url(/images/bg.png) no-repeat;}\n"
_MENU: Final = "<li><a href='/col/col1.html' title='政务公开'>政务公开</a><span class='line'>|</span></li>\n"
_PORTAL: Final = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_演示区人民政府</title>
<meta name="ArticleTitle" content="{title}"><style>{style}</style></head><body>
<div class="header"><ul class="nav">{menu}</ul></div><div class="position">当前位置：首页 &gt; 年报</div>
<div class="article"><h1>{title}</h1><div class="info">发布日期：2024-01-15 来源：演示区</div>
<div id="zoom" class="TRS_Editor">{body}</div></div><div class="footer">{menu}</div></body></html>"""
#: The room in the cells, as editors give it: Word writes its own to each cell, plain pages have a pixel.
_PADDING: Final = {"spans": " cellpadding='5'", "wrapped": " cellpadding='2'"}
_WORD: Final = "mso-fareast-font-family:仿宋_GB2312;mso-bidi-font-family:Times New Roman;font-size:14.0pt;color:black"


def _html_paragraph(text: str, kind: str, markup: str) -> str:
    align = {"title": "center", "right": "right"}.get(kind, "left")
    inner = escape(text)
    if markup == "word":
        return f'<p class="MsoNormal" align="{align}" style="{_WORD}"><span style="{_WORD}">{inner}</span></p>'
    if markup == "wrapped":
        return f'<div style="text-align:{align}">　　{inner}</div>'
    return f'<p style="text-align:{align}">{inner}</p>'


def _html_table(table: Table, markup: str) -> str:
    rows = "".join(f"<tr>{''.join(_html_cell(cell, markup) for cell in row)}</tr>" for row in table.rows)
    return f'<table border="1"{_PADDING.get(markup, "")}>{rows}</table>'


def _html_cell(cell: Cell, markup: str) -> str:
    spans = (f' colspan="{cell.colspan}"' if cell.colspan > 1 else "") + (
        f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    )
    text = escape(cell.text, quote=False) or "&nbsp;"
    if markup == "word":
        text = (
            f'<p class="MsoNormal" align="center" style="{_WORD}"><span lang="EN-US" style="{_WORD}">{text}</span></p>'
        )
    elif markup == "spans" and len(cell.text) > 3 and not cell.text[0].isdigit():
        text = "".join(
            f"<font face='宋体'>{escape(piece)}</font>" for piece in (cell.text[:1], cell.text[1:3], cell.text[3:])
        )
    elif markup == "wrapped" and len(cell.text) > 8 and not cell.text[0].isdigit():
        text = f"<p>{escape(cell.text[:5])}<br>\n{escape(cell.text[5:])}</p>"
    padding = ";padding:0cm 5.4pt" if markup == "word" else ""
    return f'<td{spans} style="border:1px solid #000{padding}">{text}</td>'


# ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_text(own: Sheet, layout: str) -> Printed:
    """`layout`: cells (a cell a line behind a tab, a blank line after each row), tabs or bars (a row a line)."""
    lines: list[str] = []
    for block in own.blocks:
        if not isinstance(block, Table):
            lines += [block[0], ""]
        elif layout == "cells":
            for row in block.rows:
                lines += [*(f"\t{cell.text}" for cell in row), ""]
        else:
            mark = "\t" if layout == "tabs" else " | "
            for places in block.grid():
                texts = [cell.text if first or layout == "tabs" else "" for cell, first in places]
                lines.append(mark.join(texts) if layout == "tabs" else f"| {mark.join(texts)} |")
            lines.append("")
    return Printed(f"{own.title}.txt", "\n".join(lines).encode(own.dice.choice(("utf-8", "gb18030"))), own.truth)


# ── Word ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_docx(own: Sheet, *, numbered: bool = False) -> Printed:
    """`numbered`: the six headings get their 一、二、 from Word's automatic numbering, not from the text."""
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.size = Pt(9)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Noto Serif CJK SC")
    number = _chinese_numbering(document) if numbered else None
    for block in own.blocks:
        if isinstance(block, Table):
            _docx_table(document, block)
            continue
        text, kind = block
        heading = re.match(r"[一二三四五六]、", text) if kind == "heading" else None
        paragraph = document.add_paragraph(text[2:] if heading and number else text)
        if heading and number:
            _give_number(paragraph, number)
        if kind in ("title", "right"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if kind == "title" else WD_ALIGN_PARAGRAPH.RIGHT
    file = io.BytesIO()
    document.save(file)
    return Printed(f"{own.title}.docx", file.getvalue(), own.truth)


def _docx_table(document: Any, table: Table) -> None:
    grid = table.grid()
    made = document.add_table(len(grid), len(grid[0]))
    made.style = "Table Grid"
    for y, row in enumerate(grid):
        for x, (cell, first) in enumerate(row):
            if first:
                own = made.cell(y, x)
                if cell.colspan > 1 or cell.rowspan > 1:
                    own = own.merge(made.cell(y + cell.rowspan - 1, x + cell.colspan - 1))
                own.text = cell.text


def _chinese_numbering(document: Any) -> str:
    """The id of a list that counts 一、二、三、."""
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "97")
    level = OxmlElement("w:lvl")
    level.set(qn("w:ilvl"), "0")
    for tag, value in (("start", "1"), ("numFmt", "chineseCountingThousand"), ("suff", "nothing"), ("lvlText", "%1、")):
        part = OxmlElement(f"w:{tag}")
        part.set(qn("w:val"), value)
        level.append(part)
    abstract.append(level)
    numbering.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "97")
    reference = OxmlElement("w:abstractNumId")
    reference.set(qn("w:val"), "97")
    number.append(reference)
    numbering.append(number)
    return "97"


def _give_number(paragraph: Any, number: str) -> None:
    properties = OxmlElement("w:numPr")
    for tag, value in (("ilvl", "0"), ("numId", number)):
        part = OxmlElement(f"w:{tag}")
        part.set(qn("w:val"), value)
        properties.append(part)
    paragraph._p.get_or_add_pPr().append(properties)


def by_office(files: Sequence[Printed], kind: str) -> list[Printed]:
    """Files as LibreOffice writes them: doc, pdf or rtf, all in one call."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for number, file in enumerate(files):
            (place / f"{number}{Path(file.name).suffix}").write_bytes(file.data)
        names = [str(path) for path in sorted(place.iterdir())]
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind]
        subprocess.run([*command, "--outdir", f"{folder}/out", *names], check=True, capture_output=True, timeout=600)
        return [
            Printed(f"{Path(file.name).stem}.{kind}", (place / "out" / f"{number}.{kind}").read_bytes(), file.truth)
            for number, file in enumerate(files)
        ]


# ── PDF and scans ───────────────────────────────────────────────────────────────────────────────────────────────────


def by_browser(files: Sequence[Printed]) -> list[Printed]:
    """Pages as Chromium prints them to PDF."""
    browser = find_browser("")
    if not browser:
        raise SystemExit("no browser: make browser")
    printed = []
    for file in files:
        with tempfile.TemporaryDirectory() as folder:
            page, out = Path(folder, "page.html"), Path(folder, "page.pdf")
            page.write_bytes(file.data)
            flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={out}"]
            command = [str(browser), *flags, f"--user-data-dir={folder}/profile", page.as_uri()]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
            printed.append(Printed(f"{Path(file.name).stem}.pdf", out.read_bytes(), file.truth))
    return printed


def as_scan(file: Printed, *, dpi: int = 150, quality: int = 70, skew: float = 0.0, noise: float = 3.0) -> Printed:
    """A PDF printed to paper and scanned: grey pictures, slightly askew, with the grain of a scanner."""
    dice = numpy.random.default_rng(7)
    pages = []
    with pypdfium2.PdfDocument(file.data) as document:
        for page in document:
            picture = page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
            if skew:
                picture = picture.rotate(skew, fillcolor=255, resample=Image.Resampling.BICUBIC)
            grain = numpy.asarray(picture, dtype=float) + dice.normal(0, noise, (picture.height, picture.width))
            pages.append(Image.fromarray(grain.clip(0, 255).astype("uint8")))
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dpi, quality=quality)
    return Printed(file.name.replace(".pdf", "_scan.pdf"), out.getvalue(), file.truth)


def as_zip(file: Printed) -> Printed:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"年报/{file.name}", file.data)
    return Printed(f"{Path(file.name).stem}.zip", out.getvalue(), file.truth)


# ── all of them ─────────────────────────────────────────────────────────────────────────────────────────────────────

_MARKUPS: Final = ("plain", "word", "spans", "wrapped")
_AROUND: Final = ("bare", "portal", "layout")
_LAYOUTS: Final = ("cells", "tabs", "bars")


@lru_cache(maxsize=1)
def _sheets(count: int) -> tuple[Sheet, ...]:
    return tuple(sheets(count))


def _html(count: int) -> list[Printed]:
    return [as_html(own, _MARKUPS[number % 4], _AROUND[number // 4 % 3]) for number, own in enumerate(_sheets(count))]


def _docx(count: int) -> list[Printed]:
    return [as_docx(own, numbered=number % 2 == 1) for number, own in enumerate(_sheets(count))]


def _pdf(count: int) -> list[Printed]:
    by_word = by_office([as_docx(own) for own in _sheets(count)[: (count + 1) // 2]], "pdf")
    pages = [
        as_html(own, _MARKUPS[n % 4], "bare", encoding="utf-8")
        for n, own in enumerate(_sheets(count)[(count + 1) // 2 :])
    ]
    return by_word + by_browser(pages)


#: What is read by format: name → prints about so many reports.
FORMATS: Final[dict[str, Callable[[int], list[Printed]]]] = {
    "html": _html,
    "text": lambda count: [as_text(own, _LAYOUTS[n % 3]) for n, own in enumerate(_sheets(count))],
    "docx": _docx,
    "doc": lambda count: by_office(_docx(count), "doc"),
    "rtf": lambda count: by_office(_docx(count), "rtf"),
    "pdf": _pdf,
    "zip": lambda count: [as_zip(file) for file in _docx(count)],
    "scan": lambda count: [
        as_scan(file, skew=0.4 * (n % 3 - 1), quality=(70, 45)[n % 2]) for n, file in enumerate(_pdf(count))
    ],
}
