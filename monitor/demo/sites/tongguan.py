"""铜官区: two generations side by side. Openness paths with a controller of their own for annual reports, and pc/list.

Every other agency, the real one first, and the area government publish with the old Openness controller
(OpennessAnnualReport; the information list OpennessContent holds everything but annual reports); the others have moved
to /tgqrmzf/<column>/pc/, whose lists are JSON in the page with the addresses as JSON inside it.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import Office
from monitor.demo.site import Scene, Site, template

ANNUAL: Final = "/openness/OpennessAnnualReport/"
CONTENT: Final = "/openness/OpennessContent/"
NEW: Final = "/tgqrmzf/zfxxgknb/pc/"
GOVERNMENT_BRANCH: Final = 1302
PER_PAGE: Final = 10

_ANNUAL_PLACES: Final = (Place.REPORTS, Place.BESIDE, Place.GOVERNMENT)
_ANNUAL_LIST: Final = re.compile(rf"{ANNUAL}showList/(\d{{1,6}})/page_(\d{{1,4}})\.html")
_CONTENT_LIST: Final = re.compile(rf"{CONTENT}showList/(\d{{1,6}})/0/page_(\d{{1,4}})\.html")


class Tongguan(Site):
    portal = "tongguan"

    def columns(self) -> tuple[str, ...]:
        return (f"{ANNUAL}showList/0/page_1.html", f"{NEW}list.html")

    def path(self, publication: Publication) -> str:
        if self._is_new(publication):
            return f"{NEW}content/content_{publication.number(19)}.html"
        controller = ANNUAL if publication.place in _ANNUAL_PLACES else CONTENT
        return f"{controller}show/{publication.number(9)}.html"

    def attachment_path(self, publication: Publication) -> str:
        folder = "/tgqrmzf/uploads/" if self._is_new(publication) else "/UserFiles/"
        return f"{folder}2F{publication.digest[:6]}{publication.suffix}"

    def page(self, request: Request, scene: Scene) -> Page | None:
        if request.path in ("/", "/index.html"):
            return self.home(scene, ("政府信息公开", "/openness/"), *self._annual_columns())
        if request.path == "/openness/":
            links = [(o.name, f"{CONTENT}showList/{_branch(o)}/0/page_1.html") for o in self.offices.values()]
            chrome = self.chrome(("政府信息公开", "/openness/"))
            return Page(_BRANCHES.render(chrome, annual=self._annual_columns(), links=links))
        if request.path == f"{NEW}list.html":
            rows = [p for p in scene.rows(Place.REPORTS, Place.BESIDE) if self._is_new(p)]
            chrome = self.chrome(("政府信息公开年报", request.path))
            data = "{articleList:" + _script_json([self._entry(p) for p in rows]) + "}"
            return Page(_NEW_LIST.render(chrome, data=data), is_list=True)
        for pattern, places in ((_ANNUAL_LIST, _ANNUAL_PLACES), (_CONTENT_LIST, (Place.FINANCE, Place.NEWS))):
            match = pattern.fullmatch(request.path)
            if match is not None:
                return self._list(request.path, int(match[1]), int(match[2]), scene, places)
        return None

    def article(self, publication: Publication, request: Request, scene: Scene) -> Page:
        new = self._is_new(publication)
        column = self.columns()[1 if new else 0]
        layout = _NEW_ARTICLE if new else _ARTICLE
        text = layout.render(
            self.chrome(("政府信息公开", "/openness/"), ("政府信息公开年报", column)),
            title=publication.title,
            publisher=self.publisher(publication),
            number=publication.number(9),
            stated=publication.stated,
            url=self.path(publication),
            body=publication.body_at(scene.since),
            file=publication.attachment and (publication.attachment[0], self.attachment_path(publication)),
        )
        return Page(text)

    def _list(self, path: str, branch: int, number: int, scene: Scene, places: tuple[Place, ...]) -> Page | None:
        """A page of a list in the old generation; branch 0 is all, the government's has its own and all information."""
        agencies = [o.name for o in self.offices.values() if _branch(o) == branch]
        if not agencies and branch not in (0, GOVERNMENT_BRANCH):
            return None
        wanted = (Place.GOVERNMENT,) if branch == GOVERNMENT_BRANCH and places == _ANNUAL_PLACES else places
        rows = [p for p in scene.rows(*wanted, agencies=agencies) if not self._is_new(p)]
        count = max(-(-len(rows) // PER_PAGE), 1)
        if not 1 <= number <= count:
            return None
        label = "政府信息公开年报" if places == _ANNUAL_PLACES else "政府信息公开目录"
        text = _LIST.render(
            self.chrome(("政府信息公开", "/openness/"), (label, path)),
            label=label,
            rows=[self.row(p, cut=30) for p in rows[(number - 1) * PER_PAGE : number * PER_PAGE]],
            stem=path.rpartition("_")[0],
            number=number,
            count=count,
            total=len(rows),
        )
        return Page(text, is_list=True, part=number)

    def _annual_columns(self) -> tuple[tuple[str, str], tuple[str, str]]:
        old, new = self.columns()
        return (("政府信息公开年报", old), ("政府信息公开年报（新版）", new))

    def _is_new(self, publication: Publication) -> bool:
        office = self.office(publication)
        return office is not None and office.place % 2 == 1 and publication.place in (Place.REPORTS, Place.BESIDE)

    def _entry(self, publication: Publication) -> dict[str, Any]:
        files = []
        if publication.attachment is not None:
            path = self.attachment_path(publication)
            name = publication.attachment[0]
            files = [{"fileName": name, "domainName": "", "filePath": path, "fileId": publication.digest[:16]}]
        return {
            "title": publication.title,
            "pubDate": f"{publication.stated:%Y-%m-%d %H:%M}",
            "urls": json.dumps({"pc": self.path(publication)}),
            "contentSource": self.publisher(publication),
            "articleFiles": files,
            "id": str(publication.number(19)),
        }


def _branch(office: Office) -> int:
    return GOVERNMENT_BRANCH + 1 + office.place


def _script_json(value: Any) -> str:
    """JSON that cannot end the script element it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


_BRANCHES: Final = template(
    """{% extends "frame.html" %}{% block title %}政府信息公开{% endblock %}
{% block content %}<div class="side"><ul>{% for label, address in annual %}
<li><a href="{{ address }}">{{ label }}</a></li>{% endfor %}</ul></div>
<div class="main"><h2>部门信息公开目录</h2><ul>{% for name, address in links %}
<li><a href="{{ address }}">{{ name }}</a></li>{% endfor %}</ul></div>{% endblock %}"""
)

_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block content %}<h2>{{ label }}</h2>
<ul class="list m-list">{% for row in rows %}
<li><a href="{{ row.address }}" target="_blank" title="{{ row.title }}">{{ row.short }}</a><span class="date">{{ row.on
}}</span></li>{% endfor %}</ul>
<div class="pagination">共 {{ total }} 条 第 {{ number }}/{{ count }} 页
{% if number > 1 %}<a href="{{ stem }}_1.html">首页</a> <a href="{{ stem }}_{{ number - 1 }}.html">上一页</a>{% endif %}
{% if number < count %}<a href="{{ stem }}_{{ number + 1 }}.html">下一页</a>
<a href="{{ stem }}_{{ count }}.html">尾页</a>{% endif %}</div>
{% endblock %}"""
)

_ARTICLE: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ title }}{% endblock %}
{% block content %}
<table class="m-detailtb" border="1"><tbody>
<tr><th>索引号</th><td>{{ site.region }}-{{ stated.year }}-{{ number }}</td><th>信息分类</th><td>政务公开</td></tr>
<tr><th>发布机构</th><td>{{ publisher }}</td><th>发布日期</th><td>{{ stated.strftime("%Y-%m-%d %H:%M") }}</td></tr>
<tr><th>文号</th><td></td><th>有效性</th><td>有效</td></tr>
<tr><th>信息名称</th><td colspan="3">{{ title }}</td></tr>
</tbody></table>
<h1>{{ title }}</h1>
<div class="m-article">{{ body | safe }}</div>
{% if file %}<p class="m-files">附件：<a href="{{ file[1] }}">{{ file[0] }}</a></p>{% endif %}
{% endblock %}"""
)

_NEW_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}政府信息公开年报{% endblock %}
{% block head %}<meta name="ColumnName" content="政府信息公开年报">
<meta name="ColumnType" content="信息公开年报">{% endblock %}
{% block content %}<h2>政府信息公开年报</h2><ul class="list" id="articles"></ul>
<script>
var pageData = {{ data | safe }};
pageData.articleList.forEach(function (article) {
  var item = document.createElement("li"), link = document.createElement("a"), day = document.createElement("span");
  link.href = JSON.parse(article.urls).pc;
  link.title = link.textContent = article.title;
  day.textContent = article.pubDate.slice(0, 10);
  item.appendChild(link);
  item.appendChild(day);
  document.getElementById("articles").appendChild(item);
});
</script>{% endblock %}"""
)

_NEW_ARTICLE: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ title }}{% endblock %}
{% block head %}<meta name="ColumnName" content="政府信息公开年报">
<meta name="ColumnType" content="信息公开年报">
<meta name="ArticleTitle" content="{{ title }}">
<meta name="PubDate" content="{{ stated.strftime('%Y-%m-%d %H:%M') }}">
<meta name="ContentSource" content="{{ publisher }}">
<meta name="Keywords" content="政府信息公开">
<meta name="Url" content="{{ url }}">{% endblock %}
{% block content %}
<h1>{{ title }}</h1>
<div class="source">发布时间：{{ stated.strftime("%Y-%m-%d %H:%M") }}　来源：{{ publisher }}</div>
<div class="pages_content" id="UCAP-CONTENT">{{ body | safe }}</div>
{% if file %}<div class="files">附件：<a href="{{ file[1] }}">{{ file[0] }}</a></div>{% endif %}
{% endblock %}"""
)
