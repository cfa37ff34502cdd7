"""What a user would write first: a Scrapy spider that follows every link below the columns it is given, and no more."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor

LIMIT = 2000


class BareSpider(Spider):
    name = "bare"
    links = LinkExtractor()

    async def start(self) -> AsyncIterator[Request]:
        for url in sys.argv[1:]:
            yield Request(url)

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        if isinstance(response, HtmlResponse):
            for link in self.links.extract_links(response):
                if any(link.url.startswith(column) for column in sys.argv[1:]):
                    yield Request(link.url)


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": True,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "CLOSESPIDER_PAGECOUNT": LIMIT,
        }
    )
    process.crawl(BareSpider)
    process.start()
