"""Settings: read once, each failure names the variable and the mend, secrets stay out of crawls."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from monitor.errors import SettingsError
from monitor.settings import PREFIX, Settings, child_environment, load_settings


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)


def home_with(tmp_path: Path, lines: str) -> Path:
    (tmp_path / "nianbao.env").write_text(lines, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("DELAY", "soon", "应为数字"),
        ("DELAY", "-1", "应不小于 0"),
        ("DELAY", "nan", "应为有限的数字"),
        ("DELAY", "inf", "应为有限的数字"),
        ("PARALLEL", "0", "应不小于 1"),
        ("PARALLEL", "17", "应不大于 16"),
        ("PARALLEL", "two", "应为整数"),
        ("PARALLEL", "2.5", "应为整数"),
        ("CRAWL_SECONDS", "9", "应不小于 10"),
        ("CRAWL_PAGES", "0", "应不小于 1"),
        ("RESPONSE_BYTES", "10", "应不小于 1000"),
        ("RECHECK_DAYS", "", None),
        ("TICK", "0", "应大于 0"),
        ("MAIL_TO", "office", "应为邮件地址"),
        ("OPERATOR_TO", "ops@", "应为邮件地址"),
        ("SMTP_PORT", "70000", "应不大于 65535"),
        ("SMTP_PORT", "smtp", "应为整数"),
        ("SMTP_SECURITY", "ssl", "之一"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line_that_names_the_variable_and_the_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, mend: str | None
) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    if mend is None:  # left blank is left out
        load_settings(tmp_path)
        return
    with pytest.raises(SettingsError) as refusal:
        load_settings(tmp_path)
    (line,) = str(refusal.value).splitlines()
    assert line.startswith(f"{PREFIX}{name}（")
    assert f"“{value}”" in line
    assert mend in line


def test_every_wrong_variable_has_a_line_of_its_own(tmp_path: Path) -> None:
    home = home_with(tmp_path, "NIANBAO_DELAY=soon\nNIANBAO_PARALLEL=99\nNIANBAO_SMTP_SECURITY=ssl\n")
    with pytest.raises(SettingsError) as refusal:
        load_settings(home)
    assert [line.split("（")[0] for line in str(refusal.value).splitlines()] == [
        "NIANBAO_DELAY",
        "NIANBAO_PARALLEL",
        "NIANBAO_SMTP_SECURITY",
    ]


def test_a_value_with_line_breaks_still_gives_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_PARALLEL", "3\n4\r5")
    with pytest.raises(SettingsError) as refusal:
        load_settings(tmp_path)
    assert len(str(refusal.value).splitlines()) == 1


def test_a_home_without_any_setting_has_the_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings.home == tmp_path
    assert (settings.delay, settings.parallel, settings.mail_to, settings.sender) == (2.0, 3, (), "")
    assert settings.password() == ""


def test_the_file_in_the_home_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_with(tmp_path, "NIANBAO_DELAY=5\nNIANBAO_OFFICE=江南区政务公开办\nNIANBAO_PARALLEL=\n")
    monkeypatch.setenv("NIANBAO_DELAY", "7")
    settings = load_settings(home)
    assert (settings.delay, settings.office, settings.parallel) == (7.0, "江南区政务公开办", 3)


def test_a_settings_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "nianbao.env").write_text("NIANBAO_DELAY=5\n", "utf-8-sig")
    assert load_settings(tmp_path).delay == 5


def test_a_settings_file_in_another_encoding_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "nianbao.env").write_bytes("NIANBAO_OFFICE=江南区政务公开办\n".encode("gb18030"))
    with pytest.raises(SettingsError, match=r"nianbao\.env 不是 UTF-8 文本"):
        load_settings(tmp_path)


def test_the_home_comes_from_the_environment_or_is_the_folder_data(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().home == Path("data")
    monkeypatch.setenv("NIANBAO_HOME", "/srv/nianbao")
    assert load_settings().home == Path("/srv/nianbao")
    assert load_settings(Path("elsewhere")).home == Path("elsewhere")


def test_the_addresses_of_the_office_are_separated_by_any_usual_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_MAIL_TO", "a@example.gov.cn, b@example.gov.cn；c@example.gov.cn，d@example.gov.cn;")
    assert load_settings(tmp_path).mail_to == tuple(f"{name}@example.gov.cn" for name in "abcd")


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_follows_the_security_unless_it_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str, port: int
) -> None:
    monkeypatch.setenv("NIANBAO_SMTP_SECURITY", security)
    assert load_settings(tmp_path).port == port
    monkeypatch.setenv("NIANBAO_SMTP_PORT", "2525")
    assert load_settings(tmp_path).port == 2525


def test_the_password_comes_from_its_file_and_shows_in_no_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_SMTP_PASSWORD", "from-the-variable")
    assert load_settings(tmp_path).password() == "from-the-variable"
    assert "from-the-variable" not in repr(load_settings(tmp_path))
    (tmp_path / "secret").write_text("from-the-file\n", "utf-8")
    monkeypatch.setenv("NIANBAO_SMTP_PASSWORD_FILE", str(tmp_path / "secret"))
    assert load_settings(tmp_path).password() == "from-the-file"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_password_file_that_cannot_be_read_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    monkeypatch.setenv("NIANBAO_SMTP_PASSWORD_FILE", str(tmp_path / "secret"))
    with pytest.raises(SettingsError) as refusal:
        load_settings(tmp_path).password()
    (line,) = str(refusal.value).splitlines()
    assert line.startswith("NIANBAO_SMTP_PASSWORD_FILE")


def test_settings_cannot_be_changed_afterwards(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    with pytest.raises(ValidationError):
        settings.delay = 0


def test_a_crawl_gets_the_machines_environment_without_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANBAO_SMTP_PASSWORD", "secret")
    monkeypatch.setenv("nianbao_smtp_user", "office")
    monkeypatch.setenv("LANG", "C.UTF-8")
    environment = child_environment()
    assert environment["LANG"] == "C.UTF-8"
    assert not [name for name in environment if name.upper().startswith(PREFIX)]
    assert "secret" not in environment.values()


def test_every_setting_says_in_chinese_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert any("\u4e00" <= mark <= "\u9fff" for mark in field.description or ""), name
