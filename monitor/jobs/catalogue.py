"""Every rule that there is, whichever part of the product it lives in: what users are shown as one list."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from monitor import checks
from monitor.publication import PUBLICATION_RULES


def catalogue() -> dict[str, list[dict[str, Any]]]:
    """Heading → the rules under it, each as `checks.describe` gives it. First the reports, then their publication."""
    return {
        "报告内容（例子只写出与一份合格报告不同之处）": checks.describe(checks.RULES),
        "发布情况": [checks.entry(id=id_, **asdict(rule)) for id_, rule in PUBLICATION_RULES.items()],
    }
