"""What comparing reports with each other needs kept: the prints of each reading, and what was found to be like what.

Prints are made once for a reading (`scheme`: how, and by which reader it was read). Lookalikes are found for all
reports at once and kept for each, so that rules can be run again over one report alone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from monitor.database import Connection
from monitor.exchange import to_json
from monitor.model import Lookalike


class Comparisons(Connection):
    """Prints and lookalikes: verbs that `Store` has too."""

    def unprinted(self, scheme: str, captures: Collection[int]) -> list[tuple[int, str, str]]:
        """Of these captures the reports without prints of the scheme: (capture, reader, report as JSON text)."""
        rows = self._connection.execute(
            "SELECT readings.capture, reader, report FROM json_each(?) AS wanted"
            " JOIN readings ON readings.capture = wanted.value"
            " LEFT JOIN prints ON prints.capture = readings.capture AND prints.scheme = ? || '/' || reader"
            " WHERE report IS NOT NULL AND prints.capture IS NULL",
            [json.dumps(list(captures)), scheme],
        )
        return rows.fetchall()

    def save_prints(self, scheme: str, prints: Iterable[tuple[int, str, bytes]]) -> None:
        """Keep prints: (capture, reader, prints). Inside a transaction."""
        self._connection.executemany(
            "INSERT INTO prints (capture, scheme, prints) VALUES (?, ?, ?)"
            " ON CONFLICT (capture) DO UPDATE SET scheme = excluded.scheme, prints = excluded.prints",
            ((capture, f"{scheme}/{reader}", held) for capture, reader, held in prints),
        )

    def prints(self, captures: Collection[int]) -> dict[int, bytes]:
        """The prints of these captures, where they were made."""
        rows = self._connection.execute(
            "SELECT capture, prints FROM json_each(?) AS wanted JOIN prints ON capture = wanted.value",
            [json.dumps(list(captures))],
        )
        return dict(rows.fetchall())

    def compared(self) -> dict[tuple[str, int], str]:
        """Whose reports were compared, and among which: (agency, year) → the mark of all that were compared then."""
        rows = self._connection.execute("SELECT agency, year, mark FROM lookalikes")
        return {(agency, year): mark for agency, year, mark in rows}

    def save_lookalikes(self, found: Mapping[tuple[str, int], tuple[Lookalike, ...]], mark: str) -> None:
        """Keep what is like these reports, in place of what was found before. Inside a transaction."""
        self._connection.executemany(
            "INSERT INTO lookalikes (agency, year, mark, found) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (agency, year) DO UPDATE SET mark = excluded.mark, found = excluded.found",
            ((*key, mark, to_json(likes)) for key, likes in found.items()),
        )

    def lookalikes(self, agency: str, year: int) -> tuple[Lookalike, ...] | None:
        """What is like an agency's report; None where it was never compared."""
        row = self._connection.execute(
            "SELECT found FROM lookalikes WHERE agency = ? AND year = ?", [agency, year]
        ).fetchone()
        return tuple(_lookalike_of(raw) for raw in json.loads(row[0])) if row else None


def _lookalike_of(raw: dict[str, Any]) -> Lookalike:
    published = raw["published_on"]
    return Lookalike(
        **{
            **raw,
            "passages": tuple((own, theirs) for own, theirs in raw["passages"]),
            "published_on": date.fromisoformat(published) if published else None,
        }
    )
