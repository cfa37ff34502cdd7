"""What the rules are given beside a report: who else is on the roster, and the words that an office looks for.

Reads HOME/lexicon; writes nothing. Whoever lets rules run over stored reports makes their contexts here, so that a
round and a later look at the same reports see the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from monitor.checks.base import Context
from monitor.checks.lexicon import BUILT_IN, Lexicon
from monitor.checks.words_table import WORDS
from monitor.errors import SettingsError
from monitor.model import Agency, Lookalike, Report
from monitor.office import LocalItem
from monitor.rollup import Sums

FOLDER: Final = "lexicon"


class Contexts:
    """Makes the contexts of a roster's reports."""

    def __init__(self, agencies: Iterable[Agency], lexicon: Lexicon, items: tuple[LocalItem, ...] = ()) -> None:
        self._lexicon = lexicon
        self._items = items
        roster = tuple(agencies)
        self._names = tuple(agency.name for agency in roster)
        self._places = {agency.agency: place for place, agency in enumerate(roster)}

    def of(
        self,
        report: Report,
        agency: Agency,
        year: int,
        *,
        previous: Report | None = None,
        published_on: date | None = None,
        lookalikes: tuple[Lookalike, ...] | None = None,
        area: Sums | None = None,
    ) -> Context:
        """What the rules may look at in the report of an agency of the roster for a year."""
        place = self._places[agency.agency]
        return Context(
            report=report,
            agency_names=(agency.name, *agency.aliases),
            year=year,
            previous=previous,
            published_on=published_on,
            kind=agency.kind,
            others=self._names[:place] + self._names[place + 1 :],
            lookalikes=lookalikes,
            lexicon=self._lexicon,
            area=area,
            items=self._items,
        )


def load_lexicon(home: Path) -> Lexicon:
    """The built-in lexicon, extended by each HOME/lexicon/*.csv in the order of their names.

    Raises SettingsError, one line that names the file, its line and what is wrong there.
    """
    tables = []
    for path in sorted((home / FOLDER).glob("*.csv")):
        try:
            tables.append((str(path), path.read_text("utf-8-sig")))
        except OSError as error:
            raise SettingsError(f"读不到词表 {path}（{error.strerror}）。请检查权限") from error
        except UnicodeDecodeError as error:
            raise SettingsError(f"词表 {path} 不是 UTF-8 编码。请另存为 UTF-8") from error
    return _lexicon_of(tuple(tables))


@lru_cache(maxsize=4)
def _lexicon_of(tables: tuple[tuple[str, str], ...]) -> Lexicon:
    """The lexicon of some tables (path, text). Kept: the web page opens a home for each thing that is asked."""
    lexicon = BUILT_IN
    for path, text in tables:
        if text == WORDS:
            continue  # the default home holds the built-in table itself
        try:
            lexicon = lexicon.extended(text)
        except ValueError as error:
            raise SettingsError(f"{path}：{error}。写法见 data/lexicon/README.md") from error
    return lexicon
