"""The engine for SQLite: one file, for one process.

It uses WAL mode with synchronous=NORMAL: a commit is with the operating system before the answer is sent, so a killed
process loses nothing; only a power cut can lose the last commits, that is a tap or two. FULL would wait for the disk at
every tap.

Reading and writing a row takes microseconds and runs in the event loop. What waits for the disk or takes long (copying
the write-ahead log into the file, deleting what is too old) runs in a thread, on a connection of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.store.clock import Clock
from bot.store.engine import RECORD_RETENTION, Row, StoreError, StoreUnavailableError

_PATIENCE = 1.0
"""Seconds to wait for another process that has locked the file; the event loop waits meanwhile."""

_PASSING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
"""Errors that may be gone when the file is opened again."""

_LOGGED = 500
"""Writes after which the write-ahead log is copied into the file; a write is two or three pages of 4 KB."""

_LOOKED_AT, _DELETED, _PAUSE = 5000, 100, 0.01
"""Rows searched for old ones at once, rows deleted at once, and the pause after that, in seconds, for other writers."""

_TRIES = 5
"""How often the log is copied until nothing is written meanwhile."""

_Result = TypeVar("_Result")

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
    "CREATE TABLE records (name BLOB PRIMARY KEY, sealed BLOB NOT NULL, updated_at REAL NOT NULL) STRICT",
)
"""Each leads from the version that is its index to the next."""


class SqliteEngine:
    """See Engine. time_of_day: seconds since 1970."""

    def __init__(self, path: Path, retention: float, time_of_day: Callable[[], float] = time.time) -> None:
        self._path = path
        self._retention = retention
        self._time_of_day = time_of_day
        self._now = Clock(0.0, None)
        self._connection: sqlite3.Connection | None = None
        self._slow: sqlite3.Connection | None = None
        self._slow_is_free = asyncio.Lock()
        self._stop = threading.Event()  # tells the thread to end soon
        self._written = 0  # writes since the start
        self._copied = 0  # of those, the ones before the log was last copied
        self._copying: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """See Engine. A new file is readable by its owner only."""
        if self._connection is not None:
            return
        try:
            self._path.touch(mode=0o600)
            connection = self._connected()
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                _migrate(connection)
                _write_and_delete(connection)  # so that a read-only file is reported now
                (newest,) = connection.execute("SELECT max(updated_at) FROM sessions").fetchone()
                self._slow = self._connected()
            except BaseException:
                connection.close()
                raise
        except (OSError, sqlite3.Error) as error:
            # The extended codes have the plain one in their last byte.
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _PASSING:
                raise StoreUnavailableError(str(error)) from None
            raise StoreError(f"{type(error).__name__}: {error}".replace("\n", " ")) from None
        self._now = Clock(self._time_of_day(), newest)
        self._connection = connection

    async def close(self) -> None:
        """See Engine."""
        async with self._slow_is_free:
            for connection in (self._slow, self._connection):
                if connection is not None:
                    connection.close()
            self._slow = self._connection = None

    async def ping(self) -> None:
        """See Engine."""
        for table in ("sessions", "files", "records"):
            self._run(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608
        if not self._path.exists():  # then writes are lost with this process
            raise StoreUnavailableError("the file is gone")

    async def try_writing(self) -> None:
        """See Engine."""
        try:
            _write_and_delete(self._opened())
        except sqlite3.Error as error:
            raise StoreUnavailableError(type(error).__name__) from error
        self._count()

    async def read(self, name: bytes) -> Row | None:
        """See Engine."""
        now = self._now()
        cursor = self._run(
            "SELECT revision, sealed, ? - updated_at FROM sessions WHERE name = ? AND updated_at >= ?",
            *(now, name, now - self._retention),
        )
        row = cursor.fetchone()
        return Row(*row) if row else None

    async def write(self, name: bytes, row: Row, number: int | None, record: bytes | None = None) -> bool:
        """See Engine."""
        if record is None:
            written = self._write(name, row, number)
        else:
            self._run("BEGIN IMMEDIATE")
            try:
                written = self._write(name, row, number)
                if written:
                    self._run("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", name, record, self._now())
                self._run("COMMIT")
            except StoreUnavailableError:
                with contextlib.suppress(StoreUnavailableError):  # SQLite may have rolled it back itself
                    self._run("ROLLBACK")
                raise
        self._count()
        return written

    def _write(self, name: bytes, row: Row, number: int | None) -> bool:
        now = self._now()
        if number is None:
            written = self._run(
                "INSERT INTO sessions (name, revision, sealed, updated_at) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET revision = excluded.revision, sealed = excluded.sealed, "
                "updated_at = excluded.updated_at WHERE sessions.updated_at < ?",
                *(name, row.number, row.sealed, now, now - self._retention),
            )
        else:
            written = self._run(
                "UPDATE sessions SET revision = ?, sealed = ?, updated_at = ? WHERE name = ? AND revision = ?",
                *(row.number, row.sealed, now, name, number),
            )
        return written.rowcount == 1

    async def read_record(self, name: bytes) -> bytes | None:
        """See Engine."""
        oldest = self._now() - RECORD_RETENTION
        row = self._run("SELECT sealed FROM records WHERE name = ? AND updated_at >= ?", name, oldest).fetchone()
        return bytes(row[0]) if row else None

    async def delete(self, name: bytes) -> None:
        """See Engine. What is deleted is overwritten in the file and removed from the write-ahead log."""
        gone = [self._run(f"DELETE FROM {table} WHERE name = ?", name).rowcount for table in ("records", "sessions")]  # noqa: S608
        if any(gone):
            await self._empty_log()

    async def expire(self) -> int:
        """See Engine."""
        now = self._now()
        rows = await self._in_thread(lambda on: _delete_older(on, "sessions", now - self._retention, self._stop))
        records = await self._in_thread(lambda on: _delete_older(on, "records", now - RECORD_RETENTION, self._stop))
        if rows or records:
            await self._empty_log()
        return rows

    async def read_file(self, name: bytes) -> bytes | None:
        """See Engine."""
        row = self._run("SELECT sealed FROM files WHERE name = ?", name).fetchone()
        return bytes(row[0]) if row else None

    async def write_file(self, name: bytes, sealed: bytes) -> None:
        """See Engine."""
        self._run("INSERT OR REPLACE INTO files (name, sealed) VALUES (?, ?)", name, sealed)

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA wal_autocheckpoint=0")  # it would wait for the disk in the event loop; see _count
        return connection

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("the store is not open")
        return self._connection

    def _run(self, statement: str, *values: bytes | float) -> sqlite3.Cursor:
        connection = self._opened()
        try:
            return connection.execute(statement, values)
        except sqlite3.Error as error:
            raise StoreUnavailableError(type(error).__name__) from error

    async def _in_thread(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        async with self._slow_is_free:
            if self._slow is None:
                raise RuntimeError("the store is not open")
            working = asyncio.get_running_loop().run_in_executor(None, work, self._slow)
            try:
                return await asyncio.shield(working)
            except sqlite3.Error as error:
                raise StoreUnavailableError(type(error).__name__) from error
            except asyncio.CancelledError:  # the thread uses the connection until it ends
                self._stop.set()
                await asyncio.wait((working,))
                self._stop.clear()
                raise

    def _count(self) -> None:
        """Have the log copied when it has grown. SQLite would do so by itself, but in the event loop."""
        self._written += 1
        if self._written - self._copied >= _LOGGED and (self._copying is None or self._copying.done()):
            self._copying = asyncio.create_task(self._copy())

    async def _copy(self) -> None:
        self._copied = self._written
        with contextlib.suppress(StoreUnavailableError, RuntimeError):  # if the fault lasts, the next write raises it
            await self._in_thread(_copy_log)

    async def _empty_log(self) -> None:
        """Copy the log into the file and truncate it. Unless something was written meanwhile, the event loop does no
        more than truncate, which does not wait for the disk."""
        for _ in range(_TRIES):
            written = self._written
            await self._in_thread(_copy_log)
            if self._written == written:
                break
        self._run("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _write_and_delete(connection: sqlite3.Connection) -> None:
    """Write a row and delete it in one transaction, which writes a page to the log although nothing has changed."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("INSERT INTO sessions (name, revision, sealed, updated_at) VALUES (x'', 0, x'', 0)")
        connection.execute("DELETE FROM sessions WHERE name = x''")
        connection.execute("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _copy_log(connection: sqlite3.Connection) -> None:
    """Copy the write-ahead log into the file while others go on; the next write then starts at its beginning."""
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _delete_older(connection: sqlite3.Connection, table: str, oldest: float, stop: threading.Event) -> int:
    """Delete the rows that are older, a few at a time, so that others wait only milliseconds."""
    count = last = 0
    while True:
        ids = f"SELECT rowid FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT ?"  # noqa: S608
        (upto,) = connection.execute(f"SELECT max(rowid) FROM ({ids})", (last, _LOOKED_AT)).fetchone()  # noqa: S608
        if upto is None:
            return count
        old = connection.execute(
            f"SELECT rowid FROM {table} WHERE rowid > ? AND rowid <= ? AND updated_at < ?",  # noqa: S608
            (last, upto, oldest),
        ).fetchall()
        for begin in range(0, len(old), _DELETED):
            some = old[begin : begin + _DELETED]
            places = ",".join("?" * len(some))
            gone = connection.execute(
                f"DELETE FROM {table} WHERE rowid IN ({places}) AND updated_at < ?",  # noqa: S608
                [*(row[0] for row in some), oldest],
            )
            count += gone.rowcount
            if stop.wait(_PAUSE):
                return count
        if old:
            _copy_log(connection)
        last = upto


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
