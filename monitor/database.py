"""The one door to SQLite: opening, schema, transactions, queries, and what the faults of a file are called.

One writer at a time: every change stands in `transaction()` (BEGIN IMMEDIATE), so a crash leaves the state before or
after a step and never between. Readers (status, the web page) are not blocked (WAL).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, Self

from sqlite_utils import Database

from monitor.errors import HomeError
from monitor.migrations import migrations
from monitor.text import clean

#: The database's file name in a home.
DATABASE: Final = "nianbao.db"
#: Faults of the disk or the file (full, read-only, damaged, held by another …); any other database error is our own.
_FAULTS: Final = frozenset(
    {
        sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOTADB,
    }
)  # fmt: skip


def damage(path: Path) -> str:
    """What is wrong with a database file, "" where nothing is. Opens it for reading only."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            answer = str(connection.execute("PRAGMA quick_check").fetchone()[0])
    except sqlite3.Error as error:
        return f"打不开，{error}"
    return "" if answer == "ok" else f"已损坏，{clean(answer)}"


def _is_fault(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _FAULTS


class Connection:
    """The database of one home. Close it, or use it as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open the database and bring its schema up to date. Raises HomeError where that is impossible."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # isolation_level=None: only transaction() opens transactions, none is opened behind our back.
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None)
            self._db = Database(self._connection)
            self._db.enable_wal()
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute("PRAGMA foreign_keys=ON")
            migrations.apply(self._db)
        except (OSError, sqlite3.Error) as error:
            raise HomeError(f"打不开数据库 {path}：{error}。请检查文件夹权限和磁盘空间") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises HomeError where the disk is full or the file cannot be written."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.DatabaseError as error:
            if not _is_fault(error):
                raise
            if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
                raise HomeError(f"另一个进程正在写数据库（{error}）。请稍后再试；已有数据未受影响") from error
            raise HomeError(f"写不进数据库：{error}。请检查磁盘空间和权限；已有数据未受影响") from error

    def _all(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        try:
            return list(self._db.query(sql, values))
        except sqlite3.DatabaseError as error:
            if not _is_fault(error):
                raise
            raise HomeError(f"读不出数据库：{error}。请用 nianbao doctor 检查") from error

    def _one(self, sql: str, *values: Any) -> dict[str, Any] | None:
        return next(iter(self._all(sql, *values)), None)
