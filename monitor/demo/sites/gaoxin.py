"""淄博高新区: the gongkai platform, but its lists are drawn by script; the page as sent holds no row."""

from __future__ import annotations

import json
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.roster import Office
from monitor.demo.site import Scene, template
from monitor.demo.sites.gongkai import LABELS, Gongkai

DOCUMENTS: Final = "/gongkai/api/documents"
PER_PAGE: Final = 10


class Gaoxin(Gongkai):
    portal = "gaoxin"

    def page(self, request: Request, scene: Scene) -> Page | None:
        if request.path == DOCUMENTS:
            return self._documents(request, scene)
        return super().page(request, scene)

    def list_page(self, office: Office | None, kind: str, scene: Scene) -> Page:
        """A channel's page: an empty list, and the script that fills it from the data behind it."""
        frame = self._frame(office, LABELS[kind], self._folder(office, kind))
        channel = self.channel(office, kind)
        return Page(_LIST.render(frame, label=LABELS[kind], channel=channel, documents=DOCUMENTS), is_list=True)

    def _documents(self, request: Request, scene: Scene) -> Page | None:
        asked = request.query.get("page", "1")
        number = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
        for office in (None, *self.offices.values()):
            for kind in LABELS:
                if self.channel(office, kind) != request.query.get("channel") or number < 1:
                    continue
                rows = [self.row(publication) for publication in self.channel_rows(office, kind, scene)]
                shown = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
                data = {"pages": -(-len(rows) // PER_PAGE), "total": len(rows), "page": number, "rows": shown}
                return Page(
                    json.dumps(data, ensure_ascii=False), is_list=True, part=number, media_type="application/json"
                )
        return None


_LIST: Final = template(
    """{% extends "side.html" %}{% block title %}{{ label }}{% endblock %}
{% block main %}<h2>{{ label }}</h2><ul class="list" id="list" data-channel="{{ channel }}"></ul>
<script>
(function () {
  var list = document.getElementById("list"), channel = encodeURIComponent(list.getAttribute("data-channel"));
  function draw(row) {
    var item = document.createElement("li"), link = document.createElement("a"), day = document.createElement("span");
    link.href = row.address;
    link.title = link.textContent = row.title;
    day.className = "date";
    day.textContent = row.on;
    item.appendChild(link);
    item.appendChild(day);
    list.appendChild(item);
  }
  function load(page) {
    fetch("{{ documents }}?channel=" + channel + "&page=" + page)
      .then(function (answer) { return answer.json(); })
      .then(function (data) {
        data.rows.forEach(draw);
        if (page < data.pages) { load(page + 1); } else { list.setAttribute("data-loaded", data.total); }
      });
  }
  load(1);
})();
</script>
{% endblock %}"""
)
