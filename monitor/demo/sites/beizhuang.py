"""北庄县: columns named by UUIDs, as in 河北. Each agency has one; the county's own carries all reports again."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import Office
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import PLACES_OF, County, Step, Style, whole

_LIST_PATH: Final = re.compile(r"/columns/([0-9a-f-]{36})/(?:index(?:_(\d+))?\.html)?")


class Beizhuang(County):
    portal = "beizhuang"
    entry = ("政府信息公开", "/zfxxgk/index.html")
    style = Style(
        body='class="con" id="zoom"',
        byline="发布时间：{time} 信息来源：{publisher} 【字体：大 中 小】",
        metas=(
            ("ColumnName", "政府信息公开年报"),
            ("ColumnType", ""),
            ("ArticleTitle", "{title}"),
            ("PubDate", "{time}"),
        ),
    )

    def columns(self) -> tuple[str, ...]:
        return (_folder(self._column_id("all", "reports")),)

    def column(self, office: Office) -> str:
        return _folder(self._column_id(office.slug, "reports"))

    def steps(self, scene: Scene) -> dict[str, Step]:
        departments = tuple((office.name, f"/gszbm/{office.slug}/index.html") for office in self.offices.values())
        plain = (("财政信息", "finance"), ("工作动态", "news"))
        blocks = tuple((label, _folder(self._column_id("all", kind))) for label, kind in plain)
        steps = {
            "/zfxxgk/index.html": Step(
                "政府信息公开",
                (("政府信息公开年报", self.columns()[0]), ("县政府部门信息公开", "/gszbm/index.html"), *blocks),
            ),
            "/gszbm/index.html": Step("县政府部门信息公开", departments),
        }
        for office in self.offices.values():
            below = (self.filled("政府信息公开指南", "gkzn"), ("政府信息公开年报", self.column(office)))
            steps[f"/gszbm/{office.slug}/index.html"] = Step(office.name, below)
        return steps

    def path(self, publication: Publication) -> str:
        office = self.office(publication)
        is_own = office is not None and publication.place in PLACES_OF["reports"]
        kind = next(kind for kind, places in PLACES_OF.items() if publication.place in places)
        return self._article(self._column_id(office.slug if office and is_own else "all", kind), publication)

    def twins(self, publication: Publication) -> tuple[str, ...]:
        if publication.place not in (Place.REPORTS, Place.BESIDE) or not publication.agency:
            return ()
        return (self._article(self._column_id("all", "reports"), publication),)

    def attachment_path(self, publication: Publication) -> str:
        name = uuid.UUID(publication.digest[32:64])
        return f"/files/{publication.stated:%Y%m}/{publication.stated:%d}/{name}{publication.suffix}"

    def listing(self, request: Request, scene: Scene) -> Page | None:
        match = _LIST_PATH.fullmatch(request.path)
        if match is None:
            return None
        number = whole(match[2], 1)
        for kind, places in PLACES_OF.items():
            if match[1] == self._column_id("all", kind):
                return self._list(match[1], scene.rows(*places), number, self.locality.government)
        for office in self.offices.values():
            if match[1] == self._column_id(office.slug, "reports"):
                rows = scene.rows(Place.REPORTS, Place.BESIDE, agency=office.name)
                return self._list(match[1], rows, number, office.name)
        return None

    def _list(self, column: str, rows: tuple[Publication, ...], number: int, name: str) -> Page | None:
        shown, count = self.cut_rows(rows, number, cut=36)
        if number > count:
            return None
        start = (number - 1) * self.per_page
        paired = [
            {**row, "address": self._article(column, publication)}
            for row, publication in zip(shown, rows[start:], strict=False)
        ]
        following = f"{_folder(column)}index_{number + 1}.html" if number < count else ""
        chrome = self.chrome(self.entry, (name, _folder(column)))
        text = _LIST.render(chrome, name=name, rows=paired, following=following)
        return Page(text, is_list=True, part=number)

    def _column_id(self, owner: str, kind: str) -> str:
        return str(uuid.UUID(hashlib.sha256(f"{self.portal}/{owner}/{kind}".encode()).hexdigest()[:32]))

    @staticmethod
    def _article(column: str, publication: Publication) -> str:
        day = publication.stated
        return f"{_folder(column)}{day:%Y%m}/{day:%d}/{uuid.UUID(publication.digest[:32])}.html"


def _folder(column: str) -> str:
    return f"/columns/{column}/"


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ name }}{% endblock %}
{% block head %}<meta name="ColumnName" content="{{ name }}"><meta name="ColumnType" content="">{% endblock %}
{% block content %}<h2>{{ name }}</h2>
<ul class="list">{% for row in rows %}<li><a href="{{ row.address }}" title="{{ row.title }}">{{ row.short
}}</a><span>{{ row.on }}</span></li>{% endfor %}</ul>
{% if following %}<a href="{{ following }}">下一页</a>{% endif %}{% endblock %}"""
)
