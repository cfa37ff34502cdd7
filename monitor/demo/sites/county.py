"""What the further portals have in common: a busy home page, steps down to the annual reports, articles in a style.

A portal is a subclass that says its steps, its lists and its article style. Pages that lead nowhere are made here.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from monitor.demo.messages import Page, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.site import Scene, Site, template

Links = tuple[tuple[str, str], ...]

#: The lists that every portal has, and what stands in them.
PLACES_OF: Final = {
    "reports": (Place.REPORTS, Place.BESIDE, Place.GOVERNMENT),
    "finance": (Place.FINANCE,),
    "news": (Place.NEWS,),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A page between home and columns. `column_type`: what its ColumnType says, None: it has no such tag."""

    label: str
    links: Links
    column_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a portal prints an article. `body`: the attributes of the element that holds the text; `byline` and the
    values of `table` are filled in with {day}, {time}, {publisher}, {number} and {title}; `metas`: tag → value."""

    body: str
    byline: str = ""
    table: Links = ()
    metas: Links = ()
    charset: str = "utf-8"


#: The tags of 国办发〔2017〕47号 as they should be.
STANDARD_METAS: Final = (
    ("ColumnName", "政府信息公开年报"),
    ("ColumnType", "信息公开年报"),
    ("ArticleTitle", "{title}"),
    ("PubDate", "{time}"),
    ("ContentSource", "{publisher}"),
)

_MENU: Final = (
    ("走进我们", "zjwm"),
    ("新闻中心", "xwzx"),
    ("政务服务", "zwfw"),
    ("互动交流", "hdjl"),
    ("专题专栏", "ztzl"),
)
_DISCLOSURE: Final = (
    ("领导之窗", "ldzc"),
    ("机构职能", "jgzn"),
    ("政策文件", "zcwj"),
    ("政策解读", "zcjd"),
    ("规划计划", "ghjh"),
    ("重点领域信息公开", "zdly"),
    ("国民经济和社会发展统计年报", "tjnb"),
    ("政府网站工作年度报表", "wznb"),
    ("法治政府建设年度报告", "fznb"),
    ("企业年度报告公示", "qynb"),
    ("建议提案办理", "jyta"),
    ("应急管理", "yjgl"),
)
_SERVICES: Final = (
    ("社保查询", "sbcx"),
    ("公积金", "gjj"),
    ("不动产登记", "bdcdj"),
    ("企业开办", "qykb"),
    ("民生实事", "msss"),
    ("公共资源交易", "ggzy"),
    ("招考录用", "zkly"),
    ("12345热线", "rx"),
)
_BESIDE: Final = (
    ("政府信息公开指南", "gkzn"),
    ("政府信息公开制度", "gkzd"),
    ("法定主动公开内容", "fdzdgk"),
    ("依申请公开", "ysqgk"),
)


class County(Site):
    #: The address of a page that leads nowhere, from its short name.
    filler: ClassVar[str] = "/{}/index.html"
    #: The navigation's door to disclosure: label and address.
    entry: ClassVar[tuple[str, str]]
    #: The address of the site search, a GET form with `keyword`; "": there is none.
    search: ClassVar[str] = ""
    style: ClassVar[Style]
    per_page: ClassVar[int] = 15

    @abstractmethod
    def steps(self, scene: Scene) -> Mapping[str, Step]:
        """The pages between home and columns, by path."""

    @abstractmethod
    def listing(self, request: Request, scene: Scene) -> Page | None:
        """Lists and the data behind them; None where the request is for neither."""

    def page(self, request: Request, scene: Scene) -> Page | None:
        if request.path in ("/", "/index.html"):
            return self.front(request, scene)
        step = self.steps(scene).get(request.path)
        if step is not None and not request.query:
            text = _STEP.render(self.chrome((step.label, request.path)), step=step, beside=self._filled(_BESIDE))
            return Page(text)
        found = self.listing(request, scene)
        if found is None:
            label = self._leading_nowhere().get(request.path)
            found = Page(_FILLER.render(self.chrome((label, request.path)), label=label)) if label else None
        return found

    def front(self, request: Request, scene: Scene) -> Page:
        """The home page."""
        news = [self.row(publication) for publication in scene.rows(Place.NEWS)[:8]]
        entries = (*self._filled(_DISCLOSURE[:6]), self.entry, *self._filled(_DISCLOSURE[6:]))
        text = _HOME.render(
            self.chrome(),
            news=news,
            entry=self.entry,
            entries=entries,
            services=self._filled(_SERVICES),
            search=self.search,
        )
        return Page(text)

    def menu(self) -> Links:
        return (("首页", "/"), *self._filled(_MENU[:2]), self.entry, *self._filled(_MENU[2:]))

    def article(self, publication: Publication, request: Request, scene: Scene) -> Page:
        style = self.style
        words = {
            "day": f"{publication.stated:%Y-%m-%d}",
            "time": f"{publication.stated:%Y-%m-%d %H:%M}",
            "publisher": self.publisher(publication),
            "number": f"{self.locality.region}/{publication.stated.year}-{publication.number(6)}",
            "title": publication.title,
        }
        text = _ARTICLE.render(
            self.chrome(*self.crumbs(publication)),
            charset=style.charset,
            title=publication.title,
            metas=self._worded(style.metas, words) if publication.place in PLACES_OF["reports"] else (),
            table=self._worded(style.table, words),
            byline=style.byline.format_map(words),
            body_element=style.body,
            body=publication.body_at(scene.since),
            files=self.files(publication),
        )
        return Page(text, encoding="gb18030" if style.charset.startswith("gb") else "utf-8")

    def crumbs(self, publication: Publication) -> Links:
        """The way that an article prints above itself."""
        return (self.entry,)

    def files(self, publication: Publication) -> Links:
        """The files that an article links to."""
        if publication.attachment is None:
            return ()
        return ((publication.attachment[0], self.attachment_path(publication)),)

    def cut_rows(self, rows: Sequence[Publication], number: int, cut: int = 200) -> tuple[list[dict[str, str]], int]:
        """The rows of one page of a list (from 1) and how many pages it has; no rows beyond the last page."""
        size = self.per_page
        shown = rows[(number - 1) * size : number * size] if number > 0 else ()
        return [self.row(publication, cut) for publication in shown], max(-(-len(rows) // size), 1)

    def filled(self, label: str, short: str) -> tuple[str, str]:
        """A link to a page that leads nowhere."""
        return label, self.filler.format(short)

    def _filled(self, links: Sequence[tuple[str, str]]) -> Links:
        return tuple(self.filled(label, short) for label, short in links)

    def _leading_nowhere(self) -> dict[str, str]:
        return {address: label for label, address in self._filled((*_MENU, *_DISCLOSURE, *_SERVICES, *_BESIDE))}

    @staticmethod
    def _worded(pairs: Links, words: Mapping[str, str]) -> Links:
        return tuple((name, form.format_map(words)) for name, form in pairs)


def whole(text: str | None, default: int = 0) -> int:
    """A number that a client sent; the default where it is none or too long to be one."""
    return int(text) if text is not None and text.isdecimal() and text.isascii() and len(text) < 8 else default


_HOME: Final = template('{% extends "county.html" %}')
_STEP: Final = template('{% extends "step.html" %}')
_ARTICLE: Final = template('{% extends "report.html" %}')
_FILLER: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ label }}{% endblock %}
{% block content %}<h2>{{ label }}</h2><p class="notice">本栏目的内容与演示无关，不再列出。</p>{% endblock %}"""
)
