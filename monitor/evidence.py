"""Evidence: the WARC files of all crawls, below HOME/evidence, and the way back from a capture to its bytes.

Files are added, never changed. A record is found by offset and length, so a file is never read through.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from pathlib import Path
from typing import Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

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
