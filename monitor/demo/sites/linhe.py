"""临禾县: Hanweb with the old dataproxy. Only `page=` counts; records are table rows; next addresses are relative."""

from __future__ import annotations

from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Publication
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import PLACES_OF, STANDARD_METAS, County, Step, Style, whole

COLUMNS: Final = {"reports": 6655, "finance": 6640, "news": 1187}
LABELS: Final = {"reports": "政府信息公开年度报告", "finance": "财政预决算", "news": "部门动态"}
PROXY: Final = "/module/jpage/dataproxy.jsp"


class Linhe(County):
    portal = "linhe"
    filler = "/{}/index.html"
    entry = ("政务公开", "/col/col1203/index.html")
    per_page = 20
    style = Style(
        body='id="zoom"',
        byline="发布日期：{time}　来源：{publisher}　字体：[ 大 中 小 ]",
        metas=(*STANDARD_METAS, ("Maketime", "2026-03-01 08:00:00")),
    )

    def columns(self) -> tuple[str, ...]:
        return (_address("reports"),)

    def steps(self, scene: Scene) -> dict[str, Step]:
        more = ((LABELS["news"], _address("news")), (LABELS["finance"], _address("finance")))
        return {
            "/col/col1203/index.html": Step("政务公开", (*more, ("政府信息公开", "/col/col1229/index.html"))),
            "/col/col1229/index.html": Step("政府信息公开", (("政府信息公开年报", _address("reports")),), ""),
        }

    def path(self, publication: Publication) -> str:
        kind = _kind(publication)
        return f"/col/col{COLUMNS[kind]}/art/{publication.stated.year}/art_{publication.digest[:32]}.html"

    def attachment_path(self, publication: Publication) -> str:
        file = f"{publication.digest[32:56]}{publication.suffix}"
        return f"/module/download/downfile.jsp?filename={file}&classid=0"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        if request.path == PROXY:
            asked = {**request.query, **request.form}
            kind = next((kind for kind, column in COLUMNS.items() if str(column) == asked.get("columnid")), None)
            number = whole(asked.get("page"), 1)
            if kind is None or asked.get("unitid") != str(_unit(kind)):
                return Page("<datastore></datastore>", is_list=True)
            return Page(self._store(kind, scene, number), is_list=True, part=number)
        for kind in COLUMNS:
            if request.path == _address(kind):
                text = _LIST.render(
                    self.chrome(self.entry, (LABELS[kind], _address(kind))),
                    label=LABELS[kind],
                    annual=kind == "reports",
                    unit=_unit(kind),
                    column=COLUMNS[kind],
                    proxy=PROXY,
                    size=self.per_page,
                    store=self._store(kind, scene, 1),
                )
                return Page(text, is_list=True)
        return None

    def _store(self, kind: str, scene: Scene, number: int) -> str:
        rows = scene.rows(*PLACES_OF[kind])
        shown, count = self.cut_rows(rows, number, cut=28)
        return _STORE.render(
            total=len(rows),
            count=count,
            following=number + 1 if number < count else 0,
            column=COLUMNS[kind],
            unit=_unit(kind),
            rows=shown,
        )


def _kind(publication: Publication) -> str:
    return next(kind for kind, places in PLACES_OF.items() if publication.place in places)


def _address(kind: str) -> str:
    return f"/col/col{COLUMNS[kind]}/index.html"


def _unit(kind: str) -> int:
    return COLUMNS[kind] * 2 + 4413


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block head %}<meta name="ColumnName" content="{{ label }}">
<meta name="ColumnType" content="{% if annual %}信息公开年报{% endif %}">{% endblock %}
{% block content %}<h2>{{ label }}</h2>
<div id="{{ unit }}"><table class="jpage"></table></div>
<script type="text/xml">{{ store | safe }}</script>
<script>
var asked = {perPage:{{ size }}, proxyUrl:'{{ proxy }}', col:1, appid:1, webid:12, columnid:{{ column }},
 unitid:{{ unit }}};
(function (id) {
  var rows = "", store = document.querySelector('script[type="text/xml"]').textContent;
  store.replace(/<record><!\\[CDATA\\[([^]*?)\\]\\]><\\/record>/g, function (all, row) { rows += row; return ""; });
  document.getElementById(id).querySelector("table").innerHTML = rows;
})("{{ unit }}");
</script>
{% endblock %}"""
)
_STORE: Final = template(
    """<datastore><totalrecord>{{ total }}</totalrecord><totalpage>{{ count }}</totalpage>
<nextgroup>{% if following %}<![CDATA[<a href="./dataproxy.jsp?page={{ following }}&appid=1&appid=1&webid=12&path=/\
&columnid={{ column }}&unitid={{ unit }}&webname=linhe&permissiontype=0"></a>]]>{% endif %}</nextgroup>
<recordset>{% for row in rows %}<record><![CDATA[<tr><td>·</td><td><a href='{{ row.address }}' target='_blank' \
title='{{ row.title }}'>{{ row.short }}</a></td><td align='right'><i>{{ row.on }}</i></td></tr>]]></record>
{% endfor %}</recordset></datastore>"""
)
