"""One crawl: `python -m crawler SPEC.json BUNDLE_DIR`. Reads a spec, writes a bundle; see monitor/exchange.py.

Exit status 0: the crawl finished; 1: it ended before, health.json says why; 2: it could not start. The status is a
courtesy: only a bundle whose health says "finished" is a success.

Whoever starts it should hold the other end of its standard input as a pipe: when that closes, because the parent died
however it died, the crawl kills itself, its browser included, at once. Scrapy is imported after that watch stands.
"""

from __future__ import annotations

import logging
import os
import signal
import stat
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.reader import Reader


def watch_parent() -> None:
    """Kill this process, and the group that it leads, when standard input, if it is a pipe or a socket, ends."""
    try:
        mode = os.fstat(0).st_mode
    except OSError:  # no standard input at all
        return
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    while True:
        try:
            if not os.read(0, 1024):
                break
        except OSError:
            break
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)  # not leader of a group: others in it are not ours


def crawl(spec_file: Path, folder: Path) -> int:
    """Run the crawl that a spec file asks for; return the exit status. Raises OSError or ValueError on a bad spec."""
    from crawler.reader import Reader

    with Reader() as reader:  # it starts while Scrapy is imported
        return _crawl(spec_file, folder, reader)


def _crawl(spec_file: Path, folder: Path, reader: Reader) -> int:
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.bundle import Bundle
    from crawler.spec import settings_for
    from crawler.spiders.portal import PortalSpider
    from monitor.clock import clock_for
    from monitor.exchange import FINISHED, read_health, spec_from_json

    spec = spec_from_json(spec_file.read_text("utf-8"))
    clock = clock_for(spec.clock)
    bundle = Bundle(folder, spec, started_at=clock.now())
    process = AsyncCrawlerProcess(settings_for(spec))
    # A traceback for every dead host; health says it.
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    process.crawl(PortalSpider, spec=spec, bundle=bundle, clock=clock, reader=reader)
    process.start()
    health = read_health(folder)
    return 0 if health is not None and health.outcome == FINISHED else 1


def main(arguments: list[str]) -> int:
    from monitor.errors import NianbaoError, system_words

    if len(arguments) != 2:
        print("用法：python -m crawler SPEC.json BUNDLE_DIR", file=sys.stderr)
        return 2
    try:
        return crawl(Path(arguments[0]), Path(arguments[1]))
    except NianbaoError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"读不到巡查任务 {arguments[0]}：{system_words(error)}", file=sys.stderr)
    except (KeyError, TypeError, ValueError) as error:
        print(f"巡查任务 {arguments[0]} 的内容不对：{error!r}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    watch_parent()
    sys.exit(main(sys.argv[1:]))
