"""Where this machine's Chromium is."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.browser import NAMES, find_browser


def install(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("#!/bin/sh\n", "utf-8")
        (folder / name).chmod(0o755)


@pytest.fixture(autouse=True)
def _only_what_the_test_installs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def test_there_may_be_none() -> None:
    assert find_browser() == ""


@pytest.mark.parametrize("name", NAMES)
def test_every_usual_name_is_found(tmp_path: Path, name: str) -> None:
    install(tmp_path, name)
    assert find_browser() == str(tmp_path / name)


def test_the_lightest_that_is_installed_is_taken(tmp_path: Path) -> None:
    install(tmp_path, *reversed(NAMES))
    assert find_browser() == str(tmp_path / NAMES[0])


def test_a_chosen_one_is_taken_by_path_or_name_and_no_other_in_its_place(tmp_path: Path) -> None:
    install(tmp_path, "chromium", "special")
    assert find_browser(str(tmp_path / "special")) == str(tmp_path / "special")
    assert find_browser("special") == str(tmp_path / "special")
    assert find_browser(str(tmp_path / "gone")) == ""


def test_a_file_that_cannot_be_run_is_no_browser(tmp_path: Path) -> None:
    (tmp_path / "chromium").write_text("", "utf-8")
    assert find_browser() == ""
