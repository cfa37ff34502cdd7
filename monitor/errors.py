"""The errors that reach a user: each is one line (Chinese) that names the thing and the mend.

NianbaoError                 exit code of the command line
├── UsageError         2     the call's own words are wrong
├── RegistryError      2     a row of portals.csv or agencies.csv is refused; carries every bad row
├── SettingsError      2     an environment variable or a settings file is wrong
├── HomeError          2     the home folder cannot be used (missing, not writable, disk full)
├── Busy               2     another round holds the lock
├── Unreadable         2     a document could not be read; carries why
└── DeliveryError            a channel did not take a message; never ends a command
    ├── TemporaryDeliveryError   try again later
    └── PermanentDeliveryError   trying again cannot help
"""

from __future__ import annotations

import errno
import ssl
from collections.abc import Mapping, Sequence
from typing import Final


class NianbaoError(Exception):
    """Base of all errors that are shown to a user as one line."""

    exit_code = 2


class UsageError(NianbaoError):
    """The command line asks for something that does not exist."""


class RegistryError(NianbaoError):
    """One or more rows of a registry file are refused; nothing of it was taken.

    `problems`: one Chinese line per bad row, each naming file, line, column and mend.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class SettingsError(NianbaoError):
    """A setting is missing or cannot be understood; the message names the variable and the mend."""


class HomeError(NianbaoError):
    """The home folder cannot be read or written."""


class Busy(NianbaoError):
    """Another process is running a round in this home."""


class Unreadable(NianbaoError):
    """A document cannot be read; the message says why in one Chinese line."""


class DeliveryError(NianbaoError):
    """A channel did not take a message."""


class TemporaryDeliveryError(DeliveryError):
    """The channel may take the message later."""


class PermanentDeliveryError(DeliveryError):
    """The channel will never take this message as it is."""


# ── what the system says ────────────────────────────────────────────────────────────────────────────────────────────

_SYSTEM_WORDS: Final[Mapping[int, str]] = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EEXIST: "已经有同名的文件或文件夹",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ENAMETOOLONG: "名称过长",
    errno.EINVAL: "名称或参数不对",
    errno.ELOOP: "符号链接互相指向",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EFBIG: "超出文件大小的上限",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘读写出错",
    errno.EBUSY: "正被其他程序占用",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "打开的文件过多",
    errno.ENOMEM: "内存不足",
    errno.ENOEXEC: "不是可以运行的程序",
    errno.ENXIO: "没有这个设备",
    errno.ENODEV: "没有这个设备",
    errno.ESTALE: "网络文件夹已断开",
    errno.EPIPE: "对方中断了连接",
    errno.ECONNREFUSED: "拒绝连接",
    errno.ECONNRESET: "对方中断了连接",
    errno.ECONNABORTED: "对方中断了连接",
    errno.ETIMEDOUT: "超时无应答",
    errno.EHOSTUNREACH: "网络不通",
    errno.EHOSTDOWN: "网络不通",
    errno.ENETUNREACH: "网络不通",
    errno.ENETDOWN: "网络不通",
    errno.EADDRINUSE: "端口已被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}


def system_words(error: OSError) -> str:
    """Why the system refused something, in Chinese; its own words are English."""
    if isinstance(error, ssl.SSLError):
        return "TLS 证书或握手有问题"
    if isinstance(error, TimeoutError):
        return _SYSTEM_WORDS[errno.ETIMEDOUT]
    if error.errno is None:
        return _SYSTEM_WORDS[errno.ECONNRESET] if isinstance(error, ConnectionError) else "系统错误"
    # The resolver's own codes are negative.
    return "域名无法解析" if error.errno < 0 else _SYSTEM_WORDS.get(error.errno, f"系统错误 {error.errno}")
