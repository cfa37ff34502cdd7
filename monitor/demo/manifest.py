"""Real documents as publications: a folder with a manifest.csv that says who published which file when.

Columns: portal, agency, year, published, file, and optionally title. An HTML file is an article's body, any other file
the attachment of a short article. All rows are taken, or none.
"""

from __future__ import annotations

import csv
import re
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Final

from monitor.clock import parse_time
from monitor.demo.localities import LOCALITIES
from monitor.demo.publication import Publication
from monitor.demo.roster import OFFICES_PER_PORTAL, Office, offices
from monitor.errors import RegistryError, UsageError, system_words

FILE: Final = "manifest.csv"
COLUMNS: Final = ("portal", "agency", "year", "published", "file")
_BODY: Final = re.compile(r"<body[^>]*>(.*?)(?:</body\s*>|$)", re.IGNORECASE | re.DOTALL)


def load_manifest(folder: Path, count: int = OFFICES_PER_PORTAL) -> tuple[Publication, ...]:
    """The publications of a folder. `count`: agencies a portal. Raises RegistryError with one line a bad row."""
    path = folder / FILE
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise RegistryError([f"{path}：第 1 行缺少列 {'、'.join(missing)}。请补上表头"])
            rows = [(reader.line_num, row) for row in reader]
    except OSError as error:
        raise RegistryError([f"{path}：读不到（{system_words(error)}）。请在文件夹中放一个 {FILE}"]) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise RegistryError([f"{path}：不是 UTF-8 编码的 CSV 文件（{error}）。请另存为 UTF-8"]) from error
    found, problems = [], []
    for line, row in rows:
        try:
            found.append(_publication(folder, row, count))
        except ValueError as problem:
            problems.append(f"{path}：第 {line} 行：{problem}")
    if problems:
        raise RegistryError(problems)
    return tuple(found)


def _publication(folder: Path, row: dict[str, str | None], count: int) -> Publication:
    """One row. Raises ValueError with the problem in Chinese."""
    said = {key: (row.get(key) or "").strip() for key in (*COLUMNS, "title")}
    office = _office(said["portal"], said["agency"], count)
    if not re.fullmatch(r"20\d\d", said["year"]):
        raise ValueError(f"year“{said['year']}”不是年份。请写四位的报告年度，如 2023")
    title = said["title"] or f"{office.official}{said['year']}年政府信息公开工作年度报告"
    path = _inside(folder, said["file"])
    content = _read(path)
    is_page = path.suffix.lower() in (".html", ".htm")
    return Publication(
        portal=office.portal,
        agency=office.name,
        year=int(said["year"]),
        published=_time(said["published"]),
        title=title,
        body=_fragment(content, path) if is_page else f"<p>现公布《{escape(title)}》，全文见附件。</p>",
        attachment=None if is_page else (path.name, content),
    )


def _office(portal: str, agency: str, count: int) -> Office:
    if portal not in LOCALITIES:
        raise ValueError(f"没有演示网站“{portal}”。portal 应为 {'、'.join(LOCALITIES)} 之一")
    for office in offices(portal, count):
        if agency in (office.agency, office.name, office.official):
            return office
    raise ValueError(f"演示网站 {portal} 上没有机构“{agency}”。agency 应为名录中的机构名称或编号")


def _time(text: str) -> datetime:
    try:
        return parse_time(text)
    except UsageError as error:
        raise ValueError(f"published“{text}”不是日期。请写成 2024-01-16 或 2024-01-16T09:30") from error


def _inside(folder: Path, name: str) -> Path:
    """The file of a row, which must lie in the folder whatever links and dots its name has."""
    root = folder.resolve()
    try:
        path = (root / name).resolve()
    except (OSError, ValueError, RuntimeError) as error:  # a NUL in the name, a loop of links
        raise ValueError(f"file“{name}”不能用作文件名") from error
    if not name or not path.is_relative_to(root):
        raise ValueError(f"file“{name}”不在文件夹 {folder} 之内。请把文件放进来再填写")
    if not path.is_file():
        raise ValueError(f"file“{name}”不存在或不是文件")
    return path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"file“{path.name}”读不到（{system_words(error)}）") from error


def _fragment(content: bytes, path: Path) -> str:
    """The article's body of an HTML file: what stands in its <body>, or all of a fragment."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        match = _BODY.search(text)
        return match[1] if match else text
    raise ValueError(f"file“{path.name}”既不是 UTF-8 也不是 GB18030 编码")
