"""Scrapy's settings: politeness, limits, handlers. Nothing is computed here; what one spec decides is in spec.py.

Each line overrides a default of Scrapy that is too weak, or too loud, for asking government sites for an office.
"""

from __future__ import annotations

from typing import Any, Final

BOT_NAME = "nianbao"
SPIDER_MODULES: Final = ["crawler.spiders"]
COMMANDS_MODULE = "crawler.commands"

# ── politeness ──
ROBOTSTXT_OBEY = True  # off in the library's own defaults
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one request at a time a host
DOWNLOAD_DELAY_JITTER = 0.0  # a row's `delay` is a promise: never less than it
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0  # where there is a delay, a slow server gets a longer one
AUTOTHROTTLE_MAX_DELAY = 30.0
RETRY_TIMES = 1  # a site in trouble is asked twice, not hammered
RETRY_HTTP_CODES: Final = [500, 502, 504, 408]  # 503, 429 and 521 are walls, not accidents: fetch.py minds them
COOKIES_ENABLED = True  # some portals set one in a redirect to themselves and ask for it again

# ── what comes in ──
DOWNLOAD_HANDLERS: Final[dict[str, Any]] = {
    "http": "crawler.handlers.LazyBrowserHandler",
    "https": "crawler.handlers.LazyBrowserHandler",
    # A link to any other scheme is never followed.
    "data": None,
    "file": None,
    "ftp": None,
    "s3": None,
}
DOWNLOADER_MIDDLEWARES: Final[dict[str, Any]] = {
    "crawler.middlewares.HostGuard": 50,  # before robots.txt is asked for
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # HostGuard does its work, redirects included
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.middlewares.PortalCookies": 700,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
}
TWISTED_DNS_RESOLVER = "crawler.middlewares.GuardedResolver"
DNS_TIMEOUT = 15.0
DOWNLOAD_VERIFY_CERTIFICATES = True  # off in Scrapy; tls.py decides, and notes whose certificate is bad
DOWNLOAD_FAIL_ON_DATALOSS = True  # half a page is no page
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 5  # shell pages refresh at once; a page that refreshes later is a page
HTTPPROXY_ENABLED = False  # behind a proxy nobody could check which address is connected to
DEFAULT_REQUEST_HEADERS: Final = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

# ── doors that stay shut ──
HTTPCACHE_ENABLED = False
# None of Scrapy's own extensions but this one: consoles and remote control are doors, and even switched off they would
# be imported, an HTTP server with them.
EXTENSIONS_BASE: Final[dict[str, Any]] = {"scrapy.extensions.throttle.AutoThrottle": 0}
EXTENSIONS: Final[dict[str, Any]] = {"crawler.extensions.CrawlHealth": 500}

# ── the browser, for lists that are drawn by JavaScript ──
PLAYWRIGHT_BROWSER_TYPE = "chromium"
PLAYWRIGHT_PROCESS_REQUEST_HEADERS = None  # a browser's own headers: Scrapy's would be half a disguise

# ── what is said, on standard error ──
LOG_LEVEL = "WARNING"
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_COLOR = False
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the column's health says it
STATS_DUMP = False
