"""薛城区: TRS WCM, static files. Year columns with irregular names, the agencies one level below the area government.

Habits: relative links, titles cut in the list, an index table and a byline with the stated time, an upload date in the
address that differs from it, GB18030 and an older template in the oldest year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from posixpath import relpath
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.site import Scene, Site, template

ROOT: Final = "/zwgk/xxgknb/"
FOLDERS: Final = {Place.NEWS: "/zwgk/gzdt/", Place.FINANCE: "/zwgk/zwgkzt/czyjs/"}
PER_PAGE: Final = 10
OLD_YEAR: Final = 2019

#: Each year's editor named the columns anew: report year → (year column, column of departments and towns below it).
_NAMES: Final = {
    2019: ("2019nxxgknb", "bmzj"),
    2020: ("xxgknb_2020", "bmjzj_1"),
    2021: ("2021nb", "bmjzjnb"),
    2022: ("2022xxgknb", "bmjzjxx"),
    2023: ("2023xxgknb", "bmjzjxx"),
    2024: ("2024nxxgknb", "bmjzjxxgknb_2024"),
    2025: ("2025nbxknb", "2025bmzjxxgknb"),
}
_INDEX: Final = re.compile(r"(?:index(?:_(\d+))?\.html)?")


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its label, the columns below it as (label, folder), and its own rows."""

    label: str
    below: tuple[tuple[str, str], ...] = ()
    rows: tuple[Publication, ...] = ()
    old: bool = False


class Xuecheng(Site):
    portal = "xuecheng"
    has_validators = True
    charset_header = ""  # a server of static files sends no charset: the page's meta must tell

    def columns(self) -> tuple[str, ...]:
        return (ROOT,)

    def path(self, publication: Publication) -> str:
        uploaded = _uploaded(publication)
        return f"{_folder(publication)}{uploaded:%Y%m}/t{uploaded:%Y%m%d}_{publication.number(9)}.html"

    def attachment_path(self, publication: Publication) -> str:
        uploaded = _uploaded(publication)
        return f"{_folder(publication)}{uploaded:%Y%m}/P0{uploaded:%Y%m%d}{publication.number(12)}{publication.suffix}"

    def page(self, request: Request, scene: Scene) -> Page | None:
        folder, _, name = request.path.rpartition("/")
        index = _INDEX.fullmatch(name)
        column = self._column(f"{folder}/", scene)
        if request.path in ("/", "/index.html"):
            return self.home(scene, ("政府信息公开年报", ROOT), *((label, path) for label, path in self._plain()))
        if request.path == "/images/pager.js":
            return Page(_PAGER, media_type="text/javascript")
        if index is None or column is None:
            return None
        current = int(index[1] or 0)
        count = max(-(-len(column.rows) // PER_PAGE), 1)
        rows = column.rows[current * PER_PAGE : (current + 1) * PER_PAGE]
        if current >= count:
            return None
        listed = [self.row(p, cut=24) | {"href": _relative(f"{folder}/", self.path(p))} for p in rows]
        below = [(label, _relative(f"{folder}/", path)) for label, path in column.below]
        layout = _OLD_LIST if column.old else _LIST
        crumbs = self.chrome((column.label, f"{folder}/"))
        text = layout.render(crumbs, label=column.label, rows=listed, below=below, count=count, current=current)
        return Page(text, is_list=True, part=current + 1, encoding="gb18030" if column.old else "utf-8")

    def article(self, publication: Publication, request: Request, scene: Scene) -> Page:
        old = _is_old(publication)
        attachment = publication.attachment and (publication.attachment[0], self.attachment_path(publication))
        text = _ARTICLE.render(
            self.chrome((_label(publication), _folder(publication))),
            charset="gb2312" if old else "utf-8",
            title=publication.title,
            publisher=self.publisher(publication),
            stated=publication.stated,
            written=publication.stated.date() - timedelta(days=2 + publication.number(2) % 7),
            body=publication.body_at(scene.since),
            files=[(attachment[0], f"./{attachment[1].rpartition('/')[2]}")] if attachment else [],
            name=self.path(publication).rpartition("/")[2].removesuffix(".html"),
            number=publication.number(7),
        )
        return Page(text, encoding="gb18030" if old else "utf-8")

    def _plain(self) -> tuple[tuple[str, str], ...]:
        return (("工作动态", FOLDERS[Place.NEWS]), ("财政预决算", FOLDERS[Place.FINANCE]))

    def _column(self, folder: str, scene: Scene) -> _Column | None:
        years = scene.years(Place.REPORTS, Place.BESIDE, Place.GOVERNMENT)
        if folder == "/zwgk/":
            return _Column("政务公开", (("政府信息公开年报", ROOT), *self._plain()))
        if folder == ROOT:
            return _Column("政府信息公开年报", tuple((f"{year}年", _year_folder(year)) for year in years))
        for place, path in FOLDERS.items():
            if folder == path:
                return _Column("工作动态" if place is Place.NEWS else "财政预决算", rows=scene.rows(place))
        for year in years:
            if folder == _year_folder(year):
                below = ("部门及镇街", _agencies_folder(year))
                return _Column(f"{year}年", (below,), scene.rows(Place.GOVERNMENT, year=year), year == OLD_YEAR)
            if folder == _agencies_folder(year):
                rows = scene.rows(Place.REPORTS, Place.BESIDE, year=year)
                return _Column("部门及镇街", rows=rows, old=year == OLD_YEAR)
        return None


def _uploaded(publication: Publication) -> date:
    """The day in the address: that of the upload, which is the stated day or some days off it."""
    if publication.claimed is not None:
        return publication.published.date()
    return publication.published.date() - timedelta(days=publication.number(2) % 5)


def _is_old(publication: Publication) -> bool:
    return publication.year == OLD_YEAR and publication.place in (Place.REPORTS, Place.BESIDE, Place.GOVERNMENT)


def _year_folder(year: int) -> str:
    return f"{ROOT}{_NAMES.get(year, (f'{year}xxgknb', ''))[0]}/"


def _agencies_folder(year: int) -> str:
    return f"{_year_folder(year)}{_NAMES.get(year, ('', 'bmjzjxx'))[1]}/"


def _folder(publication: Publication) -> str:
    if publication.place in FOLDERS:
        return FOLDERS[publication.place]
    if publication.place is Place.GOVERNMENT:
        return _year_folder(publication.year)
    return _agencies_folder(publication.year)


def _label(publication: Publication) -> str:
    if publication.place in FOLDERS:
        return "工作动态" if publication.place is Place.NEWS else "财政预决算"
    return f"{publication.year}年"


def _relative(folder: str, path: str) -> str:
    """A link as TRS writes it: ./below or ../../beside, folders with their slash."""
    link = relpath(path, folder) + ("/" if path.endswith("/") else "")
    return link if link.startswith("..") else f"./{link}"


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block content %}
{% if below %}<div class="side"><ul>{% for text, href in below %}<li><a href="{{ href }}">{{ text }}</a></li>
{% endfor %}</ul></div>{% endif %}
<div class="main"><h2>{{ label }}</h2>
<ul class="list">{% for row in rows %}
<li><a href="{{ row.href }}" target="_blank" title="{{ row.title }}">{{ row.short }}</a><span>{{ row.on }}</span></li>
{%- endfor %}
</ul>
<script src="/images/pager.js"></script>
<div class="page"><script>
//createPageHTML(9, 0, "index", "html");
createPageHTML({{ count }}, {{ current }}, "index", "html");
</script></div></div>
{% endblock %}"""
)

_OLD_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block charset %}<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />{% endblock %}
{% block content %}
{% for text, href in below %}<p>&nbsp;<A HREF="{{ href }}">{{ text }}</A></p>{% endfor %}
<TABLE width="100%" border=0 cellPadding=1 cellSpacing=1><TBODY>
{%- for row in rows %}
<TR><TD height=30 align="left">&nbsp;<A style="font-size:14px;"
 HREF="{{ row.href }}" title="{{ row.title }}">{{ row.short }}</A></TD>
<TD width="80" align="left" style="color:#999">{{ row.on }}</TD></TR>
{%- endfor %}
</TBODY></TABLE>
<div class="page"><script>
var currentPage = {{ current }};//所在页从0开始
var countPage = {{ count }}//共多少页
</script>共{{ count }}页{% for k in range(count) %}
<a href="index{% if k %}_{{ k }}{% endif %}.html">{{ k + 1 }}</a>{% endfor %}</div>
{% endblock %}"""
)

