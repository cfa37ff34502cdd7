"""Reports that somebody names: files, folders, addresses, and what a page among them encloses. Reads no document.

All that is fetched is hostile: an enclosure is taken from the page's own site or folder, never from elsewhere.
"""

from __future__ import annotations

import http.client
import os
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from w3lib.url import safe_url_string

from monitor.clock import stopwatch
from monitor.documents.files import File, Read
from monitor.documents.formats.archive import is_left_behind
from monitor.documents.limits import LARGEST_UNPACKED
from monitor.errors import Unreadable, system_words
from monitor.hosts import Hosts, address_in, host_of, is_public
from monitor.model import Enclosure

#: Seconds without a byte, and for all of an answer: who sends a byte at a time must not hold us for ever.
_TIMEOUT: Final = 60
_LONGEST: Final = 300
_PIECE: Final = 65_536
#: Files that a page may enclose; a report of page images has one a page.
_MOST_ENCLOSED: Final = 40
#: Where browsers put the parts of a page that they save.
_PARTS: Final = ("_files", ".files", "_文件")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source was found, and where what it encloses may lie: `address` after redirects, "" for a file.

    `is_inner`: its host is on our own network, as is then all that it may lead to.
    """

    source: str
    address: str = ""
    is_inner: bool = False


def is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


# ── folders and files ───────────────────────────────────────────────────────────────────────────────────────────────


def expand(sources: Sequence[str]) -> Iterator[str | Read]:
    """The sources with each folder as the files below it, in order of name; a folder without one says so."""
    for source in sources:
        if not source:  # to Path it is the folder where we stand
            yield Read(source, error="文件名是空的；请写出要检查的文件、文件夹或网址")
            continue
        if is_address(source) or not Path(source).is_dir():
            yield source
            continue
        yield from list(_files(Path(source))) or [Read(source, error="文件夹里没有可以读取的文件")]


def _files(folder: Path) -> Iterator[str | Read]:
    locked: list[OSError] = []
    for name, folders, files in os.walk(folder, onerror=locked.append):
        pages = {Path(file).stem for file in files}
        folders[:] = sorted(inner for inner in folders if not is_left_behind(inner) and not _is_part(inner, pages))
        for file in sorted(files):
            path = Path(name, file)
            if not is_left_behind(file) and path.is_file():  # no device and no pipe
                yield str(path)
    for error in locked:
        words = f"读不到文件夹 {error.filename}：{system_words(error)}；请检查权限"
        yield Read(str(error.filename), error=words)


def _is_part(folder: str, pages: set[str]) -> bool:
    """Whether a folder holds the pictures and scripts of a page that was saved beside it."""
    return any(folder.endswith(ending) and folder.removesuffix(ending) in pages for ending in _PARTS)


def load(source: str, *, limit: int, agent: str, site: Hosts | None = None) -> tuple[File | Read, Place]:
    """The bytes of a file or an address, at most `limit` of them, or why they are not to be had; and where it was.

    `site`: an address, and whatever it is redirected to, has to lie there; its `private` says whether on our network.
    """
    is_inner = site.private if site else is_address(source) and _is_inner(host_of(source))
    place = Place(source, is_inner=is_inner)
    try:
        if is_address(source):
            redirects = _Redirects(is_inner=place.is_inner, site=site)
            if site and (refusal := redirects.refuses(source)):
                raise Unreadable(f"没有访问 {source}：{refusal}")  # noqa: TRY301 (said like the rest)
            data, charset, address = _download(source, limit, agent, redirects)
            return File(source, data, charset=charset), Place(source, address, place.is_inner)
        return File(source, _bytes(Path(source), limit)), place
    except Unreadable as error:
        return Read(source, error=str(error)), place


def _bytes(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise Unreadable(f"读不到文件 {path}：{system_words(error)}；请检查路径和权限") from error
    except ValueError as error:  # a zero byte in the name
        raise Unreadable(f"读不到文件 {path}：文件名里有不能使用的字符；请改正") from error
    return _within(data, str(path), limit)


def _within(data: bytes, name: str, limit: int) -> bytes:
    if len(data) > limit:
        raise Unreadable(f"{name} 超过 {limit // 1_000_000} MB 的上限，没有读取")
    return data


# ── what a page encloses ────────────────────────────────────────────────────────────────────────────────────────────


def load_enclosed(
    place: Place, enclosures: Sequence[Enclosure], *, limit: int, agent: str, title: str = ""
) -> Iterator[File | Read]:
    """The files that a page encloses, each with its title, as far as they lie where the page itself lies."""
    room = LARGEST_UNPACKED
    for number, enclosure in enumerate(enclosures):
        name = enclosure.name or enclosure.url
        try:
            if number >= _MOST_ENCLOSED or room <= 0:
                raise Unreadable("网页的附件过多，没有全部读取；请逐个下载后检查")  # noqa: TRY301 (said like the rest)
            file = _enclosed(place, enclosure.url, min(limit, room), agent)
        except Unreadable as error:
            yield Read(name, error=str(error))
            continue
        room -= len(file.data)
        yield File(file.name, file.data, charset=file.charset, title=title)


def _enclosed(place: Place, url: str, limit: int, agent: str) -> File:
    """An enclosure of a page. Raises Unreadable where it lies elsewhere or is not to be had."""
    if not place.address:
        path = _beside(Path(place.source), url)
        return File(str(path), _bytes(path, limit))
    try:
        address = urldefrag(urljoin(place.address, url)).url
    except ValueError as error:
        raise Unreadable(f"附件的地址不对：{url}") from error
    site = Hosts([host_of(place.address)], private=place.is_inner)
    redirects = _Redirects(is_inner=place.is_inner, site=site)
    if refusal := redirects.refuses(address):
        raise Unreadable(f"附件 {address} 没有下载：{refusal}；请自行下载后检查")
    data, charset, _ = _download(address, limit, agent, redirects)
    return File(address, data, charset=charset)


def _beside(page: Path, url: str) -> Path:
    """The file that a saved page names, within its own folder. Raises Unreadable where it is not."""
    folder = page.parent.resolve()
    try:
        parts = urlsplit(url)
        names = [parts.path, unquote(parts.path)]
        if parts.scheme or parts.netloc:
            raise Unreadable(f"附件 {url} 在网上，没有下载；请改为检查网页的地址，或自行下载后检查")
        paths = [(folder / name).resolve() for name in names]
    except (ValueError, OSError) as error:  # no URL, or no name that a file may have
        raise Unreadable(f"附件的地址不对：{url}") from error
    for path in paths:
        if path.is_relative_to(folder) and path.is_file():
            return path
    if not all(path.is_relative_to(folder) for path in paths):
        raise Unreadable(f"附件 {url} 不在网页所在的文件夹里，没有读取")
    raise Unreadable(f"附件 {url} 不在网页旁边，请把它放在网页所在的文件夹里")


# ── the network ─────────────────────────────────────────────────────────────────────────────────────────────────────


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Redirects that lead neither into our own network from outside it nor, where a site is given, away from it."""

    def __init__(self, *, is_inner: bool, site: Hosts | None = None) -> None:
        self._is_inner = is_inner
        self._site = site

    def refuses(self, url: str) -> str:
        """Why an address is not asked for, "" where it may be."""
        if self._site is not None and (refusal := self._site.refuses(url)):
            return refusal
        if not is_address(url):
            return "不是网页地址"
        if not self._is_inner and _is_inner(host_of(url)):
            return f"{host_of(url)} 是内网或本机地址"
        return ""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        if refusal := self.refuses(newurl):
            raise Unreadable(f"打不开 {req.full_url}：转到了 {newurl}，{refusal}")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _is_inner(host: str) -> bool:
    """Whether a host is, or its name leads to, an address that is not on the open internet."""
    literal = address_in(host)
    if literal is not None:
        return not is_public(literal)
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # asking it will say so, or a proxy knows it
        return False
    addresses = [address_in(str(entry[4][0])) for entry in found]
    return any(address is None or not is_public(address) for address in addresses)


