"""From what changed to a message in somebody's hands: digests, channels, and the table of channels.

It knows no store: jobs hand it facts, keep what it composes in the outbox, and pass it to a channel when it is due.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from monitor.alerts.base import Channel
from monitor.alerts.email import email_channel
from monitor.settings import Settings

#: Every channel: kind → how to make it from the settings (raises SettingsError where they do not suffice).
CHANNELS: Final[Mapping[str, Callable[[Settings], Channel]]] = {
    "email": email_channel,
}
