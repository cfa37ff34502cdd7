"""Which title a report bears, whose it is and of which year: as its first lines say, or as the page called it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.dates import NUMERALS
from monitor.documents.running import Line, narrow
from monitor.model import Place
from monitor.text import squash
from monitor.titles import TitleReading, is_body, read_title

#: A title stands among the first lines, broken into at most three.
_HEAD_LINES: Final = 12
_TITLE_LINES: Final = 3
_LONGEST: Final = 80
_PIECE: Final = re.compile(r"[\u4e00-\u9fff\w（）()〔〕\[\]【】“”《》、·—\-－ 　]{2,60}")
#: What may stand on a line of its own behind a title that is already one.
_LAST_PIECE: Final = re.compile(r"的?(?:年度|工作|情况)*报告|告|[（(](?:19|20)\d\d年?度?[）)]")
#: A line of the page above the title, which is no part of it.
_CHROME: Final = re.compile(r"首页|专栏|栏目|目录|索引|文件$|公开年报$|正文|返回|当前位置")
#: Page titles append, or begin with, the site's and the column's name.
_SITE: Final = re.compile(r"\s*(?:[_|｜>＞»]|[-–—]+)\s*")
_LONGEST_NAME: Final = 300
#: 本报告由某局根据…编制: whose report it is where no title says so.
_COMPILED: Final = re.compile(
    r"报告(?:系|是)?由([\u4e00-\u9fff（）()]{4,30}?)(?:根据|按照|依据|依照|负责|组织|编制|编写)"
)

NO_REPORT: Final = TitleReading(False)


@dataclass(frozen=True, slots=True)
class Title:
    """A report's title: `printed` in the lines from `start` to before `end`, else `end` is 0 and the page told it."""

    text: str
    reading: TitleReading
    start: int = 0
    end: int = 0


def find_title(lines: Sequence[Line]) -> Title | None:
    """The title in the first lines: the first that names an agency or a year, else the first at all."""
    pieces = [_piece(line.text) for line in lines[: _HEAD_LINES + _TITLE_LINES]]
    first: Title | None = None
    for start in range(min(len(pieces), _HEAD_LINES)):
        title = _title_at(pieces, start)
        if title is not None and (title.reading.year or title.reading.agency):
            return title
        first = first or title
    return first


def _piece(text: str) -> str:
    return text.replace(" ", "") if len(text) <= 2 * _LONGEST and _PIECE.fullmatch(text.strip()) else ""


def _title_at(pieces: Sequence[str], start: int) -> Title | None:
    """The shortest join of the lines from `start` on that is a title: a line more may be the first of the text."""
    joined = ""
    for end in range(start, min(start + _TITLE_LINES, len(pieces))):
        if not pieces[end] or (end == start and _CHROME.search(pieces[end]) and "报告" not in pieces[end]):
            return None
        joined += pieces[end]
        if len(joined) > _LONGEST:
            return None
        reading = _reading(joined)
        if reading.is_report:
            if end + 1 < len(pieces) and _LAST_PIECE.fullmatch(pieces[end + 1]):
                joined, end = joined + pieces[end + 1], end + 1
                reading = read_title(joined)
            return Title(joined, reading, start, end + 1)
    return None


def _reading(text: str) -> TitleReading:
    """A reading of what can be a title at all: reading one costs more than to look for its words."""
    return read_title(text) if "公开" in text and any(word in text for word in ("报", "情况", "总结")) else NO_REPORT


def named_title(*names: str) -> Title | None:
    """The title by the page or the list: the first that is a report's, else the first; without the site's name."""
    titles = [Title(part, read_title(part)) for name in names if name for part in (_without_site(name),)]
    return next((title for title in titles if title.reading.is_report), titles[0] if titles else None)


def _without_site(name: str) -> str:
    """A page's title without the site's name behind it, or the path of columns before it."""
    name = name[:_LONGEST_NAME]
    cuts = list(_SITE.finditer(name))[:8]
    pieces = [name[: cut.start()] for cut in cuts] + [name] + [name[cut.end() :] for cut in cuts]
    return next((piece for piece in pieces if _reading(piece).is_report), name).strip()


def as_written(agency: str, title: str) -> str:
    """The agency's name in the title's own characters: comparing makes full-width brackets half-width."""
    if not agency or agency in title:
        return agency
    squashed, places = "", []
    for place, mark in enumerate(title):
        same = squash(mark)
        squashed += same
        places += [place] * len(same)
    start = squashed.find(agency)
    if start < 0:
        return agency
    return title[places[start] : places[start + len(agency) - 1] + 1].replace(" ", "")


def compiler_in(lines: Sequence[Line]) -> tuple[str, Place] | None:
    """The body that the preface says made the report (本报告由某局编制), with its place."""
    for line in lines:
        match = _COMPILED.search(line.text) if "报告" in line.text and "由" in line.text else None
        # A government's office writes the government's report and its own: that says nothing of whose this is.
        if match and is_body(match[1]) and not re.search(r"政府办公[室厅]$", match[1]):
            return match[1], Place(line.block, line.page, match[1])
    return None


def year_quote(title: str, year: int) -> str:
    """The year as a title prints it (2023, ２０２３, 二〇二三), "" where it is not found again."""
    flat = narrow(title)
    at = flat.find(str(year))
    if at >= 0:
        return title[at : at + 4]
    numerals = re.search(rf"[{NUMERALS}]{{4}}(?=年)", title)
    return numerals[0] if numerals else ""
