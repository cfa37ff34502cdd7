"""Portals that attack: every guard is met by what it is for, in plain HTTP and in the browser."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

import brotli
import pytest

from monitor.browser import find_browser
from monitor.exchange import CrawlSpec, Limits
from tests.crawling import Reply, Site, article_page, crawl, list_page, row, spec_for
from tests.fetching import Fetched, Scenario, ask_all

NAME = "portal.example.cn"
MOVING = "moving.example.cn"
#: Whatever a browser looks up itself below "localhost" is 127.0.0.1.
INWARD = "drawn.localhost"
TITLE = "区教育局2023年政府信息公开工作年度报告"
FINE = list_page(row("/a.html", TITLE, "2024-01-20"))
needs_browser = pytest.mark.skipif(not find_browser(), reason="no Chromium on this machine")
CLOSE = {"Connection": "close"}
INNER = [
    "http://127.0.0.1:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://inner.portal.example.cn:{port}/",
]


def public(site: Site, name: str = NAME, seconds: int = 40) -> CrawlSpec:
    """The spec of a portal that is no private one; its site's address is passed off as public, and that alone."""
    spec = spec_for(site, home=f"http://{name}:{site.port}/", private=False, browser=find_browser())
    return replace(spec, limits=Limits(seconds=seconds, bytes=1_000_000))


def without_end(head: bytes) -> Callable[[BaseHTTPRequestHandler], Reply]:
    """An answer of 50 MB that says nothing of its length, or lies."""

    def stream(request: BaseHTTPRequestHandler) -> Reply:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head + b"\r\n")
        for _ in range(50):
            request.wfile.write(b"x" * 1_000_000)
        raise ConnectionAbortedError

    return stream


