"""Settings, read once: the only module that reads the environment.

Each setting is an environment variable `NIANBAO_<NAME>`, or a line `NIANBAO_<NAME>=…` in `HOME/nianbao.env`; the
environment wins. A secret may stand in a file of its own: `NIANBAO_SMTP_PASSWORD_FILE` names it.
"""

from __future__ import annotations

import os
import re
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from monitor.errors import SettingsError, system_words
from monitor.text import clean

PREFIX: Final = "NIANBAO_"
ENV_FILE: Final = "nianbao.env"


class Settings(BaseSettings):
    """What one installation decides. Times in seconds, sizes in bytes, unless the name says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", env_file_encoding="utf-8-sig"
    )

    home: Path = Field(Path("data"), description="注册表、数据库和证据所在的文件夹")

    contact: str = Field("", description="写进爬虫 User-Agent 的联系方式（邮箱或网址），供网站管理员联系")
    delay: float = Field(2.0, ge=0, allow_inf_nan=False, description="对同一网站两次请求之间的间隔（秒）")
    window: str = Field("", description="允许巡查的时段，如 22:00-06:00；留空为全天")
    daily_requests: int = Field(0, ge=0, description="每天对同一网站最多发出的请求数；0 表示不限")
    certificates: Literal["note", "refuse"] = Field(
        "note", description="网站证书无法验证时：note 照常读取并注明，refuse 不读取"
    )
    parallel: int = Field(3, ge=1, le=16, description="同时巡查的网站个数")
    crawl_seconds: int = Field(900, ge=10, description="巡查一个网站的时限（秒）")
    crawl_pages: int = Field(2000, ge=1, description="巡查一个网站最多发出的请求数")
    response_bytes: int = Field(20_000_000, ge=1000, description="单个网页或附件的大小上限（字节）")
    recheck_days: int = Field(7, ge=1, description="已知报告隔多少天重新取一次，以发现发布后的改动")
    explore_days: int = Field(7, ge=1, description="没有登记栏目的网站隔多少天从首页重新寻找年报栏目")
    tick: float = Field(20.0, gt=0, allow_inf_nan=False, description="服务运行时隔多少秒看一次有没有到点的巡查")
    browser: str = Field("", description="Chromium 的路径；留空时自动寻找")
    soffice: str = Field("", description="LibreOffice（soffice）的路径；留空时自动寻找")

    office: str = Field("政务公开主管部门", description="主管部门名称，用于邮件落款")
    mail_to: Annotated[tuple[str, ...], NoDecode] = Field((), description="接收汇总邮件的地址，多个用逗号隔开")
    operator_to: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="接收网站故障邮件的运维人员地址，多个用逗号隔开；留空时写在汇总邮件里"
    )
    mail_from: str = Field("", description="发件人地址；留空时用 smtp_user")
    smtp_host: str = Field("", description="发信服务器；留空则不发邮件，邮件留在发件箱中")
    smtp_port: int = Field(0, ge=0, le=65535, description="发信端口；0 表示按加密方式取默认值")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="加密方式：starttls、tls 或 none")
    smtp_user: str = Field("", description="发信账号")
    smtp_password: SecretStr = Field(SecretStr(""), description="发信密码")
    smtp_password_file: Path | None = Field(None, description="存放发信密码的文件")

    @field_validator("mail_to", "operator_to", mode="before")
    @classmethod
    def _addresses(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        addresses = tuple(part for part in re.split(r"[,，;；、\s]+", value) if part)
        if not all(re.fullmatch(r"[^@]+@[^@]+", address) for address in addresses):
            raise ValueError("应为邮件地址，多个用逗号隔开")
        return addresses

    @field_validator("window")
    @classmethod
    def _hours(cls, value: str) -> str:
        if value and not parse_window(value):
            raise ValueError("应为时段，如 22:00-06:00")
        return value

    @property
    def port(self) -> int:
        """The SMTP port: the one that is set, or the usual one of the security."""
        return self.smtp_port or {"starttls": 587, "tls": 465, "none": 25}[self.smtp_security]

    @property
    def sender(self) -> str:
        return self.mail_from or self.smtp_user

    def password(self) -> str:
        """The SMTP password from its setting or its file. Raises SettingsError where the file cannot be read."""
        if self.smtp_password_file is None:
            return self.smtp_password.get_secret_value()
        try:
            return self.smtp_password_file.read_text("utf-8-sig").strip()
        except OSError as error:
            words = f"读不到 {self.smtp_password_file}（{system_words(error)}）。请检查路径和权限"
            raise SettingsError(f"{PREFIX}SMTP_PASSWORD_FILE：{words}") from error
        except UnicodeDecodeError as error:
            raise SettingsError(
                f"{PREFIX}SMTP_PASSWORD_FILE：{self.smtp_password_file} 不是 UTF-8 文本。请用 UTF-8 编码重新保存"
            ) from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, dotenv_settings


def parse_window(text: str) -> tuple[time, time] | None:
    """The hours of a window like 22:00-06:00, first and end (which may be the next day's); None where it is none."""
    match = re.fullmatch(r"\s*(\d{1,2})[:：](\d\d)\s*[-–—~～至]\s*(\d{1,2})[:：](\d\d)\s*", text)
    try:
        hours = [int(part) for part in match.groups()] if match else []
        first, end = time(hours[0], hours[1]), time(hours[2] % 24, hours[3])
    except (IndexError, ValueError):
        return None
    return (first, end) if first != end else None


def load_settings(home: Path | None = None) -> Settings:
    """The settings for a home (None: `NIANBAO_HOME`, else ./data). Raises SettingsError, one line a wrong variable."""
    chosen = home or Path(os.environ.get(PREFIX + "HOME") or "data")
    file = chosen / ENV_FILE
    try:
        return Settings(_env_file=file, home=chosen)
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(problem) for problem in error.errors())) from error
    except OSError as error:
        raise SettingsError(f"读不到设置文件 {file}（{system_words(error)}）。请检查权限") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"设置文件 {file} 不是 UTF-8 文本。请用 UTF-8 编码重新保存") from error


#: What is wrong with a value, by pydantic's name for it; `{…}` are the limits that it gives.
_MENDS: Final = {
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than_equal": "应不大于 {le}",
    "literal_error": "应为 {expected} 之一",
    "value_error": "{error}",
}


def _explain(problem: Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else ""
    field = Settings.model_fields.get(name)
    meaning = f"（{field.description}）" if field else ""
    mend = _MENDS[kind].format(**problem.get("ctx", {})) if (kind := problem["type"]) in _MENDS else problem["msg"]
    return f"{PREFIX}{name.upper()}{meaning}的值“{clean(str(problem.get('input')))}”不对：{mend}"


def unknown_variables(home: Path) -> list[str]:
    """Names that look like settings of ours and are none, in the environment and in `HOME/nianbao.env`: misspelt."""
    said = {*os.environ, *dotenv_values(home / ENV_FILE, encoding="utf-8-sig")}
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    return sorted(name for name in said if name.upper().startswith(PREFIX) and name.upper() not in known)


def child_environment() -> dict[str, str]:
    """The environment of a crawl: the machine's without our settings, for hostile pages come near that process."""
    # A setting's name is understood in any case, so it is left out in any case.
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}
