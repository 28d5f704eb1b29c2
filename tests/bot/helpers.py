"""What the tests of handlers share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.settings import Settings
from bot.store import Seal, SessionStore, Stored, engine_for
from phone.telegram import Telegram
from tests.support.user import User


def methods(telegram: Telegram) -> list[str]:
    """The calls since the last look."""
    called = [method for method, _ in telegram.calls]
    telegram.calls.clear()
    return called


def files_of(database: Path) -> list[Path]:
    """An SQLite database, its write-ahead log and that log's index."""
    return sorted(database.parent.glob(f"{database.name}*"))


def bytes_of(database: Path) -> bytes:
    """Everything that an SQLite database has on disk."""
    return b"".join(file.read_bytes() for file in files_of(database))


def store_at(settings: Settings) -> SessionStore:
    """The store that a bot with these settings has, not yet open."""
    return SessionStore(engine_for(settings.database_url, settings.retention_hours), Seal(settings.bot_token))


async def stored(store: SessionStore, user: User) -> Stored:
    row = await store.load(user.chat_id)
    assert row is not None
    return row


async def tap_first(user: User, message_id: int | None = None) -> None:
    message = user.live if message_id is None else user.message(message_id)
    await user.tap(message.buttons[0][0], message.id)


async def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Wait until it holds.

    seconds: at most; then TimeoutError is raised.
    """
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - most of what is waited for tells nobody
            await asyncio.sleep(0.01)