def heads_without_end(request: BaseHTTPRequestHandler) -> Reply:
    """Headers, 50 MB of them, before a page that would do."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(500):
        request.wfile.write(b"X-More: " + b"x" * 90 + b"\r\n" + b"X-More: y\r\n" * 9000)
    request.wfile.write(b"Content-Type: text/html\r\n\r\n" + FINE.encode())
    raise ConnectionAbortedError


def drip(head: bytes) -> Callable[[BaseHTTPRequestHandler], Reply]:
    """An answer of a byte now and then, for ever."""

    def stream(request: BaseHTTPRequestHandler) -> Reply:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head)
        while not Event().wait(0.1):
            request.wfile.write(b"x")
        raise AssertionError

    return stream


def redirect(url: str) -> Reply:
    return Reply("", 302, {"Location": url, **CLOSE})


def bomb(pack: Callable[[bytes], bytes], name: str) -> Reply:
    return Reply(pack(b"<p>" + b" " * 50_000_000), headers={"Content-Encoding": name})


@pytest.fixture(scope="module")
def met() -> Iterator[dict[str, Fetched]]:
    """All attacks on the fetcher, side by side in one process, and what came of them. Nobody reached the victims."""
    browser = find_browser()
    with ExitStack() as stack:
        site, moving, moved = (stack.enter_context(Site(at)) for at in ("127.0.0.1", "127.0.0.1", "127.0.0.3"))
        victims = [
            stack.enter_context(socket.create_server(at))
            for at in (("127.0.0.1", 0), ("127.0.0.2", moving.port), ("127.0.0.1", moved.port))
        ]
        inner = [url.format(port=victims[0].getsockname()[1]) for url in INNER]
        home = f"http://{NAME}:{site.port}"
        site.pages |= {f"/to/{n}": redirect(url) for n, url in enumerate(inner)}
        site.pages |= {f"/loop{n}": redirect(f"/loop{n + 1}") for n in range(30)}
        site.pages |= swollen_and_slow() | drawn_attacks(inner)
        for one in (moving, moved):
            one.pages |= {"/robots.txt": Reply("", headers=CLOSE), "/a": Reply(FINE, headers=CLOSE), "/b": FINE}
        scenarios = {
            "inner": Scenario(public(site), [f"{home}/to/{n}" for n in range(len(inner))]),
            "swollen": Scenario(public(site), [home + path for path in SWOLLEN]),
            "slow": Scenario(public(site, seconds=10), [home + path for path in SLOW]),
            "loop": Scenario(replace(public(site), browser=""), [f"{home}/loop0"]),
            "moving": Scenario(public(moving, MOVING), [f"http://{MOVING}:{moving.port}/{path}" for path in "ab"]),
        }
        if browser:
            scenarios |= {
                "drawn": Scenario(public(site), [(home + path, "list") for path in DRAWN], rendered=True),
                "moved": Scenario(
                    public(moved, INWARD),
                    [(f"http://{INWARD}:{moved.port}/{path}", "list") for path in "ab"],
                    rendered=True,
                ),
            }
        names = {
            NAME: ["127.0.0.1"],
            f"inner.{NAME}": ["10.0.0.1"],
            MOVING: ["127.0.0.1", "127.0.0.1", "127.0.0.2"],
            INWARD: ["127.0.0.3", "127.0.0.3", "127.0.0.1"],
        }
        yield ask_all(scenarios, names=names, public=["127.0.0.1", "127.0.0.3"])
        assert "/loop6" not in site.asked
        assert "/b" not in moving.asked
        for victim in victims:  # whoever connected to one would be found waiting
            victim.setblocking(False)
            with pytest.raises(BlockingIOError):
                victim.accept()


SWOLLEN = ("/stream", "/long", "/gzip", "/deflate", "/raw", "/br", "/twice")
SLOW = ("/drip", "/drip/head", "/heads")


def swollen_and_slow() -> dict[str, Reply | str | Callable[[BaseHTTPRequestHandler], Reply | str]]:
    return {
        "/stream": without_end(b""),
        "/long": without_end(b"Content-Length: 50000000\r\n"),
        "/gzip": bomb(lambda data: gzip.compress(data, 1), "gzip"),
        "/deflate": bomb(lambda data: zlib.compress(data, 1), "deflate"),
        "/raw": bomb(lambda data: zlib.compress(data, 1)[2:-4], "deflate"),
        "/br": bomb(lambda data: brotli.compress(data, quality=1), "br"),
        "/twice": bomb(lambda data: gzip.compress(gzip.compress(data, 1)), "gzip, gzip"),
        "/drip": drip(b"\r\n"),
        "/drip/head": drip(b"X-More: "),
        "/heads": heads_without_end,
    }


def test_in_plain_http_nobody_is_led_inside(met: dict[str, Fetched]) -> None:
    assert met["inner"].reasons == ["host_refused"] * len(INNER)
    assert met["loop"].reasons == ["portal_blocked"]


def test_in_plain_http_nothing_endless_or_swollen_gets_in(met: dict[str, Fetched]) -> None:
    assert met["swollen"].reasons == ["list_truncated"] * len(SWOLLEN), met["swollen"]


def test_in_plain_http_whoever_drips_or_has_headers_without_end_is_given_up(met: dict[str, Fetched]) -> None:
    assert met["slow"].reasons == ["portal_unreachable"] * len(SLOW)
    assert ["超时" in got.detail for got in met["slow"].answers] == [True, True, False], met["slow"]


def test_a_name_that_moves_inside_is_refused_when_it_is_connected_to_again(met: dict[str, Fetched]) -> None:
    assert met["moving"].reasons == ["", "host_refused"]


ATTACK = """<script>
const inner = %s, at = inner[0].replace('http://', '');
for (const url of inner) {
  fetch(url, {mode: 'no-cors'}).catch(() => 0);
  navigator.sendBeacon(url, 'x');
  for (const tag of ['img', 'script', 'iframe', 'video', 'embed'])
    document.body.appendChild(Object.assign(document.createElement(tag), {src: url}));
  new EventSource(url);
  try { new WebSocket(url.replace('http', 'ws')) } catch (error) {}
  window.open(url);
}
try {
  const peer = new RTCPeerConnection({iceServers: [
    {urls: 'turn:' + at.replace('/', '') + '?transport=tcp', username: 'u', credential: 'c'}]});
  peer.createDataChannel('x');
  peer.createOffer().then(offer => peer.setLocalDescription(offer));
} catch (error) {}
</script>"""
NAGGING = """<script>
onbeforeunload = event => { event.preventDefault(); event.returnValue = 'stay' };
alert(1); confirm(2); prompt(3); window.open('/fine'); window.open('about:blank');
const link = Object.assign(document.createElement('a'), {href: '/file', download: 'x.exe'});
document.body.appendChild(link); link.click();
</script>"""
#: What is drawn, in this order, and what is said of it.
DRAWN = {
    "/attack": "",
    "/nagging": "",
    "/to": "portal_unreachable",
    "/script": "host_refused",
    "/fine": "",
    "/stream": "list_truncated",
    "/gzip": "list_truncated",
    "/deflate": "list_truncated",
    "/br": "portal_unreachable",  # no browser unpacks it that comes by plain http
    "/dom": "list_truncated",
    "/drip": "portal_unreachable",
    "/fine?1": "",
    "/heads": "portal_unreachable",
    "/stuck": "portal_unreachable",
    "/fine?2": "",
}


def drawn_attacks(inner: list[str]) -> dict[str, Reply | str]:
    return {
        "/attack": FINE.replace("</body>", ATTACK % inner + "</body>"),
        "/nagging": FINE.replace("</body>", NAGGING + "</body>"),
        "/file": Reply("MZ", headers={"Content-Type": "application/octet-stream"}),
        "/to": redirect(inner[0]),
        "/script": f"<script>location = '{inner[0]}'</script>",
        "/dom": FINE.replace("</ul>", "</ul><script>document.body.append('x'.repeat(5000000))</script>"),
        "/stuck": "<body><script>while (true) {}</script></body>",
        **dict.fromkeys(("/fine", "/fine?1", "/fine?2"), FINE),
    }


@needs_browser
def test_in_the_browser_neither(met: dict[str, Fetched]) -> None:
    drawn = met["drawn"]
    assert dict(zip(DRAWN, drawn.reasons, strict=True)) == DRAWN, [(got.detail, got.seconds) for got in drawn.answers]
    assert drawn.refused > len(INNER)


@needs_browser
def test_a_name_that_moves_inside_while_the_browser_runs_still_leads_where_it_led(met: dict[str, Fetched]) -> None:
    assert met["moved"].reasons == [""] * 2, met["moved"]


@needs_browser
def test_a_drawn_list_without_an_end_is_cut_and_said_to_be(tmp_path: Path) -> None:
    script = """<script>const page = Number(location.search.slice(3)) || 1;
        document.body.innerHTML = `<ul class="list"><li><a href="/${page}.html">%s</a><span>2024-01-20</span></li></ul>
        <a href="?p=${page + 1}">下一页</a>`</script>"""
    with Site() as site:
        site.pages |= {
            f"/nb/?p={n}": list_page(
                row(f"/{n}.html", "工作动态", "2023-05-05"), more=f'<a href="?p={n + 1}">下一页</a>'
            )
            for n in range(2, 99)
        }
        site.pages["/nb/"] = f"<html><body>{script % TITLE}</body></html>"
        site.pages["/1.html"] = article_page(TITLE)
        spec = spec_for(site, "/nb/", browser=find_browser(), limits=Limits(seconds=60, pages=30))
        done = crawl(spec, tmp_path)
    column = done.column(site.url("/nb/"))
    assert (column.healthy, done.errors, column.reason) == (False, "", "list_truncated")
    assert len(site.asked) <= 31