def _body(answer: http.client.HTTPResponse, limit: int, url: str) -> bytes:
    """What an answer says, one byte more than the limit at most. Raises Unreadable where it takes too long."""
    begun = stopwatch()
    content = bytearray()
    while len(content) <= limit and (piece := answer.read1(_PIECE)):
        content += piece
        if stopwatch() - begun > _LONGEST:
            raise Unreadable(f"打不开 {url}：{_LONGEST} 秒内没有收完；请稍后再试")
    return bytes(content[: limit + 1])


def _why(error: Exception) -> str:
    """Why an address gave no answer, or not a whole one."""
    reason = getattr(error, "reason", None)  # what urllib wraps: another error, or words
    if isinstance(reason, OSError):
        return system_words(reason)
    if isinstance(error, urllib.error.URLError | http.client.InvalidURL | ValueError):
        return "网址的写法不对"
    return system_words(error) if isinstance(error, OSError) else "服务器的应答不完整或不合规范"


def _download(url: str, limit: int, agent: str, redirects: _Redirects) -> tuple[bytes, str, str]:
    """Body, declared charset and final address. Raises Unreadable."""
    try:
        request = urllib.request.Request(safe_url_string(url), headers={"User-Agent": agent})  # noqa: S310
        with urllib.request.build_opener(redirects).open(request, timeout=_TIMEOUT) as answer:
            content = _body(answer, limit, url)
            headers: Any = answer.headers
            address: str = answer.url
    except urllib.error.HTTPError as error:
        raise Unreadable(f"打不开 {url}：服务器回答 {error.code}；请检查网址，或稍后再试") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unreadable(f"打不开 {url}：{_why(error)}；请检查网址，或稍后再试") from error
    promised = headers.get("Content-Length", "")
    if promised.isdigit() and len(content) < min(int(promised), limit):
        raise Unreadable(f"打不开 {url}：只收到 {len(content)} 字节，应有 {promised} 字节；请稍后再试")
    return _within(content, url, limit), headers.get_content_charset() or "", address
