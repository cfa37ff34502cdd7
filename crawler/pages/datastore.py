"""Records that stand as CDATA in a data store, in a page's script or in an answer, as the jpage plug-in takes them.

Hanweb's dataproxy.jsp and truecms' getMessage.do answer so; a page's own HTML parser cannot see into such records.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from crawler.pages.links import Link, read_links
from crawler.pages.literals import settings_around
from crawler.pages.markup import parse

_MOST_READ: Final = 5000
_RECORD: Final = re.compile(r"<record>", re.IGNORECASE)
_END: Final = re.compile(r"</record>", re.IGNORECASE)
_TOTAL: Final = re.compile(r"(?:<totalrecord>|\btotalRecord\s*[:=])\s*[\"']?(\d{1,8})", re.IGNORECASE)
_TOTAL_PAGES: Final = re.compile(r"<totalpage>\s*(\d{1,8})", re.IGNORECASE)
_PROXY_URL: Final = re.compile(r"\bproxyUrl\b[\"']?\s*:\s*[\"']([^\"'\s]+)[\"']", re.IGNORECASE)
_PARAMETERS: Final = re.compile(r"\bajaxParam\b[\"']?\s*:\s*\{", re.IGNORECASE)
#: The parameters of Hanweb's proxy, where a call has them beside its own settings.
_BESIDE: Final = (
    "col",
    "appid",
    "webid",
    "path",
    "columnid",
    "sourceContentType",
    "unitid",
    "webname",
    "permissiontype",
)
#: What the plug-in asks for at once where its call says nothing: three pages of fifteen.
_PER_PAGE: Final = 15
_GROUP: Final = 3


def records_in(html: str) -> list[str]:
    """The markup of each record, in order."""
    records = []
    for piece in islice(_RECORD.split(html)[1:], _MOST_READ):
        content = _END.split(piece, maxsplit=1)[0].split("<![CDATA[", 1)[-1].split("]]>", 1)[0].strip()
        if content:
            records.append(content)
    return records


def record_links(records: list[str], base: str) -> list[Link]:
    """The links of records: each is a row of its own, whatever its element is; table rows need their table."""
    wrapped = "".join(
        f"<table>{record}</table>" if record[:3].lower() == "<tr" else f"<div>{record}</div>" for record in records
    )
    return read_links(parse(f"<div>{wrapped}</div>").tree, base) if wrapped else []


def total_records(html: str) -> int:
    """How many records a store says there are; 0 where it says nothing."""
    return max(map(int, _TOTAL.findall(html)), default=0)


def total_pages(html: str) -> int:
    """How many pages a store says there are; 0 where it says nothing."""
    return max(map(int, _TOTAL_PAGES.findall(html)), default=0)


def proxy_call(scripts: str) -> tuple[str, dict[str, str]]:
    """The address and the parameters that a call of the plug-in asks for further records with; empty where none is."""
    address, parameters = _PROXY_URL.search(scripts), _PARAMETERS.search(scripts)
    if address is None or parameters is not None:
        return address[1] if address else "", settings_around(scripts, parameters.end()) if parameters else {}
    beside = settings_around(scripts, address.start())
    return address[1], {name: beside[name] for name in _BESIDE if name in beside}


def window_of(scripts: str) -> tuple[int, int]:
    """How many records a call shows on a page, and how many it asks for at once."""
    sizes = [
        int(match[1])
        if (match := re.search(rf"\b{name}\b[\"']?\s*:\s*[\"']?(\d{{1,3}})\b", scripts, re.IGNORECASE))
        else usual
        for name, usual in (("perPage", _PER_PAGE), ("groupSize", _GROUP))
    ]
    page = min(max(sizes[0], 1), 100)
    return page, min(page * max(sizes[1], 1), 100)
