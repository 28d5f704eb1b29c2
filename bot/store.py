"""Sessions on disk, one row per chat; and the ids of files that Telegram already has, without a chat.

SQLite in WAL mode with synchronous=NORMAL: a commit is with the operating system before the answer
is sent, so a killed process loses nothing; only a power cut can cost the last commits, that is a tap or two.
FULL would wait for the disk inside the event loop at every tap. What is deleted is overwritten
(secure_delete) and taken out of the write-ahead log at once: answers are health data.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.logs import chat_name
from dialogs.session import Session

_log = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    chat_id INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    message_id INTEGER,
    update_id INTEGER,
    updated_at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS files (key TEXT PRIMARY KEY, file_id TEXT NOT NULL) STRICT;
"""


_PATIENCE = 1.0
"""Seconds to wait for another process that holds the file; everybody waits meanwhile."""


class StoreError(Exception):
    """The store cannot be opened; its text is a short reason."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A chat's row.

    message_id: the live message, the one that is edited in place; None if there is none. update_id: Telegram's number
    of the last update that changed the row, by which one that is delivered again is told.
    """

    session: Session
    message_id: int | None
    update_id: int | None = field(default=None, compare=False)


class SessionStore(Protocol):
    """Where sessions are kept, by chat id, and file ids, by attachment key. Times are seconds since 1970."""

    async def open(self) -> None:
        """Make ready; again and after close is fine. Raises StoreError."""

    async def close(self) -> None:
        """Release; twice and before open is fine."""

    async def load(self, chat_id: int) -> Stored | None:
        """The chat's row, or None when there is none or it cannot be read."""

    async def save(self, chat_id: int, session: Session, message_id: int | None, update_id: int | None = None) -> None:
        """Write the chat's row; when this returns, a killed process no longer loses it."""

    async def delete(self, chat_id: int) -> None:
        """Delete the chat's row, if there is one."""

    async def expire(self, before: float) -> int:
        """Delete the rows last written before that time. Returns how many there were."""

    async def file_id(self, key: str) -> str | None:
        """The id that Telegram last gave the file of that key, or None."""

    async def keep_file_id(self, key: str, file_id: str) -> None:
        """Write it, in place of an earlier one."""


class SqliteStore:
    """The store in one SQLite file. A call takes microseconds, so it runs in the event loop."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """See SessionStore. A new file can be read by its owner only."""
        if self._connection is not None:
            return
        try:
            self._path.touch(mode=0o600)
            connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
            try:
                for setting in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
                    connection.execute(f"PRAGMA {setting}")
                connection.executescript(_SCHEMA)
                connection.execute("DELETE FROM sessions WHERE 0")  # a file that can only be read is told now
                if "update_id" not in {row[1] for row in connection.execute("PRAGMA table_info(sessions)")}:
                    connection.execute("ALTER TABLE sessions ADD COLUMN update_id INTEGER")
            except sqlite3.Error:
                connection.close()
                raise
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{type(error).__name__}: {error}".replace("\n", " ")) from None
        self._connection = connection

    async def close(self) -> None:
        """See SessionStore."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def load(self, chat_id: int) -> Stored | None:
        """See SessionStore."""
        row = self._run("SELECT session, message_id, update_id FROM sessions WHERE chat_id = ?", chat_id).fetchone()
        if row is None:
            return None
        try:
            return Stored(Session.from_json(row[0]), row[1], row[2])
        except ValueError:
            _log.warning("chat %s: its session cannot be read and counts as none", chat_name(chat_id))
            return None

    async def save(self, chat_id: int, session: Session, message_id: int | None, update_id: int | None = None) -> None:
        """See SessionStore."""
        before = await self.load(chat_id) if not session.answers else None
        answered = before is not None and bool(before.session.answers)
        columns = "(chat_id, session, message_id, update_id, updated_at)"
        self._run(
            f"INSERT OR REPLACE INTO sessions {columns} VALUES (?, ?, ?, ?, ?)",  # noqa: S608
            chat_id,
            session.to_json(),
            message_id,
            update_id,
            self._now(),
        )
        if answered and not session.answers:  # what was answered before is not left in the log
            self._run("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    async def delete(self, chat_id: int) -> None:
        """See SessionStore."""
        self._delete("chat_id = ?", chat_id)

    async def expire(self, before: float) -> int:
        """See SessionStore."""
        return self._delete("updated_at < ?", before)

    async def file_id(self, key: str) -> str | None:
        """See SessionStore."""
        row = self._run("SELECT file_id FROM files WHERE key = ?", key).fetchone()
        return str(row[0]) if row else None

    async def keep_file_id(self, key: str, file_id: str) -> None:
        """See SessionStore."""
        self._run("INSERT OR REPLACE INTO files (key, file_id) VALUES (?, ?)", key, file_id)

    def _delete(self, condition: str, value: float) -> int:
        count = self._run(f"DELETE FROM sessions WHERE {condition}", value).rowcount  # noqa: S608
        if count:
            self._run("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return count

    def _run(self, statement: str, *values: str | float | None) -> sqlite3.Cursor:
        if self._connection is None:
            raise RuntimeError("the store is not open")
        return self._connection.execute(statement, values)
