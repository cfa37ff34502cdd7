"""Evidence: the WARC files of all crawls, below HOME/evidence, and the way back from a capture to its bytes.

Files are added, never changed. A record is found by offset and length, so a file is never read through.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from monitor.errors import HomeError, Unreadable, system_words
from monitor.exchange import WARC_FILE, Health
from monitor.rows import StoredCapture

FOLDER: Final = "evidence"
_BROKEN_GZIP: Final = (OSError, EOFError, zlib.error)
#: What warcio raises at something that is no record; a record without headers is an AttributeError in it.
_BROKEN_RECORD: Final = (StopIteration, ArchiveLoadFailed, ValueError, AttributeError)


def keep(home: Path, bundle: Path, health: Health) -> str:
    """Move a bundle's WARC file to its place for good and return that place, relative to HOME/evidence.

    Doing it again after a crash finds the file already there. "" where the bundle holds no file.
    """
    place = Path(health.portal) / f"{health.started_at:%Y}" / f"{health.crawl}.warc.gz"
    target, source = home / FOLDER / place, bundle / WARC_FILE
    try:
        if source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
    except OSError as error:
        raise HomeError(f"存不下证据文件 {target}：{system_words(error)}。请检查磁盘空间和权限") from error
    return str(place) if target.exists() else ""


@dataclass(frozen=True, slots=True)
class Record:
    """Bytes that a person handed in, under an address."""

    url: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A WARC file that was written: its place below HOME/evidence, its SHA-256, (offset, length) of each record."""

    warc: str
    sha256: str
    places: tuple[tuple[int, int], ...]


def keep_records(
    home: Path, portal: str, crawl: str, records: Sequence[Record], *, at: datetime, info: Mapping[str, str]
) -> Kept:
    """Write what no crawl fetched as a WARC file of `resource` records, whole or not at all.

    `info`: what the file says of itself (warcinfo fields, one line each). Doing it again writes the same place.
    """
    place = Path(portal) / f"{at:%Y}" / f"{crawl}.warc.gz"
    target = home / FOLDER / place
    stamp = {"WARC-Date": at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")}
    head = "".join(f"{name}: {value}\r\n" for name, value in info.items()).encode()
    members = [_member("warcinfo", "", head, {**stamp, "Content-Type": "application/warc-fields"})]
    for record in records:
        digest = f"sha256:{hashlib.sha256(record.data).hexdigest()}"
        told = {**stamp, "WARC-Payload-Digest": digest, "Content-Type": record.media_type}
        members.append(_member("resource", record.url, record.data, told))
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(b"".join(members))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    except OSError as error:
        raise HomeError(f"存不下证据文件 {target}：{system_words(error)}。请检查磁盘空间和权限") from error
    finally:
        partial.unlink(missing_ok=True)
    starts = [sum(map(len, members[:number])) for number in range(len(members))]
    places = tuple(zip(starts, map(len, members), strict=True))[1:]
    return Kept(str(place), hashlib.sha256(b"".join(members)).hexdigest(), places)


def _member(kind: str, url: str, payload: bytes, headers: dict[str, str]) -> bytes:
    """One record as one gzip member."""
    plain = io.BytesIO()
    writer = WARCWriter(plain, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        url, kind, payload=io.BytesIO(payload), length=len(payload), warc_headers_dict=headers
    )
    writer.write_record(record)
    return gzip.compress(plain.getvalue(), 6, mtime=0)


def body(home: Path, stored: StoredCapture) -> bytes:
    """The bytes of a captured response, transfer and content encodings removed.

    Raises Unreadable where the file is gone or is not what was recorded (the SHA-256 differs).
    """
    capture, path = stored.capture, home / FOLDER / stored.warc
    try:
        with path.open("rb") as file:
            file.seek(capture.offset)
            # Each record is a gzip member of its own, with a checksum that warcio would not insist on.
            member = gzip.decompress(file.read(capture.length))
        record = next(iter(ArchiveIterator(io.BytesIO(member))))
        content: bytes = record.content_stream().read()
    except (*_BROKEN_GZIP, *_BROKEN_RECORD) as error:
        raise Unreadable(f"证据文件 {path} 缺失或损坏，读不出 {capture.url}") from error
    if hashlib.sha256(content).hexdigest() != capture.sha256:
        raise Unreadable(f"证据文件 {path} 中 {capture.url} 的内容与登记的校验值不符")
    return content
