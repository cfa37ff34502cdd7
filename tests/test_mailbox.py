"""The demo's SMTP server, spoken to with the standard library."""

from __future__ import annotations

import smtplib
import ssl
import threading
from email.message import EmailMessage
from pathlib import Path

import pytest

from monitor.demo.mailbox import HOST, Mailbox


def mail(subject: str = "一封信") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    message.set_content("正文\n.\n末行")
    return message


def post(box: Mailbox, message: EmailMessage | None = None, recipients: tuple[str, ...] = ("b@example.org",)) -> None:
    with smtplib.SMTP(HOST, box.port, "client.invalid", timeout=5) as client:
        client.send_message(message or mail(), to_addrs=recipients)


def test_a_mail_is_kept_with_its_envelope_and_parsed() -> None:
    with Mailbox() as box:
        post(box)
    (received,) = box.received
    assert (received.sender, received.recipients) == ("a@example.org", ("b@example.org",))
    assert received.message["Subject"] == "一封信"
    assert received.message.get_content().splitlines() == ["正文", ".", "末行"]
    assert box.messages == (received.message,)


def test_each_mail_becomes_a_numbered_file_after_those_already_there(tmp_path: Path) -> None:
    folder = tmp_path / "mails"
    for _ in range(2):
        with Mailbox(folder=folder) as box:
            post(box)
    assert [path.name for path in sorted(folder.iterdir())] == ["001.eml", "002.eml"]
    assert (folder / "002.eml").read_bytes() == box.received[0].raw


@pytest.mark.parametrize("reply", ["451 4.3.0 later", "550 5.7.1 never"])
def test_a_mail_that_is_refused_is_not_kept(reply: str) -> None:
    with Mailbox() as box:
        box.data_reply = reply
        with pytest.raises(smtplib.SMTPDataError) as caught:
            post(box)
        assert caught.value.smtp_code == int(reply[:3])
        assert not box.received
        box.data_reply = ""
        post(box)
        assert len(box.received) == 1


def test_one_recipient_can_be_refused_while_the_other_gets_the_mail() -> None:
    with Mailbox() as box:
        box.recipient_replies["c@example.org"] = "550 no such person"
        post(box, recipients=("b@example.org", "c@example.org"))
    assert box.received[0].recipients == ("b@example.org",)


def test_a_lost_answer_leaves_the_mail_taken_and_the_sender_in_doubt() -> None:
    with Mailbox() as box:
        box.lost_answers = 1
        with pytest.raises(smtplib.SMTPServerDisconnected):
            post(box)
        assert len(box.received) == 1
        post(box)
        assert len(box.received) == 2


def test_without_the_right_login_nothing_is_taken() -> None:
    with Mailbox(user="office", password="right") as box:
        with pytest.raises(smtplib.SMTPSenderRefused, match="Authentication required"):
            post(box)
        with smtplib.SMTP(HOST, box.port, "client.invalid", timeout=5) as client:
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("office", "wrong")
            client.login("office", "right")
            client.send_message(mail())
    assert len(box.received) == 1


def test_starttls_is_required_and_its_certificate_can_be_verified() -> None:
    with Mailbox(security="starttls") as box:
        with pytest.raises(smtplib.SMTPSenderRefused, match="STARTTLS"):
            post(box)
        with smtplib.SMTP(HOST, box.port, "client.invalid", timeout=5) as client:
            client.starttls(context=box.trust)
            client.send_message(mail())
        with (
            smtplib.SMTP(HOST, box.port, "client.invalid", timeout=5) as client,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            client.starttls(context=ssl.create_default_context())
    assert len(box.received) == 1


def test_tls_from_the_first_byte_works_too() -> None:
    with (
        Mailbox(security="tls") as box,
        smtplib.SMTP_SSL(HOST, box.port, "client.invalid", timeout=5, context=box.trust) as client,
    ):
        client.send_message(mail())
    assert len(box.received) == 1


def test_nothing_of_the_server_outlives_its_block() -> None:
    before = threading.active_count()
    with Mailbox() as box:
        idle = smtplib.SMTP(HOST, box.port, "client.invalid", timeout=5)
    assert threading.active_count() == before
    with pytest.raises(smtplib.SMTPServerDisconnected):
        idle.noop()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP(HOST, box.port, timeout=5)
