"""What the crawl tests share: a web site made of paths and answers, and a crawl of it by a real child process."""

from __future__ import annotations

import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from monitor.exchange import (
    Capture,
    Column,
    CrawlSpec,
    Health,
    Limits,
    read_captures,
    read_health,
    spec_to_json,
)
from monitor.model import Portal

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the site. `hangs`: it never comes."""

    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False


class Site:
    """A web site on loopback: `pages` maps a path with its query to an answer; `asked` lists what was asked for.

    What is posted is asked for as "POST /path body".
    """

    def __init__(self, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Reply | str | Callable[[BaseHTTPRequestHandler], Reply | str]] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self._released = threading.Event()
        self._reached = threading.Condition()
        self._server = ThreadingHTTPServer((address, 0), self._handler())
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def url(self, path: str = "/") -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}{path}"

    def wait_for(self, path: str, seconds: float = 20) -> None:
        """Wait until a path was asked for."""
        with self._reached:
            assert self._reached.wait_for(lambda: path in self.asked, seconds), f"{path} was never asked for"

    def forget(self) -> None:
        self.asked.clear()

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._answer(self.path)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer(f"POST {self.path} {body}")

            def _answer(self, asked: str) -> None:
                with site._reached:
                    site.asked.append(asked)
                    site.agents.add(self.headers["User-Agent"])
                    site._reached.notify_all()
                reply = site.pages.get(asked, Reply("<html><title>404</title>没有这一页</html>", 404))
                reply = reply(self) if callable(reply) else reply
                self._send(Reply(reply) if isinstance(reply, str) else reply)

            def _send(self, reply: Reply) -> None:
                if reply.hangs:
                    site._released.wait()
                    self.close_connection = True
                    return
                body = reply.body.encode() if isinstance(reply.body, str) else reply.body
                self.send_response(reply.status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

            def handle(self) -> None:
                try:
                    super().handle()
                except ConnectionError:  # a crawl that was killed, as it should be
                    self.close_connection = True

        return Handler


def row(path: str, title: str, day: str = "") -> str:
    return f'<li><a href="{path}" title="{title}">{title[:20]}</a><span>{day}</span></li>'


def list_page(*rows: str, more: str = "", title: str = "政府信息公开年报") -> str:
    return f"<html><head><title>{title}</title></head><body><ul class='list'>{''.join(rows)}</ul>{more}</body></html>"


def article_page(title: str, day: str = "2024-01-20", more: str = "") -> str:
    paragraphs = "".join(f"<p>第{number}段：本机关按照要求公开信息，具体数字见下文各表。</p>" for number in range(30))
    return (
        f"<html><head><title>{title}</title><meta name='ArticleTitle' content='{title}'>"
        f"<meta name='PubDate' content='{day} 09:30'></head><body><h1>{title}</h1>"
        f"<div class='TRS_Editor'>{paragraphs}{more}</div></body></html>"
    )


@dataclass(frozen=True, slots=True)
class Crawl:
    """A crawl that has ended."""

    bundle: Path
    health: Health | None
    captures: list[Capture]
    status: int
    errors: str

    def column(self, url: str) -> Any:
        assert self.health is not None, self.errors
        return next(column for column in self.health.columns if column.url == url)

    def of(self, kind: str) -> list[Capture]:
        return [capture for capture in self.captures if capture.kind == kind]


def spec_for(site: Site, *paths: str, **changes: Any) -> CrawlSpec:
    """A spec for columns of a site; `changes` override fields of the spec, or of its portal."""
    portal = Portal(portal="test", name="测试网站", home=site.url(), private=True, delay=0)
    own = {name: changes.pop(name) for name in list(changes) if name in Portal.__dataclass_fields__}
    spec = CrawlSpec(
        crawl="test-1",
        portal=replace(portal, **own),
        columns=tuple(Column(site.url(path)) for path in paths),
        years=(2023,),
        limits=Limits(seconds=60),
        user_agent="nianbao-test/1 (+tests@example.cn)",
    )
    return replace(spec, **changes)


@contextmanager
def crawling(spec: CrawlSpec, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A crawl as the jobs start it: a process group of its own, we hold its standard input."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spec.json").write_text(spec_to_json(spec), "utf-8")
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "crawler", str(folder / "spec.json"), str(folder / "bundle")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def crawl(spec: CrawlSpec, folder: Path) -> Crawl:
    with crawling(spec, folder) as child:
        assert child.stderr is not None
        errors = child.stderr.read()
        status = child.wait(60)
    return ended(folder, status, errors)


def ended(folder: Path, status: int, errors: str) -> Crawl:
    bundle = folder / "bundle"
    health = read_health(bundle)
    return Crawl(bundle, health, list(read_captures(bundle)) if health else [], status, errors)
