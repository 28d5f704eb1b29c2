"""The store of sessions: encrypted, under keyed names, in SQLite or PostgreSQL."""

from bot.store.engine import Engine, Row, StoreError, StoreUnavailableError
from bot.store.engines import engine_for
from bot.store.sealing import Seal, derived
from bot.store.sessions import SessionStore, Stored

__all__ = [
    "Engine",
    "Row",
    "Seal",
    "SessionStore",
    "StoreError",
    "StoreUnavailableError",
    "Stored",
    "derived",
    "engine_for",
]
