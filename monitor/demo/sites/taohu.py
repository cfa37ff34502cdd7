"""桃湖县: TRS WCM in the hands of other editors than 薛城's. Years below sections, towns apart, articles on two pages.

Page 2 of its lists is index_2.htm, not index_1.htm; the pager is called in each form that the platform has had. A long
article goes on at t…_1.htm, whose pager looks like a list's.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import PLACES_OF, County, Links, Step, Style, whole

ROOT: Final = "/thx/zfxxgk/gknb/"
_PLAIN: Final = {
    "/thx/zwgk/czzj/": ("财政资金", (Place.FINANCE,)),
    "/thx/xwzx/bmdt/": ("部门动态", (Place.NEWS,)),
}
#: The years before have a column in common.
SINCE: Final = 2022
_NAME: Final = re.compile(r"(?:index(?:_(\d+))?\.htm)?")
_CONTINUED: Final = re.compile(r"(.+/t\d{8}_\d+)_1\.htm")


class Taohu(County):
    portal = "taohu"
    has_validators = True
    charset_header = ""
    entry = ("政府信息公开", "/thx/zfxxgk/")
    filler = "/thx/{}/"
    per_page = 9
    style = Style(
        body='class="TRS_UEDITOR trs_paper_default trs_web"',
        byline="日期：{day}　来源：{publisher}　【打印】",
        metas=(
            ("ColumnName", "部门"),
            ("ColumnType", "政府信息公开年报"),
            ("ArticleTitle", "{title}"),
            ("PubDate", "{time}:00"),
            ("contentid", "0"),
            ("SiteIDCode", ""),
        ),
    )

    def columns(self) -> tuple[str, ...]:
        return (ROOT,)

    def steps(self, scene: Scene) -> dict[str, Step]:
        years = [year for year in scene.years(*PLACES_OF["reports"]) if year >= SINCE]
        links: Links = tuple((f"{year}年度", _year(year)) for year in years)
        plain: Links = tuple((label, folder) for folder, (label, _) in _PLAIN.items())
        steps = {
            "/thx/zfxxgk/": Step("政府信息公开", (("年度报告", ROOT), *plain)),
            ROOT: Step("政府信息公开年度报告", (*links, ("历年年报", f"{ROOT}lnnb/")), "信息公开年报"),
        }
        for year in years:
            below = (("县直部门", f"{_year(year)}xzbm/"), ("乡镇（街道）", f"{_year(year)}xzjd/"))
            steps[_year(year)] = Step(f"{year}年度", below)
        return steps

    def path(self, publication: Publication) -> str:
        # The day in the address is that of the upload; the page states another where the office was late.
        day = publication.published
        return f"{self._folder(publication)}{day:%Y%m}/t{day:%Y%m%d}_{publication.number(8)}.htm"

    def attachment_path(self, publication: Publication) -> str:
        day = publication.published
        folder = self.path(publication).rpartition("/")[0]
        return f"{folder}/P0{day:%Y%m%d}{publication.number(12)}{publication.suffix}"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        continued = _CONTINUED.fullmatch(request.path)
        if continued is not None:
            return self._continuation(f"{continued[1]}.htm", request, scene)
        if request.path == "/thx/images/pager.js":
            return Page(_PAGER, media_type="application/javascript")
        folder, _, name = request.path.rpartition("/")
        match, rows = _NAME.fullmatch(name), self._rows(f"{folder}/", scene)
        if match is None or rows is None:
            return None
        number = whole(match[1], 1)
        shown, count = self.cut_rows(rows, number, cut=26)
        if number > count or match[1] == "1":
            return None
        label = _PLAIN.get(f"{folder}/", ("政府信息公开年报",))[0]
        crumbs = self.chrome(self.entry, (label, f"{folder}/"))
        relative = [{**row, "address": _relative(f"{folder}/", row["address"])} for row in shown]
        # Which of the pagers a column calls depends on when it was made.
        form = len(folder) % 3
        text = _LIST.render(crumbs, label=label, rows=relative, count=count, number=number, form=form, total=len(rows))
        return Page(text, is_list=True, part=number)

    def article(self, publication: Publication, request: Request, scene: Scene) -> Page:
        page = super().article(publication, request, scene)
        whole_text = publication.body_at(scene.since)
        first, rest = _halves(publication, scene)
        if not rest:
            return page
        name = self.path(publication).rpartition("/")[2].removesuffix(".htm")
        pager = f'<script>createPageHTML(2, 0, "{name}", "htm");</script><a href="{name}_1.htm">下一页</a>'
        return Page(page.text.replace(whole_text, first + pager))

    def _continuation(self, address: str, request: Request, scene: Scene) -> Page | None:
        found = next((p for p in scene.shown if self.path(p) == address), None)
        rest = _halves(found, scene)[1] if found is not None else ""
        if found is None or not rest:
            return None
        text = super().article(found, request, scene).text
        return Page(text.replace(found.body_at(scene.since), rest))

    def _rows(self, folder: str, scene: Scene) -> tuple[Publication, ...] | None:
        if folder in _PLAIN:
            return scene.rows(*_PLAIN[folder][1])
        rows = tuple(p for p in scene.rows(*PLACES_OF["reports"]) if self._folder(p) == folder)
        known = folder in (f"{ROOT}lnnb/", *(f"{_year(p.year)}{end}/" for p in rows for end in ("xzbm", "xzjd")))
        return rows if known else None

    def _folder(self, publication: Publication) -> str:
        plain = next((path for path, (_, places) in _PLAIN.items() if publication.place in places), "")
        if plain:
            return plain
        if publication.year < SINCE:
            return f"{ROOT}lnnb/"
        office = self.office(publication)
        # Some offices were put among the towns when the column was made, and stayed there.
        is_town = office is not None and (office.kind == "township" or office.place % 4 == 3)
        return f"{_year(publication.year)}{'xzjd' if is_town else 'xzbm'}/"


def _year(year: int) -> str:
    return f"{ROOT}{year}n{'' if year % 2 else 'd'}/"


def _relative(folder: str, address: str) -> str:
    return f"./{address.removeprefix(folder)}"


def _halves(publication: Publication, scene: Scene) -> tuple[str, str]:
    """Of some long articles the two parts, the second beginning with the third section; of others the whole."""
    body = publication.body_at(scene.since)
    place = body.find("<p><strong>三、")
    is_cut = place > 0 and publication.place is Place.REPORTS and publication.number(2) % 4 == 0
    return (body[:place], body[place:]) if is_cut else (body, "")


_PAGER: Final = """function createPageHTML(count, current, name, ext) {
  for (var k = 0; k < count && count > 1; k++) {
    document.write(' <a href="' + name + (k ? "_" + (k + 1) : "") + "." + ext + '">' + (k + 1) + "</a>");
  }
}
function Pager(asked) { createPageHTML(asked.size, asked.current, asked.prefix, asked.suffix); }
"""
_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block head %}<meta name="ColumnName" content="{{ label }}"><meta name="ColumnType" content="">{% endblock %}
{% block content %}<h2>{{ label }}</h2>
<ul class="list">{% for row in rows %}
<li><A target=_blank HREF="{{ row.address }}" title="{{ row.title }}"><span class="date">{{ row.on }}</span><p>{{
row.short }}</p></A></li>{% endfor %}</ul>
<div class="page"><script src="/thx/images/pager.js"></script><script>
{% if form == 0 %}createPageHTML({{ count }}, {{ number - 1 }},"index","htm",{{ total }});
{% elif form == 1 %}//createPageHTML(50, 0, "index", "htm");
var currentPage = {{ number - 1 }};//所在页从0开始
var countPage = {{ count }}//共多少页
{% else %}Pager({size:{{ count }}, current:{{ number - 1 }}, prefix:'index', suffix:'htm'});
{% endif %}</script></div>{% endblock %}"""
)
