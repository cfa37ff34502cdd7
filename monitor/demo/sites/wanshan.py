"""万杉区: Hanweb where only startrecord and endrecord count, posted, and half of the agencies list by xxgk/search.jsp.

The search knows agencies by their credit code and is filtered by column only where `infotypeId` is the column's.
"""

from __future__ import annotations

from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import Office
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import PLACES_OF, County, Links, Step, Style, whole

COLUMN: Final = 49310
XXGK_COLUMN: Final = 61940
UNIT: Final = 148822
INFOTYPE: Final = "B0303"
PROXY: Final = "/module/web/jpage/dataproxy.jsp"
SEARCH: Final = "/module/xxgk/search.jsp"
MOST: Final = 60  # records that the proxy sends at once


class Wanshan(County):
    portal = "wanshan"
    entry = ("政府信息公开", "/col/col49300/index.html")
    filler = "/{}/index.html"
    style = Style(
        body='class="bt-content" id="ivs_content"',
        byline="发布时间：{day}　信息来源：{publisher}",
        table=(("索引号", "{number}"), ("公开日期", "{day}"), ("发布机构", "{publisher}"), ("公开方式", "主动公开")),
        metas=(("ColumnName", "政府信息公开年报"), ("ArticleTitle", "{title}"), ("PubDate", "{time}:00")),
    )

    def columns(self) -> tuple[str, ...]:
        return (f"/col/col{COLUMN}/index.html",)

    def column(self, office: Office) -> str:
        if not _by_search(office):
            return ""
        return f"/col/col{XXGK_COLUMN}/index.html?vc_xxgkarea={office.code}&number={INFOTYPE}&jh=263"

    def steps(self, scene: Scene) -> dict[str, Step]:
        units: Links = tuple((o.name, self.column(o)) for o in self.offices.values() if _by_search(o))
        below = (("政府信息公开年报", self.columns()[0]), ("部门和镇街信息公开", "/col/col49305/index.html"))
        return {
            "/col/col49300/index.html": Step("政府信息公开", below),
            "/col/col49305/index.html": Step("部门和镇街信息公开年报", units),
        }

    def path(self, publication: Publication) -> str:
        day = publication.stated
        office = self.office(publication)
        column = XXGK_COLUMN if office is not None and _by_search(office) else COLUMN
        return f"/art/{day.year}/{day.month}/{day.day}/art_{column}_{publication.number(8)}.html"

    def attachment_path(self, publication: Publication) -> str:
        return f"/jcms_files/jcms1/web67/site/attach/0/{publication.digest[:32]}{publication.suffix}"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        if request.path == PROXY:
            return self._proxy(request, scene)
        if request.path == SEARCH:
            return self._search(request, scene)
        if request.path == self.columns()[0]:
            return self._column(scene)
        if request.path == f"/col/col{XXGK_COLUMN}/index.html":
            office = self._office_of(request.query.get("vc_xxgkarea"))
            if office is not None:
                chrome = self.chrome(self.entry, (office.name, self.column(office)))
                text = _XXGK.render(chrome, office=office, search=SEARCH, kind=INFOTYPE, column=XXGK_COLUMN)
                return Page(text, is_list=True)
        return None

    def _rows(self, scene: Scene) -> tuple[Publication, ...]:
        rows = scene.rows(*PLACES_OF["reports"])
        return tuple(p for p in rows if (office := self.office(p)) is None or not _by_search(office))

    def _column(self, scene: Scene) -> Page:
        rows = self._rows(scene)
        text = _LIST.render(
            self.chrome(self.entry, ("政府信息公开年报", self.columns()[0])),
            unit=UNIT,
            column=COLUMN,
            proxy=PROXY,
            total=len(rows),
            rows=[self.row(p, cut=30) for p in rows[: self.per_page]],
            size=self.per_page,
        )
        return Page(text, is_list=True)

    def _proxy(self, request: Request, scene: Scene) -> Page:
        """Records from `startrecord` to `endrecord`, posted; anything else is answered with an empty store."""
        form = request.form
        known = form.get("columnid") == str(COLUMN) and form.get("unitid") == str(UNIT)
        start, end = whole(form.get("startrecord"), 1), whole(form.get("endrecord"), self.per_page)
        if request.method != "POST" or not known or start < 1:
            return Page("<datastore><totalrecord>0</totalrecord></datastore>", is_list=True)
        rows = self._rows(scene)
        shown = rows[start - 1 : min(end, start - 1 + MOST)]
        text = _STORE.render(total=len(rows), rows=[self.row(p, cut=30) for p in shown])
        return Page(text, is_list=True, part=(start - 1) // self.per_page + 1)

    def _search(self, request: Request, scene: Scene) -> Page:
        asked = {**request.query, **request.form}
        office = self._office_of(asked.get("area"))
        if office is None:
            return Page("<div>没有找到符合条件的信息</div>", is_list=True)
        annual = asked.get("infotypeId") == INFOTYPE
        places = (Place.REPORTS, Place.BESIDE) if annual else tuple(Place)
        number = whole(asked.get("currpage"), 1)
        rows, count = self.cut_rows(scene.rows(*places, agency=office.name), number, cut=26)
        return Page(_FOUND.render(rows=rows, number=number, count=count), is_list=True, part=number)

    def _office_of(self, code: str | None) -> Office | None:
        # The area of a request may have the kind of body behind the code: 11330190…-ZF.
        bare = (code or "").partition("-")[0]
        return next((office for office in self.offices.values() if office.code == bare and _by_search(office)), None)


def _by_search(office: Office) -> bool:
    return office.place % 2 == 1


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}政府信息公开年报{% endblock %}
{% block content %}<h2>政府信息公开年报</h2>
<form name="jpageform_{{ unit }}" id="jpageform_{{ unit }}"></form>
<div id="{{ unit }}"><ul class="list"></ul></div>
<script type="text/xml"><datastore><totalrecord>{{ total }}</totalrecord><nextgroup></nextgroup><recordset>
{% for row in rows %}<record><![CDATA[<li><a href="{{ row.address }}" title="{{ row.title }}">{{ row.short
}}</a><span>{{ row.on }}</span></li>]]></record>{% endfor %}</recordset></datastore></script>
<script>
var asked = {perPage:{{ size }}, totalRecord:{{ total }}, proxyUrl:'{{ proxy }}', col:1, appid:1, webid:67, path:'/',
 columnid:{{ column }}, sourceContentType:3, unitid:{{ unit }}, webname:'wanshan', permissiontype:0};
