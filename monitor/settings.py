"""Settings, read once: the only module that reads the environment.

Each setting is an environment variable `NIANBAO_<NAME>`, or a line `NIANBAO_<NAME>=…` in `HOME/nianbao.env`; the
environment wins. A secret may stand in a file of its own: `NIANBAO_SMTP_PASSWORD_FILE` names it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from monitor.errors import SettingsError

PREFIX: Final = "NIANBAO_"


class Settings(BaseSettings):
    """What one installation decides. Times in seconds, sizes in bytes, unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_file_encoding="utf-8-sig")

    home: Path = Field(Path("data"), description="注册表、数据库和证据所在的文件夹")

    contact: str = Field("", description="写进爬虫 User-Agent 的联系方式（邮箱或网址），供网站管理员联系")
    delay: float = Field(2.0, ge=0, description="对同一网站两次请求之间的间隔（秒）")
    parallel: int = Field(3, ge=1, le=16, description="同时巡查的网站个数")
    crawl_seconds: int = Field(900, ge=10, description="巡查一个网站的时限（秒）")
    crawl_pages: int = Field(2000, ge=1, description="巡查一个网站最多发出的请求数")
    response_bytes: int = Field(20_000_000, ge=1000, description="单个网页或附件的大小上限（字节）")
    recheck_days: int = Field(7, ge=1, description="已知报告隔多少天重新取一次，以发现发布后的改动")
    browser: str = Field("", description="Chromium 的路径；留空时自动寻找")

    office: str = Field("政务公开主管部门", description="主管部门名称，用于邮件落款")
    mail_to: Annotated[tuple[str, ...], NoDecode] = Field((), description="接收汇总邮件的地址，多个用逗号隔开")
    mail_from: str = Field("", description="发件人地址；留空时用 smtp_user")
    smtp_host: str = Field("", description="发信服务器；留空则不发邮件，邮件留在发件箱中")
    smtp_port: int = Field(0, ge=0, le=65535, description="发信端口；0 表示按加密方式取默认值")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="加密方式：starttls、tls 或 none")
    smtp_user: str = Field("", description="发信账号")
    smtp_password: SecretStr = Field(SecretStr(""), description="发信密码")
    smtp_password_file: Path | None = Field(None, description="存放发信密码的文件")

    @field_validator("mail_to", mode="before")
    @classmethod
    def _addresses(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.replace("，", ",").replace(";", ",").split(",") if part.strip())

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
            return self.smtp_password_file.read_text("utf-8").strip()
        except OSError as error:
            raise SettingsError(
                f"{PREFIX}SMTP_PASSWORD_FILE：读不到 {self.smtp_password_file}（{error.strerror}）。请检查路径和权限"
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


def load_settings(home: Path | None = None) -> Settings:
    """The settings for a home (None: `NIANBAO_HOME`, else ./data). Raises SettingsError, one line a wrong variable."""
    chosen = home or Path(os.environ.get(PREFIX + "HOME") or "data")
    try:
        return Settings(_env_file=chosen / "nianbao.env", home=chosen)
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(problem) for problem in error.errors())) from error


def _explain(problem: Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else ""
    field = Settings.model_fields.get(name)
    meaning = f"（{field.description}）" if field else ""
    return f"{PREFIX}{name.upper()}{meaning}的值“{problem.get('input')}”不对：{problem['msg']}"
