"""What the tests of handlers share."""

from __future__ import annotations

from bot.phone.telegram import Telegram
from bot.store import SqliteStore, Stored
from tests.support.user import User


def methods(telegram: Telegram) -> list[str]:
    """The calls since the last look."""
    called = [method for method, _ in telegram.calls]
    telegram.calls.clear()
    return called


async def stored(store: SqliteStore, user: User) -> Stored:
    row = await store.load(user.chat_id)
    assert row is not None
    return row


async def tap_first(user: User, message_id: int | None = None) -> None:
    message = user.live if message_id is None else user.message(message_id)
    await user.tap(message.buttons[0][0], message.id)
