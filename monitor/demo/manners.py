"""The editors' manners on the further portals: how titles are worded, who publishes files only, what looks alike.

The five real portals have none: what they carry stays as it is. Nothing here knows a site's addresses or markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape
from random import Random
from typing import Final

from monitor.demo.pdf import pdf_file
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import Office
from monitor.demo.word import word_file

_USUAL: Final = "{agency}{year}年政府信息公开工作年度报告"
_SPACED: Final = "{agency} {year} 年度政府信息公开工作年度报告"
_YEAR_FIRST: Final = "{year}年{agency}政府信息公开工作年度报告"
_YEAR_LAST: Final = "{agency}政府信息公开年度报告{year}"
_BRACKETS: Final = "{agency}政府信息公开工作年度报告（{year}年度）"
_ABOUT: Final = "{agency}关于{year}年政府信息公开工作情况的年度报告"
_SHORT: Final = "{agency}{year}年政府信息公开年报"
_NO_YEAR: Final = "{agency}政府信息公开工作年度报告"
_NO_AGENCY: Final = "{year}年度政府信息公开工作年度报告"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manner:
    """`titles` change from agency to agency and year to year. Every `files`-th agency publishes a file only (Word),
    every `both`-th one beside its text, every `twice`-th an article with a file after the one with the text; 0:
    none does. `pdf`: the files are PDF instead. `calls`: the short name stands in titles."""

    titles: tuple[str, ...] = (_USUAL,)
    files: int = 0
    both: int = 0
    twice: int = 0
    pdf: bool = False
    calls: bool = False


_MANNERS: Final = {
    "linhe": _Manner(titles=(_USUAL, _USUAL, _SPACED)),
    "wanshan": _Manner(titles=(_USUAL, _ABOUT), both=5),
    "yunze": _Manner(titles=(_YEAR_FIRST, _USUAL), files=6, pdf=True),
    "luanhe": _Manner(titles=(_NO_AGENCY, _USUAL, _YEAR_LAST), both=4),
    "xinping": _Manner(titles=(_USUAL, _BRACKETS), files=5, twice=8),
    "haizhou": _Manner(titles=(_USUAL, _SHORT), calls=True),
    "ningtang": _Manner(titles=(_YEAR_LAST, _USUAL), files=4, pdf=True),
    "qishan": _Manner(titles=(_USUAL, _YEAR_FIRST), both=3),
    "baihe": _Manner(titles=(_USUAL, _SPACED, _ABOUT), both=1),
    "nanlan": _Manner(titles=(_USUAL, _NO_AGENCY), files=7),
    "shuangxi": _Manner(titles=(_USUAL, _SHORT, _YEAR_LAST), calls=True),
    "beizhuang": _Manner(titles=(_YEAR_FIRST, _NO_YEAR), both=6),
    "hechuan": _Manner(titles=(_NO_YEAR, _USUAL)),
    "guling": _Manner(titles=(_USUAL, _BRACKETS), files=3, pdf=True),
    "taohu": _Manner(titles=(_USUAL, _ABOUT, _SPACED), both=7),
    "chenxi": _Manner(titles=(_USUAL, _YEAR_FIRST, _SPACED), twice=6),
}


def _dressed(publication: Publication, office: Office) -> Publication:
    manner = _MANNERS.get(office.portal)
    if manner is None:
        return publication
    form = Random(f"{office.agency}|{publication.year}|title").choice(manner.titles)
    title = form.format(agency=office.name if manner.calls else office.official, year=publication.year)
    only = _every(manner.files, office)
    if not only and not _every(manner.both, office):
        return replace(publication, title=title)
    file = _file(manner, title, publication)
    body = f"<p>{escape(title)}，详见附件。</p>" if only else publication.body
    return replace(publication, title=title, body=body, attachment=file)


def as_published(publication: Publication, office: Office) -> tuple[Publication, ...]:
    """A report in the manner of its portal: one article, or two on the same day that are twins. On the five real
    portals it is as it was."""
    dressed = _dressed(publication, office)
    manner = _MANNERS.get(office.portal)
    if manner is None or dressed.attachment is not None or not _every(manner.twice, office):
        return (dressed,)
    after = timedelta(minutes=20)
    twin = replace(
        dressed,
        published=publication.published + after,
        claimed=publication.claimed + after if publication.claimed else None,
        body=f"<p>{escape(dressed.title)}（全文）见附件。</p>",
        changes=(),
        attachment=_file(manner, dressed.title, publication),
    )
    return dressed, twin


def _file(manner: _Manner, title: str, publication: Publication) -> tuple[str, bytes]:
    """The whole report as a file: its name and its bytes."""
    printed, ending = (pdf_file, "pdf") if manner.pdf else (word_file, "docx")
    return f"{title.replace(' ', '')}.{ending}", printed(publication.title, publication.body)


def lookalikes(
    portal: str, year: int, carried: Sequence[Office]
) -> Iterator[tuple[Place, Office, tuple[int, int], str]]:
    """Further titles that are no annual report, with their place, agency and day; none on the five real portals."""
    if portal not in _MANNERS:
        return
    for number, (place, day, form) in enumerate(_LOOKALIKES):
        office = carried[(number * 3 + year) % len(carried)]
        yield place, office, day, form.format(agency=office.official, year=year, next=year + 1)


def _every(nth: int, office: Office) -> bool:
    return nth > 0 and office.place % nth == nth - 1


_LOOKALIKES: Final = (
    (Place.BESIDE, (1, 4), "关于做好{year}年政府信息公开工作年度报告编制发布工作的通知"),
    (Place.BESIDE, (1, 12), "一图读懂{agency}{year}年政府信息公开工作年度报告"),
    (Place.BESIDE, (1, 14), "{agency}{year}年政务公开工作总结"),
    (Place.BESIDE, (2, 3), "{agency}{year}年度政务公开工作要点落实情况"),
    (Place.BESIDE, (2, 8), "{agency}{year}年度质量年报"),
    (Place.BESIDE, (1, 25), "{agency}{year}年行政执法工作年度报告"),
    (Place.BESIDE, (3, 6), "{agency}{next}年政府信息公开工作要点"),
    (Place.NEWS, (1, 31), "{agency}{year}年度报告会召开"),
    (Place.NEWS, (3, 1), "{agency}公布{year}年人才发展年度报告"),
    (Place.FINANCE, (9, 2), "{agency}{year}年度部门整体支出绩效自评报告"),
    (Place.FINANCE, (2, 20), "{agency}{next}年“三公”经费预算公开报告"),
)
