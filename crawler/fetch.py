"""Asks for one URL after another and says what came of it: an answer, or the reason why there is none.

All requests of a crawl pass here, so the limits hold here, and so do good manners: a host is asked one thing at a time;
one that refuses programs is left alone at once; one in trouble after three addresses in a row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from scrapy import FormRequest, Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import VerboseCookie
from scrapy.robotstxt import RobotParser

from crawler.answers import Answer, DataExchange, Nothing
from crawler.failures import FAILURES, LOOP, REFUSALS, failure, refusal
from crawler.manners import A_DAY, Standing, retry_after
from crawler.reader import Reader
from crawler.reading import Kind, Question, Reading
from crawler.routes import Way, next_way, origin_of
from crawler.tls import Mode, TlsModes
from crawler.walls import Wall, reason_for, wall_of, words_for
from monitor.clock import Clock
from monitor.exchange import CrawlSpec, KnownList, KnownPage, Pass
from monitor.hosts import Hosts, bare, host_of
from monitor.text import squash

__all__ = ["Answer", "DataExchange", "Fetcher", "Nothing"]

#: After so many addresses in a row a host that does not serve is left alone.
PATIENCE: Final = 3
_HOST_TROUBLE: Final = frozenset({"portal_unreachable", "portal_blocked", "challenge_page"})
#: A host that refused is asked once more after so many times the portal's delay.
SLOWER: Final = 5
#: Longest that a crawl waits because a host's Retry-After or Crawl-delay says so, as a part of its time limit.
_WAITED: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """What is asked for, whichever way."""

    url: str
    kind: Kind
    form: tuple[tuple[str, str], ...]
    json: str
    referer: str
    known: KnownPage | KnownList | None
    rendered: bool


class Fetcher:
    """Fetches for one crawl. `stopped` is not empty once a limit is reached; then nothing more is asked for."""

    def __init__(self, crawler: Crawler, spec: CrawlSpec, clock: Clock, reader: Reader) -> None:
        self._crawler = crawler
        self._reader = reader
        self._spec = spec
        self._clock = clock
        self._hosts = Hosts.of(spec.portal)
        self._tls: TlsModes = crawler.settings["NIANBAO_TLS"]
        self._longest = spec.limits.seconds / _WAITED
        self._names = frozenset(map(squash, spec.names))
        self._asked = 0
        self._standings: dict[str, Standing] = {}
        self.stopped = ""
        for given in spec.passes:
            standing = self.standing(f"//{given.host}")
            standing.accept((*standing.passes, given))
        crawler.signals.connect(self._heed_robots, signal=signals.robots_parsed)

    async def get(
        self,
        url: str,
        kind: Kind,
        *,
        form: tuple[tuple[str, str], ...] = (),
        json: str = "",
        referer: str = "",
        known: KnownPage | KnownList | None = None,
        rendered: bool = False,
    ) -> Answer | Nothing:
        """Ask for a URL; with `known`, only for what is new since then; `rendered`: through the browser.

        `form`, `json`: what to send; with one of them it is a POST.
        """
        standing = self.standing(url)
        if standing.left is not None:
            return standing.left
        if standing.in_vain >= PATIENCE:
            return Nothing("portal_unreachable", f"{standing.name} 连续 {PATIENCE} 次没有正常应答，本轮不再请求")
        ask = _Ask(url=url, kind=kind, form=form, json=json, referer=referer, known=known, rendered=rendered)
        got = await self._ask(ask, standing)
        standing.in_vain = standing.in_vain + 1 if got.reason in _HOST_TROUBLE else 0
        standing.served = standing.served or not got.reason
        return got

    def standing(self, url: str) -> Standing:
        """How things stand with the host of a URL."""
        name = bare(host_of(url))
        return self._standings.setdefault(name, Standing(name))

    def note_on(self, url: str) -> str:
        """What has to be said of the way the pages of a URL's origin came, "" where nothing has."""
        return self.standing(url).notes.get(origin_of(url), "")

    @property
    def standings(self) -> tuple[Standing, ...]:
        return tuple(self._standings.values())

    async def _ask(self, ask: _Ask, standing: Standing) -> Answer | Nothing:
        """Ask, and where a wall stands in the way, do once what may be done about it."""
        was_visited = standing.visited
        got = await self._once(ask, standing)
        wall = _wall(got)
        if wall is Wall.COOKIE and not (was_visited or ask.rendered) and self._spec.browser:
            got = await self._visit(ask, standing)
        elif wall in (Wall.FORBIDDEN, Wall.BUSY) and isinstance(got, Answer) and self._may_wait(got, standing):
            got = await self._once(ask, standing)
        self._mind(got, ask, standing)
        return got

    async def _once(self, ask: _Ask, standing: Standing) -> Answer | Nothing:
        """One request, when it is the host's turn, and what its answer says."""
        async with standing.turn:
            if standing.left is not None:
                return standing.left
            if self._asked >= self._spec.limits.pages:
                self.stopped = "limit_pages"
                return Nothing("list_truncated", f"请求数达到上限 {self._spec.limits.pages}")
            await standing.rest()
            origin = origin_of(ask.url)
            if origin in standing.ways:
                way = standing.ways[origin] or Way()
                got = await self._try(ask, way, standing)
            else:
                way, got = await self._first(ask, standing)
            standing.tire()
            if isinstance(got, Response) and wall_of(got.status, ask_method(ask), b"", "") is Wall.REFUSED:
                self._leave(standing, Wall.REFUSED, got.status, ask.kind)
        return got if isinstance(got, Nothing) else await self._answer(ask, got, way, standing.notes.get(origin, ""))

    async def _first(self, ask: _Ask, standing: Standing) -> tuple[Way, Response | Nothing]:
        """The first request to an origin: where it does not answer, each other way to it is tried once."""
        origin, way, tried = origin_of(ask.url), Way(), {Way()}
        got = first = await self._try(ask, way, standing)
        while isinstance(got, Nothing):
            trusting = self._spec.any_certificate
            further = next_way(ask.url, way, got.fault, tried, self._hosts, trusting=trusting)
            if further is None:
                standing.ways[origin] = None
                return Way(), first
            way = further
            tried.add(way)
            got = await self._try(ask, way, standing)
        standing.ways[origin] = way
        standing.notes[origin] = way.words(self._tls.faults.get(host_of(way.to(ask.url)), ""))
        return way, got

    async def _try(self, ask: _Ask, way: Way, standing: Standing) -> Response | Nothing:
        self._asked += 1
        url = way.to(ask.url)
        self._tls.set(host_of(url), Mode(old=way.old, any_certificate=way.any_certificate))
        self._tls.faults.pop(host_of(url), None)
        try:
            request = _request(ask, way, () if ask.rendered else standing.show())
            response: Response = await self._crawler.engine.download_async(request)
        except REFUSALS as error:
            return refusal(error)
        except FAILURES as error:
            return failure(url, error, self._tls.faults.get(host_of(url), ""))
        return response

    async def _answer(self, ask: _Ask, response: Response, way: Way, note: str) -> Answer:
        at = self._clock.now()
        url = way.back(response.url, ask.url)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        is_same = isinstance(ask.known, KnownList) and _is_same(response, ask.known)
        question = Question(
            kind=ask.kind,
            status=response.status,
            url=url,
            requested=ask.url,
            content_type=content_type,
            body=response.body,
            family=self._spec.portal.family,
            years=self._spec.years,
            names=self._names if ask.kind is Kind.SURVEY else frozenset(),
            form=ask.form,
            json=ask.json,
        )
        reading = Reading() if is_same else await self._reader.read(question)
        request = response.request
        return Answer(
            url=url,
            method=request.method if request else "GET",
            status=response.status,
            media_type=content_type.partition(";")[0].strip().lower(),
            body=response.body,
            headers=_pairs(response.headers),
            asked_headers=_pairs(request.headers) if request else (),
            asked_body=request.body if request else b"",
            at=at,
            reading=reading,
            rendered=ask.rendered,
            is_same=is_same,
            exchanges=request.meta.get("exchanges", ()) if request else (),
            passes=_passes(request, url) if request else (),
            wall=wall_of(response.status, ask_method(ask), response.body, reading.reason),
            note=note,
            fetched_url=response.url if response.url != url else "",
        )

    async def _visit(self, ask: _Ask, standing: Standing) -> Answer | Nothing:
        """The one ordinary browser visit of a host, whichever request meets its cookie wall first; then ask again."""
        async with standing.visiting:
            if not standing.visited:
                standing.visited, standing.served = True, False
                is_page = ask.kind is not Kind.ATTACHMENT and ask_method(ask) == "GET"
                url = ask.url if is_page else f"{origin_of(ask.url)}/"
                visit = replace(ask, url=url, form=(), json="", known=None, rendered=True)
                seen = await self._once(visit, standing)
                if isinstance(seen, Answer):
                    standing.accept(seen.passes)
                else:
                    standing.unseen = seen.detail
        return await self._once(ask, standing)

    def _may_wait(self, answer: Answer, standing: Standing) -> bool:
        """Have a host that refused rest before it is asked once more; whether that is short enough for this crawl."""
        said = retry_after(answer.header("Retry-After"), self._clock.now())
        seconds = SLOWER * (self._spec.portal.delay or 0) if said is None else said.total_seconds()
        if seconds > max(self._longest, SLOWER * (self._spec.portal.delay or 0)):
            return False
        standing.tire(seconds)
        return True

    def _mind(self, got: Answer | Nothing, ask: _Ask, standing: Standing) -> None:
        """Leave a host alone that does not want programs, or not now; one that serves may refuse a single address."""
        wall, status = _wall(got), got.status if isinstance(got, Answer) else 0
        said = retry_after(got.header("Retry-After"), self._clock.now()) if isinstance(got, Answer) else None
        if wall is Wall.BUSY and said is not None and said.total_seconds() > self._longest:
            standing.leave(words_for(wall, status), self._clock.now() + said)
        elif wall in (Wall.REFUSED, Wall.PERSON) or (wall in (Wall.FORBIDDEN, Wall.COOKIE) and not standing.served):
            self._leave(standing, wall, status, ask.kind, said)

    def _leave(self, standing: Standing, wall: Wall, status: int, kind: Kind, said: timedelta | None = None) -> None:
        """Leave a host alone for a day, or longer where it says so. A file behind a captcha is no closed portal."""
        words, until = words_for(wall, status), self._clock.now() + max(A_DAY, said or A_DAY)
        reason = reason_for(wall, status)
        if wall is Wall.COOKIE and (standing.unseen or not self._spec.browser):
            # No refusal of theirs, a want of ours: the next crawl tries again.
            why = f"没有成功：{standing.unseen}" if standing.unseen else "但本机没有可用的浏览器"
            standing.leave(f"{words}，要用浏览器访问一次，{why}", None, reason)
        elif wall is Wall.COOKIE:
            standing.leave(f"{words}，用浏览器访问一次后仍被拒绝", until, reason)
        elif kind is not Kind.ATTACHMENT:
            standing.leave(words, until, reason)

    def _heed_robots(self, robotparser: RobotParser, request: Request) -> None:
        """Note the Crawl-delay of a host's robots.txt, as far as a crawl can keep it."""
        delay = robotparser.crawl_delay(self._spec.user_agent)
        if delay is not None:
            self.standing(request.url).pause = min(max(0.0, delay), self._longest)


