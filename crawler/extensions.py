"""Crawl health: when the crawl ends, however it ends, what it looked at and how well is written down, last of all."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any, Final

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from crawler.bundle import BundleError
from crawler.fetch import Fetcher
from crawler.middlewares import REFUSED
from crawler.spiders.portal import PortalSpider
from monitor.exchange import FINISHED, ColumnHealth, Health

#: Scrapy's finish reasons that are outcomes by their own name; every other one is an error.
_OUTCOMES: Final = frozenset({FINISHED, "shutdown", "limit_seconds", "limit_pages", "disk_full"})
#: What a column that was not looked at to the end suffers from, by the crawl's outcome.
_UNFINISHED: Final = {"limit_seconds": "timed_out", "limit_pages": "list_truncated"}


class CrawlHealth:
    """Writes the bundle's health.json when the spider closes."""

    def __init__(self, crawler: Crawler) -> None:
        self._stats = crawler.stats
        crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlHealth:
        return cls(crawler)

    def spider_opened(self, spider: Spider) -> None:
        if isinstance(spider, PortalSpider):
            self._started_at = spider.clock.now()

    def spider_closed(self, spider: Spider, reason: str) -> None:
        if not isinstance(spider, PortalSpider):
            return
        outcome = reason if reason in _OUTCOMES else "error"
        unfinished = _UNFINISHED.get(outcome, "crawl_died")
        health = Health(
            crawl=spider.spec.crawl,
            portal=spider.spec.portal.portal,
            started_at=self._started_at,
            finished_at=spider.clock.now(),
            outcome=outcome,
            columns=tuple(_with_note(tally.health(unfinished), spider.fetcher) for tally in spider.tallies),
            requests=self._stats.get_value("downloader/request_count", 0),
            bytes=self._stats.get_value("downloader/response_bytes", 0),
            refused=self._stats.get_value(REFUSED, 0),
            warc_sha256=spider.bundle.sha256,
            unchanged=tuple(spider.articles.unchanged),
            lists=tuple(spider.route.read.values()),
            found=spider.discovery.columns if spider.discovery else (),
            explored=spider.discovery is not None and spider.discovery.is_whole,
            **_manners(spider),
        )
        try:
            spider.bundle.finish(health)
        except BundleError as error:
            print(error, file=sys.stderr)


def _with_note(column: ColumnHealth, fetcher: Fetcher) -> ColumnHealth:
    """A column with what has to be said of the way its pages came, beside what else there is to say."""
    note = fetcher.note_on(column.url)
    return replace(column, detail="；".join(filter(None, (column.detail, note)))) if note else column


def _manners(spider: PortalSpider) -> dict[str, Any]:
    """What the next crawl has to know of the portal's hosts."""
    standings = spider.fetcher.standings
    left = max((standing for standing in standings if standing.until), key=lambda one: str(one.until), default=None)
    return {
        "passes": tuple(given for standing in standings if standing.left is None for given in standing.passes),
        "blocked_until": left.until if left else None,
        "blocked": left.left.detail if left and left.left else "",
    }