_ARTICLE: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ title }}{% endblock %}
{% block charset %}<meta http-equiv="Content-Type" content="text/html; charset={{ charset }}" />{% endblock %}
{% block content %}
<table class="xxgk_table" border="1"><tbody>
<tr><td>索引号</td><td>{{ site.region }}/{{ stated.year }}-{{ number }}</td><td>主题分类</td><td>政务公开</td></tr>
<tr><td>发布机构</td><td>{{ publisher }}</td><td>成文时间</td><td>{{ written.isoformat() }}</td></tr>
<tr><td>文号</td><td></td><td>发文时间</td><td>{{ stated.date().isoformat() }}</td></tr>
<tr><td>标题</td><td>{{ title }}</td><td>效力状态</td><td>有效</td></tr>
</tbody></table>
<h1>{{ title }}</h1>
<div class="source">作者：　　来自：{{ publisher }}　　时间：{{ stated.strftime("%Y-%m-%d %H:%M") }}
　　字体：<a href="javascript:void(0)">大</a> <a href="javascript:void(0)">小</a></div>
<div class="voice"><a href="javascript:void(0)" onclick="speak()">点击接收年报语音朗读</a> 播放 暂停 停止</div>
<div class="article-body"><div class="TRS_Editor"><style type="text/css">.TRS_Editor P{line-height:2;}</style>
<div class="TRS_Editor">{{ body | safe }}</div></div></div>
<!-- 附件列表 --><div class="list_fj">{% if files %}相关附件：<ul>{% for name, href in files %}
<li><a href="{{ href }}">{{ name }}</a></li>{% endfor %}</ul>{% endif %}</div>
<script src="/images/pager.js"></script><script>createPageHTML(1, 0, "{{ name }}", "html");</script>
{% endblock %}"""
)

_PAGER: Final = """function createPageHTML(count, current, name, ext) {
  for (var k = 0; k < count && count > 1; k++) {
    var page = name + (k ? "_" + k : "") + "." + ext;
    document.write(k === current ? " " + (k + 1) : ' <a href="' + page + '">' + (k + 1) + "</a>");
  }
}
"""
