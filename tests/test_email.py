"""The email channel against a real SMTP server on loopback."""

from __future__ import annotations

import email.header
import re
import socket
import ssl
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts import CHANNELS
from monitor.alerts.base import PartlyDelivered, new_message_id, next_attempt, sender_domain
from monitor.alerts.email import EmailChannel, compose_mail, email_channel
from monitor.clock import SHANGHAI
from monitor.demo.mailbox import HOST, Mailbox
from monitor.errors import PermanentDeliveryError, SettingsError, TemporaryDeliveryError
from monitor.model import OutgoingMessage
from monitor.settings import Settings

AT = datetime(2024, 2, 1, 9, 0, tzinfo=SHANGHAI)
SENDER = "monitor@example.gov.cn"


def message(**changes: Any) -> OutgoingMessage:
    plain = OutgoingMessage(
        message_id=new_message_id("round-1", sender=SENDER),
        channel="email",
        recipients=("office@example.gov.cn",),
        subject="〔年报监测〕2023年度：逾期未发布1家",
        text="截至今日，一家未见发布。\n.\n" + "很长的一行" * 400,
        html="<p>截至今日，一家未见发布。</p>",
        created_at=AT,
    )
    return replace(plain, **changes)


def channel(box: Mailbox, **changes: Any) -> EmailChannel:
    plain = EmailChannel(
        host=HOST,
        port=box.port,
        security=box.security,
        sender=SENDER,
        sender_name="政务公开办公室",
        trust=None if box.security == "none" else box.trust,
        timeout=5,
    )
    return replace(plain, **changes)


# ── the mail ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_mail_arrives_as_it_was_composed() -> None:
    with Mailbox() as box:
        channel(box).send(message())
    (received,) = box.received
    mail = received.message
    assert received.sender == SENDER
    assert received.recipients == ("office@example.gov.cn",)
    assert mail["Subject"] == "〔年报监测〕2023年度：逾期未发布1家"
    assert mail["From"].addresses[0].display_name == "政务公开办公室"
    assert mail["From"].addresses[0].addr_spec == SENDER
    assert mail["Message-ID"] == message().message_id
    assert mail["Date"].datetime == AT
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert body(mail, "plain") == message().text + "\n"
    assert body(mail, "html") == message().html + "\n"


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_the_mail_on_the_wire_is_ascii_with_short_lines() -> None:
    with Mailbox() as box:
        channel(box).send(message(subject="很长的主题" * 60))
    raw = box.received[0].raw
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) <= 78


