"""The engine for a DATABASE_URL."""

from __future__ import annotations

from pathlib import Path

from bot.store.engine import Engine
from bot.store.sqlite import SqliteEngine


def engine_for(database_url: str, retention_hours: int) -> Engine:
    """The engine, not yet open. database_url: as `bot.settings` has checked it."""
    retention = retention_hours * 3600.0
    if database_url.startswith("sqlite"):
        return SqliteEngine(Path(database_url.removeprefix("sqlite:///")), retention)
    from bot.store.postgres import PostgresEngine  # imported here: its libraries are not needed with SQLite

    return PostgresEngine(database_url, retention)
