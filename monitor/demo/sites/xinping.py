"""新坪县: Epoint. A list page holds no row: its script asks /rest/lightfrontaction/getgovinfolist by POST of JSON.

The site's own id stands in /js/webBuilderCommon.js; without it nothing is answered.
"""

from __future__ import annotations

import json
import uuid
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import County, Step, Style, whole

ENDPOINT: Final = "/rest/lightfrontaction/getgovinfolist"
SETTINGS: Final = "/js/webBuilderCommon.js"
SITE_GUID: Final = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
CATEGORIES: Final = {
    "003004": ("政府信息公开年报", (Place.REPORTS, Place.BESIDE, Place.GOVERNMENT)),
    "003007": ("财政预决算", (Place.FINANCE,)),
    "002001": ("工作动态", (Place.NEWS,)),
}


class Xinping(County):
    portal = "xinping"
    entry = ("政务公开", "/zwgk/openGoverMent.html")
    filler = "/{}/subpage.html"
    per_page = 10
    style = Style(
        body='class="ewb-article-info" data-role="body"',
        byline="【 信息时间：{time} 来源：{publisher} 】",
        # The page's maker forgot to fill the template in.
        metas=(
            ("SiteName", "网站名称"),
            ("ColumnName", "<jsp:include page='columnname'/>"),
            ("ArticleTitle", "{title}"),
        ),
    )

    def columns(self) -> tuple[str, ...]:
        return (_address("003004"),)

    def steps(self, scene: Scene) -> dict[str, Step]:
        platform = "/xxgk/govInfoPub.html"
        more = tuple((label, _address(key)) for key, (label, _) in CATEGORIES.items() if key != "003004")
        return {
            "/zwgk/openGoverMent.html": Step("政务公开", (*more, ("政府信息公开平台", platform))),
            platform: Step("政府信息公开平台", (("政府信息公开年报", _address("003004")),)),
        }

    def path(self, publication: Publication) -> str:
        category = next(key for key, (_, places) in CATEGORIES.items() if publication.place in places)
        name = uuid.UUID(publication.digest[:32])
        return f"/{category[:3]}/{category}/{publication.stated:%Y%m%d}/{name}.html"

    def attachment_path(self, publication: Publication) -> str:
        guid = uuid.UUID(publication.digest[16:48])
        return f"/EpointWebBuilder/WebbuilderMIS/attach/downloadZtbAttach?attachGuid={guid}&appUrlFlag=web"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        if request.path == ENDPOINT:
            return self._answer_list(request, scene)
        if request.path == SETTINGS:
            script = f'var siteInfo = {{"siteGuid": "{SITE_GUID}", "projectName": "", "siteName": "xinping"}};\n'
            return Page(script, media_type="application/javascript")
        for key, (label, _) in CATEGORIES.items():
            if request.path == _address(key):
                chrome = self.chrome(self.entry, (label, request.path))
                text = _LIST.render(
                    chrome, label=label, key=key, endpoint=ENDPOINT, settings=SETTINGS, size=self.per_page
                )
                return Page(text, is_list=True)
        return None

    def _answer_list(self, request: Request, scene: Scene) -> Page | None:
        asked = _json_of(request)
        category = str(asked.get("categorynum", ""))
        if request.method != "POST" or asked.get("siteGuid") != SITE_GUID or category not in CATEGORIES:
            refused = {"custom": {"data": [], "total": 0}, "status": {"code": 0, "text": "参数错误"}}
            return Page(json.dumps(refused, ensure_ascii=False), is_list=True, media_type="application/json")
        rows = scene.rows(*CATEGORIES[category][1])
        number, size = whole(str(asked.get("pageIndex", 0))), min(whole(str(asked.get("pageSize", 10)), 10), 50)
        shown = rows[number * size : (number + 1) * size]  # the first page is 0
        data = [
            {
                "infourl": self.path(publication),
                "realtitle": publication.title,
                "infodate": f"{publication.stated:%Y-%m-%d}",
                "deptname": self.publisher(publication),
            }
            for publication in shown
        ]
        answer = {"custom": {"data": data, "total": len(rows)}, "status": {"code": 1, "text": "操作成功"}}
        text = json.dumps(answer, ensure_ascii=False)
        return Page(text, is_list=True, part=number + 1, media_type="application/json")


def _json_of(request: Request) -> dict[str, object]:
    """What was posted as JSON; nothing where it is not an object."""
    try:
        asked = json.loads(request.body or "{}")
    except ValueError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _address(category: str) -> str:
    return f"/{category[:3]}/{category}/govinfolist.html"


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block head %}<!-- EWB-FRONT --><meta name="ColumnName" content="{{ label }}">{% endblock %}
{% block content %}<div class="ewb-container EWB-FRONT"><h2>{{ label }}</h2>
<ul class="list wb-data-item" id="govlist" data-categorynum="{{ key }}" data-deptcode=""></ul></div>
<script src="{{ settings }}"></script>
<script>
var categorynum = "{{ key }}", deptcode = "", pageSize = {{ size }};
function load(page) {
  var asked = {deptcode: deptcode, categorynum: categorynum, siteGuid: siteInfo.siteGuid, pageIndex: page,
               pageSize: pageSize};
  fetch(siteInfo.projectName + "{{ endpoint }}", {method: "POST", body: JSON.stringify(asked),
                                                  headers: {"Content-Type": "application/json"}})
    .then(function (answer) { return answer.json(); })
    .then(function (answer) {
      var list = document.getElementById("govlist");
      list.textContent = "";
      answer.custom.data.forEach(function (one) {
        var item = document.createElement("li"), link = document.createElement("a");
        var day = document.createElement("span");
        link.href = one.infourl;
        link.title = link.textContent = one.realtitle;
        day.textContent = one.infodate;
        item.appendChild(link);
        item.appendChild(day);
        list.appendChild(item);
      });
    });
}
load(0);
</script>{% endblock %}"""
)
