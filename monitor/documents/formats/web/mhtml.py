"""A page saved with its pictures in one file (.mht; Word writes it too, and calls it .doc): its page goes to html."""

from __future__ import annotations

from dataclasses import replace
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Final

from monitor.documents.formats.web.html import read_html
from monitor.errors import Unreadable
from monitor.model import Document

MEDIA_TYPE: Final = "multipart/related"


def read_mhtml(data: bytes, *, charset: str = "") -> Document:
    """Read the page in the file. Raises Unreadable where it holds none. The server's `charset` says nothing here."""
    message = BytesParser(policy=compat32).parsebytes(data.lstrip())
    for part in filter(_is_page, message.walk()):
        page = part.get_payload(decode=True)
        if isinstance(page, bytes) and page.strip() and not message.defects:  # a cut file has a boundary too few
            return replace(read_html(page, charset=str(part.get_param("charset", ""))), media_type=MEDIA_TYPE)
    raise Unreadable("MHT 文件里没有网页正文，文件可能不完整；请重新下载，或另存为网页（HTML）或 docx 后再试")


def _is_page(part: Message) -> bool:
    """The page itself; frames and pictures beside it are not. Word marks its first part in no other way."""
    return part.get_content_type() == "text/html" and part.get_content_disposition() != "attachment"
