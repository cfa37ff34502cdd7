"""How a portal is watched and how well: what verbs, pages and mails show of it, and what to do where it is sick.

Values and words only; `jobs.portals` fills them from the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.exchange import REASONS

#: What a person can do about a reason of `exchange.REASONS` (怎么办), a sentence each.
MENDS: Final = {
    "ok": "不需要处理。",
    "portal_unreachable": "用浏览器打开网站：打得开，请检查本机的网络和防火墙；打不开，等网站恢复，系统会自动再看。",
    "portal_blocked": (
        "系统不绕过拦截，到时间自动再试；其间请用浏览器查看并另存网页，用 nianbao capture 存为证据，"
        "或商请网站管理员放行。"
    ),
    "challenge_page": (
        "系统不代人通过验证；请用浏览器查看并另存网页，用 nianbao capture 存为证据，或商请网站管理员放行。"
    ),
    "robots_disallowed": (
        "系统遵守该规定，不访问；请用浏览器查看并另存网页，用 nianbao capture 存为证据，或商请网站管理员放行年报栏目。"
    ),
    "column_lost": (
        "用浏览器从首页找到现在的年报栏目，把地址写进 portals.csv 的 columns"
        "（单位自己的栏目写进 agencies.csv 的 column）。"
    ),
    "column_not_found": (
        "用浏览器找到该单位发布年报的栏目，把地址写进 agencies.csv 的 column（多家共用的写进 portals.csv 的 columns）。"
    ),
    "soft_404": "用浏览器打开栏目：确实不存在的，找到现在的栏目，更正 portals.csv 或 agencies.csv 中的地址。",
    "sent_home": "用浏览器打开栏目：也转到首页的，从首页找到现在的栏目，更正 portals.csv 或 agencies.csv 中的地址。",
    "list_emptied": "用浏览器打开栏目：确实空了的，从首页找到现在的栏目，更正登记的地址；有条目的，请告知维护人员。",
    "layout_changed": "用浏览器打开栏目：已不是年报栏目的，更正登记的地址；内容正常的，请告知维护人员适配新版式。",
    "garbled": "用浏览器打开栏目：文字正常的，请告知维护人员；浏览器中也是乱码的，请告知网站管理员。",
    "list_truncated": (
        "用浏览器翻看栏目是否完整；说明中写着请求数达到上限的，调高 NIANBAO_CRAWL_PAGES 或 NIANBAO_DAILY_REQUESTS。"
    ),
    "needs_browser": "在本机安装 chromium 和 fonts-noto-cjk，或设置 NIANBAO_BROWSER，再用 nianbao doctor 核对。",
    "host_refused": "核对该地址是否属于这个网站：属于的，把域名写进 portals.csv 的 hosts；不属于的，更正登记的地址。",
    "timed_out": "把年报栏目的地址写进 portals.csv 的 columns，系统就不必到处找；还不够就调高 NIANBAO_CRAWL_SECONDS。",
    "crawl_died": "用 nianbao doctor 检查本机的内存、磁盘和浏览器，再用 nianbao crawl --portal 网站编号 单独重试。",
    "held_back": "到了允许的时间会自动继续；要早些看，调整 NIANBAO_WINDOW 或 NIANBAO_DAILY_REQUESTS。",
    "never_looked": "等下一轮巡查，或用 nianbao run --portal 网站编号 立即巡查。",
}


#: Where an address under watch comes from. "search": no column is known, a search for one begins there.
ORIGINS: Final = {"registered": "登记", "found": "自动找到", "search": "首页，由此寻找栏目", "none": ""}


def reason_words(code: str) -> str:
    """A reason of a portal or column in Chinese; a code that nobody has put into words is printed as it is."""
    return REASONS.get(code, f"原因代码 {code}")


def mend_words(code: str) -> str:
    """What to do about a reason, in Chinese."""
    return MENDS.get(code, "用浏览器打开网站查看，并告知维护人员。")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnState:
    """How one column was looked at last, against its own past.

    `origin`: a code of `ORIGINS`. `agency`: the agency whose own column it is by the registry, "" for a common one. Of
    one that a search found, `owner`, `why` and `path` are the evidence, as in `FoundColumn`.

    `at` None: it was never looked at, and the counts are 0. `before`: links, dated links and time of the look in health
    before that one, None where there was none; `in_health_at`: the last look in health. `known_rows`: the rows of its
    lists as they were last believed; `doubted_since`: since when a list has far fewer. `holds`: the names of the
    agencies whose reports it is known to have held, in any year.
    """

    url: str
    agency: str = ""
    agency_name: str = ""
    origin: str = "registered"
    owner: str = ""
    why: str = ""
    path: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None
    healthy: bool = False
    reason: str = "never_looked"
    detail: str = ""
    pages: int = 0
    links: int = 0
    dated: int = 0
    candidates: int = 0
    in_health_at: datetime | None = None
    before: tuple[int, int, datetime] | None = None
    known_rows: int = 0
    doubted_since: datetime | None = None
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalState:
    """How a portal is watched. `agencies`: how many of the roster are looked for on it; 0: it is not looked at at all.

    `reason`, `detail`: how its last look went, "ok" in health; `since`: since when it has been so, None where it was
    never looked at. `requests`: those of the last look; `today`: of the day so far; `budget`: the most a day, 0 for no
    bound. `blocked_until`, `blocked`: it refuses programs, so long it is left alone, and what was met; None and ""
    where it does not now. `homeless`: the agencies (id, name) for which no column was found.
    """

    portal: str
    name: str
    home: str
    agencies: int
    healthy: bool
    reason: str
    detail: str = ""
    since: datetime | None = None
    looked_at: datetime | None = None
    requests: int = 0
    today: int = 0
    budget: int = 0
    blocked_until: datetime | None = None
    blocked: str = ""
    columns: tuple[ColumnState, ...] = ()
    homeless: tuple[tuple[str, str], ...] = ()

    @property
    def is_spent(self) -> bool:
        """Whether the day's budget of requests is used up."""
        return 0 < self.budget <= self.today
