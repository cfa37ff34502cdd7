"""云泽市: Hanweb JPaaS. The list is a unit that `page/build/unit` builds; it pages by a wrapped paramJson only.

A column page has several units; one without a Referer is refused.
"""

from __future__ import annotations

import json
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import PLACES_OF, STANDARD_METAS, County, Step, Style, whole

UNIT: Final = "/api-gateway/jpaas-publish-server/front/page/build/unit"
WEB_ID: Final = "d2f1b4a07c9e4f7f8f0f4f7f2a5b6c11"
#: The units of a column page: tag → what it lists ("" for the menu).
TAGS: Final = {"左侧导航": "", "推荐阅读": "news", "右侧内容": "column"}
COLUMNS: Final = {
    "9201": ("政府信息公开年报", PLACES_OF["reports"]),
    "9210": ("财政预决算", (Place.FINANCE,)),
    "9108": ("工作动态", (Place.NEWS,)),
}


class Yunze(County):
    portal = "yunze"
    entry = ("信息公开", "/col/col9100/index.html")
    filler = "/{}/index.html"
    per_page = 12
    style = Style(
        body='class="article-content" id="UCAP-CONTENT"',
        byline="时间：{time} 来源：{publisher}",
        metas=STANDARD_METAS,
    )

    def columns(self) -> tuple[str, ...]:
        return ("/col/col9201/index.html",)

    def steps(self, scene: Scene) -> dict[str, Step]:
        platform = "/col/col9200/index.html"
        return {
            "/col/col9100/index.html": Step(
                "信息公开", (("政府信息公开平台", platform), ("工作动态", _address("9108")))
            ),
            platform: Step("政府信息公开平台", (("财政预决算", _address("9210")), ("信息公开年报", self.columns()[0]))),
        }

    def path(self, publication: Publication) -> str:
        column = next(column for column, (_, places) in COLUMNS.items() if publication.place in places)
        return f"/col/col{column}/art/{publication.stated.year}/art_{publication.digest[:32]}.html"

    def attachment_path(self, publication: Publication) -> str:
        return f"/attach/0/{publication.digest[:32]}{publication.suffix}"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        if request.path == UNIT:
            return self._unit(request, scene)
        for column, (label, _) in COLUMNS.items():
            if request.path == _address(column):
                units = [(UNIT, _query_data(column, tag)) for tag in TAGS]
                kind = "信息公开年报" if column == "9201" else ""
                chrome = self.chrome(self.entry, (label, request.path))
                return Page(_LIST.render(chrome, label=label, kind=kind, units=units), is_list=True)
        return None

    def _unit(self, request: Request, scene: Scene) -> Page:
        asked = request.query
        column, tag = asked.get("pageId", ""), asked.get("tagId", "")
        known = column in COLUMNS and tag in TAGS and asked.get("webId") == WEB_ID
        if "referer" not in request.headers or not known:
            refused = json.dumps({"success": False, "code": "403", "message": "非法请求", "data": None})
            return Page(refused, is_list=True, media_type="application/json")
        kind = TAGS[tag]
        number = _page_number(asked.get("paramJson"))
        if kind == "":
            links = [(label, _address(key)) for key, (label, _) in COLUMNS.items()]
            fragment = _MENU.render(links=links)
        else:
            places = COLUMNS[column][1] if kind == "column" else (Place.NEWS,)
            chosen = scene.rows(*places) if kind == "column" else scene.rows(*places)[:4]
            rows, count = self.cut_rows(chosen, number, cut=32)
            pager = {"rows": self.per_page, "count": len(chosen), "number": number, "pages": count}
            fragment = _ROWS.render(rows=rows, pager=pager if kind == "column" else None)
        data = {"success": True, "code": "200", "message": "", "data": {"html": fragment}}
        return Page(json.dumps(data, ensure_ascii=False), is_list=True, part=number, media_type="application/json")


def _page_number(wrapped: str | None) -> int:
    """The page that a paramJson asks for; the first where there is none or it is no such thing."""
    try:
        asked = json.loads(wrapped or "{}")
    except ValueError:
        return 1
    return whole(str(asked.get("pageNo", 1)), 1) if isinstance(asked, dict) else 1


def _address(column: str) -> str:
    return f"/col/col{column}/index.html"


def _query_data(column: str, tag: str) -> str:
    """The unit's parameters as the page holds them: JSON in single quotes, with the platform's own spelling."""
    data = {
        "parseType": "bulidstatic",
        "webId": WEB_ID,
        "tplSetId": "5e7f3c1d0a9b4c2d8e6f1a2b3c4d5e6f",
        "pageType": "column",
        "tagId": tag,
        "editType": "null",
        "pageId": column,
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace('"', "'")


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block head %}<meta name="ColumnName" content="{{ label }}">
<meta name="ColumnType" content="{{ kind }}">{% endblock %}
{% block content %}<h2>{{ label }}</h2>
{% for address, data in units %}<div class="unit"><script type="text/javascript" url="{{ address }}"
 queryData="{{ data | safe }}"></script></div>
{% endfor %}<script>
document.querySelectorAll("script[queryData]").forEach(function (unit) {
  var data = JSON.parse(unit.getAttribute("queryData").replace(/'/g, '"'));
  fetch(unit.getAttribute("url") + "?" + new URLSearchParams(data))
    .then(function (answer) { return answer.json(); })
    .then(function (answer) { unit.parentNode.innerHTML = answer.data.html; });
});
</script>{% endblock %}"""
)
_MENU: Final = template(
    """<ul class="left">{% for label, address in links %}<li><a href="{{ address }}">{{ label }}</a></li>{% endfor %}
</ul>"""
)
_ROWS: Final = template(
    """<ul class="list">{% for row in rows %}<li><a href="{{ row.address }}" title="{{ row.title }}" target="_blank">{{
row.short }}</a><span class="date">{{ row.on }}</span></li>{% endfor %}</ul>
{% if pager %}<div class="pagination" rows="{{ pager.rows }}" count="{{ pager.count }}" pageNo="{{ pager.number }}">
{% for k in range(1, pager.pages + 1) %}<a href="javascript:void(0)" data-page="{{ k }}">{{ k }}</a>{% endfor %}</div>
{% endif %}"""
)
