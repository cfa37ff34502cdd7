"""Writes a bundle: the WARC file, captures.jsonl and, last of all, health.json. It fetches nothing and judges nothing.

In the WARC file (1.1) each record is a gzip member of its own: a reader that knows offset and length needs only that.
A response's payload is the body as the site meant it, decoded of transfer and content encoding; a capture's SHA-256
and the WARC-Payload-Digest are of these bytes, and of the headers those that spoke of the encoding are left out. What a
browser drew is a `resource` record: the DOM after its scripts ran, which no server ever sent.

Nothing is forced to disk before the end: a bundle without health.json is thrown away whole.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from http.client import responses
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.answers import Answer
from monitor.errors import NianbaoError, system_words
from monitor.exchange import (
    CAPTURES_FILE,
    HEALTH_FILE,
    WARC_FILE,
    Capture,
    CrawlSpec,
    Health,
    capture_to_json,
    health_to_json,
    write_atomically,
)

#: Headers that speak of the transfer, not of the payload that is kept.
_TRANSFER: Final = frozenset(
    {b"transfer-encoding", b"content-encoding", b"content-length", b"connection", b"keep-alive"}
)
_GZIP: Final = zlib.MAX_WBITS + 16


class BundleError(NianbaoError):
    """The bundle cannot be written: a full disk, most often. The crawl ends; what it has is not whole."""


class Bundle:
    """A bundle that is being written. Every method raises BundleError where the disk does not take it."""

    def __init__(self, folder: Path, spec: CrawlSpec, *, started_at: datetime) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / HEALTH_FILE).unlink(missing_ok=True)
            self._warc = (folder / WARC_FILE).open("wb")
            self._captures = (folder / CAPTURES_FILE).open("w", encoding="utf-8")
        except OSError as error:
            raise _cannot(folder, error) from error
        self._digest = hashlib.sha256()
        self._record = BytesIO()
        self._writer = WARCWriter(self._record, gzip=False, warc_version="1.1")
        info = {
            "software": "nianbao",
            "format": "WARC File Format 1.1",
            "robots": "obey",
            "http-header-user-agent": spec.user_agent,
            "description": f"crawl {spec.crawl} of {spec.portal.portal}",
        }
        self._write(
            "warcinfo",
            "",
            started_at,
            "".join(f"{name}: {value}\r\n" for name, value in info.items()).encode(),
            {"Content-Type": "application/warc-fields", "WARC-Filename": WARC_FILE},
        )

    def keep(self, answer: Answer, *, url: str = "", **facts: Any) -> Capture:
        """Store a response and note its capture; `facts` are the fields of `Capture` that the response does not say.

        `url`: what the capture goes by, where that is not the address after redirects.
        """
        sha256 = hashlib.sha256(answer.body).hexdigest()
        offset, length = self._response(answer, sha256)
        capture = Capture(
            url=url or answer.url,
            fetched_at=answer.at,
            status=answer.status,
            media_type=answer.media_type,
            sha256=sha256,
            size=len(answer.body),
            offset=offset,
            length=length,
            etag=answer.header("ETag"),
            last_modified=answer.header("Last-Modified"),
            rendered=answer.rendered,
            note=answer.note,
            **facts,
        )
        self.note(capture)
        return capture

    def note(self, capture: Capture) -> None:
        """Write the line of a capture whose record is stored."""
        try:
            self._captures.write(capture_to_json(capture) + "\n")
        except OSError as error:
            raise _cannot(self.folder, error) from error

    def finish(self, health: Health) -> None:
        """Close the files and write health.json, which makes the bundle whole."""
        try:
            for file in (self._warc, self._captures):
                file.flush()
                os.fsync(file.fileno())
                file.close()
            write_atomically(self.folder / HEALTH_FILE, health_to_json(health))
        except OSError as error:
            for file in (self._warc, self._captures):
                with suppress(OSError):
                    file.close()
            raise _cannot(self.folder, error) from error

    @property
    def sha256(self) -> str:
        """SHA-256 of the WARC file as written so far."""
        return self._digest.hexdigest()

    def _response(self, answer: Answer, sha256: str) -> tuple[int, int]:
        identity, url = {"WARC-Payload-Digest": f"sha256:{sha256}"}, answer.fetched_url or answer.url
        if answer.rendered:
            identity["Content-Type"] = answer.media_type or "text/html"
            return self._write("resource", url, answer.at, answer.body, identity)
        sent = [(_text(name), _text(value)) for name, value in answer.headers if name.lower() not in _TRANSFER]
        sent.append(("Content-Length", str(len(answer.body))))
        place = self._write(
            "response",
            url,
            answer.at,
            answer.body,
            identity,
            http=StatusAndHeaders(
                f"{answer.status} {responses.get(answer.status, '')}".strip(), sent, protocol="HTTP/1.1"
            ),
        )
        asked = [(_text(name), _text(value)) for name, value in answer.asked_headers]
        path = url.partition("://")[2].partition("/")[2]
        self._write(
            "request",
            url,
            answer.at,
            answer.asked_body,
            {},
            http=StatusAndHeaders(f"{answer.method} /{path} HTTP/1.1", asked, is_http_request=True),
        )
        return place

    def _write(
        self,
        kind: str,
        url: str,
        at: datetime,
        payload: bytes,
        headers: dict[str, str],
        *,
        http: StatusAndHeaders | None = None,
    ) -> tuple[int, int]:
        """Append one record as one gzip member; return its offset and length."""
        stamp = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=BytesIO(payload),
            length=len(payload),
            warc_headers_dict={"WARC-Date": stamp, **headers},
            http_headers=http,
        )
        self._record.seek(0)
        self._record.truncate()
        self._writer.write_record(record)
        squeeze = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
        member = squeeze.compress(self._record.getvalue()) + squeeze.flush()
        try:
            offset = self._warc.tell()
            self._warc.write(member)
        except OSError as error:
            raise _cannot(self.folder, error) from error
        self._digest.update(member)
        return offset, len(member)


def _text(raw: bytes) -> str:
    """A header's bytes as text; a site may put anything there, but never a line break."""
    return raw.decode("latin-1").replace("\r", " ").replace("\n", " ")


def _cannot(folder: Path, error: OSError) -> BundleError:
    return BundleError(f"巡查结果写不进 {folder}：{system_words(error)}。请检查磁盘空间和权限")
