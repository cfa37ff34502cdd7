"""What is missing or wrong on this machine and in this home, each with its mend. Looks only; changes nothing."""

from __future__ import annotations

import shutil
import smtplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.browser import find_browser
from monitor.clock import Clock
from monitor.database import DATABASE, damage
from monitor.deadlines import load_calendar
from monitor.documents.formats.word.office import find_office
from monitor.errors import NianbaoError, system_words
from monitor.jobs.lexicons import load_lexicon
from monitor.registry import load_registry
from monitor.settings import Settings, load_settings, unknown_variables

_DISK_BYTES: Final = 1_000_000_000
_TIMEOUT: Final = 10


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at. `well` None: not needed, or only worth knowing."""

    thing: str
    well: bool | None
    words: str


def examine(home: Path | None, clock: Clock) -> Iterator[Diagnosis]:
    """Every diagnosis, in the order in which things are needed."""
    try:
        settings = load_settings(home)
    except NianbaoError as error:
        yield Diagnosis("设置", False, str(error))
        return
    misspelt = unknown_variables(settings.home)
    words = f"不认识 {'、'.join(misspelt)}，没有起作用。请对照 README 检查拼写" if misspelt else "读取正常"
    yield Diagnosis("设置", not misspelt, words)
    yield Diagnosis("时间", True, f"{clock.now():%Y-%m-%d %H:%M}（北京时间），请核对")
    for thing, look in _LOOKS.items():
        try:
            well, words = look(settings)
        except NianbaoError as error:
            well, words = False, str(error)
        yield Diagnosis(thing, well, words)


def _home(settings: Settings) -> tuple[bool | None, str]:
    if not settings.home.is_dir():
        return False, f"文件夹 {settings.home} 不存在。请新建，或用 --home 指定"
    free = shutil.disk_usage(settings.home).free
    if free < _DISK_BYTES:
        return False, f"{settings.home} 所在磁盘只剩 {free // 1_000_000} MB。请清理或换盘"
    probe = settings.home / ".doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        return False, f"{settings.home} 不能写入：{system_words(error)}。请检查权限"
    return True, f"{settings.home} 可写，剩余 {free // 1_000_000_000} GB"


def _registry(settings: Settings) -> tuple[bool | None, str]:
    registry = load_registry(settings.home)
    return True, f"{len(registry.portals)} 个网站，{len(registry.agencies)} 个单位"


def _calendar(settings: Settings) -> tuple[bool | None, str]:
    load_calendar(settings.home)
    return True, "读取正常"


def _lexicon(settings: Settings) -> tuple[bool | None, str]:
    return True, f"{len(load_lexicon(settings.home).entries)} 个词"


def _database(settings: Settings) -> tuple[bool | None, str]:
    path = settings.home / DATABASE
    if not path.exists():
        return None, "还没有数据，第一轮巡查后生成"
    trouble = damage(path)
    return not trouble, f"{path}：{trouble}。请从备份恢复" if trouble else "完好"


def _browser(settings: Settings) -> tuple[bool | None, str]:
    path = find_browser(settings.browser)
    if path:
        return True, path
    return False, "没有找到 Chromium，由脚本生成的栏目看不到。请安装 chromium 和 fonts-noto-cjk，或设置 NIANBAO_BROWSER"


def _office(settings: Settings) -> tuple[bool | None, str]:
    path = find_office(settings.soffice)
    if path:
        return True, str(path)
    return False, (
        "没有找到 LibreOffice，旧版 Word、WPS 和 RTF 文件读不了。请安装 libreoffice-writer，或设置 NIANBAO_SOFFICE"
    )


def _mail(settings: Settings) -> tuple[bool | None, str]:
    if not settings.smtp_host:
        return None, "未设置 NIANBAO_SMTP_HOST，邮件留在发件箱中"
    if not settings.mail_to or not settings.sender:
        return False, "请设置 NIANBAO_MAIL_TO（收件人）和 NIANBAO_MAIL_FROM（发件人）"
    settings.password()
    try:
        if settings.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.smtp_host, settings.port, timeout=_TIMEOUT, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(settings.smtp_host, settings.port, timeout=_TIMEOUT)
        with server:
            server.noop()
    except smtplib.SMTPException as error:  # the server's own words
        return False, f"发信服务器 {settings.smtp_host}:{settings.port} 的应答不对：{error}。请检查地址、端口和加密方式"
    except OSError as error:
        words = f"连不上发信服务器 {settings.smtp_host}:{settings.port}：{system_words(error)}"
        return False, f"{words}。请检查地址、端口和加密方式"
    operators = f"网站故障另发 {len(settings.operator_to)} 个" if settings.operator_to else "网站故障写在汇总邮件里"
    return True, f"{settings.smtp_host}:{settings.port} 有应答，收件人 {len(settings.mail_to)} 个，{operators}"


def _manners(settings: Settings) -> tuple[bool | None, str]:
    hours = f"{settings.window} 之间" if settings.window else "全天"
    budget = f"每网站每天最多 {settings.daily_requests} 次请求" if settings.daily_requests else "每天请求数不限"
    faults = "照常读取并注明" if settings.certificates == "note" else "不读取"
    return True, f"{hours}巡查，间隔 {settings.delay:g} 秒，{budget}；证书无法验证的网站{faults}"


def _contact(settings: Settings) -> tuple[bool | None, str]:
    if settings.contact:
        return True, settings.contact
    return None, "建议设置 NIANBAO_CONTACT（邮箱或网址），网站管理员看到访问记录时可以联系"


_LOOKS: Final[dict[str, Callable[[Settings], tuple[bool | None, str]]]] = {
    "数据文件夹": _home,
    "注册表": _registry,
    "截止日历": _calendar,
    "词表": _lexicon,
    "数据库": _database,
    "浏览器": _browser,
    "LibreOffice": _office,
    "发信": _mail,
    "访问礼节": _manners,
    "联系方式": _contact,
}
