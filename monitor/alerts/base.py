"""What every alert channel shares: the promise of a channel, a stable identity, and when to try again.

A message is composed once, stored, and sent until a channel has taken it. Nothing here sends, stores or reads a clock.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime, timedelta
from typing import Final, Protocol

from monitor.errors import TemporaryDeliveryError
from monitor.model import OutgoingMessage
from monitor.text import clean


class Channel(Protocol):
    """A way out of the house."""

    def send(self, message: OutgoingMessage) -> None:
        """Hand the message over. Returning means: every recipient's share was taken.

        Raises TemporaryDeliveryError (try the same message again at `next_attempt`), PartlyDelivered (try again, but
        only for those it names) or PermanentDeliveryError (trying again cannot help). Nothing else for what a network
        or a server can do.
        """
        ...


class PartlyDelivered(TemporaryDeliveryError):
    """Some recipients have the message, some may get it later.

    `remaining`: the recipients that do not have it. The next try must go to these only:
    `dataclasses.replace(message, recipients=error.remaining)`; whoever has it is not sent it again.
    """

    def __init__(self, words: str, remaining: tuple[str, ...]) -> None:
        super().__init__(words)
        self.remaining = remaining


def new_message_id(key: str, *, sender: str) -> str:
    """The Message-ID of the message whose content `key` names: the same key and sender give the same id, always.

    `key` is anything that tells two messages apart (a round's id and its recipients); the domain is the sender's.
    """
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:40]
    return f"<{digest}@{sender_domain(sender)}>"


def sender_domain(sender: str) -> str:
    """The domain part of a sender address in ASCII, or `nianbao.invalid` where it has none that can be used."""
    domain = sender.rpartition("@")[2].strip(" >").lower() if "@" in sender else ""
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return "nianbao.invalid"
    plain = domain and all(mark.isalnum() or mark in "-." for mark in domain)
    return domain if plain else "nianbao.invalid"


def one_line(text: str, *, limit: int) -> str:
    """An untrusted text as one harmless line of at most `limit` characters.

    No line break, control, bidirectional or other invisible mark and no half of a surrogate pair survives: a title from
    a page can neither start a header of its own nor turn round what a reader sees.
    """
    visible = "".join(mark for mark in clean(text) if unicodedata.category(mark) not in {"Cf", "Cs", "Cc"})
    return visible if len(visible) <= limit else visible[: limit - 1] + "…"


# ── when to try again ───────────────────────────────────────────────────────────────────────────────────────────────

_FIRST_DELAYS: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
_LATER_DELAY: Final = timedelta(hours=6)
_GIVE_UP_AFTER: Final = timedelta(days=3)
_LATER_TRIES: Final = (_GIVE_UP_AFTER - sum(_FIRST_DELAYS, timedelta())) // _LATER_DELAY
_DELAYS: Final = (*_FIRST_DELAYS, *(_LATER_DELAY,) * _LATER_TRIES)


def next_attempt(attempts: int, failed_at: datetime) -> datetime | None:
    """When to try a message again that has failed `attempts` times, the last time at `failed_at`; None: give it up.

    1 min, 5 min, 30 min, 2 h, then every 6 h while the waits together stay within three days: 16 tries in all.
    """
    if attempts < 1:
        raise ValueError(f"a message that never failed needs no second try: attempts={attempts}")
    return failed_at + _DELAYS[attempts - 1] if attempts <= len(_DELAYS) else None
