"""docs/adding-a-portal*.md are true: the worked example runs as it is printed, and every reason has its row."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from crawler.cases import proposal
from crawler.commands.savepage import PAGES
from crawler.pages import FAMILIES, Page
from crawler.pages.generic import GenericPage
from monitor.cli import cli
from monitor.exchange import REASONS
from monitor.registry import load_registry

DOCS = Path(__file__).parents[1] / "docs"
GUIDES = ("adding-a-portal.md", "adding-a-portal.zh-CN.md")
COLUMN = {"url": "http://www.qingteng.gov.cn/qt/c812"}
ARTICLE = {"url": "http://www.qingteng.gov.cn/qt/d/k3x9"}


def blocks(guide: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / guide).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def family_of(source: str) -> type[Page]:
    """The family that a code block of the guide defines."""
    names: dict[str, Any] = {"__name__": "qingteng"}
    exec(compile(source, "docs/adding-a-portal.md", "exec", dont_inherit=True), names)
    return names["QingtengPage"]


def test_the_two_guides_show_the_same_example() -> None:
    for language in ("python", "html", "json", "csv"):
        shown = [blocks(guide, language) for guide in GUIDES]
        assert shown[0] == shown[1], language
        assert shown[0], language


@pytest.mark.parametrize("number", [0, 1])
def test_the_example_s_family_reads_its_pages_as_the_guide_says(number: int) -> None:
    guide = GUIDES[0]
    about, html = (COLUMN, ARTICLE)[number], blocks(guide, "html")[number]
    empty, whole = map(family_of, blocks(guide, "python"))
    expected = json.loads(blocks(guide, "json")[number])
    assert empty.recognises(about["url"], html)
    assert whole.recognises(about["url"], html)
    found = proposal(whole(about["url"], html), (2023,))
    if expected["article"]:  # of an article as much is held as is expected
        found["article"] = {name: found["article"][name] for name in expected["article"]}
    assert found == expected
    # Why the family is needed: what is said to be missing before is.
    missing = "next_pages" if about is COLUMN else "article"
    for kind in (empty, GenericPage):
        assert not proposal(kind(about["url"], html), (2023,))[missing]


def test_the_example_claims_no_page_of_another_family() -> None:
    whole = family_of(blocks(GUIDES[0], "python")[1])
    # Whoever follows the guide word by word has made the family and its folders.
    cases = [json.loads(path.read_text("utf-8")) for path in PAGES.glob("*/*/page.json")]
    others = [case["url"] for case in cases if case["family"] != whole.family]
    kinds = [kind for kind in FAMILIES if kind is not GenericPage and kind.family != whole.family]
    assert others
    assert not any(whole.recognises(url, "") for url in others)
    assert not any(kind.recognises(about["url"], "") for kind in kinds for about in (COLUMN, ARTICLE))


@pytest.mark.parametrize("guide", GUIDES)
def test_every_reason_has_its_row(guide: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", (DOCS / guide).read_text("utf-8"), re.MULTILINE)
    said = {code: words for code, words, _ in rows}
    assert {code: said.get(code) for code in REASONS} == REASONS


def test_the_rows_of_the_guide_are_a_registry(tmp_path: Path) -> None:
    (tmp_path / "registry").mkdir()
    portals, agencies = blocks(GUIDES[0], "csv")
    (tmp_path / "registry" / "portals.csv").write_text(portals, "utf-8")
    (tmp_path / "registry" / "agencies.csv").write_text(agencies, "utf-8")
    registry = load_registry(tmp_path)
    assert (len(registry.portals), len(registry.agencies)) == (1, 3)


@pytest.mark.parametrize("guide", GUIDES)
def test_the_commands_of_the_guide_exist(guide: str) -> None:
    commands = "\n".join(blocks(guide, "sh"))
    inline = re.findall(r"`(nianbao [^`]+)`", (DOCS / guide).read_text("utf-8"))
    verbs = set(re.findall(r"nianbao (?:--\w+ \S+ )*([a-z]+)", "\n".join([commands, *inline])))
    assert {"import", "doctor", "run", "status", "unmatched", "capture"} <= verbs <= set(cli.commands)
    saved = re.findall(r"^scrapy savepage qingteng (\S+) --case \w+ --year 2023$", commands, re.MULTILINE)
    assert saved == [COLUMN["url"], ARTICLE["url"]]