(function (store, list) {
  store.replace(/<record><!\\[CDATA\\[([^]*?)\\]\\]><\\/record>/g, function (all, row) {
    list.innerHTML += row;
    return "";
  });
})(document.querySelector('script[type="text/xml"]').textContent, document.getElementById("{{ unit }}").firstChild);
</script>{% endblock %}"""
)
_STORE: Final = template(
    """<datastore><totalrecord>{{ total }}</totalrecord><nextgroup></nextgroup><recordset>{% for row in rows %}
<record><![CDATA[<li><a href="{{ row.address }}" title="{{ row.title }}">{{ row.short }}</a><span>{{ row.on
}}</span></li>]]></record>{% endfor %}</recordset></datastore>"""
)
_XXGK: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ office.name }}政府信息公开年报{% endblock %}
{% block head %}<meta name="ColumnName" content="政府信息公开年报">{% endblock %}
{% block content %}<h2>{{ office.name }}政府信息公开年报</h2>
<form id="searchform" name="searchform" method="post" action="{{ search }}">
<input type="hidden" name="infotypeId" value="{{ kind }}"><input type="hidden" name="jdid" value="67">
<input type="hidden" name="area" value="{{ office.code }}"><input type="hidden" name="divid" value="div{{ column }}">
<input type="hidden" name="vc_title" value=""><input type="hidden" name="vc_number" value="">
<input type="hidden" name="sortfield" value=",compaltedate:0"><input type="hidden" name="currpage" value="1">
<input type="hidden" name="vc_filenumber" value=""><input type="hidden" name="vc_all" value="">
<input type="hidden" name="texttype" value=""><input type="hidden" name="fbtime" value=""></form>
<div id="div{{ column }}">正在载入…</div>
<script>
function load(page) {
  var form = new FormData(document.getElementById("searchform"));
  form.set("currpage", page);
  fetch("{{ search }}", {method: "POST", body: new URLSearchParams(form)})
    .then(function (answer) { return answer.text(); })
    .then(function (text) { document.getElementById("div{{ column }}").innerHTML = text; });
}
load(1);
</script>{% endblock %}"""
)
_FOUND: Final = template(
    """<table width="100%" class="tableParent"><tbody><tr><td>标题</td><td>发布日期</td></tr>{% for row in rows %}
<tr class="tr_main_value_{{ loop.cycle('odd', 'even') }}"><td><a href="{{ row.address }}" target="_blank" title="{{
row.title }}">{{ row.short }}</a></td><td align="center">{{ row.on }}</td></tr>{% endfor %}
<tr><td align="right">共{{ count }}页 第{{ number }}页 {% if number < count %}<a href="javascript:void(0)"
onclick="load({{ number + 1 }})">下一页</a>{% endif %}</td></tr></tbody></table>"""
)
