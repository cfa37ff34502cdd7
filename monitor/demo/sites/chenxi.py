"""辰熙区: a list drawn by script from JSON of no known platform. A browser has to see which address it asks.

The endpoint needs nothing but its query: once seen, it can be asked plainly. Its `publishTime` is milliseconds.
"""

from __future__ import annotations

import json
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import STANDARD_METAS, County, Step, Style, whole

ENDPOINT: Final = "/gateway/cms/content/page"
CHANNELS: Final = {
    "zfxxgknb": ("政府信息公开年报", (Place.REPORTS, Place.BESIDE, Place.GOVERNMENT)),
    "czyjs": ("财政预决算", (Place.FINANCE,)),
    "bmdt": ("部门动态", (Place.NEWS,)),
}
MOST: Final = 30


class Chenxi(County):
    portal = "chenxi"
    entry = ("政务公开", "/zwgk/")
    filler = "/{}/"
    style = Style(
        body='class="detail-content"',
        byline="{time}　{publisher}",
        metas=STANDARD_METAS,
    )

    def columns(self) -> tuple[str, ...]:
        return ("/zwgk/zfxxgk/zfxxgknb/",)

    def steps(self, scene: Scene) -> dict[str, Step]:
        plain = (("财政预决算", "/zwgk/czyjs/"), ("部门动态", "/zwgk/bmdt/"))
        below = ((("政府信息公开年报"), self.columns()[0]), self.filled("政府信息公开指南", "gkzn"))
        return {
            "/zwgk/": Step("政务公开", (*plain, ("政府信息公开", "/zwgk/zfxxgk/"))),
            "/zwgk/zfxxgk/": Step("政府信息公开", below, "信息公开目录"),
        }

    def path(self, publication: Publication) -> str:
        channel = next(key for key, (_, places) in CHANNELS.items() if publication.place in places)
        return f"/detail/{channel}/{publication.number(12)}.html"

    def attachment_path(self, publication: Publication) -> str:
        return f"/gateway/file/download?fileId={publication.digest[:24]}"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        if request.path == ENDPOINT:
            return self._data(request, scene)
        for channel, (label, _) in CHANNELS.items():
            address = self.columns()[0] if channel == "zfxxgknb" else f"/zwgk/{channel}/"
            if request.path == address:
                kind = "信息公开年报" if channel == "zfxxgknb" else ""
                chrome = self.chrome(self.entry, (label, address))
                text = _LIST.render(chrome, label=label, kind=kind, channel=channel, size=self.per_page)
                return Page(text, is_list=True)
            if request.path == "/static/js/list.js":
                return Page(_SCRIPT.replace("ENDPOINT", ENDPOINT), media_type="application/javascript")
        return None

    def _data(self, request: Request, scene: Scene) -> Page:
        channel = request.query.get("channel", "")
        current = whole(request.query.get("current"), 1)
        size = min(max(whole(request.query.get("size"), self.per_page), 1), MOST)
        rows = scene.rows(*CHANNELS[channel][1]) if channel in CHANNELS else ()
        records = [
            {
                "contentId": str(p.number(12)),
                "contentTitle": p.title,
                "publishTime": int(p.stated.timestamp() * 1000),
                "link": self.path(p),
                "deptName": self.publisher(p),
            }
            for p in (rows[(current - 1) * size : current * size] if current > 0 else ())
        ]
        data = {
            "records": records,
            "total": len(rows),
            "size": size,
            "current": current,
            "pages": -(-len(rows) // size),
        }
        text = json.dumps({"code": 0, "msg": "success", "data": data}, ensure_ascii=False)
        return Page(text, is_list=True, part=current, media_type="application/json")


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block head %}<meta name="ColumnName" content="{{ label }}">
<meta name="ColumnType" content="{{ kind }}">{% endblock %}
{% block content %}<div id="app" data-channel="{{ channel }}" data-size="{{ size }}"><p>加载中…</p></div>
<script src="/static/js/list.js"></script>{% endblock %}"""
)
#: The address is put together from pieces: reading the script does not tell it.
_SCRIPT: Final = """(function () {
  var app = document.getElementById("app"), base = "ENDPOINT".split("/").join("/");
  function load(current) {
    var query = ["channel=" + app.dataset.channel, "current=" + current, "size=" + app.dataset.size].join("&");
    var asked = new XMLHttpRequest();
    asked.open("GET", base + "?" + query);
    asked.onload = function () {
      var data = JSON.parse(asked.responseText).data, list = document.createElement("ul");
      list.className = "list";
      data.records.forEach(function (record) {
        var item = document.createElement("li"), link = document.createElement("a");
        var day = document.createElement("span"), at = new Date(record.publishTime + 8 * 3600000);
        link.href = record.link;
        link.title = link.textContent = record.contentTitle;
        day.textContent = at.toISOString().slice(0, 10);
        item.appendChild(link);
        item.appendChild(day);
        list.appendChild(item);
      });
      app.textContent = "";
      app.appendChild(list);
      for (var k = 1; k <= data.pages; k++) {
        var button = document.createElement("button");
        button.textContent = k;
        button.onclick = load.bind(null, k);
        app.appendChild(button);
      }
    };
    asked.send();
  }
  load(1);
})();
"""
