"""From a spec to Scrapy's settings: what one crawl decides for itself. The rest is settings.py."""

from __future__ import annotations

from typing import Final

from scrapy.settings import Settings

from crawler.tls import TlsModes
from monitor.exchange import CrawlSpec
from monitor.hosts import Hosts

#: Seconds between two requests to a portal whose row names none.
DEFAULT_DELAY: Final = 2.0
#: Seconds that one response may take; never more than a tenth of the whole crawl.
PATIENCE: Final = 30.0


def settings_for(spec: CrawlSpec) -> Settings:
    """The settings of one crawl."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    delay = DEFAULT_DELAY if spec.portal.delay is None else spec.portal.delay
    patience = max(1.0, min(PATIENCE, spec.limits.seconds / 10))
    settings.setdict(
        {
            "USER_AGENT": spec.user_agent,
            # Without any delay Scrapy sends all requests that wait at once, whatever number it may send at a time.
            "DOWNLOAD_DELAY": max(delay, 0.001),
            # AutoThrottle waits as long as the last answer took; where no delay is wanted that would halve the speed.
            "AUTOTHROTTLE_ENABLED": delay > 0,
            "AUTOTHROTTLE_START_DELAY": delay,
            "DOWNLOAD_MAXSIZE": spec.limits.bytes,
            "DOWNLOAD_TIMEOUT": patience,
            "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": patience * 1000,
            "NIANBAO_HOSTS": Hosts.of(spec.portal),
            "NIANBAO_BROWSER": spec.browser,
            "NIANBAO_TLS": TlsModes(),
        },
        priority="cmdline",
    )
    return settings
