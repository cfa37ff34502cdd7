"""What every replica site has in common: a request in, a reply out, purely from publications and `now`.

No sockets and no clock here. A site (one file in sites/) says how it lists, pages, dates and links; this base finds
what is shown at a moment, serves articles and attachments by address, and keeps rendered pages until something changes.
"""

from __future__ import annotations

import hashlib
import mimetypes
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from monitor.clock import SHANGHAI
from monitor.demo.localities import PLACES
from monitor.demo.messages import Page, Reply, Request
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import Office

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True, undefined=StrictUndefined
)
_BEGINNING: Final = datetime(2000, 1, 1, tzinfo=SHANGHAI)
#: Sites change at New Year too: a year begins that their navigation may show.
_NEW_YEARS: Final = tuple(datetime(year, 1, 1, tzinfo=SHANGHAI) for year in range(2001, 2051))


def template(source: str) -> Template:
    """A page template of one site; it may extend those in templates/. All values are escaped."""
    return _TEMPLATES.from_string(source)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a site shows between two changes. `since` is the moment of the first; `shown` has the newest first.

    `empty_lists`: the lists have lost their rows (a fault that portals have); navigation and articles stay.
    """

    since: datetime
    shown: tuple[Publication, ...]
    empty_lists: bool = False
    pages: dict[tuple[Any, ...], Reply] = field(default_factory=dict, compare=False)

    def rows(
        self, *places: Place, agency: str | None = None, agencies: Iterable[str] = (), year: int | None = None
    ) -> tuple[Publication, ...]:
        """The rows of a list, newest first: those in one of `places`, and of one agency, of some, or of a year."""
        if self.empty_lists:
            return ()
        names = {agency} if agency is not None else set(agencies)
        return tuple(
            publication
            for publication in self.shown
            if publication.place in places
            and (not names or publication.agency in names)
            and (year is None or publication.year == year)
        )

    def years(self, *places: Place) -> tuple[int, ...]:
        """The report years of which something is shown in one of `places`, the newest first."""
        return tuple(sorted({p.year for p in self.shown if p.place in places}, reverse=True))


class Site(ABC):
    """A replica of one portal."""

    portal: ClassVar[str]
    #: Whether it answers conditional requests (ETag, Last-Modified), as servers of static files do.
    has_validators: ClassVar[bool] = False
    #: The Content-Type of its pages, after the media type.
    charset_header: ClassVar[str] = "; charset=UTF-8"

    def __init__(self, offices: Sequence[Office], publications: Iterable[Publication] = ()) -> None:
        self.locality = PLACES[self.portal]
        self.offices = {office.name: office for office in offices}
        self._publications: list[Publication] = []
        self._articles: dict[str, Publication] = {}
        self._attachments: dict[str, Publication] = {}
        self._moments: tuple[datetime, ...] = ()
        self._scenes: dict[tuple[int, bool], Scene] = {}
        self.publish(*publications)

    def publish(self, *publications: Publication) -> None:
        """Add publications; each shows from its own time on. Raises ValueError where one is not of this portal."""
        for publication in publications:
            if publication.portal != self.portal or (publication.agency and publication.agency not in self.offices):
                raise ValueError(f"{publication.agency} of {publication.portal} is not on the replica of {self.portal}")
            for address in (self.path(publication), *self.twins(publication)):
                self._articles[address] = publication
            if publication.attachment is not None:
                self._attachments[self.attachment_path(publication)] = publication
        self._publications = sorted([*self._publications, *publications], key=lambda p: p.stated, reverse=True)
        moments = {moment for publication in self._publications for moment in publication.moments()}
        self._moments = (_BEGINNING, *sorted(moments.union(_NEW_YEARS)))
        self._scenes = {}

    @property
    def addresses(self) -> Collection[str]:
        """The addresses of all articles, shown or not."""
        return self._articles.keys()

    def shown(self, now: datetime) -> tuple[Publication, ...]:
        """What is shown at a time, the newest first."""
        return self._scene(now, empty_lists=False).shown

    def respond(self, request: Request, now: datetime, *, empty_lists: bool = False) -> Reply:
        """The reply to a request at a time."""
        scene = self._scene(now, empty_lists=empty_lists)
        # Of the headers only the Referer decides what some sites answer, and of it only whether there is one.
        key = (request.method, request.host, request.target, request.body, "referer" in request.headers)
        reply = scene.pages.get(key)
        if reply is None:
            reply = scene.pages[key] = self._answer(request, scene)
        return self._if_changed(request, reply) if self.has_validators else reply

    # ── what a site says for itself ──────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def path(self, publication: Publication) -> str:
        """The address of an article, from the root of the site."""

    def twins(self, publication: Publication) -> tuple[str, ...]:
        """Further addresses of the same article."""
        return ()

    @abstractmethod
    def attachment_path(self, publication: Publication) -> str:
        """The address of an article's attachment, from the root of the site."""

    def copies(self, publication: Publication) -> tuple[str, ...]:
        """The addresses of further files of the same report, beside its attachment."""
        return ()

    def files_of(self, publication: Publication) -> tuple[str, ...]:
        """The addresses of all files of a publication."""
        attached = (self.attachment_path(publication),) if publication.attachment is not None else ()
        return (*attached, *self.copies(publication))

    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The addresses of the portal's own annual-report columns."""

    def column(self, office: Office) -> str:
        """The address of an agency's own annual-report column, "" where it has none."""
        return ""

    @abstractmethod
    def page(self, request: Request, scene: Scene) -> Page | None:
        """Any page that is no article: home, columns, data behind lists. None where there is none."""

    @abstractmethod
    def article(self, publication: Publication, request: Request, scene: Scene) -> Page:
        """The page of an article that is shown."""

    # ── what pages are made with ─────────────────────────────────────────────────────────────────────────────────

    def office(self, publication: Publication) -> Office | None:
        """The agency of a publication; None for the area government's own."""
        return self.offices.get(publication.agency)

    def publisher(self, publication: Publication) -> str:
        """The name of the issuing body as pages print it."""
        office = self.office(publication)
        return office.official if office else self.locality.government

    def chrome(self, *crumbs: tuple[str, str]) -> dict[str, Any]:
        """What each page's frame needs; `crumbs` are (label, address) below the home page."""
        return {"site": self.locality, "crumbs": crumbs, "menu": self.menu()}

    def menu(self) -> tuple[tuple[str, str], ...]:
        """The main navigation: (label, address)."""
        return (("首页", "/"), *(("政府信息公开年报", column) for column in self.columns()[:1]))

    def home(self, scene: Scene, *disclosure: tuple[str, str]) -> Page:
        """The home page: the newest news, and links into the disclosure columns, (label, address)."""
        news = [self.row(publication) for publication in scene.rows(Place.NEWS)[:8]]
        return Page(_HOME.render(self.chrome(), news=news, disclosure=disclosure))

    def row(self, publication: Publication, cut: int = 200) -> dict[str, str]:
        """A list row: address, full title, the title cut after `cut` characters with …, and the stated day."""
        title = publication.title
        return {
            "address": self.path(publication),
            "title": title,
            "short": title if len(title) <= cut else title[: cut - 1] + "…",
            "on": f"{publication.stated:%Y-%m-%d}",
        }

    # ── inside ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _scene(self, now: datetime, *, empty_lists: bool) -> Scene:
        place = max(bisect_right(self._moments, now) - 1, 0)
        scenes = self._scenes
        if (place, empty_lists) not in scenes:
            since = self._moments[place]
            shown = tuple(publication for publication in self._publications if publication.is_shown(now))
            # Only the present is kept: a rehearsal moves through many moments and never goes back for long.
            kept = {key: scene for key, scene in scenes.items() if key[0] == place}
            scenes = self._scenes = {**kept, (place, empty_lists): Scene(since, shown, empty_lists)}
        return scenes[place, empty_lists]

    def _answer(self, request: Request, scene: Scene) -> Reply:
        if request.path == "/robots.txt":
            return self._finish(Page("User-agent: *\nDisallow: /search/\nDisallow: /login\n", media_type="text/plain"))
        for key in (request.target, request.path):
            publication = self._attachments.get(key)
            if publication and publication.attachment and publication.is_shown(scene.since):
                return self._file(publication, *publication.attachment)
        publication = self._articles.get(request.target) or self._articles.get(request.path)
        if publication is not None and publication.is_shown(scene.since):
            page = self.article(publication, request, scene)
            return self._finish(replace(page, modified=publication.modified(scene.since)))
        found = self.page(request, scene)
        if found is None and request.path.startswith("/about/"):
            found = Page(_NOTICE.render(self.chrome(), title="关于本站", text="演示用复制站点，数据均为虚构。"))
        if found is None and not request.path.endswith("/"):
            below = replace(request, target=f"{request.path}/")
            if self.page(below, scene) is not None:
                return Reply(301, (("Location", below.target),))
        if found is None:
            text = _NOTICE.render(self.chrome(), title="页面不存在", text="您访问的页面不存在或已删除。")
            found = Page(text, status=404)
        return self._finish(replace(found, modified=found.modified or scene.since))

    def _finish(self, page: Page) -> Reply:
        body = page.raw if page.raw is not None else page.text.encode(page.encoding, "xmlcharrefreplace")
        charset = self.charset_header if page.raw is None else ""
        headers = (("Content-Type", page.media_type + charset), *page.headers)
        return Reply(page.status, headers + self._validators(body, page.modified), body, page.is_list, page.part)

    def _file(self, publication: Publication, name: str, content: bytes) -> Reply:
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Reply(200, (("Content-Type", media_type), *self._validators(content, publication.published)), content)

    def _validators(self, body: bytes, modified: datetime | None) -> tuple[tuple[str, str], ...]:
        if not self.has_validators:
            return (("Cache-Control", "no-cache"),)
        tag = ("ETag", f'"{hashlib.sha256(body).hexdigest()[:20]}"')
        if modified is None:
            return (tag,)
        return (tag, ("Last-Modified", format_datetime(modified.astimezone(UTC), usegmt=True)))

    def _if_changed(self, request: Request, reply: Reply) -> Reply:
        """304 where the request's validators say that its sender has this very page."""
        if reply.status != 200:
            return reply
        headers = dict(reply.headers)
        tags = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
        if any(tags):
            same = headers.get("ETag") in tags or "*" in tags
        else:
            same = not _is_later(headers.get("Last-Modified"), request.headers.get("if-modified-since"))
        if not same:
            return reply
        kept = tuple((name, value) for name, value in reply.headers if name in ("ETag", "Last-Modified"))
        return Reply(304, kept, is_list=reply.is_list)


def _is_later(modified: str | None, since: str | None) -> bool:
    """Whether a page was modified after a time; a missing or broken time says nothing and the page is sent."""
    if modified is None or since is None:
        return True
    try:
        return parsedate_to_datetime(modified) > parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return True


_NOTICE: Final = template(
    """{% extends "frame.html" %}{% block title %}{{ title }}{% endblock %}
{% block content %}<p class="notice">{{ text }}</p>{% endblock %}"""
)
_HOME: Final = template('{% extends "home.html" %}')
