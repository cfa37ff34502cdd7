"""古陵县: a CMS that nobody knows. Frames, shells that send on, and links that are no plain links, in GB2312.

The list of an agency is a frame inside its page; the page is reached by a shell (meta refresh, location.href) or
straight. What a row links with changes from row to row: a plain href, onclick="jumpToDetail(…)", data-href, a dialog
that asks whether one wants to leave, an address that is wrapped in a viewer of files.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import Office
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import PLACES_OF, County, Links, Step, Style, whole

_LIST_PATH: Final = re.compile(r"/xxgk/([a-z0-9]+)/list(?:_(\d+))?\.htm")
_PLAIN: Final = {"czgk": ("财政公开", (Place.FINANCE,)), "gzdt": ("工作动态", (Place.NEWS,))}
GOVERNMENT: Final = "xzf"


class Guling(County):
    portal = "guling"
    charset_header = ""
    entry = ("信息公开", "/xxgk/main.htm")
    filler = "/other/{}.htm"
    per_page = 8
    style = Style(
        body='class="nr" align="left"',
        byline="日期：{day}　　来源：{publisher}　　点击：",
        charset="gb2312",
    )

    def columns(self) -> tuple[str, ...]:
        return (f"/xxgk/{GOVERNMENT}/nb.htm",)

    def column(self, office: Office) -> str:
        return f"/xxgk/{office.slug}/nb.htm"

    def steps(self, scene: Scene) -> dict[str, Step]:
        agencies: Links = tuple((o.name, f"/xxgk/{o.slug}/go.htm") for o in self.offices.values())
        plain: Links = tuple((label, f"/xxgk/{short}/list.htm") for short, (label, _) in _PLAIN.items())
        return {
            "/xxgk/main.htm": Step("信息公开", (("信息公开年报", "/xxgk/nb.htm"), *plain)),
            "/xxgk/nb.htm": Step("信息公开年报", ((self.locality.government, self.columns()[0]), *agencies)),
        }

    def front(self, request: Request, scene: Scene) -> Page:
        """The home page is a frameset; what looks like one stands in its main frame."""
        return Page(_FRAMESET.render(site=self.locality), encoding="gb18030")

    def path(self, publication: Publication) -> str:
        office = self.office(publication)
        folder = next((short for short, (_, places) in _PLAIN.items() if publication.place in places), "")
        folder = folder or (office.slug if office else GOVERNMENT)
        return f"/xxgk/{folder}/{publication.stated:%Y%m%d}/{publication.number(6)}.htm"

    def attachment_path(self, publication: Publication) -> str:
        return f"/xxgk/files/{publication.number(10)}{publication.suffix}"

    def page(self, request: Request, scene: Scene) -> Page | None:
        if request.path == "/main.htm":
            return self._in_gb(super().front(request, scene))
        found = super().page(request, scene)
        return self._in_gb(found) if found is not None else None

    def listing(self, request: Request, scene: Scene) -> Page | None:
        if request.path == "/top.htm":
            return Page(_TOP.render(site=self.locality, menu=self.menu()))
        parts = request.path.split("/")
        owner = parts[2] if len(parts) == 4 and parts[1] == "xxgk" else ""
        office = next((o for o in self.offices.values() if o.slug == owner), None)
        if office is not None and request.path == f"/xxgk/{owner}/go.htm":
            shell = _REFRESH if office.place % 2 else _SENT_ON
            return Page(shell.render(address=self.column(office)))
        if request.path == f"/xxgk/{owner}/nb.htm" and (office is not None or owner == GOVERNMENT):
            name = office.name if office else self.locality.government
            chrome = self.chrome(self.entry, ("信息公开年报", "/xxgk/nb.htm"), (name, request.path))
            return Page(_FRAMED.render(chrome, name=name, address=f"/xxgk/{owner}/list.htm"))
        match = _LIST_PATH.fullmatch(request.path)
        return self._list(match[1], whole(match[2], 1), scene) if match else None

    def _list(self, owner: str, number: int, scene: Scene) -> Page | None:
        office = next((o for o in self.offices.values() if o.slug == owner), None)
        if owner in _PLAIN:
            label, rows = _PLAIN[owner][0], scene.rows(*_PLAIN[owner][1])
        elif office is not None:
            label, rows = office.name, scene.rows(Place.REPORTS, Place.BESIDE, agency=office.name)
        elif owner == GOVERNMENT:
            label, rows = self.locality.government, scene.rows(Place.GOVERNMENT)
        else:
            return None
        shown, count = self.cut_rows(rows, number, cut=30)
        if not 1 <= number <= count:
            return None
        following = f"list_{number + 1}.htm" if number < count else ""
        start = (number - 1) * self.per_page
        linked = [
            {**row, "link": self._link(publication, row["address"])}
            for row, publication in zip(shown, rows[start:], strict=False)
        ]
        plain = owner in _PLAIN
        return Page(_LIST.render(label=label, rows=linked, following=following, plain=plain), is_list=True, part=number)

    def _link(self, publication: Publication, address: str) -> str:
        """The attributes of a row's link, in one of the forms that the site's editors and scripts left behind."""
        relative = f"./{'/'.join(address.split('/')[3:])}"
        forms = [
            f'href="{address}"',
            f'href="javascript:void(0)" onclick="jumpToDetail(\'{relative}\')"',
            f'href="#" data-href="{address}"',
            f"href=\"javascript:if(confirm('{address}'))window.location='{address}'\"",
        ]
        if publication.attachment is not None and publication.place is Place.REPORTS and publication.number(2) % 2:
            # Some rows lead past the article, straight to its file.
            return f'href="/pdfjs/web/viewer.html?file={quote(self.attachment_path(publication), safe="")}"'
        return forms[publication.number(3) % len(forms)] if publication.place in PLACES_OF["reports"] else forms[0]

    @staticmethod
    def _in_gb(page: Page) -> Page:
        text = page.text.replace(
            '<meta charset="utf-8">', '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        )
        return Page(text, is_list=page.is_list, part=page.part, encoding="gb18030")


_FRAMESET: Final = template(
    """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{{ site.site_name }}</title></head><frameset rows="120,*" border="0"><frame src="top.htm" name="top">
