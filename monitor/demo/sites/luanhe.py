"""栾河县: 龙讯. A disclosure page for each organ, its lists loaded from /site/label/8888 with visible titles cut."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import Office
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import County, Step, Style, whole

LABEL: Final = "/site/label/8888"
GOVERNMENT_ORGAN: Final = 2650001
#: catId → label and what stands there.
CATEGORIES: Final = {
    "7041": ("政府信息公开年度报告", (Place.REPORTS, Place.BESIDE, Place.GOVERNMENT)),
    "7052": ("财政预决算", (Place.FINANCE,)),
    "7060": ("工作动态", (Place.NEWS,)),
}


class Luanhe(County):
    portal = "luanhe"
    entry = ("政务公开", "/zwgk/index.html")
    filler = "/content/column/{}"
    style = Style(
        body='class="j-fontContent newscontnet"',
        byline="浏览次数： 信息来源：{publisher} 发布时间：{time}",
        table=(("索引号", "{number}"), ("信息分类", "年度报告"), ("发布机构", "{publisher}"), ("发文日期", "{day}")),
    )

    def columns(self) -> tuple[str, ...]:
        return (_list_address(GOVERNMENT_ORGAN, "7041"),)

    def column(self, office: Office) -> str:
        return _list_address(_organ(office), "7041")

    def steps(self, scene: Scene) -> dict[str, Step]:
        organs = (
            ("县人民政府", GOVERNMENT_ORGAN),
            *((office.name, _organ(office)) for office in self.offices.values()),
        )
        links = tuple((name, f"/public/column/{organ}?type=2&action=list") for name, organ in organs)
        return {
            "/zwgk/index.html": Step("政务公开", (("政府信息公开", "/public/index.html"),)),
            "/public/index.html": Step("信息公开目录", links),
        }

    def path(self, publication: Publication) -> str:
        return f"/public/{self._organ_of(publication)}/{publication.number(8)}.html"

    def twins(self, publication: Publication) -> tuple[str, ...]:
        return (f"/public/content/{publication.number(8)}",)

    def attachment_path(self, publication: Publication) -> str:
        return f"/group6/M00/0A/{publication.digest[:2].upper()}/w{publication.digest[2:28]}{publication.suffix}"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        if request.path == LABEL:
            return self._label({**request.query, **request.form}, scene)
        organ = whole(request.path.removeprefix("/public/column/"))
        name = self._name(organ)
        if not request.path.startswith("/public/column/") or name is None:
            return None
        category = request.query.get("catId", "7060")
        if request.query.get("type") != "4" or category not in CATEGORIES:
            category = "7060"
        asked = {
            "IsAjax": 1,
            "dataType": "html",
            "labelName": "publicInfoList",
            "siteId": 6799621,
            "pageSize": self.per_page,
            "pageIndex": 1,
            "action": "list",
            "isDate": "true",
            "dateFormat": "yyyy-MM-dd",
            "length": 18,
            "organId": organ,
            "type": 4,
            "catId": category,
            "cId": "",
            "result": "暂无相关信息",
            "file": "/luanhe/publicInfoList_newest2020",
        }
        text = _LIST.render(
            self.chrome(self.entry, (name, f"/public/column/{organ}?type=2&action=list")),
            label=CATEGORIES[category][0],
            name=name,
            sides=[(label, _list_address(organ, key)) for key, (label, _) in CATEGORIES.items()],
            address=f"{LABEL}?{urlencode(asked)}",
        )
        return Page(text, is_list=True)

    def _label(self, asked: dict[str, str], scene: Scene) -> Page:
        organ, category = whole(asked.get("organId")), asked.get("catId", "")
        office = self._office(organ)
        if category not in CATEGORIES or self._name(organ) is None or asked.get("labelName") != "publicInfoList":
            return Page("<p>暂无相关信息</p>", is_list=True)
        places = CATEGORIES[category][1]
        rows = scene.rows(*places, agency=office.name) if office else scene.rows(Place.GOVERNMENT)
        number = whole(asked.get("pageIndex"), 1)
        shown, count = self.cut_rows(rows, number, cut=max(whole(asked.get("length"), 18), 4))
        return Page(_ROWS.render(rows=shown, number=number, count=count), is_list=True, part=number)

    def _organ_of(self, publication: Publication) -> int:
        office = self.office(publication)
        return _organ(office) if office else GOVERNMENT_ORGAN

    def _office(self, organ: int) -> Office | None:
        return next((office for office in self.offices.values() if _organ(office) == organ), None)

    def _name(self, organ: int) -> str | None:
        office = self._office(organ)
        if office is None:
            return self.locality.government if organ == GOVERNMENT_ORGAN else None
        return office.name


def _organ(office: Office) -> int:
    return GOVERNMENT_ORGAN + 17 * (office.place + 1)


def _list_address(organ: int, category: str) -> str:
    return f"/public/column/{organ}?type=4&catId={category}&action=list&nav=3"


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}-{{ name }}{% endblock %}
{% block content %}<div class="side"><h3>{{ name }}</h3><ul>{% for text, address in sides %}
<li><a href="{{ address }}">{{ text }}</a></li>{% endfor %}</ul></div>
<div class="main"><h2>{{ label }}</h2><div class="xxgk_navli" id="list"></div></div>
<script>
var url = "{{ address | safe }}";
function load(page) {
  fetch(url.replace("pageIndex=1", "pageIndex=" + page) + "&_=" + 0.5)
    .then(function (answer) { return answer.text(); })
    .then(function (text) { document.getElementById("list").innerHTML = text; });
}
load(1);
</script>{% endblock %}"""
)
_ROWS: Final = template(
    """{% for row in rows %}<ul class="clearfix xxgk_nav_list"><li class="rq">{{ row.on }}</li><li class="mc"><a
href="{{ row.address }}" target="_blank" title="{{ row.title }}">{{ row.short }}</a></li></ul>
{% endfor %}{% if not rows %}<p>暂无相关信息</p>{% endif %}
<div class="pagination" pageindex="{{ number }}" pagecount="{{ count }}">第{{ number }}/{{ count }}页
{% if number < count %}<a href="javascript:void(0)" onclick="load({{ number + 1 }})">下一页</a>{% endif %}</div>"""
)
