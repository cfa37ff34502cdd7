"""Fixture folders of page families: `tests/pages/<family>/<case>/` with a page, what it is, and what it must say.

    page.html       the page as text (of an endpoint, its answer)
    page.json       `url`, `family`, `years`; `form` or `json` where it was posted for; `family_given` where the
                    registry has to name the family; `reviewed`: false until a person has held the rest against the page
    expected.json   what each of the page's answers has to be

One piece serves both who reads them (tests/test_pages.py) and who makes them (`scrapy savepage`). No network here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

from crawler.pages import Follow, Page, page_for

PAGE_FILE: Final = "page.html"
ABOUT_FILE: Final = "page.json"
EXPECTED_FILE: Final = "expected.json"
#: The questions that a page is asked.
ANSWERS: Final = ("rows", "next_pages", "sublists", "article")
#: A page about which nothing else is said is asked for the reports of this year.
USUAL_YEARS: Final = (2023,)


def page_of(html: str, about: Mapping[str, Any]) -> Page:
    """The page of a folder, from its text and its `page.json`."""
    asked = Follow(about["url"], form=tuple(map(tuple, about.get("form", ()))), json=about.get("json", ""))
    return page_for(about["url"], html, about.get("family_given", ""), asked=asked)


def read_case(folder: Path) -> tuple[Page, dict[str, Any]]:
    """The page of a folder, and its `page.json`."""
    about: dict[str, Any] = json.loads((folder / ABOUT_FILE).read_text("utf-8"))
    return page_of((folder / PAGE_FILE).read_text("utf-8"), about), about


def is_reviewed(about: Mapping[str, Any]) -> bool:
    """Whether a person vouches for what is expected of a page: only `true`, or nothing said, says so."""
    return about.get("reviewed", True) is True


def said(page: Page, answer: str, years: tuple[int, ...] = USUAL_YEARS) -> Any:
    """One of a page's answers as `expected.json` holds it."""
    return _plain(page.sublists(years) if answer == "sublists" else getattr(page, answer)())


def proposal(page: Page, years: tuple[int, ...]) -> dict[str, Any]:
    """All answers of a page, to be held against it by a person: what our code says is not yet what is right."""
    answers = {answer: said(page, answer, years) for answer in ANSWERS}
    if answers["article"] is not None:
        del answers["article"]["content"]  # a hash: nobody could review it
    return answers


def write_case(folder: Path, html: str, about: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Make a new folder. Raises FileExistsError where it is there already, OSError where it cannot be written."""
    folder.mkdir(parents=True)
    (folder / PAGE_FILE).write_text(html, "utf-8", newline="")
    for name, value in ((EXPECTED_FILE, expected), (ABOUT_FILE, about)):
        # Half a character, as data may hold one, is written as JSON writes it.
        (folder / name).write_text(_json(value), "utf-8", errors="backslashreplace")


def _plain(value: Any) -> Any:
    """A result as JSON holds it; the parts of a request that are empty left out."""
    if isinstance(value, Follow):
        parts = {name: held for name, held in asdict(value).items() if held and name != "words"}
        return json.loads(json.dumps(parts)) if len(parts) > 1 else value.url
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return json.loads(json.dumps(asdict(value), default=date.isoformat)) if value is not None else None


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
