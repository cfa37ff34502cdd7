"""Pictures as a format: which there are, and their reader, which loads the recogniser only where a picture comes."""

from __future__ import annotations

from typing import Final

from monitor.model import Document

MEDIA_TYPES: Final = ("image/png", "image/jpeg", "image/tiff", "image/bmp", "image/gif", "image/webp")


def read_picture(data: bytes, *, charset: str = "") -> Document:
    """Read a picture of a report, see scan.py. Raises Unreadable where it holds no text."""
    from monitor.documents.formats.scan.scan import read_scan  # loads what recognises: half a second, and half a GB

    return read_scan(data, charset=charset)
