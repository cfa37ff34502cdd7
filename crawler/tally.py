"""Counts how well one column was looked at. The first trouble names the reason; zero rows are never a success."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from crawler.candidates import names_report
from crawler.pages.base import Row
from monitor.exchange import Column, ColumnHealth, KnownList, ListedLink


class Tally:
    """What was seen of one column so far."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.failed: dict[str, str] = {}
        self.missing: list[str] = []
        self.is_done = False
        self._at: datetime | None = None
        self._pages = 0
        self._rows: dict[str, Row] = {}
        self._kept_rows = self._kept_dates = 0
        self._candidates: dict[str, ListedLink] = {}
        self._trouble: tuple[str, str] | None = None
        self._blank: tuple[str, str] | None = None
        self._is_real = False

    def see(self, rows: Sequence[Row], links: Iterable[ListedLink], *, is_report: bool) -> list[ListedLink]:
        """Count a list page that was seen in good health; return the candidates that are new."""
        self._pages += 1
        for row in rows:
            self._rows.setdefault(row.url, row)
        fresh = [link for link in links if link.url not in self._candidates]
        self._candidates.update((link.url, link) for link in fresh)
        # News has dates too: that this is a column of reports, only a report of any year, or its like, can show.
        self._is_real = self._is_real or is_report or any(map(names_report, rows))
        return fresh

    def see_again(self, known: KnownList) -> None:
        """Count the rows of a list that is as it was when they were counted."""
        self._kept_rows += known.rows
        self._kept_dates += known.dated

    def hold(self, link: ListedLink) -> None:
        """Count a report that the column is itself."""
        self._candidates.setdefault(link.url, link)

    def accept(self) -> None:
        """The column is what it should be though it shows no row: an empty place for a report, or none for the year."""
        self._is_real = True

    def blame(self, reason: str, detail: str = "") -> None:
        """Some list page was not seen, or not to its end. The first reason stays."""
        self._trouble = self._trouble or (reason, detail)

    def suspect(self, reason: str, detail: str) -> None:
        """A list was blank. That is trouble only if nothing else in the column shows that it works."""
        self._blank = self._blank or (reason, detail)

    def begin(self, at: datetime) -> None:
        """What comes into the column from now on may not be seen any more. The earliest such time counts."""
        self._at = min(at, self._at or at)

    def finish(self) -> None:
        self.is_done = True

    def health(self, unfinished: str) -> ColumnHealth:
        """The column's health; `unfinished`: the reason code where it was not looked at to the end."""
        reason, detail = self._trouble or ("ok", "")
        if not self.is_done:
            reason, detail = (reason, detail) if self._trouble else (unfinished, "")
        elif reason == "ok" and not self._is_real:
            reason, detail = self._blank or ("column_lost", "栏目里没有任何年份的年报，可能不是年报栏目")
        return ColumnHealth(
            url=self.column.url,
            agency=self.column.agency,
            healthy=reason == "ok",
            reason=reason,
            detail=detail,
            at=self._at,
            pages=self._pages,
            links=len(self._rows) + self._kept_rows,
            dated=sum(row.listed_on is not None for row in self._rows.values()) + self._kept_dates,
            candidates=tuple(self._candidates.values()),
            missing=tuple(self.missing),
            failed=dict(self.failed),
        )

    @property
    def at(self) -> datetime | None:
        """Since when what comes into the column may not be seen any more."""
        return self._at

    @property
    def is_blamed(self) -> bool:
        return self._trouble is not None

    @property
    def candidates(self) -> frozenset[str]:
        return frozenset(self._candidates)
