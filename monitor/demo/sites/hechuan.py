"""禾川县: Openness in its first generation, all by query: branches by 24 hex digits, annual reports by their own page.

The information list (column_code) holds everything but annual reports, though one of its columns bears their name.
"""

from __future__ import annotations

import hashlib
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import Office
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import County, Step, Style, whole

CONTENT: Final = "/opennessContent/"
ANNUAL: Final = "/opennessAnnualReport/"
#: column_code → label and what stands there; the last is where a former editor meant to put annual reports.
CODES: Final = {
    "10000": ("全部信息", (Place.NEWS, Place.FINANCE)),
    "130000": ("财政预决算", (Place.FINANCE,)),
    "180000": ("信息公开年度报告", ()),
}


class Hechuan(County):
    portal = "hechuan"
    entry = ("政务公开", "/openness/index.html")
    filler = "/{}/list.html"
    style = Style(
        body='class="m-article"',
        table=(
            ("索引号", "{number}"),
            ("信息名称", "{title}"),
            ("发布机构", "{publisher}"),
            ("发布日期", "{day}"),
            ("生成日期", "2019-01-01"),
        ),
    )

    def columns(self) -> tuple[str, ...]:
        return (f"{ANNUAL}?branch_id={self._branch(None)}",)

    def column(self, office: Office) -> str:
        return f"{ANNUAL}?branch_id={self._branch(office)}"

    def steps(self, scene: Scene) -> dict[str, Step]:
        branches = tuple((o.name, f"/opennessGuide/?branch_id={self._branch(o)}") for o in self.offices.values())
        tree = "/opennessTree/index.html"
        government = (self.locality.government, f"/opennessGuide/?branch_id={self._branch(None)}")
        return {
            "/openness/index.html": Step("政务公开", (("政府信息公开目录", tree), self.filled("公开制度", "gkzd"))),
            tree: Step("政府信息公开目录", (government, *branches)),
        }

    def path(self, publication: Publication) -> str:
        return f"/openness/detail/content/{publication.digest[:24]}.html"

    def attachment_path(self, publication: Publication) -> str:
        return f"/upload/openness/{publication.stated:%Y%m}/{publication.digest[24:44]}{publication.suffix}"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        asked = request.query.get("branch_id", "")
        found = [office for office in (None, *self.offices.values()) if self._branch(office) == asked]
        if not found:
            return None
        office, number = found[0], whole(request.query.get("page"), 1)
        if request.path == "/opennessGuide/":
            return self._list(office, "政府信息公开指南", (), 1, "")
        if request.path == ANNUAL:
            rows = scene.rows(Place.REPORTS, Place.BESIDE, agency=office.name) if office else ()
            rows = rows if office else scene.rows(Place.GOVERNMENT)
            return self._list(office, "政府信息公开年报", rows, number, f"{ANNUAL}?branch_id={asked}&page=")
        code = request.query.get("column_code", "10000")
        if request.path != CONTENT or code not in CODES:
            return None
        label, places = CODES[code]
        rows = scene.rows(*places, agency=office.name) if office and places else ()
        return self._list(office, label, rows, number, f"{CONTENT}?branch_id={asked}&column_code={code}&page=")

    def _list(
        self, office: Office | None, label: str, rows: tuple[Publication, ...], number: int, stem: str
    ) -> Page | None:
        shown, count = self.cut_rows(rows, number, cut=32)
        if not 1 <= number <= count:
            return None
        branch = self._branch(office)
        side = [("政府信息公开指南", f"/opennessGuide/?branch_id={branch}")]
        side += [(name, f"{CONTENT}?branch_id={branch}&column_code={code}&page=1") for code, (name, _) in CODES.items()]
        side.append(("公开年报", f"{ANNUAL}?branch_id={branch}"))
        text = _LIST.render(
            self.chrome(self.entry),
            label=label,
            name=office.name if office else self.locality.government,
            sides=side,
            rows=shown,
            following=f"{stem}{number + 1}" if number < count else "",
        )
        return Page(text, is_list=bool(stem), part=number)

    def _branch(self, office: Office | None) -> str:
        return hashlib.sha256(f"{self.portal}/{office.slug if office else ''}".encode()).hexdigest()[:24]


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}_{{ name }}{% endblock %}
{% block content %}<div class="side"><h3>{{ name }}</h3><ul>{% for text, address in sides %}
<li><a href="{{ address }}">{{ text }}</a></li>{% endfor %}</ul></div>
<div class="main"><h2>{{ label }}</h2><ul class="list m-list">{% for row in rows %}
<li><a href="{{ row.address }}" title="{{ row.title }}" target="_blank">{{ row.short }}</a><span class="date">{{ row.on
}}</span></li>{% endfor %}</ul>
{% if following %}<a href="{{ following }}">下一页</a>{% endif %}</div>{% endblock %}"""
)
