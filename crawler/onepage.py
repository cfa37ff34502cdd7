"""One page, asked for as a crawl asks: robots.txt, guards, delay and limits hold. Keeps nothing and judges nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any, Final

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from crawler.fetch import Answer, Fetcher, Nothing
from crawler.reader import Reader
from crawler.reading import Kind
from crawler.spec import settings_for
from monitor.clock import Clock
from monitor.exchange import CrawlSpec

#: They log a traceback for every dead host; what came of the page says it in a line.
_NOISY: Final = ("scrapy.downloadermiddlewares.robotstxt", "scrapy-playwright")


class OnePage(Spider):
    """Asks for the home of a spec's portal; what came of it is put into `got`. `how`: as `Fetcher.get` takes it."""

    name = "onepage"

    def __init__(
        self,
        crawler: Crawler,
        *,
        spec: CrawlSpec,
        clock: Clock,
        reader: Reader,
        got: list[Answer | Nothing],
        how: dict[str, Any],
    ) -> None:
        super().__init__()
        self._spec = spec
        self._fetcher = Fetcher(crawler, spec, clock, reader)
        self._got = got
        self._how = how

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> OnePage:
        return super().from_crawler(crawler, crawler, *args, **kwargs)  # the second one is ours

    async def start(self) -> AsyncIterator[None]:
        """Ask within the time limit. Yields nothing."""
        try:
            async with asyncio.timeout(self._spec.limits.seconds):
                self._got.append(await self._fetcher.get(self._spec.portal.home, Kind.LIST, **self._how))
        except TimeoutError:
            self._got.append(Nothing("timed_out"))
        nothing: tuple[None, ...] = ()
        for item in nothing:  # an asynchronous generator is what the engine asks for
            yield item


def ask_for(spec: CrawlSpec, clock: Clock, reader: Reader, **how: Any) -> Answer | Nothing:
    """The home of the spec's portal, or why there is none. Runs the reactor: once in a process."""
    got: list[Answer | Nothing] = []
    process = AsyncCrawlerProcess(settings_for(spec))
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    process.crawl(OnePage, spec=spec, clock=clock, reader=reader, got=got, how=how)
    process.start()
    return got[0] if got else Nothing("crawl_died")
