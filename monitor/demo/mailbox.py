"""A real SMTP server on loopback that keeps the mails it takes, for the demo and the tests.

It can answer badly on request: refuse a mail or a recipient, or take a mail and lose the answer. It never passes a mail
on, never listens anywhere but on 127.0.0.1, and its certificate is made anew at each start and good for nothing else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import tempfile
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as MAIL_POLICY
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST: Final = "127.0.0.1"
NAME: Final = "mailbox.invalid"

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that was taken: its envelope, its bytes and what they say."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    message: EmailMessage


class Mailbox:
    """An SMTP server for the length of a `with` block; `port` is chosen by the system.

    `user`, `password`: where given, a mail is taken only after a login. `folder`: each mail is written there as
    `001.eml`, `002.eml`, … after those that lie there already.

    How it answers can be changed at any moment: `data_reply` (such as "451 4.3.0 try later"; "" takes the mail),
    `recipient_replies` (address → reply), `login_reply` ("" checks the password), `lost_answers` (how many of the next
    mails are taken without the sender ever learning of it).
    """

    def __init__(
        self, *, security: Security = "none", user: str = "", password: str = "", folder: Path | None = None
    ) -> None:
        self.security: Final = security
        self.data_reply = ""
        self.recipient_replies: dict[str, str] = {}
        self.login_reply = ""
        self.lost_answers = 0
        self._user, self._password, self._folder = user, password, folder
        self._received: list[Received] = []
        self._certificate = None if security == "none" else Certificate()
        self.port = 0

    # ── for the one who uses it ─────────────────────────────────────────────────────────────────────────────────────

    @property
    def received(self) -> tuple[Received, ...]:
        """Every mail taken so far, oldest first."""
        return tuple(self._received)

    @property
    def messages(self) -> tuple[EmailMessage, ...]:
        """The mails themselves, parsed, oldest first."""
        return tuple(mail.message for mail in self._received)

    @property
    def trust(self) -> ssl.SSLContext:
        """A client's TLS context that trusts this server's certificate and no other."""
        return ssl.create_default_context(cadata=self._certificate.pem if self._certificate else None)

    def __enter__(self) -> Self:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        self._loop = asyncio.new_event_loop()
        listener = socket.create_server((HOST, 0))
        self.port = listener.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(listener, ready), name="mailbox", daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # ── the server's thread ─────────────────────────────────────────────────────────────────────────────────────────

    def _serve(self, listener: socket.socket, ready: threading.Event) -> None:
        context = self._certificate.context if self._certificate else None
        protocol = partial(
            SMTP,
            self,
            hostname=NAME,
            ident="mailbox",
            enable_SMTPUTF8=True,
            tls_context=context if self.security == "starttls" else None,
            require_starttls=self.security == "starttls",
            auth_require_tls=False,  # whether a login is asked for, and under which cover, is decided by handle_MAIL
            auth_exclude_mechanism=() if self._user else ("LOGIN", "PLAIN"),
            authenticator=self._authenticate,
            loop=self._loop,
        )
        server = self._loop.run_until_complete(
            self._loop.create_server(protocol, sock=listener, ssl=context if self.security == "tls" else None)
        )
        self._loop.call_soon(ready.set)
        try:
            self._loop.run_forever()
        finally:
            server.close()
            self._loop.run_until_complete(self._end())

    async def _end(self) -> None:
        """End the conversations that are still open, so that nothing of the server outlives its block."""
        open_ones = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in open_ones:
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)
        await self._loop.shutdown_default_executor()

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        if self.login_reply:
            return AuthResult(success=False, handled=False, message=self.login_reply)
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == (self._user, self._password), handled=False)

    # ── aiosmtpd's hooks: the names are its own ─────────────────────────────────────────────────────────────────────

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._user and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self.recipient_replies.get(address)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.data_reply:
            return self.data_reply
        self._keep(envelope)
        if self.lost_answers > 0 and isinstance(server.transport, asyncio.Transport):
            self.lost_answers -= 1
            server.transport.abort()
        return "250 OK"

    def _keep(self, envelope: Envelope) -> None:
        raw = envelope.original_content or b""
        message = BytesParser(_class=EmailMessage, policy=MAIL_POLICY).parsebytes(raw)
        self._received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw, message))
        if self._folder is not None:
            number = 1 + max((int(path.stem) for path in self._folder.glob("*.eml") if path.stem.isdigit()), default=0)
            (self._folder / f"{number:03}.eml").write_bytes(raw)


class Certificate:
    """A key and a self-signed certificate for 127.0.0.1: `pem` to trust it, `context` to serve with it."""

    def __init__(self) -> None:
        # cryptography comes with Scrapy; only a server that shows a certificate needs it, so only that one loads it.
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
        start = datetime(2000, 1, 1, tzinfo=UTC)  # good at any time a rehearsal may be set to
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign"), False
        )
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=36500))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.KeyUsage(
                    digital_signature=True, key_cert_sign=True, encipher_only=False, decipher_only=False, **usage
                ),
                critical=True,
            )
            .sign(key, hashes.SHA256())
        )
        self.pem: Final = certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.context: Final = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with tempfile.TemporaryDirectory() as folder:  # the ssl module reads a chain from files only
            (Path(folder) / "chain.pem").write_bytes(secret + self.pem.encode("ascii"))
            self.context.load_cert_chain(Path(folder) / "chain.pem")
