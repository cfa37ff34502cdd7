"""The fourth step: deliver what is due in the outbox. A channel that fails keeps its message; the others go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitor.alerts import CHANNELS
from monitor.alerts.base import PartlyDelivered, next_attempt
from monitor.errors import DeliveryError, PermanentDeliveryError, SettingsError
from monitor.jobs.home import Home
from monitor.model import OutgoingMessage


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message: `error` is empty where it was taken."""

    message: OutgoingMessage
    error: str = ""


def notify(home: Home, *, tell: Callable[[str], None] = lambda line: None) -> list[Delivery]:
    """Try every message that is due, once."""
    due = home.store.due_messages(home.now())
    if due and not home.settings.smtp_host:
        tell(f"未设置发信服务器（NIANBAO_SMTP_HOST），{len(due)} 封邮件留在发件箱中")
        return []
    deliveries = []
    for message, attempts in due:
        delivery = _deliver(home, message, attempts)
        deliveries.append(delivery)
        tell(f"邮件未发出：{delivery.error}" if delivery.error else f"邮件已发出：{message.subject}")
    return deliveries


def _deliver(home: Home, message: OutgoingMessage, attempts: int) -> Delivery:
    now = home.now()
    try:
        CHANNELS[message.channel](home.settings).send(message)
    except (DeliveryError, SettingsError) as error:
        # Those who have it must not get it twice; those who were refused for now are tried again.
        recipients = error.remaining if isinstance(error, PartlyDelivered) else message.recipients
        given_up = isinstance(error, PermanentDeliveryError)
        home.store.mark_failed(
            message.message_id,
            error=str(error),
            next_attempt_at=None if given_up else next_attempt(attempts + 1, now),
            recipients=recipients,
        )
        return Delivery(message, str(error))
    home.store.mark_sent(message.message_id, at=now)
    return Delivery(message)
