"""曲阜市: Hanweb JCMS. A column whose rows come as CDATA records and through dataproxy.jsp, and annual-report pages.

Every other agency, the real one first, publishes on its own xxgkAnnualReport.jsp page, where the report stands right
there for each year and an empty slot where there is none; the others' articles are rows of the column. `Maketime` is
when the page was generated and changes with the site.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import Office
from monitor.demo.site import Scene, Site, template

REPORTS_COLUMN: Final = 15310
COLUMNS: Final = {REPORTS_COLUMN: "政府信息公开年报", 15257: "财政预决算", 15121: "工作动态"}
_PLACES: Final = {
    REPORTS_COLUMN: (Place.REPORTS, Place.BESIDE, Place.GOVERNMENT),
    15257: (Place.FINANCE,),
    15121: (Place.NEWS,),
}
ANNUAL_REPORT: Final = "/module/xxgk/xxgkAnnualReport.jsp"
PROXY: Final = "/module/web/jpage/dataproxy.jsp"
DOWNLOAD: Final = "/module/download/downfile.jsp"
PER_PAGE: Final = 15
MOST_PER_PAGE: Final = 300  # the server sends no more, whatever is asked for
FIRST_YEAR: Final = 2019


class Qufu(Site):
    portal = "qufu"

    def columns(self) -> tuple[str, ...]:
        return (f"/col/col{REPORTS_COLUMN}/index.html",)

    def column(self, office: Office) -> str:
        return f"{ANNUAL_REPORT}?area={office.code}" if _has_own_page(office) else ""

    def path(self, publication: Publication) -> str:
        office = self.office(publication)
        if office and _has_own_page(office) and publication.place is Place.REPORTS:
            return f"{ANNUAL_REPORT}?area={office.code}&fbtime={publication.year}"
        day = publication.stated
        column = next(column for column, places in _PLACES.items() if publication.place in places)
        return f"/art/{day.year}/{day.month}/{day.day}/art_{column}_{publication.number(9)}.html"

    def attachment_path(self, publication: Publication) -> str:
        file = f"{publication.digest[:32]}{publication.suffix}"
        return f"{DOWNLOAD}?classid=0&filename={file}"

    def page(self, request: Request, scene: Scene) -> Page | None:
        if request.path in ("/", "/index.html"):
            links = ((label, f"/col/col{column}/index.html") for column, label in COLUMNS.items())
            return self.home(scene, *links)
        if request.path == PROXY:
            return self._proxy({**request.query, **request.form}, request, scene)
        if request.path == ANNUAL_REPORT:
            return self._annual_report(request, scene)
        for column in COLUMNS:
            if request.path == f"/col/col{column}/index.html":
                return self._list(column, request, scene)
        return None

    def article(self, publication: Publication, request: Request, scene: Scene) -> Page:
        if request.path == ANNUAL_REPORT:
            page = self._annual_report(request, scene)
            assert page is not None  # noqa: S101 (the agency is known: its publication is)
            return page
        column = int(self.path(publication).split("_")[1])
        text = _ARTICLE.render(
            self.chrome((COLUMNS[column], f"/col/col{column}/index.html")),
            title=publication.title,
            publisher=self.publisher(publication),
            column=COLUMNS[column],
            stated=publication.stated,
            made=scene.since,
            url=f"http://{request.host}{self.path(publication)}",
            body=publication.body_at(scene.since),
            file=self._file_link(publication),
        )
        return Page(text)

    def _file_link(self, publication: Publication) -> tuple[str, str] | None:
        return publication.attachment and (publication.attachment[0], self.attachment_path(publication))

    # ── the column and its data ──────────────────────────────────────────────────────────────────────────────────

    def _rows(self, column: int, scene: Scene) -> Sequence[Publication]:
        own = {name for name, office in self.offices.items() if _has_own_page(office)}
        rows = scene.rows(*_PLACES[column])
        return [p for p in rows if p.place is not Place.REPORTS or p.agency not in own]

    def _list(self, column: int, request: Request, scene: Scene) -> Page:
        rows = self._rows(column, scene)
        offices = [(o.name, self.column(o)) for o in self.offices.values() if _has_own_page(o)]
        text = _LIST.render(
            self.chrome((COLUMNS[column], f"/col/col{column}/index.html")),
            label=COLUMNS[column],
            column=column,
            unit=_unit(column),
            proxy=PROXY,
            per_page=PER_PAGE,
            total=len(rows),
            store=self._store(column, rows, 0, PER_PAGE, request),
            offices=offices if column == REPORTS_COLUMN else [],
        )
        return Page(text, is_list=True)

    def _proxy(self, asked: Mapping[str, str], request: Request, scene: Scene) -> Page | None:
        """A stretch of a column's records: by `page` where it is given, else by `startrecord` and `endrecord`."""
        numbers = {key: int(value) for key, value in asked.items() if value.isdecimal() and len(value) < 10}
        column = numbers.get("columnid", 0)
        if column not in COLUMNS or numbers.get("unitid") != _unit(column):
            return Page("<datastore></datastore>", is_list=True)
        size = min(max(numbers.get("perpage", PER_PAGE), 1), MOST_PER_PAGE)
        start = (numbers["page"] - 1) * size if "page" in numbers else numbers.get("startrecord", 1) - 1
        if "page" not in numbers and "endrecord" in numbers:
            size = min(max(numbers["endrecord"] - start, 0), MOST_PER_PAGE)
        rows = self._rows(column, scene)
        store = self._store(column, rows, max(start, 0), size, request)
        return Page(store, is_list=True, part=max(start, 0) // max(size, 1) + 1)

    def _store(self, column: int, rows: Sequence[Publication], start: int, size: int, request: Request) -> str:
        after = start // size + 2 if size else 0
        return _STORE.render(
            total=len(rows),
            pages=-(-len(rows) // size) if size else 0,
            after=after if start + size < len(rows) else 0,
            proxy=PROXY,
            size=size if size != PER_PAGE else 0,
            column=column,
            unit=_unit(column),
            site=self.locality,
            host=request.host,
            rows=[self.row(publication, cut=30) for publication in rows[start : start + size]],
        )

    # ── the annual-report pages ──────────────────────────────────────────────────────────────────────────────────

    def _annual_report(self, request: Request, scene: Scene) -> Page | None:
        office = next((o for o in self.offices.values() if o.code == request.query.get("area")), None)
        newest = scene.since.year - 1
        asked = request.query.get("fbtime") or str(newest)
        if office is None or not asked.isdecimal() or len(asked) != 4:
            return None
        here = scene.rows(Place.REPORTS, agency=office.name, year=int(asked)) if _has_own_page(office) else ()
        report = here[0] if here else None
        years = range(max(newest, FIRST_YEAR), FIRST_YEAR - 1, -1)
        text = _ANNUAL_REPORT.render(
            self.chrome(("政府信息公开年报", self.columns()[0]), (office.name, self.column(office))),
            office=office,
            # The template swaps the order of the parameters in every other link.
            years=[
                (year, f"fbtime={year}&area={office.code}" if year % 2 else f"area={office.code}&fbtime={year}")
                for year in years
            ],
            page=ANNUAL_REPORT.rpartition("/")[2],
            report=report,
            body=report.body_at(scene.since) if report else "",
            file=self._file_link(report) if report else None,
        )
        return Page(text, is_list=True)


def _has_own_page(office: Office) -> bool:
    return office.place % 2 == 0


def _unit(column: int) -> int:
    return column * 3 + 7


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block head %}<meta name="ColumnName" content="{{ label }}"><meta name="ColumnType" content="">{% endblock %}
{% block content %}
{% if offices %}<div class="side"><h3>部门年报</h3><ul>{% for name, address in offices %}
<li><a href="{{ address }}">{{ name }}</a></li>{% endfor %}</ul></div>{% endif %}
<div class="main"><h2>{{ label }}</h2>
<div id="{{ unit }}" class="default_pgContainer"><ul class="list"></ul></div>
<script type="text/xml">{{ store | safe }}</script>
<script>
var options = {perPage:{{ per_page }}, dataAfter:function () {}, totalRecord:{{ total }}, proxyUrl:'{{ proxy }}',
 col:1, appid:1, webid:67, path:'/', columnid:{{ column }}, sourceContentType:1, unitid:{{ unit }},
 webname:'{{ site.site_name }}', permissiontype:0};
(function (id) {
  var rows = "", store = document.querySelector('script[type="text/xml"]').textContent;
  store.replace(/<record><!\\[CDATA\\[([^]*?)\\]\\]><\\/record>/g, function (all, row) { rows += row; return ""; });
  document.getElementById(id).querySelector("ul").innerHTML = rows;
})("{{ unit }}");
</script></div>
{% endblock %}"""
)

_STORE: Final = template(
    """<datastore>
<totalrecord>{{ total }}</totalrecord>
<totalpage>{{ pages }}</totalpage>
<nextgroup>{% if after %}
<![CDATA[<a href="{{ proxy }}?page={{ after }}{% if size %}&perpage={{ size }}{% endif
%}&appid=1&webid=67&path=/&columnid={{ column }}&unitid={{ unit }}&webname={{ site.site_name
}}&permissiontype=0"></a>]]>{% endif %}</nextgroup>
<recordset>{% for row in rows %}
<record><![CDATA[<li><a href="http://{{ host }}{{ row.address }}" target="_blank" title="{{ row.title }}">{{ row.short
}}</a><span>{{ row.on }}</span></li>]]></record>{% endfor %}
</recordset>
</datastore>"""
)

_ARTICLE: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ title }}{% endblock %}
{% block head %}<meta name="Maketime" content="{{ made.strftime('%Y-%m-%d %H:%M:%S') }}">
<meta name="ColumnName" content="{{ column }}">
<meta name="ColumnType" content="">
<meta name="ArticleTitle" content="{{ title }}">
<meta name="PubDate" content="{{ stated.strftime('%Y-%m-%d %H:%M') }}">
<meta name="author" content="">
<meta name="contentSource" content="{{ publisher }}">
<meta name="url" content="{{ url }}">{% endblock %}
{% block content %}
<div id="article">
<h1><!--<$[标题]>begin-->{{ title }}<!--<$[标题]>end--></h1>
<div class="source">发布日期：{{ stated.strftime("%Y-%m-%d") }}　信息来源：{{ publisher }}　浏览次数：</div>
<div id="zoom" class="bt-content"><!--ZJEG_RSS.content.begin--><meta name="ContentStart">{{ body | safe
}}<meta name="ContentEnd"><!--ZJEG_RSS.content.end--></div>
{% if file %}<p>附件：<a href="{{ file[1] }}">{{ file[0] }}</a></p>{% endif %}
</div>
{% endblock %}"""
)

_ANNUAL_REPORT: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ office.name }}政府信息公开年报{% endblock %}
{% block content %}
<div class="side xxgk_nb_year"><ul>{% for year, query in years %}
<li><a href="{{ page }}?{{ query }}">{{ year }}年</a></li>{% endfor %}</ul></div>
<div class="main xxgk_nb_con">{% if report %}
<h1>{{ report.title }}</h1>
<div class="source">发布时间：{{ report.stated.strftime("%Y-%m-%d %H:%M:%S") }}　来源：{{ office.official }}</div>
<div id="zoom">{{ body | safe }}</div>
{% if file %}<p>附件：<a href="{{ file[1] }}">{{ file[0] }}</a></p>{% endif %}{% endif %}
</div>
{% endblock %}"""
)
