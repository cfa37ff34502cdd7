"""Finds the annual-report columns of a portal whose row names none: by the words of anchors, nothing cleverer.

The home page is asked, then, where no anchor there names the column, the disclosure pages that it links to.
"""

from __future__ import annotations

from crawler.anchors import MOST
from crawler.fetch import Fetcher, Nothing
from crawler.reading import Kind, Reading
from monitor.exchange import CrawlSpec
from monitor.hosts import Hosts


async def find_columns(fetcher: Fetcher, spec: CrawlSpec) -> tuple[list[str], Nothing | None]:
    """The URLs of a portal's annual-report columns, and what kept some, or all, from being found."""
    hosts = Hosts.of(spec.portal)
    front, trouble = await _look(fetcher, spec.portal.home, Kind.HOME)
    columns = [url for url in front.columns if not hosts.refuses(url)]
    for way in () if columns else front.ways:
        if not hosts.refuses(way):
            further, lost = await _look(fetcher, way, Kind.DISCLOSURE)
            trouble = trouble or lost
            columns += [url for url in further.columns if not hosts.refuses(url)]
    found = list(dict.fromkeys(columns))[:MOST]
    return found, trouble or (None if found else Nothing("column_lost", "首页上找不到信息公开年报栏目"))


async def _look(fetcher: Fetcher, url: str, kind: Kind) -> tuple[Reading, Nothing | None]:
    answer = await fetcher.get(url, kind)
    if isinstance(answer, Nothing):
        return Reading(), answer
    return answer.reading, Nothing(answer.reason, answer.detail) if answer.reason else None