def ask_method(ask: _Ask) -> str:
    return "POST" if ask.form or ask.json else "GET"


def _wall(got: Answer | Nothing) -> Wall | None:
    if isinstance(got, Answer):
        return got.wall
    return Wall.COOKIE if got.detail == LOOP else None  # a redirect to itself that waits for a cookie


def _request(ask: _Ask, way: Way, passes: tuple[Pass, ...]) -> Request:
    headers = {"Referer": ask.referer} if ask.referer else {}
    if ask.known is not None and ask.known.etag:
        headers["If-None-Match"] = ask.known.etag
    if ask.known is not None and ask.known.last_modified:
        headers["If-Modified-Since"] = ask.known.last_modified
    meta: dict[str, Any] = {"any_certificate": way.any_certificate, "dont_retry": way != Way()}
    if ask.rendered:  # a browser follows refreshes itself, and trying again is dear
        meta |= {"playwright": True, "dont_redirect": True, "dont_retry": True}
    url = way.to(ask.url)
    cookies: list[VerboseCookie] = [{"name": given.name, "value": given.value, "path": "/"} for given in passes]
    if ask.form:
        return FormRequest(url, formdata=list(ask.form), headers=headers, meta=meta, cookies=cookies)
    if ask.json:
        headers["Content-Type"] = "application/json"
        return Request(url, method="POST", body=ask.json, headers=headers, meta=meta, cookies=cookies)
    return Request(url, headers=headers, meta=meta, cookies=cookies)


def _passes(request: Request, url: str) -> tuple[Pass, ...]:
    host = host_of(url)
    return tuple(Pass(host, cookie["name"], cookie["value"]) for cookie in request.meta.get("cookies", ()))


def _is_same(response: Response, known: KnownList) -> bool:
    """Whether a list page is byte for byte what it was when it was last read."""
    if response.status == 304:
        return True
    return response.status == 200 and hashlib.sha256(response.body).hexdigest() == known.sha256


def _pairs(headers: Any) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name, value) for name, values in headers.items() for value in values)
