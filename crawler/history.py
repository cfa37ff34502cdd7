"""A list held against its own past: what a portal shows today may be whole and in health, and still not the list."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from monitor.exchange import KnownList

#: A list with fewer rows or dates has no past to speak of.
_FEW: Final = 4
#: After so long a smaller list is how the portal wants it.
_SETTLED: Final = timedelta(days=7)


def doubt(known: KnownList | None, seen: KnownList, now: datetime, *, leads_on: bool = False) -> tuple[str, str] | None:
    """Why a list that was read to its end cannot be believed, as reason code and detail, or None.

    `known`: what it was when last believed; `seen`: what it is now. A portal may rightly clear a list out; so no doubt
    but that of an empty list lasts for ever; one that now leads to lists below it is not empty, but of another shape.
    """
    if known is None:
        return None
    if known.rows and not seen.rows and not leads_on:
        return "list_emptied", f"以前有{known.rows}条，现在一条也没有：{known.url}"
    if known.doubted_at is not None and now - known.doubted_at >= _SETTLED:
        return None
    if known.dated >= _FEW and not seen.dated:
        return "layout_changed", f"以前{known.dated}条有日期，现在一条也没有：{known.url}"
    if known.reports >= _FEW and not seen.reports:
        return "layout_changed", f"以前有年报{known.reports}条，现在认不出一条：{known.url}"
    if known.rows >= _FEW and 2 * seen.rows < known.rows:
        return "list_truncated", f"以前有{known.rows}条，现在只有{seen.rows}条：{known.url}"
    return None
