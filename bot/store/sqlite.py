"""The rows in one SQLite file, for one process.

In WAL mode with synchronous=NORMAL: a commit is with the operating system before the answer is sent, so a killed
process loses nothing; only a power cut can cost the last commits, that is a tap or two. FULL would wait for the disk
inside the event loop at every tap. What is deleted is overwritten (secure_delete) and taken out of the write-ahead
log at once.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from bot.store.engine import Row, StoreError, StoreUnavailableError

_PATIENCE = 1.0
"""Seconds to wait for another process that holds the file; everybody waits meanwhile."""

_PASSING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
"""What may be over when the file is opened again."""

_MIGRATIONS = (
    # Cases from before they were sealed are not taken over.
    """
    DROP TABLE IF EXISTS sessions;
    DROP TABLE IF EXISTS files;
    CREATE TABLE sessions (
        name BLOB PRIMARY KEY, revision INTEGER NOT NULL, sealed BLOB NOT NULL, updated_at REAL NOT NULL
    ) STRICT;
    CREATE TABLE files (name BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
    """,
)
"""Each leads from the version that is its index to the next."""


class SqliteEngine:
    """See Engine. A call takes microseconds, so it runs in the event loop."""

    def __init__(self, path: Path, retention: float, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._retention = retention
        self._now = now
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """See Engine. A new file can be read by its owner only."""
        if self._connection is not None:
            return
        try:
            self._path.touch(mode=0o600)
            connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
            try:
                for setting in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
                    connection.execute(f"PRAGMA {setting}")
                _migrate(connection)
                connection.execute("DELETE FROM sessions WHERE 0")  # a file that can only be read is told now
            except BaseException:
                connection.close()
                raise
        except (OSError, sqlite3.Error) as error:
            # The extended codes have the plain one in their last byte.
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _PASSING:
                raise StoreUnavailableError(str(error)) from None
            raise StoreError(f"{type(error).__name__}: {error}".replace("\n", " ")) from None
        self._connection = connection

    async def close(self) -> None:
        """See Engine."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def ping(self) -> None:
        """See Engine."""
        self._run("SELECT 1 FROM sessions LIMIT 1")

    async def read(self, name: bytes) -> Row | None:
        """See Engine."""
        oldest = self._now() - self._retention
        cursor = self._run("SELECT revision, sealed FROM sessions WHERE name = ? AND updated_at >= ?", name, oldest)
        row = cursor.fetchone()
        return Row(*row) if row else None

    async def write(self, name: bytes, row: Row, revision: int | None) -> bool:
        """See Engine."""
        now = self._now()
        if revision is None:
            written = self._run(
                "INSERT INTO sessions (name, revision, sealed, updated_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, sealed = excluded.sealed, "
                "updated_at = excluded.updated_at WHERE sessions.updated_at < ?",
                *(name, row.revision, row.sealed, now, now - self._retention),
            )
        else:
            written = self._run(
                "UPDATE sessions SET revision = ?, sealed = ?, updated_at = ? WHERE name = ? AND revision = ?",
                *(row.revision, row.sealed, now, name, revision),
            )
        return written.rowcount == 1

    async def delete(self, name: bytes) -> None:
        """See Engine."""
        self._delete("name = ?", name)

    async def expire(self) -> int:
        """See Engine. Rows from the future, of a clock that was set back, age from now on."""
        now = self._now()
        self._run("UPDATE sessions SET updated_at = ? WHERE updated_at > ?", now, now)
        return self._delete("updated_at < ?", now - self._retention)

    async def read_file(self, name: bytes) -> bytes | None:
        """See Engine."""
        row = self._run("SELECT sealed FROM files WHERE name = ?", name).fetchone()
        return bytes(row[0]) if row else None

    async def write_file(self, name: bytes, sealed: bytes) -> None:
        """See Engine."""
        self._run("INSERT OR REPLACE INTO files (name, sealed) VALUES (?, ?)", name, sealed)

    def _delete(self, condition: str, value: bytes | float) -> int:
        count = self._run(f"DELETE FROM sessions WHERE {condition}", value).rowcount  # noqa: S608
        if count:
            self._run("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return count

    def _run(self, statement: str, *values: bytes | float) -> sqlite3.Cursor:
        if self._connection is None:
            raise RuntimeError("the store is not open")
        try:
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise StoreUnavailableError(type(error).__name__) from error


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables up to date, one process at a time. Raises StoreError."""
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(_MIGRATIONS):
        raise StoreError(f"its tables are of version {version}, made by a newer release")
    for statements in _MIGRATIONS[version:]:
        for statement in filter(str.strip, statements.split(";")):
            connection.execute(statement)
    if version < len(_MIGRATIONS):
        connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")
    connection.execute("COMMIT")
