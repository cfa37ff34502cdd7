"""宁塘县: 开普 in its older templates. A column for each year, zfxxgk_list.shtml and its pages, articles by a hex name.

Page 2 is `…_2.shtml`: who counts from 0 asks for a page that is not there. The two oldest years stand in columns of
list_1.shtml, which the site still carries under its former address too.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import PLACES_OF, County, Step, Style, whole

ROOT: Final = "/ntx/zwgk/zfxxgk/gknb/"
FORMER: Final = "/c100231/"
OLD_YEARS: Final = (2019, 2020)
_PLAIN: Final = {
    "/ntx/zwgk/czxx/": ("财政信息", (Place.FINANCE,)),
    "/ntx/xwzx/bmdt/": ("部门动态", (Place.NEWS,)),
}
_NAME: Final = re.compile(r"(zfxxgk_list|common_list|list)(?:_(\d+))?\.shtml")


class Ningtang(County):
    portal = "ningtang"
    has_validators = True
    entry = ("政府信息公开", "/ntx/zwgk/zfxxgk/index.shtml")
    filler = "/ntx/{}/index.shtml"
    per_page = 12
    style = Style(
        body='class="pages_content" id="UCAP-CONTENT"',
        byline="发布时间：{time} 作者： 来源：{publisher}",
        metas=(("columnname", "政府信息公开年报"), ("articletitle", "{title}"), ("pubdate", "{time}:08")),
    )

    def columns(self) -> tuple[str, ...]:
        return (f"{ROOT}index.shtml",)

    def steps(self, scene: Scene) -> dict[str, Step]:
        years = scene.years(*PLACES_OF["reports"])
        links = tuple((f"{year}年", _column(year)) for year in years)
        former = ("2020年及以前（旧版）", f"{FORMER}list_1.shtml")
        plain = tuple((label, f"{folder}common_list.shtml") for folder, (label, _) in _PLAIN.items())
        return {
            self.entry[1]: Step("政府信息公开", (("政府信息公开年报", self.columns()[0]), *plain)),
            self.columns()[0]: Step("政府信息公开年报", (*links, former), "信息公开年报"),
        }

    def path(self, publication: Publication) -> str:
        folder = next((path for path, (_, places) in _PLAIN.items() if publication.place in places), "")
        return f"{folder or _folder(publication.year)}{publication.stated:%Y%m}/{publication.digest[:32]}.shtml"

    def twins(self, publication: Publication) -> tuple[str, ...]:
        if publication.year not in OLD_YEARS or publication.place not in PLACES_OF["reports"]:
            return ()
        return (f"{FORMER}{publication.stated:%Y%m}/{publication.digest[:32]}.shtml",)

    def attachment_path(self, publication: Publication) -> str:
        return f"{self.path(publication).removesuffix('.shtml')}/files/{publication.digest[32:64]}{publication.suffix}"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        folder, _, name = request.path.rpartition("/")
        asked = _NAME.fullmatch(name)
        column = self._rows(f"{folder}/", scene)
        if asked is None or column is None:
            return None
        label, rows = column
        number = whole(asked[2], 1)
        shown, count = self.cut_rows(rows, number, cut=30)
        if f"{folder}/" == FORMER:
            shown = [{**row, "address": f"{FORMER}{'/'.join(row['address'].split('/')[-2:])}"} for row in shown]
        stem = asked[1]
        first = f"{stem}_1.shtml" if stem == "list" else f"{stem}.shtml"
        is_first = asked[2] is None or (stem == "list" and number == 1)
        if number > count or (number == 1 and not is_first):
            return None
        following = f"{stem}_{number + 1}.shtml" if number < count else ""
        crumbs = self.chrome(self.entry, (label, f"{folder}/{first}"))
        text = _LIST.render(crumbs, label=label, rows=shown, count=count, following=following, first=first)
        return Page(text, is_list=True, part=number)

    def _rows(self, folder: str, scene: Scene) -> tuple[str, tuple[Publication, ...]] | None:
        if folder in _PLAIN:
            label, places = _PLAIN[folder]
            return label, scene.rows(*places)
        if folder == FORMER:
            rows = scene.rows(*PLACES_OF["reports"])
            return "政府信息公开年报", tuple(p for p in rows if p.year in OLD_YEARS)
        years = [year for year in scene.years(*PLACES_OF["reports"]) if folder == _folder(year)]
        return (f"{years[0]}年", scene.rows(*PLACES_OF["reports"], year=years[0])) if years else None


def _folder(year: int) -> str:
    # Nobody can guess these: the editors number their columns.
    return f"{ROOT}c{100300 + year * 37 % 1000}/"


def _column(year: int) -> str:
    return f"{_folder(year)}{'list_1' if year in OLD_YEARS else 'zfxxgk_list'}.shtml"


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block content %}<h2>{{ label }}</h2>
<ul class="list gl_list">{% for row in rows %}
<li><a href="{{ row.address }}" target="_blank" title="{{ row.title }}">{{ row.short }}</a><span>{{ row.on
}}</span></li>
{%- endfor %}</ul>
<div class="pagination_index">共{{ count }}页 <a href="{{ first }}">首页</a>
{% if following %}<a class="next" href="{{ following }}">&gt;</a>{% endif %}</div>
{% endblock %}"""
)
