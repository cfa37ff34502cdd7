"""岐杉县: jeecms. Departments in .jhtml columns whose page k is index_k.jhtml; towns in .jspx lists by query."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import PLACES_OF, County, Step, Style, whole

ROOT: Final = "/zfxxgknb/"
TOWNS: Final = "/xxgk/list.jspx"
TOWNS_CHANNEL: Final = "2871"
_PLAIN: Final = {"/czyjs/": ("财政预决算", (Place.FINANCE,)), "/gzdt/": ("工作动态", (Place.NEWS,))}
_NAME: Final = re.compile(r"index(?:_(\d+))?\.jhtml")


class Qishan(County):
    portal = "qishan"
    entry = ("信息公开", "/xxgk/index.jhtml")
    filler = "/{}/index.jhtml"
    style = Style(
        body='class="Conlist_txt"',
        byline="{day} 来源：{publisher} 点击率：",
        metas=(("ColumnName", "年度报告"), ("ColumnType", "5"), ("PubDate", "{time}")),
    )

    def columns(self) -> tuple[str, ...]:
        return (f"{ROOT}index.jhtml", f"{TOWNS}?channelId={TOWNS_CHANNEL}&pageNo=1")

    def steps(self, scene: Scene) -> dict[str, Step]:
        departments, towns = self.columns()
        below = "/xxgk/zfxxgk.jhtml"
        plain = tuple((label, f"{folder}index.jhtml") for folder, (label, _) in _PLAIN.items())
        return {
            "/xxgk/index.jhtml": Step("信息公开", (("政府信息公开", below), *plain)),
            below: Step("政府信息公开", (("县级部门信息公开年报", departments), ("乡镇信息公开年报", towns))),
        }

    def path(self, publication: Publication) -> str:
        folder = next((path for path, (_, places) in _PLAIN.items() if publication.place in places), "")
        if folder:
            return f"{folder}{publication.number(6)}.jhtml"
        if self._is_town(publication):
            return f"/xxgk/view.jspx?channelId={TOWNS_CHANNEL}&contentId={publication.number(7)}"
        return f"{ROOT}{publication.number(6)}.jhtml"

    def attachment_path(self, publication: Publication) -> str:
        return (
            f"/attachment.jspx?cid={publication.number(7)}&i=0&t={publication.number(13)}&k={publication.digest[:32]}"
        )

    def listing(self, request: Request, scene: Scene) -> Page | None:
        folder, _, name = request.path.rpartition("/")
        match = _NAME.fullmatch(name)
        if request.path == TOWNS and request.query.get("channelId") == TOWNS_CHANNEL:
            rows = [p for p in scene.rows(*PLACES_OF["reports"]) if self._is_town(p)]
            number = whole(request.query.get("pageNo"), 1)
            stem = f"{TOWNS}?channelId={TOWNS_CHANNEL}&pageNo="
            return self._list("乡镇信息公开年报", rows, number, lambda k: f"{stem}{k}")
        if match is None:
            return None
        number = whole(match[1], 1)
        if f"{folder}/" == ROOT:
            rows = [p for p in scene.rows(*PLACES_OF["reports"]) if not self._is_town(p)]
            return self._list("县级部门信息公开年报", rows, number, _index)
        if f"{folder}/" in _PLAIN:
            label, places = _PLAIN[f"{folder}/"]
            return self._list(label, scene.rows(*places), number, _index)
        return None

    def _list(self, label: str, rows: Sequence[Publication], number: int, address: Callable[[int], str]) -> Page | None:
        shown, count = self.cut_rows(rows, number, cut=34)
        if not 1 <= number <= count:
            return None
        pages = [(k, address(k)) for k in range(1, count + 1)]
        text = _LIST.render(self.chrome(self.entry), label=label, rows=shown, number=number, pages=pages)
        return Page(text, is_list=True, part=number)

    def _is_town(self, publication: Publication) -> bool:
        office = self.office(publication)
        # Every third agency is in the towns' list, as some offices of departments are by mistake.
        is_report = publication.place in PLACES_OF["reports"]
        return is_report and office is not None and (office.kind == "township" or office.place % 3 == 2)


def _index(number: int) -> str:
    return f"index_{number}.jhtml" if number > 1 else "index.jhtml"


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block content %}<h2>{{ label }}</h2>
<table class="list" width="100%">{% for row in rows %}
<tr><td><a href="{{ row.address }}" title="{{ row.title }}"><p>{{ row.short }}</p></a></td><td>{{ row.on }}</td></tr>
{%- endfor %}</table>
<div class="pages">共{{ pages | length }}页 第{{ number }}页
{% for k, address in pages %}{% if k == number + 1 %}<a href="{{ address }}">下一页</a>{% endif %}{% endfor %}
<select onchange="location.href=this.value">{% for k, address in pages %}<option value="{{ address }}">{{ k }}</option>
{%- endfor %}</select></div>
{% endblock %}"""
)
