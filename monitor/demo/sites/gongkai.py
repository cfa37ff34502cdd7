"""The `gongkai` platform of 淄博 and its districts: one micro-site per agency, channels in it, articles by ObjectId.

A portal of this platform is a subclass with a name; one that draws its lists by script overrides `list_page`. The
first eight digits of an article's id are the second of its upload; the stated date stands in a table on the page.
"""

from __future__ import annotations

import hashlib
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import Office
from monitor.demo.site import Scene, Site, template

ROOT: Final = "/gongkai/"
LABELS: Final = {"reports": "政府信息公开年报", "finance": "财政预决算", "news": "工作动态"}
_PLACES: Final = {
    "reports": (Place.REPORTS, Place.BESIDE),
    "finance": (Place.FINANCE,),
    "news": (Place.NEWS,),
}


class Gongkai(Site):
    """A portal of the platform. The area government's own reports have a channel above the micro-sites."""

    def columns(self) -> tuple[str, ...]:
        return (self._folder(None, "reports"),)

    def column(self, office: Office) -> str:
        return self._folder(office, "reports")

    def path(self, publication: Publication) -> str:
        return f"{self._channel(publication)}doc_{_object_id(publication)}.html"

    def attachment_path(self, publication: Publication) -> str:
        _, content = publication.attachment or ("", b"")
        checksum = hashlib.md5(content, usedforsecurity=False).hexdigest()
        return f"{self._channel(publication)}doc_{_object_id(publication)}_{checksum}{publication.suffix}"

    def page(self, request: Request, scene: Scene) -> Page | None:
        if request.path in ("/", "/index.html"):
            return self.home(scene, ("政府信息公开", ROOT), ("政府信息公开年报", self.columns()[0]))
        if request.path == ROOT:
            links = [(office.name, self._site(office)) for office in self.offices.values()]
            chrome = self.chrome(("政府信息公开", ROOT))
            return Page(_SITES.render(chrome, government=self.columns()[0], links=links))
        for office in (None, *self.offices.values()):
            if not request.path.startswith(self._site(office)):
                continue
            if office is not None and request.path in (self._site(office), f"{self._site(office)}index.html"):
                return Page(_GUIDE.render(self._frame(office, "政府信息公开指南", self._site(office)), office=office))
            for kind in LABELS:
                if request.path in (self._folder(office, kind), f"{self._folder(office, kind)}index.html"):
                    return self.list_page(office, kind, scene)
        return None

    def list_page(self, office: Office | None, kind: str, scene: Scene) -> Page:
        """A channel's list, its rows in the page."""
        rows = [self.row(publication, cut=40) for publication in self.channel_rows(office, kind, scene)]
        frame = self._frame(office, LABELS[kind], self._folder(office, kind))
        return Page(_LIST.render(frame, label=LABELS[kind], rows=rows), is_list=True)

    def channel_rows(self, office: Office | None, kind: str, scene: Scene) -> tuple[Publication, ...]:
        if office is None:
            return scene.rows(Place.GOVERNMENT) if kind == "reports" else ()
        return scene.rows(*_PLACES[kind], agency=office.name)

    def article(self, publication: Publication, request: Request, scene: Scene) -> Page:
        office = self.office(publication)
        kind = _kind(publication)
        text = _ARTICLE.render(
            self._frame(office, LABELS[kind], self._folder(office, kind)),
            title=publication.title,
            publisher=self.publisher(publication),
            code=office.code if office else f"11{self.locality.region}004218883L",
            number=publication.number(7),
            stated=publication.stated,
            body=publication.body_at(scene.since),
            file=publication.attachment and (publication.attachment[0], self.attachment_path(publication)),
        )
        return Page(text)

    # ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────

    def _site(self, office: Office | None) -> str:
        return f"{ROOT}site_{self.locality.slug}{office.slug}/" if office else ROOT

    def _folder(self, office: Office | None, kind: str) -> str:
        return f"{self._site(office)}channel_{self.channel(office, kind)}/"

    def _channel(self, publication: Publication) -> str:
        return self._folder(self.office(publication), _kind(publication))

    def channel(self, office: Office | None, kind: str) -> str:
        """A channel's id, in one of the three shapes that the platform has given out over the years."""
        digest = hashlib.sha256(f"{self.portal}/{office.slug if office else ''}/{kind}".encode()).hexdigest()
        first, second = f"5f9f6c5c{digest[:16]}", f"5fb3be74{digest[16:32]}"
        shapes = (f"c_{first}_n_1605681808.5352", first, f"c_{first}_{second}")
        return shapes[office.place % 3 if office else 0]

    def _frame(self, office: Office | None, label: str, address: str) -> dict[str, object]:
        """The page's frame with the micro-site's own menu."""
        crumbs = [("政府信息公开", ROOT)]
        if office is not None:
            crumbs.append((office.name, self._site(office)))
        side = [("政府信息公开指南", self._site(office))] if office else []
        side += [(text, self._folder(office, kind)) for kind, text in LABELS.items()] if office else []
        return {**self.chrome(*crumbs, (label, address)), "side": side}


def _kind(publication: Publication) -> str:
    return next((kind for kind, places in _PLACES.items() if publication.place in places), "reports")


def _object_id(publication: Publication) -> str:
    return f"{int(publication.published.timestamp()):08x}{publication.digest[:16]}"


_SITES: Final = template(
    """{% extends "frame.html" %}{% block title %}政府信息公开{% endblock %}
{% block content %}<h2>政府信息公开</h2><p><a href="{{ government }}">{{ site.government }}政府信息公开年报</a></p>
<h3>部门和镇街</h3><ul>{% for name, address in links %}<li><a href="{{ address }}">{{ name }}</a></li>
{% endfor %}</ul>{% endblock %}"""
)

_GUIDE: Final = template(
    """{% extends "side.html" %}{% block title %}{{ office.name }}{% endblock %}
{% block main %}<h2>政府信息公开指南</h2>
<p>本指南说明{{ office.official }}公开哪些信息、公众怎样获取信息。</p>{% endblock %}"""
)

_LIST: Final = template(
    """{% extends "side.html" %}{% block title %}{{ label }}{% endblock %}
{% block main %}<h2>{{ label }}</h2><ul class="list">{% for row in rows %}
<li><a href="{{ row.address }}" target="_blank" title="{{ row.title }}">{{ row.short }}</a><span class="date">{{ row.on
}}</span></li>{% endfor %}</ul>{% endblock %}"""
)

_ARTICLE: Final = template(
    """{% extends "side.html" %}{% block title %}{{ title }}{% endblock %}
{% block main %}
<table class="gongkai-meta" border="1"><tbody>
<tr><th>标题</th><td colspan="3">{{ title }}</td></tr>
<tr><th>索引号</th><td>{{ code }}/{{ stated.year }}-{{ number }}</td><th>文号</th><td>无文号</td></tr>
<tr><th>发文日期</th><td>{{ stated.strftime("%Y-%m-%d") }}</td><th>发布机构</th><td>{{ publisher }}</td></tr>
</tbody></table>
<h1>{{ title }}</h1>
<div class="article-content">{{ body | safe }}</div>
{% if file %}<div class="attachments">附件：<a href="{{ file[1] }}">{{ file[0] }}</a></div>{% endif %}
{% endblock %}"""
)
