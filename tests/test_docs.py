"""What the documents say is true: versions, settings, verbs, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor import __version__
from monitor.cli import cli
from monitor.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
DOCS = (
    "docs/replicas.md",
    "docs/discovery.md",
    "docs/adding-a-rule.md",
    "docs/adding-a-portal.md",
    "docs/adding-a-portal.zh-CN.md",
)


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_version_is_the_top_heading_of_the_changelog_and_that_of_the_package() -> None:
    assert re.findall(r"^## (\S+)", text("CHANGELOG.md"), re.MULTILINE)[0] == __version__
    assert f'version = "{__version__}"' in text("pyproject.toml")


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_stands_in_the_readme_and_no_other(readme: str) -> None:
    said: set[str] = set()
    for row in re.findall(r"^\| (`NIANBAO_.*?) \|", text(readme), re.MULTILINE):
        names = re.findall(r"`([A-Z_]+)`", row)
        said.update(
            name.removeprefix(PREFIX).lower() if name.startswith(PREFIX) else f"smtp{name.lower()}" for name in names
        )
    # The home has a paragraph of its own, and how often the service looks at its plan is for tests.
    assert said == set(Settings.model_fields) - {"home", "tick"}


@pytest.mark.parametrize("readme", READMES)
def test_every_verb_that_the_readme_uses_exists_and_every_verb_is_used(readme: str) -> None:
    code = re.findall(r"```sh\n(.*?)```|`(nianbao [^`]+)`", text(readme), re.DOTALL)
    used = set(re.findall(r"nianbao (?:--\w+ \S+ )*([a-z]+)", "\n".join(map("".join, code))))
    steps = {"crawl", "read", "assess", "notify"}  # the parts of `run`
    assert used <= set(cli.commands)
    assert set(cli.commands) - steps - {"demo"} <= used  # the demo is started with make


@pytest.mark.parametrize("readme", [*READMES, *DOCS])
def test_every_link_to_a_file_leads_to_one(readme: str) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", text(readme)):
        assert ((ROOT / readme).parent / link).exists(), link


def test_the_constraints_hold_names_and_versions_only() -> None:
    for line in text("constraints.txt").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line), line
