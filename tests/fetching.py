"""What the tests of fetching share: a child process that asks for a list of URLs with the crawler's own Fetcher in a
real Scrapy engine, and says what came of each. As a module it is that child.

Names can be given addresses, one after another for each look-up, and an address can be passed off as public: so a name
that moves inside the network is played without any network.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.exchange import CrawlSpec, spec_from_json, spec_to_json

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Got:
    """What came of one request."""

    reason: str
    detail: str
    url: str = ""
    status: int = 0
    body: str = ""
    note: str = ""
    seconds: float = 0.0
    exchanges: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a scenario, in order. `refused`: how many requests the guards stopped; `blocked_until`, `passes`:
    how things stand with the host after it.
    """

    answers: list[Got]
    refused: int
    blocked_until: str | None = None
    passes: Mapping[str, str] = field(default_factory=dict)

    @property
    def reasons(self) -> list[str]:
        return [got.reason for got in self.answers]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A crawl's spec and the URLs that are asked for in turn, each as an article unless its kind stands beside it."""

    spec: CrawlSpec
    urls: Sequence[str | tuple[str, str]]
    rendered: bool = False


def ask(spec: CrawlSpec, *urls: str | tuple[str, str], rendered: bool = False, **network: Any) -> Fetched:
    """One scenario in a child of its own."""
    return ask_all({"": Scenario(spec, urls, rendered)}, **network)[""]


def ask_all(
    scenarios: Mapping[str, Scenario],
    *,
    names: Mapping[str, Sequence[str]] | None = None,
    public: Sequence[str] = (),
) -> dict[str, Fetched]:
    """Scenarios by name, side by side in one child. `names`: name → addresses; `public`: what counts as public."""
    order = {
        "scenarios": {
            name: {
                "spec": spec_to_json(one.spec),
                "wanted": [(url, "article") if isinstance(url, str) else url for url in one.urls],
                "rendered": one.rendered,
            }
            for name, one in scenarios.items()
        },
        "names": names or {},
        "public": list(public),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.fetching"],
        cwd=ROOT,
        input=json.dumps(order),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.stdout, done.stderr
    assert done.stderr == "", done.stderr[-3000:]
    raw = json.loads(done.stdout)
    return {
        name: Fetched(**{**raw[name], "answers": [Got(**got) for got in raw[name]["answers"]]}) for name in scenarios
    }


def play(names: Mapping[str, Sequence[str]], public: Sequence[str]) -> None:
    """Give names their addresses in this process, and pass addresses off as public."""
    import socket

    import crawler.middlewares
    from monitor import hosts

    left = {name: list(addresses) for name, addresses in names.items()}
    really_public = hosts.is_public

    def look_up(name: str) -> str:
        if name.replace(".", "").isdigit():
            return name
        addresses = left.get(name)
        if not addresses:
            raise socket.gaierror(f"{name} is not known")
        return addresses.pop(0) if len(addresses) > 1 else addresses[0]

    socket.gethostbyname = look_up
    hosts.is_public = lambda address: str(address) in public or really_public(address)
    crawler.middlewares.is_public = hosts.is_public


def main() -> None:
    from scrapy import Spider
    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import Settings

    from crawler.fetch import Answer, Fetcher
    from crawler.middlewares import REFUSED
    from crawler.reader import Reader
    from crawler.reading import Kind
    from crawler.spec import settings_for
    from monitor.clock import clock_for, stopwatch
    from monitor.exchange import to_json
    from monitor.hosts import Hosts

    order = json.load(sys.stdin)
    if order["names"]:
        play(order["names"], order["public"])
    fetched: dict[str, Fetched] = {}

    class Asking(Spider):
        name = "asking"

        def __init__(self, crawler: Crawler, told: str, spec: CrawlSpec, wanted: Any, rendered: bool) -> None:
            super().__init__()
            self.told, self.wanted, self.rendered = told, wanted, rendered
            self.fetcher = Fetcher(crawler, spec, clock_for(spec.clock), reader)

        @classmethod
        def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Asking:
            return super().from_crawler(crawler, crawler, *args, **kwargs)

        async def start(self) -> AsyncIterator[None]:
            answers = [await self.one(url, kind) for url, kind in self.wanted]
            standings = self.fetcher.standings
            fetched[self.told] = Fetched(
                answers,
                self.crawler.stats.get_value(REFUSED, 0),
                next((one.until.isoformat() for one in standings if one.until), None),
                {given.name: given.value for one in standings for given in one.passes},
            )
            nothing: tuple[None, ...] = ()
            for item in nothing:
                yield item

        async def one(self, url: str, kind: str) -> Got:
            begun = stopwatch()
            got = await self.fetcher.get(url, Kind(kind), rendered=self.rendered)
            told: dict[str, Any] = {"reason": got.reason, "detail": got.detail, "seconds": stopwatch() - begun}
            if isinstance(got, Answer):
                told |= {
                    "url": got.url,
                    "status": got.status,
                    "body": got.body[:2000].decode("utf-8", "replace"),
                    "note": got.note,
                    "exchanges": json.loads(to_json(got.exchanges)),
                }
            return Got(**told)

    with Reader() as reader:
        specs = {name: spec_from_json(raw["spec"]) for name, raw in order["scenarios"].items()}
        base = Settings()
        base.set("LOG_LEVEL", "ERROR", priority="cmdline")
        base.setmodule("crawler.settings", priority="default")  # a process's settings go before its crawlers' own
        base.set("NIANBAO_HOSTS", Hosts.of(next(iter(specs.values())).portal), priority="default")
        process = AsyncCrawlerProcess(base)
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
        for name, raw in order["scenarios"].items():
            settings = settings_for(specs[name])
            settings.setdict({"EXTENSIONS": {}, "LOG_LEVEL": "ERROR"}, priority="cmdline")
            process.crawl(Crawler(Asking, settings), name, specs[name], raw["wanted"], raw["rendered"])
        process.start()
    print(to_json(fetched))


if __name__ == "__main__":
    main()
