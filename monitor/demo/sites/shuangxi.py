"""双汐县: php. A script of its own for annual reports, gknb_show.php?id=, that only the site search leads to.

The department's own list links to the same article with one more parameter.
"""

from __future__ import annotations

from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import PLACES_OF, County, Step, Style, whole

LIST: Final = "/zwgk/gknb.php"
SHOW: Final = "/zwgk/gknb_show.php"
SEARCH: Final = "/so.php"
_PLAIN: Final = {"12": ("财政预决算", (Place.FINANCE,)), "31": ("部门动态", (Place.NEWS,))}


class Shuangxi(County):
    portal = "shuangxi"
    entry = ("政府信息公开", "/zwgk/index.php")
    filler = "/{}.php"
    search = SEARCH
    style = Style(
        body='class="show_content" id="content"',
        byline="发布机构：{publisher} 发布时间：{time} 点击数：",
    )

    def columns(self) -> tuple[str, ...]:
        return (LIST,)

    def steps(self, scene: Scene) -> dict[str, Step]:
        plain = tuple((label, f"/list.php?cid={key}") for key, (label, _) in _PLAIN.items())
        # The link to the annual reports was lost when the page was made over.
        return {"/zwgk/index.php": Step("政府信息公开", (*plain, self.filled("公开指南", "gkzn")))}

    def path(self, publication: Publication) -> str:
        script = SHOW if publication.place in PLACES_OF["reports"] else "/show.php"
        return f"{script}?id={publication.number(6)}"

    def twins(self, publication: Publication) -> tuple[str, ...]:
        office = self.office(publication)
        if office is None or publication.place not in PLACES_OF["reports"]:
            return ()
        return (f"{self.path(publication)}&dept={office.place + 100}",)

    def attachment_path(self, publication: Publication) -> str:
        return f"/upload/{publication.stated:%Y/%m}/{publication.digest[:20]}{publication.suffix}"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        number = whole(request.query.get("page"), 1)
        if request.path == LIST:
            rows = scene.rows(*PLACES_OF["reports"])
            return self._list("政府信息公开年度报告", rows, number, f"{LIST}?page=", annual=True)
        if request.path == "/list.php" and request.query.get("cid") in _PLAIN:
            key = request.query["cid"]
            label, places = _PLAIN[key]
            return self._list(label, scene.rows(*places), number, f"/list.php?cid={key}&page=")
        if request.path == SEARCH:
            return self._found(request.query.get("keyword", ""), number, scene)
        return None

    def _list(
        self, label: str, rows: tuple[Publication, ...], number: int, stem: str, *, annual: bool = False
    ) -> Page | None:
        shown, count = self.cut_rows(rows, number, cut=30)
        if not 1 <= number <= count:
            return None
        text = _LIST.render(
            self.chrome(self.entry, (label, f"{stem}1")),
            label=label,
            annual=annual,
            rows=shown,
            pages=[(k, f"{stem}{k}") for k in range(1, count + 1)],
            number=number,
        )
        return Page(text, is_list=True, part=number)

    def _found(self, keyword: str, number: int, scene: Scene) -> Page:
        """What the search finds: publications whose titles hold the words, each with the column that it stands in."""
        words = keyword.split()
        rows = [p for p in scene.shown if words and all(word in p.title for word in words)]
        shown, count = self.cut_rows(rows, number)
        text = _FOUND.render(
            self.chrome(("站内搜索", SEARCH)),
            keyword=keyword,
            rows=shown,
            total=len(rows),
            column=LIST if any(p.place is Place.REPORTS for p in rows) else "",
            following=f"{SEARCH}?keyword={keyword}&page={number + 1}" if number < count else "",
        )
        return Page(text, part=number)


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block head %}{% if annual %}<meta name="ColumnName" content="{{ label }}">{% endif %}{% endblock %}
{% block content %}<h2>{{ label }}</h2>
<ul class="list">{% for row in rows %}<li><span>[{{ row.on }}]</span><a href="{{ row.address }}" title="{{ row.title
}}">{{ row.short }}</a></li>{% endfor %}</ul>
<div class="pager">{% for k, address in pages %}{% if k == number %}<b>{{ k }}</b>{% else %}<a href="{{ address }}">{{ k
}}</a>{% endif %} {% endfor %}</div>{% endblock %}"""
)
_FOUND: Final = template(
    """{% extends "frame.html" %}{% block title %}站内搜索{% endblock %}
{% block content %}<h2>搜索“{{ keyword }}”，找到{{ total }}条结果</h2>
{% for row in rows %}<div class="result"><h3><a href="{{ row.address }}">{{ row.title }}</a></h3>
<p>{{ row.on }}</p></div>{% endfor %}
{% if column %}<p>相关栏目：<a href="{{ column }}">政府信息公开年度报告</a></p>{% endif %}
{% if following %}<a href="{{ following }}">下一页</a>{% endif %}{% endblock %}"""
)
