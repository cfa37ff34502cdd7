"""海洲区: truecms. Lists come as JSONP from messageController/getMessage.do, which answers 404 without a Referer."""

from __future__ import annotations

import json
import re
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import STANDARD_METAS, County, Step, Style, whole

ENDPOINT: Final = "/trueCMS/messageController/getMessage.do"
MOST: Final = 50  # records at once, whatever is asked for
COLUMNS: Final = {
    "c104233": ("政府信息公开年报", (Place.REPORTS, Place.BESIDE, Place.GOVERNMENT)),
    "c104240": ("财政信息", (Place.FINANCE,)),
    "c104199": ("部门动态", (Place.NEWS,)),
}
_CALLBACK: Final = re.compile(r"[A-Za-z_]\w{0,40}")


class Haizhou(County):
    portal = "haizhou"
    entry = ("公开", "/hzqzf/c104190/zwgk.shtml")
    filler = "/hzqzf/{}/second.shtml"
    per_page = 10
    style = Style(
        body='class="content-body" id="zoom"',
        byline="来源：{publisher}　　时间：{day}　　浏览量：",
        metas=STANDARD_METAS,
    )

    def columns(self) -> tuple[str, ...]:
        return (_address("c104233"),)

    def steps(self, scene: Scene) -> dict[str, Step]:
        below = tuple((label, _address(key)) for key, (label, _) in COLUMNS.items() if key != "c104233")
        platform = "/hzqzf/c104230/xxgkpt.shtml"
        return {
            "/hzqzf/c104190/zwgk.shtml": Step("公开", (("政府信息公开", platform), *below)),
            platform: Step("政府信息公开", (("政府信息公开年度报告", self.columns()[0]),), "信息公开目录"),
        }

    def path(self, publication: Publication) -> str:
        column = next(key for key, (_, places) in COLUMNS.items() if publication.place in places)
        return f"/hzqzf/{column}/{publication.stated:%Y-%m/%d}/content_{publication.number(7)}.shtml"

    def attachment_path(self, publication: Publication) -> str:
        return f"/hzqzf/uploads/{publication.stated:%Y%m%d}/{publication.digest[:32]}{publication.suffix}"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        if request.path == ENDPOINT:
            return self._message(request, scene)
        for column, (label, _) in COLUMNS.items():
            if request.path == _address(column):
                chrome = self.chrome(self.entry, (label, request.path))
                kind = "信息公开年报" if column == "c104233" else ""
                text = _LIST.render(
                    chrome, label=label, kind=kind, column=column, endpoint=ENDPOINT, size=self.per_page
                )
                return Page(text, is_list=True)
        return None

    def _message(self, request: Request, scene: Scene) -> Page | None:
        asked = request.query
        column, callback = asked.get("columnId", ""), asked.get("callback", "")
        if "referer" not in request.headers or column not in COLUMNS or not _CALLBACK.fullmatch(callback):
            return None
        start = max(whole(asked.get("startrecord"), 1), 1)
        end = min(whole(asked.get("endrecord"), self.per_page), start - 1 + MOST)
        rows = scene.rows(*COLUMNS[column][1])
        found = [
            {"id": p.number(7), "title": p.title, "url": self.path(p), "publishDate": f"{p.stated:%Y-%m-%d %H:%M:%S}"}
            for p in rows[start - 1 : end]
        ]
        data = {"success": True, "totalRecord": len(rows), "startrecord": start, "endrecord": end, "data": found}
        text = f"{callback}({json.dumps(data, ensure_ascii=False)})"
        part = (start - 1) // self.per_page + 1
        return Page(text, is_list=True, part=part, media_type="application/javascript")


def _address(column: str) -> str:
    return f"/hzqzf/{column}/list.shtml"


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block head %}<meta name="ColumnName" content="{{ label }}">
{% if kind %}<meta name="ColumnType" content="{{ kind }}">{% endif %}{% endblock %}
{% block content %}<h2>{{ label }}</h2><ul class="list" id="list"></ul><div id="pages"></div>
<script>
var page = {url: "{{ endpoint }}", columnId: "{{ column }}", perpage: {{ size }}};
function draw(answer) {
  answer.data.forEach(function (one) {
    var item = document.createElement("li"), link = document.createElement("a"), day = document.createElement("span");
    link.href = one.url;
    link.title = link.textContent = one.title;
    day.textContent = one.publishDate.slice(0, 10);
    item.appendChild(link);
    item.appendChild(day);
    document.getElementById("list").appendChild(item);
  });
}
function load(number) {
  var script = document.createElement("script"), first = (number - 1) * page.perpage + 1;
  script.src = page.url + "?callback=draw&columnId=" + page.columnId + "&startrecord=" + first + "&endrecord=" +
    (first + page.perpage - 1) + "&perpage=" + page.perpage;
  document.body.appendChild(script);
}
load(1);
</script>{% endblock %}"""
)