ATTACKS = [
    "报告\r\nBcc: thief@example.org",
    "报告\nSubject: 另一个主题",
    "报告\r\n\r\n<script>alert(1)</script>",
    "报告\x00\x0b\x0c\x1b[2J\x85\u2028\u2029Bcc: thief@example.org",
    "=?utf-8?q?a=0D=0ABcc:_thief@example.org?=",
    "=?utf-8?b?DQpCY2M6IHRoaWVmQGV4YW1wbGUub3Jn?= =?utf-8?q?=0a?=",
    "\u202e告报\u2066\ud800\U000e0041",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_subject_or_name_adds_no_header_and_no_line(attack: str) -> None:
    with Mailbox() as box:
        channel(box, sender_name=attack).send(message(subject=attack))
    (received,) = box.received
    mail = received.message
    assert sorted(mail.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    )
    assert received.recipients == ("office@example.gov.cn",)
    assert not mail["Subject"].defects
    assert not set(str(mail["Subject"]) + str(mail["From"])) & set("\r\n\x00\x0b\x0c\x1b\x85\u2028\u2029\u202e\u2066")
    assert "\n" not in str(email.header.make_header(email.header.decode_header(mail["Subject"])))


def test_a_hostile_address_never_reaches_the_server_and_the_others_get_the_mail() -> None:
    attack = "x@example.org>\r\nRCPT TO:<thief@example.org"
    with Mailbox() as box:
        with pytest.raises(PermanentDeliveryError, match="不是邮箱地址") as caught:
            channel(box).send(message(recipients=("office@example.gov.cn", attack)))
        assert "\n" not in str(caught.value)
        assert "其余收件人已收到" in str(caught.value)
        with pytest.raises(PermanentDeliveryError):
            channel(box).send(message(recipients=(attack,)))
    assert [received.recipients for received in box.received] == [("office@example.gov.cn",)]


@given(subject=st.text(), name=st.text(), text=st.text(), html=st.text())
def test_any_strings_make_a_mail_that_says_them_once(subject: str, name: str, text: str, html: str) -> None:
    said = message(subject=subject, text=text, html=html)
    mail = compose_mail(said, sender=SENDER, sender_name=name, recipients=said.recipients)
    parsed = email.message_from_bytes(mail.as_bytes(), policy=mail.policy)
    assert len(parsed.get_all("Subject", [])) == len(parsed.get_all("From", [])) == 1
    assert len(parsed.keys()) == 8
    assert parsed["From"].addresses[0].addr_spec == SENDER
    assert "\n" not in parsed["Subject"]


# ── the way to the server ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("user", ["", "office"])
def test_every_security_works_with_and_without_a_login(security: Any, user: str) -> None:
    with Mailbox(security=security, user=user, password="secret") as box:
        channel(box, user=user, password="secret").send(message())
    assert len(box.received) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused_and_nothing_is_sent(security: Any) -> None:
    with Mailbox(security=security) as box:
        with pytest.raises(TemporaryDeliveryError, match="证书没有通过验证"):
            channel(box, trust=ssl.create_default_context()).send(message())
        assert not box.received


def test_starttls_is_not_given_up_because_the_server_does_not_offer_it() -> None:
    with Mailbox() as box:
        with pytest.raises(TemporaryDeliveryError, match="NIANBAO_SMTP_SECURITY"):
            channel(box, security="starttls").send(message())
        assert not box.received


def test_tls_spoken_to_a_plain_port_is_temporary() -> None:
    with Mailbox() as box, pytest.raises(TemporaryDeliveryError, match="NIANBAO_SMTP_SECURITY"):
        channel(box, security="tls").send(message())


@pytest.mark.parametrize("password", ["wrong", "错的"])
def test_a_login_that_fails_is_temporary_and_names_the_settings_but_not_the_password(password: str) -> None:
    with Mailbox(user="office", password="right") as box:
        with pytest.raises(TemporaryDeliveryError, match="NIANBAO_SMTP_") as caught:
            channel(box, user="office", password=password).send(message())
        assert password not in str(caught.value)
        assert password not in repr(channel(box, password=password))
        assert not box.received


def test_a_server_that_wants_a_login_where_none_is_set_is_temporary() -> None:
    with Mailbox(user="office", password="right") as box, pytest.raises(TemporaryDeliveryError, match="发件人"):
        channel(box).send(message())


def test_a_dead_port_is_temporary_and_named() -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
    dead = EmailChannel(host=HOST, port=port, security="none", sender=SENDER, timeout=5)
    with pytest.raises(TemporaryDeliveryError, match=f"连不上发信服务器 {HOST}:{port}"):
        dead.send(message())


def test_a_server_that_says_nothing_is_temporary_after_the_time_limit() -> None:
    with socket.create_server((HOST, 0)) as silent:
        slow = EmailChannel(host=HOST, port=silent.getsockname()[1], security="none", sender=SENDER, timeout=0.05)
        with pytest.raises(TemporaryDeliveryError):
            slow.send(message())


# ── what the server says ────────────────────────────────────────────────────────────────────────────────────────────


def test_451_is_temporary_and_550_is_permanent() -> None:
    with Mailbox() as box:
        box.data_reply = "451 4.3.0 too busy"
        with pytest.raises(TemporaryDeliveryError, match=r"451 4\.3\.0 too busy"):
            channel(box).send(message())
        box.data_reply = "550 5.7.1 looks like spam"
        with pytest.raises(PermanentDeliveryError, match=r"550 5\.7\.1 looks like spam"):
            channel(box).send(message())
        assert not box.received


def test_after_a_lost_answer_the_second_try_bears_the_same_message_id() -> None:
    with Mailbox() as box:
        box.lost_answers = 1
        with pytest.raises(TemporaryDeliveryError, match="Message-ID"):
            channel(box).send(message())
        channel(box).send(message())
    first, second = box.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_one_dead_address_is_named_and_the_others_are_not_sent_the_mail_again() -> None:
    with Mailbox() as box:
        box.recipient_replies["gone@example.gov.cn"] = "550 5.1.1 no such user"
        with pytest.raises(
            PermanentDeliveryError, match=re.escape("gone@example.gov.cn（550 5.1.1 no such user）")
        ) as caught:
            channel(box).send(message(recipients=("a@example.gov.cn", "gone@example.gov.cn", "b@example.gov.cn")))
        assert "不再重发" in str(caught.value)
    assert [received.recipients for received in box.received] == [("a@example.gov.cn", "b@example.gov.cn")]


def test_after_a_partial_refusal_only_those_without_the_mail_are_tried_and_a_dead_one_is_named_last() -> None:
    said = message(recipients=("a@example.gov.cn", "slow@example.gov.cn", "gone@example.gov.cn"))
    with Mailbox() as box:
        box.recipient_replies = {
            "slow@example.gov.cn": "450 4.2.0 greylisted",
            "gone@example.gov.cn": "550 5.1.1 no such user",
        }
        with pytest.raises(PartlyDelivered) as caught:
            channel(box).send(said)
        assert caught.value.remaining == ("slow@example.gov.cn", "gone@example.gov.cn")
        del box.recipient_replies["slow@example.gov.cn"]
        with pytest.raises(PermanentDeliveryError, match=r"gone@example\.gov\.cn"):
            channel(box).send(replace(said, recipients=caught.value.remaining))
    assert [received.recipients for received in box.received] == [("a@example.gov.cn",), ("slow@example.gov.cn",)]
    assert len({mail["Message-ID"] for mail in box.messages}) == 1


@pytest.mark.parametrize(
    ("reply", "error"), [("450 later", TemporaryDeliveryError), ("550 never", PermanentDeliveryError)]
)
def test_where_everybody_is_refused_the_code_decides(reply: str, error: type[Exception]) -> None:
    with Mailbox() as box:
        box.recipient_replies = dict.fromkeys(["a@example.gov.cn", "b@example.gov.cn"], reply)
        with pytest.raises(error) as caught:
            channel(box).send(message(recipients=("a@example.gov.cn", "b@example.gov.cn")))
        assert not isinstance(caught.value, PartlyDelivered)
        assert not box.received


def test_a_message_for_nobody_is_permanent() -> None:
    with Mailbox() as box, pytest.raises(PermanentDeliveryError, match="NIANBAO_MAIL_TO"):
        channel(box).send(message(recipients=()))


# ── settings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def settings(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


def test_the_channel_follows_the_settings(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from the file\n", "utf-8")
    made = CHANNELS["email"](
        settings(smtp_host="mail.example.gov.cn", smtp_user=SENDER, smtp_password_file=secret, office="某办")
    )
    assert made == EmailChannel(
        host="mail.example.gov.cn",
        port=587,
        security="starttls",
        sender=SENDER,
        sender_name="某办",
        user=SENDER,
        password="from the file",
    )


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"mail_from": SENDER}, "NIANBAO_SMTP_HOST"),
        ({"smtp_host": HOST}, "NIANBAO_MAIL_FROM"),
        ({"smtp_host": HOST, "mail_from": "a@b\r\nBcc: c@d"}, "NIANBAO_MAIL_FROM"),
    ],
)
def test_settings_that_do_not_suffice_are_named(values: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        email_channel(settings(**values))


# ── identity and retries ────────────────────────────────────────────────────────────────────────────────────────────


@given(key=st.text(), sender=st.text())
def test_a_message_id_is_stable_and_well_formed(key: str, sender: str) -> None:
    one = new_message_id(key, sender=sender)
    assert one == new_message_id(key, sender=sender)
    assert one != new_message_id(key + "'", sender=sender)
    assert one.isascii()
    assert one.isprintable()
    assert one.startswith("<")
    assert one.endswith(f"@{sender_domain(sender)}>")


def test_the_message_id_bears_the_domain_of_the_sender() -> None:
    assert sender_domain("某办 <a@Example.gov.cn>") == "example.gov.cn"
    assert sender_domain("a@政务.cn") == "xn--zfr164b.cn"
    assert sender_domain("nobody") == sender_domain("a@b c") == "nianbao.invalid"


def test_tries_go_on_at_growing_waits_for_about_three_days() -> None:
    waits = []
    at, attempts = AT, 1
    while (after := next_attempt(attempts, at)) is not None:
        waits.append(after - at)
        at, attempts = after, attempts + 1
    assert [wait / timedelta(minutes=1) for wait in waits[:6]] == [1, 5, 30, 120, 360, 360]
    assert waits == sorted(waits)
    assert timedelta(days=2, hours=18) < at - AT <= timedelta(days=3)
    assert next_attempt(attempts + 1, at) is None


def test_a_message_that_never_failed_has_no_next_try() -> None:
    with pytest.raises(ValueError, match="attempts=0"):
        next_attempt(0, AT)