<frame src="main.htm" name="main">
<noframes><body>您的浏览器不支持框架。</body></noframes></frameset></html>"""
)
_TOP: Final = template(
    """<html><head><meta charset="utf-8"><title>{{ site.site_name }}</title></head><body>
{% for label, address in menu %}<a href="{{ address }}" target="main">{{ label }}</a>{% endfor %}</body></html>"""
)
_REFRESH: Final = template(
    """<html><head><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={{ address }}"></head>
<body></body></html>"""
)
_SENT_ON: Final = template(
    """<html><head><meta charset="utf-8"><script type="text/javascript">window.location.href = '{{ address }}';</script>
</head><body></body></html>"""
)
_FRAMED: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ name }}{% endblock %}
{% block content %}<h2>{{ name }}信息公开年报</h2>
<iframe src="/visitcount.htm" width="1" height="1"></iframe>
<iframe src="{{ address }}" width="100%" height="600" frameborder="0"></iframe>{% endblock %}"""
)
_LIST: Final = template(
    """<html><head><meta charset="utf-8"><title>{{ label }}</title>
<script>function jumpToDetail(address) { window.top.location.href = new URL(address, location.href).href; }
document.addEventListener("click", function (event) {
  var address = event.target.getAttribute("data-href");
  if (address) { window.top.location.href = address; }
});</script></head><body><table width="100%">{% for row in rows %}
<tr><td>{{ loop.index }}.</td><td><a {{ row.link | safe }}>{{ row.title }}</a></td><td>（{{ row.on }}）</td></tr>
{%- endfor %}</table>{% if following %}<p><a href="{{ following }}">下一页</a></p>{% endif %}</body></html>"""
)
