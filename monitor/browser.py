"""Where this machine's Chromium is. Nothing is ever downloaded."""

from __future__ import annotations

import shutil
from typing import Final

#: In order of preference: the shell is the lighter one.
NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser(chosen: str = "") -> str:
    """The path of a browser, the chosen one or the first that is installed; "" where there is none."""
    return next((path for name in ([chosen] if chosen else NAMES) if (path := shutil.which(name))), "")
