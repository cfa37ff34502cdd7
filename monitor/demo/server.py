"""One site on a loopback port: HTTP, faults that a test can ask for, and a log of the requests.

It decides nothing about pages. A port stays reserved while the site is unplugged, so that plugging it in again serves
the same address.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from monitor.clock import Clock
from monitor.demo.faults import Fault, instead, spoilt
from monitor.demo.messages import Reply, Request
from monitor.demo.site import Site

_LARGEST_FORM: Final = 100_000


@dataclass(frozen=True, slots=True)
class Logged:
    """A request as it came in. `path` has its query; `status` is 0 where no whole answer was sent."""

    portal: str
    method: str
    path: str
    status: int
    at: datetime


@dataclass(frozen=True, slots=True)
class _Broken:
    """A fault and the part of an address that it is for ("" for all)."""

    fault: Fault
    only: str = ""


class SiteServer:
    """Serves one site on 127.0.0.1, in threads of its own, from `plug` to `unplug` or `close`."""

    def __init__(self, site: Site, clock: Clock, log: Callable[[Logged], None]) -> None:
        self.site = site
        self.clock = clock
        self.log = log
        self.broken: _Broken | None = None
        self.mended = threading.Event()
        self._held: socket.socket | None = _bind(0)
        self.port: int = self._held.getsockname()[1]
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address of the site, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def plug(self) -> None:
        """Serve; nothing happens where it already does."""
        if self._server is not None:
            return
        held, self._held = self._held or _bind(self.port), None
        self.mended.clear()
        self._server = _Server(self, held)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name=f"replica-{self.port}")
        self._thread.start()

    def unplug(self) -> None:
        """Refuse connections from now on, and cut those that are open."""
        self._stop()
        self._held = self._held or _bind(self.port)

    def close(self) -> None:
        """Stop for good and give the port back."""
        self._stop()
        if self._held is not None:
            self._held.close()
            self._held = None

    def break_(self, fault: Fault | None, only: str = "") -> None:
        """Answer with a fault from now on, or rightly again (None). `only`: addresses that contain this text."""
        self.mended.set()  # whoever hangs goes on
        self.mended = threading.Event()
        self.broken = _Broken(fault, only) if fault is not None else None

    def _stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        server, self._server = self._server, None
        server.shutdown()
        self._thread.join()
        self.mended.set()
        server.cut_connections()
        server.server_close()


def _bind(port: int) -> socket.socket:
    """A bound socket that does not listen: connections to its port are refused, and nobody else gets it."""
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", port))
    return held


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing the server waits for the threads that answer
    request_queue_size = 128

    def __init__(self, owner: SiteServer, held: socket.socket) -> None:
        super().__init__(("127.0.0.1", owner.port), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = held
        self.owner = owner
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.server_name, self.server_port = "127.0.0.1", owner.port
        self.server_activate()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:  # its client has closed it already
                    continue


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self._respond()

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:  # the client went away, or the portal was unplugged
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are logged by `Logged`, not on standard error."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(self.server.owner.clock.now().astimezone(UTC), usegmt=True)

    def version_string(self) -> str:
        return "nginx"

    def _respond(self) -> None:
        owner = self.server.owner
        request = self._request()
        broken = owner.broken
        fault = broken.fault if broken is not None and broken.only in request.target else None
        if fault is Fault.HANG:
            self._logged(0)
            owner.mended.wait()
            self.close_connection = True
            return
        reply = self._reply(fault, request)
        self._logged(0 if fault is Fault.CUT else reply.status)
        self._send(reply, cut=fault is Fault.CUT)

    def _reply(self, fault: Fault | None, request: Request) -> Reply:
        site, now = self.server.owner.site, self.server.owner.clock.now()
        if fault is None:
            return site.respond(request, now)
        given = instead(fault, request, now)
        if given is not None:
            return given
        # A spoilt page is sent anew, whatever the client has.
        conditional = ("if-none-match", "if-modified-since")
        headers = {name: value for name, value in request.headers.items() if name not in conditional}
        reply = site.respond(replace(request, headers=headers), now, empty_lists=fault is Fault.EMPTY_LIST)
        return spoilt(fault, request, reply, site.addresses)

    def _request(self) -> Request:
        size = self.headers.get("Content-Length", "0")
        length = min(int(size), _LARGEST_FORM) if size.isdecimal() else 0
        form = self.rfile.read(length).decode("utf-8", "replace") if length else ""
        return Request(
            target=self.path,
            method="POST" if self.command == "POST" else "GET",
            host=self.headers.get("Host", f"127.0.0.1:{self.server.owner.port}"),
            query=dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)),
            form=dict(parse_qsl(form, keep_blank_values=True)),
            body=form,
            headers={name.lower(): value for name, value in self.headers.items()},
        )

    def _send(self, reply: Reply, *, cut: bool) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.repeat > 1:
            self._stream(reply)
            return
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if cut:
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.close_connection = True
        elif self.command != "HEAD":
            self.wfile.write(reply.body)

    def _stream(self, reply: Reply) -> None:
        """The body again and again, chunked; the connection ends with it."""
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        if self.command == "HEAD":
            return
        for _ in range(reply.repeat):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(reply.body), reply.body))
        self.wfile.write(b"0\r\n\r\n")

    def _logged(self, status: int) -> None:
        owner = self.server.owner
        owner.log(Logged(owner.site.portal, self.command, self.path, status, owner.clock.now()))
