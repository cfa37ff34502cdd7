"""南岚区: gkmlpt of 广东. A disclosure directory for each agency; links to articles carry a #fragment."""

from __future__ import annotations

import re
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import Office
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import County, Links, Step, Style, whole

ROOT: Final = "/gkmlpt/index"
KINDS: Final = {
    "nb": ("政府信息公开年报", (Place.REPORTS, Place.BESIDE)),
    "czyjs": ("财政预决算", (Place.FINANCE,)),
    "bmdt": ("部门动态", (Place.NEWS,)),
}
GOVERNMENT: Final = "nlqrmzf"
_LIST_PATH: Final = re.compile(r"/([a-z0-9]+)/gkmlpt/([a-z]+)/index(?:_(\d+))?\.html")


class Nanlan(County):
    portal = "nanlan"
    entry = ("政务公开", "/zwgk/index.html")
    per_page = 20
    style = Style(
        body='class="article-content"',
        table=(
            ("索引号", "{number}"),
            ("分类", "年报"),
            ("发布机构", "{publisher}"),
            ("成文日期", ""),
            ("名称", "{title}"),
            ("发布日期", "{day}"),
        ),
    )

    def columns(self) -> tuple[str, ...]:
        return (_address(GOVERNMENT, "nb"),)

    def column(self, office: Office) -> str:
        return _address(_short(office), "nb")

    def steps(self, scene: Scene) -> dict[str, Step]:
        steps = {
            "/zwgk/index.html": Step(
                "政务公开", (("信息公开目录", ROOT), ("政府信息公开年度报告汇编", "/zwgk/bgnb/index.html"))
            ),
            # A page with a promising name that has nothing but scans of bound volumes.
            "/zwgk/bgnb/index.html": Step("政府信息公开年度报告汇编", (self.filled("2008—2018年", "ldzc"),)),
            ROOT: Step(
                "信息公开目录",
                (("区政府", f"/{GOVERNMENT}/gkmlpt/index"), *((o.name, self._home(o)) for o in self.offices.values())),
            ),
            f"/{GOVERNMENT}/gkmlpt/index": Step(f"{self.locality.government}信息公开目录", _menu(GOVERNMENT)),
        }
        for office in self.offices.values():
            steps[self._home(office)] = Step(f"{office.name}信息公开目录", _menu(_short(office)))
        return steps

    def path(self, publication: Publication) -> str:
        office = self.office(publication)
        number = publication.number(7)
        folder = f"/{_short(office) if office else GOVERNMENT}/gkmlpt/content"
        return f"{folder}/{number // 1000000}/{number // 1000}/post_{number}.html"

    def row(self, publication: Publication, cut: int = 200) -> dict[str, str]:
        row = super().row(publication, cut)
        return {**row, "address": f"{row['address']}#{publication.number(4)}"}

    def attachment_path(self, publication: Publication) -> str:
        number = publication.number(6)
        return f"/attachment/0/{number // 1000}/{number}/{publication.number(7)}{publication.suffix}"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        match = _LIST_PATH.fullmatch(request.path)
        if match is None or match[2] not in KINDS:
            return None
        office = next((o for o in self.offices.values() if _short(o) == match[1]), None)
        if office is None and match[1] != GOVERNMENT:
            return None
        label, places = KINDS[match[2]]
        rows = scene.rows(*places, agency=office.name) if office else scene.rows(Place.GOVERNMENT)
        number = whole(match[3], 1)
        shown, count = self.cut_rows(rows, number, cut=40)
        if number > count:
            return None
        stem = f"/{match[1]}/gkmlpt/{match[2]}/index"
        text = _LIST.render(
            self.chrome(self.entry, (label, f"{stem}.html")),
            label=label,
            name=office.name if office else self.locality.government,
            side=_menu(match[1]),
            rows=shown,
            following=f"{stem}_{number + 1}.html" if number < count else "",
        )
        return Page(text, is_list=True, part=number)

    def _home(self, office: Office) -> str:
        return f"/{_short(office)}/gkmlpt/index"


def _short(office: Office) -> str:
    return f"nlq{office.slug}"


def _address(short: str, kind: str) -> str:
    return f"/{short}/gkmlpt/{kind}/index.html"


def _menu(short: str) -> Links:
    return tuple((label, _address(short, kind)) for kind, (label, _) in KINDS.items())


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}_{{ name }}{% endblock %}
{% block content %}<div class="side"><h3>{{ name }}</h3><ul>{% for text, address in side %}
<li><a href="{{ address }}">{{ text }}</a></li>{% endfor %}</ul></div>
<div class="main"><h2>{{ label }}</h2><table class="gkml-list"><tr><th>标题</th><th>发布日期</th></tr>
{% for row in rows %}<tr><td class="first-td"><a href="{{ row.address }}" title="{{ row.title }}">{{ row.short
}}</a></td><td>{{ row.on }}</td></tr>{% endfor %}</table>
{% if following %}<a class="next" href="{{ following }}">下一页</a>{% endif %}</div>{% endblock %}"""
)
