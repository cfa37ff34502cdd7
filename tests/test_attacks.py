"""Portals that attack: every guard is met by what it is for, in plain HTTP and in the browser."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from monitor.browser import find_browser
from monitor.exchange import CrawlSpec, Limits
from tests.crawling import Reply, Site, list_page, row, spec_for
from tests.fetching import Fetched, Scenario, ask, ask_all

NAME = "portal.example.cn"
TITLE = "区教育局2023年政府信息公开工作年度报告"
FINE = list_page(row("/a.html", TITLE, "2024-01-20"))
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


def public(site: Site, **changes: object) -> CrawlSpec:
    """The spec of a portal that is no private one; its site's address is passed off as public, and that alone."""
    spec = spec_for(site, home=f"http://{NAME}:{site.port}/", private=False, browser=find_browser())
    return replace(spec, limits=Limits(seconds=40, bytes=1_000_000), **changes)  # type: ignore[arg-type]


def without_end(head: bytes) -> Callable[[BaseHTTPRequestHandler], Reply]:
    """An answer of 50 MB that says nothing of its length, or lies."""

    def stream(request: BaseHTTPRequestHandler) -> Reply:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head + b"\r\n")
        for _ in range(50):
            request.wfile.write(b"x" * 1_000_000)
        raise ConnectionAbortedError

    return stream


def redirect(url: str) -> Reply:
    return Reply("", 302, {"Location": url, **CLOSE})


def bomb(pack: Callable[[bytes], bytes], name: str) -> Reply:
    return Reply(pack(b"<p>" + b" " * 50_000_000), headers={"Content-Encoding": name})


@pytest.fixture
def victim() -> Iterator[socket.socket]:
    """A listener inside the network. Whoever connects to it is found waiting."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_in_plain_http_nothing_inner_endless_or_swollen_gets_in(victim: socket.socket) -> None:
    inner = [url.format(port=victim.getsockname()[1]) for url in INNER]
    with Site() as site:
        site.pages |= {f"/to/{n}": redirect(url) for n, url in enumerate(inner)}
        site.pages |= {
            "/stream": without_end(b""),
            "/long": without_end(b"Content-Length: 50000000\r\n"),
            "/gzip": bomb(gzip.compress, "gzip"),
            "/deflate": bomb(zlib.compress, "deflate"),
        }
        for n in range(30):
            site.pages[f"/loop{n}"] = redirect(f"/loop{n + 1}")
        swollen, loop = ["/stream", "/long", "/gzip", "/deflate"], ["/loop0"]
        home = f"http://{NAME}:{site.port}"
        spec = public(site)
        to = [f"{home}/to/{n}" for n in range(len(inner))]
        fetched = ask_all(
            {
                "inner": Scenario(spec, to),
                "swollen": Scenario(spec, [home + path for path in swollen]),
                "loop": Scenario(replace(spec, browser=""), [home + path for path in loop]),
            },
            names={NAME: ["127.0.0.1"], f"inner.{NAME}": ["10.0.0.1"]},
            public=["127.0.0.1"],
        )
        assert site.asked.count("/loop6") == 0
    assert fetched["inner"].reasons == ["host_refused"] * len(inner)
    assert fetched["swollen"].reasons == ["list_truncated"] * len(swollen), fetched["swollen"]
    assert fetched["loop"].reasons == ["portal_blocked"]


def test_a_name_that_moves_inside_is_refused_when_it_is_connected_to_again() -> None:
    with Site() as site:
        site.pages |= {"/robots.txt": Reply("", headers=CLOSE), "/a": Reply(FINE, headers=CLOSE), "/b": FINE}
        home = f"http://{NAME}:{site.port}"
        names = {NAME: ["127.0.0.1", "127.0.0.1", "127.0.0.2"]}
        fetched = ask(public(site), f"{home}/a", f"{home}/b", names=names, public=["127.0.0.1"])
        assert "/b" not in site.asked
    assert fetched.reasons == ["", "host_refused"]


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


@pytest.mark.skipif(not find_browser(), reason="no Chromium on this machine")
def test_in_the_browser_neither(victim: socket.socket) -> None:
    inner = [url.format(port=victim.getsockname()[1]) for url in INNER]
    with Site() as site, ExitStack():
        home = f"http://{NAME}:{site.port}"
        site.pages |= {
            "/attack": FINE.replace("</body>", ATTACK % inner + "</body>"),
            "/nagging": FINE.replace("</body>", NAGGING + "</body>"),
            "/file": Reply("MZ", headers={"Content-Type": "application/octet-stream"}),
            "/to": redirect(inner[0]),
            "/script": f"<script>location = '{inner[0]}'</script>",
            "/stream": without_end(b""),
            "/gzip": bomb(gzip.compress, "gzip"),
            "/dom": FINE.replace("</ul>", "</ul><script>document.body.append('x'.repeat(5000000))</script>"),
            "/stuck": "<body><script>while (true) {}</script></body>",
            "/fine": FINE,
        }
        expected = {
            "/attack": "",
            "/nagging": "",
            "/to": "portal_unreachable",
            "/script": "host_refused",
            "/fine": "",
            "/stream": "list_truncated",
            "/gzip": "list_truncated",
            "/dom": "list_truncated",
            "/stuck": "portal_unreachable",
            "/fine?": "",
        }
        site.pages["/fine?"] = FINE
        fetched: Fetched = ask(
            public(site),
            *((home + path, "list") for path in expected),
            rendered=True,
            names={NAME: ["127.0.0.1"], f"inner.{NAME}": ["10.0.0.1"]},
            public=["127.0.0.1"],
        )
    assert dict(zip(expected, fetched.reasons, strict=True)) == expected, fetched
    assert fetched.refused > len(inner)
