"""白荷县: 博达 webplus. No navigation leads to the annual reports, only sitemap.xml; pages of a list count downwards.

Each article offers itself as Word and as PDF: two more files of the one report.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.demo.messages import Page, Request
from monitor.demo.pdf import pdf_file
from monitor.demo.publication import Place, Publication
from monitor.demo.site import Scene, template
from monitor.demo.sites.county import County, Links, Step, Style

#: Name of a list → its number in articles' addresses, label, what stands there.
LISTS: Final = {
    "/zwgk/zfxxgk/zfxxgknb": (14423, "政府信息公开年报", (Place.REPORTS, Place.BESIDE, Place.GOVERNMENT)),
    "/zwgk/czzj": (14380, "财政资金", (Place.FINANCE,)),
    "/xwzx/bmdt": (14021, "部门动态", (Place.NEWS,)),
}
ANNUAL: Final = "/zwgk/zfxxgk/zfxxgknb"
DOWNLOAD: Final = "/system/_content/download.jsp"
PDF: Final = "/system/_content/pdf.jsp"
_LATER: Final = re.compile(r"(/.+)/(\d{1,4})\.htm")


class Baihe(County):
    portal = "baihe"
    entry = ("政务公开", "/zwgk.htm")
    filler = "/{}.htm"
    style = Style(
        body='class="v_news_content" id="vsb_content"',
        byline="发布日期：{day}　　来源：{publisher}　　阅读：次",
        metas=(("keywords", "{title}"), ("PubDate", "{time}")),
    )

    def columns(self) -> tuple[str, ...]:
        return (f"{ANNUAL}.htm",)

    def steps(self, scene: Scene) -> dict[str, Step]:
        plain = tuple((label, f"{stem}.htm") for stem, (_, label, _) in LISTS.items() if stem != ANNUAL)
        return {
            "/zwgk.htm": Step("政务公开", (*plain, ("政府信息公开", "/zwgk/zfxxgk.htm"))),
            # The menu of this page was never given its last line.
            "/zwgk/zfxxgk.htm": Step(
                "政府信息公开", (self.filled("公开指南", "gkzn"), self.filled("公开制度", "gkzd"))
            ),
        }

    def path(self, publication: Publication) -> str:
        number = next(number for number, _, places in LISTS.values() if publication.place in places)
        return f"/info/{number}/{publication.number(7)}.htm"

    def attachment_path(self, publication: Publication) -> str:
        return f"{DOWNLOAD}?urltype=news.DownloadAttachUrl&owner=1734&wbfileid={publication.number(8)}"

    def copies(self, publication: Publication) -> tuple[str, ...]:
        is_report = publication.place is Place.REPORTS and publication.attachment is not None
        return (f"{PDF}?newsid={publication.number(7)}",) if is_report else ()

    def files(self, publication: Publication) -> Links:
        if publication.place is not Place.REPORTS or publication.attachment is None:
            return super().files(publication)
        return (
            ("【下载Word】", self.attachment_path(publication)),
            *(("【下载PDF】", address) for address in self.copies(publication)),
        )

    def listing(self, request: Request, scene: Scene) -> Page | None:
        if request.path == "/sitemap.xml":
            return self._sitemap(request, scene)
        if request.path == PDF:
            return self._pdf(request, scene)
        match = _LATER.fullmatch(request.path)
        stem = match[1] if match else request.path.removesuffix(".htm")
        if stem not in LISTS or not request.path.endswith(".htm"):
            return None
        _, label, places = LISTS[stem]
        rows = scene.rows(*places)
        count = max(-(-len(rows) // self.per_page), 1)
        number = count + 1 - int(match[2]) if match else 1
        shown, _ = self.cut_rows(rows, number, cut=30)
        if not 1 <= number <= count or (match and number == 1):
            return None
        following = f"{stem}/{count - number}.htm" if number < count else ""
        last = f"{stem}/1.htm" if count > 1 else ""
        chrome = self.chrome(self.entry, (label, f"{stem}.htm"))
        text = _LIST.render(chrome, label=label, rows=shown, following=following, last=last, number=number, count=count)
        return Page(text, is_list=True, part=number)

    def _sitemap(self, request: Request, scene: Scene) -> Page:
        """The columns, and the newest news: no annual report's own address."""
        paths = ["/", *(step for step in self.steps(scene)), *(f"{stem}.htm" for stem in LISTS)]
        paths += [self.path(publication) for publication in scene.rows(Place.NEWS)[:20]]
        text = _SITEMAP.render(addresses=[f"http://{request.host}{path}" for path in paths], day=scene.since)
        return Page(text, media_type="text/xml")

    def _pdf(self, request: Request, scene: Scene) -> Page | None:
        for publication in scene.rows(Place.REPORTS):
            if request.target in self.copies(publication):
                raw = pdf_file(publication.title, publication.body_at(scene.since))
                return Page("", raw=raw, media_type="application/pdf")
        return None


_LIST: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block content %}<h2>{{ label }}</h2>
<ul class="list">{% for row in rows %}
<li id="line_u8_{{ loop.index0 }}"><a href="{{ row.address }}" target="_blank" title="{{ row.title }}"><em>{{ row.short
}}</em><span class="date">{{ row.on }}</span></a></li>{% endfor %}</ul>
<div class="pb_sys_common">共{{ count }}页 第{{ number }}页
{% if following %}<span class="p_next"><a href="{{ following }}">下页</a></span>
<span class="p_last"><a href="{{ last }}">尾页</a></span>{% endif %}</div>
{% endblock %}"""
)
_SITEMAP: Final = template(
    """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{% for address in addresses %}
<url><loc>{{ address }}</loc><lastmod>{{ day.strftime("%Y-%m-%d") }}</lastmod></url>{% endfor %}
</urlset>"""
)
