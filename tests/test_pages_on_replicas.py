"""The page families over the replica portals, in process: every report is found through the lists and read right."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from crawler.pages import Page, page_for
from crawler.pages.hanweb import slot_key
from crawler.pages.trouble import trouble
from monitor.charset import decode
from monitor.clock import SHANGHAI
from monitor.demo.compose import compose
from monitor.demo.messages import Request
from monitor.demo.publication import Place, Publication
from monitor.demo.roster import offices
from monitor.demo.site import Site
from monitor.demo.sites import SITES
from monitor.model import ACCUSING_CONFIDENCE

HOST = "http://www.replica.gov.cn"
NOW = datetime(2024, 3, 1, tzinfo=SHANGHAI)
YEARS = (2019, 2023)


def published(portal: str) -> list[Publication]:
    """For two years and each agency a report (some only as an attachment) and a decoy beside it."""
    found = []
    for office in offices(portal):
        for year in YEARS:
            report = compose(office.official, year)
            files = ("年度报告.docx", b"PK") if office.place % 5 == 1 else None
            at = datetime(year + 1, 1, 5 + office.place % 20, 9, 30, tzinfo=SHANGHAI)
            found += [
                Publication(
                    portal=portal, agency=office.name, year=year, published=at, title=report.title,
                    body="<p>全文见附件。</p>" if files and office.place % 2 else report.body, attachment=files,
                ),
                Publication(
                    portal=portal, agency=office.name, year=year, published=at, title=f"图解：{report.title}",
                    body="<p>图解正文，配图若干。</p>" * 9, place=Place.BESIDE,
                ),
            ]  # fmt: skip
    return found


def reader(site: Site) -> Callable[[str], Page]:
    def get(url: str) -> Page:
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        reply = site.respond(Request(target=target, host=parts.netloc, query=dict(parse_qsl(parts.query))), NOW)
        html = decode(reply.body, dict(reply.headers).get("Content-Type", ""))
        assert trouble(reply.status, url, url, html) == "", url
        return page_for(url, html)

    return get


def walked(site: Site) -> dict[str, Page]:
    """Every list below the portal's columns and the agencies' own, by address."""
    starts = [*site.columns(), *(site.column(office) for office in site.offices.values())]
    waiting = deque(HOST + path for path in starts if path)
    get, seen = reader(site), dict[str, Page]()
    while waiting:
        url = waiting.popleft()
        if url not in seen:
            page = seen[url] = get(url)
            waiting += [follow.url for follow in (*page.next_pages(), *page.sublists(YEARS))]
    return seen


@pytest.mark.parametrize("portal", [name for name in SITES if name != "gaoxin"])  # its lists need a browser
def test_every_report_of_a_replica_is_found_and_read_right(portal: str) -> None:
    wanted = published(portal)
    site = SITES[portal](offices(portal), wanted)
    lists = walked(site)
    assert len(lists) <= 60
    rows = {row.url: row for page in lists.values() for row in page.rows()}
    slots = {slot_key(url): page for url, page in lists.items() if page.article()}
    get = reader(site)
    for publication in wanted:
        if publication.place is not Place.REPORTS:
            continue
        url = HOST + site.path(publication)
        row = rows.get(url)
        if row:
            assert (row.title, row.listed_on) == (publication.title, publication.stated.date())
        facts = (get(url) if row else slots[slot_key(url)]).article()
        assert facts is not None, url
        assert (facts.title, facts.publisher) == (publication.title, site.publisher(publication))
        assert len(facts.attachments) == bool(publication.attachment)
        accusing = [found for found in facts.dates if found.confidence >= ACCUSING_CONFIDENCE]
        assert {found.value for found in accusing} == {publication.stated.date()}
