"""The web page's server: addresses to views, and the walls around them. It decides nothing and writes nothing.

Everything shown was fetched from strangers' pages. So: autoescaped templates and one harmless line for each value, a
Content-Security-Policy that lets in nothing but our own style sheet, GET and HEAD only, and a Host header that must be
ours, or another site's script could read the page through a name that it points here (DNS rebinding). Captured pages
are never served.
"""

from __future__ import annotations

import errno
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any, Final

import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.alerts.base import one_line
from monitor.errors import NianbaoError
from monitor.jobs.home import Home, open_home
from monitor.web import portals, views

#: Seconds that requests get to end when the page is closed, and that closing takes at most.
_GRACE: Final = 1
_CLOSING: Final = 3
_TEXT_LIMIT: Final = 2000

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")
_METHODS: Final = ("GET", "HEAD")
_HOST: Final = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::\d{1,5})?")

_FOLDER: Final = Path(__file__).with_name("templates")
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    # Whatever a template prints is one harmless line first: no control or bidirectional mark gets through anywhere.
    finalize=lambda value: one_line(value, limit=_TEXT_LIMIT) if type(value) is str else value,
)


@contextmanager
def serving(path: Path, clock_text: str, *, host: str, port: int) -> Iterator[str]:
    """Serve the pages of a home while the block lasts; gives their address. `port` 0: any that is free.

    Raises OSError where the address cannot be bound. Signals are not touched; leaving takes three seconds at most.
    """
    with closing(_listen(host, port)) as listener:
        config = uvicorn.Config(
            application(path, clock_text, host=host),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE,
        )
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, name="web", daemon=True)
        thread.start()  # whoever calls before the server is up waits in the listener's queue
        try:
            yield f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join(_CLOSING)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except UnicodeError as error:  # a name that no name server can be asked for
        raise OSError(errno.EADDRNOTAVAIL, "地址写法不对") from error
    listener = socket.socket(family, kind)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


# ── pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def application(path: Path, clock_text: str, *, host: str) -> ASGIApp:
    """The pages of a home as an application that answers only for `host`, the address it is bound to."""

    def showing(show: Callable[[Home, Request], Response]) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:  # a plain function: it runs in a thread, with a database of its own
            with open_home(path, clock_text) as home:
                return show(home, request)

        return endpoint

    pages = Starlette(
        routes=[
            Route("/", showing(_overview)),
            Route("/agency/{agency}/{year}", showing(_agency)),
            Route("/portals", showing(_portals)),
            Route("/portals/{portal}", showing(_portal)),
            Route("/healthz", showing(lambda home, request: JSONResponse(views.health(home)))),
            Route("/style.css", lambda request: Response((_FOLDER / "style.css").read_bytes(), media_type="text/css")),
        ],
        exception_handlers={
            404: lambda request, error: _not_found("没有这个页面"),
            views.NotFound: lambda request, error: _not_found(str(error)),
            NianbaoError: lambda request, error: _trouble(500, "现在无法显示", str(error)),
            Exception: lambda request, error: _trouble(
                500, "程序出错", "程序出了意外，详情在服务的日志中。请告知维护人员"
            ),
        },
    )
    return _guarded(pages, host)


def _overview(home: Home, request: Request) -> Response:
    asked = request.query_params
    return _page("overview.html", page=views.overview(home, year=asked.get("year", ""), status=asked.get("status", "")))


def _agency(home: Home, request: Request) -> Response:
    asked = request.path_params
    return _page("agency.html", page=views.agency_page(home, asked["agency"], asked["year"]))


def _portals(home: Home, request: Request) -> Response:
    return _page("portals.html", page=portals.portals_page(home))


def _portal(home: Home, request: Request) -> Response:
    return _page("portal.html", page=portals.portal_page(home, request.path_params["portal"]))


def _not_found(words: str) -> Response:
    return _trouble(404, "没有找到", words)


def _trouble(status: int, title: str, words: str) -> Response:
    return _page("trouble.html", status, title=title, lines=words.splitlines())


def _page(template: str, status: int = 200, **values: Any) -> Response:
    return HTMLResponse(render(template, **values), status)


def render(template: str, **values: Any) -> str:
    """A template filled in; every text in it comes out as one escaped line."""
    return _TEMPLATES.get_template(template).render(values)


# ── walls ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _guarded(app: ASGIApp, bound: str) -> ASGIApp:
    """Answer only GET and HEAD for our own name, and put the protecting headers on every answer."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await (_refusal(scope, bound) or app)(scope, receive, send_protected)

    return guard


def _refusal(scope: Scope, bound: str) -> Response | None:
    if not is_ours(Request(scope).headers.get("host", ""), bound):
        return _trouble(400, "地址不对", "请用服务启动时显示的网址打开本页")
    if scope["method"] not in _METHODS:
        refused = _trouble(405, "不能这样访问", "本页只供查看")
        refused.headers["Allow"] = ", ".join(_METHODS)
        return refused
    return None


def is_ours(header: str, bound: str) -> bool:
    """Whether a Host header names us, bound to the address `bound`.

    On loopback only loopback's own names are ours. Elsewhere so are numeric addresses, which nobody can point
    here from a name of his, and the machine's own name.
    """
    found = _HOST.fullmatch(header)
    if found is None:
        return False
    name = (found["six"] or found["name"]).lower()
    if name == bound.lower():
        return True
    if _is_loopback(bound):
        return name in _LOOPBACK_NAMES
    return _is_address(name) or name == socket.gethostname().lower()


def _is_loopback(host: str) -> bool:
    return host.lower() == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
