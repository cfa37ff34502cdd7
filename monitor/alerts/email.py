"""The email channel: an OutgoingMessage becomes a mail and is handed to the office's SMTP server.

What a server or a network does is told apart by who can mend it. The installation's affairs (connection, certificate,
login, sender) are temporary, whatever the code: an operator mends them and the mail still goes out. What concerns the
message (its recipients, its content) follows the code: 4xx temporary, 5xx permanent. Nothing is retried in here.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as MAIL_POLICY
from email.utils import parseaddr
from typing import Final

from monitor.alerts.base import PartlyDelivered, one_line, sender_domain
from monitor.errors import DeliveryError, PermanentDeliveryError, SettingsError, TemporaryDeliveryError
from monitor.model import OutgoingMessage
from monitor.settings import Settings

TIMEOUT: Final = 30.0  # seconds that one step of the conversation may take
_SUBJECT_LIMIT: Final = 200
_NAME_LIMIT: Final = 80
_REPLY_LIMIT: Final = 160
_ADDRESS: Final = re.compile(r'[^\s@<>()\[\],;:\\"\x00-\x20\x7f]{1,64}@[^\s@<>()\[\],;:\\"\x00-\x20\x7f]{1,255}')
_TOO_LARGE: Final = 552  # the one refusal of MAIL that is about the message: its size stands in that command


def email_channel(settings: Settings) -> EmailChannel:
    """The channel that the settings describe. Raises SettingsError where host or sender is missing or malformed."""
    if not settings.smtp_host:
        raise SettingsError("NIANBAO_SMTP_HOST 没有设置：请填写发信服务器的域名，否则邮件只留在发件箱中")
    name, address = parseaddr(settings.sender)
    if not _is_address(address) or one_line(settings.sender, limit=_SUBJECT_LIMIT) != settings.sender:
        raise SettingsError(
            f"NIANBAO_MAIL_FROM 的值“{one_line(settings.sender, limit=80)}”不是邮箱地址：请写成 name@example.gov.cn"
        )
    return EmailChannel(
        host=settings.smtp_host,
        port=settings.port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.password(),
        sender=address,
        sender_name=name or settings.office,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChannel:
    """One SMTP account. `security`: starttls, tls or none; `trust`: whose certificates to believe (None: the system's).

    `timeout` in seconds for each step of the conversation.
    """

    host: str
    port: int
    security: str
    sender: str
    sender_name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    trust: ssl.SSLContext | None = None
    timeout: float = TIMEOUT

    def send(self, message: OutgoingMessage) -> None:
        """Hand the mail to the server. Raises as `Channel.send` says; each error is one Chinese line with the mend.

        An address that is none is refused here and never reaches the server; the others still get the mail.
        """
        addresses = tuple(one for one in message.recipients if _is_address(one))
        refused = {one: (553, "不是邮箱地址") for one in message.recipients if not _is_address(one)}
        if addresses:
            mail = compose_mail(message, sender=self.sender, sender_name=self.sender_name, recipients=addresses)
            with contextlib.closing(self._connect()) as server:
                refused |= self._hand_over(server, mail, addresses)
        if refused or not addresses:
            raise _refusal(refused, everyone=len(refused) == len(message.recipients))

    def _connect(self) -> smtplib.SMTP:
        """Connect, encrypt and log in. Raises TemporaryDeliveryError: whatever fails here, an operator can mend."""
        trust = self.trust or ssl.create_default_context()
        # The host's own name is not asked for: that look-up can take minutes where there is no name server.
        name = sender_domain(self.sender)
        with contextlib.ExitStack() as undo:
            try:
                server: smtplib.SMTP
                if self.security == "tls":
                    server = smtplib.SMTP_SSL(self.host, self.port, name, timeout=self.timeout, context=trust)
                else:
                    server = smtplib.SMTP(self.host, self.port, name, timeout=self.timeout)
                undo.callback(server.close)
                if self.security == "starttls":
                    server.starttls(context=trust)
                server.ehlo_or_helo_if_needed()
                if self.user:
                    server.login(self.user, self.password)
            except (OSError, UnicodeError) as error:  # smtplib's and ssl's own errors are OSErrors
                raise TemporaryDeliveryError(self._why_not_connected(error)) from error
            undo.pop_all()
        return server

    def _why_not_connected(self, error: OSError | UnicodeError) -> str:
        for kind, words in _CONNECTION_WORDS:
            if isinstance(error, kind):
                return words.format(server=f"发信服务器 {self.host}:{self.port}", why=_why(error))
        raise AssertionError(error)  # the table ends with the bases of all that is caught

    def _hand_over(
        self, server: smtplib.SMTP, mail: EmailMessage, addresses: tuple[str, ...]
    ) -> dict[str, tuple[int, str]]:
        """Send the mail; return who was refused, with code and reply. Raises DeliveryError where nobody has got it."""
        try:
            refused = server.send_message(mail, self.sender, addresses)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code == _TOO_LARGE:
                raise PermanentDeliveryError(f"发信服务器嫌邮件太大（{_why(error)}）") from error
            raise TemporaryDeliveryError(
                f"发信服务器不接受发件人 {self.sender}（{_why(error)}）：请核对 NIANBAO_MAIL_FROM 和账号权限"
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            raise PermanentDeliveryError("发信服务器不支持含有中文的邮箱地址：请改用英文邮箱地址") from error
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code)(f"发信服务器没有收下邮件（{_why(error)}）") from error
        except OSError as error:
            raise TemporaryDeliveryError(
                f"发送途中连接中断，没有收到答复（{_why(error)}）：邮件可能已被收下，重发时用同一个 Message-ID"
            ) from error
        # The mail is taken: a farewell that fails must not make it look refused.
        with contextlib.suppress(OSError):
            server.quit()
        return {address: (code, _reply(reply)) for address, (code, reply) in refused.items()}


def compose_mail(
    message: OutgoingMessage, *, sender: str, recipients: tuple[str, ...], sender_name: str = ""
) -> EmailMessage:
    """The mail of a message: same message, same headers, byte for byte but for the MIME boundary.

    Both bodies are base64, so that no server on the way has to understand eight bits or long lines.
    """
    mail = EmailMessage(policy=MAIL_POLICY)
    mail["From"] = _address(sender, one_line(sender_name, limit=_NAME_LIMIT))
    mail["To"] = tuple(_address(recipient) for recipient in recipients)
    mail["Subject"] = _header_text(message.subject)
    mail["Date"] = message.created_at
    mail["Message-ID"] = _header_text(message.message_id)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notice is sent in answer to this
    mail.set_content(_encodable(message.text), cte="base64")
    mail.add_alternative(_encodable(message.html), subtype="html", cte="base64")
    return mail


# ── words and headers ───────────────────────────────────────────────────────────────────────────────────────────────

_TLS_MEND: Final = "请核对 NIANBAO_SMTP_SECURITY（starttls、tls、none）和 NIANBAO_SMTP_PORT，改好后会自动重发"

#: The first kind that fits speaks; the last two are the bases of all others.
_CONNECTION_WORDS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (
        smtplib.SMTPAuthenticationError,
        "{server} 没有接受登录（{why}）：请核对 NIANBAO_SMTP_USER 和 NIANBAO_SMTP_PASSWORD，改好后会自动重发",
    ),
    (smtplib.SMTPNotSupportedError, "{server} 不支持所设的加密或登录方式（{why}）：" + _TLS_MEND),
    (
        ssl.SSLCertVerificationError,
        "{server} 的证书没有通过验证（{why}）：请核对 NIANBAO_SMTP_HOST 与证书上的域名；"
        "单位自签的根证书用环境变量 SSL_CERT_FILE 指定",
    ),
    (ssl.SSLError, "与{server} 没有建立加密连接（{why}）：" + _TLS_MEND),
    (smtplib.SMTPException, "{server} 拒绝或中断了连接（{why}）：" + _TLS_MEND),
    (OSError, "连不上{server}（{why}）：请核对 NIANBAO_SMTP_HOST、NIANBAO_SMTP_PORT 和网络，之后会自动重发"),
    (UnicodeError, "{server} 的域名、账号或密码中有不能使用的字符：请核对 NIANBAO_SMTP_ 开头的设置"),
)


def _by_code(code: int) -> type[DeliveryError]:
    """5xx is permanent; 4xx, and a reply that is no SMTP, is temporary (RFC 5321 4.2.1)."""
    return PermanentDeliveryError if 500 <= code <= 599 else TemporaryDeliveryError


def _refusal(refused: Mapping[str, tuple[int, str]], *, everyone: bool) -> DeliveryError:
    """The error for recipients that were refused. While any of them may still be taken, all of them are tried again.

    So the last word on a message with one dead address is an error that names it, however the others went.
    """
    if not refused:
        return PermanentDeliveryError("邮件没有收件人：请设置 NIANBAO_MAIL_TO")
    named = "；".join(
        f"{one_line(address, limit=_NAME_LIMIT)}（{code} {reply}）" for address, (code, reply) in refused.items()
    )
    hopeless = all(_by_code(code) is PermanentDeliveryError for code, _ in refused.values())
    if hopeless:
        others = "" if everyone else "，其余收件人已收到，不再重发"
        return PermanentDeliveryError(f"收件人被拒绝：{named}{others}。请核对 NIANBAO_MAIL_TO 和 NIANBAO_OPERATOR_TO")
    if everyone:
        return TemporaryDeliveryError(f"收件人暂时被拒绝：{named}，之后会自动重发")
    return PartlyDelivered(f"部分收件人暂时被拒绝：{named}，之后只向他们重发，其余收件人已收到", tuple(refused))


def _why(error: Exception) -> str:
    """What a library or a server said, as one bounded line: a server's words are foreign text too."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_reply(error.smtp_error)}"
    return one_line(getattr(error, "strerror", None) or str(error) or type(error).__name__, limit=_REPLY_LIMIT)


def _reply(reply: bytes | str) -> str:
    return one_line(reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply, limit=_REPLY_LIMIT)


def _header_text(text: str) -> str:
    """A text that stands in a header as it is; `=?`, which would start an encoded word when it is read, is parted."""
    return one_line(text, limit=_SUBJECT_LIMIT).replace("=?", "= ?")


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None and one_line(text, limit=_SUBJECT_LIMIT) == text


def _address(address: str, name: str = "") -> Address:
    local, _, domain = address.partition("@")
    return Address(display_name=name.replace("=?", "= ?"), username=local, domain=domain)


def _encodable(text: str) -> str:
    """A body without halves of surrogate pairs: they have no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
